//! Places, brought up to date where one unit changed: those it passed move by one.

use super::follow::{Dirty, Follow};
use crate::column::Column;
use crate::ir::{Domain, NodeId, Ties};
use crate::state::{State, States};
use crate::values::{Numerators, Values};
use alloc::{sync::Arc, vec::Vec};
use core::cmp::Ordering;

/// A key of the ranking: its values now, the changed unit's value before, whether higher is
/// better.
struct Key<'f> {
    column: &'f Column,
    was: Column,
    higher: bool,
}

impl Key<'_> {
    fn turned(&self, order: Ordering) -> Ordering {
        if self.higher { order.reverse() } else { order }
    }
}

/// How the changed unit stands to another: before and now; what is better comes first.
fn standing(keys: &[Key<'_>], unit: usize, other: usize) -> (Ordering, Ordering) {
    let (mut was, mut now) = (Ordering::Equal, Ordering::Equal);
    for key in keys {
        if was.is_eq() {
            was = key.turned(key.was.values().compare(0, key.column.values(), other));
        }
        if now.is_eq() {
            now = key.turned(key.column.compare(unit, other));
        }
        if was.is_ne() && now.is_ne() {
            break;
        }
    }
    (was, now)
}

impl Follow<'_> {
    /// The places after the keys of one unit changed; none where they have to be found anew:
    /// where more units changed, where a condition did, or where a key is not firmly known.
    pub(super) fn places(
        &mut self,
        at: u32,
        keys: &[(NodeId, bool)],
        within: Domain,
        ties: Ties,
        among: Option<NodeId>,
    ) -> Option<Option<Dirty>> {
        if among.is_some_and(|among| self.dirty.contains_key(&among.0)) {
            return None;
        }
        let unit = self.only_unit(keys)?;
        let places = self.column(at)?;
        let firm = |column: &Column| matches!(column.states(), States::AllKnown);
        if among.is_some_and(|among| self.column(among.0).is_none_or(|among| !firm(among))) {
            return None;
        }
        let key = |(node, higher): &(NodeId, bool)| {
            let column = self.column(node.0)?;
            let was = match self.dirty.get(&node.0) {
                Some(dirty) => dirty.single()?.1.clone(),
                None => column.lane(unit as usize),
            };
            let fits = firm(column) && was.state(0) == State::KNOWN && column.len() == self.kept.frame.units();
            fits.then_some(Key { column, was, higher: *higher })
        };
        let keys = keys.iter().map(key).collect::<Option<Vec<Key<'_>>>>()?;
        if !places.state(unit as usize).is_known() {
            // It has no place before and after; who is assessed and who takes part did not change.
            return Some(None);
        }
        let moved = self.moved(places, &keys, unit, within, ties)?;
        let column = self.kept.slots.get_mut(at as usize)?.as_mut()?;
        let column = Arc::make_mut(column);
        let alone = moved.len() == 1;
        let mut found = Vec::with_capacity(moved.len());
        for (unit, place) in moved {
            found.push((unit, alone.then(|| column.lane(unit as usize))));
            column.set_whole(unit as usize, place);
        }
        Some((!found.is_empty()).then_some(Dirty::Some(found)))
    }

    /// The only unit of which any key changed.
    fn only_unit(&self, keys: &[(NodeId, bool)]) -> Option<u32> {
        let mut only = None;
        for (node, _) in keys {
            let Some(dirty) = self.dirty.get(&node.0) else { continue };
            let (unit, _) = dirty.single()?;
            if only.is_some_and(|only| only != unit) {
                return None;
            }
            only = Some(unit);
        }
        only
    }

    /// The units with another place, each with it; the others of the group need not be sorted.
    fn moved(
        &self,
        places: &Column,
        keys: &[Key<'_>],
        unit: u32,
        within: Domain,
        ties: Ties,
    ) -> Option<Vec<(u32, i64)>> {
        let groups = self.kept.frame.groups();
        let own = groups.get(unit as usize)?;
        let together = within == Domain::All || self.kept.frame.group_count() == 1;
        let all_placed = matches!(places.states(), States::AllKnown);
        let place = |other: u32| places.values().pair(other as usize).and_then(|(place, _)| i64::try_from(place).ok());
        let by_first = keys.first().and_then(|first| First::new(first, unit as usize));
        let mut near = Near::default();
        match by_first.as_ref().filter(|_| together && all_placed && keys.len() == 1 && ties == Ties::Skip) {
            // Nobody is left out and nothing else counts: the numbers alone are looked through.
            Some(first) => near = first.near(unit),
            None => {
                for (other, group) in (0u32..).zip(groups) {
                    let beside = (together || group == own) && (all_placed || places.state(other as usize).is_known());
                    if !beside || other == unit {
                        continue;
                    }
                    let (was, now) = match &by_first {
                        Some(first) => first.standing(keys, unit as usize, other as usize),
                        None => standing(keys, unit as usize, other as usize),
                    };
                    if ties == Ties::Dense && now.is_gt() {
                        let its = place(other)?;
                        if its > near.nearest {
                            (near.nearest, near.stood_before) = (its, was.is_lt());
                        }
                    }
                    near.take(other, was, now);
                }
            }
        }
        let Near { ahead, passed, shared, nearest, stood_before } = near;
        let (mut shared_before, mut shared_now) = (shared, shared);
        shared_before |= passed.iter().any(|(_, was, _)| was.is_eq());
        shared_now |= passed.iter().any(|(_, _, now)| now.is_eq());
        // A place that falls away or comes up moves everyone behind it.
        if ties == Ties::Dense && shared_before != shared_now {
            return None;
        }
        let counts = |shared: bool| ties == Ties::Skip || !shared;
        let mut moved = Vec::with_capacity(passed.len() + 1);
        for (other, was, now) in passed {
            let by = i64::from(now.is_lt() && counts(shared_now)) - i64::from(was.is_lt() && counts(shared_before));
            if by != 0 {
                moved.push((other, place(other)? + by));
            }
        }
        let own_place = match ties {
            Ties::Skip => ahead + 1,
            Ties::Dense => nearest - i64::from(stood_before && !shared_before) + 1,
        };
        if place(unit)? != own_place {
            let at = moved.partition_point(|(other, _)| *other < unit);
            moved.insert(at, (unit, own_place));
        }
        Some(moved)
    }
}

/// Who stands around the places a unit had and has.
#[derive(Default)]
struct Near {
    /// How many are ahead of it now.
    ahead: i64,
    /// Who is on another side of it, with how it stands to them before and now.
    passed: Vec<(u32, Ordering, Ordering)>,
    /// Whether somebody is equal to it before and now.
    shared: bool,
    /// With dense places: the place of the nearest one ahead, and whether the unit stood before it.
    nearest: i64,
    stood_before: bool,
}

impl Near {
    #[inline]
    fn take(&mut self, other: u32, was: Ordering, now: Ordering) {
        self.ahead += i64::from(now.is_gt());
        if was != now {
            self.passed.push((other, was, now));
        }
        self.shared |= was.is_eq() && now.is_eq();
    }
}

/// The first key as whole numbers over one denominator: most units are told apart by them.
struct First<'f> {
    numbers: Numbers<'f>,
    was: i128,
    now: i128,
    higher: bool,
}

