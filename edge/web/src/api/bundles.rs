//! Verifying a folder somebody brings.

use crate::{
    answer::Answer,
    brought::{Found, said_here, verified},
    call::{Call, Later},
    problem::{self, shown},
};
use kaoping_desk::checks::Check;
use kaoping_terms::{Diagnostic, Lang};
use serde_json::{Value, json};
use std::sync::Arc;

/// So many findings of a check are told.
const TOLD: usize = 5;

/// `POST /api/verify`: one folder at a time, and nobody waits behind it.
pub(crate) fn verify(call: Call) -> Later {
    Box::pin(async move {
        let turn = Arc::clone(&call.office.bundles).try_acquire_owned().map_err(|_| problem::verifying_busy())?;
        let (body, lang) = (call.body, call.lang);
        let work = tokio::task::spawn_blocking(move || {
            // Also where whoever asked is gone, the next one waits until this is over.
            let _turn = turn;
            verified(&body)
        });
        let found = work.await.map_err(|_| problem::server_fault())??;
        Ok(Answer::json(told(&found, lang)))
    })
}

fn told(found: &Found, lang: Lang) -> Value {
    let Found { verified, key, checks, notes } = found;
    json!({
        "whole": checks.iter().all(|check| check.holds != Some(false)),
        "origin": verified.state.origin,
        "key": key.to_string(),
        "entries": verified.size,
        "root": verified.root.to_string(),
        "vouched": verified.vouched,
        "contents": verified.contents,
        "results": verified.results,
        "checks": checks.iter().map(|check| line(check, lang)).collect::<Vec<Value>>(),
        "findings": all(notes, lang),
    })
}

fn line(check: &Check, lang: Lang) -> Value {
    json!({
        "check": check.asked.name(),
        "word": check.asked.word().get(lang),
        "holds": check.holds,
        "about": check.about.get(lang),
        "faults": check.findings.len(),
        "findings": all(&check.findings, lang),
    })
}

fn all(findings: &[Diagnostic], lang: Lang) -> Vec<Value> {
    findings.iter().take(TOLD).map(|finding| shown(&said_here(finding), lang)).collect()
}
