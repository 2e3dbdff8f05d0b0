//! Which periods a figure is due for, so that leaving out a bad one does not pay.

use crate::{period::Period, prepare::Given, slice::Slice};
use alloc::vec::Vec;
use kaoping_terms::Day;

/// The periods for which figures of one cadence are due. Where the policy says when it holds
/// (适用期) or a day is asked for, that decides; else the last period that anybody reported.
pub(crate) struct Due {
    /// Every period of the cadence in the year that is assessed, due or not.
    all: Vec<Period>,
    /// The time the policy holds for, where it touches that year.
    held: Option<(Day, Day)>,
    /// The day asked for.
    day: Option<Day>,
    /// Nothing is due before the period of this order.
    first: Option<i64>,
    /// Nor after that of this one; none where the policy or the day tells.
    last: Option<i64>,
    /// Nothing at all tells which periods: something is due, without a name.
    unnamed: bool,
}

impl Due {
    /// What is due of a figure reported every so many months, seeing for which periods anybody
    /// reported one.
    pub(crate) fn new(given: &Given<'_>, slice: &Slice, months: u8, reported: &[Option<Period>]) -> Self {
        let held = given.scheme().and_then(|scheme| scheme.period);
        let year = slice.year.or_else(|| held.map(|(_, to)| to.civil().0));
        let in_part = |period: &Period| slice.part.is_none_or(|part| part.contains(*period));
        let all: Vec<Period> =
            year.map(|year| Period::each(year, months).filter(in_part).collect()).unwrap_or_default();
        let held = held.filter(|(from, to)| year.is_some_and(|year| from.civil().0 <= year && year <= to.civil().0));
        let day = given.standard.day;
        let told = own_calendar(given, slice) && (held.is_some() || day.is_some());
        let orders = || reported.iter().flatten().map(|period| period.order());
        let (first, last) = (orders().min(), orders().max());
        // Of several rounds without a calendar (`上半年 | 下半年`) each begins when its figures do.
        let several = slice.part.is_none()
            && slice.round.is_some()
            && given.scheme().is_some_and(|scheme| scheme.rounds.rounds.len() > 1);
        // Before any figure is there such a round has not begun, nor ended without a calendar.
        let first = if several { Some(first.unwrap_or(i64::MAX)) } else { None };
        let last = if told { None } else { Some(last.unwrap_or(i64::MIN)) };
        let agreed = months > 0 && (year.is_none() || !all.is_empty());
        let mut due = Self { all, held, day, first, last, unnamed: false };
        let nothing_tells = !told || first == Some(i64::MAX);
        due.unnamed = agreed && nothing_tells && !due.all.iter().any(|period| due.is_due(*period));
        due
    }

    /// The periods a unit owes that reported for these ones: those due for which it reported
    /// nothing, and of one of which it reported a part the other parts that are due.
    pub(crate) fn open(&self, own: &[Option<Period>]) -> Vec<Option<Period>> {
        if self.unnamed {
            return if own.is_empty() { Vec::from([None]) } else { Vec::new() };
        }
        // A figure without a period answers for all.
        let Some(own) = own.iter().copied().collect::<Option<Vec<Period>>>() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for period in &self.all {
            unanswered(*period, &own, &mut found);
        }
        found.into_iter().filter(|period| self.is_due(*period)).map(Some).collect()
    }

    fn is_due(&self, period: Period) -> bool {
        let order = period.order();
        let begun = self.first.is_none_or(|first| first <= order);
        let ended = self.day.is_none_or(|day| order <= i64::from(day.number()));
        let over = self.last.is_none_or(|last| order <= last);
        begun && ended && over && self.held.is_none_or(|held| lies_within(period, held))
    }
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

/// What is lacking of a period: itself where nothing was reported for it, and where only parts
/// were, the other parts of that length. A figure of the period, or of a longer time that holds
/// it, answers for it; one of a day for its month, and one of the last day alone for all.
fn unanswered(period: Period, own: &[Period], found: &mut Vec<Period>) {
    if own.iter().any(|reported| reported.contains(period)) {
        return;
    }
    let parts = || own.iter().filter(|reported| period.contains(**reported));
    let Some(longest) = parts().map(|part| part.length()).max() else {
        found.push(period);
        return;
    };
    let at_its_end = longest == 0 && parts().all(|day| day.order() == period.order());
    if at_its_end || period.length() <= 1 {
        return;
    }
    for part in Period::each(period.year(), longest.max(1)).filter(|part| period.contains(*part)) {
        unanswered(part, own, found);
    }
}
