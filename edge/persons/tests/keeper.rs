//! What is encrypted stays so without its key, wherever it is copied to.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use kaoping_office::{ids::PersonId, state::PersonField};
use kaoping_persons::{
    Cipher, Keeper, Values,
    keeper::{MASTER, draw_master},
    ring,
};
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::Path};

const ORIGIN: &str = "甲市考评台账";

fn values(name: &str) -> Values {
    Values::of(&BTreeMap::from([(PersonField::Name, name.to_owned())])).expect("values")
}

fn at(place: &Path, cipher: Cipher) -> Keeper {
    if !place.join(MASTER).exists() {
        draw_master(&place.join(MASTER), cipher).expect("a master key");
    }
    Keeper::open(place, &place.join(MASTER), cipher, ORIGIN, false).expect("a keeper")
}

fn name<T>(outcome: Result<T, Box<kaoping_terms::Diagnostic>>) -> &'static str {
    outcome.map_or_else(|finding| finding.name, |_| "read")
}

#[test]
fn what_was_encrypted_is_read_again_by_its_own_number_record_and_master_only() {
    for cipher in [Cipher::Aes256Gcm, Cipher::Sm4Gcm] {
        let place = tempfile::tempdir().expect("a folder");
        let (one, two): (PersonId, PersonId) = ("P1".into(), "P2".into());
        let keeper = at(place.path(), cipher);
        let (sealed, other) = (keeper.seal(&one, &values("申请人001")), keeper.seal(&two, &values("申请人002")));
        let (sealed, other) = (sealed.expect("sealed"), other.expect("sealed"));
        drop(keeper);
        let keeper = at(place.path(), cipher);
        assert_eq!(keeper.open_sealed(&one, &sealed.bytes), Ok(values("申请人001")));
        assert_eq!(name(keeper.open_sealed(&one, &other.bytes)), "person-key-gone", "swapped");
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.bytes.clone();
            changed[at] ^= 1;
            assert_ne!(name(keeper.open_sealed(&one, &changed)), "read");
            assert_ne!(name(keeper.open_sealed(&one, &sealed.bytes[..at])), "read");
        }
        let master = place.path().join(MASTER);
        let elsewhere = Keeper::open(place.path(), &master, cipher, "乙市考评台账", true).expect("a keeper");
        assert_eq!(name(elsewhere.open_sealed(&one, &sealed.bytes)), "person-data-changed", "another record");
        fs::remove_file(&master).expect("removed");
        let keeper = at(place.path(), cipher);
        assert_eq!(name(keeper.open_sealed(&one, &sealed.bytes)), "person-data-changed", "another master key");
    }
}

#[test]
fn what_was_destroyed_is_gone_from_the_disk() {
    let place = tempfile::tempdir().expect("a folder");
    let (one, two): (PersonId, PersonId) = ("P1".into(), "P2".into());
    let file = place.path().join(ring::FILE);
    let keeper = at(place.path(), Cipher::Aes256Gcm);
    let sealed = keeper.seal(&one, &values("申请人001")).expect("sealed");
    let wrapped = fs::read(&file).expect("a ring")[128 + 28..128 + 76].to_vec();
    let kept = keeper.seal(&two, &values("申请人002")).expect("sealed");
    keeper.destroy(&one).expect("destroyed");
    keeper.destroy(&one).expect("destroyed once more");
    let found = |bytes: &[u8]| bytes.windows(16).any(|window| window == &wrapped[..16]);
    assert!(wrapped.iter().any(|byte| *byte != 0) && !found(&fs::read(&file).expect("a ring")));
    for keeper in [keeper, at(place.path(), Cipher::Aes256Gcm)] {
        assert!(!keeper.holds(&one) && keeper.holds(&two));
        assert_eq!(name(keeper.open_sealed(&one, &sealed.bytes)), "person-key-gone");
        assert_eq!(name(keeper.open_sealed(&two, &kept.bytes)), "read");
    }
    // Only the key of what was not kept goes, not the person's.
    let keeper = at(place.path(), Cipher::Aes256Gcm);
    let second = keeper.seal(&two, &values("申请人003")).expect("sealed");
    keeper.forget(&two, &second).expect("forgotten");
    assert_eq!(name(keeper.open_sealed(&two, &second.bytes)), "person-key-gone");
    assert_eq!(name(keeper.open_sealed(&two, &kept.bytes)), "read");
}

