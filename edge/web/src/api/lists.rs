//! Lists: the rows of a table that the account sees, page after page.

use crate::{
    answer::{Answer, List},
    call::{Call, Outcome},
    problem::{self, Problem},
};
use kaoping_ledger::rows::{Column, Kind, Table, Value as Cell};
use kaoping_office::{
    State, Viewer,
    ids::{OfficeId, SchemeId},
    state::{Found, Seen},
    tables::{DAYS, Key, TABLES, YES_NO},
};
use kaoping_terms::{Day, Text, nearest::nearest};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// So many rows a page, where the asker does not say.
pub(crate) const PAGE: usize = 100;

/// So many at most.
pub(crate) const MOST: usize = 1000;

/// After so many rows a page ends, also where few of them were wanted.
const MOST_STEPS: usize = 4000;

/// A list of the table of its route.
pub(crate) fn list(call: &Call) -> Outcome {
    let place = call.route.table().ok_or_else(|| problem::route_unknown(&call.uri_path))?;
    let table = TABLES.get(place).ok_or_else(|| problem::route_unknown(&call.uri_path))?;
    let columns: Vec<&Column> = table.key.iter().chain(table.columns).collect();
    let asked = Asked::of(call, place, &columns)?;
    let (told, day) = (Told::of(table.name), asked.on.unwrap_or_else(|| call.today()));
    let (rows, next) = call.look(|shown, viewer| {
        let mut counting = Counting::default();
        let (mut rows, mut last, mut more) = (Vec::new(), None, false);
        let stopped = viewer.walk(place, asked.after.as_ref(), &asked.of_the_key(table), MOST_STEPS, &mut |key| {
            if asked.on.is_some_and(|day| !stands(&shown.state, key, day)) {
                return ControlFlow::Continue(());
            }
            let row = key.row_on(&shown.state, day);
            let cells = row.key.into_iter().chain(row.columns.into_iter().flatten());
            let mut line = Vec::with_capacity(columns.len() + told.columns().len());
            line.extend(columns.iter().zip(cells).map(|(column, cell)| as_json(column, cell)));
            if !asked.wants(&line) {
                return ControlFlow::Continue(());
            }
            more = rows.len() == asked.limit;
            if more {
                return ControlFlow::Break(());
            }
            last = Some(key.clone());
            match told {
                Told::Nothing => (),
                Told::Events => line.extend(counting.event(&shown.state, viewer, key)),
                Told::Results => line.extend(results(&shown.state, key)),
                Told::Samples => line.extend(drawn(&shown.state, key)),
            }
            rows.push(line);
            ControlFlow::Continue(())
        });
        if stopped.is_some() {
            (last, more) = (stopped, true);
        }
        let cursor = |key: Key| {
            let cells: Vec<String> = key.row(&shown.state).key.iter().map(text).collect();
            serde_json::to_string(&cells).ok()
        };
        Ok((rows, last.filter(|_| more).and_then(cursor)))
    })?;
    let next = next.map(|cursor| Asked::next(call, &cursor));
    let columns = columns.iter().map(|column| column.name).chain(told.columns().iter().copied()).collect();
    Ok(Answer::list(List { columns, rows, next }))
}

/// Whether what a row is about is there on a day: an office before it was opened is not, nor after it was closed.
fn stands(state: &State, key: &Key, day: Day) -> bool {
    let Key::Office(id) = key else { return true };
    state.offices.get(id).is_some_and(|office| office.at(day).is_some())
}

/// What is told beside a row, as it follows from more than the row.
#[derive(Clone, Copy)]
enum Told {
    Nothing,
    /// Whether a rule made the event, of which report; what was objected; which indicators count it, in which schemes.
    Events,
    /// Whether results were opened again, and which entries sealed them before.
    Results,
    /// From what, in which entry, with which seed and why a figure was drawn; what was found on the spot before.
    Samples,
}

impl Told {
    fn of(table: &str) -> Self {
        match table {
            "events" => Self::Events,
            "results" => Self::Results,
            "samples" => Self::Samples,
            _ => Self::Nothing,
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Nothing => &[],
            Self::Events => &["by_rule", "report", "objections", "counted_as", "counts_in"],
            Self::Results => &["reopened", "sealed_before"],
            Self::Samples => &["collection", "drawn_in", "seed", "drawn_why", "found_before", "found_why"],
        }
    }
}

fn results(state: &State, key: &Key) -> [Value; 2] {
    let Key::Results(key) = key else { return [Value::Null, Value::Null] };
    let found = state.results.get(key);
    let earlier = found.into_iter().flat_map(|results| &results.earlier).map(|sealed| sealed.number);
    [json!(found.is_some_and(|results| results.reopened)), json!(earlier.collect::<Vec<u64>>())]
}

