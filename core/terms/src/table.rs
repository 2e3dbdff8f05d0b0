//! A CSV text as rows of cells, each cell with its place.

use crate::source::{FileId, Place};
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
}

/// Reads a CSV text; the separator is a tab where the first line has one, else a comma.
pub fn read(file: FileId, text: &str) -> Table {
    let tab = text.lines().next().is_some_and(|line| line.contains('\t'));
    let mut reader = ReaderBuilder::new().delimiter(if tab { b'\t' } else { b',' }).build();
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
                row.push(cell(file, text, start..at, buffer.get(..length).unwrap_or(&[])));
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
    Table { header: rows.next().unwrap_or_default(), rows: rows.collect() }
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
    use super::read;
    use crate::source::Sources;
    use alloc::vec::Vec;

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
    }
}
