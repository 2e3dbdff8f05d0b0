//! The assessment that `bench/peers/gen.py` generates, number for number, with its figures as columns
//! in memory and the policy that `kaoping new` makes of its indicators.

use kaoping_assess::{Events, EventsBuilder, Facts, FactsBuilder, Given, HandedDown, Prepared, UnitRow, Units};
use kaoping_assess::{UnitsBuilder, prepare};
use kaoping_program::{Column, ColumnId, ColumnSource, Numerators};
use kaoping_scheme::{Folder, Policy, Standard, compile};
use kaoping_terms::{Place, Report};
use std::{fmt::Write as _, fs, path::Path, sync::Arc};

pub const ITEMS: usize = 100;

const SCHEME: &str = r#"引用 "../kinds/common.kp"
属性 片区 area : 一 | 二 | 三 | 四 | 五 | 六 | 七 选择 "例"
方案 city "city"
  满分      515.39 分   选择 "例"
  总分 =    考核指标 + 通报   选择 "例"
  每项取到  0.01 分 四舍五入   选择 "例"
  名次      总分 从高到低 并列占位   选择 "例"
  未报      暂缺   选择 "例"
  责任分工  不分   选择 "例"
  项目表    indicators.csv
  同组      片区   选择 "例"
块 考核指标   选择 "例"
块 通报 不计满分   选择 "例"
项 通报扣分   选择 "例"
  读入 重通报次数 notices_2 : 次 ≥ 0 次 缺则 0 次   选择 "例"
  读入 轻通报次数 notices_1 : 次 ≥ 0 次 缺则 0 次   选择 "例"
  参数 重通报每次扣 = 2.00 分/次, 轻通报每次扣 = 1.00 分/次   选择 "例"
  得 0 分 − 重通报每次扣 × 重通报次数 − 轻通报每次扣 × 轻通报次数
奖 综合先进 取 前 3 名 按 总分 其中 全部达标 末位并列 全取   选择 "例"
"#;

/// The numbers of the generator: uniform below `n`, by stream and position.
fn uniform(stream: u64, at: i64, n: i64) -> i64 {
    let seed = 20_240_601u64.wrapping_mul(1_000_003).wrapping_add(stream.wrapping_mul(0xD1B5_4A32_D192_ED03));
    let mut z = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(seed);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as i64 % n
}

fn target(item: i64) -> i64 {
    let round = [10_000, 9_500, 9_000, 8_000, 5_000, 20_000, 100_000, 6_000];
    if item % 2 == 0 { round[uniform(2, item, 8) as usize] } else { 1_000 + uniform(3, item, 5_000_000) }
}

fn figure(unit: i64, item: i64) -> i64 {
    let (at, target) = (unit * 1_000 + item, target(item));
    let falls_short = uniform(6, at, 100) < 25 && uniform(5, unit, 16) != 0;
    match (falls_short, item % 2 == 0) {
        (true, true) => target * (20 + uniform(8, at, 80)) / 100,
        (false, true) => target * (100 + uniform(7, at, 51)) / 100,
        (true, false) => target * (200 + uniform(9, at, 800)) / 1_000,
        (false, false) => target + target * uniform(10, at, 5_000) / 10_000,
    }
}

fn cents(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

/// Everything a run needs, and the figures that its columns get.
pub struct City {
    pub standard: Standard,
    pub units: Units,
    facts: Facts,
    events: Events,
    targets: HandedDown,
    pub columns: Vec<(ColumnId, Arc<Column>)>,
}

impl City {
    /// With so many units, in so many peer groups.
    pub fn new(units: usize, groups: usize) -> City {
        let mut table = String::from("编号,块,名称,分值,规则,目标数,不足一步,选择\n");
        for item in 0..ITEMS as i64 {
            let rule = if uniform(4, item, 3) < 2 { "加分指标" } else { "不加分指标" };
            let (points, target) = (cents(50 + uniform(1, item, 951)), cents(target(item)));
            let _ = writeln!(table, "{item},考核指标,指标{item},{points} 分,{rule},{target},整步,例");
        }
        let mut scheme = String::from(SCHEME);
        if groups == 1 {
            scheme = scheme.replace("  同组      片区   选择 \"例\"\n", "");
        }
        let files = vec![(String::from("scheme.kp"), scheme), (String::from("indicators.csv"), table)];
        let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/new");
        let folder = Folder { root: String::from("policies/new"), files };
        let (policy, mut report) =
            Policy::read(&folder, &mut |path: &str| fs::read_to_string(policies.join(path)).ok());
        let (compiled, more) = compile(&policy, &kaoping_scheme::Options::default());
        report.append(more);
        assert!(!report.has_errors(), "{:?}", report.findings());
        let standard = compiled.standard;
        let targets = HandedDown::new(&standard, &policy.targets, &mut Report::new());
        let mut builder = UnitsBuilder::new(&["片区"]);
        for unit in 0..units {
            let id = unit.to_string();
            let area = ["一", "二", "三", "四", "五", "六", "七"][unit % groups];
            builder.row(&UnitRow { unit: &id, ..UnitRow::default() }, &[area], Place::default());
        }
        let (units, _) = builder.finish(&standard);
        let (facts, units, _) = FactsBuilder::new(&standard, units, &targets).finish();
        let events = EventsBuilder::new(&standard).finish().0;
        let columns = columns(&standard, units.len());
        City { standard, units, facts, events, targets, columns }
    }

    pub fn prepared(&self) -> Prepared<'_> {
        let Self { standard, units, facts, events, targets, columns } = self;
        let (mut prepared, _) = prepare(Given { standard, units, facts, events, targets }, None);
        for (id, column) in columns {
            prepared.fill_shared(*id, Arc::clone(column));
        }
        prepared
    }
}

fn columns(standard: &Standard, units: usize) -> Vec<(ColumnId, Arc<Column>)> {
    let all = || 0..units as i64;
    let mut columns = Vec::new();
    for (id, spec) in (0u32..).map(ColumnId).zip(&standard.program.columns) {
        let ColumnSource::Fact { indicator: Some(indicator), field, .. } = &spec.source else { continue };
        let (numbers, below): (Vec<i64>, i64) = match (indicator.parse::<i64>(), field.as_str()) {
            (Ok(item), "完成数") => (all().map(|unit| figure(unit, item)).collect(), 100),
            (Err(_), "重通报次数") => (all().map(|unit| i64::from(uniform(11, unit, 20) == 0)).collect(), 1),
            (Err(_), "轻通报次数") => (all().map(|unit| uniform(12, unit, 8) / 6).collect(), 1),
            _ => continue,
        };
        columns.push((id, Arc::new(Column::from_short(Numerators::Long(numbers), below).expect("a denominator"))));
    }
    assert_eq!(columns.len(), ITEMS + 2, "every figure has a column");
    columns
}
