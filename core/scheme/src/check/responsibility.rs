//! Who leads and who is responsible, where the scheme divides responsibility by item.

use super::look::{Look, Named, gathered};
use crate::{
    model::Item,
    read::{ItemText, SchemeText},
};
use alloc::{format, vec::Vec};
use kaoping_syntax::ast::{BodyKind, Name, SettingKind};
use kaoping_terms::{Diagnostic, Report, Text};

pub(crate) fn check(look: &Look<'_>, report: &mut Report) {
    let main = look.policy.schemes.first().map(by_item);
    for (_, text, scheme) in look.schemes() {
        let divided = by_item(text).or(main.flatten()).unwrap_or(true);
        if !divided {
            continue;
        }
        let pairs = || text.items.iter().zip(&scheme.items);
        pairs().for_each(|(item, made)| several_leads(look, item, made, report));
        let without = |lacks: fn(&Item) -> bool| {
            let lacking = pairs().filter(|(_, made)| lacks(made));
            let lacking = lacking.map(|(item, made)| Named {
                name: &made.name,
                place: item.item.name.name.place,
                quote: look.quote_of(&item.authority),
            });
            lacking.collect::<Vec<_>>()
        };
        gathered(without(|made| made.lead.is_empty()), report, no_lead);
        gathered(without(|made| made.responsible.is_empty()), report, nobody_responsible);
    }
}

/// What the scheme says of responsibility, if anything.
fn by_item(text: &SchemeText) -> Option<bool> {
    text.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::Responsibility(word) => Some(!matches!(word.text.as_str(), "不分" | "undivided")),
        _ => None,
    })
}

fn no_lead(names: &Text) -> Diagnostic {
    Diagnostic::warning(
        "no-lead",
        Text::new(format!("{}没有写牵头单位", names.zh), format!("no lead unit: {}", names.en)),
    )
    .why(Text::new(
        "没有牵头，就没有人汇总、督促，也没有人对分数负责",
        "without a lead nobody collects, urges or answers for the score",
    ))
    .next(Text::new(
        "写：牵头 某单位；不分责任的，在方案里写 责任分工 不分",
        "write: 牵头 the unit; where responsibility is not divided, write 责任分工 不分 in the scheme",
    ))
}

fn several_leads(look: &Look<'_>, item: &ItemText, made: &Item, report: &mut Report) {
    let (name, count) = (&made.name, made.lead.len());
    if count < 2 {
        return;
    }
    let names: Vec<&str> = made.lead.iter().map(alloc::string::String::as_str).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let place = lead_names(item)
        .first()
        .map_or(item.place, |first| lead_names(item).iter().fold(first.place, |place, name| place.to(name.place)));
    let finding = Diagnostic::warning(
        "several-leads",
        Text::new(format!("“{name}”有 {count} 个牵头单位：{zh}"), format!("`{name}` has {count} lead units: {en}")),
    );
    report.push(
        finding
            .at(place)
            .why(Text::new(
                "各管一段而没有一家总负责，出了问题就互相推",
                "with several and none in charge, each can point at the others",
            ))
            .quoting(look.quote_of(&item.authority))
            .next(Text::new(
                "把这一项按单位拆开，每项一个牵头；其余写在 责任 里",
                "split the item so that each part has one lead, and name the others under 责任",
            )),
    );
}

fn lead_names(item: &ItemText) -> Vec<&Name> {
    let lines = item.item.body.iter().filter_map(|line| match &line.kind {
        BodyKind::Lead(names) => Some(names),
        _ => None,
    });
    lines.flatten().collect()
}

fn nobody_responsible(names: &Text) -> Diagnostic {
    Diagnostic::warning(
        "no-responsible",
        Text::new(format!("{}没有写责任单位", names.zh), format!("no responsible unit: {}", names.en)),
    )
    .why(Text::new("没有责任单位，任务就没有分解下去", "without a responsible unit the task was not handed down"))
    .next(Text::new("写：责任 某单位", "write: 责任 the unit"))
}
