//! Figures of statements that do not occur in the clause the statement rests on.

use super::{
    look::{Look, clauses_of, is_chosen},
    numerals,
    visit::{self, Statement},
};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use kaoping_syntax::ast::{
    Authority, Binary, BindingValue, BodyKind, Due, Expr, ExprKind, Literal, LiteralNumber, SettingKind, Suffix,
};
use kaoping_terms::{Day, Diagnostic, Exact, Place, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let unread = unread(look);
    for statement in visit::statements(look.policy) {
        if statement.is_input {
            continue;
        }
        let Some(own) = held_to(&statement) else {
            continue;
        };
        let own = own.as_slice();
        let mut figures = statement.figures.clone();
        let mut chosen: Vec<Place> = Vec::new();
        let mut days: Vec<(Day, Place)> = Vec::new();
        for expr in &statement.expressions {
            visit::inside(expr, &mut |expr| {
                chosen_cases(expr, &mut chosen);
                match &expr.kind {
                    ExprKind::Literal(figure) => figures.push(figure),
                    ExprKind::Day(day) => days.push((*day, expr.place)),
                    _ => {}
                }
            });
        }
        let Some(words) = words(look, own) else {
            continue;
        };
        let ours = |place: Place| chosen.iter().any(|case| case.start <= place.start && place.end <= case.end);
        let mut known = numerals::numbers(&words);
        // Beside a clause a choice stands for the figures its reason names, not for all of the line.
        known.extend(own.iter().copied().flatten().flat_map(reasoned));
        known.extend(corrected(look, &statement));
        if !is_chosen(statement.authority) {
            // A line at the beginning or at the end of a month or year.
            let said = |day: &Day| [false, true].iter().any(|ends| is_day_said(*day, *ends, &words) != Some(false));
            for (day, place) in days.iter().filter(|(day, place)| !ours(*place) && !said(day)) {
                report.push(not_said(look, &day.iso(), *place, own));
            }
        }
        let mut together: Vec<Place> = Vec::new();
        statement.expressions.iter().for_each(|expr| said_together(expr, &known, &mut together));
        let apart = |place: &Place| together.contains(place) || unread.contains(place);
        figures.retain(|figure| !apart(&figure.place) && !ours(figure.place));
        for figure in figures {
            if let LiteralNumber::Known(number) = &figure.number
                && !is_said(number, figure, &known)
            {
                report.push(finding(look, figure.place, own));
            }
        }
    }
    parameters(look, report);
    dates(look, report);
    periods(look, report);
}

/// Figures given to a name that no rule reads; what is wrong with them is said elsewhere.
fn unread(look: &Look<'_>) -> BTreeSet<Place> {
    let known: BTreeSet<&str> = look.policy.bindable().collect();
    let lines = look.policy.schemes.iter().flat_map(|scheme| &scheme.items).flat_map(|item| &item.item.body);
    let bindings = lines.flat_map(|line| match &line.kind {
        BodyKind::By { bindings, .. } => bindings.as_slice(),
        _ => &[],
    });
    let figures = bindings.filter(|(name, _)| !known.contains(name.text.as_str()));
    let places = figures.filter_map(|(_, value)| match value {
        BindingValue::Literal(figure) => Some(figure.place),
        BindingValue::Word(_) => None,
    });
    places.collect()
}

/// Rows of parameters.csv against the clause they name; the reason of 选择 beside it stands for
/// the figures it names, as in a line.
fn parameters(look: &Look<'_>, report: &mut Report) {
    for row in &look.policy.parameters.rows {
        let clause = row.clause.iter().cloned().map(Authority::Clause);
        let choice = row.choice.iter().cloned().map(Authority::Choice);
        let own: Vec<Authority> = clause.chain(choice).collect();
        let (Some(words), LiteralNumber::Known(number)) = (words(look, &[&own]), &row.value.number) else {
            continue;
        };
        let statement = Statement {
            subject: Some(&row.name.text),
            authority: &own,
            above: &[],
            expressions: Vec::new(),
            figures: Vec::new(),
            is_header: false,
            is_input: false,
            is_score: false,
        };
        let mut known = numerals::numbers(&words);
        known.extend(own.iter().flat_map(reasoned));
        known.extend(corrected(look, &statement));
        if !is_said(number, &row.value, &known) {
            report.push(in_table(finding(look, row.value.place, &[&own])));
        }
    }
}

