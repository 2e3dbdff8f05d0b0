//! Aggregates over units and rows.

use super::arithmetic;
use super::members::{Grouping, Members, NONE};
use crate::column::Column;
use crate::frame::Frame;
use crate::ir::{Aggregate, Domain};
use crate::number::{self, Pair};
use crate::state::States;
use crate::values::{Numerators, Values};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;
use kaoping_terms::Exact;

/// One value for each unit, or one value for [`Domain::All`]. `x` and `filter` have one
/// value for each lane of the domain.
pub(crate) fn aggregate(
    function: Aggregate,
    domain: Domain,
    x: Option<&Column>,
    filter: Option<&Column>,
    frame: &Frame,
) -> Column {
    let grouping = Grouping::new(domain, frame);
    if let (Aggregate::Highest | Aggregate::Lowest, Some(x), None) = (function, x, filter)
        && let Some(found) = extremes(function == Aggregate::Highest, domain, x, &grouping, frame)
    {
        return found;
    }
    // The value is not looked at where members are only counted.
    let x = x.filter(|_| function != Aggregate::Count);
    let members = Members::new(&grouping, x, filter);
    let nothing = Values::zeros(grouping.lanes());
    let x = x.map_or(&nothing, Column::values);
    let values = match function {
        Aggregate::Sum => sums(x, &members),
        Aggregate::Mean => arithmetic::divide(&sums(x, &members), &Values::whole(members.counts())),
        Aggregate::TrimmedMean => trimmed_means(x, &members),
        Aggregate::Median => medians(x, &members),
        Aggregate::Count => Values::whole(members.counts()),
        Aggregate::Highest => x.gather(best(&members, |a, b| x.compare(a, x, b))),
        Aggregate::Lowest => x.gather(best(&members, |a, b| x.compare(b, x, a))),
        Aggregate::Last => {
            let order: &[i64] = if let Domain::Rows(rowset) = domain { frame.order(rowset) } else { &[] };
            // Of several rows of one period the highest, so that row order never matters.
            let later = |a: usize, b: usize| order.get(a).cmp(&order.get(b)).then_with(|| x.compare(a, x, b));
            x.gather(best(&members, later))
        }
        Aggregate::AllOf => Values::truths(&held(x, &members, true)),
        Aggregate::AnyOf => Values::truths(&held(x, &members, false)),
    };
    let groups = Column::from_parts(values, members.states(function));
    match domain {
        Domain::Peers => groups.gather(frame.groups().iter().map(|group| *group as usize)),
        _ => groups,
    }
}

/// The highest or lowest of each group, of whole numbers over one denominator that are all firmly
/// known; none for others, and where a group has no member.
fn extremes(highest: bool, domain: Domain, x: &Column, grouping: &Grouping, frame: &Frame) -> Option<Column> {
    if !matches!(domain, Domain::All | Domain::Peers) || !matches!(x.states(), States::AllKnown) {
        return None;
    }
    let best = match x.values() {
        Values::Short { numerators: Numerators::Short(numbers), .. } => surpassing(highest, numbers, grouping),
        Values::Short { numerators: Numerators::Long(numbers), .. } => surpassing(highest, numbers, grouping),
        _ => return None,
    }?;
    let numerators = match domain {
        Domain::Peers => {
            frame.groups().iter().map(|group| best.get(*group as usize).copied()).collect::<Option<_>>()?
        }
        _ => best,
    };
    let denominator = i64::try_from(x.values().denominator()?).ok()?;
    Column::from_short(Numerators::Long(numerators), denominator)
}

fn surpassing<N: Copy + Ord + Into<i64>>(highest: bool, numbers: &[N], grouping: &Grouping) -> Option<Vec<i64>> {
    let mut best: Vec<Option<N>> = vec![None; grouping.count];
    for (number, group) in numbers.iter().zip(&grouping.of) {
        let Some(found) = best.get_mut(*group as usize) else { continue };
        let better = found.is_none_or(|found| if highest { *number > found } else { *number < found });
        if better {
            *found = Some(*number);
        }
    }
    best.into_iter().map(|found| found.map(Into::into)).collect()
}

/// The lane of each group that no other surpasses, beyond the end for an empty group.
fn best(members: &Members, compare: impl Fn(usize, usize) -> Ordering) -> impl Iterator<Item = usize> {
    let mut best = vec![usize::MAX; members.tallies.len()];
    for (lane, group) in members.lanes() {
        if let Some(found) = best.get_mut(group)
            && (*found == usize::MAX || compare(lane, *found).is_gt())
        {
            *found = lane;
        }
    }
    best.into_iter()
}

