//! Where a value of a column comes from: which reported figure it is.

use crate::{
    Prepared,
    figures::{EMPTY, Entry, Layer, Reported},
    rows::RowList,
};
use kaoping_program::{ColumnId, ColumnSource, Shape};

/// A reported figure among all of them. Several rounds, and several columns, may read the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) slot: u32,
    pub(crate) unit: u32,
    period: u32,
    round: u32,
    assessor: u32,
}

/// A figure that was found, with the slot it was reported for.
struct Found<'a> {
    slot: u32,
    layer: &'a Layer,
    entry: Entry,
}

impl Found<'_> {
    /// Which figure it is; none for an empty cell.
    fn source(&self) -> Option<Source> {
        let Layer { period, round, assessor, .. } = *self.layer;
        let source = Source { slot: self.slot, unit: self.entry.unit, period, round, assessor };
        (self.entry.places != EMPTY).then_some(source)
    }
}

impl<'a> Prepared<'a> {
    /// The figure a unit reported for a column, with its evidence: the own one, else that of
    /// the unit itself. None where nothing was reported, not even an empty cell. A merged
    /// figure is the sum of what its members reported.
    pub fn reported(&self, id: ColumnId, unit: u32) -> Option<Reported> {
        self.found(id, unit).map(|found| self.given().facts.reported(found.layer, &found.entry))
    }

    /// The figure of a row of periods or assessors, with its evidence.
    pub fn reported_row(&self, id: ColumnId, row: usize) -> Option<Reported> {
        self.found_row(id, row).map(|found| self.given().facts.reported(found.layer, &found.entry))
    }

    /// Which figure a unit's value of a column is; none where it reported no value.
    pub(crate) fn source(&self, id: ColumnId, unit: u32) -> Option<Source> {
        self.found(id, unit).and_then(|found| found.source())
    }

    /// Which figure the value of a row is.
    pub(crate) fn source_of_row(&self, id: ColumnId, row: usize) -> Option<Source> {
        self.found_row(id, row).and_then(|found| found.source())
    }

    /// The columns that may read the figures of a slot.
    pub(crate) fn readers(&self, slot: u32) -> impl Iterator<Item = ColumnId> {
        let (facts, program) = (self.given().facts, &self.given().standard.program);
        let columns = (0u32..).zip(&program.columns).map(|(id, _)| ColumnId(id));
        columns.filter(move |id| {
            let own = facts.fields.of_column(*id);
            own.is_some_and(|own| own == slot || facts.fields.stand_ins(own, program).contains(&slot))
        })
    }

    fn found(&self, id: ColumnId, unit: u32) -> Option<Found<'a>> {
        let program = &self.given().standard.program;
        let spec = program.columns.get(id.0 as usize)?;
        let ColumnSource::Fact { years_back, .. } = spec.source else {
            return None;
        };
        let facts = self.given().facts;
        let slot = facts.fields.of_column(id)?;
        let best = |slot: u32| {
            let layers = self.slice().scalar_layers(facts, slot, years_back);
            let entries = layers.iter().rev().filter_map(|layer| Some((*layer, layer.entries.of_unit(unit)?)));
            let (layer, entry) = entries.min_by_key(|(_, entry)| entry.places == EMPTY)?;
            Some(Found { slot, layer, entry })
        };
        let own = best(slot);
        if own.as_ref().is_some_and(|own| own.entry.places != EMPTY) {
            return own;
        }
        facts.fields.stand_ins(slot, program).into_iter().find_map(best).or(own)
    }

    fn found_row(&self, id: ColumnId, row: usize) -> Option<Found<'a>> {
        let program = &self.given().standard.program;
        let spec = program.columns.get(id.0 as usize)?;
        let (ColumnSource::Fact { years_back, .. }, Shape::Rows(rowset)) = (&spec.source, spec.shape) else {
            return None;
        };
        let facts = self.given().facts;
        let slot = facts.fields.of_column(id)?;
        let slots = core::iter::once(slot).chain(facts.fields.stand_ins(slot, program));
        let list = self.row_list(rowset);
        slots.into_iter().find_map(|slot| {
            let layers = self.slice().period_layers(facts, slot, *years_back);
            layers.into_iter().rev().find_map(|(period, layer)| {
                let unit = match list {
                    RowList::Periods(rows) => {
                        let (unit, own) = rows.get(row)?;
                        let wanted = own.and_then(|own| own.years_earlier(*years_back));
                        (period == wanted).then_some(*unit)?
                    }
                    RowList::Assessors(rows) => {
                        let (unit, assessor) = rows.get(row)?;
                        (*assessor == layer.assessor).then_some(*unit)?
                    }
                    RowList::Empty | RowList::Events(..) => return None,
                };
                Some(Found { slot, layer, entry: layer.entries.of_unit(unit)? })
            })
        })
    }
}
