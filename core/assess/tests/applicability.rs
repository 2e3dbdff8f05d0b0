//! Whose figures count: an item compares only the units it applies to, and asks only them.
//! Each case is small enough to be worked out in the head.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::Scored;
use kaoping_assess::{Options, explain, explain::Explanation};
use kaoping_terms::Lang;
use std::collections::BTreeMap;

const HEAD: &str = "属性 试点 pilot : 是否 选择 \"例\"
方案 小考核 \"例\"
  满分 10 分 选择 \"例\"
  每项取到 0.01 分 四舍五入 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
";
const UNITS: &str = "unit,pilot\n甲,yes\n乙,yes\n丙,no\n";

fn score(policy: &str, facts: &str, more: &[(&str, &str)]) -> Scored {
    let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{policy}"));
    let mut files = BTreeMap::from([
        (String::from("units.csv"), String::from(UNITS)),
        (String::from("facts.csv"), format!("unit,indicator,field,value,assessor\n{facts}")),
    ]);
    files.extend(more.iter().map(|(name, text)| (String::from(*name), String::from(*text))));
    folders::score(standard, &policy, &files, &Options::default())
}

/// The total of each unit; `…` where it is missing.
fn totals(scored: &Scored) -> Vec<String> {
    let total = scored.assessment.total.as_ref().expect("a total");
    let show = |unit: u32| {
        let cell = total.cell(unit as usize);
        let mark = if cell.state.is_provisional() { "?" } else { "" };
        cell.value.map_or(String::from("…"), |value| format!("{value}{mark}"))
    };
    (0..scored.units.len()).map(|unit| show(u32::try_from(unit).expect("few units"))).collect()
}

fn owing(scored: &Scored) -> Vec<String> {
    let named = |unit: Option<u32>| unit.map_or("", |unit| scored.units.id(unit));
    scored.assessment.owed.iter().map(|owing| format!("{} {}", named(owing.unit), owing.field)).collect()
}

fn warnings(scored: &Scored) -> Vec<String> {
    let found = scored.findings.iter().filter(|finding| finding.name == "figure-not-counted");
    found.map(|finding| finding.message.zh.clone()).collect()
}

const BEST: &str = "项 甲项 10 分 选择 \"例\"
  适用 当 单位.试点 选择 \"例\"
  不适用时 满分 选择 \"例\"
  读入 完成数 actual : 数
  得 分值 × 完成数 / 最高(完成数 于 同组)
";

