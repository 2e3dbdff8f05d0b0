//! Functions and aggregates.

use super::{constant_of, faults, join, kind_of, lower, operators, shape_of, truth};
use crate::{
    context::{Context, Direction, Meaning},
    vocabulary::{self, DomainWord, Function},
};
use alloc::{boxed::Box, vec::Vec};
use kaoping_program::{Aggregate, Domain, Kind, NodeId, Op, RowsetId, RowsetSpec, Shape, Ties};
use kaoping_syntax::ast::{Call, Expr, ExprKind, Name};
use kaoping_terms::{Exact, Measure, Place};

/// A call of any function.
pub(super) fn call<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let Some(function) = vocabulary::function(&call.function.text) else {
        let finding = faults::unknown_function(&call.function);
        cx.report().push(finding);
        return None;
    };
    match function {
        Function::Smaller => extreme(cx, call, place, Op::Min),
        Function::Larger => extreme(cx, call, place, Op::Max),
        Function::Clamp => clamp(cx, call, place),
        Function::Steps => steps(cx, call, place),
        Function::Round => round(cx, call, place),
        Function::Reported => {
            let [x] = arguments(cx, call)?;
            let node = lower(cx, x)?;
            let shape = shape_of(cx, node);
            Some(cx.add(Op::IsKnown(node), Kind::Truth, shape, place))
        }
        Function::LastYear => {
            let [x] = arguments(cx, call)?;
            year_back(cx, x)
        }
        Function::Growth => growth(cx, call, place),
        Function::Rank => rank(cx, call, place),
        Function::Share => share(cx, call, place),
        Function::Best => {
            let lower_is_better = cx.direction() == Direction::LowerIsBetter;
            aggregate(cx, if lower_is_better { Aggregate::Lowest } else { Aggregate::Highest }, call, place)
        }
        Function::Aggregate(function) => aggregate(cx, function, call, place),
    }
}

/// Exactly `N` arguments.
fn arguments<'a, C: Context, const N: usize>(cx: &mut C, call: &'a Call) -> Option<[&'a Expr; N]> {
    let all: Vec<&Expr> = call.arguments.iter().collect();
    match <[&Expr; N]>::try_from(all) {
        Ok(arguments) => Some(arguments),
        Err(found) => {
            let finding = faults::argument_count(&call.function, N, found.len());
            cx.report().push(finding);
            None
        }
    }
}

fn extreme<C: Context>(cx: &mut C, call: &Call, place: Place, op: fn(NodeId, NodeId) -> Op) -> Option<NodeId> {
    if call.arguments.len() < 2 {
        let finding = faults::argument_count(&call.function, 2, call.arguments.len());
        cx.report().push(finding);
        return None;
    }
    let nodes: Vec<Option<NodeId>> = call.arguments.iter().map(|argument| lower(cx, argument)).collect();
    let nodes: Option<Vec<NodeId>> = nodes.into_iter().collect();
    let mut nodes = nodes?.into_iter();
    let mut result = nodes.next()?;
    for node in nodes {
        let measure = operators::alike(cx, result, node, place)?;
        let shape = join(cx, result, node, place)?;
        result = cx.add(op(result, node), Kind::Number(measure), shape, place);
    }
    Some(result)
}

fn clamp<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x, low, high] = arguments(cx, call)?;
    let (x, low, high) = (lower(cx, x), lower(cx, low), lower(cx, high));
    let (x, low, high) = (x?, low?, high?);
    let measure = operators::alike(cx, x, low, place)?;
    operators::alike(cx, x, high, place)?;
    let shape = join(cx, x, low, place)?;
    let raised = cx.add(Op::Max(x, low), Kind::Number(measure.clone()), shape, place);
    let shape = join(cx, raised, high, place)?;
    Some(cx.add(Op::Min(raised, high), Kind::Number(measure), shape, place))
}

/// 步数(x, step, mode): the mode is a word or a choice.
fn steps<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x, step, mode] = arguments(cx, call)?;
    let word = choice_word(cx, mode)?;
    let Some(mode) = vocabulary::step_mode(&word.text) else {
        let finding = faults::unknown_word(&word, ["整步", "按比例", "进一步"]);
        cx.report().push(finding);
        return None;
    };
    let (x, step_node) = (lower(cx, x), lower(cx, step));
    let (x, step_node) = (x?, step_node?);
    operators::alike(cx, x, step_node, place)?;
    match constant_of(cx, step_node) {
        Some(size) if !size.is_positive() => {
            let finding = faults::step_not_positive(&size, step.place);
            cx.report().push(finding);
            return None;
        }
        Some(_) => {}
        None => {
            let finding = faults::not_constant(step.place);
            cx.report().push(finding);
            return None;
        }
    }
    let shape = shape_of(cx, x);
    Some(cx.add(Op::Steps { x, step: step_node, mode }, Kind::Number(Measure::plain()), shape, place))
}

