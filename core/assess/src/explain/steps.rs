//! The steps from the figures to the result, as they were taken for one unit.

use super::{View, formula::rounding, values};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Aggregate, Domain, NodeId, Op};
use kaoping_scheme::model::{Adjustment, Item, OtherwiseMade};
use kaoping_terms::{Exact, Lang, Measure, Text};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is computed.
    pub name: String,
    /// The formula with names.
    pub formula: String,
    /// The formula with the numbers of the unit.
    pub numbers: String,
    /// The result.
    pub value: String,
    /// The unit that decides, where the step looks at other units: who has the highest.
    pub decided_by: Vec<String>,
}

/// An event that bears on the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// The event table.
    pub table: String,
    /// Its id.
    pub id: String,
    /// When it happened.
    pub date: String,
    /// Its paper.
    pub evidence: String,
    /// Points it takes or gives, with sign; none where it does not count here.
    pub points: Option<String>,
    /// Why it does not count: withdrawn, or the matter was punished elsewhere.
    pub remark: String,
}

/// The nodes the score of the unit really went through: of a choice between branches only the
/// branch taken.
pub(super) fn used(view: &View<'_>, model: &Item) -> BTreeSet<NodeId> {
    let program = &view.given().standard.program;
    let mut used = BTreeSet::new();
    let mut waiting: Vec<NodeId> = model.score.into_iter().collect();
    while let Some(id) = waiting.pop() {
        if !used.insert(id) {
            continue;
        }
        let Some(node) = program.node(id) else {
            continue;
        };
        match &node.op {
            Op::Select { when, then, otherwise } => {
                waiting.push(*when);
                match view.cell(*when).and_then(|cell| cell.value) {
                    Some(value) => waiting.push(if value.is_zero() { *otherwise } else { *then }),
                    None => waiting.extend([*then, *otherwise]),
                }
            }
            op => waiting.extend(op.arguments()),
        }
    }
    used
}

/// The steps in order: named values, then the points, deductions, clamps and rounding.
pub(super) fn steps(view: &View<'_>, model: &Item, used: &BTreeSet<NodeId>) -> Vec<Step> {
    let program = &view.given().standard.program;
    let mut steps = Vec::new();
    for (name, node) in &model.values {
        let constant = matches!(program.node(*node).map(|node| &node.op), Some(Op::Const(_)));
        // A value for each period has nothing to show where no period was reported.
        if used.contains(node) && !constant && !view.show(*node).is_empty() {
            steps.push(step(view, name.clone(), *node));
        }
    }
    let say = |zh: &str, en: &str| String::from(if view.lang == Lang::Zh { zh } else { en });
    if let Some(base) = model.base
        && model.sub_scheme.is_none()
    {
        let plain = matches!(program.node(base).map(|node| &node.op), Some(Op::Const(_)));
        if !plain || !model.adjustments.is_empty() {
            steps.push(step(view, say("得", "points"), base));
        }
    }
    for adjustment in &model.adjustments {
        let sign = if adjustment.adds { say("加", "added") } else { say("扣", "deducted") };
        let mut line = step(view, sign, adjustment.sum);
        line.formula = words(view, adjustment.sum);
        steps.push(line);
    }
    if let (Some(unrounded), Some(base)) = (model.unrounded, model.base)
        && unrounded != base
        && model.sub_scheme.is_none()
    {
        steps.push(step(view, say("合计", "sum"), unrounded));
    }
    if let (Some((to, mode)), Some(unrounded), Some(score)) = (&model.rounding, model.unrounded, model.score) {
        let to = values::number(to, &Measure::points());
        steps.push(Step {
            name: say("取整", "rounding"),
            formula: format!("{} {}", to, rounding(*mode)),
            numbers: view.show(unrounded),
            value: view.show(score),
            decided_by: Vec::new(),
        });
    }
    steps
}

/// The steps of a unit the item does not apply to: why not, and what it gets all the same.
pub(super) fn where_it_does_not_apply(view: &View<'_>, model: &Item) -> Vec<Step> {
    let say = |zh: &str, en: &str| String::from(if view.lang == Lang::Zh { zh } else { en });
    let condition = model.applies.map(|when| step(view, say("适用", "applies"), when));
    let formula = match &model.otherwise {
        Some(OtherwiseMade::Full) => say("满分", "full_mark"),
        Some(OtherwiseMade::Zero) => say("零分", "zero_points"),
        Some(OtherwiseMade::Scale) => say("折算", "scaled_up"),
        Some(OtherwiseMade::Reduce) => say("减满分", "less_full_mark"),
        Some(OtherwiseMade::Substitute(_)) | None => String::new(),
    };
    let otherwise = Step {
        name: say("不适用时", "if_not_applicable"),
        formula,
        numbers: String::new(),
        value: model.score.map(|node| view.show(node)).unwrap_or_default(),
        decided_by: Vec::new(),
    };
    condition.into_iter().chain([otherwise]).collect()
}

