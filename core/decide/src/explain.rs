//! Why a row was decided so: every line of the account, in the order it was worked out.

use crate::{decider::Decider, rows::Rows};
use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, Column, Fault, Frame, Keep, Machine, NodeId, Op};
use kaoping_rules::written::{Formula, values};
use kaoping_scheme::model::OutcomeCase;
use kaoping_terms::Lang;

/// Why a row was decided so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The figures of the row that were used, by name, as people read them.
    pub figures: Vec<(String, String)>,
    /// Figures that were needed and are not there.
    pub owed: Vec<String>,
    /// What was worked out from them, in order.
    pub steps: Vec<Step>,
    /// The cases that were asked before the one that holds.
    pub passed: Vec<Asked>,
    /// The case that holds; none where a figure it rests on is not there.
    pub taken: Option<Asked>,
    /// Whether the result waits for figures, though its case may be known.
    pub waits: bool,
    /// What the policy has the applicant told, with the values in their places.
    pub said: Option<String>,
    /// The results by name, the amount first.
    pub results: Vec<(String, String)>,
}

/// One line of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is worked out.
    pub name: String,
    /// How, with names.
    pub formula: String,
    /// The same with the numbers of the row.
    pub numbers: String,
    /// The result.
    pub value: String,
    /// Of several branches, the condition of the one that was taken, with names and with numbers.
    pub branch: Option<(String, String)>,
    /// The clause it rests on.
    pub clause: Option<String>,
}

/// A case that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its outcome.
    pub outcome: String,
    /// Its condition with names; empty for what holds otherwise.
    pub condition: String,
    /// The same with the numbers of the row.
    pub numbers: String,
    /// The clause it rests on.
    pub clause: Option<String>,
}

impl Decider<'_> {
    /// Explains a row.
    ///
    /// # Errors
    /// A program that breaks the rules of its representation; never on account of a figure.
    pub fn explain(&self, rows: &Rows, row: u32, lang: Lang) -> Result<Explanation, Fault> {
        let program = &self.standard().program;
        let frame = Frame::flat(1);
        let mut machine = Machine::new(program, &frame, Keep::Everything);
        for (field, column) in self.fields().iter().zip(rows.columns()).filter(|(field, _)| !field.is_text()) {
            machine.supply(field.column, Column::from_reported([column.figure(row)].into()))?;
        }
        let decision = self.decision();
        let mut wanted: Vec<NodeId> = self.results().iter().map(|result| result.node).collect();
        wanted.extend(decision.cases.iter().flat_map(|case| case.when.into_iter().chain(case.amount)));
        wanted.extend(decision.values.iter().map(|(_, node)| *node));
        machine.require(&wanted)?;
        let account = Account { decider: self, machine, lang };
        Ok(account.written())
    }
}

/// A row that was worked out, being written down.
struct Account<'a> {
    decider: &'a Decider<'a>,
    machine: Machine<'a>,
    lang: Lang,
}

