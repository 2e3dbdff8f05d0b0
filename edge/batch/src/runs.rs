//! Rows as programs write them, read column by column.

use crate::block::Job;
use kaoping_cells::{
    Short,
    short::{Beside, MOST_PLACES},
};
use kaoping_decide::{Field, Reading, Rows};
use kaoping_sheets::Run;

/// Reads the figures of runs. A row with a cell that is not of the plain form is not taken, nor are
/// those behind it: who reads rows one by one takes it, or says why it cannot be read.
#[derive(Debug)]
pub(crate) struct Runs<'j> {
    job: Job<'j>,
    /// For each field how it is read; none where rows can only be read one by one.
    fields: Option<Vec<Way<'j>>>,
    beside: Beside,
}

/// How the cells of a field are read.
#[derive(Debug)]
struct Way<'j> {
    field: &'j Field,
    /// None: it is carried and never computed, so that its column does not matter.
    column: Option<usize>,
    kind: Kind,
    /// What was read of the run at hand.
    read: Vec<i64>,
}

#[derive(Debug)]
enum Kind {
    /// Carried only.
    Text,
    Number(Short),
    /// Of a cell of one letter what it means, by the letter.
    Code(Box<[Option<i64>; 128]>),
}

impl<'j> Runs<'j> {
    pub(crate) fn new(job: Job<'j>) -> Runs<'j> {
        let bound = job.decider.fields().iter().zip(&job.binding.fields);
        let fields: Option<Vec<Way<'_>>> = bound.map(|(field, column)| Way::new(job, field, *column)).collect();
        // A blank row is none; which is known where something is read of each.
        let fields = fields.filter(|ways| ways.iter().any(|way| way.column.is_some()));
        Runs { job, fields, beside: Beside::default() }
    }

    /// Reads the rows at the front of a run as far as they are plain, at most so many; gives how many.
    pub(crate) fn read(&mut self, run: &Run<'_, '_>, most: usize, rows: &mut Rows) -> usize {
        let Some(ways) = &mut self.fields else { return 0 };
        let mut good = run.rows().min(most);
        for way in ways.iter_mut() {
            good = way.read(self.job, &run.first(good), &mut self.beside);
        }
        for (at, way) in ways.iter().enumerate() {
            let (Some(cells), Some(read)) = (rows.column_mut(at), way.read.get(..good)) else { continue };
            cells.extend(read, way.places());
        }
        rows.end_rows(good);
        good
    }

    /// A row was read by itself: where a figure had more digits after the point than was thought,
    /// the next will be read with as many.
    pub(crate) fn learn(&mut self, rows: &Rows) {
        for (way, cells) in self.fields.iter_mut().flatten().zip(rows.columns()) {
            if let Kind::Number(short) = &mut way.kind
                && cells.places() > short.places()
                && let Some(finer) = way.field.short_reader(cells.places())
            {
                *short = finer;
            }
        }
    }
}

impl<'j> Way<'j> {
    fn new(job: Job<'j>, field: &'j Field, column: Option<usize>) -> Option<Way<'j>> {
        let (column, kind) = if field.is_text() {
            (None, Kind::Text)
        } else {
            let natural = field.places.and_then(|places| u8::try_from(places).ok());
            let kind = match field.short_reader(natural.unwrap_or(0).min(MOST_PLACES)) {
                Some(short) => Kind::Number(short),
                None if matches!(field.kind, kaoping_program::Kind::Number(_)) => return None,
                None => Kind::Code(Box::new(letters(job, field))),
            };
            (Some(column?), kind)
        };
        Some(Way { field, column, kind, read: Vec::new() })
    }

    fn places(&self) -> u8 {
        if let Kind::Number(short) = &self.kind { short.places() } else { 0 }
    }

    /// Reads a column as far as it is plain; gives how many rows.
    fn read(&mut self, job: Job<'_>, run: &Run<'_, '_>, beside: &mut Beside) -> usize {
        let (text, read) = (run.text(), &mut self.read);
        match (&self.kind, self.column) {
            (Kind::Text, _) | (_, None) => {
                read.clear();
                read.resize(run.rows(), 0);
                run.rows()
            }
            (Kind::Number(short), Some(column)) => {
                let mut add = beside.room(run.rows());
                run.column(column, |start, end| {
                    add(text.as_bytes(), start, end);
                    true
                });
                drop(add);
                // Longer cells and such with a sign are read by themselves.
                for at in beside.read(*short, read) {
                    let (start, end) = run.cell(at, column);
                    match (short.read(text.as_bytes(), start, end), read.get_mut(at)) {
                        (Some(number), Some(slot)) => *slot = number,
                        _ => return at,
                    }
                }
                run.rows()
            }
            (Kind::Code(letters), Some(column)) => {
                read.clear();
                run.column(column, |start, end| {
                    let cell = text.get(start..end).unwrap_or("");
                    let found = match cell.as_bytes() {
                        [letter] => letters.get(usize::from(*letter)).copied().flatten(),
                        _ => code(job, self.field, cell.trim()),
                    };
                    read.extend(found);
                    found.is_some()
                })
            }
        }
    }
}

/// The code that a cell stands for.
fn code(job: Job<'_>, field: &Field, cell: &str) -> Option<i64> {
    match field.read(cell, job.decider.standard()) {
        Ok(Reading::Short(code, 0)) => Some(code),
        _ => None,
    }
}

/// What each letter means as a cell by itself.
fn letters(job: Job<'_>, field: &Field) -> [Option<i64>; 128] {
    std::array::from_fn(|at| {
        let letter = u8::try_from(at).ok().map(char::from).filter(char::is_ascii_graphic)?;
        code(job, field, letter.encode_utf8(&mut [0; 4]))
    })
}
