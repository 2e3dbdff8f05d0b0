//! The demonstration as people run it: ready within seconds, signed in to, ended by a signal.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod served;

use serde_json::Value;
use served::Server;

#[test]
fn a_city_to_sign_in_to() {
    let place = tempfile::tempdir().expect("a folder");
    let server = Server::start(&["demo", "--listen", "127.0.0.1:0", "--format", "json"], place.path());
    let shown = &server.shown;
    let folder = std::path::PathBuf::from(shown["folder"].as_str().expect("a folder"));
    assert!(folder.join("kaoping.db").exists(), "{shown}");
    assert_eq!(shown["today"], "2026-07-16");
    let accounts = shown["accounts"].as_array().expect("accounts");
    assert!(accounts.len() > 50, "{shown}");
    let clerk = server.login("jia-clerk");
    let owed = server.get(&clerk, "/api/owed");
    assert!(owed.contains("就业社保-2026-07"), "{owed}");
    let totals = server.get(&clerk, "/api/totals.csv");
    assert!(
        totals.contains("民生2025") && !totals.contains("民生2026"),
        "a round that is not sealed is not shown: {totals}"
    );
    let office = server.login("kaoping");
    let totals = server.get(&office, "/api/totals.csv");
    assert!(totals.contains("民生2026,自评,") && totals.contains("民生2026,半年,"), "{totals}");
    let (code, log) = server.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(!folder.exists(), "a folder nobody named goes with the program");
}

#[test]
fn a_folder_that_is_named_stays() {
    let place = tempfile::tempdir().expect("a folder");
    let start =
        || Server::start(&["demo", "--dir", "演示", "--listen", "127.0.0.1:0", "--format", "json"], place.path());
    let server = start();
    let office = server.login("kaoping");
    let before = server.get(&office, "/api/me");
    assert!(before.starts_with("HTTP/1.1 200 "), "{before}");
    assert_eq!(server.end().0, Some(0));
    let server = start();
    let again: Value = server.shown.clone();
    assert_eq!(again["kept"], true);
    assert!(server.get(&office, "/api/me").starts_with("HTTP/1.1 200 "), "who was signed in is");
    assert_eq!(server.end().0, Some(0));
}
