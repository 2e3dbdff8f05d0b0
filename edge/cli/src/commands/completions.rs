//! `kaoping completions`: what a shell needs to complete the command.

use crate::{
    arguments::Arguments,
    say::{self, Ending},
};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

/// Prints the completions of a shell.
pub(super) fn run(shell: Shell) -> Ending {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "kaoping", &mut script);
    say::print(&String::from_utf8_lossy(&script));
    Ending::Done
}
