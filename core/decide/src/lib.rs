//! A decision over many rows: one row in, an outcome, an amount and other results out.
//!
//! A [`Decider`] is made of a decision of a checked policy. Its [`Field`]s read cells;
//! [`Rows`] hold what was read, one column a figure; [`Decider::decide`] gives one [`Answer`] for
//! each result. Rows in which every figure is known go through short code over blocks of machine
//! numbers; the others, and results for which that code cannot be proved to be exact, through the
//! machine. Both give the same, to the last digit.
#![no_std]

extern crate alloc;

mod answer;
mod decider;
mod explain;
mod field;
mod places;
mod rows;
mod run;

pub use answer::{Answer, Given};
pub use decider::{Decider, ResultColumn, ResultKind};
pub use explain::{Asked, Explanation, Step};
pub use field::{Field, Reading};
pub use rows::{Cells, Rows};
pub use run::Scratch;
