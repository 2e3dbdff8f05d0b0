//! What every request goes through, whatever it asks for: one place.

pub mod limit;
pub mod log;
pub mod metrics;
mod origin;
pub(crate) mod who;

use crate::{
    answer::{Answer, Format},
    call::{Call, Outcome},
    office::Office,
    problem::{self, Problem},
    router::{Body as Takes, Doing, Form, May, Method as RouteMethod, Route},
};
use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, FromRequestParts as _, Query, RawPathParams},
    http::{HeaderMap, HeaderValue, Method, Request, Response, header},
};
use kaoping_pages::Visit;
use kaoping_terms::Lang;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// A body has to be there after so long.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A paper may take longer: lines of small offices are slow.
const PAPER_TIME: Duration = Duration::from_secs(600);

/// A folder somebody brings who is not signed in has less.
const FOLDER_TIME: Duration = Duration::from_secs(300);

/// An answer has to be there after so long.
const ANSWER_TIME: Duration = Duration::from_secs(60);

pub(crate) use origin::FORWARDED_FOR;

/// Answers one request to a route. It is worked on to its end, also where the asker goes away: what was begun is
/// never left half done. A fault of the program is an answer, and nobody else's affair.
pub(crate) async fn answer(
    office: Arc<Office>,
    route: &'static Route,
    format: Format,
    request: Request<Body>,
) -> Response<Body> {
    let lang = language(request.headers());
    // Before anything is done for it.
    if route.method == RouteMethod::Post && office.desk.is_busy() {
        return goes_out(&office, route, office.now_ms(), 0, None, Problem::busy(lang));
    }
    let work = tokio::spawn(worked_on(office, route, format, request));
    work.await.unwrap_or_else(|_| problem::server_fault().response(lang))
}

async fn worked_on(
    office: Arc<Office>,
    route: &'static Route,
    format: Format,
    request: Request<Body>,
) -> Response<Body> {
    let begun_ms = office.now_ms();
    let begun = std::time::Instant::now();
    let known = text(request.headers(), &header::IF_NONE_MATCH);
    let lang = language(request.headers());
    // Programs that name no language read columns by the names they know.
    let in_chinese = lang == Lang::Zh && names_a_language(request.headers());
    let asked = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let mut account = None;
    let outcome = passed(&office, route, lang, request, &mut account).await;
    let response = match outcome {
        Ok((answer, accepted)) => answer.response(accepted.unwrap_or(format), known.as_deref(), in_chinese),
        Err(problem) if route.form == Form::Page => {
            page(&office, &problem, account.as_deref(), lang, &asked).response(format, None, in_chinese)
        }
        Err(problem) => problem.placed(&[]).response(lang),
    };
    let ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    goes_out(&office, route, begun_ms, ms, account.as_deref(), response)
}

/// An answer goes out: with what browsers are to know, counted and written down.
fn goes_out(
    office: &Office,
    route: &Route,
    at_ms: i64,
    ms: i64,
    account: Option<&str>,
    mut response: Response<Body>,
) -> Response<Body> {
    protect(response.headers_mut(), office.secure);
    let (method, route, status) = (route.method.name(), route.path, response.status().as_u16());
    office.metrics.count(method, route, status, ms);
    office.log.line(&log::Line { at_ms, method, route, status, ms, account });
    response
}

/// Answers where there is no route, or none with that method: people with a page, programs with a problem.
pub(crate) fn refuse(office: &Office, problem: &Problem, headers: &HeaderMap) -> Response<Body> {
    let lang = language(headers);
    let reads_pages = text(headers, &header::ACCEPT).is_some_and(|wanted| wanted.contains("text/html"));
    let mut response = if reads_pages {
        let who = who::signed_in(office, headers, office.now_ms());
        let account = who.as_ref().map(|(account, _)| account.as_str());
        page(office, problem, account, lang, "/").response(Format::Json, None, false)
    } else {
        problem.response(lang)
    };
    protect(response.headers_mut(), office.secure);
    let status = response.status().as_u16();
    office.metrics.count("", "", status, 0);
    office.log.line(&log::Line { at_ms: office.now_ms(), method: "", route: "", status, ms: 0, account: None });
    response
}

/// Why a page is not shown, as a page; whoever is signed in keeps his menu.
fn page(office: &Office, problem: &Problem, account: Option<&str>, lang: Lang, address: &str) -> Answer {
    let (shown, today) = (office.desk.snapshot(), office.today());
    let viewer = account.and_then(|account| shown.state.viewer(account, today));
    problem.page(&Visit { shown: &shown, viewer: viewer.as_ref(), today, lang, address, notes: &[] })
}

