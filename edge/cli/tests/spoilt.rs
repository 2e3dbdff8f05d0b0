//! Whatever is spoilt in a policy or in its figures, by the hand, the disk or the line: the
//! program ends with 0, 1 or 2 and says what is wrong. Mistakes are drawn by a seed, so that
//! each run makes the same ones.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};
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

/// A number or a date of a policy, and what it becomes.
struct Mutation {
    policy: String,
    file: &'static str,
    at: usize,
    was: String,
    now: String,
    line: usize,
}

/// One more in the last digit.
fn one_more(number: &str) -> String {
    let (head, digit) = number.split_at(number.len() - 1);
    let digit = if digit == "9" { 8 } else { digit.parse::<u8>().expect("a digit") + 1 };
    format!("{head}{digit}")
}

/// The next day, and the same day of the next month; at the end those before.
fn moved(date: &str) -> Vec<String> {
    let parts: Vec<&str> = date.split('-').collect();
    let next = |part: &str, last: u32| {
        let number: u32 = part.parse().expect("a number");
        format!("{:02}", if number >= last { number - 1 } else { number + 1 })
    };
    match parts.as_slice() {
        [year, month, day] => {
            // A day that each month has.
            let kept = if *day > "28" { "28" } else { day };
            [format!("{year}-{month}-{}", next(day, 28)), format!("{year}-{}-{kept}", next(month, 12))].into()
        }
        [year, month] if year.len() == 4 => [format!("{year}-{}", next(month, 12))].into(),
        [month, day] => {
            let kept = if *day > "28" { "28" } else { day };
            [format!("{month}-{}", next(day, 28)), format!("{}-{kept}", next(month, 12))].into()
        }
        _ => Vec::new(),
    }
}

/// Every policy that is shipped clean, by its folder below `policies`.
fn clean_policies(policies: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(policies.join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            // These two are there to be found wrong and to be filled in.
            if !entry.path().is_dir() || name == "livelihood-as-issued" || name == "new" {
                continue;
            }
            if entry.path().join("scheme.kp").exists() {
                found.push(name);
            } else {
                waiting.push(format!("{name}/"));
            }
        }
    }
    found.sort();
    found
}

/// Where numbers stand that mean something: not in remarks, quoted words and clauses.
fn numbers(line: &str) -> Vec<(usize, usize)> {
    let found = figures(line).into_iter();
    found
        .filter(|(at, length)| !line.get(*at..at + length).is_some_and(|word| word.contains(['-', ':', '_'])))
        .collect()
}

/// Where days and months stand. Those of 例 are figures of somebody: most of them can be others
/// and come to the same.
fn dates(line: &str) -> Vec<(usize, usize)> {
    if line.trim_start().starts_with("例 ") {
        return Vec::new();
    }
    let is_date = |word: &str| {
        let lengths: Vec<usize> = word.split('-').map(str::len).collect();
        let digits = word.chars().all(|c| c.is_ascii_digit() || c == '-');
        digits && matches!(lengths.as_slice(), [4, 2, 2] | [4, 2] | [2, 2])
    };
    figures(line).into_iter().filter(|(at, length)| line.get(*at..at + length).is_some_and(is_date)).collect()
}

/// Digits with the signs between them.
fn figures(line: &str) -> Vec<(usize, usize)> {
    let mut plain = String::new();
    // Words in quotes may quote words themselves.
    let (mut outer, mut inner) = (false, false);
    for c in line.chars() {
        outer ^= c == '"';
        inner = c == '“' || (inner && c != '”');
        let quoted = outer || inner;
        // As many bytes as before, so that places stay.
        if quoted { plain.extend(std::iter::repeat_n('_', c.len_utf8())) } else { plain.push(c) }
    }
    let plain = plain.split('#').next().unwrap_or("");
    let plain = plain.split("依据").next().unwrap_or("");
    let mut found = Vec::new();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | ':' | '_');
    let mut rest = 0;
    while let Some(start) = plain.get(rest..).and_then(|text| text.find(|c: char| c.is_ascii_digit())) {
        let start = rest + start;
        let text = plain.get(start..).unwrap_or("");
        let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
        rest = start + length;
        let before = plain.get(..start).and_then(|text| text.chars().last());
        let number = text.get(..length).unwrap_or("").trim_end_matches([',', '.', ':']);
        let in_word = before.is_some_and(|c| c.is_alphabetic() && c.is_ascii());
        if !in_word {
            found.push((start, number.len()));
        }
    }
    found
}

