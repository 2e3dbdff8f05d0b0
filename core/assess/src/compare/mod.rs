//! What changed between two assessments, each changed point with its cause.

mod below;
mod causes;
mod changes;
mod policy;
mod rounds;

use crate::{
    Assessment, Given, Prepared,
    explain::{
        formula::{self, Formula},
        values,
    },
    lines::Lines,
    merged, prepare,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use causes::Struck;
pub use changes::{AwardChange, ChangeKind, Comparison, ItemChange, Listing, OtherChange, RoundChange, UnitChange};
use kaoping_program::{Cell, Column, Fault, Keep, Machine, NodeId};
use kaoping_scheme::{
    Standard,
    model::{Item, VetoEffect},
};
use kaoping_terms::{Exact, Lang, Measure, Text};

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
    let mut comparison =
        Comparison { policy: policy(before.given.standard, after.given.standard, lang), ..Comparison::default() };
    let (prepared_before, _) = prepare(before.given, before.round);
    let (prepared_after, _) = prepare(after.given, after.round);
    let old = Figures::new(&prepared_before, before)?;
    let new = Figures::new(&prepared_after, after)?;
    let places = causes::Places::new(before, after);
    let rounds = rounds::Rounds::new(before, after, lang)?;
    for (unit, row) in after.given.units.iter() {
        let Some(earlier) = before.given.units.find(&row.id) else {
            continue;
        };
        if !after.assessment.members.contains(&unit) {
            continue;
        }
        let mut change = UnitChange {
            unit: row.id.clone(),
            name: row.name.clone(),
            total: (before.assessment.total(earlier).value, after.assessment.total(unit).value),
            place: (before.assessment.place(earlier), after.assessment.place(unit)),
            place_causes: places.causes(unit),
            items: Vec::new(),
            rounds: rounds.of(unit),
            others: others((before, earlier), (after, unit), lang),
        };
        change.items = items(&old, &new, earlier, unit, lang);
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
            changes.push(OtherChange { kind: *kind, name: name.clone(), before: shown(&a), after: shown(&b) });
        }
    }
    changes
}

/// All columns a comparison looks at, of one side.
pub(crate) struct Figures<'a> {
    pub(crate) side: Side<'a>,
    pub(crate) prepared: &'a Prepared<'a>,
    machine: Machine<'a>,
}

impl<'a> Figures<'a> {
    fn new(prepared: &'a Prepared<'a>, side: Side<'a>) -> Result<Self, Fault> {
        Self::of(prepared, side, &[])
    }

    /// With some nodes more.
    fn of(prepared: &'a Prepared<'a>, side: Side<'a>, besides: &[NodeId]) -> Result<Self, Fault> {
        let vetoes = side.given.standard.schemes.iter().flat_map(|scheme| &scheme.vetoes);
        let zeroing = vetoes.filter(|veto| veto.effects.iter().any(|effect| matches!(effect, VetoEffect::ItemZero(_))));
        let mut nodes: Vec<NodeId> = zeroing.map(|veto| veto.when).chain(besides.iter().copied()).collect();
        for item in side.given.standard.schemes.iter().flat_map(|scheme| &scheme.items) {
            nodes.extend(item.inputs.iter().map(|input| input.node));
            nodes.extend(item.adjustments.iter().map(|adjustment| adjustment.sum));
            nodes.extend(item.applies);
            nodes.extend(item.adjustments.iter().filter_map(|adjustment| adjustment.matches));
            nodes.extend(item.score);
            nodes.extend(below::nodes(side.given.standard, item));
        }
        let mut machine = prepared.machine(Keep::Outputs, &nodes)?;
        machine.require(&nodes)?;
        Ok(Self { side, prepared, machine })
    }

