//! Figures as pictures: how places moved, how totals are spread, how a figure went over the periods. Drawn here and exactly,
//! with their numbers beside them as a table.

use crate::{
    Eyes,
    board::{Board, Row},
};
use kaoping_terms::{Exact, Lang};

/// More lines than that are a tangle.
const MOST_LINES: usize = 60;

/// The heights of a line, and of a trend.
const LINE: usize = 22;
const TREND: i64 = 26;

/// The widths of the longest bar, and of a trend.
const LONG: usize = 200;
const ALONG: usize = 132;

/// So many bars at most.
const MOST_BARS: i64 = 12;

/// How one office moved.
pub(crate) struct Moved {
    pub name: String,
    pub before: u32,
    pub now: u32,
    pub class: &'static str,
    pub word: String,
    pub left: usize,
    pub right: usize,
    pub mine: bool,
}

/// Offices whose totals lie in one span.
pub(crate) struct Bar {
    pub y: usize,
    pub length: usize,
    pub from: String,
    pub span: String,
    pub count: usize,
    pub names: String,
    pub mine: bool,
}

/// The pictures of a board.
#[derive(Default)]
pub(crate) struct Charts {
    pub slope: Vec<Moved>,
    pub slope_height: usize,
    /// Whether there are too many offices to draw how each moved.
    pub crowded: bool,
    pub bars: Vec<Bar>,
    pub bars_height: usize,
    /// The highest, the one in the middle, the lowest.
    pub spread: String,
}

impl Charts {
    pub(crate) fn has_mine(&self) -> bool {
        self.bars.iter().any(|bar| bar.mine)
    }
}

/// The pictures of a board whose rows stand in their order.
pub(crate) fn of(eyes: &Eyes<'_>, board: &Board) -> Charts {
    let moving = board.rows.iter().filter(|row| row.before.is_some() && row.place.is_some()).count();
    let crowded = moving > MOST_LINES;
    let slope = if crowded { Vec::new() } else { slope(eyes, &board.rows) };
    let totals: Vec<(Exact, &Row)> =
        board.rows.iter().filter_map(|row| Some((Exact::parse(&row.total)?, row))).collect();
    let bars = bars(eyes, &totals);
    Charts {
        slope_height: slope.len() * LINE + 8,
        slope,
        crowded,
        bars_height: bars.len() * LINE + 8,
        bars,
        spread: spread(eyes.lang, &totals),
    }
}

/// Each office on the left by its place before, on the right by its place now: those of one place below one another.
fn slope(eyes: &Eyes<'_>, rows: &[Row]) -> Vec<Moved> {
    let mut shown: Vec<(&Row, u32, u32)> = rows.iter().filter_map(|row| Some((row, row.before?, row.place?))).collect();
    if shown.len() < 2 {
        return Vec::new();
    }
    shown.sort_by_key(|(.., now)| *now);
    let mut left: Vec<(u32, usize)> = shown.iter().enumerate().map(|(at, (_, before, _))| (*before, at)).collect();
    left.sort_unstable();
    let moved = |(at, (row, before, now)): (usize, &(&Row, u32, u32))| {
        let stood = left.iter().position(|(_, found)| *found == at).unwrap_or(at);
        let by = before.abs_diff(*now);
        let (class, word) = match (now.cmp(before), eyes.lang) {
            (std::cmp::Ordering::Equal, _) => ("", eyes.t("未变", "same").to_owned()),
            (std::cmp::Ordering::Less, Lang::Zh) => ("up", format!("升 {by}")),
            (std::cmp::Ordering::Less, Lang::En) => ("up", format!("up {by}")),
            (std::cmp::Ordering::Greater, Lang::Zh) => ("down", format!("降 {by}")),
            (std::cmp::Ordering::Greater, Lang::En) => ("down", format!("down {by}")),
        };
        Moved {
            name: named(row),
            before: *before,
            now: *now,
            class,
            word,
            left: stood * LINE + 17,
            right: at * LINE + 17,
            mine: eyes.viewer.works_in(&row.unit.as_str().into()),
        }
    };
    shown.iter().enumerate().map(moved).collect()
}

fn named(row: &Row) -> String {
    if row.name.is_empty() { row.unit.clone() } else { row.name.clone() }
}

/// How wide the spans are, so that there are not too many: 1, 2 or 5 of some power of ten.
fn span(least: &Exact, most: &Exact) -> Option<Exact> {
    let range = most.clone() - least.clone();
    let steps = (0..24_u32).flat_map(|power| {
        let ten = 10_i128.checked_pow(power).unwrap_or(i128::MAX);
        [1_i128, 2, 5].into_iter().filter_map(move |digit| Exact::ratio(digit.saturating_mul(ten), 100_000_000))
    });
    // The border of a span may lie anywhere, which takes one more.
    let fits = |step: &Exact| {
        range.divided_by(step).and_then(|count| count.floor().to_i64()).is_some_and(|count| count < MOST_BARS - 1)
    };
    steps.into_iter().find(fits)
}

