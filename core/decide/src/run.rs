//! Deciding a block of rows.

use crate::{answer::Answer, decider::Decider, rows::Rows};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_columns::{Figures, Known, Members, Plan, Width};
use kaoping_program::{Column, Fault, Frame, Keep, Machine, NodeId, Numerators, Op, Workers};
use kaoping_terms::Exact;

/// What one block leaves for the next: the code that was made.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    made: Option<Made>,
    /// Room of results nobody needs any more.
    used: Vec<Numerators>,
}

/// Rows a plan is made for, if more of them turn out to be like the first.
const FIRST: usize = 8_192;

/// Results that are kept for their room.
const MOST_USED: usize = 64;

impl Scratch {
    /// Answers nobody needs any more: the next ones take their room.
    pub fn take_back(&mut self, answers: Vec<Answer>) {
        self.used.extend(answers.into_iter().map(|answer| answer.numerators));
        self.used.truncate(MOST_USED);
    }

    /// Results the code at hand does not give, so that the machine does.
    pub fn without(&self) -> &[NodeId] {
        self.made.as_ref().map_or(&[], |made| &made.without)
    }

    /// How many instructions the code at hand has.
    pub fn instructions(&self) -> usize {
        self.made.as_ref().map_or(0, |made| made.plan.instructions())
    }
}

/// Code and the figures it is made for.
#[derive(Clone, Debug)]
struct Made {
    /// For each field the denominator and how wide its numerators are.
    fields: Vec<(i64, Width)>,
    plan: Plan,
    /// Results for which there is no code.
    without: Vec<NodeId>,
}

