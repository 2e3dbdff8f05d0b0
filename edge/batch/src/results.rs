//! Results as cells of CSV.

use crate::{binding::Pick, block::Job};
use kaoping_decide::{Answer, Decider, Given, ResultColumn, ResultKind};
use kaoping_program::{Cell, WordList};
use kaoping_sheets::{ReadyCell, SheetRows};
use kaoping_terms::{Day, Exact, Measure, measure::YUAN};

/// The outcome where a figure is not there.
const PENDING: (&str, &str) = ("待补", "pending");

/// One result of a block, ready to be written cell by cell.
#[derive(Debug)]
pub struct Written<'a> {
    answer: &'a Answer,
    way: Way<'a>,
    /// Another answer without which this one is not told: an outcome whose amount is not known.
    needs: Option<&'a Answer>,
}

#[derive(Debug)]
enum Way<'a> {
    /// Digits after the point that a number has at least, and those of its numerators; none where
    /// its denominator is no power of ten.
    Number {
        least: u32,
        places: Option<u32>,
        measure: &'a Measure,
    },
    /// The words of a list as files know them, and what a missing one is.
    Words {
        list: &'a WordList,
        coded: bool,
        missing: &'static str,
        /// Each word made ready.
        ready: Vec<ReadyCell>,
    },
    Truth,
    Day,
}

impl<'a> Written<'a> {
    /// What comes out of a block, in order: its results, and none where a column of the table does.
    pub fn all(job: Job<'a>, answers: &'a [Answer]) -> Vec<Option<Written<'a>>> {
        let decider = job.decider;
        let amount = decider.decision().amount.and_then(|_| answers.first());
        let written = |pick: &Pick| {
            let Pick::Result { at, coded } = pick else { return None };
            let (result, answer) = (decider.results().get(*at)?, answers.get(*at)?);
            Some(Written::new(decider, (result, *coded), answer, amount))
        };
        job.binding.picks.iter().map(written).collect()
    }

    fn new(
        decider: &'a Decider<'_>,
        (result, coded): (&'a ResultColumn, bool),
        answer: &'a Answer,
        amount: Option<&'a Answer>,
    ) -> Written<'a> {
        let lists = &decider.standard().program.word_lists;
        let mut needs = None;
        let way = match &result.kind {
            ResultKind::Outcome(list) | ResultKind::Word(list) => {
                let outcome = matches!(result.kind, ResultKind::Outcome(_));
                needs = amount.filter(|amount| outcome && !amount.odd().is_empty());
                match lists.get(list.0 as usize) {
                    Some(list) => {
                        let coded = coded && list.words.iter().any(|(_, code)| code.is_some());
                        let missing = if coded { PENDING.1 } else { PENDING.0 };
                        let ready = (0i64..)
                            .zip(&list.words)
                            .map(|(at, _)| ReadyCell::literal(word(list, coded, Some(at))))
                            .collect();
                        Way::Words { list, coded, missing: if outcome { missing } else { "" }, ready }
                    }
                    None => Way::Truth,
                }
            }
            ResultKind::Number(measure) => Way::Number {
                least: if *measure == Measure::noun(YUAN) { 2 } else { 0 },
                places: power_of_ten(answer.denominator()).filter(|_| plain(measure)),
                measure,
            },
            ResultKind::Truth => Way::Truth,
            ResultKind::Day => Way::Day,
        };
        Written { answer, way, needs }
    }

    /// Writes the cell of a row.
    #[inline]
    pub fn cell(&self, row: u32, out: &mut SheetRows) {
        let given = self.answer.get(row);
        match (&self.way, given) {
            (Way::Number { least, places: Some(places), .. }, Given::Short(number)) => {
                let (mut number, mut places) = (number, *places);
                while places > *least && number % 10 == 0 {
                    (number, places) = (number / 10, places - 1);
                }
                let number =
                    if places < *least { i128::from(number) * 10i128.pow(least - places) } else { i128::from(number) };
                out.decimal(number, places.max(*least));
            }
            (Way::Words { ready, .. }, Given::Short(code)) if self.needs.is_none() => {
                match usize::try_from(code).ok().and_then(|code| ready.get(code)) {
                    Some(word) => out.ready(word),
                    None => out.literal(""),
                }
            }
            (Way::Words { .. }, _) => out.literal(self.word(row)),
            (_, Given::Short(_)) => self.any(&self.answer.cell(row), out),
            (_, Given::Cell(cell)) => self.any(cell, out),
        }
    }

    /// The word of a row, where words are the result; empty where there is none.
    #[inline]
    pub fn word(&self, row: u32) -> &'a str {
        let Way::Words { list, coded, missing, .. } = &self.way else { return "" };
        if self.needs.is_some_and(|amount| is_missing(amount.get(row))) {
            return missing;
        }
        match self.answer.get(row) {
            Given::Short(code) => word(list, *coded, Some(code)),
            Given::Cell(Cell { value: Some(value), .. }) => word(list, *coded, value.to_i64()),
            Given::Cell(cell) => {
                if cell.state.is_missing() {
                    missing
                } else {
                    ""
                }
            }
        }
    }

    fn any(&self, cell: &Cell, out: &mut SheetRows) {
        let Some(value) = &cell.value else { return out.literal("") };
        match &self.way {
            Way::Number { least, measure, .. } => out.literal(&number(value, measure, *least)),
            Way::Words { .. } => {}
            Way::Truth => out.literal(if value.is_zero() { "否" } else { "是" }),
            Way::Day => {
                let day = value.to_i64().and_then(|number| i32::try_from(number).ok()).and_then(Day::from_number);
                out.literal(&day.map(|day| day.to_string()).unwrap_or_default());
            }
        }
    }
}

/// A number in its unit with at least that many digits after the point, as a fraction where digits
/// do not end.
pub fn number(value: &Exact, measure: &Measure, least: u32) -> String {
    let (value, sign) = match measure.is_ratio() {
        true => (value * &Exact::whole(100), "%"),
        false => (measure.count(value), ""),
    };
    let digits = value.to_plain(least).unwrap_or_else(|| value.to_fraction());
    format!("{digits}{sign}")
}

/// A word of a list, or its code.
#[inline]
fn word(list: &WordList, coded: bool, at: Option<i64>) -> &str {
    let found = at.and_then(|at| usize::try_from(at).ok()).and_then(|at| list.words.get(at));
    found.map_or("", |(word, code)| code.as_deref().filter(|_| coded).unwrap_or(word))
}

fn is_missing(given: Given<'_>) -> bool {
    matches!(given, Given::Cell(cell) if cell.state.is_missing())
}

/// Whether a number of that unit is written as it is.
fn plain(measure: &Measure) -> bool {
    !measure.is_ratio() && measure.count(&Exact::one()) == Exact::one()
}

/// How many places a denominator is, where it is a power of ten.
fn power_of_ten(denominator: i64) -> Option<u32> {
    (0..19).find(|places| 10i64.checked_pow(*places) == Some(denominator))
}
