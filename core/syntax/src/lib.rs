//! The rule language as text: words, grammar, the tree of a file.
//!
//! This crate knows how a policy is written, not what it means: names are not resolved,
//! units are not checked, nothing is computed. `docs/rules.md` is its reference.
#![no_std]

extern crate alloc;

pub mod ast;
pub mod keyword;

pub use keyword::Keyword;
