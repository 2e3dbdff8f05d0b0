//! Offices × indicators: scores, totals, places; what a ranking and a heat map are drawn from.

use crate::since::is_another;
use kaoping_assess::Strike;
use kaoping_desk::scoring::Model;
use kaoping_office::state::{Results, TotalLine};
use kaoping_terms::{Exact, Lang};
use std::collections::BTreeMap;

/// A column: an indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its full points as they are written; empty where it has none.
    pub points: String,
    /// The position of its block; none where it stands in none.
    pub block: Option<usize>,
}

/// A row: an office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// Its peer group.
    pub group: String,
    /// Its total as it is printed; empty where it is open.
    pub total: String,
    /// Its place.
    pub place: Option<u32>,
    /// Its place in the round before.
    pub before: Option<u32>,
    /// Its grade.
    pub grade: String,
    /// Its awards.
    pub awards: Vec<String>,
    /// Whether a veto strikes it.
    pub vetoed: bool,
    /// Its scores, one a column, as they are printed; empty where one is open.
    pub cells: Vec<String>,
}

/// Offices × indicators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Names of blocks.
    pub blocks: Vec<String>,
    /// Indicators in their order.
    pub columns: Vec<Column>,
    /// Offices by place, those without one last.
    pub rows: Vec<Row>,
    /// How many offices have another total by now than was put down.
    pub moved: usize,
}

/// How far a score reaches, in steps: 5 more than the full points, 4 all of them, 3 from 90 %, 2 from 75 %, 1 less;
/// 0 where there is nothing to compare.
pub fn step(score: &str, points: &str) -> u8 {
    let (Some(score), Some(points)) = (Exact::parse(score), Exact::parse(points)) else { return 0 };
    let Some(share) = score.divided_by(&points) else { return 0 };
    let from = |numerator, denominator| Exact::ratio(numerator, denominator).is_some_and(|limit| share >= limit);
    match () {
        () if share > Exact::one() => 5,
        () if from(1, 1) => 4,
        () if from(9, 10) => 3,
        () if from(3, 4) => 2,
        () => 1,
    }
}

impl Board {
    /// The board of a round as it was worked out.
    pub fn of(model: &Model) -> Self {
        let standard = &model.loaded.compiled.standard;
        let lines = model.lines();
        let mut board = Self::default();
        if let Some(scheme) = standard.schemes.first() {
            board.blocks = scheme.blocks.iter().map(|block| block.name.clone()).collect();
        }
        let items = standard
            .schemes
            .iter()
            .enumerate()
            .flat_map(|(at, scheme)| scheme.items.iter().map(move |item| (item, item.block.filter(|_| at == 0))));
        let items: BTreeMap<&str, _> = items.map(|(item, block)| (item.id.as_str(), (item, block))).collect();
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        let mut order = Vec::new();
        each(
            |visit| lines.totals(visit),
            |cells| {
                let [unit, group, total, place, _, grade] = cells;
                let row = Row {
                    unit: unit.into(),
                    group: group.into(),
                    total: total.into(),
                    place: place.parse().ok(),
                    grade: grade.into(),
                    ..Row::default()
                };
                order.push(unit.to_owned());
                rows.insert(unit.into(), row);
            },
        );
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        each(
            |visit| lines.scores().visit(visit),
            |[unit, indicator, score, ..]| {
                let at = *positions.entry(indicator.to_owned()).or_insert_with(|| {
                    let item = items.get(indicator);
                    board.columns.push(Column {
                        id: indicator.into(),
                        name: item.map(|(item, _)| item.name.clone()).unwrap_or_default(),
                        points: item.and_then(|(item, _)| item.points.as_ref()?.to_plain(0)).unwrap_or_default(),
                        block: item.and_then(|(_, block)| *block),
                    });
                    board.columns.len() - 1
                });
                board.set(&mut rows, unit, at, score);
            },
        );
        each(
            |visit| lines.awards(Lang::Zh, visit),
            |[award, unit, ..]| {
                if let Some(row) = rows.get_mut(unit) {
                    row.awards.push(award.into());
                }
            },
        );
        for (number, unit) in model.given.units.iter() {
            if let Some(row) = rows.get_mut(&unit.id) {
                row.name.clone_from(&unit.name);
                let strikes = |veto: &Vec<Strike>| veto.get(number as usize) == Some(&Strike::Yes);
                row.vetoed = model.assessment.vetoes.iter().any(strikes);
            }
        }
        board.rows = order.iter().filter_map(|unit| rows.remove(unit)).collect();
        board.sort();
        board
    }

