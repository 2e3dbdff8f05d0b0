//! An indicator table as offices have it becomes the item table of a policy.

mod layout;
mod totals;

use super::{
    columns::{Column, Role, columns, remark},
    findings,
    library::{Library, RuleKind},
    template::Template,
};
use kaoping_rules::{literal, measures::Nouns};
use kaoping_sheets::{Findings, Row, Sheet};
use kaoping_syntax::{
    ast::{Literal, LiteralNumber, Suffix},
    parse_literal,
};
use kaoping_terms::{Diagnostic, Exact, FileId, Measure, Place, Report};
use std::collections::BTreeMap;

/// What was understood of a table.
pub(super) struct Indicators {
    /// Headings of `indicators.csv`.
    pub(super) headings: Vec<String>,
    /// Its rows, as wide as the headings.
    pub(super) rows: Vec<Vec<String>>,
    /// Points of all indicators together.
    pub(super) full_mark: Exact,
    /// Blocks in text order.
    pub(super) blocks: Vec<String>,
    /// Nouns of measure the language does not know.
    pub(super) nouns: Vec<String>,
    /// Clauses in text order, each once.
    pub(super) clauses: Vec<String>,
    /// Whether any rule says who met the target.
    pub(super) says_met: bool,
}

impl Indicators {
    fn nothing() -> Self {
        Self {
            headings: Vec::new(),
            rows: Vec::new(),
            full_mark: Exact::zero(),
            blocks: Vec::new(),
            nouns: Vec::new(),
            clauses: Vec::new(),
            says_met: false,
        }
    }
}

/// Marks that stand for nothing in a table.
const NOTHING: [&str; 7] = ["-", "—", "——", "–", "/", "无", "暂无"];

/// The work of reading one table.
struct Reading<'a> {
    library: &'a Library,
    template: &'a Template,
    findings: &'a mut Findings,
    columns: Vec<Column>,
    out: Indicators,
    /// First place of each id and each name.
    ids: BTreeMap<String, Place>,
    names: BTreeMap<String, Place>,
    /// Rows without a value: role, lines, first place.
    gaps: BTreeMap<Role, (Vec<usize>, Place)>,
    /// Choices that were filled in: word, words, rows.
    filled: BTreeMap<String, (String, Vec<String>, usize)>,
    /// Values no rule of their row reads: heading and rule, lines, first place.
    unread: BTreeMap<(String, String), (Vec<usize>, Place)>,
    /// Cells each row brings, by heading.
    rows: Vec<BTreeMap<String, String>>,
    /// Names of blocks with their places, as the table has them.
    blocks: Vec<(String, Place)>,
    /// Rows that only add up others.
    totals: Vec<totals::TotalRow>,
    /// Points since the last of those rows.
    since_total: Exact,
    /// The noun in the heading of the targets: 目标数(人).
    header_noun: String,
    /// Whether all points are written as shares of a hundred.
    weights: bool,
    /// The block of the row above.
    block_above: Option<String>,
    /// Rows that took the block of the row above: lines, first place.
    carried: Vec<(usize, Place)>,
    /// Points written as a share of a hundred.
    weighed: Vec<(usize, Place)>,
    /// Targets written as a bound: 不低于 1200 人.
    bounded: Vec<(usize, Place)>,
}

/// Reads a table that was decoded; none where there is nothing in it to read.
pub(super) fn read(
    file: FileId,
    text: &str,
    path: &str,
    library: &Library,
    template: &Template,
    findings: &mut Findings,
) -> Option<Indicators> {
    let text = &layout::without_titles(file, text, findings);
    let sheet = Sheet::open(file, text, findings)?;
    let (mut rows, mut of_rows) = (Findings::new(), Findings::new());
    let mut reading = Reading {
        library,
        template,
        columns: layout::with_rules(
            &sheet,
            layout::with_nouns(&sheet, columns(sheet.header(), library)),
            library,
            findings,
        ),
        header_noun: layout::target_noun(&sheet),
        weights: false,
        block_above: None,
        carried: Vec::new(),
        weighed: Vec::new(),
        bounded: Vec::new(),
        out: Indicators::nothing(),
        ids: BTreeMap::new(),
        names: BTreeMap::new(),
        gaps: BTreeMap::new(),
        filled: BTreeMap::new(),
        unread: BTreeMap::new(),
        rows: Vec::new(),
        blocks: Vec::new(),
        totals: Vec::new(),
        since_total: Exact::zero(),
        findings: &mut of_rows,
    };
    reading.weights = layout::all_weights(&sheet, reading.position(Role::Points));
    let mut seen = 0usize;
    sheet.rows(&mut rows, |row| {
        seen += 1;
        reading.row(row);
    });
    if seen == 0 && !rows.has_errors() {
        findings.error("no-indicators", || findings::no_indicators(path));
        return None;
    }
    let head = sheet.header_place();
    reading.compare_totals();
    reading.blocks();
    reading.say_what_is_absent(head);
    let out = reading.finish();
    for finding in rows.into_report().findings().iter().chain(of_rows.into_report().findings()) {
        findings.push(finding.level, finding.name, || finding.clone());
    }
    Some(out)
}

