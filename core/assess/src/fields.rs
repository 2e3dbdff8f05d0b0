//! Which indicators and fields a standard reads, and how files may call them.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use kaoping_cells::Range;
use kaoping_program::{ColumnId, ColumnSource, Kind, Program, RowsetId, RowsetSpec, Shape};
use kaoping_scheme::Standard;
use kaoping_terms::Exact;
use kaoping_terms::nearest::nearest;

/// An indicator that facts may name.
#[derive(Clone, Debug)]
pub(crate) struct Indicator {
    pub(crate) id: String,
    pub(crate) slots: Vec<u32>,
    /// The slots a figure without a field may be meant for: neither bound nor a target.
    pub(crate) asked: Vec<u32>,
}

/// One figure a unit may report: of an indicator, or of the unit itself.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// Position of the indicator; none for a figure of the unit itself.
    pub(crate) indicator: Option<u32>,
    /// The field, as the policy calls it (as the file does, for figures of the unit itself).
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) range: Range,
    /// What a bare number is multiplied by.
    pub(crate) scale: Exact,
    /// How many assessors judge it, so that the name of each is part of the figure; 0 for none.
    pub(crate) judges: u32,
}

/// Why a figure finds no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldFault {
    UnknownIndicator { near: Option<String> },
    AmbiguousIndicator { ids: Vec<String> },
    UnknownField { near: Option<String>, known: Vec<String> },
    FieldNeeded { known: Vec<String> },
}

/// All figures a standard reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) slots: Vec<Slot>,
    /// How many of them the standard reads; the others are figures of the unit itself.
    declared: usize,
    by_column: Vec<Option<u32>>,
    ids: BTreeMap<String, u32>,
    names: BTreeMap<String, Vec<u32>>,
    /// Figures of the unit itself, by the field as files write it.
    own: BTreeMap<String, u32>,
}

impl Fields {
    pub(crate) fn new(standard: &Standard) -> Fields {
        let mut fields = Fields::default();
        for item in standard.schemes.iter().flat_map(|scheme| &scheme.items) {
            let number = fields.indicator(&item.id);
            let last = item.id.rsplit('/').next();
            for name in [Some(item.name.as_str()), item.alias.as_deref(), last].into_iter().flatten() {
                let known = fields.names.entry(name.to_string()).or_default();
                if !known.contains(&number) {
                    known.push(number);
                }
            }
        }
        for spec in &standard.program.columns {
            let slot = match &spec.source {
                ColumnSource::Fact { indicator, field, alias, .. } => {
                    let indicator = indicator.as_ref().map(|id| fields.indicator(id));
                    Some(fields.slot(
                        indicator,
                        field,
                        alias.as_deref(),
                        spec.kind.clone(),
                        || Range::new(&spec.bounds),
                        &spec.scale,
                    ))
                }
                _ => None,
            };
            if let Shape::Rows(rowset) = spec.shape
                && let Some(RowsetSpec::Assessors { .. }) = standard.program.rowsets.get(rowset.0 as usize)
                && let Some(slot) = slot.and_then(|slot| fields.slots.get_mut(slot as usize))
            {
                slot.judges = judges(standard, rowset);
            }
            fields.by_column.push(slot);
        }
        fields.declared = fields.slots.len();
        fields.mark_asked(standard);
        fields
    }

    /// The slot a column of facts reads.
    pub(crate) fn of_column(&self, column: ColumnId) -> Option<u32> {
        self.by_column.get(column.0 as usize).copied().flatten()
    }

    /// The slots of figures of the unit itself that stand in for a slot without an own figure.
    pub(crate) fn stand_ins(&self, slot: u32, program: &Program) -> Vec<u32> {
        let Some(own) = self.slots.get(slot as usize) else {
            return Vec::new();
        };
        let names = [Some(own.name.as_str()), own.alias.as_deref()];
        let found = names.iter().flatten().filter_map(|name| self.own.get(*name).copied());
        let fits = |other: &u32| {
            *other != slot
                && self.slots.get(*other as usize).is_some_and(|other| same_kind(program, &own.kind, &other.kind))
        };
        found.filter(fits).collect()
    }

