//! Sessions: begun at login, ended by time, by logout, and with the last role.

use kaoping_ledger::Algorithm;
use serde::{Deserialize, Serialize};

/// One that is not used so long ends: 30 minutes.
const IDLE_MS: i64 = 30 * 60_000;

/// One that is so old ends: 12 hours.
pub(crate) const ABSOLUTE_MS: i64 = 12 * 3_600_000;

/// So much of what a browser says of itself is kept.
const LONGEST_AGENT: usize = 200;

/// That it was used is kept so often, for after a restart: 5 minutes.
const KEEP_MS: i64 = 5 * 60_000;

/// A session. It is found by the hash of what the browser has; that itself is kept nowhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub account: String,
    /// When it began.
    pub begun_ms: i64,
    /// When it was used last.
    pub used_ms: i64,
    /// From which address it began.
    #[serde(default)]
    pub address: String,
    /// What the browser says it is.
    #[serde(default)]
    pub agent: String,
    #[serde(skip)]
    kept_ms: i64,
}

impl Session {
    /// One that begins.
    pub fn new(account: &str, now_ms: i64, address: &str, agent: &str) -> Self {
        let (account, address) = (account.to_owned(), address.to_owned());
        let agent = agent.chars().filter(|sign| !sign.is_control()).take(LONGEST_AGENT).collect();
        Self { account, begun_ms: now_ms, used_ms: now_ms, address, agent, kept_ms: now_ms }
    }

    /// Whether it still stands.
    pub(crate) fn stands(&self, now_ms: i64) -> bool {
        now_ms - self.begun_ms < ABSOLUTE_MS && now_ms - self.used_ms < IDLE_MS
    }

    /// It is used; whether that should be kept.
    pub(crate) fn use_at(&mut self, now_ms: i64) -> bool {
        self.used_ms = self.used_ms.max(now_ms);
        let keep = now_ms - self.kept_ms >= KEEP_MS;
        if keep {
            self.kept_ms = now_ms;
        }
        keep
    }
}

/// What a token is found by.
pub fn token_hash(token: &str) -> String {
    Algorithm::Sha256.hash(&[b"kaoping session ", token.as_bytes()]).to_string()
}
