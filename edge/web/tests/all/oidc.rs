//! Signing in elsewhere, with a provider on the same machine that says whatever it is told to.

use crate::town::{PASSWORD, Town, both::on_both};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use kaoping_web::{
    oidc::{Provider, Settings},
    router::router,
};
use openidconnect::{
    Audience, EmptyAdditionalClaims, EndUserEmail, IssuerUrl, JsonWebKeyId, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    PrivateSigningKey as _, StandardClaims, SubjectIdentifier,
    core::{CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm},
    url::{Url, form_urlencoded},
};
use serde_json::json;
use std::{
    collections::HashMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
};

on_both![
    who_is_bound_signs_in_and_has_a_session_like_any_other,
    nobody_is_bound_by_mail_or_name,
    a_token_for_something_else_is_refused,
    one_comes_back_once_in_time_and_in_the_same_browser,
    a_provider_that_is_down_keeps_nobody_from_his_password,
    who_is_whom_is_the_records_affair
];

/// Who C1 is to the provider.
const SUBJECT: &str = "u-7f3a-申请人";

/// Two keys: the provider's, and one it never published.
const KEYS: [&str; 2] = [
    "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
    "MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ",
];

fn key(at: usize) -> CoreEdDsaPrivateSigningKey {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", KEYS[at]);
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("k1".into()))).expect("a key")
}

/// What the provider says of somebody.
#[derive(Clone)]
struct Says {
    subject: String,
    audience: String,
    nonce: String,
    expires_ms: i64,
    key: usize,
}

/// What it remembers of a code: the challenge, and what it says.
type Codes = Arc<Mutex<HashMap<String, (String, Says)>>>;

struct Mock {
    issuer: String,
    codes: Codes,
}

fn token(issuer: &str, says: &Says) -> String {
    let time = |ms| DateTime::<Utc>::from_timestamp_millis(ms).expect("a time");
    let subject = SubjectIdentifier::new(says.subject.clone());
    let standard = StandardClaims::new(subject).set_email(Some(EndUserEmail::new("C2@example.cn".into())));
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(issuer.to_owned()).expect("an issuer"),
        vec![Audience::new(says.audience.clone())],
        time(says.expires_ms),
        time(says.expires_ms - 300_000),
        standard,
        EmptyAdditionalClaims {},
    )
    .set_nonce(Some(Nonce::new(says.nonce.clone())));
    CoreIdToken::new(claims, &key(says.key), CoreJwsSigningAlgorithm::EdDsa, None, None).expect("a token").to_string()
}

impl Mock {
    fn start() -> Self {
        let codes: Codes = Arc::default();
        let (tell, told) = std::sync::mpsc::channel();
        let known = Arc::clone(&codes);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("an address");
                let issuer = format!("http://{}", listener.local_addr().expect("an address"));
                tell.send(issuer.clone()).expect("told");
                axum::serve(listener, Self::router(issuer, known)).await.expect("served");
            });
        });
        Self { issuer: told.recv().expect("an address"), codes }
    }

    fn router(issuer: String, codes: Codes) -> Router {
        let about = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        });
        let keys = json!({"keys": [key(0).as_verification_key()]});
        let kind = [("content-type", "application/json")];
        let given = move |headers: HeaderMap, body: Bytes| async move {
            match Self::exchange(&issuer, &codes, &headers, &body) {
                Some(token) => (
                    StatusCode::OK,
                    kind,
                    json!({"access_token": "a", "token_type": "bearer", "id_token": token}).to_string(),
                ),
                None => (StatusCode::BAD_REQUEST, kind, json!({"error": "invalid_grant"}).to_string()),
            }
        };
        Router::new()
            .route("/.well-known/openid-configuration", get(move || async move { (kind, about.to_string()) }))
            .route("/keys", get(move || async move { (kind, keys.to_string()) }))
            .route("/token", post(given))
    }

    /// A code is good once, for who has the secret and what the challenge was made from.
    fn exchange(issuer: &str, codes: &Codes, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let said: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        // kaoping:s3cret
        let knows = headers.get("authorization")?.to_str().ok()? == "Basic a2FvcGluZzpzM2NyZXQ=";
        let (challenge, says) = codes.lock().expect("codes").remove(said.get("code")?)?;
        let verifier = PkceCodeVerifier::new(said.get("code_verifier")?.clone());
        let proved = PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() == challenge;
        let back = said.get("redirect_uri")? == "http://localhost:8080/api/oidc/back";
        (knows && proved && back).then(|| token(issuer, &says))
    }
}

/// Somebody on the way: what the provider was told, and what his browser keeps.
struct Away {
    asked: HashMap<String, String>,
    cookie: String,
}

