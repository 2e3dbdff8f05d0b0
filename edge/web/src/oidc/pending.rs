//! Who was sent to the provider and is not back yet.

use std::collections::HashMap;

/// He has so long: 10 minutes.
pub(crate) const PENDING_MS: i64 = 10 * 60_000;

/// So many may be on the way at a time.
const MOST: usize = 2_000;

/// Somebody on the way.
pub(crate) struct Pending {
    pub(super) browser: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    pub(super) begun_ms: i64,
}

/// All of them, by the state they come back with.
#[derive(Default)]
pub(crate) struct Waiting(HashMap<String, Pending>);

impl Waiting {
    /// One more; `false` where there are too many.
    pub(super) fn add(&mut self, state: String, pending: Pending, now_ms: i64) -> bool {
        if self.0.len() >= MOST {
            self.0.retain(|_, pending| stands(pending, now_ms));
        }
        let room = self.0.len() < MOST;
        if room {
            self.0.insert(state, pending);
        }
        room
    }

    /// Who comes back with that state, in the browser he went with: once, and in time. A state that was shown by another
    /// browser is of no use to anybody any more.
    pub(crate) fn take(&mut self, state: &str, browser: Option<&str>, now_ms: i64) -> Option<Pending> {
        let pending = self.0.remove(state)?;
        (Some(pending.browser.as_str()) == browser && stands(&pending, now_ms)).then_some(pending)
    }
}

fn stands(pending: &Pending, now_ms: i64) -> bool {
    (0..PENDING_MS).contains(&(now_ms - pending.begun_ms))
}

#[cfg(test)]
mod tests {
    use super::{MOST, PENDING_MS, Pending, Waiting};

    fn pending(begun_ms: i64) -> Pending {
        Pending { browser: "mine".into(), nonce: String::new(), verifier: String::new(), begun_ms }
    }

    #[test]
    fn once_in_time_and_in_the_same_browser() {
        let mut waiting = Waiting::default();
        for (browser, at, comes) in
            [(Some("mine"), 1, true), (Some("other"), 1, false), (None, 1, false), (Some("mine"), PENDING_MS, false)]
        {
            assert!(waiting.add("state".into(), pending(0), 0));
            assert_eq!(waiting.take("state", browser, at).is_some(), comes, "{browser:?} {at}");
            assert!(waiting.take("state", Some("mine"), 1).is_none(), "never twice");
        }
    }

    #[test]
    fn not_more_than_there_is_room_for() {
        let mut waiting = Waiting::default();
        assert!((0..MOST).all(|number| waiting.add(number.to_string(), pending(0), 0)));
        assert!(!waiting.add("one more".into(), pending(1), 1));
        assert!(waiting.add("later".into(), pending(PENDING_MS), PENDING_MS), "those who never came back make room");
    }
}
