//! Units, facts and events: files in, what an assessment is given out.

use kaoping_assess::{
    Facts,
    events::{EventRow, Events, EventsBuilder},
    facts::{FactRow, FactsBuilder, PlainRows, Span},
    prepare,
    targets::HandedDown,
    units::{UnitRow, Units, UnitsBuilder},
};
use kaoping_scheme::{Standard, read::Targets};
use kaoping_sheets::{Findings, Met, Part, Row, Sheet, facts_text};
use kaoping_terms::{Diagnostic, FileId, Place, Report, Sources, Text};
use rayon::prelude::*;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

/// The files a run reads.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The units.
    pub units: Option<PathBuf>,
    /// The figures.
    pub facts: Vec<PathBuf>,
    /// Events: the name of a table, `=`, and a file.
    pub events: Vec<String>,
}

/// The texts a run reads, with the paths shown to the reader.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Path and text of the units.
    pub units: Option<(String, String)>,
    /// Paths and texts of the facts.
    pub facts: Vec<(String, String)>,
    /// Event table, path and text.
    pub events: Vec<(String, String, String)>,
}

impl Texts {
    /// Begins to read the files of a command line on another core, where there is one; what comes
    /// back waits for them.
    pub fn ahead(asked: Files) -> impl FnOnce() -> (Texts, Report) {
        let (here, there) = (asked.clone(), asked);
        let several = rayon::current_num_threads() > 1;
        let reading = several.then(|| thread::Builder::new().spawn(move || Texts::read(&there)));
        move || {
            let read = reading.and_then(Result::ok).and_then(|reading| reading.join().ok());
            read.unwrap_or_else(|| Texts::read(&here))
        }
    }

    /// Reads the files of a command line. All that cannot be read is reported.
    pub fn read(asked: &Files) -> (Texts, Report) {
        let mut texts = Texts::default();
        let mut report = Report::new();
        let mut file = |path: &Path| match facts_text(path) {
            Ok(text) => Some((path.display().to_string(), text)),
            Err(fault) => {
                report.push(fault.diagnostic(&path.display().to_string()));
                None
            }
        };
        texts.units = asked.units.as_deref().and_then(&mut file);
        let mut once = Vec::new();
        let mut twice = Vec::new();
        for path in &asked.facts {
            let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            if once.contains(&real) {
                twice.push(given_twice(path));
            } else {
                once.push(real);
                texts.facts.extend(file(path));
            }
        }
        let mut unreadable = Vec::new();
        for written in &asked.events {
            match written.split_once('=') {
                Some((table, path)) => {
                    texts
                        .events
                        .extend(file(Path::new(path)).map(|(path, text)| (table.trim().to_string(), path, text)));
                }
                None => unreadable.push(events_argument(written)),
            }
        }
        for finding in unreadable.into_iter().chain(twice) {
            report.push(finding);
        }
        (texts, report)
    }
}

fn given_twice(path: &Path) -> Diagnostic {
    let path = path.display();
    Diagnostic::warning(
        "given-twice",
        Text::new(format!("--facts {path} 给了两次，只读一次"), format!("--facts {path} is given twice and read once")),
    )
    .why(Text::new("同一个数报两次没有意义", "a figure cannot be reported twice"))
    .next(Text::new("删去一个；想给的是不是别的文件？", "leave one out; was another file meant?"))
}

fn events_argument(written: &str) -> Diagnostic {
    Diagnostic::error(
        "events-argument",
        Text::new(format!("--events {written}：要写成 明细=文件"), format!("--events {written}: write TABLE=FILE")),
    )
    .why(Text::new("要知道这是哪一张明细", "which event table the file holds must be said"))
    .next(match Path::new(written).is_dir() {
        true => Text::new(
            "方案文件夹写在 --events 的前面：它把后面的都当成自己的",
            "write the policy folder before --events: what follows it is taken for events",
        ),
        false => Text::new("例如 --events 上访=petition.csv", "for example --events petition=petition.csv"),
    })
}

/// A table of which only the first line is there.
const WITHOUT_ROWS: &str = "sheet-without-rows";

/// What an assessment is given, owned.
#[derive(Clone, Debug)]
pub struct Given {
    /// The units.
    pub units: Units,
    /// The reported figures.
    pub facts: Facts,
    /// The events.
    pub events: Events,
    /// Targets handed down by the policy.
    pub targets: HandedDown,
}

