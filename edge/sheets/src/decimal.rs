//! Plain decimals at speed: read and written without asking for memory.

use kaoping_terms::{
    Exact,
    figure::{Figure, FigureFault, parse},
};

/// Most digits a decimal may have to be read here; any 38 digits fit 127 bits.
const MOST_DIGITS: usize = 38;

/// Reads a plain ASCII decimal as `(mantissa, places)`, meaning `mantissa × 10^-places`.
/// Every digit written counts: `1.50` is `(150, 2)`.
///
/// None for anything else, a number with more than 38 digits included; those go to
/// [`kaoping_terms::figure::parse`], which reads or refuses them with a reason.
#[inline]
pub fn fast_decimal(text: &[u8]) -> Option<(i128, u32)> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (mantissa, places) = if digits.len() <= 18 {
        let (mantissa, places) = short(digits)?;
        (i128::from(mantissa), places)
    } else {
        long(digits)?
    };
    Some((if negative { -mantissa } else { mantissa }, places))
}

/// At most 18 digits, which a 64-bit word holds.
#[inline]
fn short(digits: &[u8]) -> Option<(i64, u32)> {
    let mut mantissa = 0i64;
    let mut places = 0u32;
    let mut point = 0u32;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(digit));
            places += point;
        } else if *byte == b'.' && point == 0 {
            point = 1;
        } else {
            return None;
        }
    }
    (digits.len() > point as usize).then_some((mantissa, places))
}

fn long(digits: &[u8]) -> Option<(i128, u32)> {
    let point = digits.iter().position(|byte| *byte == b'.');
    let count = digits.len() - usize::from(point.is_some());
    if count > MOST_DIGITS {
        return None;
    }
    let mut mantissa = 0i128;
    for (at, byte) in digits.iter().enumerate() {
        if Some(at) != point {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit))?;
        }
    }
    let places = point.map_or(0, |at| digits.len() - at - 1);
    Some((mantissa, u32::try_from(places).ok()?))
}

/// Reads a figure as people write it, the plain ones without the long way.
pub fn read_figure(text: &str) -> Result<Figure, FigureFault> {
    match fast_decimal(text.as_bytes()) {
        Some((mantissa, places)) => Ok(Figure { value: Exact::decimal(mantissa, places), unit: String::new() }),
        None => parse(text),
    }
}

/// Appends `mantissa × 10^-places` with exactly that many digits after the point.
#[inline]
pub fn push_decimal(out: &mut Vec<u8>, mantissa: i128, places: u32) {
    match i32::try_from(mantissa) {
        Ok(short) if short.unsigned_abs() < SHORT && places <= SHORT_PLACES => push_short(out, short, places),
        _ => push_long(out, mantissa, places),
    }
}

/// Below this and with at most that many digits after the point a number has no more than seven
/// digits, a point and a sign: nine bytes, of which eight fit a register beside the sign.
const SHORT: u32 = 10_000_000;
const SHORT_PLACES: u32 = 6;

/// The digits are put together in one register and copied at once: bytes stored one by one would
/// hold up the copies that follow.
#[inline]
fn push_short(out: &mut Vec<u8>, mantissa: i32, places: u32) {
    if mantissa < 0 {
        out.push(b'-');
    }
    let (register, length) = digits_of(mantissa.unsigned_abs(), places);
    let end = out.len() + length as usize;
    out.extend_from_slice(&register.to_le_bytes());
    out.truncate(end);
}

/// The digits and the point of a short number without a sign, the first one lowest, and how many
/// bytes they are.
#[inline]
fn digits_of(size: u32, places: u32) -> (u64, u64) {
    let digits = eight_digits(u64::from(size));
    with_point(digits, u64::from(digits.trailing_zeros() / 8), places)
}

/// The same of eight digits, of which so many at the beginning are zeros.
#[inline(always)]
fn with_point(digits: u64, zeros: u64, places: u32) -> (u64, u64) {
    let places = u64::from(places);
    // One digit at least stands before the point.
    let zeros = zeros.min(7 - places);
    let register = (digits | u64::from_le_bytes([b'0'; 8])) >> (8 * zeros);
    let length = 8 - zeros;
    if places == 0 {
        return (register, length);
    }
    let before = 8 * (length - places);
    let behind = register >> before << before;
    (register ^ behind | behind << 8 | u64::from(b'.') << before, length + 1)
}

/// The eight digits of a number below `10^8`, a byte each, the most significant one lowest; all are
/// found at once, by halves.
#[inline(always)]
fn eight_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // A hundredth and a tenth, as multiples of which so many bits are left out.
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (twos - 10 * tens) << 8
}

/// Numbers side by side as digits, many of them at once on machines that can.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digits {
    /// The digits and the point of each, the first one lowest.
    words: Vec<u64>,
    /// How many bytes those are.
    lengths: Vec<u64>,
}

