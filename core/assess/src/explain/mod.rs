//! Why a figure is what it is: clause, rule, inputs with their papers, steps, rounding,
//! result, and how far it is from the next change.

pub(crate) mod condition;
mod events;
mod inputs;
pub mod margins;
mod steps;
mod total;
mod vetoes;

use crate::{Given, Prepared, prepare};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, Fault, Keep, Machine, NodeId, RowsetId};
use kaoping_rules::written::{Formula, values};
use kaoping_scheme::model::Item;
use kaoping_terms::{Lang, Text};

pub use events::EventLine;
pub use inputs::{InputLine, Origin, PartLine};
pub use margins::{Called, Effect, Margin, Margins, Untried, margins};
pub use steps::{Decider, Step};
pub use total::{ItemLine, TotalExplanation, explain_total};
pub(crate) use vetoes::of_item as vetoes_of_item;

/// Why an item gave a unit its points.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Id of the indicator.
    pub indicator: String,
    /// Name of the indicator.
    pub indicator_name: String,
    /// The points as they count, as people read them.
    pub score: String,
    /// The full points of the item, as people read them; empty where it has none.
    pub points: String,
    /// The clause it rests on.
    pub clause: Option<String>,
    /// Name of the rule.
    pub rule: Option<String>,
    /// The rule as a formula.
    pub formula: String,
    /// Choices made where the text is silent: name, word, reason.
    pub choices: Vec<(String, String, String)>,
    /// Reasons and remarks given with the item.
    pub reasons: Vec<String>,
    /// Figures it reads.
    pub inputs: Vec<InputLine>,
    /// Steps from the figures to the result.
    pub steps: Vec<Step>,
    /// Events that deducted or added points, and those that did not count.
    pub events: Vec<EventLine>,
    /// Vetoes that make it zero, struck or open.
    pub vetoes: Vec<Text>,
    /// Why it does not apply, and what the policy does then.
    pub not_applicable: Option<Text>,
    /// What is divided by though it is zero, so that there are no points.
    pub undefined: Vec<Text>,
    /// The item that stood in for it, where it does not apply.
    pub substitute: Option<String>,
    /// Explanations of the items of a nested scheme.
    pub nested: Vec<Explanation>,
}

/// A run that remembers every value of one unit.
pub(crate) struct View<'a> {
    pub(crate) prepared: &'a Prepared<'a>,
    pub(crate) machine: Machine<'a>,
    pub(crate) unit: u32,
    pub(crate) lang: Lang,
}

impl<'a> View<'a> {
    /// Evaluates nodes and remembers the values of a unit on the way.
    fn new(prepared: &'a Prepared<'a>, unit: u32, nodes: &[NodeId], lang: Lang) -> Result<Self, Fault> {
        let mut machine = prepared.machine(Keep::Unit(unit), nodes)?;
        machine.require(nodes)?;
        Ok(Self { prepared, machine, unit, lang })
    }

    pub(crate) fn given(&self) -> Given<'a> {
        self.prepared.given()
    }

    /// The value of a node for the unit; the first row for one that has rows.
    pub(crate) fn cell(&self, node: NodeId) -> Option<Cell> {
        self.machine.observed(node).and_then(|cells| cells.first().cloned())
    }

    /// The value of a node as people read it.
    pub(crate) fn show(&self, node: NodeId) -> String {
        let program = &self.given().standard.program;
        match (program.node(node), self.cell(node)) {
            (Some(found), Some(cell)) => {
                values::cell_shown(program, &found.kind, &cell, self.display().as_ref(), self.lang)
            }
            _ => String::new(),
        }
    }

    /// How the policy wants points printed that have no last digit.
    pub(crate) fn display(&self) -> values::Display {
        self.given().scheme().and_then(|scheme| scheme.display.clone())
    }

    /// Formulas with names.
    pub(crate) fn in_words(&self) -> Formula<'_> {
        Formula::in_words(&self.given().standard.program, self.lang).shown(self.display())
    }

    /// Formulas with the numbers of the unit, periods and assessors one by one.
    pub(crate) fn in_numbers(&self) -> Formula<'_> {
        let program = &self.given().standard.program;
        Formula::in_numbers(program, self.lang, |id| self.cell(id))
            .with_rows(|rowset, node| self.rows(rowset, node))
            .with_deciders(|node| steps::deciders(self, node).iter().map(|decider| decider.words(self.lang)).collect())
            .shown(self.display())
    }

    /// The values of the unit's rows, each with its period or assessor.
    fn rows(&self, rowset: RowsetId, node: NodeId) -> Vec<(String, Cell)> {
        let cells = self.machine.observed(node).unwrap_or(&[]);
        let rows = self.machine.observed_rows(rowset);
        if cells.len() != rows.len() {
            return Vec::new();
        }
        rows.into_iter().map(|row| self.prepared.row_label(rowset, row)).zip(cells.iter().cloned()).collect()
    }
}