impl Given {
    /// Takes the texts apart for a standard. The texts are kept in `sources`, so that findings
    /// can show the lines they are about.
    pub fn new(standard: &Standard, targets: &Targets, texts: Texts, sources: &mut Sources) -> (Given, Report) {
        let mut report = Report::new();
        let targets = HandedDown::new(standard, targets, &mut report);
        let units_file = texts.units.map(|(path, text)| sources.add(path, text));
        let fact_files: Vec<FileId> = texts.facts.into_iter().map(|(path, text)| sources.add(path, text)).collect();
        let event_files: Vec<(String, FileId)> =
            texts.events.into_iter().map(|(table, path, text)| (table, sources.add(path, text))).collect();
        let units = match units_file {
            Some(file) => units(standard, file, sources, &mut report),
            None => Units::from_facts(),
        };
        // More parts than threads, so that a thread with easy rows takes on others.
        let threads = rayon::current_num_threads();
        let parts = if threads > 1 { 2 * threads } else { 1 };
        let mut builder = FactsBuilder::new(standard, units, &targets);
        let mut without_rows: Vec<Place> = Vec::new();
        for file in fact_files {
            without_rows.extend(facts(file, sources, parts, &mut builder, &mut report));
        }
        let (facts, mut units, findings) = builder.finish();
        for finding in findings.into_sorted() {
            report.push(at_its_cell(finding, sources));
        }
        let mut builder = EventsBuilder::new(standard);
        for (table, file) in event_files {
            events(&table, file, sources, &mut units, &mut builder, &mut report);
        }
        let (events, findings) = builder.finish();
        report.append(findings);
        without_figures(standard, &without_rows, &units, &mut report);
        (Given { units, facts, events, targets }, report)
    }

    /// The same, borrowed for a run.
    pub fn of<'a>(&'a self, standard: &'a Standard) -> prepare::Given<'a> {
        prepare::Given {
            standard,
            units: &self.units,
            facts: &self.facts,
            events: &self.events,
            targets: &self.targets,
        }
    }
}

/// Nothing was reported, or there is nobody at all. Where units are known they owe everything,
/// which the results say; else there is nothing to say but this.
fn without_figures(standard: &Standard, without_rows: &[Place], units: &Units, report: &mut Report) {
    if report.has_errors() || standard.schemes.is_empty() {
        return;
    }
    let nobody = units.is_empty();
    for header in without_rows {
        report.push(no_figures(*header, nobody));
    }
    if nobody && without_rows.is_empty() {
        report.push(no_units());
    }
}

fn no_figures(header: Place, nobody: bool) -> Diagnostic {
    let level = if nobody { Diagnostic::error } else { Diagnostic::warning };
    level(
        WITHOUT_ROWS,
        Text::new("这张表只有表头，一个数也没有", "this sheet has a header and no row: not a single figure"),
    )
    .at(header)
    .why(if nobody {
        Text::new(
            "没有单位表，单位就从数里来：没有数，就没有单位可考",
            "without a list the units come from the figures: no figures, nobody to score",
        )
    } else {
        Text::new(
            "这张表里该有的数都没有报；没有报不当作零",
            "whatever this sheet should hold is not reported, which is not zero",
        )
    })
    .next(Text::new(
        "核对给的是不是这张表，填好再计分",
        "check that it is the right file, and score again once it is filled in",
    ))
}

/// A last row that no end of line follows.
fn without_end(last: Place) -> Diagnostic {
    Diagnostic::note(
        "file-without-end",
        Text::new(
            "最后一行没有行尾，文件可能没有拷全",
            "the last row has no end of line; the file may have been cut off",
        ),
    )
    .at(last)
    .why(Text::new(
        "前面各行都有行尾；拷到一半断了，最后一个数就可能少了几位",
        "every row before it has one; where copying broke off, the last figure may lack digits",
    ))
    .next(Text::new(
        "核对最后一行和原表是不是一样；没有少，在末尾回车再存，就不再提示",
        "compare the last row with the original; if it is whole, end it with a new line",
    ))
}

fn no_unit_rows(header: Place) -> Diagnostic {
    Diagnostic::error(
        WITHOUT_ROWS,
        Text::new("单位表只有表头，一个单位也没有", "the list of units has a header and no row: not a single unit"),
    )
    .at(header)
    .why(Text::new(
        "给了单位表就只考表里的单位：表是空的，就没有单位可考",
        "where units are listed only those are scored; the list is empty",
    ))
    .next(Text::new(
        "填上单位；不写 --units 时单位从数里来",
        "list the units; without --units they come from the figures",
    ))
}

