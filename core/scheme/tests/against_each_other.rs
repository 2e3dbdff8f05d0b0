//! What a policy says in two places that do not fit: cases with a gap between them, steps that are
//! due after what needs them, conditions nobody meets, corrections nobody followed.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod common;

use common::{count, written};
use kaoping_terms::Diagnostic;

fn item(cases: &str) -> Vec<Diagnostic> {
    let inputs = "  读入 率 rate : 百分比 0%..100%\n  读入 件 number : 件 ≥ 0 件\n  读入 差 change : 元\n  读入 城 town : 是否\n";
    written("## 一\n\n无。\n", &format!("项 甲项 10 分   选择 \"试\"\n{inputs}  得 {cases}\n"))
}

fn message<'a>(found: &'a [Diagnostic], name: &str) -> &'a str {
    &found.iter().find(|finding| finding.name == name).expect(name).message.zh
}

/// The edge, or a narrow stretch, that both sides leave out.
#[test]
fn a_gap_between_cases_is_told_with_its_values() {
    let edge = item("当 率 > 90% → 分值 当 率 < 90% → 0 分 否则 → 5 分");
    assert_eq!(message(&edge, "case-gap"), "“率”正好 90%，夹在“率 < 90%”和“率 > 90%”中间，却落到“否则”里");
    let narrow = item("当 件 ≤ 5 件 → 分值 当 件 ≥ 7 件 → 0 分 否则 → 5 分");
    let told = "“件”大于 5 件且小于 7 件，夹在“件 ≤ 5 件”和“件 ≥ 7 件”中间，却落到“否则”里";
    assert_eq!(message(&narrow, "case-gap"), told);
    // The same beside another condition that both ask for.
    assert_eq!(count(&item("当 城 且 率 > 90% → 分值 当 城 且 率 < 90% → 0 分 否则 → 5 分"), "case-gap"), 1);
    // In a value on the way as well.
    let way = "0 分   选择 \"试\"\n  设 档次 当 率 > 90% → 分值 当 率 < 90% → 0 分 否则 → 5 分";
    assert_eq!(count(&item(way), "case-gap"), 1);
}

#[test]
fn what_is_left_to_the_rest_on_purpose_is_no_gap() {
    for cases in [
        // The middle as the rest.
        "当 率 ≥ 90% → 分值 当 率 < 60% → 0 分 否则 → 5 分",
        // Whole numbers that follow one another.
        "当 件 ≤ 5 件 → 分值 当 件 ≥ 6 件 → 0 分 否则 → 5 分",
        // Neither more nor less.
        "当 差 > 0 元 → 分值 当 差 < 0 元 → 0 分 否则 → 5 分",
        // Another case speaks of the edge.
        "当 率 > 90% → 分值 当 率 = 90% 且 城 → 8 分 当 率 < 90% → 0 分 否则 → 5 分",
        // One case leaves out the edge by itself.
        "当 率 ≠ 90% → 分值 当 城 → 3 分 否则 → 5 分",
        // The sides are for different units.
        "当 城 且 率 > 90% → 分值 当 非 城 且 率 < 90% → 0 分 否则 → 5 分",
        // Said to be meant.
        "当 率 > 90% → 分值 当 率 < 90% → 0 分 否则 → 5 分   选择 \"正好 90% 的另计\"",
    ] {
        assert_eq!(count(&item(cases), "case-gap"), 0, "{cases}");
    }
    // A reason behind another case says nothing of the rest.
    let other = "当 率 > 90% → 分值   选择 \"试\" 当 率 < 90% → 0 分 否则 → 5 分";
    assert_eq!(count(&item(other), "case-gap"), 1);
}

/// Cases of an item that can hold together, neither within the other.
#[test]
fn the_order_of_cases_of_an_item_is_told_where_it_matters() {
    let order = |cases: &str| count(&item(cases), "case-order-matters");
    let found = item("当 率 ≥ 90% → 分值 当 件 ≥ 3 件 → 0 分 否则 → 5 分");
    assert_eq!(message(&found, "case-order-matters"), "有的情形会同时合，按先后取：“率 ≥ 90%”>“件 ≥ 3 件”");
    assert_eq!(order("当 率 ≤ 90% → 分值 当 率 ≥ 60% → 0 分 否则 → 5 分"), 1);
    assert_eq!(order("当 率 ≥ 90% → 分值 当 率 ≥ 60% → 0 分 否则 → 5 分"), 0);
    assert_eq!(order("当 率 ≥ 90% → 分值 当 件 ≥ 3 件 → 分值 否则 → 5 分"), 0);
    assert_eq!(order("当 率 ≥ 90% → 分值 当 率 < 90% 且 件 ≥ 3 件 → 0 分 否则 → 5 分"), 0);
    // What a case above takes is no matter between those below.
    assert_eq!(order("当 率 ≥ 90% 且 件 ≥ 3 件 → 1 分 当 率 ≥ 90% → 分值 当 件 ≥ 3 件 → 0 分 否则 → 5 分"), 0);
}

