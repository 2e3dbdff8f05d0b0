//! Facts: reported figures, taken row by row.

mod bounds;
mod join;
mod memory;
mod plain;
mod values;

use crate::{
    fact_findings as findings,
    fields::{FieldFault, Fields, Slot},
    figures::{EMPTY, Entry, Facts, Layer, WIDE},
    period::Period,
    tally::Tally,
    targets::{HandedDown, Noun},
    units::Units,
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_cells::{findings as cell_findings, reading};
use kaoping_program::Kind;
use kaoping_scheme::Standard;
use kaoping_terms::{FileId, Measure, Place, Report};
use memory::Memory;
pub(crate) use memory::same;
use plain::{Lot, Word};
pub use plain::{PlainRows, Span};
use values::{Suffix, Value};

/// One row of `facts.csv`, or one cell of a wide file; empty where the file has no such cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct FactRow<'a> {
    /// Id or name of the unit.
    pub unit: &'a str,
    /// Id, name or alias of the indicator; empty: a figure of the unit itself.
    pub indicator: &'a str,
    /// Name or alias of the field; may be empty where an indicator asks for one figure only.
    pub field: &'a str,
    /// The figure as written; empty: not reported.
    pub value: &'a str,
    /// The period it is for.
    pub period: &'a str,
    /// The paper that shows it.
    pub evidence: &'a str,
    /// The round it was reported in.
    pub round: &'a str,
    /// Who judged it.
    pub assessor: &'a str,
    /// The written reason for it.
    pub reason: &'a str,
}

/// Takes facts row by row; four million rows take about a second.
#[derive(Debug)]
pub struct FactsBuilder<'s> {
    standard: &'s Standard,
    /// Shared with the builders beside this one, so that a list of units is there once.
    units: Arc<Units>,
    facts: Facts,
    tally: Tally,
    /// Indicator and field as written, with the slot they mean, in order of first sight.
    keys: Vec<Key>,
    key_of: BTreeMap<String, BTreeMap<String, usize>>,
    /// The key of the last row and, for each key, the one that came after it last time.
    last_key: usize,
    last_unit: u32,
    last_file: (Option<FileId>, u8),
    periods: Memory,
    rounds: Memory,
    assessors: Memory,
    evidence: Memory,
    round_of: BTreeMap<String, u32>,
    suffixes: Vec<Vec<(String, Suffix)>>,
    /// For each slot whether a bare number is known to stand for itself.
    bare: Vec<bool>,
    nouns: BTreeMap<Measure, Noun>,
    /// How many of them were known at the start.
    nouns_at_start: usize,
    lot: Lot,
}

#[derive(Debug)]
struct Key {
    indicator: String,
    field: String,
    /// The same, where they are short.
    word: Option<Word>,
    field_word: Option<Word>,
    slot: Option<u32>,
    /// Whether its field takes every number from zero on, without a reason.
    from_zero: bool,
    next: usize,
    /// The layer the last row of this key went to.
    layer: usize,
}

/// The number of a text that is new to a list, counted from 1.
fn listed(list: &mut Vec<String>, text: &str) -> Option<u32> {
    list.push(text.to_string());
    u32::try_from(list.len()).ok()
}

/// A number no period, round or assessor has: the text was refused and reported.
const REFUSED: u32 = u32::MAX;

impl<'s> FactsBuilder<'s> {
    /// For the figures of a standard. Units are those listed, or with [`Units::from_facts`]
    /// all that the facts name; targets handed down give quantities their noun.
    pub fn new(standard: &'s Standard, units: Units, targets: &HandedDown) -> FactsBuilder<'s> {
        let mut round_of = BTreeMap::new();
        for (position, (name, alias, _)) in
            (1u32..).zip(standard.schemes.first().iter().flat_map(|scheme| &scheme.rounds.rounds))
        {
            round_of.insert(name.clone(), position);
            round_of.extend(alias.clone().map(|alias| (alias, position)));
        }
        Self::with(standard, Arc::new(units), Fields::new(standard), round_of, targets.nouns().clone())
    }

    fn with(
        standard: &'s Standard,
        units: Arc<Units>,
        fields: Fields,
        round_of: BTreeMap<String, u32>,
        nouns: BTreeMap<Measure, Noun>,
    ) -> FactsBuilder<'s> {
        let slots = fields.slots.len();
        FactsBuilder {
            standard,
            units,
            facts: Facts { fields, layers: alloc::vec![Vec::new(); slots], ..Facts::default() },
            tally: Tally::default(),
            keys: Vec::new(),
            key_of: BTreeMap::new(),
            last_key: 0,
            last_unit: 0,
            last_file: (None, 0),
            periods: Memory::default(),
            rounds: Memory::default(),
            assessors: Memory::default(),
            evidence: Memory::default(),
            round_of,
            suffixes: alloc::vec![Vec::new(); slots],
            bare: alloc::vec![false; slots],
            nouns_at_start: nouns.len(),
            nouns,
            lot: Lot::default(),
        }
    }

