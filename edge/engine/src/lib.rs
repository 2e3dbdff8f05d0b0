//! A decision inside an existing engine: Apache DataFusion, and on many machines Apache Ballista.
//!
//! The engine splits the table, sends the pieces about, starts anew what a lost machine had; it is
//! not ours. What is ours is one function of it: [`function`] gives rows to the same code that
//! `kaoping compute` gives them to. Its name travels with the fingerprint of the policy, and a node
//! that decides by another refuses it ([`codec`]). All of it is behind the feature `cluster`.

#![cfg(feature = "cluster")]

pub mod arguments;
pub mod codec;
pub mod commands;
mod findings;
pub mod function;
pub mod nodes;
pub mod plan;
pub mod policy;
