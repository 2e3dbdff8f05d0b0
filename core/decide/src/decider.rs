//! A decision made ready for many rows.

use crate::{field::Field, places};
use alloc::{string::String, vec::Vec};
use kaoping_columns::Native;
use kaoping_program::{Kind, NodeId, WordListId};
use kaoping_scheme::{Standard, model::Decision};
use kaoping_terms::{Exact, Measure};

/// A decision made ready for many rows.
#[derive(Clone, Debug)]
pub struct Decider<'s> {
    standard: &'s Standard,
    decision: &'s Decision,
    fields: Vec<Field>,
    results: Vec<ResultColumn>,
    native: Option<&'static dyn Native>,
}

/// A result of a decision, one column in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name.
    pub name: String,
    /// What it is called in files, besides its name.
    pub alias: Option<String>,
    /// What its values are.
    pub kind: ResultKind,
    /// How many digits after the point it has by the policy, in its unit; none where that depends on
    /// the figures.
    pub places: Option<u32>,
    pub(crate) node: NodeId,
}

/// What the values of a result are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultKind {
    /// The outcome: a word of a list.
    Outcome(WordListId),
    /// Another word.
    Word(WordListId),
    /// A number with its unit.
    Number(Measure),
    /// Yes or no.
    Truth,
    /// A day.
    Day,
}

impl<'s> Decider<'s> {
    /// Makes a decision of a standard ready.
    pub fn new(standard: &'s Standard, decision: &'s Decision) -> Decider<'s> {
        let fields = decision.inputs.iter().filter_map(|input| Field::new(standard, input)).collect();
        let mut results = Vec::new();
        let mut add = |(name, alias): (&String, &Option<String>), node: NodeId, outcome: bool| {
            let kind = match standard.program.node(node).map(|node| node.kind.clone()) {
                Some(Kind::Word(list)) if outcome => ResultKind::Outcome(list),
                Some(Kind::Word(list)) => ResultKind::Word(list),
                Some(Kind::Number(measure)) => ResultKind::Number(measure),
                Some(Kind::Truth) => ResultKind::Truth,
                Some(Kind::Day) => ResultKind::Day,
                Some(Kind::Text) | None => return,
            };
            results.push(ResultColumn { name: name.clone(), alias: alias.clone(), kind, places: None, node });
        };
        if let Some(amount) = decision.amount {
            add((&decision.amount_name.0, &decision.amount_name.1), amount, false);
        }
        add((&decision.outcome_name.0, &decision.outcome_name.1), decision.outcome, true);
        for result in &decision.results {
            add((&result.name, &result.alias), result.node, false);
        }
        let nodes: Vec<NodeId> = results.iter().map(|result| result.node).collect();
        for (result, places) in results.iter_mut().zip(places::of_nodes(&standard.program, &nodes)) {
            let one = result.measure().map(|measure| measure.count(&Exact::one()));
            let more = one.and_then(|one| one.decimal_places());
            result.places = places.zip(more).map(|(places, more)| places + more);
        }
        Decider { standard, decision, fields, results, native: None }
    }

    /// The same, its code made into instructions of the machine at hand, where somebody can. Results do
    /// not depend on it.
    #[must_use]
    pub fn natively(self, native: Option<&'static dyn Native>) -> Decider<'s> {
        Decider { native, ..self }
    }

    /// Who makes its code into instructions of a machine.
    pub(crate) fn native(&self) -> Option<&'static dyn Native> {
        self.native
    }

    /// The standard it belongs to.
    pub fn standard(&self) -> &'s Standard {
        self.standard
    }

    /// The decision.
    pub fn decision(&self) -> &'s Decision {
        self.decision
    }

    /// The figures it reads, in text order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The results it gives: the amount, the outcome, then those named besides.
    pub fn results(&self) -> &[ResultColumn] {
        &self.results
    }
}

impl ResultColumn {
    /// What it is called in files.
    pub fn head(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// Whether it is a number, and of which unit.
    pub fn measure(&self) -> Option<&Measure> {
        if let ResultKind::Number(measure) = &self.kind { Some(measure) } else { None }
    }
}
