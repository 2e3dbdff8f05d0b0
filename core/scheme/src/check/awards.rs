//! Awards against their number, their points and each other.

use super::{
    look::{Look, Named, equation, gathered, listed},
    visit,
};
use crate::{
    model::{Award, AwardRule, Scheme},
    read::SchemeText,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{self, Expr, ExprKind, Name, SettingKind};
use kaoping_terms::{Diagnostic, Exact, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        counts(look, text, scheme, report);
        shared_points(look, text, report);
        without_points(look, text, scheme, report);
        points_without(look, text, scheme, report);
        exclusion(look, text, scheme, report);
        first_of_several(look, text, report);
        for_every_lead(look, text, scheme, report);
        missed_targets(look, text, scheme, report);
        empty_places(look, text, report);
        overlapping_places(look, text, report);
    }
}

/// First and last place of an award taken from the top, where they can be read.
fn top_places(how: &ast::AwardRule) -> Option<(Exact, Exact)> {
    let number = |figure| super::look::number(figure).cloned();
    match how {
        ast::AwardRule::First { count, .. } => Some((Exact::one(), number(count)?)),
        ast::AwardRule::Between { from, to, .. } => Some((number(from)?, number(to)?)),
        _ => None,
    }
}

/// 第 3 至 2 名: nobody.
fn empty_places(look: &Look<'_>, text: &SchemeText, report: &mut Report) {
    for award in &text.awards {
        let ast::AwardRule::Between { from, to, .. } = &award.it.how else {
            continue;
        };
        let Some((first, last)) = top_places(&award.it.how).filter(|(first, last)| first > last) else {
            continue;
        };
        let name = &award.it.name.text;
        let finding = Diagnostic::error(
            "award-places-empty",
            Text::new(
                format!("“{name}”取第 {first} 至 {last} 名，一个也取不到"),
                format!("`{name}` takes places {first} to {last}, which are none"),
            ),
        );
        report.push(
            finding
                .at(from.place.to(to.place))
                .why(Text::new(
                    "名次从小到大写；倒着写，这个奖谁也得不到",
                    "places go upwards; written backwards nobody wins",
                ))
                .quoting(look.quote_of(&award.authority))
                .next(Text::new(
                    format!("写 取 第 {last} 至 {first} 名；从后面数的写 取 末 n 名"),
                    format!("write 取 第 {last} 至 {first} 名; to count from the bottom write 取 末 n 名"),
                )),
        );
    }
}

/// 一等奖 取 前 2 名 and 二等奖 取 第 2 至 3 名: the second wins both.
fn overlapping_places(look: &Look<'_>, text: &SchemeText, report: &mut Report) {
    for (at, award) in text.awards.iter().enumerate() {
        for earlier in text.awards.iter().take(at) {
            let (one, two) = (&earlier.it, &award.it);
            // Two that count from the first on are for the same points, which is said elsewhere.
            let in_steps = [one, two].iter().any(|award| matches!(award.how, ast::AwardRule::Between { .. }));
            let alike = by_name(&one.how).is_some_and(|name| by_name(&two.how) == Some(name))
                && one.per_group == two.per_group
                && [one, two].iter().all(|award| award.filter.is_none() && award.excluding.is_empty());
            let (Some((from, to)), Some((next_from, next_to))) = (top_places(&one.how), top_places(&two.how)) else {
                continue;
            };
            let (first, last) = (from.max(next_from), to.min(next_to));
            if !in_steps || !alike || first > last {
                continue;
            }
            let finding = Diagnostic::warning(
                "award-places-overlap",
                Text::new(
                    format!("“{}”和“{}”都取第 {first} 名", one.name.text, two.name.text),
                    format!("`{}` and `{}` both take place {first}", one.name.text, two.name.text),
                ),
            );
            report.push(
                finding
                    .at(two.name.place)
                    .also(one.name.place, Text::new("也取这一名", "takes that place too"))
                    .why(Text::new(
                        "同一个名次得两个奖，多半是起止名次写错了一位",
                        "one place wins both, mostly because a first or last place is off by one",
                    ))
                    .quoting(look.quote_of(&award.authority))
                    .next(Text::new(
                        "把后一个奖的起始名次往后移，或写 除 前一个奖",
                        "let the later award begin one place later, or leave out winners with 除",
                    )),
            );
        }
    }
}

