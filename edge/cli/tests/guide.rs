//! The guide is held to its word: every sentence of the language it shows compiles, and its
//! example is a policy without a fault whose sums come out as printed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use kaoping_scheme::{Folder, Options, Policy, compile};
use kaoping_terms::Level;
use std::{fs, path::Path, process::Command};

/// A fenced block of the guide: the file it is to be typed into, and its lines.
struct Block<'g> {
    language: &'g str,
    file: Option<&'g str>,
    text: String,
    line: usize,
}

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide.zh.md");
    fs::read_to_string(path).expect("the guide")
}

fn blocks(guide: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(guide.lines()) {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(head) => {
                inside = true;
                let (language, file) =
                    head.split_once(' ').map_or((head, None), |(language, file)| (language, Some(file)));
                found.push(Block { language, file, text: String::new(), line: number });
            }
            None if inside => {
                if let Some(block) = found.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    found
}

/// What is wrong with a policy of one text, errors only.
fn errors(text: &str) -> Vec<String> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/kinds/common.kp");
    let library = fs::read_to_string(library).expect("the shared rules");
    let folder = Folder { root: String::from("guide"), files: vec![(String::from("scheme.kp"), text.to_owned())] };
    let mut fetch = |path: &str| (path == "../kinds/common.kp").then(|| library.clone());
    let (policy, mut report) = Policy::read(&folder, &mut fetch);
    let (compiled, compiling) = compile(&policy, &Options::default());
    report.append(compiling);
    let mut errors: Vec<String> = report
        .into_sorted()
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| format!("{}: {}", finding.name, finding.message.zh))
        .collect();
    for case in &compiled.examples {
        errors.extend(
            case.run()
                .iter()
                .map(|fault| format!("{}: expected {}, found {}", case.owner, fault.expected, fault.found)),
        );
    }
    errors
}

#[test]
fn every_sentence_of_the_guide_compiles() {
    let guide = guide();
    let snippets: Vec<Block<'_>> = blocks(&guide).into_iter().filter(|block| block.language == "kp").collect();
    assert!(snippets.len() > 15, "only {} snippets", snippets.len());
    let faults: Vec<String> = snippets
        .iter()
        .flat_map(|block| errors(&block.text).into_iter().map(|fault| format!("line {}: {fault}", block.line)))
        .collect();
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

#[test]
fn the_example_of_the_guide_has_no_fault() {
    let guide = guide();
    let (_, example) = guide.split_once("## 8 ").expect("the example");
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = 0;
    for block in blocks(example) {
        let Some(file) = block.file else { continue };
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, block.text).expect("a file");
        files += 1;
    }
    assert_eq!(files, 11, "files of the example");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(arguments)
            .current_dir(folder.path().join("examples/三个乡镇"))
            .output()
            .expect("the command");
        assert!(
            output.status.success(),
            "kaoping {}:\n{}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run(&["check", "../.."]);
    run(&["test", "../.."]);
    let commands: Vec<&str> = example.lines().filter_map(|line| line.strip_prefix("kaoping ")).collect();
    let said: Vec<String> =
        commands.iter().map(|command| run(&command.split_whitespace().collect::<Vec<_>>())).collect();
    assert_eq!(said.len(), 2, "scoring and explaining");
    for name in ["scores.csv", "totals.csv", "awards.csv"] {
        let results = folder.path().join("examples/三个乡镇");
        let expected = fs::read_to_string(results.join("expected").join(name)).expect("expected");
        let found = fs::read_to_string(results.join("结果").join(name)).expect("a result");
        assert_eq!(found.lines().count(), expected.lines().count(), "{name}");
        for (found, expected) in found.lines().zip(expected.lines()) {
            // What is expected of an award leaves the reason open.
            assert!(found.starts_with(expected), "{name}: {found}, not {expected}");
        }
    }
    let shown = blocks(example);
    let shown = shown.iter().find(|block| block.language == "text");
    assert_eq!(said.last().map(|said| said.trim_end()), shown.map(|block| block.text.trim_end()));
}

#[test]
fn the_terminal_in_the_readme_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(name)).expect("a readme");
        let (_, shown) = text.split_once("$ kaoping ").expect("a command");
        let (shown, _) = shown.split_once("```").expect("its end");
        let mut lines = shown.lines();
        let arguments = lines.next().unwrap_or("").split_whitespace();
        let output = Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(arguments)
            .current_dir(&root)
            .output()
            .expect("the command");
        let real = String::from_utf8_lossy(&output.stdout).into_owned();
        let faults: Vec<&str> = lines.filter(|line| *line != "…" && !real.lines().any(|real| real == *line)).collect();
        assert!(
            faults.is_empty(),
            "{name} shows what the command does not say:\n{}\nIt says:\n{real}",
            faults.join("\n")
        );
    }
}
