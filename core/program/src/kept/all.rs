//! All values of a node, worked out anew.

use super::follow::{Dirty, Follow};
use crate::column::Column;
use crate::eval;
use crate::fault::Fault;
use crate::ir::{Aggregate, NodeId, Op};
use crate::machine::Beside;
use crate::state::States;
use alloc::{collections::BTreeSet, sync::Arc, vec, vec::Vec};

impl Follow<'_> {
    /// All values of a node that is kept, as a run over all units finds them.
    pub(super) fn worked_out(&mut self, at: u32) -> Result<Option<Dirty>, Fault> {
        if let Some(sums) = self.added_up(at) {
            return Ok(self.exchange(at, Arc::new(sums)));
        }
        let mut needed = BTreeSet::new();
        let mut waiting = vec![at];
        while let Some(next) = waiting.pop() {
            let arguments = self.described(next)?.op.arguments();
            let absent = arguments.into_iter().map(|argument| argument.0).filter(|argument| !self.stays(*argument));
            waiting.extend(absent.filter(|argument| needed.insert(*argument)).collect::<Vec<_>>());
        }
        for next in needed {
            let values = self.evaluated(next)?;
            self.kept.slots.get_mut(next as usize).into_iter().for_each(|slot| *slot = Some(Arc::clone(&values)));
            self.passing.push(next);
        }
        let values = self.evaluated(at)?;
        Ok(self.exchange(at, values))
    }

    fn evaluated(&self, at: u32) -> Result<Arc<Column>, Fault> {
        let beside = Beside { program: &self.kept.program, frame: &self.kept.frame, slots: &self.kept.slots };
        beside.evaluate(NodeId(at), self.described(at)?, None)
    }

    /// Sums of listed nodes of which one has other values: the others need not be added again.
    fn added_up(&self, at: u32) -> Option<Column> {
        let node = self.described(at).ok()?;
        let Op::Fold { function: Aggregate::Sum, members } = &node.op else {
            return None;
        };
        let changed = members.iter().filter(|member| self.dirty.contains_key(&member.0)).collect::<Vec<_>>();
        let [member] = changed.as_slice() else { return None };
        let Some(Dirty::All(Some(was))) = self.dirty.get(&member.0) else {
            return None;
        };
        let (total, now) = (self.column(at)?, self.column(member.0)?);
        let known = |column: &Column| matches!(column.states(), States::AllKnown) && column.len() == total.len();
        if ![total, was, now].into_iter().all(|column| known(column)) {
            return None;
        }
        let wide = |column: &Arc<Column>| column.widened().unwrap_or_else(|| Column::clone(column));
        let less = eval::elementwise(&Op::Sub(**member, **member), &[&wide(total), &wide(was)])?;
        eval::elementwise(&Op::Add(**member, **member), &[&less, &wide(now)])
    }
}
