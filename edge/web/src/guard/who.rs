//! Who asks, and whether that account may use a route at all.

use super::FORWARDED_FOR;
use crate::{
    office::Office,
    people::{forgotten_session, token_hash},
    problem::{self, Problem},
    router::May,
};
use axum::http::{HeaderMap, header};
use kaoping_office::{Role, Viewer};
use std::net::IpAddr;

/// The name of the cookie; behind TLS a browser takes this one from nobody else.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-kaoping" } else { "kaoping" }
}

/// What a cookie holds.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The account that is signed in, and the hash of its session. A session whose account is closed or has no role
/// any more ends here, at once.
pub(super) fn signed_in(office: &Office, headers: &HeaderMap, now_ms: i64) -> Option<(String, String)> {
    let hash = cookie(headers, cookie_name(office.secure)).map(token_hash)?;
    let (session, keep) = office.people.session(&hash, now_ms)?;
    let today = office.today();
    if !office.desk.read(|shown| shown.state.viewer(&session.account, today).is_some()) {
        office.people.end(&hash);
        office.desk.keep(Vec::from([forgotten_session(&hash)]), drop);
        return None;
    }
    if keep {
        office.desk.keep(Vec::from([office.people.kept_session(&hash, &session)]), drop);
    }
    Some((session.account, hash))
}

/// Whether an account may use a route at all.
pub(super) fn may(
    office: &Office,
    may: May,
    account: Option<&str>,
    connected: IpAddr,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let near =
        connected.is_loopback() && !headers.contains_key(FORWARDED_FOR) && !headers.contains_key(header::FORWARDED);
    if may == May::Anybody || may == May::Near && near {
        return Ok(());
    }
    let account = account.ok_or_else(problem::not_signed_in)?;
    let first = office.people.credential(account).is_some_and(|credential| credential.first);
    if first && may != May::Oneself {
        return Err(problem::password_to_change());
    }
    let reads = |reads: &dyn Fn(&Viewer<'_>) -> bool| {
        let today = office.today();
        office.desk.read(|shown| shown.state.viewer(account, today).is_some_and(|viewer| reads(&viewer)))
    };
    let entitled = match may {
        // Whoever is signed in has a role: that was looked at just now.
        May::Anybody | May::Oneself | May::SignedIn => true,
        May::Accounts => reads(&|viewer| viewer.reads_accounts()),
        May::Record => reads(&|viewer| viewer.reads_the_record()),
        May::SystemAdmin | May::Near => {
            reads(&|viewer| viewer.grants().iter().any(|(_, grant)| grant.role == Role::SystemAdmin))
        }
    };
    if entitled { Ok(()) } else { Err(problem::not_for_you()) }
}
