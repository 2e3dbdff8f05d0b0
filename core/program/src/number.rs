//! Fractions of two 128-bit integers. Every operation says by `None` that the result does
//! not fit; nothing here wraps or rounds.

use core::cmp::Ordering;
use kaoping_terms::{Exact, Rounding};
use num_integer::Integer;

/// A fraction: numerator, and a denominator above zero. Not always in lowest terms.
pub(crate) type Pair = (i128, i128);

/// Beyond this size a pair is brought to lowest terms, so that products stay in 128 bits.
const GROWN: u128 = 1 << 62;

/// The greatest common divisor; zero for two zeros.
pub(crate) fn common(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a.gcd(&b)),
        _ => a.gcd(&b),
    }
}

/// The greatest common divisor of a number and a positive one, as a positive divisor of both.
pub(crate) fn common_with(number: i128, positive: i128) -> i128 {
    i128::try_from(common(number.unsigned_abs(), positive.unsigned_abs())).map_or(1, |found| found.max(1))
}

/// The product. Two factors of 64 bits need one machine multiplication.
#[inline]
pub(crate) fn product(a: i128, b: i128) -> Option<i128> {
    let (short_a, short_b) = (a as i64, b as i64);
    if i128::from(short_a) == a && i128::from(short_b) == b {
        Some(i128::from(short_a) * i128::from(short_b))
    } else {
        a.checked_mul(b)
    }
}

/// Quotient rounded down and remainder (from 0 up to below the divisor) by a divisor above
/// zero. The 64-bit division is many times faster.
#[inline]
pub(crate) fn quotient(number: i128, divisor: i128) -> Pair {
    match (i64::try_from(number), i64::try_from(divisor)) {
        (Ok(number), Ok(divisor)) if divisor > 0 => {
            (i128::from(number.div_euclid(divisor)), i128::from(number.rem_euclid(divisor)))
        }
        _ if divisor > 0 => (number.div_euclid(divisor), number.rem_euclid(divisor)),
        _ => (0, 0),
    }
}

/// In lowest terms.
pub(crate) fn lowest((numerator, denominator): Pair) -> Pair {
    let divisor = common_with(numerator, denominator);
    if divisor == 1 { (numerator, denominator) } else { (numerator / divisor, denominator / divisor) }
}

/// In lowest terms if it has grown.
#[inline]
fn tidy(pair: Pair) -> Pair {
    if pair.0.unsigned_abs() < GROWN && pair.1.unsigned_abs() < GROWN { pair } else { lowest(pair) }
}

/// The sum.
pub(crate) fn add(a: Pair, b: Pair) -> Option<Pair> {
    let plain = |(na, da): Pair, (nb, db): Pair| {
        if da == db {
            return Some((na.checked_add(nb)?, da));
        }
        Some((product(na, db)?.checked_add(product(nb, da)?)?, product(da, db)?))
    };
    if let Some(sum) = plain(a, b) {
        return Some(tidy(sum));
    }
    let ((na, da), (nb, db)) = (lowest(a), lowest(b));
    let shared = common_with(da, db);
    let (fa, fb) = (db / shared, da / shared);
    Some((product(na, fa)?.checked_add(product(nb, fb)?)?, product(da, fa)?))
}

/// The negative.
pub(crate) fn negative((numerator, denominator): Pair) -> Option<Pair> {
    Some((numerator.checked_neg()?, denominator))
}

/// The product.
pub(crate) fn times((na, da): Pair, (nb, db): Pair) -> Option<Pair> {
    if let (Some(numerator), Some(denominator)) = (product(na, nb), product(da, db)) {
        return Some(tidy((numerator, denominator)));
    }
    let ((na, da), (nb, db)) = (lowest((na, da)), lowest((nb, db)));
    let ((na, db), (nb, da)) = (lowest((na, db)), lowest((nb, da)));
    Some((product(na, nb)?, product(da, db)?))
}

