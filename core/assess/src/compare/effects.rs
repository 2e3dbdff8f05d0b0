//! How much each cause adds to a change. The places where a change comes in are given the
//! figures of the first side, and then, one after the other, those of the second; what the value
//! moves by at each step is what that cause adds. So all of them add up to the change exactly,
//! whatever the formula; what is left when the first figures meet the second policy is what the
//! policy brings about.

use super::{
    Figures,
    rests::{Leaf, What},
};
use crate::rounds::{column, missing};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec,
    vec::Vec,
};
use kaoping_program::{Cell, Column, Fault, Keep, Machine, NodeId, RowsetId, Shape, State};
use kaoping_terms::Exact;

/// What a change of one unit is made of.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    /// What another policy, or what has no counterpart on the second side, brings about.
    pub(super) policy: Exact,
    /// What each cause adds, of those that changed for the unit.
    pub(super) parts: Vec<(What, Exact)>,
}

impl Effect {
    pub(super) fn of(&self, what: &What) -> Option<&Exact> {
        self.parts.iter().find(|(of, _)| of == what).map(|(_, by)| by)
    }
}

/// What changed of what a value rests on, and how much that adds, by unit of the second side.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    /// What changed, by unit.
    changed: BTreeMap<u32, Vec<What>>,
    /// Results of rounds that the second side does not have any more, by unit.
    gone: BTreeMap<u32, Vec<What>>,
    effects: BTreeMap<u32, Effect>,
}

impl Effects {
    /// Where the change of a unit comes in.
    pub(super) fn changed(&self, unit: u32) -> &[What] {
        self.changed.get(&unit).map_or(&[][..], Vec::as_slice)
    }

    /// Results of rounds that are not there any more. What they added is with the policy.
    pub(super) fn gone(&self, unit: u32) -> &[What] {
        self.gone.get(&unit).map_or(&[][..], Vec::as_slice)
    }

    /// What each cause adds; none where the value is not known on the way.
    pub(super) fn of(&self, unit: u32) -> Option<&Effect> {
        self.effects.get(&unit)
    }
}

/// One node with its values on either side, in the order of the second.
struct Values {
    node: NodeId,
    old: Vec<Cell>,
    new: Vec<Cell>,
}

/// One cause: which nodes it changes, and for rows at which of them.
struct Switch {
    what: What,
    at: Vec<(usize, Option<Vec<usize>>)>,
}

/// Two sides and the value that is looked at.
pub(super) struct Walk<'w, 'a> {
    pub(super) old: &'w Figures<'a>,
    pub(super) new: &'w Figures<'a>,
    pub(super) roots: (NodeId, NodeId),
    pub(super) leaves: (&'w [Leaf], &'w [Leaf]),
    /// Units on both sides.
    pub(super) pairs: &'w [(u32, u32)],
}

impl Walk<'_, '_> {
    /// Puts in the figures of the second side one after the other.
    pub(super) fn effects(&self) -> Result<Effects, Fault> {
        let (values, switches) = self.values();
        let mut effects = Effects { gone: self.gone(), ..Effects::default() };
        for switch in &switches {
            for unit in self.changed_by(switch, &values) {
                effects.changed.entry(unit).or_default().push(switch.what.clone());
            }
        }
        let any: BTreeSet<What> = effects.changed.values().flatten().cloned().collect();
        let switches: Vec<&Switch> = switches.iter().filter(|switch| any.contains(&switch.what)).collect();
        let old = |earlier: u32| self.old.cell(self.roots.0, earlier).and_then(|cell| cell.value);
        let new = |unit: u32| self.new.cell(self.roots.1, unit).and_then(|cell| cell.value);
        let moved = |(earlier, unit): &&(u32, u32)| old(*earlier) != new(*unit) || effects.changed.contains_key(unit);
        let moved: Vec<(u32, u32)> = self.pairs.iter().filter(moved).copied().collect();
        if moved.is_empty() {
            return Ok(effects);
        }
        let mut state: Vec<Vec<Cell>> = values.iter().map(|values| values.old.clone()).collect();
        let mut steps = vec![self.run(&values, &state)?];
        for switch in &switches {
            for (at, rows) in &switch.at {
                let (Some(cells), Some(values)) = (state.get_mut(*at), values.get(*at)) else { continue };
                match rows {
                    None => cells.clone_from(&values.new),
                    Some(rows) => {
                        for row in rows {
                            let (Some(cell), Some(new)) = (cells.get_mut(*row), values.new.get(*row)) else { continue };
                            cell.clone_from(new);
                        }
                    }
                }
            }
            steps.push(self.run(&values, &state)?);
        }
        for (earlier, unit) in moved {
            if let Some(effect) = old(earlier).and_then(|old| effect(&old, &steps, &switches, &effects, unit)) {
                effects.effects.insert(unit, effect);
            }
        }
        Ok(effects)
    }