    /// The slots of an indicator.
    pub(crate) fn slots_of(&self, id: &str) -> &[u32] {
        let found = self.ids.get(id).and_then(|number| self.indicators.get(*number as usize));
        found.map_or(&[], |indicator| &indicator.slots)
    }

    /// The id of an indicator.
    pub(crate) fn indicator_id(&self, indicator: Option<u32>) -> Option<&str> {
        self.indicators.get(indicator? as usize).map(|indicator| indicator.id.as_str())
    }

    fn indicator(&mut self, id: &str) -> u32 {
        if let Some(number) = self.ids.get(id) {
            return *number;
        }
        let number = u32::try_from(self.indicators.len()).unwrap_or(u32::MAX);
        self.ids.insert(id.to_string(), number);
        self.indicators.push(Indicator { id: id.to_string(), slots: Vec::new(), asked: Vec::new() });
        number
    }

    fn slot(
        &mut self,
        indicator: Option<u32>,
        name: &str,
        alias: Option<&str>,
        kind: Kind,
        range: impl Fn() -> Range,
        scale: &Exact,
    ) -> u32 {
        let known = match indicator.and_then(|indicator| self.indicators.get(indicator as usize)) {
            Some(indicator) => indicator
                .slots
                .iter()
                .copied()
                .find(|slot| self.slots.get(*slot as usize).is_some_and(|slot| slot.name == name)),
            None => self.own.get(name).copied(),
        };
        if let Some(known) = known {
            return known;
        }
        let number = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(Slot {
            indicator,
            name: name.to_string(),
            alias: alias.map(String::from),
            kind,
            range: range(),
            scale: scale.clone(),
            judges: 0,
        });
        match indicator.and_then(|indicator| self.indicators.get_mut(indicator as usize)) {
            Some(indicator) => indicator.slots.push(number),
            None => {
                for name in [Some(name), alias].into_iter().flatten() {
                    self.own.entry(name.to_string()).or_insert(number);
                }
            }
        }
        number
    }

    /// Finds out which figures must be reported, so that a file may leave their field empty.
    fn mark_asked(&mut self, standard: &Standard) {
        for item in standard.schemes.iter().flat_map(|scheme| &scheme.items) {
            let Some(number) = self.ids.get(&item.id).copied() else {
                continue;
            };
            let handed_down = |name: &str| {
                standard.program.columns.iter().any(|spec| {
                    matches!(&spec.source, ColumnSource::Target { indicator, field } if *indicator == item.id && field == name)
                })
            };
            let is_target = |input: &kaoping_scheme::model::Input| {
                input.bound.is_some()
                    || input.name == "目标数"
                    || input.alias.as_deref() == Some("target")
                    || handed_down(&input.name)
            };
            let asked =
                item.inputs.iter().filter(|input| !is_target(input)).filter_map(|input| self.of_column(input.column));
            let asked: Vec<u32> = asked.collect();
            if let Some(indicator) = self.indicators.get_mut(number as usize) {
                indicator.asked = asked;
            }
        }
        for indicator in &mut self.indicators {
            if indicator.asked.is_empty() && indicator.slots.len() == 1 {
                indicator.asked.clone_from(&indicator.slots);
            }
        }
    }

    /// Whether a field is one that some indicator reads, by its name or its alias.
    pub(crate) fn is_field(&self, field: &str) -> bool {
        let declared = self.slots.get(..self.declared).unwrap_or_default();
        declared.iter().any(|slot| slot.name == field || slot.alias.as_deref() == Some(field))
    }

    /// The field nearest to a word that is none.
    pub(crate) fn nearest_field(&self, word: &str) -> Option<&str> {
        let declared = self.slots.get(..self.declared).unwrap_or_default();
        nearest(word, declared.iter().flat_map(|slot| [Some(slot.name.as_str()), slot.alias.as_deref()]).flatten())
    }

