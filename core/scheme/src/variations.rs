//! What a policy chose where its text is silent, beside its named choices, and every other way
//! the language has: how scores are rounded, how equal units share places, what breaks ties,
//! who wins when the last place is shared, what stands in for a figure that is owed.
//!
//! Only what the policy itself calls a choice or an example is varied. What it says by a clause
//! is not ours to change; and where nothing at all is rounded there is no step to round to.

use crate::read::{Policy, SchemeText};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_rules::vocabulary::{ROUNDINGS, rounding_words as words_of};
use kaoping_syntax::ast::{Authority, BodyKind, GradeBand, RoundingChoice, Setting, SettingKind};
use kaoping_terms::{Lang, Rounding, Text};

/// One silent choice made another way.
#[derive(Clone, Debug)]
pub struct Variation {
    /// The statement, by its keyword.
    pub name: Text,
    /// What it says.
    pub chosen: Text,
    /// What it could say.
    pub other: Text,
    /// The reason the policy gives.
    pub reason: String,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// A setting of the first scheme says something else.
    Setting(usize, Box<SettingKind>),
    /// A setting of the first scheme is not there.
    NoSetting(usize),
    /// Awards share the last place in another way.
    LastPlace(String),
    /// A grade shares the last place within its share in another way: table, band, word.
    BandLastPlace(usize, usize, String),
    /// The units a share of a grade comes to are rounded in another way.
    BandRounding(usize, usize, Rounding),
    /// An item is rounded in another way: scheme, item, line.
    ItemRounding(usize, usize, usize, RoundingChoice),
}

/// What a figure that is owed may be; 退回 gives the same points as 暂缺.
const MISSING: [(&str, &str); 3] = [("暂缺", "deferred"), ("零分", "zero_points"), ("最低", "lowest_points")];
/// Who wins when the last place is shared.
const LAST_PLACE: [(&str, &str); 3] = [("全取", "take_all"), ("全舍", "drop_all"), ("人工", "by_hand")];

/// Every silent choice of the policy made every other way, one at a time.
pub fn variations(policy: &Policy) -> Vec<Variation> {
    let mut all = Vec::new();
    let Some(scheme) = policy.schemes.first() else {
        return all;
    };
    for (at, setting) in scheme.scheme.settings.iter().enumerate() {
        if let Some(reason) = reason(&setting.authority) {
            of_setting(policy, at, setting, &reason, &mut all);
        }
    }
    own_roundings(policy, &mut all);
    last_places(policy, &mut all);
    shares(policy, &mut all);
    all
}

/// The policy with one choice made the other way.
pub fn apply(policy: &mut Policy, variation: &Variation) {
    // An item may stand in a scheme within the scheme; all else is of the first.
    let at = if let Change::ItemRounding(scheme, ..) = variation.change { scheme } else { 0 };
    let Some(scheme) = policy.schemes.get_mut(at) else {
        return;
    };
    match &variation.change {
        Change::ItemRounding(_, item, line, choice) => {
            if let Some(line) = scheme.items.get_mut(*item).and_then(|item| item.item.body.get_mut(*line)) {
                line.kind = BodyKind::Round(choice.clone());
            }
        }
        Change::Setting(at, kind) => {
            if let Some(setting) = scheme.scheme.settings.get_mut(*at) {
                setting.kind = (**kind).clone();
            }
        }
        Change::NoSetting(at) => {
            if *at < scheme.scheme.settings.len() {
                scheme.scheme.settings.remove(*at);
            }
        }
        Change::LastPlace(word) => {
            for award in scheme.awards.iter_mut().filter(|award| reason(&award.authority).is_some()) {
                if let Some(name) = &mut award.it.last_place_ties {
                    name.text.clone_from(word);
                }
            }
        }
        Change::BandLastPlace(table, band, word) => {
            if let Some(band) = band_of(scheme, *table, *band)
                && let Some(name) = &mut band.last_place_ties
            {
                name.text.clone_from(word);
            }
        }
        Change::BandRounding(table, band, mode) => {
            if let Some(band) = band_of(scheme, *table, *band) {
                band.rounding = Some(*mode);
            }
        }
    }
}

fn band_of(scheme: &mut SchemeText, table: usize, band: usize) -> Option<&mut GradeBand> {
    scheme.grades.get_mut(table)?.it.bands.get_mut(band)
}

/// The reason of a choice or example; none for what rests on a clause alone.
fn reason(authority: &[Authority]) -> Option<String> {
    authority.iter().find_map(|authority| match authority {
        Authority::Choice(reason) | Authority::Example(reason) => Some(reason.text.clone()),
        Authority::Clause(_) => None,
    })
}

