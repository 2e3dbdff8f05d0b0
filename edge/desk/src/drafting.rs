//! A standard while it is written: what the checker says of texts, and what they come to.

use crate::{here::said_here, what_if::Texts};
use kaoping_assess::reading::{Kind, Line, kinds, reading};
use kaoping_intake::load::{Loaded, load_texts, shipped_texts};
use kaoping_scheme::{
    Options,
    amend::{Edit, drop_block, full_mark, make_block},
    grid::Grid,
};
use kaoping_terms::{Diagnostic, FileId, Lang, Level, Place, Text};
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
    let grid = Grid::of(&loaded.policy);
    let findings = loaded.findings.iter().map(|found| finding(&loaded, &grid, &lines, found, lang));
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
        "mark": full_mark(&loaded.policy).map(|(place, text)| span(&loaded, place, &text)),
        "blocks": blocks(&loaded, lang),
    })
}

/// The blocks there are, those that rows name and nobody declared, and those nothing stands in; with what makes
/// and what drops them.
fn blocks(loaded: &Loaded, lang: Lang) -> Value {
    let Some(scheme) = loaded.policy.schemes.first() else { return json!({"there": [], "missing": [], "empty": []}) };
    let there: Vec<&str> = scheme.blocks.iter().map(|block| block.it.name.name.text.as_str()).collect();
    let mut named: Vec<&str> = Vec::new();
    for block in scheme.items.iter().filter_map(|item| item.block.as_ref()) {
        if !named.contains(&block.text.as_str()) {
            named.push(&block.text);
        }
    }
    let mend = |name: &&str, made: Result<Vec<Edit>, Text>| {
        let (edits, hindered) = match made {
            Ok(edits) => (edits, Text::default()),
            Err(text) => (Vec::new(), text),
        };
        let edits: Vec<Value> = edits.iter().map(|edit| span(loaded, edit.place, &edit.text)).collect();
        json!({"block": name, "edits": edits, "hindered": hindered.get(lang)})
    };
    let missing =
        named.iter().filter(|name| !there.contains(name)).map(|name| mend(name, make_block(&loaded.policy, name)));
    let empty =
        there.iter().filter(|name| !named.contains(name)).map(|name| mend(name, drop_block(&loaded.policy, name)));
    json!({"there": there, "missing": missing.collect::<Vec<_>>(), "empty": empty.collect::<Vec<_>>()})
}

/// From where to where in a file, and a text.
fn span(loaded: &Loaded, place: Place, text: &str) -> Value {
    let sources = &loaded.policy.sources;
    let (from, to) = (sources.position(place), sources.position(Place { start: place.end, ..place }));
    json!({"what": standing(loaded, place).0, "from": [from.line, from.column], "to": [to.line, to.column], "text": text})
}

fn finding(loaded: &Loaded, grid: &Grid<'_>, lines: &[&Line], found: &Diagnostic, lang: Lang) -> Value {
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
    let cells = grid.cells(found).into_iter();
    let cells = cells.map(|at| json!({"what": shown(loaded, at.file), "line": at.line, "column": at.column}));
    json!({
        "name": found.name,
        "level": level,
        "cells": cells.collect::<Vec<_>>(),
        "indicator": lines.iter().find(holds).map(|line| &line.id),
        "where": place,
        "message": found.message.get(lang),
        "why": found.why.get(lang),
        "next": found.next.get(lang),
    })
}

/// The path of a file, as it was sent.
fn shown(loaded: &Loaded, file: FileId) -> String {
    let path = loaded.policy.sources.path(file);
    path.strip_prefix('/').unwrap_or(path).to_owned()
}

/// The file and line of a place.
fn standing(loaded: &Loaded, place: Place) -> (String, usize) {
    let sources = &loaded.policy.sources;
    (shown(loaded, place.file), sources.position(place).line)
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
