//! The checker: every reproducer causes its finding, shipped policies are clean, and a policy
//! with one thing changed gives the finding for it.

mod common;

use kaoping_scheme::{Folder, check::check};
use kaoping_terms::{Diagnostic, Level};
use std::path::Path;

/// Findings of the checker that have a folder in `errors/`.
const NAMES: &[&str] = &[
    "amount-below-zero",
    "award-count-mismatch",
    "award-despite-missed-target",
    "award-first-of-several",
    "award-for-every-lead",
    "award-shares-points",
    "award-without-exclusion",
    "award-without-points",
    "best-ratio-undefined",
    "block-empty",
    "case-order-matters",
    "case-unreachable",
    "choice-unused",
    "class-overlap",
    "clause-edge-contradictory",
    "clause-missing",
    "correction-not-in-source",
    "deadline-out-of-order",
    "deadline-step-unknown",
    "display-undeclared",
    "figure-unreadable",
    "full-mark-undeclared",
    "item-below-zero",
    "item-without-rule",
    "missing-undeclared",
    "no-clause",
    "no-lead",
    "no-responsible",
    "number-not-in-clause",
    "official-round-undeclared",
    "parameter-key-missing",
    "parameter-overlap",
    "parameter-unknown-key",
    "parameter-unused",
    "parameter-without-source",
    "parts-do-not-sum",
    "payment-cliff",
    "points-not-reachable",
    "points-without-award",
    "possible-division-by-zero",
    "quota-not-fillable",
    "quota-row-redundant",
    "several-leads",
    "steps-below-zero",
    "target-may-be-zero",
    "target-not-for-every-unit",
    "target-out-of-bounds",
    "target-unknown-indicator",
    "tier-gap",
    "tier-overlap",
    "tier-unreachable",
    "ties-undeclared",
    "total-does-not-match",
    "total-not-reachable",
    "word-only-otherwise",
];

/// Everything found in texts, libraries looked for beside `path`.
fn findings(folder: &Folder, path: &Path) -> Vec<Diagnostic> {
    let (policy, compiled, mut findings) = common::load_folder(folder, path);
    findings.extend(check(&policy, &compiled.standard).into_sorted());
    findings
}

fn shown(finding: &Diagnostic) -> String {
    format!("{:?}[{}] {} ({})", finding.level, finding.name, finding.message.zh, finding.label.zh)
}

#[test]
fn every_reproducer_causes_its_finding() {
    let mut silent = Vec::new();
    for name in NAMES {
        let path = common::repository().join("errors").join(name);
        let found = findings(&common::folder(&path), &path);
        let Some(finding) = found.iter().find(|finding| finding.name == *name) else {
            let others: Vec<String> = found.iter().map(shown).collect();
            silent.push(format!("{name}: {}", others.join("; ")));
            continue;
        };
        let words = [&finding.message, &finding.why, &finding.next];
        assert!(words.iter().all(|text| !text.zh.is_empty() && !text.en.is_empty()), "{name} says what, why and what next");
        assert!(finding.place.is_some(), "{name} says where");
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
