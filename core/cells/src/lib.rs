//! One cell of a file becomes one value, or is refused with the reason, in words.
//!
//! Facts of an assessment and rows of a decision are read by the same few functions, so that a
//! figure means the same wherever it is written.
#![no_std]

extern crate alloc;

pub mod findings;
pub mod range;
pub mod reading;
pub mod short;

pub use range::Range;
pub use reading::Refusal;
pub use short::Short;
