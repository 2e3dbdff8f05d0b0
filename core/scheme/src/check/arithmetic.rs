//! Divisions that can be by zero, and steps of what can be below zero.

use super::look::{Look, figure};
use crate::model::{Input, Scheme};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Aggregate, Domain, NodeId, Op, Program};
use kaoping_rules::interval::{Analysis, RiskyDivision};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text};

/// A risky division with the items it concerns.
type Concerned = (RiskyDivision, Vec<String>);

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for node in wanted(look) {
        analysis.range(node);
    }
    // One division of a shared rule is one finding, with the items it concerns.
    let mut by_place: BTreeMap<(Option<Place>, &'static str), Concerned> = BTreeMap::new();
    for risk in analysis.risky_divisions() {
        let node = look.standard.program.node(risk.node);
        let place = node.and_then(|node| node.origin.place);
        let item = node.and_then(|node| node.origin.item.clone());
        let kind = kind_of(look, &risk, analysis);
        by_place.entry((place, kind)).or_insert_with(|| (risk, Vec::new())).1.extend(item);
    }
    for ((place, kind), (risk, items)) in &by_place {
        let mut finding = match *kind {
            "best-ratio-undefined" => best_ratio(look, risk),
            "target-may-be-zero" => may_be_zero(look, risk),
            _ => division(look, risk),
        };
        finding.place = *place;
        let clause = look.standard.program.node(risk.node).and_then(|node| node.origin.clause.clone());
        let quote = place.and_then(|place| look.quote_at(place)).or_else(|| look.quote(clause.as_deref()));
        report.push(concerning(finding.quoting(quote), items));
    }
    steps(look, analysis, report);
}

/// Everything that is computed for a result; values only shown are not.
fn wanted(look: &Look<'_>) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = look.standard.schemes.iter().flat_map(of_scheme).collect();
    for decision in &look.standard.decisions {
        nodes.push(decision.outcome);
        nodes.extend(decision.amount);
    }
    nodes
}

fn of_scheme(scheme: &Scheme) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = [scheme.assessed, scheme.total, scheme.meets_all].into_iter().flatten().collect();
    for item in &scheme.items {
        nodes.extend([item.score, item.met, item.applies].into_iter().flatten());
    }
    nodes.extend(scheme.blocks.iter().filter_map(|block| block.score));
    nodes.extend(scheme.rank_keys.iter().map(|(node, _)| *node));
    nodes.extend(scheme.grades.iter().map(|grades| grades.by));
    nodes.extend(scheme.grades.iter().flat_map(|grades| grades.moves.iter().map(|moved| moved.when)));
    nodes.extend(scheme.vetoes.iter().map(|veto| veto.when));
    for award in &scheme.awards {
        nodes.extend(award.eligible.iter().chain(&award.unless));
        if let crate::model::AwardRule::Places { by, .. } = &award.rule {
            nodes.push(*by);
        }
    }
    nodes.extend(scheme.quotas.iter().flat_map(|quota| quota.rows.iter().map(|(when, ..)| *when)));
    nodes.extend(scheme.rosters.iter().map(|roster| roster.filter));
    nodes.extend(scheme.distributions.iter().map(|fund| fund.by));
    nodes
}

/// Which finding a risky division is: by an input itself, by the best of all of what it
/// divides, or by anything else.
fn kind_of(look: &Look<'_>, risk: &RiskyDivision, analysis: &Analysis<'_>) -> &'static str {
    if input(look, risk.divisor, analysis).is_some() {
        return "target-may-be-zero";
    }
    match extreme_of(&look.standard.program, risk.divisor) {
        Some(own) if rests_on(&look.standard.program, risk.dividend, own, analysis) => "best-ratio-undefined",
        _ => "possible-division-by-zero",
    }
}

/// The input a node is.
fn input<'a>(look: &Look<'a>, node: NodeId, analysis: &Analysis<'_>) -> Option<&'a Input> {
    let items = look.standard.schemes.iter().flat_map(|scheme| &scheme.items).flat_map(|item| &item.inputs);
    let mut inputs = items.chain(look.standard.decisions.iter().flat_map(|decision| &decision.inputs));
    inputs.find(|input| analysis.same(input.node) == analysis.same(node))
}

