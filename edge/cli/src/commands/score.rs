//! `kaoping score`: scores, totals, ranks, grades and awards.

use super::score_excel;
pub(crate) use super::score_text::as_text;
use super::score_text::is_provisional;
use crate::{
    arguments::{FactArguments, ScoreArguments},
    output::ResultSet,
    pieces,
    say::{self, Ending, Refusal, Style},
    varied::{options, unused_choices},
};
use kaoping_assess::{
    Assessment,
    lines::{Cells, Lines, Points},
};
use kaoping_intake::{
    cores,
    given::{Given, Texts},
    load::{Loaded, load_to_use, load_varied},
};
use kaoping_scheme::variations::Variation;
use kaoping_sheets::{ReadyCell, SheetRows, SheetWriter};
use kaoping_terms::{Diagnostic, Lang, Report, Text};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

/// A policy and its facts, ready to be assessed.
pub(crate) struct Ready {
    /// The policy.
    pub(crate) loaded: Loaded,
    /// Units, facts, events, targets.
    pub(crate) given: Given,
    /// Position of the round that was asked for.
    pub(crate) round: Option<usize>,
    /// What was found in the figures, printed already: warnings and notes.
    pub(crate) findings: Vec<Diagnostic>,
}

impl Ready {
    /// A refusal after all was read.
    pub(crate) fn refuse(&self, finding: Diagnostic, style: Style) -> Ending {
        Refusal::new(Ending::Unusable, &[finding], &self.loaded.policy.sources, style).end(style)
    }

    /// Prints what a run found besides, and keeps it with the rest.
    pub(crate) fn tell(&mut self, found: Report, style: Style) {
        self.tell_besides(found, &[], style);
    }

    /// The same, without what was said of another run already.
    pub(crate) fn tell_besides(&mut self, found: Report, said: &[Diagnostic], style: Style) {
        let mut found = found.into_sorted();
        let same = |a: &Diagnostic, b: &Diagnostic| a.name == b.name && a.message == b.message;
        found.retain(|finding| !said.iter().any(|said| same(said, finding)));
        say::findings(&found, &self.loaded.policy.sources, style.lang, false);
        self.findings.extend(found);
    }

    /// Results for machines, with all that was found.
    pub(crate) fn print_json(&self, results: Value, lang: Lang) {
        say::print_json(&say::with_findings(results, &self.findings, &self.loaded.policy.sources, lang));
    }
}

/// Reads everything a command line asks for; prints what is wrong. `Err`: how it ended.
pub(crate) fn ready(policy: &Path, asked: &FactArguments, style: Style) -> Result<Ready, Refusal> {
    let (options, _) = options(asked.as_of.as_deref(), &asked.choose);
    let texts = Texts::ahead(asked.files());
    let mut loaded = load_to_use(policy, &options);
    let unsound = core::mem::take(&mut loaded.unsound);
    loaded.findings.extend(unsound);
    let ready = ready_from(loaded, asked, texts, style)?;
    say::findings(&ready.findings, &ready.loaded.policy.sources, style.lang, false);
    Ok(ready)
}

/// As [`ready`], to see what would become of a standard that is not in order yet: what is wrong
/// with it is said, unless it was said before, and stands in `loaded.unsound` as well.
pub(crate) fn ready_to_compare(
    policy: &Path,
    asked: &FactArguments,
    said: &[Diagnostic],
    style: Style,
) -> Result<Ready, Refusal> {
    let (options, _) = options(asked.as_of.as_deref(), &asked.choose);
    let mut ready = ready_from(load_to_use(policy, &options), asked, || Texts::read(&asked.files()), style)?;
    ready.findings.splice(0..0, ready.loaded.unsound.clone());
    let new: Vec<Diagnostic> = ready.findings.iter().filter(|finding| !said.contains(finding)).cloned().collect();
    say::findings(&new, &ready.loaded.policy.sources, style.lang, false);
    Ok(ready)
}

/// As [`ready`], with a silent choice made another way; what is wrong was said of the policy as
/// it is and is not said again.
pub(crate) fn ready_varied(
    policy: &Path,
    asked: &FactArguments,
    variation: Option<&Variation>,
    style: Style,
) -> Result<Ready, Refusal> {
    let (options, _) = options(asked.as_of.as_deref(), &asked.choose);
    let loaded = match variation {
        Some(variation) => load_varied(policy, &options, variation),
        None => load_to_use(policy, &options),
    };
    ready_from(loaded, asked, || Texts::read(&asked.files()), style)
}

