//! Somebody with every right in the database changes it: each way to do so is found by verifying the store, with one
//! checkpoint kept elsewhere.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod city;
#[path = "../../store/tests/servers/mod.rs"]
mod servers;

use city::{at, city, key, story::reported};
use kaoping_desk::{bundle::FromStore, verify::verify};
use kaoping_ledger::{Digest, KeyKind, PublicKey, SignedCheckpoint};
use kaoping_office::{Entry, tables::TABLES};
use kaoping_store::{EntryRow, Failed, open_to_read};
use std::sync::mpsc::channel;

const KIND: KeyKind = KeyKind::Ed25519;

fn public() -> PublicKey {
    key(KIND).public("甲市考评台账")
}

/// Makes the record, and gives the checkpoint that was kept elsewhere.
fn made(address: &str) -> SignedCheckpoint {
    let desk = city(address, KIND);
    reported(&desk);
    let (reply, note) = channel();
    desk.sign(move |signed| reply.send(signed.expect("signed")).expect("a listener"));
    note.recv().expect("a checkpoint")
}

/// The names of what is found, each once.
fn found(address: &str, pins: &[SignedCheckpoint]) -> Vec<&'static str> {
    let mut store = match open_to_read(address, TABLES) {
        Ok(store) => store,
        Err(failed) => return vec![failed.name()],
    };
    match verify(&mut FromStore(&mut *store), &public(), pins) {
        Err(failed) => vec![failed.name()],
        Ok(verified) => {
            let mut names: Vec<_> = verified.findings.findings().iter().map(|finding| finding.name).collect();
            names.dedup();
            names
        }
    }
}

fn rows(address: &str) -> Result<Vec<EntryRow>, Failed> {
    let mut rows = Vec::new();
    let mut store = open_to_read(address, TABLES)?;
    store.entries(0, &mut |row| {
        rows.push(row);
        true
    })?;
    Ok(rows)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Entries from one on, changed by `change` and chained and hashed anew as the program does it, as SQL.
fn hashed_anew(address: &str, from: u64, literal: fn(&[u8]) -> String, change: impl Fn(&mut Entry)) -> String {
    let mut before: Option<Digest> = None;
    let mut sql = String::new();
    for row in rows(address).expect("rows").into_iter().filter(|row| row.number >= from) {
        let mut entry = Entry::from_bytes(&row.bytes).expect("an entry");
        change(&mut entry);
        entry.before = before.unwrap_or(entry.before);
        let bytes = entry.to_bytes().expect("bytes");
        let hash = KIND.algorithm().leaf(&bytes);
        sql += &format!(
            "UPDATE store_entry SET bytes = {}, hash = {}, received_ms = {}, id = '{}' WHERE number = {};\n",
            literal(&bytes),
            literal(&hash.bytes),
            entry.received_ms,
            entry.id,
            row.number
        );
        before = Some(hash);
    }
    sql
}

/// One way to tamper, and what is found: the first with the checkpoint, the second without.
type Way<'a> = (&'a str, String, &'a [&'a str]);

fn ways(address: &str, literal: fn(&[u8]) -> String) -> Vec<Way<'static>> {
    let size = rows(address).expect("rows").len() as u64;
    let last = size - 1;
    let swap = "UPDATE store_entry SET number = -1 WHERE number = 5; UPDATE store_entry SET number = 5 WHERE number = 6; \
                UPDATE store_entry SET number = 6 WHERE number = -1";
    let insert = format!(
        "UPDATE store_entry SET number = {0} + 1 WHERE number = {1}; INSERT INTO store_entry (number, id, received_ms, \
         hash, bytes) SELECT {1}, 'x', received_ms, hash, bytes FROM store_entry WHERE number = 3",
        last, last
    );
    let edited = |entry: &mut Entry| {
        if entry.number == 4 {
            entry.why = "另一个原因".into();
        }
    };
    let other = |entry: &mut Entry| {
        if entry.number == 6 {
            entry.by.account = "S2".into();
        }
    };
    let dated = |entry: &mut Entry| {
        if entry.number >= 4 {
            entry.received_ms -= 86_400_000;
        }
    };
    vec![
        ("edit", format!("UPDATE store_entry SET bytes = {} WHERE number = 4", literal(b"{}")), &["record-unreadable"]),
        ("delete", "DELETE FROM store_entry WHERE number = 4".into(), &["store-entry-missing"]),
        ("insert", insert, &["record-unreadable", "record-out-of-order"]),
        ("reorder", swap.into(), &["record-out-of-order"]),
        ("truncate", format!("DELETE FROM store_entry WHERE number >= {last}"), &["record-shorter-than-pinned"]),
        ("rewrite and hash anew", hashed_anew(address, 4, literal, edited), &["record-not-as-pinned"]),
        ("swapped identity", hashed_anew(address, 6, literal, other), &["record-not-as-pinned"]),
        ("back-date", hashed_anew(address, 4, literal, dated), &["record-back-dated", "record-not-as-pinned"]),
        (
            "the time beside",
            "UPDATE store_entry SET received_ms = 1 WHERE number = 4".into(),
            &["record-beside-differs"],
        ),
        ("the id beside", "UPDATE store_entry SET id = 'x' WHERE number = 4".into(), &["record-beside-differs"]),
        (
            "the hash beside",
            format!("UPDATE store_entry SET hash = {} WHERE number = 4", literal(&[0; 32])),
            &["record-beside-differs"],
        ),
        ("a checkpoint", "UPDATE store_checkpoint SET note = 'x'".into(), &["checkpoint-not-signed"]),
        (
            "the size of a checkpoint",
            "UPDATE store_checkpoint SET size = size + 100".into(),
            &["record-beside-differs"],
        ),
        ("a table", "UPDATE offices SET name = '丁县' WHERE unit = '乙县'".into(), &["tables-differ"]),
        ("a row too few", "DELETE FROM accounts WHERE account = 'S3'".into(), &["tables-differ"]),
        (
            "a content nobody names yet",
            format!(
                "INSERT INTO store_blob (hash, bytes) VALUES ('{}', {})",
                KIND.algorithm().hash(&[b"a"]),
                literal(b"b")
            ),
            &["content-not-as-recorded"],
        ),
        (
            "tables said to be due",
            "UPDATE store_setting SET value = 'due' WHERE name = 'store.rows'".into(),
            &["tables-not-compared"],
        ),
    ]
}

