//! Rows that only add up others: 合计, 总计, 小计. They are no indicators, but their sums are
//! worth comparing.

use super::Reading;
use crate::commands::new::{columns::Role, findings};
use kaoping_rules::{literal, measures::Nouns};
use kaoping_sheets::Row;
use kaoping_terms::{Exact, Level, Measure, Place, Report};

/// What such a row is called.
const TOTALS: [&str; 6] = ["合计", "总计", "小计", "总分", "total", "subtotal"];

/// A row that adds up others.
pub(super) struct TotalRow {
    /// What it is called.
    word: String,
    /// What it says the points are together; none where it says nothing that can be read.
    said: Option<Exact>,
    /// Points since the row of this kind before.
    since: Exact,
    /// Points from the first row on.
    so_far: Exact,
    place: Place,
}

impl Reading<'_> {
    /// Whether the row adds up others; then it is left out and remembered.
    pub(super) fn total_row(&mut self, row: &Row<'_>) -> bool {
        let [id, name, block] = [Role::Id, Role::Name, Role::Block].map(|role| self.cell(row, role));
        let is_total = |cell: &str| {
            let word: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
            TOTALS.contains(&word.trim_end_matches([':', '：']).to_ascii_lowercase().as_str())
        };
        // In the column of blocks the word counts only where the row names no indicator.
        let word = if is_total(name) {
            name
        } else if is_total(id) {
            id
        } else if is_total(block) && (id.is_empty() || name.is_empty()) {
            block
        } else {
            return false;
        };
        let points = self.cell(row, Role::Points);
        let place = self.cell_place(row, Role::Points);
        let said = self.figure(points, place).ok().and_then(|written| {
            let mut quiet = Report::new();
            literal::value_in(&written, &Measure::points(), &Nouns::default(), &mut quiet)?.number
        });
        self.findings.push(Level::Warning, "total-row-left-out", || findings::total_left_out(word, row.place()));
        let since = std::mem::replace(&mut self.since_total, Exact::zero());
        let so_far = self.out.full_mark.clone();
        self.totals.push(TotalRow { word: word.to_owned(), said, since, so_far, place });
        true
    }

    /// A row must add up what stands above it, up to the row of its kind before or from the
    /// first row on, or the whole table where it stands on top.
    pub(super) fn compare_totals(&mut self) {
        for row in std::mem::take(&mut self.totals) {
            let Some(said) = &row.said else {
                continue;
            };
            if [&row.since, &row.so_far, &self.out.full_mark].contains(&said) {
                continue;
            }
            let sum = if row.since.is_zero() { &row.so_far } else { &row.since };
            self.findings
                .push(Level::Warning, "total-row-differs", || findings::total_differs(&row.word, said, sum, row.place));
        }
    }
}
