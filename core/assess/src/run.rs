//! One run: rounds first, then scores, then everything that follows from them.

use crate::{
    awards::Awarding,
    competing,
    explain::condition,
    funds,
    grades::Grading,
    merged, not_counted, odd_periods, owed,
    period::Period,
    planned,
    prepare::{Given, Prepared, defect},
    result::{Answer, Assessment, AwardReason, AwardResult, ItemResult, Strike},
    rounds,
    slice::Slice,
    ties::RankKey,
    undefined, untimely,
};
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_columns::Native;
use kaoping_program::{
    Column, ColumnId, ColumnSource, Fault, Keep, Machine, NodeId, Op, Program, State, Ties, Workers,
};
use kaoping_scheme::model::{AwardRule, Scheme};
use kaoping_terms::{Diagnostic, Exact, Report, Text};

/// What a run may vary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Position of the round to score; none: the official one.
    pub round: Option<usize>,
    /// Also keep the points of items before rounding.
    pub details: bool,
    /// Leave out who owes what and what divides by zero, where only scores are wanted.
    pub without_owed: bool,
    /// Who does work that can be done at the same time.
    pub workers: Workers,
    /// Work out in machine numbers what can be proved to be exact so. Results do not depend on
    /// it; for fewer than some hundred units it does not pay.
    pub in_columns: bool,
    /// Who makes the code for that into instructions of the machine at hand. Results do not depend on it.
    pub native: Option<&'static dyn Native>,
}

/// Scores all units and works out ranks, grades, awards, quotas, lists and funds.
///
/// The standard must have been compiled without errors. Findings about the run itself are in
/// the result; an error among them means that the result is incomplete.
pub fn assess(given: Given<'_>, options: &Options) -> Assessment {
    let (mut prepared, mut report) = prepare(given, options.round);
    prepared.share(options.workers);
    nobody(&prepared, &mut report);
    if let Err(fault) = not_counted::findings(&prepared, &mut report) {
        report.push(defect(&fault));
    }
    not_counted::events(&prepared, &mut report);
    odd_periods::findings(&prepared, &mut report);
    competing::findings(&prepared, &mut report);
    let mut assessment = assess_prepared(&prepared, options);
    let mut findings = report;
    findings.append(core::mem::take(&mut assessment.findings));
    assessment.findings = findings;
    assessment
}

/// A policy that assesses none of the units given has no result, which is not the same as a
/// result with nothing in it.
fn nobody(prepared: &Prepared<'_>, report: &mut Report) {
    let given = prepared.given();
    let count = given.units.len();
    if count == 0 || given.scheme().is_none() || report.has_errors() || !prepared.members().is_empty() {
        return;
    }
    report.push(
        Diagnostic::error("nobody-assessed", Text::new("没有一个单位可考", "there is no unit to score"))
            .why(Text::new(
                format!("给了 {count} 个单位，方案的“被考核”一个也不包括"),
                format!("of the {count} units given the policy assesses none"),
            ))
            .next(Text::new(
                "核对单位表里的属性和方案的“被考核”",
                "check the attributes of the units and the 被考核 of the policy",
            )),
    );
}

/// As [`assess`], for a run that is already prepared, perhaps with another figure filled in.
pub fn assess_prepared(prepared: &Prepared<'_>, options: &Options) -> Assessment {
    let mut report = Report::new();
    let mut assessment = Assessment {
        slice: prepared.slice(),
        members: prepared.members(),
        groups: prepared.groups().clone(),
        ..Assessment::default()
    };
    if let Some(scheme) = prepared.given().scheme()
        && let Err(fault) = fill(prepared, scheme, options, &mut assessment, &mut report)
    {
        report.push(defect(&fault));
    }
    assessment.findings = report;
    assessment
}

