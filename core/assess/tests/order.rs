//! Nothing may depend on the order in which units, figures and events are listed.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use kaoping_assess::{Options, lines::Lines};
use kaoping_scheme::{Policy, Standard};
use kaoping_terms::Lang;
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::OnceLock};

/// A scheme with everything that compares units: the best of a group, places, limited
/// grades, awards that exclude each other, and a fund.
const SCHEME: &str = "属性 类别 kind : 县 | 区 选择 \"例\"
方案 小考核 \"例\"
  满分 100 分 选择 \"例\"
  同组 类别 选择 \"例\"
  每项取到 不取整 选择 \"例\"
  至少 0 分 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  比序 总分, 甲项, 仍同 并列 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
明细 通报 notice
  级别 level : 省 | 市
项 甲项 60 分 选择 \"例\"
  读入 完成数 actual : 人 ≥ 0 人
  设 最多 = 最高(完成数 于 同组)
  得 当 最多 > 0 人 → 分值 × 完成数 / 最多
     否则 → 0 分
项 乙项 40 分 选择 \"例\"
  读入 得分数 mark : 分 0 分..40 分
  得 得分数
  扣 每 通报 其中 级别 = 省 2 分 选择 \"例\"
等次 按 总分 于 同组 选择 \"例\"
  优秀 ≥ 80 分, 至多 40% 单位 去尾, 超出 降为 良好
  良好 ≥ 50 分
  合格 其余
奖 综合 取 前 2 名 按 总分 末位并列 全取 选择 \"例\"
奖 单项 取 前 1 名 按 甲项 于 同组 除 综合 末位并列 全舍 选择 \"例\"
奖 末位 取 末 1 名 按 总分 末位并列 人工 选择 \"例\"
名单 加强指导 其中 总分 < 50 分 选择 \"例\"
分配 奖补 1050 元 按 总分 每份 100 元 余数 最大余数 同余 名次 选择 \"例\"
";

fn policy() -> &'static (Standard, Policy) {
    static POLICY: OnceLock<(Standard, Policy)> = OnceLock::new();
    POLICY.get_or_init(|| folders::compiled("scheme.kp", SCHEME))
}

/// A unit: whether it is a district, its figures (none: not reported), its notices.
type Row = (bool, Option<u8>, Option<u8>, u8);

/// All tables of a run over the units in that order, each sorted by line.
fn tables(rows: &[(usize, Row)]) -> Vec<Vec<String>> {
    let mut units = String::from("unit,name,kind\n");
    let mut facts = String::from("unit,indicator,value\n");
    let mut events = String::from("id,unit,date,level\n");
    for (number, (district, actual, mark, notices)) in rows {
        units += &format!("u{number:02},单位{number},{}\n", if *district { "区" } else { "县" });
        let figure = |figure: &Option<u8>| figure.map(|figure| figure.to_string()).unwrap_or_default();
        facts += &format!("u{number:02},甲项,{}\nu{number:02},乙项,{}\n", figure(actual), figure(mark));
        for notice in 0..*notices {
            events += &format!("通-{number}-{notice},u{number:02},2014-0{}-01,省\n", notice + 1);
        }
    }
    let files = [("units.csv", units), ("facts.csv", facts), ("通报.csv", events)];
    let files: BTreeMap<String, String> = files.into_iter().map(|(name, text)| (name.to_string(), text)).collect();
    let (standard, linked) = policy();
    let scored = folders::score(standard.clone(), linked, &files, &Options::default());
    assert!(scored.findings.is_empty(), "{:?}", scored.findings);
    let lines = Lines { standard: &scored.standard, units: &scored.units, assessment: &scored.assessment };
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        lines.sort();
        lines
    };
    let reasons = (0..scored.standard.schemes[0].awards.len()).flat_map(|award| {
        let reasons = scored.units.iter().map(move |(unit, row)| (award, unit, row.id.clone()));
        let line = |(award, unit, id): (usize, u32, String)| {
            format!("{award} {id} {:?}", scored.assessment.awards[award].reasons[unit as usize])
        };
        reasons.map(line).collect::<Vec<_>>()
    });
    let reasons: Vec<String> = reasons.collect();
    [
        folders::lines(|visit| lines.scores().visit(visit), 4),
        folders::lines(|visit| lines.totals(visit), 7),
        folders::lines(|visit| lines.awards(Lang::Zh, &mut |row: &[&str]| visit(&row[..3])), 3),
        folders::lines(|visit| lines.rosters(visit), 2),
        folders::lines(|visit| lines.shares(visit), 3),
        folders::lines(|visit| lines.owed(visit), 4),
        reasons.join("\n"),
    ]
    .map(sorted)
    .to_vec()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Few different figures, so that there are many ties.
    let actual = prop_oneof![9 => (0u8..6).prop_map(Some), 1 => Just(None)];
    let mark = prop_oneof![9 => (30u8..41).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((any::<bool>(), actual, mark, 0u8..3), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_of_units_does_not_matter(rows in rows(), seed in any::<u64>()) {
        let listed: Vec<(usize, Row)> = rows.into_iter().enumerate().collect();
        let mut shuffled = listed.clone();
        shuffled.sort_by_key(|(number, _)| (*number as u64 + 1).wrapping_mul(seed | 1).rotate_left(29));
        prop_assert_eq!(tables(&listed), tables(&shuffled));
    }

    /// The parts of a fund add up exactly to the whole, or the whole is left.
    #[test]
    fn parts_add_up(rows in rows()) {
        let listed: Vec<(usize, Row)> = rows.into_iter().map(|(kind, a, b, n)| (kind, a.or(Some(0)), b.or(Some(30)), n)).enumerate().collect();
        let shares = tables(&listed).swap_remove(4);
        let amounts = shares.iter().filter_map(|line| line.rsplit(',').next()).filter_map(|amount| amount.parse::<u32>().ok());
        let total: u32 = amounts.sum();
        prop_assert!(total == 1050 || total == 0, "{total}");
    }
}
