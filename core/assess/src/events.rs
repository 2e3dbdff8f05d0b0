//! Events: petitions, circulars, late reports, one row each, with the paper that shows them.

use crate::{fact_findings as findings, tally::Tally, units::Units};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use kaoping_cells::{
    findings as cell_findings,
    reading::{self, Refusal},
};
use kaoping_program::{ColumnId, Kind};
use kaoping_scheme::{Standard, model::EventTable};
use kaoping_terms::{Day, Diagnostic, Exact, Place, Report, Text, nearest::nearest};

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
    /// When it was withdrawn; a withdrawn event is kept and does not count.
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
    seen: Vec<BTreeMap<String, Place>>,
    tally: Tally,
}

impl<'s> EventsBuilder<'s> {
    /// For the event tables of a standard.
    pub fn new(standard: &'s Standard) -> Self {
        let count = standard.events.len();
        let events = Events { tables: vec![Vec::new(); count], texts: Vec::new(), given: vec![false; count] };
        let seen = vec![BTreeMap::new(); count];
        Self { standard, events, text_of: BTreeMap::new(), seen, tally: Tally::default() }
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
            self.tally.push("unknown-event-table", || unknown_table(name, &known));
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
        self.tally.push("event-column-unknown", || unused_header(&declared.name, header, &known, place));
    }

    /// Takes a row of a table: its known cells, and cells of declared columns by their position.
    pub fn row(&mut self, units: &mut Units, table: usize, row: &EventRow<'_>, cells: &[(usize, &str)], place: Place) {
        let Some(declared) = self.standard.events.get(table) else {
            return;
        };
        if row.id.is_empty() {
            self.tally.push("event-without-id", || no_id(&declared.name, place));
            return;
        }
        let first = self.seen.get_mut(table).and_then(|seen| seen.insert(row.id.to_string(), place));
        if let Some(first) = first {
            self.tally.push("duplicate-event", || duplicate(&declared.name, row.id, place, first));
            return;
        }
        let day = Day::parse(row.date);
        if day.is_none() && !row.date.is_empty() {
            self.tally.push("figure-not-readable", || {
                let whose = Text::new(
                    format!("“{}”{} 的日期", declared.name, row.id),
                    format!("the date of `{}` {}", declared.name, row.id),
                );
                cell_findings::cell(&whose, row.date, "日期", None, &Refusal::Unreadable, place)
            });
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
                    findings::no_unit(place)
                } else {
                    findings::unknown_unit(row.unit, units.nearest(row.unit), place)
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
            self.tally.push("event-outside-period", || outside_period(&name, row.id, day, (from, to), place));
        }
        let withdrawn = (!row.withdrawn.is_empty()).then(|| row.withdrawn.to_string());
        let (id, evidence) = (row.id.to_string(), row.evidence.to_string());
        let event = Event { id, unit, day, evidence, withdrawn, round, values, place };
        self.events.tables.get_mut(table).into_iter().for_each(|events| events.push(event.clone()));
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
        let found = rounds.iter().position(|(name, alias, _)| name == text || alias.as_deref() == Some(text));
        if found.is_none() {
            let known = rounds.iter().map(|(name, ..)| name.as_str());
            self.tally.push("unknown-round", || findings::unknown_round(text, known, place));
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

fn outside_period(table: &str, id: &str, day: Day, period: (Day, Day), place: Place) -> Diagnostic {
    let (from, to) = period;
    Diagnostic::warning(
        "event-outside-period",
        Text::new(
            format!("{table} {id} 发生在 {day}，不在考核期内，没有计"),
            format!("{table} {id} happened on {day}, outside the time that is assessed, and does not count"),
        ),
    )
    .at(place)
    .why(Text::new(format!("方案的适用期是 {from} 至 {to}"), format!("the policy assesses {from} to {to}")))
    .next(Text::new("核对日期；确属本期的请更正日期", "check the date; correct it if it belongs to the period"))
}

fn unknown_table(name: &str, known: &[&str]) -> Diagnostic {
    let next = match nearest(name, known.iter().copied()) {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new(
            format!("方案的明细：{}", known.join("、")),
            format!("the tables of the policy: {}", known.join(", ")),
        ),
    };
    Diagnostic::error(
        "unknown-event-table",
        Text::new(format!("方案里没有明细“{name}”"), format!("the policy has no event table `{name}`")),
    )
    .why(Text::new("明细决定一件事怎么扣、怎么加，不认识就不能计", "the table decides what an event does to the score"))
    .next(next)
}

fn unused_header(table: &str, header: &str, known: &[&str], place: Place) -> Diagnostic {
    let next = match nearest(header, known.iter().copied()) {
        Some(near) => Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?")),
        None => Text::new(
            format!("“{table}”声明的列：{}；不用的列名前加 #", known.join("、")),
            format!("the columns of `{table}`: {}; head one that is not used with #", known.join(", ")),
        ),
    };
    Diagnostic::warning(
        "event-column-unknown",
        Text::new(
            format!("明细“{table}”没有“{header}”这一列，里面的数没有用上"),
            format!("the event table `{table}` has no column `{header}`; what stands in it is not used"),
        ),
    )
    .at(place)
    .why(Text::new(
        "列名写错了，里面的值就不起作用，扣分加分会算错",
        "a misspelt column has no effect, and points come out wrong",
    ))
    .next(next)
}

fn no_id(table: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "event-without-id",
        Text::new(format!("“{table}”的这一行没有编号"), format!("this row of `{table}` has no id")),
    )
    .at(place)
    .why(Text::new("没有编号就无法查重，也无法撤销", "without an id it can neither be found twice nor withdrawn"))
    .next(Text::new("填上“编号”一栏", "fill in the column `id`"))
}

fn duplicate(table: &str, id: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::error(
        "duplicate-event",
        Text::new(format!("“{table}”的编号“{id}”出现两次"), format!("the id `{id}` occurs twice in `{table}`")),
    )
    .at(place)
    .also(first, Text::new("第一次在这里", "first here"))
    .why(Text::new("同一件事只能记一次，否则会重复扣分", "an event is recorded once, or it would count twice"))
    .next(Text::new("删去一行；确是两件事就给不同的编号", "remove one, or give two events different ids"))
}