fn ready_from(
    mut loaded: Loaded,
    asked: &FactArguments,
    texts: impl FnOnce() -> (Texts, Report),
    style: Style,
) -> Result<Ready, Refusal> {
    let (options, mut report) = options(asked.as_of.as_deref(), &asked.choose);
    if !loaded.usable || report.has_errors() {
        loaded.findings.extend(report.into_sorted());
        return Err(Refusal::new(Ending::Unusable, &loaded.findings, &loaded.policy.sources, style));
    }
    if say::ending(&loaded.findings) != Ending::Done {
        let ending = say::ending(&loaded.findings);
        return Err(Refusal::new(ending, &loaded.findings, &loaded.policy.sources, style));
    }
    let round = match &asked.round {
        Some(name) => match round_position(&loaded, name) {
            Ok(round) => Some(round),
            Err(finding) => {
                return Err(Refusal::new(Ending::Unusable, &[*finding], &loaded.policy.sources, style));
            }
        },
        None => None,
    };
    report.append(unused_choices(&loaded, &options));
    let (texts, reading) = texts();
    let unreadable = reading.has_errors();
    report.append(reading);
    let mut sources = core::mem::take(&mut loaded.policy.sources);
    let (given, taking) = Given::new(&loaded.compiled.standard, &loaded.policy.targets, texts, &mut sources);
    given.facts.name_quantities(&mut loaded.compiled.standard);
    loaded.policy.sources = sources;
    if !unreadable {
        report.append(taking);
    }
    let findings = report.into_sorted();
    let ending = say::ending(&findings);
    if ending != Ending::Done {
        return Err(Refusal::new(ending, &findings, &loaded.policy.sources, style));
    }
    Ok(Ready { loaded, given, round, findings })
}

fn round_position(loaded: &Loaded, name: &str) -> Result<usize, Box<Diagnostic>> {
    let rounds =
        loaded.compiled.standard.schemes.first().map(|scheme| scheme.rounds.rounds.clone()).unwrap_or_default();
    let found = rounds.iter().position(|(round, alias, _)| round == name || alias.as_deref() == Some(name));
    let names: Vec<&str> = rounds.iter().map(|(name, ..)| name.as_str()).collect();
    found.ok_or_else(|| {
        Box::new(
            Diagnostic::error(
                "unknown-round",
                Text::new(format!("方案没有“{name}”这一轮"), format!("the policy has no round `{name}`")),
            )
            .why(match names.as_slice() {
                [] => Text::new("方案没有分轮次", "the policy has no rounds"),
                names => {
                    Text::new(format!("方案的轮次：{}", names.join("、")), format!("its rounds: {}", names.join(", ")))
                }
            })
            .next(match names.as_slice() {
                [] => Text::new("不写 --round", "leave --round out"),
                _ => Text::new("改用其中之一，或不写 --round", "use one of them, or leave --round out"),
            }),
        )
    })
}

/// The position of a round, or of the official one.
pub(crate) fn round_of(standard: &kaoping_scheme::Standard, round: Option<usize>) -> Option<usize> {
    round.or_else(|| standard.schemes.first().and_then(|scheme| scheme.rounds.official))
}

/// From so many units on working in columns pays.
const MANY: usize = 500;

/// Scores, prints, and writes the result files.
pub(super) fn run(asked: &ScoreArguments, style: Style) -> Ending {
    let mut ready = match ready(&asked.policy, &asked.facts, style) {
        Ok(ready) => ready,
        Err(refusal) => return refusal.end(style),
    };
    let options = kaoping_assess::Options {
        round: ready.round,
        workers: cores::all(),
        in_columns: ready.given.units.len() >= MANY,
        native: kaoping_native::native(),
        ..Default::default()
    };
    let assessment = kaoping_assess::assess(ready.given.of(&ready.loaded.compiled.standard), &options);
    ready.tell(assessment.findings.clone(), style);
    let lines = Lines { standard: &ready.loaded.compiled.standard, units: &ready.given.units, assessment: &assessment };
    let written = asked.out.as_deref().map(|folder| write(folder, &lines, asked.excel, style.lang)).transpose();
    let set = match written {
        Ok(set) => set,
        Err(finding) => return ready.refuse(*finding, style),
    };
    // Until the disk has all of it, and earlier files are gone, there is time to think of words.
    let (committed, text) = rayon::join(
        || set.map(ResultSet::commit).transpose(),
        || (!style.json).then(|| as_text(&lines, style.lang, asked.out.is_some())),
    );
    if let Err(finding) = committed {
        return ready.refuse(*finding, style);
    }
    match text {
        Some(text) => say::print(&text),
        None => ready.print_json(as_json(&lines, style.lang), style.lang),
    }
    let ending = ending(&assessment, &ready.findings);
    // The command ends here: giving back millions of figures one by one would only cost time.
    core::mem::forget((assessment, ready));
    ending
}

