//! Numbers of a column as text, written into a buffer that is used again and again.

use alloc::string::{String, ToString};
use kaoping_program::{Column, Numerators, States, Values};
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
    /// The same where all are known and small and none has digits to be left out: the numerators,
    /// what brings one to its digits, and how many those are.
    plain: Option<(&'c Numerators, i64, u32)>,
}

impl<'c> Printer<'c> {
    pub(crate) fn new(column: &'c Column, least: u32, display: (u32, Rounding)) -> Printer<'c> {
        let denominator = match column.values() {
            Values::Fixed { denominator, .. } => Some(*denominator),
            Values::Short { denominator, .. } => Some(i128::from(*denominator)),
            _ => None,
        };
        let fixed = denominator.and_then(|denominator| {
            let places = Exact::ratio(1, denominator)?.decimal_places().filter(|places| *places <= 18)?;
            Some((places, 10i128.checked_pow(places)? / denominator))
        });
        let plain = fixed.and_then(|(places, factor)| match (column.values(), column.states()) {
            (Values::Short { numerators, .. }, States::AllKnown) if column.len() > 1 => {
                let padded = factor.checked_mul(10i128.checked_pow(least.checked_sub(places)?)?)?;
                let small = i64::from(i32::try_from(padded).ok()?);
                matches!(numerators, Numerators::Short(_)).then_some((numerators, small, least))
            }
            _ => None,
        });
        Printer { column, least, display, fixed, plain }
    }

    /// How many digits after the point the numbers of [`Printer::plain`] have; none where there are none.
    pub(crate) fn plain_places(&self) -> Option<u32> {
        self.plain.map(|(.., places)| places)
    }

    /// The number at a position as a multiple of `10^-places`, to be printed with exactly that many digits
    /// after the point; none where [`Printer::number`] has to be asked.
    #[inline]
    pub(crate) fn plain(&self, at: usize) -> Option<i64> {
        let (numerators, factor, _) = self.plain?;
        // Two halves of a machine word.
        Some(numerators.get(at)? * factor)
    }

    /// Whether a known number among those positions has no end.
    pub(crate) fn has_fractions(&self, mut positions: impl Iterator<Item = usize>) -> bool {
        self.fixed.is_none()
            && positions.any(|at| self.column.cell(at).value.is_some_and(|value| value.decimal_places().is_none()))
    }

    /// The number at a position as it is printed.
    #[inline]
    pub(crate) fn number(&self, at: usize) -> Printed {
        let own = if self.column.len() == 1 { 0 } else { at };
        if at >= self.column.len() && self.column.len() != 1 || !self.column.state(at).is_known() {
            return Printed::Nothing;
        }
        let numerator = match self.column.values() {
            Values::Short { numerators, .. } => numerators.get(own).map(i128::from),
            Values::Fixed { numerators, .. } => numerators.get(own).copied(),
            _ => None,
        };
        if let (Some(numerator), Some((places, factor))) = (numerator, self.fixed)
            && let Some(mantissa) = if factor == 1 { Some(numerator) } else { numerator.checked_mul(factor) }
        {
            return shortened(mantissa, places, self.least);
        }
        let Some(value) = self.column.cell(at).value else {
            return Printed::Nothing;
        };
        match value.to_plain(self.least) {
            Some(plain) => Printed::Text(plain),
            None => Printed::Endless(value.to_places(self.display.0, self.display.1), value.to_fraction()),
        }
    }

    /// Writes the number at a position, nothing where it is not known. Where it has no end
    /// `exact` gets the fraction. Both buffers are cleared first.
    pub(crate) fn write(&self, at: usize, text: &mut String, exact: &mut String) {
        text.clear();
        exact.clear();
        match self.number(at) {
            Printed::Nothing => {}
            Printed::Decimal(mantissa, places) => decimal(text, mantissa, places),
            Printed::Text(plain) => text.push_str(&plain),
            Printed::Endless(cut, fraction) => {
                text.push_str(&cut);
                exact.push_str(&fraction);
            }
        }
    }
}

/// A number of a column, ready to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Printed {
    /// Not known.
    Nothing,
    /// `mantissa × 10^-places` with exactly that many digits after the point.
    Decimal(i128, u32),
    /// A number of many digits.
    Text(String),
    /// A number without an end: cut, and as a fraction.
    Endless(String, String),
}

