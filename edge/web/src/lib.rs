//! The office over HTTP.
//!
//! One table of routes ([`router::ROUTES`]) is what the router, the document of the interface and the test of rights
//! are made from. Every request goes through one gate (`guard`): how much, from where, who, what. What an account
//! sees is told by `views` in the core; what it may do, by the deed itself. Here is no policy.

mod addresses;
pub mod answer;
mod api;
mod at_the_machine;
mod brought;
pub mod call;
pub mod found;
pub mod guard;
mod headings;
pub mod key;
pub mod master;
pub mod models;
pub mod office;
pub mod oidc;
pub mod openapi;
mod pages;
pub mod people;
mod placed;
pub mod problem;
pub mod regained;
pub mod restored;
pub mod router;
pub mod serve;
pub mod signed;
mod unreadable;
mod verifying;

pub use guard::log::Log;
pub use kaoping_ledger::KeyKind;
pub use office::{Clock, Config, Office};
