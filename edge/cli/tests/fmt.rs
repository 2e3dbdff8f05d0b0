//! `kaoping fmt`: a policy says the same in the other keyword language.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn kaoping(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaoping")).args(arguments).output().expect("the command runs")
}

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// What the checker says of a policy: exit code, names and lines.
fn verdict(policy: &Path) -> (Option<i32>, Vec<(String, Value)>) {
    let output = kaoping(&["check", shown(policy), "--format", "json"]);
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = said["findings"].as_array().expect("findings").iter();
    let findings = findings.map(|it| (it["name"].to_string(), it["line"].clone()));
    (output.status.code(), findings.collect())
}

#[test]
fn there_and_back_keeps_the_verdict_and_the_text() {
    for name in ["livelihood", "rulebook/11-penalties", "rulebook/04-half-year"] {
        let desk = tempfile::tempdir().expect("a folder");
        copy(&policies(), desk.path());
        let policy = desk.path().join(name);
        let file = policy.join("scheme.kp");
        let (before, text) = (verdict(&policy), fs::read_to_string(&file).expect("a scheme"));
        let output = kaoping(&["fmt", shown(&file), "--to", "en", "--write"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
        let english = fs::read_to_string(&file).expect("a scheme");
        assert!(english.contains("\nscheme ") && !english.contains("\n方案 "), "{english}");
        assert_eq!(verdict(&policy), before, "{name} in English");
        let output = kaoping(&["fmt", shown(&file), "--to", "zh"]);
        assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{name} and back");
        assert_eq!(fs::read_to_string(&file).expect("a scheme"), english, "printed, not written");
    }
}

#[test]
fn what_cannot_be_read_is_not_translated() {
    let desk = tempfile::tempdir().expect("a folder");
    let file = desk.path().join("scheme.kp");
    fs::write(&file, "方案 甲\n  满分 100 分 分\n").expect("written");
    let output = kaoping(&["fmt", shown(&file), "--to", "en", "--write"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(fs::read_to_string(&file).expect("kept").starts_with("方案"));
    let output = kaoping(&["fmt", shown(&desk.path().join("none.kp")), "--to", "en"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_name_that_is_a_keyword_of_the_other_language_stops_it() {
    let desk = tempfile::tempdir().expect("a folder");
    let file = desk.path().join("scheme.kp");
    fs::write(&file, "明细 案件\n  案号 case : 文字\n").expect("written");
    let output = kaoping(&["fmt", shown(&file), "--to", "en", "--write", "--lang", "en"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("name-is-keyword-elsewhere"), "{said}");
    assert!(fs::read_to_string(&file).expect("kept").starts_with("明细"));
}
