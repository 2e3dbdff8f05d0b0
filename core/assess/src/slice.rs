//! Which part of the facts a run looks at.

use crate::{
    figures::{Facts, Layer},
    period::Period,
};
use alloc::vec::Vec;
use kaoping_terms::Day;

/// The round, the year and, for a round held each month or quarter, which one a run is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Position of the round; facts without a round belong to every one.
    pub round: Option<usize>,
    /// The year whose figures count; none where no figure names a period.
    pub year: Option<i16>,
    /// The month, quarter, half or year of a round that is held each month, quarter and so on.
    pub part: Option<Period>,
    /// The last day that is looked at; none: whatever was reported.
    pub until: Option<Day>,
}

impl Slice {
    /// Whether figures of a layer belong to the round; a figure of the round itself goes
    /// before one without a round.
    pub(crate) fn takes_round(&self, layer: &Layer) -> bool {
        layer.round == 0 || Some(layer.round as usize) == self.round.map(|round| round + 1)
    }

    /// Whether a part of the year had ended by the last day that is looked at. What is reported for
    /// a whole year tells how it stands so far.
    pub(crate) fn has_ended(&self, period: Period) -> bool {
        period.is_year() || self.until.is_none_or(|until| period.order() <= i64::from(until.number()))
    }

    /// How well the period of a layer answers for a figure that a unit has once: the part that
    /// the run is about before what lies within it before the whole year before no period
    /// before the latest part of the year. None: not at all.
    fn standing(&self, period: Option<Period>, years_back: u8) -> Option<(u8, i64)> {
        let year = self.year.map(|year| year.saturating_sub(i16::from(years_back)));
        let part = self.part.and_then(|part| part.years_earlier(years_back));
        match (period, part) {
            (None, _) => (years_back == 0).then_some((1, 0)),
            (Some(period), _) if years_back == 0 && !self.has_ended(period) => None,
            (Some(period), Some(part)) if period == part => Some((4, 0)),
            (Some(period), Some(part)) if part.contains(period) => Some((3, period.order())),
            (Some(period), _) if Some(period.year()) != year => None,
            (Some(period), _) if period.is_year() => Some((2, 0)),
            (Some(period), None) => Some((0, period.order())),
            (Some(_), Some(_)) => None,
        }
    }

    /// The layers that answer for a figure a unit has once, the best last.
    pub(crate) fn scalar_layers<'f>(&self, facts: &'f Facts, slot: u32, years_back: u8) -> Vec<&'f Layer> {
        let layers = facts.layers.get(slot as usize).map_or(&[][..], Vec::as_slice);
        let standing = |layer: &'f Layer| {
            let standing = self.standing(facts.period(layer.period), years_back)?;
            self.takes_round(layer).then_some(((standing, layer.round != 0), layer))
        };
        let mut found: Vec<_> = layers.iter().filter_map(standing).collect();
        found.sort_by_key(|(standing, _)| *standing);
        found.into_iter().map(|(_, layer)| layer).collect()
    }

    /// The layers of a figure that is reported each period of the year.
    pub(crate) fn period_layers<'f>(
        &self,
        facts: &'f Facts,
        slot: u32,
        years_back: u8,
    ) -> Vec<(Option<Period>, &'f Layer)> {
        let year = self.year.map(|year| year.saturating_sub(i16::from(years_back)));
        let layers = facts.layers.get(slot as usize).map_or(&[][..], Vec::as_slice);
        let fits = |layer: &'f Layer| {
            let period = facts.period(layer.period);
            let in_year =
                period.is_none_or(|period| Some(period.year()) == year) && (period.is_some() || years_back == 0);
            let part = self.part.and_then(|part| part.years_earlier(years_back));
            let in_part =
                self.part.is_none() || period.is_none_or(|period| part.is_some_and(|part| part.contains(period)));
            let ended = years_back > 0 || period.is_none_or(|period| self.has_ended(period));
            (in_year && in_part && ended && self.takes_round(layer)).then_some((period, layer))
        };
        let mut found: Vec<_> = layers.iter().filter_map(fits).collect();
        found.sort_by_key(|(_, layer)| layer.round != 0);
        found
    }
}
