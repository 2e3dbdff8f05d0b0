//! A run that is kept and followed figure by figure has in every node that was asked for what a
//! fresh run has, and names every value that is another.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says by a panic what it did not expect")]

#[allow(dead_code, reason = "the evaluator is another test's")]
mod naive;
#[allow(dead_code, reason = "the evaluator is another test's")]
#[path = "naive/world.rs"]
mod world;

use kaoping_program::*;
use kaoping_terms::Exact;
use naive::Naive;
use proptest::prelude::*;
use world::Case;

fn machine<'a>(case: &'a Case, frame: &'a Frame) -> Machine<'a> {
    let mut machine = Machine::new(&case.program, frame, Keep::Outputs);
    for (id, column) in (0u32..).map(ColumnId).zip(&case.figures) {
        machine.supply(id, column.clone()).expect("a column of the right length");
    }
    machine
}

fn cells(column: &Column) -> Vec<Naive> {
    (0..column.len()).map(|at| Naive::from_cell(&column.cell(at))).collect()
}

/// One step: a column, a lane of it, and the value it gets.
type Step = (prop::sample::Index, prop::sample::Index, u32);

/// A value as figures have them: often one that others have too, now and then owed.
fn value(truth: bool, drawn: u32) -> Column {
    let (what, number) = (drawn % 16, i64::from(drawn / 16 % 40));
    let known = |value: Exact| Column::from_exact(vec![value]);
    match what {
        0 => Column::unknown(State::MISSING, 1),
        1 => Column::unknown(State::NOT_APPLICABLE, 1),
        2 => Column::unknown(State::UNDEFINED, 1),
        3 => known(Exact::one()).with_states(vec![State::KNOWN.provisional_if(true)]).expect("one state"),
        _ if truth => known(Exact::whole(number % 2)),
        4 => known(Exact::ratio(i128::MAX, 7).expect("not by zero")),
        5 => known(Exact::decimal(number.into(), 45)),
        6 | 7 => known(Exact::decimal(i128::from(number) - 10, 2)),
        8 => known(Exact::ratio(i128::from(number), 3).expect("not by zero")),
        _ => known(Exact::whole(number - 5)),
    }
}

/// The figures with one of them put in its place.
fn put(figures: &mut Column, lane: usize, value: &Column) {
    let cell = |at: usize| if at == lane { value.cell(0) } else { figures.cell(at) };
    let cells: Vec<Cell> = (0..figures.len()).map(cell).collect();
    let states = cells.iter().map(|cell| cell.state).collect();
    let values = cells.into_iter().map(|cell| cell.value).collect();
    *figures = Column::from_reported(values).with_states(states).expect("one state each");
}

fn named(changes: &[Change], node: NodeId, lane: usize) -> bool {
    changes.iter().filter(|change| change.node == node).any(|change| match &change.lanes {
        Lanes::All => true,
        Lanes::Some(lanes) => lanes.iter().any(|other| *other as usize == lane),
    })
}

fn follow(mut case: Case, asked: &[NodeId], steps: &[Step]) {
    let frame = case.frame();
    let mut kept = Kept::new(machine(&case, &frame), asked).expect("a well-formed program");
    for (column, lane, drawn) in steps {
        let at = column.index(case.figures.len());
        let spec = &case.program.columns[at];
        if case.figures[at].is_empty() {
            continue;
        }
        let lane = lane.index(case.figures[at].len());
        let value = value(spec.kind == Kind::Truth, *drawn);
        let before: Vec<Vec<Naive>> = asked.iter().map(|node| cells(kept.column(*node).expect("kept"))).collect();
        put(&mut case.figures[at], lane, &value);
        let changes = kept.change(ColumnId(at as u32), lane as u32, &value).expect("a well-formed program");
        let mut fresh = machine(&case, &frame);
        fresh.require(asked).expect("a well-formed program");
        for (node, before) in asked.iter().zip(before) {
            let (found, expected) =
                (cells(kept.column(*node).expect("kept")), cells(fresh.column(*node).expect("run")));
            assert_eq!(found, expected, "node {} {:?}", node.0, case.program.node(*node));
            for (lane, (before, now)) in before.iter().zip(&found).enumerate() {
                assert!(before == now || named(&changes, *node, lane), "node {} lane {lane} {changes:?}", node.0);
            }
        }
    }
}

