//! The range of each operation from the ranges of its arguments.

use super::{Analysis, Range, RiskyDivision, RiskySteps, Scope, Span};
use kaoping_program::{Aggregate, ColumnId, Kind, NodeId, Op, StepMode};
use kaoping_terms::Exact;

impl Analysis<'_> {
    /// The values a node can take under the guards of a scope.
    pub(super) fn walk(&mut self, node: NodeId, scope: &mut Scope) -> Range {
        let node = self.numbering.same(node);
        let bearing = self.numbering.bearing(node);
        let guarded = scope.touches(node, bearing);
        let found = match guarded {
            false => self.free.get(&node).or_else(|| self.aside.get(&node).filter(|_| self.learning)),
            true => scope.found(node, self.learning),
        };
        if let Some(range) = found {
            return range.clone();
        }
        if self.fuel == 0 || self.depth >= super::DEEPEST {
            return self.skip(node);
        }
        self.fuel -= 1;
        self.depth += 1;
        let range = if guarded { self.fresh(node, scope) } else { self.fresh(node, &mut Scope::default()) };
        self.depth -= 1;
        if self.fuel == 0 {
            // What came out at the end of the fuel is wider than it need be for the next question.
            return range;
        }
        match (guarded, self.learning) {
            (true, learning) => scope.keep(node, bearing, learning, range.clone()),
            (false, true) => _ = self.aside.insert(node, range.clone()),
            (false, false) => _ = self.free.insert(node, range.clone()),
        }
        range
    }

    fn fresh(&mut self, node: NodeId, scope: &mut Scope) -> Range {
        let mut range = self.operation(node, scope);
        if let Some(fact) = scope.facts.get(&node).cloned() {
            range.span = range.span.and_then(|span| span.meet(&fact));
            // Narrowed by itself it is as exact as it was; its parts are not narrowed with it.
            range.exact |= self.aside(|analysis| analysis.in_base(node).exact);
        }
        range.exact &= !self.is_blurred(node, scope);
        range.span = range.span.and_then(|span| self.without_excluded(node, span, scope));
        range.span = range.span.and_then(|span| self.beside_extremes(node, span, scope));
        if range.span.is_some() && range.value().is_none() && self.is_arithmetic(node) {
            range = self.by_form(node, range, scope);
        }
        range
    }

    /// Whether a guard speaks of something computed from this figure: then the figure cannot
    /// be anything within its bounds, and ends that rest on it may not be attained.
    fn is_blurred(&self, node: NodeId, scope: &Scope) -> bool {
        let Some(Op::Column(_)) = self.program.node(node).map(|node| &node.op) else {
            return false;
        };
        scope.facts.keys().any(|fact| {
            let is_truth = || self.program.node(*fact).is_some_and(|fact| fact.kind == Kind::Truth);
            *fact != node && !self.numbering.disjoint(*fact, node) && !is_truth()
        })
    }

    fn is_arithmetic(&self, node: NodeId) -> bool {
        let op = self.program.node(node).map(|node| &node.op);
        matches!(op, Some(Op::Add(..) | Op::Sub(..) | Op::Mul(..) | Op::Div(..) | Op::Neg(_)))
    }

    /// Excluded values at the ends are cut off; words are whole numbers.
    fn without_excluded(&self, node: NodeId, mut span: Span, scope: &Scope) -> Option<Span> {
        let Some(excluded) = scope.excluded.get(&node) else {
            return Some(span);
        };
        let whole = matches!(self.program.node(node).map(|node| &node.kind), Some(Kind::Word(_) | Kind::Truth));
        // Each round cuts at most one value from each end.
        for _ in 0..=excluded.len() {
            for value in excluded {
                let (one, at_low) = (Exact::one(), span.low().is_some_and(|(low, itself)| *itself && low == value));
                let at_high = span.high().is_some_and(|(high, itself)| *itself && high == value);
                span = match (whole, at_low, at_high) {
                    (true, true, _) => Span::new(Some((value + &one, true)), span.high().cloned())?,
                    (true, _, true) => Span::new(span.low().cloned(), Some((value + &-one, true)))?,
                    _ => span.without(value)?,
                };
            }
        }
        Some(span)
    }

    /// A unit's own value is never above the highest nor below the lowest of all.
    fn beside_extremes(&mut self, node: NodeId, mut span: Span, scope: &mut Scope) -> Option<Span> {
        for (extreme, highest) in self.numbering.extremes(node).to_vec() {
            if let Some(fact) = scope.facts.get(&extreme) {
                let side =
                    if highest { Span::new(None, fact.high().cloned()) } else { Span::new(fact.low().cloned(), None) };
                span = span.meet(&side?)?;
            }
        }
        if let Some((own, highest)) = self.numbering.taken_of(node)
            && let Some(own) = self.walk(own, scope).span
        {
            let side = if highest { Span::new(own.low().cloned(), None) } else { Span::new(None, own.high().cloned()) };
            span = span.meet(&side?)?;
        }
        Some(span)
    }

    fn operation(&mut self, node: NodeId, scope: &mut Scope) -> Range {
        let Some(found) = self.program.node(node) else {
            return Range::unknown();
        };
        let truth = || Range::of(Some(Span::between(Exact::zero(), Exact::one())), true);
        match &found.op {
            Op::Const(value) => Range::of(Some(Span::point(value.clone())), true),
            Op::NotApplicable => Range { span: None, exact: true, may_lack: true },
            Op::Unreadable => Range::unknown(),
            Op::Column(column) => self.column(*column),
            Op::Add(a, b) => self.both(*a, *b, scope, |x, y| Some(x.plus(y))),
            Op::Sub(a, b) => self.both(*a, *b, scope, |x, y| Some(x.plus(&y.negated()))),
            Op::Mul(a, b) => self.both(*a, *b, scope, |x, y| Some(x.times(y))),
            Op::Div(a, b) => self.quotient(node, *a, *b, scope),
            Op::Neg(x) => {
                let range = self.walk(*x, scope);
                Range { span: range.span.map(|span| span.negated()), ..range }
            }
            Op::Min(a, b) => self.both(*a, *b, scope, |x, y| Some(x.smaller(y))),
            Op::Max(a, b) => self.both(*a, *b, scope, |x, y| Some(x.larger(y))),
            Op::Compare(relation, a, b) => self.both(*a, *b, scope, |x, y| {
                Some(match x.settles(*relation, y) {
                    Some(yes) => Span::point(Exact::whole(i64::from(yes))),
                    None => Span::between(Exact::zero(), Exact::one()),
                })
            }),
            Op::And(a, b) => self.junction(*a, *b, false, scope),
            Op::Or(a, b) => self.junction(*a, *b, true, scope),
            Op::Not(x) => {
                let range = self.walk(*x, scope);
                Range { span: range.span.map(|span| Span::point(Exact::one()).plus(&span.negated())), ..range }
            }
            Op::Select { when, then, otherwise } => self.select(*when, *then, *otherwise, scope),
            Op::Steps { x, step, mode } => self.steps(node, *x, *step, *mode, scope),
            Op::Round { x, step, mode } => {
                let range = self.walk(*x, scope);
                Range { span: range.span.map(|span| span.rising(|value| value.rounded(step, *mode))), ..range }
            }
            Op::IsKnown(x) => {
                self.walk(*x, scope);
                truth()
            }
            Op::IfMissing(a, b) => self.either(*a, *b, scope),
            Op::IfNotApplicable(a, b) => {
                let first = self.walk(*a, scope);
                if first.may_lack { self.either(*a, *b, scope) } else { first }
            }
            Op::Aggregate { function, x, filter, .. } => self.aggregate(*function, *x, *filter),
            Op::Fold { function, members } => self.fold(*function, members, scope),
            Op::FirstOfMatter { among, .. } | Op::MatterHas { among, .. } => {
                self.walk(*among, scope);
                truth()
            }
            Op::Rank { keys, among, .. } => {
                keys.iter().map(|(key, _)| *key).chain(*among).for_each(|node| {
                    self.in_base(node);
                });
                Range { span: Some(Span::at_least(Exact::one())), exact: true, may_lack: among.is_some() }
            }
        }
    }

    fn column(&self, column: ColumnId) -> Range {
        let Some(spec) = self.program.columns.get(column.0 as usize) else {
            return Range::unknown();
        };
        let declared = match &spec.kind {
            Kind::Truth => Some(Span::between(Exact::zero(), Exact::one())),
            Kind::Word(list) => self.program.word_lists.get(list.0 as usize).map(|list| {
                let last = i64::try_from(list.words.len()).unwrap_or(i64::MAX) - 1;
                Span::between(Exact::whole(if list.open { -1 } else { 0 }), Exact::whole(last.max(0)))
            }),
            _ => Span::of_bounds(&spec.bounds),
        };
        Range::of(Some(declared.unwrap_or_else(Span::everything)), true)
    }

    fn both(&mut self, a: NodeId, b: NodeId, scope: &mut Scope, f: impl Fn(&Span, &Span) -> Option<Span>) -> Range {
        let (x, y) = (self.walk(a, scope), self.walk(b, scope));
        let span = match (&x.span, &y.span) {
            (Some(x), Some(y)) => f(x, y),
            _ => None,
        };
        let single = span.as_ref().is_some_and(|span| span.value().is_some());
        Range {
            span,
            exact: single || (x.exact && y.exact && self.numbering.disjoint(a, b)),
            may_lack: x.may_lack || y.may_lack,
        }
    }

    /// The values of both: either may stand here.
    fn either(&mut self, a: NodeId, b: NodeId, scope: &mut Scope) -> Range {
        let (x, y) = (self.walk(a, scope), self.walk(b, scope));
        Range { may_lack: y.may_lack, ..joined(x, y) }
    }

    fn quotient(&mut self, node: NodeId, a: NodeId, b: NodeId, scope: &mut Scope) -> Range {
        let divisor = self.walk(b, scope).span;
        if self.fuel == 0 {
            self.skip(node);
        } else if let Some(span) = divisor.filter(|span| span.contains(&Exact::zero()) && !self.learning) {
            let risk = RiskyDivision { node, dividend: a, divisor: b, divisor_span: span };
            self.divisions.entry(node).or_insert(risk);
        }
        self.both(a, b, scope, |x, y| Some(x.times(&y.reciprocal()?)))
    }

    fn steps(&mut self, node: NodeId, x: NodeId, step: NodeId, mode: StepMode, scope: &mut Scope) -> Range {
        let counted = self.walk(x, scope).span;
        if self.fuel == 0 {
            self.skip(node);
        } else if let Some(span) = counted.filter(|span| span.reaches_below_zero() && !self.learning) {
            self.steps.entry(node).or_insert(RiskySteps { node, span });
        }
        self.both(x, step, scope, |x, step| {
            let count = x.times(&step.reciprocal()?);
            Some(match mode {
                StepMode::Proportional => count,
                StepMode::Whole => whole_steps(&count, Exact::floor, false),
                StepMode::Up => whole_steps(&count, Exact::ceiling, true),
            })
        })
    }

    /// The right side of 且 is looked at where the left holds, that of 或 where it does not.
    fn junction(&mut self, a: NodeId, b: NodeId, or: bool, scope: &mut Scope) -> Range {
        let left = self.walk(a, scope);
        let (decisive, other) = (Exact::whole(i64::from(or)), Exact::whole(i64::from(!or)));
        if left.value() == Some(&decisive) {
            return left;
        }
        let mut inside = scope.fork();
        let right = match (&left.span, left.value()) {
            (None, _) | (_, Some(_)) => self.walk(b, scope),
            _ if self.assume(&mut inside, a, !or) => self.walk(b, &mut inside),
            _ => left.clone(),
        };
        let can = |range: &Range, value: &Exact| range.span.as_ref().is_some_and(|span| span.contains(value));
        let decided = can(&left, &decisive) || can(&right, &decisive);
        let undecided = can(&left, &other) && can(&right, &other);
        let span = match (decided, undecided) {
            (true, true) => Some(Span::between(decisive, other)),
            (true, false) => Some(Span::point(decisive)),
            (false, true) => Some(Span::point(other)),
            (false, false) => None,
        };
        Range { span, exact: left.exact && right.exact, may_lack: left.may_lack || right.may_lack }
    }

    fn select(&mut self, when: NodeId, then: NodeId, otherwise: NodeId, scope: &mut Scope) -> Range {
        let condition = self.walk(when, scope);
        if let Some(known) = condition.value() {
            let taken = self.walk(if known.is_zero() { otherwise } else { then }, scope);
            return Range { may_lack: taken.may_lack || condition.may_lack, ..taken };
        }
        let branch = |analysis: &mut Self, yes: bool, node: NodeId| {
            let mut inside = scope.fork();
            if condition.span.is_none() || !analysis.assume(&mut inside, when, yes) {
                return Range::of(None, true);
            }
            let range = analysis.walk(node, &mut inside);
            // A choice further in asks for itself, with all guards on the way.
            let deeper = matches!(analysis.program.node(node).map(|node| &node.op), Some(Op::Select { .. }));
            let sharp = deeper
                || analysis.aside(|analysis| {
                    inside.claims.clone().into_iter().all(|(node, yes)| analysis.is_sharp(&mut inside, node, yes))
                });
            Range { exact: range.exact && sharp, ..range }
        };
        let (then, otherwise) = (branch(self, true, then), branch(self, false, otherwise));
        let may_lack = then.may_lack || otherwise.may_lack || condition.may_lack;
        Range { may_lack, ..joined(then, otherwise) }
    }

    fn aggregate(&mut self, function: Aggregate, x: Option<NodeId>, filter: Option<NodeId>) -> Range {
        let count = Range::of(Some(Span::at_least(Exact::zero())), true);
        if let Some(filter) = filter {
            self.in_base(filter);
        }
        let Some(x) = x else { return count };
        // Guards speak of the unit at hand, not of those the aggregate runs over.
        let mut inside = Scope::default();
        let member = match filter {
            Some(filter) if !self.assume(&mut inside, filter, true) => Range::of(None, true),
            Some(_) => self.walk(x, &mut inside),
            None => self.in_base(x),
        };
        let zero = Span::point(Exact::zero());
        match function {
            Aggregate::Count => count,
            Aggregate::AllOf | Aggregate::AnyOf => Range::of(Some(Span::between(Exact::zero(), Exact::one())), true),
            Aggregate::Sum => match member.span {
                None => Range::of(Some(zero), true),
                Some(span) => {
                    // Any number of members: a sign is all that remains.
                    let low = span.low().filter(|(low, _)| !low.is_negative()).map(|_| (Exact::zero(), true));
                    let high = span.high().filter(|(high, _)| !high.is_positive()).map(|_| (Exact::zero(), true));
                    Range::of(Span::new(low, high), member.exact)
                }
            },
            _ => Range { may_lack: false, ..member },
        }
    }

    fn fold(&mut self, function: Aggregate, members: &[NodeId], scope: &mut Scope) -> Range {
        let ranges: alloc::vec::Vec<Range> = members.iter().map(|member| self.walk(*member, scope)).collect();
        let zero = || Span::point(Exact::zero());
        let mut exact = ranges.iter().all(|range| range.exact);
        for (at, member) in members.iter().enumerate() {
            exact &= members.iter().take(at).all(|earlier| self.numbering.disjoint(*earlier, *member));
        }
        let all_lack = !ranges.is_empty() && ranges.iter().all(|range| range.may_lack);
        let spans = ranges.iter().filter_map(|range| range.span.clone());
        let span = match function {
            Aggregate::Sum => Some(ranges.iter().fold(zero(), |sum, range| match &range.span {
                Some(span) if range.may_lack => sum.plus(&span.hull(&zero())),
                Some(span) => sum.plus(span),
                None => sum,
            })),
            Aggregate::Highest | Aggregate::Lowest | Aggregate::Mean => {
                exact = false;
                spans.reduce(|hull, span| hull.hull(&span))
            }
            Aggregate::Count => {
                let most = i64::try_from(members.len()).unwrap_or(i64::MAX);
                let least = ranges.iter().filter(|range| !range.may_lack).count();
                Some(Span::between(Exact::whole(i64::try_from(least).unwrap_or(0)), Exact::whole(most)))
            }
            Aggregate::AllOf if ranges.iter().all(|range| range.value() == Some(&Exact::one())) => {
                Some(Span::point(Exact::one()))
            }
            Aggregate::AllOf | Aggregate::AnyOf => Some(Span::between(Exact::zero(), Exact::one())),
            _ => Some(Span::everything()),
        };
        Range { span, exact, may_lack: all_lack && function != Aggregate::Count }
    }
}

