//! The clock of the sample city: it stands wherever the year is.

use kaoping_terms::Day;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// China is eight hours ahead of universal time.
const AHEAD_MINUTES: i64 = 8 * 60;

/// A clock that is set by hand.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The time: milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// The same for a desk.
    pub fn boxed(&self) -> Box<dyn Fn() -> i64 + Send> {
        let clock = self.clone();
        Box::new(move || clock.now_ms())
    }

    /// It is that day and minute of the day in China.
    pub(crate) fn set(&self, day: Day, minute: i64) {
        let minutes = i64::from(day.number()) * 24 * 60 + minute - AHEAD_MINUTES;
        self.0.store(minutes * 60_000, Ordering::SeqCst);
    }
}