    fn item(&self, id: &str) -> Option<&'a Item> {
        self.side.given.standard.schemes.iter().flat_map(|scheme| &scheme.items).find(|item| item.id == id)
    }

    fn score(&self, item: &Item, unit: u32) -> Option<Exact> {
        // Of a round that is not the one compared there is no assessment, only its scores.
        if self.side.round.is_none() || self.side.round == self.side.assessment.slice.round {
            return self.side.assessment.score(self.side.given.standard, unit, &item.id)?.value;
        }
        self.cell(item.score?, unit)?.value
    }

    fn column(&self, node: NodeId) -> Option<&Column> {
        self.machine.column(node)
    }

    pub(crate) fn cell(&self, node: NodeId, unit: u32) -> Option<Cell> {
        self.column(node).map(|column| column.cell(unit as usize))
    }

    pub(crate) fn show(&self, node: NodeId, cell: &Cell, lang: Lang) -> String {
        let program = &self.side.given.standard.program;
        match program.node(node) {
            Some(found) => {
                let display = self.side.given.scheme().and_then(|scheme| scheme.display.as_ref());
                values::cell_shown(program, &found.kind, cell, display, lang)
            }
            None => String::new(),
        }
    }
}

fn items(old: &Figures<'_>, new: &Figures<'_>, earlier: u32, unit: u32, lang: Lang) -> Vec<ItemChange> {
    let mut changes = Vec::new();
    for item in
        new.side.given.standard.schemes.iter().flat_map(|scheme| &scheme.items).filter(|item| !item.is_substitute)
    {
        let before = old.item(&item.id);
        let score = (before.and_then(|before| old.score(before, earlier)), new.score(item, unit));
        if score.0 == score.1 {
            continue;
        }
        let causes = match before {
            Some(before) => causes(old, new, before, item, earlier, unit, lang),
            None => Vec::from([Text::new("新增的项", "a new item")]),
        };
        changes.push(ItemChange { id: item.id.clone(), name: item.name.clone(), score, causes });
    }
    for item in
        old.side.given.standard.schemes.iter().flat_map(|scheme| &scheme.items).filter(|item| !item.is_substitute)
    {
        if new.item(&item.id).is_none()
            && let Some(score) = old.score(item, earlier)
        {
            let causes = Vec::from([Text::new("取消的项", "the item was removed")]);
            changes.push(ItemChange {
                id: item.id.clone(),
                name: item.name.clone(),
                score: (Some(score), None),
                causes,
            });
        }
    }
    changes
}

/// Why a score changed: the policy, the unit's own figures and events, other units.
fn causes(
    old: &Figures<'_>,
    new: &Figures<'_>,
    before: &Item,
    after: &Item,
    earlier: u32,
    unit: u32,
    lang: Lang,
) -> Vec<Text> {
    let mut causes = item_policy(old.side.given.standard, new.side.given.standard, before, after, lang);
    let (own_before, own_after) = (below::in_force(old, before, earlier), below::in_force(new, after, unit));
    causes.extend(instead((before, own_before), (after, own_after)));
    let (model_before, model_after) = (before, after);
    let (before, after) = (own_before, own_after);
    for input in &after.inputs {
        let Some(other) = before.inputs.iter().find(|other| other.name == input.name) else {
            continue;
        };
        let (Some(a), Some(b)) = (old.cell(other.node, earlier), new.cell(input.node, unit)) else {
            continue;
        };
        if input.rows.is_none() && a.value != b.value {
            if let Some(cause) = merged::cause(old, new, (other, earlier), (input, unit), lang) {
                causes.push(cause);
                continue;
            }
            let (a, b) = (old.show(other.node, &a, lang), new.show(input.node, &b, lang));
            causes
                .push(Text::new(format!("自己的{}：{a} → {b}", input.name), format!("own {}: {a} → {b}", input.name)));
        }
    }
    causes.extend(adjustments(old, new, (before, after), (earlier, unit), lang));
    let below = below::Below { old, new, items: (before, after), units: (earlier, unit), lang };
    causes.extend(below.causes());
    let (before, after) = (model_before, model_after);
    let struck = |side: &Figures<'_>, unit: u32, node: NodeId| {
        side.cell(node, unit).and_then(|cell| cell.value).is_some_and(|value| !value.is_zero())
    };
    let (was, is) = (|node| struck(old, earlier, node), |node| struck(new, unit, node));
    let was = Struck { prepared: old.prepared, unit: earlier, item: before, holds: &was };
    causes.extend(causes::vetoes(&was, &Struck { prepared: new.prepared, unit, item: after, holds: &is }, lang));
    causes.extend(account(old, new, before, after, earlier, unit));
    if causes.is_empty() {
        causes.push(Text::new("算式或别项的变化", "the formula, or another item"));
    }
    causes
}

