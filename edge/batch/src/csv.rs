//! CSV through a decision, piece by piece.

use crate::{
    binding::Binding,
    block::{Block, Job, Part, ROWS, Unfit},
    gathered::Gathered,
    lines::AsCsv,
    pieces::{Piece, Pieces},
    rejects::Reject,
    runs::Runs,
    totals::Totals,
};
use kaoping_cells::Refusal;
use kaoping_decide::{Answer, Decider, Field, Reading, Scratch};
use kaoping_program::{Fault, Workers};
use kaoping_sheets::{FileFault, Findings, Met, Row, RowForm, Run, Sheet, SheetRows};
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
pub fn decide_csv<R: Read + Send, W: Write + Send, X: Write>(
    source: Source<'_, R>,
    mut out: W,
    rejects: impl FnMut() -> io::Result<X>,
    seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let mut way = AsCsv::new(&mut out);
    let found = each_part(source, &mut way, rejects, seen)?;
    out.flush().map_err(Stopped::Unwritten)?;
    Ok(found)
}

/// What becomes of the rows of a CSV.
pub trait Way: Send {
    /// What is the same for every part of the table.
    type Shared: Sync;
    /// What a part of the table comes to.
    type Out: Send;

    /// The columns of the table are known, and what comes out.
    ///
    /// # Errors
    /// It cannot be written.
    fn begin(&mut self, job: Job<'_>) -> Result<Self::Shared, Stopped>;

    /// A keeper of what goes out of a part of the table.
    fn keeper<'k>(
        shared: &'k Self::Shared,
        job: Job<'k>,
        sheet: &'k Sheet<'k>,
    ) -> impl Keep<Out = Self::Out> + use<'k, Self>;

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

    /// Rows were read.
    fn keep_run(&mut self, sheet: &Sheet<'_>, run: &Run<'_, '_>) {
        sheet.rows_of_run(run, |row| self.keep(row));
    }

    /// What of the rows at hand does not fit where it goes; their answers are known.
    fn unfit(&mut self, block: &Block<'_>, answers: &[Answer]) -> Vec<Unfit>;

    /// The cells of a row at hand as they will stand in the rejects, if they are still there.
    fn cells(&self, row: u32) -> Option<String>;

    /// The rows at hand go out with their answers, but for those left out, and are forgotten.
    fn give(&mut self, block: &Block<'_>, answers: &[Answer], left_out: &[u32]);

    /// All that went out.
    fn end(self) -> Self::Out;
}

/// Decides every row of a CSV, part by part; `way` says what becomes of them. While a piece is
/// decided, what became of the one before it goes out and the next one is read.
///
/// # Errors
/// Why it ended before its end.
pub fn each_part<R: Read + Send, X: Write, W: Way>(
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
    let mut turn = Turn { from: &mut source.from, way, outs: Vec::new(), next: Ok(None), written: Ok(()) };
    loop {
        let continued;
        let (sheet, size) = match &piece {
            None => (&sheet, first.bytes),
            Some(piece) => {
                continued = sheet.continued(&piece.text, piece.line);
                (&continued, piece.bytes)
            }
        };
        let parts = parts(job, (sheet, &shared), source.workers, &mut scratches, &mut turn);
        std::mem::replace(&mut turn.written, Ok(()))?;
        for part in parts {
            turn.outs.push(gathered.add(part.map_err(Stopped::Broken)?).map_err(Stopped::Unwritten)?);
        }
        bytes += size;
        seen(bytes, gathered.read());
        let next = std::mem::replace(&mut turn.next, Ok(None)).map_err(Stopped::Unreadable)?;
        if let Some(done) = piece.take() {
            turn.from.done_with(done.text);
        }
        piece = next;
        if piece.is_none() {
            turn.write()?;
            return gathered.end().map_err(Stopped::Unwritten);
        }
    }
}

/// What is done while a piece is decided.
struct Turn<'t, R, W: Way> {
    from: &'t mut Pieces<R>,
    way: &'t mut W,
    /// What became of the piece before.
    outs: Vec<W::Out>,
    /// The piece that follows.
    next: Result<Option<Piece>, FileFault>,
    written: Result<(), Stopped>,
}

impl<R: Read, W: Way> Turn<'_, R, W> {
    fn write(&mut self) -> Result<(), Stopped> {
        self.outs.drain(..).try_for_each(|out| self.way.take(out))
    }

