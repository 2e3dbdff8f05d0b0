//! Unfinished reports: beside the record, never in it. Only clerks of the office see them; who saves later does not
//! overwrite who saved before.

use super::{from_store, keep as keep_beside};
use crate::{
    answer::Answer,
    call::{Call, Later},
    office::Office,
    placed::HEADER,
    problem::{self, Problem},
};
use axum::http::{StatusCode, header};
use kaoping_ledger::Digest;
use kaoping_office::{
    Act, Role,
    deed::minute_of,
    ids::{CollectionId, OfficeId},
    state::Stage,
};
use kaoping_store::{Failed, Private, Store};
use kaoping_terms::{Diagnostic, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// A draft, in the store.
const DRAFT: &str = "draft";

/// One that nobody saved for so long is gone: 90 days.
const EXPIRES_MS: i64 = 90 * 24 * 3_600_000;

/// More figures than this no report has.
const MOST_FIGURES: usize = 2000;

/// A figure as far as it is filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    figure: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    evidence: Vec<Digest>,
    #[serde(default)]
    answer: String,
}

/// What is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    figures: Vec<Line>,
}

/// A draft as it is kept. Its version only grows, also when another one takes its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    version: i64,
    by: String,
    saved_ms: i64,
    figures: Vec<Line>,
}

impl Draft {
    fn tag(&self) -> String {
        format!("\"{}\"", self.version)
    }

    /// When it was saved, in China, to the minute.
    fn saved(&self) -> String {
        minute_of(self.saved_ms)
    }

    fn answer(&self, call: &Call) -> Answer {
        let body = json!({
            "collection": call.at("collection"),
            "unit": call.at("unit"),
            "version": self.version,
            "by": self.by,
            "saved": self.saved(),
            "figures": self.figures,
        });
        Answer::json(body).with(header::ETAG, &self.tag())
    }
}

/// What is known of the drafts without asking the store.
#[derive(Default)]
pub(crate) struct Drafts {
    /// One at a time is compared and kept; the last version that was given.
    turn: tokio::sync::Mutex<i64>,
    /// Those that are in the store, or were: most reports never had one, and leave nothing to be deleted.
    known: Mutex<BTreeSet<String>>,
}

impl Drafts {
    /// It is about to be kept, or is there.
    fn note(&self, key: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
    }

    fn knows(&self, key: &str) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    /// Those of a store that is opened. Which nobody saved for long are forgotten.
    pub(crate) fn of(store: &mut dyn Store, now_ms: i64) -> Result<(Self, Vec<Private>), Failed> {
        let (drafts, mut old) = (Self::default(), Vec::new());
        store.privates(Some(DRAFT), &mut |private| {
            let draft = private.bytes.as_deref().and_then(|bytes| serde_json::from_slice::<Draft>(bytes).ok());
            match draft {
                Some(draft) if draft.saved_ms >= now_ms.saturating_sub(EXPIRES_MS) => drafts.note(&private.key),
                _ => old.push(kept(private.key, None)),
            }
            true
        })?;
        Ok((drafts, old))
    }
}

fn key(collection: &str, unit: &str) -> String {
    format!("{collection} {unit}")
}

fn kept(key: String, draft: Option<&Draft>) -> Private {
    Private { kind: DRAFT.into(), key, bytes: draft.and_then(|draft| serde_json::to_vec(draft).ok()) }
}

/// The draft of a report, where its clerk asks; what it is kept under.
fn asked(call: &Call) -> Result<String, Problem> {
    let (collection, unit) = (CollectionId::from(call.at("collection")), OfficeId::from(call.at("unit")));
    call.look(|shown, viewer| {
        let asks = shown.state.collections.get(&collection).is_some_and(|found| found.offices.contains(&unit));
        if asks && viewer.is_in(&unit, &[Role::Clerk]) { Ok(()) } else { Err(problem::not_there()) }
    })?;
    Ok(key(collection.as_str(), unit.as_str()))
}

/// Whether there is still something to fill in.
fn is_open(call: &Call) -> Result<(), Problem> {
    let report = (CollectionId::from(call.at("collection")), OfficeId::from(call.at("unit")));
    call.look(|shown, _| {
        let stage = shown.state.reports.get(&report).map(|report| report.stage);
        let done = matches!(stage, Some(Stage::Reviewed | Stage::Signed));
        if done { Err(problem::draft_of_nothing()) } else { Ok(()) }
    })
}

