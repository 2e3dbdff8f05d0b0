//! Where findings stand in the item table: those about a row or a cell of it, and those about what a row lacks.

use crate::read::{ItemText, Policy, SchemeText, is_headed};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast::{BodyKind, Choice, SettingKind};
use kaoping_terms::{
    Diagnostic, FileId, Place,
    table::{self, Cell, Table},
};

/// A cell of an item table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file of the table.
    pub file: FileId,
    /// The line its row begins at, from 1.
    pub line: usize,
    /// The head of its column; one the table has not yet, where a column is what is missing.
    pub column: String,
}

/// What a row lacks stands nowhere: the column it would stand in.
const LACKING: &[(&str, &str)] =
    &[("no-clause", "依据"), ("no-lead", "牵头"), ("no-responsible", "责任"), ("points-missing", "分值")];

/// The item tables of a policy, read once.
pub struct Grid<'a> {
    policy: &'a Policy,
    tables: Vec<(FileId, Table)>,
}

impl<'a> Grid<'a> {
    /// The item tables of a policy.
    pub fn of(policy: &'a Policy) -> Self {
        let mut tables: Vec<(FileId, Table)> = Vec::new();
        for item in policy.schemes.iter().flat_map(|scheme| &scheme.items).filter(|item| item.from_table) {
            let file = item.place.file;
            if tables.iter().all(|(known, _)| *known != file) {
                let text = policy.sources.file(file).map(|file| file.text.as_str()).unwrap_or_default();
                tables.push((file, table::read(file, text)));
            }
        }
        Self { policy, tables }
    }

    /// The cells a finding is about; none where it is about something else.
    pub fn cells(&self, finding: &Diagnostic) -> Vec<At> {
        let own = finding.place.iter().chain(finding.related.iter().map(|(place, _)| place));
        let mut cells: Vec<At> = own.filter_map(|place| self.cell(finding.name, *place)).collect();
        if finding.name == "choice-not-made" {
            cells.extend(finding.place.into_iter().flat_map(|place| self.open(place)));
        }
        cells.dedup();
        cells
    }

    fn cell(&self, name: &str, place: Place) -> Option<At> {
        let (file, table) = self.tables.iter().find(|(file, _)| *file == place.file)?;
        let holds = |row: &&[Cell]| match (row.first(), row.last()) {
            (Some(first), Some(last)) => first.place.start <= place.start && place.start <= last.place.end,
            _ => false,
        };
        let mut rows = core::iter::once(table.header.as_slice()).chain(table.rows.iter().map(Vec::as_slice));
        let row = rows.find(holds)?;
        let at = row.iter().rposition(|cell| cell.place.start <= place.start)?;
        let is_wide = row.get(at + 1).is_some_and(|next| next.place.start <= place.end && place.start < place.end);
        let lacking = LACKING.iter().find(|(known, _)| *known == name).map(|(_, head)| *head);
        let head = match lacking {
            Some(head) => self.head(table, head),
            None if is_wide => self.head(table, "名称"),
            None => table.header.get(at).map(|cell| cell.text.clone()).unwrap_or_default(),
        };
        Some(At { file: *file, line: self.line(row)?, column: head })
    }

    fn line(&self, row: &[Cell]) -> Option<usize> {
        Some(self.policy.sources.position(row.first()?.place).line)
    }

    /// A column as its table heads it, in either language.
    fn head(&self, table: &Table, name: &str) -> String {
        let found = table.header.iter().find(|cell| is_headed(&cell.text, name));
        found.map_or_else(|| name.to_string(), |cell| cell.text.clone())
    }

    /// The cells of rows that leave a choice of their rule open.
    fn open(&self, place: Place) -> Vec<At> {
        let chosen = self.policy.rules.iter().find_map(|rule| {
            let choice = rule.it.body.iter().find_map(|line| match &line.kind {
                BodyKind::Choice(choice) if holds(line.place, place) => Some(choice),
                _ => None,
            })?;
            Some((rule.it.name.name.text.as_str(), choice))
        });
        let Some((rule, choice)) = chosen else { return Vec::new() };
        let schemes = self.policy.schemes.iter();
        let rows = schemes.flat_map(|scheme| scheme.items.iter().map(move |item| (scheme, item)));
        let open = rows.filter(|(scheme, item)| item.from_table && leaves_open(scheme, item, rule, choice));
        open.filter_map(|(_, item)| {
            let (_, table) = self.tables.iter().find(|(file, _)| *file == item.place.file)?;
            let is_row = |row: &&Vec<Cell>| row.first().is_some_and(|cell| cell.place.start == item.place.start);
            let line = self.line(table.rows.iter().find(is_row)?)?;
            Some(At { file: item.place.file, line, column: choice.name.name.text.clone() })
        })
        .collect()
    }
}

fn holds(around: Place, place: Place) -> bool {
    around.file == place.file && around.start <= place.start && place.end <= around.end
}

/// Whether a row uses the rule and does not say which way of the choice it takes.
fn leaves_open(scheme: &SchemeText, item: &ItemText, rule: &str, choice: &Choice) -> bool {
    let by = item.item.body.iter().find_map(|line| match &line.kind {
        BodyKind::By { rule, bindings } => Some((rule.text.as_str(), bindings.as_slice())),
        _ => None,
    });
    let usual = scheme.scheme.settings.iter().find_map(|setting| match &setting.kind {
        SettingKind::DefaultRule(name) => Some(name.text.as_str()),
        _ => None,
    });
    let (used, bindings) = by.unwrap_or_default();
    let used = if used.is_empty() { usual.unwrap_or_default() } else { used };
    used == rule && !bindings.iter().any(|(name, _)| name.text == choice.name.name.text)
}
