//! Rows of CSV that become rows of CSV.

use crate::{
    binding::{Binding, Pick},
    block::{Block, Job, Unfit},
    csv::{Keep, Stopped, Way, joined},
    results::Written,
};
use kaoping_decide::Answer;
use kaoping_sheets::{Row, Run, Sheet, SheetRows};
use std::io::Write;

/// Rows go out as CSV.
pub(crate) struct AsCsv<'w, W> {
    out: &'w mut W,
}

impl<'w, W> AsCsv<'w, W> {
    pub(crate) fn new(out: &'w mut W) -> Self {
        AsCsv { out }
    }
}

impl<'w, W: Write + Send> Way for AsCsv<'w, W> {
    type Shared = ();
    type Out = Vec<u8>;

    fn begin(&mut self, job: Job<'_>) -> Result<(), Stopped> {
        self.out.write_all(&job.binding.head_row()).map_err(Stopped::Unwritten)
    }

    fn keeper<'k>(_: &'k (), job: Job<'k>, sheet: &'k Sheet<'k>) -> impl Keep<Out = Vec<u8>> + use<'k, 'w, W> {
        // Where a place does not fit what is noted of it, all that is kept is kept apart.
        let text = if u32::try_from(sheet.text().len()).is_ok() { sheet.text() } else { "" };
        let plain = sheet.separator() == b',';
        Lines { binding: job.binding, plain, text, own: String::new(), kept: Vec::new(), out: SheetRows::default() }
    }

    fn take(&mut self, out: Vec<u8>) -> Result<(), Stopped> {
        self.out.write_all(&out).map_err(Stopped::Unwritten)
    }
}

/// Rows of CSV to become rows of CSV.
struct Lines<'k> {
    binding: &'k Binding,
    /// Whether commas separate the cells of the table.
    plain: bool,
    /// The table, in which most of what is kept stands as it will in the result.
    text: &'k str,
    /// What is kept and stands there otherwise, such as without quotes.
    own: String,
    /// Where what is kept of the rows begins and ends, in the one and then in the other: one piece a
    /// row where every column is kept, else one for each column that is.
    kept: Vec<(u32, u32)>,
    out: SheetRows,
}

impl Lines<'_> {
    /// Keeps something that stands between two places of the table.
    #[inline]
    fn keep_place(&mut self, start: usize, end: usize) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.kept.push((place(start), place(end)));
    }

    /// Keeps something that was put together by itself from there on.
    fn keep_own(&mut self, from: usize) {
        self.keep_place(self.text.len() + from, self.text.len() + self.own.len());
    }

    /// Keeps a cell as it will stand in the result, in quotes where it has to be.
    fn keep_cell(&mut self, cell: &str) {
        let from = self.own.len();
        if cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.own.push('"');
            self.own.push_str(&cell.replace('"', "\"\""));
            self.own.push('"');
        } else {
            self.own.push_str(cell);
        }
        self.keep_own(from);
    }

    /// What is kept between two places, and where in it.
    #[inline]
    fn place(&self, (start, end): (u32, u32)) -> (&str, usize, usize) {
        let (start, end) = (start as usize, end as usize);
        match start.checked_sub(self.text.len()) {
            Some(from) => (&self.own, from, end - self.text.len()),
            None => (self.text, start, end),
        }
    }
}

impl Keep for Lines<'_> {
    type Out = Vec<u8>;

    fn keep(&mut self, row: &Row<'_>) {
        let binding = self.binding;
        if binding.whole {
            let from = self.own.len();
            if self.plain {
                self.own.push_str(row.written());
            } else {
                self.own.push_str(&joined(row));
            }
            return self.keep_own(from);
        }
        for pick in &binding.picks {
            if let Pick::Kept(column) = pick {
                self.keep_cell(row.cells().get(*column).copied().unwrap_or(""));
            }
        }
    }

    fn keep_run(&mut self, sheet: &Sheet<'_>, run: &Run<'_, '_>) {
        let binding = self.binding;
        let columns = binding.picks.iter().filter_map(|pick| if let Pick::Kept(at) = pick { Some(*at) } else { None });
        if !self.plain || self.text.is_empty() {
            return sheet.rows_of_run(run, |row| self.keep(row));
        }
        // Cells without quotes between commas stand in the result as they do here.
        if binding.whole {
            return run.each_row(|start, end| self.keep_place(start, end));
        }
        let (first, count) = (self.kept.len(), columns.clone().count());
        self.kept.resize(first + count * run.rows(), (0, 0));
        for (at, column) in columns.enumerate() {
            let mut slots = self.kept.iter_mut().skip(first + at).step_by(count);
            run.column(column, |start, end| {
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                slots.next().is_some_and(|slot| {
                    *slot = (place(start), place(end));
                    true
                })
            });
        }
    }

    fn unfit(&mut self, _: &Block<'_>, _: &[Answer]) -> Vec<Unfit> {
        Vec::new()
    }

    fn cells(&self, row: u32) -> Option<String> {
        let (text, start, end) = self.place(*self.kept.get(row as usize)?);
        self.binding.whole.then(|| text.get(start..end).unwrap_or("").to_owned())
    }

    fn give(&mut self, block: &Block<'_>, answers: &[Answer], left_out: &[u32]) {
        let binding = self.binding;
        let written: Vec<Option<Written<'_>>> = Written::all(block.job, answers);
        let count = u32::try_from(block.rows.len()).unwrap_or(u32::MAX);
        let mut out = std::mem::take(&mut self.out);
        let mut kept = self.kept.iter().map(|place| self.place(*place));
        let pieces = if binding.whole { 1 } else { binding.picks.iter().filter(|pick| is_kept(pick)).count() };
        let mut without = left_out.iter().copied().peekable();
        for row in 0..count {
            if without.next_if_eq(&row).is_some() {
                kept.by_ref().take(pieces).for_each(drop);
                continue;
            }
            let mut next = |out: &mut SheetRows| {
                if let Some((text, start, end)) = kept.next() {
                    out.piece(text, start, end);
                }
            };
            if binding.whole {
                next(&mut out);
            }
            for written in &written {
                match written {
                    None if binding.whole => {}
                    None => next(&mut out),
                    Some(written) => written.cell(row, &mut out),
                }
            }
            out.end_row();
        }
        self.out = out;
        self.kept.clear();
        self.own.clear();
    }

    fn end(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

fn is_kept(pick: &Pick) -> bool {
    matches!(pick, Pick::Kept(_))
}
