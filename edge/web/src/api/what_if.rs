//! What would be: nothing of it is put down.

use super::{from_store, keep};
use crate::{
    answer::Answer,
    call::{Call, Later},
    models::{Models, thought},
    problem::{self, Problem, shown},
};
use kaoping_desk::{
    drafting,
    what_if::{self, Change, Figure, Texts},
};
use kaoping_office::{ids::SchemeId, tables::Key};
use kaoping_store::Private;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc, time::Instant};

/// So many bytes texts have together: 1 MiB.
const MOST_BYTES: usize = 1 << 20;

/// A text of a policy.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    path: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    indicator: String,
    #[serde(default)]
    what: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Otherwise {
    #[serde(default)]
    unit: String,
    indicator: String,
    field: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    round: Option<String>,
    #[serde(default)]
    files: Vec<File>,
    #[serde(default)]
    changes: Vec<Changed>,
    #[serde(default)]
    figures: Vec<Otherwise>,
}

fn changes(all: Vec<Changed>) -> Vec<Change> {
    all.into_iter().map(|of| Change { indicator: of.indicator, what: of.what, value: of.value }).collect()
}

/// That what is to be otherwise is of its kind: said at once, and not office by office.
fn fit(call: &Call, scheme: &SchemeId, changes: &[Change], figures: &[Figure]) -> Result<(), Problem> {
    let unfit = call.office.desk.read(|shown| {
        let outline = shown.state.schemes.get(scheme).and_then(|found| found.outline());
        outline.map_or_else(Vec::new, |outline| what_if::unfit(outline, changes, figures))
    });
    if unfit.is_empty() { Ok(()) } else { Err(Problem::of(unfit)) }
}

/// A change to something the scheme does not have.
fn not_there_to_change(what: kaoping_terms::Text) -> Problem {
    problem::unusable(
        "changes",
        what,
        kaoping_terms::Text::new(
            "核对指标的编号和要改的参数；改分值时不写改什么（what 留空）",
            "look at the id of the indicator and what is changed; to change points leave `what` empty",
        ),
    )
}

/// Texts as they were sent, of no more than is fit.
pub(crate) fn texts(files: Vec<File>) -> Result<Texts, Problem> {
    let bytes: usize = files.iter().map(|file| file.text.len() + file.path.len()).sum();
    if bytes > MOST_BYTES {
        return Err(problem::too_large(MOST_BYTES));
    }
    Ok(files.into_iter().map(|file| (file.path, file.text)).collect())
}

