//! Groups of nodes that need not wait for one another, evaluated at the same time.

use super::{Keep, Machine, set};
use crate::fault::Fault;
use crate::ir::NodeId;
use crate::workers::Workers;
use alloc::{vec, vec::Vec};

/// Which groups a node is needed for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    None,
    One(u32),
    Several,
}

/// Pieces of work for each thread, so that a thread with easy groups takes on others.
const PIECES: usize = 4;

impl Machine<'_> {
    /// As [`Machine::require`] of all the nodes. What several groups need is evaluated first; then
    /// each group by itself, shared out among the workers. What comes out is the same.
    ///
    /// # Errors
    /// Those of [`Machine::require`].
    pub fn require_together(&mut self, groups: &[Vec<NodeId>], workers: Workers) -> Result<(), Fault> {
        let all: Vec<NodeId> = groups.iter().flatten().copied().collect();
        if workers.threads() == 1 || groups.len() < 2 || self.keep != Keep::Outputs {
            return self.require(&all);
        }
        self.check_supplied(&self.needed(&all)?)?;
        let shared = self.shared(groups)?;
        let passing: Vec<NodeId> = shared.into_iter().filter(|id| !self.is_kept(*id)).collect();
        self.require(&passing)?;
        let size = groups.len().div_ceil(workers.threads() * PIECES);
        let mut tasks: Vec<_> =
            groups.chunks(size).map(|groups| (groups.concat(), self.clone(), Ok::<(), Fault>(()))).collect();
        workers.each(&mut tasks, &|(nodes, machine, outcome)| *outcome = machine.require(nodes));
        let mut outcome = Ok(());
        for (nodes, machine, done) in tasks {
            outcome = outcome.and(done);
            self.adopt(&nodes, machine);
        }
        for id in passing.into_iter().filter(|id| !all.contains(id)) {
            self.release(id);
        }
        outcome
    }

    /// What several groups need and one of them uses directly.
    fn shared(&self, groups: &[Vec<NodeId>]) -> Result<Vec<NodeId>, Fault> {
        let all: Vec<NodeId> = groups.iter().flatten().copied().collect();
        let needed = self.needed(&all)?;
        let mut needed_for = vec![For::None; needed.len()];
        let mark = |needed_for: &mut Vec<For>, id: NodeId, by: For| {
            if let Some(own) = needed_for.get_mut(id.0 as usize) {
                *own = if *own == For::None || *own == by { by } else { For::Several };
            }
        };
        for (number, group) in (0u32..).zip(groups) {
            group.iter().for_each(|id| mark(&mut needed_for, *id, For::One(number)));
        }
        let mut shared = vec![false; needed.len()];
        for id in (0u32..).map(NodeId).take(needed.len()).collect::<Vec<_>>().into_iter().rev() {
            let (Some(true), Some(node)) = (needed.get(id.0 as usize), self.program.node(id)) else {
                continue;
            };
            let by = needed_for.get(id.0 as usize).copied().unwrap_or(For::None);
            if by == For::Several && all.contains(&id) {
                set(&mut shared, id, true);
            }
            for argument in node.op.arguments() {
                mark(&mut needed_for, argument, by);
            }
        }
        let is_needed = |id: &NodeId| needed.get(id.0 as usize) == Some(&true);
        for (id, node) in (0u32..).map(NodeId).zip(&self.program.nodes).filter(|(id, _)| is_needed(id)) {
            let alone = matches!(needed_for.get(id.0 as usize), Some(For::One(_)));
            for argument in node.op.arguments().into_iter().filter(|argument| alone && is_needed(argument)) {
                if needed_for.get(argument.0 as usize) == Some(&For::Several) {
                    set(&mut shared, argument, true);
                }
            }
        }
        Ok((0u32..).map(NodeId).zip(shared).filter(|(_, shared)| *shared).map(|(id, _)| id).collect())
    }

    fn is_kept(&self, id: NodeId) -> bool {
        self.kept.get(id.0 as usize) == Some(&true)
    }

    /// Takes over the nodes that another machine was required to evaluate.
    fn adopt(&mut self, nodes: &[NodeId], mut other: Machine<'_>) {
        for id in nodes {
            let theirs = other.slots.get_mut(id.0 as usize).and_then(Option::take);
            if let (Some(slot), Some(theirs)) = (self.slots.get_mut(id.0 as usize), theirs) {
                *slot = Some(theirs);
                set(&mut self.kept, *id, true);
            }
        }
        self.read.iter_mut().zip(other.read).for_each(|(own, read)| *own |= read);
    }
}
