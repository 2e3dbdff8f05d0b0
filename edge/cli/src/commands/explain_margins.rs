//! How `kaoping explain` gives the smallest changes that matter to machines.

use kaoping_assess::explain::{Effect, Margin, Margins};
use serde_json::{Value, json};

/// Every change by itself, for machines.
pub(super) fn margins_json(margins: &Margins) -> Vec<Value> {
    let one = |margin: &Margin| {
        json!({
            "input": margin.input.to_string(),
            "direction": if margin.more { "more" } else { "less" },
            "by": margin.by,
            "by_exact": margin.by_exact.to_string(),
            "at": margin.at,
            "effect": match &margin.effect {
                Effect::Points { from, to } => json!({"points": {"from": from, "to": to}}),
                Effect::Place { round: None, from, to } => json!({"place": {"from": from, "to": to}}),
                Effect::Place { round: Some(round), from, to } => {
                    json!({"place": {"round": round, "from": from, "to": to}})
                }
                Effect::Award { name, won } => json!({"award": {"name": name, "won": won}}),
            },
        })
    };
    margins.found.iter().map(one).collect()
}