/// The value whose highest (or lowest) a node is, perhaps less a constant.
fn extreme_of(program: &Program, node: NodeId) -> Option<NodeId> {
    match &program.node(node)?.op {
        Op::Aggregate { function: Aggregate::Highest | Aggregate::Lowest, x, .. } => *x,
        Op::Sub(a, _) | Op::Add(a, _) => extreme_of(program, *a),
        _ => None,
    }
}

fn rests_on(program: &Program, node: NodeId, on: NodeId, analysis: &Analysis<'_>) -> bool {
    if analysis.same(node) == analysis.same(on) {
        return true;
    }
    let Some(found) = program.node(node) else {
        return false;
    };
    let arithmetic = matches!(found.op, Op::Add(..) | Op::Sub(..) | Op::Mul(..) | Op::Div(..) | Op::Neg(_));
    arithmetic && found.op.arguments().into_iter().any(|argument| rests_on(program, argument, on, analysis))
}

fn concerning(finding: Diagnostic, items: &[String]) -> Diagnostic {
    if items.len() < 2 {
        return finding;
    }
    let shown: Vec<&str> = items.iter().take(3).map(String::as_str).collect();
    let mut finding = finding;
    finding.message.zh = format!("{}（{}等 {} 项）", finding.message.zh, shown.join("、"), items.len());
    finding.message.en = format!("{} ({} items: {}, …)", finding.message.en, items.len(), shown.join(", "));
    finding
}

/// What a value is called, else the words it was made from.
pub(super) fn named(look: &Look<'_>, node: NodeId) -> String {
    let node = look.standard.program.node(node);
    let name = node.and_then(|node| node.origin.name.clone());
    name.or_else(|| Some(look.text(node?.origin.place?).to_string())).unwrap_or_default()
}

/// What the divisor can be, in its unit.
fn divisor_span(look: &Look<'_>, risk: &RiskyDivision) -> Text {
    let program = &look.standard.program;
    risk.divisor_span.in_words(&|value| figure(program, risk.divisor, value))
}

fn division(look: &Look<'_>, risk: &RiskyDivision) -> Diagnostic {
    let (divisor, span) = (named(look, risk.divisor), divisor_span(look, risk));
    let op = look.standard.program.node(risk.divisor).map(|node| &node.op);
    let of_rows = matches!(op, Some(Op::Aggregate { over: Domain::Rows(_), .. }));
    let next = if of_rows {
        // Figures above zero do not help where there is no row to add.
        Text::new(
            format!("先写一个情形把零挡住：当 {divisor} > 0 → …；一行也没有时合计就是零，给读入的数写 > 0 挡不住"),
            format!(
                "guard it with an earlier case: 当 {divisor} > 0 → …; declaring the input > 0 does not help where there is no row"
            ),
        )
    } else {
        Text::new(
            format!("先写一个情形把零挡住，例如：当 {divisor} > 0 → …；或给读入的数写上 > 0"),
            format!("guard it with an earlier case, such as: 当 {divisor} > 0 → …; or declare the input > 0"),
        )
    };
    Diagnostic::error(
        "possible-division-by-zero",
        Text::new(
            format!("除数“{divisor}”可以是零：{}", span.zh),
            format!("the divisor `{divisor}` can be zero: it is {}", span.en),
        ),
    )
    .label(Text::new(format!("除数：{}", span.zh), format!("the divisor is {}", span.en)))
    .why(Text::new(
        "用零去除没有结果，遇到了这一项就算不出来",
        "a division by zero has no result, and the score would be undefined",
    ))
    .next(next)
}

fn may_be_zero(look: &Look<'_>, risk: &RiskyDivision) -> Diagnostic {
    let (divisor, span) = (named(look, risk.divisor), divisor_span(look, risk));
    Diagnostic::error(
        "target-may-be-zero",
        Text::new(
            format!("“{divisor}”可以是零，而这里用它作除数"),
            format!("`{divisor}` may be zero and is divided by here"),
        ),
    )
    .label(Text::new(format!("“{divisor}”：{}", span.zh), format!("`{divisor}` is {}", span.en)))
    .why(Text::new(
        "目标是零时完成比例没有意义：完成了还是没完成，原文没有说",
        "against a target of zero no ratio can be computed, and the text does not say what then",
    ))
    .next(Text::new(
        format!("给“{divisor}”写上 > 0（收表时就会挡住零），或为零另写一个情形"),
        format!("declare `{divisor}` > 0, so that a zero is refused when reported, or write a case for zero"),
    ))
}