fn no_units() -> Diagnostic {
    Diagnostic::error("nobody-assessed", Text::new("没有一个单位可考", "there is no unit to score"))
        .why(Text::new("既没有给单位表，也没有给数", "neither a list of units nor figures were given"))
        .next(Text::new(
            "用 --units 给出单位表，用 --facts 给出数",
            "give the units with --units and their figures with --facts",
        ))
}

fn text_of(sources: &Sources, file: FileId) -> &str {
    sources.file(file).map_or("", |file| file.text.as_str())
}

fn units(standard: &Standard, file: FileId, sources: &Sources, report: &mut Report) -> Units {
    let mut findings = Findings::new();
    let Some(sheet) = Sheet::open(file, text_of(sources, file), &mut findings) else {
        report.append(findings.into_report());
        return Units::default();
    };
    let find = |name| sheet.header().find(name);
    let known = [find("unit"), find("name"), find("parent"), find("kind"), find("group")];
    if known[0].is_none() {
        report.push(column_missing("unit", "单位", &sheet));
    }
    let others: Vec<usize> =
        (0..sheet.header().columns().len()).filter(|column| !known.contains(&Some(*column))).collect();
    let headers: Vec<&str> = others
        .iter()
        .filter_map(|column| sheet.header().columns().get(*column))
        .map(|column| column.written.as_str())
        .collect();
    let mut builder = UnitsBuilder::new(&headers);
    let mut is_empty = true;
    sheet.rows(&mut findings, |row: &Row<'_>| {
        is_empty = false;
        let attributes: Vec<&str> = others.iter().map(|column| row.get(*column)).collect();
        let unit = UnitRow {
            unit: row.get_some(known[0]),
            name: row.get_some(known[1]),
            parent: row.get_some(known[2]),
            kind: row.get_some(known[3]),
            group: row.get_some(known[4]),
        };
        builder.row(&unit, &attributes, row.place());
    });
    report.append(findings.into_report());
    if is_empty && !report.has_errors() {
        report.push(no_unit_rows(sheet.header_place()));
    }
    let (units, findings) = builder.finish(standard);
    report.append(findings);
    units
}

/// Headers of facts that are not figures.
const PLAIN: [&str; 9] = ["unit", "indicator", "field", "value", "period", "evidence", "round", "assessor", "reason"];

/// Parts of a file have about that many bytes at least.
const LEAST_PART: usize = 1 << 20;

