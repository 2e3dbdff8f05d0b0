//! The checkpoints that have to be there. They are counted, so that one that was taken out is missed; and what came after
//! the last of them is short: it is known by which rule they are signed.

use crate::writer::{ENTRIES_A_CHECKPOINT, MOST_AT_A_TIME, MS_A_CHECKPOINT, is_signed_with};
use kaoping_ledger::{Place, PublicKey, SignedCheckpoint, Tree};
use kaoping_office::Entry;
use kaoping_terms::{Diagnostic, Text};
use std::collections::BTreeSet;

/// How many that are missing are told one by one.
const TOLD: usize = 20;

/// The checkpoints that came with a record, and what follows the last of them.
pub(crate) struct Signing {
    own: Vec<SignedCheckpoint>,
    /// How many entries the last of them is over.
    last: u64,
    /// When the first and the last entry after it were received.
    after: Option<(i64, i64)>,
    /// A deed after it that is signed together with it.
    due: Option<u64>,
    size: u64,
}

impl Signing {
    /// Those that came with it, where that key signed them.
    pub(crate) fn of(own: impl IntoIterator<Item = SignedCheckpoint>, key: &PublicKey) -> Self {
        let own: Vec<SignedCheckpoint> = own.into_iter().filter(|own| own.signed_by(key)).collect();
        let last = own.iter().map(|own| own.checkpoint.size).max().unwrap_or(0);
        Self { own, last, after: None, due: None, size: 0 }
    }

    /// From which entry on it has to be given them.
    pub(crate) fn from(&self) -> u64 {
        self.last
    }

    /// The next entry.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        self.size = entry.number.saturating_add(1);
        if entry.number < self.last {
            return;
        }
        let first = self.after.map_or(entry.received_ms, |(first, _)| first);
        self.after = Some((first, entry.received_ms));
        if self.due.is_none() && is_signed_with(&entry.act) {
            self.due = Some(entry.number);
        }
    }

    /// What is missing, by those that came with the record and those that were kept elsewhere.
    pub(crate) fn missing(&self, tree: &Tree, key: &PublicKey, pinned: &[SignedCheckpoint]) -> Option<Diagnostic> {
        let stands = |signed: &&SignedCheckpoint| {
            let of = &signed.checkpoint;
            of.origin == key.name && tree.root_at(of.size) == Some(of.root)
        };
        let number = |signed: &SignedCheckpoint| signed.checkpoint.place;
        let there: BTreeSet<u64> = self.own.iter().filter(stands).map(number).map(Place::number).collect();
        let elsewhere = pinned.iter().filter(|pin| pin.signed_by(key)).filter(stands).map(number);
        let last = elsewhere.map(Place::number).chain(there.iter().copied()).max().unwrap_or(0);
        let (mut count, mut gone) = (0_usize, Vec::new());
        let mut next = 1;
        for there in there.iter().copied().chain([last.saturating_add(1)]) {
            for number in next..there {
                if gone.len() == TOLD {
                    break;
                }
                gone.push(number.to_string());
            }
            count += usize::try_from(there.saturating_sub(next)).unwrap_or(usize::MAX);
            next = there.saturating_add(1);
        }
        if count > 0 {
            return Some(missing(count, &gone));
        }
        self.unsigned()
    }

    /// More came after the last of them than comes before the next one.
    fn unsigned(&self) -> Option<Diagnostic> {
        let most = ENTRIES_A_CHECKPOINT + MOST_AT_A_TIME as u64;
        let many = self.size.saturating_sub(self.last) > most;
        let long = self.after.is_some_and(|(first, last)| last.saturating_sub(first) > 2 * MS_A_CHECKPOINT);
        (many || long || self.due.is_some()).then(|| unsigned(self.last, self.due))
    }
}

fn missing(count: usize, gone: &[String]) -> Diagnostic {
    let (zh, en) = (gone.join("、"), gone.join(", "));
    let (more_zh, more_en) = if count > gone.len() { (" 等", ", …") } else { ("", "") };
    checkpoint_missing(Text::new(
        format!("缺 {count} 个检查点：第 {zh}{more_zh} 个"),
        format!("{count} checkpoints are missing: {en}{more_en}"),
    ))
    .standing_for(count)
}

fn unsigned(last: u64, due: Option<u64>) -> Diagnostic {
    checkpoint_missing(match due {
        Some(number) => Text::new(
            format!("第 {number} 条该有检查点，最后一个只签到前 {last} 条"),
            format!("entry {number} is signed when it is written, and the last checkpoint is over {last} entries"),
        ),
        None => Text::new(
            format!("最后一个检查点只签到前 {last} 条，后面的早该签了"),
            format!("the last checkpoint is over {last} entries, and the next one was due long before the end"),
        ),
    })
}

fn checkpoint_missing(message: Text) -> Diagnostic {
    Diagnostic::error("checkpoint-missing", message)
        .why(Text::new(
            "检查点从 1 编起，一个不缺；成立、汇总、封存、公布、确认奖项当时就签，其余最多隔一千来条、一分钟",
            "checkpoints are numbered from 1 without gaps; founding, results, seals, publications and awards are signed at once, all else after a thousand entries or a minute",
        ))
        .next(Text::new(
            "记录有散列担保，照样可以核对；从备份找回检查点，查清谁动过数据库",
            "hashes vouch for the entries all the same; bring the checkpoints back from a backup, and find out who had the database in hand",
        ))
}
