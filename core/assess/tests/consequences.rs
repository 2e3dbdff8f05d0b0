//! What follows from scores: ties, exclusions, grades with limited room, quotas, funds. Each
//! case is small enough to be worked out in the head.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::{Scored, lines};
use kaoping_assess::{Answer, AwardReason, Options, lines::Lines};
use kaoping_terms::Lang;
use std::collections::BTreeMap;

const HEAD: &str = "方案 小考核 \"例\"\n  满分 100 分 选择 \"例\"\n  每项取到 0.01 分 四舍五入 选择 \"例\"\n  名次 总分 从高到低 并列占位 选择 \"例\"\n  未报 暂缺 选择 \"例\"\n  责任分工 不分 选择 \"例\"\n";
const ITEMS: &str = "项 甲项 60 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..60 分\n  得 得分数\n项 乙项 40 分 选择 \"例\"\n  读入 得分数 mark : 分 0 分..40 分\n  得 得分数\n";

/// Marks of both items by unit; an empty text is a figure that was not reported.
fn marks(rows: &[(&str, &str, &str)]) -> String {
    let mut text = String::from("unit,indicator,value\n");
    for (unit, first, second) in rows {
        text += &format!("{unit},甲项,{first}\n{unit},乙项,{second}\n");
    }
    text
}

fn score(more: &str, facts: &str, units: Option<&str>) -> Scored {
    let (standard, policy) = folders::compiled("scheme.kp", &format!("{HEAD}{ITEMS}{more}"));
    let mut files = BTreeMap::from([("facts.csv".to_string(), facts.to_string())]);
    files.extend(units.map(|units| ("units.csv".to_string(), units.to_string())));
    folders::score(standard, &policy, &files, &Options::default())
}

/// Winners of the award at a position, as `unit place`.
fn winners(scored: &Scored, award: usize) -> Vec<String> {
    let lists = &scored.assessment.awards[award].lists;
    let winners = lists.iter().flat_map(|list| &list.winners);
    winners.map(|winner| format!("{} {}", scored.units.id(winner.unit), winner.place.unwrap_or(0))).collect()
}

fn reason(scored: &Scored, award: usize, unit: &str) -> AwardReason {
    let unit = scored.units.find(unit).expect("the unit");
    scored.assessment.awards[award].reasons[unit as usize]
}

#[test]
fn the_last_place_is_shared_as_declared() {
    let facts = marks(&[("甲", "50", "40"), ("乙", "50", "30"), ("丙", "50", "30"), ("丁", "50", "20")]);
    let award = |ties: &str| format!("奖 先进 取 前 2 名 按 总分 末位并列 {ties} 选择 \"例\"\n");
    assert_eq!(winners(&score(&award("全取"), &facts, None), 0), ["甲 1", "乙 2", "丙 2"]);
    let none = score(&award("全舍"), &facts, None);
    assert_eq!(winners(&none, 0), ["甲 1"]);
    assert_eq!(reason(&none, 0, "丙"), AwardReason::TieDropped { place: 2 });
    let open = score(&award("人工"), &facts, None);
    assert_eq!(winners(&open, 0), ["甲 1"]);
    let ids: Vec<&str> = open.assessment.awards[0].lists[0].to_decide.iter().map(|unit| open.units.id(*unit)).collect();
    assert_eq!(ids, ["乙", "丙"]);
    assert_eq!(reason(&open, 0, "丁"), AwardReason::Outranked { place: 4, of: 4 });
}

#[test]
fn a_tie_above_the_last_place_that_fills_the_room_is_no_shared_last_place() {
    let facts = marks(&[("甲", "50", "40"), ("乙", "50", "40"), ("丙", "50", "30")]);
    let scored = score("奖 先进 取 前 2 名 按 总分 末位并列 全舍 选择 \"例\"\n", &facts, None);
    assert_eq!(winners(&scored, 0), ["甲 1", "乙 1"]);
}

