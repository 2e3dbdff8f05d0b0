//! Aggregates over units, brought up to date from one changed value.

use super::follow::{Dirty, Follow};
use crate::column::Column;
use crate::eval;
use crate::ir::{Aggregate, Domain, NodeId, Op, Shape};
use crate::state::State;
use alloc::vec::Vec;
use core::cmp::Ordering;
use kaoping_terms::Exact;

impl Follow<'_> {
    /// The aggregate after one value of what it runs over changed; the outer none where it has to
    /// be worked out anew. That is so wherever more than the one value counts: with a condition,
    /// with a member that is not firmly known, with a function that looks at the order of all.
    pub(super) fn aggregate(
        &mut self,
        at: u32,
        function: Aggregate,
        over: Domain,
        x: Option<NodeId>,
        filter: Option<NodeId>,
    ) -> Option<Option<Dirty>> {
        if filter.is_some_and(|filter| self.dirty.contains_key(&filter.0)) {
            return None;
        }
        let Some(dirty) = x.and_then(|x| self.dirty.get(&x.0)) else {
            return Some(None);
        };
        // Where members are only counted nothing else is looked at.
        if function == Aggregate::Count {
            return Some(None);
        }
        let (x, (unit, was)) = (x?, dirty.single()?);
        if filter.is_some() || self.described(x.0).ok()?.shape != Shape::Unit {
            return None;
        }
        let group = Group::of(self, over, unit)?;
        if !group.has(self, unit) {
            return Some(None);
        }
        let (before, now) = (self.column(at)?, self.column(x.0)?);
        let lane = group.result(self, self.described(at).ok()?.shape)?;
        let firm = [was.state(0), now.state(unit as usize), before.state(lane as usize)];
        if firm.iter().any(|state| *state != State::KNOWN) {
            return None;
        }
        let was_lane = |other: usize| was.values().compare(0, before.values(), other);
        let value = match function {
            Aggregate::Highest | Aggregate::Lowest => {
                let better = if function == Aggregate::Highest { Ordering::Greater } else { Ordering::Less };
                let against = now.values().compare(unit as usize, before.values(), lane as usize);
                if against == better {
                    now.lane(unit as usize)
                } else if against.is_eq() || was_lane(lane as usize).is_ne() {
                    return Some(None);
                } else {
                    now.lane(group.best(self, now, better)? as usize)
                }
            }
            Aggregate::Sum | Aggregate::Mean => {
                let by = eval::elementwise(&Op::Sub(x, x), &[&now.lane(unit as usize), was])?;
                let by = match function {
                    Aggregate::Mean => {
                        let count = i64::try_from(group.known(self, now)).ok()?;
                        eval::elementwise(&Op::Div(x, x), &[&by, &Column::constant(Exact::whole(count))])?
                    }
                    _ => by,
                };
                eval::elementwise(&Op::Add(x, x), &[&before.lane(lane as usize), &by])?
            }
            Aggregate::AllOf | Aggregate::AnyOf => {
                let decisive = function == Aggregate::AnyOf;
                let decided = now.is_yes(unit as usize) == decisive
                    || (before.is_yes(lane as usize) == decisive && group.decides(self, now, decisive));
                eval::truth(decided == decisive)
            }
            _ => return None,
        };
        Some(self.result(at, &group, lane, &value))
    }

    /// Puts the value of a group in its place, for Peers in that of each of its units.
    fn result(&mut self, at: u32, group: &Group, lane: u32, value: &Column) -> Option<Dirty> {
        let Domain::Peers = group.over else {
            let before = self.set(at, lane, value)?;
            return Some(Dirty::Some([(lane, Some(before))].into()));
        };
        if self.column(at)?.same(lane as usize, value, 0) {
            return None;
        }
        let groups = self.kept.frame.groups();
        let own = (0u32..).zip(groups).filter(|(_, of)| **of == group.number).map(|(unit, _)| unit);
        let units: Vec<u32> = own.collect();
        if units.len() == groups.len() {
            let before = self.column(at)?.clone();
            let all = alloc::sync::Arc::new(value.repeated(units.len()));
            self.kept.slots.get_mut(at as usize).into_iter().for_each(|slot| *slot = Some(all.clone()));
            return Some(Dirty::All(Some(before)));
        }
        let set = |unit: u32| Some((unit, Some(self.set(at, unit, value)?)));
        Some(Dirty::Some(units.into_iter().filter_map(set).collect()))
    }
}

/// The units an aggregate runs over together with one of them.
struct Group {
    over: Domain,
    number: u32,
}

impl Group {
    fn of(follow: &Follow<'_>, over: Domain, unit: u32) -> Option<Group> {
        let frame = &follow.kept.frame;
        let number = match over {
            Domain::All => 0,
            Domain::Peers => *frame.groups().get(unit as usize)?,
            // A unit that stands below none is in no group; no unit has that number.
            Domain::Subordinates => frame.parent().get(unit as usize)?.unwrap_or(u32::MAX),
            Domain::Rows(_) => return None,
        };
        Some(Group { over, number })
    }

    /// Whether a unit is of the group.
    fn has(&self, follow: &Follow<'_>, unit: u32) -> bool {
        let (frame, unit) = (&follow.kept.frame, unit as usize);
        let is_assessed = || frame.assessed().get(unit) == Some(&true);
        match self.over {
            Domain::All => is_assessed(),
            Domain::Peers => is_assessed() && frame.groups().get(unit) == Some(&self.number),
            _ => self.number != u32::MAX && frame.parent().get(unit) == Some(&Some(self.number)),
        }
    }

    /// A lane of the node with the value of the group.
    fn result(&self, follow: &Follow<'_>, shape: Shape) -> Option<u32> {
        match (self.over, shape) {
            (Domain::All, Shape::One) => Some(0),
            (Domain::Peers, Shape::Unit) => {
                let at = follow.kept.frame.groups().iter().position(|group| *group == self.number)?;
                u32::try_from(at).ok()
            }
            (Domain::Subordinates, Shape::Unit) => Some(self.number),
            _ => None,
        }
    }

    /// The units of the group whose value is known.
    fn members<'f>(&'f self, follow: &'f Follow<'_>, x: &'f Column) -> impl Iterator<Item = u32> + 'f {
        let units = 0..u32::try_from(follow.kept.frame.units()).unwrap_or(u32::MAX);
        units.filter(move |unit| self.has(follow, *unit) && x.state(*unit as usize).is_known())
    }

    fn known(&self, follow: &Follow<'_>, x: &Column) -> usize {
        self.members(follow, x).count()
    }

    /// The unit that none surpasses.
    fn best(&self, follow: &Follow<'_>, x: &Column, better: Ordering) -> Option<u32> {
        self.members(follow, x).reduce(
            |best, unit| {
                if x.compare(unit as usize, best as usize) == better { unit } else { best }
            },
        )
    }

    fn decides(&self, follow: &Follow<'_>, x: &Column, decisive: bool) -> bool {
        self.members(follow, x).any(|unit| x.is_yes(unit as usize) == decisive)
    }
}
