//! Every finding about figures is caused by its folder in `errors/`, and says where and what
//! next in both languages.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::Scored;
use kaoping_assess::Options;
use std::collections::BTreeMap;

/// Names of the folders in `errors/` that this crate causes.
const FOLDERS: &[&str] = &[
    "duplicate-event",
    "duplicate-fact",
    "duplicate-unit",
    "event-without-id",
    "figure-ambiguous",
    "figure-not-readable",
    "figure-out-of-range",
    "percent-missing",
    "period-not-readable",
    "period-not-used",
    "quota-total-differs",
    "report-returned",
    "score-undefined",
    "target-missing",
    "unit-below-itself",
    "unit-not-classified",
    "unit-without-id",
    "unknown-attribute-value",
    "unknown-field",
    "unknown-indicator",
    "unknown-parent",
    "unknown-round",
    "unknown-unit",
    "wrong-noun",
];

#[test]
fn each_folder_causes_its_finding() {
    let mut wrong = Vec::new();
    for name in FOLDERS {
        let (standard, policy, files) = folders::error(name);
        let scored = folders::score(standard, &policy, &files, &Options::default());
        let found = scored.findings.iter().find(|finding| finding.name == *name);
        match found {
            None => wrong
                .push(format!("{name}: {:?}", scored.findings.iter().map(|finding| finding.name).collect::<Vec<_>>())),
            Some(finding) => {
                let texts = [&finding.message, &finding.why, &finding.next];
                if texts.iter().any(|text| text.zh.is_empty() || text.en.is_empty()) {
                    wrong.push(format!("{name}: {finding:?}"));
                }
            }
        }
        let others: Vec<_> = scored.findings.iter().map(|finding| finding.name).filter(|other| other != name).collect();
        if !others.is_empty() {
            wrong.push(format!("{name} also causes {others:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Facts for an indicator of persons, one of a ratio, one of a word and one of a truth.
fn findings(facts: &str) -> Scored {
    let scheme = "方案 小考核 \"例\"\n  满分 40 分 选择 \"例\"\n  每项取到 不取整 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n\
        项 人数 10 分 选择 \"例\"\n  读入 完成数 actual : 人 0 人..100 人\n  得 分值 × 完成数 / 100 人\n\
        项 比例 10 分 选择 \"例\"\n  读入 满意率 rate : 百分比 0%..100%\n  得 分值 × 满意率\n\
        项 验收 10 分 选择 \"例\"\n  读入 结论词 check : 合格=pass | 不合格=fail\n  得 当 结论词 = 合格 → 分值\n     否则 → 0 分\n\
        项 制度 10 分 选择 \"例\"\n  读入 建立 set_up : 是否\n  得 当 建立 → 分值\n     否则 → 0 分\n";
    let (standard, policy) = folders::compiled("scheme.kp", scheme);
    folders::score(
        standard,
        &policy,
        &BTreeMap::from([("facts.csv".to_string(), facts.to_string())]),
        &Options::default(),
    )
}

fn said(scored: &Scored) -> Vec<(&'static str, u32)> {
    let mut said: Vec<_> =
        scored.findings.iter().map(|finding| (finding.name, finding.place.map_or(0, |place| place.start))).collect();
    said.sort_by_key(|(_, start)| *start);
    said
}

#[test]
fn all_faults_are_reported_together_each_at_its_row() {
    let facts =
        "unit,indicator,value\n甲,人数,101\n甲,比例,98.2\n甲,验收,合恪\n甲,制度,也许\n甲,人教,5\n甲,人数,5 户\n";
    let names: Vec<&str> = said(&findings(facts)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "figure-out-of-range",
            "percent-missing",
            "unknown-word",
            "figure-not-readable",
            "unknown-indicator",
            "wrong-noun"
        ]
    );
    let scored = findings(facts);
    let word = scored.findings.iter().find(|finding| finding.name == "unknown-word").expect("the finding");
    assert!(word.next.zh.contains("合格") && word.next.en.contains("合格"));
    assert!(said(&scored).windows(2).all(|pair| pair[0].1 < pair[1].1), "each row has a place of its own");
}

#[test]
fn what_offices_write_is_read() {
    let facts = "unit,indicator,value\n甲,人数,５０人\n甲,比例,98.2％\n甲,验收,pass\n甲,制度,YES\n乙,人数,\"0\"\n乙,比例,1\n乙,验收,不合格\n乙,制度,否\n丙,人数, 1 人\n丙,比例,0\n丙,验收,合格\n丙,制度,是\n";
    let scored = findings(facts);
    assert!(scored.findings.is_empty(), "{:?}", scored.findings);
    let totals: Vec<String> =
        (0..3).map(|unit| scored.assessment.total(unit).value.expect("a total").to_string()).collect();
    assert_eq!(totals, ["34.82", "10", "20.1"]);
}

#[test]
fn an_empty_cell_is_not_reported_and_never_zero() {
    let scored = findings("unit,indicator,value\n甲,人数,\n甲,比例,1\n甲,验收,合格\n甲,制度,是\n");
    assert!(scored.findings.is_empty());
    assert!(scored.assessment.total(0).state.is_missing());
    let owed: Vec<_> =
        scored.assessment.owed.iter().map(|owing| (owing.indicator.as_deref(), owing.field.as_str())).collect();
    assert_eq!(owed, [(Some("人数"), "完成数")]);
}

#[test]
fn more_than_twenty_of_a_kind_become_one_line() {
    let rows: String = (0..100).map(|unit| format!("单位{unit},人教,5\n")).collect();
    let scored = findings(&format!("unit,indicator,value\n{rows}"));
    let unknown = scored.findings.iter().filter(|finding| finding.name == "unknown-indicator").count();
    assert_eq!(unknown, 21);
}

#[test]
fn a_figure_of_the_unit_serves_every_indicator_that_reads_the_field() {
    let scheme = "方案 小考核 \"例\"\n  满分 20 分 选择 \"例\"\n  每项取到 不取整 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n\
        项 甲项 10 分 选择 \"例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  读入 人口 people : 人 > 0 人\n  得 分值 × 完成数 / 人口\n\
        项 乙项 10 分 选择 \"例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  读入 人口 people : 人 > 0 人\n  得 分值 × 完成数 / 人口\n";
    let (standard, policy) = folders::compiled("scheme.kp", scheme);
    let facts = "unit,indicator,field,value\n甲,,人口,100\n甲,甲项,actual,50\n甲,乙项,完成数,20\n甲,乙项,people,40\n";
    let scored = folders::score(
        standard,
        &policy,
        &BTreeMap::from([("facts.csv".to_string(), facts.to_string())]),
        &Options::default(),
    );
    assert!(scored.findings.is_empty(), "{:?}", scored.findings);
    let score = |item| {
        scored.assessment.score(&scored.standard, 0, item).and_then(|cell| cell.value).map(|value| value.to_string())
    };
    assert_eq!(score("甲项").as_deref(), Some("5"), "the unit's own figure stands in");
    assert_eq!(score("乙项").as_deref(), Some("5"), "the indicator's own figure goes before it");
}

/// A ratio to zero is told with the unit, the item and the divisor, also where what is not reported
/// counts as zero points; it is no figure that anybody owes.
#[test]
fn a_division_by_zero_is_said_and_by_whom() {
    for missing in ["暂缺", "零分"] {
        let scheme = format!(
            "方案 小考核 \"例\"\n  满分 20 分 选择 \"例\"\n  每项取到 0.01 分 四舍五入 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 {missing} 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n\
            项 甲项 10 分 选择 \"例\"\n  读入 完成数 actual : 人 ≥ 0 人\n  读入 目标数 target : 人 ≥ 0 人\n  得 分值 × 较小(完成数 / 目标数, 1)\n\
            项 乙项 10 分 选择 \"例\"\n  读入 上报数 count : 件 ≥ 0 件\n  得 分值 × 上报数 / 最高(上报数 于 同组)\n"
        );
        let (standard, policy) = folders::compiled("scheme.kp", &scheme);
        let facts = "unit,indicator,field,value\n甲,甲项,actual,0\n甲,甲项,target,0\n甲,乙项,,0\n乙,甲项,actual,1\n乙,甲项,target,2\n乙,乙项,,0\n";
        let files = BTreeMap::from([("facts.csv".to_string(), facts.to_string())]);
        let scored = folders::score(standard, &policy, &files, &Options::default());
        let zero = |zero: &kaoping_assess::Undefined| {
            (zero.unit, zero.indicator.clone().unwrap_or_default(), zero.divisor.zh.clone())
        };
        let zeros: Vec<_> = scored.assessment.undefined.iter().map(zero).collect();
        let best = || "最高(上报数 于 全体)".to_string();
        assert_eq!(
            zeros,
            [
                (Some(0), "甲项".to_string(), "目标数".to_string()),
                (Some(0), "乙项".to_string(), best()),
                (Some(1), "乙项".to_string(), best())
            ],
            "{missing}"
        );
        assert!(scored.assessment.owed.is_empty(), "{missing}: {:?}", scored.assessment.owed);
        let names: Vec<&str> = scored.findings.iter().map(|finding| finding.name).collect();
        assert_eq!(names, ["score-undefined", "score-undefined"], "{missing}");
        assert!(scored.findings.iter().all(|finding| finding.level == kaoping_terms::Level::Error));
        assert!((0..2).all(|unit| scored.assessment.total(unit).value.is_none()), "{missing}");
    }
}
