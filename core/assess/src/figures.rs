//! Reported figures, in columns that follow the rows of the files.

use crate::{
    entries::{Entries, Numbers, counted},
    fields::Fields,
    period::Period,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec,
    vec::Vec,
};
use core::mem;
use kaoping_cells::range::power;
use kaoping_program::{Column, Kind, Numerators, State};
use kaoping_terms::{Exact, FileId, Measure, Place};

/// One reported figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The mantissa, a code, or a position among the wide numbers.
    pub(crate) mantissa: i64,
    pub(crate) unit: u32,
    pub(crate) start: u32,
    /// Position of the evidence plus one; zero for none.
    pub(crate) evidence: u32,
    pub(crate) length: u16,
    pub(crate) file: u8,
    /// Digits after the point, or one of the marks below.
    pub(crate) places: u8,
}

/// The mantissa is a position among the wide numbers.
pub(crate) const WIDE: u8 = 0x40;
/// The cell was there and empty: asked, not reported.
pub(crate) const EMPTY: u8 = 0x80;

/// Figures of one field that share period, round and assessor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// Position of the period plus one; zero for none. Likewise the others.
    pub(crate) period: u32,
    pub(crate) round: u32,
    pub(crate) assessor: u32,
    /// In order of units once finished.
    pub(crate) entries: Entries,
}

impl Layer {
    /// What its figures share.
    #[inline]
    pub(crate) fn of(&self) -> (u32, u32, u32) {
        (self.period, self.round, self.assessor)
    }
}

/// A figure with its papers, for explanations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The number or code; none where the cell was empty.
    pub value: Option<Exact>,
    /// The evidence named, empty for none.
    pub evidence: String,
    /// The period it was reported for.
    pub period: Option<Period>,
    /// The row it stands in.
    pub place: Place,
}

/// All reported figures of a run.
///
/// [`crate::Prepared::reported`] finds the one behind a value.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(crate) fields: Fields,
    /// For each slot its layers.
    pub(crate) layers: Vec<Vec<Layer>>,
    pub(crate) periods: Vec<Period>,
    pub(crate) assessors: Vec<String>,
    pub(crate) evidence: Vec<String>,
    pub(crate) texts: Vec<String>,
    pub(crate) wide: Vec<Exact>,
    pub(crate) files: Vec<FileId>,
    /// Written reasons by slot, unit and round.
    pub(crate) reasons: BTreeMap<(u32, u32, u32), Vec<String>>,
    /// What the figures say the quantities are whose unit the policy does not name.
    pub(crate) nouns: BTreeMap<Measure, Measure>,
    pub(crate) count: usize,
}

impl Facts {
    /// How many figures were taken.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The words of a text figure, by its code.
    pub fn text(&self, code: &Exact) -> Option<&str> {
        let at = usize::try_from(code.to_i64()?).ok()?;
        self.texts.get(at).map(String::as_str)
    }

    /// Names of assessors, by number.
    pub fn assessors(&self) -> &[String] {
        &self.assessors
    }

    /// The latest year any figure was reported for.
    pub(crate) fn latest_year(&self) -> Option<i16> {
        self.periods.iter().map(|period| period.year()).max()
    }

