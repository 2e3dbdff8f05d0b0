//! What a server is asked over HTTP, topic by topic. One program for all of it: the server is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what should have been there"
)]

mod answers;
mod at_once;
mod bundles;
mod chinese;
mod conversations;
mod drafts;
mod hostile;
mod logins;
mod made_known;
mod matrix;
mod moments;
mod oidc;
mod pages;
mod pages_honesty;
mod pages_matters;
mod pages_offices;
mod pages_persons;
mod pages_record;
mod pages_reports;
mod pages_sheets;
mod pages_standards;
mod persons;
mod problems;
mod server;
mod standards;
mod town;
mod wire;
#[cfg(target_os = "linux")]
mod world;