fn in_table(finding: Diagnostic) -> Diagnostic {
    let finding = finding.why(Text::new(
        "这一行说依据这一条，数却不是这一条的：不是抄错，就是自己定的",
        "the row rests on the clause but the figure is not there: a slip, or a choice of your own",
    ));
    finding.next(Text::new(
        "照原文改数，改依据，或在“选择”一栏写理由，理由里说到这个数",
        "correct the figure or the clause, or give the reason in the column 选择, with the figure in it",
    ))
}

/// Numbers that a 更正 states for the part, or for a clause the statement rests on: the figure
/// is then right although the source has another.
fn corrected(look: &Look<'_>, statement: &Statement<'_>) -> Vec<Exact> {
    let own: Vec<&str> = clauses_of(statement.authority).chain(clauses_of(statement.above)).collect();
    let of = look.policy.corrections.iter().filter(|correction| {
        let named = statement.subject.is_some_and(|subject| subject == correction.it.subject.text);
        named || clauses_of(&correction.authority).any(|clause| own.contains(&clause))
    });
    of.flat_map(|correction| numerals::numbers(&correction.it.corrected.text)).collect()
}

/// What the figures of a statement are held to. A line with a clause of its own is held to that
/// clause: what the part above rests on, or declares as a choice, is about other figures. None
/// where the figures are made up, or chosen without any clause.
fn held_to<'a>(statement: &Statement<'a>) -> Option<Vec<&'a [Authority]>> {
    let cited = clauses_of(statement.authority).next().is_some();
    let own = if cited && !statement.is_header {
        Vec::from([statement.authority])
    } else {
        Vec::from([statement.authority, statement.above])
    };
    let made_up = own.iter().copied().flatten().any(|authority| matches!(authority, Authority::Example(_)));
    let of_item = statement.is_score && clauses_of(statement.above).next().is_some();
    let free = !cited && !of_item && is_chosen(statement.authority);
    (!made_up && !free).then_some(own)
}

/// The figures that the reason of a choice names.
fn reasoned(authority: &Authority) -> Vec<Exact> {
    match authority {
        Authority::Choice(reason) => numerals::numbers(&reason.text),
        Authority::Example(_) | Authority::Clause(_) => Vec::new(),
    }
}

/// The cases and tiers that are a choice of their own, from their condition to their value.
fn chosen_cases(expr: &Expr, found: &mut Vec<Place>) {
    let mut see = |from: &Expr, value: &Expr| {
        if is_chosen(&value.authority) {
            found.push(Place::new(value.place.file, from.place.start as usize, value.place.end as usize));
        }
    };
    match &expr.kind {
        ExprKind::Cases { cases, .. } => cases.iter().for_each(|case| see(&case.when, &case.value)),
        ExprKind::Table(table) => table.rows.iter().for_each(|row| see(&row.edge, &row.value)),
        _ => {}
    }
}

/// Figures written as a sum, difference or product whose result the clause says: 10 分 + 10 分
/// where it says 20.
fn said_together(expr: &Expr, known: &[Exact], found: &mut Vec<Place>) {
    visit::inside(expr, &mut |expr| {
        let Some((value, places)) = constant(expr).filter(|(_, places)| places.len() > 1) else {
            return;
        };
        let per_hundred = &value * &Exact::whole(100);
        if known.contains(&value) || known.contains(&per_hundred) {
            found.extend(places);
        }
    });
}

/// The value of arithmetic of figures only, a per cent as its share, with their places.
fn constant(expr: &Expr) -> Option<(Exact, Vec<Place>)> {
    match &expr.kind {
        ExprKind::Literal(figure) => {
            let number = super::look::number(figure)?;
            let value = match figure.suffix {
                Suffix::Percent => number.divided_by(&Exact::whole(100))?,
                _ => number.clone(),
            };
            Some((value, [figure.place].into()))
        }
        ExprKind::Binary(operator, a, b) => {
            let ((a, mut places), (b, more)) = (constant(a)?, constant(b)?);
            places.extend(more);
            let value = match operator {
                Binary::Add => &a + &b,
                Binary::Sub => &a - &b,
                Binary::Mul => &a * &b,
                Binary::Div => a.divided_by(&b)?,
                _ => return None,
            };
            Some((value, places))
        }
        _ => None,
    }
}

/// The words of the clauses a statement rests on; those of the part above where it names none.
fn words(look: &Look<'_>, authorities: &[&[Authority]]) -> Option<String> {
    let mut all = String::new();
    for authority in authorities {
        let found = clauses_of(authority).filter_map(|clause| look.policy.clauses.find(clause));
        found.filter(|clause| !clause.text.is_empty()).for_each(|clause| {
            all.push_str(&numerals::without_paragraph_numbers(&clause.text));
            all.push('\n');
        });
    }
    (!all.is_empty()).then_some(all)
}

