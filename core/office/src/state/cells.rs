//! The figures that are reported, and who reported which: asked for so often that it is looked up, not searched.

use super::{Cell, CellKey, Reported, State};
use crate::{
    ids::{CollectionId, FigureId, OfficeId},
    period::Period,
};
use alloc::collections::{BTreeMap, BTreeSet};
use kaoping_ledger::Digest;
use kaoping_terms::{Exact, figure};

/// Which offices reported a figure for a period, and the number it is, where it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporters(BTreeMap<Period, BTreeMap<FigureId, BTreeMap<OfficeId, Option<Exact>>>>);

/// Which reports and figures named a paper, at any time: where to look for who may open it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    reports: BTreeMap<Digest, BTreeSet<(CollectionId, OfficeId)>>,
    cells: BTreeMap<Digest, BTreeSet<CellKey>>,
}

impl State {
    /// The numbers offices reported for a figure and a period.
    pub fn numbers(&self, figure: &str, period: Period) -> impl Iterator<Item = (&OfficeId, &Exact)> {
        let of_figure = self.reporters.0.get(&period).and_then(|of| of.get(figure));
        of_figure.into_iter().flatten().filter_map(|(office, number)| Some((office, number.as_ref()?)))
    }

    /// The number an office reported.
    pub fn number_of(&self, office: &str, figure: &str, period: Period) -> Option<&Exact> {
        self.reporters.0.get(&period)?.get(figure)?.get(office)?.as_ref()
    }

    /// Whether an office reported a figure for a period.
    pub fn is_reported(&self, office: &str, figure: &str, period: Period) -> bool {
        let of_figure = self.reporters.0.get(&period).and_then(|of| of.get(figure));
        of_figure.is_some_and(|offices| offices.contains_key(office))
    }

    /// A figure is reported, or has a new value.
    pub(crate) fn put_cell(&mut self, key: CellKey, cell: Cell) {
        for paper in &cell.evidence {
            self.papers.cells.entry(*paper).or_default().insert(key.clone());
        }
        let (office, figure, period) = &key;
        let of_figure = self.reporters.0.entry(*period).or_default().entry(figure.clone()).or_default();
        of_figure.insert(office.clone(), figure::parse(&cell.value).ok().map(|read| read.value));
        self.cells.insert(key, cell);
    }

    /// A report was handed in.
    pub(crate) fn put_report(&mut self, key: &(CollectionId, OfficeId), report: Reported) {
        for paper in report.figures.iter().flat_map(|figure| &figure.evidence) {
            self.papers.reports.entry(*paper).or_default().insert(key.clone());
        }
        self.reports.insert(key.clone(), report);
    }

    /// The reports that name a paper now.
    pub fn reports_with(&self, paper: Digest) -> impl Iterator<Item = &(CollectionId, OfficeId)> {
        let named = self.papers.reports.get(&paper).into_iter().flatten();
        named.filter(move |key| {
            let figures = self.reports.get(*key).into_iter().flat_map(|report| &report.figures);
            figures.into_iter().any(|figure| figure.evidence.contains(&paper))
        })
    }

    /// The figures that rest on a paper now.
    pub fn cells_with(&self, paper: Digest) -> impl Iterator<Item = &CellKey> {
        let named = self.papers.cells.get(&paper).into_iter().flatten();
        named.filter(move |key| self.cells.get(*key).is_some_and(|cell| cell.evidence.contains(&paper)))
    }

    /// A figure is reported no more.
    pub(crate) fn take_cell(&mut self, key: &CellKey) {
        self.cells.remove(key);
        let (office, figure, period) = key;
        if let Some(of_figure) = self.reporters.0.get_mut(period).and_then(|of| of.get_mut(figure)) {
            of_figure.remove(office);
        }
    }
}
