//! Stretches between the cases of one quantity that only 否则 catches: 年龄 < 16 岁 beside
//! 年龄 > 16 岁 leaves out those who are exactly sixteen.

use super::{
    arithmetic::named,
    classes::{Answers, Cell, Classes, gather},
    cliffs::shown,
    item_cases::condition_at,
    look::Look,
    visit,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Program};
use kaoping_rules::interval::{Analysis, Span};
use kaoping_syntax::ast::{Authority, BodyKind, Expr, ExprKind};
use kaoping_terms::{Diagnostic, Exact, Place, Quote, Report, Text};

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for statement in visit::statements(look.policy) {
        let quote = look.quote_of(statement.authority).or_else(|| look.quote_of(statement.above));
        for expr in statement.expressions {
            visit::inside(expr, &mut |expr| {
                let ExprKind::Cases { cases, otherwise, .. } = &expr.kind else {
                    return;
                };
                let behind = statement.authority.iter().chain(&otherwise.authority);
                if !accepted(behind, otherwise.place) {
                    let whens: Vec<&Expr> = cases.iter().map(|case| &case.when).collect();
                    of_cases(look, &whens, otherwise.place, &quote, analysis, report);
                }
            });
        }
    }
    for line in look.policy.decisions.iter().flat_map(|decision| &decision.it.body) {
        let BodyKind::Outcome(cases) = &line.kind else { continue };
        let Some(otherwise) = cases.iter().find(|case| case.when.is_none()) else {
            continue;
        };
        if !accepted(line.authority.iter().chain(&otherwise.authority), otherwise.place) {
            let whens: Vec<&Expr> = cases.iter().filter_map(|case| case.when.as_ref()).collect();
            of_cases(look, &whens, otherwise.place, &look.quote_at(otherwise.place), analysis, report);
        }
    }
}

/// Whether 否则 is a choice or an example: what stands behind it, not behind a case above.
fn accepted<'a>(mut authority: impl Iterator<Item = &'a Authority>, otherwise: Place) -> bool {
    authority.any(|authority| match authority {
        Authority::Choice(reason) | Authority::Example(reason) => reason.place.start >= otherwise.start,
        Authority::Clause(_) => false,
    })
}

fn of_cases(
    look: &Look<'_>,
    whens: &[&Expr],
    otherwise: Place,
    quote: &Option<Quote>,
    analysis: &mut Analysis<'_>,
    report: &mut Report,
) {
    let conditions: Option<Vec<NodeId>> = whens.iter().map(|when| condition_at(look, when.place)).collect();
    let Some(conditions) = conditions.filter(|conditions| conditions.len() > 1) else {
        return;
    };
    let cases: Vec<Option<NodeId>> = conditions.iter().copied().map(Some).collect();
    for gap in gaps(&Classes::of(&cases, analysis), &conditions) {
        let (Some(before), Some(after)) = (whens.get(gap.before), whens.get(gap.after)) else {
            continue;
        };
        let quantity = named(look, gap.quantity);
        let span = gap.span.in_words(&|value| shown(look, gap.quantity, value));
        let exactly = gap.span.value().is_some();
        let (zh, en) = if exactly { ("正好 ", "exactly ") } else { ("", "") };
        let (one, other) = (look.text(before.place), look.text(after.place));
        let finding = Diagnostic::warning(
            "case-gap",
            Text::new(
                format!("“{quantity}”{zh}{}，夹在“{one}”和“{other}”中间，却落到“否则”里", span.zh),
                format!("`{quantity}` {en}{} lies between \"{one}\" and \"{other}\" and falls to the rest", span.en),
            ),
        );
        report.push(
            finding
                .at(otherwise)
                .also(before.place, Text::new("一边的情形", "the case on one side"))
                .also(after.place, Text::new("另一边的情形", "the case on the other side"))
                .why(Text::new(
                    "两头都有情形、中间没有，多半是线上的数归哪边漏写了",
                    "with cases on both sides and none between, the edge was probably forgotten on both",
                ))
                .quoting(quote.clone())
                .next(Text::new(
                    "让一边含这条线（≤ 或 ≥），或为中间写一个情形；有意的，在“否则”后面写 选择 \"理由\"",
                    "let one side include the edge (≤ or ≥), or write a case for it; if it is meant, write 选择 \"reason\" behind 否则",
                )),
        );
    }
}

