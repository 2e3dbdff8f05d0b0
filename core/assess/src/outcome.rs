//! What follows from the values of a run: vetoes, grades, awards, quotas, lists and funds.

use crate::{
    awards::Awarding,
    explain::condition,
    funds,
    grades::Grading,
    prepare::{Given, Prepared},
    result::{
        Answer, Assessment, AwardReason, AwardResult, GradeResult, ItemResult, QuotaResult, RosterResult, ShareResult,
        Strike,
    },
    run::Options,
    ties::RankKey,
};
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_program::{Column, Kept, Machine, NodeId, State, Ties};
use kaoping_scheme::model::{Award, AwardRule, Distribution, Quota, Roster, Scheme};
use kaoping_terms::{Diagnostic, Exact, Report, Text};

/// Whatever has the values of nodes: a machine that ran, or a run that is kept.
pub(crate) trait Values: Sync {
    /// The values of a node that was asked for.
    fn column(&self, node: NodeId) -> Option<&Column>;
    /// The same, to be kept without copying the values.
    fn shared(&self, node: NodeId) -> Option<Arc<Column>>;
}

impl Values for Machine<'_> {
    fn column(&self, node: NodeId) -> Option<&Column> {
        Machine::column(self, node)
    }

    fn shared(&self, node: NodeId) -> Option<Arc<Column>> {
        self.shared_column(node)
    }
}

impl Values for Kept {
    fn column(&self, node: NodeId) -> Option<&Column> {
        Kept::column(self, node).map(|column| &**column)
    }

    fn shared(&self, node: NodeId) -> Option<Arc<Column>> {
        Kept::column(self, node).cloned()
    }
}

/// Whether a veto strikes each unit.
pub(crate) fn strikes(values: &impl Values, when: NodeId, units: usize) -> Vec<Strike> {
    let column = values.column(when);
    (0..units).map(|unit| strike(column, unit)).collect()
}

/// Whether a veto strikes a unit, from the values of its condition.
pub(crate) fn strike(column: Option<&Column>, unit: usize) -> Strike {
    match column.map(|column| Answer::of(column, unit)) {
        Some(Answer::Yes) => Strike::Yes,
        Some(Answer::No | Answer::NotApplicable) => Strike::No,
        Some(Answer::Unknown) | None => Strike::Open,
    }
}

pub(crate) fn grade(prepared: &Prepared<'_>, scheme: &Scheme, values: &impl Values, out: &mut Assessment) {
    if let Some(grading) = grading(scheme, values, &out.vetoes) {
        out.grades = grading.run(prepared);
    }
}

/// What grades are made of; none where the scheme has none.
pub(crate) fn grading<'g>(
    scheme: &'g Scheme,
    values: &'g impl Values,
    strikes: &'g [Vec<Strike>],
) -> Option<Grading<'g>> {
    let grades = scheme.grades.as_ref()?;
    let by = values.column(grades.by)?;
    let holds = grades.bands.iter().map(|band| band.holds.and_then(|holds| values.column(holds))).collect();
    let moves = grades.moves.iter().map(|moved| values.column(moved.when)).collect();
    Some(Grading { grades, by, holds, vetoes: &scheme.vetoes, strikes, moves })
}

pub(crate) fn grades_as_column(grades: &[GradeResult]) -> Column {
    let value = |grade: &GradeResult| grade.band.and_then(|band| i64::try_from(band).ok()).map(Exact::whole);
    let state = |grade: &GradeResult| {
        if grade.band.is_some() { State::KNOWN.provisional_if(grade.provisional) } else { State::MISSING }
    };
    let column = Column::from_reported(grades.iter().map(value).collect());
    let length = column.len();
    let states = grades.iter().map(state).collect();
    column.with_states(states).unwrap_or_else(|| Column::unknown(State::MISSING, length))
}

