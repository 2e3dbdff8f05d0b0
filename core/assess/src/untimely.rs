//! Figures and events of another time than the one that is assessed: they are there, do not count,
//! and are not dropped in silence.

use crate::{prepare::Given, slice::Slice};
use alloc::format;
use kaoping_program::ColumnSource;
use kaoping_terms::{Diagnostic, Report, Text};

/// Figures of parts of the year that had not ended on the day that was asked for, and what happened
/// after it: they are there and do not count yet.
pub(crate) fn after_the_day(given: &Given<'_>, slice: Slice, report: &mut Report) {
    let Some(until) = slice.until else { return };
    let later = |layer: &&crate::figures::Layer| {
        let period = given.facts.period(layer.period);
        period.is_some_and(|period| Some(period.year()) == slice.year && !slice.has_ended(period))
    };
    let figures: usize = given.facts.layers.iter().flatten().filter(later).map(|layer| layer.entries.len()).sum();
    let of_table = |table: usize| given.events.of(table).iter();
    let events = (0..given.standard.events.len()).flat_map(of_table);
    let events = events.filter(|event| event.withdrawn.is_none() && event.day.is_some_and(|day| until < day)).count();
    if figures + events > 0 {
        report.push(
            Diagnostic::note(
                "after-the-day",
                Text::new(
                    format!("有 {figures} 个数、{events} 件事在 {until} 以后，没有计"),
                    format!("{figures} figures and {events} events come after {until} and do not count"),
                ),
            )
            .why(Text::new(
                "只看到 --as-of 那一天：到那天还没有过完的月、季和以后的事都不算",
                "--as-of looks no further than that day: months and quarters that had not ended and what came later do not count",
            ))
            .next(Text::new("要看全年，不写 --as-of，或写年末那一天", "for the whole year leave --as-of out, or name its last day")),
        );
    }
}

/// Figures that are reported for a year that no rule looks at are not dropped in silence.
pub(crate) fn other_years(given: &Given<'_>, year: Option<i16>, report: &mut Report) {
    let Some(year) = year else { return };
    let looks_back = given
        .standard
        .program
        .columns
        .iter()
        .any(|spec| matches!(spec.source, ColumnSource::Fact { years_back: 1.., .. }));
    // A round held each year looks at its figures of every year.
    let yearly = |layer: &crate::figures::Layer| {
        let rounds = given.scheme().map(|scheme| &scheme.rounds.rounds);
        let round = rounds.zip((layer.round as usize).checked_sub(1)).and_then(|(rounds, at)| rounds.get(at));
        round.is_some_and(|(_, _, how_often)| how_often.as_deref() == Some("每年"))
    };
    let is_other = |other: i16| other != year && !(looks_back && other == year.saturating_sub(1));
    let layers = given.facts.layers.iter().flatten();
    let unused = layers.filter(|layer| {
        !yearly(layer) && given.facts.period(layer.period).is_some_and(|period| is_other(period.year()))
    });
    let (mut count, mut first) = (0usize, None);
    for layer in unused {
        count += layer.entries.len();
        first = first.or_else(|| Some((given.facts.period(layer.period)?, given.facts.place(&layer.entries.first()?))));
    }
    if let Some((period, place)) = first {
        report.push(
            Diagnostic::warning(
                "period-not-used",
                Text::new(
                    format!("有 {count} 个数是 {year} 年以外的（如 {period}），没有用上"),
                    format!("{count} figures are for other years than {year} (such as {period}) and were not used"),
                ),
            )
            .at(place)
            .why(Text::new(
                "考核的是一年的数，别年的只用于同比",
                "one year is assessed; another year's figures only serve comparison with it",
            ))
            .next(Text::new(
                "核对填报期和方案的适用期；在命令行评分，可用 --as-of 指定日期",
                "check the periods and that of the policy; on the command line name the day with --as-of",
            )),
        );
    }
}
