//! Findings about rows of the item table stand at their cells, those about what a row lacks as well.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_scheme::{Folder, Options, Policy, check::check, compile, grid::Grid};

const SCHEME: &str = "规则 甲 a\n  读入 数 n : 量 ≥ 0\n  参数 每差 = 2%\n  选择 不足一步 : 整步 | 按比例  \"没有写\"\n  得 分值 × 步数(每差, 每差, 不足一步)\n\n规则 乙 b\n  读入 数 n : 量 ≥ 0\n  得 分值\n\n方案 示范 \"示范\"\n  满分 6 分\n  默认规则 乙\n  项目表 indicators.csv\n\n块 一 6 分\n";

/// What is found in a table: its name, and the rows and columns it stands at.
fn found(table: &str) -> Vec<(String, Vec<(usize, String)>)> {
    let files = vec![("indicators.csv".to_owned(), table.to_owned()), ("scheme.kp".to_owned(), SCHEME.to_owned())];
    let (policy, mut report) = Policy::read(&Folder { root: "p".into(), files }, &mut |_| None);
    let (compiled, more) = compile(&policy, &Options::default());
    report.append(more);
    report.append(check(&policy, &compiled.standard));
    let grid = Grid::of(&policy);
    let at = |finding| grid.cells(finding).into_iter().map(|at| (at.line, at.column)).collect();
    report.findings().iter().map(|finding| (finding.name.to_owned(), at(finding))).collect()
}

fn at(table: &str, name: &str) -> Vec<(usize, String)> {
    let all = found(table);
    let cells: Vec<_> = all.iter().filter(|(known, _)| known == name).flat_map(|(_, cells)| cells.clone()).collect();
    assert!(!cells.is_empty(), "{name}: {all:#?}");
    cells
}

fn cell(line: usize, column: &str) -> (usize, String) {
    (line, column.into())
}

#[test]
fn a_finding_stands_at_its_cell() {
    let table = "编号,块,名称,分值,规则,不足一步,牵头,责任,依据\n1,一,甲项,3 分,乙,,某局,某局,一\n\n2,三,\"乙,项\",abc,丁,,某局,某局,一\n";
    assert_eq!(at(table, "unknown-block"), [cell(4, "块")]);
    assert_eq!(at(table, "unknown-rule"), [cell(4, "规则")]);
    assert_eq!(at(table, "unexpected-word"), [cell(4, "分值")]);
}

#[test]
fn what_a_row_lacks_stands_where_it_would_be_written() {
    let table = "id,block,item,points,kind,lead\n1,一,甲项,3 分,甲,某局\n2,一,乙项,,甲,\n";
    assert_eq!(at(table, "points-missing"), [cell(3, "points")]);
    assert_eq!(at(table, "no-lead"), [cell(3, "lead")]);
    assert_eq!(at(table, "no-responsible"), [cell(2, "责任"), cell(3, "责任")], "a column there is not yet");
    assert_eq!(at(table, "choice-not-made"), [cell(2, "不足一步"), cell(3, "不足一步")], "whoever leaves it open");
    let table = "编号,块,名称,分值,规则,不足一步\n1,一,甲项,3 分,甲,整步\n2,一,乙项,3 分,甲,\n";
    assert_eq!(at(table, "choice-not-made"), [cell(3, "不足一步")]);
}

#[test]
fn cells_of_a_rule_there_is_none_of_are_not_blamed() {
    let table = "编号,块,名称,分值,规则,不足一步\n1,一,甲项,3 分,甲,整步\n2,一,乙项,3 分,丁,整步\n";
    let names: Vec<String> = found(table).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name == "unknown-rule"), "{names:?}");
    assert!(!names.iter().any(|name| name == "unknown-header"), "{names:?}");
    let table = "编号,块,名称,分值,规则,不足一步\n1,一,甲项,3 分,甲,整步\n2,一,乙项,3 分,乙,整步\n";
    assert_eq!(at(table, "unknown-header"), [cell(3, "不足一步")], "a rule that is there does not know it");
}
