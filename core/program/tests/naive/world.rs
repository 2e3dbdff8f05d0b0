//! Random programs, frames and figures. A recipe is a list of numbers; what they choose
//! depends on what stands before, so that every recipe gives a well-formed program.

use super::naive::Naive;
use kaoping_program::*;
use kaoping_terms::{Exact, Measure, Rounding};
use proptest::prelude::*;

/// Units, rows and figures of one case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) program: Program,
    pub(crate) groups: Vec<u32>,
    pub(crate) parent: Vec<Option<u32>>,
    pub(crate) assessed: Vec<bool>,
    pub(crate) rowsets: Vec<Rows>,
    pub(crate) figures: Vec<Column>,
}

impl Case {
    pub(crate) fn frame(&self) -> Frame {
        let parts = (self.groups.clone(), self.parent.clone(), self.assessed.clone(), self.rowsets.clone());
        Frame::new(parts.0, parts.1, parts.2, parts.3).expect("a consistent frame")
    }

    pub(crate) fn cells(&self) -> Vec<Vec<Naive>> {
        let cells = |column: &Column| (0..column.len()).map(|at| Naive::from_cell(&column.cell(at))).collect();
        self.figures.iter().map(cells).collect()
    }
}

/// Numbers drawn one after another, from what proptest shrinks.
struct Dice<'a> {
    numbers: std::slice::Iter<'a, u32>,
}

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        let drawn = self.numbers.next().copied().unwrap_or(0) as usize;
        if sides == 0 { 0 } else { drawn % sides }
    }

    fn chance(&mut self, of: usize) -> bool {
        self.roll(of) == 1
    }
}

/// A wild number, often at the border of a width.
fn wild(dice: &mut Dice) -> Exact {
    let whole = [0, 1, 3, 1 << 31, i128::from(i64::MAX), 1 << 63, (1 << 64) - 1, i128::MAX, i128::MIN, 7, 100];
    let below = [1, 1, 2, 3, 7, 100, 1 << 40, i128::from(i64::MAX), 1 << 63, i128::MAX];
    let value = Exact::ratio(whole[dice.roll(whole.len())], below[dice.roll(below.len())]).expect("not zero");
    let value = match dice.roll(8) {
        1 => value.clone() * value,
        2 => value + Exact::decimal(1, 45),
        _ => value,
    };
    if dice.chance(2) { -value } else { value }
}

fn tame(dice: &mut Dice) -> Exact {
    Exact::ratio(dice.roll(40) as i128 - 10, [1, 1, 2, 10, 100, 3][dice.roll(6)]).expect("not zero")
}

fn figures(dice: &mut Dice, kind: &Kind, length: usize) -> Column {
    let column = match (kind, dice.roll(5)) {
        (Kind::Truth, _) => Column::from_codes((0..length).map(|_| dice.roll(2) as i64).collect()),
        (_, 0) => Column::from_exact((0..length).map(|_| wild(dice)).collect()),
        (_, 1) => Column::from_exact((0..length).map(|_| tame(dice)).collect()),
        (_, 2) => {
            let places = [0, 2, 18, 38, 39, 45][dice.roll(6)];
            let near = [0, i128::from(i64::MAX) - 2, i128::MAX - 40, i128::MIN, -20];
            Column::from_decimals((0..length).map(|_| near[dice.roll(5)] + dice.roll(40) as i128).collect(), places)
        }
        (_, 3) => {
            // As figures are read and as code over blocks leaves them.
            let below = [1, 2, 100, 1000][dice.roll(4)];
            let form = dice.roll(3);
            let numbers = (0..length).map(|_| dice.roll(30) as i64 - 5);
            let numbers = match form {
                0 => Numerators::Short(numbers.map(|number| number as i32).collect()),
                1 => Numerators::Long(numbers.map(|number| i64::MAX - 40 + number).collect()),
                _ => Numerators::Long(numbers.collect()),
            };
            Column::from_short(numbers, below).expect("above zero")
        }
        _ => {
            let places = dice.roll(3) as u32;
            Column::from_decimals((0..length).map(|_| dice.roll(30) as i128 - 5).collect(), places)
        }
    };
    if dice.roll(3) > 0 {
        return column;
    }
    let states = (0..length).map(|_| {
        let state = match dice.roll(24) {
            1..4 => State::MISSING,
            4..7 => State::NOT_APPLICABLE,
            7 => State::UNDEFINED,
            _ => State::KNOWN,
        };
        state.provisional_if(dice.chance(12))
    });
    let states = states.collect();
    column.with_states(states).expect("one state each")
}

struct Builder<'a> {
    dice: Dice<'a>,
    program: Program,
    /// About how many digits, in bits, a value of each node may have.
    bits: Vec<usize>,
    /// Whether operations may look at the order of rows.
    ordered: bool,
}

/// Beyond this many bits nothing is multiplied or added any more.
const LARGEST: usize = 6000;

