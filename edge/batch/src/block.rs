//! Rows on their way through: read, decided, and those that cannot be rejected with the reason.

use crate::{binding::Binding, rejects::Reject, row::refused_cell, totals::Totals};
use kaoping_cells::Refusal;
use kaoping_decide::{Answer, Decider, Field, Rows, Scratch};
use kaoping_program::{Fault, Workers};
use kaoping_sheets::{Header, SheetRows};
use kaoping_terms::{Lang, Text};
use std::collections::BTreeMap;

/// How many rows are decided at once: their figures fit the cache.
pub const ROWS: usize = 8_192;

/// How many rejects are told one by one.
pub(crate) const FIRST_REJECTS: usize = 5;

/// What is the same for every row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Job<'j> {
    /// The decision.
    pub decider: &'j Decider<'j>,
    /// Which column is which figure, and what comes out.
    pub binding: &'j Binding,
    /// The columns of the table.
    pub header: &'j Header,
    /// The language of reasons.
    pub lang: Lang,
}

/// A cell that cannot be decided upon.
#[derive(Clone, Debug)]
pub struct Unfit {
    /// Its row in the block.
    pub row: u32,
    /// What the column is called.
    pub column: String,
    /// What is written there.
    pub value: String,
    /// Why it cannot be taken or shown.
    pub why: Text,
}

/// A block of rows on its way through.
#[derive(Debug)]
pub struct Block<'b> {
    /// What is the same for every row.
    pub job: Job<'b>,
    /// The figures of the rows.
    pub rows: Rows,
    /// For each row its line in the table.
    pub lines: Vec<usize>,
    scratch: &'b mut Scratch,
    rejected: SheetRows,
    first_rejects: Vec<Reject>,
    /// How many rejects are told one by one.
    most_told: usize,
    totals: Totals,
}

/// What became of a part of a table.
#[derive(Debug, Default)]
pub struct Part<T> {
    /// The rows that were decided, as they go out.
    pub out: T,
    /// Those that were rejected, as rows of CSV.
    pub(crate) rejected: Vec<u8>,
    pub(crate) first_rejects: Vec<Reject>,
    pub(crate) totals: Totals,
}

impl<T> Part<T> {
    /// The rejects that are told one by one.
    pub fn told(&self) -> &[Reject] {
        &self.first_rejects
    }
}

