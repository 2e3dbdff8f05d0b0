//! What the office knows of a standard: recorded when it is adopted, worked out from its files by
//! whoever can read policies, and worked out again by whoever verifies the record.

use crate::{
    ids::{FigureId, IndicatorId},
    takes::Takes,
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use kaoping_ledger::Digest;
use kaoping_terms::Day;
use serde::{Deserialize, Serialize};

/// One input of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in the standard.
    pub name: String,
    /// The figure that is asked of offices for it; absent where it is judged, or a target.
    pub figure: Option<FigureId>,
    /// Whether it takes a value for each period; else the last one counts.
    pub by_period: bool,
    /// Whether several assessors judge it.
    pub by_assessor: bool,
    /// How many assessors are due; absent where one does, or the entry is of a time when that was not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessors: Option<u32>,
    /// Whether it is a score somebody gives: by several, with a reason, or in points and alone.
    #[serde(default)]
    pub judged: bool,
    /// Whether a value of it needs a reason to be scored.
    #[serde(default)]
    pub needs_reason: bool,
    /// What values it takes.
    #[serde(default)]
    pub takes: Takes,
    /// Other inputs of the indicator it is not to go beyond.
    #[serde(default)]
    pub beside: Vec<Beside>,
}

impl Field {
    /// Whether it is a score that one person gives.
    pub fn is_mark(&self) -> bool {
        self.judged && !self.by_assessor
    }
}

/// An input does not go beyond another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// How the two compare: `<`, `<=`, `>` or `>=`.
    pub how: String,
    /// The other input.
    pub field: String,
}

/// A declared column of an event table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its name in files, where that is another.
    pub alias: Option<String>,
    /// What values it takes.
    pub takes: Takes,
    /// Whether every event has to say something there.
    pub needed: bool,
}

impl Column {
    /// Whether a word is its name.
    pub fn is_called(&self, word: &str) -> bool {
        self.name == word || self.alias.as_deref() == Some(word)
    }
}

/// One indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// Its name.
    pub name: String,
    /// Its points, as the standard writes them; empty where it has none.
    pub points: String,
    /// The clause it rests on.
    pub clause: String,
    /// Who leads.
    pub lead: Vec<String>,
    /// Who is responsible.
    pub responsible: Vec<String>,
    /// Who supports.
    pub supporting: Vec<String>,
    /// What an office gets that the indicator does not apply to, where the standard says it: `full`, `zero`,
    /// `scale`, `reduce` or `substitute`; else empty.
    pub not_applicable: String,
    /// Whether it stands in a block, whose rest can be scaled up where it does not apply.
    pub in_block: bool,
    /// Its inputs.
    pub fields: Vec<Field>,
    /// The event tables whose events it counts.
    #[serde(default)]
    pub counts: Vec<String>,
}

/// A step of the procedure with its day of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is to be done.
    pub name: String,
    /// When, as the standard says it, such as 01-25 前.
    pub when: String,
}

/// One file of a policy folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path in the folder.
    pub path: String,
    /// Its content.
    pub content: Digest,
}

/// A standard in outline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// The name of the scheme within its policy.
    pub scheme: String,
    /// Its title.
    pub title: String,
    /// Its indicators, in their order.
    pub indicators: Vec<Indicator>,
    /// Its rounds, in their order; none where there is only one.
    pub rounds: Vec<String>,
    /// Its event tables.
    pub events: Vec<String>,
    /// Its deadlines.
    pub steps: Vec<Step>,
    /// The columns its event tables declare, by the name of the table.
    #[serde(default)]
    pub columns: BTreeMap<String, Vec<Column>>,
    /// The first and the last day of the time that is assessed, where it says so.
    #[serde(default)]
    pub period: Option<(Day, Day)>,
}

impl Outline {
    /// Whether a day lies within the time that is assessed; every day does where none is named.
    pub fn assesses(&self, day: Day) -> bool {
        self.period.is_none_or(|(from, to)| from <= day && day <= to)
    }

    /// Whether an event of a table and a day counts in it.
    pub fn counts(&self, table: &str, day: Day) -> bool {
        self.assesses(day) && self.events.iter().any(|known| known == table)
    }

    /// The indicator of that id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id.as_str() == id)
    }

    /// An input of an indicator.
    pub fn field(&self, indicator: &str, field: &str) -> Option<&Field> {
        self.indicator(indicator)?.fields.iter().find(|known| known.name == field)
    }

    /// The rounds before one, the nearest first.
    pub fn rounds_before(&self, round: &str) -> impl Iterator<Item = &String> {
        let at = self.rounds.iter().position(|known| known == round).unwrap_or(0);
        self.rounds.get(..at).unwrap_or_default().iter().rev()
    }

    /// Where it can be counted whether reports are in time: event tables with a column for yes or no that ask for nothing
    /// else.
    pub fn counting(&self) -> impl Iterator<Item = (&str, &str)> {
        self.events.iter().filter_map(|table| Some((table, self.columns.get(table)?))).flat_map(|(table, columns)| {
            let alone = |column: &&Column| columns.iter().all(|other| !other.needed || other.name == column.name);
            let counts = columns.iter().filter(|column| column.takes == Takes::YesNo).filter(alone);
            counts.map(|column| (table.as_str(), column.name.as_str())).collect::<Vec<_>>()
        })
    }

    /// Whether a text names one of its rounds; the empty one where it has none.
    pub fn has_round(&self, round: &str) -> bool {
        if self.rounds.is_empty() { round.is_empty() } else { self.rounds.iter().any(|known| known == round) }
    }

    /// The words of it that stand in the keys of tables.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let fields = self.indicators.iter().flat_map(|indicator| &indicator.fields);
        let indicators = self.indicators.iter().map(|indicator| indicator.id.as_str());
        let others = self.rounds.iter().chain(&self.events).map(String::as_str);
        indicators.chain(fields.map(|field| field.name.as_str())).chain(others)
    }

    /// Every figure it uses.
    pub fn figures(&self) -> impl Iterator<Item = &FigureId> {
        self.indicators.iter().flat_map(|indicator| indicator.fields.iter().filter_map(|field| field.figure.as_ref()))
    }
}
