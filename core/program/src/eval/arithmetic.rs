//! Sum, difference, product, quotient and negative. Each first tries one denominator for
//! the column, then a fraction for each lane, then numbers of any size.

use super::lanes;
use crate::number::{self, Pair};
use crate::values::{self, Values};
use kaoping_terms::Exact;

/// The sums.
pub(super) fn add(a: &Values, b: &Values) -> Values {
    let fixed = || {
        let both = lanes::aligned(a, b)?;
        let numerators = lanes::zip(&both.a, &both.b, |a, b| a.checked_add(b))?;
        Some(values::fixed(numerators, both.denominator))
    };
    fixed().or_else(|| lanes::zip_pairs(a, b, number::add)).unwrap_or_else(|| lanes::zip_exact(a, b, |a, b| a + b))
}

/// The differences.
pub(super) fn subtract(a: &Values, b: &Values) -> Values {
    let fixed = || {
        let both = lanes::aligned(a, b)?;
        let numerators = lanes::zip(&both.a, &both.b, |a, b| a.checked_sub(b))?;
        Some(values::fixed(numerators, both.denominator))
    };
    let pair = |a: Pair, b: Pair| number::add(a, number::negative(b)?);
    fixed().or_else(|| lanes::zip_pairs(a, b, pair)).unwrap_or_else(|| lanes::zip_exact(a, b, |a, b| a - b))
}

/// The negatives.
pub(super) fn negative(a: &Values) -> Values {
    let fixed = || {
        let Values::Fixed { numerators, denominator } = a else {
            return None;
        };
        let numerators = lanes::map(numerators, i128::checked_neg)?;
        Some(Values::Fixed { numerators, denominator: *denominator })
    };
    fixed().or_else(|| lanes::map_pairs(a, number::negative)).unwrap_or_else(|| lanes::map_exact(a, |a| -a))
}

/// The products.
pub(super) fn times(a: &Values, b: &Values) -> Values {
    fixed_product(a, b)
        .or_else(|| lanes::zip_pairs(a, b, number::times))
        .unwrap_or_else(|| lanes::zip_exact(a, b, |a, b| a * b))
}

fn fixed_product(a: &Values, b: &Values) -> Option<Values> {
    let Values::Fixed { numerators: left, denominator: da } = a else {
        return None;
    };
    let Values::Fixed { numerators: right, denominator: db } = b else {
        return None;
    };
    match (left.as_slice(), right.as_slice()) {
        (many, [one]) => scaled_by(many, *da, (*one, *db)),
        ([one], many) => scaled_by(many, *db, (*one, *da)),
        (left, right) => {
            let denominator = number::product(*da, *db)?;
            Some(values::fixed(lanes::zip(left, right, number::product)?, denominator))
        }
    }
}

/// A fixed column times one fraction; common factors are taken out before, not after.
fn scaled_by(numerators: &[i128], denominator: i128, factor: Pair) -> Option<Values> {
    let (factor, divisor) = number::lowest(factor);
    let (factor, denominator) = number::lowest((factor, denominator));
    let denominator = number::product(denominator, divisor)?;
    let numerators = lanes::scaled(numerators, factor)?.into_owned();
    Some(values::fixed(numerators, denominator))
}

/// The quotients; zero where the divisor is zero, which the caller marks as undefined.
pub(super) fn divide(a: &Values, b: &Values) -> Values {
    let exact = |a: Exact, b: Exact| a.divided_by(&b).unwrap_or_else(Exact::zero);
    fixed_quotient(a, b)
        .or_else(|| lanes::zip_pairs(a, b, pair_quotient))
        .unwrap_or_else(|| lanes::zip_exact(a, b, exact))
}

fn pair_quotient(a: Pair, b: Pair) -> Option<Pair> {
    if b.0 == 0 { Some((0, 1)) } else { number::times(a, number::inverse(b)?) }
}

fn fixed_quotient(a: &Values, b: &Values) -> Option<Values> {
    let Values::Fixed { numerators, denominator } = a else {
        return None;
    };
    let Values::Fixed { numerators: divisors, denominator: below } = b else {
        return None;
    };
    if let [one] = divisors.as_slice() {
        if *one == 0 {
            return Some(Values::zeros(numerators.len()));
        }
        return scaled_by(numerators, *denominator, number::inverse((*one, *below))?);
    }
    let (up, down) = number::lowest((*below, *denominator));
    let sign = |divisor: i128| if divisor < 0 { -1 } else { 1 };
    let top = lanes::zip(numerators, divisors, |numerator, divisor| match divisor {
        0 => Some(0),
        _ => number::product(number::product(numerator, up)?, sign(divisor)),
    })?;
    let bottom = lanes::map(divisors, |divisor| match divisor {
        0 => Some(1),
        _ => number::product(divisor.checked_abs()?, down),
    })?;
    Some(Values::ratios(top, bottom))
}
