//! A policy folder from disk to a compiled standard, with all findings on the way.

use crate::{folder::PolicyFolder, shipped};
use kaoping_scheme::{
    Folder, Options, Policy,
    compile::{Compiled, compile, example_fails},
    variations::{self, Variation},
};
use kaoping_terms::{Diagnostic, Level, Report};
use std::path::Path;

/// A policy that was read, and all that was found.
pub struct Loaded {
    /// The linked policy with its texts.
    pub policy: Policy,
    /// The compiled standard and its worked examples.
    pub compiled: Compiled,
    /// Findings of reading, compiling and, where asked for, checking.
    pub findings: Vec<Diagnostic>,
    /// The folder, as the user wrote it.
    pub root: String,
    /// Whether anything was there to read at all.
    pub usable: bool,
}

/// Reads and compiles a policy folder.
pub fn load(path: &Path, options: &Options) -> Loaded {
    prepare(path, options, None, false)
}

/// Reads and compiles a policy folder with one of its silent choices made another way.
pub fn load_varied(path: &Path, options: &Options, variation: &Variation) -> Loaded {
    prepare(path, options, Some(variation), false)
}

/// Reads, compiles and checks a policy folder, its worked examples included.
pub fn load_checked(path: &Path, options: &Options) -> Loaded {
    prepare(path, options, None, true)
}

fn prepare(path: &Path, options: &Options, variation: Option<&Variation>, check: bool) -> Loaded {
    let (found, report) = PolicyFolder::read(path);
    let folder = Folder { root: found.root.clone(), files: found.files.clone() };
    let mut beside = Report::new();
    let mut fetch = |relative: &str| match found.read_beside(relative) {
        Ok(text) => Some(text),
        // Tables and clauses of an inherited standard may be absent; what needs them says so.
        Err(finding) => {
            if relative.ends_with(".kp") {
                beside.push(*finding);
            }
            None
        }
    };
    let (mut policy, reading) = Policy::read(&folder, &mut fetch);
    if let Some(variation) = variation {
        variations::apply(&mut policy, variation);
    }
    // A scheme that is there and could not be read is not one that is missing.
    let unread = report.has_errors();
    let mut all = report;
    all.append(beside);
    for finding in reading.into_sorted() {
        if !(unread && finding.name == "no-scheme") {
            all.push(finding);
        }
    }
    finish(found.root.clone(), policy, all, options, check)
}

/// A policy shipped inside the program; libraries are found in the same place.
pub fn load_shipped(path: &str, options: &Options) -> Loaded {
    let folder = shipped::folder(path);
    let mut fetch = |relative: &str| shipped::beside(path, relative);
    let (policy, report) = Policy::read(&folder, &mut fetch);
    finish(folder.root.clone(), policy, report, options, true)
}

/// Compiles and, where asked, checks a policy that was read.
fn finish(root: String, policy: Policy, mut report: Report, options: &Options, check: bool) -> Loaded {
    let usable = !policy.schemes.is_empty() || !policy.decisions.is_empty() || policy.sources.files().next().is_some();
    let readable = !lost_statements(&report, &policy);
    let (compiled, compiling) = compile(&policy, options);
    let mut later = compiling;
    if check && usable {
        later.append(kaoping_scheme::check::check(&policy, &compiled.standard));
        for case in compiled.examples.iter().filter(|_| readable) {
            for fault in case.run() {
                later.push(example_fails(case, &fault));
            }
        }
    }
    for finding in later.findings() {
        if readable || !tells_of_absence(finding.name) {
            report.push(finding.clone());
        }
    }
    Loaded { policy, compiled, findings: report.into_sorted(), root, usable }
}

/// Whether a statement could not be read, so that it is missing from the tree.
fn lost_statements(report: &Report, policy: &Policy) -> bool {
    let in_text =
        |finding: &Diagnostic| finding.place.is_some_and(|place| policy.sources.path(place.file).ends_with(".kp"));
    report.findings().iter().any(|finding| finding.level == Level::Error && in_text(finding))
}

/// Findings that something is not there. Where a statement could not be read they would only
/// mislead: what they miss may stand in it.
fn tells_of_absence(name: &str) -> bool {
    const ABSENCE: &[&str] = &[
        "parts-do-not-sum",
        "total-does-not-match",
        "total-not-reachable",
        "points-not-reachable",
        "block-empty",
        "item-without-rule",
        "award-count-mismatch",
        "full-mark-undeclared",
        "rounding-undeclared",
        "ties-undeclared",
        "missing-undeclared",
        "display-undeclared",
        "no-lead",
        "no-responsible",
        "no-clause",
        "points-without-award",
        "not-applicable-undecided",
        "deadline-step-unknown",
        "parameter-unused",
        "choice-unused",
        "choice-not-made",
    ];
    name.starts_with("unknown-") || ABSENCE.contains(&name)
}
