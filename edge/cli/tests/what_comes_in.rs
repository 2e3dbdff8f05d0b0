//! What a clerk's tables may say wrongly, and that none of it is taken in silence.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod terminal;

use std::fs;
use terminal::{Run, kaoping};

/// Runs a line in a folder with these files.
fn met(files: &[(&str, &str)], line: &str) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    kaoping(line, folder.path())
}

const PETITIONS: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
明细 上访 petition   示例 \"同上\"
  级别 level : 省 | 市
  办结 done : 日期
项 信访 10 分   示例 \"同上\"
  扣 每 上访 其中 级别 = 省 3 分
  扣 每 上访 其中 级别 = 市 且 非 已报(办结) 1 分
";

fn petitions(events: &str) -> Run {
    let files = [("scheme.kp", PETITIONS), ("上访.csv", events), ("units.csv", "unit\n甲\n")];
    met(&files, "kaoping score . --units units.csv --events 上访=上访.csv")
}

/// 否 in the column 撤销 is no withdrawal: the event counts.
#[test]
fn no_withdrawal_is_none() {
    let of = |word: &str| petitions(&format!("id,unit,date,level,done,withdrawn\n访-1,甲,2014-03-05,省,,{word}\n"));
    for word in ["", "否", "no", "0", "未撤销"] {
        let run = of(word);
        assert!(run.code == 0 && run.stdout.contains("甲       7 "), "{word}: {}", run.said());
    }
    for word in ["是", "2014-05-01", "已撤销"] {
        let run = of(word);
        assert!(run.code == 0 && run.stdout.contains("甲      10 "), "{word}: {}", run.said());
    }
    let run = of("待定");
    assert!(run.code == 1 && run.stderr.contains("“上访”访-1 的“撤销”写作“待定”，读不出来"), "{}", run.said());
}

