//! Deadlines that run against the procedure.

use super::look::Look;
use crate::model::{DeadlineStep, Deadlines};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text, nearest::nearest};

/// A year in which a month and day stand, so that days can be counted from them. It has no 29
/// February: what is counted over the end of February is late there if it is late in any year.
const SOME_YEAR: i16 = 2001;
/// Its length, for procedures that pass the turn of the year.
const YEAR: i64 = 365;

/// The latest day of a step.
#[derive(Clone, Copy)]
struct Latest {
    /// Days since 1970, of a month and day those of some year.
    day: i64,
    /// Whether the year is known.
    dated: bool,
}

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
    let known = |step: &&DeadlineStep| latest(deadlines, step).is_some();
    let steps: Vec<&DeadlineStep> = deadlines.steps.iter().filter(known).collect();
    for pair in steps.windows(2) {
        let [earlier, later] = pair else { continue };
        let feeds = earlier.before.as_deref() == Some(later.name.as_str());
        if !feeds && earlier.before.is_none() && is_later(deadlines, earlier, later) {
            report.push(finding(look, deadlines, earlier, later));
        }
    }
}

/// A step feeds another: whatever the order of lines, it must not come after it.
fn feeding(look: &Look<'_>, deadlines: &Deadlines, report: &mut Report) {
    for step in &deadlines.steps {
        let Some(before) = &step.before else { continue };
        match deadlines.steps.iter().find(|other| other.name == *before) {
            Some(fed) if is_later(deadlines, step, fed) => report.push(finding(look, deadlines, step, fed)),
            Some(_) => {}
            None => report.push(unknown_step(deadlines, step, before)),
        }
    }
}

/// The latest day of a step, through the steps it is counted from.
fn latest(deadlines: &Deadlines, step: &DeadlineStep) -> Option<Latest> {
    let (mut step, mut more) = (step, 0i64);
    // Steps that are counted from each other in a circle have no day.
    for _ in 0..=deadlines.steps.len() {
        if let Some(order) = step.order {
            let day = if step.dated { order } else { in_some_year(order)? };
            return Some(Latest { day: day.checked_add(more)?, dated: step.dated });
        }
        let (from, days) = step.counted.as_ref()?;
        more = more.checked_add(*days)?;
        step = deadlines.steps.iter().find(|other| other.name == *from)?;
    }
    None
}

/// The day that a month and day are of some year.
fn in_some_year(order: i64) -> Option<i64> {
    let (month, day) = (i8::try_from(order / 100).ok()?, i8::try_from(order % 100).ok()?);
    let found = Day::new(SOME_YEAR, month, day).or_else(|| Day::new(SOME_YEAR, month, day.checked_sub(1)?))?;
    Some(i64::from(found.number()))
}

/// Whether one step is due after another. A procedure may pass the turn of the year: from the
/// last quarter into the first.
fn is_later(deadlines: &Deadlines, a: &DeadlineStep, b: &DeadlineStep) -> bool {
    let (Some(a), Some(b)) = (latest(deadlines, a), latest(deadlines, b)) else {
        return false;
    };
    if a.dated != b.dated {
        return false;
    }
    let (fourth, second) = (in_some_year(1001), in_some_year(401));
    let turns = !a.dated && fourth.is_some_and(|from| a.day >= from) && second.is_some_and(|to| b.day < to);
    a.day > if turns { b.day.saturating_add(YEAR) } else { b.day }
}

/// When a step is due: as it is written and, where it is counted from another, the day as well.
fn due(deadlines: &Deadlines, step: &DeadlineStep) -> Text {
    let written = Text::new(step.when.clone(), in_english(&step.when));
    let latest = latest(deadlines, step).filter(|_| step.order.is_none());
    let day = latest.and_then(|latest| Some((latest.dated, Day::from_number(i32::try_from(latest.day).ok()?)?)));
    let Some((dated, day)) = day else { return written };
    let (zh, en) = if dated {
        (format!("{day}"), day.iso())
    } else {
        let (_, month, of_month) = day.civil();
        (format!("{month}月{of_month}日"), format!("{month:02}-{of_month:02}"))
    };
    Text::new(format!("{}（最晚到{zh}）", written.zh), format!("{} ({en} at the latest)", written.en))
}

/// `before 01-25` of 1月25日前, `within 30 天 of 自查` of 自自查起30天内; another form stays as it is
/// written.
fn in_english(when: &str) -> String {
    let parts = || {
        let (month, rest) = when.split_once('月')?;
        let day = rest.strip_suffix("日前")?;
        let number = |text: &str| text.parse::<u8>().ok();
        Some(format!("before {:02}-{:02}", number(month)?, number(day)?))
    };
    let within = || {
        let (from, rest) = when.strip_prefix('自')?.rsplit_once('起')?;
        let length = rest.strip_suffix('内')?;
        let unit = length.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = (length.get(..unit)?, length.get(unit..)?);
        let unit = if unit == "工作日" || unit == "working_days" { "working days" } else { "days" };
        Some(format!("within {number} {unit} of {from}"))
    };
    parts().or_else(within).unwrap_or_else(|| String::from(when))
}

fn finding(look: &Look<'_>, deadlines: &Deadlines, earlier: &DeadlineStep, later: &DeadlineStep) -> Diagnostic {
    let (first, second) = (&earlier.name, &later.name);
    let (Text { zh: due, en: due_en }, Text { zh: then, en: then_en }) =
        (due(deadlines, earlier), due(deadlines, later));
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
