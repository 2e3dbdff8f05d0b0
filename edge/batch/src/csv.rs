//! CSV through a decision, piece by piece.

use crate::{
    binding::{Binding, Pick},
    block::{Block, Job, Part, ROWS, Unfit},
    gathered::Gathered,
    pieces::{Piece, Pieces},
    rejects::Reject,
    results::Written,
    totals::Totals,
};
use kaoping_cells::Refusal;
use kaoping_decide::{Answer, Decider, Field, Reading, Scratch};
use kaoping_program::{Fault, Workers};
use kaoping_sheets::{FileFault, Findings, Row, RowForm, Sheet, SheetRows};
use kaoping_terms::{FileId, Lang, Report, Text};
use std::io::{self, Read, Write};

/// Where rows come from and where they go.
#[derive(Debug)]
pub struct Source<'a, R> {
    /// The decision.
    pub decider: &'a Decider<'a>,
    /// The table.
    pub from: Pieces<R>,
    /// What is to come out; none: everything.
    pub select: Option<&'a [String]>,
    /// The language of reasons.
    pub lang: Lang,
    /// Who does the work.
    pub workers: Workers,
}

/// Why a run ended before its end.
#[derive(Debug)]
pub enum Stopped {
    /// The table cannot be read.
    Unreadable(FileFault),
    /// It does not fit the decision.
    Unfit {
        /// What does not fit.
        report: Report,
        /// The first piece of the table, of which findings speak.
        text: String,
    },
    /// The results cannot be written.
    Unwritten(io::Error),
    /// A program that breaks the rules of its representation.
    Broken(Fault),
}

/// Decides every row of a CSV. Results go to `out`, rows that cannot be decided to `rejects`, which
/// is asked for only where there is one. `seen` is told the bytes and rows so far.
///
/// # Errors
/// Why it ended before its end; what was written until then is not whole.
pub fn decide_csv<R: Read, W: Write, X: Write>(
    source: Source<'_, R>,
    mut out: W,
    rejects: impl FnMut() -> io::Result<X>,
    seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let mut way = AsCsv { out: &mut out };
    let found = each_part(source, &mut way, rejects, seen)?;
    out.flush().map_err(Stopped::Unwritten)?;
    Ok(found)
}

/// What becomes of the rows of a CSV.
pub trait Way {
    /// What is the same for every part of the table.
    type Shared: Sync;
    /// What a part of the table comes to.
    type Out: Send;

    /// The columns of the table are known, and what comes out.
    ///
    /// # Errors
    /// It cannot be written.
    fn begin(&mut self, job: Job<'_>) -> Result<Self::Shared, Stopped>;

    /// A keeper of what goes out of a part of the table; `plain`: commas separate its cells.
    fn keeper<'k>(shared: &'k Self::Shared, job: Job<'k>, plain: bool) -> impl Keep<Out = Self::Out> + use<'k, Self>;

    /// Takes what a part came to, in order.
    ///
    /// # Errors
    /// It cannot be written.
    fn take(&mut self, out: Self::Out) -> Result<(), Stopped>;
}

/// Keeps what goes out of rows until they are decided.
pub trait Keep {
    /// What they come to.
    type Out;

