//! Short decimals of one column, read eight bytes at once.
//!
//! A column of a file holds figures of a kind: money with two digits after the point or none, say.
//! What is read here is what [`crate::reading::plain`] reads, brought to one number of digits after
//! the point; whatever else stands in a cell is left to those who read cells of every form.

use crate::range::{Range, power};
use alloc::vec::Vec;

/// Most digits after the point that figures are brought to.
pub const MOST_PLACES: u8 = 6;

/// How the figures of one column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    places: u8,
    /// The least and the greatest mantissa that is allowed.
    least: i64,
    most: i64,
}

/// Each byte the same.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// What a point is beside the digits, once `0` is 0.
const POINT: u8 = b'.' ^ b'0';

impl Short {
    /// For figures within a range, as multiples of `10^-places`. None where the range is not one of
    /// such multiples, or there are too many places.
    pub fn new(range: &Range, places: u8) -> Option<Short> {
        let (least, most) = (places <= MOST_PLACES).then(|| range.multiples(places))??;
        Some(Short { places, least, most })
    }

    /// How many digits after the point its mantissas have.
    pub fn places(&self) -> u8 {
        self.places
    }

    /// The mantissa of the cell between two places of a text, where it is a plain decimal with no
    /// more digits after the point than the column has, and lies within the range.
    #[inline]
    pub fn read(&self, text: &[u8], start: usize, end: usize) -> Option<i64> {
        // −0 is zero.
        let negative = self.least <= 0 && text.get(start) == Some(&b'-');
        let size = self.size(text, start + usize::from(negative), end)?;
        let mantissa = if negative { -size } else { size };
        (self.least <= mantissa && mantissa <= self.most).then_some(mantissa)
    }

    /// The mantissa of a cell that has no sign.
    #[inline]
    fn size(&self, text: &[u8], start: usize, end: usize) -> Option<i64> {
        let length = end.wrapping_sub(start);
        if length.wrapping_sub(1) > 7 {
            return self.long(text.get(start..end)?);
        }
        let digits = own(u64::from_le_bytes(*text.get(..end)?.last_chunk()?), length as u64);
        let points = points(digits);
        let (number, fits) = number(digits, points);
        if !fits || (length == 1 && points != 0) {
            return None;
        }
        let places = u8::try_from((points.leading_zeros() / 8) & 7).ok()?;
        self.scaled(i64::try_from(number).ok()?, places)
    }

    #[inline]
    fn scaled(&self, mantissa: i64, places: u8) -> Option<i64> {
        const FACTORS: [i64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 0];
        Some(mantissa * FACTORS.get(usize::from(self.places.checked_sub(places)?))?)
    }

    /// A cell of more than eight bytes.
    fn long(&self, cell: &[u8]) -> Option<i64> {
        let (mut mantissa, mut places, mut point) = (0i64, 0u8, false);
        // With six more behind the point twelve digits fit.
        if cell.is_empty() || cell.len() > 13 {
            return None;
        }
        for byte in cell {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                mantissa = mantissa * 10 + i64::from(digit);
                places += u8::from(point);
            } else if *byte == b'.' && !point {
                point = true;
            } else {
                return None;
            }
        }
        if cell.len() - usize::from(point) > 12 { None } else { self.scaled(mantissa, places) }
    }
}

/// The cells of a column side by side, to be read together: many of them at once on machines that
/// can, which is a matter of speed only.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The last eight bytes of each cell and of what stands before it; where it has fewer or more,
    /// something that is no digit.
    words: Vec<u64>,
    lengths: Vec<u64>,
    /// Not zero where the cell was not read.
    odd: Vec<u64>,
    /// How many cells there are.
    count: usize,
}

