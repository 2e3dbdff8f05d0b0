//! Cases of an item's own formula: which can never be reached, and which overlap so that their
//! order decides.

use super::{classes::Classes, look::Look};
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{Kind, NodeId, Op};
use kaoping_rules::interval::Analysis;
use kaoping_syntax::ast::{BodyKind, Case, ExprKind};
use kaoping_terms::{Diagnostic, Place, Quote, Report, Text};

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
            let quote = look.quote_of(&line.authority).or_else(|| look.quote_of(&item.authority));
            order_matters(look, cases, expr.place, quote, analysis, report);
        }
    }
}

/// Cases of which both can hold and neither contains the other, so that the first that is written
/// decides: 率 ≥ 90% before 件 ≥ 3 件. Rows of one scale, 率 ≥ 90% before 率 ≥ 60%, are no such.
fn order_matters(
    look: &Look<'_>,
    cases: &[Case],
    place: Place,
    quote: Option<Quote>,
    analysis: &mut Analysis<'_>,
    report: &mut Report,
) {
    let whens: Vec<Option<NodeId>> = cases.iter().map(|case| condition_at(look, case.when.place)).collect();
    let classes = Classes::of(&whens, analysis);
    let can = |asked: &[(NodeId, bool)]| classes.possible(asked, None, false) == Some(true);
    let mut pairs: Vec<(Text, Text)> = Vec::new();
    for (at, (lower, then)) in whens.iter().zip(cases).enumerate() {
        for (before, (upper, first)) in whens.iter().zip(cases).enumerate().take(at) {
            let (Some(a), Some(b)) = (*upper, *lower) else { continue };
            if look.text(first.value.place) == look.text(then.value.place) {
                continue;
            }
            // What a case above both takes is no matter between them.
            let above = whens.iter().take(before).copied().flatten().map(|above| (above, false));
            let above: Vec<(NodeId, bool)> = above.collect();
            let with = |own: [(NodeId, bool); 2]| -> Vec<(NodeId, bool)> { above.iter().copied().chain(own).collect() };
            let overlap = can(&with([(a, true), (b, true)]));
            if overlap && can(&with([(a, true), (b, false)])) && can(&with([(a, false), (b, true)])) {
                pairs.push((called(look, first), called(look, then)));
            }
        }
    }
    if pairs.is_empty() {
        return;
    }
    let zh: Vec<String> = pairs.iter().map(|(first, then)| format!("{}>{}", first.zh, then.zh)).collect();
    let en: Vec<String> = pairs.iter().map(|(first, then)| format!("{} > {}", first.en, then.en)).collect();
    report.push(super::class_findings::first_is_taken(&zh.join("，"), &en.join(", ")).at(place).quoting(quote));
}

fn called(look: &Look<'_>, case: &Case) -> Text {
    let words = look.text(case.when.place);
    Text::new(format!("“{words}”"), format!("`{words}`"))
}

/// The last condition that was made from a stretch of text: the whole of it.
pub(super) fn condition_at(look: &Look<'_>, place: Place) -> Option<NodeId> {
    let nodes = look.standard.program.nodes.iter().zip(0u32..);
    let found = nodes.filter(|(node, _)| node.kind == Kind::Truth && node.origin.place == Some(place));
    found.map(|(_, at)| NodeId(at)).last()
}