/// The noun to be declared for a unit the language does not know: of 万担 it is 担.
fn base_noun(unit: &str) -> Option<String> {
    let mut nouns = Nouns::default();
    if nouns.find(unit).is_some() {
        return None;
    }
    let ends = unit.char_indices().rev().filter_map(|(at, _)| unit.get(at..));
    let found = ends.into_iter().find(|end| {
        nouns = Nouns::default();
        nouns.declare(end, None);
        nouns.find(unit).is_some()
    });
    found.map(str::to_owned)
}

impl<'a> Reading<'a> {
    fn position(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| *column == Column::Role(role))
    }

    /// The cell of a role; marks that stand for nothing are nothing.
    fn cell<'r>(&self, row: &Row<'r>, role: Role) -> &'r str {
        let cell = row.get_some(self.position(role));
        if NOTHING.contains(&cell) && role != Role::Id && role != Role::Name {
            return "";
        }
        cell
    }

    fn cell_place(&self, row: &Row<'_>, role: Role) -> Place {
        self.position(role).map_or_else(|| row.place(), |column| row.cell_place(column))
    }

    fn gap(&mut self, row: &Row<'_>, role: Role) {
        let place = self.cell_place(row, role);
        let entry = self.gaps.entry(role).or_insert_with(|| (Vec::new(), place));
        entry.0.push(row.line());
    }

    fn row(&mut self, row: &Row<'_>) {
        if self.total_row(row) {
            return;
        }
        let mut cells = BTreeMap::new();
        self.identity(row, &mut cells);
        let points = self.points(row);
        self.out.full_mark = &self.out.full_mark + &points.1;
        self.since_total = &self.since_total + &points.1;
        cells.insert(Role::Points.heading().to_owned(), points.0);
        let rule = self.rule(row, &mut cells);
        if let Some(rule) = rule {
            self.out.says_met |= rule.says_met;
            self.target(row, rule, &mut cells);
            self.bound(row, rule, &mut cells);
            self.choices(rule, &mut cells);
        }
        self.other_roles(row, &mut cells);
        for (at, column) in self.columns.iter().enumerate() {
            if let Column::Remark(heading) = column {
                cells.insert(heading.clone(), row.get(at).to_owned());
            }
        }
        self.rows.push(cells);
    }

    /// Id and name, each once. A row with neither is called by its number.
    fn identity(&mut self, row: &Row<'_>, cells: &mut BTreeMap<String, String>) {
        let (id, name) = (self.cell(row, Role::Id), self.cell(row, Role::Name));
        let number = (self.rows.len() + 1).to_string();
        let own = if id.is_empty() && name.is_empty() { number.as_str() } else { id };
        for (role, word) in [(Role::Id, own), (Role::Name, name)] {
            if word.is_empty() {
                self.gap(row, role);
                continue;
            }
            let place = self.cell_place(row, role);
            let seen = match role {
                Role::Id => &mut self.ids,
                _ => &mut self.names,
            };
            match seen.get(word) {
                Some(first) => {
                    let first = *first;
                    self.findings.error("duplicate-name", || findings::repeated(role, word, place, first));
                }
                None => {
                    seen.insert(word.to_owned(), place);
                }
            }
            cells.insert(role.heading().to_owned(), word.to_owned());
        }
        let called = if name.is_empty() { own } else { name };
        if self.template.own_names().contains(&called) {
            let place = self.cell_place(row, Role::Name);
            self.findings.error("duplicate-name", || findings::name_taken(called, place));
        }
    }

    /// A figure of the table, or why it is none.
    fn figure(&self, word: &str, place: Place) -> Result<Literal, Option<Box<Diagnostic>>> {
        let mut report = Report::new();
        let start = place.start as usize;
        let literal = parse_literal(place.file, start, word, true, &mut report);
        match literal.filter(|literal| matches!(literal.number, LiteralNumber::Known(_))) {
            Some(literal) if !report.has_errors() => Ok(literal),
            _ => Err(report.findings().first().cloned().map(Box::new)),
        }
    }

    /// The points as they are written, and their value.
    fn points(&mut self, row: &Row<'_>) -> (String, Exact) {
        let mut word = self.cell(row, Role::Points);
        if word.is_empty() {
            self.gap(row, Role::Points);
            word = self.template.sample(Role::Points.heading()).unwrap_or("");
        }
        let place = self.cell_place(row, Role::Points);
        // (10分) is 10 分; 30 % is 30 of a hundred where the whole column is written that way.
        let (bare, shift) = layout::without_brackets(word);
        let place = Place::new(
            place.file,
            place.start as usize + shift,
            place.end as usize - (word.len() - bare.len() - shift),
        );
        let mut word = bare;
        if self.weights && !word.is_empty() {
            self.weighed.push((row.line(), place));
            word = word.trim_end_matches(['%', '％']).trim_end();
        }
        let value = self.figure(word, place).and_then(|literal| {
            let mut report = Report::new();
            literal::value_in(&literal, &Measure::points(), &Nouns::default(), &mut report)
                .and_then(|value| value.number)
                .ok_or_else(|| report.findings().first().cloned().map(Box::new))
        });
        let value = match value {
            Ok(value) if value.is_negative() => {
                self.findings.error("points-negative", || findings::points_negative(word, place));
                value
            }
            Ok(value) => value,
            Err(because) => {
                self.findings.error("points-not-readable", || {
                    findings::not_readable(Role::Points, word, place, because.as_deref())
                });
                Exact::zero()
            }
        };
        (word.to_owned(), value)
    }

    /// The rule of the row; the default where it names none.
    fn rule(&mut self, row: &Row<'_>, cells: &mut BTreeMap<String, String>) -> Option<&'a RuleKind> {
        let word = self.cell(row, Role::Rule);
        let library = self.library;
        if word.is_empty() {
            self.gap(row, Role::Rule);
            return library.find(self.template.default_rule());
        }
        let found = library.find(word);
        match found {
            Some(rule) => {
                cells.insert(Role::Rule.heading().to_owned(), rule.name.clone());
            }
            None => {
                let place = self.cell_place(row, Role::Rule);
                self.findings.error("unknown-rule", || {
                    findings::unknown_rule(word, place, library.nearest(word), &library.names())
                });
            }
        }
        found
    }

    fn target(&mut self, row: &Row<'_>, rule: &RuleKind, cells: &mut BTreeMap<String, String>) {
        let noun = row.get_some(self.columns.iter().position(|column| *column == Column::Noun));
        let written = self.cell(row, Role::Target);
        let noun = if noun.is_empty() { self.header_noun.clone() } else { noun.to_owned() };
        let (noun, bare) = (noun.as_str(), layout::without_bound(written));
        let word = &self.with_noun(bare.unwrap_or(written), noun);
        let place = self.cell_place(row, Role::Target);
        let heading = Role::Target.heading();
        if word.is_empty() && !noun.is_empty() && self.header_noun.is_empty() {
            cells.insert(remark("计量单位"), noun.to_owned());
        }
        if rule.reading(heading).is_none() {
            if !word.is_empty() {
                self.not_read(row, heading, word, rule, place, cells);
            }
            return;
        }
        if word.is_empty() {
            return self.gap(row, Role::Target);
        }
        if bare.is_some() {
            // What was written stays beside what is read.
            cells.insert(remark(heading), written.to_owned());
            self.bounded.push((row.line(), place));
        }
        cells.insert(heading.to_owned(), word.to_owned());
        match self.figure(word, place) {
            Err(because) => self
                .findings
                .error("target-not-readable", || findings::not_readable(Role::Target, word, place, because.as_deref())),
            Ok(literal) => {
                if let LiteralNumber::Known(number) = &literal.number
                    && !number.is_positive()
                {
                    self.findings.error("target-not-positive", || findings::target_not_positive(word, place));
                }
                self.nouns(&literal);
            }
        }
    }

    /// A target with the noun of its own column, unless it has one already.
    fn with_noun(&self, word: &str, noun: &str) -> String {
        let bare = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-'));
        match noun {
            "" => word.to_owned(),
            _ if word.is_empty() || !bare => word.to_owned(),
            "%" | "％" => format!("{word}%"),
            noun => format!("{word} {noun}"),
        }
    }

    /// Nouns of measure that a policy has to declare before it uses them.
    fn nouns(&mut self, literal: &Literal) {
        let Suffix::Unit(unit) = &literal.suffix else {
            return;
        };
        for noun in unit.above.iter().chain(&unit.below) {
            let base = base_noun(&noun.text);
            self.out.nouns.extend(base.filter(|base| !self.out.nouns.contains(base)));
        }
    }

    /// Columns that are inputs, parameters or choices of rules.
    fn bound(&mut self, row: &Row<'_>, rule: &RuleKind, cells: &mut BTreeMap<String, String>) {
        for at in 0..self.columns.len() {
            let Some(Column::Bound(name)) = self.columns.get(at) else {
                continue;
            };
            let (name, word) = (name.clone(), row.get(at));
            if word.is_empty() || rule.reading(&name).is_some() {
                cells.insert(name, word.to_owned());
            } else {
                self.not_read(row, &name, word, rule, row.cell_place(at), cells);
            }
        }
    }

    fn not_read(
        &mut self,
        row: &Row<'_>,
        heading: &str,
        word: &str,
        rule: &RuleKind,
        place: Place,
        cells: &mut BTreeMap<String, String>,
    ) {
        cells.insert(remark(heading), word.to_owned());
        let key = (heading.to_owned(), rule.name.clone());
        let entry = self.unread.entry(key).or_insert_with(|| (Vec::new(), place));
        entry.0.push(row.line());
    }

    /// Choices the rule leaves open and the row does not make.
    fn choices(&mut self, rule: &RuleKind, cells: &mut BTreeMap<String, String>) {
        for (choice, words) in &rule.open_choices {
            if cells.get(choice).is_some_and(|word| !word.is_empty()) {
                continue;
            }
            let sample = self.template.sample(choice);
            let word = sample.or(words.first().map(String::as_str)).unwrap_or("");
            cells.insert(choice.clone(), word.to_owned());
            let entry = self.filled.entry(choice.clone()).or_insert_with(|| (word.to_owned(), words.clone(), 0));
            entry.2 += 1;
        }
    }

    fn other_roles(&mut self, row: &Row<'_>, cells: &mut BTreeMap<String, String>) {
        let plain = self.columns.iter().filter_map(|column| match column {
            Column::Role(role @ Role::Plain(_)) => Some(*role),
            _ => None,
        });
        let roles: Vec<Role> = plain
            .chain([Role::Block, Role::Clause, Role::Lead, Role::Responsible, Role::Supporting, Role::Definition])
            .collect();
        for role in roles {
            let mut word = self.cell(row, role);
            let above = self.block_above.clone();
            // A merged cell is written in its first row only; the rows below belong to it.
            if role == Role::Block
                && word.is_empty()
                && row.get_some(self.position(role)).is_empty()
                && let Some(above) = &above
            {
                self.carried.push((row.line(), self.cell_place(row, role)));
                word = above;
            }
            if word.is_empty() {
                if findings::absent(role).is_some() {
                    self.gap(row, role);
                }
                continue;
            }
            let place = self.cell_place(row, role);
            if role == Role::Clause && !self.out.clauses.iter().any(|known| known == word) {
                self.out.clauses.push(word.to_owned());
            }
            if role == Role::Block && !self.blocks.iter().any(|(known, _)| known == word) {
                self.blocks.push((word.to_owned(), place));
            }
            if role == Role::Block {
                self.block_above = Some(word.to_owned());
            }
            cells.insert(role.heading().to_owned(), word.to_owned());
        }
    }
}