fn is_total(name: &str) -> bool {
    matches!(name, "总分" | "total")
}

/// What an award is taken by.
fn by(how: &ast::AwardRule) -> Option<&Expr> {
    match how {
        ast::AwardRule::First { by, .. } | ast::AwardRule::Last { by, .. } | ast::AwardRule::Between { by, .. } => {
            Some(by)
        }
        _ => None,
    }
}

/// The single name an award is taken by.
fn by_name(how: &ast::AwardRule) -> Option<&str> {
    match &by(how)?.kind {
        ExprKind::Name(path) => match path.as_slice() {
            [name] => Some(name.text.as_str()),
            _ => None,
        },
        _ => None,
    }
}

/// How many places each of the listed awards has.
pub(super) fn listed_places(scheme: &Scheme, names: &[Name]) -> Vec<Exact> {
    let found = names.iter().filter_map(|name| scheme.awards.iter().find(|award| award.name == name.text));
    found.filter_map(places).map(|places| Exact::whole(i64::try_from(places).unwrap_or(i64::MAX))).collect()
}

fn places(award: &Award) -> Option<usize> {
    match &award.rule {
        AwardRule::Places { from, to, .. } => Some((to + 1).saturating_sub(*from)),
        AwardRule::Judged { at_most, .. } => Some(*at_most),
        AwardRule::Everyone | AwardRule::Unreadable => None,
    }
}

fn counts(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    for count in &text.award_counts {
        let Some(declared) = super::look::number(&count.it.count) else {
            continue;
        };
        let places = listed_places(scheme, &count.it.awards);
        let sum = Exact::sum(&places);
        if sum == *declared || places.len() != count.it.awards.len() {
            continue;
        }
        let parts: Vec<String> = places.iter().map(ToString::to_string).collect();
        let finding = Diagnostic::error(
            "award-count-mismatch",
            Text::new(
                format!("合计奖数写的是 {declared} 个，所列各奖加起来是 {sum} 个"),
                format!("{declared} award places are declared, the awards listed have {sum}"),
            ),
        );
        report.push(
            finding
                .at(count.it.count.place)
                .label(Text::same(equation(&parts, "=", &sum.to_string())))
                .why(Text::new(
                    "发几个奖，总数和清单说的不一样",
                    "the total and the list do not agree on how many awards there are",
                ))
                .quoting(look.quote_of(&count.authority))
                .next(Text::new("改合计数，或改某个奖的名额", "change the number, or the places of an award")),
        );
    }
}

/// Awards for different work that are taken by the very same points.
fn shared_points(look: &Look<'_>, text: &SchemeText, report: &mut Report) {
    let mut by_points: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, award) in text.awards.iter().enumerate() {
        let top = matches!(award.it.how, ast::AwardRule::First { .. });
        if let Some(name) = by_name(&award.it.how).filter(|name| !is_total(name) && top && award.it.filter.is_none()) {
            by_points.entry(name).or_default().push(at);
        }
    }
    for (points, awards) in by_points.into_iter().filter(|(_, awards)| awards.len() > 1) {
        let all: Vec<_> = awards.iter().filter_map(|at| text.awards.get(*at)).collect();
        // Where one leaves out the winners of the other, each goes to another unit.
        let leaves_out =
            |a: &ast::Award, b: &ast::Award| a.excluding.iter().any(|excluded| excluded.text == b.name.text);
        let apart = |a: &ast::Award, b: &ast::Award| leaves_out(a, b) || leaves_out(b, a);
        let shares = |award: &ast::Award| all.iter().any(|other| other.it != *award && !apart(award, &other.it));
        let found: Vec<_> = all.iter().filter(|award| shares(&award.it)).copied().collect();
        let Some(last) = found.last() else { continue };
        let names: Vec<&str> = found.iter().map(|award| award.it.name.text.as_str()).collect();
        let (zh, en) = listed(&names);
        let mut finding = Diagnostic::warning(
            "award-shares-points",
            Text::new(format!("{zh}都按“{points}”取"), format!("{en} are all taken by `{points}`")),
        )
        .at(last.it.name.place)
        .why(Text::new(
            "几个奖看的是同一块分，得主总是同一个，分不出各自的工作",
            "with the same points the same unit wins them all, whatever each award is for",
        ))
        .quoting(look.quote_of(&last.authority))
        .next(Text::new(
            "给每个奖定它自己的项（用 设 把有关的项加起来），或合成一个奖",
            "give each award its own items (add them up with 设), or make it one award",
        ));
        for other in found.iter().take(found.len() - 1) {
            finding =
                finding.also(other.it.name.place, Text::new(format!("也按“{points}”"), format!("also by `{points}`")));
        }
        report.push(finding);
    }
}