/// An empty cell is asked for, but where the policy itself says what follows (已报).
#[test]
fn an_event_says_what_decides_about_it() {
    let run = petitions("id,unit,date,level,done\n访-1,甲,2014-03-05,,2014-04-01\n访-2,甲,2014-03-06,市,\n");
    assert!(run.stderr.contains("错误[event-cell-empty] “上访”访-1 的“级别”是空的"), "{}", run.said());
    assert!(!run.stderr.contains("办结"), "{}", run.said());
    let run = petitions("id,unit,date,level,done,withdrawn\n访-1,甲,,,,是\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let run = petitions("id,unit,date,done\n访-1,甲,2014-03-05,2014-04-01\n");
    assert!(run.stderr.contains("错误[column-missing] 明细“上访”的这张表没有“级别”一列"), "{}", run.said());
}

/// Where no rule looks at dates an event without one counts, and it is said.
#[test]
fn a_date_is_asked_for_where_it_decides() {
    let undated = "id,unit,date,level,done\n访-1,甲,,省,\n";
    let run = petitions(undated);
    assert!(run.code == 0 && run.stderr.contains("警告[event-without-date]"), "{}", run.said());
    assert!(run.stdout.contains("甲       7 "), "{}", run.said());
    let dated = PETITIONS.replacen("责任分工 不分", "责任分工 不分\n  适用期 2014-01-01 至 2014-12-31", 1);
    let files = [("scheme.kp", dated.as_str()), ("上访.csv", undated), ("units.csv", "unit\n甲\n")];
    let run = met(&files, "kaoping score . --units units.csv --events 上访=上访.csv");
    assert!(run.code == 1 && run.stderr.contains("错误[event-without-date] “上访”访-1 没有写日期"), "{}", run.said());
}

const INSPECTED: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  适用期 2014-01-01 至 2014-12-31
  每项取到 不取整
  名次 年度得分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
  设 年度得分 = 平均(月评.总分 于 各月) × 30% + 年终.总分 × 70%
轮次 月评 monthly 每月 | 年终 year
  正式 = 年终
项 检查 10 分   示例 \"同上\"
  读入 得分 mark : 分 0 分..10 分
  得 得分
";

fn inspected(rows: &str) -> Run {
    let facts = format!("unit,indicator,field,value,period,round\n{rows}");
    met(&[("scheme.kp", INSPECTED), ("facts.csv", &facts)], "kaoping score . --facts facts.csv")
}

/// Of two figures where one is needed both are named; of the year and no period neither holds.
#[test]
fn one_of_two_figures_is_not_taken_in_silence() {
    let month = "甲,检查,mark,6,2014-01,月评\n";
    let said = |rows: &str| inspected(&format!("{month}{rows}")).stderr;
    let text = said("甲,检查,mark,9,2014,年终\n甲,检查,mark,2,,年终\n");
    assert!(
        text.contains("错误[duplicate-fact] “检查 得分”") && text.contains("9 分（2014）和 2 分（没有写期间）"),
        "{text}"
    );
    let text = said("甲,检查,mark,9,,年终\n甲,检查,mark,2,,\n");
    assert!(text.contains("甲 9 分（年终）和 2 分（没有写轮次），用的是 9 分"), "{text}");
    let text = said("甲,检查,mark,3,2014-06,年终\n甲,检查,mark,4,2014Q3,年终\n");
    assert!(text.contains("甲 4 分（2014Q3）和 3 分（2014-06），用的是 4 分"), "{text}");
    let text = said("甲,检查,mark,8,2014-01-20,月评\n甲,检查,mark,9,,年终\n");
    assert!(text.contains("甲 6 分（2014-01）和 8 分（2014-01-20），用的是 6 分"), "{text}");
    // The same figure twice says nothing else.
    let text = said("甲,检查,mark,9,,年终\n甲,检查,mark,9,,\n");
    assert!(!text.contains("figures-compete"), "{text}");
}

/// A figure of a round held each month says of which; it does not fill the months that are owed.
#[test]
fn a_figure_of_a_month_says_which() {
    for (period, said) in [("", "没有写期间：是哪一月的？"), ("2014", "期间写作“2014”：是哪一月的？")]
    {
        let run = inspected(&format!("甲,检查,mark,6,{period},月评\n甲,检查,mark,9,,年终\n"));
        assert!(run.code == 1 && run.stderr.contains(said), "{}", run.said());
    }
    let run = inspected("甲,检查,mark,6,2014-01-20,月评\n甲,检查,mark,9,,年终\n");
    assert!(!run.stderr.contains("是哪一月的"), "{}", run.said());
}

/// An event of a round from which the official one takes nothing that looks at events.
#[test]
fn an_event_of_a_round_that_does_not_count_is_named() {
    let policy = INSPECTED.replacen(
        "项 检查",
        "明细 通报 notice   示例 \"同上\"\n  文号 : 文字\n项 扣分   示例 \"同上\"\n  扣 每 通报 1 分\n项 检查",
        1,
    );
    let said = |policy: &str| {
        let facts = "unit,indicator,field,value,period,round\n甲,检查,mark,6,2014-01,月评\n甲,检查,mark,9,,年终\n";
        let events = "id,unit,date,文号,round\n通-1,甲,2014-01-05,一,月评\n通-2,甲,2014-01-06,二,年终\n";
        let files = [("scheme.kp", policy), ("facts.csv", facts), ("events.csv", events)];
        met(&files, "kaoping score . --facts facts.csv --events 通报=events.csv").stderr
    };
    // Here the totals of the months look at the events, there only an item without them.
    assert!(!said(&policy).contains("event-not-counted"), "{}", said(&policy));
    let apart = policy.replacen("月评.总分", "月评.检查", 1);
    assert!(said(&apart).contains("“通报”有 1 件写的是“月评”，没有计入任何正式结果：通-1"), "{}", said(&apart));
}

/// A unit of 合并 that is not in the list is named with the nearest that is.
#[test]
fn a_misspelt_member_of_a_merge_is_found() {
    let policy = INSPECTED
        .replacen("名次 年度得分", "名次 总分", 1)
        .lines()
        .filter(|line| !line.contains("设 年度得分") && !line.contains("轮次") && !line.contains("正式"))
        .collect::<Vec<_>>()
        .join("\n");
    let policy = format!("{policy}\n合并 城区 = 东街 + 西街 用于 检查 合计 得分 得分 各得同分   示例 \"同上\"\n");
    let facts = "unit,indicator,field,value\n东街,检查,mark,6\n西街办,检查,mark,3\n";
    let files = [("scheme.kp", policy.as_str()), ("facts.csv", facts), ("units.csv", "unit\n东街\n西街办\n")];
    let run = met(&files, "kaoping score . --units units.csv --facts facts.csv");
    assert!(run.code == 1, "{}", run.said());
    assert!(
        run.stderr.contains("合并“城区”里的“西街”不在单位表里") && run.stderr.contains("是不是“西街办”？"),
        "{}",
        run.said()
    );
    let alone = policy.replace("东街 + 西街", "东街");
    let run = met(&[("scheme.kp", alone.as_str())], "kaoping check .");
    assert!(run.stderr.contains("merge-of-one") || run.stdout.contains("merge-of-one"), "{}", run.said());
}

/// A quote too many is shown where it opens, not where the next one closes it.
#[test]
fn an_open_quote_is_shown_where_it_opens() {
    let facts = "unit,indicator,field,value\n\"甲,检查,mark,6\n乙,检查,mark,7\n丙,检查,mark,\"8\"\n";
    let run = met(&[("scheme.kp", INSPECTED), ("facts.csv", facts)], "kaoping score . --facts facts.csv");
    assert!(
        run.stderr.contains("第 2 行的引号到第 4 行才合上") && run.stderr.contains("facts.csv:2:1"),
        "{}",
        run.said()
    );
}

/// The policy behind an option that takes several files is taken for one of them.
#[test]
fn a_policy_behind_the_events_is_hinted_at() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("p")).expect("a folder");
    fs::write(folder.path().join("p/scheme.kp"), INSPECTED).expect("written");
    for line in ["kaoping score --events 通报=t.csv p", "kaoping compare p --events 通报=t.csv p"] {
        let run = kaoping(line, folder.path());
        assert!(run.code != 0 && run.stderr.contains("方案文件夹写在"), "{}", run.said());
    }
    let run = kaoping("kaoping score --events 通报=t.csv p --lang en", folder.path());
    assert!(run.stderr.contains("stands before --facts, --events"), "{}", run.said());
}

