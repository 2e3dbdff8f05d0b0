//! Single places where a change comes in: figures, with who brought them, and whatever has no
//! line of its own.

use super::{
    Figures,
    below::{Below, Told},
    causes,
    rests::{Leaf, What},
};
use crate::{explain::veto_line, merged, rounds::missing};
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{NodeId, Shape};
use kaoping_scheme::model::Input;
use kaoping_terms::Text;

impl Below<'_, '_> {
    /// The figures of an item that changed, each with who brought it.
    pub(super) fn figures(&self, item: &str) -> Vec<Told> {
        let mut told = Vec::new();
        for input in self.inputs.1.iter().filter(|input| input.rows.is_none()) {
            let Some(other) = self.inputs.0.iter().find(|other| other.name == input.name) else { continue };
            if let Some(text) = self.figure(other, input) {
                let what = What::Figure { item: item.into(), name: input.name.clone() };
                told.push(Told::new(Some(what), Some(&input.name), text));
            }
        }
        told
    }

    fn figure(&self, before: &Input, after: &Input) -> Option<Text> {
        let (a, b) = (self.old.cell(before.node, self.units.0)?, self.new.cell(after.node, self.units.1)?);
        if a.value == b.value {
            return None;
        }
        let sides = ((before, self.units.0), (after, self.units.1));
        if let Some(cause) = merged::cause(self.old, self.new, sides.0, sides.1, self.lang) {
            return Some(cause);
        }
        let (a, b) = (self.old.show(before.node, &a, self.lang), self.new.show(after.node, &b, self.lang));
        let (name, whose, paper) = (&after.name, self.whose(before, after), self.paper_of(after));
        Some(Text::new(
            format!("{}{name}：{a} → {b}{}", whose.zh, paper.zh),
            format!("{} {name}: {a} → {b}{}", whose.en, paper.en),
        ))
    }

    /// Who brought a figure: the unit, whoever handed it down, or the policy.
    fn whose(&self, before: &Input, after: &Input) -> Text {
        let reported = |figures: &Figures<'_>, input: &Input, unit: u32| {
            figures.prepared.reported(input.column, unit).is_some_and(|reported| reported.value.is_some())
        };
        let own = reported(self.old, before, self.units.0) || reported(self.new, after, self.units.1);
        match merged::stand_in(&self.new.side.given, after.column, self.units.1).filter(|_| !own) {
            Some((_, false)) => Text::new("下达的", "handed down"),
            Some((_, true)) => Text::new("方案写的", "written in the policy,"),
            None => Text::new("自己的", "own"),
        }
    }

    fn paper_of(&self, input: &Input) -> Text {
        let reported = self.new.prepared.reported(input.column, self.units.1);
        let reported = reported.filter(|reported| reported.value.is_some());
        match reported.map(|reported| reported.evidence).filter(|paper| !paper.is_empty()) {
            Some(paper) => Text::new(format!("（凭据 {paper}）"), format!(" (evidence {paper})")),
            None => Text::default(),
        }
    }

    /// A place where a change comes in, as it stands in the text of the policy.
    pub(super) fn leaf(&self, what: &What, leaves: (&[Leaf], &[Leaf])) -> Option<Told> {
        let text = match what {
            What::Part { result, part } => self.part_of_year(result, part, leaves)?,
            What::Figure { item, name } => self.figure_of(item, name)?,
            What::Veto(name) => self.veto(name),
            _ => {
                let (before, after) = (node(leaves.0, what)?, node(leaves.1, what)?);
                let told = self.aggregate(&self.new.rests.called(after), before, after);
                if let Some(told) = told.filter(|told| told.what.as_ref() == Some(what)) {
                    return Some(told);
                }
                self.moved(&self.name_of(what, after), before, after)?
            }
        };
        Some(Told::new(Some(what.clone()), None, text))
    }

    fn name_of(&self, what: &What, id: NodeId) -> Text {
        let item = |id: &String| self.new.item(id).map_or_else(|| id.clone(), |item| item.name.clone());
        match what {
            What::Item(id) => Text::same(item(id)),
            What::Applies(id) => Text::new(format!("{}适用", item(id)), format!("{} applies", item(id))),
            What::Adjustment { item: id, .. } => Text::same(item(id)),
            What::Below(formula) if self.new.rests.sum(id) == Some(formula) => Text::same(formula.clone()),
            What::Below(_) => Text::same(self.new.rests.called(id)),
            What::Parts(name) | What::Veto(name) | What::Figure { name, .. } => Text::same(name.clone()),
            What::Part { result, part } => Text::same(What::part_name(result, part)),
        }
    }

    fn moved(&self, name: &Text, before: NodeId, after: NodeId) -> Option<Text> {
        let (a, b) = self.cells(before, after).filter(|(a, b)| a.value != b.value)?;
        let (a, b) = (self.old.show(before, &a, self.lang), self.new.show(after, &b, self.lang));
        Some(Text::new(format!("{}：{a} → {b}", name.zh), format!("{}: {a} → {b}", name.en)))
    }

    /// A veto with its events, or that it does not strike any more.
    fn veto(&self, name: &str) -> Text {
        let vetoes = self.new.side.given.standard.schemes.iter().flat_map(|scheme| &scheme.vetoes);
        let line = |veto| veto_line(self.new.prepared, self.units.1, veto, self.lang);
        match vetoes.filter(|veto| veto.name == name).find_map(line) {
            Some(line) => Text::new(format!("否决 {}", line.zh), format!("veto {}", line.en)),
            None => causes::veto_gone(name),
        }
    }

    /// A figure that another item reads.
    fn figure_of(&self, item: &str, name: &str) -> Option<Text> {
        let find = |figures: &Figures<'_>| {
            let item = figures.item(item)?;
            Some((item.name.clone(), item.inputs.iter().find(|input| input.name == name)?.clone()))
        };
        let ((_, before), (called, after)) = (find(self.old)?, find(self.new)?);
        let text = self.figure(&before, &after)?;
        Some(Text::new(format!("“{called}”{}", text.zh), format!("`{called}`, {}", text.en)))
    }

    /// `月评 2024-03.总分：90 分 → 84 分`.
    fn part_of_year(&self, result: &str, part: &str, leaves: (&[Leaf], &[Leaf])) -> Option<Text> {
        let whole = What::Parts(result.into());
        let (before, after) = (node(leaves.0, &whole)?, node(leaves.1, &whole)?);
        let shown = |figures: &Figures<'_>, node: NodeId, unit: u32| -> Option<String> {
            let Shape::Rows(rowset) = figures.side.given.standard.program.node(node)?.shape else { return None };
            let found = self.labelled(figures, rowset, node, unit).remove(part);
            Some(found.unwrap_or_else(|| figures.show(node, &missing(), self.lang)))
        };
        let (a, b) = (shown(self.old, before, self.units.0)?, shown(self.new, after, self.units.1)?);
        let name = What::part_name(result, part);
        Some(Text::new(format!("{name}：{a} → {b}"), format!("{name}: {a} → {b}")))
    }
}

fn node(leaves: &[Leaf], what: &What) -> Option<NodeId> {
    leaves.iter().find(|leaf| leaf.what == *what).map(|leaf| leaf.node)
}
