//! Units put in the order of a group and a key without comparing one with another: whole numbers
//! over one denominator are counted into bins.

use super::members::NONE;
use crate::values::{Numerators, Values};
use alloc::{vec, vec::Vec};

/// Beyond so many bins for each unit, and so many in all, sorting is quicker.
const BINS_FOR_EACH: usize = 8;
const BINS_AT_LEAST: usize = 1 << 16;

/// The bin of each unit: the better of two in a group has the smaller.
pub(super) struct Bins {
    /// For each unit that has a place its bin; [`NONE`] for the others.
    pub(super) of: Vec<u32>,
    /// The first bin of each group; one more for the end.
    pub(super) width: usize,
    pub(super) count: usize,
}

impl Bins {
    /// None where the numbers are no whole numbers over one denominator, or lie too far apart.
    /// `groups` is [`NONE`] for a unit without a place.
    pub(super) fn new(key: &Values, higher: bool, groups: &[u32], count: usize) -> Option<Bins> {
        match key {
            Values::Short { numerators: Numerators::Short(numbers), .. } => of(numbers, higher, groups, count),
            Values::Short { numerators: Numerators::Long(numbers), .. } => of(numbers, higher, groups, count),
            Values::Fixed { numerators, .. } => of(numerators, higher, groups, count),
            Values::Ratios { .. } | Values::Wide(_) => None,
        }
    }

    /// How many units are in each bin.
    pub(super) fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0u32; self.count];
        for bin in &self.of {
            if let Some(size) = sizes.get_mut(*bin as usize) {
                *size += 1;
            }
        }
        sizes
    }

    /// The units with a place in the order of their bins, each with its bin.
    pub(super) fn in_order(&self) -> Vec<(u32, usize)> {
        let mut at = 0u32;
        let mut starts = self.sizes();
        for size in &mut starts {
            at += core::mem::replace(size, at);
        }
        let mut ordered = vec![(0u32, 0usize); at as usize];
        for (unit, bin) in self.of.iter().enumerate() {
            let Some(start) = starts.get_mut(*bin as usize) else { continue };
            if let Some(slot) = ordered.get_mut(*start as usize) {
                *slot = (*bin, unit);
            }
            *start += 1;
        }
        ordered
    }
}

fn of<N: Copy + Into<i128>>(numbers: &[N], higher: bool, groups: &[u32], count: usize) -> Option<Bins> {
    if numbers.len() != groups.len() {
        return None;
    }
    let placed = || numbers.iter().zip(groups).filter(|(_, group)| **group != NONE).map(|(number, _)| (*number).into());
    let first: i128 = placed().next().unwrap_or(0);
    let (low, high) =
        placed().fold((first, first), |(low, high): (i128, i128), number| (low.min(number), high.max(number)));
    let width = usize::try_from(high.checked_sub(low)?).ok()?.checked_add(1)?;
    let bins = width.checked_mul(count.max(1))?;
    if bins > BINS_AT_LEAST.max(numbers.len().saturating_mul(BINS_FOR_EACH)) || u32::try_from(bins).is_err() {
        return None;
    }
    let (low, high, short) = (low as i64, high as i64, i64::try_from(low).is_ok() && i64::try_from(high).is_ok());
    if !short {
        return None;
    }
    let bin = |(number, group): (&N, &u32)| {
        if *group == NONE {
            return NONE;
        }
        let number: i128 = (*number).into();
        let number = number as i64;
        let within = if higher { high.wrapping_sub(number) } else { number.wrapping_sub(low) };
        (*group).wrapping_mul(width as u32).wrapping_add(within as u32)
    };
    Some(Bins { of: numbers.iter().zip(groups).map(bin).collect(), width, count: bins })
}
