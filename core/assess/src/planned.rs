//! What can be proved to be exact in machine numbers is worked out so, for all units at once; the
//! machine takes it over and works out the rest.
//!
//! The highest of a peer group and whatever else is made of many units is not in the code over
//! blocks of units. What it is made of is worked out first, the machine makes it of that, and what
//! rests on it goes on from there as from a figure.

use crate::{
    prepare::{Prepared, columns_below},
    room::Room,
    run::Options,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};
use kaoping_columns::{Figures, Known, LANES, Members, Plan};
use kaoping_program::{Column, ColumnId, Fault, Machine, NodeId, Op, Program, Shape};

/// How many aggregates are made at once, so that what they are made of need not all be there.
const AT_ONCE: usize = 16;

/// For fewer units blocks are done sooner than instructions of the machine at hand are made.
const PAYS_NATIVELY: usize = 32 * LANES;

/// How often aggregates of aggregates are followed.
const NESTED: usize = 4;

/// Works out those of the nodes that rest on columns in which every figure is there.
pub(crate) fn seed(
    prepared: &Prepared<'_>,
    machine: &mut Machine<'_>,
    nodes: &[NodeId],
    (options, room): (&Options, &mut Room),
) -> Result<(), Fault> {
    let (program, frame) = (prepared.special(), prepared.frame());
    let members = Members {
        all: frame.units() > 0 && frame.assessed().iter().all(|assessed| *assessed),
        one_group: frame.group_count() == 1,
    };
    let mut wanted = nodes.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    // A node with one value for all is quickly worked out by the machine, and places are its own.
    wanted.retain(|node| {
        program.node(*node).is_some_and(|node| node.shape == Shape::Unit && !matches!(node.op, Op::Rank { .. }))
    });
    let mut sources = Sources::new(program, machine, nodes);
    let mut tried = BTreeSet::new();
    for _ in 0..NESTED {
        let figures = sources.figures();
        let plan = Plan::new(program, &wanted, &figures, members, |id| sources.known(program, id));
        let mut has_code = plan.outputs().iter().map(|output| output.node).peekable();
        let left = wanted.iter().copied().filter(|node| has_code.next_if_eq(node).is_none());
        let left: Vec<NodeId> = left.collect();
        let made = aggregates(program, &left, &sources, &tried);
        if made.is_empty() {
            return put(plan, &figures, (frame.units(), options), room, machine);
        }
        drop(figures);
        for some in made.chunks(AT_ONCE) {
            make(program, machine, &mut sources, some, (members, frame.units(), options, room), &wanted)?;
        }
        tried.extend(made);
    }
    let figures = sources.figures();
    let plan = Plan::new(program, &wanted, &figures, members, |id| sources.known(program, id));
    put(plan, &figures, (frame.units(), options), room, machine)
}

