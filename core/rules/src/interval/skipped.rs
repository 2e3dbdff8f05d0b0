//! What a question had no fuel left for: looked at by itself, without the guards on the way.
//!
//! Many cases, each with several conditions, double the ways to what stands behind them. The way
//! is given up at some point, but not what lies behind it: without guards a value is never
//! narrower than with them, so a division that is safe by itself is safe there, and one that is
//! not is told. Nothing is passed over in silence.

use super::{Analysis, FUEL, Range, RiskyDivision, RiskySteps, Span};
use alloc::collections::BTreeSet;
use kaoping_program::{NodeId, Op};
use kaoping_terms::Exact;

impl Analysis<'_> {
    /// One question with all the fuel there is.
    pub(super) fn asked(&mut self, node: NodeId) -> Range {
        self.fuel = FUEL;
        self.in_base(node)
    }

    /// Passes over a value: its range without guards where that is known, else anything.
    pub(super) fn skip(&mut self, node: NodeId) -> Range {
        if !self.learning {
            self.skipped.insert(node);
        }
        match self.free.get(&node) {
            Some(range) => Range { exact: false, ..range.clone() },
            None => Range::unknown(),
        }
    }

    /// Looks at each value that was passed over by itself. Arguments stand before what is made
    /// of them, so the first of those waiting rests on none of the others.
    pub(super) fn skipped_by_themselves(&mut self) {
        let mut waiting = core::mem::take(&mut self.skipped);
        let mut seen: BTreeSet<NodeId> = BTreeSet::new();
        while let Some(node) = waiting.pop_first() {
            let range = self.asked(node);
            let deeper = core::mem::take(&mut self.skipped);
            if deeper.is_empty() {
                continue;
            }
            if seen.insert(node) {
                // Once more, when what it had no fuel for is known.
                waiting.extend(deeper.into_iter().filter(|other| *other < node));
                waiting.insert(node);
            } else {
                self.free.insert(node, Range { exact: false, ..range });
                self.risks_of(node);
            }
        }
    }

    /// The risk of an operation that even by itself takes more fuel than there is.
    fn risks_of(&mut self, node: NodeId) {
        let known = |analysis: &Self, node: NodeId| {
            let range = analysis.free.get(&analysis.numbering.same(node));
            range.map_or(Some(Span::everything()), |range| range.span.clone())
        };
        match self.program.node(node).map(|node| &node.op) {
            Some(Op::Div(a, b)) => {
                if let Some(divisor_span) = known(self, *b).filter(|span| span.contains(&Exact::zero())) {
                    let risk = RiskyDivision { node, dividend: *a, divisor: *b, divisor_span };
                    self.divisions.entry(node).or_insert(risk);
                }
            }
            Some(Op::Steps { x, .. }) => {
                if let Some(span) = known(self, *x).filter(Span::reaches_below_zero) {
                    self.steps.entry(node).or_insert(RiskySteps { node, span });
                }
            }
            _ => {}
        }
    }
}
