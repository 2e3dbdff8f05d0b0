//! A sheet of comma- or tab-separated values, visited row by row.
//!
//! A file of facts may have millions of rows. Nothing is kept of a row once it was visited:
//! cells are lent, not given. A text without any quote, which is what programs write, is cut
//! at its separators and line ends alone; where there is a quote the `csv` crate cuts it.

use crate::{
    Findings,
    header::Header,
    runs::{Finder, Run},
    sheet_findings::{column_repeated, column_unnamed, no_header, row_width, separator_unknown},
};
use kaoping_terms::{Diagnostic, FileId, Place, Text, table};

/// Fewer bytes are not worth a part of their own.
const LEAST_PART: usize = 1 << 16;

/// From so many rows on a run was worth looking for.
const ENOUGH: usize = 16;

/// Most rows that are read one by one before runs are looked for again.
const MOST_ALONE: usize = 256;

/// A sheet whose header was read.
#[derive(Clone, Debug)]
pub struct Sheet<'t> {
    file: FileId,
    text: &'t str,
    separator: u8,
    header: Header,
    /// Where the rows below the header begin.
    body: usize,
    /// The line of that place.
    body_line: usize,
    /// Whether there is a quote below the header.
    quoted: bool,
}

/// Rows that stand together, of [`Sheet::parts`].
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Where they begin and end in the text.
    start: usize,
    end: usize,
    /// The line they begin on.
    line: usize,
}

/// How far the rows of a part were read.
struct Plain<'t> {
    start: usize,
    end: usize,
    line: usize,
    cells: Vec<&'t str>,
}

impl Plain<'_> {
    fn new(part: &Part) -> Self {
        Plain { start: part.start, end: part.end, line: part.line, cells: Vec::new() }
    }
}

/// What is met in a sheet.
#[derive(Clone, Copy, Debug)]
pub enum Met<'t, 'm> {
    /// Rows as programs write them.
    Run(&'m Run<'t, 'm>),
    /// A row by itself.
    Row(&'m Row<'m>, RowForm),
}

/// What is the matter with the form of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowForm {
    /// Nothing.
    Fine,
    /// It has more or fewer cells than the header.
    Width,
    /// Something stands under that column, which has no name.
    Unnamed(usize),
}

/// One row below the header, lent for the time of a visit.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    cells: &'r [&'r str],
    origin: Origin<'r>,
}

#[derive(Clone, Copy, Debug)]
struct Origin<'r> {
    file: FileId,
    text: &'r str,
    separator: u8,
    start: usize,
    end: usize,
    line: usize,
    /// Whether the cells are pieces of the text itself.
    lent: bool,
}

