//! Columns of Arrow or Parquet through a decision.

use crate::{
    bound::Bound,
    figures, findings,
    from_csv::batch,
    ipc::Broken,
    shape::{self, Form},
    sink::{Sink, To},
    table::{Table, Unreadable},
    texts,
};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::{Field as Head, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use kaoping_batch::{Block, Gathered, Job, Part, Pick, ROWS, Reject, Stopped, Totals, Written};
use kaoping_cells::Refusal;
use kaoping_decide::{Cells, Decider, Field, Rows, Scratch};
use kaoping_program::{Fault, Numerators, Workers};
use kaoping_sheets::SheetRows;
use kaoping_terms::{Lang, Report};
use std::{
    io::{self, Write},
    sync::Arc,
};

/// Where rows come from.
pub struct ColumnSource<'a> {
    /// The decision.
    pub decider: &'a Decider<'a>,
    /// The table, or why it cannot be read.
    pub from: Result<Table, Unreadable>,
    /// What the table is called.
    pub name: &'a str,
    /// What is to come out; none: everything.
    pub select: Option<&'a [String]>,
    /// The language of reasons.
    pub lang: Lang,
    /// Who does the work.
    pub workers: Workers,
}

/// Decides every row of a table of columns. Results go to `out`, as columns or where `to` says none
/// as CSV; rows that cannot be decided to `rejects`. `seen` is told the bytes and rows so far.
///
/// # Errors
/// Why it ended before its end; what was written until then is not whole.
pub fn decide_columns<W: Write + Send, X: Write>(
    source: ColumnSource<'_>,
    (to, mut out): (Option<To>, W),
    rejects: impl FnMut() -> io::Result<X>,
    mut seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let ColumnSource { decider, from, name, select, lang, workers } = source;
    let mut table = from.map_err(|Unreadable(broken)| findings::unreadable(broken, name))?;
    let unfit = |report| Stopped::Unfit { report, text: String::new() };
    let bound = Bound::new(decider, table.schema(), select, lang).map_err(unfit)?;
    let (job, schema) = (bound.job(), &bound.schema);
    if to.is_none() {
        writable(job, schema).map_err(unfit)?;
    }
    let made = made(job, schema);
    let mut gathered = Gathered::new(job, rejects);
    let mut sink = match to {
        Some(to) => Ok(Sink::new(to, &mut out, made.clone())?),
        None => Err(&mut out),
    };
    match &mut sink {
        Ok(sink) => sink.flush()?,
        Err(out) => out.write_all(&job.binding.head_row()).map_err(Stopped::Unwritten)?,
    }
    let way = Way { job, schema, made: to.is_some().then_some(&made) };
    let (mut first, mut scratches) = (1usize, Vec::new());
    while let Some(batch) = table.next_batch().map_err(|broken| findings::unreadable(broken, name))? {
        let rows = batch.num_rows();
        for part in way.parts(&batch, first, workers, &mut scratches) {
            let part = part.map_err(|fault| fault.stopped(name))?;
            let given = gathered.add(part).map_err(Stopped::Unwritten)?;
            match (&mut sink, given) {
                (Ok(sink), Given::Columns(batches)) => batches.iter().try_for_each(|batch| sink.write(batch))?,
                (Err(out), Given::Csv(bytes)) => out.write_all(&bytes).map_err(Stopped::Unwritten)?,
                _ => {}
            }
        }
        match &mut sink {
            Ok(sink) => sink.flush()?,
            Err(out) => out.flush().map_err(Stopped::Unwritten)?,
        }
        first += rows;
        seen(table.taken(), gathered.read());
    }
    match sink {
        Ok(sink) => sink.finish()?,
        Err(out) => out.flush().map_err(Stopped::Unwritten)?,
    }
    gathered.end().map_err(Stopped::Unwritten)
}

/// Whether what comes out can be written as CSV.
fn writable(job: Job<'_>, schema: &Schema) -> Result<(), Report> {
    let mut report = Report::new();
    for pick in &job.binding.picks {
        let Pick::Kept(column) = pick else { continue };
        let Some(head) = schema.fields().get(*column) else { continue };
        if !texts::has_text(head.data_type()) {
            report.push(findings::column_without_text(head.name(), head.data_type()));
        }
    }
    if report.has_errors() { Err(report) } else { Ok(()) }
}

