//! Exact numbers: fractions of integers without a bound on their size.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    fmt,
    ops::{Add, Mul, Neg, Sub},
};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// How a number is brought to a multiple of a step. There is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// 四舍五入: to the nearest, a half away from zero.
    HalfUp,
    /// 五成双: to the nearest, a half to the even multiple.
    HalfEven,
    /// 去尾: toward zero.
    Down,
    /// 进一: away from zero.
    Up,
}

/// An exact rational number, always in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(BigRational);

impl Exact {
    /// Zero.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// One.
    pub fn one() -> Self {
        Self(BigRational::one())
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(BigRational::from_integer(BigInt::from(number)))
    }

    /// `numerator / denominator`; none where the denominator is zero.
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        // Lowest terms found in machine words spare the search in big ones.
        let lowest = numerator.checked_abs().zip(denominator.checked_abs()).and_then(|(above, below)| {
            let shared = match (u64::try_from(above), u64::try_from(below)) {
                (Ok(above), Ok(below)) => i128::from(above.gcd(&below)),
                _ => above.gcd(&below),
            };
            let above = if denominator < 0 { numerator.checked_neg()? } else { numerator };
            Some(BigRational::new_raw(
                BigInt::from(above.checked_div(shared)?),
                BigInt::from(below.checked_div(shared)?),
            ))
        });
        Some(Self(lowest.unwrap_or_else(|| BigRational::new(BigInt::from(numerator), BigInt::from(denominator)))))
    }

    /// `mantissa × 10^-places`.
    pub fn decimal(mantissa: i128, places: u32) -> Self {
        let short = 10i128.checked_pow(places).and_then(|below| Self::ratio(mantissa, below));
        short.unwrap_or_else(|| Self(BigRational::new(BigInt::from(mantissa), BigInt::from(10).pow(places))))
    }

    /// Reads an optionally signed plain decimal: digits with at most one point, nothing else.
    /// For figures as people write them see [`crate::figure`].
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let mantissa = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?;
        let value = BigRational::new(mantissa, BigInt::from(10).pow(fraction.len()));
        Some(Self(if negative { -value } else { value }))
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Whether it is above zero.
    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// Whether it is a whole number.
    pub fn is_whole(&self) -> bool {
        self.0.is_integer()
    }

    /// The size without the sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    /// The quotient; none where the divisor is zero.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        let short = |a: Short, b: Short| Some((a.0 * b.1, a.1 * b.0));
        (!divisor.is_zero()).then(|| self.combined(divisor, short, |a, b| a / b))
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(&self) -> Self {
        Self(self.0.floor())
    }

    /// The least whole number not below it.
    #[must_use]
    pub fn ceiling(&self) -> Self {
        Self(self.0.ceil())
    }

    /// The multiple of `step` it is brought to. A step of zero leaves it as it is.
    #[must_use]
    pub fn rounded(&self, step: &Self, mode: Rounding) -> Self {
        let Some(count) = self.divided_by(step) else {
            return self.clone();
        };
        let size = count.0.abs();
        let down = size.floor();
        let rest = &size - &down;
        let half = BigRational::new(BigInt::one(), BigInt::from(2));
        let up = match mode {
            Rounding::Down => false,
            Rounding::Up => !rest.is_zero(),
            Rounding::HalfUp => rest >= half,
            Rounding::HalfEven => rest > half || (rest == half && down.to_integer().is_odd()),
        };
        let size = if up { down + BigRational::one() } else { down };
        Self(if count.0.is_negative() { -size } else { size } * &step.0)
    }

    /// Numerator and denominator (above zero) where both fit 128 bits.
    pub fn parts(&self) -> Option<(i128, i128)> {
        Some((self.0.numer().to_i128()?, self.0.denom().to_i128()?))
    }

    /// The value as a machine integer, where it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_whole() { self.0.to_integer().to_i64() } else { None }
    }

    /// How many digits after the point it needs; none where it does not terminate.
    pub fn decimal_places(&self) -> Option<u32> {
        let mut rest = self.0.denom().clone();
        let mut count = |prime: u32| {
            let prime = BigInt::from(prime);
            let mut times = 0u32;
            loop {
                let (quotient, remainder) = rest.div_rem(&prime);
                if !remainder.is_zero() {
                    return times;
                }
                rest = quotient;
                times += 1;
            }
        };
        let (twos, fives) = (count(2), count(5));
        rest.is_one().then(|| twos.max(fives))
    }

    /// All its decimal digits, with at least `least_places` after the point; none where it
    /// does not terminate.
    pub fn to_plain(&self, least_places: u32) -> Option<String> {
        let places = self.decimal_places()?;
        Some(self.digits(places.max(least_places)))
    }

    /// `numerator/denominator`, or the whole number alone.
    pub fn to_fraction(&self) -> String {
        if self.is_whole() { self.0.to_integer().to_string() } else { self.0.to_string() }
    }

    /// Its decimal digits cut to `places` after the point, which the caller has rounded to.
    fn digits(&self, places: u32) -> String {
        let scaled = (&self.0 * BigRational::from_integer(BigInt::from(10).pow(places))).to_integer();
        let digits = scaled.abs().to_string();
        let places = places as usize;
        let sign = if scaled.is_negative() { "-" } else { "" };
        if places == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        format!("{sign}{whole}.{fraction}")
    }

    /// Rounded for display to `places` digits after the point.
    pub fn to_places(&self, places: u32, mode: Rounding) -> String {
        self.rounded(&Self::decimal(1, places), mode).digits(places)
    }

    /// The sum of many numbers.
    pub fn sum<'a>(numbers: impl IntoIterator<Item = &'a Exact>) -> Exact {
        numbers.into_iter().fold(Exact::zero(), |total, number| &total + number)
    }

    /// Digits grouped in threes, as people read amounts: `1,234.5`.
    pub fn to_grouped(&self) -> String {
        let plain = self.to_plain(0).unwrap_or_else(|| self.to_fraction());
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, rest) = digits.find(['.', '/']).map_or((digits, ""), |at| digits.split_at(at));
        if rest.starts_with('/') {
            return plain;
        }
        let groups: Vec<&str> = (0..whole.len())
            .filter(|at| at == &0 || (whole.len() - at) % 3 == 0)
            .map(|at| {
                let end = if at == 0 && whole.len() % 3 != 0 { whole.len() % 3 } else { at + 3 };
                whole.get(at..end).unwrap_or("")
            })
            .collect();
        format!("{sign}{}{rest}", groups.join(","))
    }
}

