//! Every operation by small examples: the figures of a few units in, the results out, as a
//! clerk would check them. `-` is 未报, `n/a` is 不适用, `?` is 无定义, `~` marks 暂定.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says by a panic what it did not expect")]

use kaoping_program::*;
use kaoping_terms::{Exact, Measure, Rounding};

/// A program under construction, and the figures of its columns.
#[derive(Default)]
struct Sketch {
    program: Program,
    figures: Vec<Column>,
}

const TWO_63: &str = "9223372036854775808";
const TWO_127: &str = "170141183460469231731687303715884105728";
const TWO_127_LESS_1: &str = "170141183460469231731687303715884105727";

fn read(text: &str) -> (State, Exact) {
    let (text, provisional) = text.strip_prefix('~').map_or((text, false), |rest| (rest, true));
    let (state, value) = match text {
        "-" => (State::MISSING, Exact::zero()),
        "n/a" => (State::NOT_APPLICABLE, Exact::zero()),
        "?" => (State::UNDEFINED, Exact::zero()),
        number => (State::KNOWN, number_of(number)),
    };
    (state.provisional_if(provisional), value)
}

fn number_of(text: &str) -> Exact {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let part = |text| Exact::parse(text).expect("a number");
    part(above).divided_by(&part(below)).expect("not zero")
}

fn write(cell: &Cell) -> String {
    let mark = if cell.state.is_provisional() { "~" } else { "" };
    let text = match (cell.state.standing(), &cell.value) {
        (Standing::Known, Some(value)) => value.to_string(),
        (Standing::NotApplicable, None) => String::from("n/a"),
        (Standing::Missing, None) => String::from("-"),
        (Standing::Undefined, None) => String::from("?"),
        other => panic!("{other:?}"),
    };
    format!("{mark}{text}")
}

impl Sketch {
    fn node(&mut self, shape: Shape, op: Op) -> NodeId {
        let kind = Kind::Number(Measure::plain());
        self.program.push(Node { op, kind, shape, origin: Origin::default() })
    }

    fn figures(&mut self, shape: Shape, texts: &str) -> NodeId {
        let (states, values) = texts.split_whitespace().map(read).unzip();
        let column = Column::from_exact(values).with_states(states).expect("one state each");
        let source = ColumnSource::Attribute { name: String::from("x") };
        let kind = Kind::Number(Measure::plain());
        let id = ColumnId(u32::try_from(self.figures.len()).expect("few columns"));
        self.program.columns.push(ColumnSpec {
            source,
            kind,
            shape,
            step: None,
            scale: Exact::one(),
            bounds: Bounds::default(),
        });
        self.figures.push(column);
        self.node(shape, Op::Column(id))
    }

    fn units(&mut self, texts: &str) -> NodeId {
        self.figures(Shape::Unit, texts)
    }

    fn constant(&mut self, text: &str) -> NodeId {
        self.node(Shape::One, Op::Const(number_of(text)))
    }

    fn result(&mut self, frame: &Frame, shape: Shape, op: Op) -> String {
        let node = self.node(shape, op);
        let mut machine = Machine::new(&self.program, frame, Keep::Outputs);
        for (id, column) in (0u32..).map(ColumnId).zip(&self.figures) {
            machine.supply(id, column.clone()).expect("a column of the right length");
        }
        machine.require(&[node]).expect("a well-formed program");
        let column = machine.column(node).expect("an evaluated node");
        let cells: Vec<String> = (0..column.len()).map(|at| write(&column.cell(at))).collect();
        cells.join(" ")
    }
}

/// An operation on two columns of units.
fn two(op: fn(NodeId, NodeId) -> Op, a: &str, b: &str) -> String {
    let mut sketch = Sketch::default();
    let frame = Frame::flat(a.split_whitespace().count());
    let (a, b) = (sketch.units(a), sketch.units(b));
    sketch.result(&frame, Shape::Unit, op(a, b))
}

fn one(op: impl Fn(NodeId) -> Op, x: &str) -> String {
    let mut sketch = Sketch::default();
    let frame = Frame::flat(x.split_whitespace().count());
    let x = sketch.units(x);
    sketch.result(&frame, Shape::Unit, op(x))
}

