//! Figures as offices send them: what cannot be told for certain is refused at the cell it
//! stands in, once, and an input that cannot be used at all ends with 2.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::fs;
use terminal::{Run, run};

const SCHEME: &str = "\
规则 按比例 ratio
  读入 完成数 actual : 量 ≥ 0
  读入 目标数 target : 同 完成数, > 0
  得 分值 × 较小(完成数 / 目标数, 1)
方案 示范 \"示例\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
项 投资 5 分   示例 \"同上\"
  按 按比例
项 满意 5 分   示例 \"同上\"
  读入 满意率 rate : 百分比 0%..100%
  得 分值 × 满意率
";

fn score(facts: &str) -> Run {
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir(place.path().join("p")).expect("a folder");
    fs::write(place.path().join("p/scheme.kp"), SCHEME).expect("a scheme");
    fs::write(place.path().join("facts.csv"), facts).expect("facts");
    run(&["score", "p", "--facts", "facts.csv"], place.path())
}

fn places<'r>(run: &'r Run, name: &str) -> Vec<&'r str> {
    let lines: Vec<&str> = run.stderr.lines().collect();
    let of_name = |pair: &&[&str]| pair[0].contains(&format!("[{name}]"));
    lines.windows(2).filter(of_name).map(|pair| pair[1].trim().trim_start_matches("--> ")).collect()
}

/// 900 stands first and 950 万元 later: it is the bare ones nobody can tell the size of.
#[test]
fn a_bare_number_before_a_multiple_is_what_is_refused() {
    let said = score(
        "单位,指标,字段,数值\n甲,投资,完成数,900\n甲,投资,目标数,1000\n乙,投资,完成数,950 万元\n\
         乙,投资,目标数,1000 万元\n丙,投资,完成数,70\n丙,投资,目标数,80 万元\n",
    );
    let cells = places(&said, "figure-ambiguous");
    assert_eq!(cells, ["facts.csv:2:10", "facts.csv:3:10", "facts.csv:6:10"], "{}", said.stderr);
    assert!(said.stderr.contains("写上单位，如 900 万元") && !said.stderr.contains("万元 万元"), "{}", said.stderr);
}

#[test]
fn numbers_of_programs_are_refused_with_the_way_to_write_them() {
    for odd in ["1.2E+05", "1e5", "5'100", "5’100", "0x10"] {
        let said = score(&format!("单位,指标,字段,数值\n甲,投资,完成数,{odd}\n"));
        assert_eq!(places(&said, "figure-ambiguous"), ["facts.csv:2:10"], "{odd}\n{}", said.stderr);
        assert!(said.stderr.contains("写全每一位数字"), "{odd}\n{}", said.stderr);
    }
}

/// In a wide file a row has a cell under the fields of every indicator.
#[test]
fn an_empty_cell_under_the_field_of_another_indicator_says_nothing() {
    let wide = |cell: &str| score(&format!("单位,指标,完成数,目标数,满意率\n甲,投资,8,10,{cell}\n甲,满意,,,90%\n"));
    let said = wide("");
    assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{}", said.stderr);
    let said = wide("1%");
    assert_eq!(places(&said, "unknown-field"), ["facts.csv:2:11"], "{}", said.stderr);
}

#[test]
fn a_head_that_is_mistyped_is_said_once() {
    let said = score("单位,指标,字段,完成情况\n甲,投资,完成数,8\n甲,投资,目标数,10\n乙,投资,完成数,8\n");
    assert_eq!(places(&said, "column-missing"), ["facts.csv:1:10"], "{}", said.stderr);
    assert!(said.stderr.contains("“完成情况”是不是“数值”？") && said.stderr.ends_with("1 个错误\n"), "{}", said.stderr);
    let said = score("单位,指标,完成数,目标书\n甲,投资,8,10\n乙,投资,8,10\n丙,投资,8,10\n");
    assert_eq!(places(&said, "unknown-field"), ["facts.csv:1:11"], "{}", said.stderr);
    assert!(said.stderr.contains("是不是“目标数”？"), "{}", said.stderr);
}

/// What is only counted is counted.
#[test]
fn findings_that_are_not_listed_are_in_the_count() {
    let rows: String = (0..73).map(|row| format!("甲{row},投资,完成数,多\n")).collect();
    let said = score(&format!("单位,指标,字段,数值\n{rows}"));
    assert!(said.stderr.contains("还有 53 处") && said.stderr.ends_with("73 个错误\n"), "{}", said.stderr);
}

#[test]
fn a_file_that_was_cut_off_inside_quotes_is_not_used() {
    for facts in
        ["单位,指标,字段,数值\n甲,投资,完成数,\"12", "单位,指标,字段,数值\n\"甲\",投资,完成数,\"5100\",\"\"\n乙,\"x"]
    {
        let said = score(facts);
        assert_eq!(said.code, 2, "{}", said.stderr);
        assert_eq!(places(&said, "sheet-quote-unclosed").len(), 1, "{}", said.stderr);
    }
}

/// A table of the policy that cannot be used is no fault of what it says.
#[test]
fn a_policy_with_a_table_that_cannot_be_used_ends_with_two() {
    let scheme = SCHEME.split("项 投资").next().expect("a head").replace("  满分", "  项目表 indicators.csv\n  满分");
    let binary: &[u8] = b"PK\x03\x04\x14\x00\x06\x00";
    let tables: [(&str, Option<&[u8]>); 5] = [
        ("file-missing", None),
        ("file-not-text", Some(binary)),
        ("file-encoding", Some(b"\xe7\x94\xb2\xe5\x8e,\xff\xfe\n")),
        ("file-empty", Some(b"")),
        ("sheet-quote-unclosed", Some("编号,名称,分值,规则\n1,\"投".as_bytes())),
    ];
    for (name, table) in tables {
        let place = tempfile::tempdir().expect("a folder");
        fs::write(place.path().join("scheme.kp"), &scheme).expect("a scheme");
        if let Some(table) = table {
            fs::write(place.path().join("indicators.csv"), table).expect("a table");
        }
        for command in [&["check", "."][..], &["score", ".", "--facts", "indicators.csv"]] {
            let said = run(command, place.path());
            assert_eq!(said.code, 2, "{name} {command:?}\n{}{}", said.stdout, said.stderr);
        }
    }
    let place = tempfile::tempdir().expect("a folder");
    let cut = SCHEME.as_bytes();
    fs::write(place.path().join("scheme.kp"), &cut[..cut.len() - 2]).expect("a scheme");
    assert_eq!(run(&["check", "."], place.path()).code, 2);
}
