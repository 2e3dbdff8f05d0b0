//! The smallest change that matters as a clerk reads it: of whatever shape the rule is, in the
//! unit the figure is written in, of everyone who judged, and what was not tried.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod terminal;

use std::fs;

const HEAD: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
";

/// What `explain` prints of an item of a unit.
fn explained(scheme: &str, facts: &str, unit: &str, item: &str) -> String {
    explained_under(HEAD, scheme, facts, unit, item)
}

fn explained_under(head: &str, scheme: &str, facts: &str, unit: &str, item: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("scheme.kp"), format!("{head}{scheme}")).expect("written");
    let rounds = if scheme.contains("轮次") { ",期间,轮次" } else { "" };
    let facts = format!("单位,指标,字段,数值,评委{rounds}\n{facts}");
    fs::write(folder.path().join("facts.csv"), facts).expect("written");
    let line = format!("kaoping explain . --facts facts.csv --unit {unit} --indicator {item}");
    terminal::kaoping(&line, folder.path()).stdout
}

/// The lines with a word in them, without the branches of the tree.
fn lines(text: &str, word: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains(word));
    lines.map(|line| line.trim_start_matches(['├', '└', '─', ' ']).to_string()).collect()
}

const RANGE: &str = "\
项 仓温 10 分
  读入 读数 reading : 件 ≥ 0 件
  得 当 读数 ≥ 5,000 件 且 读数 ≤ 5,010 件 → 分值
     否则 → 0 分
";

/// The lines that say what changes the points, for a reading.
fn readings(reading: &str) -> Vec<String> {
    lines(&explained(RANGE, &format!("甲库,仓温,,\"{reading}\",\n"), "甲库", "仓温"), "：得分 ")
}

#[test]
fn within_the_range_both_ends_are_found() {
    assert_eq!(
        readings("5,003 件"),
        ["读数 再多 8 件（5,011 件）：得分 10 分 → 0 分", "读数 再少 4 件（4,999 件）：得分 10 分 → 0 分"]
    );
}

/// Steps of 1, 2, 4, … would leap from 4,096 to 8,192, over the whole range.
#[test]
fn a_narrow_range_far_away_is_not_leapt_over() {
    assert_eq!(readings("0 件"), ["读数 再多 5,000 件（5,000 件）：得分 0 分 → 10 分"]);
    assert_eq!(readings("20,000 件"), ["读数 再少 14,990 件（5,010 件）：得分 0 分 → 10 分"]);
}

/// What changes the points, for an amount that is read so.
fn amounts(read: &str, amount: &str) -> Vec<String> {
    let scheme = format!(
        "项 资金 10 分\n  读入 到位资金 amount : {read}\n  得 当 到位资金 ≥ 10,000 万元 → 分值\n     否则 → 0 分\n"
    );
    lines(&explained(&scheme, &format!("甲县,资金,,\"{amount}\",\n"), "甲县", "资金"), "：得分 ")
}

/// A clerk writes 万元 and 亿元 with two digits, and changes the last of them.
#[test]
fn an_amount_moves_by_a_hundredth_of_the_unit_it_is_declared_in() {
    assert_eq!(
        amounts("万元 ≥ 0 万元", "12,000 万元"),
        ["到位资金 再少 2,000.01 万元（9,999.99 万元）：得分 10 分 → 0 分"]
    );
    assert_eq!(amounts("亿元 ≥ 0 亿元", "1.25"), ["到位资金 再少 0.26 亿元（0.99 亿元）：得分 10 分 → 0 分"]);
    assert_eq!(
        amounts("元 ≥ 0 元", "100,000,000 元"),
        ["到位资金 再少 0.01 元（99,999,999.99 元）：得分 10 分 → 0 分"]
    );
    // What is written more finely moves by its own last digit.
    assert_eq!(
        amounts("万元 ≥ 0 万元", "100,000,001.5 元"),
        ["到位资金 再少 0.00016 万元（9,999.99999 万元）：得分 10 分 → 0 分"]
    );
}

#[test]
fn a_declared_step_holds() {
    let read = "万元 ≥ 0 万元 级 50 万元";
    assert_eq!(amounts(read, "12,000 万元"), ["到位资金 再少 2,050 万元（9,950 万元）：得分 10 分 → 0 分"]);
    assert_eq!(amounts(read, "9,800 万元"), ["到位资金 再多 200 万元（10,000 万元）：得分 0 分 → 10 分"]);
}

