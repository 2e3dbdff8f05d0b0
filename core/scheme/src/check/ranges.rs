//! What every item, block and total can come to, and what cannot be: points nobody can reach,
//! scores that fall below zero.

use super::{
    look::{Look, figure, is_chosen},
    visit,
};
use crate::{
    model::{Item, Scheme, Standard},
    read::{ItemText, SchemeText},
};
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{NodeId, Op, Program};
use kaoping_rules::interval::{Analysis, Range, Span};
use kaoping_syntax::ast::{Authority, Binary, BodyKind, Expr, ExprKind, SettingKind};
use kaoping_terms::{Diagnostic, Exact, Measure, Report, Text};

/// The attainable ranges of a scheme; none where there is nothing computed.
#[derive(Clone, Debug, Default)]
pub struct SchemeRanges {
    /// Of each item, by its position in the scheme.
    pub items: Vec<Option<Range>>,
    /// Of each block, by its position in the scheme.
    pub blocks: Vec<Option<Range>>,
    /// Of the total. Items that rest on the same figures make it wider than it is; then it is
    /// not exact.
    pub total: Option<Range>,
}

/// The attainable range of every item, block and total, for each scheme of the standard.
pub fn ranges(standard: &Standard) -> Vec<SchemeRanges> {
    let mut analysis = Analysis::new(&standard.program);
    let schemes = standard.schemes.iter();
    let mut range = |node: Option<NodeId>| node.map(|node| analysis.range(node));
    schemes
        .map(|scheme| SchemeRanges {
            items: scheme.items.iter().map(|item| range(item.score)).collect(),
            blocks: scheme.blocks.iter().map(|block| range(block.score)).collect(),
            total: range(scheme.total),
        })
        .collect()
}

pub(super) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        for (item_text, item) in text.items.iter().zip(&scheme.items) {
            let Some(range) = item
                .score
                .filter(|score| item.unreadable.is_none() && !is_unknown(&look.standard.program, *score, 0))
                .map(|score| analysis.range(score))
            else {
                continue;
            };
            let silent = super::structure::is_without_rule(look, text, item_text, item);
            if !silent {
                below_zero(look, item_text, item, &range, report);
            }
            above_points(look, item_text, item, &range, report);
            points_not_reachable(look, item_text, item, &range, report);
        }
        total_not_reachable(look, text, scheme, analysis, report);
    }
    decisions(look, analysis, report);
}

/// Words of a reason that let an item fall below zero.
const BELOW: [&str; 8] = ["负", "倒扣", "低于零", "低于 0", "零分以下", "0 分以下", "below zero", "negative"];
/// Words that say the opposite: a score that falls below zero all the same is a slip.
const NOT_BELOW: [&str; 12] = [
    "扣完",
    "扣至零",
    "扣到零",
    "不倒扣",
    "不得倒扣",
    "不能倒扣",
    "不可倒扣",
    "不再倒扣",
    "不得负",
    "不为负",
    "不会是负",
    "never below",
];
/// Words of a reason that speak of how far an item can rise.
const ABOVE: [&str; 8] = ["封顶", "上限", "不限", "超过分值", "高于分值", "no limit", "uncapped", "above its points"];

/// Whether the reason of a choice or example on a line speaks of such a thing.
fn speaks(authority: &[Authority], words: &[&str]) -> bool {
    authority.iter().any(|authority| match authority {
        Authority::Choice(reason) | Authority::Example(reason) => words.iter().any(|word| reason.text.contains(word)),
        Authority::Clause(_) => false,
    })
}

/// Whether a reason lets an item fall below zero, rather than to zero and no further.
fn lets_below(authority: &[Authority]) -> bool {
    speaks(authority, &BELOW) && !speaks(authority, &NOT_BELOW)
}

/// Whether a choice says how far the item can fall: on its 至少, in words on the item or one of
/// its lines, or as a named choice its rule made. A choice about anything else says nothing.
fn is_accepted(look: &Look<'_>, text: &ItemText, item: &Item) -> bool {
    let by_line = text.item.body.iter().any(|line| {
        let floor = matches!(line.kind, BodyKind::AtLeast(_)) && is_chosen(&line.authority);
        floor || lets_below(&line.authority)
    });
    let choices = look.standard.choices.iter();
    let floors = choices.filter(|choice| choice.item.as_deref().is_some_and(|of| of == item.name || of == item.id));
    by_line
        || lets_below(&text.authority)
        || floors.into_iter().any(|choice| matches!(choice.chosen.as_str(), "可倒扣" | "不截断"))
}

/// Whether a value rests on a figure that cannot be read or a rule that is not there; what is
/// wrong with it is said elsewhere.
fn is_unknown(program: &Program, node: NodeId, depth: u32) -> bool {
    let Some(found) = program.node(node).filter(|_| depth < 200) else {
        return false;
    };
    let arguments = found.op.arguments();
    matches!(found.op, Op::Unreadable)
        || arguments.into_iter().any(|argument| argument < node && is_unknown(program, argument, depth + 1))
}