/// Explains the points of a unit for an item.
///
/// # Errors
/// Only a defect of the program can cause one.
pub fn explain(
    given: Given<'_>,
    round: Option<usize>,
    unit: u32,
    scheme: usize,
    item: usize,
    lang: Lang,
) -> Result<Explanation, Fault> {
    let (prepared, _) = prepare(given, round);
    explain_prepared(&prepared, unit, scheme, item, lang)
}

/// As [`explain`], for a run that is already prepared.
pub(crate) fn explain_prepared(
    prepared: &Prepared<'_>,
    unit: u32,
    scheme: usize,
    item: usize,
    lang: Lang,
) -> Result<Explanation, Fault> {
    let given = prepared.given();
    let Some(model) = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item)) else {
        return Ok(Explanation::default());
    };
    let mut nodes: Vec<NodeId> = model
        .score
        .iter()
        .chain(&model.unrounded)
        .chain(&model.base)
        .chain(&model.applies)
        .chain(&model.counts)
        .copied()
        .collect();
    nodes.extend(model.values.iter().map(|(_, node)| *node));
    nodes.extend(model.inputs.iter().flat_map(|input| [input.given, input.node]));
    nodes.extend(model.adjustments.iter().map(|adjustment| adjustment.sum));
    // An event that does not count here may count in another item.
    let all = given.standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let tables: Vec<usize> = model.adjustments.iter().map(|adjustment| adjustment.table).collect();
    let adjustments = all.flat_map(|item| &item.adjustments).filter(|other| tables.contains(&other.table));
    nodes.extend(adjustments.filter_map(|adjustment| adjustment.matches));
    nodes.extend(vetoes::of_item(given, scheme, item).map(|veto| veto.when));
    let view = View::new(prepared, unit, &nodes, lang)?;
    // Where the item does not apply, what stands in for it is explained.
    let applies = model.applies.and_then(|node| view.cell(node)).and_then(|cell| cell.value);
    let apart = applies.is_some_and(|applies| applies.is_zero());
    if apart
        && let Some(kaoping_scheme::model::OtherwiseMade::Substitute(name)) = &model.otherwise
        && let Some(other) = position(given, scheme, name)
    {
        let mut explanation = explain_prepared(prepared, unit, scheme, other, lang)?;
        explanation.substitute = Some(explanation.indicator_name.clone());
        explanation.indicator = model.id.clone();
        explanation.indicator_name = model.name.clone();
        explanation.points = points(model);
        return Ok(explanation);
    }
    let mut nested = Vec::new();
    if let Some(index) = model.sub_scheme.filter(|_| !apart) {
        let count = given.standard.schemes.get(index).map_or(0, |scheme| scheme.items.len());
        for inner in 0..count {
            nested.push(explain_prepared(prepared, unit, index, inner, lang)?);
        }
    }
    let mut explanation = item_explanation(&view, model);
    if let Some(score) = model.score.filter(|score| view.cell(*score).is_some_and(|cell| cell.state.is_undefined())) {
        explanation.undefined = divisors(prepared, score, unit)?;
    }
    explanation.nested = nested;
    explanation.vetoes = vetoes::of_item(given, scheme, item).filter_map(|veto| vetoes::line(&view, veto)).collect();
    if apart {
        explanation.not_applicable = Some(not_applicable(&view, model));
        explanation.steps = steps::where_it_does_not_apply(&view, model);
        explanation.events.clear();
    }
    Ok(explanation)
}

