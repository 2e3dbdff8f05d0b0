//! Which periods a figure is due for, so that leaving out a bad one does not pay.

use crate::{period::Period, prepare::Given, slice::Slice};
use alloc::{vec, vec::Vec};
use kaoping_terms::Day;

/// The periods of that many months for which figures are due. Where the policy says when it
/// holds (适用期) or a day is asked for, that decides; else the last period that anybody
/// reported. Where nothing at all tells, one period without a name: something is due.
pub(crate) fn periods(
    given: &Given<'_>,
    slice: &Slice,
    months: u8,
    reported: &[Option<Period>],
) -> Vec<Option<Period>> {
    let held = given.scheme().and_then(|scheme| scheme.period);
    let year = slice.year.or_else(|| held.map(|(_, to)| to.civil().0));
    let in_part = |period: &Period| slice.part.is_none_or(|part| part.contains(*period));
    let all: Vec<Period> = year.map(|year| Period::each(year, months).filter(in_part).collect()).unwrap_or_default();
    if months == 0 || (all.is_empty() && year.is_some()) {
        return Vec::new();
    }
    let held = held.filter(|(from, to)| year.is_some_and(|year| from.civil().0 <= year && year <= to.civil().0));
    let day = given.standard.day;
    let told = own_calendar(given, slice) && (held.is_some() || day.is_some());
    let orders = || reported.iter().flatten().map(|period| period.order());
    let (first, last) = (orders().min(), orders().max());
    // Of several rounds without a calendar (`上半年 | 下半年`) each begins when its figures do.
    let several = slice.part.is_none()
        && slice.round.is_some()
        && given.scheme().is_some_and(|scheme| scheme.rounds.rounds.len() > 1);
    let is_due = |period: &Period| {
        let order = period.order();
        let begun = !several || first.is_some_and(|first| first <= order);
        let ended = day.is_none_or(|day| order <= i64::from(day.number()));
        let over = told || last.is_some_and(|last| order <= last);
        begun && ended && over && held.is_none_or(|held| lies_within(*period, held))
    };
    let due: Vec<_> = all.into_iter().filter(is_due).map(Some).collect();
    let nothing_tells = !told || (several && first.is_none());
    if due.is_empty() && nothing_tells { vec![None] } else { due }
}

/// Whether the time the policy holds for is that of the round: of an earlier one that has no
/// calendar (`半年 | 年终`) only its figures tell when it was.
fn own_calendar(given: &Given<'_>, slice: &Slice) -> bool {
    let official = given.scheme().and_then(|scheme| scheme.rounds.official);
    slice.part.is_some() || slice.round.is_none() || slice.round == official
}

fn lies_within(period: Period, (from, to): (Day, Day)) -> bool {
    period.first_day().is_some_and(|first| from <= first) && period.order() <= i64::from(to.number())
}

/// Whether what a unit reported answers for a period: the period itself, a part of it, or a
/// longer time it lies in. A figure without a period answers for all.
pub(crate) fn answers(reported: Option<Period>, due: Option<Period>) -> bool {
    reported.zip(due).is_none_or(|(reported, due)| reported.contains(due) || due.contains(reported))
}
