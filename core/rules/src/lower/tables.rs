//! Cases, tiers (档) and slices (分段).

use super::{constant_of, faults, is_bare, is_not_applicable, join, kind_of, lower, operators, shape_of, truth};
use crate::context::Context;
use alloc::vec::Vec;
use kaoping_program::{Kind, NodeId, Op, Shape};
use kaoping_syntax::ast::{Case, Expr, TierTable};
use kaoping_terms::{Exact, Measure, Place};

/// 当 … → … 否则 → …
pub(super) fn cases<C: Context>(cx: &mut C, cases: &[Case], otherwise: &Expr, place: Place) -> Option<NodeId> {
    let lowered: Vec<_> =
        cases.iter().map(|case| (truth(cx, &case.when), lower(cx, &case.value), case.value.place)).collect();
    let mut result = lower(cx, otherwise);
    for (when, value, at) in lowered.into_iter().rev() {
        let chosen = match (when, value, result) {
            (Some(when), Some(value), Some(rest)) => {
                select(cx, when, value, rest, if at == place { place } else { at })
            }
            _ => None,
        };
        result = chosen;
    }
    result
}

/// A selection whose branches agree in unit; a constant condition selects at once.
pub(super) fn select<C: Context>(
    cx: &mut C,
    when: NodeId,
    then: NodeId,
    otherwise: NodeId,
    place: Place,
) -> Option<NodeId> {
    let kind = branch_kind(cx, then, otherwise, place)?;
    if let Some(value) = constant_of(cx, when) {
        return Some(if value.is_zero() { otherwise } else { then });
    }
    let shape = join(cx, then, otherwise, place)?;
    let shape = match (shape, shape_of(cx, when)) {
        (Shape::One, other) | (other, Shape::One) => other,
        (Shape::Unit, other) | (other, Shape::Unit) => other,
        (rows, _) => {
            join(cx, when, then, place)?;
            rows
        }
    };
    Some(cx.add(Op::Select { when, then, otherwise }, kind, shape, place))
}

/// What both branches are.
fn branch_kind<C: Context>(cx: &mut C, then: NodeId, otherwise: NodeId, place: Place) -> Option<Kind> {
    match (kind_of(cx, then), kind_of(cx, otherwise)) {
        (Kind::Number(x), Kind::Number(y)) => {
            if x == y || is_bare(cx, otherwise, &x) || is_not_applicable(cx, otherwise) {
                return Some(Kind::Number(x));
            }
            if is_bare(cx, then, &y) || is_not_applicable(cx, then) {
                return Some(Kind::Number(y));
            }
            if x.is_number() && y.is_number() {
                return Some(Kind::Number(Measure::ratio()));
            }
            let finding = faults::branches_differ(&Kind::Number(x), &Kind::Number(y), place);
            cx.report().push(finding);
            None
        }
        (kind, _) if is_not_applicable(cx, otherwise) => Some(kind),
        (_, kind) if is_not_applicable(cx, then) => Some(kind),
        (x, y) if x == y => Some(x),
        (x, y) => {
            let finding = faults::branches_differ(&x, &y, place);
            cx.report().push(finding);
            None
        }
    }
}

/// 档: the value of the first row that holds. 分段: each rate on its own slice.
pub(super) fn tiers<C: Context>(cx: &mut C, table: &TierTable, place: Place) -> Option<NodeId> {
    let subject = lower(cx, &table.subject)?;
    let mut rows = Vec::new();
    let mut complete = true;
    for row in &table.rows {
        let edge = lower(cx, &row.edge);
        let value = lower(cx, &row.value);
        match (edge, value) {
            (Some(edge), Some(value)) if operators::alike(cx, subject, edge, row.edge.place).is_some() => {
                rows.push((operators::relation(row.relation), edge, value, row.place));
            }
            _ => complete = false,
        }
    }
    let rest = lower(cx, &table.rest)?;
    if !complete {
        return None;
    }
    if table.slices {
        return slices(cx, subject, &rows, rest, place);
    }
    let mut result = rest;
    for (relation, edge, value, at) in rows.into_iter().rev() {
        let shape = join(cx, subject, edge, at)?;
        let when = cx.add(Op::Compare(relation, subject, edge), Kind::Truth, shape, at);
        result = select(cx, when, value, result, at)?;
    }
    Some(result)
}

type Row = (kaoping_program::Relation, NodeId, NodeId, Place);

/// Σ rate × the part of the subject between the edge before and this edge.
fn slices<C: Context>(cx: &mut C, subject: NodeId, rows: &[Row], rest: NodeId, place: Place) -> Option<NodeId> {
    let Kind::Number(measure) = kind_of(cx, subject) else {
        let finding = faults::not_a_number(&kind_of(cx, subject), place);
        cx.report().push(finding);
        return None;
    };
    let zero = cx.add(Op::Const(Exact::zero()), Kind::Number(measure.clone()), Shape::One, place);
    let mut lower_edge = zero;
    let mut total: Option<NodeId> = None;
    for (edge, rate) in rows.iter().map(|(_, edge, rate, _)| (Some(*edge), *rate)).chain([(None, rest)]) {
        let shape = shape_of(cx, subject);
        let kind = Kind::Number(measure.clone());
        let capped = match edge {
            Some(edge) => cx.add(Op::Min(subject, edge), kind.clone(), shape, place),
            None => subject,
        };
        let above = cx.add(Op::Sub(capped, lower_edge), kind.clone(), shape, place);
        let part = cx.add(Op::Max(above, zero), kind, shape, place);
        let Kind::Number(rate_measure) = kind_of(cx, rate) else {
            return None;
        };
        let shape = join(cx, part, rate, place)?;
        let product: Measure = measure.times(&rate_measure);
        let share = cx.add(Op::Mul(part, rate), Kind::Number(product.clone()), shape, place);
        total = Some(match total {
            Some(sum) => cx.add(Op::Add(sum, share), Kind::Number(product), shape, place),
            None => share,
        });
        lower_edge = edge.unwrap_or(lower_edge);
    }
    total
}
