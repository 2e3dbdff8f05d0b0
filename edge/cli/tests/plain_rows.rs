//! Rows as programs write them are read many at a time; whatever is among them, the decisions and
//! the rejects are those of reading row by row.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod terminal;

use std::{fmt::Write as _, fs, path::Path};
use terminal::run;

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % below
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.next(words.len())]
    }
}

/// A cell of money: mostly plain, now and then of another form that is read, or of one that is not.
fn money(chance: &mut Chance, odd: usize) -> String {
    if chance.next(odd) == 0 {
        let forms = [
            "",
            "1,5",
            "１２０",
            "1200元",
            "1.2万元",
            "-5",
            "+7",
            " 80 ",
            "3.14159",
            "abc",
            "1e3",
            ".",
            "-",
            "1 000",
            "9999999999999999999",
            "123456789012.25",
            "5.",
            ".5",
            "0x10",
            "12%",
            "000000000000000012",
            "12人",
        ];
        return chance.of(&forms).to_owned();
    }
    let size = chance.next(4);
    let whole = chance.next([10, 1_000, 100_000, 100_000_000][size]);
    match chance.next(4) {
        0 => whole.to_string(),
        1 => format!("{whole}.{}", chance.next(10)),
        _ => format!("{whole}.{:02}", chance.next(100)),
    }
}

fn table(chance: &mut Chance, odd: usize, end: &str) -> String {
    let mut rows = String::new();
    for row in 0..3_000 {
        let category = match chance.next(odd) {
            0 => chance.of(&["五类", "8", "", "9类", " 3"]),
            _ => chance.of(&["1", "2", "3", "4", "5", "6", "7"]),
        };
        let cells: Vec<String> = (0..4).map(|_| money(chance, 4 * odd)).collect();
        let months = if chance.next(odd) == 0 { chance.next(15) } else { 1 + chance.next(12) };
        let cells = cells.join(",");
        let _ = write!(rows, "{row},{category},{cells},{},{months},{}", 1 + chance.next(6), money(chance, 4 * odd));
        if chance.next(odd) == 0 {
            rows += chance.of(&[",1", "\n", "\n,,,,,,,,", " ", "\n7"]);
        }
        rows += end;
    }
    rows
}

fn decided(policy: &Path, folder: &Path, text: &str, select: &str) -> (String, String, String) {
    fs::write(folder.join("in.csv"), text).expect("written");
    let policy = policy.display().to_string();
    let asked = ["compute", &policy, "--in", "in.csv", "--out", "out.csv", "--rejects", "left.csv", "--select", select];
    let told = run(&asked, folder).stdout;
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    (told, read("out.csv"), read("left.csv"))
}

/// Figures of units in the order of a list, with some that are of another form or out of order.
fn facts(chance: &mut Chance, units: usize, odd: usize, fields: bool, end: &str) -> String {
    let mut rows = String::new();
    for unit in 0..units {
        for indicator in 0..12 {
            let unit = match chance.next(odd) {
                0 => chance.of(&["甲县", " 7", "", "第一百二十号街道办事处", "151"]).to_owned(),
                _ => unit.to_string(),
            };
            let indicator = match chance.next(odd) {
                0 => chance.of(&["3", "0 ", "", "99", "甲"]).to_owned(),
                _ => indicator.to_string(),
            };
            let field = if fields { if chance.next(odd) == 0 { "目标数," } else { "actual," } } else { "" };
            let _ = write!(rows, "{unit},{indicator},{field}{}", money(chance, odd));
            rows += if chance.next(odd) == 0 { chance.of(&[",1", "\n", "\n,,", " "]) } else { "" };
            rows += end;
        }
    }
    rows
}

