//! The help of every command: an example in it, and the files the example names.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::path::Path;
use terminal::kaoping;

const COMMANDS: [&str; 13] = [
    "check",
    "show",
    "test",
    "score",
    "explain",
    "compare",
    "compute",
    "new",
    "demo",
    "found",
    "serve",
    "fmt",
    "completions",
];

#[test]
fn every_command_has_an_example_whose_files_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut wrong = Vec::new();
    for command in COMMANDS {
        for lang in ["zh", "en"] {
            let said = kaoping(&format!("kaoping {command} --lang {lang} --help"), &root).said();
            let example = said.find("Example").or_else(|| said.find("例："));
            let Some(example) = example else {
                wrong.push(format!("{command} {lang}: no example"));
                continue;
            };
            let words = said.get(example..).unwrap_or("").split([' ', '\n', '=']);
            for path in words.filter(|word| word.starts_with("policies/")) {
                if !root.join(path).exists() {
                    wrong.push(format!("{command} {lang}: {path} is not there"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
