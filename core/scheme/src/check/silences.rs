//! What a scheme has to say and does not: rounding, ties, missing figures, how endless
//! figures are printed, which round counts.

use super::{
    look::{Look, Named, clauses_of, gathered, is_chosen},
    visit,
};
use crate::{
    compile::months_of,
    model::{Input, Scheme},
    read::SchemeText,
};
use alloc::{collections::BTreeSet, format, vec::Vec};
use kaoping_program::{Op, Program, RowsetSpec, StepMode};
use kaoping_syntax::ast::{Expr, ExprKind, RoundingChoice, SettingKind};
use kaoping_terms::{Diagnostic, Place, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    partial_steps(look, report);
    for (at, text, scheme) in look.schemes() {
        if text.items.is_empty() {
            continue;
        }
        rounding(text, report);
        if at == 0 {
            ties(look, text, scheme, report);
            missing(text, report);
            display(look, text, report);
            official_round(look, text, scheme, report);
        }
        award_ties(look, text, scheme, report);
        grade_ties(scheme, report);
    }
    periods(look, report);
}

/// Words of a clause that say what a part of a step counts.
const PARTIAL: [&str; 5] = ["整", "不足", "每满", "不满", "按比例"];

/// 整步 written straight into a formula although the clause does not say what 0.9 of a step is.
fn partial_steps(look: &Look<'_>, report: &mut Report) {
    for statement in visit::statements(look.policy) {
        if is_chosen(statement.authority) || is_chosen(statement.above) {
            continue;
        }
        let clauses = clauses_of(statement.authority).chain(clauses_of(statement.above));
        let clauses: Vec<_> = clauses.filter_map(|clause| look.policy.clauses.find(clause)).collect();
        if clauses.is_empty() || clauses.iter().any(|clause| PARTIAL.iter().any(|word| clause.text.contains(word))) {
            continue;
        }
        let mut found: Vec<Place> = Vec::new();
        let mut chosen = false;
        for expr in &statement.expressions {
            visit::inside(expr, &mut |expr| {
                chosen |= is_chosen(&expr.authority);
                found.extend(whole_steps(expr));
            });
        }
        let quote = look.quote_of(statement.authority).or_else(|| look.quote_of(statement.above));
        for place in found.into_iter().filter(|_| !chosen) {
            let finding = Diagnostic::note(
                "partial-step-undecided",
                Text::new(
                    "条款没有说不足一步怎么算，这里按整步算",
                    "the clause does not say what a part of a step counts; here only whole steps do",
                ),
            );
            report.push(
                finding
                    .at(place)
                    .why(Text::new(
                        "“每低 1 个百分点扣 1 分”，低 0.9 个百分点扣不扣，各地办法说法不一",
                        "\"one point for each per cent below\": whether 0.9 below costs anything differs between regulations",
                    ))
                    .quoting(quote.clone())
                    .next(Text::new(
                        "在这一行写 选择 \"不足一步不算：理由\"，或写成有名的 选择：整步 | 按比例 | 进一步",
                        "write 选择 \"why\" behind the line, or a named 选择: 整步 | 按比例 | 进一步",
                    )),
            );
        }
    }
}

/// The 整步 of a count of steps.
fn whole_steps(expr: &Expr) -> Option<Place> {
    let ExprKind::Call(call) = &expr.kind else {
        return None;
    };
    let [_, _, mode] = call.arguments.as_slice() else {
        return None;
    };
    match &mode.kind {
        ExprKind::Name(path) => match path.as_slice() {
            [word] if matches!(word.text.as_str(), "整步" | "whole") => Some(word.place),
            _ => None,
        },
        _ => None,
    }
}

fn rounding(text: &SchemeText, report: &mut Report) {
    let declared = text.scheme.settings.iter().any(|setting| {
        matches!(setting.kind, SettingKind::RoundItems(_) | SettingKind::RoundBlocks(_) | SettingKind::RoundTotal(_))
    });
    if declared {
        return;
    }
    let name = &text.scheme.name.text;
    let finding = Diagnostic::error(
        "rounding-undeclared",
        Text::new(format!("“{name}”没有写取整"), format!("`{name}` does not say how scores are rounded")),
    );
    report.push(
        finding
            .at(text.scheme.name.place)
            .why(Text::new(
                "2.345 分记成 2.34 还是 2.35，名次可能就不同；没有默认的取法",
                "whether 2.345 counts as 2.34 or 2.35 can change places; there is no default",
            ))
            .next(Text::new(
                "写：每项取到 0.01 分 四舍五入（或五成双、去尾、进一），或：每项取到 不取整",
                "write: 每项取到 0.01 分 四舍五入 (or 五成双, 去尾, 进一), or: 每项取到 不取整",
            )),
    );
}

