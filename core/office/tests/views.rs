//! Who sees what, where it is not the same as who may do what.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        offices::CloseOffices,
        people::{CloseAccount, NameDeputy, RevokeRole},
    },
    tables::{DAYS, Key, TABLES, YES_NO},
};
use std::collections::BTreeSet;
use world::{World, by, day, grant, open};

fn sees(world: &World, account: &str, office: &str) -> Option<bool> {
    world.state.viewer(account, world.state.today).map(|viewer| viewer.sees(&office.into()))
}

#[test]
fn a_role_is_seen_with_from_day_to_day() {
    let mut world = World::city();
    assert_eq!(sees(&world, "B1", "乙县"), Some(true));
    assert_eq!(sees(&world, "B1", "丙县"), Some(false));
    assert_eq!(sees(&world, "B1", "甲市"), Some(false), "never upwards");
    assert_eq!(sees(&world, "A1", "乙县"), Some(true));
    assert!(world.state.viewer("B1", day("2025-12-31")).is_none(), "not before it began");
    assert!(world.state.viewer("nobody", world.state.today).is_none());
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let revoke = RevokeRole { account: "B1".into(), office: "乙县".into(), role: Role::Clerk };
    world.does_because(&security, Act::RevokeRole(revoke), "调离");
    assert_eq!(sees(&world, "B1", "乙县"), None, "at once");
    let act = open("戊乡", "乙县");
    assert_eq!(world.refused(&by("B1", "乙县", Role::Clerk), act, "", &[]), ["not-entitled"], "nor does it act");
    let close = CloseAccount { account: "C1".into() };
    world.does_because(&security, Act::CloseAccount(close), "调离");
    assert_eq!(sees(&world, "C1", "丙县"), None);
}

#[test]
fn who_stands_in_sees_as_long_as_the_other_would() {
    let mut world = World::city();
    let deputy = NameDeputy {
        deputy: "C1".into(),
        office: "乙县".into(),
        role: Role::Clerk,
        from: day("2026-01-05"),
        to: day("2026-01-09"),
    };
    world.does(&by("B1", "乙县", Role::Clerk), Act::NameDeputy(deputy));
    assert_eq!(sees(&world, "C1", "乙县"), Some(true));
    let viewer = |on: &str| world.state.viewer("C1", day(on)).expect("a viewer").sees(&"乙县".into());
    assert!(viewer("2026-01-09") && !viewer("2026-01-10"));
    let revoke = RevokeRole { account: "B1".into(), office: "乙县".into(), role: Role::Clerk };
    world.does_because(&by("S2", "甲市", Role::SecurityAdmin), Act::RevokeRole(revoke), "调离");
    assert_eq!(sees(&world, "C1", "乙县"), Some(false), "what the other lost is lost for both");
}

#[test]
fn an_office_that_ended_is_still_below_the_one_it_was_below() {
    let mut world = World::city();
    let system = by("S1", "甲市", Role::SystemAdmin);
    world.does(&system, open("新县", "甲市"));
    let close =
        CloseOffices { offices: vec!["丙县".into()], from: day("2026-01-12"), successors: vec!["新县".into()] };
    world.does_because(&system, Act::CloseOffices(close), "省政府批复");
    world.on("2026-01-20");
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("C1", "新县", Role::Clerk));
    assert_eq!(sees(&world, "A1", "丙县"), Some(true));
    assert_eq!(sees(&world, "B1", "丙县"), Some(false));
}

#[test]
fn administrators_see_accounts_and_no_work() {
    let world = World::city();
    for account in ["S1", "S2"] {
        let viewer = world.state.viewer(account, world.state.today).expect("a viewer");
        assert!(viewer.reads_accounts() && !viewer.reads_the_record() && !viewer.sees(&"甲市".into()), "{account}");
    }
    let audit = world.state.viewer("S3", world.state.today).expect("a viewer");
    assert!(audit.reads_accounts() && audit.reads_the_record() && audit.sees(&"乙县".into()));
    let clerk = world.state.viewer("B1", world.state.today).expect("a viewer");
    assert!(clerk.may_see(&Key::Account("B1".into())) && !clerk.may_see(&Key::Account("B2".into())));
}

/// Going through a table from any of its things gives the rest of it.
#[test]
fn a_table_goes_on_behind_any_of_its_things() {
    let mut world = World::city();
    world.define("新增就业");
    world.replays();
    for (place, table) in TABLES.iter().enumerate() {
        let all: Vec<Key> = world.state.keys_after(place, None).collect();
        for (at, key) in all.iter().enumerate() {
            let rest: Vec<Key> = world.state.keys_after(place, Some(key)).collect();
            assert_eq!(rest, all[at + 1..]);
            let row = key.row(&world.state);
            let cells: Vec<String> = row.key.iter().map(|cell| format!("{cell:?}")).collect();
            assert_eq!((row.table, cells.len()), (place, table.key.len()));
        }
    }
    assert_eq!(world.state.keys_after(TABLES.len(), None).count(), 0);
    assert_eq!(Key::of(0, &["乙县"]), Some(Key::Office("乙县".into())));
    assert_eq!((Key::of(0, &[]), Key::of(0, &["a", "b"]), Key::of(99, &["a"])), (None, None, None));
}

/// Whoever adds a column of whole numbers says what the numbers are.
#[test]
fn whole_numbers_are_days_yes_or_no_or_counts() {
    let counts = [
        "versions",
        "entry",
        "figures",
        "offices",
        "returned",
        "changes",
        "version",
        "at",
        "editions",
        "published",
        "place",
        "password_given",
        "registered",
        "look_ups",
        "erased",
    ];
    let known: BTreeSet<&str> = DAYS.iter().chain(YES_NO).chain(&counts).copied().collect();
    let whole = TABLES.iter().flat_map(|table| table.key.iter().chain(table.columns));
    let whole = whole.filter(|column| column.kind == kaoping_ledger::rows::Kind::Whole).map(|column| column.name);
    assert_eq!(whole.collect::<BTreeSet<_>>(), known);
}
