//! Units, facts, events and targets become the frame and the columns of a program.

use crate::{
    columns,
    events::Events,
    facts::same,
    figures::Facts,
    rows::{self, RowList, Who},
    slice::Slice,
    steady::Steady,
    targets::HandedDown,
    units::Units,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    sync::Arc,
    vec,
    vec::Vec,
};
use kaoping_cells::reading;
use kaoping_program::{Column, ColumnId, Fault, Frame, FrameFault, Keep, Machine, NodeId, Op, Program, Rows, Workers};
use kaoping_scheme::{Standard, model::Scheme};
use kaoping_terms::{Diagnostic, Report, Text};

/// What a run is about: the standard and everything that was reported.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The compiled standard.
    pub standard: &'a Standard,
    /// The units.
    pub units: &'a Units,
    /// The reported figures.
    pub facts: &'a Facts,
    /// The events.
    pub events: &'a Events,
    /// Targets handed down by the policy.
    pub targets: &'a HandedDown,
}

impl<'a> Given<'a> {
    /// The policy's own scheme.
    pub fn scheme(&self) -> Option<&'a Scheme> {
        self.standard.schemes.first()
    }
}

/// A program with its frame and whatever fills its columns, for one slice of the facts.
#[derive(Clone, Debug)]
pub struct Prepared<'a> {
    given: Given<'a>,
    slice: Slice,
    frame: Frame,
    groups: Groups,
    rows: Vec<RowList>,
    external: BTreeMap<ColumnId, Arc<Column>>,
    /// The program with absent columns resolved, for runs that only want results.
    special: Program,
    workers: Workers,
    /// What need not be run again while some columns change.
    pub(crate) steady: Steady,
}

/// Peer groups: a name each, and the group of each unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Names in order of first sight.
    pub names: Vec<String>,
    /// The position of each unit's group.
    pub of: Vec<u32>,
}

impl Groups {
    /// The name of a unit's group; empty where there is none.
    pub fn name(&self, unit: u32) -> &str {
        let group = self.of.get(unit as usize).copied().unwrap_or(0);
        self.names.get(group as usize).map_or("", String::as_str)
    }
}

impl<'a> Prepared<'a> {
    /// Builds the frame for a slice: who is assessed, who are peers, whose rows are whose.
    /// `months` are the rows of results of rounds held each month or quarter.
    pub fn new(given: Given<'a>, slice: Slice, months: &BTreeMap<u32, RowList>, report: &mut Report) -> Prepared<'a> {
        let standard = given.standard;
        let groups = groups(&given);
        let parents = parents(&given);
        let units = given.units.len();
        let blank = vec![Rows::default(); standard.program.rowsets.len()];
        let everyone = frame(&groups, parents, vec![true; units], blank, report);
        let rows = vec![RowList::Empty; standard.program.rowsets.len()];
        let mut prepared = Prepared {
            given,
            slice,
            frame: everyone,
            groups,
            rows,
            external: BTreeMap::new(),
            special: kaoping_program::specialise(&standard.program, |id| columns::is_absent(&given, id)),
            workers: Workers::default(),
            steady: Steady::default(),
        };
        let assessed = prepared.assessed(report);
        let who = Who { assessed: &assessed, parents: prepared.frame.parent() };
        let specs = (0u32..).zip(&standard.program.rowsets);
        let rows = specs.map(|(id, spec)| match months.get(&id) {
            Some(rows) => rows.clone(),
            None => rows::list(&given, &slice, id, spec, who),
        });
        prepared.rows = rows.collect();
        let lists = prepared.rows.iter().map(|list| list.rows(&given)).collect();
        let parents = prepared.frame.parent().to_vec();
        prepared.frame = frame(&prepared.groups, parents, assessed, lists, report);
        prepared
    }

    /// The same facts for another round or part of the year; results of rounds stay as they
    /// were found.
    pub(crate) fn at(&self, slice: Slice) -> Prepared<'a> {
        let results = self.given.scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
        let rows = results.iter().filter_map(|result| result.rows);
        let months = rows.map(|rows| (rows.0, self.row_list(rows).clone())).collect();
        let mut prepared = Prepared::new(self.given, slice, &months, &mut Report::new());
        for (id, values) in &self.external {
            prepared.fill_shared(*id, values.clone());
        }
        prepared
    }

