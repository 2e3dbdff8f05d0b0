//! Deciding a block of rows.

use crate::{answer::Answer, decider::Decider, rows::Rows};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_columns::{Figures, Known, Members, Plan};
use kaoping_program::{Column, Fault, Frame, Keep, Machine, NodeId, Numerators, Op, Workers};
use kaoping_terms::Exact;

/// What one block leaves for the next: the code that was made.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    made: Option<Made>,
}

impl Scratch {
    /// Results the code at hand does not give, so that the machine does.
    pub fn without(&self) -> &[NodeId] {
        self.made.as_ref().map_or(&[], |made| &made.without)
    }

    /// How many instructions the code at hand has.
    pub fn instructions(&self) -> usize {
        self.made.as_ref().map_or(0, |made| made.plan.instructions())
    }
}

/// Code and the figures it is proved for.
#[derive(Clone, Debug)]
struct Made {
    /// For each field the denominator, the least and the greatest numerator.
    edges: Vec<(i64, i64, i64)>,
    plan: Plan,
    /// Results for which there is no code.
    without: Vec<NodeId>,
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
        let figures = self.figures(rows);
        let made = self.code(&figures, scratch);
        let mut results = made.plan.run(&figures, rows.len(), workers);
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
        Ok(nodes.iter().filter_map(|node| answers.get(node).cloned()).collect())
    }

    fn figures<'r>(&self, rows: &'r Rows) -> Vec<Figures<'r>> {
        rows.columns().iter().map(|column| Figures::new(column.numbers(), column.denominator())).collect()
    }

    /// Code for figures as these: that of the block before, where it is proved for them too.
    fn code<'m>(&self, figures: &[Figures<'_>], scratch: &'m mut Scratch) -> &'m Made {
        let holds = scratch.made.as_ref().is_some_and(|made| {
            made.edges.iter().zip(figures).all(|((denominator, low, high), figures)| {
                *denominator == figures.denominator && *low <= figures.low && figures.high <= *high
            })
        });
        let kept = scratch.made.take().filter(|_| holds);
        scratch.made.get_or_insert(kept.unwrap_or_else(|| self.compiled(figures)))
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
        if wide.without.is_empty() { wide } else { self.made(tight) }
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
        let edges = figures.iter().map(|figures| (figures.denominator, figures.low, figures.high)).collect();
        Made { edges, plan, without }
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

/// A round number not below it: one more bit than it has.
fn beyond(number: i64) -> i64 {
    let bits = 64 - number.max(1).leading_zeros();
    if bits >= 62 { number } else { (1 << (bits + 1)) - 1 }
}
