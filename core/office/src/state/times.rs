//! Which figures of which periods a scheme takes: those it asks for, and those that were asked for another scheme and
//! are signed. A figure is filled in once and serves every scheme that has an input for it.

use super::{Cell, CellKey, Collection, Past, Scheme, State};
use crate::{
    ids::{CollectionId, FigureId, OfficeId, SchemeId},
    outline::{Field, Outline},
    period::Period,
};
use alloc::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::cmp::Reverse;
use kaoping_terms::Day;

/// What a scheme asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    periods: BTreeSet<Period>,
    figures: BTreeMap<FigureId, BTreeSet<Period>>,
}

impl Asking {
    fn add(&mut self, collection: &Collection) {
        self.periods.insert(collection.period);
        for figure in &collection.figures {
            self.figures.entry(figure.clone()).or_default().insert(collection.period);
        }
    }

    fn of<'a>(collections: impl Iterator<Item = &'a Collection>) -> Self {
        let mut asking = Self::default();
        collections.for_each(|collection| asking.add(collection));
        asking
    }
}

/// The times whose figures a scheme takes.
pub(crate) struct Times<'a> {
    asking: Cow<'a, Asking>,
    outline: &'a Outline,
    /// The last day that counts, where the round has an end of its own.
    until: Option<Day>,
}

impl Times<'_> {
    /// The same for a round that ends on a day: what belongs to a later time is not in it.
    pub(crate) fn up_to(&self, until: Option<Day>) -> Times<'_> {
        Times { asking: Cow::Borrowed(&self.asking), outline: self.outline, until }
    }

    /// Whether figures of a period can serve it at all.
    pub(crate) fn has(&self, period: Period) -> bool {
        self.asking.periods.contains(&period) || self.is_within(period)
    }

    /// Whether an input takes a figure of a period. What the scheme asks for counts; what was asked for another scheme
    /// does so where this one asks for none, and where an input takes one each period, of the same length.
    pub(crate) fn takes(&self, field: &Field, figure: &FigureId, period: Period) -> bool {
        let beside = |own: &BTreeSet<Period>| field.by_period && own.iter().any(|own| own.is_as_long_as(period));
        let is_over = |last: Day| period.end().is_none_or(|end| end > last);
        if self.until.is_some_and(is_over) {
            return false;
        }
        self.asking.periods.contains(&period)
            || self.is_within(period) && self.asking.figures.get(figure).is_none_or(beside)
    }

    /// Whether a period lies within the time that is assessed. A scheme that does not say of which time it is takes
    /// whatever was reported as long as it asks for nothing.
    fn is_within(&self, period: Period) -> bool {
        match self.outline.period {
            Some(_) => {
                [period.begin(), period.end()].iter().all(|day| day.is_some_and(|day| self.outline.assesses(day)))
            }
            None => self.asking.periods.is_empty(),
        }
    }
}

impl State {
    /// Figures are asked for.
    pub(crate) fn put_collection(&mut self, id: CollectionId, collection: Collection) {
        self.asking.entry(collection.scheme.clone()).or_default().add(&collection);
        self.collections.insert(id, collection);
    }

    /// They are asked for no more.
    pub(crate) fn take_collection(&mut self, id: &CollectionId) -> Option<Collection> {
        let taken = self.collections.remove(id)?;
        let others = self.collections.values().filter(|collection| collection.scheme == taken.scheme);
        let asking = Asking::of(others);
        self.asking.insert(taken.scheme.clone(), asking);
        Some(taken)
    }

    /// The periods a scheme asks figures for.
    pub(crate) fn periods_of(&self, scheme: &SchemeId) -> impl Iterator<Item = Period> {
        self.asking.get(scheme).into_iter().flat_map(|asking| asking.periods.iter().copied())
    }

    /// Whether a scheme asks figures for a period.
    pub(crate) fn asks_for(&self, scheme: &SchemeId, period: Period) -> bool {
        self.asking.get(scheme).is_some_and(|asking| asking.periods.contains(&period))
    }

