//! What every deed has.

use crate::{
    ids::{OfficeId, SchemeId},
    rights::Right,
    state::State,
    tables::Touched,
};
use alloc::{format, string::String, vec::Vec};
use kaoping_ledger::{By, Digest};
use kaoping_terms::{Day, Report, Text};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// China is eight hours ahead of universal time, the whole year, everywhere.
const AHEAD_MS: i64 = 8 * 3_600_000;

/// The day it is in China at that moment.
pub fn day_of(received_ms: i64) -> Option<Day> {
    i32::try_from(received_ms.saturating_add(AHEAD_MS).div_euclid(DAY_MS)).ok().and_then(Day::from_number)
}

/// The moment a day ends in China: milliseconds since 1970.
pub fn ends_ms(day: Day) -> i64 {
    (i64::from(day.number()) + 1) * DAY_MS - AHEAD_MS
}

/// A moment in China, to the minute: `2026-03-06 09:15`.
pub fn minute_of(received_ms: i64) -> String {
    let day = day_of(received_ms).map(|day| day.iso()).unwrap_or_default();
    let minute = received_ms.saturating_add(AHEAD_MS).div_euclid(60_000).rem_euclid(24 * 60);
    format!("{day} {:02}:{:02}", minute / 60, minute % 60)
}

/// What a deed is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who asks.
    pub by: &'a By,
    /// When it was received: milliseconds since 1970.
    pub received_ms: i64,
    /// The day that is.
    pub today: Day,
    /// The reason given.
    pub why: &'a str,
    /// The papers given.
    pub evidence: &'a [Digest],
}

/// What is known of a deed that was done.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Its place in the record.
    pub number: u64,
    /// Who did it.
    pub by: &'a By,
    /// When it was received: milliseconds since 1970.
    pub received_ms: i64,
    /// The day that was.
    pub today: Day,
    /// The reason given.
    pub why: &'a str,
    /// The papers given.
    pub evidence: &'a [Digest],
}

/// On whose points or place a deed decides.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// Under which scheme: those compared with these offices there are judged with them. Absent where nobody is.
    pub scheme: Option<&'a SchemeId>,
    /// Which offices; empty: all the scheme assesses.
    pub offices: Vec<&'a OfficeId>,
}

/// One kind of deed.
pub trait Deed {
    /// What people call it.
    fn word(&self) -> Text;

    /// Who may do it.
    fn right(&self) -> Right;

    /// The offices it concerns.
    fn concerns<'a>(&'a self, state: &'a State) -> Vec<&'a OfficeId>;

    /// On whose points or place it decides; `None` where it decides on nobody's. Nobody who belongs to them does it.
    fn judges<'a>(&'a self, _: &'a State) -> Option<Judged<'a>> {
        None
    }

    /// Whether it can be done now: everything that is wrong.
    fn check(&self, state: &State, asked: &Asked<'_>, findings: &mut Report);

    /// Its effect. Total: whatever stands in the record has one.
    fn apply(&self, state: &mut State, told: &Told<'_>, touched: &mut Touched);
}