enum Numbers<'f> {
    Short(&'f [i32]),
    Long(&'f [i64]),
    Wide(&'f [i128]),
}

impl Numbers<'_> {
    #[inline]
    fn get(&self, at: usize) -> Option<i128> {
        match self {
            Numbers::Short(numbers) => numbers.get(at).copied().map(i128::from),
            Numbers::Long(numbers) => numbers.get(at).copied().map(i128::from),
            Numbers::Wide(numbers) => numbers.get(at).copied(),
        }
    }
}

impl<'f> First<'f> {
    fn new(key: &Key<'f>, unit: usize) -> Option<First<'f>> {
        let numbers = match key.column.values() {
            Values::Short { numerators: Numerators::Short(numbers), .. } => Numbers::Short(numbers),
            Values::Short { numerators: Numerators::Long(numbers), .. } => Numbers::Long(numbers),
            Values::Fixed { numerators, .. } => Numbers::Wide(numerators),
            Values::Ratios { .. } | Values::Wide(_) => return None,
        };
        let (was, below) = key.was.values().pair(0)?;
        let was = (Some(below) == key.column.values().denominator()).then_some(was)?;
        let now = numbers.get(unit)?;
        Some(First { numbers, was, now, higher: key.higher })
    }

    /// Where this is the only key and everybody has a place.
    fn near(&self, unit: u32) -> Near {
        match self.numbers {
            Numbers::Short(numbers) => self.among(numbers, unit),
            Numbers::Long(numbers) => self.among(numbers, unit),
            Numbers::Wide(numbers) => self.among(numbers, unit),
        }
    }

    fn among<N: Copy + Ord + TryFrom<i128> + Into<i128>>(&self, numbers: &[N], unit: u32) -> Near {
        let mut near = Near::default();
        let others = || (0u32..).zip(numbers).filter(|(other, _)| *other != unit);
        let (Ok(was), Ok(now)) = (N::try_from(self.was), N::try_from(self.now)) else {
            for (other, number) in others() {
                let (was, now) = self.turned((self.was.cmp(&(*number).into()), self.now.cmp(&(*number).into())));
                near.take(other, was, now);
            }
            return near;
        };
        let (low, high) = (was.min(now), was.max(now));
        for (other, number) in others().filter(|(_, number)| (low..=high).contains(*number)) {
            let (was, now) = self.turned((was.cmp(number), now.cmp(number)));
            near.take(other, was, now);
        }
        // Whoever lies beyond both is ahead before and now, or behind.
        let beyond = match self.higher {
            true => numbers.iter().filter(|number| **number > high).count(),
            false => numbers.iter().filter(|number| **number < low).count(),
        };
        near.ahead += i64::try_from(beyond).unwrap_or(i64::MAX);
        near
    }

    fn turned(&self, (was, now): (Ordering, Ordering)) -> (Ordering, Ordering) {
        if self.higher { (was.reverse(), now.reverse()) } else { (was, now) }
    }

    #[inline]
    fn standing(&self, keys: &[Key<'_>], unit: usize, other: usize) -> (Ordering, Ordering) {
        let Some(number) = self.numbers.get(other) else {
            return standing(keys, unit, other);
        };
        let (was, now) = (self.was.cmp(&number), self.now.cmp(&number));
        if keys.len() > 1 && (was.is_eq() || now.is_eq()) {
            return standing(keys, unit, other);
        }
        self.turned((was, now))
    }
}
