//! Why a unit is listed for an award or not, in words.

use crate::{
    lines::Lines,
    result::{AwardReason, AwardResult},
};
use alloc::{
    format,
    string::{String, ToString},
};
use kaoping_scheme::model::{Award, AwardRule, Scheme};
use kaoping_terms::Text;

/// Why a unit is listed for an award (by position) or not.
pub fn award(lines: &Lines<'_>, position: usize, unit: u32) -> Text {
    let Some(scheme) = lines.assessment.scheme(lines.standard) else {
        return Text::default();
    };
    let Some((award, result)) = scheme.awards.get(position).zip(lines.assessment.awards.get(position)) else {
        return Text::default();
    };
    let reason = result.reasons.get(unit as usize).copied().unwrap_or_default();
    let text = words(lines, scheme, award, position, unit, reason);
    let text = with_ties(lines, scheme, award, result, unit, text);
    let list = result.lists.iter().find(|list| list.winners.iter().any(|winner| winner.unit == unit));
    let Some(list) = list else { return text };
    let provisional = list.winners.iter().any(|winner| winner.unit == unit && winner.provisional);
    match (list.open.is_empty(), provisional) {
        (false, _) => {
            let waiting = lines.names(&list.open);
            let (zh, en) = (&text.zh, &text.en);
            Text::new(
                format!("{zh}；暂定，等{}报齐", waiting.zh),
                format!("{en}; provisional until {} has reported", waiting.en),
            )
        }
        (true, true) => Text::new(format!("{}；暂定", text.zh), format!("{}; provisional", text.en)),
        (true, false) => text,
    }
}

/// The place with what broke a tie, where the award goes by what the ranking goes by.
fn with_ties(lines: &Lines<'_>, scheme: &Scheme, award: &Award, result: &AwardResult, unit: u32, text: Text) -> Text {
    let as_ranked = match (&award.rule, scheme.rank_keys.first()) {
        (AwardRule::Places { by, .. }, Some((first, _))) => by == first,
        _ => false,
    };
    let place = |unit: u32| result.reasons.get(unit as usize).and_then(|reason| reason.place());
    let group = |unit: u32| lines.assessment.groups.of.get(unit as usize);
    if !as_ranked || place(unit).is_none() {
        return text;
    }
    // Units that share the place are no matter of breaking ties.
    let beside = |other: u32| {
        place(other).is_some_and(|other| Some(other) != place(unit))
            && (!award.per_group || group(other) == group(unit))
    };
    let mut text = text;
    for tie in lines.ties_among(unit, &beside) {
        text = Text::new(format!("{}；{}", text.zh, tie.zh), format!("{}; {}", text.en, tie.en));
    }
    text
}

fn words(lines: &Lines<'_>, scheme: &Scheme, award: &Award, position: usize, unit: u32, reason: AwardReason) -> Text {
    let by = by(lines, award, position, unit);
    let veto = |at: usize| scheme.vetoes.get(at).map_or(String::new(), |veto| veto.name.clone());
    let other = |at: usize| scheme.awards.get(at).map_or("", |award| award.name.as_str());
    match reason {
        AwardReason::NotAssessed => Text::new("不是被考核单位", "not assessed"),
        AwardReason::Listed { place: Some(place), of } => Text::new(
            format!("{}{of} 个参评单位中{}第 {place} 名", by.zh, from(award).zh),
            format!("{}place {place}{} of {of}", by.en, from(award).en),
        ),
        AwardReason::Listed { place: None, .. } => Text::new("符合条件", "fulfils the condition"),
        AwardReason::ToDecide { place } => Text::new(
            format!("{}并列第 {place} 名，超出名额，待人工决定", by.zh),
            format!("{}shares place {place}, more than there is room for; a person decides", by.en),
        ),
        AwardReason::TieDropped { place } => Text::new(
            format!("{}并列第 {place} 名，末位并列全舍", by.zh),
            format!("{}shares place {place}; none who share the last place win", by.en),
        ),
        AwardReason::Outranked { place, of } => Text::new(
            format!("{}{of} 个参评单位中{}第 {place} 名，没有进入名额", by.zh, from(award).zh),
            format!("{}place {place}{} of {of}, outside the places given", by.en, from(award).en),
        ),
        AwardReason::NotEligible => not_eligible(lines, award.eligible, unit),
        AwardReason::Barred { veto: at } => {
            let missed = missed_below(lines, scheme.vetoes.get(at).map(|veto| veto.when), unit);
            Text::new(
                format!("被“{}”取消资格{}", veto(at), missed.zh),
                format!("barred by `{}`{}", veto(at), missed.en),
            )
        }
        AwardReason::VetoOpen { veto: at } => Text::new(
            format!("“{}”是否成立还不知道（有数未报）", veto(at)),
            format!("whether `{}` strikes is not known yet", veto(at)),
        ),
        AwardReason::AlreadyWinner { award: at } => Text::new(
            format!("已得“{}”，不重复评，名次顺移", other(at)),
            format!("has won `{}`; places shift", other(at)),
        ),
        AwardReason::OtherAwardOpen { award: at } => {
            Text::new(format!("“{}”还没有定", other(at)), format!("`{}` is not decided yet", other(at)))
        }
        AwardReason::NotReported => Text::new(
            format!("有数未报{}", owed(lines, unit).zh),
            format!("figures are not reported{}", owed(lines, unit).en),
        ),
        AwardReason::NotApplicable => Text::new("不适用", "does not apply"),
        AwardReason::LeftOut => Text::new("按决定不授予", "people decided not to give it"),
        AwardReason::NotGiven => not_given(lines, position, unit),
        AwardReason::GivenUnknown => Text::new("设不设还不知道（有数未报）", "whether it is given is not known yet"),
        AwardReason::Judged => match &award.rule {
            AwardRule::Judged { by, .. } => Text::new(format!("由{by}评审"), format!("judged by {by}")),
            _ => Text::default(),
        },
        AwardReason::Unreadable => {
            Text::new("名额在原文里读不出来", "the number of places cannot be read in the source")
        }
    }
}

