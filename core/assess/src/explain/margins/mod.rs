//! How far a figure is from the next change: the smallest change of a unit's own figure, all
//! others held fixed, that changes its points, its place or an award.
//!
//! The whole assessment is run for each figure tried, so peers, vetoes, ties and exclusions
//! count as they do for real; where rounds give results to one another, so do they.

mod chain;
mod events;
mod figures;
pub mod lines;
mod search;

use crate::Given;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use chain::Chain;
use core::fmt;
use events::EventTrial;
use figures::Figure;
pub use figures::SEE_THE_PART;
use kaoping_program::{Cell, Kind, State};
use kaoping_rules::written::values;
use kaoping_terms::{Exact, Lang, Measure, Text};
use search::{Outcome, Trial};

/// How many words of a list are tried.
const MOST_WORDS: usize = 64;

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The points of the item.
    Points {
        /// As people read them.
        from: String,
        /// As people read them.
        to: String,
    },
    /// The place of the unit.
    Place {
        /// The round that gives the place, where it is not the one that is explained.
        round: Option<String>,
        /// Before.
        from: i64,
        /// After.
        to: i64,
    },
    /// An award.
    Award {
        /// Its name.
        name: String,
        /// Won, or lost.
        won: bool,
    },
}

/// What a figure is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The round it is of, where that is not the one that is explained; else empty.
    pub round: String,
    /// The month, or who judged; empty where there is one figure.
    pub row: String,
    /// Its name; where several units count together, behind the name they go by; that of another
    /// item behind the name of the item.
    pub name: String,
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined([&self.round, &self.row, &self.name]))
    }
}

/// Words with a space between.
fn joined<const N: usize>(words: [&String; N]) -> String {
    let words: Vec<&str> = words.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The smallest change of one figure in one direction with one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margin {
    /// The figure.
    pub input: Called,
    /// Whether it grows.
    pub more: bool,
    /// By how much, as people read it; empty where it becomes another word, or yes or no.
    pub by: String,
    /// By how much, in base units, always above zero.
    pub by_exact: Exact,
    /// The figure it would be.
    pub at: String,
    /// Whether it is a day, which does not grow but comes later.
    pub is_day: bool,
    /// What changes.
    pub effect: Effect,
}

/// What was not tried, and how to see it.
pub type Untried = Text;

/// The margins of a unit for an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Margins {
    /// The figures that were tried.
    pub tried: Vec<Called>,
    /// Figure by figure, each in both directions.
    pub found: Vec<Margin>,
    /// What was not looked at.
    pub untried: Vec<Untried>,
}

/// The margins of a unit for an item, each figure in both directions.
pub fn margins(given: Given<'_>, round: Option<usize>, unit: u32, scheme: usize, item: usize, lang: Lang) -> Margins {
    let Some(model) = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item)) else {
        return Margins::default();
    };
    let mut chain = Chain::new(given, round);
    let (figures, untried) = figures::of_item(&chain, scheme, model, unit, lang);
    let tried = figures.iter().map(|figure| figure.called.clone()).collect();
    let mut margins = Margins { tried, found: Vec::new(), untried: untried.into_iter().collect() };
    for figure in figures {
        let trial = Trial::new(&mut chain, figure, model.score, unit);
        let words = Words::new(trial.chain, lang);
        let mut teller = Teller { trial, words };
        match teller.kind() {
            Some(Kind::Number(_) | Kind::Day) => {
                for more in [true, false] {
                    margins.found.extend(teller.direction(more));
                }
            }
            Some(Kind::Truth | Kind::Word(_)) => margins.found.extend(teller.otherwise(&mut margins.untried)),
            Some(Kind::Text) => margins.untried.extend(teller.text()),
            None => {}
        }
        teller.trial.end();
    }
    if let Some(score) = model.score {
        let words = Words::new(&chain, lang);
        EventTrial { chain: &chain, round, unit, item: (scheme, item), words }.of_item(score, &mut margins);
    }
    margins
}

/// Says what differs between two outcomes.
struct Words<'a> {
    given: Given<'a>,
    /// The round that gives the place, where it is not the one that is explained.
    round: Option<String>,
    lang: Lang,
}

impl<'a> Words<'a> {
    fn new(chain: &Chain<'a>, lang: Lang) -> Self {
        Self { given: chain.given(), round: chain.whole_name(), lang }
    }

    /// Points as people read them, or what is the matter with them.
    fn points(&self, score: Option<&Cell>) -> String {
        let program = &self.given.standard.program;
        let (kind, display) = (Kind::Number(Measure::points()), self.given.scheme().and_then(|it| it.display.clone()));
        score.map(|cell| values::cell_shown(program, &kind, cell, display.as_ref(), self.lang)).unwrap_or_default()
    }

    fn points_effect(&self, before: &Outcome, after: &Outcome) -> Option<Effect> {
        let (from, to) = (self.points(before.score.as_ref()), self.points(after.score.as_ref()));
        (before.score != after.score).then_some(Effect::Points { from, to })
    }

    /// A change of place; the round is named where it is not the one that is explained.
    fn place_effect(&self, is_own: bool, from: Option<i64>, to: Option<i64>) -> Option<Effect> {
        let (from, to) = (from?, to?);
        let round = self.round.clone().filter(|_| !is_own);
        (from != to).then_some(Effect::Place { round, from, to })
    }

