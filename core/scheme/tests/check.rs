//! The checker: every reproducer causes its finding, shipped policies are clean, and a policy
//! with one thing changed gives the finding for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test reads the repository and stops at what should have been there"
)]

mod common;

use common::{count, findings, written};
use kaoping_scheme::{Folder, check::ranges};
use kaoping_terms::{Diagnostic, Exact, Level};
use std::path::Path;

/// Findings of the checker that have a folder in `errors/`.
const NAMES: &[&str] = &[
    "amount-below-zero",
    "award-count-mismatch",
    "award-despite-missed-target",
    "award-first-of-several",
    "award-for-every-lead",
    "award-places-empty",
    "award-places-overlap",
    "award-shares-points",
    "award-without-exclusion",
    "award-without-points",
    "best-ratio-undefined",
    "block-empty",
    "case-gap",
    "case-order-matters",
    "case-unreachable",
    "choice-unused",
    "class-overlap",
    "clause-broken-off",
    "clause-edge-contradictory",
    "clause-missing",
    "condition-never-met",
    "correction-not-followed",
    "correction-not-in-source",
    "counted-twice",
    "deadline-out-of-order",
    "deadline-step-unknown",
    "deduction-subtracted",
    "default-out-of-range",
    "display-undeclared",
    "figure-unreadable",
    "full-mark-undeclared",
    "item-above-points",
    "item-below-zero",
    "item-without-rule",
    "missing-undeclared",
    "no-clause",
    "no-lead",
    "no-responsible",
    "number-not-in-clause",
    "official-round-undeclared",
    "parameter-key-missing",
    "parameter-overlap",
    "parameter-unused",
    "parameter-without-source",
    "partial-step-undecided",
    "parts-do-not-sum",
    "payment-cliff",
    "periods-undeclared",
    "points-not-reachable",
    "points-without-award",
    "possible-division-by-zero",
    "quota-not-fillable",
    "quota-row-redundant",
    "several-leads",
    "steps-below-zero",
    "target-may-be-zero",
    "target-not-for-every-unit",
    "target-out-of-bounds",
    "target-unknown-indicator",
    "tier-gap",
    "tier-overlap",
    "tier-unreachable",
    "ties-undeclared",
    "total-does-not-match",
    "total-not-reachable",
    "unknown-attribute",
    "word-only-otherwise",
];

fn shown(finding: &Diagnostic) -> String {
    format!("{:?}[{}] {} ({})", finding.level, finding.name, finding.message.zh, finding.label.zh)
}