/// A stretch that no case takes, and the cases on both sides by position.
struct Gap {
    quantity: NodeId,
    span: Span,
    before: usize,
    after: usize,
}

/// A case as far as it speaks of one quantity, and what else it asks for.
struct Side {
    case: usize,
    own: Vec<NodeId>,
    rest: BTreeSet<NodeId>,
}

fn gaps(classes: &Classes<'_, '_>, conditions: &[NodeId]) -> Vec<Gap> {
    let program = classes.analysis.program();
    let mut found: Vec<Gap> = Vec::new();
    for axis in &classes.axes {
        if !matches!(program.node(axis.node).map(|node| &node.kind), Some(Kind::Number(_) | Kind::Day)) {
            continue;
        }
        let sides: Vec<Side> =
            (0..).zip(conditions).filter_map(|(case, when)| side(case, *when, axis.node, classes.analysis)).collect();
        let rests: BTreeSet<&BTreeSet<NodeId>> = sides.iter().map(|side| &side.rest).collect();
        for rest in rests {
            // Where all that is asked for besides holds, these cases speak of the quantity alone.
            let together: Vec<&Side> = sides.iter().filter(|side| side.rest.is_subset(rest)).collect();
            for gap in between(classes, axis.node, &axis.cells, &together) {
                let known = found.iter().any(|known| known.quantity == gap.quantity && known.span == gap.span);
                if !known && forgotten(classes, &gap, &axis.cells, &together, conditions) {
                    found.push(gap);
                }
            }
        }
    }
    found
}

/// The conditions that must all hold for one to hold.
fn conjuncts(condition: NodeId, analysis: &Analysis<'_>) -> Vec<NodeId> {
    let (mut found, mut waiting) = (Vec::new(), Vec::from([condition]));
    while let Some(condition) = waiting.pop().map(|condition| analysis.same(condition)) {
        match analysis.program().node(condition).map(|node| &node.op) {
            Some(Op::And(a, b)) => waiting.extend([*a, *b]),
            // What a choice switches on.
            Some(Op::Const(value)) if !value.is_zero() => {}
            _ => found.push(condition),
        }
    }
    found
}

/// The quantities and conditions a condition rests on.
fn rests_on(condition: NodeId, analysis: &Analysis<'_>) -> BTreeMap<NodeId, Vec<Exact>> {
    let mut edges = BTreeMap::new();
    gather(condition, analysis, &mut BTreeSet::new(), &mut edges);
    edges
}

fn side(case: usize, condition: NodeId, quantity: NodeId, analysis: &Analysis<'_>) -> Option<Side> {
    let (own, rest): (Vec<NodeId>, Vec<NodeId>) =
        conjuncts(condition, analysis).into_iter().partition(|part| rests_on(*part, analysis).keys().eq([&quantity]));
    (!own.is_empty()).then(|| Side { case, own, rest: rest.into_iter().collect() })
}

