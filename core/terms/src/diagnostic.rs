//! A finding: a name, where, what, why, and what to do next.

use crate::{source::Place, text::Text};
use alloc::{string::String, vec::Vec};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The policy cannot be adopted or the input cannot be used.
    Error,
    /// It can be used, with a written reason.
    Warning,
    /// Worth knowing.
    Note,
}

/// The words of a regulation a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Quote {
    /// Title of the regulation.
    pub document: String,
    /// Clause number, such as 二(二)3.
    pub clause: String,
    /// The characters quoted.
    pub quote: String,
}

/// A point of a file that is no text, so that it has no places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePoint {
    /// Path shown to the reader.
    pub path: String,
    /// Line and column, counted from 1, where a point is meant.
    pub at: Option<(usize, usize)>,
}

/// One finding. All findings of a run are reported together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name, such as `parts-do-not-sum`; it has a page in `docs/errors.md`.
    pub name: &'static str,
    /// How grave it is.
    pub level: Level,
    /// Where; absent where the input as a whole is meant.
    pub place: Option<Place>,
    /// The file, where it could not be read.
    pub file: Option<FilePoint>,
    /// A short remark under the carets, such as `2 + 1 + 0.5 + 3.5 = 7`.
    pub label: Text,
    /// What is wrong, one sentence.
    pub message: Text,
    /// Why that is a fault.
    pub why: Text,
    /// What the regulation says.
    pub source: Option<Quote>,
    /// What to do next.
    pub next: Text,
    /// Other places that belong to it, each with its remark.
    pub related: Vec<(Place, Text)>,
    /// How many findings it stands for: one, or those that were only counted.
    pub count: usize,
}

impl Diagnostic {
    fn new(level: Level, name: &'static str, message: Text) -> Self {
        Self {
            name,
            level,
            place: None,
            file: None,
            label: Text::default(),
            message,
            why: Text::default(),
            source: None,
            next: Text::default(),
            related: Vec::new(),
            count: 1,
        }
    }

    /// A finding that stops the work.
    pub fn error(name: &'static str, message: Text) -> Self {
        Self::new(Level::Error, name, message)
    }

    /// A finding that needs a written reason.
    pub fn warning(name: &'static str, message: Text) -> Self {
        Self::new(Level::Warning, name, message)
    }

    /// A finding worth knowing.
    pub fn note(name: &'static str, message: Text) -> Self {
        Self::new(Level::Note, name, message)
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says in which file that could not be read, and at which line and column.
    #[must_use]
    pub fn in_file(mut self, path: &str, at: Option<(usize, usize)>) -> Self {
        self.file = Some(FilePoint { path: String::from(path), at });
        self
    }

    /// Adds the remark under the carets.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        self.label = label;
        self
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, why: Text) -> Self {
        self.why = why;
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn next(mut self, next: Text) -> Self {
        self.next = next;
        self
    }

    /// Says that it stands for findings that are not listed one by one.
    #[must_use]
    pub fn standing_for(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Quotes the regulation.
    #[must_use]
    pub fn quoting(mut self, source: Option<Quote>) -> Self {
        self.source = source;
        self
    }

    /// Points at another place that belongs to it.
    #[must_use]
    pub fn also(mut self, place: Place, remark: Text) -> Self {
        self.related.push((place, remark));
        self
    }
}

/// Findings gathered along the way; nothing stops at the first.
#[derive(Clone, Debug, Default)]
pub struct Report {
    findings: Vec<Diagnostic>,
}

impl Report {
    /// An empty report.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Adds a finding that is not there yet.
    pub fn push_once(&mut self, finding: &Diagnostic) {
        if !self.findings.contains(finding) {
            self.findings.push(finding.clone());
        }
    }

    /// Adds findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        self.findings.extend(findings);
    }

    /// Takes over the findings of another report.
    pub fn append(&mut self, other: Report) {
        self.findings.extend(other.findings);
    }

    /// Adds to each finding what was not known where it was made.
    pub fn each(&mut self, add: impl FnMut(&mut Diagnostic)) {
        self.findings.iter_mut().for_each(add);
    }

    /// Whether anything stops the work.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    /// The findings as they were added.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The findings as they were added, each once, errors before what is weaker: for what is looked into from causes
    /// to what follows from them.
    pub fn into_causes(self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = Vec::new();
        for finding in self.findings {
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
        found.sort_by_key(|finding| finding.level);
        found
    }

    /// The findings by place, the same finding at the same place once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.findings
            .sort_by(|a, b| (a.place, a.level, a.name, &a.message.zh).cmp(&(b.place, b.level, b.name, &b.message.zh)));
        self.findings.dedup();
        self.findings
    }
}
