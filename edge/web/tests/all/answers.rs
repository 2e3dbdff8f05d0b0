//! The form of answers: pages, CSV, tags, headers, papers, metrics, logs, the document of the interface.

use crate::town::{PASSWORD, Town};
use axum::{body::Body, http::Request};
use kaoping_office::Act;
use kaoping_web::{openapi, router::ROUTES};
use serde_json::{Value, json};
use std::{fs, path::Path};

#[tokio::test]
async fn lists_come_in_pages() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let mut path = "/api/accounts?limit=5".to_owned();
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let said = town.get(&cookie, &path).await;
        pages += 1;
        seen.extend(said.column("account"));
        let json = said.json();
        let Some(next) = json["next"].as_str() else { break };
        assert_eq!(said.header("link"), format!("<{next}>; rel=\"next\""));
        path = next.to_owned();
    }
    assert_eq!((pages, seen.len()), (3, 12));
    assert_eq!(seen, town.get(&cookie, "/api/accounts").await.column("account"), "each once, in order");
    // A page goes on where it was, also when something was added before it.
    let first = town.get(&cookie, "/api/accounts?limit=5").await.json();
    town.deed(&cookie, "d-1", json!({"open-account": {"account": "A0"}})).await;
    let second = town.get(&cookie, first["next"].as_str().expect("a page")).await.column("account");
    assert_eq!(second.first(), seen.get(5));
}

#[tokio::test]
async fn csv_is_safe_to_open() {
    let town = Town::new();
    let paper = town.paper(b"a paper");
    town.reports_until_signed(paper);
    let cookie = town.login("C1").await;
    let said = town.get(&cookie, "/api/offices.csv").await;
    assert_eq!(said.header("content-type"), "text/csv; charset=utf-8");
    let text = said.text();
    assert!(text.starts_with("\u{feff}unit,name,parent,kind,peers,opened,closed\r\n"), "{text}");
    assert!(text.contains("乙县,乙县,甲市,,,2026-01-01,\r\n"), "{text}");
    // What somebody wrote never becomes a formula; a number stays one.
    let auditor = town.login("U1").await;
    let act = json!({"enter-notice": {"year": 2026, "notice": "=1+1", "rest": [], "work": []}});
    let office = town.login("A1").await;
    let body = json!({"id": "d-1", "act": act, "why": "=cmd|' /C calc'!A0"});
    assert_eq!(town.post(&office, "/api/deeds", &body).await.status, 201);
    let record = town.get(&auditor, "/api/record.csv?from=20").await.text();
    assert!(record.contains(",'=cmd|' /C calc'!A0,"), "{record}");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let said = town.get(&cookie, "/api/offices").await;
    let tag = said.header("etag").to_owned();
    let again = |tag: String| {
        let request = Request::get("/api/offices").header("cookie", &cookie).header("if-none-match", tag);
        town.ask(request.body(Body::empty()).expect("a request"))
    };
    let known = again(tag.clone()).await;
    assert_eq!((known.status, known.bytes.len(), known.header("etag")), (304, 0, tag.as_str()));
    assert_eq!(known.header("cache-control"), "private, no-cache");
    // A proxy that packed the answer, several that are known, any.
    for tags in [format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        assert_eq!(again(tags).await.status, 304);
    }
    let other = town.get(&cookie, "/api/offices.csv").await;
    assert_ne!(other.header("etag"), tag);
    assert_eq!(again("\"other\"".to_owned()).await.status, 200);
}

