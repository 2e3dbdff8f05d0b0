//! The desk over a store: what is acknowledged is there, once, after any ending.

use crate::city::{OFFICE, at, city, count, grant, open_account, opening, request};
use kaoping_desk::{Desk, Refusal, Request, load, replay::replay};
use kaoping_ledger::KeyKind;
use kaoping_office::{Role, tables::TABLES};
use kaoping_store::open;
use std::sync::{Arc, Mutex};

fn names(refusal: &Refusal) -> Vec<&'static str> {
    refusal.findings().iter().map(|finding| finding.name).collect()
}

/// Another deed under the id of the one that opens A9.
fn other_of(who: &str, account: &str) -> Request {
    let mut other = open_account(account);
    other.id = open_account("A9").id;
    if who == "S2" {
        other = Request { by: grant("A9", "甲市", Role::Auditor).by, ..other };
    }
    other
}

#[test]
fn what_was_acknowledged_is_there_after_opening_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    let receipt = desk.perform(open_account("A9")).expect("a receipt");
    let (size, root) = desk.read(|shown| (shown.state.size, shown.tree.root()));
    assert_eq!((receipt.number + 1, receipt.again), (size, false));
    drop(desk);
    let desk = Desk::open(opening(&address, KeyKind::Ed25519)).expect("a desk");
    assert_eq!(desk.read(|shown| (shown.state.size, shown.tree.root())), (size, root));
    assert!(desk.read(|shown| shown.state.accounts.contains_key("A9")));
    drop(desk);
    let mut store = open(&address, TABLES).expect("a store");
    let (loaded, findings) = replay(&mut *store).expect("a record");
    assert!(!findings.has_errors(), "{:?}", findings.findings());
    assert_eq!(loaded.tree.root(), root);
}

#[test]
fn sent_twice_it_is_done_once() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Sm2);
    let first = desk.perform(open_account("A9")).expect("a receipt");
    let size = desk.read(|shown| shown.state.size);
    let again = desk.perform(open_account("A9")).expect("a receipt");
    assert_eq!(
        (again.number, again.hash, again.received_ms, again.again),
        (first.number, first.hash, first.received_ms, true)
    );
    assert_eq!(desk.read(|shown| shown.state.size), size);
    // The same id for something else is a mistake of the sender.
    let mut other = open_account("A10");
    other.id = open_account("A9").id;
    assert_eq!(names(&desk.perform(other).expect_err("a refusal")), ["id-used-otherwise"]);
    assert_eq!(
        desk.perform(other_of("S1", "A10")).expect_err("a refusal").findings()[0].message.zh,
        format!("编号“{}”已用于第 {} 条，内容不同", open_account("A9").id, first.number)
    );
    // Whose it is, and for what, is told to nobody else.
    let strange = desk.perform(other_of("S2", "A9")).expect_err("a refusal").findings();
    assert_eq!(strange[0].name, "id-used-otherwise");
    assert!(!strange[0].message.zh.contains("条") && strange[0].message.zh.contains("不是你用过的"), "{strange:?}");
    // It is remembered by the record, not by the program.
    drop(desk);
    let desk = Desk::open(opening(&address, KeyKind::Sm2)).expect("a desk");
    assert!(desk.perform(open_account("A9")).expect("a receipt").again);
}

#[test]
fn what_is_refused_leaves_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    let desk = city(&at(&place), KeyKind::Ed25519);
    let size = desk.read(|shown| shown.state.size);
    let before = desk.read(|shown| shown.state.clone());
    let unentitled = request("x1", OFFICE, open_account("A9").act);
    assert_eq!(names(&desk.perform(unentitled).expect_err("a refusal")), ["not-entitled"]);
    let mut bad_id = open_account("A9");
    bad_id.id = "a b".into();
    assert_eq!(names(&desk.perform(bad_id).expect_err("a refusal")), ["name-not-usable"]);
    let mut nul = open_account("A9");
    nul.why = "\0".into();
    assert_eq!(names(&desk.perform(nul).expect_err("a refusal")), ["value-not-fitting"]);
    assert_eq!(desk.read(|shown| (shown.state.size, shown.state.clone())), (size, before));
}

#[test]
fn deeds_of_one_batch_see_one_another() {
    let place = tempfile::tempdir().expect("a folder");
    let desk = city(&at(&place), KeyKind::Ed25519);
    let (answers, receive) = std::sync::mpsc::channel();
    // Opened and given a role before either is durable; the second of the same name is refused.
    for deed in [
        open_account("A9"),
        grant("A9", "甲市", Role::Clerk),
        request("again", crate::city::SYSTEM, open_account("A9").act),
    ] {
        let answers = answers.clone();
        desk.ask(deed, move |answer| answers.send(answer.is_ok()).expect("a listener"));
    }
    let ended: Vec<bool> = receive.iter().take(3).collect();
    assert_eq!(ended.iter().filter(|done| **done).count(), 2);
    assert!(desk.read(|shown| shown.state.holds("A9", "甲市", Role::Clerk, shown.state.today)));
}

