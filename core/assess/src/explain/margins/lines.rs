//! The smallest changes that matter, in words.

use super::{Called, Effect, Margin, Margins};
use alloc::{format, string::String, vec, vec::Vec};
use kaoping_terms::Lang;

/// From how many in a row on months or judges are written as a range.
const RANGE: usize = 3;
/// How many different values a line shows; the change itself is the same for all of them.
const MOST_VALUES: usize = 4;

/// A line for each change; months or judges whose change is the same share one. What was not
/// tried comes last.
pub fn margin_lines(margins: &Margins, lang: Lang) -> Vec<String> {
    let mut groups: Vec<Vec<&Margin>> = Vec::new();
    for margin in &margins.found {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_alike(first, margin))) {
            Some(group) => group.push(margin),
            None => groups.push(vec![margin]),
        }
    }
    let lines = groups.iter().filter_map(|group| line(group, &margins.tried, lang));
    let untried = margins.untried.iter().map(|text| untried_line(text.get(lang), lang));
    lines.chain(untried).collect()
}

/// What was not tried.
pub fn untried_line(what: &str, lang: Lang) -> String {
    format!("{}  {what}", pick(lang, "没有试", "not tried"))
}

/// Whether two changes differ only in whose figure it is and what it would be.
fn is_alike(a: &Margin, b: &Margin) -> bool {
    let same_word = !a.by.is_empty() || a.at == b.at;
    let elsewhere = |margin: &Margin| !margin.input.round.is_empty();
    (&a.input.name, a.more, &a.by, &a.effect) == (&b.input.name, b.more, &b.by, &b.effect)
        && same_word
        && elsewhere(a) == elsewhere(b)
}

fn pick(lang: Lang, zh: &str, en: &str) -> String {
    String::from(if lang == Lang::Zh { zh } else { en })
}

/// Whose figures: `评委一、评委三`, `月评 2012-01 至 2012-03`. Those in a row are a range, in the
/// order in which they are explained.
fn whose(group: &[&Margin], tried: &[Called], lang: Lang) -> String {
    let place = |called: &Called| {
        let mut same = tried.iter().filter(|other| other.name == called.name);
        same.position(|other| other == called)
    };
    let mut stretches: Vec<Vec<&Called>> = Vec::new();
    for called in group.iter().map(|margin| &margin.input) {
        match stretches.last_mut() {
            Some(stretch)
                if stretch.last().is_some_and(|last| {
                    last.round == called.round
                        && place(last).map(|at| at + 1) == place(called)
                        && follows(&last.row, &called.row)
                }) =>
            {
                stretch.push(called);
            }
            _ => stretches.push(vec![called]),
        }
    }
    let mut said: Vec<String> = Vec::new();
    let mut round = "";
    for stretch in &stretches {
        let range = match stretch.as_slice() {
            [first, .., last] if stretch.len() >= RANGE && !first.row.is_empty() => {
                vec![pick(lang, &format!("{} 至 {}", first.row, last.row), &format!("{} to {}", first.row, last.row))]
            }
            each => each.iter().map(|called| called.row.clone()).collect(),
        };
        for row in range {
            let of = stretch.first().map_or("", |first| first.round.as_str());
            let prefix = if of == round { "" } else { of };
            said.push([prefix, row.as_str()].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
            round = of;
        }
    }
    said.join(&pick(lang, "、", ", "))
}

/// Whether no period lies between two; of what is none the order is all there is to say. A month
/// that is not reported is not tried, and no range may run over it.
fn follows(one: &str, other: &str) -> bool {
    let number = |row: &str| {
        let (year, part, parts) = row
            .split_once('-')
            .map(|(year, month)| (year, month, 12))
            .or_else(|| row.split_once('Q').map(|(year, quarter)| (year, quarter, 4)))?;
        Some(year.parse::<i64>().ok()? * parts + part.parse::<i64>().ok()?)
    };
    number(one).zip(number(other)).is_none_or(|(one, other)| other == one + 1)
}

fn line(group: &[&Margin], tried: &[Called], lang: Lang) -> Option<String> {
    let margin = group.first()?;
    let whose = whose(group, tried, lang);
    let name = &margin.input.name;
    let name = match group {
        _ if whose.is_empty() => name.clone(),
        [_] => format!("{whose} {name}"),
        // One of them alone is enough.
        _ => pick(lang, &format!("{whose} 任一{name}"), &format!("any of {whose}: {name}")),
    };
    let mut values: Vec<&str> = group.iter().map(|margin| margin.at.as_str()).collect();
    if values.iter().all(|value| *value == margin.at) {
        values.truncate(1);
    }
    let at = if values.len() > MOST_VALUES { String::new() } else { values.join(&pick(lang, "、", ", ")) };
    let bracketed = match at.as_str() {
        "" => String::new(),
        at => pick(lang, &format!("（{at}）"), &format!(" ({at})")),
    };
    let effect = match &margin.effect {
        Effect::Points { from, to } => pick(lang, &format!("得分 {from} → {to}"), &format!("points {from} → {to}")),
        Effect::Place { round: None, from, to } => {
            pick(lang, &format!("名次 {from} → {to}"), &format!("place {from} → {to}"))
        }
        Effect::Place { round: Some(round), from, to } => {
            pick(lang, &format!("“{round}”名次 {from} → {to}"), &format!("place in {round} {from} → {to}"))
        }
        Effect::Award { name, won: true } => pick(lang, &format!("列入“{name}”"), &format!("listed for {name}")),
        Effect::Award { name, won: false } => {
            pick(lang, &format!("退出“{name}”"), &format!("no longer listed for {name}"))
        }
    };
    if margin.by.is_empty() {
        return Some(pick(lang, &format!("{name} 改为{at}：{effect}"), &format!("{name} if {at}: {effect}")));
    }
    let direction = match (margin.more, margin.is_day, lang) {
        (true, false, Lang::Zh) => "再多",
        (false, false, Lang::Zh) => "再少",
        (true, true, Lang::Zh) => "再晚",
        (false, true, Lang::Zh) => "再早",
        (true, false, Lang::En) => "more by",
        (false, false, Lang::En) => "less by",
        (true, true, Lang::En) => "later by",
        (false, true, Lang::En) => "earlier by",
    };
    let by = &margin.by;
    Some(pick(
        lang,
        &format!("{name} {direction} {by}{bracketed}：{effect}"),
        &format!("{name} {direction} {by}{bracketed}: {effect}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn a_range_runs_over_no_missing_month() {
        for (one, other, in_a_row) in [
            ("2025-01", "2025-02", true),
            ("2025-12", "2026-01", true),
            ("2025-01", "2025-03", false),
            ("2025Q1", "2025Q2", true),
            ("2025Q1", "2025Q3", false),
            ("评委二", "评委三", true),
        ] {
            assert_eq!(follows(one, other), in_a_row, "{one} {other}");
        }
    }
}
