//! Score sheets: how far the rounds of a scheme are, and the rounds of an office side by side.

mod deeds;
mod list;
mod unit;

pub(crate) use deeds::{Way, way};
pub use list::list;
pub use unit::unit;

use crate::{
    Eyes,
    board::Board,
    frame::encoded,
    things::{self, Thing},
};
use kaoping_desk::scoring::Model;
use kaoping_ledger::Digest;
use kaoping_office::{
    ids::{OfficeId, SchemeId},
    outline::Outline,
    state::Results,
    tables::Key,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The round.
    pub round: &'a str,
}

/// The scores of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// By office and indicator, as they are printed.
    pub scores: BTreeMap<(String, String), String>,
    /// Totals and places by office.
    pub totals: BTreeMap<String, (String, Option<u32>)>,
    /// Reckoned as figures stand, and not put down.
    pub is_reckoned: bool,
    /// Which figures are owed as the round stands: office, indicator, input.
    pub owed: BTreeSet<(String, String, String)>,
}

impl Scored {
    /// Scores as they were put down: the results, and their `scores.csv`.
    pub fn put_down(results: &Results, scores: &[u8]) -> Self {
        let mut found = Self::default();
        for line in csv::ReaderBuilder::new().flexible(true).from_reader(scores).into_records().flatten() {
            let cell = |at| line.get(at).unwrap_or_default().to_owned();
            found.scores.insert((cell(0), cell(1)), cell(2));
        }
        let total = |office: &OfficeId, total: &str, rank| (office.to_string(), (total.to_owned(), rank));
        found.totals = results.totals.iter().map(|line| total(&line.office, &line.total, line.rank)).collect();
        found
    }

    /// Scores as figures stand.
    pub fn reckoned(board: &Board) -> Self {
        let mut found = Self { is_reckoned: true, ..Self::default() };
        for row in &board.rows {
            found.totals.insert(row.unit.clone(), (row.total.clone(), row.place));
            for (column, score) in board.columns.iter().zip(&row.cells) {
                found.scores.insert((row.unit.clone(), column.id.clone()), score.clone());
            }
        }
        found
    }

    /// The same with what is owed as figures stand.
    #[must_use]
    pub fn owing(mut self, model: &Model) -> Self {
        model.lines().owed(&mut |row| {
            if let [unit, indicator, field, "figure"] = row {
                self.owed.insert(((*unit).into(), (*indicator).into(), (*field).into()));
            }
        });
        self
    }

    fn of(&self, office: &OfficeId, indicator: &str) -> &str {
        self.scores.get(&(office.to_string(), indicator.to_owned())).map(String::as_str).unwrap_or_default()
    }
}

/// The scores of rounds, by their names.
pub type Rounds = BTreeMap<String, Scored>;

struct Tab {
    path: String,
    word: String,
    current: bool,
}

/// A paper or an entry: its address, empty where it is not for whoever looks, and its word.
pub(crate) struct Paper {
    pub(crate) path: String,
    pub(crate) word: String,
}

fn outline<'a>(eyes: &Eyes<'a>, scheme: &SchemeId) -> Option<&'a Outline> {
    eyes.state().schemes.get(scheme)?.outline()
}

/// The rounds of a scheme; one without a name where it has none.
fn rounds_of(outline: &Outline) -> Vec<&str> {
    let named: Vec<&str> = outline.rounds.iter().map(String::as_str).collect();
    if named.is_empty() { vec![""] } else { named }
}

fn sees_round(eyes: &Eyes<'_>, scheme: &SchemeId, round: &str) -> bool {
    eyes.viewer.may_see(&Key::Results((scheme.clone(), round.to_owned())))
}

/// The rounds that are seen, and in words those that are not yet.
fn seen_rounds<'a>(eyes: &Eyes<'_>, wanted: Wanted<'_>, outline: &'a Outline) -> (Vec<&'a str>, String) {
    let (seen, hidden): (Vec<&str>, Vec<&str>) =
        rounds_of(outline).into_iter().partition(|round| sees_round(eyes, wanted.scheme, round));
    let names: Vec<&str> =
        hidden.into_iter().map(|round| if round.is_empty() { eyes.t("结果", "Results") } else { round }).collect();
    let names = names.join(eyes.t("、", ", "));
    let until = eyes.t("：封存公示后可见", ": seen once sealed and shown");
    (seen, if names.is_empty() { names } else { format!("{names}{until}") })
}

fn address(wanted: Wanted<'_>, round: &str, unit: &str) -> String {
    let scheme = encoded(wanted.scheme.as_str());
    let unit = if unit.is_empty() { String::new() } else { format!("&unit={}", encoded(unit)) };
    format!("/schemes/{scheme}/sheet?round={}{unit}", encoded(round))
}

fn tabs(eyes: &Eyes<'_>, wanted: Wanted<'_>, unit: &str) -> Vec<Tab> {
    let rounds = outline(eyes, wanted.scheme).map_or(&[][..], |outline| outline.rounds.as_slice());
    let tab = |round: &String| Tab {
        path: address(wanted, round, unit),
        word: round.clone(),
        current: round == wanted.round,
    };
    rounds.iter().map(tab).collect()
}

fn why(wanted: Wanted<'_>, round: &str, unit: &OfficeId, indicator: &str) -> String {
    let (scheme, unit) = (encoded(wanted.scheme.as_str()), encoded(unit.as_str()));
    format!("/schemes/{scheme}/why/{unit}/{}?round={}", encoded(indicator), encoded(round))
}

/// An entry of the record, which those who read the record can open.
pub(crate) fn entry(eyes: &Eyes<'_>, number: u64) -> Paper {
    let Thing { path, word } = things::entry(eyes, number);
    let path = if eyes.viewer.reads_the_record() { path } else { String::new() };
    Paper { path, word }
}

fn paper(eyes: &Eyes<'_>, at: usize, hash: &Digest) -> Paper {
    let word = format!("{} {}", eyes.t("材料", "paper"), at + 1);
    Paper { path: format!("/api/contents/{hash}"), word }
}

/// What a difference comes from, in a word, and its class: a word for each, so that colour is never alone.
fn kind(eyes: &Eyes<'_>, kind: &str) -> (&'static str, String) {
    let (class, word) = match kind {
        "data" => ("blue", eyes.t("数据", "data")),
        "rule" => ("near", eyes.t("规则", "rule")),
        "judgement" => ("award", eyes.t("评判", "judgement")),
        _ => ("", ""),
    };
    (class, word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Scored;
    use crate::board::{Board, Column, Row};

    #[test]
    fn scores_of_a_board_are_found_by_office_and_indicator() {
        let column = |id: &str| Column { id: id.into(), ..Column::default() };
        let row = Row {
            unit: "乙县".into(),
            total: "9".into(),
            place: Some(2),
            cells: vec!["4".into(), String::new()],
            ..Row::default()
        };
        let board = Board { columns: vec![column("101"), column("102")], rows: vec![row], ..Board::default() };
        let scored = Scored::reckoned(&board);
        assert_eq!((scored.of(&"乙县".into(), "101"), scored.of(&"乙县".into(), "102")), ("4", ""));
        assert_eq!(scored.of(&"丙县".into(), "101"), "");
        assert_eq!(scored.totals.get("乙县"), Some(&("9".to_owned(), Some(2))));
        assert!(scored.is_reckoned);
    }
}
