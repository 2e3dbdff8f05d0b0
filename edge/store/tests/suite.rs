//! What a store promises, tried on both databases by the same cases.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod cases;
mod common;
mod servers;

use cases::{CASES, Place};
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};
use tempfile::TempDir;

struct Files {
    folder: TempDir,
    next: Cell<u32>,
}

impl Place for Files {
    fn fresh(&self) -> String {
        self.next.set(self.next.get() + 1);
        format!("sqlite:{}/库 {}.db", self.folder.path().display(), self.next.get())
    }

    fn say(&self, address: &str, sql: &str) {
        let path = address.strip_prefix("sqlite:").expect("an address of a file");
        rusqlite::Connection::open(path).expect("the file").execute_batch(sql).expect("SQL");
    }
}

struct Databases {
    server: servers::Server,
    next: Cell<u32>,
}

impl Place for Databases {
    fn fresh(&self) -> String {
        self.next.set(self.next.get() + 1);
        self.server.database(&format!("kept_{}", self.next.get()))
    }

    fn say(&self, address: &str, sql: &str) {
        let database = address.strip_prefix("postgres:///").and_then(|rest| rest.split('?').next());
        self.server.say(database.expect("an address of a database"), sql);
    }
}

/// Every case, and all that failed.
fn all(place: &dyn Place) {
    let failed: Vec<&str> = CASES
        .iter()
        .filter(|(_, case)| catch_unwind(AssertUnwindSafe(|| case(place))).is_err())
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "of {} cases failed: {failed:?}", CASES.len());
}

#[test]
fn sqlite_keeps_what_a_store_promises() {
    all(&Files { folder: tempfile::tempdir().expect("a folder"), next: Cell::new(0) });
}

#[test]
fn postgres_keeps_what_a_store_promises() {
    all(&Databases { server: servers::Server::start(), next: Cell::new(0) });
}
