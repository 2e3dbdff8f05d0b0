//! Figures as they are defined: what each is, in which unit, within which range; and defining one.

use crate::{Eyes, Frame, Html, Topic, forms::As, frame::encoded, may::by_right};
use askama::Template;
use kaoping_office::{
    Act,
    deeds::figures::DefineFigure,
    ids::FigureId,
    state::{Card, Measure},
};

/// What is asked for.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The figure whose definition is changed; empty for a new one.
    pub figure: &'a str,
    /// What is measured: one of [`KINDS`].
    pub kind: &'a str,
}

/// What can be measured: name and words.
const KINDS: [(&str, &str, &str); 3] =
    [("number", "数", "a number"), ("either", "是或否", "yes or no"), ("words", "选一个词", "one of some words")];

struct Line {
    id: String,
    name: String,
    definition: String,
    measure: String,
    source: String,
    used: usize,
    path: String,
}

struct Choice {
    path: String,
    word: &'static str,
    current: bool,
}

struct Define {
    by: As,
    kinds: Vec<Choice>,
    kind: &'static str,
    id: String,
    is_new: bool,
    card: Card,
    unit: String,
    least: String,
    most: String,
    places: u8,
    words: String,
    percent: String,
    parts: String,
}

#[derive(Template)]
#[template(path = "figures.html")]
struct Figures {
    frame: Frame,
    lines: Vec<Line>,
    define: Option<Define>,
}

/// The page.
pub fn figures(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Html {
    let schemes: Vec<_> = eyes.schemes().filter_map(|id| eyes.state().schemes.get(id)?.outline()).collect();
    let line = |(id, card): (&FigureId, &Card)| Line {
        id: id.to_string(),
        name: card.name.clone(),
        definition: card.definition.clone(),
        measure: measure(eyes, card),
        source: card.source.clone(),
        used: schemes.iter().filter(|outline| outline.figures().any(|used| used == id)).count(),
        path: format!("/figures?figure={}#define", encoded(id.as_str())),
    };
    let mut frame = Frame::new(eyes, Topic::Figures, eyes.t("数据项", "Figures"));
    let known: Vec<(&str, &str)> = KINDS.iter().map(|(name, zh, en)| (*name, eyes.t(zh, en))).collect();
    let kind = frame.chosen(eyes, ("数据类型", "kind of value"), wanted.kind, &known);
    let is_new = wanted.figure.is_empty() || eyes.state().cards.contains_key(wanted.figure);
    frame.note(eyes, ("数据项", "figure"), wanted.figure, is_new);
    let wanted = &Wanted { kind, ..*wanted };
    Html::of(&Figures { frame, lines: eyes.state().cards.iter().map(line).collect(), define: define(eyes, wanted) })
}

fn measure(eyes: &Eyes<'_>, card: &Card) -> String {
    match &card.measure {
        Measure::Number { unit, least, most, .. } => {
            let range = match (least, most) {
                (None, None) => String::new(),
                (Some(least), None) => format!(" ≥ {least}"),
                (None, Some(most)) => format!(" ≤ {most}"),
                (Some(least), Some(most)) => format!(" {least}～{most}"),
            };
            let runs = if card.cumulative { eyes.t("，本年累计", ", runs on") } else { "" };
            format!("{unit}{range}{runs}")
        }
        Measure::YesNo => eyes.t("是或否", "yes or no").to_owned(),
        Measure::Words(words) => words.join(eyes.t("、", ", ")),
    }
}

fn define(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Option<Define> {
    let known = eyes.state().cards.get(&FigureId::from(wanted.figure));
    let blank = || Card {
        name: String::new(),
        definition: String::new(),
        measure: Measure::Number { unit: String::new(), least: Some("0".into()), most: None, places: 0 },
        cumulative: false,
        source: String::new(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    };
    let card = known.cloned().unwrap_or_else(blank);
    let by = by_right(eyes, &Act::DefineFigure(DefineFigure { figure: "-".into(), card: card.clone() }))?;
    let own = match &card.measure {
        Measure::Number { .. } => "number",
        Measure::YesNo => "either",
        Measure::Words(_) => "words",
    };
    let wants = if wanted.kind.is_empty() { own } else { wanted.kind };
    let kind = KINDS.iter().map(|(name, ..)| *name).find(|name| *name == wants).unwrap_or("number");
    let choice = |(name, zh, en): &(&str, &'static str, &'static str)| Choice {
        path: format!("/figures?figure={}&kind={name}#define", encoded(wanted.figure)),
        word: eyes.t(zh, en),
        current: *name == kind,
    };
    let (unit, least, most, places) = match &card.measure {
        Measure::Number { unit, least, most, places } => {
            (unit.clone(), least.clone().unwrap_or_default(), most.clone().unwrap_or_default(), *places)
        }
        Measure::YesNo | Measure::Words(_) => Default::default(),
    };
    let words = if let Measure::Words(words) = &card.measure { words.join("\n") } else { String::new() };
    Some(Define {
        by,
        kinds: KINDS.iter().map(choice).collect(),
        kind,
        id: known.map(|_| wanted.figure.to_owned()).unwrap_or_default(),
        is_new: known.is_none(),
        unit,
        least,
        most,
        places,
        words,
        percent: card.asks_beyond_percent.map(|percent| percent.to_string()).unwrap_or_default(),
        parts: card.parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        card,
    })
}
