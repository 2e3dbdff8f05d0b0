//! A run that is kept and follows its figures: one changed figure is one unit's work.
//!
//! What is read again and again stays: the figures, whatever an aggregate, a place or a sum of
//! items is made of, and the results. A changed figure is followed node by node from there.
//! What looks at one unit is worked out for that unit by the same operations a [`Machine`] runs,
//! and what did not change is followed no further. An aggregate or a place is brought up to date
//! from the value before and the value now where that is enough, else worked out again over all;
//! what then rests on a value of all units is worked out again for all.
//!
//! Results are those of a fresh run, whatever the way to them.

mod aggregates;
mod all;
mod follow;
mod places;
mod single;

use crate::column::Column;
use crate::fault::Fault;
use crate::frame::Frame;
use crate::ir::{ColumnId, NodeId, Op, Program, Shape};
use crate::machine::Machine;
use alloc::{boxed::Box, collections::BTreeMap, sync::Arc, vec, vec::Vec};
use follow::Follow;

/// Which values of a node are others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lanes {
    /// Those of these units or rows, in order.
    Some(Vec<u32>),
    /// Perhaps each of them.
    All,
}

/// A node with other values than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The node.
    pub node: NodeId,
    /// Which of its values.
    pub lanes: Lanes,
}

/// A program over units with the values of its nodes, kept up to date.
#[derive(Clone, Debug)]
pub struct Kept {
    program: Program,
    frame: Frame,
    /// The values of nodes that stay.
    slots: Vec<Option<Arc<Column>>>,
    /// Which nodes use each node, among those that are needed.
    users: Vec<Box<[u32]>>,
    /// The nodes that read each column.
    readers: BTreeMap<ColumnId, Vec<u32>>,
    wanted: Vec<bool>,
}

impl Kept {
    /// Runs what the nodes rest on and keeps it. The machine has its figures, and perhaps values
    /// of nodes that were found elsewhere.
    ///
    /// # Errors
    /// As [`Machine::require`].
    pub fn new(mut machine: Machine<'_>, nodes: &[NodeId]) -> Result<Kept, Fault> {
        let (program, frame) = machine.parts();
        let count = program.nodes.len();
        let (mut wanted, mut needed) = (vec![false; count], vec![false; count]);
        for node in nodes {
            program.node(*node).ok_or(Fault::UnknownNode(*node))?;
            mark(&mut wanted, *node);
            mark(&mut needed, *node);
        }
        let mut stays = wanted.clone();
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut readers: BTreeMap<ColumnId, Vec<u32>> = BTreeMap::new();
        for (at, node) in program.nodes.iter().enumerate().rev() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if needed.get(at as usize) != Some(&true) {
                continue;
            }
            let arguments = node.op.arguments();
            let gathers = !is_plain(&node.op) || matches!(node.op, Op::Fold { .. });
            if node.shape == Shape::One || arguments.is_empty() || !is_plain(&node.op) {
                mark(&mut stays, NodeId(at));
            }
            if let Op::Column(column) = node.op {
                readers.entry(column).or_default().push(at);
            }
            for argument in arguments {
                mark(&mut needed, argument);
                if gathers {
                    mark(&mut stays, argument);
                }
                if let Some(users) = users.get_mut(argument.0 as usize).filter(|users| users.last() != Some(&at)) {
                    users.push(at);
                }
            }
        }
        let stays: Vec<NodeId> = (0u32..).zip(&stays).filter(|(_, stays)| **stays).map(|(at, _)| NodeId(at)).collect();
        machine.require(&stays)?;
        let mut slots = vec![None; count];
        for node in stays {
            slots.get_mut(node.0 as usize).into_iter().for_each(|slot| *slot = machine.shared_column(node));
        }
        let users = users.into_iter().map(Vec::into_boxed_slice).collect();
        Ok(Kept { program: program.clone(), frame: frame.clone(), slots, users, readers, wanted })
    }

    /// The values of a node that was asked for.
    pub fn column(&self, node: NodeId) -> Option<&Arc<Column>> {
        self.slots.get(node.0 as usize)?.as_ref()
    }

    /// Whether some node that is kept reads a column.
    pub fn reads(&self, column: ColumnId) -> bool {
        self.readers.contains_key(&column)
    }

    /// Another value of a column for one unit or row. Says which of the nodes asked for have
    /// other values now.
    ///
    /// # Errors
    /// A program that breaks the rules of its representation, so that results are not to be
    /// used any more.
    pub fn change(&mut self, column: ColumnId, lane: u32, value: &Column) -> Result<Vec<Change>, Fault> {
        let readers = self.readers.get(&column).cloned().unwrap_or_default();
        let mut follow = Follow::new(self);
        for reader in readers {
            follow.put(reader, lane, value);
        }
        follow.run()
    }

    /// As [`Kept::change`], the value at the same place of other values.
    ///
    /// # Errors
    /// As [`Kept::change`].
    pub fn change_to(&mut self, column: ColumnId, lane: u32, values: &Column) -> Result<Vec<Change>, Fault> {
        self.change(column, lane, &values.lane(lane as usize))
    }

    /// The values of a column as they are now.
    pub fn figures(&self, column: ColumnId) -> Option<&Arc<Column>> {
        let reader = self.readers.get(&column)?.first()?;
        self.column(NodeId(*reader))
    }

    /// Other values of a column for all units or rows.
    ///
    /// # Errors
    /// As [`Kept::change`], and a column that has not one value for each unit or row.
    pub fn replace(&mut self, column: ColumnId, values: Column) -> Result<Vec<Change>, Fault> {
        let spec = self.program.columns.get(column.0 as usize).ok_or(Fault::UnknownColumn(column))?;
        let (expected, found) = (self.frame.length(spec.shape), values.len());
        if expected != found {
            return Err(Fault::Length { column, expected, found });
        }
        let readers = self.readers.get(&column).cloned().unwrap_or_default();
        let values = Arc::new(values);
        let mut follow = Follow::new(self);
        for reader in readers {
            follow.put_all(reader, &values);
        }
        follow.run()
    }
}

/// An operation that looks at one unit or row at a time.
fn is_plain(op: &Op) -> bool {
    !matches!(op, Op::Aggregate { .. } | Op::Rank { .. } | Op::FirstOfMatter { .. } | Op::MatterHas { .. })
}

fn mark(flags: &mut [bool], node: NodeId) {
    flags.get_mut(node.0 as usize).into_iter().for_each(|flag| *flag = true);
}
