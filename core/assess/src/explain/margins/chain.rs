//! The runs a figure takes part in. A figure of a month changes the points of that month, they
//! change the mean of the months, and that the year: each run is done anew in that order.

use crate::{
    Given, Options, Period, Prepared, prepare,
    prepare::{columns_below, reached},
    rounds,
    rows::RowList,
    run::assess_prepared,
    slice::Slice,
    wanted::wanted,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_program::{Column, ColumnId, Keep, Machine, NodeId, Op, Shape};
use kaoping_scheme::model::RoundResult;
use kaoping_terms::{Exact, Report};

/// A run of a round whose results later runs use.
pub(super) struct Run<'a> {
    pub(super) prepared: Prepared<'a>,
    pub(super) results: Vec<&'a RoundResult>,
    /// What its results rest on.
    pub(super) below: BTreeSet<ColumnId>,
}

/// Where a figure stands in a run: a column of it, and the cells that hold the figure. Units
/// that count together all hold their sum.
pub(super) struct Touch {
    /// Position among the runs of rounds, or one of the two marks below.
    pub(super) at: At,
    pub(super) column: ColumnId,
    pub(super) base: Vec<Option<Exact>>,
    pub(super) cells: Vec<usize>,
}

/// One of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// A round whose results are used, by position.
    Round(usize),
    /// The run that is explained.
    Own,
    /// The run that places and awards come from, where that is another.
    Whole,
}

/// Two nodes that are compared in a run.
pub(super) type Turn = (At, NodeId, NodeId);

