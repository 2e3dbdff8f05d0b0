//! What a comparison finds.

use alloc::{string::String, vec::Vec};
use kaoping_rules::written::values;
use kaoping_terms::{Exact, Text};

/// What changed.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What the two policies say differently.
    pub policy: Vec<Text>,
    /// Figures that are in another unit of measure: declared so, or named so by the figures.
    pub measures: Vec<Text>,
    /// Units whose points, total or place changed, in the order of the second side.
    pub units: Vec<UnitChange>,
    /// Awards that are proposed for others.
    pub awards: Vec<AwardChange>,
    /// How points without a last digit are printed.
    pub display: values::Display,
}

/// An award that is proposed for a unit, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardChange {
    /// The award.
    pub award: String,
    /// The unit.
    pub unit: String,
    /// Whether it is now listed.
    pub listed: Listing,
    /// Why.
    pub cause: Text,
}

/// Where a unit now stands with an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It is listed.
    Listed,
    /// It shares the last place, and a person decides.
    ToDecide,
    /// It is no longer listed.
    Left,
}

/// What changed for a unit.
#[derive(Clone, Debug, Default)]
pub struct UnitChange {
    /// Id.
    pub unit: String,
    /// Name.
    pub name: String,
    /// Totals before and after; none where missing.
    pub total: (Option<Exact>, Option<Exact>),
    /// What changed the total beside the points of items, such as a veto.
    pub causes: Vec<Cause>,
    /// Places before and after.
    pub place: (Option<i64>, Option<i64>),
    /// Why the place changed: who passed whom.
    pub place_causes: Vec<Text>,
    /// Items whose points changed.
    pub items: Vec<ItemChange>,
    /// Results of other rounds that changed, each with the items of that round.
    pub rounds: Vec<RoundChange>,
    /// What else changed: named values, the grade, quotas, lists, parts of funds.
    pub others: Vec<OtherChange>,
}

/// A changed result of another round that counts, as people read it.
#[derive(Clone, Debug, Default)]
pub struct RoundChange {
    /// The round and the value, such as 上半年.总分 or 月评 2024-03.总分.
    pub name: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// Items of that round whose points changed.
    pub items: Vec<ItemChange>,
}

/// A changed consequence, as people read it; `—` for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherChange {
    /// What it is.
    pub kind: ChangeKind,
    /// Its name, such as 年度得分 or the fund; empty for the grade.
    pub name: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// Of a value that takes something of another round: why.
    pub causes: Vec<Cause>,
}

/// What a changed consequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A value that the scheme names, or what units are ranked by.
    Value,
    /// The grade.
    Grade,
    /// A number of individuals or an amount by grade.
    Quota,
    /// Whether the unit is on a list.
    Roster,
    /// The part of a fund.
    Share,
    /// The money of an award.
    Prize,
}

/// A changed score.
#[derive(Clone, Debug, Default)]
pub struct ItemChange {
    /// Id of the indicator.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Points before and after; none where missing or not there.
    pub score: (Option<Exact>, Option<Exact>),
    /// Why.
    pub causes: Vec<Cause>,
    /// Of an item with a nested scheme: the items below it that changed.
    pub nested: Vec<ItemChange>,
    /// Of an item below another: what its change adds to that one.
    pub counted: Option<Exact>,
}

/// Why something changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub text: Text,
    /// What it adds. The causes that have one, with what the items below add, come to the
    /// change exactly; none where a cause only tells more about another, or where the points are
    /// not known on the way.
    pub adds: Option<Exact>,
}

impl From<Text> for Cause {
    fn from(text: Text) -> Cause {
        Cause { text, adds: None }
    }
}

impl ItemChange {
    /// The difference, where both sides have points.
    pub fn difference(&self) -> Option<Exact> {
        Some(self.score.1.as_ref()? - self.score.0.as_ref()?)
    }
}

/// What two policies say differently about an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is new, gone or another.
    pub kind: DifferenceKind,
    /// What is said differently, where it is another.
    pub said: Vec<Text>,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}