#[test]
fn a_block_that_is_the_whole_total_is_ranked_by_itself() {
    // The fewest points are the first place; yet the award by the block goes to the most.
    let settings = "  总分 = 甲块 选择 \"例\"\n  比序 总分, 乙项, 仍同 并列 选择 \"例\"\n  未报";
    let head = HEAD.replace("从高到低", "从低到高").replace("  未报", settings);
    let awards =
        "奖 总 取 前 1 名 按 总分 末位并列 全取 选择 \"例\"\n奖 块奖 取 前 1 名 按 甲块 末位并列 全取 选择 \"例\"\n";
    let policy = format!("{head}块 甲块 100 分 选择 \"例\"\n{ITEMS}{awards}");
    let (standard, linked) = folders::compiled("scheme.kp", &policy);
    let facts = marks(&[("甲", "50", "40"), ("乙", "55", "35"), ("丙", "10", "30"), ("丁", "20", "20")]);
    let files = BTreeMap::from([("facts.csv".to_string(), facts)]);
    let scored = folders::score(standard, &linked, &files, &Options::default());
    // 丙 and 丁 have 40 each, and 比序 puts 丙 first; 甲 and 乙 have 90 each, and nothing is said of a tie.
    assert_eq!(winners(&scored, 0), ["丙 1"]);
    assert_eq!(winners(&scored, 1), ["甲 1", "乙 1"]);
}

#[test]
fn winners_of_an_earlier_award_are_left_out_and_places_shift() {
    let facts = marks(&[("甲", "60", "40"), ("乙", "55", "40"), ("丙", "50", "39")]);
    let awards = "奖 综合 取 前 1 名 按 总分 末位并列 全取 选择 \"例\"\n奖 单项 取 前 1 名 按 甲项 除 综合 末位并列 全取 选择 \"例\"\n奖 末位 取 末 1 名 按 总分 末位并列 全取 选择 \"例\"\n";
    let scored = score(awards, &facts, None);
    assert_eq!(winners(&scored, 0), ["甲 1"]);
    assert_eq!(winners(&scored, 1), ["乙 1"]);
    assert_eq!(winners(&scored, 2), ["丙 1"]);
    assert_eq!(reason(&scored, 1, "甲"), AwardReason::AlreadyWinner { award: 0 });
    assert_eq!(reason(&scored, 1, "丙"), AwardReason::Outranked { place: 2, of: 2 });
    let tables = Lines { standard: &scored.standard, units: &scored.units, assessment: &scored.assessment };
    let table = lines(|visit| tables.awards(Lang::Zh, visit), 4);
    assert!(table.contains("单项,乙,1,甲项 55.00，2 个参评单位中第 1 名\n"), "{table}");
    assert!(table.contains("末位,丙,1,总分 89.00，3 个参评单位中从后数第 1 名\n"), "{table}");
}

#[test]
fn a_unit_that_has_not_reported_keeps_the_award_open() {
    let facts = marks(&[("甲", "60", "40"), ("乙", "60", ""), ("丙", "50", "39")]);
    let awards = "奖 综合 取 前 1 名 按 总分 末位并列 全取 选择 \"例\"\n奖 单项 取 前 1 名 按 甲项 除 综合 末位并列 全取 选择 \"例\"\n";
    let scored = score(awards, &facts, None);
    let unit = scored.units.find("乙").expect("乙");
    assert_eq!(scored.assessment.awards[0].lists[0].open, [unit]);
    assert_eq!(reason(&scored, 0, "乙"), AwardReason::NotReported);
    // 乙 leads the single item, but hangs on whether 甲 or 乙 wins the first award.
    assert_eq!(winners(&scored, 1), ["乙 1"]);
    assert!(scored.assessment.awards[1].lists[0].winners[0].provisional);
    let owed: Vec<_> =
        scored.assessment.owed_by(unit).map(|owing| (owing.indicator.as_deref(), owing.field.as_str())).collect();
    assert_eq!(owed, [(Some("乙项"), "得分数")]);
    assert!(scored.assessment.total(unit).value.is_none() && scored.assessment.place(unit).is_none());
}

#[test]
fn conditions_and_vetoes_say_why() {
    let facts = marks(&[("甲", "60", "40"), ("乙", "20", "40"), ("丙", "50", "39")]);
    let awards = "否决 甲项太低 当 甲项 < 30 分 → 奖 取消 综合 选择 \"例\"\n奖 综合 取 前 3 名 按 总分 其中 乙项 ≥ 40 分 末位并列 全取 选择 \"例\"\n";
    let scored = score(awards, &facts, None);
    assert_eq!(winners(&scored, 0), ["甲 1"]);
    assert_eq!(reason(&scored, 0, "乙"), AwardReason::Barred { veto: 0 });
    assert_eq!(reason(&scored, 0, "丙"), AwardReason::NotEligible);
}