/// Takes the figures of a file; the place of its header where it has no row.
fn facts(
    file: FileId,
    sources: &Sources,
    parts: usize,
    builder: &mut FactsBuilder<'_>,
    report: &mut Report,
) -> Option<Place> {
    let mut findings = Findings::new();
    let Some(sheet) = Sheet::open(file, text_of(sources, file), &mut findings) else {
        report.append(findings.into_report());
        return None;
    };
    let find = |name| sheet.header().find(name);
    let [unit, indicator, field, value, period, evidence, round, assessor, reason] = PLAIN.map(find);
    if unit.is_none() {
        report.push(column_missing("unit", "单位", &sheet));
        report.append(findings.into_report());
        return None;
    }
    // Every other column of a wide file is a figure called by its header; remarks and reasons
    // are carried for people.
    let wide: Vec<(usize, &str)> = sheet
        .header()
        .columns()
        .iter()
        .enumerate()
        .filter(|(at, column)| {
            ![unit, indicator, field, value, period, evidence, round, assessor, reason].contains(&Some(*at))
                && !is_remark(&column.folded)
        })
        .map(|(at, column)| (at, column.written.as_str()))
        .collect();
    let wide = match value {
        Some(_) => Vec::new(),
        None => match fields_of_wide(&sheet, wide, field.is_some(), builder, report) {
            Some(known) => known,
            None => {
                report.append(findings.into_report());
                return None;
            }
        },
    };
    let is_empty = AtomicBool::new(true);
    let filled = || {
        if is_empty.load(Relaxed) {
            is_empty.store(false, Relaxed);
        }
    };
    let more = [period, evidence, round, assessor, reason].iter().any(Option::is_some);
    // One figure a row: in a column of that name, or under the field it is of.
    let figures = match (value, wide.as_slice()) {
        (Some(value), _) => Some((value, "")),
        (None, [(at, header)]) => Some((*at, *header)),
        _ => None,
    };
    let plain = indicator.zip(figures).filter(|_| !more).zip(unit);
    let take = |part: &Part, builder: &mut FactsBuilder<'_>, findings: &mut Findings| {
        let mut spans: [Vec<Span>; 4] = Default::default();
        sheet.runs_of(part, findings, |met| {
            let row = match (met, plain) {
                (Met::Run(run), Some(((indicator, (value, header)), unit))) => {
                    let columns = [Some(unit), Some(indicator), field, Some(value)];
                    let found = columns.iter().zip(&mut spans);
                    let found = found.filter_map(|(column, spans)| Some(run.spans((*column)?, spans)));
                    let count = found.min().unwrap_or(0);
                    let [units, indicators, fields, values] =
                        spans.each_ref().map(|spans| spans.get(..count).unwrap_or_default());
                    let rows = PlainRows { file, text: sheet.text(), units, indicators, header, fields, values };
                    let taken = builder.rows(&rows);
                    if taken > 0 {
                        filled();
                    }
                    return taken;
                }
                (Met::Run(_), None) => return 0,
                (Met::Row(row, _), _) => row,
            };
            filled();
            let base = FactRow {
                unit: row.get_some(unit),
                indicator: row.get_some(indicator),
                field: row.get_some(field),
                value: row.get_some(value),
                period: row.get_some(period),
                evidence: row.get_some(evidence),
                round: row.get_some(round),
                assessor: row.get_some(assessor),
                reason: row.get_some(reason),
            };
            match value {
                Some(value) => builder.row(&base, row.cell_place(value)),
                None => {
                    for (at, header) in &wide {
                        let fact = FactRow { field: header, value: row.get(*at), ..base };
                        if !fact.value.is_empty() || builder.reads(fact.indicator, header) {
                            builder.row(&fact, row.cell_place(*at));
                        }
                    }
                }
            }
            1
        });
    };
    // What is read in a few thousandths of a second is not worth being joined.
    let parts = parts.min(1 + sheet.text().len() / LEAST_PART);
    take_together(&sheet.parts(parts), builder, &mut findings, take);
    report.append(findings.into_report());
    if let Some(last) = sheet.without_end() {
        report.push(without_end(last));
    }
    is_empty.into_inner().then(|| sheet.header_place())
}

/// The columns of a wide file that are figures. A head that no indicator reads is said once,
/// not in every row; a file without any figure has lost its column of values.
fn fields_of_wide<'h>(
    sheet: &Sheet<'_>,
    wide: Vec<(usize, &'h str)>,
    is_long: bool,
    builder: &FactsBuilder<'_>,
    report: &mut Report,
) -> Option<Vec<(usize, &'h str)>> {
    let (known, unknown): (Vec<_>, Vec<_>) = wide.into_iter().partition(|(_, head)| builder.is_field(head));
    if is_long || known.is_empty() {
        let mut finding = column_missing("value", "数值", sheet)
            .why(Text::new("没有这一列，就没有一个数可以读", "without it there is no figure to read"));
        if let [(at, head)] = unknown.as_slice() {
            finding = finding
                .at(sheet.beside(sheet.header_place(), *at))
                .next(Text::new(format!("“{head}”是不是“数值”？"), format!("is `{head}` the column `value`?")));
        }
        report.push(finding);
        return None;
    }
    for (at, head) in unknown.into_iter().filter(|(_, head)| !head.is_empty()) {
        let next = match builder.nearest_field(head) {
            Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
            None => Text::new("改列名；给人看的栏叫“备注”", "mend the head; a column for people is called `remark`"),
        };
        report.push(
            Diagnostic::error(
                "unknown-field",
                Text::new(format!("没有哪一项读字段“{head}”"), format!("no indicator reads a field `{head}`")),
            )
            .at(sheet.beside(sheet.header_place(), at))
            .why(Text::new("写在这一列里的数都不起作用", "what stands in this column has no effect"))
            .next(next),
        );
    }
    Some(known)
}

