//! Three-valued logic, choices between values, and defaults.

use super::order;
use crate::column::Column;
use crate::state::{Standing, State, States};
use crate::values::Values;
use alloc::vec::Vec;

/// 且 and 或: one argument that decides (no for 且, yes for 或) is enough, whatever the other
/// is, and where that argument is firm so is the answer. Else provisional if either is.
pub(super) fn junction(a: &Column, b: &Column, decisive: bool, length: usize) -> Column {
    let (yes_a, yes_b) = (a.values().truth_mask(), b.values().truth_mask());
    let value = |yes: bool, other: bool| if decisive { yes || other } else { yes && other };
    if let (States::AllKnown, States::AllKnown) = (a.states(), b.states()) {
        let truths: Vec<bool> = (0..length).map(|lane| value(at(&yes_a, lane), at(&yes_b, lane))).collect();
        return Column::from_parts(Values::truths(&truths), States::AllKnown);
    }
    let decides = |column: &Column, yes: &[bool], lane| column.state(lane).is_known() && at(yes, lane) == decisive;
    let decided_lanes: Vec<bool> =
        (0..length).map(|lane| decides(a, &yes_a, lane) || decides(b, &yes_b, lane)).collect();
    let firmly =
        |column: &Column, yes: &[bool], lane| decides(column, yes, lane) && !column.state(lane).is_provisional();
    let states = States::build(length, |lane| {
        let joined = a.state(lane).and(b.state(lane));
        let firm = firmly(a, &yes_a, lane) || firmly(b, &yes_b, lane);
        let decided = State::KNOWN.provisional_if(joined.is_provisional() && !firm);
        if at(&decided_lanes, lane) { decided } else { joined }
    });
    let truths: Vec<bool> = decided_lanes.iter().map(|decided| *decided == decisive).collect();
    Column::from_parts(Values::truths(&truths), states)
}

/// 非.
pub(super) fn not(x: &Column) -> Column {
    let truths: Vec<bool> = x.values().truth_mask().into_iter().map(|yes| !yes).collect();
    Column::from_parts(Values::truths(&truths), x.states().clone())
}

/// `then` where `when` is yes, `otherwise` where it is no, the state of `when` elsewhere.
pub(super) fn select(when: &Column, then: &Column, otherwise: &Column, length: usize) -> Column {
    let yes = when.values().truth_mask();
    let yes: Vec<bool> = (0..length).map(|lane| at(&yes, lane)).collect();
    let values = order::pick(&yes, then.values(), otherwise.values());
    let all_known = |column: &Column| matches!(column.states(), States::AllKnown);
    if all_known(when) && all_known(then) && all_known(otherwise) {
        return Column::from_parts(values, States::AllKnown);
    }
    let states = States::build(length, |lane| {
        let condition = when.state(lane);
        if !condition.is_known() {
            return condition;
        }
        let taken = if at(&yes, lane) { then } else { otherwise };
        taken.state(lane).provisional_if(condition.is_provisional())
    });
    Column::from_parts(values, states)
}

/// Whether each value is known.
pub(super) fn is_known(x: &Column) -> Column {
    let truths: Vec<bool> = (0..x.len()).map(|lane| x.state(lane).is_known()).collect();
    let states = match x.states() {
        States::AllKnown => States::AllKnown,
        _ => States::build(x.len(), |lane| State::KNOWN.provisional_if(x.state(lane).is_provisional())),
    };
    Column::from_parts(Values::truths(&truths), states)
}

/// The first, or the second where the first has that standing.
pub(super) fn instead_of(lacking: Standing, a: &Column, b: &Column, length: usize) -> Column {
    let stays: Vec<bool> = (0..length).map(|lane| a.state(lane).standing() != lacking).collect();
    let values = order::pick(&stays, a.values(), b.values());
    let states = States::build(length, |lane| {
        let state = a.state(lane);
        if at(&stays, lane) { state } else { b.state(lane).provisional_if(state.is_provisional()) }
    });
    Column::from_parts(values, states)
}

/// A mask at a lane; a single truth stands for every lane.
fn at(mask: &[bool], lane: usize) -> bool {
    let lane = if mask.len() == 1 { 0 } else { lane };
    mask.get(lane).copied().unwrap_or(false)
}
