//! Ratios, and sums to which the policy gives a name: which part of them changed and which did
//! not.

use super::below::{Below, Told};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use kaoping_program::{Cell, NodeId, Op, Program};
use kaoping_terms::{Lang, Text};

/// How many parts of a sum are named; others are counted.
const MOST_PARTS: usize = 4;

/// One part: what it is called, its node, and what it was before where it changed.
struct Part {
    name: String,
    before: String,
    after: String,
    changed: bool,
}

/// The parts of a ratio, or of a sum or difference with a name. A part is something that people
/// have a word for; of any other formula a part says nothing that the formula does not.
fn parts(program: &Program, id: NodeId) -> Option<Vec<NodeId>> {
    let node = program.node(id)?;
    let found = match node.op {
        Op::Div(a, b) => vec![a, b],
        Op::Add(..) | Op::Sub(..) if node.origin.name.is_some() => terms(program, id),
        _ => return None,
    };
    found.iter().all(|part| has_word(program, *part)).then_some(found)
}

/// The terms of a sum or difference, in order.
fn terms(program: &Program, id: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut waiting = vec![id];
    while let Some(part) = waiting.pop() {
        match program.node(part).map(|node| (&node.op, node.origin.name.is_none() || part == id)) {
            Some((Op::Add(a, b) | Op::Sub(a, b), true)) => waiting.extend([*b, *a]),
            _ => found.push(part),
        }
    }
    found
}

/// Whether a node has a name, is a figure or an aggregate, or a sum of such.
fn has_word(program: &Program, id: NodeId) -> bool {
    let Some(node) = program.node(id) else { return false };
    match node.op {
        _ if node.origin.name.is_some() => true,
        Op::Column(_) | Op::Aggregate { .. } | Op::Const(_) => true,
        Op::Add(..) | Op::Sub(..) => {
            terms(program, id).iter().all(|part| program.constant(*part).is_none() && has_word(program, *part))
        }
        _ => false,
    }
}

/// The nodes of the parts, for the figures of both sides.
pub(super) fn nodes(program: &Program, id: NodeId) -> Vec<NodeId> {
    parts(program, id).unwrap_or_default()
}

/// Whether a node is told by its parts.
pub(super) fn has_parts(program: &Program, id: NodeId) -> bool {
    parts(program, id).is_some()
}

impl Below<'_, '_> {
    /// Each ratio and named sum that changed, with the parts that changed and those that did not.
    pub(super) fn made_of_parts(&self, pairs: &[(String, NodeId, NodeId)], told: &[Told]) -> Vec<Text> {
        let line = |(name, before, after): &(String, NodeId, NodeId)| self.made_of(name, *before, *after, told);
        pairs.iter().filter_map(line).collect()
    }

    fn made_of(&self, name: &str, before: NodeId, after: NodeId, told: &[Told]) -> Option<Text> {
        let program = &self.new.side.given.standard.program;
        let (old, new) = (parts(&self.old.side.given.standard.program, before)?, parts(program, after)?);
        if old.len() != new.len() {
            return None;
        }
        let known = |(a, b): &(Cell, Cell)| a.value.is_some() && b.value.is_some() && a.value != b.value;
        let (a, b) = self.cells(before, after).filter(known)?;
        let (a, b) = (self.old.show(before, &a, self.lang), self.new.show(after, &b, self.lang));
        // A constant is no part that somebody reported.
        let is_constant = |id: &NodeId| program.constant(*id).is_some();
        let ratio = matches!(program.node(after).map(|node| &node.op), Some(Op::Div(..)));
        if ratio && new.iter().any(is_constant) {
            return None;
        }
        let pairs = old.iter().zip(&new).filter(|(_, new)| !is_constant(new));
        let found: Vec<Part> = pairs.filter_map(|(old, new)| self.part(*old, *new)).collect();
        let changed = found.iter().filter(|part| part.changed).count();
        if ratio && changed == 2 {
            return Some(Text::new(format!("两者之比 {name}：{a} → {b}"), format!("the ratio {name}: {a} → {b}")));
        }
        if changed == 0 || found.len() < 2 || changed == found.len() {
            return None;
        }
        let place = |at: usize| match (ratio, at) {
            (true, 0) => Text::new("分子 ", "the numerator "),
            (true, _) => Text::new("分母 ", "the denominator "),
            (false, _) => Text::default(),
        };
        let says = |lang: Lang| {
            let mut words: Vec<String> = Vec::new();
            let ordered = found.iter().enumerate().filter(|(_, part)| part.changed);
            let ordered = ordered.chain(found.iter().enumerate().filter(|(_, part)| !part.changed));
            for (at, part) in ordered.take(MOST_PARTS) {
                let place = place(at).get(lang).to_string();
                words.push(format!("{place}{}", part.says(told, lang)));
            }
            if found.len() > MOST_PARTS {
                let more = found.len() - MOST_PARTS;
                words
                    .push(Text::new(format!("另有 {more} 个部分"), format!("{more} more parts")).get(lang).to_string());
            }
            words
        };
        let (zh, en) = (says(Lang::Zh).join("，"), says(Lang::En).join(", "));
        Some(Text::new(format!("{name}：{a} → {b}（{zh}）"), format!("{name}: {a} → {b} ({en})")))
    }

    fn part(&self, before: NodeId, after: NodeId) -> Option<Part> {
        let (a, b) = self.cells(before, after)?;
        Some(Part {
            name: self.new.rests.called(after),
            changed: a.value != b.value,
            before: self.old.show(before, &a, self.lang),
            after: self.new.show(after, &b, self.lang),
        })
    }
}

impl Part {
    fn says(&self, told: &[Told], lang: Lang) -> String {
        let Part { name, before, after, changed } = self;
        let is_told = told.iter().any(|told| told.name.as_deref() == Some(name));
        match (changed, is_told) {
            (true, true) => Text::new(format!("{name} 变了"), format!("{name} changed")),
            (true, false) => Text::same(format!("{name} {before} → {after}")),
            (false, _) => Text::new(format!("{name} {after} 没有变"), format!("{name} {after} did not")),
        }
        .get(lang)
        .to_string()
    }
}
