//! What if: points, parameters and figures that can be changed, and places that follow at once. The script asks the
//! interface; nothing is put down.

use crate::{Eyes, Frame, Html, Topic, board::Board, frame::encoded, since, standard::may_write};
use askama::Template;
use kaoping_assess::reading::{Line, reading};
use kaoping_desk::scoring::Model;
use kaoping_office::ids::SchemeId;

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The round.
    pub round: &'a str,
}

struct Tab {
    path: String,
    word: String,
    current: bool,
}

/// A parameter or choice that can be another.
struct Lever {
    name: String,
    value: String,
    /// The words to choose from; none for a number.
    words: Vec<String>,
}

struct Item {
    id: String,
    name: String,
    rule: String,
    points: String,
    levers: Vec<Lever>,
    fields: String,
}

struct Row {
    unit: String,
    name: String,
    place: String,
    total: String,
}

#[derive(Template)]
#[template(path = "what_if.html")]
struct WhatIf {
    frame: Frame,
    title: String,
    scheme: String,
    round: String,
    rounds: Vec<Tab>,
    items: Vec<Item>,
    rows: Vec<Row>,
    may_write: bool,
    version: u64,
}

/// The page.
pub fn what_if(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: &Model) -> Html {
    let standard = &model.loaded.compiled.standard;
    let lines = reading(&model.loaded.policy, standard, eyes.lang).into_iter().flat_map(|scheme| scheme.lines);
    let scheme = eyes.state().schemes.get(wanted.scheme);
    let outline = scheme.and_then(|scheme| scheme.outline());
    let rounds = outline.map_or(&[][..], |outline| outline.rounds.as_slice());
    let id = encoded(wanted.scheme.as_str());
    let tab = |round: &String| Tab {
        path: format!("/schemes/{id}/what-if?round={}", encoded(round)),
        word: round.clone(),
        current: round == wanted.round,
    };
    let board = Board::of(model);
    let row = |row: &crate::board::Row| Row {
        unit: row.unit.clone(),
        name: if row.name.is_empty() { row.unit.clone() } else { row.name.clone() },
        place: row.place.map(|place| place.to_string()).unwrap_or_default(),
        total: row.total.clone(),
    };
    let title = eyes.state().title(wanted.scheme);
    let mut frame = Frame::new(eyes, Topic::Schemes, format!("{} {title}", eyes.t("假如", "What if")));
    frame.notes.extend(since::by_now(eyes, (wanted.scheme, wanted.round), model));
    Html::of(&WhatIf {
        frame,
        rounds: rounds.iter().map(tab).collect(),
        items: lines.map(|line| item(model, line)).collect(),
        rows: board.rows.iter().map(row).collect(),
        may_write: scheme.is_some_and(|scheme| may_write(eyes, &scheme.office)),
        version: model.version,
        scheme: id.clone(),
        round: wanted.round.to_owned(),
        title,
    })
}

fn item(model: &Model, line: Line) -> Item {
    let choices = &model.loaded.compiled.standard.choices;
    let words = |name: &str| {
        let of =
            choices.iter().find(|choice| choice.name == name && choice.item.as_deref() == Some(line.name.as_str()));
        of.map(|choice| choice.words.clone()).unwrap_or_default()
    };
    let lever =
        |(name, value): &(String, String)| Lever { name: name.clone(), value: value.clone(), words: words(name) };
    Item {
        levers: line.parameters.iter().map(lever).collect(),
        points: line.points.split_whitespace().next().unwrap_or_default().to_owned(),
        fields: line.fields.join("|"),
        id: line.id.clone(),
        name: line.name.clone(),
        rule: line.rule.clone(),
    }
}
