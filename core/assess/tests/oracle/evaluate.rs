//! The slow reading of a case: unit by unit, item by item, in the order of work.

use super::{
    number::{Q, percent, round, whole},
    plan::{Among, Case, Effect, Item, Missing, Otherwise, Rule, Value, When},
    rounds,
    rules::{self, Asked},
};
use num_traits::Zero;
use std::{cmp::Ordering, collections::BTreeMap};

/// A score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Score {
    Known(Q),
    /// A figure is owed.
    Owed,
    /// It does not apply.
    Apart,
}

impl Score {
    pub fn known(&self) -> Option<&Q> {
        if let Score::Known(value) = self { Some(value) } else { None }
    }
}

/// An answer that may be owed, or not asked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    Yes,
    No,
    Owed,
    Apart,
}

/// What came out for an award and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Proposed, with its place where places were counted.
    Listed(Option<usize>),
    ToDecide(usize),
    /// A figure decides whether it takes part.
    Open,
    Not,
}

/// Everything that follows from a case; by unit.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub assessed: Vec<bool>,
    /// By item, then by unit.
    pub items: Vec<Vec<Score>>,
    pub met: Vec<Vec<Truth>>,
    /// By item, then by unit: whether the unit may be asked for figures of the item.
    pub may_owe: Vec<Vec<bool>>,
    pub blocks: Vec<Vec<Score>>,
    pub total: Vec<Score>,
    pub meets_all: Vec<Truth>,
    pub rank: Vec<Option<usize>>,
    pub grades: Vec<Option<usize>>,
    /// By award, then by unit.
    pub awards: Vec<Vec<Outcome>>,
    /// By quota, then by unit; none: not known.
    pub quotas: Vec<Vec<Option<i64>>>,
    /// By fund, then by unit; none: no part, or not known.
    pub funds: Vec<Vec<Option<Q>>>,
}

pub struct World<'c> {
    pub case: &'c Case,
    pub assessed: Vec<bool>,
    /// Unit, item (none: the unit's own), field: what was reported.
    figures: BTreeMap<(usize, Option<usize>, &'static str), Q>,
    /// Unit, item: what the assessors gave.
    marks: BTreeMap<(usize, usize), Vec<Q>>,
}

pub fn evaluate(case: &Case) -> Results {
    let units = case.units.len();
    let scheme = &case.scheme;
    let mut world = World {
        case,
        assessed: case.units.iter().map(|unit| !(scheme.zones_out && unit.kind == 2)).collect(),
        figures: BTreeMap::new(),
        marks: BTreeMap::new(),
    };
    for fact in rounds::official(case) {
        let Some(value) = fact.value else { continue };
        let is_percent = fact.item.is_some_and(|item| is_percentage(&scheme.items[item], fact.field));
        let value = if is_percent { value.value() / whole(100) } else { value.value() };
        if fact.field == "评分" {
            world.marks.entry((fact.unit, fact.item.unwrap_or(0))).or_default().push(value);
        } else {
            world.figures.insert((fact.unit, fact.item, fact.field), value);
        }
    }
    let mut results = Results {
        assessed: world.assessed.clone(),
        items: vec![vec![Score::Apart; units]; scheme.items.len()],
        met: vec![vec![Truth::Apart; units]; scheme.items.len()],
        ..Results::default()
    };
    let counts = |item: usize, unit: usize| world.applies(item, unit) && world.is_asked(item, unit);
    results.may_owe = (0..scheme.items.len()).map(|item| (0..units).map(|unit| counts(item, unit)).collect()).collect();
    for unit in 0..units {
        let meets: Vec<Truth> = (0..scheme.items.len()).map(|item| world.met(item, unit)).collect();
        for (item, met) in meets.iter().enumerate() {
            results.met[item][unit] = *met;
        }
        results.meets_all.push(all(meets
            .iter()
            .zip(&scheme.items)
            .filter(|(_, item)| item.stands_alone())
            .map(|(met, _)| *met)));
    }
    for unit in 0..units {
        for item in 0..scheme.items.len() {
            results.items[item][unit] = world.item(item, unit, results.meets_all[unit]);
        }
    }
    for block in 0..scheme.blocks.len() {
        let scores = (0..units).map(|unit| world.block(block, unit, &results)).collect();
        results.blocks.push(scores);
    }
    results.total = (0..units).map(|unit| world.total(unit, &results)).collect();
    results.rank = world.ranks(&results);
    results.grades = world.grades(&results);
    for award in 0..scheme.awards.len() {
        let outcomes = world.award(award, &results);
        results.awards.push(outcomes);
    }
    results.quotas =
        scheme.quotas.iter().map(|quota| (0..units).map(|unit| world.quota(quota, unit, &results)).collect()).collect();
    results.funds = scheme.funds.iter().map(|fund| world.fund(fund, &results)).collect();
    results
}

