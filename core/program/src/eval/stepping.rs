//! Whole numbers of steps, and multiples of a step: the only places where a value loses
//! digits.

use super::{arithmetic, lanes};
use crate::ir::StepMode;
use crate::number::{self, Pair};
use crate::values::Values;
use alloc::vec;
use kaoping_terms::{Exact, Rounding};

/// How many steps are in each value; zero where the step is zero, which the caller marks as
/// undefined.
pub(super) fn steps(x: &Values, step: &Values, mode: StepMode) -> Values {
    let counts = arithmetic::divide(x, step);
    match mode {
        StepMode::Proportional => counts,
        StepMode::Whole => {
            whole_counts(&counts, |pair| Some(number::quotient(pair.0, pair.1).0), |count| count.floor())
        }
        StepMode::Up => whole_counts(&counts, ceiling, |count| count.ceiling()),
    }
}

fn ceiling(pair: Pair) -> Option<i128> {
    let (down, rest) = number::quotient(pair.0, pair.1);
    down.checked_add(i128::from(rest != 0))
}

/// Each value brought to a multiple of the step; a step of zero leaves it.
pub(super) fn round(x: &Values, step: &Exact, mode: Rounding) -> Values {
    if step.is_zero() {
        return x.clone();
    }
    let step = Values::narrowed(vec![step.abs()]);
    let counts = arithmetic::divide(x, &step);
    let exact = |count: Exact| count.rounded(&Exact::one(), mode);
    arithmetic::times(&whole_counts(&counts, |pair| number::whole(pair, mode), exact), &step)
}

/// Every count brought to a whole number.
fn whole_counts(counts: &Values, f: impl Fn(Pair) -> Option<i128>, wide: impl Fn(Exact) -> Exact) -> Values {
    let narrow = match counts {
        Values::Fixed { numerators, denominator: 1 } => Some(numerators.clone()),
        Values::Fixed { numerators, denominator } => lanes::map(numerators, |count| f((count, *denominator))),
        Values::Ratios { numerators, denominators } => {
            lanes::zip(numerators, denominators, |count, denominator| f((count, denominator)))
        }
        Values::Short { .. } | Values::Wide(_) => None,
    };
    narrow.map_or_else(|| lanes::map_exact(counts, wide), Values::whole)
}
