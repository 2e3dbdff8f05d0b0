//! Worked examples: what is given, what must come out.

use super::{Literal, Name};
use alloc::vec::Vec;
use kaoping_terms::{Day, Place};

/// `例 a = 1, b = 2 → 3`; in decisions the result is a word and an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What is given.
    pub given: Vec<(Name, ExampleValue)>,
    /// What must come out.
    pub expected: Vec<ExampleValue>,
    /// What must come out of named values besides: `少缴 = 2,600 元`.
    pub named: Vec<(Name, ExampleValue)>,
}

/// A value in an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleValue {
    /// A figure.
    Literal(Literal),
    /// A word, 是, 否, 未报, 不适用.
    Word(Name),
    /// A day.
    Day(Day, Place),
}
