//! From a value that is not there back to what it waits for: the figures that are owed, or the
//! divisors that are zero.

use crate::{
    period::Period,
    prepare::Prepared,
    result::{Owed, Owing, Undefined},
    rounds,
    rows::RowList,
    slice::Slice,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{
    ColumnId, ColumnSource, Domain, Fault, Keep, Machine, Node, NodeId, Op, Program, RowsetId, Shape, State,
};
use kaoping_rules::written::Formula;
use kaoping_terms::{Lang, Report, Text};

/// How many members of an aggregate are followed, so that one missing province does not list
/// every village of it.
const FOLLOWED: usize = 200;

/// How deep results of rounds that rest on results of rounds are followed.
const NESTED: u32 = 3;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seek {
    /// Figures that are not reported, behind values that are missing or provisional.
    Owed,
    /// Divisors that are zero, behind values that are undefined.
    Undefined,
}

impl Seek {
    /// Whether a value is followed.
    pub(crate) fn follows(self, state: State) -> bool {
        match self {
            Seek::Owed => state.is_missing() || state.is_provisional(),
            Seek::Undefined => state.is_undefined(),
        }
    }
}

/// What a trail ends at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    /// A figure that is not reported.
    Owing(Owing),
    /// A divisor that is zero.
    Zero(Undefined),
}

/// What the values of a node wait for, for the units given.
pub(crate) fn followed(
    prepared: &Prepared<'_>,
    node: NodeId,
    units: &[u32],
    seek: Seek,
) -> Result<BTreeSet<Found>, Fault> {
    within(prepared, node, units, seek, NESTED)
}

fn within(
    prepared: &Prepared<'_>,
    node: NodeId,
    units: &[u32],
    seek: Seek,
    depth: u32,
) -> Result<BTreeSet<Found>, Fault> {
    let mut machine = prepared.machine(Keep::Everything, &[node])?;
    machine.require(&[node])?;
    let mut walk = Walk {
        prepared,
        program: &prepared.given().standard.program,
        machine,
        seek,
        seen: BTreeSet::new(),
        found: BTreeSet::new(),
        earlier: BTreeMap::new(),
    };
    for unit in units {
        walk.node(node, Lane { unit: Some(*unit), row: None });
    }
    let Walk { mut found, earlier, .. } = walk;
    for ((round, part, node), units) in earlier {
        let units: Vec<u32> = units.into_iter().collect();
        found.extend(of_round(prepared, (round, part), node, &units, seek, depth)?);
    }
    Ok(found)
}

/// What a result of another round waits for: figures and divisors of that round, which are named
/// with it.
fn of_round(
    prepared: &Prepared<'_>,
    (round, part): (usize, Option<Period>),
    node: NodeId,
    units: &[u32],
    seek: Seek,
    depth: u32,
) -> Result<BTreeSet<Found>, Fault> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(BTreeSet::new());
    };
    let given = prepared.given();
    let slice =
        Slice { round: Some(round), part, year: part.map(Period::year).or(prepared.slice().year), ..prepared.slice() };
    // Findings of that run were reported when its results were computed.
    let mut repeated = Report::new();
    let results = rounds::results(given, slice, &mut repeated);
    let mut earlier = Prepared::new(given, slice, &results.rows, &mut repeated);
    for (column, values) in results.columns {
        earlier.fill(column, values);
    }
    let rounds = given.scheme().map_or(&[][..], |scheme| &scheme.rounds.rounds);
    let name = rounds.get(round).map_or("", |(name, ..)| name.as_str());
    let label = part.map_or_else(|| name.to_string(), |part| format!("{name} {part}"));
    let found = within(&earlier, node, units, seek, depth)?;
    // A figure of the round that is scored is the same one again.
    if (slice.round, slice.part) == (prepared.slice().round, prepared.slice().part) {
        return Ok(found);
    }
    let named = found.into_iter().map(|found| match found {
        Found::Owing(owing) => Found::Owing(Owing { field: format!("{}（{label}）", owing.field), ..owing }),
        Found::Zero(zero) => Found::Zero(Undefined { divisor: behind(&zero.divisor, &label), ..zero }),
    });
    Ok(named.collect())
}