fn of_setting(policy: &Policy, at: usize, setting: &Setting, reason: &str, all: &mut Vec<Variation>) {
    let mut push = |name: Text, chosen: Text, other: Text, change: Change| {
        all.push(Variation { name, chosen, other, reason: reason.to_string(), change });
    };
    match &setting.kind {
        SettingKind::RoundItems(choice) => {
            let name = Text::new("每项取到", "round_items");
            roundings(policy, choice, |was, is, kind| {
                push(name.clone(), was, is, Change::Setting(at, Box::new(SettingKind::RoundItems(kind))));
            });
        }
        SettingKind::RoundBlocks(choice) => {
            let name = Text::new("每块取到", "round_blocks");
            roundings(policy, choice, |was, is, kind| {
                push(name.clone(), was, is, Change::Setting(at, Box::new(SettingKind::RoundBlocks(kind))));
            });
        }
        SettingKind::RoundTotal(choice) => {
            let name = Text::new("总分取到", "round_total");
            roundings(policy, choice, |was, is, kind| {
                push(name.clone(), was, is, Change::Setting(at, Box::new(SettingKind::RoundTotal(kind))));
            });
        }
        SettingKind::Ranking { by, descending, ties_skip: Some(skip) } => {
            let words = |skip: bool| match skip {
                true => Text::new("并列占位", "ties_skip"),
                false => Text::new("并列不占位", "ties_dense"),
            };
            let kind = SettingKind::Ranking { by: by.clone(), descending: *descending, ties_skip: Some(!skip) };
            push(Text::new("名次", "ranking"), words(*skip), words(!skip), Change::Setting(at, Box::new(kind)));
        }
        SettingKind::TieBreak { keys, then } => {
            let text = |place| policy.sources.text_at(place).to_string();
            let written: Vec<String> = keys.iter().map(|key| text(key.place)).collect();
            let chosen = Text::same(written.join(", "));
            let name = Text::new("比序", "tie_break");
            let none = Text::new("不比序，同分就并列", "none: equal units tie");
            push(name.clone(), chosen.clone(), none, Change::NoSetting(at));
            // What is ranked stays first; what decides between equals can be asked the other way.
            if let Some((first, rest)) = keys.split_first().filter(|(_, rest)| rest.len() > 1) {
                let turned: Vec<_> = core::iter::once(first).chain(rest.iter().rev()).cloned().collect();
                let other: Vec<String> = turned.iter().map(|key| text(key.place)).collect();
                let kind = SettingKind::TieBreak { keys: turned, then: then.clone() };
                push(name, chosen, Text::same(other.join(", ")), Change::Setting(at, Box::new(kind)));
            }
        }
        SettingKind::Missing(word) => {
            let words = MISSING.iter().map(|(zh, en)| Text::new(*zh, *en));
            let chosen = words.clone().find(|text| text.zh == word.text).unwrap_or_else(|| Text::same(&word.text));
            for other in words.filter(|other| other.zh != word.text) {
                let mut changed = word.clone();
                changed.text = other.get(Lang::Zh).to_string();
                let kind = SettingKind::Missing(changed);
                push(Text::new("未报", "missing"), chosen.clone(), other, Change::Setting(at, Box::new(kind)));
            }
        }
        _ => {}
    }
}

/// The other modes to the same step, and no rounding at all.
fn roundings(policy: &Policy, choice: &RoundingChoice, mut see: impl FnMut(Text, Text, RoundingChoice)) {
    let RoundingChoice::To(step, mode) = choice else {
        return;
    };
    let chosen = rounding_words(policy, choice);
    for (_, _, other) in ROUNDINGS.iter().filter(|(_, _, known)| known != mode) {
        let other = RoundingChoice::To(step.clone(), *other);
        see(chosen.clone(), rounding_words(policy, &other), other);
    }
    see(chosen, rounding_words(policy, &RoundingChoice::None), RoundingChoice::None);
}

/// A rounding as a policy writes it: `0.01 分 去尾`.
fn rounding_words(policy: &Policy, choice: &RoundingChoice) -> Text {
    let RoundingChoice::To(step, mode) = choice else {
        return Text::new("不取整", "unrounded");
    };
    let written = policy.sources.text_at(step.place);
    let (zh, en) = words_of(*mode);
    Text::new(format!("{written} {zh}"), format!("{written} {en}"))
}