/// The stretches that lie between cases, are a point or shorter than what lies on either side,
/// and can hold a figure.
fn between(classes: &Classes<'_, '_>, quantity: NodeId, cells: &[Span], sides: &[&Side]) -> Vec<Gap> {
    let takes = |side: &Side, span: &Span| {
        let cell: Cell<'_> = [(quantity, span)].into();
        side.own.iter().all(|own| classes.holds(*own, &cell, &mut Answers::new()) == Some(true))
    };
    let taken: Vec<Option<usize>> =
        cells.iter().map(|cell| sides.iter().find(|side| takes(side, cell)).map(|side| side.case)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    // Runs of cells that are taken or not, one after the other.
    let mut runs: Vec<(bool, usize, usize)> = Vec::new();
    while at < taken.len() {
        let is_taken = |at: usize| taken.get(at).is_some_and(Option::is_some);
        let end = (at..taken.len()).take_while(|next| is_taken(*next) == is_taken(at)).last().unwrap_or(at);
        runs.push((is_taken(at), at, end));
        at = end + 1;
    }
    for run in runs.windows(3) {
        let [(true, left, left_end), (false, first, last), (true, right, right_end)] = run else {
            continue;
        };
        let joined = |from: usize, to: usize| {
            let (low, high) = (cells.get(from)?.low().cloned(), cells.get(to)?.high().cloned());
            Span::new(low, high)
        };
        let case = |at: usize| taken.get(at).copied().flatten();
        let (Some(before), Some(after)) = (case(*left_end), case(*right)) else {
            continue;
        };
        let (Some(span), Some(lower), Some(upper)) =
            (joined(*first, *last), joined(*left, *left_end), joined(*right, *right_end))
        else {
            continue;
        };
        if before != after && is_narrow(classes.analysis.program(), quantity, &span, &lower, &upper) {
            found.push(Gap { quantity, span, before, after });
        }
    }
    found
}

fn is_narrow(program: &Program, quantity: NodeId, gap: &Span, lower: &Span, upper: &Span) -> bool {
    if let Some(point) = gap.value() {
        // More and less than nothing leave nothing to the rest, and mean to.
        return !point.is_zero();
    }
    let (Some((low, _)), Some((high, _))) = (gap.low(), gap.high()) else {
        return false;
    };
    let measure = match program.node(quantity).map(|node| &node.kind) {
        Some(Kind::Number(measure)) => Some(measure),
        _ => None,
    };
    // Between 5 件 and 6 件 there is nothing to forget.
    let step = measure.map_or_else(Exact::one, |measure| measure.usual_step());
    let next = low.divided_by(&step).map(|steps| &(&steps.floor() + &Exact::one()) * &step);
    if !gap.contains(low) && !gap.contains(high) && next.is_none_or(|next| next >= *high) {
        return false;
    }
    let width = high - low;
    // What has no lower end is measured from nothing, a share without an upper end to the whole.
    let below = match lower.low() {
        Some((from, _)) => Some(low - from),
        None => low.is_positive().then(|| low.clone()),
    };
    let whole = measure.filter(|measure| measure.is_ratio()).map(|_| Exact::one()).filter(|whole| high < whole);
    let above = upper.high().map(|(to, _)| to.clone()).or(whole).map(|to| &to - high);
    below.is_none_or(|below| width < below) && above.is_none_or(|above| width < above)
}

/// Whether nothing else speaks of the stretch, and it can really fall to the rest.
fn forgotten(classes: &Classes<'_, '_>, gap: &Gap, cells: &[Span], sides: &[&Side], conditions: &[NodeId]) -> bool {
    let none: Vec<(NodeId, bool)> = conditions.iter().map(|condition| (*condition, false)).collect();
    let within = || cells.iter().filter(|cell| gap.span.covers(cell));
    let others = (0..).zip(conditions).filter(|(case, condition)| {
        let speaks = rests_on(**condition, classes.analysis).contains_key(&gap.quantity);
        speaks && !sides.iter().any(|side| side.case == *case)
    });
    let spoken_of = |condition: NodeId| {
        within().any(|cell| classes.possible(&[(condition, true)], Some((gap.quantity, cell)), false) != Some(false))
    };
    let falls = within().any(|cell| classes.possible(&none, Some((gap.quantity, cell)), false) == Some(true));
    falls && !others.into_iter().any(|(_, condition)| spoken_of(*condition))
}
