//! Many units are assessed by loops for the processor, with the results that blocks of the core give.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "a test stops at what should be there"
)]

#[path = "../../../core/assess/benches/city/mod.rs"]
mod city;

use city::City;
use kaoping_assess::{Assessment, Options, Room, assess_in, assess_prepared};
use kaoping_native::native;
use kaoping_program::{Cell, Column};

/// All columns of an assessment.
fn columns(assessment: &Assessment) -> Vec<Option<&Column>> {
    let Assessment { items, total, rank, meets_all, .. } = assessment;
    let items = items.iter().flat_map(|item| [Some(&*item.score), item.met.as_deref()]);
    items.chain([total.as_deref(), rank.as_deref(), meets_all.as_deref()]).collect()
}

fn cells(column: Option<&Column>) -> Option<Vec<Cell>> {
    column.map(|column| (0..column.len()).map(|at| column.cell(at)).collect())
}

fn same(groups: usize) {
    let city = City::new(8_192 + 5, groups);
    let prepared = city.prepared();
    let by_blocks = Options { in_columns: true, without_owed: true, ..Options::default() };
    let natively = Options { native: native(), ..by_blocks };
    let expected = assess_prepared(&prepared, &by_blocks);
    let mut room = Room::default();
    // Once in new room, once in used room.
    for _ in 0..2 {
        let found = assess_in(&prepared, &natively, &mut room);
        for (found, expected) in columns(&found).into_iter().zip(columns(&expected)) {
            assert!(cells(found) == cells(expected));
        }
        assert_eq!(format!("{:?}", found.awards), format!("{:?}", expected.awards));
        room.take_back(found);
    }
}

#[test]
fn many_units_come_out_the_same() {
    same(1);
}

#[test]
fn many_units_in_peer_groups_come_out_the_same() {
    same(3);
}
