//! Results as CSV: quoted where needed, and safe to open in a spreadsheet.

use crate::decimal::{Digits, fast_decimal, push_decimal};
use kaoping_terms::Exact;
use std::io::{self, Write};

/// The mark that tells Excel a CSV is UTF-8.
pub const EXCEL_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Rows are gathered up to about this many bytes before they are written.
const GATHERED: usize = 1 << 16;

/// Texts of so many bytes are copied with what stands behind them, which is then taken back.
const SHORT: usize = 16;

/// Room for a row of two short texts and a short number, with what separates them.
const ROW: usize = 64;

/// Rows of CSV in memory: commas, `\n` at the end of a line, quotes only where needed.
#[derive(Clone, Debug, Default)]
pub struct SheetRows {
    bytes: Vec<u8>,
    /// Where the row at hand begins, and how many cells it has.
    row_start: usize,
    cells: usize,
    digits: Digits,
}

/// A cell that is written again and again, made ready.
#[derive(Clone, Debug)]
pub struct ReadyCell {
    /// As it will stand there.
    bytes: Vec<u8>,
    /// The beginning of it, filled up.
    short: [u8; SHORT],
}

impl ReadyCell {
    /// What [`SheetRows::literal`] would write.
    pub fn literal(cell: &str) -> ReadyCell {
        let mut rows = SheetRows::default();
        rows.literal(cell);
        ReadyCell::of(rows.into_bytes())
    }

    /// What [`SheetRows::text`] would write.
    pub fn text(cell: &str) -> ReadyCell {
        let mut rows = SheetRows::default();
        rows.text(cell);
        ReadyCell::of(rows.into_bytes())
    }

    fn of(bytes: Vec<u8>) -> ReadyCell {
        let mut short = [0; SHORT];
        short.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
        ReadyCell { bytes, short }
    }
}

impl SheetRows {
    /// Rows that are put together in that room, of which what stands there is gone.
    pub fn onto(mut room: Vec<u8>) -> SheetRows {
        room.clear();
        SheetRows { bytes: room, ..SheetRows::default() }
    }

    /// A row for each number: the first cell and one of the others, made ready, and the number as
    /// [`SheetRows::decimal`].
    pub fn number_rows(&mut self, first: &ReadyCell, others: &[ReadyCell], mantissas: &[i64], places: u32) {
        let mut digits = std::mem::take(&mut self.digits);
        match digits.of(mantissas, places) {
            Some(each) => {
                for ((other, mantissa), digits) in others.iter().zip(mantissas).zip(each) {
                    if self.cells > 0 || !self.short_row(first, other, digits) {
                        self.number_row(first, other, *mantissa, places);
                    }
                }
            }
            None => {
                for (other, mantissa) in others.iter().zip(mantissas) {
                    self.number_row(first, other, *mantissa, places);
                }
            }
        }
        self.digits = digits;
    }

    fn number_row(&mut self, first: &ReadyCell, other: &ReadyCell, mantissa: i64, places: u32) {
        self.ready(first);
        self.ready(other);
        self.decimal(i128::from(mantissa), places);
        self.end_row();
    }

    /// A row of short cells, for which room is made once; false where one is longer.
    #[inline]
    fn short_row(&mut self, first: &ReadyCell, other: &ReadyCell, (digits, length): (u64, usize)) -> bool {
        let (at, next) = (first.bytes.len(), first.bytes.len() + 1 + other.bytes.len());
        if at > SHORT || other.bytes.len() > SHORT {
            return false;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[b','; ROW]);
        let room = self.bytes.get_mut(start..).and_then(|room| room.first_chunk_mut::<ROW>());
        // Each writes over what is too much of the one before it.
        let end = room.and_then(|room| {
            *room.first_chunk_mut()? = first.short;
            *room.get_mut(at)? = b',';
            *room.get_mut(at + 1..)?.first_chunk_mut()? = other.short;
            *room.get_mut(next)? = b',';
            *room.get_mut(next + 1..)?.first_chunk_mut()? = digits.to_le_bytes();
            *room.get_mut(next + 1 + length)? = b'\n';
            Some(start + next + 2 + length)
        });
        self.bytes.truncate(end.unwrap_or(start));
        self.row_start = self.bytes.len();
        end.is_some()
    }

