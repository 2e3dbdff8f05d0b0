//! A veto that strikes, with the events that made it strike.

use super::{View, events::counted_rows};
use crate::{Given, prepare};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Domain, Op};
use kaoping_scheme::model::{Veto, VetoEffect};
use kaoping_terms::{Lang, Text};

/// The vetoes that make an item zero.
pub(crate) fn of_item(given: Given<'_>, scheme: usize, item: usize) -> impl Iterator<Item = &Veto> + use<'_> {
    let vetoes = given.standard.schemes.get(scheme).map_or(&[][..], |scheme| &scheme.vetoes);
    vetoes.iter().filter(move |veto| veto.effects.contains(&VetoEffect::ItemZero(item)))
}

/// `数据造假：成立，件数(严重事件 其中 …) > 0；严重事件 严-1 2012-05-06 凭据 查-1；依据 行11`. None where it
/// does not strike, or its condition was not looked at.
pub(super) fn line(view: &View<'_>, veto: &Veto) -> Option<Text> {
    let cell = view.cell(veto.when)?;
    let name = &veto.name;
    let Some(value) = cell.value else {
        return Some(Text::new(
            format!("{name}：未定，有关的数还没有报"),
            format!("{name}: not known yet, a figure is owed"),
        ));
    };
    if value.is_zero() {
        return None;
    }
    let condition = view.in_words().of(veto.when);
    let (mut zh, mut en) = (format!("{name}：成立，{condition}"), format!("{name}: strikes, {condition}"));
    for event in events(view, veto) {
        zh.push_str(&format!("；{}", event.get(Lang::Zh)));
        en.push_str(&format!("; {}", event.get(Lang::En)));
    }
    if let Some(clause) = &veto.clause {
        zh.push_str(&format!("；依据 {clause}"));
        en.push_str(&format!("; clause {clause}"));
    }
    Some(Text::new(zh, en))
}

/// The events of the unit that its condition counts, with day and paper.
fn events(view: &View<'_>, veto: &Veto) -> Vec<Text> {
    let given = view.given();
    let program = &given.standard.program;
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (node, _) in program.nodes.iter().zip(prepare::reached(program, &[veto.when])).filter(|(_, reached)| *reached) {
        let Op::Aggregate { over: Domain::Rows(rowset), filter, .. } = &node.op else { continue };
        let Some(table) = given.standard.events.iter().position(|table| table.rowset == *rowset) else { continue };
        let rows = counted_rows(view, table, *rowset, *filter).into_iter().map(|row| (table, row));
        found.extend(rows);
    }
    found.sort_unstable();
    found.dedup();
    let event = |(table, row): (usize, usize)| {
        let event = given.events.of(table).get(row)?;
        let name = given.standard.events.get(table)?.name.clone();
        let day = event.day.map(|day| day.to_string()).unwrap_or_default();
        let parts = |evidence: &str| {
            let paper =
                if event.evidence.is_empty() { String::new() } else { format!("{evidence} {}", event.evidence) };
            let mut parts = Vec::from([name.clone(), event.id.clone(), day.clone(), paper]);
            parts.retain(|part| !part.is_empty());
            parts.join(" ")
        };
        Some(Text::new(parts("凭据"), parts("evidence")))
    };
    found.into_iter().filter_map(event).collect()
}
