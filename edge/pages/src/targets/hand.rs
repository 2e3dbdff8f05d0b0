//! Handing down: a row an indicator, a column an office directly below; a table of a spreadsheet can be pasted.

use super::{Wanted, Who, blocks, who};
use crate::{
    Eyes, Frame, Html, Topic,
    forms::As,
    frame::encoded,
    may,
    parts::{is_target, whole},
};
use askama::Template;
use kaoping_desk::{
    scoring::Model,
    standard::{InTable, in_table},
};
use kaoping_office::{
    Act,
    deeds::targets::{HandDown, Part},
    ids::OfficeId,
    outline::{Field, Indicator},
};
use kaoping_terms::Lang;

struct Cell {
    office: String,
    name: String,
    /// What was handed down already; it is changed by a proposal only.
    kept: Option<String>,
}

struct Line {
    indicator: String,
    name: String,
    block: String,
    field: String,
    who: Who,
    /// What the standard itself says, where nothing else is handed down.
    given: Option<String>,
    whole: String,
    cells: Vec<Cell>,
    open: usize,
}

#[derive(Template)]
#[template(path = "targets-hand.html")]
struct Hand {
    frame: Frame,
    title: String,
    scheme: String,
    from: String,
    by: As,
    offices: Vec<String>,
    lines: Vec<Line>,
    back: String,
}

/// The inputs of an indicator that are targets. Where one was handed down, the others beside it are none: they have
/// values of their own.
fn fields<'a>(eyes: &Eyes<'_>, wanted: &Wanted<'_>, indicator: &'a Indicator) -> Vec<&'a Field> {
    let handed = |field: &&Field| {
        let of = (wanted.scheme, &indicator.id, field.name.as_str());
        eyes.state().targets.keys().any(|(scheme, _, item, name)| (scheme, item, name.as_str()) == of)
    };
    let found: Vec<&Field> = indicator.fields.iter().filter(handed).collect();
    let could = || indicator.fields.iter().filter(|field| is_target(indicator, field)).collect();
    if found.is_empty() { could() } else { found }
}

/// The offices directly below one.
fn below<'a>(eyes: &Eyes<'a>, office: &OfficeId) -> Vec<&'a OfficeId> {
    let all = eyes.state().offices_at(eyes.viewer.today());
    let below = all.filter(|(_, version)| version.parent.as_ref() == Some(office)).map(|(id, _)| id);
    eyes.state().in_order(below)
}

/// The office that hands down, as what, and to whom: the first one whoever looks works in that has offices below.
fn hands<'a>(eyes: &Eyes<'a>, wanted: &Wanted<'_>) -> Option<(&'a OfficeId, As, Vec<&'a OfficeId>)> {
    let outline = eyes.state().schemes.get(wanted.scheme)?.outline()?;
    let own = eyes.state().offices.keys().filter(|office| eyes.viewer.works_in(office));
    let mut own: Vec<&OfficeId> = eyes.state().in_order(own);
    own.sort_by_key(|office| office.as_str() != wanted.from);
    own.into_iter().find_map(|from| {
        let below = below(eyes, from);
        let acting = below.iter().find_map(|to| {
            let mut open = outline
                .indicators
                .iter()
                .flat_map(|indicator| fields(eyes, wanted, indicator).into_iter().map(move |field| (indicator, field)));
            open.find_map(|(indicator, field)| {
                let (scheme, indicator, field) = (wanted.scheme.clone(), indicator.id.clone(), field.name.clone());
                let parts = Vec::from([Part { office: (*to).clone(), value: "1".into() }]);
                may::as_whom(eyes, &Act::HandDown(HandDown { scheme, indicator, field, adds_up: false, parts }))
            })
        })?;
        (acting.office == from.as_str()).then_some((from, acting, below))
    })
}

/// Where somebody hands targets down; `None` where he does not, or nothing is left.
pub(super) fn path(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Option<String> {
    hands(eyes, wanted)?;
    Some(format!("/schemes/{}/targets?hand=1&from={}", encoded(wanted.scheme.as_str()), encoded(wanted.from)))
}

/// Why somebody who hands targets down has nothing to hand down: what is sealed, or that all is done; `None` where he
/// does not.
pub(super) fn against(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Option<String> {
    let (scheme, parts) = (wanted.scheme.clone(), Vec::new());
    let some = HandDown { scheme, indicator: "".into(), field: String::new(), adds_up: false, parts };
    may::by_right(eyes, &Act::HandDown(some))?;
    if let Some(sealed) = eyes.state().sealed_for_good(wanted.scheme) {
        let [what, why, next] = [&sealed.message, &sealed.why, &sealed.next].map(|text| eyes.say(text));
        return Some(match eyes.lang {
            Lang::Zh => format!("{what}。{why}。{next}。"),
            Lang::En => format!("{what}. {why}. {next}."),
        });
    }
    let nothing = eyes.t(
        "没有要下达的了：目标都已下达，或本单位下面没有单位。",
        "Nothing is left to hand down, or no office is below this one.",
    );
    Some(nothing.to_owned())
}

pub(super) fn hand(eyes: &Eyes<'_>, wanted: &Wanted<'_>, model: Option<&Model>) -> Option<Html> {
    let outline = eyes.state().schemes.get(wanted.scheme)?.outline()?;
    let (from, by, below) = hands(eyes, wanted)?;
    let blocks = blocks(model);
    let given = model.map_or_else(InTable::new, |model| in_table(&model.loaded.compiled.standard));
    let mut lines = Vec::new();
    for indicator in &outline.indicators {
        for field in fields(eyes, wanted, indicator) {
            let kept = |office: &OfficeId| {
                let key = (wanted.scheme.clone(), office.clone(), indicator.id.clone(), field.name.clone());
                eyes.state().targets.get(&key).map(|target| target.value.clone())
            };
            let cells = below.iter().map(|office| Cell {
                office: office.to_string(),
                name: eyes.office(office),
                kept: kept(office),
            });
            let cells: Vec<Cell> = cells.collect();
            let open = cells.iter().filter(|cell| cell.kept.is_none()).count();
            lines.push(Line {
                indicator: indicator.id.to_string(),
                name: indicator.name.clone(),
                block: blocks.get(indicator.id.as_str()).copied().unwrap_or_default().to_owned(),
                field: field.name.clone(),
                who: who(indicator),
                given: given.get(&(indicator.id.to_string(), field.name.clone())).cloned(),
                whole: whole(eyes.state(), wanted.scheme, from, indicator, &field.name).to_owned(),
                cells,
                open,
            });
        }
    }
    // What is left to hand down comes first, and what the standard says before what is handed down already.
    lines.sort_by_key(|line| (line.open == 0, line.given.is_some()));
    let title = eyes.state().title(wanted.scheme);
    Some(Html::of(&Hand {
        frame: Frame::new(eyes, Topic::Targets, format!("{} {title}", eyes.t("分解下达", "Handing down"))),
        scheme: wanted.scheme.to_string(),
        from: eyes.office(from),
        by,
        offices: below.iter().map(|office| eyes.office(office)).collect(),
        lines,
        back: format!("/schemes/{}/targets?from={}", encoded(wanted.scheme.as_str()), encoded(from.as_str())),
        title,
    }))
}