/// A town that knows the provider.
fn with(town: Town, issuer: &str) -> Town {
    let Town { office, router: before, now_ms, log, place } = town;
    drop(before);
    let file = place.path().join("secret");
    fs::write(&file, "s3cret\n").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
    let text = format!("issuer={issuer},client=kaoping,secret-file={},at=http://localhost:8080", file.display());
    let settings = Settings::parse(&text).unwrap_or_else(|finding| panic!("{finding:?}"));
    let office = Arc::into_inner(office).expect("the only one").signing_in_at(Provider::new(settings));
    let office = Arc::new(office);
    Town { router: router(Arc::clone(&office)), office, now_ms, log, place }
}

async fn go(town: &Town) -> Away {
    let said = town.get("", "/api/oidc/begin").await;
    assert_eq!(said.status, 303, "{}", said.text());
    let address = Url::parse(said.header("location")).expect("an address");
    let cookie = said.header("set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Lax") && cookie.contains("Path=/api/oidc"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    Away { asked: address.query_pairs().into_owned().collect(), cookie }
}

fn says(town: &Town, away: &Away) -> Says {
    Says {
        subject: SUBJECT.into(),
        audience: "kaoping".into(),
        nonce: away.asked["nonce"].clone(),
        expires_ms: town.office.now_ms() + 300_000,
        key: 0,
    }
}

/// The provider lets somebody in, and sends him back.
async fn back(town: &Town, mock: &Mock, away: &Away, says: Says) -> crate::town::Said {
    mock.codes.lock().expect("codes").insert("c-1".into(), (away.asked["code_challenge"].clone(), says));
    town.get(&away.cookie, &format!("/api/oidc/back?code=c-1&state={}", away.asked["state"])).await
}

async fn bind(town: &Town, account: &str, subject: &str) -> String {
    let system = town.login("S1").await;
    let body = json!({"subject": subject, "why": "人事已核对"});
    town.post(&system, &format!("/api/accounts/{account}/bind"), &body).await.told()
}

async fn who_is_bound_signs_in_and_has_a_session_like_any_other() {
    let mock = Mock::start();
    let town = with(Town::new(), &mock.issuer);
    assert!(town.get("", "/login").await.text().contains("href=\"/api/oidc/begin\""), "the page leads there");
    let before = town.office.desk.read(|shown| shown.state.size);
    assert_eq!(bind(&town, "C1", SUBJECT).await, "201");
    let away = go(&town).await;
    for (name, value) in [("response_type", "code"), ("code_challenge_method", "S256"), ("client_id", "kaoping")] {
        assert_eq!(away.asked[name], value);
    }
    assert!(away.asked["scope"].contains("openid") && away.asked["state"].len() >= 16);
    let said = back(&town, &mock, &away, says(&town, &away)).await;
    assert_eq!((said.status, &said.json()["account"]), (200, &json!("C1")), "{}", said.text());
    let cookie = said.headers.get_all("set-cookie").iter().find_map(|value| {
        let value = value.to_str().ok()?;
        value.starts_with("kaoping=").then(|| value.to_owned())
    });
    let cookie = cookie.expect("a session");
    assert!(cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"));
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    assert_eq!(town.get(&cookie, "/api/me").await.json()["account"], "C1");
    town.wait(30 * 60_000);
    assert_eq!(town.get(&cookie, "/api/me").await.status, 401, "it ends like any other");
    // The record knows that C1 is bound, and not to whom; nor does the log.
    let auditor = town.login("U1").await;
    let record = town.get(&auditor, &format!("/api/record?from={before}")).await.text();
    assert!(record.contains("bind-login") && record.contains("人事已核对") && !record.contains("7f3a"), "{record}");
    let log = town.log.lock().expect("the log").join("\n");
    assert!(
        log.contains("/api/oidc/back")
            && !log.contains("7f3a")
            && !log.contains("c-1")
            && !log.contains(&away.asked["state"])
    );
}

async fn nobody_is_bound_by_mail_or_name() {
    let mock = Mock::start();
    let town = with(Town::new(), &mock.issuer);
    for subject in [SUBJECT, "C2", "C2@example.cn"] {
        let away = go(&town).await;
        let said = back(&town, &mock, &away, Says { subject: subject.into(), ..says(&town, &away) }).await;
        assert_eq!(said.told(), "403 oidc-not-bound");
        assert!(!said.text().contains(subject) && said.header("set-cookie").is_empty());
    }
}

async fn a_token_for_something_else_is_refused() {
    let mock = Mock::start();
    let town = with(Town::new(), &mock.issuer);
    assert_eq!(bind(&town, "C1", SUBJECT).await, "201");
    let mut told = Vec::new();
    for wrong in 0..5 {
        let away = go(&town).await;
        let right = says(&town, &away);
        let wrong = match wrong {
            0 => Says { nonce: "another".into(), ..right },
            1 => Says { audience: "another".into(), ..right },
            2 => Says { expires_ms: town.office.now_ms() - 1, ..right },
            3 => Says { key: 1, ..right },
            _ => right,
        };
        let said = back(&town, &mock, &away, wrong).await;
        told.push((said.told(), said.json()["findings"][0]["why"].as_str().unwrap_or_default().to_owned()));
    }
    let unfit = |why: &str| ("401 oidc-token-unfit".to_owned(), why.to_owned());
    let expected = [
        unfit("令牌不是这一次登录的"),
        unfit("令牌是给别的系统的"),
        unfit("令牌已经过期"),
        unfit("令牌的签名不对"),
        ("200".to_owned(), String::new()),
    ];
    assert_eq!(told, expected);
}

async fn one_comes_back_once_in_time_and_in_the_same_browser() {
    let mock = Mock::start();
    let town = with(Town::new(), &mock.issuer);
    assert_eq!(bind(&town, "C1", SUBJECT).await, "201");
    let away = go(&town).await;
    assert_eq!(back(&town, &mock, &away, says(&town, &away)).await.status, 200);
    assert_eq!(back(&town, &mock, &away, says(&town, &away)).await.told(), "401 oidc-state-unknown", "replayed");
    let one = Away { cookie: go(&town).await.cookie, ..go(&town).await };
    assert_eq!(back(&town, &mock, &one, says(&town, &one)).await.told(), "401 oidc-state-unknown", "another browser");
    let away = Away { cookie: String::new(), ..go(&town).await };
    assert_eq!(back(&town, &mock, &away, says(&town, &away)).await.told(), "401 oidc-state-unknown", "no browser");
    let away = go(&town).await;
    town.wait(10 * 60_000);
    assert_eq!(back(&town, &mock, &away, says(&town, &away)).await.told(), "401 oidc-state-unknown", "too late");
    let away = go(&town).await;
    let path = |away: &Away, more: &str| format!("/api/oidc/back?state={}&{more}", away.asked["state"]);
    let said = town.get(&away.cookie, &path(&away, "code=c-1&iss=https%3A%2F%2Fother.example")).await;
    assert_eq!(said.told(), "401 oidc-state-unknown", "another issuer");
    let away = go(&town).await;
    assert_eq!(town.get(&away.cookie, &path(&away, "error=access_denied")).await.told(), "401 oidc-refused");
    let away = go(&town).await;
    assert_eq!(town.get(&away.cookie, &path(&away, "code=guessed")).await.told(), "401 oidc-refused");
    // A code that was stolen on the way is of no use with another verifier.
    let (one, other) = (go(&town).await, go(&town).await);
    let stolen = Away {
        asked: HashMap::from([
            ("code_challenge".into(), one.asked["code_challenge"].clone()),
            ("state".into(), other.asked["state"].clone()),
        ]),
        cookie: other.cookie.clone(),
    };
    assert_eq!(back(&town, &mock, &stolen, says(&town, &other)).await.told(), "401 oidc-refused");
}

async fn a_provider_that_is_down_keeps_nobody_from_his_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let town = with(Town::new(), &issuer);
    for _ in 0..2 {
        let said = town.get("", "/api/oidc/begin").await;
        assert_eq!((said.told().as_str(), said.header("retry-after")), ("503 oidc-unreachable", "10"));
    }
    let login = json!({"account": "C1", "password": PASSWORD});
    assert_eq!(town.post("", "/api/login", &login).await.status, 200);
    let town = Town::new();
    assert!(!town.get("", "/login").await.text().contains("/api/oidc/begin"), "what is not offered is not shown");
    assert_eq!(town.get("", "/api/oidc/begin").await.told(), "404 oidc-not-offered");
    assert_eq!(bind(&town, "C1", SUBJECT).await, "404 oidc-not-offered");
    let system = town.login("S1").await;
    assert!(!town.get(&system, "/people").await.text().contains("/bind\""), "nothing to bind to");
}

async fn who_is_whom_is_the_records_affair() {
    let mock = Mock::start();
    let town = with(Town::new(), &mock.issuer);
    let signs_in = async |town: &Town| {
        let away = go(town).await;
        back(town, &mock, &away, says(town, &away)).await
    };
    assert_eq!(bind(&town, "C1", SUBJECT).await, "201");
    let system = town.login("S1").await;
    let given = |subject: &str| json!({"id": "bind-7", "subject": subject, "why": "人事已核对"});
    assert_eq!(town.post(&system, "/api/accounts/C3/bind", &given("c-three")).await.told(), "201");
    let again = town.post(&system, "/api/accounts/C3/bind", &given("c-three")).await;
    assert_eq!((again.status, &again.json()["again"]), (200, &json!(true)), "the same body, the same answer");
    let said = town.post(&system, "/api/accounts/C3/bind", &given("c-four")).await;
    assert_eq!(said.told(), "409 id-used-otherwise");
    let read = |town: &Town| {
        town.office.from_store(|store| store.private("binding", "C3")).expect("a store").expect("a binding")
    };
    let kept = read(&town);
    let unbind = json!({"why": "调离"});
    assert_eq!(town.post(&system, "/api/accounts/C3/unbind", &unbind).await.told(), "201");
    assert_eq!(bind(&town, "C1", "another").await, "422 not-now", "it is bound already");
    assert_eq!(bind(&town, "C2", SUBJECT).await, "409 oidc-bound-already");
    let other = town.login("S2").await;
    let body = json!({"subject": "x", "why": "试试"});
    assert_eq!(town.post(&other, "/api/accounts/C2/bind", &body).await.told(), "403 not-entitled");
    // Somebody with the rights of the database puts a binding back that was ended: the record says otherwise.
    let keep = |town: &Town, bytes: Option<Vec<u8>>| {
        let private = kaoping_store::Private { kind: "binding".into(), key: "C3".into(), bytes };
        let (tell, told) = std::sync::mpsc::channel();
        town.office.desk.keep(vec![private], move |kept| tell.send(kept.is_ok()).expect("sent"));
        assert!(told.recv().expect("told"));
    };
    keep(&town, Some(kept));
    let again = |town: Town| {
        let Town { office, router, place, .. } = town;
        drop((office, router));
        with(Town::empty(place, 1000, false), &mock.issuer)
    };
    let town = again(town);
    let away = go(&town).await;
    let said = back(&town, &mock, &away, Says { subject: "c-three".into(), ..says(&town, &away) }).await;
    assert_eq!(said.told(), "403 oidc-not-bound");
    keep(&town, None);
    let town = again(town);
    let said = signs_in(&town).await;
    assert_eq!(said.status, 200, "it outlives the program");
    let cookies: Vec<_> =
        said.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("a text").to_owned()).collect();
    let cookie = cookies
        .iter()
        .find(|value| value.starts_with("kaoping="))
        .and_then(|value| value.split(';').next())
        .expect("a cookie");
    // Unbound, the session ends, and the person can be bound to another account.
    let system = town.login("S1").await;
    let page = town.get(&system, "/people").await.text();
    assert!(page.contains("/api/accounts/C1/unbind") && page.contains("/api/accounts/C2/bind"), "{page}");
    assert!(!page.contains("/api/accounts/C2/unbind"), "what is not bound is not unbound");
    let security = town.login("S2").await;
    assert!(!town.get(&security, "/people").await.text().contains("bind\" data-with-id"), "the system administrator's");
    assert_eq!(town.post(&system, "/api/accounts/C1/unbind", &json!({})).await.told(), "422 reason-needed");
    assert_eq!(town.post(&system, "/api/accounts/C1/unbind", &json!({"why": "调离"})).await.told(), "201");
    assert_eq!(town.get(cookie, "/api/me").await.status, 401);
    assert_eq!(signs_in(&town).await.told(), "403 oidc-not-bound");
    assert_eq!(bind(&town, "C2", SUBJECT).await, "201");
    assert_eq!(signs_in(&town).await.json()["account"], "C2");
    // One that is closed does not keep its person from another account.
    assert_eq!(bind(&town, "C3", "leaves").await, "201");
    assert_eq!(town.deed(&system, "close-C3", json!({"close-account": {"account": "C3"}})).await.told(), "201");
    assert_eq!(bind(&town, "R1", "leaves").await, "409 oidc-bound-already");
    assert_eq!(town.post(&system, "/api/accounts/C3/unbind", &json!({"why": "调离"})).await.told(), "201");
    assert_eq!(bind(&town, "R1", "leaves").await, "201");
    // Without a role nobody signs in, from wherever he comes.
    let revoke = json!({"account": "C2", "office": "丙县", "role": "clerk"});
    assert_eq!(town.deed(&other_security(&town).await, "r-1", json!({"revoke-role": revoke})).await.told(), "201");
    assert_eq!(signs_in(&town).await.told(), "403 no-role-today");
    let request = Request::get("/api/oidc/begin").header("sec-fetch-site", "cross-site").body(Body::empty());
    assert_eq!(town.ask(request.expect("a request")).await.status, 303, "a link from elsewhere may lead there");
}

async fn other_security(town: &Town) -> String {
    town.login("S2").await
}
