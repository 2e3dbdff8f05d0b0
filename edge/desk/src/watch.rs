//! A clock that jumps far ahead stamps nothing: what follows would be late, expired or published years too early,
//! and time never goes back in the record. Writing waits until a person confirms the day.

use kaoping_office::deed::day_of;
use kaoping_terms::{Diagnostic, Text};

/// So far ahead of what has passed the clock may be: 36 hours.
const AHEAD_MS: i64 = 36 * 3_600_000;

/// So long nothing may have been done when the record is opened: 60 days.
const SILENT_MS: i64 = 60 * 24 * 3_600_000;

/// Watches a clock by another one that only counts what passes.
pub struct Watch {
    steady: Box<dyn Fn() -> i64 + Send>,
    from: (i64, i64),
}

impl Watch {
    /// By a clock that nobody sets: milliseconds since whenever.
    pub fn new(steady: impl Fn() -> i64 + Send + 'static) -> Self {
        Self { steady: Box::new(steady), from: (0, 0) }
    }

    /// From now on; the last entry, where there is one, was received at that time.
    pub(crate) fn begin(&mut self, now: i64, last: Option<i64>) {
        let trusted = last.filter(|last| now.saturating_sub(*last) > SILENT_MS).unwrap_or(now);
        self.from = (trusted, (self.steady)());
    }

    /// Somebody says that the clock is right.
    pub(crate) fn confirm(&mut self, now: i64) {
        self.from = (now, (self.steady)());
    }

    /// What speaks against stamping anything with that time; the last entry was received at `last`.
    pub(crate) fn refuses(&self, now: i64, last: i64) -> Option<Diagnostic> {
        let (wall, steady) = self.from;
        let expected = wall.saturating_add((self.steady)().saturating_sub(steady));
        let jumped = now.saturating_sub(expected.max(last)) > AHEAD_MS;
        jumped.then(|| clock_jumped(now, expected.max(last)))
    }
}

fn clock_jumped(now: i64, expected: i64) -> Diagnostic {
    let day = |ms: i64| day_of(ms).map(|day| day.iso()).unwrap_or_else(|| ms.to_string());
    let (now, expected) = (day(now), day(expected));
    Diagnostic::error(
        "clock-jumped",
        Text::new(
            format!("服务器的钟跳到了 {now}，按经过的时间应在 {expected} 前后"),
            format!("the clock of the server says {now}; by what has passed it should be about {expected}"),
        ),
    )
    .why(Text::new(
        "台账的时间只进不退；错的时间一旦写进去，以后的期限都跟着错。在确认以前一件也不写",
        "time never goes back in the record: once a wrong time stands in it every deadline after it is wrong. Nothing is written until it is confirmed",
    ))
    .next(Text::new(
        "钟错了就校正；钟没错（停机很久、休眠过），由系统管理员办“确认时钟”，写明今天的日期和原因",
        "set the clock right; where it is right (long off, asleep), the system administrator confirms it (confirm-clock) with today's date and why",
    ))
}
