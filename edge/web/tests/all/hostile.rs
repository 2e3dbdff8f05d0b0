//! Whatever is sent, a named error comes back: never a fault of the program.

use crate::town::Town;
use axum::{
    body::Body,
    http::{Method, Request},
};
use kaoping_web::{openapi, router::ROUTES};
use serde_json::json;

fn post(path: &str, cookie: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header("cookie", cookie).header("content-type", kind);
    request.body(body.into()).expect("a request")
}

/// Bodies that are no deed, and what is said of them.
fn bodies() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let deep_deed = format!("{{\"act\":{}{}}}", "{\"a\":".repeat(5000), "}".repeat(5000));
    let unreadable = "400 body-not-readable";
    vec![
        ("nothing", Vec::new(), unreadable),
        ("half", b"{\"act\":{\"open-acc".to_vec(), unreadable),
        ("no UTF-8", b"{\"act\":{\"open-account\":{\"account\":\"\xff\xfe\"}}}".to_vec(), unreadable),
        ("deep", deep, unreadable),
        ("a deep deed", deep_deed.into_bytes(), unreadable),
        ("another type", b"{\"act\":7}".to_vec(), unreadable),
        ("a list", b"[]".to_vec(), unreadable),
        ("an unknown deed", b"{\"act\":{\"open-acount\":{\"account\":\"A9\"}}}".to_vec(), unreadable),
        ("two deeds", b"{\"act\":{\"open-account\":{\"account\":\"A9\"},\"close-account\":{\"account\":\"A9\"}}}".to_vec(), unreadable),
        ("an unknown field", b"{\"act\":{\"open-account\":{\"account\":\"A9\"}},\"admin\":true}".to_vec(), unreadable),
        ("one inside", b"{\"act\":{\"open-account\":{\"account\":\"A9\",\"role\":\"x\"}}}".to_vec(), unreadable),
        ("a field twice", b"{\"act\":{\"open-account\":{\"account\":\"A9\"}},\"why\":\"a\",\"why\":\"b\"}".to_vec(), unreadable),
        ("a number too large", b"{\"act\":{\"grant-role\":{\"account\":\"A1\",\"office\":\"x\",\"role\":\"clerk\",\"from\":99999999999,\"to\":null}}}".to_vec(), unreadable),
        ("no hash", b"{\"act\":{\"open-account\":{\"account\":\"A9\"}},\"evidence\":[\"md5:00\"]}".to_vec(), unreadable),
        ("more behind it", b"{\"act\":{\"open-account\":{\"account\":\"A9\"}}} {}".to_vec(), unreadable),
        ("too large", vec![b' '; (1 << 20) + 1], "413 body-too-large"),
        ("a NUL", b"{\"act\":{\"open-account\":{\"account\":\"A9\"}},\"why\":\"\\u0000\"}".to_vec(), "422 value-not-fitting"),
        ("no name", b"{\"act\":{\"open-account\":{\"account\":\"../../etc\\n\"}}}".to_vec(), "422 name-not-usable"),
        ("a day far away", b"{\"act\":{\"enter-notice\":{\"year\":2026,\"notice\":\"x\",\"rest\":[2147483647],\"work\":[]}}}".to_vec(), unreadable),
    ]
}

#[tokio::test]
async fn what_is_no_deed_is_told_by_name() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let size = town.office.desk.read(|shown| shown.state.size);
    for (name, body, told) in bodies() {
        let mut request = post("/api/deeds", &cookie, "application/json", body);
        request.headers_mut().insert("idempotency-key", "d-1".parse().expect("a header"));
        let said = town.ask(request).await;
        assert_eq!(said.told(), told, "{name}: {}", said.text());
    }
    assert_eq!(town.office.desk.read(|shown| shown.state.size), size, "nothing was recorded");
    let said = town.ask(post("/api/deeds", &cookie, "application/json", "{\n  \"act\": 7\n}")).await;
    assert_eq!(
        said.json()["findings"][0]["where"],
        json!({"what": "body", "pointer": "/act", "line": 2, "column": 10})
    );
}

