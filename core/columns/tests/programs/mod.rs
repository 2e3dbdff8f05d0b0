//! Random programs over random figures, worked out by a plan and by the machine.

#![allow(unreachable_pub, reason = "several tests share it")]

use kaoping_columns::{Figures, Known, Members, Native, Plan};
use kaoping_program::{
    Aggregate, Bounds, Column, ColumnId, ColumnSource, ColumnSpec, Domain, Frame, Join, Keep, Kind, Machine, Node,
    NodeId, Numerators, Op, Origin, Program, Relation, Shape, StepMode, Workers,
};
use kaoping_terms::{Exact, Measure, Rounding};
use proptest::prelude::*;

/// Columns of figures: numerators, digits after the point.
#[derive(Clone, Debug)]
pub struct Case {
    pub columns: Vec<(Vec<i64>, u32)>,
    /// Choices that make the nodes of a program one after another.
    dice: Vec<(u8, u16, u16, u16)>,
    constants: Vec<(i64, i64)>,
    /// How many of the last nodes are wanted.
    wanted: usize,
}

/// Programs of a few dozen nodes.
pub fn case() -> impl Strategy<Value = Case> {
    case_of(3, 3..40)
}

/// Programs over that many columns, of about so many nodes.
pub fn case_of(columns: usize, nodes: core::ops::Range<usize>) -> impl Strategy<Value = Case> {
    let numbers = prop_oneof![
        4 => -1_000i64..5_000,
        2 => 0i64..2,
        1 => -3_000_000_000i64..3_000_000_000,
        1 => prop::sample::select(vec![0, 1, -1, (1 << 48) - 1, 1 << 48, (1 << 51) - 1, i64::MAX, i64::MIN]),
    ];
    // A column keeps to one kind of size, so that some plans are made at all.
    let small = prop::collection::vec(-50i64..5_000, 1..40);
    let positive = prop::collection::vec(1i64..900, 1..40);
    let wide = prop::collection::vec(numbers, 1..40);
    let column = (prop_oneof![4 => small, 3 => positive, 1 => wide], 0u32..4);
    let constants = prop::collection::vec((-40i64..200, prop::sample::select(vec![1i64, 2, 3, 5, 7, 20, 50, 100])), 4);
    (prop::collection::vec(column, columns), prop::collection::vec(any::<(u8, u16, u16, u16)>(), nodes), constants)
        .prop_map(|(columns, dice, constants)| {
            let units = columns.iter().map(|(numbers, _)| numbers.len()).max().unwrap_or(0);
            let repeated =
                |(numbers, places): (Vec<i64>, u32)| (numbers.into_iter().cycle().take(units).collect(), places);
            Case { columns: columns.into_iter().map(repeated).collect(), dice, constants, wanted: usize::MAX }
        })
}

/// A program in which 55 numbers are used twice, the second time when all have been used once: more
/// than there are registers.
pub fn waiting() -> Case {
    const COLUMNS: u16 = 11;
    const CONSTANTS: u16 = 4;
    let units = 0i64..100;
    let figures = |column: u16| units.clone().map(|unit| unit * unit * i64::from(column + 3) % 1_009).collect();
    let pairs = (0..COLUMNS).flat_map(|a| (a + 1..COLUMNS).map(move |b| (a, b)));
    // The smaller of each two columns, then the sum of all, then all of them taken from it again.
    let mut dice: Vec<(u8, u16, u16, u16)> = pairs.map(|(a, b)| (9, a, b, 0)).collect();
    let first = COLUMNS + CONSTANTS;
    let last = first + u16::try_from(dice.len()).expect("a few") - 1;
    let mut sum = first;
    for (next, at) in (first + 1..=last).zip(last + 1..) {
        dice.push((0, sum, next, 0));
        sum = at;
    }
    for (next, at) in (first..=last).zip(sum + 1..) {
        dice.push((if next % 2 == 0 { 1 } else { 9 }, sum, next, 0));
        sum = at;
    }
    let columns = (0..COLUMNS).map(|column| (figures(column), 0)).collect();
    Case { columns, dice, constants: vec![(1, 1); CONSTANTS.into()], wanted: 2 }
}