/// The hull of two ranges; exact where the values that decide it are.
fn joined(x: Range, y: Range) -> Range {
    let exact = |wide: &Range, narrow: &Range| match (&wide.span, &narrow.span) {
        (Some(wide_span), Some(narrow)) => wide.exact && wide_span.covers(narrow),
        (Some(_), None) => wide.exact,
        (None, _) => false,
    };
    let exact = (x.exact && y.exact) || exact(&x, &y) || exact(&y, &x);
    let span = match (x.span, y.span) {
        (Some(x), Some(y)) => Some(x.hull(&y)),
        (one, other) => one.or(other),
    };
    Range { span, exact, may_lack: x.may_lack || y.may_lack }
}

/// Numbers of steps brought to whole ones. An end that is not attained and is whole itself
/// gives the next whole number inwards where rounding does not reach it.
fn whole_steps(count: &Span, to_whole: impl Fn(&Exact) -> Exact, up: bool) -> Span {
    let end = |end: Option<&(Exact, bool)>, is_low: bool| {
        end.map(|(value, itself)| {
            let whole = to_whole(value);
            let beyond = !*itself && value.is_whole() && up == is_low;
            let inwards = Exact::whole(if is_low { 1 } else { -1 });
            (if beyond { &whole + &inwards } else { whole }, true)
        })
    };
    Span::new(end(count.low(), true), end(count.high(), false)).unwrap_or_else(|| count.rising(to_whole))
}
