//! `kaoping fmt`: a policy file in the other keyword language.

use crate::{
    arguments::{FmtArguments, LangChoice},
    output::write_set,
    say::{self, Ending, Refusal, Style},
};
use kaoping_sheets::{FileFault, policy_text};
use kaoping_syntax::{parse_file, translate};
use kaoping_terms::{Diagnostic, Level, Report, Sources, Text};
use serde_json::json;
use std::path::Path;

/// Translates the keywords of a file and prints it, or with `--write` replaces it.
///
/// A file with errors is not translated: stretches that cannot be read would stay in the
/// old language unseen. Nor is one whose names would become keywords.
pub(super) fn run(asked: &FmtArguments, style: Style) -> Ending {
    let shown = asked.file.display().to_string();
    let mut sources = Sources::default();
    let text = match policy_text(&asked.file) {
        Ok(text) => text,
        Err(fault) => {
            return Refusal::new(Ending::Unusable, &[fault.diagnostic(&shown)], &sources, style).end(style);
        }
    };
    let before = faults(&shown, &text, &mut sources);
    if !before.is_empty() {
        return Refusal::new(Ending::Refused, &before, &sources, style).end(style);
    }
    let translated = translate(&text, asked.to == LangChoice::Zh);
    // The lines are the same in both languages, so they can be looked up in the file.
    let language = if asked.to == LangChoice::Zh { "zh" } else { "en" };
    let mut after = faults(&format!("{shown} → {language}"), &translated, &mut sources);
    if !after.is_empty() {
        after.push(name_is_keyword());
        return Refusal::new(Ending::Refused, &after, &sources, style).end(style);
    }
    if asked.write
        && let Err(finding) = replace(&asked.file, &translated)
    {
        return Refusal::new(Ending::Refused, &[*finding], &sources, style).end(style);
    }
    if style.json {
        let language = if asked.to == LangChoice::Zh { "zh" } else { "en" };
        let text = (!asked.write).then_some(translated);
        say::print_json(&json!({"file": shown, "to": language, "written": asked.write, "text": text, "findings": []}));
    } else if !asked.write {
        say::print(&translated);
    }
    Ending::Done
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
