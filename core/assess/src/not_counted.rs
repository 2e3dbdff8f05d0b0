//! What was reported and does not count: figures for an item by units it does not apply to, events
//! of a round from which nothing is taken. It is not dropped in silence.

use crate::{
    events::Event,
    figures::{EMPTY, Entry},
    prepare::{Prepared, reached},
};
use alloc::{collections::BTreeSet, format, vec::Vec};
use kaoping_program::{Domain, Fault, Keep, Node, NodeId, Op, RowsetId, Shape};
use kaoping_scheme::model::Item;
use kaoping_terms::{Diagnostic, Report, Text};

/// How many units a finding names.
const NAMED: usize = 5;

/// One finding for each item that was reported on where it does not apply.
pub(crate) fn findings(prepared: &Prepared<'_>, report: &mut Report) -> Result<(), Fault> {
    let items = prepared.given().standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let conditional: Vec<(&Item, NodeId)> = items.filter_map(|item| Some((item, item.counts?))).collect();
    if conditional.is_empty() || prepared.given().facts.is_empty() {
        return Ok(());
    }
    let nodes: Vec<NodeId> =
        conditional.iter().flat_map(|(item, counts)| [Some(*counts), item.exempt]).flatten().collect();
    let mut machine = prepared.machine(Keep::Outputs, &nodes)?;
    machine.require(&nodes)?;
    for (item, counts) in conditional {
        let Some(column) = machine.column(counts) else { continue };
        let apart = |unit: u32| {
            let at = if column.len() == 1 { 0 } else { unit as usize };
            prepared.is_assessed(unit) && column.cell(at).value.is_some_and(|counts| counts.is_zero())
        };
        let found: Vec<Entry> = entries(prepared, item).into_iter().filter(|entry| apart(entry.unit)).collect();
        if !found.is_empty() {
            let column = item.exempt.and_then(|exempt| machine.column(exempt));
            let is_exempt = |unit: u32| {
                let exempt = column.and_then(|column| column.cell(unit as usize).value);
                exempt.is_some_and(|exempt| !exempt.is_zero())
            };
            let (exempt, others) = found.iter().map(|entry| entry.unit).partition(|unit| is_exempt(*unit));
            report.push(finding(prepared, item, &found, &[exempt, others]));
        }
    }
    Ok(())
}

/// One finding for each event table with events that belong to a round other than the official
/// one, where nothing that is used of that round looks at them.
pub(crate) fn events(prepared: &Prepared<'_>, report: &mut Report) {
    let given = prepared.given();
    let Some((scheme, official)) = given.scheme().and_then(|scheme| Some((scheme, scheme.rounds.official?))) else {
        return;
    };
    let program = &given.standard.program;
    let looks_at = |round: usize, rowset: RowsetId| {
        let results: Vec<NodeId> =
            scheme.rounds.results.iter().filter(|result| result.round == round).map(|result| result.node).collect();
        let reached = reached(program, &results);
        let over = |op: &Op| matches!(op, Op::Aggregate { over: Domain::Rows(rows), .. } if *rows == rowset);
        let looks = |node: &Node| node.shape == Shape::Rows(rowset) || over(&node.op);
        program.nodes.iter().zip(reached).any(|(node, reached)| reached && looks(node))
    };
    for (at, table) in given.standard.events.iter().enumerate() {
        let others: Vec<(usize, &Event)> = given
            .events
            .of(at)
            .iter()
            .filter(|event| event.withdrawn.is_none())
            .filter_map(|event| Some((event.round.filter(|round| *round != official)?, event)))
            .collect();
        let rounds: BTreeSet<usize> = others.iter().map(|(round, _)| *round).collect();
        for round in rounds.into_iter().filter(|round| !looks_at(*round, table.rowset)) {
            let found: Vec<&Event> = others.iter().filter(|(of, _)| *of == round).map(|(_, event)| *event).collect();
            let names = &scheme.rounds.rounds;
            let name = |round: usize| names.get(round).map_or("", |(name, ..)| name.as_str());
            report.push(no_event(&table.name, &found, name(round), name(official)));
        }
    }
}

