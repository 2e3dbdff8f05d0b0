//! `kaoping new`: the built command on tables as offices have them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn kaoping(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaoping")).args(arguments).output().expect("the command runs")
}

/// A folder of its own for each test.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("written");
        shown(&path)
    }

    /// Runs `kaoping new` into the folder `policy`; exit code and what it says in JSON.
    fn make(&self, table: &str) -> (Option<i32>, Value) {
        let folder = shown(&self.path("policy"));
        let output = kaoping(&["new", &folder, "--indicators", table, "--format", "json"]);
        let said = serde_json::from_slice(&output.stdout);
        (output.status.code(), said.expect("JSON"))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("policy").join(name)).expect("a file of the policy")
    }

    /// Errors that `kaoping check` finds in what was made.
    fn errors(&self) -> Vec<String> {
        let folder = shown(&self.path("policy"));
        let output = kaoping(&["check", &folder, "--format", "json"]);
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        named(&said, "error")
    }
}

fn shown(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

fn findings(said: &Value) -> &[Value] {
    said["findings"].as_array().expect("findings")
}

fn named(said: &Value, level: &str) -> Vec<String> {
    let found = findings(said).iter().filter(|it| it["level"] == level);
    found.map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn an_english_table_scores_at_once() {
    let desk = Desk::new();
    let table =
        desk.file("table.csv", "indicator,base,target,kind,actual\n0,3.00,5000,bonus,4999\n1,2.00,100,plain,\n");
    let (code, said) = desk.make(&table);
    // Somebody's results are kept and never stand in for what a unit has not reported.
    assert!(desk.read("indicators.csv").contains(",#actual\n"));
    assert_eq!((code, named(&said, "error")), (Some(0), Vec::new()), "{said}");
    assert_eq!(said["indicators"], 2);
    assert_eq!(said["full_mark"], "5");
    assert_eq!(desk.errors(), Vec::<String>::new());
    assert!(desk.read("kinds/common.kp").contains("规则 "));
    let facts = desk.file("facts.csv", "unit,indicator,actual\nA,0,6000\nA,1,100\nB,0,4410\nB,1,97.9\n");
    let notices = desk.file("notices.csv", "unit,notices_2,notices_1\nA,0,0\nB,1,1\n");
    let (folder, out) = (shown(&desk.path("policy")), shown(&desk.path("out")));
    let output = kaoping(&["score", &folder, "--facts", &facts, &notices, "--out", &out]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let result = |name| fs::read_to_string(desk.path("out").join(name)).expect("a result");
    // 6000/5000 is the best: 3 + 20 %; 4410/5000 falls 11.8 % short, five whole steps of 5 %.
    assert!(
        result("scores.csv").starts_with("unit,indicator,score\nA,0,3.60\nA,1,2.00\nB,0,2.25\nB,1,1.90\n"),
        "{}",
        result("scores.csv")
    );
    // 2.25 + 1.90 − 2.00 − 1.00
    assert!(result("totals.csv").contains("\nA,,5.60,1,yes,"), "{}", result("totals.csv"));
    assert!(result("totals.csv").contains("\nB,,1.15,2,no,"), "{}", result("totals.csv"));
    assert_eq!(result("awards.csv").lines().count(), 2, "{}", result("awards.csv"));
}

/// The office's table in GBK: Chinese headings, units in the cells, a remark, an own noun.
const OFFICE_GBK: &[u8] = b"\
\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6,\xb7\xd6\xd6\xb5,\xc4\xbf\xb1\xea,\xb9\xe6\xd4\xf2,\xd2\xc0\xbe\xdd,\xc7\xa3\xcd\xb7\xb5\xa5\xce\xbb,\xd4\xf0\xc8\xce\xb5\xa5\xce\xbb,\xb1\xb8\xd7\xa2\n\
1,\xb3\xc7\xd5\xf2\xd0\xc2\xd4\xf6\xbe\xcd\xd2\xb5,3,\"5,000\xc8\xcb\",\xbc\xd3\xb7\xd6\xd6\xb8\xb1\xea,\xb6\xfe(\xd2\xbb)1,\xbc\xd7\xbe\xd6,\"\xd2\xd2\xbe\xd6\xa1\xa2\xb1\xfb\xbe\xd6\",\xb0\xb4\xd4\xc2\xb5\xf7\xb6\xc8\n\
2,\xc1\xb8\xca\xb3\xb2\xfa\xc1\xbf,2.5 \xb7\xd6,1.2\xcd\xf2\xb5\xa3,,\xb6\xfe(\xd2\xbb)2,\xb6\xa1\xbe\xd6,,=1+1\n\
3,\xc2\xfa\xd2\xe2\xb6\xc8,1,98%,\xbc\xec\xb2\xe9\xb4\xf2\xb7\xd6,,,,\n";

#[test]
fn an_office_table_in_gbk() {
    let desk = Desk::new();
    let table = desk.file("指标表.csv", OFFICE_GBK);
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said["full_mark"], "6.5");
    let rows = desk.read("indicators.csv");
    for expected in [
        "编号,块,名称,分值,规则,目标数,不足一步,牵头,责任,依据,#备注,#目标数\n",
        "城镇新增就业,3,加分指标,\"5,000人\",整步,甲局,乙局、丙局,二(一)1,按月调度,\n",
        // What a spreadsheet would run is disarmed in columns nothing reads.
        "粮食产量,2.5 分,,1.2万担,整步,丁局,,二(一)2,'=1+1,\n",
        // A target its rule does not read stands apart, so that it cannot mislead.
        "满意度,1,检查打分,,,,,,,98%\n",
    ] {
        assert!(rows.contains(expected), "{expected}\n{rows}");
    }
    assert!(desk.read("scheme.kp").contains("单位名 担\n"), "{}", desk.read("scheme.kp"));
    assert!(desk.read("clauses.md").contains("## 二(一)2\n"));
    assert_eq!(desk.errors(), Vec::<String>::new());
    let warnings = named(&said, "warning");
    for expected in ["nouns-declared", "column-not-read", "choice-filled", "column-absent"] {
        assert!(warnings.iter().any(|name| name == expected), "{expected}: {warnings:?}");
    }
}

#[test]
fn excel_s_unicode_text_is_the_same_table() {
    let desk = Desk::new();
    let text = "指标\t权重（分）\t一级指标\r\n甲项\t３\t经济\r\n乙项\t2\t社会\r\n";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let table = desk.file("表.txt", bytes);
    let (code, said) = desk.make(&table);
    assert_eq!((code, &said["full_mark"]), (Some(0), &Value::from("5")), "{said}");
    let scheme = desk.read("scheme.kp");
    assert!(scheme.contains("经济 + 社会 + 通报"), "{scheme}");
    assert!(scheme.contains("\n块 经济 ") && scheme.contains("\n块 社会 "), "{scheme}");
    assert_eq!(desk.errors(), Vec::<String>::new());
}

#[test]
fn what_is_absent_is_a_warning_once_a_column() {
    let desk = Desk::new();
    let rows: String = (0..30).map(|at| format!("{at}\n")).collect();
    let table = desk.file("table.csv", format!("id\n{rows}"));
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(0), "{said}");
    let absent = named(&said, "warning");
    let count = absent.iter().filter(|name| *name == "column-absent").count();
    // Name, points, target, rule, clause, lead, responsible.
    assert_eq!(count, 7, "{said}");
    assert_eq!(said["indicators"], 30);
    assert_eq!(desk.errors(), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_table_at_once_with_its_place() {
    let desk = Desk::new();
    let table = desk.file(
        "table.csv",
        "id,name,points,target,rule\n1,甲,abc,0,bonsu\n1,乙,-2,-5,plain\n3,甲,1e5,x%,plain\n4,通报,1,2,plain\n",
    );
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(1));
    let mut places: Vec<(String, u64, u64)> = findings(&said)
        .iter()
        .filter(|it| it["level"] == "error")
        .map(|it| {
            let number = |key: &str| it[key].as_u64().expect("a place");
            let name = it["name"].as_str().expect("a name").to_owned();
            assert_eq!(it["file"], table.as_str());
            assert!(it["next"].as_str().is_some_and(|next| !next.is_empty()), "{it}");
            (name, number("line"), number("column"))
        })
        .collect();
    places.sort_by_key(|(_, line, column)| (*line, *column));
    let expected = [
        ("points-not-readable", 2, 5),
        ("unknown-rule", 2, 11),
        ("duplicate-name", 3, 1),
        ("points-negative", 3, 5),
        ("target-not-positive", 3, 8),
        ("duplicate-name", 4, 3),
        ("points-not-readable", 4, 5),
        ("target-not-readable", 4, 9),
        ("duplicate-name", 5, 3),
    ];
    let expected = expected.map(|(name, line, column)| (name.to_owned(), line, column));
    assert_eq!(places, expected);
    let rule = findings(&said).iter().find(|it| it["name"] == "unknown-rule");
    assert!(rule.expect("found")["next"].as_str().expect("words").contains("bonus"));
    assert!(!desk.path("policy").exists());
}

#[test]
fn figures_keep_every_digit() {
    let desk = Desk::new();
    let long = "1234567890123456789012345678901234567890.5";
    let table = desk.file("table.csv", format!("id,points,target\n1,{long},{long}\n"));
    let (code, said) = desk.make(&table);
    assert_eq!((code, &said["full_mark"]), (Some(0), &Value::from(long)), "{said}");
    assert_eq!(desk.errors(), Vec::<String>::new());
    assert!(desk.read("indicators.csv").contains(&format!("{long},,{long}")));
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let desk = Desk::new();
    let table = desk.file("table.csv", "id,points,target\n1,2,3\n");
    fs::create_dir(desk.path("policy")).expect("made");
    fs::write(desk.path("policy/mine.txt"), "mine").expect("written");
    let (code, said) = desk.make(&table);
    assert_eq!((code, named(&said, "error")), (Some(1), vec!["folder-not-empty".to_owned()]));
    assert_eq!(fs::read_dir(desk.path("policy")).expect("a folder").count(), 1);
    assert_eq!(desk.read("mine.txt"), "mine");
    fs::remove_file(desk.path("policy/mine.txt")).expect("removed");
    assert_eq!(desk.make(&table).0, Some(0), "an empty folder is taken");
}

#[test]
fn nothing_is_left_half_written() {
    let desk = Desk::new();
    let table = desk.file("table.csv", "id,points,target\n1,2,3\n");
    desk.file("file", "x");
    let folder = shown(&desk.path("file/below/policy"));
    let output = kaoping(&["new", &folder, "--indicators", &table, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("output-refused") && said.contains("nothing was left behind"), "{said}");
    let mut left: Vec<_> =
        fs::read_dir(desk.path("")).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    left.sort();
    assert_eq!(left, ["file", "table.csv"]);
}

#[test]
fn a_table_that_cannot_be_used() {
    let desk = Desk::new();
    for (table, name) in [
        (shown(&desk.path("none.csv")), "file-missing"),
        (desk.file("empty.csv", ""), "file-empty"),
        (desk.file("head.csv", "id,name\n"), "no-indicators"),
        (desk.file("book.xlsx", b"PK\x03\x04\x14\x00\x06\x00"), "file-not-text"),
    ] {
        let (code, said) = desk.make(&table);
        assert_eq!((code, named(&said, "error")), (Some(2), vec![name.to_owned()]), "{table}");
        assert!(!desk.path("policy").exists());
    }
}

#[test]
fn where_no_rule_says_who_met_a_target_the_award_does_not_ask() {
    let desk = Desk::new();
    let table = desk.file("table.csv", "编号,分值,规则\n1,10,检查打分\n2,10,checked\n");
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(0), "{said}");
    assert!(named(&said, "warning").contains(&"no-target-to-meet".to_owned()));
    assert_eq!(desk.errors(), Vec::<String>::new());
    assert!(!desk.read("scheme.kp").contains("全部达标 末位"));
}

#[test]
fn it_says_what_was_made_and_what_comes_next() {
    let desk = Desk::new();
    let table = desk.file("table.csv", "id,points,target\n1,2,3\n");
    let folder = shown(&desk.path("2014 年\"方案\""));
    let output = kaoping(&["new", &folder, "--indicators", &table, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 indicators") && said.contains("Next: kaoping check"), "{said}");
    assert_eq!(kaoping(&["check", &folder]).status.code(), Some(0));
}

#[test]
fn a_printed_table_with_title_totals_and_a_column_of_units() {
    let desk = Desk::new();
    let table = desk.file(
        "printed.csv",
        "甲县2024年指标表,,,,,,,,\n,,,,,,单位：分,,\n序号,指标名称,分值,目标值,计量单位,计分规则,依据,牵头单位,责任单位\n\
         1,城镇新增就业,40,\"5,000\",人,加分指标,二1,人社局,人社局\n2,技能培训,30,98.5,%,加分指标,二2,人社局,人社局\n\
         小计,,70,,,,,,\n3,到位资金,30,1.2 亿元,万元,加分指标,二3,财政局,财政局\n合 计,,101,,,,,,\n",
    );
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(0), "{said}");
    let warned = named(&said, "warning");
    let count = |name: &str| warned.iter().filter(|it| *it == name).count();
    assert_eq!(count("title-row-skipped"), 2, "{warned:?}");
    assert_eq!(count("total-row-left-out"), 2, "{warned:?}");
    assert_eq!(count("total-row-differs"), 1, "{warned:?}");
    assert_eq!(said["full_mark"], "100");
    let made = desk.read("indicators.csv");
    for target in ["\"5,000 人\"", "98.5%", "1.2 亿元"] {
        assert!(made.contains(target), "{target} in {made}");
    }
    assert_eq!(desk.errors(), Vec::<String>::new());
    // A column 单位 that names offices is no column of units of measure.
    let other = Desk::new();
    let table = other.file("offices.csv", "编号,名称,分值,目标数,规则,单位\n1,就业,3,\"5,000 人\",加分指标,人社局\n");
    let (code, said) = other.make(&table);
    assert_eq!(code, Some(0), "{said}");
    assert!(other.read("indicators.csv").contains("#单位"));
}

/// As Excel exports a printed table: blocks in merged cells, units in the heading, brackets,
/// bounds, the rule under the name of how the work is looked at.
#[test]
fn a_table_with_merged_cells_and_written_words() {
    let desk = Desk::new();
    let table = desk.file(
        "table.csv",
        "指标类别,序号,考核指标,分值,目标数(人),考核方式,责任单位\n就业,1,城镇新增就业,（10分）,5000,加分指标,人保\n,2,失业再就业,10分,不低于1200人,不加分指标,人保\n社保,3,养老参保,(5分),3000,加分指标,人保\n",
    );
    let (code, said) = desk.make(&table);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said["full_mark"], "25");
    let rows = desk.read("indicators.csv");
    for expected in [
        "1,就业,城镇新增就业,10分,加分指标,5000 人,",
        "2,就业,失业再就业,10分,不加分指标,1200人,",
        "3,社保,养老参保,5分,加分指标,3000 人,",
        "不低于1200人",
    ] {
        assert!(rows.contains(expected), "{expected}\n{rows}");
    }
    assert!(!desk.read("scheme.kp").contains("块 考核指标"));
    let notes = named(&said, "note");
    assert!(
        notes.contains(&"block-carried-down".to_owned()) && notes.contains(&"target-from-bound".to_owned()),
        "{said}"
    );
}

#[test]
fn weights_are_parts_of_a_hundred_only_where_all_are() {
    let desk = Desk::new();
    let table = desk.file("a.csv", "编号,名称,权重,规则,目标数\n1,甲,30%,加分指标,5人\n2,乙,70％,加分指标,5人\n");
    let (code, said) = desk.make(&table);
    assert_eq!((code, &said["full_mark"]), (Some(0), &Value::from("100")), "{said}");
    assert!(named(&said, "warning").contains(&"weights-as-points".to_owned()), "{said}");
    let mixed = Desk::new();
    let table = mixed.file("b.csv", "编号,名称,权重,规则,目标数\n1,甲,30%,加分指标,5人\n2,乙,7,加分指标,不超过5人\n");
    let (code, said) = mixed.make(&table);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(named(&said, "error"), ["points-not-readable", "target-not-readable"]);
}