    fn award_effect(&self, award: usize, won: bool) -> Effect {
        let award = self.given.scheme().and_then(|scheme| scheme.awards.get(award));
        Effect::Award { name: award.map(|award| award.name.to_string()).unwrap_or_default(), won }
    }

    fn effects(&self, before: &Outcome, after: &Outcome) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.points_effect(before, after).into_iter().collect();
        effects.extend(self.place_effect(true, before.own_place, after.own_place));
        effects.extend(self.place_effect(false, before.place, after.place));
        for (award, (was, is)) in before.awards.iter().zip(&after.awards).enumerate() {
            effects.extend((was != is).then(|| self.award_effect(award, *is)));
        }
        effects
    }
}

/// Says what a search finds.
struct Teller<'t, 'a> {
    trial: Trial<'t, 'a>,
    words: Words<'a>,
}

impl<'a> Teller<'_, 'a> {
    fn given(&self) -> Given<'a> {
        self.trial.chain.given()
    }

    fn figure(&self) -> &Figure<'a> {
        &self.trial.figure
    }

    fn kind(&self) -> Option<Kind> {
        self.given().standard.program.node(self.figure().input.node).map(|node| node.kind.clone())
    }

    /// That no other text is tried, where the points rest on it.
    fn text(&self) -> Option<Untried> {
        let name = self.figure().called.to_string();
        self.trial.counts().then(|| {
            Text::new(
                alloc::format!("“{name}”是文字，没有试别的"),
                alloc::format!("{name} is a text; no other was tried"),
            )
        })
    }

    fn direction(&mut self, more: bool) -> Vec<Margin> {
        let now = self.trial.outcome(0);
        let sign = if more { 1 } else { -1 };
        let mut found = Vec::new();
        if now.score.as_ref().is_some_and(|score| score.value.is_some())
            && let Some(steps) = self.trial.smallest_alone(more)
        {
            let after = self.trial.outcome(sign * steps);
            found.extend(self.words.points_effect(&now, &after).map(|effect| self.margin(more, steps, effect)));
        }
        let places: [fn(&Outcome) -> Option<i64>; 2] = [|outcome| outcome.own_place, |outcome| outcome.place];
        for (of, is_own) in places.into_iter().zip([true, false]) {
            if of(&now).is_some()
                && let Some(steps) = self.trial.smallest(more, &|other| of(other) != of(&now))
            {
                let after = self.trial.outcome(sign * steps);
                let effect = self.words.place_effect(is_own, of(&now), of(&after));
                found.extend(effect.map(|effect| self.margin(more, steps, effect)));
            }
        }
        for (award, before) in now.awards.iter().copied().enumerate() {
            if let Some(steps) = self.trial.smallest(more, &|other| other.awards.get(award).copied() != Some(before)) {
                let effect = self.words.award_effect(award, !before);
                found.push(self.margin(more, steps, effect));
            }
        }
        found
    }

    /// What a yes or no, or a word of a list, would change if it were another.
    fn otherwise(&mut self, untried: &mut Vec<Untried>) -> Vec<Margin> {
        let program = &self.given().standard.program;
        let Some(kind) = self.kind() else { return Vec::new() };
        let words = match &kind {
            Kind::Truth => 2,
            Kind::Word(list) => program.word_lists.get(list.0 as usize).map_or(0, |list| list.words.len()),
            Kind::Number(_) | Kind::Day | Kind::Text => 0,
        };
        let current = self.figure().current.clone();
        let Some(at) = current.to_i64() else { return Vec::new() };
        if words > MOST_WORDS {
            let name = self.figure().called.to_string();
            untried.push(Text::new(
                alloc::format!("“{name}”有 {words} 个词可填，只试了前 {MOST_WORDS} 个"),
                alloc::format!("{name} can be one of {words} words; the first {MOST_WORDS} were tried"),
            ));
        }
        let now = self.trial.outcome(0);
        let mut found = Vec::new();
        for word in (0i64..).take(words.min(MOST_WORDS)).filter(|word| *word != at) {
            let after = self.trial.outcome(word - at);
            let effects = self.words.effects(&now, &after);
            let value = Exact::whole(word);
            let cell = Cell { value: Some(value.clone()), state: State::KNOWN };
            let shown = values::cell(program, &kind, &cell, self.words.lang);
            found.extend(effects.into_iter().map(|effect| Margin {
                input: self.figure().called.clone(),
                more: word > at,
                by: String::new(),
                by_exact: (&value - &current).abs(),
                at: shown.clone(),
                is_day: false,
                effect,
            }));
        }
        found
    }

    fn margin(&self, more: bool, steps: i64, effect: Effect) -> Margin {
        let by = &Exact::whole(steps) * &self.trial.step;
        let at = Cell { value: Some(self.trial.value(if more { steps } else { -steps })), state: State::KNOWN };
        let kind = self.kind().unwrap_or(Kind::Text);
        let shown = match &kind {
            // A change of a ratio is told in percentage points.
            Kind::Number(measure) if measure.is_ratio() => {
                let points = Text::new("个百分点", "percentage points");
                alloc::format!("{} {}", &by * &Exact::whole(100), points.get(self.words.lang))
            }
            Kind::Number(measure) => values::number(&by, measure),
            _ => alloc::format!("{by} {}", Text::new("天", "days").get(self.words.lang)),
        };
        Margin {
            input: self.figure().called.clone(),
            more,
            by: shown,
            by_exact: by,
            at: values::cell(&self.given().standard.program, &kind, &at, self.words.lang),
            is_day: kind == Kind::Day,
            effect,
        }
    }
}
