//! How a driver runs a machine: what it must bring, what stays, and what is refused.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says by a panic what it did not expect")]

use kaoping_program::*;
use kaoping_terms::{Exact, Measure};

const ROWS: Shape = Shape::Rows(RowsetId(0));

fn node(program: &mut Program, shape: Shape, op: Op) -> NodeId {
    program.push(Node { op, kind: Kind::Number(Measure::plain()), shape, origin: Origin::default() })
}

fn column(program: &mut Program, shape: Shape, source: ColumnSource) -> (ColumnId, NodeId) {
    let id = ColumnId(u32::try_from(program.columns.len()).expect("few columns"));
    let kind = Kind::Number(Measure::plain());
    program.columns.push(ColumnSpec {
        source,
        kind,
        shape,
        step: None,
        scale: Exact::one(),
        bounds: Bounds::default(),
    });
    (id, node(program, shape, Op::Column(id)))
}

fn attribute() -> ColumnSource {
    ColumnSource::Attribute { name: String::from("试点") }
}

fn external(name: &str) -> ColumnSource {
    ColumnSource::External { name: name.into() }
}

fn whole(numbers: &[i64]) -> Column {
    Column::from_codes(numbers.to_vec())
}

fn values(machine: &Machine, node: NodeId) -> Vec<Option<i64>> {
    let column = machine.column(node).expect("a required node");
    (0..column.len()).map(|at| column.cell(at).value.and_then(|value| value.to_i64())).collect()
}

#[test]
fn all_external_columns_that_are_absent_are_named_but_only_where_needed() {
    let mut program = Program::default();
    let (_, rank) = column(&mut program, Shape::Unit, external("名次"));
    let (_, grade) = column(&mut program, Shape::Unit, external("等次"));
    let (_, free) = column(&mut program, Shape::Unit, attribute());
    let both = node(&mut program, Shape::Unit, Op::Add(rank, grade));
    let frame = Frame::flat(2);
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    let absent = vec![(ColumnId(0), String::from("名次")), (ColumnId(1), String::from("等次"))];
    assert_eq!(machine.require(&[both, free]), Err(Fault::NotSupplied(absent)));
    machine.require(&[free]).expect("facts may be absent");
    assert_eq!(machine.column(free).map(|column| column.state(0)), Some(State::MISSING));
}

#[test]
fn a_column_has_one_value_for_each_unit_or_row() {
    let mut program = Program::default();
    column(&mut program, Shape::Unit, attribute());
    column(&mut program, ROWS, attribute());
    column(&mut program, Shape::One, attribute());
    let rows = Rows { owner: vec![0, 0, 1], order: vec![0; 3] };
    let frame = Frame::new(vec![0; 2], vec![None; 2], vec![true; 2], vec![rows]).expect("a frame");
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    for (id, length) in [(0, 2), (1, 3), (2, 1)] {
        machine.supply(ColumnId(id), whole(&vec![5; length])).expect("the right length");
        let fault = Fault::Length { column: ColumnId(id), expected: length, found: length + 1 };
        assert_eq!(machine.supply(ColumnId(id), whole(&vec![5; length + 1])), Err(fault));
    }
    assert_eq!(machine.supply(ColumnId(9), whole(&[])), Err(Fault::UnknownColumn(ColumnId(9))));
}

#[test]
fn required_nodes_stay_until_released_and_others_go() {
    let mut program = Program::default();
    let (id, x) = column(&mut program, Shape::Unit, attribute());
    let twice = node(&mut program, Shape::Unit, Op::Add(x, x));
    let four = node(&mut program, Shape::Unit, Op::Add(twice, twice));
    let frame = Frame::flat(2);
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    machine.supply(id, whole(&[1, 2])).expect("two units");
    machine.require(&[four]).expect("a well-formed program");
    assert_eq!(values(&machine, four), [Some(4), Some(8)]);
    assert!(machine.column(twice).is_none() && machine.column(x).is_none());
    machine.require(&[twice]).expect("recomputed");
    machine.release(four);
    assert!(machine.column(four).is_none());
    assert_eq!(values(&machine, twice), [Some(2), Some(4)]);
}

