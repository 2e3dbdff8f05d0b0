//! One command a file; the table that leads to them.

mod check;
mod explain;
mod new;
mod score;

use crate::{
    arguments::{Arguments, Command, Format},
    say::{Ending, Style},
};
use std::process::ExitCode;

/// Runs what was asked for.
pub fn run(arguments: Arguments) -> ExitCode {
    let lang = arguments.lang.into();
    let style = |format: Format| Style { lang, json: format == Format::Json };
    let ending = match arguments.command {
        Command::Check(asked) => check::run(&asked, style(asked.format)),
        Command::Score(asked) => score::run(&asked, style(asked.format)),
        Command::Explain(asked) => explain::run(&asked, style(asked.format)),
        Command::New(asked) => new::run(&asked, style(asked.format)),
        _ => Ending::Unusable,
    };
    ending.into()
}