/// For each group whether all members are yes, or (`all` false) whether any is.
fn held(x: &Values, members: &Members, all: bool) -> Vec<bool> {
    let mut held = vec![all; members.tallies.len()];
    for (lane, group) in members.lanes() {
        if let Some(found) = held.get_mut(group)
            && x.is_zero(lane) == all
        {
            *found = !all;
        }
    }
    held
}

fn medians(x: &Values, members: &Members) -> Values {
    let sorted = members.sorted(|a, b| x.compare(a, x, b));
    let mut start = 0;
    let mut middle = |of: fn(usize) -> usize| -> Vec<usize> {
        start = 0;
        let lane = |tally: &super::members::Tally| {
            let at = start + of(tally.known);
            start += tally.known;
            sorted.get(at).filter(|_| tally.known > 0).map_or(usize::MAX, |(lane, _)| *lane)
        };
        members.tallies.iter().map(lane).collect()
    };
    let (low, high) = (middle(|known| known.saturating_sub(1) / 2), middle(|known| known / 2));
    let both = arithmetic::add(&x.gather(low.into_iter()), &x.gather(high.into_iter()));
    arithmetic::divide(&both, &Values::whole(vec![2]))
}

/// Means without one lowest and one highest; zero for groups of fewer than three.
fn trimmed_means(x: &Values, members: &Members) -> Values {
    let sorted = members.sorted(|a, b| x.compare(a, x, b));
    let mut of = members.of.clone();
    let mut start = 0;
    for tally in members.tallies.iter().filter(|tally| tally.known > 0) {
        for at in [start, start + tally.known - 1] {
            if let Some(dropped) = sorted.get(at).and_then(|(lane, _)| of.get_mut(*lane)) {
                *dropped = NONE;
            }
        }
        start += tally.known;
    }
    let left = members.counts().into_iter().map(|known| (known - 2).max(0)).collect();
    let trimmed = Members { of, tallies: members.tallies.clone() };
    arithmetic::divide(&sums(x, &trimmed), &Values::whole(left))
}

/// The sum of each group.
fn sums(x: &Values, members: &Members) -> Values {
    if let Values::Fixed { numerators, denominator } = x
        && let Some(sums) = fixed_sums(numerators, members)
    {
        return crate::values::fixed(sums, *denominator);
    }
    let mut parts: Vec<Parts> = members.tallies.iter().map(|_| Parts::default()).collect();
    for (lane, group) in members.lanes() {
        let Some(parts) = parts.get_mut(group) else {
            continue;
        };
        match x.pair(lane) {
            Some(pair) => parts.pairs.push(number::lowest(pair)),
            None => parts.wide.push(x.exact(lane)),
        }
    }
    Values::narrowed(parts.into_iter().map(Parts::sum).collect())
}

fn fixed_sums(numerators: &[i128], members: &Members) -> Option<Vec<i128>> {
    let mut sums = vec![0i128; members.tallies.len()];
    for (lane, group) in members.lanes() {
        let sum = sums.get_mut(group)?;
        *sum = sum.checked_add(numerators.get(lane).copied().unwrap_or(0))?;
    }
    Some(sums)
}

/// The summands of one group.
#[derive(Default)]
struct Parts {
    pairs: Vec<Pair>,
    wide: Vec<Exact>,
}

impl Parts {
    /// The sum of fractions with many different denominators grows to thousands of digits.
    /// Equal denominators are put together first and the rest is added in a balanced tree,
    /// so that few additions are large ones.
    fn sum(mut self) -> Exact {
        self.pairs.sort_unstable_by_key(|(_, denominator)| *denominator);
        let mut merged: Vec<Pair> = Vec::new();
        for (numerator, denominator) in self.pairs {
            match merged.last_mut() {
                Some(last) if last.1 == denominator && last.0.checked_add(numerator).is_some() => {
                    last.0 = last.0.saturating_add(numerator);
                }
                _ => merged.push((numerator, denominator)),
            }
        }
        let mut parts = self.wide;
        parts.extend(merged.into_iter().map(number::exact));
        while parts.len() > 1 {
            parts = parts.chunks(2).map(Exact::sum).collect();
        }
        parts.pop().unwrap_or_else(Exact::zero)
    }
}
