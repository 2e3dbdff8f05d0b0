//! Periods that figures are reported for: a year, a half, a quarter, a month, a day.

use alloc::{format, string::String};
use core::fmt;
use kaoping_terms::Day;

/// A period of the civil calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    year: i16,
    part: Part,
}

/// Which part of its year a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole year.
    Year,
    /// The first or second half.
    Half(i8),
    /// A quarter, 1 to 4.
    Quarter(i8),
    /// A month, 1 to 12.
    Month(i8),
    /// A single day.
    Day(Day),
}

impl Period {
    /// The whole of a year.
    pub fn whole_year(year: i16) -> Self {
        Self { year, part: Part::Year }
    }

    /// A single day.
    pub fn of_day(day: Day) -> Self {
        Self { year: day.civil().0, part: Part::Day(day) }
    }

    /// Reads `2014`, `2014年`, `2014-06`, `2014年6月`, `2014Q2`, `2014年二季度`, `2014H1`,
    /// `2014年上半年` or a date.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(day) = Day::parse(text) {
            return Some(Self::of_day(day));
        }
        let year = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let year = year.parse().ok().filter(|year| *year >= 1000)?;
        let rest = text.get(4..)?;
        let bare = rest.trim_start_matches(['年', '-', '/', '.', ' ']);
        // Digits that run on, as in 201406, could be read in several ways.
        if bare.len() == rest.len() && rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        part(bare).map(|part| Self { year, part })
    }

    /// The periods of that many months (1, 3, 6 or 12) in a year, in order; none of others.
    pub fn each(year: i16, months: u8) -> impl Iterator<Item = Self> {
        let (count, part): (i8, fn(i8) -> Part) = match months {
            1 => (12, Part::Month),
            3 => (4, Part::Quarter),
            6 => (2, Part::Half),
            12 => (1, |_| Part::Year),
            _ => (0, |_| Part::Year),
        };
        (1..=count).map(move |number| Self { year, part: part(number) })
    }

    /// The first day.
    pub fn first_day(self) -> Option<Day> {
        match self.part {
            Part::Day(day) => Some(day),
            _ => Day::new(self.year, self.months().0, 1),
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Which part of the year.
    pub fn part(self) -> Part {
        self.part
    }

    /// How many months it lasts; 0 for a day.
    pub fn length(self) -> u8 {
        match self.part {
            Part::Year => 12,
            Part::Half(_) => 6,
            Part::Quarter(_) => 3,
            Part::Month(_) => 1,
            Part::Day(_) => 0,
        }
    }

    /// Whether it is a whole year.
    pub fn is_year(self) -> bool {
        self.part == Part::Year
    }

    /// The same period that many years earlier; none for 29 February of a year without one.
    pub fn years_earlier(self, years: u8) -> Option<Self> {
        let year = self.year.checked_sub(i16::from(years))?;
        let part = match self.part {
            Part::Day(day) => {
                let (_, month, day) = day.civil();
                Part::Day(Day::new(year, month, day)?)
            }
            part => part,
        };
        Some(Self { year, part })
    }

    /// The first and the last month it has a day in.
    fn months(self) -> (i8, i8) {
        match self.part {
            Part::Year => (1, 12),
            Part::Half(half) => (half.saturating_mul(6).saturating_sub(5), half.saturating_mul(6)),
            Part::Quarter(quarter) => (quarter.saturating_mul(3).saturating_sub(2), quarter.saturating_mul(3)),
            Part::Month(month) => (month, month),
            Part::Day(day) => (day.civil().1, day.civil().1),
        }
    }

    /// Whether another period lies within it; it lies within itself.
    pub fn contains(self, other: Period) -> bool {
        let ((from, to), (first, last)) = (self.months(), other.months());
        let is_day = matches!(self.part, Part::Day(_));
        self == other || (!is_day && self.year == other.year && from <= first && last <= to)
    }

    /// The period of a round held so often (`每月`, `每季`, `每半年`, `每年`, `每期`) in which it
    /// lies; none for a period longer than that.
    pub fn held(self, how_often: &str) -> Option<Period> {
        let (first, last) = self.months();
        let nth = |length: i8| first.saturating_sub(1).checked_div(length).map_or(1, |nth| nth.saturating_add(1));
        let part = match how_often {
            "每月" => Part::Month(last),
            "每季" => Part::Quarter(nth(3)),
            "每半年" => Part::Half(nth(6)),
            "每年" => Part::Year,
            _ => self.part,
        };
        let held = Self { year: self.year, part };
        held.contains(self).then_some(held)
    }

    /// A number by which periods stand in order of time: that of the last day.
    pub fn order(self) -> i64 {
        let month = match self.part {
            Part::Day(day) => return i64::from(day.number()),
            Part::Year => 12,
            Part::Half(half) => half.saturating_mul(6),
            Part::Quarter(quarter) => quarter.saturating_mul(3),
            Part::Month(month) => month,
        };
        let (year, next) = if month >= 12 { (self.year.saturating_add(1), 1) } else { (self.year, month + 1) };
        Day::new(year, next, 1).map_or(0, |day| i64::from(day.number()) - 1)
    }
}

fn part(text: &str) -> Option<Part> {
    match text {
        "" | "度" => return Some(Part::Year),
        "上半年" => return Some(Part::Half(1)),
        "下半年" => return Some(Part::Half(2)),
        _ => {}
    }
    if let Some(half) = text.strip_prefix(['H', 'h']) {
        return small(half, 2).map(Part::Half);
    }
    if let Some(quarter) = text.strip_prefix(['Q', 'q']) {
        return small(quarter, 4).map(Part::Quarter);
    }
    if let Some(quarter) = text.strip_suffix("季度").or_else(|| text.strip_suffix('季')) {
        let quarter = quarter.strip_prefix('第').unwrap_or(quarter);
        let spelled = ["一", "二", "三", "四"].iter().zip(1i8..).find(|(word, _)| **word == quarter);
        return spelled.map(|(_, number)| number).or_else(|| small(quarter, 4)).map(Part::Quarter);
    }
    small(text.strip_suffix('月').unwrap_or(text), 12).map(Part::Month)
}

fn small(text: &str, most: i8) -> Option<i8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|number| (1..=most).contains(number))
}

