//! A second evaluator, as plain as the definitions: one cell at a time on fractions of big
//! integers. It shares no arithmetic with the machine, so agreement means something.

use kaoping_program::*;
use kaoping_terms::{Exact, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A value and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Naive {
    pub(crate) standing: Standing,
    pub(crate) provisional: bool,
    pub(crate) value: BigRational,
}

/// What the naive evaluator runs over.
pub(crate) struct World<'a> {
    pub(crate) program: &'a Program,
    pub(crate) groups: &'a [u32],
    pub(crate) parent: &'a [Option<u32>],
    pub(crate) assessed: &'a [bool],
    pub(crate) rowsets: &'a [Rows],
    /// One list of cells for each column.
    pub(crate) columns: &'a [Vec<Naive>],
}

pub(crate) fn fraction(value: &Exact) -> BigRational {
    value.to_fraction().parse().expect("a fraction")
}

impl Naive {
    pub(crate) fn from_cell(cell: &Cell) -> Naive {
        let value = cell.value.as_ref().map_or_else(BigRational::zero, fraction);
        Naive::of(cell.state.standing(), cell.state.is_provisional(), value)
    }

    fn of(standing: Standing, provisional: bool, value: BigRational) -> Naive {
        let value = if standing == Standing::Known { value } else { BigRational::zero() };
        Naive { standing, provisional, value }
    }

    fn known(&self) -> bool {
        self.standing == Standing::Known
    }

    fn yes(&self) -> bool {
        self.known() && !self.value.is_zero()
    }

    fn no(&self) -> bool {
        self.known() && self.value.is_zero()
    }

    fn softened(mut self, provisional: bool) -> Naive {
        self.provisional |= provisional;
        self
    }
}

fn number(n: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(n))
}

fn truth(yes: bool) -> BigRational {
    number(i64::from(yes))
}

