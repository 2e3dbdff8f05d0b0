use super::{render, summary};
use crate::render::width;
use kaoping_terms::{Diagnostic, Lang, Place, Quote, Sources, Text};

const SCHEME: &str = "方案 民生工程\n\n\n\n\n\n\n\n\n\n块 组织实施 6 分   依据 二(一)1\n";

fn place_of(sources: &mut Sources, path: &str, text: &str, part: &str) -> Place {
    let at = text.find(part).expect("the part");
    Place::new(sources.add(path, text), at, at + part.len())
}

fn parts_do_not_sum(sources: &mut Sources) -> Diagnostic {
    let place = place_of(sources, "policies/livelihood/scheme.kp", SCHEME, "6 分");
    let quote = Quote {
        document: "民生工程目标管理工作规定".into(),
        clause: "二(一)1".into(),
        quote: "组织实施6分。…组织领导2分…".into(),
    };
    Diagnostic::error(
        "parts-do-not-sum",
        Text::new("组织实施：各项之和是 7 分，写的是 6 分", "组织实施: the parts sum to 7, not 6"),
    )
    .at(place)
    .label(Text::same("2 + 1 + 0.5 + 3.5 = 7"))
    .why(Text::new("各项之和要等于总数", "parts must sum to the whole"))
    .next(Text::new("改某一项的分值，或把 6 改成 7", "change a part, or 6 to 7"))
    .quoting(Some(quote))
}

/// Columns before the first caret and of the row of carets, in that line of the output.
fn carets(text: &str) -> Vec<(usize, usize)> {
    text.lines()
        .filter(|line| line.contains('^'))
        .map(|line| {
            let at = line.find('^').unwrap_or(0);
            (width(&line[..at]), line[at..].chars().take_while(|c| *c == '^').count())
        })
        .collect()
}

#[test]
fn a_finding_in_chinese() {
    let mut sources = Sources::default();
    let finding = parts_do_not_sum(&mut sources);
    let text = render(&[finding], &sources, Lang::Zh, false);
    let expected = "\
错误[parts-do-not-sum] 组织实施：各项之和是 7 分，写的是 6 分
  --> policies/livelihood/scheme.kp:11:8
   |
11 | 块 组织实施 6 分   依据 二(一)1
   |             ^^^^ 2 + 1 + 0.5 + 3.5 = 7
   |
   = 依据 《民生工程目标管理工作规定》二(一)1 “组织实施6分。…组织领导2分…”
   = 原因 各项之和要等于总数
   = 办法 改某一项的分值，或把 6 改成 7

1 个错误
";
    assert_eq!(text, expected);
    // The carets stand under 6 分: after `11 | ` and 块 组织实施 with its blanks, 4 columns wide.
    assert_eq!(carets(&text), [(width("11 | 块 组织实施 "), width("6 分"))]);
}

