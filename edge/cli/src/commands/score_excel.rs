//! Result tables for Excel: marked as UTF-8, headed in the reader's language, and written so
//! that a spreadsheet turns neither an id nor a fraction into a date. They stand beside the
//! files that other programs read, which stay as they are.

use super::{
    score::{ResultTable, rows},
    score_text::{called, heading, is_provisional, title, translated},
};
use kaoping_assess::lines::Lines;
use kaoping_sheets::{SheetWriter, write::EXCEL_MARK};
use kaoping_terms::Lang;
use std::io::{self, Write};

/// As many digits as a spreadsheet keeps of a number.
const DIGITS_KEPT: usize = 15;

/// The name of the file for a table: 总分与名次.csv, totals-excel.csv.
pub(super) fn file_name(name: &str, lang: Lang) -> String {
    match lang {
        // The heading of a section may say more than a name: 未报（不当作零）.
        Lang::Zh => format!("{}.csv", title(name, lang).split('（').next().unwrap_or(name)),
        Lang::En => name.replace(".csv", "-excel.csv"),
    }
}

/// Writes one table.
pub(super) fn write(
    out: &mut dyn Write,
    lines: &Lines<'_>,
    (name, table): &ResultTable<'_>,
    lang: Lang,
) -> io::Result<()> {
    out.write_all(EXCEL_MARK)?;
    let mut writer = SheetWriter::new(out);
    let (header, all) = rows(table);
    let mut headings: Vec<String> = header.iter().map(|column| heading(column, lang)).collect();
    let standing = (*name == "totals.csv").then(|| standings(lines, lang));
    headings.extend(standing.iter().flat_map(|(headings, _)| headings.iter().cloned()));
    writer.row(headings.iter().map(String::as_str))?;
    for (at, row) in all.into_iter().enumerate() {
        for (column, cell) in header.iter().zip(row) {
            match column.as_str() {
                "indicator" | "item" => words(&mut writer, &called(lines.standard, &cell, lang)),
                "score" | "total" | "rank" | "points" | "value" | "number" | "amount" | "place" => {
                    number(&mut writer, &cell)
                }
                // 1/3 would become the third of January.
                column if column.ends_with("_exact") => writer.text(&cell.replace('/', " ÷ ")),
                _ => words(&mut writer, translated(&cell, lang)),
            }
        }
        let more = standing.as_ref().and_then(|(_, rows)| rows.get(at));
        more.into_iter().flatten().for_each(|cell| number(&mut writer, cell));
        writer.end_row()?;
    }
    writer.finish().map(|_| ())
}

/// What a leader must see beside a place: what it goes by, where that is not the total, and
/// whether anything of it may still change. Headings, and cells for each unit.
fn standings(lines: &Lines<'_>, lang: Lang) -> (Vec<String>, Vec<Vec<String>>) {
    let (assessment, zh) = (lines.assessment, lang == Lang::Zh);
    let mut headings = Vec::new();
    if let Some((name, _)) = &assessment.rank_by {
        headings.push(if zh { format!("名次按{name}") } else { format!("ranked by {name}") });
    }
    headings.push(String::from(if zh { "暂定" } else { "provisional" }));
    let row = |unit: &u32| {
        let value = assessment.rank_by.as_ref().map(|(_, column)| lines.figure(column, *unit));
        let grade = assessment.grades.get(*unit as usize).is_some_and(|grade| grade.provisional);
        let open =
            is_provisional(assessment.total.as_deref(), *unit) || assessment.place_is_provisional(*unit) || grade;
        let mark = if open { if zh { "是" } else { "yes" } } else { "" };
        value.into_iter().chain([String::from(mark)]).collect()
    };
    (headings, assessment.members.iter().map(row).collect())
}

/// A number as one; one with more digits than a spreadsheet keeps as text, every digit there.
fn number<W: Write>(writer: &mut SheetWriter<W>, cell: &str) {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    if digits > DIGITS_KEPT { writer.literal(&as_text(cell)) } else { writer.literal(cell) }
}

/// Words as they are: an id such as 007 or 3-1 is kept from becoming a number or a day.
fn words<W: Write>(writer: &mut SheetWriter<W>, cell: &str) {
    let like_a_figure = cell.chars().any(|c| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ':' | ',' | '%' | 'E' | 'e' | '+'));
    if like_a_figure { writer.literal(&as_text(cell)) } else { writer.text(cell) }
}

/// The only way to say in CSV that characters are characters.
fn as_text(cell: &str) -> String {
    format!("=\"{cell}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(write: impl FnOnce(&mut SheetWriter<&mut Vec<u8>>)) -> String {
        let mut bytes = Vec::new();
        let mut writer = SheetWriter::new(&mut bytes);
        write(&mut writer);
        writer.end_row().expect("in memory");
        writer.finish().expect("in memory");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn neither_ids_nor_long_figures_lose_a_character() {
        for (words_of, written) in
            [("甲县", "甲县\n"), ("007", "\"=\"\"007\"\"\"\n"), ("3-1", "\"=\"\"3-1\"\"\"\n"), ("=1+1", "'=1+1\n")]
        {
            assert_eq!(cell(|writer| words(writer, words_of)), written);
        }
        assert_eq!(cell(|writer| number(writer, "-12.50")), "-12.50\n");
        assert_eq!(cell(|writer| number(writer, "1234567890.1234567")), "\"=\"\"1234567890.1234567\"\"\"\n");
    }
}