const JUDGED: &str = "\
项 评审 10 分
  读入 评分 mark : 分 0 分..10 分 级 0.5 分 评委 9
  得 去高低平均(评分 于 各评委)
";

#[test]
fn everyone_who_judged_is_tried() {
    let marks = ["9", "6", "7", "7.5", "8", "6.5", "7", "8.5", "7"];
    let row = |(at, mark): (usize, &&str)| format!("甲县,评审,评分,{mark},评委{}\n", at + 1);
    let facts: String = marks.iter().enumerate().map(row).collect();
    // The highest and the lowest do not count until they are no longer that.
    assert_eq!(
        lines(&explained(JUDGED, &facts, "甲县", "评审"), "：得分 "),
        [
            "评委1 评分 再少 1 分（8 分）：得分 103/14 ≈ 7.357143 分 → 51/7 ≈ 7.285714 分",
            "评委2 评分 再多 1 分（7 分）：得分 103/14 ≈ 7.357143 分 → 52/7 ≈ 7.428571 分",
            "评委3 至 评委9 任一评分 再多 0.5 分：得分 103/14 ≈ 7.357143 分 → 52/7 ≈ 7.428571 分",
            "评委3 至 评委9 任一评分 再少 0.5 分：得分 103/14 ≈ 7.357143 分 → 51/7 ≈ 7.285714 分",
        ]
    );
}

#[test]
fn judges_months_and_rounds_are_told_in_english() {
    let row = |at: u32| format!("甲县,评审,评分,7,评委{at}\n");
    let facts: String = (1..=9).map(row).collect();
    assert_eq!(
        lines(&explained(JUDGED, &facts, "甲县", "评审 --lang en"), " by "),
        [""; 0],
        "one judge alone is the highest or the lowest"
    );
    let mean = JUDGED.replace("去高低平均", "平均");
    assert_eq!(
        lines(&explained(&mean, &facts, "甲县", "评审 --lang en"), " by "),
        [
            "any of 评委1 to 评委9: 评分 more by 0.5 分 (7.5 分): points 7 分 → 127/18 ≈ 7.055556 分",
            "any of 评委1 to 评委9: 评分 less by 0.5 分 (6.5 分): points 7 分 → 125/18 ≈ 6.944444 分",
        ]
    );
    let (scheme, facts) = months();
    let text = explained(scheme, &facts, "甲县", "平时 --lang en");
    let said = lines(&text, "not tried");
    assert!(said.iter().any(|line| line.contains("月评 2024-01, 月评 2024-02")), "{said:?}");
}

/// A list of so many words, of which the last gives points.
fn words(count: usize) -> String {
    let words: Vec<String> = (1..=count).map(|at| format!("词{at}")).collect();
    let scheme = format!(
        "项 评语 10 分\n  读入 评定 word : {}\n  得 当 评定 = 词{count} → 分值\n     否则 → 0 分\n",
        words.join(" | ")
    );
    explained(&scheme, "甲县,评语,,词1,\n", "甲县", "评语")
}

#[test]
fn every_word_is_tried_and_what_is_not_is_said() {
    assert_eq!(lines(&words(20), "评定 改为"), ["评定 改为词20：得分 0 分 → 10 分"]);
    assert_eq!(lines(&words(20), "没有试"), [""; 0]);
    let many = words(70);
    assert_eq!(lines(&many, "评定 改为"), [""; 0]);
    assert_eq!(lines(&many, "没有试"), ["没有试  “评定”有 70 个词可填，只试了前 64 个"]);
}

/// An item of the year that is the mean of twelve months, each of three figures.
fn months() -> (&'static str, String) {
    let scheme = "\
轮次 月评 monthly 每月 | 年终 year
  正式 = 年终 示例 \"例\"
项 纪律 60 分
  读入 缺岗 a : 次 ≥ 0 次
  读入 迟到 b : 次 ≥ 0 次
  读入 早退 c : 次 ≥ 0 次
  得 较大(0 分, 分值 − 1 分/次 × (缺岗 + 迟到 + 早退))
项 平时 40 分
  得 平均(月评.纪律 于 各月) / 60 分 × 40 分
";
    let months = (1..=12).map(|month| (format!("2024-{month:02}"), "月评"));
    let figures = months.chain([(String::from("2024"), "年终")]).flat_map(|(period, round)| {
        ["缺岗", "迟到", "早退"].map(|field| format!("甲县,纪律,{field},3,,{period},{round}\n"))
    });
    (scheme, figures.collect())
}

