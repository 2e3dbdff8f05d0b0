//! The calendar deadlines go by: days off, days made up, and the notice they come from; a deadline and how it came about.

use crate::{Eyes, Frame, Html, Topic, forms::As, may::by_right, words};
use askama::Template;
use kaoping_office::{
    Act,
    calendar::{Notice, Reckoned},
    deeds::founding::{ConfirmClock, EnterNotice},
};
use kaoping_terms::{Day, Lang};

/// What is asked for.
pub struct Wanted {
    /// The year.
    pub year: i16,
    /// From which day a deadline is reckoned.
    pub from: Option<Day>,
    /// How many working days after it; 0: that day, or the next one that is worked.
    pub working_days: u16,
}

/// A day as it is drawn: its number, its class, and in words what it is.
struct Cell {
    date: i8,
    class: &'static str,
    word: &'static str,
}

struct Month {
    name: String,
    weeks: Vec<Vec<Option<Cell>>>,
    worked: usize,
}

struct Answer {
    due: String,
    left: String,
    passed_over: Vec<String>,
    made_up: Vec<String>,
    unannounced: String,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct Calendar {
    frame: Frame,
    year: i16,
    notice: String,
    months: Vec<Month>,
    worked: usize,
    from: String,
    working_days: u16,
    answer: Option<Answer>,
    may_enter: Option<As>,
    may_confirm: Option<As>,
    rest: String,
    work: String,
    weekdays: [&'static str; 7],
}

/// The page.
pub fn calendar(eyes: &Eyes<'_>, wanted: &Wanted) -> Html {
    let notice = eyes.state().calendar.notices.get(&wanted.year);
    let months: Vec<Month> = (1..=12).map(|month| self::month(eyes, wanted.year, month)).collect();
    let empty = Notice { year: wanted.year, notice: String::new(), rest: Vec::new(), work: Vec::new() };
    let days = |days: &[Day]| days.iter().map(|day| day.iso()).collect::<Vec<_>>().join("\n");
    let chinese = ["一", "二", "三", "四", "五", "六", "日"];
    let english = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    Html::of(&Calendar {
        frame: Frame::new(eyes, Topic::Offices, eyes.t("工作日历", "Calendar")),
        year: wanted.year,
        notice: notice.map(|notice| notice.notice.clone()).unwrap_or_default(),
        worked: months.iter().map(|month| month.worked).sum(),
        months,
        from: wanted.from.unwrap_or(eyes.viewer.today()).iso(),
        working_days: wanted.working_days,
        answer: wanted.from.and_then(|from| answer(eyes, from, wanted.working_days)),
        may_enter: by_right(eyes, &Act::EnterNotice(EnterNotice(empty))),
        may_confirm: by_right(eyes, &Act::ConfirmClock(ConfirmClock { day: eyes.viewer.today() })),
        rest: notice.map(|notice| days(&notice.rest)).unwrap_or_default(),
        work: notice.map(|notice| days(&notice.work)).unwrap_or_default(),
        weekdays: if eyes.lang == Lang::Zh { chinese } else { english },
    })
}

fn month(eyes: &Eyes<'_>, year: i16, month: i8) -> Month {
    let calendar = &eyes.state().calendar;
    let notice = calendar.notices.get(&year);
    let today = eyes.viewer.today();
    let mut weeks: Vec<Vec<Option<Cell>>> = Vec::new();
    let mut worked = 0;
    for (date, day) in (1..=31).filter_map(|date| Some((date, Day::new(year, month, date)?))) {
        // 1970-01-01 was a Thursday, the fourth day of a week that begins with Monday.
        let weekday = usize::try_from((day.number() + 3).rem_euclid(7)).unwrap_or_default();
        if weeks.is_empty() || weekday == 0 {
            weeks.push(Vec::new());
        }
        let works = calendar.is_working_day(day);
        worked += usize::from(works);
        let named = notice.is_some_and(|notice| notice.rest.contains(&day));
        let (class, word) = match (works, named, weekday >= 5) {
            (false, true, _) => ("rest", eyes.t("放假", "day off")),
            (true, _, true) => ("work", eyes.t("上班", "worked")),
            (false, false, _) => ("weekend", eyes.t("周末", "weekend")),
            (true, _, false) => ("", ""),
        };
        let class = if day == today { "today" } else { class };
        if let Some(week) = weeks.last_mut() {
            week.resize_with(weekday, || None);
            week.push(Some(Cell { date, class, word }));
        }
    }
    for week in &mut weeks {
        week.resize_with(7, || None);
    }
    let name = if eyes.lang == Lang::Zh { format!("{month} 月") } else { format!("{year}-{month:02}") };
    Month { name, weeks, worked }
}

fn answer(eyes: &Eyes<'_>, from: Day, working_days: u16) -> Option<Answer> {
    let calendar = &eyes.state().calendar;
    let reckoned = if working_days == 0 { calendar.on_or_after(from) } else { calendar.after(from, working_days) };
    let Reckoned { due, passed_over, made_up, unannounced } = reckoned?;
    let said = |days: &[Day]| days.iter().map(|day| words::long_day(*day, eyes.lang)).collect();
    let years: Vec<String> = unannounced.iter().map(ToString::to_string).collect();
    Some(Answer {
        due: words::long_day(due, eyes.lang),
        left: words::left(calendar.left(eyes.viewer.today(), due), due < eyes.viewer.today(), eyes.lang),
        passed_over: said(&passed_over),
        made_up: said(&made_up),
        unannounced: years.join(eyes.t("、", ", ")),
    })
}