pub(crate) fn take_columns(
    given: &Given<'_>,
    scheme: &Scheme,
    options: &Options,
    items: &[(usize, usize)],
    values: &impl Values,
    out: &mut Assessment,
) {
    let share = |node: NodeId| values.shared(node);
    let units = given.units.len();
    let result = |(scheme, item): (usize, usize)| {
        let model = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item))?;
        let missing = || Arc::new(Column::unknown(State::MISSING, units));
        Some(ItemResult {
            scheme,
            item,
            score: model.score.and_then(share).unwrap_or_else(missing),
            unrounded: model.unrounded.filter(|_| options.details).and_then(share),
            adjustments: model.adjustments.iter().filter_map(|adjustment| share(adjustment.sum)).collect(),
            met: model.met.filter(|_| !options.without_met).and_then(share),
        })
    };
    let mut results: Vec<_> = items.iter().map(|item| (*item, None)).collect();
    options.workers.each(&mut results, &|(item, found)| *found = result(*item));
    out.items = results.into_iter().filter_map(|(_, found)| found).collect();
    out.blocks = scheme.blocks.iter().map(|block| block.score.and_then(share)).collect();
    out.total = scheme.total.and_then(share);
    out.rank = scheme.rank.and_then(share);
    out.meets_all = scheme.meets_all.and_then(share);
    out.values = scheme.values.iter().filter_map(|(name, node)| Some((name.to_string(), share(*node)?))).collect();
    let keys = scheme.rank_keys.iter();
    out.rank_keys = keys.filter_map(|(node, _)| Some(RankKey { node: *node, column: share(*node)? })).collect();
    out.rank_by = rank_by(given, scheme).and_then(|(name, node)| Some((name, share(node)?)));
}

/// What units are ranked by first, where that is not the total: 年度得分, or 年终.总分.
fn rank_by(given: &Given<'_>, scheme: &Scheme) -> Option<(String, NodeId)> {
    let (key, _) = scheme.rank_keys.first().filter(|(key, _)| Some(*key) != scheme.total)?;
    let value = scheme.values.iter().find(|(_, node)| node == key);
    let named = || given.standard.program.node(*key)?.origin.name.clone();
    let name = value.map(|(name, _)| name.clone()).or_else(named)?;
    Some((name, *key))
}

pub(crate) fn award(prepared: &Prepared<'_>, scheme: &Scheme, values: &impl Values, out: &mut Assessment) {
    for position in 0..scheme.awards.len() {
        let result = award_at(position, prepared, scheme, values, out);
        out.awards.extend(result);
    }
}

/// One award; vetoes and the awards before it are settled.
pub(crate) fn award_at(
    position: usize,
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    values: &impl Values,
    out: &Assessment,
) -> Option<AwardResult> {
    let awarding = awarding(position, prepared, scheme, values, out)?;
    let by = award_keys(scheme, awarding.award).iter().find_map(|(key, _)| values.shared(*key));
    Some(AwardResult { by, ..awarding.run(&out.members) })
}

/// What an award looks at.
pub(crate) fn awarding<'v>(
    position: usize,
    prepared: &'v Prepared<'_>,
    scheme: &'v Scheme,
    values: &'v impl Values,
    out: &'v Assessment,
) -> Option<Awarding<'v>> {
    let award = scheme.awards.get(position)?;
    let column = |node: Option<NodeId>| node.and_then(|node| values.column(node));
    let keys = award_keys(scheme, award);
    let keys = keys.iter().filter_map(|(key, higher)| Some((values.column(*key)?, *higher))).collect();
    Some(Awarding {
        position,
        award,
        eligible: column(award.eligible),
        unless: column(award.unless),
        keys,
        ties: scheme.ties.unwrap_or(Ties::Skip),
        vetoes: &scheme.vetoes,
        strikes: &out.vetoes,
        left_out: award.left_out.iter().filter_map(|unit| prepared.given().units.find(unit)).collect(),
        before: &out.awards,
        groups: &prepared.groups().of,
    })
}

/// What decides an award, the most important first: one by what the ranking goes by breaks ties as
/// the ranking does.
pub(crate) fn award_keys(scheme: &Scheme, award: &Award) -> Vec<(NodeId, bool)> {
    match &award.rule {
        AwardRule::Places { as_ranked: true, .. } => scheme.rank_keys.clone(),
        AwardRule::Places { by, .. } => [(*by, true)].into(),
        _ => Vec::new(),
    }
}

/// Says of each award that is not given which condition suspends it, group by group.
pub(crate) fn suspended(prepared: &Prepared<'_>, scheme: &Scheme, out: &mut Assessment) {
    let groups = &prepared.groups().of;
    for (award, result) in scheme.awards.iter().zip(&mut out.awards) {
        let Some(unless) = award.unless else { continue };
        let is_suspended = |unit: &&u32| result.reasons.get(**unit as usize) == Some(&AwardReason::NotGiven);
        let of_group = |unit: u32, group| group == groups.get(unit as usize).copied();
        for list in &mut result.lists {
            let mut units = out.members.iter().filter(is_suspended);
            let unit = units.find(|unit| list.group.is_none_or(|group| of_group(**unit, Some(group))));
            if let Some(unit) = unit {
                list.suspended = condition::told(prepared, *unit, unless);
            }
        }
    }
}