fn without_points(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    for award in &text.awards {
        let Some(name) = by_name(&award.it.how) else {
            continue;
        };
        let item = scheme.items.iter().find(|item| item.name == name || item.alias.as_deref() == Some(name));
        let block = scheme.blocks.iter().find(|block| block.name == name);
        let empty = match (item, block) {
            (Some(item), _) => !item.has_points() && !item.is_substitute,
            (_, Some(block)) => {
                let items = block.items.iter().filter_map(|item| scheme.items.get(*item));
                block.points.is_none() && block.unreadable.is_none() && items.into_iter().all(|item| !item.has_points())
            }
            _ => false,
        };
        if !empty {
            continue;
        }
        let own = &award.it.name.text;
        let finding = Diagnostic::warning(
            "award-without-points",
            Text::new(
                format!("“{own}”按“{name}”取，而“{name}”没有分值"),
                format!("`{own}` is taken by `{name}`, which has no points"),
            ),
        );
        report.push(
            finding
                .at(award.it.name.place)
                .why(Text::new(
                    "没有分值，大家都是零或只有扣分，比不出先进",
                    "without points all have nothing or only deductions, so nobody can be best",
                ))
                .quoting(look.quote_of(&award.authority))
                .next(Text::new("给它分值，或改按别的分取", "give it points, or take the award by other points")),
        );
    }
}

/// Every name an award's points lead to, through 设 as well.
fn reached<'a>(expr: &'a Expr, text: &'a SchemeText, seen: &mut BTreeSet<&'a str>) {
    for name in visit::names(expr) {
        if !seen.insert(name.text.as_str()) {
            continue;
        }
        let lets = text.scheme.settings.iter().filter_map(|setting| match &setting.kind {
            SettingKind::Let(it) if it.name.name.text == name.text => Some(&it.value),
            _ => None,
        });
        for value in lets {
            reached(value, text, seen);
        }
    }
}

