//! Arithmetic, comparison and logic.

use super::{constant_of, faults, is_bare, is_not_applicable, join, kind_of, lower, shape_of, truth};
use crate::{
    context::{Context, Meaning},
    literal,
};
use alloc::{string::String, vec::Vec};
use kaoping_program::{Kind, NodeId, Op, Relation, Shape, WordListId};
use kaoping_syntax::ast::{Binary, Comparison, Expr, ExprKind, Name};
use kaoping_terms::{Exact, Measure, Place};

/// − x
pub(super) fn negate<C: Context>(cx: &mut C, x: &Expr, place: Place) -> Option<NodeId> {
    let node = lower(cx, x)?;
    let kind = kind_of(cx, node);
    if !matches!(kind, Kind::Number(_)) {
        let finding = faults::not_a_number(&kind, x.place);
        cx.report().push(finding);
        return None;
    }
    let shape = shape_of(cx, node);
    if let Some(value) = constant_of(cx, node) {
        return Some(cx.add(Op::Const(-value), kind, shape, place));
    }
    Some(cx.add(Op::Neg(node), kind, shape, place))
}

/// a op b
pub(super) fn binary<C: Context>(cx: &mut C, op: Binary, a: &Expr, b: &Expr, place: Place) -> Option<NodeId> {
    match op {
        Binary::And | Binary::Or => logic(cx, op, a, b, place),
        Binary::Compare(comparison) => compare(cx, comparison, a, b, place),
        Binary::Add | Binary::Sub => sum(cx, op, a, b, place),
        Binary::Mul | Binary::Div => product(cx, op, a, b, place),
    }
}

fn logic<C: Context>(cx: &mut C, op: Binary, a: &Expr, b: &Expr, place: Place) -> Option<NodeId> {
    let (left, right) = (truth(cx, a), truth(cx, b));
    let (left, right) = (left?, right?);
    let shape = join(cx, left, right, place)?;
    let op = if op == Binary::And { Op::And(left, right) } else { Op::Or(left, right) };
    Some(cx.add(op, Kind::Truth, shape, place))
}

/// Both sides as numbers of one unit; a bare 0 (or 1 beside a ratio) takes the other's unit.
pub(super) fn alike<C: Context>(cx: &mut C, a: NodeId, b: NodeId, place: Place) -> Option<Measure> {
    let (Kind::Number(x), Kind::Number(y)) = (kind_of(cx, a), kind_of(cx, b)) else {
        let (x, y) = (kind_of(cx, a), kind_of(cx, b));
        let finding = faults::kinds_differ(&x, &y, place);
        cx.report().push(finding);
        return None;
    };
    if x == y || is_bare(cx, b, &x) || is_not_applicable(cx, b) {
        return Some(x);
    }
    if is_bare(cx, a, &y) || is_not_applicable(cx, a) {
        return Some(y);
    }
    let bare = [(&x, b), (&y, a)].into_iter().find_map(|(measure, node)| {
        let plain = kind_of(cx, node) == Kind::Number(Measure::plain());
        constant_of(cx, node).filter(|_| plain && measure.is_ratio())
    });
    // A count by a count is a ratio as much as a plain number; only a written bare figure
    // beside a ratio leaves open whether a per cent was meant.
    if bare.is_none() && x.is_number() && y.is_number() {
        return Some(Measure::ratio());
    }
    let finding = match bare {
        Some(number) => literal::percent_missing(&number).at(place),
        None => faults::units_differ(&x, &y, place),
    };
    cx.report().push(finding);
    None
}

fn sum<C: Context>(cx: &mut C, op: Binary, a: &Expr, b: &Expr, place: Place) -> Option<NodeId> {
    let (left, right) = (lower(cx, a), lower(cx, b));
    let (left, right) = (left?, right?);
    let shape = join(cx, left, right, place)?;
    if let (Kind::Day, Kind::Day, Binary::Sub) = (kind_of(cx, left), kind_of(cx, right), op) {
        return Some(cx.add(Op::Sub(left, right), Kind::Number(Measure::noun("天")), shape, place));
    }
    let measure = alike(cx, left, right, place)?;
    let op = match op {
        Binary::Add => Op::Add(left, right),
        _ => Op::Sub(left, right),
    };
    Some(cx.add(op, Kind::Number(measure), shape, place))
}

fn product<C: Context>(cx: &mut C, op: Binary, a: &Expr, b: &Expr, place: Place) -> Option<NodeId> {
    let (left, right) = (lower(cx, a), lower(cx, b));
    let (left, right) = (left?, right?);
    let shape = join(cx, left, right, place)?;
    let (Kind::Number(x), Kind::Number(y)) = (kind_of(cx, left), kind_of(cx, right)) else {
        let (x, y) = (kind_of(cx, left), kind_of(cx, right));
        let finding = faults::kinds_differ(&x, &y, place);
        cx.report().push(finding);
        return None;
    };
    let (op, measure) = match op {
        Binary::Mul => (Op::Mul(left, right), x.times(&y)),
        _ => (Op::Div(left, right), x.per(&y)),
    };
    Some(cx.add(op, Kind::Number(measure), shape, place))
}

