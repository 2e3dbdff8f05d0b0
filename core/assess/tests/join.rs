//! Figures taken part by part, by builders beside one another, are those taken row after row:
//! the same numbers in the same order, the same units, the same findings.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod folders;

use kaoping_assess::{FactRow, FactsBuilder, HandedDown, Units, UnitsBuilder, units::UnitRow};
use kaoping_terms::{FileId, Place};
use proptest::prelude::*;

const SCHEME: &str = "\
方案 拼接 \"拼接\"
  满分 30 分 选择 \"例\"
  每项取到 不取整 选择 \"例\"
  名次 总分 从高到低 并列占位 选择 \"例\"
  未报 暂缺 选择 \"例\"
  责任分工 不分 选择 \"例\"
轮次 自评 self | 验收 acceptance
  正式 = 验收
项 甲 10 分 选择 \"例\"
  读入 完成数 actual : 量 ≥ 0
  读入 目标数 target : 同 完成数, > 0
  得 分值 × 较小(完成数 / 目标数, 1)
项 乙 10 分 选择 \"例\"
  读入 评分 mark : 分 0 分..10 分 级 0.5 分 须理由 评委 2
  得 平均(评分 于 各评委)
项 丙 10 分 选择 \"例\"
  读入 比率 rate : 百分比 0%..100%
  读入 达标 met : 是否
  得 当 达标 → 分值 × 比率
     否则 → 0 分
";

/// A row of a file, by what stands in its cells.
type Cells = [&'static str; 9];

fn cells() -> impl Strategy<Value = Cells> {
    let indicator = || prop::sample::select(vec!["甲", "乙", "丙", "丁", ""]);
    let field = || prop::sample::select(vec!["完成数", "actual", "target", "mark", "比率", "rate", "met", "x", ""]);
    // Bare numbers are the rule, so that most files are joined and not taken anew.
    let value = prop_oneof![
        30 => prop::sample::select(vec!["0", "1", "2.5", "9.75", "3", "是", "50%", "", "x", "-1"]),
        2 => prop::sample::select(vec!["123456789012345678901234567890", "0.000000000000000000000001", "１２"]),
        1 => prop::sample::select(vec!["3 人", "4 万元", "10%"]),
    ];
    let text = |all: &'static [&'static str]| prop::sample::select(all);
    (
        text(&["一县", "二县", "三县", "四县", "四区", ""]),
        indicator(),
        field(),
        value,
        text(&["", "", "2014", "2014-05", "某月"]),
        text(&["", "甲卷", "乙卷", "丙卷"]),
        text(&["", "", "自评", "acceptance", "复评"]),
        text(&["", "张", "李"]),
        text(&["", "有据", "无据"]),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i)| [a, b, c, d, e, f, g, h, i])
}

fn take(builder: &mut FactsBuilder<'_>, rows: &[Cells], first: usize) {
    for (at, cells) in (first..).zip(rows) {
        let [unit, indicator, field, value, period, evidence, round, assessor, reason] = *cells;
        let row = FactRow { unit, indicator, field, value, period, evidence, round, assessor, reason };
        let file = FileId(u32::try_from(at / 40).expect("a few files"));
        builder.row(&row, Place::new(file, at * 10, at * 10 + 9));
    }
}

fn listed() -> UnitsBuilder {
    let mut builder = UnitsBuilder::new(&[]);
    for (at, id) in ["一县", "二县", "三县"].into_iter().enumerate() {
        let row = UnitRow { unit: id, ..UnitRow::default() };
        builder.row(&row, &[], Place::new(FileId(900), at, at + 1));
    }
    builder
}

proptest! {
    #[test]
    fn parts_joined_are_the_whole(
        rows in prop::collection::vec(cells(), 0..120),
        cuts in prop::collection::vec(0usize..120, 0..4),
        with_list in any::<bool>(),
    ) {
        let (standard, policy) = folders::compiled("scheme.kp", SCHEME);
        let targets = HandedDown::new(&standard, &policy.targets, &mut kaoping_terms::Report::new());
        let begin = || {
            let units = if with_list { listed().finish(&standard).0 } else { Units::from_facts() };
            FactsBuilder::new(&standard, units, &targets)
        };
        let mut whole = begin();
        take(&mut whole, &rows, 0);

        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let mut joined = begin();
        let (first, others) = cuts.split_at(2);
        take(&mut joined, &rows[first[0]..first[1]], first[0]);
        // As with threads: all the others begin before any of them is joined.
        let mut starts = vec![first[1]];
        starts.extend(others);
        let beside: Vec<_> = starts
            .windows(2)
            .map(|cut| {
                let mut builder = joined.beside();
                take(&mut builder, &rows[cut[0]..cut[1]], cut[0]);
                (cut, builder)
            })
            .collect();
        for (cut, later) in beside {
            if !joined.append(later) {
                take(&mut joined, &rows[cut[0]..cut[1]], cut[0]);
            }
        }

        let (whole, joined) = (whole.finish(), joined.finish());
        prop_assert_eq!(format!("{:#?}", whole.0), format!("{:#?}", joined.0));
        prop_assert_eq!(format!("{:?}", whole.1), format!("{:?}", joined.1));
        prop_assert_eq!(whole.2.into_sorted(), joined.2.into_sorted());
    }
}