/// Offices by spans of their totals, the best first; none for fewer than three, or where all have the same.
fn bars(eyes: &Eyes<'_>, totals: &[(Exact, &Row)]) -> Vec<Bar> {
    let all = || totals.iter().map(|(total, _)| total);
    let (Some(least), Some(most)) = (all().min(), all().max()) else { return Vec::new() };
    let Some(step) = span(least, most).filter(|_| totals.len() > 2 && least < most) else { return Vec::new() };
    let place = |total: &Exact| total.divided_by(&step).and_then(|count| count.floor().to_i64());
    let (Some(first), Some(last)) = (place(least), place(most)) else { return Vec::new() };
    let within = |at: i64| totals.iter().filter(move |(total, _)| place(total) == Some(at)).map(|(_, row)| *row);
    let highest = (first..=last).map(|at| within(at).count()).max().unwrap_or(1).max(1);
    let border = |at: i64| (Exact::whole(at) * step.clone()).to_plain(0).unwrap_or_default();
    let bar = |(index, at): (usize, i64)| {
        let count = within(at).count();
        let names: Vec<String> = within(at).take(MOST_LINES).map(named).collect();
        Bar {
            y: index * LINE + 4,
            length: count * LONG / highest,
            from: border(at),
            span: match eyes.lang {
                Lang::Zh => format!("{} 到不足 {}", border(at), border(at + 1)),
                Lang::En => format!("{} to below {}", border(at), border(at + 1)),
            },
            count,
            names: names.join(eyes.t("、", ", ")),
            mine: within(at).any(|row| eyes.viewer.works_in(&row.unit.as_str().into())),
        }
    };
    (first..=last).rev().enumerate().map(bar).collect()
}

fn spread(lang: Lang, totals: &[(Exact, &Row)]) -> String {
    let mut all: Vec<&(Exact, &Row)> = totals.iter().collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    let written = |at: usize| all.get(at).map(|(_, row)| row.total.as_str()).unwrap_or_default();
    let Some(last) = all.len().checked_sub(1) else { return String::new() };
    // Of an even number of offices the lower one of the two in the middle: a total somebody has.
    match lang {
        Lang::Zh => format!("最高 {} · 居中 {} · 最低 {}", written(last), written(last / 2), written(0)),
        Lang::En => format!("highest {} · middle {} · lowest {}", written(last), written(last / 2), written(0)),
    }
}

/// A figure over the periods, as a small line.
pub(crate) struct Trend {
    pub points: String,
    pub last_x: usize,
    pub last_y: i64,
    pub width: usize,
    pub height: i64,
    /// Periods and values, the first first.
    pub values: Vec<(String, String)>,
}

/// The line through values of periods; none for fewer than three, or where one is no number.
pub(crate) fn trend(values: Vec<(String, String)>) -> Option<Trend> {
    let read = |text: &str| kaoping_terms::figure::parse(text).ok();
    let figures: Vec<_> = values.iter().map(|(_, value)| read(value)).collect::<Option<_>>()?;
    let first = figures.first()?;
    if figures.len() < 3 || figures.iter().any(|figure| figure.unit != first.unit) {
        return None;
    }
    let numbers: Vec<&Exact> = figures.iter().map(|figure| &figure.value).collect();
    let (least, most) = (numbers.iter().min()?, numbers.iter().max()?);
    let range = (*most).clone() - (*least).clone();
    let gaps = numbers.len() - 1;
    let at = |(index, number): (usize, &&Exact)| {
        let part = ((*number).clone() - (*least).clone()).divided_by(&range);
        let up = part.map(|part| (part * Exact::whole(TREND)).floor().to_i64().unwrap_or_default());
        (4 + index * (ALONG - 8) / gaps, 4 + TREND - up.unwrap_or(TREND / 2))
    };
    let points: Vec<(usize, i64)> = numbers.iter().enumerate().map(at).collect();
    let (last_x, last_y) = points.last().copied()?;
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    Some(Trend { points: points.join(" "), last_x, last_y, width: ALONG, height: TREND + 8, values })
}

#[cfg(test)]
mod tests {
    use super::{span, trend};
    use kaoping_terms::Exact;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    #[test]
    fn spans_are_round_and_not_too_many() {
        let of = |least: &str, most: &str| span(&exact(least), &exact(most)).and_then(|step| step.to_plain(0));
        assert_eq!(of("96.7", "107.16").as_deref(), Some("1"));
        assert_eq!(of("0", "100").as_deref(), Some("10"));
        assert_eq!(of("-3", "250").as_deref(), Some("50"));
        assert_eq!(of("99.98", "100").as_deref(), Some("0.002"));
        assert_eq!(of("0", "1000000000000").as_deref(), Some("100000000000"));
    }

    #[test]
    fn a_trend_is_a_line_of_numbers_of_one_unit() {
        let values = |texts: &[&str]| {
            let pair = |(at, text): (usize, &&str)| (format!("2026-0{}", at + 1), (*text).to_owned());
            texts.iter().enumerate().map(pair).collect::<Vec<_>>()
        };
        let drawn = trend(values(&["1,000", "2,000", "1,500"])).expect("a line");
        assert_eq!(drawn.points, "4,30 66,4 128,17");
        assert_eq!((drawn.last_x, drawn.last_y, drawn.values.len()), (128, 17, 3));
        assert_eq!(trend(values(&["7", "7", "7"])).expect("a flat one").points, "4,17 66,17 128,17");
        assert!(trend(values(&["1", "2"])).is_none(), "two points say nothing");
        assert!(trend(values(&["1", "二级", "3"])).is_none());
        assert!(trend(values(&["1 元", "2 元", "3 万元"])).is_none());
    }
}
