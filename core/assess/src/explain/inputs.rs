//! The figures an item reads, each with where it comes from.

use super::View;
use crate::{Part, prepare::columns_below};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, ColumnSource, Op, State};
use kaoping_rules::written::{formula, values};
use kaoping_scheme::model::{Input, Item};
use kaoping_terms::Text;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Reported.
    Reported,
    /// The sum of what several units brought that count together.
    Merged,
    /// Handed down to the unit.
    HandedDown,
    /// From the table of the standard.
    Table,
    /// Not reported; the default the policy declares.
    Default,
    /// Not reported.
    Missing,
}

/// A figure an item reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputLine {
    /// Its name.
    pub name: String,
    /// Its value as people read it; several rows stand one after the other.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The papers that show it, without repetition.
    pub evidence: Vec<String>,
    /// The period it is for.
    pub period: String,
    /// What each of the units brought, where several count together.
    pub parts: Vec<PartLine>,
    /// Whether it counts; no where the item does not apply to the unit.
    pub counts: bool,
}

/// What one of several units that count together brought to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartLine {
    /// Name of the unit.
    pub unit: String,
    /// Its own figure as people read it, or that it has not reported.
    pub value: String,
    /// The paper that shows it; empty for none.
    pub evidence: String,
}

/// One line for each figure.
pub(super) fn lines(view: &View<'_>, model: &Item) -> Vec<InputLine> {
    let mut lines: Vec<InputLine> = model.inputs.iter().map(|input| line(view, model, input)).collect();
    lines.extend(attributes(view, model));
    lines
}

/// Attributes of the unit that the points wait for: the list of units does not give them.
fn attributes(view: &View<'_>, model: &Item) -> Vec<InputLine> {
    let waits = |node| view.cell(node).is_some_and(|cell| cell.value.is_none() && cell.state.is_missing());
    let Some(score) = model.score.filter(|score| waits(*score)) else { return Vec::new() };
    let program = &view.given().standard.program;
    let roots: Vec<_> = core::iter::once(score).chain(model.applies).collect();
    let missing = |id: kaoping_program::ColumnId| {
        let ColumnSource::Attribute { name } = &program.columns.get(id.0 as usize)?.source else { return None };
        let cell = view.prepared.column(id)?.cell(view.unit as usize);
        let state = Cell { value: None, state: State::MISSING };
        let kind = &program.columns.get(id.0 as usize)?.kind;
        cell.value.is_none().then(|| InputLine {
            name: formula::attribute(name, view.lang),
            value: values::cell(program, kind, &state, view.lang),
            origin: Origin::Missing,
            evidence: Vec::new(),
            period: String::new(),
            parts: Vec::new(),
            counts: true,
        })
    };
    columns_below(program, &roots).into_iter().filter_map(missing).collect()
}

/// Whether the figures of the item count for the unit, as far as that is known.
fn counts(view: &View<'_>, model: &Item) -> bool {
    let counts = model.counts.and_then(|node| view.cell(node)).and_then(|cell| cell.value);
    counts.is_none_or(|counts| !counts.is_zero())
}

fn line(view: &View<'_>, model: &Item, input: &Input) -> InputLine {
    if input.rows.is_some() {
        return rows(view, model, input);
    }
    let reported = view.prepared.reported(input.column, view.unit);
    let mut line = InputLine {
        name: input.name.clone(),
        value: view.show(input.given),
        origin: Origin::Missing,
        evidence: Vec::new(),
        period: String::new(),
        parts: parts(view, input),
        counts: counts(view, model),
    };
    if !line.parts.is_empty() {
        let known = view.cell(input.node).is_some_and(|cell| cell.value.is_some());
        line.origin = if known { Origin::Merged } else { Origin::Missing };
        line.period = reported.and_then(|reported| reported.period).map(|it| it.to_string()).unwrap_or_default();
        return line;
    }
    match reported.filter(|reported| reported.value.is_some()) {
        Some(reported) => {
            line.origin = Origin::Reported;
            line.period = reported.period.map(|period| period.to_string()).unwrap_or_default();
            if !reported.evidence.is_empty() {
                line.evidence.push(reported.evidence);
            }
        }
        None => line.origin = stand_in(view, input),
    }
    line
}

