//! For machines: whether it runs, what is counted, what the interface is.

use crate::{
    answer::{Answer, Content},
    call::{Call, Outcome},
    openapi, problem,
};
use axum::http::StatusCode;

/// `GET /healthz`
pub(crate) fn health(_: &Call) -> Outcome {
    Ok(Answer::new(StatusCode::OK, Content::Text("text/plain; charset=utf-8", "ok\n".into())))
}

/// `GET /readyz`
pub(crate) fn ready(call: &Call) -> Outcome {
    let founded = call.office.desk.read(|shown| !shown.state.origin.is_empty());
    if !founded || call.office.is_stopped() {
        return Err(problem::closing().after(1));
    }
    health(call)
}

/// `GET /metrics`
pub(crate) fn metrics(call: &Call) -> Outcome {
    let (entries, offices) = call.office.desk.read(|shown| (shown.state.size, shown.state.offices.len()));
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let text = call.office.metrics.text(&[
        ("kaoping_entries", entries),
        ("kaoping_offices", count(offices)),
        ("kaoping_signed_in", count(call.office.people.signed_in(call.office.now_ms()))),
        ("kaoping_stopped", u64::from(call.office.is_stopped())),
    ]);
    Ok(Answer::new(StatusCode::OK, Content::Text("text/plain; version=0.0.4", text)))
}

/// `GET /openapi.json`
pub(crate) fn document(_: &Call) -> Outcome {
    Ok(Answer::json(openapi::document()))
}