    /// A cell of words. Words a spreadsheet would run as a formula get an apostrophe before
    /// them, because names and remarks come from many hands.
    #[inline]
    pub fn text(&mut self, cell: &str) {
        // Most cells are digits; a formula begins with none.
        let harmless = cell.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric);
        if !harmless && is_formula(cell) {
            self.literal(&format!("'{cell}"));
        } else {
            self.literal(cell);
        }
    }

    /// A cell the program itself made, such as a number or a fraction, as it is; in quotes if it
    /// has a comma, a quote or the end of a line in it.
    #[inline]
    pub fn literal(&mut self, cell: &str) {
        self.separate();
        let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        if !cell.as_bytes().iter().any(special) {
            self.bytes.extend_from_slice(cell.as_bytes());
            return;
        }
        self.bytes.push(b'"');
        for byte in cell.bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
    }

    /// Cells that were written before, with what separates them.
    #[inline]
    pub fn written(&mut self, cells: &str) {
        self.separate();
        self.bytes.extend_from_slice(cells.as_bytes());
    }

    /// The same of cells between two places of a text.
    #[inline]
    pub fn piece(&mut self, text: &str, start: usize, end: usize) {
        self.separate();
        let (bytes, length) = (text.as_bytes(), end.saturating_sub(start));
        match bytes.get(start..).and_then(|rest| rest.first_chunk::<SHORT>()) {
            // A copy of so many bytes is an instruction; of any number it is a call.
            Some(more) if length <= SHORT => {
                let end = self.bytes.len() + length;
                self.bytes.extend_from_slice(more);
                self.bytes.truncate(end);
            }
            _ => self.bytes.extend_from_slice(bytes.get(start..end).unwrap_or_default()),
        }
    }

    /// A cell made ready before.
    #[inline]
    pub fn ready(&mut self, cell: &ReadyCell) {
        self.separate();
        if cell.bytes.len() > SHORT {
            return self.bytes.extend_from_slice(&cell.bytes);
        }
        let end = self.bytes.len() + cell.bytes.len();
        self.bytes.extend_from_slice(&cell.short);
        self.bytes.truncate(end);
    }

    /// How many bytes were put together so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was put together so far.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// `mantissa × 10^-places` with exactly that many digits after the point.
    #[inline]
    pub fn decimal(&mut self, mantissa: i128, places: u32) {
        self.separate();
        push_decimal(&mut self.bytes, mantissa, places);
    }

    /// Ends the row.
    #[inline]
    pub fn end_row(&mut self) {
        // A line with nothing in it would be read as no row at all.
        if self.cells == 1 && self.bytes.len() == self.row_start {
            self.bytes.extend_from_slice(b"\"\"");
        }
        self.bytes.push(b'\n');
        self.cells = 0;
        self.row_start = self.bytes.len();
    }

    /// What was put together so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    #[inline]
    fn separate(&mut self) {
        if self.cells > 0 {
            self.bytes.push(b',');
        }
        self.cells += 1;
    }
}

/// Writes rows of CSV, gathered; call [`SheetWriter::finish`] to see the last of them arrive.
#[derive(Debug)]
pub struct SheetWriter<W: Write> {
    out: W,
    /// What is not written yet.
    rows: SheetRows,
}

impl<W: Write> SheetWriter<W> {
    /// A writer onto `out`, without a mark at the start.
    pub fn new(out: W) -> Self {
        Self { out, rows: SheetRows { bytes: Vec::with_capacity(GATHERED + 1024), ..SheetRows::default() } }
    }

    /// A header or any other row of words.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        cells.into_iter().for_each(|cell| self.rows.text(cell));
        self.end_row()
    }

    /// A cell of words, as [`SheetRows::text`].
    pub fn text(&mut self, cell: &str) {
        self.rows.text(cell);
    }

    /// A cell the program itself made, as [`SheetRows::literal`].
    pub fn literal(&mut self, cell: &str) {
        self.rows.literal(cell);
    }

    /// A whole number.
    pub fn whole(&mut self, number: i64) {
        self.rows.decimal(i128::from(number), 0);
    }

    /// A decimal, as [`SheetRows::decimal`].
    pub fn decimal(&mut self, mantissa: i128, places: u32) {
        self.rows.decimal(mantissa, places);
    }

    /// An exact number with all its digits and at least `least_places` after the point; a
    /// fraction where it does not terminate.
    pub fn exact(&mut self, number: &Exact, least_places: u32) {
        let digits = number.to_plain(least_places).unwrap_or_else(|| number.to_fraction());
        self.rows.literal(&digits);
    }

    /// Ends the row.
    pub fn end_row(&mut self) -> io::Result<()> {
        self.rows.end_row();
        if self.rows.bytes.len() >= GATHERED {
            self.out.write_all(&self.rows.bytes)?;
            self.rows.bytes.clear();
            self.rows.row_start = 0;
        }
        Ok(())
    }

    /// Writes what is left and gives back where it went.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&self.rows.bytes)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Whether a spreadsheet would take the cell for a formula: it begins like one, in half or
