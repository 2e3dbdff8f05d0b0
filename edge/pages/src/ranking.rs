//! Places: a table that is a heat map, each figure one step from its reason.

use crate::{
    Eyes, Frame, Html, Topic,
    board::{Board, Gap, step},
    charts::{self, Charts},
    frame::encoded,
    heat, since,
};
use askama::Template;
use kaoping_office::{ids::SchemeId, state::Results};
use kaoping_terms::Lang;

/// So many outcomes stand in a row; the rest is one step away, so that rows stay low.
const MOST_TAGS: usize = 2;

/// What is asked for.
pub struct Wanted<'a> {
    /// The scheme.
    pub scheme: &'a SchemeId,
    /// The round.
    pub round: &'a str,
    /// The peer group; all where it is empty.
    pub group: &'a str,
    /// Which part of the indicators of a large board; the first where it is empty.
    pub part: &'a str,
}

struct Tab {
    path: String,
    word: String,
    current: bool,
}

struct Head {
    name: String,
    points: String,
    span: usize,
}

struct Cell {
    score: String,
    step: u8,
    why: String,
}

struct Line {
    place: String,
    name: String,
    mine: bool,
    total: String,
    why: String,
    moved: String,
    moved_word: String,
    cells: Vec<Cell>,
    tags: Vec<(&'static str, String)>,
    others: usize,
    gap: String,
}

#[derive(Template)]
#[template(path = "ranking.html")]
struct Ranking {
    frame: Frame,
    title: String,
    sub: String,
    rounds: Vec<Tab>,
    groups: Vec<Tab>,
    blocks: Vec<Head>,
    heads: Vec<Head>,
    lines: Vec<Line>,
    state: String,
    scheme: String,
    round: String,
    may_imagine: bool,
    has_before: bool,
    picture: Option<Picture>,
    charts: Charts,
    file: String,
}

/// What the picture of a large board is drawn from, and the parts of its table.
struct Picture {
    columns: String,
    rows: String,
    parts: Vec<Tab>,
}

/// The page.
pub fn ranking(eyes: &Eyes<'_>, wanted: &Wanted<'_>, board: Board) -> Html {
    let all = board.groups();
    let asked = wanted.group;
    let known = all.iter().any(|group| group == asked);
    let group = if known { asked } else { "" };
    let wanted = &Wanted { group, ..*wanted };
    let board = if group.is_empty() { board } else { board.of_group(group) };
    let mut board = board.in_order(|office| eyes.state().order(office));
    let charts = charts::of(eyes, &board);
    let results = eyes.state().results.get(&(wanted.scheme.clone(), wanted.round.to_owned()));
    let round = if wanted.round.is_empty() { String::new() } else { format!(" · {}", wanted.round) };
    let title = format!("{}{round}", eyes.state().title(wanted.scheme));
    let mut frame = Frame::new(eyes, Topic::Ranking, format!("{} {title}", eyes.t("排名", "Ranking")));
    frame.note(eyes, ("同组", "peer group"), asked, known);
    if board.moved > 0 {
        frame.notes.push(since::moved_since(eyes, board.moved));
    }
    let sub = sub(eyes, wanted, &board);
    let mut picture = None;
    if heat::is_large(&board) {
        let (parts, at) = parts(wanted, &heat::parts(&board));
        let known = parts.iter().any(|tab| tab.current);
        frame.note(eyes, ("指标分段", "part of the indicators"), wanted.part, known);
        picture = Some(Picture { columns: heat::columns(&board), rows: heat::rows(&board), parts });
        board = board.columns_in(at);
    }
    Html::of(&Ranking {
        frame,
        title,
        sub,
        rounds: rounds(eyes, wanted),
        groups: groups(eyes, wanted, &all),
        blocks: blocks(&board),
        heads: board
            .columns
            .iter()
            .map(|column| Head { name: column.name.clone(), points: column.points.clone(), span: 1 })
            .collect(),
        lines: (0..board.rows.len()).filter_map(|at| line(eyes, wanted, &board, at)).collect(),
        state: state_of(eyes, results),
        scheme: encoded(wanted.scheme.as_str()),
        round: encoded(wanted.round),
        may_imagine: eyes.state().schemes.get(wanted.scheme).is_some_and(|scheme| eyes.viewer.sees(&scheme.office)),
        has_before: board.rows.iter().any(|row| row.before.is_some()),
        picture,
        charts,
        file: file(wanted),
    })
}

/// How many there are of what. Items that give no score in this round have no column; the standard counts them too.
fn sub(eyes: &Eyes<'_>, wanted: &Wanted<'_>, board: &Board) -> String {
    let (rows, columns) = (board.rows.len(), board.columns.len());
    let outline = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.outline());
    let whole = outline.map_or(0, |outline| outline.indicators.len());
    let of = match eyes.lang {
        _ if whole <= columns => String::new(),
        Lang::Zh => format!("（标准共 {whole} 项）"),
        Lang::En => format!(" (of {whole} in the standard)"),
    };
    match eyes.lang {
        Lang::Zh => format!("{rows} 个单位 · {columns} 项指标有得分{of} · 按未舍入得分排序"),
        Lang::En => format!("{rows} offices · {columns} indicators with scores{of} · by unrounded scores"),
    }
}

