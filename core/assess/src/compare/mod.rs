//! What changed between two assessments, each changed point with its cause.

mod below;
mod causes;
mod changes;
mod effects;
mod figures;
mod items;
mod leaf;
mod parts;
mod policy;
mod rests;
mod rounds;
mod scheme_values;

use crate::{Assessment, Given, lines::Lines, prepare};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
pub use changes::{
    AwardChange, Cause, ChangeKind, Comparison, Difference, DifferenceKind, ItemChange, Listing, OtherChange,
    RoundChange, UnitChange,
};
pub(crate) use figures::Figures;
use items::Both;
use kaoping_program::Fault;
use kaoping_rules::written::{formula, values};
use kaoping_scheme::{Standard, model::Item};
use kaoping_terms::{Exact, Lang, Measure, Text};
use scheme_values::SchemeValues;

/// How many changes of one kind are named; others are counted.
const MOST_CHANGES: usize = 3;

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The policy and the facts.
    pub given: Given<'a>,
    /// The round.
    pub round: Option<usize>,
    /// The result.
    pub assessment: &'a Assessment,
}

/// Compares two assessments. Units and items are matched by id.
///
/// # Errors
/// Only a defect of the program can cause one.
pub fn compare(before: Side<'_>, after: Side<'_>, lang: Lang) -> Result<Comparison, Fault> {
    let mut comparison = Comparison {
        policy: policy(before.given.standard, after.given.standard, lang),
        measures: policy::measures(before.given.standard, after.given.standard),
        ..Comparison::default()
    };
    let (prepared_before, _) = prepare(before.given, before.round);
    let (prepared_after, _) = prepare(after.given, after.round);
    let values = |side: Side<'_>| scheme_values::nodes(side.given.standard);
    let old = Figures::of(&prepared_before, before, &values(before), lang)?;
    let new = Figures::of(&prepared_after, after, &values(after), lang)?;
    let both_have = |(unit, row): (u32, &crate::Unit)| Some((before.given.units.find(&row.id)?, unit));
    let pairs: Vec<(u32, u32)> = after.given.units.iter().filter_map(both_have).collect();
    let places = causes::Places::new(before, after);
    let rounds = rounds::Rounds::new((before, &prepared_before), (after, &prepared_after), &pairs, lang)?;
    let both = Both::new(&old, &new, &pairs, lang)?;
    let named = SchemeValues::new(&old, &new, &pairs, lang)?;
    for (earlier, unit) in pairs {
        if !after.assessment.members.contains(&unit) {
            continue;
        }
        let mut others = others((before, earlier), (after, unit), lang);
        for other in others.iter_mut().filter(|other| other.kind == ChangeKind::Value) {
            other.causes = named.causes(&other.name, (earlier, unit));
        }
        let change = UnitChange {
            unit: after.given.units.id(unit).to_string(),
            name: after.given.units.name(unit).to_string(),
            total: (before.assessment.total(earlier).value, after.assessment.total(unit).value),
            causes: both.total((earlier, unit)),
            place: (before.assessment.place(earlier), after.assessment.place(unit)),
            place_causes: places.causes(unit),
            items: both.items((earlier, unit)),
            rounds: rounds.of(unit),
            others,
        };
        if change.total.0 != change.total.1
            || change.place.0 != change.place.1
            || !change.items.is_empty()
            || !change.rounds.is_empty()
            || !change.others.is_empty()
        {
            comparison.units.push(change);
        }
    }
    comparison.awards = causes::awards(before, after, &prepared_after, lang);
    comparison.display = after.given.scheme().and_then(|scheme| scheme.display.clone());
    Ok(comparison)
}

