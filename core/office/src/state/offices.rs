//! The tree of offices, with its history.

use super::{Moment, State};
use crate::{deed::day_of, ids::OfficeId};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use kaoping_terms::{Day, Text};
use serde::{Deserialize, Serialize};

/// What an office is from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeVersion {
    /// From this day on.
    pub from: Day,
    /// What it is called.
    pub name: String,
    /// The office above it; absent for the one at the top.
    pub parent: Option<OfficeId>,
    /// Its kind, such as 县; empty where it has none.
    pub kind: String,
    /// The peer group it is compared in; empty where it has none.
    pub group: String,
    /// Other attributes, as in `units.csv`.
    pub attributes: BTreeMap<String, String>,
}

/// An office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// What it was, by day, the first first. Never empty.
    pub versions: Vec<OfficeVersion>,
    /// The first day it is no more, and the offices that go on in its place.
    pub closed: Option<(Day, Vec<OfficeId>)>,
    /// The entry it was opened with.
    pub opened_by: u64,
    /// What was known of it before entries that changed that, the first one first.
    pub before: Vec<Before>,
}

/// What was known of an office until an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// The entry that changed it.
    pub until: u64,
    /// What it was, by day.
    pub versions: Vec<OfficeVersion>,
    /// From which day it was no more.
    pub closed: Option<Day>,
}

impl Office {
    /// What it was that day by what was known when the record had so many entries.
    pub(crate) fn known_at(&self, then: Moment) -> Option<&OfficeVersion> {
        let (versions, closed) = self.known(then.at);
        let is_there = self.opened_by < then.at && closed.is_none_or(|closed| then.day < closed);
        versions.iter().rev().find(|version| is_there && version.from <= then.day)
    }

    /// What it was and from which day it was no more, by what was known when the record had so many entries.
    fn known(&self, at: u64) -> (&[OfficeVersion], Option<Day>) {
        let now = || (self.versions.as_slice(), self.closed.as_ref().map(|(closed, _)| *closed));
        let then = self.before.iter().find(|before| before.until >= at);
        then.map_or_else(now, |before| (before.versions.as_slice(), before.closed))
    }

    /// Whether it had not ended by a moment, by what was known then.
    fn is_there(&self, then: Moment) -> bool {
        self.known(then.at).1.is_none_or(|closed| then.day < closed)
    }

    /// Keeps what is known of it before an entry changes that.
    pub(crate) fn keep(&mut self, until: u64) {
        let closed = self.closed.as_ref().map(|(closed, _)| *closed);
        self.before.push(Before { until, versions: self.versions.clone(), closed });
    }

    /// What it was that day; absent before it began and after it ended.
    pub fn at(&self, day: Day) -> Option<&OfficeVersion> {
        if self.closed.as_ref().is_some_and(|(closed, _)| day >= *closed) {
            return None;
        }
        self.versions.iter().rev().find(|version| version.from <= day)
    }

    /// What it was by that day, also where it had ended; before it began, what it begins as.
    pub fn known_on(&self, day: Day) -> Option<&OfficeVersion> {
        self.versions.iter().rev().find(|version| version.from <= day).or(self.versions.first())
    }

    /// By which day its place among the others is told: by that one; where it begins later by its first, where it has
    /// ended by its last.
    pub fn placed_on(&self, day: Day) -> Day {
        let closed = self.closed.as_ref().and_then(|(closed, _)| Day::from_number(closed.number().checked_sub(1)?));
        let day = closed.map_or(day, |last| day.min(last));
        self.opened().map_or(day, |first| day.max(first))
    }

    /// What it is called last, perhaps from a day that is still to come.
    pub fn last(&self) -> Option<&OfficeVersion> {
        self.versions.last()
    }

    /// The day it began.
    pub fn opened(&self) -> Option<Day> {
        self.versions.first().map(|version| version.from)
    }
}

/// No tree of offices is deeper.
const DEEPEST: usize = 32;

