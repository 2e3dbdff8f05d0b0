//! The same figures in another form give the same results: one row a figure or one row an
//! indicator, UTF-8, GB 18030 or the Unicode text of Excel, commas or tabs.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/livelihood/examples/city")
}

fn text(name: &str) -> String {
    fs::read_to_string(example().join(name)).expect("a file of the example")
}

/// The result files of the sample city scored from these files.
fn results(folder: &Path, files: &BTreeMap<&str, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let out = folder.join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaoping"));
    command.arg("score").arg(example().join("../..")).arg("--out").arg(&out);
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("written");
        match *name {
            "units.csv" => command.arg("--units").arg(path),
            "通报批评.csv" => command.arg("--events").arg(format!("通报批评={}", path.display())),
            _ => command.arg("--facts").arg(path),
        };
    }
    let ran = command.output().expect("kaoping runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let entries = fs::read_dir(&out).expect("results").map(|entry| entry.expect("an entry").path());
    let result = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(&path).expect("a result"))
    };
    entries.map(result).collect()
}

fn long() -> BTreeMap<&'static str, String> {
    ["units.csv", "facts.csv", "通报批评.csv"].into_iter().map(|name| (name, text(name))).collect()
}

fn score(files: &BTreeMap<&str, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    results(tempfile::tempdir().expect("a folder").path(), files)
}

/// As they are shipped.
fn expected() -> BTreeMap<String, Vec<u8>> {
    let found = score(&long().into_iter().map(|(name, text)| (name, text.into_bytes())).collect());
    assert!(found.len() >= 3 && found.values().all(|bytes| bytes.len() > 40), "{:?}", found.keys());
    found
}

/// One file for each set of fields an indicator has, a column for each field.
fn wide(facts: &str) -> Vec<String> {
    let mut lines = facts.lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let at = |name: &str| header.iter().position(|column| *column == name).expect("a column");
    let (unit, indicator, field, value) = (at("unit"), at("indicator"), at("field"), at("value"));
    let mut rows: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    for cells in lines {
        assert_eq!(cells.len(), header.len(), "the example quotes nothing");
        let row = rows.entry((cells[unit].into(), cells[indicator].into())).or_default();
        row.insert(cells[field].into(), cells[value].into());
    }
    let mut files: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for ((unit, indicator), figures) in rows {
        let fields: Vec<String> = figures.keys().cloned().collect();
        let named: Vec<&str> =
            fields.iter().map(|field| if field.is_empty() { "value" } else { field.as_str() }).collect();
        let head = format!("单位,指标,{}\n", named.join(","));
        let file = files.entry(fields).or_insert(head);
        let cells: Vec<&str> = figures.values().map(String::as_str).collect();
        let _ = writeln!(file, "{unit},{indicator},{}", cells.join(","));
    }
    files.into_values().collect()
}

#[test]
fn one_row_an_indicator_is_as_good_as_one_row_a_figure() {
    let parts = wide(&text("facts.csv"));
    assert!(parts.len() > 1, "the example has indicators with one figure and with several");
    let names: Vec<String> = (0..parts.len()).map(|part| format!("facts-{part}.csv")).collect();
    let mut files: BTreeMap<&str, Vec<u8>> = long()
        .into_iter()
        .filter(|(name, _)| *name != "facts.csv")
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    files.extend(names.iter().map(String::as_str).zip(parts.into_iter().map(String::into_bytes)));
    assert_eq!(score(&files), expected());
}

#[test]
fn the_encoding_and_the_separator_do_not_matter() {
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let excel = |text: &str| {
        let tabs = text.replace(',', "\t").replace('\n', "\r\n");
        let words = core::iter::once(0xFEFF).chain(tabs.encode_utf16());
        words.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let marked = |text: &str| [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
    let expected = expected();
    for encode in [&gb as &dyn Fn(&str) -> Vec<u8>, &excel, &marked] {
        let files = long().into_iter().map(|(name, text)| (name, encode(&text))).collect();
        assert_eq!(score(&files), expected);
    }
}
