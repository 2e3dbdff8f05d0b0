//! The shared rules, read from the words of `policies/kinds/common.kp`, not from its text.

use super::{
    number::{Q, percent, whole},
    plan::{Partial, Rule},
};
use num_traits::{One, Zero};

/// What a rule asks about one unit and one item.
pub struct Asked<'w> {
    /// Points of the item.
    pub points: &'w Q,
    /// A figure of the unit; none: owed.
    pub figure: Box<dyn Fn(&'static str) -> Option<Q> + 'w>,
    /// The same figure of every peer, the unit among them.
    pub others: Box<dyn Fn(&'static str) -> Vec<Option<Q>> + 'w>,
    /// Marks of assessors.
    pub marks: Vec<Q>,
}

impl Asked<'_> {
    fn get(&self, field: &'static str) -> Option<Q> {
        (self.figure)(field)
    }

    fn ratio(&self, above: &'static str, below: &'static str) -> Option<Q> {
        Some(self.get(above)? / self.get(below)?)
    }

    /// The best ratio among peers who reported both figures.
    fn best_ratio(&self, above: &'static str, below: &'static str) -> Option<Q> {
        let pairs = (self.others)(above).into_iter().zip((self.others)(below));
        pairs.filter_map(|(above, below)| Some(above? / below?)).max()
    }
}

/// How many steps are in a shortfall.
fn steps(short: Q, step: i64, partial: Partial) -> Q {
    let count = short / percent(step);
    match partial {
        Partial::Whole => count.floor(),
        Partial::Proportional => count,
        Partial::Begun => count.ceil(),
    }
}

/// The points of a unit before deductions and clamps; none: a figure is owed.
pub fn points(rule: &Rule, asked: &Asked<'_>) -> Option<Q> {
    let full = asked.points.clone();
    let one = Q::one();
    let lost = |short: Q, step: i64, loss: i64, most: i64, partial: Partial| {
        let share = (percent(loss) * steps(short, step, partial)).min(percent(most));
        &full - &full * share
    };
    Some(match rule {
        Rule::Plain { step, loss, most, partial } => {
            let ratio = asked.ratio("完成数", "目标数")?;
            if ratio >= one { full } else { lost(one - ratio, *step, *loss, *most, *partial) }
        }
        Rule::Bonus { gain, step, loss, most, partial } => {
            let ratio = asked.ratio("完成数", "目标数")?;
            if ratio < one {
                return Some(lost(one - ratio, *step, *loss, *most, *partial));
            }
            let best = asked.best_ratio("完成数", "目标数")?;
            if best > one {
                let share = (ratio - &one) / (best - &one);
                &full + &full * percent(*gain) * share
            } else {
                full
            }
        }
        Rule::Lower { step, loss, most, partial } => {
            let ratio = asked.ratio("实际数", "控制数")?;
            if ratio <= one { full } else { lost(ratio - one, *step, *loss, *most, *partial) }
        }
        Rule::Steps { step, each, most, partial } => {
            let ratio = asked.ratio("完成数", "目标数")?;
            if ratio >= one {
                full
            } else {
                let off = each.value() * steps(one - ratio, *step, *partial);
                full - off.min(most.value())
            }
        }
        Rule::Tiers { edges, points } => {
            let ratio = asked.ratio("完成数", "目标数")?;
            if ratio >= percent(edges[0]) {
                full
            } else if ratio >= percent(edges[1]) {
                points[0].value()
            } else if ratio >= percent(edges[2]) {
                points[1].value()
            } else {
                Q::zero()
            }
        }
        Rule::Proportional => full * asked.ratio("完成数", "目标数")?.min(one),
        Rule::AllOrNothing => {
            if asked.get("完成")? == one {
                full
            } else {
                Q::zero()
            }
        }
        Rule::PerIncident { each, stops_at_zero } => {
            let left = full - each.value() * asked.get("例数")?;
            if *stops_at_zero { left.max(Q::zero()) } else { left }
        }
        Rule::Discretion { most } => {
            if asked.get("完成")? == one {
                full
            } else {
                let off = asked.get("酌扣")?.min(&full * percent(*most));
                full - off
            }
        }
        Rule::Checked => asked.get("检查得分")?.min(full),
        Rule::Judged => {
            let count = i64::try_from(asked.marks.len()).ok().filter(|count| *count > 0)?;
            (asked.marks.iter().sum::<Q>() / whole(count)).min(full)
        }
        Rule::Trimmed => {
            let mut marks = asked.marks.clone();
            if marks.len() < 3 {
                return None;
            }
            marks.sort();
            let kept = &marks[1..marks.len() - 1];
            let count = whole(i64::try_from(kept.len()).ok()?);
            (kept.iter().sum::<Q>() / count).min(full)
        }
        Rule::Rank { each, least } => {
            let own = asked.get("完成数")?;
            let better = (asked.others)("完成数").into_iter().flatten().filter(|other| *other > own).count();
            let off = each.value() * whole(i64::try_from(better).ok()?);
            (full - off).max(least.value())
        }
        Rule::Efficacy { cut } => {
            let (own, goal, floor) = (asked.get("实际值")?, asked.get("满意值")?, asked.get("不允许值")?);
            let share = if goal == floor {
                if own == goal { one.clone() } else { Q::zero() }
            } else {
                percent(60) + percent(40) * (own - &floor) / (goal - &floor)
            };
            let share = if *cut { share.max(Q::zero()).min(one) } else { share };
            full * share
        }
        Rule::Growth { goal } => {
            let growth = asked.ratio("本年数", "上年数")? - one;
            if growth >= percent(*goal) {
                full
            } else if growth > Q::zero() {
                full * growth / percent(*goal)
            } else {
                Q::zero()
            }
        }
        Rule::Survey => full * asked.ratio("满意票", "有效票")?.min(one),
        Rule::Timely => full * asked.ratio("按时次数", "应报次数")?.min(one),
    })
}

/// Whether the target was met; none: a figure is owed. Only for rules that say so.
pub fn met(rule: &Rule, asked: &Asked<'_>) -> Option<bool> {
    let one = Q::one();
    Some(match rule {
        Rule::Plain { .. } | Rule::Bonus { .. } | Rule::Steps { .. } | Rule::Proportional => {
            asked.ratio("完成数", "目标数")? >= one
        }
        Rule::Tiers { edges, .. } => asked.ratio("完成数", "目标数")? >= percent(edges[0]),
        Rule::Lower { .. } => asked.get("实际数")? <= asked.get("控制数")?,
        Rule::AllOrNothing | Rule::Discretion { .. } => asked.get("完成")? == one,
        Rule::Growth { goal } => asked.ratio("本年数", "上年数")? - one >= percent(*goal),
        Rule::Timely => asked.ratio("按时次数", "应报次数")? >= one,
        _ => return None,
    })
}

/// Whether the least a rule gives is plain, so that a policy may put it where a figure is owed.
pub fn has_plain_least(rule: &Rule) -> bool {
    !matches!(rule, Rule::Efficacy { cut: false } | Rule::PerIncident { stops_at_zero: false, .. })
}

/// The least a rule with a plain least gives.
pub fn least(rule: &Rule, full: &Q) -> Q {
    match rule {
        Rule::Plain { most, .. } | Rule::Bonus { most, .. } | Rule::Lower { most, .. } | Rule::Discretion { most } => {
            full - full * percent(*most)
        }
        Rule::Steps { most, .. } => full - most.value(),
        Rule::Rank { least, .. } => least.value(),
        _ => Q::zero(),
    }
}