impl fmt::Display for Period {
    /// `2014`, `2014H1`, `2014Q2`, `2014-06`, `2014-06-30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year;
        let text: String = match self.part {
            Part::Year => format!("{year:04}"),
            Part::Half(half) => format!("{year:04}H{half}"),
            Part::Quarter(quarter) => format!("{year:04}Q{quarter}"),
            Part::Month(month) => format!("{year:04}-{month:02}"),
            Part::Day(day) => day.iso(),
        };
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Period;
    use alloc::{string::ToString, vec::Vec};

    #[test]
    fn reads_the_forms_offices_write() {
        for (text, period) in [
            ("2014", "2014"),
            ("2014年", "2014"),
            ("2014年度", "2014"),
            ("2014-06", "2014-06"),
            ("2014年6月", "2014-06"),
            ("2014Q2", "2014Q2"),
            ("2014年第二季度", "2014Q2"),
            ("2014年上半年", "2014H1"),
            ("2014/6/30", "2014-06-30"),
        ] {
            assert_eq!(Period::parse(text).map(|period| period.to_string()).as_deref(), Some(period), "{text}");
        }
    }

    #[test]
    fn refuses_what_could_be_read_in_two_ways() {
        for text in ["201406", "14-06", "2014-13", "2014Q5", "年底", "2014-02-30", ""] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn lies_within_the_period_a_round_is_held_for() {
        for (text, how_often, held) in [
            ("2014-06", "每季", Some("2014Q2")),
            ("2014Q2", "每季", Some("2014Q2")),
            ("2014H1", "每季", None),
            ("2014Q3", "每半年", Some("2014H2")),
            ("2014-06-30", "每月", Some("2014-06")),
            ("2014", "每年", Some("2014")),
            ("2014Q3", "每年", Some("2014")),
            ("2014Q3", "每期", Some("2014Q3")),
            ("2014", "每月", None),
        ] {
            let found = Period::parse(text).expect("a period").held(how_often);
            assert_eq!(found.map(|period| period.to_string()).as_deref(), held, "{text} {how_often}");
        }
    }

    #[test]
    fn a_year_has_its_months_quarters_and_halves() {
        let each = |months| Period::each(2024, months).map(|period| period.to_string()).collect::<Vec<_>>();
        assert_eq!(each(3), ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]);
        assert_eq!(each(6), ["2024H1", "2024H2"]);
        assert_eq!(each(12), ["2024"]);
        assert_eq!((each(1).len(), each(0).len(), each(2).len()), (12, 0, 0));
        let first = |text| Period::parse(text).and_then(Period::first_day).map(|day| day.to_string());
        assert_eq!(first("2024Q2").as_deref(), Some("2024-04-01"));
        assert_eq!(first("2024-02-29").as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn stands_in_order_of_its_last_day() {
        let order = |text| Period::parse(text).expect("a period").order();
        assert!(order("2014-05") < order("2014-06"));
        assert_eq!(order("2014-06"), order("2014Q2"));
        assert_eq!(order("2014H1"), order("2014-06-30"));
        assert_eq!(order("2014-12"), order("2014"));
    }
}
