//! A block of rows gives, value by value and state by state, what the machine gives for each row.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests read the repository and stop where it is not there"
)]

#[path = "../../scheme/tests/common/mod.rs"]
mod common;

use kaoping_decide::{Cells, Decider, Rows, Scratch};
use kaoping_program::{Column, Frame, Keep, Kind, Machine, Op, Program, Workers};
use kaoping_scheme::Standard;
use kaoping_terms::Exact;
use proptest::{prelude::*, test_runner::Config};

/// What the machine gives for every row and result.
fn by_machine(decider: &Decider<'_>, rows: &Rows) -> Vec<Vec<kaoping_program::Cell>> {
    let program = &decider.standard().program;
    let frame = Frame::flat(rows.len());
    let mut machine = Machine::new(program, &frame, Keep::Outputs);
    let decision = decider.decision();
    for (input, cells) in decision.inputs.iter().zip(rows.columns()) {
        if program.columns[input.column.0 as usize].kind != Kind::Text {
            let figures = (0..rows.len()).map(|row| cells.figure(row as u32)).collect();
            machine.supply(input.column, Column::from_reported(figures)).unwrap();
        }
    }
    let nodes: Vec<_> = decision
        .amount
        .into_iter()
        .chain([decision.outcome])
        .chain(decision.results.iter().map(|result| result.node))
        .collect();
    machine.require(&nodes).unwrap();
    let cell = |node, row| {
        let column = machine.column(node).unwrap();
        column.cell(if column.len() == 1 { 0 } else { row })
    };
    nodes.iter().map(|node| (0..rows.len()).map(|row| cell(*node, row)).collect()).collect()
}

/// Numbers the policy speaks of: its borders are among them.
fn spoken_of(program: &Program) -> Vec<Exact> {
    let number = |op: &Op| if let Op::Const(value) = op { Some(value.clone()) } else { None };
    program.nodes.iter().filter_map(|node| number(&node.op)).collect()
}

/// A figure of a field: random, on a border, a step beside it, very long, or not there.
fn figure(field: &kaoping_decide::Field, program: &Program, borders: &[Exact], dice: u64) -> Option<Exact> {
    let (kind, rest) = (dice % 32, dice / 32);
    let i = |number: u64| i64::try_from(number).unwrap();
    let step = field.step.clone().unwrap_or_else(Exact::one);
    let within = |value: Exact| {
        if field.bounds().contain(&value) { value } else { field.bounds().low.clone().map_or(value, |(low, _)| low) }
    };
    match &field.kind {
        _ if kind == 0 => None,
        Kind::Truth => Some(Exact::whole(i(rest % 2))),
        Kind::Word(list) => Some(Exact::whole(i(rest % program.word_lists[list.0 as usize].words.len() as u64))),
        Kind::Day => Some(Exact::whole(14_000 + i(rest % 800))),
        Kind::Text => Some(Exact::zero()),
        Kind::Number(_) => Some(within(match kind {
            1..=12 if !borders.is_empty() => {
                let border = &borders[usize::try_from(rest).unwrap() % borders.len()];
                let beside = [Exact::zero(), step.clone(), -step][usize::try_from(rest / 7 % 3).unwrap()].clone();
                border + &beside
            }
            13 => &Exact::decimal(i128::from(rest) * 1_000_000_007_000_003, 3) + &Exact::one(),
            14 => Exact::decimal(i128::from(rest % 1_000_000), 7),
            15..=20 => Exact::whole(i(rest % 40)),
            _ => Exact::decimal(i128::from(rest % 10_000_000), 2),
        })),
    }
}

fn rows(decider: &Decider<'_>, borders: &[Exact], dice: &[u64]) -> Rows {
    let fields = decider.fields();
    let mut rows = Rows::new(fields.len());
    for dice in dice.chunks(fields.len()).filter(|row| row.len() == fields.len()) {
        for (at, (field, dice)) in fields.iter().zip(dice).enumerate() {
            let cells: &mut Cells = rows.column_mut(at).unwrap();
            match figure(field, &decider.standard().program, borders, *dice) {
                Some(figure) => cells.push_exact(figure),
                None => cells.push_missing(),
            }
        }
        rows.end_row();
    }
    rows
}

fn agrees(standard: &Standard, dice: &[u64]) {
    for decision in &standard.decisions {
        let decider = Decider::new(standard, decision);
        let borders = spoken_of(&standard.program);
        let all = rows(&decider, &borders, dice);
        // As one block and in two, code made for the first serving the second where it can.
        let mut scratch = Scratch::default();
        let half: Vec<u64> = dice.iter().copied().take(dice.len() / 2).collect();
        for mut rows in [all, rows(&decider, &borders, &half)] {
            let expected = by_machine(&decider, &rows);
            let found = decider.decide(&mut rows, &mut scratch, Workers::default()).unwrap();
            for ((result, answer), expected) in decider.results().iter().zip(&found).zip(&expected) {
                for (row, expected) in (0u32..).zip(expected) {
                    let figures = || -> Vec<String> {
                        rows.columns().iter().map(|cells| format!("{:?}", cells.figure(row))).collect()
                    };
                    assert_eq!(&answer.cell(row), expected, "{} row {row} {:?}", result.name, figures());
                }
            }
        }
    }
}

#[test]
fn every_decision_of_the_repository_is_the_same_in_blocks() {
    let mut decisions = 0;
    for path in common::policies() {
        let (_, compiled, _) = common::load(&path);
        let standard = compiled.standard;
        decisions += standard.decisions.len();
        if standard.decisions.is_empty() {
            continue;
        }
        let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
        proptest!(config, |(dice in proptest::collection::vec(any::<u64>(), 1_500..3_000))| {
            agrees(&standard, &dice);
        });
    }
    assert!(decisions >= 4, "{decisions} decisions");
}

/// Most rows of the workload that is timed go through short code, not through the machine.
#[test]
fn a_policy_of_plain_arithmetic_has_code_for_every_result() {
    let path = common::repository().join("policies/bench-medical");
    let (_, compiled, _) = common::load(&path);
    let decider = Decider::new(&compiled.standard, &compiled.standard.decisions[0]);
    let borders = spoken_of(&compiled.standard.program);
    // Dice that leave no figure out and make none too long.
    let dice: Vec<u64> = (0..4_000u64).map(|n| 21 + (n % 11) + 32 * (n * 7_919 % 1_000_003)).collect();
    let mut rows = rows(&decider, &borders, &dice);
    let mut scratch = Scratch::default();
    decider.decide(&mut rows, &mut scratch, Workers::default()).unwrap();
    assert!(scratch.without().is_empty(), "{:?}", scratch.without());
    assert!(scratch.instructions() < 45, "{} instructions", scratch.instructions());
}
