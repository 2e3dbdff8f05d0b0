//! Targets handed down: `单位,指标,字段,数值,自,依据`.

use super::cell_literal;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_syntax::ast;
use kaoping_terms::{Day, Diagnostic, FileId, Place, Report, Text, table::Table};

/// One target of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRow {
    /// The unit.
    pub unit: String,
    /// Id or name of the indicator.
    pub indicator: String,
    /// The input it is for; empty: the input called 目标数 or target.
    pub field: String,
    /// The figure.
    pub value: ast::Literal,
    /// Since when.
    pub from: Option<Day>,
    /// The paper it stands in.
    pub clause: String,
    /// The row.
    pub place: Place,
}

/// All targets of a policy.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// The rows in text order.
    pub rows: Vec<TargetRow>,
}

impl Targets {
    /// Reads the table.
    pub fn read(_file: FileId, table: &Table, report: &mut Report) -> Targets {
        let mut targets = Targets::default();
        for cells in &table.rows {
            let mut row = TargetRow {
                unit: String::new(),
                indicator: String::new(),
                field: String::new(),
                value: ast::Literal {
                    number: ast::LiteralNumber::Unreadable(String::new()),
                    suffix: ast::Suffix::None,
                    place: Place::default(),
                },
                from: None,
                clause: String::new(),
                place: cells.first().map(|cell| cell.place).unwrap_or_default(),
            };
            let mut has_value = false;
            for (header, cell) in table.header.iter().zip(cells) {
                row.place = row.place.to(cell.place);
                if cell.text.is_empty() {
                    continue;
                }
                match header.text.as_str() {
                    "单位" | "unit" => row.unit = cell.text.clone(),
                    "指标" | "indicator" => row.indicator = cell.text.clone(),
                    "字段" | "field" => row.field = cell.text.clone(),
                    "数值" | "value" => {
                        if let Some(value) = cell_literal(cell, report) {
                            row.value = value;
                            has_value = true;
                        }
                    }
                    "自" | "from" => row.from = super::parameters::day(cell, report),
                    "依据" | "clause" => row.clause = cell.text.to_string(),
                    _ => {}
                }
            }
            if row.unit.is_empty() || row.indicator.is_empty() || !has_value {
                report.push(incomplete(row.place));
            } else {
                targets.add(row, report);
            }
        }
        targets
    }

    fn add(&mut self, row: TargetRow, report: &mut Report) {
        let same = |other: &&TargetRow| {
            other.unit == row.unit
                && other.indicator == row.indicator
                && other.field == row.field
                && other.from == row.from
        };
        if let Some(first) = self.rows.iter().find(same) {
            report.push(
                Diagnostic::error(
                    "target-given-twice",
                    Text::new(
                        format!("{} 的“{}”下达了两个目标", row.unit, row.indicator),
                        format!("two targets for {} of {}", row.indicator, row.unit),
                    ),
                )
                .at(row.place)
                .also(first.place, Text::new("第一次在这里", "first given here"))
                .why(Text::new("同一单位同一指标只能有一个目标", "a unit has one target for an indicator"))
                .next(Text::new(
                    "删去一行；年中调整请写不同的“自”",
                    "remove one; for a change within the year give another 自",
                )),
            );
        }
        self.rows.push(row);
    }

    /// Whether any unit has a target for that input.
    pub fn any_for(&self, is_indicator: impl Fn(&str) -> bool, is_field: impl Fn(&str) -> bool) -> bool {
        self.rows.iter().any(|row| is_indicator(&row.indicator) && is_field(&row.field))
    }
}

fn incomplete(place: Place) -> Diagnostic {
    Diagnostic::error(
        "target-incomplete",
        Text::new("目标表这一行缺单位、指标或数值", "this row has no unit, no indicator or no value"),
    )
    .at(place)
    .why(Text::new("目标必须落到单位和指标", "a target belongs to a unit and an indicator"))
    .next(Text::new("补齐这一行", "fill in the row"))
}
