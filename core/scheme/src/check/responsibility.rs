//! Who leads and who is responsible, where the scheme divides responsibility by item.

use super::look::Look;
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
        for (item, made) in text.items.iter().zip(&scheme.items) {
            leads(look, item, made, report);
            if made.responsible.is_empty() {
                report.push(nobody_responsible(look, item, made));
            }
        }
    }
}

/// What the scheme says of responsibility, if anything.
fn by_item(text: &SchemeText) -> Option<bool> {
    text.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::Responsibility(word) => Some(!matches!(word.text.as_str(), "不分" | "undivided")),
        _ => None,
    })
}

fn leads(look: &Look<'_>, item: &ItemText, made: &Item, report: &mut Report) {
    let name = &made.name;
    let finding = match made.lead.len() {
        1 => return,
        0 => Diagnostic::warning(
            "no-lead",
            Text::new(format!("“{name}”没有写牵头单位"), format!("`{name}` has no lead unit")),
        )
        .at(item.item.name.name.place)
        .why(Text::new(
            "没有牵头，就没有人汇总、督促，也没有人对分数负责",
            "without a lead nobody collects, urges or answers for the score",
        ))
        .next(Text::new(
            "写：牵头 某单位；不分责任的，在方案里写 责任分工 不分",
            "write: 牵头 the unit; where responsibility is not divided, write 责任分工 不分 in the scheme",
        )),
        count => {
            let names: Vec<&str> = made.lead.iter().map(alloc::string::String::as_str).collect();
            let (zh, en) = (names.join("、"), names.join(", "));
            let place = lead_names(item).first().map_or(item.place, |first| {
                lead_names(item).iter().fold(first.place, |place, name| place.to(name.place))
            });
            Diagnostic::warning(
                "several-leads",
                Text::new(
                    format!("“{name}”有 {count} 个牵头单位：{zh}"),
                    format!("`{name}` has {count} lead units: {en}"),
                ),
            )
            .at(place)
            .why(Text::new(
                "各管一段而没有一家总负责，出了问题就互相推",
                "with several and none in charge, each can point at the others",
            ))
            .next(Text::new(
                "把这一项按单位拆开，每项一个牵头；其余写在 责任 里",
                "split the item so that each part has one lead, and name the others under 责任",
            ))
        }
    };
    report.push(finding.quoting(look.quote_of(&item.authority)));
}

fn lead_names(item: &ItemText) -> Vec<&Name> {
    let lines = item.item.body.iter().filter_map(|line| match &line.kind {
        BodyKind::Lead(names) => Some(names),
        _ => None,
    });
    lines.flatten().collect()
}

fn nobody_responsible(look: &Look<'_>, item: &ItemText, made: &Item) -> Diagnostic {
    let name = &made.name;
    Diagnostic::warning(
        "no-responsible",
        Text::new(format!("“{name}”没有写责任单位"), format!("`{name}` has no responsible unit")),
    )
    .at(item.item.name.name.place)
    .why(Text::new("没有责任单位，任务就没有分解下去", "without a responsible unit the task was not handed down"))
    .quoting(look.quote_of(&item.authority))
    .next(Text::new("写：责任 某单位", "write: 责任 the unit"))
}
