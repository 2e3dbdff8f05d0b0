//! The server as a whole: founded, listening, busy, ending.

use crate::town::{MORNING_MS, Town};
use kaoping_web::{
    Config, KeyKind, Log, Office,
    found::{Founding, found, found_with},
    key,
    router::router,
    serve::{Beside, Ended, run, run_beside, serve},
};
use serde_json::json;
use std::{
    path::Path,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
};

fn founding<'a>(store: &'a str, keys: &'a Path, kind: KeyKind) -> Founding<'a> {
    Founding { store, keys, origin: "甲市考评台账", office: "甲市", kind, now_ms: MORNING_MS }
}

fn config(store: &str, keys: &Path) -> Config {
    Config {
        store: store.to_owned(),
        key: key::read(keys).expect("a key"),
        clock: Arc::new(|| MORNING_MS),
        steady: None,
        queue: 10,
        secure: false,
        proxied: false,
        log: Log::to(|_| ()),
        fatal: Box::new(|| ()),
    }
}

#[tokio::test]
async fn a_record_is_founded_once_and_its_administrators_sign_in() {
    for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
        let place = tempfile::tempdir().expect("a folder");
        let store = format!("sqlite:{}", place.path().join("kaoping.db").display());
        let keys = place.path().join("keys");
        let founded = found(&founding(&store, &keys, kind)).expect("a record");
        let again = found(&founding(&store, &keys, kind)).expect_err("findings");
        assert_eq!(again.iter().map(|finding| finding.name).collect::<Vec<_>>(), ["record-founded"]);
        let office = Arc::new(Office::open(config(&store, &keys)).expect("an office"));
        assert_eq!(office.desk.read(|shown| shown.state.key.clone()), founded.key.to_string());
        let router = router(Arc::clone(&office));
        let log = Arc::new(Mutex::new(Vec::new()));
        let town = Town { office, router, now_ms: Arc::default(), log, place };
        for (account, role, password) in &founded.administrators {
            let said = town.post("", "/api/login", &json!({"account": account, "password": password})).await;
            assert_eq!((said.status, &said.json()["password_to_change"]), (200, &json!(true)), "{account}");
            let cookie = said.header("set-cookie").split(';').next().expect("a cookie").to_owned();
            let changed = json!({"now": password, "new": "one two three four"});
            assert_eq!(town.post(&cookie, "/api/password", &changed).await.status, 200);
            assert_eq!(town.get(&cookie, "/api/me").await.json()["roles"][0]["role"], role.name());
            // National Day 2026 is off, and Saturday 10 October is worked: the record knows from its first day.
            let due = town.get(&cookie, "/api/deadline?from=2026-09-25&working_days=20").await.json();
            assert_eq!((&due["due"], &due["years_not_announced"]), (&json!("2026-10-29"), &json!([])));
        }
        let note = town.get("", "/api/checkpoint").await.text();
        let note = kaoping_ledger::SignedCheckpoint::parse(&note).expect("a checkpoint");
        assert!(note.signed_by(&founded.key));
    }
}

#[test]
fn nothing_is_served_that_is_not_whole() {
    let names = |ended: Result<Ended, Vec<kaoping_terms::Diagnostic>>| {
        ended.expect_err("findings").iter().map(|finding| finding.name).collect::<Vec<_>>()
    };
    let place = tempfile::tempdir().expect("a folder");
    let (keys, other) = (place.path().join("keys"), place.path().join("other"));
    let store = format!("sqlite:{}", place.path().join("kaoping.db").display());
    key::draw(&other, KeyKind::Ed25519).expect("a key");
    assert_eq!(names(run(config(&store, &other), &other, "127.0.0.1:0", |_| ())), ["record-not-founded"]);
    found(&founding(&store, &keys, KeyKind::Ed25519)).expect("a record");
    assert_eq!(names(run(config(&store, &other), &other, "127.0.0.1:0", |_| ())), ["key-file-unusable"]);
    assert_eq!(names(run(config(&store, &keys), &keys, "nowhere", |_| ())), ["address-not-usable"]);
    // A master key that was said and is not there, or is of another cipher, is not passed over.
    let beside = |master| Beside { keys: &keys, master: Some(master), oidc: None };
    let missing = place.path().join("missing.master");
    assert_eq!(names(run_beside(config(&store, &keys), &beside(&missing), "nowhere", |_| ())), ["key-file-unusable"]);
    let wrong = Beside { oidc: Some("issuer=http://sso.example"), ..beside(&missing) };
    assert_eq!(names(run_beside(config(&store, &keys), &wrong, "nowhere", |_| ())), ["oidc-setting-unusable"]);
    // A record of the national profile has keys of the national cipher.
    let (store, keys) = (format!("sqlite:{}", place.path().join("sm3.db").display()), place.path().join("sm3"));
    found(&founding(&store, &keys, KeyKind::Sm2)).expect("a record");
    let master = std::fs::read_to_string(keys.join("persons.master")).expect("a key");
    assert!(master.starts_with("sm4-gcm ") && master.len() == 41, "SM4 has keys of 128 bits");
    assert_eq!(names(run(config(&store, &keys), &keys, "nowhere", |_| ())), ["address-not-usable"]);
    let ring = std::fs::read_to_string(keys.join("persons.ring")).expect("a ring");
    assert!(ring.starts_with("kaoping ring of keys 1 sm4-gcm"));
    assert_eq!(
        names(
            found_with(
                &Founding {
                    store: "sqlite::memory:",
                    keys: &place.path().join("third"),
                    ..founding("", &keys, KeyKind::Sm2)
                },
                &keys.join("persons.master")
            )
            .map(|_| Ended::Asked)
        ),
        ["key-file-there"]
    );
    assert!(!place.path().join("third").exists(), "and no other key was drawn");
}