async fn found(office: &Arc<Office>, key: String) -> Result<Option<Draft>, Problem> {
    let oldest_ms = office.now_ms().saturating_sub(EXPIRES_MS);
    let bytes = from_store(office, move |store| store.private(DRAFT, &key)).await?;
    let draft = bytes.and_then(|bytes| serde_json::from_slice::<Draft>(&bytes).ok());
    Ok(draft.filter(|draft| draft.saved_ms >= oldest_ms))
}

/// `GET /api/drafts/{collection}/{unit}`
pub(crate) fn open(call: Call) -> Later {
    Box::pin(async move {
        let key = asked(&call)?;
        let draft = found(&call.office, key).await?.ok_or_else(problem::not_there)?;
        Ok(draft.answer(&call))
    })
}

/// `PUT /api/drafts/{collection}/{unit}`
pub(crate) fn keep(call: Call) -> Later {
    Box::pin(async move {
        let key = asked(&call)?;
        let by = call.account()?.to_owned();
        let Sent { figures } = call.json()?;
        is_open(&call)?;
        if figures.len() > MOST_FIGURES {
            return Err(problem::too_many_of("figures", MOST_FIGURES));
        }
        let mut last = call.office.drafts.turn.lock().await;
        let before = found(&call.office, key.clone()).await?;
        unchanged(&call, before.as_ref())?;
        let saved_ms = call.office.now_ms();
        let version = before.map_or(0, |before| before.version + 1).max(*last + 1).max(saved_ms);
        *last = version;
        let draft = Draft { version, by, saved_ms, figures };
        call.office.drafts.note(&key);
        keep_beside(&call.office, vec![kept(key, Some(&draft))]).await?;
        Ok(draft.answer(&call))
    })
}

/// `DELETE /api/drafts/{collection}/{unit}`
pub(crate) fn discard(call: Call) -> Later {
    Box::pin(async move {
        let key = asked(&call)?;
        let _turn = call.office.drafts.turn.lock().await;
        let before = found(&call.office, key.clone()).await?.ok_or_else(problem::not_there)?;
        unchanged(&call, Some(&before))?;
        keep_beside(&call.office, vec![kept(key, None)]).await?;
        Ok(Answer::json(json!({"discarded": before.version})))
    })
}

/// What becomes of a draft with a deed, in one transaction: that of a report which is submitted is no longer needed.
pub(super) fn used_up(drafts: &Drafts, act: &Act) -> Option<Private> {
    let Act::SubmitReport(report) = act else { return None };
    let key = key(report.collection.as_str(), report.office.as_str());
    drafts.knows(&key).then(|| kept(key, None))
}

/// That the draft is the one the sender saw: `If-Match` names its version; without it there is to be none.
fn unchanged(call: &Call, before: Option<&Draft>) -> Result<(), Problem> {
    let seen = call.header(header::IF_MATCH.as_str());
    match before {
        Some(before) if seen == Some(before.tag().as_str()) => Ok(()),
        None if seen.is_none() => Ok(()),
        _ => Err(Problem::new(StatusCode::PRECONDITION_FAILED, changed(before))),
    }
}

fn changed(before: Option<&Draft>) -> Diagnostic {
    let message = match before {
        Some(before) => {
            let (by, saved, version) = (&before.by, before.saved(), before.version);
            Text::new(
                format!("草稿已由 {by} 在 {saved} 存过，版本 {version}"),
                format!("{by} saved a draft at {saved}: version {version}"),
            )
        }
        None => Text::new("草稿已经没有了：报过了，或有人扔掉了", "the draft is gone: submitted, or thrown away"),
    };
    Diagnostic::error("draft-changed", message)
        .why(Text::new(
            "两个人同时改一份草稿，后存的不能盖掉先存的",
            "two people at one draft: who saves later does not overwrite who saved before",
        ))
        .next(Text::new(
            "重新打开，把改动合进去，带上它的版本号再存：If-Match",
            "open it again, put the changes in, and save it with its version: If-Match",
        ))
        .in_file(&format!("{HEADER}If-Match"), None)
}
