//! The machine and the naive evaluator give the same cell for every node of every program.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says by a panic what it did not expect")]

mod naive;
#[path = "naive/world.rs"]
mod world;

use kaoping_program::*;
use naive::{Naive, World};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::BTreeMap;
use world::Case;

fn expected(case: &Case) -> Vec<Vec<Naive>> {
    let columns = case.cells();
    let Case { program, groups, parent, assessed, rowsets, .. } = case;
    World { program, groups, parent, assessed, rowsets, columns: &columns }.run()
}

fn supplied<'a>(case: &'a Case, frame: &'a Frame, keep: Keep) -> Machine<'a> {
    let mut machine = Machine::new(&case.program, frame, keep);
    for (id, column) in (0u32..).map(ColumnId).zip(&case.figures) {
        machine.supply(id, column.clone()).expect("a column of the right length");
    }
    machine
}

fn cells(column: &Column) -> Vec<Naive> {
    (0..column.len()).map(|at| Naive::from_cell(&column.cell(at))).collect()
}

fn nodes(case: &Case) -> Vec<NodeId> {
    (0..case.program.nodes.len() as u32).map(NodeId).collect()
}

/// The same case with every rowset's rows in the opposite order.
fn rows_reversed(case: &Case) -> Case {
    let mut other = case.clone();
    for rows in &mut other.rowsets {
        rows.owner.reverse();
        rows.order.reverse();
    }
    for (column, spec) in other.figures.iter_mut().zip(&case.program.columns) {
        if matches!(spec.shape, Shape::Rows(_)) {
            let back: Vec<Cell> = (0..column.len()).rev().map(|at| column.cell(at)).collect();
            let values = back.iter().map(|cell| cell.value.clone()).collect();
            let states = back.iter().map(|cell| cell.state).collect();
            *column = Column::from_reported(values).with_states(states).expect("one state each");
        }
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_of_every_node_agrees(case in world::cases(true)) {
        let frame = case.frame();
        let mut machine = supplied(&case, &frame, Keep::Everything);
        machine.require(&nodes(&case)).expect("a well-formed program");
        for (id, expected) in nodes(&case).into_iter().zip(expected(&case)) {
            let found = cells(machine.column(id).expect("an evaluated node"));
            prop_assert_eq!(found, expected, "node {} {:?}", id.0, case.program.node(id));
        }
    }

    #[test]
    fn asking_piecemeal_gives_the_same(case in world::cases(true), picks in prop::collection::vec(any::<prop::sample::Index>(), 4)) {
        let frame = case.frame();
        let expected = expected(&case);
        let unit = case.groups.len().saturating_sub(1);
        let mut machine = supplied(&case, &frame, Keep::Unit(unit as u32));
        for pick in picks {
            let id = NodeId(pick.index(case.program.nodes.len()) as u32);
            machine.require(&[id]).expect("a well-formed program");
            prop_assert_eq!(&cells(machine.column(id).expect("an evaluated node")), &expected[id.0 as usize]);
            machine.release(id);
            prop_assert!(machine.column(id).is_none());
        }
        for id in nodes(&case) {
            let Some(seen) = machine.observed(id) else { continue };
            let all = &expected[id.0 as usize];
            let own: Vec<Naive> = match case.program.node(id).expect("a node").shape {
                Shape::One => all.clone(),
                Shape::Unit => all.get(unit).into_iter().cloned().collect(),
                Shape::Rows(rowset) => {
                    machine.observed_rows(rowset).into_iter().map(|row| all[row].clone()).collect()
                }
            };
            if !case.groups.is_empty() {
                prop_assert_eq!(seen.iter().map(Naive::from_cell).collect::<Vec<_>>(), own);
            }
        }
    }

    #[test]
    fn the_order_of_rows_never_matters(case in world::cases(false)) {
        let other = rows_reversed(&case);
        let (frame, other_frame) = (case.frame(), other.frame());
        let mut first = supplied(&case, &frame, Keep::Everything);
        let mut second = supplied(&other, &other_frame, Keep::Everything);
        first.require(&nodes(&case)).expect("a well-formed program");
        second.require(&nodes(&case)).expect("a well-formed program");
        for id in nodes(&case) {
            let (a, b) = (first.column(id).expect("a node"), second.column(id).expect("a node"));
            let mut b = cells(b);
            if matches!(case.program.node(id).expect("a node").shape, Shape::Rows(_)) {
                b.reverse();
            }
            prop_assert_eq!(cells(a), b, "node {}", id.0);
        }
    }
}

/// Agreement says nothing about what is never tried.
#[test]
fn random_programs_reach_every_operation_with_known_values() {
    let mut runner = TestRunner::deterministic();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let (mut ratios, mut wide) = (0, 0);
    for _ in 0..400 {
        let case = world::cases(true).new_tree(&mut runner).expect("a case").current();
        let frame = case.frame();
        let mut machine = supplied(&case, &frame, Keep::Everything);
        machine.require(&nodes(&case)).expect("a well-formed program");
        for id in nodes(&case) {
            let name = match &case.program.node(id).expect("a node").op {
                Op::Aggregate { function, .. } => format!("Aggregate {function:?}"),
                Op::Fold { function, .. } => format!("Fold {function:?}"),
                op => format!("{op:?}").split(['(', ' ']).next().expect("a name").to_string(),
            };
            let column = machine.column(id).expect("an evaluated node");
            ratios += usize::from(matches!(column.values(), Values::Ratios { .. }));
            wide += usize::from(matches!(column.values(), Values::Wide(_)));
            *known.entry(name).or_default() += (0..column.len()).filter(|at| column.state(*at).is_known()).count();
        }
    }
    known.retain(|name, _| !["NotApplicable", "Unreadable"].contains(&name.as_str()));
    assert_eq!(known.len(), 39, "{known:?}");
    assert!(known.values().all(|cells| *cells >= 20), "{known:?}");
    assert!(ratios > 100 && wide > 100, "{ratios} {wide}");
}