    /// The times whose figures a scheme takes by an outline.
    pub(crate) fn times<'a>(&'a self, scheme: &SchemeId, outline: &'a Outline) -> Times<'a> {
        let asking = self.asking.get(scheme).map_or_else(|| Cow::Owned(Asking::default()), Cow::Borrowed);
        Times { asking, outline, until: None }
    }

    /// The same as they were when the record had so many entries.
    pub(crate) fn times_at<'a>(&'a self, scheme: &SchemeId, outline: &'a Outline, at: u64) -> Times<'a> {
        let asked = |collection: &&Collection| collection.scheme == *scheme && collection.number < at;
        Times { asking: Cow::Owned(Asking::of(self.collections.values().filter(asked))), outline, until: None }
    }

    /// Whether a figure of a period goes into an input of a scheme.
    pub(crate) fn serves(&self, scheme: &SchemeId, figure: &FigureId, period: Period) -> bool {
        let Some(outline) = self.schemes.get(scheme).and_then(Scheme::outline) else { return false };
        let times = self.times(scheme, outline);
        let fields = outline.indicators.iter().flat_map(|indicator| &indicator.fields);
        let mut bound = fields.filter(|field| field.figure.as_ref() == Some(figure));
        bound.any(|field| times.takes(field, figure, period))
    }

    /// What figures of an office were before they were corrected or sent back.
    pub(crate) fn past_of<'a>(
        &'a self,
        office: &'a OfficeId,
        figure: &'a FigureId,
    ) -> impl Iterator<Item = (Period, &'a Past)> {
        let own = self.past.range(first_of(office, figure)..);
        let own = own.take_while(move |((of, which, _), _)| of == office && which == figure);
        own.flat_map(|((.., period), past)| past.iter().map(|past| (*period, past)))
    }

    /// The last reported value an input took of an office when the record had so many entries, and the entry that made
    /// it so.
    pub(crate) fn taken_at(
        &self,
        office: &OfficeId,
        (field, figure): (&Field, &FigureId),
        times: &Times<'_>,
        at: u64,
    ) -> Option<(String, u64)> {
        let now = self.own_cells(office, figure).map(|(period, _)| period);
        let mut periods: Vec<Period> = now.chain(self.past_of(office, figure).map(|(period, _)| period)).collect();
        periods.retain(|period| times.takes(field, figure, *period));
        periods.sort_by_key(|period| (period.end(), Reverse(*period)));
        let then = |period: Period| self.cell_at(&(office.clone(), figure.clone(), period), at);
        let (value, number) = periods.into_iter().rev().find_map(then)?;
        Some((value.into(), number))
    }

    /// What an office reported of a figure.
    fn own_cells<'a>(&'a self, office: &'a OfficeId, figure: &'a FigureId) -> impl Iterator<Item = (Period, &'a Cell)> {
        let own = self.cells.range(first_of(office, figure)..);
        let own = own.take_while(move |((of, which, _), _)| of == office && which == figure);
        own.map(|((.., period), cell)| (*period, cell))
    }

    /// The reported values an input takes of an office, in the order of their ends. Of those that end on one day the
    /// longest comes last.
    pub(crate) fn taken_of<'a>(
        &'a self,
        office: &'a OfficeId,
        (field, figure): (&Field, &'a FigureId),
        times: &Times<'_>,
    ) -> Vec<(Period, &'a Cell)> {
        let own = self.own_cells(office, figure);
        let mut found: Vec<(Period, &Cell)> = own.filter(|(period, _)| times.takes(field, figure, *period)).collect();
        found.sort_by_key(|(period, _)| (period.end(), Reverse(*period)));
        found
    }
}

/// Where the figures of an office stand, period by period.
fn first_of(office: &OfficeId, figure: &FigureId) -> CellKey {
    (office.clone(), figure.clone(), Period::Year(i16::MIN))
}
