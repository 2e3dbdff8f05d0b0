//! Targets handed down: for indicators that exist, for every unit, within what may be reported.

use super::look::Look;
use crate::{
    model::{Item, OtherwiseMade},
    read::TargetRow,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};
use kaoping_program::Kind;
use kaoping_rules::literal;
use kaoping_terms::{Diagnostic, Report, Text, nearest::nearest};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let rows = &look.policy.targets.rows;
    let mut by_item: BTreeMap<usize, Vec<&TargetRow>> = BTreeMap::new();
    let items: Vec<&Item> = look.standard.schemes.iter().flat_map(|scheme| &scheme.items).collect();
    for row in rows {
        match items.iter().position(|item| item.id == row.indicator || item.name == row.indicator) {
            Some(at) => by_item.entry(at).or_default().push(row),
            None => report.push(unknown_indicator(row, &items)),
        }
    }
    let units: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    for (at, rows) in by_item {
        let Some(item) = items.get(at) else { continue };
        for row in &rows {
            bounds(look, item, row, report);
        }
        for_every_unit(item, &rows, &units, report);
    }
}

fn unknown_indicator(row: &TargetRow, items: &[&Item]) -> Diagnostic {
    let word = &row.indicator;
    let next = match nearest(word, items.iter().flat_map(|item| [item.id.as_str(), item.name.as_str()])) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new("写指标的编号或名称", "write the id or the name of an item"),
    };
    Diagnostic::error(
        "target-unknown-indicator",
        Text::new(format!("方案里没有“{word}”这项指标"), format!("the scheme has no item `{word}`")),
    )
    .at(row.place)
    .why(Text::new("这个目标没有人用，下达了也不计分", "nothing uses this target, so it would not count"))
    .next(next)
}

/// A target of zero, or one that may not be reported, against the bounds of the input.
fn bounds(look: &Look<'_>, item: &Item, row: &TargetRow, report: &mut Report) {
    let called = |name: &str, alias: Option<&str>| {
        let is = |word: &str| name == word || alias == Some(word);
        if row.field.is_empty() { is("目标数") || is("target") } else { is(&row.field) }
    };
    let Some(input) = item.inputs.iter().find(|input| called(&input.name, input.alias.as_deref())) else {
        return;
    };
    let Some(spec) = look.standard.program.columns.get(input.column.0 as usize) else {
        return;
    };
    let mut quiet = Report::new();
    let Some(number) = literal::value(&row.value, &look.standard.nouns, &mut quiet).and_then(|value| value.number)
    else {
        return;
    };
    if spec.bounds.contain(&number) || !matches!(spec.kind, Kind::Number(_)) {
        return;
    }
    let (unit, name) = (&row.unit, &input.name);
    let finding = Diagnostic::error(
        "target-out-of-bounds",
        Text::new(
            format!("{unit}的“{name}”是 {number}，规则不许"),
            format!("the target `{name}` of {unit} is {number}, which the rule forbids"),
        ),
    );
    report.push(
        finding
            .at(row.value.place)
            .why(Text::new(
                "规则写明了这个数的上下限（例如目标数 > 0），超出了就算不出来",
                "the rule declares bounds, such as a target above zero; beyond them nothing can be computed",
            ))
            .quoting(look.quote(item.clause.as_deref()))
            .next(Text::new(
                "核对责任书改这个数；确实没有任务的，用 适用 写明",
                "check it against the letter of responsibility; where there is no task, say so with 适用",
            )),
    );
}

/// Handed down to some units and not to others, without a word on whom it applies to.
fn for_every_unit(item: &Item, rows: &[&TargetRow], units: &BTreeSet<&str>, report: &mut Report) {
    if item.applies.is_some() || item.is_substitute || matches!(item.otherwise, Some(OtherwiseMade::Substitute(_))) {
        return;
    }
    let have: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    let missing: Vec<&str> = units.iter().copied().filter(|unit| !have.contains(unit)).collect();
    let (Some(first), false) = (rows.first(), missing.is_empty()) else {
        return;
    };
    let (name, list) = (&item.name, missing.join("、"));
    let finding = Diagnostic::warning(
        "target-not-for-every-unit",
        Text::new(format!("“{name}”没有给 {list} 下达目标"), format!("`{name}` has no target for {list}")),
    );
    report.push(
        finding
            .at(first.place)
            .why(Text::new(
                "别的单位有目标，这些单位没有，这一项就算不出来",
                "other units have a target and these do not, so the item cannot be scored for them",
            ))
            .next(Text::new(
                "补上目标；不考核这一项的，用 适用 写明",
                "add the targets; where the item does not apply, say so with 适用",
            )),
    );
}
