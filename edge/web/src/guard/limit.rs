//! How much may be asked: a bucket for each account and each address that fills again with time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// So many requests at once.
const BURST: i64 = 300;

/// One more for each so many milliseconds: 20 a second.
const REFILL_MS: i64 = 50;

/// So many buckets are remembered; then the full ones go.
const BUCKETS: usize = 50_000;

/// The buckets: what is left in each, and as of when.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<String, (i64, i64)>>);

impl Limits {
    /// Takes one from a bucket; otherwise says in how many seconds there is one.
    pub fn take(&self, whose: &str, now_ms: i64) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS && !buckets.contains_key(whose) {
            buckets.retain(|_, (left, since)| *left + (now_ms - *since) / REFILL_MS < BURST);
        }
        let (left, since) = buckets.entry(whose.to_owned()).or_insert((BURST, now_ms));
        let more = ((now_ms - *since) / REFILL_MS).max(0);
        *left = (*left + more).min(BURST);
        *since += more * REFILL_MS;
        if *left == 0 {
            return Err(1);
        }
        *left -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{BURST, Limits, REFILL_MS};

    #[test]
    fn a_burst_then_a_trickle() {
        let limits = Limits::default();
        assert!((0..BURST).all(|_| limits.take("a", 0).is_ok()));
        assert_eq!(limits.take("a", 0), Err(1));
        assert!(limits.take("b", 0).is_ok(), "everybody has one");
        assert!(limits.take("a", REFILL_MS).is_ok());
        assert!(limits.take("a", REFILL_MS).is_err());
        assert!((0..BURST).all(|_| limits.take("a", 3_600_000).is_ok()));
        assert!(limits.take("a", 3_600_000).is_err(), "never more than a burst");
    }
}
