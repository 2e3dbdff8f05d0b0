//! Results as lines of a table, lent to a visitor one at a time: a header first, then a row
//! for each unit. Nothing is kept, so that millions of rows cost no memory.

use crate::{
    decimals::{Printed, Printer, decimal},
    reasons,
    result::{Answer, Assessment, AwardReason, Owed},
    units::Units,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt::Write, ops::Range};
use kaoping_program::{Column, Kind};
use kaoping_rules::written::values;
use kaoping_scheme::{
    Standard,
    model::{Item, Prize, Scheme},
};
use kaoping_terms::{Exact, Lang, Measure, Rounding, Text};

/// The tables of an assessment.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The standard.
    pub standard: &'a Standard,
    /// The units.
    pub units: &'a Units,
    /// The result.
    pub assessment: &'a Assessment,
}

/// A table with a row for each unit and item. It may have millions of rows, so any units of it
/// can be had by themselves.
#[derive(Clone, Debug)]
pub struct Points<'a> {
    lines: Lines<'a>,
    header: [&'static str; 4],
    /// How many of its columns it has.
    width: usize,
    printers: Vec<(&'a str, Printer<'a>)>,
    /// The digits after the point of all numbers, where those are the same and no number has to be
    /// looked at by itself.
    alike: Option<u32>,
}

/// What takes the cells of rows, one after another.
pub trait Cells {
    /// A cell of words made ready, because it comes again and again.
    type Ready;

    /// Makes a cell of words ready.
    fn ready(cell: &str) -> Self::Ready;
    /// A cell that was made ready.
    fn again(&mut self, cell: &Self::Ready);
    /// A cell of words.
    fn text(&mut self, cell: &str);
    /// `mantissa × 10^-places` with exactly that many digits after the point.
    fn decimal(&mut self, mantissa: i128, places: u32);
    /// Ends the row.
    fn end_row(&mut self);
    /// A whole row for each number: a cell and one of the others, made ready, and the number as
    /// [`Cells::decimal`].
    fn number_rows(&mut self, first: &Self::Ready, others: &[Self::Ready], mantissas: &[i64], places: u32) {
        for (other, mantissa) in others.iter().zip(mantissas) {
            self.again(first);
            self.again(other);
            self.decimal(i128::from(*mantissa), places);
            self.end_row();
        }
    }
}

impl Points<'_> {
    /// The header, then all rows.
    pub fn visit(&self, visit: &mut dyn FnMut(&[&str])) {
        self.header(visit);
        self.rows(0..self.units(), &mut Lent { cells: Default::default(), count: 0, visit });
    }

    /// The header.
    pub fn header(&self, visit: &mut dyn FnMut(&[&str])) {
        visit(self.header.get(..self.width).unwrap_or(&self.header));
    }

    /// How many units it has rows of.
    pub fn units(&self) -> usize {
        self.lines.assessment.members.len()
    }

    /// The numbers of a unit's rows; false where one has to be looked at by itself.
    fn plain_numbers(&self, unit: usize, mantissas: &mut Vec<i64>) -> bool {
        mantissas.clear();
        mantissas.extend(self.printers.iter().filter_map(|(_, printer)| printer.plain(unit)));
        mantissas.len() == self.printers.len()
    }

    /// The rows of some of the units, by position among those assessed.
    pub fn rows<C: Cells>(&self, units: Range<usize>, cells: &mut C) {
        let items: Vec<C::Ready> = self.printers.iter().map(|(item, _)| C::ready(item)).collect();
        let mut mantissas = Vec::with_capacity(items.len());
        for unit in self.lines.assessment.members.get(units).unwrap_or_default() {
            let id = C::ready(self.lines.units.id(*unit));
            if let Some(places) = self.alike.filter(|_| self.plain_numbers(*unit as usize, &mut mantissas)) {
                cells.number_rows(&id, &items, &mantissas, places);
                continue;
            }
            for (item, (_, printer)) in items.iter().zip(&self.printers) {
                cells.again(&id);
                cells.again(item);
                let mut fraction = String::new();
                match printer.number(*unit as usize) {
                    Printed::Nothing => cells.text(""),
                    Printed::Decimal(mantissa, places) => cells.decimal(mantissa, places),
                    Printed::Text(plain) => cells.text(&plain),
                    Printed::Endless(cut, exact) => {
                        cells.text(&cut);
                        fraction = exact;
                    }
                }
                if self.width == self.header.len() {
                    cells.text(&fraction);
                }
                cells.end_row();
            }
        }
    }
}

