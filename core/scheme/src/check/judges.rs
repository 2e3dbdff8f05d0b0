//! Marks of several judges: without the highest and the lowest something must be left.

use super::look::Look;
use alloc::format;
use kaoping_program::{Aggregate, Domain, Op};
use kaoping_terms::{Diagnostic, Exact, Report, Text};

/// The highest and the lowest are left out, and one mark at least counts.
const LEAST: i64 = 3;

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let program = &look.standard.program;
    for (_, _, scheme) in look.schemes() {
        for item in &scheme.items {
            for input in &item.inputs {
                let (Some(judges), Some(rows)) = (&input.assessors, input.rows) else { continue };
                let trims = |op: &Op| matches!(op, Op::Aggregate { function: Aggregate::TrimmedMean, over: Domain::Rows(over), .. } if *over == rows);
                let trimmed = program.nodes.iter().find(|node| trims(&node.op));
                if let Some(node) = trimmed.filter(|_| *judges < Exact::whole(LEAST)) {
                    let name = &item.name;
                    let place = node.origin.place.unwrap_or(item.place);
                    report.push(
                        Diagnostic::error(
                            "judges-too-few",
                            Text::new(
                                format!("“{name}”去掉一个最高分和一个最低分，评委却只有 {judges} 个"),
                                format!("`{name}` leaves out the highest and the lowest mark of {judges} judges"),
                            ),
                        )
                        .at(place)
                        .why(Text::new(
                            "去掉两个以后一个也不剩，谁也没有这一项的分",
                            "nothing is left then, and nobody has a score",
                        ))
                        .quoting(look.quote_at(place).or_else(|| look.quote(item.clause.as_deref())))
                        .next(Text::new(
                            "至少写 评委 3；评委少的改用 平均",
                            "have three judges at least; with fewer take the mean of all",
                        )),
                    );
                }
            }
        }
    }
}
