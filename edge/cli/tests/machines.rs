//! With `--format json` a machine reads standard output, whatever happens: results with what
//! was found beside them, or the findings alone.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use serde_json::Value;
use std::{fs, path::Path};
use terminal::{copy, run};

const CITY: &str = "policies/livelihood/examples/city";

fn policies() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies"), &place.path().join("policies"));
    fs::write(place.path().join("wrong.csv"), "unit,indicator,value\n甲县,101,多\n").expect("a file");
    place
}

/// Standard output of a command, and the names of the findings in it.
fn json(line: &str, code: i32) -> (Value, Vec<String>) {
    let place = policies();
    let line = line.replace("CITY", CITY);
    let arguments: Vec<&str> = line.split_whitespace().chain(["--format", "json"]).collect();
    let said = run(&arguments, place.path());
    assert_eq!(said.code, code, "{line}\n{}", said.stderr);
    let value: Value =
        serde_json::from_str(&said.stdout).unwrap_or_else(|fault| panic!("{line}: {fault}\n{}", said.stdout));
    let list = value["findings"].as_array().cloned().unwrap_or_else(|| panic!("{line}: no findings"));
    let names = list.iter().map(|finding| finding["name"].as_str().expect("a name").to_string()).collect();
    (value, names)
}

#[test]
fn a_command_that_fails_says_so_in_json() {
    for (line, code, name) in [
        ("score nowhere --facts CITY/facts.csv", 2, "file-missing"),
        ("score policies/livelihood --facts nowhere.csv", 2, "file-missing"),
        ("score policies/livelihood --facts wrong.csv", 1, "figure-not-readable"),
        ("score policies/livelihood-as-issued --facts CITY/facts.csv", 1, "choice-not-made"),
        ("score policies/livelihood --facts CITY/facts.csv --round 初评", 2, "unknown-round"),
        ("score policies/livelihood --facts CITY/facts.csv --out wrong.csv", 2, "output-not-a-folder"),
        ("explain policies/livelihood --facts CITY/facts.csv --unit 甲", 2, "unknown-unit"),
        ("explain policies/livelihood --facts nowhere.csv --unit 甲县", 2, "file-missing"),
        ("compare policies/livelihood nowhere --facts CITY/facts.csv", 2, "file-missing"),
        ("compare nowhere nowhere --facts CITY/facts.csv", 2, "file-missing"),
        ("check nowhere", 2, "file-missing"),
        ("test nowhere", 2, "file-missing"),
        ("fmt nowhere.kp --to en", 2, "file-missing"),
    ] {
        let (_, names) = json(line, code);
        assert!(names.iter().any(|found| found == name), "{line}: {names:?}");
    }
}

/// Who looks at a comparison or an explanation needs to know as much as who scores.
#[test]
fn what_was_not_given_is_said_by_every_command() {
    for line in [
        "score policies/livelihood --units CITY/units.csv --facts CITY/facts.csv",
        "explain policies/livelihood --units CITY/units.csv --facts CITY/facts.csv --unit 甲县 --indicator 101",
        "explain policies/livelihood --units CITY/units.csv --facts CITY/facts.csv --unit 甲县",
        "compare policies/livelihood --units CITY/units.csv --facts CITY/facts.csv",
    ] {
        let (_, names) = json(line, 0);
        assert_eq!(names.iter().filter(|name| *name == "events-not-given").count(), 1, "{line}: {names:?}");
    }
}

#[test]
fn the_demonstration_and_a_translation_speak_json() {
    let (demo, _) = json("demo", 0);
    assert!(demo["results"]["totals"].as_array().is_some_and(|totals| totals.len() > 3));
    assert_eq!(demo["explanation"]["name"], "城镇新增就业");
    let (fmt, _) = json("fmt policies/livelihood/scheme.kp --to en", 0);
    assert!(fmt["text"].as_str().is_some_and(|text| text.contains("scheme")));
}

/// totals.csv keeps its columns; that a place may still change is told beside it.
#[test]
fn places_that_may_still_change_are_told() {
    let line = "score policies/livelihood --units CITY-missing/units.csv --facts CITY-missing/facts.csv \
                --events 通报批评=CITY-missing/通报批评.csv";
    let (results, _) = json(line, 1);
    let totals = results["totals"].as_array().expect("totals");
    let row = totals.iter().find(|row| row["unit"] == "乙县").expect("乙县");
    assert_eq!((row["total_provisional"].as_bool(), row["rank_provisional"].as_bool()), (Some(false), Some(true)));
}

/// A table of events that the second side does not name is the one of the first.
#[test]
fn events_of_the_second_side_replace_one_table() {
    let events = |table: &str| format!("{table}=policies/township-2014/examples/villages/{table}.csv");
    let base = format!(
        "compare policies/township-2014 --units EX/units.csv --facts EX/facts.csv --events {} {} {} {}",
        events("上访"),
        events("五保未达标"),
        events("报表"),
        events("非法婚姻")
    );
    let base = base.replace("EX", "policies/township-2014/examples/villages");
    let (changes, _) = json(&format!("{base} --events-b {}", events("上访")), 0);
    assert_eq!(changes["units"].as_array().map(Vec::len), Some(0), "{changes}");
}
