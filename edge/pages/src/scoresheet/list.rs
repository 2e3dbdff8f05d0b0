//! How far the rounds of a scheme are, office by office.

use super::{Rounds, Tab, Wanted, address, deeds, deeds::RoundDeeds, seen_rounds, tabs};
use crate::{Eyes, Frame, Html, Topic};
use askama::Template;
use kaoping_office::{ids::OfficeId, progress::Progress, tables::Key};
use kaoping_terms::Lang;
use std::collections::BTreeMap;

struct Column {
    name: String,
    stage: String,
    is_reckoned: bool,
}

struct Cell {
    round: String,
    is_reckoned: bool,
    shown: Option<Shown>,
}

struct Shown {
    set: usize,
    differences: String,
    total: String,
    place: String,
}

struct Line {
    name: String,
    path: String,
    mine: bool,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "scoresheets.html")]
struct Sheets {
    frame: Frame,
    title: String,
    sub: String,
    hidden: String,
    tabs: Vec<Tab>,
    ranking: String,
    columns: Vec<Column>,
    lines: Vec<Line>,
    deeds: RoundDeeds,
}

/// The page.
pub fn list(eyes: &Eyes<'_>, wanted: Wanted<'_>, scored: &Rounds) -> Option<Html> {
    let outline = super::outline(eyes, wanted.scheme)?;
    let (rounds, hidden) = seen_rounds(eyes, wanted, outline);
    let today = eyes.viewer.today();
    let progress: Vec<_> = rounds.iter().map(|round| eyes.state().progress(wanted.scheme, round)).collect();
    let column = |round: &&str| Column {
        name: if round.is_empty() { eyes.t("结果", "Results").to_owned() } else { (*round).to_owned() },
        stage: eyes.say(&eyes.state().round_stage(wanted.scheme, round, today).word()),
        is_reckoned: scored.get(*round).is_some_and(|scored| scored.is_reckoned),
    };
    let assessed = eyes.state().assessed_by(wanted.scheme, today);
    let mut lines: Vec<Line> = Vec::new();
    for office in eyes.state().in_order(assessed) {
        let sees = eyes.viewer.sees(office);
        let cell = |at: usize, round: &str| {
            let total = Key::Total((wanted.scheme.clone(), round.to_owned(), office.clone()));
            let shown =
                eyes.viewer.may_see(&total).then(|| shown(eyes, office, (round, sees), progress.get(at), scored));
            let is_reckoned = scored.get(round).is_some_and(|scored| scored.is_reckoned);
            Cell { round: round.to_owned(), is_reckoned, shown }
        };
        let cells: Vec<Cell> = rounds.iter().enumerate().map(|(at, round)| cell(at, round)).collect();
        if !sees && cells.iter().all(|cell| cell.shown.is_none()) {
            continue;
        }
        let path = if sees { address(wanted, wanted.round, office.as_str()) } else { String::new() };
        lines.push(Line { name: eyes.office(office), path, mine: eyes.viewer.works_in(office), cells });
    }
    let title = format!("{} · {}", eyes.t("记分表", "Score sheets"), eyes.state().title(wanted.scheme));
    let sub = match eyes.lang {
        Lang::Zh => format!("{} 个单位", lines.len()),
        Lang::En => format!("{} offices", lines.len()),
    };
    Some(Html::of(&Sheets {
        frame: Frame::new(eyes, Topic::Sheets, &title),
        title,
        sub,
        hidden,
        tabs: tabs(eyes, wanted, ""),
        ranking: address(wanted, wanted.round, "").replace("/sheet?", "/ranking?"),
        columns: rounds.iter().map(column).collect(),
        lines,
        deeds: deeds::of(eyes, wanted),
    }))
}

fn shown(
    eyes: &Eyes<'_>,
    office: &OfficeId,
    (round, sees): (&str, bool),
    progress: Option<&BTreeMap<&OfficeId, Progress>>,
    scored: &Rounds,
) -> Shown {
    let found = progress.and_then(|progress| progress.get(office)).copied().filter(|_| sees).unwrap_or_default();
    let total = scored.get(round).and_then(|scored| scored.totals.get(office.as_str()));
    let place = total.and_then(|(_, place)| *place);
    Shown {
        set: found.set,
        differences: differences(eyes, found),
        total: total.map(|(total, _)| total.clone()).unwrap_or_default(),
        place: place.map(|place| place.to_string()).unwrap_or_default(),
    }
}

/// 3（数据 1、评判 2）
fn differences(eyes: &Eyes<'_>, progress: Progress) -> String {
    let parts = [
        (eyes.t("数据", "data"), progress.data),
        (eyes.t("规则", "rule"), progress.rule),
        (eyes.t("评判", "judgement"), progress.judgement),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}")).collect();
    parts.join(eyes.t("、", ", "))
}
