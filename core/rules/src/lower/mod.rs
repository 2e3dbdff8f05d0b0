//! An expression becomes nodes of the program; its units and shapes are checked on the way.

mod calls;
mod faults;
mod operators;
mod tables;

use crate::{
    context::{AsOf, Context, Meaning},
    literal, vocabulary,
};
use kaoping_program::{Kind, NodeId, Op, Shape};
use kaoping_syntax::ast::{self, Expr, ExprKind, Literal, Name};
use kaoping_terms::{Exact, Measure, Place};

pub use operators::{compare_word, relation};

/// Lowers an expression. `None`: it has faults, all of which were reported.
pub fn lower<C: Context>(cx: &mut C, expr: &Expr) -> Option<NodeId> {
    match &expr.kind {
        ExprKind::Literal(literal) => lower_literal(cx, literal),
        ExprKind::Day(day) => {
            let number = Exact::whole(i64::from(day.number()));
            Some(cx.add(Op::Const(number), Kind::Day, Shape::One, expr.place))
        }
        ExprKind::Name(path) => lower_name(cx, path, expr.place),
        ExprKind::NotApplicable => {
            Some(cx.add(Op::NotApplicable, Kind::Number(Measure::plain()), Shape::One, expr.place))
        }
        ExprKind::Negate(x) => operators::negate(cx, x, expr.place),
        ExprKind::Not(x) => {
            let x = truth(cx, x)?;
            let shape = shape_of(cx, x);
            Some(cx.add(Op::Not(x), Kind::Truth, shape, expr.place))
        }
        ExprKind::Binary(operator, a, b) => operators::binary(cx, *operator, a, b, expr.place),
        ExprKind::In(x, words) => operators::within(cx, x, words, expr.place),
        ExprKind::Call(call) => calls::call(cx, call, expr.place),
        ExprKind::Table(table) => tables::tiers(cx, table, expr.place),
        ExprKind::Cases { cases, otherwise, .. } => tables::cases(cx, cases, otherwise, expr.place),
        ExprKind::AsOf(inner, day) => {
            let day = match day {
                ast::AsOf::Day(day) => AsOf::Day(*day),
                ast::AsOf::Row(name) => AsOf::Row(day_of_row(cx, name)?),
            };
            cx.as_of(inner, day)
        }
    }
}

/// The value that says of each row on which day its parameters are taken.
fn day_of_row<C: Context>(cx: &mut C, name: &ast::Name) -> Option<NodeId> {
    let node = lower_name(cx, core::slice::from_ref(name), name.place)?;
    let kind = kind_of(cx, node);
    if kind != Kind::Day {
        cx.report().push(faults::not_a_day(&kind, name.place));
        return None;
    }
    one_a_unit(cx, node, name.place)
}

/// Lowers an expression that must be a number of a certain unit.
pub fn lower_number<C: Context>(cx: &mut C, expr: &Expr, expected: &Measure) -> Option<NodeId> {
    let node = lower(cx, expr)?;
    match kind_of(cx, node) {
        Kind::Number(measure) if measure == *expected => Some(node),
        Kind::Number(_) if is_not_applicable(cx, node) => Some(node),
        Kind::Number(measure) if is_bare(cx, node, expected) || measure.is_number() && expected.is_number() => {
            Some(adopt(cx, node, expected))
        }
        found => {
            let finding = faults::wrong_unit(&found, expected, expr.place);
            cx.report().push(finding);
            None
        }
    }
}

/// Refuses a value with several rows a unit where one number a unit is meant.
///
/// An aggregate takes rows as they are, so this is asked where a value leaves its formula: a
/// score, a condition of the unit.
pub fn one_a_unit<C: Context>(cx: &mut C, node: NodeId, place: Place) -> Option<NodeId> {
    match shape_of(cx, node) {
        Shape::Rows(_) => {
            cx.report().push(faults::which_rows(place));
            None
        }
        Shape::One | Shape::Unit => Some(node),
    }
}

/// Lowers an expression that must be a condition.
pub fn truth<C: Context>(cx: &mut C, expr: &Expr) -> Option<NodeId> {
    let node = lower(cx, expr)?;
    if kind_of(cx, node) == Kind::Truth {
        return Some(node);
    }
    let finding = faults::not_a_condition(&kind_of(cx, node), expr.place);
    cx.report().push(finding);
    None
}

