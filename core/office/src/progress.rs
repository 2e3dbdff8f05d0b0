//! How far the rounds of a scheme are, and each office in them.

use crate::{
    ids::{IndicatorId, OfficeId, SchemeId},
    state::State,
};
use alloc::{collections::BTreeMap, string::String};
use kaoping_terms::{Day, Text};

/// How far a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoundStage {
    /// Nothing was put down.
    Open,
    /// Its results are put down, and wait for the leading group.
    PutDown,
    /// They are sealed, and can be objected to.
    Shown,
    /// The time for objections is over.
    Over,
    /// They are published.
    Published,
    /// They were sealed, and opened again.
    Reopened,
}

impl RoundStage {
    /// Its word.
    pub fn word(self) -> Text {
        match self {
            Self::Open => Text::new("评分中", "being assessed"),
            Self::PutDown => Text::new("已汇总，待审定", "put down, to be sealed"),
            Self::Shown => Text::new("已封存，公示中", "sealed, open to objections"),
            Self::Over => Text::new("公示期满，待公布", "the time for objections is over"),
            Self::Published => Text::new("已公布", "published"),
            Self::Reopened => Text::new("已重开，待重新汇总", "opened again, to be put down anew"),
        }
    }

    /// Whether values of it can be set.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::PutDown | Self::Reopened)
    }
}

/// How far an office is in a round: how many values were set, and how many of them differ, by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Values that were set.
    pub set: usize,
    /// Differences of data.
    pub data: usize,
    /// Of rule, and scores that the version of the standard changed.
    pub rule: usize,
    /// Of judgement.
    pub judgement: usize,
}

impl State {
    /// How far a round is.
    pub fn round_stage(&self, scheme: &SchemeId, round: &str, today: Day) -> RoundStage {
        let Some(results) = self.results.get(&(scheme.clone(), round.into())) else { return RoundStage::Open };
        let is_over = results.objections_until.is_none_or(|until| until < today);
        match (results.sealed_by.is_some(), results.reopened, results.published) {
            (false, true, _) => RoundStage::Reopened,
            (false, false, _) => RoundStage::PutDown,
            (true, _, Some(_)) => RoundStage::Published,
            (true, _, None) if is_over => RoundStage::Over,
            (true, _, None) => RoundStage::Shown,
        }
    }

    /// The round of a scheme something is to be done about: the last with results, or the one after it where those
    /// are published.
    pub fn current_round(&self, scheme: &SchemeId, today: Day) -> String {
        let outline = self.schemes.get(scheme).and_then(|scheme| scheme.outline());
        let rounds = outline.map(|outline| outline.rounds.as_slice()).unwrap_or_default();
        let stage = |round: &String| self.round_stage(scheme, round, today);
        let last = rounds.iter().rposition(|round| stage(round) != RoundStage::Open);
        let is_done = |at: &usize| rounds.get(*at).is_some_and(|round| stage(round) == RoundStage::Published);
        let next = last.filter(is_done).and_then(|at| rounds.get(at + 1));
        next.or(last.and_then(|at| rounds.get(at))).or(rounds.first()).cloned().unwrap_or_default()
    }

    /// How far each office is in a round; those nothing was set for stand in it not.
    pub fn progress<'a>(&'a self, scheme: &SchemeId, round: &str) -> BTreeMap<&'a OfficeId, Progress> {
        let mut found: BTreeMap<&OfficeId, Progress> = BTreeMap::new();
        let from = (scheme.clone(), round.into(), OfficeId::least(), IndicatorId::least(), String::new());
        let of_round =
            self.assessed.range(from..).take_while(|((of, in_round, ..), _)| of == scheme && in_round == round);
        for ((_, _, office, ..), assessed) in of_round {
            let progress = found.entry(office).or_default();
            progress.set += 1;
            match assessed.last().map_or("", |(_, judged)| judged.kind.as_str()) {
                "data" => progress.data += 1,
                "rule" => progress.rule += 1,
                "judgement" => progress.judgement += 1,
                _ => (),
            }
        }
        let results = self.results.get(&(scheme.clone(), round.into()));
        for line in results.into_iter().flat_map(|results| &results.by_rule) {
            found.entry(&line.office).or_default().rule += 1;
        }
        found
    }
}