/// Nothing, the whole, and what the clause says, perhaps per hundred or in ten thousands.
fn is_said(number: &Exact, figure: &Literal, known: &[Exact]) -> bool {
    let number = number.abs();
    let whole = matches!(figure.suffix, Suffix::Percent) && number == Exact::whole(100);
    let one = number == Exact::one() && !matches!(figure.suffix, Suffix::Unit(_));
    if number.is_zero() || one || whole {
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
    not_said(look, look.text(place), place, authorities)
}

fn not_said(look: &Look<'_>, shown: &str, place: Place, authorities: &[&[Authority]]) -> Diagnostic {
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
        "照原文改数，改依据，或写 选择 \"理由\"，理由里说到这个数",
        "correct the figure or the clause, or write 选择 \"reason\" with the figure in the reason",
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
                Due::MonthDay { month, day, place } => (says(&words, &format!("{month}月{day}日")), *place),
                Due::Date(day, place) => {
                    let (_, month, of_month) = day.civil();
                    let next = day.number().checked_add(1).and_then(Day::from_number);
                    let is_last = next.is_none_or(|next| next.civil().1 != month);
                    let at_end = is_last && says(&words, &format!("{month}月底"));
                    (says(&words, &format!("{month}月{of_month}日")) || at_end, *place)
                }
                Due::Month { month, place, .. } => (says(&words, &format!("{month}月")), *place),
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

/// Whether a text says a day or month: 2月 is not said by 12月.
fn says(words: &str, day: &str) -> bool {
    words.match_indices(day).any(|(at, _)| {
        let before = words.get(..at).and_then(|before| before.chars().last());
        !before.is_some_and(|c| c.is_ascii_digit())
    })
}

/// The time that is assessed, and the days parameters hold, against the days of the clause.
fn periods(look: &Look<'_>, report: &mut Report) {
    for setting in look.policy.schemes.iter().flat_map(|scheme| &scheme.scheme.settings) {
        let SettingKind::Period { from, to } = &setting.kind else {
            continue;
        };
        if !is_chosen(&setting.authority) {
            for (day, ends) in [(*from, false), (*to, true)] {
                held_to_days(look, day, ends, setting.place, &setting.authority, report);
            }
        }
    }
    for row in look.policy.parameters.rows.iter().filter(|row| row.choice.is_none()) {
        let own: Vec<Authority> = row.clause.iter().cloned().map(Authority::Clause).collect();
        for (day, ends) in row.from.map(|day| (day, false)).into_iter().chain(row.to.map(|day| (day, true))) {
            held_to_days(look, day, ends, row.place, &own, report);
        }
    }
}

fn held_to_days(look: &Look<'_>, day: Day, ends: bool, place: Place, own: &[Authority], report: &mut Report) {
    if words(look, &[own]).is_some_and(|words| is_day_said(day, ends, &words) == Some(false)) {
        report.push(not_said(look, &day.iso(), place, &[own]));
    }
}

/// Whether a clause says a first or last day; none where it speaks of no years and days. A year
/// means its first and last day, a month likewise.
fn is_day_said(day: Day, ends: bool, words: &str) -> Option<bool> {
    let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let years = years(&words);
    let (year, month, of_month) = day.civil();
    if years.is_empty() && !(words.contains('月') && words.contains('日')) {
        return None;
    }
    let beside = day.number().checked_add(if ends { 1 } else { -1 }).and_then(Day::from_number);
    let turns_month = beside.is_none_or(|beside| beside.civil().1 != month);
    let turns_year = beside.is_none_or(|beside| beside.civil().0 != year);
    let part_of_year = ["季", "半年"].iter().any(|part| words.contains(part));
    let in_year = years.is_empty() || years.contains(&Exact::whole(i64::from(year)));
    let day_said = says(&words, &format!("{month}月{of_month}日"))
        || (turns_month && (part_of_year || says(&words, &format!("{month}月"))))
        || (turns_year && !years.is_empty());
    Some(in_year && day_said)
}

/// The years a text names: 2014年, 二〇一四年.
fn years(words: &str) -> Vec<Exact> {
    let mut found = Vec::new();
    for (at, _) in words.match_indices('年') {
        let head = words.get(..at).unwrap_or("");
        let digits: Vec<char> = head.chars().rev().take(4).collect();
        let numeral: String = digits.into_iter().rev().collect();
        let year = numerals::numbers(&numeral).into_iter().next();
        found.extend(year.filter(|year| numeral.chars().count() == 4 && *year >= Exact::whole(1900)));
    }
    found
}
