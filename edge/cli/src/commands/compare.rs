//! `kaoping compare`: what changes between two policies, two sets of facts, two rounds or two
//! ways to choose.

use super::score::{Ready, ready_to_compare};
use crate::{
    arguments::{CompareArguments, FactArguments},
    render::Tree,
    say::{self, Ending, Style},
};
use kaoping_assess::{
    Assessment,
    compare::{
        AwardChange, Cause, ChangeKind, Comparison, ItemChange, Listing, OtherChange, RoundChange, Side, UnitChange,
        compare,
    },
};
use kaoping_rules::written::values;
use kaoping_scheme::Standard;
use kaoping_terms::{Diagnostic, Exact, Lang, Text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Compares two sides, or with `--robust` every choice made every other way.
pub(super) fn run(asked: &CompareArguments, style: Style) -> Ending {
    if asked.robust {
        return super::robust::run(asked, style);
    }
    let (Some(first), Some(last)) = (asked.policies.first(), asked.policies.last()) else {
        return Ending::Unusable;
    };
    let a = ready_to_compare(first, &asked.facts, &[], style);
    let known = a.as_ref().ok().map(|a| &a.loaded.compiled.standard);
    let said = a.as_ref().map(|a| a.findings.clone()).unwrap_or_default();
    let b = ready_to_compare(last, &second(asked, known), &said, style);
    let (mut a, mut b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(a), Err(b)) => return a.and(b).end(style),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal.end(style),
    };
    let (before, after) = (assessed(&a), assessed(&b));
    a.tell(before.findings.clone(), style);
    b.tell_besides(after.findings.clone(), &a.findings, style);
    match compare(side(&a, &before), side(&b, &after), style.lang) {
        Ok(comparison) => {
            if style.json {
                let mut shown = as_json(&comparison, style.lang);
                shown["findings"] = findings_of_both(&a, &b, style.lang);
                say::print_json(&shown);
            } else {
                say::print(&as_text(&comparison, style.lang));
            }
            // What becomes of a standard that is not in order can be seen; it is not in order all the same.
            let sound = a.loaded.unsound.is_empty() && b.loaded.unsound.is_empty();
            if sound { Ending::Done } else { Ending::Refused }
        }
        Err(fault) => {
            let finding =
                Diagnostic::error("internal-fault", Text::new("程序内部出错，没有比较出结果", fault.to_string()))
                    .why(Text::new("这是软件的缺陷，不是您的数据有错", "a defect of the program, not of your data"))
                    .next(Text::new("请把方案和这条信息一起报告", "please report the policy with this message"));
            b.refuse(finding, style)
        }
    }
}

/// What was found on either side, once where both say the same.
fn findings_of_both(a: &Ready, b: &Ready, lang: Lang) -> Value {
    let mut found = say::listed(&a.findings, &a.loaded.policy.sources, lang);
    let more = say::listed(&b.findings, &b.loaded.policy.sources, lang);
    let new: Vec<Value> = more.into_iter().filter(|finding| !found.contains(finding)).collect();
    found.extend(new);
    Value::Array(found)
}

/// What the second side is given: everything that is not said differently stays, of the events
/// each table by itself. The standard of the first side knows both names of a table.
fn second(asked: &CompareArguments, standard: Option<&Standard>) -> FactArguments {
    let mut facts = asked.facts.clone();
    if asked.units_b.is_some() {
        facts.units.clone_from(&asked.units_b);
    }
    if !asked.facts_b.is_empty() {
        facts.facts.clone_from(&asked.facts_b);
    }
    let replaced: BTreeSet<&str> = asked.events_b.iter().map(|written| table_of(written, standard)).collect();
    facts.events.retain(|written| !replaced.contains(table_of(written, standard)));
    facts.events.extend(asked.events_b.iter().cloned());
    if asked.round_b.is_some() {
        facts.round.clone_from(&asked.round_b);
    }
    facts.choose.extend(asked.choose_b.iter().cloned());
    facts
}

