//! Findings about figures: every kind is shown, but no kind more than twenty times.

use alloc::{collections::BTreeMap, format};
use kaoping_terms::{Diagnostic, Level, Report, Text};

/// How many findings of a kind are shown one by one.
const SHOWN: usize = 20;

/// Findings gathered from files that may have millions of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    report: Report,
    counts: BTreeMap<&'static str, usize>,
    hidden: BTreeMap<&'static str, (usize, Option<Level>)>,
}

impl Tally {
    /// Adds a finding; beyond the twentieth of its name it is only counted, and not even made.
    pub(crate) fn push(&mut self, name: &'static str, finding: impl FnOnce() -> Diagnostic) {
        let count = self.counts.entry(name).or_insert(0);
        *count += 1;
        if *count <= SHOWN {
            self.report.push(finding());
            return;
        }
        let (hidden, level) = self.hidden.entry(name).or_insert((0, None));
        *hidden += 1;
        if level.is_none() {
            *level = Some(finding().level);
        }
    }

    /// Adds what was gathered from later rows, as if it had been pushed here one by one.
    pub(crate) fn append(&mut self, later: Tally) {
        for finding in later.report.findings() {
            self.push(finding.name, || finding.clone());
        }
        for (name, (count, level)) in later.hidden {
            *self.counts.entry(name).or_insert(0) += count;
            let (hidden, known) = self.hidden.entry(name).or_insert((0, None));
            *hidden += count;
            *known = known.or(level);
        }
    }

    /// All findings, with one line for those of a kind that were only counted.
    pub(crate) fn finish(mut self) -> Report {
        for (name, (count, level)) in self.hidden {
            let message = Text::new(
                format!("还有 {count} 处同样的问题，没有逐一列出"),
                format!("{count} more findings of this kind are not listed"),
            );
            let finding = match level {
                Some(Level::Warning) => Diagnostic::warning(name, message),
                Some(Level::Note) => Diagnostic::note(name, message),
                _ => Diagnostic::error(name, message),
            };
            let next = Text::new("先改列出的，再重新运行", "mend those that are listed, then run again");
            self.report.push(finding.next(next).standing_for(count));
        }
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use kaoping_terms::{Diagnostic, Text};

    #[test]
    fn many_findings_of_a_kind_become_one_line() {
        let mut tally = Tally::default();
        for _ in 0..50 {
            tally.push("unknown-unit", || Diagnostic::error("unknown-unit", Text::same("x")));
        }
        tally.push("wrong-noun", || Diagnostic::error("wrong-noun", Text::same("y")));
        let report = tally.finish();
        assert_eq!(report.findings().len(), 22);
        assert!(report.findings().iter().any(|finding| finding.message.en.starts_with("30 more")));
    }
}
