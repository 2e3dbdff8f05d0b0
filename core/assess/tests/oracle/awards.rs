//! Who takes part in an award, and who gets it.

use super::{
    evaluate::{Outcome, Results, Score, Truth, World, known_first},
    plan::{Among, Effect, Filter, LastPlace, Value},
};

impl World<'_> {
    pub fn award(&self, position: usize, results: &Results) -> Vec<Outcome> {
        let scheme = &self.case.scheme;
        let award = &scheme.awards[position];
        let units: Vec<usize> = (0..self.case.units.len()).filter(|unit| self.assessed[*unit]).collect();
        let mut outcomes = vec![Outcome::Not; self.case.units.len()];
        if award.unless_all_met {
            // Known as soon as one unit missed a target; what some owe leaves it provisional.
            let answers = units.iter().map(|unit| results.meets_all[*unit]);
            let known: Vec<Truth> = answers.filter(|met| matches!(met, Truth::Yes | Truth::No)).collect();
            let owed = units.iter().any(|unit| results.meets_all[*unit] == Truth::Owed);
            if known.is_empty() && owed {
                units.iter().for_each(|unit| outcomes[*unit] = Outcome::Open);
                return outcomes;
            }
            if !known.contains(&Truth::No) {
                return outcomes;
            }
        }
        let mut taking_part = Vec::new();
        for unit in units {
            match self.takes_part(position, unit, results) {
                Truth::Yes => taking_part.push(unit),
                Truth::Owed => outcomes[unit] = Outcome::Open,
                Truth::No | Truth::Apart => {}
            }
        }
        let Some((from, to)) = award.places else {
            taking_part.iter().for_each(|unit| outcomes[*unit] = Outcome::Listed(None));
            return outcomes;
        };
        let order = |a: usize, b: usize| {
            let order = if award.by == Value::Total {
                self.order(a, b, results)
            } else {
                known_first(&self.value(award.by, a, results), &self.value(award.by, b, results), false)
            };
            if award.from_bottom { order.reverse() } else { order }
        };
        let within = scheme.peers && award.among != Among::Everyone;
        for unit in &taking_part {
            let kind = self.case.units[*unit].kind;
            let rivals: Vec<usize> =
                taking_part.iter().copied().filter(|other| !within || self.case.units[*other].kind == kind).collect();
            let ahead: Vec<usize> = rivals.iter().copied().filter(|other| order(*other, *unit).is_lt()).collect();
            let equal = rivals.iter().filter(|other| order(**other, *unit).is_eq()).count();
            let is_first = |at: &usize| !ahead[..*at].iter().any(|earlier| order(*earlier, ahead[*at]).is_eq());
            let distinct = (0..ahead.len()).filter(is_first).count();
            let place = 1 + if scheme.dense { distinct } else { ahead.len() };
            if !(from..=to).contains(&place) {
                continue;
            }
            let crowded = if scheme.dense { place == to && equal > 1 } else { place + equal > to + 1 };
            outcomes[*unit] = match award.last_place {
                LastPlace::None if crowded => Outcome::Not,
                LastPlace::Decide if crowded => Outcome::ToDecide(place),
                _ => Outcome::Listed(Some(place)),
            };
        }
        outcomes
    }

    /// Whether a unit takes part in an award. A reason that is certain goes before one that is
    /// still open.
    fn takes_part(&self, position: usize, unit: usize, results: &Results) -> Truth {
        let scheme = &self.case.scheme;
        let award = &scheme.awards[position];
        let mut open = false;
        for veto in &scheme.vetoes {
            // Barred from all awards is not barred from a penalty, which is taken from the bottom.
            let bars = |effect: &Effect| match effect {
                Effect::Bars(None) => award.places.is_none() || !award.from_bottom,
                Effect::Bars(Some(which)) => *which == position,
                _ => false,
            };
            if veto.effects.iter().any(bars) {
                match self.strikes(&veto.when, unit, results) {
                    Truth::Yes => return Truth::No,
                    Truth::Owed => open = true,
                    Truth::No | Truth::Apart => {}
                }
            }
        }
        match &award.filter {
            Some(Filter::EveryTargetMet) => match results.meets_all[unit] {
                Truth::Yes => {}
                Truth::Owed => open = true,
                Truth::No | Truth::Apart => return Truth::No,
            },
            Some(Filter::AtLeast(value, edge)) => match self.value(*value, unit, results) {
                Score::Known(value) if value >= edge.value() => {}
                Score::Owed => open = true,
                Score::Known(_) | Score::Apart => return Truth::No,
            },
            Some(Filter::Kind(kind)) if self.case.units[unit].kind != *kind => return Truth::No,
            Some(Filter::Kind(_)) | None => {}
        }
        for other in &award.except {
            match results.awards[*other][unit] {
                Outcome::Listed(_) => return Truth::No,
                Outcome::ToDecide(_) => open = true,
                Outcome::Open | Outcome::Not => {}
            }
        }
        if open {
            return Truth::Owed;
        }
        if award.places.is_none() {
            return Truth::Yes;
        }
        match self.value(award.by, unit, results) {
            Score::Known(_) => Truth::Yes,
            Score::Owed => Truth::Owed,
            Score::Apart => Truth::No,
        }
    }
}
