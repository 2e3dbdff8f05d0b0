//! Samples for inspection: which reported figures are looked at on the spot. The same seed draws the same
//! figures, whoever draws them again.

use super::State;
use crate::ids::{AccountId, CollectionId, FigureId, OfficeId, SchemeId};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use kaoping_ledger::Algorithm;
use kaoping_terms::{Exact, figure};
use serde::{Deserialize, Serialize};

/// How figures are drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Method {
    /// Each with the same chance.
    Random,
    /// The largest values first.
    ByValue,
    /// The offices first whose total by themselves lies highest above that of a later round.
    ByInflation {
        /// Of which scheme.
        scheme: SchemeId,
        /// The round offices score themselves in.
        own: String,
        /// The later round.
        later: String,
    },
}

/// A figure that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its value as it was reported when it was drawn.
    pub reported: String,
    /// What was found on the spot, each time somebody was there; the last counts.
    pub seen: Vec<Seen>,
}

/// What somebody found on the spot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The value.
    pub value: String,
    /// Who was there.
    pub by: AccountId,
    /// Why he was there once more; may be empty the first time.
    pub why: String,
    /// The entry that says it.
    pub number: u64,
}

impl Found {
    /// What was found last.
    pub fn last(&self) -> Option<&Seen> {
        self.seen.last()
    }

    /// What was found before that, the first first.
    pub fn before(&self) -> &[Seen] {
        self.seen.split_last().map_or(&[], |(_, before)| before)
    }
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Of which collection.
    pub collection: CollectionId,
    /// How it was drawn.
    pub method: Method,
    /// The seed.
    pub seed: String,
    /// What was drawn.
    pub drawn: BTreeMap<(OfficeId, FigureId), Found>,
    /// Who drew it.
    pub by: AccountId,
    /// Why it was drawn beside another one; may be empty for the first.
    pub why: String,
    /// The entry that drew it.
    pub number: u64,
}

/// A figure that may be drawn.
struct Ticket<'a> {
    weight: Option<Exact>,
    chance: [u8; 32],
    office: &'a OfficeId,
    figure: &'a FigureId,
    value: &'a str,
}

fn number(value: &str) -> Option<Exact> {
    figure::parse(value).ok().map(|read| read.value)
}

impl State {
    /// The figures of a collection that are drawn: the first `size` by the method, equal ones by the seed.
    pub fn draw(
        &self,
        collection: &CollectionId,
        method: &Method,
        seed: &str,
        size: usize,
    ) -> BTreeMap<(OfficeId, FigureId), Found> {
        let Some(about) = self.collections.get(collection) else { return BTreeMap::new() };
        let figures = || about.figures.iter();
        let reported = about.offices.iter().flat_map(|office| figures().map(move |figure| (office, figure)));
        let mut all: Vec<Ticket<'_>> = reported
            .filter_map(|(office, figure)| {
                let cell = self.cells.get(&(office.clone(), figure.clone(), about.period))?;
                let chance = Algorithm::Sha256.hash(&[
                    seed.as_bytes(),
                    b"\n",
                    office.as_str().as_bytes(),
                    b"\n",
                    figure.as_str().as_bytes(),
                ]);
                let weight = match method {
                    Method::Random => None,
                    Method::ByValue => number(&cell.value),
                    Method::ByInflation { scheme, own, later } => self.inflation(scheme, own, later, office),
                };
                Some(Ticket { weight, chance: chance.bytes, office, figure, value: &cell.value })
            })
            .collect();
        all.sort_by(|one, other| other.weight.cmp(&one.weight).then(one.chance.cmp(&other.chance)));
        let drawn = all.into_iter().take(size);
        drawn
            .map(|ticket| {
                let found = Found { reported: ticket.value.into(), seen: Vec::new() };
                ((ticket.office.clone(), ticket.figure.clone()), found)
            })
            .collect()
    }

    /// By how much an office's total of its own lies above that of a later round.
    fn inflation(&self, scheme: &SchemeId, own: &str, later: &str, office: &OfficeId) -> Option<Exact> {
        let total = |round: &str| {
            let results = self.results.get(&(scheme.clone(), round.into()))?;
            number(&results.totals.iter().find(|line| line.office == *office)?.total)
        };
        Some(total(own)? - total(later)?)
    }
}