/// Rows lent to a visitor.
struct Lent<'v> {
    /// At most as many as a header has; the texts are used again and again.
    cells: [String; 4],
    count: usize,
    visit: &'v mut dyn FnMut(&[&str]),
}

impl Lent<'_> {
    fn cell(&mut self) -> &mut String {
        let at = self.count.min(self.cells.len() - 1);
        self.count += 1;
        let [first, second, third, fourth] = &mut self.cells;
        let cell = match at {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        cell.clear();
        cell
    }
}

impl Cells for Lent<'_> {
    type Ready = String;

    fn ready(cell: &str) -> String {
        cell.to_string()
    }

    fn again(&mut self, cell: &String) {
        self.text(cell);
    }

    fn text(&mut self, cell: &str) {
        self.cell().push_str(cell);
    }

    fn decimal(&mut self, mantissa: i128, places: u32) {
        decimal(self.cell(), mantissa, places);
    }

    fn end_row(&mut self) {
        let cells: [&str; 4] = self.cells.each_ref().map(String::as_str);
        (self.visit)(cells.get(..self.count).unwrap_or(&cells));
        self.count = 0;
    }
}

/// Digits for numbers without an end where the scheme does not say.
const DISPLAY: (u32, Rounding) = (4, Rounding::HalfUp);

