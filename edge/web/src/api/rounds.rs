//! The rounds of schemes side by side, with the scores of each.

use super::{from_store, lists::from_row};
use crate::{
    answer::{Answer, List},
    call::{Call, Later},
    problem::Problem,
};
use kaoping_ledger::Digest;
use kaoping_office::{
    Viewer,
    ids::SchemeId,
    rounds::{InRound, difference},
    tables::Key,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// So many rows a page, where the asker does not say.
const PAGE: usize = 1000;

/// So many at most.
pub(crate) const MOST: usize = 10_000;

const COLUMNS: [&str; 23] = [
    "scheme",
    "unit",
    "indicator",
    "field",
    "reported",
    "round",
    "value",
    "assessors",
    "taken_back",
    "difference",
    "kind",
    "why",
    "why_of_others",
    "entry",
    "value_now",
    "changed_in",
    "score",
    "score_difference",
    "rule_before",
    "rule_after",
    "exempt_since",
    "exempt_why",
    "exempt_by",
];

/// The scores of a round, by office and indicator.
type Scores = BTreeMap<(String, String), String>;

/// `GET /api/rounds?scheme=民生&unit=乙县`
pub(crate) fn list(call: Call) -> Later {
    Box::pin(async move {
        call.only(&["scheme", "unit", "indicator", "round", "from", "limit"])?;
        let from = call.parsed::<usize>("from")?.unwrap_or(0);
        let limit = call.limit(PAGE, MOST)?;
        let scores = scores(&call).await?;
        let wanted = |name: &str, value: &str| call.parameter(name).is_none_or(|wanted| wanted == value);
        let (rows, more) = call.look(|shown, viewer| {
            let schemes = shown.state.schemes.keys();
            let seen =
                schemes.filter(|id| wanted("scheme", id.as_str()) && viewer.may_see(&Key::Scheme((*id).clone())));
            let lines = seen.flat_map(|id| shown.state.rounds(id, viewer.today()).map(move |line| (id, line)));
            let lines = lines.filter(|(id, line)| {
                let asked =
                    [("unit", line.office.as_str()), ("indicator", line.indicator.as_str()), ("round", line.round)];
                asked.iter().all(|(name, value)| wanted(name, value)) && sees(viewer, id, line)
            });
            let mut lines = lines.skip(from);
            let rows: Vec<_> = lines.by_ref().take(limit).map(|(id, line)| cells(id, &line, &scores)).collect();
            Ok((rows, lines.next().is_some()))
        })?;
        let next = more.then(|| from_row(&call, from.saturating_add(limit)));
        Ok(Answer::list(List { columns: COLUMNS.to_vec(), rows, next }))
    })
}

/// Rounds that have no results yet show what was reported; what was set in them is seen as a value of a round is.
fn sees(viewer: &Viewer<'_>, scheme: &SchemeId, line: &InRound<'_>) -> bool {
    let key = (scheme.clone(), line.round.into(), line.office.clone(), line.indicator.clone(), line.field.into());
    viewer.may_see(&Key::Assessed(key))
}

/// The scores of every round of the schemes that are asked for and may be seen.
async fn scores(call: &Call) -> Result<BTreeMap<(SchemeId, String), Scores>, Problem> {
    let named: Vec<((SchemeId, String), Digest)> = call.look(|shown, viewer| {
        let asked = shown
            .state
            .results
            .iter()
            .filter(|((scheme, _), _)| call.parameter("scheme").is_none_or(|wanted| wanted == scheme.as_str()));
        let seen = asked.filter(|(key, _)| viewer.may_see(&Key::Results((*key).clone())));
        Ok(seen.map(|(key, results)| (key.clone(), results.scores)).collect())
    })?;
    let read = move |store: &mut dyn kaoping_store::Store| {
        let mut found = BTreeMap::new();
        for (key, hash) in named {
            let bytes = store.blob(&hash.to_string())?.unwrap_or_default();
            found.insert(key, of_file(&bytes));
        }
        Ok(found)
    };
    from_store(&call.office, read).await
}

/// The rows of `scores.csv`: unit, item, score.
fn of_file(bytes: &[u8]) -> Scores {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let rows = reader.records().flatten().filter_map(|row| {
        let cell = |at: usize| row.get(at).map(str::to_owned);
        Some(((cell(0)?, cell(1)?), cell(2)?))
    });
    rows.collect()
}

fn cells(scheme: &SchemeId, line: &InRound<'_>, scores: &BTreeMap<(SchemeId, String), Scores>) -> Vec<Value> {
    let of = |round: &str| {
        let of_round = scores.get(&(scheme.clone(), round.to_owned()))?;
        of_round.get(&(line.office.to_string(), line.indicator.to_string())).map(String::as_str)
    };
    let (score, before) = (of(line.round), line.before.and_then(of));
    let changed = score.zip(before).map(|(score, before)| difference(before, score));
    let set = line.set.iter().map(|(account, judged)| format!("{account}={}", judged.value));
    let taken = line
        .taken
        .iter()
        .map(|(set, taken)| format!("{}={} ({}, {}: {})", set.by, set.judged.value, taken.number, taken.by, taken.why));
    vec![
        json!(scheme),
        json!(line.office),
        json!(line.indicator),
        json!(line.field),
        json!(line.reported),
        json!(line.round),
        json!(line.value),
        json!(set.collect::<Vec<_>>().join("; ")),
        json!(taken.collect::<Vec<_>>().join("; ")),
        json!(line.difference),
        json!(line.kind()),
        json!(line.reason().map_or("", |judged| judged.why.as_str())),
        json!(line.reason_of_others().map(|judged| {
            let (before, value, why) = (judged.before.as_deref().unwrap_or_default(), &judged.value, &judged.why);
            format!("{before} → {value}: {why}")
        })),
        json!(line.last().map(|(_, judged)| judged.number)),
        json!(line.since.as_ref().map(|since| &since.value)),
        json!(line.since.as_ref().map(|since| since.number)),
        json!(score),
        json!(changed.unwrap_or_default()),
        json!(line.by_rule.map(|rule| rule.before.as_str())),
        json!(line.by_rule.map(|rule| rule.after.as_str())),
        json!(line.exempt.map(|exempt| exempt.number)),
        json!(line.exempt.map(|exempt| exempt.why.as_str())),
        json!(line.exempt.map(|exempt| &exempt.proposal)),
    ]
}
