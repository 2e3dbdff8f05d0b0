//! Whatever a plan has code for comes out as from the machine, to the last digit.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what should be there")]

use kaoping_columns::{Figures, Known, LANES, Members, Plan};
use kaoping_program::{
    Aggregate, Bounds, Column, ColumnId, ColumnSource, ColumnSpec, Domain, Frame, Join, Keep, Kind, Machine, Node,
    NodeId, Numerators, Op, Origin, Program, Relation, Shape, StepMode, Workers,
};
use kaoping_terms::{Exact, Measure, Rounding};
use proptest::prelude::*;

/// Columns of figures: numerators, digits after the point.
#[derive(Clone, Debug)]
struct Case {
    columns: Vec<(Vec<i64>, u32)>,
    /// Choices that make the nodes of a program one after another.
    dice: Vec<(u8, u16, u16, u16)>,
    constants: Vec<(i64, i64)>,
}

fn case() -> impl Strategy<Value = Case> {
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
    (prop::collection::vec(column, 3), prop::collection::vec(any::<(u8, u16, u16, u16)>(), 3..40), constants)
        .prop_map(|(columns, dice, constants)| Case { columns, dice, constants })
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
struct Three;

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
fn compared(case: &Case, workers: Workers) -> Result<(usize, usize), TestCaseError> {
    let (program, units) = program(case);
    let all: Vec<NodeId> = (0u32..).map(NodeId).take(program.nodes.len()).collect();
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plans_agree_with_the_machine(case in case()) {
        compared(&case, Workers::default())?;
    }

    /// Where one block ends and the next begins, and one thread and the next.
    #[test]
    fn many_units_are_as_few(case in case(), more in 0usize..LANES) {
        let mut many = case;
        for (numbers, _) in &mut many.columns {
            let once = numbers.clone();
            *numbers = once.into_iter().cycle().take(3 * LANES + more).collect();
        }
        compared(&many, Workers::new(&Three))?;
    }
}

/// A test over programs that have no code would show nothing.
#[test]
fn most_nodes_have_code() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut with, mut without) = (0, 0);
    for _ in 0..300 {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let (had, had_none) = compared(&case, Workers::default()).expect("agreement");
        with += had;
        without += had_none;
    }
    println!("{with} nodes with code, {without} without");
    assert!(with > 2 * without, "{with} with code, {without} without");
}
