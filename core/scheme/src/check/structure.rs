//! Blocks without items, items without a rule, figures that cannot be read, choices nobody uses.

use super::{
    look::{Look, Named, equation, gathered, listed},
    visit,
};
use crate::{
    model::Item,
    read::{ItemText, SchemeText},
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{BodyKind, BodyLine, LiteralNumber, SettingKind};
use kaoping_terms::{Diagnostic, Exact, Report, Text, nearest::nearest};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    empty_blocks(look, report);
    items_without_rule(look, report);
    unreadable_figures(look, report);
    unused_choices(look, report);
    peer_groups(look, report);
}

/// Attributes every list of units has.
const GIVEN: [&str; 10] = ["类别", "kind", "分组", "group", "单位", "unit", "名称", "name", "上级", "parent"];

/// 同组 by something that units do not have: all units would then be one group.
fn peer_groups(look: &Look<'_>, report: &mut Report) {
    for setting in look.policy.schemes.iter().flat_map(|scheme| &scheme.scheme.settings) {
        let SettingKind::PeerGroup(name) = &setting.kind else {
            continue;
        };
        let word = name.text.as_str();
        let declared = &look.policy.attributes;
        if GIVEN.contains(&word) || declared.iter().any(|attribute| crate::read::is_called(&attribute.it.name, word)) {
            continue;
        }
        let names = declared.iter().map(|attribute| attribute.it.name.name.text.as_str());
        let next = match nearest(word, names.chain(["类别", "分组"])) {
            Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
            None => Text::new(
                format!("先写：属性 {word} : 甲类 | 乙类；或改用 类别"),
                format!("declare it: 属性 {word} : 甲类 | 乙类; or group by 类别"),
            ),
        };
        let finding = Diagnostic::error(
            "unknown-attribute",
            Text::new(format!("没有“{word}”这个属性"), format!("units have no attribute `{word}`")),
        );
        report.push(
            finding
                .at(name.place)
                .why(Text::new(
                    "分不了组，所有单位就排在一起：名次、等次、奖都不对",
                    "without it no groups are made, and all units are ranked, graded and awarded together",
                ))
                .quoting(look.quote_of(&setting.authority))
                .next(next),
        );
    }
}

fn empty_blocks(look: &Look<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        for (block, made) in text.blocks.iter().zip(&scheme.blocks) {
            if !made.items.is_empty() {
                continue;
            }
            let name = &made.name;
            let finding = Diagnostic::error(
                "block-empty",
                Text::new(format!("块“{name}”下面一项也没有"), format!("block `{name}` has no items")),
            );
            report.push(
                finding
                    .at(block.it.name.name.place)
                    .why(Text::new(
                        "没有项，这块分就没有人能得，也没有人能扣",
                        "without items nobody can earn the points of the block",
                    ))
                    .quoting(look.quote_of(&block.authority))
                    .next(Text::new("在它下面写 项，或删去这一块", "write its items below it, or remove the block")),
            );
        }
    }
}

/// Whether nothing says how an item is scored. What could not be read was reported already.
pub(super) fn is_without_rule(look: &Look<'_>, text: &SchemeText, item: &ItemText, made: &Item) -> bool {
    let default = text.scheme.settings.iter().any(|setting| matches!(setting.kind, SettingKind::DefaultRule(_)));
    let says = item.item.body.iter().any(|line| {
        let by = matches!(&line.kind, BodyKind::By { rule, .. } if !rule.text.is_empty() || default);
        by || matches!(line.kind, BodyKind::Score(_) | BodyKind::Adjust(_) | BodyKind::SubScheme(_))
    });
    !says && !is_broken(look, item) && made.rule.is_none() && made.sub_scheme.is_none() && !(item.from_table && default)
}

fn items_without_rule(look: &Look<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        let pairs = text.items.iter().zip(&scheme.items);
        let silent = pairs.filter(|(item, made)| is_without_rule(look, text, item, made));
        let silent = silent.map(|(item, made)| Named {
            name: &made.name,
            place: item.item.name.name.place,
            quote: look.quote_of(&item.authority),
        });
        gathered(silent.collect(), report, |names| {
            Diagnostic::error(
                "item-without-rule",
                Text::new(format!("{}没有写怎么计分", names.zh), format!("how {} is scored is not written", names.en)),
            )
            .why(Text::new(
                "只有分值、没有计分办法，就谁也算不出得分",
                "points without a rule cannot be scored by anyone",
            ))
            .next(Text::new(
                "写 按 某条规则，或写 得 …、扣 每 …、子方案 …",
                "name a rule (按 …), or write 得 …, 扣 每 … or 子方案 …",
            ))
        });
    }
}

