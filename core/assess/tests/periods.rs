//! Periods that are due: leaving out a bad one is not the same as having none.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::Scored;
use kaoping_assess::Options;
use kaoping_terms::Day;
use std::collections::BTreeMap;

const HEAD: &str = "方案 小考核 \"例\"\n  满分 10 分 选择 \"例\"\n  每项取到 不取整 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n";
const YEAR: &str = "  适用期 2024-01-01 至 2024-12-31 选择 \"例\"\n";
const UNITS: &str = "unit,name,parent,kind,group\n甲,甲,,,\n乙,乙,,,\n丙,丙,,,\n";

fn score(scheme: &str, rows: &str, day: Option<&str>, options: &Options) -> Scored {
    let (mut standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{scheme}"));
    standard.day = day.and_then(Day::parse);
    let facts = format!("unit,indicator,field,value,period,round\n{rows}");
    let files = [("units.csv", UNITS), ("facts.csv", &facts)];
    let files: BTreeMap<String, String> = files.map(|(name, text)| (name.to_string(), text.to_string())).into();
    folders::score(standard, &policy, &files, options)
}

/// 10 points less 0.2 for each absence reported that often.
fn patrols(often: &str) -> String {
    format!(
        "项 巡查 10 分 选择 \"例\"\n  读入 缺岗 absent : 次 ≥ 0 次 {often}\n  得 较大(0 分, 分值 − 0.2 分/次 × 合计(缺岗 于 各期))\n"
    )
}

/// Figures of 缺岗: unit, period and times.
fn absent(rows: &[(&str, &str, &str)]) -> String {
    rows.iter().map(|(unit, period, times)| format!("{unit},巡查,缺岗,{times},{period},\n")).collect()
}

/// 甲 reports every quarter, 乙 the first, 丙 nothing.
fn leaving_out() -> String {
    absent(&[
        ("甲", "2024Q1", "9"),
        ("甲", "2024Q2", "9"),
        ("甲", "2024Q3", "9"),
        ("甲", "2024Q4", "9"),
        ("乙", "2024Q1", "9"),
    ])
}

/// Totals by unit id; `-` where there is none, `~` before a provisional one.
fn totals(scored: &Scored) -> Vec<String> {
    let total = |(unit, row): (u32, &kaoping_assess::Unit)| {
        let cell = scored.assessment.total(unit);
        let sign = if cell.state.is_provisional() { "~" } else { "" };
        format!("{} {sign}{}", row.id, cell.value.map_or("-".to_string(), |value| value.to_string()))
    };
    scored.units.iter().map(total).collect()
}

/// Who owes what.
fn owed(scored: &Scored) -> Vec<String> {
    let name = |unit: Option<u32>| unit.map_or("", |unit| scored.units.id(unit)).to_string();
    scored.assessment.owed.iter().map(|owing| format!("{} {}", name(owing.unit), owing.field)).collect()
}

#[test]
fn a_period_left_out_is_owed_like_an_empty_cell() {
    let scheme = format!("{YEAR}{}", patrols("每季"));
    let left_out = score(&scheme, &leaving_out(), None, &Options::default());
    assert_eq!(totals(&left_out), ["甲 2.8", "乙 ~8.2", "丙 -"]);
    let quarters = |unit: &str, from: i32| (from..=4).map(move |at| format!("{unit} 缺岗（2024Q{at}）")).collect();
    let expected: Vec<Vec<String>> = vec![quarters("乙", 2), quarters("丙", 1)];
    assert_eq!(owed(&left_out), expected.concat());
    assert!(!left_out.assessment.is_final());
    // Word for word what empty cells give.
    let empty = absent(&[("乙", "2024Q2", ""), ("乙", "2024Q3", ""), ("乙", "2024Q4", "")]);
    let none = absent(&[("丙", "2024Q1", ""), ("丙", "2024Q2", ""), ("丙", "2024Q3", ""), ("丙", "2024Q4", "")]);
    let written = score(&scheme, &format!("{}{empty}{none}", leaving_out()), None, &Options::default());
    assert_eq!((totals(&written), owed(&written)), (totals(&left_out), owed(&left_out)));
}

#[test]
fn only_what_has_ended_by_the_day_is_due() {
    for scheme in [format!("{YEAR}{}", patrols("每季")), patrols("每季")] {
        let rows = absent(&[("甲", "2024Q1", "9"), ("甲", "2024Q2", "1"), ("乙", "2024Q1", "9")]);
        let on = |day| owed(&score(&scheme, &rows, Some(day), &Options::default()));
        assert_eq!(on("2024-06-30"), ["乙 缺岗（2024Q2）", "丙 缺岗（2024Q1）", "丙 缺岗（2024Q2）"]);
        assert_eq!(on("2024-06-29"), ["丙 缺岗（2024Q1）"]);
        assert_eq!(on("2024-03-30"), [""; 0], "nothing is due yet");
    }
}

#[test]
fn a_period_of_the_policy_that_begins_later_asks_for_no_earlier_figure() {
    let scheme = format!("  适用期 2024-03-15 至 2024-06-30 选择 \"例\"\n{}", patrols("每月"));
    let rows =
        absent(&[("甲", "2024-04", "1"), ("乙", "2024-04", "1"), ("丙", "2024-04", "1"), ("甲", "2024-06", "1")]);
    let scored = score(&scheme, &rows, None, &Options::default());
    let months = |unit: &str, months: &[&str]| months.iter().map(|m| format!("{unit} 缺岗（2024-{m}）")).collect();
    let expected: Vec<Vec<String>> =
        vec![months("甲", &["05"]), months("乙", &["05", "06"]), months("丙", &["05", "06"])];
    assert_eq!(owed(&scored), expected.concat());
}

#[test]
fn without_a_calendar_the_last_period_anybody_reported_is_due() {
    let rows =
        absent(&[("甲", "2024-01", "1"), ("甲", "2024-02", "1"), ("甲", "2024-03", "1"), ("乙", "2024-02", "1")]);
    let scored = score(&patrols("每月"), &rows, None, &Options::default());
    assert_eq!(totals(&scored), ["甲 9.4", "乙 ~9.8", "丙 -"]);
    assert_eq!(owed(&scored)[..2], ["乙 缺岗（2024-01）", "乙 缺岗（2024-03）"]);
    let nobody = score(&patrols("每月"), "", None, &Options::default());
    assert_eq!(
        (totals(&nobody), owed(&nobody)),
        (vec!["甲 -".into(), "乙 -".into(), "丙 -".into()], vec!["甲 缺岗".into(), "乙 缺岗".into(), "丙 缺岗".into()])
    );
}

#[test]
fn a_figure_of_a_longer_time_or_of_a_part_answers_for_the_period() {
    let scheme = format!("{YEAR}{}", patrols("每季"));
    let year = absent(&[("甲", "2024", "9"), ("乙", "", "9"), ("丙", "2024H1", "4"), ("丙", "2024-08", "1")]);
    let scored = score(&scheme, &year, None, &Options::default());
    assert_eq!(totals(&scored), ["甲 8.2", "乙 8.2", "丙 ~9"]);
    assert_eq!(owed(&scored), ["丙 缺岗（2024-07）", "丙 缺岗（2024-09）", "丙 缺岗（2024Q4）"]);
    let halves =
        score(&format!("{YEAR}{}", patrols("每半年")), &absent(&[("甲", "2024H1", "1")]), None, &Options::default());
    assert_eq!(
        owed(&halves),
        ["甲 缺岗（2024H2）", "乙 缺岗（2024H1）", "乙 缺岗（2024H2）", "丙 缺岗（2024H1）", "丙 缺岗（2024H2）"]
    );
    let years =
        score(&format!("{YEAR}{}", patrols("每年")), &absent(&[("甲", "2024", "1")]), None, &Options::default());
    assert_eq!(owed(&years), ["乙 缺岗（2024）", "丙 缺岗（2024）"]);
}

/// What 甲 owes who reports 缺岗 for these periods; the others report nothing.
fn open(scheme: &str, periods: &[&str], day: Option<&str>) -> String {
    let rows: Vec<(&str, &str, &str)> = periods.iter().map(|period| ("甲", *period, "1")).collect();
    let all = owed(&score(scheme, &absent(&rows), day, &Options::default()));
    let own = all.iter().filter_map(|owing| owing.strip_prefix("甲 缺岗（")?.strip_suffix("）"));
    own.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_months_left_out_of_a_quarter_are_owed() {
    let quarters = format!("{YEAR}{}", patrols("每季"));
    let rest = "2024Q2 2024Q3 2024Q4";
    for (reported, owing) in [
        // One month does not close a quarter; all three do, and so does the quarter itself.
        (&["2024-01"][..], format!("2024-02 2024-03 {rest}")),
        (&["2024-01", "2024-03"], format!("2024-02 {rest}")),
        (&["2024-01", "2024-02", "2024-03"], rest.into()),
        (&["2024-01", "2024Q1"], rest.into()),
        (&["2024-01", "2024H1"], "2024Q3 2024Q4".into()),
        // A day answers for its month, and the last day alone for the quarter.
        (&["2024-02-10"], format!("2024-01 2024-03 {rest}")),
        (&["2024-03-31"], rest.into()),
        (&["2024-01", "2024-03-31"], format!("2024-02 {rest}")),
    ] {
        assert_eq!(open(&quarters, reported, None), owing, "{reported:?}");
    }
    // What is left out is missing, so that the sum can still change.
    let bad_month = absent(&[("甲", "2024Q1", "1"), ("乙", "2024-01", "1")]);
    let scheme = format!("  适用期 2024-01-01 至 2024-03-31 选择 \"例\"\n{}", patrols("每季"));
    assert_eq!(totals(&score(&scheme, &bad_month, None, &Options::default())), ["甲 9.8", "乙 ~9.8", "丙 -"]);
}

#[test]
fn the_parts_left_out_of_a_year_are_owed_as_they_were_reported() {
    let years = format!("{YEAR}{}", patrols("每年"));
    for (reported, owing) in [
        (&["2024H1"][..], "2024H2"),
        (&["2024Q1", "2024Q2"], "2024Q3 2024Q4"),
        (&["2024Q1", "2024-04"], "2024-05 2024-06 2024Q3 2024Q4"),
        (&["2024H1", "2024Q3", "2024-10", "2024-11"], "2024-12"),
        (&["2024-12-31"], ""),
        // The figure of the year itself goes before a part of it.
        (&["2024", "2024-03"], ""),
        (&[""], ""),
    ] {
        assert_eq!(open(&years, reported, None), owing, "{reported:?}");
    }
    let both = absent(&[("甲", "2024", "9"), ("甲", "2024-03", "1")]);
    assert_eq!(totals(&score(&years, &both, None, &Options::default()))[0], "甲 8.2");
}

#[test]
fn who_reports_by_months_owes_those_of_the_quarter_that_runs() {
    let open = |scheme: &str, day| self::open(scheme, &["2024Q1", "2024-04"], Some(day));
    let scheme = format!("{YEAR}{}", patrols("每季"));
    assert_eq!(open(&scheme, "2024-05-30"), "");
    assert_eq!(open(&scheme, "2024-05-31"), "2024-05");
    assert_eq!(open(&scheme, "2024-06-30"), "2024-05 2024-06");
    // Where nothing else tells, another's May is asked for; June nobody has reported.
    let rows = absent(&[("甲", "2024-04", "1"), ("乙", "2024-04", "1"), ("乙", "2024-05", "1"), ("丙", "2024Q1", "1")]);
    let scored = score(&patrols("每季"), &rows, None, &Options::default());
    assert_eq!(owed(&scored), ["甲 缺岗（2024-05）", "甲 缺岗（2024Q1）", "乙 缺岗（2024Q1）"]);
    // Of a quarter the policy holds for in part only the months within it are asked for.
    let scheme = format!("  适用期 2024-02-01 至 2024-06-30 选择 \"例\"\n{}", patrols("每季"));
    assert_eq!(self::open(&scheme, &["2024-02"], None), "2024-03 2024Q2");
}

#[test]
fn other_periods_than_those_asked_for_are_told_where_they_matter() {
    let mean = |often: &str| patrols(often).replace("合计(", "平均(");
    let names = |scheme: &str, periods: &[&str]| {
        let rows: Vec<(&str, &str, &str)> = periods.iter().map(|period| ("甲", *period, "1")).collect();
        let scored = score(&format!("{YEAR}{scheme}"), &absent(&rows), None, &Options::default());
        let found = scored.findings.iter().map(|finding| finding.name);
        found.filter(|name| name.starts_with("period")).collect::<Vec<_>>().join(" ")
    };
    for (periods, in_a_sum, in_a_mean) in [
        (&["2024Q1", "2024Q2"][..], "", ""),
        (&["2024Q1", "2024-04", "2024-05", "2024-06"], "", "period-not-as-asked"),
        (&["2024H1"], "", "period-not-as-asked"),
        (&["2024"], "", ""),
        (&["2024-03-31"], "", ""),
        (&["2024-03-30"], "", "period-not-as-asked"),
        (&["2024Q1", "2024-03"], "periods-overlap", "periods-overlap"),
        (&["2024", "2024Q3"], "periods-overlap", "periods-overlap"),
    ] {
        assert_eq!(names(&patrols("每季"), periods), in_a_sum, "{periods:?}");
        assert_eq!(names(&mean("每季"), periods), in_a_mean, "{periods:?}");
    }
    assert_eq!(names(&mean("每月"), &["2024-03-30", "2024-04"]), "", "a day is a month's figure");
    assert_eq!(names(&mean("每期"), &["2024Q1", "2024-03"]), "", "no length is agreed");
}

#[test]
fn no_calendar_is_agreed_for_each_period() {
    let scored = score(&format!("{YEAR}{}", patrols("每期")), &leaving_out(), None, &Options::default());
    assert_eq!(totals(&scored), ["甲 2.8", "乙 8.2", "丙 10"]);
}

#[test]
fn a_declared_default_stands_in_for_each_period() {
    let scheme = format!(
        "{YEAR}项 巡查 10 分 选择 \"例\"\n  读入 缺岗 absent : 次 ≥ 0 次 每季 缺则 1 次\n  得 10 分 − 1 分/次 × 平均(缺岗 于 各季)\n"
    );
    let scored = score(&scheme, &absent(&[("乙", "2024Q1", "5")]), None, &Options::default());
    assert_eq!(totals(&scored), ["甲 9", "乙 8", "丙 9"]);
    assert!(scored.assessment.owed.is_empty());
}

#[test]
fn months_and_quarters_of_one_item_do_not_owe_each_other() {
    let scheme = format!(
        "{YEAR}项 巡查 10 分 选择 \"例\"\n  读入 缺岗 absent : 次 ≥ 0 次 每季\n  读入 半年数 half : 次 ≥ 0 次 每半年\n  得 10 分 − 0.1 分/次 × (合计(缺岗 于 各季) + 合计(半年数 于 各期))\n"
    );
    let rows = format!("{}甲,巡查,半年数,2,2024H1,\n甲,巡查,半年数,2,2024H2,\n", leaving_out());
    let scored = score(&scheme, &rows, None, &Options::default());
    assert_eq!(totals(&scored)[0], "甲 6");
}

#[test]
fn a_round_held_each_half_asks_for_the_months_of_its_half() {
    let scheme = format!("{YEAR}轮次 半年评 half 每半年 | 年终\n  正式 = 年终 选择 \"例\"\n{}", patrols("每季"));
    let rows = "甲,巡查,缺岗,1,2024Q3,半年评\n甲,巡查,缺岗,1,2024Q4,半年评\n乙,巡查,缺岗,1,2024Q3,半年评\n丙,巡查,缺岗,1,2024Q3,半年评\n丙,巡查,缺岗,1,2024Q4,半年评\n";
    let scored = score(&scheme, rows, None, &Options { round: Some(0), ..Options::default() });
    assert_eq!(owed(&scored), ["乙 缺岗（2024Q4）"]);
    // A round without a calendar is as long as its figures.
    let scheme = format!("{YEAR}轮次 半年 half | 年终\n  正式 = 年终 选择 \"例\"\n{}", patrols("每季"));
    let rows = "甲,巡查,缺岗,1,2024Q1,半年\n甲,巡查,缺岗,1,2024Q2,半年\n乙,巡查,缺岗,1,2024Q1,半年\n丙,巡查,缺岗,1,2024Q1,半年\n丙,巡查,缺岗,1,2024Q2,半年\n";
    let scored = score(&scheme, rows, None, &Options { round: Some(0), ..Options::default() });
    assert_eq!(owed(&scored), ["乙 缺岗（2024Q2）"]);
}

#[test]
fn a_month_of_a_round_left_out_is_owed() {
    let scheme = "  设 平时 = 平均(月评.总分 于 各月) 选择 \"例\"\n轮次 月评 monthly 每月 | 年终\n  正式 = 年终 选择 \"例\"\n项 检查 10 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..10 分\n  得 得分数\n";
    let marks = [("甲", "01", 9), ("甲", "02", 3), ("乙", "01", 9), ("丙", "01", 8), ("丙", "02", 8)];
    let months = marks.map(|(unit, month, mark)| format!("{unit},检查,得分数,{mark},2024-{month},月评\n")).concat();
    let year = ["甲", "乙", "丙"].map(|unit| format!("{unit},检查,得分数,8,2024,年终\n")).concat();
    let of = |day| {
        let scored = score(scheme, &format!("{months}{year}"), day, &Options::default());
        let (_, mean) = scored.assessment.values.iter().find(|(name, _)| name == "平时").expect("the mean");
        let standing = |unit| (mean.cell(unit).value.expect("a mean").to_string(), mean.state(unit).is_provisional());
        (standing(0), standing(1), owed(&scored))
    };
    let (first, second) = (("6".to_string(), false), ("9".to_string(), true));
    assert_eq!(of(None), (first.clone(), second, vec!["乙 得分数（月评 2024-02）".to_string()]));
    // February has 29 days: on the 28th it has not ended, so that what is there of it does not count yet.
    let nine = ("9".to_string(), false);
    assert_eq!(of(Some("2024-02-28")), (nine.clone(), nine, Vec::new()));
}

/// A month of the time the policy holds for that nobody reported is owed by everybody, as soon as
/// the round is held at all.
#[test]
fn a_month_of_a_round_that_nobody_reported_is_owed_by_all() {
    let scheme = "  适用期 2024-01-01 至 2024-03-31\n  设 平时 = 平均(月评.总分 于 各月) 选择 \"例\"\n轮次 月评 monthly 每月 | 年终\n  正式 = 年终 选择 \"例\"\n项 检查 10 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..10 分\n  得 得分数\n";
    let marks = [("甲", "01"), ("甲", "03"), ("乙", "01"), ("乙", "03"), ("丙", "01"), ("丙", "03")];
    let months = marks.map(|(unit, month)| format!("{unit},检查,得分数,9,2024-{month},月评\n")).concat();
    let year = ["甲", "乙", "丙"].map(|unit| format!("{unit},检查,得分数,8,2024,年终\n")).concat();
    let scored = score(scheme, &format!("{months}{year}"), None, &Options::default());
    assert_eq!(owed(&scored), ["甲 得分数（月评 2024-02）", "乙 得分数（月评 2024-02）", "丙 得分数（月评 2024-02）"]);
    let scored = score(scheme, &format!("{months}{year}"), Some("2024-01-31"), &Options::default());
    assert!(owed(&scored).is_empty(), "of February nothing is due yet");
}
