//! A record carried away and verified elsewhere.

use crate::city::{OFFICE, at, city, key, request};
use kaoping_desk::{
    bundle::{FromFolder, FromStore, export},
    verify::verify,
};
use kaoping_ledger::{KeyKind, SignedCheckpoint};
use kaoping_office::{
    Act,
    deeds::figures::DefineFigure,
    state::{Card, Measure},
    tables::TABLES,
};
use kaoping_store::{open, open_to_read};
use std::{fs, path::PathBuf, sync::mpsc::channel};
use tempfile::TempDir;

/// An exported record, and a checkpoint somebody kept.
struct Carried {
    _place: TempDir,
    folder: PathBuf,
    address: String,
    pinned: Vec<SignedCheckpoint>,
    kind: KeyKind,
}

fn carried(kind: KeyKind) -> Carried {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, kind);
    let (reply, hash) = channel();
    desk.keep_content("会议纪要".into(), move |kept| reply.send(kept.expect("kept")).expect("a listener"));
    let paper = hash.recv().expect("a hash");
    let card = Card {
        name: "新增就业".into(),
        definition: String::new(),
        measure: Measure::YesNo,
        cumulative: false,
        source: String::new(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    };
    let mut define = request("define", OFFICE, Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card }));
    define.evidence = vec![paper];
    desk.perform(define).expect("a receipt");
    let (reply, note) = channel();
    desk.sign(move |signed| reply.send(signed.expect("signed")).expect("a listener"));
    let pinned = vec![note.recv().expect("a checkpoint")];
    drop(desk);
    let folder = place.path().join("台账");
    let mut store = open(&address, TABLES).expect("a store");
    let public = key(kind).public("甲市考评台账").to_string();
    export(&mut *store, &public, None, &folder).expect("an export");
    Carried { _place: place, folder, address, pinned, kind }
}

impl Carried {
    fn findings(&self) -> Vec<&'static str> {
        let public = key(self.kind).public("甲市考评台账");
        let verified = verify(&mut FromFolder(self.folder.clone()), &public, &self.pinned).expect("a record");
        let mut names: Vec<_> = verified.findings.findings().iter().map(|finding| finding.name).collect();
        names.dedup();
        names
    }

    fn change(&self, change: impl FnOnce(String) -> String) {
        let path = self.folder.join("record.jsonl");
        let text = fs::read_to_string(&path).expect("a record");
        fs::write(&path, change(text)).expect("written");
    }
}

#[test]
fn a_whole_record_verifies_from_the_folder_and_from_the_store() {
    for kind in [KeyKind::Ed25519, KeyKind::Sm2] {
        let carried = carried(kind);
        assert_eq!(carried.findings(), Vec::<&str>::new());
        let mut store = open_to_read(&carried.address, TABLES).expect("a store");
        let public = key(kind).public("甲市考评台账");
        let verified = verify(&mut FromStore(&mut *store), &public, &carried.pinned).expect("a record");
        assert!(!verified.findings.has_errors());
        assert_eq!((verified.vouched, verified.contents), (verified.size, 1));
        assert!(verified.state.cards.contains_key("新增就业"));
    }
}

#[test]
fn what_was_changed_is_named() {
    let edited = carried(KeyKind::Ed25519);
    edited.change(|text| text.replace("\"name\":\"乙县\"", "\"name\":\"丁县\""));
    assert_eq!(edited.findings(), ["record-chain-broken", "record-not-as-pinned"]);
    let cut = carried(KeyKind::Sm2);
    cut.change(|text| text.lines().take(3).map(|line| format!("{line}\n")).collect());
    assert_eq!(cut.findings()[0], "record-shorter-than-pinned");
    // What was lost comes before what is left over because of it.
    let public = key(cut.kind).public("甲市考评台账");
    fs::write(cut.folder.join("contents/sha256-00"), "多出来的").expect("written");
    let verified = verify(&mut FromFolder(cut.folder.clone()), &public, &cut.pinned).expect("a record");
    let told: Vec<_> = verified.findings.into_causes().into_iter().map(|finding| finding.name).collect();
    assert_eq!((told[0], told.last()), ("record-shorter-than-pinned", Some(&"bundle-file-unknown")), "{told:?}");
    let torn = carried(KeyKind::Ed25519);
    torn.change(|text| text[..text.len() - 40].to_string());
    assert!(torn.findings().contains(&"record-unreadable"), "{:?}", torn.findings());
}