impl From<i64> for Exact {
    fn from(number: i64) -> Self {
        Self::whole(number)
    }
}

/// Numerator and denominator of a number that fits machine words.
type Short = (i128, i128);

impl Exact {
    /// Both in 64 bits, so that one product and one sum of them fit 128.
    fn short(&self) -> Option<Short> {
        Some((self.0.numer().to_i64()?.into(), self.0.denom().to_i64()?.into()))
    }

    /// An operation in machine words where both numbers fit them, which nearly all do; else in
    /// big ones.
    fn combined(
        &self,
        other: &Exact,
        short: impl FnOnce(Short, Short) -> Option<Short>,
        long: impl FnOnce(&BigRational, &BigRational) -> BigRational,
    ) -> Exact {
        let both = self.short().zip(other.short()).and_then(|(a, b)| short(a, b));
        let quick = both.and_then(|(above, below)| Exact::ratio(above, below));
        quick.unwrap_or_else(|| Exact(long(&self.0, &other.0)))
    }

    fn sum_with(&self, other: &Exact) -> Exact {
        let short = |a: Short, b: Short| Some(((a.0 * b.1).checked_add(b.0 * a.1)?, a.1 * b.1));
        self.combined(other, short, |a, b| a + b)
    }

    fn less(&self, other: &Exact) -> Exact {
        let short = |a: Short, b: Short| Some(((a.0 * b.1).checked_sub(b.0 * a.1)?, a.1 * b.1));
        self.combined(other, short, |a, b| a - b)
    }

