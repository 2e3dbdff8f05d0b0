//! Numbers of a column as text, written into a buffer that is used again and again.

use alloc::string::{String, ToString};
use kaoping_program::{Column, Values};
use kaoping_terms::{Exact, Rounding};

/// How the numbers of a column are printed.
#[derive(Clone, Debug)]
pub(crate) struct Printer<'c> {
    column: &'c Column,
    /// Digits after the point that are always written.
    least: u32,
    /// How a number without an end is cut.
    display: (u32, Rounding),
    /// The digits the common denominator needs, and what brings a numerator to them.
    fixed: Option<(u32, i128)>,
}

impl<'c> Printer<'c> {
    pub(crate) fn new(column: &'c Column, least: u32, display: (u32, Rounding)) -> Printer<'c> {
        let fixed = match column.values() {
            Values::Fixed { denominator, .. } => Exact::ratio(1, *denominator).and_then(|unit| {
                let places = unit.decimal_places().filter(|places| *places <= 18)?;
                let power = 10i128.checked_pow(places)?;
                Some((places, power / denominator))
            }),
            _ => None,
        };
        Printer { column, least, display, fixed }
    }

    /// Whether a known number among those positions has no end.
    pub(crate) fn has_fractions(&self, mut positions: impl Iterator<Item = usize>) -> bool {
        self.fixed.is_none()
            && positions.any(|at| self.column.cell(at).value.is_some_and(|value| value.decimal_places().is_none()))
    }

    /// Writes the number at a position, nothing where it is not known. Where it has no end
    /// `exact` gets the fraction. Both buffers are cleared first.
    pub(crate) fn write(&self, at: usize, text: &mut String, exact: &mut String) {
        text.clear();
        exact.clear();
        let own = if self.column.len() == 1 { 0 } else { at };
        if at >= self.column.len() && self.column.len() != 1 || !self.column.state(at).is_known() {
            return;
        }
        if let (Values::Fixed { numerators, .. }, Some((places, factor))) = (self.column.values(), self.fixed)
            && let Some(mantissa) = numerators.get(own).and_then(|numerator| numerator.checked_mul(factor))
        {
            decimal(text, mantissa, places, self.least);
            return;
        }
        let Some(value) = self.column.cell(at).value else {
            return;
        };
        match value.to_plain(self.least) {
            Some(plain) => text.push_str(&plain),
            None => {
                text.push_str(&value.to_places(self.display.0, self.display.1));
                exact.push_str(&value.to_fraction());
            }
        }
    }
}

/// Writes `mantissa × 10^-places` with at least `least` digits after the point and no zeros
/// beyond them.
fn decimal(text: &mut String, mut mantissa: i128, mut places: u32, least: u32) {
    if let Ok(short) = i64::try_from(mantissa)
        && short.unsigned_abs() < SHORT
        && places.max(least) <= SHORT_PLACES
    {
        return short_decimal(text, short, places, least);
    }
    while places > least && mantissa % 10 == 0 {
        mantissa /= 10;
        places -= 1;
    }
    if mantissa < 0 {
        text.push('-');
    }
    let digits = mantissa.unsigned_abs().to_string();
    let width = places as usize + 1;
    let padded = alloc::format!("{digits:0>width$}");
    let (whole, fraction) = padded.split_at(padded.len() - places as usize);
    text.push_str(whole);
    if places.max(least) == 0 {
        return;
    }
    text.push('.');
    text.push_str(fraction);
    for _ in places..least {
        text.push('0');
    }
}

/// Below this and with at most that many digits after the point, a number is written the short
/// way: nine digits, four zeros behind them, the point and a sign are 15 bytes.
const SHORT: u64 = 1_000_000_000;
const SHORT_PLACES: u32 = 4;

/// As [`decimal`], from the last digit to the first in one wide register, which is copied at once:
/// bytes stored one by one would hold up the copy that follows.
fn short_decimal(text: &mut String, mantissa: i64, mut places: u32, least: u32) {
    let mut rest = mantissa.unsigned_abs();
    while places > least && rest.is_multiple_of(10) {
        rest /= 10;
        places -= 1;
    }
    let (mut register, mut length) = (0u128, 0usize);
    let mut put = |byte: u64| {
        register = register << 8 | u128::from(byte);
        length += 1;
    };
    let zero = u64::from(b'0');
    for _ in places..least {
        put(zero);
    }
    for _ in 0..places {
        put(zero + rest % 10);
        rest /= 10;
    }
    if places.max(least) > 0 {
        put(u64::from(b'.'));
    }
    loop {
        put(zero + rest % 10);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if mantissa < 0 {
        put(u64::from(b'-'));
    }
    // ASCII throughout and at most 15 bytes, so this never falls back.
    let bytes = register.to_le_bytes();
    text.push_str(bytes.get(..length).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or(""));
}

#[cfg(test)]
mod tests {
    use super::{Printer, decimal};
    use alloc::{string::String, vec};
    use kaoping_program::Column;
    use kaoping_terms::{Exact, Rounding};

    #[test]
    fn decimals_keep_their_digits() {
        for (mantissa, places, least, expected) in [
            (225, 2, 2, "2.25"),
            (3, 0, 2, "3.00"),
            (-5, 2, 2, "-0.05"),
            (1000, 3, 0, "1"),
            (1005, 3, 2, "1.005"),
            (0, 0, 0, "0"),
            (0, 2, 2, "0.00"),
            (7, 18, 0, "0.000000000000000007"),
            (-999_999_999, 4, 4, "-99999.9999"),
            (-999_999_999, 0, 4, "-999999999.0000"),
            (1_000_000_000, 1, 0, "100000000"),
            (i128::from(i64::MIN), 0, 18, "-9223372036854775808.000000000000000000"),
            (-1, 20, 0, "-0.00000000000000000001"),
            (1 << 70, 3, 2, "1180591620717411303.424"),
            (100 * (1 << 70), 3, 0, "118059162071741130342.4"),
        ] {
            let mut text = String::new();
            decimal(&mut text, mantissa, places, least);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn numbers_without_an_end_have_a_fraction_beside() {
        let column = Column::from_exact(vec![Exact::ratio(7, 3).expect("a ratio"), Exact::whole(2)]);
        let printer = Printer::new(&column, 2, (2, Rounding::HalfUp));
        let (mut text, mut exact) = (String::new(), String::new());
        printer.write(0, &mut text, &mut exact);
        assert_eq!((text.as_str(), exact.as_str()), ("2.33", "7/3"));
        printer.write(1, &mut text, &mut exact);
        assert_eq!((text.as_str(), exact.as_str()), ("2.00", ""));
        assert!(printer.has_fractions(0..2) && !printer.has_fractions(1..2));
    }
}
