//! Bad input ends with a named finding that says where, what, why and what next: never with a
//! panic, a wrong number or half a result.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use terminal::{Run, run};

const SCHEME: &str = "\
方案 示范 \"示例\"   示例 \"为测试编写\"
  满分 10 分
  每项取到 不取整
  名次 总分 从高到低 并列占位
  未报 暂缺
  责任分工 不分

项 就业 5 分   示例 \"同上\"
  读入 完成数 actual : 人 ≥ 0 人
  读入 目标数 target : 人 > 0 人
  得 分值 × 较小(完成数 / 目标数, 1)

项 满意 5 分   示例 \"同上\"
  读入 满意率 rate : 百分比 0%..100%
  得 分值 × 满意率
";
const UNITS: &str = "unit,name\n甲县,甲县\n乙县,乙县\n";
const FACTS: &str = "\
单位,指标,字段,数值
甲县,就业,完成数,4410
甲县,就业,目标数,5000
甲县,满意,满意率,93%
乙县,就业,完成数,5000
乙县,就业,目标数,5000
乙县,满意,满意率,92.6%
";

fn scheme(text: &str) -> TempDir {
    folder(&[("p/scheme.kp", text.as_bytes()), ("units.csv", UNITS.as_bytes()), ("facts.csv", FACTS.as_bytes())])
}

/// A folder with the small policy in `p`, units and facts; named files are added or replaced.
fn with(files: &[(&str, &[u8])]) -> TempDir {
    let place = scheme(SCHEME);
    put(place.path(), files);
    place
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    put(place.path(), files);
    place
}

fn put(place: &Path, files: &[(&str, &[u8])]) {
    for (name, content) in files {
        let path = place.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, content).expect("a file");
    }
}

const SCORE: [&str; 8] = ["score", "p", "--units", "units.csv", "--facts", "facts.csv", "--out", "out"];

fn score(place: &TempDir) -> Run {
    run(&SCORE, place.path())
}

/// Refused with a finding of that name, with why and what next, and nothing half-written.
#[track_caller]
fn refused(place: &TempDir, run: &Run, code: i32, name: &str, words: &[&str]) {
    let said = run.said();
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(run.code, code, "{said}");
    assert!(said.contains(&format!("[{name}] ")), "not {name}:\n{said}");
    assert!(said.contains("= 原因 ") && said.contains("= 办法 "), "{said}");
    for word in words {
        assert!(said.contains(word), "does not say {word}:\n{said}");
    }
    let out = place.path().join("out");
    let left: Vec<PathBuf> = fs::read_dir(out)
        .map(|entries| entries.map(|entry| entry.expect("an entry").path()).collect())
        .unwrap_or_default();
    assert!(left.is_empty(), "left behind: {left:?}");
}

/// Scores of the small policy as they are written.
#[track_caller]
fn scores(place: &TempDir) -> String {
    let run = score(place);
    assert_eq!(run.code, 0, "{}", run.said());
    fs::read_to_string(place.path().join("out/scores.csv")).expect("scores.csv")
}

const RIGHT: &str = "unit,indicator,score\n甲县,就业,4.41\n甲县,满意,4.65\n乙县,就业,5\n乙县,满意,4.63\n";

// ── Files that are no text, or none at all ────────────────────────────────────────────────

#[test]
fn the_small_policy_is_right_to_begin_with() {
    assert_eq!(scores(&with(&[])), RIGHT);
}

#[test]
fn empty_files_are_named() {
    let place = with(&[("facts.csv", b"")]);
    refused(&place, &score(&place), 2, "file-empty", &["facts.csv", "保存失败"]);
    let place = with(&[("units.csv", b"")]);
    refused(&place, &score(&place), 2, "file-empty", &["units.csv"]);
    let place = with(&[("p/scheme.kp", b"")]);
    let run = run(&["check", "p"], place.path());
    refused(&place, &run, run.code, "file-empty", &["p/scheme.kp"]);
    assert_ne!(run.code, 0);
}

