//! The tables lists and searches are made from: rows of the state, nothing more.
//!
//! A deed notes which things it touched; the rows of those are written with its entry. All rows of a
//! state can be made at any time, and have to be those that are kept.

mod columns;

use crate::{
    ids::{
        AccountId, CollectionId, FigureId, InquiryId, ObjectionId, OfficeId, PersonId, ProposalId, SampleId, SchemeId,
    },
    state::{AssessedKey, AwardKey, CellKey, ExemptionKey, State, TargetKey},
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, btree_map::Range},
    string::String,
    vec,
    vec::Vec,
};
use core::ops::Bound::{self, Excluded, Included, Unbounded};
use kaoping_ledger::rows::{Column, Row, Table, Value};
use kaoping_terms::Day;

/// Things whose rows changed.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    keys: Vec<Key>,
    unheard: bool,
}

impl Touched {
    /// Nobody wants to know.
    pub fn unheard() -> Self {
        Self { keys: Vec::new(), unheard: true }
    }

    pub(crate) fn note(&mut self, key: impl FnOnce() -> Key) {
        if !self.unheard {
            self.keys.push(key());
        }
    }

    /// The rows as they are now, each once, and none left behind.
    pub fn take_rows(&mut self, state: &State) -> Vec<Row> {
        self.keys.sort();
        self.keys.dedup();
        self.keys.drain(..).map(|key| key.row(state)).collect()
    }
}