impl Made {
    /// Whether it is made for columns like these; what lies in them is looked at as it runs.
    fn is_for(&self, figures: &[Figures<'_>]) -> bool {
        let like = |((denominator, width), figures): (&(i64, Width), &Figures<'_>)| {
            *denominator == figures.denominator && *width == Width::of(figures.numerators)
        };
        self.fields.len() == figures.len() && self.fields.iter().zip(figures).all(like)
    }
}

impl Decider<'_> {
    /// Decides every row: one answer for each result, in order.
    ///
    /// # Errors
    /// A program that breaks the rules of its representation; never on account of a figure.
    pub fn decide(&self, rows: &mut Rows, scratch: &mut Scratch, workers: Workers) -> Result<Vec<Answer>, Fault> {
        let nodes: Vec<NodeId> = self.results().iter().map(|result| result.node).collect();
        let odd = rows.odd();
        let some_known = rows.fill();
        if !some_known || rows.is_empty() {
            return self.by_machine(rows, &nodes, None);
        }
        let mut results = self.ran(rows, scratch, workers);
        let Some(made) = &scratch.made else { return self.by_machine(rows, &nodes, None) };
        let mut answers: BTreeMap<NodeId, Answer> = BTreeMap::new();
        let mut odd: BTreeSet<u32> = odd.into_iter().collect();
        for output in made.plan.outputs() {
            if let Some(Numerators::Short(gone)) = output.gone.and_then(|gone| results.get(gone)) {
                odd.extend((0u32..).zip(gone).filter(|(_, gone)| **gone != 0).map(|(row, _)| row));
            }
            let Some(result) = results.get_mut(output.at) else { continue };
            let numerators = core::mem::replace(result, Numerators::Long(Vec::new()));
            let answer = Answer { numerators, denominator: output.denominator, odd: BTreeMap::new() };
            answers.insert(output.node, answer);
        }
        let odd: Vec<u32> = odd.into_iter().collect();
        if !made.without.is_empty() {
            let others = self.by_machine(rows, &made.without, None)?;
            answers.extend(made.without.iter().copied().zip(others));
        }
        let planned: Vec<NodeId> = made.plan.outputs().iter().map(|output| output.node).collect();
        if !odd.is_empty() && !planned.is_empty() {
            for (node, answer) in planned.iter().zip(self.by_machine(rows, &planned, Some(&odd))?) {
                let cells = (0u32..).zip(&odd).map(|(at, row)| (*row, answer.cell(at)));
                answers.get_mut(node).into_iter().for_each(|answer| answer.odd = cells.clone().collect());
            }
        }
        let mut given = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            let again = nodes.iter().skip(at + 1).any(|later| later == node);
            given.extend(if again { answers.get(node).cloned() } else { answers.remove(node) });
        }
        Ok(given)
    }

    /// What the code at hand gives: that of the block before, or code made for figures as the first
    /// ones. Where others lie beyond what it was made for, it is made anew for all.
    fn ran(&self, rows: &Rows, scratch: &mut Scratch, workers: Workers) -> Vec<Numerators> {
        let (count, used) = (rows.len(), &mut scratch.used);
        let any = figures(rows, 0);
        let made = match scratch.made.take().filter(|made| made.is_for(&any)) {
            Some(made) => made,
            None => self.compiled(&figures(rows, count.min(FIRST))),
        };
        let Made { plan, .. } = scratch.made.insert(made);
        let mut results = plan.room(count, used);
        if !plan.run_if_as_told(&any, count, &mut results, workers) {
            used.append(&mut results);
            let all = figures(rows, count);
            let Made { plan, .. } = scratch.made.insert(self.compiled(&all));
            results = plan.room(count, used);
            plan.run_into(&all, count, &mut results, workers);
        }
        results
    }

    fn compiled(&self, figures: &[Figures<'_>]) -> Made {
        // For a wider range than the figures have, so that it serves the next block as well.
        let wide: Vec<Figures<'_>> = self
            .fields()
            .iter()
            .zip(figures)
            .map(|(field, figures)| {
                let bounds = field.bounds();
                let edge = |bound: &Option<(Exact, bool)>| {
                    let bound = bound.as_ref()?;
                    (&bound.0 * &Exact::whole(figures.denominator)).to_i64()
                };
                let low = match edge(&bounds.low) {
                    Some(low) => low.min(figures.low),
                    None if figures.low >= 0 => 0,
                    None => -beyond(-figures.low),
                };
                let high = match edge(&bounds.high) {
                    Some(high) => high.max(figures.high),
                    None => beyond(figures.high),
                };
                Figures { low, high, ..*figures }
            })
            .collect();
        let (wide, tight) = (self.made(&wide), figures);
        let made = if wide.without.is_empty() { wide } else { self.made(tight) };
        Made { plan: made.plan.natively(self.native(), figures), ..made }
    }

    fn made(&self, figures: &[Figures<'_>]) -> Made {
        let program = &self.standard().program;
        let positions: BTreeMap<_, usize> =
            self.fields().iter().enumerate().map(|(at, field)| (field.column, at)).collect();
        let wanted: Vec<NodeId> = self.results().iter().map(|result| result.node).collect();
        let mut once = wanted.clone();
        once.sort_unstable();
        once.dedup();
        let members = Members { all: false, one_group: false };
        let plan =
            Plan::with_gone(program, &once, figures, members, |id| match program.node(id).map(|node| &node.op) {
                Some(Op::Column(column)) => positions.get(column).copied().map(Known::Input),
                _ => None,
            });
        let without = once.into_iter().filter(|node| plan.output(*node).is_none()).collect();
        let fields = figures.iter().map(|figures| (figures.denominator, Width::of(figures.numerators))).collect();
        Made { fields, plan, without }
    }

    /// By the machine: all rows, or those.
    fn by_machine(&self, rows: &Rows, nodes: &[NodeId], only: Option<&[u32]>) -> Result<Vec<Answer>, Fault> {
        let program = &self.standard().program;
        let all: Vec<u32>;
        let wanted = match only {
            Some(rows) => rows,
            None => {
                all = (0u32..).take(rows.len()).collect();
                &all
            }
        };
        let frame = Frame::flat(wanted.len());
        let mut machine = Machine::new(program, &frame, Keep::Outputs);
        for (field, column) in self.fields().iter().zip(rows.columns()).filter(|(field, _)| !field.is_text()) {
            let figures = match only {
                None => column.whole(),
                Some(_) => None,
            };
            let figures = figures
                .unwrap_or_else(|| Column::from_reported(wanted.iter().map(|row| column.figure(*row)).collect()));
            machine.supply(field.column, figures)?;
        }
        machine.require(nodes)?;
        let answer = |node: &NodeId| {
            let found = machine.column(*node).map(|column| Answer::of(column, wanted.len()));
            found.ok_or(Fault::UnknownNode(*node))
        };
        nodes.iter().map(answer).collect()
    }
}

/// The columns of rows, looked through for so many of them.
fn figures(rows: &Rows, count: usize) -> Vec<Figures<'_>> {
    let columns = rows.columns().iter();
    columns.map(|column| Figures::seen(column.numbers(), column.denominator(), 0..count)).collect()
}

/// A round number not below it: one more bit than it has.
fn beyond(number: i64) -> i64 {
    let bits = 64 - number.max(1).leading_zeros();
    if bits >= 62 { number } else { (1 << (bits + 1)) - 1 }
}
