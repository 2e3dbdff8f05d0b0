//! The same year on SQLite and on PostgreSQL: equal entries to the last byte, equal tables.

use crate::city::{at, city, story::reported};
use crate::servers::Server;
use kaoping_desk::replay::replay;
use kaoping_ledger::{KeyKind, Value};
use kaoping_office::tables::TABLES;
use kaoping_store::open_to_read;

/// Entries and rows, as they are kept.
type Kept = (Vec<Vec<u8>>, Vec<(usize, Vec<Value>, Vec<Value>)>);

fn year(address: &str) -> Kept {
    let desk = city(address, KeyKind::Sm2);
    reported(&desk);
    drop(desk);
    let mut store = open_to_read(address, TABLES).expect("a store");
    let (_, findings) = replay(&mut *store).expect("a record");
    assert!(!findings.has_errors(), "{address}: {:?}", findings.findings());
    let (mut entries, mut rows) = (Vec::new(), Vec::new());
    store
        .entries(0, &mut |row| {
            entries.push(row.bytes);
            true
        })
        .expect("entries");
    for table in 0..TABLES.len() {
        store
            .rows(table, &mut |key, columns| {
                rows.push((table, key, columns));
                true
            })
            .expect("rows");
    }
    (entries, rows)
}

#[test]
fn one_year_is_the_same_in_both() {
    let place = tempfile::tempdir().expect("a folder");
    let server = Server::start();
    let (lite, postgres) = (year(&at(&place)), year(&server.database("year")));
    assert!(lite.0.len() > 20, "{} entries", lite.0.len());
    assert_eq!(lite.0, postgres.0, "entries");
    assert_eq!(lite.1, postgres.1, "rows");
}
