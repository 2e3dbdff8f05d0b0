//! A condition that suspends an award, with the numbers that make it hold.

use super::View;
use crate::Prepared;
use alloc::{
    format,
    string::{String, ToString},
};
use kaoping_program::{Aggregate, Domain, NodeId, Op};
use kaoping_terms::{Lang, Text};

/// `最高(总分 于 全体) < 50 分（最高(总分 于 全体)=35 分 < 50 分）`: a condition as it stands for a unit.
pub(crate) fn told(prepared: &Prepared<'_>, unit: u32, node: NodeId) -> Text {
    Text::new(in_words(prepared, unit, node, Lang::Zh), in_words(prepared, unit, node, Lang::En))
}

fn in_words(prepared: &Prepared<'_>, unit: u32, node: NodeId, lang: Lang) -> String {
    let Ok(view) = View::new(prepared, unit, &[node], lang) else { return String::new() };
    let words = view.in_words().of(node);
    // Grades come in between two runs: what rests on them is not known here, and only named.
    let is_known = view.cell(node).is_some_and(|cell| cell.value.is_some());
    let numbers = match counted(&view, node) {
        Some(counted) => counted.get(lang).to_string(),
        None if is_known => view.in_numbers().of(node),
        None => String::new(),
    };
    match lang {
        _ if numbers.is_empty() || numbers == words => words,
        Lang::Zh => format!("{words}（{numbers}）"),
        Lang::En => format!("{words} ({numbers})"),
    }
}

/// Of how many units a thing holds that all or any of them must fulfil.
fn counted(view: &View<'_>, node: NodeId) -> Option<Text> {
    let program = &view.given().standard.program;
    let Op::Aggregate { function: Aggregate::AllOf | Aggregate::AnyOf, over, x: Some(x), filter: None } =
        &program.node(node)?.op
    else {
        return None;
    };
    let all = match over {
        Domain::All => true,
        Domain::Peers => false,
        Domain::Subordinates | Domain::Rows(_) => return None,
    };
    let mut machine = view.prepared.machine(kaoping_program::Keep::Outputs, &[*x]).ok()?;
    machine.require(&[*x]).ok()?;
    let column = machine.column(*x)?;
    let groups = view.prepared.groups();
    let own = groups.of.get(view.unit as usize);
    let members = view.prepared.members().into_iter();
    let known = members.filter(|unit| all || groups.of.get(*unit as usize) == own);
    let known = known.filter_map(|unit| column.cell(unit as usize).value);
    let (yes, of) = known.fold((0usize, 0usize), |(yes, of), value| (yes + usize::from(!value.is_zero()), of + 1));
    Some(Text::new(format!("{of} 个单位中 {yes} 个是"), format!("{yes} of {of} units")))
}
