//! Runs a program over all units at once, node by node.

mod evaluate;
mod plan;

pub(crate) use evaluate::Beside;

use crate::column::{Cell, Column};
use crate::fault::Fault;
use crate::frame::Frame;
use crate::ir::{ColumnId, NodeId, Op, Program, RowsetId, Shape};
use alloc::{sync::Arc, vec, vec::Vec};

/// What stays after a run besides the nodes that were required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing else.
    Outputs,
    /// For every node that was evaluated, the cells of one unit, so that its result can be
    /// explained step by step.
    Unit(u32),
    /// The columns of every node that was evaluated.
    Everything,
}

/// A program over a frame: columns of facts go in, columns of results come out.
#[derive(Clone, Debug)]
pub struct Machine<'p> {
    program: &'p Program,
    frame: &'p Frame,
    keep: Keep,
    supplied: Vec<Option<Arc<Column>>>,
    /// Columns that were read, so that supplying them again makes results stale.
    read: Vec<bool>,
    slots: Vec<Option<Arc<Column>>>,
    kept: Vec<bool>,
    observed: Vec<Option<Vec<Cell>>>,
}

impl<'p> Machine<'p> {
    /// A machine without any figures yet.
    pub fn new(program: &'p Program, frame: &'p Frame, keep: Keep) -> Machine<'p> {
        let (nodes, columns) = (program.nodes.len(), program.columns.len());
        Machine {
            program,
            frame,
            keep,
            supplied: vec![None; columns],
            read: vec![false; columns],
            slots: vec![None; nodes],
            kept: vec![false; nodes],
            observed: vec![None; nodes],
        }
    }

    /// Brings the values of a column. Where it replaces values that were already read, every
    /// node that rests on them is forgotten and must be required again.
    ///
    /// # Errors
    /// A column the program does not have, or not one value for each unit or row.
    pub fn supply(&mut self, id: ColumnId, column: Column) -> Result<(), Fault> {
        self.supply_shared(id, Arc::new(column))
    }

    /// As [`Machine::supply`], values that others hold too.
    ///
    /// # Errors
    /// As [`Machine::supply`].
    pub fn supply_shared(&mut self, id: ColumnId, column: Arc<Column>) -> Result<(), Fault> {
        let at = id.0 as usize;
        let spec = self.program.columns.get(at).ok_or(Fault::UnknownColumn(id))?;
        let (expected, found) = (self.length(spec.shape), column.len());
        if expected != found {
            return Err(Fault::Length { column: id, expected, found });
        }
        if self.read.get(at) == Some(&true) {
            self.forget(id);
        }
        if let Some(slot) = self.supplied.get_mut(at) {
            *slot = Some(column);
        }
        Ok(())
    }

    /// What it runs, and over which units.
    pub(crate) fn parts(&self) -> (&'p Program, &'p Frame) {
        (self.program, self.frame)
    }

    /// Evaluates what the nodes need and is not there yet, in node order. The nodes stay
    /// until they are released.
    ///
    /// # Errors
    /// A node the program does not have, external columns that were not supplied, or a
    /// program that breaks the rules of its representation.
    pub fn require(&mut self, nodes: &[NodeId]) -> Result<(), Fault> {
        let needed = self.needed(nodes)?;
        self.check_supplied(&needed)?;
        for node in nodes {
            set(&mut self.kept, *node, true);
        }
        let outcome = self.run(&needed);
        if outcome.is_err() {
            (0u32..).zip(&needed).filter(|(_, needed)| **needed).for_each(|(id, _)| self.free(NodeId(id)));
        }
        outcome
    }

    /// Brings the values of a node that were found elsewhere; it stays until it is released.
    ///
    /// # Errors
    /// A node the program does not have, or not one value for each unit or row.
    pub fn seed(&mut self, node: NodeId, column: Column) -> Result<(), Fault> {
        let shape = self.program.node(node).ok_or(Fault::UnknownNode(node))?.shape;
        if column.len() != self.length(shape) {
            return Err(Fault::Malformed { node, rule: "a node has one value for each unit or row" });
        }
        if let Some(slot) = self.slots.get_mut(node.0 as usize) {
            *slot = Some(Arc::new(column));
        }
        set(&mut self.kept, node, true);
        Ok(())
    }

    /// The values that were brought for a column.
    pub fn supplied(&self, id: ColumnId) -> Option<&Column> {
        self.supplied.get(id.0 as usize)?.as_deref()
    }

    /// As [`Machine::supplied`], to be kept beyond the machine without copying the values.
    pub fn supplied_shared(&self, id: ColumnId) -> Option<Arc<Column>> {
        self.supplied.get(id.0 as usize)?.clone()
    }

    /// As [`Machine::column`], to be kept beyond the machine without copying the values.
    pub fn shared_column(&self, node: NodeId) -> Option<Arc<Column>> {
        self.slots.get(node.0 as usize)?.clone()
    }

    /// The values of a node that was required and not released.
    pub fn column(&self, node: NodeId) -> Option<&Column> {
        self.slots.get(node.0 as usize)?.as_deref()
    }

    /// Lets a required node go.
    pub fn release(&mut self, node: NodeId) {
        set(&mut self.kept, node, false);
        self.free(node);
    }

    /// With [`Keep::Unit`], the cells of that unit at an evaluated node: one, or for rows one
    /// for each of [`Machine::observed_rows`].
    pub fn observed(&self, node: NodeId) -> Option<&[Cell]> {
        self.observed.get(node.0 as usize)?.as_deref()
    }

    /// With [`Keep::Unit`], the rows of that unit in a rowset, by number.
    pub fn observed_rows(&self, rowset: RowsetId) -> Vec<usize> {
        match self.keep {
            Keep::Unit(unit) => self.frame.rows_of(rowset, unit).collect(),
            _ => Vec::new(),
        }
    }

    /// How many values a shape has.
    pub fn length(&self, shape: Shape) -> usize {
        self.frame.length(shape)
    }

    fn run(&mut self, needed: &[bool]) -> Result<(), Fault> {
        let program = self.program;
        let planned = || (0u32..).map(NodeId).zip(&program.nodes).zip(needed).filter(|(_, needed)| **needed);
        let mut uses = vec![0u32; needed.len()];
        for ((_, node), _) in planned() {
            for argument in node.op.arguments() {
                uses.get_mut(argument.0 as usize).into_iter().for_each(|uses| *uses += 1);
            }
        }
        for ((id, node), _) in planned() {
            let column = self.evaluate(id, node)?;
            self.observe(id, node.shape, &column);
            if let Some(slot) = self.slots.get_mut(id.0 as usize) {
                *slot = Some(column);
            }
            for argument in node.op.arguments() {
                let Some(uses) = uses.get_mut(argument.0 as usize) else {
                    continue;
                };
                *uses -= 1;
                if *uses == 0 {
                    self.free(argument);
                }
            }
        }
        Ok(())
    }

    /// Remembers the cells of the unit that is to be explained.
    fn observe(&mut self, id: NodeId, shape: Shape, column: &Column) {
        let Keep::Unit(unit) = self.keep else { return };
        let cells = match shape {
            Shape::One => vec![column.cell(0)],
            Shape::Unit => vec![column.cell(unit as usize)],
            Shape::Rows(rowset) => self.frame.rows_of(rowset, unit).map(|row| column.cell(row)).collect(),
        };
        if let Some(slot) = self.observed.get_mut(id.0 as usize) {
            *slot = Some(cells);
        }
    }

    /// Drops the values of a node unless they are kept.
    fn free(&mut self, id: NodeId) {
        let at = id.0 as usize;
        if self.keep == Keep::Everything || self.kept.get(at) == Some(&true) {
            return;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = None;
        }
    }

    /// Drops the values of every node that rests on a column.
    fn forget(&mut self, column: ColumnId) {
        let mut stale = vec![false; self.slots.len()];
        for (id, node) in (0u32..).map(NodeId).zip(&self.program.nodes) {
            let rests = |argument: &NodeId| stale.get(argument.0 as usize) == Some(&true);
            if node.op != Op::Column(column) && !node.op.arguments().iter().any(rests) {
                continue;
            }
            set(&mut stale, id, true);
            self.slots.get_mut(id.0 as usize).into_iter().for_each(|slot| *slot = None);
            self.observed.get_mut(id.0 as usize).into_iter().for_each(|cells| *cells = None);
        }
    }
}

fn set(flags: &mut [bool], id: NodeId, flag: bool) {
    if let Some(slot) = flags.get_mut(id.0 as usize) {
        *slot = flag;
    }
}
