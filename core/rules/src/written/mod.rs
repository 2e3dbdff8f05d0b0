//! The way back: values and nodes as people read them.

pub mod formula;
pub mod values;

pub use formula::Formula;
