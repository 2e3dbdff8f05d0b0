use super::{Kind, lex};
use alloc::{format, string::String, vec::Vec};
use kaoping_terms::{FileId, Report};

/// The tokens of a text in short, and the names of its findings.
fn read(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let mut report = Report::new();
    let lexed = lex(FileId(0), 0, text, Some(true), &mut report);
    let shown = lexed.tokens.iter().map(|token| match &token.kind {
        Kind::Word(word) => word.clone(),
        Kind::Number(number) => format!("#{number}"),
        Kind::Day(day) => format!("d{day}"),
        Kind::MonthDay(month, day) => format!("m{month}/{day}"),
        Kind::Month(year, month) => format!("M{year}/{month}"),
        Kind::Quoted(text) => format!("\"{text}\""),
        Kind::Clause(clause) => format!("§{}", clause.text),
        Kind::Punct(punct) => format!("{punct:?}"),
        Kind::Broken => String::from("!"),
        Kind::End => String::new(),
    });
    let shown = shown.filter(|text| !text.is_empty()).collect();
    (shown, report.findings().iter().map(|finding| finding.name).collect())
}

fn clean(text: &str, expected: &[&str]) {
    let (tokens, findings) = read(text);
    assert_eq!(tokens, expected, "{text}");
    assert!(findings.is_empty(), "{text}: {findings:?}");
}

fn faulty(text: &str, expected: &[&str], finding: &str) {
    let (tokens, findings) = read(text);
    assert_eq!(tokens, expected, "{text}");
    assert_eq!(findings, [finding], "{text}");
}

#[test]
fn widths_do_not_matter() {
    clean("得　分值（１，２）", &["得", "分值", "Open", "#1", "Comma", "#2", "Close"]);
    clean("ａ＝１２．５％", &["a", "Equal", "#12.5", "Percent"]);
    clean("a ≥ b >= c ＞＝ d", &["a", "AtLeast", "b", "AtLeast", "c", "AtLeast", "d"]);
    clean("a × b ÷ c − d → e -> f", &["a", "Times", "b", "Slash", "c", "Minus", "d", "Arrow", "e", "Arrow", "f"]);
    clean("甲、乙", &["甲", "Comma", "乙"]);
    clean("元/人·月", &["元", "Slash", "人", "MiddleDot", "月"]);
}

#[test]
fn commas_group_before_exactly_three_digits() {
    clean("5,000 人", &["#5000", "人"]);
    clean("1,000,000.25", &["#1000000.25"]);
    clean("１，０００", &["#1000"]);
    clean("(1,2)", &["Open", "#1", "Comma", "#2", "Close"]);
    clean("5, 000", &["#5", "Comma", "#0"]);
    for text in ["1234,567", "1,000,00", "0,123", "1.5,000"] {
        faulty(text, &["!"], "comma-ambiguous");
    }
}

#[test]
fn numbers_end_where_words_begin() {
    clean("5000人", &["#5000", "人"]);
    clean("3.5分", &["#3.5", "分"]);
    clean("0%..100%", &["#0", "Percent", "Range", "#100", "Percent"]);
    clean("0..12", &["#0", "Range", "#12"]);
    faulty("1.2.3", &["!"], "number-not-readable");
    faulty(&"9".repeat(101), &["!"], "number-not-readable");
    clean("0.10", &["#0.1"]);
}

#[test]
fn dates_months_and_differences() {
    clean("2008-12-31 01-10 2005-12", &["d2008-12-31", "m1/10", "M2005/12"]);
    clean("２００８－１２－３１", &["d2008-12-31"]);
    clean("100-20", &["#100", "Minus", "#20"]);
    clean("13-10", &["#13", "Minus", "#10"]);
    clean("12-10%", &["#12", "Minus", "#10", "Percent"]);
    faulty("2014-02-29", &["!"], "no-such-day");
    faulty("02-30", &["!"], "no-such-day");
}

#[test]
fn clauses_take_their_line() {
    clean("依据 二（二）3  # 注\n得", &["§二(二)3", "得"]);
    faulty("依据 \n得", &["§", "得"], "clause-empty");
}

#[test]
fn strings_end_on_their_line() {
    clean("“原文“未”定” \"“a”\"", &["\"原文“未”定\"", "\"“a”\""]);
    faulty("选择 \"原文\n得", &["选择", "\"原文\"", "得"], "unclosed-string");
}

#[test]
fn unknown_characters_are_one_finding_a_run() {
    faulty("得 分值。；！", &["得", "分值"], "unknown-character");
    faulty("得\u{200b} 分值", &["得", "分值"], "unknown-character");
}

#[test]
fn the_first_keyword_decides_the_language() {
    for (text, chinese) in [("方案 a", true), ("scheme 方案", false), ("", true), ("x y", true)] {
        assert_eq!(lex(FileId(0), 0, text, None, &mut Report::new()).chinese, chinese, "{text}");
    }
}

#[test]
fn squared_units_are_letters() {
    clean("100 ㎡", &["#100", "m2"]);
}