#[test]
fn arithmetic_and_states() {
    assert_eq!(two(Op::Add, "1 0.5 - n/a ~2 ?", "2 1/3 1 - 1 -"), "3 5/6 - - ~3 ?");
    assert_eq!(two(Op::Sub, "1 1/3 n/a", "2 1/4 1"), "-1 1/12 n/a");
    assert_eq!(two(Op::Mul, "1.5 -2/3 ~-", "2 3/4 1"), "3 -0.5 ~-");
    assert_eq!(one(Op::Neg, "1 -0.5 0 -"), "-1 0.5 0 -");
    assert_eq!(two(Op::Min, "1 -2 - 1/3", "2 -3 1 1/4"), "1 -3 - 0.25");
    assert_eq!(two(Op::Max, "1 -2 ? 1/3", "2 -3 1 1/4"), "2 -2 ? 1/3");
}

#[test]
fn a_division_by_zero_is_undefined_in_its_lane_only() {
    assert_eq!(two(Op::Div, "1 0 - n/a 3 3 -4", "0 0 0 0 - 2 -3"), "? ? ? ? - 1.5 4/3");
    let mut sketch = Sketch::default();
    let (a, zero) = (sketch.units("1 -"), sketch.constant("0"));
    assert_eq!(sketch.result(&Frame::flat(2), Shape::Unit, Op::Div(a, zero)), "? ?");
}

#[test]
fn nothing_wraps_at_64_or_128_bits() {
    let sums = two(Op::Add, &format!("{TWO_63} {TWO_127_LESS_1}"), &format!("{TWO_63} 1"));
    assert_eq!(sums, format!("18446744073709551616 {TWO_127}"));
    let differences = two(Op::Sub, &format!("-{TWO_127} 0"), &format!("1 -{TWO_127}"));
    assert_eq!(differences, format!("-170141183460469231731687303715884105729 {TWO_127}"));
    assert_eq!(one(Op::Neg, &format!("-{TWO_127} 1")), format!("{TWO_127} -1"));
    let squares = two(Op::Mul, &format!("{TWO_63} {TWO_127} -{TWO_127}"), &format!("{TWO_63} {TWO_127} 1"));
    let square = "28948022309329048855892746252171976963317496166410141009864396001978282409984";
    assert_eq!(squares, format!("85070591730234615865843651857942052864 {square} -{TWO_127}"));
    let quotients = two(Op::Div, &format!("-{TWO_127} 1"), &format!("-1 -{TWO_127}"));
    assert_eq!(quotients.split(' ').next(), Some(TWO_127));
    let borders = format!("{TWO_127} {TWO_127_LESS_1} -{TWO_127}");
    let compared = two(|a, b| Op::Compare(Relation::Less, b, a), &borders, &format!("{TWO_127_LESS_1} {TWO_127} 0"));
    assert_eq!(compared, "1 0 0");
    let step = number_of("2");
    let round = |x| Op::Round { x, step: step.clone(), mode: Rounding::Up };
    assert_eq!(one(round, &format!("{TWO_127_LESS_1} {TWO_63}")), format!("{TWO_127} {TWO_63}"));
}

#[test]
fn comparisons_are_exact() {
    let tied = "1/3 0.3333333333333333333333333333333333333333 2 -";
    let all = [
        (Relation::Equal, "0 0 1 -"),
        (Relation::NotEqual, "1 1 0 -"),
        (Relation::Less, "0 1 0 -"),
        (Relation::AtMost, "0 1 1 -"),
        (Relation::Greater, "1 0 0 -"),
        (Relation::AtLeast, "1 0 1 -"),
    ];
    for (relation, expected) in all {
        let mut sketch = Sketch::default();
        let other = "0.3333333333333333333333333333333333333333 1/3 2 1";
        let (a, b) = (sketch.units(tied), sketch.units(other));
        assert_eq!(sketch.result(&Frame::flat(4), Shape::Unit, Op::Compare(relation, a, b)), expected);
    }
}

