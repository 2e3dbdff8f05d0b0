//! Writing a standard: its texts, and a table over them. What is made of it is decided when it is adopted.

use crate::{Eyes, Frame, Html, Topic, frame::encoded, standard::may_write};
use askama::Template;
use kaoping_desk::{
    drafting::blank,
    what_if::{Standing, bindings},
};
use kaoping_office::{
    Role,
    ids::{OfficeId, SchemeId},
};

struct File {
    path: String,
    text: String,
}

struct Place {
    id: String,
    name: String,
}

#[derive(Template)]
#[template(path = "draft.html")]
struct Draft {
    frame: Frame,
    title: String,
    /// The scheme as a part of addresses; empty for a new one.
    scheme: String,
    office: String,
    upper: String,
    base: String,
    files: Vec<File>,
    /// `指标/数=指标卡`, one each.
    bindings: Vec<(String, String)>,
    cards: Vec<String>,
    offices: Vec<Place>,
    /// Rounds, and whether it is the one whose figures are looked at first.
    rounds: Vec<(String, bool)>,
}

/// The page for a scheme there is; `None` for those who may not adopt it.
pub fn edit(eyes: &Eyes<'_>, id: &SchemeId, standing: &Standing) -> Option<Html> {
    let scheme = eyes.state().schemes.get(id).filter(|scheme| may_write(eyes, &scheme.office))?;
    let version = scheme.versions.iter().find(|version| version.number == standing.number)?;
    let title = eyes.state().title(id);
    let rounds = &version.outline.rounds;
    let has_results = |round: &&String| eyes.state().results.contains_key(&(id.clone(), (*round).clone()));
    let usual = rounds.iter().rev().find(has_results);
    let bound = bindings(&version.outline).into_iter().map(|(input, figure)| (input, figure.to_string()));
    Some(Html::of(&Draft {
        frame: Frame::new(eyes, Topic::Schemes, format!("{} {title}", eyes.t("起草", "Draft"))),
        scheme: encoded(id.as_str()),
        office: scheme.office.to_string(),
        upper: scheme.upper.as_ref().map(ToString::to_string).unwrap_or_default(),
        base: standing.number.to_string(),
        files: standing.texts.iter().map(|(path, text)| File { path: path.clone(), text: text.clone() }).collect(),
        bindings: bound.collect(),
        cards: cards(eyes),
        offices: Vec::new(),
        rounds: rounds.iter().map(|round| (round.clone(), Some(round) == usual)).collect(),
        title,
    }))
}

/// The page for a new scheme; `None` for those who may adopt none.
pub fn new(eyes: &Eyes<'_>) -> Option<Html> {
    let grants = eyes.viewer.grants().iter().filter(|(_, grant)| grant.role == Role::AssessmentOffice);
    let place = |office: &OfficeId| Place { id: office.to_string(), name: eyes.office(office) };
    let offices: Vec<Place> = grants.map(|(_, grant)| place(&grant.office)).collect();
    let office = offices.first()?.id.clone();
    let title = eyes.t("起草新标准", "A new standard").to_owned();
    Some(Html::of(&Draft {
        frame: Frame::new(eyes, Topic::Schemes, &title),
        scheme: String::new(),
        office,
        upper: String::new(),
        base: String::new(),
        files: blank().into_iter().map(|(path, text)| File { path, text }).collect(),
        bindings: Vec::new(),
        cards: cards(eyes),
        offices,
        rounds: Vec::new(),
        title,
    }))
}

fn cards(eyes: &Eyes<'_>) -> Vec<String> {
    eyes.state().cards.keys().map(ToString::to_string).collect()
}
