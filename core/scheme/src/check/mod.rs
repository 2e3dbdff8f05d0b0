//! The checker: what is wrong with a standard, all findings at once.
//!
//! Each topic has its file. A finding says where, what, why and what to do, and quotes the
//! clause it rests on. Contradictions are errors; silence that nobody decided is a warning
//! (an error where a score cannot be told without it); what is worth knowing is a note.

mod arithmetic;
mod authorities;
mod awards;
mod class_findings;
mod classes;
mod clauses;
mod cliffs;
mod conditions;
mod corrections;
mod counted;
mod deadlines;
mod gaps;
mod handed_down;
mod item_cases;
mod judges;
mod look;
mod merges;
mod moves;
mod numbers;
mod numerals;
mod parameters;
mod prizes;
mod quotas;
mod ranges;
mod responsibility;
mod silences;
mod structure;
mod sums;
mod tiers;
mod visit;

pub use ranges::{SchemeRanges, ranges};
pub(crate) use visit::{line_parts, names};

use crate::{model::Standard, read::Policy};
use kaoping_rules::interval::Analysis;
use kaoping_terms::Report;
use look::Look;

/// Everything the checker finds in a policy and the standard compiled from it. Findings of
/// reading and compiling are not repeated here.
pub fn check(policy: &Policy, standard: &Standard) -> Report {
    let mut report = Report::new();
    let look = Look { policy, standard };
    let mut analysis = Analysis::new(&standard.program);
    structure::check(&look, &mut report);
    sums::check(&look, &mut analysis, &mut report);
    counted::check(&look, &mut analysis, &mut report);
    ranges::check(&look, &mut analysis, &mut report);
    arithmetic::check(&look, &mut analysis, &mut report);
    tiers::check(&look, &mut analysis, &mut report);
    classes::check(&look, &mut analysis, &mut report);
    item_cases::check(&look, &mut analysis, &mut report);
    gaps::check(&look, &mut analysis, &mut report);
    cliffs::check(&look, &mut analysis, &mut report);
    silences::check(&look, &mut report);
    deadlines::check(&look, &mut report);
    responsibility::check(&look, &mut report);
    authorities::check(&look, &mut report);
    awards::check(&look, &mut report);
    prizes::check(&look, &mut report);
    moves::check(&look, &mut report);
    merges::check(&look, &mut report);
    judges::check(&look, &mut report);
    quotas::check(&look, &mut analysis, &mut report);
    conditions::check(&look, &mut analysis, &mut report);
    handed_down::check(&look, &mut report);
    parameters::check(&look, &mut report);
    clauses::check(&look, &mut report);
    corrections::check(&look, &mut report);
    numbers::check(&look, &mut report);
    policy.quote_in(&mut report);
    report
}
