//! `kaoping show`: the standard as the program understood it.

mod after;
mod json;
mod text;
mod view;

use crate::{
    arguments::PolicyArguments,
    render,
    say::{self, Ending, Style},
};
use kaoping_intake::load::load;
use kaoping_scheme::Options;
use serde_json::Value;
use view::View;

/// Prints the standard. What was found on the way goes to standard error, so that the output
/// stays whole; an error means that something is missing from what is shown.
pub(super) fn run(asked: &PolicyArguments, style: Style) -> Ending {
    let loaded = load(&asked.policy, &Options::default());
    let view = View::new(&loaded.policy, &loaded.compiled.standard, style.lang);
    if style.json {
        let mut shown = view.to_json();
        let findings = render::to_json(&loaded.findings, &loaded.policy.sources, style.lang);
        if let (Some(shown), Value::Object(findings)) = (shown.as_object_mut(), findings) {
            shown.extend(findings);
        }
        say::print_json(&shown);
    } else if loaded.usable {
        say::print(&view.to_text());
    }
    say::findings(&loaded.findings, &loaded.policy.sources, style.lang, false);
    if loaded.usable { say::ending(&loaded.findings) } else { Ending::Unusable }
}
