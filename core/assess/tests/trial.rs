//! What a clerk met on a regulation nobody had planned for.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::Scored;
use kaoping_assess::Options;
use std::collections::BTreeMap;

const HEAD: &str = "方案 小考核 \"例\"\n  满分 10 分 选择 \"例\"\n  每项取到 不取整 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n";
const ITEM: &str = "项 甲项 10 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..10 分\n  得 得分数\n";

fn score(scheme: &str, files: &[(&str, &str)], options: &Options) -> Scored {
    let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{scheme}"));
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    folders::score(standard, &policy, &files, options)
}

/// A named value of the scheme of the first unit; `-` where there is none.
fn value(scored: &Scored, name: &str) -> String {
    let found = scored.assessment.values.iter().find(|(of, _)| of == name);
    let cell = found.expect("the value").1.cell(0);
    let sign = if cell.state.is_provisional() { "~" } else { "" };
    cell.value.map_or(String::from("-"), |value| format!("{sign}{value}"))
}

fn found<'s>(scored: &'s Scored, name: &str) -> Vec<&'s str> {
    let of_name = scored.findings.iter().filter(|finding| finding.name == name);
    of_name.map(|finding| finding.message.zh.as_str()).collect()
}

fn yearly(how_often: &str, rows: &str) -> Scored {
    let scheme = format!(
        "  设 年度得分 = 平均(分期.总分 于 各期) × 30% + 年终.总分 × 70% 选择 \"例\"\n  名次 年度得分 从高到低 并列占位 选择 \"例\"\n轮次 分期 part {how_often} | 年终\n  正式 = 年终 选择 \"例\"\n{ITEM}"
    );
    let facts = format!("unit,indicator,value,period,round\n甲,甲项,9,2024,年终\n{rows}");
    score(&scheme, &[("facts.csv", &facts)], &Options::default())
}

#[test]
fn rounds_are_held_each_month_quarter_half_or_year() {
    // 5 and 8 give 6.5; 6.5 × 30% + 9 × 70% = 8.25.
    for (how_often, first, second) in [
        ("每月", "2024-01", "2024年2月"),
        ("每季", "2024Q1", "2024年第2季度"),
        ("每季", "2024-01", "2024-05-30"),
        ("每半年", "2024H1", "2024年下半年"),
        ("每年", "2023", "2024"),
        ("每期", "2024Q1", "2024-06"),
    ] {
        let scored = yearly(how_often, &format!("甲,甲项,5,{first},分期\n甲,甲项,8,{second},part\n"));
        assert_eq!(value(&scored, "年度得分"), "8.25", "{how_often} {first}");
        assert!(found(&scored, "period-not-used").is_empty(), "{how_often}");
    }
}

#[test]
fn a_round_held_each_quarter_names_the_quarter_that_is_scored() {
    let scheme = format!(
        "  名次 总分 从高到低 并列占位 选择 \"例\"\n轮次 季评 quarter 每季 | 年终\n  正式 = 年终 选择 \"例\"\n{ITEM}"
    );
    let facts =
        "unit,indicator,value,period,round\n甲,甲项,9,2024,年终\n甲,甲项,5,2024Q1,季评\n甲,甲项,8,2024Q2,季评\n";
    let options = Options { round: Some(0), ..Options::default() };
    let scored = score(&scheme, &[("facts.csv", facts)], &options);
    assert_eq!(scored.assessment.total(0).value.expect("a total").to_string(), "8");
    assert_eq!(found(&scored, "round-part-scored"), ["“季评”每季一次，这里计的是 2024Q2"]);
    let official = score(&scheme, &[("facts.csv", facts)], &Options::default());
    assert!(found(&official, "round-part-scored").is_empty());
}

#[test]
fn what_a_provisional_value_waits_for_is_owed() {
    let scheme = "  名次 总分 从高到低 并列占位 选择 \"例\"\n项 评审 10 分 选择 \"例\"\n  读入 评分 mark : 分 0 分..10 分 评委 2\n  设 平均分 = 平均(评分 于 各评委)\n  得 平均分\n项 满意 10 分 选择 \"例\"\n  读入 满意率 rate : 百分比 每月\n  得 分值 × 平均(满意率 于 各月)\n";
    let facts = "unit,indicator,value,assessor,period\n甲,评审,8,一,\n甲,评审,9,二,\n乙,评审,7,一,\n甲,满意,90%,,2024-01\n甲,满意,,,2024-02\n乙,满意,80%,,2024-01\n乙,满意,80%,,2024-02\n";
    let scored = score(scheme, &[("facts.csv", facts)], &Options::default());
    let owed = scored.assessment.owed.iter().map(|owing| format!("{:?} {}", owing.unit, owing.field));
    assert_eq!(owed.collect::<Vec<_>>(), ["Some(0) 满意率（2024-02）", "Some(1) 评分"]);
    assert!(scored.assessment.total(0).state.is_provisional());
    assert!(!scored.assessment.is_final());
}

#[test]
fn what_a_result_of_an_earlier_round_waits_for_is_owed() {
    let scored = yearly("每季", "甲,甲项,5,2024Q1,分期\n甲,甲项,,2024Q2,分期\n");
    let owed = scored.assessment.owed.iter().map(|owing| format!("{:?} {}", owing.indicator, owing.field));
    assert_eq!(owed.collect::<Vec<_>>(), ["Some(\"甲项\") 得分数（分期 2024Q2）"]);
    assert_eq!(value(&scored, "年度得分"), "~7.8");
    assert!(!scored.assessment.is_final(), "the ranking value is provisional");
    let nothing = yearly("每季", "");
    assert_eq!(nothing.assessment.owed.len(), 1, "{:?}", nothing.assessment.owed);
    assert_eq!(nothing.assessment.owed[0].field, "分期.总分");
}

