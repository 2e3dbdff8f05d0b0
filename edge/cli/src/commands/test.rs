//! `kaoping test`: the worked examples of a policy - 例 lines and example folders.

use super::score::{round_of, texts};
use crate::{
    arguments::TestArguments,
    output,
    say::{self, Ending, Refusal, Style},
};
use kaoping_assess::lines::Lines;
use kaoping_intake::{
    given::{Given, Texts},
    load::{Loaded, load},
};
use kaoping_scheme::{Options, compile::example_fails};
use kaoping_terms::{
    Diagnostic, FileId, Lang, Level, Place, Sources, Text,
    table::{self, Cell},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How an example folder went.
pub(crate) struct Outcome {
    /// Its name.
    pub(crate) name: String,
    /// What differs from what is expected: file, line, expected, found.
    pub(crate) differences: Vec<Difference>,
    /// Findings that kept it from being scored.
    pub(crate) findings: Vec<Diagnostic>,
    /// What comes out, by file.
    pub(crate) results: BTreeMap<&'static str, String>,
    /// Whether there is anything expected.
    pub(crate) expects: bool,
}

/// A line that is not as expected.
pub(crate) struct Difference {
    file: String,
    line: usize,
    expected: String,
    found: String,
    /// The first cell that is not as expected, or where a row is missing or one too many.
    place: Place,
}

impl Difference {
    /// What is not as expected, in words.
    fn words(&self, lang: Lang) -> String {
        let Difference { file, line, expected, found, .. } = self;
        match (lang, expected.is_empty(), found.is_empty()) {
            (Lang::Zh, true, _) => format!("{file} 多出一行 {found}"),
            (Lang::Zh, _, true) => format!("{file} 第 {line} 行：应为 {expected}，没有算出这一行"),
            (Lang::Zh, ..) => format!("{file} 第 {line} 行：应为 {expected}，算出 {found}"),
            (Lang::En, true, _) => format!("{file} has a row too many: {found}"),
            (Lang::En, _, true) => format!("{file} line {line}: expected {expected}, which did not come out"),
            (Lang::En, ..) => format!("{file} line {line}: expected {expected}, found {found}"),
        }
    }
}

/// Runs every example and says which do not hold.
pub(super) fn run(asked: &TestArguments, style: Style) -> Ending {
    let mut loaded = load(&asked.policy, &Options::default());
    if !loaded.usable {
        return Refusal::new(Ending::Unusable, &loaded.findings, &loaded.policy.sources, style).end(style);
    }
    let stops = |finding: &&Diagnostic| finding.level == Level::Error;
    let compiled: Vec<Diagnostic> = loaded.findings.iter().filter(stops).cloned().collect();
    let mut failed = Vec::new();
    let lines = loaded.compiled.examples.len();
    for case in &loaded.compiled.examples {
        failed.extend(case.run().iter().map(|fault| example_fails(case, fault)));
    }
    let outcomes: Vec<Outcome> = if compiled.is_empty() { folders(&mut loaded) } else { Vec::new() };
    if asked.bless {
        for outcome in outcomes.iter().filter(|outcome| outcome.findings.is_empty()) {
            let folder = asked.policy.join("examples").join(&outcome.name).join("expected");
            let files: Vec<(&str, &[u8])> =
                outcome.results.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
            if let Err(finding) = output::write_set(&folder, &files) {
                failed.push(*finding);
            }
        }
    }
    let bad = |outcome: &&Outcome| !outcome.findings.is_empty() || (!asked.bless && !outcome.differences.is_empty());
    let broken = outcomes.iter().filter(bad).count();
    let ok = failed.is_empty() && broken == 0 && compiled.is_empty();
    if style.json {
        let mut found = compiled;
        found.extend(failed.iter().cloned());
        found.extend(outcomes.iter().flat_map(|outcome| outcome.findings.iter().cloned()));
        let shown = as_json(&outcomes, lines, failed.len(), ok);
        say::print_json(&say::with_findings(shown, &found, &loaded.policy.sources, style.lang));
    } else {
        say::findings(&compiled, &loaded.policy.sources, style.lang, true);
        say::findings(&failed, &loaded.policy.sources, style.lang, true);
        for outcome in &outcomes {
            report(outcome, &loaded.policy.sources, asked.bless, style.lang);
        }
        say::print(&summary(lines, failed.len(), outcomes.len(), broken, style.lang));
    }
    if ok { Ending::Done } else { Ending::Refused }
}

/// Scores every example folder.
pub(crate) fn folders(loaded: &mut Loaded) -> Vec<Outcome> {
    let examples = loaded.policy.examples.clone();
    examples
        .into_iter()
        .filter(|(_, files)| files.contains_key("facts.csv"))
        .map(|(name, files)| folder(loaded, name, &files))
        .collect()
}

fn folder(loaded: &mut Loaded, name: String, files: &BTreeMap<String, String>) -> Outcome {
    let root = format!("{}/examples/{name}", loaded.root);
    let text = |file: &str| files.get(file).map(|text| (format!("{root}/{file}"), text.clone()));
    let standard = &loaded.compiled.standard;
    let table_files = standard.events.iter().filter_map(|table| {
        let names = [Some(table.name.clone()), table.alias.clone()];
        let (path, text) = names.into_iter().flatten().find_map(|name| text(&format!("{name}.csv")))?;
        Some((table.name.clone(), path, text))
    });
    let texts_given = Texts {
        units: text("units.csv"),
        facts: text("facts.csv").into_iter().collect(),
        events: table_files.collect(),
    };
    let mut sources = core::mem::take(&mut loaded.policy.sources);
    let (given, report) = Given::new(standard, &loaded.policy.targets, texts_given, &mut sources);
    loaded.policy.sources = sources;
    let findings: Vec<Diagnostic> =
        report.into_sorted().into_iter().filter(|finding| finding.level == Level::Error).collect();
    let mut outcome = Outcome { name, differences: Vec::new(), findings, results: BTreeMap::new(), expects: false };
    if !outcome.findings.is_empty() {
        return outcome;
    }
    let options = kaoping_assess::Options { round: round_of(&loaded.compiled.standard, None), ..Default::default() };
    let assessment = kaoping_assess::assess(given.of(&loaded.compiled.standard), &options);
    let lines = Lines { standard: &loaded.compiled.standard, units: &given.units, assessment: &assessment };
    outcome.results = texts(&lines, Lang::Zh);
    for (file, expected) in files.iter().filter_map(|(path, text)| Some((path.strip_prefix("expected/")?, text))) {
        outcome.expects = true;
        let found = outcome.results.get(file).map_or("", String::as_str);
        let shown = format!("{root}/expected/{file}");
        let id = loaded.policy.sources.add(shown, expected.clone());
        outcome.differences.extend(differences(file, (id, expected), found));
    }
    outcome
}

/// Rows that differ in the columns that are expected. The reasons of awards are words for
/// people and are not compared.
fn differences(file: &str, (id, expected): (FileId, &str), found: &str) -> Vec<Difference> {
    let expected = table::read(id, expected);
    let found = table::read(FileId::default(), found);
    let columns: Vec<(usize, Option<usize>)> = expected
        .header
        .iter()
        .enumerate()
        .filter(|(_, column)| !(file == "awards.csv" && column.text == "reason"))
        .map(|(at, column)| (at, found.header.iter().position(|other| other.text == column.text)))
        .collect();
    let cell = |row: Option<&Vec<Cell>>, at: Option<usize>| {
        row.zip(at).and_then(|(row, at)| row.get(at)).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    (0..expected.rows.len().max(found.rows.len()))
        .filter_map(|at| {
            let want: Vec<String> =
                columns.iter().map(|(column, _)| cell(expected.rows.get(at), Some(*column))).collect();
            let have: Vec<String> = columns.iter().map(|(_, column)| cell(found.rows.get(at), *column)).collect();
            // Where a row is missing or too many, the nearest one that is there.
            let wrong = want.iter().zip(&have).position(|(want, have)| want != have).unwrap_or(0);
            let row = expected.rows.get(at).or(expected.rows.last()).unwrap_or(&expected.header);
            let column = columns.get(wrong).map_or(0, |(column, _)| *column);
            let place = row.get(column).map_or(Place::new(id, 0, 0), |cell| cell.place);
            let there = |list: &Vec<Vec<Cell>>, cells: Vec<String>| {
                if at < list.len() { cells.join(",") } else { String::new() }
            };
            (want != have).then(|| Difference {
                file: file.to_string(),
                line: at + 2,
                expected: there(&expected.rows, want),
                found: there(&found.rows, have),
                place,
            })
        })
        .collect()
}

/// How many differing lines of an example are shown.
const SHOWN: usize = 12;

fn report(outcome: &Outcome, sources: &Sources, blessed: bool, lang: Lang) {
    let zh = lang == Lang::Zh;
    say::findings(&outcome.findings, sources, lang, true);
    if blessed {
        say::print(&if zh {
            format!("例 {}：已写入 expected/", outcome.name)
        } else {
            format!("example {}: expected/ written", outcome.name)
        });
        return;
    }
    if !outcome.expects && outcome.findings.is_empty() {
        say::print(&if zh {
            format!("例 {}：没有 expected/，没有可比的（--bless 写入现在的结果）", outcome.name)
        } else {
            format!("example {}: nothing expected (--bless writes what comes out)", outcome.name)
        });
    }
    for difference in outcome.differences.iter().take(SHOWN) {
        let words = difference.words(lang);
        say::print(&if zh {
            format!("例 {} {words}", outcome.name)
        } else {
            format!("example {} {words}", outcome.name)
        });
    }
    if outcome.differences.len() > SHOWN {
        let rest = outcome.differences.len() - SHOWN;
        say::print(&if zh {
            format!("……还有 {rest} 行不同")
        } else {
            format!("… {rest} more lines differ")
        });
    }
}

fn summary(lines: usize, failed: usize, folders: usize, broken: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            format!("例算 {lines} 个，{failed} 个不符；例子文件夹 {folders} 个，{broken} 个不符")
        }
        Lang::En => format!("{lines} worked examples, {failed} fail; {folders} example folders, {broken} fail"),
    }
}

