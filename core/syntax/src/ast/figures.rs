//! Figures and their units.

use super::Name;
use alloc::{string::String, vec::Vec};
use kaoping_terms::{Exact, Place};

/// A unit as written: `元/人·月` is 元 above, 人 and 月 below.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct UnitText {
    /// Nouns above the slash.
    pub above: Vec<Name>,
    /// Nouns below it.
    pub below: Vec<Name>,
    /// Where it stands.
    pub place: Place,
}

/// A figure in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its number; 98.2 for `98.2%`.
    pub number: LiteralNumber,
    /// What stands behind it.
    pub suffix: Suffix,
    /// Where it stands.
    pub place: Place,
}

/// The number of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralNumber {
    /// As written.
    Known(Exact),
    /// `不可读 "M.5"`: the characters the source has.
    Unreadable(String),
}

/// What stands behind a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing: it takes the declared unit.
    None,
    /// `%`.
    Percent,
    /// `个百分点`.
    PercentagePoints,
    /// A unit.
    Unit(UnitText),
}