#[test]
fn the_same_in_english_and_in_colour() {
    let mut sources = Sources::default();
    let finding = parts_do_not_sum(&mut sources);
    let text = render(std::slice::from_ref(&finding), &sources, Lang::En, false);
    assert!(text.starts_with("error[parts-do-not-sum]: 组织实施: the parts sum to 7, not 6\n"), "{text}");
    assert!(text.contains("\n   = source 《民生工程目标管理工作规定》二(一)1"), "{text}");
    assert!(text.contains("\n   = why parts must sum"), "{text}");
    assert!(text.ends_with("\n   = next change a part, or 6 to 7\n\n1 error\n"), "{text}");
    let coloured = render(&[finding], &sources, Lang::Zh, true);
    assert!(coloured.starts_with("\u{1b}[1;31m错误[parts-do-not-sum]\u{1b}[0m "), "{coloured}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn related_places_show_in_their_own_files() {
    let mut sources = Sources::default();
    let first = place_of(&mut sources, "p/scheme.kp", "期限 年终\n  单位评分  01-25 前\n  汇总  01-20 前\n", "01-20");
    let file = first.file;
    let scored = sources.file(file).and_then(|f| f.text.find("01-25")).expect("the day");
    let clause = place_of(&mut sources, "p/clauses.md", "## 三2\n一月二十日前\n", "一月二十日");
    let finding = Diagnostic::warning("deadline-order", Text::new("汇总早于评分", "roll-up before scoring"))
        .at(first)
        .label(Text::new("早 5 天", "5 days early"))
        .also(Place::new(file, scored, scored + 5), Text::new("评分在这里", "scoring here"))
        .also(clause, Text::new("原文", "the text"));
    let text = render(&[finding], &sources, Lang::Zh, false);
    let expected = "\
警告[deadline-order] 汇总早于评分
 --> p/scheme.kp:3:7
  |
3 |   汇总  01-20 前
  |         ^^^^^ 早 5 天
  |
 ::: p/scheme.kp:2:9
  |
2 |   单位评分  01-25 前
  |             ----- 评分在这里
  |
 ::: p/clauses.md:2:1
  |
2 | 一月二十日前
  | ---------- 原文

1 个警告
";
    assert_eq!(text, expected);
}

#[test]
fn two_places_on_one_line_share_it() {
    let mut sources = Sources::default();
    let text = "单位,数值,单位\n";
    let file = sources.add("f.csv", text);
    let later = text.rfind("单位").expect("a column");
    let finding = Diagnostic::error("column-repeated", Text::new("两列同名", "twice"))
        .at(Place::new(file, later, later + 6))
        .also(Place::new(file, 0, 6), Text::new("前一次", "first"));
    let text = render(&[finding], &sources, Lang::Zh, false);
    assert!(text.contains("\n1 | 单位,数值,单位\n  | ----      ^^^^\n"), "{text}");
    assert_eq!(text.matches("单位,数值,单位").count(), 1);
}

#[test]
fn a_long_row_is_cut_around_its_caret() {
    let mut sources = Sources::default();
    let row = format!("{}坏值,{}", "甲县,".repeat(1_000), "乙县,".repeat(1_000));
    let place = place_of(&mut sources, "f.csv", &row, "坏值");
    let first = Place::new(place.file, 0, 6);
    let finding = Diagnostic::error("not-a-number", Text::new("不是数字", "not a number"))
        .at(place)
        .label(Text::new("这一格", "this cell"))
        .also(first, Text::new("行首在此", "the row begins here"));
    let text = render(&[finding], &sources, Lang::Zh, false);
    assert!(text.contains(" ::: f.csv:1:1\n") && text.contains("---- 行首在此\n"), "{text}");
    assert!(text.contains(" --> f.csv:1:3001\n"), "{text}");
    assert!(text.lines().all(|line| width(line) < 130), "{text}");
    let source = text.lines().find(|line| line.contains("坏值")).expect("the line");
    let before = source.find("坏值").expect("the cell");
    assert_eq!(carets(&text), [(width(&source[..before]), 4)]);
    assert!(source.starts_with("1 | …") && source.ends_with('…'), "{source}");
}

#[test]
fn a_one_line_file_of_eight_megabytes_renders_at_once() {
    let mut sources = Sources::default();
    let text = "甲,".repeat(2 << 20);
    let size = text.len();
    let file = sources.add("f.csv", text);
    let findings: Vec<Diagnostic> = (0..20)
        .map(|at| {
            let start = size - 4 * (at + 1);
            Diagnostic::error("x", Text::new("坏", "bad")).at(Place::new(file, start, size))
        })
        .collect();
    let begun = std::time::Instant::now();
    let text = render(&findings, &sources, Lang::Zh, false);
    assert!(text.len() < 20 * 1_000, "{} bytes", text.len());
    assert!(begun.elapsed().as_secs() < 5, "took {:?}", begun.elapsed());
}

#[test]
fn places_that_do_not_fit_the_text_do_no_harm() {
    let mut sources = Sources::default();
    let file = sources.add("a.kp", "块 甲\n  跨行\n乙");
    let make = |start: usize, end: usize| {
        Diagnostic::note("x", Text::same("m")).at(Place::new(file, start, end)).label(Text::same("l"))
    };
    let findings = [make(1, 2), make(4, 400), make(99, 100), make(22, 22), make(5, 4), make(7, 8)];
    let text = render(&findings, &sources, Lang::Zh, false);
    assert_eq!(text.matches("提示[x] m").count(), 6);
    assert!(text.contains(":1:1\n"), "{text}");
}

#[test]
fn an_input_cannot_drive_the_terminal() {
    let mut sources = Sources::default();
    let file = sources.add("a.kp", "项 \u{1b}[2J\u{9b}31m甲\t6 分\n");
    let finding = Diagnostic::error("x", Text::same("\u{1b}]0;t\u{7}"))
        .at(Place::new(file, 4, 5))
        .label(Text::same("\u{1b}c"))
        .next(Text::same("a\nb"));
    let text = render(&[finding], &sources, Lang::Zh, false);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
}

#[test]
fn the_summary_counts_each_level() {
    let make = |level: fn(&'static str, Text) -> Diagnostic, count| vec![level("x", Text::same("m")); count];
    let all = [make(Diagnostic::error, 3), make(Diagnostic::warning, 12), make(Diagnostic::note, 4)].concat();
    assert_eq!(summary(&all, Lang::Zh), "3 个错误，12 个警告，4 个提示");
    assert_eq!(summary(&all, Lang::En), "3 errors, 12 warnings, 4 notes");
    assert_eq!(summary(&all[3..4], Lang::En), "1 warning");
    assert_eq!(render(&[], &Sources::default(), Lang::Zh, false), "没有发现问题\n");
}