/// A word given directly or through a choice.
fn choice_word<C: Context>(cx: &mut C, expr: &Expr) -> Option<Name> {
    let ExprKind::Name(path) = &expr.kind else {
        let finding = faults::word_expected(expr.place);
        cx.report().push(finding);
        return None;
    };
    match (cx.lookup(path), path.as_slice()) {
        (Some(Meaning::Choice { chosen, .. }), _) => Some(Name { text: chosen, place: expr.place }),
        (Some(Meaning::Faulty), _) => None,
        (_, [word]) => Some(word.clone()),
        _ => {
            let finding = faults::word_expected(expr.place);
            cx.report().push(finding);
            None
        }
    }
}

fn round<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x, step, mode] = arguments(cx, call)?;
    let word = choice_word(cx, mode)?;
    let Some(mode) = vocabulary::rounding(&word.text) else {
        let finding = faults::unknown_word(&word, ["四舍五入", "五成双", "去尾", "进一"]);
        cx.report().push(finding);
        return None;
    };
    let (x, step_node) = (lower(cx, x), lower(cx, step));
    let (x, step_node) = (x?, step_node?);
    let measure = operators::alike(cx, x, step_node, place)?;
    let Some(step) = constant_of(cx, step_node).filter(Exact::is_positive) else {
        let finding = faults::not_constant(step.place);
        cx.report().push(finding);
        return None;
    };
    let shape = shape_of(cx, x);
    Some(cx.add(Op::Round { x, step, mode }, Kind::Number(measure), shape, place))
}

fn year_back<C: Context>(cx: &mut C, x: &Expr) -> Option<NodeId> {
    let node = cx.year_back(x);
    if node.is_none() {
        let finding = faults::not_an_input(x.place);
        cx.report().push(finding);
    }
    node
}

/// x / 去年同期(x) − 1
fn growth<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x] = arguments(cx, call)?;
    let now = lower(cx, x)?;
    let before = year_back(cx, x)?;
    let shape = join(cx, now, before, place)?;
    let ratio = cx.add(Op::Div(now, before), Kind::Number(Measure::ratio()), shape, place);
    let one = cx.add(Op::Const(Exact::one()), Kind::Number(Measure::ratio()), Shape::One, place);
    Some(cx.add(Op::Sub(ratio, one), Kind::Number(Measure::ratio()), shape, place))
}

fn unit_domain<C: Context>(cx: &mut C, call: &Call) -> Option<Domain> {
    let Some(over) = &call.over else {
        return Some(cx.peers());
    };
    match vocabulary::domain(&over.text) {
        Some(DomainWord::Peers) => Some(cx.peers()),
        Some(DomainWord::All) => Some(Domain::All),
        Some(DomainWord::Subordinates) => Some(Domain::Subordinates),
        _ => {
            let finding = faults::unknown_domain(over);
            cx.report().push(finding);
            None
        }
    }
}

fn rank<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x] = arguments(cx, call)?;
    let key = lower(cx, x)?;
    let among = call.filter.as_ref().map(|filter| truth(cx, filter));
    let among = match among {
        Some(None) => return None,
        Some(Some(node)) => Some(node),
        None => None,
    };
    let within = unit_domain(cx, call)?;
    let higher = cx.direction() == Direction::HigherIsBetter;
    let op = Op::Rank { keys: Box::new([(key, higher)]), within, ties: Ties::Skip, among };
    Some(cx.add(op, Kind::Number(Measure::plain()), Shape::Unit, place))
}

/// x / 合计(x 于 domain)
fn share<C: Context>(cx: &mut C, call: &Call, place: Place) -> Option<NodeId> {
    let [x] = arguments(cx, call)?;
    let node = lower(cx, x)?;
    let total = aggregate(cx, Aggregate::Sum, call, place)?;
    let shape = join(cx, node, total, place)?;
    Some(cx.add(Op::Div(node, total), Kind::Number(Measure::ratio()), shape, place))
}

/// What an aggregate runs over once its words are understood.
enum Over {
    Units(Domain),
    Rows(RowsetId),
    Members(Vec<NodeId>),
}

