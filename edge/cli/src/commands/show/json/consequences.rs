//! Awards, grades, vetoes, quotas, lists and funds for machines.

use super::{effect_kind, number};
use crate::commands::show::view::{View, last_place, rounding};
use kaoping_rules::written::formula::sign;
use kaoping_scheme::model::{Award, AwardRule, Scheme};
use serde_json::{Value, json};

impl View<'_> {
    pub(super) fn award(&self, index: usize, scheme: &Scheme, award: &Award) -> Value {
        let names = award.excluding.iter().filter_map(|at| scheme.awards.get(*at));
        let names: Vec<&String> = names.map(|other| &other.name).collect();
        let rule = match &award.rule {
            AwardRule::Places { from, to, by_name, from_bottom, .. } => json!({
                "kind": "places", "from": from, "to": to, "by": by_name,
                "order": if *from_bottom { "lowest_first" } else { "highest_first" },
            }),
            AwardRule::Everyone => json!({ "kind": "everyone" }),
            AwardRule::Judged { by, at_most } => {
                json!({ "kind": "judged", "by": by, "at_most": at_most })
            }
            AwardRule::Unreadable => json!({ "kind": "unreadable" }),
        };
        json!({
            "name": award.name,
            "rule": rule,
            "per_group": award.per_group,
            "eligible": self.eligible(index, award),
            "except": names,
            "unless": self.unless(index, award),
            "last_place_ties": last_place(award.last_place_ties).1,
            "last_place_ties_declared": award.ties_declared,
            "prizes": award.prizes.iter().map(|prize| json!({
                "from": prize.places.map(|(from, _)| from),
                "to": prize.places.map(|(_, to)| to),
                "amount": prize.amount.to_string(),
                "shown": prize.measure.figure(&prize.amount),
            })).collect::<Vec<_>>(),
            "words": self.award_words(index, scheme, award),
            "clause": award.clause,
            "reasons": award.reasons,
        })
    }

    pub(super) fn grades(&self, index: usize, scheme: &Scheme) -> Value {
        let Some(grades) = &scheme.grades else {
            return Value::Null;
        };
        let written = self.text(index).and_then(|text| text.grades.first());
        let bands = grades.bands.iter().map(|band| {
            let overflow = band.overflow.and_then(|at| grades.bands.get(at));
            json!({
                "name": band.name,
                "relation": band.edge.as_ref().map(|(relation, _)| sign(*relation)),
                "edge": number(band.edge.as_ref().map(|(_, edge)| edge)),
                "share": number(band.share.as_ref().map(|(share, _)| share)),
                "share_rounding": band.share.as_ref().map(|(_, mode)| rounding(*mode).1),
                "beyond": overflow.map(|band| &band.name),
            })
        });
        json!({
            "by": written.map(|written| self.said(written.it.by.place)),
            "per_group": grades.per_group,
            "bands": bands.collect::<Vec<_>>(),
            "moves": grades.moves.iter().map(|moved| json!({
                "name": moved.name,
                "up": moved.up,
                "steps": moved.steps,
                "after_shares": moved.after_shares,
                "words": self.move_words(index, moved),
                "clause": moved.clause,
            })).collect::<Vec<_>>(),
        })
    }

    pub(super) fn vetoes(&self, index: usize, scheme: &Scheme) -> Value {
        let each = scheme.vetoes.iter().map(|veto| {
            let effects = veto
                .effects
                .iter()
                .map(|effect| json!({ "kind": effect_kind(effect), "words": self.effect_words(scheme, effect) }));
            json!({
                "name": veto.name,
                "when": self.veto_condition(index, &veto.name),
                "effects": effects.collect::<Vec<_>>(),
                "indicator": veto.item.and_then(|at| scheme.items.get(at)).map(|item| &item.id),
                "clause": veto.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    pub(super) fn quotas(&self, index: usize, scheme: &Scheme) -> Value {
        let each = scheme.quotas.iter().map(|quota| {
            let rows = self.quota_rows(index, quota).into_iter();
            let rows = rows.map(|(when, count)| json!({ "when": when, "count": count.to_string() }));
            json!({
                "name": quota.name,
                "rows": rows.collect::<Vec<_>>(),
                "rest": number(quota.rest.as_ref()),
                "total": number(quota.total.as_ref()),
                "clause": quota.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    pub(super) fn rosters(&self, index: usize, scheme: &Scheme) -> Value {
        let each = scheme.rosters.iter().map(|roster| {
            json!({
                "name": roster.name,
                "who": self.roster_condition(index, &roster.name),
                "clause": roster.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }

    pub(super) fn funds(&self, index: usize, scheme: &Scheme) -> Value {
        let each = scheme.distributions.iter().map(|fund| {
            let amount = self.figure(&fund.amount, &fund.measure);
            let (by, who) = self.fund_words(index, &fund.name);
            json!({
                "name": fund.name,
                "amount": amount.value,
                "unit": amount.unit,
                "per_group": fund.per_group,
                "by": by,
                "who": who,
                "each_share": fund.share.to_string(),
                "clause": fund.clause,
            })
        });
        each.collect::<Vec<_>>().into()
    }
}