/// All runs a figure may take part in.
pub(super) struct Chain<'a> {
    pub(super) rounds: Vec<Run<'a>>,
    pub(super) own: Prepared<'a>,
    /// The official round, where its result rests on the round that is explained.
    pub(super) whole: Option<Prepared<'a>>,
    /// The results of rounds as they are.
    results: BTreeMap<ColumnId, Arc<Column>>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(given: Given<'a>, round: Option<usize>) -> Self {
        let (own, _) = prepare(given, round);
        let mut runs = Vec::new();
        rounds::results_told(given, own.slice(), &mut Report::new(), &mut |prepared, results| {
            let nodes: Vec<NodeId> = results.iter().map(|result| result.node).collect();
            let below = columns_below(&given.standard.program, &nodes);
            runs.push(Run { prepared, results: results.to_vec(), below });
        });
        let slice = own.slice();
        let is_used = runs.iter().any(|run| run.prepared.slice().round == slice.round);
        let whole = (is_used && !is_official(given, slice)).then(|| prepare(given, None).0);
        let used = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
        let results = used.iter().filter_map(|result| Some((result.column, own.column(result.column)?))).collect();
        Self { rounds: runs, own, whole, results }
    }

    pub(super) fn given(&self) -> Given<'a> {
        self.own.given()
    }

    /// Which runs there are, each before those that use its results.
    pub(super) fn all(&self) -> impl Iterator<Item = At> + use<> {
        let whole = self.whole.is_some().then_some(At::Whole);
        (0..self.rounds.len()).map(At::Round).chain([At::Own]).chain(whole)
    }

    pub(super) fn prepared(&self, at: At) -> &Prepared<'a> {
        match at {
            At::Round(run) => self.rounds.get(run).map_or(&self.own, |run| &run.prepared),
            At::Own => &self.own,
            At::Whole => self.whole.as_ref().unwrap_or(&self.own),
        }
    }

    fn prepared_mut(&mut self, at: At) -> &mut Prepared<'a> {
        match at {
            At::Round(run) => self.rounds.get_mut(run).map_or(&mut self.own, |run| &mut run.prepared),
            At::Own => &mut self.own,
            At::Whole => self.whole.as_mut().unwrap_or(&mut self.own),
        }
    }

    /// Whether awards come from the run that places come from: they are the official round's.
    pub(super) fn gives_awards(&self) -> bool {
        is_official(self.given(), self.prepared(At::Whole).slice())
    }

    /// Whether the run that is explained ranks units by figures of its own, and not only by
    /// what all rounds together give.
    pub(super) fn ranks_apart(&self) -> bool {
        let Some(scheme) = self.given().scheme().filter(|_| self.whole.is_some()) else { return false };
        let Some((key, _)) = scheme.rank_keys.first() else { return false };
        let below = columns_below(&self.given().standard.program, &[*key]);
        below.iter().any(|column| !self.results.contains_key(column))
    }

    /// The name of the round that places come from, where that is not the one explained.
    pub(super) fn whole_name(&self) -> Option<String> {
        round_name(self.given(), self.whole.as_ref()?.slice())
    }

    /// What the round of a run is called: `月评`.
    pub(super) fn round_of(&self, run: usize) -> String {
        let slice = self.rounds.get(run).map(|run| run.prepared.slice());
        slice.and_then(|slice| round_name(self.given(), slice)).unwrap_or_default()
    }

    /// The month or quarter a run is about; empty where the round is held once.
    pub(super) fn part_of(&self, run: usize) -> String {
        let part = self.rounds.get(run).and_then(|run| run.prepared.slice().part);
        part.as_ref().map(Period::to_string).unwrap_or_default()
    }

    /// Both: `月评 2012-03`.
    pub(super) fn name_of(&self, run: usize) -> String {
        super::joined([&self.round_of(run), &self.part_of(run)])
    }

    /// The runs of rounds that change with a figure, and what of their results changes.
    pub(super) fn affected(&self, touches: &[Touch]) -> (Vec<usize>, BTreeSet<ColumnId>) {
        let (mut runs, mut changed) = (Vec::new(), BTreeSet::new());
        for (at, run) in self.rounds.iter().enumerate() {
            let touched = touches.iter().filter(|touch| touch.at == At::Round(at)).map(|touch| touch.column);
            if touched.chain(changed.iter().copied()).any(|column| run.below.contains(&column)) {
                runs.push(at);
                changed.extend(run.results.iter().map(|result| result.column));
            }
        }
        (runs, changed)
    }

    /// Those of the runs that a value of the explained run rests on.
    pub(super) fn needed(&self, node: Option<NodeId>, affected: &[usize]) -> Vec<usize> {
        let mut wanted = columns_below(&self.given().standard.program, &node.into_iter().collect::<Vec<_>>());
        let mut needed = Vec::new();
        for at in affected.iter().rev() {
            let Some(run) = self.rounds.get(*at) else { continue };
            if run.results.iter().any(|result| wanted.contains(&result.column)) {
                needed.push(*at);
                wanted.extend(&run.below);
            }
        }
        needed.reverse();
        needed
    }

    /// Works out once in every run what does not change with a figure.
    pub(super) fn hold(
        &mut self,
        touches: &[Touch],
        results: &BTreeSet<ColumnId>,
        turns: &[Turn],
        score: Option<NodeId>,
    ) {
        let all = wanted(&self.given());
        for at in self.all().collect::<Vec<_>>() {
            let mut nodes: Vec<NodeId> = match at {
                At::Round(run) => self
                    .rounds
                    .get(run)
                    .map(|run| run.results.iter().map(|result| result.node).collect())
                    .unwrap_or_default(),
                At::Own | At::Whole => all.iter().copied().chain(score).collect(),
            };
            nodes.extend(turns.iter().filter(|(of, ..)| *of == at).flat_map(|(_, a, b)| [*a, *b]));
            let own = touches.iter().filter(|touch| touch.at == at).map(|touch| touch.column);
            let changing = own.chain(results.iter().copied()).collect();
            // Without it the whole program is run each time.
            let _ = self.prepared_mut(at).hold(&nodes, changing);
        }
    }

    /// Changes a figure by so much in every run that reads it, does the runs of rounds anew, and
    /// fills in what they give. Returns on which side each comparison in them stands.
    pub(super) fn carry(
        &mut self,
        touches: &[Touch],
        by: &Exact,
        runs: &[usize],
        turns: &[Turn],
        unit: u32,
    ) -> Vec<bool> {
        for touch in touches {
            let mut values = touch.base.clone();
            for cell in &touch.cells {
                if let Some(value) = values.get_mut(*cell) {
                    *value = value.as_ref().map(|value| value + by);
                }
            }
            self.prepared_mut(touch.at).fill(touch.column, Column::from_reported(values));
        }
        let mut changed: BTreeMap<ColumnId, Column> = BTreeMap::new();
        let mut sides = Vec::new();
        for run in runs {
            let here = At::Round(*run);
            self.fill(here, &changed);
            let Some(Run { prepared, results, .. }) = self.rounds.get(*run) else { continue };
            let mut nodes: Vec<NodeId> = results.iter().map(|result| result.node).collect();
            nodes.extend(turns.iter().filter(|(at, ..)| *at == here).flat_map(|(_, a, b)| [*a, *b]));
            let machine = prepared.machine(Keep::Outputs, &nodes);
            let Ok(machine) = machine.and_then(|mut machine| machine.require(&nodes).map(|()| machine)) else {
                continue;
            };
            for result in results {
                if let Some(column) = self.result(result, prepared.slice(), &machine, &changed) {
                    changed.insert(result.column, column);
                }
            }
            sides.extend(self.sides(here, &machine, touches, turns, unit));
        }
        self.fill(At::Own, &changed);
        if self.whole.is_some() {
            self.fill(At::Whole, &changed);
        }
        sides
    }

    /// Takes figures that were not reported as if they had been as declared.
    pub(super) fn suppose(&mut self, touches: &[Touch]) {
        for touch in touches {
            self.prepared_mut(touch.at).fill(touch.column, Column::from_reported(touch.base.clone()));
        }
    }

    /// Takes away figures that were never reported.
    pub(super) fn forget(&mut self, touches: &[Touch]) {
        for touch in touches {
            let mut values = touch.base.clone();
            for cell in &touch.cells {
                values.get_mut(*cell).into_iter().for_each(|value| *value = None);
            }
            self.prepared_mut(touch.at).fill(touch.column, Column::from_reported(values));
        }
    }

    fn fill(&mut self, at: At, changed: &BTreeMap<ColumnId, Column>) {
        for (id, column) in changed {
            self.prepared_mut(at).fill(*id, column.clone());
        }
    }

    /// A result of a round as a column: one figure a unit, or that of a month among all months.
    fn result(
        &self,
        result: &RoundResult,
        slice: Slice,
        machine: &Machine<'_>,
        changed: &BTreeMap<ColumnId, Column>,
    ) -> Option<Column> {
        let found = machine.column(result.node)?;
        let (Some(rowset), Some(part)) = (result.rows, slice.part) else { return Some(found.clone()) };
        let RowList::Periods(rows) = self.own.row_list(rowset) else { return None };
        let before =
            changed.get(&result.column).or_else(|| self.results.get(&result.column).map(|column| &**column))?;
        let cell = |(at, (unit, period)): (usize, &(u32, Option<Period>))| {
            if *period == Some(part) { found.cell(*unit as usize) } else { before.cell(at) }
        };
        Some(rounds::column(rows.iter().enumerate().map(cell).collect()))
    }

    /// On which side each comparison of a run stands.
    pub(super) fn sides(
        &self,
        here: At,
        machine: &Machine<'_>,
        touches: &[Touch],
        turns: &[Turn],
        unit: u32,
    ) -> Vec<bool> {
        let program = &self.given().standard.program;
        let value = |node: NodeId| {
            let cell = match program.node(node)?.shape {
                Shape::Rows(_) => {
                    let in_rows = |touch: &&Touch| {
                        let spec = program.columns.get(touch.column.0 as usize);
                        touch.at == here && spec.map(|spec| spec.shape) == program.node(node).map(|node| node.shape)
                    };
                    *touches.iter().find(in_rows)?.cells.first()?
                }
                Shape::One | Shape::Unit => unit as usize,
            };
            machine.column(node).and_then(|column| column.cell(cell).value)
        };
        let here = turns.iter().filter(|(at, ..)| *at == here);
        let sides = here.map(|(_, a, b)| match (value(*a), value(*b)) {
            // A tie is a side of its own for one of the two borders beside it.
            (Some(a), Some(b)) => [a < b, a <= b],
            _ => [false, false],
        });
        sides.flatten().collect()
    }

    /// What a run compares below some nodes, as far as it rests on what changes in it.
    pub(super) fn turns(&self, at: At, roots: &[NodeId], changed: &BTreeSet<ColumnId>) -> Vec<Turn> {
        let program = &self.given().standard.program;
        let below = reached(program, roots);
        let mut rests: Vec<bool> = Vec::with_capacity(program.nodes.len());
        let mut turns = Vec::new();
        for (node, below) in program.nodes.iter().zip(below) {
            let on = |node: &NodeId| rests.get(node.0 as usize) == Some(&true);
            let is_changed = matches!(&node.op, Op::Column(column) if changed.contains(column));
            let it = is_changed || node.op.arguments().iter().any(on);
            if let Op::Compare(_, a, b) | Op::Min(a, b) | Op::Max(a, b) = &node.op
                && below
                && it
            {
                turns.push((at, *a, *b));
            }
            rests.push(it);
        }
        turns
    }

    /// The place of a unit in the run that is explained, where another gives the places that count.
    pub(super) fn own_place(&self, unit: u32) -> Option<i64> {
        let options = Options { without_owed: true, ..Options::default() };
        self.ranks_apart().then(|| assess_prepared(&self.own, &options).place(unit)).flatten()
    }
}

/// Whether awards are given in the round.
fn is_official(given: Given<'_>, slice: Slice) -> bool {
    given.scheme().is_none_or(|scheme| scheme.rounds.official == slice.round)
}

fn round_name(given: Given<'_>, slice: Slice) -> Option<String> {
    let rounds = &given.scheme()?.rounds.rounds;
    rounds.get(slice.round?).map(|(name, ..)| name.clone())
}
