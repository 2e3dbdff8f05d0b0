//! Who owes which figure: from a missing value back to what was not reported.

use crate::{
    prepare::Prepared,
    result::{Assessment, Owed, Owing},
    trail::{Found, Seek, followed},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use kaoping_program::{ColumnSource, Fault, NodeId};
use kaoping_scheme::model::{MissingPolicy, Scheme};
use kaoping_terms::{Diagnostic, Report, Text};

/// What the units owe whose value of a node is missing or provisional. Branches that were not
/// taken owe nothing; of an aggregate over units those owe that have not reported.
///
/// # Errors
/// As [`Machine::require`](kaoping_program::Machine::require).
pub fn owed(prepared: &Prepared<'_>, node: NodeId, units: &[u32]) -> Result<BTreeSet<Owing>, Fault> {
    let found = followed(prepared, node, units, Seek::Owed)?;
    let owing = |found| if let Found::Owing(owing) = found { Some(owing) } else { None };
    Ok(found.into_iter().filter_map(owing).collect())
}

/// Finds out what is owed for each score, total and ranking value that is missing or
/// provisional.
pub(crate) fn fill(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    out: &mut Assessment,
    report: &mut Report,
) -> Result<(), Fault> {
    let standard = prepared.given().standard;
    let mut found = BTreeSet::new();
    let mut explained = BTreeSet::new();
    for result in &out.items {
        let Some(item) = result.model(standard).filter(|item| !item.is_substitute) else {
            continue;
        };
        let waiting = waiting(&out.members, Some(&result.score));
        if let (Some(node), false) = (item.score, waiting.is_empty()) {
            found.extend(owed(prepared, node, &waiting)?);
            explained.extend(waiting);
        }
    }
    let totals = scheme.total.map(|total| (total, out.total.as_deref()));
    let values = scheme.values.iter().map(|(name, node)| {
        let column = out.values.iter().find(|(of, _)| of == name);
        (*node, column.map(|(_, column)| &**column))
    });
    for (number, (node, column)) in totals.into_iter().chain(values).enumerate() {
        // What a total waits for was found with its items; other values may look further.
        let is_total = number == 0 && scheme.total == Some(node);
        let mut waiting = waiting(&out.members, column);
        waiting.retain(|unit| !is_total || !explained.contains(unit));
        if !waiting.is_empty() && !rests_on_grades(prepared, node) {
            found.extend(owed(prepared, node, &waiting)?);
        }
    }
    out.owed = found.into_iter().collect();
    targets(prepared, out, report);
    if scheme.missing == Some(MissingPolicy::Return) && !out.owed.is_empty() {
        report.push(returned(out));
    }
    Ok(())
}

/// The members whose value is missing or provisional.
fn waiting(members: &[u32], column: Option<&kaoping_program::Column>) -> Vec<u32> {
    let waits = |unit: &u32| {
        column.is_none_or(|column| {
            let state = column.state(*unit as usize);
            state.is_missing() || state.is_provisional()
        })
    };
    members.iter().copied().filter(waits).collect()
}

/// Grades are filled in between two runs, so that here they would seem to be owed.
fn rests_on_grades(prepared: &Prepared<'_>, node: NodeId) -> bool {
    let program = &prepared.given().standard.program;
    let columns = crate::prepare::columns_below(program, &[node]);
    let specs = columns.into_iter().filter_map(|id| program.columns.get(id.0 as usize));
    specs.into_iter().any(|spec| matches!(&spec.source, ColumnSource::External { name } if name == "等次"))
}

/// A target that is neither reported nor handed down is a fault of the assessment, not of the
/// unit.
fn targets(prepared: &Prepared<'_>, out: &Assessment, report: &mut Report) {
    let mut missing: BTreeMap<(String, String), Vec<u32>> = BTreeMap::new();
    for owing in out.owed.iter().filter(|owing| owing.what == Owed::Target) {
        let key = (owing.indicator.clone().unwrap_or_default(), owing.field.clone());
        missing.entry(key).or_default().extend(owing.unit);
    }
    for ((indicator, field), units) in missing.into_iter().take(50) {
        let ids: Vec<&str> = units.iter().take(10).map(|unit| prepared.given().units.id(*unit)).collect();
        let (count, ids) = (units.len(), ids.join("、"));
        let dots = if count > 10 { "……" } else { "" };
        let items = prepared.given().standard.schemes.iter().flat_map(|scheme| &scheme.items);
        let place = items.clone().find(|item| item.id == indicator).map(|item| item.place);
        let finding = Diagnostic::error(
            "target-missing",
            Text::new(
                format!("指标“{indicator}”的{field}，{count} 个单位没有：{ids}{dots}"),
                format!("{count} units have no {field} for `{indicator}`: {ids}{dots}"),
            ),
        )
        .why(Text::new(
            "没有目标就算不出完成比例；目标不能当作零，也不能当作已完成",
            "without a target there is no ratio; it is neither zero nor met",
        ))
        .next(Text::new(
            "在指标表、targets.csv 或数据里给出目标",
            "give it in the table of indicators, in targets.csv or in the facts",
        ));
        report.push(match place {
            Some(place) => finding.at(place),
            None => finding,
        });
    }
}

fn returned(out: &Assessment) -> Diagnostic {
    let units = out.owed_counts().len();
    Diagnostic::error(
        "report-returned",
        Text::new(
            format!("{units} 个单位报得不全，退回补报"),
            format!("the reports of {units} units are incomplete and returned"),
        ),
    )
    .why(Text::new("方案写明：未报 退回", "the policy says so: what is not reported is returned"))
    .next(Text::new("补报后重新计分", "complete the reports and score again"))
}
