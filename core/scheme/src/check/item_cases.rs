//! Cases of an item's own formula that can never be reached.

use super::look::Look;
use alloc::vec::Vec;
use kaoping_program::{Kind, NodeId, Op};
use kaoping_rules::interval::Analysis;
use kaoping_syntax::ast::{BodyKind, ExprKind};
use kaoping_terms::{Diagnostic, Place, Report, Text};

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for item in look.policy.schemes.iter().flat_map(|scheme| &scheme.items) {
        for line in &item.item.body {
            let (BodyKind::Score(expr) | BodyKind::Let(kaoping_syntax::ast::Let { value: expr, .. })) = &line.kind
            else {
                continue;
            };
            let ExprKind::Cases { cases, .. } = &expr.kind else {
                continue;
            };
            let mut earlier: Vec<(NodeId, bool)> = Vec::new();
            for case in cases {
                let Some(when) = condition_at(look, case.when.place) else {
                    continue;
                };
                let mut conditions = earlier.clone();
                conditions.push((when, true));
                let constant = matches!(look.standard.program.node(when).map(|node| &node.op), Some(Op::Const(_)));
                if !constant && analysis.scope(&conditions, &[]).is_none() {
                    report.push(
                        Diagnostic::error(
                            "case-unreachable",
                            Text::new("这个情形永远轮不到", "this case is never taken"),
                        )
                        .at(case.when.place)
                        .why(Text::new(
                            "上面的情形已经取走了所有合这一条的，或者条件本身不能成立",
                            "the cases above take everything that fits, or the condition cannot hold",
                        ))
                        .quoting(look.quote_of(&line.authority).or_else(|| look.quote_of(&item.authority)))
                        .next(Text::new(
                            "把它移到上面，改条件，或删去",
                            "move it up, change its condition, or remove it",
                        )),
                    );
                }
                earlier.push((when, false));
            }
        }
    }
}

/// The last condition that was made from a stretch of text: the whole of it.
fn condition_at(look: &Look<'_>, place: Place) -> Option<NodeId> {
    let nodes = look.standard.program.nodes.iter().zip(0u32..);
    let found = nodes.filter(|(node, _)| node.kind == Kind::Truth && node.origin.place == Some(place));
    found.map(|(_, at)| NodeId(at)).last()
}
