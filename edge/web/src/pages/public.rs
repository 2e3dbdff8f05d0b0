//! Pages for everybody: what is published, and how it is verified.

use super::{at_once, visited};
use crate::{
    call::{Call, Later},
    problem,
    verifying::{Gone, gone_through},
};
use kaoping_desk::checks::{Check, Ground, checks};
use kaoping_ledger::PublicKey;
use kaoping_office::public::Because;
use kaoping_pages::{
    public as published_pages,
    verify::{Stand, Wanted, verify as verify_page},
};

/// `GET /public?q=`
pub(crate) fn public(call: Call) -> Later {
    let text = call.parameter("q").unwrap_or_default();
    at_once(visited(&call, |visit| Ok(published_pages::all(visit, text))))
}

/// `GET /public/{scheme}/{round}`
pub(crate) fn published(call: Call) -> Later {
    let (scheme, round) = (call.at("scheme"), published_pages::round_of(call.at("round")));
    at_once(visited(&call, |visit| {
        let found = visit.shown.state.public_result(scheme, round, visit.today);
        found.map(|public| published_pages::one(visit, &public)).ok_or_else(problem::not_there)
    }))
}

/// `GET /verify?result=scheme|round&checkpoint=`
pub(crate) fn verify(call: Call) -> Later {
    Box::pin(async move {
        let (scheme, round) = call.parameter("result").and_then(|result| result.split_once('|')).unwrap_or_default();
        let pinned = call.parameter("checkpoint").unwrap_or_default();
        let wanted = Wanted { scheme, round, pinned };
        let Some(entry) = publishing_entry(&call, scheme, round) else {
            return visited(&call, |visit| Ok(verify_page(visit, &wanted, &Stand::Idle)));
        };
        let gone = gone_through(&call.office, entry).await;
        visited(&call, |visit| {
            let Some(gone) = &gone else { return Ok(verify_page(visit, &wanted, &Stand::Running)) };
            let found = checked(visit.shown, gone, entry, pinned);
            let stand = match (&found, &gone.verified) {
                (Some(checks), Some(verified)) => Stand::Done { checks, at_ms: gone.at_ms, size: verified.size },
                _ => Stand::Failed,
            };
            Ok(verify_page(visit, &wanted, &stand))
        })
    })
}

/// The entry that published a result everybody sees.
fn publishing_entry(call: &Call, scheme: &str, round: &str) -> Option<u64> {
    let today = call.today();
    call.office.desk.read(|shown| match shown.state.public_result(scheme, round, today)?.because {
        Because::Published(entry) => Some(entry),
        Because::ForObjections(_) => None,
    })
}

fn checked(shown: &kaoping_desk::Shown, gone: &Gone, entry: u64, pinned: &str) -> Option<Vec<Check>> {
    let verified = gone.verified.as_ref()?;
    let key = PublicKey::parse(&shown.state.key)?;
    Some(checks(&Ground { verified, tree: &shown.tree, key: &key }, entry, Some(pinned)))
}
