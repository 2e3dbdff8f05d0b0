//! The smallest change that matters, held against the assessment itself: every figure is put in
//! its file as the margin says, and one step less, and everything is scored anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at what should have been there"
)]

mod folders;

use folders::Read;
use kaoping_assess::{
    AwardReason, Options, assess,
    explain::{Called, Effect, Margin, Margins, margins},
};
use kaoping_scheme::{Policy, Standard};
use kaoping_terms::Lang;
use std::collections::BTreeMap;

const HEAD: &str = "\
属性 试点 pilot : 是否 选择 \"例\"
方案 试 \"例\"
  满分 100 分 选择 \"例\"
  每项取到 0.01 分 四舍五入 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
";

/// A plain item, one that three units share, one with a substitute, and a nested scheme.
const ITEMS: &str = "\
项 工作 30 分 选择 \"例\"
  读入 办结数 done : 件 ≥ 0 件
  读入 应办数 due : 件 ≥ 1 件
  得 分值 × 较小(办结数 / 应办数, 1)
项 合办 30 分 选择 \"例\"
  读入 合办数 joint : 件 ≥ 0 件
  得 较小(30 分, 1 分/件 × 合办数)
项 改革 20 分 选择 \"例\"
  适用 当 单位.试点 选择 \"例\"
  不适用时 改评 学习 选择 \"例\"
  读入 事项 pilots : 件 ≥ 0 件
  得 分值 × 较小(事项 / 8 件, 1)
项 学习 选择 \"例\"
  读入 课时 lessons : 件 ≥ 0 件
  得 分值 × 较小(步数(课时, 5 件, 整步) / 4, 1)
项 细目 20 分 选择 \"例\"
  子方案 细则
合并 东区 = 甲 + 丙 用于 合办 合计 合办数 得分 各得同分 选择 \"例\"
";

const NESTED: &str = "\
方案 细则 \"例\"
  满分 20 分 选择 \"例\"
  至少 0 分 选择 \"例\"
  每项取到 不取整 选择 \"例\"
项 建档 10 分 选择 \"例\"
  读入 档案 files : 件 ≥ 0 件
  得 当 档案 ≥ 3 件 且 档案 ≤ 9 件 → 分值 否则 → 0 分
项 走访 10 分 选择 \"例\"
  读入 走访数 visits : 件 ≥ 0 件
  得 较小(分值, 2 分/件 × 走访数)
";

const UNITS: &str = "单位,名称,试点\n甲,甲,是\n乙,乙,否\n丙,丙,否\n丁,丁,是\n";

/// What the policy reads of each unit: indicator, field, the largest figure, for whom.
const READ: [(&str, &str, u64, Option<bool>); 7] = [
    ("工作", "办结数", 30, None),
    ("工作", "应办数", 30, None),
    ("合办", "合办数", 16, None),
    ("改革", "事项", 9, Some(true)),
    ("学习", "课时", 22, Some(false)),
    ("细目/建档", "档案", 12, None),
    ("细目/走访", "走访数", 6, None),
];

/// A row of the file.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    unit: &'static str,
    indicator: &'static str,
    field: &'static str,
    period: &'static str,
    round: &'static str,
    value: i64,
}

/// Made-up figures for some rounds, each with its period.
fn rows(rounds: &[(&'static str, &'static str)]) -> Vec<Row> {
    let mut seed = 2u64;
    let mut rows = Vec::new();
    for (round, period) in rounds {
        for (unit, is_pilot) in [("甲", true), ("乙", false), ("丙", false), ("丁", true)] {
            for (indicator, field, most, _) in READ.into_iter().filter(|row| row.3.is_none_or(|it| it == is_pilot)) {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let value = i64::try_from((seed >> 33) % most).unwrap() + 1;
                rows.push(Row { unit, indicator, field, period, round, value });
            }
        }
    }
    rows
}

struct Case {
    standard: Standard,
    policy: Policy,
    rows: Vec<Row>,
}