/// `mantissa × 10^-places` with at least `least` digits after the point and no zeros beyond them.
#[inline]
fn shortened(mut mantissa: i128, mut places: u32, least: u32) -> Printed {
    // Nearly all fit a machine word, in which division is many times quicker.
    if let Ok(mut short) = i64::try_from(mantissa) {
        while places > least && short % 10 == 0 {
            short /= 10;
            places -= 1;
        }
        mantissa = i128::from(short);
    } else {
        while places > least && mantissa % 10 == 0 {
            mantissa /= 10;
            places -= 1;
        }
    }
    let missing = least.saturating_sub(places);
    if missing == 0 {
        return Printed::Decimal(mantissa, places);
    }
    match 10i128.checked_pow(missing).and_then(|power| mantissa.checked_mul(power)) {
        Some(padded) => Printed::Decimal(padded, places + missing),
        None => {
            let mut text = String::new();
            decimal(&mut text, mantissa, places);
            text.push_str(if places == 0 { "." } else { "" });
            (0..missing).for_each(|_| text.push('0'));
            Printed::Text(text)
        }
    }
}

/// Writes `mantissa × 10^-places` with exactly that many digits after the point.
pub(crate) fn decimal(text: &mut String, mantissa: i128, places: u32) {
    if mantissa < 0 {
        text.push('-');
    }
    let digits = mantissa.unsigned_abs().to_string();
    let width = places as usize + 1;
    let padded = alloc::format!("{digits:0>width$}");
    let (whole, fraction) = padded.split_at(padded.len() - places as usize);
    text.push_str(whole);
    if places > 0 {
        text.push('.');
        text.push_str(fraction);
    }
}

#[cfg(test)]
mod tests {
    use super::{Printed, Printer, decimal, shortened};
    use alloc::{string::String, vec, vec::Vec};
    use kaoping_program::{Column, Numerators};
    use kaoping_terms::{Exact, Rounding};
    use proptest::prelude::*;

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
            let text = match shortened(mantissa, places, least) {
                Printed::Decimal(mantissa, places) => {
                    let mut text = String::new();
                    decimal(&mut text, mantissa, places);
                    text
                }
                Printed::Text(text) => text,
                other => panic!("{other:?}"),
            };
            assert_eq!(text, expected);
        }
    }

    proptest! {
        /// What is printed the short way is what the long way prints.
        #[test]
        fn plain_numbers_are_those_of_any_form(
            numbers in prop::collection::vec(prop_oneof![9 => -100_000..100_000i32, 1 => any::<i32>()], 2..20),
            denominator in prop::sample::select(vec![1i64, 2, 3, 4, 10, 100, 125, 1_000, 1 << 40]),
            least in 0u32..6,
        ) {
            let exact = numbers.iter().map(|number| Exact::ratio(i128::from(*number), i128::from(denominator)));
            let exact: Vec<Exact> = exact.map(|number| number.expect("a ratio")).collect();
            let count = numbers.len();
            let column = Column::from_short(Numerators::Short(numbers), denominator).expect("a column");
            let printer = Printer::new(&column, least, (2, Rounding::HalfUp));
            for (at, number) in exact.iter().enumerate() {
                let printed = printer.plain(at);
                prop_assert_eq!(printed.is_some(), printer.plain_places().is_some());
                if let Some((mantissa, places)) = printed.zip(printer.plain_places()) {
                    prop_assert_eq!(Printed::Decimal(i128::from(mantissa), places), printer.number(at));
                }
                // Hundredths with two digits are what most results are.
                let short = number.decimal_places().is_some_and(|_| 100 % denominator == 0 && least == 2);
                prop_assert!(printed.is_some() || !short);
            }
            prop_assert_eq!(printer.plain(count), None);
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