/// The relation a written comparison stands for.
pub fn relation(comparison: Comparison) -> Relation {
    match comparison {
        Comparison::Equal => Relation::Equal,
        Comparison::NotEqual => Relation::NotEqual,
        Comparison::Less => Relation::Less,
        Comparison::AtMost => Relation::AtMost,
        Comparison::Greater => Relation::Greater,
        Comparison::AtLeast => Relation::AtLeast,
    }
}

fn compare<C: Context>(cx: &mut C, comparison: Comparison, a: &Expr, b: &Expr, place: Place) -> Option<NodeId> {
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if let (ExprKind::Name(left), ExprKind::Name(right)) = (&a.kind, &b.kind)
        && let [word] = right.as_slice()
        && equality
    {
        match cx.lookup(left) {
            Some(Meaning::Choice { chosen, words }) => {
                return chosen_word(cx, &chosen, &words, word, comparison, place);
            }
            Some(Meaning::Value(node)) => {
                if let Kind::Word(list) = kind_of(cx, node) {
                    return compare_word(cx, node, list, word, comparison, place);
                }
            }
            Some(Meaning::Faulty) => return None,
            _ => {}
        }
    }
    let (left, right) = (lower(cx, a), lower(cx, b));
    let (left, right) = (left?, right?);
    let shape = join(cx, left, right, place)?;
    match (kind_of(cx, left), kind_of(cx, right)) {
        (Kind::Number(_), Kind::Number(_)) => {
            alike(cx, left, right, place)?;
        }
        (x, y) if x == y && (equality || x == Kind::Day) => {}
        (x, y) => {
            let finding = faults::kinds_differ(&x, &y, place);
            cx.report().push(finding);
            return None;
        }
    }
    Some(cx.add(Op::Compare(relation(comparison), left, right), Kind::Truth, shape, place))
}

/// Whether a choice was made that way, known before anything is computed.
fn chosen_word<C: Context>(
    cx: &mut C,
    chosen: &str,
    words: &[String],
    word: &Name,
    comparison: Comparison,
    place: Place,
) -> Option<NodeId> {
    if !words.contains(&word.text) {
        let finding = faults::unknown_word(word, words.iter().map(String::as_str));
        cx.report().push(finding);
        return None;
    }
    let yes = (chosen == word.text) == (comparison == Comparison::Equal);
    Some(cx.add(Op::Const(Exact::whole(i64::from(yes))), Kind::Truth, Shape::One, place))
}

/// Whether a value is (or is not) a word of its list.
pub fn compare_word<C: Context>(
    cx: &mut C,
    node: NodeId,
    list: WordListId,
    word: &Name,
    comparison: Comparison,
    place: Place,
) -> Option<NodeId> {
    let position = word_position(cx, list, word)?;
    let constant = cx.add(Op::Const(Exact::whole(position)), Kind::Word(list), Shape::One, word.place);
    let shape = shape_of(cx, node);
    Some(cx.add(Op::Compare(relation(comparison), node, constant), Kind::Truth, shape, place))
}

/// The position of a word in its list; an open list takes up words it does not have.
fn word_position<C: Context>(cx: &mut C, list: WordListId, word: &Name) -> Option<i64> {
    let found = cx.program().word_lists.get_mut(list.0 as usize)?;
    let position =
        found.words.iter().position(|(name, alias)| *name == word.text || alias.as_deref() == Some(word.text.as_str()));
    if let Some(position) = position {
        return i64::try_from(position).ok();
    }
    if found.open {
        found.words.push((word.text.clone(), None));
        return i64::try_from(found.words.len().saturating_sub(1)).ok();
    }
    let known: Vec<String> = found.words.iter().map(|(name, _)| name.clone()).collect();
    let finding = faults::unknown_word(word, known.iter().map(String::as_str));
    cx.report().push(finding);
    None
}

/// x 属于 {a, b}
pub(super) fn within<C: Context>(cx: &mut C, x: &Expr, words: &[Name], place: Place) -> Option<NodeId> {
    if let ExprKind::Name(path) = &x.kind
        && let Some(Meaning::Choice { chosen, words: all }) = cx.lookup(path)
    {
        let mut result = None;
        for word in words {
            let node = chosen_word(cx, &chosen, &all, word, Comparison::Equal, place)?;
            result = either(cx, result, node, place);
        }
        return result;
    }
    let node = lower(cx, x)?;
    let Kind::Word(list) = kind_of(cx, node) else {
        let finding = faults::not_a_word(&kind_of(cx, node), x.place);
        cx.report().push(finding);
        return None;
    };
    let mut result = None;
    let mut complete = true;
    for word in words {
        match compare_word(cx, node, list, word, Comparison::Equal, place) {
            Some(found) => result = either(cx, result, found, place),
            None => complete = false,
        }
    }
    result.filter(|_| complete)
}

fn either<C: Context>(cx: &mut C, a: Option<NodeId>, b: NodeId, place: Place) -> Option<NodeId> {
    let Some(a) = a else { return Some(b) };
    let shape = join(cx, a, b, place)?;
    Some(cx.add(Op::Or(a, b), Kind::Truth, shape, place))
}
