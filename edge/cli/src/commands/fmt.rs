//! `kaoping fmt`: a policy file in the other keyword language.

use crate::{
    arguments::{FmtArguments, LangChoice},
    output::write_set,
    say::{self, Ending},
};
use kaoping_sheets::{FileFault, policy_text};
use kaoping_syntax::{parse_file, translate};
use kaoping_terms::{Diagnostic, Lang, Level, Report, Sources, Text};
use std::path::Path;

/// Translates the keywords of a file and prints it, or with `--write` replaces it.
///
/// A file with errors is not translated: stretches that cannot be read would stay in the
/// old language unseen. Nor is one whose names would become keywords.
pub(super) fn run(asked: &FmtArguments, lang: Lang) -> Ending {
    let shown = asked.file.display().to_string();
    let mut sources = Sources::default();
    let text = match policy_text(&asked.file) {
        Ok(text) => text,
        Err(fault) => {
            say::findings(&[fault.diagnostic(&shown)], &sources, lang, false);
            return Ending::Unusable;
        }
    };
    let before = faults(&shown, &text, &mut sources);
    if !before.is_empty() {
        say::findings(&before, &sources, lang, false);
        return Ending::Refused;
    }
    let translated = translate(&text, asked.to == LangChoice::Zh);
    // The lines are the same in both languages, so they can be looked up in the file.
    let language = if asked.to == LangChoice::Zh { "zh" } else { "en" };
    let mut after = faults(&format!("{shown} → {language}"), &translated, &mut sources);
    if !after.is_empty() {
        after.push(name_is_keyword());
        say::findings(&after, &sources, lang, false);
        return Ending::Refused;
    }
    if !asked.write {
        say::print(&translated);
        return Ending::Done;
    }
    match replace(&asked.file, &translated) {
        Ok(()) => Ending::Done,
        Err(finding) => {
            say::findings(&[*finding], &sources, lang, false);
            Ending::Refused
        }
    }
}

/// Replaces a file by its translation; a link keeps pointing at what it pointed at.
fn replace(file: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
    let shown = file.display().to_string();
    let real = std::fs::canonicalize(file).map_err(|fault| Box::new(FileFault::from(fault).diagnostic(&shown)))?;
    let folder = real.parent().unwrap_or_else(|| Path::new("/"));
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    write_set(folder, &[(&name, text.as_bytes())]).map(drop)
}

/// The errors of a text.
fn faults(shown: &str, text: &str, sources: &mut Sources) -> Vec<Diagnostic> {
    let file = sources.add(shown, text);
    let mut report = Report::new();
    parse_file(file, text, &mut report);
    let mut faults = report.into_sorted();
    faults.retain(|finding| finding.level == Level::Error);
    faults
}

fn name_is_keyword() -> Diagnostic {
    Diagnostic::note(
        "name-is-keyword-elsewhere",
        Text::new(
            "没有改动文件：换成另一种语言后，上面这些名称会成为关键词",
            "the file was left as it is: in the other language the names above are keywords",
        ),
    )
    .next(Text::new("先给这些名称改名，再翻译", "rename them first, then translate"))
}
