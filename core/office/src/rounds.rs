//! The rounds of a scheme side by side: what was reported, what each round set, how it differs from the one
//! before, and why.

use crate::{
    ids::{AccountId, FigureId, IndicatorId, OfficeId, SchemeId},
    outline::Field,
    state::{Assessed, ByRule, Exemption, Judgement, State},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{Day, Exact, figure};

/// A value of an office in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InRound<'a> {
    /// Whose.
    pub office: &'a OfficeId,
    /// Of which indicator.
    pub indicator: &'a IndicatorId,
    /// Of which input.
    pub field: &'a str,
    /// What the office reported; empty where it was not asked, or did not.
    pub reported: String,
    /// Which round.
    pub round: &'a str,
    /// The round before it; absent for the first.
    pub before: Option<&'a str>,
    /// What counts in it; empty where several judge it, and the standard says how they are taken together.
    pub value: String,
    /// What was set in it, and by whom.
    pub set: Vec<(&'a AccountId, &'a Judgement)>,
    /// How it differs from the round before, or from what was reported; empty where it does not.
    pub difference: String,
    /// The score that changed with the version of the standard, and not with any figure.
    pub by_rule: Option<&'a ByRule>,
    /// That the office is exempt.
    pub exempt: Option<&'a Exemption>,
}

impl InRound<'_> {
    /// What was set last.
    pub fn last(&self) -> Option<&Judgement> {
        self.set.iter().map(|(_, judged)| *judged).max_by_key(|judged| judged.number)
    }
}

/// Whether two texts say the same value.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    match (figure::parse(one), figure::parse(other)) {
        (Ok(one), Ok(other)) => {
            let units = one.unit.is_empty() || other.unit.is_empty() || one.unit == other.unit;
            units && one.value == other.value
        }
        _ => one.trim() == other.trim(),
    }
}

/// How a value differs from another: by how much where both are numbers; empty where it does not.
pub fn difference(before: &str, now: &str) -> String {
    if is_same(before, now) {
        return String::new();
    }
    let number = |text: &str| figure::parse(text).ok().map(|read| read.value);
    match (number(before), number(now)) {
        (Some(before), Some(now)) => {
            let by = now - before;
            let sign = if by > Exact::zero() { "+" } else { "" };
            format!("{sign}{}", by.to_plain(0).unwrap_or_else(|| by.to_fraction()))
        }
        _ => format!("{before} → {now}"),
    }
}

impl State {
    /// What counts of an input in a round: what was set in it, else what was reported.
    pub(crate) fn value_in(
        &self,
        scheme: &SchemeId,
        round: &str,
        office: &OfficeId,
        (indicator, field): (&IndicatorId, &Field),
    ) -> Option<String> {
        let key = (scheme.clone(), round.into(), office.clone(), indicator.clone(), field.name.clone());
        let set = || Some(self.assessed.get(&key)?.last()?.1.value.clone());
        let reported = || self.reported_value(scheme, office, field.figure.as_ref().filter(|_| !field.by_period)?);
        set().or_else(reported)
    }

    /// What counts of an input before a round: what an earlier round set, else what was reported.
    pub fn value_before(
        &self,
        scheme: &SchemeId,
        round: &str,
        office: &OfficeId,
        (indicator, field): (&IndicatorId, &Field),
    ) -> Option<String> {
        let outline = self.schemes.get(scheme)?.outline()?;
        let set = |round: &String| {
            let key = (scheme.clone(), round.clone(), office.clone(), indicator.clone(), field.name.clone());
            Some(self.assessed.get(&key)?.last()?.1.value.clone())
        };
        let reported = || self.reported_value(scheme, office, field.figure.as_ref()?);
        outline.rounds_before(round).find_map(set).or_else(reported)
    }

    /// What an office reported of a figure for a scheme: the last period that was asked for.
    fn reported_value(&self, scheme: &SchemeId, office: &OfficeId, figure: &FigureId) -> Option<String> {
        let mut periods: Vec<_> = self.periods_of(scheme).into_iter().collect();
        periods.sort_by_key(|period| period.end());
        let cell = |period| self.cells.get(&(office.clone(), figure.clone(), period));
        periods.into_iter().rev().find_map(cell).map(|cell| cell.value.clone())
    }

    /// The rounds of a scheme side by side: office by office, indicator by indicator, input by input.
    pub fn rounds<'a>(&'a self, scheme: &'a SchemeId, day: Day) -> impl Iterator<Item = InRound<'a>> + 'a {
        let outline = self.schemes.get(scheme).and_then(|found| found.outline());
        let offices: Vec<&OfficeId> = outline.map(|_| self.assessed_by(scheme, day)).into_iter().flatten().collect();
        offices.into_iter().flat_map(move |office| self.rounds_of(scheme, office))
    }

    /// The same of one office.
    pub fn rounds_of<'a>(
        &'a self,
        scheme: &'a SchemeId,
        office: &'a OfficeId,
    ) -> impl Iterator<Item = InRound<'a>> + 'a {
        let outline = self.schemes.get(scheme).and_then(|found| found.outline());
        let indicators = outline.into_iter().flat_map(|outline| &outline.indicators);
        let inputs = indicators.flat_map(|indicator| indicator.fields.iter().map(move |field| (&indicator.id, field)));
        inputs.flat_map(move |input| self.of_input(scheme, office, input))
    }

    fn of_input<'a>(
        &'a self,
        scheme: &'a SchemeId,
        office: &'a OfficeId,
        (indicator, field): (&'a IndicatorId, &'a Field),
    ) -> Vec<InRound<'a>> {
        let Some(outline) = self.schemes.get(scheme).and_then(|found| found.outline()) else { return Vec::new() };
        let rounds: Vec<&str> = match outline.rounds.is_empty() {
            true => Vec::from([""]),
            false => outline.rounds.iter().map(String::as_str).collect(),
        };
        let reported = field.figure.as_ref().and_then(|figure| self.reported_value(scheme, office, figure));
        let exempt = self.exemptions.get(&(scheme.clone(), office.clone(), indicator.clone()));
        let mut before = reported.clone();
        let mut found: Vec<InRound<'a>> = Vec::new();
        for round in rounds {
            let key = (scheme.clone(), round.into(), office.clone(), indicator.clone(), field.name.clone());
            let assessed = self.assessed.get(&key);
            let last = assessed.and_then(Assessed::last).map(|(_, judged)| judged.value.clone());
            let value = if field.by_assessor { None } else { last.or_else(|| reported.clone()) };
            let differs = before.as_deref().zip(value.as_deref()).map(|(before, now)| difference(before, now));
            let results = self.results.get(&(scheme.clone(), round.into()));
            let by_rule = results.and_then(|results| {
                results.by_rule.iter().find(|line| line.office == *office && line.indicator == *indicator)
            });
            found.push(InRound {
                office,
                indicator,
                field: &field.name,
                reported: reported.clone().unwrap_or_default(),
                round,
                before: found.last().map(|line| line.round),
                value: value.clone().unwrap_or_default(),
                set: assessed.into_iter().flat_map(|assessed| &assessed.values).collect(),
                difference: differs.unwrap_or_default(),
                by_rule,
                exempt,
            });
            before = value.or(before);
        }
        found
    }
}
