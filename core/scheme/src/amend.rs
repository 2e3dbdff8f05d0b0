//! A change of an item put into the texts of its policy: only the characters concerned become others.

mod blocks;

pub use blocks::{drop_block, full_mark, make_block};

use crate::read::{ItemText, Policy};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{BindingValue, BodyKind, BodyLine, Name};
use kaoping_terms::{
    FileId, Place, Text,
    table::{self, Cell, Table},
};

/// A change of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the item.
    pub indicator: String,
    /// What becomes another: a parameter, a choice or an input of its rule; its points where it is empty.
    pub what: String,
    /// What it becomes, as it is to be written. A bare number takes the unit that stands there now.
    pub value: String,
}

/// The text that stands at a place from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub place: Place,
    /// What.
    pub text: String,
}

/// The edits a change takes, in one file and from its end to its beginning.
///
/// # Errors
/// There is nothing that could become another: what.
pub fn edits(policy: &Policy, change: &Change) -> Result<Vec<Edit>, Text> {
    let items = policy.schemes.iter().flat_map(|scheme| &scheme.items);
    let item = items.into_iter().find(|item| item.id == change.indicator).ok_or_else(|| {
        let id = &change.indicator;
        Text::new(format!("没有指标“{id}”"), format!("there is no item `{id}`"))
    })?;
    if item.from_table { in_table(policy, item, change) } else { in_text(policy, item, change) }
}

/// A text with edits put in: those of one file, from its end to its beginning.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_string();
    for edit in edits {
        let (from, to) = (edit.place.start as usize, edit.place.end as usize);
        if text.is_char_boundary(from) && text.is_char_boundary(to) && from <= to {
            text.replace_range(from..to, &edit.text);
        }
    }
    text
}

/// Headers of the item table that say the points.
const POINTS: [&str; 3] = ["分值", "points", "base"];

fn in_table(policy: &Policy, item: &ItemText, change: &Change) -> Result<Vec<Edit>, Text> {
    let file = item.place.file;
    let text = policy.sources.file(file).map(|file| file.text.as_str()).unwrap_or_default();
    let table = table::read(file, text);
    let is_row = |row: &&Vec<Cell>| row.first().is_some_and(|cell| cell.place.start == item.place.start);
    let row = table.rows.iter().find(is_row).ok_or_else(|| nothing(change))?;
    let is_head = |cell: &Cell| match change.what.is_empty() {
        true => POINTS.contains(&cell.text.to_lowercase().as_str()),
        false => cell.text == change.what,
    };
    let column = table.header.iter().position(is_head);
    let now = column.and_then(|column| row.get(column)).map(|cell| cell.text.as_str()).filter(|text| !text.is_empty());
    let usual = usual(policy, item, &change.what);
    let value = with_unit(&change.value, now.or(usual.as_deref()));
    match column.and_then(|column| Some((column, row.get(column)?))) {
        Some((_, cell)) => Ok(Vec::from([in_cell(text, cell, &value)])),
        None if change.what.is_empty() || column.is_some() => Err(nothing(change)),
        None if is_bindable(policy, item, &change.what) => Ok(new_column(text, &table, row, &change.what, &value)),
        None => Err(nothing(change)),
    }
}

/// The edit that gives a cell another text, quoted where it has to be.
fn in_cell(text: &str, cell: &Cell, value: &str) -> Edit {
    let quoted = text.get(..cell.place.start as usize).is_some_and(|before| before.ends_with('"'));
    let written = if quoted { value.replace('"', "\"\"") } else { as_cell(value) };
    Edit { place: cell.place, text: written }
}

/// A text as a cell of a table.
pub fn as_cell(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r', '\t']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.into()
    }
}

/// A column at the end of every row, filled in one.
fn new_column(text: &str, table: &Table, row: &[Cell], name: &str, value: &str) -> Vec<Edit> {
    let separator = if text.lines().next().is_some_and(|line| line.contains('\t')) { "\t" } else { "," };
    let end_of = |cells: &[Cell]| {
        let last = cells.last()?;
        let end = last.place.end as usize;
        let opened = text.get(..last.place.start as usize).is_some_and(|before| before.ends_with('"'));
        let closed = text.get(end..).and_then(|rest| rest.find('"')).filter(|_| opened).map_or(end, |at| end + at + 1);
        Some(Place::new(last.place.file, closed, closed))
    };
    let mut edits = Vec::new();
    for cells in table.rows.iter().rev() {
        let (Some(place), missing) = (end_of(cells), table.header.len().saturating_sub(cells.len())) else { continue };
        let own = if cells.as_slice() == row { as_cell(value) } else { String::new() };
        edits.push(Edit { place, text: format!("{}{separator}{own}", separator.repeat(missing)) });
    }
    if let Some(place) = end_of(&table.header) {
        edits.push(Edit { place, text: format!("{separator}{}", as_cell(name)) });
    }
    edits
}