/// A unit to which the item does not apply is not of the group: its figure is neither added nor asked.
#[test]
fn a_member_without_the_item_is_neither_added_nor_asked() {
    let policy = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 0.01 分 四舍五入
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
属性 厂 plant : 是否   示例 \"同上\"
项 污水 10 分   示例 \"同上\"
  适用 当 单位.厂
  不适用时 零分
  读入 处理量 treated : 吨 ≥ 0 吨
  得 分值 × 较小(1, 处理量 / 100 吨)
合并 城区 = 东街 + 西街 用于 污水 合计 处理量 得分 各得同分   示例 \"同上\"
";
    let scored = |west: &str, more: &str| {
        let units = format!("unit,plant\n东街,是\n西街,{west}\n");
        let facts = format!("unit,indicator,field,value\n东街,污水,treated,30\n{more}");
        let files = [("scheme.kp", policy), ("units.csv", units.as_str()), ("facts.csv", facts.as_str())];
        met(&files, "kaoping score . --units units.csv --facts facts.csv")
    };
    let both = scored("是", "西街,污水,treated,20\n");
    assert!(both.stdout.contains("东街  5.00 ") && both.stdout.contains("西街  5.00 "), "{}", both.said());
    for (more, warned) in [("", false), ("西街,污水,treated,20\n", true)] {
        let run = scored("否", more);
        assert!(
            run.code == 0 && run.stdout.contains("东街  3.00 ") && run.stdout.contains("西街  0.00 "),
            "{}",
            run.said()
        );
        assert_eq!(run.stderr.contains("figure-not-counted"), warned, "{}", run.said());
    }
}

/// Of a quarter one figure was reported for a month: the other one is not asked for that month.
#[test]
fn a_month_in_place_of_a_quarter_asks_for_the_quarter() {
    let policy = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 4 分
  适用期 2014-01-01 至 2014-06-30
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
项 整改 4 分   示例 \"同上\"
  读入 办结数 closed : 件 ≥ 0 件 每季
  读入 交办数 assigned : 件 > 0 件 每季
  得 2 分 × 件数(办结数 于 各季 其中 办结数 ≥ 交办数)
";
    let facts = "unit,indicator,field,value,period\n甲,整改,closed,3,2014Q1\n甲,整改,assigned,3,2014Q1\n\
                 甲,整改,closed,3,2014-05\n甲,整改,assigned,3,2014Q2\n";
    let run = met(&[("scheme.kp", policy), ("facts.csv", facts)], "kaoping score . --facts facts.csv --format json");
    assert!(run.stdout.contains("办结数（2014Q2）"), "{}", run.said());
    assert!(!run.stdout.contains("交办数（2014-05）"), "{}", run.said());
}