    /// The value of every unit with the figures as they stand.
    fn run(&self, values: &[Values], state: &[Vec<Cell>]) -> Result<Column, Fault> {
        let program = &self.new.side.given.standard.program;
        let mut machine = Machine::new(program, self.new.prepared.frame(), Keep::Outputs);
        for (values, cells) in values.iter().zip(state) {
            machine.seed(values.node, column(cells.clone()))?;
        }
        machine.require(&[self.roots.1])?;
        let units = self.new.side.given.units.len();
        Ok(machine.column(self.roots.1).cloned().unwrap_or_else(|| Column::unknown(State::MISSING, units)))
    }

    /// The values of all places where a change comes in, and the causes in order.
    fn values(&self) -> (Vec<Values>, Vec<Switch>) {
        let mut before: BTreeMap<&What, NodeId> = BTreeMap::new();
        for leaf in self.leaves.0 {
            before.entry(&leaf.what).or_insert(leaf.node);
        }
        let mut values = Vec::new();
        let mut switches: Vec<Switch> = Vec::new();
        let mut put =
            |what: What, at: usize, rows: Option<Vec<usize>>| match switches.iter_mut().find(|it| it.what == what) {
                Some(switch) => switch.at.push((at, rows)),
                None => switches.push(Switch { what, at: vec![(at, rows)] }),
            };
        for leaf in self.leaves.1 {
            let Some(node) = self.new.side.given.standard.program.node(leaf.node) else { continue };
            let at = values.len();
            let earlier = before.get(&leaf.what).copied();
            match (node.shape, &leaf.what) {
                (Shape::Rows(rowset), What::Parts(result)) => {
                    let (found, parts) = self.rows(leaf.node, rowset, earlier);
                    values.push(found);
                    for (part, rows) in parts {
                        put(What::Part { result: result.clone(), part }, at, Some(rows));
                    }
                }
                (shape, what) => {
                    values.push(self.cells(leaf.node, shape, earlier));
                    put(what.clone(), at, None);
                }
            }
        }
        (values, switches)
    }

    /// A value that a unit has once.
    fn cells(&self, node: NodeId, shape: Shape, earlier: Option<NodeId>) -> Values {
        let units = u32::try_from(self.new.side.given.units.len()).unwrap_or(u32::MAX);
        let count = if shape == Shape::One { units.min(1) } else { units };
        let new = (0..count).map(|unit| self.new.cell(node, unit).unwrap_or_else(missing)).collect::<Vec<_>>();
        let mut old = new.clone();
        if let Some(earlier) = earlier {
            for (then, unit) in self.pairs {
                let at = if shape == Shape::One { 0 } else { *unit as usize };
                let Some(cell) = old.get_mut(at) else { continue };
                *cell = self.old.cell(earlier, *then).unwrap_or_else(missing);
            }
        }
        Values { node, old, new }
    }