/// Of units only the header: nobody is left to score. Of figures: everybody owes everything.
#[test]
fn a_header_without_rows_is_no_result() {
    let header = "单位,指标,字段,数值\n".as_bytes();
    let place = with(&[("facts.csv", header)]);
    let run = score(&place);
    assert_eq!(run.code, 1, "{}", run.said());
    assert!(run.said().contains("警告[sheet-without-rows] "), "{}", run.said());
    let owed = fs::read_to_string(place.path().join("out/owed.csv")).expect("owed.csv");
    assert_eq!(owed.lines().skip(1).count(), 6, "{owed}");
    let totals = fs::read_to_string(place.path().join("out/totals.csv")).expect("totals.csv");
    assert!(totals.contains("甲县,,,,") && totals.contains("乙县,,,,"), "{totals}");

    let place = with(&[("units.csv", b"unit,name\n")]);
    refused(&place, &score(&place), 2, "sheet-without-rows", &["units.csv", "只有表头"]);
    let place = with(&[("facts.csv", header)]);
    let without = terminal::run(&["score", "p", "--facts", "facts.csv", "--out", "out"], place.path());
    refused(&place, &without, 2, "sheet-without-rows", &["facts.csv", "没有单位可考"]);
    let nothing = terminal::run(&["score", "p", "--out", "out"], place.path());
    refused(&place, &nothing, 2, "nobody-assessed", &["--units", "--facts"]);
}

#[test]
fn a_file_cut_off_in_a_character_is_named_with_its_line() {
    let cut = FACTS.as_bytes().get(..FACTS.len() / 2).expect("half");
    // The cut may fall between characters; then the last row is short.
    let mut in_a_character = cut.to_vec();
    while std::str::from_utf8(&in_a_character).is_ok() {
        in_a_character.pop();
    }
    let place = with(&[("facts.csv", &in_a_character)]);
    refused(&place, &score(&place), 2, "file-encoding", &["facts.csv", "第 4 行", "一个字符中间"]);
    let place = with(&[("facts.csv", "单位,指标,字段,数值\n甲县,就业,完成数,4410\n甲县,就业".as_bytes())]);
    refused(&place, &score(&place), 1, "row-width", &["facts.csv:3", "第 3 行有 2 格"]);
}

#[test]
fn binary_files_are_told_from_text() {
    let workbook = b"PK\x03\x04\x14\x00\x06\x00xl/workbook.xml";
    let noise: Vec<u8> = (0..4096u32).map(|i| (i * 7 % 251) as u8).collect();
    for (content, word) in [(&workbook[..], "Excel"), (&noise, "二进制"), (b"%PDF-1.4\n%\xe2\xe3", "PDF")] {
        let place = with(&[("facts.csv", content)]);
        refused(&place, &score(&place), 2, "file-not-text", &["facts.csv", word]);
        let place = with(&[("p/scheme.kp", content)]);
        let run = run(&["check", "p"], place.path());
        refused(&place, &run, run.code, "file-not-text", &["p/scheme.kp", word]);
        assert_ne!(run.code, 0);
    }
}

#[test]
fn a_hundred_megabytes_do_no_harm() {
    let place = with(&[]);
    let file = fs::File::create(place.path().join("p/notes.md")).expect("a file");
    file.set_len(100 * 1024 * 1024).expect("room");
    let checked = run(&["check", "p"], place.path());
    refused(&place, &checked, checked.code, "file-too-large", &["p/notes.md", "104,857,600"]);
    assert_ne!(checked.code, 0);
    // Facts may be large; a hundred megabytes of nothing are no facts.
    let file = fs::File::create(place.path().join("facts.csv")).expect("a file");
    file.set_len(100 * 1024 * 1024).expect("room");
    fs::remove_file(place.path().join("p/notes.md")).expect("removed");
    refused(&place, &score(&place), 2, "file-not-text", &["facts.csv"]);
}

#[test]
fn bytes_of_no_encoding_are_not_guessed() {
    let mut bytes = FACTS.as_bytes().to_vec();
    let at = FACTS.find("乙县").expect("a row");
    bytes.splice(at..at + 1, [0xff]);
    let place = with(&[("facts.csv", &bytes)]);
    refused(&place, &score(&place), 2, "file-encoding", &["facts.csv", "第 5 行", "字节"]);
}