fn is_percentage(item: &Item, field: &str) -> bool {
    use super::plan::Ask;
    let asks = item.rule.as_ref().map_or(&[][..], Rule::inputs);
    let is_quantity = asks.iter().any(|(name, ask)| *name == field && matches!(ask, Ask::Quantity | Ask::Target));
    item.noun == "%" && is_quantity
}

/// No if one is no, else owed if one is owed; what does not apply is not asked.
pub fn all(answers: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::Apart;
    for answer in answers {
        result = match (result, answer) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Owed, _) | (_, Truth::Owed) => Truth::Owed,
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            (Truth::Apart, Truth::Apart) => Truth::Apart,
        };
    }
    result
}

impl World<'_> {
    pub fn peers(&self, unit: usize) -> impl Iterator<Item = usize> + '_ {
        let kind = self.case.units[unit].kind;
        let is_peer = move |other: &usize| !self.case.scheme.peers || self.case.units[*other].kind == kind;
        (0..self.case.units.len()).filter(|other| self.assessed[*other]).filter(is_peer)
    }

    /// A figure, wherever it comes from: reported for the item, for the unit itself, handed
    /// down, written in the policy.
    fn figure(&self, item: usize, unit: usize, field: &'static str) -> Option<Q> {
        if let Some(own) = self.figures.get(&(unit, Some(item), field)) {
            return Some(own.clone());
        }
        if let Some(own) = self.figures.get(&(unit, None, field)) {
            return Some(own.clone());
        }
        let model = &self.case.scheme.items[item];
        let scale = if is_percentage(model, field) { percent(1) } else { whole(1) };
        let handed =
            self.case.handed_down.iter().find(|(of, which, name, _)| (*of, *which, *name) == (unit, item, field));
        if let Some((.., figure)) = handed {
            return Some(figure.value() * scale);
        }
        if let Some(bound) = model.bound.get(field) {
            return Some(bound.value() * scale);
        }
        (field == "酌扣").then(Q::zero)
    }

    /// A figure as it counts: of units that count together the sum, none while one is owed. Those
    /// to which the item does not apply bring none.
    fn counted_figure(&self, item: usize, unit: usize, field: &'static str) -> Option<Q> {
        let merge = self.case.merge.as_ref();
        match merge.filter(|merge| merge.items.contains(&item) && merge.members.contains(&unit)) {
            Some(merge) => {
                let counts = |member: &&usize| self.applies(item, **member) && self.is_asked(item, **member);
                merge.members.iter().filter(counts).map(|member| self.figure(item, *member, field)).sum()
            }
            None => self.figure(item, unit, field),
        }
    }

    pub fn applies(&self, item: usize, unit: usize) -> bool {
        self.case.scheme.items[item].pilots_only.is_none() || self.case.units[unit].pilot
    }

    /// Whether anybody asks for the item: for a substitute only where what it stands in for
    /// does not apply.
    pub fn is_asked(&self, item: usize, unit: usize) -> bool {
        let model = &self.case.scheme.items[item];
        let owner =
            self.case.scheme.items.iter().position(|other| other.pilots_only == Some(Otherwise::Substitute(item)));
        if let Some(parent) = model.inner_of {
            return self.applies(parent, unit) && self.is_asked(parent, unit);
        }
        !model.is_substitute || owner.is_none_or(|owner| !self.applies(owner, unit))
    }

    /// The peers with whom a unit is compared in an item: those whose figures count there.
    fn rivals(&self, item: usize, unit: usize) -> impl Iterator<Item = usize> + '_ {
        self.peers(unit).filter(move |other| self.applies(item, *other) && self.is_asked(item, *other))
    }

    fn ask<'w>(&'w self, item: usize, unit: usize, points: &'w Q) -> Asked<'w> {
        Asked {
            points,
            figure: Box::new(move |field| self.counted_figure(item, unit, field)),
            others: Box::new(move |field| {
                self.rivals(item, unit).map(|other| self.counted_figure(item, other, field)).collect()
            }),
            marks: self.marks.get(&(unit, item)).cloned().unwrap_or_default(),
        }
    }

    pub fn met(&self, item: usize, unit: usize) -> Truth {
        let model = &self.case.scheme.items[item];
        if !self.is_asked(item, unit) {
            return Truth::Apart;
        }
        if !self.applies(item, unit) {
            return match model.pilots_only {
                Some(Otherwise::Substitute(other)) => self.met(other, unit),
                _ => Truth::Apart,
            };
        }
        if model.nested.is_some() {
            return self.nested_met(item, unit);
        }
        let Some(rule) = model.rule.as_ref().filter(|rule| rule.says_met()) else {
            return Truth::Apart;
        };
        match rules::met(rule, &self.ask(item, unit, &Q::zero())) {
            Some(true) => Truth::Yes,
            Some(false) => Truth::No,
            None => Truth::Owed,
        }
    }

    /// The score of an item; that of a substitute has the points of what it stands in for.
    pub fn item(&self, item: usize, unit: usize, meets_all: Truth) -> Score {
        let model = &self.case.scheme.items[item];
        if !self.is_asked(item, unit) {
            return Score::Apart;
        }
        if !self.applies(item, unit) {
            let full = model.points.map_or_else(Q::zero, |points| points.value());
            return match model.pilots_only {
                Some(Otherwise::Substitute(other)) => self.item(other, unit, meets_all),
                Some(Otherwise::Full) => Score::Known(full),
                Some(Otherwise::Zero) => Score::Known(Q::zero()),
                Some(Otherwise::Scale | Otherwise::Reduce) | None => Score::Apart,
            };
        }
        let stands_for =
            self.case.scheme.items.iter().find(|other| other.pilots_only == Some(Otherwise::Substitute(item)));
        let points = model.points.or_else(|| stands_for.and_then(|other| other.points));
        let full = points.map_or_else(Q::zero, |points| points.value());
        let base = match &model.rule {
            Some(rule) => rules::points(rule, &self.ask(item, unit, &full)),
            None if model.nested.is_some() => self.nested_points(item, unit),
            None => Some(full.clone()),
        };
        let score = base.map(|base| {
            let lines = 0..model.lines.len();
            let score = lines.fold(base, |score, at| score + self.line(item, at, unit));
            self.clamped(item, points.is_some(), score)
        });
        let around = model.inner_of.and_then(|parent| self.case.scheme.items[parent].nested.as_ref());
        let mut score = score.map_or(Score::Owed, Score::Known);
        for veto in &self.case.scheme.vetoes {
            if veto.effects.contains(&Effect::ItemZero(item)) {
                score = self.zeroed(score, self.early(&veto.when, unit, meets_all));
            }
        }
        if score == Score::Owed {
            let of_scheme = around.map_or(self.case.scheme.missing, |nested| nested.missing);
            score = match (model.when_missing.unwrap_or(of_scheme), &model.rule) {
                (Missing::Zero, _) => Score::Known(Q::zero()),
                (Missing::Lowest, Some(rule)) => {
                    let least = self.clamped(item, points.is_some(), rules::least(rule, &full));
                    let zeroes = |veto: &super::plan::Veto| veto.effects.contains(&Effect::ItemZero(item));
                    let may_be_zero = self.case.scheme.vetoes.iter().any(zeroes);
                    Score::Known(if may_be_zero { least.min(Q::zero()) } else { least })
                }
                _ => Score::Owed,
            };
        }
        rounded(score, around.map_or(self.case.scheme.round_items, |nested| nested.round_items))
    }

    /// Points by one line of events, below zero where it deducts; its cap is its own.
    fn line(&self, item: usize, at: usize, unit: usize) -> Q {
        let line = &self.case.scheme.items[item].lines[at];
        let count = self.counted(item, at, unit);
        let mut sum = whole(count) * line.points.value();
        if let Some(cap) = line.cap {
            sum = sum.min(cap.value());
        }
        if line.deducts { -sum } else { sum }
    }

    pub fn circulars(&self, unit: usize, level: Option<usize>) -> i64 {
        let counts = |event: &&super::plan::Event| {
            event.unit == unit && !event.withdrawn && level.is_none_or(|level| level == event.level)
        };
        i64::try_from(self.case.events.iter().filter(counts).count()).unwrap_or(i64::MAX)
    }

    fn clamped(&self, item: usize, has_points: bool, score: Q) -> Q {
        let model = &self.case.scheme.items[item];
        let is_inner = model.inner_of.is_some();
        let of_scheme = |clamp: Option<super::number::Figure>| clamp.filter(|_| has_points && !is_inner);
        let low = model.at_least.or(of_scheme(self.case.scheme.at_least));
        let high = model.at_most.or(of_scheme(self.case.scheme.at_most));
        let score = low.map_or(score.clone(), |low| score.max(low.value()));
        high.map_or(score.clone(), |high| score.min(high.value()))
    }

    fn zeroed(&self, score: Score, strikes: Truth) -> Score {
        match strikes {
            Truth::Yes => Score::Known(Q::zero()),
            Truth::Owed => Score::Owed,
            Truth::No | Truth::Apart => score,
        }
    }

    /// A condition that needs no scores.
    fn early(&self, when: &When, unit: usize, meets_all: Truth) -> Truth {
        match when {
            When::Circulars(level, more) if self.circulars(unit, *level) > *more => Truth::Yes,
            When::Circulars(..) | When::Below(..) => Truth::No,
            When::TargetMissed => match meets_all {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                other => other,
            },
        }
    }

    pub fn strikes(&self, when: &When, unit: usize, results: &Results) -> Truth {
        match when {
            When::Below(value, edge) => match self.value(*value, unit, results) {
                Score::Known(value) if value < edge.value() => Truth::Yes,
                Score::Known(_) => Truth::No,
                Score::Owed => Truth::Owed,
                Score::Apart => Truth::Apart,
            },
            when => self.early(when, unit, results.meets_all[unit]),
        }
    }

    pub fn value(&self, value: Value, unit: usize, results: &Results) -> Score {
        match value {
            Value::Total => results.total[unit].clone(),
            Value::Block(block) => results.blocks[block][unit].clone(),
            Value::Item(item) => results.items[item][unit].clone(),
        }
    }

    fn block(&self, block: usize, unit: usize, results: &Results) -> Score {
        let scheme = &self.case.scheme;
        let inside = |(_, item): &(usize, &Item)| item.block == Some(block) && item.stands_alone();
        let items: Vec<(usize, &Item)> = scheme.items.iter().enumerate().filter(inside).collect();
        let mut score = sum(items.iter().map(|(item, _)| &results.items[*item][unit]));
        if items.iter().any(|(_, item)| item.pilots_only == Some(Otherwise::Scale)) {
            let points = |item: &Item| item.points.map_or_else(Q::zero, |points| points.value());
            let whole: Q = items.iter().map(|(_, item)| points(item)).sum();
            let counting = items.iter().filter(|(item, _)| results.items[*item][unit] != Score::Apart);
            let counting: Q = counting.map(|(_, item)| points(item)).sum();
            score = score.map(|score| score * whole / counting);
        }
        let model = &scheme.blocks[block];
        if let (Some(points), Some(raw)) = (model.points, model.scaled_from) {
            score = score.map(|score| score * points.value() / raw.value());
        }
        if let Some(low) = model.at_least {
            score = score.map(|score| score.max(low.value()));
        }
        if let Some(high) = model.at_most {
            score = score.map(|score| score.min(high.value()));
        }
        for veto in &scheme.vetoes {
            if veto.effects.contains(&Effect::BlockZero(block)) {
                score = self.zeroed(score, self.early(&veto.when, unit, results.meets_all[unit]));
            }
        }
        rounded(score, scheme.round_blocks)
    }

    fn total(&self, unit: usize, results: &Results) -> Score {
        let scheme = &self.case.scheme;
        let mut score = match &scheme.total {
            Some(parts) => {
                let signed: Vec<Score> = parts
                    .iter()
                    .map(|(value, added)| {
                        self.value(*value, unit, results).map(|value| if *added { value } else { -value })
                    })
                    .collect();
                sum(signed.iter())
            }
            None => {
                let alone = |(_, item): &(usize, &Item)| item.block.is_none() && item.stands_alone();
                let items = scheme.items.iter().enumerate().filter(alone).map(|(item, _)| &results.items[item][unit]);
                sum(results.blocks.iter().map(|block| &block[unit]).chain(items))
            }
        };
        for veto in &scheme.vetoes {
            if veto.effects.contains(&Effect::TotalZero) {
                score = self.zeroed(score, self.early(&veto.when, unit, results.meets_all[unit]));
            }
        }
        rounded(score, scheme.round_total)
    }

    /// Who is ahead by the declared total and then by what breaks ties.
    pub fn order(&self, a: usize, b: usize, results: &Results) -> Ordering {
        let scheme = &self.case.scheme;
        let first = known_first(&results.total[a], &results.total[b], scheme.ascending);
        scheme.tie_break.iter().fold(first, |order, key| {
            order.then_with(|| known_first(&self.value(*key, a, results), &self.value(*key, b, results), false))
        })
    }

    fn ranks(&self, results: &Results) -> Vec<Option<usize>> {
        let place = |unit: usize| {
            if !self.assessed[unit] || results.total[unit].known().is_none() {
                return None;
            }
            let ahead: Vec<usize> = self
                .peers(unit)
                .filter(|other| results.total[*other].known().is_some())
                .filter(|other| self.order(*other, unit, results).is_lt())
                .collect();
            Some(1 + if self.case.scheme.dense { self.distinct(&ahead, results) } else { ahead.len() })
        };
        (0..self.case.units.len()).map(place).collect()
    }

    /// How many different standings there are among units.
    fn distinct(&self, units: &[usize], results: &Results) -> usize {
        let is_first =
            |at: &usize| !units[..*at].iter().any(|earlier| self.order(*earlier, units[*at], results).is_eq());
        (0..units.len()).filter(is_first).count()
    }

    fn grades(&self, results: &Results) -> Vec<Option<usize>> {
        let scheme = &self.case.scheme;
        let units = self.case.units.len();
        let Some(grades) = &scheme.grades else {
            return vec![None; units];
        };
        let last = grades.bands.len() - 1;
        let mut reached: Vec<Option<usize>> = vec![None; units];
        for unit in (0..units).filter(|unit| self.assessed[*unit]) {
            let Some(total) = results.total[unit].known() else { continue };
            let band = grades.bands.iter().position(|band| band.edge.is_none_or(|edge| *total >= edge.value()));
            let band = band.unwrap_or(last);
            let mut worst = band;
            for veto in &scheme.vetoes {
                if self.strikes(&veto.when, unit, results) != Truth::Yes {
                    continue;
                }
                for effect in &veto.effects {
                    match effect {
                        Effect::GradeDown(steps) => worst = worst.max((band + steps).min(last)),
                        Effect::GradeTo(to) => worst = worst.max(*to),
                        _ => {}
                    }
                }
            }
            reached[unit] = Some(worst);
        }
        let within = scheme.peers && grades.among != Among::Everyone;
        let groups: Vec<Vec<usize>> = (0..3)
            .map(|kind| {
                let inside = |unit: &usize| self.assessed[*unit] && (!within || self.case.units[*unit].kind == kind);
                (0..units).filter(inside).collect()
            })
            .take(if within { 3 } else { 1 })
            .collect();
        for group in groups {
            for (position, band) in grades.bands.iter().enumerate() {
                let Some((share, mode, beyond)) = band.share else { continue };
                let all = whole(i64::try_from(group.len()).unwrap_or(0));
                let room = round(&(all * percent(share)), &whole(1), mode);
                let inside: Vec<usize> =
                    group.iter().copied().filter(|unit| reached[*unit] == Some(position)).collect();
                for unit in &inside {
                    // A unit stays if all who are not below it fit.
                    let not_below =
                        inside.iter().filter(|other| results.total[**other].known() >= results.total[*unit].known());
                    if whole(i64::try_from(not_below.count()).unwrap_or(0)) > room {
                        reached[*unit] = Some(beyond);
                    }
                }
            }
        }
        reached
    }
}

impl Score {
    fn map(self, change: impl FnOnce(Q) -> Q) -> Score {
        match self {
            Score::Known(value) => Score::Known(change(value)),
            other => other,
        }
    }
}

fn rounded(score: Score, rounding: Option<(super::number::Figure, super::number::Mode)>) -> Score {
    match rounding {
        Some((step, mode)) => score.map(|score| round(&score, &step.value(), mode)),
        None => score,
    }
}

/// A sum of points: owed if one is; what does not apply is left out.
pub fn sum<'s>(scores: impl Iterator<Item = &'s Score>) -> Score {
    let mut result = Score::Apart;
    for score in scores {
        result = match (result, score) {
            (Score::Owed, _) | (_, Score::Owed) => Score::Owed,
            (Score::Known(sum), Score::Known(score)) => Score::Known(sum + score),
            (Score::Apart, other) => other.clone(),
            (known, Score::Apart) => known,
        };
    }
    result
}

/// The better first, and what is not known last.
pub fn known_first(a: &Score, b: &Score, lower_is_better: bool) -> Ordering {
    match (a.known(), b.known()) {
        (Some(a), Some(b)) if lower_is_better => a.cmp(b),
        (Some(a), Some(b)) => b.cmp(a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
