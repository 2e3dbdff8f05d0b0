//! Figures that go beyond another one they are part of, as 按时数 ≤ 应报数 says.

use super::FactsBuilder;
use crate::{fact_findings as findings, figures::EMPTY};
use alloc::vec::Vec;
use kaoping_syntax::ast::Comparison;

impl FactsBuilder<'_> {
    /// Reports them, of figures that name the same period, round and assessor.
    pub(super) fn beyond_another(&mut self) {
        let items = self.standard.schemes.iter().flat_map(|scheme| &scheme.items);
        for input in items.flat_map(|item| &item.inputs) {
            for (comparison, other) in &input.against {
                let fields = &self.facts.fields;
                let slots = fields.of_column(input.column).zip(fields.of_column(*other));
                if let Some((slot, bound)) = slots {
                    self.compare(slot, *comparison, bound);
                }
            }
        }
    }

    fn compare(&mut self, slot: u32, comparison: Comparison, bound: u32) {
        let (facts, units, tally) = (&self.facts, &self.units, &mut self.tally);
        let layers = |slot: u32| facts.layers.get(slot as usize).map_or(&[][..], Vec::as_slice);
        for layer in layers(slot) {
            let Some(beside) = layers(bound).iter().find(|other| other.of() == layer.of()) else {
                continue;
            };
            for entry in layer.entries.iter().filter(|entry| entry.places != EMPTY) {
                let Some(limit) = beside.entries.of_unit(entry.unit).filter(|limit| limit.places != EMPTY) else {
                    continue;
                };
                let holds =
                    facts.value(&entry).zip(facts.value(&limit)).is_none_or(|(value, limit)| match comparison {
                        Comparison::Less => value < limit,
                        Comparison::AtMost => value <= limit,
                        Comparison::Greater => value > limit,
                        Comparison::AtLeast => value >= limit,
                        Comparison::Equal | Comparison::NotEqual => true,
                    });
                if !holds {
                    tally.push("figure-out-of-range", || {
                        findings::beyond_another(facts, units, (slot, &entry), (bound, &limit), comparison)
                    });
                }
            }
        }
    }
}
