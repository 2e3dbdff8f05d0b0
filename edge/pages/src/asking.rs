//! Asking figures of offices: which figures, of whom, for which period, by when.

use crate::{
    Eyes, Frame, Html, Topic,
    forms::{As, Choice},
    frame::encoded,
};
use askama::Template;
use kaoping_ledger::By;
use kaoping_office::{
    Act,
    deeds::collections::OpenCollection,
    ids::{CollectionId, FigureId, OfficeId, SchemeId},
    outline::Outline,
    period::Period,
    state::Collection,
};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Under which scheme.
    pub scheme: &'a SchemeId,
    /// The collection that is taken as a model; empty where none is.
    pub like: &'a str,
}

#[derive(Template)]
#[template(path = "asking.html")]
struct Asking {
    frame: Frame,
    title: String,
    scheme: String,
    schemes: Vec<Choice>,
    likes: Vec<Choice>,
    by: As,
    id: String,
    called: String,
    period: String,
    today: String,
    working_days: u16,
    grace_days: u16,
    figures: Vec<Choice>,
    offices: Vec<Choice>,
    counted: Vec<Choice>,
}

/// The scheme the form begins with: one that is named, else the one looked at most likely.
pub fn scheme<'a>(eyes: &Eyes<'a>, named: &str) -> Option<&'a SchemeId> {
    let mut schemes = eyes.schemes();
    if named.is_empty() { eyes.scheme() } else { schemes.find(|id| id.as_str() == named) }
}

/// Where somebody asks offices for figures; `None` where he does not.
pub(crate) fn path(eyes: &Eyes<'_>) -> Option<String> {
    let scheme = eyes.scheme()?;
    whom(eyes, scheme)?;
    Some(format!("/reports/ask?scheme={}", encoded(scheme.as_str())))
}

/// As whom figures are asked, and of which offices: those below come first, one's own is asked only where it is alone.
fn whom(eyes: &Eyes<'_>, scheme: &SchemeId) -> Option<(As, Vec<OfficeId>)> {
    let act = |office: &OfficeId| {
        Act::OpenCollection(OpenCollection {
            collection: "-".into(),
            title: String::new(),
            scheme: scheme.clone(),
            period: Period::Year(eyes.viewer.today().civil().0),
            figures: Vec::new(),
            offices: Vec::from([office.clone()]),
            from: eyes.viewer.today(),
            working_days: 0,
            grace_days: 0,
            counted_in: None,
        })
    };
    let mut by: Option<By> = None;
    let tree = eyes.state().tree(eyes.viewer.today()).into_iter().map(|(office, _)| office);
    let asked = tree.filter(|office| match eyes.viewer.by_which(&act(office)) {
        Some(acting) => {
            let known = by.get_or_insert_with(|| acting.clone());
            known.office == acting.office && known.role == acting.role
        }
        None => false,
    });
    let asked: Vec<OfficeId> = asked.collect();
    let By { office, role, deputy_for, .. } = by?;
    Some((As { office, role, holder: deputy_for.unwrap_or_default() }, asked))
}

