//! Reported figures of one field in the order they came in. Short ones of units that follow one
//! another, which is nearly all there are, take half the room and need not be moved to be joined.

use crate::figures::{EMPTY, Entry, WIDE};
use alloc::vec::Vec;
use core::{fmt, mem};

/// How many figures a stretch of short ones has at most; room is asked for by that many, so that
/// none is moved to make room for one more.
const MOST: usize = 1 << 10;

/// Fewer short ones are not worth a stretch of their own.
const LEAST: usize = 8;

/// A figure of a machine word's half that names no paper. Where it stands says whose it is.
#[derive(Clone, Copy, Debug)]
struct Short {
    mantissa: i32,
    start: u32,
    length: u16,
    places: u8,
}

#[derive(Clone, Debug)]
enum Stretch {
    /// Short ones of one file and of units one after another, of which this is the first.
    Short { first: u32, file: u8, cells: Vec<Short> },
    /// Any.
    Any(Vec<Entry>),
}

/// Figures in the order they came in.
#[derive(Clone, Default)]
pub(crate) struct Entries {
    stretches: Vec<Stretch>,
    /// Whether some stand out of the order of their units.
    unsorted: bool,
}

impl fmt::Debug for Entries {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

/// What the numbers of figures that were taken elsewhere are here.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// By the number there; empty where both share their units.
    units: Vec<u32>,
    /// How many units from each on follow one another here as well.
    in_a_row: Vec<u32>,
    pub(crate) files: Vec<u8>,
    pub(crate) evidence: Vec<u32>,
    /// How many wide numbers and texts were here before.
    pub(crate) wide: usize,
    pub(crate) texts: usize,
}

impl Numbers {
    /// With the number here of each unit there; none where both share their units.
    pub(crate) fn of_units(units: Vec<u32>) -> Numbers {
        let mut in_a_row = alloc::vec![1; units.len()];
        let mut rest = in_a_row.as_mut_slice();
        let mut behind = units.as_slice();
        // From the last one to the first.
        let (mut next, mut count) = (None, 0);
        while let (Some((own, before)), Some((unit, units))) = (rest.split_last_mut(), behind.split_last()) {
            count = if next == unit.checked_add(1) { count + 1 } else { 1 };
            (*own, next) = (count, Some(*unit));
            (rest, behind) = (before, units);
        }
        Numbers { units, in_a_row, ..Numbers::default() }
    }

    /// The number a unit has here.
    #[inline]
    pub(crate) fn unit(&self, unit: u32) -> u32 {
        self.units.get(unit as usize).copied().unwrap_or(unit)
    }

    fn file(&self, file: u8) -> u8 {
        self.files.get(usize::from(file)).copied().unwrap_or(u8::MAX)
    }

    /// Whether so many units from that one on follow one another here too.
    fn follow(&self, first: u32, count: usize) -> bool {
        self.units.is_empty() || self.in_a_row.get(first as usize).is_some_and(|own| *own as usize >= count)
    }

    #[inline]
    fn entry(&self, entry: Entry, is_text: bool) -> Entry {
        Entry {
            unit: self.unit(entry.unit),
            mantissa: match entry.places {
                WIDE => shifted(entry.mantissa, self.wide),
                EMPTY => entry.mantissa,
                _ if is_text => shifted(entry.mantissa, self.texts),
                _ => entry.mantissa,
            },
            evidence: counted(&self.evidence, entry.evidence),
            file: self.file(entry.file),
            ..entry
        }
    }
}

/// A number that counts from 1, 0 for none.
#[inline]
pub(crate) fn counted(numbers: &[u32], number: u32) -> u32 {
    (number as usize).checked_sub(1).and_then(|at| numbers.get(at)).copied().unwrap_or(number)
}

/// A position in a list that was put behind another one of that length.
#[inline]
fn shifted(position: i64, by: usize) -> i64 {
    i64::try_from(by).map_or(i64::MAX, |by| position.saturating_add(by))
}

impl Short {
    #[inline]
    fn of(entry: &Entry) -> Option<Short> {
        let &Entry { start, length, places, .. } = entry;
        let mantissa = i32::try_from(entry.mantissa).ok()?;
        (entry.evidence == 0 && places != WIDE).then_some(Short { mantissa, start, length, places })
    }

    #[inline]
    fn entry(self, unit: u32, file: u8) -> Entry {
        let Short { mantissa, start, length, places } = self;
        Entry { mantissa: i64::from(mantissa), unit, start, evidence: 0, length, file, places }
    }
}

