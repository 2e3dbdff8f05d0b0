//! A program made simpler by what is known of the facts before it runs.

use crate::ir::{ColumnId, Op, Program, Shape};

/// The same program for facts in which some columns are wholly absent.
///
/// Such a column is 未报 for every unit. Where the policy says what stands in for it, most
/// often the target of the item table, the node becomes that constant, so that a target that
/// is the same for all units is divided by as one number and not as a column. Arithmetic of
/// constants is done once. Node numbers and results stay the same; what nobody reported
/// stays 未报.
pub fn specialise(program: &Program, absent: impl Fn(ColumnId) -> bool) -> Program {
    let mut special = program.clone();
    for at in 0..special.nodes.len() {
        let Some(node) = special.nodes.get(at) else {
            continue;
        };
        let replaced = match &node.op {
            Op::Column(column) if absent(*column) => Some(Op::Unreadable),
            Op::IfMissing(reported, other) => {
                let op = |id: &crate::ir::NodeId| special.node(*id).map(|node| (&node.op, node.shape));
                match (op(reported), op(other)) {
                    (
                        Some((Op::Unreadable, Shape::One)),
                        Some((constant @ (Op::Const(_) | Op::Unreadable), Shape::One)),
                    ) => Some(constant.clone()),
                    _ => None,
                }
            }
            Op::Add(..) | Op::Sub(..) | Op::Mul(..) | Op::Div(..) | Op::Neg(_) => {
                let id = u32::try_from(at).map(crate::ir::NodeId);
                id.ok().and_then(|id| special.constant(id)).map(Op::Const)
            }
            _ => None,
        };
        if let (Some(op), Some(node)) = (replaced, special.nodes.get_mut(at)) {
            node.op = op;
            node.shape = Shape::One;
        }
    }
    special
}

#[cfg(test)]
mod tests {
    use super::specialise;
    use crate::{
        Column, Frame, Keep, Machine,
        ir::{Bounds, ColumnId, ColumnSource, ColumnSpec, Kind, Node, NodeId, Op, Origin, Program, Shape},
    };
    use alloc::string::String;
    use kaoping_terms::{Exact, Measure};

    fn node(op: Op, shape: Shape) -> Node {
        Node { op, kind: Kind::Number(Measure::plain()), shape, origin: Origin::default() }
    }

    fn column(field: &str) -> ColumnSpec {
        ColumnSpec {
            source: ColumnSource::Fact { indicator: None, field: String::from(field), alias: None, years_back: 0 },
            kind: Kind::Number(Measure::plain()),
            shape: Shape::Unit,
            step: None,
            scale: Exact::one(),
            bounds: Bounds::default(),
        }
    }

    #[test]
    fn results_stay_the_same() {
        let mut program = Program { columns: [column("actual"), column("target")].into(), ..Program::default() };
        let actual = program.push(node(Op::Column(ColumnId(0)), Shape::Unit));
        let target = program.push(node(Op::Column(ColumnId(1)), Shape::Unit));
        let table = program.push(node(Op::Const(Exact::whole(50)), Shape::One));
        let used = program.push(node(Op::IfMissing(target, table), Shape::Unit));
        let ratio = program.push(node(Op::Div(actual, used), Shape::Unit));
        let alone = program.push(node(Op::Div(actual, target), Shape::Unit));
        let special = specialise(&program, |column| column == ColumnId(1));
        assert_eq!(special.node(used).map(|node| &node.op), Some(&Op::Const(Exact::whole(50))));
        let frame = Frame::flat(2);
        let run = |program: &Program, wanted: NodeId| {
            let mut machine = Machine::new(program, &frame, Keep::Outputs);
            machine.supply(ColumnId(0), Column::from_codes([40, 60].into())).expect("two units");
            machine.require(&[wanted]).expect("a program");
            let column = machine.column(wanted).expect("a result");
            [column.cell(0), column.cell(1)]
        };
        for wanted in [ratio, alone] {
            assert_eq!(run(&program, wanted), run(&special, wanted));
        }
    }
}
