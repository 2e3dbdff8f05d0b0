//! An assessment that is kept and follows changes: another figure is one unit's work, not that of
//! all units and items again.
//!
//! Scores, totals and places are followed node by node ([`Kept`]). Vetoes, grades, awards, quotas,
//! lists and funds are found anew only where something they rest on has another value. Whatever
//! came before, the assessment is that of a fresh run over the figures as they are now.
//!
//! What cannot be followed is refused with the reason ([`NotFollowed`]), never guessed: figures of
//! which a unit has several, figures of units that count together, figures that decide who is
//! assessed, policies with rounds that use one another. There a fresh run is the way.

mod effects;
mod follows;

use crate::{
    Given, Options, Room,
    outcome::{self, Values},
    owed,
    prepare::{Prepared, defect},
    result::{Assessment, AwardList, AwardReason, GradeResult},
    run::{of_what_was_given, prepare},
    undefined,
    wanted::{Wanted, grade_column, listed_items},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};
pub use effects::{Effect, What};
pub use follows::NotFollowed;
use kaoping_program::{Cell, Change, Column, ColumnId, Fault, Keep, Kept, Lanes, NodeId, State};
use kaoping_scheme::model::Scheme;
use kaoping_terms::{Exact, Report};

/// An assessment that is kept up to date.
#[derive(Clone, Debug)]
pub struct Live<'a> {
    prepared: Prepared<'a>,
    options: Options,
    scheme: &'a Scheme,
    kept: Kept,
    wanted: Wanted,
    /// Schemes and items in the order of results.
    items: Vec<(usize, usize)>,
    /// What each node is a result of.
    names: BTreeMap<NodeId, Vec<What>>,
    /// Vetoes, grades, awards and what else follows; its columns are in `kept`.
    out: Assessment,
    /// Columns whose values in `prepared` are not those of now.
    stale: BTreeSet<ColumnId>,
    /// Findings of preparing the run.
    report: Report,
}