/// A written figure as a constant.
pub fn lower_literal<C: Context>(cx: &mut C, written: &Literal) -> Option<NodeId> {
    let nouns = cx.nouns().clone();
    let value = literal::value(written, &nouns, cx.report())?;
    let op = value.number.map_or(Op::Unreadable, Op::Const);
    Some(cx.add(op, Kind::Number(value.measure), Shape::One, written.place))
}

fn lower_name<C: Context>(cx: &mut C, path: &[Name], place: Place) -> Option<NodeId> {
    let found = cx.lookup(path);
    if let ([word], None) = (path, &found)
        && let Some(yes) = vocabulary::truth(&word.text)
    {
        return Some(cx.add(Op::Const(Exact::whole(i64::from(yes))), Kind::Truth, Shape::One, place));
    }
    match found {
        Some(Meaning::Value(node)) => Some(node),
        Some(Meaning::Faulty) => None,
        Some(Meaning::Choice { .. }) | Some(Meaning::Events(_)) | Some(Meaning::Members(_)) => {
            let finding = faults::not_a_value(path, place);
            cx.report().push(finding);
            None
        }
        None => {
            if let [word] = path
                && let Some(yes) = vocabulary::truth(&word.text)
            {
                let value = Exact::whole(i64::from(yes));
                return Some(cx.add(Op::Const(value), Kind::Truth, Shape::One, place));
            }
            let known = cx.known_names();
            let finding = faults::unknown_name(path, &known, place);
            cx.report().push(finding);
            None
        }
    }
}

/// What the values of a node are.
pub fn kind_of<C: Context>(cx: &mut C, node: NodeId) -> Kind {
    cx.program().node(node).map_or(Kind::Truth, |node| node.kind.clone())
}

/// For what a node has one value each.
pub fn shape_of<C: Context>(cx: &mut C, node: NodeId) -> Shape {
    cx.program().node(node).map_or(Shape::One, |node| node.shape)
}

/// The constant a node comes to, where it is made of constants only.
pub fn constant_of<C: Context>(cx: &mut C, node: NodeId) -> Option<Exact> {
    cx.program().constant(node)
}

/// The figure a node is, where it is a single written one.
fn literal_of<C: Context>(cx: &mut C, node: NodeId) -> Option<Exact> {
    match cx.program().node(node).map(|node| &node.op) {
        Some(Op::Const(value)) => Some(value.clone()),
        _ => None,
    }
}

fn is_not_applicable<C: Context>(cx: &mut C, node: NodeId) -> bool {
    matches!(cx.program().node(node).map(|node| &node.op), Some(Op::NotApplicable | Op::Unreadable))
}

/// Whether a node is a bare constant that may stand for a value of that unit: 0 for any unit,
/// 1 for 100 %.
fn is_bare<C: Context>(cx: &mut C, node: NodeId, expected: &Measure) -> bool {
    let plain = kind_of(cx, node) == Kind::Number(Measure::plain());
    let Some(value) = literal_of(cx, node).filter(|_| plain) else {
        return false;
    };
    value.is_zero() || (expected.is_ratio() && value == Exact::one())
}

/// The same constant with another unit.
fn adopt<C: Context>(cx: &mut C, node: NodeId, measure: &Measure) -> NodeId {
    let Some(found) = cx.program().node(node).cloned() else {
        return node;
    };
    match found.op {
        Op::Const(_) | Op::Unreadable | Op::NotApplicable => {
            let kind = Kind::Number(measure.clone());
            let place = found.origin.place.unwrap_or_default();
            cx.add(found.op, kind, found.shape, place)
        }
        _ => node,
    }
}

/// The shape two values share when computed together.
fn join<C: Context>(cx: &mut C, a: NodeId, b: NodeId, place: Place) -> Option<Shape> {
    match (shape_of(cx, a), shape_of(cx, b)) {
        (Shape::One, other) | (other, Shape::One) => Some(other),
        (Shape::Unit, other) | (other, Shape::Unit) => Some(other),
        (Shape::Rows(x), Shape::Rows(y)) if x == y => Some(Shape::Rows(x)),
        (Shape::Rows(_), Shape::Rows(_)) => {
            let finding = faults::shapes_differ(place);
            cx.report().push(finding);
            None
        }
    }
}
