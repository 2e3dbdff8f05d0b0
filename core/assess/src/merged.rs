//! Units that count together: whose figures are added, and what each of them brought.

use crate::{Given, Prepared, Reported, compare::Figures, prepare::columns_below};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_program::{Cell, ColumnId, ColumnSource, Op, State};
use kaoping_scheme::model::{Input, Scheme};
use kaoping_terms::{Exact, Lang, Text};

/// What one of several units that count together brings to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The unit.
    pub unit: u32,
    /// Its own figure, or what stands in for it; none where it owes one.
    pub value: Option<Exact>,
    /// The paper that shows it; empty for none.
    pub evidence: String,
    /// Whether it did not report and the figure is the one the policy writes in its place.
    pub stands_in: bool,
}

/// The groups of units whose figures of a column are added, each with the name it goes by.
pub(crate) fn groups<'a>(given: &Given<'a>, id: ColumnId) -> Vec<(&'a str, Vec<u32>)> {
    let Some(spec) = given.standard.program.columns.get(id.0 as usize) else {
        return Vec::new();
    };
    let (indicator, field) = match &spec.source {
        ColumnSource::Fact { indicator: Some(indicator), field, .. } | ColumnSource::Target { indicator, field } => {
            (indicator, field)
        }
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for scheme in &given.standard.schemes {
        let of_item = |item: &usize| scheme.items.get(*item).is_some_and(|item| item.id == *indicator);
        for merge in scheme.merges.iter().filter(|merge| merge.items.iter().any(of_item)) {
            if merge.inputs.iter().any(|input| is_input(scheme, &merge.items, input, indicator, field)) {
                let members = merge.members.iter().filter_map(|name| given.units.find(name)).collect();
                found.push((merge.name.as_str(), members));
            }
        }
    }
    found
}

/// What counts for a unit that did not report a figure, as it would count if the unit stood
/// for itself: the target handed down to it, the figure of the item table, the default. Also
/// whether the policy writes it for all units alike.
pub(crate) fn stand_in(given: &Given<'_>, id: ColumnId, unit: u32) -> Option<(Exact, bool)> {
    let program = &given.standard.program;
    let mut items = given.standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let input = items.find_map(|item| item.inputs.iter().find(|input| input.column == id && input.rows.is_none()))?;
    let mut found = None;
    let mut node = input.given;
    // From the last resort inwards: what stands further in comes before it.
    while let Some(Op::IfMissing(first, second)) = program.node(node).map(|node| &node.op) {
        let value = match program.node(*second).map(|node| &node.op) {
            Some(Op::Const(value)) => Some((value.clone(), true)),
            Some(Op::Column(target)) => {
                let row = given.units.get(unit)?;
                given.targets.get(*target, &row.id, &row.name).map(|value| (value.clone(), false))
            }
            _ => None,
        };
        found = value.or(found);
        node = *first;
    }
    found
}

/// Whether the name under which a figure is added means that field of the item.
fn is_input(scheme: &Scheme, items: &[usize], name: &str, indicator: &str, field: &str) -> bool {
    if name == field {
        return true;
    }
    let items = items.iter().filter_map(|item| scheme.items.get(*item)).filter(|item| item.id == indicator);
    let mut inputs = items.flat_map(|item| &item.inputs);
    inputs.any(|input| input.name == field && input.alias.as_deref() == Some(name))
}

impl<'a> Prepared<'a> {
    /// The units whose figures of a column count together with a unit's, itself among them,
    /// and the name they go by; none where the unit stands for itself.
    pub(crate) fn counted_together(&self, id: ColumnId, unit: u32) -> Option<(&'a str, Vec<u32>)> {
        groups(&self.given(), id).into_iter().find(|(_, members)| members.contains(&unit))
    }

    /// What each of the units brings that count together with a unit.
    pub fn parts(&self, id: ColumnId, unit: u32) -> Vec<Part> {
        let members = self.counted_together(id, unit).map(|(_, members)| members).unwrap_or_default();
        members.into_iter().map(|unit| self.part(id, unit)).collect()
    }

    /// The same for a figure an item reads: reported, else handed down.
    pub fn parts_of_input(&self, input: &Input, unit: u32) -> Vec<Part> {
        let known = |column: ColumnId| {
            let parts = self.parts(column, unit);
            parts.iter().any(|part| part.value.is_some()).then_some(parts)
        };
        let below = || columns_below(&self.given().standard.program, &[input.node]);
        known(input.column).or_else(|| below().into_iter().find_map(known)).unwrap_or_default()
    }

    /// What one unit brings itself: a figure it reported, a target handed down to it, or what
    /// the policy writes in its place.
    fn part(&self, id: ColumnId, unit: u32) -> Part {
        let given = self.given();
        let reported: Option<Reported> = self.reported(id, unit);
        let handed = || {
            let row = given.units.get(unit)?;
            given.targets.get(id, &row.id, &row.name).cloned()
        };
        let evidence = reported.as_ref().map(|reported| reported.evidence.clone()).unwrap_or_default();
        let own = reported.and_then(|reported| reported.value).or_else(handed);
        let stand_in = if own.is_none() { stand_in(&given, id, unit) } else { None };
        let stands_in = stand_in.as_ref().is_some_and(|(_, written)| *written);
        Part { unit, value: own.or(stand_in.map(|(value, _)| value)), evidence, stands_in }
    }

    /// Who of the units that count together owes a figure: those that have none of their own.
    pub(crate) fn without_figure(&self, id: ColumnId, unit: u32) -> Vec<u32> {
        let parts = self.parts(id, unit);
        let owing: Vec<u32> = parts.iter().filter(|part| part.value.is_none()).map(|part| part.unit).collect();
        if owing.is_empty() { Vec::from([unit]) } else { owing }
    }
}

/// Whose figures changed, where several units count together: each with its own.
pub(crate) fn cause(
    old: &Figures<'_>,
    new: &Figures<'_>,
    before: (&Input, u32),
    after: (&Input, u32),
    lang: Lang,
) -> Option<Text> {
    let shown = |figures: &Figures<'_>, input: &Input, value: Option<Exact>| {
        let state = if value.is_some() { State::KNOWN } else { State::MISSING };
        figures.show(input.node, &Cell { value, state }, lang)
    };
    let found = changed((old.prepared, before.0, before.1), (new.prepared, after.0, after.1));
    let line = |change: &Changed| {
        let a = shown(old, before.0, change.before.clone());
        let b = shown(new, after.0, change.after.clone());
        format!("{} {a} → {b}", new.side.given.units.name(change.unit))
    };
    let who: Vec<String> = found.iter().map(line).collect();
    let (a, b) = (old.cell(before.0.node, before.1)?, new.cell(after.0.node, after.1)?);
    let (a, b) = (old.show(before.0.node, &a, lang), new.show(after.0.node, &b, lang));
    let (name, who) = (&after.0.name, who.join("、"));
    (!who.is_empty()).then(|| {
        Text::new(
            format!("合并的{name}：{a} → {b}，因为{who}"),
            format!("{name} counted together: {a} → {b}, because {who}"),
        )
    })
}

/// The parts of two runs that differ.
fn changed(before: (&Prepared<'_>, &Input, u32), after: (&Prepared<'_>, &Input, u32)) -> Vec<Changed> {
    let units = before.0.given().units;
    let parts = before.0.parts_of_input(before.1, before.2).into_iter();
    let old: BTreeMap<&str, Option<Exact>> = parts.map(|part| (units.id(part.unit), part.value)).collect();
    let differs = |part: Part| {
        let was = old.get(after.0.given().units.id(part.unit))?.clone();
        (was != part.value).then_some(Changed { unit: part.unit, before: was, after: part.value })
    };
    after.0.parts_of_input(after.1, after.2).into_iter().filter_map(differs).collect()
}

/// A figure of one of several units that count together, before and after.
struct Changed {
    /// The unit, on the later side.
    unit: u32,
    before: Option<Exact>,
    after: Option<Exact>,
}
