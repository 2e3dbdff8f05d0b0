//! What a store is not opened on, each with its name.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod common;
mod servers;

use common::{TABLES, all_entries, dump, entries, entry, order, refused, rows, unit, write};
use kaoping_store::{Commit, Failed, Private, open, open_to_read};
use std::{
    fs::{self, OpenOptions},
    path::Path,
    process::Stdio,
    thread,
    time::Duration,
};

/// For writing and for reading.
fn both(address: &str) -> [&'static str; 2] {
    [refused(open(address, TABLES)), refused(open_to_read(address, TABLES))]
}

fn at(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

#[test]
fn an_address_that_is_none() {
    for address in ["", "sqlite:", "records.db", "mysql://host/x", "sqlite", "file:records.db"] {
        assert_eq!(both(address), ["store-address-unknown"; 2], "{address}");
    }
    assert_eq!(refused(open_to_read("sqlite::memory:", TABLES)), "store-address-unknown");
    let said = open("mysql://me:secret@host/x", TABLES).err().map(|failed| format!("{failed:?}"));
    assert!(said.is_some_and(|said| !said.contains("secret")));
}

#[test]
fn a_store_in_memory() {
    let mut store = open("sqlite::memory:", TABLES).expect("a store");
    write(&mut *store, &entries(0..3), &[order(1)]).expect("a commit");
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("b.db");
    store.backup(&backup).expect("a backup");
    assert_eq!(dump(&mut *open(&at(&backup), TABLES).expect("the backup")), dump(&mut *store));
}

#[test]
fn files_that_are_no_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    assert_eq!(both(&at(folder.path())), ["store-unreachable"; 2]);
    assert_eq!(both(&at(&path("none/x.db"))), ["store-unreachable"; 2]);
    assert_eq!(refused(open_to_read(&at(&path("none.db")), TABLES)), "store-unreachable");
    assert!(!path("none.db").exists(), "reading makes nothing");
    fs::write(path("letter.txt"), "关于印发考评办法的通知。".repeat(500)).expect("a file");
    let before = fs::read(path("letter.txt")).expect("a file");
    assert_eq!(both(&at(&path("letter.txt"))), ["store-foreign"; 2]);
    assert_eq!(fs::read(path("letter.txt")).expect("a file"), before);
    fs::write(path("note.txt"), "x").expect("a file");
    assert_eq!(both(&at(&path("note.txt"))), ["store-foreign"; 2]);
    // An empty file is what is left of a store that somebody cut off: no new record begins there.
    fs::write(path("empty.db"), "").expect("a file");
    assert_eq!(both(&at(&path("empty.db"))), ["store-damaged"; 2]);
    // The database of another program stays as it is, to the byte.
    let theirs = rusqlite::Connection::open(path("theirs.db")).expect("a database");
    theirs.execute_batch("CREATE TABLE t (a); PRAGMA application_id = 252006675;").expect("SQL");
    drop(theirs);
    let before = fs::read(path("theirs.db")).expect("a file");
    assert_eq!(both(&at(&path("theirs.db"))), ["store-foreign"; 2]);
    assert_eq!(fs::read(path("theirs.db")).expect("a file"), before);
}

