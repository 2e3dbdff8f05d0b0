//! The oracle's own numbers: fractions, and the figures people write.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A fraction.
pub type Q = BigRational;

/// How a number is brought to a multiple of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    HalfUp,
    HalfEven,
    Down,
    Up,
}

impl Mode {
    pub const ALL: [Mode; 4] = [Mode::HalfUp, Mode::HalfEven, Mode::Down, Mode::Up];

    pub fn word(self) -> &'static str {
        match self {
            Mode::HalfUp => "四舍五入",
            Mode::HalfEven => "五成双",
            Mode::Down => "去尾",
            Mode::Up => "进一",
        }
    }
}

/// A figure as it is written: `mantissa × 10^-places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub mantissa: i64,
    pub places: u32,
}

impl Figure {
    pub const fn new(mantissa: i64, places: u32) -> Figure {
        Figure { mantissa, places }
    }

    pub fn value(self) -> Q {
        Q::new(BigInt::from(self.mantissa), num_traits::pow(BigInt::from(10), self.places as usize))
    }

    /// The plain decimal.
    pub fn text(self) -> String {
        let digits = format!("{:0width$}", self.mantissa.abs(), width = self.places as usize + 1);
        let (whole, rest) = digits.split_at(digits.len() - self.places as usize);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
    }
}

pub fn whole(number: i64) -> Q {
    Q::from_integer(BigInt::from(number))
}

pub fn percent(number: i64) -> Q {
    Q::new(BigInt::from(number), BigInt::from(100))
}

/// The multiple of `step` that `x` is brought to, decided on twice the remainder.
pub fn round(x: &Q, step: &Q, mode: Mode) -> Q {
    let count = x / step;
    let size = count.abs();
    let whole_part = size.to_integer();
    let rest = &size - Q::from_integer(whole_part.clone());
    let twice = &rest + &rest;
    let one = Q::one();
    let is_odd = &whole_part % 2 != BigInt::zero();
    let up = match mode {
        Mode::Down => false,
        Mode::Up => rest > Q::zero(),
        Mode::HalfUp => twice >= one,
        Mode::HalfEven => twice > one || (twice == one && is_odd),
    };
    let size = Q::from_integer(if up { whole_part + 1 } else { whole_part });
    let signed = if count.is_negative() { -size } else { size };
    signed * step
}

/// What a run of the program says, as a fraction: a decimal, or `numerator/denominator`.
pub fn read(text: &str) -> Option<Q> {
    if text.contains('/') {
        return text.parse().ok();
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let all: BigInt = format!("{before}{after}").parse().ok()?;
    let value = Q::new(all, num_traits::pow(BigInt::from(10), after.len()));
    Some(if negative { -value } else { value })
}

/// A generator of numbers that is the same everywhere (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both among them.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap_or(0)
    }

    /// Yes that many times in a hundred.
    pub fn chance(&mut self, in_a_hundred: u64) -> bool {
        self.next() % 100 < in_a_hundred
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}
