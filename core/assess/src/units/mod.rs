//! Units: who is assessed, who stands above whom, and what each unit is.

mod builder;

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
pub use builder::UnitsBuilder;
use kaoping_cells::reading::{self, Refusal};
use kaoping_program::{Column, Kind, State};
use kaoping_scheme::{Standard, model::Attribute};
use kaoping_terms::{Exact, Place, nearest::nearest};

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

/// Units on shelves of a fixed size, so that millions are never moved to make room for one more.
#[derive(Clone, Debug, Default)]
struct Shelves(Vec<Vec<Unit>>);

impl Shelves {
    const SIZE: usize = 1 << 12;

    fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * Self::SIZE + last.len())
    }

    #[inline]
    fn get(&self, at: usize) -> Option<&Unit> {
        self.0.get(at / Self::SIZE)?.get(at % Self::SIZE)
    }

    fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.0.iter().flatten()
    }

    fn push(&mut self, unit: Unit) {
        match self.0.last_mut().filter(|last| last.len() < Self::SIZE) {
            Some(last) => last.push(unit),
            None => self.0.push(Vec::from([unit])),
        }
    }
}

/// All units, numbered from 0 in the order they were declared or first seen.
#[derive(Clone, Debug, Default)]
pub struct Units {
    units: Shelves,
    by_id: BTreeMap<String, u32>,
    /// Units by name, where it is not their id; none where several have it.
    by_name: BTreeMap<String, Option<u32>>,
    headers: Vec<String>,
    from_facts: bool,
}

impl Units {
    /// No units yet: every unit that facts or events name is taken, in the order of first sight.
    pub fn from_facts() -> Self {
        Self { from_facts: true, ..Self::default() }
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
        self.units.len() == 0
    }

    /// A unit by its number.
    pub fn get(&self, unit: u32) -> Option<&Unit> {
        self.units.get(unit as usize)
    }

    /// All units in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Unit)> {
        (0u32..).zip(self.units.iter())
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
        self.by_id.get(text).copied().or_else(|| self.by_name.get(text).copied().flatten())
    }

    /// The unit of that id or name; where units come from facts a new one is taken.
    pub(crate) fn find_or_take(&mut self, text: &str) -> Option<u32> {
        if !self.from_facts {
            return self.find(text);
        }
        // Those that facts name have no other names.
        let next = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        let number = *self.by_id.entry(text.to_string()).or_insert(next);
        if number == next {
            self.units.push(Unit { id: text.to_string(), name: text.to_string(), ..Unit::default() });
        }
        Some(number)
    }

    /// The unit id or name nearest to one that is unknown.
    pub(crate) fn nearest(&self, text: &str) -> Option<&str> {
        // Many thousand units are not searched for a spelling: the finding is clear without.
        let known = self.units.iter().take(5_000).flat_map(|unit| [unit.id.as_str(), unit.name.as_str()]);
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
        let is = |zh: &str, en: &str| names.iter().flatten().any(|name| *name == zh || *name == en);
        if let Some(at) = self.headers.iter().position(|header| names.contains(&Some(header.as_str()))) {
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
        let values = self.iter().map(|(unit, _)| self.value(standard, attribute, unit).and_then(Result::ok));
        let values: Vec<Option<Exact>> = values.collect();
        if values.is_empty() { Column::unknown(State::MISSING, 0) } else { Column::from_reported(values) }
    }

    fn value(&self, standard: &Standard, attribute: &Attribute, unit: u32) -> Option<Result<Exact, Refusal>> {
        let text = self.attribute(unit, attribute);
        if text.is_empty() {
            return None;
        }
        let spec = standard.program.columns.get(attribute.column.0 as usize)?;
        match &spec.kind {
            Kind::Number(measure) => {
                let value = reading::number(text, measure, &standard.nouns, &spec.scale);
                Some(value.and_then(
                    |value| {
                        if spec.bounds.contain(&value) { Ok(value) } else { Err(Refusal::OutOfRange) }
                    },
                ))
            }
            Kind::Text => Some(Ok(Exact::whole(i64::from(unit)))),
            kind => {
                let found = reading::code(kind, text, &standard.program)?;
                // A policy may name a unit by its name where the file has another id.
                let named = matches!(self.attribute_source(attribute), Source::Id)
                    .then(|| reading::code(kind, self.name(unit), &standard.program))
                    .flatten();
                let found = if matches!(found, Ok(code) if code >= 0) { found } else { named.unwrap_or(found) };
                Some(found.map(Exact::whole))
            }
        }
    }

    fn add(&mut self, unit: Unit) -> u32 {
        let number = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        self.by_id.insert(unit.id.clone(), number);
        // By its id a unit is found in any case.
        if unit.name != unit.id {
            self.by_name.entry(unit.name.clone()).and_modify(|known| *known = None).or_insert(Some(number));
        }
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