impl Beside {
    /// Room for at most that many cells, and what adds one after another.
    #[inline]
    pub fn room(&mut self, cells: usize) -> impl FnMut(&[u8], usize, usize) {
        if self.words.len() < cells {
            self.words.resize(cells, 0);
            self.lengths.resize(cells, 0);
            self.odd.resize(cells, 0);
        }
        self.count = 0;
        let mut slots = self.words.iter_mut().zip(&mut self.lengths).take(cells);
        let count = &mut self.count;
        move |text, start, end| {
            let Some((word, length)) = slots.next() else { return };
            let own = end.wrapping_sub(start);
            let eight = text.get(..end).and_then(|text| text.last_chunk());
            let found = eight.map_or(u64::MAX, |eight| u64::from_le_bytes(*eight));
            *word = if own.wrapping_sub(1) > 7 { u64::MAX } else { found };
            *length = own as u64;
            *count += 1;
        }
    }

    /// Reads them all; gives which were not read here, in order. Their mantissas mean nothing, nor
    /// does what stood among the mantissas before.
    pub fn read<'b>(&'b mut self, short: Short, mantissas: &mut Vec<i64>) -> impl Iterator<Item = usize> + use<'b> {
        mantissas.resize(self.count, 0);
        let all = Reading { short, words: &self.words, lengths: &self.lengths, mantissas, odd: &mut self.odd };
        let any = pulp::Arch::new().dispatch(all);
        let odd = self.odd.get(..self.count).filter(|_| any).unwrap_or_default();
        odd.iter().enumerate().filter(|(_, odd)| **odd != 0).map(|(at, _)| at)
    }
}

impl Beside {
    /// Reads them all as they are written, each with its own digits after the point and whatever
    /// its size; gives which were not read here, in order.
    pub fn as_written<'b>(
        &'b mut self,
        mantissas: &mut Vec<i64>,
        places: &mut Vec<u8>,
    ) -> impl Iterator<Item = usize> + use<'b> {
        mantissas.resize(self.count, 0);
        places.resize(self.count, 0);
        let all = AsWritten { words: &self.words, lengths: &self.lengths, mantissas, places, odd: &mut self.odd };
        let any = pulp::Arch::new().dispatch(all);
        let odd = self.odd.get(..self.count).filter(|_| any).unwrap_or_default();
        odd.iter().enumerate().filter(|(_, odd)| **odd != 0).map(|(at, _)| at)
    }
}

struct AsWritten<'a> {
    words: &'a [u64],
    lengths: &'a [u64],
    mantissas: &'a mut [i64],
    places: &'a mut [u8],
    odd: &'a mut [u64],
}

impl pulp::WithSimd for AsWritten<'_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        let cells = self.words.iter().zip(self.lengths).zip(self.mantissas).zip(self.places).zip(self.odd);
        let mut any = 0;
        for ((((word, length), mantissa), places), odd) in cells {
            let digits = own(*word, *length);
            let points = points(digits);
            let (number, fits) = number(digits, points);
            let mut behind = 0;
            for place in 1..8u8 {
                behind |= if points == 1 << (63 - 8 * place) { place } else { 0 };
            }
            *mantissa = number.cast_signed();
            *places = behind;
            *odd = u64::from(!fits | ((*length == 1) & (points != 0)));
            any |= *odd;
        }
        any != 0
    }
}

/// The bytes of a cell of that length at the end of a word, without what stands before it.
#[inline(always)]
fn own(word: u64, length: u64) -> u64 {
    let before = 64u64.wrapping_sub(length.wrapping_mul(8)) & 63;
    (word ^ all(b'0')) >> before << before
}

struct Reading<'a> {
    short: Short,
    words: &'a [u64],
    lengths: &'a [u64],
    mantissas: &'a mut [i64],
    odd: &'a mut [u64],
}