/// The columns that come out: those of the table as they are, and results.
pub(crate) fn made(job: Job<'_>, schema: &Schema) -> SchemaRef {
    let heads = job.binding.picks.iter().zip(job.binding.heads()).map(|(pick, name)| match pick {
        Pick::Kept(column) => match schema.fields().get(*column) {
            Some(head) => Head::clone(head).with_name(name),
            None => Form::Text.head(name),
        },
        Pick::Result { at, .. } => job.decider.results().get(*at).map_or(Form::Text, Form::of_result).head(name),
    });
    Arc::new(Schema::new(heads.collect::<Vec<_>>()))
}

/// What goes out of some rows.
pub(crate) enum Given {
    Columns(Vec<RecordBatch>),
    Csv(Vec<u8>),
}

/// Why rows were not decided.
pub(crate) enum Failed {
    Program(Fault),
    Table(arrow_schema::ArrowError),
}

impl Failed {
    pub(crate) fn stopped(self, name: &str) -> Stopped {
        match self {
            Failed::Program(fault) => Stopped::Broken(fault),
            Failed::Table(fault) => findings::unreadable(Broken::said(fault.to_string()), name),
        }
    }
}

/// What is the same for all rows.
#[derive(Clone, Copy)]
pub(crate) struct Way<'w> {
    pub(crate) job: Job<'w>,
    pub(crate) schema: &'w SchemaRef,
    /// The columns that come out; none where it is CSV.
    pub(crate) made: Option<&'w SchemaRef>,
}

impl Way<'_> {
    /// Rows of which the first has that number, shared out among the workers, in order.
    fn parts(
        &self,
        batch: &RecordBatch,
        first: usize,
        workers: Workers,
        scratches: &mut Vec<Scratch>,
    ) -> Vec<Result<Part<Given>, Failed>> {
        let count = batch.num_rows();
        let blocks = count.div_ceil(ROWS);
        // Whole blocks for each, so that code made for one serves the next.
        let share = blocks.div_ceil(workers.threads()).max(1) * ROWS;
        let starts: Vec<usize> = (0..count).step_by(share).collect();
        scratches.resize_with(starts.len().max(scratches.len()), Scratch::default);
        let mut tasks: Vec<_> = starts.into_iter().zip(scratches).map(|(at, scratch)| (at, scratch, None)).collect();
        workers.each(&mut tasks, &|(at, scratch, result)| {
            let rows = batch.slice(*at, share.min(count - *at));
            *result = Some(self.all(&rows, first + *at, Block::new(self.job, scratch)));
        });
        tasks.into_iter().filter_map(|(_, _, result)| result).collect()
    }

    /// Decides rows of which the first has that number, one block after another.
    pub(crate) fn all(&self, batch: &RecordBatch, first: usize, mut block: Block<'_>) -> Result<Part<Given>, Failed> {
        let (mut columns, mut csv) = (Vec::new(), SheetRows::default());
        for at in (0..batch.num_rows()).step_by(ROWS) {
            let rows = batch.slice(at, ROWS.min(batch.num_rows() - at));
            let rows = self.taken(&mut block, &rows, first + at)?;
            let answers = block.answers().map_err(Failed::Program)?;
            let (results, unfit) = match self.made {
                Some(_) => shape::results(self.job, &answers),
                None => (Vec::new(), Vec::new()),
            };
            let left_out = block.count(&answers, unfit, |row| joined(&rows, row as usize));
            match self.made {
                Some(made) => {
                    let picks = self.job.binding.picks.iter().zip(results);
                    let arrays = picks.filter_map(|(pick, result)| match pick {
                        Pick::Kept(column) => rows.columns().get(*column).cloned(),
                        Pick::Result { .. } => result,
                    });
                    columns.extend(batch_of(made, arrays.collect(), &left_out)?);
                }
                None => self.write(&rows, &Written::all(self.job, &answers), &left_out, &mut csv),
            }
            block.clear();
        }
        let given = match self.made {
            Some(_) => Given::Columns(columns),
            None => Given::Csv(csv.into_bytes()),
        };
        Ok(block.end(given))
    }

    /// Reads the figures of rows; those with a cell that cannot be read are rejected. Gives the rows
    /// that were read.
    fn taken(&self, block: &mut Block<'_>, batch: &RecordBatch, first: usize) -> Result<RecordBatch, Failed> {
        let batch = self.unpacked(batch)?;
        let count = batch.num_rows();
        block.met(count as u64);
        let (columns, refused) = self.read(&batch);
        if refused.is_empty() {
            block.rows = rows_of(columns, count);
            block.lines.extend(first..first + count);
            return Ok(batch);
        }
        let mut kept = vec![true; count];
        for of_row in refused.chunk_by(|left, right| left.row == right.row) {
            let Some(row) = of_row.first().map(|refused| refused.row) else { continue };
            kept.get_mut(row).into_iter().for_each(|kept| *kept = false);
            let value = |refused: &Refused<'_>| {
                let array = refused.column.and_then(|column| batch.columns().get(column));
                array.and_then(|array| texts::text(array.as_ref(), row)).unwrap_or_default()
            };
            let values: Vec<String> = of_row.iter().map(value).collect();
            let told = of_row.iter().zip(&values);
            let told = told.map(|(refused, value)| (refused.field, refused.column, value.trim(), &refused.refusal));
            block.refuse(first + row, told, &joined(&batch, row));
        }
        block.lines.extend((first..first + count).zip(&kept).filter_map(|(line, kept)| kept.then_some(line)));
        let batch = filter_record_batch(&batch, &BooleanArray::from(kept)).map_err(Failed::Table)?;
        block.rows = rows_of(self.read(&batch).0, batch.num_rows());
        Ok(batch)
    }

    /// Rows with values in place of dictionaries.
    pub(crate) fn unpacked(&self, batch: &RecordBatch) -> Result<RecordBatch, Failed> {
        let unpacked: Result<Vec<ArrayRef>, _> = batch.columns().iter().map(figures::unpacked).collect();
        RecordBatch::try_new(self.schema.clone(), unpacked.map_err(Failed::Table)?).map_err(Failed::Table)
    }

    /// The figures of rows, column by column, and the cells that are refused, row by row.
    pub(crate) fn read(&self, batch: &RecordBatch) -> (Vec<Cells>, Vec<Refused<'_>>) {
        let decider = self.job.decider;
        let (mut columns, mut all) = (Vec::new(), Vec::new());
        for (field, column) in decider.fields().iter().zip(&self.job.binding.fields) {
            let Some(array) = column.and_then(|column| batch.columns().get(column)) else {
                let known =
                    field.is_text().then(|| Cells::known(Numerators::Short(vec![0; batch.num_rows()]), 0)).flatten();
                columns.push(known.unwrap_or_else(|| Cells::missing(batch.num_rows())));
                continue;
            };
            let figures::Read { cells, refused } = figures::read(field, array.as_ref(), decider.standard());
            columns.push(cells);
            let column = *column;
            all.extend(refused.into_iter().map(|(row, refusal)| Refused { row, field, column, refusal }));
        }
        all.sort_by_key(|refused| refused.row);
        (columns, all)
    }

    /// Writes rows as CSV, but for those left out.
    fn write(&self, rows: &RecordBatch, written: &[Option<Written<'_>>], left_out: &[u32], out: &mut SheetRows) {
        let mut without = left_out.iter().copied().peekable();
        for row in 0..u32::try_from(rows.num_rows()).unwrap_or(u32::MAX) {
            if without.next_if_eq(&row).is_some() {
                continue;
            }
            for (pick, written) in self.job.binding.picks.iter().zip(written) {
                match (pick, written) {
                    (Pick::Kept(column), _) => put(rows, *column, row as usize, out),
                    (_, Some(written)) => written.cell(row, out),
                    (_, None) => out.literal(""),
                }
            }
            out.end_row();
        }
    }
}

