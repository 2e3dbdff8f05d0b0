//! Whole policies against a second, slow evaluator that shares no arithmetic, no evaluator and
//! no rule text with the product: random schemes as a person would write them, with figures on
//! the borders of steps, ties, zeros and gaps. Every score, total, place, grade and award has
//! to be the same.
//!
//! `KAOPING_ORACLE_CASES=20000 cargo test --release -p kaoping-assess --test oracle` runs more,
//! `KAOPING_ORACLE_SEED=17` begins elsewhere.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    unreachable_pub,
    reason = "a test stops at what should have been there"
)]

mod folders;

#[path = "oracle/awards.rs"]
mod awards;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/evaluate.rs"]
mod evaluate;
#[path = "oracle/following.rs"]
mod following;
#[path = "oracle/make.rs"]
mod make;
#[path = "oracle/matters.rs"]
mod matters;
#[path = "oracle/nested.rs"]
mod nested;
#[path = "oracle/number.rs"]
mod number;
#[path = "oracle/plan.rs"]
mod plan;
#[path = "oracle/rounds.rs"]
mod rounds;
#[path = "oracle/rules.rs"]
mod rules;
#[path = "oracle/text.rs"]
mod text;

use compare::Seen;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn every_result_is_that_of_the_slow_evaluator() {
    let first = from_environment("KAOPING_ORACLE_SEED", 1);
    let count = from_environment("KAOPING_ORACLE_CASES", 400);
    let mut seen = Seen::default();
    let mut different = Vec::new();
    for seed in first..first + count {
        let case = make::case(seed);
        if let Err(differences) = compare::run(&case, &mut seen) {
            different.push((seed, differences));
        }
    }
    println!("{count} cases: {seen:?}");
    let report: Vec<String> = different
        .iter()
        .take(from_environment("KAOPING_ORACLE_SHOW", 3) as usize)
        .map(|(seed, differences)| format!("── seed {seed}\n{differences}"))
        .collect();
    let seeds: Vec<u64> = different.iter().map(|(seed, _)| *seed).collect();
    assert!(different.is_empty(), "{} of {count} cases differ: {seeds:?}\n{}", different.len(), report.join("\n"));
    // Cases that reach nothing would prove nothing.
    assert!(seen.scores > 40 * count, "{seen:?}");
    for reached in
        [seen.owed, seen.apart, seen.tied_places, seen.lowered_grades, seen.winners, seen.to_decide, seen.parts]
    {
        assert!(reached * 20 > count, "{seen:?}");
    }
}