fn ties(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let ranking = text.scheme.settings.iter().find(|setting| matches!(setting.kind, SettingKind::Ranking { .. }));
    let Some(ranking) = ranking.filter(|_| scheme.ties.is_none()) else {
        return;
    };
    report.push(
        Diagnostic::warning(
            "ties-undeclared",
            Text::new("名次没有写并列怎么排", "the ranking does not say how equal units share places"),
        )
        .at(ranking.place)
        .why(Text::new(
            "两个单位同分时，后一名是第三还是第二，影响前几名的奖",
            "after two equal units the next is third or second, which decides awards",
        ))
        .quoting(look.quote_of(&ranking.authority))
        .next(Text::new(
            "写 并列占位（1、2、2、4）或 并列不占位（1、2、2、3）",
            "write 并列占位 (1, 2, 2, 4) or 并列不占位 (1, 2, 2, 3)",
        )),
    );
}

fn award_ties(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let silent = scheme
        .awards
        .iter()
        .filter(|award| matches!(award.rule, crate::model::AwardRule::Places { .. }) && !award.ties_declared);
    let silent = silent.map(|award| {
        let written = text.awards.iter().find(|written| written.it.name.text == award.name);
        let place = written.map_or(award.place, |written| written.it.name.place);
        Named { name: &award.name, place, quote: look.quote(award.clause.as_deref()) }
    });
    gathered(silent.collect(), report, |names| {
        Diagnostic::warning(
            "ties-undeclared",
            Text::new(
                format!("{}没有写末位并列怎么取", names.zh),
                format!("what happens when the last place is shared is not said: {}", names.en),
            ),
        )
        .why(Text::new(
            "例如取前三名，第三名却有两个单位：两个都取还是都不取，原文没有说",
            "with two units on the third of three places, the text does not say whether both win",
        ))
        .next(Text::new("写 末位并列 全取、全舍 或 人工", "write 末位并列 全取, 全舍 or 人工"))
    });
}

/// A grade with a limited share, and no word about those who share its last place.
fn grade_ties(scheme: &Scheme, report: &mut Report) {
    let bands = scheme.grades.iter().flat_map(|grades| &grades.bands);
    for band in bands.filter(|band| band.share.is_some() && !band.ties_declared) {
        report.push(
            Diagnostic::warning(
                "ties-undeclared",
                Text::new(
                    format!("等次“{}”有名额限制，没有写末位并列怎么取", band.name),
                    format!("the grade `{}` is limited, and a shared last place is not provided for", band.name),
                ),
            )
            .at(band.place)
            .why(Text::new(
                "例如名额剩一个，有两家同分：两家都取还是都不取，原文没有说；这里按都不取算",
                "with one place left and two equal units the text does not say whether both get it; here neither does",
            ))
            .next(Text::new("写 末位并列 全取、全舍 或 人工", "write 末位并列 全取, 全舍 or 人工")),
        );
    }
}

fn missing(text: &SchemeText, report: &mut Report) {
    if text.scheme.settings.iter().any(|setting| matches!(setting.kind, SettingKind::Missing(_))) {
        return;
    }
    report.push(
        Diagnostic::warning(
            "missing-undeclared",
            Text::new("没有写未报的怎么办", "what holds for figures not reported is not declared"),
        )
        .at(text.scheme.name.place)
        .why(Text::new(
            "没报和报了零不是一回事；不写，就分不清是零分还是等着补",
            "not reported is not zero; without a word it is unclear whether to score zero or to wait",
        ))
        .next(Text::new("写：未报 暂缺（或 零分、最低、退回）", "write: 未报 暂缺 (or 零分, 最低, 退回)")),
    );
}

