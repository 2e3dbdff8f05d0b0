//! A block of rows gives, value by value and state by state, what the machine gives for each row.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests read the repository and stop where it is not there"
)]

#[path = "../../scheme/tests/common/mod.rs"]
mod common;

mod blocks;

use blocks::{agrees, rows, spoken_of};
use kaoping_decide::{Decider, Scratch};
use kaoping_program::Workers;
use proptest::{prelude::*, test_runner::Config};

#[test]
fn every_decision_of_the_repository_is_the_same_in_blocks() {
    let mut decisions = 0;
    for path in common::policies() {
        let (_, compiled, _) = common::load(&path);
        let standard = compiled.standard;
        decisions += standard.decisions.len();
        if standard.decisions.is_empty() {
            continue;
        }
        let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
        proptest!(config, |(dice in proptest::collection::vec(any::<u64>(), 1_500..3_000))| {
            agrees(&standard, &dice, None);
        });
    }
    assert!(decisions >= 4, "{decisions} decisions");
}

/// Most rows of the workloads that are timed go through short code, not through the machine; one of the
/// policies was written when the compiler was finished.
#[test]
fn policies_of_plain_arithmetic_have_code_for_every_result() {
    for (policy, most) in [("bench-medical", 45), ("bench-heating", 105)] {
        let (_, compiled, _) = common::load(&common::repository().join("policies").join(policy));
        let decider = Decider::new(&compiled.standard, &compiled.standard.decisions[0]);
        let borders = spoken_of(&compiled.standard.program);
        // Dice that leave no figure out and make none too long.
        let dice: Vec<u64> = (0..4_000u64).map(|n| 21 + (n % 11) + 32 * (n * 7_919 % 1_000_003)).collect();
        let mut rows = rows(&decider, &borders, &dice);
        let mut scratch = Scratch::default();
        decider.decide(&mut rows, &mut scratch, Workers::default()).unwrap();
        assert!(scratch.without().is_empty(), "{policy}: {:?}", scratch.without());
        assert!(scratch.instructions() < most, "{policy}: {} instructions", scratch.instructions());
    }
}
