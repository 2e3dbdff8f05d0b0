//! A million claims of medical assistance in memory, on one thread: by the core alone, and natively.
//!
//! `cargo bench -p kaoping-native --bench claims`; beside the C program on the same claims:
//! `cargo run --release -p kaoping-cli --example in_memory`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot be set up has to stop"
)]

#[path = "../../../core/scheme/tests/common/mod.rs"]
mod common;

use divan::{Bencher, counter::ItemsCount};
use kaoping_decide::{Cells, Decider, Rows, Scratch};
use kaoping_native::native;
use kaoping_program::{Numerators, Workers};
use kaoping_scheme::Standard;

const ROWS: usize = 1_000_000;

fn main() {
    divan::main();
}

fn standard() -> Standard {
    let path = common::repository().join("policies/bench-medical");
    common::load(&path).1.standard
}

/// Figures without a pattern a processor could learn.
fn noise(stream: u64, row: usize, below: u64) -> i64 {
    let mut z =
        (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(stream.wrapping_mul(0xD1B5_4A32_D192_ED03));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    i64::try_from((z ^ (z >> 31)) % below).expect("below a word")
}

fn rows() -> Rows {
    // category, inpatient, outpatient, insurer, employer, household, months, paid this year.
    let most = [7u64, 6_000_000, 500_000, 2_000_000, 300_000, 6, 12, 600_000];
    let least = [0, 0, 0, 0, 0, 1, 1, 0];
    let places = [0, 2, 2, 2, 2, 0, 0, 2];
    let column = |at: usize| {
        let number = |row| i32::try_from(least[at] + noise(at as u64, row, most[at])).expect("a small number");
        Cells::known(Numerators::Short((0..ROWS).map(number).collect()), places[at]).expect("a few places")
    };
    Rows::of((0..most.len()).map(column).collect()).expect("as long as each other")
}

#[divan::bench(args = [false, true])]
fn decide(bencher: Bencher<'_, '_>, natively: bool) {
    let standard = standard();
    let decider = Decider::new(&standard, &standard.decisions[0]).natively(native().filter(|_| natively));
    let mut rows = rows();
    let mut scratch = Scratch::default();
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let answers = decider.decide(&mut rows, &mut scratch, Workers::default()).expect("decided");
        scratch.take_back(answers);
    });
}