#[test]
fn every_reproducer_causes_its_finding() {
    let mut silent = Vec::new();
    for name in NAMES {
        let path = common::repository().join("errors").join(name);
        let found = findings(&common::folder(&path), &path);
        let Some(finding) = found.iter().find(|finding| finding.name == *name) else {
            let others: Vec<String> = found.iter().map(shown).collect();
            silent.push(format!("{name}: {}", others.join("; ")));
            continue;
        };
        let words = [&finding.message, &finding.why, &finding.next];
        assert!(
            words.iter().all(|text| !text.zh.is_empty() && !text.en.is_empty()),
            "{name} says what, why and what next"
        );
        assert!(finding.place.is_some(), "{name} says where");
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn shipped_policies_are_clean() {
    let mut faults = Vec::new();
    for path in common::policies() {
        if path.ends_with("livelihood-as-issued") {
            continue;
        }
        let found = findings(&common::folder(&path), &path);
        let grave = found.iter().filter(|finding| finding.level != Level::Note);
        faults.extend(grave.map(|finding| format!("{}: {}", path.display(), shown(finding))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the faithful transcription must be refused for, each with the characters quoted.
#[test]
fn the_regulation_as_issued_is_refused() {
    let path = common::repository().join("policies/livelihood-as-issued");
    let found = findings(&common::folder(&path), &path);
    let has = |name: &str, words: &str| {
        let hit = found.iter().find(|finding| {
            let all = [&finding.message.zh, &finding.label.zh];
            finding.name == name && all.iter().any(|text| text.contains(words))
        });
        assert!(hit.is_some(), "{name} with {words}");
        hit.and_then(|finding| finding.source.clone())
    };
    for (name, words, quoted) in [
        ("parts-do-not-sum", "2 + 1 + 0.5 + 3.5 = 7", "组织实施6分"),
        ("parts-do-not-sum", "12 + 8 + 20 + 18.5 + M.5 + 20 + 6 + 12 > 88", "任务完成88分"),
        ("total-does-not-match", "6 + 6 + 88 = 100", "总分值200分"),
        ("figure-unreadable", "M.5", "教育卫生事业 M.5分"),
        ("figure-unreadable", "= 13", "共 M 个"),
        ("deadline-out-of-order", "1月25日", "1月25日"),
        ("award-first-of-several", "社会保险先进县", "取第一名"),
        ("award-first-of-several", "社会救助先进县", "取第一名"),
        ("award-shares-points", "医疗保障", "医疗保障工作先进县3个"),
        ("award-shares-points", "教育卫生事业", "教育工作先进县1个"),
        ("points-without-award", "扶贫开发", "扶贫开发6分"),
        ("award-for-every-lead", "牵头单位一共 8 个", "综合先进市直单位8个"),
        ("quota-row-redundant", "财政, 民政, 卫生", "其他责任单位和协办单位各2名"),
        ("best-ratio-undefined", "0 ÷ 0", "超额完成最高比例"),
    ] {
        let source = has(name, words).unwrap_or_else(|| panic!("{name} quotes the clause"));
        let clauses = std::fs::read_to_string(path.join("clauses.md")).expect("clauses.md");
        assert!(clauses.contains(quoted), "{quoted}");
        let clause = clauses.split("## ").find(|clause| clause.contains(quoted)).unwrap_or_default();
        assert!(clause.starts_with(&source.clause), "{name} quotes {} and not the clause with {quoted}", source.clause);
    }
    for name in [
        "choice-not-made",
        "target-may-be-zero",
        "rounding-undeclared",
        "ties-undeclared",
        "missing-undeclared",
        "no-lead",
        "several-leads",
        "no-responsible",
        "item-without-rule",
    ] {
        assert!(found.iter().any(|finding| finding.name == name), "{name}");
    }
}

/// A policy of one decision, from 区医疗救助 with its numbers; `choices` as the policy has them.
fn medical(trigger: &str, tiers: &str) -> Vec<Diagnostic> {
    let scheme = format!(
        "决定 医疗救助   依据 二
  读入 类别     category   : 三无=1 | 丧劳无业=2 | 低收入大病=5 | 其他特困=7
  读入 住院费   inpatient  : 元 0 元..1,000,000 元
  读入 保险支付 insurer    : 元 0 元..1,000,000 元
  读入 今年已补 paid_ytd   : 元 ≥ 0 元
  设 个人负担
     当 类别 属于 {{三无, 其他特困}} → 不适用
     否则                          → 住院费 − 保险支付
  设 比例
     当 类别 = 低收入大病 → 档 个人负担
                          ≤ 5,000 元  → 25%
                          ≤ 20,000 元 → 35%
                          其余        → 50%
     否则 → 25%{tiers}
  设 余额 = 较大(0 元, 5,000 元 − 今年已补)
  设 应补 = 取到(比例 × 个人负担, 0.01 元, 四舍五入)
  给出 补助额 benefit : 元
  结论
     当 类别 属于 {{三无, 其他特困}} → 人工审定
     当 个人负担 ≤ 1,000 元       → 不予补助
     当 余额 = 0 元              → 已到限额
     否则                       → 补助 较小(应补, 余额){trigger}
"
    );
    let clauses = "# 医疗救助\n\n## 二\n\n超过1000元以上的,补助四分之一,一般每年最多5000元。\n".to_string();
    let files = vec![("clauses.md".to_string(), clauses), ("scheme.kp".to_string(), scheme)];
    findings(&Folder { root: "medical".to_string(), files }, Path::new("."))
}

#[test]
fn cliffs_are_told_with_the_amounts_on_both_sides() {
    let found = medical("", "");
    let cliffs: Vec<&Diagnostic> = found.iter().filter(|finding| finding.name == "payment-cliff").collect();
    let shown: Vec<String> = cliffs.iter().map(|finding| shown(finding)).collect();
    // Past 1,000 +250; in category 5 past 5,000 +500; none at 20,000, the yearly limit hides it.
    assert_eq!(cliffs.len(), 2, "{}", shown.join("\n"));
    for (edge, amounts) in
        [("从 1,000 元到 1,000.01 元", "0 元跳到 250 元"), ("从 5,000 元到 5,000.01 元", "1,250 元跳到 1,750 元")]
    {
        let hit = cliffs.iter().find(|cliff| cliff.message.zh.contains(edge) && cliff.message.zh.contains(amounts));
        assert!(hit.is_some_and(|cliff| cliff.level == Level::Warning), "{}", shown.join("\n"));
    }
    let reason = "   选择 \"怎么算,原文未定\"";
    let accepted = medical(reason, reason);
    let notes = accepted.iter().filter(|finding| finding.name == "payment-cliff" && finding.level == Level::Note);
    assert_eq!(notes.count(), 2, "a choice accepts them");
    assert!(
        accepted
            .iter()
            .all(|finding| finding.name != "possible-division-by-zero" && finding.name != "amount-below-zero")
    );
    // Only the three figures we chose ourselves are not in the clause: 20,000, 35 %, 0.01 and 50 %.
    let unsaid = found.iter().filter(|finding| finding.name == "number-not-in-clause").count();
    assert_eq!(unsaid, 4, "{}", found.iter().map(shown_place).collect::<Vec<_>>().join("\n"));
}

fn shown_place(finding: &Diagnostic) -> String {
    format!("{} {:?}", shown(finding), finding.place)
}

#[test]
fn ranges_of_the_corrected_standard() {
    let path = common::repository().join("policies/livelihood");
    let (_, compiled, _) = common::load(&path);
    let all = ranges(&compiled.standard);
    let scheme = compiled.standard.schemes.first().expect("a scheme");
    let of = |name: &str| {
        let at = scheme.items.iter().position(|item| item.name == name).expect(name);
        let range = all[0].items[at].clone().expect("a range");
        (range.span.expect("values").written(), range.exact)
    };
    // Base 3: not met down to 40 %, best over-fulfilment 20 % more.
    assert_eq!(of("城镇新增就业"), ("[1.2, 3.6]".to_string(), true));
    assert_eq!(of("企业养老保险参保"), ("[0.8, 2.4]".to_string(), true));
    assert_eq!(of("失业保险参保").0, "[0.4, 1]");
    assert_eq!(of("组织领导"), ("[0, 1]".to_string(), true));
    assert_eq!(of("处分扣分"), ("[0, ∞)".to_string(), true));
    assert_eq!(of("民意测评").0, "[0, 6]");
    let total = all[0].total.clone().and_then(|range| range.span).expect("a total");
    let (most, itself) = total.high().cloned().expect("a most");
    assert!(itself && most > Exact::whole(100), "the bonus lifts the total above the full mark: {most}");
}

#[test]
fn township_items_keep_to_their_floor_and_sink_without_it() {
    let path = common::repository().join("policies/township-2014");
    let mut folder = common::folder(&path);
    assert!(findings(&folder, &path).iter().all(|finding| finding.name != "item-below-zero"));
    change(&mut folder, "scheme.kp", "  至少  0 分   选择 \"各项扣完为止", "  # \"各项扣完为止");
    let found = findings(&folder, &path);
    let low: Vec<&Diagnostic> = found.iter().filter(|finding| finding.name == "item-below-zero").collect();
    // 五保供养, 扶贫扶优, 来信来访, 婚姻管理, 资料上报; the last has a 选择 on its deduction, which
    // speaks of something else than the floor.
    assert_eq!(low.len(), 5, "{}", low.iter().map(|finding| shown(finding)).collect::<Vec<_>>().join("\n"));
    assert!(low.iter().any(|finding| finding.message.zh.contains("“婚姻管理”可以是负分：不超过 5 分")));
}

/// Replaces words of one file, which must be there once or more; the first is replaced.
fn change(folder: &mut Folder, file: &str, from: &str, to: &str) {
    let text = &mut folder.files.iter_mut().find(|(path, _)| path == file).expect(file).1;
    assert!(text.contains(from), "{file} has {from}");
    *text = text.replacen(from, to, 1);
}

/// One change to a clean policy, and the finding it must cause.
#[test]
fn each_single_change_to_a_clean_policy_is_found() {
    let changes: &[(&str, &str, &str, &str, &str)] = &[
        ("livelihood", "indicators.csv", "城镇新增就业,3 分", "城镇新增就业,4 分", "parts-do-not-sum"),
        ("livelihood", "scheme.kp", "块 就业和创业 12 分", "块 就业和创业 13 分", "parts-do-not-sum"),
        ("livelihood", "scheme.kp", "块 就业和创业 12 分", "块 就业和创业 13 分", "total-does-not-match"),
        ("livelihood", "scheme.kp", "块 就业和创业 12 分", "块 就业和创业 13 分", "number-not-in-clause"),
        ("livelihood", "scheme.kp", "满分    100 分", "满分    120 分", "total-does-not-match"),
        ("livelihood", "scheme.kp", "01-15 前", "01-25 前", "deadline-out-of-order"),
        ("livelihood", "scheme.kp", "审核汇总排名     01-30 前", "审核汇总排名     01-18 前", "deadline-out-of-order"),
        ("livelihood", "scheme.kp", "审核汇总排名     01-30 前", "审核汇总排名     01-29 前", "number-not-in-clause"),
        ("livelihood", "scheme.kp", "合计奖数 11 个", "合计奖数 12 个", "award-count-mismatch"),
        (
            "livelihood",
            "scheme.kp",
            "奖 社会保险先进县 取 前 1 名",
            "奖 社会保险先进县 取 前 2 名",
            "award-count-mismatch",
        ),
        ("livelihood", "scheme.kp", "  其余 → 1 人", "  其余 → 2 人", "quota-row-redundant"),
        ("livelihood", "scheme.kp", "按 社会保险 除 综合先进", "按 社会救助 除 综合先进", "award-shares-points"),
        ("livelihood", "scheme.kp", "末位并列 全取   选择 \"并列第一的", "  选择 \"并列第一的", "ties-undeclared"),
        ("livelihood", "scheme.kp", "从高到低 并列占位", "从高到低", "ties-undeclared"),
        ("rulebook/12-grades", "scheme.kp", "末位并列 全舍, ", "", "ties-undeclared"),
        ("livelihood", "scheme.kp", "  未报    暂缺", "  # 暂缺", "missing-undeclared"),
        ("livelihood", "scheme.kp", "  每项取到 0.01 分 四舍五入", "  # 0.01 分", "rounding-undeclared"),
        ("livelihood", "scheme.kp", "依据 二(二)4", "依据 二(二)44", "clause-missing"),
        ("livelihood", "scheme.kp", "原文 \"总分值200分\"", "原文 \"总分值210分\"", "correction-not-in-source"),
        ("livelihood", "indicators.csv", "考评办,统计,,二(一)2", "考评办,,,二(一)2", "no-responsible"),
        ("livelihood", "indicators.csv", "财政,财政,,二(一)1", ",财政,,二(一)1", "no-lead"),
        ("livelihood", "indicators.csv", "财政,财政,,二(一)1", "\"财政,民政\",财政,,二(一)1", "several-leads"),
        ("livelihood", "targets.csv", "甲县,101,目标数,5000 人", "甲县,101,目标数,0 人", "target-out-of-bounds"),
        ("livelihood", "targets.csv", "甲县,101,目标数", "甲县,111,目标数", "target-unknown-indicator"),
        ("livelihood", "targets.csv", "甲县,101,目标数", "甲县,111,目标数", "target-not-for-every-unit"),
        ("livelihood", "scheme.kp", "奖 综合先进 取 前 3 名", "奖 综合先进 取 前 30 名", "quota-not-fillable"),
        ("golden-insurance-example", "scheme.kp", "≥ 80% → 15 分", "≥ 96% → 15 分", "tier-unreachable"),
        ("golden-insurance-example", "scheme.kp", "≥ 60% → 8 分", "≤ 60% → 8 分", "tier-gap"),
        ("golden-insurance-example", "scheme.kp", "≥ 95% → 分值", "≥ 101% → 分值", "tier-unreachable"),
        (
            "golden-insurance-example",
            "scheme.kp",
            "前期评估 2005-12 内",
            "前期评估 2006-12 内",
            "deadline-out-of-order",
        ),
        ("golden-insurance-example", "scheme.kp", "万元 > 0 万元", "万元 ≥ 0 万元", "target-may-be-zero"),
        ("golden-insurance-example", "scheme.kp", "块 组织保障 20 分", "块 组织保障 21 分", "parts-do-not-sum"),
        ("golden-insurance-example", "scheme.kp", "项 领导机构 8 分", "项 领导机构 9 分", "points-not-reachable"),
        ("golden-insurance-example", "scheme.kp", "  显示到 0.01 分 四舍五入", "  # 0.01 分", "display-undeclared"),
        ("golden-insurance-example", "scheme.kp", "  正式 = 验收", "  # 验收", "official-round-undeclared"),
        ("township-2014", "scheme.kp", "项 五保供养 10 分", "项 五保供养 12 分", "total-does-not-match"),
        ("township-2014", "scheme.kp", "满分  30 分", "满分  31 分", "parts-do-not-sum"),
        ("township-2014", "scheme.kp", "项 村民自治 5 分   依据 三5", "项 村民自治 5 分", "no-clause"),
        ("township-2014", "scheme.kp", "扣 每 非法婚姻  2 分", "扣 每 非法婚姻  3 分", "number-not-in-clause"),
        ("township-2014", "scheme.kp", "当 火化率 < 100% → 0 分", "当 火化率 > 100% → 0 分", "case-unreachable"),
        ("rulebook/12-grades", "scheme.kp", "良好 ≥ 80 分", "良好 ≥ 95 分", "tier-unreachable"),
        ("rulebook/12-grades", "scheme.kp", "良好 ≥ 80 分", "良好 ≥ 81 分", "number-not-in-clause"),
        ("rulebook/02-merged-districts", "scheme.kp", "≥ 90% → 0.8 分", "≥ 97% → 0.8 分", "tier-unreachable"),
        ("rulebook/03-weights", "scheme.kp", "折自 5 分", "折自 6 分", "parts-do-not-sum"),
        ("rulebook/06-bonus-cap", "scheme.kp", "  至少 0 分   依据 行6目标", "", "item-below-zero"),
        (
            "golden-insurance-example",
            "scheme.kp",
            "  显示到 0.01 分 四舍五入",
            "  显示到 0.01 分 四舍五入\n  总分 = 组织保障 + 组织保障",
            "counted-twice",
        ),
    ];
    let mut missed = Vec::new();
    for (policy, file, from, to, name) in changes {
        let path = common::repository().join("policies").join(policy);
        let mut folder = common::folder(&path);
        change(&mut folder, file, from, to);
        let found = findings(&folder, &path);
        if !found.iter().any(|finding| finding.name == *name) {
            let others: Vec<String> = found.iter().filter(|finding| finding.level != Level::Note).map(shown).collect();
            missed.push(format!("{policy}: {from} → {to}: no {name}, but {}", others.join("; ")));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A generator of numbers that repeats itself from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

/// Weights moved at random: every one that breaks a sum is found, with the right sum.
#[test]
fn random_weights_are_found() {
    let path = common::repository().join("policies/livelihood");
    let clean = common::folder(&path);
    let rows: Vec<String> = {
        let table = &clean.files.iter().find(|(path, _)| path == "indicators.csv").expect("a table").1;
        table.lines().skip(1).map(str::to_string).collect()
    };
    let mut dice = Dice(7);
    for _ in 0..25 {
        let row = &rows[dice.roll(rows.len())];
        let cells: Vec<&str> = row.split(',').collect();
        let (block, points) = (cells[1], cells[3]);
        let old = Exact::parse(points.trim_end_matches(" 分")).expect("points");
        let new = &old + &Exact::decimal(1 + i128::try_from(dice.roll(40)).expect("small"), 1);
        let changed = row.replacen(points, &format!("{new} 分"), 1);
        let mut folder = clean.clone();
        change(&mut folder, "indicators.csv", row, &changed);
        let found = findings(&folder, &path);
        let sum = found.iter().find(|finding| finding.name == "parts-do-not-sum");
        assert!(
            sum.is_some_and(|finding| finding.message.zh.starts_with(&format!("{block}：各项之和是"))),
            "{changed}"
        );
    }
}

/// A tier edge moved past its neighbours is found, one moved between them is not.
#[test]
fn random_tier_edges_are_found_only_where_they_break() {
    let path = common::repository().join("policies/golden-insurance-example");
    let clean = common::folder(&path);
    let mut dice = Dice(11);
    for _ in 0..20 {
        let edge = 1 + dice.roll(99);
        let mut folder = clean.clone();
        change(&mut folder, "scheme.kp", "≥ 80% → 15 分", &format!("≥ {edge}% → 15 分"));
        let found = findings(&folder, &path);
        let broken = found.iter().any(|finding| finding.name == "tier-unreachable");
        assert_eq!(broken, edge >= 95 || edge <= 60, "edge {edge}");
    }
}

/// One fault of many parts is one finding that names them all and shows twelve.
#[test]
fn one_fault_of_many_items_is_said_once() {
    let items: String = (1..=15).map(|at| format!("项 第{at}项 1 分\n")).collect();
    let found = written("## 一\n\n各项1分。\n", &items.replace("1 分", "1 分   依据 一"));
    let silent: Vec<&Diagnostic> = found.iter().filter(|finding| finding.name == "item-without-rule").collect();
    assert_eq!(silent.len(), 1);
    assert!(silent[0].message.zh.contains("“第1项”") && silent[0].message.zh.contains("等 15 处"));
    assert_eq!(silent[0].related.len(), 11);
    assert!(silent[0].place.is_some() && silent[0].source.is_some());
    assert_eq!(count(&found, "item-below-zero"), 0, "without a rule there is nothing to fall");
}

/// A division is clear behind a case for zero and behind 且, also inside a condition.
#[test]
fn guarded_shares_in_conditions_are_no_risk() {
    let scored = |formula: &str| {
        let item =
            format!("项 甲项 10 分   选择 \"试\"\n  读入 数 : 件 ≥ 0 件\n  读入 好 : 件 ≥ 0 件\n  得 {formula}\n");
        count(&written("", &item), "target-may-be-zero")
    };
    assert_eq!(scored("当 数 = 0 → 0 分\n     当 好 / 数 ≥ 60% → 分值\n     否则 → 0 分"), 0);
    assert_eq!(scored("当 数 > 0 且 好 / 数 ≥ 60% → 分值\n     否则 → 0 分"), 0);
    assert_eq!(scored("当 好 / 数 ≥ 60% → 分值\n     否则 → 0 分"), 1);
}

/// A choice about something else does not say how far an item can fall.
#[test]
fn only_a_choice_about_the_floor_accepts_a_fall_below_zero() {
    let low = |reason: &str| {
        let item = format!(
            "项 甲项 10 分   依据 一\n  读入 次数 : 次 ≥ 0 次\n  得 分值 − 2 分/次 × 次数   选择 \"{reason}\"\n"
        );
        count(&written("## 一\n\n甲项10分。\n", &item), "item-below-zero")
    };
    assert_eq!(low("4:3 的比例照搬到这里"), 1);
    assert_eq!(low("原文没有封底,可以倒扣"), 0);
}

/// Where one award leaves out the winners of the other, the same points go to two units.
#[test]
fn awards_of_one_value_share_it_only_where_neither_leaves_the_other_out() {
    let shared = |second: &str| {
        let parts = format!(
            "块 甲块 10 分\n项 甲项 10 分\n  读入 完成 : 是否\n  得 当 完成 → 分值 否则 → 0 分\n奖 一等 取 前 1 名 按 甲块 末位并列 全取\n奖 二等 取 前 1 名 按 甲块 {second} 末位并列 全取\n"
        );
        count(&written("", &parts), "award-shares-points")
    };
    assert_eq!(shared(""), 1);
    assert_eq!(shared("除 一等"), 0);
}

/// Figures above zero add up to zero where there is no row, so only a case helps.
#[test]
fn a_sum_of_rows_is_guarded_by_a_case_and_not_by_a_range() {
    let found = |earn: &str| {
        let parts = format!("项 甲项 10 分\n  读入 办件数 : 件 > 0 件 每月\n{earn}");
        let policy = written("", &parts);
        policy.iter().find(|finding| finding.name == "possible-division-by-zero").map(|finding| finding.next.zh.clone())
    };
    let next = found("  得 分值 × 10 件 / 合计(办件数 于 各月)\n").unwrap_or_default();
    assert!(next.contains("当 合计(办件数 于 各月) > 0 → …"), "{next}");
    assert!(!next.contains("或给读入的数写上"), "{next}");
    let guarded =
        "  得 当 合计(办件数 于 各月) > 0 件 → 分值 × 较小(1, 10 件 / 合计(办件数 于 各月))\n     否则 → 0 分\n";
    assert_eq!(found(guarded), None);
}

/// Points that deductions and bonuses lead to.
#[test]
fn a_minus_before_deductions_is_found_in_the_total_only_where_they_are_negative() {
    let total = |sign: &str, body: &str| {
        let parts = format!(
            "  总分 = 基础 {sign} 处分\n明细 违纪 fault\n  事由 about : 文字\n块 基础 10 分\n项 甲项 10 分\n  读入 完成 : 是否\n  得 当 完成 → 分值 否则 → 0 分\n块 扣分 不计满分\n项 处分\n{body}"
        );
        count(&written("", &parts), "deduction-subtracted")
    };
    assert_eq!(total("−", "  扣 每 违纪 2 分\n"), 1);
    assert_eq!(total("+", "  扣 每 违纪 2 分\n"), 0);
    assert_eq!(total("−", "  读入 扣了 : 分 0 分..5 分\n  得 扣了\n"), 0);
}

/// 最高 − 最低 is zero where all are equal, not where nobody is above.
#[test]
fn a_spread_of_zero_is_said_in_its_own_words() {
    let item = "项 甲项 10 分\n  读入 数 : 件 0 件..100 件\n  设 差 = 最高(数 于 同组) − 最低(数 于 同组)\n  得 分值 × (数 − 最低(数 于 同组)) / 差\n";
    let found = written("", item);
    let spread = found.iter().find(|finding| finding.message.zh.contains("大家都一样时“差”是零"));
    assert!(spread.is_some(), "{}", found.iter().map(shown).collect::<Vec<_>>().join("\n"));
    let guarded = item.replace(
        "得 分值 × (数 − 最低(数 于 同组)) / 差",
        "得 当 差 > 0 → 分值 × (数 − 最低(数 于 同组)) / 差 否则 → 分值",
    );
    let found = written("", &guarded);
    assert!(
        found.iter().all(|finding| ![
            "best-ratio-undefined",
            "possible-division-by-zero",
            "item-above-points",
            "item-below-zero"
        ]
        .contains(&finding.name)),
        "{}",
        found.iter().map(shown).collect::<Vec<_>>().join("\n")
    );
}

/// 人工审定 rests on a word, 已到限额 on what is left: they can fit together, and share no border.
#[test]
fn a_line_that_one_case_draws_alone_is_no_shared_border() {
    let text = "决定 补助   示例 \"例\"\n  读入 类别 class : 一类=1 | 二类=2\n  读入 余额 left : 元 0 元..100 元\n  给出 补助额 benefit : 元\n  结论\n     当 类别 = 二类 → 人工审定 0 元\n     当 余额 ≤ 0 元 → 已到限额 0 元\n     否则 → 补助 余额\n";
    let folder = kaoping_scheme::Folder { root: ".".into(), files: [("scheme.kp".into(), text.into())].into() };
    let (policy, compiled, _) = common::load_folder(&folder, std::path::Path::new("."));
    let found = kaoping_scheme::check::check(&policy, &compiled.standard);
    let names: Vec<&str> = found.findings().iter().map(|finding| finding.name).collect();
    assert!(!names.contains(&"class-overlap"), "{names:?}");
    assert!(names.contains(&"case-order-matters"), "{names:?}");
}
