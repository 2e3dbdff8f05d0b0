//! What stays as it is while a few columns change: when one figure is tried after another, most
//! of the program need not be run again.

use crate::Prepared;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use kaoping_program::{Column, ColumnId, Fault, Keep, Machine, NodeId, Op, Program};

/// Values of nodes that do not rest on the columns that change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steady {
    changing: BTreeSet<ColumnId>,
    values: BTreeMap<NodeId, Column>,
}

impl Steady {
    /// Whether the values stay true when a column is filled anew.
    pub(crate) fn allows(&self, column: ColumnId) -> bool {
        self.values.is_empty() || self.changing.contains(&column)
    }

    /// The columns that nodes rest on, and the nodes whose values are known on the way there.
    pub(crate) fn below(&self, program: &Program, nodes: &[NodeId]) -> (BTreeSet<ColumnId>, Vec<(NodeId, &Column)>) {
        let mut wanted = alloc::vec![false; program.nodes.len()];
        let want = |wanted: &mut Vec<bool>, node: &NodeId| {
            wanted.get_mut(node.0 as usize).into_iter().for_each(|flag| *flag = true);
        };
        nodes.iter().for_each(|node| want(&mut wanted, node));
        let (mut columns, mut known) = (BTreeSet::new(), Vec::new());
        for (at, node) in program.nodes.iter().enumerate().rev() {
            let Ok(id) = u32::try_from(at).map(NodeId) else { continue };
            if wanted.get(id.0 as usize) != Some(&true) {
                continue;
            }
            if let Some(value) = self.values.get(&id) {
                known.push((id, value));
                continue;
            }
            if let Op::Column(column) = node.op {
                columns.insert(column);
            }
            node.op.arguments().iter().for_each(|argument| want(&mut wanted, argument));
        }
        (columns, known)
    }
}

impl Prepared<'_> {
    /// Works out once what of the nodes does not rest on columns that will change.
    ///
    /// # Errors
    /// Only a defect of the program can cause one.
    pub(crate) fn hold(&mut self, nodes: &[NodeId], changing: BTreeSet<ColumnId>) -> Result<(), Fault> {
        self.steady = Steady::default();
        let program = self.special();
        let mut rests: Vec<bool> = Vec::with_capacity(program.nodes.len());
        let mut borders: BTreeSet<NodeId> = nodes.iter().copied().collect();
        for node in &program.nodes {
            let arguments = node.op.arguments();
            let on = |argument: &NodeId| rests.get(argument.0 as usize) == Some(&true);
            let it = matches!(&node.op, Op::Column(column) if changing.contains(column)) || arguments.iter().any(on);
            if it {
                borders.extend(arguments.iter().filter(|argument| !on(argument)));
            }
            rests.push(it);
        }
        let mut machine = Machine::new(program, self.frame(), Keep::Everything);
        self.supply(&mut machine, program, nodes, &Steady::default())?;
        machine.require(nodes)?;
        let steady = borders.into_iter().filter(|node| rests.get(node.0 as usize) == Some(&false));
        let values = steady.filter_map(|node| Some((node, machine.column(node)?.clone()))).collect();
        self.steady = Steady { changing, values };
        Ok(())
    }
}
