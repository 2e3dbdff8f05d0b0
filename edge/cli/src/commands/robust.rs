//! `kaoping compare --robust`: how much a ranking rests on what the policy chose where its text
//! is silent. Every named choice, and every setting the policy calls its own choice, is made
//! every other way the language has, one at a time.

use super::{
    compare::{as_json, assessed, award_line, other_line, side, unit_line},
    score::{Ready, ready_to_compare, ready_varied},
};
use crate::{
    arguments::CompareArguments,
    render::Tree,
    say::{self, Ending, Refusal, Style},
};
use kaoping_assess::compare::{ChangeKind, Comparison, UnitChange, compare};
use kaoping_scheme::variations::variations;
use kaoping_terms::Lang;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One choice made another way, and what it does; nothing where the policy is then refused.
struct Robust {
    choice: String,
    chosen: String,
    other: String,
    reason: String,
    comparison: Option<Comparison>,
}

/// Every choice made every other way, one at a time.
pub(super) fn run(asked: &CompareArguments, style: Style) -> Ending {
    let Some(policy) = asked.policies.first() else {
        return Ending::Unusable;
    };
    let base = match ready_to_compare(policy, &asked.facts, &[], style) {
        Ok(ready) => ready,
        Err(refusal) => return refusal.end(style),
    };
    let before = assessed(&base);
    let compared = |varied: Result<Ready, Refusal>| {
        let varied = varied.ok()?;
        let after = assessed(&varied);
        compare(side(&base, &before), side(&varied, &after), style.lang).ok()
    };
    let mut found = Vec::new();
    for (name, (chosen, words, reason)) in named(&base) {
        for other in words.iter().filter(|word| !(chosen.len() == 1 && chosen.contains(*word))) {
            let mut facts = asked.facts.clone();
            facts.choose.push(format!("{name}={other}"));
            found.push(Robust {
                choice: name.clone(),
                chosen: chosen.iter().cloned().collect::<Vec<_>>().join("、"),
                other: other.clone(),
                reason: reason.clone(),
                comparison: compared(ready_varied(policy, &facts, None, style)),
            });
        }
    }
    for variation in variations(&base.loaded.policy) {
        let say = |text: &kaoping_terms::Text| text.get(style.lang).to_string();
        found.push(Robust {
            choice: say(&variation.name),
            chosen: say(&variation.chosen),
            other: say(&variation.other),
            reason: variation.reason.clone(),
            comparison: compared(ready_varied(policy, &asked.facts, Some(&variation), style)),
        });
    }
    if style.json {
        let list: Vec<Value> = found
            .iter()
            .map(|robust| {
                let changes = robust.comparison.as_ref().map(|comparison| as_json(comparison, style.lang));
                json!({"choice": robust.choice, "chosen": robust.chosen, "other": robust.other, "reason": robust.reason, "changes": changes})
            })
            .collect();
        base.print_json(json!({ "choices": list }), style.lang);
    } else {
        say::print(&robust_text(&found, style.lang));
    }
    if base.loaded.unsound.is_empty() { Ending::Done } else { Ending::Refused }
}

/// What is chosen, from which words, and why.
type Named = (BTreeSet<String>, Vec<String>, String);

/// The named choices. Where several items choose the same differently, all are changed together.
fn named(base: &Ready) -> BTreeMap<String, Named> {
    let mut choices: BTreeMap<String, Named> = BTreeMap::new();
    for choice in base.loaded.compiled.standard.choices.iter().filter(|choice| !choice.name.is_empty()) {
        let entry = choices
            .entry(choice.name.clone())
            .or_insert_with(|| (BTreeSet::new(), choice.words.clone(), choice.reason.clone()));
        entry.0.insert(choice.chosen.clone());
    }
    choices
}

fn robust_text(found: &[Robust], lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    if found.is_empty() {
        return String::from(if zh {
            "方案没有可以改选的选择。"
        } else {
            "The policy has no choice that could be made otherwise."
        });
    }
    let mut text = String::new();
    for robust in found {
        let Some(comparison) = &robust.comparison else {
            text.push_str(&if zh {
                format!(
                    "{} = {}（现为 {}）：这样选，方案就有错，算不出来\n",
                    robust.choice, robust.other, robust.chosen
                )
            } else {
                format!("{} = {} (now {}): the policy is then refused\n", robust.choice, robust.other, robust.chosen)
            });
            continue;
        };
        let mut tree = Tree::new(format!("{}{}", head(robust, lang), effects(comparison, lang)));
        for unit in &comparison.units {
            let others: Vec<_> = unit.others.iter().filter(|other| other.kind != ChangeKind::Value).collect();
            if unit.total.0 == unit.total.1 && unit.place.0 == unit.place.1 && others.is_empty() {
                continue;
            }
            let mut line = unit_line(unit, &comparison.display, lang);
            for other in others {
                line.push_str(&format!("  {}", other_line(other, lang)));
            }
            tree.push(line);
        }
        for change in &comparison.awards {
            tree.push(award_line(change, lang));
        }
        text.push_str(&tree.render());
    }
    text
}

/// What is chosen otherwise.
fn head(robust: &Robust, lang: Lang) -> String {
    let Robust { choice, other, chosen, .. } = robust;
    match lang {
        Lang::Zh => format!("{choice} = {other}（现为 {chosen}）："),
        Lang::En => format!("{choice} = {other} (now {chosen}): "),
    }
}

/// How many points, places, grades and awards change by it.
fn effects(comparison: &Comparison, lang: Lang) -> String {
    let count = |changes: &dyn Fn(&UnitChange) -> bool| comparison.units.iter().filter(|unit| changes(unit)).count();
    let scored = count(&|unit| unit.total.0 != unit.total.1 || !unit.items.is_empty());
    let moved = count(&|unit| unit.place.0 != unit.place.1);
    let graded = count(&|unit| unit.others.iter().any(|other| other.kind == ChangeKind::Grade));
    let besides =
        count(&|unit| unit.others.iter().any(|other| !matches!(other.kind, ChangeKind::Grade | ChangeKind::Value)));
    let awards = comparison.awards.len();
    let told = match lang {
        Lang::Zh => [
            (moved, format!("{moved} 个单位的名次变")),
            (graded, format!("{graded} 个单位的等次变")),
            (awards, format!("奖有 {awards} 处变")),
            (besides, format!("{besides} 个单位的名额或钱变")),
        ],
        Lang::En => [
            (moved, format!("{moved} places")),
            (graded, format!("{graded} grades")),
            (awards, format!("{awards} changes of awards")),
            (besides, format!("quotas or money of {besides} units")),
        ],
    };
    let told: Vec<String> = told.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    match (lang, told.is_empty()) {
        (Lang::Zh, true) => format!("{scored} 个单位的分变，名次、等次和奖都不变"),
        (Lang::Zh, false) => format!("{scored} 个单位的分变，{}", told.join("，")),
        (Lang::En, true) => format!("points of {scored} units change, no place, grade or award does"),
        (Lang::En, false) => format!("points of {scored} units change, so do {}", told.join(", ")),
    }
}
