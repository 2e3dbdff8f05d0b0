//! Results that are turned to a file on a full disk are lost, and it is said; a reader who stops
//! listening is no fault. `/dev/full` answers as a full disk does, and so does a limit on the size
//! of files. A run that is killed leaves nothing.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use std::{
    fs::{self, OpenOptions},
    io::Write,
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

const POLICY: &str = "\
决定 补助 aid   示例 \"为测试编写\"
  读入 月收入 income : 元 ≥ 0 元
  给出 补助额 benefit : 元
  给出 结果 status : 补助=pay | 不补=none
  结论
     当 月收入 ≤ 500 元 → 补助 100 元
     否则              → 不补
";

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(place.path().join("p")).expect("a folder");
    fs::create_dir_all(place.path().join("out")).expect("a folder");
    fs::write(place.path().join("p/scheme.kp"), POLICY).expect("written");
    place
}

fn left(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The program where no file may grow beyond a few kilobytes.
fn limited(line: &str, folder: &Path) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_kaoping");
    let ended = Command::new("sh")
        .args(["-c", &format!("ulimit -f 16; exec \"$0\" {line}"), program])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("a shell");
    (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn a_limit_on_the_size_of_files_is_said() {
    let place = place();
    let rows: String = (0..20_000).map(|row| format!("申请人{row},{}\n", row % 900)).collect();
    fs::write(place.path().join("in.csv"), format!("编号,月收入\n{rows}")).expect("written");
    fs::write(place.path().join("out/r.csv"), "earlier").expect("written");
    for (line, words) in [
        ("compute p --in in.csv --out out/r.csv", "out/r.csv"),
        ("compute p --in in.csv --out - > out/stdout", "标准输出"),
    ] {
        let (code, said) = limited(line, place.path());
        assert_eq!(code, Some(2), "{line}: {said}");
        assert!(said.contains("[output-failed]") && said.contains(words) && said.contains("ulimit"), "{line}: {said}");
    }
    assert_eq!(left(&place.path().join("out")), ["r.csv", "stdout"]);
    assert_eq!(fs::read_to_string(place.path().join("out/r.csv")).expect("a file"), "earlier");
    let (code, said) = limited("compute p --in - --in-format parquet --out out/r.csv < in.csv", place.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("[table-not-kept]"), "{said}");
}

/// Of two files the one that could not be written is named.
#[test]
fn rejects_that_have_no_room_are_named() {
    let place = place();
    let rows: String = (0..20_000).map(|row| format!("{row},不是数\n")).collect();
    fs::write(place.path().join("in.csv"), format!("编号,月收入\n{rows}")).expect("written");
    fs::create_dir(place.path().join("out/folder")).expect("a folder");
    for out in ["out/r.csv", "-", "out/r.parquet"] {
        for (rejects, name) in [("out/j.csv", "output-failed"), ("out/folder", "output-not-a-file")] {
            let (code, said) = limited(&format!("compute p --in in.csv --out {out} --rejects {rejects}"), place.path());
            assert_eq!(code, Some(2), "{out} {rejects}: {said}");
            assert!(said.contains(&format!("[{name}]")) && said.contains(rejects), "{out} {rejects}: {said}");
            assert!(!said.contains(out) || out == "-", "{out} {rejects}: {said}");
        }
    }
    assert_eq!(left(&place.path().join("out")), ["folder"]);
}

/// Killed in the middle of a table: nothing is left, whatever was there before is as it was, and
/// what an older run left under a hidden name goes with the next.
#[test]
fn a_run_that_is_killed_leaves_nothing() {
    let place = place();
    let out = place.path().join("out");
    fs::write(out.join("r.csv"), "earlier").expect("written");
    fs::write(out.join(".kaoping-4711-0.tmp"), "half of a result").expect("written");
    let mut run = Command::new(env!("CARGO_BIN_EXE_kaoping"))
        .args(["compute", "p", "--in", "-", "--out", "out/r.csv"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all("编号,月收入\n".as_bytes()).expect("read");
    // More than a pipe and the first pieces hold: when all of it is taken, results are on their way.
    let rows: String = (0..1_000_000).map(|row| format!("{row},{}\n", row % 900)).collect();
    stdin.write_all(rows.as_bytes()).expect("read");
    run.kill().and_then(|()| run.wait()).expect("killed");
    assert_eq!(left(&out), ["r.csv"]);
    assert_eq!(fs::read_to_string(out.join("r.csv")).expect("a file"), "earlier");
}