/// The frame and columns of a run, results of other rounds filled in; for explanations too.
/// Findings are those of [`assess`].
pub fn prepare(given: Given<'_>, round: Option<usize>) -> (Prepared<'_>, Report) {
    let mut report = Report::new();
    let official = given.scheme().and_then(|scheme| scheme.rounds.official);
    let year = given.standard.day.map(|day| day.civil().0).or_else(|| given.facts.latest_year());
    let mut slice = Slice { round: round.or(official), year, part: None, until: given.standard.day };
    slice.part = part_of_round(&given, slice, &mut report);
    untimely::other_years(&given, slice.year, &mut report);
    untimely::after_the_day(&given, slice, &mut report);
    tables_not_given(&given, &mut report);
    one_group(&given, &mut report);
    merged::absent_members(&given, &mut report);
    let results = rounds::results(given, slice, &mut report);
    let mut prepared = Prepared::new(given, slice, &results.rows, &mut report);
    for (column, values) in results.columns {
        prepared.fill(column, values);
    }
    (prepared, report)
}

/// Which month or quarter is scored of a round that is held each month or quarter: the latest
/// up to the day that is asked for. It is named, so that nobody takes it for the whole year.
fn part_of_round(given: &Given<'_>, slice: Slice, report: &mut Report) -> Option<Period> {
    let round = slice.round?;
    let (name, _, how_often) = given.scheme()?.rounds.rounds.get(round)?;
    let how_often = how_often.as_ref()?;
    let parts: Vec<Period> = rounds::parts(given, round, slice.year).into_keys().map(|(_, part)| part).collect();
    let day = given.standard.day.map(|day| Period::of_day(day).order());
    let ended = parts.iter().rev().find(|part| day.is_none_or(|day| part.order() <= day));
    let part = *ended.or(parts.first())?;
    let all: Vec<String> = parts.iter().map(Period::to_string).collect();
    report.push(
        Diagnostic::note(
            "round-part-scored",
            Text::new(
                format!("“{name}”{how_often}一次，这里计的是 {part}"),
                format!("the round `{name}` is held several times a year; {part} is scored here"),
            ),
        )
        .why(Text::new(
            format!("报了数的有 {}，每一期各有各的分", all.join("、")),
            format!("figures were reported for {}, each of which has its own scores", all.join(", ")),
        ))
        .next(Text::new(
            "要看别的一期，用 --as-of 写那一期的最后一天；几期的平均写在方案的“设”里",
            "name the last day of another one with --as-of; the mean of them all is a 设 of the policy",
        )),
    );
    Some(part)
}

/// Where nobody has the attribute that makes peer groups, all compete in one.
fn one_group(given: &Given<'_>, report: &mut Report) {
    let Some(name) = given.scheme().and_then(|scheme| scheme.peer_group.as_deref()) else {
        return;
    };
    let of_name = |attribute: &&kaoping_scheme::model::Attribute| {
        attribute.name == name || attribute.alias.as_deref() == Some(name)
    };
    let attribute = given.standard.attributes.iter().find(of_name);
    let group = |(unit, row): (u32, &crate::units::Unit)| match attribute {
        Some(attribute) => !given.units.attribute(unit, attribute).is_empty(),
        None => !row.group.is_empty(),
    };
    if given.units.len() < 2 || given.units.iter().any(group) {
        return;
    }
    report.push(
        Diagnostic::warning(
            "peer-group-not-given",
            Text::new(
                format!("没有一个单位写明“{name}”，全部单位当成一组比较"),
                format!("no unit has `{name}`; all units are compared as one group"),
            ),
        )
        .why(Text::new(
            format!("方案写明同组按“{name}”分，名次、等次和奖都在组内评"),
            format!("the policy makes peer groups by `{name}`: places, grades and awards are within them"),
        ))
        .next(Text::new(
            format!("用 --units 给出单位表，填上“{name}”一列"),
            format!("give a list of units with --units that has a column `{name}`"),
        )),
    );
}