impl<'a> Live<'a> {
    /// Assesses and keeps what is needed to follow changes.
    ///
    /// # Errors
    /// What cannot be followed at all: a standard without a scheme, or rounds that use one another.
    pub fn new(given: Given<'a>, options: Options) -> Result<Live<'a>, NotFollowed> {
        let (mut prepared, report) = prepare(given, options.round);
        prepared.share(options.workers);
        let mut live = Live::over(prepared, options)?;
        live.report = report;
        Ok(live)
    }

    /// As [`Live::new`], for a run that is already prepared, perhaps with figures filled in.
    /// Findings of preparing it are not among those of its assessment.
    ///
    /// # Errors
    /// As [`Live::new`].
    pub fn over(prepared: Prepared<'a>, options: Options) -> Result<Live<'a>, NotFollowed> {
        let given = prepared.given();
        let scheme = given.scheme().ok_or(NotFollowed::NoScheme)?;
        if !scheme.rounds.results.is_empty() {
            return Err(NotFollowed::Rounds);
        }
        let mut items = Vec::new();
        listed_items(&given, 0, 0, &mut items);
        let wanted = Wanted::new(&given, scheme, &items, &options);
        let (kept, out) = run(&prepared, scheme, &options, &wanted)?;
        let names = effects::names(&given, scheme, &items);
        let (stale, report) = (BTreeSet::new(), Report::new());
        Ok(Live { prepared, options, scheme, kept, wanted, items, names, out, stale, report })
    }

    /// The column of a figure that every unit has once; none where the policy does not read it so.
    pub fn figure(&self, indicator: Option<&str>, field: &str) -> Option<ColumnId> {
        follows::figure(&self.prepared, indicator, field)
    }

    /// Another figure for a unit; none where none is reported. Says what is another for whom.
    ///
    /// # Errors
    /// What cannot be followed; everything is as it was.
    pub fn change(&mut self, unit: u32, column: ColumnId, value: Option<Exact>) -> Result<Vec<Effect>, NotFollowed> {
        follows::check(&self.prepared, unit, column, value.is_none())?;
        if !self.kept.reads(column) {
            return self.first(unit, column, value);
        }
        self.stale.insert(column);
        let cell = Column::from_reported([value].into());
        let mut changes = self.kept.change(column, unit, &cell)?;
        let mut found = Vec::new();
        self.vetoes(&changes, &mut found);
        if let Some(grades) = self.grades(&changes, &mut found) {
            changes.extend(self.regraded(&grades)?);
        }
        found.extend(effects::named(&self.names, &changes));
        self.awards(&changes, &mut found);
        self.followers(&changes, &mut found);
        found.sort();
        Ok(found)
    }

    /// The first figure of a column that nobody reported, and the last: the program is simpler
    /// where nobody did, so all is run again.
    fn first(&mut self, unit: u32, column: ColumnId, value: Option<Exact>) -> Result<Vec<Effect>, NotFollowed> {
        self.settle();
        let mut values = match self.prepared.column(column) {
            Some(values) => Column::clone(&values),
            None => Column::unknown(State::MISSING, self.prepared.frame().units()),
        };
        let cells = (0..values.len()).map(|at| {
            let own = (at == unit as usize).then(|| value.clone());
            own.unwrap_or_else(|| values.cell(at).value)
        });
        values = Column::from_reported(cells.collect());
        self.prepared.fill(column, values);
        let before = core::mem::take(&mut self.out);
        let (kept, out) = run(&self.prepared, self.scheme, &self.options, &self.wanted)?;
        let all = core::mem::replace(&mut self.kept, kept);
        self.out = out;
        Ok(effects::between(&self.names, (&all, &before), (&self.kept, &self.out)))
    }

    /// The total of a unit.
    pub fn total(&self, unit: u32) -> Cell {
        self.cell(self.scheme.total, unit)
    }

    /// The place of a unit.
    pub fn place(&self, unit: u32) -> Option<i64> {
        self.cell(self.scheme.rank, unit).value.and_then(|place| place.to_i64())
    }

    /// The score of a unit for an item, by its position among [`Assessment::items`].
    pub fn score(&self, item: usize, unit: u32) -> Cell {
        let given = self.prepared.given();
        let model =
            self.items.get(item).and_then(|(scheme, item)| given.standard.schemes.get(*scheme)?.items.get(*item));
        self.cell(model.and_then(|item| item.score), unit)
    }

    /// The grades, one for each unit; empty where the scheme has none.
    pub fn graded(&self) -> &[GradeResult] {
        &self.out.grades
    }

    /// The lists of an award, and why each unit is on one or not; why one is not given this time
    /// is said in [`Live::assessment`].
    pub fn awarded(&self, award: usize) -> Option<(&[AwardList], &[AwardReason])> {
        self.out.awards.get(award).map(|award| (award.lists.as_slice(), award.reasons.as_slice()))
    }

    fn cell(&self, node: Option<NodeId>, unit: u32) -> Cell {
        let column = node.and_then(|node| self.kept.column(node));
        column.map_or(Cell { state: State::MISSING, value: None }, |column| column.cell(unit as usize))
    }

    /// The whole assessment as it is now: what [`crate::assess`] gives for these figures. Values
    /// are shared, not copied; who owes what and what follows from it is found anew. Findings about
    /// how figures were reported stay those of what was read.
    pub fn assessment(&mut self) -> Assessment {
        self.settle();
        let given = self.prepared.given();
        let mut out = self.out.clone();
        let mut report = self.report.clone();
        of_what_was_given(&self.prepared, &mut report);
        outcome::take_columns(&given, self.scheme, &self.options, &self.items, &self.kept, &mut out);
        for (award, result) in self.scheme.awards.iter().zip(&mut out.awards) {
            let keys = outcome::award_keys(self.scheme, award);
            result.by = keys.iter().find_map(|(key, _)| Values::shared(&self.kept, *key));
        }
        if !self.options.without_owed {
            outcome::suspended(&self.prepared, self.scheme, &mut out);
        }
        outcome::prizes(self.scheme, &out, &mut report);
        outcome::quota_findings(self.scheme, &out, &mut report);
        if !self.options.without_owed {
            let owed = owed::fill(&self.prepared, self.scheme, &mut out, &mut report);
            if let Err(fault) = owed.and_then(|()| undefined::fill(&self.prepared, self.scheme, &mut out, &mut report))
            {
                report.push(defect(&fault));
            }
        }
        out.findings = report;
        out
    }

    /// The run that is kept, with the figures as they are now, for explanations.
    pub fn prepared(&mut self) -> &Prepared<'a> {
        self.settle();
        &self.prepared
    }

    /// Brings the figures of now into the run that was prepared.
    fn settle(&mut self) {
        for column in core::mem::take(&mut self.stale) {
            if let Some(values) = self.kept.figures(column) {
                self.prepared.fill_shared(column, Arc::clone(values));
            }
        }
    }

    /// Conditions that rest on grades, after some are others.
    fn regraded(&mut self, grades: &Lanes) -> Result<Vec<Change>, Fault> {
        let Some(column) = grade_column(&self.prepared.given().standard.program) else {
            return Ok(Vec::new());
        };
        let now = outcome::grades_as_column(&self.out.grades);
        match grades {
            Lanes::Some(units) if units.len() == 1 => {
                let mut changes = Vec::new();
                for unit in units {
                    changes.extend(self.kept.change_to(column, *unit, &now)?);
                }
                Ok(changes)
            }
            _ => self.kept.replace(column, now),
        }
    }
}

/// A whole run, kept.
fn run(
    prepared: &Prepared<'_>,
    scheme: &Scheme,
    options: &Options,
    wanted: &Wanted,
) -> Result<(Kept, Assessment), Fault> {
    let mut out = Assessment {
        slice: prepared.slice(),
        members: prepared.members(),
        groups: prepared.groups().clone(),
        ..Assessment::default()
    };
    let mut all = wanted.nodes.clone();
    all.extend(&wanted.after_grades);
    let mut machine = prepared.machine(Keep::Outputs, &all)?;
    if options.in_columns {
        crate::planned::seed(prepared, &mut machine, &wanted.nodes, (options, &mut Room::default()))?;
    }
    machine.require(&wanted.nodes)?;
    out.vetoes =
        scheme.vetoes.iter().map(|veto| outcome::strikes(&machine, veto.when, prepared.frame().units())).collect();
    outcome::grade(prepared, scheme, &machine, &mut out);
    if let Some(column) = grade_column(&prepared.given().standard.program) {
        machine.supply(column, outcome::grades_as_column(&out.grades))?;
    }
    let kept = Kept::new(machine, &all)?;
    outcome::award(prepared, scheme, &kept, &mut out);
    outcome::follow(prepared, scheme, &kept, &mut out, &mut Report::new());
    Ok((kept, out))
}