#[test]
fn a_store_that_was_cut_or_spoilt() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let mut store = open(&at(&path("whole.db")), TABLES).expect("a store");
    write(&mut *store, &entries(0..2_000), &[unit("a", "甲", None)]).expect("a commit");
    drop(store);
    let whole = fs::read(path("whole.db")).expect("the file");
    assert!(whole.len() > 100_000 && !path("whole.db-wal").exists(), "closed, it is one file");
    for (name, length) in [("half.db", whole.len() / 2), ("page.db", 4_096), ("last.db", whole.len() - 4_096)] {
        fs::write(path(name), &whole[..length]).expect("a file");
        assert_eq!(both(&at(&path(name))), ["store-damaged"; 2], "{name}");
    }
    fs::write(path("head.db"), &whole[..60]).expect("a file");
    assert_eq!(both(&at(&path("head.db"))), ["store-damaged"; 2]);
    // A page in the middle full of nonsense: the store opens, and examining it says so.
    let mut spoilt = whole.clone();
    let middle = spoilt.len() / 2 / 4_096 * 4_096;
    spoilt[middle..middle + 4_096].fill(0x5A);
    fs::write(path("spoilt.db"), &spoilt).expect("a file");
    let mut store = open_to_read(&at(&path("spoilt.db")), TABLES).expect("it opens");
    assert_eq!(refused(store.examine()), "store-damaged");
    assert_eq!(
        refused(kaoping_store::restore(&path("spoilt.db"), &at(&path("new.db")), TABLES, false)),
        "store-damaged"
    );
    assert!(!path("new.db").exists(), "nothing is made of a damaged backup");
    // The file is gone and its log is there.
    let mut store = open(&at(&path("gone.db")), TABLES).expect("a store");
    write(&mut *store, &[entry(0)], &[]).expect("a commit");
    fs::remove_file(path("gone.db")).expect("removed");
    // As after a crash: nobody tidies up.
    std::mem::forget(store);
    fs::copy(path("gone.db-wal"), path("lost.db-wal")).expect("a log");
    assert_eq!(refused(open(&at(&path("lost.db")), TABLES)), "store-damaged");
}

#[cfg(unix)]
#[test]
fn others_may_not_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("k.db");
    let mut store = open(&at(&path), TABLES).expect("a store");
    write(&mut *store, &[entry(0)], &[]).expect("a commit");
    store.backup(&folder.path().join("b.db")).expect("a backup");
    for name in ["k.db", "k.db-wal", "k.db-shm", "k.db.lock", "b.db"] {
        let mode = fs::metadata(folder.path().join(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// A process that was forked holds all locks until it runs its program; that is no other writer.
#[test]
fn a_lock_that_is_let_go_soon_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("k.db");
    drop(open(&at(&path), TABLES).expect("a store"));
    let lock = OpenOptions::new().write(true).open(folder.path().join("k.db.lock")).expect("the lock");
    lock.lock().expect("locked");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            lock.unlock().expect("let go");
        });
        write(&mut *open(&at(&path), TABLES).expect("the store"), &[entry(0)], &[]).expect("a commit");
    });
}

#[test]
fn what_is_forgotten_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("k.db");
    let secret = "申请人001的电话".repeat(20);
    // Closed, everything is in the one file.
    let put = |bytes: Option<&str>| {
        let bytes = bytes.map(|bytes| bytes.as_bytes().to_vec());
        let private = [Private { kind: "person".into(), key: "1".into(), bytes }];
        let mut store = open(&at(&path), TABLES).expect("a store");
        store.commit(&Commit { private: &private, ..Commit::default() }).expect("a commit");
    };
    let is_there =
        || fs::read(&path).expect("the file").windows(24).any(|window| secret.as_bytes().starts_with(window));
    put(Some(&secret));
    assert!(is_there());
    put(None);
    assert!(!is_there());
}

#[test]
fn what_a_making_left_behind_is_no_hindrance() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("k.db");
    fs::write(folder.path().join("k.db.founding"), "half").expect("a file");
    fs::write(folder.path().join("k.db.founding-wal"), "half").expect("a file");
    OpenOptions::new().create(true).append(true).open(folder.path().join("k.db.lock")).expect("a lock nobody holds");
    let mut store = open(&at(&path), TABLES).expect("a store");
    write(&mut *store, &[entry(0)], &[]).expect("a commit");
    drop(store);
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).expect("the folder").map(|e| e.expect("a file").file_name()).collect();
    names.sort();
    assert_eq!(names, ["k.db", "k.db.lock"]);
}

