//! Findings name the place and do not hide one another.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{findings, read};
use kaoping_syntax::ast::{BodyKind, ExprKind, LiteralNumber, PartKind, SettingKind};
use kaoping_syntax::{parse_binding, parse_expression, parse_literal, parse_rounding};
use kaoping_terms::{FileId, Report};

/// Declares the reproducer of every finding of this crate, as `docs/errors.md` shows it.
macro_rules! reproducers {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../../errors/", $name, "/scheme.kp"))),)*]
    };
}

const REPRODUCERS: &[(&str, &str)] = reproducers![
    "chained-comparison",
    "clause-empty",
    "comma-ambiguous",
    "date-or-difference",
    "look-alike-name",
    "misplaced-statement",
    "missing-otherwise",
    "mixed-keyword-language",
    "nested-too-deep",
    "no-such-day",
    "number-not-readable",
    "reserved-word",
    "said-twice",
    "unclosed-bracket",
    "unclosed-string",
    "unexpected-word",
    "unknown-character",
    "unknown-statement",
    "word-given-twice",
];

#[test]
fn each_reproducer_gives_its_finding_and_no_other() {
    for (name, text) in REPRODUCERS {
        let found = findings(text);
        let names: Vec<&str> = found.iter().filter_map(|finding| finding.split(' ').next()).collect();
        assert_eq!(names, [*name], "{found:?}");
    }
}

#[test]
fn all_findings_come_at_once() {
    let text = "方案 甲 \"a\"\n  满份 5 分\n  未报 打折\n项 乙 5 分\n  读人 x : 人\n  得 当 x > 1 → 2 分\n  扣 每 上访 2 分 3\n  得 (1 + 2\n  得 a < b < c\n";
    assert_eq!(
        findings(text),
        [
            "unknown-statement 满份",
            "unexpected-word 打折",
            "unknown-statement 读人",
            "missing-otherwise 当 x > 1 → 2 分",
            "unexpected-word 3",
            "unclosed-bracket (",
            "chained-comparison <",
        ]
    );
}

#[test]
fn the_nearest_word_is_named() {
    let next = |text: &str| {
        let mut report = Report::new();
        kaoping_syntax::parse_file(FileId(0), text, &mut report);
        report.findings().first().map(|finding| finding.next.zh.clone()).expect("a finding")
    };
    assert_eq!(next("项 甲 5 分\n  读人 x : 人"), "是不是“读入”");
    assert_eq!(next("方案 甲\n  名次 总分 从高倒低"), "是不是“从高到低”");
    assert_eq!(next("项 甲 5 分\n  子方案细则"), "是不是少了空格：子方案 细则");
    assert_eq!(next("分配 奖励 300,000 元 按 总分 每份100元"), "是不是少了空格：每份 100元");
    assert_eq!(
        next("等次 按 总分\n  优秀 ≥ 90 分, 至多 20% 单位 去尾, 超出降为良好\n  良好 其余"),
        "是不是少了空格：超出 降为 良好"
    );
    assert_eq!(next("项 甲\n  适用当 乙"), "是不是少了空格：适用 当");
    assert_eq!(next("item 甲 5 分\n  scroe 1"), "是不是“score”");
}

#[test]
fn a_broken_line_does_not_take_the_next_one_with_it() {
    let (tree, found) = read("项 甲 5 分\n  读入 x\n  读入 y : 人\n  得 分值 依据 三\n项 5 分\n  得 y\n项 丙 1 分");
    assert_eq!(found, ["unexpected-word 读入", "unexpected-word 5"]);
    assert_eq!(tree.parts.len(), 2);
    let PartKind::Item(item) = &tree.parts[0].kind else { panic!() };
    assert_eq!(item.body.len(), 2);
    assert_eq!(item.body[1].authority.len(), 1);
}

#[test]
fn a_veto_belongs_to_the_item_only_where_it_strikes_it() {
    let (tree, found) =
        read("项 甲 5 分\n  否决 乙 当 丙 → 本项 归零\n  得 1 分\n否决 丁 当 丙 → 总分 归零  依据 五\n项 戊 1 分");
    assert_eq!(found, Vec::<String>::new());
    let [item, veto, _] = tree.parts.as_slice() else { panic!("{tree:?}") };
    assert!(matches!(&item.kind, PartKind::Item(item) if item.body.len() == 2));
    assert!(matches!(&veto.kind, PartKind::Veto(veto) if veto.name.text == "丁"));
    assert_eq!((item.authority.len(), veto.authority.len()), (0, 1));
    assert!(item.place.end <= veto.place.start);
}

