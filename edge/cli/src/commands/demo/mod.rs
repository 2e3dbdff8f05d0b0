//! `kaoping demo`: the sample city, served or in the terminal.

mod serve;
mod terminal;
mod words;
mod year;

use crate::{
    arguments::DemoArguments,
    say::{Ending, Style},
};

/// Serves the city in the middle of its year; or goes through the year; or shows in the terminal what the program
/// does with a policy.
pub(super) fn run(asked: &DemoArguments, style: Style) -> Ending {
    if asked.terminal {
        terminal::run(style)
    } else if asked.year {
        year::run(asked, style)
    } else {
        serve::run(asked, style)
    }
}
