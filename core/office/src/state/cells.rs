//! The figures that are reported, and who reported which: asked for so often that it is looked up, not searched.

use super::{Cell, CellKey, State};
use crate::{
    ids::{FigureId, OfficeId},
    period::Period,
};
use alloc::collections::{BTreeMap, BTreeSet};

/// Which offices reported a figure for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporters(BTreeMap<Period, BTreeMap<FigureId, BTreeSet<OfficeId>>>);

impl State {
    /// The offices that reported a figure for a period.
    pub fn reporters(&self, figure: &str, period: Period) -> impl Iterator<Item = &OfficeId> {
        self.reporters.0.get(&period).and_then(|of| of.get(figure)).into_iter().flatten()
    }

    /// Whether an office reported a figure for a period.
    pub fn is_reported(&self, office: &str, figure: &str, period: Period) -> bool {
        let of_figure = self.reporters.0.get(&period).and_then(|of| of.get(figure));
        of_figure.is_some_and(|offices| offices.contains(office))
    }

    /// A figure is reported, or has a new value.
    pub(crate) fn put_cell(&mut self, key: CellKey, cell: Cell) {
        let (office, figure, period) = &key;
        if !self.cells.contains_key(&key) {
            let of_figure = self.reporters.0.entry(*period).or_default().entry(figure.clone()).or_default();
            of_figure.insert(office.clone());
        }
        self.cells.insert(key, cell);
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
