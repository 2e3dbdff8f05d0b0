//! Results of rounds that another computation uses, such as 年终.总分.

use crate::{
    period::Period,
    prepare::{Given, Prepared, defect},
    rows::RowList,
    slice::Slice,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::{Cell, Column, ColumnId, Keep, State};
use kaoping_scheme::model::RoundResult;
use kaoping_terms::Report;

/// Columns filled from rounds, and the rows of rounds held each month or quarter.
#[derive(Default)]
pub(crate) struct Results {
    pub(crate) rows: BTreeMap<u32, RowList>,
    pub(crate) columns: Vec<(ColumnId, Column)>,
}

/// What is told of each run of a round: the run, and what is used of it.
pub(crate) type Told<'t, 'a> = &'t mut dyn FnMut(Prepared<'a>, &[&'a RoundResult]);

/// Runs the program once for each round (and each part of the year) whose results are used.
pub(crate) fn results(given: Given<'_>, slice: Slice, report: &mut Report) -> Results {
    results_told(given, slice, report, &mut |_, _| {})
}

/// As [`results`], each run told in the order in which later ones use earlier ones.
pub(crate) fn results_told<'a>(given: Given<'a>, slice: Slice, report: &mut Report, told: Told<'_, 'a>) -> Results {
    let mut results = Results::default();
    let wanted = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
    // Whichever part of the year a run is about, results of other rounds are those of the year.
    let slice = Slice { part: None, ..slice };
    let mut rounds: Vec<(usize, bool)> = Vec::new();
    for result in wanted {
        if !rounds.contains(&(result.round, result.rows.is_some())) {
            rounds.push((result.round, result.rows.is_some()));
        }
    }
    for (round, repeated) in rounds {
        let of_round: Vec<&'a RoundResult> =
            wanted.iter().filter(|result| result.round == round && result.rows.is_some() == repeated).collect();
        if repeated {
            each_part(given, Slice { round: Some(round), ..slice }, &of_round, &mut results, (report, told));
        } else {
            let (run, cells) = run(given, Slice { round: Some(round), ..slice }, &of_round, &results, report);
            told(run, &of_round);
            for (result, cells) in of_round.iter().zip(cells) {
                results.columns.push((result.column, column(cells)));
            }
        }
    }
    results
}

/// One round or part of the year, and for each of its results the cells of all units.
fn run<'a>(
    given: Given<'a>,
    slice: Slice,
    wanted: &[&RoundResult],
    so_far: &Results,
    report: &mut Report,
) -> (Prepared<'a>, Vec<Vec<Cell>>) {
    // Findings about units are the same in every run and are reported by the last.
    let mut repeated = Report::new();
    let mut prepared = Prepared::new(given, slice, &so_far.rows, &mut repeated);
    for (id, values) in &so_far.columns {
        prepared.fill(*id, values.clone());
    }
    let nodes: Vec<_> = wanted.iter().map(|result| result.node).collect();
    let machine =
        prepared.machine(Keep::Outputs, &nodes).and_then(|mut machine| machine.require(&nodes).map(|()| machine));
    let cells = match machine {
        Ok(machine) => {
            let cells = |node| {
                (0..given.units.len())
                    .map(|unit| machine.column(node).map_or(missing(), |column| column.cell(unit)))
                    .collect()
            };
            nodes.iter().map(|node| cells(*node)).collect()
        }
        Err(fault) => {
            report.push(defect(&fault));
            nodes.iter().map(|_| alloc::vec![missing(); given.units.len()]).collect()
        }
    };
    (prepared, cells)
}

/// The months, quarters, halves or years of a round that anything was reported for, with the
/// units that did. Where no figure names the round, figures without a round are those of it.
pub(crate) fn parts(given: &Given<'_>, round: usize, year: Option<i16>) -> BTreeMap<(i64, Period), BTreeSet<u32>> {
    let mut parts: BTreeMap<(i64, Period), BTreeSet<u32>> = BTreeMap::new();
    let rounds = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
    let Some((_, _, Some(how_often))) = rounds.get(round) else {
        return parts;
    };
    let own = u32::try_from(round + 1).unwrap_or(u32::MAX);
    for wanted in [own, 0] {
        for layer in given.facts.layers.iter().flatten().filter(|layer| layer.round == wanted) {
            let part = given.facts.period(layer.period).and_then(|period| period.held(how_often));
            // A round held each year looks at every year there is, the others at one.
            let counts = |part: &Period| match part.is_year() {
                true => year.is_none_or(|year| part.year() <= year),
                false => Some(part.year()) == year,
            };
            if let Some(part) = part.filter(counts) {
                let units = layer.entries.iter().map(|entry| entry.unit);
                parts.entry((part.order(), part)).or_default().extend(units);
            }
        }
        if !parts.is_empty() {
            break;
        }
    }
    // 每期: a figure of the whole year is a part only where nothing shorter was reported.
    if parts.keys().any(|(_, part)| !part.is_year()) {
        parts.retain(|(_, part), _| !part.is_year());
    }
    parts
}

