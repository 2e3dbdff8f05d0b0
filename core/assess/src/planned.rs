//! What can be proved to be exact in machine numbers is worked out so, for all units at once; the
//! machine takes it over and works out the rest.

use crate::{
    prepare::{Prepared, columns_below},
    run::Options,
};
use alloc::{collections::BTreeMap, vec::Vec};
use kaoping_columns::{Figures, Known, Members, Plan};
use kaoping_program::{Column, ColumnId, Fault, Machine, NodeId, Op, Shape};

/// Works out those of the nodes that rest on columns in which every figure is there.
pub(crate) fn seed(
    prepared: &Prepared<'_>,
    machine: &mut Machine<'_>,
    nodes: &[NodeId],
    options: &Options,
) -> Result<(), Fault> {
    let (program, frame) = (prepared.special(), prepared.frame());
    let whole = |id: &ColumnId| program.columns.get(id.0 as usize).is_some_and(|spec| spec.shape == Shape::Unit);
    let columns: Vec<ColumnId> = columns_below(program, nodes).into_iter().filter(whole).collect();
    let mut positions: BTreeMap<ColumnId, usize> = BTreeMap::new();
    let mut inputs: Vec<Figures<'_>> = Vec::new();
    for id in columns {
        if let Some((numerators, denominator)) = machine.supplied(id).and_then(Column::as_short) {
            positions.insert(id, inputs.len());
            inputs.push(Figures::new(numerators, denominator));
        }
    }
    let members = Members {
        all: frame.units() > 0 && frame.assessed().iter().all(|assessed| *assessed),
        one_group: frame.group_count() == 1,
    };
    let mut wanted = nodes.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    // A node with one value for all is quickly worked out by the machine.
    wanted.retain(|node| program.node(*node).is_some_and(|node| node.shape == Shape::Unit));
    let plan = Plan::new(program, &wanted, &inputs, members, |id| match program.node(id).map(|node| &node.op) {
        Some(Op::Column(column)) => positions.get(column).copied().map(Known::Input),
        _ => None,
    });
    let outputs = plan.outputs().to_vec();
    let results = plan.natively(options.native, &inputs).run(&inputs, frame.units(), options.workers);
    for (output, numerators) in outputs.iter().zip(results) {
        if let Some(column) = Column::from_short(numerators, output.denominator) {
            machine.seed(output.node, column)?;
        }
    }
    Ok(())
}
