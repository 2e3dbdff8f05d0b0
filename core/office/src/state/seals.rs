//! What is sealed: it no longer changes, and neither does what it rests on.

use super::{CellKey, Results, State};
use crate::{
    ids::{FigureId, OfficeId, SchemeId},
    outline::Outline,
    period::Period,
};
use alloc::string::String;
use kaoping_terms::Day;

/// Results that are sealed and were not opened again.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    /// Of which scheme.
    pub scheme: &'a SchemeId,
    /// Of which round.
    pub round: &'a str,
    /// The results.
    pub results: &'a Results,
}

/// As of when something counts: how long the record was, and on which day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Entries from this one on are not in it.
    pub(crate) at: u64,
    /// The day.
    pub(crate) day: Day,
}

impl State {
    /// As of when a round counts: now; once it is sealed, when its results were put down, whatever came later.
    pub(crate) fn moment(&self, scheme: &SchemeId, round: &str) -> Moment {
        let results = self.results.get(&(scheme.clone(), round.into()));
        match results.filter(|results| results.sealed_by.is_some()) {
            Some(results) => Moment { at: results.at, day: results.day },
            None => Moment { at: u64::MAX, day: self.today },
        }
    }

    /// The seals of a scheme, whatever the round.
    pub fn seals<'a>(&'a self, scheme: &'a SchemeId) -> impl Iterator<Item = Seal<'a>> {
        let of_scheme = self.results.range((scheme.clone(), String::new())..);
        let of_scheme = of_scheme.take_while(move |((of, _), _)| of == scheme);
        of_scheme.filter(|(_, results)| results.sealed_by.is_some()).map(|((scheme, round), results)| Seal {
            scheme,
            round,
            results,
        })
    }

    /// The seal of the last round of a scheme: after it nothing is left that a change could reach.
    pub fn last_seal<'a>(&'a self, scheme: &'a SchemeId) -> Option<Seal<'a>> {
        let outline = self.schemes.get(scheme)?.outline()?;
        let last = outline.rounds.last().map_or("", String::as_str);
        self.seals(scheme).find(|seal| seal.round == last)
    }

    /// A seal on results that rest on a figure, so that it no longer changes: the figure was there when they were put
    /// down.
    pub fn seal_on(&self, key: &CellKey) -> Option<Seal<'_>> {
        let cell = self.cells.get(key)?;
        let first = cell.before.first().copied().unwrap_or(cell.number);
        let (_, figure, period) = key;
        let schemes = self.schemes.keys().filter(|scheme| self.serves(scheme, figure, *period));
        let rests = |seal: &Seal<'_>| first < seal.results.at && self.counts_on(seal.scheme, seal.round, period.end());
        schemes.into_iter().find_map(|id| self.seals(id).find(rests))
    }

    /// The seal of the last round of a scheme that asked for a period, and that one of some figures of it serves: the year
    /// is over, and what comes later is not looked at any more. What others ask for goes on.
    pub fn last_seal_on<'a>(
        &self,
        figures: impl Iterator<Item = &'a FigureId> + Clone,
        period: Period,
    ) -> Option<Seal<'_>> {
        let mut seals = self.schemes.keys().filter_map(|scheme| self.last_seal(scheme));
        seals.find(|seal| {
            self.asks_for(seal.scheme, period) && figures.clone().any(|figure| self.serves(seal.scheme, figure, period))
        })
    }

    /// The schemes an event of a table and a day counts in: those that have the table, assess the day and the office.
    pub fn counts_in<'a>(
        &'a self,
        table: &'a str,
        office: &'a OfficeId,
        day: Day,
    ) -> impl Iterator<Item = &'a SchemeId> {
        let has = move |outline: &Outline| outline.counts(table, day);
        let has_table = self.schemes.iter().filter(move |(_, scheme)| scheme.outline().is_some_and(has));
        has_table.map(|(id, _)| id).filter(move |id| self.is_assessed(id, office.as_str(), self.today))
    }
}