    /// Whether a wide file may head a column with this word: some indicator reads such a field.
    pub fn is_field(&self, header: &str) -> bool {
        self.facts.fields.is_field(header)
    }

    /// The field nearest to a word that is none.
    pub fn nearest_field(&self, word: &str) -> Option<&str> {
        self.facts.fields.nearest_field(word)
    }

    /// Whether the indicator reads the field. An empty cell of a wide file under the field of
    /// another indicator says nothing.
    pub fn reads(&mut self, indicator: &str, field: &str) -> bool {
        let at = self.key(indicator, field);
        self.keys.get(at).is_some_and(|key| key.slot.is_some())
    }

    /// Takes a row that stands at `place`. What cannot be used is reported at the end and left out.
    #[inline]
    pub fn row(&mut self, row: &FactRow<'_>, place: Place) {
        if !self.take_expected(row, place) {
            self.take(row, place);
        }
    }

    /// Takes a row as programs write them: the unit and the indicator that are to be expected, and
    /// a bare number within its bounds. False where anything about it is different.
    #[inline]
    fn take_expected(&mut self, row: &FactRow<'_>, place: Place) -> bool {
        let more = [row.period, row.round, row.evidence, row.assessor, row.reason];
        let guess = self.keys.get(self.last_key).map_or(0, |key| key.next);
        let Some((key, slot)) = self.keys.get(guess).and_then(|key| Some((key, key.slot?))) else {
            return false;
        };
        let is_it = same(&key.field, row.field) && same(&key.indicator, row.indicator);
        if !is_it || self.bare.get(slot as usize) != Some(&true) || more.iter().any(|cell| !cell.is_empty()) {
            return false;
        }
        let (Some(unit), Some((mantissa, places, ""))) = (self.expected_unit(row.unit), reading::plain(row.value))
        else {
            return false;
        };
        let within = |slot: &Slot| !slot.range.bounds().needs_reason && slot.range.contains(mantissa, places);
        if !self.facts.fields.slots.get(slot as usize).is_some_and(within) {
            return false;
        }
        (self.last_key, self.last_unit) = (guess, unit);
        let length = u16::try_from(place.end.saturating_sub(place.start)).unwrap_or(u16::MAX);
        let file = self.file(place.file);
        self.push(
            guess,
            slot,
            (0, 0, 0),
            Entry { mantissa, unit, start: place.start, evidence: 0, length, file, places },
        );
        true
    }

    /// The unit of the row before or the one after it, if it is called that.
    #[inline]
    fn expected_unit(&self, id: &str) -> Option<u32> {
        let is_it = |guess: &u32| self.units.get(*guess).is_some_and(|unit| same(&unit.id, id));
        [self.last_unit, self.last_unit.wrapping_add(1)].into_iter().find(is_it)
    }

    fn take(&mut self, row: &FactRow<'_>, place: Place) {
        let unit = self.unit(row, place);
        let slot = self.slot(row, place);
        let (period, round) = (self.period(row, place), self.round(row, place));
        let (Some(unit), Some((key, slot))) = (unit, slot) else {
            return;
        };
        if period == REFUSED || round == REFUSED || !self.names_its_part(row, (period, round), place) {
            return;
        }
        let facts = &mut self.facts;
        let judges = facts.fields.slots.get(slot as usize).map_or(0, |slot| slot.judges);
        let assessor = if judges > 0 { row.assessor } else { "" };
        if judges > 1 && assessor.is_empty() && !row.value.is_empty() {
            self.tally.push("assessor-missing", || findings::assessor_missing(row, judges, place));
        }
        let assessor = self.assessors.number(assessor, |text| listed(&mut facts.assessors, text).unwrap_or(REFUSED));
        let evidence = self.evidence.number(row.evidence, |text| listed(&mut facts.evidence, text).unwrap_or(0));
        let (mantissa, places) =
            match self.value(slot, row.value) {
                Ok(None) => (0, EMPTY),
                Ok(Some(Value::Short(mantissa, places))) => (mantissa, places),
                Ok(Some(Value::Long(value))) => {
                    self.facts.wide.push(value);
                    (i64::try_from(self.facts.wide.len() - 1).unwrap_or(i64::MAX), WIDE)
                }
                Err(refusal) => {
                    let (standard, slot) = (self.standard, self.facts.fields.slots.get(slot as usize));
                    let noun = slot.and_then(|slot| {
                        if let Kind::Number(measure) = &slot.kind { self.nouns.get(measure) } else { None }
                    });
                    self.tally.push(cell_findings::name_of(&refusal), || {
                        findings::refused(standard, slot, row, &refusal, noun, place)
                    });
                    return;
                }
            };
        let asks = self.facts.fields.slots.get(slot as usize);
        if places != EMPTY && row.reason.is_empty() && asks.is_some_and(|slot| slot.range.bounds().needs_reason) {
            self.tally.push("reason-missing", || findings::reason_missing(row, place));
        }
        if !row.reason.is_empty() {
            let of = (slot, unit, round);
            self.facts.reasons.entry(of).or_default().push(row.reason.to_string());
        }
        let length = u16::try_from(place.end.saturating_sub(place.start)).unwrap_or(u16::MAX);
        let file = self.file(place.file);
        let entry = Entry { mantissa, unit, start: place.start, evidence, length, file, places };
        self.push(key, slot, (period, round, assessor), entry);
    }

