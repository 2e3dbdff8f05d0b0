//! One command a file; the table that leads to them.

mod check;
mod compare;
mod completions;
mod compute;
mod demo;
mod explain;
mod explain_margins;
mod fmt;
mod found;
mod new;
mod record;
mod robust;
mod score;
mod score_excel;
mod score_text;
mod serve;
mod show;
mod test;

use crate::{
    arguments::{Arguments, Command, Format},
    output,
    say::{self, Style},
};
use std::process::ExitCode;

/// Runs what was asked for.
pub fn run(arguments: Arguments) -> ExitCode {
    output::survive_size_limits();
    let lang = arguments.lang.into();
    let style = |format: Format| Style { lang, json: format == Format::Json };
    let ending = match arguments.command {
        Command::Check(asked) => check::run(&asked, style(asked.format)),
        Command::Score(asked) => score::run(&asked, style(asked.format)),
        Command::Explain(asked) => explain::run(&asked, style(asked.format)),
        Command::Compute(asked) => compute::run(&asked, style(asked.format)),
        Command::New(asked) => new::run(&asked, style(asked.format)),
        Command::Show(asked) => show::run(&asked, style(asked.format)),
        Command::Found(asked) => found::run(&asked, style(asked.format)),
        Command::Serve(asked) => serve::run(&asked, style(Format::Text)),
        Command::Fmt(asked) => fmt::run(&asked, style(asked.format)),
        Command::Completions { shell } => completions::run(shell),
        Command::Compare(asked) => compare::run(&asked, style(asked.format)),
        Command::Test(asked) => test::run(&asked, style(asked.format)),
        Command::Demo(asked) => demo::run(&asked, style(asked.format)),
        Command::Verify(asked) => record::verify(&asked, style(asked.format)),
        Command::Export(asked) => record::export(&asked, style(asked.format)),
        Command::Replay(asked) => record::replay(&asked, style(asked.format)),
        Command::Backup(asked) => record::backup(&asked, style(asked.format)),
        Command::GivePassword(asked) => record::give_password(&asked, style(asked.at.format)),
        Command::ConfirmRestore(asked) => record::confirm_restore(&asked, style(asked.format)),
        Command::ChangeMaster(asked) => record::change_master(&asked, style(asked.format)),
        Command::Restore(asked) => record::restore(&asked, style(asked.format)),
    };
    say::all_printed(ending, lang).into()
}