    /// Names who builds columns at the same time.
    pub fn share(&mut self, workers: Workers) {
        self.workers = workers;
    }

    /// The program that runs for results only.
    pub(crate) fn special(&self) -> &Program {
        &self.special
    }

    /// What the run is about.
    pub fn given(&self) -> Given<'a> {
        self.given
    }

    /// Which part of the facts it looks at.
    pub fn slice(&self) -> Slice {
        self.slice
    }

    /// The frame.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The peer groups.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Whether a unit is assessed.
    pub fn is_assessed(&self, unit: u32) -> bool {
        self.frame.assessed().get(unit as usize).copied().unwrap_or(false)
    }

    /// The assessed units in order.
    pub fn members(&self) -> Vec<u32> {
        (0u32..).zip(self.frame.assessed()).filter(|(_, assessed)| **assessed).map(|(unit, _)| unit).collect()
    }

    /// What each row of a rowset is.
    pub fn row_list(&self, rowset: kaoping_program::RowsetId) -> &RowList {
        self.rows.get(rowset.0 as usize).unwrap_or(&RowList::Empty)
    }

    /// Fills in a column whose values come from another computation.
    pub fn fill(&mut self, column: ColumnId, values: Column) {
        self.fill_shared(column, Arc::new(values));
    }

    /// As [`Prepared::fill`], values that others hold too.
    pub fn fill_shared(&mut self, column: ColumnId, values: Arc<Column>) {
        if columns::is_absent(&self.given, column) && !self.external.contains_key(&column) {
            let known = |id: &ColumnId| *id == column || self.external.contains_key(id);
            let absent = |id| !known(&id) && columns::is_absent(&self.given, id);
            self.special = kaoping_program::specialise(&self.given.standard.program, absent);
        }
        if !self.steady.allows(column) {
            self.steady = Steady::default();
        }
        self.external.insert(column, values);
    }

    /// The values of a column, built anew; none where nothing fills it.
    pub fn column(&self, id: ColumnId) -> Option<Arc<Column>> {
        match self.external.get(&id) {
            Some(column) => Some(Arc::clone(column)),
            None => columns::build(&self.given, &self.slice, &self.rows, id).map(Arc::new),
        }
    }

    /// The reasons written with a unit's figures for a column, in the round that is looked at.
    pub fn reasons(&self, id: ColumnId, unit: u32) -> impl Iterator<Item = &'a str> {
        let facts = self.given.facts;
        let round = self.slice.round.map_or(0, |round| u32::try_from(round + 1).unwrap_or(0));
        let slot = facts.fields.of_column(id);
        let of = move |round| slot.and_then(|slot| facts.reasons.get(&(slot, unit, round)));
        let own = of(round);
        let any = if own.is_none() && round != 0 { of(0) } else { None };
        own.into_iter().chain(any).flatten().map(String::as_str)
    }

    /// What a row of the unit is called: its period, or who judged.
    pub(crate) fn row_label(&self, rowset: kaoping_program::RowsetId, row: usize) -> alloc::string::String {
        match self.row_list(rowset) {
            RowList::Periods(rows) => {
                rows.get(row).and_then(|(_, period)| *period).map(|period| period.to_string()).unwrap_or_default()
            }
            RowList::Assessors(rows) => {
                let names = self.given.facts.assessors();
                let at = rows.get(row).and_then(|(_, number)| usize::try_from(*number).ok()?.checked_sub(1));
                at.and_then(|at| names.get(at)).map(|name| name.to_string()).unwrap_or_default()
            }
            RowList::Empty | RowList::Events(..) => alloc::string::String::new(),
        }
    }

    /// A machine that has every column the nodes rest on. Nothing is evaluated yet.
    ///
    /// # Errors
    /// A column that does not fit the frame, which only a defect of this crate can cause.
    pub fn machine(&self, keep: Keep, nodes: &[NodeId]) -> Result<Machine<'_>, Fault> {
        // An explanation shows every node as the policy has it; a mere result need not.
        let program = match keep {
            Keep::Outputs => &self.special,
            Keep::Unit(_) | Keep::Everything => &self.given.standard.program,
        };
        let mut machine = Machine::new(program, &self.frame, keep);
        // What stays as it is serves results only: an explanation looks at every node.
        let none = Steady::default();
        let steady = if matches!(keep, Keep::Outputs) { &self.steady } else { &none };
        self.supply(&mut machine, program, nodes, steady)?;
        Ok(machine)
    }

    /// Brings a machine every column that nodes rest on, but for what is known of them.
    pub(crate) fn supply(
        &self,
        machine: &mut Machine<'_>,
        program: &Program,
        nodes: &[NodeId],
        steady: &Steady,
    ) -> Result<(), Fault> {
        let (columns, known) = steady.below(program, nodes);
        let mut columns: Vec<_> = columns.into_iter().map(|id| (id, None)).collect();
        self.workers.each(&mut columns, &|(id, column)| *column = self.column(*id));
        for (id, column) in columns {
            if let Some(column) = column {
                machine.supply_shared(id, column)?;
            }
        }
        for (node, column) in known {
            machine.seed(node, column.clone())?;
        }
        Ok(())
    }

    /// Who is assessed. A unit of which the policy cannot tell is not, and is reported.
    fn assessed(&self, report: &mut Report) -> Vec<bool> {
        let units = self.given.units.len();
        let Some(node) = self.given.scheme().and_then(|scheme| scheme.assessed) else {
            return vec![true; units];
        };
        let machine =
            self.machine(Keep::Outputs, &[node]).and_then(|mut machine| machine.require(&[node]).map(|()| machine));
        let machine = match machine {
            Ok(machine) => machine,
            Err(fault) => {
                report.push(defect(&fault));
                return vec![false; units];
            }
        };
        let Some(column) = machine.column(node) else {
            return vec![false; units];
        };
        let mut unknown = Vec::new();
        let assessed = (0..units).map(|unit| {
            if !column.state(unit).is_known() {
                unknown.push(unit);
            }
            column.is_yes(unit)
        });
        let assessed: Vec<bool> = assessed.collect();
        if !unknown.is_empty() {
            let ids = unknown
                .iter()
                .take(20)
                .filter_map(|unit| u32::try_from(*unit).ok())
                .map(|unit| self.given.units.id(unit));
            report.push(not_classified(unknown.len(), &ids.collect::<Vec<_>>().join("、")));
        }
        assessed
    }
}