#[test]
fn every_other_file_of_a_bundle_follows_from_the_record() {
    let carried = carried(KeyKind::Ed25519);
    let at = |name: &str| carried.folder.join(name);
    let original = |name: &str| fs::read(at(name)).expect("a file");
    for name in ["published.csv", "key.txt"] {
        let before = original(name);
        for change in [&b"\n"[..], b"x", b"scheme,round\n"] {
            fs::write(at(name), [&before, change].concat()).expect("written");
            assert_eq!(carried.findings(), ["bundle-file-changed"], "{name}");
        }
        fs::remove_file(at(name)).expect("removed");
        assert_eq!(carried.findings(), ["bundle-file-changed"], "{name}");
        fs::write(at(name), before).expect("written");
    }
    let record = original("record.jsonl");
    fs::write(at("record.jsonl"), &record[..record.len() - 1]).expect("written");
    assert_eq!(carried.findings(), ["bundle-file-changed"]);
    fs::write(at("record.jsonl"), [&record[..], b"\n"].concat()).expect("written");
    assert_eq!(carried.findings(), ["record-unreadable"]);
    fs::write(at("record.jsonl"), record).expect("written");
    let stray = format!("contents/{}", kaoping_ledger::Algorithm::Sha256.hash(&[b"x"]).to_string().replace(':', "-"));
    for name in ["另一份.csv", "contents/x", &stray, "checkpoints/000000000099.txt.bak", ".hidden"] {
        fs::write(at(name), "x").expect("written");
        assert!(carried.findings().contains(&"bundle-file-unknown") || name.contains("checkpoints"), "{name}");
        assert!(!carried.findings().is_empty(), "{name}");
        fs::remove_file(at(name)).expect("removed");
    }
    // A folder where a file should be, a link to a file that agrees.
    fs::create_dir(at("contents/folder")).expect("a folder");
    assert_eq!(carried.findings(), ["bundle-file-unknown"]);
    fs::remove_dir(at("contents/folder")).expect("removed");
    fs::rename(at("published.csv"), carried.folder.with_extension("csv")).expect("moved");
    std::os::unix::fs::symlink(carried.folder.with_extension("csv"), at("published.csv")).expect("a link");
    assert_eq!(carried.findings(), ["bundle-file-unknown"]);
    fs::remove_file(at("published.csv")).expect("removed");
    fs::rename(carried.folder.with_extension("csv"), at("published.csv")).expect("moved");
    // A checkpoint under the name of another size, and one with something behind it.
    let notes = fs::read_dir(at("checkpoints")).expect("checkpoints");
    let note = notes.map(|note| note.expect("one").path()).next().expect("one");
    fs::rename(&note, at("checkpoints/000000000077.txt")).expect("moved");
    assert_eq!(carried.findings(), ["bundle-file-unknown"]);
    fs::rename(at("checkpoints/000000000077.txt"), &note).expect("moved");
    let text = fs::read(&note).expect("a note");
    fs::write(&note, [&text[..], b"\n"].concat()).expect("written");
    assert_eq!(carried.findings()[0], "checkpoint-not-signed");
    fs::write(&note, [&text[..], b"\xff"].concat()).expect("written");
    assert_eq!(carried.findings()[0], "checkpoint-not-signed");
    fs::write(&note, text).expect("written");
    assert_eq!(carried.findings(), Vec::<&str>::new());
}

#[test]
fn what_nobody_names_is_not_exported_and_no_folder_is_overwritten() {
    let carried = carried(KeyKind::Ed25519);
    let mut store = open(&carried.address, TABLES).expect("a store");
    let paper = kaoping_ledger::Algorithm::Sha256.hash(&["没有交的草稿".as_bytes()]).to_string();
    store.put_blob(&paper, "没有交的草稿".as_bytes()).expect("kept");
    let public = key(carried.kind).public("甲市考评台账").to_string();
    let again = carried.folder.with_extension("again");
    export(&mut *store, &public, None, &again).expect("an export");
    assert!(!again.join("contents").join(paper.replace(':', "-")).exists());
    for place in [&again, &again.join("key.txt")] {
        let refused = export(&mut *store, &public, None, place).expect_err("it is there");
        assert_eq!(refused.name(), "bundle-exists");
    }
    let nowhere = export(&mut *store, &public, None, &again.join("key.txt/x")).expect_err("no folder");
    assert_eq!(nowhere.name(), "bundle-unusable");
}

#[test]
fn exchanged_and_lost_papers_are_named() {
    let exchanged = carried(KeyKind::Ed25519);
    let contents = exchanged.folder.join("contents");
    let paper = fs::read_dir(&contents).expect("papers").next().expect("one").expect("one").path();
    fs::write(&paper, "另一份纪要").expect("written");
    assert_eq!(exchanged.findings(), ["content-not-as-recorded"]);
    fs::remove_file(&paper).expect("removed");
    assert_eq!(exchanged.findings(), ["content-not-as-recorded"]);
}

#[test]
fn a_record_made_to_take_its_place_is_not_it() {
    let carried = carried(KeyKind::Ed25519);
    let other = kaoping_ledger::SecretKey::from_bytes(KeyKind::Ed25519, &[8; 32]).expect("a key");
    let public = other.public("甲市考评台账");
    let verified = verify(&mut FromFolder(carried.folder.clone()), &public, &[]).expect("a record");
    let names: Vec<_> = verified.findings.findings().iter().map(|finding| finding.name).collect();
    assert!(names.contains(&"record-of-another-key") && names.contains(&"checkpoint-not-signed"), "{names:?}");
    assert_eq!(verified.vouched, 0);
}
