//! Which values belong to which result of an aggregate, and what is known about them.

use crate::column::Column;
use crate::frame::Frame;
use crate::ir::{Aggregate, Domain};
use crate::state::{State, States};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;

/// Stands for "in no group".
pub(super) const NONE: u32 = u32::MAX;

/// The group of each lane an aggregate runs over, and how many groups there are.
pub(crate) struct Grouping {
    pub(super) of: Vec<u32>,
    pub(super) count: usize,
}

impl Grouping {
    /// The groups of a domain. Only assessed units are members of `Peers` and `All`;
    /// subordinates count whether assessed or not.
    pub(crate) fn new(domain: Domain, frame: &Frame) -> Grouping {
        let assessed = |group: &dyn Fn(usize) -> u32| {
            let lanes = frame.assessed().iter().enumerate();
            lanes.map(|(unit, member)| if *member { group(unit) } else { NONE }).collect()
        };
        match domain {
            Domain::All => Grouping { of: assessed(&|_| 0), count: 1 },
            Domain::Peers => Grouping {
                of: assessed(&|unit| frame.groups().get(unit).copied().unwrap_or(NONE)),
                count: frame.group_count(),
            },
            Domain::Subordinates => {
                let of = frame.parent().iter().map(|parent| parent.unwrap_or(NONE)).collect();
                Grouping { of, count: frame.units() }
            }
            Domain::Rows(rowset) => Grouping { of: frame.owner(rowset).to_vec(), count: frame.units() },
        }
    }

    /// How many lanes.
    pub(crate) fn lanes(&self) -> usize {
        self.of.len()
    }
}

/// What is known about the members of one group.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) known: usize,
    missing: usize,
    undefined: bool,
    provisional: bool,
}

impl Tally {
    /// The state of a result that needs at least `least` known members.
    fn state(&self, least: usize) -> State {
        let state = if self.undefined {
            State::UNDEFINED
        } else if (self.known == 0 && self.missing > 0) || self.known < least {
            State::MISSING
        } else {
            State::KNOWN
        };
        state.provisional_if(self.provisional || (self.missing > 0 && self.known > 0))
    }
}

/// The members whose values count, and the tally of each group.
pub(super) struct Members {
    /// The group of each lane that counts, [`NONE`] for the others.
    pub(super) of: Vec<u32>,
    pub(super) tallies: Vec<Tally>,
}

impl Members {
    /// Sorts out who counts. A member that does not fulfil the condition, or whose value or
    /// condition is 不适用, is left out; an unknown condition makes the member unknown.
    pub(super) fn new(grouping: &Grouping, x: Option<&Column>, filter: Option<&Column>) -> Members {
        let mut tallies = vec![Tally::default(); grouping.count];
        let of = grouping.of.iter().enumerate().map(|(lane, group)| {
            let Some(tally) = tallies.get_mut(*group as usize) else {
                return NONE;
            };
            let condition = filter.map_or(State::KNOWN, |filter| filter.state(lane));
            tally.provisional |= condition.is_provisional();
            if condition.is_not_applicable() || filter.is_some_and(|f| condition.is_known() && !f.is_yes(lane)) {
                return NONE;
            }
            let value = x.map_or(State::KNOWN, |x| x.state(lane));
            tally.provisional |= value.is_provisional();
            if value.is_not_applicable() {
                return NONE;
            }
            let state = condition.and(value);
            tally.undefined |= state.is_undefined();
            tally.missing += usize::from(state.is_missing());
            tally.known += usize::from(state.is_known());
            if state.is_known() { *group } else { NONE }
        });
        let of = of.collect();
        Members { of, tallies }
    }

    /// The states of a function's results.
    pub(super) fn states(&self, function: Aggregate) -> States {
        let least = match function {
            Aggregate::Sum | Aggregate::Count | Aggregate::AllOf | Aggregate::AnyOf => 0,
            Aggregate::TrimmedMean => 3,
            _ => 1,
        };
        States::new(self.tallies.iter().map(|tally| tally.state(least)).collect())
    }

    /// How many known members each group has.
    pub(super) fn counts(&self) -> Vec<i128> {
        self.tallies.iter().map(|tally| i128::try_from(tally.known).unwrap_or(i128::MAX)).collect()
    }

    /// The lanes that count, each with its group.
    pub(super) fn lanes(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let counting = self.of.iter().enumerate().filter(|(_, group)| **group != NONE);
        counting.map(|(lane, group)| (lane, *group as usize))
    }

    /// The lanes that count, by group and inside a group from low to high.
    pub(super) fn sorted(&self, compare: impl Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
        let mut lanes: Vec<(usize, usize)> = self.lanes().collect();
        lanes.sort_unstable_by(|(lane, group), (other, other_group)| {
            group.cmp(other_group).then_with(|| compare(*lane, *other))
        });
        lanes
    }
}
