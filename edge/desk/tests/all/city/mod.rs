//! A small city over a store.

pub(crate) mod example;
pub(crate) mod story;

use kaoping_desk::{Desk, Opening, Request};
use kaoping_ledger::{By, KeyKind, SecretKey};
use kaoping_office::{
    Act, Role, State,
    deeds::{founding::Found, offices::OpenOffice, people},
    state::OfficeVersion,
    tables::TABLES,
};
use kaoping_terms::Day;
use std::collections::BTreeMap;
use tempfile::TempDir;

pub(crate) const SYSTEM: (&str, &str, Role) = ("S1", "甲市", Role::SystemAdmin);
pub(crate) const SECURITY: (&str, &str, Role) = ("S2", "甲市", Role::SecurityAdmin);
pub(crate) const OFFICE: (&str, &str, Role) = ("A1", "甲市", Role::AssessmentOffice);

/// 2026-01-05, eight in the morning in China.
const NOW_MS: i64 = 20_458 * 86_400_000;

pub(crate) fn at(place: &TempDir) -> String {
    format!("sqlite:{}", place.path().join("kaoping.db").display())
}

pub(crate) fn key(kind: KeyKind) -> SecretKey {
    SecretKey::from_bytes(kind, &[7; 32]).expect("a key")
}

pub(crate) fn opening(address: &str, kind: KeyKind) -> Opening {
    Opening {
        store: kaoping_store::open(address, TABLES).expect("a store"),
        key: key(kind),
        clock: Box::new(|| NOW_MS),
        queue: 10_000,
        batch: 256,
        fatal: Box::new(|| ()),
    }
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub(crate) fn request(id: &str, (account, office, role): (&str, &str, Role), act: Act) -> Request {
    let by = By { account: account.into(), office: office.into(), role: role.name().into(), deputy_for: None };
    Request { id: id.into(), by, anywhere: false, act, why: String::new(), evidence: Vec::new() }
}

pub(crate) fn open_account(account: &str) -> Request {
    request(&format!("open-{account}"), SYSTEM, Act::OpenAccount(people::OpenAccount { account: account.into() }))
}

pub(crate) fn grant(account: &str, office: &str, role: Role) -> Request {
    let grant =
        people::GrantRole { account: account.into(), office: office.into(), role, from: day("2026-01-01"), to: None };
    // Where one account has several steps of a report it takes a reason.
    let id = format!("grant-{account}-{}", role.name());
    Request { why: "人手不够".into(), ..request(&id, SECURITY, Act::GrantRole(grant)) }
}

pub(crate) fn count(desk: &Desk, of: impl FnOnce(&State) -> usize) -> usize {
    desk.read(|shown| of(&shown.state))
}

/// Founded, with a county and the people of the assessment office.
pub(crate) fn city(address: &str, kind: KeyKind) -> Desk {
    let desk = Desk::open(opening(address, kind)).expect("a desk");
    let origin = "甲市考评台账";
    let found = Found {
        origin: origin.into(),
        algorithm: kind.algorithm().name().into(),
        key: key(kind).public(origin).to_string(),
        office: "甲市".into(),
        name: "甲市".into(),
        from: Day::LONG_AGO,
        administrators: ["S1".into(), "S2".into(), "S3".into()],
    };
    let version = OfficeVersion {
        from: day("2026-01-01"),
        name: "乙县".into(),
        parent: Some("甲市".into()),
        kind: "县".into(),
        group: String::new(),
        attributes: BTreeMap::new(),
    };
    for deed in [
        request("found", SYSTEM, Act::Found(found)),
        request("open-乙县", SYSTEM, Act::OpenOffice(OpenOffice { office: "乙县".into(), version: version.clone() })),
        request("open-丙县", SYSTEM, Act::OpenOffice(OpenOffice { office: "丙县".into(), version })),
        open_account("A1"),
        grant("A1", "甲市", Role::AssessmentOffice),
    ] {
        desk.perform(deed).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
    }
    desk
}