/// Without its list nobody knows whether nothing happened or nobody looked.
fn tables_not_given(given: &Given<'_>, report: &mut Report) {
    let missing = given.standard.events.iter().enumerate().filter(|(at, _)| !given.events.is_given(*at));
    let names: Vec<&str> = missing.map(|(_, table)| table.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let (list, in_english) = (names.join("、"), names.join(", "));
    report.push(
        Diagnostic::warning(
            "events-not-given",
            Text::new(
                format!("没有给出明细“{list}”，暂按没有发生计"),
                format!("no list of {in_english} was given; it is counted as if nothing had happened"),
            ),
        )
        .why(Text::new(
            "没有名册，就分不清是没有发生还是没有登记",
            "without the list it cannot be told whether nothing happened or nothing was recorded",
        ))
        .next(Text::new(
            "用 --events 明细=文件 给出；确实没有就给一个只有表头的文件",
            "give it with --events TABLE=FILE; if there was nothing, a file with only its header",
        )),
    );
}

/// The items that have results: block by block, then those without a block; the items of a
/// nested scheme after the item they stand in.
fn listed_items(given: &Given<'_>, scheme: usize, depth: usize, items: &mut Vec<(usize, usize)>) {
    let Some(model) = given.standard.schemes.get(scheme).filter(|_| depth <= given.standard.schemes.len()) else {
        return;
    };
    let mut order: Vec<_> = model.items.iter().enumerate().collect();
    order.sort_by_key(|(_, item)| item.block.unwrap_or(usize::MAX));
    for (position, item) in order {
        items.push((scheme, position));
        if let Some(nested) = item.sub_scheme {
            listed_items(given, nested, depth + 1, items);
        }
    }
}

/// What a run works out before grades.
pub(crate) fn wanted(given: &Given<'_>) -> Vec<NodeId> {
    let mut items = Vec::new();
    listed_items(given, 0, 0, &mut items);
    given.scheme().map(|scheme| Wanted::new(given, scheme, &items, &Options::default()).nodes).unwrap_or_default()
}

/// The nodes whose values are wanted: first those without, then those with a grade below them.
struct Wanted {
    nodes: Vec<NodeId>,
    after_grades: Vec<NodeId>,
}

impl Wanted {
    fn new(given: &Given<'_>, scheme: &Scheme, items: &[(usize, usize)], options: &Options) -> Wanted {
        let program = &given.standard.program;
        let mut all: Vec<NodeId> = items.iter().flat_map(|item| Wanted::of_item(given, *item, options)).collect();
        all.extend(scheme.blocks.iter().filter_map(|block| block.score));
        all.extend(scheme.total.iter().chain(&scheme.rank).chain(&scheme.meets_all));
        all.extend(scheme.rank_keys.iter().map(|(key, _)| *key));
        all.extend(scheme.values.iter().map(|(_, node)| *node));
        all.extend(scheme.vetoes.iter().map(|veto| veto.when));
        if let Some(grades) = &scheme.grades {
            all.push(grades.by);
            all.extend(grades.bands.iter().filter_map(|band| band.holds));
            all.extend(grades.moves.iter().map(|moved| moved.when));
        }
        for award in &scheme.awards {
            all.extend(award.eligible.iter().chain(&award.unless));
            if let AwardRule::Places { by, .. } = &award.rule {
                all.push(*by);
            }
        }
        all.extend(scheme.quotas.iter().flat_map(|quota| quota.rows.iter().map(|(when, ..)| *when)));
        all.extend(scheme.rosters.iter().map(|roster| roster.filter));
        all.extend(scheme.distributions.iter().flat_map(|fund| core::iter::once(fund.by).chain(fund.filter)));
        let on_grade = grade_column(program).map(|column| rests_on(program, column)).unwrap_or_default();
        let waits = |node: &NodeId| on_grade.get(node.0 as usize) == Some(&true);
        let (after_grades, nodes) = all.into_iter().partition(waits);
        Wanted { nodes, after_grades }
    }

    fn of_item(given: &Given<'_>, (scheme, item): (usize, usize), options: &Options) -> Vec<NodeId> {
        let Some(item) = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item)) else {
            return Vec::new();
        };
        let mut nodes: Vec<NodeId> = item.score.iter().chain(&item.met).copied().collect();
        nodes.extend(item.adjustments.iter().map(|adjustment| adjustment.sum));
        nodes.extend(item.unrounded.filter(|_| options.details));
        nodes
    }
}

/// The column of grades, if the policy uses it.
fn grade_column(program: &Program) -> Option<ColumnId> {
    let is_it =
        |spec: &kaoping_program::ColumnSpec| matches!(&spec.source, ColumnSource::External { name } if name == "等次");
    let at = program.columns.iter().position(is_it)?;
    u32::try_from(at).ok().map(ColumnId)
}