/// full width, and is no plain number.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
        && fast_decimal(cell.as_bytes()).is_none()
        && Exact::parse(cell).is_none()
}

#[cfg(test)]
mod tests {
    use super::SheetWriter;
    use crate::{Findings, Sheet};
    use kaoping_terms::{Exact, FileId};
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut SheetWriter<Vec<u8>>) -> std::io::Result<()>) -> String {
        let mut sheet = SheetWriter::new(Vec::new());
        write(&mut sheet).expect("written");
        String::from_utf8(sheet.finish().expect("finished")).expect("text")
    }

    #[test]
    fn numbers_and_words() {
        let text = written(|sheet| {
            sheet.row(["unit", "score", "rank", "note"])?;
            sheet.text("甲县");
            sheet.decimal(-225, 2);
            sheet.whole(3);
            sheet.text("一,二 \"三\"");
            sheet.end_row()?;
            sheet.exact(&Exact::decimal(25, 1), 2);
            sheet.exact(&Exact::ratio(-1, 3).expect("a ratio"), 2);
            sheet.literal("");
            sheet.end_row()
        });
        assert_eq!(text, "unit,score,rank,note\n甲县,-2.25,3,\"一,二 \"\"三\"\"\"\n2.50,-1/3,\n");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+SUM(A1)", "'+SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("＝1+1", "'＝1+1"),
            ("-5", "-5"),
            ("+1.50", "+1.50"),
            ("甲=乙", "甲=乙"),
        ] {
            assert_eq!(written(|sheet| sheet.row([cell, "b"])), format!("{expected},b\n"));
        }
    }

    proptest! {
        #[test]
        fn rows_written_at_once_are_those_written_cell_by_cell(
            cells in proptest::collection::vec("[a-z0-9甲, =]{0,20}", 1..40),
            odd in prop_oneof![3 => Just(0i64), 1 => -99..0i64, 1 => any::<i64>()],
            size in 0usize..9,
            (seed, places, begun) in (any::<u32>(), 0u32..9, any::<bool>()),
        ) {
            let below = 10u64.pow(u32::try_from(size).expect("a digit"));
            let number = |at: usize| (u64::from(seed) * (at as u64 + 1) % below).cast_signed();
            let mut mantissas: Vec<i64> = (0..cells.len() - 1).map(number).collect();
            if let (Some(last), true) = (mantissas.last_mut(), odd != 0) {
                *last = odd;
            }
            let ready: Vec<super::ReadyCell> = cells.iter().map(|cell| super::ReadyCell::text(cell)).collect();
            let (first, others) = ready.split_first().expect("a cell");
            let (mut at_once, mut by_cell) = (super::SheetRows::default(), super::SheetRows::default());
            for _ in 0..3 {
                if begun {
                    at_once.text("x");
                    by_cell.text("x");
                }
                at_once.number_rows(first, others, &mantissas, places);
                for (other, mantissa) in others.iter().zip(&mantissas) {
                    by_cell.ready(first);
                    by_cell.ready(other);
                    by_cell.decimal(i128::from(*mantissa), places);
                    by_cell.end_row();
                }
            }
            prop_assert_eq!(at_once.into_bytes(), by_cell.into_bytes());
        }

        #[test]
        fn what_is_written_reads_back(cells in proptest::collection::vec("[a-z甲][a-z甲,\"\n ]{0,6}", 2..6)) {
            let head: Vec<String> = (0..cells.len()).map(|at| format!("c{at}")).collect();
            let text = written(|sheet| {
                sheet.row(head.iter().map(String::as_str))?;
                sheet.row(cells.iter().map(String::as_str))
            });
            let mut findings = Findings::new();
            let sheet = Sheet::open(FileId(0), &text, &mut findings).expect("a sheet");
            let mut read: Vec<String> = Vec::new();
            sheet.rows(&mut findings, |row| read = (0..row.len()).map(|at| row.get(at).to_owned()).collect());
            let expected: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            prop_assert!(!findings.has_errors());
            prop_assert_eq!(read, expected);
        }
    }
}