macro_rules! tables {
    ($($(#[$about:meta])* $variant:ident($held:ty) $name:literal
        key [$($key:expr),*] columns [$($column:expr),* $(,)?] indexes [$($index:expr),*];)*) => {
        /// All tables, in their order.
        pub const TABLES: &[Table] = &[$(Table {
            name: $name,
            key: &[$($key),*],
            columns: &[$($column),*],
            indexes: &[$($index),*],
        }),*];

        /// A thing that has a row.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key {
            $($(#[$about])* $variant($held),)*
        }

        /// Which table.
        #[derive(Clone, Copy)]
        #[repr(usize)]
        pub(crate) enum Place { $($variant,)* }

        impl Place {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// How many cells its key has.
            pub(crate) fn width(self) -> usize {
                TABLES.get(self as usize).map_or(0, |table| table.key.len())
            }
        }

        impl Key {
            fn table(&self) -> usize {
                match self { $(Self::$variant(_) => Place::$variant as usize,)* }
            }
        }
    };
}

const fn text(name: &'static str) -> Column {
    Column::text(name)
}

const fn whole(name: &'static str) -> Column {
    Column::whole(name)
}

tables! {
    /// An office.
    Office(OfficeId) "offices"
        key [text("unit")]
        columns [text("name"), text("parent").or_empty(), text("kind"), text("peers"), whole("opened"), whole("closed").or_empty()]
        indexes [&["parent"]];
    /// An account.
    Account(AccountId) "accounts"
        key [text("account")]
        columns [text("roles"), whole("closed").or_empty(), whole("password_given").or_empty(), whole("bound")]
        indexes [];
    /// A figure that can be asked for.
    Card(FigureId) "cards"
        key [text("figure")]
        columns [text("name"), text("definition"), whole("cumulative"), text("source")]
        indexes [];
    /// A scheme.
    Scheme(SchemeId) "schemes"
        key [text("scheme")]
        columns [text("title"), text("office"), text("upper").or_empty(), whole("versions"), whole("in_force_since")]
        indexes [&["office"]];
    /// A target.
    Target(TargetKey) "targets"
        key [text("scheme"), text("unit"), text("indicator"), text("field")]
        columns [text("value"), text("handed_down_by"), whole("entry"), text("adjusted_by").or_empty()]
        indexes [&["unit"]];
    /// An exemption from an indicator.
    Exemption(ExemptionKey) "exemptions"
        key [text("scheme"), text("unit"), text("indicator")]
        columns [text("instead").or_empty(), text("why"), text("proposal"), whole("entry")]
        indexes [&["unit"]];
    /// A liability letter.
    Letter((SchemeId, OfficeId)) "letters"
        key [text("scheme"), text("unit")]
        columns [text("accepted_above").or_empty(), text("accepted_below").or_empty()]
        indexes [];
    /// What is asked of offices.
    Collection(CollectionId) "collections"
        key [text("collection")]
        columns [text("title"), text("office"), text("scheme"), text("period"), whole("figures"), whole("offices"), whole("due"), whole("last_day")]
        indexes [&["due"]];
    /// A report.
    Report((CollectionId, OfficeId)) "reports"
        key [text("collection"), text("unit")]
        columns [text("stage"), whole("figures"), text("filled_by"), text("signed_by").or_empty(), whole("first_signed").or_empty(), whole("late").or_empty(), whole("returned")]
        indexes [&["unit"]];
    /// A figure that is reported.
    Cell(CellKey) "figures"
        key [text("unit"), text("figure"), text("period")]
        columns [text("value"), text("signed_by"), text("approved_by").or_empty(), whole("entry"), whole("changes")]
        indexes [&["figure", "period"]];
    /// A proposal.
    Proposal(ProposalId) "proposals"
        key [text("proposal")]
        columns [text("what"), text("office"), text("proposed_by"), text("why"), text("decided_by").or_empty(), whole("approved").or_empty()]
        indexes [&["office"]];
    /// Something that happened.
    Event((String, String)) "events"
        key [text("event_table"), text("id")]
        columns [text("unit"), whole("day"), text("cells"), whole("objections_until").or_empty(), whole("withdrawn").or_empty(), whole("entry")]
        indexes [&["unit"]];
    /// A value of a round.
    Assessed(AssessedKey) "assessed"
        key [text("scheme"), text("round"), text("unit"), text("indicator"), text("field")]
        columns [text("assessors"), text("kind"), text("why"), whole("entry")]
        indexes [&["unit"]];
    /// Results.
    Results((SchemeId, String)) "results"
        key [text("scheme"), text("round")]
        columns [whole("version"), whole("at"), text("scores"), whole("editions"), whole("entry"), text("put_down_by"), text("sealed_by").or_empty(), whole("objections_until").or_empty(), whole("published").or_empty()]
        indexes [];
    /// A total.
    Total((SchemeId, String, OfficeId)) "totals"
        key [text("scheme"), text("round"), text("unit")]
        columns [text("total"), whole("place").or_empty(), text("meets_all"), text("grade")]
        indexes [&["unit"]];
    /// An award of an office.
    Award(AwardKey) "awards"
        key [text("scheme"), text("round"), text("award"), text("unit")]
        columns [whole("place").or_empty(), text("reason"), text("status"), text("refused_why").or_empty(), whole("objections_until").or_empty(), text("proposed_by"), text("approved_by").or_empty(), text("confirmed_by").or_empty(), whole("entry")]
        indexes [&["unit"]];
    /// A figure drawn for inspection.
    Drawn((SampleId, OfficeId, FigureId)) "samples"
        key [text("sample"), text("unit"), text("figure")]
        columns [text("reported"), text("found").or_empty(), text("inspected_by").or_empty()]
        indexes [&["unit"]];
    /// A person.
    Person(PersonId) "persons" key [text("person")] columns [text("office"), text("fields"), whole("registered"), whole("look_ups"), text("erasure_asked_by").or_empty(), whole("erased").or_empty()] indexes [&["office"]];
    /// Somebody looked a person up.
    LookUp((PersonId, u64)) "look_ups"
        key [text("person"), whole("entry")]
        columns [text("account"), whole("day"), text("fields"), text("why")]
        indexes [];
    /// A question about a figure.
    Inquiry(InquiryId) "inquiries"
        key [text("inquiry")]
        columns [text("scheme"), text("unit"), text("sign"), text("figure").or_empty(), text("period").or_empty(), text("question"), text("asked_by"), whole("answer_by").or_empty(), text("answered_by").or_empty(), text("answer").or_empty()]
        indexes [&["unit"]];
    /// An objection.
    Objection(ObjectionId) "objections"
        key [text("objection")]
        columns [text("unit"), text("about"), text("objection_text"), text("raised_by"), whole("answer_by").or_empty(), text("answered_by").or_empty(), whole("upheld").or_empty()]
        indexes [&["unit"]];
}

/// Columns of whole numbers that hold days: counted since 1970.
pub const DAYS: &[&str] = &[
    "opened",
    "closed",
    "in_force_since",
    "due",
    "last_day",
    "first_signed",
    "day",
    "objections_until",
    "withdrawn",
    "answer_by",
];

/// Columns of whole numbers that hold yes (1) or no (0).
pub const YES_NO: &[&str] = &["cumulative", "late", "approved", "upheld", "bound"];

impl Key {
    /// The thing of a table with those cells in its key; `None` where they can be no key of it.
    pub fn of(table: usize, cells: &[&str]) -> Option<Self> {
        Some(match (Place::ALL.get(table)?, cells) {
            (Place::Office, [id]) => Self::Office((*id).into()),
            (Place::Account, [id]) => Self::Account((*id).into()),
            (Place::Card, [id]) => Self::Card((*id).into()),
            (Place::Scheme, [id]) => Self::Scheme((*id).into()),
            (Place::Collection, [id]) => Self::Collection((*id).into()),
            (Place::Proposal, [id]) => Self::Proposal((*id).into()),
            (Place::Inquiry, [id]) => Self::Inquiry((*id).into()),
            (Place::Objection, [id]) => Self::Objection((*id).into()),
            (Place::Person, [id]) => Self::Person((*id).into()),
            (Place::LookUp, [id, entry]) => Self::LookUp(((*id).into(), entry.parse().ok()?)),
            (Place::Target, [scheme, office, indicator, field]) => {
                Self::Target(((*scheme).into(), (*office).into(), (*indicator).into(), (*field).into()))
            }
            (Place::Exemption, [scheme, office, indicator]) => {
                Self::Exemption(((*scheme).into(), (*office).into(), (*indicator).into()))
            }
            (Place::Letter, [scheme, office]) => Self::Letter(((*scheme).into(), (*office).into())),
            (Place::Report, [collection, office]) => Self::Report(((*collection).into(), (*office).into())),
            (Place::Cell, [office, figure, period]) => {
                Self::Cell(((*office).into(), (*figure).into(), period.parse().ok()?))
            }
            (Place::Event, [table, id]) => Self::Event(((*table).into(), (*id).into())),
            (Place::Assessed, [scheme, round, office, indicator, field]) => Self::Assessed((
                (*scheme).into(),
                (*round).into(),
                (*office).into(),
                (*indicator).into(),
                (*field).into(),
            )),
            (Place::Results, [scheme, round]) => Self::Results(((*scheme).into(), (*round).into())),
            (Place::Award, [scheme, round, award, office]) => {
                Self::Award(((*scheme).into(), (*round).into(), (*award).into(), (*office).into()))
            }
            (Place::Drawn, [sample, office, figure]) => {
                Self::Drawn(((*sample).into(), (*office).into(), (*figure).into()))
            }
            (Place::Total, [scheme, round, office]) => {
                Self::Total(((*scheme).into(), (*round).into(), (*office).into()))
            }
            _ => return None,
        })
    }

    /// The row as it is now.
    pub fn row(&self, state: &State) -> Row {
        Row { table: self.table(), key: self.cells(), columns: self.columns(state) }
    }

    /// The row as it is on a day: what an office will be from a later day on is not what it is.
    pub fn row_on(&self, state: &State, day: Day) -> Row {
        let row = self.row(state);
        let Self::Office(id) = self else { return row };
        let now = state.offices.get(id).and_then(|office| Some(columns::office_columns(office, office.known_on(day)?)));
        Row { columns: now.or(row.columns), ..row }
    }

    pub(crate) fn cells(&self) -> Vec<Value> {
        match self {
            Self::Office(id) => vec![id.into()],
            Self::Account(id) => vec![id.into()],
            Self::Card(id) => vec![id.into()],
            Self::Scheme(id) => vec![id.into()],
            Self::Collection(id) => vec![id.into()],
            Self::Proposal(id) => vec![id.into()],
            Self::Inquiry(id) => vec![id.into()],
            Self::Objection(id) => vec![id.into()],
            Self::Person(id) => vec![id.into()],
            Self::LookUp((id, number)) => vec![id.into(), columns::entry(*number)],
            Self::Target((scheme, office, indicator, field)) => {
                vec![scheme.into(), office.into(), indicator.into(), field.as_str().into()]
            }
            Self::Exemption((scheme, office, indicator)) => vec![scheme.into(), office.into(), indicator.into()],
            Self::Letter((scheme, office)) => vec![scheme.into(), office.into()],
            Self::Report((collection, office)) => vec![collection.into(), office.into()],
            Self::Cell((office, figure, period)) => vec![office.into(), figure.into(), (*period).into()],
            Self::Event((table, id)) => vec![table.as_str().into(), id.as_str().into()],
            Self::Assessed((scheme, round, office, indicator, field)) => {
                vec![scheme.into(), round.as_str().into(), office.into(), indicator.into(), field.as_str().into()]
            }
            Self::Award((scheme, round, award, office)) => {
                vec![scheme.into(), round.as_str().into(), award.as_str().into(), office.into()]
            }
            Self::Drawn((sample, office, figure)) => vec![sample.into(), office.into(), figure.into()],
            Self::Results((scheme, round)) => vec![scheme.into(), round.as_str().into()],
            Self::Total((scheme, round, office)) => vec![scheme.into(), round.as_str().into(), office.into()],
        }
    }
}

fn behind<'a, K: Ord, V>(things: &'a BTreeMap<K, V>, from: Bound<&K>) -> Range<'a, K, V> {
    things.range::<K, _>((from, Unbounded))
}

