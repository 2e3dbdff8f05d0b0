//! Why a page is not shown.

use crate::{Frame, Html, Topic, Visit};
use askama::Template;
use kaoping_terms::Diagnostic;

struct Line {
    message: String,
    why: String,
    next: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    frame: Frame,
    lines: Vec<Line>,
}

/// The page with everything that speaks against it.
pub fn problem(visit: &Visit<'_>, findings: &[Diagnostic]) -> Html {
    let lang = visit.lang;
    let line = |finding: &Diagnostic| Line {
        message: finding.message.get(lang).to_owned(),
        why: finding.why.get(lang).to_owned(),
        next: finding.next.get(lang).to_owned(),
    };
    let title = findings.first().map(|finding| finding.message.get(lang).to_owned()).unwrap_or_default();
    Html::of(&Problem { frame: visit.frame(Topic::Other, title), lines: findings.iter().map(line).collect() })
}