/// One value of a node: that of a unit, or of a row of a rowset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Lane {
    unit: Option<u32>,
    row: Option<(RowsetId, usize)>,
}

struct Walk<'p, 'a> {
    prepared: &'p Prepared<'a>,
    program: &'p Program,
    machine: Machine<'p>,
    seek: Seek,
    seen: BTreeSet<(NodeId, Lane)>,
    found: BTreeSet<Found>,
    /// Results of other rounds that wait for figures: round, part of the year, value, units.
    earlier: BTreeMap<(usize, Option<Period>, NodeId), BTreeSet<u32>>,
}

impl Walk<'_, '_> {
    /// The lane in which a node of that shape is read from another lane.
    fn lane(shape: Shape, lane: Lane) -> Option<(Lane, usize)> {
        match shape {
            Shape::One => Some((Lane { unit: None, row: None }, 0)),
            Shape::Unit => lane.unit.map(|unit| (Lane { unit: Some(unit), row: None }, unit as usize)),
            Shape::Rows(rowset) => lane.row.filter(|(of, _)| *of == rowset).map(|(_, row)| (lane, row)),
        }
    }

    /// Follows a node whose value in that lane is looked for.
    fn node(&mut self, id: NodeId, lane: Lane) {
        let Some(node) = self.program.node(id) else {
            return;
        };
        let Some((own, at)) = Self::lane(node.shape, lane) else {
            return;
        };
        let waits = self.machine.column(id).is_some_and(|column| self.seek.follows(column.state(at)));
        if !waits || !self.seen.insert((id, own)) {
            return;
        }
        // A value of all units has no unit of its own, but what it is made of may.
        let lane = if own.unit.is_none() && own.row.is_none() { lane } else { own };
        self.arguments(node, lane);
    }

    fn arguments(&mut self, node: &Node, lane: Lane) {
        match &node.op {
            Op::Column(column) => self.column(*column, lane),
            Op::Unreadable => {
                let field = node.origin.name.clone().or(node.origin.item.clone()).unwrap_or_default();
                let indicator = node.origin.item.clone();
                self.found.insert(Found::Owing(Owing { unit: None, indicator, field, what: Owed::Policy }));
            }
            Op::Div(dividend, divisor) if self.is_zero(*divisor, lane) => {
                self.divided(*divisor, lane);
                self.node(*dividend, lane);
            }
            Op::Select { when, then, otherwise } => {
                let condition = self.program.node(*when).and_then(|node| Self::lane(node.shape, lane));
                let yes = condition.and_then(|(_, at)| self.machine.column(*when).map(|column| column.cell(at)));
                self.node(*when, lane);
                match yes {
                    Some(cell) if cell.state.is_known() => {
                        let taken = cell.value.is_some_and(|value| !value.is_zero());
                        self.node(if taken { *then } else { *otherwise }, lane);
                    }
                    _ => {}
                }
            }
            // Whoever did not report is asked for the figure itself, not for what could stand in.
            Op::IfMissing(value, default) => {
                let stands_in = self.is_missing(*value, lane) && !self.is_missing(*default, lane);
                self.node(if stands_in { *default } else { *value }, lane);
            }
            Op::Rank { keys, within, among, .. } => {
                let parts = keys.iter().map(|(key, _)| *key).chain(*among).collect();
                self.aggregate(*within, parts, lane);
            }
            Op::Aggregate { over, x, filter, .. } => {
                self.aggregate(*over, x.iter().chain(filter).copied().collect(), lane)
            }
            op => op.arguments().into_iter().for_each(|argument| self.node(argument, lane)),
        }
    }

    fn is_missing(&self, id: NodeId, lane: Lane) -> bool {
        let shape = self.program.node(id).map(|node| node.shape);
        let at = shape.and_then(|shape| Self::lane(shape, lane)).map(|(_, at)| at);
        at.zip(self.machine.column(id)).is_none_or(|(at, column)| column.cell(at).state.is_missing())
    }

    fn is_zero(&self, id: NodeId, lane: Lane) -> bool {
        let shape = self.program.node(id).map(|node| node.shape);
        let at = shape.and_then(|shape| Self::lane(shape, lane)).map(|(_, at)| at);
        let value = at.zip(self.machine.column(id)).and_then(|(at, column)| column.cell(at).value);
        value.is_some_and(|value| value.is_zero())
    }