const REPORTED: &str = "\
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分
项 报送 10 分   示例 \"同上\"
  读入 应报数 due : 次 > 0 次 每月
  读入 按时数 ontime : 次 ≥ 0 次, ≤ 应报数 每月
  得
     当 合计(应报数 于 各月) > 0 次 → 分值 × 合计(按时数 于 各月) / 合计(应报数 于 各月)
     否则 → 0 分
";

/// What is part of another figure is not above it: 按时数 ≤ 应报数.
#[test]
fn a_part_is_not_more_than_the_whole() {
    let scored = |ontime: &str| {
        let facts = format!(
            "unit,indicator,field,value,period\n甲,报送,ontime,{ontime},2014-01\n甲,报送,due,60,2014-01\n甲,报送,due,80,2014-02\n甲,报送,ontime,70,2014-02\n"
        );
        met(&[("scheme.kp", REPORTED), ("facts.csv", &facts)], "kaoping score . --facts facts.csv")
    };
    assert_eq!(scored("60").code, 0, "{}", scored("60").said());
    let run = scored("70");
    assert!(run.code == 1 && run.stderr.contains("错误[figure-out-of-range]"), "{}", run.said());
    assert!(run.stderr.contains("甲 的“报送 按时数”是 70 次，“应报数”是 60 次"), "{}", run.said());
    assert!(
        run.stderr.contains("方案写明：“按时数”不超过“应报数”") && run.stderr.contains("1 个错误"),
        "{}",
        run.said()
    );
}

/// The bound is an input above, of the same unit and the same periods.
#[test]
fn a_bound_is_an_input_above_that_compares() {
    let checked = |from: &str, to: &str| {
        let run = met(&[("scheme.kp", &REPORTED.replacen(from, to, 1))], "kaoping check .");
        format!("{}{}", run.code, run.said())
    };
    let said = checked("≤ 应报数", "≤ 应办数");
    assert!(said.contains("范围里的“应办数”：前面没有这个读入"), "{said}");
    let said = checked("次 > 0 次 每月", "人 > 0 人 每月");
    assert!(said.contains("“按时数”不能和“应报数”比大小"), "{said}");
    let said = checked("次 > 0 次 每月", "次 > 0 次");
    assert!(said.contains("“按时数”不能和“应报数”比大小"), "{said}");
    let decision = "决定 补助   示例 \"试\"\n  读入 工资 : 元 > 0 元\n  读入 缴费 : 元 ≥ 0 元, ≤ 工资\n  结论 当 缴费 > 0 元 → 补 缴费\n    否则 → 不补\n";
    let run = met(&[("scheme.kp", decision)], "kaoping check .");
    assert!(run.said().contains("决定的读入不能用“工资”作范围"), "{}", run.said());
}

const AID: &str = "\
决定 补助 aid   示例 \"为测试编写\"
  读入 月收入 income : 元 ≥ 0 元
  给出 补助额 benefit : 元
  给出 结果 status : 补助=pay | 不补=none
  结论
     当 月收入 ≤ 500 元 → 补助 100 元
     否则              → 不补
";

fn aid(rows: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("p")).expect("a folder");
    fs::write(folder.path().join("p/scheme.kp"), AID).expect("written");
    fs::write(folder.path().join("in.csv"), rows).expect("written");
    folder
}

/// A NUL in a small table is told with its place; it was taken for UTF-16 and the header for another.
#[test]
fn a_nul_is_told_with_its_place() {
    let rows = "编号,月收入\n1,480\n2,5\u{0}20\n";
    let folder = aid(rows);
    let run = kaoping("kaoping compute p --in in.csv --out out.csv", folder.path());
    assert_eq!(run.code, 2, "{}", run.said());
    assert!(run.stderr.contains("错误[file-nul]") && run.stderr.contains("in.csv 第 3 行第 4 个字"), "{}", run.said());
    let run = petitions("id,unit,date,level,done\n访-1,甲\u{0},2014-03-05,省,\n");
    assert_eq!(run.code, 2, "{}", run.said());
    assert!(
        run.stderr.contains("错误[file-nul]") && run.stderr.contains("上访.csv 第 2 行第 6 个字"),
        "{}",
        run.said()
    );
}

