//! Where an account is signed in, and ending it everywhere else.

use super::keep;
use crate::{
    answer::Answer,
    call::{Call, Later, Outcome},
    people::forgotten_session,
    problem::Problem,
};
use kaoping_pages::people::SignedIn;
use serde_json::json;

/// The sessions of whoever asks, the one that asks first.
pub(crate) fn own(call: &Call) -> Result<Vec<SignedIn>, Problem> {
    let (account, mine) = (call.account()?, call.who.as_ref().map(|(_, hash)| hash.as_str()));
    let found = call.office.people.sessions_of(account, call.office.now_ms()).into_iter();
    let mut all: Vec<SignedIn> = found
        .map(|(hash, session)| SignedIn {
            begun_ms: session.begun_ms,
            used_ms: session.used_ms,
            address: session.address,
            agent: session.agent,
            here: mine == Some(hash.as_str()),
        })
        .collect();
    all.sort_by_key(|session| !session.here);
    Ok(all)
}

/// `GET /api/sessions`
pub(crate) fn list(call: &Call) -> Outcome {
    call.only(&[])?;
    let line = |session: SignedIn| {
        json!({
            "begun_ms": session.begun_ms,
            "used_ms": session.used_ms,
            "address": session.address,
            "agent": session.agent,
            "here": session.here,
        })
    };
    Ok(Answer::json(json!({"sessions": own(call)?.into_iter().map(line).collect::<Vec<_>>()})))
}

/// `POST /api/sessions/end-others`
pub(crate) fn end_others(call: Call) -> Later {
    Box::pin(async move {
        let own = call.who.as_ref().map(|(_, hash)| hash.as_str());
        let ended = call.office.people.end_all(call.account()?, own);
        let forgotten = ended.iter().map(|hash| forgotten_session(hash)).collect();
        keep(&call.office, forgotten).await?;
        Ok(Answer::json(json!({"ended": ended.len()})))
    })
}
