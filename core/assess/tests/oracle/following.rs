//! Numbers of individuals and funds, which follow from scores, places and grades.

use super::{
    evaluate::{Results, Score, Truth, World},
    make,
    number::{Dice, Q, whole},
    plan::{Among, Filter, Fund, KINDS, Quota, QuotaWhen, Scheme, Value},
    text::{points, value_name},
};
use num_traits::Zero;
use std::fmt::Write;

pub fn quota(scheme: &Scheme, dice: &mut Dice) -> Quota {
    let rows = (0..dice.between(1, 3)).map(|_| {
        let when = match dice.below(3) {
            0 => QuotaWhen::Kind(dice.below(KINDS.len())),
            1 if scheme.grades.is_some() => {
                let bands = scheme.grades.as_ref().map_or(1, |grades| grades.bands.len());
                QuotaWhen::Grade(dice.below(bands))
            }
            _ => {
                let value = if dice.chance(50) { Value::Total } else { make::part(scheme, dice) };
                QuotaWhen::AtLeast(value, make::near(scheme, value, dice))
            }
        };
        (when, dice.between(1, 9))
    });
    Quota { rows: rows.collect(), rest: dice.between(0, 3) }
}

pub fn fund(scheme: &Scheme, dice: &mut Dice) -> Fund {
    let filter = match dice.below(4) {
        0 => Some(Filter::EveryTargetMet),
        1 => {
            let value = make::part(scheme, dice);
            Some(Filter::AtLeast(value, make::near(scheme, value, dice)))
        }
        2 => Some(Filter::Kind(dice.below(KINDS.len()))),
        _ => None,
    };
    Fund {
        amount: dice.pick(&[10_000, 100_000, 700, 99_950, 33_333]),
        share: dice.pick(&[100, 1, 50, 1000]),
        by: if dice.chance(60) { Value::Total } else { make::part(scheme, dice) },
        among: if scheme.peers { dice.pick(&[Among::Peers, Among::Silent]) } else { Among::Silent },
        filter,
    }
}

pub fn text(scheme: &Scheme, why: &str) -> String {
    let mut out = String::new();
    for (position, quota) in scheme.quotas.iter().enumerate() {
        let _ = writeln!(out, "名额 名额{position} {why}");
        for (when, number) in &quota.rows {
            let when = match when {
                QuotaWhen::Grade(band) => format!("等次 = 等{band}"),
                QuotaWhen::Kind(kind) => format!("类别 = {}", KINDS[*kind]),
                QuotaWhen::AtLeast(value, figure) => format!("{} ≥ {}", value_name(scheme, *value), points(*figure)),
            };
            let _ = writeln!(out, "  {when} → {number} 人");
        }
        let _ = writeln!(out, "  其余 → {} 人", quota.rest);
    }
    for (position, fund) in scheme.funds.iter().enumerate() {
        let (amount, by) = (fund.amount, value_name(scheme, fund.by));
        let _ = write!(out, "分配 金{position} {amount} 元{} 按 {by}", fund.among.text());
        match &fund.filter {
            Some(Filter::EveryTargetMet) => out.push_str(" 其中 全部达标"),
            Some(Filter::AtLeast(value, figure)) => {
                let _ = write!(out, " 其中 {} ≥ {}", value_name(scheme, *value), points(*figure));
            }
            Some(Filter::Kind(kind)) => {
                let _ = write!(out, " 其中 类别 = {}", KINDS[*kind]);
            }
            None => {}
        }
        let _ = writeln!(out, " 每份 {} 元 余数 最大余数 同余 名次 {why}", fund.share);
    }
    out
}

impl World<'_> {
    /// The number of a unit: that of the first row that holds; none where that is not known.
    pub fn quota(&self, quota: &Quota, unit: usize, results: &Results) -> Option<i64> {
        for (when, number) in &quota.rows {
            let holds = match when {
                QuotaWhen::Kind(kind) => Some(self.case.units[unit].kind == *kind),
                QuotaWhen::Grade(band) => match results.total[unit] {
                    Score::Known(_) => Some(results.grades[unit] == Some(*band)),
                    Score::Owed => None,
                    Score::Apart => Some(false),
                },
                QuotaWhen::AtLeast(value, figure) => match self.value(*value, unit, results) {
                    Score::Known(value) => Some(value >= figure.value()),
                    Score::Owed => None,
                    Score::Apart => Some(false),
                },
            };
            match holds {
                Some(true) => return Some(*number),
                Some(false) => {}
                None => return None,
            }
        }
        Some(quota.rest)
    }

    /// The part of each unit, in proportion to its points, in whole shares.
    pub fn fund(&self, fund: &Fund, results: &Results) -> Vec<Option<Q>> {
        let units = self.case.units.len();
        let mut parts = vec![None; units];
        let within = fund.among == Among::Peers;
        for group in 0..if within { KINDS.len() } else { 1 } {
            let inside = |unit: &usize| self.assessed[*unit] && (!within || self.case.units[*unit].kind == group);
            let members: Vec<usize> = (0..units).filter(inside).collect();
            let shares: Option<Vec<(usize, Q)>> = members
                .iter()
                .filter_map(|unit| match self.has_part(fund, *unit, results) {
                    Truth::Yes => match self.value(fund.by, *unit, results) {
                        Score::Known(points) => Some(Some((*unit, points.max(Q::zero())))),
                        Score::Owed => Some(None),
                        Score::Apart => None,
                    },
                    Truth::Owed => Some(None),
                    Truth::No | Truth::Apart => None,
                })
                .collect();
            for (unit, part) in shares.map(|weights| self.divided(fund, &weights, results)).unwrap_or_default() {
                parts[unit] = Some(part);
            }
        }
        parts
    }

    fn has_part(&self, fund: &Fund, unit: usize, results: &Results) -> Truth {
        match &fund.filter {
            Some(Filter::EveryTargetMet) => results.meets_all[unit],
            Some(Filter::Kind(kind)) if self.case.units[unit].kind != *kind => Truth::No,
            Some(Filter::AtLeast(value, figure)) => match self.value(*value, unit, results) {
                Score::Known(value) if value >= figure.value() => Truth::Yes,
                Score::Known(_) => Truth::No,
                Score::Owed => Truth::Owed,
                Score::Apart => Truth::Apart,
            },
            Some(Filter::Kind(_)) | None => Truth::Yes,
        }
    }

    /// One share after the other to whoever is furthest below what is due, for as long as there
    /// is a whole share; then what is left to the next in line.
    fn divided(&self, fund: &Fund, weights: &[(usize, Q)], results: &Results) -> Vec<(usize, Q)> {
        let all: Q = weights.iter().map(|(_, weight)| weight.clone()).sum();
        if all.is_zero() {
            return Vec::new();
        }
        let (amount, share) = (whole(fund.amount), whole(fund.share));
        let count = (&amount / &share).floor();
        let due = |weight: &Q| &count * weight / &all;
        let mut parts: Vec<(usize, Q)> =
            weights.iter().map(|(unit, weight)| (*unit, due(weight).floor() * &share)).collect();
        // The largest remainder first; of equal ones the better place, then the id.
        let mut line: Vec<usize> = (0..weights.len()).collect();
        line.sort_by_key(|at| {
            let (unit, weight) = &weights[*at];
            let place = results.rank[*unit];
            (due(weight).floor() - due(weight), place.is_none(), place, self.case.units[*unit].id.clone())
        });
        let mut left = amount - parts.iter().map(|(_, part)| part.clone()).sum::<Q>();
        for at in line {
            let next = left.clone().min(share.clone());
            parts[at].1 += &next;
            left -= next;
        }
        parts
    }
}