/// Whether the text below an item has a line that should score it but could not be read: that
/// was reported where it stands.
fn is_broken(look: &Look<'_>, item: &ItemText) -> bool {
    const OPENINGS: [&str; 12] =
        ["得", "扣", "加", "按", "子方案", "score", "deduct", "add", "by", "subscheme", "当", "档"];
    let file = look.policy.sources.file(item.place.file);
    let below = file.and_then(|file| file.text.get(item.place.start as usize..)).unwrap_or("");
    let lines = below.lines().skip(1).take_while(|line| line.starts_with([' ', '\t', '　']) || line.trim().is_empty());
    !item.from_table && lines.map(str::trim_start).any(|line| OPENINGS.iter().any(|opening| line.starts_with(opening)))
}

fn unreadable_figures(look: &Look<'_>, report: &mut Report) {
    for statement in visit::statements(look.policy) {
        let mut figures = statement.figures;
        for expr in statement.expressions {
            visit::inside(expr, &mut |expr| {
                if let kaoping_syntax::ast::ExprKind::Literal(figure) = &expr.kind {
                    figures.push(figure);
                }
            });
        }
        for figure in figures {
            let LiteralNumber::Unreadable(characters) = &figure.number else {
                continue;
            };
            let mut finding = Diagnostic::error(
                "figure-unreadable",
                Text::new(
                    format!("来源里的数“{characters}”认不出是多少"),
                    format!("the figure \"{characters}\" of the source cannot be read"),
                ),
            )
            .at(figure.place)
            .why(match award_sum(look, figure.place) {
                // No score rests on the number of awards.
                Some(_) => Text::new(
                    "认不出的数不猜：分照算，奖照评，可是设几个奖对不对，核对不了",
                    "a figure that cannot be read is not guessed; scores and awards do not rest on it, but whether the awards are all there cannot be checked",
                ),
                None => Text::new(
                    "认不出的数不猜：用到它的分都算不出来",
                    "a figure that cannot be read is not guessed; nothing that uses it can be computed",
                ),
            })
            .quoting(look.quote_of(statement.authority).or_else(|| look.quote_of(statement.above)))
            .next(Text::new(
                "查原件，写上准数；若是自己定的，再写一条 更正 和 选择",
                "look it up in the original; if you decide it yourself, record a 更正 and a 选择",
            ));
            if let Some(sum) = award_sum(look, figure.place) {
                finding = finding.label(sum);
            }
            report.push(finding);
        }
    }
}

/// What the listed awards add up to, where the declared number of awards cannot be read.
fn award_sum(look: &Look<'_>, place: kaoping_terms::Place) -> Option<Text> {
    let (_, text, scheme) =
        look.schemes().find(|(_, text, _)| text.award_counts.iter().any(|count| count.it.count.place == place))?;
    let count = text.award_counts.iter().find(|count| count.it.count.place == place)?;
    let places = super::awards::listed_places(scheme, &count.it.awards);
    let sum = Exact::sum(places.iter());
    let parts: Vec<String> = places.iter().map(ToString::to_string).collect();
    let label = equation(&parts, "=", &sum.to_string());
    Some(Text::new(format!("所列各奖 {label}"), format!("the awards listed give {label}")))
}

/// A choice that no expression of its rule uses decides nothing.
fn unused_choices(look: &Look<'_>, report: &mut Report) {
    let bodies = look.policy.rules.iter().map(|part| part.it.body.as_slice());
    let bodies = bodies.chain(look.policy.decisions.iter().map(|part| part.it.body.as_slice()));
    let items = look.policy.schemes.iter().flat_map(|scheme| &scheme.items);
    for body in bodies.chain(items.map(|item| item.item.body.as_slice())) {
        let used = names_used(body);
        for line in body {
            let BodyKind::Choice(choice) = &line.kind else {
                continue;
            };
            let alias = choice.name.alias.as_ref().map(|alias| alias.text.as_str());
            let name = choice.name.name.text.as_str();
            if used.contains_key(name) || alias.is_some_and(|alias| used.contains_key(alias)) {
                continue;
            }
            let words: Vec<&str> = choice.words.iter().map(|word| word.text.as_str()).collect();
            let (zh, en) = listed(&words);
            let finding = Diagnostic::warning(
                "choice-unused",
                Text::new(format!("选择“{name}”没有用到"), format!("the choice `{name}` is not used")),
            );
            report.push(
                finding
                    .at(choice.name.name.place)
                    .why(Text::new(
                        format!("不管选 {zh} 中的哪一个，得分都一样；看的人会以为已经按它算了"),
                        format!("whichever of {en} is chosen, the score is the same; readers would think it counts"),
                    ))
                    .next(Text::new(
                        format!("在算式里用上“{name}”，或删去这个选择"),
                        format!("use `{name}` in the formula, or remove the choice"),
                    )),
            );
        }
    }
}

fn names_used(body: &[BodyLine]) -> BTreeMap<&str, ()> {
    let mut used = BTreeMap::new();
    for line in body {
        for expr in visit::line_parts(&line.kind).0 {
            used.extend(visit::names(expr).into_iter().map(|name| (name.text.as_str(), ())));
        }
    }
    used
}
