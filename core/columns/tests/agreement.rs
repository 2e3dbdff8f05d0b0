//! Whatever a plan has code for comes out as from the machine, to the last digit.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what should be there")]

mod programs;

use kaoping_columns::LANES;
use kaoping_program::Workers;
use programs::{Three, case, case_of, compared, told_of_few, waiting};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plans_agree_with_the_machine(case in case()) {
        compared(&case, Workers::default(), None)?;
    }

    /// More columns and nodes than registers.
    #[test]
    fn long_programs_agree(case in case_of(14, 100..250)) {
        compared(&case, Workers::default(), None)?;
    }

    /// Figures that are not as the first ones were are seen.
    #[test]
    fn what_was_told_is_looked_at(case in case_of(5, 10..60)) {
        told_of_few(&case, Workers::new(&Three), None)?;
    }

    /// Where one block ends and the next begins, and one thread and the next.
    #[test]
    fn many_units_are_as_few(case in case(), more in 0usize..LANES) {
        let mut many = case;
        for (numbers, _) in &mut many.columns {
            let once = numbers.clone();
            *numbers = once.into_iter().cycle().take(3 * LANES + more).collect();
        }
        compared(&many, Workers::new(&Three), None)?;
    }
}

/// Many numbers at once.
#[test]
fn numbers_that_wait_come_back() {
    assert_eq!(compared(&waiting(), Workers::default(), None).expect("agreement"), (2, 0));
}

/// A test over programs that have no code would show nothing.
#[test]
fn most_nodes_have_code() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut with, mut without) = (0, 0);
    for _ in 0..300 {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let (had, had_none) = compared(&case, Workers::default(), None).expect("agreement");
        with += had;
        without += had_none;
    }
    println!("{with} nodes with code, {without} without");
    assert!(with > 2 * without, "{with} with code, {without} without");
}
