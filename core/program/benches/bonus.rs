//! The bonus rule over 40,000 units and 20 items: the time of one score.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up has to stop")]

use divan::{Bencher, counter::ItemsCount};
use kaoping_program::*;
use kaoping_terms::{Exact, Measure, Rounding};

const UNITS: usize = 40_000;
const ITEMS: usize = 20;

fn main() {
    divan::main();
}

struct Policy {
    program: Program,
}

impl Policy {
    fn push(&mut self, op: Op, shape: Shape) -> NodeId {
        let kind = Kind::Number(Measure::plain());
        self.program.push(Node { op, kind, shape, origin: Origin::default() })
    }

    fn constant(&mut self, text: &str) -> NodeId {
        let value = Exact::parse(text).expect("a decimal");
        self.push(Op::Const(value), Shape::One)
    }

    fn figure(&mut self, field: &str) -> NodeId {
        let source = ColumnSource::Attribute { name: field.into() };
        let kind = Kind::Number(Measure::plain());
        let id = ColumnId(u32::try_from(self.program.columns.len()).expect("few columns"));
        let spec =
            ColumnSpec { source, kind, shape: Shape::Unit, step: None, scale: Exact::one(), bounds: Bounds::default() };
        self.program.columns.push(spec);
        self.push(Op::Column(id), Shape::Unit)
    }

    /// 得 当 达标 且 最高比例 > 1 → 分值 + 分值 × 20% × (比例 − 1) / (最高 − 1); 当 达标 → 分值;
    /// 否则 → 分值 − 分值 × 较小(60%, 5% × 步数(1 − 比例, 2%, 整步)); 取到 0.01 四舍五入.
    fn bonus(&mut self, target: NodeId) -> NodeId {
        let (unit, one_value) = (Shape::Unit, Shape::One);
        let actual = self.figure("完成数");
        let (one, full, bonus) = (self.constant("1"), self.constant("3"), self.constant("0.6"));
        let (step, each, most) = (self.constant("0.02"), self.constant("0.05"), self.constant("0.6"));
        let ratio = self.push(Op::Div(actual, target), unit);
        let best = Op::Aggregate { function: Aggregate::Highest, over: Domain::All, x: Some(ratio), filter: None };
        let best = self.push(best, one_value);
        let met = self.push(Op::Compare(Relation::AtLeast, ratio, one), unit);
        let exceeded = self.push(Op::Compare(Relation::Greater, best, one), one_value);
        let both = self.push(Op::And(met, exceeded), unit);
        let above = self.push(Op::Sub(ratio, one), unit);
        let range = self.push(Op::Sub(best, one), one_value);
        let share = self.push(Op::Div(above, range), unit);
        let extra = self.push(Op::Mul(bonus, share), unit);
        let more = self.push(Op::Add(full, extra), unit);
        let short = self.push(Op::Sub(one, ratio), unit);
        let steps = self.push(Op::Steps { x: short, step, mode: StepMode::Whole }, unit);
        let lost = self.push(Op::Mul(each, steps), unit);
        let lost = self.push(Op::Min(most, lost), unit);
        let lost = self.push(Op::Mul(full, lost), unit);
        let less = self.push(Op::Sub(full, lost), unit);
        let met = self.push(Op::Select { when: met, then: full, otherwise: less }, unit);
        let score = self.push(Op::Select { when: both, then: more, otherwise: met }, unit);
        let step = Exact::decimal(1, 2);
        self.push(Op::Round { x: score, step, mode: Rounding::HalfUp }, unit)
    }
}

/// Figures between 0 and 120 % of 5,000 without a pattern in them.
fn actuals(item: usize) -> Column {
    let figure = |unit: usize| i128::try_from((unit * 7919 + item * 104_729) % 6001).unwrap_or(0);
    Column::from_decimals((0..UNITS).map(figure).collect(), 0)
}

/// `varying` makes the target a column, so that every ratio has a denominator of its own.
fn policy(varying: bool) -> (Policy, Vec<NodeId>) {
    let mut policy = Policy { program: Program::default() };
    let scores = (0..ITEMS).map(|item| {
        let target =
            if varying { policy.figure("目标数") } else { policy.constant(&(5000 + item * 10).to_string()) };
        policy.bonus(target)
    });
    let scores: Vec<NodeId> = scores.collect();
    let members = scores.clone().into();
    let total = policy.push(Op::Fold { function: Aggregate::Sum, members }, Shape::Unit);
    (policy, vec![total])
}

fn run(bencher: Bencher, varying: bool) {
    let (policy, outputs) = policy(varying);
    let frame = Frame::flat(UNITS);
    let target = |unit: usize| i128::try_from(4000 + unit % 997).unwrap_or(1);
    let columns: Vec<Column> = (0..policy.program.columns.len())
        .map(|column| match varying && column % 2 == 0 {
            true => Column::from_decimals((0..UNITS).map(target).collect(), 0),
            false => actuals(column),
        })
        .collect();
    bencher
        .counter(ItemsCount::new(UNITS * ITEMS))
        .with_inputs(|| {
            let mut machine = Machine::new(&policy.program, &frame, Keep::Outputs);
            for (id, column) in (0u32..).map(ColumnId).zip(&columns) {
                machine.supply(id, column.clone()).expect("a column of the right length");
            }
            machine
        })
        .bench_local_values(|mut machine| {
            machine.require(&outputs).expect("a well-formed program");
            machine
        });
}

#[divan::bench]
fn one_target_for_all(bencher: Bencher) {
    run(bencher, false);
}

#[divan::bench]
fn a_target_for_each(bencher: Bencher) {
    run(bencher, true);
}

/// The mean of ratios that all have other denominators has thousands of digits; so has every
/// comparison with it.
#[divan::bench(sample_count = 5)]
fn above_the_mean_and_rank(bencher: Bencher) {
    let mut policy = Policy { program: Program::default() };
    let (actual, target) = (policy.figure("完成数"), policy.figure("目标数"));
    let ratio = policy.push(Op::Div(actual, target), Shape::Unit);
    let mean = Op::Aggregate { function: Aggregate::Mean, over: Domain::All, x: Some(ratio), filter: None };
    let mean = policy.push(mean, Shape::One);
    let above = policy.push(Op::Compare(Relation::Greater, ratio, mean), Shape::Unit);
    let keys = [(above, true), (ratio, true)].into();
    let rank = Op::Rank { keys, within: Domain::All, ties: Ties::Skip, among: None };
    let rank = policy.push(rank, Shape::Unit);
    let frame = Frame::flat(UNITS);
    let target = |unit: usize| i128::try_from(4000 + unit * 31 % 9973).unwrap_or(1);
    let targets = Column::from_decimals((0..UNITS).map(target).collect(), 0);
    bencher.counter(ItemsCount::new(UNITS)).bench_local(|| {
        let mut machine = Machine::new(&policy.program, &frame, Keep::Outputs);
        machine.supply(ColumnId(0), actuals(0)).expect("a column");
        machine.supply(ColumnId(1), targets.clone()).expect("a column");
        machine.require(&[rank]).expect("a well-formed program");
        machine.column(rank).map(Column::len)
    });
}
