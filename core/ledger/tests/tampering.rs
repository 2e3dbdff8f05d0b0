//! Somebody with every right over the database changes the record; one pinned checkpoint shows it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use kaoping_ledger::{
    Algorithm, By, Checkpoint, Digest, Entry, Examination, KeyKind, Place, PublicKey, SecretKey, SignedCheckpoint,
    entry::FORM, examine::Examined,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    figure: String,
    value: String,
}

const ORIGIN: &str = "甲市考评台账 7f3a";

fn key(kind: KeyKind, seed: u8) -> SecretKey {
    SecretKey::from_bytes(kind, &[seed; 32]).expect("a key")
}

fn entry(algorithm: Algorithm, number: u64, before: Digest, value: &str) -> Entry<Reported> {
    Entry {
        form: FORM,
        number,
        before,
        id: format!("deed-{number}"),
        received_ms: 1_772_434_800_000 + i64::try_from(number).expect("few") * 1000,
        by: By { account: "A17".into(), office: "甲县".into(), role: "clerk".into(), deputy_for: None },
        act: Reported { figure: "新增就业".into(), value: value.into() },
        why: String::new(),
        evidence: vec![algorithm.hash(&[value.as_bytes()])],
    }
}

/// Writes entries one after another, each naming the one before it.
fn write(algorithm: Algorithm, values: impl IntoIterator<Item = String>) -> Vec<Entry<Reported>> {
    let mut before = algorithm.nothing();
    let mut record = Vec::new();
    for (number, value) in (0_u64..).zip(values) {
        let entry = entry(algorithm, number, before, &value);
        before = algorithm.leaf(&bytes(&entry));
        record.push(entry);
    }
    record
}

fn bytes(entry: &Entry<Reported>) -> Vec<u8> {
    entry.to_bytes().expect("bytes")
}

/// Numbers and hashes all entries anew: what someone does who knows how the record is made.
fn hash_anew(algorithm: Algorithm, record: &mut [Entry<Reported>]) {
    let mut before = algorithm.nothing();
    for (number, entry) in (0_u64..).zip(record) {
        entry.number = number;
        entry.before = before;
        before = algorithm.leaf(&bytes(entry));
    }
}

fn pin(kind: KeyKind, record: &[Entry<Reported>], size: usize) -> SignedCheckpoint {
    let examined = examine(&key(kind, 1).public(ORIGIN), kind.algorithm(), &[], &record[..size]);
    let received_ms = size.checked_sub(1).map_or(0, |last| record[last].received_ms);
    Checkpoint {
        origin: ORIGIN.into(),
        size: size as u64,
        root: examined.tree.root(),
        received_ms,
        place: Place::Kept(1),
    }
    .sign(&key(kind, 1))
}

fn examine(key: &PublicKey, algorithm: Algorithm, pins: &[SignedCheckpoint], record: &[Entry<Reported>]) -> Examined {
    let mut examination = Examination::new(key, algorithm, pins);
    for entry in record {
        examination.entry(&bytes(entry));
    }
    examination.finish()
}

fn names(examined: &Examined) -> Vec<&'static str> {
    examined.findings.findings().iter().map(|finding| finding.name).collect()
}

fn ten(kind: KeyKind) -> (Vec<Entry<Reported>>, Vec<SignedCheckpoint>) {
    let record = write(kind.algorithm(), (0..10).map(|number| format!("{}", 4400 + number)));
    let pins = vec![pin(kind, &record, 6), pin(kind, &record, 9)];
    (record, pins)
}

fn found(kind: KeyKind, change: impl FnOnce(&mut Vec<Entry<Reported>>)) -> Vec<&'static str> {
    let (mut record, pins) = ten(kind);
    change(&mut record);
    names(&examine(&key(kind, 1).public(ORIGIN), kind.algorithm(), &pins, &record))
}

#[test]
fn a_whole_record_has_no_findings() {
    for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
        let (record, pins) = ten(kind);
        let examined = examine(&key(kind, 1).public(ORIGIN), kind.algorithm(), &pins, &record);
        assert_eq!(names(&examined), Vec::<&str>::new());
        assert_eq!((examined.tree.size(), examined.vouched), (10, 9));
    }
}

