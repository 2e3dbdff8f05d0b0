//! Changes in other rounds: where a year's score is made of rounds, what changed in one of them
//! is the reason for what changed in the year.

use super::{Figures, RoundChange, Side, items};
use crate::prepare;
use alloc::{format, vec::Vec};
use kaoping_program::{Cell, Fault};
use kaoping_scheme::model::RoundResult;
use kaoping_terms::Lang;

/// What one round gave on either side, for every unit.
pub(super) struct Rounds {
    found: Vec<Found>,
}

/// One round, with what changed for each unit of the second side.
struct Found {
    changes: Vec<(u32, RoundChange)>,
}

impl Rounds {
    /// Runs each round again that one of the results used is of, but for the round compared.
    pub(super) fn new(before: Side<'_>, after: Side<'_>, lang: Lang) -> Result<Self, Fault> {
        let mut found = Vec::new();
        let results = |side: Side<'_>| -> Vec<RoundResult> {
            let all = side.given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
            all.iter().filter(|result| result.rows.is_none()).cloned().collect()
        };
        let (old, new) = (results(before), results(after));
        let own = (before.assessment.slice.round, after.assessment.slice.round);
        let mut rounds: Vec<usize> = new.iter().map(|result| result.round).collect();
        rounds.sort_unstable();
        rounds.dedup();
        // Between two rounds the rounds themselves are what is compared.
        if own.0 != own.1 {
            rounds.clear();
        }
        for round in rounds.into_iter().filter(|round| Some(*round) != own.1) {
            let of_round = |all: &[RoundResult]| -> Vec<RoundResult> {
                all.iter().filter(|result| result.round == round).cloned().collect()
            };
            found.push(one((before, of_round(&old)), (after, of_round(&new)), round, lang)?);
        }
        Ok(Self { found })
    }

    /// What changed for a unit.
    pub(super) fn of(&self, unit: u32) -> Vec<RoundChange> {
        let all = self.found.iter().flat_map(|found| &found.changes);
        all.filter(|(of, _)| *of == unit).map(|(_, change)| change.clone()).collect()
    }
}

fn one(
    (before, old): (Side<'_>, Vec<RoundResult>),
    (after, new): (Side<'_>, Vec<RoundResult>),
    round: usize,
    lang: Lang,
) -> Result<Found, Fault> {
    let (prepared_before, _) = prepare(before.given, Some(round));
    let (prepared_after, _) = prepare(after.given, Some(round));
    let values = |results: &[RoundResult]| results.iter().map(|result| result.node).collect::<Vec<_>>();
    let old_figures = Figures::of(&prepared_before, Side { round: Some(round), ..before }, &values(&old))?;
    let new_figures = Figures::of(&prepared_after, Side { round: Some(round), ..after }, &values(&new))?;
    let name = after.given.scheme().and_then(|scheme| scheme.rounds.rounds.get(round));
    let name = name.map_or("", |(name, ..)| name.as_str());
    let mut changes = Vec::new();
    for (unit, row) in after.given.units.iter().filter(|(unit, _)| after.assessment.members.contains(unit)) {
        let Some(earlier) = before.given.units.find(&row.id) else { continue };
        let mut changed = Vec::new();
        for result in &new {
            let Some(other) = old.iter().find(|other| other.value == result.value) else { continue };
            let none = || Cell { value: None, state: kaoping_program::State::MISSING };
            let a = old_figures.cell(other.node, earlier).unwrap_or_else(none);
            let b = new_figures.cell(result.node, unit).unwrap_or_else(none);
            if a.value != b.value {
                changed.push(RoundChange {
                    name: format!("{name}.{}", result.value),
                    before: old_figures.show(other.node, &a, lang),
                    after: new_figures.show(result.node, &b, lang),
                    items: Vec::new(),
                });
            }
        }
        // The items of the round are told once, with the first of its results.
        if let Some(first) = changed.first_mut() {
            first.items = items(&old_figures, &new_figures, earlier, unit, lang);
        }
        changes.extend(changed.into_iter().map(|change| (unit, change)));
    }
    Ok(Found { changes })
}
