//! Runs a program over all units at once, node by node.

use crate::column::{Cell, Column};
use crate::eval::{self, Grouping};
use crate::fault::Fault;
use crate::frame::Frame;
use crate::ir::{ColumnId, ColumnSource, Domain, Node, NodeId, Op, Program, RowsetId, Shape};
use crate::state::State;
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
        let at = id.0 as usize;
        let spec = self
            .program
            .columns
            .get(at)
            .ok_or(Fault::UnknownColumn(id))?;
        let (expected, found) = (self.length(spec.shape), column.len());
        if expected != found {
            return Err(Fault::Length {
                column: id,
                expected,
                found,
            });
        }
        if self.read.get(at) == Some(&true) {
            self.forget(id);
        }
        if let Some(slot) = self.supplied.get_mut(at) {
            *slot = Some(Arc::new(column));
        }
        Ok(())
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
            (0u32..)
                .zip(&needed)
                .filter(|(_, needed)| **needed)
                .for_each(|(id, _)| self.free(NodeId(id)));
        }
        outcome
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
        match shape {
            Shape::One => 1,
            Shape::Unit => self.frame.units(),
            Shape::Rows(rowset) => self.frame.owner(rowset).len(),
        }
    }

    /// Marks what has to be evaluated: the nodes, and behind them what is not there.
    fn needed(&self, nodes: &[NodeId]) -> Result<Vec<bool>, Fault> {
        let end = nodes
            .iter()
            .map(|node| node.0 as usize + 1)
            .max()
            .unwrap_or(0);
        let mut needed = vec![false; end];
        for node in nodes {
            self.program.node(*node).ok_or(Fault::UnknownNode(*node))?;
            set(&mut needed, *node, self.column(*node).is_none());
        }
        for id in (0u32..)
            .map(NodeId)
            .take(end)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            let (Some(true), Some(node)) = (needed.get(id.0 as usize), self.program.node(id))
            else {
                continue;
            };
            for argument in node.op.arguments() {
                if argument >= id {
                    return Err(Fault::Malformed {
                        node: id,
                        rule: "an argument must stand before its node",
                    });
                }
                if self.column(argument).is_none() {
                    set(&mut needed, argument, true);
                }
            }
        }
        Ok(needed)
    }

    /// Names every external column that is needed and not there.
    fn check_supplied(&self, needed: &[bool]) -> Result<(), Fault> {
        let mut absent = Vec::new();
        for (node, _) in self
            .program
            .nodes
            .iter()
            .zip(needed)
            .filter(|(_, needed)| **needed)
        {
            let Op::Column(id) = node.op else { continue };
            let spec = self
                .program
                .columns
                .get(id.0 as usize)
                .ok_or(Fault::UnknownColumn(id))?;
            if let (ColumnSource::External { name }, Some(None)) =
                (&spec.source, self.supplied.get(id.0 as usize))
            {
                absent.push((id, name.clone()));
            }
        }
        absent.sort();
        absent.dedup();
        if absent.is_empty() {
            Ok(())
        } else {
            Err(Fault::NotSupplied(absent))
        }
    }

    fn run(&mut self, needed: &[bool]) -> Result<(), Fault> {
        let program = self.program;
        let planned = || {
            (0u32..)
                .map(NodeId)
                .zip(&program.nodes)
                .zip(needed)
                .filter(|(_, needed)| **needed)
        };
        let mut uses = vec![0u32; needed.len()];
        for ((_, node), _) in planned() {
            for argument in node.op.arguments() {
                uses.get_mut(argument.0 as usize)
                    .into_iter()
                    .for_each(|uses| *uses += 1);
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

    fn evaluate(&mut self, id: NodeId, node: &Node) -> Result<Arc<Column>, Fault> {
        let shape = node.shape;
        let (found, natural) = match &node.op {
            Op::Const(value) => (Arc::new(Column::constant(value.clone())), Shape::One),
            Op::NotApplicable => (
                Arc::new(Column::unknown(State::NOT_APPLICABLE, 1)),
                Shape::One,
            ),
            Op::Unreadable => (Arc::new(Column::unknown(State::MISSING, 1)), Shape::One),
            Op::Column(column) => self.figures(*column)?,
            Op::Aggregate {
                function,
                over,
                x,
                filter,
            } => {
                let lanes = if let Domain::Rows(rowset) = over {
                    Shape::Rows(*rowset)
                } else {
                    Shape::Unit
                };
                let x = x.map(|x| self.every_lane(id, x, lanes)).transpose()?;
                let filter = filter
                    .map(|filter| self.every_lane(id, filter, lanes))
                    .transpose()?;
                let column = eval::aggregate(
                    *function,
                    *over,
                    x.as_deref(),
                    filter.as_deref(),
                    self.frame,
                );
                (
                    Arc::new(column),
                    if *over == Domain::All {
                        Shape::One
                    } else {
                        Shape::Unit
                    },
                )
            }
            Op::Rank {
                keys,
                within,
                ties,
                among,
            } => {
                if !matches!(within, Domain::Peers | Domain::All) {
                    return Err(Fault::Malformed {
                        node: id,
                        rule: "places are within peers or all",
                    });
                }
                let columns = keys
                    .iter()
                    .map(|(key, _)| self.every_lane(id, *key, Shape::Unit));
                let columns = columns.collect::<Result<Vec<_>, _>>()?;
                let among = among
                    .map(|among| self.every_lane(id, among, Shape::Unit))
                    .transpose()?;
                let keys: Vec<_> = columns
                    .iter()
                    .zip(keys)
                    .map(|(column, key)| (&**column, key.1))
                    .collect();
                let column = eval::rank(
                    &keys,
                    &Grouping::new(*within, self.frame),
                    *ties,
                    among.as_deref(),
                );
                (Arc::new(column), Shape::Unit)
            }
            op => (Arc::new(self.lane_by_lane(id, op, shape)?), shape),
        };
        let found = self.fitted(id, &found, natural, shape)?;
        let length = self.length(shape);
        Ok(if found.len() == length {
            found
        } else {
            Arc::new(found.repeated(length))
        })
    }

    /// An operation that looks at one lane at a time.
    fn lane_by_lane(&self, id: NodeId, op: &Op, shape: Shape) -> Result<Column, Fault> {
        let arguments = op
            .arguments()
            .into_iter()
            .map(|argument| self.argument(id, argument, shape));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<&Column> = arguments.iter().map(|column| &**column).collect();
        let found = match op {
            Op::Fold { function, .. } if eval::foldable(*function) => {
                let length = columns
                    .iter()
                    .map(|column| column.len())
                    .find(|length| *length != 1)
                    .unwrap_or(1);
                Some(eval::fold(*function, &columns, length))
            }
            Op::Fold { .. } => None,
            op => eval::elementwise(op, &columns),
        };
        found.ok_or(Fault::Malformed {
            node: id,
            rule: "the function cannot run over listed nodes",
        })
    }

    /// An argument in the shape of the node that uses it, or with a single value.
    fn argument(&self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let absent = Fault::Malformed {
            node: id,
            rule: "an argument must be evaluated before its node",
        };
        let slot = self.slots.get(argument.0 as usize).and_then(Option::as_ref);
        let (Some(column), Some(node)) = (slot, self.program.node(argument)) else {
            return Err(absent);
        };
        self.fitted(id, column, node.shape, shape)
    }

    /// An argument with a value for each lane of a shape.
    fn every_lane(&self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let column = self.argument(id, argument, shape)?;
        let length = self.length(shape);
        Ok(if column.len() == length {
            column
        } else {
            Arc::new(column.repeated(length))
        })
    }

    /// A smaller shape in a larger one: a single value as it is, a unit's value for each of
    /// its rows.
    fn fitted(
        &self,
        id: NodeId,
        column: &Arc<Column>,
        from: Shape,
        to: Shape,
    ) -> Result<Arc<Column>, Fault> {
        match (from, to) {
            _ if from == to => Ok(Arc::clone(column)),
            (Shape::One, _) => Ok(Arc::clone(column)),
            (Shape::Unit, Shape::Rows(rowset)) => {
                let owners = self.frame.owner(rowset).iter().map(|owner| *owner as usize);
                Ok(Arc::new(column.gather(owners)))
            }
            _ => Err(Fault::Malformed {
                node: id,
                rule: "only an aggregate leads to a smaller shape",
            }),
        }
    }

    /// The values of a column of facts; nothing supplied means nothing reported.
    fn figures(&mut self, id: ColumnId) -> Result<(Arc<Column>, Shape), Fault> {
        let spec = self
            .program
            .columns
            .get(id.0 as usize)
            .ok_or(Fault::UnknownColumn(id))?;
        if let Some(read) = self.read.get_mut(id.0 as usize) {
            *read = true;
        }
        let supplied = self.supplied.get(id.0 as usize).cloned().flatten();
        let missing = || Arc::new(Column::unknown(State::MISSING, self.length(spec.shape)));
        Ok((supplied.unwrap_or_else(missing), spec.shape))
    }

    /// Remembers the cells of the unit that is to be explained.
    fn observe(&mut self, id: NodeId, shape: Shape, column: &Column) {
        let Keep::Unit(unit) = self.keep else { return };
        let cells = match shape {
            Shape::One => vec![column.cell(0)],
            Shape::Unit => vec![column.cell(unit as usize)],
            Shape::Rows(rowset) => self
                .frame
                .rows_of(rowset, unit)
                .map(|row| column.cell(row))
                .collect(),
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
            self.slots
                .get_mut(id.0 as usize)
                .into_iter()
                .for_each(|slot| *slot = None);
            self.observed
                .get_mut(id.0 as usize)
                .into_iter()
                .for_each(|cells| *cells = None);
        }
    }
}

fn set(flags: &mut [bool], id: NodeId, flag: bool) {
    if let Some(slot) = flags.get_mut(id.0 as usize) {
        *slot = flag;
    }
}
