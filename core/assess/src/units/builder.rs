//! The rows of `units.csv`, and what can be wrong with them.

use super::{Unit, UnitRow, Units};
use crate::tally::Tally;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::ToString,
    vec::Vec,
};
use kaoping_program::Kind;
use kaoping_scheme::{Standard, model::Attribute};
use kaoping_terms::{Diagnostic, Place, Report, Text, nearest::nearest};

/// Takes the rows of `units.csv`.
#[derive(Clone, Debug, Default)]
pub struct UnitsBuilder {
    units: Units,
    tally: Tally,
}

impl UnitsBuilder {
    /// For a file whose columns besides the known ones have these headers.
    pub fn new(headers: &[&str]) -> Self {
        let headers = headers.iter().map(|header| (*header).to_string()).collect();
        Self { units: Units { headers, ..Units::default() }, tally: Tally::default() }
    }

    /// Takes a row: its known cells, and one cell for each further header.
    pub fn row(&mut self, row: &UnitRow<'_>, attributes: &[&str], place: Place) {
        if row.unit.is_empty() {
            self.tally.push("unit-without-id", || {
                Diagnostic::error("unit-without-id", Text::new("这一行没有单位编号", "this row has no unit id"))
                    .at(place)
                    .why(Text::new("数值靠单位编号归到单位", "figures find their unit by its id"))
                    .next(Text::new("填上“单位”一栏", "fill in the column `unit`"))
            });
            return;
        }
        if let Some(first) = self.units.by_id.get(row.unit).copied() {
            let first = self.units.get(first).and_then(|unit| unit.place);
            self.tally.push("duplicate-unit", || duplicate(row.unit, place, first));
            return;
        }
        let text = |text: &str| text.to_string();
        self.units.add(Unit {
            id: text(row.unit),
            name: text(if row.name.is_empty() { row.unit } else { row.name }),
            parent: text(row.parent),
            kind: text(row.kind),
            group: text(row.group),
            attributes: attributes.iter().map(|cell| text(cell)).collect(),
            place: Some(place),
        });
    }

    /// The units, and all that is wrong with them for that standard.
    pub fn finish(mut self, standard: &Standard) -> (Units, Report) {
        self.check_parents();
        for attribute in &standard.attributes {
            for (number, unit) in self.units.iter() {
                if let Some(Err(_)) = self.units.value(standard, attribute, number) {
                    let text = self.units.attribute(number, attribute);
                    self.tally.push("unknown-attribute-value", || unknown_value(standard, attribute, unit, text));
                }
            }
        }
        (self.units, self.tally.finish())
    }

    /// A parent outside the list is the common superior; a second one, or one that is nearly
    /// the name of a listed unit, is a slip.
    fn check_parents(&mut self) {
        let mut outside: BTreeMap<&str, usize> = BTreeMap::new();
        let mut inside: BTreeSet<u32> = BTreeSet::new();
        for (_, unit) in self.units.iter().filter(|(_, unit)| !unit.parent.is_empty()) {
            match self.units.find(&unit.parent) {
                Some(parent) => {
                    inside.insert(parent);
                }
                None => *outside.entry(unit.parent.as_str()).or_insert(0) += 1,
            }
        }
        let superior = outside.iter().max_by_key(|(_, count)| **count).map(|(name, _)| *name);
        for (_, unit) in self.units.iter().filter(|(_, unit)| outside.contains_key(unit.parent.as_str())) {
            let parents = inside.iter().filter_map(|number| self.units.get(*number));
            let hint = nearest(&unit.parent, parents.flat_map(|parent| [parent.id.as_str(), parent.name.as_str()]));
            if hint.is_some() || Some(unit.parent.as_str()) != superior {
                self.tally.push("unknown-parent", || unknown_parent(unit, hint));
            }
        }
    }
}

fn duplicate(id: &str, place: Place, first: Option<Place>) -> Diagnostic {
    let finding = Diagnostic::error(
        "duplicate-unit",
        Text::new(format!("单位“{id}”出现两次"), format!("the unit `{id}` is listed twice")),
    )
    .at(place)
    .why(Text::new(
        "一个编号只能是一个单位，否则数值不知归谁",
        "an id stands for one unit; otherwise figures belong to nobody for certain",
    ))
    .next(Text::new("删去一行，或改其中一个编号", "remove a row, or change one of the ids"));
    match first {
        Some(first) => finding.also(first, Text::new("第一次在这里", "first listed here")),
        None => finding,
    }
}

fn unknown_parent(unit: &Unit, hint: Option<&str>) -> Diagnostic {
    let (id, parent) = (&unit.id, &unit.parent);
    let next = match hint {
        Some(hint) => Text::new(format!("是不是“{hint}”？"), format!("did you mean `{hint}`?")),
        None => Text::new("补上这个上级单位，或改这一格", "list the unit above, or change the cell"),
    };
    let finding = Diagnostic::warning(
        "unknown-parent",
        Text::new(
            format!("“{id}”的上级“{parent}”不在单位表里"),
            format!("the unit above `{id}`, `{parent}`, is not in the list of units"),
        ),
    )
    .why(Text::new(
        "下级汇总按上级归口，找不到上级就不会计入",
        "sums over subordinates go by the unit above; without it the unit is left out of them",
    ))
    .next(next);
    match unit.place {
        Some(place) => finding.at(place),
        None => finding,
    }
}

fn unknown_value(standard: &Standard, attribute: &Attribute, unit: &Unit, text: &str) -> Diagnostic {
    let kind = standard.program.columns.get(attribute.column.0 as usize).map(|spec| &spec.kind);
    let expected = match kind {
        Some(Kind::Word(list)) => standard
            .program
            .word_lists
            .get(list.0 as usize)
            .map(|list| list.words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join("、")),
        Some(Kind::Truth) => Some("是、否".to_string()),
        _ => None,
    }
    .unwrap_or_default();
    let (id, name) = (&unit.id, &attribute.name);
    let finding = Diagnostic::error(
        "unknown-attribute-value",
        Text::new(
            format!("“{id}”的{name}写作“{text}”，不认识"),
            format!("{name} of `{id}` is `{text}`, which is not known"),
        ),
    )
    .why(Text::new(
        format!("方案按{name}决定谁被考核、怎么算，只认声明过的值：{expected}"),
        format!("the policy goes by {name}; it knows: {expected}"),
    ))
    .next(Text::new("改成声明过的值，或在方案的“属性”里加上", "write a declared value, or declare it in the policy"));
    match unit.place {
        Some(place) => finding.at(place),
        None => finding,
    }
}
