//! The units of an evaluation: who stands beside, above and below whom, and whose rows are
//! whose.

use crate::ir::{RowsetId, Shape};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::fmt;

/// The rows of one rowset: periods, assessors or events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The unit each row belongs to; the rows stand in any order.
    pub owner: Vec<u32>,
    /// The order of each row's period; the latest has the greatest.
    pub order: Vec<i64>,
}

/// What is wrong with the parts of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// More units than 32 bits can number.
    TooMany,
    /// A list does not have one entry for each unit or row.
    Length {
        /// Which list.
        list: &'static str,
        /// The rowset it belongs to.
        rowset: Option<RowsetId>,
        /// How many entries it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The unit above a unit does not exist.
    UnknownParent {
        /// The unit.
        unit: u32,
        /// What is named as the unit above.
        parent: u32,
    },
    /// Following the units above a unit comes back to it.
    ParentLoop {
        /// One unit of the loop, the first by number.
        unit: u32,
    },
    /// A row belongs to a unit that does not exist.
    UnknownOwner {
        /// The rowset.
        rowset: RowsetId,
        /// The row.
        row: usize,
        /// The unit it names.
        owner: u32,
    },
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(f, "more units than 32 bits can number"),
            Self::Length { list, rowset, expected, found } => {
                write!(f, "the list `{list}`")?;
                rowset.map_or(Ok(()), |rowset| write!(f, " of rowset {}", rowset.0))?;
                write!(f, " has {found} entries instead of {expected}")
            }
            Self::UnknownParent { unit, parent } => {
                write!(f, "unit {unit} stands below unit {parent}, which does not exist")
            }
            Self::ParentLoop { unit } => write!(f, "unit {unit} stands below itself"),
            Self::UnknownOwner { rowset, row, owner } => {
                write!(f, "row {row} of rowset {} belongs to unit {owner}, which does not exist", rowset.0)
            }
        }
    }
}

impl core::error::Error for FrameFault {}

/// The units and their rows. Units are numbered from 0.
#[derive(Clone, Debug)]
pub struct Frame {
    groups: Vec<u32>,
    group_count: usize,
    parent: Vec<Option<u32>>,
    assessed: Vec<bool>,
    rowsets: Vec<Rows>,
}

