//! One run: rounds first, then scores, then everything that follows from them.

use crate::{
    competing, merged, not_counted, odd_periods, outcome, owed,
    period::Period,
    planned,
    prepare::{Given, Prepared, defect},
    result::Assessment,
    room::Room,
    rounds,
    slice::Slice,
    undefined, untimely,
    wanted::{Wanted, grade_column, listed_items},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_columns::Native;
use kaoping_program::{Fault, Keep, Workers};
use kaoping_scheme::model::Scheme;
use kaoping_terms::{Diagnostic, Report, Text};

/// What a run may vary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Position of the round to score; none: the official one.
    pub round: Option<usize>,
    /// Also keep the points of items before rounding.
    pub details: bool,
    /// Leave out who owes what and what divides by zero, where only scores are wanted.
    pub without_owed: bool,
    /// Leave out item by item whether its target was met; whether all were is there.
    pub without_met: bool,
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
    of_what_was_given(&prepared, &mut report);
    let mut assessment = assess_prepared(&prepared, options);
    let mut findings = report;
    findings.append(core::mem::take(&mut assessment.findings));
    assessment.findings = findings;
    assessment
}

/// What there is to say of the figures, whatever comes out.
pub(crate) fn of_what_was_given(prepared: &Prepared<'_>, report: &mut Report) {
    nobody(prepared, report);
    if let Err(fault) = not_counted::findings(prepared, report) {
        report.push(defect(&fault));
    }
    not_counted::events(prepared, report);
    odd_periods::findings(prepared, report);
    competing::findings(prepared, report);
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
    assess_in(prepared, options, &mut Room::default())
}

/// As [`assess_prepared`], in room that an earlier assessment took.
pub fn assess_in(prepared: &Prepared<'_>, options: &Options, room: &mut Room) -> Assessment {
    let mut report = Report::new();
    let mut assessment = Assessment {
        slice: prepared.slice(),
        members: prepared.members(),
        groups: prepared.groups().clone(),
        ..Assessment::default()
    };
    if let Some(scheme) = prepared.given().scheme()
        && let Err(fault) = fill(prepared, scheme, (options, room), &mut assessment, &mut report)
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
            "几期的平均写在方案的“设”里；在命令行上要看别的一期，用 --as-of 写那一期的最后一天",
            "the mean of them all is a 设 of the policy; on the command line name the last day of another one with --as-of",
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

fn fill(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    (options, room): (&Options, &mut Room),
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
        planned::seed(prepared, &mut machine, &wanted.nodes, (options, room))?;
    }
    machine.require(&wanted.nodes)?;
    out.vetoes =
        scheme.vetoes.iter().map(|veto| outcome::strikes(&machine, veto.when, prepared.frame().units())).collect();
    outcome::grade(prepared, scheme, &machine, out);
    if let Some(column) = grade_column(&given.standard.program) {
        machine.supply(column, outcome::grades_as_column(&out.grades))?;
    }
    machine.require(&wanted.after_grades)?;
    outcome::take_columns(&given, scheme, options, &items, &machine, out);
    outcome::award(prepared, scheme, &machine, out);
    if !options.without_owed {
        outcome::suspended(prepared, scheme, out);
    }
    outcome::prizes(scheme, out, report);
    outcome::follow(prepared, scheme, &machine, out, report);
    drop(machine);
    if !options.without_owed {
        owed::fill(prepared, scheme, out, report)?;
        undefined::fill(prepared, scheme, out, report)?;
    }
    Ok(())
}