fn words(view: &View<'_>, node: NodeId) -> String {
    view.in_words().of(node)
}

/// A step with its formula in names and in numbers.
pub(super) fn step(view: &View<'_>, name: String, node: NodeId) -> Step {
    step_named(view, name, node, &BTreeMap::new())
}

/// As [`step`], with names for some nodes that go before their own.
pub(super) fn step_named(view: &View<'_>, name: String, node: NodeId, names: &BTreeMap<NodeId, String>) -> Step {
    // Where the result is not known, a formula full of gaps says less than the figures above it.
    let known = view.cell(node).is_some_and(|cell| cell.value.is_some());
    let numbers = if known { view.in_numbers().with_names(names.clone()).of(node) } else { String::new() };
    let formula = view.in_words().with_names(names.clone()).of(node);
    Step { name, formula, numbers, value: view.show(node), decided_by: deciders(view, node) }
}

/// Who has the highest (or lowest) value an aggregate over units found.
fn deciders(view: &View<'_>, node: NodeId) -> Vec<String> {
    let program = &view.given().standard.program;
    let Some(Op::Aggregate { function: Aggregate::Highest | Aggregate::Lowest, over, x: Some(x), .. }) =
        program.node(node).map(|node| &node.op)
    else {
        return Vec::new();
    };
    if !matches!(over, Domain::Peers | Domain::All) {
        return Vec::new();
    }
    let Some(found) = view.cell(node).and_then(|cell| cell.value) else {
        return Vec::new();
    };
    let groups = view.prepared.groups();
    let own = groups.of.get(view.unit as usize);
    let all = *over == Domain::All;
    let Ok(mut machine) = view.prepared.machine(kaoping_program::Keep::Outputs, &[*x]) else {
        return Vec::new();
    };
    if machine.require(&[*x]).is_err() {
        return Vec::new();
    }
    let Some(column) = machine.column(*x) else {
        return Vec::new();
    };
    let members = view.prepared.members();
    members
        .into_iter()
        .filter(|unit| all || groups.of.get(*unit as usize) == own)
        .filter(|unit| column.cell(*unit as usize).value.as_ref() == Some(&found))
        .take(5)
        .map(|unit| view.given().units.name(unit).to_string())
        .collect()
}

/// The events of the unit in the tables the item looks at.
pub(super) fn events(view: &View<'_>, model: &Item) -> Vec<EventLine> {
    let mut lines: Vec<EventLine> = Vec::new();
    for adjustment in &model.adjustments {
        let given = view.given();
        let Some(table) = given.standard.events.get(adjustment.table) else {
            continue;
        };
        let counted = counted_rows(view, adjustment.table, table.rowset, adjustment.matches);
        let sign = if adjustment.adds { "+" } else { "−" };
        for (position, event) in given.events.of(adjustment.table).iter().enumerate() {
            if event.unit != view.unit {
                continue;
            }
            let counts = counted.contains(&position);
            let known = lines.iter().position(|line| line.table == table.name && line.id == event.id);
            let points = counts.then(|| format!("{sign}{}", values::number(&adjustment.points, &Measure::points())));
            let remark = match (&event.withdrawn, counts) {
                (Some(when), _) if view.lang == Lang::Zh => format!("已撤销（{when}）"),
                (Some(when), _) => format!("withdrawn ({when})"),
                (None, true) => String::new(),
                (None, false) if event.round.is_some() && event.round != view.prepared.slice().round => {
                    let rounds = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
                    let name = event.round.and_then(|at| rounds.get(at)).map_or("", |(name, ..)| name.as_str());
                    if view.lang == Lang::Zh {
                        format!("属于“{name}”，这一轮不计")
                    } else {
                        format!("of the round `{name}`, not of this one")
                    }
                }
                (None, false) => why_not(view, model, adjustment, position, event).get(view.lang).to_string(),
            };
            match known.and_then(|at| lines.get_mut(at)) {
                Some(line) if counts => {
                    line.points = points;
                    line.remark = remark;
                }
                // A line it does fit, but for another of the same matter, says more than one it does not fit.
                Some(line) if line.points.is_none() && line.remark == unfit().get(view.lang) => line.remark = remark,
                Some(_) => {}
                None => lines.push(EventLine {
                    table: table.name.clone(),
                    id: event.id.clone(),
                    date: event.day.map(|day| day.to_string()).unwrap_or_default(),
                    evidence: event.evidence.clone(),
                    points,
                    remark,
                }),
            }
        }
    }
    lines
}