/// The divisors that are zero behind a value of a unit; those of other units with their names.
fn divisors(prepared: &Prepared<'_>, node: NodeId, unit: u32) -> Result<Vec<Text>, Fault> {
    let units = prepared.given().units;
    let told = |zero: crate::Undefined| match zero.unit.filter(|of| *of != unit).map(|of| units.name(of)) {
        Some(of) => {
            Text::new(alloc::format!("{of} {}", zero.divisor.zh), alloc::format!("{} of {of}", zero.divisor.en))
        }
        None => zero.divisor,
    };
    Ok(crate::undefined::divisors(prepared, node, &[unit])?.into_iter().map(told).collect())
}

/// A veto that strikes a unit, with its condition, its events and its clause.
pub(crate) fn veto_line(
    prepared: &Prepared<'_>,
    unit: u32,
    veto: &kaoping_scheme::model::Veto,
    lang: Lang,
) -> Option<Text> {
    let view = View::new(prepared, unit, &[veto.when], lang).ok()?;
    vetoes::line(&view, veto)
}

fn position(given: Given<'_>, scheme: usize, name: &str) -> Option<usize> {
    let items = &given.standard.schemes.get(scheme)?.items;
    items.iter().position(|item| item.name == name || item.alias.as_deref() == Some(name))
}

fn points(model: &Item) -> String {
    match (&model.points, &model.unreadable) {
        (Some(points), _) => values::number(points, &kaoping_terms::Measure::points()),
        (None, Some(characters)) => alloc::format!("“{characters}”"),
        (None, None) => String::new(),
    }
}

/// `单位.试点 = 否；折算：本块其余各项按比例放大`.
fn not_applicable(view: &View<'_>, model: &Item) -> Text {
    use kaoping_scheme::model::OtherwiseMade;
    let condition = model.applies.map(|node| view.in_words().of(node)).unwrap_or_default();
    let (zh, en) = match &model.otherwise {
        Some(OtherwiseMade::Full) => ("满分：按满分计", "full points are given"),
        Some(OtherwiseMade::Zero) => ("零分：按零分计", "no points are given"),
        Some(OtherwiseMade::Scale) => {
            ("折算：本块其余各项放大，补上这一项的分值", "the rest of the block is scaled up to its points")
        }
        Some(OtherwiseMade::Reduce) => ("减满分：这一项的分值不计入满分", "its points are left out of the full mark"),
        Some(OtherwiseMade::Substitute(_)) | None => ("不计分", "it is not scored"),
    };
    Text::new(
        alloc::format!("适用条件“{condition}”不成立；{zh}"),
        alloc::format!("it applies when {condition}, which does not hold; {en}"),
    )
}

fn item_explanation(view: &View<'_>, model: &Item) -> Explanation {
    let given = view.given();
    let used = steps::used(view, model);
    let words = view.in_words();
    let choices = given
        .standard
        .choices
        .iter()
        .filter(|choice| choice.item.as_deref() == Some(model.name.as_str()) && !choice.name.is_empty());
    let reasons = given
        .standard
        .choices
        .iter()
        .filter(|choice| choice.item.as_deref() == Some(model.name.as_str()) && choice.name.is_empty());
    Explanation {
        unit: given.units.id(view.unit).to_string(),
        unit_name: given.units.name(view.unit).to_string(),
        indicator: model.id.clone(),
        indicator_name: model.name.clone(),
        score: model.score.map(|node| view.show(node)).unwrap_or_default(),
        points: points(model),
        clause: model.clause.clone(),
        rule: model.rule.clone(),
        formula: model.base.map(|node| words.of(node)).unwrap_or_default(),
        choices: choices.map(|choice| (choice.name.clone(), choice.chosen.clone(), choice.reason.clone())).collect(),
        reasons: reasons.map(|choice| choice.reason.clone()).collect(),
        inputs: inputs::lines(view, model),
        steps: steps::steps(view, model, &used),
        events: events::events(view, model),
        vetoes: Vec::new(),
        not_applicable: None,
        undefined: Vec::new(),
        substitute: None,
        nested: Vec::new(),
    }
}
