//! Aggregates over listed nodes: the items of a block, the blocks of a scheme.

use super::{arithmetic, order};
use crate::column::Column;
use crate::ir::{Aggregate, Relation};
use crate::number;
use crate::state::{State, States};
use crate::values::{Numerators, Values};
use alloc::{vec, vec::Vec};

/// Whether a function can run over listed nodes.
pub(crate) fn foldable(function: Aggregate) -> bool {
    !matches!(function, Aggregate::Median | Aggregate::TrimmedMean | Aggregate::Last)
}

/// One value for each lane. The members have `length` values or one each.
pub(crate) fn fold(function: Aggregate, members: &[&Column], length: usize) -> Column {
    let values = match function {
        Aggregate::AllOf => return decide(members, length, false),
        Aggregate::AnyOf => return decide(members, length, true),
        Aggregate::Sum => sum(members, length),
        Aggregate::Count => Values::whole(counts(members, length)),
        Aggregate::Mean => {
            let counts = Values::whole(counts(members, length));
            arithmetic::divide(&sum(members, length), &counts)
        }
        Aggregate::Highest => extreme(members, length, Relation::Greater),
        _ => extreme(members, length, Relation::Less),
    };
    Column::from_parts(values, states(function, members, length))
}

/// The states: 不适用 members are left out, any other unknown member makes the whole
/// unknown. A block all of whose items are 不适用 is 不适用 itself, but a count of them is 0.
fn states(function: Aggregate, members: &[&Column], length: usize) -> States {
    let nothing = match (function, members.is_empty()) {
        (Aggregate::Count, _) | (Aggregate::Sum, true) => State::KNOWN,
        (_, true) => State::MISSING,
        (_, false) => State::NOT_APPLICABLE,
    };
    if !members.is_empty() && members.iter().all(|member| matches!(member.states(), States::AllKnown)) {
        return States::AllKnown;
    }
    // Members that are known everywhere change nothing but that there are some.
    let open: Vec<&&Column> = members.iter().filter(|member| !matches!(member.states(), States::AllKnown)).collect();
    let some_known = open.len() < members.len();
    States::build(length, |lane| {
        let mut joined = State::KNOWN;
        let mut any = some_known;
        for state in open.iter().map(|member| member.state(lane)) {
            any |= !state.is_not_applicable();
            let counts = if state.is_not_applicable() { State::KNOWN } else { state };
            joined = joined.and(counts).provisional_if(state.is_provisional());
        }
        if any { joined } else { nothing.provisional_if(joined.is_provisional()) }
    })
}

/// How many members of each lane are applicable.
fn counts(members: &[&Column], length: usize) -> Vec<i128> {
    let mut counts = vec![0i128; length];
    for member in members {
        match member.states() {
            States::AllKnown => counts.iter_mut().for_each(|count| *count += 1),
            states => {
                let lanes = counts.iter_mut().enumerate();
                lanes.for_each(|(lane, count)| *count += i128::from(!states.at(lane).is_not_applicable()));
            }
        }
    }
    counts
}

/// The sums. A value that is not known is stored as zero, so 不适用 adds nothing.
fn sum(all: &[&Column], length: usize) -> Values {
    let mut members = all.iter();
    let Some(first) = members.next() else {
        return Values::zeros(length);
    };
    if let Some(sums) = whole_sums(all, length) {
        return sums;
    }
    members.fold(first.values().clone(), |sum, member| arithmetic::add(&sum, member.values()))
}

/// The sums of whole numbers over denominators of which a multiple is small: one pass over each
/// member. None where they are other numbers or too large.
fn whole_sums(members: &[&Column], length: usize) -> Option<Values> {
    const LARGEST: i128 = 1 << 62;
    let mut common = 1i128;
    for member in members {
        let own = member.values().denominator()?;
        common = number::product(common / number::common_with(common, own), own).filter(|all| *all < LARGEST)?;
    }
    let mut sums = vec![0i128; length];
    for member in members {
        let factor = common / member.values().denominator()?;
        match member.values() {
            Values::Short { numerators: Numerators::Short(numbers), .. } => add_whole(&mut sums, numbers, factor)?,
            Values::Short { numerators: Numerators::Long(numbers), .. } => add_whole(&mut sums, numbers, factor)?,
            Values::Fixed { numerators, .. } => add_whole(&mut sums, numerators, factor)?,
            Values::Ratios { .. } | Values::Wide(_) => return None,
        }
    }
    Some(crate::values::fixed(sums, common))
}

/// Adds numbers, or one number for every lane.
fn add_whole<N: Copy + Into<i128>>(sums: &mut [i128], numbers: &[N], factor: i128) -> Option<()> {
    let mut fits = true;
    let mut add = |sum: &mut i128, number: N| {
        let next = number::product(number.into(), factor).and_then(|by| sum.checked_add(by));
        fits &= next.is_some();
        *sum = next.unwrap_or(0);
    };
    match numbers {
        [one] => sums.iter_mut().for_each(|sum| add(sum, *one)),
        many => sums.iter_mut().zip(many).for_each(|(sum, number)| add(sum, *number)),
    }
    fits.then_some(())
}

/// The highest or lowest member of each lane.
fn extreme(members: &[&Column], length: usize, better: Relation) -> Values {
    let mut members = members.iter();
    let Some(first) = members.next() else {
        return Values::zeros(length);
    };
    let mut found = first.values().clone();
    let mut counts: Vec<bool> = (0..length).map(|lane| first.state(lane).is_known()).collect();
    for member in members {
        let surpassed = order::holds(better, member.values(), &found);
        let taken: Vec<bool> = counts
            .iter()
            .enumerate()
            .map(|(lane, counts)| {
                let lane_of = if surpassed.len() == 1 { 0 } else { lane };
                let surpassed = surpassed.get(lane_of).copied().unwrap_or(false);
                member.state(lane).is_known() && (!counts || surpassed)
            })
            .collect();
        found = order::pick(&taken, member.values(), &found);
        counts.iter_mut().zip(&taken).for_each(|(counts, taken)| *counts |= taken);
    }
    found
}

/// 全部 (`decisive` no) and 任一 (`decisive` yes): one member that decides is enough.
fn decide(members: &[&Column], length: usize, decisive: bool) -> Column {
    let mut decided = vec![false; length];
    let mut joined = vec![State::KNOWN; length];
    for member in members {
        let yes = member.values().truth_mask();
        if let (States::AllKnown, true) = (member.states(), yes.len() == length) {
            decided.iter_mut().zip(&yes).for_each(|(decided, yes)| *decided |= *yes == decisive);
            continue;
        }
        for (lane, (decided, joined)) in decided.iter_mut().zip(&mut joined).enumerate() {
            let state = member.state(lane);
            let yes = yes.get(if yes.len() == 1 { 0 } else { lane }).copied().unwrap_or(false);
            *decided |= state.is_known() && yes == decisive;
            let counts = if state.is_not_applicable() { State::KNOWN } else { state };
            *joined = joined.and(counts).provisional_if(state.is_provisional());
        }
    }
    let settled = |(decided, joined): (&bool, State)| {
        if *decided { State::KNOWN.provisional_if(joined.is_provisional()) } else { joined }
    };
    let states = States::new(decided.iter().zip(joined).map(settled).collect());
    let truths: Vec<bool> = decided.iter().map(|decided| *decided == decisive).collect();
    Column::from_parts(Values::truths(&truths), states)
}