/// Tries every way on fresh copies of one record.
fn all_ways(
    copy: &mut dyn FnMut() -> String,
    say: &dyn Fn(&str, &str),
    literal: fn(&[u8]) -> String,
    pin: &SignedCheckpoint,
) {
    let whole = copy();
    assert_eq!(found(&whole, &[]), Vec::<&str>::new());
    assert_eq!(found(&whole, std::slice::from_ref(pin)), Vec::<&str>::new());
    for (way, sql, expected) in ways(&whole, literal) {
        let address = copy();
        say(&address, &sql);
        let names = found(&address, std::slice::from_ref(pin));
        assert!(
            expected.iter().any(|expected| names.contains(expected)),
            "{way}: {names:?}, expected one of {expected:?}"
        );
        // Without what was kept elsewhere the checkpoints that came with it tell, as long as they are left.
        assert!(!found(&address, &[]).is_empty(), "{way}");
    }
}

#[test]
fn every_change_of_a_store_in_a_file_is_found() {
    let place = tempfile::tempdir().expect("a folder");
    let pin = made(&at(&place));
    let mut next = 0;
    let mut copy = || {
        next += 1;
        let path = place.path().join(format!("{next}.db"));
        open_to_read(&at(&place), TABLES).expect("a store").backup(&path).expect("a copy");
        format!("sqlite:{}", path.display())
    };
    let say = |address: &str, sql: &str| {
        let path = address.strip_prefix("sqlite:").expect("an address of a file");
        rusqlite::Connection::open(path).expect("the file").execute_batch(sql).expect("SQL");
    };
    all_ways(&mut copy, &say, |bytes| format!("X'{}'", hex(bytes)), &pin);
}

#[test]
fn every_change_of_a_store_in_postgres_is_found() {
    let server = servers::Server::start();
    let pin = made(&server.database("made"));
    let mut next = 0;
    let mut copy = || {
        next += 1;
        server.say("postgres", &format!("CREATE DATABASE copy_{next} TEMPLATE made"));
        server.address(&format!("copy_{next}"))
    };
    let say = |address: &str, sql: &str| {
        let database = address.strip_prefix("postgres:///").and_then(|rest| rest.split('?').next());
        server.say(database.expect("an address of a database"), sql);
    };
    all_ways(&mut copy, &say, |bytes| format!("'\\x{}'::bytea", hex(bytes)), &pin);
}

/// A record that went on from an old backup, with the right key: two records with one beginning. One pin of either
/// finds the other.
#[test]
fn a_fork_and_an_old_backup_are_found() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KIND);
    drop(desk);
    let old = place.path().join("old.db");
    open_to_read(&address, TABLES).expect("a store").backup(&old).expect("a copy");
    let desk = kaoping_desk::Desk::open(city::opening(&address, KIND)).expect("a desk");
    reported(&desk);
    let (reply, note) = channel();
    desk.sign(move |signed| reply.send(signed.expect("signed")).expect("a listener"));
    let pin = note.recv().expect("a checkpoint");
    drop(desk);
    let old = format!("sqlite:{}", old.display());
    assert!(found(&old, std::slice::from_ref(&pin)).contains(&"record-shorter-than-pinned"));
    let fork = kaoping_desk::Desk::open(city::opening(&old, KIND)).expect("a desk");
    for number in 0..pin.checkpoint.size {
        fork.perform(city::open_account(&format!("F{number}"))).expect("a receipt");
    }
    drop(fork);
    assert!(found(&old, std::slice::from_ref(&pin)).contains(&"record-not-as-pinned"));
    assert_eq!(found(&address, &[pin]), Vec::<&str>::new());
}
