//! What the shared library of rules says its rules read, so that a table can be fitted to
//! them. The names of the rules stand in the library only.

use kaoping_scheme::read::fingerprint;
use kaoping_sheets::header::fold;
use kaoping_syntax::{
    ast::{self, BodyKind, BodyLine, PartKind},
    parse_file,
};
use kaoping_terms::{FileId, Report, nearest::nearest};

/// The library as it is copied into a new policy.
pub(super) const LIBRARY: &str = include_str!("../../../../../policies/kinds/common.kp");
/// Its path inside the new policy.
pub(super) const LIBRARY_PATH: &str = "kinds/common.kp";

/// The rules of the library.
pub(super) struct Library {
    rules: Vec<RuleKind>,
}

/// One kind of rule.
pub(super) struct RuleKind {
    /// Its name.
    pub(super) name: String,
    alias: Option<String>,
    /// What a table may give it: parameters, choices, and inputs but the first, which is the
    /// figure each unit reports. A table with such a column holds somebody's results; bound
    /// to the rule they would stand in for every unit that has not reported.
    reads: Vec<(String, Option<String>)>,
    /// Choices each use must make: name and the words to choose from.
    pub(super) open_choices: Vec<(String, Vec<String>)>,
    /// Whether it says who met the target.
    pub(super) says_met: bool,
}

impl Library {
    /// The embedded library. It is one of the project's own policies and has no faults.
    pub(super) fn embedded() -> Self {
        let file = parse_file(FileId(0), LIBRARY, &mut Report::new());
        let rules = file.parts.into_iter().filter_map(|part| match part.kind {
            PartKind::Rule(rule) => Some(RuleKind::of(&rule)),
            _ => None,
        });
        Self { rules: rules.collect() }
    }

    /// The rule of that name or alias, full-width letters and capitals included.
    pub(super) fn find(&self, word: &str) -> Option<&RuleKind> {
        let word = fold(word);
        let called = |name: &str| fold(name) == word;
        self.rules.iter().find(|rule| called(&rule.name) || rule.alias.as_deref().is_some_and(called))
    }

    /// The name or alias nearest to one that is not known.
    pub(super) fn nearest(&self, word: &str) -> Option<&str> {
        let names = self.rules.iter().flat_map(|rule| [Some(rule.name.as_str()), rule.alias.as_deref()]);
        nearest(&fold(word), names.flatten())
    }

    /// Every name and alias of a rule, for a message.
    pub(super) fn names(&self) -> String {
        let names = self.rules.iter().map(|rule| match &rule.alias {
            Some(alias) => format!("{} {alias}", rule.name),
            None => rule.name.clone(),
        });
        names.collect::<Vec<_>>().join("、")
    }

    /// The name by which rules read a column of that heading, if any does.
    pub(super) fn reading(&self, heading: &str) -> Option<&str> {
        self.rules.iter().find_map(|rule| rule.reading(heading))
    }
}

impl RuleKind {
    fn of(rule: &ast::Rule) -> Self {
        let mut kind = Self {
            name: rule.name.name.text.clone(),
            alias: alias(&rule.name),
            reads: Vec::new(),
            open_choices: Vec::new(),
            says_met: false,
        };
        let first = rule.body.iter().position(|line| matches!(line.kind, BodyKind::Input(_)));
        for (at, line) in rule.body.iter().enumerate() {
            if Some(at) != first {
                kind.line(line);
            }
        }
        kind
    }

    fn line(&mut self, line: &BodyLine) {
        let mut read = |named: &ast::Named| {
            self.reads.push((named.name.text.clone(), alias(named)));
        };
        match &line.kind {
            BodyKind::Input(input) => read(&input.name),
            BodyKind::Parameters(parameters) => {
                parameters.iter().for_each(|parameter| read(&parameter.name));
            }
            BodyKind::Choice(choice) => {
                read(&choice.name);
                if choice.chosen.is_none() {
                    let words = choice.words.iter().map(|word| word.text.clone());
                    self.open_choices.push((choice.name.name.text.clone(), words.collect()));
                }
            }
            BodyKind::Gives(gives) => {
                self.says_met |= kaoping_scheme::read::is_called(&gives.name, "达标");
            }
            _ => {}
        }
    }

    /// The name by which this rule reads a column of that heading.
    pub(super) fn reading(&self, heading: &str) -> Option<&str> {
        let heading = fold(heading);
        let found = self.reads.iter().find(|(name, alias)| {
            fold(name) == heading || alias.as_deref().is_some_and(|alias| fold(alias) == heading)
        });
        found.map(|(name, _)| name.as_str())
    }
}

fn alias(named: &ast::Named) -> Option<String> {
    named.alias.as_ref().map(|alias| alias.text.clone())
}

/// The fingerprint that pins the copied library.
pub(super) fn library_fingerprint() -> String {
    fingerprint(LIBRARY)
}

#[cfg(test)]
mod tests {
    use super::Library;

    #[test]
    fn the_library_says_what_its_rules_read() {
        let library = Library::embedded();
        let rule = library.find(" ＢＯＮＵＳ ").expect("by alias, any width and case");
        assert_eq!(rule.name, "加分指标");
        assert_eq!(rule.reading("target"), Some("目标数"));
        assert_eq!(rule.reading("控制数"), None);
        assert_eq!(rule.reading("actual"), None, "each unit reports it");
        assert_eq!(library.reading("控制数"), Some("控制数"));
        assert!(rule.says_met);
        let (choice, words) = rule.open_choices.first().expect("a choice");
        assert_eq!(choice, "不足一步");
        assert!(words.len() > 1);
        assert_eq!(library.nearest("bonsu"), Some("bonus"));
        assert!(library.find("bonsu").is_none());
    }
}