fn aggregate<C: Context>(cx: &mut C, function: Aggregate, call: &Call, place: Place) -> Option<NodeId> {
    // 件数(上访 其中 …): the argument names the table.
    if let Some((table, filter)) = table_argument(cx, call) {
        own_rows_only(cx, call, table)?;
        return over_rows(cx, function, table, None, filter, place);
    }
    if let Some((table, column)) = table_column(cx, call) {
        own_rows_only(cx, call, table)?;
        let previous = cx.enter_events(Some(table));
        let meaning = cx.event_column(table, &column);
        cx.enter_events(previous);
        let Some(Meaning::Value(x)) = meaning else {
            let finding = faults::unknown_column(&column);
            cx.report().push(finding);
            return None;
        };
        return over_rows(cx, function, table, Some(x), call.filter.as_ref(), place);
    }
    let over = domain_of(cx, call)?;
    match over {
        Over::Rows(table) => {
            let previous = cx.enter_events(Some(table));
            let x = match call.arguments.first() {
                Some(argument) => lower(cx, argument).map(Some),
                None => Some(None),
            };
            cx.enter_events(previous);
            over_rows(cx, function, table, x?, call.filter.as_ref(), place)
        }
        Over::Members(members) => fold_members(cx, function, members, place),
        Over::Units(domain) => over_units(cx, function, domain, call, place),
    }
}

/// Where the argument names the table, a domain besides would count for nothing: it is refused
/// unless it is that table again.
fn own_rows_only<C: Context>(cx: &mut C, call: &Call, table: RowsetId) -> Option<()> {
    let Some(over) = &call.over else {
        return Some(());
    };
    let same = matches!(cx.lookup(core::slice::from_ref(over)), Some(Meaning::Events(named)) if named == table);
    if !same {
        let finding = faults::rows_have_no_domain(over);
        cx.report().push(finding);
    }
    same.then_some(())
}

/// The table an argument names, with the filter on its rows.
fn table_argument<'a, C: Context>(cx: &mut C, call: &'a Call) -> Option<(RowsetId, Option<&'a Expr>)> {
    let [Expr { kind: ExprKind::Name(path), .. }] = call.arguments.as_slice() else {
        return None;
    };
    match cx.lookup(path) {
        Some(Meaning::Events(table)) => Some((table, call.filter.as_ref())),
        _ => None,
    }
}

/// `table.column` as the only argument.
fn table_column<C: Context>(cx: &mut C, call: &Call) -> Option<(RowsetId, Name)> {
    let [Expr { kind: ExprKind::Name(path), .. }] = call.arguments.as_slice() else {
        return None;
    };
    let [table, column] = path.as_slice() else {
        return None;
    };
    match cx.lookup(core::slice::from_ref(table)) {
        Some(Meaning::Events(rowset)) => Some((rowset, column.clone())),
        _ => None,
    }
}

fn domain_of<C: Context>(cx: &mut C, call: &Call) -> Option<Over> {
    let Some(over) = &call.over else {
        // Without a domain: the rows the argument has, else the peer group.
        if let Some(argument) = call.arguments.first() {
            let node = lower(cx, argument)?;
            if let Shape::Rows(_) = shape_of(cx, node) {
                let finding = faults::which_rows(argument.place);
                cx.report().push(finding);
                return None;
            }
        }
        return Some(Over::Units(cx.peers()));
    };
    match vocabulary::domain(&over.text) {
        Some(DomainWord::Periods | DomainWord::Assessors) => rows_of_argument(cx, call, over),
        Some(DomainWord::Items) => Some(Over::Members(cx.members(over)?)),
        Some(_) => unit_domain(cx, call).map(Over::Units),
        None => match cx.lookup(core::slice::from_ref(over)) {
            Some(Meaning::Events(table)) => Some(Over::Rows(table)),
            Some(Meaning::Members(members)) => Some(Over::Members(members)),
            Some(Meaning::Faulty) => None,
            _ => match cx.members(over) {
                Some(members) => Some(Over::Members(members)),
                None => {
                    let finding = faults::unknown_domain(over);
                    cx.report().push(finding);
                    None
                }
            },
        },
    }
}