/// Why nothing need be said of a number that was changed. A number for which none of these
/// holds must be noticed.
fn harmless(lines: &[&str], clauses: &str, mutation: &Mutation) -> Option<&'static str> {
    let changed = mutation.now.as_str();
    let line = lines.get(mutation.line).copied().unwrap_or("");
    let next = lines.get(mutation.line + 1).copied().unwrap_or("").trim_start();
    let word = line.split_whitespace().next().unwrap_or("");
    let cited = line.contains("依据") || next.starts_with("依据");
    let ours = |line: &str| line.contains("示例") || line.contains("选择 ");
    let header = lines.get(..mutation.line).unwrap_or(&[]).iter().rev().find(|line| !line.starts_with(' '));
    if word == "例" {
        return Some("an example on the flat part of its rule comes out the same");
    }
    if word == "读入" {
        return Some("what may be reported is bounded by the policy, not by the regulation");
    }
    if matches!(mutation.was.as_str(), "0" | "1") {
        return Some("nothing and the whole are understood; no text says them");
    }
    let words = ["|", ":"].iter().all(|sign| line.contains(sign)) && line.contains(&format!("={}", mutation.was));
    if words {
        return Some("the code of a word in files");
    }
    if line.contains("示例") || (ours(line) && !cited) {
        return Some("the line says that its figures are its own");
    }
    let below = line.starts_with(' ') && header.is_some_and(|header| ours(header) || header.contains("折自"));
    if !cited && (below || ours(next) || lines.get(mutation.line + 2).is_some_and(|line| ours(line))) {
        return Some("the part says that its figures are its own");
    }
    // Digits of their own in the words of the source.
    let stands = clauses.match_indices(changed).any(|(at, _)| {
        let before = clauses.get(..at).and_then(|text| text.chars().last());
        let after = clauses.get(at + changed.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.') && !after.is_some_and(|c| c.is_ascii_digit())
    });
    let numeral = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let spelt = changed.parse::<usize>().ok().and_then(|number| numeral.get(number));
    (stands || spelt.is_some_and(|spelt| clauses.contains(spelt)))
        .then_some("the source has the other number too, and only a person can tell which is meant")
}

/// Names of what `check` finds, in order.
fn found(policy: &str, folder: &Path) -> Vec<String> {
    let run = run(&["check", policy, "--lang", "en"], folder);
    let heads = run.stdout.lines().filter(|line| line.contains('[') && !line.starts_with(' '));
    let mut names: Vec<String> =
        heads.filter_map(|line| Some(line.split_once(']')?.0.to_string())).filter(|line| !line.contains('|')).collect();
    names.sort();
    names
}

/// Every place of a file of the clean policies that `find` finds, with each of its changes.
fn mutations(
    policies: &Path,
    file: &'static str,
    find: impl Fn(&str) -> Vec<(usize, usize)>,
    change: impl Fn(&str) -> Vec<String>,
) -> Vec<Mutation> {
    let mut all = Vec::new();
    for policy in clean_policies(policies) {
        let text = fs::read_to_string(policies.join(&policy).join(file)).unwrap_or_default();
        let mut start = 0;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            for (at, length) in find(content) {
                let was = content.get(at..at + length).unwrap_or("").to_string();
                for now in change(&was) {
                    all.push(Mutation { policy: policy.clone(), file, at: start + at, was: was.clone(), now, line });
                }
            }
            start += content.len();
        }
    }
    all
}

/// Makes each change by itself. Gives how many were noticed, and those that neither were nor need
/// not be.
fn unnoticed(
    policies: &Path,
    mutations: &[&Mutation],
    harmless: impl Fn(&[&str], &str, &Mutation) -> Option<&'static str>,
) -> (usize, String) {
    let place = tempfile::tempdir().expect("a folder");
    terminal::copy(policies, place.path());
    let mut clean: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut faults, mut noticed) = (String::new(), 0);
    for mutation in mutations {
        let policy = mutation.policy.as_str();
        let before = clean.entry(policy).or_insert_with(|| found(policy, place.path()));
        let path = place.path().join(policy).join(mutation.file);
        let text = fs::read_to_string(&path).expect("a file");
        let mut mutated = text.clone();
        mutated.replace_range(mutation.at..mutation.at + mutation.was.len(), &mutation.now);
        fs::write(&path, &mutated).expect("changed");
        let now = found(policy, place.path());
        fs::write(&path, &text).expect("put back");
        if *before != now {
            noticed += 1;
            continue;
        }
        let clauses = fs::read_to_string(policies.join(policy).join("clauses.md")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        if harmless(&lines, &clauses, mutation).is_none() {
            let line = lines.get(mutation.line).copied().unwrap_or("").trim();
            let Mutation { file, was, now, .. } = mutation;
            let _ = writeln!(faults, "{policy}/{file}:{}: {was} → {now} goes unnoticed: {line}", mutation.line + 1);
        }
    }
    (noticed, faults)
}