#[test]
fn edited() {
    assert_eq!(
        found(KeyKind::Ed25519, |record| record[4].act.value = "9999".into()),
        ["record-chain-broken", "record-not-as-pinned", "record-not-as-pinned"]
    );
}

#[test]
fn deleted() {
    let found = found(KeyKind::Ed25519, |record| drop(record.remove(4)));
    assert!(found.contains(&"record-out-of-order") && found.contains(&"record-not-as-pinned"), "{found:?}");
}

#[test]
fn inserted() {
    let found = found(KeyKind::Ed25519, |record| record.insert(4, record[2].clone()));
    assert!(found.contains(&"record-out-of-order") && found.contains(&"record-not-as-pinned"), "{found:?}");
}

#[test]
fn reordered() {
    let found = found(KeyKind::Sm2, |record| record.swap(2, 3));
    assert!(found.contains(&"record-out-of-order") && found.contains(&"record-not-as-pinned"), "{found:?}");
}

#[test]
fn truncated_or_an_old_backup() {
    assert_eq!(found(KeyKind::Ed25519, |record| record.truncate(8)), ["record-shorter-than-pinned"]);
    assert_eq!(found(KeyKind::Ed25519, Vec::clear), ["record-shorter-than-pinned"]);
}

#[test]
fn rewritten_and_hashed_anew() {
    assert_eq!(
        found(KeyKind::Sm2, |record| {
            record[7].act.value = "9999".into();
            hash_anew(KeyKind::Sm2.algorithm(), record);
        }),
        ["record-not-as-pinned"],
        "up to the sixth it agrees, so only the second checkpoint differs"
    );
}

/// What a chain alone is worth, and why checkpoints are kept elsewhere.
#[test]
fn without_a_pin_a_rewritten_record_passes() {
    let (mut record, _) = ten(KeyKind::Ed25519);
    record[4].act.value = "9999".into();
    record.truncate(8);
    hash_anew(Algorithm::Sha256, &mut record);
    let examined = examine(&key(KeyKind::Ed25519, 1).public(ORIGIN), Algorithm::Sha256, &[], &record);
    assert_eq!((names(&examined).len(), examined.vouched), (0, 0));
}

#[test]
fn forked() {
    // Two branches after the sixth entry, each sound in itself: the pin of one does not fit the other.
    assert_eq!(
        found(KeyKind::Ed25519, |record| {
            record.truncate(6);
            let values = record.iter().map(|entry| entry.act.value.clone()).collect::<Vec<_>>();
            let branch = ["1", "2", "3", "4", "5"].map(String::from);
            *record = write(Algorithm::Sha256, values.into_iter().chain(branch));
        }),
        ["record-not-as-pinned"]
    );
}

#[test]
fn back_dated() {
    assert_eq!(
        found(KeyKind::Ed25519, |record| {
            record[9].received_ms = record[3].received_ms;
        }),
        ["record-back-dated"],
        "even behind the last checkpoint the clock does not go back"
    );
}

#[test]
fn swapped_identity() {
    let (record, pins) = ten(KeyKind::Ed25519);
    // The forger founds a record of the same name with a key of his own and signs everything.
    let forged: Vec<SignedCheckpoint> =
        pins.iter().map(|pin| pin.checkpoint.clone().sign(&key(KeyKind::Ed25519, 2))).collect();
    let pinned_key = key(KeyKind::Ed25519, 1).public(ORIGIN);
    let examined = examine(&pinned_key, Algorithm::Sha256, &forged, &record);
    assert_eq!(names(&examined), ["checkpoint-not-signed", "checkpoint-not-signed"]);
    assert_eq!(examined.vouched, 0);
    // A record of another name, honestly signed, does not pass for this one.
    let other =
        Checkpoint { origin: "乙市考评台账".into(), ..pins[0].checkpoint.clone() }.sign(&key(KeyKind::Ed25519, 1));
    assert_eq!(names(&examine(&pinned_key, Algorithm::Sha256, &[other], &record)), ["checkpoint-of-another-record"]);
}