impl State {
    /// The things of a table in the order of their keys; those behind one of them, where it is given.
    pub fn keys_after(&self, table: usize, after: Option<&Key>) -> Box<dyn Iterator<Item = Key> + '_> {
        self.keys_from(table, after.map_or(Unbounded, Excluded))
    }

    /// The things of a table in the order of their keys, from a bound on.
    pub(crate) fn keys_from(&self, table: usize, from: Bound<&Key>) -> Box<dyn Iterator<Item = Key> + '_> {
        let after = match from {
            Included(key) | Excluded(key) => Some(key),
            Unbounded => None,
        };
        macro_rules! of {
            ($variant:ident, $field:ident) => {{
                let from = match from {
                    Included(Key::$variant(key)) => Included(key),
                    Excluded(Key::$variant(key)) => Excluded(key),
                    _ => Unbounded,
                };
                Box::new(behind(&self.$field, from).map(|(key, _)| Key::$variant(key.clone())))
            }};
        }
        let Some(place) = Place::ALL.get(table) else { return Box::new(core::iter::empty()) };
        match place {
            Place::Office => of!(Office, offices),
            Place::Account => of!(Account, accounts),
            Place::Card => of!(Card, cards),
            Place::Scheme => of!(Scheme, schemes),
            Place::Target => of!(Target, targets),
            Place::Exemption => of!(Exemption, exemptions),
            Place::Letter => of!(Letter, letters),
            Place::Collection => of!(Collection, collections),
            Place::Report => of!(Report, reports),
            Place::Cell => of!(Cell, cells),
            Place::Proposal => of!(Proposal, proposals),
            Place::Event => of!(Event, events),
            Place::Assessed => of!(Assessed, assessed),
            Place::Results => of!(Results, results),
            Place::Total => self.totals_after(after.cloned()),
            Place::Award => self.awards_after(after.cloned()),
            Place::Drawn => self.drawn_after(after.cloned()),
            Place::Inquiry => of!(Inquiry, inquiries),
            Place::Objection => of!(Objection, objections),
            Place::Person => of!(Person, persons),
            Place::LookUp => of!(LookUp, look_ups),
        }
    }

    fn totals_after(&self, after: Option<Key>) -> Box<dyn Iterator<Item = Key> + '_> {
        let from = match &after {
            Some(Key::Total((scheme, round, _))) => Included((scheme.clone(), round.clone())),
            _ => Unbounded,
        };
        let totals =
            self.results.range::<(SchemeId, String), _>((from, Unbounded)).flat_map(|((scheme, round), results)| {
                let line = |office: &OfficeId| Key::Total((scheme.clone(), round.clone(), office.clone()));
                let mut keys: Vec<Key> = results.totals.iter().map(|total| line(&total.office)).collect();
                keys.sort();
                keys
            });
        Box::new(totals.filter(move |key| after.as_ref().is_none_or(|after| key > after)))
    }

    fn awards_after(&self, after: Option<Key>) -> Box<dyn Iterator<Item = Key> + '_> {
        let from = match &after {
            Some(Key::Award((scheme, round, ..))) => Included((scheme.clone(), round.clone())),
            _ => Unbounded,
        };
        let awards =
            self.awards.range::<(SchemeId, String), _>((from, Unbounded)).flat_map(|((scheme, round), awards)| {
                let key = |(award, office): (&String, &OfficeId)| {
                    Key::Award((scheme.clone(), round.clone(), award.clone(), office.clone()))
                };
                let mut keys: Vec<Key> = awards.about().map(key).collect();
                keys.sort();
                keys.dedup();
                keys
            });
        Box::new(awards.filter(move |key| after.as_ref().is_none_or(|after| key > after)))
    }

    fn drawn_after(&self, after: Option<Key>) -> Box<dyn Iterator<Item = Key> + '_> {
        let from = match &after {
            Some(Key::Drawn((sample, ..))) => Included(sample.clone()),
            _ => Unbounded,
        };
        let drawn = self.samples.range::<SampleId, _>((from, Unbounded)).flat_map(|(id, sample)| {
            sample.drawn.keys().map(move |(office, figure)| Key::Drawn((id.clone(), office.clone(), figure.clone())))
        });
        Box::new(drawn.filter(move |key| after.as_ref().is_none_or(|after| key > after)))
    }

    /// Every thing that has a row, table after table.
    fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        (0..TABLES.len()).flat_map(|table| self.keys_after(table, None))
    }

    /// All rows of the state, table after table.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.keys().map(|key| key.row(self))
    }
}
