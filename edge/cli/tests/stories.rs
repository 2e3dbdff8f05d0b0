//! Whole transcripts a clerk can read: what is typed, and every line that comes out.
//!
//! A story is a text of `stories/`: remarks, files to write and commands. A line `$ kaoping …`
//! is run in a fresh copy of `policies/`; the lines below it, up to the next empty line before
//! a command, a file or a remark, are exactly what it prints, ended by `(退出码 1)` where it
//! does not end with 0. `KAOPING_BLESS=1 cargo test -p kaoping-cli --test stories` writes what
//! comes out; the difference is the review. `$ cat FILE` shows a file.
//!
//! ```text
//! # A remark for the reader.
//! > 本年.csv from policies/livelihood/examples/city/facts.csv
//! - 甲县,101,完成数,6000,2010,年报-0007
//! + 甲县,101,完成数,6500,2010,年报-0007
//! > 新表.csv
//! + 编号,名称,分值
//! $ kaoping check policies/livelihood
//! ```
//!
//! `> FILE` writes a file of the `+` lines below it; `> FILE from OTHER` takes another file
//! and replaces each `-` line in it by the `+` line behind it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};
use terminal::{copy, kaoping};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A line of a story that is not output.
fn is_step(line: &str) -> bool {
    ["# ", "$ ", "> ", "- ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// The story told anew: its steps, each command with what it prints now.
fn told(story: &str, folder: &Path) -> String {
    let mut text = String::new();
    let mut steps = story.lines().enumerate().filter(|(_, line)| is_step(line)).map(|(_, line)| line).peekable();
    while let Some(step) = steps.next() {
        let begins = !matches!(step.get(..2), Some("- " | "+ "));
        let follows = begins && text.lines().last().is_some_and(|last| last.starts_with("# "));
        if begins && !text.is_empty() && !(follows) {
            text.push('\n');
        }
        let _ = writeln!(text, "{step}");
        if let Some(file) = step.strip_prefix("> ") {
            let mut edits = Vec::new();
            while let Some(edit) = steps.next_if(|line| matches!(line.get(..2), Some("- " | "+ "))) {
                let _ = writeln!(text, "{edit}");
                edits.push(edit);
            }
            write_file(file, &edits, folder);
        } else if let Some(command) = step.strip_prefix("$ ") {
            let (said, code) = match command.strip_prefix("cat ") {
                Some(file) => (fs::read_to_string(folder.join(file)).expect("a file that was written"), 0),
                None => {
                    let run = kaoping(command, folder);
                    (run.said(), run.code)
                }
            };
            text.push_str(&said);
            if !said.is_empty() && !said.ends_with('\n') {
                text.push('\n');
            }
            if code != 0 {
                let _ = writeln!(text, "(退出码 {code})");
            }
        }
    }
    text
}

/// Writes a file of a story: its `+` lines, or another file with lines replaced.
fn write_file(file: &str, edits: &[&str], folder: &Path) {
    let plain = |edit: &&str| edit.get(2..).unwrap_or("").to_string();
    let (name, text) = match file.split_once(" from ") {
        None => (file, edits.iter().map(|edit| plain(edit) + "\n").collect()),
        Some((name, other)) => {
            let mut text = fs::read_to_string(folder.join(other)).expect("the other file");
            for pair in edits.chunks(2) {
                let [old, new] = pair else { panic!("{file}: a `-` line needs a `+` line behind it") };
                let old = plain(old);
                assert!(text.contains(&old), "{other} has no line {old}");
                text = text.replacen(&old, &plain(new), 1);
            }
            (name, text)
        }
    };
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of the story");
    fs::write(path, text).expect("a file of the story");
}

#[test]
fn the_stories_are_as_told() {
    let mut stories: Vec<PathBuf> = fs::read_dir(root().join("stories"))
        .expect("stories/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "story"))
        .collect();
    stories.sort();
    assert!(stories.len() >= 8, "only {} stories", stories.len());
    let mut wrong = Vec::new();
    for path in stories {
        let place = tempfile::tempdir().expect("a folder");
        copy(&root().join("policies"), &place.path().join("policies"));
        let story = fs::read_to_string(&path).expect("a story");
        let now = told(&story, place.path());
        assert!(!now.contains("panicked"), "{}", path.display());
        if terminal::bless() {
            fs::write(&path, &now).expect("the story told anew");
        } else if story != now {
            let first = (1..).zip(story.lines().zip(now.lines())).find(|(_, (told, now))| told != now);
            wrong.push(match first {
                Some((line, (told, now))) => {
                    format!("{} line {line}\n  told {told}\n  now  {now}", path.display())
                }
                None => format!("{}: one is longer", path.display()),
            });
        }
    }
    assert!(
        wrong.is_empty(),
        "stories are not as told:\n{}\nto write them anew:\n  \
         KAOPING_BLESS=1 cargo test -p kaoping-cli --test stories",
        wrong.join("\n")
    );
}

/// Output is Chinese as people write it: words that only programs use, and the habits of a
/// keyboard, do not belong there. What the policies themselves say is theirs, and in English
/// (`--lang en`) some of those words are words.
#[test]
fn a_picky_clerk_finds_nothing() {
    let words = ["None", "Some(", "null", "true", "false", "_exact", "。。"];
    let english = ["figure", "undefined", "; "];
    let mut faults = Vec::new();
    for entry in fs::read_dir(root().join("stories")).expect("stories/") {
        let path = entry.expect("an entry").path();
        let story = fs::read_to_string(&path).expect("a story");
        let mut in_english = false;
        for (number, line) in (1..).zip(story.lines()) {
            if is_step(line) {
                in_english = line.contains("--lang en");
                continue;
            }
            // The stable name of a finding is for looking it up.
            let said = line.split_once("] ").map_or(line, |(_, said)| said);
            let foreign = if in_english { &[][..] } else { &english[..] };
            let program = words.iter().chain(foreign).any(|word| said.contains(word));
            let blank = line.ends_with(' ') || line.contains("，，");
            if program || blank {
                faults.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