/// Which nodes rest on a column.
fn rests_on(program: &Program, column: ColumnId) -> Vec<bool> {
    let mut rests: Vec<bool> = Vec::with_capacity(program.nodes.len());
    for node in &program.nodes {
        let argument = |argument: &NodeId| rests.get(argument.0 as usize) == Some(&true);
        let it = node.op == Op::Column(column) || node.op.arguments().iter().any(argument);
        rests.push(it);
    }
    rests
}

fn fill(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    options: &Options,
    out: &mut Assessment,
    report: &mut Report,
) -> Result<(), Fault> {
    let given = prepared.given();
    let mut items = Vec::new();
    listed_items(&given, 0, 0, &mut items);
    let wanted = Wanted::new(&given, scheme, &items, options);
    let mut all = wanted.nodes.clone();
    all.extend(&wanted.after_grades);
    let mut machine = prepared.machine(Keep::Outputs, &all)?;
    if options.in_columns {
        planned::seed(prepared, &mut machine, &wanted.nodes, options)?;
    }
    machine.require(&wanted.nodes)?;
    out.vetoes = scheme.vetoes.iter().map(|veto| strikes(&machine, veto.when, prepared.frame().units())).collect();
    grade(prepared, scheme, &machine, out);
    if let Some(column) = grade_column(&given.standard.program) {
        machine.supply(column, grades_as_column(out))?;
    }
    machine.require(&wanted.after_grades)?;
    take_columns(&given, scheme, options, &items, &machine, out);
    award(prepared, scheme, &machine, out);
    if !options.without_owed {
        suspended(prepared, scheme, out);
    }
    prizes(scheme, out, report);
    follow(prepared, scheme, &machine, out, report);
    drop(machine);
    if !options.without_owed {
        owed::fill(prepared, scheme, out, report)?;
        undefined::fill(prepared, scheme, out, report)?;
    }
    Ok(())
}

fn strikes(machine: &Machine<'_>, when: NodeId, units: usize) -> Vec<Strike> {
    let strike = |unit| match machine.column(when).map(|column| Answer::of(column, unit)) {
        Some(Answer::Yes) => Strike::Yes,
        Some(Answer::No | Answer::NotApplicable) => Strike::No,
        Some(Answer::Unknown) | None => Strike::Open,
    };
    (0..units).map(strike).collect()
}

fn grade(prepared: &Prepared<'_>, scheme: &Scheme, machine: &Machine<'_>, out: &mut Assessment) {
    let Some(grades) = &scheme.grades else { return };
    let Some(by) = machine.column(grades.by) else {
        return;
    };
    let holds = grades.bands.iter().map(|band| band.holds.and_then(|holds| machine.column(holds))).collect();
    let moves = grades.moves.iter().map(|moved| machine.column(moved.when)).collect();
    let grading = Grading { grades, by, holds, vetoes: &scheme.vetoes, strikes: &out.vetoes, moves };
    out.grades = grading.run(prepared);
}

fn grades_as_column(out: &Assessment) -> Column {
    let value =
        |grade: &crate::result::GradeResult| grade.band.and_then(|band| i64::try_from(band).ok()).map(Exact::whole);
    let state = |grade: &crate::result::GradeResult| {
        if grade.band.is_some() { State::KNOWN.provisional_if(grade.provisional) } else { State::MISSING }
    };
    let column = Column::from_reported(out.grades.iter().map(value).collect());
    let length = column.len();
    let states = out.grades.iter().map(state).collect();
    column.with_states(states).unwrap_or_else(|| Column::unknown(State::MISSING, length))
}