#[test]
fn a_figure_of_a_unit_it_does_not_apply_to_changes_nobodys_points() {
    let without = score(BEST, "甲,甲项,,40,\n乙,甲项,,30,\n", &[]);
    assert_eq!(totals(&without), ["10", "7.5", "10"]);
    assert_eq!((owing(&without), warnings(&without)), (Vec::new(), Vec::new()));
    let with = score(BEST, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,50,\n", &[]);
    assert_eq!(totals(&with), totals(&without));
    assert_eq!(warnings(&with), ["“甲项”不适用于 丙，报来的 1 个数不计"]);
}

#[test]
fn a_unit_of_which_it_is_not_known_whether_the_item_applies_leaves_the_comparison_open() {
    let unknown = [("units.csv", "unit,pilot\n甲,yes\n乙,yes\n丙,\n")];
    let scored = score(BEST, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,50,\n", &unknown);
    assert_eq!(totals(&scored), ["10?", "7.5?", "…"]);
    assert_eq!(owing(&scored), ["丙 试点"]);
}

#[test]
fn every_way_of_comparing_leaves_it_out() {
    for (aggregate, expected) in [
        ("最高(完成数)", "40"),
        ("最低(完成数)", "30"),
        ("合计(完成数)", "70"),
        ("平均(完成数)", "35"),
        ("中位(完成数)", "35"),
        ("合计(完成数 于 全体 其中 完成数 > 0)", "70"),
        ("单位数(完成数 其中 完成数 > 0)", "2"),
        ("单位数(完成数 其中 已报(完成数))", "2"),
        ("位次(完成数) × 0 + 最高(位次(完成数))", "2"),
        ("合计(完成数 − 去年同期(完成数))", "64"),
    ] {
        let policy = BEST.replace("分值 × 完成数 / 最高(完成数 于 同组)", &format!("1 分 × ({aggregate})"));
        // A fact of last year has a period; the table of the others has none.
        let year = "unit,indicator,value,period\n甲,甲项,40,2014\n甲,甲项,3,2013\n乙,甲项,30,2014\n乙,甲项,3,2013\n丙,甲项,50,2014\n丙,甲项,5,2013\n";
        let scored = score(&policy, "", &[("facts.csv", year)]);
        assert_eq!(totals(&scored), [expected, expected, "10"], "{aggregate}");
    }
}

#[test]
fn a_condition_on_the_items_own_figure_sees_what_was_reported() {
    // Below 20 the item is not for the unit: its 10 is no part of the mean, though it decided that.
    let policy = BEST
        .replace("单位.试点", "完成数 ≥ 20")
        .replace("分值 × 完成数 / 最高(完成数 于 同组)", "0.1 分 × 平均(完成数 于 同组)");
    let scored = score(&policy, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,10,\n", &[]);
    assert_eq!(totals(&scored), ["3.5", "3.5", "10"]);
    // Nobody knows whether the item is for a unit that has not said; so it owes the figure.
    let owed = score(&policy, "甲,甲项,,40,\n乙,甲项,,30,\n", &[]);
    assert_eq!(totals(&owed), ["3.5?", "3.5?", "…"]);
    assert_eq!(owing(&owed), ["丙 完成数"]);
    // A name both use is worked out for each: 比例 of the condition knows all, that of the points not.
    let named = policy
        .replace("完成数 ≥ 20", "比例 ≥ 0.5")
        .replace("  得", "  设 比例 = 完成数 / 40\n  得")
        .replace("0.1 分 × 平均(完成数 于 同组)", "4 分 × 最低(比例 于 同组)");
    let scored = score(&named, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,10,\n", &[]);
    assert_eq!(totals(&scored), ["3", "3", "10"]);
}

#[test]
fn a_condition_on_a_figure_of_another_item_works_whatever_the_order() {
    let other = "项 乙项 选择 \"例\"\n  读入 户数 : 数\n  得 0 分\n";
    let best = BEST.replace("单位.试点", "乙项.户数 > 0");
    let facts = "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,50,\n甲,乙项,,1,\n乙,乙项,,2,\n丙,乙项,,0,\n";
    for policy in [format!("{other}{best}"), format!("{best}{other}")] {
        assert_eq!(totals(&score(&policy, facts, &[])), ["10", "7.5", "10"], "{policy}");
    }
}

#[test]
fn a_substitute_compares_only_those_it_stands_in_for() {
    let owner = BEST.replace("满分", "改评 准备");
    let substitute = "项 准备 选择 \"例\"\n  读入 户数 : 数\n  得 分值 × 户数 / 最高(户数 于 同组)\n";
    let own = "甲,甲项,,40,\n乙,甲项,,30,\n丙,准备,,8,\n";
    for policy in [format!("{owner}{substitute}"), format!("{substitute}{owner}")] {
        // 甲 is a pilot: nobody asks what it prepared, and what it says all the same does not count.
        let scored = score(&policy, own, &[]);
        assert_eq!(totals(&scored), ["10", "7.5", "10"], "{policy}");
        assert_eq!(owing(&scored), Vec::<String>::new());
        let surplus = score(&policy, &format!("{own}甲,准备,,16,\n"), &[]);
        assert_eq!(totals(&surplus), ["10", "7.5", "10"]);
        assert_eq!(warnings(&surplus), ["“准备”不适用于 甲，报来的 1 个数不计"]);
    }
}

#[test]
fn items_of_a_nested_scheme_count_where_the_item_around_them_applies() {
    let policy = "项 细则项 10 分 选择 \"例\"
  适用 当 单位.试点 选择 \"例\"
  不适用时 零分 选择 \"例\"
  子方案 细则
方案 细则 \"细则\"
  满分 10 分 选择 \"例\"
  每项取到 不取整 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
项 里项 6 分 选择 \"例\"
  读入 完成数 : 数
  得 分值 × 完成数 / 最高(完成数 于 同组)
项 评项 4 分 选择 \"例\"
  读入 评分 : 分 0..4 评委 2
  得 平均(评分 于 各评委)
";
    let judged = "甲,评项,评分,4,一\n甲,评项,评分,2,二\n乙,评项,评分,2,一\n乙,评项,评分,2,二\n";
    let scored = score(policy, &format!("甲,里项,,40,\n乙,里项,,30,\n丙,里项,,80,\n{judged}"), &[]);
    assert_eq!(totals(&scored), ["9", "6.5", "0"]);
    assert_eq!(owing(&scored), Vec::<String>::new());
    let silent = score(policy, &format!("甲,里项,,40,\n乙,里项,,30,\n{judged}"), &[]);
    assert_eq!((totals(&silent), owing(&silent)), (totals(&scored), Vec::new()));
}

#[test]
fn a_veto_on_a_figure_does_not_strike_where_the_item_does_not_apply() {
    let policy = format!("{BEST}否决 过多 当 甲项.完成数 > 35 → 总分 归零 选择 \"例\"\n");
    let scored = score(&policy, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,50,\n", &[]);
    assert_eq!(totals(&scored), ["0", "7.5", "10"]);
}

#[test]
fn an_event_counts_in_the_next_item_where_the_first_does_not_apply() {
    let policy = "一事不再扣 通报 按 甲项, 乙项 选择 \"例\"
明细 通报 notice 选择 \"例\"
  级别 level : 省 | 市
项 甲项 5 分 选择 \"例\"
  适用 当 单位.试点 选择 \"例\"
  不适用时 满分 选择 \"例\"
  扣 每 通报 1 分
项 乙项 5 分 选择 \"例\"
  扣 每 通报 2 分
";
    let events = "id,unit,date,level\n一,甲,2014-03-01,省\n二,丙,2014-03-01,省\n";
    for policy in [policy.to_string(), policy.replace("按 甲项, 乙项", "按 甲项, 乙项 取最高")] {
        let highest = policy.contains("取最高");
        let scored = score(&policy, "", &[("通报.csv", events)]);
        // 乙项 takes more points; where the matter goes to the dearest line, it is 乙项 for all.
        assert_eq!(totals(&scored), [if highest { "8" } else { "9" }, "10", "8"], "{policy}");
    }
}

#[test]
fn an_explanation_says_that_a_figure_does_not_count() {
    let scored = score(BEST, "甲,甲项,,40,\n乙,甲项,,30,\n丙,甲项,,50,\n", &[]);
    let explained = |unit: &str, scored: &Scored, facts: &str| -> Explanation {
        let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{BEST}"));
        let targets = kaoping_assess::HandedDown::new(&standard, &policy.targets, &mut Default::default());
        let mut builder = kaoping_assess::FactsBuilder::new(&standard, scored.units.clone(), &targets);
        folders::read_facts(&format!("unit,indicator,field,value\n{facts}"), &mut builder);
        let (facts, units, _) = builder.finish();
        let (events, _) = kaoping_assess::EventsBuilder::new(&standard).finish();
        let given = kaoping_assess::Given {
            standard: &standard,
            units: &units,
            facts: &facts,
            events: &events,
            targets: &targets,
        };
        let unit = units.find(unit).expect("the unit");
        explain::explain(given, None, unit, 0, 0, Lang::Zh).expect("an explanation")
    };
    let facts = "甲,甲项,,40\n乙,甲项,,30\n丙,甲项,,50\n";
    let apart = explained("丙", &scored, facts);
    let input = &apart.inputs[0];
    assert_eq!((input.value.as_str(), input.counts), ("50", false));
    let steps: Vec<String> =
        apart.steps.iter().map(|step| format!("{} {} {}", step.name, step.formula, step.value)).collect();
    assert_eq!(steps, ["适用 单位.试点 否", "不适用时 满分 10 分"]);
    let own = explained("乙", &scored, facts);
    assert!(own.inputs[0].counts);
    assert_eq!(own.score, "7.5 分");
}

#[test]
fn an_item_with_a_scheme_of_its_own_says_who_met_the_target_only_where_it_applies() {
    let policy = |otherwise: &str| {
        format!(
            "项 细则项 10 分 选择 \"例\"
  适用 当 单位.试点 选择 \"例\"
  不适用时 {otherwise} 选择 \"例\"
  子方案 细则
项 准备 选择 \"例\"
  读入 户数 : 数 缺则 0
  得 0 分
方案 细则 \"细则\"
  满分 10 分 选择 \"例\"
  每项取到 不取整 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
项 里项 10 分 选择 \"例\"
  读入 完成数 : 数
  给出 达标 = 完成数 ≥ 40
  得 0.1 分 × 完成数
"
        )
    };
    for otherwise in ["零分", "改评 准备"] {
        let scored = score(&policy(otherwise), "甲,里项,完成数,40,\n乙,里项,完成数,30,\n", &[]);
        let item = scored.assessment.items.iter().find(|item| item.scheme == 0 && item.item == 0).expect("the item");
        use kaoping_assess::Answer::{No, NotApplicable, Yes};
        let met = [0, 1, 2].map(|unit| item.met(unit));
        assert_eq!(met, [Yes, No, NotApplicable].map(Some), "{otherwise}");
    }
}
