//! Numbers of individuals, lists, and funds that are distributed.

use crate::{
    prepare::Prepared,
    result::{Answer, QuotaResult, RosterResult, ShareResult},
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use kaoping_program::Column;
use kaoping_scheme::model::{Distribution, Quota};
use kaoping_terms::Exact;

/// The number of each unit: that of the first row that holds. All listed units count, since
/// offices that are not assessed have quotas too.
pub(crate) fn quota(quota: &Quota, rows: &[&Column], units: usize) -> QuotaResult {
    let mut result = QuotaResult { numbers: Vec::new(), sum: Exact::zero(), open: Vec::new() };
    for unit in 0..units {
        let number = number(quota, rows, unit);
        match &number {
            Some(number) => result.sum = &result.sum + number,
            None => result.open.extend(u32::try_from(unit).ok()),
        }
        result.numbers.push(number);
    }
    result
}

fn number(quota: &Quota, rows: &[&Column], unit: usize) -> Option<Exact> {
    for ((_, number, _), when) in quota.rows.iter().zip(rows) {
        match Answer::of(when, unit) {
            Answer::Yes => return Some(number.clone()),
            Answer::Unknown => return None,
            Answer::No | Answer::NotApplicable => {}
        }
    }
    Some(quota.rest.clone().unwrap_or_else(Exact::zero))
}

/// The assessed units for which a condition holds.
pub(crate) fn roster(filter: &Column, members: &[u32]) -> RosterResult {
    let mut result = RosterResult::default();
    for unit in members {
        match Answer::of(filter, *unit as usize) {
            Answer::Yes => result.units.push(*unit),
            Answer::Unknown => result.open.push(*unit),
            Answer::No | Answer::NotApplicable => {}
        }
    }
    result
}

/// Parts of a fund in proportion to points, in whole shares, by the largest remainder; equal
/// remainders by rank, then by id. The parts add up exactly to the whole.
pub(crate) fn distribution(
    fund: &Distribution,
    by: &Column,
    filter: Option<&Column>,
    rank: Option<&Column>,
    prepared: &Prepared<'_>,
) -> ShareResult {
    let mut result = ShareResult { parts: vec![None; prepared.frame().units()], ..ShareResult::default() };
    let mut groups: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
    for unit in prepared.members() {
        let group = fund.per_group.then(|| prepared.groups().of.get(unit as usize).copied().unwrap_or(0));
        groups.entry(group).or_default().push(unit);
    }
    if groups.is_empty() {
        result.left.push((None, fund.amount.clone()));
    }
    for (group, units) in groups {
        let mut weights: Vec<(u32, Exact)> = Vec::new();
        let mut open = Vec::new();
        for unit in units {
            let takes_part = filter.map_or(Answer::Yes, |filter| Answer::of(filter, unit as usize));
            let cell = by.cell(unit as usize);
            match (takes_part, cell.value) {
                (Answer::No | Answer::NotApplicable, _) => {}
                (Answer::Yes, Some(weight)) => {
                    weights.push((unit, if weight.is_negative() { Exact::zero() } else { weight }))
                }
                (Answer::Yes, None) if cell.state.is_not_applicable() => {}
                _ => open.push(unit),
            }
        }
        if open.is_empty() {
            // Units without a place come last.
            let place = |unit: u32| rank.and_then(|rank| rank.cell(unit as usize).value);
            let order = |unit: u32| (place(unit).is_none(), place(unit), prepared.given().units.id(unit));
            weights.sort_by(|a, b| order(a.0).cmp(&order(b.0)));
            match parts(&fund.amount, &fund.share, &weights) {
                Some(parts) => {
                    for (unit, part) in parts {
                        result.parts.get_mut(unit as usize).into_iter().for_each(|slot| *slot = Some(part.clone()));
                    }
                }
                None => result.left.push((group, fund.amount.clone())),
            }
        }
        result.open.extend(open);
    }
    result
}

/// Parts by the largest remainder. `weights` stand in the order that breaks ties. What is
/// less than a share goes to the next in line. None where nobody has any weight.
fn parts(amount: &Exact, share: &Exact, weights: &[(u32, Exact)]) -> Option<Vec<(u32, Exact)>> {
    let whole = Exact::sum(weights.iter().map(|(_, weight)| weight));
    let shares = amount.divided_by(share)?.floor();
    if whole.is_zero() {
        return None;
    }
    let mut parts: Vec<(u32, Exact, Exact)> = Vec::new();
    for (unit, weight) in weights {
        let due = (&shares * weight).divided_by(&whole)?;
        let down = due.floor();
        parts.push((*unit, &due - &down, down));
    }
    let given = Exact::sum(parts.iter().map(|(_, _, down)| down));
    let mut left = (&shares - &given).to_i64().and_then(|left| usize::try_from(left).ok())?;
    let rest = amount - &(&shares * share);
    let mut line: Vec<usize> = (0..parts.len()).collect();
    line.sort_by(|a, b| parts.get(*b).map(|part| &part.1).cmp(&parts.get(*a).map(|part| &part.1)));
    let mut result: Vec<(u32, Exact)> = parts.iter().map(|(unit, _, down)| (*unit, down * share)).collect();
    for at in line {
        let Some((_, part)) = result.get_mut(at) else {
            continue;
        };
        if left > 0 {
            *part = &*part + share;
            left -= 1;
        } else {
            *part = &*part + &rest;
            break;
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::parts;
    use alloc::vec::Vec;
    use kaoping_terms::Exact;

    fn split(amount: i64, share: i64, weights: &[i64]) -> Vec<i64> {
        let weights: Vec<(u32, Exact)> =
            (0u32..).zip(weights).map(|(unit, weight)| (unit, Exact::whole(*weight))).collect();
        let parts = parts(&Exact::whole(amount), &Exact::whole(share), &weights).expect("parts");
        parts.iter().map(|(_, part)| part.to_i64().expect("whole")).collect()
    }

    #[test]
    fn the_largest_remainder_gets_the_share_that_is_left() {
        assert_eq!(split(1000, 100, &[50, 30, 25]), [500, 300, 200]);
        assert_eq!(split(1000, 100, &[1, 1, 1]), [400, 300, 300], "equal remainders: the first in line");
    }

    #[test]
    fn what_is_less_than_a_share_is_not_lost() {
        assert_eq!(split(1050, 100, &[1, 1, 1]).iter().sum::<i64>(), 1050);
        assert_eq!(split(50, 100, &[1, 1]), [50, 0]);
    }

    #[test]
    fn nobody_with_points_leaves_the_whole() {
        assert!(parts(&Exact::whole(100), &Exact::one(), &[(0, Exact::zero())]).is_none());
        assert!(parts(&Exact::whole(100), &Exact::one(), &[]).is_none());
    }
}