/// The gate: how much, from where, who, what, and only then the handler.
async fn passed(
    office: &Arc<Office>,
    route: &'static Route,
    lang: Lang,
    request: Request<Body>,
    account: &mut Option<String>,
) -> Result<(Answer, Option<Format>), Problem> {
    let (mut parts, body) = request.into_parts();
    let now_ms = office.now_ms();
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
    let connected = connected.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let address = origin::address(connected, &parts.headers, office.proxied);
    office.limits.take(&format!("address {address}"), now_ms).map_err(problem::too_many)?;
    if parts.method != Method::GET && parts.method != Method::HEAD {
        origin::check(&parts.headers)?;
    }
    let who = who::signed_in(office, &parts.headers, now_ms);
    if let Some((who, _)) = &who {
        *account = Some(who.clone());
        office.limits.take(&format!("account {who}"), now_ms).map_err(problem::too_many)?;
    }
    who::may(office, route.may, who.as_ref().map(|(account, _)| account.as_str()), connected, &parts.headers)?;
    let accepted = accepted(&parts.headers, route.form)?;
    let path = RawPathParams::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| problem::route_unknown(parts.uri.path()))?;
    let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map_err(|_| problem::route_unknown(parts.uri.path()))?
        .0;
    let body = read(office, route, &parts.headers, body).await?;
    let said = if matches!(route.body, Takes::Json(_)) { body.clone() } else { Bytes::new() };
    let uri_path = parts.uri.path().to_owned();
    let asked = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let call = Call {
        office: Arc::clone(office),
        route,
        uri_path,
        asked,
        who,
        lang,
        path,
        query,
        headers: parts.headers,
        body,
        address,
    };
    let outcome: Outcome = match route.doing {
        Doing::Look(look) => look(&call),
        Doing::Do(work) => match tokio::time::timeout(ANSWER_TIME, work(call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(problem::closing().after(1)),
        },
    };
    outcome.map(|answer| (answer, accepted)).map_err(|problem| problem.placed(&said))
}

async fn read(office: &Office, route: &Route, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let (kind, most, time) = match (route.body, route.may) {
        (Takes::Nothing, _) => return Ok(Bytes::new()),
        (Takes::Json(_), May::Anybody) => ("application/json", MOST_OF_STRANGERS, BODY_TIME),
        (Takes::Json(_), _) => ("application/json", MOST_JSON, BODY_TIME),
        (Takes::Bytes, May::Anybody) => ("application/octet-stream", MOST_BYTES, FOLDER_TIME),
        (Takes::Bytes, _) => ("application/octet-stream", MOST_BYTES, PAPER_TIME),
    };
    let most = route.most.unwrap_or(most);
    let given = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    if !given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(kind)) {
        return Err(problem::other_kind(kind, given.split(';').next().unwrap_or_default().trim()));
    }
    let said = text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if said.is_some_and(|said| said > most) {
        return Err(problem::too_large(most));
    }
    // What is large is taken in turn, because each may fill a good part of the memory.
    let _turn = match most > MOST_JSON {
        true if route.may == May::Anybody => {
            Some(office.strangers.try_acquire().map_err(|_| problem::verifying_busy())?)
        }
        true => Some(office.uploads.acquire().await.map_err(|_| problem::closing())?),
        false => None,
    };
    match tokio::time::timeout(time, axum::body::to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(problem::too_large(most)),
        Err(_) => Err(problem::too_slow()),
    }
}

/// The largest body of somebody who is not signed in: 16 KiB.
const MOST_OF_STRANGERS: usize = 16 << 10;

/// The largest body of JSON: 1 MiB.
const MOST_JSON: usize = 1 << 20;

/// The largest paper: 64 MiB.
const MOST_BYTES: usize = 64 << 20;

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The cookie in which a browser keeps the language somebody chose.
pub(crate) const LANGUAGE_COOKIE: &str = "kaoping-language";

/// The language somebody chose, else the first of the asker that there is; Chinese where it names none.
fn language(headers: &HeaderMap) -> Lang {
    match who::cookie(headers, LANGUAGE_COOKIE) {
        Some("zh") => return Lang::Zh,
        Some("en") => return Lang::En,
        _ => (),
    }
    let wanted = text(headers, &header::ACCEPT_LANGUAGE).unwrap_or_default().to_ascii_lowercase();
    let known = |language: &str| match language.trim().get(..2) {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    };
    wanted.split(',').find_map(known).unwrap_or_default()
}

/// Whether the asker names a language at all, as browsers do.
fn names_a_language(headers: &HeaderMap) -> bool {
    who::cookie(headers, LANGUAGE_COOKIE).is_some() || headers.contains_key(header::ACCEPT_LANGUAGE)
}

/// The form the asker wants; `None` where it does not say, and the path does.
fn accepted(headers: &HeaderMap, form: Form) -> Result<Option<Format>, Problem> {
    let Some(wanted) = text(headers, &header::ACCEPT) else { return Ok(None) };
    let kinds = wanted.split(',').filter_map(|kind| kind.split(';').next());
    let mut open = false;
    for kind in kinds.map(|kind| kind.trim().to_ascii_lowercase()) {
        match (kind.as_str(), form) {
            ("text/csv", Form::List) => return Ok(Some(Format::Csv)),
            ("application/json" | "application/problem+json", Form::List) => return Ok(Some(Format::Json)),
            ("application/json" | "application/*" | "application/problem+json", Form::Json) => return Ok(None),
            ("*/*", _) | ("application/*" | "text/*", Form::List) | (_, Form::Other | Form::Page) => open = true,
            _ => (),
        }
    }
    if open { Ok(None) } else { Err(problem::not_offered(form)) }
}

/// That no other site may take an answer into its own pages.
const RESOURCE_POLICY: &str = "cross-origin-resource-policy";

/// Says to browsers what never to do with an answer.
fn protect(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::HeaderName::from_static(RESOURCE_POLICY), "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(header::VARY, "Accept, Accept-Language, Cookie");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