fn take_columns(
    given: &Given<'_>,
    scheme: &Scheme,
    options: &Options,
    items: &[(usize, usize)],
    machine: &Machine<'_>,
    out: &mut Assessment,
) {
    let take = |node: NodeId| machine.column(node).cloned();
    let share = |node: NodeId| machine.shared_column(node);
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
            met: model.met.and_then(share),
        })
    };
    let mut results: Vec<_> = items.iter().map(|item| (*item, None)).collect();
    options.workers.each(&mut results, &|(item, found)| *found = result(*item));
    out.items = results.into_iter().filter_map(|(_, found)| found).collect();
    out.blocks = scheme.blocks.iter().map(|block| block.score.and_then(take)).collect();
    out.total = scheme.total.and_then(take);
    out.rank = scheme.rank.and_then(take);
    out.meets_all = scheme.meets_all.and_then(take);
    out.values = scheme.values.iter().filter_map(|(name, node)| Some((name.to_string(), take(*node)?))).collect();
    let keys = scheme.rank_keys.iter();
    out.rank_keys = keys.filter_map(|(node, _)| Some(RankKey { node: *node, column: take(*node)? })).collect();
    out.rank_by = rank_by(given, scheme).and_then(|(name, node)| Some((name, take(node)?)));
}

/// What units are ranked by first, where that is not the total: 年度得分, or 年终.总分.
fn rank_by(given: &Given<'_>, scheme: &Scheme) -> Option<(String, NodeId)> {
    let (key, _) = scheme.rank_keys.first().filter(|(key, _)| Some(*key) != scheme.total)?;
    let value = scheme.values.iter().find(|(_, node)| node == key);
    let named = || given.standard.program.node(*key)?.origin.name.clone();
    let name = value.map(|(name, _)| name.clone()).or_else(named)?;
    Some((name, *key))
}

fn award(prepared: &Prepared<'_>, scheme: &Scheme, machine: &Machine<'_>, out: &mut Assessment) {
    let column = |node: Option<NodeId>| node.and_then(|node| machine.column(node));
    let members = out.members.clone();
    for (position, award) in scheme.awards.iter().enumerate() {
        let mut keys = Vec::new();
        if let AwardRule::Places { by, as_ranked, .. } = &award.rule {
            // An award by what the ranking goes by breaks ties as the ranking does.
            let chain = if *as_ranked { scheme.rank_keys.clone() } else { [(*by, true)].into() };
            keys = chain.iter().filter_map(|(key, higher)| Some((machine.column(*key)?, *higher))).collect();
        }
        let awarding = Awarding {
            position,
            award,
            eligible: column(award.eligible),
            unless: column(award.unless),
            keys,
            ties: scheme.ties.unwrap_or(Ties::Skip),
            vetoes: &scheme.vetoes,
            strikes: &out.vetoes,
            before: &out.awards,
            groups: &prepared.groups().of,
        };
        let by = awarding.keys.first().map(|(by, _)| (*by).clone());
        out.awards.push(AwardResult { by, ..awarding.run(&members) });
    }
}

/// Says of each award that is not given which condition suspends it, group by group.
fn suspended(prepared: &Prepared<'_>, scheme: &Scheme, out: &mut Assessment) {
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
fn prizes(scheme: &Scheme, out: &Assessment, report: &mut Report) {
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
fn follow(prepared: &Prepared<'_>, scheme: &Scheme, machine: &Machine<'_>, out: &mut Assessment, report: &mut Report) {
    for quota in &scheme.quotas {
        let rows: Vec<&Column> = quota.rows.iter().filter_map(|(when, ..)| machine.column(*when)).collect();
        let result = funds::quota(quota, &rows, prepared.frame().units());
        if let Some(total) = quota.total.as_ref().filter(|total| result.open.is_empty() && **total != result.sum) {
            report.push(quota_differs(quota, total, &result.sum));
        }
        out.quotas.push(result);
    }
    for roster in &scheme.rosters {
        let filter = machine.column(roster.filter);
        out.rosters.push(filter.map(|filter| funds::roster(filter, &out.members)).unwrap_or_default());
    }
    for fund in &scheme.distributions {
        let filter = fund.filter.and_then(|filter| machine.column(filter));
        let result =
            machine.column(fund.by).map(|by| funds::distribution(fund, by, filter, out.rank.as_ref(), prepared));
        out.shares.push(result.unwrap_or_default());
    }
}

fn quota_differs(quota: &kaoping_scheme::model::Quota, total: &Exact, sum: &Exact) -> Diagnostic {
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
