//! Rows as programs write them, many at a time.

use super::{FactsBuilder, memory::same};
use crate::figures::Entry;
use alloc::vec::Vec;
use kaoping_cells::{reading, short::Beside};
use kaoping_terms::FileId;

/// Where a cell begins and ends in a text, with the blanks that may stand around it.
pub type Span = (u32, u32);

/// Rows that stand together, by where their cells do. Whatever a row may have besides is empty.
#[derive(Clone, Copy, Debug)]
pub struct PlainRows<'a> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// For each row the unit.
    pub units: &'a [Span],
    /// The indicator.
    pub indicators: &'a [Span],
    /// The field of all; empty where each has its own or the file names none.
    pub header: &'a str,
    /// The field of each; empty where all have one or the file names none.
    pub fields: &'a [Span],
    /// The figure.
    pub values: &'a [Span],
}

/// What stays the same from one lot of rows to the next.
#[derive(Debug, Default)]
pub(super) struct Lot {
    beside: Beside,
    mantissas: Vec<i64>,
    places: Vec<u8>,
    /// The unit that was met last, and the cell it was met in.
    unit: (u32, Word),
}

/// A short text in one machine word, to be compared at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    bytes: u64,
    /// How many bytes it has; none are more than eight.
    length: usize,
}

impl Word {
    /// Of a text that stands there.
    #[inline]
    fn at(text: &[u8], start: usize, end: usize) -> Option<Word> {
        let length = end.wrapping_sub(start);
        if length.wrapping_sub(1) > 7 {
            return None;
        }
        let eight = u64::from_le_bytes(*text.get(..end)?.last_chunk()?);
        Some(Word { bytes: eight >> (64 - 8 * length), length })
    }

    /// Of a text by itself.
    pub(super) fn of(text: &str) -> Option<Word> {
        let mut eight = [0; 8];
        let start = eight.len().checked_sub(text.len())?;
        eight.get_mut(start..)?.copy_from_slice(text.as_bytes());
        Word::at(&eight, start, eight.len())
    }
}

/// Whether a cell has no blanks around it.
fn is_bare(cell: &str) -> bool {
    cell.trim().len() == cell.len()
}

impl FactsBuilder<'_> {
    /// Takes the rows at the front as far as they are what is to be expected, and gives how many: the
    /// indicator after the last one, a bare number within its bounds. What comes of them is what
    /// [`FactsBuilder::row`] makes of each; the row behind them is for that.
    pub fn rows(&mut self, rows: &PlainRows<'_>) -> usize {
        let bytes = rows.text.as_bytes();
        let cell = |(start, end): Span| rows.text.get(start as usize..end as usize).unwrap_or("");
        let mut lot = core::mem::take(&mut self.lot);
        let mut add = lot.beside.room(rows.values.len());
        rows.values.iter().for_each(|(start, end)| add(bytes, *start as usize, *end as usize));
        drop(add);
        let mut good = rows.values.len();
        // Longer figures and such with a sign are read by themselves.
        for at in lot.beside.as_written(&mut lot.mantissas, &mut lot.places) {
            let own = rows.values.get(at).map(|value| cell(*value)).filter(|cell| is_bare(cell));
            let found = own.and_then(reading::plain);
            let slots = (lot.mantissas.get_mut(at), lot.places.get_mut(at));
            let (Some((mantissa, places, "")), (Some(to), Some(to_places))) = (found, slots) else {
                good = at;
                break;
            };
            (*to, *to_places) = (mantissa, places);
        }
        let figures = lot.mantissas.iter().zip(&lot.places).take(good);
        let cells = rows.units.iter().zip(rows.indicators).zip(rows.values).zip(figures);
        let (file, header) = (self.file(rows.file), Word::of(rows.header));
        let (mut taken, mut counted) = (0, 0);
        for (((unit, indicator), value), (mantissa, places)) in cells {
            let guess = self.keys.get(self.last_key).map_or(0, |key| key.next);
            let Some((key, slot)) = self.keys.get(guess).and_then(|key| Some((key, key.slot?))) else { break };
            let word = Word::at(bytes, indicator.0 as usize, indicator.1 as usize);
            let is_it = match (word, key.word) {
                (Some(word), Some(own)) => word == own,
                _ => same(&key.indicator, cell(*indicator)),
            };
            let is_field = match (rows.fields.get(taken), header, key.field_word) {
                (None, Some(header), Some(own)) => header == own,
                (None, ..) => same(&key.field, rows.header),
                (Some(field), ..) => same(&key.field, cell(*field)),
            };
            let (from_zero, layer) = (key.from_zero, key.layer);
            if !is_it || !is_field || self.bare.get(slot as usize) != Some(&true) {
                break;
            }
            if !from_zero || *mantissa < 0 {
                let Some(asks) = self.facts.fields.slots.get(slot as usize) else { break };
                if asks.range.bounds().needs_reason || !asks.range.contains(*mantissa, *places) {
                    break;
                }
            }
            let word = Word::at(bytes, unit.0 as usize, unit.1 as usize);
            let unit = if word.is_some_and(|word| lot.unit == (self.last_unit, word)) {
                self.last_unit
            } else {
                let id = cell(*unit);
                if id.is_empty() || !is_bare(id) {
                    break;
                }
                let Some(unit) = self.expected_unit(id).or_else(|| self.find_or_take(id)) else { break };
                lot.unit = (unit, word.unwrap_or_default());
                unit
            };
            (self.last_key, self.last_unit) = (guess, unit);
            let length = u16::try_from(value.1.saturating_sub(value.0)).unwrap_or(u16::MAX);
            let entry = Entry { mantissa: *mantissa, unit, start: value.0, evidence: 0, length, file, places: *places };
            let layer = self.facts.layers.get_mut(slot as usize).and_then(|layers| layers.get_mut(layer));
            match layer.filter(|layer| layer.of() == (0, 0, 0)) {
                Some(layer) => {
                    layer.entries.push(entry);
                    counted += 1;
                }
                None => self.push(guess, slot, (0, 0, 0), entry),
            }
            taken += 1;
        }
        self.lot = lot;
        self.facts.count += counted;
        taken
    }
}