/// The table that `明细=文件` is about, by its name where it is written by its alias.
fn table_of<'t>(written: &'t str, standard: Option<&'t Standard>) -> &'t str {
    let name = written.split_once('=').map_or(written, |(name, _)| name).trim();
    let tables = standard.map(|standard| standard.events.as_slice()).unwrap_or_default();
    let found = tables.iter().find(|table| table.name == name || table.alias.as_deref() == Some(name));
    found.map_or(name, |table| table.name.as_str())
}

pub(super) fn assessed(ready: &Ready) -> Assessment {
    let options = kaoping_assess::Options { round: ready.round, ..Default::default() };
    kaoping_assess::assess(ready.given.of(&ready.loaded.compiled.standard), &options)
}

pub(super) fn side<'a>(ready: &'a Ready, assessment: &'a Assessment) -> Side<'a> {
    Side { given: ready.given.of(&ready.loaded.compiled.standard), round: ready.round, assessment }
}

fn points(value: Option<&Exact>, display: &values::Display) -> String {
    value.map_or_else(|| String::from("—"), |value| values::points(value, display.as_ref()))
}

fn signed(value: &Exact) -> String {
    let text = value.to_plain(0).unwrap_or_else(|| value.to_places(4, kaoping_terms::Rounding::HalfUp));
    match text.strip_prefix('-') {
        Some(digits) => format!("−{digits}"),
        None => format!("+{text}"),
    }
}

/// A comparison for people.
pub(crate) fn as_text(comparison: &Comparison, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let same = comparison.policy.is_empty() && comparison.measures.is_empty();
    if same && comparison.units.is_empty() && comparison.awards.is_empty() {
        return String::from(if zh { "没有变化。" } else { "Nothing changes." });
    }
    let mut text = String::new();
    let heads = [
        (&comparison.policy, "方案的不同", "The policies differ"),
        (&comparison.measures, "计量单位的不同", "The units of measure differ"),
    ];
    for (changes, head_zh, head_en) in heads.into_iter().filter(|(changes, ..)| !changes.is_empty()) {
        let mut tree = Tree::new(if zh { head_zh } else { head_en });
        for change in changes {
            tree.push(change.get(lang));
        }
        text.push_str(&tree.render());
        text.push('\n');
    }
    for unit in &comparison.units {
        text.push_str(&unit_tree(unit, &comparison.display, lang).render());
    }
    if comparison.units.is_empty() && comparison.awards.is_empty() {
        text.push_str(if zh {
            "分数、名次和奖没有变化。"
        } else {
            "Points, places and awards stay the same."
        });
    }
    if !comparison.awards.is_empty() {
        let mut tree = Tree::new(if zh { "奖" } else { "Awards" });
        for change in &comparison.awards {
            tree.push(award_line(change, lang));
        }
        text.push('\n');
        text.push_str(&tree.render());
    }
    text
}

/// A unit with its totals and, where it moved, its places.
pub(super) fn unit_line(unit: &UnitChange, display: &values::Display, lang: Lang) -> String {
    let (before, after) = (points(unit.total.0.as_ref(), display), points(unit.total.1.as_ref(), display));
    let mut line = format!("{}  {before} → {after}", unit.name);
    if unit.place.0 != unit.place.1 {
        let place = |place: Option<i64>| match (place, lang) {
            (Some(place), Lang::Zh) => format!("第 {place} 名"),
            (Some(place), Lang::En) => format!("place {place}"),
            (None, Lang::Zh) => String::from("没有名次"),
            (None, Lang::En) => String::from("no place"),
        };
        line.push_str(&format!("  {} → {}", place(unit.place.0), place(unit.place.1)));
    }
    line
}

/// What became of an award.
pub(super) fn award_line(change: &AwardChange, lang: Lang) -> String {
    let AwardChange { award, unit, listed, cause } = change;
    let cause = cause.get(lang);
    match (lang, listed) {
        (Lang::Zh, Listing::Listed) => format!("{unit}列入“{award}”：{cause}"),
        (Lang::Zh, Listing::ToDecide) => format!("{unit}的“{award}”待人工决定：{cause}"),
        (Lang::Zh, Listing::Left) => format!("{unit}退出“{award}”：{cause}"),
        (Lang::En, Listing::Listed) => format!("{unit} is listed for {award}: {cause}"),
        (Lang::En, Listing::ToDecide) => format!("{unit} for {award} is for a person to decide: {cause}"),
        (Lang::En, Listing::Left) => format!("{unit} leaves {award}: {cause}"),
    }
}

