//! What everybody sees without signing in: results that were published, or are open to objections.

use crate::{Frame, Html, Topic, Visit, frame::encoded, things};
use askama::Template;
use kaoping_office::public::{Because, Public};
use kaoping_terms::Lang;

struct Line {
    path: String,
    title: String,
    office: String,
    state: String,
    published: bool,
    reopened: bool,
    offices: usize,
    first: String,
}

#[derive(Template)]
#[template(path = "public.html")]
struct All {
    frame: Frame,
    text: String,
    lines: Vec<Line>,
}

/// The page of all of them; those that hold a text, where one is looked for.
pub fn all(visit: &Visit<'_>, text: &str) -> Html {
    let shown = visit.shown;
    let all = shown.state.public(visit.today);
    let lines = all.iter().filter(|public| holds(visit, public, text)).map(|public| line(visit, public)).collect();
    let frame = visit.frame(Topic::Public, visit.t("公示与公布", "Published results"));
    Html::of(&All { frame, text: text.to_owned(), lines })
}

/// Whether a text stands in the title, or in the name of an office or award.
fn holds(visit: &Visit<'_>, public: &Public<'_>, text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let is_in = |found: &str| found.to_lowercase().contains(&text);
    is_in(&public.title)
        || is_in(public.round)
        || public.totals.iter().any(|line| is_in(&visit.office(&line.office)))
        || public.awards.iter().any(|line| is_in(&line.award))
}

pub(crate) fn path(public: &Public<'_>) -> String {
    format!("/public/{}/{}", encoded(public.scheme.as_str()), round_part(public.round))
}

/// A round as a part of an address; `-` where the scheme has only one.
fn round_part(round: &str) -> String {
    if round.is_empty() { "-".into() } else { encoded(round) }
}

/// The round an address names.
pub fn round_of(part: &str) -> &str {
    if part == "-" { "" } else { part }
}

fn state(visit: &Visit<'_>, public: &Public<'_>) -> String {
    match (public.because, visit.lang) {
        (Because::Published(entry), Lang::Zh) => format!("已公布（台账第 {entry} 条）"),
        (Because::Published(entry), Lang::En) => format!("published (entry {entry})"),
        (Because::ForObjections(until), Lang::Zh) => format!("公示到 {until}"),
        (Because::ForObjections(until), Lang::En) => format!("open to objections until {until}"),
    }
}

fn line(visit: &Visit<'_>, public: &Public<'_>) -> Line {
    let first: Vec<String> =
        public.totals.iter().filter(|line| line.rank == Some(1)).map(|line| visit.office(&line.office)).collect();
    Line {
        path: path(public),
        title: things::titled(&public.title, public.round),
        office: visit.office(public.office),
        state: state(visit, public),
        published: matches!(public.because, Because::Published(_)),
        reopened: public.reopened,
        offices: public.totals.len(),
        first: first.join(visit.t("、", ", ")),
    }
}

struct Row {
    place: String,
    office: String,
    group: String,
    total: String,
    grade: String,
    awards: Vec<String>,
}

struct Award {
    name: String,
    winners: String,
}

#[derive(Template)]
#[template(path = "published.html")]
struct One {
    frame: Frame,
    title: String,
    office: String,
    state: String,
    published: bool,
    reopened: bool,
    rows: Vec<Row>,
    grouped: bool,
    graded: bool,
    /// Whether offices with the same total, as it is printed, have different places.
    apart: bool,
    awards: Vec<Award>,
    verify: String,
    checkpoint: String,
    covered: bool,
}

/// Whether it has no place, which it has, and where the office stands in lists.
type Place = (bool, Option<u32>, u64);

/// The page of one of them.
pub fn one(visit: &Visit<'_>, public: &Public<'_>) -> Html {
    let title = things::titled(&public.title, public.round);
    let mut rows: Vec<(Place, Row)> = public
        .totals
        .iter()
        .map(|line| {
            let awards = public.awards.iter().filter(|award| award.office == line.office);
            let row = Row {
                place: line.rank.map(|place| place.to_string()).unwrap_or_else(|| "—".into()),
                office: visit.office(&line.office),
                group: visit.group(&line.office),
                total: line.total.clone(),
                grade: line.grade.clone(),
                awards: awards.map(|award| award.award.clone()).collect(),
            };
            ((line.rank.is_none(), line.rank, visit.shown.state.order(line.office.as_str())), row)
        })
        .collect();
    let key = |((open, place, order), row): &(Place, Row)| (*open, row.group.clone(), *place, *order);
    rows.sort_by_key(key);
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    let alike = |(one, other): (&Row, &Row)| {
        one.group == other.group && one.total == other.total && one.place != other.place && !one.total.is_empty()
    };
    let apart = rows.iter().zip(rows.iter().skip(1)).any(alike);
    let signed = visit.shown.checkpoint.as_ref();
    let entry = match public.because {
        Because::Published(entry) => Some(entry),
        Because::ForObjections(_) => None,
    };
    Html::of(&One {
        frame: visit.frame(Topic::Public, title.clone()),
        title,
        office: visit.office(public.office),
        state: state(visit, public),
        published: entry.is_some(),
        reopened: public.reopened,
        grouped: rows.iter().any(|row| !row.group.is_empty()),
        apart,
        graded: rows.iter().any(|row| !row.grade.is_empty()),
        rows,
        awards: awards(visit, public),
        // No name of a scheme has a bar in it.
        verify: format!("/verify?result={}", encoded(&format!("{}|{}", public.scheme, public.round))),
        checkpoint: signed.filter(|_| entry.is_some()).map(|signed| signed.text()).unwrap_or_default(),
        covered: entry.zip(signed).is_some_and(|(entry, signed)| signed.checkpoint.size > entry),
    })
}

/// Each award with those it goes to, in the order of the proposal.
fn awards(visit: &Visit<'_>, public: &Public<'_>) -> Vec<Award> {
    let mut awards: Vec<Award> = Vec::new();
    for line in public.awards {
        let office = visit.office(&line.office);
        match awards.iter_mut().find(|award| award.name == line.award) {
            Some(award) => award.winners = format!("{}{}{office}", award.winners, visit.t("、", ", ")),
            None => awards.push(Award { name: line.award.clone(), winners: office }),
        }
    }
    awards
}
