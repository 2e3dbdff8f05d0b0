//! What a comparison of two models comes to, for programs and for the page.

use super::difference;
use crate::scoring::Model;
use kaoping_assess::compare::{AwardChange, Cause, ItemChange, Listing, UnitChange};
use kaoping_terms::{Exact, Lang, Rounding};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Digits of what has no end.
const PLACES: u32 = 4;

fn shown(value: &Exact) -> String {
    value.to_plain(0).unwrap_or_else(|| value.to_places(PLACES, Rounding::HalfUp))
}

fn pair(pair: &(Option<Exact>, Option<Exact>)) -> Value {
    json!([pair.0.as_ref().map(shown), pair.1.as_ref().map(shown)])
}

fn causes(causes: &[Cause], lang: Lang) -> Vec<Value> {
    let told = |cause: &Cause| json!({"text": cause.text.get(lang), "adds": cause.adds.as_ref().map(shown)});
    causes.iter().map(told).collect()
}

fn item(change: &ItemChange, lang: Lang) -> Value {
    json!({
        "indicator": change.id,
        "name": change.name,
        "score": pair(&change.score),
        "causes": causes(&change.causes, lang),
        "below": change.nested.iter().map(|inner| item(inner, lang)).collect::<Vec<_>>(),
    })
}

/// Every office with its total and place before and after, with the causes where something changed.
///
/// # Errors
/// Only a defect of the program can cause one.
pub fn told(before: &Model, after: &Model, lang: Lang) -> Result<Value, String> {
    let comparison = difference(before, after, lang)?;
    let changed: BTreeMap<&str, &UnitChange> = comparison.units.iter().map(|unit| (unit.unit.as_str(), unit)).collect();
    let units = after.given.units.iter().filter(|(unit, _)| after.assessment.members.contains(unit));
    let unit = |(at, row): (u32, &kaoping_assess::Unit)| {
        let earlier = before.given.units.find(&row.id);
        let change = changed.get(row.id.as_str());
        let others = change.map(|change| change.others.as_slice()).unwrap_or_default();
        let others: Vec<Value> =
            others.iter().map(|of| json!({"name": of.name, "before": of.before, "after": of.after})).collect();
        json!({
            "unit": row.id,
            "name": row.name,
            "total": pair(&(
                earlier.and_then(|earlier| before.assessment.total(earlier).value),
                after.assessment.total(at).value,
            )),
            "place": [earlier.and_then(|earlier| before.assessment.place(earlier)), after.assessment.place(at)],
            "items": change.map(|change| change.items.iter().map(|of| item(of, lang)).collect::<Vec<_>>()),
            "causes": change.map(|change| causes(&change.causes, lang)),
            "passed": change.map(|change| change.place_causes.iter().map(|of| of.get(lang)).collect::<Vec<_>>()),
            "others": others,
        })
    };
    let award = |change: &AwardChange| {
        let listed = match change.listed {
            Listing::Listed => "listed",
            Listing::ToDecide => "to-decide",
            Listing::Left => "left",
        };
        json!({"award": change.award, "unit": change.unit, "listed": listed, "cause": change.cause.get(lang)})
    };
    Ok(json!({
        "policy": comparison.policy.iter().map(|said| said.get(lang)).collect::<Vec<_>>(),
        "units": units.map(unit).collect::<Vec<_>>(),
        "awards": comparison.awards.iter().map(award).collect::<Vec<_>>(),
    }))
}
