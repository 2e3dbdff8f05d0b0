//! What a change makes of vetoes, grades, awards and the rest, and how it is told.

use super::Live;
use crate::{Given, outcome, result::Assessment};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::{Change, Column, Kept, Lanes, NodeId};
use kaoping_scheme::model::Scheme;

/// Something that has a result for each unit, by position among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The points of an item, its parts or whether its target was met.
    Item(usize),
    /// The points of a block.
    Block(usize),
    /// The total.
    Total,
    /// Whether every target was met.
    MeetsAll,
    /// A value the scheme names.
    Value(usize),
    /// The place.
    Place,
    /// A veto.
    Veto(usize),
    /// The grade.
    Grade,
    /// An award: its winners, or the reason for one unit.
    Award(usize),
    /// A number of individuals.
    Quota(usize),
    /// A list of units.
    Roster(usize),
    /// A fund.
    Fund(usize),
}

/// What is another, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What.
    pub what: What,
    /// For which units.
    pub units: Lanes,
}

impl PartialOrd for Effect {
    fn partial_cmp(&self, other: &Effect) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Effect {
    fn cmp(&self, other: &Effect) -> core::cmp::Ordering {
        let units = |effect: &Effect| match &effect.units {
            Lanes::Some(units) => units.clone(),
            Lanes::All => Vec::new(),
        };
        self.what.cmp(&other.what).then_with(|| units(self).cmp(&units(other)))
    }
}

/// What each node is a result of.
pub(super) fn names(given: &Given<'_>, scheme: &Scheme, items: &[(usize, usize)]) -> BTreeMap<NodeId, Vec<What>> {
    let mut names: BTreeMap<NodeId, Vec<What>> = BTreeMap::new();
    let mut name = |node: NodeId, what: What| {
        let known = names.entry(node).or_default();
        if !known.contains(&what) {
            known.push(what);
        }
    };
    for (at, (of, item)) in items.iter().enumerate() {
        let item = given.standard.schemes.get(*of).and_then(|scheme| scheme.items.get(*item));
        if let Some(item) = item {
            let nodes = item.score.into_iter().chain(item.unrounded).chain(item.met);
            nodes.chain(item.adjustments.iter().map(|line| line.sum)).for_each(|node| name(node, What::Item(at)));
        }
    }
    for (at, block) in scheme.blocks.iter().enumerate() {
        block.score.into_iter().for_each(|node| name(node, What::Block(at)));
    }
    scheme.total.into_iter().for_each(|node| name(node, What::Total));
    scheme.meets_all.into_iter().for_each(|node| name(node, What::MeetsAll));
    scheme.rank.into_iter().for_each(|node| name(node, What::Place));
    scheme.values.iter().enumerate().for_each(|(at, (_, node))| name(*node, What::Value(at)));
    names
}

/// The changes of nodes, by the names of what they are results of.
pub(super) fn named(names: &BTreeMap<NodeId, Vec<What>>, changes: &[Change]) -> Vec<Effect> {
    let mut found: BTreeMap<What, Lanes> = BTreeMap::new();
    for change in changes {
        for what in names.get(&change.node).into_iter().flatten() {
            match found.get_mut(what) {
                Some(units) => *units = both(units, &change.lanes),
                None => _ = found.insert(*what, change.lanes.clone()),
            }
        }
    }
    found.into_iter().map(|(what, units)| Effect { what, units }).collect()
}

fn both(a: &Lanes, b: &Lanes) -> Lanes {
    match (a, b) {
        (Lanes::Some(a), Lanes::Some(b)) => {
            Lanes::Some(a.iter().chain(b).copied().collect::<BTreeSet<u32>>().into_iter().collect())
        }
        _ => Lanes::All,
    }
}

/// Which lanes of nodes changed; none where none did.
fn touched(changes: &[Change], nodes: impl IntoIterator<Item = NodeId>) -> Option<Lanes> {
    let mut found: Option<Lanes> = None;
    for node in nodes {
        for change in changes.iter().filter(|change| change.node == node) {
            found = Some(found.map_or_else(|| change.lanes.clone(), |found| both(&found, &change.lanes)));
        }
    }
    found
}

/// The positions at which two lists differ.
fn different<T: PartialEq>(before: &[T], now: &[T]) -> Vec<u32> {
    let differ = (0u32..).zip(before.iter().zip(now)).filter(|(_, (before, now))| before != now);
    differ.map(|(unit, _)| unit).collect()
}

impl Live<'_> {
    pub(super) fn vetoes(&mut self, changes: &[Change], found: &mut Vec<Effect>) {
        let units = self.prepared.frame().units();
        for (at, veto) in self.scheme.vetoes.iter().enumerate() {
            let (Some(lanes), Some(strikes)) = (touched(changes, [veto.when]), self.out.vetoes.get_mut(at)) else {
                continue;
            };
            let changed = match lanes {
                Lanes::Some(lanes) => {
                    let column = self.kept.column(veto.when).map(|column| &**column);
                    let mut changed = Vec::new();
                    for unit in lanes {
                        let strike = outcome::strike(column, unit as usize);
                        if let Some(slot) = strikes.get_mut(unit as usize).filter(|slot| **slot != strike) {
                            *slot = strike;
                            changed.push(unit);
                        }
                    }
                    changed
                }
                Lanes::All => {
                    let now = outcome::strikes(&self.kept, veto.when, units);
                    let changed = different(strikes, &now);
                    *strikes = now;
                    changed
                }
            };
            if !changed.is_empty() {
                found.push(Effect { what: What::Veto(at), units: Lanes::Some(changed) });
            }
        }
    }