#[test]
fn figures_taken_together_and_one_by_one_come_to_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let indicators: String = (0..12).map(|at| format!("{at},5.00,{}.00,bonus\n", 100 + at)).collect();
    fs::write(folder.path().join("i.csv"), format!("indicator,base,target,kind\n{indicators}")).expect("written");
    let made = run(&["new", "p", "--indicators", "i.csv"], folder.path());
    assert!(folder.path().join("p/scheme.kp").is_file(), "{}", made.stderr);
    let mut chance = Chance(11);
    let mut scored = 0;
    // The long ones are cut into parts, each for a core of its own.
    let (few, many) = (150, 14_000);
    let tables = [(3, few), (40, few), (400, few), (100_000, few), (100_000, few), (30_000, many), (1 << 40, many)];
    for (at, (odd, units)) in tables.into_iter().enumerate() {
        let (end, fields) = (if at % 2 == 0 { "\n" } else { "\r\n" }, at % 3 == 1);
        let head = match at % 3 {
            0 => "unit,indicator,actual",
            1 => "unit,indicator,field,value",
            _ => "unit,indicator,value",
        };
        let text = format!("{head}{end}{}", facts(&mut chance, units, odd, fields, end));
        let come_to = |text: &str| {
            fs::write(folder.path().join("facts.csv"), text).expect("written");
            let told = run(&["score", "p", "--facts", "facts.csv", "--out", "out"], folder.path());
            let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap_or_default();
            let files = ["scores.csv", "totals.csv", "owed.csv"].map(read);
            let _ = fs::remove_dir_all(folder.path().join("out"));
            (told.code, told.stdout, told.stderr, files)
        };
        let together = come_to(&text);
        // The quote that makes every row be read by itself stands in the last one.
        let (before, last) = text.trim_end().rsplit_once(',').expect("a last cell");
        let one_by_one = come_to(&format!("{before},\"{last}\"{end}"));
        assert_eq!(together, one_by_one, "one in {odd} is odd");
        scored += usize::from(!together.3[0].is_empty());
        assert_eq!(text.len() > 2_000_000, units == many, "{}", text.len());
    }
    assert!(scored > 1);
}

/// A quote anywhere makes every row be read by itself, and means nothing.
#[test]
fn rows_read_together_and_one_by_one_come_to_the_same() {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/bench-medical");
    let head = "person,category,inpatient,outpatient,insurer,employer,household,months,paid_ytd";
    let mut chance = Chance(7);
    let mut rejected = 0;
    for (at, odd) in [2, 5, 20, 100, 400, 3_000].into_iter().enumerate() {
        let end = if at % 2 == 0 { "\n" } else { "\r\n" };
        let rows = table(&mut chance, odd, end);
        let folder = tempfile::tempdir().expect("a folder");
        for select in ["person,benefit,status", "status,outpatient,benefit,category,person"] {
            let text = format!("{head}{end}x,1,0,0,0,0,1,1,0{end}{rows}");
            let together = decided(&policy, folder.path(), &text, select);
            let quoted = text.replacen("\nx,", "\n\"x\",", 1);
            let one_by_one = decided(&policy, folder.path(), &quoted, select);
            assert_eq!(together, one_by_one, "one in {odd} is odd");
            rejected += together.2.lines().count();
        }
    }
    assert!(rejected > 1_000, "{rejected}");
}

/// Far down a table of several pieces a quote is opened and never closed: all behind it would be one
/// cell, and the rows in it gone.
#[test]
fn no_quote_swallows_the_rows_of_a_long_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/bench-medical").display().to_string();
    let row = "2,10000,0,4000,500,1,1,0,n\n";
    for before in [5, 90_000] {
        let mut table = "category,inpatient,outpatient,insurer,employer,household,months,paid_ytd,note\n".to_owned();
        table.push_str(&row.repeat(before));
        table.push_str("2,10000,0,4000,500,1,1,0,\"x\n");
        table.push_str(&row.repeat(100_000));
        fs::write(folder.path().join("t.csv"), table).expect("written");
        let ended = run(&["compute", &policy, "--in", "t.csv", "--out", "r.csv"], folder.path());
        assert_eq!(ended.code, 2, "{}", ended.said());
        assert!(ended.stderr.contains("sheet-quote-unclosed"), "{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("t.csv 第 {} 行第 26 个字", before + 2)), "{}", ended.stderr);
        assert!(!folder.path().join("r.csv").exists(), "half a result");
    }
}
