//! Working days: Monday to Friday, except the statutory holidays, and the Saturdays and Sundays that
//! are worked to make up for them (调休). Both are announced year by year in a notice.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_terms::{Day, Diagnostic, Report, Sources, Text, table};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// What a notice says of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The year.
    pub year: i16,
    /// The notice, such as 国办发明电〔2025〕7号.
    pub notice: String,
    /// Days off, beside Saturdays and Sundays.
    pub rest: Vec<Day>,
    /// Saturdays and Sundays that are worked.
    pub work: Vec<Day>,
}

/// The notices of all years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// By year.
    pub notices: BTreeMap<i16, Notice>,
}

/// How a deadline came about: each day that was passed over, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// The last day.
    pub due: Day,
    /// Days that do not count because they are holidays of a notice or a weekend.
    pub passed_over: Vec<Day>,
    /// Saturdays and Sundays that count because they are worked.
    pub made_up: Vec<Day>,
    /// Years it goes through for which no notice was entered: Saturdays, Sundays and the days off that the law fixes
    /// were left out there, and nothing else.
    pub unannounced: Vec<i16>,
}

/// A deadline of more working days than this is a slip of the pen.
pub const MOST_WORKING_DAYS: u16 = 1000;

/// Reads a number of working days; one that no count could be is told with the most there can be.
pub(crate) fn days<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let days = u64::deserialize(from)?;
    u16::try_from(days).map_err(|_| D::Error::custom(format!("{MOST_WORKING_DAYS} working days at most, not {days}")))
}

/// Days off that the law fixes by month and day (全国年节及纪念日放假办法, as of 2025): they are off before the notice
/// of their year says how the others fall.
const STATUTORY: [(i8, i8); 6] = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)];

impl Calendar {
    /// Takes a notice in; that of the same year is replaced.
    pub fn enter(&mut self, notice: Notice) {
        self.notices.insert(notice.year, notice);
    }

    /// Whether a day is worked.
    pub fn is_working_day(&self, day: Day) -> bool {
        let notice = self.notices.get(&day.civil().0);
        let says = |list: fn(&Notice) -> &Vec<Day>| notice.is_some_and(|notice| list(notice).contains(&day));
        let is_statutory = notice.is_none() && STATUTORY.contains(&(day.civil().1, day.civil().2));
        says(|notice| &notice.work) || !is_weekend(day) && !is_statutory && !says(|notice| &notice.rest)
    }

    /// The day `working_days` after `from`, which itself does not count; `None` outside the calendar.
    pub fn after(&self, from: Day, working_days: u16) -> Option<Reckoned> {
        let mut reckoned =
            Reckoned { due: from, passed_over: Vec::new(), made_up: Vec::new(), unannounced: Vec::new() };
        let mut left = working_days.min(MOST_WORKING_DAYS);
        while left > 0 {
            let day = Day::from_number(reckoned.due.number().checked_add(1)?)?;
            reckoned.due = day;
            self.note(day, &mut reckoned);
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        Some(reckoned)
    }

    /// The same day, or the next one that is worked (民法典 203: a period that ends on a holiday ends
    /// on the day after it).
    pub fn on_or_after(&self, day: Day) -> Option<Reckoned> {
        let mut reckoned = Reckoned { due: day, passed_over: Vec::new(), made_up: Vec::new(), unannounced: Vec::new() };
        self.note(day, &mut reckoned);
        while !self.is_working_day(reckoned.due) {
            reckoned.due = Day::from_number(reckoned.due.number().checked_add(1)?)?;
            let due = reckoned.due;
            self.note(due, &mut reckoned);
        }
        Some(reckoned)
    }

    /// Working days from tomorrow to `due`, both counted; negative where it is past: what is left.
    pub fn left(&self, today: Day, due: Day) -> i32 {
        let (from, to, sign) = if today <= due { (today, due, 1) } else { (due, today, -1) };
        let days = from.number() + 1..=to.number();
        let worked = days.filter_map(Day::from_number).filter(|day| self.is_working_day(*day)).count();
        sign * i32::try_from(worked).unwrap_or(i32::MAX)
    }

    fn note(&self, day: Day, reckoned: &mut Reckoned) {
        let year = day.civil().0;
        if !self.notices.contains_key(&year) && !reckoned.unannounced.contains(&year) {
            reckoned.unannounced.push(year);
        }
        match (self.is_working_day(day), is_weekend(day)) {
            (false, _) => reckoned.passed_over.push(day),
            (true, true) => reckoned.made_up.push(day),
            (true, false) => (),
        }
    }
}

/// Reads notices from two tables: `年份,通知,文号` and `日期,安排,节日`, where 安排 is 放假 or 上班.
pub fn read(notices: &str, days: &str) -> (Vec<Notice>, Report) {
    let mut report = Report::new();
    let mut found: BTreeMap<i16, Notice> = BTreeMap::new();
    let mut sources = Sources::default();
    let file = sources.add("notices.csv".to_string(), notices.to_string());
    for row in &table::read(file, notices).rows {
        let [year, title, number] = [0, 1, 2].map(|at| row.get(at).map_or("", |cell| cell.text.as_str()));
        match year.parse() {
            Ok(year) => {
                let notice = if number.is_empty() { title.to_string() } else { format!("{title}({number})") };
                found.insert(year, Notice { year, notice, rest: Vec::new(), work: Vec::new() });
            }
            Err(_) => report.push(no_calendar_row("notices.csv", year)),
        }
    }
    let file = sources.add("days.csv".to_string(), days.to_string());
    for row in &table::read(file, days).rows {
        let [day, what] = [0, 1].map(|at| row.get(at).map_or("", |cell| cell.text.as_str()));
        let notice = Day::parse(day).and_then(|day| Some((day, found.get_mut(&day.civil().0)?)));
        match (notice, what) {
            (Some((day, notice)), "放假") => notice.rest.push(day),
            (Some((day, notice)), "上班") => notice.work.push(day),
            _ => report.push(no_calendar_row("days.csv", day)),
        }
    }
    (found.into_values().collect(), report)
}

fn no_calendar_row(file: &str, cell: &str) -> Diagnostic {
    Diagnostic::error(
        "calendar-row-unreadable",
        Text::new(format!("{file}：“{cell}”这一行看不懂"), format!("{file}: the row of `{cell}` cannot be read")),
    )
    .in_file(file, None)
    .why(Text::new(
        "一行是一天：日期、放假或上班、节日；那一年要有通知",
        "a row is a day, 放假 or 上班, and the holiday; its year needs a notice",
    ))
    .next(Text::new("照别的行写", "write it as the others"))
}

/// Whether it is a Saturday or a Sunday.
pub fn is_weekend(day: Day) -> bool {
    // 1970-01-01 was a Thursday.
    matches!((day.number() + 3).rem_euclid(7), 5 | 6)
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Notice, is_weekend};
    use alloc::{vec, vec::Vec};
    use kaoping_terms::Day;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    /// National Day 2025: off from 1 to 8 October, worked on 28 September (Sunday) and 11 October
    /// (Saturday).
    fn of_2025() -> Calendar {
        let mut calendar = Calendar::default();
        calendar.enter(Notice {
            year: 2025,
            notice: "国办发明电〔2024〕12号".into(),
            rest: (1..=8).filter_map(|date| Day::new(2025, 10, date)).collect(),
            work: vec![day("2025-09-28"), day("2025-10-11")],
        });
        calendar
    }

