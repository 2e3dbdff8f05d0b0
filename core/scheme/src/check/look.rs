//! What every check looks at, with the words most findings share.

use crate::{
    model::{Scheme, Standard},
    read::{Policy, SchemeText, clauses_quoted},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{Kind, NodeId, Program};
use kaoping_syntax::ast::{Authority, Literal, LiteralNumber};
use kaoping_terms::{Diagnostic, Exact, Place, Quote, Report, Text};

/// The policy as written and as compiled.
pub(crate) struct Look<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) standard: &'a Standard,
}

impl<'a> Look<'a> {
    /// The schemes, as written and as compiled.
    pub(crate) fn schemes(&self) -> impl Iterator<Item = (usize, &'a SchemeText, &'a Scheme)> {
        let pairs = self.policy.schemes.iter().zip(&self.standard.schemes);
        pairs.enumerate().map(|(at, (text, scheme))| (at, text, scheme))
    }

    /// The words of a clause.
    pub(crate) fn quote(&self, clause: Option<&str>) -> Option<Quote> {
        self.policy.clauses.quote(clause?)
    }

    /// The words of the first clause a statement rests on that is there.
    pub(crate) fn quote_of(&self, authority: &[Authority]) -> Option<Quote> {
        clauses_of(authority).find_map(|clause| self.policy.clauses.quote(clause))
    }

    /// The words of the clause that the line at a place rests on, or the part it stands in.
    pub(crate) fn quote_at(&self, place: Place) -> Option<Quote> {
        self.policy.quote_at(place)
    }

    /// The characters at a place of the policy.
    pub(crate) fn text(&self, place: Place) -> &'a str {
        self.policy.sources.text_at(place)
    }
}

/// The clauses a statement names.
pub(crate) fn clauses_of(authority: &[Authority]) -> impl Iterator<Item = &str> {
    clauses_quoted(authority).map(|clause| clause.text.trim())
}

/// Whether the statement says itself that it is a choice or an example.
pub(crate) fn is_chosen(authority: &[Authority]) -> bool {
    authority.iter().any(|authority| !matches!(authority, Authority::Clause(_)))
}

/// The number of a figure, where it can be read.
pub(crate) fn number(written: &Literal) -> Option<&Exact> {
    match &written.number {
        LiteralNumber::Known(number) => Some(number),
        LiteralNumber::Unreadable(_) => None,
    }
}

/// `2 + 1 + 0.5 + 3.5 = 7`; a figure that cannot be read stands as its characters.
pub(crate) fn equation(parts: &[String], sign: &str, whole: &str) -> String {
    match parts {
        [one] => one.clone(),
        many => format!("{} {sign} {whole}", many.join(" + ")),
    }
}

/// A value as people write it in the unit of a node: 60% rather than 0.6.
pub(crate) fn figure(program: &Program, node: NodeId, value: &Exact) -> String {
    match program.node(node).map(|node| &node.kind) {
        Some(Kind::Number(measure)) if measure.is_ratio() => format!("{}%", value * &Exact::whole(100)),
        Some(Kind::Number(measure)) if !measure.is_number() => measure.figure(value),
        _ => value.to_grouped(),
    }
}

/// Names as a list: “甲”、“乙” and `甲`, `乙`.
pub(crate) fn listed(names: &[&str]) -> (String, String) {
    let zh: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
    let en: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (zh.join("、"), en.join(", "))
}

/// One of several parts with the same fault.
pub(crate) struct Named<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Where it stands.
    pub(crate) place: Place,
    /// What its clause says.
    pub(crate) quote: Option<Quote>,
}

/// How many parts with the same fault are shown by name and place; the rest are counted.
const MOST_SHOWN: usize = 12;

/// One finding for all parts with the same fault, so that thirty items without a lead unit
/// do not bury what else is wrong: the first gives the place and the clause, others follow.
pub(crate) fn gathered(parts: Vec<Named<'_>>, report: &mut Report, make: impl FnOnce(&Text) -> Diagnostic) {
    let shown: Vec<&str> = parts.iter().take(MOST_SHOWN).map(|part| part.name).collect();
    let (mut zh, mut en) = listed(&shown);
    let count = parts.len();
    if count > MOST_SHOWN {
        zh = format!("{zh}等 {count} 处");
        en = format!("{en} and {} more", count - MOST_SHOWN);
    } else if count > 1 {
        zh = format!("{zh}（{count} 处）");
    }
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return };
    let mut finding = make(&Text::new(zh, en)).at(first.place).quoting(first.quote);
    for other in parts.take(MOST_SHOWN - 1) {
        finding = finding.also(other.place, Text::default());
    }
    report.push(finding);
}