/// The parts of a large board as tabs, and the columns of the one that is wanted.
fn parts(wanted: &Wanted<'_>, parts: &[heat::Part]) -> (Vec<Tab>, std::ops::Range<usize>) {
    let asked = wanted.part.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let chosen = asked.filter(|at| *at < parts.len()).unwrap_or(0);
    let known = wanted.part.is_empty() || asked == Some(chosen);
    let tab = |(at, part): (usize, &heat::Part)| Tab {
        path: format!("{}&part={}#numbers", address(wanted, wanted.round, wanted.group), at + 1),
        word: part.word.clone(),
        current: at == chosen && known,
    };
    let columns = parts.get(chosen).map(|part| part.from..part.to).unwrap_or_default();
    (parts.iter().enumerate().map(tab).collect(), columns)
}

/// Where the figures are had as a file.
fn file(wanted: &Wanted<'_>) -> String {
    address(wanted, wanted.round, wanted.group).replace("/ranking?", "/ranking.csv?")
}

/// All figures of a round as a table: places, totals, outcomes, and each score.
pub fn table(board: &Board, lang: Lang) -> Vec<Vec<String>> {
    let head: [&str; 7] = match lang {
        Lang::Zh => ["名次", "单位", "名称", "同组", "总分", "等次", "奖项"],
        Lang::En => ["place", "unit", "name", "group", "total", "grade", "awards"],
    };
    let named = board.columns.iter().map(|column| match column.name.is_empty() {
        true => column.id.clone(),
        false => column.name.clone(),
    });
    let mut rows = vec![head.into_iter().map(str::to_owned).chain(named).collect::<Vec<_>>()];
    rows.extend(board.rows.iter().map(|row| {
        let place = row.place.map(|place| place.to_string()).unwrap_or_default();
        let awards = row.awards.join("、");
        let first = [&place, &row.unit, &row.name, &row.group, &row.total, &row.grade, &awards];
        let mut cells: Vec<String> = first.into_iter().cloned().collect();
        cells.extend(row.cells.iter().cloned());
        cells.resize(7 + board.columns.len(), String::new());
        cells
    }));
    rows
}

fn address(wanted: &Wanted<'_>, round: &str, group: &str) -> String {
    let (scheme, round, group) = (encoded(wanted.scheme.as_str()), encoded(round), encoded(group));
    format!("/schemes/{scheme}/ranking?round={round}&group={group}")
}

fn rounds(eyes: &Eyes<'_>, wanted: &Wanted<'_>) -> Vec<Tab> {
    let outline = eyes.state().schemes.get(wanted.scheme).and_then(|scheme| scheme.outline());
    let rounds = outline.map_or(&[][..], |outline| outline.rounds.as_slice());
    let tab = |round: &String| Tab {
        path: address(wanted, round, wanted.group),
        word: round.clone(),
        current: round == wanted.round,
    };
    rounds.iter().map(tab).collect()
}

fn groups(eyes: &Eyes<'_>, wanted: &Wanted<'_>, all: &[String]) -> Vec<Tab> {
    if all.len() < 2 {
        return Vec::new();
    }
    let tab = |group: &str, word: &str| Tab {
        path: address(wanted, wanted.round, group),
        word: word.to_owned(),
        current: group == wanted.group,
    };
    let whole = std::iter::once(tab("", eyes.t("全部", "all")));
    whole.chain(all.iter().map(|group| tab(group, group))).collect()
}

/// Blocks over their columns: neighbours of the same block share a head.
fn blocks(board: &Board) -> Vec<Head> {
    let mut heads: Vec<(Option<usize>, Head)> = Vec::new();
    for column in &board.columns {
        match heads.last_mut() {
            Some((block, head)) if *block == column.block => head.span += 1,
            _ => {
                let name = column.block.and_then(|at| board.blocks.get(at)).cloned().unwrap_or_default();
                heads.push((column.block, Head { name, points: String::new(), span: 1 }));
            }
        }
    }
    if heads.iter().all(|(_, head)| head.name.is_empty()) {
        return Vec::new();
    }
    heads.into_iter().map(|(_, head)| head).collect()
}

