//! Numbers and dates.

use super::{Kind, Lexer, fold, is_digit};
use alloc::{format, string::String};
use kaoping_terms::{Day, Diagnostic, Exact, Text};

/// The most digits a number may have; more is a slip of the keyboard, and reading it would
/// take time that grows faster than the text.
const LONGEST: usize = 100;

impl Lexer<'_> {
    /// The run of digits from `from`, narrow, and its end.
    fn digits(&self, from: usize) -> (String, usize) {
        let end = self.run(from, is_digit);
        let digits = self.rest(from).get(..end - from).unwrap_or("").chars().map(fold).collect();
        (digits, end)
    }

    /// The digits behind a certain mark at `at`, if there are any.
    fn digits_behind(&self, mark: char, at: usize) -> Option<(String, usize)> {
        // The enumeration comma 、 folds to a comma but never groups digits.
        let c = self.char_at(at).filter(|c| fold(*c) == mark && *c != '、')?;
        let (digits, end) = self.digits(at + c.len_utf8());
        (!digits.is_empty()).then_some((digits, end))
    }

    pub(super) fn number(&mut self) {
        let start = self.at;
        let (first, end) = self.digits(start);
        if let Some((kind, end)) = self.date(&first, end) {
            if kind == Kind::Broken {
                self.refuse_day(start, end);
            }
            return self.push(kind, None, start, end);
        }
        let (mut digits, mut end) = (first, end);
        let mut fault = None;
        let group_head = digits.len() <= 3 && !digits.starts_with('0');
        let mut grouped = false;
        while let Some((group, group_end)) = self.digits_behind(',', end) {
            if group.len() == 3 && group_head {
                grouped = true;
                digits.push_str(&group);
            } else if group.len() == 3 || grouped {
                fault = Some(Fault::Comma);
            } else {
                break;
            }
            end = group_end;
        }
        if let Some((fraction, fraction_end)) = self.digits_behind('.', end) {
            digits = format!("{digits}.{fraction}");
            end = fraction_end;
            while let Some((_, more)) = self.digits_behind('.', end) {
                fault = fault.or(Some(Fault::Points));
                end = more;
            }
            if let Some((group, group_end)) = self.digits_behind(',', end).filter(|(g, _)| g.len() == 3) {
                fault = fault.or(Some(Fault::Comma));
                digits.push_str(&group);
                end = group_end;
            }
        }
        if digits.len() > LONGEST {
            fault = Some(Fault::Long);
        }
        let value = if fault.is_none() { Exact::parse(&digits) } else { None };
        match value {
            Some(value) => self.push(Kind::Number(value), None, start, end),
            None => {
                self.refuse_number(fault.unwrap_or(Fault::Points), start, end);
                self.push(Kind::Broken, None, start, end);
            }
        }
    }

    /// A day, a month, or a month and day, if the digits go on as one. A difference of two
    /// numbers such as `100-20` is none, because no date has these lengths.
    fn date(&self, first: &str, end: usize) -> Option<(Kind, usize)> {
        let (second, second_end) = self.digits_behind('-', end)?;
        let small = |text: &str| text.parse::<u8>().ok();
        match (first.len(), second.len(), self.digits_behind('-', second_end)) {
            (4, 1..=2, Some((third, third_end))) if third.len() <= 2 => {
                let day = Day::parse(&format!("{first}-{second}-{third}"));
                Some((day.map_or(Kind::Broken, Kind::Day), third_end))
            }
            (4, 2, None) => {
                let month = small(&second).filter(|month| (1..=12).contains(month))?;
                Some((Kind::Month(first.parse().ok()?, month), second_end))
            }
            (2, 2, None) if !self.goes_on_as_number(second_end) => {
                let month = small(first).filter(|month| (1..=12).contains(month))?;
                let day = small(&second).filter(|day| (1..=31).contains(day))?;
                let longest = match month {
                    2 => 29,
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                let kind = if day <= longest { Kind::MonthDay(month, day) } else { Kind::Broken };
                Some((kind, second_end))
            }
            _ => None,
        }
    }

    fn goes_on_as_number(&self, at: usize) -> bool {
        self.digits_behind('.', at).is_some() || self.char_at(at).is_some_and(|c| fold(c) == '%')
    }

    fn refuse_day(&mut self, start: usize, end: usize) {
        let shown = self.rest(start).get(..end - start).unwrap_or("");
        self.report.push(
            Diagnostic::error(
                "no-such-day",
                Text::new(format!("日历上没有 {shown} 这一天"), format!("the calendar has no day {shown}")),
            )
            .at(self.place(start, end))
            .label(Text::new("没有这一天", "no such day"))
            .why(Text::new("期限和参数的起止都靠日期判断", "deadlines and parameters depend on days"))
            .next(Text::new("核对原文的日期", "compare the date with the regulation")),
        );
    }

    fn refuse_number(&mut self, fault: Fault, start: usize, end: usize) {
        let shown: String = self.rest(start).get(..end - start).unwrap_or("").chars().take(40).collect();
        let (name, message, why, next) = match fault {
            Fault::Comma => (
                "comma-ambiguous",
                Text::new(
                    format!("{shown} 里的逗号有两种读法"),
                    format!("the comma in {shown} can be read in two ways"),
                ),
                Text::new(
                    "逗号后面正好三位数字时是千分位，否则是分隔；这里两样都不像",
                    "a comma before exactly three digits groups them, elsewhere it separates; here it fits neither",
                ),
                Text::new(
                    "千分位写成 1,234,567；分隔的逗号后面空一格",
                    "write groups as 1,234,567; put a blank behind a comma that separates",
                ),
            ),
            Fault::Points => (
                "number-not-readable",
                Text::new(format!("{shown} 不是一个数"), format!("{shown} is not a number")),
                Text::new("一个数最多一个小数点", "a number has one decimal point at most"),
                Text::new(
                    "核对原文；原文就看不清的，写成：不可读 \"原样\"",
                    "compare it with the regulation; if the source itself cannot be read, write 不可读 (unreadable) and the characters in quotation marks",
                ),
            ),
            Fault::Long => (
                "number-not-readable",
                Text::new(format!("{shown}… 超过 {LONGEST} 位"), format!("{shown}… has more than {LONGEST} digits")),
                Text::new(
                    "没有哪个指标需要这么多位，多半是按住了键",
                    "no figure needs that many; most likely a key was held down",
                ),
                Text::new("改成真正的数", "write the true number"),
            ),
        };
        self.report.push(
            Diagnostic::error(name, message)
                .at(self.place(start, end))
                .label(Text::new("这个数", "this number"))
                .why(why)
                .next(next),
        );
    }
}

/// Why a number was refused.
#[derive(Clone, Copy)]
enum Fault {
    Comma,
    Points,
    Long,
}
