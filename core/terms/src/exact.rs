//! Exact numbers: fractions of integers without a bound on their size.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    cmp::Ordering,
    fmt,
    ops::{Add, Mul, Neg, Sub},
};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

mod number;

use number::Number;

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

/// So many digits and the power of ten below them fit into two words.
const SHORT_DIGITS: usize = 30;

/// An exact rational number, always in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(Number);

impl Exact {
    /// Zero.
    pub fn zero() -> Self {
        Self(Number::Short(0, 1))
    }

    /// One.
    pub fn one() -> Self {
        Self(Number::Short(1, 1))
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(Number::Short(number, 1))
    }

    /// `numerator / denominator`; none where the denominator is zero.
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        (denominator != 0).then(|| Self(Number::of_raw((numerator, denominator))))
    }

    /// `mantissa × 10^-places`.
    pub fn decimal(mantissa: i128, places: u32) -> Self {
        let short = 10i128.checked_pow(places).and_then(|below| Self::ratio(mantissa, below));
        short.unwrap_or_else(|| {
            Self(Number::of_big(BigRational::new(BigInt::from(mantissa), BigInt::from(10).pow(places))))
        })
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
        if whole.len() + fraction.len() <= SHORT_DIGITS {
            let digits = whole.bytes().chain(fraction.bytes());
            let mantissa = digits.fold(0, |number, digit| number * 10 + i128::from(digit - b'0'));
            return Some(Self::decimal(if negative { -mantissa } else { mantissa }, fraction.len() as u32));
        }
        let mantissa = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?;
        let value = BigRational::new(mantissa, BigInt::from(10).pow(fraction.len()));
        Some(Self(Number::of_big(if negative { -value } else { value })))
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.sign() == Ordering::Equal
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Ordering::Less
    }

    /// Whether it is above zero.
    pub fn is_positive(&self) -> bool {
        self.0.sign() == Ordering::Greater
    }

    /// Whether it is a whole number.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Number::Short(_, below) => *below == 1,
            Number::Long(number) => number.is_integer(),
        }
    }

    /// The size without the sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self.clone() } else { self.clone() }
    }

    /// The quotient; none where the divisor is zero.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        (!divisor.is_zero()).then(|| {
            // Both products of two words fit.
            Self(self.0.combined(&divisor.0, |a, b| Some((a.0 * b.1, a.1 * b.0)), |a, b| a / b))
        })
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.whole_part(|(above, below)| above.div_euclid(below), BigRational::floor)
    }

    /// The least whole number not below it.
    #[must_use]
    pub fn ceiling(&self) -> Self {
        self.whole_part(|(above, below)| -(-above).div_euclid(below), BigRational::ceil)
    }

    /// The multiple of `step` it is brought to. A step of zero leaves it as it is.
    #[must_use]
    pub fn rounded(&self, step: &Self, mode: Rounding) -> Self {
        let Some(count) = self.divided_by(step) else {
            return self.clone();
        };
        let size = count.abs();
        let down = size.floor();
        let rest = &size - &down;
        let odd = || down.0.big().to_integer().is_odd();
        let half = Self(Number::Short(1, 2));
        let up = match mode {
            Rounding::Down => false,
            Rounding::Up => !rest.is_zero(),
            Rounding::HalfUp => rest >= half,
            Rounding::HalfEven => rest > half || (rest == half && odd()),
        };
        let size = if up { down + Self::one() } else { down };
        &(if count.is_negative() { -size } else { size }) * step
    }

    /// Numerator and denominator (above zero) where both fit 128 bits.
    pub fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Number::Short(above, below) => Some((i128::from(*above), i128::from(*below))),
            Number::Long(number) => Some((number.numer().to_i128()?, number.denom().to_i128()?)),
        }
    }

    /// The value as a machine integer, where it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match self.0 {
            Number::Short(above, 1) => Some(above),
            _ => None,
        }
    }

    /// How many digits after the point it needs; none where it does not terminate.
    pub fn decimal_places(&self) -> Option<u32> {
        if self.is_whole() {
            return Some(0);
        }
        if let Some(below) = self.0.short().and_then(|(_, below)| u64::try_from(below).ok()) {
            return places_of(below);
        }
        let mut rest = self.0.big().denom().clone();
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
        self.0.big().to_string()
    }

    /// Its decimal digits cut to `places` after the point, which the caller has rounded to.
    fn digits(&self, places: u32) -> String {
        let scaled = (&*self.0.big() * BigRational::from_integer(BigInt::from(10).pow(places))).to_integer();
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

/// How many digits a fraction with this divisor needs after the point; none where it does not terminate.
fn places_of(below: u64) -> Option<u32> {
    let twos = below.trailing_zeros();
    let (mut rest, mut fives) = (below.checked_shr(twos)?, 0);
    while rest % 5 == 0 && rest > 0 {
        rest /= 5;
        fives += 1;
    }
    (rest == 1).then(|| twos.max(fives))
}

impl From<i64> for Exact {
    fn from(number: i64) -> Self {
        Self::whole(number)
    }
}

impl Exact {
    fn whole_part(
        &self,
        short: impl FnOnce((i128, i128)) -> i128,
        long: impl FnOnce(&BigRational) -> BigRational,
    ) -> Self {
        Self(match (&self.0, self.0.short()) {
            (_, Some(parts)) => Number::of_raw((short(parts), 1)),
            (number, None) => Number::of_big(long(&number.big())),
        })
    }

    fn sum_with(&self, other: &Exact) -> Exact {
        if let Some(sum) = self.0.short_sum(&other.0) {
            return Self(sum);
        }
        let short = |a: (i128, i128), b: (i128, i128)| {
            if a.1 == b.1 {
                return Some((a.0 + b.0, a.1));
            }
            Some(((a.0 * b.1).checked_add(b.0 * a.1)?, a.1 * b.1))
        };
        Self(self.0.combined(&other.0, short, |a, b| a + b))
    }

    fn less(&self, other: &Exact) -> Exact {
        let short = |a: (i128, i128), b: (i128, i128)| {
            if a.1 == b.1 {
                return Some((a.0 - b.0, a.1));
            }
            Some(((a.0 * b.1).checked_sub(b.0 * a.1)?, a.1 * b.1))
        };
        Self(self.0.combined(&other.0, short, |a, b| a - b))
    }

    fn times(&self, other: &Exact) -> Exact {
        if let Some(product) = self.0.short_product(&other.0) {
            return Self(product);
        }
        Self(self.0.combined(&other.0, |a, b| Some((a.0 * b.0, a.1 * b.1)), |a, b| a * b))
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
        let sign_turned = self.0.short().map(|(above, below)| Number::of_raw((-above, below)));
        Exact(sign_turned.unwrap_or_else(|| Number::of_big(-self.0.big().into_owned())))
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
    use super::{BigRational, Exact, Number, Rounding};
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
            let (above, below) = (a.0.big().numer().clone(), a.0.big().denom().clone());
            assert_eq!(*a.0.big(), BigRational::new(above, below), "in lowest terms");
            assert_eq!(a.0, Number::of_big(a.0.big().into_owned()), "as short as it can be");
            assert_eq!(*(-a.clone()).0.big(), -&*a.0.big());
            assert_eq!(*a.floor().0.big(), a.0.big().floor());
            assert_eq!(*a.ceiling().0.big(), a.0.big().ceil());
            for b in &numbers {
                let (x, y) = (&*a.0.big(), &*b.0.big());
                assert_eq!(*(a + b).0.big(), x + y);
                assert_eq!(*(a - b).0.big(), x - y);
                assert_eq!(*(a * b).0.big(), x * y);
                for (found, big) in [(a + b, x + y), (a - b, x - y), (a * b, x * y)] {
                    assert_eq!(found.0, Number::of_big(big), "in lowest terms, as short as it can be");
                }
                assert_eq!(a.divided_by(b).map(|found| found.0.big().into_owned()), (!b.is_zero()).then(|| x / y));
                assert_eq!(a.cmp(b), x.cmp(y));
                assert_eq!(a == b, x == y);
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