/// A deadline counted from another has a latest day.
#[test]
fn deadlines_counted_from_a_step_are_held_to_the_order() {
    let due = |lines: &str| written("## 一\n\n无。\n", &format!("期限 年终   选择 \"试\"\n{lines}"));
    let late = |lines: &str| count(&due(lines), "deadline-out-of-order");
    let found = due("  自查 01-10 前\n  答复 自 自查 起 30 天 内\n  汇总 01-20 前\n");
    let told = "“答复”在自自查起30天内（最晚到2月9日），晚于用到它的“汇总”（1月20日前）";
    assert_eq!(message(&found, "deadline-out-of-order"), told);
    let english = &found.iter().find(|finding| finding.name == "deadline-out-of-order").expect("late").message.en;
    assert!(english.contains("within 30 days of 自查 (02-09 at the latest)"), "{english}");
    assert_eq!(late("  自查 01-10 前\n  答复 自 自查 起 15 天 内 先于 汇总\n  汇总 01-20 前\n"), 1);
    assert_eq!(late("  自查 01-10 前\n  答复 自 自查 起 10 天 内 先于 汇总\n  汇总 01-20 前\n"), 0);
    // Working days are at least as many days; one step counted from another counted one.
    assert_eq!(late("  自查 01-10 前\n  答复 自 自查 起 11 工作日 内\n  汇总 01-20 前\n"), 1);
    assert_eq!(late("  甲 01-10 前\n  乙 自 甲 起 6 天 内\n  丙 自 乙 起 5 天 内\n  丁 01-20 前\n"), 1);
    assert_eq!(late("  甲 01-10 前\n  乙 自 甲 起 6 天 内\n  丙 自 乙 起 4 天 内\n  丁 01-20 前\n"), 0);
    // Full dates, and the turn of the year.
    assert_eq!(late("  甲 2013-12-20 前\n  乙 自 甲 起 30 天 内\n  丙 2014-01-18 前\n"), 1);
    assert_eq!(late("  甲 12-20 前\n  乙 自 甲 起 30 天 内\n  丙 01-18 前\n"), 1);
    assert_eq!(late("  甲 12-20 前\n  乙 自 甲 起 29 天 内\n  丙 01-18 前\n"), 0);
    // A circle, an unknown step and months have no day.
    assert_eq!(late("  甲 自 乙 起 30 天 内\n  乙 自 甲 起 30 天 内\n  丙 01-18 前\n"), 0);
    assert_eq!(late("  甲 自 受理 起 30 天 内\n  丙 01-18 前\n"), 0);
}

/// Conditions that by the points nobody can meet.
#[test]
fn awards_lists_and_funds_nobody_can_get_are_found() {
    let base = "项 甲项 10 分   选择 \"试\"\n  读入 率 rate : 百分比 0%..100%\n  得 分值 × 率   选择 \"试\"\n";
    let found = |part: &str| count(&written("## 一\n\n无。\n", &format!("{base}{part}")), "condition-never-met");
    let award = |rest: &str| found(&format!("奖 先进 取 前 2 名 按 总分 {rest} 末位并列 全取   选择 \"试\"\n"));
    assert_eq!(award("其中 总分 > 12 分"), 1);
    assert_eq!(award("其中 总分 > 10 分"), 1);
    assert_eq!(award("其中 总分 ≥ 10 分"), 0);
    assert_eq!(award("除非 总分 ≤ 10 分"), 1);
    assert_eq!(award("除非 总分 ≤ 9 分"), 0);
    assert_eq!(found("名单 加强指导 其中 总分 < 0 分   选择 \"试\"\n"), 1);
    assert_eq!(found("名单 加强指导 其中 总分 < 6 分   选择 \"试\"\n"), 0);
}

