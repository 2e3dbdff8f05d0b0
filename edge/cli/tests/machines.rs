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
    let (demo, _) = json("demo --terminal", 0);
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

/// A comparison of an example with one line of its figures changed.
fn with_a_figure_changed(policy: &str, example: &str, (old, new): (&str, &str), more: &str) -> Value {
    let place = policies();
    let facts = format!("{policy}/examples/{example}/facts.csv");
    let text = fs::read_to_string(place.path().join(&facts)).expect("figures");
    assert!(text.contains(old), "{facts} has no {old}");
    fs::write(place.path().join("changed.csv"), text.replace(old, new)).expect("a file");
    let units = format!("{policy}/examples/{example}/units.csv");
    let line = format!("compare {policy} --units {units} --facts {facts} --facts-b changed.csv --format json {more}");
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let said = run(&arguments, place.path());
    serde_json::from_str(&said.stdout).unwrap_or_else(|fault| panic!("{line}: {fault}\n{}", said.stdout))
}

/// The item in which a scheme is nested holds the items that changed, each with what it counts.
#[test]
fn a_change_in_a_nested_scheme_stands_below_its_item() {
    let figure = ("乙村,残疾人工作/意外伤害保障,已保人数,38 人", "乙村,残疾人工作/意外伤害保障,已保人数,39 人");
    let changes = with_a_figure_changed("policies/township-2014", "villages", figure, "--lang en");
    let unit = changes["units"].as_array().and_then(|units| units.iter().find(|unit| unit["unit"] == "乙村"));
    let items = unit.and_then(|unit| unit["items"].as_array()).expect("items");
    let [outer] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((outer["name"].as_str(), outer["difference"].as_str()), (Some("残疾人工作"), Some("0.5")));
    let inner = &outer["items"][0];
    assert_eq!((inner["name"].as_str(), inner["counted"].as_str()), (Some("意外伤害保障"), Some("0.5")));
    let own = "own 已保人数: 38 人 → 39 人 (evidence 保单汇总)";
    let ratio =
        "已保人数 / 应保人数: 95% → 97.5% (the numerator 已保人数 changed, the denominator 应保人数 40 人 did not)";
    assert_eq!(inner["causes"], serde_json::json!([own, ratio]));
    assert_eq!(inner["adds"], serde_json::json!([{"cause": own, "by": "0.5"}]));
}

/// A yearly value that changed because of a month names the month, and what it adds.
#[test]
fn a_change_in_a_month_is_the_cause_of_the_year() {
    let figure = ("乙所,工作检查,检查得分,84 分", "乙所,工作检查,检查得分,80 分");
    let changes = with_a_figure_changed("policies/rulebook/10-rounds", "units", figure, "");
    let unit = changes["units"].as_array().and_then(|units| units.iter().find(|unit| unit["unit"] == "乙所"));
    let unit = unit.expect("乙所");
    let round = &unit["rounds"][0];
    assert_eq!((round["name"].as_str(), round["after"].as_str()), (Some("月评 2012-02.总分"), Some("80 分")));
    assert_eq!(round["items"][0]["causes"][0], "自己的检查得分：84 分 → 80 分（凭据 月评-乙所-2012-02）");
    let by = serde_json::json!([{"cause": "月评 2012-02.总分：84 分 → 80 分", "by": "-0.4"}]);
    assert_eq!(unit["others"][0]["adds"], by, "{unit}");
}