#[test]
fn servers_that_will_not_do() {
    // Nobody listens there.
    for address in [
        "postgres://me:secret@127.0.0.1:1/x?connect_timeout=3",
        "postgres:///x?host=/nowhere&user=me",
        "postgresql://127.0.0.1:1/x?no_such_word=1",
        "postgres://me:secret@host.invalid/x?connect_timeout=3",
    ] {
        assert_eq!(both(address), ["store-unreachable"; 2], "{address}");
        let said = open(address, TABLES).err().map(|failed| format!("{failed} {failed:?}"));
        assert!(said.is_some_and(|said| !said.contains("secret")));
    }
    let server = servers::Server::start();
    assert_eq!(both(&server.address("nothing")), ["store-unreachable"; 2]);

    // A server that would lose what it says it keeps.
    let address = server.database("careless");
    server.say("postgres", "ALTER DATABASE careless SET synchronous_commit = off");
    assert_eq!(both(&address), ["store-server-unfit"; 2]);
    server.say("postgres", "ALTER DATABASE careless RESET synchronous_commit");
    for setting in ["fsync", "full_page_writes"] {
        let set = |to: &str| {
            server.say("postgres", &format!("ALTER SYSTEM SET {setting} = {to}"));
            server.say("postgres", "SELECT pg_reload_conf()");
            thread::sleep(Duration::from_millis(300));
        };
        set("off");
        assert_eq!(both(&address), ["store-server-unfit"; 2], "{setting}");
        set("on");
    }
    drop(open(&address, TABLES).expect("all is on again"));
    // Older servers know no providers of locales.
    let raw = |words: &str| format!("CREATE DATABASE raw ENCODING 'SQL_ASCII' {words} LOCALE 'C' TEMPLATE template0");
    if !server.program("postgres", &raw("LOCALE_PROVIDER libc")).output().is_ok_and(|ended| ended.status.success()) {
        server.say("postgres", &raw(""));
    }
    assert_eq!(both(&server.address("raw")), ["store-server-unfit"; 2]);
}

#[test]
fn a_connection_that_breaks_ends_the_store() {
    let server = servers::Server::start();
    let address = server.database("kept");
    let mut store = open(&address, TABLES).expect("a store");
    write(&mut *store, &entries(0..2), &[]).expect("a commit");
    server.say("kept", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kaoping'");
    let failed = write(&mut *store, &[entry(2)], &[]).expect_err("the connection is gone");
    assert!(matches!(failed, Failed::Lost { .. }) && failed.ends_the_store(), "{failed}");
    // It says so from now on, to readers as well, and tries nothing.
    assert_eq!(refused(write(&mut *store, &[entry(2)], &[])), "store-connection-lost");
    assert_eq!(refused(store.blob("h")), "store-connection-lost");
    assert_eq!(refused(store.size()), "store-connection-lost");
    let mut store = open(&address, TABLES).expect("opened anew while the old one is still held");
    assert_eq!(all_entries(&mut *store, 0), entries(0..2));
    write(&mut *store, &[entry(2)], &[]).expect("it goes on");
}

#[test]
fn somebody_in_the_way_is_waited_for() {
    let server = servers::Server::start();
    let mut store = open(&server.database("kept"), TABLES).expect("a store");
    // Longer than one try waits, shorter than all do.
    let locked = "BEGIN; LOCK TABLE unit; SELECT 'locked'; SELECT pg_sleep(3.5); COMMIT";
    let mut other = server.program("kept", locked).stdout(Stdio::null()).spawn().expect("psql");
    while server.say("kept", "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted") == "0" {
        thread::sleep(Duration::from_millis(20));
    }
    write(&mut *store, &[entry(0)], &[unit("a", "甲", None)]).expect("the second or third try");
    assert!(other.wait().expect("psql").success());
    assert_eq!((store.size().expect("size"), rows(&mut *store, common::UNIT).len()), (1, 1));
}
