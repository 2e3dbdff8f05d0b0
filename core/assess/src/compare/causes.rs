//! Why a place or an award went to another: who passed whom, what barred whom.

use crate::{
    Prepared,
    compare::{AwardChange, Listing, Side},
    explain,
    lines::Lines,
    reasons,
    result::AwardReason,
};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::NodeId;
use kaoping_rules::written::values;
use kaoping_scheme::model::{Item, Veto};
use kaoping_terms::{Lang, Text};

/// A unit without a place stands behind all that have one.
const NO_PLACE: i64 = i64::MAX;
/// How many units are named; others are counted.
const MOST_NAMED: usize = 3;

/// A unit on both sides, with the places it had.
struct Moved {
    name: String,
    group: (String, String),
    place: (i64, i64),
    /// The figures that places go by, as people read them.
    figure: (String, String),
    unit: u32,
}

/// The figure of a unit that its place goes by: the total, or what the policy ranks by first.
fn ranked_by(side: Side<'_>, unit: u32) -> String {
    let none = || String::from("—");
    let display = side.given.scheme().and_then(|scheme| scheme.display.clone());
    let Some((name, column)) = &side.assessment.rank_by else {
        let total = side.assessment.total(unit).value;
        return total.map_or_else(none, |total| values::points(&total, display.as_ref()));
    };
    let lines = Lines { standard: side.given.standard, units: side.given.units, assessment: side.assessment };
    let keys = side.given.scheme().and_then(|scheme| scheme.rank_keys.first());
    let of_key = keys.and_then(|(node, _)| side.given.standard.program.node(*node)).map(|node| &node.kind);
    let cell = column.cell(unit as usize);
    match lines.kind_of_value(name).or(of_key).zip(cell.value.as_ref()) {
        Some((kind, _)) => values::cell_shown(&side.given.standard.program, kind, &cell, display.as_ref(), Lang::Zh)
            .replace("（暂定）", ""),
        None => none(),
    }
}

/// Who moved where.
pub(crate) struct Places {
    moved: Vec<Moved>,
    /// What places go by, where that is not the total.
    by: String,
}

impl Places {
    pub(crate) fn new(before: Side<'_>, after: Side<'_>) -> Self {
        let moved = after.assessment.members.iter().filter_map(|unit| {
            let row = after.given.units.id(*unit);
            let earlier = before.given.units.find(row)?;
            Some(Moved {
                name: after.given.units.name(*unit).to_string(),
                group: (
                    before.assessment.groups.name(earlier).to_string(),
                    after.assessment.groups.name(*unit).to_string(),
                ),
                place: (
                    before.assessment.place(earlier).unwrap_or(NO_PLACE),
                    after.assessment.place(*unit).unwrap_or(NO_PLACE),
                ),
                figure: (ranked_by(before, earlier), ranked_by(after, *unit)),
                unit: *unit,
            })
        });
        let by = after.assessment.rank_by.as_ref().map(|(name, _)| name.clone());
        Self { moved: moved.collect(), by: by.unwrap_or_default() }
    }

    /// Why the place of a unit changed: whom it passed, and who passed it.
    pub(crate) fn causes(&self, unit: u32) -> Vec<Text> {
        let Some(own) = self.moved.iter().find(|moved| moved.unit == unit) else {
            return Vec::new();
        };
        if own.place.0 == own.place.1 || own.place.1 == NO_PLACE {
            return Vec::new();
        }
        let peers = || self.moved.iter().filter(|other| other.unit != unit && other.group == own.group);
        let ahead = peers().filter(|other| other.place.0 >= own.place.0 && other.place.1 < own.place.1);
        let behind = peers().filter(|other| other.place.0 <= own.place.0 && other.place.1 > own.place.1);
        let (ahead, behind): (Vec<&Moved>, Vec<&Moved>) = (ahead.collect(), behind.collect());
        let level = peers().filter(|other| other.place.0 != own.place.0 && other.place.1 == own.place.1);
        let level: Vec<&Moved> = level.collect();
        let mut causes = Vec::new();
        if !level.is_empty() {
            let names = self.named(&level);
            causes.push(Text::new(format!("{}与它并列", names.zh), format!("{} now shares its place", names.en)));
        }
        if !ahead.is_empty() {
            let names = self.named(&ahead);
            causes.push(Text::new(format!("{}升到它前面", names.zh), format!("{} moved ahead of it", names.en)));
        }
        if !behind.is_empty() {
            let names = self.named(&behind);
            causes.push(Text::new(format!("{}落到它后面", names.zh), format!("{} fell behind it", names.en)));
        }
        causes
    }

