//! Units: who is assessed, who stands above whom, and what each unit is.

use crate::{
    reading::{self, Refusal},
    tally::Tally,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Column, Kind, State};
use kaoping_scheme::{Standard, model::Attribute};
use kaoping_terms::{Diagnostic, Exact, Place, Report, Text, nearest::nearest};

/// One row of `units.csv`; empty where the file has no such cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnitRow<'a> {
    /// Id, which facts and events use.
    pub unit: &'a str,
    /// Name; empty: the id.
    pub name: &'a str,
    /// Id or name of the unit above.
    pub parent: &'a str,
    /// What kind of unit it is.
    pub kind: &'a str,
    /// Its peer group.
    pub group: &'a str,
}

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Id in files.
    pub id: String,
    /// Name shown to people.
    pub name: String,
    /// Id or name of the unit above, as written.
    pub parent: String,
    /// Its kind.
    pub kind: String,
    /// Its peer group, as written.
    pub group: String,
    /// Its further attributes, one for each header of the file.
    pub attributes: Vec<String>,
    /// Where it stands; absent where the unit is only known from facts.
    pub place: Option<Place>,
}

/// All units, numbered from 0 in the order they were declared or first seen.
#[derive(Clone, Debug, Default)]
pub struct Units {
    units: Vec<Unit>,
    by_id: BTreeMap<String, u32>,
    /// Units by name; none where several have it.
    by_name: BTreeMap<String, Option<u32>>,
    headers: Vec<String>,
    from_facts: bool,
}

impl Units {
    /// No units yet: every unit that facts or events name is taken, in the order of first sight.
    pub fn from_facts() -> Self {
        Self {
            from_facts: true,
            ..Self::default()
        }
    }

    /// Whether units are taken from the facts.
    pub fn are_from_facts(&self) -> bool {
        self.from_facts
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// A unit by its number.
    pub fn get(&self, unit: u32) -> Option<&Unit> {
        self.units.get(unit as usize)
    }

    /// All units in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Unit)> {
        (0u32..).zip(&self.units)
    }

    /// The id of a unit; empty for a number no unit has.
    pub fn id(&self, unit: u32) -> &str {
        self.get(unit).map_or("", |unit| unit.id.as_str())
    }

    /// The name of a unit; empty for a number no unit has.
    pub fn name(&self, unit: u32) -> &str {
        self.get(unit).map_or("", |unit| unit.name.as_str())
    }

    /// The unit of that id, or of that name if only one has it.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.by_id
            .get(text)
            .copied()
            .or_else(|| self.by_name.get(text).copied().flatten())
    }

    /// The unit of that id or name; where units come from facts a new one is taken.
    pub(crate) fn find_or_take(&mut self, text: &str) -> Option<u32> {
        self.find(text).or_else(|| {
            let unit = Unit {
                id: text.to_string(),
                name: text.to_string(),
                ..Unit::default()
            };
            self.from_facts.then(|| self.add(unit))
        })
    }

    /// The unit id or name nearest to one that is unknown.
    pub(crate) fn nearest(&self, text: &str) -> Option<&str> {
        // Many thousand units are not searched for a spelling: the finding is clear without.
        let known = self
            .units
            .iter()
            .take(5_000)
            .flat_map(|unit| [unit.id.as_str(), unit.name.as_str()]);
        nearest(text, known)
    }

    /// What a unit has for an attribute, as written; empty where nothing is.
    pub fn attribute(&self, unit: u32, attribute: &Attribute) -> &str {
        let Some(unit) = self.get(unit) else {
            return "";
        };
        match self.attribute_source(attribute) {
            Source::Kind => &unit.kind,
            Source::Group => &unit.group,
            Source::Id => &unit.id,
            Source::Name => &unit.name,
            Source::Parent => &unit.parent,
            Source::Header(at) => unit.attributes.get(at).map_or("", String::as_str),
            Source::Absent => "",
        }
    }

    fn attribute_source(&self, attribute: &Attribute) -> Source {
        let names = [Some(attribute.name.as_str()), attribute.alias.as_deref()];
        let is = |zh: &str, en: &str| {
            names
                .iter()
                .flatten()
                .any(|name| *name == zh || *name == en)
        };
        if let Some(at) = self
            .headers
            .iter()
            .position(|header| names.contains(&Some(header.as_str())))
        {
            return Source::Header(at);
        }
        match () {
            () if is("类别", "kind") => Source::Kind,
            () if is("分组", "group") => Source::Group,
            () if is("单位", "unit") => Source::Id,
            () if is("名称", "name") => Source::Name,
            () if is("上级", "parent") => Source::Parent,
            () => Source::Absent,
        }
    }

    /// The values of an attribute as a column; 未报 where a unit has none or one that cannot be read.
    pub(crate) fn column(&self, standard: &Standard, attribute: &Attribute) -> Column {
        let values = (0u32..)
            .zip(&self.units)
            .map(|(unit, _)| self.value(standard, attribute, unit).and_then(Result::ok));
        let values: Vec<Option<Exact>> = values.collect();
        if values.is_empty() {
            Column::unknown(State::MISSING, 0)
        } else {
            Column::from_reported(values)
        }
    }

    fn value(
        &self,
        standard: &Standard,
        attribute: &Attribute,
        unit: u32,
    ) -> Option<Result<Exact, Refusal>> {
        let text = self.attribute(unit, attribute);
        if text.is_empty() {
            return None;
        }
        let spec = standard.program.columns.get(attribute.column.0 as usize)?;
        match &spec.kind {
            Kind::Number(measure) => {
                let value = reading::number(text, measure, &standard.nouns);
                Some(value.and_then(|value| {
                    if spec.bounds.contain(&value) {
                        Ok(value)
                    } else {
                        Err(Refusal::OutOfRange)
                    }
                }))
            }
            Kind::Text => Some(Ok(Exact::whole(i64::from(unit)))),
            kind => {
                let found = reading::code(kind, text, &standard.program)?;
                // A policy may name a unit by its name where the file has another id.
                let named = matches!(self.attribute_source(attribute), Source::Id)
                    .then(|| reading::code(kind, self.name(unit), &standard.program))
                    .flatten();
                let found = if matches!(found, Ok(code) if code >= 0) {
                    found
                } else {
                    named.unwrap_or(found)
                };
                Some(found.map(Exact::whole))
            }
        }
    }

    fn add(&mut self, unit: Unit) -> u32 {
        let number = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        self.by_id.insert(unit.id.clone(), number);
        self.by_name
            .entry(unit.name.clone())
            .and_modify(|known| *known = None)
            .or_insert(Some(number));
        self.units.push(unit);
        number
    }
}