    /// The slot for an indicator and a field as a file writes them.
    pub(crate) fn resolve(&mut self, indicator: &str, field: &str) -> Result<u32, FieldFault> {
        if indicator.is_empty() {
            return self.own_slot(field);
        }
        let number = match self.ids.get(indicator) {
            Some(number) => *number,
            None => match self.names.get(indicator).map(Vec::as_slice) {
                Some([number]) => *number,
                Some(several) => {
                    return Err(FieldFault::AmbiguousIndicator {
                        ids: several.iter().filter_map(|n| self.indicator_id(Some(*n))).map(String::from).collect(),
                    });
                }
                None => {
                    let known = self.ids.keys().chain(self.names.keys()).map(String::as_str);
                    return Err(FieldFault::UnknownIndicator { near: nearest(indicator, known).map(String::from) });
                }
            },
        };
        let Some(found) = self.indicators.get(number as usize) else {
            return Err(FieldFault::UnknownIndicator { near: None });
        };
        let known = |slots: &[u32]| {
            slots
                .iter()
                .filter_map(|slot| self.slots.get(*slot as usize))
                .map(|slot| slot.name.clone())
                .collect::<Vec<_>>()
        };
        if field.is_empty() {
            return match found.asked.as_slice() {
                [slot] => Ok(*slot),
                _ => Err(FieldFault::FieldNeeded { known: known(&found.slots) }),
            };
        }
        let is_it = |slot: &&u32| {
            self.slots
                .get(**slot as usize)
                .is_some_and(|slot| slot.name == field || slot.alias.as_deref() == Some(field))
        };
        found.slots.iter().find(is_it).copied().ok_or_else(|| {
            let slots = found.slots.iter().filter_map(|slot| self.slots.get(*slot as usize));
            let names = slots.flat_map(|slot| [Some(slot.name.as_str()), slot.alias.as_deref()]).flatten();
            FieldFault::UnknownField { near: nearest(field, names).map(String::from), known: known(&found.slots) }
        })
    }

    /// The slot for a figure of the unit itself: any field that some indicator reads.
    fn own_slot(&mut self, field: &str) -> Result<u32, FieldFault> {
        if let Some(known) = self.own.get(field) {
            return Ok(*known);
        }
        let is_called = |slot: &&Slot| slot.name == field || slot.alias.as_deref() == Some(field);
        let Some(model) = self.slots.iter().find(is_called).filter(|_| !field.is_empty()) else {
            // Whatever earlier rows named: the answer does not depend on where the row stands.
            let declared = self.slots.get(..self.declared).unwrap_or_default();
            let names = declared.iter().flat_map(|slot| [Some(slot.name.as_str()), slot.alias.as_deref()]).flatten();
            let near = nearest(field, names).map(String::from);
            let mut known: Vec<String> = vec![];
            for slot in declared {
                if !known.contains(&slot.name) {
                    known.push(slot.name.clone());
                }
            }
            return Err(FieldFault::UnknownField { near, known });
        };
        let (kind, range, scale) = (model.kind.clone(), model.range.clone(), model.scale.clone());
        Ok(self.slot(None, field, None, kind, || range.clone(), &scale))
    }
}

/// How many assessors judge the figures of a rowset; one at least.
fn judges(standard: &Standard, rowset: RowsetId) -> u32 {
    let items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let inputs = items.flat_map(|item| &item.inputs).filter(|input| input.rows == Some(rowset));
    let due = inputs.filter_map(|input| input.assessors.as_ref().and_then(Exact::to_i64)).max();
    due.and_then(|due| u32::try_from(due).ok()).unwrap_or(1).max(1)
}

/// Whether figures of one kind may stand in for another: the same unit, or lists of the same words.
fn same_kind(program: &Program, a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Number(a), Kind::Number(b)) => a == b || a.is_anonymous() || b.is_anonymous(),
        (Kind::Word(a), Kind::Word(b)) => {
            let words =
                |list: &kaoping_program::WordListId| program.word_lists.get(list.0 as usize).map(|list| &list.words);
            words(a) == words(b)
        }
        _ => a == b,
    }
}