#[test]
fn a_policy_of_no_encoding_is_not_guessed_either() {
    for (file, code) in [("scheme.kp", 2), ("clauses.md", 2), ("targets.csv", 2)] {
        let place = with(&[]);
        let path = format!("p/{file}");
        put(place.path(), &[(&path, b"ab\n\xe6\x96\xff\xff")]);
        let run = run(&["check", "p"], place.path());
        refused(&place, &run, code, "file-encoding", &[&path, "第 2 行", "字节"]);
        assert!(!run.said().contains("no-scheme"), "it is there:\n{}", run.said());
    }
}

#[test]
fn each_fault_is_placed_to_the_column() {
    let facts = FACTS.replacen("4410", "许多", 1).replacen("92.6%", "92.6", 1);
    let place = with(&[("facts.csv", facts.as_bytes())]);
    let run = score(&place);
    refused(&place, &run, 1, "figure-not-readable", &["facts.csv:2:11"]);
    refused(&place, &run, 1, "percent-missing", &["facts.csv:7:11"]);
    let text = SCHEME.replace("分值 × 满意率", "分值 × 满意绿");
    let place = scheme(&text);
    let run = terminal::run(&["check", "p"], place.path());
    refused(&place, &run, 1, "unknown-name", &["p/scheme.kp:15:10", "是不是“满意率”"]);
}

