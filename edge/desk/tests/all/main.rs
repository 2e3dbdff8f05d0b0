//! What the desk does, topic by topic. One program for all of it: the stores are linked once.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod accepted;
mod awards;
mod both;
mod bundle;
mod city;
mod clocks;
mod desk;
mod exempt;
mod failing;
mod killed;
mod races;
mod round;
mod rounds;
#[path = "../../../store/tests/servers/mod.rs"]
mod servers;
mod tampered;
