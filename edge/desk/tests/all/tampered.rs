//! Somebody with every right in the database changes it: each way to do so is found by verifying the store, with one
//! checkpoint kept elsewhere.

use crate::city::{at, city, key, opening, story::reported};
use kaoping_desk::{Desk, bundle::FromStore, verify::verify};
use kaoping_ledger::{Digest, KeyKind, PublicKey, SignedCheckpoint};
use kaoping_office::{Entry, tables::TABLES};
use kaoping_store::{EntryRow, Failed, open_to_read, restore};
use std::{path::Path, sync::mpsc::channel};

const KIND: KeyKind = KeyKind::Ed25519;

fn public() -> PublicKey {
    key(KIND).public("甲市考评台账")
}

/// Makes the record, and gives the checkpoint that was kept elsewhere.
fn made(address: &str) -> SignedCheckpoint {
    let desk = city(address, KIND);
    reported(&desk);
    signed(&desk)
}

fn signed(desk: &Desk) -> SignedCheckpoint {
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

/// One way to tamper, and what is found.
type Way<'a> = (&'a str, String, &'a [&'a str]);

/// A database, and how it is spoken to.
struct Database<'a> {
    /// A fresh copy of what stands at an address.
    copy: &'a mut dyn FnMut(&str) -> String,
    say: &'a dyn Fn(&str, &str),
    literal: fn(&[u8]) -> String,
    /// Ways there are in this one alone.
    own: Vec<Way<'static>>,
}

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
        (
            "insert before the first",
            "INSERT INTO store_entry (number, id, received_ms, hash, bytes) SELECT -1, 'x', received_ms, hash, bytes FROM \
             store_entry WHERE number = 3"
                .into(),
            &["store-damaged"],
        ),
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
        (
            "the first checkpoint taken out",
            "DELETE FROM store_checkpoint WHERE size = 1".into(),
            &["checkpoint-missing"],
        ),
        ("all checkpoints taken out", "DELETE FROM store_checkpoint".into(), &["checkpoint-missing"]),
        ("a table added", "CREATE TABLE extra (a INTEGER)".into(), &["store-not-as-made"]),
        ("a view added", "CREATE VIEW extra AS SELECT account FROM accounts".into(), &["store-not-as-made"]),
        ("an index added", "CREATE INDEX extra ON accounts (account)".into(), &["store-not-as-made"]),
        ("an index taken out", "DROP INDEX store_entry_id".into(), &["store-not-as-made"]),
        ("a column added", "ALTER TABLE accounts ADD COLUMN extra INTEGER".into(), &["store-not-as-made"]),
        (
            "a table in place of another",
            "ALTER TABLE store_private RENAME TO kept; CREATE TABLE store_private (kind TEXT)".into(),
            &["store-not-as-made"],
        ),
    ]
}

/// Ways a server begins on all the same: what was signed, or what is remembered of it, refuses them, or they change
/// nothing the program reads.
const BEGUN_ON: [&str; 11] = [
    "rewrite and hash anew",
    "swapped identity",
    "a checkpoint",
    "the size of a checkpoint",
    "a content nobody names yet",
    "tables said to be due",
    "the first checkpoint taken out",
    "all checkpoints taken out",
    "a table added",
    "a view added",
    "an index added",
];

/// Tries every way on fresh copies of one record.
fn all_ways(made: &str, database: Database<'_>, pin: &SignedCheckpoint) {
    let Database { copy, say, literal, own } = database;
    let whole = copy(made);
    assert_eq!(found(&whole, &[]), Vec::<&str>::new());
    assert_eq!(found(&whole, std::slice::from_ref(pin)), Vec::<&str>::new());
    for (way, sql, expected) in ways(&whole, literal).into_iter().chain(own) {
        let address = copy(made);
        say(&address, &sql);
        let names = found(&address, std::slice::from_ref(pin));
        assert!(
            expected.iter().any(|expected| names.contains(expected)),
            "{way}: {names:?}, expected one of {expected:?}"
        );
        // Without what was kept elsewhere the checkpoints that came with it tell, as long as they are left.
        assert!(!found(&address, &[]).is_empty(), "{way}");
        // Nor does anybody begin to write to it.
        let begun = Desk::open(opening(&address, KIND));
        assert_eq!(begun.is_ok(), BEGUN_ON.contains(&way), "{way}: {:?}", begun.err());
    }
    // The last checkpoint leaves no gap: a later one that was kept elsewhere tells.
    let address = copy(made);
    say(&address, "DELETE FROM store_checkpoint WHERE size > 1");
    assert_eq!(found(&address, std::slice::from_ref(pin)), ["checkpoint-missing"]);
}