#[test]
fn chinese_encodings_give_the_same_results() {
    let gbk = gb18030(FACTS);
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(FACTS.replace(',', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let with_mark = |mark: &[u8], text: &[u8]| [mark, text].concat();
    for (what, content) in [
        ("GBK", gbk.clone()),
        ("GB 18030 with its mark", with_mark(&[0x84, 0x31, 0x95, 0x33], &gbk)),
        ("UTF-8 with its mark", with_mark(&[0xef, 0xbb, 0xbf], FACTS.as_bytes())),
        ("UTF-16 with tabs", utf16),
        ("line ends of Windows", FACTS.replace('\n', "\r\n").into_bytes()),
    ] {
        assert_eq!(scores(&with(&[("facts.csv", &content)])), RIGHT, "{what}");
    }
    let place = with(&[("p/scheme.kp", &gb18030(SCHEME))]);
    assert_eq!(scores(&place), RIGHT, "a policy in GBK");
}

/// The few characters of the small policy in GBK.
fn gb18030(text: &str) -> Vec<u8> {
    const CODES: &str = include_str!("gbk.txt");
    let mut bytes = Vec::new();
    for c in text.chars() {
        if c.is_ascii() {
            bytes.push(c as u8);
            continue;
        }
        let line = CODES.lines().find(|line| line.starts_with(c));
        let code = line
            .and_then(|line| line.split_once(' '))
            .and_then(|(_, code)| u16::from_str_radix(code, 16).ok())
            .unwrap_or_else(|| panic!("gbk.txt lacks {c}"));
        bytes.extend(code.to_be_bytes());
    }
    bytes
}

// ── Rows ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn uneven_rows_are_each_named() {
    let place = with(&[(
        "facts.csv",
        "单位,指标,字段,数值\n甲县,就业,完成数,4,410\n甲县,就业,目标数\n乙县,就业,完成数,1\n".as_bytes(),
    )]);
    refused(
        &place,
        &score(&place),
        1,
        "row-width",
        &["facts.csv:2", "第 2 行有 5 格，表头有 4 列", "第 3 行有 3 格", "\"5,000\""],
    );
}

#[test]
fn duplicates_are_refused_with_both_places() {
    let place = with(&[("units.csv", "unit,name\n甲县,甲县\n甲县,甲县\n".as_bytes())]);
    refused(&place, &score(&place), 1, "duplicate-unit", &["units.csv:3", "units.csv:2"]);
    let place = with(&[("facts.csv", format!("{FACTS}甲县,就业,完成数,4500\n").as_bytes())]);
    refused(&place, &score(&place), 1, "duplicate-fact", &["facts.csv:8", "facts.csv:2"]);
    let twice = SCHEME.replace("项 满意", "项 就业");
    let place = with(&[("p/scheme.kp", twice.as_bytes())]);
    refused(&place, &score(&place), 1, "duplicate-name", &["p/scheme.kp:13", "p/scheme.kp:8"]);
}

#[test]
fn unknown_words_name_the_nearest() {
    for (old, new, name, hint) in [
        ("甲县,就业,完成数", "甲线,就业,完成数", "unknown-unit", "是不是“甲县”"),
        ("甲县,就业,完成数", "甲县,就叶,完成数", "unknown-indicator", "是不是“就业”"),
        ("甲县,就业,完成数", "甲县,就业,完成书", "unknown-field", "是不是“完成数”"),
    ] {
        let place = with(&[("facts.csv", FACTS.replacen(old, new, 1).as_bytes())]);
        refused(&place, &score(&place), 1, name, &["facts.csv:2", hint]);
    }
}

#[test]
fn many_errors_are_all_reported_at_once() {
    let rows = "甲线,就业,完成数,1\n甲县,就叶,完成数,1\n甲县,就业,完成书,1\n甲县,就业,完成数,许多\n甲县,满意,满意率,93\n乙县,就业,完成数,-1\n乙县,就业,目标数,5 户\n";
    let place = with(&[("facts.csv", format!("单位,指标,字段,数值\n{rows}").as_bytes())]);
    let run = score(&place);
    for name in [
        "unknown-unit",
        "unknown-indicator",
        "unknown-field",
        "figure-not-readable",
        "percent-missing",
        "figure-out-of-range",
        "wrong-noun",
    ] {
        refused(&place, &run, 1, name, &[]);
    }
    assert!(run.said().contains("7 个错误"), "{}", run.said());
}

// ── Figures ───────────────────────────────────────────────────────────────────────────────

#[test]
fn figures_as_offices_write_them_are_read() {
    for written in [
        "４４１０",
        "\"4,410\"",
        "\"４，４１０\"",
        "4410人",
        "4410 人",
        " 4410 ",
        "4410.00",
        "0.441 万人",
        "\"4,410 人\"",
    ] {
        let place = with(&[("facts.csv", FACTS.replacen("4410", written, 1).as_bytes())]);
        assert_eq!(scores(&place), RIGHT, "{written}");
    }
    for written in ["93.0%", "９３％", "93 %", "93％"] {
        let place = with(&[("facts.csv", FACTS.replacen("93%", written, 1).as_bytes())]);
        assert_eq!(scores(&place), RIGHT, "{written}");
    }
}

#[test]
fn figures_that_can_be_read_twice_are_refused() {
    for written in [
        "\"44,10\"",
        "\"4.410,00\"",
        "4.410.00",
        "4 410",
        "四千四百",
        "4410?",
        "4e3",
        "0x10",
        "1/2",
        "--5",
        "∞",
        "NaN",
        "4410人人",
    ] {
        let place = with(&[("facts.csv", FACTS.replacen("4410", written, 1).as_bytes())]);
        let run = score(&place);
        let said = run.said();
        assert_eq!(run.code, 1, "{written}: {said}");
        let name = ["figure-ambiguous", "figure-not-readable", "wrong-noun"];
        assert!(name.iter().any(|name| said.contains(name)), "{written}: {said}");
        assert!(said.contains("facts.csv:2"), "{written}: {said}");
        assert!(!place.path().join("out").exists(), "{written}");
    }
    let place = with(&[("facts.csv", FACTS.replacen("93%", "93", 1).as_bytes())]);
    refused(&place, &score(&place), 1, "percent-missing", &["facts.csv:4", "93%"]);
}

#[test]
fn targets_of_zero_and_below_are_refused() {
    for written in ["0", "-5000"] {
        let place = with(&[("facts.csv", FACTS.replacen("5000", written, 1).as_bytes())]);
        refused(&place, &score(&place), 1, "figure-out-of-range", &["facts.csv:3"]);
    }
}

#[test]
fn a_number_of_forty_digits_is_scored_exactly() {
    let target = "1000000000000000000000000000000000000007";
    let actual = "999999999999999999999999999999999999999";
    let facts = FACTS.replacen("4410", actual, 1).replacen("5000", target, 1);
    let place = with(&[("facts.csv", facts.as_bytes())]);
    let run = score(&place);
    assert_eq!(run.code, 0, "{}", run.said());
    let scores = fs::read_to_string(place.path().join("out/scores.csv")).expect("scores");
    // 5 × (10³⁹ − 1) / (10³⁹ + 7), in lowest terms.
    let exact = "4999999999999999999999999999999999999995/1000000000000000000000000000000000000007";
    assert!(scores.contains(exact), "{scores}");
}

// ── The policy ────────────────────────────────────────────────────────────────────────────

#[test]
fn ten_thousand_brackets_are_refused_not_followed() {
    let deep = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000));
    for score in [
        format!("分值 × {}", deep("(", "1", ")")),
        format!("分值 × {}", deep("较小(1, ", "1", ")")),
        format!("分值 × {}", deep("−", "1", "")),
        format!("当 {} → 分值 否则 → 0 分", deep("非 ", "满意率 = 1", "")),
        deep("当 满意率 = 1 → 分值 否则 → ", "0 分", ""),
    ] {
        let text = SCHEME.replace("得 分值 × 满意率", &format!("得 {score}"));
        let place = scheme(&text);
        let run = run(&["check", "p"], place.path());
        refused(&place, &run, 1, "nested-too-deep", &["p/scheme.kp:15"]);
    }
}

