//! A change put into the texts of a policy: the characters concerned become others, and no others do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_scheme::{
    Folder, Policy,
    amend::{Change, Edit, applied, drop_block, edits, full_mark, make_block},
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

/// The scheme after edits of blocks, or what is said.
fn with(scheme: &str, made: impl Fn(&Policy) -> Result<Vec<Edit>, kaoping_terms::Text>) -> String {
    let files = vec![
        ("indicators.csv".to_owned(), "编号,块,名称,分值\n1,新块,甲项,1 分\n".to_owned()),
        ("scheme.kp".to_owned(), scheme.to_owned()),
    ];
    let (policy, _) = Policy::read(&Folder { root: "p".into(), files }, &mut |_| None);
    match made(&policy) {
        Ok(mut edits) => {
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.start));
            applied(scheme, &edits)
        }
        Err(text) => text.zh,
    }
}

#[test]
fn a_block_that_rows_name_is_declared_and_counted() {
    let head = "方案 示范 \"示范\"\n  满分 3 分\n  总分 = 一 + 二\n  项目表 indicators.csv\n\n";
    let blocks = "块 一   选择 \"没有写\"\n\n块 二 不计满分\n项 丙项 2 分\n  得 1 分\n";
    let scheme = format!("{head}{blocks}");
    let made = with(&scheme, |policy| make_block(policy, "新块"));
    let wanted =
        scheme.replace("一 + 二", "一 + 二 + 新块").replace("块 二", "块 新块   选择 \"按指标表分块\"\n\n块 二");
    assert_eq!(made, wanted, "before what has items of its own, which would be its otherwise");
    assert_eq!(with(&made, |policy| make_block(policy, "新块")).matches("+ 新块").count(), 1, "counted once");
    let one = "方案 示范 \"示范\"\n  项目表 indicators.csv\n\n块 一\n  选择 \"没有写\"\n奖 先进 取 前 1 名 按 总分\n";
    let made = with(one, |policy| make_block(policy, "新块"));
    assert_eq!(made, one.replace("没有写\"\n", "没有写\"\n\n块 新块   选择 \"按指标表分块\"\n"), "no total to be told");
    for name in ["一、民生", "民 生", "块", "1.5", ""] {
        let said = with(&scheme, |policy| make_block(policy, name));
        assert!(said.contains("不能作块名"), "{name}: {said}");
    }
    let weighed = scheme.replace("一 + 二", "一 × 0.5 + 二");
    assert!(with(&weighed, |policy| make_block(policy, "新块")).contains("= 一 × 0.5 + 二\n"), "nobody guesses");
}

#[test]
fn a_block_without_items_is_taken_out_and_not_counted() {
    let head = "方案 示范 \"示范\"\n  满分 3 分\n  总分 = 一 + 二 + 三\n  项目表 indicators.csv\n\n";
    let scheme = format!("{head}块 一\n  选择 \"没有写\"\n\n块 二\n\n块 三\n");
    let without = |name: &'static str| with(&scheme, move |policy| drop_block(policy, name));
    assert_eq!(without("一"), scheme.replace("一 + ", "").replace("块 一\n  选择 \"没有写\"\n\n", ""));
    assert_eq!(without("三"), scheme.replace(" + 三", "").replace("块 三\n", ""));
    assert_eq!(without("四"), "没有“四”这个块");
    let only = "方案 示范 \"示范\"\n  总分 = 一\n  项目表 indicators.csv\n\n块 一\n";
    assert!(with(only, |policy| drop_block(policy, "一")).contains("先建别的块"));
}

#[test]
fn the_full_mark_is_found_where_it_stands() {
    let policy = policy("", "编号,块,名称,分值\n");
    assert_eq!(full_mark(&policy), None);
    let files = vec![("scheme.kp".to_owned(), "方案 示范 \"示范\"\n  满分 3 分\n".to_owned())];
    let (policy, _) = Policy::read(&Folder { root: "p".into(), files }, &mut |_| None);
    let (place, text) = full_mark(&policy).expect("a full mark");
    assert_eq!((policy.sources.text_at(place), text.as_str()), ("3 分", "3 分"));
}
