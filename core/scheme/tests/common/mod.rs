//! Reads policy folders of the repository for tests.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    reason = "tests read the repository and stop where it is not there"
)]

use kaoping_scheme::{
    Folder, Policy,
    check::check,
    compile::{Compiled, Options, compile},
};
use kaoping_terms::{Diagnostic, Report};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All texts below a folder, with their paths inside it.
pub(crate) fn folder(path: &Path) -> Folder {
    let mut files = Vec::new();
    collect(path, "", &mut files);
    files.sort();
    Folder { root: path.file_name().unwrap().to_string_lossy().into_owned(), files }
}

fn collect(path: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push((name, text));
        }
    }
}

/// A policy folder, read and compiled, with all findings.
pub(crate) fn load(path: &Path) -> (Policy, Compiled, Vec<Diagnostic>) {
    load_folder(&folder(path), path)
}

/// The same for texts in memory; libraries are looked for beside `path`.
pub(crate) fn load_folder(folder: &Folder, path: &Path) -> (Policy, Compiled, Vec<Diagnostic>) {
    let mut report = Report::new();
    let (policy, reading) = Policy::read(folder, &mut |relative| fs::read_to_string(path.join(relative)).ok());
    report.append(reading);
    let (compiled, compiling) = compile(&policy, &Options::default());
    report.append(compiling);
    (policy, compiled, report.into_sorted())
}

/// Every policy folder of the repository.
pub(crate) fn policies() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![repository().join("policies")];
    while let Some(path) = waiting.pop() {
        if path.join("scheme.kp").is_file() {
            found.push(path);
            continue;
        }
        for entry in fs::read_dir(&path).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                waiting.push(entry);
            }
        }
    }
    found.retain(|path| !path.ends_with("policies/new"));
    found.sort();
    found
}

/// Everything found in texts, libraries looked for beside `path`.
pub(crate) fn findings(folder: &Folder, path: &Path) -> Vec<Diagnostic> {
    let (policy, compiled, mut findings) = load_folder(folder, path);
    findings.extend(check(&policy, &compiled.standard).into_sorted());
    findings
}

/// A scheme of its own text, with clauses.
pub(crate) fn written(clauses: &str, parts: &str) -> Vec<Diagnostic> {
    let scheme = format!(
        "方案 试 \"试\"   选择 \"试\"\n  满分 10 分\n  每项取到 0.01 分 四舍五入\n  名次 总分 从高到低 并列占位\n  未报 暂缺\n  责任分工 不分\n{parts}"
    );
    let files = vec![("clauses.md".to_string(), format!("# 试\n\n{clauses}")), ("scheme.kp".to_string(), scheme)];
    findings(&Folder { root: "trial".to_string(), files }, Path::new("."))
}

/// How many findings have a name.
pub(crate) fn count(found: &[Diagnostic], name: &str) -> usize {
    found.iter().filter(|finding| finding.name == name).count()
}