#[test]
fn a_cap_behind_a_deduction_is_the_deductions() {
    for between in ["", "  依据 三1\n", "  选择 \"原文未定\""] {
        let text = format!("项 甲 5 分\n  至多 4 分\n  扣 每 上访 2 分{between} 至多 6 分  依据 三2\n  至少 0 分");
        let (tree, found) = read(&text);
        assert_eq!(found, Vec::<String>::new());
        let PartKind::Item(item) = &tree.parts[0].kind else { panic!() };
        let [BodyKind::AtMost(_), BodyKind::Adjust(adjust), BodyKind::AtLeast(_)] =
            [&item.body[0].kind, &item.body[1].kind, &item.body[2].kind]
        else {
            panic!("{:?}", item.body)
        };
        assert!(adjust.at_most.is_some());
        assert_eq!(item.body[1].authority.len(), if between.is_empty() { 1 } else { 2 });
    }
}

#[test]
fn a_noun_that_is_a_keyword_is_a_unit_behind_its_number() {
    let (tree, found) = read("项 甲 5 分\n  得 死亡 × 3 例\n  例 死亡 = 3例 → 1 分\n  至多 2 项\n项 乙 1 分");
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(tree.parts.len(), 2);
    let PartKind::Item(item) = &tree.parts[0].kind else { panic!() };
    assert_eq!(item.body.len(), 3);
    assert!(matches!(&item.body[1].kind, BodyKind::Example(example) if example.given.len() == 1));
}

