//! What a year is made of: schemes, targets, collections, figures, events, rounds, results.

use super::{AwardKey, State};
use crate::{
    ids::{AccountId, CollectionId, FigureId, IndicatorId, OfficeId, ProposalId, SchemeId},
    outline::{File, Outline},
    period::Period,
};
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use compact_str::CompactString;
use kaoping_ledger::Digest;
use kaoping_terms::{Day, Text};
use serde::{Deserialize, Serialize};

/// What kind of value a figure has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Measure {
    /// A number with its unit, such as 人, and the range it lies in, each end if there is one.
    Number {
        /// The unit; `%` for a percentage.
        unit: String,
        /// The least it can be.
        least: Option<String>,
        /// The most it can be.
        most: Option<String>,
        /// How many decimal places at most.
        places: u8,
    },
    /// Yes or no.
    YesNo,
    /// One of these words.
    Words(Vec<String>),
}

/// The card of a figure: what it is, asked for once, whatever uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// What it is called.
    pub name: String,
    /// Its definition 口径.
    pub definition: String,
    /// Its kind of value.
    pub measure: Measure,
    /// Whether it runs on from the beginning of the year (累计) or is of the period alone.
    pub cumulative: bool,
    /// Where it comes from, such as a statistical report.
    pub source: String,
    /// A value that differs by more than so many percent from the one before, or from the middle of
    /// its peers, raises a question; absent where none does.
    pub asks_beyond_percent: Option<u32>,
    /// Figures of the same office and period that add up to it; empty where there are none.
    pub parts: Vec<FigureId>,
}

/// One version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which entry adopted it.
    pub number: u64,
    /// That day.
    pub day: Day,
    /// Why it took the place of the one before it; why it was adopted with warnings.
    pub why: String,
    /// Its files.
    pub files: Vec<File>,
    /// Its outline.
    pub outline: Outline,
    /// Where in the outline each figure goes in: indicator and field, by their places.
    pub inputs: BTreeMap<FigureId, Vec<(usize, usize)>>,
    /// Whether any input goes no further than another one.
    pub bounds: bool,
}

impl Version {
    /// A version, with its figures where they are found at once: every report asks for them.
    pub fn new(number: u64, day: Day, why: String, files: Vec<File>, outline: Outline) -> Self {
        let mut inputs: BTreeMap<FigureId, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, indicator) in outline.indicators.iter().enumerate() {
            for (place, field) in indicator.fields.iter().enumerate() {
                if let Some(figure) = &field.figure {
                    inputs.entry(figure.clone()).or_default().push((at, place));
                }
            }
        }
        let mut fields = outline.indicators.iter().flat_map(|indicator| &indicator.fields);
        let bounds = fields.any(|field| !field.beside.is_empty());
        Self { number, day, why, files, outline, inputs, bounds }
    }
}

/// A scheme in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Whose it is: the office that adopted it.
    pub office: OfficeId,
    /// The scheme it carries out, where it came from above.
    pub upper: Option<SchemeId>,
    /// Its versions, the first first. Never empty.
    pub versions: Vec<Version>,
    /// Offices it was passed on to, with the day by which they are to act.
    pub forwarded: BTreeMap<OfficeId, Option<Day>>,
    /// The last days of its rounds, by round: each that was named, the one that holds last.
    pub ends: BTreeMap<String, Vec<RoundEnd>>,
}

/// Up to which day a round counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundEnd {
    /// The last day it counts; absent where it counts all the scheme does.
    pub last: Option<Day>,
    /// Who said so.
    pub by: AccountId,
    /// Why it became another one; empty for the first.
    pub why: String,
    /// The entry that did.
    pub number: u64,
}

impl Scheme {
    /// The outline in force.
    pub fn outline(&self) -> Option<&Outline> {
        self.versions.last().map(|version| &version.outline)
    }

    /// The outline in force when the record had so many entries.
    pub(crate) fn outline_at(&self, at: u64) -> Option<&Outline> {
        self.versions.iter().rev().find(|version| version.number < at).map(|version| &version.outline)
    }