/// A range of points in words.
fn in_points(span: &Span) -> Text {
    span.in_words(&|value| Measure::points().figure(value))
}

fn below_zero(look: &Look<'_>, text: &ItemText, item: &Item, range: &Range, report: &mut Report) {
    let Some(span) = range.span.as_ref().filter(|span| span.reaches_below_zero()) else {
        return;
    };
    if !item.has_points() || is_accepted(look, text, item) {
        return;
    }
    let (name, span) = (&item.name, in_points(span));
    let message = if range.exact {
        Text::new(format!("“{name}”可以是负分：{}", span.zh), format!("`{name}` can fall below zero: {}", span.en))
    } else {
        Text::new(
            format!("不能证明“{name}”不会是负分：算得 {}", span.zh),
            format!("it cannot be proved that `{name}` stays at or above zero: {}", span.en),
        )
    };
    let place = item.points_place.unwrap_or(item.place);
    report.push(
        Diagnostic::warning("item-below-zero", message)
            .at(place)
            .label(Text::new(format!("得分：{}", span.zh), format!("the score is {}", span.en)))
            .why(Text::new(
                "没有写扣完为止，一项扣过了头，会连别的项的分一起扣掉",
                "without a floor one item can eat the points of the others",
            ))
            .quoting(look.quote_of(&text.authority))
            .next(Text::new(
                "写：至少 0 分（扣完为止）；确要倒扣的，在扣分那一行写 选择 \"可以倒扣：……\"",
                "write: 至少 0 分; where it is meant to go below, write 选择 \"可以倒扣: why\" behind the deduction",
            )),
    );
}

/// Whether the policy itself gives more than the points: a 加 line, a score that says 分值 +
/// something, or a named choice not to cut off. Then a bonus is meant.
fn declares_bonus(look: &Look<'_>, text: &ItemText, item: &Item) -> bool {
    let rule = item.rule.as_deref().and_then(|name| {
        let rules = look.policy.rules.iter();
        rules.map(|part| &part.it).find(|rule| crate::read::is_called(&rule.name, name))
    });
    let lines = || text.item.body.iter().chain(rules_body(rule));
    let chosen = look.standard.choices.iter().any(|choice| {
        choice.item.as_deref().is_some_and(|of| of == item.name || of == item.id) && choice.chosen == "不截断"
    });
    chosen
        || lines().any(|line| match &line.kind {
            BodyKind::Adjust(adjust) => adjust.adds,
            BodyKind::Score(expr) => adds_to_points(expr),
            BodyKind::Let(it) => adds_to_points(&it.value),
            _ => false,
        })
}

fn rules_body(rule: Option<&kaoping_syntax::ast::Rule>) -> &[kaoping_syntax::ast::BodyLine] {
    rule.map_or(&[], |rule| &rule.body)
}

/// Whether something is added to 分值 itself in an expression.
fn adds_to_points(expr: &Expr) -> bool {
    let is_points = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(path) if matches!(path.as_slice(), [one] if matches!(one.text.as_str(), "分值" | "points")));
    let mut found = false;
    visit::inside(expr, &mut |expr| {
        if let ExprKind::Binary(Binary::Add, a, b) = &expr.kind {
            found |= is_points(a) || is_points(b);
        }
    });
    found
}

/// What an item can earn above its points. Where the policy declares a bonus, up to twice the
/// points is taken as meant; where it does not, anything above them is a slip.
fn above_points(look: &Look<'_>, text: &ItemText, item: &Item, range: &Range, report: &mut Report) {
    let (Some(points), Some(span)) = (&item.points, &range.span) else {
        return;
    };
    let most = if declares_bonus(look, text, item) { points * &Exact::whole(2) } else { points.clone() };
    let high = span.high().map(|(high, _)| high);
    let capped = text.item.body.iter().any(|line| matches!(line.kind, BodyKind::AtMost(_)));
    let said = speaks(&text.authority, &ABOVE) || text.item.body.iter().any(|line| speaks(&line.authority, &ABOVE));
    if !points.is_positive() || high.is_some_and(|high| *high <= most) || capped || said {
        return;
    }
    let (name, written) = (&item.name, in_points(span));
    let message = match high {
        Some(high) if range.exact => Text::new(
            format!("“{name}”{points} 分，却可以得 {high} 分"),
            format!("`{name}` has {points} points, but {high} can be earned"),
        ),
        None if range.exact => Text::new(
            format!("“{name}”{points} 分，得分却没有上限：{}", written.zh),
            format!("`{name}` has {points} points, but its score has no upper end: {}", written.en),
        ),
        _ => Text::new(
            format!("“{name}”{points} 分，不能证明得分不会高出分值：算得 {}", written.zh),
            format!("`{name}` has {points} points; it cannot be proved that more is never earned: {}", written.en),
        ),
    };
    report.push(
        Diagnostic::warning("item-above-points", message)
            .at(item.points_place.unwrap_or(item.place))
            .label(Text::new(format!("得分：{}", written.zh), format!("the score is {}", written.en)))
            .why(Text::new(
                "没有写加分，一项却能超出分值，别的项怎么做都追不上，满分也就不算数了",
                "no bonus is declared, yet one item can outweigh the others, and the full mark means nothing",
            ))
            .quoting(look.quote_of(&text.authority))
            .next(Text::new(
                format!("写：至多 {points} 分（或原文定的上限）；确实不封顶的，在计分那一行写 选择 \"不封顶：……\""),
                format!("write: 至多 {points} 分 (or the limit of the text); where none is meant, write 选择 \"不封顶: why\" behind the score"),
            )),
    );
}