fn drawn(state: &State, key: &Key) -> [Value; 6] {
    let Key::Drawn((sample, office, figure)) = key else { return [const { Value::Null }; 6] };
    let Some(sample) = state.samples.get(sample) else { return [const { Value::Null }; 6] };
    let found = sample.drawn.get(&(office.clone(), figure.clone()));
    let said = |seen: &Seen| match seen.why.as_str() {
        "" => format!("{} {} ({})", seen.value, seen.by, seen.number),
        why => format!("{} {} ({}: {why})", seen.value, seen.by, seen.number),
    };
    let before: Vec<String> = found.into_iter().flat_map(Found::before).map(said).collect();
    [
        json!(sample.collection),
        json!(sample.number),
        json!(sample.seed),
        json!(sample.why),
        json!(before),
        json!(found.and_then(Found::last).map(|seen| seen.why.as_str())),
    ]
}

/// Whom each scheme assesses, looked up once a list.
#[derive(Default)]
struct Counting<'a>(BTreeMap<&'a SchemeId, BTreeSet<&'a OfficeId>>);

impl<'a> Counting<'a> {
    /// What is told of an event. It counts in all schemes that have its table, and assess the office and the day; none
    /// of it once it is withdrawn.
    fn event(&mut self, state: &'a State, viewer: &Viewer<'_>, key: &Key) -> [Value; 5] {
        let Key::Event(key) = key else { return [const { Value::Null }; 5] };
        let entered = state.events.get(key).cloned();
        let event = entered.or_else(|| state.late_report(key)).filter(|event| event.withdrawn.is_none());
        let (mut found, mut counted) = (Vec::new(), Vec::new());
        for (id, scheme) in event.iter().flat_map(|_| &state.schemes) {
            let Some((event, outline)) = event.as_ref().zip(scheme.outline()) else { continue };
            if !outline.counts(&key.0, event.day) || !viewer.may_see(&Key::Scheme(id.clone())) {
                continue;
            }
            let assessed = self.0.entry(id).or_insert_with(|| state.assessed_by(id, state.today));
            if assessed.contains(&event.office) && state.counts_for(id, key) {
                found.push(id);
                let counting = outline.indicators.iter().filter(|indicator| indicator.counts.contains(&key.0));
                counted.extend(counting.map(|indicator| match indicator.clause.as_str() {
                    "" => format!("{id}/{}", indicator.id),
                    clause => format!("{id}/{}（{clause}）", indicator.id),
                }));
            }
        }
        let report = state.report_of(key);
        let objections = state.objections.iter().filter(|(id, objection)| {
            objection.event.as_ref() == Some(key) && viewer.may_see(&Key::Objection((*id).clone()))
        });
        let objections = objections.map(|(id, objection)| match &objection.answered {
            None => format!("{id} open"),
            Some((_, true, _)) => format!("{id} upheld"),
            Some((_, false, _)) => format!("{id} refused"),
        });
        [
            json!(report.is_some()),
            json!(report.map(|(collection, office)| format!("{collection}/{office}"))),
            json!(objections.collect::<Vec<_>>()),
            json!(counted),
            json!(found),
        ]
    }
}

/// A column the list does not have; those it has.
fn no_column(call: &Call, name: &str, columns: &[&Column]) -> Problem {
    let others = call.route.parameters.iter().copied().chain(["limit", "cursor"]);
    let known: Vec<&str> = columns.iter().map(|column| column.name).chain(others).collect();
    problem::unusable(
        name,
        Text::new("这份清单没有这一栏", "the list has no such column"),
        match nearest(name, known.iter().copied()) {
            Some(near) => Text::new(format!("是不是 {near}？"), format!("perhaps {near} is meant")),
            None => Text::new(format!("可以用：{}", known.join("、")), format!("there is: {}", known.join(", "))),
        },
    )
}

/// Columns whose words are known beforehand.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("reports", "stage", &["submitted", "reviewed", "signed", "returned"]),
    ("awards", "status", &["proposed", "approved", "confirmed", "refused"]),
    ("assessed", "kind", &["data", "rule", "judgement"]),
    ("exemptions", "instead", &["full", "scale", "reduce"]),
    ("totals", "meets_all", &["yes", "no"]),
];