#[test]
fn circles_are_shown_with_their_path() {
    let text = SCHEME.replace(
        "  得 分值 × 满意率",
        "  设 甲数 = 乙数 + 满意率\n  设 乙数 = 丙数\n  设 丙数 = 甲数\n  得 分值 × 甲数",
    );
    let place = scheme(&text);
    let checked = run(&["check", "p"], place.path());
    refused(&place, &checked, 1, "cyclic-definition", &["甲数 → 乙数 → 丙数 → 甲数"]);
    // A scheme inside itself.
    let text = SCHEME.replace("  得 分值 × 满意率", "  子方案 内")
        + "\n方案 内 \"示例\"\n  满分 5 分\n  每项取到 不取整\n项 里 5 分   示例 \"同上\"\n  子方案 外\n\n方案 外 \"示例\"\n  满分 5 分\n  每项取到 不取整\n项 又 5 分   示例 \"同上\"\n  子方案 内\n";
    let place = scheme(&text);
    let run = run(&["check", "p"], place.path());
    refused(&place, &run, 1, "cyclic-definition", &["内", "外"]);
}

#[test]
fn a_policy_that_uses_itself_is_refused() {
    let place = scheme(&format!("引用 \"scheme.kp\"\n\n{SCHEME}"));
    let checked = run(&["check", "p"], place.path());
    refused(&place, &checked, 1, "include-cycle", &["p/scheme.kp:1"]);
    // Two libraries that use one another are each read once.
    let place = with(&[
        ("p/scheme.kp", format!("引用 \"../kinds/a.kp\"\n\n{SCHEME}").as_bytes()),
        ("kinds/a.kp", "引用 \"../kinds/b.kp\"\n规则 甲则\n  得 分值\n".as_bytes()),
        ("kinds/b.kp", "引用 \"../kinds/a.kp\"\n规则 乙则\n  得 分值\n".as_bytes()),
    ]);
    let run = run(&["check", "p"], place.path());
    assert_eq!(run.code, 0, "{}", run.said());
}

#[test]
fn without_its_library_every_policy_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    terminal::copy(&policies, &place.path().join("policies"));
    fs::remove_dir_all(place.path().join("policies/kinds")).expect("the library");
    let mut seen = 0;
    let root = place.path().join("policies");
    for entry in fs::read_dir(&root).expect("policies") {
        let path = entry.expect("an entry").path();
        let Ok(text) = fs::read_to_string(path.join("scheme.kp")) else {
            continue;
        };
        if !text.contains("../kinds/common.kp") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let run = run(&["check", &format!("policies/{name}")], place.path());
        refused(&place, &run, 2, "library-missing", &["common.kp", "scheme.kp"]);
        seen += 1;
    }
    assert!(seen > 0, "no policy uses the library");
}

