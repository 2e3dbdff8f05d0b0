//! Room that is used again changes nothing, and is used again.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test stops at what should be there"
)]

#[path = "../benches/city/mod.rs"]
mod city;
mod folders;

use city::City;
use folders::same_results;
use kaoping_assess::{Assessment, Options, Room, assess_in, assess_prepared};
use kaoping_program::{Column, Numerators};
use std::collections::BTreeSet;

/// Where numbers stand.
fn begin(numerators: &Numerators) -> usize {
    match numerators {
        Numerators::Short(numbers) => numbers.as_ptr().addr(),
        Numerators::Long(numbers) => numbers.as_ptr().addr(),
    }
}

/// Where scores, and whether targets were met, stand.
fn places(assessment: &Assessment) -> BTreeSet<usize> {
    let columns = assessment.items.iter().flat_map(|item| item.met.iter().chain([&item.score]));
    let scores = columns.filter_map(|column| column.as_short());
    scores.map(|(numerators, _)| begin(numerators)).collect()
}

#[test]
fn an_assessment_in_used_room_is_a_new_one() {
    let options = Options { in_columns: true, ..Options::default() };
    let mut room = Room::default();
    // Others stand in it: of more units, of fewer, and of as many.
    for units in [300, 40, 520, 520] {
        let city = City::new(units, 1);
        let prepared = city.prepared();
        let again = assess_in(&prepared, &options, &mut room);
        same_results(&assess_prepared(&prepared, &options), &again);
        let before = places(&again);
        assert!(before.len() > again.items.len(), "every item has scores of its own");
        room.take_back(again);
        let third = assess_in(&prepared, &options, &mut room);
        let shared = places(&third).intersection(&before).count();
        assert!(shared > city::ITEMS, "{shared} of {} columns stand where others stood", before.len());
        // What somebody still holds is left alone.
        let held = third.items[0].score.clone();
        room.take_back(third);
        let fourth = assess_in(&prepared, &options, &mut room);
        let begin = |column: &Column| column.as_short().map(|(numerators, _)| begin(numerators));
        assert!(fourth.items.iter().all(|item| begin(&item.score) != begin(&held)));
        same_results(&assess_prepared(&prepared, &options), &fourth);
        room.take_back(fourth);
    }
}
