//! Signing in and out, passwords and codes.

use super::keep;
use crate::{
    answer::Answer,
    call::{Call, Later},
    guard::who::cookie_name,
    office::Office,
    people::{ABSOLUTE_MS, Credential, Session, forgotten_session, password_faults, random, token_hash, totp::Totp},
    problem::{self, Problem},
};
use axum::http::header;
use kaoping_office::ids::is_name;
use kaoping_pages::encoded;
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, PoisonError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    account: String,
    password: String,
    totp: Option<String>,
}

/// `POST /api/login`
pub(crate) fn login(call: Call) -> Later {
    Box::pin(async move {
        let Login { account, password, totp } = call.json()?;
        let credential = proven(&call.office, &account, password, totp.as_deref()).await?;
        let cookies = begin_session(&call, &account).await?;
        let body = json!({"account": account, "password_to_change": credential.first});
        Ok(with_cookies(Answer::json(body), &cookies).with(header::CACHE_CONTROL, "no-store"))
    })
}

/// An answer with what a browser is to keep.
pub(super) fn with_cookies(answer: Answer, cookies: &[String]) -> Answer {
    cookies.iter().fold(answer, |answer, cookie| answer.with(header::SET_COOKIE, cookie))
}

/// Begins a session of an account that was proved, and gives its cookies. The one before it in this browser ends.
pub(super) async fn begin_session(call: &Call, account: &str) -> Result<[String; 2], Problem> {
    let today = call.today();
    if call.office.desk.read(|shown| shown.state.viewer(account, today).is_none()) {
        return Err(problem::no_role_today());
    }
    let token = drawn_token()?;
    let (address, agent) = (call.address.to_string(), call.header(header::USER_AGENT.as_str()).unwrap_or_default());
    let (hash, session) = (token_hash(&token), Session::new(account, call.office.now_ms(), &address, agent));
    let mut kept = Vec::from([call.office.people.kept_session(&hash, &session)]);
    if let Some((_, before)) = &call.who {
        call.office.people.end(before);
        kept.push(forgotten_session(before));
    }
    kept.extend(call.office.people.make_room(account).iter().map(|hash| forgotten_session(hash)));
    keep(&call.office, kept).await?;
    call.office.people.begin(hash, session);
    Ok([cookie(&call.office, &token, ABSOLUTE_MS / 1000), mark(&call.office, &encoded(account))])
}

/// Looks at account, password and code; wrong ones are counted, and answered alike.
async fn proven(
    office: &Arc<Office>,
    account: &str,
    password: String,
    code: Option<&str>,
) -> Result<Credential, Problem> {
    let _turn = office.people.turn.acquire().await.map_err(|_| problem::closing())?;
    let now_ms = office.now_ms();
    if let Some(left) = office.people.locks.lock().unwrap_or_else(PoisonError::into_inner).left(account, now_ms) {
        return Err(problem::account_locked(left, now_ms));
    }
    // Only what can be an account is counted, so that nobody fills the memory with names.
    let known = office.people.credential(account).filter(|_| is_name(account));
    let looked_at = known.clone().unwrap_or_else(Credential::nobody);
    let right =
        tokio::task::spawn_blocking(move || looked_at.is(&password)).await.map_err(|_| problem::server_fault())?;
    let step = known.filter(|_| right).and_then(|credential| proves(&credential, code, now_ms));
    {
        let mut locks = office.people.locks.lock().unwrap_or_else(PoisonError::into_inner);
        match step {
            Some(_) => locks.right(account),
            None if is_name(account) => locks.wrong(account, now_ms),
            None => (),
        }
    }
    let step = step.ok_or_else(problem::login_failed)?;
    let credential = office.people.use_code(account, step).ok_or_else(problem::login_failed)?;
    if credential.totp.is_some() {
        // Kept before the turn ends, so that nothing older takes its place.
        keep(office, Vec::from([office.people.kept_credential(account, &credential)])).await?;
    }
    Ok(credential)
}

/// Whether the code proves the account, which has none or one of these; and of which step it is.
fn proves(credential: &Credential, code: Option<&str>, now_ms: i64) -> Option<i64> {
    match &credential.totp {
        None => Some(0),
        Some(totp) => totp.step_of(code?, now_ms),
    }
}