/// The periods or assessors of the figure in the argument.
fn rows_of_argument<C: Context>(cx: &mut C, call: &Call, over: &Name) -> Option<Over> {
    let argument = call.arguments.first()?;
    let node = lower(cx, argument)?;
    let assessors = vocabulary::domain(&over.text) == Some(DomainWord::Assessors);
    if let Shape::Rows(rows) = shape_of(cx, node) {
        let fits = match cx.program().rowsets.get(rows.0 as usize) {
            Some(RowsetSpec::Assessors { .. }) => assessors,
            Some(RowsetSpec::Periods { .. }) => !assessors,
            _ => false,
        };
        if fits {
            return Some(Over::Rows(rows));
        }
    }
    let finding = faults::no_such_rows(over, argument.place);
    cx.report().push(finding);
    None
}

/// What an aggregate of that kind of value is.
fn result_kind(function: Aggregate, kind: &Kind) -> Kind {
    match function {
        Aggregate::Count => Kind::Number(Measure::plain()),
        Aggregate::AllOf | Aggregate::AnyOf => Kind::Truth,
        _ => kind.clone(),
    }
}

fn fits<C: Context>(cx: &mut C, function: Aggregate, kind: &Kind, place: Place) -> bool {
    let wants_truth = matches!(function, Aggregate::AllOf | Aggregate::AnyOf);
    let fits = match kind {
        Kind::Truth => wants_truth || function == Aggregate::Count,
        Kind::Number(_) => !wants_truth,
        Kind::Day => matches!(function, Aggregate::Highest | Aggregate::Lowest | Aggregate::Last | Aggregate::Count),
        Kind::Word(_) | Kind::Text => matches!(function, Aggregate::Count | Aggregate::Last),
    };
    if !fits {
        let finding = faults::aggregate_of(kind, place);
        cx.report().push(finding);
    }
    fits
}

fn over_rows<C: Context>(
    cx: &mut C,
    function: Aggregate,
    table: RowsetId,
    x: Option<NodeId>,
    filter: Option<&Expr>,
    place: Place,
) -> Option<NodeId> {
    let previous = cx.enter_events(Some(table));
    let filter = filter.map(|filter| truth(cx, filter));
    cx.enter_events(previous);
    let filter = match filter {
        Some(None) => return None,
        Some(node) => node,
        None => None,
    };
    let kind = match x {
        Some(x) => kind_of(cx, x),
        None if function == Aggregate::Count => Kind::Number(Measure::plain()),
        None => {
            let finding = faults::value_needed(place);
            cx.report().push(finding);
            return None;
        }
    };
    if x.is_some() && !fits(cx, function, &kind, place) {
        return None;
    }
    let op = Op::Aggregate { function, over: Domain::Rows(table), x, filter };
    Some(cx.add(op, result_kind(function, &kind), Shape::Unit, place))
}

fn over_units<C: Context>(
    cx: &mut C,
    function: Aggregate,
    domain: Domain,
    call: &Call,
    place: Place,
) -> Option<NodeId> {
    let [x] = arguments(cx, call)?;
    let node = lower(cx, x);
    let filter = call.filter.as_ref().map(|filter| truth(cx, filter));
    let node = node?;
    let mut filter = match filter {
        Some(None) => return None,
        Some(node) => node,
        None => None,
    };
    let kind = kind_of(cx, node);
    // 单位数(cond) counts the units for which the condition holds.
    let mut value = Some(node);
    if function == Aggregate::Count && kind == Kind::Truth {
        filter = match filter {
            Some(other) => Some(cx.add(Op::And(other, node), Kind::Truth, Shape::Unit, place)),
            None => Some(node),
        };
        value = None;
    } else if !fits(cx, function, &kind, place) {
        return None;
    }
    if let Shape::Rows(_) = shape_of(cx, node) {
        let finding = faults::which_rows(x.place);
        cx.report().push(finding);
        return None;
    }
    let shape = if domain == Domain::All { Shape::One } else { Shape::Unit };
    let op = Op::Aggregate { function, over: domain, x: value, filter };
    Some(cx.add(op, result_kind(function, &kind), shape, place))
}

fn fold_members<C: Context>(cx: &mut C, function: Aggregate, members: Vec<NodeId>, place: Place) -> Option<NodeId> {
    let kind = match members.first() {
        Some(first) => kind_of(cx, *first),
        None => Kind::Number(Measure::points()),
    };
    let function_fits = matches!(
        function,
        Aggregate::Sum
            | Aggregate::Mean
            | Aggregate::Count
            | Aggregate::Highest
            | Aggregate::Lowest
            | Aggregate::AllOf
            | Aggregate::AnyOf
    );
    if !function_fits || !fits(cx, function, &kind, place) {
        return None;
    }
    let op = Op::Fold { function, members: members.into_boxed_slice() };
    Some(cx.add(op, result_kind(function, &kind), Shape::Unit, place))
}
