//! The attainable range of every value of a program, by interval analysis.
//!
//! The range of a value holds every number it can take, whatever is reported within the
//! declared bounds. It is *exact* where both ends are attained or approached by figures that
//! can really be reported, and otherwise only an outer bound ("cannot prove more"). Guards
//! narrow: inside 当 x > 1 → … the value of x is above 1. An expression that is linear in x
//! with an x-free divisor takes its extremes where x does, and a unit's own x is never above
//! 最高(x): so the bonus rule for 12 points comes out as [4.8, 14.4].
//!
//! A division is *risky* where its divisor can be zero under all guards on the way to it.

mod form;
mod guards;
mod numbering;
mod quotients;
mod scope;
mod skipped;
mod span;
mod walk;

pub use scope::Scope;
pub use span::{Span, opposite, turned};

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::{NodeId, Program};
use numbering::Numbering;

/// How many steps one question may take; what is left then is looked at without its guards.
const FUEL: u32 = 3_000;
/// How deep operations may be nested before ranges are only guessed wide.
const DEEPEST: u32 = 160;

/// The values a node can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The values; none where no known value is possible.
    pub span: Option<Span>,
    /// Whether both ends are attained or approached; else the range may be too wide.
    pub exact: bool,
    /// Whether the value can be 不适用.
    pub may_lack: bool,
}

impl Range {
    fn of(span: Option<Span>, exact: bool) -> Self {
        Self { span, exact, may_lack: false }
    }

    fn unknown() -> Self {
        Self::of(Some(Span::everything()), false)
    }

    /// The only value, where there is only one.
    pub fn value(&self) -> Option<&kaoping_terms::Exact> {
        self.span.as_ref().and_then(Span::value)
    }
}

/// A division whose divisor can be zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskyDivision {
    /// The division.
    pub node: NodeId,
    /// What it divides.
    pub dividend: NodeId,
    /// What it divides by.
    pub divisor: NodeId,
    /// The values the divisor can take there.
    pub divisor_span: Span,
}

/// A number of steps of a quantity that can be below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskySteps {
    /// The steps.
    pub node: NodeId,
    /// The values the quantity can take there.
    pub span: Span,
}

/// Interval analysis of one program. What was asked is remembered.
pub struct Analysis<'p> {
    program: &'p Program,
    numbering: Numbering,
    /// Ranges without any guard.
    free: BTreeMap<NodeId, Range>,
    /// The same, of what was only looked at while learning from conditions.
    aside: BTreeMap<NodeId, Range>,
    /// Whether a look is only for learning: risks met there are no risks of the program.
    learning: bool,
    divisions: BTreeMap<NodeId, RiskyDivision>,
    steps: BTreeMap<NodeId, RiskySteps>,
    fuel: u32,
    depth: u32,
    /// Values that were not looked at for want of fuel.
    skipped: BTreeSet<NodeId>,
}

impl<'p> Analysis<'p> {
    /// Prepares the analysis of a program.
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            numbering: Numbering::new(program),
            free: BTreeMap::new(),
            aside: BTreeMap::new(),
            learning: false,
            divisions: BTreeMap::new(),
            steps: BTreeMap::new(),
            fuel: FUEL,
            depth: 0,
            skipped: BTreeSet::new(),
        }
    }

    /// The values a node can take.
    pub fn range(&mut self, node: NodeId) -> Range {
        let first = self.asked(node);
        if self.skipped.is_empty() {
            return first;
        }
        self.skipped_by_themselves();
        let range = self.asked(node);
        self.skipped.clear();
        self.free.insert(self.numbering.same(node), range.clone());
        range
    }

    /// The surroundings in which conditions hold or not, and values lie in spans; none where
    /// they exclude each other.
    pub fn scope(&mut self, conditions: &[(NodeId, bool)], spans: &[(NodeId, Span)]) -> Option<Scope> {
        self.fuel = FUEL;
        let mut scope = Scope::default();
        for (node, span) in spans {
            let node = self.numbering.same(*node);
            if !scope.learn(node, self.numbering.bearing(node), span) {
                return None;
            }
        }
        let fits = conditions.iter().all(|(node, yes)| self.assume(&mut scope, *node, *yes));
        self.skipped.clear();
        fits.then_some(scope)
    }

    /// The values a node can take in such surroundings.
    pub fn range_in(&mut self, scope: &mut Scope, node: NodeId) -> Range {
        self.fuel = FUEL;
        let range = self.walk(node, scope);
        self.skipped.clear();
        range
    }

    /// Divisions met so far whose divisor can be zero, by their order in the program.
    pub fn risky_divisions(&self) -> Vec<RiskyDivision> {
        self.divisions.values().cloned().collect()
    }

    /// Steps met so far whose quantity can be below zero, by their order in the program.
    pub fn risky_steps(&self) -> Vec<RiskySteps> {
        self.steps.values().cloned().collect()
    }

    /// The first node of the program that computes the same.
    pub fn same(&self, node: NodeId) -> NodeId {
        self.numbering.same(node)
    }

    /// The program.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The range without any guard.
    fn in_base(&mut self, node: NodeId) -> Range {
        self.walk(node, &mut Scope::default())
    }

    /// Looks at values to learn from them, without their being computed there: what a guard
    /// keeps away from a division is not a risk because the guard itself was looked at.
    fn aside<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let outer = core::mem::replace(&mut self.learning, true);
        let seen = look(self);
        self.learning = outer;
        seen
    }
}

#[cfg(test)]
mod tests;