/// Runs a plan and brings the machine its results.
fn put(
    plan: Plan,
    figures: &[Figures<'_>],
    (units, options): (usize, &Options),
    room: &mut Room,
    machine: &mut Machine<'_>,
) -> Result<(), Fault> {
    let plan = plan.natively(options.native.filter(|_| units >= PAYS_NATIVELY), figures);
    let mut results = plan.room(units, &mut room.free);
    plan.run_into(figures, units, &mut results, options.workers);
    for (output, numerators) in plan.outputs().iter().zip(results) {
        if let Some(column) = Column::from_short(numerators, output.denominator) {
            machine.seed(output.node, column)?;
        }
    }
    Ok(())
}

/// Works out what some aggregates are made of, makes them, and takes them as sources.
fn make(
    program: &Program,
    machine: &mut Machine<'_>,
    sources: &mut Sources,
    aggregates: &[NodeId],
    (members, units, options, room): (Members, usize, &Options, &mut Room),
    wanted: &[NodeId],
) -> Result<(), Fault> {
    let arguments = aggregates.iter().filter_map(|node| program.node(*node)).flat_map(|node| node.op.arguments());
    let of_units = |node: &NodeId| {
        let shape = program.node(*node).map(|node| node.shape);
        shape == Some(Shape::Unit) && machine.column(*node).is_none()
    };
    let arguments: BTreeSet<NodeId> = arguments.filter(of_units).collect();
    let arguments: Vec<NodeId> = arguments.into_iter().collect();
    let figures = sources.figures();
    let plan = Plan::new(program, &arguments, &figures, members, |id| sources.known(program, id));
    put(plan, &figures, (units, options), room, machine)?;
    drop(figures);
    machine.require(aggregates)?;
    for node in aggregates {
        if let Some(column) = machine.shared_column(*node) {
            sources.take(*node, &column);
        }
    }
    // What they are made of is worked out again with what rests on it, block by block.
    for node in arguments.iter().filter(|node| wanted.binary_search(node).is_err()) {
        machine.release(*node);
    }
    Ok(())
}

/// The first aggregates below nodes that were left out: those that rest on no other that was not
/// tried before.
fn aggregates(program: &Program, left: &[NodeId], sources: &Sources, tried: &BTreeSet<NodeId>) -> Vec<NodeId> {
    if left.is_empty() {
        return Vec::new();
    }
    let reached = crate::prepare::reached(program, left);
    let mut waits: Vec<bool> = Vec::with_capacity(program.nodes.len());
    let mut found = Vec::new();
    for ((at, node), reached) in (0u32..).map(NodeId).zip(&program.nodes).zip(reached) {
        let waiting = |argument: &NodeId| waits.get(argument.0 as usize) == Some(&true);
        let is_it = matches!(node.op, Op::Aggregate { .. }) && !tried.contains(&at) && !sources.has(at);
        let waits_for_another = node.op.arguments().iter().any(waiting);
        if reached && is_it && !waits_for_another {
            found.push(at);
        }
        waits.push(reached && (is_it || waits_for_another || matches!(node.op, Op::Rank { .. })));
    }
    found
}

/// What the code begins with: columns of figures, and values that were made of many units.
struct Sources {
    held: Vec<(Arc<Column>, (i64, i64))>,
    columns: BTreeMap<ColumnId, usize>,
    nodes: BTreeMap<NodeId, Known>,
}

impl Sources {
    fn new(program: &Program, machine: &Machine<'_>, nodes: &[NodeId]) -> Sources {
        let mut sources = Sources { held: Vec::new(), columns: BTreeMap::new(), nodes: BTreeMap::new() };
        let whole = |id: &ColumnId| program.columns.get(id.0 as usize).is_some_and(|spec| spec.shape == Shape::Unit);
        for id in columns_below(program, nodes).into_iter().filter(whole) {
            if let Some(at) = machine.supplied_shared(id).and_then(|column| sources.hold(column)) {
                sources.columns.insert(id, at);
            }
        }
        sources
    }

    /// Holds a column of machine numbers; none for any other.
    fn hold(&mut self, column: Arc<Column>) -> Option<usize> {
        let (numerators, denominator) = column.as_short()?;
        let figures = Figures::new(numerators, denominator);
        let edges = (figures.low, figures.high);
        self.held.push((column, edges));
        Some(self.held.len() - 1)
    }

    fn figures(&self) -> Vec<Figures<'_>> {
        let one = self.held.iter().filter_map(|(column, (low, high))| {
            let (numerators, denominator) = column.as_short()?;
            Some(Figures { numerators, denominator, low: *low, high: *high })
        });
        one.collect()
    }

    fn has(&self, node: NodeId) -> bool {
        self.nodes.contains_key(&node)
    }

    fn known(&self, program: &Program, id: NodeId) -> Option<Known> {
        if let Some(known) = self.nodes.get(&id) {
            return Some(known.clone());
        }
        match program.node(id).map(|node| &node.op) {
            Some(Op::Column(column)) => self.columns.get(column).copied().map(Known::Input),
            _ => None,
        }
    }

    /// Takes the values of a node, where they are all firmly known.
    fn take(&mut self, node: NodeId, column: &Arc<Column>) {
        let known = match column.only() {
            Some(number) => Some(Known::One(number)),
            None => column.shortened().and_then(|column| self.hold(Arc::new(column))).map(Known::Input),
        };
        known.into_iter().for_each(|known| _ = self.nodes.insert(node, known));
    }
}
