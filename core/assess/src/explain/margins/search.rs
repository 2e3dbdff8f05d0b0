//! How far away the nearest figure is that makes a difference.
//!
//! A rule need not move one way only: full points within a range, less on either side. So the
//! search does not jump: the nearest steps are tried one by one, and beyond them it goes from
//! one border to the next, a border being where a comparison, a smaller-of or a larger-of in
//! the formula of the item turns over. Between two borders the formula is a single one, and
//! the gap is halved there.

use super::{
    chain::{At, Chain, Turn},
    figures::Figure,
};
use crate::{AwardReason, Options, prepare::columns_below, run::assess_prepared};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::{Cell, ColumnId, Keep, Machine, NodeId};
use kaoping_terms::Exact;

/// Most doublings tried: beyond a trillion steps no figure is real.
const DOUBLINGS: u32 = 40;

/// How many of the nearest steps are tried one by one for the points of the item.
const NEAREST: i64 = 1_024;
/// The same where whole runs are done for each: places, awards, and results of rounds.
const NEAREST_WHOLE: i64 = 32;

/// How many digits further than the usual step the step of a figure may go.
const MOST_DIGITS: u32 = 12;

/// How many days earlier or later are tried: a hundred years.
const FURTHEST_DAY: i64 = 36_525;

/// Whether something differs after so many steps.
type Differs<'d, T> = &'d mut dyn FnMut(&mut T, i64) -> bool;

/// What a trial looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) score: Option<Cell>,
    pub(super) place: Option<i64>,
    /// The place in the round that is explained, where another gives the place that counts.
    pub(super) own_place: Option<i64>,
    pub(super) awards: Vec<bool>,
}

/// The search for one figure.
pub(super) struct Trial<'t, 'a> {
    pub(super) chain: &'t mut Chain<'a>,
    pub(super) figure: Figure<'a>,
    pub(super) step: Exact,
    unit: u32,
    score: Option<NodeId>,
    tried: BTreeMap<i64, Outcome>,
    /// What the item alone gave, and on which side comparisons stood, step by step.
    scores: BTreeMap<i64, Option<Cell>>,
    compared: BTreeMap<i64, Vec<bool>>,
    /// Runs of rounds that change with the figure, and those of them the points rest on.
    affected: Vec<usize>,
    needed: Vec<usize>,
    /// What is compared in the item and in the rounds, on the way from the figure.
    turns: Vec<Turn>,
}

impl<'t, 'a> Trial<'t, 'a> {
    pub(super) fn new(chain: &'t mut Chain<'a>, figure: Figure<'a>, score: Option<NodeId>, unit: u32) -> Self {
        let (affected, results) = chain.affected(&figure.touches);
        let needed = chain.needed(score, &affected);
        let changed = |at: At| -> BTreeSet<ColumnId> {
            let own = figure.touches.iter().filter(|touch| touch.at == at).map(|touch| touch.column);
            own.chain(results.iter().copied()).collect()
        };
        // Whatever decides the points, and whatever decides the place.
        let keys = chain.given().scheme().map_or(&[][..], |scheme| &scheme.rank_keys);
        let keys = keys.iter().map(|(key, _)| *key);
        let mut turns = match chain.whole {
            Some(_) => chain.turns(At::Whole, &keys.collect::<Vec<_>>(), &changed(At::Whole)),
            None => chain.turns(At::Own, &keys.chain(score).collect::<Vec<_>>(), &changed(At::Own)),
        };
        if chain.whole.is_some() {
            turns.extend(chain.turns(At::Own, score.as_slice(), &changed(At::Own)));
        }
        for run in &affected {
            let nodes: Vec<NodeId> =
                chain.rounds.get(*run).into_iter().flat_map(|run| &run.results).map(|result| result.node).collect();
            turns.extend(chain.turns(At::Round(*run), &nodes, &changed(At::Round(*run))));
        }
        if figure.stands_in() {
            // Before what stays as it is is worked out: where nobody reported it nothing rests on it.
            chain.suppose(&figure.touches);
        }
        chain.hold(&figure.touches, &results, &turns, score);
        let spec = chain.given().standard.program.columns.get(figure.input.column.0 as usize);
        let step = step(&figure, spec.is_some_and(|spec| spec.bounds.multiple_of.is_some()));
        let (tried, scores, compared) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { chain, figure, step, unit, score, tried, scores, compared, affected, needed, turns }
    }

