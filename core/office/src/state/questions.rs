//! Questions a value raises: never a penalty, never a refusal, but each wants an answer.

use super::{Card, Cell, Measure, Standing, State, cells::History};
use crate::{
    ids::{FigureId, OfficeId},
    period::Period,
};
use alloc::{format, string::String, vec::Vec};
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

/// A number as people write it.
fn plain(value: &Exact) -> String {
    value.to_plain(0).unwrap_or_else(|| value.to_fraction())
}

/// Whether one number differs from another by more than so many percent of it.
fn differs(value: &Exact, from: &Exact, percent: u32) -> bool {
    let change = (value.clone() - from.clone()).abs() * Exact::whole(100);
    change > from.abs() * Exact::whole(i64::from(percent))
}

/// Whether one number is ten times another or more, and they are not so small that chance makes them so.
fn is_slip(value: &Exact, from: &Exact) -> bool {
    let (value, from) = (value.abs(), from.abs());
    let (less, more) = if value < from { (value, from) } else { (from, value) };
    !less.is_zero() && more >= Exact::whole(100) && more >= less * Exact::whole(10)
}

/// What is asked where a value differs too much from an earlier one.
pub fn why_changed(when: Period, before: &str, percent: u32) -> Text {
    Text::new(
        format!("{when} 是 {before}，变化超过 {percent}%，为什么？"),
        format!("it was {before} in {when}; why did it change by more than {percent} %?"),
    )
}

/// Fewer peers than this say nothing.
const FEW: usize = 4;

/// Whether the figures of offices add up to that of the one above them: numbers of things do, percentages do not.
fn adds_up(card: &Card) -> bool {
    matches!(&card.measure, Measure::Number { unit, .. } if !matches!(unit.as_str(), "%" | "‰" | "百分点"))
}

/// The number of a year earlier, else the one before.
fn earlier(history: History<'_>, period: Period) -> Option<(Period, &Exact)> {
    let reported = |when: Period| Some((when, history.number(when)?));
    reported(period.year_before()).or_else(|| reported(period.before()?))
}

/// What runs on from the beginning of the year does not become less in it.
fn fell(history: History<'_>, period: Period, value: &Exact) -> Option<Text> {
    let mut when = period.before()?;
    let (when, was) = loop {
        if when.year() != period.year() {
            return None;
        }
        match history.number(when) {
            Some(was) => break (when, was),
            None => when = when.before()?,
        }
    };
    (value < was).then(|| {
        Text::new(
            format!("本年累计 {when} 是 {}，现在反而少了，为什么？", plain(was)),
            format!("it runs on from January and was {} in {when}; why is it less now?", plain(was)),
        )
    })
}

impl State {
    /// The questions the figures of a report raise.
    pub fn questions(&self, office: &OfficeId, period: Period, figures: &[Standing]) -> Vec<Question> {
        let mut questions = Vec::new();
        let lower: Vec<&OfficeId> = self.below(office, self.today).collect();
        let above = self.offices.get(office).and_then(|office| office.at(self.today)?.parent.as_ref());
        let above = above.map(|above| (above, self.reported_by(above.as_str())));
        let own = self.reported_by(office.as_str());
        for standing in figures {
            let Some(card) = self.cards.get(&standing.figure) else { continue };
            let Some(value) = number(&standing.value) else { continue };
            let history = own.of(standing.figure.as_str());
            let mut ask = |text: Text| questions.push(Question { figure: standing.figure.clone(), text });
            if card.asks_beyond_percent.is_none() {
                self.slip((office, &standing.figure, period), card, history, &value).into_iter().for_each(&mut ask);
            }
            if let Some(percent) = card.asks_beyond_percent {
                self.jump((office, &standing.figure, period), history, &value, percent).into_iter().for_each(&mut ask);
                self.beside_peers(office, &standing.figure, period, &value, percent).into_iter().for_each(&mut ask);
            }
            if card.cumulative {
                fell(history, period, &value).into_iter().for_each(&mut ask);
            }
            self.parts(card, office, period, figures, &value).into_iter().for_each(&mut ask);
            if adds_up(card) {
                self.as_a_whole(&lower, &standing.figure, period, &value).into_iter().for_each(&mut ask);
                let whole =
                    above.and_then(|(above, of)| Some((above, of.of(standing.figure.as_str()).number(period)?)));
                let asked = whole.and_then(|whole| self.as_a_part((office, &standing.figure, period), whole, &value));
                asked.into_iter().for_each(&mut ask);
            }
        }
        questions
    }

