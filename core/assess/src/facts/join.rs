//! Facts taken by several builders at once, part by part of a file, and joined again.

use super::{FactsBuilder, REFUSED, listed, values::Suffix};
use crate::{
    figures::{Behind, Layer, Numbers, counted},
    units::Units,
};
use alloc::{string::String, sync::Arc, vec::Vec};
use kaoping_program::{Kind, Workers};

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
    pub fn append(&mut self, mut later: FactsBuilder<'s>) -> bool {
        let known = later.nouns_at_start;
        if self.nouns.len() != known || later.nouns.len() != known {
            return false;
        }
        later.settle(Workers::default());
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
        let numbers = Arc::new(Numbers { units, files, evidence, wide, texts });
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
                let behind = Behind { entries: layer.entries, numbers: numbers.clone(), is_text };
                let count = behind.entries.len();
                if let Some(own) = self.layer(at, slot, of) {
                    own.behind.push(behind);
                    self.facts.count += count;
                }
            }
        }
        self.unsettled = true;
        self.tally.append(later.tally);
        true
    }

    /// Puts what was appended in its place. Any worker may do that for some of the fields; where nobody
    /// asks for it, it is done when it is needed.
    #[inline]
    pub fn settle(&mut self, workers: Workers) {
        if self.unsettled {
            self.unsettled = false;
            let mut layers: Vec<&mut Layer> = self.facts.layers.iter_mut().flatten().collect();
            workers.each(&mut layers, &|layer| layer.settle());
        }
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
