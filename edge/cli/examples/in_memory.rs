//! A decision over a table in memory, on one thread: natively, and by the core alone.
//!
//! ```text
//! cargo run --release -p kaoping-cli --example in_memory -- POLICY TABLE REPEATS [EXPECTED]
//! ```
//!
//! TABLE is a CSV as `kaoping compute` takes it; EXPECTED one with the same rows and the results under
//! their names, as `bench/peers` writes them. A TABLE that ends in `.columns` names files of numbers, a
//! line for each: `FIELD FILE`, and likewise results to be compared. Files in `.u8` hold codes and
//! counts, files in `.i64` hundredths.
//!
//! Whole columns, as narrow as their figures allow; looking through the figures is part of what is
//! timed, room for results is not. Every result that is expected is compared before anything is timed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::float_arithmetic,
    reason = "a measurement that cannot be set up has to stop"
)]

#[path = "../../../core/scheme/tests/common/mod.rs"]
mod common;

use kaoping_batch::{Binding, Job, Written};
use kaoping_decide::{Answer, Cells, Decider, Field, Given, Reading, Rows, Scratch};
use kaoping_native::native;
use kaoping_program::{Numerators, Workers};
use kaoping_sheets::{Findings, Header, Sheet, SheetRows, facts_text};
use kaoping_terms::{FileId, Lang};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Allocated as the command is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let (policy, table, repeats, expected) = match &given[..] {
        [policy, table, repeats] => (policy, Path::new(table), repeats, None),
        [policy, table, repeats, expected] => (policy, Path::new(table), repeats, Some(Path::new(expected))),
        _ => panic!("POLICY TABLE REPEATS [EXPECTED]"),
    };
    let repeats: usize = repeats.parse().ok().filter(|repeats| *repeats > 0).expect("REPEATS is a count");
    let standard = common::load(Path::new(policy)).1.standard;
    let decider = Decider::new(&standard, standard.decisions.first().expect("a decision"));
    let mut rows = if is_list(table) { of_files(&decider, table) } else { of_csv(&decider, table) };
    for natively in [true, false] {
        let decider = decider.clone().natively(native().filter(|_| natively));
        let mut scratch = Scratch::default();
        let answers = decider.decide(&mut rows, &mut scratch, Workers::default()).expect("decided");
        if is_list(table) {
            compare_files(&decider, &answers, table);
        }
        expected.into_iter().for_each(|expected| compare_csv(&decider, &answers, expected));
        scratch.take_back(answers);
        let mut seconds: Vec<f64> = (0..repeats)
            .map(|_| {
                let begin = Instant::now();
                let answers = decider.decide(&mut rows, &mut scratch, Workers::default()).expect("decided");
                let taken = begin.elapsed().as_secs_f64();
                scratch.take_back(answers);
                taken
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        let (median, least, count) = (seconds[seconds.len() / 2], seconds[0], rows.len());
        let peer = if natively { "kaoping" } else { "kaoping, core alone" };
        let work = table.file_stem().unwrap_or_default().to_string_lossy();
        let millions = f64::from(u32::try_from(count).expect("a table in memory")) / median / 1e6;
        let (instructions, without) = (scratch.instructions(), without_code(&decider, &scratch).join(" "));
        println!(
            r#"{{"peer":"{peer}","work":"{work}","rows":{count},"t":{median:.9},"min":{least:.9},"mrows_s":{millions:.1},"instructions":{instructions},"without_code":"{without}"}}"#
        );
    }
}

/// The results the machine gives, because there is no code for them.
fn without_code(decider: &Decider<'_>, scratch: &Scratch) -> Vec<String> {
    let decision = decider.decision();
    let amount = decision.amount.map(|node| (&decision.amount_name.0, node));
    let outcome = [(&decision.outcome_name.0, decision.outcome)];
    let named = decision.results.iter().map(|result| (&result.name, result.node));
    let all = amount.into_iter().chain(outcome).chain(named);
    all.filter(|(_, node)| scratch.without().contains(node)).map(|(name, _)| name.clone()).collect()
}

/// Whether a table is a list of files of numbers.
fn is_list(table: &Path) -> bool {
    table.extension().is_some_and(|ending| ending == "columns")
}

/// The rows of a CSV; one that would be rejected stops.
fn of_csv(decider: &Decider<'_>, table: &Path) -> Rows {
    let text = facts_text(table).expect("a table");
    let mut found = Findings::new();
    let sheet = Sheet::open(FileId::default(), &text, &mut found).expect("a header");
    let binding = Binding::new(decider, sheet.header(), Some(&[])).expect("a column for each figure");
    let mut rows = Rows::new(decider.fields().len());
    sheet.rows(&mut found, |row| {
        for (at, (field, column)) in decider.fields().iter().zip(&binding.fields).enumerate() {
            let reading = match column {
                _ if field.is_text() => Ok(Reading::Short(0, 0)),
                Some(column) => field.read(row.get(*column), decider.standard()),
                None => Ok(Reading::Missing),
            };
            let cells = rows.column_mut(at).expect("a field");
            match reading {
                Ok(Reading::Short(mantissa, places)) => cells.push(mantissa, places),
                Ok(Reading::Long(figure)) => cells.push_exact(figure),
                Ok(Reading::Missing) => cells.push_missing(),
                Err(refusal) => panic!("line {}, {}: {refusal:?}", row.line(), field.name),
            }
        }
        rows.end_row();
    });
    assert!(!found.has_errors(), "rows that are not as wide as the header");
    let narrowed = rows.columns().iter().map(|cells| {
        let whole = (0u32..).zip(0..cells.len()).all(|(row, _)| !cells.is_odd(row));
        let known = || Cells::known(narrow(numbers(cells.numbers())), cells.places()).expect("places of a column");
        if whole { known() } else { cells.clone() }
    });
    Rows::of(narrowed.collect()).expect("as long as each other")
}

fn numbers(numerators: &Numerators) -> Vec<i64> {
    (0..numerators.len()).filter_map(|row| numerators.get(row)).collect()
}

fn narrow(numbers: Vec<i64>) -> Numerators {
    let short: Result<Vec<i32>, _> = numbers.iter().map(|number| i32::try_from(*number)).collect();
    short.map_or(Numerators::Long(numbers), Numerators::Short)
}

/// Fails at the first result that is not the one expected.
fn compare_csv(decider: &Decider<'_>, answers: &[Answer], expected: &Path) {
    let text = facts_text(expected).expect("what is expected");
    let mut found = Findings::new();
    let sheet = Sheet::open(FileId::default(), &text, &mut found).expect("a header");
    let is_result =
        |head: &String| decider.results().iter().any(|result| result.head() == head || &result.name == head);
    let heads: Vec<String> = sheet.header().columns().iter().map(|column| column.written.clone()).collect();
    let wanted: Vec<String> = heads.iter().filter(|head| is_result(head)).cloned().collect();
    let columns: Vec<usize> = (0..heads.len()).filter(|at| is_result(&heads[*at])).collect();
    let header = Header::new(decider.fields().iter().map(|field| field.name.as_str()));
    let binding = Binding::new(decider, &header, Some(&wanted)).expect("results");
    let written = Written::all(Job { decider, binding: &binding, header: &header, lang: Lang::En }, answers);
    let mut row = 0u32;
    sheet.rows(&mut found, |truth| {
        let mut cells = SheetRows::default();
        written.iter().flatten().for_each(|written| written.cell(row, &mut cells));
        cells.end_row();
        let cells = String::from_utf8(cells.into_bytes()).expect("a text");
        let truth: Vec<&str> = columns.iter().map(|column| truth.get(*column)).collect();
        assert_eq!(cells.trim_end(), truth.join(","), "row {row} of {wanted:?}");
        row += 1;
    });
    assert_eq!(answers.first().map_or(0, Answer::len), row as usize, "rows that are expected");
    println!("{row} rows, {}: 0 differences", wanted.join(", "));
}

/// What a list of files names under each of its names, and the file.
fn listed(table: &Path) -> Vec<(String, PathBuf)> {
    let text = fs::read_to_string(table).expect("a list of files");
    let line =
        |line: &str| line.split_once(' ').map(|(name, file)| (name.to_owned(), table.with_file_name(file.trim())));
    text.lines().filter_map(line).collect()
}

fn is_of_bytes(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "u8")
}

