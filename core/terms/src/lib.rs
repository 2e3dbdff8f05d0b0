//! Nouns every other crate shares: exact numbers, units of measure, days, places in a
//! text, and findings that say where, what, why and what next.
//!
//! Nothing here knows the rule language, a policy, or the world outside.
#![no_std]

extern crate alloc;

pub mod day;
pub mod diagnostic;
pub mod exact;
pub mod figure;
pub mod measure;
pub mod nearest;
pub mod source;
pub mod table;
pub mod text;

pub use day::Day;
pub use diagnostic::{Diagnostic, FilePoint, Level, Quote, Report};
pub use exact::{Exact, Rounding};
pub use measure::{Flavour, Measure, Noun};
pub use source::{FileId, Place, SourceFile, Sources};
pub use text::{Lang, Text};