/// What is carried along comes out as it went in, line ends inside a cell among it.
#[test]
fn a_cell_that_is_carried_keeps_its_line_ends() {
    let rows = "编号,月收入,说明\n1,480,\"x\r y\"\n2,600,\"一\r\n二\n三\r\r四\"\n3,不是数,\"x\r y\"\n";
    let folder = aid(rows);
    let run = kaoping("kaoping compute p --in in.csv --out out.csv", folder.path());
    assert_eq!(run.code, 1, "{}", run.said());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let expected =
        "编号,月收入,说明,补助额,结果\n1,480,\"x\r y\",100.00,补助\n2,600,\"一\r\n二\n三\r\r四\",0.00,不补\n";
    assert_eq!(read("out.csv"), expected);
    assert!(read("out.rejects.csv").ends_with("3,不是数,\"x\r y\"\n"), "{}", read("out.rejects.csv"));
    let run = kaoping("kaoping compute p --in in.csv --out out.arrow", folder.path());
    assert_eq!(run.code, 1, "{}", run.said());
    let run = kaoping("kaoping compute p --in out.arrow --out again.csv --select 编号,说明", folder.path());
    assert_eq!(run.code, 0, "{}", run.said());
    assert_eq!(read("again.csv"), "编号,说明\n1,\"x\r y\"\n2,\"一\r\n二\n三\r\r四\"\n");
}

/// What an input method widened is what it is narrow: days, yes and no, words and codes of closed lists,
/// as numbers are.
#[test]
fn wide_digits_are_digits() {
    let policy = AID
        .replace(
            "  给出 补助额",
            "  读入 类别 kind : 一类=01 | 二类=02\n  读入 申请日 day : 日期\n  读入 低保 low : 是否\n  给出 补助额",
        )
        .replace("月收入 ≤ 500 元", "月收入 ≤ 500 元 且 类别 = 一类 且 申请日 ≥ 2026-01-05 且 低保");
    let folder = aid(
        "编号,月收入,类别,申请日,低保\n1,４８０,０１,２０２６－０１－０５,１\n2,480,０２,２０２６年１月５日,是\n3,480,０３,２０２６－１３－０５,２\n",
    );
    fs::write(folder.path().join("p/scheme.kp"), policy).expect("written");
    for from in ["in.csv", "in.arrow"] {
        let run = kaoping(&format!("kaoping compute p --in {from} --out out.csv --select 编号,结果"), folder.path());
        let rejects = if from == "in.csv" { 1 } else { 0 };
        assert_eq!(run.code, rejects, "{}", run.said());
        let out = fs::read_to_string(folder.path().join("out.csv")).expect("results");
        assert_eq!(out, "编号,结果\n1,补助\n2,不补\n", "{}", run.said());
        if rejects == 1 {
            let rejected = fs::read_to_string(folder.path().join("out.rejects.csv")).expect("rejects");
            assert!(rejected.contains("类别、申请日、低保"), "{rejected}");
            let line = "kaoping compute p --in in.csv --out in.arrow --select 编号,月收入,类别,申请日,低保";
            assert_eq!(kaoping(line, folder.path()).code, 1);
        }
    }
}

/// Units whose group is written wide stand in one group with the others.
#[test]
fn wide_groups_are_groups() {
    let policy = "\
属性 片区 area : 东片=01 | 西片=02   示例 \"为测试编写\"
方案 试 \"试\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  同组 片区
  未报 暂缺
  责任分工 不分
项 甲项 10 分   示例 \"同上\"
  读入 完成数 actual : 人 0 人..100 人
  得 分值 × 完成数 / 100 人
";
    let units = "unit,area\n甲,01\n乙,０１\n丙,东片\n丁,02\n";
    let facts = "unit,indicator,field,value\n甲,甲项,,90\n乙,甲项,,80\n丙,甲项,,70\n丁,甲项,,60\n";
    let files = [("scheme.kp", policy), ("units.csv", units), ("facts.csv", facts)];
    let run = met(&files, "kaoping score . --units units.csv --facts facts.csv --format json");
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let ranks: Vec<&str> =
        told["totals"].as_array().into_iter().flatten().filter_map(|unit| unit["rank"].as_str()).collect();
    assert_eq!(ranks, ["1", "2", "3", "1"], "{}", run.said());
}