fn in_text(policy: &Policy, item: &ItemText, change: &Change) -> Result<Vec<Edit>, Text> {
    let at = |place: Place| policy.sources.text_at(place);
    let put = |place: Place| {
        let value = with_unit(&change.value, Some(at(place)));
        Ok(Vec::from([Edit { place, text: value }]))
    };
    if change.what.is_empty() {
        return item.item.points.as_ref().map_or_else(|| Err(nothing(change)), |points| put(points.place));
    }
    for line in &item.item.body {
        match &line.kind {
            BodyKind::By { rule, bindings } => {
                if let Some((_, value)) = bindings.iter().find(|(name, _)| name.text == change.what) {
                    return put(match value {
                        BindingValue::Literal(literal) => literal.place,
                        BindingValue::Word(word) => word.place,
                    });
                }
                if is_bindable(policy, item, &change.what) {
                    let value = with_unit(&change.value, usual(policy, item, &change.what).as_deref());
                    return Ok(Vec::from([bound(rule, bindings, &change.what, &value)]));
                }
            }
            _ => {
                if let Some(place) = named(line, &change.what) {
                    return put(place);
                }
            }
        }
    }
    let dated = policy.parameters.rows.iter().find(|row| row.name.text == change.what);
    dated.map_or_else(|| Err(nothing(change)), |row| put(row.value.place))
}

/// The edit that binds one more name.
fn bound(rule: &Name, bindings: &[(Name, BindingValue)], name: &str, value: &str) -> Edit {
    let behind = |place: Place| Place { start: place.end, ..place };
    match bindings.last() {
        Some((_, BindingValue::Literal(last))) => {
            Edit { place: behind(last.place), text: format!(", {name} = {value}") }
        }
        Some((_, BindingValue::Word(last))) => Edit { place: behind(last.place), text: format!(", {name} = {value}") },
        None => Edit { place: behind(rule.place), text: format!(" ({name} = {value})") },
    }
}

/// Where a line gives a name its value.
fn named(line: &BodyLine, name: &str) -> Option<Place> {
    match &line.kind {
        BodyKind::Parameters(all) => {
            let found = all.iter().find(|parameter| parameter.name.name.text == name)?;
            found.value.as_ref().map(|value| value.place)
        }
        BodyKind::Choice(choice) if choice.name.name.text == name => choice.chosen.as_ref().map(|word| word.place),
        _ => None,
    }
}

/// The lines of the rule an item uses.
fn rule<'a>(policy: &'a Policy, item: &ItemText) -> Option<&'a [BodyLine]> {
    let by = item.item.body.iter().find_map(|line| match &line.kind {
        BodyKind::By { rule, .. } if !rule.text.is_empty() => Some(rule.text.as_str()),
        _ => None,
    })?;
    policy.rule(by).map(|rule| rule.it.body.as_slice())
}

fn is_bindable(policy: &Policy, item: &ItemText, name: &str) -> bool {
    // A row without a rule of its own uses the usual one of the scheme; what it binds is known there.
    let Some(body) = rule(policy, item) else { return item.from_table };
    body.iter().any(|line| match &line.kind {
        BodyKind::Input(input) => input.name.name.text == name,
        BodyKind::Choice(choice) => choice.name.name.text == name,
        BodyKind::Parameters(all) => all.iter().any(|parameter| parameter.name.name.text == name),
        _ => false,
    })
}

/// What the rule has for a parameter; for points, nothing.
fn usual(policy: &Policy, item: &ItemText, name: &str) -> Option<String> {
    let lines = rule(policy, item)?;
    let place = lines.iter().find_map(|line| named(line, name))?;
    Some(policy.sources.text_at(place).to_string())
}

/// A bare number with the unit behind the number that stands there now.
fn with_unit(value: &str, now: Option<&str>) -> String {
    let value = value.trim();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−' | '+' | '/');
    let (true, Some(now)) = (value.chars().all(is_number), now) else { return value.to_string() };
    let unit = now.trim_start_matches(is_number);
    if unit.len() == now.len() { value.to_string() } else { format!("{value}{unit}") }
}

fn nothing(change: &Change) -> Text {
    let (id, what) = (&change.indicator, &change.what);
    match what.is_empty() {
        true => Text::new(format!("指标“{id}”没有写分值"), format!("item `{id}` says no points")),
        false => Text::new(
            format!("指标“{id}”没有可以改的“{what}”"),
            format!("item `{id}` has no `{what}` that could be changed"),
        ),
    }
}

/// The file an edit is in.
pub fn file_of(edits: &[Edit]) -> Option<FileId> {
    edits.first().map(|edit| edit.place.file)
}