    /// The number of a period, counted from 1.
    pub(crate) fn take_period(&mut self, period: Period) -> u32 {
        let at = self.periods.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.push(period);
            self.periods.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn period(&self, number: u32) -> Option<Period> {
        self.periods.get((number as usize).checked_sub(1)?).copied()
    }

    pub(crate) fn value(&self, entry: &Entry) -> Option<Exact> {
        match entry.places {
            EMPTY => None,
            WIDE => usize::try_from(entry.mantissa).ok().and_then(|at| self.wide.get(at)).cloned(),
            places => Some(Exact::decimal(i128::from(entry.mantissa), u32::from(places))),
        }
    }

    pub(crate) fn place(&self, entry: &Entry) -> Place {
        let file = self.files.get(usize::from(entry.file)).copied().unwrap_or_default();
        let start = entry.start as usize;
        Place::new(file, start, start + usize::from(entry.length))
    }

    /// The same, with all figures of some indicators as other facts have them, which are of the same standard and the
    /// same list of units. `None` where a bare number would not mean there what it means here.
    #[must_use]
    pub fn with_indicators(&self, others: Facts, indicators: &BTreeSet<String>) -> Option<Facts> {
        let Facts { mut layers, periods, assessors, evidence, texts, wide, files, reasons, nouns, .. } = others;
        let slots: Vec<u32> = indicators.iter().flat_map(|id| self.fields.slots_of(id)).copied().collect();
        let mut own = self.clone();
        let periods: Vec<u32> = periods.into_iter().map(|period| own.take_period(period)).collect();
        let assessors: Vec<u32> = assessors.into_iter().map(|name| own.take_assessor(name)).collect();
        let mut numbers = Numbers::of_units(Vec::new());
        (numbers.wide, numbers.texts) = (own.wide.len(), own.texts.len());
        let behind = |count: usize, at: usize| u32::try_from(count + at + 1).ok();
        numbers.evidence = (0..evidence.len()).map(|at| behind(own.evidence.len(), at)).collect::<Option<_>>()?;
        numbers.files = (0..files.len()).map(|at| u8::try_from(own.files.len() + at).ok()).collect::<Option<_>>()?;
        own.evidence.extend(evidence);
        own.texts.extend(texts);
        own.wide.extend(wide);
        own.files.extend(files);
        for slot in &slots {
            let kind = &self.fields.slots.get(*slot as usize)?.kind;
            if matches!(kind, Kind::Number(measure) if self.nouns.get(measure) != nouns.get(measure)) {
                return None;
            }
            let mut theirs = mem::take(layers.get_mut(*slot as usize)?);
            for layer in &mut theirs {
                layer.period = counted(&periods, layer.period);
                layer.assessor = counted(&assessors, layer.assessor);
                let entries = mem::take(&mut layer.entries);
                layer.entries.append(entries, &numbers, matches!(kind, Kind::Text));
            }
            let count = |layers: &[Layer]| layers.iter().map(|layer| layer.entries.len()).sum::<usize>();
            let mine = own.layers.get_mut(*slot as usize)?;
            own.count = own.count.saturating_sub(count(mine)) + count(&theirs);
            *mine = theirs;
        }
        own.reasons.retain(|(slot, ..), _| !slots.contains(slot));
        own.reasons.extend(reasons.into_iter().filter(|((slot, ..), _)| slots.contains(slot)));
        Some(own)
    }

    /// The number of an assessor, counted from 1.
    fn take_assessor(&mut self, name: String) -> u32 {
        let at = self.assessors.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.assessors.push(name);
            self.assessors.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn reported(&self, layer: &Layer, entry: &Entry) -> Reported {
        let evidence = (entry.evidence as usize).checked_sub(1).and_then(|at| self.evidence.get(at));
        Reported {
            value: self.value(entry),
            evidence: evidence.cloned().unwrap_or_default(),
            period: self.period(layer.period),
            place: self.place(entry),
        }
    }
}

/// A column under construction: decimals with a digit count each, brought to one at the end.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    mantissas: Vec<i64>,
    places: Vec<u8>,
    wide: BTreeMap<usize, Exact>,
}

/// Nothing reported at a position.
const ABSENT: u8 = 0xff;

impl Dense {
    pub(crate) fn new(length: usize) -> Dense {
        Dense { mantissas: vec![0; length], places: vec![ABSENT; length], wide: BTreeMap::new() }
    }

    /// Puts the value of an entry at a position; an empty cell leaves what is there.
    #[inline]
    pub(crate) fn put(&mut self, at: usize, entry: &Entry, facts: &Facts) {
        if entry.places == EMPTY {
            return;
        }
        if entry.places == WIDE {
            if let Some(value) = facts.value(entry) {
                self.set(at, value);
            }
            return;
        }
        if let (Some(mantissa), Some(places)) = (self.mantissas.get_mut(at), self.places.get_mut(at)) {
            (*mantissa, *places) = (entry.mantissa, entry.places);
        }
    }

    /// Sets a number of any size.
    pub(crate) fn set(&mut self, at: usize, value: Exact) {
        if let Some(places) = self.places.get_mut(at) {
            *places = WIDE;
            self.wide.insert(at, value);
        }
    }

    /// The number at a position.
    pub(crate) fn get(&self, at: usize) -> Option<Exact> {
        match self.places.get(at)? {
            &ABSENT => None,
            &WIDE => self.wide.get(&at).cloned(),
            places => Some(Exact::decimal(i128::from(*self.mantissas.get(at)?), u32::from(*places))),
        }
    }

    /// Marks a position as not reported.
    pub(crate) fn clear(&mut self, at: usize) {
        if let Some(places) = self.places.get_mut(at) {
            *places = ABSENT;
        }
    }

    /// The finished column where every number is there and a machine word holds it with that many
    /// digits after the point.
    fn short(&self, scale: u8) -> Option<Column> {
        let denominator = i64::try_from(power(scale)).ok()?;
        let scaled = |(mantissa, places): (&i64, &u8)| {
            let missing = scale.checked_sub(*places)?;
            mantissa.checked_mul(i64::try_from(power(missing)).ok()?)
        };
        let numerators: Option<Vec<i64>> = self.mantissas.iter().zip(&self.places).map(scaled).collect();
        Column::from_short(Numerators::Long(numerators?), denominator)
    }

    /// The finished column; 未报 where nothing was put.
    pub(crate) fn column(self) -> Column {
        let length = self.places.len();
        if self.places.contains(&WIDE) {
            return Column::from_reported((0..length).map(|at| self.get(at)).collect());
        }
        let scale = self.places.iter().copied().filter(|places| *places != ABSENT).max().unwrap_or(0);
        if let Some(column) = self.short(scale) {
            return column;
        }
        let scaled = |(mantissa, places): (&i64, &u8)| match *places {
            ABSENT => 0,
            places => i128::from(*mantissa) * power(scale - places),
        };
        let mantissas = self.mantissas.iter().zip(&self.places).map(scaled).collect();
        let column = Column::from_decimals(mantissas, u32::from(scale));
        if !self.places.contains(&ABSENT) {
            return column;
        }
        let state = |places: &u8| {
            if *places == ABSENT { State::MISSING } else { State::KNOWN }
        };
        let states = self.places.iter().map(state).collect();
        column.with_states(states).unwrap_or_else(|| Column::unknown(State::MISSING, length))
    }
}
