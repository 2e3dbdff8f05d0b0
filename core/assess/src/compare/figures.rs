//! One side of a comparison, with every column a comparison looks at.

use super::{Side, below, rests::Rests};
use crate::Prepared;
use alloc::{string::String, vec::Vec};
use kaoping_program::{Cell, Column, Fault, Keep, Machine, NodeId};
use kaoping_rules::written::values;
use kaoping_scheme::model::{Item, VetoEffect};
use kaoping_terms::{Exact, Lang};

/// All columns a comparison looks at, of one side.
pub(crate) struct Figures<'a> {
    pub(crate) side: Side<'a>,
    pub(crate) prepared: &'a Prepared<'a>,
    pub(super) rests: Rests<'a>,
    machine: Machine<'a>,
}

impl<'a> Figures<'a> {
    /// With some nodes beside those of the items and of the scheme's values.
    pub(super) fn of(
        prepared: &'a Prepared<'a>,
        side: Side<'a>,
        besides: &[NodeId],
        lang: Lang,
    ) -> Result<Self, Fault> {
        let standard = side.given.standard;
        let rests = Rests::new(standard, lang);
        let vetoes = standard.schemes.iter().flat_map(|scheme| &scheme.vetoes);
        let zeroing = vetoes.filter(|veto| veto.effects.iter().any(|effect| matches!(effect, VetoEffect::ItemZero(_))));
        let mut nodes: Vec<NodeId> = zeroing.map(|veto| veto.when).chain(besides.iter().copied()).collect();
        if let Some(total) = standard.schemes.first().and_then(|scheme| scheme.total) {
            nodes.push(total);
            nodes.extend(rests.of_total(total).iter().map(|leaf| leaf.node));
        }
        for node in besides {
            nodes.extend(rests.of_value(*node).iter().map(|leaf| leaf.node));
        }
        for item in super::all_items(standard) {
            nodes.extend(item.inputs.iter().map(|input| input.node));
            nodes.extend(item.adjustments.iter().map(|adjustment| adjustment.sum));
            nodes.extend(item.applies);
            nodes.extend(item.adjustments.iter().filter_map(|adjustment| adjustment.matches));
            nodes.extend(item.score);
            nodes.extend(below::nodes(&rests, item));
            nodes.extend(rests.of_item(item).iter().map(|leaf| leaf.node));
        }
        let mut machine = prepared.machine(Keep::Outputs, &nodes)?;
        machine.require(&nodes)?;
        Ok(Self { side, prepared, rests, machine })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &'a Item> + use<'a> {
        super::all_items(self.side.given.standard)
    }

    pub(super) fn item(&self, id: &str) -> Option<&'a Item> {
        self.items().find(|item| item.id == id)
    }

    pub(super) fn score(&self, item: &Item, unit: u32) -> Option<Exact> {
        self.cell(item.score?, unit)?.value
    }

    pub(super) fn column(&self, node: NodeId) -> Option<&Column> {
        self.machine.column(node)
    }

    pub(crate) fn cell(&self, node: NodeId, unit: u32) -> Option<Cell> {
        self.column(node).map(|column| column.cell(unit as usize))
    }

    pub(crate) fn show(&self, node: NodeId, cell: &Cell, lang: Lang) -> String {
        let program = &self.side.given.standard.program;
        match program.node(node) {
            Some(found) => {
                let display = self.side.given.scheme().and_then(|scheme| scheme.display.as_ref());
                values::cell_shown(program, &found.kind, cell, display, lang)
            }
            None => String::new(),
        }
    }
}
