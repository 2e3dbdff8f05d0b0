//! The `kaoping` command.

use clap::Parser;
use kaoping_cli::{arguments::Arguments, commands};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(Arguments::parse())
}
