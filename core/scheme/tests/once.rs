//! One matter that several lines would count, columns of events with bounds, and who leads a
//! block: what the text says reaches the compiled standard.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test stops at what should have been there"
)]

mod common;

use kaoping_scheme::{Folder, compile::Compiled};
use kaoping_syntax::ast::BodyKind;
use kaoping_terms::{Diagnostic, Exact, Level};
use std::path::Path;

fn load(text: &str) -> (kaoping_scheme::Policy, Compiled, Vec<Diagnostic>) {
    let folder = Folder { root: String::from("once"), files: vec![(String::from("scheme.kp"), text.to_owned())] };
    common::load_folder(&folder, Path::new("."))
}

fn errors(findings: &[Diagnostic]) -> Vec<String> {
    let errors = findings.iter().filter(|finding| finding.level == Level::Error);
    errors.map(|finding| format!("{}: {}", finding.name, finding.message.zh)).collect()
}

const EVENTS: &str = "方案 甲 \"甲办法\"
  总分 = 加分
明细 大项目 project
  总投资 total : 亿元 > 0 亿元, 五百强 top : 是否
块 加分 不计满分
  牵头 招商办
项 项目加分
  责任 甲专班
  加 每 大项目 其中 总投资 ≥ 50 亿元 8 分
  加 每 大项目 其中 总投资 ≥ 10 亿元 4 分
项 强企加分
  牵头 商务局
  加 每 大项目 其中 五百强 10 分
";

/// How many operations stand below the filter of each line: a line that goes first looks at
/// no other.
fn sizes(order: &str) -> Vec<usize> {
    let (_, compiled, findings) = load(&format!("{EVENTS}{order}\n"));
    assert_eq!(errors(&findings), Vec::<String>::new());
    let standard = &compiled.standard;
    let lines = standard.schemes.iter().flat_map(|scheme| &scheme.items).flat_map(|item| &item.adjustments);
    lines
        .map(|line| {
            let mut waiting: Vec<_> = line.matches.into_iter().collect();
            let mut seen = 0;
            while let Some(id) = waiting.pop() {
                seen += 1;
                let node = standard.program.node(id).expect("a node");
                waiting.extend(node.op.arguments());
            }
            seen
        })
        .collect()
}

#[test]
fn the_highest_points_go_first_whatever_the_order_of_the_text() {
    let highest = sizes("一事一计 大项目 按 项目加分, 强企加分 取最高");
    // 10 points look at no other line, 8 at one, 4 at two.
    assert!(highest[2] < highest[0] && highest[0] < highest[1], "{highest:?}");
    assert_eq!(highest, sizes("一事不再扣 大项目 按 强企加分, 项目加分 取最高"));
    let written = sizes("一事不再扣 大项目 按 项目加分, 强企加分");
    assert!(written[0] < written[1] && written[1] < written[2], "{written:?}");
}

#[test]
fn a_column_of_events_keeps_its_bounds_and_its_multiple() {
    let (_, compiled, findings) = load(EVENTS);
    assert_eq!(errors(&findings), Vec::<String>::new());
    let (_, _, column) = compiled.standard.events[0].columns[0];
    let spec = &compiled.standard.program.columns[column.0 as usize];
    assert_eq!(spec.scale, Exact::whole(100_000_000));
    assert!(!spec.bounds.contain(&Exact::zero()) && spec.bounds.contain(&Exact::one()));
}

#[test]
fn items_are_led_by_whom_their_block_names_unless_they_say_otherwise() {
    let (policy, _, _) = load(EVENTS);
    let leads: Vec<Vec<String>> = policy.schemes[0]
        .items
        .iter()
        .map(|item| {
            let lead = item.item.body.iter().filter_map(|line| match &line.kind {
                BodyKind::Lead(names) => Some(names.iter().map(|name| name.text.clone())),
                _ => None,
            });
            lead.flatten().collect()
        })
        .collect();
    assert_eq!(leads, [["招商办"], ["商务局"]]);
}

#[test]
fn a_range_in_per_cent_is_told_in_per_cent() {
    let (_, _, findings) = load(
        "方案 甲 \"甲办法\"\n项 乙 10 分\n  读入 率 rate : 百分比 0%..100%\n  得 分值 × 率\n  例 率 = 120% → 10 分\n",
    );
    let found = findings.iter().find(|finding| finding.name == "figure-out-of-range").expect("the finding");
    assert_eq!(found.message.zh, "“率”是 120%，规则要求 0% 至 100%");
}

#[test]
fn a_quantity_without_a_unit_is_named_in_words() {
    let (_, _, findings) = load(
        "方案 甲 \"甲办法\"\n项 乙 10 分\n  读入 数 a : 量\n  读入 人数 b : 人\n  得 当 数 > 人数 → 1 分 否则 → 0 分\n",
    );
    let found = findings.iter().find(|finding| finding.name == "unit-mismatch").expect("the finding");
    assert!(found.message.zh.contains("没有写明计量单位"), "{}", found.message.zh);
    assert!(found.next.zh.contains("targets.csv"), "{}", found.next.zh);
}
