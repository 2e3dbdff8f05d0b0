//! `kaoping explain`: why a figure is what it is.

use super::{explain_margins::margins_json, score::ready};
use crate::{
    arguments::ExplainArguments,
    render::Tree,
    say::{self, Ending, Style},
};
use kaoping_assess::explain::{
    EventLine, Explanation, InputLine, Margins, Origin, PartLine, Step, TotalExplanation, explain, explain_total,
    margins,
    margins::{
        SEE_THE_PART,
        lines::{margin_lines, untried_line},
    },
};
use kaoping_scheme::{Standard, read::Clauses};
use kaoping_terms::{Diagnostic, Lang, Text, nearest::nearest};
use serde_json::{Value, json};

/// Explains one indicator of one unit, or its total, place and awards.
pub(super) fn run(asked: &ExplainArguments, style: Style) -> Ending {
    let mut ready = match ready(&asked.policy, &asked.facts, style) {
        Ok(ready) => ready,
        Err(refusal) => return refusal.end(style),
    };
    let (_, found) = kaoping_assess::prepare(ready.given.of(&ready.loaded.compiled.standard), ready.round);
    ready.tell(found, style);
    let standard = &ready.loaded.compiled.standard;
    let given = ready.given.of(standard);
    let refuse = |finding: Diagnostic| ready.refuse(finding, style);
    let Some(unit) = ready.given.units.find(&asked.unit) else {
        let known: Vec<&str> = ready.given.units.iter().map(|(_, unit)| unit.name.as_str()).collect();
        return refuse(unknown("unknown-unit", &asked.unit, &known, ("单位", "unit")));
    };
    let clauses = &ready.loaded.policy.clauses;
    let result = match &asked.indicator {
        Some(name) if find_item(standard, name).is_none() && is_value(standard, name) => {
            let options = kaoping_assess::Options { round: ready.round, ..Default::default() };
            let assessment = kaoping_assess::assess(given, &options);
            explain_total(given, ready.round, &assessment, unit, style.lang).map(|explanation| {
                let steps: Vec<&Step> = explanation.steps.iter().filter(|step| step.name == *name).collect();
                if style.json {
                    let steps: Vec<Value> = steps.iter().map(|step| step_json(step, style.lang)).collect();
                    let untried = [by_item(standard, style.lang)];
                    let shown = json!({"unit": explanation.unit, "name": name, "steps": steps, "margins": [], "untried": untried});
                    ready.print_json(shown, style.lang);
                } else {
                    let value = steps.last().map(|step| step.value.as_str()).unwrap_or_default();
                    let mut tree = Tree::new(format!("{} · {name}  {value}", explanation.unit_name));
                    for step in steps {
                        tree.push(step_line(step, "", style.lang));
                    }
                    tree.push(untried_line(&by_item(standard, style.lang), style.lang));
                    say::print(&tree.render());
                }
            })
        }
        Some(name) => {
            let Some((scheme, item)) = find_item(standard, name) else {
                let known: Vec<&str> =
                    standard.schemes.iter().flat_map(|scheme| &scheme.items).map(|item| item.name.as_str()).collect();
                return refuse(unknown("unknown-indicator", name, &known, ("指标", "indicator")));
            };
            explain(given, ready.round, unit, scheme, item, style.lang).map(|explanation| {
                let found = with_options(margins(given, ready.round, unit, scheme, item, style.lang));
                if style.json {
                    ready.print_json(item_json(&explanation, &found, clauses, style.lang), style.lang);
                } else {
                    say::print(&item_tree(&explanation, &found, clauses, style.lang).render());
                }
            })
        }
        None => {
            let options = kaoping_assess::Options { round: ready.round, ..Default::default() };
            let assessment = kaoping_assess::assess(given, &options);
            explain_total(given, ready.round, &assessment, unit, style.lang).map(|explanation| {
                if style.json {
                    let mut shown = total_json(&explanation, style.lang);
                    shown["margins"] = json!([]);
                    shown["untried"] = json!([by_item(standard, style.lang)]);
                    ready.print_json(shown, style.lang);
                } else {
                    let mut tree = total_tree(&explanation, style.lang);
                    tree.push(untried_line(&by_item(standard, style.lang), style.lang));
                    say::print(&tree.render());
                }
            })
        }
    };
    match result {
        Ok(()) => Ending::Done,
        Err(fault) => refuse(Diagnostic::error("internal-fault", Text::same(fault.to_string()))),
    }
}

/// Says by which options a part is seen alone.
fn with_options(mut found: Margins) -> Margins {
    let [zh, en] = SEE_THE_PART;
    for text in &mut found.untried {
        text.zh = text.zh.replace(zh, "用 --round、--as-of 看那一期");
        text.en = text.en.replace(en, "see the part with --round and --as-of");
    }
    found
}