impl Case {
    fn new(head: &str, rounds: &[(&'static str, &'static str)]) -> Self {
        let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{head}{ITEMS}{NESTED}"));
        Self { standard, policy, rows: rows(rounds) }
    }

    fn read(&self, rows: &[Row]) -> Read {
        let mut text = String::from("单位,指标,字段,数值,期间,轮次\n");
        for Row { unit, indicator, field, period, round, value } in rows {
            text.push_str(&format!("{unit},{indicator},{field},{value},{period},{round}\n"));
        }
        let files = [("units.csv", UNITS.to_string()), ("facts.csv", text)];
        let files: BTreeMap<String, String> = files.map(|(name, text)| (name.to_string(), text)).into();
        Read::new(&self.standard, &self.policy, &files)
    }

    fn margins(&self, round: Option<usize>, unit: &str, item: (usize, usize)) -> Margins {
        let read = self.read(&self.rows);
        let unit = read.units.find(unit).expect("the unit");
        margins(read.of(&self.standard), round, unit, item.0, item.1, Lang::Zh)
    }

    /// The row a figure stands in.
    fn row(&self, unit: &str, indicator: &str, called: &Called, own: (&str, &str)) -> usize {
        let name = called.name.rsplit('·').next().unwrap_or_default().trim_start_matches("东区");
        let item = called.name.split_once('·').map(|(item, _)| item);
        let (round, period) = match called.round.as_str() {
            "" => own,
            round => (round, called.row.as_str()),
        };
        let fits = |row: &&Row| {
            let is_item = match item {
                Some(item) => row.indicator.ends_with(item),
                None => row.indicator == indicator || name != "办结数",
            };
            (row.unit, row.field, row.round) == (unit, name, round)
                && is_item
                && (period.is_empty() || row.period == period)
        };
        let found: Vec<usize> = self.rows.iter().enumerate().filter(|(_, row)| fits(row)).map(|(at, _)| at).collect();
        assert_eq!(found.len(), 1, "{unit} {called:?}");
        found[0]
    }

    /// What an effect is about, after a figure has changed by so much: the points in the round that
    /// is explained, the place in that or the official round, or whether an award is listed.
    fn after(
        &self,
        round: Option<usize>,
        unit: &str,
        item: (usize, usize),
        margin: &Margin,
        at: usize,
        by: i64,
    ) -> String {
        let mut rows = self.rows.clone();
        rows[at].value += by;
        if rows[at].value < 0 && margin.input.name.starts_with("东区") {
            // Of units that count together another one brings the rest.
            let same =
                |row: &Row| (row.field, row.period, row.round) == (rows[at].field, rows[at].period, rows[at].round);
            let other = |row: &Row| same(row) && row.unit != rows[at].unit && ["甲", "丙"].contains(&row.unit);
            let other = rows.iter().position(other).expect("another one");
            rows[other].value += core::mem::take(&mut rows[at].value);
        }
        let read = self.read(&rows);
        let unit = read.units.find(unit).expect("the unit");
        let run = |round| assess(read.of(&self.standard), &Options { round, ..Options::default() });
        match &margin.effect {
            Effect::Points { .. } => {
                let assessment = run(round);
                let result = assessment.items.iter().find(|result| (result.scheme, result.item) == item);
                result.map(|result| format!("{:?}", result.score.cell(unit as usize).value)).unwrap_or_default()
            }
            Effect::Place { round: Some(_), .. } => format!("{:?}", run(None).place(unit)),
            Effect::Place { round: None, .. } => format!("{:?}", run(round).place(unit)),
            Effect::Award { .. } => {
                let awards = run(None).awards;
                let reason = awards.first().and_then(|award| award.reasons.get(unit as usize));
                let listed = matches!(reason, Some(AwardReason::Listed { .. } | AwardReason::ToDecide { .. }));
                listed.to_string()
            }
        }
    }

