//! The tree of offices, one office with its history, and the deeds that change them.

use crate::{
    Eyes, Frame, Html, Topic,
    forms::{As, Choice, offices as choices},
    frame::encoded,
    may::by_right,
    words,
};
use askama::Template;
use kaoping_office::{
    Act,
    deeds::offices::{ChangeOffice, CloseOffices, OpenOffice},
    ids::OfficeId,
    state::{Office, OfficeVersion},
};
use std::collections::BTreeMap;

struct Line {
    path: String,
    name: String,
    id: String,
    depth: usize,
    kind: String,
    group: String,
    attributes: String,
    mine: bool,
}

struct Gone {
    path: String,
    name: String,
    when: String,
    successors: String,
}

#[derive(Template)]
#[template(path = "offices.html")]
struct Tree {
    frame: Frame,
    sub: String,
    lines: Vec<Line>,
    gone: Vec<Gone>,
    may_open: Option<As>,
    parents: Vec<Choice>,
    today: String,
}

fn blank(eyes: &Eyes<'_>, parent: Option<OfficeId>) -> OfficeVersion {
    OfficeVersion {
        from: eyes.viewer.today(),
        name: String::new(),
        parent,
        kind: String::new(),
        group: String::new(),
        attributes: BTreeMap::new(),
    }
}

fn opening(eyes: &Eyes<'_>, parent: &OfficeId) -> Option<As> {
    by_right(eyes, &Act::OpenOffice(OpenOffice { office: "-".into(), version: blank(eyes, Some(parent.clone())) }))
}

fn pairs(attributes: &BTreeMap<String, String>, between: &str) -> String {
    attributes.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(between)
}

fn path(id: &OfficeId) -> String {
    format!("/offices/{}", encoded(id.as_str()))
}

/// The page of the tree.
pub fn offices(eyes: &Eyes<'_>) -> Html {
    let (state, today) = (eyes.state(), eyes.viewer.today());
    let line = |(id, depth): (OfficeId, usize)| {
        let version = state.offices.get(&id)?.at(today)?;
        Some(Line {
            path: path(&id),
            name: eyes.office(&id),
            depth: depth.min(6),
            kind: version.kind.clone(),
            group: version.group.clone(),
            attributes: pairs(&version.attributes, " · "),
            mine: eyes.viewer.works_in(&id),
            id: id.into(),
        })
    };
    let lines: Vec<Line> = state.tree(today).into_iter().filter_map(line).collect();
    let all = state.in_order(state.offices.keys());
    let gone = all.into_iter().filter_map(|id| gone(eyes, id, state.offices.get(id)?)).collect();
    // Whoever may open an office below one of those he works in may open offices.
    let may_open = eyes.viewer.grants().iter().find_map(|(_, grant)| opening(eyes, &grant.office));
    let parents = choices(eyes, "");
    let parents = parents.into_iter().filter(|choice| opening(eyes, &choice.value.as_str().into()).is_some());
    Html::of(&Tree {
        frame: Frame::new(eyes, Topic::Offices, eyes.t("单位", "Offices")),
        sub: format!("{} {}", lines.len(), eyes.t("个单位", "offices")),
        lines,
        gone,
        may_open,
        parents: parents.collect(),
        today: today.iso(),
    })
}

fn gone(eyes: &Eyes<'_>, id: &OfficeId, office: &Office) -> Option<Gone> {
    let (day, successors) = office.closed.as_ref()?;
    let names: Vec<String> = successors.iter().map(|office| eyes.office(office)).collect();
    Some(Gone { path: path(id), name: eyes.office(id), when: day.iso(), successors: names.join(eyes.t("、", ", ")) })
}

struct Version {
    from: String,
    name: String,
    parent: String,
    kind: String,
    group: String,
    attributes: String,
}

struct Below {
    path: String,
    name: String,
}

struct Person {
    account: String,
    role: String,
    days: String,
}

#[derive(Template)]
#[template(path = "office.html")]
struct One {
    frame: Frame,
    id: String,
    name: String,
    sub: String,
    closed: String,
    versions: Vec<Version>,
    below: Vec<Below>,
    people: Vec<Person>,
    reads_people: bool,
    now: Version,
    record: String,
    may_change: Option<As>,
    may_close: Option<As>,
    may_open: Option<As>,
    parents: Vec<Choice>,
    successors: Vec<Choice>,
    today: String,
}

/// The page of one office; `None` where there is none of that id.
pub fn office(eyes: &Eyes<'_>, id: &OfficeId) -> Option<Html> {
    let (state, today) = (eyes.state(), eyes.viewer.today());
    let office = state.offices.get(id)?;
    let last = office.last()?;
    let shown = |version: &OfficeVersion| Version {
        from: version.from.iso(),
        name: version.name.clone(),
        parent: version.parent.as_ref().map(|parent| eyes.office(parent)).unwrap_or_default(),
        kind: version.kind.clone(),
        group: version.group.clone(),
        attributes: pairs(&version.attributes, "\n"),
    };
    let below = state.offices_at(today).filter(|(_, version)| version.parent.as_ref() == Some(id));
    let below = state.in_order(below.map(|(id, _)| id)).into_iter();
    let open = office.closed.is_none();
    let change = || Act::ChangeOffice(ChangeOffice { office: id.clone(), version: blank(eyes, last.parent.clone()) });
    let close =
        || Act::CloseOffices(CloseOffices { offices: Vec::from([id.clone()]), from: today, successors: Vec::new() });
    let parent = last.parent.as_ref().map(OfficeId::as_str).unwrap_or_default();
    let others =
        |chosen: &str| choices(eyes, chosen).into_iter().filter(|choice| choice.value != id.as_str()).collect();
    let closed = gone(eyes, id, office);
    Some(Html::of(&One {
        frame: Frame::new(eyes, Topic::Offices, eyes.office(id)),
        name: eyes.office(id),
        sub: [id.to_string(), last.kind.clone(), last.group.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        closed: closed.map(|gone| format!("{} {}", gone.when, gone.successors)).unwrap_or_default(),
        versions: office.versions.iter().rev().map(shown).collect(),
        below: below.map(|id| Below { path: path(id), name: eyes.office(id) }).collect(),
        people: people(eyes, id),
        reads_people: eyes.viewer.reads_accounts(),
        now: shown(last),
        record: format!("/record?unit={}", encoded(id.as_str())),
        may_change: by_right(eyes, &change()).filter(|_| open),
        may_close: by_right(eyes, &close()).filter(|_| open && last.parent.is_some()),
        may_open: opening(eyes, id).filter(|_| open),
        parents: others(parent),
        successors: others(""),
        today: today.iso(),
        id: id.to_string(),
    }))
}

/// Who works there, for those who see accounts, and oneself.
fn people(eyes: &Eyes<'_>, office: &OfficeId) -> Vec<Person> {
    let seen =
        |id: &kaoping_office::ids::AccountId| eyes.viewer.may_see(&kaoping_office::tables::Key::Account(id.clone()));
    let accounts = eyes.state().accounts.iter().filter(|(id, account)| account.closed.is_none() && seen(id));
    let grants = accounts.flat_map(|(id, account)| account.grants.iter().map(move |grant| (id, grant)));
    let here = grants.filter(|(_, grant)| grant.office == *office);
    let person = |(id, grant): (&kaoping_office::ids::AccountId, &kaoping_office::state::Grant)| Person {
        account: id.to_string(),
        role: eyes.say(&grant.role.word()),
        days: words::from_to(grant.from, grant.to, eyes.lang),
    };
    here.map(person).collect()
}