    fn times(&self, other: &Exact) -> Exact {
        self.combined(other, |a, b| Some((a.0 * b.0, a.1 * b.1)), |a, b| a * b)
    }
}

macro_rules! arithmetic {
    ($trait:ident, $method:ident, $own:ident) => {
        impl $trait<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                self.$own(other)
            }
        }
        impl $trait<Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                self.$own(&other)
            }
        }
    };
}
arithmetic!(Add, add, sum_with);
arithmetic!(Sub, sub, less);
arithmetic!(Mul, mul, times);

impl Neg for Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        Exact(-self.0)
    }
}

impl fmt::Display for Exact {
    /// All digits where it terminates, the fraction otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_plain(0).unwrap_or_else(|| self.to_fraction()))
    }
}

#[cfg(test)]
mod tests {
    use super::{BigRational, Exact, Rounding};
    use alloc::{string::ToString, vec::Vec};

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    #[test]
    fn reads_and_writes_every_digit() {
        for text in ["0", "-0.5", "1234.5", "1234567890123456789012345678901234567890.1"] {
            assert_eq!(exact(text).to_string(), text);
        }
        for text in ["", ".", "1.2.3", "1e5", "1,000", "--1", "1 "] {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
        assert_eq!(exact("1.50").to_plain(2).as_deref(), Some("1.50"));
        assert_eq!(exact("1234567.5").to_grouped(), "1,234,567.5");
        assert_eq!(exact("-123").to_grouped(), "-123");
        assert_eq!(exact("1000").to_grouped(), "1,000");
    }

    #[test]
    fn fractions_do_not_terminate() {
        let third = Exact::ratio(1, 3).expect("a ratio");
        assert_eq!(third.to_plain(0), None);
        assert_eq!(third.to_fraction(), "1/3");
        assert_eq!(third.to_places(4, Rounding::HalfUp), "0.3333");
    }

    /// Machine words and big numbers give the same, at the edge between them too.
    #[test]
    fn short_and_long_ways_agree() {
        let edges = [0, 1, -1, 3, 10, -7, i128::from(i64::MAX), i128::from(i64::MIN), 1 << 64, i128::MAX, i128::MIN];
        let numbers: Vec<Exact> =
            edges.iter().flat_map(|n| edges.iter().filter_map(|d| Exact::ratio(*n, *d))).collect();
        for a in &numbers {
            assert_eq!(a.0, BigRational::new(a.0.numer().clone(), a.0.denom().clone()), "in lowest terms");
            for b in &numbers {
                assert_eq!((a + b).0, &a.0 + &b.0);
                assert_eq!((a - b).0, &a.0 - &b.0);
                assert_eq!((a * b).0, &a.0 * &b.0);
                assert_eq!(a.divided_by(b).map(|found| found.0), (!b.is_zero()).then(|| &a.0 / &b.0));
            }
        }
    }

    #[test]
    fn the_four_roundings() {
        let cent = exact("0.01");
        let cases = [
            ("2.345", "2.35", "2.34", "2.34", "2.35"),
            ("2.355", "2.36", "2.36", "2.35", "2.36"),
            ("-2.345", "-2.35", "-2.34", "-2.34", "-2.35"),
            ("2.3401", "2.34", "2.34", "2.34", "2.35"),
        ];
        for (value, half_up, half_even, down, up) in cases {
            let round = |mode| exact(value).rounded(&cent, mode).to_string();
            assert_eq!(round(Rounding::HalfUp), half_up, "{value}");
            assert_eq!(round(Rounding::HalfEven), half_even, "{value}");
            assert_eq!(round(Rounding::Down), down, "{value}");
            assert_eq!(round(Rounding::Up), up, "{value}");
        }
    }
}
