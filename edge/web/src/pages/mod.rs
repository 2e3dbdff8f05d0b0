//! Pages for people: each handler finds what a page is made from, `kaoping-pages` makes it.

mod matters;
mod office;
mod public;
mod record;
mod reports;
mod rounds;
mod sheets;
mod standards;

pub(crate) use matters::{matters, targets};
pub(crate) use office::{burden, calendar, figures, honesty, inspections, office, offices, people, persons, settings};
pub(crate) use public::{public, published, verify};
pub(crate) use record::{entry, proof, record};
pub(crate) use reports::{ask, reports, sheet};
pub(crate) use rounds::{far, ranking, scores, why};
pub(crate) use sheets::{awards, score_sheet};
pub(crate) use standards::{edit, new, schemes, standard, what_if};

use crate::{
    answer::{Answer, Content},
    api::from_store,
    call::{Call, Later, Outcome},
    guard::LANGUAGE_COOKIE,
    problem::{self, Problem},
};
use axum::http::{StatusCode, header};
use kaoping_office::Entry;
use kaoping_pages::{Eyes, Html, Visit, assets, strange};
use kaoping_store::Store;

/// A page made from what is in memory.
fn seen(call: &Call, make: impl FnOnce(&Eyes<'_>) -> Result<Html, Problem>) -> Outcome {
    let noting = |eyes: &Eyes<'_>| {
        let mut notes = strange::unused(call.lang, &call.query, call.route.parameters);
        notes.extend(strange::unknown(eyes, call.at("scheme"), &call.query));
        make(&Eyes { notes: &notes, ..*eyes })
    };
    with_eyes(call, noting)?.map(Answer::page)
}

/// Something seen with the eyes of the account that asks.
fn with_eyes<T>(call: &Call, look: impl FnOnce(&Eyes<'_>) -> T) -> Result<T, Problem> {
    call.look(|shown, viewer| Ok(look(&Eyes { shown, viewer, lang: call.lang, address: &call.asked, notes: &[] })))
}

/// Entries of the record by their numbers.
async fn entries(call: &Call, numbers: Vec<u64>) -> Result<Vec<Entry>, Problem> {
    let read = move |store: &mut dyn Store| {
        let mut found = Vec::new();
        for number in numbers {
            store.entries(number, &mut |row| {
                found.extend(Entry::from_bytes(&row.bytes).ok());
                false
            })?;
        }
        Ok(found)
    };
    from_store(&call.office, read).await
}

/// What a parameter names, where there is such a thing; nothing where there is none, which the page says.
fn known<'a>(call: &'a Call, name: &str) -> Result<&'a str, Problem> {
    let value = call.parameter(name).unwrap_or_default();
    let missing = with_eyes(call, |eyes| strange::is_missing(eyes, call.at("scheme"), name, value))?;
    Ok(if missing == Some(true) { "" } else { value })
}

/// A page for everybody, also for who is not signed in.
fn visited(call: &Call, make: impl FnOnce(&Visit<'_>) -> Result<Html, Problem>) -> Outcome {
    let (shown, today) = (call.office.desk.snapshot(), call.today());
    let viewer = call.who.as_ref().and_then(|(account, _)| shown.state.viewer(account, today));
    let notes = strange::unused(call.lang, &call.query, call.route.parameters);
    let (viewer, lang, address) = (viewer.as_ref(), call.lang, &call.asked);
    let visit = Visit { shown: &shown, viewer, today, lang, address, notes: &notes };
    make(&visit).map(Answer::page)
}

/// An answer there is nothing to wait for.
fn at_once(outcome: Outcome) -> Later {
    Box::pin(std::future::ready(outcome))
}

/// `GET /assets/{mark}/{name}`: kept by browsers for good, because the mark changes with the content.
pub(crate) fn asset(call: &Call) -> Outcome {
    let (kind, bytes) = assets::find(call.at("name")).ok_or_else(|| problem::route_unknown(&call.uri_path))?;
    let keep = if call.at("mark") == assets::mark() { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(Answer::new(StatusCode::OK, Content::Part(kind, bytes)).with(header::CACHE_CONTROL, keep))
}

/// `GET /language/{language}?back=/`: the choice stays in the browser.
pub(crate) fn language(call: &Call) -> Outcome {
    let language = call.at("language");
    if !matches!(language, "zh" | "en") {
        return Err(problem::route_unknown(&call.uri_path));
    }
    let cookie = format!("{LANGUAGE_COOKIE}={language}; Path=/; SameSite=Lax; Max-Age=31536000");
    Ok(Answer::elsewhere(here(call.parameter("back"))).with(header::SET_COOKIE, &cookie))
}

/// A place of this server; the desk where another one is named.
fn here(path: Option<&str>) -> &str {
    let own = |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    path.filter(own).unwrap_or("/")
}

/// `GET /login?next=/`
pub(crate) fn login(call: Call) -> Later {
    let elsewhere = call.office.provider.is_some();
    let page = kaoping_pages::login::login(call.lang, &call.asked, here(call.parameter("next")), elsewhere);
    at_once(Ok(Answer::page(page)))
}

/// `GET /`
pub(crate) fn desk(call: Call) -> Later {
    at_once(seen(&call, |eyes| Ok(kaoping_pages::desk::desk(eyes))))
}
