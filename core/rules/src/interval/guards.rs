//! What a condition that holds (or does not) says about the values in it.

use super::{Analysis, Scope, Span, form::Polynomial, opposite, turned};
use kaoping_program::{NodeId, Op, Relation};
use kaoping_terms::Exact;

/// Conditions are looked at again while they teach something new, at most so often.
const MOST_ROUNDS: usize = 4;

impl Analysis<'_> {
    /// Adds a condition to a scope; no where it cannot hold there.
    pub(super) fn assume(&mut self, scope: &mut Scope, condition: NodeId, yes: bool) -> bool {
        self.aside(|analysis| analysis.assumed(scope, condition, yes))
    }

    fn assumed(&mut self, scope: &mut Scope, condition: NodeId, yes: bool) -> bool {
        let condition = self.numbering.same(condition);
        scope.claims.push((condition, yes));
        let mut news = self.numbering.bearing(condition);
        for round in 0..MOST_ROUNDS {
            if self.fuel == 0 || (news == 0 && round > 0) {
                break;
            }
            // The newest first: what it decides keeps the others from being split on it again.
            for (condition, yes) in scope.claims.clone().into_iter().rev() {
                let bearing = self.numbering.bearing(condition);
                if (news & bearing != 0 || bearing == 0) && !self.claim(scope, condition, yes) {
                    return false;
                }
            }
            news = scope.take_news();
        }
        true
    }

    fn learn(&self, scope: &mut Scope, node: NodeId, span: &Span) -> bool {
        scope.learn(node, self.numbering.bearing(node), span)
    }

    fn truth(&mut self, scope: &mut Scope, condition: NodeId) -> Option<bool> {
        self.walk(condition, scope).value().map(|value| !value.is_zero())
    }

    fn claim(&mut self, scope: &mut Scope, condition: NodeId, yes: bool) -> bool {
        let condition = self.numbering.same(condition);
        if self.truth(scope, condition).is_some_and(|known| known != yes) {
            return false;
        }
        let Some(found) = self.program.node(condition) else {
            return true;
        };
        // Junctions and negations are remembered as claims; their parts carry what they say.
        let said = match found.op {
            Op::Not(x) => self.claim(scope, x, !yes),
            Op::And(a, b) => self.claim_junction(scope, a, b, yes, true),
            Op::Or(a, b) => self.claim_junction(scope, a, b, !yes, false),
            Op::Compare(relation, a, b) => {
                let relation = if yes { relation } else { opposite(relation) };
                self.compare(scope, relation, a, b)
            }
            _ => true,
        };
        said && self.learn(scope, condition, &Span::point(Exact::whole(i64::from(yes))))
    }

    /// `all`: both parts have the truth `part`; else at least one has the other truth.
    fn claim_junction(&mut self, scope: &mut Scope, a: NodeId, b: NodeId, all: bool, part: bool) -> bool {
        if all {
            return self.claim(scope, a, part) && self.claim(scope, b, part);
        }
        match (self.truth(scope, a), self.truth(scope, b)) {
            (Some(x), _) if x != part => true,
            (_, Some(y)) if y != part => true,
            (Some(_), _) => self.claim(scope, b, !part),
            (_, Some(_)) => self.claim(scope, a, !part),
            _ => self.one_of(scope, a, b, !part),
        }
    }

    /// One of two conditions has that truth: what both would teach is taken together.
    fn one_of(&mut self, scope: &mut Scope, a: NodeId, b: NodeId, truth: bool) -> bool {
        let (mut first, mut second) = (scope.fork(), scope.fork());
        let (first_holds, second_holds) = (self.claim(&mut first, a, truth), self.claim(&mut second, b, truth));
        let taken = match (first_holds, second_holds) {
            (false, false) => return false,
            (true, false) => first.facts,
            (false, true) => second.facts,
            (true, true) => {
                let both =
                    first.facts.iter().filter_map(|(node, span)| Some((*node, span.hull(second.facts.get(node)?))));
                both.collect()
            }
        };
        taken.iter().all(|(node, span)| self.learn(scope, *node, span))
    }

    fn compare(&mut self, scope: &mut Scope, relation: Relation, a: NodeId, b: NodeId) -> bool {
        let (a, b) = (self.numbering.same(a), self.numbering.same(b));
        let (Some(left), Some(right)) = (self.walk(a, scope).span, self.walk(b, scope).span) else {
            return false;
        };
        if relation == Relation::NotEqual {
            if let Some(value) = right.value() {
                scope.exclude(a, self.numbering.bearing(a), value);
            }
            if let Some(value) = left.value() {
                scope.exclude(b, self.numbering.bearing(b), value);
            }
        }
        let (above, below) = (Span::related(relation, &right), Span::related(turned(relation), &left));
        if !self.learn(scope, a, &above) || !self.learn(scope, b, &below) {
            return false;
        }
        self.walk(a, scope).span.is_some()
            && self.walk(b, scope).span.is_some()
            && self.compare_forms(scope, relation, a, b)
    }

    /// The difference of both sides as a polynomial, for what the sides alone do not say.
    fn compare_forms(&mut self, scope: &mut Scope, relation: Relation, a: NodeId, b: NodeId) -> bool {
        let difference = self.difference(a, b, scope);
        let Some(line) = difference.filter(|line: &Polynomial| line.value().is_none()) else {
            return true;
        };
        let span = Span::related(relation, &Span::point(Exact::zero()));
        let [atom] = line.atoms()[..] else {
            let bearing = line.atoms().into_iter().fold(0, |all, atom| all | self.numbering.bearing(atom));
            return relation == Relation::NotEqual || scope.learn_line(line, bearing, span);
        };
        // factor × atom + rest stands in the relation to zero.
        let Some((factor, rest)) = line.shifted_multiple_of(&Polynomial::atom(atom)) else {
            return true;
        };
        let Some(root) = (-rest).divided_by(&factor) else {
            return true;
        };
        if relation == Relation::NotEqual {
            scope.exclude(atom, self.numbering.bearing(atom), &root);
            return true;
        }
        let relation = if factor.is_negative() { turned(relation) } else { relation };
        self.learn(scope, atom, &Span::related(relation, &Span::point(root)))
    }

    /// Whether a condition cuts out exactly what was learnt from it, so that ends found under
    /// it are real.
    pub(super) fn is_sharp(&mut self, scope: &mut Scope, condition: NodeId, yes: bool) -> bool {
        let condition = self.numbering.same(condition);
        let Some(found) = self.program.node(condition) else {
            return false;
        };
        match found.op {
            Op::Not(x) => self.is_sharp(scope, x, !yes),
            Op::And(a, b) => self.is_sharp_junction(scope, a, b, yes, true),
            Op::Or(a, b) => self.is_sharp_junction(scope, a, b, !yes, false),
            Op::Compare(_, a, b) => self.walk(a, scope).value().is_some() || self.walk(b, scope).value().is_some(),
            Op::Column(_) | Op::Const(_) | Op::Aggregate { .. } => true,
            _ => false,
        }
    }

    fn is_sharp_junction(&mut self, scope: &mut Scope, a: NodeId, b: NodeId, all: bool, part: bool) -> bool {
        if all {
            return self.is_sharp(scope, a, part) && self.is_sharp(scope, b, part);
        }
        let (first, second) = (self.truth(scope, a), self.truth(scope, b));
        if first.is_none() && second.is_none() {
            // Either of two conditions on one quantity: the outer ends of both are real.
            let one = self.subject(scope, a).is_some_and(|subject| self.subject(scope, b) == Some(subject));
            return one && self.is_sharp(scope, a, !part) && self.is_sharp(scope, b, !part);
        }
        (first == Some(!part) && self.is_sharp(scope, a, !part))
            || (second == Some(!part) && self.is_sharp(scope, b, !part))
    }

    /// The quantity a condition compares with a constant.
    fn subject(&mut self, scope: &mut Scope, condition: NodeId) -> Option<NodeId> {
        let condition = self.numbering.same(condition);
        match self.program.node(condition).map(|node| &node.op)? {
            Op::Compare(_, a, b) if self.walk(*b, scope).value().is_some() => Some(self.numbering.same(*a)),
            Op::Compare(_, a, b) if self.walk(*a, scope).value().is_some() => Some(self.numbering.same(*b)),
            _ => None,
        }
    }
}
