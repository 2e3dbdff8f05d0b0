//! Numbers of a column as text, written into a buffer that is used again and again.

use alloc::string::String;
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
    while places > least && ends_in_zero(mantissa) {
        mantissa /= 10;
        places -= 1;
    }
    if mantissa < 0 {
        text.push('-');
    }
    let size = mantissa.unsigned_abs();
    let power = 10u128.checked_pow(places).unwrap_or(1);
    // Machine words divide and print several times faster than 128 bits.
    let (whole, fraction) = match (u64::try_from(size), u64::try_from(power)) {
        (Ok(size), Ok(power)) => (u128::from(size / power), u128::from(size % power)),
        _ => (size / power, size % power),
    };
    let mut digits = itoa::Buffer::new();
    push(text, &mut digits, whole);
    if places.max(least) == 0 {
        return;
    }
    text.push('.');
    if places > 0 {
        let from = text.len();
        push(text, &mut digits, fraction);
        let written = text.len() - from;
        for _ in written..places as usize {
            text.insert(from, '0');
        }
    }
    for _ in places..least {
        text.push('0');
    }
}

fn ends_in_zero(mantissa: i128) -> bool {
    i64::try_from(mantissa).map_or_else(|_| mantissa % 10 == 0, |mantissa| mantissa % 10 == 0)
}

fn push(text: &mut String, digits: &mut itoa::Buffer, number: u128) {
    match u64::try_from(number) {
        Ok(number) => text.push_str(digits.format(number)),
        Err(_) => text.push_str(digits.format(number)),
    }
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