/// Prize money that ties or open groups lift above what is declared.
pub(crate) fn prizes(scheme: &Scheme, out: &Assessment, report: &mut Report) {
    for total in &scheme.prize_totals {
        let mut sum = Exact::zero();
        for (award, result) in total.awards.iter().filter_map(|at| scheme.awards.get(*at).zip(out.awards.get(*at))) {
            let winners = result.lists.iter().flat_map(|list| &list.winners);
            for prize in winners.filter_map(|winner| award.prize(winner.place)) {
                sum = &sum + &prize.amount;
            }
        }
        if sum > total.amount {
            let (sum, declared) = (total.measure.figure(&sum), total.measure.figure(&total.amount));
            report.push(
                Diagnostic::warning(
                    "prize-total-exceeded",
                    Text::new(
                        format!("奖金要发 {sum}，方案写的合计是 {declared}"),
                        format!("{sum} of prize money would be given; the policy declares {declared}"),
                    ),
                )
                .at(total.place)
                .why(Text::new(
                    "并列的各得一份，或者得奖的比名额多，钱就超了",
                    "units that share a place get the money each, or more won than there are places",
                ))
                .next(Text::new(
                    "定好并列怎么发（末位并列、比序，或改用“分配”），或调整合计",
                    "settle what ties get (末位并列, 比序, or a fund), or change the sum",
                )),
            );
        }
    }
}

/// Quotas, lists and funds.
pub(crate) fn follow(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    values: &impl Values,
    out: &mut Assessment,
    report: &mut Report,
) {
    out.quotas = scheme.quotas.iter().map(|quota| quota_of(prepared, quota, values)).collect();
    quota_findings(scheme, out, report);
    out.rosters = scheme.rosters.iter().map(|roster| roster_of(roster, values, &out.members)).collect();
    out.shares = scheme.distributions.iter().map(|fund| share_of(prepared, scheme, fund, values)).collect();
}

pub(crate) fn quota_of(prepared: &Prepared<'_>, quota: &Quota, values: &impl Values) -> QuotaResult {
    let rows: Vec<&Column> = quota.rows.iter().filter_map(|(when, ..)| values.column(*when)).collect();
    funds::quota(quota, &rows, prepared.frame().units())
}

pub(crate) fn roster_of(roster: &Roster, values: &impl Values, members: &[u32]) -> RosterResult {
    values.column(roster.filter).map(|filter| funds::roster(filter, members)).unwrap_or_default()
}

pub(crate) fn share_of(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    fund: &Distribution,
    values: &impl Values,
) -> ShareResult {
    let rank = scheme.rank.and_then(|rank| values.column(rank));
    let filter = fund.filter.and_then(|filter| values.column(filter));
    let by = values.column(fund.by);
    by.map(|by| funds::distribution(fund, by, filter, rank, prepared)).unwrap_or_default()
}

/// Quotas that do not add up to the declared number.
pub(crate) fn quota_findings(scheme: &Scheme, out: &Assessment, report: &mut Report) {
    for (quota, result) in scheme.quotas.iter().zip(&out.quotas) {
        if let Some(total) = quota.total.as_ref().filter(|total| result.open.is_empty() && **total != result.sum) {
            report.push(quota_differs(quota, total, &result.sum));
        }
    }
}

fn quota_differs(quota: &Quota, total: &Exact, sum: &Exact) -> Diagnostic {
    let (total, sum) = (quota.measure.figure(total), quota.measure.figure(sum));
    Diagnostic::warning(
        "quota-total-differs",
        Text::new(
            format!("名额“{}”各单位合计 {sum}，方案写的是 {total}", quota.name),
            format!("the quotas `{}` of all units add up to {sum}; the policy says {total}", quota.name),
        ),
    )
    .at(quota.place)
    .why(Text::new(
        "按单位表逐个计出的名额与写明的总数不符",
        "the numbers by the list of units do not give the declared total",
    ))
    .next(Text::new("核对单位表，或改名额、总数", "check the list of units, or change the quotas or the total"))
}