    /// What offices below an office reported of a figure, where all that were asked for it have.
    fn reported_below(&self, lower: &[&OfficeId], figure: &FigureId, period: Period) -> Option<Vec<Exact>> {
        let is_asked = |id: &OfficeId| {
            let mut all = self.collections.values().filter(|asked| asked.period == period);
            all.any(|asked| asked.figures.contains(figure) && asked.offices.contains(id))
        };
        let mut values = Vec::new();
        for id in lower {
            match self.number_of(id.as_str(), figure.as_str(), period) {
                Some(value) => values.push(value.clone()),
                None if self.is_reported(id.as_str(), figure.as_str(), period) || is_asked(id) => return None,
                None => (),
            }
        }
        Some(values)
    }

    /// The parts offices below reported beside the whole this office does.
    fn as_a_whole(&self, lower: &[&OfficeId], figure: &FigureId, period: Period, value: &Exact) -> Option<Text> {
        let values = self.reported_below(lower, figure, period).filter(|values| !values.is_empty())?;
        let sum = Some(Exact::sum(&values)).filter(|sum| sum != value)?;
        Some(Text::new(
            format!("各下级单位报的合计是 {}，与它不等，为什么？", plain(&sum)),
            format!("the offices below reported {} in all; why does it differ?", plain(&sum)),
        ))
    }

    /// The part this office reports, the last of them, beside the whole the office above it reported.
    fn as_a_part(
        &self,
        (office, figure, period): (&OfficeId, &FigureId, Period),
        (above, whole): (&OfficeId, &Exact),
        value: &Exact,
    ) -> Option<Text> {
        let others: Vec<&OfficeId> = self.below(above, self.today).filter(|id| *id != office).collect();
        let sum = Exact::sum(&self.reported_below(&others, figure, period)?) + value.clone();
        (sum != *whole).then(|| {
            Text::new(
                format!("加上它，各单位合计 {}，“{above}”报的是 {}，为什么？", plain(&sum), plain(whole)),
                format!("with it the offices come to {}, and `{above}` reported {}; why?", plain(&sum), plain(whole)),
            )
        })
    }

    /// Where a card says nothing of changes, what looks like a digit too many or too few is asked about all the same.
    fn slip(
        &self,
        (office, figure, period): (&OfficeId, &FigureId, Period),
        card: &Card,
        history: History<'_>,
        value: &Exact,
    ) -> Option<Text> {
        let (when, was) = earlier(history, period)?;
        // What runs on begins anew each year.
        let is_new = card.cumulative && when.year() != period.year() && when != period.year_before();
        if is_new || !is_slip(value, was) {
            return None;
        }
        let written = &self.cells.get(&(office.clone(), figure.clone(), when))?.value;
        Some(Text::new(
            format!("{when} 是 {written}，相差十倍以上，是不是多写或少写了一位？确是这个数的，说明原因"),
            format!(
                "it was {written} in {when}: ten times as much or a tenth; is there a digit too many or too few? If it is right, say why"
            ),
        ))
    }

    fn jump(
        &self,
        key: (&OfficeId, &FigureId, Period),
        history: History<'_>,
        value: &Exact,
        percent: u32,
    ) -> Option<Text> {
        let (office, figure, period) = key;
        let (when, was) = earlier(history, period)?;
        if !differs(value, was, percent) {
            return None;
        }
        let written = &self.cells.get(&(office.clone(), figure.clone(), when))?.value;
        Some(why_changed(when, written, percent))
    }

    /// What a value of a figure is compared with: the one a year earlier, else the one before.
    pub fn compared(&self, office: &OfficeId, figure: &FigureId, period: Period) -> Option<(Period, &Cell)> {
        let (when, _) = earlier(self.reported_by(office.as_str()).of(figure.as_str()), period)?;
        Some((when, self.cells.get(&(office.clone(), figure.clone(), when))?))
    }

    fn beside_peers(
        &self,
        office: &OfficeId,
        figure: &FigureId,
        period: Period,
        value: &Exact,
        percent: u32,
    ) -> Option<Text> {
        let mut reported = self.numbers(figure.as_str(), period).filter(|(peer, _)| *peer != office).peekable();
        reported.peek()?;
        let group = |id: &OfficeId| {
            let version = self.offices.get(id)?.at(self.today)?;
            Some((version.kind.as_str(), version.group.as_str()))
        };
        let own = group(office)?;
        let peers = reported.filter(|(peer, _)| group(peer) == Some(own));
        let mut peers: Vec<&Exact> = peers.map(|(_, number)| number).collect();
        if peers.len() < FEW {
            return None;
        }
        peers.sort();
        let middle = *peers.get(peers.len() / 2)?;
        differs(value, middle, percent).then(|| {
            Text::new(
                format!("同组单位的中间值是 {}，相差超过 {percent}%，为什么？", plain(middle)),
                format!("the middle of its peers is {}; why does it differ by more than {percent} %?", plain(middle)),
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
                format!("各部分之和是 {}，与它不等，为什么？", plain(&sum)),
                format!("its parts add up to {}; why does it differ?", plain(&sum)),
            )
        })
    }
}
