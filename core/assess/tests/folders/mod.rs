//! Reads a policy folder and one of its examples, the way the command line will.
//! Tests stand at the edge: they read files and stop at what cannot be.
#![allow(clippy::expect_used, clippy::disallowed_methods, missing_docs, unreachable_pub, dead_code)]

use kaoping_assess::{
    Assessment, EventRow, Events, EventsBuilder, FactRow, Facts, FactsBuilder, Given, HandedDown, Options, UnitRow,
    Units, UnitsBuilder, assess,
};
use kaoping_program::Column;
use kaoping_scheme::{Folder, Policy, Standard, compile};
use kaoping_terms::{Diagnostic, FileId, Level, Place, table};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A scored example.
pub struct Scored {
    pub standard: Standard,
    pub units: Units,
    pub assessment: Assessment,
    /// Findings of reading the figures and of the run.
    pub findings: Vec<Diagnostic>,
}

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

fn collect(root: &Path, at: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
            files.push((name, text_of(&path)));
        }
    }
}

/// A text in UTF-8, or in GB 18030 as offices keep their lists.
fn text_of(path: &Path) -> String {
    let bytes = fs::read(path).expect("a file");
    String::from_utf8(bytes).unwrap_or_else(|fault| {
        let (text, _, has_faults) = encoding_rs::GB18030.decode(fault.as_bytes());
        assert!(!has_faults, "{} is neither UTF-8 nor GB 18030", path.display());
        text.into_owned()
    })
}

/// The policies in a folder of the repository, in order.
pub fn below(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(policies().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().to_string());
    let mut names: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
    names.retain(|name| policies().join(name).join("scheme.kp").exists());
    names.sort();
    names
}

/// Compiles one file as a policy; a fault in it fails the test.
pub fn compiled(path: &str, text: &str) -> (Standard, Policy) {
    let folder = Folder { root: String::from("test"), files: vec![(path.to_string(), text.to_string())] };
    let (policy, mut report) = Policy::read(&folder, &mut |_: &str| None);
    let (compiled, more) = compile(&policy, &kaoping_scheme::Options::default());
    report.append(more);
    let errors: Vec<_> = report.into_sorted().into_iter().filter(|finding| finding.level == Level::Error).collect();
    let said: Vec<String> = errors.iter().map(|finding| format!("{} {}", finding.name, finding.message.en)).collect();
    assert!(said.is_empty(), "{said:#?}");
    (compiled.standard, policy)
}

/// Compiles a policy of the repository; a fault in it fails the test.
pub fn standard(name: &str) -> (Standard, Policy) {
    let root = policies().join(name);
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort();
    let folder = Folder { root: format!("policies/{name}"), files };
    let mut fetch = |path: &str| fs::read_to_string(root.join(path)).ok();
    let (policy, mut report) = Policy::read(&folder, &mut fetch);
    let (compiled, more) = compile(&policy, &kaoping_scheme::Options::default());
    report.append(more);
    let errors: Vec<_> = report.into_sorted().into_iter().filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    (compiled.standard, policy)
}

/// A folder of `errors/`: its policy, and the files beside it.
pub fn error(name: &str) -> (Standard, Policy, BTreeMap<String, String>) {
    let root = policies().join("../errors").join(name);
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort();
    let tables = files.iter().filter(|(path, _)| path.ends_with(".csv")).cloned().collect();
    let folder = Folder { root: format!("errors/{name}"), files };
    let (policy, _) = Policy::read(&folder, &mut |_: &str| None);
    let (compiled, report) = compile(&policy, &kaoping_scheme::Options::default());
    let errors: Vec<_> = report.into_sorted().into_iter().filter(|finding| finding.level == Level::Error).collect();
    let said: Vec<String> = errors.iter().map(|finding| format!("{} {}", finding.name, finding.message.en)).collect();
    assert!(said.is_empty(), "{name}: {said:#?}");
    (compiled.standard, policy, tables)
}

