//! People who are no accounts: who may look, what it takes to erase, and that the record holds nothing personal.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::By;
use kaoping_office::{
    Act, Role,
    deeds::persons::{DecideErasure, KEEPERS, LookUpPerson, ProposeErasure, RegisterPerson, is_number},
    state::PersonField,
    tables::Key,
};
use world::{World, by, grant};

fn clerk() -> By {
    by("B1", "乙县", Role::Clerk)
}

fn register(person: &str, office: &str, fields: &[PersonField]) -> Act {
    Act::RegisterPerson(RegisterPerson { person: person.into(), office: office.into(), fields: fields.to_vec() })
}

fn look_up(fields: &[PersonField]) -> Act {
    Act::LookUpPerson(LookUpPerson { person: "P1".into(), fields: fields.to_vec() })
}

fn propose() -> Act {
    Act::ProposeErasure(ProposeErasure { person: "P1".into() })
}

fn decide(approved: bool) -> Act {
    Act::DecideErasure(DecideErasure { person: "P1".into(), approved })
}

fn with_person() -> World {
    let mut world = World::city();
    world.does(&clerk(), register("P1", "乙县", &[PersonField::Name, PersonField::Phone]));
    world
}

#[test]
fn a_number_has_no_room_for_a_name_a_card_or_a_telephone() {
    assert!(["P1", "P000001", "P123456789"].iter().all(|number| is_number(number)));
    for name in ["", "P", "1", "申请人001", "P申请人", "P1234567890", "13800000000", "P13800000000", "p1", "P-1"]
    {
        assert!(!is_number(name), "{name}");
    }
    let world = World::city();
    let refused = world.state.may(&register("张三", "乙县", &[PersonField::Name]), &clerk(), world.now_ms, "", &[]);
    let told = format!("{:?}", refused.findings());
    assert!(told.contains("name-not-usable") && !told.contains("张三"), "{told}");
}

#[test]
fn only_the_office_that_keeps_a_file_works_with_it() {
    let mut world = with_person();
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("A3", "乙县", Role::Auditor));
    let look = || look_up(&[PersonField::Phone]);
    let why = "电话回访";
    for role in Role::ALL {
        let expected: &[&str] = if KEEPERS.contains(role) { &[] } else { &["not-entitled"] };
        let found = world.refused(&by("B1", "乙县", *role), look(), why, &[]);
        let held = *role == Role::Clerk;
        assert_eq!(found, if held { expected } else { &["not-entitled"] }, "{role:?}");
    }
    for other in
        [by("A1", "甲市", Role::AssessmentOffice), by("C1", "丙县", Role::Clerk), by("A3", "乙县", Role::Auditor)]
    {
        assert_eq!(world.refused(&other, look(), why, &[]), ["not-entitled"], "{other:?}");
    }
    let key = Key::Person("P1".into());
    let sees = |account: &str| {
        let viewer = world.state.viewer(account, world.state.today).expect("a viewer");
        (viewer.may_see(&key), viewer.keeps(&"P1".into()))
    };
    assert_eq!((sees("B1"), sees("B2")), ((true, true), (true, true)));
    assert_eq!((sees("A1"), sees("C1"), sees("S1")), ((false, false), (false, false), (false, false)));
    assert_eq!((sees("S3"), sees("A3")), ((true, false), (true, false)), "whoever audits sees that there is somebody");
}

#[test]
fn a_look_up_says_what_for_and_is_counted() {
    let mut world = with_person();
    let phone = [PersonField::Phone];
    assert_eq!(world.refused(&clerk(), look_up(&phone), " ", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&clerk(), look_up(&[]), "回访", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&clerk(), look_up(&[PersonField::Phone; 2]), "回访", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&clerk(), look_up(&[PersonField::Address]), "回访", &[]), ["not-in-the-record"]);
    let number = world.does_because(&clerk(), look_up(&phone), "电话回访");
    let again = world.does_because(&by("B2", "乙县", Role::Reviewer), look_up(&[PersonField::Name]), "核对");
    assert_eq!(world.state.persons["P1"].look_ups, 2);
    let found: Vec<_> =
        world.state.look_ups.iter().map(|(key, found)| (key.1, found.by.as_str(), &*found.why)).collect();
    assert_eq!(found, [(number, "B1", "电话回访"), (again, "B2", "核对")]);
    world.replays();
}

#[test]
fn an_erasure_takes_two_and_a_reason() {
    let mut world = with_person();
    let (second, above) = (by("B2", "乙县", Role::Reviewer), by("A1", "甲市", Role::AssessmentOffice));
    assert_eq!(world.refused(&clerk(), propose(), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&second, decide(true), "", &[]), ["not-now"], "nobody proposed it");
    world.does_because(&second, propose(), "本人申请");
    assert_eq!(world.refused(&clerk(), propose(), "再申请", &[]), ["not-now"]);
    assert_eq!(world.refused(&second, decide(true), "", &[]), ["second-person-needed"]);
    assert_eq!(world.refused(&clerk(), decide(true), "", &[]), ["not-entitled"], "a clerk does not decide");
    assert_eq!(world.refused(&above, decide(false), "", &[]), ["reason-needed"]);
    world.does_because(&above, decide(false), "案件未结");
    world.does_because(&clerk(), look_up(&[PersonField::Name]), "仍可查看");
    world.does_because(&clerk(), propose(), "案件已结");
    world.does(&second, decide(true));
    assert!(world.state.persons["P1"].erased.is_some());
    for act in [look_up(&[PersonField::Name]), propose(), decide(true)] {
        assert_eq!(world.refused(&by("B3", "乙县", Role::Signer), act, "原因", &[]), ["not-now"], "erased is erased");
    }
    let taken = register("P1", "乙县", &[PersonField::Name]);
    assert_eq!(world.refused(&clerk(), taken, "", &[]), ["already-in-the-record"], "nor does the number come back");
    world.replays();
}
