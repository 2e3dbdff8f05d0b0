//! Facts taken by several builders at once, part by part of a file, and joined again.

use super::{FactsBuilder, REFUSED, listed, values::Suffix};
use crate::{
    entries::{Numbers, counted},
    units::Units,
};
use alloc::{string::String, sync::Arc, vec::Vec};
use kaoping_program::Kind;

impl<'s> FactsBuilder<'s> {
    /// A builder for rows that stand below those this one takes, to be joined with
    /// [`FactsBuilder::append`]. Both may work at the same time.
    pub fn beside(&self) -> FactsBuilder<'s> {
        let units = if self.units.are_from_facts() { Arc::new(Units::from_facts()) } else { self.units.clone() };
        let (fields, rounds) = (self.facts.fields.clone(), self.round_of.clone());
        FactsBuilder::with(self.standard, units, fields, rounds, self.nouns.clone())
    }

    /// Takes over what a builder beside this one has taken, as if its rows had come here after
    /// the rows of this one. Not where a figure said what bare numbers of the same kind mean
    /// (万元, 人, %): then earlier rows decide about later ones, `later` is left out, and its rows
    /// are to be taken here once more.
    #[must_use = "where it is false the rows are still to be taken"]
    pub fn append(&mut self, later: FactsBuilder<'s>) -> bool {
        let known = later.nouns_at_start;
        if self.nouns.len() != known || later.nouns.len() != known {
            return false;
        }
        let facts = later.facts;
        let units: Vec<u32> = match Arc::ptr_eq(&self.units, &later.units) {
            true => Vec::new(),
            false => later.units.iter().map(|(_, unit)| self.same_unit(&unit.id)).collect(),
        };
        let files: Vec<u8> = facts.files.iter().map(|file| self.file(*file)).collect();
        let periods: Vec<u32> = facts.periods.iter().map(|period| self.facts.take_period(*period)).collect();
        let own = &mut self.facts;
        let assessors: Vec<u32> = numbers(&facts.assessors, |text| {
            self.assessors.number(text, |text| listed(&mut own.assessors, text).unwrap_or(REFUSED))
        });
        let evidence: Vec<u32> = numbers(&facts.evidence, |text| {
            self.evidence.number(text, |text| listed(&mut own.evidence, text).unwrap_or(0))
        });
        let (texts, wide) = (own.texts.len(), own.wide.len());
        own.texts.extend(facts.texts);
        own.wide.extend(facts.wide);
        let mut numbers = Numbers::of_units(units);
        (numbers.files, numbers.evidence, numbers.wide, numbers.texts) = (files, evidence, wide, texts);
        let mut layers = facts.layers;
        for key in later.keys {
            let at = self.key(&key.indicator, &key.field);
            let slots = self.keys.get(at).and_then(|key| key.slot).zip(key.slot);
            // Two keys may mean one slot: by its name and by its alias.
            let Some((slot, theirs)) = slots else { continue };
            let seen = later.suffixes.get(theirs as usize).map_or(&[][..], Vec::as_slice);
            self.know(slot, seen);
            let moved = layers.get_mut(theirs as usize).map(core::mem::take).unwrap_or_default();
            let is_text = matches!(self.facts.fields.slots.get(slot as usize).map(|slot| &slot.kind), Some(Kind::Text));
            for reason in facts.reasons.range((theirs, 0, 0)..=(theirs, u32::MAX, u32::MAX)) {
                let ((_, unit, round), texts) = reason;
                let of = (slot, numbers.unit(*unit), *round);
                if !moved.is_empty() {
                    self.facts.reasons.entry(of).or_default().extend(texts.iter().cloned());
                }
            }
            for layer in moved {
                let (period, assessor) = (counted(&periods, layer.period), counted(&assessors, layer.assessor));
                let of = (period, layer.round, assessor);
                let count = layer.entries.len();
                if let Some(own) = self.layer(at, slot, of) {
                    own.entries.append(layer.entries, &numbers, is_text);
                    self.facts.count += count;
                }
            }
        }
        self.tally.append(later.tally);
        true
    }

    /// The number here of a unit that the other builder met; mostly the one after the last.
    fn same_unit(&mut self, id: &str) -> u32 {
        let unit = self.expected_unit(id).or_else(|| self.find_or_take(id)).unwrap_or(REFUSED);
        self.last_unit = unit;
        unit
    }

    /// What stood behind the numbers of a slot, so that later rows are read as they would have been.
    fn know(&mut self, slot: u32, seen: &[(String, Suffix)]) {
        let Some(known) = self.suffixes.get_mut(slot as usize) else { return };
        let new = seen.iter().filter(|(text, _)| !known.iter().any(|(other, _)| other == text));
        let new: Vec<_> = new.cloned().collect();
        known.extend(new);
    }
}

fn numbers(texts: &[String], number: impl FnMut(&str) -> u32) -> Vec<u32> {
    texts.iter().map(String::as_str).map(number).collect()
}