/// Why an event that was not withdrawn does not count in a line.
fn why_not(view: &View<'_>, model: &Item, line: &Adjustment, position: usize, event: &crate::events::Event) -> Text {
    let given = view.given();
    let Some(table) = given.standard.events.get(line.table) else { return Text::default() };
    if !crate::rows::in_period(&given, event.day) {
        return Text::new("不在适用期内，不计", "outside the time that is assessed");
    }
    if let crate::rows::RowList::Events(_, counting) = view.prepared.row_list(table.rowset)
        && !counting.contains(&position)
    {
        return Text::new("不在这一轮的期间，不计", "outside the time of this round");
    }
    let items = given.standard.schemes.iter().flat_map(|scheme| &scheme.items).filter(|item| item.name != model.name);
    let elsewhere = items.filter(|item| {
        let lines = item.adjustments.iter().filter(|other| other.table == line.table);
        lines.into_iter().any(|other| counted_rows(view, line.table, table.rowset, other.matches).contains(&position))
    });
    let elsewhere: Vec<&str> = elsewhere.map(|item| item.name.as_str()).collect();
    if !elsewhere.is_empty() {
        let names = elsewhere.join("、");
        return Text::new(format!("计在“{names}”"), format!("counted under {names}"));
    }
    if line.matches.is_some_and(|node| same_matter(view, table.rowset, node, line.table, position)) {
        let counted = line.matches.and_then(|node| counted_instead(view, line.table, table.rowset, node, position));
        return match counted {
            Some(id) => {
                Text::new(format!("同一件事已按 {id} 计过"), format!("the same matter has counted already, as {id}"))
            }
            None => Text::new("同一件事已经计过一次", "the same matter has counted already"),
        };
    }
    unfit()
}

fn unfit() -> Text {
    Text::new("不合本项计分的条件", "does not meet the condition of this item")
}

/// The event of the same matter that counted in place of one; none where it has no name.
fn counted_instead<'a>(
    view: &View<'a>,
    table: usize,
    rowset: kaoping_program::RowsetId,
    node: NodeId,
    position: usize,
) -> Option<&'a str> {
    let given = view.given();
    let Some(Op::FirstOfMatter { key, .. }) = given.standard.program.node(node).map(|node| &node.op) else {
        return None;
    };
    let crate::rows::RowList::Events(_, positions) = view.prepared.row_list(rowset) else {
        return None;
    };
    let rows = view.machine.observed_rows(rowset);
    let keys = view.machine.observed(*key)?;
    let matter = |wanted: usize| {
        let at = rows.iter().position(|row| positions.get(*row) == Some(&wanted))?;
        keys.get(at)?.value.as_ref()
    };
    let own = matter(position)?;
    let items = given.standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let mut lines = items.flat_map(|item| &item.adjustments).filter(|line| line.table == table);
    let event = lines.find_map(|line| {
        let counted = counted_rows(view, table, rowset, line.matches);
        counted.into_iter().find(|other| *other != position && matter(*other) == Some(own))
    })?;
    given.events.of(table).get(event).map(|event| event.id.as_str()).filter(|id| !id.is_empty())
}

/// Whether a row would count but for another of the same matter.
fn same_matter(
    view: &View<'_>,
    rowset: kaoping_program::RowsetId,
    node: NodeId,
    table: usize,
    position: usize,
) -> bool {
    let program = &view.given().standard.program;
    let holds = |node: NodeId| counted_rows(view, table, rowset, Some(node)).contains(&position);
    match program.node(node).map(|node| &node.op) {
        Some(Op::FirstOfMatter { among, .. }) => holds(*among) || same_matter(view, rowset, *among, table, position),
        Some(Op::And(own, fresh)) => {
            let punished = match program.node(*fresh).map(|node| &node.op) {
                Some(Op::Not(inner)) => matches!(program.node(*inner).map(|node| &node.op), Some(Op::MatterHas { .. })),
                _ => false,
            };
            punished && holds(*own) && !holds(*fresh)
        }
        _ => false,
    }
}

/// Positions of the unit's events for which the line's condition holds.
pub(super) fn counted_rows(
    view: &View<'_>,
    table: usize,
    rowset: kaoping_program::RowsetId,
    matches: Option<NodeId>,
) -> Vec<usize> {
    let crate::rows::RowList::Events(of, positions) = view.prepared.row_list(rowset) else {
        return Vec::new();
    };
    if *of != table {
        return Vec::new();
    }
    let rows = view.machine.observed_rows(rowset);
    let position = |row: &usize| positions.get(*row).copied();
    let Some(node) = matches else {
        return rows.iter().filter_map(position).collect();
    };
    let one = Exact::one();
    let cells = view.machine.observed(node).unwrap_or(&[]);
    let single = cells.len() == 1 && rows.len() != 1;
    rows.iter()
        .enumerate()
        .filter(|(at, _)| cells.get(if single { 0 } else { *at }).and_then(|cell| cell.value.as_ref()) == Some(&one))
        .filter_map(|(_, row)| position(row))
        .collect()
}