    #[test]
    fn a_deadline_over_national_day() {
        let calendar = of_2025();
        let reckoned = calendar.after(day("2025-09-26"), 5).expect("a day");
        // Sunday 28 is worked; 29, 30; then 9 and 10 October.
        assert_eq!(reckoned.due, day("2025-10-10"));
        assert_eq!(reckoned.made_up, [day("2025-09-28")]);
        assert_eq!(reckoned.passed_over.len(), 9, "Saturday 27 and eight days off");
        assert_eq!(reckoned.unannounced, Vec::<i16>::new());
        assert_eq!(calendar.left(day("2025-09-26"), day("2025-10-10")), 5);
        assert_eq!(calendar.left(day("2025-10-10"), day("2025-09-26")), -5);
    }

    #[test]
    fn what_ends_on_a_holiday_ends_on_the_day_after() {
        let calendar = of_2025();
        assert_eq!(calendar.on_or_after(day("2025-10-05")).map(|found| found.due), Some(day("2025-10-09")));
        assert_eq!(calendar.on_or_after(day("2025-10-11")).map(|found| found.due), Some(day("2025-10-11")));
        // Nobody has announced 2027; that its first day is off stands in the law.
        assert_eq!(calendar.after(day("2026-12-31"), 1).map(|found| found.due), Some(day("2027-01-04")));
        let found = calendar.on_or_after(day("2027-01-02")).expect("a day");
        assert_eq!((found.due, found.unannounced), (day("2027-01-04"), vec![2027]));
    }

    /// The shipped table, on deadlines of 20 working days as disclosure law counts them.
    #[test]
    fn the_shipped_years() {
        let (notices, report) =
            super::read(include_str!("../../../calendars/notices.csv"), include_str!("../../../calendars/days.csv"));
        assert!(!report.has_errors(), "{:?}", report.findings());
        assert_eq!(notices.iter().map(|notice| notice.year).collect::<Vec<_>>(), (2004..=2026).collect::<Vec<_>>());
        let mut calendar = Calendar::default();
        for notice in notices {
            for worked in &notice.work {
                assert!(is_weekend(*worked), "{worked} is worked anyway");
            }
            calendar.enter(notice);
        }
        // 26, 28 (Sunday), 29, 30 September are four; 9, 10, 11 (Saturday) October make seven; two weeks
        // seventeen; 27, 28, 29 twenty.
        let reckoned = calendar.after(day("2025-09-25"), 20).expect("a day");
        assert_eq!(reckoned.due, day("2025-10-29"));
        assert_eq!(reckoned.made_up, [day("2025-09-28"), day("2025-10-11")]);
        // Spring Festival 2020 was made longer by three days.
        assert!(!calendar.is_working_day(day("2020-02-01")) && calendar.is_working_day(day("2020-02-03")));
        // The arrangement for 2019 begins in 2018.
        assert!(!calendar.is_working_day(day("2018-12-31")) && calendar.is_working_day(day("2018-12-29")));
        let of_year = |year: i16| {
            let days = Day::new(year, 1, 1).map(Day::number)..=Day::new(year, 12, 31).map(Day::number);
            let (first, last) = days.into_inner();
            let days = first.zip(last).map(|(first, last)| first..=last).expect("a year");
            days.filter_map(Day::from_number).filter(|day| calendar.is_working_day(*day)).count()
        };
        assert_eq!([2024, 2025, 2026].map(of_year), [251, 248, 248]);
    }

    #[test]
    fn rows_that_are_none_are_told_all_at_once() {
        let (_, report) = super::read(
            "年份,通知,文号\n二〇二五,甲,\n2026,乙,",
            "日期,安排,节日\n2026-02-30,放假,春节\n2026-02-17,休,春节\n2031-01-01,放假,元旦\n",
        );
        assert_eq!(report.findings().len(), 4);
    }

    #[test]
    fn weekends() {
        assert!(is_weekend(day("1970-01-03")) && is_weekend(day("1969-12-28")) && !is_weekend(day("1970-01-05")));
    }
}
