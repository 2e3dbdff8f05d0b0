//! The `kaoping-engine` command.

use clap::Parser;
use kaoping_engine::{arguments::Arguments, commands};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(Arguments::parse())
}
