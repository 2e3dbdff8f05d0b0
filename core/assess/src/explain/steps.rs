//! The steps from the figures to the result, as they were taken for one unit.

use super::View;
use crate::prepare::columns_below;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Aggregate, Cell, ColumnSource, Domain, NodeId, Op, State};
use kaoping_rules::written::{formula::rounding, values};
use kaoping_scheme::model::{Item, OtherwiseMade};
use kaoping_terms::{Lang, Measure, Text};

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
    /// The units that decide, where the step looks at other units: who has the highest.
    pub decided_by: Vec<Decider>,
}

/// A unit that decides an aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    /// Name of the unit.
    pub unit: String,
    /// Its figures that the aggregate looks at, each with its paper.
    pub figures: Vec<Text>,
}

impl Decider {
    /// `甲县：参保数 200 人 凭据 台账1`.
    pub fn words(&self, lang: Lang) -> String {
        let figures: Vec<&str> = self.figures.iter().map(|figure| figure.get(lang)).collect();
        match (figures.as_slice(), lang) {
            ([], _) => self.unit.clone(),
            (figures, Lang::Zh) => format!("{}：{}", self.unit, figures.join("，")),
            (figures, Lang::En) => format!("{}: {}", self.unit, figures.join(", ")),
        }
    }
}

/// How many units that decide are named.
const MOST_DECIDERS: usize = 5;

/// From more figures than these one that decides is not understood; then only the unit is named.
const MOST_FIGURES: usize = 4;

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
            // A sentence, not a keyword: half up.
            formula: format!("{} {}", to, rounding(*mode, view.lang).replace('_', " ")),
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
pub(super) fn deciders(view: &View<'_>, node: NodeId) -> Vec<Decider> {
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
        .take(MOST_DECIDERS)
        .map(|unit| Decider { unit: view.given().units.name(unit).to_string(), figures: figures(view, *x, unit) })
        .collect()
}

/// The figures of a unit that a value rests on, reported or handed down, where they are few.
fn figures(view: &View<'_>, x: NodeId, unit: u32) -> Vec<Text> {
    let program = &view.given().standard.program;
    let mut names: Vec<&str> = Vec::new();
    let mut figures = Vec::new();
    for id in columns_below(program, &[x]) {
        let Some(spec) = program.columns.get(id.0 as usize) else { continue };
        let (name, before, found) = match &spec.source {
            ColumnSource::Fact { field, years_back, .. } => {
                let before = if *years_back > 0 { ("去年同期", "last year's ") } else { ("", "") };
                let reported = view.prepared.reported(id, unit).and_then(|found| Some((found.value?, found.evidence)));
                (field, before, reported.map(|(value, paper)| (value, paper_of(&paper))))
            }
            // A target that was reported goes before the one handed down.
            ColumnSource::Target { field, .. } if !names.contains(&field.as_str()) => {
                let value = view.prepared.column(id).and_then(|column| column.cell(unit as usize).value);
                (field, ("", ""), value.map(|value| (value, Text::new(" 下达", " handed down"))))
            }
            _ => continue,
        };
        if let Some((value, paper)) = found {
            let value = values::cell(program, &spec.kind, &Cell { value: Some(value), state: State::KNOWN }, view.lang);
            names.push(name);
            figures.push(Text::new(
                format!("{}{name} {value}{}", before.0, paper.zh),
                format!("{}{name} {value}{}", before.1, paper.en),
            ));
        }
    }
    if figures.len() > MOST_FIGURES { Vec::new() } else { figures }
}

fn paper_of(evidence: &str) -> Text {
    match evidence {
        "" => Text::default(),
        paper => Text::new(format!(" 凭据 {paper}"), format!(" evidence {paper}")),
    }
}