    /// Results of a round that is held several times, and at which rows each of them stands.
    fn rows(&self, node: NodeId, rowset: RowsetId, earlier: Option<NodeId>) -> (Values, BTreeMap<String, Vec<usize>>) {
        let frame = self.new.prepared.frame();
        let own: BTreeMap<u32, u32> = self.pairs.iter().map(|(then, unit)| (*unit, *then)).collect();
        let was = earlier.and_then(|node| Some((node, self.old.side.given.standard.program.node(node)?.shape)));
        let mut before: BTreeMap<(u32, String), Cell> = BTreeMap::new();
        if let Some((node, Shape::Rows(rowset))) = was {
            for (row, unit) in self.old.prepared.frame().owner(rowset).iter().enumerate() {
                let cell = self.old.column(node).map_or_else(missing, |column| column.cell(row));
                before.insert((*unit, self.old.prepared.row_label(rowset, row)), cell);
            }
        }
        let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for (row, unit) in frame.owner(rowset).iter().enumerate() {
            let label = self.new.prepared.row_label(rowset, row);
            let cell = self.new.column(node).map_or_else(missing, |column| column.cell(row));
            let then = own.get(unit).map(|then| before.get(&(*then, label.clone())).cloned().unwrap_or_else(missing));
            old.push(then.filter(|_| earlier.is_some()).unwrap_or_else(|| cell.clone()));
            new.push(cell);
            parts.entry(label).or_default().push(row);
        }
        (Values { node, old, new }, parts)
    }

    /// Results of a round held several times that only the first side has.
    fn gone(&self) -> BTreeMap<u32, Vec<What>> {
        let mut gone: BTreeMap<u32, Vec<What>> = BTreeMap::new();
        for leaf in self.leaves.0 {
            let shape = self.old.side.given.standard.program.node(leaf.node).map(|node| node.shape);
            let after = self.leaves.1.iter().find(|after| after.what == leaf.what);
            let after = after.and_then(|after| self.new.side.given.standard.program.node(after.node));
            let (What::Parts(result), Some(Shape::Rows(was)), Some(Shape::Rows(is))) =
                (&leaf.what, shape, after.map(|after| after.shape))
            else {
                continue;
            };
            let labels = |figures: &Figures<'_>, rowset: RowsetId, unit: u32| -> Vec<String> {
                let rows = figures.prepared.frame().rows_of(rowset, unit);
                rows.map(|row| figures.prepared.row_label(rowset, row)).collect()
            };
            for (earlier, unit) in self.pairs {
                let still = labels(self.new, is, *unit);
                let parts = labels(self.old, was, *earlier).into_iter().filter(|part| !still.contains(part));
                let parts: Vec<What> = parts.map(|part| What::Part { result: result.clone(), part }).collect();
                if !parts.is_empty() {
                    gone.entry(*unit).or_default().extend(parts);
                }
            }
        }
        gone
    }

    /// The units for which a cause changed.
    fn changed_by(&self, switch: &Switch, values: &[Values]) -> BTreeSet<u32> {
        let mut units = BTreeSet::new();
        for (values, rows) in switch.at.iter().filter_map(|(at, rows)| Some((values.get(*at)?, rows))) {
            let differs =
                |at: usize| values.old.get(at).map(|cell| &cell.value) != values.new.get(at).map(|cell| &cell.value);
            let shape = self.new.side.given.standard.program.node(values.node).map(|node| node.shape);
            match (rows, shape) {
                (Some(rows), Some(Shape::Rows(rowset))) => {
                    let owner = self.new.prepared.frame().owner(rowset);
                    units.extend(rows.iter().filter(|row| differs(**row)).filter_map(|row| owner.get(*row)));
                }
                (_, shape) => {
                    let at = |unit: u32| if shape == Some(Shape::One) { 0 } else { unit as usize };
                    units.extend(self.pairs.iter().map(|(_, unit)| *unit).filter(|unit| differs(at(*unit))));
                }
            }
        }
        units
    }
}

/// What each step moved the value by; none where it was not known at one of them.
fn effect(old: &Exact, steps: &[Column], switches: &[&Switch], all: &Effects, unit: u32) -> Option<Effect> {
    let mut at = steps.iter().map(|step| step.cell(unit as usize).value);
    let mut last = at.next()??;
    let policy = &last - old;
    let changed = all.changed(unit);
    let mut parts = Vec::new();
    for (switch, value) in switches.iter().zip(at) {
        let value = value?;
        if changed.contains(&switch.what) {
            parts.push((switch.what.clone(), &value - &last));
        }
        last = value;
    }
    Some(Effect { policy, parts })
}