/// Work with points that has no award although most of its kind has one.
fn points_without(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for expr in text.awards.iter().filter_map(|award| by(&award.it.how)) {
        if !matches!(&expr.kind, ExprKind::Name(path) if path.iter().any(|name| is_total(&name.text))) {
            reached(expr, text, &mut named);
        }
    }
    let block_has = |at: usize| {
        scheme.blocks.get(at).is_some_and(|block| {
            let items = block.items.iter().filter_map(|item| scheme.items.get(*item));
            named.contains(block.name.as_str()) || items.into_iter().any(|item| named.contains(item.name.as_str()))
        })
    };
    let blocks: Vec<usize> = (0..scheme.blocks.len())
        .filter(|at| scheme.blocks.get(*at).is_some_and(|block| block.points.is_some() && !block.outside_full_mark))
        .collect();
    let mut missed: Vec<(&str, kaoping_terms::Place, Option<&str>)> = Vec::new();
    if blocks.iter().filter(|at| block_has(**at)).count() * 2 > blocks.len() {
        for block in blocks.iter().filter(|at| !block_has(**at)).filter_map(|at| scheme.blocks.get(*at)) {
            missed.push((&block.name, block.points_place.unwrap_or(block.place), block.clause.as_deref()));
        }
    }
    for block in &scheme.blocks {
        let items: Vec<_> = block.items.iter().filter_map(|item| scheme.items.get(*item)).collect();
        let items: Vec<_> = items.into_iter().filter(|item| item.has_points()).collect();
        if items.iter().filter(|item| named.contains(item.name.as_str())).count() * 2 > items.len() {
            for item in items.iter().filter(|item| !named.contains(item.name.as_str())) {
                missed.push((&item.name, item.points_place.unwrap_or(item.place), item.clause.as_deref()));
            }
        }
    }
    for (name, place, clause) in missed {
        let finding = Diagnostic::note(
            "points-without-award",
            Text::new(format!("“{name}”有分值，没有单项奖"), format!("`{name}` has points but no award")),
        );
        report.push(
            finding
                .at(place)
                .why(Text::new(
                    "同类的工作多数都设了奖，这一项没有，可能是漏了",
                    "most work of its kind has an award, so this one may be forgotten",
                ))
                .quoting(look.quote(clause))
                .next(Text::new("有意的就不用改；漏了的补一个奖", "if it is meant, leave it; else add an award")),
        );
    }
}

/// Single awards beside an overall one, without a word on who may win both.
fn exclusion(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let top = |award: &ast::Award| matches!(award.how, ast::AwardRule::First { .. });
    let overall = text.awards.iter().find(|award| top(&award.it) && by_name(&award.it.how).is_some_and(is_total));
    let Some(overall) = overall else { return };
    let over = &overall.it.name.text;
    let silent = text.awards.iter().filter(|award| {
        let by_part = by_name(&award.it.how).is_some_and(|name| !is_total(name)) && top(&award.it);
        let said = !award.it.excluding.is_empty() || super::look::is_chosen(&award.authority);
        by_part && !said && scheme.awards.len() > 1
    });
    let silent = silent.map(|award| Named {
        name: &award.it.name.text,
        place: award.it.name.place,
        quote: look.quote_of(&award.authority),
    });
    gathered(silent.collect(), report, |names| {
        Diagnostic::warning(
            "award-without-exclusion",
            Text::new(
                format!("{}没有写得了“{over}”的还能不能得", names.zh),
                format!("whether winners of `{over}` may win these too is not said: {}", names.en),
            ),
        )
        .also(overall.it.name.place, Text::new("综合奖在这里", "the overall award"))
        .why(Text::new(
            "总分高的单位多半单项也高；重不重复评，名次顺不顺移，要写明",
            "units high in total are mostly high in parts; whether they win twice has to be said",
        ))
        .next(Text::new(
            format!("不重复的写：除 {over}；可以重复的，写 选择 \"可以兼得\""),
            format!("write 除 {over}, or, where both may be won, 选择 \"both may be won\""),
        ))
    });
}

/// The clause says "the first", the award takes more.
fn first_of_several(look: &Look<'_>, text: &SchemeText, report: &mut Report) {
    for award in &text.awards {
        let ast::AwardRule::First { count, .. } = &award.it.how else {
            continue;
        };
        let Some(number) = super::look::number(count).filter(|number| **number > Exact::one()) else {
            continue;
        };
        let clauses = super::look::clauses_of(&award.authority);
        let first = clauses.filter_map(|clause| look.policy.clauses.find(clause)).find(|clause| {
            let words: String = clause.text.chars().filter(|c| !c.is_whitespace()).collect();
            let single = award_words(&award.it.name.text, &words);
            single.contains("取第一名") && !single.contains("取前")
        });
        let Some(clause) = first else { continue };
        let name = &award.it.name.text;
        let finding = Diagnostic::warning(
            "award-first-of-several",
            Text::new(
                format!("“{name}”取 {number} 个，条款写的是“取第一名”"),
                format!("`{name}` takes {number}, the clause says \"the first\""),
            ),
        );
        report.push(
            finding
                .at(count.place)
                .also(clause.place_of("取第一名").unwrap_or(clause.place), Text::new("取第一名", "takes the first"))
                .why(Text::new(
                    "第一名只有一个，取几个要有一个说法",
                    "there is one first place; how many are taken needs one answer",
                ))
                .quoting(look.quote(Some(&clause.number)))
                .next(Text::new(
                    "改成 取 前 1 名，或写明第二名也取，并记一条 更正",
                    "take 前 1 名, or say that the second wins too and record a 更正",
                )),
        );
    }
}

