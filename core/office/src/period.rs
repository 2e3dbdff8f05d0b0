//! Periods figures are reported for: a year, a half, a quarter, a month, or a day.

use alloc::{format, string::String};
use core::{fmt, str::FromStr};
use kaoping_ledger::Value;
use kaoping_terms::Day;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A period. Written `2026`, `2026-H1`, `2026-Q3`, `2026-07` or `2026-07-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A year.
    Year(i16),
    /// A half: year, 1 or 2.
    Half(i16, i8),
    /// A quarter: year, 1 to 4.
    Quarter(i16, i8),
    /// A month: year, 1 to 12.
    Month(i16, i8),
    /// A point in time.
    Day(i16, i8, i8),
}

impl Period {
    /// The last day of it.
    pub fn end(self) -> Option<Day> {
        let (year, month) = match self {
            Self::Year(year) => (year, 12),
            Self::Half(year, half) => (year, half * 6),
            Self::Quarter(year, quarter) => (year, quarter * 3),
            Self::Month(year, month) => (year, month),
            Self::Day(year, month, day) => return Day::new(year, month, day),
        };
        let (year, month) = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month + 1) };
        Day::from_number(Day::new(year, month, 1)?.number() - 1)
    }

    /// The first day of it.
    pub fn begin(self) -> Option<Day> {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Half(year, half) => (year, half * 6 - 5),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2),
            Self::Month(year, month) => (year, month),
            Self::Day(year, month, day) => return Day::new(year, month, day),
        };
        Day::new(year, month, 1)
    }

    /// Whether another one is of the same length.
    pub fn is_as_long_as(self, other: Self) -> bool {
        core::mem::discriminant(&self) == core::mem::discriminant(&other)
    }

    /// Its year.
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year)
            | Self::Half(year, _)
            | Self::Quarter(year, _)
            | Self::Month(year, _)
            | Self::Day(year, ..) => year,
        }
    }

    /// The period of the same kind before it.
    pub fn before(self) -> Option<Self> {
        Some(match self {
            Self::Year(year) => Self::Year(year - 1),
            Self::Half(year, 1) => Self::Half(year - 1, 2),
            Self::Half(year, half) => Self::Half(year, half - 1),
            Self::Quarter(year, 1) => Self::Quarter(year - 1, 4),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter - 1),
            Self::Month(year, 1) => Self::Month(year - 1, 12),
            Self::Month(year, month) => Self::Month(year, month - 1),
            Self::Day(..) => return None,
        })
    }

    /// The period of the same kind a year earlier.
    pub fn year_before(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year - 1),
            Self::Half(year, half) => Self::Half(year - 1, half),
            Self::Quarter(year, quarter) => Self::Quarter(year - 1, quarter),
            Self::Month(year, month) => Self::Month(year - 1, month),
            Self::Day(year, month, day) => Self::Day(year - 1, month, day),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(year, month, day) => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// A text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPeriod;

impl fmt::Display for NoPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a period is written 2026, 2026-H1, 2026-Q3, 2026-07 or 2026-07-31")
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let mut parts = text.split('-');
        let year: i16 =
            parts.next().filter(|year| year.len() == 4).and_then(|year| year.parse().ok()).ok_or(NoPeriod)?;
        let part = |text: &str, most: i8| text.parse().ok().filter(|part| (1..=most).contains(part)).ok_or(NoPeriod);
        let period = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Year(year),
            (Some(half), None, _) if half.starts_with('H') => Self::Half(year, part(half.get(1..).unwrap_or(""), 2)?),
            (Some(quarter), None, _) if quarter.starts_with('Q') => {
                Self::Quarter(year, part(quarter.get(1..).unwrap_or(""), 4)?)
            }
            (Some(month), None, _) => Self::Month(year, part(month, 12)?),
            (Some(month), Some(day), None) => Self::Day(year, part(month, 12)?, part(day, 31)?),
            _ => return Err(NoPeriod),
        };
        // One period has one text, and a day has to be one of the calendar.
        if period.end().is_none() || !(1949..=2999).contains(&year) || format!("{period}") != text {
            return Err(NoPeriod);
        }
        Ok(period)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl From<Period> for Value {
    fn from(period: Period) -> Self {
        Self::Text(format!("{period}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Period;
    use alloc::string::ToString;
    use kaoping_terms::Day;

    #[test]
    fn one_period_has_one_text() {
        for text in ["2026", "2026-H1", "2026-Q3", "2026-07", "2026-07-31"] {
            assert_eq!(text.parse::<Period>().map(|period| period.to_string()).as_deref(), Ok(text));
        }
        for text in ["26", "2026-7", "2026-H3", "2026-Q0", "2026-13", "2026-02-30", "2026-07-31-1", "2026-", "", "一月"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn ends_and_neighbours() {
        let period = |text: &str| text.parse::<Period>().expect("a period");
        assert_eq!(period("2028-02").end(), Day::new(2028, 2, 29));
        let begins = ["2026", "2026-H2", "2026-Q3", "2026-07", "2026-07-31"].map(|text| period(text).begin());
        let july = Day::new(2026, 7, 1);
        assert_eq!(begins, [Day::new(2026, 1, 1), july, july, july, Day::new(2026, 7, 31)]);
        assert_eq!(period("2026-Q4").end(), Day::new(2026, 12, 31));
        assert_eq!(period("2026-01").before(), Some(period("2025-12")));
        assert_eq!(period("2026-H2").before(), Some(period("2026-H1")));
        assert_eq!(period("2026-03").year_before(), period("2025-03"));
    }
}
