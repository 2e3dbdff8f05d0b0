//! A whole assessment in memory, from the columns of figures to scores, targets met, totals,
//! places and awards: 40,000 and 600,000 units with 100 indicators each.
//!
//! `cargo bench -p kaoping-assess --bench in_memory`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "a benchmark that cannot be set up has to stop"
)]

mod city;

use city::{City, ITEMS};
use divan::{Bencher, counter::ItemsCount};
use kaoping_assess::{Options, assess_prepared};
use kaoping_program::{Column, State};
use std::sync::Arc;

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, city: &City, options: &Options) {
    let prepared = city.prepared();
    let options = Options { in_columns: true, without_owed: true, ..*options };
    let items = ItemsCount::new(city.units.len() * ITEMS);
    bencher.counter(items).bench_local(|| assess_prepared(&prepared, &options));
}

#[divan::bench(sample_count = 9, sample_size = 1, args = [3_000, 40_000, 600_000])]
fn assessment(bencher: Bencher<'_, '_>, units: usize) {
    run(bencher, &City::new(units, 1), &Options { without_met: true, ..Options::default() });
}

#[divan::bench(sample_count = 9, sample_size = 1, args = [40_000, 600_000])]
fn with_targets_met(bencher: Bencher<'_, '_>, units: usize) {
    run(bencher, &City::new(units, 1), &Options::default());
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [40_000, 600_000])]
fn in_seven_groups(bencher: Bencher<'_, '_>, units: usize) {
    run(bencher, &City::new(units, 7), &Options { without_met: true, ..Options::default() });
}

/// One unit has not reported one figure of the second indicator.
#[divan::bench(sample_count = 5, sample_size = 1, args = [40_000, 600_000])]
fn one_figure_missing(bencher: Bencher<'_, '_>, units: usize) {
    let mut city = City::new(units, 1);
    let column = &mut city.columns[1].1;
    let states = (0..units).map(|unit| if unit == 17 { State::MISSING } else { State::KNOWN }).collect();
    *column = Arc::new(Column::clone(column).with_states(states).expect("a state for each"));
    run(bencher, &city, &Options { without_met: true, ..Options::default() });
}