/// A row for each part of the year for which anything was reported in the round: of the units
/// that reported, and of all that are assessed, so that nobody's mean leaves out a bad month.
fn each_part<'a>(
    given: Given<'a>,
    slice: Slice,
    wanted: &[&'a RoundResult],
    results: &mut Results,
    (report, told): (&mut Report, Told<'_, 'a>),
) {
    let parts = slice.round.map(|round| self::parts(&given, round, slice.year)).unwrap_or_default();
    let mut rows: Vec<(u32, Option<Period>)> = Vec::new();
    let mut cells: Vec<Vec<((u32, i64), Cell)>> = wanted.iter().map(|_| Vec::new()).collect();
    let parts = with_due(&given, slice, parts);
    for ((order, part), reported) in &parts {
        let (run, of_part) =
            run(given, Slice { part: Some(*part), year: Some(part.year()), ..slice }, wanted, results, report);
        let mut units = reported.clone();
        if is_due(&given, slice.round, *part) {
            units.extend(run.members());
        }
        told(run, wanted);
        rows.extend(units.iter().map(|unit| (*unit, Some(*part))));
        for (all, of_part) in cells.iter_mut().zip(of_part) {
            all.extend(
                units
                    .iter()
                    .map(|unit| ((*unit, *order), of_part.get(*unit as usize).cloned().unwrap_or_else(missing))),
            );
        }
    }
    rows.sort_by_key(|(unit, part)| (*unit, crate::rows::order(*part)));
    for (result, mut cells) in wanted.iter().zip(cells) {
        cells.sort_by_key(|(key, _)| *key);
        if let Some(rowset) = result.rows {
            results.rows.insert(rowset.0, RowList::Periods(rows.clone()));
        }
        results.columns.push((result.column, column(cells.into_iter().map(|(_, cell)| cell).collect())));
    }
}

/// The parts that are looked at: those reported that have ended by the day asked for, and those of
/// the time the policy holds for of which nothing was reported at all. A month left out by
/// everybody is owed by everybody.
fn with_due(
    given: &Given<'_>,
    slice: Slice,
    mut parts: BTreeMap<(i64, Period), BTreeSet<u32>>,
) -> BTreeMap<(i64, Period), BTreeSet<u32>> {
    parts.retain(|(_, part), _| slice.has_ended(*part));
    let scheme = given.scheme();
    let how_often = slice.round.and_then(|round| scheme?.rounds.rounds.get(round)?.2.as_deref());
    let months = match how_often {
        Some("每月") => 1,
        Some("每季") => 3,
        Some("每半年") => 6,
        _ => return parts,
    };
    let (Some((from, to)), Some(year)) = (scheme.and_then(|scheme| scheme.period), slice.year) else {
        return parts;
    };
    // Where nothing was reported of the round it is not being held.
    if parts.is_empty() {
        return parts;
    }
    let within =
        |part: &Period| part.first_day().is_some_and(|first| from <= first) && part.order() <= i64::from(to.number());
    for part in Period::each(year, months).filter(within).filter(|part| slice.has_ended(*part)) {
        parts.entry((part.order(), part)).or_default();
    }
    parts
}

/// Whether a part of a round that was held concerns everybody: not before it has ended by the
/// day asked for, nor years before a unit was there (`每年`), nor what has no calendar (`每期`).
fn is_due(given: &Given<'_>, round: Option<usize>, part: Period) -> bool {
    let rounds = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
    let how_often = round.and_then(|round| rounds.get(round)?.2.as_deref());
    let ended = given.standard.day.is_none_or(|day| part.order() <= i64::from(day.number()));
    ended && matches!(how_often, Some("每月" | "每季" | "每半年"))
}

/// A value that was not reported.
pub(crate) fn missing() -> Cell {
    Cell { state: State::MISSING, value: None }
}

/// A column of cells.
pub(crate) fn column(cells: Vec<Cell>) -> Column {
    let states: Vec<State> = cells.iter().map(|cell| cell.state).collect();
    let length = cells.len();
    let column = Column::from_reported(cells.into_iter().map(|cell| cell.value).collect());
    column.with_states(states).unwrap_or_else(|| Column::unknown(State::MISSING, length))
}