impl<'b> Block<'b> {
    /// No rows yet.
    pub fn new(job: Job<'b>, scratch: &'b mut Scratch) -> Block<'b> {
        Block {
            job,
            rows: Rows::new(job.decider.fields().len()),
            lines: Vec::with_capacity(ROWS),
            scratch,
            rejected: SheetRows::default(),
            first_rejects: Vec::new(),
            most_told: FIRST_REJECTS,
            totals: Totals::default(),
        }
    }

    /// Tells every reject one by one, not only the first few.
    #[must_use]
    pub fn telling_all(self) -> Block<'b> {
        Block { most_told: usize::MAX, ..self }
    }

    /// That many more rows were met.
    #[inline]
    pub fn met(&mut self, rows: u64) {
        self.totals.read += rows;
    }

    /// Decides the rows at hand: one answer for each result.
    ///
    /// # Errors
    /// A program that breaks the rules of its representation.
    pub fn answers(&mut self) -> Result<Vec<Answer>, Fault> {
        self.job.decider.decide(&mut self.rows, self.scratch, Workers::default())
    }

    /// Counts what the rows came to and rejects those with a result that is a division by zero, and
    /// those that do not fit where they go; gives the rejected ones, in order. `cells` shows a row.
    pub fn count(&mut self, answers: &[Answer], unfit: Vec<Unfit>, cells: impl Fn(u32) -> String) -> Vec<u32> {
        let mut found = self.undefined(answers);
        found.extend(unfit);
        found.sort_by_key(|unfit| unfit.row);
        let mut left_out: Vec<u32> = found.iter().map(|unfit| unfit.row).collect();
        left_out.dedup();
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.totals.count(self.job.decider, answers, rows, &left_out);
        for of_row in found.chunk_by(|one, next| one.row == next.row) {
            let Some(row) = of_row.first().map(|unfit| unfit.row) else { continue };
            let line = self.lines.get(row as usize).copied().unwrap_or(0);
            let rejects = of_row.iter().map(|unfit| reject(self.job, line, (&unfit.column, &unfit.value), &unfit.why));
            self.reject_row(&rejects.collect::<Vec<_>>(), &cells(row));
        }
        left_out
    }

    /// Forgets the rows at hand; what was counted and rejected stays.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.lines.clear();
    }

    /// What became of all rows, with those that were decided as they go out.
    pub fn end<T>(self, out: T) -> Part<T> {
        let Block { rejected, first_rejects, totals, .. } = self;
        Part { out, rejected: rejected.into_bytes(), first_rejects, totals }
    }

    /// Rows with a result that is a division by zero, and the first such result of each.
    fn undefined(&self, answers: &[Answer]) -> Vec<Unfit> {
        let mut found: BTreeMap<u32, &str> = BTreeMap::new();
        for (result, answer) in self.job.decider.results().iter().zip(answers) {
            for (row, _) in answer.odd().iter().filter(|(_, cell)| cell.state.is_undefined()) {
                found.entry(*row).or_insert(&result.name);
            }
        }
        let why = Text::new("这一行算到这里要除以零，没有结果", "this row divides by zero: there is no result");
        let unfit = |(row, column): (u32, &str)| Unfit {
            row,
            column: column.to_owned(),
            value: String::new(),
            why: why.clone(),
        };
        found.into_iter().map(unfit).collect()
    }

    /// Rejects a row on account of cells that were refused: the column, what is written there, and why it
    /// is refused. Each is told by itself, and the row goes out once, so that it is not decided twice when
    /// it is mended.
    pub fn refuse<'v>(
        &mut self,
        line: usize,
        refused: impl IntoIterator<Item = (&'v Field, Option<usize>, &'v str, &'v Refusal)>,
        cells: &str,
    ) {
        let job = self.job;
        let reject = |(field, column, value, refusal): (&Field, Option<usize>, &str, &Refusal)| {
            let head = column.and_then(|column| job.header.columns().get(column));
            let head = head.map_or("", |head| head.written.as_str());
            let whose = Text::new(format!("“{head}”"), format!("`{head}`"));
            let found = refused_cell(job.decider, field, (&whose, value), refusal);
            let why = Text::new(
                format!("{}：{}", found.message.zh, found.why.zh),
                format!("{}: {}", found.message.en, found.why.en),
            );
            self::reject(job, line, (head, value), &why)
        };
        let rejects: Vec<Reject> = refused.into_iter().map(reject).collect();
        self.reject_row(&rejects, cells);
    }

    /// Rejects a row on account of one matter.
    pub fn reject(&mut self, line: usize, (column, value): (&str, &str), why: &Text, cells: &str) {
        self.reject_row(&[reject(self.job, line, (column, value), why)], cells);
    }

    fn reject_row(&mut self, rejects: &[Reject], cells: &str) {
        self.totals.rejected += 1;
        Reject::of_row(rejects, self.job.lang).write(&mut self.rejected);
        self.rejected.written(cells);
        self.rejected.end_row();
        let more = self.most_told.saturating_sub(self.first_rejects.len());
        self.first_rejects.extend(rejects.iter().take(more).cloned());
    }
}

/// What is wrong with a row, in the language of the job.
fn reject(job: Job<'_>, line: usize, (column, value): (&str, &str), why: &Text) -> Reject {
    let (column, value, why) = (column.to_owned(), value.to_owned(), why.get(job.lang).to_owned());
    Reject { line: line as u64, column, value, why }
}