fn unit_tree(unit: &UnitChange, display: &values::Display, lang: Lang) -> Tree {
    let mut tree = Tree::new(unit_line(unit, display, lang));
    let total = Text::new("总分", "the total");
    for cause in &unit.place_causes {
        tree.push(format!("{}  {}", if lang == Lang::Zh { "名次" } else { "place" }, cause.get(lang)));
    }
    for cause in &unit.causes {
        let adds = cause.adds.as_ref().map(|adds| format!("{}  ", exactly(adds))).unwrap_or_default();
        tree.push(format!("{}  {adds}{}", if lang == Lang::Zh { "总分" } else { "total" }, cause.text.get(lang)));
    }
    for item in &unit.items {
        tree = tree.with(item_tree(item, &total, display, lang));
    }
    for round in &unit.rounds {
        let mut branch = Tree::new(format!("{}  {} → {}", round.name, round.before, round.after));
        for item in &round.items {
            branch = branch.with(item_tree(item, &total, display, lang));
        }
        tree = tree.with(branch);
    }
    for other in &unit.others {
        tree = tree.with(with_causes(other_line(other, lang), &other.causes, lang));
    }
    tree
}

/// The causes behind a line; where several add to the change, a line each with what it adds.
fn with_causes(line: String, causes: &[Cause], lang: Lang) -> Tree {
    let several = causes.iter().filter(|cause| cause.adds.is_some()).count() > 1;
    if !several {
        let causes: Vec<&str> = causes.iter().map(|cause| cause.text.get(lang)).collect();
        let separator = if lang == Lang::Zh { "；" } else { "; " };
        return Tree::new(format!("{line}  {}", causes.join(separator)));
    }
    let mut tree = Tree::new(line);
    for cause in causes {
        let adds = cause.adds.as_ref().map(|adds| format!("{}  ", exactly(adds))).unwrap_or_default();
        tree.push(format!("{adds}{}", cause.text.get(lang)));
    }
    tree
}

/// `+0.5`, or for a number without an end `−6/11 ≈ −0.5455`.
fn exactly(value: &Exact) -> String {
    match value.to_plain(0) {
        Some(_) => signed(value),
        None => format!("{} ≈ {}", value.to_fraction().replace('-', "−"), signed(value)),
    }
}

/// A changed grade, value, quota, list or part of a fund.
pub(super) fn other_line(other: &OtherChange, lang: Lang) -> String {
    let kind = match (other.kind, lang) {
        (ChangeKind::Value, _) => "",
        (ChangeKind::Grade, Lang::Zh) => "等次",
        (ChangeKind::Quota, Lang::Zh) => "名额",
        (ChangeKind::Roster, Lang::Zh) => "名单",
        (ChangeKind::Share, Lang::Zh) => "资金",
        (ChangeKind::Prize, Lang::Zh) => "奖金",
        (ChangeKind::Grade, Lang::En) => "grade",
        (ChangeKind::Quota, Lang::En) => "quota",
        (ChangeKind::Roster, Lang::En) => "list",
        (ChangeKind::Share, Lang::En) => "fund",
        (ChangeKind::Prize, Lang::En) => "prize",
    };
    let head = format!("{kind} {}", other.name);
    format!("{}  {} → {}", head.trim(), other.before, other.after)
}

/// An item; `above` is what its points are part of.
fn item_tree(item: &ItemChange, above: &Text, display: &values::Display, lang: Lang) -> Tree {
    let difference = match (&item.score, lang) {
        ((Some(_), None), Lang::Zh) => String::from("没有了得分"),
        ((Some(_), None), Lang::En) => String::from("no score any more"),
        ((None, Some(_)), Lang::Zh) => String::from("有了得分"),
        ((None, Some(_)), Lang::En) => String::from("a score now"),
        _ => item.difference().map(|difference| signed(&difference)).unwrap_or_default(),
    };
    let (before, after) = (points(item.score.0.as_ref(), display), points(item.score.1.as_ref(), display));
    let mut line = format!("{}  {difference}  （{before} → {after}）", item.name);
    if let Some(counted) = item.counted.as_ref().filter(|counted| Some(*counted) != item.difference().as_ref()) {
        let counted = exactly(counted);
        line.push_str(&match lang {
            Lang::Zh => format!("  计入{} {counted}", above.zh),
            Lang::En => format!("  counts in {} as {counted}", above.en),
        });
    }
    let mut tree = with_causes(line, &item.causes, lang);
    let above = Text::same(format!("“{}”", item.name));
    for inner in &item.nested {
        tree = tree.with(item_tree(inner, &above, display, lang));
    }
    tree
}

