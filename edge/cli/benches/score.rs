//! A city of 3,000 units and 100 indicators, all in memory: reading its figures, scoring them,
//! printing the scores. And the check of the largest policy that is shipped.
//!
//! `cargo bench -p kaoping-cli --bench score`; `bench/run.sh` times the whole command beside
//! other programs.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up has to stop")]

use divan::{Bencher, counter::ItemsCount};
use kaoping_assess::{Options, assess, lines::Lines};
use kaoping_intake::{
    given::{Given, Texts},
    load::{Loaded, load, load_checked},
};
use kaoping_terms::Sources;
use std::{fmt::Write as _, fs, path::Path};

const UNITS: usize = 3_000;
const ITEMS: usize = 100;

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn policies() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// The scheme that `kaoping new` begins with, over a table of bonus indicators.
fn policy() -> Loaded {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("policy")).expect("a folder");
    fs::create_dir_all(at("kinds")).expect("a folder");
    fs::copy(policies().join("kinds/common.kp"), at("kinds/common.kp")).expect("the library");
    fs::copy(policies().join("new/scheme.kp"), at("policy/scheme.kp")).expect("the scheme");
    let mut table = String::from("编号,块,名称,分值,规则,目标数,不足一步,选择\n");
    for item in 0..ITEMS {
        let target = 100 + item * 37;
        let _ = writeln!(table, "{item},考核指标,指标{item},1 分,加分指标,{target},整步,例");
    }
    fs::write(at("policy/indicators.csv"), table).expect("the table");
    let loaded = load(&at("policy"), &kaoping_scheme::Options::default());
    assert!(loaded.usable, "{:?}", loaded.findings);
    loaded
}

fn facts() -> String {
    let mut text = String::from("unit,indicator,actual\n");
    let mut seed = 1u32;
    for unit in 0..UNITS {
        for item in 0..ITEMS {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let target = u32::try_from(100 + item * 37).expect("a small number");
            let hundredths = target * (70 + seed / 7 % 70);
            let _ = writeln!(text, "u{unit:04},{item},{}.{:02}", hundredths / 100, hundredths % 100);
        }
    }
    text
}

fn given(loaded: &Loaded, facts: String) -> Given {
    let texts = Texts { facts: vec![("facts.csv".into(), facts)], ..Texts::default() };
    let (given, report) = Given::new(&loaded.compiled.standard, &loaded.policy.targets, texts, &mut Sources::default());
    assert!(!report.has_errors(), "{:?}", report.findings());
    given
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let (loaded, facts) = (policy(), facts());
    bencher
        .counter(ItemsCount::new(UNITS * ITEMS))
        .with_inputs(|| facts.clone())
        .bench_values(|facts| given(&loaded, facts));
}

#[divan::bench]
fn score(bencher: Bencher<'_, '_>) {
    let loaded = policy();
    let given = given(&loaded, facts());
    let standard = &loaded.compiled.standard;
    bencher.counter(ItemsCount::new(UNITS * ITEMS)).bench(|| assess(given.of(standard), &Options::default()));
}

#[divan::bench]
fn print(bencher: Bencher<'_, '_>) {
    let loaded = policy();
    let given = given(&loaded, facts());
    let standard = &loaded.compiled.standard;
    let assessment = assess(given.of(standard), &Options::default());
    bencher.counter(ItemsCount::new(UNITS * ITEMS)).bench(|| {
        let mut bytes = 0;
        Lines { standard, units: &given.units, assessment: &assessment }
            .scores()
            .visit(&mut |row| bytes += row.iter().map(|cell| cell.len() + 1).sum::<usize>());
        bytes
    });
}

#[divan::bench]
fn check_livelihood(bencher: Bencher<'_, '_>) {
    let folder = policies().join("livelihood");
    bencher.bench(|| load_checked(&folder, &kaoping_scheme::Options::default()));
}
