//! What an assessment found: columns of scores for all units, and for each unit its grade,
//! vetoes, awards, quotas and shares.

use crate::{prepare::Groups, slice::Slice, ties::RankKey};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use kaoping_program::{Cell, Column, State};
use kaoping_scheme::{
    Standard,
    model::{Item, LastPlaceTies, Scheme},
};
use kaoping_terms::{Exact, Report, Text};

/// The result of a run. Units are numbered as in [`crate::Units`]; columns have one value for
/// each unit, assessed or not.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// Which part of the facts was looked at.
    pub slice: Slice,
    /// The assessed units in order.
    pub members: Vec<u32>,
    /// Peer groups.
    pub groups: Groups,
    /// Items in text order, those of a nested scheme after the item it stands in.
    pub items: Vec<ItemResult>,
    /// Blocks of the scheme in text order.
    pub blocks: Vec<Option<Arc<Column>>>,
    /// The total.
    pub total: Option<Arc<Column>>,
    /// The place.
    pub rank: Option<Arc<Column>>,
    /// Whether every target was met; none where no item has one.
    pub meets_all: Option<Arc<Column>>,
    /// Values the scheme names, such as 年度得分.
    pub values: Vec<(String, Arc<Column>)>,
    /// What units are ranked by, with its name, where that is not the total.
    pub rank_by: Option<(String, Arc<Column>)>,
    /// All that decides the place, the most important first.
    pub rank_keys: Vec<RankKey>,
    /// Grades, one for each unit; empty where the scheme has none.
    pub grades: Vec<GradeResult>,
    /// For each veto of the scheme whether it strikes each unit.
    pub vetoes: Vec<Vec<Strike>>,
    /// Awards in text order.
    pub awards: Vec<AwardResult>,
    /// Quotas in text order.
    pub quotas: Vec<QuotaResult>,
    /// Lists in text order.
    pub rosters: Vec<RosterResult>,
    /// Funds in text order.
    pub shares: Vec<ShareResult>,
    /// Who owes which figure, so that a score is missing.
    pub owed: Vec<Owing>,
    /// Which divisors are zero, so that a score is undefined.
    pub undefined: Vec<Undefined>,
    /// What is wrong or worth knowing about the run itself.
    pub findings: Report,
}

/// Scores of one item.
#[derive(Clone, Debug)]
pub struct ItemResult {
    /// Position of its scheme.
    pub scheme: usize,
    /// Its position there.
    pub item: usize,
    /// Points as they count.
    pub score: Arc<Column>,
    /// Points before rounding, where they were asked for.
    pub unrounded: Option<Arc<Column>>,
    /// Points by each deduction or addition together.
    pub adjustments: Vec<Arc<Column>>,
    /// Whether its target was met, a truth for each unit; none where it has no target.
    pub met: Option<Arc<Column>>,
}

impl ItemResult {
    /// Whether a unit met its target; none where it has no target.
    pub fn met(&self, unit: u32) -> Option<Answer> {
        self.met.as_ref().map(|met| Answer::of(met, unit as usize))
    }

    /// The item itself.
    pub fn model<'s>(&self, standard: &'s Standard) -> Option<&'s Item> {
        standard.schemes.get(self.scheme)?.items.get(self.item)
    }
}

/// An answer to a question about a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No.
    No,
    /// Yes.
    Yes,
    /// It does not apply.
    NotApplicable,
    /// A figure is owed, or it is undefined.
    Unknown,
}

impl Answer {
    /// The answer in a column of truths.
    pub(crate) fn of(column: &Column, unit: usize) -> Answer {
        let state = column.state(unit);
        match () {
            () if state.is_known() && column.is_yes(unit) => Answer::Yes,
            () if state.is_known() => Answer::No,
            () if state.is_not_applicable() => Answer::NotApplicable,
            () => Answer::Unknown,
        }
    }
}

/// Whether a veto strikes a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// 未定: a figure of its condition is owed; never taken for "not vetoed".
    Open,
}

/// The grade of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GradeResult {
    /// Position of its band; none while a figure is owed or the unit is not assessed.
    pub band: Option<usize>,
    /// The band it reached by its points, before vetoes and share limits.
    pub reached: Option<usize>,
    /// It can still change: points are provisional, a veto is open, or one who competes for a
    /// limited band has not reported.
    pub provisional: bool,
    /// It would be better without these vetoes, by position.
    pub vetoes: Vec<usize>,
    /// What moved it up or down, by position.
    pub moves: Vec<usize>,
    /// It had to leave a band because its share was full.
    pub crowded_out: bool,
    /// It shares the last place within a share that has no room for all who share it.
    pub tied: Option<GradeTie>,
}

/// Several units with the same points, and fewer places left in a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradeTie {
    /// How many share the place.
    pub units: usize,
    /// How many places are left for them.
    pub free: usize,
    /// What the policy declares for that.
    pub rule: LastPlaceTies,
}