/// What each of the units brought whose figures are added: reported, or handed down to them.
fn parts(view: &View<'_>, input: &Input) -> Vec<PartLine> {
    let given = view.given();
    let program = &given.standard.program;
    let Some(kind) = program.node(input.node).map(|node| &node.kind) else {
        return Vec::new();
    };
    let line = |part: Part| {
        let cell = match part.value {
            Some(value) => Cell { value: Some(value), state: State::KNOWN },
            None => Cell { value: None, state: State::MISSING },
        };
        let mut value = values::cell(program, kind, &cell, view.lang);
        if part.stands_in {
            value.push_str(Text::new("（未报，用方案写的数）", " (not reported; as the policy writes)").get(view.lang));
        }
        PartLine { unit: given.units.name(part.unit).to_string(), value, evidence: part.evidence }
    };
    view.prepared.parts_of_input(input, view.unit).into_iter().map(line).collect()
}

/// What stands in for a figure that was not reported.
fn stand_in(view: &View<'_>, input: &Input) -> Origin {
    let program = &view.given().standard.program;
    if view.cell(input.given).is_none_or(|cell| cell.value.is_none()) {
        return Origin::Missing;
    }
    let mut node = input.given;
    let mut last = Origin::Missing;
    while let Some(Op::IfMissing(first, second)) = program.node(node).map(|node| &node.op) {
        let second_known = view.cell(*second).is_some_and(|cell| cell.value.is_some());
        let first_known = view.cell(*first).is_some_and(|cell| cell.value.is_some());
        if !first_known && second_known {
            last = match program.node(*second).map(|node| &node.op) {
                Some(Op::Column(_)) => Origin::HandedDown,
                Some(Op::Const(value)) if input.bound.as_ref() == Some(value) => Origin::Table,
                _ => Origin::Default,
            };
            break;
        }
        node = *first;
    }
    last
}

/// The declared default, as people read it.
fn default_of(view: &View<'_>, input: &Input) -> Option<String> {
    let program = &view.given().standard.program;
    let mut node = input.node;
    while let Some(Op::IfMissing(first, second)) = program.node(node).map(|node| &node.op) {
        let stands_in = program.node(*second)?;
        if let Op::Const(value) = &stands_in.op {
            let cell = Cell { state: State::KNOWN, value: Some(value.clone()) };
            return Some(values::cell(program, &stands_in.kind, &cell, view.lang));
        }
        node = *first;
    }
    None
}

/// A figure with several rows: periods or assessors.
fn rows(view: &View<'_>, model: &Item, input: &Input) -> InputLine {
    let program = &view.given().standard.program;
    let kind = program.node(input.given).map(|node| node.kind.clone());
    let cells = view.machine.observed(input.given).unwrap_or(&[]);
    let shown: Vec<String> =
        cells.iter().filter_map(|cell| Some(values::cell(program, kind.as_ref()?, cell, view.lang))).collect();
    let mut evidence: Vec<String> = Vec::new();
    if let Some(rowset) = input.rows {
        for row in view.machine.observed_rows(rowset) {
            if let Some(reported) = view.prepared.reported_row(input.column, row)
                && !reported.evidence.is_empty()
                && !evidence.contains(&reported.evidence)
            {
                evidence.push(reported.evidence);
            }
        }
    }
    let known = cells.iter().any(|cell| cell.value.is_some());
    let mut line = InputLine {
        name: input.name.clone(),
        value: shown.join(Text::new("、", ", ").get(view.lang)),
        origin: Origin::Missing,
        evidence,
        period: String::new(),
        parts: Vec::new(),
        counts: counts(view, model),
    };
    let reported = input.rows.is_some_and(|rowset| {
        view.machine
            .observed_rows(rowset)
            .into_iter()
            .any(|row| view.prepared.reported_row(input.column, row).is_some_and(|reported| reported.value.is_some()))
    });
    if known && reported {
        line.origin = Origin::Reported;
    } else if let Some(default) = default_of(view, input) {
        // Nothing was reported: the declared default stands for every period.
        line.origin = Origin::Default;
        if cells.is_empty() {
            line.value = default;
        }
    } else if known {
        line.origin = Origin::Reported;
    }
    line
}
