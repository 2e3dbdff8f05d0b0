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

/// A command of a page, and what it prints: each `…` stands for anything.
struct Told {
    command: String,
    said: Vec<String>,
}

/// The commands of the blocks that are for the demonstration.
fn told() -> Vec<Told> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/server.zh.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let mut told: Vec<Told> = Vec::new();
    for block in page.split("```sh 演示\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for line in block.lines() {
            match (line.strip_prefix("# "), told.last_mut()) {
                (Some(said), Some(last)) => last.said.push(said.to_owned()),
                _ => told.push(Told { command: line.to_owned(), said: Vec::new() }),
            }
        }
    }
    told
}

/// Whether a line is as told: its parts stand in it one after another.
fn is_as_told(said: &str, told: &str) -> bool {
    let mut rest = said;
    let mut parts = told.split('…');
    let begins = parts.next().is_none_or(|first| rest.starts_with(first));
    let follows = parts.all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    });
    begins && follows && (told.contains('…') || said == told)
}

#[test]
fn the_page_about_the_server_is_held_to_its_word() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let place = tempfile::tempdir().expect("a folder");
    let server = Server::start(&["demo", "--listen", "127.0.0.1:0", "--format", "json"], place.path());
    let address = server.shown["address"].as_str().expect("an address");
    let told = told();
    assert!(told.len() > 15, "the page shows {} commands", told.len());
    let mut script = String::new();
    for (number, step) in told.iter().enumerate() {
        let command = step.command.replace("http://127.0.0.1:8080", address);
        script.push_str(&format!("{command}\necho\necho @{number}\n"));
    }
    let run = std::process::Command::new("sh").arg("-c").arg(&script).current_dir(place.path()).output();
    let run = String::from_utf8(run.expect("a shell").stdout).expect("text");
    let mut rest = run.as_str();
    for (number, step) in told.iter().enumerate() {
        let (said, after) = rest.split_once(&format!("@{number}\n")).unwrap_or_else(|| panic!("{run}"));
        rest = after;
        let lines: Vec<&str> = said.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let same =
            lines.len() == step.said.len() && lines.iter().zip(&step.said).all(|(said, told)| is_as_told(said, told));
        assert!(same, "{}\ntold {:#?}\nsaid {lines:#?}", step.command, step.said);
    }
    assert_eq!(server.end().0, Some(0));
}
