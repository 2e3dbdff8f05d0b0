//! How far a figure is from the next change: the smallest change of a unit's own figure, all
//! others held fixed, that changes its points, its place or an award.
//!
//! The whole assessment is run for each figure tried, so peers, vetoes, ties and exclusions
//! count as they do for real.
//!
//! A rule need not move one way only: full points within a range, less on either side. So the
//! search does not jump: the nearest steps are tried one by one, and beyond them it goes from
//! one border to the next, a border being where a comparison, a smaller-of or a larger-of in
//! the formula of the item turns over. Between two borders the formula is a single one, and
//! the gap is halved there.

use super::values;
use crate::{Assessment, AwardReason, Given, Options, Prepared, prepare, run::assess_prepared};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, Column, Keep, Kind, NodeId, Op, State};
use kaoping_scheme::model::{Input, Item, OtherwiseMade, RoundResult};
use kaoping_terms::{Exact, Lang, Measure};

/// Most doublings tried: beyond a trillion steps no figure is real.
const DOUBLINGS: u32 = 40;

/// How many judges are looked at one by one.
const MOST_JUDGES: usize = 5;
/// How many words of a list are tried.
const MOST_WORDS: usize = 8;

/// How many of the nearest steps are tried one by one for the points of the item.
const NEAREST: i64 = 1_024;
/// The same where the whole assessment is run for each: places and awards.
const NEAREST_WHOLE: i64 = 32;

/// Whether something differs after so many steps.
type Differs<'d, T> = &'d mut dyn FnMut(&mut T, i64) -> bool;

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The points of the item.
    Points {
        /// As people read them.
        from: String,
        /// As people read them.
        to: String,
    },
    /// The place of the unit.
    Place {
        /// Before.
        from: i64,
        /// After.
        to: i64,
    },
    /// An award.
    Award {
        /// Its name.
        name: String,
        /// Won, or lost.
        won: bool,
    },
}

/// The smallest change of one figure in one direction with one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margin {
    /// The figure; where several units count together, theirs, with the name they go by.
    pub input: String,
    /// Whether it grows.
    pub more: bool,
    /// By how much, as people read it; empty where it becomes another word, or yes or no.
    pub by: String,
    /// By how much, in base units, always above zero.
    pub by_exact: Exact,
    /// The figure it would be.
    pub at: String,
    /// What changes.
    pub effect: Effect,
}

/// What a trial looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    score: Option<Cell>,
    place: Option<i64>,
    awards: Vec<bool>,
}

/// The margins of a unit for an item, each figure in both directions.
pub fn margins(
    given: Given<'_>,
    round: Option<usize>,
    unit: u32,
    scheme: usize,
    item: usize,
    lang: Lang,
) -> Vec<Margin> {
    let Some(model) = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item)) else {
        return Vec::new();
    };
    let (prepared, _) = prepare(given, round);
    let rounds = Rounds::new(&prepared);
    let mut found = Vec::new();
    for input in &in_force(&prepared, scheme, model, unit).inputs {
        for (label, cells) in places(&prepared, input, unit) {
            let Some(column) = prepared.column(input.column) else {
                continue;
            };
            let values: Vec<Option<Exact>> = (0..column.len()).map(|at| column.cell(at).value).collect();
            let Some(current) = cells.first().and_then(|at| values.get(*at).cloned()).flatten() else {
                continue;
            };
            let mut trial = Trial {
                prepared: prepared.clone(),
                rounds: rounds.of(&prepared, input),
                values,
                cells,
                label,
                unit,
                input,
                current,
                place_of_item: (scheme, item),
                tried: BTreeMap::new(),
                scores: BTreeMap::new(),
                score: model.score,
                turns: turns(&prepared, model, input),
                lang,
            };
            match &input.measure {
                Some(measure) => {
                    for more in [true, false] {
                        found.extend(trial.direction(measure, more));
                    }
                }
                None => found.extend(trial.otherwise()),
            }
        }
    }
    found
}

/// The item whose figures count for the unit: the substitute, where it does not apply.
fn in_force<'a>(prepared: &Prepared<'a>, scheme: usize, model: &'a Item, unit: u32) -> &'a Item {
    let Some(OtherwiseMade::Substitute(name)) = &model.otherwise else { return model };
    let applies = model.applies.and_then(|node| {
        let mut machine = prepared.machine(Keep::Outputs, &[node]).ok()?;
        machine.require(&[node]).ok()?;
        machine.column(node).and_then(|column| column.cell(unit as usize).value)
    });
    if applies.is_none_or(|applies| !applies.is_zero()) {
        return model;
    }
    let position = super::position(prepared.given(), scheme, name);
    let items = prepared.given().standard.schemes.get(scheme).map(|scheme| &scheme.items);
    position.and_then(|at| items?.get(at)).unwrap_or(model)
}