#[test]
fn logic_is_three_valued() {
    let (a, b) = ("0 0 0 0 1 1 1 - ~0 0", "0 1 - ? 1 - n/a n/a 1 ~-");
    assert_eq!(two(Op::And, a, b), "0 0 0 0 1 - n/a - ~0 0");
    assert_eq!(two(Op::Or, a, b), "0 1 - ? 1 1 1 - 1 ~-");
    assert_eq!(one(Op::Not, "0 1 - ~0"), "1 0 - ~1");
    assert_eq!(one(Op::IsKnown, "0 ~1 - n/a ? ~-"), "1 ~1 0 0 0 ~0");
}

#[test]
fn the_branch_not_taken_leaves_no_trace() {
    let mut sketch = Sketch::default();
    let when = sketch.units("1 0 1 0 - ~1 ~n/a");
    let then = sketch.units("5 ? - n/a 5 5 5");
    let otherwise = sketch.units("- 6 ? ~7 5 5 5");
    let select = Op::Select { when, then, otherwise };
    assert_eq!(sketch.result(&Frame::flat(7), Shape::Unit, select), "5 6 - ~7 - ~5 ~n/a");
}

#[test]
fn defaults() {
    assert_eq!(two(Op::IfMissing, "1 - - n/a ? ~-", "9 9 n/a 9 9 9"), "1 9 n/a n/a ? ~9");
    assert_eq!(two(Op::IfNotApplicable, "1 - n/a n/a ~n/a", "9 9 9 ~- 9"), "1 - 9 ~- ~9");
}

#[test]
fn steps_count_down_and_up_mathematically() {
    for (mode, expected) in
        [(StepMode::Whole, "5 -6 0 - 2"), (StepMode::Proportional, "5.9 -5.9 0 - 2"), (StepMode::Up, "6 -5 0 - 2")]
    {
        let mut sketch = Sketch::default();
        let (x, step) = (sketch.units("0.118 -0.118 0 - 0.04"), sketch.constant("0.02"));
        assert_eq!(sketch.result(&Frame::flat(5), Shape::Unit, Op::Steps { x, step, mode }), expected);
    }
    let steps = |x, step| Op::Steps { x, step, mode: StepMode::Whole };
    assert_eq!(two(steps, "1 7/3 7", "0 1/3 -2"), "? 7 -4");
}

#[test]
fn rounding_at_the_half() {
    for (mode, expected) in [
        (Rounding::HalfUp, "2.35 -2.35 2.34 2.36 0.33 -"),
        (Rounding::HalfEven, "2.34 -2.34 2.34 2.36 0.33 -"),
        (Rounding::Down, "2.34 -2.34 2.33 2.35 0.33 -"),
        (Rounding::Up, "2.35 -2.35 2.34 2.36 0.34 -"),
    ] {
        let step = Exact::decimal(1, 2);
        let round = |x| Op::Round { x, step: step.clone(), mode };
        assert_eq!(one(round, "2.345 -2.345 2.3351 2.355 1/3 -"), expected, "{mode:?}");
    }
}

/// Five units: two groups, the last unit not assessed; the first is above the others.
fn province() -> Frame {
    let parent = vec![None, Some(0), Some(0), Some(1), Some(1)];
    let assessed = vec![true, true, true, true, false];
    Frame::new(vec![7, 7, 3, 3, 7], parent, assessed, Vec::new()).expect("a consistent frame")
}

fn over(function: Aggregate, domain: Domain, x: &str, filter: Option<&str>) -> String {
    let mut sketch = Sketch::default();
    let x = sketch.units(x);
    let filter = filter.map(|filter| sketch.units(filter));
    let shape = if domain == Domain::All { Shape::One } else { Shape::Unit };
    sketch.result(&province(), shape, Op::Aggregate { function, over: domain, x: Some(x), filter })
}

#[test]
fn who_is_a_member() {
    let x = "1 2 4 8 16";
    assert_eq!(over(Aggregate::Sum, Domain::All, x, None), "15");
    assert_eq!(over(Aggregate::Sum, Domain::Peers, x, None), "3 3 12 12 3");
    assert_eq!(over(Aggregate::Sum, Domain::Subordinates, x, None), "6 24 0 0 0");
    assert_eq!(over(Aggregate::Highest, Domain::Subordinates, x, None), "4 16 - - -");
}

