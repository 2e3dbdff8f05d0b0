//! A standard while it is written: what the checker says of texts, and what they come to.

use crate::{here::said_here, what_if::Texts};
use kaoping_assess::reading::{Kind, Line, kinds, reading};
use kaoping_intake::load::{Loaded, load_texts, shipped_texts};
use kaoping_scheme::Options;
use kaoping_terms::{Diagnostic, Lang, Level, Place};
use serde_json::{Value, json};

/// The policy a new standard begins with.
const NEW: &str = "new";

/// What a new standard begins with.
pub fn blank() -> Texts {
    shipped_texts(NEW)
}

/// Everything an editor shows beside texts: findings with their places, items with what they can come to, the rules
/// there are.
pub fn checked(texts: &[(String, String)], lang: Lang) -> Value {
    let mut loaded = load_texts("", texts, &Options::default());
    loaded.findings.iter_mut().for_each(said_here);
    let schemes = reading(&loaded.policy, &loaded.compiled.standard, lang);
    let lines: Vec<&Line> = schemes.iter().flat_map(|scheme| &scheme.lines).collect();
    let findings = loaded.findings.iter().map(|found| finding(&loaded, &lines, found, lang));
    let count = |level: Level| loaded.findings.iter().filter(|finding| finding.level == level).count();
    let first = schemes.first();
    let clauses = loaded.policy.clauses.clauses.iter();
    let clauses = clauses.map(|clause| json!({"number": clause.number, "text": clause.text}));
    json!({
        "errors": count(Level::Error),
        "warnings": count(Level::Warning),
        "findings": findings.collect::<Vec<_>>(),
        "items": lines.iter().map(|line| item(&loaded, line)).collect::<Vec<_>>(),
        "rules": kinds(&loaded.policy).iter().map(rule).collect::<Vec<_>>(),
        "clauses": clauses.collect::<Vec<_>>(),
        "full_mark": first.map(|scheme| &scheme.full_mark),
        "range": first.map(|scheme| &scheme.range),
        "total": first.map(|scheme| &scheme.total),
    })
}

fn finding(loaded: &Loaded, lines: &[&Line], found: &Diagnostic, lang: Lang) -> Value {
    let level = match found.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let holds = |line: &&&Line| {
        found
            .place
            .is_some_and(|at| line.place.file == at.file && line.place.start <= at.start && at.end <= line.place.end)
    };
    let place = found.place.map(|place| {
        let (path, line) = standing(loaded, place);
        json!({"what": path, "line": line, "column": loaded.policy.sources.position(place).column})
    });
    json!({
        "name": found.name,
        "level": level,
        "indicator": lines.iter().find(holds).map(|line| &line.id),
        "where": place,
        "message": found.message.get(lang),
        "why": found.why.get(lang),
        "next": found.next.get(lang),
    })
}

/// The file and line of a place.
fn standing(loaded: &Loaded, place: Place) -> (String, usize) {
    let sources = &loaded.policy.sources;
    let path = sources.path(place.file);
    (path.strip_prefix('/').unwrap_or(path).to_owned(), sources.position(place).line)
}

fn item(loaded: &Loaded, line: &Line) -> Value {
    let (path, at) = standing(loaded, line.place);
    json!({
        "indicator": line.id,
        "name": line.name,
        "block": line.block,
        "points": line.points,
        "rule": line.rule,
        "meaning": line.meaning,
        "formula": line.formula,
        "steps": line.steps,
        "parameters": line.parameters,
        "inputs": line.fields,
        "range": line.range,
        "exact": line.exact,
        "clause": line.clause,
        "from_table": line.from_table,
        "what": path,
        "line": at,
    })
}

fn rule(kind: &Kind) -> Value {
    let choices = kind
        .choices
        .iter()
        .map(|(name, chosen, words, why)| json!({"name": name, "chosen": chosen, "words": words, "why": why}));
    json!({
        "name": kind.name,
        "meaning": kind.meaning,
        "parameters": kind.parameters,
        "choices": choices.collect::<Vec<_>>(),
        "inputs": kind.inputs,
    })
}
