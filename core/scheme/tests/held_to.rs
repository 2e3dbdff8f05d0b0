//! What figures are held to: the clause they rest on, and the periods they are owed for.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod common;

use common::{count, written};
use kaoping_terms::Level;

/// What a correction states is the figure; so is a sum that the clause says.
#[test]
fn corrected_figures_and_sums_count_as_said() {
    let clauses = "## 一\n\n甲项满分8分,每次扣4分,最多扣20分。\n";
    let item = |points: &str, most: &str| {
        format!(
            "项 甲项 {points} 分   依据 一\n  读入 次数 : 次 0 次..2 次\n  得 分值 − 较小({most}, 4 分/次 × 次数)   依据 一\n"
        )
    };
    let correction = "更正 甲项 原文 \"满分8分\" 现为 \"10 分\" 因为 \"各项之和是10\"\n  依据 一\n";
    assert_eq!(count(&written(clauses, &item("10", "20 分")), "number-not-in-clause"), 1);
    assert_eq!(count(&written(clauses, &(correction.to_string() + &item("10", "20 分"))), "number-not-in-clause"), 0);
    assert_eq!(count(&written(clauses, &item("8", "12 分 + 8 分")), "number-not-in-clause"), 0);
    assert_eq!(count(&written(clauses, &item("8", "12 分 + 9 分")), "number-not-in-clause"), 2);
}

/// A choice behind 得 stands for what its reason names; the rest is held to the clause of the item.
#[test]
fn points_that_are_a_choice_are_held_to_the_clause_of_their_item() {
    let clauses = "## 一\n\n甲项满分10分,每次扣4分。\n";
    let unsaid = |rests_on: &str, lines: &str| {
        let item = format!("项 甲项 10 分   {rests_on}\n  读入 次数 : 次 0 次..2 次\n{lines}");
        count(&written(clauses, &item), "number-not-in-clause")
    };
    let earn =
        |points: &str, reason: &str| format!("  得 较大(0 分, 分值 − {points} 分/次 × 次数)   选择 \"{reason}\"\n");
    assert_eq!(unsaid("依据 一", &earn("4", "扣到零为止,没有写")), 0);
    assert_eq!(unsaid("依据 一", &earn("5", "扣到零为止,没有写")), 1);
    assert_eq!(unsaid("依据 一", &earn("5", "每次扣 5 分,会议定的")), 0);
    // In cases the choice behind the last is that of the line.
    let cases = "  得 当 次数 = 0 次 → 分值\n     否则 → 分值 − 5 分   选择 \"不按次\"\n";
    assert_eq!(unsaid("依据 一", cases), 1);
    // A case that is a choice stands for itself, its condition too; the others are held to the clause.
    let of_case = |other: &str| {
        format!(
            "  得 当 次数 > 7 次 → 3 分   选择 \"没有写\"\n     当 次数 = 0 次 → 分值\n     否则 → {other} 分   依据 一\n"
        )
    };
    assert_eq!(unsaid("依据 一", &of_case("4")), 0);
    assert_eq!(unsaid("依据 一", &of_case("5")), 1);
    // Where the item rests on no clause there is nothing to be held to, nor for what is made up.
    assert_eq!(unsaid("选择 \"例\"", &earn("5", "没有写")), 0);
    assert_eq!(unsaid("依据 一   示例 \"例\"", &earn("5", "没有写")), 0);
    // One figure that is a choice is that choice.
    assert_eq!(unsaid("依据 一", &format!("  至多 9 分   选择 \"没有写\"\n{}", earn("4", "没有写"))), 0);
}

/// What is asked for each month has to say of which months; a round held each month says it.
#[test]
fn a_figure_of_each_period_needs_a_calendar() {
    let found = |settings: &str, often: &str| {
        let item = format!(
            "项 甲项 10 分\n  读入 数 : 件 ≥ 0 件 {often}\n  得 分值 × 10 件 / 较大(合计(数 于 各期), 10 件)\n"
        );
        count(&written("", &format!("{settings}{item}")), "periods-undeclared")
    };
    for often in ["每月", "每季", "每半年", "每年"] {
        assert_eq!(found("", often), 1, "{often}");
    }
    assert_eq!(found("  适用期 2024-01-01 至 2024-12-31\n", "每月"), 0);
    assert_eq!(found("", "每月 缺则 0 件"), 0);
    assert_eq!(found("", "每期"), 0, "no calendar is agreed");
    assert_eq!(found("轮次 月评 每月\n", "每月"), 0);
    assert_eq!(found("轮次 季评 每季\n", "每月"), 1, "of a quarter the last month is not told");
    assert_eq!(found("轮次 月评 每月 | 年终\n  正式 = 年终\n", "每月"), 1);
    let shared = "规则 巡查\n  读入 数 : 件 ≥ 0 件 每月\n  得 分值 × 10 件 / 较大(合计(数 于 各期), 10 件)\n项 甲项 5 分\n  按 巡查\n项 乙项 5 分\n  按 巡查\n";
    let shared = written("", shared);
    let one = shared.iter().find(|finding| finding.name == "periods-undeclared").expect("found");
    assert_eq!((one.level, one.message.zh.contains("处）")), (Level::Note, false), "items of one rule share one line");
}