    /// The last day a round counts, where it has one of its own.
    pub fn end_of(&self, round: &str) -> Option<Day> {
        self.ended_at(round, u64::MAX)?.last
    }

    /// What was last said of the end of a round when the record had so many entries.
    pub(crate) fn ended_at(&self, round: &str, at: u64) -> Option<&RoundEnd> {
        self.ends.get(round)?.iter().rev().find(|end| end.number < at)
    }
}

/// A target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its value as it was written.
    pub value: String,
    /// Who handed it down.
    pub from: OfficeId,
    /// The entry that set it last.
    pub number: u64,
    /// The proposal that adjusted it in the middle of the year; absent where none did.
    pub adjusted: Option<ProposalId>,
    /// Whether it is one of parts that make up what the office above was given.
    pub adds_up: bool,
    /// The entries that set it before and what to, the first one first.
    pub before: Vec<(u64, String)>,
}

impl Target {
    /// The entries that set it, that of now last.
    pub fn entries(&self) -> Vec<u64> {
        self.before.iter().map(|(number, _)| *number).chain([self.number]).collect()
    }

    /// What it was when the record had so many entries; `None` before it was handed down.
    pub(crate) fn then(&self, at: u64) -> Option<&str> {
        if self.number < at {
            return Some(&self.value);
        }
        let (_, value) = self.before.iter().rev().find(|(number, _)| *number < at)?;
        Some(value)
    }

    /// What came before one that is set now.
    pub(crate) fn so_far(&self) -> Vec<(u64, String)> {
        self.before.iter().cloned().chain([(self.number, self.value.clone())]).collect()
    }
}

/// What an office gets for an indicator it is exempt from, where the standard does not say it. Nothing is not
/// among it: whoever is exempt does not lose points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// 满分: all its points.
    Full,
    /// 折算: the rest of its block is scaled up.
    Scale,
    /// 减满分: its points are left out of the full mark.
    Reduce,
}

impl Instead {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Scale => "scale",
            Self::Reduce => "reduce",
        }
    }
}

/// That an office is exempt from an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The proposal that gave it.
    pub proposal: ProposalId,
    /// Why it was proposed.
    pub why: String,
    /// What the office gets instead, where the standard does not say it.
    pub instead: Option<Instead>,
    /// The entry that approved it.
    pub number: u64,
    /// The day it was approved: since then it holds.
    pub since: Day,
}

/// An exemption that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exempted {
    /// What it was.
    pub exemption: Exemption,
    /// The entry that ended it.
    pub until: u64,
}

/// A liability letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Who accepted it above, and in which entry.
    pub upper: Option<(AccountId, u64)>,
    /// Who accepted it for the office itself.
    pub lower: Option<(AccountId, u64)>,
}

/// What is asked of offices for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// What it is called.
    pub title: String,
    /// The office that asks.
    pub office: OfficeId,
    /// The scheme it is for.
    pub scheme: SchemeId,
    /// The period.
    pub period: Period,
    /// The figures.
    pub figures: Vec<FigureId>,
    /// The offices.
    pub offices: Vec<OfficeId>,
    /// The day the deadline is counted from.
    pub from: Day,
    /// How many working days after it; 0: that day, or the next one that is worked.
    pub working_days: u16,
    /// Working days of grace after the deadline.
    pub grace_days: u16,
    /// The deadline.
    pub due: Day,
    /// The last day that is not late.
    pub last: Day,
    /// Until which entries it was another one, moved by a notice; the first one first.
    pub last_before: Vec<(u64, Day)>,
    /// The event table a report's timeliness is counted in, and its column for yes or no.
    pub counted_in: Option<(String, String)>,
    /// The entry that asked.
    pub number: u64,
}

impl Collection {
    /// The last day that is not late, when the record had so many entries.
    pub(crate) fn last_at(&self, at: u64) -> Day {
        self.last_before.iter().find(|(until, _)| *until >= at).map_or(self.last, |(_, last)| *last)
    }
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The clerk has handed it in.
    Submitted,
    /// It was looked through.
    Reviewed,
    /// The office signed it: its figures are reported.
    Signed,
    /// It was sent back.
    Returned,
}