/// 末 1 名 is a penalty: a veto of all awards takes none from it, one that names it does.
#[test]
fn a_veto_of_all_awards_is_no_way_out_of_the_last_place() {
    let facts = marks(&[("甲", "60", "40"), ("乙", "20", "40"), ("丙", "50", "39")]);
    let awards = |barred: &str| {
        format!(
            "否决 甲项太低 当 甲项 < 30 分 → 奖 取消 {barred} 选择 \"例\"\n奖 综合 取 前 3 名 按 总分 末位并列 全取 选择 \"例\"\n奖 末位 取 末 1 名 按 总分 末位并列 全取 选择 \"例\"\n"
        )
    };
    let scored = score(&awards("全部"), &facts, None);
    assert_eq!(winners(&scored, 0), ["甲 1", "丙 2"]);
    assert_eq!(reason(&scored, 0, "乙"), AwardReason::Barred { veto: 0 });
    assert_eq!(winners(&scored, 1), ["乙 1"]);
    let scored = score(&awards("末位"), &facts, None);
    assert_eq!(reason(&scored, 1, "乙"), AwardReason::Barred { veto: 0 });
    assert_eq!(winners(&scored, 1), ["丙 1"]);
}

#[test]
fn an_award_that_is_not_given_says_so() {
    let facts = marks(&[("甲", "60", "40"), ("乙", "60", "40")]);
    let scored =
        score("奖 末位 取 末 1 名 按 总分 除非 全部(甲项 ≥ 60 分 于 全体) 末位并列 全取 选择 \"例\"\n", &facts, None);
    assert!(winners(&scored, 0).is_empty());
    assert_eq!(reason(&scored, 0, "甲"), AwardReason::NotGiven);
}

fn grades(scored: &Scored) -> Vec<String> {
    scored
        .units
        .iter()
        .map(|(unit, row)| format!("{} {}", row.id, scored.assessment.grade(&scored.standard, unit).unwrap_or("-")))
        .collect()
}

#[test]
fn nobody_who_shares_the_limiting_place_gets_in() {
    let bands =
        "等次 按 总分 选择 \"例\"\n  优秀 ≥ 90 分, 至多 50% 单位 去尾, 超出 降为 良好\n  良好 ≥ 80 分\n  合格 其余\n";
    // Room for two: 甲 gets in, 乙 and 丙 share the second place, 丁 is good by points.
    let facts = marks(&[("甲", "60", "40"), ("乙", "55", "40"), ("丙", "55", "40"), ("丁", "50", "35")]);
    let scored = score(bands, &facts, None);
    assert_eq!(grades(&scored), ["甲 优秀", "乙 良好", "丙 良好", "丁 良好"]);
    assert!(scored.assessment.grades[1].crowded_out && !scored.assessment.grades[3].crowded_out);
    // Where both fit nobody is sent away.
    let facts = marks(&[("甲", "55", "40"), ("乙", "55", "40"), ("丙", "50", "35"), ("丁", "50", "20")]);
    assert_eq!(grades(&score(bands, &facts, None)), ["甲 优秀", "乙 优秀", "丙 良好", "丁 合格"]);
    // Who has not reported has no grade. There is room for it and 甲.
    let facts = marks(&[("甲", "60", "40"), ("乙", "55", ""), ("丙", "50", "35"), ("丁", "50", "20")]);
    let scored = score(bands, &facts, None);
    assert_eq!(grades(&scored), ["甲 优秀", "乙 -", "丙 良好", "丁 合格"]);
    assert!(!scored.assessment.grades[0].provisional && !scored.assessment.grades[2].provisional);
    // Where there is room for one only, it may push 甲 out.
    let scored = score(&bands.replace("50%", "25%"), &facts, None);
    assert_eq!(grades(&scored), ["甲 优秀", "乙 -", "丙 良好", "丁 合格"]);
    assert!(scored.assessment.grades[0].provisional && !scored.assessment.grades[2].provisional);
}

