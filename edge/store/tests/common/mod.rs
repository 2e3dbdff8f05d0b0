//! What the tests of the store share: some tables, commits, and everything a store holds as one text.

#![allow(dead_code, reason = "not every test uses all of it")]

use kaoping_store::{Column, Commit, EntryRow, Failed, Row, Store, Table, Value};
use std::fmt::Write;

/// Tables as somebody might describe them.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "unit",
        key: &[Column::text("code")],
        columns: &[Column::text("name"), Column::whole("size").or_empty(), Column::text("note").or_empty()],
        indexes: &[&["name"], &["size", "name"]],
    },
    Table {
        name: "score",
        key: &[Column::text("unit"), Column::whole("period")],
        columns: &[Column::whole("amount")],
        indexes: &[],
    },
    // Only a key, and words of SQL for names.
    Table { name: "order", key: &[Column::whole("group")], columns: &[], indexes: &[] },
];

pub(crate) const UNIT: usize = 0;
pub(crate) const SCORE: usize = 1;
pub(crate) const ORDER: usize = 2;

pub(crate) fn text(words: &str) -> Value {
    Value::Text(words.into())
}

pub(crate) fn entry(number: u64) -> EntryRow {
    named(number, &format!("来件-{number}"))
}

pub(crate) fn named(number: u64, id: &str) -> EntryRow {
    let bytes = format!("{{\"form\":1,\"number\":{number},\"id\":\"{id}\",\"why\":\"补报\"}}").into_bytes();
    let [low, high, ..] = number.to_le_bytes();
    EntryRow { number, id: id.into(), received_ms: 1_790_000_000_000, hash: [low ^ high ^ 0xA5; 32], bytes }
}

pub(crate) fn entries(numbers: std::ops::Range<u64>) -> Vec<EntryRow> {
    numbers.map(entry).collect()
}

pub(crate) fn unit(code: &str, name: &str, size: Option<i64>) -> Row {
    let size = size.map_or(Value::Empty, Value::Whole);
    Row { table: UNIT, key: vec![text(code)], columns: Some(vec![text(name), size, Value::Empty]) }
}

pub(crate) fn score(unit: &str, period: i64, amount: i64) -> Row {
    Row { table: SCORE, key: vec![text(unit), Value::Whole(period)], columns: Some(vec![Value::Whole(amount)]) }
}

pub(crate) fn order(group: i64) -> Row {
    Row { table: ORDER, key: vec![Value::Whole(group)], columns: Some(vec![]) }
}

pub(crate) fn gone(row: &Row) -> Row {
    Row { columns: None, ..row.clone() }
}

/// Writes entries and rows.
pub(crate) fn write(store: &mut dyn Store, entries: &[EntryRow], rows: &[Row]) -> Result<(), Failed> {
    store.commit(&Commit { entries, rows, ..Commit::default() })
}

/// The rows of a table: key and columns.
pub(crate) fn rows(store: &mut dyn Store, table: usize) -> Vec<(Vec<Value>, Vec<Value>)> {
    let mut all = Vec::new();
    store
        .rows(table, &mut |key, columns| {
            all.push((key, columns));
            true
        })
        .expect("rows");
    all
}

pub(crate) fn all_entries(store: &mut dyn Store, from: u64) -> Vec<EntryRow> {
    let mut all = Vec::new();
    store
        .entries(from, &mut |entry| {
            all.push(entry);
            true
        })
        .expect("entries");
    all
}

/// Everything a store holds.
pub(crate) fn dump(store: &mut dyn Store) -> String {
    let mut page = String::new();
    for entry in all_entries(store, 0) {
        let _ = writeln!(page, "{entry:?}");
    }
    let _ =
        writeln!(page, "{:?}\n{:?}", store.checkpoints().expect("checkpoints"), store.settings().expect("settings"));
    store
        .blobs(&mut |hash, bytes| {
            let _ = writeln!(page, "{hash} {bytes:?}");
            true
        })
        .expect("blobs");
    store
        .privates(None, &mut |private| {
            let _ = writeln!(page, "{private:?}");
            true
        })
        .expect("private");
    for (table, described) in TABLES.iter().enumerate() {
        for (key, columns) in rows(store, table) {
            let _ = writeln!(page, "{} {key:?} {columns:?}", described.name);
        }
    }
    page
}

/// The name of the finding.
pub(crate) fn refused<T>(done: Result<T, Failed>) -> &'static str {
    match done {
        Ok(_) => "nothing was refused",
        Err(failed) => {
            // Each failure has words in both languages.
            let finding = kaoping_terms::Diagnostic::from(failed.clone());
            let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(chinese(&finding.message.zh) && !chinese(&finding.message.en.replace('库', "")), "{failed}");
            assert!(chinese(&finding.next.zh) && !finding.next.en.is_empty(), "{failed}");
            failed.name()
        }
    }
}
