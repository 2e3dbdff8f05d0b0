//! What is settled once all rows are read: blocks, what is said once a column, headings.

use super::{Indicators, Reading};
use crate::commands::new::{
    columns::{Column, Role, is_known, plain, remark},
    findings,
    library::Library,
    template::is_name,
};
use kaoping_rules::measures::Nouns;
use kaoping_sheets::{Findings, Sheet, header::fold};
use kaoping_terms::{FileId, Level, Place};
use std::collections::{BTreeMap, BTreeSet};

/// Titles of a printed table stand in so many lines at most.
const MOST_TITLES: usize = 6;

/// The text with the titles above its header blanked out: lines in which one cell only is
/// filled, above a line with more. Every byte stays where it is, so that places hold.
pub(super) fn without_titles(file: FileId, text: &str, findings: &mut Findings) -> String {
    let filled = |line: &str| {
        let cells = line.split([',', '\t']).map(|cell| cell.trim().trim_matches('"').trim());
        cells.filter(|cell| !cell.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut titles: Vec<(usize, String)> = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n').take(MOST_TITLES) {
        // A cell in quotes may go on in the next line; such a line is left to the reader.
        let closed = line.matches('"').count() % 2 == 0;
        let cells = filled(line);
        match cells.as_slice() {
            [] => {}
            [one] if closed && !is_known(one) => titles.push((end, one.clone())),
            [_] => return text.to_owned(),
            _ => break,
        }
        end += line.len();
    }
    let has_header = text.get(end..).and_then(|rest| rest.lines().next()).is_some_and(|line| filled(line).len() > 1);
    if titles.is_empty() || !has_header {
        return text.to_owned();
    }
    for (start, title) in &titles {
        let place = Place::new(file, *start, start + title.len());
        findings.push(Level::Warning, "title-row-skipped", || findings::title_skipped(title, place));
    }
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { '\r' };
    let mut out: String = text.bytes().take(end).map(blank).collect();
    out.push_str(text.get(end..).unwrap_or(""));
    out
}

/// The columns, with that of the nouns of measure found by its heading and its cells.
pub(super) fn with_nouns(sheet: &Sheet<'_>, mut columns: Vec<Column>) -> Vec<Column> {
    let headings = sheet.header().columns().iter();
    let at = headings
        .zip(&columns)
        .position(|(heading, column)| matches!(column, Column::Remark(_)) && Column::may_be_noun(&heading.written));
    let Some(at) = at else {
        return columns;
    };
    let nouns = Nouns::default();
    let (mut known, mut others) = (0usize, 0usize);
    // The rows are read again for their values; their faults are told then.
    sheet.rows(&mut Findings::new(), |row| match row.get(at).trim() {
        "" => {}
        "%" | "％" => known += 1,
        cell if nouns.find(cell).is_some() => known += 1,
        _ => others += 1,
    });
    if known > 0
        && others == 0
        && let Some(column) = columns.get_mut(at)
    {
        *column = Column::Noun;
    }
    columns
}

/// Headings that mean the rule where their cells name rules, and how the work is looked at
/// where they do not.
const MAY_BE_RULES: [&str; 6] = ["考核方式", "考核办法", "考核方法", "评价方式", "评分方式", "计分方式"];

/// The columns, with that of the rules found by its cells: 考核方式 is one where every cell
/// names a kind of rule. Where only some do, that they count for nothing is said.
pub(super) fn with_rules(
    sheet: &Sheet<'_>,
    mut columns: Vec<Column>,
    library: &Library,
    findings: &mut Findings,
) -> Vec<Column> {
    if columns.contains(&Column::Role(Role::Rule)) {
        return columns;
    }
    let headings = sheet.header().columns().iter();
    let at = headings.zip(&columns).position(|(heading, column)| {
        matches!(column, Column::Remark(_)) && MAY_BE_RULES.contains(&plain(&heading.written).as_str())
    });
    let Some(at) = at else {
        return columns;
    };
    let (mut others, mut rules) = (0usize, Vec::new());
    sheet.rows(&mut Findings::new(), |row| match row.get(at).trim() {
        "" => {}
        cell if library.find(cell).is_some() => rules.push((row.line(), row.cell_place(at))),
        _ => others += 1,
    });
    match (rules.first().copied(), others) {
        (Some(_), 0) => {
            if let Some(column) = columns.get_mut(at) {
                *column = Column::Role(Role::Rule);
            }
        }
        (Some((_, place)), _) => {
            let heading = sheet.header().columns().get(at).map(|heading| heading.written.clone()).unwrap_or_default();
            let lines: Vec<usize> = rules.iter().map(|(line, _)| *line).collect();
            findings.push(Level::Warning, "column-not-read", || findings::not_rules(&heading, &lines, place));
        }
        (None, _) => {}
    }
    columns
}

/// The noun in the heading of the targets: 人 of 目标数(人). Bare numbers below take it.
pub(super) fn target_noun(sheet: &Sheet<'_>) -> String {
    let nouns = Nouns::default();
    let of = |written: &str| {
        let folded: String = fold(written).chars().filter(|c| !c.is_whitespace()).collect();
        let (before, inside) = folded.strip_suffix(')')?.split_once('(')?;
        let noun = inside.trim_start_matches("单位").trim_start_matches(':').to_owned();
        (Role::Target.is_headed(before) && (noun == "%" || nouns.find(&noun).is_some())).then_some(noun)
    };
    sheet.header().columns().iter().find_map(|column| of(&column.written)).unwrap_or_default()
}

/// Whether every filled cell of the points is a share of a hundred.
pub(super) fn all_weights(sheet: &Sheet<'_>, points: Option<usize>) -> bool {
    let Some(at) = points else { return false };
    let (mut weights, mut others) = (0usize, 0usize);
    sheet.rows(&mut Findings::new(), |row| match without_brackets(row.get(at).trim()).0 {
        "" => {}
        cell if cell.ends_with(['%', '％']) => weights += 1,
        _ => others += 1,
    });
    weights > 0 && others == 0
}

/// A cell without brackets around all of it, and where it then begins: （10分）.
pub(super) fn without_brackets(word: &str) -> (&str, usize) {
    let inside = word.strip_prefix(['(', '（']).and_then(|rest| rest.strip_suffix([')', '）']));
    match inside {
        Some(inside) => (inside.trim(), word.find(inside.trim()).unwrap_or(0)),
        None => (word, 0),
    }
}

/// A target written as the least there must be, without the words that say so: what is asked
/// for is the number. One that is the most there may be is another kind of rule and stays.
pub(super) fn without_bound(word: &str) -> Option<&str> {
    const BEFORE: [&str; 8] = ["不低于", "不少于", "不小于", "达到", "至少", "≥", ">=", "完成"];
    const BEHIND: [&str; 3] = ["以上", "及以上", "(含)以上"];
    let word = word.trim();
    let rest = BEFORE.iter().find_map(|bound| word.strip_prefix(bound));
    let rest = rest.or_else(|| BEHIND.iter().rev().find_map(|bound| word.strip_suffix(bound)))?.trim();
    rest.chars().next().is_some_and(|c| c.is_numeric()).then_some(rest)
}

impl Reading<'_> {
    /// Every row gets a block: the table's own where all of them can be named in the total,
    /// else the template's.
    pub(super) fn blocks(&mut self) {
        let heading = Role::Block.heading();
        let own: BTreeSet<&str> = self.template.own_names().into_iter().collect();
        let bad = self.blocks.iter().find(|(name, _)| {
            let taken = self.names.contains_key(name) || self.ids.contains_key(name);
            !is_name(name) || taken || own.contains(name.as_str())
        });
        let bad = bad.cloned();
        if let Some((word, place)) = &bad {
            self.findings.push(Level::Warning, "blocks-left-out", || findings::blocks_left_out(word, *place));
        }
        let mut seen = Vec::new();
        for cells in &mut self.rows {
            let given = cells.remove(heading).filter(|word| !word.is_empty());
            let block = match given {
                Some(word) if bad.is_none() => word,
                given => {
                    if let Some(word) = given {
                        cells.insert(remark(heading), word);
                    }
                    self.template.block().to_owned()
                }
            };
            if !seen.contains(&block) {
                seen.push(block.clone());
            }
            cells.insert(heading.to_owned(), block);
        }
        let taken = |name: &String| self.names.contains_key(name) || self.ids.contains_key(name);
        if let Some(place) =
            seen.iter().find(|name| taken(name)).and_then(|name| self.names.get(name).or_else(|| self.ids.get(name)))
        {
            let (place, block) = (*place, self.template.block().to_owned());
            self.findings.error("duplicate-name", || findings::name_taken(&block, place));
        }
        self.out.blocks = seen;
    }

    /// Once a column: what is absent, what was filled in, what nothing reads.
    pub(super) fn say_what_is_absent(&mut self, head: Place) {
        for (role, (lines, place)) in std::mem::take(&mut self.gaps) {
            let Some(mut effect) = findings::absent(role) else {
                continue;
            };
            let stand_in = match role {
                Role::Points => self.template.sample(Role::Points.heading()),
                Role::Rule => Some(self.template.default_rule()),
                _ => None,
            };
            if let Some(word) = stand_in {
                effect.zh.push_str(&format!("：{word}"));
                effect.en.push_str(&format!(": {word}"));
            }
            let whole = self.position(role).is_none();
            let (lines, place) = if whole { (Vec::new(), head) } else { (lines, place) };
            self.findings
                .push(Level::Warning, "column-absent", || findings::column_absent(role, &lines, place, &effect));
        }
        type Said = fn(&[usize], Place) -> kaoping_terms::Diagnostic;
        type Rows = Vec<(usize, Place)>;
        let told: [(Rows, &'static str, Level, Said); 3] = [
            (std::mem::take(&mut self.carried), "block-carried-down", Level::Note, findings::block_carried_down),
            (std::mem::take(&mut self.weighed), "weights-as-points", Level::Warning, findings::weights_as_points),
            (std::mem::take(&mut self.bounded), "target-from-bound", Level::Note, findings::target_from_bound),
        ];
        for (rows, name, level, said) in told {
            if let Some((_, place)) = rows.first().copied() {
                let lines: Vec<usize> = rows.iter().map(|(line, _)| *line).collect();
                self.findings.push(level, name, || said(&lines, place));
            }
        }
        for (choice, (word, words, rows)) in std::mem::take(&mut self.filled) {
            self.findings
                .push(Level::Warning, "choice-filled", || findings::choice_filled(&choice, &word, &words, rows, head));
        }
        for ((heading, rule), (lines, place)) in std::mem::take(&mut self.unread) {
            self.findings
                .push(Level::Warning, "column-not-read", || findings::not_read(&heading, &rule, &lines, place));
        }
        if !self.out.nouns.is_empty() {
            let nouns = self.out.nouns.clone();
            self.findings.push(Level::Warning, "nouns-declared", || findings::nouns_declared(&nouns));
        }
        if !self.out.says_met {
            self.findings.push(Level::Warning, "no-target-to-meet", findings::nobody_meets);
        }
    }

    /// The table as it is written: headings every policy has, then those of the rules, then
    /// what is only kept.
    pub(super) fn finish(mut self) -> Indicators {
        let first = [Role::Id, Role::Block, Role::Name, Role::Points, Role::Rule, Role::Target];
        let last = [Role::Definition, Role::Lead, Role::Responsible, Role::Supporting, Role::Clause];
        let always = [
            Role::Id,
            Role::Block,
            Role::Name,
            Role::Points,
            Role::Rule,
            Role::Target,
            Role::Lead,
            Role::Responsible,
            Role::Clause,
        ];
        let used: BTreeSet<&String> = self.rows.iter().flat_map(BTreeMap::keys).collect();
        let mut headings: Vec<String> = first.map(|role| role.heading().to_owned()).into();
        let listed = |heading: &&&String| {
            let role = first.iter().chain(&last);
            !role.map(|role| role.heading()).any(|known| known == heading.as_str())
        };
        let others: Vec<&String> = used.iter().filter(listed).copied().collect();
        let is_remark = |heading: &&&String| heading.starts_with(['#', '＃']);
        headings.extend(others.iter().filter(|heading| !is_remark(heading)).map(|h| (*h).clone()));
        headings.extend(
            last.iter()
                .filter(|role| always.contains(role) || used.iter().any(|h| h.as_str() == role.heading()))
                .map(|role| role.heading().to_owned()),
        );
        headings.extend(others.iter().filter(is_remark).map(|h| (*h).clone()));
        let rows = self
            .rows
            .iter()
            .map(|cells| headings.iter().map(|heading| cells.get(heading).cloned().unwrap_or_default()).collect());
        self.out.rows = rows.collect();
        self.out.headings = headings;
        self.out
    }
}
