//! Dated parameters: `参数,[key columns],数值,自,至,依据[,选择]`.

use super::cell_literal;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast;
use kaoping_terms::{Day, Diagnostic, FileId, Place, Report, Text, table::Cell, table::Table};

/// One row: a value with its keys and the days it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterRow {
    /// Name of the parameter.
    pub name: ast::Name,
    /// Key column and its word, such as 行业 = 一类.
    pub keys: Vec<(String, ast::Name)>,
    /// The value.
    pub value: ast::Literal,
    /// First day it holds.
    pub from: Option<Day>,
    /// Last day it holds; none: until further notice.
    pub to: Option<Day>,
    /// The clause it comes from.
    pub clause: Option<ast::Quoted>,
    /// Why it was chosen, where the text does not say.
    pub choice: Option<ast::Quoted>,
    /// The row.
    pub place: Place,
}

/// All dated parameters.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// The rows in text order.
    pub rows: Vec<ParameterRow>,
}

impl Parameters {
    /// Reads the table.
    pub fn read(_file: FileId, table: &Table, report: &mut Report) -> Parameters {
        let mut rows = Vec::new();
        for cells in &table.rows {
            if let Some(row) = row(table, cells, report) {
                rows.push(row);
            }
        }
        Parameters { rows }
    }

    /// The rows of a parameter that hold on a day.
    pub fn on<'a>(&'a self, name: &str, day: Option<Day>) -> Vec<&'a ParameterRow> {
        let holds = |row: &ParameterRow| match day {
            None => true,
            Some(day) => row.from.is_none_or(|from| from <= day) && row.to.is_none_or(|to| day <= to),
        };
        self.rows.iter().filter(|row| row.name.text == name && holds(row)).collect()
    }

    /// Whether the table has the parameter at all.
    pub fn has(&self, name: &str) -> bool {
        self.rows.iter().any(|row| row.name.text == name)
    }
}

fn row(table: &Table, cells: &[Cell], report: &mut Report) -> Option<ParameterRow> {
    let mut name = None;
    let mut value = None;
    let (mut from, mut to) = (None, None);
    let (mut clause, mut choice) = (None, None);
    let mut keys = Vec::new();
    let mut place = cells.first()?.place;
    for (header, cell) in table.header.iter().zip(cells) {
        place = place.to(cell.place);
        if cell.text.is_empty() {
            continue;
        }
        let quoted = || ast::Quoted { text: cell.text.clone(), place: cell.place };
        match header.text.as_str() {
            "参数" | "parameter" => name = Some(ast::Name { text: cell.text.clone(), place: cell.place }),
            "数值" | "value" => value = cell_literal(cell, report),
            "自" | "from" => from = day(cell, report),
            "至" | "until" => to = day(cell, report),
            "依据" | "clause" => clause = Some(quoted()),
            "选择" | "choice" => choice = Some(quoted()),
            other => keys.push((other.to_string(), ast::Name { text: cell.text.clone(), place: cell.place })),
        }
    }
    let (Some(name), Some(value)) = (name, value) else {
        report.push(
            Diagnostic::error(
                "parameter-incomplete",
                Text::new("参数表这一行缺名称或数值", "this row has no parameter name or no value"),
            )
            .at(place)
            .why(Text::new(
                "没有数值的参数无法使用，也不会默认为零",
                "a parameter without a value cannot be used and is never taken as zero",
            ))
            .next(Text::new("补上参数名和数值", "fill in the name and the value")),
        );
        return None;
    };
    Some(ParameterRow { name, keys, value, from, to, clause, choice, place })
}

/// A day in a cell.
pub(super) fn day(cell: &Cell, report: &mut Report) -> Option<Day> {
    let day = Day::parse(&cell.text);
    if day.is_none() {
        report.push(
            Diagnostic::error(
                "date-not-readable",
                Text::new(format!("“{}”不是一个日期", cell.text), format!("`{}` is not a date", cell.text)),
            )
            .at(cell.place)
            .why(Text::new("日期写成 2014-12-31，必须是日历上有的一天", "a date is written 2014-12-31 and must exist"))
            .next(Text::new("改成 年-月-日", "write year-month-day")),
        );
    }
    day
}