    fn unit(&mut self, row: &FactRow<'_>, place: Place) -> Option<u32> {
        if let Some(unit) = self.expected_unit(row.unit) {
            self.last_unit = unit;
            return Some(unit);
        }
        if row.unit.is_empty() {
            self.tally.push("unknown-unit", || findings::no_unit(place));
            return None;
        }
        match self.find_or_take(row.unit) {
            Some(unit) => {
                self.last_unit = unit;
                Some(unit)
            }
            None => {
                let units = &self.units;
                self.tally.push("unknown-unit", || findings::unknown_unit(row.unit, units.nearest(row.unit), place));
                None
            }
        }
    }

    fn find_or_take(&mut self, text: &str) -> Option<u32> {
        match self.units.are_from_facts() {
            true => Arc::make_mut(&mut self.units).find_or_take(text),
            false => self.units.find(text),
        }
    }

    /// The key of a row and its slot.
    #[inline]
    fn slot(&mut self, row: &FactRow<'_>, place: Place) -> Option<(usize, u32)> {
        let is_it = |key: &Key| same(&key.field, row.field) && same(&key.indicator, row.indicator);
        let last = self.last_key;
        let guess = self.keys.get(last).map(|key| key.next).filter(|next| self.keys.get(*next).is_some_and(is_it));
        let guess = guess.or_else(|| self.keys.get(last).is_some_and(is_it).then_some(last));
        let at = guess.unwrap_or_else(|| self.key(row.indicator, row.field));
        if let Some(key) = self.keys.get_mut(last) {
            key.next = at;
        }
        self.last_key = at;
        match self.keys.get(at)?.slot {
            Some(slot) => Some((at, slot)),
            None => {
                self.report_key(row, place);
                None
            }
        }
    }

    /// The key of an indicator and a field as written.
    fn key(&mut self, indicator: &str, field: &str) -> usize {
        if let Some(at) = self.key_of.get(indicator).and_then(|fields| fields.get(field)) {
            return *at;
        }
        let slot = self.facts.fields.resolve(indicator, field).ok();
        let asks = slot.and_then(|slot| self.facts.fields.slots.get(slot as usize));
        let from_zero = asks.is_some_and(|asks| asks.range.from_zero() && !asks.range.bounds().needs_reason);
        let at = self.keys.len();
        let (word, field_word) = (Word::of(indicator), Word::of(field));
        let (indicator, field) = (indicator.to_string(), field.to_string());
        self.key_of.entry(indicator.clone()).or_default().insert(field.clone(), at);
        self.keys.push(Key { indicator, field, word, field_word, slot, from_zero, next: at, layer: 0 });
        let slots = self.facts.fields.slots.len();
        self.facts.layers.resize_with(slots, Vec::new);
        self.suffixes.resize_with(slots, Vec::new);
        self.bare.resize(slots, false);
        at
    }

    fn report_key(&mut self, row: &FactRow<'_>, place: Place) {
        let Err(fault) = self.facts.fields.resolve(row.indicator, row.field) else {
            return;
        };
        let name = match fault {
            FieldFault::UnknownIndicator { .. } | FieldFault::AmbiguousIndicator { .. } => "unknown-indicator",
            FieldFault::UnknownField { .. } | FieldFault::FieldNeeded { .. } => "unknown-field",
        };
        self.tally.push(name, || findings::unknown_field(name, row, &fault, place));
    }

    fn period(&mut self, row: &FactRow<'_>, place: Place) -> u32 {
        let facts = &mut self.facts;
        let number = self
            .periods
            .number(row.period, |text| Period::parse(text).map_or(REFUSED, |period| facts.take_period(period)));
        if number == REFUSED {
            self.tally.push("period-not-readable", || findings::period_not_readable(row.period, place));
        }
        number
    }

