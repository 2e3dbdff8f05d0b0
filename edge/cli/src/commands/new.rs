//! `kaoping new`: a policy folder from an indicator table. It scores at once: before
//! anything is written, the policy is read and compiled as `kaoping check` would.

mod columns;
mod findings;
mod library;
mod table;
mod template;
mod write;

use crate::{
    arguments::NewArguments,
    render,
    say::{self, Ending, Style},
};
use kaoping_scheme::{Folder, Options, Policy, compile};
use kaoping_sheets::{Findings, SheetWriter, policy_text};
use kaoping_terms::{Diagnostic, Lang, Sources};
use library::{LIBRARY, LIBRARY_PATH, Library, library_fingerprint};
use serde_json::{Value, json};
use std::path::Path;
use table::Indicators;
use template::{Filling, Template, is_name};

/// Makes the folder, or says all that keeps it from being made.
pub(super) fn run(asked: &NewArguments, style: Style) -> Ending {
    let mut sources = Sources::default();
    let (findings, made, ending) = make(asked, &mut sources);
    if style.json {
        let mut value = made.as_ref().map_or_else(|| json!({}), Made::to_json);
        let listed = render::to_json(&findings, &sources, style.lang);
        if let (Some(value), Value::Object(listed)) = (value.as_object_mut(), listed) {
            value.extend(listed);
        }
        say::print_json(&value);
        return ending;
    }
    say::findings(&findings, &sources, style.lang, false);
    if let Some(made) = made {
        say::print(&made.words(style.lang));
    }
    ending
}

/// What was made.
struct Made {
    folder: String,
    name: String,
    files: Vec<&'static str>,
    indicators: usize,
    full_mark: String,
    next: Vec<String>,
}

/// Reads, makes and writes; findings by place, what was made, and how it ended.
fn make(asked: &NewArguments, sources: &mut Sources) -> (Vec<Diagnostic>, Option<Made>, Ending) {
    if let Err(finding) = write::must_be_free(&asked.folder) {
        return (vec![*finding], None, Ending::Refused);
    }
    let shown = asked.indicators.display().to_string();
    let text = match policy_text(&asked.indicators) {
        Ok(text) => text,
        Err(fault) => return (vec![fault.diagnostic(&shown)], None, Ending::Unusable),
    };
    let file = sources.add(shown.clone(), text.clone());
    let (library, template) = (Library::embedded(), Template::embedded());
    let mut found = Findings::new();
    let indicators = table::read(file, &text, &shown, &library, &template, &mut found);
    let refused = found.has_errors();
    let findings = found.into_report().into_sorted();
    let Some(indicators) = indicators else {
        return (findings, None, Ending::Unusable);
    };
    if refused {
        return (findings, None, Ending::Refused);
    }
    let title = title(asked);
    let files = files(&indicators, &template, &title);
    let made = Made::of(asked, &title, &indicators, &files);
    let (faults, own_sources) = try_out(&asked.folder, &files);
    if !faults.is_empty() {
        // The table passed every check above and still does not compile: its own words are
        // at fault in a way only the compiler sees, so its places are shown.
        *sources = own_sources;
        return (faults, None, Ending::Refused);
    }
    match write::write_folder(&asked.folder, &files) {
        Ok(()) => (findings, Some(made), Ending::Done),
        Err(finding) => (vec![*finding], None, Ending::Refused),
    }
}