/// A value that was not reported leaves the result incomplete, which is not "done".
pub(crate) fn ending(assessment: &Assessment, findings: &[Diagnostic]) -> Ending {
    let complete = assessment.owed.is_empty() && assessment.is_final();
    if complete { say::ending(findings) } else { Ending::Refused }
}

/// What a row of a table is lent to.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&[&str]);

/// What gives the rows of a result table, a header first.
pub(super) enum Rows<'a> {
    /// All one after another.
    Whole(Box<dyn Fn(Visit<'_>) + 'a>),
    /// Any units of it by themselves, so that several threads can print it.
    Points(Points<'a>),
}

impl Rows<'_> {
    pub(super) fn visit(&self, visit: Visit<'_>) {
        match self {
            Rows::Whole(rows) => rows(visit),
            Rows::Points(points) => points.visit(visit),
        }
    }
}

/// A result table: the name of its file and its rows.
pub(super) type ResultTable<'a> = (&'static str, Rows<'a>);

/// The names of all result files. A run that does not make one takes away what an earlier run
/// left under that name, in the same step in which its own files take theirs.
const RESULT_FILES: &[&str] = &[
    "scores.csv",
    "totals.csv",
    "awards.csv",
    "values.csv",
    "adjustments.csv",
    "quotas.csv",
    "rosters.csv",
    "shares.csv",
    "owed.csv",
    "undefined.csv",
];

pub(super) fn tables<'a>(lines: &'a Lines<'_>, lang: Lang) -> Vec<ResultTable<'a>> {
    let scheme = lines.standard.schemes.first();
    let has = |test: fn(&kaoping_scheme::model::Scheme) -> bool| scheme.is_some_and(test);
    let mut tables: Vec<ResultTable<'a>> = vec![
        ("scores.csv", Rows::Points(lines.scores())),
        ("totals.csv", Rows::Whole(Box::new(|visit| lines.totals(visit)))),
        ("awards.csv", Rows::Whole(Box::new(move |visit| lines.awards(lang, visit)))),
    ];
    if lines.named_values().next().is_some() {
        tables.push(("values.csv", Rows::Whole(Box::new(|visit| lines.values(visit)))));
    }
    if lines.assessment.listed(lines.standard, false).next().is_some() {
        tables.push(("adjustments.csv", Rows::Points(lines.adjustments())));
    }
    if has(|scheme| !scheme.quotas.is_empty()) {
        tables.push(("quotas.csv", Rows::Whole(Box::new(|visit| lines.quotas(visit)))));
    }
    if has(|scheme| !scheme.rosters.is_empty()) {
        tables.push(("rosters.csv", Rows::Whole(Box::new(|visit| lines.rosters(visit)))));
    }
    if has(|scheme| !scheme.distributions.is_empty()) {
        tables.push(("shares.csv", Rows::Whole(Box::new(|visit| lines.shares(visit)))));
    }
    if !lines.assessment.owed.is_empty() {
        tables.push(("owed.csv", Rows::Whole(Box::new(|visit| lines.owed(visit)))));
    }
    if !lines.assessment.undefined.is_empty() {
        tables.push(("undefined.csv", Rows::Whole(Box::new(move |visit| lines.undefined(lang, visit)))));
    }
    if unofficial(lines).is_some() {
        tables.retain(|(name, _)| !FOLLOWS.contains(name));
    }
    tables
}

/// What only the official round leads to: awards, quotas, lists and money.
const FOLLOWS: &[&str] = &["awards.csv", "quotas.csv", "rosters.csv", "shares.csv"];

/// The round that is scored and the official one, where they differ.
pub(super) fn unofficial<'a>(lines: &'a Lines<'_>) -> Option<(&'a str, &'a str)> {
    let rounds = &lines.standard.schemes.first()?.rounds;
    let (own, official) = (lines.assessment.slice.round?, rounds.official?);
    let name = |at: usize| rounds.rounds.get(at).map(|(name, ..)| name.as_str());
    (own != official).then_some((name(own)?, name(official)?))
}