fn line(eyes: &Eyes<'_>, wanted: &Wanted<'_>, board: &Board, at: usize) -> Option<Line> {
    let row = board.rows.get(at)?;
    let (scheme, round, unit) = (encoded(wanted.scheme.as_str()), encoded(wanted.round), encoded(&row.unit));
    let why = |item: &str| format!("/schemes/{scheme}/why/{unit}/{item}?round={round}");
    let cell = |(column, score): (&crate::board::Column, &String)| Cell {
        score: score.clone(),
        step: step(score, &column.points),
        why: why(&encoded(&column.id)),
    };
    let mut tags: Vec<(&'static str, String)> = Vec::new();
    if row.vetoed {
        tags.push(("late", eyes.t("一票否决", "vetoed").to_owned()));
    }
    if !row.grade.is_empty() {
        tags.push(("", row.grade.clone()));
    }
    tags.extend(row.awards.iter().map(|award| ("award", award.clone())));
    let others = tags.len().saturating_sub(MOST_TAGS);
    tags.truncate(MOST_TAGS);
    let (moved, moved_word) = moved(eyes, row.before, row.place);
    Some(Line {
        place: row.place.map(|place| place.to_string()).unwrap_or_else(|| "—".into()),
        name: if row.name.is_empty() { row.unit.clone() } else { row.name.clone() },
        mine: eyes.viewer.works_in(&row.unit.as_str().into()),
        total: row.total.clone(),
        why: why("-"),
        moved,
        moved_word,
        cells: board.columns.iter().zip(&row.cells).map(cell).collect(),
        tags,
        others,
        gap: gap(eyes, board.gap(at)),
    })
}

fn moved(eyes: &Eyes<'_>, before: Option<u32>, now: Option<u32>) -> (String, String) {
    let (Some(before), Some(now)) = (before, now) else { return (String::new(), String::new()) };
    let by = before.abs_diff(now);
    match (now.cmp(&before), eyes.lang) {
        (std::cmp::Ordering::Equal, _) => ("–".into(), eyes.t("名次未变", "same place").into()),
        (std::cmp::Ordering::Less, Lang::Zh) => (format!("↑{by}"), format!("上升 {by} 位")),
        (std::cmp::Ordering::Less, Lang::En) => (format!("↑{by}"), format!("up by {by}")),
        (std::cmp::Ordering::Greater, Lang::Zh) => (format!("↓{by}"), format!("下降 {by} 位")),
        (std::cmp::Ordering::Greater, Lang::En) => (format!("↓{by}"), format!("down by {by}")),
    }
}

fn gap(eyes: &Eyes<'_>, gap: Option<Gap>) -> String {
    match (gap, eyes.lang) {
        (None, _) => String::new(),
        (Some(Gap::Ahead(points)), Lang::Zh) => format!("领先 {points} 分"),
        (Some(Gap::Ahead(points)), Lang::En) => format!("ahead by {points}"),
        (Some(Gap::To(place, points)), Lang::Zh) => format!("距第 {place} 名 {points} 分"),
        (Some(Gap::To(place, points)), Lang::En) => format!("{points} to place {place}"),
    }
}

/// How firm the figures are: reckoned now, put down, sealed, published.
fn state_of(eyes: &Eyes<'_>, results: Option<&Results>) -> String {
    match (results, eyes.lang) {
        (None, Lang::Zh) => "按现有填报实时试算，尚未汇总".into(),
        (None, Lang::En) => "reckoned now from what was reported; not put down yet".into(),
        (Some(results), lang) => {
            let stage = match (results.published, results.sealed_by.is_some()) {
                (Some(entry), _) if lang == Lang::Zh => format!("已公布（台账第 {entry} 条）"),
                (Some(entry), _) => format!("published (entry {entry})"),
                (None, true) => match (results.objections_until, lang) {
                    (Some(until), Lang::Zh) => format!("已封存，公示到 {until}"),
                    (Some(until), Lang::En) => format!("sealed, objections until {until}"),
                    (None, _) => eyes.t("已封存", "sealed").into(),
                },
                (None, false) if results.reopened => {
                    eyes.t("已重开，待重新汇总", "opened again, to be put down anew").into()
                }
                (None, false) => eyes.t("已汇总，待审定封存", "put down, to be sealed").into(),
            };
            let at = eyes.t("依据台账前", "from the first");
            let entries = eyes.t("条", "entries");
            format!("{stage} · {at} {} {entries}", results.at)
        }
    }
}
