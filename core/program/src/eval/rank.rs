//! Places among units.

use super::bins::Bins;
use super::members::{Grouping, NONE};
use crate::column::Column;
use crate::ir::Ties;
use crate::state::{State, States};
use crate::values::{Numerators, Values};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;

/// A key: its values, and whether higher is better.
pub(crate) type Key<'a> = (&'a Column, bool);

/// The place of each unit in its group. Every column has one value for each unit.
///
/// A place is provisional if it can still change: if some unit of the group is owed a first
/// key, or holds a provisional one, or if a tie was left to a later key that is unknown or
/// provisional. A unit whose later key is unknown comes after those that are equal so far.
pub(crate) fn rank(keys: &[Key], grouping: &Grouping, ties: Ties, among: Option<&Column>) -> Column {
    let entry = Entry { keys, among };
    if let Some(places) = entry.counted(grouping, ties) {
        return places;
    }
    let mut states: Vec<State> = Vec::with_capacity(grouping.lanes());
    let mut unsettled = vec![false; grouping.count];
    let mut placed: Vec<(u32, usize)> = Vec::new();
    for (unit, group) in grouping.of.iter().enumerate() {
        let state = if *group == NONE { State::NOT_APPLICABLE } else { entry.state(unit) };
        states.push(state);
        if state.is_known() {
            placed.push((*group, unit));
        }
        if let Some(unsettled) = unsettled.get_mut(*group as usize) {
            *unsettled |= state.is_provisional() || state.is_missing() || state.is_undefined();
        }
    }
    if !entry.sort_by_bins(&mut placed, grouping, &states) {
        placed.sort_unstable_by(|(group, unit), (other_group, other)| {
            group.cmp(other_group).then_with(|| entry.compare(*unit, *other, keys.len()))
        });
    }
    for (group, unit) in &placed {
        if let Some(state) = states.get_mut(*unit) {
            *state = state.provisional_if(unsettled.get(*group as usize) == Some(&true));
        }
    }
    entry.mark_open_ties(&placed, &mut states);
    let places = entry.places(&placed, ties, grouping.lanes());
    Column::from_parts(whole(places), States::new(states))
}

/// Places as whole numbers of a machine word.
fn whole(places: Vec<i32>) -> Values {
    Values::Short { numerators: Numerators::Short(places), denominator: 1 }
}

struct Entry<'a> {
    keys: &'a [Key<'a>],
    among: Option<&'a Column>,
}

impl Entry<'_> {
    /// Places by one key that is firmly known of everybody: counting how many have each value says
    /// how many are ahead. None where that is not so.
    fn counted(&self, grouping: &Grouping, ties: Ties) -> Option<Column> {
        let [(key, higher)] = self.keys else { return None };
        if self.among.is_some() || !matches!(key.states(), States::AllKnown) {
            return None;
        }
        let bins = Bins::new(key.values(), *higher, &grouping.of, grouping.count)?;
        let mut places = bins.sizes();
        for group in places.chunks_mut(bins.width) {
            let mut next = 1u32;
            for size in group {
                let by = if ties == Ties::Dense { u32::from(*size > 0) } else { *size };
                *size = next;
                next += by;
            }
        }
        let place = |bin: &u32| places.get(*bin as usize).map_or(0, |place| i32::try_from(*place).unwrap_or(i32::MAX));
        let found: Vec<i32> = bins.of.iter().map(place).collect();
        let states = match grouping.of.contains(&NONE) {
            false => States::AllKnown,
            true => {
                let state = |group: &u32| if *group == NONE { State::NOT_APPLICABLE } else { State::KNOWN };
                States::new(grouping.of.iter().map(state).collect())
            }
        };
        Some(Column::from_parts(whole(found), states))
    }

    /// Puts units in order by group and first key without comparing them, and those that are equal
    /// by the later keys. False where the first key does not allow it.
    fn sort_by_bins(&self, placed: &mut Vec<(u32, usize)>, grouping: &Grouping, states: &[State]) -> bool {
        let Some((key, higher)) = self.keys.first() else { return false };
        let group = |(group, state): (&u32, &State)| if state.is_known() { *group } else { NONE };
        let groups: Vec<u32> = grouping.of.iter().zip(states).map(group).collect();
        let Some(bins) = Bins::new(key.values(), *higher, &groups, grouping.count) else {
            return false;
        };
        let mut ordered = bins.in_order();
        for equal in ordered.chunk_by_mut(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
            equal.sort_unstable_by(|(_, unit), (_, other)| self.compare(*unit, *other, self.keys.len()));
        }
        for (of, unit) in &mut ordered {
            *of = grouping.of.get(*unit).copied().unwrap_or(NONE);
        }
        *placed = ordered;
        true
    }

    /// Whether a unit of the domain has a place.
    fn state(&self, unit: usize) -> State {
        let condition = self.among.map_or(State::KNOWN, |among| among.state(unit));
        if condition.is_known() && self.among.is_some_and(|among| !among.is_yes(unit)) {
            return State::NOT_APPLICABLE.provisional_if(condition.is_provisional());
        }
        let first = self.keys.first().map_or(State::KNOWN, |(key, _)| key.state(unit));
        condition.and(first)
    }

    /// The better of two by the first `depth` keys comes first.
    fn compare(&self, unit: usize, other: usize, depth: usize) -> Ordering {
        let by = |(key, higher): &Key| match (key.state(unit).is_known(), key.state(other).is_known()) {
            (true, true) if *higher => key.compare(other, unit),
            (true, true) => key.compare(unit, other),
            (known, other_known) => other_known.cmp(&known),
        };
        self.keys.iter().take(depth).map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Marks the places that hang on a later key that is not firmly known.
    fn mark_open_ties(&self, placed: &[(u32, usize)], states: &mut [State]) {
        for (depth, (key, _)) in self.keys.iter().enumerate().skip(1) {
            let tied = |a: &(u32, usize), b: &(u32, usize)| a.0 == b.0 && self.compare(a.1, b.1, depth).is_eq();
            for tie in placed.chunk_by(tied).filter(|tie| tie.len() > 1) {
                if tie.iter().all(|(_, unit)| key.state(*unit) == State::KNOWN) {
                    continue;
                }
                for (_, unit) in tie {
                    if let Some(state) = states.get_mut(*unit) {
                        *state = state.provisional_if(true);
                    }
                }
            }
        }
    }

    /// The places, from units in the order of their group and rank.
    fn places(&self, placed: &[(u32, usize)], ties: Ties, length: usize) -> Vec<i32> {
        let mut places = vec![0i32; length];
        let (mut ahead, mut place) = (0i32, 0i32);
        let mut before: Option<(u32, usize)> = None;
        for (group, unit) in placed {
            let same_group = before.filter(|(other, _)| other == group);
            let equal = same_group.is_some_and(|(_, other)| self.compare(other, *unit, self.keys.len()).is_eq());
            ahead = if same_group.is_some() { ahead + 1 } else { 0 };
            place = match (same_group.is_some(), equal, ties) {
                (false, ..) => 1,
                (true, true, _) => place,
                (true, false, Ties::Skip) => ahead + 1,
                (true, false, Ties::Dense) => place + 1,
            };
            if let Some(found) = places.get_mut(*unit) {
                *found = place;
            }
            before = Some((*group, *unit));
        }
        places
    }
}