    pub(super) fn value(&self, steps: i64) -> Exact {
        &self.figure.current + &(&Exact::whole(steps) * &self.step)
    }

    /// Whether the points rest on the figure.
    pub(super) fn counts(&self) -> bool {
        let nodes = self.score.as_slice();
        let below = columns_below(&self.chain.given().standard.program, nodes);
        let own = self.figure.touches.iter().filter(|touch| touch.at == At::Own);
        !self.needed.is_empty() || own.map(|touch| touch.column).any(|column| below.contains(&column))
    }

    /// Whether the policy allows the figure.
    fn allowed(&self, steps: i64) -> bool {
        let value = self.value(steps);
        let columns = &self.chain.given().standard.program.columns;
        let spec = columns.get(self.figure.input.column.0 as usize);
        if self.figure.input.measure.is_none() {
            return steps.abs() <= FURTHEST_DAY;
        }
        let natural = self.figure.current.is_negative() || !value.is_negative();
        natural && spec.is_none_or(|spec| spec.bounds.contain(&value))
    }

    /// Puts the figure after so many steps in its place in every run, with what the rounds make of it.
    fn put(&mut self, steps: i64, all: bool) -> Vec<bool> {
        let by = &Exact::whole(steps) * &self.step;
        let runs = if all { &self.affected } else { &self.needed };
        self.chain.carry(&self.figure.touches, &by, runs, &self.turns, self.unit)
    }

    /// Leaves everything as it was before.
    pub(super) fn end(mut self) {
        self.put(0, true);
        if self.figure.stands_in() {
            self.chain.forget(&self.figure.touches);
        }
    }

    pub(super) fn outcome(&mut self, steps: i64) -> Outcome {
        if let Some(known) = self.tried.get(&steps) {
            return known.clone();
        }
        let score = self.alone(steps);
        self.put(steps, true);
        let options = Options { without_owed: true, ..Options::default() };
        let assessment = assess_prepared(self.chain.prepared(At::Whole), &options);
        let listed = |award: &crate::AwardResult| {
            matches!(
                award.reasons.get(self.unit as usize),
                Some(AwardReason::Listed { .. } | AwardReason::ToDecide { .. })
            )
        };
        let awards = match self.chain.gives_awards() {
            true => assessment.awards.iter().map(listed).collect(),
            false => Vec::new(),
        };
        let own_place = self.chain.own_place(self.unit);
        let outcome = Outcome { score, place: assessment.place(self.unit), own_place, awards };
        self.tried.insert(steps, outcome.clone());
        outcome
    }

    /// The points of the item alone.
    fn alone(&mut self, steps: i64) -> Option<Cell> {
        if let Some(known) = self.scores.get(&steps) {
            return known.clone();
        }
        self.put(steps, false);
        let found = self.run(At::Own, self.score.as_slice());
        let score = found.as_ref().zip(self.score).and_then(|(machine, score)| machine.column(score));
        let score = score.map(|column| column.cell(self.unit as usize));
        drop(found);
        self.scores.insert(steps, score.clone());
        score
    }

    /// On which side each comparison stands, in the rounds the figure is of and in the item.
    fn sides(&mut self, steps: i64) -> Vec<bool> {
        if let Some(known) = self.compared.get(&steps) {
            return known.clone();
        }
        let mut sides = self.put(steps, true);
        for here in [At::Own, At::Whole] {
            let turns = self.turns.iter().filter(|(at, ..)| *at == here);
            let nodes: Vec<NodeId> = turns.flat_map(|(_, a, b)| [*a, *b]).collect();
            if let Some(machine) = self.run(here, &nodes).filter(|_| !nodes.is_empty()) {
                sides.extend(self.chain.sides(here, &machine, &self.figure.touches, &self.turns, self.unit));
            }
        }
        self.compared.insert(steps, sides.clone());
        sides
    }

