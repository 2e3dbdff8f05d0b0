//! What the processor works out by itself comes out as from the machine, to the last digit.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what should be there")]

#[path = "../../../core/columns/tests/programs/mod.rs"]
mod programs;

use kaoping_columns::{Action, Done, Figures, Instruction, LANES, Listing, Register, Store, Width};
use kaoping_native::native;
use kaoping_program::{Numerators, Workers};
use programs::{Three, case, case_of, compared, told_of_few, waiting};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn short_programs_agree(case in case()) {
        compared(&case, Workers::default(), native())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// More columns than a loop reads, more nodes than there are registers.
    #[test]
    fn long_programs_agree(case in case_of(30, 100..600)) {
        compared(&case, Workers::default(), native())?;
    }

    /// Figures that are not as the first ones were are seen.
    #[test]
    fn what_was_told_is_looked_at(case in case_of(5, 10..60)) {
        told_of_few(&case, Workers::new(&Three), native())?;
    }

    /// Where one call ends and the next begins, and one thread and the next.
    #[test]
    fn many_units_are_as_few(case in case_of(14, 20..80), more in 0usize..LANES) {
        let mut many = case;
        for (numbers, _) in &mut many.columns {
            let once = numbers.clone();
            *numbers = once.into_iter().cycle().take(3 * LANES + more).collect();
        }
        compared(&many, Workers::new(&Three), native())?;
    }
}

/// Numbers for which there is no register wait in memory.
#[test]
fn numbers_that_wait_come_back() {
    let (with, without) = compared(&waiting(), Workers::default(), native()).expect("agreement");
    assert_eq!((with, without), (2, 0));
}

/// Where there are no such vectors the tests above compare the core with itself, which is said.
#[test]
fn it_is_said_where_nothing_is_native() {
    if native().is_none() {
        println!("this processor has no 512-bit vectors: nothing is native here");
    }
}

/// Tests over figures that are all alike would show nothing.
#[test]
fn figures_beyond_what_was_told_are_common() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = case_of(5, 10..60);
    let seen = (0..200).filter(|_| {
        let case = strategy.new_tree(&mut runner).expect("a case").current();
        told_of_few(&case, Workers::default(), native()).expect("agreement")
    });
    let seen = seen.count();
    assert!((20..200).contains(&seen), "{seen} of 200");
}

/// Large results are put past the caches where vectors lie so in memory, and elsewhere as small ones are.
#[test]
fn large_results_are_as_small_ones() {
    const UNITS: usize = (1 << 20) + 3;
    let Some(native) = native() else { return };
    let (x, line) = (Register(0), Register(1));
    let code = [
        Instruction::Make { to: x, action: Action::Load { input: 0 } },
        Instruction::Make { to: line, action: Action::Line { x, times: -3, plus: 1 } },
        Instruction::Store { from: line, output: 0 },
        Instruction::Store { from: line, output: 1 },
    ];
    let last = i64::try_from(UNITS).expect("few");
    let (inputs, told, results) = ([Width::Long], [(0, last)], [Width::Short, Width::Long]);
    let made = native.make(&Listing { code: &code, inputs: &inputs, told: &told, results: &results }).expect("code");
    let numerators = Numerators::Long((0..last).collect());
    let figures = [Figures::new(&numerators, 1)];
    let (mut short, mut long) = (vec![7i32; UNITS + 16], vec![7i64; UNITS + 16]);
    let (lies, may) = (short.as_ptr().align_offset(64), long.as_ptr().align_offset(64));
    for (first, second) in [(lies, may), (lies + 1, may), (lies, may + 1)] {
        short.fill(7);
        long.fill(7);
        let mut stores =
            [Store::Short(&mut short[first..first + UNITS]), Store::Long(&mut long[second..second + UNITS])];
        assert_eq!(made.run(&figures, 0, &mut stores), Done::Units(UNITS));
        let expected: Vec<i64> = (0..last).map(|at| 1 - 3 * at).collect();
        assert!(long[second..second + UNITS] == expected, "{first} {second}");
        assert!(short[first..first + UNITS].iter().map(|number| i64::from(*number)).eq(expected), "{first} {second}");
        let beside = short[..first].iter().chain(&short[first + UNITS..]);
        assert!(beside.copied().all(|number| number == 7), "{first} {second}");
    }
}