#[test]
fn new_figures_make_what_rests_on_them_stale() {
    let mut program = Program::default();
    let (a, x) = column(&mut program, Shape::Unit, attribute());
    let (b, y) = column(&mut program, Shape::Unit, external("名次"));
    let sum = node(&mut program, Shape::Unit, Op::Add(x, y));
    let frame = Frame::flat(1);
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    machine.supply(a, whole(&[1])).expect("one unit");
    machine.require(&[x]).expect("a well-formed program");
    machine.supply(b, whole(&[10])).expect("one unit");
    machine.require(&[sum]).expect("a well-formed program");
    machine.supply(b, whole(&[20])).expect("one unit");
    assert!(machine.column(sum).is_none());
    assert_eq!(values(&machine, x), [Some(1)]);
    machine.require(&[sum]).expect("a well-formed program");
    assert_eq!(values(&machine, sum), [Some(21)]);
}

#[test]
fn one_unit_can_be_watched_through_every_node() {
    let mut program = Program::default();
    let (id, x) = column(&mut program, ROWS, attribute());
    let one = node(&mut program, Shape::One, Op::Const(Exact::one()));
    let more = node(&mut program, ROWS, Op::Add(x, one));
    let over = Domain::Rows(RowsetId(0));
    let sum = Op::Aggregate { function: Aggregate::Sum, over, x: Some(more), filter: None };
    let sum = node(&mut program, Shape::Unit, sum);
    let rows = Rows { owner: vec![1, 0, 1], order: vec![0; 3] };
    let frame = Frame::new(vec![0; 2], vec![None; 2], vec![true; 2], vec![rows]).expect("a frame");
    let mut machine = Machine::new(&program, &frame, Keep::Unit(1));
    machine.supply(id, whole(&[5, 6, 7])).expect("three rows");
    machine.require(&[sum]).expect("a well-formed program");
    let seen = |node| -> Vec<Option<i64>> {
        let cells = machine.observed(node).expect("an evaluated node").iter();
        cells.map(|cell| cell.value.as_ref().and_then(Exact::to_i64)).collect()
    };
    assert_eq!(machine.observed_rows(RowsetId(0)), [0, 2]);
    assert_eq!(seen(more), [Some(6), Some(8)]);
    assert_eq!((seen(one), seen(sum)), (vec![Some(1)], vec![Some(14)]));
}

#[test]
fn a_program_that_breaks_the_rules_is_refused() {
    let mut program = Program::default();
    let rows = node(&mut program, ROWS, Op::NotApplicable);
    let up = node(&mut program, Shape::Unit, Op::Neg(rows));
    let late = node(&mut program, Shape::Unit, Op::Neg(NodeId(2)));
    let one = node(&mut program, Shape::Unit, Op::NotApplicable);
    let keys = [(one, true)].into();
    let rank = Op::Rank { keys, within: Domain::Subordinates, ties: Ties::Skip, among: None };
    let rank = node(&mut program, Shape::Unit, rank);
    let fold = Op::Fold { function: Aggregate::Median, members: [one].into() };
    let fold = node(&mut program, Shape::Unit, fold);
    let lost = node(&mut program, Shape::Unit, Op::Column(ColumnId(3)));
    let frame = Frame::flat(2);
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    for node in [up, late, rank, fold] {
        let fault = machine.require(&[node]).expect_err("a malformed program");
        assert!(matches!(fault, Fault::Malformed { node: named, .. } if named == node), "{fault}");
    }
    assert_eq!(machine.require(&[lost]), Err(Fault::UnknownColumn(ColumnId(3))));
    assert_eq!(machine.require(&[NodeId(99)]), Err(Fault::UnknownNode(NodeId(99))));
}

#[test]
fn no_units_and_no_rows_are_no_problem() {
    let mut program = Program::default();
    let (_, x) = column(&mut program, Shape::Unit, attribute());
    let one = node(&mut program, Shape::Unit, Op::Const(Exact::one()));
    let sum = node(&mut program, Shape::Unit, Op::Add(x, one));
    let total = Op::Aggregate { function: Aggregate::Sum, over: Domain::All, x: Some(sum), filter: None };
    let total = node(&mut program, Shape::One, total);
    let event = ColumnSource::Event { table: String::from("上访"), column: String::from("级别") };
    let (_, level) = column(&mut program, ROWS, event);
    let frame = Frame::flat(0);
    let mut machine = Machine::new(&program, &frame, Keep::Outputs);
    machine.require(&[sum, total, level]).expect("a well-formed program");
    assert_eq!((values(&machine, sum), values(&machine, total)), (vec![], vec![Some(0)]));
    assert!(machine.column(level).is_some_and(Column::is_empty));
}
