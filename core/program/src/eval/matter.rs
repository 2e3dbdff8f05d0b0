//! Rows that are about one matter: the same unit and the same key.
//!
//! A row whose key is 不适用 belongs to no matter. A row that may count but whose key is not
//! known, or not firmly, may belong to any matter of its unit, which makes them provisional.

use super::members::{Grouping, Members, NONE};
use crate::column::Column;
use crate::ir::Aggregate;
use crate::state::{State, States};
use crate::values::Values;
use alloc::{vec, vec::Vec};

/// The rows of one rowset with what is asked about them. Both columns have a value a row.
pub(crate) struct Matters<'a> {
    key: &'a Column,
    among: &'a Column,
    owner: &'a [u32],
    units: usize,
    grouping: Grouping,
}

impl<'a> Matters<'a> {
    /// Sorts the rows into matters.
    pub(crate) fn new(key: &'a Column, among: &'a Column, owner: &'a [u32], units: usize) -> Matters<'a> {
        let with_key = |(row, _): &(usize, &u32)| key.state(*row).is_known();
        let rows = owner.iter().enumerate().filter(with_key);
        let mut rows: Vec<(usize, u32)> = rows.map(|(row, owner)| (row, *owner)).collect();
        rows.sort_unstable_by(|(row, owner), (other, other_owner)| {
            let by_key = || key.compare(*row, *other);
            owner.cmp(other_owner).then_with(by_key)
        });
        let mut of = vec![NONE; owner.len()];
        let mut count = 0usize;
        for matter in rows.chunk_by(|a, b| a.1 == b.1 && key.compare(a.0, b.0).is_eq()) {
            for (row, _) in matter {
                if let Some(slot) = of.get_mut(*row) {
                    *slot = u32::try_from(count).unwrap_or(NONE);
                }
            }
            count += 1;
        }
        let grouping = Grouping { of, count };
        Matters { key, among, owner, units, grouping }
    }

    fn is_no(&self, row: usize) -> bool {
        self.among.state(row).is_known() && !self.among.is_yes(row)
    }

    /// Whether a row leaves open what is said of the rows beside it.
    fn is_open(&self, row: usize) -> bool {
        let (among, key) = (self.among.state(row), self.key.state(row));
        let owed = |state: State| state.is_missing() || state.is_undefined();
        let counts = !self.is_no(row) && !among.is_not_applicable();
        among.is_provisional() || (counts && (key.is_provisional() || owed(among) || owed(key)))
    }

    /// Whether a row may belong to another matter than its key says.
    fn may_be_any(&self, row: usize) -> bool {
        let key = self.key.state(row);
        key.is_provisional() || key.is_missing() || key.is_undefined()
    }

    /// Yes for the first row of each matter that counts, in row order. A row that does not
    /// count, or comes after one that does, is no even where something else is not known.
    /// Provisional where an earlier row is open.
    pub(crate) fn first(&self) -> Column {
        let mut found = vec![false; self.grouping.count];
        let mut open = vec![false; self.grouping.count];
        let mut open_units = vec![false; self.units];
        let mut yes = Vec::with_capacity(self.owner.len());
        let mut states = Vec::with_capacity(self.owner.len());
        let rows = self.owner.iter().zip(&self.grouping.of).enumerate();
        for (row, (unit, matter)) in rows {
            let (unit, matter) = (*unit as usize, *matter as usize);
            let (among, key) = (self.among.state(row), self.key.state(row));
            let after = at(&found, matter);
            let joined = among.and(key);
            let unsettled = key.is_known() && (at(&open, matter) || at(&open_units, unit));
            states.push(if self.is_no(row) {
                among
            } else if after {
                State::KNOWN.provisional_if(joined.is_provisional() || unsettled)
            } else {
                joined.provisional_if(unsettled)
            });
            yes.push(self.among.is_yes(row) && !after);
            let is_open = self.is_open(row);
            mark(&mut open, matter, is_open);
            mark(&mut open_units, unit, is_open && self.may_be_any(row));
            mark(&mut found, matter, self.among.is_yes(row));
        }
        Column::from_parts(Values::truths(&yes), States::new(states))
    }

    /// For each row whether any row of its matter is yes: an aggregate over the matter.
    pub(crate) fn any(&self) -> Column {
        let members = Members::new(&self.grouping, Some(self.among), None);
        let mut held = vec![false; self.grouping.count];
        for (row, matter) in members.lanes() {
            mark(&mut held, matter, self.among.is_yes(row));
        }
        let found = members.states(Aggregate::AnyOf);
        let mut open_units = vec![false; self.units];
        for (row, unit) in self.owner.iter().enumerate() {
            let is_open = self.is_open(row) && self.may_be_any(row);
            mark(&mut open_units, *unit as usize, is_open);
        }
        let rows = || self.owner.iter().zip(&self.grouping.of).enumerate();
        let states = rows().map(|(row, (unit, matter))| {
            let key = self.key.state(row);
            if !key.is_known() {
                return key;
            }
            let unsettled = at(&open_units, *unit as usize);
            found.at(*matter as usize).provisional_if(key.is_provisional() || unsettled)
        });
        let states = States::new(states.collect());
        let yes: Vec<bool> = rows().map(|(_, (_, of))| at(&held, *of as usize)).collect();
        Column::from_parts(Values::truths(&yes), states)
    }
}

fn at(flags: &[bool], position: usize) -> bool {
    flags.get(position) == Some(&true)
}

fn mark(flags: &mut [bool], position: usize, flag: bool) {
    if let Some(slot) = flags.get_mut(position) {
        *slot |= flag;
    }
}
