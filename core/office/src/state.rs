//! What follows from the record: who there is, what is in force, what was reported and decided.

mod assessed;
mod awards;
mod cells;
mod fitting;
mod inquiries;
mod limits;
mod offices;
mod people;
mod persons;
mod questions;
mod results;
mod samples;
mod seals;
mod times;
mod year;

pub(crate) use assessed::Set;
pub use assessed::{Assessed, Judgement, SetBefore, TakenBack};
pub use awards::{AwardKey, Awards, Publication, RefusedAward};
pub use cells::{Papers, Past, Reporters};
pub(crate) use fitting::{Input, Served, left, reported_before};
pub use inquiries::Inquiry;
pub use limits::Limited;
pub use offices::{Office, OfficeVersion};
pub use people::{Account, Deputy, Grant};
pub use persons::{LookUp, Person, PersonField};
pub use questions::{Question, why_changed};
pub use results::{AwardLine, ByRule, Results, SealedThen, TotalLine};
pub use samples::{Found, Method, Sample, Seen};
pub(crate) use seals::Moment;
pub use seals::Seal;
pub use times::Asking;
pub(crate) use times::Times;
pub use year::{
    Card, Cell, Collection, Decision, Event, Exempted, Exemption, Instead, Letter, Measure, Objection, Proposal,
    Reported, RoundEnd, Scheme, Stage, Standing, Target, Version,
};

use crate::{
    calendar::Calendar,
    ids::{
        AccountId, CollectionId, FigureId, IndicatorId, InquiryId, ObjectionId, OfficeId, PersonId, ProposalId,
        SampleId, SchemeId,
    },
    period::Period,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use kaoping_terms::Day;

/// Which target: scheme, office, indicator, field.
pub type TargetKey = (SchemeId, OfficeId, IndicatorId, String);

/// Which exemption: scheme, office, indicator.
pub type ExemptionKey = (SchemeId, OfficeId, IndicatorId);

/// Which figure of which office: office, figure, period.
pub type CellKey = (OfficeId, FigureId, Period);

/// Which value of a round: scheme, round, office, indicator, field.
pub type AssessedKey = (SchemeId, String, OfficeId, IndicatorId, String);

/// The state of an office's year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The name of the record; empty before it is founded.
    pub origin: String,
    /// The key its checkpoints are signed with.
    pub key: String,
    /// How many entries it follows from.
    pub size: u64,
    /// How many entries had been signed of what was given up when it was restored from an older backup.
    pub restored: u64,
    /// The day of the last of them.
    pub today: Day,
    /// When the last of them was received.
    pub received_ms: i64,
    /// Holidays and make-up workdays.
    pub calendar: Calendar,
    /// Offices.
    pub offices: BTreeMap<OfficeId, Office>,
    /// Which offices stood right below one, at any time.
    pub branches: BTreeMap<OfficeId, BTreeSet<OfficeId>>,
    /// In whose place an office goes on: those that were closed with it as a successor.
    pub follows: BTreeMap<OfficeId, BTreeSet<OfficeId>>,
    /// Accounts.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Whom an account was named to stand in for, at any time.
    pub stands_in: BTreeMap<AccountId, BTreeSet<AccountId>>,
    /// Figures that can be asked for.
    pub cards: BTreeMap<FigureId, Card>,
    /// Schemes.
    pub schemes: BTreeMap<SchemeId, Scheme>,
    /// Targets that were handed down.
    pub targets: BTreeMap<TargetKey, Target>,
    /// Exemptions.
    pub exemptions: BTreeMap<ExemptionKey, Exemption>,
    /// Exemptions that ended, the first one first.
    pub exempted_before: BTreeMap<ExemptionKey, Vec<Exempted>>,
    /// Liability letters.
    pub letters: BTreeMap<(SchemeId, OfficeId), Letter>,
    /// What is asked of offices.
    pub collections: BTreeMap<CollectionId, Collection>,
    /// What each scheme asks for.
    pub asking: BTreeMap<SchemeId, Asking>,
    /// What was asked by mistake, and taken back; their names are not used again.
    pub cancelled: BTreeMap<CollectionId, Collection>,
    /// What came in.
    pub reports: BTreeMap<(CollectionId, OfficeId), Reported>,
    /// The figures that are reported.
    pub cells: BTreeMap<CellKey, Cell>,
    /// What they were before.
    pub past: BTreeMap<CellKey, Vec<Past>>,
    /// Who reported which of them.
    pub reporters: Reporters,
    /// What named which papers.
    pub papers: Papers,
    /// What is proposed.
    pub proposals: BTreeMap<ProposalId, Proposal>,
    /// What happened, by event table and id.
    pub events: BTreeMap<(String, String), Event>,
    /// Values of rounds.
    pub assessed: BTreeMap<AssessedKey, Assessed>,
    /// What they were before, and what was taken back.
    pub assessed_before: BTreeMap<AssessedKey, Vec<SetBefore>>,
    /// Results, by scheme and round.
    pub results: BTreeMap<(SchemeId, String), Results>,
    /// Awards, by scheme and round.
    pub awards: BTreeMap<(SchemeId, String), Awards>,
    /// Samples drawn for inspection.
    pub samples: BTreeMap<SampleId, Sample>,
    /// People who are no accounts.
    pub persons: BTreeMap<PersonId, Person>,
    /// Who was looked up, by the entry.
    pub look_ups: BTreeMap<(PersonId, u64), LookUp>,
    /// Questions about figures.
    pub inquiries: BTreeMap<InquiryId, Inquiry>,
    /// Objections.
    pub objections: BTreeMap<ObjectionId, Objection>,
    /// From which day how many working days there are to object or to answer.
    pub limits: BTreeMap<Limited, (Day, u16)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            origin: String::new(),
            key: String::new(),
            size: 0,
            restored: 0,
            today: Day::from_number(0).unwrap_or_else(|| unreachable!("1970-01-01 is a day")),
            received_ms: 0,
            calendar: Calendar::default(),
            offices: BTreeMap::new(),
            branches: BTreeMap::new(),
            follows: BTreeMap::new(),
            accounts: BTreeMap::new(),
            stands_in: BTreeMap::new(),
            cards: BTreeMap::new(),
            schemes: BTreeMap::new(),
            targets: BTreeMap::new(),
            exemptions: BTreeMap::new(),
            exempted_before: BTreeMap::new(),
            letters: BTreeMap::new(),
            collections: BTreeMap::new(),
            asking: BTreeMap::new(),
            cancelled: BTreeMap::new(),
            reports: BTreeMap::new(),
            cells: BTreeMap::new(),
            past: BTreeMap::new(),
            reporters: Reporters::default(),
            papers: Papers::default(),
            proposals: BTreeMap::new(),
            events: BTreeMap::new(),
            assessed: BTreeMap::new(),
            assessed_before: BTreeMap::new(),
            results: BTreeMap::new(),
            awards: BTreeMap::new(),
            samples: BTreeMap::new(),
            persons: BTreeMap::new(),
            look_ups: BTreeMap::new(),
            inquiries: BTreeMap::new(),
            objections: BTreeMap::new(),
            limits: BTreeMap::new(),
        }
    }
}
