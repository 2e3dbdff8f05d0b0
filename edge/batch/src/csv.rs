//! CSV through a decision, piece by piece.

use crate::{
    binding::{Binding, Pick},
    pieces::{Piece, Pieces},
    rejects::Reject,
    results::Written,
    totals::Totals,
};
use kaoping_cells::{Refusal, findings};
use kaoping_decide::{Decider, Reading, Rows, Scratch};
use kaoping_program::{Fault, Workers};
use kaoping_sheets::{FileFault, Findings, Header, Row, RowForm, Sheet, SheetRows};
use kaoping_terms::{FileId, Lang, Place, Report, Text};
use std::io::{self, Read, Write};

/// How many rows are decided at once: their figures fit the cache.
const ROWS: usize = 8_192;

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
    mut source: Source<'_, R>,
    mut out: W,
    mut rejects: impl FnMut() -> io::Result<X>,
    mut seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let (mut totals, mut first_rejects) = (Totals::default(), Vec::new());
    let Some(first) = source.from.next_piece().map_err(Stopped::Unreadable)? else {
        return Ok((totals, first_rejects));
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
    let mut head = SheetRows::default();
    binding.heads().iter().for_each(|name| head.text(name));
    head.end_row();
    out.write_all(&head.into_bytes()).map_err(Stopped::Unwritten)?;
    let job = Job { decider: source.decider, binding: &binding, header: &header, lang: source.lang };
    let mut rejected: Option<X> = None;
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
        for part in job.parts(sheet, source.workers, &mut scratches) {
            let part = part.map_err(Stopped::Broken)?;
            out.write_all(&part.out).map_err(Stopped::Unwritten)?;
            totals.append(part.totals);
            if !part.rejected.is_empty() {
                if rejected.is_none() {
                    let mut file = rejects().map_err(Stopped::Unwritten)?;
                    file.write_all(&job.reject_head()).map_err(Stopped::Unwritten)?;
                    rejected = Some(file);
                }
                if let Some(file) = &mut rejected {
                    file.write_all(&part.rejected).map_err(Stopped::Unwritten)?;
                }
                let room = FIRST_REJECTS - first_rejects.len();
                first_rejects.extend(part.first_rejects.into_iter().take(room));
            }
        }
        bytes += size;
        seen(bytes, totals.read);
        piece = source.from.next_piece().map_err(Stopped::Unreadable)?;
        if piece.is_none() {
            break;
        }
    }
    out.flush().map_err(Stopped::Unwritten)?;
    if let Some(file) = &mut rejected {
        file.flush().map_err(Stopped::Unwritten)?;
    }
    Ok((totals, first_rejects))
}

/// How many rejects are told one by one.
const FIRST_REJECTS: usize = 5;

/// What is the same for every piece.
struct Job<'j> {
    decider: &'j Decider<'j>,
    binding: &'j Binding,
    header: &'j Header,
    lang: Lang,
}

/// What became of a part of a piece.
#[derive(Default)]
struct Part {
    out: Vec<u8>,
    rejected: Vec<u8>,
    first_rejects: Vec<Reject>,
    totals: Totals,
}

impl Job<'_> {
    fn reject_head(&self) -> Vec<u8> {
        let mut head = SheetRows::default();
        Reject::heads(self.lang).iter().for_each(|name| head.text(name));
        self.header.columns().iter().for_each(|column| head.text(&column.written));
        head.end_row();
        head.into_bytes()
    }

    /// The rows of a piece, shared out among the workers, in order.
    fn parts(&self, sheet: &Sheet<'_>, workers: Workers, scratches: &mut Vec<Scratch>) -> Vec<Result<Part, Fault>> {
        let parts = sheet.parts(workers.threads());
        scratches.resize_with(parts.len().max(scratches.len()), Scratch::default);
        let mut tasks: Vec<_> = parts.iter().zip(scratches).map(|(part, scratch)| (part, scratch, None)).collect();
        workers.each(&mut tasks, &|(part, scratch, result)| {
            *result = Some(Block::new(self, scratch).all(sheet, part));
        });
        tasks.into_iter().filter_map(|(_, _, result)| result).collect()
    }
}

