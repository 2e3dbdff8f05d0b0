//! Where a finding points, and which words it quotes.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod common;

use common::{findings, load_folder, written};
use kaoping_scheme::Folder;
use kaoping_terms::Diagnostic;
use std::path::Path;

fn found<'a>(all: &'a [Diagnostic], name: &str) -> &'a Diagnostic {
    all.iter().find(|finding| finding.name == name).expect(name)
}

fn clause(finding: &Diagnostic) -> Option<&str> {
    finding.source.as_ref().map(|source| source.clause.as_str())
}

fn folder(files: &[(&str, &str)]) -> Folder {
    let files = files.iter().map(|(path, text)| ((*path).to_string(), (*text).to_string()));
    Folder { root: "trial".to_string(), files: files.collect() }
}

/// The characters under the carets of a finding.
fn under(folder: &Folder, finding: &Diagnostic) -> String {
    let (policy, ..) = load_folder(folder, Path::new("."));
    policy.sources.text_at(finding.place.expect("a place")).to_string()
}

/// A finding of compiling quotes the clause of its line, else of its item.
#[test]
fn what_is_wrong_in_a_line_quotes_the_clause_it_rests_on() {
    let clauses = "## 一\n\n甲项10分。\n\n## 二\n\n另一条。\n";
    let item = |score: &str| {
        written(
            clauses,
            &format!("项 甲项 10 分   依据 一\n  读入 人数 : 人 0 人..10 人\n  读入 户数 : 户 0 户..10 户\n{score}\n"),
        )
    };
    assert_eq!(clause(found(&item("  得 分值 × (人数 + 户数) / 10 人"), "unit-mismatch")), Some("一"));
    assert_eq!(clause(found(&item("  得 分值 × (人数 + 户数) / 10 人   依据 二"), "unit-mismatch")), Some("二"));
    assert_eq!(clause(found(&item("  得 分值 × 人口 / 10 人"), "unknown-name")), Some("一"));
    // In an award and in a setting as well.
    let award = "  得 分值 × 人数 / 10 人\n奖 先进 取 前 1 名 按 没有的分 末位并列 全取   依据 二";
    assert_eq!(clause(found(&item(award), "unknown-name")), Some("二"));
}

#[test]
fn a_parameter_quotes_the_clause_it_is_used_under() {
    let scheme = "决定 补助   依据 一\n  读入 费用 : 元 0 元..100 元\n  参数 起付线\n  结论 当 费用 > 起付线 → 补 费用 否则 → 不补\n";
    let of = |rows: &str| {
        let table = format!("参数,数值,自,至,依据\n{rows}");
        let texts =
            [("clauses.md", "# 办法\n\n## 一\n\n起付线。\n"), ("parameters.csv", &table), ("scheme.kp", scheme)];
        findings(&folder(&texts), Path::new("."))
    };
    let without = of("起付线,10 元,2014-01-01,,\n");
    assert_eq!(clause(found(&without, "parameter-without-source")), Some("一"));
    let gap = of("起付线,10 元,2014-01-01,2014-06-30,\n起付线,20 元,2014-08-01,,\n");
    assert_eq!(clause(found(&gap, "parameter-gap")), Some("一"));
}

/// The carets stand under the words, not under the heading above them.
#[test]
fn what_a_clause_says_is_shown_where_it_says_it() {
    let clauses = "# 办法\n\n## 一\n\n未满 16 周岁（含16周岁）的不计。\n先评三个,但是县里另有规定的\n";
    let scheme = "方案 试 \"试\"   依据 一\n";
    let folder = folder(&[("clauses.md", clauses), ("scheme.kp", scheme)]);
    let scheme = "块 甲 6 分   依据 一\n项 甲项 6 分   依据 一\n";
    let mut folder = folder;
    folder.files[1].1.push_str(scheme);
    let all = findings(&folder, Path::new("."));
    assert_eq!(under(&folder, found(&all, "clause-edge-contradictory")), "未满 16 周岁（含16周岁）");
    assert_eq!(under(&folder, found(&all, "clause-broken-off")), "但是县里另有规定的");
}

/// The lead units are quoted from the clause of their line, from where it names them.
#[test]
fn lead_units_quote_the_words_that_name_them() {
    let clauses = "## 一\n\n甲项10分。\n\n## 二\n\n就业工作由人保部门牵头,医疗保障工作由人保、卫生部门牵头,教育由教育部门牵头。\n";
    let text = "方案 试 \"试\"   选择 \"试\"\n项 医疗保障 10 分   依据 一\n  读入 率 : 百分比 0%..100%\n  得 分值 × 率\n  牵头 卫生, 人保   依据 二\n";
    let text = folder(&[("clauses.md", clauses), ("scheme.kp", text)]);
    let all = findings(&text, Path::new("."));
    let source = found(&all, "several-leads").source.clone().expect("a quotation");
    assert_eq!((source.clause.as_str(), source.quote.as_str()), ("二", "医疗保障工作由人保、卫生部门牵头"));
}

/// A column that no rule reads is wrong at its header; one that this rule does not read, at the cell.
#[test]
fn a_column_misspelt_is_shown_at_its_header() {
    let rules = "规则 按率   示例 \"例\"\n  读入 率 : 百分比 0%..100%\n  参数 权重 = 50%\n  得 分值 × 率 × 权重\n规则 照分   示例 \"例\"\n  读入 分 : 分 0 分..5 分\n  得 分\n";
    let scheme = format!("{rules}方案 试 \"试\"   选择 \"试\"\n  满分 10 分   依据 一\n  项目表 indicators.csv\n");
    let table =
        |header: &str| format!("编号,名称,分值,规则,{header},依据\n1,甲项,5 分,按率,40%,一\n2,乙项,5 分,照分,60%,一\n");
    let clauses = "# 办法\n\n## 一\n\n两项各5分,共10分。\n";
    let of = |table: &str| folder(&[("clauses.md", clauses), ("indicators.csv", table), ("scheme.kp", &scheme)]);
    let slip = of(&table("权中"));
    let all = findings(&slip, Path::new("."));
    let finding = found(&all, "unknown-header");
    assert_eq!((under(&slip, finding).as_str(), finding.next.zh.as_str()), ("权中", "是不是“权重”？"));
    assert!(!all.iter().any(|finding| finding.name == "number-not-in-clause"), "{all:#?}");
    let spare = of(&table("权重"));
    assert_eq!(under(&spare, found(&findings(&spare, Path::new(".")), "unknown-header")), "60%");
}