    fn set(&self, rows: &mut BTreeMap<String, Row>, unit: &str, at: usize, score: &str) {
        if let Some(row) = rows.get_mut(unit) {
            row.cells.resize(row.cells.len().max(at + 1), String::new());
            if let Some(cell) = row.cells.get_mut(at) {
                score.clone_into(cell);
            }
        }
    }

    /// The board with totals, places and scores as they were put down, whatever happened since.
    #[must_use]
    pub fn as_put_down(mut self, results: &Results, scores: &[u8]) -> Self {
        self.moved = self.moved_from(&results.totals);
        let mut kept: BTreeMap<(String, String), String> = BTreeMap::new();
        for line in csv::Reader::from_reader(scores).into_records().flatten() {
            let cell = |at| line.get(at).unwrap_or_default().to_owned();
            kept.insert((cell(0), cell(1)), cell(2));
        }
        for row in &mut self.rows {
            let total = results.totals.iter().find(|line| line.office.as_str() == row.unit);
            row.total = total.map(|line| line.total.clone()).unwrap_or_default();
            row.place = total.and_then(|line| line.rank);
            row.grade = total.map(|line| line.grade.clone()).unwrap_or_default();
            let awards = results.awards.iter().filter(|line| line.office.as_str() == row.unit);
            row.awards = awards.map(|line| line.award.clone()).collect();
            let score = |column: &Column| kept.remove(&(row.unit.clone(), column.id.clone())).unwrap_or_default();
            row.cells = self.columns.iter().map(score).collect();
        }
        self.sort();
        self
    }

    /// How many offices have another total than these.
    fn moved_from(&self, totals: &[TotalLine]) -> usize {
        self.rows.iter().filter(|row| is_another(totals, &row.unit, &row.total)).count()
    }

    /// The board with the places of an earlier round beside those of this one.
    #[must_use]
    pub fn beside(mut self, before: &Results) -> Self {
        for row in &mut self.rows {
            let line = before.totals.iter().find(|line| line.office.as_str() == row.unit);
            row.before = line.and_then(|line| line.rank);
        }
        self
    }

    /// The board of one peer group.
    #[must_use]
    pub fn of_group(mut self, group: &str) -> Self {
        self.rows.retain(|row| row.group == group);
        self
    }

    /// The board of some columns.
    #[must_use]
    pub fn columns_in(mut self, columns: std::ops::Range<usize>) -> Self {
        for row in &mut self.rows {
            row.cells = row.cells.get(columns.clone()).map(<[String]>::to_vec).unwrap_or_default();
        }
        self.columns = self.columns.get(columns).map(<[Column]>::to_vec).unwrap_or_default();
        self
    }