/// What follows from the scores of a unit, by kind and name.
fn consequences((side, unit): (Side<'_>, u32), lang: Lang) -> Vec<(ChangeKind, String, String)> {
    let (standard, assessment) = (side.given.standard, side.assessment);
    let lines = Lines { standard, units: side.given.units, assessment };
    let at = unit as usize;
    let mut all = Vec::new();
    for (name, column) in lines.named_values() {
        all.push((ChangeKind::Value, name.to_string(), lines.measured(lines.kind_of_value(name), column, unit)));
    }
    let grade = assessment.grade(standard, unit).unwrap_or_default();
    all.push((ChangeKind::Grade, String::new(), grade.to_string()));
    let Some(scheme) = side.given.scheme() else {
        return all;
    };
    for (quota, result) in scheme.quotas.iter().zip(&assessment.quotas) {
        let number = result.numbers.get(at).and_then(Option::as_ref);
        all.push((
            ChangeKind::Quota,
            quota.name.clone(),
            number.map(|number| values::number(number, &quota.measure)).unwrap_or_default(),
        ));
    }
    for (position, award) in scheme.awards.iter().enumerate().filter(|(_, award)| !award.prizes.is_empty()) {
        let prize = lines.prize(position, unit).map(|prize| values::number(&prize.amount, &prize.measure));
        all.push((ChangeKind::Prize, award.name.clone(), prize.unwrap_or_default()));
    }
    for (roster, result) in scheme.rosters.iter().zip(&assessment.rosters) {
        let listed = match (result.units.contains(&unit), lang) {
            (true, Lang::Zh) => "列入",
            (true, Lang::En) => "listed",
            (false, _) => "",
        };
        all.push((ChangeKind::Roster, roster.name.clone(), listed.to_string()));
    }
    for (fund, result) in scheme.distributions.iter().zip(&assessment.shares) {
        let part = result.parts.get(at).and_then(Option::as_ref);
        let part = part.map(|part| values::number(part, &fund.measure));
        all.push((ChangeKind::Share, fund.name.clone(), part.unwrap_or_default()));
    }
    all
}

/// What changed beside points and places.
fn others(before: (Side<'_>, u32), after: (Side<'_>, u32), lang: Lang) -> Vec<OtherChange> {
    let (old, new) = (consequences(before, lang), consequences(after, lang));
    let shown = |text: &str| String::from(if text.is_empty() { "—" } else { text });
    let find = |all: &[(ChangeKind, String, String)], kind: ChangeKind, name: &str| {
        let found = all.iter().find(|(of, other, _)| *of == kind && other == name);
        found.map(|(.., text)| text.clone()).unwrap_or_default()
    };
    let mut changes = Vec::new();
    let gone = old.iter().filter(|(kind, name, _)| !new.iter().any(|(of, other, _)| of == kind && other == name));
    for (kind, name, _) in new.iter().chain(gone) {
        let (a, b) = (find(&old, *kind, name), find(&new, *kind, name));
        if a != b {
            changes.push(OtherChange {
                kind: *kind,
                name: name.clone(),
                before: shown(&a),
                after: shown(&b),
                causes: Vec::new(),
            });
        }
    }
    changes
}

fn points(value: Option<&Exact>) -> String {
    value.map_or_else(|| String::from("—"), |value| values::number(value, &Measure::points()))
}

/// What the policies say differently about an item.
fn item_policy(old: &Standard, new: &Standard, before: &Item, after: &Item, lang: Lang) -> Vec<Text> {
    let mut changes = Vec::new();
    if before.points != after.points {
        let (a, b) = (points(before.points.as_ref()), points(after.points.as_ref()));
        changes.push(Text::new(format!("分值 {a} → {b}"), format!("full points {a} → {b}")));
    }
    if before.rule != after.rule {
        let (a, b) = (before.rule.clone().unwrap_or_default(), after.rule.clone().unwrap_or_default());
        changes.push(Text::new(format!("规则 {a} → {b}"), format!("rule {a} → {b}")));
    }
    for (name, value, measure) in &after.parameters {
        if let Some((_, other, _)) = before.parameters.iter().find(|(other, ..)| other == name)
            && other != value
        {
            let (a, b) = (values::number(other, measure), values::number(value, measure));
            changes.push(Text::new(format!("参数 {name} {a} → {b}"), format!("parameter {name} {a} → {b}")));
        }
    }
    let choices = |standard: &Standard, item: &Item| -> BTreeMap<String, String> {
        let of_item = standard
            .choices
            .iter()
            .filter(|choice| choice.item.as_deref() == Some(item.name.as_str()) && !choice.name.is_empty());
        of_item.map(|choice| (choice.name.clone(), choice.chosen.clone())).collect()
    };
    let old_choices = choices(old, before);
    for (name, word) in choices(new, after) {
        if let Some(other) = old_choices.get(&name).filter(|other| **other != word) {
            changes
                .push(Text::new(format!("选择 {name}：{other} → {word}"), format!("choice {name}: {other} → {word}")));
        }
    }
    if before.rounding != after.rounding {
        let words = |item: &Item, lang| match &item.rounding {
            Some((step, mode)) => format!("{} {}", points(Some(step)), formula::rounding(*mode, lang)),
            None => String::from(if lang == Lang::Zh { "不取整" } else { "unrounded" }),
        };
        let change = |lang| format!("{} → {}", words(before, lang), words(after, lang));
        changes.push(Text::new(format!("取整 {}", change(Lang::Zh)), format!("rounding {}", change(Lang::En))));
    }
    let events = policy::events_of_item(old, new, before, after, lang);
    if changes.is_empty() {
        let words = |standard, item| policy::formula_of_item(standard, item, !events.is_empty(), lang);
        let (a, b) = (words(old, before), words(new, after));
        if a != b {
            changes.push(Text::new(format!("算式 {a} → {b}"), format!("the formula {a} → {b}")));
        }
    }
    changes.extend(events);
    changes
}

/// The items of the policy's own scheme and of those nested in it.
fn all_items(standard: &Standard) -> impl Iterator<Item = &Item> {
    standard.schemes.iter().flat_map(|scheme| &scheme.items)
}

/// What two policies say differently about each item that scores otherwise; what is new first where it stands, what is
/// gone last.
pub fn differences(old: &Standard, new: &Standard, lang: Lang) -> Vec<Difference> {
    let of = |item: &Item, kind, said| Difference { id: item.id.clone(), name: item.name.clone(), kind, said };
    let mut found = Vec::new();
    for item in all_items(new) {
        match all_items(old).find(|other| other.id == item.id) {
            Some(other) => {
                let said = item_policy(old, new, other, item, lang);
                if !said.is_empty() {
                    found.push(of(item, DifferenceKind::Changed, said));
                }
            }
            None => found.push(of(item, DifferenceKind::Added, Vec::new())),
        }
    }
    let gone = all_items(old).filter(|item| !all_items(new).any(|other| other.id == item.id));
    found.extend(gone.map(|item| of(item, DifferenceKind::Removed, Vec::new())));
    found
}

/// What two policies say differently beside their items: full mark, blocks, awards, grades and the rest.
pub fn differences_besides(old: &Standard, new: &Standard, lang: Lang) -> Vec<Text> {
    let mut changes = of_scheme(old, new);
    changes.extend(policy::consequences(old, new, lang));
    changes
}

/// What the two policies say differently.
fn policy(old: &Standard, new: &Standard, lang: Lang) -> Vec<Text> {
    if old.schemes.is_empty() || new.schemes.is_empty() {
        return Vec::new();
    }
    let mut changes = of_scheme(old, new);
    for difference in differences(old, new, lang) {
        let name = &difference.name;
        match difference.kind {
            DifferenceKind::Added => changes.push(Text::new(format!("增 {name}"), format!("new item {name}"))),
            DifferenceKind::Removed => changes.push(Text::new(format!("删 {name}"), format!("removed item {name}"))),
            DifferenceKind::Changed => changes.extend(
                difference
                    .said
                    .iter()
                    .map(|change| Text::new(format!("{name}：{}", change.zh), format!("{name}: {}", change.en))),
            ),
        }
    }
    changes.extend(policy::consequences(old, new, lang));
    changes
}

/// What is said differently about the full mark and the points of blocks.
fn of_scheme(old: &Standard, new: &Standard) -> Vec<Text> {
    let mut changes = Vec::new();
    let (Some(a), Some(b)) = (old.schemes.first(), new.schemes.first()) else {
        return changes;
    };
    if a.full_mark != b.full_mark {
        let (x, y) = (points(a.full_mark.as_ref()), points(b.full_mark.as_ref()));
        changes.push(Text::new(format!("满分 {x} → {y}"), format!("full mark {x} → {y}")));
    }
    for block in &b.blocks {
        if let Some(other) = a.blocks.iter().find(|other| other.name == block.name)
            && other.points != block.points
        {
            let (x, y) = (points(other.points.as_ref()), points(block.points.as_ref()));
            changes.push(Text::new(format!("块 {} {x} → {y}", block.name), format!("block {} {x} → {y}", block.name)));
        }
    }
    changes
}