/// Takes the parts of a sheet, each on a thread of its own. What comes of it is the same as if
/// all rows had been taken one after another.
fn take_together<'s>(
    parts: &[Part],
    builder: &mut FactsBuilder<'s>,
    findings: &mut Findings,
    take: impl Fn(&Part, &mut FactsBuilder<'s>, &mut Findings) + Sync,
) {
    let Some((first, others)) = parts.split_first() else { return };
    let mut beside: Vec<_> = others.iter().map(|part| (part, builder.beside(), Findings::new())).collect();
    rayon::join(
        || take(first, builder, findings),
        || beside.par_iter_mut().for_each(|(part, builder, findings)| take(part, builder, findings)),
    );
    for (part, later, found) in beside {
        if builder.append(later) {
            findings.append(found);
        } else {
            take(part, builder, findings);
        }
    }
}

/// A fact is known by the place of its value; what is wrong with another cell of its row is
/// shown there.
fn at_its_cell(finding: Diagnostic, sources: &Sources) -> Diagnostic {
    let header = match finding.name {
        "unknown-unit" => "unit",
        "unknown-indicator" => "indicator",
        "unknown-field" => "field",
        "unknown-round" => "round",
        "period-not-readable" | "round-part-missing" => "period",
        _ => return finding,
    };
    let cell = finding.place.and_then(|place| {
        let sheet = Sheet::open(place.file, text_of(sources, place.file), &mut Findings::new())?;
        Some(sheet.beside(place, sheet.header().find(header)?))
    });
    match cell {
        Some(cell) => finding.at(cell),
        None => finding,
    }
}

fn is_remark(header: &str) -> bool {
    matches!(header, "remark" | "备注" | "说明" | "note")
}

fn events(
    table: &str,
    file: FileId,
    sources: &Sources,
    units: &mut Units,
    builder: &mut EventsBuilder<'_>,
    report: &mut Report,
) {
    let mut findings = Findings::new();
    let position = builder.table(table);
    let sheet = Sheet::open(file, text_of(sources, file), &mut findings);
    if let (Some(position), Some(sheet)) = (position, sheet) {
        let find = |name| sheet.header().find(name);
        // A table may declare a column of that name, and a policy without rounds has no use for it.
        let declares = |at: &usize| {
            let column = sheet.header().columns().get(*at);
            column.is_some_and(|column| builder.column(position, &column.written).is_some())
        };
        let round = find("round").filter(|at| builder.has_rounds() && !declares(at));
        let known = [find("id"), find("unit"), find("date"), find("evidence"), find("withdrawn"), round];
        let columns: Vec<(usize, usize)> = sheet
            .header()
            .columns()
            .iter()
            .enumerate()
            .filter(|(at, _)| !known.contains(&Some(*at)))
            .filter_map(|(at, column)| builder.column(position, &column.written).map(|declared| (at, declared)))
            .collect();
        let is_used = |at: usize| known.contains(&Some(at)) || columns.iter().any(|(used, _)| *used == at);
        for (at, column) in sheet.header().columns().iter().enumerate() {
            let is_kept = column.is_unnamed() || column.written.starts_with('#') || is_remark(&column.folded);
            if !is_used(at) && !is_kept {
                builder.unused_header(position, &column.written, sheet.header_place());
            }
        }
        let mut is_empty = true;
        sheet.rows(&mut findings, |row: &Row<'_>| {
            is_empty = false;
            let event = EventRow {
                id: row.get_some(known[0]),
                unit: row.get_some(known[1]),
                date: row.get_some(known[2]),
                evidence: row.get_some(known[3]),
                withdrawn: row.get_some(known[4]),
                round: row.get_some(known[5]),
            };
            let cells: Vec<(usize, &str)> = columns.iter().map(|(at, declared)| (*declared, row.get(*at))).collect();
            builder.row(units, position, &event, &cells, row.place());
        });
        if !is_empty {
            let there: Vec<usize> = columns.iter().map(|(_, declared)| *declared).collect();
            builder.absent_columns(position, &there, sheet.header_place());
        }
    }
    report.append(findings.into_report());
}

fn column_missing(english: &str, chinese: &str, sheet: &Sheet<'_>) -> Diagnostic {
    Diagnostic::error(
        "column-missing",
        Text::new(format!("这张表没有“{chinese}”一列"), format!("the sheet has no column `{english}`")),
    )
    .at(sheet.header_place())
    .why(Text::new("不知道每一行说的是哪个单位", "it cannot be told which unit a row is about"))
    .next(Text::new(format!("在表头写上 {chinese}（或 {english}）"), format!("head a column `{english}`")))
}
