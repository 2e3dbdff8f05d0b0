//! How long a record of so many entries takes to be read again and its tables to be made anew:
//! `cargo run --release -p kaoping-desk --example rebuild -- 1000000`.

#![allow(clippy::expect_used, clippy::panic, reason = "a measurement stops at what should have been there")]

use kaoping_desk::{load, replay::replay};
use kaoping_ledger::{Algorithm, By, KeyKind, SecretKey, entry::FORM};
use kaoping_office::{
    Act, Entry, Role, State,
    deeds::{founding::Found, people::OpenAccount},
    tables::{TABLES, Touched},
};
use kaoping_store::{Commit, EntryRow, open};
use kaoping_terms::Day;
use std::time::Instant;

/// 2026-01-05, eight in the morning in China.
const NOW_MS: i64 = 20_458 * 86_400_000;

fn act(number: u64, origin: &str) -> Act {
    if number > 0 {
        return Act::OpenAccount(OpenAccount { account: format!("N{number}").as_str().into() });
    }
    let key = SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key").public(origin).to_string();
    Act::Found(Found {
        origin: origin.into(),
        algorithm: "sha256".into(),
        key,
        office: "甲市".into(),
        name: "甲市".into(),
        from: Day::LONG_AGO,
        administrators: ["S1".into(), "S2".into(), "S3".into()],
    })
}

fn main() {
    let count: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let place = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let mut store = open(&address, TABLES).expect("a store");
    let by =
        By { account: "S1".into(), office: "甲市".into(), role: Role::SystemAdmin.name().into(), deputy_for: None };
    let (mut state, mut before) = (State::default(), Algorithm::Sha256.nothing());
    let mut touched = Touched::default();
    let started = Instant::now();
    let mut entries = Vec::new();
    for number in 0..count {
        let entry = Entry {
            form: FORM,
            number,
            before,
            id: format!("deed-{number}"),
            received_ms: NOW_MS,
            by: by.clone(),
            act: act(number, "甲市考评台账"),
            why: String::new(),
            evidence: Vec::new(),
        };
        let bytes = entry.to_bytes().expect("bytes");
        before = Algorithm::Sha256.leaf(&bytes);
        state.apply(&entry, &mut touched);
        entries.push(EntryRow { number, id: entry.id, received_ms: NOW_MS, hash: before.bytes, bytes });
        if entries.len() == 4096 || number + 1 == count {
            let rows = touched.take_rows(&state);
            let commit = Commit { entries: &entries, rows: &rows, ..Commit::default() };
            store.commit(&commit).expect("written");
            entries.clear();
        }
    }
    println!("{count} entries written in {:.2} s", started.elapsed().as_secs_f32());
    let started = Instant::now();
    let loaded = load(&mut *store).expect("a record");
    let read = started.elapsed();
    assert_eq!(loaded.state, state);
    let started = Instant::now();
    store.replace_rows(&mut loaded.state.rows()).expect("rows");
    let made = started.elapsed();
    let started = Instant::now();
    let (_, findings) = replay(&mut *store).expect("a record");
    assert!(!findings.findings().iter().any(|finding| finding.name == "tables-differ"));
    let compared = started.elapsed().saturating_sub(read);
    println!(
        "read again in {:.2} s, tables made anew in {:.2} s, compared in {:.2} s",
        read.as_secs_f32(),
        made.as_secs_f32(),
        compared.as_secs_f32()
    );
}
