//! A decision with twenty independent conditions combines in a million ways; what is wrong with
//! two of its cases is found all the same.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod common;

use kaoping_scheme::{check::check, read::Folder};
use std::path::Path;

#[test]
fn dead_and_overlapping_cases_are_found_among_many_conditions() {
    let inputs: String = (1..=20).map(|at| format!("  读入 情形{at} c{at} : 是否\n")).collect();
    let cases: String = (1..=20).map(|at| format!("    当 情形{at} → 第{at}类 {at} 元\n")).collect();
    let text = format!(
        "决定 救助 示例 \"示例\"\n{inputs}  读入 收入 income : 元 ≥ 0 元\n  给出 补助额 benefit : 元\n  结论\n{cases}    当 情形1 且 情形2 → 落空 1 元\n    当 收入 ≤ 100 元 → 低 2 元\n    当 收入 ≥ 100 元 → 高 1 元\n    否则 → 不予补助\n"
    );
    let folder = Folder { root: String::from("many"), files: vec![(String::from("scheme.kp"), text)] };
    let (policy, compiled, mut findings) = common::load_folder(&folder, Path::new("."));
    findings.extend(check(&policy, &compiled.standard).into_sorted());
    let of = |name: &str| -> Vec<&str> {
        let found = findings.iter().filter(|finding| finding.name == name);
        found.map(|finding| finding.message.zh.as_str()).collect()
    };
    assert_eq!(of("case-unreachable"), ["“落空”这个情形永远轮不到"]);
    assert_eq!(of("class-overlap"), ["正好在线上时“低”和“高”两条都合"]);
    assert!(of("classes-not-checked").is_empty());
}

/// Each `甲 且 乙` doubles the ways to what stands behind it: a division behind ten of them is
/// still looked at, and an amount that is never below zero is still seen not to be.
#[test]
fn a_division_by_zero_is_found_behind_any_number_of_conditions() {
    let of = |line: &str| -> Vec<(String, String)> {
        let inputs: String = (1..=11).map(|at| format!("  读入 情形{at} c{at} : 是否\n")).collect();
        let cases: String = (1..=10).map(|at| format!("    当 情形{at} 且 情形{} → 第{at}类\n", at + 1)).collect();
        let text = format!(
            "决定 认定 示例 \"示例\"\n{inputs}  读入 收入 income : 元 ≥ 0 元\n  读入 低保标准 line : {line}\n  设 倍数 = 收入 / 低保标准\n  结论\n{cases}    当 倍数 ≤ 150% → 低收入 较大(0 元, 收入 − 低保标准)\n    否则 → 不属于\n"
        );
        let folder = Folder { root: String::from("many"), files: vec![(String::from("scheme.kp"), text)] };
        let (policy, compiled, mut findings) = common::load_folder(&folder, Path::new("."));
        findings.extend(check(&policy, &compiled.standard).into_sorted());
        let said = ["target-may-be-zero", "possible-division-by-zero", "amount-below-zero"];
        let found = findings.into_iter().filter(|finding| said.contains(&finding.name));
        found.map(|finding| (String::from(finding.name), finding.message.zh)).collect()
    };
    assert_eq!(
        of("元 ≥ 0 元"),
        [(String::from("target-may-be-zero"), String::from("“低保标准”可以是零，而这里用它作除数"))]
    );
    assert_eq!(of("元 > 0 元"), []);
}

/// 负担 is 费用 or 不适用: what 费用 took before is not left for 负担.
#[test]
fn a_value_that_does_not_apply_to_all_is_still_the_same_quantity() {
    let text = "决定 救助 示例 \"示例\"\n  读入 类别 category : 甲=1 | 乙=2\n  读入 费用 cost : 元 ≥ 0 元\n  设 负担\n    当 类别 = 甲 → 不适用\n    否则 → 费用\n  结论\n    当 费用 > 40,000 元 → 不补\n    当 负担 > 45,000 元 → 再议\n    否则 → 补助\n";
    let folder = Folder { root: String::from("same"), files: vec![(String::from("scheme.kp"), String::from(text))] };
    let (policy, compiled, mut findings) = common::load_folder(&folder, Path::new("."));
    findings.extend(check(&policy, &compiled.standard).into_sorted());
    let dead: Vec<&str> =
        findings.iter().filter(|it| it.name == "case-unreachable").map(|it| it.message.zh.as_str()).collect();
    assert_eq!(dead, ["“再议”这个情形永远轮不到"]);
}
