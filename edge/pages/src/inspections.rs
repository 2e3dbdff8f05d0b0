//! Figures drawn for inspection, and what was found on the spot.

use crate::{
    Eyes, Frame, Html, Topic,
    forms::{As, Choice},
    may::by_right,
    scoresheet::{Paper, entry},
    things,
};
use askama::Template;
use kaoping_office::{
    Act,
    deeds::samples::{DrawSample, Inspect},
    ids::{CollectionId, FigureId, OfficeId, SampleId},
    state::{Found, Method, Sample},
    tables::Key,
};
use kaoping_terms::Lang;
use std::cmp::Reverse;

struct Line {
    at: usize,
    office: String,
    office_id: String,
    figure: String,
    figure_id: String,
    reported: String,
    found: String,
    by: String,
    differs: bool,
    /// What was found before: the value, by whom, why he came again, the entry.
    before: Vec<(String, String, String, Paper)>,
    /// Why it was looked at once more; empty where it was not.
    again: String,
    inspect: Option<As>,
}

struct Drawn {
    id: String,
    about: String,
    method: String,
    seed: String,
    by: String,
    why: String,
    entry: Paper,
    lines: Vec<Line>,
}

struct Draw {
    by: As,
    id: String,
    collections: Vec<Choice>,
    methods: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "inspections.html")]
struct Inspections {
    frame: Frame,
    draw: Option<Draw>,
    samples: Vec<Drawn>,
}

/// The page.
pub fn inspections(eyes: &Eyes<'_>) -> Html {
    let mut samples: Vec<(Option<_>, Drawn)> = Vec::new();
    for (id, sample) in &eyes.state().samples {
        let end = eyes.state().collections.get(&sample.collection).map(|found| found.due);
        let drawn = drawn(eyes, id, sample);
        if !drawn.lines.is_empty() {
            samples.push((end, drawn));
        }
    }
    samples.sort_by_key(|(end, _)| Reverse(*end));
    Html::of(&Inspections {
        frame: Frame::new(eyes, Topic::Inspections, eyes.t("抽查", "Inspections")),
        draw: draw(eyes),
        samples: samples.into_iter().map(|(_, drawn)| drawn).collect(),
    })
}

fn drawn(eyes: &Eyes<'_>, id: &SampleId, sample: &Sample) -> Drawn {
    let seen = |(office, figure): &(OfficeId, FigureId)| {
        eyes.viewer.may_see(&Key::Drawn((id.clone(), office.clone(), figure.clone())))
    };
    let mut lines: Vec<_> = sample.drawn.iter().filter(|(key, _)| seen(key)).collect();
    lines.sort_by_key(|((office, _), _)| eyes.state().order(office.as_str()));
    let lines = lines.into_iter().enumerate().map(|(at, (key, found))| line(eyes, id, at, key, found)).collect();
    let collection = eyes.state().collections.get(&sample.collection);
    Drawn {
        id: id.to_string(),
        about: collection.map(|found| format!("{} {}", found.title, found.period)).unwrap_or_default(),
        method: method(eyes, &sample.method),
        seed: sample.seed.clone(),
        by: sample.by.to_string(),
        why: sample.why.clone(),
        entry: entry(eyes, sample.number),
        lines,
    }
}

fn line(eyes: &Eyes<'_>, id: &SampleId, at: usize, key: &(OfficeId, FigureId), found: &Found) -> Line {
    let (office, figure) = key;
    let act = Act::Inspect(Inspect {
        sample: id.clone(),
        office: office.clone(),
        figure: figure.clone(),
        found: found.reported.clone(),
    });
    let (seen, by) = found.last().map(|seen| (seen.value.clone(), seen.by.to_string())).unwrap_or_default();
    let again = found.last().filter(|_| !found.before().is_empty()).map(|seen| seen.why.clone()).unwrap_or_default();
    let before = found.before().iter();
    let before = before.map(|was| (was.value.clone(), was.by.to_string(), was.why.clone(), entry(eyes, was.number)));
    Line {
        at,
        office: eyes.office(office),
        office_id: office.to_string(),
        figure: things::figure(eyes, figure),
        figure_id: figure.to_string(),
        reported: found.reported.clone(),
        differs: !by.is_empty() && seen != found.reported,
        found: seen,
        by,
        before: before.collect(),
        again,
        inspect: by_right(eyes, &act),
    }
}

fn method(eyes: &Eyes<'_>, method: &Method) -> String {
    match (method, eyes.lang) {
        (Method::Random, _) => eyes.t("随机", "at random").to_owned(),
        (Method::ByValue, _) => eyes.t("数值大的先抽", "the largest first").to_owned(),
        (Method::ByInflation { own, later, .. }, Lang::Zh) => format!("{own}比{later}高得多的先抽"),
        (Method::ByInflation { own, later, .. }, Lang::En) => {
            format!("those whose {own} lies most above {later} first")
        }
    }
}

/// The form of drawing; `None` for who draws nothing, or where nothing could be drawn.
fn draw(eyes: &Eyes<'_>) -> Option<Draw> {
    let act = |collection: &CollectionId| {
        let (sample, seed) = (SampleId::from("-"), "-".to_owned());
        let collection = collection.clone();
        Act::DrawSample(DrawSample { sample, collection, method: Method::Random, seed, size: 1 })
    };
    let state = eyes.state();
    let mut open: Vec<_> = state.collections.iter().collect();
    open.sort_by_key(|(_, found)| Reverse(found.due));
    let signed = |id: &CollectionId| !state.draw(id, &Method::Random, "-", 1).is_empty();
    let offers = open.into_iter().filter_map(|(id, found)| Some((by_right(eyes, &act(id))?, id, found)));
    let offers: Vec<_> = offers.filter(|(_, id, _)| signed(id)).collect();
    let by = offers.first()?.0.clone();
    let own = offers.into_iter().filter(|(of, ..)| *of == by);
    let collections: Vec<Choice> = own
        .map(|(_, id, found)| Choice {
            value: id.to_string(),
            word: format!("{} {}", found.title, found.period),
            chosen: false,
        })
        .collect();
    let mut methods = vec![Method::Random, Method::ByValue];
    for scheme in eyes.schemes() {
        let rounds = state.schemes.get(scheme).and_then(|found| found.outline()).map(|outline| &outline.rounds);
        let Some((own, later)) = rounds.and_then(|rounds| rounds.split_first()) else { continue };
        methods.extend(later.iter().map(|later| Method::ByInflation {
            scheme: scheme.clone(),
            own: own.clone(),
            later: later.clone(),
        }));
    }
    let choice = |found: &Method| Choice {
        value: serde_json::to_string(found).unwrap_or_default(),
        word: match found {
            Method::ByInflation { scheme, .. } => format!("{scheme} {}", method(eyes, found)),
            Method::Random | Method::ByValue => method(eyes, found),
        },
        chosen: *found == Method::Random,
    };
    let (year, month, _) = eyes.viewer.today().civil();
    let id = |number: usize| format!("{}-{year:04}-{month:02}-{number}", eyes.t("抽查", "sample"));
    let id = (1..).map(id).find(|id| !state.samples.contains_key(id.as_str())).unwrap_or_default();
    Some(Draw { by, id, collections, methods: methods.iter().map(choice).collect() })
}
