//! Many facts are taken without asking for memory row by row. The figure printed is for
//! people; the test itself only checks that every row was counted.

#![allow(clippy::expect_used, clippy::panic, clippy::disallowed_types)]

mod folders;

use kaoping_assess::{FactRow, FactsBuilder, Given, HandedDown, Options, Units, assess, lines::Lines};
use kaoping_terms::{FileId, Place};
use std::fmt::Write as _;

/// `units` units with `items` bonus items each, actual and target in one row each.
fn run(units: usize, items: usize) -> (usize, usize) {
    let mut scheme = String::from(
        "方案 大 \"大\"\n  满分 100 分 选择 \"例\"\n  每项取到 0.01 分 四舍五入 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n",
    );
    for item in 0..items {
        let _ = write!(
            scheme,
            "项 指标{item} 1 分 选择 \"例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  读入 目标数 target : 人 > 0 人\n  设 比例 = 完成数 / 目标数\n  设 最高比例 = 最高(比例 于 全体)\n  得 当 比例 ≥ 1 且 最高比例 > 1 → 分值 + 分值 × 20% × (比例 − 1) / (最高比例 − 1)\n     当 比例 ≥ 1 → 分值\n     否则 → 分值 × 比例\n"
        );
    }
    let (standard, policy) = folders::compiled("scheme.kp", &scheme);
    let mut report = kaoping_terms::Report::new();
    let targets = HandedDown::new(&standard, &policy.targets, &mut report);
    let started = std::time::Instant::now();
    let mut builder = FactsBuilder::new(&standard, Units::from_facts(), &targets);
    let names: Vec<String> = (0..items).map(|item| format!("指标{item}")).collect();
    let (mut unit_id, mut value) = (String::new(), String::new());
    let mut seed = 1u32;
    let mut rows = 0;
    for unit in 0..units {
        unit_id.clear();
        let _ = write!(unit_id, "单位{unit:06}");
        for name in &names {
            for field in ["actual", "target"] {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                value.clear();
                let _ = write!(value, "{}", seed % 4_000 + 800);
                let row = FactRow { unit: &unit_id, indicator: name, field, value: &value, ..FactRow::default() };
                builder.row(&row, Place::new(FileId(0), rows * 20, rows * 20 + 19));
                rows += 1;
            }
        }
    }
    let (facts, units, report) = builder.finish();
    let taken = started.elapsed();
    assert!(report.findings().is_empty(), "{:?}", report.findings().first());
    let events = kaoping_assess::EventsBuilder::new(&standard).finish().0;
    let given = Given { standard: &standard, units: &units, facts: &facts, events: &events, targets: &targets };
    let assessment = assess(given, &Options::default());
    let scored = started.elapsed() - taken;
    let mut written = 0;
    Lines { standard: &standard, units: &units, assessment: &assessment }
        .scores()
        .visit(&mut |row| written += row.len());
    let printed = started.elapsed() - taken - scored;
    println!("{rows} rows: taken {taken:?}, scored {scored:?}, printed {printed:?}");
    (facts.len(), written / 3 - 1)
}

#[test]
fn every_row_counts() {
    assert_eq!(run(50, 20), (2_000, 1_000));
}

/// `cargo test --release -p kaoping-assess --test large -- --ignored --nocapture`
#[test]
#[ignore = "takes a while without optimisation"]
fn four_million_rows() {
    assert_eq!(run(20_000, 100), (4_000_000, 2_000_000));
}
