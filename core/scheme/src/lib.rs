//! The standard: a policy folder is read, linked, compiled to one checked program, and its
//! mistakes are found.
//!
//! `read` turns texts into a [`Policy`]; `compile` turns a policy into a [`Standard`];
//! `check` finds what is wrong with it. Nothing here touches a disk: texts come in, findings
//! and the standard go out.
#![no_std]

extern crate alloc;

pub mod amend;
pub mod check;
pub mod compile;
pub mod grid;
pub mod model;
pub mod read;
pub mod variations;

pub use compile::{Exempted, Options, compile};
pub use model::Standard;
pub use read::{Folder, Policy};
