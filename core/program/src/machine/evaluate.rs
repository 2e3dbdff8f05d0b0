//! One node: its arguments brought to its shape, then its operation.

use super::Machine;
use crate::column::Column;
use crate::eval::{self, Grouping, Matters};
use crate::fault::Fault;
use crate::frame::Frame;
use crate::ir::{Aggregate, ColumnId, Domain, Node, NodeId, Op, Program, Shape};
use crate::state::State;
use alloc::{sync::Arc, vec::Vec};

impl Machine<'_> {
    /// The values of one node, whose arguments are there.
    pub(super) fn evaluate(&mut self, id: NodeId, node: &Node) -> Result<Arc<Column>, Fault> {
        let figures = match node.op {
            Op::Column(column) => Some(self.figures(column)?),
            _ => None,
        };
        Beside { program: self.program, frame: self.frame, slots: &self.slots }.evaluate(id, node, figures)
    }

    /// The values of a column of facts; nothing supplied means nothing reported.
    fn figures(&mut self, id: ColumnId) -> Result<(Arc<Column>, Shape), Fault> {
        let spec = self.program.columns.get(id.0 as usize).ok_or(Fault::UnknownColumn(id))?;
        if let Some(read) = self.read.get_mut(id.0 as usize) {
            *read = true;
        }
        let supplied = self.supplied.get(id.0 as usize).cloned().flatten();
        let missing = || Arc::new(Column::unknown(State::MISSING, self.frame.length(spec.shape)));
        Ok((supplied.unwrap_or_else(missing), spec.shape))
    }
}

/// What stands beside a node that is evaluated: its program, the units, and the values of other
/// nodes.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'m> {
    pub(crate) program: &'m Program,
    pub(crate) frame: &'m Frame,
    pub(crate) slots: &'m [Option<Arc<Column>>],
}

