//! Who an account is to a provider of logins: beside the record, which has a hash of it.

use super::random;
use kaoping_ledger::Algorithm;
use serde::{Deserialize, Serialize};

/// Who an account is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    salt: [u8; 16],
}

impl Binding {
    /// A new one.
    pub(crate) fn of(issuer: &str, subject: &str) -> Option<Self> {
        Some(Self { issuer: issuer.to_owned(), subject: subject.to_owned(), salt: random()? })
    }

    /// What the record has of it. Without the random number nobody finds out who it is.
    pub(crate) fn hash(&self) -> String {
        let parts = [b"kaoping binding ", &self.salt[..], self.issuer.as_bytes(), &[0], self.subject.as_bytes()];
        let hash = Algorithm::Sha256.hash(&parts).to_string();
        hash.split(':').next_back().unwrap_or_default().to_owned()
    }
}
