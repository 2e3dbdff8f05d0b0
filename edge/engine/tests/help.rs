//! The help says everything in one language: in Chinese, or in English where that is asked for.

#![cfg(feature = "cluster")]
#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use clap::CommandFactory;
use kaoping_engine::arguments::{Arguments, CHINESE};
use std::process::Command;

fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kaoping-engine")).args(arguments).output().expect("the program");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("text"))
}

#[test]
fn every_command_and_option_has_chinese_words() {
    let mut missing = Vec::new();
    for command in Arguments::command().get_subcommands() {
        missing.extend(CHINESE.command(command.get_name()).is_none().then(|| command.get_name().to_owned()));
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            missing.extend(CHINESE.argument(id).is_none().then(|| format!("{} {id}", command.get_name())));
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn help_is_in_one_language() {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for command in ["", "scheduler", "executor", "run"] {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let (code, zh) = said(&words);
        assert_eq!(code, Some(0), "{zh}");
        assert!(zh.contains("用法：kaoping-engine") && zh.contains("印出说明"), "{zh}");
        for english in ["Usage", "Options", "Arguments", "Print", "default", " the ", " of ", "The "] {
            assert!(!zh.contains(english), "{english}\n{zh}");
        }
        let (code, en) = said(&[&words[..], &["--lang", "en"]].concat());
        assert_eq!(code, Some(0), "{en}");
        // A language is called by its own name.
        let without = en.replace("zh: 中文", "");
        assert!(en.contains("Usage: kaoping-engine") && !without.contains(chinese), "{en}");
    }
}

#[test]
fn mistakes_are_told_in_the_language_asked_for() {
    let (code, zh) = said(&["run"]);
    assert!(code == Some(2) && zh.starts_with("错误：还要写：") && zh.contains("用 kaoping-engine --help"), "{zh}");
    let (code, en) = said(&["run", "--lang", "en"]);
    assert!(code == Some(2) && en.starts_with("error: the following required arguments"), "{en}");
}
