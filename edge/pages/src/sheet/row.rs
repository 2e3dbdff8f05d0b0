//! A figure of a report, as a row: what it is, what it was, what it is to be, and the rules of its card as data.

use crate::{Eyes, frame::encoded};
use kaoping_ledger::Digest;
use kaoping_office::{
    deeds::figures::{most_places, range},
    forms::Line,
    period::Period,
    state::{Card, Cell, Measure, why_changed},
};
use kaoping_terms::Lang;

/// A value with the way to the entry it came with.
#[derive(Default)]
pub(super) struct Known {
    pub(super) value: String,
    pub(super) path: String,
    pub(super) entry: String,
}

/// A paper.
pub(super) struct Paper {
    pub(super) path: String,
    pub(super) hash: String,
    pub(super) word: String,
}

/// A row.
#[derive(Default)]
pub(super) struct Row {
    pub(super) at: usize,
    pub(super) figure: String,
    pub(super) name: String,
    /// What it is, where it comes from, what it can be.
    pub(super) about: String,
    pub(super) unit: String,
    pub(super) last: Known,
    pub(super) year_before: Known,
    pub(super) value: String,
    pub(super) answer: String,
    pub(super) questions: Vec<String>,
    pub(super) papers: Vec<Paper>,
    /// Known from another report: it is not filled in here.
    pub(super) known: Option<Known>,
    /// The entry its value came with, once it is signed.
    pub(super) signed: Option<Known>,
    /// What it was when the report was sent back, where it changed since.
    pub(super) was: Option<String>,
    /// A correction that waits: where it stands, and the value it asks for.
    pub(super) correction: Option<(String, String)>,
    pub(super) rules: Vec<(&'static str, String)>,
    pub(super) mode: &'static str,
    pub(super) words: Vec<String>,
}

/// The row of a line; its rules go with it where it is filled in.
pub(super) fn row(eyes: &Eyes<'_>, at: usize, line: &Line<'_>, edits: bool) -> Row {
    let filled = line.filled;
    let value = filled.map(|standing| standing.value.to_string()).unwrap_or_default();
    // A correction changed what was filled in.
    let reported = line.reported.filter(|_| !line.is_known);
    Row {
        at,
        figure: line.figure.to_string(),
        name: line.card.name.clone(),
        about: about(eyes, line.card),
        unit: unit(&line.card.measure).to_owned(),
        last: earlier(eyes, line.last),
        year_before: earlier(eyes, line.year_before),
        value: reported.map_or(value, |cell| cell.value.clone()),
        answer: filled.map(|standing| standing.answer.to_string()).unwrap_or_default(),
        questions: line.questions.iter().map(|question| eyes.say(question)).collect(),
        papers: papers(eyes, reported.map_or_else(|| filled.map_or(&[][..], |it| &it.evidence), |cell| &cell.evidence)),
        known: line.reported.filter(|_| line.is_known).map(|cell| known(eyes, cell)),
        signed: reported.map(|cell| known(eyes, cell)),
        was: line.sent_back.filter(|_| line.has_changed()).map(|standing| standing.value.to_string()),
        correction: line
            .correction
            .map(|(id, value)| (format!("/matters#proposal-{}", encoded(id.as_str())), value.to_owned())),
        rules: if edits { rules(eyes, line) } else { Vec::new() },
        mode: mode(&line.card.measure),
        words: words(&line.card.measure),
    }
}

fn unit(measure: &Measure) -> &str {
    match measure {
        Measure::Number { unit, .. } => unit,
        Measure::YesNo | Measure::Words(_) => "",
    }
}

/// Which keys a telephone shows: digits, where nothing else can be meant.
fn mode(measure: &Measure) -> &'static str {
    let positive = |least: &str| kaoping_terms::Exact::parse(least).is_some_and(|least| !least.is_negative());
    match measure {
        Measure::Number { least, .. } if least.as_deref().is_some_and(positive) => "decimal",
        Measure::Number { .. } | Measure::YesNo | Measure::Words(_) => "text",
    }
}

fn words(measure: &Measure) -> Vec<String> {
    match measure {
        Measure::Number { .. } => Vec::new(),
        Measure::YesNo => Vec::from(["是".to_owned(), "否".to_owned()]),
        Measure::Words(words) => words.clone(),
    }
}

fn about(eyes: &Eyes<'_>, card: &Card) -> String {
    let limits = match &card.measure {
        Measure::Number { least, most, places, .. } => {
            let range = eyes.say(&range(least.as_deref(), most.as_deref()));
            let places =
                if *places == 0 { eyes.t("整数", "a whole number").into() } else { eyes.say(&most_places(*places)) };
            [range, places].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(eyes.t("，", ", "))
        }
        other => words(other).join(eyes.t("、", ", ")),
    };
    let source = match (card.source.is_empty(), eyes.lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("来源：{}", card.source),
        (false, Lang::En) => format!("source: {}", card.source),
    };
    let running = if card.cumulative { eyes.t("本年累计", "runs on from January") } else { "" };
    let parts = [card.definition.clone(), running.to_owned(), limits, source];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(eyes.t("；", "; "))
}

fn known(eyes: &Eyes<'_>, cell: &Cell) -> Known {
    let entry = match eyes.lang {
        Lang::Zh => format!("台账第 {} 条", cell.number),
        Lang::En => format!("entry {}", cell.number),
    };
    Known { value: cell.value.clone(), path: format!("/record/{}", cell.number), entry }
}

fn earlier(eyes: &Eyes<'_>, found: Option<(Period, &Cell)>) -> Known {
    found.map(|(_, cell)| known(eyes, cell)).unwrap_or_default()
}

fn papers(eyes: &Eyes<'_>, evidence: &[Digest]) -> Vec<Paper> {
    let paper = |(at, hash): (usize, &Digest)| Paper {
        path: format!("/api/contents/{hash}"),
        hash: hash.to_string(),
        word: match eyes.lang {
            Lang::Zh => format!("材料 {}", at + 1),
            Lang::En => format!("paper {}", at + 1),
        },
    };
    evidence.iter().enumerate().map(paper).collect()
}

/// The rules of a card as attributes: what a value has to be, and what makes one ask.
fn rules(eyes: &Eyes<'_>, line: &Line<'_>) -> Vec<(&'static str, String)> {
    let mut rules = Vec::new();
    match &line.card.measure {
        Measure::Number { unit, least, most, places } => {
            rules.push(("data-measure", unit.clone()));
            rules.push(("data-places", places.to_string()));
            rules.push(("data-say-places", eyes.say(&most_places(*places))));
            rules.extend(least.clone().map(|least| ("data-least", least)));
            rules.extend(most.clone().map(|most| ("data-most", most)));
            rules.push(("data-say-range", eyes.say(&range(least.as_deref(), most.as_deref()))));
        }
        other => rules.push(("data-words", words(other).join("|"))),
    }
    if let Some((percent, (when, cell))) = line.card.asks_beyond_percent.zip(line.compared) {
        rules.push(("data-percent", percent.to_string()));
        rules.push(("data-compared", cell.value.clone()));
        rules.push(("data-say-jump", eyes.say(&why_changed(when, &cell.value, percent))));
    }
    if !line.card.parts.is_empty() {
        let parts: Vec<&str> = line.card.parts.iter().map(|part| part.as_str()).collect();
        rules.push(("data-parts", parts.join("|")));
    }
    rules.retain(|(_, value)| !value.is_empty());
    rules
}