/// A record that went on from an old backup, with the right key: two records with one beginning. One pin of either
/// finds the other, and a backup that is put in the place of what came after it.
fn forked(address: &str, place: &Path, copy: &mut dyn FnMut(&str) -> String) {
    drop(city(address, KIND));
    let backup = place.join("old.db");
    open_to_read(address, TABLES).expect("a store").backup(&backup).expect("a copy");
    let old = copy(address);
    let desk = Desk::open(opening(address, KIND)).expect("a desk");
    reported(&desk);
    let pin = signed(&desk);
    drop(desk);
    let pins = std::slice::from_ref(&pin);
    assert!(found(&old, pins).contains(&"record-shorter-than-pinned"));
    let fork = Desk::open(opening(&old, KIND)).expect("a desk");
    for number in 0..pin.checkpoint.size {
        fork.perform(crate::city::open_account(&format!("F{number}"))).expect("a receipt");
    }
    drop(fork);
    assert!(found(&old, pins).contains(&"record-not-as-pinned"));
    assert_eq!(found(address, pins), Vec::<&str>::new());
    restore(&backup, address, TABLES, true).expect("restored");
    assert!(found(address, pins).contains(&"record-shorter-than-pinned"));
    assert_eq!(found(address, &[]), Vec::<&str>::new(), "by itself it is whole");
}

#[test]
fn every_change_of_a_store_in_a_file_is_found() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let pin = made(&address);
    let mut copy = copies_of_files(place.path());
    let say = |address: &str, sql: &str| {
        let path = address.strip_prefix("sqlite:").expect("an address of a file");
        rusqlite::Connection::open(path).expect("the file").execute_batch(sql).expect("SQL");
    };
    let trigger = "CREATE TRIGGER extra AFTER INSERT ON store_entry BEGIN UPDATE accounts SET closed = 1; END";
    let own = vec![("a trigger added", trigger.into(), &["store-not-as-made"][..])];
    let literal = |bytes: &[u8]| format!("X'{}'", hex(bytes));
    all_ways(&address, Database { copy: &mut copy, say: &say, literal, own }, &pin);
}

/// Copies of stores in files, each a backup.
fn copies_of_files(place: &Path) -> impl FnMut(&str) -> String {
    let (mut next, place) = (0, place.to_owned());
    move |address| {
        next += 1;
        let path = place.join(format!("{next}.db"));
        open_to_read(address, TABLES).expect("a store").backup(&path).expect("a copy");
        format!("sqlite:{}", path.display())
    }
}

/// Copies of databases, by the server.
fn copies_of_databases(server: &crate::servers::Server) -> impl FnMut(&str) -> String {
    let mut next = 0;
    move |address| {
        next += 1;
        let from = name_of(address);
        server.say("postgres", &format!("CREATE DATABASE {from}_{next} TEMPLATE {from}"));
        server.address(&format!("{from}_{next}"))
    }
}

fn name_of(address: &str) -> &str {
    let name = address.strip_prefix("postgres:///").and_then(|rest| rest.split('?').next());
    name.expect("an address of a database")
}

#[test]
fn every_change_of_a_store_in_postgres_is_found() {
    const STRANGER: &[&str] = &["store-not-as-made"];
    let server = crate::servers::Server::start();
    let address = server.database("made");
    let pin = made(&address);
    let mut copy = copies_of_databases(&server);
    let say = |address: &str, sql: &str| drop(server.say(name_of(address), sql));
    let function = "CREATE FUNCTION extra() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; ";
    let trigger = "CREATE TRIGGER extra BEFORE INSERT ON store_entry FOR EACH ROW EXECUTE FUNCTION extra()";
    let own = [
        ("a trigger added", format!("{function}{trigger}")),
        ("a rule added", "CREATE RULE extra AS ON INSERT TO store_entry DO INSTEAD NOTHING".into()),
        ("a policy added", "CREATE POLICY extra ON accounts USING (false)".into()),
        ("rows hidden", "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY".into()),
        ("a check added", "ALTER TABLE accounts ADD CONSTRAINT extra CHECK (closed IS NULL OR closed > 0)".into()),
        ("a value by default", "ALTER TABLE accounts ALTER COLUMN closed SET DEFAULT 1".into()),
        ("rows from another table", "CREATE TABLE extra () INHERITS (accounts)".into()),
        ("a table that is not durable", "ALTER TABLE accounts SET UNLOGGED".into()),
    ];
    let own = own.into_iter().map(|(way, sql)| (way, sql, STRANGER)).collect();
    let literal = |bytes: &[u8]| format!("'\\x{}'::bytea", hex(bytes));
    all_ways(&address, Database { copy: &mut copy, say: &say, literal, own }, &pin);
}

#[test]
fn a_fork_and_an_old_backup_of_a_file_are_found() {
    let place = tempfile::tempdir().expect("a folder");
    forked(&at(&place), place.path(), &mut copies_of_files(place.path()));
}

#[test]
fn a_fork_and_an_old_backup_of_a_database_are_found() {
    let (server, place) = (crate::servers::Server::start(), tempfile::tempdir().expect("a folder"));
    forked(&server.database("made"), place.path(), &mut copies_of_databases(&server));
}
