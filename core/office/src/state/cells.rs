//! The figures that are reported, and who reported which: asked for so often that it is looked up, not searched.

use super::{Cell, CellKey, Standing, State};
use crate::{
    ids::{CollectionId, FigureId, OfficeId},
    period::Period,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
};
use kaoping_ledger::Digest;
use kaoping_terms::{Exact, figure};

/// What was reported, and the number it is, where it is one: beside what others reported, and beside what the same
/// office reported for other periods. Both are asked for with every figure that is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporters {
    beside: BTreeMap<Period, BTreeMap<FigureId, BTreeMap<OfficeId, Option<Exact>>>>,
    own: BTreeMap<OfficeId, BTreeMap<FigureId, BTreeMap<Period, Option<Exact>>>>,
}

/// What a figure was before it was corrected or sent back: what results rest on that were put down then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its value, every digit as it was written.
    pub value: String,
    /// The entry that made it so.
    pub number: u64,
    /// The entry that made an end of it.
    pub until: u64,
}

/// What an office reported so far.
#[derive(Clone, Copy)]
pub(crate) struct Reports<'a>(Option<&'a BTreeMap<FigureId, BTreeMap<Period, Option<Exact>>>>);

impl<'a> Reports<'a> {
    /// What it reported for a figure.
    pub(crate) fn of(self, figure: &str) -> History<'a> {
        History(self.0.and_then(|figures| figures.get(figure)))
    }
}

/// What an office reported for a figure.
#[derive(Clone, Copy)]
pub(crate) struct History<'a>(Option<&'a BTreeMap<Period, Option<Exact>>>);

impl<'a> History<'a> {
    /// Whether it was reported for a period.
    pub(crate) fn is_reported(self, period: Period) -> bool {
        self.0.is_some_and(|periods| periods.contains_key(&period))
    }

    /// The number it was.
    pub(crate) fn number(self, period: Period) -> Option<&'a Exact> {
        self.0?.get(&period)?.as_ref()
    }
}

/// Which reports and figures named a paper, at any time: where to look for who may open it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    reports: BTreeMap<Digest, BTreeSet<(CollectionId, OfficeId)>>,
    cells: BTreeMap<Digest, BTreeSet<CellKey>>,
}

impl Cell {
    /// What it was, now that an entry changed it.
    fn until(self, number: u64) -> Past {
        Past { value: self.value, number: self.number, until: number }
    }
}

impl State {
    /// What a figure was when the record had so many entries: its value, and the entry that made it so.
    pub(crate) fn cell_at(&self, key: &CellKey, at: u64) -> Option<(&str, u64)> {
        if let Some(cell) = self.cells.get(key).filter(|cell| cell.number < at) {
            return Some((&cell.value, cell.number));
        }
        let past = self.past.get(key).into_iter().flatten();
        let then = past.rev().find(|past| past.number < at && past.until >= at);
        then.map(|past| (past.value.as_str(), past.number))
    }

    /// The numbers offices reported for a figure and a period.
    pub fn numbers(&self, figure: &str, period: Period) -> impl Iterator<Item = (&OfficeId, &Exact)> {
        let of_figure = self.reporters.beside.get(&period).and_then(|of| of.get(figure));
        of_figure.into_iter().flatten().filter_map(|(office, number)| Some((office, number.as_ref()?)))
    }

    /// What an office reported so far.
    pub(crate) fn reported_by(&self, office: &str) -> Reports<'_> {
        Reports(self.reporters.own.get(office))
    }

    /// The number an office reported.
    pub fn number_of(&self, office: &str, figure: &str, period: Period) -> Option<&Exact> {
        self.reported_by(office).of(figure).number(period)
    }

    /// Whether an office reported a figure for a period.
    pub fn is_reported(&self, office: &str, figure: &str, period: Period) -> bool {
        self.reported_by(office).of(figure).is_reported(period)
    }

    /// A figure is reported, or has a new value.
    pub(crate) fn put_cell(&mut self, key: CellKey, cell: Cell) {
        for paper in &cell.evidence {
            self.papers.cells.entry(*paper).or_default().insert(key.clone());
        }
        let (office, figure, period) = &key;
        let number = figure::parse(&cell.value).ok().map(|read| read.value);
        let Reporters { beside, own } = &mut self.reporters;
        let periods = own.entry(office.clone()).or_default().entry(figure.clone()).or_default();
        periods.insert(*period, number.clone());
        let offices = beside.entry(*period).or_default().entry(figure.clone()).or_default();
        offices.insert(office.clone(), number);
        let number = cell.number;
        if let Some(before) = self.cells.insert(key.clone(), cell) {
            self.past.entry(key).or_default().push(before.until(number));
        }
    }

    /// A report is handed in with figures, which name papers.
    pub(crate) fn papers_of_report(&mut self, key: &(CollectionId, OfficeId), figures: &[Standing]) {
        for paper in figures.iter().flat_map(|figure| &figure.evidence) {
            self.papers.reports.entry(*paper).or_default().insert(key.clone());
        }
    }

    /// The reports that name a paper now.
    pub fn reports_with(&self, paper: Digest) -> impl Iterator<Item = &(CollectionId, OfficeId)> {
        let named = self.papers.reports.get(&paper).into_iter().flatten();
        named.filter(move |key| {
            let figures = self.reports.get(*key).into_iter().flat_map(|report| report.figures.iter());
            figures.into_iter().any(|figure| figure.evidence.contains(&paper))
        })
    }

    /// The figures that rest on a paper now.
    pub fn cells_with(&self, paper: Digest) -> impl Iterator<Item = &CellKey> {
        let named = self.papers.cells.get(&paper).into_iter().flatten();
        named.filter(move |key| self.cells.get(*key).is_some_and(|cell| cell.evidence.contains(&paper)))
    }

    /// A figure is reported no more, since an entry.
    pub(crate) fn take_cell(&mut self, key: &CellKey, number: u64) {
        if let Some(before) = self.cells.remove(key) {
            self.past.entry(key.clone()).or_default().push(before.until(number));
        }
        let (office, figure, period) = key;
        let Reporters { beside, own } = &mut self.reporters;
        if let Some(offices) = beside.get_mut(period).and_then(|figures| figures.get_mut(figure)) {
            offices.remove(office);
        }
        if let Some(periods) = own.get_mut(office).and_then(|figures| figures.get_mut(figure)) {
            periods.remove(period);
        }
    }
}
