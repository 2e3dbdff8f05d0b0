//! The rule language as text: words, grammar, the tree of a file.
//!
//! This crate knows how a policy is written, not what it means: names are not resolved,
//! units are not checked, nothing is computed. `docs/rules.md` is its reference.
#![no_std]

extern crate alloc;

pub mod ast;
pub mod format;
pub mod keyword;
mod lexer;
pub mod look_alike;
pub mod parser;
pub mod soft;

pub use format::translate;
pub use keyword::Keyword;
pub use parser::{parse_binding, parse_expression, parse_file, parse_literal, parse_rounding};
pub use soft::Soft;