    /// Notes a divisor that is zero, by its name or as a formula, with the month or event it is of.
    fn divided(&mut self, divisor: NodeId, lane: Lane) {
        let name = self.program.node(divisor).and_then(|node| node.origin.name.clone());
        let words = |lang| name.clone().unwrap_or_else(|| Formula::in_words(self.program, lang).of(divisor));
        let row = lane.row.map(|(rowset, row)| self.prepared.row_label(rowset, row)).unwrap_or_default();
        let text = Text::new(words(Lang::Zh), words(Lang::En));
        let owner = lane.row.and_then(|(rowset, row)| self.prepared.frame().owner(rowset).get(row).copied());
        let zero = Undefined { unit: owner.or(lane.unit), indicator: None, divisor: behind(&text, &row) };
        self.found.insert(Found::Zero(zero));
    }

    fn aggregate(&mut self, over: Domain, parts: Vec<NodeId>, lane: Lane) {
        let frame = self.prepared.frame();
        if let Domain::Rows(rowset) = over {
            let Some(unit) = lane.unit else { return };
            let rows: Vec<usize> = frame.rows_of(rowset, unit).collect();
            if rows.is_empty() {
                self.no_rows(&parts, rowset, unit);
            }
            for row in rows {
                parts.iter().for_each(|part| self.node(*part, Lane { unit: Some(unit), row: Some((rowset, row)) }));
            }
            return;
        }
        let group = |unit: u32| frame.groups().get(unit as usize).copied();
        let belongs = |unit: &u32| match over {
            Domain::Peers => lane.unit.is_none_or(|own| group(own) == group(*unit)),
            Domain::Subordinates => frame.parent().get(*unit as usize).copied().flatten() == lane.unit,
            _ => true,
        };
        let members: Vec<u32> =
            (0u32..).zip(frame.assessed()).filter(|(_, assessed)| **assessed).map(|(unit, _)| unit).collect();
        for unit in members.into_iter().filter(belongs).take(FOLLOWED) {
            parts.iter().for_each(|part| self.node(*part, Lane { unit: Some(unit), row: None }));
        }
    }

    /// A unit without any row owes the figures the rows are made of.
    fn no_rows(&mut self, parts: &[NodeId], rowset: RowsetId, unit: u32) {
        for id in crate::prepare::columns_below(self.program, parts) {
            if self.program.columns.get(id.0 as usize).is_some_and(|spec| spec.shape == Shape::Rows(rowset)) {
                self.column(id, Lane { unit: Some(unit), row: None });
            }
        }
    }

    fn column(&mut self, id: ColumnId, lane: Lane) {
        let Some(spec) = self.program.columns.get(id.0 as usize) else {
            return;
        };
        let owner = |(rowset, row): (RowsetId, usize)| self.prepared.frame().owner(rowset).get(row).copied();
        let unit = lane.row.and_then(owner).or(lane.unit);
        let (indicator, field, what) = match &spec.source {
            ColumnSource::Fact { indicator, field, .. } => {
                (indicator.clone(), field.clone(), self.kind_of(indicator.as_deref(), field))
            }
            ColumnSource::Target { indicator, field } => (Some(indicator.clone()), field.clone(), Owed::Target),
            ColumnSource::Attribute { name } => (None, name.clone(), Owed::Attribute),
            ColumnSource::Event { table, column } => (Some(table.clone()), column.clone(), Owed::Event),
            ColumnSource::External { name } => {
                if self.result_of_round(id, unit, lane) {
                    return;
                }
                (None, name.clone(), Owed::Result)
            }
        };
        if lane.row.is_some_and(|(rowset, row)| self.answered_for_longer(id, rowset, row)) {
            return;
        }
        let field = match (&spec.source, lane.row) {
            (ColumnSource::Fact { years_back: 1.., .. }, _) => format!("{field}（去年同期）"),
            (_, Some((rowset, row))) => self.with_row(&field, rowset, row),
            _ => field,
        };
        // Of several units that count together those owe that brought nothing.
        let counted = unit.filter(|_| lane.row.is_none());
        let members = counted.map_or_else(
            || Vec::from([unit]),
            |unit| self.prepared.without_figure(id, unit).into_iter().map(Some).collect(),
        );
        for unit in members {
            let owing = Owing { unit, indicator: indicator.clone(), field: field.clone(), what };
            self.found.insert(Found::Owing(owing));
        }
    }

