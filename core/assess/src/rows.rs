//! The rows below units: periods reported, assessors who judged, events that happened.

use crate::{due::Due, period::Period, prepare::Given, slice::Slice};
use alloc::{collections::BTreeSet, vec::Vec};
use kaoping_program::{ColumnId, ColumnSource, Rows, RowsetId, RowsetSpec, Shape};
use kaoping_terms::Exact;

/// What each row of a rowset is, sorted by unit.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum RowList {
    /// No rows.
    #[default]
    Empty,
    /// Unit and period; no period where figures name none.
    Periods(Vec<(u32, Option<Period>)>),
    /// Unit and assessor, by the number of the assessor's name from 1; 0 for one who did not
    /// name himself, and above all names for a judgement that is due.
    Assessors(Vec<(u32, u32)>),
    /// Position of the event table, and positions of the events that count.
    Events(usize, Vec<usize>),
}

impl RowList {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            RowList::Empty => 0,
            RowList::Periods(rows) => rows.len(),
            RowList::Assessors(rows) => rows.len(),
            RowList::Events(_, rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows as the frame wants them.
    pub(crate) fn rows(&self, given: &Given<'_>) -> Rows {
        match self {
            RowList::Empty => Rows::default(),
            RowList::Periods(rows) => Rows {
                owner: rows.iter().map(|(unit, _)| *unit).collect(),
                order: rows.iter().map(|(_, period)| order(*period)).collect(),
            },
            RowList::Assessors(rows) => Rows {
                owner: rows.iter().map(|(unit, _)| *unit).collect(),
                order: rows.iter().map(|(_, assessor)| i64::from(*assessor)).collect(),
            },
            RowList::Events(table, rows) => {
                let events = given.events.of(*table);
                let events = || rows.iter().filter_map(|at| events.get(*at));
                Rows {
                    owner: events().map(|event| event.unit).collect(),
                    order: events().map(|event| event.day.map_or(0, |day| i64::from(day.number()))).collect(),
                }
            }
        }
    }
}

/// The order of a period among others; figures without a period come first.
pub(crate) fn order(period: Option<Period>) -> i64 {
    period.map_or(i64::MIN, Period::order)
}

/// Who the units are: which of them are assessed, and whose units they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who<'w> {
    pub(crate) assessed: &'w [bool],
    pub(crate) parents: &'w [Option<u32>],
}

/// The rows of a rowset for a slice of the facts.
pub(crate) fn list(given: &Given<'_>, slice: &Slice, id: u32, spec: &RowsetSpec, who: Who<'_>) -> RowList {
    let rowset = RowsetId(id);
    match spec {
        RowsetSpec::Periods { months, .. } => RowList::Periods(periods(given, slice, (rowset, *months), who)),
        RowsetSpec::Assessors { .. } => RowList::Assessors(assessors(given, slice, rowset, who.assessed)),
        RowsetSpec::Events { .. } => {
            let Some(table) = given.standard.events.iter().position(|table| table.rowset == rowset) else {
                return RowList::Empty;
            };
            let counts = |event: &crate::events::Event| {
                event.withdrawn.is_none()
                    && event.round.is_none_or(|round| Some(round) == slice.round)
                    && in_part(event.day, slice)
                    && in_period(given, event.day)
                    && by_the_day(given, event.day)
            };
            let events = given.events.of(table).iter().enumerate();
            RowList::Events(table, events.filter(|(_, event)| counts(event)).map(|(at, _)| at).collect())
        }
    }
}

/// What happened outside the time that is assessed does not count.
pub(crate) fn in_period(given: &Given<'_>, day: Option<kaoping_terms::Day>) -> bool {
    let period = given.scheme().and_then(|scheme| scheme.period);
    period.zip(day).is_none_or(|((from, to), day)| from <= day && day <= to)
}

/// What happened after the day that is asked for does not count yet.
pub(crate) fn by_the_day(given: &Given<'_>, day: Option<kaoping_terms::Day>) -> bool {
    given.standard.day.zip(day).is_none_or(|(until, day)| day <= until)
}

/// In a round held each month or quarter only what happened in it counts.
fn in_part(day: Option<kaoping_terms::Day>, slice: &Slice) -> bool {
    let (Some(part), Some(day)) = (slice.part, day) else {
        return true;
    };
    part.contains(Period::of_day(day))
}