impl Beside<'_> {
    /// The values of one node, whose arguments are there; of a column `figures` are its values.
    pub(crate) fn evaluate(
        self,
        id: NodeId,
        node: &Node,
        figures: Option<(Arc<Column>, Shape)>,
    ) -> Result<Arc<Column>, Fault> {
        let shape = node.shape;
        let (found, natural) = match &node.op {
            Op::Const(value) => (Arc::new(Column::constant(value.clone())), Shape::One),
            Op::NotApplicable => (Arc::new(Column::unknown(State::NOT_APPLICABLE, 1)), Shape::One),
            Op::Unreadable => (Arc::new(Column::unknown(State::MISSING, 1)), Shape::One),
            Op::Column(column) => figures.ok_or(Fault::UnknownColumn(*column))?,
            Op::Aggregate { function, over, x, filter } => {
                let lanes = if let Domain::Rows(rowset) = over { Shape::Rows(*rowset) } else { Shape::Unit };
                let extreme = matches!(function, Aggregate::Highest | Aggregate::Lowest);
                let x = x.map(|x| if extreme { self.as_it_is(id, x, lanes) } else { self.every_lane(id, x, lanes) });
                let x = x.transpose()?;
                let filter = filter.map(|filter| self.every_lane(id, filter, lanes)).transpose()?;
                let column = eval::aggregate(*function, *over, x.as_deref(), filter.as_deref(), self.frame);
                (Arc::new(column), if *over == Domain::All { Shape::One } else { Shape::Unit })
            }
            Op::Rank { keys, within, ties, among } => {
                if !matches!(within, Domain::Peers | Domain::All) {
                    return Err(Fault::Malformed { node: id, rule: "places are within peers or all" });
                }
                let columns = keys.iter().map(|(key, _)| self.as_it_is(id, *key, Shape::Unit));
                let columns = columns.collect::<Result<Vec<_>, _>>()?;
                let among = among.map(|among| self.every_lane(id, among, Shape::Unit)).transpose()?;
                let keys: Vec<_> = columns.iter().zip(keys).map(|(column, key)| (&**column, key.1)).collect();
                let column = eval::rank(&keys, &Grouping::new(*within, self.frame), *ties, among.as_deref());
                (Arc::new(column), Shape::Unit)
            }
            Op::FirstOfMatter { key, among } | Op::MatterHas { key, among } => {
                (Arc::new(self.matters(id, node, *key, *among)?), shape)
            }
            op => (Arc::new(self.lane_by_lane(id, op, shape)?), shape),
        };
        let found = self.fitted(id, &found, natural, shape)?;
        let length = self.frame.length(shape);
        Ok(if found.len() == length { found } else { Arc::new(found.repeated(length)) })
    }

    /// An operation that looks at the rows of one matter.
    fn matters(self, id: NodeId, node: &Node, key: NodeId, among: NodeId) -> Result<Column, Fault> {
        let Shape::Rows(rowset) = node.shape else {
            return Err(Fault::Malformed { node: id, rule: "only rows are about a matter" });
        };
        let key = self.every_lane(id, key, node.shape)?;
        let among = self.every_lane(id, among, node.shape)?;
        let matters = Matters::new(&key, &among, self.frame.owner(rowset), self.frame.units());
        Ok(if matches!(node.op, Op::MatterHas { .. }) { matters.any() } else { matters.first() })
    }

    /// An operation that looks at one lane at a time.
    fn lane_by_lane(self, id: NodeId, op: &Op, shape: Shape) -> Result<Column, Fault> {
        // Sums and decisions of listed nodes are made of numbers in any form.
        let any_form = matches!(op, Op::Fold { function: Aggregate::Sum | Aggregate::AllOf | Aggregate::AnyOf, .. });
        let arguments = op.arguments().into_iter().map(|argument| match any_form {
            true => self.held(id, argument, shape),
            false => self.argument(id, argument, shape),
        });
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<&Column> = arguments.iter().map(|column| &**column).collect();
        let found = match op {
            Op::Fold { function, .. } if eval::foldable(*function) => {
                let length = columns.iter().map(|column| column.len()).find(|length| *length != 1).unwrap_or(1);
                Some(eval::fold(*function, &columns, length))
            }
            Op::Fold { .. } => None,
            op => eval::elementwise(op, &columns),
        };
        found.ok_or(Fault::Malformed { node: id, rule: "the function cannot run over listed nodes" })
    }

    /// An argument in the shape of the node that uses it, or with a single value, in a form that
    /// operations work on.
    fn argument(self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let column = self.held(id, argument, shape)?;
        Ok(column.widened().map_or(column, Arc::new))
    }

    /// The same in the form in which it is kept.
    fn held(self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let absent = Fault::Malformed { node: id, rule: "an argument must be evaluated before its node" };
        let slot = self.slots.get(argument.0 as usize).and_then(Option::as_ref);
        let (Some(column), Some(node)) = (slot, self.program.node(argument)) else {
            return Err(absent);
        };
        self.fitted(id, column, node.shape, shape)
    }

    /// An argument with a value for each lane of a shape.
    fn every_lane(self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let column = self.argument(id, argument, shape)?;
        let length = self.frame.length(shape);
        Ok(if column.len() == length { column } else { Arc::new(column.repeated(length)) })
    }

    /// The same in the form in which it is kept.
    fn as_it_is(self, id: NodeId, argument: NodeId, shape: Shape) -> Result<Arc<Column>, Fault> {
        let column = self.held(id, argument, shape)?;
        if column.len() == self.frame.length(shape) { Ok(column) } else { self.every_lane(id, argument, shape) }
    }

    /// A smaller shape in a larger one: a single value as it is, a unit's value for each of
    /// its rows.
    fn fitted(self, id: NodeId, column: &Arc<Column>, from: Shape, to: Shape) -> Result<Arc<Column>, Fault> {
        match (from, to) {
            _ if from == to => Ok(Arc::clone(column)),
            (Shape::One, _) => Ok(Arc::clone(column)),
            (Shape::Unit, Shape::Rows(rowset)) => {
                let owners = self.frame.owner(rowset).iter().map(|owner| *owner as usize);
                Ok(Arc::new(column.gather(owners)))
            }
            _ => Err(Fault::Malformed { node: id, rule: "only an aggregate leads to a smaller shape" }),
        }
    }
}