impl Digits {
    /// The digits of short numbers without a sign, and how many bytes each takes; none where one of the
    /// numbers is of another form.
    pub(crate) fn of(&mut self, mantissas: &[i64], places: u32) -> Option<impl Iterator<Item = (u64, usize)>> {
        self.words.resize(mantissas.len(), 0);
        self.lengths.resize(mantissas.len(), 0);
        let all = Beside { mantissas, places, words: &mut self.words, lengths: &mut self.lengths };
        let short = places <= SHORT_PLACES && pulp::Arch::new().dispatch(all);
        let each = self.words.iter().zip(&self.lengths).map(|(word, length)| (*word, *length as usize));
        short.then_some(each)
    }
}

struct Beside<'a> {
    mantissas: &'a [i64],
    places: u32,
    words: &'a mut [u64],
    lengths: &'a mut [u64],
}

impl pulp::WithSimd for Beside<'_> {
    type Output = bool;

    /// As [`digits_of`] each, with nothing to decide on the way; whether all are short.
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        let mut most = 0u64;
        for ((mantissa, word), length) in self.mantissas.iter().zip(self.words).zip(self.lengths) {
            let own = mantissa.cast_unsigned();
            // Where one is too long none of this is used.
            let size = own & 0x00ff_ffff;
            let mut zeros = 1;
            for power in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
                zeros += u64::from(size < power);
            }
            (*word, *length) = with_point(eight_digits(size), zeros, self.places);
            most |= u64::from(own >= u64::from(SHORT));
        }
        most == 0
    }
}

fn push_long(out: &mut Vec<u8>, mantissa: i128, places: u32) {
    let places = places as usize;
    let mut size = mantissa.unsigned_abs();
    let begin = out.len();
    let mut written = 0usize;
    // Digits come out last first and are turned round at the end.
    while size != 0 || written <= places {
        if written == places && places > 0 {
            out.push(b'.');
        }
        // Most figures fit 64 bits, where division is many times faster.
        let digit = match u64::try_from(size) {
            Ok(small) => {
                size = u128::from(small / 10);
                small % 10
            }
            Err(_) => {
                let digit = size % 10;
                size /= 10;
                u64::try_from(digit).unwrap_or(0)
            }
        };
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
        written += 1;
    }
    if mantissa < 0 {
        out.push(b'-');
    }
    if let Some(new) = out.get_mut(begin..) {
        new.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::{fast_decimal, push_decimal, read_figure};
    use kaoping_terms::{Exact, figure};
    use proptest::prelude::*;

    fn written(mantissa: i128, places: u32) -> String {
        let mut out = Vec::new();
        push_decimal(&mut out, mantissa, places);
        String::from_utf8(out).expect("digits")
    }

    #[test]
    fn reads_plain_decimals_and_leaves_the_rest() {
        for (text, expected) in [
            ("0", Some((0, 0))),
            ("1.50", Some((150, 2))),
            ("-0.005", Some((-5, 3))),
            ("+7", Some((7, 0))),
            (".5", Some((5, 1))),
            ("5.", Some((5, 0))),
            ("999999999999999999", Some((999_999_999_999_999_999, 0))),
            ("-1234567890123456789.25", Some((-123_456_789_012_345_678_925, 2))),
            ("", None),
            (".", None),
            ("-", None),
            ("1.2.3", None),
            ("1,000", None),
            ("1e5", None),
            ("１２", None),
            ("98.2%", None),
            (" 1", None),
            ("123456789012345678901234567890123456789", None),
        ] {
            assert_eq!(fast_decimal(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn other_figures_take_the_long_way() {
        for (text, value, unit) in [("１，２３４．５０", "1234.5", ""), ("98.2%", "98.2", "%"), ("12", "12", "")]
        {
            let figure = read_figure(text).expect(text);
            assert_eq!((figure.value.to_string().as_str(), figure.unit.as_str()), (value, unit));
        }
        assert!(read_figure("1,5").is_err());
    }

    #[test]
    fn writes_every_digit() {
        for (mantissa, places, text) in [
            (0, 0, "0"),
            (0, 2, "0.00"),
            (5, 3, "0.005"),
            (-150, 2, "-1.50"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
            (i128::MAX, 38, "1.70141183460469231731687303715884105727"),
        ] {
            assert_eq!(written(mantissa, places), text);
        }
    }

    proptest! {
        #[test]
        fn the_fast_way_agrees_with_the_long_way(text in "[-+]?[0-9]{0,25}\\.?[0-9]{0,14}") {
            if let Some((mantissa, places)) = fast_decimal(text.as_bytes()) {
                let figure = figure::parse(&text).expect("the long way reads it too");
                prop_assert_eq!(figure.value, Exact::decimal(mantissa, places));
                prop_assert_eq!(figure.unit, "");
            }
        }

        #[test]
        fn short_numbers_are_written_as_long_ones(mantissa in -12_000_000i128..12_000_000, places in 0u32..8) {
            let mut long = Vec::new();
            super::push_long(&mut long, mantissa, places);
            prop_assert_eq!(written(mantissa, places), String::from_utf8(long).expect("digits"));
        }

        #[test]
        fn what_is_written_reads_back(mantissa in -(10i128.pow(37))..10i128.pow(37), places in 0u32..36) {
            let text = written(mantissa, places);
            prop_assert_eq!(fast_decimal(text.as_bytes()), Some((mantissa, places)));
        }
    }
}
