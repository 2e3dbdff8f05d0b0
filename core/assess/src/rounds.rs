//! Results of rounds that another computation uses, such as 年终.总分.

use crate::{
    period::{Part, Period},
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

/// Columns filled from rounds, and the rows of rounds held each month.
#[derive(Default)]
pub(crate) struct Results {
    pub(crate) rows: BTreeMap<u32, RowList>,
    pub(crate) columns: Vec<(ColumnId, Column)>,
}

/// Runs the program once for each round (and month) whose results are used.
pub(crate) fn results(given: Given<'_>, slice: Slice, report: &mut Report) -> Results {
    let mut results = Results::default();
    let wanted = given
        .scheme()
        .map_or(&[][..], |scheme| &scheme.rounds.results);
    let mut rounds: Vec<(usize, bool)> = Vec::new();
    for result in wanted {
        if !rounds.contains(&(result.round, result.rows.is_some())) {
            rounds.push((result.round, result.rows.is_some()));
        }
    }
    for (round, monthly) in rounds {
        let of_round: Vec<&RoundResult> = wanted
            .iter()
            .filter(|result| result.round == round && result.rows.is_some() == monthly)
            .collect();
        if monthly {
            each_month(
                given,
                Slice {
                    round: Some(round),
                    ..slice
                },
                &of_round,
                &mut results,
                report,
            );
        } else {
            let cells = run(
                given,
                Slice {
                    round: Some(round),
                    ..slice
                },
                &of_round,
                &results,
                report,
            );
            for (result, cells) in of_round.iter().zip(cells) {
                results.columns.push((result.column, column(cells)));
            }
        }
    }
    results
}

/// The results of one round or month: for each the cells of all units.
fn run(
    given: Given<'_>,
    slice: Slice,
    wanted: &[&RoundResult],
    so_far: &Results,
    report: &mut Report,
) -> Vec<Vec<Cell>> {
    // Findings about units are the same in every run and are reported by the last.
    let mut repeated = Report::new();
    let mut prepared = Prepared::new(given, slice, &so_far.rows, &mut repeated);
    for (id, values) in &so_far.columns {
        prepared.fill(*id, values.clone());
    }
    let nodes: Vec<_> = wanted.iter().map(|result| result.node).collect();
    let machine = prepared
        .machine(Keep::Outputs, &nodes)
        .and_then(|mut machine| machine.require(&nodes).map(|()| machine));
    match machine {
        Ok(machine) => {
            let cells = |node| {
                (0..given.units.len())
                    .map(|unit| {
                        machine
                            .column(node)
                            .map_or(missing(), |column| column.cell(unit))
                    })
                    .collect()
            };
            nodes.iter().map(|node| cells(*node)).collect()
        }
        Err(fault) => {
            report.push(defect(&fault));
            nodes
                .iter()
                .map(|_| alloc::vec![missing(); given.units.len()])
                .collect()
        }
    }
}

/// A row for each unit and month for which anything was reported in the round.
fn each_month(
    given: Given<'_>,
    slice: Slice,
    wanted: &[&RoundResult],
    results: &mut Results,
    report: &mut Report,
) {
    let mut months: BTreeMap<(i64, Period), BTreeSet<u32>> = BTreeMap::new();
    for layer in given.facts.layers.iter().flatten() {
        let of_round = Some(layer.round as usize) == slice.round.map(|round| round + 1);
        let Some(period) = given.facts.period(layer.period).filter(|_| of_round) else {
            continue;
        };
        if matches!(period.part(), Part::Month(_)) && Some(period.year()) == slice.year {
            months
                .entry((period.order(), period))
                .or_default()
                .extend(layer.entries.iter().map(|entry| entry.unit));
        }
    }
    let mut rows: Vec<(u32, Option<Period>)> = Vec::new();
    let mut cells: Vec<Vec<((u32, i64), Cell)>> = wanted.iter().map(|_| Vec::new()).collect();
    for ((order, month), units) in &months {
        let of_month = run(
            given,
            Slice {
                month: Some(*month),
                ..slice
            },
            wanted,
            results,
            report,
        );
        rows.extend(units.iter().map(|unit| (*unit, Some(*month))));
        for (all, of_month) in cells.iter_mut().zip(of_month) {
            all.extend(units.iter().map(|unit| {
                (
                    (*unit, *order),
                    of_month
                        .get(*unit as usize)
                        .cloned()
                        .unwrap_or_else(missing),
                )
            }));
        }
    }
    rows.sort_by_key(|(unit, month)| (*unit, crate::rows::order(*month)));
    for (result, mut cells) in wanted.iter().zip(cells) {
        cells.sort_by_key(|(key, _)| *key);
        if let Some(rowset) = result.rows {
            results
                .rows
                .insert(rowset.0, RowList::Periods(rows.clone()));
        }
        results.columns.push((
            result.column,
            column(cells.into_iter().map(|(_, cell)| cell).collect()),
        ));
    }
}

fn missing() -> Cell {
    Cell {
        state: State::MISSING,
        value: None,
    }
}

fn column(cells: Vec<Cell>) -> Column {
    let states: Vec<State> = cells.iter().map(|cell| cell.state).collect();
    let length = cells.len();
    let column = Column::from_reported(cells.into_iter().map(|cell| cell.value).collect());
    column
        .with_states(states)
        .unwrap_or_else(|| Column::unknown(State::MISSING, length))
}