impl Stretch {
    fn len(&self) -> usize {
        match self {
            Stretch::Short { cells, .. } => cells.len(),
            Stretch::Any(entries) => entries.len(),
        }
    }

    fn last_unit(&self) -> Option<u32> {
        match self {
            Stretch::Short { first, cells, .. } => first.checked_add(u32::try_from(cells.len()).ok()?.checked_sub(1)?),
            Stretch::Any(entries) => entries.last().map(|entry| entry.unit),
        }
    }

    fn first_unit(&self) -> Option<u32> {
        match self {
            Stretch::Short { first, .. } => Some(*first),
            Stretch::Any(entries) => entries.first().map(|entry| entry.unit),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Entry> + '_ {
        let (first, file, cells, any) = match self {
            Stretch::Short { first, file, cells } => (*first, *file, cells.as_slice(), &[][..]),
            Stretch::Any(entries) => (0, 0, &[][..], entries.as_slice()),
        };
        let short = (0u32..).zip(cells).map(move |(at, cell)| cell.entry(first.wrapping_add(at), file));
        short.chain(any.iter().copied())
    }
}

impl Entries {
    pub(crate) fn len(&self) -> usize {
        self.stretches.iter().map(Stretch::len).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    pub(crate) fn first(&self) -> Option<Entry> {
        self.iter().next()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry> + '_ {
        self.stretches.iter().flat_map(Stretch::iter)
    }

    /// Adds a figure, and sees whether it stands where its unit would.
    #[inline]
    pub(crate) fn push(&mut self, entry: Entry) {
        if let Some(Stretch::Short { first, file, cells }) = self.stretches.last_mut()
            && let Some(short) = Short::of(&entry)
            && *file == entry.file
            && cells.len() < MOST
            && entry.unit.wrapping_sub(*first) as usize == cells.len()
        {
            return cells.push(short);
        }
        self.push_apart(entry);
    }

    /// Sees whether a unit stands behind the last one.
    fn follows(&mut self, unit: u32) {
        let last = self.stretches.last().and_then(Stretch::last_unit);
        self.unsorted |= last.is_some_and(|last| last >= unit);
    }

    /// Adds a figure that does not go on with the stretch of short ones.
    #[inline(never)]
    fn push_apart(&mut self, entry: Entry) {
        self.follows(entry.unit);
        let full = match self.stretches.last_mut() {
            None => false,
            Some(Stretch::Short { cells, .. }) if cells.len() >= MOST => true,
            // A stretch that came to nothing joins what stands before it.
            Some(Stretch::Short { cells, .. }) if cells.len() < LEAST => {
                let few = self.stretches.pop();
                return self.push_any(few.iter().flat_map(Stretch::iter).chain([entry]));
            }
            Some(Stretch::Short { .. }) => false,
            // After another one a stretch begins where the next unit follows.
            Some(Stretch::Any(entries)) => {
                let last = entries.last().map(|last| last.unit.wrapping_add(1));
                if last != Some(entry.unit) {
                    return entries.push(entry);
                }
                false
            }
        };
        match Short::of(&entry) {
            Some(short) => {
                let mut cells = Vec::with_capacity(if full { MOST } else { 1 });
                cells.push(short);
                self.stretches.push(Stretch::Short { first: entry.unit, file: entry.file, cells });
            }
            None => self.push_any([entry].into_iter()),
        }
    }

    fn push_any(&mut self, more: impl Iterator<Item = Entry>) {
        match self.stretches.last_mut() {
            Some(Stretch::Any(entries)) => entries.extend(more),
            _ => self.stretches.push(Stretch::Any(more.collect())),
        }
    }

    /// Takes over figures from elsewhere, behind these.
    pub(crate) fn append(&mut self, later: Entries, numbers: &Numbers, is_text: bool) {
        for stretch in later.stretches {
            match stretch {
                Stretch::Short { first, file, cells } if !is_text && numbers.follow(first, cells.len()) => {
                    let (first, file) = (numbers.unit(first), numbers.file(file));
                    self.follows(first);
                    self.stretches.push(Stretch::Short { first, file, cells });
                }
                other => other.iter().for_each(|entry| self.push(numbers.entry(entry, is_text))),
            }
        }
    }

    /// Whether figures stand out of the order of their units.
    pub(crate) fn is_unsorted(&self) -> bool {
        self.unsorted
    }

    /// Brings them into the order of their units; of several for one unit the first stays, the
    /// others are shown with it.
    pub(crate) fn sort(&mut self, mut twice: impl FnMut(&Entry, &Entry)) {
        let mut all: Vec<Entry> = mem::take(self).iter().collect();
        all.sort_by_key(|entry| entry.unit);
        for pair in all.windows(2) {
            if let [first, second] = pair
                && first.unit == second.unit
            {
                twice(first, second);
            }
        }
        all.dedup_by_key(|entry| entry.unit);
        all.into_iter().for_each(|entry| self.push(entry));
    }

    /// The numbers of all units of so many, over the power of ten that comes with them; none unless
    /// each is there once and short.
    pub(crate) fn short_numbers(&self, units: usize) -> Option<(Vec<i32>, u8)> {
        if self.unsorted || self.len() != units {
            return None;
        }
        let (mut next, mut most, mut least) = (0, 0, u8::MAX);
        for stretch in &self.stretches {
            let Stretch::Short { first, cells, .. } = stretch else { return None };
            if *first as usize != next {
                return None;
            }
            next += cells.len();
            for Short { places, .. } in cells {
                (most, least) = (most.max(*places), least.min(*places));
            }
        }
        // An empty cell has more.
        let powers: [i32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(|places| 10i32.pow(places));
        powers.get(usize::from(most))?;
        let mut numbers = Vec::with_capacity(units);
        for stretch in &self.stretches {
            let Stretch::Short { cells, .. } = stretch else { return None };
            if most == least {
                numbers.extend(cells.iter().map(|cell| cell.mantissa));
                continue;
            }
            for cell in cells {
                numbers.push(cell.mantissa.checked_mul(*powers.get(usize::from(most - cell.places))?)?);
            }
        }
        Some((numbers, most))
    }

    /// The figure of a unit, once they are in order.
    pub(crate) fn of_unit(&self, unit: u32) -> Option<Entry> {
        let behind = self.stretches.partition_point(|stretch| stretch.first_unit().is_some_and(|first| first <= unit));
        match self.stretches.get(behind.checked_sub(1)?)? {
            Stretch::Short { first, file, cells } => Some(cells.get((unit - *first) as usize)?.entry(unit, *file)),
            Stretch::Any(entries) => {
                let at = entries.binary_search_by_key(&unit, |entry| entry.unit).ok()?;
                entries.get(at).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Entries, Entry, MOST, Numbers, WIDE};
    use alloc::{vec, vec::Vec};
    use proptest::prelude::*;

    fn entry(unit: u32, mantissa: i64, places: u8, evidence: u32) -> Entry {
        let file = u8::from(mantissa % 11 == 0);
        Entry { mantissa, unit, start: unit * 7, evidence, length: 3, file, places }
    }

    fn all(entries: &Entries) -> Vec<Entry> {
        entries.iter().collect()
    }

    /// Mostly units one after another with short figures, as files have them.
    fn some() -> impl Strategy<Value = Vec<Entry>> {
        let step = prop_oneof![60 => Just(1u32), 1 => 0..40u32, 1 => Just(u32::MAX)];
        let size = prop_oneof![60 => -9_999..9_999i64, 1 => any::<i64>()];
        let rest = (
            prop_oneof![40 => Just(2u8), 1 => Just(WIDE), 2 => Just(super::EMPTY)],
            prop_oneof![30 => Just(0u32), 1 => 1..4u32],
        );
        prop::collection::vec((step, size, rest), 0..400).prop_map(|steps| {
            let mut unit = 100u32;
            let one = |(step, mantissa, (places, evidence)): (u32, i64, (u8, u32))| {
                unit = unit.wrapping_add(step).clamp(1, 5_000);
                entry(unit, mantissa, places, evidence)
            };
            steps.into_iter().map(one).collect()
        })
    }

    fn taken(entries: &[Entry]) -> Entries {
        let mut taken = Entries::default();
        entries.iter().for_each(|entry| taken.push(*entry));
        taken
    }

    fn unsorted(entries: &[Entry]) -> bool {
        entries.windows(2).any(|pair| pair[0].unit >= pair[1].unit)
    }

    #[test]
    fn figures_in_a_row_take_little_room() {
        let many: Vec<Entry> =
            (0..3 * MOST as u32 + 5).map(|unit| Entry { file: 0, ..entry(unit, 70, 2, 0) }).collect();
        let kept = taken(&many);
        assert_eq!(kept.stretches.len(), 4);
        assert!(kept.stretches.iter().all(|stretch| matches!(stretch, super::Stretch::Short { .. })));
        assert_eq!(core::mem::size_of::<super::Short>(), 12);
        assert_eq!(all(&kept), many);
    }

    proptest! {
        #[test]
        fn they_come_out_as_they_went_in(entries in some()) {
            let kept = taken(&entries);
            prop_assert_eq!(all(&kept), entries.clone());
            prop_assert_eq!((kept.len(), kept.is_empty(), kept.first()), (entries.len(), entries.is_empty(), entries.first().copied()));
            prop_assert_eq!(kept.is_unsorted(), unsorted(&entries));
        }

        #[test]
        fn sorted_each_unit_has_the_first_of_its_figures(entries in some()) {
            let mut kept = taken(&entries);
            let mut twice = 0;
            kept.sort(|first, second| {
                assert_eq!(first.unit, second.unit);
                twice += 1;
            });
            prop_assert!(!kept.is_unsorted());
            prop_assert_eq!(kept.len() + twice, entries.len());
            for unit in 0..5_001 {
                let expected = entries.iter().find(|entry| entry.unit == unit).copied();
                prop_assert_eq!(kept.of_unit(unit), expected);
            }
        }

        #[test]
        fn short_numbers_are_those_of_each_unit(
            mut numbers in prop::collection::vec((-99_999..99_999i32, 0..4u8), 1..60),
            odd in prop_oneof![2 => Just((0, 0)), 1 => (any::<i64>(), prop::sample::select(vec![0, 2, 9, 18, WIDE, super::EMPTY]))],
            (at, gap, cut) in (0usize..60, 0u32..9, 0usize..60),
        ) {
            let count = numbers.len();
            let mut entries: Vec<Entry> =
                (0u32..).zip(numbers.drain(..)).map(|(unit, (mantissa, places))| entry(unit, i64::from(mantissa), places, 0)).collect();
            if let (Some(entry), true) = (entries.get_mut(at), odd != (0, 0)) {
                (entry.mantissa, entry.places) = odd;
            }
            let gap = gap == 0;
            if gap {
                entries.iter_mut().skip(at.min(count - 1)).for_each(|entry| entry.unit += 1);
            }
            let mut kept = Entries::default();
            for part in entries.chunks(cut.max(1)) {
                kept.append(taken(part), &Numbers::default(), false);
            }
            let found = kept.short_numbers(count);
            prop_assert_eq!(kept.short_numbers(count + 1).is_some(), false);
            if let Some((found, places)) = &found {
                prop_assert!(!gap);
                prop_assert_eq!(found.len(), count);
                for (entry, found) in entries.iter().zip(found) {
                    let own = kaoping_terms::Exact::decimal(i128::from(entry.mantissa), u32::from(entry.places));
                    prop_assert_eq!(own, kaoping_terms::Exact::decimal(i128::from(*found), u32::from(*places)));
                }
                prop_assert_eq!(entries.iter().map(|entry| entry.places).max(), Some(*places));
            }
            let same_file = entries.windows(2).all(|pair| pair[0].file == pair[1].file);
            prop_assert!(found.is_some() || gap || odd != (0, 0) || !same_file);
        }

        #[test]
        fn joined_they_are_as_if_pushed_one_by_one(
            first in some(),
            second in some(),
            moved in prop::collection::vec(prop_oneof![20 => Just(1u32), 1 => 0..9u32], 0..5_000),
            (shares_units, is_text) in any::<(bool, bool)>(),
        ) {
            let mut next = 7;
            let units = moved.iter().map(|step| { next += step; next });
            let units = if shares_units { vec![] } else { units.collect() };
            let mut numbers = Numbers::of_units(units);
            (numbers.files, numbers.evidence, numbers.wide, numbers.texts) = (vec![1, 0], vec![4, 5, 6], 10, 20);
            let mut expected = first.clone();
            expected.extend(second.iter().map(|entry| numbers.entry(*entry, is_text)));
            let mut joined = taken(&first);
            joined.append(taken(&second), &numbers, is_text);
            prop_assert_eq!(all(&joined), expected.clone());
            prop_assert_eq!(joined.is_unsorted(), unsorted(&expected));
            prop_assert_eq!(joined.len(), expected.len());
        }
    }
}