fn numbers_of(file: &Path) -> Vec<i64> {
    let bytes = fs::read(file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    let word = |word: &[u8]| i64::from_le_bytes(word.try_into().expect("eight bytes"));
    if is_of_bytes(file) {
        bytes.into_iter().map(i64::from).collect()
    } else {
        bytes.chunks_exact(8).map(word).collect()
    }
}

/// The rows of a list of files.
fn of_files(decider: &Decider<'_>, table: &Path) -> Rows {
    let files = listed(table);
    let column = |field: &Field| {
        let is_it = |name: &String| field.alias.as_ref() == Some(name) || &field.name == name;
        let (_, file) = files.iter().find(|(name, _)| is_it(name)).expect("a file for each field");
        let mut numbers = numbers_of(file);
        let places = if is_of_bytes(file) { 0 } else { 2 };
        if is_of_bytes(file) {
            // As a cell of a CSV would be read: words are kept by their position in their list.
            let readings: Vec<_> =
                (0..=255).map(|code: u8| field.read(&code.to_string(), decider.standard())).collect();
            for number in &mut numbers {
                let reading = usize::try_from(*number).ok().and_then(|code| readings.get(code));
                let Some(Ok(Reading::Short(kept, 0))) = reading else { panic!("{number} of {}", field.name) };
                *number = *kept;
            }
        }
        Cells::known(narrow(numbers), places).expect("a few places")
    };
    Rows::of(decider.fields().iter().map(column).collect()).expect("as long as each other")
}

/// Fails at the first result that is not that of a file of the list.
fn compare_files(decider: &Decider<'_>, answers: &[Answer], table: &Path) {
    for (name, file) in listed(table) {
        let Some(at) = decider.results().iter().position(|result| result.head() == name || result.name == name) else {
            continue;
        };
        if !file.exists() {
            println!("no {}: nothing was compared", file.display());
            continue;
        }
        let scale = if is_of_bytes(&file) { 1 } else { 100 };
        let (answer, truth) = (&answers[at], numbers_of(&file));
        assert_eq!(answer.len(), truth.len(), "rows of {name}");
        for (row, truth) in (0u32..).zip(truth) {
            let Given::Short(number) = answer.get(row) else { panic!("row {row} of {name} has no number") };
            assert_eq!(number * scale, truth * answer.denominator(), "row {row} of {name}");
        }
        println!("{} rows, {name}: 0 differences", answer.len());
    }
}
