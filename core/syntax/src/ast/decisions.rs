//! Decisions: one row in, an outcome and amounts out.

use super::{Authority, BodyLine, Expr, Name, Named, Quoted};
use alloc::vec::Vec;
use kaoping_terms::Place;

/// A decision: one row in, an outcome and amounts out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decision {
    /// Its name.
    pub name: Named,
    /// What it is made of, in text order.
    pub body: Vec<BodyLine>,
}

/// One case of an outcome: `当 cond → word amount 说 "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeCase {
    /// The condition; none for 否则.
    pub when: Option<Expr>,
    /// The outcome.
    pub outcome: Name,
    /// The amount.
    pub amount: Option<Expr>,
    /// What is said.
    pub say: Option<Quoted>,
    /// From 当 to its end.
    pub place: Place,
    /// What is written behind it.
    pub authority: Vec<Authority>,
}
