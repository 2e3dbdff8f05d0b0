//! What became of a report: who did what when, and what its figures were.

use crate::{Eyes, words};
use kaoping_office::{Act, Entry, forms::Line, state::Decision};
use kaoping_terms::Lang;

/// Something that was done.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) path: String,
    pub(super) entry: String,
}

/// A value a figure had.
pub(super) struct Past {
    pub(super) name: String,
    /// Whether it is the first of its figure: the name is said once.
    pub(super) first: bool,
    pub(super) value: String,
    pub(super) event: Event,
}

/// Who sent it back last.
pub(super) fn sender_back(told: &[Entry]) -> Option<String> {
    let last = told.iter().rev().find(|entry| matches!(entry.act, Act::ReturnReport(_)))?;
    Some(last.by.account.clone())
}

/// What was done, the last first.
pub(super) fn events(eyes: &Eyes<'_>, told: &[Entry]) -> Vec<Event> {
    told.iter().rev().map(|entry| event(eyes, entry)).collect()
}

fn event(eyes: &Eyes<'_>, entry: &Entry) -> Event {
    let office = eyes.office(&entry.by.office.as_str().into());
    let corrects = match &entry.act {
        Act::Decide(decided) => eyes.state().proposals.get(&decided.proposal),
        _ => None,
    };
    Event {
        when: words::moment(entry.received_ms),
        who: format!("{office} {}", entry.by.account),
        what: match corrects {
            Some(_) => eyes.t("批准更正", "a correction is approved").to_owned(),
            None => eyes.say(&entry.act.word()),
        },
        why: corrects.map_or(&entry.why, |proposal| &proposal.why).clone(),
        path: format!("/record/{}", entry.number),
        entry: match eyes.lang {
            Lang::Zh => format!("台账第 {} 条", entry.number),
            Lang::En => format!("entry {}", entry.number),
        },
    }
}

/// The values of figures that were not the same all the time, figure by figure.
pub(super) fn pasts(eyes: &Eyes<'_>, lines: &[Line<'_>], told: &[Entry]) -> Vec<Past> {
    let mut pasts = Vec::new();
    for line in lines {
        let mut values: Vec<(&Entry, String)> = Vec::new();
        for entry in told {
            let value = value_in(eyes, entry, line);
            let Some(value) = value else { continue };
            if values.last().is_none_or(|(_, before)| *before != value) {
                values.push((entry, value));
            }
        }
        if values.len() < 2 {
            continue;
        }
        let past = |(at, (entry, value)): (usize, (&Entry, String))| Past {
            name: line.card.name.clone(),
            first: at == 0,
            value,
            event: event(eyes, entry),
        };
        pasts.extend(values.into_iter().enumerate().map(past));
    }
    pasts
}

/// The value an entry gave a figure.
fn value_in(eyes: &Eyes<'_>, entry: &Entry, line: &Line<'_>) -> Option<String> {
    match &entry.act {
        Act::SubmitReport(report) => report
            .figures
            .iter()
            .find(|standing| standing.figure == *line.figure)
            .map(|standing| standing.value.to_string()),
        Act::Decide(decided) if decided.approved => match &eyes.state().proposals.get(&decided.proposal)?.decision {
            Decision::CorrectFigure { figure, value, .. } if figure == line.figure => Some(value.clone()),
            _ => None,
        },
        _ => None,
    }
}