    fn take(&mut self) {
        self.written = self.write();
        if self.written.is_ok() {
            self.next = self.from.next_piece();
        }
    }
}

/// A piece of work.
enum Task<'t, 'p, R, W: Way> {
    Turn(&'p mut Turn<'t, R, W>),
    Part(&'p kaoping_sheets::Part, &'p mut Scratch, Option<Result<Part<W::Out>, Fault>>),
}

/// The rows of a piece, shared out among the workers, in order.
fn parts<R: Read + Send, W: Way>(
    job: Job<'_>,
    (sheet, shared): (&Sheet<'_>, &W::Shared),
    workers: Workers,
    scratches: &mut Vec<Scratch>,
    turn: &mut Turn<'_, R, W>,
) -> Vec<Result<Part<W::Out>, Fault>> {
    // More parts than threads, so that whoever is done first takes on another.
    let parts = sheet.parts(if workers.threads() > 1 { 2 * workers.threads() } else { 1 });
    scratches.resize_with(parts.len().max(scratches.len()), Scratch::default);
    let mut tasks = vec![Task::Turn(turn)];
    tasks.extend(parts.iter().zip(scratches).map(|(part, scratch)| Task::Part(part, scratch, None)));
    workers.each(&mut tasks, &|task| match task {
        Task::Turn(turn) => turn.take(),
        Task::Part(part, scratch, result) => {
            *result = Some(all(Block::new(job, scratch), W::keeper(shared, job, sheet), sheet, part));
        }
    });
    let result = |task| if let Task::Part(_, _, result) = task { result } else { None };
    tasks.into_iter().filter_map(result).collect()
}

/// Every row of a part.
fn all<K: Keep>(
    mut block: Block<'_>,
    mut keeper: K,
    sheet: &Sheet<'_>,
    part: &kaoping_sheets::Part,
) -> Result<Part<K::Out>, Fault> {
    let mut fault = None;
    let mut runs = Runs::new(block.job);
    sheet.each_run(part, |met| {
        let taken = match met {
            Met::Run(run) => {
                let taken = runs.read(run, ROWS - block.rows.len(), &mut block.rows);
                let run = run.first(taken);
                block.met(taken as u64);
                block.lines.extend(run.line()..run.line() + taken);
                keeper.keep_run(sheet, &run);
                taken
            }
            Met::Row(row, form) => {
                block.met(1);
                match form {
                    RowForm::Fine => {
                        take(&mut block, &mut keeper, row);
                        runs.learn(&block.rows);
                    }
                    RowForm::Width | RowForm::Unnamed(_) => reject_form(&mut block, row, form),
                }
                1
            }
        };
        if block.rows.len() >= ROWS && fault.is_none() {
            fault = decide(&mut block, &mut keeper).err();
        }
        taken
    });
    fault.map_or(Ok(()), Err)?;
    decide(&mut block, &mut keeper)?;
    Ok(block.end(keeper.end()))
}

/// Rejects a row that does not fit below the header.
fn reject_form(block: &mut Block<'_>, row: &Row<'_>, form: RowForm) {
    if let RowForm::Unnamed(column) = form {
        let why = Text::new("这一栏没有栏名", "the column has no name");
        return block.reject(row.line(), ("", row.get(column)), &why, &joined(row));
    }
    let (found, width) = (row.len(), block.job.header.columns().len());
    let why = Text::new(format!("有 {found} 格，表头有 {width} 列"), format!("{found} cells, the header has {width}"));
    block.reject(row.line(), ("", ""), &why, &joined(row));
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