#[test]
fn members_that_are_not_known() {
    let all = |function, x| over(function, Domain::All, x, None);
    assert_eq!(all(Aggregate::Mean, "1 - n/a 4 9"), "~2.5");
    assert_eq!(all(Aggregate::Mean, "1 2 n/a n/a 9"), "1.5");
    assert_eq!(all(Aggregate::Sum, "- - n/a - 9"), "-");
    assert_eq!(all(Aggregate::Sum, "n/a n/a n/a n/a 9"), "0");
    assert_eq!(all(Aggregate::Lowest, "n/a n/a n/a n/a 9"), "-");
    assert_eq!(all(Aggregate::Highest, "1 ? - 2 9"), "~?");
    assert_eq!(all(Aggregate::Highest, "1 ~3 n/a 2 9"), "~3");
    assert_eq!(all(Aggregate::AllOf, "1 1 n/a - 0"), "~1");
    assert_eq!(all(Aggregate::AllOf, "n/a n/a n/a n/a 0"), "1");
    assert_eq!(all(Aggregate::AnyOf, "0 0 1 0 0"), "1");
    assert_eq!(all(Aggregate::AnyOf, "n/a n/a n/a n/a 1"), "0");
}

#[test]
fn conditions_choose_members() {
    let all = |function, x, filter| over(function, Domain::All, x, Some(filter));
    assert_eq!(all(Aggregate::Sum, "1 2 4 8 16", "1 0 1 n/a 1"), "5");
    assert_eq!(all(Aggregate::Sum, "1 ? 4 8 16", "1 0 - 1 1"), "~9");
    assert_eq!(all(Aggregate::Sum, "1 2 4 8 16", "0 0 - - 1"), "-");
    assert_eq!(all(Aggregate::Count, "- - - - -", "1 1 0 - 1"), "~2");
    assert_eq!(all(Aggregate::Count, "1 1 1 1 1", "0 0 0 0 1"), "0");
    assert_eq!(all(Aggregate::Sum, "1 2 4 8 16", "1 ~0 1 1 1"), "~13");
}

#[test]
fn middle_values() {
    let all = |function, x| over(function, Domain::All, x, None);
    assert_eq!(all(Aggregate::Median, "3 1 2 10 0"), "2.5");
    assert_eq!(all(Aggregate::Median, "3 1 n/a 10 0"), "3");
    assert_eq!(all(Aggregate::TrimmedMean, "3 1 2 10 0"), "2.5");
    assert_eq!(all(Aggregate::TrimmedMean, "3 3 3 3 0"), "3");
    assert_eq!(all(Aggregate::TrimmedMean, "3 1 n/a n/a 0"), "-");
    let big = format!("{TWO_127_LESS_1} {TWO_127_LESS_1} 1 0 0");
    assert_eq!(all(Aggregate::Sum, &big), "340282366920938463463374607431768211455");
}

#[test]
fn rows_belong_to_units() {
    let rows = Rows { owner: vec![1, 0, 1, 1], order: vec![202602, 202601, 202601, 202603] };
    let frame = Frame::new(vec![0; 3], vec![None; 3], vec![true, true, false], vec![rows]).expect("a frame");
    let shape = Shape::Rows(RowsetId(0));
    let over = Domain::Rows(RowsetId(0));
    let run = |function| {
        let mut sketch = Sketch::default();
        let x = sketch.figures(shape, "5 7 6 -");
        let base = sketch.units("10 20 30");
        let sum = sketch.node(shape, Op::Add(x, base));
        sketch.result(&frame, Shape::Unit, Op::Aggregate { function, over, x: Some(sum), filter: None })
    };
    assert_eq!(run(Aggregate::Last), "17 ~25 -");
    assert_eq!(run(Aggregate::Sum), "17 ~51 0");
    assert_eq!(run(Aggregate::Count), "1 3 0");
}

fn folded(function: Aggregate, members: &[&str]) -> String {
    let mut sketch = Sketch::default();
    let units = members.first().map_or(1, |member| member.split_whitespace().count());
    let members = members.iter().map(|member| sketch.units(member)).collect();
    sketch.result(&Frame::flat(units), Shape::Unit, Op::Fold { function, members })
}

