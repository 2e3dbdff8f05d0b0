//! The year of the sample city, done by those who work in it. They touch nothing but the page, and meet what refuses
//! them on the way.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

#[path = "../rig/mod.rs"]
mod rig;

mod accounts;
mod adopting;
mod awards;
mod calendar;
mod files;
mod heat;
mod inspections;
mod persons;
mod reporting;
mod rounds;
mod targets;
mod writing;
