//! Signs that a figure may not be what it says. Each is a question to be put to its office, never a penalty: a figure
//! that looks odd is often right, and only the answer that is recorded tells. All of it is exact; no threshold is
//! tuned to a result, and each says why it is where it is.

use crate::{
    ids::{FigureId, OfficeId, SchemeId},
    outline::Outline,
    period::Period,
    state::{Measure, State},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_terms::{Exact, Text, figure};
use serde::{Deserialize, Serialize};

macro_rules! signs {
    ($($(#[$about:meta])* $sign:ident $name:literal $zh:literal $en:literal,)*) => {
        /// What is odd about a figure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Sign {
            $($(#[$about])* #[serde(rename = $name)] $sign,)*
        }

        impl Sign {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$sign),*];

            /// Its name in the record.
            pub fn name(self) -> &'static str {
                match self { $(Self::$sign => $name,)* }
            }

            /// Its word.
            pub fn word(self) -> Text {
                match self { $(Self::$sign => Text::new($zh, $en),)* }
            }
        }
    };
}

signs! {
    /// It is far from what it was.
    Jump "jump" "突变" "jump",
    /// Many offices lie just above their target, and hardly any just below.
    Bunching "bunching" "压线达标" "bunching above the line",
    /// Most figures of an office end in the same digit.
    Digits "digits" "尾数重复" "repeated digits",
    /// It is that of the period before, to the last digit.
    Repeated "repeated" "与上期雷同" "as in the period before",
    /// Several figures are those of another office.
    Copied "copied" "与别的单位雷同" "as of another office",
    /// The office scores itself far above what others find.
    Inflated "inflated" "自评偏高" "self-score above the rest",
    /// It was changed in the last minutes before the deadline.
    LastMinute "last-minute" "截止前改数" "changed at the deadline",
}

/// A figure more than twice what it was, or less than half of it, is asked about: what a year of ordinary work moves
/// stays well within.
const JUMP_TIMES: i64 = 2;

/// Numbers with fewer digits than this repeat by chance.
const FEW_DIGITS: usize = 3;

/// Just above and just below a target are within so many percent of it: about what can be moved with a pencil.
const NEAR_PERCENT: i64 = 2;

/// So many offices have to lie just above before it is asked about; fewer are chance.
const NEAR_OFFICES: usize = 4;

/// And so many times as many above as below: without a pencil the two sides are about the same.
const NEAR_TIMES: usize = 4;

/// So many figures of an office are looked at before digits say anything.
const DIGITS_LOOKED_AT: usize = 8;

/// Three quarters of them with the same last digit: of honest counts that happens once in four thousand times.
const DIGITS_SAME: (usize, usize) = (3, 4);

/// So many figures have to be equal to those of another office in the same period: one is chance, three are not.
const COPIED_FIGURES: usize = 3;

/// A total by the office itself that lies above a later round's by more than so many percent.
const INFLATED_PERCENT: i64 = 5;

/// Minutes before the end of the deadline in which a change is asked about.
pub const LAST_MINUTES: i64 = 10;

/// A sign at a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// What is odd.
    pub sign: Sign,
    /// Whose figure it is.
    pub office: OfficeId,
    /// Which; absent where it is about several.
    pub figure: Option<FigureId>,
    /// Of which period; absent where it is about several.
    pub period: Option<Period>,
    /// What is asked.
    pub text: Text,
}

/// A figure as it was reported, read.
struct Read<'a> {
    office: &'a OfficeId,
    figure: &'a FigureId,
    period: Period,
    written: &'a str,
    value: Exact,
}

fn number(value: &str) -> Option<Exact> {
    figure::parse(value).ok().map(|read| read.value)
}

/// The digits of a number, without its sign, point and leading zeros.
fn digits(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').into()
}

/// Whether a number says enough for an equal one to be remarkable.
fn says_something(read: &Read<'_>) -> bool {
    // 1000 and 500 are round, and round numbers meet.
    digits(read.written).trim_end_matches('0').len() >= FEW_DIGITS
}

impl State {
    /// Every sign among the figures a scheme is scored from, office by office.
    pub fn suspicions(&self, scheme: &SchemeId) -> Vec<Suspicion> {
        let Some(outline) = self.schemes.get(scheme).and_then(|scheme| scheme.outline()) else { return Vec::new() };
        let figures = self.read(outline);
        let mut found = Vec::new();
        for read in &figures {
            found.extend(self.leap(read));
            found.extend(self.repeated(read));
        }
        found.extend(self.bunching(scheme, outline, &figures));
        found.extend(last_digits(&figures));
        found.extend(copied(&figures));
        found.extend(self.inflated(scheme, outline));
        found.extend(self.last_minute(scheme));
        found.sort_by(|one, other| {
            (&one.office, one.sign, &one.figure).cmp(&(&other.office, other.sign, &other.figure))
        });
        found
    }

