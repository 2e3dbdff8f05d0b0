//! What is told of the cases of a decision.

use super::{
    classes::{Classes, Found, comparison},
    look::{Look, listed},
};
use crate::model::{Decision, OutcomeCase};
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{Kind, NodeId, Op, Relation};
use kaoping_rules::interval::Analysis;
use kaoping_terms::{Diagnostic, Exact, Report, Text};

/// Too many combinations to look at: said, so that silence is never taken for a clean bill.
pub(super) fn not_checked(decision: &Decision, most: usize) -> Diagnostic {
    let name = &decision.name;
    Diagnostic::note(
        "classes-not-checked",
        Text::new(
            format!("“{name}”的情形要看超过 {most} 种搭配，重叠和轮不到的没有查完"),
            format!("the cases of `{name}` combine in more than {most} ways; overlaps and dead cases were not fully looked for"),
        ),
    )
    .at(decision.place)
    .why(Text::new(
        "各条件的每一种取值都要搭配着看，条件一多就看不完；没有报出问题不等于没有问题",
        "every value of each condition meets every value of the others; that nothing is reported does not mean that nothing is wrong",
    ))
    .next(Text::new(
        "把条件并成几类（先“设”一个等次或类别），或拆成几个决定；要紧的写成“例”",
        "gather conditions into classes with 设, split the decision, or write cases that matter as examples",
    ))
}

pub(super) fn never_taken(look: &Look<'_>, decision: &Decision, found: &Found, report: &mut Report) {
    for (at, case) in decision.cases.iter().enumerate() {
        // 否则 has to be written even where the cases are complete.
        if case.when.is_none() || found.taken.get(at) != Some(&false) {
            continue;
        }
        let word = &case.word;
        let mut finding = Diagnostic::error(
            "case-unreachable",
            Text::new(format!("“{word}”这个情形永远轮不到"), format!("the case `{word}` is never taken")),
        )
        .at(case.place)
        .why(Text::new(
            "情形从上往下取第一个合的，合这一条的都被上面取走了，或者条件本身不能成立",
            "the first case that fits is taken: those above take everything, or the condition cannot hold",
        ))
        .quoting(look.quote_at(case.place))
        .next(Text::new("把它移到上面，改条件，或删去", "move it up, change its condition, or remove it"));
        for earlier in decision.cases.iter().enumerate().filter(|(other, _)| found.together.contains_key(&(*other, at)))
        {
            finding = finding.also(earlier.1.place, Text::new("先取这一条", "this one is taken first"));
        }
        report.push(finding);
    }
}

/// The lines a condition draws with ≤ or ≥, each with its quantity.
fn inclusive_borders(condition: NodeId, analysis: &Analysis<'_>) -> Vec<(NodeId, Exact)> {
    let mut found = Vec::new();
    let mut waiting = Vec::from([condition]);
    while let Some(condition) = waiting.pop() {
        let condition = analysis.same(condition);
        match analysis.program().node(condition).map(|node| &node.op) {
            Some(Op::Not(x)) => waiting.push(*x),
            Some(Op::And(a, b) | Op::Or(a, b)) => waiting.extend([*a, *b]),
            Some(Op::Compare(relation, a, b)) if !matches!(relation, Relation::Equal | Relation::NotEqual) => {
                found.extend(comparison(*relation, *a, *b, analysis).map(|(quantity, _, edge)| (quantity, edge)));
            }
            _ => {}
        }
    }
    found
}

/// A case by its outcome; where several share one, with the line it stands on.
fn called(look: &Look<'_>, decision: &Decision, at: usize) -> Text {
    let Some(case) = decision.cases.get(at) else {
        return Text::default();
    };
    let word = &case.word;
    if decision.cases.iter().filter(|other| other.word == *word).count() < 2 {
        return Text::new(format!("“{word}”"), format!("`{word}`"));
    }
    let line = look.policy.sources.position(case.place).line;
    Text::new(format!("“{word}”（第 {line} 行）"), format!("`{word}` (line {line})"))
}

/// Whether two cases come to the same, so that it does not matter which is taken.
fn same_result(a: &OutcomeCase, b: &OutcomeCase, analysis: &Analysis<'_>) -> bool {
    let amount = |case: &OutcomeCase| case.amount.map(|amount| analysis.same(amount));
    a.word == b.word && amount(a) == amount(b)
}

