//! Results that are turned to a file on a full disk are lost, and it is said; a reader who stops
//! listening is no fault. `/dev/full` answers as a full disk does.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use std::{
    fs::OpenOptions,
    path::Path,
    process::{Command, Stdio},
};

const CITY: &str = "policies/livelihood/examples/city";

fn program(line: &str) -> Command {
    let line = line.replace("CITY", CITY);
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaoping"));
    command.args(line.split_whitespace()).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command.env("NO_COLOR", "1");
    command
}

#[test]
fn a_full_disk_on_standard_output_is_said() {
    let score = "score policies/livelihood --units CITY/units.csv --facts CITY/facts.csv";
    for line in [
        score.to_string(),
        format!("{score} --format json"),
        format!("{score} --lang en"),
        "explain policies/livelihood --units CITY/units.csv --facts CITY/facts.csv --unit 甲县".to_string(),
        "fmt policies/livelihood/scheme.kp --to en".to_string(),
        "show policies/livelihood".to_string(),
        "check policies/livelihood --format json".to_string(),
        "completions bash".to_string(),
        "--help".to_string(),
        "--lang en --help".to_string(),
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let ended = program(&line).stdout(full).output().expect("the program");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{line}: {said}");
        assert_eq!(said.matches("[output-disk-full]").count(), 1, "{line}: {said}");
        assert!(said.contains("标准输出") || said.contains("standard output"), "{line}: {said}");
    }
}

#[test]
fn a_reader_who_stops_listening_is_no_fault() {
    for line in ["fmt policies/livelihood/scheme.kp --to en", "show policies/livelihood"] {
        let mut run = program(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        drop(run.stdout.take());
        let ended = run.wait_with_output().expect("ended");
        assert_eq!(ended.status.code(), Some(0), "{line}");
        assert!(ended.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}