/// What a policy mostly is: a figure against a target, the highest of all, a sum of items, places.
fn plain(units: usize, ties: Ties, within: Domain) -> Case {
    let mut program = Program::default();
    let mut add = |op, shape| {
        program.push(Node { op, kind: Kind::Number(kaoping_terms::Measure::plain()), shape, origin: Origin::default() })
    };
    let mut members = Vec::new();
    let mut met = Vec::new();
    let one = add(Op::Const(Exact::one()), Shape::One);
    for item in 0..4u32 {
        let actual = add(Op::Column(ColumnId(item)), Shape::Unit);
        let target = add(Op::Const(Exact::whole(7 + i64::from(item))), Shape::One);
        let ratio = add(Op::Div(actual, target), Shape::Unit);
        let function = [Aggregate::Highest, Aggregate::Lowest, Aggregate::Mean, Aggregate::Sum][item as usize];
        let over = [Domain::Peers, Domain::All, Domain::Peers, Domain::Subordinates][item as usize];
        let shape = if over == Domain::All { Shape::One } else { Shape::Unit };
        let edge = add(Op::Aggregate { function, over, x: Some(ratio), filter: None }, shape);
        let share = add(Op::IfMissing(edge, one), Shape::Unit);
        let points = add(Op::Add(ratio, share), Shape::Unit);
        members.push(add(
            Op::Round { x: points, step: Exact::decimal(1, 2), mode: kaoping_terms::Rounding::HalfUp },
            Shape::Unit,
        ));
        met.push(add(Op::Compare(Relation::AtLeast, ratio, one), Shape::Unit));
    }
    let any = met[0];
    let tie_break = members[1];
    let total = add(Op::Fold { function: Aggregate::Sum, members: members.into() }, Shape::Unit);
    let all = add(Op::Fold { function: Aggregate::AllOf, members: met.into() }, Shape::Unit);
    add(Op::Rank { keys: [(total, true)].into(), within, ties, among: None }, Shape::Unit);
    add(Op::Rank { keys: [(total, false), (tie_break, true)].into(), within, ties, among: Some(all) }, Shape::Unit);
    add(Op::Aggregate { function: Aggregate::AllOf, over: Domain::Peers, x: Some(any), filter: None }, Shape::Unit);
    add(Op::Aggregate { function: Aggregate::AnyOf, over: Domain::All, x: Some(any), filter: None }, Shape::One);
    let spec = ColumnSpec {
        source: ColumnSource::External { name: String::from("x") },
        kind: Kind::Number(kaoping_terms::Measure::plain()),
        shape: Shape::Unit,
        step: None,
        scale: Exact::one(),
        bounds: Bounds::default(),
    };
    program.columns = vec![spec; 4];
    let figure = |item: usize, unit: usize| Exact::whole(((unit * 7 + item * 3) % 11) as i64 + 2);
    let figures = (0..4).map(|item| Column::from_exact((0..units).map(|unit| figure(item, unit)).collect())).collect();
    Case {
        program,
        groups: (0..units as u32).map(|unit| unit % 2).collect(),
        parent: (0..units as u32).map(|unit| unit.checked_sub(3)).collect(),
        assessed: (0..units).map(|unit| unit % 5 != 4).collect(),
        rowsets: Vec::new(),
        figures,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_a_fresh_run_finds(
        case in world::cases(true),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
        steps in prop::collection::vec(any::<Step>(), 1..8),
    ) {
        let node = |pick: &prop::sample::Index| NodeId(pick.index(case.program.nodes.len()) as u32);
        let asked: Vec<NodeId> = asked.iter().map(node).collect();
        follow(case, &asked, &steps);
    }

    #[test]
    fn figures_targets_and_places_are_followed(
        units in 1usize..24,
        dense in any::<bool>(),
        peers in any::<bool>(),
        only_results in any::<bool>(),
        steps in prop::collection::vec(any::<Step>(), 1..12),
    ) {
        let ties = if dense { Ties::Dense } else { Ties::Skip };
        let case = plain(units, ties, if peers { Domain::Peers } else { Domain::All });
        // Steps of plain figures only, most of which others have too.
        let steps: Vec<Step> = steps.into_iter().map(|(column, lane, drawn)| (column, lane, drawn / 16 * 16 + 9)).collect();
        let last = case.program.nodes.len() as u32;
        let asked: Vec<NodeId> = (if only_results { last - 6 } else { 0 }..last).map(NodeId).collect();
        follow(case, &asked, &steps);
    }
}
