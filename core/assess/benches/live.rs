//! One changed figure in an assessment of 3,000 units and 100 indicators, beside the whole run.
//!
//! `cargo bench -p kaoping-assess --bench live`

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

use city::City;
use divan::Bencher;
use kaoping_assess::{Live, Options, assess_prepared};
use kaoping_program::ColumnId;
use kaoping_terms::Exact;

const UNITS: usize = 3_000;

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn options() -> Options {
    Options { in_columns: true, without_owed: true, ..Options::default() }
}

/// Two values that take turns, for many units one after another.
fn turns(bencher: Bencher<'_, '_>, column: usize, values: [i64; 2], whose: impl Fn(usize) -> u32) {
    let city = City::new(UNITS, 1);
    let mut live = Live::over(city.prepared(), options()).expect("it can be followed");
    let id: ColumnId = city.columns[column].0;
    let mut at = 0usize;
    bencher.bench_local(|| {
        at += 1;
        live.change(whose(at), id, Some(Exact::decimal(values[at / UNITS % 2].into(), 2))).expect("it is followed")
    });
}

#[divan::bench(sample_count = 60, sample_size = 100)]
fn one_figure(bencher: Bencher<'_, '_>) {
    // 90 % and 110 % of the target of the first indicator, never the highest.
    turns(bencher, 0, [90_000, 110_000], |at| (at * 7 % UNITS) as u32);
}

#[divan::bench(sample_count = 60, sample_size = 100)]
fn the_same_figure_again(bencher: Bencher<'_, '_>) {
    turns(bencher, 0, [100_000, 100_000], |_| 1);
}

#[divan::bench(sample_count = 60, sample_size = 10)]
fn the_highest(bencher: Bencher<'_, '_>) {
    let city = City::new(UNITS, 1);
    let mut live = Live::over(city.prepared(), options()).expect("it can be followed");
    let id: ColumnId = city.columns[0].0;
    let mut at = 0usize;
    bencher.bench_local(|| {
        at += 1;
        live.change(7, id, Some(Exact::decimal([160_000, 250_000][at % 2], 2))).expect("it is followed")
    });
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn the_whole_run(bencher: Bencher<'_, '_>) {
    let city = City::new(UNITS, 1);
    let prepared = city.prepared();
    bencher.bench_local(|| assess_prepared(&prepared, &options()));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn a_snapshot(bencher: Bencher<'_, '_>) {
    let city = City::new(UNITS, 1);
    let mut live = Live::over(city.prepared(), options()).expect("it can be followed");
    bencher.bench_local(|| live.assessment());
}