    /// The reported numbers of a scheme.
    fn read(&self, outline: &Outline) -> Vec<Read<'_>> {
        let asked: alloc::collections::BTreeSet<&FigureId> = outline.figures().collect();
        let counts = |figure: &FigureId| {
            let card = self.cards.get(figure);
            // Rates are near one another by nature, and so are their digits.
            card.is_some_and(|card| matches!(&card.measure, Measure::Number { unit, .. } if unit != "%"))
        };
        let cells = self.cells.iter().filter(|((_, figure, _), _)| asked.contains(figure) && counts(figure));
        cells
            .filter_map(|((office, figure, period), cell)| {
                Some(Read { office, figure, period: *period, written: &cell.value, value: number(&cell.value)? })
            })
            .collect()
    }

    fn before(&self, read: &Read<'_>, period: Option<Period>) -> Option<(&str, Exact)> {
        let cell = self.cells.get(&(read.office.clone(), read.figure.clone(), period?))?;
        Some((&cell.value, number(&cell.value)?))
    }

    /// What runs on from the beginning of the year is compared with a year ago, all else with the period before too.
    fn leap(&self, read: &Read<'_>) -> Option<Suspicion> {
        let runs_on = self.cards.get(read.figure).is_some_and(|card| card.cumulative);
        let year_ago = Some(read.period.year_before());
        let found = [year_ago, read.period.before().filter(|_| !runs_on)];
        let (period, (written, was)) =
            found.into_iter().find_map(|period| Some((period?, self.before(read, period)?)))?;
        let times = Exact::whole(JUMP_TIMES);
        let far = was.is_positive() && (read.value > was.clone() * times.clone() || read.value.clone() * times < was);
        far.then(|| {
            let (now, then) = (read.period, period);
            let (value, figure) = (read.written, self.name(read.figure));
            suspicion(
                Sign::Jump,
                read,
                Text::new(
                    format!("{figure}{then}是{written}，{now}是{value}，相差一倍以上，是什么原因？"),
                    format!("{figure} was {written} in {then} and is {value} in {now}; what changed it so much?"),
                ),
            )
        })
    }

    fn repeated(&self, read: &Read<'_>) -> Option<Suspicion> {
        let then = read.period.before()?;
        let (written, was) = self.before(read, Some(then))?;
        (was == read.value && says_something(read)).then(|| {
            let (now, figure) = (read.period, self.name(read.figure));
            suspicion(
                Sign::Repeated,
                read,
                Text::new(
                    format!("{figure}{now}与{then}一样，都是{written}，是没有变化还是照抄？"),
                    format!("{figure} is {written} in {now} as in {then}; did nothing change, or was it copied?"),
                ),
            )
        })
    }

    fn name<'a>(&'a self, figure: &'a FigureId) -> &'a str {
        self.cards.get(figure).map_or(figure.as_str(), |card| card.name.as_str())
    }

    /// Of an indicator with one target and one figure, the last figure of each office beside its target.
    fn bunching(&self, scheme: &SchemeId, outline: &Outline, figures: &[Read<'_>]) -> Vec<Suspicion> {
        let mut found = Vec::new();
        for indicator in &outline.indicators {
            let mut reported = indicator.fields.iter().filter_map(|field| field.figure.as_ref());
            let (Some(figure), None) = (reported.next(), reported.next()) else { continue };
            let mut last: BTreeMap<&OfficeId, &Read<'_>> = BTreeMap::new();
            for read in figures.iter().filter(|read| read.figure == figure) {
                let later = last.get(read.office).is_none_or(|known| known.period.end() < read.period.end());
                if later {
                    last.insert(read.office, read);
                }
            }
            let target = |office: &OfficeId| {
                let mut fields = indicator.fields.iter().filter(|field| field.figure.is_none());
                fields.find_map(|field| {
                    let key = (scheme.clone(), office.clone(), indicator.id.clone(), field.name.clone());
                    number(&self.targets.get(&key)?.value)
                })
            };
            let (mut above, mut below) = (Vec::new(), 0_usize);
            for read in last.into_values() {
                let Some(target) = target(read.office).filter(Exact::is_positive) else { continue };
                let off = (read.value.clone() - target.clone()) * Exact::whole(100);
                let width = target * Exact::whole(NEAR_PERCENT);
                match off.is_negative() {
                    false if off <= width => above.push(read),
                    true if off.abs() <= width => below += 1,
                    _ => (),
                }
            }
            if above.len() >= NEAR_OFFICES && above.len() >= NEAR_TIMES * below {
                let (count, name) = (above.len(), self.name(figure));
                let text = || {
                    Text::new(
                        format!(
                            "{count} 个单位的{name}都刚过目标不到 {NEAR_PERCENT}%，差一点的只有 {below} 个；这个数是怎么统计的？"
                        ),
                        format!(
                            "{name} of {count} offices lies less than {NEAR_PERCENT} % above the target, of {below} as much below; how was it counted?"
                        ),
                    )
                };
                found.extend(above.into_iter().map(|read| suspicion(Sign::Bunching, read, text())));
            }
        }
        found
    }

    /// The first round is what offices say of themselves; the last one with results is what it is compared with.
    fn inflated(&self, scheme: &SchemeId, outline: &Outline) -> Vec<Suspicion> {
        let results = |round: &String| self.results.get(&(scheme.clone(), round.clone()));
        let Some((own, rest)) = outline.rounds.split_first() else { return Vec::new() };
        let later = rest.iter().rev().find_map(|round| Some((round, results(round)?)));
        let (Some(first), Some((round, later))) = (results(own), later) else { return Vec::new() };
        let mut found = Vec::new();
        for line in &first.totals {
            let other = later.totals.iter().find(|other| other.office == line.office);
            let Some((said, judged)) = number(&line.total).zip(other.and_then(|other| number(&other.total))) else {
                continue;
            };
            let most = judged.clone() * Exact::whole(100 + INFLATED_PERCENT);
            if judged.is_positive() && said * Exact::whole(100) > most {
                let (total, judged) = (&line.total, other.map(|other| other.total.as_str()).unwrap_or_default());
                found.push(Suspicion {
                    sign: Sign::Inflated,
                    office: line.office.clone(),
                    figure: None,
                    period: None,
                    text: Text::new(
                        format!("“{own}”总分 {total}，“{round}”是 {judged}，高出 {INFLATED_PERCENT}% 以上，差在哪里？"),
                        format!("the total is {total} in `{own}` and {judged} in `{round}`; where does the difference come from?"),
                    ),
                });
            }
        }
        found
    }

    /// Reports that were changed in the last minutes of their last day.
    fn last_minute(&self, scheme: &SchemeId) -> Vec<Suspicion> {
        let mut found = Vec::new();
        for ((id, office), report) in &self.reports {
            let Some(collection) = self.collections.get(id).filter(|collection| collection.scheme == *scheme) else {
                continue;
            };
            let ends = crate::deed::ends_ms(collection.last);
            let changed = report.changed_ms.filter(|ms| (ends - LAST_MINUTES * 60_000..ends).contains(ms));
            if changed.is_some() {
                let title = &collection.title;
                found.push(Suspicion {
                    sign: Sign::LastMinute,
                    office: office.clone(),
                    figure: None,
                    period: Some(collection.period),
                    text: Text::new(
                        format!("“{title}”在截止前 {LAST_MINUTES} 分钟内改过数，为什么这时才改？"),
                        format!("figures of `{title}` were changed in the last {LAST_MINUTES} minutes; why so late?"),
                    ),
                });
            }
        }
        found
    }
}