/// Keeps the writer from going on until the answer is dropped.
fn hold(town: &Town) -> mpsc::Sender<()> {
    let (go_on, wait) = mpsc::channel::<()>();
    let (tell, begun) = mpsc::channel();
    town.office.desk.keep(Vec::new(), move |_| {
        tell.send(()).expect("sent");
        let _ = wait.recv();
    });
    begun.recv().expect("begun");
    go_on
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_too_much_waits_nothing_is_begun() {
    let Town { office, router, place, .. } = Town::new();
    drop((office, router));
    let town = Town::empty(place, 1, false);
    let cookie = town.login("S1").await;
    let go_on = hold(&town);
    town.office.desk.keep(Vec::new(), drop);
    let act = json!({"open-account": {"account": "A9"}});
    let said = town.deed(&cookie, "d-1", act.clone()).await;
    assert_eq!((said.told().as_str(), said.header("retry-after")), ("503 desk-busy", "1"));
    assert_eq!(town.get(&cookie, "/api/accounts").await.status, 200, "reading goes on");
    drop(go_on);
    let mut said = town.deed(&cookie, "d-1", act.clone()).await;
    for _ in 0..100 {
        if said.status == 503 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            said = town.deed(&cookie, "d-1", act.clone()).await;
        }
    }
    assert_eq!(said.status, 201, "sent again under the same id it is done once");
}

/// Sends text, and gives what comes back until the other side closes.
async fn say(address: std::net::SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut said = Vec::new();
    drop(stream.read_to_end(&mut said).await);
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_before_it_ends() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address");
    let (end, asked) = oneshot::channel::<()>();
    let ended = async move { drop(asked.await) };
    let server = tokio::spawn(serve(listener, Arc::clone(&town.office), ended, Arc::new(Notify::new())));
    let said = say(address, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n") && said.ends_with("\r\n\r\nok\n"), "{said}");
    for broken in ["\u{0}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n"] {
        let said = say(address, broken).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400"), "{broken:?}: {said}");
    }
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(100));
    assert!(say(address, &many).await.starts_with("HTTP/1.1 431"));
    // A deed is on its way when the server is told to end.
    let go_on = hold(&town);
    let body = json!({"id": "d-1", "act": {"open-account": {"account": "A9"}}}).to_string();
    let request = format!(
        "POST /api/deeds HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let waiting = tokio::spawn(async move { say(address, &request).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    end.send(()).expect("told");
    let mut let_in = true;
    for _ in 0..500 {
        if let_in {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let_in = TcpStream::connect(address).await.is_ok();
        }
    }
    assert!(!let_in, "nobody new is let in");
    assert!(!server.is_finished() && !waiting.is_finished());
    drop(go_on);
    let said = waiting.await.expect("an answer");
    assert!(said.starts_with("HTTP/1.1 201 Created\r\n"), "{said}");
    assert_eq!(server.await.expect("an ending"), Ended::Asked);
}

#[tokio::test]
async fn a_disk_that_failed_ends_it() {
    let town = Town::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let failed = Arc::new(Notify::new());
    failed.notify_one();
    let ended = serve(listener, Arc::clone(&town.office), std::future::pending(), failed).await;
    assert_eq!(ended, Ended::DiskFailed);
}

#[tokio::test]
async fn a_writer_that_is_gone_is_told_and_ends_it() {
    let town = Town::new();
    let cookie = town.login("S1").await;
    assert_eq!(town.get("", "/readyz").await.status, 200);
    town.office.desk.keep(Vec::new(), |_| panic!("a fault of the program"));
    let act = json!({"open-account": {"account": "A9"}});
    let mut said = town.deed(&cookie, "d-1", act.clone()).await;
    assert_eq!(said.status, 503, "{}", said.text());
    // The thread takes a moment to be gone.
    for _ in 0..500 {
        if said.told() == "503 desk-busy" {
            tokio::time::sleep(Duration::from_millis(10)).await;
            said = town.deed(&cookie, "d-1", act.clone()).await;
        }
    }
    assert_eq!((said.told().as_str(), said.header("retry-after")), ("503 desk-stopped", "60"));
    assert_eq!(town.get("", "/readyz").await.status, 503);
    assert_eq!(town.get("", "/healthz").await.status, 200);
    assert_eq!(town.get(&cookie, "/api/accounts").await.status, 200, "what was written can be read");
}

#[test]
fn what_cannot_be_written_now_is_tried_again_later() {
    use kaoping_desk::Refusal;
    use kaoping_store::Failed;
    use kaoping_terms::Diagnostic;
    use kaoping_web::problem::Problem;
    let full = || Failed::DiskFull { place: "x".into(), cause: "y".into() };
    for (refusal, status, after) in [
        (Refusal::Busy, 503, Some(1)),
        (Refusal::ReadOnly(Box::new(Diagnostic::from(full()))), 503, Some(60)),
        (Refusal::Stopped(Box::new(Diagnostic::from(full()))), 503, Some(60)),
        (Refusal::Findings(vec![Diagnostic::from(full())]), 422, None),
    ] {
        let problem = Problem::from(refusal);
        assert_eq!((problem.status.as_u16(), problem.retry_after, problem.findings.len()), (status, after, 1));
    }
}
