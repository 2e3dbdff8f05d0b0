//! The same commits give the same bytes, whichever database it is; and what is copied is the same.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod common;
mod servers;

use common::{ORDER, SCORE, TABLES, UNIT, all_entries, dump, named};
use kaoping_store::{Commit, EntryRow, Failed, Private, Row, Store, Value, open, restore};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use std::sync::atomic::{AtomicU32, Ordering};

/// Whatever could come to one commit, good or not. Pools are small, so that things meet again.
#[derive(Clone, Debug)]
struct Step {
    identifiers: Vec<u8>,
    /// How far the first number is from the one that is due.
    off: u64,
    rows: Vec<Row>,
    private: Vec<Private>,
    checkpoint: Option<(u64, String)>,
    blob: Option<(u8, Vec<u8>)>,
    replace: bool,
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        90 => prop::sample::select(vec!["", "a", "B", "甲县", "乙县", "é", "🀄", "'; --", "%_"]).prop_map(String::from),
        9 => any::<String>().prop_map(|text| text.replace('\0', "")),
        1 => Just("a\u{0}".to_string()),
    ]
}

fn whole() -> impl Strategy<Value = i64> {
    prop_oneof![prop::sample::select(vec![i64::MIN, -1, 0, 1, 2, i64::MAX]), any::<i64>()]
}

fn or_empty(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Empty), 3 => value]
}

fn row() -> impl Strategy<Value = Row> {
    let text = || words().prop_map(Value::Text);
    let number = || whole().prop_map(Value::Whole);
    let unit = (text(), text(), or_empty(number()), or_empty(text()))
        .prop_map(|(key, name, size, note)| (UNIT, vec![key], vec![name, size, note]));
    let score =
        (text(), number(), number()).prop_map(|(unit, period, amount)| (SCORE, vec![unit, period], vec![amount]));
    let order = number().prop_map(|group| (ORDER, vec![group], vec![]));
    let columns = (prop_oneof![5 => unit, 5 => score, 2 => order], prop::bool::weighted(0.3));
    columns.prop_map(|((table, key, columns), gone)| Row { table, key, columns: (!gone).then_some(columns) })
}

fn private() -> impl Strategy<Value = Private> {
    (words(), words(), prop::option::of(vec(any::<u8>(), 0..5))).prop_map(|(kind, key, bytes)| Private {
        kind,
        key,
        bytes,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let checkpoint = prop::option::weighted(0.3, (prop_oneof![20 => 0..5u64, 1 => any::<u64>()], words()));
    let blob = prop::option::weighted(0.3, (0..4u8, vec(any::<u8>(), 0..3)));
    let rows = vec(row(), 0..12);
    (
        vec(0..24u8, 0..4),
        prop_oneof![9 => Just(0u64), 1 => 1..3u64],
        rows,
        vec(private(), 0..4),
        checkpoint,
        blob,
        prop::bool::weighted(0.1),
    )
        .prop_map(|(identifiers, off, rows, private, checkpoint, blob, replace)| Step {
            identifiers,
            off,
            rows,
            private,
            checkpoint,
            blob,
            replace,
        })
}

fn name(done: Result<(), Failed>) -> &'static str {
    done.map_or_else(|failed| failed.name(), |()| "done")
}

/// Carries out a step; what came of each part of it.
fn carry_out(store: &mut dyn Store, step: &Step) -> Vec<&'static str> {
    let size = store.size().expect("size");
    let numbers = size.saturating_add(step.off)..;
    let entries: Vec<EntryRow> =
        numbers.zip(&step.identifiers).map(|(number, id)| named(number, &format!("{id}"))).collect();
    let checkpoint = step.checkpoint.as_ref().map(|(size, note)| (*size, note.as_str()));
    let commit = Commit { entries: &entries, rows: &step.rows, checkpoint, private: &step.private };
    let mut came = vec![name(store.commit(&commit))];
    if let Some((hash, bytes)) = &step.blob {
        came.push(name(store.put_blob(&format!("h{hash}"), bytes)));
    }
    if step.replace {
        came.push(name(store.replace_rows(&mut step.rows.iter().cloned())));
    }
    came
}