impl Account<'_> {
    fn cell(&self, node: NodeId) -> Option<Cell> {
        self.machine.column(node).map(|column| column.cell(0))
    }

    fn shown(&self, node: NodeId) -> String {
        let program = &self.decider.standard().program;
        let kind = program.node(node).map(|found| &found.kind);
        let cell = self.cell(node);
        kind.zip(cell).map(|(kind, cell)| values::cell(program, kind, &cell, self.lang)).unwrap_or_default()
    }

    fn words(&self, node: NodeId) -> String {
        Formula::in_words(&self.decider.standard().program, self.lang).of(node)
    }

    fn numbers(&self, node: NodeId) -> String {
        Formula::in_numbers(&self.decider.standard().program, self.lang, |id| self.cell(id)).of(node)
    }

    fn clause(&self, node: Option<NodeId>) -> Option<String> {
        let own = node.and_then(|node| self.decider.standard().program.node(node)?.origin.clause.clone());
        own.or_else(|| self.decider.decision().clause.clone())
    }

    /// Of a choice between branches the branch that was taken, and the last condition that held.
    fn taken(&self, mut node: NodeId) -> (NodeId, Option<NodeId>) {
        let mut held = None;
        while let Some(Op::Select { when, then, otherwise }) =
            self.decider.standard().program.node(node).map(|node| &node.op)
        {
            let Some(holds) = self.cell(*when).and_then(|cell| cell.value) else { break };
            if !holds.is_zero() {
                held = Some(*when);
            }
            node = if holds.is_zero() { *otherwise } else { *then };
        }
        (node, held)
    }

    /// The nodes the row really went through.
    fn used(&self, from: Vec<NodeId>) -> BTreeSet<NodeId> {
        let program = &self.decider.standard().program;
        let (mut used, mut waiting) = (BTreeSet::new(), from);
        while let Some(id) = waiting.pop() {
            if !used.insert(id) {
                continue;
            }
            match program.node(id).map(|node| &node.op) {
                Some(Op::Select { when, then, otherwise }) => {
                    waiting.push(*when);
                    match self.cell(*when).and_then(|cell| cell.value) {
                        Some(holds) => waiting.push(if holds.is_zero() { *otherwise } else { *then }),
                        None => waiting.extend([*then, *otherwise]),
                    }
                }
                Some(op) => waiting.extend(op.arguments()),
                None => {}
            }
        }
        used
    }

    fn written(&self) -> Explanation {
        let (decider, decision) = (self.decider, self.decider.decision());
        let mut written = Explanation::default();
        let mut from: Vec<NodeId> = decision.results.iter().map(|result| result.node).collect();
        for case in &decision.cases {
            from.extend(case.when);
            let holds = case
                .when
                .map_or(Some(true), |when| self.cell(when).and_then(|cell| cell.value).map(|value| !value.is_zero()));
            match holds {
                Some(false) => written.passed.push(self.asked(case)),
                Some(true) => {
                    from.extend(case.amount);
                    written.said = case.say.as_deref().map(|text| self.filled(text));
                    written.taken = Some(self.asked(case));
                    break;
                }
                // Which case holds is open from here on.
                None => break,
            }
        }
        let owes = |node: NodeId| self.cell(node).is_some_and(|cell| cell.state.is_missing());
        written.waits = written.taken.is_none() || decision.amount.is_some_and(owes);
        let used = self.used(from);
        for input in decision.inputs.iter().filter(|input| used.contains(&input.node) || used.contains(&input.given)) {
            let missing = self.cell(input.node).is_some_and(|cell| cell.state.is_missing());
            if missing {
                written.owed.push(input.name.clone());
            }
            written.figures.push((input.name.clone(), self.shown(input.node)));
        }
        let constant = |node: NodeId| {
            matches!(decider.standard().program.node(node).map(|node| &node.op), Some(Op::Const(_) | Op::Column(_)))
        };
        for (name, node) in &decision.values {
            if used.contains(node) && !constant(*node) && !decision.inputs.iter().any(|input| input.node == *node) {
                written.steps.push(self.step(name.clone(), *node));
            }
        }
        let case = decision.cases.get(written.passed.len()).filter(|_| written.taken.is_some());
        if let Some(amount) = case.and_then(|case| case.amount)
            && !constant(amount)
        {
            written.steps.push(self.step(decision.amount_name.0.clone(), amount));
        }
        let results = decider.results().iter().map(|result| (result.name.clone(), self.shown(result.node)));
        written.results = results.collect();
        written
    }

    fn step(&self, name: String, node: NodeId) -> Step {
        let (taken, held) = self.taken(node);
        let branch = held.map(|when| (self.words(when), self.numbers(when)));
        let known = self.cell(node).is_some_and(|cell| cell.value.is_some());
        let numbers = if known { self.numbers(taken) } else { String::new() };
        let (formula, value) = (self.words(taken), self.shown(node));
        Step { name, formula, numbers, value, branch, clause: self.clause(Some(node)) }
    }

    fn asked(&self, case: &OutcomeCase) -> Asked {
        Asked {
            outcome: case.word.clone(),
            condition: case.when.map(|when| self.words(when)).unwrap_or_default(),
            numbers: case.when.map(|when| self.numbers(when)).unwrap_or_default(),
            clause: self.clause(case.when),
        }
    }

    /// A text of the policy with its names in braces replaced by their values.
    fn filled(&self, text: &str) -> String {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(&self.named(name.trim()).unwrap_or_else(|| name.to_string()));
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }

    fn named(&self, name: &str) -> Option<String> {
        let decision = self.decider.decision();
        let value = decision.values.iter().find(|(other, _)| other == name).map(|(_, node)| *node);
        let input = || decision.inputs.iter().find(|input| input.name == name).map(|input| input.node);
        let result = || self.decider.results().iter().find(|result| result.name == name).map(|result| result.node);
        let node = value.or_else(input).or_else(result);
        if let Some(node) = node {
            return Some(self.shown(node));
        }
        let (_, value, measure) = decision.parameters.iter().find(|(other, ..)| other == name)?;
        Some(values::number(value, measure))
    }
}
