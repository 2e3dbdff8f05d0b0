//! The smallest change that matters is the smallest also where more is not always better: full
//! points within a range, none outside.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use std::{fs, process::Command};

const SCHEME: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
项 仓温 10 分
  读入 读数 reading : 件 ≥ 0 件
  得 当 读数 ≥ 5,000 件 且 读数 ≤ 5,010 件 → 分值
     否则 → 0 分
";

/// The lines that say what changes the points, for a reading.
fn margins(reading: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = folder.path().join("facts.csv");
    fs::write(folder.path().join("scheme.kp"), SCHEME).expect("written");
    fs::write(&facts, format!("unit,indicator,value\n甲库,仓温,\"{reading}\"\n")).expect("written");
    let run = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(["explain".as_ref(), folder.path().as_os_str(), "--facts".as_ref(), facts.as_os_str()])
        .args(["--unit", "甲库", "--indicator", "仓温"])
        .output()
        .expect("kaoping runs");
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    let lines = text.lines().filter(|line| line.contains("得分 "));
    lines.map(|line| line.trim_start_matches(['├', '└', '─', ' ']).to_string()).collect()
}

#[test]
fn within_the_range_both_ends_are_found() {
    assert_eq!(
        margins("5,003 件"),
        ["读数 再多 8 件（5,011 件）：得分 10 分 → 0 分", "读数 再少 4 件（4,999 件）：得分 10 分 → 0 分"]
    );
}

/// Steps of 1, 2, 4, … would leap from 4,096 to 8,192, over the whole range.
#[test]
fn a_narrow_range_far_away_is_not_leapt_over() {
    assert_eq!(margins("0 件"), ["读数 再多 5,000 件（5,000 件）：得分 0 分 → 10 分"]);
    assert_eq!(margins("20,000 件"), ["读数 再少 14,990 件（5,010 件）：得分 0 分 → 10 分"]);
}
