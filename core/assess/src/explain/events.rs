//! The events that bear on an item: those it deducts or adds points for, and those its formula
//! counts.

use super::View;
use crate::prepare;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Domain, NodeId, Op};
use kaoping_rules::written::values;
use kaoping_scheme::model::{Adjustment, Item};
use kaoping_terms::{Exact, Lang, Measure, Text};

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
    /// Why it does not count: withdrawn, or the matter was punished elsewhere. Where the formula
    /// itself counts events, what it counts them in.
    pub remark: String,
    /// Whether the formula itself counts it.
    pub counts_in_formula: bool,
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
                    other_round(view, event).get(view.lang).to_string()
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
                    counts_in_formula: false,
                }),
            }
        }
    }
    in_formula(view, model, &mut lines);
    lines
}

/// Why an event that was not withdrawn does not count in a line.
fn why_not(view: &View<'_>, model: &Item, line: &Adjustment, position: usize, event: &crate::events::Event) -> Text {
    let given = view.given();
    let Some(table) = given.standard.events.get(line.table) else { return Text::default() };
    if !crate::rows::in_period(&given, event.day) {
        return Text::new("不在适用期内，不计", "outside the time that is assessed");
    }
    if !crate::rows::by_the_day(&given, event.day) {
        return Text::new("在 --as-of 那一天以后，不计", "after the day named with --as-of");
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

/// Events that a sum or a number of them in the formula takes, with what is taken of each.
fn in_formula(view: &View<'_>, model: &Item, lines: &mut Vec<EventLine>) {
    let given = view.given();
    let program = &given.standard.program;
    let reached = prepare::reached(program, &model.base.into_iter().collect::<Vec<_>>());
    for (id, node) in (0u32..).map(NodeId).zip(&program.nodes) {
        let Op::Aggregate { over: Domain::Rows(rowset), x, filter, .. } = &node.op else { continue };
        let table = given.standard.events.iter().position(|table| table.rowset == *rowset);
        let Some(table) = table.filter(|_| reached.get(id.0 as usize) == Some(&true)) else { continue };
        let Some(name) = given.standard.events.get(table).map(|table| table.name.as_str()) else { continue };
        let counted = counted_rows(view, table, *rowset, *filter);
        let called = node.origin.name.clone().unwrap_or_else(|| view.in_words().of(id));
        for (position, event) in given.events.of(table).iter().enumerate().filter(|(_, event)| event.unit == view.unit)
        {
            let counts = counted.contains(&position);
            let remark = match counts {
                true => taken(view, *rowset, *x, position, &called),
                false => outside(view, table, *rowset, position, event).get(view.lang).to_string(),
            };
            match lines.iter_mut().find(|line| line.table == name && line.id == event.id) {
                Some(line) if counts => {
                    let apart = if line.remark.is_empty() || line.points.is_none() { "" } else { "；" };
                    line.remark = match line.points.is_some() || line.counts_in_formula {
                        true => format!("{}{apart}{remark}", line.remark),
                        false => remark,
                    };
                    line.counts_in_formula = true;
                }
                Some(_) => {}
                None => lines.push(EventLine {
                    table: name.to_string(),
                    id: event.id.clone(),
                    date: event.day.map(|day| day.to_string()).unwrap_or_default(),
                    evidence: event.evidence.clone(),
                    points: None,
                    remark,
                    counts_in_formula: counts,
                }),
            }
        }
    }
}

/// `计入 迟报天数：7 天`.
fn taken(
    view: &View<'_>,
    rowset: kaoping_program::RowsetId,
    x: Option<NodeId>,
    position: usize,
    called: &str,
) -> String {
    let program = &view.given().standard.program;
    let figure = x.and_then(|x| {
        let crate::rows::RowList::Events(_, positions) = view.prepared.row_list(rowset) else { return None };
        let rows = view.machine.observed_rows(rowset);
        let at = rows.iter().position(|row| positions.get(*row) == Some(&position))?;
        let cell = view.machine.observed(x)?.get(at)?;
        Some(values::cell(program, &program.node(x)?.kind, cell, view.lang))
    });
    let figure = figure.map(|figure| format!(" {figure}")).unwrap_or_default();
    match view.lang {
        Lang::Zh => format!("计入“{called}”{figure}"),
        Lang::En => format!("counts in {called}{figure}"),
    }
}

/// Why an event is not among those the formula counts.
fn outside(
    view: &View<'_>,
    table: usize,
    rowset: kaoping_program::RowsetId,
    position: usize,
    event: &crate::events::Event,
) -> Text {
    let given = view.given();
    if let Some(when) = &event.withdrawn {
        return Text::new(format!("已撤销（{when}）"), format!("withdrawn ({when})"));
    }
    if event.round.is_some() && event.round != view.prepared.slice().round {
        return other_round(view, event);
    }
    if !crate::rows::in_period(&given, event.day) {
        return Text::new("不在适用期内，不计", "outside the time that is assessed");
    }
    if !crate::rows::by_the_day(&given, event.day) {
        return Text::new("在 --as-of 那一天以后，不计", "after the day named with --as-of");
    }
    match view.prepared.row_list(rowset) {
        crate::rows::RowList::Events(of, counting) if *of == table && !counting.contains(&position) => {
            Text::new("不在这一轮的期间，不计", "outside the time of this round")
        }
        _ => Text::new("不合本项计分的条件", "does not meet the condition of this item"),
    }
}

/// An event of another round.
fn other_round(view: &View<'_>, event: &crate::events::Event) -> Text {
    let rounds = view.given().scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
    let name = event.round.and_then(|at| rounds.get(at)).map_or("", |(name, ..)| name.as_str());
    Text::new(format!("属于“{name}”，这一轮不计"), format!("of the round `{name}`, not of this one"))
}