fn no_event(table: &str, found: &[&Event], round: &str, official: &str) -> Diagnostic {
    let ids: Vec<&str> = found.iter().take(NAMED).map(|event| event.id.as_str()).collect();
    let (count, more) = (found.len(), if found.len() > NAMED { " 等" } else { "" });
    let finding = Diagnostic::warning(
        "event-not-counted",
        Text::new(
            format!("“{table}”有 {count} 件写的是“{round}”，没有计入任何正式结果：{}{more}", ids.join("、")),
            format!("events of `{table}` that name the round `{round}` count in no official result ({count}): {}", ids.join(", ")),
        ),
    )
    .why(Text::new(
        format!("写了轮次的只在那一轮计；正式的是“{official}”，它用到的“{round}”的结果里不看“{table}”"),
        format!("an event counts in its round; the official one is `{official}`, and what it takes from `{round}` does not look at `{table}`"),
    ))
    .next(Text::new(
        format!("“轮次”改成“{official}”，或空着（每一轮都计）"),
        format!("write the round `{official}`, or leave it empty: then it counts in each"),
    ));
    match found.first() {
        Some(first) => finding.at(first.place),
        None => finding,
    }
}

/// What was reported for the item itself in the round that is looked at, by unit and line.
fn entries(prepared: &Prepared<'_>, item: &Item) -> Vec<Entry> {
    let facts = prepared.given().facts;
    let round = prepared.slice().round.and_then(|round| u32::try_from(round + 1).ok());
    let slots: BTreeSet<u32> = item.inputs.iter().filter_map(|input| facts.fields.of_column(input.column)).collect();
    let layers = slots.iter().filter_map(|slot| facts.layers.get(*slot as usize)).flatten();
    let looked_at = layers.filter(|layer| layer.round == 0 || Some(layer.round) == round);
    let mut found: Vec<Entry> =
        looked_at.flat_map(|layer| layer.entries.iter()).filter(|entry| entry.places != EMPTY).collect();
    found.sort_by_key(|entry| (entry.unit, entry.file, entry.start));
    found
}

/// The first of some units by name, and how many there are where that is more.
fn some_of(prepared: &Prepared<'_>, units: &BTreeSet<u32>) -> Text {
    let named: Vec<&str> = units.iter().take(NAMED).map(|unit| prepared.given().units.id(*unit)).collect();
    let (zh_more, en_more) = if units.len() > NAMED {
        (format!(" 等 {} 个单位", units.len()), " and others")
    } else {
        Default::default()
    };
    Text::new(format!("{}{zh_more}", named.join("、")), format!("{}{en_more}", named.join(", ")))
}

/// Why the item does not apply to them: those who were made exempt, and those its own condition leaves out.
fn because(prepared: &Prepared<'_>, [exempt, others]: &[BTreeSet<u32>; 2]) -> Text {
    let mut why = Text::default();
    if !exempt.is_empty() {
        let units = some_of(prepared, exempt);
        why = Text::new(format!("{} 经批准豁免这一项；", units.zh), format!("{} was made exempt from it; ", units.en));
    }
    if !others.is_empty() {
        let units = some_of(prepared, others);
        why.zh.push_str(&format!("{} 不合方案写的“适用”条件；", units.zh));
        why.en.push_str(&format!("{} is left out by its condition (适用); ", units.en));
    }
    why
}

fn finding(prepared: &Prepared<'_>, item: &Item, found: &[Entry], apart: &[BTreeSet<u32>; 2]) -> Diagnostic {
    let units = some_of(prepared, &found.iter().map(|entry| entry.unit).collect());
    let (name, count, because) = (&item.name, found.len(), because(prepared, apart));
    let next = match apart {
        [exempt, others] if others.is_empty() && !exempt.is_empty() => Text::new(
            "不用办什么；豁免终止以后，报来的数照常计",
            "nothing is to be done; when the exemption ends the figures count again",
        ),
        [exempt, _] if !exempt.is_empty() => Text::new(
            "豁免的不用办什么；其余的，核对单位表里的属性和方案的“适用”",
            "for those who are exempt nothing is to be done; of the others check the attributes and the 适用 of the policy",
        ),
        _ => Text::new(
            "核对单位表里的属性和方案的“适用”；数确是多报的，删去就不再提醒",
            "check the attributes of the unit and the 适用 of the policy; remove the figures if they are surplus",
        ),
    };
    let finding = Diagnostic::warning(
        "figure-not-counted",
        Text::new(
            format!("“{name}”不适用于 {}，报来的 {count} 个数不计", units.zh),
            format!("`{name}` does not apply to {}; {count} figures reported do not count", units.en),
        ),
    )
    .why(Text::new(
        format!("{}不适用的单位不在这一项里比较：它的数不进最高、平均、位次，也不算它未报", because.zh),
        format!(
            "{}a unit it does not apply to is not compared: its figures are in no highest, mean or place, and it owes none",
            because.en
        ),
    ))
    .next(next);
    match found.first() {
        Some(first) => finding.at(prepared.given().facts.place(first)),
        None => finding,
    }
}
