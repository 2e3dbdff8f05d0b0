//! Writing to the terminal, and the exit codes outside checks rely on.

use crate::{output, render};
use kaoping_terms::{Diagnostic, Lang, Level, Sources};
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Done, at most with warnings and notes: 0.
    Done,
    /// The input was read and has errors, or is refused: 1.
    Refused,
    /// The input could not be used: 2.
    Unusable,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(match ending {
            Ending::Done => 0,
            Ending::Refused => 1,
            Ending::Unusable => 2,
        })
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The reader's language.
    pub lang: Lang,
    /// For machines.
    pub json: bool,
}

/// Why something printed did not arrive; the first of it. Kept until the command ends, so that
/// what it does besides is finished and its findings are said.
static UNPRINTED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints results to standard output. A reader who stops listening (`| head`) is no fault; what
/// else keeps the text from arriving is told by [`all_printed`].
pub fn print(text: &str) {
    let Err(fault) = write_out(text) else { return };
    if fault.kind() != io::ErrorKind::BrokenPipe
        && let Ok(mut first) = UNPRINTED.lock()
    {
        first.get_or_insert(fault);
    }
}

fn write_out(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// How the program ends, given how the command did: results that did not arrive, such as on a
/// full disk, are said, and make the ending unusable.
pub fn all_printed(ending: Ending, lang: Lang) -> Ending {
    let Some(fault) = UNPRINTED.lock().ok().and_then(|mut first| first.take()) else { return ending };
    findings(&[*output::unprinted(&fault)], &Sources::default(), lang, false);
    Ending::Unusable
}

/// Prints a value for machines.
pub fn print_json(value: &serde_json::Value) {
    print(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints findings to standard error, or with `to_stdout` to standard output.
pub fn findings(list: &[Diagnostic], sources: &Sources, lang: Lang, to_stdout: bool) {
    if list.is_empty() {
        return;
    }
    let terminal = if to_stdout { std::io::stdout().is_terminal() } else { std::io::stderr().is_terminal() };
    let text = render::findings::render(list, sources, lang, terminal);
    if to_stdout {
        print(&text);
    } else {
        let mut out = anstream::stderr().lock();
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

/// A command that ends without results: how, and its findings for machines.
#[must_use]
pub struct Refusal {
    ending: Ending,
    findings: Vec<Value>,
}

impl Refusal {
    /// Prints the findings for people.
    pub fn new(ending: Ending, list: &[Diagnostic], sources: &Sources, style: Style) -> Self {
        findings(list, sources, style.lang, false);
        Self { ending, findings: listed(list, sources, style.lang) }
    }

    /// Two sides that both end so.
    pub fn and(mut self, other: Refusal) -> Self {
        let more = other.findings.into_iter().filter(|finding| !self.findings.contains(finding)).collect::<Vec<_>>();
        self.findings.extend(more);
        Self { ending: self.ending.max(other.ending), findings: self.findings }
    }

    /// Where results go to a machine, it is told why there are none.
    pub fn end(self, style: Style) -> Ending {
        if style.json {
            print_json(&json!({ "findings": self.findings }));
        }
        self.ending
    }
}

/// Results for machines, with all that was found on the way.
pub fn with_findings(mut results: Value, list: &[Diagnostic], sources: &Sources, lang: Lang) -> Value {
    if let Some(results) = results.as_object_mut() {
        results.insert("findings".into(), Value::Array(listed(list, sources, lang)));
    }
    results
}

/// Findings for machines, one after another.
pub fn listed(list: &[Diagnostic], sources: &Sources, lang: Lang) -> Vec<Value> {
    match render::to_json(list, sources, lang) {
        Value::Object(mut all) => match all.remove("findings") {
            Some(Value::Array(findings)) => findings,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The ending that findings call for: an error is a refusal, and where it is that a file could
/// not be used at all the input was unusable.
pub fn ending(list: &[Diagnostic]) -> Ending {
    let mut errors = list.iter().filter(|finding| finding.level == Level::Error).peekable();
    if errors.peek().is_none() {
        Ending::Done
    } else if errors.any(|finding| is_form(finding.name)) {
        Ending::Unusable
    } else {
        Ending::Refused
    }
}

/// Whether a finding says that an input is missing, unreadable or of the wrong form, rather
/// than that it has faults.
fn is_form(name: &str) -> bool {
    name.starts_with("file-")
        || name.starts_with("sheet-")
        || matches!(
            name,
            "column-missing"
                | "events-argument"
                | "nobody-assessed"
                | "unknown-choice"
                | "item-table-missing"
                | "library-missing"
        )
}