impl Frame {
    /// A frame from, for each unit, the number of its peer group (any numbers), the unit
    /// above it and whether it is assessed, and the rows of each rowset.
    ///
    /// # Errors
    /// Everything that is inconsistent, not only the first.
    pub fn new(
        peer_group: Vec<u32>,
        parent: Vec<Option<u32>>,
        assessed: Vec<bool>,
        rowsets: Vec<Rows>,
    ) -> Result<Frame, Vec<FrameFault>> {
        let units = peer_group.len();
        let mut faults = Vec::new();
        if u32::try_from(units).is_err() {
            faults.push(FrameFault::TooMany);
        }
        check_length(&mut faults, "parent", None, units, parent.len());
        check_length(&mut faults, "assessed", None, units, assessed.len());
        check_parents(&mut faults, &parent, units);
        for (rowset, rows) in (0u32..).map(RowsetId).zip(&rowsets) {
            check_length(&mut faults, "order", Some(rowset), rows.owner.len(), rows.order.len());
            for (row, owner) in rows.owner.iter().enumerate().filter(|(_, owner)| **owner as usize >= units) {
                faults.push(FrameFault::UnknownOwner { rowset, row, owner: *owner });
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let numbers: BTreeMap<u32, u32> = peer_group.iter().map(|group| (*group, 0)).collect();
        let numbers: BTreeMap<u32, u32> = numbers.into_keys().zip(0u32..).collect();
        let groups = peer_group.iter().map(|group| numbers.get(group).copied().unwrap_or(0)).collect();
        Ok(Frame { groups, group_count: numbers.len(), parent, assessed, rowsets })
    }

    /// `units` assessed units of one peer group without rows: the rows of a decision.
    pub fn flat(units: usize) -> Frame {
        Frame {
            groups: vec![0; units],
            group_count: usize::from(units > 0),
            parent: vec![None; units],
            assessed: vec![true; units],
            rowsets: Vec::new(),
        }
    }

    /// How many units.
    pub fn units(&self) -> usize {
        self.groups.len()
    }

    /// How many values a shape has.
    pub fn length(&self, shape: Shape) -> usize {
        match shape {
            Shape::One => 1,
            Shape::Unit => self.units(),
            Shape::Rows(rowset) => self.owner(rowset).len(),
        }
    }

    /// The peer group of each unit, numbered from 0 without gaps.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// How many peer groups.
    pub fn group_count(&self) -> usize {
        self.group_count
    }

    /// The unit above each unit.
    pub fn parent(&self) -> &[Option<u32>] {
        &self.parent
    }

    /// Whether each unit is assessed.
    pub fn assessed(&self) -> &[bool] {
        &self.assessed
    }

    /// The owner of each row of a rowset; a rowset the frame does not have has no rows.
    pub fn owner(&self, rowset: RowsetId) -> &[u32] {
        self.rowsets.get(rowset.0 as usize).map_or(&[], |rows| &rows.owner)
    }

    /// The order of each row of a rowset.
    pub fn order(&self, rowset: RowsetId) -> &[i64] {
        self.rowsets.get(rowset.0 as usize).map_or(&[], |rows| &rows.order)
    }

    /// The rows of a rowset that belong to a unit, by number.
    pub fn rows_of(&self, rowset: RowsetId, unit: u32) -> impl Iterator<Item = usize> + '_ {
        self.owner(rowset).iter().enumerate().filter(move |(_, owner)| **owner == unit).map(|(row, _)| row)
    }
}

fn check_length(
    faults: &mut Vec<FrameFault>,
    list: &'static str,
    rowset: Option<RowsetId>,
    expected: usize,
    found: usize,
) {
    if expected != found {
        faults.push(FrameFault::Length { list, rowset, expected, found });
    }
}

/// Finds parents that do not exist and units that stand below themselves.
fn check_parents(faults: &mut Vec<FrameFault>, parent: &[Option<u32>], units: usize) {
    // The walk each unit was first met on, counted from 1; a walk that meets itself is a loop.
    let mut met = vec![0usize; parent.len()];
    for (start, above) in parent.iter().enumerate() {
        if let Some(above) = above.filter(|above| *above as usize >= units) {
            let unit = u32::try_from(start).unwrap_or(u32::MAX);
            faults.push(FrameFault::UnknownParent { unit, parent: above });
        }
        let mut at = Some(start);
        while let Some(unit) = at {
            let Some(walk) = met.get_mut(unit) else { break };
            if *walk == start + 1 {
                faults.push(FrameFault::ParentLoop { unit: u32::try_from(unit).unwrap_or(u32::MAX) });
            }
            if *walk != 0 {
                break;
            }
            *walk = start + 1;
            at = parent.get(unit).copied().flatten().map(|above| above as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_inconsistency_is_named() {
        let rows = Rows { owner: vec![0, 9], order: vec![1] };
        let parent = vec![Some(1), Some(0), Some(7), Some(2)];
        let faults = Frame::new(vec![5, 5, 8], parent, vec![true; 3], vec![rows]).expect_err("faults");
        assert_eq!(
            faults,
            [
                FrameFault::Length { list: "parent", rowset: None, expected: 3, found: 4 },
                FrameFault::ParentLoop { unit: 0 },
                FrameFault::UnknownParent { unit: 2, parent: 7 },
                FrameFault::Length { list: "order", rowset: Some(RowsetId(0)), expected: 2, found: 1 },
                FrameFault::UnknownOwner { rowset: RowsetId(0), row: 1, owner: 9 },
            ]
        );
    }

    #[test]
    fn groups_are_numbered_without_gaps() {
        let frame = Frame::new(vec![9, 4, 9], vec![None; 3], vec![true; 3], Vec::new()).expect("a frame");
        assert_eq!(frame.groups(), [1, 0, 1]);
        assert_eq!(frame.group_count(), 2);
    }
}
