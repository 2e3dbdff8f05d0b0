//! How many digits after the point a number has, by the policy alone: from steps and roundings,
//! never from figures. Columns of files that hold numbers are made so wide.

use alloc::vec::Vec;
use kaoping_program::{Aggregate, Bounds, ColumnSpec, Kind, NodeId, Op, Program, StepMode};
use kaoping_terms::{Exact, Measure, measure::YUAN};

/// More digits than this are no property of a policy.
const MOST: u32 = 12;

/// Digits of a figure for several units, such as 元/人, where no step is declared.
const SEVERAL_UNITS: u32 = 6;

/// Digits of a reported number, as it is declared or natural: two of money, none of what is counted.
pub(crate) fn of_figure(spec: &ColumnSpec) -> Option<u32> {
    let Kind::Number(measure) = &spec.kind else { return None };
    let Bounds { multiple_of, .. } = &spec.bounds;
    let digits = match multiple_of {
        Some(step) => step.decimal_places()?,
        None if measure.is_ratio() => return None,
        None if measure.powers().count() > 1 => SEVERAL_UNITS,
        None => spec.step.as_ref()?.decimal_places()?,
    };
    Some(if *measure == Measure::noun(YUAN) { digits.max(2) } else { digits })
}

/// Digits of each of some nodes; none where they do not end, or do only by the figures.
pub(crate) fn of_nodes(program: &Program, wanted: &[NodeId]) -> Vec<Option<u32>> {
    let last = wanted.iter().map(|node| node.0 as usize + 1).max().unwrap_or(0);
    // The arguments of a node stand before it.
    let mut all: Vec<Option<u32>> = Vec::with_capacity(last);
    for node in program.nodes.iter().take(last) {
        let of = |id: &NodeId| all.get(id.0 as usize).copied().flatten();
        let digits = digits(program, &node.op, &of).filter(|digits| *digits <= MOST);
        all.push(digits);
    }
    wanted.iter().map(|node| all.get(node.0 as usize).copied().flatten()).collect()
}

fn digits(program: &Program, op: &Op, of: &impl Fn(&NodeId) -> Option<u32>) -> Option<u32> {
    match op {
        Op::Const(number) => number.decimal_places(),
        Op::NotApplicable | Op::Unreadable => Some(0),
        Op::Column(column) => of_figure(program.columns.get(column.0 as usize)?),
        Op::Round { step, .. } => step.decimal_places(),
        Op::Neg(x) => of(x),
        Op::Add(a, b)
        | Op::Sub(a, b)
        | Op::Min(a, b)
        | Op::Max(a, b)
        | Op::IfMissing(a, b)
        | Op::IfNotApplicable(a, b)
        | Op::Select { then: a, otherwise: b, .. } => Some(of(a)?.max(of(b)?)),
        Op::Mul(a, b) => Some(of(a)? + of(b)?),
        Op::Div(a, b) => {
            let part = Exact::one().divided_by(&program.constant(*b)?)?;
            Some(of(a)? + part.decimal_places()?)
        }
        Op::Steps { mode, .. } => (*mode != StepMode::Proportional).then_some(0),
        Op::Fold { function: Aggregate::Sum | Aggregate::Highest | Aggregate::Lowest, members } => {
            members.iter().map(of).try_fold(0, |most, digits| Some(most.max(digits?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of_nodes;
    use alloc::{vec, vec::Vec};
    use kaoping_program::{Bounds, ColumnId, ColumnSource, ColumnSpec, Kind, Node, NodeId, Op, Origin, Program, Shape};
    use kaoping_terms::{Exact, Measure, Rounding, measure::YUAN};

    fn digits(ops: Vec<Op>) -> Option<u32> {
        let kind = || Kind::Number(Measure::noun(YUAN));
        let node = |op| Node { op, kind: kind(), shape: Shape::Unit, origin: Origin::default() };
        let column = ColumnSpec {
            source: ColumnSource::External { name: "收入".into() },
            kind: kind(),
            shape: Shape::Unit,
            step: Some(Exact::decimal(1, 2)),
            scale: Exact::one(),
            bounds: Bounds::default(),
        };
        let nodes: Vec<Node> = ops.into_iter().map(node).collect();
        let last = NodeId(u32::try_from(nodes.len()).unwrap_or(1) - 1);
        let program = Program { nodes, columns: vec![column], ..Program::default() };
        of_nodes(&program, &[last])[0]
    }

    #[test]
    fn digits_come_from_steps_and_roundings() {
        let income = Op::Column(ColumnId(0));
        let share = Op::Const(Exact::decimal(25, 2));
        let of = |op: Op| digits(vec![income.clone(), share.clone(), op]);
        assert_eq!(digits(vec![income.clone()]), Some(2));
        assert_eq!(of(Op::Mul(NodeId(0), NodeId(1))), Some(4));
        assert_eq!(of(Op::Sub(NodeId(0), NodeId(1))), Some(2));
        assert_eq!(of(Op::Div(NodeId(0), NodeId(1))), Some(2), "a quarter of four");
        assert_eq!(of(Op::Div(NodeId(1), NodeId(0))), None, "nobody knows how long a quotient is");
        let cents = Op::Round { x: NodeId(2), step: Exact::decimal(1, 1), mode: Rounding::HalfUp };
        let quotient = Op::Div(NodeId(1), NodeId(0));
        assert_eq!(digits(vec![income.clone(), share.clone(), quotient, cents]), Some(1));
        let thirds = Op::Const(Exact::whole(3));
        assert_eq!(digits(vec![income, thirds, Op::Div(NodeId(0), NodeId(1))]), None, "a third has no end");
    }
}