impl State {
    /// An office begins with an entry, or is something else from a day on.
    pub(crate) fn put_version(&mut self, id: &OfficeId, version: &OfficeVersion, entry: u64) {
        if let Some(parent) = &version.parent {
            self.branches.entry(parent.clone()).or_default().insert(id.clone());
        }
        let begun = || Office { versions: Vec::new(), closed: None, opened_by: entry, before: Vec::new() };
        let office = self.offices.entry(id.clone()).or_insert_with(begun);
        if office.opened_by < entry {
            office.keep(entry);
        }
        office.versions.retain(|before| before.from < version.from);
        office.versions.push(version.clone());
    }

    /// The offices that stand right below one on a day.
    pub fn below<'a>(&'a self, office: &'a OfficeId, day: Day) -> impl Iterator<Item = &'a OfficeId> {
        let stands = move |id: &&OfficeId| {
            let version = self.offices.get(*id).and_then(|found| found.at(day));
            version.and_then(|version| version.parent.as_ref()) == Some(office)
        };
        self.branches.get(office).into_iter().flatten().filter(stands)
    }

    /// The offices above one on a day, the nearest first.
    pub fn above<'a>(&'a self, office: &str, day: Day) -> impl Iterator<Item = &'a OfficeId> + 'a {
        let parent = move |office: &str| self.offices.get(office)?.at(day)?.parent.as_ref();
        core::iter::successors(parent(office), move |office| parent(office.as_str())).take(DEEPEST)
    }

    /// Whether `upper` stands above `lower` on a day.
    pub fn is_above(&self, upper: &str, lower: &str, day: Day) -> bool {
        self.above(lower, day).any(|office| office.as_str() == upper)
    }

    /// Whether an office stands above another one on a day; above one that was closed, as it was in the end.
    pub fn is_over(&self, upper: &str, lower: &str, day: Day) -> bool {
        let day = self.offices.get(lower).map_or(day, |office| office.placed_on(day));
        self.is_above(upper, lower, day)
    }

    /// The offices in whose place one goes on by a day: those that were merged into it or split up into it and others, and
    /// those these had followed.
    pub fn followed_by(&self, office: &OfficeId, day: Day) -> BTreeSet<&OfficeId> {
        let mut found = BTreeSet::new();
        let mut open = Vec::from([office]);
        while let Some(office) = open.pop() {
            for before in self.follows.get(office).into_iter().flatten() {
                let closed = self.offices.get(before).and_then(|before| before.closed.as_ref());
                if closed.is_some_and(|(closed, _)| *closed <= day) && found.insert(before) {
                    open.push(before);
                }
            }
        }
        found
    }

    /// Whether one acts for an office: it is that office, or goes on in its place.
    pub fn stands_for(&self, acting: &str, office: &OfficeId, day: Day) -> bool {
        acting == office.as_str() || !self.follows.is_empty() && self.followed_by(&acting.into(), day).contains(office)
    }

    /// Where an office stands in lists: in the order in which they were opened, which is the one they are written in
    /// officially, and not that of the characters of their names. What is no office stands last.
    pub fn order(&self, office: &str) -> u64 {
        self.offices.get(office).map_or(u64::MAX, |office| office.opened_by)
    }

    /// Offices in that order.
    pub fn in_order<'a>(&self, offices: impl IntoIterator<Item = &'a OfficeId>) -> Vec<&'a OfficeId> {
        let mut offices: Vec<&OfficeId> = offices.into_iter().collect();
        offices.sort_by_key(|office| self.order(office.as_str()));
        offices
    }

    /// The offices there are on a day as a tree: each behind the one above it, with its depth.
    pub fn tree(&self, day: Day) -> Vec<(OfficeId, usize)> {
        let mut below: BTreeMap<Option<&OfficeId>, Vec<&OfficeId>> = BTreeMap::new();
        for (id, version) in self.offices_at(day) {
            // One whose superior is no more stands at the top, so that none is lost.
            let parent = version.parent.as_ref();
            let parent = parent.filter(|parent| self.offices.get(*parent).is_some_and(|above| above.at(day).is_some()));
            below.entry(parent).or_default().push(id);
        }
        below.values_mut().for_each(|offices| offices.sort_by_key(|office| self.order(office.as_str())));
        let mut found = Vec::new();
        let mut open: Vec<(&OfficeId, usize)> = Vec::new();
        let push = |open: &mut Vec<_>, of: Option<&OfficeId>, depth: usize| {
            let offices = below.get(&of).into_iter().flatten().rev();
            open.extend(offices.map(|id| (*id, depth)));
        };
        push(&mut open, None, 0);
        while let Some((id, depth)) = open.pop() {
            found.push((id.clone(), depth));
            if depth < DEEPEST {
                push(&mut open, Some(id), depth + 1);
            }
        }
        found
    }

    /// The last day something is known of an office, and what: an event that counts, or a report.
    pub fn last_fact_of(&self, office: &OfficeId) -> Option<(Day, Text)> {
        let events = self.events.iter().filter(|(_, event)| event.office == *office && event.withdrawn.is_none());
        let events =
            events.map(|((_, id), event)| (event.day, Text::new(format!("事件“{id}”"), format!("the event `{id}`"))));
        let reports = self.reports.iter().filter(|((_, of), _)| of == office);
        let reports = reports.filter_map(|((id, _), report)| {
            let title = self.collections.get(id).map_or(id.as_str(), |found| found.title.as_str());
            let what = Text::new(format!("填报“{title}”"), format!("the report of `{title}`"));
            Some((day_of(report.handed_in_ms).max(report.first_signed)?, what))
        });
        events.chain(reports).max_by_key(|(day, _)| *day)
    }

    /// The offices that were assessed until a day, by what was known at a moment: as they were on that day, whatever became
    /// of them afterwards. One that begins later is what it is since, unless it goes on in the place of others that were
    /// there.
    pub(crate) fn offices_until(&self, last: Day, then: Moment) -> impl Iterator<Item = (&OfficeId, &OfficeVersion)> {
        self.offices.iter().filter_map(move |(id, office)| {
            let day = self.looked_at(id, last, then)?;
            let now = || office.known_at(then).filter(|_| day > last);
            Some((id, now().or_else(|| office.known_at(Moment { day, ..then }))?))
        })
    }

    /// On which day an office is looked at that is assessed until a day.
    pub(crate) fn looked_at(&self, id: &OfficeId, last: Day, then: Moment) -> Option<Day> {
        let last = last.min(then.day);
        let office = self.offices.get(id)?;
        let opened = office.opened().filter(|opened| office.opened_by < then.at && *opened <= then.day)?;
        (opened <= last || !self.goes_on_since(id, last, then)).then_some(opened.max(last))
    }

    /// Whether an office goes on in the place of others that were there on a day and ended since, by what was known at a
    /// moment.
    fn goes_on_since(&self, id: &OfficeId, last: Day, then: Moment) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = Vec::from([id]);
        while let Some(office) = open.pop() {
            for before in self.follows.get(office).into_iter().flatten() {
                let Some(found) = self.offices.get(before).filter(|found| !found.is_there(then)) else { continue };
                if found.known_at(Moment { day: last, ..then }).is_some() {
                    return true;
                }
                if seen.insert(before) {
                    open.push(before);
                }
            }
        }
        false
    }

    /// Whether `upper` stood above `lower` by what was known at a moment.
    pub(crate) fn stood_above(&self, upper: &str, lower: &str, then: Moment) -> bool {
        let parent = |office: &str| self.offices.get(office)?.known_at(then)?.parent.as_ref();
        let mut above = core::iter::successors(parent(lower), |office| parent(office.as_str())).take(DEEPEST);
        above.any(|office| office.as_str() == upper)
    }

    /// The offices there are on a day.
    pub fn offices_at(&self, day: Day) -> impl Iterator<Item = (&OfficeId, &OfficeVersion)> {
        self.offices.iter().filter_map(move |(id, office)| Some((id, office.at(day)?)))
    }
}
