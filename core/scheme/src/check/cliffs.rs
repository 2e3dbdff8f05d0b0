//! Payment cliffs: places where one step more of a figure changes an amount at a leap.

use super::{
    look::{Look, is_chosen},
    visit,
};
use crate::model::Decision;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use kaoping_program::{ColumnSpec, Kind, NodeId, Op};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::{BodyKind, BodyLine};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text, measure::YUAN};

/// Most combinations of words and truths that are probed.
const MOST_COMBINATIONS: usize = 256;

/// A leap: the figure and the amount on either side.
struct Cliff {
    before: (Exact, Exact),
    after: (Exact, Exact),
    words: String,
}

impl Cliff {
    fn size(&self) -> Exact {
        (&self.after.1 - &self.before.1).abs()
    }
}

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for decision in &look.standard.decisions {
        let Some(amount) = decision.amount else {
            continue;
        };
        let body = look.policy.decisions.iter().find(|text| text.it.name.name.text == decision.name);
        let mut probes = Probes::of(look, decision, analysis);
        for (border, subject, edge) in borders(look, amount, probes.analysis) {
            let Some(cliff) = probes.cliff(border, subject, &edge, amount) else {
                continue;
            };
            let place = look.standard.program.node(border).and_then(|node| node.origin.place).unwrap_or(decision.place);
            let name = look.standard.program.node(subject).and_then(|node| node.origin.name.clone());
            let name = name.unwrap_or_else(|| String::from("这个数"));
            let accepted = body.is_some_and(|body| is_accepted(&body.it.body, place, &name));
            report.push(finding(look, decision, &cliff, place, &name, accepted));
        }
    }
}

/// The comparisons of a quantity with a constant that an amount rests on.
fn borders(look: &Look<'_>, amount: NodeId, analysis: &mut Analysis<'_>) -> Vec<(NodeId, NodeId, Exact)> {
    let program = &look.standard.program;
    let (mut seen, mut waiting, mut found) = (BTreeSet::new(), alloc::vec![amount], BTreeMap::new());
    while let Some(node) = waiting.pop() {
        let node = analysis.same(node);
        let Some(op) = program.node(node).map(|node| &node.op).filter(|_| seen.insert(node)) else {
            continue;
        };
        waiting.extend(op.arguments());
        let Op::Compare(_, a, b) = op else { continue };
        let money = |node: NodeId| match program.node(node).map(|node| &node.kind) {
            Some(Kind::Number(measure)) => measure.powers().any(|(noun, _)| noun == YUAN),
            _ => false,
        };
        for (subject, edge) in [(*a, *b), (*b, *a)] {
            if let Some(edge) = analysis.range(edge).value().cloned().filter(|_| money(subject)) {
                found.entry(node).or_insert((subject, edge));
            }
        }
    }
    found.into_iter().map(|(border, (subject, edge))| (border, subject, edge)).collect()
}

/// Rows of figures that are tried on a decision.
struct Probes<'a, 'p> {
    analysis: &'a mut Analysis<'p>,
    numbers: Vec<(NodeId, Exact, ColumnSpec)>,
    words: Vec<(NodeId, Vec<(Exact, String)>)>,
}

impl<'a, 'p> Probes<'a, 'p> {
    fn of(look: &Look<'_>, decision: &Decision, analysis: &'a mut Analysis<'p>) -> Self {
        let program = &look.standard.program;
        let (mut numbers, mut words) = (Vec::new(), Vec::new());
        for input in &decision.inputs {
            let Some(spec) = program.columns.get(input.column.0 as usize) else {
                continue;
            };
            match &spec.kind {
                Kind::Number(_) | Kind::Day => numbers.push((input.node, least(spec), spec.clone())),
                Kind::Truth => {
                    let truths = [(Exact::zero(), format!("{}否", input.name)), (Exact::one(), input.name.clone())];
                    words.push((input.node, truths.into()));
                }
                Kind::Word(list) => {
                    let list = program.word_lists.get(list.0 as usize);
                    let all = (0i64..).zip(list.iter().flat_map(|list| &list.words));
                    words.push((input.node, all.map(|(at, (word, _))| (Exact::whole(at), word.clone())).collect()));
                }
                Kind::Text => {}
            }
        }
        Self { analysis, numbers, words }
    }

    /// The greatest leap at a border over all words.
    fn cliff(&mut self, border: NodeId, subject: NodeId, edge: &Exact, amount: NodeId) -> Option<Cliff> {
        let mut worst: Option<Cliff> = None;
        for combination in self.combinations() {
            for driver in 0..self.numbers.len() {
                let Some(cliff) = self.leap(&combination, driver, border, subject, edge, amount) else {
                    continue;
                };
                if worst.as_ref().is_none_or(|worst| worst.size() < cliff.size()) {
                    worst = Some(cliff);
                }
            }
        }
        worst
    }

    fn combinations(&self) -> Vec<Vec<(NodeId, Exact, String)>> {
        let mut all: Vec<Vec<(NodeId, Exact, String)>> = alloc::vec![Vec::new()];
        for (node, words) in &self.words {
            let longer = all.iter().flat_map(|so_far| {
                words.iter().map(move |(value, word)| {
                    let mut next = so_far.clone();
                    next.push((*node, value.clone(), word.clone()));
                    next
                })
            });
            all = longer.take(MOST_COMBINATIONS).collect();
        }
        all
    }

