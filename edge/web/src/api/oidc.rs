//! Signing in elsewhere: going, coming back, and who is whom.

use super::{
    login::{begin_session, with_cookies},
    logins::{Given, account, done, told},
};
use crate::{
    answer::{Answer, Content},
    call::{Call, Later},
    oidc::{Provider, Trouble, account_taken, not_bound, not_offered, state_unknown},
    people::{Binding, forgotten_session},
    problem::{self, Problem},
};
use axum::http::{HeaderName, StatusCode, header};
use kaoping_office::{
    Act,
    deeds::logins::{BindLogin, UnbindLogin},
};
use serde::Deserialize;
use serde_json::json;
use std::sync::PoisonError;

/// What the browser keeps while somebody is away.
const AWAY: &str = "kaoping-away";

/// For so long: 10 minutes, in seconds.
const AWAY_SECONDS: i64 = 600;

/// Asks the provider on a thread that may wait for the network.
async fn ask<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&Provider, i64) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Problem> {
    let office = std::sync::Arc::clone(&call.office);
    let provider = call.office.provider.as_ref().ok_or_else(not_offered)?;
    let _turn = provider.turns.acquire().await.map_err(|_| problem::closing())?;
    let now_ms = office.now_ms();
    let worked = move || office.provider.as_ref().map(|provider| work(provider, now_ms));
    match tokio::task::spawn_blocking(worked).await {
        Ok(Some(outcome)) => outcome.map_err(Problem::from),
        Ok(None) => Err(not_offered()),
        Err(_) => Err(problem::server_fault()),
    }
}

fn away(call: &Call, value: &str, seconds: i64) -> String {
    let secure = if call.office.secure { "; Secure" } else { "" };
    format!("{AWAY}={value}; Path=/api/oidc; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// `GET /api/oidc/begin`
pub(crate) fn begin(call: Call) -> Later {
    Box::pin(async move {
        let begun = ask(&call, Provider::begin).await?;
        let answer = Answer::new(StatusCode::SEE_OTHER, Content::Text("text/plain; charset=utf-8", String::new()));
        let answer = answer.with(header::LOCATION, &begun.address).with(header::CACHE_CONTROL, "no-store");
        Ok(answer.with(header::SET_COOKIE, &away(&call, &begun.browser, AWAY_SECONDS)))
    })
}

/// `GET /api/oidc/back`: whoever comes back has gone from here, in this browser, and comes back once.
pub(crate) fn back(call: Call) -> Later {
    Box::pin(async move {
        let provider = call.office.provider.as_ref().ok_or_else(not_offered)?;
        let cookies = call.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let browser = pairs.find(|(name, _)| *name == AWAY).map(|(_, value)| value);
        let state = call.parameter("state").unwrap_or_default();
        let now_ms = call.office.now_ms();
        let pending = {
            let mut waiting = provider.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.take(state, browser, now_ms).ok_or_else(state_unknown)?
        };
        // A provider that says who it is is to be the one he was sent to (RFC 9207).
        if call.parameter("iss").is_some_and(|issuer| issuer != provider.issuer()) {
            return Err(state_unknown());
        }
        let code = call.parameter("code").ok_or(Trouble::Refused)?.to_owned();
        let issuer = provider.issuer().to_owned();
        let subject = ask(&call, move |provider, now_ms| provider.finish(code, pending, now_ms)).await?;
        let (account, binding) = call.office.people.bound(&issuer, &subject).ok_or_else(not_bound)?;
        let recorded = call
            .office
            .desk
            .read(|shown| shown.state.accounts.get(account.as_str()).and_then(|account| account.bound.clone()));
        if recorded != Some(binding.hash()) {
            return Err(not_bound());
        }
        let cookies = begin_session(&call, &account).await?;
        let answer = Answer::json(json!({"account": account, "password_to_change": false}));
        // The page that is shown then is asked for by this answer, so that the browser sends its cookie.
        let answer = answer.with(HeaderName::from_static(REFRESH), "0; url=/").with(header::CACHE_CONTROL, "no-store");
        Ok(with_cookies(answer, &cookies).with(header::SET_COOKIE, &away(&call, "", 0)))
    })
}

const REFRESH: &str = "refresh";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bind {
    id: Option<String>,
    subject: String,
    why: String,
}

/// `POST /api/accounts/{account}/bind`: by what the provider calls the person, never by mail or name.
pub(crate) fn bind(call: Call) -> Later {
    Box::pin(async move {
        let Bind { id, subject, why } = call.json_of_persons()?;
        let account = account(&call)?;
        let issuer = call.office.provider.as_ref().ok_or_else(not_offered)?.issuer().to_owned();
        if subject.is_empty() || subject.len() > 255 {
            return Err(problem::unusable(
                "subject",
                kaoping_terms::Text::new("要 1 到 255 个字节", "it has 1 to 255 bytes"),
                kaoping_terms::Text::new("写平台给这个人的编号", "write the number the platform gives this person"),
            ));
        }
        let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
        let bound = call.office.people.bound(&issuer, &subject);
        if bound.as_ref().is_some_and(|(other, _)| *other != account) {
            return Err(account_taken());
        }
        // Sent again it is the same deed: with the random number that was drawn then.
        let drawn = || Binding::of(&issuer, &subject).ok_or_else(problem::server_fault);
        let binding = bound.map_or_else(drawn, |(_, binding)| Ok(binding))?;
        let act = Act::BindLogin(BindLogin { account: account.as_str().into(), to: binding.hash() });
        let kept = Vec::from([call.office.people.kept_binding(&account, Some(&binding))]);
        let receipt = done(&call, Given { id, why }, act, kept).await?;
        if !receipt.again {
            call.office.people.bind(&account, Some(binding));
        }
        Ok(told(&receipt, json!({"account": account})))
    })
}

/// `POST /api/accounts/{account}/unbind`: sessions end with it.
pub(crate) fn unbind(call: Call) -> Later {
    Box::pin(async move {
        let given: Given = call.json()?;
        // One that was closed is unbound too, so that the person can have another.
        let account = call.at("account").to_owned();
        let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
        let act = Act::UnbindLogin(UnbindLogin { account: account.as_str().into() });
        let receipt = done(&call, given, act, Vec::from([call.office.people.kept_binding(&account, None)])).await?;
        if !receipt.again {
            call.office.people.bind(&account, None);
            let ended = call.office.people.end_all(&account, None);
            super::keep(&call.office, ended.iter().map(|hash| forgotten_session(hash)).collect()).await?;
        }
        Ok(told(&receipt, json!({"account": account})))
    })
}
