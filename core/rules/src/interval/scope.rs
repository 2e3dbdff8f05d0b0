//! What is known where an expression stands: the guards on the way to it.

use super::{Range, Span, form::Polynomial, numbering::Bearing};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::NodeId;
use kaoping_terms::Exact;

/// The guards on the way to an expression, and the ranges found out there.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Narrowed values.
    pub(super) facts: BTreeMap<NodeId, Span>,
    /// Values that are excluded, such as words of a list.
    pub(super) excluded: BTreeMap<NodeId, BTreeSet<Exact>>,
    /// Narrowed polynomials, such as goal − floor > 0.
    pub(super) lines: Vec<(Polynomial, Span)>,
    /// Conditions that hold (or not).
    pub(super) claims: Vec<(NodeId, bool)>,
    /// What all of this bears on: other values are what they are without guards.
    touched: Bearing,
    /// What was learnt since it was last asked bears on.
    news: Bearing,
    found: Found,
}

/// Ranges found out under the guards of a scope.
#[derive(Clone, Debug, Default)]
struct Found {
    computed: BTreeMap<NodeId, (Bearing, Range)>,
    /// Of what was only looked at while learning from conditions.
    aside: BTreeMap<NodeId, (Bearing, Range)>,
}

impl Scope {
    /// Whether the guards say something of a value.
    pub(super) fn touches(&self, node: NodeId, bearing: Bearing) -> bool {
        self.touched & bearing != 0 || self.facts.contains_key(&node)
    }

    /// The same guards, to which others are added for a branch.
    pub(super) fn fork(&self) -> Scope {
        Scope {
            facts: self.facts.clone(),
            excluded: self.excluded.clone(),
            lines: self.lines.clone(),
            claims: self.claims.clone(),
            touched: self.touched,
            news: 0,
            found: Found::default(),
        }
    }

    /// The range found out before. What was only looked at has to be met again where it is
    /// computed.
    pub(super) fn found(&self, node: NodeId, learning: bool) -> Option<&Range> {
        let computed = self.found.computed.get(&node);
        let known = computed.or_else(|| self.found.aside.get(&node).filter(|_| learning));
        known.map(|(_, range)| range)
    }

    /// Remembers a range.
    pub(super) fn keep(&mut self, node: NodeId, bearing: Bearing, learning: bool, range: Range) {
        let found = if learning { &mut self.found.aside } else { &mut self.found.computed };
        found.insert(node, (bearing, range));
    }

    /// What was learnt since it was last asked bears on.
    pub(super) fn take_news(&mut self) -> Bearing {
        core::mem::take(&mut self.news)
    }

    /// Narrows a value; no where nothing is left of it.
    pub(super) fn learn(&mut self, node: NodeId, bearing: Bearing, span: &Span) -> bool {
        if *span == Span::everything() {
            return true;
        }
        let narrowed = match self.facts.get(&node) {
            Some(known) => match known.meet(span) {
                Some(narrowed) if narrowed == *known => return true,
                Some(narrowed) => narrowed,
                None => return false,
            },
            None => span.clone(),
        };
        self.facts.insert(node, narrowed);
        self.learnt(bearing);
        true
    }

    /// Excludes one value.
    pub(super) fn exclude(&mut self, node: NodeId, bearing: Bearing, value: &Exact) {
        if self.excluded.entry(node).or_default().insert(value.clone()) {
            self.learnt(bearing);
        }
    }

    /// Narrows a polynomial; no where nothing is left of it.
    pub(super) fn learn_line(&mut self, line: Polynomial, bearing: Bearing, span: Span) -> bool {
        match self.lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, known)) => match known.meet(&span) {
                Some(narrowed) if narrowed == *known => return true,
                Some(narrowed) => *known = narrowed,
                None => return false,
            },
            None => self.lines.push((line, span)),
        }
        self.learnt(bearing);
        true
    }

    /// Ranges found out before may be too wide now, where this bears on them.
    fn learnt(&mut self, bearing: Bearing) {
        self.touched |= bearing;
        self.news |= bearing;
        self.found.computed.retain(|_, (other, _)| *other & bearing == 0);
        self.found.aside.retain(|_, (other, _)| *other & bearing == 0);
    }
}