    /// The units with another grade.
    pub(super) fn grades(&mut self, changes: &[Change], found: &mut Vec<Effect>) -> Option<Lanes> {
        let grades = self.scheme.grades.as_ref()?;
        let nodes = core::iter::once(grades.by)
            .chain(grades.bands.iter().filter_map(|band| band.holds))
            .chain(grades.moves.iter().map(|moved| moved.when));
        let mut lanes = touched(changes, nodes);
        for effect in found.iter().filter(|effect| matches!(effect.what, What::Veto(_))) {
            lanes = Some(lanes.map_or_else(|| effect.units.clone(), |lanes| both(&lanes, &effect.units)));
        }
        let lanes = lanes?;
        let grading = outcome::grading(self.scheme, &self.kept, &self.out.vetoes)?;
        let mut changed = Vec::new();
        match lanes {
            // Without limited bands each unit is graded by itself.
            Lanes::Some(units) if grades.bands.iter().all(|band| band.share.is_none()) => {
                for unit in units.into_iter().filter(|unit| self.prepared.is_assessed(*unit)) {
                    let now = grading.alone(unit as usize);
                    if let Some(slot) = self.out.grades.get_mut(unit as usize).filter(|slot| **slot != now) {
                        *slot = now;
                        changed.push(unit);
                    }
                }
            }
            _ => {
                let now = grading.run(&self.prepared);
                changed = different(&self.out.grades, &now);
                self.out.grades = now;
            }
        }
        if changed.is_empty() {
            return None;
        }
        found.push(Effect { what: What::Grade, units: Lanes::Some(changed.clone()) });
        Some(Lanes::Some(changed))
    }

    pub(super) fn awards(&mut self, changes: &[Change], found: &mut Vec<Effect>) {
        let struck = found.iter().filter(|effect| matches!(effect.what, What::Veto(_)));
        let struck = struck.map(|effect| effect.units.clone()).reduce(|a, b| both(&a, &b));
        let mut others = Vec::new();
        for (at, award) in self.scheme.awards.iter().enumerate() {
            let keys = outcome::award_keys(self.scheme, award);
            let nodes = award.eligible.into_iter().chain(award.unless).chain(keys.iter().map(|(key, _)| *key));
            let lanes = touched(changes, nodes).into_iter().chain(struck.clone()).reduce(|a, b| both(&a, &b));
            let rests_on_others = award.excluding.iter().any(|award| others.contains(award));
            let awarding = outcome::awarding(at, &self.prepared, self.scheme, &self.kept, &self.out);
            let stays = match (&lanes, awarding, self.out.awards.get(at)) {
                (None, ..) => true,
                (Some(Lanes::Some(units)), Some(awarding), Some(before)) => awarding.stays(before, units),
                _ => false,
            };
            if stays && !rests_on_others {
                continue;
            }
            let now = outcome::award_at(at, &self.prepared, self.scheme, &self.kept, &self.out);
            let (Some(mut now), Some(before)) = (now, self.out.awards.get_mut(at)) else { continue };
            // It is taken from what is kept, where it stays as it is.
            now.by = None;
            let units = different(&before.reasons, &now.reasons);
            if !units.is_empty() || before.lists != now.lists {
                others.push(at);
                found.push(Effect { what: What::Award(at), units: Lanes::Some(units) });
            }
            *before = now;
        }
    }