    /// A value with all figures given.
    fn value(&mut self, words: &[(NodeId, Exact, String)], driver: usize, at: &Exact, wanted: NodeId) -> Option<Exact> {
        let numbers = self.numbers.iter().enumerate().map(|(number, (node, least, _))| {
            (*node, Span::point(if number == driver { at.clone() } else { least.clone() }))
        });
        let facts: Vec<(NodeId, Span)> =
            words.iter().map(|(node, value, _)| (*node, Span::point(value.clone()))).chain(numbers).collect();
        let mut scope = self.analysis.scope(&[], &facts)?;
        self.analysis.range_in(&mut scope, wanted).value().cloned()
    }

    /// Moves one figure across the border, all others least, and looks at the amount.
    fn leap(
        &mut self,
        words: &[(NodeId, Exact, String)],
        driver: usize,
        border: NodeId,
        subject: NodeId,
        edge: &Exact,
        amount: NodeId,
    ) -> Option<Cliff> {
        let (_, least, spec) = self.numbers.get(driver)?.clone();
        let step = spec.step.clone().unwrap_or_else(Exact::one);
        let from = self.value(words, driver, &least, subject)?;
        let slope = &self.value(words, driver, &(&least + &Exact::one()), subject)? - &from;
        let at = &least + &(edge - &from).divided_by(&slope)?;
        if self.value(words, driver, &at, subject)? != *edge || !spec.bounds.contain(&at) {
            return None;
        }
        let side = self.value(words, driver, &at, border)?;
        let step = [step.clone(), -step].into_iter().find(|step| {
            spec.bounds.contain(&(&at + step))
                && self.value(words, driver, &(&at + step), border).is_some_and(|other| other != side)
        })?;
        let beyond = &at + &step;
        let (here, there) = (self.value(words, driver, &at, amount)?, self.value(words, driver, &beyond, amount)?);
        let further = self.value(words, driver, &(&beyond + &step), amount)?;
        // A leap is more than a unit, and more than what the next step brings.
        let (jump, usual) = ((&there - &here).abs(), (&further - &there).abs());
        if jump < Exact::one() || jump <= &usual * &Exact::whole(10) {
            return None;
        }
        let beside = self.value(words, driver, &beyond, subject)?;
        let words = words.iter().map(|(_, _, word)| word.as_str()).collect::<Vec<_>>().join("、");
        let (on, next) = ((edge.clone(), here), (beside, there));
        let (before, after) = if on.0 < next.0 { (on, next) } else { (next, on) };
        Some(Cliff { before, after, words })
    }
}

/// The least figure that may be reported.
fn least(spec: &ColumnSpec) -> Exact {
    let step = spec.step.clone().unwrap_or_else(Exact::one);
    match (&spec.bounds.low, &spec.bounds.high) {
        (Some((low, true)), _) => low.clone(),
        (Some((low, false)), _) => low + &step,
        (None, Some((high, _))) if high.is_negative() => high + &-step,
        _ => Exact::zero(),
    }
}

/// A statement that carries a choice accepts its cliffs; so does a named choice that decides
/// what is made of the same quantity.
fn is_accepted(body: &[BodyLine], place: Place, subject: &str) -> bool {
    let here = body
        .iter()
        .find(|line| line.place.file == place.file && line.place.start <= place.start && place.end <= line.place.end);
    if let Some(line) = here {
        let mut inside = is_chosen(&line.authority);
        for expr in visit::line_parts(&line.kind).0 {
            visit::inside(expr, &mut |expr| inside |= is_chosen(&expr.authority));
        }
        if inside {
            return true;
        }
    }
    let choices: Vec<&str> = body
        .iter()
        .filter_map(|line| match &line.kind {
            BodyKind::Choice(choice) => Some(choice.name.name.text.as_str()),
            _ => None,
        })
        .collect();
    body.iter().any(|line| {
        let names: Vec<&str> =
            visit::line_parts(&line.kind).0.into_iter().flat_map(visit::names).map(|name| name.text.as_str()).collect();
        names.contains(&subject) && choices.iter().any(|choice| names.contains(choice))
    })
}

fn finding(
    look: &Look<'_>,
    decision: &Decision,
    cliff: &Cliff,
    place: Place,
    name: &str,
    accepted: bool,
) -> Diagnostic {
    let (before, after) = (&cliff.before, &cliff.after);
    let words = if cliff.words.is_empty() { String::new() } else { format!("（{}）", cliff.words) };
    let (x, y) = (before.0.to_grouped(), after.0.to_grouped());
    // A cliff is told to the cent, whatever multiple the figure is declared in.
    let (paid_x, paid_y) = (before.1.to_grouped(), after.1.to_grouped());
    let size = cliff.size().to_grouped();
    let message = Text::new(
        format!("“{name}”从 {x} 元到 {y} 元{words}，金额从 {paid_x} 元跳到 {paid_y} 元，差 {size} 元"),
        format!("`{name}` from {x} to {y} yuan{words}: the amount leaps from {paid_x} to {paid_y} yuan, by {size}"),
    );
    let base = if accepted {
        Diagnostic::note("payment-cliff", message)
    } else {
        Diagnostic::warning("payment-cliff", message)
    };
    let next = if accepted {
        Text::new("已有“选择”说明，不用改", "a 选择 accounts for it; nothing to change")
    } else {
        Text::new(
            "改成只对超过的部分计，或各段接上；确要这样，在这一句后面写 选择 \"理由\"",
            "pay only on the part above, or let the stretches meet; if it is meant, write 选择 \"reason\" behind the statement",
        )
    };
    base.at(place)
        .label(Text::same(format!("{paid_x} → {paid_y}")))
        .why(Text::new(
            "多一分钱差几百元，申请人会想办法凑数，也难解释",
            "a cent more or less is worth hundreds: it invites fiddling and is hard to explain",
        ))
        .quoting(look.quote(decision.clause.as_deref()))
        .next(next)
}
