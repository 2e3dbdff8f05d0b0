//! Days and deadlines as people say them.

use kaoping_office::state::Stage;
use kaoping_terms::{Day, Lang, Text};

/// 2026 年 6 月 18 日 星期四
pub(crate) fn long_day(day: Day, lang: Lang) -> String {
    let (year, month, date) = day.civil();
    // 1970-01-01 was a Thursday.
    let weekday = (day.number() + 4).rem_euclid(7);
    let chinese = ["日", "一", "二", "三", "四", "五", "六"];
    let english = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    let name = |names: [&'static str; 7]| usize::try_from(weekday).ok().and_then(|at| names.get(at).copied());
    match lang {
        Lang::Zh => format!("{year} 年 {month} 月 {date} 日 星期{}", name(chinese).unwrap_or_default()),
        Lang::En => format!("{}, {}", name(english).unwrap_or_default(), day.iso()),
    }
}

/// The moment something was received, as clocks in China show it: 2026-06-18 09:31.
pub(crate) fn moment(received_ms: i64) -> String {
    let minutes = received_ms.saturating_add(8 * 3_600_000).div_euclid(60_000);
    let day = i32::try_from(minutes.div_euclid(1440)).ok().and_then(Day::from_number);
    let (hour, minute) = (minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60));
    format!("{} {hour:02}:{minute:02}", day.map(|day| day.iso()).unwrap_or_default())
}

/// From a day to a day, or without an end.
pub(crate) fn from_to(from: Day, to: Option<Day>, lang: Lang) -> String {
    match (to, lang) {
        (Some(to), Lang::Zh) => format!("{from} 至 {to}"),
        (Some(to), Lang::En) => format!("{from} to {to}"),
        (None, Lang::Zh) => format!("{from} 起"),
        (None, Lang::En) => format!("from {from}"),
    }
}

/// How far a report is, in words.
pub(crate) fn stage(stage: Option<Stage>, lang: Lang) -> String {
    stage.map_or_else(|| Text::new("未报", "not handed in"), Stage::word).get(lang).to_owned()
}

/// What is left to a deadline, in words.
pub(crate) fn left(left: i32, is_late: bool, lang: Lang) -> String {
    let days = left.unsigned_abs();
    let plural = if days == 1 { "" } else { "s" };
    match (is_late, left, lang) {
        (true, _, Lang::Zh) => format!("逾期 {days} 个工作日"),
        (true, _, Lang::En) => format!("{days} working day{plural} late"),
        (false, ..=-1, Lang::Zh) => format!("期限已过 {days} 个工作日，在宽限期内"),
        (false, ..=-1, Lang::En) => format!("{days} working day{plural} past, within the grace"),
        (false, 0, Lang::Zh) => "今天到期".into(),
        (false, 0, Lang::En) => "due today".into(),
        (false, _, Lang::Zh) => format!("还有 {days} 个工作日"),
        (false, _, Lang::En) => format!("{days} working day{plural} left"),
    }
}

#[cfg(test)]
mod tests {
    use super::{left, long_day, moment};
    use kaoping_terms::{Day, Lang};

    #[test]
    fn moments_are_those_of_china() {
        assert_eq!(moment(0), "1970-01-01 08:00");
        assert_eq!(moment(57_600_000 - 1), "1970-01-01 23:59");
        assert_eq!(moment(57_600_000), "1970-01-02 00:00");
    }

    #[test]
    fn days_as_people_say_them() {
        let day = Day::new(2026, 6, 18).expect("a day");
        assert_eq!(long_day(day, Lang::Zh), "2026 年 6 月 18 日 星期四");
        assert_eq!(long_day(day, Lang::En), "Thursday, 2026-06-18");
        assert_eq!(moment(1_784_077_200_000), "2026-07-15 09:00");
        assert_eq!(left(-1, true, Lang::Zh), "逾期 1 个工作日");
        assert_eq!(left(-2, false, Lang::En), "2 working days past, within the grace");
        assert_eq!(
            (left(0, false, Lang::Zh), left(1, false, Lang::En)),
            ("今天到期".into(), "1 working day left".into())
        );
    }
}
