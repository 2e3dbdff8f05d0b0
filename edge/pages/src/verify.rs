//! How anybody verifies a published result: on his own machine, and the same checks here.

use crate::{Frame, Html, Topic, Visit, public::path, things, words};
use askama::Template;
use kaoping_desk::checks::Check;
use kaoping_office::public::Because;

/// How far verifying has come.
pub enum Stand<'a> {
    /// Nothing was asked for.
    Idle,
    /// It goes on.
    Running,
    /// It is done.
    Done {
        /// The checks.
        checks: &'a [Check],
        /// When the record was gone through.
        at_ms: i64,
        /// How many entries there were.
        size: u64,
    },
    /// The record could not be read.
    Failed,
}

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a str,
    /// The round.
    pub round: &'a str,
    /// The text of a checkpoint that was kept elsewhere.
    pub pinned: &'a str,
}

struct Choice {
    path: String,
    value: String,
    word: String,
    chosen: bool,
}

struct Line {
    holds: Option<bool>,
    word: String,
    about: String,
    findings: Vec<String>,
    more: usize,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify<'a> {
    frame: Frame,
    key: &'a str,
    choices: Vec<Choice>,
    pinned: &'a str,
    asked: bool,
    running: bool,
    failed: bool,
    all_hold: bool,
    lines: Vec<Line>,
    when: String,
    size: u64,
    back: String,
}

/// The page.
pub fn verify(visit: &Visit<'_>, wanted: &Wanted<'_>, stand: &Stand<'_>) -> Html {
    let public = visit.shown.state.public(visit.today);
    let published = || public.iter().filter(|public| matches!(public.because, Because::Published(_)));
    let is_wanted = |scheme: &str, round: &str| scheme == wanted.scheme && round == wanted.round;
    let choices: Vec<Choice> = published()
        .map(|public| Choice {
            path: path(public),
            value: format!("{}|{}", public.scheme, public.round),
            word: things::titled(&public.title, public.round),
            chosen: is_wanted(public.scheme.as_str(), public.round),
        })
        .collect();
    let (lines, when, size) = match stand {
        Stand::Done { checks, at_ms, size } => {
            (checks.iter().map(|check| line(visit, check)).collect(), words::moment(*at_ms), *size)
        }
        Stand::Idle | Stand::Running | Stand::Failed => (Vec::new(), String::new(), 0),
    };
    Html::of(&Verify {
        frame: visit.frame(Topic::Public, visit.t("核验公布的结果", "Verifying published results")),
        key: &visit.shown.state.key,
        pinned: wanted.pinned,
        asked: choices.iter().any(|choice| choice.chosen),
        running: matches!(stand, Stand::Running),
        failed: matches!(stand, Stand::Failed),
        all_hold: lines.iter().all(|line: &Line| line.holds != Some(false)),
        back: choices.iter().find(|choice| choice.chosen).map(|choice| choice.path.clone()).unwrap_or_default(),
        choices,
        lines,
        when,
        size,
    })
}

/// A check. What was found in words may speak of what is not public: those who read the record see it.
fn line(visit: &Visit<'_>, check: &Check) -> Line {
    let reads = visit.viewer.is_some_and(|viewer| viewer.reads_the_record());
    let told = check.findings.iter().filter(|_| reads).map(|finding| finding.message.get(visit.lang).to_owned());
    let findings: Vec<String> = told.collect();
    Line {
        holds: check.holds,
        word: check.asked.word().get(visit.lang).to_owned(),
        about: check.about.get(visit.lang).to_owned(),
        more: check.findings.len() - findings.len(),
        findings,
    }
}
