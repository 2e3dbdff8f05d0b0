//! What offices do in an assessment year, and the state that follows.
//!
//! A [`Deed`](deed::Deed) has a right (who, in which relation), a check (can it be done now, and
//! everything that is wrong with it), and an effect on the [`State`]. The state follows from the
//! entries of the record alone: [`State::apply`] takes them one after another. Tables for lists and
//! searches are rows of the state ([`tables`]).
//!
//! Policies are not read here. What the office has to know of a standard is its
//! [`Outline`](outline::Outline), which is recorded with it.
#![no_std]

extern crate alloc;

pub mod act;
pub mod calendar;
pub mod deed;
pub mod deeds;
pub mod duties;
pub mod entries;
pub mod forms;
pub mod honesty;
pub mod ids;
mod lists;
pub mod outline;
pub mod period;
pub mod progress;
pub mod public;
pub mod refusal;
pub mod rights;
pub mod rounds;
pub mod sheets;
pub mod state;
pub mod tables;
pub mod takes;
pub mod views;

pub use act::Act;
pub use deed::{Asked, Deed, Told};
pub use rights::{Relation, Right, Role};
pub use state::State;
pub use views::Viewer;

/// An entry of the record of an office.
pub type Entry = kaoping_ledger::Entry<Act>;
