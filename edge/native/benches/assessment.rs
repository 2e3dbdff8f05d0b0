//! Bonus indicators of 600,000 units: scores, targets met and totals, in memory.
//!
//! `cargo bench -p kaoping-native --bench assessment`

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot be set up has to stop")]

use divan::{Bencher, counter::ItemsCount};
use kaoping_columns::{Figures, Known, Members, Plan};
use kaoping_native::native;
use kaoping_program::{
    Aggregate, ColumnId, Domain, Kind, Node, NodeId, Numerators, Op, Origin, Program, Relation, Shape, StepMode,
    Workers,
};
use kaoping_terms::{Exact, Measure, Rounding};

const UNITS: usize = 600_000;
const ITEMS: usize = 100;

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

struct Builder(Program);

impl Builder {
    fn add(&mut self, op: Op, shape: Shape) -> NodeId {
        let kind = Kind::Number(Measure::plain());
        self.0.nodes.push(Node { op, kind, shape, origin: Origin::default() });
        NodeId(u32::try_from(self.0.nodes.len() - 1).expect("a short program"))
    }

    fn number(&mut self, above: i128, below: i128) -> NodeId {
        self.add(Op::Const(Exact::ratio(above, below).expect("not by zero")), Shape::One)
    }

    fn unit(&mut self, op: Op) -> NodeId {
        self.add(op, Shape::Unit)
    }
}

/// The nodes that the shared kind of rule for a bonus indicator comes to.
fn item(of: &mut Builder, at: usize, base: i128, target: i128) -> (NodeId, NodeId, NodeId) {
    let points = of.number(base, 100);
    let actual = of.unit(Op::Column(ColumnId(u32::try_from(at).expect("a few"))));
    let target = of.number(target, 100);
    let ratio = of.unit(Op::Div(actual, target));
    let one = of.number(1, 1);
    let met = of.unit(Op::Compare(Relation::AtLeast, ratio, one));
    let highest = of.add(
        Op::Aggregate { function: Aggregate::Highest, over: Domain::All, x: Some(ratio), filter: None },
        Shape::One,
    );
    let any_over = of.add(Op::Compare(Relation::Greater, highest, one), Shape::One);
    let has_bonus = of.unit(Op::And(met, any_over));
    let fifth = of.number(1, 5);
    let most_bonus = of.add(Op::Mul(points, fifth), Shape::One);
    let over = of.unit(Op::Sub(ratio, one));
    let above = of.unit(Op::Mul(most_bonus, over));
    let below = of.add(Op::Sub(highest, one), Shape::One);
    let bonus = of.unit(Op::Div(above, below));
    let with_bonus = of.unit(Op::Add(points, bonus));
    let (most, each, step) = (of.number(3, 5), of.number(1, 20), of.number(1, 50));
    let short = of.unit(Op::Sub(one, ratio));
    let steps = of.unit(Op::Steps { x: short, step, mode: StepMode::Whole });
    let share = of.unit(Op::Mul(each, steps));
    let share = of.unit(Op::Min(most, share));
    let taken = of.unit(Op::Mul(points, share));
    let left = of.unit(Op::Sub(points, taken));
    let plain = of.unit(Op::Select { when: met, then: points, otherwise: left });
    let score = of.unit(Op::Select { when: has_bonus, then: with_bonus, otherwise: plain });
    let cent = Exact::ratio(1, 100).expect("not by zero");
    let score = of.unit(Op::Round { x: score, step: cent, mode: Rounding::HalfUp });
    (actual, met, score)
}

struct City {
    program: Program,
    columns: Vec<Numerators>,
    outputs: Vec<NodeId>,
    /// The figures, by node.
    actual: Vec<NodeId>,
}

fn city(units: usize) -> City {
    let mut of = Builder(Program::default());
    let mut seed = 7u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut scores, mut all_met, mut columns, mut actual) = (vec![], vec![], vec![], vec![]);
    for at in 0..ITEMS {
        let target = 100_000 + i64::try_from(random(2_000_000)).expect("small");
        let nodes = item(&mut of, at, i128::from(random(900) + 100), i128::from(target));
        actual.push(nodes.0);
        all_met.push(nodes.1);
        scores.push(nodes.2);
        let figure = |_| target * (700 + i64::try_from(random(600)).expect("small")) / 1000;
        columns.push(Numerators::Long((0..units).map(figure).collect()));
    }
    let total = of.unit(Op::Fold { function: Aggregate::Sum, members: scores.clone().into() });
    let met = of.unit(Op::Fold { function: Aggregate::AllOf, members: all_met.into() });
    let mut outputs = scores;
    outputs.extend([total, met]);
    City { program: of.0, columns, outputs, actual }
}

fn plan(city: &City, inputs: &[Figures<'_>]) -> Plan {
    Plan::new(&city.program, &city.outputs, inputs, Members { all: true, one_group: true }, |id| {
        city.actual.binary_search(&id).ok().map(Known::Input)
    })
}

#[divan::bench(sample_count = 9, sample_size = 1, args = [false, true])]
fn look_plan_and_run(bencher: Bencher<'_, '_>, natively: bool) {
    let city = city(UNITS);
    bencher.counter(ItemsCount::new(UNITS * ITEMS)).bench_local(|| {
        let inputs: Vec<Figures<'_>> = city.columns.iter().map(|column| Figures::new(column, 100)).collect();
        let plan = plan(&city, &inputs).natively(native().filter(|_| natively), &inputs);
        plan.run(&inputs, UNITS, Workers::default())
    });
}

#[divan::bench(sample_count = 9, sample_size = 1, args = [false, true])]
fn run_only(bencher: Bencher<'_, '_>, natively: bool) {
    let city = city(UNITS);
    let inputs: Vec<Figures<'_>> = city.columns.iter().map(|column| Figures::new(column, 100)).collect();
    let plan = plan(&city, &inputs).natively(native().filter(|_| natively), &inputs);
    assert_eq!(plan.outputs().len(), ITEMS + 2, "everything has code");
    let mut results = plan.room(UNITS, &mut Vec::new());
    bencher
        .counter(ItemsCount::new(UNITS * ITEMS))
        .bench_local(|| plan.run_into(&inputs, UNITS, &mut results, Workers::default()));
}

/// What it takes before the first unit: nearly all there is for a few.
#[divan::bench(sample_count = 51, sample_size = 4, args = [false, true])]
fn plan_only(bencher: Bencher<'_, '_>, natively: bool) {
    let city = city(128);
    let inputs: Vec<Figures<'_>> = city.columns.iter().map(|column| Figures::new(column, 100)).collect();
    bencher.bench_local(|| plan(&city, &inputs).natively(native().filter(|_| natively), &inputs));
}