    fn round(&mut self, row: &FactRow<'_>, place: Place) -> u32 {
        let known = &self.round_of;
        let number = self.rounds.number(row.round, |text| known.get(text).copied().unwrap_or(REFUSED));
        if number == REFUSED {
            let known = &self.round_of;
            self.tally
                .push("unknown-round", || findings::unknown_round(row.round, known.keys().map(String::as_str), place));
        }
        number
    }

    /// A figure of a round that is held each month, quarter or half says which one it is of. A
    /// longer time, or none, would fill every one that nobody reported.
    fn names_its_part(&mut self, row: &FactRow<'_>, (period, round): (u32, u32), place: Place) -> bool {
        let rounds = self.standard.schemes.first().map_or(&[][..], |scheme| &scheme.rounds.rounds);
        let held = (round as usize).checked_sub(1).and_then(|at| rounds.get(at));
        let Some((name, _, Some(how_often))) = held else {
            return true;
        };
        let names_it = || self.facts.period(period).is_some_and(|period| period.held(how_often).is_some());
        if !matches!(how_often.as_str(), "每月" | "每季" | "每半年") || names_it() {
            return true;
        }
        self.tally.push("round-part-missing", || findings::part_missing(row, name, how_often, place));
        false
    }

    #[inline]
    fn file(&mut self, of: FileId) -> u8 {
        if self.last_file.0 == Some(of) {
            return self.last_file.1;
        }
        let at = self.facts.files.iter().position(|file| *file == of).unwrap_or_else(|| {
            self.facts.files.push(of);
            self.facts.files.len() - 1
        });
        self.last_file = (Some(of), u8::try_from(at).unwrap_or(u8::MAX));
        self.last_file.1
    }

    #[inline]
    fn push(&mut self, key: usize, slot: u32, of: (u32, u32, u32), entry: Entry) {
        if let Some(layer) = self.layer(key, slot, of) {
            layer.entries.push(entry);
            self.facts.count += 1;
        }
    }

    /// The layer of a period, round and assessor.
    #[inline]
    fn layer(&mut self, key: usize, slot: u32, of: (u32, u32, u32)) -> Option<&mut Layer> {
        let layers = self.facts.layers.get_mut(slot as usize)?;
        let is_it = |layer: &Layer| layer.of() == of;
        let last = self.keys.get(key).map_or(0, |key| key.layer);
        let at = if layers.get(last).is_some_and(is_it) {
            last
        } else {
            layers.iter().position(is_it).unwrap_or_else(|| {
                layers.push(Layer { period: of.0, round: of.1, assessor: of.2, ..Layer::default() });
                layers.len() - 1
            })
        };
        if let Some(key) = self.keys.get_mut(key) {
            key.layer = at;
        }
        layers.get_mut(at)
    }

    /// The facts, the units (with those that the facts named first), and all that is wrong.
    pub fn finish(mut self) -> (Facts, Units, Report) {
        let mut layers = core::mem::take(&mut self.facts.layers);
        for (slot, layers) in (0u32..).zip(&mut layers) {
            for layer in layers.iter_mut().filter(|layer| layer.entries.is_unsorted()) {
                let (facts, units, tally) = (&self.facts, &self.units, &mut self.tally);
                layer.entries.sort(|first, second| {
                    tally.push("duplicate-fact", || findings::duplicate(facts, units, slot, second, first));
                });
            }
            let judges = self.facts.fields.slots.get(slot as usize).map_or(0, |slot| slot.judges);
            for (unit, places) in too_many(&self.facts, layers, judges) {
                let (facts, units) = (&self.facts, &self.units);
                self.tally
                    .push("assessors-too-many", || findings::too_many(facts, units, (slot, unit), judges, &places));
            }
        }
        self.facts.layers = layers;
        self.beyond_another();
        self.facts.nouns = self.nouns.into_iter().map(|(open, noun)| (open, noun.measure)).collect();
        (self.facts, Arc::unwrap_or_clone(self.units), self.tally.finish())
    }
}

/// The units for which more assessors judged than are due, with the places of their marks, of
/// one period and round each. Nobody knows which of them count.
fn too_many(facts: &Facts, layers: &[Layer], judges: u32) -> Vec<(u32, Vec<Place>)> {
    if judges == 0 || layers.len() <= judges as usize {
        return Vec::new();
    }
    let mut marks: BTreeMap<(u32, u32, u32), Vec<Place>> = BTreeMap::new();
    for layer in layers {
        for entry in layer.entries.iter().filter(|entry| entry.places != EMPTY) {
            marks.entry((entry.unit, layer.period, layer.round)).or_default().push(facts.place(&entry));
        }
    }
    marks.retain(|_, places| places.len() > judges as usize);
    marks.values_mut().for_each(|places| places.sort_unstable());
    marks.into_iter().map(|((unit, ..), places)| (unit, places)).collect()
}
