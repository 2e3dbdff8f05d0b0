//! Events: petitions, circulars, late reports, one row each, with the paper that shows them.

use crate::{event_findings as findings, fact_findings, tally::Tally, units::Units};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use kaoping_cells::{
    findings as cell_findings,
    reading::{self, Refusal},
};
use kaoping_program::{ColumnId, ColumnSource, Kind, NodeId, Op};
use kaoping_scheme::{Standard, model::EventTable};
use kaoping_terms::{Day, Exact, Place, Report, Text};

/// The cells every event has; empty where the file has no such cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventRow<'a> {
    /// Its id.
    pub id: &'a str,
    /// The unit it is about.
    pub unit: &'a str,
    /// When it happened.
    pub date: &'a str,
    /// The paper that shows it.
    pub evidence: &'a str,
    /// When it was withdrawn, or whether it was; a withdrawn event is kept and does not count.
    pub withdrawn: &'a str,
    /// The round it belongs to; empty: every one.
    pub round: &'a str,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The unit it is about.
    pub unit: u32,
    /// When it happened.
    pub day: Option<Day>,
    /// The paper that shows it.
    pub evidence: String,
    /// Why it does not count: what stands in the column `withdrawn`.
    pub withdrawn: Option<String>,
    /// Position of the round it belongs to; none: every one.
    pub round: Option<usize>,
    /// One value for each declared column of its table; none where the cell was empty.
    pub values: Vec<Option<Exact>>,
    /// Where it stands.
    pub place: Place,
}

/// All events, table by table in the order of the policy.
#[derive(Clone, Debug, Default)]
pub struct Events {
    tables: Vec<Vec<Event>>,
    texts: Vec<String>,
    /// Tables for which a list was given at all, even an empty one.
    given: Vec<bool>,
}

impl Events {
    /// The events of a table, withdrawn ones among them, by day and id.
    pub fn of(&self, table: usize) -> &[Event] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether a list was given for a table, even one without rows.
    pub fn is_given(&self, table: usize) -> bool {
        self.given.get(table) == Some(&true)
    }

    /// How many there are in all tables.
    pub fn len(&self) -> usize {
        self.tables.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same with one event more in a table.
    pub(crate) fn with(&self, table: usize, event: Event) -> Events {
        let mut events = self.clone();
        events.given.get_mut(table).into_iter().for_each(|given| *given = true);
        if let Some(all) = events.tables.get_mut(table) {
            let at = all.partition_point(|other| (other.day, &other.id) < (event.day, &event.id));
            all.insert(at, event);
        }
        events
    }

    /// The same with one event of a table withdrawn.
    pub(crate) fn without(&self, table: usize, position: usize) -> Events {
        let mut events = self.clone();
        let event = events.tables.get_mut(table).and_then(|all| all.get_mut(position));
        event.into_iter().for_each(|event| event.withdrawn = Some(String::new()));
        events
    }

    /// The words of a text column, by its code.
    pub fn text(&self, code: &Exact) -> Option<&str> {
        let at = usize::try_from(code.to_i64()?).ok()?;
        self.texts.get(at).map(String::as_str)
    }
}

/// Takes events row by row.
#[derive(Debug)]
pub struct EventsBuilder<'s> {
    standard: &'s Standard,
    events: Events,
    text_of: BTreeMap<String, usize>,
    /// Where ids were seen, table by table, with the position of the round they were named for.
    seen: Vec<BTreeMap<(String, Option<usize>), Place>>,
    /// Columns in which every event has to say something.
    needed: BTreeSet<ColumnId>,
    /// For each table whether it depends on the date of an event whether or where it counts.
    on_dates: Vec<bool>,
    tally: Tally,
}

impl<'s> EventsBuilder<'s> {
    /// For the event tables of a standard.
    pub fn new(standard: &'s Standard) -> Self {
        let count = standard.events.len();
        let events = Events { tables: vec![Vec::new(); count], texts: Vec::new(), given: vec![false; count] };
        let seen = vec![BTreeMap::new(); count];
        let (needed, on_dates) = (needed(standard), on_dates(standard));
        Self { standard, events, text_of: BTreeMap::new(), seen, needed, on_dates, tally: Tally::default() }
    }

