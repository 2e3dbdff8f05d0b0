//! What an account is proved by, set by the administrator: each is an entry of the record, written together with what
//! it is about.

use super::{
    deeds::{Asked, IDEMPOTENCY, done_with},
    login::proved_anew,
};
use crate::{
    answer::{Answer, Content},
    call::{Call, Later},
    people::{Credential, drawn, random},
    problem::{self, Problem},
};
use axum::http::StatusCode;
use kaoping_desk::Receipt;
use kaoping_office::{
    Act, State,
    deeds::logins::{DropCodes, GivePassword},
};
use kaoping_store::Private;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::PoisonError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) why: String,
}

/// The account of the path, where it is open.
pub(super) fn account(call: &Call) -> Result<String, Problem> {
    let account = call.at("account").to_owned();
    let open = |state: &State| state.accounts.get(account.as_str()).is_some_and(|found| found.closed.is_none());
    if call.office.desk.read(|shown| open(&shown.state)) { Ok(account) } else { Err(problem::not_there()) }
}

/// Does it, with what is kept beside the record. Whoever gives no id wants it done each time.
pub(super) async fn done(call: &Call, given: Given, act: Act, private: Vec<Private>) -> Result<Receipt, Problem> {
    let drawn = || random::<16>().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    let named = given.id.is_some() || call.header(IDEMPOTENCY).is_some();
    let id = if named { given.id } else { Some(drawn().ok_or_else(problem::server_fault)?) };
    let asked = Asked { id, act, why: given.why, evidence: Vec::new(), office: None, role: None, deputy_for: None };
    done_with(call, asked, private).await
}

pub(super) fn told(receipt: &Receipt, mut body: Value) -> Answer {
    if let Value::Object(fields) = &mut body {
        fields.insert("number".into(), json!(receipt.number));
        fields.insert("again".into(), json!(receipt.again));
    }
    let status = if receipt.again { StatusCode::OK } else { StatusCode::CREATED };
    Answer::new(status, Content::Json(body)).with(axum::http::header::CACHE_CONTROL, "no-store")
}

/// `POST /api/accounts/{account}/password`: asked once more under the same id, the password is not told again.
pub(crate) fn give_password(call: Call) -> Later {
    Box::pin(async move {
        let given = call.json()?;
        let account = account(&call)?;
        let password = drawn().ok_or_else(problem::server_fault)?;
        let clear = password.clone();
        let hashed = tokio::task::spawn_blocking(move || Credential::of(&clear, true)).await;
        let credential = hashed.ok().flatten().ok_or_else(problem::server_fault)?;
        let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
        let act = Act::GivePassword(GivePassword { account: account.as_str().into() });
        let receipt =
            done(&call, given, act, Vec::from([call.office.people.kept_credential(&account, &credential)])).await?;
        if receipt.again {
            return Ok(told(&receipt, json!({"account": account})));
        }
        proved_anew(&call, &account, credential).await?;
        call.office.people.locks.lock().unwrap_or_else(PoisonError::into_inner).right(&account);
        Ok(told(&receipt, json!({"account": account, "password": password})))
    })
}

/// `POST /api/accounts/{account}/codes`
pub(crate) fn drop_codes(call: Call) -> Later {
    Box::pin(async move {
        let given = call.json()?;
        let account = account(&call)?;
        let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
        let credential = call.office.people.credential(&account).ok_or_else(problem::not_there)?.with_codes(None);
        let act = Act::DropCodes(DropCodes { account: account.as_str().into() });
        let receipt =
            done(&call, given, act, Vec::from([call.office.people.kept_credential(&account, &credential)])).await?;
        if !receipt.again {
            proved_anew(&call, &account, credential).await?;
        }
        Ok(told(&receipt, json!({"account": account})))
    })
}
