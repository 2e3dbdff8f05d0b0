//! `kaoping show` and `kaoping completions`: the built command.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn kaoping(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaoping")).args(arguments).output().expect("the command runs")
}

fn policy(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    path.join(name).to_str().expect("a plain path").to_owned()
}

fn shown(name: &str) -> Value {
    let output = kaoping(&["show", &policy(name), "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn find<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    let list = list.as_array().expect("a list");
    let found = list.iter().find(|it| it[key] == value);
    found.unwrap_or_else(|| panic!("{key} = {value}"))
}

/// Whether any number in it is not a whole one.
fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(has_float),
        Value::Object(map) => map.values().any(has_float),
        _ => false,
    }
}

#[test]
fn every_indicator_with_what_it_rests_on() {
    let shown = shown("livelihood");
    let text = std::fs::read_to_string(Path::new(&policy("livelihood")).join("indicators.csv"));
    let ids = text.expect("the item table");
    let ids = ids.lines().skip(1).filter_map(|line| line.split(',').next());
    let indicators = &shown["indicators"];
    let mut rows = 0;
    for id in ids {
        find(indicators, "id", id);
        rows += 1;
    }
    assert!(rows >= 36 && indicators.as_array().is_some_and(|list| list.len() >= rows));
    let item = find(indicators, "id", "101");
    assert_eq!(item["points"], "3");
    assert_eq!(item["parameters"]["每差"]["value"], "0.02");
    assert_eq!(item["choices"]["不足一步"], "整步");
    assert_eq!(item["clause"], "二(二)3");
    assert_eq!(item["inputs"][0]["field"], "actual");
    assert_eq!(item["range"]["low"], "1.2");
    assert!(item["lead"].as_array().is_some_and(|list| !list.is_empty()));
    assert_eq!(find(indicators, "id", "105")["inputs"][1]["target"], "0.042");
    assert!(!has_float(&shown));
}

#[test]
fn what_holds_for_all_of_it() {
    let shown = shown("livelihood");
    assert_eq!(shown["scheme"]["full_mark"], "100");
    assert_eq!(shown["scheme"]["ties"], "ties_skip");
    assert_eq!(shown["scheme"]["rounding"]["items"]["step"], "0.01");
    assert_eq!(shown["order_of_work"].as_array().map(Vec::len), Some(7));
    let award = find(&shown["awards"], "name", "综合先进");
    assert_eq!((&award["rule"]["to"], &award["eligible"]), (&3.into(), &"全部达标".into()));
    let other = find(&shown["awards"], "name", "就业和创业先进县");
    assert_eq!(other["except"][0], "综合先进");
    let steps = &shown["deadlines"][0]["steps"];
    assert_eq!(find(steps, "name", "牵头单位汇总")["clause"], "三2");
    assert_eq!(shown["quotas"][0]["rows"][0]["count"], "4");
    assert_eq!(find(&shown["corrections"], "subject", "总分值")["corrected"], "100 分");
    assert!(shown["libraries"][0]["fingerprint"].as_str().is_some_and(|it| it.starts_with("sha256:")));
    assert_eq!(shown["findings"], Value::Array(Vec::new()));
}

#[test]
fn nested_schemes_events_and_vetoes() {
    let township = shown("township-2014");
    assert_eq!(township["nested"].as_array().map(Vec::len), Some(1));
    let line = &find(&township["indicators"], "name", "五保供养")["adjustments"][0];
    assert_eq!((&line["adds"], &line["points"]), (&false.into(), &"2".into()));
    let table = find(&township["event_tables"], "name", "上访");
    assert!(table["columns"].as_array().is_some_and(|list| list.len() >= 3));
    let penalties = shown("rulebook/11-penalties");
    let veto = find(&penalties["vetoes"], "name", "数据造假");
    assert_eq!(veto["when"], "件数(严重事件 其中 类型 = 造假) > 0");
    assert_eq!(veto["effects"][0]["kind"], "item_to_zero");
    let line = &find(&penalties["indicators"], "name", "通报扣分")["adjustments"][1];
    assert_eq!(line["text"], "扣 每 通报 其中 级别 = 市 1 分 至多 4 分");
}

#[test]
fn in_words_in_both_languages() {
    for (lang, words) in [
        ("zh", ["计算顺序", "按总分从高到低，取前 3 名", "原文没有说、由方案选定的"]),
        ("en", ["Order of work", "the first 3 by 总分, highest first", "Chosen where the text is silent"]),
    ] {
        let output = kaoping(&["show", &policy("livelihood"), "--lang", lang]);
        let text = String::from_utf8_lossy(&output.stdout);
        for word in words {
            assert!(text.contains(word), "{word}\n{text}");
        }
        assert!(text.contains("城镇新增就业"));
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn exit_codes() {
    let faulty = kaoping(&["show", &policy("livelihood-as-issued")]);
    assert_eq!(faulty.status.code(), Some(1));
    assert!(!faulty.stdout.is_empty(), "what was understood is shown all the same");
    let missing = kaoping(&["show", &policy("no-such-policy")]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(missing.stdout.is_empty() && !missing.stderr.is_empty());
}

#[test]
fn completions_know_the_commands() {
    let output = kaoping(&["completions", "bash"]);
    let script = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(script.contains("show") && script.contains("--indicators"), "{script}");
}

#[test]
fn a_matter_that_counts_once_is_listed() {
    let shown = shown("township-2014");
    let once = &shown["once"][0];
    assert_eq!(once["tables"][0], "上访");
    assert_eq!(once["indicators"].as_array().map(Vec::len), Some(3));
    assert_eq!(once["order"], "text");
    let output = kaoping(&["show", &policy("township-2014")]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("上访：五保供养、扶贫扶优、来信来访  写在前面的先算"), "{text}");
}

#[test]
fn what_blocks_and_the_total_can_come_to() {
    let shown = shown("livelihood");
    let block = &find(&shown["blocks"], "name", "组织实施")["range"];
    assert_eq!((&block["low"], &block["high"], &block["exact"]), (&"0".into(), &"6".into(), &true.into()));
    let jobs = &find(&shown["blocks"], "name", "就业和创业")["range"];
    assert_eq!((&jobs["low"], &jobs["high"]), (&"4.8".into(), &"14".into()));
    let total = &shown["scheme"]["total_range"];
    assert_eq!((&total["low"], &total["high"], &total["exact"]), (&Value::Null, &"109.1".into(), &false.into()));
    let text = |name: &str| {
        let output = kaoping(&["show", &policy(name)]);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(text("township-2014").contains("\n  总分可得：0 分 至 100 分\n"));
    let livelihood = text("livelihood");
    assert!(livelihood.contains("  总分可得：不超过 109.1 分（至多这么宽）\n"), "{livelihood}");
    let jobs = livelihood.lines().find(|line| line.trim_start().starts_with("就业和创业")).expect("the block");
    assert!(jobs.contains("4.8 至 14（至多这么宽）"), "{jobs}");
}