#[tokio::test]
async fn browsers_are_told_what_never_to_do() {
    let town = Town::new();
    let cookie = town.login("A1").await;
    for path in ["/healthz", "/api/offices", "/api/nothing", "/api/offices.csv", "/openapi.json"] {
        let said = town.get(&cookie, path).await;
        assert!(
            said.header("content-security-policy").starts_with("default-src 'none'; frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(said.header("x-content-type-options"), "nosniff");
        assert_eq!(said.header("referrer-policy"), "no-referrer");
        assert_eq!(said.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(said.header("strict-transport-security"), "", "not without TLS");
    }
    let login = town.post("", "/api/login", &json!({"account": "C1", "password": PASSWORD})).await;
    assert_eq!(login.header("cache-control"), "no-store");
    let Town { office, router, place, .. } = town;
    drop((office, router));
    let town = Town::empty(place, 10, true);
    let login = town.post("", "/api/login", &json!({"account": "C1", "password": PASSWORD})).await;
    assert!(login.header("set-cookie").starts_with("__Host-kaoping="), "{}", login.header("set-cookie"));
    assert!(login.header("set-cookie").ends_with("; Secure"));
    assert_eq!(login.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_paper_is_kept_and_given_back_never_shown() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let html = "<script>alert(1)</script>";
    let request =
        Request::post("/api/contents").header("cookie", &cookie).header("content-type", "application/octet-stream");
    let said = town.ask(request.body(Body::from(html)).expect("a request")).await;
    assert_eq!((said.status, &said.json()["size"]), (201, &json!(25)));
    let hash = said.json()["hash"].as_str().expect("a hash").to_owned();
    let said = town.get(&cookie, &format!("/api/contents/{hash}")).await;
    assert_eq!(said.text(), html, "whoever brought it may look at it");
    assert_eq!(said.header("content-type"), "application/octet-stream");
    assert!(said.header("content-disposition").starts_with("attachment; filename=\"sha256-"));
    let other = town.login("C2").await;
    assert_eq!(town.get(&other, &format!("/api/contents/{hash}")).await.told(), "404 not-in-the-record");
    // Now a deed may rest on it.
    let system = town.login("S1").await;
    let body = json!({"id": "d-1", "act": {"open-account": {"account": "A9"}}, "evidence": [hash]});
    assert_eq!(town.post(&system, "/api/deeds", &body).await.status, 201);
}

#[tokio::test]
async fn codes_that_change() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    let drawn = town.post(&cookie, "/api/totp", &json!({"password": PASSWORD})).await.json();
    let secret = drawn["secret"].as_str().expect("a secret").to_owned();
    let code =
        |ms: i64| kaoping_web::people::totp::Totp::parse(&secret).and_then(|totp| totp.code_at(ms)).expect("a code");
    let now = || town.office.now_ms();
    let body = json!({"password": PASSWORD, "secret": secret, "code": "000000"});
    assert_eq!(
        town.post(&cookie, "/api/totp", &body).await.told(),
        "401 login-failed",
        "not in force without a right code"
    );
    let body = json!({"password": PASSWORD, "secret": secret, "code": code(now())});
    assert_eq!(town.post(&cookie, "/api/totp", &body).await.json(), json!({"in_force": true}));
    let login = |totp: Option<String>| town_login(&town, totp);
    assert_eq!(login(None).await, "401 login-failed");
    assert_eq!(login(Some(code(now()))).await, "401 login-failed", "that code was used");
    town.wait(30_000);
    assert_eq!(login(Some(code(now()))).await, "200");
    assert_eq!(login(Some(code(now()))).await, "401 login-failed", "used once");
}

async fn town_login(town: &Town, totp: Option<String>) -> String {
    town.post("", "/api/login", &json!({"account": "C1", "password": PASSWORD, "totp": totp})).await.told()
}

#[tokio::test]
async fn the_log_and_the_metrics_know_no_people() {
    let town = Town::new();
    let cookie = town.login("C1").await;
    town.get(&cookie, "/api/reports/%E4%B8%80%E6%9C%88/%E4%B9%99%E5%8E%BF").await;
    town.get(&cookie, "/api/offices?name=%E6%9D%8E%E5%9B%9B").await;
    town.get("", "/api/me").await;
    let lines = town.log.lock().expect("lines").clone();
    let lines: Vec<serde_json::Value> = lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| format!("{} {} {} {}", line["method"], line["route"], line["status"], line["account"]))
        .collect();
    assert_eq!(
        told,
        [
            "\"POST\" \"/api/login\" 200 null",
            "\"GET\" \"/api/reports/{collection}/{unit}\" 404 \"C1\"",
            "\"GET\" \"/api/offices\" 200 \"C1\"",
            "\"GET\" \"/api/me\" 401 null",
        ]
    );
    let text = town.get("", "/metrics").await.text();
    assert!(
        text.contains("\nkaoping_requests_total{method=\"GET\",route=\"/api/offices\",status=\"200\"} 1\n"),
        "{text}"
    );
    assert!(text.contains("\nkaoping_signed_in 1\n") && !text.contains("C1"), "{text}");
    // Through a proxy it is for the system administrator alone.
    let request = Request::get("/metrics").header("x-forwarded-for", "192.0.2.1").body(Body::empty());
    assert_eq!(town.ask(request.expect("a request")).await.told(), "401 not-signed-in");
}

/// `KAOPING_BLESS=1 cargo test -p kaoping-web` writes it anew.
#[test]
fn the_document_of_the_interface_is_the_one_that_is_kept() {
    let made = serde_json::to_string_pretty(&openapi::document()).expect("JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("KAOPING_BLESS").is_some() {
        fs::write(&file, &made).expect("docs/openapi.json");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let first = kept.lines().zip(made.lines()).find(|(kept, made)| kept != made);
    assert!(kept == made, "docs/openapi.json is not what the routes say, first at {first:?}");
    for route in ROUTES {
        assert!(!route.about.0.is_empty() && route.about.1.is_ascii(), "{}", route.path);
    }
}

/// Something of a form, with everything in it that can be.
fn of_form(schema: &Value) -> Value {
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        _ if schema["$ref"] == "#/components/schemas/Act" => json!({"open-account": {"account": "A9"}}),
        "string" if schema["pattern"].is_string() => json!(format!("sha256:{}", "0".repeat(64))),
        "string" => schema["enum"].as_array().map_or(json!("x"), |all| all[0].clone()),
        "integer" => schema["minimum"].clone(),
        "boolean" => json!(true),
        "array" => json!([of_form(&schema["items"])]),
        "object" => {
            let named = schema["properties"].as_object().into_iter().flatten();
            let more = schema.get("additionalProperties").filter(|more| more.is_object());
            let key = schema["propertyNames"]["enum"][0].as_str().unwrap_or("x").to_owned();
            let more = more.into_iter().map(|more| (key.clone(), of_form(more)));
            Value::Object(named.map(|(name, of)| (name.clone(), of_form(of))).chain(more).collect())
        }
        _ => panic!("{schema} is of no form"),
    }
}

/// A body with everything the document allows can be read, whatever else speaks against it; and one that leaves out
/// what it says is needed cannot.
#[tokio::test]
async fn what_the_document_allows_can_be_read() {
    let town = Town::new();
    let document = openapi::document();
    let mut asked = 0;
    for route in ROUTES {
        let method = route.method.name();
        let body = &document["paths"][route.path][method.to_ascii_lowercase()]["requestBody"]["content"];
        let Some(schema) = body.get("application/json").map(|form| form["schema"].clone()) else { continue };
        let path = ["{account}", "{scheme}", "{person}", "{collection}", "{unit}"];
        let path = path.iter().fold(route.path.to_owned(), |path, name| path.replace(name, "P1"));
        // Whoever asks may do all of them: the gate comes before the form.
        let cookie = town.login(if route.path.starts_with("/api/accounts/") { "S1" } else { "C1" }).await;
        let full = of_form(&schema);
        let send = async |body: &Value| match method {
            "PUT" => town.put(&cookie, &path, None, body).await,
            _ => town.post(&cookie, &path, body).await,
        };
        let said = send(&full).await;
        assert!(!said.told().contains("body-not-readable"), "{} {full}: {}", route.path, said.text());
        for needed in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut less = full.clone();
            less.as_object_mut().expect("an object").remove(needed);
            let said = send(&less).await;
            // A draft nobody is to fill in is refused before its form is looked at.
            let told = if method == "PUT" { "404 not-in-the-record" } else { "400 body-not-readable" };
            assert_eq!(said.told(), told, "{} without {needed}", route.path);
        }
        asked += 1;
        town.wait(60_000);
    }
    assert!(asked >= 21, "only {asked} take JSON");
    let changes = &document["paths"]["/api/what-if/{scheme}"]["post"]["requestBody"]["content"]["application/json"];
    let changes = &changes["schema"]["properties"]["changes"];
    assert_eq!(changes["items"]["required"], json!(["indicator", "value"]), "{changes}");
}

/// Whoever adds a deed shows how it is sent.
#[test]
fn every_deed_has_an_example_that_can_be_sent() {
    let deeds = openapi::deeds();
    assert_eq!(deeds.keys().map(String::as_str).collect::<Vec<_>>(), Act::NAMES);
    for (name, says) in deeds {
        let sent = json!({ name.as_str(): says });
        let act: Act = serde_json::from_value(sent.clone()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!((act.name(), serde_json::to_value(&act).expect("JSON")), (name.as_str(), sent));
    }
}

#[test]
fn everything_a_second_person_decides_has_an_example() {
    let first = openapi::deeds().get("propose").cloned();
    let mut kinds = Vec::new();
    for says in first.into_iter().chain(openapi::proposals()) {
        let act: Act = serde_json::from_value(json!({"propose": says})).expect("a proposal");
        let Act::Propose(proposal) = act else { panic!("{says} is no proposal") };
        kinds.push(proposal.decision.name());
    }
    assert_eq!(kinds, ["correct-figure", "adjust-target", "exempt", "end-exemption", "revise-results"]);
}
