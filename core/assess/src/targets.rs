//! Targets handed down to units, as the policy's table gives them.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{ColumnId, ColumnSource, Kind};
use kaoping_rules::literal;
use kaoping_scheme::{
    Standard,
    model::{Input, Item},
    read::{TargetRow, Targets},
};
use kaoping_syntax::ast::{Literal, LiteralNumber, Suffix};
use kaoping_terms::{Day, Exact, Measure, Report};

/// The noun that figures of a quantity without a declared unit carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noun {
    pub(crate) measure: Measure,
    /// The noun as written, where it is a multiple such as 万元, so that a bare number could
    /// mean either.
    pub(crate) multiple: Option<String>,
}

/// Targets ready for use: for each column of targets the figures of units.
#[derive(Clone, Debug, Default)]
pub struct HandedDown {
    /// Unit as written, figure; the one that counts on the day of the standard.
    columns: BTreeMap<ColumnId, BTreeMap<String, Exact>>,
    /// Nouns of quantities that the policy gives no unit.
    nouns: BTreeMap<Measure, Noun>,
}

impl HandedDown {
    /// Takes the rows of the table that belong to columns of the standard. A figure in the
    /// wrong unit is reported and left out.
    pub fn new(standard: &Standard, targets: &Targets, report: &mut Report) -> HandedDown {
        let mut handed = HandedDown::default();
        for (spec, id) in standard.program.columns.iter().zip((0u32..).map(ColumnId)) {
            let ColumnSource::Target { indicator, field } = &spec.source else {
                continue;
            };
            let Kind::Number(measure) = &spec.kind else {
                continue;
            };
            let items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
            let item = items.clone().find(|item| item.id == *indicator);
            let input = item.and_then(|item| item.inputs.iter().find(|input| input.name == *field));
            let rows = targets.rows.iter().filter(|row| is_for(row, indicator, item, field, input));
            let mut newest: BTreeMap<&str, &TargetRow> = BTreeMap::new();
            for row in rows.filter(|row| in_force(row.from, standard.day)) {
                let known = newest.entry(row.unit.as_str()).or_insert(row);
                if row.from > known.from {
                    *known = row;
                }
            }
            let scale = input.map_or_else(Exact::one, |input| input.scale.clone());
            for (unit, row) in newest {
                if let Some(value) = handed.value(standard, &row.value, measure, &scale, report) {
                    handed.columns.entry(id).or_default().insert(unit.to_string(), value);
                }
            }
        }
        handed
    }

    /// Whether any unit has a target for a column.
    pub(crate) fn has(&self, column: ColumnId) -> bool {
        self.columns.get(&column).is_some_and(|units| !units.is_empty())
    }

    fn value(
        &mut self,
        standard: &Standard,
        written: &Literal,
        measure: &Measure,
        scale: &Exact,
        report: &mut Report,
    ) -> Option<Exact> {
        if !measure.is_anonymous() {
            return literal::value_in(written, measure, &standard.nouns, report)?.scaled(scale);
        }
        let value = literal::value(written, &standard.nouns, report)?;
        if !value.bare {
            let multiple = match (&written.number, &value.number) {
                (LiteralNumber::Known(written), Some(base)) if written != base => Some(()),
                _ => None,
            };
            let multiple = multiple.and_then(|()| noun_text(&written.suffix));
            self.nouns.entry(measure.clone()).or_insert(Noun { measure: value.measure.clone(), multiple });
        }
        value.number
    }

    /// The target of a unit, by its id or name.
    pub(crate) fn get(&self, column: ColumnId, id: &str, name: &str) -> Option<&Exact> {
        let units = self.columns.get(&column)?;
        units.get(id).or_else(|| units.get(name))
    }

    /// The nouns of quantities without a declared unit, as targets give them.
    pub(crate) fn nouns(&self) -> &BTreeMap<Measure, Noun> {
        &self.nouns
    }
}

fn in_force(from: Option<Day>, day: Option<Day>) -> bool {
    match (from, day) {
        (Some(from), Some(day)) => from <= day,
        _ => true,
    }
}

fn is_for(row: &TargetRow, indicator: &str, item: Option<&Item>, field: &str, input: Option<&Input>) -> bool {
    let names = [Some(indicator), item.map(|item| item.name.as_str()), item.and_then(|item| item.alias.as_deref())];
    if !names.contains(&Some(row.indicator.as_str())) {
        return false;
    }
    let alias = input.and_then(|input| input.alias.as_deref());
    if row.field.is_empty() {
        return field == "目标数" || alias == Some("target");
    }
    row.field == field || alias == Some(row.field.as_str())
}

/// The unit behind a number, as written; a per cent is no multiple anybody leaves out.
fn noun_text(suffix: &Suffix) -> Option<String> {
    let Suffix::Unit(unit) = suffix else {
        return None;
    };
    let side =
        |names: &[kaoping_syntax::ast::Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("·");
    let (above, below) = (side(&unit.above), side(&unit.below));
    Some(if below.is_empty() { above } else { alloc::format!("{above}/{below}") })
}
