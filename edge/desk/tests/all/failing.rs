//! Writes that fail while the next deeds are already decided: what rested on them goes with them, and everything that is
//! asked again is done once.

use crate::city::{at, city, count, open_account};
use kaoping_desk::{Receipt, replay::replay};
use kaoping_ledger::KeyKind;
use kaoping_office::tables::TABLES;
use kaoping_store::open;
use rusqlite::Connection;
use std::{collections::BTreeSet, path::Path};

const PEOPLE: usize = 16;
const DEEDS: usize = 40;

#[test]
fn what_rested_on_a_failed_write_goes_with_it_and_is_done_once_when_it_is_asked_again() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    // Every tenth write or so fails, whatever it writes: the disk of a bad day.
    let beside = Connection::open(Path::new(address.strip_prefix("sqlite:").expect("a file"))).expect("a connection");
    beside
        .execute_batch(
            "CREATE TRIGGER bad_day BEFORE INSERT ON store_entry WHEN abs(random()) % 100 < 6
             BEGIN SELECT RAISE(ABORT, 'a bad day'); END",
        )
        .expect("a trigger");
    let before = desk.read(|shown| shown.state.size);
    let ended: Vec<(usize, Vec<Receipt>)> = std::thread::scope(|scope| {
        let person = |person: usize| {
            let desk = &desk;
            scope.spawn(move || {
                let (mut failed, mut done) = (0, Vec::new());
                for deed in 0..DEEDS {
                    done.push(loop {
                        match desk.perform(open_account(&format!("P{person}-{deed}"))) {
                            Ok(receipt) => break receipt,
                            Err(refusal) => {
                                let names: Vec<_> = refusal.findings().iter().map(|finding| finding.name).collect();
                                assert_eq!(names, ["store-failed"], "{refusal:?}");
                                failed += 1;
                            }
                        }
                    });
                    // What was acknowledged is seen.
                    assert!(desk.read(|shown| shown.state.accounts.contains_key(format!("P{person}-{deed}").as_str())));
                }
                (failed, done)
            })
        };
        let people: Vec<_> = (0..PEOPLE).map(person).collect();
        people.into_iter().map(|person| person.join().expect("an end")).collect()
    });
    let failed: usize = ended.iter().map(|(failed, _)| failed).sum();
    assert!(failed > PEOPLE, "only {failed} deeds met a write that failed");
    // A failed write leaves no numbers out and gives none twice.
    let numbers: BTreeSet<u64> = ended.iter().flat_map(|(_, done)| done).map(|receipt| receipt.number).collect();
    assert_eq!(numbers, (before..before + (PEOPLE * DEEDS) as u64).collect());
    assert_eq!(count(&desk, |state| state.size as usize), numbers.len() + before as usize);
    let shown = desk.snapshot();
    drop(desk);
    beside.execute_batch("DROP TRIGGER bad_day").expect("no trigger any more");
    let mut store = open(&address, TABLES).expect("a store");
    let (loaded, findings) = replay(&mut *store).expect("a record");
    assert!(!findings.has_errors(), "{:?}", findings.findings());
    assert_eq!((loaded.tree.root(), &loaded.state), (shown.tree.root(), &shown.state));
}