    /// `乙县（94 分 → 96 分）、丙县……等 5 个`.
    fn named(&self, units: &[&Moved]) -> Text {
        let by = if self.by.is_empty() { String::new() } else { format!("{} ", self.by) };
        let one = |open: &str, close: &str, moved: &Moved| {
            format!("{}{open}{by}{} → {}{close}", moved.name, moved.figure.0, moved.figure.1)
        };
        let shown = || units.iter().take(MOST_NAMED);
        let zh: Vec<String> = shown().map(|moved| one("（", "）", moved)).collect();
        let en: Vec<String> = shown().map(|moved| one(" (", ")", moved)).collect();
        let (mut zh, mut en) = (zh.join("、"), en.join(", "));
        if units.len() > MOST_NAMED {
            zh.push_str(&format!("等 {} 个单位", units.len()));
            en.push_str(&format!(" and {} more", units.len() - MOST_NAMED));
        }
        Text::new(zh, en)
    }
}

/// A unit on one side, with the item of the veto and whether a condition holds.
pub(crate) struct Struck<'s, 'p> {
    pub(crate) prepared: &'s Prepared<'p>,
    pub(crate) unit: u32,
    pub(crate) item: &'s Item,
    pub(crate) holds: &'s dyn Fn(NodeId) -> bool,
}

impl<'p> Struck<'_, 'p> {
    /// The vetoes that make the item zero, those that strike.
    fn vetoes(&self) -> Vec<&'p Veto> {
        let mut all = Vec::new();
        for (at, scheme) in self.prepared.given().standard.schemes.iter().enumerate() {
            let Some(position) = scheme.items.iter().position(|other| other.id == self.item.id) else { continue };
            all.extend(explain::vetoes_of_item(self.prepared.given(), at, position));
        }
        all.retain(|veto| (self.holds)(veto.when));
        all
    }
}

/// A veto that struck and does not any more.
pub(crate) fn veto_gone(name: &str) -> Text {
    Text::new(format!("否决 {name} 不再成立"), format!("the veto {name} does not strike any more"))
}

/// Vetoes that make the item zero now and did not before, and those that no longer do, by name.
pub(crate) fn vetoes(before: &Struck<'_, '_>, after: &Struck<'_, '_>, lang: Lang) -> Vec<(String, Text)> {
    let (old, new) = (before.vetoes(), after.vetoes());
    let is_in = |all: &[&Veto], veto: &Veto| all.iter().any(|other| other.name == veto.name);
    let fresh = new.iter().filter(|veto| !is_in(&old, veto));
    let fresh = fresh.filter_map(|veto| {
        let line = explain::veto_line(after.prepared, after.unit, veto, lang)?;
        Some((veto.name.clone(), Text::new(format!("否决 {}", line.zh), format!("veto {}", line.en))))
    });
    let gone = old.iter().filter(|veto| !is_in(&new, veto));
    let gone = gone.map(|veto| (veto.name.clone(), veto_gone(&veto.name)));
    fresh.chain(gone).collect()
}