    /// Where nothing is said of the place that counts, no figure near or far changes it.
    fn no_other(&self, round: Option<usize>, unit: &str, id: &str, margins: &Margins, own: (&str, &str)) {
        for called in &margins.tried {
            let at = self.row(unit, id, called, own);
            for more in [true, false] {
                let is_said = |margin: &Margin| margin.input == *called && margin.more == more && is_place(margin);
                let value = self.rows[at].value;
                let others = if more { [value + 1, value + 7, value + 60] } else { [value - 1, value / 2, 1] };
                for other in others.into_iter().filter(|_| !margins.found.iter().any(is_said)) {
                    let mut rows = self.rows.clone();
                    rows[at].value = other.max(1);
                    let place = |rows: &[Row]| {
                        let read = self.read(rows);
                        let unit = read.units.find(unit).expect("the unit");
                        assess(read.of(&self.standard), &Options { round, ..Options::default() }).place(unit)
                    };
                    assert_eq!(place(&self.rows), place(&rows), "{unit} {id} {called:?} {value} → {other}");
                }
            }
        }
    }

    /// Every margin is where the change comes, and not a step before.
    fn holds(&self, round: Option<usize>, own: (&str, &str)) -> Vec<(String, String, Margin)> {
        let mut checked = Vec::new();
        for unit in ["甲", "乙", "丙", "丁"] {
            let items = self.standard.schemes.iter().enumerate().flat_map(|(scheme, model)| {
                model.items.iter().enumerate().map(move |(item, model)| ((scheme, item), model.id.clone()))
            });
            for (item, id) in items {
                let margins = self.margins(round, unit, item);
                assert!(margins.untried.is_empty(), "{margins:?}");
                self.no_other(round, unit, &id, &margins, own);
                for margin in margins.found {
                    let at = self.row(unit, &id, &margin.input, own);
                    let by = margin.by_exact.to_i64().expect("whole steps");
                    let sign = if margin.more { 1 } else { -1 };
                    let value = |by: i64| self.after(round, unit, item, &margin, at, sign * by);
                    let (now, then) = (value(0), value(by));
                    assert_ne!(now, then, "{unit} {id} {margin:?}");
                    for less in [1, by / 2, by - 2, by - 1].into_iter().filter(|less| (1..by).contains(less)) {
                        assert_eq!(now, value(less), "{unit} {id} {margin:?} after {less}");
                    }
                    if let Effect::Place { from, to, .. } = &margin.effect {
                        assert_eq!((now, then), (format!("{:?}", Some(from)), format!("{:?}", Some(to))));
                    }
                    checked.push((unit.to_string(), id.clone(), margin));
                }
            }
        }
        checked
    }
}

const AWARD: &str = "奖 先进 取 前 1 名 按 年度得分 于 全体 末位并列 人工 选择 \"例\"\n";
const BY_YEAR: &str = "\
  设 年度得分 = 平均(月评.总分 于 各月) × 30% + 年终.总分 × 70% 选择 \"例\"
  名次 年度得分 从高到低 并列占位 选择 \"例\"
轮次 月评 monthly 每月 | 年终 year
  正式 = 年终 选择 \"例\"
";
const ROUNDS: [(&str, &str); 3] = [("月评", "2024-01"), ("月评", "2024-02"), ("年终", "2024")];

fn is_place(margin: &Margin) -> bool {
    matches!(margin.effect, Effect::Place { .. })
}

/// Whether a place depends on a field of an item.
fn moves(checked: &[(String, String, Margin)], item: &str, field: &str) -> bool {
    checked.iter().any(|(_, id, margin)| id == item && margin.input.name.ends_with(field) && is_place(margin))
}