    /// The table of that name or alias; an unknown one is reported.
    pub fn table(&mut self, name: &str) -> Option<usize> {
        let is_it = |table: &EventTable| table.name == name || table.alias.as_deref() == Some(name);
        let found = self.standard.events.iter().position(is_it);
        if let Some(given) = found.and_then(|table| self.events.given.get_mut(table)) {
            *given = true;
        }
        if found.is_none() {
            let known: Vec<&str> = self.standard.events.iter().map(|table| table.name.as_str()).collect();
            self.tally.push("unknown-event-table", || findings::unknown_table(name, &known));
        }
        found
    }

    /// The declared column of a table that a header means, by name or alias.
    pub fn column(&self, table: usize, header: &str) -> Option<usize> {
        let columns = &self.standard.events.get(table)?.columns;
        columns.iter().position(|(name, alias, _)| name == header || alias.as_deref() == Some(header))
    }

    /// Reports a header that is neither a known cell nor a declared column: what stands below
    /// it has no effect, which may be a misspelt column.
    pub fn unused_header(&mut self, table: usize, header: &str, place: Place) {
        let Some(declared) = self.standard.events.get(table) else {
            return;
        };
        let known: Vec<&str> = declared.columns.iter().map(|(name, ..)| name.as_str()).collect();
        self.tally.push("event-column-unknown", || findings::unused_header(&declared.name, header, &known, place));
    }

    /// Reports the declared columns that a list with rows does not have, and in which every event
    /// has to say something.
    pub fn absent_columns(&mut self, table: usize, there: &[usize], header: Place) {
        let Some(declared) = self.standard.events.get(table) else {
            return;
        };
        let needed = declared.columns.iter().enumerate().filter(|(_, (_, _, column))| self.needed.contains(column));
        for (_, (name, ..)) in needed.filter(|(at, _)| !there.contains(at)) {
            self.tally.push("column-missing", || findings::absent_column(&declared.name, name, header));
        }
    }

