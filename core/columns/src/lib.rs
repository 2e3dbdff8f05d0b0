//! A checked program as short code over blocks of machine numbers.
//!
//! The same list of nodes that [`kaoping_program::Machine`] runs is compiled for the figures at
//! hand: what is constant for all units is worked out beforehand in fractions; what is a multiple of
//! one figure stays a multiple until a whole number is wanted; divisions by what is the same for
//! every unit become multiplications. What is left is a few instructions a rule, each over some
//! hundred units at a time, in numbers that are proved to hold their results exactly.
//!
//! A node for which that cannot be proved has no code, and [`Plan::output`] says so; the caller
//! evaluates it with the machine. A block with a figure that is not known goes there as well. No
//! result depends on which of the two evaluated it.
#![no_std]

extern crate alloc;

mod code;
mod compile;
mod figures;
mod form;
mod kernel;
mod native;
mod once;
mod order;
mod plan;
mod refine;

pub use code::{Action, Instruction, Register};
pub use figures::Figures;
pub use kernel::LANES;
pub use native::{Done, Listing, Made, Native, Store, Width};
pub use plan::{Known, Members, Output, Plan};