/// That a column could hold a value at all: what is none is told, not looked for.
fn fits(table: &str, column: &Column, value: &str) -> Result<(), Problem> {
    if value.is_empty() {
        return Ok(());
    }
    if let Some((.., known)) = WORDS.iter().find(|(of, name, _)| (*of, *name) == (table, column.name)) {
        return if known.contains(&value) { Ok(()) } else { Err(problem::none_of(column.name, value, known)) };
    }
    match column.kind {
        Kind::Text => Ok(()),
        Kind::Whole if YES_NO.contains(&column.name) && !matches!(value, "true" | "false") => {
            Err(problem::none_of(column.name, value, &["true", "false"]))
        }
        Kind::Whole if DAYS.contains(&column.name) && Day::parse(value).is_none() => Err(problem::no_day(column.name)),
        Kind::Whole if YES_NO.contains(&column.name) || DAYS.contains(&column.name) => Ok(()),
        Kind::Whole if value.parse::<i64>().is_ok() => Ok(()),
        Kind::Whole => Err(problem::unusable(
            column.name,
            Text::new(
                format!("这一栏是整数，写的是“{value}”"),
                format!("the column holds whole numbers, not `{value}`"),
            ),
            Text::new("写一个整数，例如 3", "write a whole number, such as 3"),
        )),
    }
}

/// What of a list is asked for.
struct Asked {
    limit: usize,
    after: Option<Key>,
    /// The day the list is of, where it is not today's.
    on: Option<Day>,
    filters: Vec<(usize, String)>,
}

impl Asked {
    fn of(call: &Call, place: usize, columns: &[&Column]) -> Result<Self, Problem> {
        let mut filters = Vec::new();
        let is_filter = |name: &str| !matches!(name, "limit" | "cursor") && !call.route.parameters.contains(&name);
        for (name, value) in call.query.iter().filter(|(name, _)| is_filter(name)) {
            let column = columns.iter().position(|column| column.name == name);
            let column = column.ok_or_else(|| no_column(call, name, columns))?;
            if let Some(of) = columns.get(column) {
                fits(TABLES.get(place).map_or("", |table| table.name), of, value)?;
            }
            filters.push((column, value.clone()));
        }
        let limit = call.limit(PAGE, MOST)?;
        let unusable = || {
            problem::unusable(
                "cursor",
                Text::new("不是上一页给的", "no page gave it"),
                Text::new(
                    "用上一页给的下一页地址（next），不要改；或者不写，从头看起",
                    "take the address in `next` of the page before as it is, or begin anew without it",
                ),
            )
        };
        let after = match call.parameter("cursor") {
            None => None,
            Some(text) => {
                let cells: Vec<String> = serde_json::from_str(text).map_err(|_| unusable())?;
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                Some(Key::of(place, &cells).ok_or_else(unusable)?)
            }
        };
        let day = |text| Day::parse(text).ok_or_else(|| problem::no_day("on"));
        let on = call.parameter("on").map(day).transpose()?;
        Ok(Self { limit, after, on, filters })
    }

    /// Filters that can be sought: texts of the key.
    fn of_the_key(&self, table: &Table) -> Vec<(usize, &str)> {
        let in_key = self.filters.iter().filter(|(column, _)| *column < table.key.len());
        in_key.map(|(column, wanted)| (*column, wanted.as_str())).collect()
    }

    fn wants(&self, line: &[Value]) -> bool {
        self.filters.iter().all(|(at, wanted)| match line.get(*at) {
            None | Some(Value::Null) => wanted.is_empty(),
            Some(Value::String(text)) => text == wanted,
            Some(Value::Bool(yes)) => wanted.parse() == Ok(*yes),
            Some(other) => wanted.parse().ok() == other.as_i64(),
        })
    }

    /// The address of the next page.
    fn next(call: &Call, cursor: &str) -> String {
        let kept = call.query.iter().filter(|(name, _)| name != "cursor");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        address(&call.uri_path, kept.chain([("cursor", cursor)]))
    }
}

/// The address of the page that begins with that row, for lists that are counted and not sought.
pub(crate) fn from_row(call: &Call, from: usize) -> String {
    let kept = call.query.iter().filter(|(name, _)| name != "from");
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    address(&call.uri_path, kept.chain([("from", from.to_string().as_str())]))
}

/// A path with parameters, as it stands in a link.
pub(crate) fn address<'a>(path: &str, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = path.to_owned();
    for (place, (name, value)) in parameters.enumerate() {
        text.push(if place == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
                _ => text.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    text
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Whole(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

fn as_json(column: &Column, cell: Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::String(text),
        Cell::Whole(number) if YES_NO.contains(&column.name) => json!(number != 0),
        Cell::Whole(number) if DAYS.contains(&column.name) => {
            json!(i32::try_from(number).ok().and_then(Day::from_number).map(|day| day.iso()))
        }
        Cell::Whole(number) => json!(number),
    }
}
