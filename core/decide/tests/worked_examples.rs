//! Every worked example of the repository comes out of the code as well, where there is code for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read the repository and stop where it is not there"
)]

#[path = "../../scheme/tests/common/mod.rs"]
mod common;
mod worked;

use worked::through_code;

#[test]
fn worked_examples_hold_in_code() {
    let (mut with, mut without) = (0, 0);
    for path in common::policies() {
        for case in common::load(&path).1.examples {
            for of in [1, 2, 5, 17] {
                let (had, had_none) = through_code(&case, of, None);
                (with, without) = (with + had, without + had_none);
            }
        }
    }
    println!("{with} results with code, {without} without");
    assert!(with > 1_000, "{with} with code, {without} without");
}