impl World<'_> {
    /// The cells of every node.
    pub(crate) fn run(&self) -> Vec<Vec<Naive>> {
        let mut done: Vec<Vec<Naive>> = Vec::new();
        for node in &self.program.nodes {
            let cells = (0..self.length(node.shape)).map(|lane| self.cell(&done, node, lane)).collect();
            done.push(cells);
        }
        done
    }

    fn length(&self, shape: Shape) -> usize {
        match shape {
            Shape::One => 1,
            Shape::Unit => self.groups.len(),
            Shape::Rows(rowset) => self.rowsets[rowset.0 as usize].owner.len(),
        }
    }

    fn lane(&self, from: Shape, to: Shape, lane: usize) -> usize {
        match (from, to) {
            (Shape::One, _) => 0,
            (Shape::Unit, Shape::Rows(rowset)) => self.rowsets[rowset.0 as usize].owner[lane] as usize,
            (from, to) if from == to => lane,
            _ => panic!("{from:?} used as {to:?}"),
        }
    }

    fn read(&self, done: &[Vec<Naive>], id: NodeId, to: Shape, lane: usize) -> Naive {
        let from = self.program.nodes[id.0 as usize].shape;
        done[id.0 as usize][self.lane(from, to, lane)].clone()
    }

    fn cell(&self, done: &[Vec<Naive>], node: &Node, lane: usize) -> Naive {
        let at = |id: &NodeId| self.read(done, *id, node.shape, lane);
        match &node.op {
            Op::Const(value) => Naive::of(Standing::Known, false, fraction(value)),
            Op::NotApplicable => Naive::of(Standing::NotApplicable, false, number(0)),
            Op::Unreadable => Naive::of(Standing::Missing, false, number(0)),
            Op::Column(id) => {
                let from = self.program.columns[id.0 as usize].shape;
                self.columns[id.0 as usize][self.lane(from, node.shape, lane)].clone()
            }
            Op::Select { when, then, otherwise } => {
                let when = at(when);
                match (when.known(), when.yes()) {
                    (false, _) => when,
                    (_, true) => at(then).softened(when.provisional),
                    _ => at(otherwise).softened(when.provisional),
                }
            }
            Op::And(a, b) => junction(&at(a), &at(b), false),
            Op::Or(a, b) => junction(&at(a), &at(b), true),
            Op::IsKnown(x) => Naive::of(Standing::Known, at(x).provisional, truth(at(x).known())),
            Op::IfMissing(a, b) => instead(at(a), at(b), Standing::Missing),
            Op::IfNotApplicable(a, b) => instead(at(a), at(b), Standing::NotApplicable),
            Op::Aggregate { function, over, x, filter } => self.aggregate(done, *function, *over, *x, *filter, lane),
            Op::Fold { function, members } => fold(*function, members.iter().map(at).collect()),
            Op::FirstOfMatter { key, among } => self.first(done, *key, *among, node.shape, lane),
            Op::MatterHas { key, among } => self.has(done, *key, *among, node.shape, lane),
            Op::Rank { keys, within, ties, among } => self.rank(done, keys, *within, *ties, *among, lane),
            op => {
                let arguments: Vec<Naive> = op.arguments().iter().map(at).collect();
                plain(op, &arguments)
            }
        }
    }

    fn aggregate(
        &self,
        done: &[Vec<Naive>],
        function: Aggregate,
        over: Domain,
        x: Option<NodeId>,
        filter: Option<NodeId>,
        lane: usize,
    ) -> Naive {
        let units = 0..self.groups.len();
        let (members, shape): (Vec<usize>, Shape) = match over {
            Domain::All => (units.filter(|u| self.assessed[*u]).collect(), Shape::Unit),
            Domain::Peers => {
                let same = |u: &usize| self.assessed[*u] && self.groups[*u] == self.groups[lane];
                (units.filter(same).collect(), Shape::Unit)
            }
            Domain::Subordinates => (units.filter(|u| self.parent[*u] == Some(lane as u32)).collect(), Shape::Unit),
            Domain::Rows(rowset) => {
                let owner = &self.rowsets[rowset.0 as usize].owner;
                ((0..owner.len()).filter(|r| owner[*r] as usize == lane).collect(), Shape::Rows(rowset))
            }
        };
        let order = |member: usize| match over {
            Domain::Rows(rowset) => self.rowsets[rowset.0 as usize].order[member],
            _ => 0,
        };
        let x = if function == Aggregate::Count { None } else { x };
        let one = Naive::of(Standing::Known, false, number(1));
        let (mut provisional, mut missing, mut undefined) = (false, 0, false);
        let mut known: Vec<(i64, BigRational)> = Vec::new();
        for member in members {
            let condition = filter.map_or(one.clone(), |f| self.read(done, f, shape, member));
            provisional |= condition.provisional;
            if condition.no() || condition.standing == Standing::NotApplicable {
                continue;
            }
            let value = x.map_or(one.clone(), |x| self.read(done, x, shape, member));
            provisional |= value.provisional;
            if value.standing == Standing::NotApplicable {
                continue;
            }
            match condition.standing.max(value.standing) {
                Standing::Undefined => undefined = true,
                Standing::Missing => missing += 1,
                _ => known.push((order(member), value.value)),
            }
        }
        if undefined {
            return Naive::of(Standing::Undefined, provisional || missing > 0 && !known.is_empty(), number(0));
        }
        if known.is_empty() && missing > 0 {
            return Naive::of(Standing::Missing, provisional, number(0));
        }
        provisional |= missing > 0;
        match statistic(function, known) {
            Some(value) => Naive::of(Standing::Known, provisional, value),
            None => Naive::of(Standing::Missing, provisional, number(0)),
        }
    }

    /// Rows of the same unit, with key and condition.
    fn beside(
        &self,
        done: &[Vec<Naive>],
        key: NodeId,
        among: NodeId,
        shape: Shape,
        row: usize,
    ) -> Vec<(usize, Naive, Naive)> {
        let Shape::Rows(rowset) = shape else { panic!("{shape:?}") };
        let owner = &self.rowsets[rowset.0 as usize].owner;
        let cells = |r: usize| (r, self.read(done, key, shape, r), self.read(done, among, shape, r));
        (0..owner.len()).filter(|r| owner[*r] == owner[row]).map(cells).collect()
    }

    fn first(&self, done: &[Vec<Naive>], key: NodeId, among: NodeId, shape: Shape, row: usize) -> Naive {
        let rows = self.beside(done, key, among, shape, row);
        let (_, k, a) = rows.iter().find(|(r, ..)| *r == row).expect("the row itself").clone();
        if a.no() {
            return a;
        }
        let mut provisional = a.provisional || k.provisional;
        let mut after = false;
        for (_, other, counts) in rows.iter().filter(|(r, ..)| *r < row && k.known()) {
            let same = other.known() && other.value == k.value;
            provisional |= (same || strays(other)) && open(other, counts);
            after |= same && counts.yes();
        }
        if after {
            return Naive::of(Standing::Known, provisional, truth(false));
        }
        Naive::of(a.standing.max(k.standing), provisional, truth(true))
    }

    fn has(&self, done: &[Vec<Naive>], key: NodeId, among: NodeId, shape: Shape, row: usize) -> Naive {
        let rows = self.beside(done, key, among, shape, row);
        let (_, k, _) = rows.iter().find(|(r, ..)| *r == row).expect("the row itself").clone();
        if !k.known() {
            return k;
        }
        let mut provisional = k.provisional || rows.iter().any(|(_, other, a)| strays(other) && open(other, a));
        let mut same: Vec<&Naive> =
            rows.iter().filter(|(_, other, _)| other.known() && other.value == k.value).map(|(_, _, a)| a).collect();
        provisional |= same.iter().any(|a| a.provisional);
        same.retain(|a| a.standing != Standing::NotApplicable);
        let owed = same.iter().filter(|a| a.standing == Standing::Missing).count();
        let known = same.iter().filter(|a| a.known()).count();
        provisional |= owed > 0 && known > 0;
        if same.iter().any(|a| a.standing == Standing::Undefined) {
            return Naive::of(Standing::Undefined, provisional, number(0));
        }
        let standing = if owed > 0 && known == 0 { Standing::Missing } else { Standing::Known };
        Naive::of(standing, provisional, truth(same.iter().any(|a| a.yes())))
    }

    fn rank(
        &self,
        done: &[Vec<Naive>],
        keys: &[(NodeId, bool)],
        within: Domain,
        ties: Ties,
        among: Option<NodeId>,
        unit: usize,
    ) -> Naive {
        let key = |k: usize, u: usize| self.read(done, keys[k].0, Shape::Unit, u);
        let own = |u: usize| -> Naive {
            let condition =
                among.map_or(Naive::of(Standing::Known, false, number(1)), |a| self.read(done, a, Shape::Unit, u));
            if !self.assessed[u] {
                return Naive::of(Standing::NotApplicable, false, number(0));
            }
            if condition.no() {
                return Naive::of(Standing::NotApplicable, condition.provisional, number(0));
            }
            let first = key(0, u);
            let standing = condition.standing.max(first.standing);
            Naive::of(standing, condition.provisional || first.provisional, number(0))
        };
        let mine = own(unit);
        if !mine.known() {
            return mine;
        }
        let group = (0..self.groups.len())
            .filter(|u| self.assessed[*u] && (within == Domain::All || self.groups[*u] == self.groups[unit]));
        let states: Vec<(usize, Naive)> = group.map(|u| (u, own(u))).collect();
        let mut provisional =
            states.iter().any(|(_, s)| s.provisional || matches!(s.standing, Standing::Missing | Standing::Undefined));
        let placed: Vec<usize> = states.iter().filter(|(_, s)| s.known()).map(|(u, _)| *u).collect();
        // Greater is better; unknown is worse than anything.
        let merit = |k: usize, u: usize| {
            let cell = key(k, u);
            let value = if keys[k].1 { cell.value.clone() } else { -cell.value.clone() };
            (cell.known(), value)
        };
        let merits = |u: usize| (0..keys.len()).map(|k| merit(k, u)).collect::<Vec<_>>();
        for k in 1..keys.len() {
            let tied: Vec<usize> =
                placed.iter().copied().filter(|u| (0..k).all(|j| merit(j, *u) == merit(j, unit))).collect();
            let open = tied.iter().any(|u| !key(k, *u).known() || key(k, *u).provisional);
            provisional |= tied.len() > 1 && open;
        }
        let mut better: Vec<_> = placed.iter().map(|u| merits(*u)).filter(|m| *m > merits(unit)).collect();
        if ties == Ties::Dense {
            better.sort();
            better.dedup();
        }
        Naive::of(Standing::Known, provisional, number(better.len() as i64 + 1))
    }
}

