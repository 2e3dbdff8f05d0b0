//! Figures at the borders of machine numbers: `folders::score` runs both evaluators and compares
//! them value by value.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod folders;

use kaoping_assess::Options;
use std::collections::BTreeMap;

const SCHEME: &str = "\
方案 试 \"试\"
  满分 20 分 选择 \"例\"
  每项取到 0.01 分 四舍五入 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
项 甲 10 分 选择 \"例\"
  读入 完成数 actual : 人
  读入 目标数 target : 人 > 0 人
  得 较大(0 分, 较小(分值 × 完成数 / 目标数, 分值))
项 乙 10 分 选择 \"例\"
  读入 数 n : 次
  得 较大(0 分, 分值 − 0.5 分/次 × 数)
";

#[test]
fn both_evaluators_agree_at_the_borders_of_machine_numbers() {
    let edges = ["49", "51", "53", "63", "64", "127"].map(|power| 1u128 << power.parse::<u32>().expect("a power"));
    let mut figures: Vec<String> =
        edges.iter().flat_map(|edge| [edge - 1, *edge, edge + 1]).map(|n| n.to_string()).collect();
    figures.extend(figures.clone().into_iter().map(|figure| format!("-{figure}")));
    figures.extend(["0", "-3", "1", "12.5", "0.01", "7", "0.000000000000000001"].map(String::from));
    // Each figure with each target, and then fewer and fewer of the large ones, so that whole
    // columns fit and others do not.
    for most in (1..=figures.len()).rev().step_by(5) {
        let mut facts = String::from("unit,indicator,field,value\n");
        let few: Vec<&String> = figures.iter().rev().take(most).collect();
        for (at, actual) in few.iter().enumerate() {
            for (other, target) in few.iter().filter(|target| !target.starts_with('-') && ***target != "0").enumerate()
            {
                let unit = format!("u{at:02}{other:02}");
                facts += &format!("{unit},甲,actual,{actual}\n{unit},甲,target,{target}\n{unit},乙,n,{actual}\n");
            }
        }
        let (standard, linked) = folders::compiled("scheme.kp", SCHEME);
        let files = BTreeMap::from([(String::from("facts.csv"), facts)]);
        folders::score(standard, &linked, &files, &Options::default());
    }
}
