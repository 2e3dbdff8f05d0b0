//! Clocks that jump: time never goes back in the record, and whether a report is late goes by the day it
//! was received, to the millisecond.

use crate::city::{OFFICE, SYSTEM, at, city, open_account, opening, request};
use kaoping_desk::{Desk, Watch};
use kaoping_ledger::KeyKind;
use kaoping_office::{Act, deed::day_of, deeds::founding::ConfirmClock};
use kaoping_terms::Day;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

const DAY_MS: i64 = 86_400_000;

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

/// A clock that is set years ahead stamps nothing until somebody confirms the day; one that is set right again goes on
/// by itself. A record that was opened after a long silence asks as well.
#[test]
fn a_clock_far_ahead_stamps_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let (now, passed) = (Arc::new(AtomicI64::new(20_458 * DAY_MS)), Arc::new(AtomicI64::new(0)));
    let begin = |offset: i64| {
        now.store(20_458 * DAY_MS + offset, SeqCst);
        let (mut opened, clock) = (opening(&address, KeyKind::Ed25519), Arc::clone(&now));
        opened.clock = Box::new(move || clock.load(SeqCst));
        let steady = Arc::clone(&passed);
        Desk::open_watched(opened, Some(Watch::new(move || steady.load(SeqCst)))).expect("a desk")
    };
    let names = |desk: &Desk, deed| -> Vec<&'static str> {
        let refusal = desk.perform(deed).expect_err("a refusal");
        refusal.findings().iter().map(|finding| finding.name).collect()
    };
    let confirm = |id: &str, day: Option<Day>, why: &str| {
        let act = Act::ConfirmClock(ConfirmClock { day: day.expect("a day") });
        let mut deed = request(id, SYSTEM, act);
        deed.why = why.into();
        deed
    };
    let desk = begin(0);
    let pass = |ms: i64, wall: i64| {
        passed.fetch_add(ms, SeqCst);
        now.fetch_add(wall, SeqCst);
    };
    // A night, a weekend, a correction of some hours: nobody is asked.
    pass(3 * DAY_MS, 3 * DAY_MS);
    desk.perform(open_account("T1")).expect("time has passed");
    pass(0, 35 * 3_600_000);
    desk.perform(open_account("T2")).expect("a day and a half may be");
    // Ten years in a moment.
    pass(0, 3650 * DAY_MS);
    let before = desk.read(|shown| shown.tree.root());
    assert_eq!(names(&desk, open_account("T3")), ["clock-jumped"]);
    assert_eq!(
        names(&desk, confirm("c1", Day::from_number(20_461), "没跳")),
        ["value-not-fitting"],
        "that is not what the clock says"
    );
    assert_eq!(desk.read(|shown| shown.tree.root()), before, "nothing was stamped");
    assert!(desk.perform(open_account("T2")).expect("sent again").again);
    // Set right again: it goes on by itself.
    pass(0, -3650 * DAY_MS);
    desk.perform(open_account("T3")).expect("right again");
    // It was right: the machine slept for a week.
    pass(0, 7 * DAY_MS);
    assert_eq!(names(&desk, open_account("T4")), ["clock-jumped"]);
    let today = Day::from_number(i32::try_from(now.load(SeqCst) / DAY_MS).expect("a day"));
    assert_eq!(names(&desk, confirm("c2", today, "")), ["reason-needed"]);
    assert_eq!(names(&desk, request("c3", OFFICE, confirm("", today, "").act)), ["not-entitled"]);
    let day = day_of(now.load(SeqCst));
    desk.perform(confirm("c4", day, "机房停电一周，已与授时核对")).expect("confirmed");
    desk.perform(open_account("T4")).expect("it goes on");
    drop(desk);
    // Opened two months and more after the last entry: the same question.
    let desk = begin(75 * DAY_MS);
    assert_eq!(names(&desk, open_account("T5")), ["clock-jumped"]);
    drop(desk);
    let desk = begin(60 * DAY_MS);
    desk.perform(open_account("T5")).expect("over the new year nobody is asked");
}
