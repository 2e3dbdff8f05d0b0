//! An assessment in memory, on one thread: from columns of figures to scores, totals, places, who meets
//! all targets, and awards. The figures and rules are those of `bench/peers/gen.py`.
//!
//! ```text
//! cargo run --release -p kaoping-cli --example assessment_in_memory -- UNITS REPEATS [TRUTH]
//! ```
//!
//! TRUTH is `data/A4` where `limit a A4 … dump` has written `data/A4.truth.*`: every score, total,
//! place and award is compared before anything is timed. What is timed: natively, by the core alone,
//! and natively with each item's target met among the results.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::panic,
    unreachable_pub,
    missing_docs,
    reason = "a measurement that cannot be set up has to stop"
)]

#[path = "../../../core/assess/benches/city/mod.rs"]
mod city;

use city::{City, ITEMS};
use kaoping_assess::{Assessment, ItemResult, Options, Room, assess_in};
use kaoping_native::native;
use kaoping_program::Column;
use kaoping_terms::Exact;
use std::{env, fs, time::Instant};

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let (units, repeats, truth) = match &given[..] {
        [units, repeats] => (units, repeats, None),
        [units, repeats, truth] => (units, repeats, Some(truth.as_str())),
        _ => panic!("UNITS REPEATS [TRUTH]"),
    };
    let (units, repeats): (usize, usize) = (units.parse().expect("a count"), repeats.parse().expect("a count"));
    let city = City::new(units, 1);
    let prepared = city.prepared();
    let plain = Options { in_columns: true, without_owed: true, without_met: true, ..Options::default() };
    let natively = Options { native: native(), ..plain };
    let with_met = Options { without_met: false, ..natively };
    for (peer, options) in
        [("kaoping", natively), ("kaoping, core alone", plain), ("kaoping, with each target met", with_met)]
    {
        // As in the C program, scores take the place of those before them.
        let mut room = Room::default();
        let assessment = assess_in(&prepared, &options, &mut room);
        truth.into_iter().for_each(|truth| compare(&city, &assessment, truth));
        room.take_back(assessment);
        truth.into_iter().for_each(|truth| {
            let again = assess_in(&prepared, &options, &mut room);
            compare(&city, &again, truth);
            room.take_back(again);
        });
        let mut seconds: Vec<f64> = (0..repeats)
            .map(|_| {
                let begin = Instant::now();
                let assessment = assess_in(&prepared, &options, &mut room);
                let taken = begin.elapsed().as_secs_f64();
                room.take_back(assessment);
                taken
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        let (median, least, cells) = (seconds[seconds.len() / 2], seconds[0], units * ITEMS);
        println!(r#"{{"peer":"{peer}","work":"{units} × {ITEMS}","rows":{cells},"t":{median:.9},"min":{least:.9}}}"#);
    }
}

/// Fails where anything is not as the C program has it.
fn compare(city: &City, assessment: &Assessment, truth: &str) {
    let units = city.units.len();
    let bytes = |ending: &str| fs::read(format!("{truth}.truth.{ending}")).expect("results of the C program");
    let words = |ending: &str| -> Vec<i64> {
        bytes(ending).chunks_exact(8).map(|word| i64::from_le_bytes(word.try_into().expect("eight"))).collect()
    };
    let halves = |ending: &str| -> Vec<i32> {
        bytes(ending).chunks_exact(4).map(|half| i32::from_le_bytes(half.try_into().expect("four"))).collect()
    };
    let is = |column: &Column, unit: usize, cents: i64| column.cell(unit).value == Exact::ratio(cents.into(), 100);
    let mut wrong = 0;
    let scores = halves("score.i32");
    for (item, scores) in scores.chunks_exact(units).enumerate() {
        let is_it = |found: &&ItemResult| city.standard.schemes[found.scheme].items[found.item].id == item.to_string();
        let column = &assessment.items.iter().find(is_it).expect("an item").score;
        let short = column.as_short();
        wrong += (0..units)
            .filter(|unit| match short {
                Some((numerators, below)) => {
                    numerators.get(*unit).map(|number| number * 100) != Some(i64::from(scores[*unit]) * below)
                }
                None => !is(column, *unit, scores[*unit].into()),
            })
            .count();
    }
    let (total, rank) = (assessment.total.as_ref().expect("totals"), assessment.rank.as_ref().expect("places"));
    let (totals, ranks) = (words("total.i64"), halves("rank.i32"));
    wrong += (0..units).filter(|unit| !is(total, *unit, totals[*unit])).count();
    wrong += (0..units).filter(|unit| !is(rank, *unit, i64::from(ranks[*unit]) * 100)).count();
    let won: Vec<usize> =
        bytes("aw.u8").iter().enumerate().filter(|(_, won)| **won != 0).map(|(unit, _)| unit).collect();
    let mut found: Vec<usize> =
        assessment.awards[0].lists.iter().flat_map(|list| &list.winners).map(|winner| winner.unit as usize).collect();
    found.sort_unstable();
    assert_eq!((wrong, found), (0, won), "differences, and who is awarded");
    println!("{} scores, {units} totals, places and awards: 0 differences", scores.len());
}
