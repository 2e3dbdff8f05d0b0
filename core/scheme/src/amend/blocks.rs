//! Blocks put into a scheme or taken out of it: their statement, and their place in the total.

use super::Edit;
use crate::read::{Policy, SchemeText, With};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{Authority, Binary, Block, Expr, ExprKind, SettingKind};
use kaoping_terms::{Place, Report, Text};

/// The edits that declare a block its table rows name already, and add it to the total.
///
/// # Errors
/// The name cannot be that of a block, or there is no scheme: what.
pub fn make_block(policy: &Policy, name: &str) -> Result<Vec<Edit>, Text> {
    let scheme = main(policy)?;
    if !is_name(name, scheme.place) {
        return Err(Text::new(
            format!("“{name}”不能作块名：块名里不能有标点、空格，也不能是关键词，改成如“民生”"),
            format!("`{name}` cannot name a block: no blanks, marks or keywords"),
        ));
    }
    let is_chinese = !policy.sources.text_at(scheme.place).starts_with(|c: char| c.is_ascii());
    let statement = match is_chinese {
        true => format!("块 {name}   选择 \"按指标表分块\""),
        false => format!("block {name}   choice \"a block of the item table\""),
    };
    let mut edits = Vec::from([beside_others(policy, scheme, &statement)]);
    if let Some((total, terms)) = total(scheme) {
        let is_there = terms.iter().any(|term| is_named(term, name));
        let behind = Place { start: total.place.end, ..total.place };
        edits.extend((!is_there).then(|| Edit { place: behind, text: format!(" + {name}") }));
    }
    Ok(edits)
}

/// The edits that take a block without items out of its scheme and its total.
///
/// # Errors
/// There is no such block, or it is all there is of the total: what.
pub fn drop_block(policy: &Policy, name: &str) -> Result<Vec<Edit>, Text> {
    let scheme = main(policy)?;
    let block = scheme
        .blocks
        .iter()
        .find(|block| block.it.name.name.text == name)
        .ok_or_else(|| Text::new(format!("没有“{name}”这个块"), format!("there is no block `{name}`")))?;
    let text = text_of(policy, block.place);
    let end = line_end(text, end_of(block));
    let blank = text.get(end..).is_some_and(|rest| rest.starts_with('\n'));
    let whole = Place::new(block.place.file, block.place.start as usize, end + usize::from(blank));
    let mut edits = Vec::from([Edit { place: whole, text: String::new() }]);
    if let Some((_, terms)) = total(scheme)
        && let Some(at) = terms.iter().position(|term| is_named(term, name))
    {
        let gone = match (at.checked_sub(1).and_then(|before| terms.get(before)), terms.get(at), terms.get(at + 1)) {
            (Some(before), Some(own), _) => Place { start: before.place.end, ..own.place },
            (None, Some(own), Some(next)) => Place { end: next.place.start, ..own.place },
            _ => {
                return Err(Text::new(
                    format!("总分只有“{name}”一个块，先建别的块"),
                    format!("`{name}` is all there is of the total: make another block first"),
                ));
            }
        };
        edits.push(Edit { place: gone, text: String::new() });
    }
    Ok(edits)
}

/// The scheme whose table is written.
fn main(policy: &Policy) -> Result<&SchemeText, Text> {
    policy.schemes.first().ok_or_else(|| Text::new("没有方案", "there is no scheme"))
}

/// Whether the language takes a word as one name.
fn is_name(name: &str, place: Place) -> bool {
    let mut report = Report::new();
    let read = kaoping_syntax::parse_expression(place.file, 0, name, true, &mut report);
    let is_one = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(names) if names.len() == 1);
    !report.has_errors() && read.as_ref().is_some_and(is_one) && read.is_some_and(|expr| is_named(&expr, name))
}

fn is_named(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(names) if matches!(names.as_slice(), [one] if one.text == name))
}

/// The total where it is a plain sum, with its terms; another formula is nobody's to guess at.
fn total(scheme: &SchemeText) -> Option<(&Expr, Vec<&Expr>)> {
    let total = scheme.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::Total(total) => Some(total),
        _ => None,
    })?;
    let mut terms = Vec::new();
    let mut rest = total;
    while let ExprKind::Binary(Binary::Add, left, last) = &rest.kind {
        terms.push(last.as_ref());
        rest = left;
    }
    terms.push(rest);
    terms.reverse();
    terms.iter().all(|term| matches!(term.kind, ExprKind::Name(_))).then_some((total, terms))
}

/// The edit that puts a statement behind the blocks of the table: before the first that has items of its own or
/// does not count in the full mark, as what follows a block belongs to it.
fn beside_others(policy: &Policy, scheme: &SchemeText, statement: &str) -> Edit {
    let has_items = |block: &With<Block>| {
        let mine = |of: Option<&str>| of == Some(block.it.name.name.text.as_str());
        let written = scheme.items.iter().filter(|item| !item.from_table);
        written.into_iter().any(|item| mine(item.block.as_ref().map(|name| name.text.as_str())))
    };
    let stop = scheme.blocks.iter().find(|block| block.it.outside_full_mark || has_items(block));
    if let Some(block) = stop {
        let place = Place { end: block.place.start, ..block.place };
        return Edit { place, text: format!("{statement}\n\n") };
    }
    let (file, end) = match scheme.blocks.last() {
        Some(last) => (last.place.file, end_of(last)),
        None => (scheme.place.file, settings_end(scheme)),
    };
    let text = policy.sources.file(file).map(|file| file.text.as_str()).unwrap_or_default();
    let end = line_end(text, end);
    let opened = if text.get(..end).is_some_and(|before| before.ends_with('\n')) { "" } else { "\n" };
    Edit { place: Place::new(file, end, end), text: format!("{opened}\n{statement}\n") }
}

fn text_of(policy: &Policy, place: Place) -> &str {
    policy.sources.file(place.file).map(|file| file.text.as_str()).unwrap_or_default()
}

/// Where a block's statement ends, with what it rests on and who leads it.
fn end_of(block: &With<Block>) -> usize {
    let rests = block.authority.iter().chain(block.it.parties.iter().flat_map(|line| &line.authority));
    let parties = block.it.parties.iter().map(|line| line.place.end);
    rests.map(place_of).map(|place| place.end).chain(parties).fold(block.place.end, u32::max) as usize
}

fn settings_end(scheme: &SchemeText) -> usize {
    let rests = scheme.authority.iter().chain(scheme.scheme.settings.iter().flat_map(|setting| &setting.authority));
    let settings = scheme.scheme.settings.iter().map(|setting| setting.place.end);
    rests.map(place_of).map(|place| place.end).chain(settings).fold(scheme.place.end, u32::max) as usize
}

fn place_of(authority: &Authority) -> Place {
    match authority {
        Authority::Clause(words) | Authority::Choice(words) | Authority::Example(words) => words.place,
    }
}

/// Behind the end of the line something ends in.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found + 1)
}

/// The words of the full mark, where the scheme says one.
pub fn full_mark(policy: &Policy) -> Option<(Place, String)> {
    let settings = &policy.schemes.first()?.scheme.settings;
    settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::FullMark(mark) => Some((mark.place, policy.sources.text_at(mark.place).to_string())),
        _ => None,
    })
}