impl<'r> Row<'r> {
    /// The cell of that column without surrounding blanks; empty where there is none.
    #[inline]
    pub fn get(&self, column: usize) -> &'r str {
        trim(self.cells.get(column).copied().unwrap_or(""))
    }

    /// The cell of an optional column; empty where the sheet has no such column.
    #[inline]
    pub fn get_some(&self, column: Option<usize>) -> &'r str {
        column.map_or("", |column| self.get(column))
    }

    /// The whole row as it stands in the text, without the end of its line.
    pub fn written(&self) -> &'r str {
        self.origin.text.get(self.origin.start..self.origin.end).unwrap_or("")
    }

    /// The cells as they are, with the blanks around them, without quotes.
    pub fn cells(&self) -> &'r [&'r str] {
        self.cells
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every cell is blank.
    fn is_blank(&self) -> bool {
        (0..self.len()).all(|column| self.get(column).is_empty())
    }

    /// The line it begins on, counted from 1.
    pub fn line(&self) -> usize {
        self.origin.line
    }

    /// The place of the whole row.
    pub fn place(&self) -> Place {
        Place::new(self.origin.file, self.origin.start, self.origin.end)
    }

    /// Where a quote opens a cell that runs over the end of its line, and the line on which it is
    /// closed: mostly a quote too many, which swallowed the rows between.
    pub(crate) fn over_lines(&self) -> Option<(Place, usize)> {
        let raw = self.written();
        let line_end = raw.find('\n')?;
        let opened = table::unclosed_quote(raw.get(..line_end)?, self.origin.separator)?;
        let mut rest = raw.bytes().enumerate().skip(opened + 1).peekable();
        let mut lines = 0;
        while let Some((_, byte)) = rest.next() {
            match byte {
                b'\n' => lines += 1,
                b'"' if rest.next_if(|(_, next)| *next == b'"').is_none() => break,
                _ => {}
            }
        }
        let start = self.origin.start + opened;
        Some((Place::new(self.origin.file, start, start + 1), self.origin.line + lines))
    }

    /// The place of one cell, without quotes and blanks; of the row's end where the row is
    /// too short for it.
    pub fn cell_place(&self, column: usize) -> Place {
        let Origin { file, text, separator, start, end, lent, .. } = self.origin;
        if let Some(cell) = self.cells.get(column).filter(|_| lent) {
            // A blank cell is as wide as its blanks.
            let cell = if trim(cell).is_empty() { cell } else { trim(cell) };
            let from = cell.as_ptr() as usize - text.as_ptr() as usize;
            return Place::new(file, from, from + cell.len());
        }
        let raw = text.get(start..end).unwrap_or("");
        let (mut begin, mut at_column, mut quoted) = (0usize, 0usize, false);
        for (at, byte) in raw.bytes().enumerate().chain([(raw.len(), separator)]) {
            if byte == b'"' && at < raw.len() {
                quoted = !quoted;
            } else if byte == separator && (!quoted || at == raw.len()) {
                if at_column == column {
                    let cell = raw.get(begin..at).unwrap_or("");
                    let blank = |c: char| c == '"' || c.is_whitespace();
                    let lead = cell.len() - cell.trim_start_matches(blank).len();
                    let inner = cell.trim_matches(blank);
                    let from = start + begin + if inner.is_empty() { 0 } else { lead };
                    let to = from + if inner.is_empty() { cell.len() } else { inner.len() };
                    return Place::new(file, from, to);
                }
                at_column += 1;
                begin = at + 1;
            }
        }
        Place::new(file, end, end)
    }
}

/// As [`str::trim`], with the common case decided by two bytes.
#[inline]
fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

impl<'t> Sheet<'t> {
    /// Reads the header of a decoded text. The separator is a tab where the first line has
    /// one, else a comma. Columns given twice are errors; none where there is no header.
    pub fn open(file: FileId, text: &'t str, findings: &mut Findings) -> Option<Self> {
        let skipped = text.len() - text.trim_start_matches(['\n', '\r']).len();
        let first = text.get(skipped..).unwrap_or("").lines().next().unwrap_or("");
        let separator = if first.contains('\t') { b'\t' } else { b',' };
        let quote = memchr::memchr(b'"', text.as_bytes());
        if let Some(at) = quote.and_then(|_| table::unclosed_quote(text, separator)) {
            findings.error("sheet-quote-unclosed", || table::quote_unclosed(Place::new(file, at, at + 1)));
            return None;
        }
        let mut record = csv::StringRecord::new();
        let mut reader = reader_of(text, separator);
        if !reader.read_record(&mut record).unwrap_or(false) {
            findings.error("sheet-without-header", || no_header(Place::new(file, 0, 0)));
            return None;
        }
        let body = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let body = body + text.get(body..).map_or(0, |rest| usize::from(rest.starts_with('\n')));
        let before = text.get(..body).unwrap_or("");
        let header = Header::new(record.iter());
        let place = Place::new(file, skipped, before.trim_end_matches(['\n', '\r']).len());
        if header.columns().iter().all(crate::header::Column::is_unnamed) {
            findings.error("sheet-without-header", || no_header(place));
            return None;
        }
        let body_line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let quoted = quote.is_some_and(|_| text.get(body..).unwrap_or("").contains('"'));
        let sheet = Self { file, text, separator, header, body, body_line, quoted };
        sheet.check_header(place, &record, findings);
        Some(sheet)
    }