    /// Takes a row of a table: its known cells, and cells of declared columns by their position.
    pub fn row(&mut self, units: &mut Units, table: usize, row: &EventRow<'_>, cells: &[(usize, &str)], place: Place) {
        let Some(declared) = self.standard.events.get(table) else {
            return;
        };
        if row.id.is_empty() {
            self.tally.push("event-without-id", || findings::no_id(&declared.name, place));
            return;
        }
        if let Some(first) = self.seen_before(table, row, place) {
            self.tally.push("duplicate-event", || findings::duplicate(&declared.name, row.id, place, first));
            return;
        }
        let unreadable = |tally: &mut Tally, what: Text, written: &str, expected: &str| {
            tally.push("figure-not-readable", || {
                let whose = Text::new(
                    format!("“{}”{} 的{}", declared.name, row.id, what.zh),
                    format!("the {} of `{}` {}", what.en, declared.name, row.id),
                );
                cell_findings::cell(&whose, written, expected, None, &Refusal::Unreadable, place)
            });
        };
        let withdrawn = withdrawn(row.withdrawn);
        if withdrawn.is_none() {
            let expected = "撤销的日期，或是、否";
            unreadable(&mut self.tally, Text::new("“撤销”", "withdrawal"), row.withdrawn, expected);
        }
        // Of an event that does not count nothing has to be known.
        let counts = withdrawn == Some(false);
        let day = Day::parse(row.date);
        if day.is_none() {
            if row.date.is_empty() && counts {
                let rests = self.on_dates.get(table) == Some(&true);
                self.tally.push("event-without-date", || findings::no_date(&declared.name, row.id, rests, place));
            } else if !row.date.is_empty() {
                unreadable(&mut self.tally, Text::new("日期", "date"), row.date, "日期");
            }
        }
        for (at, text) in cells.iter().filter(|_| counts) {
            let name = declared.columns.get(*at).filter(|(_, _, column)| self.needed.contains(column));
            if let (Some((name, ..)), true) = (name, text.is_empty()) {
                self.tally.push("event-cell-empty", || findings::empty_cell(&declared.name, row.id, name, place));
            }
        }
        let mut values = vec![None; declared.columns.len()];
        for (at, text) in cells.iter().filter(|(_, text)| !text.is_empty()) {
            let Some((name, _, column)) = declared.columns.get(*at) else {
                continue;
            };
            match self.value(*column, text) {
                Ok(value) => values.get_mut(*at).into_iter().for_each(|slot| *slot = Some(value.clone())),
                Err(refusal) => {
                    let standard = self.standard;
                    self.tally.push(cell_findings::name_of(&refusal), || {
                        let spec = standard.program.columns.get(column.0 as usize);
                        let expected =
                            spec.map(|spec| cell_findings::expected(&spec.kind, &standard.program)).unwrap_or_default();
                        let whose = Text::new(
                            format!("“{}”{} 的“{name}”", declared.name, row.id),
                            format!("`{name}` of `{}` {}", declared.name, row.id),
                        );
                        cell_findings::cell(
                            &whose,
                            text,
                            &expected,
                            spec.map(|spec| (&spec.bounds, &spec.kind)),
                            &refusal,
                            place,
                        )
                    });
                }
            }
        }
        let Some(unit) = units.find_or_take(row.unit).filter(|_| !row.unit.is_empty()) else {
            self.tally.push("unknown-unit", || {
                if row.unit.is_empty() {
                    fact_findings::no_unit(place)
                } else {
                    fact_findings::unknown_unit(row.unit, units.nearest(row.unit), place)
                }
            });
            return;
        };
        let Some(round) = self.round(row.round, place) else {
            return;
        };
        let period = self.standard.schemes.first().and_then(|scheme| scheme.period);
        if let (Some((from, to)), Some(day)) = (period, day)
            && (day < from || to < day)
        {
            let name = self.standard.events.get(table).map(|table| table.name.clone()).unwrap_or_default();
            self.tally.push("event-outside-period", || findings::outside_period(&name, row.id, day, (from, to), place));
        }
        let withdrawn = withdrawn.unwrap_or_default().then(|| row.withdrawn.to_string());
        let (id, evidence) = (row.id.to_string(), row.evidence.to_string());
        let event = Event { id, unit, day, evidence, withdrawn, round, values, place };
        self.events.tables.get_mut(table).into_iter().for_each(|events| events.push(event.clone()));
    }

    /// Where an event of that id stands already. What counts in some rounds and not in others stands once for each.
    fn seen_before(&mut self, table: usize, row: &EventRow<'_>, place: Place) -> Option<Place> {
        let (round, seen) = (self.named(row.round), self.seen.get_mut(table)?);
        let id = |round: Option<usize>| (row.id.to_string(), round);
        let first = match round {
            Some(_) => seen.get(&id(None)).or_else(|| seen.get(&id(round))),
            None => seen.range(id(None)..=id(Some(usize::MAX))).next().map(|(_, first)| first),
        };
        let first = first.copied();
        if first.is_none() {
            seen.insert(id(round), place);
        }
        first
    }

    /// The position of a round by name or alias.
    fn named(&self, text: &str) -> Option<usize> {
        let rounds = self.standard.schemes.first().map_or(&[][..], |scheme| &scheme.rounds.rounds);
        rounds.iter().position(|(name, alias, _)| name == text || alias.as_deref() == Some(text))
    }

    /// Whether the policy has rounds that events can belong to.
    pub fn has_rounds(&self) -> bool {
        self.standard.schemes.first().is_some_and(|scheme| !scheme.rounds.rounds.is_empty())
    }

    /// The round a cell names; one without a name is every round, one that is not known none.
    fn round(&mut self, text: &str, place: Place) -> Option<Option<usize>> {
        let rounds = self.standard.schemes.first().map_or(&[][..], |scheme| &scheme.rounds.rounds);
        if text.is_empty() {
            return Some(None);
        }
        let found = self.named(text);
        if found.is_none() {
            let known = rounds.iter().map(|(name, ..)| name.as_str());
            self.tally.push("unknown-round", || fact_findings::unknown_round(text, known, place));
        }
        found.map(Some)
    }

