//! Commits of entries with a row each, beside bare rusqlite doing the same two inserts with the same durability.
//!
//! `cargo bench -p kaoping-store --bench commit` says the ratio first, from rounds that take turns: the disk is as slow
//! for one as for the other. With `TMPDIR=/dev/shm` the disk is left out and only our own work is compared.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that cannot be set up has to stop")]

use divan::{Bencher, counter::ItemsCount};
use kaoping_store::{Column, Commit, EntryRow, Row, Store, Table, Value};
use rusqlite::{Connection, params};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TABLES: &[Table] = &[Table {
    name: "score",
    key: &[Column::text("unit"), Column::whole("period")],
    columns: &[Column::whole("amount"), Column::text("state")],
    indexes: &[],
}];

const BATCHES: [u64; 3] = [1, 16, 256];

/// Rounds of each before medians are taken.
const ROUNDS: usize = 41;

fn main() {
    if std::env::args().any(|word| word == "--bench") {
        BATCHES.into_iter().for_each(say_ratio);
    }
    divan::main();
}

/// What is written in the commit that begins with that entry. Units come again, as in an assessment.
fn batch(first: u64, size: u64) -> (Vec<EntryRow>, Vec<Row>) {
    let mixed = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let entry = |number: u64| EntryRow {
        number,
        id: format!("{:016x}", mixed(number)),
        received_ms: 1_790_000_000_000 + i64::try_from(number).unwrap(),
        hash: [mixed(number).to_le_bytes()[7]; 32],
        bytes: vec![b'x'; 500],
    };
    let row = |number: u64| Row {
        table: 0,
        key: vec![Value::Text(format!("{:06}", mixed(number) % 3_000)), Value::Whole(202_601)],
        columns: Some(vec![Value::Whole(i64::try_from(number).unwrap()), Value::Text("已报".into())]),
    };
    ((first..first + size).map(entry).collect(), (first..first + size).map(row).collect())
}

/// A place where commits go, and how many entries there are.
trait Place {
    fn write(&mut self, entries: &[EntryRow], rows: &[Row]);
}

struct Kept {
    store: Box<dyn Store>,
    _folder: TempDir,
}

struct Bare {
    connection: Connection,
    _folder: TempDir,
}

fn kept() -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("k.db").display());
    Kept { store: kaoping_store::open(&address, TABLES).unwrap(), _folder: folder }
}

fn bare() -> Bare {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join("b.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE entry (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, received_ms INTEGER NOT NULL,
                                 hash BLOB NOT NULL, bytes BLOB NOT NULL);
             CREATE TABLE score (unit TEXT NOT NULL, period INTEGER NOT NULL, amount INTEGER NOT NULL,
                                 state TEXT NOT NULL, PRIMARY KEY (unit, period)) WITHOUT ROWID;",
        )
        .unwrap();
    Bare { connection, _folder: folder }
}

impl Place for Kept {
    fn write(&mut self, entries: &[EntryRow], rows: &[Row]) {
        self.store.commit(&Commit { entries, rows, ..Commit::default() }).unwrap();
    }
}

impl Place for Bare {
    fn write(&mut self, entries: &[EntryRow], rows: &[Row]) {
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        {
            let mut insert = self.connection.prepare_cached("INSERT INTO entry VALUES (?, ?, ?, ?, ?)").unwrap();
            for entry in entries {
                let number = i64::try_from(entry.number).unwrap();
                insert.execute(params![number, entry.id, entry.received_ms, entry.hash, entry.bytes]).unwrap();
            }
            let put = "INSERT INTO score VALUES (?, ?, ?, ?) ON CONFLICT (unit, period)
                       DO UPDATE SET amount = excluded.amount, state = excluded.state";
            let mut put = self.connection.prepare_cached(put).unwrap();
            for row in rows {
                let ([Value::Text(unit), Value::Whole(period)], Some([Value::Whole(amount), Value::Text(state)])) =
                    (&row.key[..], row.columns.as_deref())
                else {
                    unreachable!("rows as batch() makes them")
                };
                put.execute(params![unit, period, amount, state]).unwrap();
            }
        }
        self.connection.execute_batch("COMMIT").unwrap();
    }
}

fn timed(place: &mut dyn Place, first: u64, size: u64) -> Duration {
    let (entries, rows) = batch(first, size);
    let begun = Instant::now();
    place.write(&entries, &rows);
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[allow(clippy::float_arithmetic, reason = "times are no figures of an assessment")]
fn say_ratio(size: u64) {
    let (mut ours, mut theirs) = (kept(), bare());
    let times: (Vec<_>, Vec<_>) = (0..ROUNDS as u64)
        .map(|round| (timed(&mut ours, round * size, size), timed(&mut theirs, round * size, size)))
        .unzip();
    let (ours, theirs) = (median(times.0), median(times.1));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{size:>4} entries and rows a commit: {ours:?}, bare rusqlite {theirs:?}, ratio {ratio:.2}");
}

fn many(bencher: Bencher<'_, '_>, mut place: impl Place, size: u64) {
    let mut first = 0;
    bencher.counter(ItemsCount::new(size)).bench_local(|| {
        let (entries, rows) = batch(first, size);
        first += size;
        place.write(&entries, &rows);
    });
}

#[divan::bench(args = BATCHES)]
fn store(bencher: Bencher<'_, '_>, size: u64) {
    many(bencher, kept(), size);
}

#[divan::bench(args = BATCHES)]
fn bare_rusqlite(bencher: Bencher<'_, '_>, size: u64) {
    many(bencher, bare(), size);
}
