//! What is asked of each office, month by month, and how much of it was had already.

use crate::{Eyes, Frame, Html, Topic, frame::encoded};
use askama::Template;
use kaoping_office::{deeds::collections::Burden as Asked, ids::OfficeId};
use kaoping_terms::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// Month by month: the cells that are asked, and those of them that were had already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The months, in their order.
    pub months: Vec<(i16, i8)>,
    /// The offices with their cells, one a month, the most burdened first.
    pub rows: Vec<(OfficeId, Vec<(usize, usize)>)>,
}

impl Table {
    /// The table of a year for the offices that are seen.
    pub fn of(burdens: &BTreeMap<(OfficeId, i16, i8), Asked>, year: i16, sees: impl Fn(&OfficeId) -> bool) -> Self {
        let seen = || burdens.iter().filter(|((office, of, _), _)| *of == year && sees(office));
        let months: BTreeSet<(i16, i8)> = seen().map(|((_, year, month), _)| (*year, *month)).collect();
        let months: Vec<(i16, i8)> = months.into_iter().collect();
        let mut rows: BTreeMap<OfficeId, Vec<(usize, usize)>> = BTreeMap::new();
        for ((office, year, month), burden) in seen() {
            let row = rows.entry(office.clone()).or_insert_with(|| vec![(0, 0); months.len()]);
            let at = months.iter().position(|found| *found == (*year, *month));
            if let Some(cell) = at.and_then(|at| row.get_mut(at)) {
                *cell = (burden.asked, burden.shared);
            }
        }
        let rows = rows.into_iter().collect();
        Self { months, rows }
    }

    /// Whoever is asked most comes first, and of those who are asked as much whoever stands first.
    fn in_order(&mut self, order: impl Fn(&OfficeId) -> u64) {
        let most = |row: &[(usize, usize)]| std::cmp::Reverse(row.iter().map(|(asked, _)| asked).sum::<usize>());
        self.rows.sort_by_key(|(office, row)| (most(row), order(office)));
    }

    /// The sums of each month.
    pub fn sums(&self) -> Vec<(usize, usize)> {
        let of = |at: usize| {
            let cells = self.rows.iter().filter_map(|(_, row)| row.get(at));
            cells.fold((0, 0), |(asked, shared), cell| (asked + cell.0, shared + cell.1))
        };
        (0..self.months.len()).map(of).collect()
    }
}

/// How much of the most a number is, in five steps; 0 for nothing.
fn step(number: usize, most: usize) -> usize {
    if number == 0 { 0 } else { 1 + (number * 4) / most.max(1) }
}

struct Cell {
    asked: usize,
    shared: usize,
    step: usize,
}

struct Line {
    name: String,
    path: String,
    mine: bool,
    cells: Vec<Cell>,
    asked: usize,
    shared: usize,
}

struct Bar {
    x: usize,
    y: usize,
    height: usize,
    had_y: usize,
    had: usize,
    word: String,
    number: usize,
    middle: usize,
}

#[derive(Template)]
#[template(path = "burden.html")]
struct Burden {
    frame: Frame,
    year: i16,
    sub: String,
    months: Vec<String>,
    lines: Vec<Line>,
    sums: Vec<(usize, usize)>,
    bars: Vec<Bar>,
    width: usize,
}

/// How high the highest bar is, and how wide each with its gap.
const HIGH: usize = 90;
const WIDE: usize = 56;

/// The page of a year.
pub fn burden(eyes: &Eyes<'_>, year: i16) -> Html {
    let mut table = Table::of(&eyes.state().burden(), year, |office| eyes.viewer.sees(office));
    table.in_order(|office| eyes.state().order(office.as_str()));
    let most = table.rows.iter().flat_map(|(_, row)| row).map(|(asked, _)| *asked).max().unwrap_or_default();
    let sums = table.sums();
    let (asked, shared) = sums.iter().fold((0, 0), |(asked, shared), sum| (asked + sum.0, shared + sum.1));
    let sub = match (asked, eyes.lang) {
        (0, _) => String::new(),
        (_, Lang::Zh) => format!("要 {asked} 格，其中 {shared} 格已从别处取得，没有让单位再填"),
        (_, Lang::En) => format!("{asked} cells asked, {shared} of them known already and not asked twice"),
    };
    let lines = table.rows.iter().map(|(office, row)| Line {
        name: eyes.office(office),
        path: format!("/offices/{}", encoded(office.as_str())),
        mine: eyes.viewer.works_in(office),
        cells: row
            .iter()
            .map(|(asked, shared)| Cell { asked: *asked, shared: *shared, step: step(*asked, most) })
            .collect(),
        asked: row.iter().map(|(asked, _)| asked).sum(),
        shared: row.iter().map(|(_, shared)| shared).sum(),
    });
    let month = |(year, month): &(i16, i8)| match eyes.lang {
        Lang::Zh => format!("{month} 月"),
        Lang::En => format!("{year}-{month:02}"),
    };
    let months: Vec<String> = table.months.iter().map(month).collect();
    Html::of(&Burden {
        frame: Frame::new(eyes, Topic::Burden, eyes.t("填报负担", "Burden")),
        year,
        sub,
        lines: lines.collect(),
        bars: bars(&months, &sums),
        width: (sums.len() * WIDE).max(WIDE),
        months,
        sums,
    })
}

fn bars(months: &[String], sums: &[(usize, usize)]) -> Vec<Bar> {
    let most = sums.iter().map(|(asked, _)| *asked).max().unwrap_or_default().max(1);
    let bar = |(at, (word, (asked, shared))): (usize, (&String, &(usize, usize)))| {
        let (height, had) = (asked * HIGH / most, shared * HIGH / most);
        Bar {
            x: at * WIDE + 10,
            y: 16 + HIGH - height,
            height,
            had_y: 16 + HIGH - had.min(height),
            had: had.min(height),
            word: word.clone(),
            number: *asked,
            middle: at * WIDE + WIDE / 2,
        }
    };
    months.iter().zip(sums).enumerate().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::{Table, step};
    use kaoping_office::deeds::collections::Burden;
    use std::collections::BTreeMap;

    #[test]
    fn a_year_of_what_is_asked_by_those_who_are_seen() {
        let burdens: BTreeMap<_, _> = [
            (("乙县".into(), 2026, 1), Burden { asked: 3, shared: 1 }),
            (("丙县".into(), 2026, 3), Burden { asked: 9, shared: 0 }),
            (("丙县".into(), 2025, 3), Burden { asked: 99, shared: 0 }),
            (("丁县".into(), 2026, 2), Burden { asked: 7, shared: 0 }),
        ]
        .into();
        let mut table = Table::of(&burdens, 2026, |office| office.as_str() != "丁县");
        table.in_order(|_| 0);
        assert_eq!(table.months, [(2026, 1), (2026, 3)]);
        assert_eq!(table.rows, [("丙县".into(), vec![(0, 0), (9, 0)]), ("乙县".into(), vec![(3, 1), (0, 0)])]);
        assert_eq!(table.sums(), [(3, 1), (9, 0)]);
        assert_eq!([0, 1, 5, 9].map(|number| step(number, 9)), [0, 1, 3, 5]);
    }
}