impl Builder<'_> {
    fn push(&mut self, op: Op, truth: bool, shape: Shape, bits: usize) -> NodeId {
        let kind = if truth { Kind::Truth } else { Kind::Number(Measure::plain()) };
        self.bits.push(bits);
        self.program.push(Node { op, kind, shape, origin: Origin::default() })
    }

    fn shape(&mut self) -> Shape {
        match self.dice.roll(8) {
            0 => Shape::One,
            1 | 2 => Shape::Rows(RowsetId(0)),
            3 => Shape::Rows(RowsetId(1)),
            _ => Shape::Unit,
        }
    }

    /// A node that may be used in that shape; late nodes are likelier.
    fn any(&mut self, truth: bool, shape: Shape) -> NodeId {
        let fits = |node: &Node| {
            let smaller = node.shape == shape || node.shape == Shape::One;
            (node.kind == Kind::Truth) == truth
                && (smaller || (node.shape == Shape::Unit && matches!(shape, Shape::Rows(_))))
        };
        let nodes = (0u32..).map(NodeId).zip(&self.program.nodes);
        let fitting: Vec<NodeId> = nodes.filter(|(_, node)| fits(node)).map(|(id, _)| id).collect();
        let back = self.dice.roll(fitting.len()).min(self.dice.roll(fitting.len()));
        fitting[fitting.len() - 1 - back]
    }

    fn size(&self, nodes: &[NodeId]) -> usize {
        nodes.iter().map(|node| self.bits[node.0 as usize]).sum()
    }

    fn column(&mut self, kind: Kind, shape: Shape) {
        let truth = kind == Kind::Truth;
        let source = ColumnSource::External { name: String::from("x") };
        let id = ColumnId(self.program.columns.len() as u32);
        self.program.columns.push(ColumnSpec {
            source,
            kind,
            shape,
            step: None,
            scale: Exact::one(),
            bounds: Bounds::default(),
        });
        self.push(Op::Column(id), truth, shape, 600);
    }

    /// Figures and constants; late nodes are used more, so the unknown ones come first.
    fn base(&mut self) {
        self.push(Op::NotApplicable, false, Shape::Unit, 1);
        self.push(Op::Unreadable, false, Shape::One, 1);
        let number = Kind::Number(Measure::plain());
        let (zero, one) = (Shape::Rows(RowsetId(0)), Shape::Rows(RowsetId(1)));
        for shape in [Shape::One, Shape::Unit, Shape::Unit, Shape::Unit, zero, zero, one] {
            self.column(number.clone(), shape);
        }
        for shape in [Shape::One, Shape::Unit, Shape::Unit, zero, one] {
            self.column(Kind::Truth, shape);
        }
        for _ in 0..3 {
            let value = tame(&mut self.dice);
            self.push(Op::Const(value), false, Shape::One, 20);
        }
        let value = wild(&mut self.dice);
        self.push(Op::Const(value), false, Shape::Unit, 600);
    }

    /// One more node of any operation.
    fn grow(&mut self) {
        let shape = self.shape();
        let (a, b) = (self.any(false, shape), self.any(false, shape));
        let (p, q) = (self.any(true, shape), self.any(true, shape));
        let both = self.size(&[a, b]);
        let (bits, fits) = (both + 2, both < LARGEST);
        let either = self.size(&[a]).max(self.size(&[b]));
        let kind = self.dice.roll(29);
        let mut number = |op, bits| self.push(op, false, shape, bits);
        match kind {
            0 if fits => number(Op::Add(a, b), bits),
            1 if fits => number(Op::Sub(a, b), bits),
            2 if fits => number(Op::Mul(a, b), bits),
            3 | 4 if fits => number(Op::Div(a, b), bits),
            0..=5 => number(Op::Min(a, b), either),
            6 => number(Op::Max(a, b), either),
            7 => number(Op::Neg(a), either),
            8 => number(Op::Select { when: p, then: a, otherwise: b }, either),
            9 => number(Op::IfMissing(a, b), either),
            10 => number(Op::IfNotApplicable(a, b), either),
            11 => self.compare(a, b, shape),
            12 => self.push(Op::And(p, q), true, shape, 1),
            13 => self.push(Op::Or(p, q), true, shape, 1),
            14 => self.push(Op::Not(p), true, shape, 1),
            15 => self.push(Op::IsKnown(a), true, shape, 1),
            16 if fits => {
                let mode = [StepMode::Whole, StepMode::Proportional, StepMode::Up][self.dice.roll(3)];
                self.push(Op::Steps { x: a, step: b, mode }, false, shape, bits)
            }
            16..=18 => self.round(a, shape),
            19..23 => self.aggregate(),
            23 | 24 => self.fold(shape),
            25 | 26 if self.ordered => self.matter(),
            _ => self.rank(),
        };
    }

    fn compare(&mut self, a: NodeId, b: NodeId, shape: Shape) -> NodeId {
        use Relation::*;
        let relation = [Equal, NotEqual, Less, AtMost, Greater, AtLeast][self.dice.roll(6)];
        self.push(Op::Compare(relation, a, b), true, shape, 1)
    }

    fn round(&mut self, x: NodeId, shape: Shape) -> NodeId {
        let mode = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up][self.dice.roll(4)];
        let step =
            if self.dice.chance(6) { wild(&mut self.dice).abs() } else { Exact::decimal(1, self.dice.roll(3) as u32) };
        let step = if step.is_zero() { Exact::one() } else { step };
        let bits = self.size(&[x]) + 600;
        self.push(Op::Round { x, step, mode }, false, shape, bits)
    }

    fn aggregate(&mut self) -> NodeId {
        use Aggregate::*;
        let functions = [Highest, Lowest, Sum, Mean, Median, Count, TrimmedMean, Last, AllOf, AnyOf];
        let function = functions[self.dice.roll(functions.len())];
        let rows = RowsetId(self.dice.roll(2) as u32);
        let over = [Domain::Peers, Domain::All, Domain::Subordinates, Domain::Rows(rows), Domain::Rows(rows)]
            [self.dice.roll(5)];
        let lanes = if matches!(over, Domain::Rows(_)) { Shape::Rows(rows) } else { Shape::Unit };
        let truth = matches!(function, AllOf | AnyOf);
        let x = self.any(truth, lanes);
        let bits = self.size(&[x]) * 8;
        let function = if bits > LARGEST && matches!(function, Sum | Mean | TrimmedMean) { Highest } else { function };
        let x = (function != Count || self.dice.chance(4)).then_some(x);
        let filter = if self.dice.chance(2) { Some(self.any(true, lanes)) } else { None };
        let shape = if over == Domain::All && !self.dice.chance(3) { Shape::One } else { Shape::Unit };
        self.push(Op::Aggregate { function, over, x, filter }, truth, shape, bits)
    }

    fn fold(&mut self, shape: Shape) -> NodeId {
        use Aggregate::*;
        let function = [Sum, Sum, Mean, Count, Highest, Lowest, AllOf, AnyOf][self.dice.roll(8)];
        let truth = matches!(function, AllOf | AnyOf);
        let members: Vec<NodeId> = (0..self.dice.roll(5)).map(|_| self.any(truth, shape)).collect();
        let bits = self.size(&members);
        let function = if bits > LARGEST && matches!(function, Sum | Mean) { Lowest } else { function };
        self.push(Op::Fold { function, members: members.into() }, truth, shape, bits)
    }

    fn matter(&mut self) -> NodeId {
        let shape = Shape::Rows(RowsetId(self.dice.roll(2) as u32));
        let (number, truth) = (self.any(false, shape), self.any(true, shape));
        let (key, among) = (if self.dice.chance(3) { number } else { self.any(true, shape) }, truth);
        let op = if self.dice.chance(2) { Op::FirstOfMatter { key, among } } else { Op::MatterHas { key, among } };
        self.push(op, true, shape, 1)
    }

    fn rank(&mut self) -> NodeId {
        let count = 1 + self.dice.roll(3);
        let keys: Vec<(NodeId, bool)> =
            (0..count).map(|_| (self.any(false, Shape::Unit), self.dice.chance(2))).collect();
        let within = [Domain::Peers, Domain::All][self.dice.roll(2)];
        let ties = [Ties::Skip, Ties::Dense][self.dice.roll(2)];
        let among = if self.dice.chance(2) { Some(self.any(true, Shape::Unit)) } else { None };
        self.push(Op::Rank { keys: keys.into(), within, ties, among }, false, Shape::Unit, 4)
    }
}

