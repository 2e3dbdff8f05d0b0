//! Ranges of expressions seen as quotients of polynomials.

use super::{
    Analysis, Range, Scope, Span,
    form::{Form, Polynomial},
};
use kaoping_program::{NodeId, Op};
use kaoping_terms::Exact;

/// How many operations are taken into one form.
const MOST_OPERATIONS: u32 = 200;
/// How often one form is split by a relation to an extreme.
const MOST_SPLITS: u32 = 4;

impl Analysis<'_> {
    /// The range of an arithmetic node narrowed by what its form says.
    pub(super) fn by_form(&mut self, node: NodeId, range: Range, scope: &mut Scope) -> Range {
        let mut budget = MOST_OPERATIONS;
        let Some(form) = self.form(node, true, scope, &mut budget) else {
            return range;
        };
        if form == Form::atom(node) {
            return range;
        }
        let found = self.form_range(&form, MOST_SPLITS, scope);
        let span = match (&range.span, &found.span) {
            (Some(span), Some(other)) => span.meet(other),
            _ => None,
        };
        // Exact is what is no wider than an exact range.
        let exact = (range.exact && span == range.span) || (found.exact && span == found.span);
        Range { span, exact, may_lack: range.may_lack }
    }

    /// The difference of two nodes as a polynomial, where it is one.
    pub(super) fn difference(&mut self, a: NodeId, b: NodeId, scope: &mut Scope) -> Option<Polynomial> {
        let mut budget = MOST_OPERATIONS;
        let a = self.form(a, false, scope, &mut budget)?;
        let b = self.form(b, false, scope, &mut budget)?;
        let form = a.plus(&b.negated())?;
        (form.bottom.value()? == Exact::one()).then_some(form.top)
    }

    /// A node as a quotient of polynomials over what is not taken apart: figures, choices
    /// between values, values that guards or extremes speak of.
    fn form(&mut self, node: NodeId, first: bool, scope: &mut Scope, budget: &mut u32) -> Option<Form> {
        let node = self.numbering.same(node);
        *budget = budget.checked_sub(1)?;
        if !first {
            if let Some(value) = self.walk(node, scope).value() {
                return Some(Form::constant(value.clone()));
            }
            let spoken_of = scope.facts.contains_key(&node) && !self.is_spread(node);
            if spoken_of || !self.numbering.extremes(node).is_empty() {
                return Some(Form::atom(node));
            }
        }
        match self.program.node(node).map(|node| &node.op)? {
            Op::Const(value) => Some(Form::constant(value.clone())),
            Op::Add(a, b) => self.form(*a, false, scope, budget)?.plus(&self.form(*b, false, scope, budget)?),
            Op::Sub(a, b) => self.form(*a, false, scope, budget)?.plus(&self.form(*b, false, scope, budget)?.negated()),
            Op::Mul(a, b) => self.form(*a, false, scope, budget)?.times(&self.form(*b, false, scope, budget)?),
            Op::Div(a, b) => self.form(*a, false, scope, budget)?.over(&self.form(*b, false, scope, budget)?),
            Op::Neg(x) => Some(self.form(*x, false, scope, budget)?.negated()),
            Op::Select { when, then, otherwise } => match self.walk(*when, scope).value() {
                Some(no) if no.is_zero() => self.form(*otherwise, false, scope, budget),
                Some(_) => self.form(*then, false, scope, budget),
                None => Some(Form::atom(node)),
            },
            _ => Some(Form::atom(node)),
        }
    }

    /// Whether a node is the highest less the lowest of one value: taken apart even where a
    /// guard speaks of it, so that it meets the same two elsewhere.
    fn is_spread(&self, node: NodeId) -> bool {
        let Some(Op::Sub(a, b)) = self.program.node(node).map(|node| &node.op) else {
            return false;
        };
        let of = |node: &NodeId| self.numbering.taken_of(self.numbering.same(*node));
        matches!((of(a), of(b)), (Some((first, _)), Some((second, _))) if first == second)
    }

    fn form_range(&mut self, form: &Form, splits: u32, scope: &mut Scope) -> Range {
        if let Some(range) = self.by_extreme(form, splits, scope) {
            return range;
        }
        if form.bottom.value().is_some() {
            return self.polynomial(&form.top, scope);
        }
        if let Some((whole, rest, slope, shift, atom)) = form.simple_quotient() {
            let inner = self.walk(atom, scope);
            let divisor = inner.span.map(|span| span.times(&Span::point(slope)).plus(&Span::point(shift)));
            let clear = divisor.as_ref().is_some_and(|span| !span.contains(&Exact::zero()));
            let span = divisor.and_then(|span| span.reciprocal());
            let span = span.map(|span| span.times(&Span::point(rest)).plus(&Span::point(whole)));
            return Range::of(span, inner.exact && clear);
        }
        let (top, bottom) = (self.polynomial(&form.top, scope), self.polynomial(&form.bottom, scope));
        let span = match (&top.span, &bottom.span) {
            (Some(top), Some(bottom)) => bottom.reciprocal().map(|bottom| top.times(&bottom)),
            _ => None,
        };
        let apart = self.independent(form.top.atoms().into_iter().chain(form.bottom.atoms()));
        Range::of(span, top.exact && bottom.exact && apart)
    }

    /// Linear in x, with a divisor free of x: the extremes stand where x is least and where it
    /// equals the highest of all (or greatest, and the lowest of all).
    fn by_extreme(&mut self, form: &Form, splits: u32, scope: &mut Scope) -> Option<Range> {
        let splits = splits.checked_sub(1)?;
        for own in form.top.atoms() {
            if form.top.degree(own) != 1 || form.bottom.degree(own) != 0 {
                continue;
            }
            let extremes = self.numbering.extremes(own).to_vec();
            if let Some(range) = self.between_extremes(form, own, &extremes, splits, scope) {
                return Some(range);
            }
            for (extreme, highest) in extremes {
                if form.top.degree(extreme) == 0 && form.bottom.degree(extreme) == 0 {
                    continue;
                }
                let range = self.walk(own, scope);
                let span = range.span.as_ref()?;
                let Some((end, itself)) = (if highest { span.low() } else { span.high() }).cloned() else {
                    continue;
                };
                let at_end = form.with(own, &Polynomial::constant(end))?;
                let at_extreme = form.with(own, &Polynomial::atom(extreme))?;
                let first = self.form_range(&at_end, splits, scope);
                let second = self.form_range(&at_extreme, splits, scope);
                let exact = first.exact && second.exact && itself && range.exact;
                return Some(Range::of(Some(first.span?.hull(&second.span?)), exact));
            }
        }
        None
    }

    /// The same where both the lowest and the highest of x stand in it, as in
    /// (x − 最低) / (最高 − 最低): x lies between the two.
    fn between_extremes(
        &mut self,
        form: &Form,
        own: NodeId,
        extremes: &[(NodeId, bool)],
        splits: u32,
        scope: &mut Scope,
    ) -> Option<Range> {
        let there = |wanted: bool| {
            let mut found = extremes.iter().filter(|(_, highest)| *highest == wanted).map(|(extreme, _)| *extreme);
            found.find(|extreme| form.top.degree(*extreme) + form.bottom.degree(*extreme) > 0)
        };
        let (lowest, highest) = (there(false)?, there(true)?);
        let mut at = |extreme: NodeId| {
            let form = form.with(own, &Polynomial::atom(extreme))?;
            Some(self.form_range(&form, splits, scope))
        };
        let (first, second) = (at(lowest)?, at(highest)?);
        Some(Range::of(Some(first.span?.hull(&second.span?)), first.exact && second.exact))
    }

    /// The sum of the ranges of the terms, narrowed by what guards say of the polynomial.
    fn polynomial(&mut self, polynomial: &Polynomial, scope: &mut Scope) -> Range {
        let mut total = Range::of(Some(Span::point(Exact::zero())), true);
        let mut uses = 0;
        for (powers, factor) in polynomial.terms() {
            let mut term = Span::point(factor.clone());
            for (atom, power) in powers {
                let range = self.walk(*atom, scope);
                total.exact &= range.exact && *power == 1;
                uses += 1;
                let Some(span) = range.span else {
                    return Range::of(None, true);
                };
                for _ in 0..*power {
                    term = term.times(&span);
                }
            }
            total.span = total.span.map(|sum| sum.plus(&term));
        }
        let atoms = polynomial.atoms();
        total.exact &= uses == atoms.len() && self.independent(atoms.into_iter());
        for (line, span) in &scope.lines {
            if let Some((factor, rest)) = polynomial.shifted_multiple_of(line) {
                let said = span.times(&Span::point(factor)).plus(&Span::point(rest));
                total.span = total.span.and_then(|span| span.meet(&said));
            }
        }
        total
    }

    /// Whether values rest on different figures, so that each can be anything by itself.
    fn independent(&self, atoms: impl Iterator<Item = NodeId>) -> bool {
        let mut seen = alloc::collections::BTreeSet::new();
        for atom in atoms {
            for root in self.numbering.roots(atom).iter() {
                if !seen.insert(*root) {
                    return false;
                }
            }
        }
        true
    }
}
