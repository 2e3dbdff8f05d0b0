//! Grades: bands by points, lowered by vetoes, with share limits.

use crate::{
    prepare::Prepared,
    result::{Answer, GradeResult, GradeTie, Strike},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};
use core::cmp::Ordering;
use kaoping_program::{Column, Relation, State};
use kaoping_scheme::model::{Band, Grades, LastPlaceTies, Veto, VetoEffect};
use kaoping_terms::Exact;

/// What grading looks at.
pub(crate) struct Grading<'a> {
    pub(crate) grades: &'a Grades,
    /// What is graded.
    pub(crate) by: &'a Column,
    /// For each band whether units are within its edge.
    pub(crate) holds: Vec<Option<&'a Column>>,
    pub(crate) vetoes: &'a [Veto],
    pub(crate) strikes: &'a [Vec<Strike>],
    /// For each move whether it applies to units.
    pub(crate) moves: Vec<Option<&'a Column>>,
}

impl Grading<'_> {
    /// The grade of each unit. Points decide first; a veto lowers, the strictest of several
    /// wins; then bands with a share are filled from the best, and who finds no room goes to
    /// the band named for that. A unit that a veto lowered takes no room above.
    pub(crate) fn run(&self, prepared: &Prepared<'_>) -> Vec<GradeResult> {
        let members = prepared.members();
        let mut results = vec![GradeResult::default(); prepared.frame().units()];
        for unit in &members {
            if let Some(result) = results.get_mut(*unit as usize) {
                *result = self.reached(*unit as usize);
            }
        }
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for unit in members {
            let group =
                if self.grades.per_group { prepared.groups().of.get(unit as usize).copied().unwrap_or(0) } else { 0 };
            groups.entry(group).or_default().push(unit);
        }
        for units in groups.into_values() {
            for (position, band) in self.grades.bands.iter().enumerate() {
                self.limit(position, band, &units, &mut results);
            }
            for unit in units {
                if let Some(result) = results.get_mut(unit as usize)
                    && let Some(band) = result.band
                {
                    result.band = Some(self.moved(unit as usize, band, true, result));
                }
            }
        }
        results
    }

    /// The grade of an assessed unit where no band is limited, so that it stands alone.
    pub(crate) fn alone(&self, unit: usize) -> GradeResult {
        let mut result = self.reached(unit);
        if let Some(band) = result.band {
            result.band = Some(self.moved(unit, band, true, &mut result));
        }
        result
    }

    /// The band after the moves of one kind: all that apply together, within the grades there
    /// are. A unit that a veto lowered is not raised.
    fn moved(&self, unit: usize, band: usize, after_shares: bool, result: &mut GradeResult) -> usize {
        let last = self.grades.bands.len().saturating_sub(1);
        let (mut up, mut down) = (0usize, 0usize);
        for (at, (moved, when)) in self.grades.moves.iter().zip(&self.moves).enumerate() {
            let of_this_kind = moved.after_shares.unwrap_or(false) == after_shares;
            if !of_this_kind || (moved.up && !result.vetoes.is_empty()) {
                continue;
            }
            match when.map(|when| Answer::of(when, unit)) {
                Some(Answer::Yes) => {
                    result.moves.push(at);
                    let total = if moved.up { &mut up } else { &mut down };
                    *total = total.saturating_add(moved.steps);
                }
                Some(Answer::Unknown) => result.provisional = true,
                Some(Answer::No | Answer::NotApplicable) | None => {}
            }
        }
        band.saturating_add(down).saturating_sub(up).min(last)
    }

    /// The band by points and vetoes.
    fn reached(&self, unit: usize) -> GradeResult {
        let mut result = GradeResult::default();
        for (position, holds) in self.holds.iter().enumerate() {
            let answer = holds.map_or(Answer::Yes, |holds| Answer::of(holds, unit));
            match answer {
                Answer::No => {}
                Answer::Yes if self.by.state(unit).is_known() => {
                    result.reached = Some(position);
                    break;
                }
                // While points are owed there is no grade, not the lowest one.
                _ => return result,
            }
        }
        let Some(reached) = result.reached else {
            return result;
        };
        result.provisional = self.by.state(unit) != State::KNOWN;
        let last = self.grades.bands.len().saturating_sub(1);
        let mut band = reached;
        for (at, (veto, strikes)) in self.vetoes.iter().zip(self.strikes).enumerate() {
            let strike = strikes.get(unit).copied().unwrap_or(Strike::No);
            let lowered = veto.effects.iter().filter_map(|effect| match effect {
                VetoEffect::GradeDown(steps) => Some(reached.saturating_add(*steps).min(last)),
                VetoEffect::GradeTo(to) => Some((*to).max(reached).min(last)),
                _ => None,
            });
            let Some(lowered) = lowered.max() else {
                continue;
            };
            match strike {
                Strike::Yes => {
                    result.vetoes.push(at);
                    band = band.max(lowered);
                }
                Strike::Open => result.provisional = true,
                Strike::No => {}
            }
        }
        result.band = Some(self.moved(unit, band, false, &mut result));
        result
    }

    /// Sends those for whom a band has no room to the band named for that.
    fn limit(&self, position: usize, band: &Band, units: &[u32], results: &mut [GradeResult]) {
        let Some((share, mode)) = &band.share else {
            return;
        };
        let all = Exact::whole(i64::try_from(units.len()).unwrap_or(i64::MAX));
        let room = (share * &all)
            .rounded(&Exact::one(), *mode)
            .to_i64()
            .and_then(|room| usize::try_from(room).ok())
            .unwrap_or(0);
        // Whose band may still be another one.
        let may_move = |unit: &&u32| {
            results.get(**unit as usize).is_some_and(|result| result.band.is_none() || result.provisional)
        };
        let open: BTreeSet<u32> = units.iter().filter(may_move).copied().collect();
        let in_band = |unit: &&u32| results.get(**unit as usize).is_some_and(|result| result.band == Some(position));
        let mut inside: Vec<u32> = units.iter().filter(in_band).copied().collect();
        inside.sort_by(|a, b| self.compare(band, *a as usize, *b as usize));
        let mut keep = inside.len().min(room);
        // Those who share the limiting place: where there is no room for all of them, the
        // declared rule decides about all of them alike.
        let (mut from, mut to) = (keep, keep);
        while from > 0 && to < inside.len() && self.equal(inside.get(from - 1), inside.get(to)) {
            from -= 1;
        }
        while from < keep && to < inside.len() && self.equal(inside.get(from), inside.get(to)) {
            to += 1;
        }
        let tie = (from < keep).then(|| GradeTie { units: to - from, free: keep - from, rule: band.last_place_ties });
        if tie.is_some() {
            keep = if band.last_place_ties == LastPlaceTies::TakeAll { to } else { from };
        }
        let below = band.overflow.filter(|overflow| *overflow > position).unwrap_or(position + 1);
        let below = below.min(self.grades.bands.len().saturating_sub(1));
        for (at, unit) in inside.iter().enumerate() {
            let Some(result) = results.get_mut(*unit as usize) else {
                continue;
            };
            let ahead = inside.get(..at).unwrap_or_default();
            let open_ahead = ahead.iter().filter(|other| open.contains(other)).count();
            let rivals = open.len() - open_ahead - usize::from(open.contains(unit));
            // Who is inside may be pushed out by those that may still come before it; who is outside
            // may come in for one of those before it.
            result.provisional |= if at < keep { at + rivals >= room } else { open_ahead > 0 };
            if (from..to).contains(&at) {
                result.tied = tie;
                result.provisional |= band.last_place_ties == LastPlaceTies::Decide;
            }
            if at >= keep {
                result.band = Some(below);
                result.crowded_out = true;
            }
        }
    }

    /// The better first.
    fn compare(&self, band: &Band, a: usize, b: usize) -> Ordering {
        let lower_is_better = matches!(band.edge, Some((Relation::Less | Relation::AtMost, _)));
        if lower_is_better { self.by.compare(a, b) } else { self.by.compare(b, a) }
    }

    fn equal(&self, a: Option<&u32>, b: Option<&u32>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => self.by.compare(*a as usize, *b as usize).is_eq(),
            _ => false,
        }
    }
}
