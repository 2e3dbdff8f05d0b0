//! What one event more, or one less, would change. Events are rows and not figures: the whole
//! run is done anew with a row added or withdrawn.

use super::{Called, Effect, Margin, Margins, Words, chain::Chain, search::Outcome};
use crate::{
    AwardReason, Event, Events, Given, Options, prepare,
    prepare::{columns_below, reached},
    rows::RowList,
    run::assess_prepared,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Cell, ColumnId, ColumnSpec, Domain, Kind, NodeId, Op, State};
use kaoping_rules::written::values;
use kaoping_scheme::model::EventTable;
use kaoping_terms::{Exact, Lang, Text};

/// How many kinds of events are tried as one more.
const MOST_KINDS: usize = 48;
/// How many events of the unit are tried as withdrawn.
const MOST_WITHDRAWN: usize = 24;
/// How many figures of other events one more is tried with, for each column.
const MOST_FIGURES: usize = 3;
/// How many events are named that could be withdrawn with the same effect.
const MOST_NAMED: usize = 4;

/// Where one event more or less comes in.
pub(super) struct EventTrial<'c, 'a> {
    pub(super) chain: &'c Chain<'a>,
    pub(super) round: Option<usize>,
    pub(super) unit: u32,
    /// Positions of the scheme and of the item in it.
    pub(super) item: (usize, usize),
    pub(super) words: Words<'a>,
}

/// Effects, each with the events that have it.
type Told = Vec<(Effect, Vec<String>)>;

impl EventTrial<'_, '_> {
    /// One event more and one less in each table that the points rest on.
    pub(super) fn of_item(&self, score: NodeId, out: &mut Margins) {
        let given = self.chain.given();
        let tables = self.tables(score);
        let Some(now) = self.outcome(given).filter(|_| !tables.is_empty()) else { return };
        for at in tables {
            let Some(table) = given.standard.events.get(at) else { continue };
            let (kinds, all) = self.kinds(at, table, score);
            let mut more: Told = Vec::new();
            for (event, label) in &kinds {
                let events = given.events.with(at, event.clone());
                self.tell(&now, given, &events, label, &mut more);
            }
            let own = self.counting(at, table);
            let mut less: Told = Vec::new();
            for (position, id) in own.iter().take(MOST_WITHDRAWN) {
                self.tell(&now, given, &given.events.without(at, *position), id, &mut less);
            }
            out.untried.extend(self.untried(table, all, own.len(), more.is_empty() && less.is_empty()));
            let more = more.into_iter().map(|(effect, labels)| (effect, self.of_kinds(&labels, kinds.len()), true));
            let less = less.into_iter().map(|(effect, ids)| (effect, self.any_of(&ids), false));
            out.found.extend(more.chain(less).map(|(effect, at, more)| Margin {
                input: Called { name: table.name.clone(), ..Called::default() },
                more,
                by: Text::new("1 件", "1 event").get(self.words.lang).to_string(),
                by_exact: Exact::one(),
                at,
                is_day: false,
                effect,
            }));
        }
    }

