//! Questions a value raises: never a penalty, never a refusal, but each wants an answer.

use super::{Card, Standing, State};
use crate::{
    ids::{FigureId, OfficeId},
    period::Period,
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Exact, Text, figure};

/// A question about a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which figure.
    pub figure: FigureId,
    /// What is asked.
    pub text: Text,
}

fn number(value: &str) -> Option<Exact> {
    figure::parse(value).ok().map(|read| read.value)
}

/// Whether one number differs from another by more than so many percent of it.
fn differs(value: &Exact, from: &Exact, percent: u32) -> bool {
    let change = (value.clone() - from.clone()).abs() * Exact::whole(100);
    change > from.abs() * Exact::whole(i64::from(percent))
}

/// Fewer peers than this say nothing.
const FEW: usize = 4;

impl State {
    /// The questions the figures of a report raise.
    pub fn questions(&self, office: &OfficeId, period: Period, figures: &[Standing]) -> Vec<Question> {
        let mut questions = Vec::new();
        for standing in figures {
            let Some(card) = self.cards.get(&standing.figure) else { continue };
            let Some(value) = number(&standing.value) else { continue };
            let mut ask = |text: Text| questions.push(Question { figure: standing.figure.clone(), text });
            if let Some(percent) = card.asks_beyond_percent {
                self.jump(office, &standing.figure, period, &value, percent).into_iter().for_each(&mut ask);
                self.beside_peers(office, &standing.figure, period, &value, percent).into_iter().for_each(&mut ask);
            }
            self.parts(card, office, period, figures, &value).into_iter().for_each(&mut ask);
        }
        questions
    }

    fn jump(&self, office: &OfficeId, figure: &FigureId, period: Period, value: &Exact, percent: u32) -> Option<Text> {
        let known = |period: &Period| self.is_reported(office.as_str(), figure.as_str(), *period);
        let at = |period: Period| self.cells.get(&(office.clone(), figure.clone(), period));
        let (when, before) = [Some(period.year_before()), period.before()]
            .into_iter()
            .flatten()
            .filter(known)
            .find_map(|period| Some((period, at(period)?)))?;
        differs(value, &number(&before.value)?, percent).then(|| {
            Text::new(
                format!("{when} 是 {},变化超过 {percent}%,为什么?", before.value),
                format!("it was {} in {when}; why did it change by more than {percent} %?", before.value),
            )
        })
    }

    fn beside_peers(
        &self,
        office: &OfficeId,
        figure: &FigureId,
        period: Period,
        value: &Exact,
        percent: u32,
    ) -> Option<Text> {
        let day = self.today;
        let group = |id: &OfficeId| {
            Some((self.offices.get(id)?.at(day)?.kind.as_str(), self.offices.get(id)?.at(day)?.group.as_str()))
        };
        let own = group(office)?;
        let mut peers: Vec<Exact> = self
            .reporters(figure.as_str(), period)
            .filter(|peer| *peer != office && group(peer) == Some(own))
            .filter_map(|peer| number(&self.cells.get(&(peer.clone(), figure.clone(), period))?.value))
            .collect();
        if peers.len() < FEW {
            return None;
        }
        peers.sort();
        let middle = peers.get(peers.len() / 2)?;
        differs(value, middle, percent).then(|| {
            Text::new(
                format!("同组单位的中间值是 {},相差超过 {percent}%,为什么?", middle.to_fraction()),
                format!(
                    "the middle of its peers is {}; why does it differ by more than {percent} %?",
                    middle.to_fraction()
                ),
            )
        })
    }

    fn parts(
        &self,
        card: &Card,
        office: &OfficeId,
        period: Period,
        figures: &[Standing],
        value: &Exact,
    ) -> Option<Text> {
        if card.parts.is_empty() {
            return None;
        }
        let of = |part: &FigureId| {
            let given =
                figures.iter().find(|standing| standing.figure == *part).map(|standing| standing.value.as_str());
            let known = || self.cells.get(&(office.clone(), part.clone(), period)).map(|cell| cell.value.as_str());
            number(given.or_else(known)?)
        };
        let parts: Vec<Exact> = card.parts.iter().map(of).collect::<Option<_>>()?;
        let sum = Exact::sum(&parts);
        (sum != *value).then(|| {
            Text::new(
                format!("各部分之和是 {},与它不等,为什么?", sum.to_fraction()),
                format!("its parts add up to {}; why does it differ?", sum.to_fraction()),
            )
        })
    }
}