    /// The peer groups, each once.
    pub fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = self.rows.iter().map(|row| row.group.clone()).collect();
        groups.sort();
        groups.dedup();
        groups
    }

    /// The board with offices of one place, and those without, in an order of their own.
    #[must_use]
    pub fn in_order(mut self, order: impl Fn(&str) -> u64) -> Self {
        self.rows.sort_by_key(|row| (row.place.is_none(), row.place, order(&row.unit)));
        self
    }

    fn sort(&mut self) {
        self.rows.sort_by(|one, other| {
            (one.place.is_none(), one.place, &one.unit).cmp(&(other.place.is_none(), other.place, &other.unit))
        });
    }

    /// How much a row lacks to the next better place of its group, and that place; how far it leads, at the top.
    pub fn gap(&self, at: usize) -> Option<Gap> {
        let row = self.rows.get(at)?;
        let total = Exact::parse(&row.total)?;
        let peers = |other: &&Row| other.group == row.group && other.place.is_some() && other.unit != row.unit;
        let better = self.rows.iter().filter(peers).rfind(|other| other.place < row.place);
        let difference = |other: &Row| Some((Exact::parse(&other.total)? - total.clone()).abs());
        match better {
            Some(better) => Some(Gap::To(better.place?, difference(better)?.to_plain(0)?)),
            None => {
                let next = self.rows.iter().filter(peers).find(|other| other.place > row.place)?;
                row.place?;
                Some(Gap::Ahead(difference(next)?.to_plain(0)?))
            }
        }
    }
}

/// How far a row is from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// It lacks so much to that place.
    To(u32, String),
    /// It is so much ahead of the next.
    Ahead(String),
}

/// The rows of a table without its header.
pub(crate) fn each(rows: impl FnOnce(&mut dyn FnMut(&[&str])), mut take: impl FnMut([&str; 6])) {
    let mut header = true;
    rows(&mut |row| {
        if !std::mem::take(&mut header) {
            take(std::array::from_fn(|at| row.get(at).copied().unwrap_or_default()));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Board, Gap, Row, TotalLine, step};

    #[test]
    fn steps_are_exact_at_their_borders() {
        for (score, points, expected) in [
            ("3.00", "3", 4),
            ("3.0000001", "3", 5),
            ("2.7", "3", 3),
            ("2.69999", "3", 2),
            ("2.25", "3", 2),
            ("2.2499", "3", 1),
            ("-1", "3", 1),
            ("", "3", 0),
            ("3", "", 0),
            ("0", "0", 0),
        ] {
            assert_eq!(step(score, points), expected, "{score} of {points}");
        }
    }

    #[test]
    fn totals_that_moved_since_are_counted_by_their_numbers() {
        let row = |unit: &str, total: &str| Row { unit: unit.into(), total: total.into(), ..Row::default() };
        let line = |office: &str, total: &str| TotalLine {
            office: office.into(),
            total: total.into(),
            rank: None,
            meets_all: String::new(),
            grade: String::new(),
        };
        let rows = vec![row("甲县", "99.19"), row("乙县", "98.2"), row("丙县", ""), row("丁县", "1")];
        let board = Board { rows, ..Board::default() };
        let then = [line("甲县", "99.190"), line("乙县", "99.2"), line("丙县", "")];
        assert_eq!(board.moved_from(&then), 2, "乙县 has another total, 丁县 had none");
        assert_eq!(board.moved_from(&[line("甲县", "99.19"), line("乙县", "98.2"), line("丁县", "1")]), 0);
    }

    #[test]
    fn gaps_are_to_the_next_better_place_of_the_same_group() {
        let row = |unit: &str, group: &str, total: &str, place| Row {
            unit: unit.into(),
            group: group.into(),
            total: total.into(),
            place,
            ..Row::default()
        };
        let rows = vec![
            row("甲县", "一", "103.41", Some(1)),
            row("丁县", "二", "99", Some(1)),
            row("乙县", "一", "102.91", Some(2)),
            row("丙县", "一", "102.91", Some(2)),
            row("戊县", "一", "", None),
        ];
        let board = Board { rows, ..Board::default() };
        assert_eq!(board.gap(0), Some(Gap::Ahead("0.5".into())));
        assert_eq!(board.gap(1), None, "alone in its group");
        assert_eq!(board.gap(2), Some(Gap::To(1, "0.5".into())));
        assert_eq!(board.gap(3), Some(Gap::To(1, "0.5".into())), "who shares a place lacks as much");
        assert_eq!(board.gap(4), None);
    }
}