/// The awards that are proposed for others, each with why; and those a person must decide now,
/// or no longer.
pub(crate) fn awards(before: Side<'_>, after: Side<'_>, prepared: &Prepared<'_>, lang: Lang) -> Vec<AwardChange> {
    let (old, new) = (listed(before), listed(after));
    let mut changes = Vec::new();
    for (award, unit) in old.difference(&new) {
        let won: Vec<&str> = others(&new, &old, award);
        let mut cause = reason(after, prepared, award, unit, lang);
        // The place it lost is one that somebody else now has.
        let displaced = matches!(state(after, award, unit), Some(AwardReason::Outranked { .. }));
        if displaced && !won.is_empty() {
            let names = won.join("、");
            cause = Text::new(format!("{}；{names}列入", cause.zh), format!("{}; {names} is listed", cause.en));
        }
        changes.push(change(award, unit, Listing::Left, cause));
    }
    for (award, unit) in &new {
        let open = matches!(state(after, award, unit), Some(AwardReason::ToDecide { .. }));
        let was_open = matches!(state(before, award, unit), Some(AwardReason::ToDecide { .. }));
        let was_there = old.contains(&(award.clone(), unit.clone()));
        if was_there && open == was_open {
            continue;
        }
        let gone: Vec<&str> = others(&old, &new, award);
        let mut cause = reason(after, prepared, award, unit, lang);
        if !gone.is_empty() && !was_there {
            let names = gone.join("、");
            cause = Text::new(format!("{}；{names}退出", cause.zh), format!("{}; {names} left", cause.en));
        }
        changes.push(change(award, unit, if open { Listing::ToDecide } else { Listing::Listed }, cause));
    }
    changes
}

fn change(award: &str, unit: &str, listed: Listing, cause: Text) -> AwardChange {
    AwardChange { award: award.to_string(), unit: unit.to_string(), listed, cause }
}

/// Who is in one list for the award and not in the other.
fn others<'l>(
    list: &'l BTreeSet<(String, String)>,
    other: &'l BTreeSet<(String, String)>,
    award: &str,
) -> Vec<&'l str> {
    list.difference(other).filter(|(of, _)| of == award).map(|(_, unit)| unit.as_str()).collect()
}

fn listed(side: Side<'_>) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    let Some(scheme) = side.given.scheme() else {
        return all;
    };
    for (award, result) in scheme.awards.iter().zip(&side.assessment.awards) {
        for (unit, reason) in (0u32..).zip(&result.reasons) {
            if matches!(reason, AwardReason::Listed { .. } | AwardReason::ToDecide { .. }) {
                all.insert((award.name.clone(), side.given.units.name(unit).to_string()));
            }
        }
    }
    all
}

/// The award and the unit by position on a side.
fn positions(side: Side<'_>, award: &str, unit: &str) -> Option<(usize, u32)> {
    let position = side.given.scheme()?.awards.iter().position(|other| other.name == award)?;
    let found = side.given.units.iter().find(|(_, row)| row.name == unit)?;
    Some((position, found.0))
}

fn state(side: Side<'_>, award: &str, unit: &str) -> Option<AwardReason> {
    let (award, unit) = positions(side, award, unit)?;
    side.assessment.awards.get(award)?.reasons.get(unit as usize).copied()
}

/// Why the unit is on the list or not, with the event of a veto.
fn reason(side: Side<'_>, prepared: &Prepared<'_>, award: &str, unit: &str, lang: Lang) -> Text {
    let Some((position, number)) = positions(side, award, unit) else {
        return Text::new("不再设这个奖，或不再考核这个单位", "the award or the unit is no longer there");
    };
    let lines = Lines { standard: side.given.standard, units: side.given.units, assessment: side.assessment };
    let text = reasons::award(&lines, position, number);
    let Some(AwardReason::Barred { veto }) = state(side, award, unit) else { return text };
    let veto = side.given.scheme().and_then(|scheme| scheme.vetoes.get(veto));
    let struck = veto.and_then(|veto| explain::veto_line(prepared, number, veto, lang));
    match struck {
        Some(struck) => Text::new(format!("{}（{}）", text.zh, struck.zh), format!("{} ({})", text.en, struck.en)),
        None => text,
    }
}
