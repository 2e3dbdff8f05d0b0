//! Papers: kept by the hash of their content, opened by those who see something that names them.

use super::{from_store, keep as keep_beside, told};
use crate::{
    answer::{Answer, Content},
    call::{Call, Later},
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_ledger::Digest;
use kaoping_store::Private;
use serde_json::json;
use tokio::sync::oneshot;

/// That an account brought a content, beside the record.
const BROUGHT: &str = "brought";

fn brought(hash: &str, account: &str) -> String {
    format!("{hash} {account}")
}

/// `POST /api/contents`
pub(crate) fn keep(call: Call) -> Later {
    Box::pin(async move {
        let account = call.account()?.to_owned();
        let (tell, answer) = oneshot::channel();
        let bytes = call.body.to_vec();
        let size = bytes.len();
        call.office.desk.keep_content(bytes, move |found| drop(tell.send(found)));
        let hash = told(&call.office, answer).await?.to_string();
        let mark = Private { kind: BROUGHT.into(), key: brought(&hash, &account), bytes: Some(Vec::new()) };
        keep_beside(&call.office, Vec::from([mark])).await?;
        Ok(Answer::new(StatusCode::CREATED, Content::Json(json!({"hash": hash, "size": size}))))
    })
}

/// `GET /api/contents/{hash}`
pub(crate) fn open(call: Call) -> Later {
    Box::pin(async move {
        let hash: Digest = call.at("hash").parse().map_err(|_| problem::not_there())?;
        let bytes = seen(&call, hash).await?;
        Ok(Answer::new(StatusCode::OK, Content::File(bytes, hash.to_string().replace(':', "-"))))
    })
}

/// A content, where the account sees something that names it, or brought it.
pub(super) async fn seen(call: &Call, hash: Digest) -> Result<Vec<u8>, Problem> {
    let account = call.account()?.to_owned();
    let named = call.look(|_, viewer| Ok(viewer.may_open(hash)))?;
    let read = move |store: &mut dyn kaoping_store::Store| {
        let text = hash.to_string();
        let may = named || store.private(BROUGHT, &brought(&text, &account))?.is_some();
        if may { store.blob(&text) } else { Ok(None) }
    };
    from_store(&call.office, read).await?.ok_or_else(problem::not_there)
}