fn from(award: &Award) -> Text {
    match award.rule {
        AwardRule::Places { from_bottom: true, .. } => Text::new("从后数", " from the bottom"),
        _ => Text::default(),
    }
}

/// What the award is taken by, with the unit's figure.
fn by(lines: &Lines<'_>, award: &Award, position: usize, unit: u32) -> Text {
    let AwardRule::Places { by, by_name, .. } = &award.rule else {
        return Text::default();
    };
    let kind = lines.standard.program.node(*by).map(|node| &node.kind);
    let column = lines.assessment.awards.get(position).and_then(|award| award.by.as_ref());
    let figure = column.map(|column| lines.measured(kind, column, unit)).unwrap_or_default();
    Text::new(format!("{by_name} {figure}，"), format!("{by_name} {figure}, "))
}

/// Why the condition is not fulfilled: the targets missed, where it asks for them.
fn not_eligible(lines: &Lines<'_>, eligible: Option<kaoping_program::NodeId>, unit: u32) -> Text {
    let missed = missed_below(lines, eligible, unit);
    Text::new(format!("不符合条件{}", missed.zh), format!("does not fulfil the condition{}", missed.en))
}

/// That the award is not given, with the condition that suspends it.
fn not_given(lines: &Lines<'_>, position: usize, unit: u32) -> Text {
    let group = lines.assessment.groups.of.get(unit as usize).copied();
    let lists = lines.assessment.awards.get(position).map_or(&[][..], |award| &award.lists);
    let list = lists.iter().find(|list| list.group.is_none() || list.group == group);
    match list.map(|list| &list.suspended).filter(|condition| !condition.zh.is_empty()) {
        Some(condition) => Text::new(
            format!("本次不设，因为 {}", condition.zh),
            format!("not given this time, because {}", condition.en),
        ),
        None => Text::new("本次不设", "not given this time"),
    }
}

/// The items whose missed targets a condition rests on.
fn missed_below(lines: &Lines<'_>, node: Option<kaoping_program::NodeId>, unit: u32) -> Text {
    let Some(node) = node else {
        return Text::default();
    };
    let reached = crate::prepare::reached(&lines.standard.program, &[node]);
    let missed = lines.assessment.items.iter().filter(|result| result.met(unit) == Some(crate::result::Answer::No));
    let models = missed.filter_map(|result| result.model(lines.standard)).filter(|item| !item.is_substitute);
    let below = models.filter(|item| item.met.is_some_and(|met| reached.get(met.0 as usize) == Some(&true)));
    let names: alloc::vec::Vec<&str> = below.map(|item| item.name.as_str()).collect();
    if names.is_empty() {
        return Text::default();
    }
    let shown = names.iter().take(10).copied().collect::<alloc::vec::Vec<_>>();
    let more = if names.len() > 10 { "……" } else { "" };
    Text::new(
        format!("：{}{more}没有完成目标", shown.join("、")),
        format!(": missed the target of {}{more}", shown.join(", ")),
    )
}

/// The figures a unit owes, at most five of them.
fn owed(lines: &Lines<'_>, unit: u32) -> Text {
    let owed = lines.assessment.owed_by(unit).take(5).map(|owing| match &owing.indicator {
        Some(indicator) => format!("{indicator} {}", owing.field),
        None => owing.field.to_string(),
    });
    let names: alloc::vec::Vec<String> = owed.collect();
    if names.is_empty() {
        Text::default()
    } else {
        Text::new(format!("：{}", names.join("、")), format!(": {}", names.join(", ")))
    }
}

impl AwardReason {
    /// The place among those who took part, where the unit has one.
    pub fn place(self) -> Option<usize> {
        match self {
            AwardReason::Listed { place, .. } => place,
            AwardReason::ToDecide { place }
            | AwardReason::TieDropped { place }
            | AwardReason::Outranked { place, .. } => Some(place),
            _ => None,
        }
    }
}
