//! Rows of figures, column by column.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};
use kaoping_program::{Column, Numerators};
use kaoping_terms::Exact;

/// Most digits after the point of a column; a figure with more is kept by itself.
const MOST_PLACES: u8 = 12;

/// A block of rows: for each field of a decision, in order, its figures.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    count: usize,
    columns: Vec<Cells>,
}

/// The figures of one field: whole numbers of `10^-places`, and by themselves those that are not
/// there or do not fit.
#[derive(Clone, Debug)]
pub struct Cells {
    numbers: Numerators,
    places: u8,
    odd: BTreeMap<u32, Option<Exact>>,
}

impl Rows {
    /// No rows yet, of that many fields.
    pub fn new(fields: usize) -> Rows {
        Rows { count: 0, columns: (0..fields).map(|_| Cells::default()).collect() }
    }

    /// Rows of columns that are as long as each other; none where they are not.
    pub fn of(columns: Vec<Cells>) -> Option<Rows> {
        let count = columns.first().map_or(0, Cells::len);
        columns.iter().all(|column| column.len() == count).then_some(Rows { count, columns })
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The columns.
    pub fn columns(&self) -> &[Cells] {
        &self.columns
    }

    /// The column of a field, to add a figure for the row at hand.
    #[inline]
    pub fn column_mut(&mut self, field: usize) -> Option<&mut Cells> {
        self.columns.get_mut(field)
    }

    /// Ends a row: every column has got one figure more, or is given one that is not there.
    #[inline]
    pub fn end_row(&mut self) {
        self.count += 1;
        for column in &mut self.columns {
            if column.len() < self.count {
                column.push_missing();
            }
        }
    }

    /// Ends that many rows: every column has got as many figures more, or is given some that are not
    /// there.
    pub fn end_rows(&mut self, count: usize) {
        self.count += count;
        for column in &mut self.columns {
            while column.len() < self.count {
                column.push_missing();
            }
        }
    }

    /// Takes back the figures of a row that was not ended.
    pub fn drop_row(&mut self) {
        for column in &mut self.columns {
            column.truncate(self.count);
        }
    }

    /// Forgets all rows and keeps their room.
    pub fn clear(&mut self) {
        self.count = 0;
        self.columns.iter_mut().for_each(Cells::clear);
    }

    /// Puts figures that do occur where there are none.
    pub(crate) fn fill(&mut self) {
        self.columns.iter_mut().for_each(Cells::fill);
    }

    /// The positions of rows in which some figure is there and does not fit, in order.
    pub(crate) fn long(&self) -> BTreeSet<u32> {
        let odd = self.columns.iter().flat_map(|column| &column.odd);
        odd.filter(|(_, figure)| figure.is_some()).map(|(row, _)| *row).collect()
    }
}

impl Default for Cells {
    fn default() -> Cells {
        Cells { numbers: Numerators::Long(Vec::new()), places: 0, odd: BTreeMap::new() }
    }
}

impl Cells {
    /// Whole numbers of `10^-places`, all of them known; none where there are more than twelve places.
    pub fn known(numbers: Numerators, places: u8) -> Option<Cells> {
        (places <= MOST_PLACES).then_some(Cells { numbers, places, odd: BTreeMap::new() })
    }

    /// That many figures, none of which is there.
    pub fn missing(count: usize) -> Cells {
        let mut cells = Cells::default();
        (0..count).for_each(|_| cells.push_missing());
        cells
    }

    /// How many figures.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds `mantissa × 10^-places`.
    #[inline]
    pub fn push(&mut self, mantissa: i64, places: u8) {
        if places != self.places {
            return self.push_other(mantissa, places);
        }
        self.add(mantissa);
    }

    /// Adds `mantissa × 10^-places` for each mantissa.
    pub fn extend(&mut self, mantissas: &[i64], places: u8) {
        if self.is_empty() && places <= MOST_PLACES {
            self.places = places;
        }
        if places == self.places {
            self.numbers_mut().into_iter().for_each(|numbers| numbers.extend_from_slice(mantissas));
        } else {
            mantissas.iter().for_each(|mantissa| self.push(*mantissa, places));
        }
    }

    #[inline]
    fn add(&mut self, number: i64) {
        if let Some(numbers) = self.numbers_mut() {
            numbers.push(number);
        }
    }

    /// Adds a figure of any size.
    pub fn push_exact(&mut self, figure: Exact) {
        let places = figure.decimal_places().and_then(|places| u8::try_from(places).ok());
        let short = places.filter(|places| *places <= MOST_PLACES).and_then(|places| {
            let scaled = &figure * &Exact::whole(10i64.pow(u32::from(places)));
            Some((scaled.to_i64()?, places))
        });
        match short {
            Some((mantissa, places)) => self.push(mantissa, places),
            None => self.push_odd(Some(figure)),
        }
    }

