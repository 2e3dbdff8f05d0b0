//! Claims of medical assistance in memory, in blocks that fit the cache.
//!
//! `cargo bench -p kaoping-decide --bench claims`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot be set up has to stop"
)]

#[path = "../../scheme/tests/common/mod.rs"]
mod common;

use divan::{Bencher, counter::ItemsCount};
use kaoping_decide::{Cells, Decider, Rows, Scratch};
use kaoping_program::Workers;
use kaoping_scheme::Standard;

const ROWS: usize = 1_000_000;
const BLOCK: usize = 8_192;

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

fn blocks() -> Vec<Rows> {
    // category, inpatient, outpatient, insurer, employer, household, months, paid this year.
    let most = [7u64, 6_000_000, 500_000, 2_000_000, 300_000, 6, 12, 600_000];
    let least = [0, 0, 0, 0, 0, 1, 1, 0];
    let places = [0, 2, 2, 2, 2, 0, 0, 2];
    (0..ROWS)
        .step_by(BLOCK)
        .map(|start| {
            let columns = (0..most.len()).map(|at| {
                let end = (start + BLOCK).min(ROWS);
                let numbers = (start..end).map(|row| least[at] + noise(at as u64, row, most[at])).collect();
                Cells::known(numbers, places[at]).expect("a few places")
            });
            Rows::of(columns.collect()).expect("as long as each other")
        })
        .collect()
}

#[divan::bench]
fn decide(bencher: Bencher<'_, '_>) {
    let standard = standard();
    let decider = Decider::new(&standard, &standard.decisions[0]);
    let mut blocks = blocks();
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut scratch = Scratch::default();
        let mut answered = 0;
        for rows in &mut blocks {
            answered += decider.decide(rows, &mut scratch, Workers::default()).expect("decided").len();
        }
        answered
    });
}
