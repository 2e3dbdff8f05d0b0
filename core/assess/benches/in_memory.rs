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

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 9, sample_size = 1, args = [3_000, 40_000, 600_000])]
fn assessment(bencher: Bencher<'_, '_>, units: usize) {
    let city = City::new(units);
    let prepared = city.prepared();
    let options = Options { in_columns: true, without_owed: true, ..Options::default() };
    bencher.counter(ItemsCount::new(units * ITEMS)).bench_local(|| assess_prepared(&prepared, &options));
}
