//! From a parsed policy sentence to a typed, checked program.
//!
//! Names are resolved by a [`Context`] that the scheme provides; this crate knows the
//! vocabulary of functions, units of measure and how an expression becomes nodes of the
//! program. It reports every fault it meets and goes on.
#![no_std]

extern crate alloc;

pub mod context;
pub mod interval;
pub mod literal;
pub mod lower;
pub mod measures;
pub mod vocabulary;
pub mod written;

pub use context::{AsOf, Context, Direction, Meaning};
pub use literal::Value;
pub use lower::lower;
