//! The record: who did what, in what office and role, when it was received, why, on which papers.
//!
//! An [`Entry`] has one form in bytes. Its hash is a link of a chain and a leaf of a Merkle tree
//! (RFC 6962), whose root a [`Checkpoint`] names and a key of the record signs. Whoever keeps one
//! checkpoint can tell offline whether anything before it was changed ([`Examination`]), and with a
//! [`proof`] of a few hundred bytes whether one entry stands in it.
//!
//! What a deed is, and what follows from it, is not known here. Nothing here reads a clock, draws
//! a key or touches a disk.
#![no_std]

extern crate alloc;

pub mod checkpoint;
pub mod entry;
pub mod examine;
pub mod hash;
pub mod keys;
pub mod proof;
pub mod rows;
pub mod tree;

pub use checkpoint::{Checkpoint, Place, SignedCheckpoint};
pub use entry::{By, Entry, NotCanonical};
pub use examine::{Examination, Examined};
pub use hash::{Algorithm, Digest};
pub use keys::{KeyKind, PublicKey, SecretKey};
pub use rows::{Row, Table, Value};
pub use tree::Tree;
