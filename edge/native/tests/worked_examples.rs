//! Every worked example of the repository comes out of the loops for the processor as well.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read the repository and stop where it is not there"
)]

#[path = "../../../core/scheme/tests/common/mod.rs"]
mod common;
#[path = "../../../core/decide/tests/worked/mod.rs"]
mod worked;

use kaoping_native::native;
use worked::through_code;

#[test]
fn worked_examples_hold_natively() {
    let mut with = 0;
    for path in common::policies() {
        for case in common::load(&path).1.examples {
            with += through_code(&case, 5, native()).0;
        }
    }
    assert!(with > 100, "{with} results with code");
}
