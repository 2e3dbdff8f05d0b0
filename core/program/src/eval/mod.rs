//! What each operation does, column by column. `machine` decides when.

mod aggregate;
mod arithmetic;
mod bins;
mod fold;
mod lanes;
mod logic;
mod matter;
mod members;
mod order;
mod rank;
mod stepping;

pub(crate) use aggregate::aggregate;
pub(crate) use fold::{fold, foldable};
pub(crate) use matter::Matters;
pub(crate) use members::Grouping;
pub(crate) use rank::rank;

use crate::column::Column;
use crate::ir::Op;
use crate::state::{Standing, State, States};
use crate::values::Values;
use alloc::vec::Vec;

/// The result of an operation that looks at one lane at a time. The arguments have the same
/// length or one value each; the result is as long as the longest. None for any other
/// operation or the wrong number of arguments.
pub(crate) fn elementwise(op: &Op, arguments: &[&Column]) -> Option<Column> {
    let length = arguments.iter().map(|column| column.len()).find(|length| *length != 1).unwrap_or(1);
    let states: Vec<&States> = arguments.iter().map(|column| column.states()).collect();
    let with = |values: Values| Column::from_parts(values, States::joined(&states, length));
    Some(match (op, arguments) {
        (Op::Add(..), [a, b]) => with(arithmetic::add(a.values(), b.values())),
        (Op::Sub(..), [a, b]) => with(arithmetic::subtract(a.values(), b.values())),
        (Op::Mul(..), [a, b]) => with(arithmetic::times(a.values(), b.values())),
        (Op::Div(..), [a, b]) => divided(arithmetic::divide(a.values(), b.values()), a, b, length),
        (Op::Steps { mode, .. }, [x, step]) => {
            divided(stepping::steps(x.values(), step.values(), *mode), x, step, length)
        }
        (Op::Round { step, mode, .. }, [x]) => with(stepping::round(x.values(), step, *mode)),
        (Op::Neg(_), [x]) => with(arithmetic::negative(x.values())),
        (Op::Min(..), [a, b]) => {
            let first = order::holds(crate::ir::Relation::AtMost, a.values(), b.values());
            with(order::pick(&first, a.values(), b.values()))
        }
        (Op::Max(..), [a, b]) => {
            let first = order::holds(crate::ir::Relation::AtLeast, a.values(), b.values());
            with(order::pick(&first, a.values(), b.values()))
        }
        (Op::Compare(relation, ..), [a, b]) => with(Values::truths(&order::holds(*relation, a.values(), b.values()))),
        (Op::And(..), [a, b]) => logic::junction(a, b, false, length),
        (Op::Or(..), [a, b]) => logic::junction(a, b, true, length),
        (Op::Not(_), [x]) => logic::not(x),
        (Op::Select { .. }, [when, then, otherwise]) => logic::select(when, then, otherwise, length),
        (Op::IsKnown(_), [x]) => logic::is_known(x),
        (Op::IfMissing(..), [a, b]) => logic::instead_of(Standing::Missing, a, b, length),
        (Op::IfNotApplicable(..), [a, b]) => logic::instead_of(Standing::NotApplicable, a, b, length),
        _ => return None,
    })
}

/// Yes or no, firmly.
pub(crate) fn truth(yes: bool) -> Column {
    Column::from_codes(alloc::vec![i64::from(yes)])
}

/// A quotient with its states: undefined wherever the divisor is known to be zero.
fn divided(values: Values, a: &Column, b: &Column, length: usize) -> Column {
    let by_zero = |lane: usize| b.state(lane).is_known() && b.values().is_zero(lane);
    let joined = States::joined(&[a.states(), b.states()], length);
    if !(0..b.len()).any(by_zero) {
        return Column::from_parts(values, joined);
    }
    let states = States::build(length, |lane| {
        let state = joined.at(lane);
        if by_zero(lane) { state.and(State::UNDEFINED) } else { state }
    });
    Column::from_parts(values, states)
}