#[test]
fn one_entry_has_one_form() {
    let (record, _) = ten(KeyKind::Ed25519);
    let text = String::from_utf8(bytes(&record[3])).expect("text");
    assert_eq!(Entry::<Reported>::from_bytes(text.as_bytes()).as_ref(), Ok(&record[3]));
    for other in [
        text.replace("{\"form\"", "{ \"form\""),
        text.replace("\"number\":3", "\"number\":3.0"),
        text.replace("\"why\":\"\",", ""),
        text.replace("甲", "\\u7532"),
        text.replace("\"form\":1", "\"form\":2"),
        text.replace("\"why\"", "\"who\":1,\"why\""),
        format!("{text}\n"),
    ] {
        assert_ne!(other, text);
        assert!(Entry::<Reported>::from_bytes(other.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn notes_and_keys_are_read_as_they_are_written() {
    for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
        let (_, pins) = ten(kind);
        let public = key(kind, 1).public(ORIGIN);
        assert_eq!(PublicKey::parse(&public.to_string()), Some(public.clone()));
        let note = pins[0].text();
        assert_eq!(SignedCheckpoint::parse(&note).as_ref(), Some(&pins[0]));
        assert!(pins[0].signed_by(&public) && !pins[0].signed_by(&key(kind, 2).public(ORIGIN)));
        assert_eq!(pins[0], pins[0].checkpoint.clone().sign(&key(kind, 1)), "equal notes get equal signatures");
        for (what, other) in
            [("size", note.replace("\n6\n", "\n+6\n")), ("a line more", note.replace("\n\n", "\nx\n\n"))]
        {
            assert_eq!(SignedCheckpoint::parse(&other), None, "{what}");
        }
    }
}

/// What one can do to a record.
#[derive(Clone, Debug)]
enum Change {
    Edit(usize, String),
    Time(usize, i64),
    Delete(usize),
    Insert(usize, usize),
    Swap(usize, usize),
    Cut(usize),
    Fork(usize, String),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0_usize..30;
    prop_oneof![
        (place.clone(), "[0-9]{6}").prop_map(|(at, value)| Change::Edit(at, value)),
        (place.clone(), 1_i64..1_000_000).prop_map(|(at, by)| Change::Time(at, by)),
        place.clone().prop_map(Change::Delete),
        (place.clone(), place.clone()).prop_map(|(from, to)| Change::Insert(from, to)),
        (place.clone(), place.clone()).prop_map(|(a, b)| Change::Swap(a, b)),
        place.clone().prop_map(Change::Cut),
        (place, "[0-9]{6}").prop_map(|(at, value)| Change::Fork(at, value)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Any change of what stands before the pinned checkpoint is found, hashed anew or not.
    #[test]
    fn any_change_before_the_pin_is_found(
        size in 10_usize..30, pinned in 5_usize..10, change in change(), anew in any::<bool>(), sm in any::<bool>(),
    ) {
        let kind = if sm { KeyKind::Sm2 } else { KeyKind::Ed25519 };
        let algorithm = kind.algorithm();
        let good = write(algorithm, (0..size).map(|number| format!("{number}")));
        let pins = [pin(kind, &good, pinned)];
        let mut record = good.clone();
        match change {
            Change::Edit(at, value) => record[at % pinned].act.value = value,
            Change::Time(at, by) => record[at % pinned].received_ms -= by,
            Change::Delete(at) => drop(record.remove(at % pinned)),
            Change::Insert(from, to) => record.insert(to % pinned, good[from % size].clone()),
            Change::Swap(a, b) => record.swap(a % pinned, b % size),
            Change::Cut(at) => record.truncate(at % pinned),
            Change::Fork(at, value) => {
                let at = at % pinned;
                record[at].act.value = value;
                record.truncate(at + 1);
                record.extend_from_slice(&good[at + 1..]);
            }
        }
        if anew {
            hash_anew(algorithm, &mut record);
        }
        let changed = record.get(..pinned) != good.get(..pinned);
        let examined = examine(&key(kind, 1).public(ORIGIN), algorithm, &pins, &record);
        // Behind the pin a change may show in the chain; before it, it always shows.
        prop_assert!(examined.findings.has_errors() || !changed);
        prop_assert!(record != good || !examined.findings.has_errors(), "{:?}", names(&examined));
        prop_assert_eq!(examined.vouched == pinned as u64, !changed);
    }
}
