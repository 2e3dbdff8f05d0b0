//! What the inputs and event columns of a standard take, for whoever asks for values before they are scored.

use crate::{events::needed, prepare};
use alloc::{borrow::ToOwned, collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_program::{Bounds, ColumnId, Domain, Kind, Op};
use kaoping_rules::{measures::Nouns, written::values};
use kaoping_scheme::{
    Standard,
    model::{EventTable, Input, Item},
};
use kaoping_syntax::ast::Comparison;
use kaoping_terms::{Exact, Measure};

/// What is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A number.
    Number(TakenNumber),
    /// Yes or no.
    Truth,
    /// One of these words, each with its code where it has one.
    Words(Vec<(String, Option<String>)>),
    /// A day.
    Day,
    /// Anything.
    Text,
}

/// A number in the unit a bare one is read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenNumber {
    /// That unit: `%` for a ratio, empty for a plain number or where the policy leaves it open.
    pub unit: String,
    /// A name for a unit that is left open; inputs with the same name have the same.
    pub like: Option<String>,
    /// Other units that may stand behind it, and how many of `unit` one of each is.
    pub also: Vec<(String, String)>,
    /// The least, and whether it is allowed itself.
    pub least: Option<(String, bool)>,
    /// The most, and whether it is allowed itself.
    pub most: Option<(String, bool)>,
    /// It is a multiple of this.
    pub step: Option<String>,
}

/// A declared column of an event table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenColumn {
    /// Its name.
    pub name: String,
    /// Its name in files.
    pub alias: Option<String>,
    /// What it takes.
    pub takes: Taken,
    /// Whether every event has to say something there.
    pub needed: bool,
}

/// The event tables whose events an item counts: takes or gives points for, or takes into its formula.
pub fn tables_of(standard: &Standard, item: &Item) -> Vec<String> {
    let program = &standard.program;
    let reached = prepare::reached(program, &item.base.into_iter().collect::<Vec<_>>());
    let nodes = program.nodes.iter().zip(&reached).filter(|(_, reached)| **reached);
    let in_formula: Vec<_> = nodes
        .filter_map(|(node, _)| match &node.op {
            Op::Aggregate { over: Domain::Rows(rowset), .. } => Some(*rowset),
            _ => None,
        })
        .collect();
    let counts = |(at, table): &(usize, &EventTable)| {
        item.adjustments.iter().any(|line| line.table == *at) || in_formula.contains(&table.rowset)
    };
    standard.events.iter().enumerate().filter(counts).map(|(_, table)| table.name.clone()).collect()
}

/// What an input takes.
pub fn of_input(standard: &Standard, input: &Input) -> Taken {
    of_column(standard, input.column)
}

/// The columns of each event table.
pub fn of_tables(standard: &Standard) -> Vec<(String, Vec<TakenColumn>)> {
    let needed = needed(standard);
    let column = |(name, alias, id): &(String, Option<String>, ColumnId)| TakenColumn {
        name: name.clone(),
        alias: alias.clone(),
        takes: of_column(standard, *id),
        needed: needed.contains(id),
    };
    let of_table = |table: &EventTable| (table.name.clone(), table.columns.iter().map(column).collect());
    standard.events.iter().map(of_table).collect()
}

/// The other inputs of an item that an input is not to go beyond, and how the two compare.
pub fn beside(item: &Item, input: &Input) -> Vec<(&'static str, String)> {
    let name = |column: &ColumnId| item.inputs.iter().find(|other| other.column == *column).map(|other| &other.name);
    let bound = |(how, column): &(Comparison, ColumnId)| {
        let how = match how {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        Some((how, name(column)?.clone()))
    };
    input.against.iter().filter_map(bound).collect()
}

fn of_column(standard: &Standard, column: ColumnId) -> Taken {
    let Some(spec) = standard.program.columns.get(column.0 as usize) else { return Taken::Text };
    match &spec.kind {
        Kind::Number(measure) => Taken::Number(number(measure, &spec.scale, &spec.bounds, &standard.nouns)),
        Kind::Truth => Taken::Truth,
        Kind::Day => Taken::Day,
        Kind::Word(list) => match standard.program.word_lists.get(list.0 as usize) {
            Some(list) if !list.open => Taken::Words(list.words.clone()),
            _ => Taken::Text,
        },
        Kind::Text => Taken::Text,
    }
}

fn number(measure: &Measure, scale: &Exact, bounds: &Bounds, nouns: &Nouns) -> TakenNumber {
    let like = measure.is_anonymous().then(|| measure.powers().map(|(noun, _)| noun).collect::<Vec<_>>().join(" "));
    // One of the written unit, in the unit values are kept in.
    let one = if measure.is_ratio() { Exact::decimal(1, 2) } else { scale.clone() };
    let written = |value: &Exact| value.divided_by(&one).map_or_else(String::new, |value| text(&value));
    let end = |end: &Option<(Exact, bool)>| end.as_ref().map(|(value, itself)| (written(value), *itself));
    let unit = if like.is_some() { String::new() } else { measure.symbol() };
    let also = if like.is_some() { Vec::new() } else { others(measure, &unit, &one, nouns) };
    let step = bounds.multiple_of.as_ref().map(written);
    TakenNumber { unit, like, also, least: end(&bounds.low), most: end(&bounds.high), step }
}

/// Multiples of a unit that may stand behind a number instead: 元 and 亿元 for 万元.
fn others(measure: &Measure, unit: &str, one: &Exact, nouns: &Nouns) -> Vec<(String, String)> {
    if measure.is_ratio() {
        return Vec::from([("个百分点".into(), "1".into())]);
    }
    let mut powers = measure.powers();
    let (Some((noun, 1)), None) = (powers.next(), powers.next()) else { return Vec::new() };
    let multiples = ["", "千", "万", "百万", "亿"].into_iter().map(|multiple| format!("{multiple}{noun}"));
    let known = multiples.chain((noun == "天").then(|| "日".to_owned())).filter(|word| word != unit);
    let factor = |word: String| {
        let (factor, found) = nouns.parse(&word)?;
        let factor = factor.divided_by(one).filter(|_| found == *measure)?;
        Some((word, text(&factor)))
    };
    known.filter_map(factor).collect()
}

/// A number as a decimal, or as a fraction where that would not end.
fn text(value: &Exact) -> String {
    value.to_plain(0).unwrap_or_else(|| value.to_fraction())
}

/// What a standard says itself of inputs: by indicator and input.
pub type InTable = BTreeMap<(String, String), String>;

/// What a standard says itself of inputs, in its table of indicators: by indicator and input, with its unit; empty where
/// it is no number.
pub fn in_table(standard: &Standard) -> InTable {
    let items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
    let given = items.flat_map(|item| item.inputs.iter().map(move |input| (item, input)));
    let written = |(item, input): (&Item, &Input)| {
        let value = input.bound.as_ref()?;
        let value = input.measure.as_ref().map(|measure| values::number(value, measure)).unwrap_or_default();
        Some(((item.id.clone(), input.name.clone()), value))
    };
    given.filter_map(written).collect()
}