/// Items with a rounding of their own (`取到`) that is our choice: the other modes, none, and
/// every way the scheme declares for anything else, in text order.
fn own_roundings(policy: &Policy, all: &mut Vec<Variation>) {
    for (at, scheme) in policy.schemes.iter().enumerate() {
        let declared: Vec<&RoundingChoice> =
            scheme.scheme.settings.iter().filter_map(|setting| declared_rounding(&setting.kind)).collect();
        for (position, item) in scheme.items.iter().enumerate() {
            for (row, line) in item.item.body.iter().enumerate() {
                let BodyKind::Round(choice) = &line.kind else {
                    continue;
                };
                // A line that says nothing of its own rests on what its item rests on.
                let rests_on = if line.authority.is_empty() { &item.authority } else { &line.authority };
                let Some(reason) = reason(rests_on) else {
                    continue;
                };
                let name = &item.item.name.name.text;
                let name = Text::new(format!("项 {name} 取到"), format!("item {name} round"));
                let chosen = rounding_words(policy, choice);
                let mut seen = Vec::from([chosen.clone()]);
                let mut push = |other: Text, kind: RoundingChoice| {
                    if seen.contains(&other) {
                        return;
                    }
                    seen.push(other.clone());
                    let (name, chosen, reason) = (name.clone(), chosen.clone(), reason.clone());
                    let change = Change::ItemRounding(at, position, row, kind);
                    all.push(Variation { name, chosen, other, reason, change });
                };
                roundings(policy, choice, |_, other, kind| push(other, kind));
                for other in &declared {
                    push(rounding_words(policy, other), (*other).clone());
                }
            }
        }
    }
}

/// The rounding a setting declares for points. 显示到 is for printing and changes none.
fn declared_rounding(kind: &SettingKind) -> Option<&RoundingChoice> {
    match kind {
        SettingKind::RoundItems(choice) | SettingKind::RoundBlocks(choice) | SettingKind::RoundTotal(choice) => {
            Some(choice)
        }
        _ => None,
    }
}

/// All awards whose last place is our choice are asked together, as items are that make the
/// same named choice.
fn last_places(policy: &Policy, all: &mut Vec<Variation>) {
    let Some(scheme) = policy.schemes.first() else {
        return;
    };
    let ours: Vec<(String, String)> = scheme
        .awards
        .iter()
        .filter_map(|award| Some((award.it.last_place_ties.as_ref()?.text.clone(), reason(&award.authority)?)))
        .collect();
    let Some((_, reason)) = ours.first() else { return };
    let mut chosen: Vec<&str> = ours.iter().map(|(word, _)| word.as_str()).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let words = |zh: &str| {
        LAST_PLACE.iter().find(|(known, _)| *known == zh).map_or(zh.to_string(), |(_, en)| (*en).to_string())
    };
    let en: Vec<String> = chosen.iter().map(|word| words(word)).collect();
    for (zh, other) in LAST_PLACE.iter().filter(|(zh, _)| chosen != [*zh]) {
        all.push(Variation {
            name: Text::new("末位并列", "last_place_ties"),
            chosen: Text::new(chosen.join("、"), en.join(", ")),
            other: Text::new(*zh, *other),
            reason: reason.clone(),
            change: Change::LastPlace((*zh).to_string()),
        });
    }
}

/// Shares of grades that are our choice: who gets the last place within a share, and how many
/// units the share comes to. What stands behind no band is the choice of the whole table.
fn shares(policy: &Policy, all: &mut Vec<Variation>) {
    let Some(scheme) = policy.schemes.first() else {
        return;
    };
    for (table, grades) in scheme.grades.iter().enumerate() {
        for (at, band) in grades.it.bands.iter().enumerate().filter(|(_, band)| band.share.is_some()) {
            let Some(reason) = reason(&band.authority).or_else(|| reason(&grades.authority)) else {
                continue;
            };
            let grade = &band.name.text;
            let mut push = |what: (&str, &str), chosen: Text, other: Text, change: Change| {
                let name = Text::new(format!("等次 {grade} {}", what.0), format!("grade {grade} {}", what.1));
                all.push(Variation { name, chosen, other, reason: reason.clone(), change });
            };
            let word = band.last_place_ties.as_ref().map(|word| word.text.as_str());
            if let Some((zh, en)) = band.rounding.map(words_of) {
                for (other_zh, other_en, mode) in ROUNDINGS.iter().filter(|(.., mode)| Some(*mode) != band.rounding) {
                    let (chosen, other) = (Text::new(zh, en), Text::new(*other_zh, *other_en));
                    push(("至多", "at_most"), chosen, other, Change::BandRounding(table, at, *mode));
                }
            }
            if let Some((zh, en)) = LAST_PLACE.iter().find(|(zh, _)| Some(*zh) == word) {
                for (other_zh, other_en) in LAST_PLACE.iter().filter(|(zh, _)| Some(*zh) != word) {
                    let (chosen, other) = (Text::new(*zh, *en), Text::new(*other_zh, *other_en));
                    let change = Change::BandLastPlace(table, at, (*other_zh).to_string());
                    push(("末位并列", "last_place_ties"), chosen, other, change);
                }
            }
        }
    }
}