/// What was given: texts read against a standard.
pub struct Read {
    pub targets: HandedDown,
    pub units: Units,
    pub facts: Facts,
    pub events: Events,
    pub findings: kaoping_terms::Report,
}

impl Read {
    /// The units, the facts, and events by table.
    pub fn new(standard: &Standard, policy: &Policy, files: &BTreeMap<String, String>) -> Self {
        let mut findings = kaoping_terms::Report::new();
        let targets = HandedDown::new(standard, &policy.targets, &mut findings);
        let units = match files.get("units.csv") {
            Some(text) => {
                let (units, report) = read_units(text, standard);
                findings.append(report);
                units
            }
            None => Units::from_facts(),
        };
        let mut builder = FactsBuilder::new(standard, units, &targets);
        read_facts(files.get("facts.csv").map_or("", String::as_str), &mut builder);
        let (facts, mut units, report) = builder.finish();
        findings.append(report);
        let mut events = EventsBuilder::new(standard);
        for table in &standard.events {
            let names = [Some(table.name.as_str()), table.alias.as_deref()];
            let text = names.iter().flatten().find_map(|name| files.get(&format!("{name}.csv")));
            read_events(&table.name, text.map_or("", String::as_str), &mut events, &mut units);
        }
        let (events, report) = events.finish();
        findings.append(report);
        Self { targets, units, facts, events, findings }
    }

    pub fn of<'a>(&'a self, standard: &'a Standard) -> Given<'a> {
        let Self { targets, units, facts, events, .. } = self;
        Given { standard, units, facts, events, targets }
    }
}

/// Scores texts against a standard: the units, the facts, and events by table.
pub fn score(standard: Standard, policy: &Policy, files: &BTreeMap<String, String>, options: &Options) -> Scored {
    let mut read = Read::new(&standard, policy, files);
    let assessment = assess(read.of(&standard), options);
    let in_columns = assess(read.of(&standard), &Options { in_columns: true, ..*options });
    same(&assessment, &in_columns);
    read.findings.append(assessment.findings.clone());
    Scored { findings: read.findings.into_sorted(), units: read.units, assessment, standard }
}

/// Both evaluators give the same, every value with its state and every list in its order.
fn same(machine: &Assessment, columns: &Assessment) {
    same_results(machine, columns);
    assert_eq!(format!("{:?}", machine.findings), format!("{:?}", columns.findings));
}

/// All results are the same, but for findings, which may stand elsewhere in other files.
pub fn same_results(machine: &Assessment, columns: &Assessment) {
    let cells = |column: &Column| (0..column.len()).map(|unit| column.cell(unit)).collect::<Vec<_>>();
    let some = |column: &Option<Arc<Column>>| column.as_deref().map(cells);
    let values = |assessment: &Assessment| {
        let items: Vec<_> = assessment
            .items
            .iter()
            .map(|item| {
                let adjustments: Vec<_> = item.adjustments.iter().map(|column| cells(column)).collect();
                (cells(&item.score), item.unrounded.as_deref().map(cells), adjustments, item.met.as_deref().map(cells))
            })
            .collect();
        let named: Vec<_> = assessment.values.iter().map(|(name, column)| (name.clone(), cells(column))).collect();
        let blocks: Vec<_> = assessment.blocks.iter().map(some).collect();
        let by: Vec<_> = assessment.awards.iter().map(|award| some(&award.by)).collect();
        let totals = [&assessment.total, &assessment.rank, &assessment.meets_all].map(some);
        (items, named, blocks, by, totals)
    };
    assert_eq!(values(machine), values(columns));
    let rest = |assessment: &Assessment| {
        let awards: Vec<_> = assessment.awards.iter().map(|award| (&award.lists, &award.reasons)).collect();
        let Assessment { grades, vetoes, quotas, rosters, shares, owed, undefined, .. } = assessment;
        [
            format!("{awards:?}"),
            format!("{grades:?}"),
            format!("{vetoes:?}"),
            format!("{quotas:?} {rosters:?} {shares:?}"),
            format!("{owed:?}"),
            format!("{undefined:?}"),
        ]
    };
    rest(machine).iter().zip(rest(columns)).for_each(|(machine, columns)| assert_eq!(*machine, columns));
}