/// Rows on their way through.
struct Block<'b> {
    job: &'b Job<'b>,
    scratch: &'b mut Scratch,
    rows: Rows,
    /// For each row its line.
    lines: Vec<usize>,
    /// What is kept of the rows, as it will stand in the result: one piece a row where every column
    /// is kept, else one for each column that is.
    kept: String,
    ends: Vec<u32>,
    out: SheetRows,
    rejected: SheetRows,
    part: Part,
}

impl<'b> Block<'b> {
    fn new(job: &'b Job<'b>, scratch: &'b mut Scratch) -> Block<'b> {
        Block {
            job,
            scratch,
            rows: Rows::new(job.decider.fields().len()),
            lines: Vec::with_capacity(ROWS),
            kept: String::new(),
            ends: Vec::new(),
            out: SheetRows::default(),
            rejected: SheetRows::default(),
            part: Part::default(),
        }
    }

    fn all(mut self, sheet: &Sheet<'_>, part: &kaoping_sheets::Part) -> Result<Part, Fault> {
        let plain = sheet.separator() == b',';
        let mut fault = None;
        sheet.each_row(part, |row, form| {
            self.part.totals.read += 1;
            match form {
                RowForm::Fine => {
                    self.take(row, plain);
                    if self.rows.len() >= ROWS && fault.is_none() {
                        fault = self.decide().err();
                    }
                }
                RowForm::Width => {
                    let (found, width) = (row.len(), self.job.header.columns().len());
                    self.reject(
                        row,
                        "",
                        "",
                        &Text::new(
                            format!("有 {found} 格，表头有 {width} 列"),
                            format!("{found} cells, the header has {width}"),
                        ),
                    );
                }
                RowForm::Unnamed(column) => {
                    let why = Text::new("这一栏没有栏名", "the column has no name");
                    self.reject(row, "", row.get(column), &why);
                }
            }
        });
        fault.map_or(Ok(()), Err)?;
        self.decide()?;
        self.part.out = self.out.into_bytes();
        self.part.rejected = self.rejected.into_bytes();
        Ok(self.part)
    }

    /// Reads a row. One with a cell that cannot be read is rejected, each such cell by itself.
    fn take(&mut self, row: &Row<'_>, plain: bool) {
        let decider = self.job.decider;
        let mut refused: Vec<(usize, usize, Refusal)> = Vec::new();
        for (at, field) in decider.fields().iter().enumerate() {
            let column = self.job.binding.fields.get(at).copied().flatten();
            let reading = match column {
                Some(column) => field.read(row.get(column), decider.standard()),
                None if field.is_text() => Ok(Reading::Short(0, 0)),
                None => Ok(Reading::Missing),
            };
            let Some(cells) = self.rows.column_mut(at) else { continue };
            match reading {
                Ok(Reading::Short(mantissa, places)) => cells.push(mantissa, places),
                Ok(Reading::Long(figure)) => cells.push_exact(figure),
                Ok(Reading::Missing) => cells.push_missing(),
                Err(refusal) => refused.push((at, column.unwrap_or(0), refusal)),
            }
        }
        if !refused.is_empty() {
            self.rows.drop_row();
            self.refuse(row, &refused);
            return;
        }
        self.rows.end_row();
        self.lines.push(row.line());
        self.keep(row, plain);
    }

    /// What of a row will stand in the result.
    fn keep(&mut self, row: &Row<'_>, plain: bool) {
        let binding = self.job.binding;
        if binding.whole && plain {
            self.kept.push_str(row.written());
            self.ends.push(end(&self.kept));
            return;
        }
        let mut joined = SheetRows::default();
        for pick in &binding.picks {
            let Pick::Kept(column) = pick else { continue };
            let cell = row.cells().get(*column).copied().unwrap_or("");
            if binding.whole {
                joined.literal(cell);
            } else {
                push_cell(&mut self.kept, cell);
                self.ends.push(end(&self.kept));
            }
        }
        if binding.whole {
            self.kept.push_str(&String::from_utf8_lossy(&joined.into_bytes()));
            self.ends.push(end(&self.kept));
        }
    }

    /// Decides the rows at hand and writes them.
    fn decide(&mut self) -> Result<(), Fault> {
        let decider = self.job.decider;
        let answers = decider.decide(&mut self.rows, self.scratch, Workers::default())?;
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let amount = decider.decision().amount.and_then(|_| answers.first());
        let binding = self.job.binding;
        let written = |pick: &Pick| {
            let Pick::Result { at, coded } = pick else { return None };
            let (result, answer) = (decider.results().get(*at)?, answers.get(*at)?);
            Some(Written::new(decider, (result, *coded), answer, amount))
        };
        let written: Vec<Option<Written<'_>>> = binding.picks.iter().map(written).collect();
        let undefined = self.undefined(&answers);
        let pieces = if binding.whole { 1 } else { binding.picks.iter().filter(|pick| is_kept(pick)).count() };
        let mut start = 0usize;
        let mut ends = self.ends.iter();
        let mut without = undefined.iter().map(|(row, _)| *row).peekable();
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
        let left_out: Vec<u32> = undefined.iter().map(|(row, _)| *row).collect();
        self.part.totals.count(decider, &answers, count, &left_out);
        for (row, column) in undefined {
            let line = self.lines.get(row as usize).copied().unwrap_or(0);
            let why = Text::new("这一行算到这里要除以零，没有结果", "this row divides by zero: there is no result");
            let reject =
                Reject { line: line as u64, column, value: String::new(), why: why.get(self.job.lang).to_owned() };
            self.part.totals.rejected += 1;
            let width = self.job.header.columns().len();
            self.push_reject(reject, &",".repeat(width.saturating_sub(1)));
        }
        self.rows.clear();
        self.lines.clear();
        self.kept.clear();
        self.ends.clear();
        Ok(())
    }

    /// Rows with a result that is a division by zero, and which.
    fn undefined(&self, answers: &[kaoping_decide::Answer]) -> Vec<(u32, String)> {
        let mut found = std::collections::BTreeMap::new();
        for (result, answer) in self.job.decider.results().iter().zip(answers) {
            for (row, cell) in answer.odd().iter().filter(|(_, cell)| cell.state.is_undefined()) {
                let _ = cell;
                found.entry(*row).or_insert_with(|| result.name.clone());
            }
        }
        found.into_iter().collect()
    }

    fn refuse(&mut self, row: &Row<'_>, refused: &[(usize, usize, Refusal)]) {
        let decider = self.job.decider;
        for (field, column, refusal) in refused {
            let Some(field) = decider.fields().get(*field) else { continue };
            let (value, head) = (row.get(*column), self.job.header.columns().get(*column));
            let head = head.map_or("", |head| head.written.as_str());
            let expected = findings::expected(&field.kind, &decider.standard().program);
            let whose = Text::new(format!("“{head}”"), format!("`{head}`"));
            let bounds = Some((field.bounds(), &field.kind));
            let found = findings::cell(&whose, value, &expected, bounds, refusal, Place::default());
            let why = Text::new(
                format!("{}：{}", found.message.zh, found.why.zh),
                format!("{}: {}", found.message.en, found.why.en),
            );
            self.reject_cell(row, head, value, &why);
        }
        self.part.totals.rejected += 1;
    }

    fn reject(&mut self, row: &Row<'_>, column: &str, value: &str, why: &Text) {
        self.part.totals.rejected += 1;
        self.reject_cell(row, column, value, why);
    }

    fn reject_cell(&mut self, row: &Row<'_>, column: &str, value: &str, why: &Text) {
        let reject = Reject {
            line: row.line() as u64,
            column: column.to_owned(),
            value: value.to_owned(),
            why: why.get(self.job.lang).to_owned(),
        };
        let mut cells = SheetRows::default();
        row.cells().iter().for_each(|cell| cells.literal(cell));
        let cells = String::from_utf8_lossy(&cells.into_bytes()).into_owned();
        self.push_reject(reject, &cells);
    }

    fn push_reject(&mut self, reject: Reject, cells: &str) {
        reject.write(&mut self.rejected);
        self.rejected.written(cells);
        self.rejected.end_row();
        if self.part.first_rejects.len() < FIRST_REJECTS {
            self.part.first_rejects.push(reject);
        }
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
