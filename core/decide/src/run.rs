//! Deciding a block of rows.

use crate::{answer::Answer, decider::Decider, rows::Rows};
use alloc::{collections::BTreeMap, vec::Vec};
use kaoping_columns::{Figures, Known, Members, Plan, Width};
use kaoping_program::{Column, ColumnId, Fault, Frame, Keep, Machine, NodeId, Numerators, Op, Workers};
use kaoping_terms::Exact;

/// What one block leaves for the next: the code that was made.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    made: Option<Made>,
    /// Room of results nobody needs any more.
    used: Vec<Numerators>,
    /// Of each field, whether a block so far had rows without its figure.
    gaps: Vec<bool>,
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
    /// For each input the denominator and how wide its numerators are: the fields, then where those with
    /// gaps have them.
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
        if rows.is_empty() {
            return self.by_machine(rows, &nodes, None);
        }
        rows.fill();
        let mut odd = rows.long();
        let mut results = self.ran(rows, scratch, workers);
        let Some(made) = &scratch.made else { return self.by_machine(rows, &nodes, None) };
        let mut answers: BTreeMap<NodeId, Answer> = BTreeMap::new();
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
        scratch.gaps.resize(rows.columns().len(), false);
        for ((gappy, column), field) in scratch.gaps.iter_mut().zip(rows.columns()).zip(self.fields()) {
            *gappy |= column.has_gaps() && !field.is_text();
        }
        let (count, used, gappy) = (rows.len(), &mut scratch.used, &scratch.gaps);
        let gaps = rows.columns().iter().zip(gappy).filter(|(_, gappy)| **gappy);
        let gaps: Vec<Numerators> = gaps.map(|(column, _)| column.gaps()).collect();
        let any = figures(rows, &gaps, 0);
        let made = match scratch.made.take().filter(|made| made.is_for(&any)) {
            Some(made) => made,
            None => self.compiled(&figures(rows, &gaps, count.min(FIRST)), gappy),
        };
        let Made { plan, .. } = scratch.made.insert(made);
        let mut results = plan.room(count, used);
        if !plan.run_if_as_told(&any, count, &mut results, workers) {
            used.append(&mut results);
            let all = figures(rows, &gaps, count);
            let Made { plan, .. } = scratch.made.insert(self.compiled(&all, gappy));
            results = plan.room(count, used);
            plan.run_into(&all, count, &mut results, workers);
        }
        results
    }

    fn compiled(&self, figures: &[Figures<'_>], gappy: &[bool]) -> Made {
        // For a wider range than the figures have, so that it serves the next block as well.
        let mut wide: Vec<Figures<'_>> = self
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
        wide.extend(figures.iter().skip(wide.len()));
        let (wide, tight) = (self.made(&wide, gappy), figures);
        let made = if wide.without.is_empty() { wide } else { self.made(tight, gappy) };
        Made { plan: made.plan.natively(self.native(), figures), ..made }
    }

    fn made(&self, figures: &[Figures<'_>], gappy: &[bool]) -> Made {
        let program = &self.standard().program;
        let mut gaps = self.fields().len()..;
        let known = self.fields().iter().zip(gappy).enumerate().map(|(input, (field, gappy))| {
            let gaps = if *gappy { gaps.next() } else { None };
            (field.column, gaps.map_or(Known::Input(input), |gaps| Known::Gappy { input, gaps }))
        });
        let known: BTreeMap<ColumnId, Known> = known.collect();
        let wanted: Vec<NodeId> = self.results().iter().map(|result| result.node).collect();
        let mut once = wanted.clone();
        once.sort_unstable();
        once.dedup();
        let members = Members { all: false, one_group: false };
        let plan =
            Plan::with_gone(program, &once, figures, members, |id| match program.node(id).map(|node| &node.op) {
                Some(Op::Column(column)) => known.get(column).cloned(),
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

/// The columns of rows, looked through for so many of them, and where those with gaps have them.
fn figures<'r>(rows: &'r Rows, gaps: &'r [Numerators], count: usize) -> Vec<Figures<'r>> {
    let columns = rows.columns().iter();
    let columns = columns.map(|column| Figures::seen(column.numbers(), column.denominator(), 0..count));
    columns.chain(gaps.iter().map(|numerators| Figures { numerators, denominator: 1, low: 0, high: 1 })).collect()
}

/// A round number not below it: one more bit than it has.
fn beyond(number: i64) -> i64 {
    let bits = 64 - number.max(1).leading_zeros();
    if bits >= 62 { number } else { (1 << (bits + 1)) - 1 }
}