    /// A row was read.
    fn keep(&mut self, row: &Row<'_>);

    /// What of the rows at hand does not fit where it goes; their answers are known.
    fn unfit(&mut self, block: &Block<'_>, answers: &[Answer]) -> Vec<Unfit>;

    /// The cells of a row at hand as they will stand in the rejects, if they are still there.
    fn cells(&self, row: u32) -> Option<String>;

    /// The rows at hand go out with their answers, but for those left out, and are forgotten.
    fn give(&mut self, block: &Block<'_>, answers: &[Answer], left_out: &[u32]);

    /// All that went out.
    fn end(self) -> Self::Out;
}

/// Decides every row of a CSV, part by part; `way` says what becomes of them.
///
/// # Errors
/// Why it ended before its end.
pub fn each_part<R: Read, X: Write, W: Way>(
    mut source: Source<'_, R>,
    way: &mut W,
    rejects: impl FnMut() -> io::Result<X>,
    mut seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let Some(first) = source.from.next_piece().map_err(Stopped::Unreadable)? else {
        return Ok((Totals::default(), Vec::new()));
    };
    let mut found = Findings::new();
    let opened = Sheet::open(FileId::default(), &first.text, &mut found);
    let Some(sheet) = opened.filter(|_| !found.has_errors()) else {
        return Err(Stopped::Unfit { report: found.into_report(), text: first.text });
    };
    let header = sheet.header().clone();
    let binding = match Binding::new(source.decider, &header, source.select) {
        Ok(binding) => binding,
        Err(report) => return Err(Stopped::Unfit { report, text: first.text }),
    };
    let job = Job { decider: source.decider, binding: &binding, header: &header, lang: source.lang };
    let shared = way.begin(job)?;
    let mut gathered = Gathered::new(job, rejects);
    let (mut bytes, mut scratches) = (0u64, Vec::new());
    let mut piece: Option<Piece> = None;
    loop {
        let continued;
        let (sheet, size) = match &piece {
            None => (&sheet, first.bytes),
            Some(piece) => {
                continued = sheet.continued(&piece.text, piece.line);
                (&continued, piece.bytes)
            }
        };
        for part in parts::<W>(job, sheet, &shared, source.workers, &mut scratches) {
            let part = part.map_err(Stopped::Broken)?;
            way.take(gathered.add(part).map_err(Stopped::Unwritten)?)?;
        }
        bytes += size;
        seen(bytes, gathered.read());
        piece = source.from.next_piece().map_err(Stopped::Unreadable)?;
        if piece.is_none() {
            return gathered.end().map_err(Stopped::Unwritten);
        }
    }
}

/// The rows of a piece, shared out among the workers, in order.
fn parts<W: Way>(
    job: Job<'_>,
    sheet: &Sheet<'_>,
    shared: &W::Shared,
    workers: Workers,
    scratches: &mut Vec<Scratch>,
) -> Vec<Result<Part<W::Out>, Fault>> {
    let parts = sheet.parts(workers.threads());
    scratches.resize_with(parts.len().max(scratches.len()), Scratch::default);
    let mut tasks: Vec<_> = parts.iter().zip(scratches).map(|(part, scratch)| (part, scratch, None)).collect();
    workers.each(&mut tasks, &|(part, scratch, result)| {
        let keeper = W::keeper(shared, job, sheet.separator() == b',');
        *result = Some(all(Block::new(job, scratch), keeper, sheet, part));
    });
    tasks.into_iter().filter_map(|(_, _, result)| result).collect()
}

/// Every row of a part.
fn all<K: Keep>(
    mut block: Block<'_>,
    mut keeper: K,
    sheet: &Sheet<'_>,
    part: &kaoping_sheets::Part,
) -> Result<Part<K::Out>, Fault> {
    let mut fault = None;
    sheet.each_row(part, |row, form| {
        block.met(1);
        match form {
            RowForm::Fine => {
                take(&mut block, &mut keeper, row);
                if block.rows.len() >= ROWS && fault.is_none() {
                    fault = decide(&mut block, &mut keeper).err();
                }
            }
            RowForm::Width => {
                let (found, width) = (row.len(), block.job.header.columns().len());
                let why = Text::new(
                    format!("有 {found} 格，表头有 {width} 列"),
                    format!("{found} cells, the header has {width}"),
                );
                block.reject(row.line(), ("", ""), &why, &joined(row));
            }
            RowForm::Unnamed(column) => {
                let why = Text::new("这一栏没有栏名", "the column has no name");
                block.reject(row.line(), ("", row.get(column)), &why, &joined(row));
            }
        }
    });
    fault.map_or(Ok(()), Err)?;
    decide(&mut block, &mut keeper)?;
    Ok(block.end(keeper.end()))
}

/// Reads a row. One with a cell that cannot be read is rejected, each such cell by itself.
fn take(block: &mut Block<'_>, keeper: &mut impl Keep, row: &Row<'_>) {
    let job = block.job;
    let mut refused: Vec<(&Field, Option<usize>, &str, Refusal)> = Vec::new();
    for (at, field) in job.decider.fields().iter().enumerate() {
        let column = job.binding.fields.get(at).copied().flatten();
        let reading = match column {
            _ if field.is_text() => Ok(Reading::Short(0, 0)),
            Some(column) => field.read(row.get(column), job.decider.standard()),
            None => Ok(Reading::Missing),
        };
        let Some(cells) = block.rows.column_mut(at) else { continue };
        match reading {
            Ok(Reading::Short(mantissa, places)) => cells.push(mantissa, places),
            Ok(Reading::Long(figure)) => cells.push_exact(figure),
            Ok(Reading::Missing) => cells.push_missing(),
            Err(refusal) => refused.push((field, column, row.get(column.unwrap_or(0)), refusal)),
        }
    }
    if !refused.is_empty() {
        block.rows.drop_row();
        let refused = refused.iter().map(|(field, column, value, refusal)| (*field, *column, *value, refusal));
        block.refuse(row.line(), refused, &joined(row));
        return;
    }
    block.rows.end_row();
    block.lines.push(row.line());
    keeper.keep(row);
}

/// Decides the rows at hand and lets them go.
fn decide(block: &mut Block<'_>, keeper: &mut impl Keep) -> Result<(), Fault> {
    let answers = block.answers()?;
    let unfit = keeper.unfit(block, &answers);
    let width = block.job.header.columns().len();
    let none = || ",".repeat(width.saturating_sub(1));
    let left_out = block.count(&answers, unfit, |row| keeper.cells(row).unwrap_or_else(none));
    keeper.give(block, &answers, &left_out);
    block.clear();
    Ok(())
}

/// The cells of a row with commas between them, in quotes where they have to be.
pub fn joined(row: &Row<'_>) -> String {
    let mut cells = SheetRows::default();
    row.cells().iter().for_each(|cell| cells.literal(cell));
    String::from_utf8_lossy(&cells.into_bytes()).into_owned()
}

/// Rows go out as CSV.
struct AsCsv<'w, W> {
    out: &'w mut W,
}

impl<'w, W: Write> Way for AsCsv<'w, W> {
    type Shared = ();
    type Out = Vec<u8>;

    fn begin(&mut self, job: Job<'_>) -> Result<(), Stopped> {
        self.out.write_all(&job.binding.head_row()).map_err(Stopped::Unwritten)
    }

    fn keeper<'k>(_: &'k (), job: Job<'k>, plain: bool) -> impl Keep<Out = Vec<u8>> + use<'k, 'w, W> {
        Lines { binding: job.binding, plain, kept: String::new(), ends: Vec::new(), out: SheetRows::default() }
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
    /// What is kept of the rows, as it will stand in the result: one piece a row where every column
    /// is kept, else one for each column that is.
    kept: String,
    ends: Vec<u32>,
    out: SheetRows,
}

impl Keep for Lines<'_> {
    type Out = Vec<u8>;

    fn keep(&mut self, row: &Row<'_>) {
        let binding = self.binding;
        if binding.whole {
            if self.plain {
                self.kept.push_str(row.written());
            } else {
                self.kept.push_str(&joined(row));
            }
            self.ends.push(end(&self.kept));
            return;
        }
        for pick in &binding.picks {
            let Pick::Kept(column) = pick else { continue };
            push_cell(&mut self.kept, row.cells().get(*column).copied().unwrap_or(""));
            self.ends.push(end(&self.kept));
        }
    }

    fn unfit(&mut self, _: &Block<'_>, _: &[Answer]) -> Vec<Unfit> {
        Vec::new()
    }

    fn cells(&self, row: u32) -> Option<String> {
        let at = row as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let text = self.kept.get(start as usize..*self.ends.get(at)? as usize)?;
        self.binding.whole.then(|| text.to_owned())
    }

    fn give(&mut self, block: &Block<'_>, answers: &[Answer], left_out: &[u32]) {
        let binding = self.binding;
        let written: Vec<Option<Written<'_>>> = Written::all(block.job, answers);
        let count = u32::try_from(block.rows.len()).unwrap_or(u32::MAX);
        let pieces = if binding.whole { 1 } else { binding.picks.iter().filter(|pick| is_kept(pick)).count() };
        let mut start = 0usize;
        let mut ends = self.ends.iter();
        let mut without = left_out.iter().copied().peekable();
        for row in 0..count {
            let mut kept = ends.by_ref().take(pieces);
            let left_out = without.next_if_eq(&row).is_some();
            let mut next = |out: &mut SheetRows| {
                if let Some(end) = kept.next() {
                    let text = self.kept.get(start..*end as usize).unwrap_or("");
                    start = *end as usize;
                    if !left_out {
                        out.written(text);
                    }
                }
            };
            if binding.whole {
                next(&mut self.out);
            }
            for written in &written {
                match written {
                    None if binding.whole => {}
                    None => next(&mut self.out),
                    Some(_) if left_out => {}
                    Some(written) => written.cell(row, &mut self.out),
                }
            }
            if !left_out {
                self.out.end_row();
            }
        }
        self.kept.clear();
        self.ends.clear();
    }

    fn end(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

fn is_kept(pick: &Pick) -> bool {
    matches!(pick, Pick::Kept(_))
}

fn end(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// A cell as it will stand in the result, in quotes where it has to be.
fn push_cell(kept: &mut String, cell: &str) {
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return kept.push_str(cell);
    }
    kept.push('"');
    kept.push_str(&cell.replace('"', "\"\""));
    kept.push('"');
}
