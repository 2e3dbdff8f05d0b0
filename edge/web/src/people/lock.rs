//! Wrong attempts: after a few the account is locked for a while, also one that there is not.

use std::collections::HashMap;

/// So many wrong attempts in a row lock it.
const ATTEMPTS: u32 = 5;

/// For so long the first time, then twice as long each time: 15 minutes.
const FIRST_MS: i64 = 15 * 60_000;

/// It is never locked for longer: a day.
const MOST_MS: i64 = 24 * 3_600_000;

/// So many names are remembered; then those go that are not locked.
const NAMES: usize = 10_000;

#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    attempts: u32,
    rounds: u32,
    until_ms: i64,
}

/// Wrong attempts by the name that was given.
#[derive(Debug, Default)]
pub(crate) struct Locks(HashMap<String, Wrong>);

impl Locks {
    /// How long it is locked still, in milliseconds; `None` where it is not.
    pub(crate) fn left(&self, name: &str, now_ms: i64) -> Option<i64> {
        self.0.get(name).map(|wrong| wrong.until_ms - now_ms).filter(|left| *left > 0)
    }

    /// A wrong attempt.
    pub(crate) fn wrong(&mut self, name: &str, now_ms: i64) {
        if self.0.len() >= NAMES && !self.0.contains_key(name) {
            self.0.retain(|_, wrong| wrong.until_ms > now_ms);
        }
        let wrong = self.0.entry(name.to_owned()).or_default();
        wrong.attempts += 1;
        if wrong.attempts >= ATTEMPTS {
            wrong.attempts = 0;
            wrong.until_ms = now_ms + (FIRST_MS << wrong.rounds.min(7)).min(MOST_MS);
            wrong.rounds += 1;
        }
    }

    /// The right one.
    pub(crate) fn right(&mut self, name: &str) {
        self.0.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST_MS, Locks, MOST_MS};

    #[test]
    fn each_time_longer() {
        let mut locks = Locks::default();
        let mut now = 0;
        for expected in [FIRST_MS, 2 * FIRST_MS, 4 * FIRST_MS] {
            for _ in 0..4 {
                locks.wrong("A1", now);
                assert_eq!(locks.left("A1", now), None);
            }
            locks.wrong("A1", now);
            assert_eq!(locks.left("A1", now), Some(expected));
            now += expected;
            assert_eq!(locks.left("A1", now), None);
        }
        for _ in 0..100 {
            locks.wrong("A1", now);
        }
        assert_eq!(locks.left("A1", now), Some(MOST_MS));
        locks.right("A1");
        assert_eq!(locks.left("A1", now), None);
    }
}