/// One divided by it; none also for zero.
pub(crate) fn inverse((numerator, denominator): Pair) -> Option<Pair> {
    match numerator.cmp(&0) {
        Ordering::Greater => Some((denominator, numerator)),
        Ordering::Less => Some((denominator.checked_neg()?, numerator.checked_neg()?)),
        Ordering::Equal => None,
    }
}

/// Which of two is larger, exactly at every size.
pub(crate) fn compare(a: Pair, b: Pair) -> Ordering {
    if a.1 == b.1 {
        return a.0.cmp(&b.0);
    }
    match (product(a.0, b.1), product(b.0, a.1)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => exact(a).cmp(&exact(b)),
    }
}

/// The number of steps, the fraction `count`, brought to a whole number.
#[inline]
pub(crate) fn whole((numerator, denominator): Pair, mode: Rounding) -> Option<i128> {
    let (down, rest) = quotient(numerator, denominator);
    if rest == 0 {
        return Some(down);
    }
    // The quotient is rounded down, so below zero "toward zero" is one more.
    let negative = numerator < 0;
    let up = match mode {
        Rounding::Down => negative,
        Rounding::Up => !negative,
        // `rest` against the half, without doubling it.
        _ => match rest.cmp(&(denominator - rest)) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal if mode == Rounding::HalfUp => !negative,
            Ordering::Equal => down % 2 != 0,
        },
    };
    down.checked_add(i128::from(up))
}

/// The same number without a bound on its size.
pub(crate) fn exact((numerator, denominator): Pair) -> Exact {
    Exact::ratio(numerator, denominator).unwrap_or_else(Exact::zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BORDERS: [i128; 15] = [
        0,
        1,
        -1,
        2,
        -3,
        7,
        10,
        i64::MAX as i128,
        i64::MIN as i128,
        1 << 63,
        (1 << 64) - 1,
        i128::MAX,
        i128::MIN,
        i128::MAX - 1,
        i128::MIN + 1,
    ];

    fn pairs() -> impl Iterator<Item = Pair> {
        BORDERS.into_iter().flat_map(|n| BORDERS.into_iter().filter(|d| *d > 0).map(move |d| (n, d)))
    }

    #[test]
    fn results_at_the_borders_are_exact_or_refused() {
        for a in pairs() {
            assert_eq!(exact(lowest(a)), exact(a));
            for b in pairs() {
                if let Some(sum) = add(a, b) {
                    assert_eq!(exact(sum), &exact(a) + &exact(b), "{a:?} + {b:?}");
                }
                if let Some(found) = times(a, b) {
                    assert_eq!(exact(found), &exact(a) * &exact(b), "{a:?} × {b:?}");
                }
                assert_eq!(compare(a, b), exact(a).cmp(&exact(b)), "{a:?} ? {b:?}");
            }
            if let Some(found) = inverse(a) {
                assert_eq!(&exact(found) * &exact(a), Exact::one());
            }
        }
    }

    #[test]
    fn whole_numbers_at_the_borders() {
        for pair in pairs().chain([(5, 2), (-5, 2), (3, 2), (-3, 2), (7, 3), (-7, 3), (8, 3)]) {
            for mode in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up] {
                let expected = exact(pair).rounded(&Exact::one(), mode);
                assert_eq!(whole(pair, mode).map(|n| exact((n, 1))), Some(expected), "{pair:?} {mode:?}");
            }
        }
    }

    #[test]
    fn small_factors_never_refuse() {
        assert_eq!(product(i128::from(i64::MIN), i128::from(i64::MIN)), Some(1 << 126));
        assert_eq!(product(1 << 64, 1 << 63), None);
        assert_eq!(product(1 << 64, -(1 << 63)), Some(i128::MIN));
        assert_eq!(common_with(i128::MIN, i128::MAX), 1);
        assert_eq!(common_with(0, 0), 1);
    }
}