#[test]
fn figures_of_the_year_and_of_its_months_move_the_year() {
    let case = Case::new(&format!("{BY_YEAR}{AWARD}"), &ROUNDS);
    let checked = case.holds(None, ("年终", "2024"));
    // Merged, substituted and nested figures are carried to the place of the year.
    for (item, field) in
        [("工作", "办结数"), ("合办", "东区合办数"), ("改革", "事项"), ("改革", "课时"), ("细目", "走访·走访数")]
    {
        assert!(moves(&checked, item, field), "{item} {field} moves no place");
    }
    let of_months = |margin: &Margin| margin.input.round == "月评" && is_place(margin);
    assert!(checked.iter().any(|(_, _, margin)| of_months(margin)), "no month moves a place");
    assert!(checked.iter().any(|(_, _, margin)| matches!(margin.effect, Effect::Award { .. })), "no award");
}

#[test]
fn the_item_of_a_month_says_what_it_does_to_the_year() {
    let case = Case::new(&format!("{BY_YEAR}{AWARD}"), &ROUNDS);
    let checked = case.holds(Some(0), ("月评", "2024-02"));
    let of_year =
        |margin: &Margin| matches!(&margin.effect, Effect::Place { round: Some(round), .. } if round == "年终");
    assert!(checked.iter().any(|(_, _, margin)| of_year(margin)), "no month moves the year");
    let points = |margin: &Margin| matches!(margin.effect, Effect::Points { .. });
    assert!(checked.iter().any(|(_, _, margin)| points(margin)));
    // Places go by 年度得分 alone, so a month has no place of its own.
    assert!(checked.iter().all(|(_, _, margin)| !is_place(margin) || of_year(margin)));
}

/// Places go by the total of each round; an item of the year is the mean of the months.
const BY_TOTAL: &str = "\
  名次 总分 从高到低 并列占位 选择 \"例\"
轮次 月评 monthly 每月 | 年终 year
  正式 = 年终 选择 \"例\"
项 平时 60 分 选择 \"例\"
  得 平均(月评.工作 于 各月) + 平均(月评.细目 于 各月)
奖 先进 取 前 1 名 按 总分 于 全体 末位并列 人工 选择 \"例\"
";

#[test]
fn an_item_that_takes_results_of_months_looks_at_their_figures() {
    let case = Case::new(BY_TOTAL, &ROUNDS);
    let checked = case.holds(None, ("年终", "2024"));
    let of =
        |wanted: fn(&Margin) -> bool| checked.iter().filter(|(_, id, margin)| id == "平时" && wanted(margin)).count();
    assert!(of(|margin| margin.input.name == "工作·办结数" && matches!(margin.effect, Effect::Points { .. })) > 0);
    assert!(of(|margin| margin.input.name == "走访·走访数" && is_place(margin)) > 0);
    assert!(of(|margin| margin.input.round != "月评") == 0, "it has no other figures");
}

#[test]
fn a_month_that_is_ranked_by_itself_has_both_places() {
    let case = Case::new(BY_TOTAL, &ROUNDS);
    let checked = case.holds(Some(0), ("月评", "2024-02"));
    let rounds = |wanted: Option<&str>| {
        let fits = |effect: &Effect| matches!(effect, Effect::Place { round, .. } if round.as_deref() == wanted);
        checked.iter().filter(|(_, _, margin)| fits(&margin.effect)).count()
    };
    assert!(rounds(None) > 0 && rounds(Some("年终")) > 0);
}

/// A figure that names no round is one figure in all of them, and moves them together.
#[test]
fn a_figure_without_a_round_counts_in_each() {
    let head = "\
  设 年度得分 = 上半年.总分 × 40% + 年终.总分 × 60% 选择 \"例\"
  名次 年度得分 从高到低 并列占位 选择 \"例\"
轮次 上半年 half | 年终 year
  正式 = 年终 选择 \"例\"
";
    let case = Case::new(&format!("{head}{AWARD}"), &[("", "2024")]);
    for round in [None, Some(0), Some(1)] {
        let checked = case.holds(round, ("", "2024"));
        assert!(checked.iter().any(|(_, _, margin)| is_place(margin)), "{round:?}");
        assert!(checked.iter().all(|(_, _, margin)| margin.input.round.is_empty()), "shown once");
    }
}
