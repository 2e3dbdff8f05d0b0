//! A change put into the texts of a policy: the characters concerned become others, and no others do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_scheme::{
    Folder, Policy,
    amend::{Change, applied, edits},
};

const RULES: &str = "规则 甲 a\n  读入 数 n : 量 ≥ 0\n  参数 每差 = 2%, 最多扣 = 60%\n  选择 不足一步 : 整步 | 按比例  \"没有写\"\n  得 分值\n";

fn policy(scheme: &str, table: &str) -> Policy {
    let files = vec![
        ("indicators.csv".to_owned(), table.to_owned()),
        (
            "scheme.kp".to_owned(),
            format!("{RULES}\n方案 示范 \"示范\"\n  项目表 indicators.csv\n\n块 一 5 分\n{scheme}"),
        ),
    ];
    let (policy, report) = Policy::read(&Folder { root: "p".into(), files }, &mut |_| None);
    assert!(!report.has_errors(), "{report:#?}");
    policy
}

/// The file after a change, or what is said.
fn after(policy: &Policy, indicator: &str, what: &str, value: &str) -> String {
    let change = Change { indicator: indicator.into(), what: what.into(), value: value.into() };
    match edits(policy, &change) {
        Ok(edits) => {
            let file = policy.sources.file(edits.first().expect("an edit").place.file).expect("a file");
            applied(&file.text, &edits)
        }
        Err(text) => text.zh,
    }
}

#[test]
fn a_cell_of_the_table_becomes_another() {
    let table = "编号,块,名称,分值,规则,每差,口径\n1,一,甲项,1 分,甲,2%,\"甲,乙\"\n2,一,乙项,\"1,000 分\",甲,,\n";
    let policy = policy("", table);
    assert_eq!(after(&policy, "1", "", "3"), table.replace("甲项,1 分", "甲项,3 分"));
    assert_eq!(after(&policy, "2", "", "2"), table.replace("\"1,000 分\"", "\"2 分\""));
    assert_eq!(after(&policy, "2", "", "2,500 分"), table.replace("1,000", "2,500"));
    assert_eq!(after(&policy, "1", "每差", "5"), table.replace("甲,2%", "甲,5%"));
    assert_eq!(after(&policy, "2", "每差", "3"), table.replace("甲,,\n", "甲,3%,\n"), "the unit is that of the rule");
    let more =
        "编号,块,名称,分值,规则,每差,口径,最多扣\n1,一,甲项,1 分,甲,2%,\"甲,乙\",50%\n2,一,乙项,\"1,000 分\",甲,,,\n";
    assert_eq!(after(&policy, "1", "最多扣", "50"), more, "a column that was not there");
    assert_eq!(after(&policy, "1", "没有", "5"), "指标“1”没有可以改的“没有”");
    assert_eq!(after(&policy, "9", "", "5"), "没有指标“9”");
}

#[test]
fn an_item_that_is_written_out_becomes_another_where_it_stands() {
    let items = "项 丙项 2 分\n  按 甲 (每差 = 2%)\n项 丁项 2 分\n  按 甲\n项 戊项\n  参数 每次 = 0.5 分\n  得 每次\n";
    let policy = policy(items, "编号,块,名称,分值\n");
    let now = |indicator, what, value| after(&policy, indicator, what, value);
    assert!(now("丙项", "", "3.5").contains("项 丙项 3.5 分\n"));
    assert!(now("丙项", "每差", "4%").contains("按 甲 (每差 = 4%)"));
    assert!(now("丙项", "不足一步", "整步").contains("按 甲 (每差 = 2%, 不足一步 = 整步)"));
    assert!(now("丁项", "最多扣", "30").contains("按 甲 (最多扣 = 30%)"));
    assert!(now("戊项", "每次", "1").contains("参数 每次 = 1 分"));
    assert_eq!(now("戊项", "", "1"), "指标“戊项”没有写分值");
}