/// 现为 against the statement that the correction names.
#[test]
fn a_correction_is_held_to_the_statement_it_names() {
    let clauses = "## 一\n\n甲项9分。1月25日前汇总。\n";
    let parts = |points: &str, day: &str| {
        format!(
            "项 甲项 {points} 分   选择 \"见更正\"\n  读入 率 rate : 百分比 0%..100%\n  得 分值 × 率   选择 \"试\"\n期限 年终\n  汇总 {day} 前   选择 \"见更正\"\n"
        )
    };
    let correction = |subject: &str, original: &str, now: &str| {
        format!("更正 {subject} 原文 \"{original}\" 现为 \"{now}\" 因为 \"试\"\n  依据 一\n")
    };
    let found = |points: &str, day: &str, subject: &str, original: &str, now: &str| {
        count(&written(clauses, &(parts(points, day) + &correction(subject, original, now))), "correction-not-followed")
    };
    assert_eq!(found("10", "01-20", "甲项", "甲项9分", "10 分"), 0);
    assert_eq!(found("10", "01-20", "甲项", "甲项9分", "70 分"), 1);
    assert_eq!(found("10", "01-20", "甲项", "甲项9分", "写作“甲项目”，不改分"), 0);
    assert_eq!(found("10", "01-20", "汇总", "1月25日", "01-20"), 0);
    assert_eq!(found("10", "01-20", "汇总", "1月25日", "1月20日"), 0);
    assert_eq!(found("10", "01-18", "汇总", "1月25日", "01-20"), 1);
    assert_eq!(found("10", "02-20", "汇总", "1月25日", "1月20日"), 1);
    // A correction of words names no statement.
    assert_eq!(found("10", "01-20", "字词一", "甲项9分", "70 分"), 0);
}

/// The number of a paragraph is no figure of it.
#[test]
fn the_number_of_a_paragraph_is_no_figure() {
    let award = |clause: &str, places: &str| {
        let item = "项 甲项 10 分   选择 \"试\"\n  读入 率 rate : 百分比 0%..100%\n  得 分值 × 率   选择 \"试\"\n";
        let parts = format!("{item}奖 先进 取 前 {places} 名 按 总分 末位并列 全取   依据 一\n");
        count(&written(&format!("## 一\n\n{clause}\n"), &parts), "number-not-in-clause")
    };
    for clause in ["4、取前三名。", "四、取前三名。", "(4)取前三名。", "（四）4.取前三名。", "先评。4、取前三名。"]
    {
        assert_eq!(award(clause, "4"), 1, "{clause}");
        assert_eq!(award(clause, "3"), 0, "{clause}");
    }
    assert_eq!(award("取前4名。", "4"), 0);
}

/// The time that is assessed is held to the years and days of its clause.
#[test]
fn a_period_that_its_clause_contradicts_is_found() {
    let period = |clause: &str, from: &str, to: &str| {
        let parts = format!("  适用期 {from} 至 {to}   依据 一\n");
        count(&written(&format!("## 一\n\n{clause}\n"), &parts), "number-not-in-clause")
    };
    assert_eq!(period("2014年度的考核。", "2014-01-01", "2014-12-31"), 0);
    assert_eq!(period("二〇一四年度的考核。", "2014-01-01", "2014-12-31"), 0);
    assert_eq!(period("2014年度的考核。", "2015-01-01", "2015-12-31"), 2);
    assert_eq!(period("2014年度的考核。", "2014-01-02", "2014-12-31"), 1);
    assert_eq!(period("2014年度的考核。", "2014-01-01", "2014-11-30"), 1);
    assert_eq!(period("2014年1月至11月的考核。", "2014-01-01", "2014-11-30"), 0);
    assert_eq!(period("自2013年9月1日至2014年8月31日。", "2013-09-01", "2014-08-31"), 0);
    assert_eq!(period("自2013年9月1日至2014年8月31日。", "2013-09-01", "2014-08-30"), 1);
    // 12月 does not say 2月.
    assert_eq!(period("2014年1月至12月的考核。", "2014-02-01", "2014-12-31"), 1);
    // A clause without any day says nothing of it.
    assert_eq!(period("每年考核。", "2014-01-01", "2014-12-31"), 0);
}

/// A day in a condition likewise; a choice is about its own day.
#[test]
fn a_day_in_a_condition_is_held_to_its_clause() {
    let found = |day: &str, behind: &str| {
        let item = format!(
            "项 甲项 10 分   依据 一\n  读入 完成日 : 日期\n  得 当 完成日 ≤ {day} → 分值 否则 → 0 分{behind}\n"
        );
        count(&written("## 一\n\n2024年3月31日前完成的计10分。\n", &item), "number-not-in-clause")
    };
    assert_eq!(found("2024-03-31", ""), 0);
    assert_eq!(found("2024-03-30", ""), 1);
    assert_eq!(found("2025-03-31", ""), 1);
    assert_eq!(found("2024-03-30", "   选择 \"提前一天\""), 0);
}
