//! Lanes in which a node has no number: the machine is asked about those.
//!
//! A value that was not reported, does not apply, cannot be read or is divided by zero has no number, and
//! what is made of it has none either, but where a choice takes another branch. Code goes on with some number in
//! such lanes; beside it stands a truth that says where. It may say so of a lane too many, never of
//! one too few: the machine decides those lanes from the start.

use super::Compiler;
use crate::form::Form;
use kaoping_program::{NodeId, Op, Relation};
use kaoping_terms::Exact;

impl Compiler<'_> {
    /// Where a node has no number, once its form is made; none where that cannot be told.
    pub(super) fn gone(&mut self, id: NodeId) -> Option<Form> {
        let nowhere = Form::constant(Exact::zero());
        let program = self.program;
        match &program.node(id)?.op {
            Op::Const(_) | Op::Column(_) => Some(nowhere),
            Op::NotApplicable | Op::Unreadable => Some(Form::constant(Exact::one())),
            // What one side decides needs no number on the other.
            Op::And(a, b) => self.gone_of_junction(*a, *b, true),
            Op::Or(a, b) => self.gone_of_junction(*a, *b, false),
            Op::Select { when, then, otherwise } => {
                let (asked, holds) = (self.gone_at(*when)?, self.form(*when)?);
                let taken = self.gone_of_branch(&holds, *then, *otherwise)?;
                self.or(&asked, &taken)
            }
            Op::Div(a, b) => {
                let either = self.gone_of_all(&[*a, *b])?;
                let below = self.form(*b)?;
                let by_zero = self.compare(Relation::Equal, &below, &nowhere)?;
                self.or(&either, &by_zero)
            }
            Op::IsKnown(x) if self.gaps.contains_key(x) => Some(nowhere),
            // Where nothing was reported something else stands in.
            Op::IfMissing(x, other) if self.gaps.contains_key(x) => {
                let (gaps, other) = (self.gone_at(*x)?, self.gone_at(*other)?);
                self.and(&gaps, &other)
            }
            op => self.gone_of_all(&op.arguments()),
        }
    }

    /// Whether a node may have no number somewhere.
    pub(super) fn may_be_gone(&self, node: &NodeId) -> bool {
        self.gone.get(node).is_some_and(|gone| gone.as_constant().is_none_or(|never| !never.is_zero()))
    }

    fn gone_at(&self, node: NodeId) -> Option<Form> {
        self.gone.get(&node).cloned()
    }

    fn gone_of_all(&mut self, nodes: &[NodeId]) -> Option<Form> {
        let mut all = Form::constant(Exact::zero());
        for node in nodes {
            let gone = self.gone_at(*node)?;
            all = self.or(&all, &gone)?;
        }
        Some(all)
    }

    /// Of a junction that a no (`no`) or a yes of one side decides.
    fn gone_of_junction(&mut self, a: NodeId, b: NodeId, no: bool) -> Option<Form> {
        let (gone_a, gone_b) = (self.gone_at(a)?, self.gone_at(b)?);
        let never = |form: &Form| form.as_constant().is_some_and(Exact::is_zero);
        let (other, gone) = match (never(&gone_a), never(&gone_b)) {
            (true, _) => (a, gone_b),
            (_, true) => (b, gone_a),
            _ => return self.or(&gone_a, &gone_b),
        };
        let other = self.form(other)?;
        let open = if no { Form::clone(&other) } else { self.not(&other)? };
        self.and(&gone, &open)
    }

    fn gone_of_branch(&mut self, holds: &Form, then: NodeId, otherwise: NodeId) -> Option<Form> {
        if let Some(known) = holds.as_constant() {
            return self.gone_at(if known.is_zero() { otherwise } else { then });
        }
        let (then, otherwise) = (self.gone_at(then)?, self.gone_at(otherwise)?);
        if then == otherwise {
            return Some(then);
        }
        let not = self.not(holds)?;
        let (then, otherwise) = (self.and(holds, &then)?, self.and(&not, &otherwise)?);
        self.or(&then, &otherwise)
    }
}