#[tokio::test]
async fn who_is_not_signed_in_sends_little() {
    let town = Town::new();
    let long = json!({"account": "C1", "password": "x".repeat(16 << 10)}).to_string();
    assert_eq!(town.ask(post("/api/login", "", "application/json", long)).await.told(), "413 body-too-large");
    let cookie = town.login("C1").await;
    let large = vec![0; (64 << 20) + 1];
    let said = town.ask(post("/api/contents", "", "application/octet-stream", large.clone())).await;
    assert_eq!(said.told(), "401 not-signed-in");
    let said = town.ask(post("/api/contents", &cookie, "application/octet-stream", large)).await;
    assert_eq!(said.told(), "413 body-too-large");
}

#[tokio::test]
async fn other_types_are_refused() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let deed = json!({"id": "d-1", "act": {"open-account": {"account": "A9"}}}).to_string();
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"]
    {
        let said = town.ask(post("/api/deeds", &cookie, kind, deed.clone())).await;
        assert_eq!(said.told(), "415 body-type-unfit", "{kind}");
    }
    let said = town.ask(post("/api/deeds", &cookie, "Application/JSON; charset=utf-8", deed)).await;
    assert_eq!(said.status, 201);
    let request = Request::get("/api/offices").header("cookie", &cookie).header("accept", "image/png");
    assert_eq!(town.ask(request.body(Body::empty()).expect("a request")).await.told(), "406 format-not-offered");
}

#[tokio::test]
async fn other_sites_cannot_act_for_anybody() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let deed = json!({"id": "d-1", "act": {"open-account": {"account": "A9"}}}).to_string();
    let from = |name: &'static str, value: &'static str| {
        let mut request = post("/api/deeds", &cookie, "application/json", deed.clone());
        request.headers_mut().insert("host", "kaoping.example".parse().expect("a header"));
        request.headers_mut().insert(name, value.parse().expect("a header"));
        request
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "https://kaoping.example.evil.example"),
    ] {
        assert_eq!(town.ask(from(name, value)).await.told(), "403 request-from-elsewhere", "{name}: {value}");
    }
    assert_eq!(town.ask(from("origin", "https://kaoping.example")).await.status, 201);
    assert_eq!(town.ask(from("sec-fetch-site", "same-origin")).await.status, 200);
}