// ── The command line ──────────────────────────────────────────────────────────────────────

#[test]
fn what_is_not_there_is_said() {
    let place = with(&[]);
    let missing = run(&["check", "没有的方案"], place.path());
    refused(&place, &missing, 2, "file-missing", &["没有的方案"]);
    fs::create_dir(place.path().join("空的")).expect("a folder");
    let empty = run(&["check", "空的"], place.path());
    refused(&place, &empty, 2, "no-scheme", &["空的"]);
    let file = run(&["check", "facts.csv"], place.path());
    refused(&place, &file, 2, "file-unreadable", &["facts.csv"]);
    let facts = run(&["score", "p", "--facts", "没有的.csv", "--out", "out"], place.path());
    refused(&place, &facts, 2, "file-missing", &["没有的.csv"]);
}

#[test]
fn unknown_names_on_the_command_line_are_refused() {
    let place = with(&[]);
    let base = ["--units", "units.csv", "--facts", "facts.csv"];
    let ask = |command: &[&str]| run(&[command, &base].concat(), place.path());
    let unit = ask(&["explain", "p", "--unit", "甲线"]);
    refused(&place, &unit, unit.code, "unknown-unit", &["是不是“甲县”"]);
    assert_ne!(unit.code, 0);
    let item = ask(&["explain", "p", "--unit", "甲县", "--indicator", "就叶"]);
    refused(&place, &item, item.code, "unknown-indicator", &["是不是“就业”"]);
    assert_ne!(item.code, 0);
    let round = ask(&["score", "p", "--round", "验收", "--out", "out"]);
    refused(&place, &round, round.code, "unknown-round", &["验收"]);
    assert_ne!(round.code, 0);
    let choice = ask(&["score", "p", "--choose", "取整=去尾", "--out", "out"]);
    refused(&place, &choice, choice.code, "unknown-choice", &["取整"]);
    assert_ne!(choice.code, 0);
    let date = ask(&["score", "p", "--as-of", "2014-02-30", "--out", "out"]);
    refused(&place, &date, date.code, "date-not-readable", &["2014-02-30"]);
    assert_ne!(date.code, 0);
    let table = ask(&["score", "p", "--events", "上访=facts.csv", "--out", "out"]);
    refused(&place, &table, table.code, "unknown-event-table", &["上访"]);
    assert_ne!(table.code, 0);
}

#[test]
fn results_never_replace_what_is_no_result() {
    let place = with(&[("taken", b"a file")]);
    let onto = run(&["score", "p", "--facts", "facts.csv", "--out", "taken"], place.path());
    refused(&place, &onto, 2, "output-not-a-folder", &["taken"]);
    assert_eq!(fs::read(place.path().join("taken")).expect("still there"), b"a file");
    // A folder stands where one of the results should go: none is written.
    fs::create_dir_all(place.path().join("half/totals.csv")).expect("a folder");
    let half = run(&["score", "p", "--facts", "facts.csv", "--out", "half"], place.path());
    refused(&place, &half, 2, "output-not-a-file", &["totals.csv"]);
    let left = fs::read_dir(place.path().join("half")).expect("half").count();
    assert_eq!(left, 1, "only the folder that was there");
}

#[test]
fn results_of_a_refused_run_leave_earlier_ones_as_they_were() {
    let place = with(&[]);
    let before = scores(&place);
    put(place.path(), &[("facts.csv", FACTS.replace("93%", "93").as_bytes())]);
    assert_eq!(score(&place).code, 1);
    let after = fs::read_to_string(place.path().join("out/scores.csv")).expect("scores");
    assert_eq!(before, after);
    let files = fs::read_dir(place.path().join("out")).expect("out").count();
    assert_eq!(files, 3, "no temporary file is left");
}
