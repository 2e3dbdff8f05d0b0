//! Findings about many rows: every kind is reported, none of them a million times.

use kaoping_terms::{Diagnostic, Level, Report, Text};
use std::collections::BTreeMap;

/// How many findings of one name are listed before the rest is only counted.
pub const LISTED: usize = 20;

/// Gathers findings; of each name the first [`LISTED`] are kept and the rest are counted,
/// so that a file with a million bad rows gives a readable answer and needs no memory.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    listed: Report,
    counts: BTreeMap<(&'static str, Level), usize>,
}

impl Findings {
    /// No findings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding, built only where it will be listed.
    pub fn push(&mut self, level: Level, name: &'static str, finding: impl FnOnce() -> Diagnostic) {
        let count = self.counts.entry((name, level)).or_insert(0);
        *count += 1;
        if *count <= LISTED {
            self.listed.push(finding());
        }
    }

    /// Adds an error, built only where it will be listed.
    pub fn error(&mut self, name: &'static str, finding: impl FnOnce() -> Diagnostic) {
        self.push(Level::Error, name, finding);
    }

    /// Adds what was found in later rows, as if it had been pushed here one by one.
    pub fn append(&mut self, later: Findings) {
        for finding in later.listed.findings() {
            self.push(finding.level, finding.name, || finding.clone());
        }
        for (key, count) in later.counts {
            *self.counts.entry(key).or_insert(0) += count.saturating_sub(LISTED);
        }
    }

    /// Whether anything stops the work.
    pub fn has_errors(&self) -> bool {
        self.counts.keys().any(|(_, level)| *level == Level::Error)
    }

    /// How many findings of that name there were, listed or not.
    pub fn count(&self, name: &str) -> usize {
        self.counts.iter().filter(|((found, _), _)| *found == name).map(|(_, count)| count).sum()
    }

    /// The listed findings, and for each name that was cut one that says how many more.
    pub fn into_report(self) -> Report {
        let mut report = self.listed;
        for ((name, level), count) in self.counts.into_iter().filter(|(_, count)| *count > LISTED) {
            let more = crate::file::grouped((count - LISTED) as u64);
            let message = Text::new(
                format!("同样的问题还有 {more} 处，未逐条列出"),
                format!("{more} more of the same, not listed one by one"),
            );
            let mut rest = Diagnostic::note(name, message);
            rest.level = level;
            rest.count = count - LISTED;
            report
                .push(rest.next(Text::new("先改上面列出的，再检查一遍", "mend those listed above, then check again")));
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, LISTED};
    use kaoping_terms::{Diagnostic, Text};

    #[test]
    fn a_flood_is_counted_and_other_names_still_show() {
        let mut findings = Findings::new();
        for _ in 0..1_234 {
            findings.error("row-fields", || Diagnostic::error("row-fields", Text::same("x")));
        }
        findings.error("column-twice", || Diagnostic::error("column-twice", Text::same("y")));
        assert!(findings.has_errors());
        assert_eq!(findings.count("row-fields"), 1_234);
        let report = findings.into_report();
        let rest = report.findings().last().expect("a summary");
        assert_eq!(report.findings().len(), LISTED + 2);
        assert_eq!(rest.message.zh, "同样的问题还有 1,214 处，未逐条列出");
        assert_eq!(rest.name, "row-fields");
        assert!(report.has_errors());
    }
}