#[test]
fn too_much_at_once_is_refused_before_any_work() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let mut small = opening(&address, KeyKind::Ed25519);
    small.queue = 4;
    let desk = Desk::open(small).expect("a desk");
    let (answers, receive) = std::sync::mpsc::channel();
    for number in 0..2000 {
        let answers = answers.clone();
        desk.ask(open_account(&format!("N{number}")), move |answer| drop(answers.send(answer)));
    }
    drop(answers);
    let ended: Vec<_> = receive.iter().collect();
    let done = ended.iter().filter(|answer| answer.is_ok()).count();
    let busy = ended.iter().filter(|answer| matches!(answer, Err(Refusal::Busy))).count();
    assert_eq!((ended.len(), done + busy), (2000, 2000));
    assert!(busy > 0 && done > 0, "{busy} refused, {done} done");
    assert_eq!(count(&desk, |state| state.accounts.keys().filter(|id| id.as_str().starts_with('N')).count()), done);
}

#[test]
fn a_checkpoint_covers_all_and_is_signed() {
    let place = tempfile::tempdir().expect("a folder");
    let desk = city(&at(&place), KeyKind::Ed25519);
    let (reply, note) = std::sync::mpsc::channel();
    desk.sign(move |signed| drop(reply.send(signed)));
    let note = note.recv().expect("an answer").expect("a checkpoint");
    desk.read(|shown| {
        assert_eq!((note.checkpoint.size, note.checkpoint.root), (shown.state.size, shown.tree.root()));
        assert!(note.signed_by(&crate::city::key(KeyKind::Ed25519).public(&shown.state.origin)));
        assert_eq!(shown.checkpoint.as_ref(), Some(&note));
    });
}

#[test]
fn a_damaged_record_is_not_opened() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let path = address.strip_prefix("sqlite:").expect("a path");
    let connection = rusqlite::Connection::open(path).expect("a database");
    let changed = connection.execute(
        "UPDATE store_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '乙县', '丁县') AS BLOB) WHERE number = 2",
        [],
    );
    assert_eq!(changed.expect("an entry"), 1);
    drop(connection);
    let refused = Desk::open(opening(&address, KeyKind::Ed25519)).err().expect("a refusal");
    assert_eq!(refused.name(), "record-damaged");
    let mut store = open(&address, TABLES).expect("a store");
    assert_eq!(load(&mut *store).expect_err("a refusal").name(), "record-damaged");
}

/// What goes with a deed beside the record is there with it, not without it, and not a second time.
#[test]
fn what_goes_with_a_deed_is_kept_with_it_or_not_at_all() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    let asked = |request, text: &str| {
        let private = kaoping_store::Private { kind: "test".into(), key: "A9".into(), bytes: Some(text.into()) };
        let (tell, told) = std::sync::mpsc::channel();
        desk.ask_with(request, vec![private], move |answer| tell.send(answer).expect("sent"));
        told.recv().expect("told")
    };
    let kept = || kaoping_store::open_to_read(&address, TABLES).expect("a store").private("test", "A9").expect("read");
    let refused = request("x1", OFFICE, open_account("A9").act);
    assert_eq!(names(&asked(refused, "refused").expect_err("a refusal")), ["not-entitled"]);
    assert_eq!(kept(), None);
    assert!(!asked(open_account("A9"), "first").expect("a receipt").again);
    assert_eq!(kept().as_deref(), Some(&b"first"[..]));
    assert!(asked(open_account("A9"), "second").expect("a receipt").again);
    assert_eq!(kept().as_deref(), Some(&b"first"[..]));
}

#[test]
fn what_is_signed_is_remembered_before_it_is_told_and_tried_again() {
    let place = tempfile::tempdir().expect("a folder");
    drop(city(&at(&place), KeyKind::Ed25519));
    let kept = Arc::new(Mutex::new((0, Vec::new())));
    let told = Arc::clone(&kept);
    // It fails the first time.
    let remember = Box::new(move |signed: &kaoping_ledger::SignedCheckpoint| {
        let mut kept = told.lock().expect("kept");
        kept.0 += 1;
        let works = kept.0 > 1;
        if works {
            kept.1.push(signed.checkpoint.size);
        }
        works
    });
    let desk = Desk::open_remembering(opening(&at(&place), KeyKind::Ed25519), None, Some(remember)).expect("a desk");
    let sign = || {
        let (tell, told) = std::sync::mpsc::channel();
        desk.sign(move |signed| tell.send(signed.expect("signed").checkpoint.size).expect("a listener"));
        told.recv().expect("a checkpoint")
    };
    desk.perform(open_account("B0")).expect("a receipt");
    let size = desk.read(|shown| shown.state.size);
    assert_eq!(*kept.lock().expect("kept"), (1, vec![]), "signed with the first deed");
    desk.perform(open_account("B1")).expect("a receipt");
    assert!(kept.lock().expect("kept").1 == [size], "with the next batch, whatever it is");
    assert_eq!(sign(), size + 1);
    assert_eq!(kept.lock().expect("kept").1, [size, size + 1], "before it is told");
    // In passing: shown and remembered, and not kept. When it ends all of it is signed and kept.
    desk.perform(open_account("B2")).expect("a receipt");
    desk.sign_in_passing();
    while desk.read(|shown| shown.is_unsigned()) {
        std::thread::yield_now();
    }
    let checkpoints = || {
        let mut store = kaoping_store::open_to_read(&at(&place), TABLES).expect("a store");
        let all = store.checkpoints().expect("checkpoints");
        all.into_iter().map(|(size, _)| size).collect::<Vec<_>>()
    };
    assert_eq!(kept.lock().expect("kept").1, [size, size + 1, size + 2]);
    assert_eq!(checkpoints().last(), Some(&(size + 1)));
    drop(desk);
    assert_eq!(checkpoints().last(), Some(&(size + 2)));
}