/// The columns that nodes rest on.
pub(crate) fn columns_below(program: &Program, nodes: &[NodeId]) -> BTreeSet<ColumnId> {
    let reached = reached(program, nodes);
    let of = |(node, reached): (&kaoping_program::Node, &bool)| match node.op {
        Op::Column(id) if *reached => Some(id),
        _ => None,
    };
    program.nodes.iter().zip(&reached).filter_map(of).collect()
}

/// Which nodes a set of nodes rests on, themselves included.
pub(crate) fn reached(program: &Program, nodes: &[NodeId]) -> Vec<bool> {
    let mut reached = vec![false; program.nodes.len()];
    for node in nodes {
        reached.get_mut(node.0 as usize).into_iter().for_each(|flag| *flag = true);
    }
    for at in (0..reached.len()).rev() {
        if reached.get(at) != Some(&true) {
            continue;
        }
        if let Some(node) = program.nodes.get(at) {
            node.op.each_argument(|argument| {
                reached.get_mut(argument.0 as usize).into_iter().for_each(|flag| *flag = true);
            });
        }
    }
    reached
}

/// The peer group of each unit: the declared attribute, or the column `group` of the file.
fn groups(given: &Given<'_>) -> Groups {
    let declared = given.scheme().and_then(|scheme| scheme.peer_group.as_deref());
    let standard = given.standard;
    let attribute = declared.and_then(|name| {
        standard.attributes.iter().find(|attribute| attribute.name == name || attribute.alias.as_deref() == Some(name))
    });
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut groups = Groups::default();
    let mut last: Option<(String, u32)> = None;
    for (unit, row) in given.units.iter() {
        let written = match (declared, attribute) {
            (Some(_), Some(attribute)) => given.units.attribute(unit, attribute),
            _ => row.group.as_str(),
        };
        let word = attribute.and_then(|attribute| word_of(standard, attribute.column, written)).unwrap_or(written);
        // Units of a group often stand together, and without groups all do.
        if let Some((_, number)) = last.as_ref().filter(|(name, _)| same(name, word)) {
            groups.of.push(*number);
            continue;
        }
        let next = u32::try_from(groups.names.len()).unwrap_or(u32::MAX);
        let number = *numbers.entry(word.to_string()).or_insert(next);
        if number == next {
            groups.names.push(word.to_string());
        }
        last = Some((word.to_string(), number));
        groups.of.push(number);
    }
    groups
}

