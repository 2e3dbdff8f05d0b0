//! A CSV text as rows of cells, each cell with its place.

use crate::{
    diagnostic::Diagnostic,
    source::{FileId, Place},
    text::Text,
};
use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};
use csv_core::{ReadFieldResult, ReaderBuilder};

/// One cell: its text without surrounding blanks, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The place of the cell in the file.
    pub place: Place,
}

/// A table: a header and the rows below it. Blank rows are left out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Table {
    /// The first row.
    pub header: Vec<Cell>,
    /// The rows below it.
    pub rows: Vec<Vec<Cell>>,
    /// A quote that is not closed: all behind it would be one cell. The table is empty then.
    pub unclosed: Option<Place>,
}

/// Reads a CSV text; the separator is a tab where the first line has one, else a comma.
pub fn read(file: FileId, text: &str) -> Table {
    let tab = text.lines().next().is_some_and(|line| line.contains('\t'));
    let separator = if tab { b'\t' } else { b',' };
    if let Some(at) = unclosed_quote(text, separator) {
        return Table { unclosed: Some(Place::new(file, at, at + 1)), ..Table::default() };
    }
    let mut reader = ReaderBuilder::new().delimiter(separator).build();
    let bytes = text.as_bytes();
    let mut buffer = vec![0u8; bytes.len() + 1];
    let (mut at, mut start, mut length) = (0usize, 0usize, 0usize);
    let mut row: Vec<Cell> = Vec::new();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    loop {
        let (result, read, written) =
            reader.read_field(bytes.get(at..).unwrap_or(&[]), buffer.get_mut(length..).unwrap_or(&mut []));
        at += read;
        length += written;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::OutputFull => break,
            ReadFieldResult::Field { record_end } => {
                // Line ends the reader passed over stand before the first cell of a row.
                let passed = text.get(start..at).filter(|_| row.is_empty()).unwrap_or("");
                let begin = start + passed.len() - passed.trim_start_matches(['\r', '\n']).len();
                row.push(cell(file, text, begin..at, buffer.get(..length).unwrap_or(&[])));
                (start, length) = (at, 0);
                if record_end {
                    rows.push(core::mem::take(&mut row));
                }
            }
            ReadFieldResult::End => break,
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.text.is_empty()));
    let mut rows = rows.into_iter();
    Table { header: rows.next().unwrap_or_default(), rows: rows.collect(), unclosed: None }
}

/// Where a quote opens a cell that the text never closes, as in a file that was cut off. A
/// quote opens a cell at its beginning only; two of them inside it stand for one.
pub fn unclosed_quote(text: &str, separator: u8) -> Option<usize> {
    whole_rows(text.as_bytes(), separator).1
}

/// Where the last whole row ends, behind a line end that is not inside a cell; and where a quote opens
/// a cell that the bytes do not close.
pub fn whole_rows(bytes: &[u8], separator: u8) -> (Option<usize>, Option<usize>) {
    let mut end = None;
    let opened = each_outside(bytes, separator, b'\n', |at| end = Some(at + 1));
    (end, opened)
}

/// Tells of every byte `wanted` that is not inside a quoted cell; gives where a quote opens a cell that
/// the bytes do not close.
pub fn each_outside(bytes: &[u8], separator: u8, wanted: u8, mut met: impl FnMut(usize)) -> Option<usize> {
    let begins = |at: usize| match at.checked_sub(1).and_then(|before| bytes.get(before)) {
        None => true,
        Some(before) => *before == separator || matches!(before, b'\n' | b'\r'),
    };
    let mut opened = None;
    let marks = |byte: &u8| *byte == b'"' || *byte == wanted;
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.iter().position(marks)).map(|next| from + next) {
        from = at + 1;
        match (bytes.get(at), opened) {
            (Some(b'"'), None) => opened = begins(at).then_some(at),
            // A doubled quote is one that is meant.
            (Some(b'"'), Some(_)) if bytes.get(from) == Some(&b'"') => from += 1,
            (Some(b'"'), Some(_)) => opened = None,
            (_, None) => met(at),
            _ => {}
        }
    }
    opened
}

/// The finding for a quote that is not closed.
pub fn quote_unclosed(place: Place) -> Diagnostic {
    quote_never_closed().at(place)
}

/// The same, wherever it stands.
pub fn quote_never_closed() -> Diagnostic {
    Diagnostic::error(
        "sheet-quote-unclosed",
        Text::new("这个引号没有配对，后面的内容都成了一格", "this quote is not closed; all behind it is one cell"),
    )
    .why(Text::new(
        "文件可能没有传完，最后一个数可能只剩前几位",
        "the file may have been cut off, and the last figure with it",
    ))
    .next(Text::new("重新导出或传送文件；多写的引号删去", "export or send the file again, or remove the quote"))
}

/// The cell whose raw text, quotes and separator included, stands at `range`.
fn cell(file: FileId, text: &str, range: core::ops::Range<usize>, content: &[u8]) -> Cell {
    let raw = text.get(range.clone()).unwrap_or("");
    let inner = raw.trim_matches(|c: char| c == ',' || c == '"' || c.is_whitespace());
    let lead = raw.find(inner).unwrap_or(0);
    let start = range.start + lead;
    Cell {
        text: String::from_utf8_lossy(content).trim().to_string(),
        place: Place::new(file, start, start + inner.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{read, unclosed_quote};
    use crate::source::Sources;
    use alloc::vec::Vec;

    #[test]
    fn a_quote_that_is_not_closed_is_found_where_it_opens() {
        for (text, at) in [
            ("a,b\n1,\"12", Some(6)),
            ("\"12", Some(0)),
            ("a,b\n\"x\"\"y", Some(4)),
            ("a\n\"1\"\"\"", None),
            ("a\n\"x,\ny\"", None),
            ("a,5\"\n1,2", None),
            ("a,\"\"\n", None),
            ("a,\"b\"c\"d,\"e", Some(9)),
        ] {
            assert_eq!(unclosed_quote(text, b','), at, "{text}");
        }
        let table = read(crate::FileId::default(), "编号,名称\n1,\"甲");
        assert!(table.unclosed.is_some() && table.rows.is_empty());
    }

    #[test]
    fn cells_know_their_places() {
        let text = "编号,名称,分值\n14,\"资金,安排\",3.5 分\n\n15,,";
        let mut sources = Sources::default();
        let file = sources.add("t.csv", text);
        let table = read(file, text);
        assert_eq!(table.header.len(), 3);
        assert_eq!(table.rows.len(), 2);
        let row = table.rows.first().expect("a row");
        let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["14", "资金,安排", "3.5 分"]);
        let place = row.get(2).expect("a cell").place;
        assert_eq!(sources.text_at(place), "3.5 分");
        assert_eq!(sources.position(place).line, 2);
        // An empty cell after a line end of two characters, or after a blank row, stands in its own row.
        let text = "编号,名称\r\n,甲\r\n\r\n,乙\r\n";
        let file = sources.add("r.csv", text);
        let table = read(file, text);
        let firsts = table.rows.iter().filter_map(|row| row.first()).map(|cell| sources.position(cell.place));
        assert_eq!(firsts.map(|at| (at.line, at.column)).collect::<Vec<_>>(), [(2, 1), (4, 1)]);
    }
}