fn drawn_token() -> Result<String, Problem> {
    let bytes = random::<32>().ok_or_else(problem::server_fault)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn cookie(office: &Office, token: &str, seconds: i64) -> String {
    let secure = if office.secure { "; Secure" } else { "" };
    let name = cookie_name(office.secure);
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// Nobody: whoever was signed in has gone.
const NOBODY: &str = "-";

/// Whose pages a browser is to show. It opens nothing, and scripts read it: a page that comes back from the memory of the
/// browser sees by it that whoever looked at it has gone.
fn mark(office: &Office, account: &str) -> String {
    let secure = if office.secure { "; Secure" } else { "" };
    format!("kaoping-account={account}; Path=/; SameSite=Strict; Max-Age={}{secure}", ABSOLUTE_MS / 1000)
}

/// `POST /api/logout`
pub(crate) fn logout(call: Call) -> Later {
    Box::pin(async move {
        if let Some((_, hash)) = &call.who {
            call.office.people.end(hash);
            keep(&call.office, Vec::from([forgotten_session(hash)])).await?;
        }
        let cookies = [cookie(&call.office, "", 0), mark(&call.office, NOBODY)];
        Ok(with_cookies(Answer::json(json!({})), &cookies))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    now: String,
    new: String,
}

/// `POST /api/password`
pub(crate) fn change(call: Call) -> Later {
    Box::pin(async move {
        let Change { now, new } = call.json()?;
        let account = call.account()?.to_owned();
        let faults = password_faults(&new, &now, &account);
        if !faults.is_empty() {
            return Err(problem::password_unfit(faults));
        }
        let before = with_password(&call, &account, now).await?;
        let hashed = tokio::task::spawn_blocking(move || Credential::of(&new, false)).await;
        let hashed = hashed.ok().flatten().ok_or_else(problem::server_fault)?;
        set(&call, &account, hashed.with_codes(before.totp)).await?;
        Ok(Answer::json(json!({"account": account})))
    })
}

/// Looks at the present password again; codes are not asked for a second time.
async fn with_password(call: &Call, account: &str, password: String) -> Result<Credential, Problem> {
    let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
    let now_ms = call.office.now_ms();
    let known = call.office.people.credential(account).ok_or_else(problem::login_failed)?;
    let looked_at = known.clone();
    let right =
        tokio::task::spawn_blocking(move || looked_at.is(&password)).await.map_err(|_| problem::server_fault())?;
    let mut locks = call.office.people.locks.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(left) = locks.left(account, now_ms) {
        return Err(problem::account_locked(left, now_ms));
    }
    if right {
        return Ok(known);
    }
    locks.wrong(account, now_ms);
    Err(problem::login_failed())
}

/// Keeps what proves an account; its other sessions end.
async fn set(call: &Call, account: &str, credential: Credential) -> Result<(), Problem> {
    let _turn = call.office.people.turn.acquire().await.map_err(|_| problem::closing())?;
    keep(&call.office, Vec::from([call.office.people.kept_credential(account, &credential)])).await?;
    proved_anew(call, account, credential).await
}

/// What proves an account is durable: it is in force, and other sessions end.
pub(super) async fn proved_anew(call: &Call, account: &str, credential: Credential) -> Result<(), Problem> {
    call.office.people.set_credential(account, credential);
    let own = call.who.as_ref().filter(|(who, _)| who == account).map(|(_, hash)| hash.as_str());
    let ended = call.office.people.end_all(account, own);
    let forgotten = ended.iter().map(|hash| forgotten_session(hash)).collect();
    keep(&call.office, forgotten).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    password: String,
    code: Option<String>,
    secret: Option<String>,
}

/// `POST /api/totp`: without a code a secret is drawn; with that secret and a code of it, codes are asked for from then on.
pub(crate) fn totp(call: Call) -> Later {
    Box::pin(async move {
        let Codes { password, code, secret } = call.json()?;
        let account = call.account()?.to_owned();
        let known = with_password(&call, &account, password).await?;
        let (Some(code), Some(secret)) = (code, secret) else {
            let drawn = Totp::new(random::<20>().ok_or_else(problem::server_fault)?);
            let address = address_of(&account, &drawn);
            let picture = picture(&address).ok_or_else(problem::server_fault)?;
            return Ok(Answer::json(
                json!({"secret": drawn.text(), "address": address, "picture": picture, "in_force": false}),
            )
            .with(header::CACHE_CONTROL, "no-store"));
        };
        let totp = Totp::parse(&secret).ok_or_else(problem::login_failed)?;
        let step = totp.step_of(&code, call.office.now_ms()).ok_or_else(problem::login_failed)?;
        set(&call, &account, known.with_codes(Some(totp.used(step)))).await?;
        Ok(Answer::json(json!({"in_force": true})))
    })
}

/// The secret of an account as authenticators take it.
fn address_of(account: &str, totp: &Totp) -> String {
    format!("otpauth://totp/kaoping:{}?secret={}&issuer=kaoping", encoded(account), totp.text())
}

/// A text as a picture that a telephone reads: how many squares wide it is, and the dark ones as a path of SVG.
fn picture(text: &str) -> Option<Value> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let long = run.len();
                path.push_str(&format!("M{x} {y}h{long}v1h-{long}z"));
            }
            x += run.len();
        }
    }
    Some(json!({"width": width, "path": path}))
}

#[cfg(test)]
mod tests {
    use super::{address_of, picture};
    use crate::people::totp::Totp;

    #[test]
    fn the_picture_of_a_secret_has_the_three_eyes_every_reader_looks_for() {
        let address = address_of("乙县 clerk", &Totp::new([7; 20]));
        assert!(address.starts_with("otpauth://totp/kaoping:%E4%B9%99%E5%8E%BF%20clerk?secret="), "{address}");
        let picture = picture(&address).expect("a picture");
        let (width, path) = (picture["width"].as_u64().expect("a width"), picture["path"].as_str().expect("a path"));
        let far = width - 7;
        for eye in ["M0 0h7v1h-7z".to_owned(), format!("M{far} 0h7v1h-7z"), format!("M0 {far}h7v1h-7z")] {
            assert!(path.contains(&eye), "{eye} in {path}");
        }
    }
}
