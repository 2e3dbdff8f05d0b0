//! Several figures of a unit where one is needed: which of them is used follows from rules
//! (`slice.rs`), and whoever reported the other does not see it. Both are named.

use crate::{
    figures::{EMPTY, Entry, Layer},
    odd_periods::named,
    period::Period,
    prepare::Prepared,
    rounds,
    slice::Slice,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, ColumnId, Kind, RowsetSpec, Shape, State};
use kaoping_rules::written::values;
use kaoping_scheme::model::{Input, Item};
use kaoping_terms::{Diagnostic, Lang, Report, Text};

/// A unit, the figure that is used, and another one that differs.
struct Pair<'a> {
    unit: u32,
    used: (&'a Layer, Entry),
    other: (&'a Layer, Entry),
}

/// One finding for each figure that some unit reported in several ways, in the round that is
/// scored or in one whose results it uses.
pub(crate) fn findings(prepared: &Prepared<'_>, report: &mut Report) {
    let given = prepared.given();
    let scored = prepared.slice();
    let results = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
    let whole: BTreeSet<usize> =
        results.iter().filter(|result| result.rows.is_none()).map(|result| result.round).collect();
    let held: BTreeSet<usize> =
        results.iter().filter(|result| result.rows.is_some()).map(|result| result.round).collect();
    let others = whole.into_iter().map(|round| Slice { round: Some(round), part: None, ..scored });
    let parts = held.into_iter().flat_map(|round| {
        let parts = rounds::parts(&given, round, scored.year).into_keys();
        parts.map(move |(_, part)| Slice {
            round: Some(round),
            part: Some(part),
            year: Some(part.year()),
            until: given.standard.day,
        })
    });
    let others = others.chain(parts).filter(|slice| *slice != scored);
    let slices: Vec<Slice> = core::iter::once(scored).chain(others).collect();
    for item in given.standard.schemes.iter().flat_map(|scheme| &scheme.items) {
        for input in &item.inputs {
            let mut seen: BTreeSet<(u32, u8, u32)> = BTreeSet::new();
            let found: Vec<Pair<'_>> = slices.iter().flat_map(|slice| pairs(prepared, slice, input.column)).collect();
            let (alike, ranked): (Vec<Pair<'_>>, Vec<Pair<'_>>) = found
                .into_iter()
                .filter(|pair| seen.insert((pair.unit, pair.other.1.file, pair.other.1.start)))
                .partition(|pair| means_the_same(prepared, pair.used.0, pair.other.0));
            for (pairs, level) in [(alike, true), (ranked, false)] {
                if let Some(first) = pairs.first() {
                    let whose: Vec<u32> =
                        pairs.iter().map(|pair| pair.unit).collect::<BTreeSet<u32>>().into_iter().collect();
                    report.push(finding(prepared, (item, input), first, &whose, level));
                }
            }
        }
    }
}

/// What is used and what is not, of all units, for a column of facts.
fn pairs<'a>(prepared: &Prepared<'a>, slice: &Slice, column: ColumnId) -> Vec<Pair<'a>> {
    let given = prepared.given();
    let (facts, program) = (given.facts, &given.standard.program);
    let spec = program.columns.get(column.0 as usize).filter(|spec| !matches!(spec.kind, Kind::Text));
    let (Some(spec), Some(slot)) = (spec, facts.fields.of_column(column)) else {
        return Vec::new();
    };
    let mut places: BTreeMap<u32, Vec<&Layer>> = BTreeMap::new();
    match spec.shape {
        Shape::Rows(rowset) => {
            let judged = matches!(program.rowsets.get(rowset.0 as usize), Some(RowsetSpec::Assessors { .. }));
            for (_, layer) in slice.period_layers(facts, slot, 0) {
                places.entry(if judged { layer.assessor } else { layer.period }).or_default().push(layer);
            }
        }
        _ => {
            let mut layers = slice.scalar_layers(facts, slot, 0);
            // What is for the whole year may well stand beside what is for one month of it.
            let within = |layer: &&Layer, part: Period| facts.period(layer.period).is_some_and(|of| part.contains(of));
            layers.retain(|layer| slice.part.is_none_or(|part| within(layer, part)));
            places.insert(0, layers);
        }
    }
    // Mostly there is one figure for each place, and nothing to look at.
    let several = places.into_values().filter(|layers| layers.len() > 1);
    several.flat_map(|layers| of_place(prepared, &layers)).collect()
}