impl Stage {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Reviewed => "reviewed",
            Self::Signed => "signed",
            Self::Returned => "returned",
        }
    }

    /// Its word for people.
    pub fn word(self) -> Text {
        match self {
            Self::Submitted => Text::new("待审核", "to be reviewed"),
            Self::Reviewed => Text::new("待签发", "to be signed"),
            Self::Signed => Text::new("已签发", "signed"),
            Self::Returned => Text::new("退回待改", "sent back"),
        }
    }
}

/// One figure as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Which figure.
    pub figure: FigureId,
    /// Its value, every digit as it was written.
    pub value: CompactString,
    /// The papers it rests on.
    pub evidence: Vec<Digest>,
    /// What was answered to the question its value raised; empty where it raised none.
    pub answer: CompactString,
}

/// A report of an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// How far it is.
    pub stage: Stage,
    /// Its figures, as they stand in the deed that handed them in.
    pub figures: Arc<[Standing]>,
    /// Who filled it in.
    pub filled_by: AccountId,
    /// Who looked through it.
    pub reviewed_by: Option<AccountId>,
    /// Who signed it.
    pub signed_by: Option<AccountId>,
    /// The day it was first signed: what its timeliness goes by.
    pub first_signed: Option<Day>,
    /// The entry that did.
    pub first_signed_in: Option<u64>,
    /// Why it was sent back last.
    pub returned_why: String,
    /// How often it was sent back.
    pub returned: u32,
    /// Its figures as they were when it was sent back last; empty where it never was.
    pub before: Arc<[Standing]>,
    /// The entries that made it what it is, from the first on.
    pub entries: Vec<u64>,
    /// When it was handed in last: milliseconds since 1970.
    pub handed_in_ms: i64,
    /// When figures that had been handed in were last changed: milliseconds since 1970.
    pub changed_ms: Option<i64>,
}

impl Reported {
    /// The entry that made it what it is now: what somebody who saw it names.
    pub fn version(&self) -> Option<u64> {
        self.entries.last().copied()
    }
}

/// A figure that is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its value, every digit as it was written.
    pub value: String,
    /// The papers it rests on.
    pub evidence: Vec<Digest>,
    /// Who signed for it: for a correction, who proposed it for the office.
    pub signed_by: AccountId,
    /// Who approved the correction that made it what it is; absent where none did.
    pub approved_by: Option<AccountId>,
    /// The entry that made it what it is.
    pub number: u64,
    /// Which entries made it what it was before.
    pub before: Vec<u64>,
}

/// What a second person decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Decision {
    /// A reported figure is corrected.
    CorrectFigure {
        /// Whose.
        office: OfficeId,
        /// Which.
        figure: FigureId,
        /// Of which period.
        period: Period,
        /// The value it is to have.
        value: String,
    },
    /// A target is changed in the middle of the year.
    AdjustTarget {
        /// Of which scheme.
        scheme: SchemeId,
        /// Whose.
        office: OfficeId,
        /// Of which indicator.
        indicator: IndicatorId,
        /// Of which input.
        field: String,
        /// The value it is to have.
        value: String,
    },
    /// An office is exempted from an indicator: force majeure.
    Exempt {
        /// Of which scheme.
        scheme: SchemeId,
        /// Who.
        office: OfficeId,
        /// From which indicator.
        indicator: IndicatorId,
        /// What it gets instead, where the standard does not say what counts for whom the indicator does not
        /// apply to; absent where it does.
        instead: Option<Instead>,
    },
    /// An exemption ends.
    EndExemption {
        /// Of which scheme.
        scheme: SchemeId,
        /// Whose.
        office: OfficeId,
        /// From which indicator.
        indicator: IndicatorId,
    },
    /// Sealed results are opened to be put down anew.
    ReviseResults {
        /// Of which scheme.
        scheme: SchemeId,
        /// Of which round.
        round: String,
    },
}