/// However far the last write of a killed program came, what was there before is there, and the next one stands.
#[test]
fn a_ring_that_was_being_written_is_whole() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join(ring::FILE);
    let (one, two): (PersonId, PersonId) = ("P1".into(), "P2".into());
    let keeper = at(place.path(), Cipher::Aes256Gcm);
    let sealed = keeper.seal(&one, &values("申请人001")).expect("sealed");
    keeper.seal(&two, &values("申请人002")).expect("sealed");
    let whole = fs::read(&file).expect("a ring");
    assert_eq!(whole.len(), 384);
    for length in 256..=384 {
        fs::write(&file, &whole[..length]).expect("cut");
        let keeper = at(place.path(), Cipher::Aes256Gcm);
        assert_eq!(name(keeper.open_sealed(&one, &sealed.bytes)), "read", "{length}");
        assert_eq!(keeper.holds(&two), length == 384);
        let next = keeper.seal(&"P3".into(), &values("申请人003")).expect("sealed");
        drop(keeper);
        let keeper = at(place.path(), Cipher::Aes256Gcm);
        assert_eq!(name(keeper.open_sealed(&"P3".into(), &next.bytes)), "read", "{length}");
    }
}

#[test]
fn keys_that_cannot_be_used_are_named() {
    let place = tempfile::tempdir().expect("a folder");
    let (keys, master) = (place.path(), place.path().join(MASTER));
    let open = |cipher, expected| Keeper::open(keys, &master, cipher, ORIGIN, expected).map(drop);
    assert_eq!(name(open(Cipher::Aes256Gcm, false)), "key-file-unusable", "no master key");
    draw_master(&master, Cipher::Aes256Gcm).expect("a master key");
    assert_eq!(name(draw_master(&master, Cipher::Aes256Gcm)), "key-file-there");
    assert_eq!(name(open(Cipher::Aes256Gcm, true)), "key-ring-unusable", "people and no ring");
    assert!(!keys.join(ring::FILE).exists(), "and none is made");
    assert_eq!(name(open(Cipher::Aes256Gcm, false)), "read");
    assert_eq!(name(open(Cipher::Sm4Gcm, false)), "key-file-unusable");
    for file in [MASTER, ring::FILE] {
        let path = keys.join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
        assert_ne!(name(open(Cipher::Aes256Gcm, true)), "read", "{file} is open to others");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
    }
    fs::write(keys.join(ring::FILE), b"something else").expect("written");
    assert_eq!(name(open(Cipher::Aes256Gcm, true)), "key-ring-unusable");
}

#[test]
fn what_a_system_says_of_a_file_is_told_in_both_languages() {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("file"), "").expect("a file");
    let master = place.path().join("file").join("keys").join(MASTER);
    let refused = draw_master(&master, Cipher::Aes256Gcm).expect_err("no folder");
    assert_eq!(refused.name, "key-file-unusable");
    assert!(refused.why.zh.starts_with("路径中有一段不是文件夹（"), "{refused:?}");
    draw_master(&place.path().join(MASTER), Cipher::Aes256Gcm).expect("a master key");
    let opened = Keeper::open(place.path(), &place.path().join(MASTER), Cipher::Aes256Gcm, ORIGIN, true);
    let refused = opened.err().expect("a ring that is missing");
    assert!(refused.why.zh.starts_with("路径不存在（") && refused.why.en.starts_with("the system says"), "{refused:?}");
}
