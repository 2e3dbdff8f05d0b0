//! Quotas and award places that cannot be filled, and rows that say nothing new.

use super::look::Look;
use crate::model::{AwardRule, Quota, Scheme};
use alloc::{collections::BTreeSet, format, vec::Vec};
use kaoping_program::NodeId;
use kaoping_rules::interval::Analysis;
use kaoping_terms::{Diagnostic, Exact, Quote, Report, Text};

pub(crate) fn check(look: &Look<'_>, analysis: &mut Analysis<'_>, report: &mut Report) {
    for (_, text, scheme) in look.schemes() {
        for quota in &scheme.quotas {
            let written = text.quotas.iter().find(|written| written.it.name.text == quota.name);
            let quote = written.and_then(|written| look.quote_of(&written.authority));
            redundant_rows(look, quota, &quote, report);
            rows_never_met(look, quota, analysis, &quote, report);
            total_too_small(quota, &quote, report);
        }
        places(look, scheme, report);
    }
}

fn redundant_rows(look: &Look<'_>, quota: &Quota, quote: &Option<Quote>, report: &mut Report) {
    let Some(rest) = &quota.rest else { return };
    // Only the rows just above the rest: an earlier one keeps its units from a later one.
    let same = quota.rows.iter().rev().take_while(|(_, number, _)| number == rest);
    for (_, number, place) in same {
        let (words, number) = (look.text(*place), quota.measure.figure(number));
        let finding = Diagnostic::warning(
            "quota-row-redundant",
            Text::new(
                format!("“{words}”和其余的一样，也是 {number}"),
                format!("\"{words}\" gives {number}, the same as all others"),
            ),
        );
        report.push(
            finding
                .at(*place)
                .why(Text::new(
                    "单列出来的和没单列的一样多，单列就没有意义，多半有一个数写错了",
                    "naming them has no effect, so one of the figures is probably wrong",
                ))
                .quoting(quote.clone())
                .next(Text::new(
                    "核对原件；一样的就并进“其余”",
                    "look it up in the original; if they are equal, leave them to 其余",
                )),
        );
    }
}

fn rows_never_met(
    look: &Look<'_>,
    quota: &Quota,
    analysis: &mut Analysis<'_>,
    quote: &Option<Quote>,
    report: &mut Report,
) {
    let mut earlier: Vec<NodeId> = Vec::new();
    for (when, _, place) in &quota.rows {
        // Against one row at a time: a unit of a kind that no row names may fit a later row
        // although all listed words are taken.
        let taken = earlier.iter().any(|before| analysis.scope(&[(*before, false), (*when, true)], &[]).is_none());
        earlier.push(*when);
        if !taken && analysis.scope(&[(*when, true)], &[]).is_some() {
            continue;
        }
        let words = look.text(*place);
        let finding = Diagnostic::error(
            "quota-not-fillable",
            Text::new(format!("“{words}”没有单位能合"), format!("no unit can ever fit \"{words}\"")),
        );
        report.push(
            finding
                .at(*place)
                .why(Text::new("上面的各行已经取走了合这一行的单位，或者条件本身不能成立，名额就空着", "the rows above take every unit that fits, or the condition cannot hold, so these places stay empty"))
                .quoting(quote.clone())
                .next(Text::new("把它移到上面，改条件，或删去", "move it up, change its condition, or remove it")),
        );
    }
}

fn total_too_small(quota: &Quota, quote: &Option<Quote>, report: &mut Report) {
    let Some(total) = &quota.total else { return };
    let Some((_, number, place)) = quota.rows.iter().find(|(_, number, _)| number > total) else {
        return;
    };
    let (total, number) = (quota.measure.figure(total), quota.measure.figure(number));
    report.push(
        Diagnostic::error(
            "quota-not-fillable",
            Text::new(
                format!("合计只有 {total}，这一行一个单位就要 {number}"),
                format!("the total is {total}, but a single unit of this row has {number}"),
            ),
        )
        .at(*place)
        .why(Text::new("合计数容不下这一行", "the total has no room for this row"))
        .quoting(quote.clone())
        .next(Text::new("改合计，或改这一行", "change the total, or this row")),
    );
}

/// More places than units that were handed targets, those that are left out counted in.
fn places(look: &Look<'_>, scheme: &Scheme, report: &mut Report) {
    let units: BTreeSet<&str> = look.policy.targets.rows.iter().map(|row| row.unit.as_str()).collect();
    if units.is_empty() {
        return;
    }
    let top = |at: usize| match scheme.awards.get(at).map(|award| &award.rule) {
        Some(AwardRule::Places { from: 1, to, from_bottom: false, .. }) => *to,
        _ => 0,
    };
    for (at, award) in scheme.awards.iter().enumerate().filter(|(_, award)| !award.per_group) {
        let own = top(at);
        let taken: usize = award.excluding.iter().map(|other| top(*other)).sum();
        if own == 0 || own + taken <= units.len() {
            continue;
        }
        let (name, have) = (&award.name, units.len());
        let wanted = Exact::whole(i64::try_from(own + taken).unwrap_or(i64::MAX));
        let finding = Diagnostic::error(
            "quota-not-fillable",
            Text::new(
                format!("“{name}”连同让出的名额要 {wanted} 个单位，下达目标的只有 {have} 个"),
                format!("`{name}` with the winners it leaves out needs {wanted} units; only {have} have targets"),
            ),
        );
        report.push(
            finding
                .at(award.place)
                .why(Text::new("单位不够，名额一定空着", "there are not enough units, so places stay empty"))
                .quoting(look.quote(award.clause.as_deref()))
                .next(Text::new(
                    "减少名额，或核对下达目标的单位",
                    "lower the number of places, or see which units have targets",
                )),
        );
    }
}
