//! The last day a round counts: what belongs to a later time is for the rounds after it.

use super::{rounds::known, there};
use crate::{
    deed::{Asked, Deed, Told},
    ids::{FigureId, OfficeId, SchemeId},
    outline::Outline,
    period::Period,
    refusal,
    rights::{Relation, Right, Role, account},
    state::{RoundEnd, State},
    tables::{Key, Touched},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Day, Diagnostic, Report, Text};
use serde::{Deserialize, Serialize};

/// Says up to which day a round counts: figures of periods that end later, and events after it, are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndRound {
    /// Of which scheme.
    pub scheme: SchemeId,
    /// Which round.
    pub round: String,
    /// The last day it counts; absent where it counts all the scheme does, as a round nobody ended.
    pub last: Option<Day>,
}

impl Deed for EndRound {
    fn word(&self) -> Text {
        Text::new("定轮次截止日", "ending a round")
    }

    fn right(&self) -> Right {
        Right { roles: &[Role::AssessmentOffice], relation: Relation::Own }
    }

    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId> {
        there::issuer(state, &self.scheme)
    }

    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report) {
        known(state, &self.scheme, &self.round, findings);
        findings.extend(state.seals(&self.scheme).find(|seal| seal.round == self.round).map(there::sealed));
        let Some(scheme) = state.schemes.get(&self.scheme) else { return };
        let Some(outline) = scheme.outline().filter(|outline| outline.has_round(&self.round)) else { return };
        let before = scheme.ends.get(&self.round).and_then(|ends| ends.last());
        if before.and_then(|end| end.last) == self.last {
            findings.push(same(&self.round, self.last));
            return;
        }
        if before.is_some() && asked.why.trim().is_empty() {
            findings.push(refusal::no_reason(&Text::new("改轮次截止日", "another last day of a round")));
        }
        findings.extend(self.last.and_then(|last| outside(outline, last)));
        findings.extend(self.left_out(state, outline));
    }

    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched) {
        let Some(scheme) = state.schemes.get_mut(&self.scheme) else { return };
        let end = RoundEnd { last: self.last, by: account(told.by), why: told.why.into(), number: told.number };
        scheme.ends.entry(self.round.clone()).or_default().push(end);
        touched.note(|| Key::Scheme(self.scheme.clone()));
    }
}

impl EndRound {
    /// What is reported and entered already, and would not be in it.
    fn left_out(&self, state: &State, outline: &Outline) -> Option<Diagnostic> {
        let last = self.last?;
        let mut found: BTreeMap<(&FigureId, Period), usize> = BTreeMap::new();
        for (office, figure, period) in state.cells.keys() {
            let is_later = period.end().is_some_and(|end| end > last);
            if is_later
                && state.serves(&self.scheme, figure, *period)
                && state.is_assessed(&self.scheme, office.as_str(), state.today)
            {
                *found.entry((figure, *period)).or_default() += 1;
            }
        }
        let figures: usize = found.values().sum();
        let is_later = |day: Day| day > last;
        let events = state.events.iter().filter(|((table, _), event)| {
            event.withdrawn.is_none()
                && is_later(event.day)
                && outline.counts(table, event.day)
                && state.is_assessed(&self.scheme, event.office.as_str(), state.today)
        });
        let events = events.count();
        if figures + events == 0 {
            return None;
        }
        let such_as = found.keys().next();
        let such_as = such_as.map_or_else(Default::default, |(figure, period)| {
            (format!("（如 {period} 的“{figure}”）"), format!(" (such as `{figure}` of {period})"))
        });
        let finding = Diagnostic::warning(
            "round-leaves-out",
            Text::new(
                format!("{last} 以后的 {figures} 个数{}、{events} 件事不计入{}", such_as.0, self.round),
                format!("{figures} figures{} and {events} events after {last} are not in {}", such_as.1, self.round),
            ),
        );
        Some(
            finding
                .why(Text::new(
                    "它们已经上报或登记，以前是算在内的",
                    "they are there already, and were counted until now",
                ))
                .next(Text::new(
                    "本该归后面各轮的不用管；这一轮要算的，截止日定晚一些",
                    "leave it where they belong to later rounds; else name a later day",
                )),
        )
    }
}

/// The day is the one there is.
fn same(round: &str, last: Option<Day>) -> Diagnostic {
    let (zh, en) = match last {
        Some(day) => (format!("{round} 的截止日已经是 {day}"), format!("{round} ends on {day} already")),
        None => (format!("{round} 没有定过截止日"), format!("{round} has no end of its own")),
    };
    refusal::not_now(
        Text::new(zh, en),
        Text::new("什么也没有改，也就不用记", "nothing would change, so there is nothing to record"),
        Text::new("不用再办；要改的，写另一天", "nothing is left to do; to change it name another day"),
    )
}

/// It ends within the time that is assessed.
fn outside(outline: &Outline, last: Day) -> Option<Diagnostic> {
    let (from, to) = outline.period.filter(|_| !outline.assesses(last))?;
    Some(refusal::unfit(
        Text::new(
            format!("{last} 不在方案的适用期（{from} 至 {to}）内"),
            format!("{last} is outside the time the scheme assesses ({from} to {to})"),
        ),
        Text::new(
            "一轮只计方案适用期以内的数和事",
            "a round counts nothing but what belongs to the time that is assessed",
        ),
        Text::new("核对日期，例如半年的写 6 月 30 日", "look at the day: a half-year ends on 30 June"),
    ))
}
