//! Rules about the code that are themselves code: which crate may know which, and what the
//! core and the Rust sources must not hold. `docs/ARCHITECTURE.md` says why.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Which crate of the project may use which. A new edge needs a decision record.
const ALLOWED_EDGES: &[(&str, &[&str])] = &[
    ("kaoping-terms", &[]),
    ("kaoping-syntax", &["terms"]),
    ("kaoping-program", &["terms"]),
    ("kaoping-rules", &["terms", "syntax", "program"]),
    ("kaoping-scheme", &["terms", "syntax", "program", "rules"]),
    ("kaoping-columns", &["terms", "program"]),
    ("kaoping-cells", &["terms", "program", "rules"]),
    ("kaoping-assess", &["terms", "syntax", "program", "rules", "scheme", "columns", "cells"]),
    ("kaoping-decide", &["terms", "program", "rules", "scheme", "columns", "cells"]),
    ("kaoping-native", &["terms", "program", "scheme", "columns", "decide"]),
    ("kaoping-ledger", &["terms"]),
    ("kaoping-office", &["terms", "ledger"]),
    ("kaoping-sheets", &["terms"]),
    ("kaoping-intake", &["terms", "program", "scheme", "assess", "sheets"]),
    ("kaoping-store", &["terms", "ledger"]),
    ("kaoping-desk", &["terms", "ledger", "office", "store", "scheme", "assess", "sheets", "intake"]),
    ("kaoping-pages", &["terms", "ledger", "office", "scheme", "assess", "desk"]),
    ("kaoping-web", &["terms", "ledger", "office", "store", "desk", "pages", "persons"]),
    ("kaoping-sample", &["terms", "assess", "ledger", "office", "store", "desk", "intake"]),
    ("kaoping-browser", &["desk", "ledger", "office", "sample", "store", "web"]),
    ("kaoping-persons", &["terms", "office", "sheets"]),
    ("kaoping-batch", &["terms", "program", "scheme", "cells", "decide", "sheets"]),
    ("kaoping-arrows", &["terms", "program", "scheme", "cells", "decide", "sheets", "batch"]),
    (
        "kaoping-cli",
        &[
            "terms", "syntax", "program", "rules", "scheme", "assess", "decide", "sheets", "batch", "arrows", "native",
            "ledger", "office", "store", "desk", "intake", "web", "sample",
        ],
    ),
    ("kaoping-engine", &["terms", "program", "scheme", "decide", "sheets", "batch", "arrows", "cli", "native"]),
];

/// The most lines a source file has.
const MOST_LINES: usize = 600;

