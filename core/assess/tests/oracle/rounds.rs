//! Rounds, of which one is official, and units whose figures are added.

use super::{
    number::{Dice, Figure},
    plan::{Ask, Case, Fact, Merge, Rule, Scheme},
};
use std::fmt::Write;

pub const ROUNDS: [&str; 2] = ["自评", "验收"];
/// The round that is scored.
pub const OFFICIAL: usize = 1;

/// Some figures are of a round, some of none, which is all; some units gave another one in the
/// round before, or in the official one after the one for all.
pub fn spread(case: &mut Case, dice: &mut Dice) {
    if !case.scheme.has_rounds {
        return;
    }
    for at in 0..case.facts.len() {
        let fact = case.facts[at].clone();
        let other = fact.value.map(|value| match fact.field {
            "完成" => Figure::new(1 - value.mantissa, 0),
            _ => Figure::new(value.mantissa / 2 + 1, value.places),
        });
        match dice.below(10) {
            0..=3 => case.facts[at].round = Some(OFFICIAL),
            4 => case.facts.push(Fact { round: Some(0), value: other, ..fact }),
            5 => case.facts.push(Fact { round: Some(OFFICIAL), value: other, ..fact }),
            6 if dice.chance(15) => case.facts[at].round = Some(0),
            _ => {}
        }
    }
}

/// The figures that count in the official round: those of it go before those of none.
pub fn official(case: &Case) -> Vec<&Fact> {
    let counts = |fact: &&Fact| fact.value.is_some() && fact.round.is_none_or(|round| round == OFFICIAL);
    let is_same = |a: &Fact, b: &Fact| (a.unit, a.item, a.field, a.assessor) == (b.unit, b.item, b.field, b.assessor);
    let is_surpassed = |fact: &Fact| {
        fact.round.is_none() && case.facts.iter().any(|b| counts(&b) && b.round.is_some() && is_same(fact, b))
    };
    case.facts.iter().filter(counts).filter(|fact| !is_surpassed(fact)).collect()
}

/// Units that count together, each with what stands in for the targets it does not report.
pub fn merge(case: &Case, dice: &mut Dice) -> Option<Merge> {
    let fits = |(at, item): (usize, &super::plan::Item)| {
        let quantities = item.rule.as_ref().map_or(&[][..], Rule::inputs);
        let all = quantities.iter().all(|(_, ask)| matches!(ask, Ask::Quantity | Ask::Target));
        (all && item.inner_of.is_none() && !quantities.is_empty()).then_some(at)
    };
    let items: Vec<usize> = case.scheme.items.iter().enumerate().filter_map(fits).collect();
    let members: Vec<usize> = (0..case.units.len()).filter(|_| dice.chance(30)).take(3).collect();
    (!items.is_empty() && members.len() > 1 && dice.chance(60)).then_some(Merge { members, items })
}

pub fn text(case: &Case, why: &str) -> String {
    let scheme: &Scheme = &case.scheme;
    let mut out = String::new();
    if scheme.has_rounds {
        let _ = writeln!(out, "轮次 {} 正式 = {} {why}", ROUNDS.join(" | "), ROUNDS[OFFICIAL]);
    }
    if let Some(merge) = &case.merge {
        let members: Vec<&str> = merge.members.iter().map(|unit| case.units[*unit].id.as_str()).collect();
        let items: Vec<&str> = merge.items.iter().map(|item| scheme.items[*item].name.as_str()).collect();
        let mut fields: Vec<&str> = Vec::new();
        for rule in merge.items.iter().filter_map(|item| scheme.items[*item].rule.as_ref()) {
            for (field, _) in rule.inputs() {
                if !fields.contains(field) {
                    fields.push(field);
                }
            }
        }
        let (members, items, fields) = (members.join(" + "), items.join(", "), fields.join(", "));
        let _ = writeln!(out, "合并 合一 = {members} 用于 {items} 合计 {fields} 得分 各得同分 {why}");
    }
    out
}