/// A change that takes two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is to change.
    pub decision: Decision,
    /// Who proposed it.
    pub by: AccountId,
    /// In which office.
    pub office: OfficeId,
    /// Why.
    pub why: String,
    /// The papers it rests on.
    pub evidence: Vec<Digest>,
    /// The entry it was proposed in.
    pub number: u64,
    /// Who decided, and whether it was approved.
    pub decided: Option<(AccountId, bool)>,
}

/// Something that happened and that rules count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The office it is counted for.
    pub office: OfficeId,
    /// The day it happened.
    pub day: Day,
    /// Its declared columns.
    pub columns: BTreeMap<String, String>,
    /// The papers that show it.
    pub evidence: Vec<Digest>,
    /// The last day to object.
    pub objections_until: Option<Day>,
    /// The day it was withdrawn.
    pub withdrawn: Option<Day>,
    /// The entry it was withdrawn with.
    pub withdrawn_in: Option<u64>,
    /// Who entered it; nobody where a rule made it.
    pub by: Option<AccountId>,
    /// The entry it came with.
    pub number: u64,
}

impl Event {
    /// Whether it was not withdrawn yet when the record had so many entries.
    pub(crate) fn stood_at(&self, at: u64) -> bool {
        self.withdrawn_in.is_none_or(|number| number >= at)
    }
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Who objects.
    pub office: OfficeId,
    /// To results: scheme and round.
    pub results: Option<(SchemeId, String)>,
    /// To an event: table and id.
    pub event: Option<(String, String)>,
    /// To an award.
    pub award: Option<AwardKey>,
    /// What it says.
    pub text: String,
    /// Who raised it.
    pub by: AccountId,
    /// The last day to answer.
    pub answer_by: Option<Day>,
    /// Who answered, whether it was upheld, and the answer.
    pub answered: Option<(AccountId, bool, String)>,
    /// The entry that answered.
    pub answered_in: Option<u64>,
}

impl Decision {
    /// Whether it opens results again.
    pub(crate) fn reopens(&self, key: &(SchemeId, String)) -> bool {
        matches!(self, Self::ReviseResults { scheme, round } if (scheme, round) == (&key.0, &key.1))
    }

    /// Its name in lists.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CorrectFigure { .. } => "correct-figure",
            Self::AdjustTarget { .. } => "adjust-target",
            Self::Exempt { .. } => "exempt",
            Self::EndExemption { .. } => "end-exemption",
            Self::ReviseResults { .. } => "revise-results",
        }
    }
}

impl Objection {
    /// What it is about, for lists: scheme and round, event table and id, or award and office.
    pub fn about(&self) -> String {
        if let Some((scheme, round, award, office)) = &self.award {
            return alloc::format!("{scheme} {round} {award} {office}");
        }
        match (&self.results, &self.event) {
            (Some((scheme, round)), _) => alloc::format!("{scheme} {round}"),
            (None, Some((table, id))) => alloc::format!("{table} {id}"),
            (None, None) => String::new(),
        }
    }
}

impl State {
    /// Whether a report came late; `None` while it has not been signed.
    pub fn is_late(&self, key: &(CollectionId, OfficeId)) -> Option<bool> {
        let signed = self.reports.get(key)?.first_signed?;
        Some(signed > self.collections.get(&key.0)?.last)
    }

    /// The figures a collection asks of an office: those it was asked for and has not reported for
    /// that period already.
    pub fn asked_of<'a>(
        &'a self,
        collection: &'a Collection,
        office: &'a OfficeId,
    ) -> impl Iterator<Item = &'a FigureId> {
        let owes = self.owes(collection, office);
        let known = move |figure: &&FigureId| !self.is_reported(office.as_str(), figure.as_str(), collection.period);
        collection.figures.iter().filter(move |figure| owes && known(figure))
    }

    /// Whether an office had not been closed when the time began that a collection asks for.
    pub(crate) fn owes(&self, collection: &Collection, office: &OfficeId) -> bool {
        let closed = self.offices.get(office).and_then(|office| office.closed.as_ref());
        closed.zip(collection.period.begin()).is_none_or(|((closed, _), begins)| begins < *closed)
    }
}
