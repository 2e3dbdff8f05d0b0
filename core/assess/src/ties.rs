//! Why a unit stands before or after another with the same figure: the first later key of the
//! ranking in which they differ, with both values.

use crate::lines::Lines;
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_program::{Column, NodeId};
use kaoping_rules::written::{Formula, values};
use kaoping_terms::{Lang, Text};

/// How many others are named beside one unit.
const NAMED: usize = 3;

/// One key of the ranking with its values; the first is what units are ranked by.
#[derive(Clone, Debug)]
pub struct RankKey {
    /// Where it is computed.
    pub node: NodeId,
    /// Its values.
    pub column: Arc<Column>,
}

impl Lines<'_> {
    /// Why the unit stands where it does among those with the same figure, one sentence for
    /// each of the nearest; empty where there is none or the policy breaks no ties.
    pub fn ties(&self, unit: u32) -> Vec<Text> {
        self.ties_among(unit, &|other| {
            let group = |unit: u32| self.assessment.groups.of.get(unit as usize);
            self.assessment.place(other).is_some()
                && (self.assessment.scheme(self.standard).is_none_or(|scheme| scheme.peer_group.is_none())
                    || group(other) == group(unit))
        })
    }

    /// The same among the units that count beside it.
    pub(crate) fn ties_among(&self, unit: u32, beside: &dyn Fn(u32) -> bool) -> Vec<Text> {
        let [first, later @ ..] = self.assessment.rank_keys.as_slice() else {
            return Vec::new();
        };
        let Some(own) = first.column.cell(unit as usize).value else {
            return Vec::new();
        };
        if later.is_empty() {
            return Vec::new();
        }
        let members = self.assessment.members.iter().copied();
        let equal = |other: &u32| first.column.cell(*other as usize).value.as_ref() == Some(&own);
        let mut tied: Vec<u32> = members.filter(|other| *other != unit && beside(*other)).filter(equal).collect();
        let place = |unit: u32| self.assessment.place(unit).unwrap_or(i64::MAX);
        tied.sort_by_key(|other| place(*other).abs_diff(place(unit)));
        let more = tied.len().saturating_sub(NAMED);
        let mut reasons: Vec<Text> =
            tied.into_iter().take(NAMED).map(|other| self.told_apart(later, unit, other)).collect();
        if more > 0 {
            reasons.push(Text::new(format!("另有 {more} 个单位同分"), format!("{more} more are equal")));
        }
        reasons
    }

    /// What tells two units with the same figure apart.
    fn told_apart(&self, later: &[RankKey], unit: u32, other: u32) -> Text {
        let name = self.units.name(other);
        let values = |key: &RankKey, unit: u32| key.column.cell(unit as usize).value;
        let decisive = later.iter().find(|key| values(key, unit) != values(key, other));
        let Some(key) = decisive else {
            let names: Vec<String> = later.iter().map(|key| self.key_name(key)).collect();
            return Text::new(
                format!("与{name}同分，{}也相同，并列", names.join("、")),
                format!("equal to {name}, also in {}", names.join(", ")),
            );
        };
        let by = self.key_name(key);
        let (mine, its) = (self.key_value(key, unit), self.key_value(key, other));
        let before = match (values(key, unit), values(key, other)) {
            (Some(mine), Some(its)) => mine > its,
            (mine, _) => mine.is_some(),
        };
        let (sign, zh, en) = if before { (">", "在前", "before it") } else { ("<", "在后", "after it") };
        if values(key, unit).is_none() || values(key, other).is_none() {
            // A figure that is not known comes after one that is.
            return Text::new(
                format!("与{name}同分，按 {by}：{}对{}，{zh}", mine.zh, its.zh),
                format!("equal to {name}; by {by}: {} against {}, {en}", mine.en, its.en),
            );
        }
        Text::new(
            format!("与{name}同分，按 {by}：{} {sign} {}，{zh}", mine.zh, its.zh),
            format!("equal to {name}; by {by}: {} {sign} {}, {en}", mine.en, its.en),
        )
    }

    /// The key as the policy names it, with its item where it is a figure of one.
    fn key_name(&self, key: &RankKey) -> String {
        let program = &self.standard.program;
        let origin = program.node(key.node).map(|node| &node.origin);
        let Some(name) = origin.and_then(|origin| origin.name.clone()) else {
            return Formula::in_words(program, Lang::Zh).of(key.node);
        };
        match origin.and_then(|origin| origin.item.as_ref()).filter(|item| **item != name) {
            Some(item) => format!("{item}·{name}"),
            None => name,
        }
    }

    fn key_value(&self, key: &RankKey, unit: u32) -> Text {
        let program = &self.standard.program;
        let kind = program.node(key.node).map(|node| &node.kind);
        let cell = key.column.cell(unit as usize);
        let shown = |lang| kind.map(|kind| values::cell(program, kind, &cell, lang)).unwrap_or_default();
        // Whether a value can still change is said of the place, not of each figure.
        Text::new(
            shown(Lang::Zh).trim_end_matches("（暂定）").to_string(),
            shown(Lang::En).trim_end_matches(" (provisional)").to_string(),
        )
    }
}