fn as_json(outcomes: &[Outcome], lines: usize, failed: usize, ok: bool) -> Value {
    json!({
        "ok": ok,
        "examples": {"count": lines, "failed": failed},
        "folders": outcomes.iter().map(|outcome| json!({
            "name": outcome.name,
            "ok": outcome.findings.is_empty() && outcome.differences.is_empty(),
            "differences": outcome.differences.iter().map(|difference| json!({
                "file": difference.file, "line": difference.line, "expected": difference.expected, "found": difference.found,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// The finding for a policy whose example folders do not hold, for `check`.
pub(crate) fn folder_findings(outcomes: &[Outcome]) -> Vec<Diagnostic> {
    let wrong = outcomes.iter().filter(|outcome| !outcome.differences.is_empty() || !outcome.findings.is_empty());
    wrong
        .map(|outcome| {
            let count = outcome.differences.len();
            let name = &outcome.name;
            let (place, message) = match (outcome.differences.first(), outcome.findings.first()) {
                (Some(first), _) => {
                    let (zh, en) = (first.words(Lang::Zh), first.words(Lang::En));
                    let message = Text::new(
                        format!("例子文件夹“{name}”不符，{count} 行不同；{zh}"),
                        format!("the example folder `{name}` fails in {count} lines; {en}"),
                    );
                    (Some(first.place), message)
                }
                (None, finding) => {
                    let why = finding.map(|finding| finding.message.clone()).unwrap_or_default();
                    let message = Text::new(
                        format!("例子文件夹“{name}”没有算出来：{}", why.zh),
                        format!("the example folder `{name}` was not scored: {}", why.en),
                    );
                    (finding.and_then(|finding| finding.place), message)
                }
            };
            let finding = Diagnostic::error("example-fails", message)
                .why(Text::new(
                    "例是方案的测试，不符说明规则或例写错了",
                    "examples are the tests of a policy; one of the two is wrong",
                ))
                .next(Text::new("用 kaoping test 看全部不同", "see all differences with `kaoping test`"));
            match place {
                Some(place) => finding.at(place),
                None => finding,
            }
        })
        .collect()
}