#[derive(Clone, Copy)]
enum Source {
    Kind,
    Group,
    Id,
    Name,
    Parent,
    Header(usize),
    Absent,
}

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
        Self {
            units: Units {
                headers,
                ..Units::default()
            },
            tally: Tally::default(),
        }
    }

    /// Takes a row: its known cells, and one cell for each further header.
    pub fn row(&mut self, row: &UnitRow<'_>, attributes: &[&str], place: Place) {
        if row.unit.is_empty() {
            self.tally.push("unit-without-id", || {
                Diagnostic::error(
                    "unit-without-id",
                    Text::new("这一行没有单位编号", "this row has no unit id"),
                )
                .at(place)
                .why(Text::new(
                    "数值靠单位编号归到单位",
                    "figures find their unit by its id",
                ))
                .next(Text::new("填上“单位”一栏", "fill in the column `unit`"))
            });
            return;
        }
        if let Some(first) = self.units.by_id.get(row.unit).copied() {
            let first = self.units.get(first).and_then(|unit| unit.place);
            self.tally
                .push("duplicate-unit", || duplicate(row.unit, place, first));
            return;
        }
        let text = |text: &str| text.to_string();
        self.units.add(Unit {
            id: text(row.unit),
            name: text(if row.name.is_empty() {
                row.unit
            } else {
                row.name
            }),
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
                    self.tally.push("unknown-attribute-value", || {
                        unknown_value(standard, attribute, unit, text)
                    });
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
        for (_, unit) in self
            .units
            .iter()
            .filter(|(_, unit)| !unit.parent.is_empty())
        {
            match self.units.find(&unit.parent) {
                Some(parent) => {
                    inside.insert(parent);
                }
                None => *outside.entry(unit.parent.as_str()).or_insert(0) += 1,
            }
        }
        let superior = outside
            .iter()
            .max_by_key(|(_, count)| **count)
            .map(|(name, _)| *name);
        for (_, unit) in self
            .units
            .iter()
            .filter(|(_, unit)| outside.contains_key(unit.parent.as_str()))
        {
            let parents = inside.iter().filter_map(|number| self.units.get(*number));
            let hint = nearest(
                &unit.parent,
                parents.flat_map(|parent| [parent.id.as_str(), parent.name.as_str()]),
            );
            if hint.is_some() || Some(unit.parent.as_str()) != superior {
                self.tally
                    .push("unknown-parent", || unknown_parent(unit, hint));
            }
        }
    }
}

fn duplicate(id: &str, place: Place, first: Option<Place>) -> Diagnostic {
    let finding = Diagnostic::error(
        "duplicate-unit",
        Text::new(
            format!("单位“{id}”出现两次"),
            format!("the unit `{id}` is listed twice"),
        ),
    )
    .at(place)
    .why(Text::new(
        "一个编号只能是一个单位，否则数值不知归谁",
        "an id stands for one unit; otherwise figures belong to nobody for certain",
    ))
    .next(Text::new(
        "删去一行，或改其中一个编号",
        "remove a row, or change one of the ids",
    ));
    match first {
        Some(first) => finding.also(first, Text::new("第一次在这里", "first listed here")),
        None => finding,
    }
}

fn unknown_parent(unit: &Unit, hint: Option<&str>) -> Diagnostic {
    let (id, parent) = (&unit.id, &unit.parent);
    let next = match hint {
        Some(hint) => Text::new(
            format!("是不是“{hint}”？"),
            format!("did you mean `{hint}`?"),
        ),
        None => Text::new(
            "补上这个上级单位，或改这一格",
            "list the unit above, or change the cell",
        ),
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

fn unknown_value(
    standard: &Standard,
    attribute: &Attribute,
    unit: &Unit,
    text: &str,
) -> Diagnostic {
    let kind = standard
        .program
        .columns
        .get(attribute.column.0 as usize)
        .map(|spec| &spec.kind);
    let expected = match kind {
        Some(Kind::Word(list)) => standard
            .program
            .word_lists
            .get(list.0 as usize)
            .map(|list| {
                list.words
                    .iter()
                    .map(|(word, _)| word.as_str())
                    .collect::<Vec<_>>()
                    .join("、")
            }),
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
    .next(Text::new(
        "改成声明过的值，或在方案的“属性”里加上",
        "write a declared value, or declare it in the policy",
    ));
    match unit.place {
        Some(place) => finding.at(place),
        None => finding,
    }
}
