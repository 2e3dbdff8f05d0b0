//! Clocks that jump: time never goes back in the record, and whether a report is late goes by the day it
//! was received, to the millisecond.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod city;

use city::{at, city, open_account, opening};
use kaoping_desk::Desk;
use kaoping_ledger::KeyKind;
use kaoping_office::deed::day_of;
use kaoping_terms::Day;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

#[test]
fn time_never_goes_back() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let now = Arc::new(AtomicI64::new(20_458 * 86_400_000));
    let mut opened = opening(&address, KeyKind::Ed25519);
    let clock = Arc::clone(&now);
    opened.clock = Box::new(move || clock.load(SeqCst));
    let desk = Desk::open(opened).expect("a desk");
    let mut before = 0;
    for (number, jump) in
        [0, 1, -1, 3_600_000, -86_400_000, 86_400_000 * 59, -315_360_000_000, 5].into_iter().enumerate()
    {
        now.fetch_add(jump, SeqCst);
        let receipt = desk.perform(open_account(&format!("T{number}"))).expect("a receipt");
        assert!(receipt.received_ms >= before, "{jump}");
        before = receipt.received_ms;
    }
    // A clock outside the calendar is refused, and what stands is not touched.
    now.store(i64::MAX / 4, SeqCst);
    let refused = desk.perform(open_account("T99")).expect_err("a refusal");
    assert_eq!(refused.findings()[0].name, "value-not-fitting");
    now.store(before + 1, SeqCst);
    assert_eq!(desk.perform(open_account("T100")).expect("a receipt").received_ms, before + 1);
}

/// A defect met by one deed is that deed's affair: it is told, and the desk goes on as if it had never been
/// asked.
#[test]
fn a_defect_stops_one_deed() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let broken = Arc::new(AtomicI64::new(0));
    let mut opened = opening(&address, KeyKind::Ed25519);
    let clock = Arc::clone(&broken);
    opened.clock = Box::new(move || match clock.load(SeqCst) {
        0 => 20_458 * 86_400_000,
        _ => panic!("the clock is broken"),
    });
    let desk = Desk::open(opened).expect("a desk");
    let before = desk.read(|shown| (shown.state.clone(), shown.tree.root()));
    broken.store(1, SeqCst);
    let refused = desk.perform(open_account("T1")).expect_err("a refusal");
    assert_eq!(refused.findings()[0].name, "internal-fault");
    assert_eq!(desk.read(|shown| (shown.state.clone(), shown.tree.root())), before);
    broken.store(0, SeqCst);
    let receipt = desk.perform(open_account("T1")).expect("the same deed, once");
    assert!(!receipt.again);
}

#[test]
fn a_day_ends_at_midnight_in_china() {
    let last = Day::parse("2028-02-29").expect("a day");
    let midnight = (i64::from(last.number()) + 1) * 86_400_000 - 8 * 3_600_000;
    assert_eq!(day_of(midnight - 1), Some(last));
    assert_eq!(day_of(midnight).map(Day::iso).as_deref(), Some("2028-03-01"));
}
