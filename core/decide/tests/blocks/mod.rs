//! Blocks of random rows, decided and compared with the machine.

#![allow(dead_code, reason = "several tests share it")]

use kaoping_columns::Native;
use kaoping_decide::{Cells, Decider, Rows, Scratch};
use kaoping_program::{Column, Frame, Keep, Kind, Machine, Op, Program, Workers};
use kaoping_scheme::Standard;
use kaoping_terms::Exact;

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
pub(crate) fn spoken_of(program: &Program) -> Vec<Exact> {
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

pub(crate) fn rows(decider: &Decider<'_>, borders: &[Exact], dice: &[u64]) -> Rows {
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

/// Every decision of a standard gives in blocks what the machine gives for each row.
pub(crate) fn agrees(standard: &Standard, dice: &[u64], native: Option<&'static dyn Native>) {
    for decision in &standard.decisions {
        let decider = Decider::new(standard, decision).natively(native);
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