fn item_json(item: &ItemChange, lang: Lang) -> Value {
    let exact = |value: &Option<Exact>| value.as_ref().map(Exact::to_string);
    let mut shown = json!({
        "indicator": item.id,
        "name": item.name,
        "score": {"before": exact(&item.score.0), "after": exact(&item.score.1)},
        "difference": item.difference().map(|difference| difference.to_string()),
        "causes": texts(&item.causes, lang),
        "adds": adds_json(&item.causes, lang),
    });
    if !item.nested.is_empty() {
        shown["items"] = item.nested.iter().map(|inner| item_json(inner, lang)).collect();
    }
    if let Some(counted) = &item.counted {
        shown["counted"] = json!(counted.to_string());
    }
    shown
}

fn texts(causes: &[Cause], lang: Lang) -> Vec<&str> {
    causes.iter().map(|cause| cause.text.get(lang)).collect()
}

/// The causes that add to a change, each with how much.
fn adds_json(causes: &[Cause], lang: Lang) -> Vec<Value> {
    let adding = causes.iter().filter_map(|cause| Some((cause.text.get(lang), cause.adds.as_ref()?)));
    adding.map(|(cause, adds)| json!({"cause": cause, "by": adds.to_string()})).collect()
}

fn round_json(round: &RoundChange, lang: Lang) -> Value {
    json!({
        "name": round.name,
        "before": round.before,
        "after": round.after,
        "items": round.items.iter().map(|item| item_json(item, lang)).collect::<Vec<_>>(),
    })
}

fn other_json(other: &OtherChange, lang: Lang) -> Value {
    let mut shown = json!({
        "what": match other.kind {
            ChangeKind::Value => "value",
            ChangeKind::Grade => "grade",
            ChangeKind::Quota => "quota",
            ChangeKind::Roster => "roster",
            ChangeKind::Share => "share",
            ChangeKind::Prize => "prize",
        },
        "name": other.name,
        "before": other.before,
        "after": other.after,
    });
    if !other.causes.is_empty() {
        shown["causes"] = json!(texts(&other.causes, lang));
        shown["adds"] = json!(adds_json(&other.causes, lang));
    }
    shown
}

pub(super) fn as_json(comparison: &Comparison, lang: Lang) -> Value {
    let exact = |value: &Option<Exact>| value.as_ref().map(Exact::to_string);
    json!({
        "policy": comparison.policy.iter().map(|change| change.get(lang)).collect::<Vec<_>>(),
        "measures": comparison.measures.iter().map(|change| change.get(lang)).collect::<Vec<_>>(),
        "units": comparison.units.iter().map(|unit| json!({
            "unit": unit.unit,
            "total": {"before": exact(&unit.total.0), "after": exact(&unit.total.1)},
            "causes": texts(&unit.causes, lang),
            "adds": adds_json(&unit.causes, lang),
            "rank": {"before": unit.place.0, "after": unit.place.1},
            "rank_causes": unit.place_causes.iter().map(|cause| cause.get(lang)).collect::<Vec<_>>(),
            "items": unit.items.iter().map(|item| item_json(item, lang)).collect::<Vec<_>>(),
            "rounds": unit.rounds.iter().map(|round| round_json(round, lang)).collect::<Vec<_>>(),
            "others": unit.others.iter().map(|other| other_json(other, lang)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "awards": comparison.awards.iter().map(|change| json!({
            "award": change.award, "unit": change.unit, "listed": change.listed == Listing::Listed,
            "to_decide": change.listed == Listing::ToDecide, "cause": change.cause.get(lang),
        })).collect::<Vec<_>>(),
    })
}