/// The title: as asked for, else the folder's name.
fn title(asked: &NewArguments) -> String {
    let folder = || {
        let full = std::path::absolute(&asked.folder).unwrap_or_else(|_| asked.folder.clone());
        full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let words = asked.name.clone().unwrap_or_else(folder);
    let tame = |c: char| match c {
        '"' | '“' | '”' => '\'',
        c if c.is_control() => ' ',
        c => c,
    };
    words.chars().map(tame).collect::<String>().trim().to_owned()
}

/// The files of the new policy; the scheme first.
fn files(indicators: &Indicators, template: &Template, title: &str) -> Vec<(&'static str, String)> {
    let filling = Filling {
        name: scheme_name(title),
        title: title.to_owned(),
        full_mark: indicators.full_mark.to_string(),
        blocks: &indicators.blocks,
        nouns: &indicators.nouns,
        library: (LIBRARY_PATH, library_fingerprint()),
        says_met: indicators.says_met,
    };
    let mut files = vec![
        ("scheme.kp", template.fill(&filling)),
        ("indicators.csv", sheet(indicators)),
        (LIBRARY_PATH, LIBRARY.to_owned()),
    ];
    if !indicators.clauses.is_empty() {
        files.push(("clauses.md", clauses(title, &indicators.clauses)));
    }
    files
}

/// A word of the language out of a title: its letters and digits.
fn scheme_name(title: &str) -> String {
    let word: String = title.chars().filter(|c| c.is_alphanumeric()).collect();
    let candidates = [word.clone(), format!("方案{word}"), "新方案".to_owned()];
    candidates.into_iter().find(|name| is_name(name)).unwrap_or_default()
}

/// The item table. What a policy reads stands as it was written; remarks, which a
/// spreadsheet could take for formulas, are disarmed.
fn sheet(indicators: &Indicators) -> String {
    let mut out = SheetWriter::new(Vec::new());
    let mut rows = || -> std::io::Result<()> {
        out.row(indicators.headings.iter().map(String::as_str))?;
        for row in &indicators.rows {
            for (heading, cell) in indicators.headings.iter().zip(row) {
                if heading.starts_with('#') {
                    out.text(cell);
                } else {
                    out.literal(cell);
                }
            }
            out.end_row()?;
        }
        Ok(())
    };
    // Writing to memory cannot fail.
    let _ = rows();
    let bytes = out.finish().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Headings for the clauses the table names, to be filled with the words of the document.
fn clauses(title: &str, clauses: &[String]) -> String {
    let mut text = format!("# {title}\n");
    for clause in clauses {
        text.push_str(&format!("\n## {clause}\n"));
    }
    text
}

/// Reads and compiles the policy as it will be on disk; its errors, with its texts.
fn try_out(folder: &Path, files: &[(&'static str, String)]) -> (Vec<Diagnostic>, Sources) {
    let folder = Folder {
        root: folder.display().to_string(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect(),
    };
    let (policy, mut report) = Policy::read(&folder, &mut |_| None);
    let (_, compiling) = compile(&policy, &Options::default());
    report.append(compiling);
    let mut faults = report.into_sorted();
    faults.retain(|finding| finding.level == kaoping_terms::Level::Error);
    (faults, policy.sources)
}

impl Made {
    fn of(asked: &NewArguments, title: &str, indicators: &Indicators, files: &[(&'static str, String)]) -> Self {
        let folder = asked.folder.display().to_string();
        let next =
            vec![format!("kaoping check {folder}"), format!("kaoping score {folder} --facts facts.csv --out result")];
        Self {
            folder,
            name: title.to_owned(),
            files: files.iter().map(|(path, _)| *path).collect(),
            indicators: indicators.rows.len(),
            full_mark: indicators.full_mark.to_string(),
            next,
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "folder": self.folder,
            "name": self.name,
            "files": self.files,
            "indicators": self.indicators,
            "full_mark": self.full_mark,
            "next": self.next,
        })
    }

    fn words(&self, lang: Lang) -> String {
        let Self { folder, indicators, full_mark, .. } = self;
        let files = self.files.join("  ");
        let next = self.next.first().map_or("", String::as_str);
        match lang {
            Lang::Zh => {
                format!("已建方案 {folder}：{indicators} 个指标，满分 {full_mark} 分\n  {files}\n下一步：{next}\n")
            }
            Lang::En => format!(
                "Made the policy {folder}: {indicators} indicators, full mark {full_mark}\n  {files}\nNext: {next}\n"
            ),
        }
    }
}
