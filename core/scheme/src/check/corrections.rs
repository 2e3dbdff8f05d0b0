//! Corrections that their own policy does not follow: 现为 says one figure, the statement another.

use super::{look::Look, numerals, visit};
use alloc::{format, string::String, vec::Vec};
use kaoping_syntax::ast::{Correction, Due, ExprKind, Literal, Suffix};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text};

/// How many figures of the statement are shown.
const MOST_SHOWN: usize = 3;

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for correction in &look.policy.corrections {
        let written = match step(look, &correction.it) {
            Some((due, place)) => days_differ(&correction.it, due).then(|| [place].into()),
            None => figures_differ(look, &correction.it),
        };
        if let Some(places) = written {
            report.push(finding(look, &correction.it, &places).quoting(look.quote_of(&correction.authority)));
        }
    }
}

/// The step of a procedure that a correction names.
fn step<'a>(look: &Look<'a>, correction: &Correction) -> Option<(&'a Due, Place)> {
    let deadlines = look.policy.schemes.iter().flat_map(|scheme| &scheme.deadlines);
    let line =
        deadlines.flat_map(|deadlines| &deadlines.it.lines).find(|line| line.name.text == correction.subject.text);
    line.map(|line| match &line.due {
        Due::MonthDay { place, .. } | Due::Date(_, place) | Due::Month { place, .. } => (&line.due, *place),
        Due::Within { length, .. } => (&line.due, length.place),
    })
}

/// Whether a correction says another day than the step has. What holds no day says nothing of it.
fn days_differ(correction: &Correction, due: &Due) -> bool {
    // 2010-01-15, 01-15, 1月15日: the last two numbers are month and day.
    let numbers: Vec<Exact> = signed_apart(&correction.corrected.text);
    let whole = |number: &Exact, wanted: i64| *number == Exact::whole(wanted);
    match (due, numbers.as_slice()) {
        (Due::MonthDay { month, day, .. }, [.., said_month, said_day]) => {
            !(whole(said_month, i64::from(*month)) && whole(said_day, i64::from(*day)))
        }
        (Due::Date(date, _), [earlier @ .., said_month, said_day]) => {
            let (year, month, day) = date.civil();
            let other_year = earlier.last().is_some_and(|said| !whole(said, i64::from(year)));
            other_year || !(whole(said_month, i64::from(month)) && whole(said_day, i64::from(day)))
        }
        (Due::Month { month, .. }, [.., said]) => !whole(said, i64::from(*month)),
        (Due::Within { length, .. }, [.., said]) => super::look::number(length).is_some_and(|number| number != said),
        _ => false,
    }
}

/// The numbers of a text in which a sign between digits parts them.
fn signed_apart(text: &str) -> Vec<Exact> {
    numerals::numbers(&text.replace(['-', '/', '.', '－'], "，"))
}

/// The figures of the part a correction names, where one that it states is not among them.
fn figures_differ(look: &Look<'_>, correction: &Correction) -> Option<Vec<Place>> {
    let text = &correction.corrected.text;
    // Words are no figures: only what has digits or is hardly more than a numeral.
    let has_digits = text.chars().any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    if !has_digits && text.chars().count() > 6 {
        return None;
    }
    let said = numerals::numbers(text);
    let written = figures(look, &correction.subject.text);
    // Of 2 分 the 75% are 1.5 分.
    let points = written.iter().filter(|figure| !figure.is_share).map(|figure| &figure.number);
    let shares = || written.iter().filter(|figure| figure.is_share).map(|figure| &figure.number);
    let parts: Vec<Exact> = points.flat_map(|points| shares().map(move |share| points * share)).collect();
    let per_hundred = |number: &Exact| parts.contains(&(number * &Exact::whole(100)));
    let has = |number: &Exact| written.iter().any(|figure| figure.number == *number) || per_hundred(number);
    let myriad = Exact::whole(10_000);
    let met = |number: &Exact| {
        has(number) || has(&(number * &myriad)) || number.divided_by(&myriad).is_some_and(|less| has(&less))
    };
    // What only bounds a report is no figure a reader would look for.
    let places = || written.iter().filter(|figure| !figure.is_bound).map(|figure| figure.place).collect();
    (written.iter().any(|figure| !figure.is_bound) && !said.iter().all(met)).then(places)
}

/// A figure of the policy.
struct Figure {
    number: Exact,
    is_share: bool,
    is_bound: bool,
    place: Place,
}

/// Every figure of the parts a correction can call by that name.
fn figures(look: &Look<'_>, subject: &str) -> Vec<Figure> {
    let mut found: Vec<(&Literal, bool)> = Vec::new();
    for statement in visit::statements(look.policy).into_iter().filter(|statement| statement.subject == Some(subject)) {
        let bound = statement.is_input;
        found.extend(statement.figures.iter().map(|figure| (*figure, bound)));
        for expr in &statement.expressions {
            visit::inside(expr, &mut |expr| {
                if let ExprKind::Literal(figure) = &expr.kind {
                    found.push((figure, bound));
                }
            });
        }
    }
    let known = found.into_iter().filter_map(|(figure, is_bound)| {
        let number = super::look::number(figure)?.abs();
        let is_share = matches!(figure.suffix, Suffix::Percent);
        Some(Figure { number, is_share, is_bound, place: figure.place })
    });
    known.collect()
}

fn finding(look: &Look<'_>, correction: &Correction, places: &[Place]) -> Diagnostic {
    let (subject, corrected) = (&correction.subject.text, &correction.corrected.text);
    let shown: Vec<&str> = places.iter().take(MOST_SHOWN).map(|place| look.text(*place).trim()).collect();
    let mut shown: String = shown.join("、");
    if places.len() > MOST_SHOWN {
        shown.push('…');
    }
    let finding = Diagnostic::warning(
        "correction-not-followed",
        Text::new(
            format!("更正“{subject}”说现为“{corrected}”，正文写的却是 {shown}"),
            format!("the correction of `{subject}` says \"{corrected}\", but the policy has {shown}"),
        ),
    )
    .at(correction.corrected.place)
    .why(Text::new(
        "更正说的和算的不是一个数，发出去的更正就对不上结果",
        "what is announced as corrected is not what is computed with",
    ))
    .next(Text::new(
        "把正文改成更正的数，或改这条更正",
        "change the policy to what the correction says, or the correction",
    ));
    match places.first() {
        Some(place) => finding.also(*place, Text::new("正文在这里", "the policy says so here")),
        None => finding,
    }
}