/// Scores an example folder of a policy.
pub fn example(policy: &str, example: &str) -> (Scored, BTreeMap<String, String>) {
    let (standard, linked) = standard(policy);
    let files = linked.examples.get(example).expect("the example").clone();
    (score(standard, &linked, &files, &Options::default()), files)
}

fn place(row: &[table::Cell]) -> Place {
    let first = row.first().map(|cell| cell.place).unwrap_or_default();
    row.last().map_or(first, |last| first.to(last.place))
}

fn cell<'t>(table: &table::Table, row: &'t [table::Cell], names: &[&str]) -> &'t str {
    let at = table.header.iter().position(|header| names.contains(&header.text.as_str()));
    at.and_then(|at| row.get(at)).map_or("", |cell| cell.text.as_str())
}

fn read_units(text: &str, standard: &Standard) -> (Units, kaoping_terms::Report) {
    let known = [&["unit", "单位"], &["name", "名称"], &["parent", "上级"], &["kind", "类别"], &["group", "分组"]];
    let table = table::read(FileId(900), text);
    let is_known = |header: &str| known.iter().any(|names| names.contains(&header));
    let other: Vec<usize> = (0..table.header.len()).filter(|at| !is_known(&table.header[*at].text)).collect();
    let headers: Vec<&str> = other.iter().map(|at| table.header[*at].text.as_str()).collect();
    let mut builder = UnitsBuilder::new(&headers);
    for row in &table.rows {
        let [unit, name, parent, kind, group] = known.map(|names| cell(&table, row, names));
        let attributes: Vec<&str> = other.iter().map(|at| row.get(*at).map_or("", |cell| cell.text.as_str())).collect();
        builder.row(&UnitRow { unit, name, parent, kind, group }, &attributes, place(row));
    }
    builder.finish(standard)
}

/// Takes rows of the long form.
pub fn read_facts(text: &str, builder: &mut FactsBuilder<'_>) {
    let table = table::read(FileId(901), text);
    for row in &table.rows {
        let get = |names: &[&str]| cell(&table, row, names);
        let fact = FactRow {
            unit: get(&["unit", "单位"]),
            indicator: get(&["indicator", "指标"]),
            field: get(&["field", "字段"]),
            value: get(&["value", "数值"]),
            period: get(&["period", "期间"]),
            evidence: get(&["evidence", "凭据"]),
            round: get(&["round", "轮次"]),
            assessor: get(&["assessor", "评委"]),
            reason: get(&["reason", "理由"]),
        };
        builder.row(&fact, place(row));
    }
}

fn read_events(name: &str, text: &str, builder: &mut EventsBuilder<'_>, units: &mut Units) {
    let table = table::read(FileId(902), text);
    let number = builder.table(name).expect("a table");
    let columns: Vec<Option<usize>> = table.header.iter().map(|header| builder.column(number, &header.text)).collect();
    for row in &table.rows {
        let get = |names: &[&str]| cell(&table, row, names);
        let event = EventRow {
            id: get(&["id", "编号"]),
            unit: get(&["unit", "单位"]),
            date: get(&["date", "日期"]),
            evidence: get(&["evidence", "凭据"]),
            withdrawn: get(&["withdrawn", "撤销"]),
            round: get(&["round", "轮次"]),
        };
        let cells: Vec<(usize, &str)> =
            columns.iter().zip(row).filter_map(|(column, cell)| Some(((*column)?, cell.text.as_str()))).collect();
        builder.row(units, number, &event, &cells, place(row));
    }
}

/// A table of results as text, only the columns named.
pub fn lines(write: impl FnOnce(&mut dyn FnMut(&[&str])), columns: usize) -> String {
    let mut out = String::new();
    write(&mut |row: &[&str]| {
        out.push_str(&row[..columns.min(row.len())].join(","));
        out.push('\n');
    });
    out
}