/// Where another item is assessed instead on one side only.
fn instead(before: (&Item, &Item), after: (&Item, &Item)) -> Option<Text> {
    let (was, is) = (before.1, after.1);
    if was.name == is.name || (was.id == before.0.id) == (is.id == after.0.id) {
        return None;
    }
    Some(Text::new(format!("评的项：{} → {}", was.name, is.name), format!("assessed by: {} → {}", was.name, is.name)))
}

/// What is deducted or added for events, with the events that changed.
fn adjustments(
    old: &Figures<'_>,
    new: &Figures<'_>,
    (before, after): (&Item, &Item),
    (earlier, unit): (u32, u32),
    lang: Lang,
) -> Vec<Text> {
    let mut causes = Vec::new();
    for (adjustment, other) in after.adjustments.iter().zip(&before.adjustments) {
        let (Some(a), Some(b)) = (old.cell(other.sum, earlier), new.cell(adjustment.sum, unit)) else {
            continue;
        };
        if a.value == b.value {
            continue;
        }
        let tables =
            (old.side.given.standard.events.get(other.table), new.side.given.standard.events.get(adjustment.table));
        let (Some(was), Some(is)) = tables else { continue };
        let which = below::listed(below::events(
            (old, was.rowset, None, other.matches, earlier),
            (new, is.rowset, None, adjustment.matches, unit),
            lang,
        ));
        let (a, b) = (old.show(other.sum, &a, lang), new.show(adjustment.sum, &b, lang));
        let table = &is.name;
        causes.push(Text::new(format!("{table}：{a} → {b}{}", which.zh), format!("{table}: {a} → {b}{}", which.en)));
    }
    causes
}

/// Between two rounds: the written reason of the later one, or that one is due.
fn account(old: &Figures<'_>, new: &Figures<'_>, before: &Item, after: &Item, earlier: u32, unit: u32) -> Option<Text> {
    let (a, b) = (old.prepared.slice().round, new.prepared.slice().round);
    let scheme = new.side.given.scheme()?;
    if a == b {
        return None;
    }
    let reasons: Vec<&str> = after.inputs.iter().flat_map(|input| new.prepared.reasons(input.column, unit)).collect();
    if !reasons.is_empty() {
        let reasons = reasons.join("；");
        return Some(Text::new(format!("理由：{reasons}"), format!("reason: {reasons}")));
    }
    let from = scheme.rounds.explain_from.as_ref()?;
    let difference = &new.score(after, unit)? - &old.score(before, earlier)?;
    (difference.abs() >= *from).then(|| Text::new("须说明，还没有写理由", "a reason is required and none is given"))
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
    if changes.is_empty() {
        let words = |standard: &Standard, item: &Item| {
            item.unrounded.map(|node| Formula::in_words(&standard.program, lang).of(node))
        };
        let (a, b) = (words(old, before).unwrap_or_default(), words(new, after).unwrap_or_default());
        if a != b {
            changes.push(Text::new(format!("算式 {a} → {b}"), format!("the formula {a} → {b}")));
        }
    }
    changes.extend(policy::events_of_item(old, new, before, after, lang));
    changes
}

/// What the two policies say differently.
fn policy(old: &Standard, new: &Standard, lang: Lang) -> Vec<Text> {
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
    for item in &b.items {
        match a.items.iter().find(|other| other.id == item.id) {
            Some(other) => {
                for change in item_policy(old, new, other, item, lang) {
                    changes.push(Text::new(
                        format!("{}：{}", item.name, change.zh),
                        format!("{}: {}", item.name, change.en),
                    ));
                }
            }
            None => changes.push(Text::new(format!("增 {}", item.name), format!("new item {}", item.name))),
        }
    }
    for item in a.items.iter().filter(|item| !b.items.iter().any(|other| other.id == item.id)) {
        changes.push(Text::new(format!("删 {}", item.name), format!("removed item {}", item.name)));
    }
    changes.extend(policy::consequences(old, new, lang));
    changes
}