/// Without rounding a third of a point has no last digit.
fn display(look: &Look<'_>, text: &SchemeText, report: &mut Report) {
    let settings = &text.scheme.settings;
    let exact = settings.iter().find(|setting| matches!(setting.kind, SettingKind::RoundItems(RoundingChoice::None)));
    let Some(exact) = exact else { return };
    let said = settings.iter().any(|setting| {
        matches!(
            setting.kind,
            SettingKind::Display(_)
                | SettingKind::RoundTotal(RoundingChoice::To(..))
                | SettingKind::RoundBlocks(RoundingChoice::To(..))
        )
    });
    let program = &look.standard.program;
    let endless = program.nodes.iter().any(|node| match &node.op {
        Op::Div(_, divisor) => !matches!(program.node(*divisor).map(|node| &node.op), Some(Op::Const(_))),
        Op::Steps { mode, .. } => *mode == StepMode::Proportional,
        _ => false,
    });
    if said || !endless {
        return;
    }
    report.push(
        Diagnostic::warning(
            "display-undeclared",
            Text::new(
                "不取整，又没有写除不尽的数怎么印",
                "nothing is rounded and how endless figures are printed is not declared",
            ),
        )
        .at(exact.place)
        .why(Text::new(
            "1 ÷ 3 分印不完；通报上印几位、怎么舍，要写明",
            "a third of a point cannot be printed in full; the circular needs a number of digits",
        ))
        .next(Text::new(
            "写：显示到 0.01 分 四舍五入（只管怎么印，不改得分）",
            "write: 显示到 0.01 分 四舍五入 (printing only; scores stay exact)",
        )),
    );
}

/// Figures asked for each month or quarter, and nothing says of which months of the year.
fn periods(look: &Look<'_>, report: &mut Report) {
    let standard = look.standard;
    let Some(scheme) = standard.schemes.first().filter(|scheme| scheme.period.is_none()) else {
        return;
    };
    let program = &standard.program;
    let mut seen = BTreeSet::new();
    let items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let inputs = items.flat_map(|item| &item.inputs);
    let untold = inputs.filter(|input| {
        cadence(program, input).is_some_and(|months| !rounds_tell(scheme, months)) && !stands_in(program, input)
    });
    // Items that share a rule share its inputs: one line is one silence.
    let places = untold.filter_map(|input| {
        let place = program.node(input.given)?.origin.place?;
        seen.insert((place.file, place.start)).then_some((input, place))
    });
    let silent = places.map(|(input, place)| Named { name: &input.name, place, quote: look.quote_at(place) });
    gathered(silent.collect(), report, |names| {
        Diagnostic::note(
            "periods-undeclared",
            Text::new(
                format!("{}要一期一期地报，方案没有写适用期，应报到哪一期说不清", names.zh),
                format!("asked for period by period, with no 适用期 to say which is the last: {}", names.en),
            ),
        )
        .why(Text::new(
            "没有写的，只算到有单位报了的最后一期：年底那几期谁都不报，就谁也不欠",
            "only the periods up to the last one that any unit reported are due: what nobody reports nobody owes",
        ))
        .next(Text::new(
            "方案写：适用期 2024-01-01 至 2024-12-31；没发生可以不报的，在读入后写 缺则 0 次",
            "write below the scheme: 适用期 2024-01-01 至 2024-12-31; or, where nothing may go unreported, 缺则 0 behind the input",
        ))
    });
}

/// How many months the periods of an input last; none where it has none, or none agreed.
fn cadence(program: &Program, input: &Input) -> Option<u8> {
    match program.rowsets.get(input.rows?.0 as usize)? {
        RowsetSpec::Periods { months, .. } => Some(*months).filter(|months| *months > 0),
        _ => None,
    }
}

/// Whether every round is as short as the period or shorter, so that the part that is scored
/// says which period is meant.
fn rounds_tell(scheme: &Scheme, months: u8) -> bool {
    let rounds = &scheme.rounds.rounds;
    let short = |often: &str| (1..=months).contains(&months_of(often));
    !rounds.is_empty() && rounds.iter().all(|(_, _, often)| often.as_deref().is_some_and(short))
}

/// Whether a constant stands in for a figure that is not there, so that none is owed.
fn stands_in(program: &Program, input: &Input) -> bool {
    let mut node = input.given;
    while let Some(Op::IfMissing(first, second)) = program.node(node).map(|node| &node.op) {
        if matches!(program.node(*second).map(|node| &node.op), Some(Op::Const(_))) {
            return true;
        }
        node = *first;
    }
    false
}

fn official_round(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let rounds = &scheme.rounds;
    let Some(written) = text.rounds.first().filter(|_| rounds.rounds.len() > 1 && rounds.official.is_none()) else {
        return;
    };
    report.push(
        Diagnostic::warning(
            "official-round-undeclared",
            Text::new("有几轮，没有写以哪一轮为准", "there are several rounds and none is the official one"),
        )
        .at(written.place)
        .why(Text::new(
            "各轮的分并排留着，排名评奖用哪一轮要写明",
            "all rounds are kept; which one decides ranks and awards has to be said",
        ))
        .quoting(look.quote_of(&written.authority))
        .next(Text::new("写：正式 = 某一轮", "write: 正式 = the round")),
    );
}