#[test]
fn a_number_changed_in_a_clean_policy_is_noticed() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let all = mutations(&policies, "scheme.kp", numbers, |number| [one_more(number)].into());
    assert!(all.len() > 600, "{} numbers", all.len());
    let mut chance = Chance(20_120_630);
    // Every one of them with KAOPING_EVERY_NUMBER, one in five without.
    let every = std::env::var_os("KAOPING_EVERY_NUMBER").is_some();
    let drawn: Vec<&Mutation> = all.iter().filter(|_| every || chance.next(5) == 0).collect();
    let (noticed, faults) = unnoticed(&policies, &drawn, harmless);
    assert!(faults.is_empty(), "{faults}");
    assert!(noticed > 60, "only {noticed} noticed");
}

/// Why nothing need be said of a date that was moved. A date for which none of these holds must be
/// noticed.
fn harmless_date(lines: &[&str], clauses: &str, mutation: &Mutation) -> Option<&'static str> {
    let line = lines.get(mutation.line).copied().unwrap_or("");
    let next = lines.get(mutation.line + 1).copied().unwrap_or("").trim_start();
    if line.contains(&format!("按 {} 标准", mutation.was)) {
        return Some("every day on which the same row of the table holds gives the same");
    }
    let ours = |line: &str| line.contains("示例") || line.contains("选择 ");
    if ours(line) || (next.starts_with("选择") || next.starts_with("示例")) {
        return Some("the line says that its days are its own");
    }
    // The last column is 选择.
    if mutation.file == "parameters.csv" && line.rsplit(',').next().is_some_and(|choice| !choice.is_empty()) {
        return Some("the row has a choice of its own");
    }
    let clause = line.split("依据").nth(1).map(str::trim);
    let named = clauses.split("\n## ").find(|part| clause.is_some() && part.lines().next().map(str::trim) == clause);
    let speaks_of_days = |text: &str| text.contains('年') || text.contains("月");
    named.is_some_and(|text| !speaks_of_days(text)).then_some("its clause speaks of no day")
}

#[test]
fn a_date_moved_in_a_clean_policy_is_noticed() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut all = mutations(&policies, "scheme.kp", dates, moved);
    all.extend(mutations(&policies, "parameters.csv", dates, moved));
    assert!(all.len() > 60, "{} dates", all.len());
    let (noticed, faults) = unnoticed(&policies, &all.iter().collect::<Vec<_>>(), harmless_date);
    assert!(faults.is_empty(), "{faults}");
    assert!(noticed > 40, "only {noticed} noticed");
}

/// Each of these went unnoticed once.
const MUST_BE_SEEN: [(&str, &str, &str, &str); 9] = [
    (
        "rulebook/01-best-relative",
        "最多扣 = 60%)   依据 行1\n项",
        "最多扣 = 61%)   依据 行1\n项",
        "number-not-in-clause",
    ),
    ("rulebook/03-weights", "三档线 = 50%", "三档线 = 51%", "number-not-in-clause"),
    ("rulebook/03-weights", "三档分 = 0.5 分", "三档分 = 1.5 分", "number-not-in-clause"),
    ("livelihood", "最多扣 = 60%)   依据 二(二)3", "最多扣 = 61%)   依据 二(二)3", "number-not-in-clause"),
    ("rulebook/12-grades", "优秀 ≥ 90 分, 至多 30%", "优秀 ≥ 91 分, 至多 30%", "number-not-in-clause"),
    ("rulebook/12-grades", "优秀 ≥ 90 分, 至多 30%", "优秀 ≥ 90 分, 至多 31%", "number-not-in-clause"),
    ("rulebook/02-merged-districts", "最多扣分 = 1.2 分", "最多扣分 = 2.2 分", "item-below-zero"),
    ("rulebook/07-judged", "分 0 分..10 分", "分 0 分..11 分", "item-above-points"),
    ("rulebook/06-bonus-cap", "分 0 分..80 分", "分 0 分..81 分", "item-above-points"),
];

#[test]
fn what_went_unnoticed_once_is_seen() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let place = tempfile::tempdir().expect("a folder");
    terminal::copy(&policies, place.path());
    for (policy, from, to, name) in MUST_BE_SEEN {
        let path = place.path().join(policy).join("scheme.kp");
        let text = fs::read_to_string(&path).expect("a scheme");
        assert!(text.contains(from), "{policy}: {from}");
        assert!(!found(policy, place.path()).iter().any(|found| found.contains(name)), "{policy} has {name} already");
        fs::write(&path, text.replacen(from, to, 1)).expect("changed");
        let now = found(policy, place.path());
        fs::write(&path, &text).expect("put back");
        assert!(now.iter().any(|found| found.contains(name)), "{policy}: {from} → {to}: {now:?}");
    }
}