pub(super) fn overlaps(
    look: &Look<'_>,
    decision: &Decision,
    found: &Found,
    analysis: &Analysis<'_>,
    report: &mut Report,
) {
    let mut ordered: Vec<(Text, Text)> = Vec::new();
    for ((earlier, later), only_edges) in &found.together {
        if found.taken.get(*later) == Some(&false) {
            continue;
        }
        let Some((upper, lower)) = decision.cases.get(*earlier).zip(decision.cases.get(*later)) else {
            continue;
        };
        if same_result(upper, lower, analysis) {
            continue;
        }
        let (first, second) = (&upper.word, &lower.word);
        // A line that only one of the two draws is no border between them: 余额 = 0 beside a word.
        let shared = *only_edges
            && upper.when.zip(lower.when).is_some_and(|(a, b)| {
                let own = inclusive_borders(a, analysis);
                inclusive_borders(b, analysis).iter().any(|border| own.contains(border))
            });
        if !shared {
            ordered.push((called(look, decision, *earlier), called(look, decision, *later)));
            continue;
        }
        report.push(
            Diagnostic::warning(
                "class-overlap",
                Text::new(
                    format!("正好在线上时“{first}”和“{second}”两条都合"),
                    format!("exactly on the edge both `{first}` and `{second}` fit"),
                ),
            )
            .at(lower.place)
            .also(upper.place, Text::new("先取这一条", "this one is taken"))
            .why(Text::new(
                "线上的人归哪一类，读的人和算的人会看得不一样",
                "readers and the computation can differ on which class the edge belongs to",
            ))
            .quoting(look.quote_at(lower.place))
            .next(Text::new(
                "只让一条含这条线：一边写 ≤（≥），另一边写 >（<）",
                "let only one case include the edge: ≤ (≥) on one side, > (<) on the other",
            )),
        );
    }
    if !ordered.is_empty() {
        let zh: Vec<String> = ordered.iter().map(|(first, second)| format!("{}>{}", first.zh, second.zh)).collect();
        let en: Vec<String> = ordered.iter().map(|(first, second)| format!("{} > {}", first.en, second.en)).collect();
        let (zh, en) = (zh.join("，"), en.join(", "));
        report.push(first_is_taken(&zh, &en).at(decision.place).quoting(look.quote(decision.clause.as_deref())));
    }
}

/// Cases that overlap, as `A>B`: the upper one is taken.
pub(super) fn first_is_taken(zh: &str, en: &str) -> Diagnostic {
    Diagnostic::note(
        "case-order-matters",
        Text::new(
            format!("有的情形会同时合，按先后取：{zh}"),
            format!("some cases can fit together and the first is taken: {en}"),
        ),
    )
    .why(Text::new("这些情形换个次序，结果就不一样", "in another order the results differ"))
    .next(Text::new(
        "对照条款看次序对不对；对就不用改",
        "see whether the order is what the clause means; if so, leave it",
    ))
}

/// Listed words that no case names: only 否则 catches them.
pub(super) fn only_otherwise(
    look: &Look<'_>,
    decision: &Decision,
    classes: &Classes<'_, '_>,
    found: &Found,
    report: &mut Report,
) {
    let Some(otherwise) = decision.cases.iter().find(|case| case.when.is_none()) else {
        return;
    };
    let program = &look.standard.program;
    for axis in classes.axes.iter().filter(|axis| axis.is_word) {
        let Some(Kind::Word(list)) = program.node(axis.node).map(|node| &node.kind) else {
            continue;
        };
        let Some(list) = program.word_lists.get(list.0 as usize) else {
            continue;
        };
        let caught = found.caught.get(&axis.node);
        let missed: Vec<&str> = (0i64..)
            .zip(&list.words)
            .filter(|(at, _)| caught.is_none_or(|caught| !caught.contains(&Exact::whole(*at))))
            .map(|(_, (word, _))| word.as_str())
            .collect();
        if missed.is_empty() || list.open {
            continue;
        }
        let (zh, en) = listed(&missed);
        report.push(
            Diagnostic::note(
                "word-only-otherwise",
                Text::new(
                    format!("{zh} 没有一条情形提到，只落在“否则”里"),
                    format!("{en} are named by no case and fall to 否则 only"),
                ),
            )
            .at(otherwise.place)
            .why(Text::new(
                "可能是有意的，也可能是漏了一类人",
                "this may be meant, or a class of people may be forgotten",
            ))
            .quoting(look.quote_at(otherwise.place))
            .next(Text::new("对照条款看一看；有意的就不用改", "compare with the clause; if it is meant, leave it")),
        );
    }
}