/// Of figures for the same place, the best last, those that differ from the one that is used.
fn of_place<'a>(prepared: &Prepared<'a>, layers: &[&'a Layer]) -> Vec<Pair<'a>> {
    let facts = prepared.given().facts;
    let mut units: BTreeMap<u32, Vec<(&Layer, Entry)>> = BTreeMap::new();
    for layer in layers {
        for entry in layer.entries.iter().filter(|entry| entry.places != EMPTY) {
            units.entry(entry.unit).or_default().push((layer, entry));
        }
    }
    let mut found = Vec::new();
    for (unit, figures) in units {
        let Some((used, others)) = figures.split_last() else { continue };
        let value = facts.value(&used.1);
        let differ = others.iter().filter(|(_, entry)| facts.value(entry) != value);
        found.extend(differ.map(|other| Pair { unit, used: *used, other: *other }));
    }
    found
}

/// Whether two figures are for the same round and time, only written otherwise: the year, and no
/// period at all.
fn means_the_same(prepared: &Prepared<'_>, a: &Layer, b: &Layer) -> bool {
    let facts = prepared.given().facts;
    let is_year = |layer: &Layer| facts.period(layer.period).is_none_or(|period| period.is_year());
    a.round == b.round && is_year(a) && is_year(b)
}

fn finding(
    prepared: &Prepared<'_>,
    (item, input): (&Item, &Input),
    first: &Pair<'_>,
    whose: &[u32],
    alike: bool,
) -> Diagnostic {
    let given = prepared.given();
    let facts = given.facts;
    let units = named(prepared, whose);
    let of = format!("{} {}", item.name, input.name);
    let shown = |(layer, entry): (&Layer, Entry), lang| {
        let value = Cell { value: facts.value(&entry), state: State::KNOWN };
        let kind = given.standard.program.columns.get(input.column.0 as usize).map(|spec| &spec.kind);
        let value = kind.map(|kind| values::cell(&given.standard.program, kind, &value, lang)).unwrap_or_default();
        (value, belongs(prepared, layer, (first.used.0, first.other.0), lang))
    };
    let said = |lang| {
        let ((used, to), (other, of)) = (shown(first.used, lang), shown(first.other, lang));
        let unit = given.units.id(first.unit);
        match (lang, alike) {
            (Lang::Zh, true) => format!("{unit} {used}（{to}）和 {other}（{of}）"),
            (Lang::Zh, false) => format!("{unit} {used}（{to}）和 {other}（{of}），用的是 {used}"),
            (Lang::En, true) => format!("{unit} {used} ({to}) and {other} ({of})"),
            (Lang::En, false) => format!("{unit} {used} ({to}) and {other} ({of}), of which {used} is used"),
        }
    };
    let (zh, en) = (said(Lang::Zh), said(Lang::En));
    let message = if whose.len() > 1 {
        Text::new(
            format!("“{of}”只要一个数，{}报了不止一个：如 {zh}", units.zh),
            format!("`{of}` needs one figure; {} reported several, such as {en}", units.en),
        )
    } else {
        Text::new(
            format!("“{of}”只要一个数，报了不止一个：{zh}"),
            format!("`{of}` needs one figure, and several are reported: {en}"),
        )
    };
    let finding = match alike {
        true => Diagnostic::error("duplicate-fact", message).why(Text::new(
            "没有写期间的数就是这一年的数，两个数不知信哪个",
            "a figure without a period is one of the year; of two nobody knows which holds",
        )),
        false => Diagnostic::warning("figures-compete", message).why(Text::new(
            "这一轮的在没有写轮次的之前；全年的在没有写期间的之前，再在其中最后一期之前；别的数不计",
            "a figure of the round goes before one without; one of the year before one without a period, before the \
             latest part of the year; the others do not count",
        )),
    };
    finding
        .at(facts.place(&first.other.1))
        .also(facts.place(&first.used.1), Text::new("另一个在这里", "the other one is here"))
        .next(Text::new("核对后只留一个", "check them and keep one"))
}

/// What a figure is for, as far as two figures differ in it: its period, its round.
fn belongs(prepared: &Prepared<'_>, layer: &Layer, (a, b): (&Layer, &Layer), lang: Lang) -> String {
    let given = prepared.given();
    let zh = lang == Lang::Zh;
    let mut parts: Vec<String> = Vec::new();
    if a.period != b.period {
        let none = if zh { "没有写期间" } else { "no period" };
        parts.push(given.facts.period(layer.period).map_or_else(|| none.to_string(), |period| period.to_string()));
    }
    if a.round != b.round {
        let none = if zh { "没有写轮次" } else { "no round" };
        let rounds = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
        let round = (layer.round as usize).checked_sub(1).and_then(|at| rounds.get(at));
        parts.push(round.map_or_else(|| none.to_string(), |(name, ..)| name.clone()));
    }
    parts.join(if zh { "，" } else { ", " })
}