/// The upper end of a range is never too low, so what lies above it cannot be reached.
fn points_not_reachable(look: &Look<'_>, text: &ItemText, item: &Item, range: &Range, report: &mut Report) {
    let (Some(points), Some(high)) = (&item.points, range.span.as_ref().and_then(|span| span.high())) else {
        return;
    };
    if high.0 > *points || (high.0 == *points && high.1) {
        return;
    }
    let (name, high) = (&item.name, &high.0);
    let finding = Diagnostic::warning(
        "points-not-reachable",
        Text::new(
            format!("“{name}”{points} 分，最多只能得 {high} 分"),
            format!("`{name}` has {points} points, but at most {high} can be earned"),
        ),
    );
    report.push(
        finding
            .at(item.points_place.unwrap_or(item.place))
            .why(Text::new(
                "完成得再好也拿不到写着的分值",
                "however well the work is done, the points written cannot be earned",
            ))
            .quoting(look.quote_of(&text.authority))
            .next(Text::new("改计分办法，或改分值", "change the rule, or the points")),
    );
}

fn total_not_reachable(
    look: &Look<'_>,
    text: &SchemeText,
    scheme: &Scheme,
    analysis: &mut Analysis<'_>,
    report: &mut Report,
) {
    let (Some(mark), Some(total)) = (&scheme.full_mark, scheme.total) else {
        return;
    };
    let range = analysis.range(total);
    let Some((high, itself)) = range.span.as_ref().and_then(|span| span.high()) else {
        return;
    };
    if high > mark || (high == mark && *itself) {
        return;
    }
    let setting = text.scheme.settings.iter().find(|setting| matches!(setting.kind, SettingKind::FullMark(_)));
    let Some(setting) = setting else { return };
    // Where the sum is wrong already, this only says it again.
    let said = report.findings().iter().any(|finding| {
        let within =
            finding.place.is_some_and(|place| setting.place.start <= place.start && place.end <= setting.place.end);
        finding.name == "total-does-not-match" && within
    });
    if said {
        return;
    }
    let finding = Diagnostic::error(
        "total-not-reachable",
        Text::new(
            format!("满分 {mark} 分，总分最多只能到 {high} 分"),
            format!("the full mark is {mark}, but the total cannot pass {high}"),
        ),
    );
    report.push(
        finding
            .at(setting.place)
            .why(Text::new(
                "谁也得不到满分，及格线、等次线就都偏高了",
                "nobody can reach it, so every pass line and grade is too high",
            ))
            .quoting(look.quote_of(&setting.authority))
            .next(Text::new(
                "看各项分值加起来是不是满分，或改满分",
                "see whether the points add up to the full mark, or change it",
            )),
    );
}

/// An amount that can be below zero would be asked back from the applicant.
fn decisions(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for made in &look.standard.decisions {
        let Some(range) = made.amount.map(|amount| analysis.range(amount)) else {
            continue;
        };
        let Some(span) = range.span.as_ref().filter(|span| span.reaches_below_zero()) else {
            continue;
        };
        let shown =
            |value: &Exact| made.amount.map_or_else(String::new, |node| figure(&look.standard.program, node, value));
        let (name, span): (&String, Text) = (&made.name, span.in_words(&shown));
        let message = if range.exact {
            Text::new(
                format!("“{name}”可以给出负的金额：{}", span.zh),
                format!("`{name}` can give an amount below zero: {}", span.en),
            )
        } else {
            Text::new(
                format!("不能证明“{name}”给出的金额不会是负的：算得 {}", span.zh),
                format!("it cannot be proved that the amount of `{name}` is never below zero: {}", span.en),
            )
        };
        report.push(
            Diagnostic::warning("amount-below-zero", message)
                .at(made.place)
                .why(Text::new(
                    "负的金额等于要申请人倒交钱",
                    "an amount below zero means that the applicant would have to pay",
                ))
                .quoting(look.quote(made.clause.as_deref()))
                .next(Text::new(
                    "写 较大(0 元, …)，或先用一个情形把它挡住",
                    "write 较大(0 元, …), or catch it with an earlier case",
                )),
        );
    }
}