    fn value(&mut self, column: ColumnId, text: &str) -> Result<Exact, Refusal> {
        let Some(spec) = self.standard.program.columns.get(column.0 as usize) else {
            return Err(Refusal::Unreadable);
        };
        match &spec.kind {
            Kind::Number(measure) => {
                let value = reading::number(text, measure, &self.standard.nouns, &spec.scale)?;
                if spec.bounds.contain(&value) { Ok(value) } else { Err(Refusal::OutOfRange) }
            }
            Kind::Text => Ok(self.text_code(text)),
            kind => {
                reading::code(kind, text, &self.standard.program).unwrap_or(Err(Refusal::Unreadable)).map(Exact::whole)
            }
        }
    }

    /// Equal texts have equal codes, so that one matter is recognised.
    fn text_code(&mut self, text: &str) -> Exact {
        let next = self.events.texts.len();
        let at = *self.text_of.entry(text.to_string()).or_insert(next);
        if at == next {
            self.events.texts.push(text.to_string());
        }
        Exact::whole(i64::try_from(at).unwrap_or(i64::MAX))
    }

    /// The events, each table in the order of days and ids, and all that is wrong.
    pub fn finish(mut self) -> (Events, Report) {
        for table in &mut self.events.tables {
            table.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
        }
        (self.events, self.tally.finish())
    }
}

/// Whether a cell of the column 撤销 says that the event was withdrawn: the day of it, or yes; none
/// where it says neither that nor the contrary.
fn withdrawn(text: &str) -> Option<bool> {
    match text {
        "" | "未撤销" => Some(false),
        "已撤销" => Some(true),
        text => Day::parse(text).map(|_| true).or_else(|| reading::truth(text)),
    }
}

/// The declared columns in which every event has to say something: all but texts, and those of
/// which the policy says what follows where nothing is there (已报).
pub fn needed(standard: &Standard) -> BTreeSet<ColumnId> {
    let program = &standard.program;
    let of_node = |node: &NodeId| match program.node(*node).map(|node| &node.op) {
        Some(Op::Column(column)) => Some(*column),
        _ => None,
    };
    let may_lack = program.nodes.iter().filter_map(|node| match &node.op {
        Op::IsKnown(node) | Op::IfMissing(node, _) => of_node(node),
        _ => None,
    });
    let may_lack: BTreeSet<ColumnId> = may_lack.collect();
    let is_text =
        |column: &ColumnId| program.columns.get(column.0 as usize).is_none_or(|spec| matches!(spec.kind, Kind::Text));
    let columns = standard.events.iter().flat_map(|table| &table.columns).map(|(_, _, column)| *column);
    columns.filter(|column| !is_text(column) && !may_lack.contains(column)).collect()
}

/// For each table whether a date decides if an event counts, or where: a time that is assessed, a
/// round that is held each month, a rule that reads the date.
fn on_dates(standard: &Standard) -> Vec<bool> {
    let scheme = standard.schemes.first();
    let by_time = scheme.is_some_and(|scheme| {
        scheme.period.is_some() || scheme.rounds.rounds.iter().any(|(_, _, how_often)| how_often.is_some())
    });
    let reads_date = |of: &EventTable| {
        let is_date = |column: &str| matches!(column, "日期" | "date");
        let declares = of.columns.iter().any(|(name, ..)| is_date(name));
        let reads = |source: &ColumnSource| matches!(source, ColumnSource::Event { table, column } if *table == of.name && is_date(column));
        !declares && standard.program.columns.iter().any(|spec| reads(&spec.source))
    };
    standard.events.iter().map(|table| by_time || reads_date(table)).collect()
}

#[cfg(test)]
mod tests {
    use super::withdrawn;

    #[test]
    fn an_event_is_withdrawn_by_a_day_or_a_yes() {
        for text in ["2014-09-01", "2014年9月1日", "是", "yes", "1", "已撤销"] {
            assert_eq!(withdrawn(text), Some(true), "{text}");
        }
        for text in ["", "否", "no", "0", "未撤销"] {
            assert_eq!(withdrawn(text), Some(false), "{text}");
        }
        for text in ["待定", "-", "2014-13-01", "误报"] {
            assert_eq!(withdrawn(text), None, "{text}");
        }
    }
}
