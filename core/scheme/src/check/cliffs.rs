//! Payment cliffs: places where one step more of a figure changes an amount at a leap.

use super::{
    look::{Look, figure},
    visit,
};
use crate::model::{Decision, Standard};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{ColumnSpec, Kind, NodeId, Op};
use kaoping_rules::interval::{Analysis, Scope, Span};
use kaoping_syntax::ast::{Authority, BodyKind, BodyLine};
use kaoping_terms::{Day, Diagnostic, Exact, Measure, Place, Report, Text, measure::YUAN};

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
        let borders = borders(look, amount, probes.analysis);
        for (border, subject, edge) in borders.clone() {
            let at = look.standard.program.node(border).and_then(|node| node.origin.place);
            let cliff = match probes.cliff(border, subject, &edge, amount) {
                None if !is_money(look.standard, subject) => {
                    probes.with_some(&borders, |probes| probes.cliff(border, subject, &edge, amount))
                }
                found => found,
            };
            let Some(cliff) = cliff else { continue };
            let place = at.unwrap_or(decision.place);
            let name = look.standard.program.node(subject).and_then(|node| node.origin.name.clone());
            let name = name.unwrap_or_else(|| String::from("这个数"));
            let accepted = body.and_then(|body| accepted_by(&body.it.body, place, &name));
            report.push(finding(look, decision, &cliff, (subject, amount), place, &name, accepted));
        }
    }
}

/// The comparisons of a quantity with a constant that an amount rests on. A parameter that
/// changes with the day does so because its table says so: its rows are no borders.
fn borders(look: &Look<'_>, amount: NodeId, analysis: &mut Analysis<'_>) -> Vec<(NodeId, NodeId, Exact)> {
    let program = &look.standard.program;
    let (mut seen, mut waiting, mut found) = (BTreeSet::new(), alloc::vec![amount], BTreeMap::new());
    while let Some(node) = waiting.pop() {
        let Some(made) = program.node(node).filter(|_| seen.insert(node)) else {
            continue;
        };
        let op = &made.op;
        waiting.extend(op.arguments());
        let tabled = |at: Place| look.policy.parameters.rows.iter().any(|row| holds(row.place, at));
        if made.origin.place.is_some_and(tabled) {
            continue;
        }
        let Op::Compare(_, a, b) = op else { continue };
        let counted =
            |node: NodeId| matches!(program.node(node).map(|node| &node.kind), Some(Kind::Number(_) | Kind::Day));
        for (subject, edge) in [(*a, *b), (*b, *a)] {
            if !counted(subject) || analysis.range(subject).value().is_some() {
                continue;
            }
            if let Some(edge) = analysis.range(edge).value().cloned() {
                found.entry(analysis.same(node)).or_insert((node, subject, edge));
            }
        }
    }
    found.into_values().collect()
}

fn is_money(standard: &Standard, node: NodeId) -> bool {
    standard.program.node(node).is_some_and(|node| of_money(&node.kind))
}