/// The cells of a figure that are tried, each place with the month or judge: of months the
/// latest that was reported, of judges each, and of units that count together all at once.
fn places(prepared: &Prepared<'_>, input: &Input, unit: u32) -> Vec<(String, Vec<usize>)> {
    let Some(rowset) = input.rows else {
        if prepared.reported(input.column, unit).and_then(|reported| reported.value).is_none() {
            return Vec::new();
        }
        // A merged figure is the same for all who share it.
        return match prepared.counted_together(input.column, unit) {
            Some((name, units)) => {
                let mut all = Vec::from([unit as usize]);
                all.extend(units.iter().map(|other| *other as usize).filter(|other| *other != unit as usize));
                Vec::from([(name.to_string(), all)])
            }
            None => Vec::from([(String::new(), Vec::from([unit as usize]))]),
        };
    };
    let rows = prepared.frame().rows_of(rowset, unit);
    let reported =
        |row: &usize| prepared.reported_row(input.column, *row).is_some_and(|reported| reported.value.is_some());
    let rows: Vec<usize> = rows.filter(reported).collect();
    let latest = rows.len().saturating_sub(if input.assessors.is_some() { MOST_JUDGES } else { 1 });
    let shown = rows.into_iter().skip(latest);
    shown.map(|row| (alloc::format!("{} ", prepared.row_label(rowset, row)), Vec::from([row]))).collect()
}

/// The rounds whose results count in the place: the figure that is tried may be one of theirs.
struct Rounds<'a> {
    /// Each with what is used of it.
    all: Vec<(Prepared<'a>, Vec<RoundResult>)>,
}

impl<'a> Rounds<'a> {
    fn new(prepared: &Prepared<'a>) -> Self {
        let given = prepared.given();
        let results = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
        // Rounds held each month have rows of their own, and no figure that is tried here.
        let single = || results.iter().filter(|result| result.rows.is_none());
        let mut rounds: Vec<usize> = single().map(|result| result.round).collect();
        rounds.sort_unstable();
        rounds.dedup();
        let of = |round: usize| {
            let own = prepared.slice().round == Some(round) && prepared.slice().part.is_none();
            let run = if own { prepared.clone() } else { prepare(given, Some(round)).0 };
            (run, single().filter(|result| result.round == round).cloned().collect())
        };
        Self { all: rounds.into_iter().map(of).collect() }
    }

    /// Those that read the figure: the own round, and where it names no round every one.
    fn of(&self, prepared: &Prepared<'a>, input: &Input) -> Vec<(Prepared<'a>, Vec<RoundResult>)> {
        let facts = prepared.given().facts;
        let layers = facts.fields.of_column(input.column).and_then(|slot| facts.layers.get(slot as usize));
        let everywhere = layers.is_none_or(|layers| layers.iter().all(|layer| layer.round == 0));
        let own = prepared.slice().round;
        self.all.iter().filter(|(run, _)| everywhere || run.slice().round == own).cloned().collect()
    }
}

/// The search for one figure.
struct Trial<'a> {
    prepared: Prepared<'a>,
    /// The rounds whose results change with the figure.
    rounds: Vec<(Prepared<'a>, Vec<RoundResult>)>,
    /// The column of the figure.
    values: Vec<Option<Exact>>,
    /// Which of its cells are tried.
    cells: Vec<usize>,
    /// The month, the judge, or the units that count together.
    label: String,
    unit: u32,
    lang: Lang,
    input: &'a Input,
    current: Exact,
    place_of_item: (usize, usize),
    tried: BTreeMap<i64, Outcome>,
    /// What the item alone gave, step by step.
    scores: BTreeMap<i64, (Option<Exact>, Vec<bool>)>,
    score: Option<NodeId>,
    /// Pairs of nodes of the item that are compared, and rest on the figure.
    turns: Vec<(NodeId, NodeId)>,
}

/// What the formula of the item compares, as far as it rests on the figure.
fn turns(prepared: &Prepared<'_>, model: &Item, input: &Input) -> Vec<(NodeId, NodeId)> {
    let program = &prepared.given().standard.program;
    let below = prepare::reached(program, &model.score.into_iter().collect::<Vec<_>>());
    let mut rests: Vec<bool> = Vec::with_capacity(program.nodes.len());
    let mut pairs = Vec::new();
    for (node, below) in program.nodes.iter().zip(below) {
        let on = |node: &NodeId| rests.get(node.0 as usize) == Some(&true);
        let it = node.op == Op::Column(input.column) || node.op.arguments().iter().any(on);
        if let Op::Compare(_, a, b) | Op::Min(a, b) | Op::Max(a, b) = &node.op
            && below
            && it
        {
            pairs.push((*a, *b));
        }
        rests.push(it);
    }
    pairs
}

