//! Results of a round: what was put down, sealed, shown and published, and the seals of before.

use crate::ids::{AccountId, IndicatorId, OfficeId};
use alloc::{string::String, vec::Vec};
use kaoping_ledger::Digest;
use kaoping_terms::Day;
use serde::{Deserialize, Serialize};

/// A total, as it was put down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalLine {
    /// Whose.
    pub office: OfficeId,
    /// The total, as it is printed; empty where it is open.
    pub total: String,
    /// Its place; absent where it has none.
    pub rank: Option<u32>,
    /// Whether every target was met; empty where that is open.
    pub meets_all: String,
    /// Its grade; empty where it has none.
    pub grade: String,
}

/// An award, as it was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardLine {
    /// Which award.
    pub award: String,
    /// To whom.
    pub office: OfficeId,
    /// Its place; absent where there is none.
    pub place: Option<u32>,
    /// Why.
    pub reason: String,
}

/// A score that changed because the standard did: on the same figures, by the version the round before was
/// scored by, and by the one in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByRule {
    /// Whose.
    pub office: OfficeId,
    /// Of which indicator.
    pub indicator: IndicatorId,
    /// By the version before; empty where there was no such indicator, or it is open.
    pub before: String,
    /// By the version in force.
    pub after: String,
}

/// Results of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// The entry of the version of the scheme they were scored by.
    pub version: u64,
    /// How long the record was whose figures they rest on.
    pub at: u64,
    /// The day they were put down.
    pub day: Day,
    /// All scores, as a file.
    pub scores: Digest,
    /// The totals.
    pub totals: Vec<TotalLine>,
    /// The awards.
    pub awards: Vec<AwardLine>,
    /// Scores that are others than by the version the round before was scored by, on the same figures.
    pub by_rule: Vec<ByRule>,
    /// Who put them down.
    pub by: AccountId,
    /// The entry that did.
    pub number: u64,
    /// Who sealed them.
    pub sealed_by: Option<AccountId>,
    /// The entry that did.
    pub sealed_in: Option<u64>,
    /// The last day of the publicity period 公示.
    pub objections_until: Option<Day>,
    /// Whether everybody sees them in that time.
    pub shown: bool,
    /// The entry that published them.
    pub published: Option<u64>,
    /// Whether they were opened again and wait to be put down anew.
    pub reopened: bool,
    /// The seals that were taken off when they were opened again, the first one first.
    pub earlier: Vec<SealedThen>,
    /// How often they were put down.
    pub editions: u32,
}

/// A seal of before: that results were sealed once, and opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedThen {
    /// Who sealed them.
    pub by: AccountId,
    /// The entry that did.
    pub number: u64,
    /// The last day of the publicity period 公示.
    pub objections_until: Option<Day>,
    /// The entry that published them.
    pub published: Option<u64>,
}