impl<'a> Lines<'a> {
    /// What places go by, where that is made of the results of rounds: it is no matter of one of them.
    pub fn placed_by_rounds(&self) -> Option<&'a str> {
        let scheme = self.standard.schemes.first()?;
        let (key, _) = scheme.rank_keys.first()?;
        let below = crate::prepare::columns_below(&self.standard.program, &[*key]);
        scheme.rounds.results.iter().any(|result| below.contains(&result.column)).then_some(())?;
        let name = scheme.values.iter().find(|(_, node)| node == key).map(|(name, _)| name.as_str());
        Some(name.unwrap_or("总分"))
    }

    /// `unit,indicator,score`, and `score_exact` where a score has no end. Scores that are
    /// missing are empty.
    pub fn scores(&self) -> Points<'a> {
        self.points(true, ["unit", "indicator", "score", "score_exact"])
    }

    /// `unit,item,points` of items that only deduct or add, and `points_exact` where needed.
    pub fn adjustments(&self) -> Points<'a> {
        self.points(false, ["unit", "item", "points", "points_exact"])
    }

    fn points(&self, with_points: bool, header: [&'static str; 4]) -> Points<'a> {
        let items = self.assessment.listed(self.standard, with_points);
        let printers: Vec<(&str, Printer<'_>)> = items
            .map(|(result, item)| {
                // A nested scheme that does not say how to print is printed like the whole.
                let own = self.standard.schemes.get(result.scheme).filter(|scheme| scheme.display.is_some());
                let scheme = own.or_else(|| self.assessment.scheme(self.standard));
                (item.id.as_str(), Printer::new(&result.score, item_places(item, scheme), display(scheme)))
            })
            .collect();
        let members = || self.assessment.members.iter().map(|unit| *unit as usize);
        let exact = printers.iter().any(|(_, printer)| printer.has_fractions(members()));
        let mut places = printers.iter().map(|(_, printer)| printer.plain_places());
        let first = places.next().flatten().filter(|_| !exact);
        let alike = first.filter(|first| places.all(|places| places == Some(*first)));
        Points { lines: *self, header, width: if exact { 4 } else { 3 }, printers, alike }
    }

    /// `unit,group,total,rank,meets_all,grade`, and `total_exact` where a total has no end.
    pub fn totals(&self, visit: &mut dyn FnMut(&[&str])) {
        let scheme = self.assessment.scheme(self.standard);
        let missing = Column::unknown(kaoping_program::State::MISSING, 1);
        let total = self.assessment.total.as_deref().unwrap_or(&missing);
        let printer = Printer::new(total, total_places(scheme), display(scheme));
        let members = self.assessment.members.iter().map(|unit| *unit as usize);
        let width = if printer.has_fractions(members) { 7 } else { 6 };
        let header = ["unit", "group", "total", "rank", "meets_all", "grade", "total_exact"];
        visit(header.get(..width).unwrap_or(&header));
        let (mut text, mut fraction, mut place) = (String::new(), String::new(), String::new());
        for unit in &self.assessment.members {
            printer.write(*unit as usize, &mut text, &mut fraction);
            place.clear();
            if let Some(number) = self.assessment.place(*unit) {
                let _ = write!(place, "{number}");
            }
            let meets = match self.assessment.meets_all(*unit) {
                Answer::Yes => "yes",
                Answer::No => "no",
                Answer::NotApplicable | Answer::Unknown => "",
            };
            let grade = self.assessment.grade(self.standard, *unit).unwrap_or("");
            let row =
                [self.units.id(*unit), self.assessment.groups.name(*unit), &text, &place, meets, grade, &fraction];
            visit(row.get(..width).unwrap_or(&row));
        }
    }

    /// `unit,name,value` of each value that the scheme names and of what units are ranked by,
    /// and `value_exact` where one has no end. Values that are missing are empty.
    pub fn values(&self, visit: &mut dyn FnMut(&[&str])) {
        let scheme = self.assessment.scheme(self.standard);
        let columns = self.named_values();
        let printers: Vec<(&str, Printer<'_>)> =
            columns.map(|(name, column)| (name, Printer::new(column, 0, display(scheme)))).collect();
        let members = || self.assessment.members.iter().map(|unit| *unit as usize);
        let exact = printers.iter().any(|(_, printer)| printer.has_fractions(members()));
        let width = if exact { 4 } else { 3 };
        let header = ["unit", "name", "value", "value_exact"];
        visit(header.get(..width).unwrap_or(&header));
        let (mut text, mut fraction) = (String::new(), String::new());
        for unit in &self.assessment.members {
            for (name, printer) in &printers {
                printer.write(*unit as usize, &mut text, &mut fraction);
                let row = [self.units.id(*unit), name, text.as_str(), fraction.as_str()];
                visit(row.get(..width).unwrap_or(&row));
            }
        }
    }

    /// The numbers that the scheme names, and what units are ranked by, once each.
    pub fn named_values(&self) -> impl Iterator<Item = (&str, &Column)> {
        let scheme = self.assessment.scheme(self.standard);
        let is_number = move |name: &str| {
            let nodes = scheme.map_or(&[][..], |scheme| &scheme.values);
            let node = nodes.iter().find(|(of, _)| of == name).map(|(_, node)| *node);
            let kind = node.and_then(|node| self.standard.program.node(node)).map(|node| &node.kind);
            kind.is_none_or(|kind| matches!(kind, Kind::Number(_)))
        };
        let values = &self.assessment.values;
        let ranked = self.assessment.rank_by.iter();
        let ranked = ranked.filter(|(name, _)| !values.iter().any(|(of, _)| of == name));
        let all = values.iter().chain(ranked).map(|(name, column)| (name.as_str(), &**column));
        all.filter(move |(name, _)| is_number(name))
    }

    /// `award,unit,place,reason`: the proposed winners of each award, by place; and `amount` in
    /// 元 where some award has money.
    pub fn awards(&self, lang: Lang, visit: &mut dyn FnMut(&[&str])) {
        let has_money = |scheme: &Scheme| scheme.awards.iter().any(|award| !award.prizes.is_empty());
        let width = if self.assessment.scheme(self.standard).is_some_and(has_money) { 5 } else { 4 };
        let header = ["award", "unit", "place", "reason", "amount"];
        visit(header.get(..width).unwrap_or(&header));
        let awards = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.awards);
        for (position, (award, result)) in awards.iter().zip(&self.assessment.awards).enumerate() {
            for list in &result.lists {
                let winners = list.winners.iter().map(|winner| winner.unit).chain(list.to_decide.iter().copied());
                for unit in winners {
                    let place = result.reasons.get(unit as usize).and_then(|reason| reason.place());
                    let place = place.map(|place| place.to_string()).unwrap_or_default();
                    let reason = reasons::award(self, position, unit);
                    let amount = self.prize(position, unit).map(|prize| prize.amount.to_string()).unwrap_or_default();
                    let row = [award.name.as_str(), self.units.id(unit), &place, reason.get(lang), &amount];
                    visit(row.get(..width).unwrap_or(&row));
                }
            }
        }
    }

    /// `award,unit,place,reason`: who comes next in each award, and whoever was left out or has won another, so that
    /// places shifted; of those who were outranked so many as one asks for.
    pub fn passed_over(&self, next: usize, lang: Lang, visit: &mut dyn FnMut(&[&str])) {
        visit(&["award", "unit", "place", "reason"]);
        let awards = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.awards);
        for (position, (award, result)) in awards.iter().zip(&self.assessment.awards).enumerate() {
            let mut found: Vec<(usize, u32)> = Vec::new();
            for (unit, reason) in (0u32..).zip(&result.reasons) {
                match reason {
                    AwardReason::Outranked { place, .. } | AwardReason::TieDropped { place } => {
                        found.push((*place, unit))
                    }
                    AwardReason::LeftOut | AwardReason::AlreadyWinner { .. } => found.push((0, unit)),
                    _ => (),
                }
            }
            found.sort_unstable();
            let shifted = found.iter().filter(|(place, _)| *place == 0).count();
            for (place, unit) in found.into_iter().take(shifted + next) {
                let place = if place == 0 { String::new() } else { place.to_string() };
                let reason = reasons::award(self, position, unit);
                visit(&[award.name.as_str(), self.units.id(unit), &place, reason.get(lang)]);
            }
        }
    }

    /// The money a unit wins with an award (by position); none where it is not decided or there
    /// is none.
    pub fn prize(&self, position: usize, unit: u32) -> Option<&'a Prize> {
        let award = self.assessment.scheme(self.standard)?.awards.get(position)?;
        match self.assessment.awards.get(position)?.reasons.get(unit as usize)? {
            AwardReason::Listed { place, .. } => award.prize(*place),
            _ => None,
        }
    }

    /// `quota,unit,number` of every listed unit.
    pub fn quotas(&self, visit: &mut dyn FnMut(&[&str])) {
        visit(&["quota", "unit", "number"]);
        let quotas = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.quotas);
        for (quota, result) in quotas.iter().zip(&self.assessment.quotas) {
            for ((_, unit), number) in self.units.iter().zip(&result.numbers) {
                let number = number.as_ref().map(Exact::to_string).unwrap_or_default();
                visit(&[&quota.name, &unit.id, &number]);
            }
        }
    }

    /// `roster,unit`.
    pub fn rosters(&self, visit: &mut dyn FnMut(&[&str])) {
        visit(&["roster", "unit"]);
        let rosters = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.rosters);
        for (roster, result) in rosters.iter().zip(&self.assessment.rosters) {
            for unit in &result.units {
                visit(&[&roster.name, self.units.id(*unit)]);
            }
        }
    }

    /// `fund,unit,amount` of every assessed unit; empty for one that takes no part.
    pub fn shares(&self, visit: &mut dyn FnMut(&[&str])) {
        visit(&["fund", "unit", "amount"]);
        let funds = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.distributions);
        for (fund, result) in funds.iter().zip(&self.assessment.shares) {
            let places = fund.share.decimal_places().unwrap_or(0);
            for unit in &self.assessment.members {
                let part = result.parts.get(*unit as usize).and_then(Option::as_ref);
                let part = part.and_then(|part| part.to_plain(places)).unwrap_or_default();
                visit(&[&fund.name, self.units.id(*unit), &part]);
            }
        }
    }

    /// `unit,indicator,field,what`: who owes which figure.
    pub fn owed(&self, visit: &mut dyn FnMut(&[&str])) {
        visit(&["unit", "indicator", "field", "what"]);
        for owing in &self.assessment.owed {
            let what = match owing.what {
                Owed::Figure => "figure",
                Owed::Target => "target",
                Owed::Attribute => "attribute",
                Owed::Event => "event",
                Owed::Policy => "policy",
                Owed::Result => "result",
            };
            let unit = owing.unit.map_or("", |unit| self.units.id(unit));
            visit(&[unit, owing.indicator.as_deref().unwrap_or(""), &owing.field, what]);
        }
    }

    /// `unit,indicator,divisor`: whose divisor is zero, so that there is no score.
    pub fn undefined(&self, lang: Lang, visit: &mut dyn FnMut(&[&str])) {
        visit(&["unit", "indicator", "divisor"]);
        for zero in &self.assessment.undefined {
            let unit = zero.unit.map_or("", |unit| self.units.id(unit));
            visit(&[unit, zero.indicator.as_deref().unwrap_or(""), zero.divisor.get(lang)]);
        }
    }

    /// A number of the scheme as people read it, with the digits of its total.
    pub fn figure(&self, column: &Column, unit: u32) -> String {
        let scheme = self.assessment.scheme(self.standard);
        let (mut text, mut exact) = (String::new(), String::new());
        Printer::new(column, total_places(scheme), display(scheme)).write(unit as usize, &mut text, &mut exact);
        text
    }

    /// What a value that the scheme names is.
    pub fn kind_of_value(&self, name: &str) -> Option<&'a Kind> {
        let values = self.assessment.scheme(self.standard).map_or(&[][..], |scheme| &scheme.values);
        let node = values.iter().find(|(of, _)| of == name).map(|(_, node)| *node)?;
        self.standard.program.node(node).map(|node| &node.kind)
    }

    /// As [`Self::figure`], with the unit where it is not points: 5,125 万元, 88.2%.
    pub fn measured(&self, kind: Option<&Kind>, column: &Column, unit: u32) -> String {
        match (kind, column.cell(unit as usize).value) {
            (Some(Kind::Number(measure)), Some(value))
                if *measure != Measure::points() && *measure != Measure::plain() =>
            {
                values::number(&value, measure)
            }
            _ => self.figure(column, unit),
        }
    }

    /// Names of units, at most ten of them.
    pub(crate) fn names(&self, units: &[u32]) -> Text {
        let names: Vec<&str> = units.iter().take(10).map(|unit| self.units.name(*unit)).collect();
        let more = if units.len() > 10 { "……" } else { "" };
        Text::new(names.join("、") + more, names.join(", ") + more)
    }
}

fn places_of(step: &Exact) -> u32 {
    step.decimal_places().unwrap_or(0)
}

/// Digits after the point that a score is always written with.
fn item_places(item: &Item, scheme: Option<&Scheme>) -> u32 {
    let declared = item.rounding.as_ref().or_else(|| scheme.and_then(|scheme| scheme.display.as_ref()));
    declared.map_or(0, |(step, _)| places_of(step))
}

fn total_places(scheme: Option<&Scheme>) -> u32 {
    let Some(scheme) = scheme else { return 0 };
    match &scheme.display {
        Some((step, _)) => places_of(step),
        None => scheme
            .items
            .iter()
            .filter_map(|item| item.rounding.as_ref())
            .map(|(step, _)| places_of(step))
            .max()
            .unwrap_or(0),
    }
}

fn display(scheme: Option<&Scheme>) -> (u32, Rounding) {
    scheme.and_then(|scheme| scheme.display.as_ref()).map_or(DISPLAY, |(step, mode)| (places_of(step), *mode))
}