#[test]
fn months_beyond_those_that_are_tried_are_said() {
    let (scheme, facts) = months();
    let text = explained(scheme, &facts, "甲县", "平时");
    assert_eq!(
        lines(&text, "迟到 再"),
        [
            "月评 2024-05 至 2024-12 任一纪律·迟到 再多 1 次（4 次）：得分 34 分 → 611/18 ≈ 33.944444 分",
            "月评 2024-05 至 2024-12 任一纪律·迟到 再少 1 次（2 次）：得分 34 分 → 613/18 ≈ 34.055556 分",
        ]
    );
    assert_eq!(
        lines(&text, "没有试"),
        [
            "没有试  数太多，月评 2024-01、月评 2024-02、月评 2024-03、月评 2024-04 的没有全试；解释那一项，或用 --round、--as-of 看那一期"
        ]
    );
}

/// A member without a figure of its own shares that of the others.
#[test]
fn a_figure_counted_together_is_told_to_every_member() {
    let scheme = "\
项 就业 10 分
  读入 完成数 done : 人 ≥ 0 人 缺则 0 人   示例 \"例\"
  得 较小(10 分, 0.1 分/人 × 完成数)
合并 市区 = 甲区 + 乙区 用于 就业 合计 完成数 得分 各得同分
";
    for unit in ["甲区", "乙区"] {
        let text = explained(scheme, "甲区,就业,,60,\n乙区,就业,,,\n丙县,就业,,80,\n", unit, "就业");
        assert_eq!(
            lines(&text, " 再"),
            [
                "市区完成数 再多 1 人（61 人）：得分 6 分 → 6.1 分",
                "市区完成数 再多 20 人（80 人）：名次 2 → 1",
                "市区完成数 再少 1 人（59 人）：得分 6 分 → 5.9 分",
            ]
        );
    }
}

#[test]
fn a_day_comes_earlier_or_later() {
    let scheme = "\
项 报送 10 分
  读入 报送日 sent : 日期
  读入 经办人 by : 文字
  得 当 报送日 ≤ 2024-05-10 → 分值
     否则 → 0 分
";
    let on = |day| {
        let facts = format!("甲县,报送,报送日,{day},\n甲县,报送,经办人,某人,\n");
        lines(&explained(scheme, &facts, "甲县", "报送"), "得分 ")
    };
    assert_eq!(on("2024-05-01"), ["报送日 再晚 10 天（2024-05-11）：得分 10 分 → 0 分"]);
    assert_eq!(on("2024-06-12"), ["报送日 再早 33 天（2024-05-10）：得分 0 分 → 10 分"]);
}

/// The range is found also where only the place of the year rests on it, by way of a month.
#[test]
fn a_narrow_range_of_a_month_is_not_leapt_over() {
    let scheme = RANGE.replace("项 仓温", "轮次 月评 monthly 每月 | 年终 year\n  正式 = 年终 示例 \"例\"\n项 仓温");
    let scheme = format!("{scheme}项 全年 10 分\n  得 平均(月评.仓温 于 各月)\n");
    let row = |unit, period, round, reading| format!("{unit},仓温,,{reading},,{period},{round}\n");
    let mut facts = String::new();
    for (unit, month, year) in [("甲库", 0, 5_005), ("乙库", 5_005, 5_005), ("丙库", 0, 5_005)] {
        facts.push_str(&row(unit, "2024-01", "月评", month));
        facts.push_str(&row(unit, "2024", "年终", year));
    }
    let text = explained(&scheme, &facts, "甲库", "仓温");
    assert_eq!(lines(&text, "月评"), ["月评 2024-01 读数 再多 5,000 件（5,000 件）：名次 2 → 1"], "{text}");
}

/// What decides only the place is looked at as well.
#[test]
fn a_narrow_range_of_the_place_is_not_leapt_over() {
    let scheme = "\
  设 名次分 当 办结.件数 ≥ 5,000 件 且 办结.件数 ≤ 5,010 件 → 20 分 否则 → 总分
  名次 名次分 从高到低 并列占位
项 办结 10 分
  读入 件数 done : 件 ≥ 0 件
  得 较小(10 分, 10 分/件 × 件数)
";
    let scheme = scheme.replace("件数", "件次");
    let facts = "甲县,办结,,1,\n乙县,办结,,5005,\n";
    let head = HEAD.replace("  名次 总分 从高到低 并列占位\n", "");
    let text = explained_under(&head, &scheme, facts, "甲县", "办结");
    assert_eq!(lines(&text, "名次 2 → 1"), ["件次 再多 4,999 件（5,000 件）：名次 2 → 1"], "{text}");
}
