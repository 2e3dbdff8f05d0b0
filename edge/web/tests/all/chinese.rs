//! Chinese words of the office, the desk and the server are Chinese: what a program calls something stands in brackets
//! behind its name, and what a deed is called in the record nowhere.

use kaoping_office::Act;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What is spoken about here: the folders whose words are read.
const FOLDERS: [&str; 3] = ["core/office/src", "edge/desk/src", "edge/web/src"];

/// What is written for programs alone: the document of the server.
const FOR_PROGRAMS: &str = "openapi.rs";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of fields of the document of the server, which bodies are made of.
fn fields() -> BTreeSet<String> {
    fn walk(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(all) => {
                if let Some(Value::Object(properties)) = all.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                for (key, value) in all {
                    if key == "examples" || key == "example" { keys(value, found) } else { walk(value, found) }
                }
            }
            Value::Array(all) => all.iter().for_each(|value| walk(value, found)),
            _ => (),
        }
    }
    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(all) => all.iter().for_each(|(key, value)| {
                found.insert(key.clone());
                keys(value, found);
            }),
            Value::Array(all) => all.iter().for_each(|value| keys(value, found)),
            _ => (),
        }
    }
    let text = fs::read_to_string(root().join("docs/openapi.json")).expect("the document");
    let mut found = BTreeSet::new();
    walk(&serde_json::from_str(&text).expect("JSON"), &mut found);
    found
}

/// The Rust files of a folder without comments and tests.
fn code(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            code(&path, found);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && name != FOR_PROGRAMS {
            let text = fs::read_to_string(&path).expect("a text");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((path.display().to_string(), lines.collect::<Vec<_>>().join("\n")));
        }
    }
}

/// The texts in quotation marks that are Chinese.
fn chinese(code: &str) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), code);
    while let Some((_, after)) = rest.split_once('"') {
        let mut text = String::new();
        let mut chars = after.char_indices();
        let mut end = after.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '"' => {
                    end = at + 1;
                    break;
                }
                c => text.push(c),
            }
        }
        rest = after.get(end..).unwrap_or_default();
        let latin = |c: char| c.is_ascii_alphabetic();
        // An English text may quote a Chinese word.
        let words = text.split(|c| !latin(c)).filter(|word| word.len() > 1).count();
        let signs = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
        if signs > 0 && signs >= words {
            texts.push(text);
        }
    }
    texts
}

/// A text without what stands between two signs.
fn without(text: &str, (from, to): (char, char)) -> String {
    let mut depth = 0_usize;
    let kept = text.chars().filter(|c| {
        depth += usize::from(*c == from);
        let kept = depth == 0;
        depth = depth.saturating_sub(usize::from(*c == to));
        kept
    });
    kept.collect()
}

/// The words of programs in a Chinese text that a clerk would read.
fn of_programs(text: &str, fields: &BTreeSet<String>) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let said = without(text, ('{', '}'));
    let words = |text: &str| -> Vec<String> {
        text.split(|c| !is_part(c)).map(|word| word.trim_matches(['.', '/']).to_owned()).collect()
    };
    let all = words(&said);
    // A command of the terminal is typed as it is called.
    let typed = |at: usize| at.checked_sub(1).and_then(|at| all.get(at)).is_some_and(|word| word == "kaoping");
    let deeds = all.iter().enumerate().filter(|(at, word)| !typed(*at) && Act::NAMES.contains(&word.as_str()));
    let outside = words(&without(&said, ('（', '）')));
    let typed: BTreeSet<&String> = all.iter().enumerate().filter(|(at, _)| typed(*at)).map(|(_, word)| word).collect();
    // So is a setting of one: `at=https://…`.
    let is_set = |word: &str| said.contains(&format!("{word}="));
    let named = outside.iter().filter(|word| fields.contains(*word) && !typed.contains(word) && !is_set(word));
    let quoted = said.contains('`').then(|| "`".to_owned());
    deeds.map(|(_, word)| word.clone()).chain(named.cloned()).chain(quoted).collect()
}

#[test]
fn no_name_of_a_program_stands_in_a_chinese_text() {
    let fields = fields();
    assert!(["working_days", "replaces", "kind"].iter().all(|name| fields.contains(*name)), "{fields:?}");
    let mut sources = Vec::new();
    FOLDERS.iter().for_each(|folder| code(&root().join(folder), &mut sources));
    let (mut looked_at, mut faults) = (0, Vec::new());
    for (path, code) in &sources {
        for text in chinese(code) {
            looked_at += 1;
            let found = of_programs(&text, &fields);
            if !found.is_empty() {
                faults.push(format!("{path}: {}: {text}", found.join(" ")));
            }
        }
    }
    assert!(looked_at > 1000, "{looked_at}");
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

#[test]
fn words_of_programs_are_found() {
    let fields = fields();
    let found = |text: &str| of_programs(text, &fields);
    assert_eq!(found("kind 留空"), ["kind"]);
    assert_eq!(found("先申请重开结果（revise-results）"), Vec::<String>::new(), "a kind of proposal, in brackets");
    assert_eq!(found("用“评分”（assess），在轮次里评"), ["assess"]);
    assert_eq!(found("写明代替第 {number} 条（replaces）"), Vec::<String>::new());
    assert_eq!(found("写明 replaces:{number}"), ["replaces"]);
    assert_eq!(found("用 `x` 写"), ["`"]);
    assert_eq!(found("接着办：kaoping confirm-restore"), Vec::<String>::new());
    assert_eq!(chinese("(\"改正\", \"mend the 适用 of it\", \"\\\"引\\\"\")"), ["改正", "引"]);
}