/// A program with nodes of every operation that has code, and the units it is for.
fn program(case: &Case) -> (Program, usize) {
    let mut program = Program::default();
    let units = case.columns.iter().map(|(numbers, _)| numbers.len()).min().unwrap_or(0);
    let (mut numbers, mut truths): (Vec<NodeId>, Vec<NodeId>) = (Vec::new(), Vec::new());
    let add = |program: &mut Program, op: Op, is_truth: bool| {
        let kind = if is_truth { Kind::Truth } else { Kind::Number(Measure::plain()) };
        let is_one = matches!(op, Op::Const(_) | Op::Aggregate { over: Domain::All, .. });
        let shape = if is_one { Shape::One } else { Shape::Unit };
        program.nodes.push(Node { op, kind, shape, origin: Origin::default() });
        NodeId(u32::try_from(program.nodes.len() - 1).expect("a short program"))
    };
    for at in 0..case.columns.len() {
        let id = ColumnId(u32::try_from(at).expect("a few columns"));
        let source = ColumnSource::Fact { indicator: None, field: format!("f{at}"), alias: None, years_back: 0 };
        let kind = Kind::Number(Measure::plain());
        let bounds = Bounds::default();
        program.columns.push(ColumnSpec { source, kind, shape: Shape::Unit, step: None, scale: Exact::one(), bounds });
        numbers.push(add(&mut program, Op::Column(id), false));
    }
    let constants: Vec<NodeId> = case
        .constants
        .iter()
        .map(|(above, below)| {
            let number = Exact::ratio(i128::from(*above), i128::from(*below)).expect("not by zero");
            add(&mut program, Op::Const(number), false)
        })
        .collect();
    numbers.extend(&constants);
    for (kind, a, b, c) in &case.dice {
        let number = |at: u16| numbers[usize::from(at) % numbers.len()];
        let constant = |at: u16| constants[usize::from(at) % constants.len()];
        let truth = |at: u16| truths.get(usize::from(at) % truths.len().max(1)).copied();
        let relations = [
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::AtMost,
            Relation::Greater,
            Relation::AtLeast,
        ];
        let modes = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up];
        let step = Exact::ratio(1, [1, 2, 10, 100][usize::from(*c) % 4]).expect("not by zero");
        let op = match kind % 24 {
            22 | 23 => Op::Aggregate {
                function: [Aggregate::Highest, Aggregate::Lowest, Aggregate::Sum][usize::from(*c) % 3],
                over: if b % 2 == 0 { Domain::All } else { Domain::Peers },
                x: Some(number(*a)),
                filter: None,
            },
            0 => Op::Add(number(*a), number(*b)),
            1 => Op::Sub(number(*a), number(*b)),
            2 | 3 => Op::Mul(number(*a), constant(*b)),
            4 => Op::Mul(number(*a), number(*b)),
            5 => Op::Div(number(*a), constant(*b)),
            6 | 7 => Op::Div(number(*a), number(*b)),
            8 => Op::Neg(number(*a)),
            9 => Op::Min(number(*a), number(*b)),
            10 => Op::Max(number(*a), constant(*b)),
            11 | 12 => Op::Round { x: number(*a), step, mode: modes[usize::from(*b) % 4] },
            13 => {
                let mode = [StepMode::Whole, StepMode::Up, StepMode::Proportional][usize::from(*c) % 3];
                Op::Steps { x: number(*a), step: constant(*b), mode }
            }
            14 => Op::Fold {
                function: [Aggregate::Sum, Aggregate::Mean, Aggregate::Highest, Aggregate::Lowest, Aggregate::Count]
                    [usize::from(*c) % 5],
                members: [number(*a), number(*b), number(*c)].into(),
            },
            15 | 16 => match truth(*a) {
                Some(when) => Op::Select { when, then: number(*b), otherwise: number(*c) },
                None => continue,
            },
            17 => match (truth(*a), truth(*b)) {
                (Some(a), Some(b)) => {
                    let op = match c % 4 {
                        0 => Op::And(a, b),
                        1 => Op::Or(a, b),
                        2 => Op::Not(a),
                        _ => Op::Fold { function: Aggregate::AnyOf, members: [a, b].into() },
                    };
                    truths.push(add(&mut program, op, true));
                    continue;
                }
                _ => continue,
            },
            _ => {
                let other = if c % 2 == 0 { constant(*b) } else { number(*b) };
                let relation = relations[usize::from(*c / 2) % relations.len()];
                truths.push(add(&mut program, Op::Compare(relation, number(*a), other), true));
                continue;
            }
        };
        numbers.push(add(&mut program, op, false));
    }
    (program, units)
}

/// As narrow as they fit.
fn narrowed(numbers: &[i64]) -> Numerators {
    let short: Result<Vec<i32>, _> = numbers.iter().map(|number| i32::try_from(*number)).collect();
    short.map_or_else(|_| Numerators::Long(numbers.to_vec()), Numerators::Short)
}

/// Three threads, the last first.
pub struct Three;

impl Join for Three {
    fn join(&self, left: &mut (dyn FnMut() + Send), right: &mut (dyn FnMut() + Send)) {
        right();
        left();
    }

