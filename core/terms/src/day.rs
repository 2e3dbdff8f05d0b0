//! Civil days, without a clock and without time zones.

use crate::figure::narrowed;
use alloc::{format, string::String};
use core::fmt;
use jiff::civil::Date;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

/// A day of the civil calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

fn epoch() -> Date {
    Date::constant(1970, 1, 1)
}

impl Day {
    /// 1949-10-01: the first day of an office where it does not matter.
    pub const LONG_AGO: Self = Self(-7397);

    /// The day of that year, month and day of month, if the calendar has it.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = Date::new(year, month, day).ok()?;
        let span = epoch().until((jiff::Unit::Day, date)).ok()?;
        Some(Self(span.get_days()))
    }

    /// Days since 1970-01-01, negative before it.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The day that many days after 1970-01-01, if the calendar reaches it.
    pub fn from_number(number: i32) -> Option<Self> {
        Self(number).date().map(|_| Self(number))
    }

    /// Reads `2014-12-31`, `2014/12/31`, `2014.12.31` or `2014年12月31日`, full-width too.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_narrow(text).or_else(|| Self::parse_narrow(&narrowed(text)?))
    }

    fn parse_narrow(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix('日').unwrap_or(text);
        let mut parts = text.split(['-', '/', '.', '年', '月']);
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        if parts.next().is_some() || !(1000..=9999).contains(&year) {
            return None;
        }
        Self::new(year, month, day)
    }

    fn date(self) -> Option<Date> {
        epoch().checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    /// Year, month and day of month.
    pub fn civil(self) -> (i16, i8, i8) {
        self.date().map_or((0, 0, 0), |date| (date.year(), date.month(), date.day()))
    }

    /// `2014-12-31`.
    pub fn iso(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// A day of the record is its text, `2014-12-31`, and has no other.
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DayText)
    }
}

/// Reads the one text a day has.
struct DayText;

impl Visitor<'_> for DayText {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day of the calendar, written 2014-12-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        let day = Day::parse_narrow(text).filter(|day| day.iso() == text);
        day.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::Day;
    use serde::{
        Deserialize,
        de::{IntoDeserializer, value::Error},
    };

    #[test]
    fn the_record_writes_a_day_in_one_way() {
        assert_eq!(Day::LONG_AGO.iso(), "1949-10-01");
        let read = |text: &str| Day::deserialize(IntoDeserializer::<Error>::into_deserializer(text)).ok();
        assert_eq!(read("2014-12-31"), Day::new(2014, 12, 31));
        for other in ["2014-12-31 ", "2014/12/31", "2014-2-01", "2014-02-29", "２０１４－１２－３１", "16435", ""]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn no_number_of_days_is_too_large_to_be_refused() {
        for number in [i32::MIN, -7_304_485, -4_371_588, 2_932_897, 7_304_485, i32::MAX] {
            assert_eq!(Day::from_number(number), None, "{number}");
        }
        assert_eq!(Day::from_number(2_932_896), Day::new(9999, 12, 31));
    }

    #[test]
    fn reads_the_forms_offices_write() {
        let day = Day::new(2014, 12, 31);
        for text in [
            "2014-12-31",
            "2014/12/31",
            "2014年12月31日",
            " 2014.12.31 ",
            "２０１４－１２－３１",
            "２０１４年12月３１日",
            "　2014．12．31",
        ] {
            assert_eq!(Day::parse(text), day, "{text}");
        }
        assert_eq!(Day::parse("2014-02-29"), None);
        assert_eq!(Day::parse("２０１４－０２－２９"), None);
        assert_eq!(Day::parse("14-02-01"), None);
        assert_eq!(Day::new(1970, 1, 2).map(Day::number), Some(1));
    }
}
