//! Deadlines that run against the procedure.

use super::look::Look;
use crate::model::{DeadlineStep, Deadlines};
use alloc::{format, string::String};
use kaoping_terms::{Diagnostic, Report, Text, nearest::nearest};

/// A year of months and days, for procedures that pass the turn of the year.
const YEAR: i64 = 1200;

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for (_, _, scheme) in look.schemes() {
        for deadlines in &scheme.deadlines {
            along_the_lines(look, deadlines, report);
            feeding(look, deadlines, report);
        }
    }
}

/// Each step stands after the one before it. A 先于 that says otherwise takes over.
fn along_the_lines(look: &Look<'_>, deadlines: &Deadlines, report: &mut Report) {
    let dated = |step: &&DeadlineStep| step.order.is_some();
    let steps: alloc::vec::Vec<&DeadlineStep> = deadlines.steps.iter().filter(dated).collect();
    for pair in steps.windows(2) {
        let [earlier, later] = pair else { continue };
        let feeds = earlier.before.as_deref() == Some(later.name.as_str());
        if !feeds && earlier.before.is_none() && is_later(earlier, later) {
            report.push(finding(look, earlier, later));
        }
    }
}

/// A step feeds another: whatever the order of lines, it must not come after it.
fn feeding(look: &Look<'_>, deadlines: &Deadlines, report: &mut Report) {
    for step in &deadlines.steps {
        let Some(before) = &step.before else { continue };
        match deadlines.steps.iter().find(|other| other.name == *before) {
            Some(fed) if is_later(step, fed) => report.push(finding(look, step, fed)),
            Some(_) => {}
            None => report.push(unknown_step(deadlines, step, before)),
        }
    }
}

/// Whether one date stands after another. A procedure may pass the turn of the year: from
/// the last quarter into the first.
fn is_later(a: &DeadlineStep, b: &DeadlineStep) -> bool {
    let (Some(x), Some(y)) = (a.order, b.order) else {
        return false;
    };
    if a.dated != b.dated {
        return false;
    }
    let y = if !a.dated && x >= 1000 && y < 400 { y.saturating_add(YEAR) } else { y };
    x > y
}

/// `before 01-25` of 1月25日前; another form stays as it is written.
fn in_english(when: &str) -> String {
    let parts = || {
        let (month, rest) = when.split_once('月')?;
        let day = rest.strip_suffix("日前")?;
        let number = |text: &str| text.parse::<u8>().ok();
        Some(format!("before {:02}-{:02}", number(month)?, number(day)?))
    };
    parts().unwrap_or_else(|| String::from(when))
}

fn finding(look: &Look<'_>, earlier: &DeadlineStep, later: &DeadlineStep) -> Diagnostic {
    let (first, second) = (&earlier.name, &later.name);
    let (due, then) = (&earlier.when, &later.when);
    let (due_en, then_en) = (in_english(due), in_english(then));
    let quote = look.quote(earlier.clause.as_deref()).or_else(|| look.quote(later.clause.as_deref()));
    Diagnostic::error(
        "deadline-out-of-order",
        Text::new(
            format!("“{first}”在{due}，晚于用到它的“{second}”（{then}）"),
            format!("`{first}` is due {due_en}, after `{second}` ({then_en}), which needs it"),
        ),
    )
    .at(earlier.place)
    .label(Text::new(format!("{due}，在{then}之后"), format!("{due_en} is after {then_en}")))
    .also(later.place, Text::new(format!("“{second}”{then}"), format!("`{second}`: {then_en}")))
    .why(Text::new(
        "后一步要用前一步的结果，前一步的期限不能更晚",
        "the later step needs the result of the earlier one",
    ))
    .quoting(quote)
    .next(Text::new(
        "改其中一个日期；若已印发，请发更正",
        "change one of the dates; if it is already issued, issue a correction",
    ))
}

fn unknown_step(deadlines: &Deadlines, step: &DeadlineStep, before: &str) -> Diagnostic {
    let names = deadlines.steps.iter().map(|step| step.name.as_str());
    let next = match nearest(before, names) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new("写这份期限里的一步", "name a step of this procedure"),
    };
    Diagnostic::error(
        "deadline-step-unknown",
        Text::new(
            format!("期限“{}”里没有“{before}”这一步", deadlines.name),
            format!("the procedure `{}` has no step `{before}`", deadlines.name),
        ),
    )
    .at(step.place)
    .why(Text::new(
        "“先于”后面要写同一份期限里的一步，不然先后无法核对",
        "先于 names a step of the same procedure; otherwise the order cannot be checked",
    ))
    .next(next)
}
