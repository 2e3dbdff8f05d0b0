//! The checked program of a policy and its evaluation.
//!
//! A [`Program`] is a flat list of nodes; every node names its arguments by number, and
//! arguments stand before the node that uses them. It knows nothing of the rule language,
//! of policies or of files: `rules` makes it, `assess` runs it, and any other evaluator can
//! compile the same list. `docs/rules.md` states what each operation means.
//!
//! A [`Machine`] runs a program over a [`Frame`] of units: [`Column`]s of facts go in,
//! columns of results come out, every value exact and every unknown value with its reason.
//! A [`Kept`] run stays and follows one changed figure after another.
#![no_std]

extern crate alloc;

pub mod column;
mod eval;
pub mod fault;
pub mod frame;
pub mod ir;
pub mod kept;
pub mod machine;
mod number;
mod specialise;
pub mod state;
pub mod values;
mod workers;

pub use column::{Cell, Column};
pub use fault::Fault;
pub use frame::{Frame, FrameFault, Rows};
pub use ir::*;
pub use kept::{Change, Kept, Lanes};
pub use machine::{Keep, Machine};
pub use specialise::specialise;
pub use state::{Standing, State, States};
pub use values::{Numerators, Values};
pub use workers::{Join, Workers};
