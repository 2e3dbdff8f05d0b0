//! `kaoping check`: the findings of the checker.

use super::test::{folder_findings, folders};
use crate::{
    arguments::PolicyArguments,
    render,
    say::{self, Ending, Style},
};
use kaoping_intake::load::load_checked;
use kaoping_scheme::Options;
use kaoping_terms::Lang;

/// Prints every finding; an error is a refusal.
pub(super) fn run(asked: &PolicyArguments, style: Style) -> Ending {
    let mut loaded = load_checked(&asked.policy, &Options::default());
    if say::ending(&loaded.findings) == Ending::Done {
        let outcomes = folders(&mut loaded);
        loaded.findings.extend(folder_findings(&outcomes));
    }
    if style.json {
        let findings = render::to_json(&loaded.findings, &loaded.policy.sources, style.lang);
        say::print_json(&findings);
    } else if loaded.findings.is_empty() {
        say::print(match style.lang {
            Lang::Zh => "没有发现问题。",
            Lang::En => "No findings.",
        });
    } else {
        say::findings(&loaded.findings, &loaded.policy.sources, style.lang, true);
    }
    if loaded.usable { say::ending(&loaded.findings) } else { Ending::Unusable }
}