/// `POST /api/what-if/{scheme}`
pub(crate) fn what_if(call: Call) -> Later {
    Box::pin(async move {
        let asked: Asked = call.json()?;
        let begun = Instant::now();
        let scheme = SchemeId::from(call.at("scheme"));
        let round = imagined_round(&call, &scheme, asked.round.as_deref())?;
        let before = Models::round(&call, &scheme, &round).await?;
        let standing = Models::version(&call, &scheme, Some(before.version)).await?;
        let figure =
            |of: Otherwise| Figure { unit: of.unit, indicator: of.indicator, field: of.field, value: of.value };
        let figures: Vec<Figure> = asked.figures.into_iter().map(figure).collect();
        let changes = changes(asked.changes);
        fit(&call, &scheme, &changes, &figures)?;
        let texts = match asked.files.is_empty() {
            true => what_if::amended(&standing, &changes).map_err(not_there_to_change)?,
            false => texts(asked.files)?,
        };
        let (lang, model) = (call.lang, Arc::clone(&before));
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let state = call.office.desk.snapshot();
        let think = move |_: &crate::Office| {
            let versions =
                state.state.schemes.get(&scheme).map(|scheme| scheme.versions.as_slice()).unwrap_or_default();
            let Some(version) = versions.iter().find(|version| version.number == model.version) else {
                return Ok(None);
            };
            let after = what_if::imagined(&state.state, &scheme, version, (&round, &model), (&texts, &figures))?;
            let findings: Vec<_> = after.findings.clone().into_sorted();
            Ok(what_if::told(&model, &after, lang).ok().map(|told| (told, findings)))
        };
        let (mut told, findings) = thought(&call, think).await?.ok_or_else(problem::server_fault)?;
        if let Some(told) = told.as_object_mut() {
            let findings = findings.iter().map(|finding| shown(finding, lang)).collect();
            told.insert("findings".into(), findings);
            let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            told.insert("took_us".into(), took_us.into());
        }
        Ok(Answer::json(told))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Imagined {
    round: Option<String>,
    #[serde(default)]
    changes: Vec<Changed>,
}

/// `POST /api/what-if/{scheme}/check`: what the checker would say of a standard changed so, and does not say of it now.
pub(crate) fn check_change(call: Call) -> Later {
    Box::pin(async move {
        let asked: Imagined = call.json()?;
        let scheme = SchemeId::from(call.at("scheme"));
        let round = imagined_round(&call, &scheme, asked.round.as_deref())?;
        let before = Models::round(&call, &scheme, &round).await?;
        let standing = Models::version(&call, &scheme, Some(before.version)).await?;
        let changes = changes(asked.changes);
        fit(&call, &scheme, &changes, &[])?;
        let texts = what_if::amended(&standing, &changes).map_err(not_there_to_change)?;
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let brought = thought(&call, move |_: &crate::Office| Ok(what_if::brought(&standing, &texts))).await?;
        let findings: Vec<_> = brought.iter().map(|finding| shown(finding, call.lang)).collect();
        Ok(Answer::json(json!({ "findings": findings })))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Checked {
    files: Vec<File>,
}

/// `POST /api/check-policy`: what the checker says of texts, and what they come to.
pub(crate) fn check_policy(call: Call) -> Later {
    Box::pin(async move {
        let texts = texts(call.json::<Checked>()?.files)?;
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let (begun, lang) = (Instant::now(), call.lang);
        let think = move |_: &crate::Office| Ok(drafting::checked(&texts, lang));
        let mut told = thought(&call, think).await?;
        if let Some(told) = told.as_object_mut() {
            let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            told.insert("took_us".into(), took_us.into());
        }
        Ok(Answer::json(told))
    })
}

/// The round that is asked for, where its places may be seen; the last with results where none is named.
pub(crate) fn round(call: &Call, scheme: &SchemeId, asked: Option<&str>) -> Result<String, Problem> {
    call.look(|shown, viewer| {
        let found = shown.state.schemes.get(scheme).and_then(|found| found.outline());
        let outline = found.ok_or_else(problem::not_there)?;
        let has_results = |round: &&String| shown.state.results.contains_key(&(scheme.clone(), (*round).clone()));
        let is_seen = |round: &str| viewer.may_see(&Key::Results((scheme.clone(), round.to_owned())));
        let seen = outline.rounds.iter().rev().filter(has_results).find(|round| is_seen(round));
        let usual = seen.or(outline.rounds.first());
        let round = asked.filter(|round| !round.is_empty()).map(str::to_owned);
        let round = round.or(usual.cloned()).unwrap_or_default();
        match () {
            () if !outline.has_round(&round) || !viewer.may_see(&Key::Scheme(scheme.clone())) => {
                Err(problem::not_there())
            }
            () if !is_seen(&round) => Err(problem::results_not_shown()),
            () => Ok(round),
        }
    })
}

/// The same for those who see the office whose scheme it is: a cause tells of the figures of others.
pub(crate) fn imagined_round(call: &Call, scheme: &SchemeId, asked: Option<&str>) -> Result<String, Problem> {
    call.look(|shown, viewer| match shown.state.schemes.get(scheme) {
        Some(found) if viewer.sees(&found.office) => Ok(()),
        _ => Err(problem::not_there()),
    })?;
    round(call, scheme, asked)
}

/// A draft of a policy, kept for an account beside the record.
const DRAFT: &str = "policy-draft";

#[derive(Deserialize, Serialize)]
struct Draft {
    /// Which entry adopted the version it began from; none for a new standard.
    base: Option<u64>,
    files: Vec<File>,
    /// Which figures of offices go into new inputs.
    #[serde(default)]
    bindings: BTreeMap<String, String>,
    saved_ms: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    base: Option<u64>,
    #[serde(default)]
    files: Vec<File>,
    #[serde(default)]
    changes: Vec<Changed>,
    #[serde(default)]
    bindings: BTreeMap<String, String>,
}

fn key(call: &Call, scheme: &str) -> Result<String, Problem> {
    Ok(format!("{} {scheme}", call.account()?))
}

/// `GET /api/policy-drafts/{scheme}`
pub(crate) fn draft(call: Call) -> Later {
    Box::pin(async move {
        let key = key(&call, call.at("scheme"))?;
        let found = from_store(&call.office, move |store| store.private(DRAFT, &key)).await?;
        let draft: Option<Draft> = found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Answer::json(json!({"draft": draft})))
    })
}

/// `POST /api/policy-drafts/{scheme}`: files, or changes of the version in force; neither forgets it.
pub(crate) fn keep_draft(call: Call) -> Later {
    Box::pin(async move {
        let kept: Kept = call.json()?;
        let key = key(&call, call.at("scheme"))?;
        let saved_ms = call.office.now_ms();
        let (mut base, mut files) = (kept.base, kept.files);
        if !kept.changes.is_empty() {
            let scheme = SchemeId::from(call.at("scheme"));
            call.look(|_, viewer| match viewer.may_see(&Key::Scheme(scheme.clone())) {
                true => Ok(()),
                false => Err(problem::not_there()),
            })?;
            let standing = Models::version(&call, &scheme, base).await?;
            let amended = what_if::amended(&standing, &changes(kept.changes));
            let amended = amended.map_err(not_there_to_change)?;
            files = amended.into_iter().map(|(path, text)| File { path, text }).collect();
            base = Some(standing.number);
        }
        let _ = texts(files.clone())?;
        let draft = Draft { base, files, bindings: kept.bindings, saved_ms };
        let bytes = if draft.files.is_empty() { None } else { serde_json::to_vec(&draft).ok() };
        keep(&call.office, Vec::from([Private { kind: DRAFT.into(), key, bytes }])).await?;
        Ok(Answer::json(json!({"saved_ms": saved_ms})))
    })
}