/// Whether a row may be about another matter than it says.
fn strays(key: &Naive) -> bool {
    key.provisional || matches!(key.standing, Standing::Missing | Standing::Undefined)
}

/// Whether a row leaves open what its matter comes to.
fn open(key: &Naive, among: &Naive) -> bool {
    let owed = |cell: &Naive| matches!(cell.standing, Standing::Missing | Standing::Undefined);
    let out = among.no() || among.standing == Standing::NotApplicable;
    among.provisional || (!out && (key.provisional || owed(among) || owed(key)))
}

fn junction(a: &Naive, b: &Naive, decisive: bool) -> Naive {
    let provisional = a.provisional || b.provisional;
    let deciding = || [a, b].into_iter().filter(|x| if decisive { x.yes() } else { x.no() });
    if deciding().next().is_some() {
        return Naive::of(Standing::Known, deciding().all(|x| x.provisional), truth(decisive));
    }
    Naive::of(a.standing.max(b.standing), provisional, truth(!decisive))
}

fn instead(a: Naive, b: Naive, lacking: Standing) -> Naive {
    if a.standing == lacking { b.softened(a.provisional) } else { a }
}

fn statistic(function: Aggregate, mut known: Vec<(i64, BigRational)>) -> Option<BigRational> {
    let total = |values: &[(i64, BigRational)]| values.iter().fold(number(0), |sum, (_, v)| sum + v);
    let size = |values: &[(i64, BigRational)]| number(values.len() as i64);
    if function == Aggregate::Last {
        known.sort();
        return known.pop().map(|(_, value)| value);
    }
    known.sort_by(|a, b| a.1.cmp(&b.1));
    let n = known.len();
    match function {
        Aggregate::Sum => Some(total(&known)),
        Aggregate::Count => Some(size(&known)),
        Aggregate::AllOf => Some(truth(known.iter().all(|(_, v)| !v.is_zero()))),
        Aggregate::AnyOf => Some(truth(known.iter().any(|(_, v)| !v.is_zero()))),
        _ if n == 0 => None,
        Aggregate::Highest => Some(known[n - 1].1.clone()),
        Aggregate::Lowest => Some(known[0].1.clone()),
        Aggregate::Mean => Some(total(&known) / size(&known)),
        Aggregate::Median if n % 2 == 1 => Some(known[n / 2].1.clone()),
        Aggregate::Median => Some((&known[n / 2].1 + &known[n / 2 - 1].1) / number(2)),
        Aggregate::TrimmedMean if n < 3 => None,
        Aggregate::TrimmedMean => Some(total(&known[1..n - 1]) / number(n as i64 - 2)),
        Aggregate::Last => unreachable!(),
    }
}

