//! CSV through a decision into columns.

use crate::{
    shape::{self, Form},
    sink::{Sink, To},
};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch, builder::StringBuilder};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use kaoping_batch::{Block, Job, Keep, Pick, Reject, Source, Stopped, Totals, Unfit, Way, each_part, joined};
use kaoping_decide::Answer;
use kaoping_sheets::{Row, Sheet};
use std::{
    io::{self, Read, Write},
    sync::Arc,
};

/// Decides every row of a CSV; results go to `out` as columns.
///
/// # Errors
/// Why it ended before its end; what was written until then is not whole.
pub fn csv_to_columns<R: Read + Send, W: Write + Send, X: Write>(
    source: Source<'_, R>,
    (to, out): (To, W),
    rejects: impl FnMut() -> io::Result<X>,
    seen: impl FnMut(u64, u64),
) -> Result<(Totals, Vec<Reject>), Stopped> {
    let mut way = AsColumns { to, out: Some(out), sink: None };
    let found = each_part(source, &mut way, rejects, seen)?;
    way.sink.map_or(Ok(()), Sink::finish)?;
    Ok(found)
}

struct AsColumns<W: Write + Send> {
    to: To,
    out: Option<W>,
    sink: Option<Sink<W>>,
}

/// What is the same for every part.
struct Columns {
    schema: SchemaRef,
    picked: Vec<Picked>,
}

/// A column that comes out.
#[derive(Clone, Debug)]
enum Picked {
    /// A figure, by its place among those that are read.
    Figure(usize, Form),
    /// Anything else of the table.
    Text(usize),
    Result,
}

/// Which columns come out of a CSV, and of which types.
fn columns(job: Job<'_>) -> Columns {
    let (mut picked, mut heads) = (Vec::new(), Vec::new());
    for (pick, name) in job.binding.picks.iter().zip(job.binding.heads()) {
        let (column, form) = match pick {
            Pick::Kept(column) => {
                let field = job.binding.fields.iter().position(|bound| *bound == Some(*column));
                let form = field.and_then(|at| job.decider.fields().get(at)).map(Form::of_field);
                match (field, form) {
                    (Some(at), Some(form)) if form != Form::Text => (Picked::Figure(at, form.clone()), form),
                    _ => (Picked::Text(*column), Form::Text),
                }
            }
            Pick::Result { at, .. } => {
                let result = job.decider.results().get(*at);
                (Picked::Result, result.map_or(Form::Text, Form::of_result))
            }
        };
        picked.push(column);
        heads.push(form.head(name));
    }
    Columns { schema: Arc::new(Schema::new(heads)), picked }
}

impl<W: Write + Send> Way for AsColumns<W> {
    type Shared = Columns;
    type Out = Result<Vec<RecordBatch>, ArrowError>;

    fn begin(&mut self, job: Job<'_>) -> Result<Columns, Stopped> {
        let columns = columns(job);
        if let Some(out) = self.out.take() {
            self.sink = Some(Sink::new(self.to, out, columns.schema.clone())?);
        }
        Ok(columns)
    }

    fn keeper<'k>(columns: &'k Columns, job: Job<'k>, sheet: &'k Sheet<'k>) -> impl Keep<Out = Self::Out> + use<'k, W> {
        let plain = sheet.separator() == b',';
        let texts = columns.picked.iter().map(|_| StringBuilder::new()).collect();
        Keeper { job, columns, plain, rows: Vec::new(), texts, arrays: Vec::new(), out: Ok(Vec::new()) }
    }

    fn take(&mut self, out: Self::Out) -> Result<(), Stopped> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        // Columns are as long as each other and of their types by how they were made.
        let out = out.map_err(|fault| Stopped::Unwritten(io::Error::other(fault)))?;
        out.iter().try_for_each(|batch| sink.write(batch))
    }
}

/// Rows of CSV to become columns.
struct Keeper<'k> {
    job: Job<'k>,
    columns: &'k Columns,
    /// Whether commas separate the cells of the table.
    plain: bool,
    /// The rows at hand as they will stand in the rejects if they have to.
    rows: Vec<String>,
    /// For each column that comes out the texts of the rows at hand; empty where it holds no texts
    /// of the table.
    texts: Vec<StringBuilder>,
    /// The columns of the rows at hand.
    arrays: Vec<ArrayRef>,
    out: Result<Vec<RecordBatch>, ArrowError>,
}

impl Keep for Keeper<'_> {
    type Out = Result<Vec<RecordBatch>, ArrowError>;

    fn keep(&mut self, row: &Row<'_>) {
        self.rows.push(if self.plain { row.written().to_owned() } else { joined(row) });
        for (picked, texts) in self.columns.picked.iter().zip(&mut self.texts) {
            if let Picked::Text(column) = picked {
                let cell = row.cells().get(*column).copied();
                texts.append_option(cell.filter(|cell| !cell.trim().is_empty()));
            }
        }
    }

    fn unfit(&mut self, block: &Block<'_>, answers: &[Answer]) -> Vec<Unfit> {
        let (results, mut unfit) = shape::results(self.job, answers);
        let columns = self.columns.picked.iter().zip(results).zip(&mut self.texts).zip(self.job.binding.heads());
        let arrays = columns.filter_map(|(((picked, result), texts), name)| match picked {
            Picked::Text(_) => Some(Arc::new(texts.finish()) as ArrayRef),
            Picked::Result => result,
            Picked::Figure(at, form) => {
                let (field, cells) = (self.job.decider.fields().get(*at)?, block.rows.columns().get(*at)?);
                let (array, misfits) = shape::figures(field, form, cells);
                unfit.extend(misfits.into_iter().map(|misfit| shape::told(misfit, name, form, true)));
                Some(array)
            }
        });
        self.arrays = arrays.collect();
        unfit
    }

    fn cells(&self, row: u32) -> Option<String> {
        self.rows.get(row as usize).cloned()
    }

    fn give(&mut self, block: &Block<'_>, _: &[Answer], left_out: &[u32]) {
        let arrays = std::mem::take(&mut self.arrays);
        self.rows.clear();
        if block.rows.is_empty() {
            return;
        }
        match (batch(&self.columns.schema, arrays, left_out), &mut self.out) {
            (Ok(batch), Ok(out)) => out.push(batch),
            (Err(fault), out @ Ok(_)) => *out = Err(fault),
            _ => {}
        }
    }

    fn end(self) -> Self::Out {
        self.out
    }
}

/// Rows of columns without those left out.
pub(crate) fn batch(schema: &SchemaRef, arrays: Vec<ArrayRef>, left_out: &[u32]) -> Result<RecordBatch, ArrowError> {
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    if left_out.is_empty() {
        return Ok(batch);
    }
    let mut kept = vec![true; batch.num_rows()];
    for row in left_out {
        kept.get_mut(*row as usize).into_iter().for_each(|kept| *kept = false);
    }
    filter_record_batch(&batch, &BooleanArray::from(kept))
}
