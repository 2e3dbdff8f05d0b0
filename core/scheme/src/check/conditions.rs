//! Conditions that nothing can meet: an award nobody can win, a list nobody is on, a fund nobody
//! shares in.

use super::look::Look;
use alloc::format;
use kaoping_program::{NodeId, Op};
use kaoping_rules::interval::Analysis;
use kaoping_syntax::ast::{Authority, Expr};
use kaoping_terms::{Diagnostic, Report, Text};

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        for award in &scheme.awards {
            let Some(written) = text.awards.iter().find(|written| written.it.name.text == award.name) else {
                continue;
            };
            let part = Part { name: &award.name, authority: &written.authority };
            if let (Some(when), Some(expr)) = (award.eligible, &written.it.filter)
                && never(when, true, analysis)
            {
                part.never_met(look, expr, report);
            }
            if let (Some(when), Some(expr)) = (award.unless, &written.it.unless)
                && never(when, false, analysis)
            {
                part.always_met(look, expr, report);
            }
        }
        let rosters = scheme.rosters.iter().filter_map(|roster| {
            let written = text.rosters.iter().find(|written| written.it.name.text == roster.name)?;
            let part = Part { name: &roster.name, authority: &written.authority };
            Some((part, roster.filter, &written.it.filter))
        });
        let funds = scheme.distributions.iter().filter_map(|fund| {
            let written = text.distributions.iter().find(|written| written.it.name.text == fund.name)?;
            let part = Part { name: &fund.name, authority: &written.authority };
            Some((part, fund.filter?, written.it.filter.as_ref()?))
        });
        let moves = scheme.grades.iter().flat_map(|grades| &grades.moves).filter_map(|moved| {
            let written = text.grade_moves.iter().find(|written| written.it.name.text == moved.name)?;
            let part = Part { name: &moved.name, authority: &written.authority };
            Some((part, moved.when, &written.it.when))
        });
        for (part, when, expr) in rosters.chain(funds).chain(moves) {
            if never(when, true, analysis) {
                part.never_met(look, expr, report);
            }
        }
    }
}

/// Whether a condition can never have that answer. What a choice switches off is there for the
/// other word of the choice.
fn never(condition: NodeId, answer: bool, analysis: &mut Analysis<'_>) -> bool {
    let constant = matches!(analysis.program().node(condition).map(|node| &node.op), Some(Op::Const(_)));
    !constant && analysis.scope(&[(condition, answer)], &[]).is_none()
}

/// A part of a scheme with a condition.
struct Part<'a> {
    name: &'a str,
    authority: &'a [Authority],
}

impl Part<'_> {
    fn never_met(&self, look: &Look<'_>, expr: &Expr, report: &mut Report) {
        let (name, words) = (self.name, look.text(expr.place));
        self.tell(
            look,
            expr,
            Text::new(
                format!("“{name}”的条件“{words}”谁也不能合"),
                format!("nobody can ever meet the condition \"{words}\" of `{name}`"),
            ),
            Text::new(
                "照各项分值和读入的范围算，这个条件没有一个单位能合，写了等于没写",
                "by the points and by what may be reported no unit can get there, so the part has no effect",
            ),
            report,
        );
    }

    fn always_met(&self, look: &Look<'_>, expr: &Expr, report: &mut Report) {
        let (name, words) = (self.name, look.text(expr.place));
        self.tell(
            look,
            expr,
            Text::new(
                format!("“{name}”除非“{words}”，而这总是成立"),
                format!("`{name}` is not given where \"{words}\", which always holds"),
            ),
            Text::new(
                "照各项分值和读入的范围算，这个条件一定成立，奖就永远不发",
                "by the points and by what may be reported the condition cannot fail, so the award is never given",
            ),
            report,
        );
    }

    fn tell(&self, look: &Look<'_>, expr: &Expr, message: Text, why: Text, report: &mut Report) {
        report.push(
            Diagnostic::error("condition-never-met", message)
                .at(expr.place)
                .why(why)
                .quoting(look.quote_of(self.authority))
                .next(Text::new(
                    "核对条件里的线，或各项分值、读入的范围",
                    "check the line in the condition, or the points and bounds it rests on",
                )),
        );
    }
}