/// The word of a closed list that a file writes as the word or its code.
fn word_of<'s>(standard: &'s Standard, column: ColumnId, written: &str) -> Option<&'s str> {
    let kind = &standard.program.columns.get(column.0 as usize)?.kind;
    let kaoping_program::Kind::Word(list) = kind else { return None };
    let words = &standard.program.word_lists.get(list.0 as usize)?.words;
    let at = reading::code(kind, written, &standard.program)?.ok()?;
    words.get(usize::try_from(at).ok()?).map(|(word, _)| word.as_str())
}

fn parents(given: &Given<'_>) -> Vec<Option<u32>> {
    let parent = |(number, unit): (u32, &crate::units::Unit)| {
        if unit.parent.is_empty() { None } else { given.units.find(&unit.parent).filter(|parent| *parent != number) }
    };
    given.units.iter().map(parent).collect()
}

/// A frame; units that stand below themselves are reported and put below none.
fn frame(
    groups: &Groups,
    parents: Vec<Option<u32>>,
    assessed: Vec<bool>,
    rows: Vec<Rows>,
    report: &mut Report,
) -> Frame {
    let units = groups.of.len();
    let faults = match Frame::new(groups.of.clone(), parents, assessed.clone(), rows.clone()) {
        Ok(frame) => return frame,
        Err(faults) => faults,
    };
    for fault in &faults {
        report.push(match fault {
            FrameFault::ParentLoop { .. } => below_itself(&fault.to_string()),
            fault => internal(&fault.to_string()),
        });
    }
    let flat = Frame::new(groups.of.clone(), vec![None; units], assessed, rows);
    flat.unwrap_or_else(|_| Frame::flat(units))
}

fn below_itself(what: &str) -> Diagnostic {
    Diagnostic::error(
        "unit-below-itself",
        Text::new("单位的上级绕回了自己", "following the units above a unit leads back to it"),
    )
    .label(Text::same(what))
    .why(Text::new("上下级必须成树，才能逐级汇总", "units form a tree, so that figures can be summed level by level"))
    .next(Text::new("改单位表里的“上级”", "mend the column `parent` of the units"))
}

fn not_classified(count: usize, ids: &str) -> Diagnostic {
    Diagnostic::error(
        "unit-not-classified",
        Text::new(
            format!("有 {count} 个单位不知道是不是被考核：{ids}"),
            format!("of {count} units it is not known whether they are assessed: {ids}"),
        ),
    )
    .why(Text::new(
        "方案按单位的属性决定考核谁，这些单位没有那个属性",
        "the policy decides by an attribute that these units do not have",
    ))
    .next(Text::new("给出单位表（--units），填上属性", "give a list of units (--units) with the attribute filled in"))
}

/// A fault that only a defect of the program can cause, so that nothing aborts.
pub(crate) fn defect(fault: &Fault) -> Diagnostic {
    internal(&format!("{fault:?}"))
}

fn internal(what: &str) -> Diagnostic {
    Diagnostic::error(
        "internal-fault",
        Text::new("程序内部出错，没有得出结果", "an internal fault; there is no result"),
    )
    .label(Text::same(what))
    .why(Text::new("这是软件的缺陷，不是您的数据有错", "this is a defect of the software, not of your data"))
    .next(Text::new("请把方案和这条信息一起报告", "please report it with the policy"))
}
