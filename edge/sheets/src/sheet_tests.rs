use super::{Part, Row, Sheet};
use crate::Findings;
use kaoping_terms::{Diagnostic, FileId, Sources};
use proptest::prelude::*;

struct Read {
    rows: Vec<(usize, Vec<String>)>,
    findings: Vec<Diagnostic>,
}

fn read(text: &str) -> Read {
    let mut findings = Findings::new();
    let mut rows = Vec::new();
    if let Some(sheet) = Sheet::open(FileId(0), text, &mut findings) {
        sheet.rows(&mut findings, |row| {
            let cells = (0..row.len()).map(|at| row.get(at).to_owned()).collect();
            rows.push((row.line(), cells));
        });
    }
    Read { rows, findings: findings.into_report().findings().to_vec() }
}

fn names(read: &Read) -> Vec<&str> {
    read.findings.iter().map(|finding| finding.name).collect()
}

#[test]
fn rows_come_with_their_lines() {
    for text in [
        "单位,数值\n甲县,1\n\n,\n 乙县 ,　２\n",
        "单位\t数值\n甲县\t1\n\n\t\n 乙县 \t　２",
        "单位,数值\r\n甲县,1\r\n\r\n,\r\n乙县,２\r\n",
        "单位,数值\r\n甲县,1\r\n\r\n,\r\n\"乙县\",\"２\"\r\n",
    ] {
        let read = read(text);
        assert!(read.findings.is_empty(), "{text:?}: {:?}", read.findings);
        let expected = [(2, vec!["甲县", "1"]), (5, vec!["乙县", "２"])];
        let found: Vec<(usize, Vec<&str>)> =
            read.rows.iter().map(|(line, cells)| (*line, cells.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn quoted_cells_may_hold_separators_quotes_and_line_ends() {
    let read = read("单位,事由,数值\r\n甲县,\"一,二\n\"\"三\"\"\",1\r\n乙县,四,\"5,000\"\r\n");
    assert_eq!(read.rows[0], (2, vec!["甲县".into(), "一,二\n\"三\"".into(), "1".into()]));
    assert_eq!(read.rows[1], (4, vec!["乙县".into(), "四".into(), "5,000".into()]));
}

#[test]
fn cells_know_their_places() {
    for text in ["单位,数值\n甲县,5000\n乙县, 坏值 \n", "单位,数值\n甲县,\"5,000\"\n乙县,\" 坏值 \"\n"]
    {
        let mut sources = Sources::default();
        let file = sources.add("f.csv", text);
        let mut findings = Findings::new();
        let sheet = Sheet::open(file, text, &mut findings).expect("a sheet");
        assert_eq!(sources.text_at(sheet.header_place()), "单位,数值");
        let mut places = Vec::new();
        sheet.rows(&mut findings, |row| {
            places.push((row.cell_place(0), row.cell_place(1), row.place()));
        });
        let (unit, value, row) = places[1];
        assert_eq!(sources.text_at(unit), "乙县");
        assert_eq!(sources.text_at(value), "坏值");
        assert!(sources.text_at(row).starts_with("乙县,"));
        assert_eq!(sources.position(value).line, 3);
        assert!(matches!(sources.text_at(places[0].1), "5000" | "5,000"));
    }
}

#[test]
fn rows_of_another_width_are_all_reported() {
    let read = read("unit,value\n甲县,1,2\n乙县\n丙县,3\n丁县,\"4\",5,6\n");
    assert_eq!(names(&read), ["row-width", "row-width", "row-width"]);
    assert_eq!(read.findings[0].message.zh, "第 2 行有 3 格，表头有 2 列");
    assert_eq!(read.findings[2].message.en, "line 5 has 4 cells, the header has 2");
    assert_eq!(read.rows, [(4, vec!["丙县".into(), "3".into()])]);
}

#[test]
fn a_flood_of_bad_rows_is_capped() {
    let text = format!("unit,value\n{}", "甲县\n".repeat(5_000));
    let read = read(&text);
    assert_eq!(read.findings.len(), 21);
    let rest = read.findings.last().expect("a summary");
    assert!(rest.message.zh.contains("还有 4,980 处"), "{}", rest.message.zh);
}

#[test]
fn headers_that_cannot_be_used_are_refused() {
    let twice = read("单位,数值,unit\n甲县,1,乙县\n");
    assert_eq!(names(&twice), ["column-repeated"]);
    assert_eq!(names(&read(",,\n甲县,1,2\n")), ["sheet-without-header"]);
    assert_eq!(names(&read("\n\n")), ["sheet-without-header"]);
    assert_eq!(names(&read("单位，数值\n甲县，1\n")), ["sheet-separator"]);
}

#[test]
fn a_column_without_a_name_must_be_empty() {
    assert!(read("单位,数值,,\n甲县,1,,\n").findings.is_empty());
    let read = read("单位,数值,,\n甲县,1,,\n乙县,2,备注,\n");
    assert_eq!(names(&read), ["column-unnamed"]);
    assert_eq!(read.rows.len(), 1);
}

proptest! {
    /// Where no quote stands, rows, lines and places are what plain cutting gives.
    #[test]
    fn rows_are_what_plain_cutting_gives(
        body in proptest::collection::vec("[a甲 ,\t]{0,6}", 0..12),
        crlf in any::<bool>(), tail in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let text = format!("a,b{end}{}{}", body.join(end), if tail { end } else { "" });
        let mut findings = Findings::new();
        let sheet = Sheet::open(FileId(0), &text, &mut findings).expect("a sheet");
        let mut seen = Vec::new();
        let mut plain = super::Plain::new(&sheet.parts(1)[0]);
        let mut visit = |row: &Row<'_>| {
            let cells: Vec<String> = (0..row.len()).map(|at| row.get(at).to_owned()).collect();
            seen.push((row.line(), row.place().start as usize, cells));
        };
        while sheet.plain_row(&mut plain, &mut visit) {}
        let mut expected = Vec::new();
        let mut start = 3 + end.len();
        for (at, line) in body.iter().enumerate() {
            if !line.is_empty() {
                let cells = line.split(',').map(|cell| cell.trim().to_owned()).collect();
                expected.push((at + 2, start, cells));
            }
            start += line.len() + end.len();
        }
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn nothing_breaks_it(text in "[a甲\",\t\r\n;]{0,40}") {
        let _ = read(&text);
    }
}

/// Whatever the number of parts, their rows are the rows of the whole, each in its place.
#[test]
fn parts_have_the_rows_of_the_whole() {
    let mut text = String::from("unit,value\r\n");
    for row in 0..60_000 {
        let blank = if row % 977 == 0 { "\n" } else { "" };
        text += &format!("{blank}单位{row},{}{}", row * 7, if row % 3 == 0 { "\r\n" } else { "\n" });
    }
    text += "last,1";
    let mut findings = Findings::new();
    let sheet = Sheet::open(FileId(0), &text, &mut findings).expect("a sheet");
    let seen = |parts: &[Part]| {
        let mut seen = Vec::new();
        for part in parts {
            let mut take = |row: &Row<'_>| {
                seen.push((row.line(), row.place(), row.get(0).to_owned(), row.get(1).to_owned()));
            };
            sheet.rows_of(part, &mut Findings::new(), &mut take);
        }
        seen
    };
    let whole = seen(&sheet.parts(1));
    assert_eq!(whole.len(), 60_001);
    for count in [2, 3, 7, 1000] {
        let parts = sheet.parts(count);
        assert!(parts.len() > 1 && parts.len() <= count, "{count}: {}", parts.len());
        assert!(seen(&parts) == whole, "{count}");
    }
}

#[test]
fn a_text_with_quotes_is_one_part() {
    let text = format!("unit,value\n{}\"甲\n乙\",1\n", "a,1\n".repeat(100_000));
    let sheet = Sheet::open(FileId(0), &text, &mut Findings::new()).expect("a sheet");
    assert_eq!(sheet.parts(4).len(), 1);
}

#[test]
fn a_last_row_without_an_end_is_seen() {
    let without_end = |text: &str| {
        let sheet = Sheet::open(FileId(0), text, &mut Findings::new()).expect("a sheet");
        sheet.without_end().map(|place| text[place.start as usize..place.end as usize].to_owned())
    };
    assert_eq!(without_end("单位,数值\n甲县,4100\n乙县,41").as_deref(), Some("乙县,41"));
    assert_eq!(without_end("单位\t数值\r\n甲县\t4100\r\n乙县\t41").as_deref(), Some("乙县\t41"));
    // One row alone was typed by hand, and blanks are no row.
    for whole in [
        "单位,数值\n甲县,1",
        "单位,数值\n甲县,1\n乙县,2\n",
        "单位,数值\r\n甲县,1\r\n乙县,2\r\n",
        "单位,数值\n甲县,1\n乙县,2\n  ",
    ] {
        assert_eq!(without_end(whole), None, "{whole:?}");
    }
}

/// A row with its line, the place it stands in, its form and its cells.
type Seen = (usize, kaoping_terms::Place, super::RowForm, Vec<String>);

fn seen(row: &Row<'_>, form: super::RowForm) -> Seen {
    (row.line(), row.place(), form, row.cells().iter().map(|cell| (*cell).to_owned()).collect())
}

/// What a visit row by row sees, and what one of runs sees that takes so many rows of each run in turn.
fn both_ways(text: &str, taken: &[usize], parts: usize) -> Option<(Vec<Seen>, Vec<Seen>)> {
    let sheet = Sheet::open(FileId(0), text, &mut Findings::new())?;
    let (mut by_row, mut by_run) = (Vec::new(), Vec::new());
    let mut takes = taken.iter().cycle();
    for part in sheet.parts(parts) {
        sheet.each_row(&part, |row, form| by_row.push(seen(row, form)));
        sheet.each_run(&part, |met| match met {
            super::Met::Row(row, form) => {
                by_run.push(seen(row, form));
                1
            }
            super::Met::Run(run) => {
                // Who takes rows has read something in each, so that none of them is blank.
                let mut filled = 0;
                sheet.rows_of_run(run, |row| {
                    filled += usize::from(filled == row.line() - run.line() && !row.is_blank())
                });
                let run = run.first(filled.min(*takes.next().unwrap_or(&0)));
                let at_first = by_run.len();
                sheet.rows_of_run(&run, |row| by_run.push(seen(row, super::RowForm::Fine)));
                for column in 0..sheet.header().columns().len() {
                    let mut at = 0;
                    run.column(column, |start, end| {
                        assert_eq!((start, end), run.cell(at, column));
                        assert_eq!(text.get(start..end), by_run[at_first + at].3.get(column).map(String::as_str));
                        at += 1;
                        true
                    });
                    assert_eq!(at, run.rows());
                }
                run.rows()
            }
        });
    }
    Some((by_row, by_run))
}

#[test]
fn runs_end_where_a_row_is_of_another_form() {
    let rows: String = (0..1000).map(|at| format!("{at},甲县,{}.5\n", at * at)).collect();
    let text = format!("a,b,c\n{rows}1,2\n\n,,\n{rows}x,y,z");
    let (by_row, by_run) = both_ways(&text, &[usize::MAX], 1).expect("a sheet");
    assert_eq!(by_row.len(), 2002);
    assert_eq!(by_row, by_run);
}

#[test]
fn a_short_row_is_not_made_whole_by_the_next() {
    // As many lines as rows of three, counted over all; the first of them ends within.
    let text = format!("c0,c1,c2\n{},\r\n;\r\n,,,\r\n", "\r\n".repeat(6));
    let (by_row, by_run) = both_ways(&text, &[1], 3).expect("a sheet");
    assert_eq!(by_row, by_run);
    assert!(by_run.iter().all(|(.., cells)| cells.iter().all(|cell| !cell.contains('\n'))), "{by_run:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn runs_and_rows_are_the_same(
        width in 1usize..5,
        rows in proptest::collection::vec(proptest::collection::vec("[0-9甲.; -]{0,9}", 1..5), 0..400),
        odd in 0usize..200,
        taken in proptest::collection::vec(0usize..300, 1..4),
        tabs: bool,
        returns in 0u8..3,
    ) {
        let separator = if tabs { "\t" } else { "," };
        let mut text = (0..width).map(|at| format!("c{at}")).collect::<Vec<_>>().join(separator) + "\n";
        for (at, row) in rows.iter().enumerate() {
            // Mostly as wide as the header, and mostly lines that end alike.
            let fits: Vec<&str> = row.iter().map(String::as_str).cycle().take(width).collect();
            let as_is = odd > 0 && at % odd == 0;
            text += &if as_is { row.join(separator) } else { fits.join(separator) };
            text += if returns == 1 || (returns == 2 && at % 7 == 0) { "\r\n" } else { "\n" };
        }
        if let Some((by_row, by_run)) = both_ways(&text, &taken, 3) {
            prop_assert_eq!(by_row, by_run);
        }
    }
}
