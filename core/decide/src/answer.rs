//! Results of many rows.

use alloc::{collections::BTreeMap, vec::Vec};
use kaoping_program::{Cell, Column, Numerators};
use kaoping_terms::Exact;

/// One result of each row: numerators over a denominator, and by themselves the rows that have no
/// such number.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) numerators: Numerators,
    pub(crate) denominator: i64,
    pub(crate) odd: BTreeMap<u32, Cell>,
}

/// The result of a row.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// A numerator over the denominator of the answer.
    Short(i64),
    /// Any other number, or why there is none.
    Cell(&'a Cell),
}

impl Answer {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.numerators.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What numerators are to be divided by, above zero.
    pub fn denominator(&self) -> i64 {
        self.denominator
    }

    /// The numerators; meaningless where [`Answer::odd`] has a row.
    pub fn numerators(&self) -> &Numerators {
        &self.numerators
    }

    /// Rows with another number or none.
    pub fn odd(&self) -> &BTreeMap<u32, Cell> {
        &self.odd
    }

    /// The result of a row.
    #[inline]
    pub fn get(&self, row: u32) -> Given<'_> {
        if !self.odd.is_empty()
            && let Some(cell) = self.odd.get(&row)
        {
            return Given::Cell(cell);
        }
        Given::Short(self.numerators.get(row as usize).unwrap_or(0))
    }

    /// The result of a row as a value with its state.
    pub fn cell(&self, row: u32) -> Cell {
        match self.get(row) {
            Given::Short(numerator) => Cell {
                state: kaoping_program::State::KNOWN,
                value: Exact::ratio(i128::from(numerator), i128::from(self.denominator)),
            },
            Given::Cell(cell) => cell.clone(),
        }
    }

    /// The answer of a column that was evaluated for every row; a column of one value stands for
    /// all of them.
    pub(crate) fn of(column: &Column, rows: usize) -> Answer {
        let lane = |row: usize| if column.len() == 1 { 0 } else { row };
        let mut cells: Vec<Cell> = (0..rows).map(|row| column.cell(lane(row))).collect();
        let denominator = common(&cells);
        let mut odd = BTreeMap::new();
        let mut numerators = Vec::with_capacity(rows);
        for (row, cell) in (0u32..).zip(cells.drain(..)) {
            let short = cell.value.as_ref().filter(|_| !cell.state.is_provisional()).and_then(|value| {
                let scaled = value * &Exact::whole(denominator);
                scaled.to_i64()
            });
            numerators.push(short.unwrap_or(0));
            if short.is_none() {
                odd.insert(row, cell);
            }
        }
        Answer { numerators: Numerators::Long(numerators), denominator, odd }
    }
}

/// The least common denominator, as long as it is a power of ten and moderate; else the
/// numbers that need more stand by themselves.
fn common(cells: &[Cell]) -> i64 {
    let places = cells.iter().filter_map(|cell| cell.value.as_ref()?.decimal_places()).max();
    10i64.pow(places.unwrap_or(0).min(9))
}
