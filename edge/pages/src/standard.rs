//! A standard beside the regulation it quotes, clause by clause, with what the checker finds in its place.

mod versions;

use crate::{Eyes, Frame, Html, Topic, forms::As, frame::encoded, may::by_right};
use askama::Template;
use kaoping_assess::reading::{Line, Reading, reading};
use kaoping_desk::what_if::Standing;
use kaoping_office::{
    Act, Role,
    deeds::schemes::ForwardScheme,
    ids::{OfficeId, SchemeId},
    state::{Scheme, Version},
    tables::Key,
};
use kaoping_terms::{Diagnostic, Lang, Level, Place};
use std::collections::BTreeSet;
use versions::{Changes, VersionLine, changes, version_lines};

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The version before the one that is shown, where there is one.
    pub before: Option<&'a Standing>,
}

/// A finding of the checker, in its place.
struct Found {
    level: &'static str,
    word: &'static str,
    name: &'static str,
    message: String,
    why: String,
    next: String,
    place: String,
}

struct Item {
    line: Line,
    anchor: String,
    units: Vec<(&'static str, String)>,
    clause_anchor: String,
    found: Vec<Found>,
    range: String,
}

/// A clause with the items that rest on it; one without a number holds those that rest on none.
struct Group {
    anchor: String,
    number: String,
    document: String,
    text: String,
    items: Vec<Item>,
    found: Vec<Found>,
}

impl Group {
    /// How its words begin.
    fn start(&self) -> String {
        self.text.chars().take(60).collect()
    }
}

struct Passed {
    office: String,
    by: String,
    own: Vec<(String, String)>,
}

/// The form of passing it on.
struct Forward {
    by: As,
    scheme: String,
    offices: Vec<(String, String)>,
}

struct Deadline {
    name: String,
    when: String,
}

#[derive(Template)]
#[template(path = "standard.html")]
struct Standard {
    frame: Frame,
    title: String,
    sub: String,
    scheme: String,
    may_write: bool,
    may_imagine: bool,
    office: String,
    full_mark: String,
    range: String,
    total: String,
    count: usize,
    /// How many of them have points of their own.
    with_points: usize,
    groups: Vec<Group>,
    found: Vec<Found>,
    errors: usize,
    warnings: usize,
    versions: Vec<VersionLine>,
    changes: Option<Changes>,
    upper: Option<(String, String)>,
    passed: Vec<Passed>,
    forward: Option<Forward>,
    deadlines: Vec<Deadline>,
    why: String,
}

/// Whether somebody may adopt a scheme for an office, and so write one.
pub(crate) fn may_write(eyes: &Eyes<'_>, office: &OfficeId) -> bool {
    eyes.viewer.is_in(office, &[Role::AssessmentOffice])
}

/// The page of a version; `None` where there is no such.
pub fn standard(eyes: &Eyes<'_>, wanted: &Wanted<'_>, standing: &Standing) -> Option<Html> {
    let scheme = eyes.state().schemes.get(wanted.scheme)?;
    let position = scheme.versions.iter().position(|version| version.number == standing.number)?;
    let version = scheme.versions.get(position)?;
    let loaded = &standing.loaded;
    let schemes = reading(&loaded.policy, &loaded.compiled.standard, eyes.lang);
    let mut findings: Vec<&Diagnostic> = loaded.findings.iter().collect();
    let groups = groups(eyes, standing, &schemes, &mut findings);
    let count = |level: Level| loaded.findings.iter().filter(|finding| finding.level == level).count();
    let first = schemes.first().cloned().unwrap_or_default();
    let title = eyes.state().title(wanted.scheme);
    Some(Html::of(&Standard {
        frame: Frame::new(eyes, Topic::Schemes, &title),
        sub: sub(eyes, scheme, version, position),
        scheme: encoded(wanted.scheme.as_str()),
        may_write: may_write(eyes, &scheme.office),
        may_imagine: eyes.viewer.sees(&scheme.office),
        office: eyes.office(&scheme.office),
        full_mark: first.full_mark,
        range: first.range,
        total: first.total,
        count: schemes.iter().map(|scheme| scheme.lines.len()).sum(),
        with_points: schemes.iter().flat_map(|scheme| &scheme.lines).filter(|line| !line.points.is_empty()).count(),
        groups,
        found: findings.into_iter().map(|finding| found(eyes, standing, finding)).collect(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        versions: version_lines(eyes, wanted.scheme, scheme, standing.number),
        changes: wanted.before.map(|before| changes(eyes, before, standing)),
        upper: upper(eyes, scheme),
        passed: passed(eyes, wanted.scheme, scheme),
        forward: forward(eyes, wanted.scheme, scheme),
        deadlines: deadlines(version),
        why: version.why.clone(),
        title,
    }))
}

fn sub(eyes: &Eyes<'_>, scheme: &Scheme, version: &Version, position: usize) -> String {
    let (office, number, day) = (eyes.office(&scheme.office), version.number, version.day.iso());
    let (nth, of) = (position + 1, scheme.versions.len());
    match eyes.lang {
        Lang::Zh => format!("{office} {day} 采用 · 第 {nth} 版（共 {of} 版）· 台账第 {number} 条"),
        Lang::En => format!("adopted by {office} on {day} · version {nth} of {of} · entry {number}"),
    }
}

/// The clauses in the order of the regulation, each with the items that rest on it; takes the findings that stand in one.
fn groups(eyes: &Eyes<'_>, standing: &Standing, schemes: &[Reading], findings: &mut Vec<&Diagnostic>) -> Vec<Group> {
    let clauses = &standing.loaded.policy.clauses.clauses;
    let mut taken: Vec<(Place, Vec<Found>)> = Vec::new();
    let lines = schemes.iter().flat_map(|scheme| &scheme.lines);
    let places: Vec<Place> = lines
        .clone()
        .map(|line| line.place)
        .chain(clauses.iter().map(|clause| clause.place.to(clause.words)))
        .collect();
    findings.retain(|finding| {
        let Some(at) = finding.place else { return true };
        let holds = |place: &&Place| place.file == at.file && place.start <= at.start && at.end <= place.end;
        let Some(place) = places.iter().find(holds) else { return true };
        let told = found(eyes, standing, finding);
        match taken.iter_mut().find(|(known, _)| known == place) {
            Some((_, all)) => all.push(told),
            None => taken.push((*place, vec![told])),
        }
        false
    });
    let mut take = |place: Place| {
        let at = taken.iter().position(|(known, _)| *known == place);
        at.map(|at| taken.swap_remove(at).1).unwrap_or_default()
    };
    let known: BTreeSet<&str> = clauses.iter().map(|clause| clause.number.as_str()).collect();
    let mut groups: Vec<Group> = Vec::new();
    for clause in clauses {
        let own = lines.clone().filter(|line| line.clause == clause.number);
        groups.push(Group {
            anchor: anchor("clause", &clause.number),
            number: clause.number.clone(),
            document: clause.document.clone(),
            text: clause.text.clone(),
            items: own.map(|line| item(eyes, line, take(line.place))).collect(),
            found: take(clause.place.to(clause.words)),
        });
    }
    let others = lines.filter(|line| !known.contains(line.clause.as_str()));
    let others: Vec<Item> = others.map(|line| item(eyes, line, take(line.place))).collect();
    if !others.is_empty() {
        let (number, document, text) = (String::new(), String::new(), String::new());
        groups.push(Group { anchor: "clause-none".into(), number, document, text, items: others, found: Vec::new() });
    }
    groups
}

fn anchor(kind: &str, id: &str) -> String {
    format!("{kind}-{id}")
}

fn item(eyes: &Eyes<'_>, line: &Line, found: Vec<Found>) -> Item {
    let words = match eyes.lang {
        Lang::Zh => ["牵头", "责任", "协办"],
        Lang::En => ["lead", "responsible", "supporting"],
    };
    let units = words.into_iter().zip(&line.units).filter(|(_, units)| !units.is_empty());
    // What stands among the parameters needs no formula.
    let is_parameter = |name: &str| line.parameters.iter().any(|(known, _)| known == name);
    let steps = line.steps.iter().filter(|(name, _)| !is_parameter(name)).cloned().collect();
    let range = match (line.range.is_empty(), line.exact) {
        (true, _) => String::new(),
        (_, true) => line.range.clone(),
        (_, false) => format!("{}{}", line.range, eyes.t("（至多这么宽）", " (at the widest)")),
    };
    Item {
        anchor: anchor("item", &line.id),
        units: units.map(|(word, units)| (word, units.join("、"))).collect(),
        clause_anchor: anchor("clause", &line.clause),
        found,
        range,
        line: Line { steps, ..line.clone() },
    }
}

fn found(eyes: &Eyes<'_>, standing: &Standing, finding: &Diagnostic) -> Found {
    let (level, zh, en) = match finding.level {
        Level::Error => ("error", "错误", "error"),
        Level::Warning => ("warning", "提醒", "warning"),
        Level::Note => ("note", "说明", "note"),
    };
    let place = finding.place.map(|place| {
        let sources = &standing.loaded.policy.sources;
        let path = sources.path(place.file);
        let path = path.strip_prefix(&format!("{}/", standing.loaded.root)).unwrap_or(path);
        let line = sources.position(place).line;
        if eyes.lang == Lang::Zh { format!("{path} 第 {line} 行") } else { format!("{path}, line {line}") }
    });
    Found {
        level,
        word: if eyes.lang == Lang::Zh { zh } else { en },
        name: finding.name,
        message: eyes.say(&finding.message),
        why: eyes.say(&finding.why),
        next: eyes.say(&finding.next),
        place: place.unwrap_or_default(),
    }
}

/// The scheme it carries out, where that is heard of.
fn upper(eyes: &Eyes<'_>, scheme: &Scheme) -> Option<(String, String)> {
    let upper = scheme.upper.as_ref()?;
    let path =
        eyes.viewer.may_see(&Key::Scheme(upper.clone())).then(|| format!("/schemes/{}", encoded(upper.as_str())));
    Some((path.unwrap_or_default(), eyes.state().title(upper)))
}

/// To whom it was passed on, and what they made of it.
fn passed(eyes: &Eyes<'_>, id: &SchemeId, scheme: &Scheme) -> Vec<Passed> {
    let seen = scheme.forwarded.iter().filter(|(office, _)| eyes.viewer.sees(office));
    let own = |office: &OfficeId| {
        let own =
            eyes.state().schemes.iter().filter(|(_, own)| own.upper.as_ref() == Some(id) && own.office == *office);
        own.map(|(id, _)| (format!("/schemes/{}", encoded(id.as_str())), eyes.state().title(id))).collect()
    };
    let line = |(office, by): (&OfficeId, &Option<kaoping_terms::Day>)| Passed {
        office: eyes.office(office),
        by: by.map(|day| day.iso()).unwrap_or_default(),
        own: own(office),
    };
    seen.map(line).collect()
}

/// The form of passing it on to offices directly below that have not got it; `None` where there is none to be done.
fn forward(eyes: &Eyes<'_>, id: &SchemeId, scheme: &Scheme) -> Option<Forward> {
    let act_by = None;
    let act = |office: &OfficeId| {
        Act::ForwardScheme(ForwardScheme { scheme: id.clone(), offices: Vec::from([office.clone()]), act_by })
    };
    let today = eyes.viewer.today();
    let open = eyes.state().offices_at(today).map(|(office, _)| office);
    let open = eyes.state().in_order(open.filter(|office| !scheme.forwarded.contains_key(*office)));
    let offers = open.into_iter().filter_map(|office| {
        // A day that is too late is told when the form is sent.
        let by = by_right(eyes, &act(office))?;
        let above = eyes.state().offices.get(office)?.at(today)?.parent.as_ref()?;
        (above.as_str() == by.office).then(|| (by, (office.to_string(), eyes.office(office))))
    });
    let offers: Vec<(As, (String, String))> = offers.collect();
    let by = offers.first()?.0.clone();
    let offices = offers.into_iter().filter(|(of, _)| *of == by).map(|(_, office)| office).collect();
    Some(Forward { by, scheme: id.to_string(), offices })
}

fn deadlines(version: &Version) -> Vec<Deadline> {
    let steps = version.outline.steps.iter();
    steps.map(|step| Deadline { name: step.name.clone(), when: step.when.clone() }).collect()
}

struct SchemeLine {
    path: String,
    title: String,
    office: String,
    day: String,
    entry: u64,
    versions: usize,
    count: usize,
    id: String,
    upper: String,
    passed: usize,
    may_imagine: bool,
}

#[derive(Template)]
#[template(path = "schemes.html")]
struct Schemes {
    frame: Frame,
    lines: Vec<SchemeLine>,
    may_write: bool,
    /// Whether there is none, or none for whoever looks.
    sees_any: bool,
}

/// The schemes somebody sees.
pub fn schemes(eyes: &Eyes<'_>) -> Html {
    let line = |id: &SchemeId| {
        let scheme = eyes.state().schemes.get(id)?;
        let version = scheme.versions.last()?;
        Some(SchemeLine {
            path: format!("/schemes/{}", encoded(id.as_str())),
            title: eyes.state().title(id),
            office: eyes.office(&scheme.office),
            day: version.day.iso(),
            entry: version.number,
            versions: scheme.versions.len(),
            count: version.outline.indicators.len(),
            id: id.to_string(),
            upper: scheme.upper.as_ref().map(|upper| eyes.state().title(upper)).unwrap_or_default(),
            passed: scheme.forwarded.len(),
            may_imagine: eyes.viewer.sees(&scheme.office),
        })
    };
    let may_write = eyes.viewer.grants().iter().any(|(_, grant)| grant.role == Role::AssessmentOffice);
    let lines: Vec<SchemeLine> = eyes.schemes().filter_map(line).collect();
    let sees_any = !lines.is_empty() || eyes.state().schemes.is_empty();
    let frame = Frame::new(eyes, Topic::Schemes, eyes.t("标准", "Standards"));
    Html::of(&Schemes { frame, lines, may_write, sees_any })
}
