//! Figures for other periods than those that are asked for: a month beside its quarter counts
//! twice, and three months in place of a quarter are three rows of a mean.

use crate::{
    figures::{EMPTY, Entry},
    period::Period,
    prepare::Prepared,
};
use alloc::{collections::BTreeMap, format, vec::Vec};
use kaoping_program::{Aggregate, Domain, Op, Program, RowsetId, RowsetSpec};
use kaoping_scheme::model::Input;
use kaoping_syntax::Soft;
use kaoping_terms::{Diagnostic, Report, Text};

/// How many units a finding names.
const NAMED: usize = 5;

/// A figure a unit reported, and the period of it that is told.
type Told = (u32, Period, Period, Entry);

/// One finding of each kind for each figure that is asked for period by period.
pub(crate) fn findings(prepared: &Prepared<'_>, report: &mut Report) {
    let given = prepared.given();
    let program = &given.standard.program;
    let items = given.standard.schemes.iter().flat_map(|scheme| &scheme.items);
    for input in items.flat_map(|item| &item.inputs) {
        let Some((rowset, months)) = input.rows.and_then(|rowset| Some((rowset, cadence(program, rowset)?))) else {
            continue;
        };
        let reported = reported(prepared, input);
        if reported.values().flatten().all(|(period, _)| period.length() == months) {
            continue;
        }
        let (mut twice, mut odd) = (Vec::new(), Vec::new());
        for (unit, rows) in &reported {
            let overlap = rows.iter().find_map(|(part, entry)| {
                let (whole, _) = rows.iter().find(|(whole, _)| whole != part && whole.contains(*part))?;
                Some((*unit, *whole, *part, *entry))
            });
            let other = rows.iter().find(|(period, _)| overlap.is_none() && !fits(*period, months));
            odd.extend(other.map(|(period, entry)| (*unit, *period, *period, *entry)));
            twice.extend(overlap);
        }
        if let Some(first) = twice.first() {
            report.push(overlapping(prepared, input, first, &twice));
        }
        // A sum of the rows themselves is the same however they are cut.
        if let (Some(first), false) = (odd.first(), only_added(program, input, rowset)) {
            report.push(otherwise(prepared, input, months, first, &odd));
        }
    }
}

/// How many months the rows of a figure last; none where that is not agreed.
fn cadence(program: &Program, rowset: RowsetId) -> Option<u8> {
    match program.rowsets.get(rowset.0 as usize)? {
        RowsetSpec::Periods { months, .. } => Some(*months).filter(|months| *months > 0),
        _ => None,
    }
}

/// The figures of each assessed unit that name a period.
fn reported(prepared: &Prepared<'_>, input: &Input) -> BTreeMap<u32, Vec<(Period, Entry)>> {
    let facts = prepared.given().facts;
    let mut units: BTreeMap<u32, Vec<(Period, Entry)>> = BTreeMap::new();
    let Some(slot) = facts.fields.of_column(input.column) else {
        return units;
    };
    for (period, layer) in prepared.slice().period_layers(facts, slot, 0) {
        let Some(period) = period else { continue };
        for entry in layer.entries.iter().filter(|entry| entry.places != EMPTY && prepared.is_assessed(entry.unit)) {
            units.entry(entry.unit).or_default().push((period, entry));
        }
    }
    units
}

/// Whether a period is one of those asked for: of that length, a day of a month or the last of
/// a longer time, or the whole year, beside which there is nothing.
fn fits(period: Period, months: u8) -> bool {
    let ends = || Period::each(period.year(), months).any(|whole| whole.order() == period.order());
    match period.length() {
        0 => months == 1 || ends(),
        12 => true,
        length => length == months,
    }
}

/// Whether the rows are only ever added up, each as it is.
fn only_added(program: &Program, input: &Input, rowset: RowsetId) -> bool {
    let added = |op: &Op| match op {
        Op::Aggregate { function, over: Domain::Rows(rows), x, filter } if *rows == rowset => {
            let itself = x.is_some_and(|x| x == input.node || x == input.given);
            *function == Aggregate::Sum && filter.is_none() && itself
        }
        _ => true,
    };
    program.nodes.iter().all(|node| added(&node.op))
}

/// The first of some units by name, and how many there are more.
pub(crate) fn named(prepared: &Prepared<'_>, found: &[u32]) -> Text {
    let named: Vec<&str> = found.iter().take(NAMED).map(|unit| prepared.given().units.id(*unit)).collect();
    let (zh, en) = if found.len() > NAMED {
        (format!(" 等 {} 个单位", found.len()), format!(" and {} more", found.len() - NAMED))
    } else {
        Default::default()
    };
    Text::new(format!("{}{zh}", named.join("、")), format!("{}{en}", named.join(", ")))
}

fn units(prepared: &Prepared<'_>, found: &[Told]) -> Text {
    named(prepared, &found.iter().map(|(unit, ..)| *unit).collect::<Vec<_>>())
}

fn overlapping(prepared: &Prepared<'_>, input: &Input, first: &Told, found: &[Told]) -> Diagnostic {
    let (_, whole, part, entry) = first;
    let (name, units) = (&input.name, units(prepared, found));
    Diagnostic::warning(
        "periods-overlap",
        Text::new(
            format!("“{name}”报的期间有重叠：{}，如 {whole} 和其中的 {part}", units.zh),
            format!("periods of `{name}` overlap: {}, such as {whole} and {part} within it", units.en),
        ),
    )
    .at(prepared.given().facts.place(entry))
    .why(Text::new(
        "同一段时间的数报了两次：不是算了两回，就是全年的数让给了各期的数，有一个没有算",
        "one time was reported twice: it counts twice, or the figure of the year gave way to its parts",
    ))
    .next(Text::new("只留一种：报一期一个数，或报其中各期", "keep one of them: the figure of the period, or its parts"))
}

fn otherwise(prepared: &Prepared<'_>, input: &Input, months: u8, first: &Told, found: &[Told]) -> Diagnostic {
    let (_, period, _, entry) = first;
    let (name, units) = (&input.name, units(prepared, found));
    let often = match months {
        1 => Soft::EachMonth,
        3 => Soft::EachQuarter,
        6 => Soft::EachHalfYear,
        _ => Soft::EachYear,
    };
    Diagnostic::warning(
        "period-not-as-asked",
        Text::new(
            format!("“{name}”要{}报，{}报的不是这样的一期，如 {period}", often.chinese(), units.zh),
            format!(
                "`{name}` is asked for {}; {} reported another length, such as {period}",
                often.english(),
                units.en
            ),
        ),
    )
    .at(prepared.given().facts.place(entry))
    .why(Text::new(
        "报了几个数就是几行：一季拆成三个月报，平均、件数里这一季就占三份",
        "each figure is a row: a quarter reported by months has three parts in a mean or count",
    ))
    .next(Text::new("合成所要求的一期一个数再报", "report one figure for each period that is asked for"))
}
