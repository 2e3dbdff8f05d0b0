//! `kaoping compare --robust`: how much a ranking rests on what the policy chose where its text
//! is silent. Every named choice, and every setting the policy calls its own choice, is made
//! every other way the language has, one at a time.

use super::{
    compare::{as_json, assessed, award_line, side, unit_line},
    score::{Ready, ready_to_compare, ready_varied},
};
use crate::{
    arguments::CompareArguments,
    render::Tree,
    say::{self, Ending, Refusal, Style},
};
use kaoping_assess::compare::{Comparison, UnitChange, compare};
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
        let moved: Vec<&UnitChange> = comparison.units.iter().filter(|unit| unit.place.0 != unit.place.1).collect();
        let scored = |unit: &&UnitChange| unit.total.0 != unit.total.1 || !unit.items.is_empty();
        let changed = comparison.units.iter().filter(scored).count();
        let Robust { choice, other, chosen, .. } = robust;
        let head = if zh {
            let places = match moved.len() {
                0 => String::from("名次都不变"),
                moved => format!("{moved} 个单位的名次变"),
            };
            format!("{choice} = {other}（现为 {chosen}）：{changed} 个单位的分变，{places}")
        } else {
            let places = match moved.len() {
                0 => String::from("no place does"),
                moved => format!("so do {moved} places"),
            };
            format!("{choice} = {other} (now {chosen}): points of {changed} units change, {places}")
        };
        let mut tree = Tree::new(head);
        let shown = |unit: &&UnitChange| unit.total.0 != unit.total.1 || unit.place.0 != unit.place.1;
        for unit in comparison.units.iter().filter(shown) {
            tree.push(unit_line(unit, &comparison.display, lang));
        }
        for change in &comparison.awards {
            tree.push(award_line(change, lang));
        }
        text.push_str(&tree.render());
    }
    text
}