    /// Quotas, lists and funds.
    pub(super) fn followers(&mut self, changes: &[Change], found: &mut Vec<Effect>) {
        for (at, quota) in self.scheme.quotas.iter().enumerate() {
            if touched(changes, quota.rows.iter().map(|(when, ..)| *when)).is_none() {
                continue;
            }
            let now = outcome::quota_of(&self.prepared, quota, &self.kept);
            if let Some(before) = self.out.quotas.get_mut(at).filter(|before| **before != now) {
                let units = Lanes::Some(different(&before.numbers, &now.numbers));
                found.push(Effect { what: What::Quota(at), units });
                *before = now;
            }
        }
        for (at, roster) in self.scheme.rosters.iter().enumerate() {
            if touched(changes, [roster.filter]).is_none() {
                continue;
            }
            let now = outcome::roster_of(roster, &self.kept, &self.out.members);
            if let Some(before) = self.out.rosters.get_mut(at).filter(|before| **before != now) {
                let apart = |a: &[u32], b: &[u32]| {
                    let (a, b): (BTreeSet<u32>, BTreeSet<u32>) =
                        (a.iter().copied().collect(), b.iter().copied().collect());
                    a.symmetric_difference(&b).copied().collect::<Vec<u32>>()
                };
                let mut units: BTreeSet<u32> = apart(&before.units, &now.units).into_iter().collect();
                units.extend(apart(&before.open, &now.open));
                found.push(Effect { what: What::Roster(at), units: Lanes::Some(units.into_iter().collect()) });
                *before = now;
            }
        }
        for (at, fund) in self.scheme.distributions.iter().enumerate() {
            let nodes = core::iter::once(fund.by).chain(fund.filter).chain(self.scheme.rank);
            if touched(changes, nodes).is_none() {
                continue;
            }
            let now = outcome::share_of(&self.prepared, self.scheme, fund, &self.kept);
            if let Some(before) = self.out.shares.get_mut(at).filter(|before| **before != now) {
                let units = Lanes::Some(different(&before.parts, &now.parts));
                found.push(Effect { what: What::Fund(at), units });
                *before = now;
            }
        }
    }
}

/// What differs between two whole runs.
pub(super) fn between(
    names: &BTreeMap<NodeId, Vec<What>>,
    (before, was): (&Kept, &Assessment),
    (now, is): (&Kept, &Assessment),
) -> Vec<Effect> {
    let same = |a: &Column, b: &Column| a.len() == b.len() && (0..a.len()).all(|at| a.cell(at) == b.cell(at));
    let differs = |node: &NodeId| match (before.column(*node), now.column(*node)) {
        (Some(before), Some(now)) => !same(before, now),
        (before, now) => before.is_some() != now.is_some(),
    };
    let changes = names.keys().filter(|node| differs(node)).map(|node| Change { node: *node, lanes: Lanes::All });
    let mut found = named(names, &changes.collect::<Vec<_>>());
    let mut put = |what: What, differs: bool| {
        found.extend(differs.then_some(Effect { what, units: Lanes::All }));
    };
    for (at, (was, is)) in was.vetoes.iter().zip(&is.vetoes).enumerate() {
        put(What::Veto(at), was != is);
    }
    put(What::Grade, was.grades != is.grades);
    for (at, (was, is)) in was.awards.iter().zip(&is.awards).enumerate() {
        put(What::Award(at), was.reasons != is.reasons || was.lists != is.lists);
    }
    for (at, (was, is)) in was.quotas.iter().zip(&is.quotas).enumerate() {
        put(What::Quota(at), was != is);
    }
    for (at, (was, is)) in was.rosters.iter().zip(&is.rosters).enumerate() {
        put(What::Roster(at), was != is);
    }
    for (at, (was, is)) in was.shares.iter().zip(&is.shares).enumerate() {
        put(What::Fund(at), was != is);
    }
    found.sort();
    found
}
