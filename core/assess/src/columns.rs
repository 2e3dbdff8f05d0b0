//! The columns of a program, filled from what was reported.

use crate::{
    figures::{Dense, Layer},
    merged,
    period::Period,
    prepare::Given,
    rows::RowList,
    slice::Slice,
};
use alloc::vec::Vec;
use kaoping_cells::range::power;
use kaoping_program::{Column, ColumnId, ColumnSource, Numerators, Shape, State};
use kaoping_terms::Exact;

/// Builds a column; none for one that another computation fills.
pub(crate) fn build(given: &Given<'_>, slice: &Slice, rows: &[RowList], id: ColumnId) -> Option<Column> {
    let spec = given.standard.program.columns.get(id.0 as usize)?;
    match &spec.source {
        ColumnSource::Fact { years_back, .. } => match spec.shape {
            Shape::Rows(rowset) => Some(fact_rows(given, slice, rows.get(rowset.0 as usize)?, id, *years_back)),
            _ => Some(fact_units(given, slice, id, *years_back)),
        },
        ColumnSource::Target { .. } => Some(targets(given, id)),
        ColumnSource::Attribute { name } => {
            let attribute =
                given.standard.attributes.iter().find(|attribute| attribute.column == id || attribute.name == *name)?;
            Some(given.units.column(given.standard, attribute))
        }
        ColumnSource::Event { column, .. } => match spec.shape {
            Shape::Rows(rowset) => event_rows(given, rows.get(rowset.0 as usize)?, id, column),
            _ => None,
        },
        ColumnSource::External { .. } => None,
    }
}

/// Whether nothing at all was reported or handed down for a column that has one figure a
/// unit, so that it need not be built.
pub(crate) fn is_absent(given: &Given<'_>, id: ColumnId) -> bool {
    let program = &given.standard.program;
    let Some(spec) = program.columns.get(id.0 as usize) else {
        return false;
    };
    match (&spec.source, spec.shape) {
        (ColumnSource::Fact { .. }, Shape::Unit) => {
            let facts = given.facts;
            // Units that count together bring what stands in for the figures they did not report.
            if !merged::groups(given, id).is_empty() {
                return false;
            }
            let Some(slot) = facts.fields.of_column(id) else {
                return true;
            };
            let empty = |slot: &u32| {
                let layers = facts.layers.get(*slot as usize).map_or(&[][..], Vec::as_slice);
                layers.iter().all(|layer| layer.entries.is_empty())
            };
            empty(&slot) && facts.fields.stand_ins(slot, program).iter().all(empty)
        }
        (ColumnSource::Target { .. }, Shape::Unit) => !given.targets.has(id),
        _ => false,
    }
}

/// The unit's own figure, else its figure of the same field, merged where units count together.
fn fact_units(given: &Given<'_>, slice: &Slice, id: ColumnId, years_back: u8) -> Column {
    let facts = given.facts;
    let mut slots = Vec::new();
    if let Some(slot) = facts.fields.of_column(id) {
        slots = facts.fields.stand_ins(slot, &given.standard.program);
        slots.reverse();
        slots.push(slot);
    }
    let layers: Vec<&Layer> = slots.into_iter().flat_map(|slot| slice.scalar_layers(facts, slot, years_back)).collect();
    // Mostly each unit has one figure, and nothing else has to be thought of.
    if let [layer] = layers.as_slice()
        && merged::groups(given, id).is_empty()
        && let Some((numbers, places)) = layer.entries.short_numbers(given.units.len())
        && let Ok(denominator) = i64::try_from(power(places))
        && let Some(column) = Column::from_short(Numerators::Short(numbers), denominator)
    {
        return column;
    }
    let mut dense = Dense::new(given.units.len());
    for layer in layers {
        layer.entries.iter().for_each(|entry| dense.put(entry.unit as usize, &entry, facts));
    }
    merge(given, id, &mut dense);
    dense.column()
}

fn targets(given: &Given<'_>, id: ColumnId) -> Column {
    let mut dense = Dense::new(given.units.len());
    for (at, (_, unit)) in given.units.iter().enumerate() {
        if let Some(value) = given.targets.get(id, &unit.id, &unit.name) {
            dense.set(at, value.clone());
        }
    }
    merge(given, id, &mut dense);
    dense.column()
}

/// Units counted together: each gets the sum of what all bring, or nothing while one brings
/// nothing. What stands in for a figure stands in for the member that did not report it, not
/// for the sum.
fn merge(given: &Given<'_>, id: ColumnId, dense: &mut Dense) {
    for (_, members) in merged::groups(given, id) {
        let own = |unit: &u32| {
            let stands_in = || merged::stand_in(given, id, *unit).map(|(value, _)| value);
            dense.get(*unit as usize).or_else(stands_in)
        };
        let figures: Option<Vec<Exact>> = members.iter().map(own).collect();
        for unit in members {
            match &figures {
                Some(figures) => dense.set(unit as usize, Exact::sum(figures)),
                None => dense.clear(unit as usize),
            }
        }
    }
}

/// A figure for each row of periods or assessors.
fn fact_rows(given: &Given<'_>, slice: &Slice, rows: &RowList, id: ColumnId, years_back: u8) -> Column {
    let facts = given.facts;
    let mut dense = Dense::new(rows.len());
    let Some(slot) = facts.fields.of_column(id) else {
        return dense.column();
    };
    let mut stand_ins = facts.fields.stand_ins(slot, &given.standard.program);
    stand_ins.reverse();
    stand_ins.push(slot);
    for slot in stand_ins {
        for (period, layer) in slice.period_layers(facts, slot, years_back) {
            for entry in layer.entries.iter() {
                let row = match rows {
                    RowList::Periods(rows) => find_period(rows, entry.unit, period, years_back),
                    RowList::Assessors(rows) => rows.binary_search(&(entry.unit, layer.assessor)).ok(),
                    RowList::Empty | RowList::Events(..) => None,
                };
                if let Some(row) = row {
                    dense.put(row, &entry, facts);
                }
            }
        }
    }
    dense.column()
}

/// The row of a unit and the period that many years after the one reported.
fn find_period(rows: &[(u32, Option<Period>)], unit: u32, period: Option<Period>, years_back: u8) -> Option<usize> {
    let start = rows.partition_point(|row| row.0 < unit);
    let end = rows.partition_point(|row| row.0 <= unit);
    let own = rows.get(start..end)?;
    let is_it = |row: &(u32, Option<Period>)| match row.1 {
        Some(later) => later.years_earlier(years_back) == period && period.is_some(),
        None => period.is_none() && years_back == 0,
    };
    own.iter().position(is_it).map(|at| start + at)
}

/// A value for each event that counts; its day, where the column is the date.
fn event_rows(given: &Given<'_>, rows: &RowList, id: ColumnId, name: &str) -> Option<Column> {
    let RowList::Events(table, rows) = rows else {
        return Some(Column::unknown(State::MISSING, rows.len()));
    };
    let events = given.events.of(*table);
    let declared = given.standard.events.get(*table)?.columns.iter().position(|(_, _, column)| *column == id);
    let is_date = declared.is_none() && matches!(name, "日期" | "date");
    let value = |at: &usize| {
        let event = events.get(*at)?;
        match declared {
            Some(column) => event.values.get(column).cloned().flatten(),
            None if is_date => event.day.map(|day| Exact::whole(i64::from(day.number()))),
            None => None,
        }
    };
    Some(Column::from_reported(rows.iter().map(value).collect()))
}