    fn check_header(&self, place: Place, record: &csv::StringRecord, findings: &mut Findings) {
        let cells: Vec<&str> = record.iter().collect();
        let row = Row { cells: &cells, origin: self.origin(place.start as usize, place.end as usize, 1, false) };
        for (later, earlier) in self.header.repeated() {
            findings.error("column-repeated", || {
                let written = |at: usize| self.header.columns().get(at).map_or("", |column| column.written.as_str());
                column_repeated(written(later), written(earlier))
                    .at(row.cell_place(later))
                    .also(row.cell_place(earlier), Text::new("前一次在这里", "first given here"))
            });
        }
        let single = self.header.columns().len() == 1;
        let strange = self.header.columns().iter().any(|column| column.written.contains(['，', ';', '；', '|']));
        if single && strange {
            findings.error("sheet-separator", || separator_unknown().at(place));
        }
    }

    /// Rows that follow in another piece of the text, of which the first stands on that line, below
    /// the same header. A piece begins and ends between rows.
    pub fn continued<'b>(&self, text: &'b str, line: usize) -> Sheet<'b> {
        let quoted = memchr::memchr(b'"', text.as_bytes()).is_some();
        Sheet { text, body: 0, body_line: line, quoted, header: self.header.clone(), ..*self }
    }

    /// What separates the cells: a comma or a tab.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    fn origin(&self, start: usize, end: usize, line: usize, lent: bool) -> Origin<'t> {
        Origin { file: self.file, text: self.text, separator: self.separator, start, end, line, lent }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The place of the header row.
    pub fn header_place(&self) -> Place {
        let head = self.text.get(..self.body).unwrap_or("");
        let skipped = head.len() - head.trim_start_matches(['\n', '\r']).len();
        Place::new(self.file, skipped, head.trim_end_matches(['\n', '\r']).len().max(skipped))
    }

    /// The last row, where it is not ended as those before it are: a file that was cut off while it
    /// was copied looks so, and the last figure may be only the beginning of one.
    pub fn without_end(&self) -> Option<Place> {
        let body = self.text.get(self.body..).unwrap_or("");
        let start = self.body + body.rfind(['\n', '\r'])? + 1;
        let last = self.text.get(start..).unwrap_or("");
        (!last.trim().is_empty()).then(|| Place::new(self.file, start, self.text.len()))
    }

    /// The cell of another column, in the row that a place lies in. The place itself where quotes
    /// run over lines, so that the beginning of the row cannot be told from it.
    pub fn beside(&self, place: Place, column: usize) -> Place {
        let at = place.start as usize;
        let (before, after) = (self.text.get(..at).unwrap_or(""), self.text.get(at..).unwrap_or(""));
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = at + after.find(['\n', '\r']).unwrap_or(after.len());
        let row = self.text.get(start..end).unwrap_or("");
        if row.matches('"').count() % 2 == 1 {
            return place;
        }
        Row { cells: &[], origin: self.origin(start, end, 0, false) }.cell_place(column)
    }

    /// All rows in at most that many parts of about the same size, so that several threads can
    /// take one each. One part where there are quotes, which may run over lines.
    pub fn parts(&self, count: usize) -> Vec<Part> {
        let body = self.text.get(self.body..).unwrap_or("").as_bytes();
        let size = (body.len() / count.max(1)).max(LEAST_PART);
        let mut parts = Vec::new();
        let mut part = Part { start: self.body, end: self.text.len(), line: self.body_line };
        while !self.quoted && part.end - part.start > size + LEAST_PART {
            let rest = self.text.as_bytes().get(part.start + size..).unwrap_or_default();
            let Some(cut) = memchr::memchr(b'\n', rest) else { break };
            let end = part.start + size + cut + 1;
            let passed = self.text.as_bytes().get(part.start..end).unwrap_or_default();
            parts.push(Part { end, ..part });
            part = Part { start: end, line: part.line + memchr::memchr_iter(b'\n', passed).count(), ..part };
        }
        parts.push(part);
        parts
    }

    /// Visits every row below the header that is not blank. A row with more or fewer cells
    /// than the header, or with something under a column without a name, is an error and is
    /// not visited: its cells may stand under the wrong heads.
    pub fn rows(&self, findings: &mut Findings, visit: impl FnMut(&Row<'_>)) {
        let whole = Part { start: self.body, end: self.text.len(), line: self.body_line };
        self.rows_of(&whole, findings, visit);
    }

    /// As [`Sheet::rows`], the rows of one part.
    pub fn rows_of(&self, part: &Part, findings: &mut Findings, mut visit: impl FnMut(&Row<'_>)) {
        let width = self.header.columns().len();
        self.each_row(part, |row, form| match form {
            RowForm::Fine => visit(row),
            RowForm::Width => findings.error("row-width", || row_width(row, width)),
            RowForm::Unnamed(column) => findings.error("column-unnamed", || column_unnamed(row, column)),
        });
    }

    /// As [`Sheet::rows_of`], with rows as programs write them many at a time; see [`Sheet::each_run`].
    pub fn runs_of(&self, part: &Part, findings: &mut Findings, mut visit: impl FnMut(Met<'t, '_>) -> usize) {
        let width = self.header.columns().len();
        self.each_run(part, |met| {
            match met {
                Met::Row(row, RowForm::Width) => findings.error("row-width", || row_width(row, width)),
                Met::Row(row, RowForm::Unnamed(column)) => {
                    findings.error("column-unnamed", || column_unnamed(row, column));
                }
                met => return visit(met),
            }
            1
        });
    }

    /// What is said of a row of that form; nothing where it is fine.
    pub fn form_finding(&self, row: &Row<'_>, form: RowForm) -> Option<Diagnostic> {
        match form {
            RowForm::Fine => None,
            RowForm::Width => Some(row_width(row, self.header.columns().len())),
            RowForm::Unnamed(column) => Some(column_unnamed(row, column)),
        }
    }

    /// Visits every row of a part that is not blank, with what is the matter with its form.
    pub fn each_row(&self, part: &Part, mut visit: impl FnMut(&Row<'_>, RowForm)) {
        let unnamed = self.unnamed();
        if self.quoted {
            return self.every_quoted_row(part, &mut |row| self.check(row, &unnamed, &mut visit));
        }
        let mut plain = Plain::new(part);
        while self.plain_row(&mut plain, &mut |row| self.check(row, &unnamed, &mut visit)) {}
    }

    /// Visits every row of a part that is not blank: rows as programs write them many at a time,
    /// others one by one. Of a run those rows are done that are said to be taken; the next one
    /// comes by itself, whether it is not taken for its form or for what stands in it.
    pub fn each_run(&self, part: &Part, mut visit: impl FnMut(Met<'t, '_>) -> usize) {
        let unnamed = self.unnamed();
        if self.quoted || !unnamed.is_empty() {
            return self.each_row(part, |row, form| {
                visit(Met::Row(row, form));
            });
        }
        let mut finder = Finder::new(self.separator, self.header.columns().len());
        let mut plain = Plain::new(part);
        // Where runs come to nothing fewer and fewer are looked for.
        let mut patience = 1usize;
        while plain.start < plain.end {
            let mut taken = 0;
            if let Some(run) = finder.run(self.text, (plain.start, plain.end), plain.line) {
                taken = visit(Met::Run(&run)).min(run.rows());
                if taken > 0 {
                    (plain.start, plain.line) = (run.first(taken).end(), plain.line + taken);
                }
                if taken == run.rows() {
                    patience = 1;
                    continue;
                }
            }
            patience = if taken > ENOUGH { 1 } else { (2 * patience).min(MOST_ALONE) };
            let mut one = |row: &Row<'_>, form: RowForm| {
                visit(Met::Row(row, form));
            };
            for _ in 0..patience {
                self.plain_row(&mut plain, &mut |row| self.check(row, &unnamed, &mut one));
            }
        }
    }

    /// The rows of a run, one by one.
    pub fn rows_of_run(&self, run: &Run<'t, '_>, mut visit: impl FnMut(&Row<'_>)) {
        let mut cells: Vec<&str> = Vec::with_capacity(self.header.columns().len());
        let mut line = run.line;
        run.each_row(|start, end| {
            cells.clear();
            cells.extend(run.text.get(start..end).unwrap_or("").split(char::from(self.separator)));
            visit(&Row { cells: &cells, origin: self.origin(start, end, line, true) });
            line += 1;
        });
    }

    /// The text of the sheet.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Columns without a name, under which nothing may stand.
    fn unnamed(&self) -> Vec<usize> {
        let columns = self.header.columns().iter().enumerate();
        columns.filter(|(_, column)| column.is_unnamed()).map(|(at, _)| at).collect()
    }

    /// Visits a row unless it is blank.
    #[inline]
    fn check(&self, row: &Row<'_>, unnamed: &[usize], visit: &mut impl FnMut(&Row<'_>, RowForm)) {
        if row.len() != self.header.columns().len() {
            if !row.is_blank() {
                visit(row, RowForm::Width);
            }
        } else if let Some(column) = unnamed.iter().find(|at| !row.get(**at).is_empty()) {
            visit(row, RowForm::Unnamed(*column));
        } else if !row.get(0).is_empty() || !row.is_blank() {
            visit(row, RowForm::Fine);
        }
    }

    /// The next row of a text without quotes, where every separator and line end is one; no at the end.
    #[inline]
    fn plain_row(&self, at: &mut Plain<'t>, visit: &mut impl FnMut(&Row<'_>)) -> bool {
        let rest = self.text.get(at.start..at.end).unwrap_or("");
        if rest.is_empty() {
            return false;
        }
        at.cells.clear();
        let (mut cell_start, mut end) = (0usize, rest.len());
        // Cells are a few bytes long: looking at each byte is quicker than searching for the next.
        for (byte_at, byte) in rest.bytes().enumerate() {
            if byte == self.separator {
                at.cells.push(rest.get(cell_start..byte_at).unwrap_or(""));
                cell_start = byte_at + 1;
            } else if byte == b'\n' {
                end = byte_at;
                break;
            }
        }
        let cell = rest.get(cell_start..end).unwrap_or("");
        at.cells.push(cell.strip_suffix('\r').unwrap_or(cell));
        // As everywhere, a line with nothing at all in it is no row.
        if at.cells.len() > 1 || at.cells.first().is_some_and(|cell| !cell.is_empty()) {
            let written = rest.get(..end).unwrap_or("").trim_end_matches('\r').len();
            visit(&Row { cells: &at.cells, origin: self.origin(at.start, at.start + written, at.line, true) });
        }
        at.start += (end + 1).min(rest.len());
        at.line += 1;
        true
    }

    /// Rows of a text with quotes.
    fn every_quoted_row(&self, part: &Part, visit: &mut impl FnMut(&Row<'_>)) {
        let body = self.text.get(part.start..part.end).unwrap_or("");
        let mut reader = reader_of(body, self.separator);
        let mut record = csv::StringRecord::new();
        let (mut line, mut counted) = (part.line, 0usize);
        let byte_at = |reader: &csv::Reader<&[u8]>| {
            usize::try_from(reader.position().byte()).unwrap_or(body.len()).min(body.len())
        };
        loop {
            let before = byte_at(&reader);
            // Reading from memory, decoded before, with any number of cells: it cannot fail.
            if !reader.read_record(&mut record).unwrap_or(false) {
                return;
            }
            let raw = body.get(before..byte_at(&reader)).unwrap_or("");
            let start = before + raw.len() - raw.trim_start_matches(['\r', '\n']).len();
            let end = before + raw.trim_end_matches(['\r', '\n']).len();
            let passed = body.get(counted..start).unwrap_or("");
            line += passed.bytes().filter(|byte| *byte == b'\n').count();
            counted = start;
            let origin = self.origin(part.start + start, part.start + end.max(start), line, false);
            let cells: Vec<&str> = record.iter().collect();
            visit(&Row { cells: &cells, origin });
        }
    }
}

fn reader_of(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