impl pulp::WithSimd for Reading<'_> {
    type Output = bool;

    /// As [`Short::read`] of cells without a sign, with nothing to decide on the way.
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        let Short { places, least, most } = self.short;
        let factor = |places_of_cell: u8| {
            places.checked_sub(places_of_cell).map_or(0, |more| power(more).try_into().unwrap_or(0))
        };
        let (whole, factors): (u64, [u64; 7]) = (factor(0), [0, 1, 2, 3, 4, 5, 6].map(factor));
        let cells = self.words.iter().zip(self.lengths).zip(self.mantissas).zip(self.odd);
        let mut any = 0;
        for (((word, length), mantissa), odd) in cells {
            let digits = own(*word, *length);
            let points = points(digits);
            let (number, fits) = number(digits, points);
            let mut factor = if points == 0 { whole } else { 0 };
            for (place, own) in (0u32..).zip(factors) {
                factor |= if points == 1 << (63 - 8 * place) { own } else { 0 };
            }
            let scaled = number.wrapping_mul(factor).cast_signed();
            let blank = (*length == 1) & (points != 0);
            let taken = fits & (factor != 0) & !blank & (least <= scaled) & (scaled <= most);
            *mantissa = scaled;
            *odd = u64::from(!taken);
            any |= *odd;
        }
        any != 0
    }
}

/// The highest bit of each byte that is a point; exact, as no sum leaves its byte.
#[inline(always)]
fn points(digits: u64) -> u64 {
    let other = digits ^ all(POINT);
    !(((other & all(0x7f)) + all(0x7f)) | other) & all(0x80)
}

/// The number that the digits of a word are, the most significant one lowest, without the point among
/// them; and whether they are digits with one point at most.
#[inline(always)]
fn number(digits: u64, points: u64) -> (u64, bool) {
    let point = points >> 7;
    // What stands before the point moves one byte up, over it; without a point all of it stays.
    let behind = digits & !(point << 8).wrapping_sub(1);
    let before = digits & point.wrapping_sub(1);
    let joined = behind | if point == 0 { before } else { before << 8 };
    let others = (joined.wrapping_add(all(0x76)) | joined) & all(0x80) | point & point.wrapping_sub(1);
    let pairs = joined.wrapping_mul(10 * 0x100 + 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16 & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32, others == 0)
}

#[cfg(test)]
mod tests {
    use super::{Beside, MOST_PLACES, Short};
    use crate::{Range, range::power, reading::plain};
    use alloc::{format, string::String, vec::Vec};
    use kaoping_program::Bounds;
    use kaoping_terms::Exact;
    use proptest::prelude::*;

    /// What the reader of any plain decimal says, brought to that many places.
    fn slowly(cell: &str, range: &Range, places: u8) -> Option<i64> {
        let Some((mantissa, own, "")) = plain(cell) else { return None };
        let factor = i64::try_from(power(places.checked_sub(own)?)).ok()?;
        if range.contains(mantissa, own) { mantissa.checked_mul(factor) } else { None }
    }

    fn at_once(cell: &str, range: &Range, places: u8, before: &str) -> Option<i64> {
        let text = format!("{before}{cell},7");
        Short::new(range, places)?.read(text.as_bytes(), before.len(), before.len() + cell.len())
    }

    fn range(low: Option<(&str, bool)>, high: Option<(&str, bool)>) -> Range {
        let edge = |(number, itself): (&str, bool)| (Exact::parse(number).expect("a number"), itself);
        Range::new(&Bounds { low: low.map(edge), high: high.map(edge), ..Bounds::default() })
    }

    #[test]
    fn digits_and_a_point() {
        let any = range(None, None);
        for (cell, places, mantissa) in [
            ("0", 2, Some(0)),
            ("230.95", 2, Some(23_095)),
            ("230.9", 2, Some(23_090)),
            (".5", 2, Some(50)),
            ("5.", 2, Some(500)),
            ("99999999", 0, Some(99_999_999)),
            ("123456789.01", 2, Some(12_345_678_901)),
            ("-12.5", 1, Some(-125)),
            ("-0.00", 2, Some(0)),
            ("999999999999", 6, Some(999_999_999_999_000_000)),
            ("230.955", 2, None),
            ("9999999999999", 0, None),
            ("", 2, None),
            (".", 2, None),
            ("-", 2, None),
            ("-.", 2, None),
            ("--1", 2, None),
            ("1.2.3", 2, None),
            ("1 ", 2, None),
            ("1%", 2, None),
            ("１", 2, None),
            (":", 2, None),
            ("/", 2, None),
        ] {
            assert_eq!(at_once(cell, &any, places, "x,y,1234567,"), mantissa, "{cell}");
        }
        // Without eight bytes before its end a cell is left to others.
        assert_eq!(at_once("1", &any, 0, ""), None);
    }