/// That the next change is looked for item by item, and how to see it.
fn by_item(standard: &Standard, lang: Lang) -> String {
    let items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let id = items.filter(|item| !item.is_substitute).map(|item| item.id.as_str()).next().unwrap_or_default();
    pick(
        lang,
        &format!("离下一处变化多远按项看：加 --indicator 和项的编号，如 --indicator {id}"),
        &format!(
            "how far the next change is, is seen item by item: add --indicator and an id, such as --indicator {id}"
        ),
    )
}

/// Whether the scheme itself gives a value of that name: a 设 of the scheme, or 总分.
fn is_value(standard: &Standard, name: &str) -> bool {
    let scheme = standard.schemes.first();
    name == "总分" || scheme.is_some_and(|scheme| scheme.values.iter().any(|(value, _)| value == name))
}

/// An item by id, name or alias, nested ones among them.
pub(crate) fn find_item(standard: &Standard, name: &str) -> Option<(usize, usize)> {
    let all = || {
        standard
            .schemes
            .iter()
            .enumerate()
            .flat_map(|(at, scheme)| scheme.items.iter().enumerate().map(move |(item, model)| ((at, item), model)))
    };
    all()
        .find(|(_, item)| item.id == name)
        .or_else(|| all().find(|(_, item)| item.name == name || item.alias.as_deref() == Some(name)))
        .map(|(position, _)| position)
}

fn unknown(name: &'static str, word: &str, known: &[&str], what: (&str, &str)) -> Diagnostic {
    let next = match nearest(word, known.iter().copied()) {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new("检查写法", "check the spelling"),
    };
    Diagnostic::error(
        name,
        Text::new(format!("没有“{word}”这个{}", what.0), format!("there is no {} `{word}`", what.1)),
    )
    .why(Text::new("只能解释方案和数据里有的", "only what the policy and the facts have can be explained"))
    .next(next)
}

pub(super) fn pick(lang: Lang, zh: &str, en: &str) -> String {
    String::from(if lang == Lang::Zh { zh } else { en })
}

