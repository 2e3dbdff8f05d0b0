//! The value of a cell: its number in base units, or the code of a word, a truth or a day.

use super::FactsBuilder;
use crate::{fact_findings as findings, figures::EMPTY, targets::Noun};
use alloc::string::ToString;
use kaoping_cells::{
    range::power,
    reading::{self, Refusal},
};
use kaoping_program::Kind;
use kaoping_terms::{Exact, Measure};

/// What stands behind a number, worked out once for each field.
#[derive(Clone, Debug)]
pub(super) enum Suffix {
    /// Multiply by `mantissa × 10^-places`.
    Short(i64, u8),
    /// Multiply by a number that is no short decimal.
    Long(Exact),
    Refused(Refusal),
}

/// A value that was read.
pub(super) enum Value {
    Short(i64, u8),
    Long(Exact),
}

impl FactsBuilder<'_> {
    #[inline]
    pub(super) fn value(&mut self, slot: u32, text: &str) -> Result<Option<Value>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let Some(known) = self.facts.fields.slots.get(slot as usize) else {
            return Err(Refusal::Unreadable);
        };
        match &known.kind {
            Kind::Number(_) => {}
            Kind::Text => {
                self.facts.texts.push(text.to_string());
                return Ok(i64::try_from(self.facts.texts.len() - 1).ok().map(|at| Value::Short(at, 0)));
            }
            kind => {
                let code = reading::code(kind, text, &self.standard.program).unwrap_or(Err(Refusal::Unreadable))?;
                return Ok(Some(Value::Short(code, 0)));
            }
        }
        let value = match reading::plain(text) {
            // Most figures have nothing behind them.
            Some((mantissa, places, "")) if self.bare.get(slot as usize) == Some(&true) => {
                Value::Short(mantissa, places)
            }
            Some((mantissa, places, rest)) => match self.suffix(slot, rest, mantissa, places)? {
                Suffix::Short(factor, more) => match mantissa.checked_mul(factor) {
                    Some(product) if places + more <= 18 => Value::Short(product, places + more),
                    _ => Value::Long(
                        &Exact::decimal(i128::from(mantissa), u32::from(places))
                            * &Exact::decimal(i128::from(factor), u32::from(more)),
                    ),
                },
                Suffix::Long(factor) => Value::Long(&Exact::decimal(i128::from(mantissa), u32::from(places)) * &factor),
                Suffix::Refused(refusal) => return Err(refusal),
            },
            None => {
                let (number, rest) = reading::figure(text)?;
                let stands_alone = if number.is_zero() || number == Exact::one() { 0 } else { 2 };
                match self.suffix(slot, &rest, stands_alone, 0)? {
                    Suffix::Short(factor, places) => {
                        Value::Long(&number * &Exact::decimal(i128::from(factor), u32::from(places)))
                    }
                    Suffix::Long(factor) => Value::Long(&number * &factor),
                    Suffix::Refused(refusal) => return Err(refusal),
                }
            }
        };
        let Some(known) = self.facts.fields.slots.get(slot as usize) else {
            return Err(Refusal::Unreadable);
        };
        let within = match &value {
            Value::Short(mantissa, places) => known.range.contains(*mantissa, *places),
            Value::Long(value) => known.range.contains_exact(value),
        };
        if within {
            return Ok(Some(value));
        }
        let exact = match &value {
            Value::Short(mantissa, places) => Exact::decimal(i128::from(*mantissa), u32::from(*places)),
            Value::Long(value) => value.clone(),
        };
        match &known.range.bounds().multiple_of {
            Some(step) if !known.range.bounds().is_multiple(&exact) => Err(Refusal::OffStep(step.to_string())),
            _ => Err(Refusal::OutOfRange),
        }
    }

    /// What a number is multiplied by for what stands behind it.
    #[inline]
    fn suffix(&mut self, slot: u32, rest: &str, mantissa: i64, places: u8) -> Result<Suffix, Refusal> {
        let known = self.suffixes.get(slot as usize).and_then(|known| known.iter().find(|(text, _)| text == rest));
        let meaning = match known {
            Some((_, meaning)) => meaning.clone(),
            None => {
                let meaning = self.meaning(slot, rest);
                if let ("", Suffix::Short(1, 0), Some(bare)) = (rest, &meaning, self.bare.get_mut(slot as usize)) {
                    *bare = true;
                }
                // A bare number may become ambiguous once a noun is seen, so that is not kept.
                if let Some(known) =
                    self.suffixes.get_mut(slot as usize).filter(|known| known.len() < 16 || rest.is_empty())
                {
                    known.push((rest.to_string(), meaning.clone()));
                }
                meaning
            }
        };
        match meaning {
            // Only a bare 0 and 1 stand for 0 % and 100 %.
            Suffix::Refused(Refusal::PercentMissing) if mantissa == 0 || (mantissa == 1 && places == 0) => {
                Ok(Suffix::Short(1, 0))
            }
            Suffix::Refused(refusal) => Err(refusal),
            meaning => Ok(meaning),
        }
    }

    fn meaning(&mut self, slot: u32, rest: &str) -> Suffix {
        let Some(Kind::Number(measure)) = self.facts.fields.slots.get(slot as usize).map(|slot| slot.kind.clone())
        else {
            return Suffix::Refused(Refusal::Unreadable);
        };
        let declared = self.nouns.get(&measure);
        if rest.is_empty() {
            let expected = declared.map_or(&measure, |noun| &noun.measure);
            return match declared.and_then(|noun| noun.multiple.clone()) {
                Some(multiple) => Suffix::Refused(Refusal::BareMultiple(multiple)),
                None if expected.is_ratio() => Suffix::Refused(Refusal::PercentMissing),
                None => self.declared_scale(slot),
            };
        }
        let wrong = || Suffix::Refused(Refusal::WrongNoun(rest.to_string()));
        let Some((factor, found)) = reading::noun(rest, &self.standard.nouns) else {
            return wrong();
        };
        let expected = declared.map_or(&measure, |noun| &noun.measure);
        if found != *expected && !expected.is_anonymous() {
            return wrong();
        }
        if measure.is_anonymous() && declared.is_none() {
            // Figures without a noun came first: with a multiple or a per cent they do not mix.
            let one = factor == Exact::one();
            if !one {
                self.refuse_bare(&measure, rest, found.is_ratio());
            }
            let multiple = (!one && !found.is_ratio()).then(|| rest.to_string());
            self.nouns.insert(measure, Noun { measure: found, multiple });
        }
        short(&factor).map_or(Suffix::Long(factor), |(mantissa, places)| Suffix::Short(mantissa, places))
    }

    /// What the policy says a bare number is multiplied by.
    fn declared_scale(&self, slot: u32) -> Suffix {
        let scale = self.facts.fields.slots.get(slot as usize).map(|slot| slot.scale.clone());
        let scale = scale.unwrap_or_else(Exact::one);
        short(&scale).map_or(Suffix::Long(scale), |(mantissa, places)| Suffix::Short(mantissa, places))
    }

    /// Refuses the bare numbers taken so far for a quantity whose unit the policy does not give,
    /// now that a multiple or a per cent stands behind one: theirs is what cannot be read for
    /// certain. Until the first noun every number of the quantity is bare. As in later rows, 0
    /// and 1 may stand for 0 % and 100 %.
    fn refuse_bare(&mut self, measure: &Measure, multiple: &str, percent: bool) {
        let (facts, units) = (&self.facts, &self.units);
        for (at, slot) in facts.fields.slots.iter().enumerate() {
            if !matches!(&slot.kind, Kind::Number(other) if other == measure) {
                continue;
            }
            if let Some(known) = self.suffixes.get_mut(at) {
                known.retain(|(text, _)| !text.is_empty());
            }
            self.bare.get_mut(at).into_iter().for_each(|bare| *bare = false);
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            for entry in facts.layers.get(at).into_iter().flatten().flat_map(|layer| layer.entries.iter()) {
                let stands_alone = percent && entry.places == 0 && matches!(entry.mantissa, 0 | 1);
                if entry.places != EMPTY && !stands_alone {
                    let refusal = || findings::bare_before(facts, units, number, &entry, multiple);
                    self.tally.push("figure-ambiguous", refusal);
                }
            }
        }
    }
}

/// A factor as a short decimal.
fn short(factor: &Exact) -> Option<(i64, u8)> {
    let places = u8::try_from(factor.decimal_places()?).ok().filter(|places| *places <= 9)?;
    let (numerator, denominator) = factor.parts()?;
    let mantissa = numerator.checked_mul(power(places))? / denominator;
    Some((i64::try_from(mantissa).ok()?, places))
}