/// A cell that is refused.
pub(crate) struct Refused<'f> {
    pub(crate) row: usize,
    pub(crate) field: &'f Field,
    pub(crate) column: Option<usize>,
    pub(crate) refusal: Refusal,
}

fn batch_of(made: &SchemaRef, arrays: Vec<ArrayRef>, left_out: &[u32]) -> Result<Option<RecordBatch>, Failed> {
    let found = batch(made, arrays, left_out).map_err(Failed::Table)?;
    Ok(Some(found).filter(|batch| batch.num_rows() > 0))
}

pub(crate) fn rows_of(columns: Vec<Cells>, count: usize) -> Rows {
    let mut none = Rows::new(0);
    if columns.is_empty() {
        (0..count).for_each(|_| none.end_row());
        return none;
    }
    Rows::of(columns).unwrap_or(none)
}

/// A cell as CSV, to the last digit; what has no text is left empty.
fn put(rows: &RecordBatch, column: usize, row: usize, out: &mut SheetRows) {
    let text = rows.columns().get(column).and_then(|array| texts::text(array.as_ref(), row));
    out.literal(text.as_deref().unwrap_or(""));
}

/// The cells of a row as they will stand in the rejects.
fn joined(rows: &RecordBatch, row: usize) -> String {
    let mut cells = SheetRows::default();
    (0..rows.num_columns()).for_each(|column| put(rows, column, row, &mut cells));
    String::from_utf8_lossy(&cells.into_bytes()).into_owned()
}