/// The explanation as a tree, the result in its first line.
pub(crate) fn item_tree(explanation: &Explanation, found: &Margins, clauses: &Clauses, lang: Lang) -> Tree {
    let points = if explanation.points.is_empty() { String::new() } else { format!(" / {}", explanation.points) };
    let mut tree =
        Tree::new(format!("{} · {}  {}{points}", explanation.unit_name, explanation.indicator_name, explanation.score));
    if let Some(substitute) = &explanation.substitute {
        tree.push(pick(
            lang,
            &format!("不适用本项，改评  {substitute}"),
            &format!("does not apply; assessed by {substitute} instead"),
        ));
    }
    if let Some(reason) = &explanation.not_applicable {
        tree.push(format!("{}  {}", pick(lang, "不适用", "does not apply"), reason.get(lang)));
    }
    let clause = explanation.clause.as_deref().unwrap_or("");
    let rule = explanation.rule.as_deref().unwrap_or("");
    if !clause.is_empty() || !rule.is_empty() {
        let mut line = Tree::new(
            [pick(lang, "规则", "rule"), rule.to_string(), clause.to_string()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("  "),
        );
        if let Some(quote) = clauses.quote(clause) {
            line.push(format!("《{}》{}  “{}”", quote.document, quote.clause, quote.quote));
        }
        if !explanation.formula.is_empty() {
            line.push(explanation.formula.clone());
        }
        tree = tree.with(line);
    }
    for (name, chosen, reason) in &explanation.choices {
        let reason = pick(lang, &format!("（{reason}）"), &format!("({reason})"));
        tree.push(format!("{}  {name} = {chosen}  {reason}", pick(lang, "选择", "choice")));
    }
    for input in &explanation.inputs {
        let mut line = Tree::new(input_line(input, lang));
        for part in &input.parts {
            line.push(part_line(part, lang));
        }
        tree = tree.with(line);
    }
    for event in &explanation.events {
        tree.push(event_line(event));
    }
    for step in &explanation.steps {
        tree.push(step_line(step, &explanation.formula, lang));
    }
    for divisor in &explanation.undefined {
        tree.push(zero_line(divisor, lang));
    }
    for veto in &explanation.vetoes {
        tree.push(format!("{}  {}", pick(lang, "否决", "veto"), veto.get(lang)));
    }
    for nested in &explanation.nested {
        tree = tree.with(item_tree(nested, &Margins::default(), clauses, lang));
    }
    for line in margin_lines(found, lang) {
        tree.push(line);
    }
    tree
}

/// What is divided by though it is zero.
fn zero_line(divisor: &Text, lang: Lang) -> String {
    let divisor = divisor.get(lang);
    pick(lang, &format!("除以零  {divisor} 是零"), &format!("divided by zero  {divisor} is zero"))
}

fn input_line(input: &InputLine, lang: Lang) -> String {
    let origin = match input.origin {
        Origin::Reported => pick(lang, "填报", "reported"),
        Origin::Merged => pick(lang, "合并计算", "counted together"),
        Origin::HandedDown => pick(lang, "下达", "handed down"),
        Origin::Table => pick(lang, "指标表", "table"),
        Origin::Default => pick(lang, "未报，按声明取", "not reported, declared default"),
        Origin::Missing => pick(lang, "未报", "not reported"),
    };
    let mut parts = vec![input.name.clone(), input.value.clone(), origin];
    if !input.period.is_empty() {
        parts.push(input.period.clone());
    }
    if !input.evidence.is_empty() {
        parts.push(format!("{} {}", pick(lang, "凭据", "evidence"), input.evidence.join("、")));
    }
    match input.origin {
        _ if input.counts => {}
        Origin::Missing => {
            parts.push(pick(lang, "不必报：本项不适用于本单位", "not due: the item does not apply to the unit"))
        }
        _ => parts.push(pick(lang, "不计：本项不适用于本单位", "does not count: the item does not apply to the unit")),
    }
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join("  ")
}

/// What one of several units that count together brought.
fn part_line(part: &PartLine, lang: Lang) -> String {
    let mut line = format!("{}  {}", part.unit, part.value);
    if !part.evidence.is_empty() {
        line.push_str(&format!("  {} {}", pick(lang, "凭据", "evidence"), part.evidence));
    }
    line
}

fn event_line(event: &EventLine) -> String {
    let mut parts = vec![event.table.clone(), event.id.clone(), event.date.clone()];
    parts.push(event.points.clone().unwrap_or_default());
    parts.push(event.evidence.clone());
    parts.push(event.remark.clone());
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

/// A step; a formula that was written out as the rule already is not repeated.
fn step_line(step: &Step, rule: &str, lang: Lang) -> String {
    let mut line = step.name.clone();
    for part in [&step.formula, &step.numbers] {
        if !part.is_empty() && part != rule && *part != step.value && !line.ends_with(part.as_str()) {
            line.push_str(&format!(" = {part}"));
        }
    }
    line.push_str(&format!(" = {}", step.value));
    if !step.decided_by.is_empty() {
        let deciders: Vec<String> = step.decided_by.iter().map(|decider| decider.words(lang)).collect();
        let who = deciders.join(&pick(lang, "；", "; "));
        line.push_str(&pick(lang, &format!("  （{who}）"), &format!("  ({who})")));
    }
    line
}

pub(super) fn item_json(explanation: &Explanation, found: &Margins, clauses: &Clauses, lang: Lang) -> Value {
    let quote = explanation.clause.as_deref().and_then(|clause| clauses.quote(clause));
    json!({
        "unit": explanation.unit,
        "indicator": explanation.indicator,
        "name": explanation.indicator_name,
        "score": explanation.score,
        "points": explanation.points,
        "clause": quote.map(|quote| json!({"document": quote.document, "clause": quote.clause, "quote": quote.quote})),
        "rule": explanation.rule,
        "formula": explanation.formula,
        "substitute": explanation.substitute,
        "not_applicable": explanation.not_applicable.as_ref().map(|reason| reason.get(lang)),
        "undefined": explanation.undefined.iter().map(|divisor| divisor.get(lang)).collect::<Vec<_>>(),
        "vetoes": explanation.vetoes.iter().map(|veto| veto.get(lang)).collect::<Vec<_>>(),
        "choices": explanation.choices.iter().map(|(name, chosen, reason)| json!({"name": name, "chosen": chosen, "reason": reason})).collect::<Vec<_>>(),
        "reasons": explanation.reasons,
        "inputs": explanation.inputs.iter().map(|input| json!({
            "name": input.name,
            "value": input.value,
            "origin": match input.origin {
                Origin::Reported => "reported",
                Origin::Merged => "merged",
                Origin::HandedDown => "handed_down",
                Origin::Table => "table",
                Origin::Default => "default",
                Origin::Missing => "missing",
            },
            "period": input.period,
            "evidence": input.evidence,
            "parts": input.parts.iter().map(|part| json!({
                "unit": part.unit, "value": part.value, "evidence": part.evidence,
            })).collect::<Vec<_>>(),
            "counts": input.counts,
        })).collect::<Vec<_>>(),
        "events": explanation.events.iter().map(|event| json!({
            "table": event.table, "id": event.id, "date": event.date, "evidence": event.evidence, "points": event.points, "remark": event.remark,
            "counts_in_formula": event.counts_in_formula,
        })).collect::<Vec<_>>(),
        "steps": explanation.steps.iter().map(|step| step_json(step, lang)).collect::<Vec<_>>(),
        "nested": explanation.nested.iter().map(|nested| item_json(nested, &Margins::default(), clauses, lang)).collect::<Vec<_>>(),
        "margins": margins_json(found),
        "untried": found.untried.iter().map(|text| text.get(lang)).collect::<Vec<_>>(),
    })
}

fn step_json(step: &Step, lang: Lang) -> Value {
    json!({
        "name": step.name,
        "formula": step.formula,
        "numbers": step.numbers,
        "value": step.value,
        "decided_by": step.decided_by.iter().map(|decider| &decider.unit).collect::<Vec<_>>(),
        "deciders": step.decided_by.iter().map(|decider| json!({
            "unit": decider.unit,
            "figures": decider.figures.iter().map(|figure| figure.get(lang)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn total_tree(explanation: &TotalExplanation, lang: Lang) -> Tree {
    let place = match explanation.place {
        Some(place) => {
            let mark = if explanation.place_provisional { ("暂定，", " (provisional)") } else { ("", "") };
            pick(
                lang,
                &format!("  第 {place} 名（{}共 {} 个）", mark.0, explanation.of),
                &format!("  place {place} of {}{}", explanation.of, mark.1),
            )
        }
        None => String::new(),
    };
    // Where places go by another figure than the total, the place stands with that figure.
    let by = explanation.placed_by.as_ref().map(|(name, figure)| format!("  {name} {figure}")).unwrap_or_default();
    let mut tree = Tree::new(format!("{}  {}{by}{place}", explanation.unit_name, explanation.total));
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    for item in &explanation.items {
        let mark = match item.met {
            Some(false) => pick(lang, "  未达标", "  target missed"),
            _ => String::new(),
        };
        let points = if item.points.is_empty() { String::new() } else { format!(" / {}", item.points) };
        let line = format!("{}  {}{points}{mark}", item.name, item.score);
        match blocks.last_mut() {
            Some((block, lines)) if *block == item.block => lines.push(line),
            _ => blocks.push((item.block.clone(), vec![line])),
        }
    }
    for (block, lines) in blocks {
        if block.is_empty() {
            for line in lines {
                tree.push(line);
            }
            continue;
        }
        let mut branch = Tree::new(block);
        for line in lines {
            branch.push(line);
        }
        tree = tree.with(branch);
    }
    for step in &explanation.steps {
        tree.push(step_line(step, "", lang));
    }
    for tie in &explanation.ties {
        tree.push(format!("{}  {}", pick(lang, "名次", "place"), tie.get(lang)));
    }
    if let Some(grade) = &explanation.grade {
        let reason = explanation.grade_reason.get(lang);
        let bracketed = pick(lang, &format!("（{reason}）"), &format!(" ({reason})"));
        let reason = if reason.is_empty() { String::new() } else { bracketed };
        tree.push(format!("{}  {grade}{reason}", pick(lang, "等次", "grade")));
    }
    for veto in &explanation.vetoes {
        tree.push(format!("{}  {}", pick(lang, "否决", "veto"), veto.get(lang)));
    }
    if !explanation.awards.is_empty() {
        let mut awards = Tree::new(pick(lang, "奖", "awards"));
        for (name, reason) in &explanation.awards {
            awards.push(format!("{name}{}{}", pick(lang, "：", ": "), reason.get(lang)));
        }
        tree = tree.with(awards);
    }
    for owed in &explanation.owed {
        tree.push(format!("{}  {owed}", pick(lang, "未报", "not reported")));
    }
    for divisor in &explanation.undefined {
        tree.push(zero_line(divisor, lang));
    }
    tree
}

fn total_json(explanation: &TotalExplanation, lang: Lang) -> Value {
    json!({
        "unit": explanation.unit,
        "group": explanation.group,
        "total": explanation.total,
        "place": explanation.place,
        "placed_by": explanation.placed_by.as_ref().map(|(name, figure)| json!({"name": name, "figure": figure})),
        "place_provisional": explanation.place_provisional,
        "of": explanation.of,
        "ties": explanation.ties.iter().map(|tie| tie.get(lang)).collect::<Vec<_>>(),
        "grade": explanation.grade,
        "grade_reason": explanation.grade_reason.get(lang),
        "items": explanation.items.iter().map(|item| json!({
            "id": item.id, "name": item.name, "block": item.block, "points": item.points, "score": item.score, "met": item.met,
        })).collect::<Vec<_>>(),
        "steps": explanation.steps.iter().map(|step| step_json(step, lang)).collect::<Vec<_>>(),
        "vetoes": explanation.vetoes.iter().map(|veto| veto.get(lang)).collect::<Vec<_>>(),
        "awards": explanation.awards.iter().map(|(name, reason)| json!({"award": name, "reason": reason.get(lang)})).collect::<Vec<_>>(),
        "owed": explanation.owed,
        "undefined": explanation.undefined.iter().map(|divisor| divisor.get(lang)).collect::<Vec<_>>(),
    })
}
