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
    /// What makes a policy that can be computed unfit to be used: the errors of the checker, where
    /// only those are asked for.
    pub unsound: Vec<Diagnostic>,
    /// The folder, as the user wrote it.
    pub root: String,
    /// Whether anything was there to read at all.
    pub usable: bool,
}

/// Which findings of the checker are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Checked {
    /// None: the policy is only looked at.
    Nothing,
    /// What makes it unfit to be used.
    Errors,
    /// Everything.
    Everything,
}

/// Reads and compiles a policy folder, to be looked at.
pub fn load(path: &Path, options: &Options) -> Loaded {
    prepare(path, options, None, Checked::Nothing)
}

/// Reads and compiles a policy folder, to be used: what the checker calls an error is told apart,
/// its worked examples included, so that nothing is scored by a standard that contradicts itself.
pub fn load_to_use(path: &Path, options: &Options) -> Loaded {
    prepare(path, options, None, Checked::Errors)
}

/// Reads and compiles a policy folder with one of its silent choices made another way.
pub fn load_varied(path: &Path, options: &Options, variation: &Variation) -> Loaded {
    prepare(path, options, Some(variation), Checked::Nothing)
}

/// Reads, compiles and checks a policy folder, its worked examples included.
pub fn load_checked(path: &Path, options: &Options) -> Loaded {
    prepare(path, options, None, Checked::Everything)
}

fn prepare(path: &Path, options: &Options, variation: Option<&Variation>, check: Checked) -> Loaded {
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

/// The texts of a policy: its own files, and those of libraries beside it under the path it asks for them
/// by, such as `../kinds/common.kp`. Nothing else is needed to read it again.
pub fn texts_of(path: &Path) -> (Vec<(String, String)>, Report) {
    let (found, report) = PolicyFolder::read(path);
    let folder = Folder { root: found.root.clone(), files: found.files.clone() };
    let mut texts = found.files.clone();
    let mut fetch = |relative: &str| {
        let text = found.read_beside(relative).ok()?;
        if !texts.iter().any(|(known, _)| known == relative) {
            texts.push((relative.to_string(), text.clone()));
        }
        Some(text)
    };
    // What is wrong with it is said when it is loaded.
    let _ = Policy::read(&folder, &mut fetch);
    (texts, report)
}

/// A policy whose texts are at hand, as [`texts_of`] gives them: compiled and checked.
pub fn load_texts(root: &str, texts: &[(String, String)], options: &Options) -> Loaded {
    from_texts(root, texts, options, Checked::Everything)
}

/// The same, to be looked at: the checker is not asked.
pub fn load_texts_unchecked(root: &str, texts: &[(String, String)], options: &Options) -> Loaded {
    from_texts(root, texts, options, Checked::Nothing)
}

fn from_texts(root: &str, texts: &[(String, String)], options: &Options, check: Checked) -> Loaded {
    let beside = |path: &str| path.starts_with("../");
    let files = texts.iter().filter(|(path, _)| !beside(path)).cloned().collect();
    let folder = Folder { root: root.to_string(), files };
    let mut fetch = |relative: &str| {
        let found = texts.iter().find(|(path, _)| path == relative);
        found.filter(|(path, _)| beside(path)).map(|(_, text)| text.clone())
    };
    let (policy, report) = Policy::read(&folder, &mut fetch);
    finish(folder.root.clone(), policy, report, options, check)
}

/// The same policy where some units are exempt from some of its items, as the options say. What the checker
/// says of it does not change.
pub fn load_exempting(loaded: Loaded, options: &Options) -> Loaded {
    let Loaded { policy, root, .. } = loaded;
    finish(root, policy, Report::new(), options, Checked::Nothing)
}

/// A policy shipped inside the program; libraries are found in the same place.
pub fn load_shipped(path: &str, options: &Options) -> Loaded {
    let folder = shipped::folder(path);
    let mut fetch = |relative: &str| shipped::beside(path, relative);
    let (policy, report) = Policy::read(&folder, &mut fetch);
    finish(folder.root.clone(), policy, report, options, Checked::Everything)
}

/// The texts of a shipped policy, as [`texts_of`] gives them.
pub fn shipped_texts(path: &str) -> Vec<(String, String)> {
    let folder = shipped::folder(path);
    let mut texts = folder.files.clone();
    let mut fetch = |relative: &str| {
        let text = shipped::beside(path, relative)?;
        if !texts.iter().any(|(known, _)| known == relative) {
            texts.push((relative.to_string(), text.clone()));
        }
        Some(text)
    };
    // What is wrong with it is said when it is loaded.
    let _ = Policy::read(&folder, &mut fetch);
    texts
}

/// Compiles and, where asked, checks a policy that was read.
fn finish(root: String, policy: Policy, mut report: Report, options: &Options, check: Checked) -> Loaded {
    let usable = !policy.schemes.is_empty() || !policy.decisions.is_empty() || policy.sources.files().next().is_some();
    let readable = !lost_statements(&report, &policy);
    let (compiled, compiling) = compile(&policy, options);
    let (mut later, mut checked) = (compiling, Report::new());
    if check != Checked::Nothing && usable {
        checked = kaoping_scheme::check::check(&policy, &compiled.standard);
        // Examples are worked with the choices and on the day the policy itself says.
        let as_written = options.choices.is_empty() && options.day.is_none();
        for case in compiled.examples.iter().filter(|_| readable && as_written) {
            for fault in case.run() {
                checked.push(example_fails(case, &fault));
            }
        }
    }
    let mut unsound = Report::new();
    match check {
        Checked::Errors => checked
            .findings()
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .for_each(|finding| unsound.push(finding.clone())),
        Checked::Nothing | Checked::Everything => later.append(checked),
    }
    for finding in later.findings() {
        if readable || !tells_of_absence(finding.name) {
            report.push(finding.clone());
        }
    }
    Loaded { policy, compiled, findings: report.into_sorted(), unsound: unsound.into_sorted(), root, usable }
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