/// The slots whose figures are rows of the rowset, their stand-ins included.
fn slots(given: &Given<'_>, rowset: RowsetId) -> BTreeSet<u32> {
    let program = &given.standard.program;
    let columns = program.columns.iter().zip((0u32..).map(ColumnId));
    let of_rowset = columns.filter(|(spec, _)| {
        spec.shape == Shape::Rows(rowset) && matches!(spec.source, ColumnSource::Fact { years_back: 0, .. })
    });
    let mut slots = BTreeSet::new();
    for slot in of_rowset.filter_map(|(_, id)| given.facts.fields.of_column(id)) {
        slots.insert(slot);
        slots.extend(given.facts.fields.stand_ins(slot, program));
    }
    slots
}

/// The periods each unit reported, and those that are due beyond them as rows without a
/// figure, so that a sum or mean of too few is seen to be provisional.
fn periods(
    given: &Given<'_>,
    slice: &Slice,
    (rowset, months): (RowsetId, u8),
    who: Who<'_>,
) -> Vec<(u32, Option<Period>)> {
    let mut rows: Vec<(u32, i64, Option<Period>)> = Vec::new();
    for slot in slots(given, rowset) {
        for (period, layer) in slice.period_layers(given.facts, slot, 0) {
            rows.extend(layer.entries.iter().map(|entry| (entry.unit, order(period), period)));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    // A figure for the whole year is a row only where no part of the year was reported; of one
    // that is asked for each year (每年) the parts are rows only where the year was not.
    let is_part = |row: &(u32, i64, Option<Period>)| row.2.is_some_and(|period| !period.is_year());
    let first = |row: &(u32, i64, Option<Period>)| is_part(row) != (months == 12);
    let with_first: BTreeSet<u32> = rows.iter().filter(|row| first(row)).map(|row| row.0).collect();
    rows.retain(|row| first(row) || !with_first.contains(&row.0));
    let reported: BTreeSet<(i64, Option<Period>)> = rows.iter().map(|row| (row.1, row.2)).collect();
    let reported: Vec<Option<Period>> = reported.into_iter().map(|(_, period)| period).collect();
    let due = Due::new(given, slice, months, &reported);
    let mut absent = Vec::new();
    for ((unit, assessed), parent) in (0u32..).zip(who.assessed).zip(who.parents) {
        let start = rows.partition_point(|row| row.0 < unit);
        let own = rows.get(start..).unwrap_or(&[]).iter().take_while(|row| row.0 == unit);
        // Of a unit that is not assessed and stands below none nobody reads a figure.
        if *assessed || parent.is_some() {
            let own: Vec<Option<Period>> = own.map(|row| row.2).collect();
            absent.extend(due.open(&own).into_iter().map(|due| (unit, order(due), due)));
        }
    }
    rows.extend(absent);
    rows.sort_unstable();
    rows.into_iter().map(|(unit, _, period)| (unit, period)).collect()
}

/// Those who judged, and for each that is due beyond them a row without a figure, so that a
/// mean of too few is seen to be provisional.
fn assessors(given: &Given<'_>, slice: &Slice, rowset: RowsetId, assessed: &[bool]) -> Vec<(u32, u32)> {
    let mut rows: Vec<(u32, u32)> = Vec::new();
    for slot in slots(given, rowset) {
        for (_, layer) in slice.period_layers(given.facts, slot, 0) {
            rows.extend(layer.entries.iter().map(|entry| (entry.unit, layer.assessor)));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    let items = given.standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let due = items.flat_map(|item| &item.inputs).filter(|input| input.rows == Some(rowset));
    let due = due.filter_map(|input| input.assessors.as_ref().and_then(Exact::to_i64)).max().unwrap_or(0);
    let due = u32::try_from(due).unwrap_or(0).min(1_000);
    let named = u32::try_from(given.facts.assessors().len()).unwrap_or(u32::MAX);
    let mut absent = Vec::new();
    for (unit, _) in (0u32..).zip(assessed).filter(|(_, assessed)| **assessed) {
        let start = rows.partition_point(|row| row.0 < unit);
        let end = rows.partition_point(|row| row.0 <= unit);
        let there = u32::try_from(end - start).unwrap_or(u32::MAX);
        absent.extend((there..due).map(|number| (unit, named.saturating_add(1 + number))));
    }
    rows.extend(absent);
    rows.sort_unstable();
    rows
}
