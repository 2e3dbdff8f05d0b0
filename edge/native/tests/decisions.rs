//! Every decision of the repository gives natively, value by value and state by state, what the machine
//! gives for each row.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests read the repository and stop where it is not there"
)]

#[path = "../../../core/decide/tests/blocks/mod.rs"]
mod blocks;
#[path = "../../../core/scheme/tests/common/mod.rs"]
mod common;

use blocks::agrees;
use kaoping_native::native;
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
            agrees(&standard, &dice, native());
        });
    }
    assert!(decisions >= 4, "{decisions} decisions");
}