    /// The event tables that the points rest on.
    fn tables(&self, score: NodeId) -> Vec<usize> {
        let standard = self.chain.given().standard;
        let below = reached(&standard.program, &[score]);
        let mut tables: Vec<usize> = Vec::new();
        for (node, _) in standard.program.nodes.iter().zip(below).filter(|(_, below)| *below) {
            let Op::Aggregate { over: Domain::Rows(rowset), .. } = &node.op else { continue };
            tables.extend(standard.events.iter().position(|table| table.rowset == *rowset));
        }
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    fn outcome(&self, given: Given<'_>) -> Option<Outcome> {
        let options = Options { without_owed: true, ..Options::default() };
        let own = assess_prepared(&prepare(given, self.round).0, &options);
        let result = own.items.iter().find(|result| (result.scheme, result.item) == self.item)?;
        let score = Some(result.score.cell(self.unit as usize));
        let own_place = self.chain.ranks_apart().then(|| own.place(self.unit)).flatten();
        let whole = match self.chain.whole {
            Some(_) => assess_prepared(&prepare(given, None).0, &options),
            None => own,
        };
        let listed = |award: &crate::AwardResult| {
            matches!(
                award.reasons.get(self.unit as usize),
                Some(AwardReason::Listed { .. } | AwardReason::ToDecide { .. })
            )
        };
        let awards = if self.chain.gives_awards() { whole.awards.iter().map(listed).collect() } else { Vec::new() };
        Some(Outcome { score, place: whole.place(self.unit), own_place, awards })
    }

    /// Notes what other events change, under what the event is called.
    fn tell(&self, now: &Outcome, given: Given<'_>, events: &Events, label: &str, told: &mut Told) {
        let Some(after) = self.outcome(Given { events, ..given }) else { return };
        for effect in self.words.effects(now, &after) {
            match told.iter_mut().find(|(known, _)| *known == effect) {
                Some((_, labels)) => labels.push(label.to_string()),
                None => told.push((effect, Vec::from([label.to_string()]))),
            }
        }
    }

    /// The events of the unit that count, with their ids.
    fn counting(&self, table: usize, declared: &EventTable) -> Vec<(usize, String)> {
        let RowList::Events(_, positions) = self.chain.own.row_list(declared.rowset) else { return Vec::new() };
        let events = self.chain.given().events.of(table);
        let own = positions.iter().filter_map(|at| Some((*at, events.get(*at)?)));
        own.filter(|(_, event)| event.unit == self.unit).map(|(at, event)| (at, event.id.clone())).collect()
    }

    /// The kinds of events that one more could be, the commonest first, and whether that is all of
    /// them. Only what the points look at is varied; a text is one that no other event has.
    fn kinds(&self, table: usize, declared: &EventTable, score: NodeId) -> (Vec<(Event, String)>, bool) {
        let given = self.chain.given();
        let program = &given.standard.program;
        let read = columns_below(program, &[score]);
        let columns: Vec<Vec<Option<Exact>>> = (0usize..)
            .zip(&declared.columns)
            .map(|(at, (.., id))| {
                let Some(spec) = program.columns.get(id.0 as usize) else { return Vec::from([None]) };
                let mut values = self.values(table, at, *id, spec);
                if !read.contains(id) {
                    values.truncate(1);
                }
                values
            })
            .collect();
        let count = columns.iter().fold(1usize, |all, values| all.saturating_mul(values.len().max(1)));
        let shown = |values: &[Option<Exact>]| -> String {
            let told = declared.columns.iter().zip(values).filter_map(|((name, _, id), value)| {
                let spec = program.columns.get(id.0 as usize).filter(|spec| spec.kind != Kind::Text)?;
                let value = value.clone().filter(|_| read.contains(id))?;
                let cell = Cell { value: Some(value), state: State::KNOWN };
                Some(format!("{name} {}", values::cell(program, &spec.kind, &cell, self.words.lang)))
            });
            told.collect::<Vec<_>>().join(Text::new("，", ", ").get(self.words.lang))
        };
        let kind = |number: usize| {
            let mut rest = number;
            let values: Vec<Option<Exact>> = columns
                .iter()
                .map(|values| {
                    let size = values.len().max(1);
                    let value = values.get(rest % size).cloned().flatten();
                    rest /= size;
                    value
                })
                .collect();
            let label = shown(&values);
            let round = self.chain.own.slice().round;
            let day = self.day(table, declared);
            (Event { unit: self.unit, day, round, values, ..Event::default() }, label)
        };
        ((0..count.min(MOST_KINDS)).map(kind).collect(), count <= MOST_KINDS)
    }

    /// What may stand in a column, the commonest first: every word of a list, figures that other
    /// events have, and those on either side of what the policy compares them with.
    fn values(&self, table: usize, at: usize, id: ColumnId, spec: &ColumnSpec) -> Vec<Option<Exact>> {
        let given = self.chain.given();
        let program = &given.standard.program;
        let mut seen: BTreeMap<Exact, usize> = BTreeMap::new();
        for event in given.events.of(table) {
            if let Some(value) = event.values.get(at).cloned().flatten() {
                *seen.entry(value).or_insert(0) += 1;
            }
        }
        let mut seen: Vec<(Exact, usize)> = seen.into_iter().collect();
        seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut values: Vec<Exact> = seen.into_iter().map(|(value, _)| value).collect();
        match &spec.kind {
            Kind::Text => return Vec::from([Some(Exact::whole(-1))]),
            Kind::Day => values.truncate(1),
            Kind::Truth => values.extend([Exact::one(), Exact::zero()]),
            Kind::Word(list) => {
                let words = program.word_lists.get(list.0 as usize).map_or(0, |list| list.words.len());
                values.extend((0i64..).take(words).map(Exact::whole));
            }
            Kind::Number(measure) => {
                values.truncate(MOST_FIGURES);
                let step = spec.step.clone().unwrap_or_else(|| measure.usual_step());
                for edge in self.edges(id) {
                    values.extend([&edge - &step, edge.clone(), &edge + &step]);
                }
                values.extend(values.is_empty().then(Exact::one));
                values.extend(spec.bounds.low.as_ref().map(|(low, _)| low.clone()));
                values.retain(|value| spec.bounds.contain(value));
            }
        }
        let mut once: Vec<Option<Exact>> = Vec::new();
        for value in values.into_iter().map(Some) {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        if once.is_empty() { Vec::from([None]) } else { once }
    }

    /// The numbers that the policy compares a column with.
    fn edges(&self, id: ColumnId) -> Vec<Exact> {
        let program = &self.chain.given().standard.program;
        let is_column = |node: NodeId| program.node(node).is_some_and(|node| node.op == Op::Column(id));
        let number = |node: NodeId| match program.node(node).map(|node| &node.op) {
            Some(Op::Const(value)) => Some(value.clone()),
            _ => None,
        };
        let compared = program.nodes.iter().filter_map(|node| match &node.op {
            Op::Compare(_, a, b) if is_column(*a) => number(*b),
            Op::Compare(_, a, b) if is_column(*b) => number(*a),
            _ => None,
        });
        compared.collect()
    }

    /// A day on which an event counts: that of another one that does, or the first of the period.
    fn day(&self, table: usize, declared: &EventTable) -> Option<kaoping_terms::Day> {
        let given = self.chain.given();
        let RowList::Events(_, positions) = self.chain.own.row_list(declared.rowset) else { return None };
        let events = given.events.of(table);
        let counting = positions.iter().find_map(|at| events.get(*at).and_then(|event| event.day));
        counting.or_else(|| given.scheme().and_then(|scheme| scheme.period).map(|(from, _)| from))
    }

    /// Of which kind one more has the effect; empty where it does not matter.
    fn of_kinds(&self, labels: &[String], all: usize) -> String {
        let named = labels.first().filter(|_| labels.len() < all || all == 1).cloned().unwrap_or_default();
        let others = labels.len() > 1 && !named.is_empty();
        let behind = if others { Text::new(" 等", " and others") } else { Text::default() };
        format!("{named}{}", behind.get(self.words.lang))
    }

    /// `访-1、访-3 任一件`.
    fn any_of(&self, ids: &[String]) -> String {
        let named: Vec<&str> = ids.iter().take(MOST_NAMED).map(String::as_str).collect();
        let zh = named.join("、");
        match (ids.len(), self.words.lang) {
            (1, _) => zh,
            (count, Lang::Zh) if count > MOST_NAMED => format!("{zh} 等 {count} 件中任一件"),
            (_, Lang::Zh) => format!("{zh} 任一件"),
            (count, Lang::En) if count > MOST_NAMED => format!("any of {count}: {} …", named.join(", ")),
            (_, Lang::En) => format!("any of {}", named.join(", ")),
        }
    }

    /// What was not looked at of a table.
    fn untried(&self, table: &EventTable, all_kinds: bool, own: usize, nothing: bool) -> Vec<Text> {
        let name = &table.name;
        let mut untried = Vec::new();
        if !all_kinds {
            untried.push(Text::new(
                format!("“{name}”有很多种，再多一件只试了 {MOST_KINDS} 种"),
                format!("{name} can be of many kinds; {MOST_KINDS} were tried as one more"),
            ));
        }
        if own > MOST_WITHDRAWN {
            untried.push(Text::new(
                format!("“{name}”有 {own} 件，撤销只试了前 {MOST_WITHDRAWN} 件"),
                format!("of {own} rows of {name} the first {MOST_WITHDRAWN} were tried as withdrawn"),
            ));
        }
        if nothing {
            untried.push(Text::new(
                format!("“{name}”多一件、少一件都不改变得分、名次和奖；多几件、少几件没有试"),
                format!("one row of {name} more or less changes nothing; several at once were not tried"),
            ));
        }
        untried
    }
}