fn of_money(kind: &Kind) -> bool {
    matches!(kind, Kind::Number(measure) if measure.powers().any(|(noun, _)| noun == YUAN))
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
        let below = self.below(subject);
        for combination in self.combinations() {
            for driver in 0..self.numbers.len() {
                if !self.numbers.get(driver).is_some_and(|(node, ..)| below.contains(&self.analysis.same(*node))) {
                    continue;
                }
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

    /// Looks with some money in every figure of money, and with the ages and days the policy speaks
    /// of: what depends on a month is often a share of money, and a share of nothing does not leap.
    fn with_some<T>(&mut self, borders: &[(NodeId, NodeId, Exact)], look: impl FnOnce(&mut Self) -> T) -> T {
        let least = self.numbers.clone();
        for (node, value, spec) in &mut self.numbers {
            let own =
                |(_, subject, _): &&(NodeId, NodeId, Exact)| self.analysis.same(*subject) == self.analysis.same(*node);
            let some = match borders.iter().find(own) {
                _ if of_money(&spec.kind) => Some(&*value + &Exact::whole(10_000)),
                Some((.., edge)) => Some(edge.clone()),
                None => None,
            };
            if let Some(some) = some.filter(|some| spec.bounds.contain(some)) {
                *value = some;
            }
        }
        let seen = look(self);
        self.numbers = least;
        seen
    }

    /// Everything a value is computed from.
    fn below(&self, value: NodeId) -> BTreeSet<NodeId> {
        let (mut seen, mut waiting) = (BTreeSet::new(), alloc::vec![value]);
        while let Some(node) = waiting.pop().map(|node| self.analysis.same(node)) {
            if seen.insert(node) {
                waiting.extend(self.analysis.program().node(node).map(|node| node.op.arguments()).unwrap_or_default());
            }
        }
        seen
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

    /// A row with all figures given.
    fn row(&mut self, words: &[(NodeId, Exact, String)], driver: usize, at: &Exact) -> Option<Scope> {
        let numbers = self.numbers.iter().enumerate().map(|(number, (node, least, _))| {
            (*node, Span::point(if number == driver { at.clone() } else { least.clone() }))
        });
        let facts: Vec<(NodeId, Span)> =
            words.iter().map(|(node, value, _)| (*node, Span::point(value.clone()))).chain(numbers).collect();
        self.analysis.scope(&[], &facts)
    }

    /// A value of such a row.
    fn value(&mut self, row: &mut Scope, wanted: NodeId) -> Option<Exact> {
        self.analysis.range_in(row, wanted).value().cloned()
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
        let mut subject_at = |at: &Exact| {
            let mut row = self.row(words, driver, at)?;
            self.value(&mut row, subject)
        };
        let from = subject_at(&least)?;
        let slope = &subject_at(&(&least + &Exact::one()))? - &from;
        let at = &least + &(edge - &from).divided_by(&slope)?;
        if !spec.bounds.contain(&at) {
            return None;
        }
        let mut here = self.row(words, driver, &at)?;
        if self.value(&mut here, subject)? != *edge {
            return None;
        }
        let side = self.value(&mut here, border)?;
        let (step, beyond, mut there) = [step.clone(), -step].into_iter().find_map(|step| {
            let beyond = Some(&at + &step).filter(|beyond| spec.bounds.contain(beyond))?;
            let mut there = self.row(words, driver, &beyond)?;
            let leaps = self.value(&mut there, border).is_some_and(|other| other != side);
            leaps.then_some((step, beyond, there))
        })?;
        let beside = self.value(&mut there, subject);
        let (here, there) = (self.value(&mut here, amount)?, self.value(&mut there, amount)?);
        let mut further = self.row(words, driver, &(&beyond + &step))?;
        let further = self.value(&mut further, amount)?;
        // A leap is more than a unit, and more than what the next step brings.
        let (jump, usual) = ((&there - &here).abs(), (&further - &there).abs());
        if jump < Exact::one() || jump <= &usual * &Exact::whole(10) {
            return None;
        }
        let words = words.iter().map(|(_, _, word)| word.as_str()).collect::<Vec<_>>().join("、");
        let (on, next) = ((edge.clone(), here), (beside?, there));
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

fn holds(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// A statement that carries a choice or is an example accepts its cliffs; so does a named choice
/// that decides what is made of the same quantity.
fn accepted_by(body: &[BodyLine], place: Place, subject: &str) -> Option<Text> {
    if let Some(line) = body.iter().find(|line| holds(line.place, place)) {
        let mut said: Vec<&Authority> = line.authority.iter().collect();
        for expr in visit::line_parts(&line.kind).0 {
            visit::inside(expr, &mut |expr| said.extend(&expr.authority));
        }
        if said.iter().any(|authority| matches!(authority, Authority::Choice(_))) {
            return Some(chosen());
        }
        if said.iter().any(|authority| matches!(authority, Authority::Example(_))) {
            return Some(Text::new(
                "这一句是“示例”，不用改；真的办法里要写 选择 \"理由\"",
                "the statement is an example; a real one would need 选择 \"reason\"",
            ));
        }
    }
    let choices: Vec<&str> = body
        .iter()
        .filter_map(|line| match &line.kind {
            BodyKind::Choice(choice) => Some(choice.name.name.text.as_str()),
            _ => None,
        })
        .collect();
    let decides = body.iter().any(|line| {
        let names: Vec<&str> =
            visit::line_parts(&line.kind).0.into_iter().flat_map(visit::names).map(|name| name.text.as_str()).collect();
        names.contains(&subject) && choices.iter().any(|choice| names.contains(choice))
    });
    decides.then(chosen)
}

fn chosen() -> Text {
    Text::new("已有“选择”说明，不用改", "a 选择 accounts for it; nothing to change")
}

/// Between a digit and a Chinese word stands a blank, between two words none.
fn spaced(figure: &str) -> String {
    let blank = if figure.ends_with(|c: char| c.is_ascii()) { " " } else { "" };
    format!("{figure}{blank}")
}

/// A value as people write it, with its unit.
pub(super) fn shown(look: &Look<'_>, node: NodeId, value: &Exact) -> String {
    let program = &look.standard.program;
    match program.node(node).map(|node| &node.kind) {
        Some(Kind::Day) => value
            .to_i64()
            .and_then(|number| i32::try_from(number).ok())
            .and_then(Day::from_number)
            .map_or_else(|| value.to_string(), |day| day.to_string()),
        // Money is told to the cent, whatever multiple the figure is declared in.
        Some(Kind::Number(measure)) if *measure == Measure::noun(YUAN) => format!("{} 元", value.to_grouped()),
        _ => figure(program, node, value),
    }
}

fn finding(
    look: &Look<'_>,
    decision: &Decision,
    cliff: &Cliff,
    (subject, amount): (NodeId, NodeId),
    place: Place,
    name: &str,
    accepted: Option<Text>,
) -> Diagnostic {
    let (before, after) = (&cliff.before, &cliff.after);
    let words = if cliff.words.is_empty() { String::new() } else { format!("（{}）", cliff.words) };
    let (x, y) = (shown(look, subject, &before.0), shown(look, subject, &after.0));
    let (paid_x, paid_y) = (before.1.to_grouped(), after.1.to_grouped());
    let (paid, to, size) =
        (shown(look, amount, &before.1), shown(look, amount, &after.1), shown(look, amount, &cliff.size()));
    let message = Text::new(
        format!("“{name}”从 {}到 {y}{words}，金额从 {}跳到 {to}，差 {size}", spaced(&x), spaced(&paid)),
        format!("`{name}` from {x} to {y}{words}: the amount leaps from {paid} to {to}, by {size}"),
    );
    let base = match &accepted {
        Some(_) => Diagnostic::note("payment-cliff", message),
        None => Diagnostic::warning("payment-cliff", message),
    };
    let next = accepted.unwrap_or_else(|| {
        Text::new(
            "改成只对超过的部分计，或各段接上；确要这样，在这一句后面写 选择 \"理由\"",
            "pay only on the part above, or let the stretches meet; if it is meant, write 选择 \"reason\" behind the statement",
        )
    });
    let why = match look.standard.program.node(subject).map(|node| &node.kind) {
        Some(kind) if of_money(kind) => Text::new(
            "多一分钱差几百元，申请人会想办法凑数，也难解释",
            "a cent more or less is worth hundreds: it invites fiddling and is hard to explain",
        ),
        Some(Kind::Day) => Text::new(
            "早一天晚一天差这么多，线两边的人都会来问，也难解释",
            "a day earlier or later is worth that much: both sides will ask, and it is hard to explain",
        ),
        _ => Text::new(
            "只差一个数就差这么多，线两边的人都会来问，也难解释",
            "one more or less is worth that much: both sides will ask, and it is hard to explain",
        ),
    };
    base.at(place)
        .label(Text::same(format!("{paid_x} → {paid_y}")))
        .why(why)
        .quoting(look.quote_at(place).or_else(|| look.quote(decision.clause.as_deref())))
        .next(next)
}
