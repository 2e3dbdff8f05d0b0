//! What an exact number is kept as: two machine words where they suffice, which they nearly
//! always do, and big integers where not.

use alloc::{borrow::Cow, boxed::Box};
use core::cmp::Ordering;
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// A fraction in lowest terms with a divisor above zero. It is `Short` whenever both its
/// parts fit, so that equal numbers are kept alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Number {
    /// Numerator and denominator.
    Short(i64, i64),
    /// At least one part does not fit a machine word.
    Long(Box<BigRational>),
}

/// A numerator and a denominator not yet in lowest terms; the denominator is not zero.
type Raw = (i128, i128);

impl Number {
    /// In lowest terms, kept as short as it can be. The denominator is not zero.
    pub(super) fn of_raw((above, below): Raw) -> Self {
        if below == 1
            && let Ok(whole) = i64::try_from(above)
        {
            return Number::Short(whole, 1);
        }
        lowest(above, below).unwrap_or_else(|| Self::of_big(BigRational::new(above.into(), below.into())))
    }

    /// The same number, kept as short as it can be.
    pub(super) fn of_big(number: BigRational) -> Self {
        match (number.numer().to_i64(), number.denom().to_i64()) {
            (Some(above), Some(below)) => Number::Short(above, below),
            _ => Number::Long(Box::new(number)),
        }
    }

    /// In big integers.
    pub(super) fn big(&self) -> Cow<'_, BigRational> {
        match self {
            Number::Short(above, below) => Cow::Owned(BigRational::new_raw(BigInt::from(*above), BigInt::from(*below))),
            Number::Long(number) => Cow::Borrowed(number),
        }
    }

    /// Numerator and denominator, where they fit 64 bits: one product and one sum of such
    /// numbers fit 128.
    pub(super) fn short(&self) -> Option<Raw> {
        match self {
            Number::Short(above, below) => Some((i128::from(*above), i128::from(*below))),
            Number::Long(_) => None,
        }
    }

    /// Below zero, zero or above it, against zero.
    pub(super) fn sign(&self) -> Ordering {
        match self {
            Number::Short(above, _) => above.cmp(&0),
            Number::Long(number) if number.is_negative() => Ordering::Less,
            Number::Long(number) if number.is_zero() => Ordering::Equal,
            Number::Long(_) => Ordering::Greater,
        }
    }

    /// The sum with a whole number, where it fits: what is in lowest terms stays so.
    pub(super) fn short_sum(&self, other: &Number) -> Option<Number> {
        let (Number::Short(a, 1), Number::Short(b, below)) = (self, other) else {
            let (Number::Short(a, below), Number::Short(b, 1)) = (self, other) else { return None };
            return Some(Number::Short(a.checked_add(b.checked_mul(*below)?)?, *below));
        };
        Some(Number::Short(b.checked_add(a.checked_mul(*below)?)?, *below))
    }

    /// The product, where it fits: what is divided crosswise before it is multiplied is in lowest terms.
    pub(super) fn short_product(&self, other: &Number) -> Option<Number> {
        let (Number::Short(a, below_a), Number::Short(b, below_b)) = (self, other) else { return None };
        let ((a, below_b), (b, below_a)) = (without_shared(*a, *below_b)?, without_shared(*b, *below_a)?);
        Some(Number::Short(a.checked_mul(b)?, below_a.checked_mul(below_b)?))
    }

    /// An operation in machine words where both numbers fit them, else in big integers.
    pub(super) fn combined(
        &self,
        other: &Number,
        short: impl FnOnce(Raw, Raw) -> Option<Raw>,
        long: impl FnOnce(&BigRational, &BigRational) -> BigRational,
    ) -> Number {
        let quick = self.short().zip(other.short()).and_then(|(a, b)| short(a, b));
        quick.map_or_else(|| Self::of_big(long(&self.big(), &other.big())), Self::of_raw)
    }
}

/// Two numbers, the second above zero, divided by what divides both.
fn without_shared(above: i64, below: i64) -> Option<(i64, i64)> {
    if below == 1 || above == 1 {
        return Some((above, below));
    }
    let shared = i64::try_from(above.unsigned_abs().gcd(&below.unsigned_abs())).ok()?;
    Some((above.checked_div(shared)?, below.checked_div(shared)?))
}

/// In lowest terms, where machine words suffice.
fn lowest(above: i128, below: i128) -> Option<Number> {
    let (size, divisor) = (above.unsigned_abs(), below.unsigned_abs());
    let shared = match (u64::try_from(size), u64::try_from(divisor)) {
        (Ok(size), Ok(divisor)) => u128::from(size.gcd(&divisor)),
        _ => size.gcd(&divisor),
    };
    let size = i128::try_from(size.checked_div(shared)?).ok()?;
    let signed = if (above < 0) == (below < 0) { size } else { -size };
    let divisor = divisor.checked_div(shared)?;
    Some(Number::Short(i64::try_from(signed).ok()?, i64::try_from(divisor).ok()?))
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Number::Short(a, below), Number::Short(b, other)) if below == other => a.cmp(b),
            // A product of two words fits 128 bits.
            (Number::Short(a, below), Number::Short(b, other)) => {
                (i128::from(*a) * i128::from(*other)).cmp(&(i128::from(*b) * i128::from(*below)))
            }
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