/// One award.
#[derive(Clone, Debug, Default)]
pub struct AwardResult {
    /// One list for each peer group, or one for all.
    pub lists: Vec<AwardList>,
    /// Why each unit is listed or not.
    pub reasons: Vec<AwardReason>,
    /// What it is taken by, for awards by places.
    pub by: Option<Arc<Column>>,
}

/// The proposed winners of an award in one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwardList {
    /// The group; none for an award over all.
    pub group: Option<u32>,
    /// Winners by place, equal places by the order of units.
    pub winners: Vec<Winner>,
    /// Units that have not reported what decides, so that winners can still change.
    pub open: Vec<u32>,
    /// The last place is shared and a person decides who of them wins.
    pub to_decide: Vec<u32>,
    /// Why it is not given this time: the condition with its numbers; empty where it is given.
    pub suspended: Text,
}

impl AwardList {
    /// Whether winners can still change: somebody has not reported what decides, or a person
    /// decides about a shared last place.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty() || !self.to_decide.is_empty() || self.winners.iter().any(|winner| winner.provisional)
    }
}

/// A proposed winner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Winner {
    /// The unit.
    pub unit: u32,
    /// Its place among those who took part; none for an award to all who are eligible.
    pub place: Option<usize>,
    /// Its points can still change.
    pub provisional: bool,
}

/// Why a unit is listed for an award, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AwardReason {
    /// Not assessed.
    #[default]
    NotAssessed,
    /// Listed at a place among those who took part.
    Listed {
        /// The place; none for an award to all who are eligible.
        place: Option<usize>,
        /// How many took part.
        of: usize,
    },
    /// Shares the last place; a person decides.
    ToDecide {
        /// The shared place.
        place: usize,
    },
    /// Shares the last place, and none who share it win.
    TieDropped {
        /// The shared place.
        place: usize,
    },
    /// Others are ahead.
    Outranked {
        /// Its place.
        place: usize,
        /// How many took part.
        of: usize,
    },
    /// Does not fulfil the condition; see [`Assessment::missed`] for targets it missed.
    NotEligible,
    /// A veto bars it, by position.
    Barred {
        /// The veto.
        veto: usize,
    },
    /// It is not known whether a veto bars it.
    VetoOpen {
        /// The veto.
        veto: usize,
    },
    /// It has won another award, by position, and the places of others shift.
    AlreadyWinner {
        /// The other award.
        award: usize,
    },
    /// A person still decides whether it wins another award that goes before this one.
    OtherAwardOpen {
        /// The other award.
        award: usize,
    },
    /// What the award is taken by, or its condition, was not reported or is undefined.
    NotReported,
    /// What the award is taken by does not apply to it.
    NotApplicable,
    /// People decided not to give it this award.
    LeftOut,
    /// The award is not given this time.
    NotGiven,
    /// Whether the award is given at all is not known yet.
    GivenUnknown,
    /// It is judged: winners come as recorded acts.
    Judged,
    /// The number of places cannot be read in the source.
    Unreadable,
}

impl AwardReason {
    /// Whether it is not known yet whether the unit takes part.
    pub fn is_open(self) -> bool {
        use AwardReason::{GivenUnknown, NotReported, OtherAwardOpen, VetoOpen};
        matches!(self, NotReported | GivenUnknown | VetoOpen { .. } | OtherAwardOpen { .. })
    }
}

/// Numbers of individuals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaResult {
    /// The number of each unit, assessed or not; none while a figure is owed.
    pub numbers: Vec<Option<Exact>>,
    /// Their sum, over those that are known.
    pub sum: Exact,
    /// Units whose number is not known.
    pub open: Vec<u32>,
}

/// A list of units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterResult {
    /// Assessed units that are on it.
    pub units: Vec<u32>,
    /// Assessed units of which it is not known.
    pub open: Vec<u32>,
}

/// Parts of a fund.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareResult {
    /// The part of each unit; none for one that does not take part, and while a figure is owed.
    pub parts: Vec<Option<Exact>>,
    /// Units on whose figures the parts wait.
    pub open: Vec<u32>,
    /// What is left of the fund because nobody takes part, by group.
    pub left: Vec<(Option<u32>, Exact)>,
}

/// A figure that somebody owes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owing {
    /// The unit that owes it; none where the policy itself does (an unreadable number).
    pub unit: Option<u32>,
    /// The indicator; none for a figure of the unit itself.
    pub indicator: Option<String>,
    /// The field, an attribute, or the name of an unreadable number.
    pub field: String,
    /// What kind of figure it is.
    pub what: Owed,
}

/// A divisor that is zero, so that there is no result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undefined {
    /// The unit whose divisor it is; none for one of all units together.
    pub unit: Option<u32>,
    /// The indicator, or the name of the value; none while that is not known.
    pub indicator: Option<String>,
    /// What is divided by: its name, or its formula.
    pub divisor: Text,
}

