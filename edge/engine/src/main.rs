//! The `kaoping-engine` command.

use kaoping_cli::help;
use kaoping_engine::{arguments::CHINESE, commands};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(help::read(&CHINESE))
}
