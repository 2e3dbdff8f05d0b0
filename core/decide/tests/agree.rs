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
use kaoping_decide::{Decider, Rows, Scratch};
use kaoping_program::Workers;
use kaoping_scheme::Folder;
use kaoping_terms::Level;
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

/// An income a head, in cents or as it is, beside standards that vary: no number over one denominator.
const A_HEAD: &str = "
决定 补差 topup   示例 \"编的\"
  读入 申请日 day : 日期
  读入 起日 from_day : 日期
  读入 人口 heads : 人 1 人..20 人
  读入 劳力 able : 人 0 人..20 人
  读入 收入 income : 元 0 元..900,000 元
  读入 月数 months : 月 1 月..12 月
  读入 地区 zone : 城市=u | 农村=r
  设 标准 当 地区 = 城市 → 690 元/人·月 当 申请日 ≥ 2009-01-01 → 540 元/人·月 否则 → 500 元/人·月
  设 人均 = 收入 / 人口 / 月数
  设 每劳力 当 劳力 = 0 人 → 0 元/人 否则 → 收入 / 劳力
  设 天数 = 申请日 − 起日
  设 每日 当 天数 > 0 天 → 收入 / 天数 否则 → 0 元/天
  给出 日额 daily = 取到(每日, 0.01 元/天, 进一)
  给出 取分 cents = 取到(人均, 0.01 元/人·月, 四舍五入)
  给出 取双 even = 取到(收入 × 25%, 1 元, 五成双)
  给出 均双 mean = 取到(人均, 1 元/人·月, 五成双)
  给出 倍数 times = 步数(人均 / 标准, 5%, 整步)
  给出 低者 lower = 取到(较小(人均, 标准) × 人口, 0.1 元/月, 去尾)
  给出 两均 both = 取到(人均 × 月数 + 每劳力, 0.01 元/人, 进一)
  给出 月补 benefit : 元/月
  给出 结果 status : 发=pay | 不发=none
  结论
    当 人均 > 标准 → 不发
    否则 → 发 取到((标准 − 人均) × 人口, 1 元/月, 进一)
";

#[test]
fn what_is_divided_by_figures_has_code() {
    let folder = Folder { root: "人均".into(), files: vec![("scheme.kp".into(), A_HEAD.into())] };
    let (_, compiled, findings) = common::load_folder(&folder, &common::repository());
    assert!(!findings.iter().any(|finding| finding.level == Level::Error), "{findings:?}");
    let decider = Decider::new(&compiled.standard, &compiled.standard.decisions[0]);
    let borders = spoken_of(&compiled.standard.program);
    let dice: Vec<u64> = (0..4_000u64).map(|n| 15 + (n % 17) + 32 * (n * 7_919 % 1_000_003)).collect();
    let mut scratch = Scratch::default();
    decider.decide(&mut rows(&decider, &borders, &dice), &mut scratch, Workers::default()).unwrap();
    assert!(scratch.without().is_empty(), "{:?}", scratch.without());
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    proptest!(config, |(dice in proptest::collection::vec(any::<u64>(), 1_500..3_000))| {
        agrees(&compiled.standard, &dice, None);
    });
}

/// Figures that need not be reported: one stands in for another, or it is asked whether there is any.
const GAPS: &str = "
决定 救助 aid   示例 \"编的\"
  读入 总费用 total : 元 ≥ 0 元
  读入 报销 repaid : 元 ≥ 0 元 缺则 0 元 选择 \"编的\"
  读入 上年补助 before : 元 ≥ 0 元
  读入 人口 heads : 人 ≥ 1 人
  给出 每人 each = 取到((总费用 − 报销) / 人口, 0.01 元/人, 四舍五入)
  给出 补助额 aid : 元
  给出 结果 status : 不补=none | 补助=pay
  结论
    当 已报(上年补助) 且 上年补助 > 1,000 元 → 不补
    当 总费用 ≤ 报销 → 不补
    否则 → 补助 取到((总费用 − 报销) × 30%, 0.01 元, 四舍五入)
";

/// Rows in which something that need not be reported is not reported go through code; so do those of a
/// block in which nobody reported it.
#[test]
fn gaps_that_are_allowed_are_not_left_to_the_machine() {
    let folder = Folder { root: "救助".into(), files: vec![("scheme.kp".into(), GAPS.into())] };
    let (_, compiled, findings) = common::load_folder(&folder, &common::repository());
    assert!(!findings.iter().any(|finding| finding.level == Level::Error), "{findings:?}");
    let decider = Decider::new(&compiled.standard, &compiled.standard.decisions[0]);
    let filled = |row: u64, field: usize| match field {
        1 if row.is_multiple_of(2) => None,
        2 if row.is_multiple_of(3) => None,
        _ => Some(1 + i64::try_from(row * 7_919 % 100_003).unwrap()),
    };
    let mut scratch = Scratch::default();
    for all_reported in [0..2_000, 0..0] {
        let mut rows = Rows::new(4);
        for row in 0..2_000 {
            for field in 0..4 {
                let reported = filled(row, field).filter(|_| field % 3 == 0 || all_reported.contains(&row));
                let cells = rows.column_mut(field).unwrap();
                match reported {
                    Some(number) => cells.push(number, 2 * u8::from(field < 3)),
                    None => cells.push_missing(),
                }
            }
            rows.end_row();
        }
        let answers = decider.decide(&mut rows, &mut scratch, Workers::default()).unwrap();
        assert!(scratch.without().is_empty(), "{:?}", scratch.without());
        assert!(answers.iter().all(|answer| answer.odd().is_empty()), "{:?}", answers[0].odd().keys());
    }
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    // Every fourth figure is not there.
    proptest!(config, |(dice in proptest::collection::vec(any::<u64>(), 400..1_200))| {
        let dice: Vec<u64> = dice.iter().map(|dice| if dice % 4 == 1 { dice / 32 * 32 } else { *dice }).collect();
        agrees(&compiled.standard, &dice, None);
    });
}