/// What kind of figure is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owed {
    /// A reported figure.
    Figure,
    /// A target: neither reported nor handed down.
    Target,
    /// An attribute in the list of units.
    Attribute,
    /// A column of an event.
    Event,
    /// A number of the policy that its source does not show.
    Policy,
    /// A result of another round or computation.
    Result,
}

impl Assessment {
    /// The scheme it is about.
    pub fn scheme<'s>(&self, standard: &'s Standard) -> Option<&'s Scheme> {
        standard.schemes.first()
    }

    /// The items that are listed with their points, and those that only deduct or add.
    /// Substitutes count through the item they stand in for and are in neither.
    pub fn listed<'a>(
        &'a self,
        standard: &'a Standard,
        with_points: bool,
    ) -> impl Iterator<Item = (&'a ItemResult, &'a Item)> {
        let items = self.items.iter().filter_map(move |result| Some((result, result.model(standard)?)));
        items.filter(move |(_, item)| !item.is_substitute && item.has_points() == with_points)
    }

    /// The score of a unit for an item, by the item's id.
    pub fn score(&self, standard: &Standard, unit: u32, item: &str) -> Option<Cell> {
        let found = self.items.iter().find(|result| result.model(standard).is_some_and(|model| model.id == item))?;
        Some(found.score.cell(unit as usize))
    }

    /// The total of a unit; missing where the scheme has none.
    pub fn total(&self, unit: u32) -> Cell {
        cell(self.total.as_deref(), unit)
    }

    /// The place of a unit.
    pub fn place(&self, unit: u32) -> Option<i64> {
        cell(self.rank.as_deref(), unit).value.and_then(|place| place.to_i64())
    }

    /// Whether the place of a unit can still change: because of its own value, or because another
    /// unit of its group has none yet.
    pub fn place_is_provisional(&self, unit: u32) -> bool {
        self.rank.as_ref().is_some_and(|rank| {
            let state = rank.state(unit as usize);
            state.is_known() && state.is_provisional()
        })
    }

    /// Whether a unit met every target. Where no item has a target, every unit with a total did.
    pub fn meets_all(&self, unit: u32) -> Answer {
        match &self.meets_all {
            Some(column) => Answer::of(column, unit as usize),
            None if self.total(unit).state.is_known() => Answer::Yes,
            None => Answer::Unknown,
        }
    }

    /// The grade of a unit, by name.
    pub fn grade<'s>(&self, standard: &'s Standard, unit: u32) -> Option<&'s str> {
        let band = self.grades.get(unit as usize)?.band?;
        let bands = &standard.schemes.first()?.grades.as_ref()?.bands;
        bands.get(band).map(|band| band.name.as_str())
    }

    /// Ids of items whose target a unit did not meet.
    pub fn missed<'s>(&self, standard: &'s Standard, unit: u32) -> Vec<&'s str> {
        let missed = |result: &&ItemResult| result.met(unit) == Some(Answer::No);
        let items = self.items.iter().filter(missed).filter_map(|result| result.model(standard));
        items.filter(|item| !item.is_substitute).map(|item| item.id.as_str()).collect()
    }

    /// The vetoes that strike a unit, and those of which it is not known, by position.
    pub fn vetoes(&self, unit: u32) -> Vec<(usize, Strike)> {
        let of_unit = |(at, strikes): (usize, &Vec<Strike>)| Some((at, *strikes.get(unit as usize)?));
        self.vetoes.iter().enumerate().filter_map(of_unit).filter(|(_, strike)| *strike != Strike::No).collect()
    }

    /// The figures a unit owes.
    pub fn owed_by(&self, unit: u32) -> impl Iterator<Item = &Owing> {
        self.owed.iter().filter(move |owing| owing.unit == Some(unit))
    }

    /// Whether every assessed unit has a total that can no longer change, and no value that
    /// the scheme names, such as what units are ranked by, is missing or provisional.
    pub fn is_final(&self) -> bool {
        let waits = |column: &Column, unit: u32| {
            let state = column.state(unit as usize);
            state.is_missing() || state.is_provisional()
        };
        let values = |unit: u32| self.values.iter().any(|(_, column)| waits(column, unit));
        self.members.iter().all(|unit| self.total(*unit).state == State::KNOWN && !values(*unit))
    }

    /// How many figures each unit owes, by unit.
    pub fn owed_counts(&self) -> BTreeMap<u32, usize> {
        let mut counts = BTreeMap::new();
        for unit in self.owed.iter().filter_map(|owing| owing.unit) {
            *counts.entry(unit).or_insert(0) += 1;
        }
        counts
    }

    /// The name of the round that was looked at; empty where the scheme has none.
    pub fn round_name(&self, standard: &Standard) -> String {
        let rounds = standard.schemes.first().map(|scheme| &scheme.rounds.rounds);
        let name = self.slice.round.and_then(|round| rounds?.get(round)).map(|(name, ..)| name.to_string());
        name.unwrap_or_default()
    }
}

fn cell(column: Option<&Column>, unit: u32) -> Cell {
    column.map_or(Cell { state: State::MISSING, value: None }, |column| column.cell(unit as usize))
}