    /// Nodes of a run, worked out.
    fn run(&self, at: At, nodes: &[NodeId]) -> Option<Machine<'_>> {
        let machine = self.chain.prepared(at).machine(Keep::Outputs, nodes);
        machine.and_then(|mut machine| machine.require(nodes).map(|()| machine)).ok()
    }

    /// The smallest number of steps in a direction for which the points of the item differ.
    pub(super) fn smallest_alone(&mut self, more: bool) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        let value = |trial: &mut Self, steps| trial.alone(steps).and_then(|cell| cell.value);
        let now = value(self, 0);
        let each = if self.needed.is_empty() { NEAREST } else { NEAREST_WHOLE };
        self.nearest(more, each, &mut |trial, steps| value(trial, sign * steps) != now)
    }

    /// Steps at which some comparison turns over, nearest first; each is the first step on the
    /// other side.
    fn borders(&mut self, more: bool) -> Vec<i64> {
        let sign = if more { 1 } else { -1 };
        let here = self.sides(0);
        let mut found = Vec::new();
        for at in 0..here.len() {
            let side = here.get(at).copied();
            let turned = |trial: &mut Self, steps: i64| trial.sides(sign * steps).get(at).copied() != side;
            found.extend(self.first(more, &mut |trial, steps| turned(trial, steps)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The smallest number of steps in a direction for which the whole result differs.
    pub(super) fn smallest(&mut self, more: bool, differs: &dyn Fn(&Outcome) -> bool) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        self.nearest(more, NEAREST_WHOLE, &mut |trial, steps| differs(&trial.outcome(sign * steps)))
    }

    /// The nearest step for which `differs` holds: one by one as far as `each`, then from border
    /// to border.
    fn nearest(&mut self, more: bool, each: i64, differs: Differs<'_, Self>) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        for steps in 1..=each {
            if !self.allowed(sign * steps) {
                return None;
            }
            if differs(self, steps) {
                return Some(steps);
            }
        }
        let mut same = each;
        for border in self.borders(more).into_iter().filter(|border| *border > each) {
            for end in [border - 1, border] {
                if end > same && self.allowed(sign * end) {
                    if differs(self, end) {
                        return Some(self.halve(same, end, differs));
                    }
                    same = end;
                }
            }
        }
        self.first_from(more, same, differs)
    }

    /// The first step for which something holds that stays once it does.
    fn first(&mut self, more: bool, differs: Differs<'_, Self>) -> Option<i64> {
        self.first_from(more, 0, differs)
    }

    fn first_from(&mut self, more: bool, from: i64, differs: Differs<'_, Self>) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        let (mut same, mut stride) = (from, 1i64);
        for _ in 0..DOUBLINGS {
            let mut size = from.checked_add(stride)?;
            if !self.allowed(sign * size) {
                // The last allowed figure is the last chance.
                size = self.edge(sign, same, size);
                return (size > same && differs(self, size)).then(|| self.halve(same, size, differs));
            }
            if differs(self, size) {
                return Some(self.halve(same, size, differs));
            }
            same = size;
            stride = stride.checked_mul(2)?;
        }
        None
    }

    /// The first of the steps behind `same` up to `size`, which differs, that differs.
    fn halve(&mut self, mut same: i64, mut size: i64, differs: Differs<'_, Self>) -> i64 {
        while size - same > 1 {
            let middle = same + (size - same) / 2;
            if differs(self, middle) {
                size = middle;
            } else {
                same = middle;
            }
        }
        size
    }

    /// The greatest allowed number of steps between one that is allowed and one that is not.
    fn edge(&self, sign: i64, mut allowed: i64, mut refused: i64) -> i64 {
        while refused - allowed > 1 {
            let middle = allowed + (refused - allowed) / 2;
            if self.allowed(sign * middle) {
                allowed = middle;
            } else {
                refused = middle;
            }
        }
        allowed
    }
}

/// The smallest step of a figure: as declared, else the usual one of its unit. A figure that was
/// reported with more digits than that moves by the last of them.
fn step(figure: &Figure<'_>, is_declared: bool) -> Exact {
    let mut step = figure.input.step.clone().filter(Exact::is_positive).unwrap_or_else(Exact::one);
    let fits = |step: &Exact| figure.current.divided_by(step).is_some_and(|count| count.is_whole());
    let mut digits = if is_declared || figure.input.measure.is_none() { 0 } else { MOST_DIGITS };
    while digits > 0 && !fits(&step) {
        step = &step * &Exact::decimal(1, 1);
        digits -= 1;
    }
    step
}
