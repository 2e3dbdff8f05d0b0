//! What stands in the row of each thing.

use super::Key;
use crate::{
    ids::AccountId,
    state::{Office, OfficeVersion, State},
};
use alloc::{format, string::String, vec, vec::Vec};
use kaoping_ledger::rows::Value;

fn number(count: usize) -> Value {
    Value::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn entry(entry: u64) -> Value {
    Value::Whole(i64::try_from(entry).unwrap_or(i64::MAX))
}

fn day(day: kaoping_terms::Day) -> Value {
    Value::Whole(i64::from(day.number()))
}

fn days(found: Option<kaoping_terms::Day>) -> Value {
    found.map_or(Value::Empty, day)
}

fn joined(parts: impl Iterator<Item = String>) -> Value {
    Value::Text(parts.collect::<Vec<_>>().join("; "))
}

/// The row of an office as one of its versions has it.
pub(super) fn office_columns(office: &Office, version: &OfficeVersion) -> Vec<Value> {
    vec![
        version.name.as_str().into(),
        version.parent.as_ref().map(|parent| parent.as_str()).into(),
        version.kind.as_str().into(),
        version.group.as_str().into(),
        days(office.opened()),
        days(office.closed.as_ref().map(|(day, _)| *day)),
    ]
}

impl Key {
    pub(super) fn columns(&self, state: &State) -> Option<Vec<Value>> {
        Some(match self {
            Self::Office(id) => {
                let office = state.offices.get(id)?;
                office_columns(office, office.last()?)
            }
            Self::Account(id) => {
                let account = state.accounts.get(id)?;
                let roles = account.grants.iter().map(|grant| {
                    let to = grant.to.map(|day| day.iso()).unwrap_or_default();
                    format!("{}@{} {}/{to}", grant.role.name(), grant.office, grant.from)
                });
                let given = account.password.map_or(Value::Empty, entry);
                vec![joined(roles), days(account.closed), given, i64::from(account.bound.is_some()).into()]
            }
            Self::Card(id) => {
                let card = state.cards.get(id)?;
                vec![
                    card.name.as_str().into(),
                    card.definition.as_str().into(),
                    i64::from(card.cumulative).into(),
                    card.source.as_str().into(),
                ]
            }
            Self::Scheme(id) => {
                let scheme = state.schemes.get(id)?;
                let version = scheme.versions.last()?;
                vec![
                    version.outline.title.as_str().into(),
                    (&scheme.office).into(),
                    scheme.upper.as_ref().map(|upper| upper.as_str()).into(),
                    number(scheme.versions.len()),
                    day(version.day),
                ]
            }
            Self::Target(key) => {
                let target = state.targets.get(key)?;
                let adjusted = target.adjusted.as_ref().map(|proposal| proposal.as_str());
                vec![target.value.as_str().into(), (&target.from).into(), entry(target.number), adjusted.into()]
            }
            Self::Exemption(key) => {
                let exemption = state.exemptions.get(key)?;
                vec![
                    exemption.instead.map(crate::state::Instead::name).into(),
                    exemption.why.as_str().into(),
                    (&exemption.proposal).into(),
                    entry(exemption.number),
                ]
            }
            Self::Letter(key) => {
                let letter = state.letters.get(key)?;
                let side = |side: &Option<(AccountId, u64)>| side.as_ref().map(|(account, _)| account.as_str()).into();
                vec![side(&letter.upper), side(&letter.lower)]
            }
            Self::Collection(id) => {
                let collection = state.collections.get(id)?;
                vec![
                    collection.title.as_str().into(),
                    (&collection.office).into(),
                    (&collection.scheme).into(),
                    collection.period.into(),
                    number(collection.figures.len()),
                    number(collection.offices.len()),
                    day(collection.due),
                    day(collection.last),
                ]
            }
            Self::Report(key) => {
                let report = state.reports.get(key)?;
                let late = state.is_late(key).map(i64::from);
                vec![
                    report.stage.name().into(),
                    number(report.figures.len()),
                    (&report.filled_by).into(),
                    report.signed_by.as_ref().map(|account| account.as_str()).into(),
                    days(report.first_signed),
                    late.into(),
                    i64::from(report.returned).into(),
                ]
            }
            Self::Cell(key) => {
                let cell = state.cells.get(key)?;
                vec![
                    cell.value.as_str().into(),
                    (&cell.signed_by).into(),
                    cell.approved_by.as_ref().map(|account| account.as_str()).into(),
                    entry(cell.number),
                    number(cell.before.len()),
                ]
            }
            Self::Proposal(id) => {
                let proposal = state.proposals.get(id)?;
                let decided = proposal.decided.as_ref();
                vec![
                    proposal.decision.name().into(),
                    (&proposal.office).into(),
                    (&proposal.by).into(),
                    proposal.why.as_str().into(),
                    decided.map(|(account, _)| account.as_str()).into(),
                    decided.map(|(_, approved)| i64::from(*approved)).into(),
                ]
            }
            Self::Event(key) => {
                // A late report that a rule counts is an event nobody entered.
                let event = state.events.get(key).cloned().or_else(|| state.late_report(key))?;
                vec![
                    (&event.office).into(),
                    day(event.day),
                    joined(event.columns.iter().map(|(column, cell)| format!("{column}={cell}"))),
                    days(event.objections_until),
                    days(event.withdrawn),
                    entry(event.number),
                ]
            }
            Self::Assessed(key) => {
                let assessed = state.assessed.get(key)?;
                let (_, last) = assessed.last()?;
                vec![
                    joined(assessed.values.iter().map(|(account, judged)| format!("{account}={}", judged.value))),
                    last.kind.as_str().into(),
                    last.why.as_str().into(),
                    entry(last.number),
                ]
            }
            Self::Results(key) => {
                let results = state.results.get(key)?;
                vec![
                    entry(results.version),
                    entry(results.at),
                    format!("{}", results.scores).into(),
                    i64::from(results.editions).into(),
                    entry(results.number),
                    (&results.by).into(),
                    results.sealed_by.as_ref().map(|account| account.as_str()).into(),
                    days(results.objections_until),
                    results.published.map_or(Value::Empty, entry),
                ]
            }
            Self::Total((scheme, round, office)) => {
                let results = state.results.get(&(scheme.clone(), round.clone()))?;
                let line = results.totals.iter().find(|line| line.office == *office)?;
                vec![
                    line.total.as_str().into(),
                    line.rank.map(i64::from).into(),
                    line.meets_all.as_str().into(),
                    line.grade.as_str().into(),
                ]
            }
            Self::Award((scheme, round, award, office)) => {
                let awards = state.awards.get(&(scheme.clone(), round.clone()))?;
                let (status, line) = (awards.status(award, office)?, awards.line(award, office));
                let refused = awards.refused.get(&(award.clone(), office.clone()));
                vec![
                    line.and_then(|line| line.place).map(i64::from).into(),
                    line.map_or("", |line| line.reason.as_str()).into(),
                    status.into(),
                    refused.map(|refused| refused.why.as_str()).into(),
                    days(awards.objections_until),
                    (&awards.by).into(),
                    awards.approved_by.as_ref().map(|account| account.as_str()).into(),
                    awards.confirmed.as_ref().map(|(account, _)| account.as_str()).into(),
                    entry(refused.map_or(awards.number, |refused| refused.number)),
                ]
            }
            Self::Drawn((sample, office, figure)) => {
                let sample = state.samples.get(sample)?;
                let found = sample.drawn.get(&(office.clone(), figure.clone()))?;
                vec![
                    found.reported.as_str().into(),
                    found.last().map(|seen| seen.value.as_str()).into(),
                    found.last().map(|seen| seen.by.as_str()).into(),
                ]
            }
            Self::Person(id) => state.persons.get(id)?.columns(),
            Self::LookUp(key) => state.look_ups.get(key)?.columns(),
            Self::Inquiry(id) => {
                let inquiry = state.inquiries.get(id)?;
                let answered = inquiry.answered.as_ref();
                vec![
                    (&inquiry.scheme).into(),
                    (&inquiry.office).into(),
                    inquiry.sign.name().into(),
                    inquiry.figure.as_ref().map(|figure| figure.as_str()).into(),
                    inquiry.period.map_or(Value::Empty, Value::from),
                    inquiry.text.as_str().into(),
                    (&inquiry.by).into(),
                    days(inquiry.answer_by),
                    answered.map(|(account, ..)| account.as_str()).into(),
                    answered.map(|(_, text, _)| text.as_str()).into(),
                ]
            }
            Self::Objection(id) => {
                let objection = state.objections.get(id)?;
                let answered = objection.answered.as_ref();
                vec![
                    (&objection.office).into(),
                    objection.about().into(),
                    objection.text.as_str().into(),
                    (&objection.by).into(),
                    days(objection.answer_by),
                    answered.map(|(account, ..)| account.as_str()).into(),
                    answered.map(|(_, upheld, _)| i64::from(*upheld)).into(),
                ]
            }
        })
    }
}