    /// Adds a figure that is not there.
    pub fn push_missing(&mut self) {
        self.push_odd(None);
    }

    fn push_odd(&mut self, figure: Option<Exact>) {
        self.odd.insert(u32::try_from(self.len()).unwrap_or(u32::MAX), figure);
        self.add(0);
    }

    /// A figure with other places than the column has.
    fn push_other(&mut self, mantissa: i64, places: u8) {
        if places > MOST_PLACES {
            return self.push_odd(Some(Exact::decimal(i128::from(mantissa), u32::from(places))));
        }
        if places > self.places {
            self.refine(places);
        }
        match mantissa.checked_mul(10i64.pow(u32::from(self.places - places))) {
            Some(number) => self.add(number),
            None => self.push_odd(Some(Exact::decimal(i128::from(mantissa), u32::from(places)))),
        }
    }

    /// More places for the whole column. What does not fit any more is kept by itself.
    fn refine(&mut self, places: u8) {
        let (before, factor) = (u32::from(self.places), 10i64.pow(u32::from(places - self.places)));
        let mut odd = core::mem::take(&mut self.odd);
        for (at, number) in (0u32..).zip(self.numbers_mut().into_iter().flatten()) {
            *number = number.checked_mul(factor).unwrap_or_else(|| {
                odd.insert(at, Some(Exact::decimal(i128::from(*number), before)));
                0
            });
        }
        (self.odd, self.places) = (odd, places);
    }

    /// The numbers; what changes is made of long ones.
    #[inline]
    fn numbers_mut(&mut self) -> Option<&mut Vec<i64>> {
        if let Numerators::Short(numbers) = &self.numbers {
            self.numbers = Numerators::Long(numbers.iter().copied().map(i64::from).collect());
        }
        match &mut self.numbers {
            Numerators::Long(numbers) => Some(numbers),
            Numerators::Short(_) => None,
        }
    }

    fn truncate(&mut self, count: usize) {
        if self.len() > count {
            self.numbers_mut().into_iter().for_each(|numbers| numbers.truncate(count));
            self.odd.split_off(&u32::try_from(count).unwrap_or(u32::MAX));
        }
    }

    fn clear(&mut self) {
        self.truncate(0);
        self.places = 0;
    }

    /// How many digits after the point its whole numbers have.
    pub fn places(&self) -> u8 {
        self.places
    }

    /// The whole numbers, meaningless where a figure is odd.
    pub fn numbers(&self) -> &Numerators {
        &self.numbers
    }

    /// What the whole numbers are to be divided by.
    pub(crate) fn denominator(&self) -> i64 {
        10i64.pow(u32::from(self.places))
    }

    /// Whether a figure is not there or kept by itself.
    pub fn is_odd(&self, row: u32) -> bool {
        self.odd.contains_key(&row)
    }

    /// Puts a figure that does occur where there is none, so that the least and the greatest are
    /// those of figures; one of them where there is no figure at all, so that nothing is divided by zero.
    pub(crate) fn fill(&mut self) {
        if self.odd.is_empty() {
            return;
        }
        let good = (0u32..).take(self.len()).find(|row| !self.is_odd(*row));
        let figure = good.and_then(|row| self.numbers.get(row as usize)).unwrap_or_else(|| self.denominator());
        let odd: Vec<u32> = self.odd.keys().copied().collect();
        if let Some(numbers) = self.numbers_mut() {
            for row in &odd {
                numbers.get_mut(*row as usize).into_iter().for_each(|number| *number = figure);
            }
        }
    }

    /// Whether some figure is not there.
    pub(crate) fn has_gaps(&self) -> bool {
        self.odd.values().any(Option::is_none)
    }

    /// 1 where a figure is not there, 0 elsewhere.
    pub(crate) fn gaps(&self) -> Numerators {
        let mut gaps = vec![0; self.len()];
        for (row, _) in self.odd.iter().filter(|(_, figure)| figure.is_none()) {
            gaps.get_mut(*row as usize).into_iter().for_each(|gap| *gap = 1);
        }
        Numerators::Short(gaps)
    }

    /// All figures, where each is known and fits.
    pub(crate) fn whole(&self) -> Option<Column> {
        if self.odd.is_empty() { Column::from_short(self.numbers.clone(), self.denominator()) } else { None }
    }

    /// The figure of a row; none where it is not there.
    pub fn figure(&self, row: u32) -> Option<Exact> {
        match self.odd.get(&row) {
            Some(figure) => figure.clone(),
            None => {
                let number = self.numbers.get(row as usize)?;
                Some(Exact::decimal(i128::from(number), u32::from(self.places)))
            }
        }
    }
}