#[tokio::test]
async fn every_method_on_every_route() {
    let town = Town::new();
    for route in ROUTES {
        town.wait(60_000);
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let path = route.path.replace(['{', '}'], "x");
            let request =
                Request::builder().method(Method::from_bytes(method.as_bytes()).expect("a method")).uri(&path);
            let said = town.ask(request.body(Body::empty()).expect("a request")).await;
            assert!(said.status < 500, "{method} {path}: {}", said.status);
            let asked = if method == "HEAD" { "GET" } else { method };
            let there = ROUTES.iter().any(|other| other.path == route.path && other.method.name() == asked);
            if !there && !path.contains("xx") {
                let told = if method == "HEAD" { "405" } else { "405 method-not-allowed" };
                assert_eq!(said.told(), told, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn paths_and_parameters_of_all_kinds() {
    let town = Town::new();
    let cookie = town.login("A1").await;
    for (path, told) in [
        ("//", "404 route-unknown"),
        ("/api", "404 route-unknown"),
        ("/api/offices/", "404 route-unknown"),
        ("/api/../etc/passwd", "404 route-unknown"),
        ("/api/schemes/%FF", "404 route-unknown"),
        ("/api/schemes/%00", "404 not-in-the-record"),
        ("/api/schemes/..%2F..%2Fetc", "404 not-in-the-record"),
        ("/api/contents/sha256:00", "404 not-in-the-record"),
        ("/api/record/-1/proof", "404 not-in-the-record"),
        ("/api/record/99999999999999999999/proof", "404 not-in-the-record"),
        ("/api/record/1/proof?size=99999", "404 not-in-the-record"),
        ("/api/record/1/proof?size=x", "400 parameter-not-usable"),
        ("/api/record/consistency", "400 parameter-not-usable"),
        ("/api/record/consistency?old=0", "404 not-in-the-record"),
        ("/api/offices?limit=x", "400 parameter-not-usable"),
        ("/api/offices?limit=-1", "400 parameter-not-usable"),
        ("/api/offices?order=name", "400 parameter-not-usable"),
        ("/api/offices?cursor=x", "400 parameter-not-usable"),
        ("/api/offices?cursor=%5B%22a%22,%22b%22%5D", "400 parameter-not-usable"),
        ("/api/cells?cursor=%5B%22a%22,%22b%22,%22c%22%5D", "400 parameter-not-usable"),
        ("/api/deadline", "400 parameter-not-usable"),
        ("/api/deadline?from=2026-02-30", "400 parameter-not-usable"),
        ("/api/deadline?from=2026-01-05&working_days=70000", "400 parameter-not-usable"),
        ("/api/deadline?from=9999-12-30&working_days=1000", "400 parameter-not-usable"),
        ("/api/owed?x=1", "400 parameter-not-usable"),
    ] {
        assert_eq!(town.get(&cookie, path).await.told(), told, "{path}");
    }
    assert_eq!(town.get(&cookie, "/api/offices?parent=%E7%94%B2%E5%B8%82").await.column("unit"), ["丙县", "乙县"]);
}

/// A page of no rows is none, and one of more than there can be is not cut short unsaid.
#[tokio::test]
async fn a_page_has_a_number_of_rows_that_there_can_be() {
    let town = Town::new();
    let mut asked = 0;
    let cookie = town.login("U1").await;
    for route in ROUTES.iter().filter(|route| route.table().is_some() || route.parameters.contains(&"limit")) {
        let most = if route.path == "/api/rounds" { 10_000 } else { 1000 };
        let told = openapi::document()["paths"][route.path]["get"]["parameters"].clone();
        let told = told.as_array().and_then(|told| told.iter().find(|one| one["name"] == "limit").cloned());
        let schema = json!({"type": "integer", "minimum": 1, "maximum": most});
        assert_eq!(told.map(|told| told["schema"].clone()), Some(schema), "{}", route.path);
        for limit in ["0", "-1", "x", "", &(most + 1).to_string()] {
            let said = town.get(&cookie, &format!("{}?limit={limit}", route.path)).await;
            assert_eq!(said.told(), "400 parameter-not-usable", "{} {limit}", route.path);
            let finding = &said.json()["findings"][0];
            assert_eq!(finding["where"], json!({"what": "parameter", "name": "limit"}));
            let why = format!("要 1 到 {most} 的整数（一页几行），写的是“{limit}”");
            assert_eq!(finding["why"], why, "{}", route.path);
        }
        for limit in ["1", &most.to_string()] {
            assert_eq!(town.get(&cookie, &format!("{}?limit={limit}", route.path)).await.status, 200, "{}", route.path);
        }
        asked += 1;
        town.wait(5_000);
    }
    assert!(asked >= 23, "only {asked} routes have pages");
}

#[tokio::test]
async fn cookies_of_all_kinds() {
    let town = Town::new();
    let long = format!("kaoping={}", "a".repeat(7000));
    for cookie in ["kaoping", "kaoping=", "=", ";;;", "kaoping=\u{e9}", "a=b; kaoping=x; kaoping=y", &long] {
        let request = Request::get("/api/me").header("cookie", cookie.as_bytes());
        let said = town.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(said.told(), "401 not-signed-in", "{cookie}");
    }
}

#[tokio::test]
async fn too_much_is_slowed_down() {
    let town = Town::new();
    let mut statuses = Vec::new();
    for _ in 0..301 {
        statuses.push(town.get("", "/healthz").await);
    }
    let last = statuses.pop().expect("an answer");
    assert!(statuses.iter().all(|said| said.status == 200));
    assert_eq!((last.told().as_str(), last.header("retry-after")), ("429 too-many-requests", "1"));
    town.wait(50);
    assert_eq!(town.get("", "/healthz").await.status, 200);
}