#[test]
fn random_commits_give_equal_bytes_from_both() {
    let server = servers::Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let next = AtomicU32::new(0);
    // Without a file of seeds: the server is new each time.
    let config =
        ProptestConfig { cases: 16, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() };
    let seen = std::cell::RefCell::new(std::collections::BTreeMap::<&str, u32>::new());
    let run = TestRunner::new(config).run(&vec(step(), 1..8), |steps| {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let file = |name: &str| folder.path().join(format!("{name}{number}.db"));
        let address = |name: &str| format!("sqlite:{}", file(name).display());
        let mut one = open(&address("one"), TABLES).expect("SQLite");
        let mut other = open(&server.schema("postgres", &format!("other{number}")), TABLES).expect("PostgreSQL");
        for step in &steps {
            let came = carry_out(&mut *one, step);
            prop_assert_eq!(&came, &carry_out(&mut *other, step), "{:?}", step);
            came.into_iter().for_each(|name| *seen.borrow_mut().entry(name).or_default() += 1);
        }
        let whole = dump(&mut *one);
        prop_assert_eq!(&whole, &dump(&mut *other));

        // Copied there and back, and backed up from either.
        let mut there = open(&server.schema("postgres", &format!("there{number}")), TABLES).expect("PostgreSQL");
        there.take(&mut *one, false).expect("copied");
        prop_assert_eq!(&whole, &dump(&mut *there));
        let mut back = open(&address("back"), TABLES).expect("SQLite");
        back.take(&mut *there, false).expect("copied");
        prop_assert_eq!(&whole, &dump(&mut *back));
        for (name, store) in [("b", &mut one), ("c", &mut other)] {
            store.backup(&file(name)).expect("a backup");
            restore(&file(name), &address(&format!("{name}-again")), TABLES, false).expect("restored");
            let mut again = open(&address(&format!("{name}-again")), TABLES).expect("restored");
            prop_assert_eq!(&whole, &dump(&mut *again));
            // A backup is a store like any other.
            prop_assert_eq!(&whole, &dump(&mut *open(&address(name), TABLES).expect("the backup")));
        }
        let last = carry_out(&mut *back, &steps[0]);
        prop_assert_eq!(last, carry_out(&mut *there, &steps[0]), "copies go on as the first ones would");
        prop_assert_eq!(dump(&mut *back), dump(&mut *there));
        Ok(())
    });
    run.unwrap_or_else(|fault| panic!("{fault}"));
    // The test would be worth little if nearly everything were refused, or nothing.
    let seen = seen.into_inner();
    let often = |name: &str| seen.get(name).copied().unwrap_or(0);
    assert!(often("done") > 20, "{seen:?}");
    assert!(
        ["store-entry-twice", "store-entry-out-of-order", "store-row-unfit"].iter().all(|name| often(name) > 0),
        "{seen:?}"
    );
}

/// A long record, so that what is copied goes in several pieces.
#[test]
fn a_long_record_is_copied_whole() {
    let server = servers::Server::start();
    let mut one = open("sqlite::memory:", TABLES).expect("SQLite");
    for first in (0..5_300).step_by(100) {
        let rows: Vec<Row> =
            (first..first + 100).map(|at| common::score(&format!("单位{}", at % 2_100), at as i64 % 3, 1)).collect();
        let entries = common::entries(first..first + 100);
        common::write(&mut *one, &entries, &rows).expect("a commit");
    }
    (0..20).for_each(|at| one.put_blob(&format!("h{at}"), &vec![at; 1 << 20]).expect("a blob"));
    let mut other = open(&server.database("other"), TABLES).expect("PostgreSQL");
    other.take(&mut *one, false).expect("copied");
    assert_eq!(all_entries(&mut *other, 0), all_entries(&mut *one, 0));
    assert_eq!(dump(&mut *other), dump(&mut *one));
    other.examine().expect("all is whole");
}