impl Trial<'_> {
    fn step(&self) -> Exact {
        self.input.step.clone().filter(Exact::is_positive).unwrap_or_else(Exact::one)
    }

    fn value(&self, steps: i64) -> Exact {
        &self.current + &(&Exact::whole(steps) * &self.step())
    }

    /// Whether the policy allows the figure.
    fn allowed(&self, steps: i64) -> bool {
        let value = self.value(steps);
        let spec = self.prepared.given().standard.program.columns.get(self.input.column.0 as usize);
        let natural = self.current.is_negative() || !value.is_negative();
        natural && spec.is_none_or(|spec| spec.bounds.contain(&value))
    }

    /// Puts the figure after so many steps in its place.
    fn put(&mut self, steps: i64) {
        let mut values = self.values.clone();
        let value = self.value(steps);
        for cell in &self.cells {
            if let Some(cell) = values.get_mut(*cell) {
                *cell = Some(value.clone());
            }
        }
        self.prepared.fill(self.input.column, Column::from_reported(values));
    }

    /// The same with what the rounds make of it.
    fn put_in_rounds(&mut self, steps: i64) {
        self.put(steps);
        let Some(column) = self.prepared.column(self.input.column) else { return };
        for (run, results) in &mut self.rounds {
            run.fill(self.input.column, column.clone());
            let nodes: Vec<NodeId> = results.iter().map(|result| result.node).collect();
            let machine = run.machine(Keep::Outputs, &nodes);
            let Ok(machine) = machine.and_then(|mut machine| machine.require(&nodes).map(|()| machine)) else {
                continue;
            };
            for result in results.iter() {
                if let Some(found) = machine.column(result.node) {
                    self.prepared.fill(result.column, found.clone());
                }
            }
        }
    }

    fn outcome(&mut self, steps: i64) -> Outcome {
        if let Some(known) = self.tried.get(&steps) {
            return known.clone();
        }
        self.put_in_rounds(steps);
        let options = Options { without_owed: true, ..Options::default() };
        let assessment = assess_prepared(&self.prepared, &options);
        let outcome = self.read(&assessment);
        self.tried.insert(steps, outcome.clone());
        outcome
    }

    /// The points of the item alone, and on which side each comparison stands.
    fn alone(&mut self, steps: i64) -> (Option<Exact>, Vec<bool>) {
        if let Some(known) = self.scores.get(&steps) {
            return known.clone();
        }
        self.put(steps);
        let nodes: Vec<NodeId> = self.score.into_iter().chain(self.turns.iter().flat_map(|(a, b)| [*a, *b])).collect();
        let machine = self.prepared.machine(Keep::Outputs, &nodes);
        let machine = machine.and_then(|mut machine| machine.require(&nodes).map(|()| machine));
        let found = machine.map_or((None, Vec::new()), |machine| {
            let value = |node: NodeId| machine.column(node).and_then(|column| column.cell(self.unit as usize).value);
            let sides = self.turns.iter().map(|(a, b)| match (value(*a), value(*b)) {
                // A tie is a side of its own for one of the two borders beside it.
                (Some(a), Some(b)) => [a < b, a <= b],
                _ => [false, false],
            });
            (self.score.and_then(value), sides.flatten().collect())
        });
        self.scores.insert(steps, found.clone());
        found
    }

    /// Steps at which some comparison turns over, nearest first; each is the first step on the
    /// other side.
    fn borders(&mut self, more: bool) -> Vec<i64> {
        let sign = if more { 1 } else { -1 };
        let here = self.alone(0).1;
        let mut found = Vec::new();
        for at in 0..here.len() {
            let side = here.get(at).copied();
            let turned = |trial: &mut Self, steps: i64| trial.alone(sign * steps).1.get(at).copied() != side;
            found.extend(self.first(more, &mut |trial, steps| turned(trial, steps)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn read(&self, assessment: &Assessment) -> Outcome {
        let (scheme, item) = self.place_of_item;
        let result = assessment.items.iter().find(|result| (result.scheme, result.item) == (scheme, item));
        let listed = |award: &crate::AwardResult| {
            matches!(
                award.reasons.get(self.unit as usize),
                Some(AwardReason::Listed { .. } | AwardReason::ToDecide { .. })
            )
        };
        Outcome {
            score: result.map(|result| result.score.cell(self.unit as usize)),
            place: assessment.place(self.unit),
            awards: assessment.awards.iter().map(listed).collect(),
        }
    }

    /// The smallest number of steps in a direction for which the whole result differs.
    fn smallest(&mut self, more: bool, differs: &dyn Fn(&Outcome) -> bool) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        self.nearest(more, NEAREST_WHOLE, &mut |trial, steps| differs(&trial.outcome(sign * steps)))
    }

    /// The smallest number of steps in a direction for which the points of the item differ.
    fn smallest_alone(&mut self, more: bool) -> Option<i64> {
        let sign = if more { 1 } else { -1 };
        let now = self.alone(0).0;
        self.nearest(more, NEAREST, &mut |trial, steps| trial.alone(sign * steps).0 != now)
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

    /// Points as people read them, or what is the matter with them.
    fn points(&self, score: Option<&Cell>) -> String {
        let program = &self.prepared.given().standard.program;
        score.map(|cell| values::cell(program, &Kind::Number(Measure::points()), cell, self.lang)).unwrap_or_default()
    }

    fn direction(&mut self, measure: &Measure, more: bool) -> Vec<Margin> {
        let now = self.outcome(0);
        let sign = if more { 1 } else { -1 };
        let mut found = Vec::new();
        if now.score.as_ref().is_some_and(|score| score.value.is_some())
            && let Some(steps) = self.smallest_alone(more)
        {
            let after = self.outcome(sign * steps);
            let effect =
                Effect::Points { from: self.points(now.score.as_ref()), to: self.points(after.score.as_ref()) };
            found.push(self.margin(measure, more, steps, effect));
        }
        if now.place.is_some() {
            let before = now.clone();
            if let Some(steps) = self.smallest(more, &|other| other.place != before.place) {
                let after = self.outcome(sign * steps);
                if let (Some(from), Some(to)) = (now.place, after.place) {
                    found.push(self.margin(measure, more, steps, Effect::Place { from, to }));
                }
            }
        }
        for award in 0..now.awards.len() {
            let before = now.awards.get(award).copied();
            if let Some(steps) = self.smallest(more, &|other| other.awards.get(award).copied() != before) {
                let name = self.award_name(award);
                found.push(self.margin(measure, more, steps, Effect::Award { name, won: before == Some(false) }));
            }
        }
        found
    }

    /// What a yes or no, or a word of a list, would change if it were another.
    fn otherwise(&mut self) -> Vec<Margin> {
        let program = &self.prepared.given().standard.program;
        let Some(kind) = program.node(self.input.node).map(|node| node.kind.clone()) else { return Vec::new() };
        let words = match &kind {
            Kind::Truth => 2,
            Kind::Word(list) => program.word_lists.get(list.0 as usize).map_or(0, |list| list.words.len()),
            Kind::Number(_) | Kind::Day | Kind::Text => 0,
        };
        let Some(current) = self.current.to_i64() else { return Vec::new() };
        let now = self.outcome(0);
        let mut found = Vec::new();
        for word in (0i64..).take(words.min(MOST_WORDS)).filter(|word| *word != current) {
            let after = self.outcome(word - current);
            let mut effects = Vec::new();
            if now.score != after.score {
                let (from, to) = (self.points(now.score.as_ref()), self.points(after.score.as_ref()));
                effects.push(Effect::Points { from, to });
            }
            if let (Some(from), Some(to)) = (now.place, after.place)
                && from != to
            {
                effects.push(Effect::Place { from, to });
            }
            for (award, (was, is)) in now.awards.iter().zip(&after.awards).enumerate() {
                if was != is {
                    effects.push(Effect::Award { name: self.award_name(award), won: *is });
                }
            }
            let value = Exact::whole(word);
            let cell = Cell { value: Some(value.clone()), state: State::KNOWN };
            let at = values::cell(&self.prepared.given().standard.program, &kind, &cell, self.lang);
            found.extend(effects.into_iter().map(|effect| Margin {
                input: self.name(),
                more: word > current,
                by: String::new(),
                by_exact: (&value - &self.current).abs(),
                at: at.clone(),
                effect,
            }));
        }
        found
    }

    /// The figure with its month, its judge, or the units that count together.
    fn name(&self) -> String {
        alloc::format!("{}{}", self.label, self.input.name)
    }

    fn award_name(&self, award: usize) -> String {
        let scheme = self.prepared.given().standard.schemes.first();
        scheme.and_then(|scheme| scheme.awards.get(award)).map(|award| award.name.to_string()).unwrap_or_default()
    }

    fn margin(&self, measure: &Measure, more: bool, steps: i64, effect: Effect) -> Margin {
        let by = &Exact::whole(steps) * &self.step();
        let at = self.value(if more { steps } else { -steps });
        let kind = self.prepared.given().standard.program.node(self.input.node).map(|node| node.kind.clone());
        let measure = match kind {
            Some(Kind::Number(measure)) => measure,
            _ => measure.clone(),
        };
        let shown = if measure.is_ratio() {
            // A change of a ratio is told in percentage points.
            let points = &by * &Exact::whole(100);
            alloc::format!("{points} 个百分点")
        } else {
            values::number(&by, &measure)
        };
        Margin { input: self.name(), more, by: shown, by_exact: by, at: values::number(&at, &measure), effect }
    }
}
