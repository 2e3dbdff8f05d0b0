//! What deeds name has to be there: one way to ask, one sentence where it is not.

use super::{EVENTS, OFFICE, SCHEME};
use crate::{
    calendar::MOST_WORKING_DAYS,
    ids::{OfficeId, SchemeId},
    outline::Outline,
    refusal,
    state::{Scheme, State},
};
use alloc::{format, string::String};
use kaoping_terms::{Day, Diagnostic, Report, Text};

/// There is that office on a day.
pub(super) fn office(state: &State, office: &OfficeId, day: Day, findings: &mut Report) {
    if state.offices.get(office).is_none_or(|office| office.at(day).is_none()) {
        findings.push(refusal::unknown_among(&OFFICE, office.as_str(), state.offices.keys().map(OfficeId::as_str)));
    }
}

/// The scheme of that name.
pub(super) fn scheme<'a>(state: &'a State, scheme: &SchemeId, findings: &mut Report) -> Option<&'a Scheme> {
    let found = state.schemes.get(scheme);
    if found.is_none() {
        findings.push(refusal::unknown_among(&SCHEME, scheme.as_str(), state.schemes.keys().map(SchemeId::as_str)));
    }
    found
}

/// The outline of the scheme of that name.
pub(super) fn outline<'a>(state: &'a State, of: &SchemeId, findings: &mut Report) -> Option<&'a Outline> {
    scheme(state, of, findings)?.outline()
}

/// A standard has that event table.
pub(super) fn event_table(outline: &Outline, table: &str, findings: &mut Report) {
    if !outline.events.iter().any(|known| known == table) {
        findings.push(refusal::unknown_among(&EVENTS, table, outline.events.iter().map(String::as_str)));
    }
}

/// Who is concerned has no day to object.
pub(super) fn no_time_to_object(days: u16) -> Option<Diagnostic> {
    (days == 0).then(|| {
        Diagnostic::warning(
            "no-time-to-object",
            Text::new("异议期是 0 个工作日", "there are no working days to object in"),
        )
        .why(Text::new("只有今天能提异议，多半来不及", "objections can be made today only, which is hardly any time"))
        .next(Text::new("核对异议期的天数", "look at the number of days"))
    })
}

/// A time limit is one people set.
pub(super) fn working_days(days: u16, findings: &mut Report) {
    if days > MOST_WORKING_DAYS {
        findings.push(refusal::unfit(
            Text::new(
                format!("{days} 个工作日太长，最多 {MOST_WORKING_DAYS} 个"),
                format!("{days} working days are too many, {MOST_WORKING_DAYS} are the most"),
            ),
            Text::new("多半是多打了一位", "a digit too much, most likely"),
            Text::new("核对天数", "look at the number"),
        ));
    }
}
