//! Units that count together: whose figures are added, and what each of them brought.

use crate::{
    Given, Prepared, Reported, columns,
    compare::Figures,
    prepare::{columns_below, reached},
    slice::Slice,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_program::{Cell, Column, ColumnId, ColumnSource, Frame, Keep, Machine, NodeId, Op, State};
use kaoping_scheme::model::{Input, Scheme};
use kaoping_terms::{Diagnostic, Exact, Lang, Report, Text, nearest::nearest};

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

/// Names in 合并 that no unit has: the sum would be made of fewer units than the policy says, in
/// silence. Where none of a group is there the run is about others.
pub(crate) fn absent_members(given: &Given<'_>, report: &mut Report) {
    for merge in given.standard.schemes.iter().flat_map(|scheme| &scheme.merges) {
        let is_absent = |name: &&String| given.units.find(name).is_none();
        let absent: Vec<&String> = merge.members.iter().filter(is_absent).collect();
        let nobody = absent.len() == merge.members.len();
        for name in absent {
            // Another one of the group is not what was meant.
            let others = given
                .units
                .iter()
                .take(5_000)
                .filter(|(_, unit)| !merge.members.iter().any(|member| *member == unit.id || *member == unit.name));
            let near = nearest(name, others.flat_map(|(_, unit)| [unit.id.as_str(), unit.name.as_str()]));
            report.push(absent_member(given, &merge.name, name, nobody, near).at(merge.place));
        }
    }
}

fn absent_member(given: &Given<'_>, group: &str, name: &str, nobody: bool, near: Option<&str>) -> Diagnostic {
    let (zh, en) = match given.units.are_from_facts() {
        true => ("没有给单位表，也没有一个数是它的", "no list of units is given, and no figure is its"),
        false => ("不在单位表里", "not in the list of units"),
    };
    let level = if nobody { Diagnostic::warning } else { Diagnostic::error };
    let finding = level(
        "unknown-unit",
        Text::new(format!("合并“{group}”里的“{name}”{zh}"), format!("`{name}` of the merged `{group}`: {en}")),
    );
    finding
        .why(Text::new(
            "少了一个，合计就不是方案写的那几个单位的，得分也不会给它",
            "without it the sum is not of the units the policy names, and it gets no points",
        ))
        .next(match near {
            Some(near) => Text::new(
                format!("是不是“{near}”？方案和单位表里写成一样"),
                format!("did you mean `{near}`? write it alike in the policy and the list"),
            ),
            None => Text::new("改方案里的名字，或在单位表里补上", "mend the name in the policy, or add it to the list"),
        })
}

/// The values of a condition that rests on what units are and on nothing else, such as whether an
/// item applies; none where figures or other units decide it.
fn told_by_attributes(given: &Given<'_>, node: NodeId) -> Option<Column> {
    let program = &given.standard.program;
    let is_attribute = |id: &ColumnId| {
        let source = program.columns.get(id.0 as usize).map(|spec| &spec.source);
        matches!(source, Some(ColumnSource::Attribute { .. }))
    };
    let columns = columns_below(program, &[node]);
    let others = |op: &Op| matches!(op, Op::Aggregate { .. } | Op::Rank { .. });
    let mut nodes = program.nodes.iter().zip(reached(program, &[node]));
    if !columns.iter().all(is_attribute) || nodes.any(|(node, reached)| reached && others(&node.op)) {
        return None;
    }
    let frame = Frame::flat(given.units.len());
    let mut machine = Machine::new(program, &frame, Keep::Outputs);
    for id in columns {
        machine.supply(id, columns::build(given, &Slice::default(), &[], id)?).ok()?;
    }
    machine.require(&[node]).ok()?;
    machine.column(node).cloned()
}

/// The groups of units whose figures of a column are added, each with the name it goes by. A unit to
/// which the item does not apply is not of the group: its figure does not count, and is not asked.
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
                let mut members: Vec<u32> = merge.members.iter().filter_map(|name| given.units.find(name)).collect();
                let item = scheme.items.iter().find(|item| item.id == *indicator);
                if let Some(counts) = item.and_then(|item| item.counts).and_then(|node| told_by_attributes(given, node))
                {
                    let at = |unit: &u32| if counts.len() == 1 { 0 } else { *unit as usize };
                    members.retain(|unit| counts.cell(at(unit)).value.is_none_or(|counts| !counts.is_zero()));
                }
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