    /// Whether the unit reported the figure for a longer time that holds the period of the row, and
    /// owes for that time the figure it reported for the row: then it reported that one for the
    /// wrong period, and nobody asks for the other one there.
    fn answered_for_longer(&self, id: ColumnId, rowset: RowsetId, row: usize) -> bool {
        let RowList::Periods(rows) = self.prepared.row_list(rowset) else {
            return false;
        };
        let Some((unit, Some(part))) = rows.get(row).copied() else {
            return false;
        };
        let is_there = |id: ColumnId, row: usize| {
            self.machine.supplied(id).is_some_and(|column| column.cell(row).state.is_known())
        };
        let columns = (0u32..).map(ColumnId).zip(&self.program.columns);
        let beside: Vec<ColumnId> =
            columns.filter(|(of, spec)| *of != id && spec.shape == Shape::Rows(rowset)).map(|(of, _)| of).collect();
        let start = rows.partition_point(|row| row.0 < unit);
        let own = rows.get(start..).unwrap_or(&[]).iter().take_while(|row| row.0 == unit);
        (start..).zip(own).any(|(at, (_, whole))| {
            let holds = whole.is_some_and(|whole| whole != part && whole.contains(part));
            holds && is_there(id, at) && beside.iter().any(|other| is_there(*other, row) && !is_there(*other, at))
        })
    }

    /// Notes a result of another round that waits; a round of which a unit has no row at all
    /// is owed as a whole.
    fn result_of_round(&mut self, id: ColumnId, unit: Option<u32>, lane: Lane) -> bool {
        let results = self.prepared.given().scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
        let result = results.iter().find(|result| result.column == id);
        let (Some(result), Some(unit)) = (result, unit) else {
            return false;
        };
        let part = match lane.row {
            Some((rowset, row)) => match self.prepared.row_list(rowset) {
                RowList::Periods(rows) => rows.get(row).and_then(|(_, part)| *part),
                _ => None,
            },
            None => None,
        };
        if result.rows.is_some() && part.is_none() {
            return false;
        }
        self.earlier.entry((result.round, part, result.node)).or_default().insert(unit);
        true
    }

    fn kind_of(&self, indicator: Option<&str>, field: &str) -> Owed {
        let items = self.prepared.given().standard.schemes.iter().flat_map(|scheme| &scheme.items);
        let item = items.filter(|item| Some(item.id.as_str()) == indicator);
        let mut inputs = item.flat_map(|item| &item.inputs);
        let is_target =
            field == "目标数" || inputs.any(|input| input.name == field && input.alias.as_deref() == Some("target"));
        if is_target { Owed::Target } else { Owed::Figure }
    }

    /// The field with the period or the event it belongs to.
    fn with_row(&self, field: &str, rowset: RowsetId, row: usize) -> String {
        match self.prepared.row_list(rowset) {
            RowList::Periods(rows) => match rows.get(row).and_then(|(_, period)| *period) {
                Some(period) => format!("{field}（{period}）"),
                None => field.to_string(),
            },
            RowList::Assessors(rows) => {
                let names = self.prepared.given().facts.assessors();
                let name = rows.get(row).and_then(|(_, number)| names.get((*number as usize).checked_sub(1)?));
                name.map_or_else(|| field.to_string(), |name| format!("{field}（{name}）"))
            }
            RowList::Events(table, rows) => {
                let event = rows.get(row).and_then(|at| self.prepared.given().events.of(*table).get(*at));
                event.map_or_else(|| field.to_string(), |event| format!("{field}（{}）", event.id))
            }
            RowList::Empty => field.to_string(),
        }
    }
}

/// A name with the period, event or round it belongs to.
fn behind(text: &Text, label: &str) -> Text {
    match label {
        "" => text.clone(),
        label => Text::new(format!("{}（{label}）", text.zh), format!("{} ({label})", text.en)),
    }
}
