//! A record that goes on from an older backup says so, with a checkpoint that was signed for it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{Act, Role, deeds::restoring::ConfirmRestore};
use world::{World, by, paper, signed};

#[test]
fn only_what_was_signed_for_this_record_is_given_up() {
    let mut world = World::city();
    let system = by("S1", "甲市", Role::SystemAdmin);
    let confirm = |note: &str| Act::ConfirmRestore(ConfirmRestore { signed: note.into() });
    let note = signed(70);
    let refused = |world: &World, by: &_, note: &str, why: &str| world.refused(by, confirm(note), why, &paper());
    assert_eq!(refused(&world, &system, &note, ""), ["reason-needed"]);
    for wrong in ["", "x", &note.replace("70", "71"), &format!("{note}\n"), note.trim_end()] {
        assert_eq!(refused(&world, &system, wrong, "磁盘损坏"), ["value-not-fitting"], "{wrong:?}");
    }
    let other = by("S2", "甲市", Role::SecurityAdmin);
    assert_eq!(refused(&world, &other, &note, "磁盘损坏"), ["not-entitled"]);
    assert_eq!(world.state.restored, 0);
    world.does_because(&system, confirm(&note), "磁盘损坏");
    assert_eq!(world.state.restored, 70);
    world.does_because(&system, confirm(&signed(30)), "又一次");
    assert_eq!(world.state.restored, 70, "what was given up stays so");
}