fn build(numbers: &[u32], nodes: usize, ordered: bool) -> Case {
    let mut dice = Dice { numbers: numbers.iter() };
    let units = dice.roll(10);
    let groups = (0..units).map(|_| dice.roll(2) as u32 * 5).collect();
    let parent = (0..units).map(|u| if dice.chance(2) && u > 0 { Some(dice.roll(u) as u32) } else { None }).collect();
    let assessed = (0..units).map(|_| !dice.chance(5)).collect();
    let rowsets = (0..2).map(|_| {
        let rows = if units == 0 { 0 } else { dice.roll(3 * units) };
        let owner = (0..rows).map(|_| dice.roll(units) as u32).collect();
        Rows { owner, order: (0..rows).map(|_| dice.roll(4) as i64).collect() }
    });
    let rowsets: Vec<Rows> = rowsets.collect();
    let mut builder = Builder { dice, program: Program::default(), bits: Vec::new(), ordered };
    builder.base();
    for _ in 0..nodes {
        builder.grow();
    }
    let Builder { mut dice, program, .. } = builder;
    let length = |shape| match shape {
        Shape::One => 1,
        Shape::Unit => units,
        Shape::Rows(rowset) => rowsets[rowset.0 as usize].owner.len(),
    };
    let figures = program.columns.iter().map(|spec| figures(&mut dice, &spec.kind, length(spec.shape))).collect();
    Case { program, groups, parent, assessed, rowsets, figures }
}

/// Random cases of up to 40 nodes over up to 9 units. With `ordered` an operation may look
/// at the order of rows, as [`Op::FirstOfMatter`] does.
pub(crate) fn cases(ordered: bool) -> impl Strategy<Value = Case> {
    let numbers = prop::collection::vec(any::<u32>(), 2000);
    (numbers, 0usize..40).prop_map(move |(numbers, nodes)| build(&numbers, nodes, ordered))
}
