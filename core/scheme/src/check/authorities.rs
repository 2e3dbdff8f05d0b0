//! Statements that rest on nothing: no clause, no choice, no example.

use super::look::{Look, Named, gathered, is_chosen};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_syntax::ast::Authority;
use kaoping_terms::{Diagnostic, Place, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let mut by_kind: BTreeMap<(Option<usize>, &str), Vec<Named<'_>>> = BTreeMap::new();
    for (scheme, kind, name, place) in bare(look) {
        by_kind.entry((scheme, kind)).or_default().push(Named { name, place, quote: None });
    }
    for ((_, kind), parts) in by_kind {
        gathered(parts, report, |names| {
            Diagnostic::warning(
                "no-clause",
                Text::new(
                    format!("{kind} {}没有写依据", names.zh),
                    format!("these parts ({kind}) name no clause: {}", names.en),
                ),
            )
            .why(Text::new(
                "没有依据，被考核单位问起来说不出是哪一条规定的",
                "without a clause nobody can say which rule it comes from",
            ))
            .next(Text::new(
                "写 依据 条款号；原文没有的写 选择 \"理由\"，举例的写 示例 \"说明\"；指标表里填同名的列",
                "write 依据 and the clause; where the text is silent 选择 \"reason\", for an example 示例 \"what for\"; a table has columns of these names",
            ))
        });
    }
}

/// What rests on nothing: its scheme, its kind, its name, its place.
type Bare<'a> = (Option<usize>, &'static str, &'a str, Place);

/// What rests on nothing, in text order.
fn bare<'a>(look: &Look<'a>) -> Vec<Bare<'a>> {
    let mut found: Vec<Bare<'a>> = Vec::new();
    let mut see =
        |at: Option<usize>, kind: &'static str, name: &'a String, place: Place, authority: &[&[Authority]]| {
            let rests = authority.iter().any(|authority| is_chosen(authority) || !authority.is_empty());
            if !rests {
                found.push((at, kind, name, place));
            }
        };
    for (position, scheme) in look.policy.schemes.iter().enumerate() {
        let at = Some(position);
        let example = scheme.authority.as_slice();
        for block in &scheme.blocks {
            see(at, "块", &block.it.name.name.text, block.it.name.name.place, &[&block.authority, example]);
        }
        for item in &scheme.items {
            see(at, "项", &item.item.name.name.text, item.item.name.name.place, &[&item.authority, example]);
        }
        for award in &scheme.awards {
            see(at, "奖", &award.it.name.text, award.it.name.place, &[&award.authority, example]);
        }
        for veto in &scheme.vetoes {
            see(at, "否决", &veto.it.name.text, veto.it.name.place, &[&veto.authority, example]);
        }
        for quota in &scheme.quotas {
            see(at, "名额", &quota.it.name.text, quota.it.name.place, &[&quota.authority, example]);
        }
        for roster in &scheme.rosters {
            see(at, "名单", &roster.it.name.text, roster.it.name.place, &[&roster.authority, example]);
        }
        for fund in &scheme.distributions {
            see(at, "分配", &fund.it.name.text, fund.it.name.place, &[&fund.authority, example]);
        }
        for merge in &scheme.merges {
            see(at, "合并", &merge.it.name.text, merge.it.name.place, &[&merge.authority, example]);
        }
        for deadlines in &scheme.deadlines {
            for line in &deadlines.it.lines {
                see(at, "期限", &line.name.text, line.place, &[&line.authority, &deadlines.authority, example]);
            }
        }
    }
    for decision in &look.policy.decisions {
        see(None, "决定", &decision.it.name.name.text, decision.it.name.name.place, &[&decision.authority]);
    }
    found
}