/// Writes the result files, which take their names together.
fn write(folder: &Path, lines: &Lines<'_>, excel: bool, lang: Lang) -> Result<ResultSet, Box<Diagnostic>> {
    let mut set = ResultSet::begin(folder)?;
    for table in tables(lines, lang) {
        debug_assert!(RESULT_FILES.contains(&table.0), "{} would stay behind", table.0);
        set.file(table.0, |out| csv(out, &table.1))?;
        if excel {
            set.file(&score_excel::file_name(table.0, lang), |out| score_excel::write(out, lines, &table, lang))?;
        }
    }
    set.replaces(RESULT_FILES.iter().map(|name| String::from(*name)));
    // Their names are words anybody may use, so they go only where such files are written.
    for lang in [Lang::Zh, Lang::En].into_iter().filter(|_| excel) {
        set.replaces(RESULT_FILES.iter().map(|name| score_excel::file_name(name, lang)));
    }
    Ok(set)
}

/// The tables of an assessment as CSV texts by file name.
pub(crate) fn texts(lines: &Lines<'_>, lang: Lang) -> BTreeMap<&'static str, String> {
    let mut texts = BTreeMap::new();
    for (name, table) in tables(lines, lang) {
        let mut bytes = Vec::new();
        if csv(&mut bytes, &table).is_ok() {
            texts.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    texts
}

fn csv(out: &mut dyn Write, rows: &Rows<'_>) -> io::Result<()> {
    match rows {
        Rows::Whole(rows) => sheet(out, |visit| rows(visit)),
        Rows::Points(points) => {
            sheet(out, |visit| points.header(visit))?;
            pieces::in_order(points.units(), UNITS_A_PIECE, out, |units, room| {
                let mut rows = Csv(SheetRows::onto(room));
                points.rows(units, &mut rows);
                rows.0.into_bytes()
            })
        }
    }
}

/// How many units are printed at once: some hundred kilobytes of rows.
const UNITS_A_PIECE: usize = 256;

/// Cells of an assessment as cells of CSV.
struct Csv(SheetRows);

impl Cells for Csv {
    type Ready = ReadyCell;

    fn ready(cell: &str) -> ReadyCell {
        ReadyCell::text(cell)
    }

    #[inline]
    fn again(&mut self, cell: &ReadyCell) {
        self.0.ready(cell);
    }

    #[inline]
    fn text(&mut self, cell: &str) {
        self.0.text(cell);
    }

    #[inline]
    fn decimal(&mut self, mantissa: i128, places: u32) {
        self.0.decimal(mantissa, places);
    }

    fn number_rows(&mut self, first: &ReadyCell, others: &[ReadyCell], mantissas: &[i64], places: u32) {
        self.0.number_rows(first, others, mantissas, places);
    }

    #[inline]
    fn end_row(&mut self) {
        self.0.end_row();
    }
}

fn sheet(out: &mut dyn Write, rows: impl FnOnce(Visit<'_>)) -> io::Result<()> {
    let mut writer = SheetWriter::new(out);
    let mut fault = None;
    rows(&mut |row: &[&str]| {
        if fault.is_none() {
            fault = writer.row(row.iter().copied()).err();
        }
    });
    match fault {
        Some(fault) => Err(fault),
        None => writer.finish().map(|_| ()),
    }
}

/// A table as header and rows.
pub(super) fn rows(table: &Rows<'_>) -> (Vec<String>, Vec<Vec<String>>) {
    let mut all: Vec<Vec<String>> = Vec::new();
    table.visit(&mut |row: &[&str]| all.push(row.iter().map(|cell| (*cell).to_string()).collect()));
    let header = if all.is_empty() { Vec::new() } else { all.remove(0) };
    (header, all)
}

pub(super) fn as_json(lines: &Lines<'_>, lang: Lang) -> Value {
    let mut result = Map::new();
    for (name, table) in tables(lines, lang) {
        let (header, all) = rows(&table);
        let list: Vec<Value> = all
            .into_iter()
            .map(|row| {
                header
                    .iter()
                    .cloned()
                    .zip(row.into_iter().map(|cell| if cell.is_empty() { Value::Null } else { json!(cell) }))
                    .collect::<Map<_, _>>()
            })
            .map(Value::Object)
            .collect();
        result.insert(name.trim_end_matches(".csv").to_string(), Value::Array(list));
    }
    // What can still change is no column of the file; a machine learns it here.
    let assessment = lines.assessment;
    for (unit, row) in
        assessment.members.iter().zip(result.get_mut("totals").and_then(Value::as_array_mut).into_iter().flatten())
    {
        row["total_provisional"] = is_provisional(assessment.total.as_deref(), *unit).into();
        row["rank_provisional"] = assessment.place_is_provisional(*unit).into();
    }
    Value::Object(result)
}