#[test]
fn a_block_is_never_summed_from_part_of_its_items() {
    let items = ["1 n/a - n/a ? 1", "2 2 2 n/a - ~n/a", "0.5 - 1 n/a 1 2"];
    assert_eq!(folded(Aggregate::Sum, &items), "3.5 - - n/a ? ~3");
    assert_eq!(folded(Aggregate::Count, &items), "3 - - 0 ? ~2");
    assert_eq!(folded(Aggregate::Highest, &items), "2 - - n/a ? ~2");
    assert_eq!(folded(Aggregate::Lowest, &["-1 n/a", "n/a -2"]), "-1 -2");
    assert_eq!(folded(Aggregate::Mean, &["1 n/a 1", "2 3 2", "6 4 n/a"]), "3 3.5 1.5");
    assert_eq!(folded(Aggregate::AllOf, &["1 0 1 1", "1 - - n/a"]), "1 0 - 1");
    assert_eq!(folded(Aggregate::AnyOf, &["1 0 0 n/a", "- - 0 n/a"]), "1 - 0 0");
    assert_eq!(folded(Aggregate::Sum, &[]), "0");
    assert_eq!(folded(Aggregate::Mean, &[]), "-");
}

fn ranked(keys: &[(&str, bool)], within: Domain, ties: Ties, among: Option<&str>) -> String {
    let mut sketch = Sketch::default();
    let keys = keys.iter().map(|(key, higher)| (sketch.units(key), *higher)).collect();
    let among = among.map(|among| sketch.units(among));
    sketch.result(&province(), Shape::Unit, Op::Rank { keys, within, ties, among })
}

#[test]
fn places() {
    use Domain::{All, Peers};
    assert_eq!(ranked(&[("8 9 8 7 99", true)], All, Ties::Skip, None), "2 1 2 4 n/a");
    assert_eq!(ranked(&[("8 9 8 7 99", true)], All, Ties::Dense, None), "2 1 2 3 n/a");
    assert_eq!(ranked(&[("8 9 8 7 99", false)], Peers, Ties::Skip, None), "1 2 2 1 n/a");
    assert_eq!(ranked(&[("8 8 8 7 99", true), ("1 2 1 9 9", true)], All, Ties::Skip, None), "2 1 2 4 n/a");
    assert_eq!(ranked(&[("8 9 8 7 99", true)], All, Ties::Skip, Some("1 0 1 1 1")), "1 n/a 1 3 n/a");
    assert_eq!(ranked(&[("1/3 0.3333 3333/10000 1/3 0", true)], All, Ties::Skip, None), "1 3 3 1 n/a");
}

#[test]
fn places_that_can_still_change() {
    use Domain::{All, Peers};
    assert_eq!(ranked(&[("8 - 8 7 99", true)], Peers, Ties::Skip, None), "~1 - 1 2 n/a");
    assert_eq!(ranked(&[("8 n/a 8 ? -", true)], Peers, Ties::Skip, None), "1 n/a ~1 ? n/a");
    assert_eq!(ranked(&[("8 8 8 7 99", true), ("1 - 2 - 9", true)], All, Ties::Skip, None), "~2 ~3 ~1 4 n/a");
}

#[test]
fn one_matter_counts_once() {
    let rows = Rows { owner: vec![0, 0, 0, 0, 1, 1, 1, 0], order: vec![0; 8] };
    let frame = Frame::new(vec![0; 2], vec![None; 2], vec![true; 2], vec![rows]).expect("a frame");
    let shape = Shape::Rows(RowsetId(0));
    let run = |op: fn(NodeId, NodeId) -> Op| {
        let mut sketch = Sketch::default();
        let key = sketch.figures(shape, "7 7 8 7 7 - 7 n/a");
        let among = sketch.figures(shape, "0 1 1 - 0 1 1 1");
        sketch.result(&frame, shape, op(key, among))
    };
    let first = |key, among| Op::FirstOfMatter { key, among };
    assert_eq!(run(first), "0 1 1 0 0 - ~1 n/a");
    let has = |key, among| Op::MatterHas { key, among };
    assert_eq!(run(has), "~1 ~1 1 ~1 ~1 - ~1 n/a");
}