/// The page; `None` where whoever looks asks nobody for figures.
pub fn asking(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Option<Html> {
    let (by, whom) = whom(eyes, wanted.scheme)?;
    let outline = eyes.state().schemes.get(wanted.scheme)?.outline()?;
    let collections = || eyes.state().collections.iter().filter(|(_, found)| found.scheme == *wanted.scheme);
    let seen = |collection: &Collection| collection.offices.iter().any(|office| eyes.viewer.sees(office));
    let mut past: Vec<_> = collections().filter(|(_, found)| seen(found)).collect();
    past.sort_by_key(|(_, found)| std::cmp::Reverse(found.due));
    let like = past.iter().find(|(id, _)| id.as_str() == wanted.like).map(|(_, found)| *found);
    let likes = std::iter::once(choice(eyes, wanted, ("", eyes.t("从头写", "nothing"))));
    let likes = likes.chain(past.iter().map(|(id, found)| choice(eyes, wanted, (id.as_str(), &found.title))));
    let figure = |id: &&FigureId| {
        let name = eyes.state().cards.get(*id).map_or_else(|| id.to_string(), |card| card.name.clone());
        let chosen = like.is_some_and(|like| like.figures.contains(id));
        Choice { value: id.to_string(), word: name, chosen }
    };
    // In the order of the standard, each once.
    let mut figures: Vec<&FigureId> = Vec::new();
    for id in outline.figures() {
        if !figures.contains(&id) {
            figures.push(id);
        }
    }
    let below = |office: &OfficeId| {
        let version = eyes.state().offices.get(office).and_then(|found| found.at(eyes.viewer.today()));
        version.and_then(|version| version.parent.as_ref()).is_some_and(|parent| parent.as_str() == by.office)
    };
    let office = |id: &OfficeId| {
        let chosen = like.map_or_else(|| below(id), |like| like.offices.contains(id));
        Choice { value: id.to_string(), word: eyes.office(id), chosen }
    };
    let period = period(eyes, like);
    let title = eyes.t("布置填报", "Asking for figures");
    Some(Html::of(&Asking {
        frame: Frame::new(eyes, Topic::Reports, title),
        title: title.to_owned(),
        scheme: wanted.scheme.to_string(),
        schemes: schemes(eyes, wanted),
        likes: likes.collect(),
        id: free(eyes, wanted.scheme, &period),
        called: like.map(|like| like.title.clone()).unwrap_or_default(),
        period,
        today: eyes.viewer.today().iso(),
        working_days: like.map_or(5, |like| like.working_days),
        grace_days: like.map_or(0, |like| like.grace_days),
        figures: figures.iter().map(figure).collect(),
        offices: whom.iter().map(office).collect(),
        counted: counted(eyes, outline, like),
        by,
    }))
}

fn choice(eyes: &Eyes<'_>, wanted: &Wanted<'_>, (like, word): (&str, &str)) -> Choice {
    let period = eyes.state().collections.get(&CollectionId::from(like)).map(|found| format!(" {}", found.period));
    Choice {
        value: format!("/reports/ask?scheme={}&like={}", encoded(wanted.scheme.as_str()), encoded(like)),
        word: format!("{word}{}", period.unwrap_or_default()),
        chosen: like == wanted.like,
    }
}

fn schemes(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Choice> {
    let asks = eyes.schemes().filter(|id| whom(eyes, id).is_some());
    let choice = |id: &SchemeId| Choice {
        value: format!("/reports/ask?scheme={}", encoded(id.as_str())),
        word: eyes.state().title(id),
        chosen: id == wanted.scheme,
    };
    asks.map(choice).collect()
}

/// The period that is offered: the one after that of the model, else this month.
fn period(eyes: &Eyes<'_>, like: Option<&Collection>) -> String {
    let (year, month, _) = eyes.viewer.today().civil();
    let next = |period: Period| match period {
        Period::Year(year) => Period::Year(year + 1),
        Period::Half(year, 1) => Period::Half(year, 2),
        Period::Half(year, _) => Period::Half(year + 1, 1),
        Period::Quarter(year, 4) => Period::Quarter(year + 1, 1),
        Period::Quarter(year, quarter) => Period::Quarter(year, quarter + 1),
        Period::Month(year, 12) => Period::Month(year + 1, 1),
        Period::Month(year, month) => Period::Month(year, month + 1),
        Period::Day(..) => Period::Month(year, month),
    };
    like.map_or(Period::Month(year, month), |like| next(like.period)).to_string()
}

/// An id no other collection has.
fn free(eyes: &Eyes<'_>, scheme: &SchemeId, period: &str) -> String {
    let numbered = (2..).map(|number| format!("{scheme}-{period}-{number}"));
    let mut ids = std::iter::once(format!("{scheme}-{period}")).chain(numbered);
    ids.find(|id| !eyes.state().collections.contains_key(id.as_str())).unwrap_or_default()
}

/// Where it can be counted whether a report was in time: in a column of an event table of the standard that takes yes or
/// no; and as before, where there is a model.
fn counted(eyes: &Eyes<'_>, outline: &Outline, like: Option<&Collection>) -> Vec<Choice> {
    let chosen = like.and_then(|like| like.counted_in.clone());
    let owned = |(table, column): (&str, &str)| (table.to_owned(), column.to_owned());
    let mut pairs: Vec<(String, String)> = outline.counting().map(owned).collect();
    pairs.extend(chosen.iter().filter(|chosen| !pairs.contains(chosen)).cloned().collect::<Vec<_>>());
    let pair = |(table, column): (String, String)| Choice {
        word: format!("{table} · {column}"),
        value: serde_json::json!([table, column]).to_string(),
        chosen: chosen == Some((table, column)),
    };
    let none = Choice { value: "null".into(), word: eyes.t("不计", "no").into(), chosen: chosen.is_none() };
    std::iter::once(none).chain(pairs.into_iter().map(pair)).collect()
}
