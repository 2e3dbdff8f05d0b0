//! What is known where an expression stands: the guards on the way to it.

use super::{Range, Span, form::Polynomial};
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
    /// Ranges found out.
    pub(super) memo: BTreeMap<NodeId, Range>,
    /// Whether something was learnt since it was last asked.
    pub(super) changed: bool,
}

impl Scope {
    /// Whether nothing is known here that is not known everywhere.
    pub(super) fn is_free(&self) -> bool {
        self.facts.is_empty() && self.excluded.is_empty() && self.lines.is_empty() && self.claims.is_empty()
    }

    /// The same guards, to which others are added for a branch.
    pub(super) fn fork(&self) -> Scope {
        Scope { memo: BTreeMap::new(), changed: false, ..self.clone() }
    }

    /// Narrows a value; no where nothing is left of it.
    pub(super) fn learn(&mut self, node: NodeId, span: &Span) -> bool {
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
        self.news();
        true
    }

    /// Excludes one value.
    pub(super) fn exclude(&mut self, node: NodeId, value: &Exact) {
        if self.excluded.entry(node).or_default().insert(value.clone()) {
            self.news();
        }
    }

    /// Narrows a polynomial; no where nothing is left of it.
    pub(super) fn learn_line(&mut self, line: Polynomial, span: Span) -> bool {
        match self.lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, known)) => match known.meet(&span) {
                Some(narrowed) if narrowed == *known => return true,
                Some(narrowed) => *known = narrowed,
                None => return false,
            },
            None => self.lines.push((line, span)),
        }
        self.news();
        true
    }

    /// Ranges found out before may be too wide now.
    fn news(&mut self) {
        self.changed = true;
        self.memo.clear();
    }
}