/// Words that name a rule kind and are words of the language or of files besides.
const WORDS_OF_THE_LANGUAGE: &[(&str, &str)] = &[
    ("growth", "the function 增长"),
    ("judged", "how an award is given, in JSON"),
    ("lower", "a direction in item tables"),
    ("proportional", "how a partial step counts, 按比例"),
    ("rank", "the function 位次, and a column of totals.csv"),
    ("steps", "the function 步数"),
    ("tiers", "the keyword 档"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder of the project with that ending, with its path from the root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let shown = path.strip_prefix(root()).expect("below the root");
                let shown = shown.to_string_lossy().replace('\\', "/");
                found.push((shown, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of the project.
fn sources() -> Vec<(String, String)> {
    let mut all = files("core", "rs");
    all.extend(files("edge", "rs"));
    all
}

/// Whether a file holds nothing but tests or benchmarks.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.contains("/examples/") || path.ends_with("tests.rs")
}

/// The code of a file: without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Fails with every fault, not only the first.
fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

#[test]
fn crates_know_only_what_is_to_their_left() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata as JSON");
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name").to_owned();
        let uses = package["dependencies"].as_array().expect("dependencies");
        let uses = uses
            .iter()
            .filter_map(|dependency| dependency["name"].as_str()?.strip_prefix("kaoping-"))
            .map(str::to_owned);
        found.insert(name, uses.collect());
    }
    let allowed: BTreeMap<String, BTreeSet<String>> = ALLOWED_EDGES
        .iter()
        .map(|(name, uses)| ((*name).to_owned(), uses.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    let mut faults = Vec::new();
    for (name, uses) in &found {
        match allowed.get(name) {
            None => faults.push(format!("{name} is not in the list of allowed edges")),
            Some(allowed) => {
                faults.extend(uses.difference(allowed).map(|used| format!("{name} may not use kaoping-{used}")))
            }
        }
    }
    faults.extend(
        allowed
            .keys()
            .filter(|name| !found.contains_key(*name))
            .map(|name| format!("{name} is listed and does not exist")),
    );
    assert_none(faults);
}

#[test]
fn the_core_does_without_the_standard_library() {
    let crates: Vec<_> = files("core", "rs").into_iter().filter(|(path, _)| path.ends_with("/src/lib.rs")).collect();
    assert!(crates.len() >= 6, "the core has {} crates", crates.len());
    let faults = crates
        .iter()
        .filter(|(_, text)| !text.contains("#![no_std]"))
        .map(|(path, _)| format!("{path} lacks #![no_std]"));
    assert_none(faults.collect());
}

/// The one file of the core where floats hold whole numbers; it begins with a proof of that.
const KERNEL: &str = "core/columns/src/kernel.rs";

#[test]
fn the_core_has_no_binary_float() {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut faults = Vec::new();
    for (path, text) in files("core", "rs").into_iter().filter(|(path, _)| path != KERNEL) {
        for (number, line) in (1..).zip(text.lines()) {
            let comment = line.trim_start().starts_with("//");
            let mut words = line.split(|c| !is_word(c));
            if !comment && words.any(|word| matches!(word, "f32" | "f64")) {
                faults.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn files_are_small_enough_to_see() {
    let mut faults = Vec::new();
    for (path, text) in &sources() {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            faults.push(format!("{path} has {lines} lines, at most {MOST_LINES}: split it"));
        }
    }
    assert_none(faults);
}

/// Names and aliases of the shared kinds of rules, which Rust must not know.
fn rule_kinds() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in files("policies/kinds", "kp") {
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("规则 ") {
                names.extend(rest.split_whitespace().map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn no_rule_kind_is_known_to_rust() {
    let kinds = rule_kinds();
    assert!(kinds.contains("加分指标") && kinds.contains("bonus"));
    let mut faults = Vec::new();
    for (word, _) in WORDS_OF_THE_LANGUAGE {
        if !kinds.contains(*word) {
            faults.push(format!("`{word}` is no rule kind any more: take it off the list"));
        }
    }
    let excused: BTreeSet<&str> = WORDS_OF_THE_LANGUAGE.iter().map(|(word, _)| *word).collect();
    let kinds: Vec<&String> =
        kinds.iter().filter(|kind| kind.chars().count() >= 4 && !excused.contains(kind.as_str())).collect();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        let code = code(text);
        for kind in &kinds {
            // A Chinese name is looked for anywhere in code, an English word (which may mean
            // something else in a longer text) only as a whole literal.
            let found =
                if kind.is_ascii() { code.contains(&format!("\"{kind}\"")) } else { code.contains(kind.as_str()) };
            if found {
                faults.push(format!("{path} names the rule kind {kind}"));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn every_ban_has_a_reason() {
    let text = fs::read_to_string(root().join("core/clippy.toml")).expect("core/clippy.toml");
    let bans: Vec<&str> = text.lines().filter(|line| line.contains("path =")).collect();
    assert!(bans.len() >= 10, "the core bans {} things", bans.len());
    let has_reason = |line: &&str| {
        line.split_once("reason = \"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .is_some_and(|(reason, _)| reason.len() > 10)
    };
    let faults = bans.into_iter().filter(|line| !has_reason(line));
    assert_none(faults.map(|line| format!("no reason: {line}")).collect());
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut documents = files("docs", "md");
    for name in ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(root().join(name)).expect("a document of the project");
        documents.push((name.to_owned(), text));
    }
    let mut faults = Vec::new();
    for (path, text) in &documents {
        let folder = root().join(path).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1) {
            let Some((target, _)) = link.split_once(')') else {
                continue;
            };
            let file = target.split('#').next().unwrap_or("");
            let outside = target.contains("://") || file.is_empty() || target.contains(' ');
            if !outside && !folder.join(file).exists() {
                faults.push(format!("{path} links to {target}, which is not there"));
            }
        }
    }
    assert_none(faults);
}