fn fold(function: Aggregate, members: Vec<Naive>) -> Naive {
    let provisional = members.iter().any(|m| m.provisional);
    let none = members.is_empty();
    let members: Vec<Naive> = members.into_iter().filter(|m| m.standing != Standing::NotApplicable).collect();
    match function {
        Aggregate::AllOf if members.iter().any(Naive::no) => {
            return Naive::of(Standing::Known, provisional, truth(false));
        }
        Aggregate::AnyOf if members.iter().any(Naive::yes) => {
            return Naive::of(Standing::Known, provisional, truth(true));
        }
        Aggregate::Sum | Aggregate::Mean | Aggregate::Highest | Aggregate::Lowest if members.is_empty() && !none => {
            return Naive::of(Standing::NotApplicable, provisional, number(0));
        }
        _ => {}
    }
    let standing = members.iter().map(|m| m.standing).max().unwrap_or(Standing::Known);
    if standing != Standing::Known {
        return Naive::of(standing, provisional, number(0));
    }
    match statistic(function, members.into_iter().map(|m| (0, m.value)).collect()) {
        Some(value) => Naive::of(Standing::Known, provisional, value),
        None => Naive::of(Standing::Missing, provisional, number(0)),
    }
}

/// Operations whose result needs every argument.
fn plain(op: &Op, arguments: &[Naive]) -> Naive {
    let standing = arguments.iter().map(|a| a.standing).max().expect("an argument");
    let provisional = arguments.iter().any(|a| a.provisional);
    let a = &arguments[0].value;
    let b = arguments.get(1).map_or_else(|| number(0), |b| b.value.clone());
    let by_zero = matches!(op, Op::Div(..) | Op::Steps { .. }) && arguments[1].no();
    if by_zero {
        return Naive::of(Standing::Undefined, provisional, number(0));
    }
    if standing != Standing::Known {
        return Naive::of(standing, provisional, number(0));
    }
    let value = match op {
        Op::Add(..) => a + b,
        Op::Sub(..) => a - b,
        Op::Mul(..) => a * b,
        Op::Div(..) => a / b,
        Op::Neg(_) => -a,
        Op::Min(..) => a.clone().min(b),
        Op::Max(..) => a.clone().max(b),
        Op::Not(_) => truth(a.is_zero()),
        Op::Compare(relation, ..) => truth(match relation {
            Relation::Equal => *a == b,
            Relation::NotEqual => *a != b,
            Relation::Less => *a < b,
            Relation::AtMost => *a <= b,
            Relation::Greater => *a > b,
            Relation::AtLeast => *a >= b,
        }),
        Op::Steps { mode, .. } => match mode {
            StepMode::Whole => floor(&(a / b)),
            StepMode::Proportional => a / b,
            StepMode::Up => -floor(&-(a / b)),
        },
        Op::Round { step, mode, .. } => rounded(a, &fraction(step), *mode),
        other => panic!("{other:?}"),
    };
    Naive::of(Standing::Known, provisional, value)
}

/// The greatest whole number not above it, from the truncating division of big integers.
fn floor(x: &BigRational) -> BigRational {
    let cut = x.numer() / x.denom();
    let above = BigRational::from_integer(cut.clone()) > *x;
    BigRational::from_integer(if above { cut - 1 } else { cut })
}

fn rounded(x: &BigRational, step: &BigRational, mode: Rounding) -> BigRational {
    let size = x.abs() / step;
    let down = floor(&size);
    let rest = &size - &down;
    let half = number(1) / number(2);
    let even = (down.numer() % BigInt::from(2)).is_zero();
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => !rest.is_zero(),
        Rounding::HalfUp => rest >= half,
        Rounding::HalfEven => rest > half || (rest == half && !even),
    };
    let whole = if up { down + BigRational::one() } else { down };
    whole * step * x.signum()
}
