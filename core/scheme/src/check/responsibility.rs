//! Who leads and who is responsible, where the scheme divides responsibility by item.

use super::look::{Look, Named, gathered};
use crate::{
    model::Item,
    read::{ItemText, SchemeText},
};
use alloc::{format, vec::Vec};
use kaoping_syntax::ast::{BodyKind, Name, SettingKind};
use kaoping_terms::{Diagnostic, Quote, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let main = look.policy.schemes.first().map(by_item);
    for (_, text, scheme) in look.schemes() {
        let divided = by_item(text).or(main.flatten()).unwrap_or(true);
        if !divided {
            continue;
        }
        let pairs = || text.items.iter().zip(&scheme.items);
        pairs().for_each(|(item, made)| several_leads(look, item, made, report));
        let without = |lacks: fn(&Item) -> bool| {
            let lacking = pairs().filter(|(_, made)| lacks(made));
            let lacking = lacking.map(|(item, made)| Named {
                name: &made.name,
                place: item.item.name.name.place,
                quote: look.quote_of(&item.authority),
            });
            lacking.collect::<Vec<_>>()
        };
        gathered(without(|made| made.lead.is_empty()), report, no_lead);
        gathered(without(|made| made.responsible.is_empty()), report, nobody_responsible);
    }
}

/// What the scheme says of responsibility, if anything.
fn by_item(text: &SchemeText) -> Option<bool> {
    text.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::Responsibility(word) => Some(!matches!(word.text.as_str(), "不分" | "undivided")),
        _ => None,
    })
}

fn no_lead(names: &Text) -> Diagnostic {
    Diagnostic::warning(
        "no-lead",
        Text::new(format!("{}没有写牵头单位", names.zh), format!("no lead unit: {}", names.en)),
    )
    .why(Text::new(
        "没有牵头，就没有人汇总、督促，也没有人对分数负责",
        "without a lead nobody collects, urges or answers for the score",
    ))
    .next(Text::new(
        "写：牵头 某单位；不分责任的，在方案里写 责任分工 不分",
        "write: 牵头 the unit; where responsibility is not divided, write 责任分工 不分 in the scheme",
    ))
}

fn several_leads(look: &Look<'_>, item: &ItemText, made: &Item, report: &mut Report) {
    let (name, count) = (&made.name, made.lead.len());
    if count < 2 {
        return;
    }
    let names: Vec<&str> = made.lead.iter().map(alloc::string::String::as_str).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let place = lead_names(item)
        .first()
        .map_or(item.place, |first| lead_names(item).iter().fold(first.place, |place, name| place.to(name.place)));
    let finding = Diagnostic::warning(
        "several-leads",
        Text::new(format!("“{name}”有 {count} 个牵头单位：{zh}"), format!("`{name}` has {count} lead units: {en}")),
    );
    report.push(
        finding
            .at(place)
            .why(Text::new(
                "各管一段而没有一家总负责，出了问题就互相推",
                "with several and none in charge, each can point at the others",
            ))
            .quoting(naming(look, look.quote_at(place).or_else(|| look.quote_of(&item.authority)), name, &names))
            .next(Text::new(
                "把这一项按单位拆开，每项一个牵头；其余写在 责任 里",
                "split the item so that each part has one lead, and name the others under 责任",
            )),
    );
}

/// The part of the quoted clause that speaks of the item and its units, else the part that names
/// most of the units; the clause as it is where none does.
fn naming(look: &Look<'_>, quote: Option<Quote>, item: &str, names: &[&str]) -> Option<Quote> {
    let quote = quote?;
    let Some(clause) = look.policy.clauses.find(&quote.clause) else {
        return Some(quote);
    };
    let pairs: Vec<&str> = item.char_indices().filter_map(|(at, _)| two_characters(item.get(at..)?)).collect();
    let mut runs: Vec<(usize, &str)> = Vec::new();
    let (mut begin, mut end, mut weight, mut at) = (0, 0, 0, 0);
    for part in clause.text.split_inclusive(['，', ',', '。', '；', ';', '\n']) {
        let units = names.iter().filter(|name| part.contains(**name)).count();
        let words = pairs.iter().filter(|pair| part.contains(**pair)).count();
        if units > 0 && words >= pairs.len().min(2) {
            begin = if weight == 0 { at } else { begin };
            (end, weight) = (at + part.len(), weight + units + words);
        } else {
            runs.push((weight, clause.text.get(begin..end).unwrap_or("")));
            // What names units without the item counts for less than any that speaks of it.
            runs.push((units.min(1), part));
            weight = 0;
        }
        at += part.len();
    }
    runs.push((weight, clause.text.get(begin..end).unwrap_or("")));
    let most = runs.into_iter().filter(|(weight, _)| *weight > 0);
    let best = most.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let words = best.map(|(_, words)| words.trim().trim_end_matches(['，', ',', '。', '；', ';']));
    Some(words.map_or_else(|| quote.clone(), |words| Quote { quote: words.into(), ..quote.clone() }))
}

/// The first two characters of a text.
fn two_characters(text: &str) -> Option<&str> {
    let (second, last) = text.char_indices().nth(1)?;
    text.get(..second + last.len_utf8())
}

fn lead_names(item: &ItemText) -> Vec<&Name> {
    let lines = item.item.body.iter().filter_map(|line| match &line.kind {
        BodyKind::Lead(names) => Some(names),
        _ => None,
    });
    lines.flatten().collect()
}

fn nobody_responsible(names: &Text) -> Diagnostic {
    Diagnostic::warning(
        "no-responsible",
        Text::new(format!("{}没有写责任单位", names.zh), format!("no responsible unit: {}", names.en)),
    )
    .why(Text::new("没有责任单位，任务就没有分解下去", "without a responsible unit the task was not handed down"))
    .next(Text::new("写：责任 某单位", "write: 责任 the unit"))
}