/// The sentence of a clause that speaks of single awards: from 单项 on, else the whole.
fn award_words<'a>(award: &str, words: &'a str) -> &'a str {
    if award.contains("综合") {
        return words.split("单项").next().unwrap_or(words);
    }
    words
        .find("单项")
        .and_then(|at| words.get(at..))
        .map_or(words, |rest| rest.split('；').next().unwrap_or(rest).split(';').next().unwrap_or(rest))
}

/// As many judged awards as lead units: everybody wins.
fn for_every_lead(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let leads: BTreeSet<&String> = scheme.items.iter().flat_map(|item| &item.lead).collect();
    for award in &scheme.awards {
        let AwardRule::Judged { at_most, .. } = award.rule else {
            continue;
        };
        if leads.len() < 2 || at_most < leads.len() {
            continue;
        }
        let (name, count) = (&award.name, leads.len());
        let written = text.awards.iter().find(|written| written.it.name.text == award.name);
        let finding = Diagnostic::note(
            "award-for-every-lead",
            Text::new(
                format!("“{name}”至多 {at_most} 个，牵头单位一共 {count} 个"),
                format!("`{name}` has {at_most} places, and there are {count} lead units"),
            ),
        );
        report.push(
            finding
                .at(written.map_or(award.place, |written| written.it.name.place))
                .why(Text::new(
                    "奖和牵头单位一样多，等于人人有份，分不出先进",
                    "with as many awards as lead units everyone can win",
                ))
                .quoting(look.quote(award.clause.as_deref()))
                .next(Text::new("有意的就不用改", "if it is meant, leave it")),
        );
    }
}

/// Awards that a unit can win although it missed its target, where another award forbids it.
fn missed_targets(look: &Look<'_>, text: &SchemeText, scheme: &Scheme, report: &mut Report) {
    let asks = |award: &ast::Award| {
        award.filter.as_ref().is_some_and(|filter| {
            visit::names(filter)
                .iter()
                .any(|name| matches!(name.text.as_str(), "全部达标" | "meets_all" | "达标" | "met"))
        })
    };
    if scheme.meets_all.is_none() || !text.awards.iter().any(|award| asks(&award.it)) {
        return;
    }
    let open: Vec<_> = text
        .awards
        .iter()
        .filter(|award| matches!(award.it.how, ast::AwardRule::First { .. }) && !asks(&award.it))
        .collect();
    let Some(first) = open.first() else { return };
    let names: Vec<&str> = open.iter().map(|award| award.it.name.text.as_str()).collect();
    let (zh, en) = listed(&names);
    report.push(
        Diagnostic::note(
            "award-despite-missed-target",
            Text::new(format!("没有完成目标的单位也能得{zh}"), format!("a unit that missed a target can win {en}")),
        )
        .at(first.it.name.place)
        .why(Text::new(
            "别的奖要求全部达标，这些奖没有要求；名次顺移以后，得奖的可能正是没有完成的",
            "another award asks for all targets and these do not; after exclusions a unit that missed can be next",
        ))
        .quoting(look.quote_of(&first.authority))
        .next(Text::new(
            "不许的，写：其中 全部达标；有意的就不用改",
            "to forbid it write 其中 全部达标; if it is meant, leave it",
        )),
    );
}