fn suspicion(sign: Sign, read: &Read<'_>, text: Text) -> Suspicion {
    let (figure, period) = (Some(read.figure.clone()), Some(read.period));
    Suspicion { sign, office: read.office.clone(), figure, period, text }
}

/// Offices most of whose counts end in the same digit.
fn last_digits(figures: &[Read<'_>]) -> Vec<Suspicion> {
    let mut endings: BTreeMap<&OfficeId, BTreeMap<char, usize>> = BTreeMap::new();
    for read in figures {
        let digits = digits(read.written);
        let last = digits.chars().last().filter(|_| digits.len() >= FEW_DIGITS);
        if let Some(last) = last {
            *endings.entry(read.office).or_default().entry(last).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for (office, digits) in endings {
        let count: usize = digits.values().sum();
        let most = digits.into_iter().max_by_key(|(_, times)| *times);
        let Some((digit, times)) = most.filter(|(_, times)| *times * DIGITS_SAME.1 >= count * DIGITS_SAME.0) else {
            continue;
        };
        if count >= DIGITS_LOOKED_AT {
            found.push(Suspicion {
                sign: Sign::Digits,
                office: office.clone(),
                figure: None,
                period: None,
                text: Text::new(
                    format!("{count} 个数里有 {times} 个以 {digit} 结尾，是统计出来的还是估的？"),
                    format!("{times} of {count} figures end in {digit}; were they counted or estimated?"),
                ),
            });
        }
    }
    found
}

/// Offices several of whose figures are those of another in the same period.
fn copied(figures: &[Read<'_>]) -> Vec<Suspicion> {
    let mut same: BTreeMap<(Period, &FigureId, &str), Vec<&OfficeId>> = BTreeMap::new();
    for read in figures.iter().filter(|read| says_something(read)) {
        same.entry((read.period, read.figure, read.written)).or_default().push(read.office);
    }
    let mut pairs: BTreeMap<(&OfficeId, &OfficeId, Period), usize> = BTreeMap::new();
    for ((period, ..), offices) in same {
        for one in &offices {
            for other in offices.iter().filter(|other| *other != one) {
                *pairs.entry((*one, *other, period)).or_default() += 1;
            }
        }
    }
    let found = pairs.into_iter().filter(|(_, count)| *count >= COPIED_FIGURES);
    found
        .map(|((office, other, period), count)| Suspicion {
            sign: Sign::Copied,
            office: office.clone(),
            figure: None,
            period: Some(period),
            text: Text::new(
                format!("{period}有 {count} 个数与“{other}”一样，是怎么来的？"),
                format!("{count} figures of {period} are those of `{other}`; where do they come from?"),
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests;
