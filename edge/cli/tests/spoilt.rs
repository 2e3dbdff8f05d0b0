//! Whatever is spoilt in a policy or in its figures, by the hand, the disk or the line: the
//! program ends with 0, 1 or 2 and says what is wrong. Mistakes are drawn by a seed, so that
//! each run makes the same ones.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{fmt::Write, fs, path::Path};
use terminal::run;

/// A small generator, so that a failure can be repeated by its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or(0)
    }
}

/// One mistake of the hand, the disk or the line.
fn spoil(content: &mut Vec<u8>, chance: &mut Chance) {
    let lines: Vec<Vec<u8>> = content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let line = chance.next(lines.len());
    match chance.next(6) {
        0 if !content.is_empty() => {
            let at = chance.next(content.len());
            if let Some(byte) = content.get_mut(at) {
                *byte ^= 1 << chance.next(8);
            }
        }
        1 => {
            let mut kept = lines;
            kept.drain(line..(line + 1 + chance.next(3)).min(kept.len()));
            *content = kept.concat();
        }
        2 => content.truncate(chance.next(content.len())),
        3 => {
            let mut swapped = lines;
            let other = chance.next(swapped.len());
            if line < swapped.len() && other < swapped.len() {
                swapped.swap(line, other);
            }
            *content = swapped.concat();
        }
        4 => {
            // One character becomes another of the same text.
            let text = String::from_utf8_lossy(content).into_owned();
            let chars: Vec<char> = text.chars().collect();
            let (from, to) = (chance.next(chars.len()), chance.next(chars.len()));
            let spoilt: String =
                (0..).zip(&chars).map(|(at, c)| if at == from { chars.get(to).unwrap_or(c) } else { c }).collect();
            *content = spoilt.into_bytes();
        }
        _ => {
            let words =
                ["(", "，", "−1", "9e99", "\"", "不适用", "得 ", "方案 ", "0", "%", "→", "当 ", "子方案 民生工程\n"];
            let word = words.get(chance.next(words.len())).copied().unwrap_or("");
            let text = String::from_utf8_lossy(content).into_owned();
            let at = text.char_indices().nth(chance.next(text.chars().count())).map_or(0, |(at, _)| at);
            let (head, tail) = text.split_at(at);
            *content = format!("{head}{word}{tail}").into_bytes();
        }
    }
}

/// Runs to make: a policy, its examples and the files to spoil.
const SHIPPED: [(&str, &str, &[&str]); 3] = [
    ("livelihood", "city", &["scheme.kp", "indicators.csv", "targets.csv", "clauses.md", "FACTS"]),
    ("township-2014", "villages", &["scheme.kp", "clauses.md", "FACTS", "上访.csv"]),
    ("golden-insurance-example", "cities", &["scheme.kp", "FACTS", "units.csv"]),
];

#[test]
fn whatever_is_spoilt_the_program_ends_as_it_should() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut chance = Chance(20_140_101);
    let mut faults = String::new();
    let mut codes = [0usize; 3];
    for round in 0..150 {
        let (policy, example, files) = SHIPPED.get(round % SHIPPED.len()).expect("a policy");
        let place = tempfile::tempdir().expect("a folder");
        terminal::copy(&policies.join("kinds"), &place.path().join("kinds"));
        terminal::copy(&policies.join(policy), &place.path().join(policy));
        let examples = format!("{policy}/examples/{example}");
        let file = files.get(chance.next(files.len())).copied().unwrap_or("scheme.kp");
        let path = match file {
            "FACTS" => format!("{examples}/facts.csv"),
            "units.csv" | "上访.csv" => format!("{examples}/{file}"),
            own => format!("{policy}/{own}"),
        };
        let path = place.path().join(path);
        let mut content = fs::read(&path).expect("a shipped file");
        for _ in 0..=chance.next(3) {
            spoil(&mut content, &mut chance);
        }
        fs::write(&path, &content).expect("spoilt");
        let mut score: Vec<String> = vec![
            "score".into(),
            (*policy).into(),
            "--units".into(),
            format!("{examples}/units.csv"),
            "--facts".into(),
            format!("{examples}/facts.csv"),
        ];
        for entry in fs::read_dir(place.path().join(&examples)).expect("the example") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            if let Some(table) = name.strip_suffix(".csv").filter(|table| !table.is_ascii()) {
                score.extend(["--events".into(), format!("{table}={examples}/{name}")]);
            }
        }
        let score: Vec<&str> = score.iter().map(String::as_str).collect();
        for command in [&["check", policy][..], &["show", policy], &score] {
            let run = run(command, place.path());
            match codes.get_mut(usize::try_from(run.code).unwrap_or(9)) {
                Some(count) => *count += 1,
                None => {
                    let _ = writeln!(
                        faults,
                        "round {round}, {policy} {file}, {command:?}: code {}\n{}",
                        run.code, run.stderr
                    );
                }
            }
            if run.said().contains("panicked") || run.said().contains("internal-fault") {
                let keep = std::env::temp_dir().join(format!("kaoping-spoilt-{round}"));
                terminal::copy(place.path(), &keep);
                let _ = writeln!(
                    faults,
                    "round {round}, {policy} {file}, {command:?}, kept in {}:\n{}",
                    keep.display(),
                    run.stderr
                );
            }
            // A refusal says what is wrong.
            if run.code != 0 && run.said().trim().is_empty() {
                let _ = writeln!(faults, "round {round}, {policy} {file}, {command:?}: refused without a word");
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(codes.iter().take(2).all(|count| *count > 20), "endings {codes:?}");
}