#[test]
fn operators_bind_as_the_reference_says() {
    let shown = |text: &str| {
        let mut report = Report::new();
        let expr = parse_expression(FileId(0), 0, text, true, &mut report).expect(text);
        assert!(report.findings().is_empty(), "{text}");
        shape(&expr)
    };
    for (text, expected) in [
        ("a 或 b 且 非 c = d", "(a Or (b And (Not (c Compare(Equal) d))))"),
        ("a + b × −c / d − e", "((a Add ((b Mul (Negate c)) Div d)) Sub e)"),
        ("−a × b", "((Negate a) Mul b)"),
        ("a / b / c", "((a Div b) Div c)"),
        ("a 属于 {b, c} 且 d", "((a In 2) And d)"),
        ("应缴 按 2008-12-31 标准 − 应缴", "((应缴 AsOf) Sub 应缴)"),
        ("工资 × 费率 按 费款日 标准 − 已缴", "((工资 Mul (费率 AsOf)) Sub 已缴)"),
        ("(a 或 b) 且 单位.试点", "((a Or b) And 单位.试点)"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

/// An expression in brackets.
fn shape(expr: &kaoping_syntax::ast::Expr) -> String {
    match &expr.kind {
        ExprKind::Name(names) => {
            let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
            names.join(".")
        }
        ExprKind::Binary(operator, a, b) => format!("({} {operator:?} {})", shape(a), shape(b)),
        ExprKind::Not(a) => format!("(Not {})", shape(a)),
        ExprKind::Negate(a) => format!("(Negate {})", shape(a)),
        ExprKind::In(a, names) => format!("({} In {})", shape(a), names.len()),
        ExprKind::AsOf(a, _) => format!("({} AsOf)", shape(a)),
        other => format!("{other:?}"),
    }
}

#[test]
fn cells_of_tables_are_read_whole() {
    let mut report = Report::new();
    let file = FileId(7);
    let literal = parse_literal(file, 50, "5,000 元/人·月", true, &mut report).expect("a figure");
    assert_eq!((literal.place.start, literal.place.file), (50, file));
    assert!(parse_rounding(file, 0, "0.01 分 四舍五入", true, &mut report).is_some());
    assert!(parse_rounding(file, 0, "unrounded", false, &mut report).is_some());
    assert!(parse_binding(file, 0, "整步", true, &mut report).is_some());
    assert!(parse_literal(file, 0, "−3 个百分点", true, &mut report).is_some());
    assert!(report.findings().is_empty());
    for text in ["5 分 6", "五分", "", "1,00 元"] {
        let mut report = Report::new();
        assert_eq!(parse_literal(file, 0, text, true, &mut report), None, "{text}");
        assert_eq!(report.findings().len(), 1, "{text}");
    }
}

#[test]
fn look_alike_names_are_told_apart() {
    assert_eq!(findings("项 末报 5 分\n项 未报数 5 分\n项 未报 1 分").len(), 1);
    assert_eq!(findings("项 收入 5 分\n项 收人 5 分"), ["look-alike-name 收人"]);
    assert_eq!(findings("项 gd\u{0440} 5 分"), ["look-alike-name gd\u{0440}"]);
    assert_eq!(findings("项 ＡＢ 5 分\n项 AB县 5 分"), Vec::<String>::new());
}

#[test]
fn a_missing_blank_is_shown_at_the_word_that_lacks_it() {
    let fund = "分配 奖励 300,000 元 按 总分 每份100元";
    assert_eq!(findings(fund), ["unexpected-word 每份100元"]);
    let grades = "等次 按 总分\n  优秀 ≥ 90 分, 至多 20% 单位 去尾, 超出降为良好\n  良好 其余";
    assert_eq!(findings(grades), ["unexpected-word 超出降为良好"]);
}

#[test]
fn a_quota_may_ask_for_results_and_hold_products() {
    let (tree, found) = read(
        "名额 绩效奖\n  等次 = 优秀 → 8,000 元 × 1.2\n  名次 ≤ 3 且 等次 属于 {良好} → 8,000 元 × 120% × 50%\n  其余 → 2 × 3 人\n等次 按 总分\n  优秀 ≥ 90 分",
    );
    assert_eq!(found, Vec::<String>::new());
    let [quota, grades] = tree.parts.as_slice() else { panic!("{tree:?}") };
    let PartKind::Quota(quota) = &quota.kind else { panic!("{quota:?}") };
    let numbers: Vec<String> = quota
        .rows
        .iter()
        .map(|(_, written)| written)
        .chain(&quota.rest)
        .map(|written| match &written.number {
            LiteralNumber::Known(number) => number.to_string(),
            LiteralNumber::Unreadable(text) => text.clone(),
        })
        .collect();
    assert_eq!(numbers, ["9600", "4800", "6"]);
    assert!(matches!(grades.kind, PartKind::Grades(_)));
    assert_eq!(findings("名额 甲\n  其余 → 8 元 × 2 人"), ["unexpected-word 8 元 × 2 人"]);
    assert_eq!(findings("名额 甲\n  其余 → 8 元 × 乙"), ["unexpected-word 乙"]);
}

#[test]
fn a_matter_may_count_by_its_highest_points() {
    let (tree, found) = read("一事一计 大项目 同 企业 按 甲, 乙 取最高  依据 三\n一事不再扣 上访 按 丙");
    assert_eq!(found, Vec::<String>::new());
    let once: Vec<_> = tree
        .parts
        .iter()
        .map(|part| match &part.kind {
            PartKind::Once(once) => (once.items.len(), once.highest),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(once, [(2, true), (1, false)]);
    assert_eq!(kaoping_syntax::translate("一事不再扣 大项目 按 甲, 乙 取最高", false), "once 大项目 by 甲, 乙 highest");
}

#[test]
fn columns_of_events_have_bounds_and_blocks_name_who_leads() {
    let (tree, found) = read(
        "明细 大项目 project\n  总投资 total : 亿元 > 0 亿元\n  比例 share : 百分比 0%..100%, 名称 title : 文字\n块 业务 70 分  依据 一\n  牵头 招商办  依据 二\n  责任 甲专班, 乙专班",
    );
    assert_eq!(found, Vec::<String>::new());
    let [events, block] = tree.parts.as_slice() else { panic!("{tree:?}") };
    let PartKind::Events(events) = &events.kind else { panic!("{events:?}") };
    let limits: Vec<_> = events.columns.iter().map(|column| (column.bounds.len(), column.range.is_some())).collect();
    assert_eq!(limits, [(1, false), (0, true), (0, false)]);
    let PartKind::Block(block) = &block.kind else { panic!("{block:?}") };
    assert!(matches!(block.parties[0].kind, BodyKind::Lead(_)));
    assert!(matches!(&block.parties[1].kind, BodyKind::Responsible(names) if names.len() == 2));
}

#[test]
fn a_definition_below_a_block_or_a_fund_is_the_schemes() {
    let (tree, found) =
        read("方案 甲\n  满分 100 分\n块 乙 100 分\n设 丙 = 1 分  依据 一\n项 丁 5 分\n  设 戊 = 2 分\n  得 戊");
    assert_eq!(found, Vec::<String>::new());
    let PartKind::Scheme(scheme) = &tree.parts[0].kind else { panic!("{tree:?}") };
    let last = scheme.settings.last().expect("a setting");
    assert!(matches!(&last.kind, SettingKind::Let(it) if it.name.name.text == "丙"));
    assert_eq!(last.authority.len(), 1);
    assert_eq!(findings("设 丙 = 1 分"), ["misplaced-statement 设"]);
}