fn best_ratio(look: &Look<'_>, risk: &RiskyDivision) -> Diagnostic {
    let divisor = named(look, risk.divisor);
    if is_spread(&look.standard.program, risk.divisor) {
        return no_spread(&divisor);
    }
    Diagnostic::error(
        "best-ratio-undefined",
        Text::new(
            format!("谁也没有超过时“{divisor}”是零，加分成了 0 ÷ 0"),
            format!("when nobody is above, `{divisor}` is zero and the bonus is 0 ÷ 0"),
        ),
    )
    .label(Text::new("最高的是零时怎么算，没有写", "what holds when the best is zero is not written"))
    .why(Text::new(
        "大家都正好完成，是会有的；那时加几分，原文没有说",
        "everyone exactly on target does happen, and the text does not say what is added then",
    ))
    .next(Text::new(
        format!("在条件里加上：且 {divisor} > 0；等于零的另写一个情形"),
        format!("add to the condition: 且 {divisor} > 0, and write a case for zero"),
    ))
}

/// The highest less the lowest.
fn is_spread(program: &Program, node: NodeId) -> bool {
    let is = |node: NodeId, wanted: Aggregate| matches!(program.node(node).map(|node| &node.op), Some(Op::Aggregate { function, .. }) if *function == wanted);
    match program.node(node).map(|node| &node.op) {
        Some(Op::Sub(a, b)) => {
            (is(*a, Aggregate::Highest) && is(*b, Aggregate::Lowest))
                || (is(*a, Aggregate::Lowest) && is(*b, Aggregate::Highest))
        }
        _ => false,
    }
}

fn no_spread(divisor: &str) -> Diagnostic {
    Diagnostic::error(
        "best-ratio-undefined",
        Text::new(
            format!("大家都一样时“{divisor}”是零，成了 0 ÷ 0"),
            format!("when all units are equal, `{divisor}` is zero and the share is 0 ÷ 0"),
        ),
    )
    .label(Text::new("最高和最低一样时怎么算，没有写", "what holds when highest and lowest are equal is not written"))
    .why(Text::new(
        "一组只有一个单位，或各单位的数都相同，是会有的；那时得几分，原文没有说",
        "a group of one unit, or of equal figures, does happen, and the text does not say what is scored then",
    ))
    .next(Text::new(
        format!("写一个情形：当 {divisor} > 0 → …，相等的 否则 → …"),
        format!("write a case: 当 {divisor} > 0 → …, and 否则 → … for equal figures"),
    ))
}

fn steps(look: &Look<'_>, analysis: &Analysis<'_>, report: &mut Report) {
    let mut by_place: BTreeMap<Option<Place>, (Text, Option<String>, Vec<String>)> = BTreeMap::new();
    for risk in analysis.risky_steps() {
        let node = look.standard.program.node(risk.node);
        // The quantity is told in the unit of what is counted in steps.
        let quantity = node.and_then(|node| node.op.arguments().first().copied());
        let shown = |value: &Exact| {
            quantity.map_or_else(|| value.to_grouped(), |node| figure(&look.standard.program, node, value))
        };
        let (span, clause) = (risk.span.in_words(&shown), node.and_then(|node| node.origin.clause.clone()));
        let entry = by_place.entry(node.and_then(|node| node.origin.place)).or_insert((span, clause, Vec::new()));
        entry.2.extend(node.and_then(|node| node.origin.item.clone()));
    }
    for (place, (span, clause, items)) in by_place {
        let mut finding = Diagnostic::warning(
            "steps-below-zero",
            Text::new(
                format!("步数的数可以是负的：{}", span.zh),
                format!("the quantity counted in steps can be below zero: {}", span.en),
            ),
        )
        .why(Text::new("负的步数会把扣分变成加分", "a negative number of steps turns a deduction into a gain"))
        .quoting(place.and_then(|place| look.quote_at(place)).or_else(|| look.quote(clause.as_deref())))
        .next(Text::new(
            "写 步数(较大(…, 0), …)，或先用一个情形挡住",
            "write 步数(较大(…, 0), …), or guard it with an earlier case",
        ));
        finding.place = place;
        report.push(concerning(finding, &items));
    }
}
