//! What has to be evaluated for a request, and whether everything for it is there.

use super::{Machine, set};
use crate::fault::Fault;
use crate::ir::{ColumnSource, NodeId, Op};
use alloc::{vec, vec::Vec};

impl Machine<'_> {
    /// Marks what has to be evaluated: the nodes, and behind them what is not there.
    pub(super) fn needed(&self, nodes: &[NodeId]) -> Result<Vec<bool>, Fault> {
        let end = nodes.iter().map(|node| node.0 as usize + 1).max().unwrap_or(0);
        let mut needed = vec![false; end];
        for node in nodes {
            self.program.node(*node).ok_or(Fault::UnknownNode(*node))?;
            set(&mut needed, *node, self.column(*node).is_none());
        }
        for id in (0u32..).map(NodeId).take(end).collect::<Vec<_>>().into_iter().rev() {
            let (Some(true), Some(node)) = (needed.get(id.0 as usize), self.program.node(id)) else {
                continue;
            };
            for argument in node.op.arguments() {
                if argument >= id {
                    return Err(Fault::Malformed { node: id, rule: "an argument must stand before its node" });
                }
                if self.column(argument).is_none() {
                    set(&mut needed, argument, true);
                }
            }
        }
        Ok(needed)
    }

    /// Names every external column that is needed and not there.
    pub(super) fn check_supplied(&self, needed: &[bool]) -> Result<(), Fault> {
        let mut absent = Vec::new();
        for (node, _) in self.program.nodes.iter().zip(needed).filter(|(_, needed)| **needed) {
            let Op::Column(id) = node.op else { continue };
            let spec = self.program.columns.get(id.0 as usize).ok_or(Fault::UnknownColumn(id))?;
            if let (ColumnSource::External { name }, Some(None)) = (&spec.source, self.supplied.get(id.0 as usize)) {
                absent.push((id, name.clone()));
            }
        }
        absent.sort();
        absent.dedup();
        if absent.is_empty() { Ok(()) } else { Err(Fault::NotSupplied(absent)) }
    }
}