/// 95, 92, 92, 90, 80, 60 and room for two: one place is left for the two who have 92.
#[test]
fn a_tie_at_the_limit_of_a_grade_goes_as_declared() {
    let bands = |ties: &str| {
        format!(
            "等次 按 总分 选择 \"例\"\n  优秀 ≥ 90 分, 至多 40% 单位 去尾{ties}, 超出 降为 良好\n  良好 ≥ 80 分\n  合格 其余\n"
        )
    };
    let rows = [("甲", "60", "35"), ("乙", "60", "32"), ("丙", "60", "32"), ("丁", "60", "30"), ("戊", "50", "30")];
    let facts = marks(&[&rows[..], &[("己", "40", "20")]].concat());
    let first = |ties: &str| {
        let scored = score(&bands(ties), &facts, None);
        let grades = grades(&scored)[..4].to_vec();
        (grades, scored.assessment.grades)
    };
    let (none, results) = first(", 末位并列 全舍");
    assert_eq!(none, ["甲 优秀", "乙 良好", "丙 良好", "丁 良好"]);
    let tie = results[2].tied.expect("a tie");
    assert_eq!((tie.units, tie.free), (2, 1));
    assert!(results[0].tied.is_none() && results[3].tied.is_none());
    assert_eq!(first("").0, none, "without a word, as before");
    assert_eq!(first(", 末位并列 全取").0, ["甲 优秀", "乙 优秀", "丙 优秀", "丁 良好"]);
    let (open, results) = first(", 末位并列 人工");
    assert_eq!(open, none);
    assert!(results[1].provisional && results[2].provisional && !results[3].provisional);
}

#[test]
fn the_strictest_veto_lowers_the_grade() {
    let bands = "否决 一 当 甲项 < 58 分 → 等次 降 1 选择 \"例\"\n否决 二 当 甲项 < 56 分 → 等次 定为 合格 选择 \"例\"\n等次 按 总分 选择 \"例\"\n  优秀 ≥ 90 分\n  良好 ≥ 80 分\n  合格 其余\n";
    let facts = marks(&[("甲", "60", "40"), ("乙", "57", "40"), ("丙", "55", "40")]);
    let scored = score(bands, &facts, None);
    assert_eq!(grades(&scored), ["甲 优秀", "乙 良好", "丙 合格"]);
    assert_eq!(scored.assessment.grades[2].vetoes, [0, 1]);
}

#[test]
fn quotas_lists_and_funds() {
    let more = "名额 个人 选择 \"例\"\n  类别 = 县 → 4 人\n  单位 = 人保 → 3 人\n  其余 → 1 人\n名单 加强指导 其中 总分 < 80 分 选择 \"例\"\n分配 奖补 1000 元 按 总分 其中 总分 ≥ 50 分 每份 100 元 余数 最大余数 同余 名次 选择 \"例\"\n";
    let units = "unit,name,kind\n甲,甲县,县\n乙,乙县,县\n丙,丙县,县\n人保,人保局,部门\n";
    let facts = marks(&[("甲", "60", "30"), ("乙", "40", "30"), ("丙", "10", "10"), ("人保", "20", "40")]);
    let scored = score(more, &facts, Some(units));
    let tables = Lines { standard: &scored.standard, units: &scored.units, assessment: &scored.assessment };
    assert_eq!(
        lines(|visit| tables.quotas(visit), 3),
        "quota,unit,number\n个人,甲,4\n个人,乙,4\n个人,丙,4\n个人,人保,3\n"
    );
    assert_eq!(scored.assessment.quotas[0].sum, kaoping_terms::Exact::whole(15));
    assert_eq!(lines(|visit| tables.rosters(visit), 2), "roster,unit\n加强指导,乙\n加强指导,丙\n加强指导,人保\n");
    // 90 : 70 : 60 of 1,000 in hundreds: 4.09, 3.18, 2.73.
    assert_eq!(
        lines(|visit| tables.shares(visit), 3),
        "fund,unit,amount\n奖补,甲,400\n奖补,乙,300\n奖补,丙,\n奖补,人保,300\n"
    );
}

#[test]
fn without_targets_everybody_with_a_total_meets_them() {
    let scored = score("", &marks(&[("甲", "60", "40"), ("乙", "60", "")]), None);
    assert_eq!(scored.assessment.meets_all(0), Answer::Yes);
    assert_eq!(scored.assessment.meets_all(1), Answer::Unknown);
}