#[test]
fn what_units_are_ranked_by_is_a_result() {
    let scored = yearly("每季", "甲,甲项,5,2024Q1,分期\n甲,甲项,8,2024Q2,分期\n");
    let lines = kaoping_assess::lines::Lines {
        standard: &scored.standard,
        units: &scored.units,
        assessment: &scored.assessment,
    };
    let mut rows = Vec::new();
    lines.values(&mut |row| rows.push(row.join(",")));
    assert_eq!(rows, ["unit,name,value", "甲,年度得分,8.25"]);
    assert_eq!(scored.assessment.rank_by.as_ref().map(|(name, _)| name.as_str()), Some("年度得分"));
    let by_total = score(
        &format!("  名次 总分 从高到低 并列占位 选择 \"例\"\n{ITEM}"),
        &[("facts.csv", "unit,indicator,value\n甲,甲项,5\n")],
        &Options::default(),
    );
    assert!(by_total.assessment.rank_by.is_none());
}

/// A policy with grades, a fund, quotas and a list, scored with figures.
fn graded(edge: &str, share: &str, total: &str, fund: &str) -> (kaoping_scheme::Standard, kaoping_scheme::Policy) {
    folders::compiled(
        "scheme.kp",
        &format!(
            "{HEAD}  总分 = {total} 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n{ITEM}等次 按 总分 选择 \"例\"\n  优秀 ≥ {edge} 分, 至多 {share} 单位 去尾, 超出 降为 合格\n  合格 其余\n分配 奖金 {fund} 元 按 总分 其中 等次 属于 {{优秀}} 每份 100 元 余数 最大余数 同余 名次 选择 \"例\"\n名额 人均奖 选择 \"例\"\n  (等次 属于 {{优秀}}) → 9,600 元\n  其余 → 0 元\n"
        ),
    )
}

#[test]
fn a_comparison_tells_of_grades_and_money() {
    use kaoping_assess::{Given, HandedDown, compare};
    let facts = "unit,indicator,value\n甲,甲项,9\n乙,甲项,8\n丙,甲项,5\n";
    let (before, policy) = graded("9", "50%", "甲项", "300,000");
    let (after, _) = graded("8", "70%", "甲项 + 1 分", "200,000");
    let files = BTreeMap::from([("facts.csv".to_string(), facts.to_string())]);
    let a = folders::score(before, &policy, &files, &Options::default());
    let b = folders::score(after, &policy, &files, &Options::default());
    let (empty, events, targets) = Default::default();
    fn side<'a>(
        scored: &'a Scored,
        given: (&'a kaoping_assess::Facts, &'a kaoping_assess::Events, &'a HandedDown),
    ) -> compare::Side<'a> {
        let given = Given {
            standard: &scored.standard,
            units: &scored.units,
            facts: given.0,
            events: given.1,
            targets: given.2,
        };
        compare::Side { given, round: None, assessment: &scored.assessment }
    }
    let given = (&empty, &events, &targets);
    let comparison = compare::compare(side(&a, given), side(&b, given), kaoping_terms::Lang::Zh).expect("compared");
    let policy: Vec<&str> = comparison.policy.iter().map(|change| change.zh.as_str()).collect();
    assert!(policy.iter().any(|change| change.starts_with("总分：")), "{policy:?}");
    assert!(
        policy.contains(&"等次 优秀：≥ 9 分，至多 50% 去尾，末位并列全舍，超出降为 合格 → ≥ 8 分，至多 70% 去尾，末位并列全舍，超出降为 合格"),
        "{policy:?}"
    );
    assert!(
        policy.iter().any(|change| change.starts_with("分配 奖金：300,000 元") && change.contains("200,000 元")),
        "{policy:?}"
    );
    let second = comparison.units.iter().find(|unit| unit.unit == "乙").expect("the second unit");
    let others: Vec<String> = second
        .others
        .iter()
        .map(|other| format!("{:?} {} {} → {}", other.kind, other.name, other.before, other.after))
        .collect();
    assert_eq!(
        others,
        ["Grade  合格 → 优秀", "Quota 人均奖 0 元 → 9,600 元", "Share 奖金 — → 94,700 元"],
        "10 and 9 points share 200,000 in hundreds: 1,053 and 947 of them"
    );
}

#[test]
fn peers_without_a_group_are_said_to_be_one() {
    let scheme = format!(
        "  名次 总分 从高到低 并列占位 选择 \"例\"\n  同组 组别 选择 \"例\"\n{ITEM}属性 组别 kind : 工业组 | 服务业组 选择 \"例\"\n"
    );
    let facts = ("facts.csv", "unit,indicator,value\n甲,甲项,5\n乙,甲项,6\n");
    let without = score(&scheme, &[facts], &Options::default());
    assert_eq!(found(&without, "peer-group-not-given").len(), 1);
    let units = ("units.csv", "unit,name,kind\n甲,甲,工业组\n乙,乙,服务业组\n");
    let with = score(&scheme, &[facts, units], &Options::default());
    assert!(found(&with, "peer-group-not-given").is_empty());
}