    fn threads(&self) -> usize {
        3
    }
}

/// Runs one: how many nodes had code, and how many had none.
pub fn compared(case: &Case, workers: Workers, native: Option<&dyn Native>) -> Result<(usize, usize), TestCaseError> {
    let (program, units) = program(case);
    let mut all: Vec<NodeId> = (0u32..).map(NodeId).take(program.nodes.len()).collect();
    all.drain(..all.len().saturating_sub(case.wanted));
    let frame = Frame::flat(units);
    let mut machine = Machine::new(&program, &frame, Keep::Everything);
    for (at, (numbers, places)) in case.columns.iter().enumerate() {
        let wide = numbers.iter().take(units).map(|number| i128::from(*number)).collect();
        let id = ColumnId(u32::try_from(at).expect("a few columns"));
        machine.supply(id, Column::from_decimals(wide, *places)).expect("fits");
    }
    machine.require(&all).expect("a program");
    let numerators: Vec<Numerators> = case.columns.iter().map(|(numbers, _)| narrowed(&numbers[..units])).collect();
    let inputs: Vec<Figures<'_>> = case
        .columns
        .iter()
        .zip(&numerators)
        .map(|((_, places), numerators)| Figures::new(numerators, 10i64.pow(*places)))
        .collect();
    let known = |id: NodeId| match program.node(id).map(|node| &node.op) {
        Some(Op::Column(column)) => Some(Known::Input(column.0 as usize)),
        _ => None,
    };
    let plan = Plan::new(&program, &all, &inputs, Members { all: units > 0, one_group: true }, known);
    let plan = plan.natively(native, &inputs);
    prop_assert_eq!(plan.is_native(), native.is_some());
    let results = plan.run(&inputs, units, workers);
    let (mut with_code, mut without) = (0, 0);
    for node in all {
        let Some(at) = plan.output(node) else {
            without += 1;
            continue;
        };
        let op = &program.node(node).expect("a node").op;
        with_code += usize::from(!matches!(op, Op::Const(_) | Op::Column(_)));
        let output = plan.outputs()[at];
        for unit in 0..units {
            let cell = machine.column(node).expect("kept").cell(unit);
            let number = results[at].get(unit).expect("one for each unit");
            prop_assert!(output.low <= number && number <= output.high, "{:?}: {} of {:?}", node, number, output);
            let found = Exact::ratio(i128::from(number), i128::from(output.denominator));
            prop_assert_eq!(cell.value, found, "{:?} {:?} of unit {}", node, op, unit);
        }
    }
    Ok((with_code, without))
}

/// A plan that was told what the first figures are like either sees that others are not, or gives
/// what one gives that was told of all. Says whether it saw some.
pub fn told_of_few(case: &Case, workers: Workers, native: Option<&'static dyn Native>) -> Result<bool, TestCaseError> {
    let (program, units) = program(case);
    let all: Vec<NodeId> = (0u32..).map(NodeId).take(program.nodes.len()).collect();
    let numerators: Vec<Numerators> = case.columns.iter().map(|(numbers, _)| narrowed(&numbers[..units])).collect();
    let seen = |many: usize| -> Vec<Figures<'_>> {
        let columns = case.columns.iter().zip(&numerators);
        columns.map(|((_, places), numerators)| Figures::seen(numerators, 10i64.pow(*places), 0..many)).collect()
    };
    let known = |id: NodeId| match program.node(id).map(|node| &node.op) {
        Some(Op::Column(column)) => Some(Known::Input(column.0 as usize)),
        _ => None,
    };
    let (few, many) = (seen(units.div_ceil(2)), seen(units));
    let plan = |inputs: &[Figures<'_>]| Plan::new(&program, &all, inputs, Members::default(), known);
    let told = plan(&few).natively(native, &few);
    let mut results = told.room(units, &mut Vec::new());
    let is_as_told = told.run_if_as_told(&many, units, &mut results, workers);
    let beyond = few.iter().zip(&many).any(|(few, many)| many.low < few.low || few.high < many.high);
    prop_assert!(is_as_told || beyond, "nothing is beyond what was told");
    if is_as_told {
        let all_told = plan(&many);
        let others = all_told.run(&many, units, workers);
        for output in told.outputs() {
            let Some(other) = all_told.output(output.node).map(|at| all_told.outputs()[at]) else { continue };
            for unit in 0..units {
                let number = |results: &[Numerators], output: kaoping_columns::Output| {
                    Exact::ratio(results[output.at].get(unit)?.into(), output.denominator.into())
                };
                prop_assert_eq!(number(&results, *output), number(&others, other), "{:?}", output.node);
            }
        }
    }
    Ok(!is_as_told)
}
