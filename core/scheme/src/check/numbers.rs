//! Figures of statements that do not occur in the clause the statement rests on.

use super::{
    look::{Look, clauses_of, is_chosen},
    numerals, visit,
};
use alloc::{format, string::String, vec::Vec};
use kaoping_syntax::ast::{Authority, Due, ExprKind, Literal, LiteralNumber, Suffix};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for statement in visit::statements(look.policy) {
        if statement.is_input || is_chosen(statement.authority) || is_chosen(statement.above) {
            continue;
        }
        let mut figures = statement.figures.clone();
        let mut chosen: Vec<Place> = Vec::new();
        for expr in &statement.expressions {
            visit::inside(expr, &mut |expr| {
                if is_chosen(&expr.authority) {
                    chosen.push(expr.place);
                }
                if let ExprKind::Literal(figure) = &expr.kind {
                    figures.push(figure);
                }
            });
        }
        let Some(words) = words(look, &[statement.authority, statement.above]) else {
            continue;
        };
        if !chosen.is_empty() {
            continue;
        }
        let known = numerals::numbers(&words);
        for figure in figures {
            if let LiteralNumber::Known(number) = &figure.number
                && !is_said(number, figure, &known)
            {
                report.push(finding(look, figure.place, &[statement.authority, statement.above]));
            }
        }
    }
    dates(look, report);
}

/// The words of the clauses a statement rests on; those of the part above where it names none.
fn words(look: &Look<'_>, authorities: &[&[Authority]]) -> Option<String> {
    let mut all = String::new();
    for authority in authorities {
        let found = clauses_of(authority).filter_map(|clause| look.policy.clauses.find(clause));
        found.for_each(|clause| all.push_str(&clause.text));
    }
    (!all.is_empty()).then_some(all)
}

/// Nothing, the whole, and what the clause says, perhaps per hundred or in ten thousands.
fn is_said(number: &Exact, figure: &Literal, known: &[Exact]) -> bool {
    let number = number.abs();
    let whole = matches!(figure.suffix, Suffix::Percent) && number == Exact::whole(100);
    if number.is_zero() || number == Exact::one() || whole {
        return true;
    }
    let multiple = match &figure.suffix {
        Suffix::Unit(unit) => match unit.above.first().map(|noun| noun.text.as_str()) {
            Some(noun) if noun.starts_with('万') => Some(&number * &Exact::whole(10_000)),
            Some(noun) if noun.starts_with('亿') => Some(&number * &Exact::whole(100_000_000)),
            _ => None,
        },
        _ => None,
    };
    known.iter().any(|said| *said == number || Some(said) == multiple.as_ref())
}

fn finding(look: &Look<'_>, place: Place, authorities: &[&[Authority]]) -> Diagnostic {
    let shown = look.text(place);
    let quote = authorities.iter().find_map(|authority| look.quote_of(authority));
    let clause = quote.as_ref().map(|quote| quote.clause.clone()).unwrap_or_default();
    Diagnostic::warning(
        "number-not-in-clause",
        Text::new(
            format!("“{clause}”里没有 {shown} 这个数"),
            format!("the clause `{clause}` does not have the figure {shown}"),
        ),
    )
    .at(place)
    .why(Text::new(
        "句子说依据这一条，数却不是这一条的：不是抄错，就是自己定的",
        "the statement rests on the clause but the figure is not there: a slip, or a choice of your own",
    ))
    .quoting(quote)
    .next(Text::new(
        "照原文改数，改依据，或写 选择 \"理由\"",
        "correct the figure or the clause, or write 选择 \"reason\"",
    ))
}

/// Dates of procedures against the clause: month and day, or the month alone.
fn dates(look: &Look<'_>, report: &mut Report) {
    for deadlines in look.policy.schemes.iter().flat_map(|scheme| &scheme.deadlines) {
        for line in &deadlines.it.lines {
            if is_chosen(&line.authority) || is_chosen(&deadlines.authority) {
                continue;
            }
            let authorities: [&[Authority]; 2] = [&line.authority, &deadlines.authority];
            let own: &[&[Authority]] = if line.authority.is_empty() { &authorities } else { &authorities[..1] };
            let Some(words) = words(look, own) else {
                continue;
            };
            let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
            let (said, place) = match &line.due {
                Due::MonthDay { month, day, place } => (words.contains(&format!("{month}月{day}日")), *place),
                Due::Date(day, place) => {
                    let (_, month, day) = day.civil();
                    (words.contains(&format!("{month}月{day}日")) || words.contains(&format!("{month}月底")), *place)
                }
                Due::Month { month, place, .. } => (words.contains(&format!("{month}月")), *place),
                Due::Within { length, .. } => match &length.number {
                    LiteralNumber::Known(number) => (numerals::numbers(&words).contains(number), length.place),
                    LiteralNumber::Unreadable(_) => continue,
                },
            };
            if !said {
                report.push(finding(look, place, own));
            }
        }
    }
}
