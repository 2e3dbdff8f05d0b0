//! Rounds, months, years, assessors and merged units: which reported figures a run looks at.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::Scored;
use kaoping_assess::Options;
use std::collections::BTreeMap;

const HEAD: &str = "方案 小考核 \"例\"\n  满分 10 分 选择 \"例\"\n  每项取到 不取整 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n";

fn score(scheme: &str, facts: &str, options: &Options) -> Scored {
    let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{scheme}"));
    let files = BTreeMap::from([("facts.csv".to_string(), facts.to_string())]);
    folders::score(standard, &policy, &files, options)
}

/// Totals by unit id; `-` where there is none, `~` before a provisional one.
fn totals(scored: &Scored) -> Vec<String> {
    let total = |(unit, row): (u32, &kaoping_assess::Unit)| {
        let cell = scored.assessment.total(unit);
        let sign = if cell.state.is_provisional() { "~" } else { "" };
        format!("{} {sign}{}", row.id, cell.value.map_or("-".to_string(), |value| value.to_string()))
    };
    scored.units.iter().map(total).collect()
}

#[test]
fn a_round_looks_at_its_own_figures_and_those_of_no_round() {
    let scheme = "轮次 自评 self | 验收\n  正式 = 验收 选择 \"例\"\n项 甲项 10 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..10 分\n  得 得分数\n";
    let facts = "unit,indicator,value,round\n甲,甲项,9,自评\n甲,甲项,7,验收\n乙,甲项,8,self\n丙,甲项,5,\n";
    let official = score(scheme, facts, &Options::default());
    assert_eq!(totals(&official), ["甲 7", "乙 -", "丙 5"]);
    let first = score(scheme, facts, &Options { round: Some(0), ..Options::default() });
    assert_eq!(totals(&first), ["甲 9", "乙 8", "丙 5"]);
    assert_eq!(first.assessment.round_name(&first.standard), "自评");
}

#[test]
fn the_latest_year_counts_and_the_year_before_serves_growth() {
    let scheme = "项 增长 10 分 选择 \"例\"\n  读入 收入 income : 元 > 0 元\n  得 当 增长(收入) ≥ 10% → 分值\n     否则 → 0 分\n";
    let facts = "unit,indicator,value,period\n甲,增长,110,2014\n甲,增长,100,2013\n乙,增长,109,2014年\n乙,增长,100,2013\n丙,增长,120,2014\n";
    let scored = score(scheme, facts, &Options::default());
    assert!(scored.findings.is_empty(), "{:?}", scored.findings);
    assert_eq!(totals(&scored), ["甲 10", "乙 0", "丙 -"]);
    let owed: Vec<&str> = scored.assessment.owed.iter().map(|owing| owing.field.as_str()).collect();
    assert_eq!(owed, ["收入（去年同期）"]);
}

#[test]
fn units_counted_together_wait_for_each_other() {
    let scheme = "项 参保 10 分 选择 \"例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  读入 目标数 target : 人 > 0 人\n  得 分值 × 较小(完成数 / 目标数, 1)\n合并 市区 = 甲 + 乙 用于 参保 合计 完成数, 目标数 得分 各得同分 选择 \"例\"\n";
    let facts = "unit,indicator,field,value\n甲,参保,actual,10\n甲,参保,target,40\n乙,参保,actual,50\n乙,参保,target,60\n丙,参保,actual,30\n丙,参保,target,40\n";
    assert_eq!(totals(&score(scheme, facts, &Options::default())), ["甲 6", "乙 6", "丙 7.5"]);
    let missing = facts.replace("乙,参保,actual,50", "乙,参保,actual,");
    assert_eq!(totals(&score(scheme, &missing, &Options::default())), ["甲 -", "乙 -", "丙 7.5"]);
}

#[test]
fn what_stands_in_for_a_figure_stands_in_for_the_member_that_owes_it() {
    let scheme = "项 督查 10 分 选择 \"例\"\n  读入 缺岗 absent : 次 ≥ 0 次 缺则 0 次\n  得 较大(0 分, 分值 − 1 分/次 × 缺岗)\n合并 城区 = 东 + 西 用于 督查 合计 缺岗 得分 各得同分 选择 \"例\"\n";
    let facts = "unit,indicator,field,value\n东,督查,absent,3\n西,督查,absent,\n丙,督查,absent,1\n";
    assert_eq!(totals(&score(scheme, facts, &Options::default())), ["东 7", "西 7", "丙 9"], "3 and the default 0");
    let neither = facts.replace("absent,3", "absent,");
    let two = scheme.replace("缺则 0 次", "缺则 2 次");
    assert_eq!(totals(&score(&two, &neither, &Options::default())), ["东 6", "西 6", "丙 9"], "twice the default 2");

    let target = "项 办件 10 分 选择 \"例\"\n  读入 完成数 actual : 件 ≥ 0 件\n  读入 目标数 target : 件 > 0 件 缺则 12 件\n  得 分值 × 较小(完成数 / 目标数, 1)\n合并 城区 = 东 + 西 用于 办件 合计 完成数, 目标数 得分 各得同分 选择 \"例\"\n";
    let facts = "unit,indicator,field,value\n东,办件,actual,10\n西,办件,actual,8\n";
    assert_eq!(totals(&score(target, facts, &Options::default())), ["东 7.5", "西 7.5"], "18 of 12 + 12");
    let one = format!("{facts}东,办件,target,12\n");
    assert_eq!(totals(&score(target, &one, &Options::default())), ["东 7.5", "西 7.5"], "18 of 12 + 12");
    let own = format!("{facts}东,办件,target,24\n");
    assert_eq!(totals(&score(target, &own, &Options::default())), ["东 5", "西 5"], "18 of 24 + 12");
}

#[test]
fn a_mean_of_too_few_assessors_is_provisional() {
    let scheme = "项 评审 10 分 选择 \"例\"\n  读入 评分 mark : 分 0 分..10 分 级 0.5 分 评委 2\n  设 平均分 = 平均(评分 于 各评委)\n  得 平均分\n";
    let facts = "unit,indicator,value,assessor\n甲,评审,8,评委一\n甲,评审,9,评委二\n乙,评审,7,评委一\n";
    let scored = score(scheme, facts, &Options::default());
    assert_eq!(totals(&scored), ["甲 8.5", "乙 ~7"]);
    // One assessor may not judge the same unit twice.
    let twice = score(scheme, &format!("{facts}乙,评审,6,评委一\n"), &Options::default());
    assert!(twice.findings.iter().any(|finding| finding.name == "duplicate-fact"));
}

#[test]
fn nouns_of_a_quantity_without_a_unit_must_agree() {
    let scheme = "项 贷款 10 分 选择 \"例\"\n  读入 完成数 actual : 量 ≥ 0\n  读入 目标数 target : 同 完成数, > 0\n  得 分值 × 较小(完成数 / 目标数, 1)\n";
    let good = "unit,indicator,field,value\n甲,贷款,actual,300 万元\n甲,贷款,target,0.06 亿元\n";
    assert_eq!(totals(&score(scheme, good, &Options::default())), ["甲 5"]);
    let bare = score(scheme, &good.replace("300 万元", "300"), &Options::default());
    assert!(bare.findings.iter().any(|finding| finding.name == "figure-ambiguous"), "300 or 300 万元?");
    let other = score(scheme, &good.replace("300 万元", "300 人"), &Options::default());
    assert!(other.findings.iter().any(|finding| finding.name == "wrong-noun"));
}