    #[test]
    fn edges_are_those_of_the_range() {
        let before = "12345678,";
        let open = range(Some(("0", false)), Some(("12.5", false)));
        let closed = range(Some(("-0.25", true)), Some(("12.5", true)));
        for (cell, in_open, in_closed) in [
            ("0", false, true),
            ("12.5", false, true),
            ("12.4", true, true),
            ("12.6", false, false),
            ("-0.3", false, false),
            ("-0.2", false, true),
        ] {
            assert_eq!(at_once(cell, &open, 1, before).is_some(), in_open, "{cell}");
            assert_eq!(at_once(cell, &closed, 1, before).is_some(), in_closed, "{cell}");
        }
        assert!(Short::new(&open, MOST_PLACES + 1).is_none());
        let from_zero = range(Some(("0", true)), None);
        assert_eq!(["-0", "-0.0", "-1"].map(|cell| at_once(cell, &from_zero, 1, before)), [Some(0), Some(0), None]);
        let stepped = Range::new(&Bounds { multiple_of: Exact::parse("5"), ..Bounds::default() });
        assert!(Short::new(&stepped, 0).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn it_says_what_the_reader_of_any_decimal_says(
            cell in "[-]?[0-9]{0,9}[.]?[0-9]{0,5}|[-+0-9. %x/:万]{0,10}",
            places in 0u8..=MOST_PLACES,
            low in prop::option::of(("-?[0-9]{1,3}[.]?[0-9]{0,2}", any::<bool>())),
            high in prop::option::of(("-?[0-9]{1,3}[.]?[0-9]{0,2}", any::<bool>())),
        ) {
            let edge = |edge: &Option<(String, bool)>| {
                edge.as_ref().and_then(|(number, itself)| Some((Exact::parse(number)?, *itself)))
            };
            let range = Range::new(&Bounds { low: edge(&low), high: edge(&high), ..Bounds::default() });
            let found = at_once(&cell, &range, places, "甲县,12345,");
            let text = format!("甲县,12345,{cell},{cell},7");
            let (start, mut mantissas) = ("甲县,12345,".len(), Vec::new());
            let mut beside = Beside::default();
            if let Some(short) = Short::new(&range, places) {
                {
                    let mut add = beside.room(2);
                    add(text.as_bytes(), start, start + cell.len());
                    add(text.as_bytes(), start + cell.len() + 1, start + 2 * cell.len() + 1);
                }
                let mut places_of = Vec::new();
                let odd: Vec<usize> = beside.as_written(&mut mantissas, &mut places_of).collect();
                match plain(&cell).filter(|(.., rest)| rest.is_empty() && cell.len() <= 8 && !cell.starts_with(['-', '+'])) {
                    Some((mantissa, own, _)) if cell.trim() == cell => {
                        prop_assert!(odd.is_empty());
                        prop_assert_eq!((&mantissas, &places_of), (&alloc::vec![mantissa; 2], &alloc::vec![own; 2]));
                    }
                    _ => prop_assert_eq!(odd, [0, 1]),
                }
                let odd: Vec<usize> = beside.read(short, &mut mantissas).collect();
                let alike = !cell.starts_with('-') && cell.len() <= 8;
                if alike || odd.is_empty() {
                    prop_assert_eq!(mantissas.first().copied().filter(|_| odd.is_empty()), found);
                    prop_assert!(odd.is_empty() && mantissas[0] == mantissas[1] || odd == [0, 1]);
                }
            }
            // A figure that is read is the right one, and short ones are read.
            if let Some(found) = found {
                prop_assert_eq!(Some(found), slowly(&cell, &range, places));
            }
            let digits = cell.chars().filter(char::is_ascii_digit).count();
            if digits <= 12 && cell.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-') {
                prop_assert_eq!(found, slowly(&cell, &range, places));
            }
        }
    }
}
