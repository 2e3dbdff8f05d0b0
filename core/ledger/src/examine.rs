//! Going through a record and comparing it with checkpoints somebody kept.
//!
//! A chain alone shows careless changes only: whoever may write everything can cut the end off, or
//! change an entry and hash all the rest anew. The root over the first entries cannot be kept while
//! one of them changes, so each checkpoint that was kept elsewhere (*pinned*) vouches for all before
//! it. What came after the last of them rests on the chain and the signatures alone, and is said so.

use crate::{
    checkpoint::SignedCheckpoint,
    entry::{FORM, Link, NotCanonical},
    hash::{Algorithm, Digest},
    keys::PublicKey,
    tree::Tree,
};
use alloc::{format, vec::Vec};
use kaoping_terms::{Diagnostic, Report, Text};

/// How many faults of the same kind are told one by one.
const TOLD: usize = 20;

/// A record being gone through, entry by entry.
pub struct Examination<'pins> {
    key: &'pins PublicKey,
    pins: Vec<&'pins SignedCheckpoint>,
    next_pin: usize,
    tree: Tree,
    before: Digest,
    received_ms: i64,
    good_pin: u64,
    told: usize,
    findings: Report,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Examined {
    /// The hashes of all entries.
    pub tree: Tree,
    /// Up to which entry pinned checkpoints vouch for the record, if nothing was found.
    pub vouched: u64,
    /// What is wrong; nothing where the record is whole.
    pub findings: Report,
}

impl<'pins> Examination<'pins> {
    /// Begins. `key` and `pins` come from outside the record: kept, printed or mailed. A pin of
    /// another record or without that key's signature is a finding itself and vouches for nothing.
    pub fn new(key: &'pins PublicKey, algorithm: Algorithm, pins: &'pins [SignedCheckpoint]) -> Self {
        let mut findings = Report::new();
        let mut sound: Vec<&SignedCheckpoint> = Vec::new();
        for pin in pins {
            let of = &pin.checkpoint;
            if of.origin != key.name {
                findings.push(pin_of_another(&of.origin, &key.name));
            } else if of.root.algorithm != algorithm {
                findings.push(pin_otherwise_hashed(of.root.algorithm, algorithm));
            } else if pin.signed_by(key) {
                sound.push(pin);
            } else {
                findings.push(pin_not_signed(of.size));
            }
        }
        sound.sort_by_key(|pin| pin.checkpoint.size);
        let mut examination = Self {
            key,
            pins: sound,
            next_pin: 0,
            tree: Tree::new(algorithm),
            before: algorithm.nothing(),
            received_ms: i64::MIN,
            good_pin: 0,
            told: 0,
            findings,
        };
        examination.compare_with_pins();
        examination
    }

    /// The next entry, as it is kept; whether what links it could be read. Where it could not, that is told.
    pub fn entry(&mut self, bytes: &[u8]) -> bool {
        let number = self.tree.size();
        let link = Link::of(bytes);
        match &link {
            Err(why) => self.tell(|| unreadable(number, &why.told())),
            Ok(link) => self.link(number, link),
        }
        let hash = self.tree.algorithm().leaf(bytes);
        self.before = hash;
        self.tree.push(hash.bytes);
        self.compare_with_pins();
        link.is_ok_and(|link| link.form == FORM)
    }

    /// To whoever knows deeds the entry that was given last is none.
    pub fn unreadable(&mut self, why: &Text) {
        let number = self.tree.size().saturating_sub(1);
        self.tell(|| unreadable(number, why));
    }

    fn link(&mut self, number: u64, link: &Link) {
        if link.form != FORM {
            self.tell(|| unreadable(number, &NotCanonical::Form(link.form).told()));
        }
        if link.number != number {
            self.tell(|| out_of_order(number, link.number));
        }
        if link.before != self.before {
            self.tell(|| chain_broken(number));
        }
        if link.received_ms < self.received_ms {
            self.tell(|| back_dated(number));
        }
        self.received_ms = self.received_ms.max(link.received_ms);
    }

    fn compare_with_pins(&mut self) {
        while let Some(pin) = self.pins.get(self.next_pin).filter(|pin| pin.checkpoint.size == self.tree.size()) {
            let (size, root) = (pin.checkpoint.size, pin.checkpoint.root);
            if self.tree.root() == root {
                self.good_pin = size;
            } else {
                let from = self.good_pin;
                self.tell(|| not_as_pinned(from, size));
            }
            self.next_pin += 1;
        }
    }

    /// Ends: all entries were given.
    pub fn finish(mut self) -> Examined {
        let size = self.tree.size();
        if let Some(last) = self.pins.last().map(|pin| pin.checkpoint.size).filter(|last| *last > size) {
            let origin = self.key.name.clone();
            self.findings.push(shorter_than_pinned(&origin, size, last));
        }
        if self.told > TOLD {
            self.findings.push(more(self.told - TOLD));
        }
        Examined { tree: self.tree, vouched: self.good_pin, findings: self.findings }
    }

    fn tell(&mut self, finding: impl FnOnce() -> Diagnostic) {
        if self.told < TOLD {
            self.findings.push(finding());
        }
        self.told += 1;
    }
}

fn pin_of_another(origin: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(
        "checkpoint-of-another-record",
        Text::new(
            format!("检查点是“{origin}”的，台账的公钥是“{expected}”的"),
            format!("the checkpoint is of `{origin}`, the key of the record of `{expected}`"),
        ),
    )
    .why(Text::new(
        "别的台账的检查点证明不了这本台账",
        "a checkpoint of another record vouches for nothing in this one",
    ))
    .next(Text::new("换上这本台账的检查点和公钥", "give checkpoint and key of the same record"))
}

fn pin_otherwise_hashed(found: Algorithm, expected: Algorithm) -> Diagnostic {
    Diagnostic::error(
        "checkpoint-of-another-record",
        Text::new(
            format!("检查点用 {}，台账用 {}", found.name(), expected.name()),
            format!("the checkpoint is in {}, the record in {}", found.name(), expected.name()),
        ),
    )
    .why(Text::new("一本台账从头到尾用一种算法", "a record keeps the algorithm it was founded with"))
    .next(Text::new("换上这本台账的检查点", "give a checkpoint of this record"))
}

fn pin_not_signed(size: u64) -> Diagnostic {
    Diagnostic::error(
        "checkpoint-not-signed",
        Text::new(
            format!("第 {size} 条处的检查点没有这把公钥的有效签名"),
            format!("the checkpoint at {size} has no valid signature of this key"),
        ),
    )
    .why(Text::new("谁都写得出没有签名的检查点", "anybody can write a checkpoint without a signature"))
    .next(Text::new("用当初保存的原文，一个字也不改", "use the text that was kept, without any change"))
}

fn unreadable(number: u64, why: &Text) -> Diagnostic {
    Diagnostic::error(
        "record-unreadable",
        Text::new(format!("第 {number} 条读不出来：{}", why.zh), format!("entry {number} cannot be read: {}", why.en)),
    )
    .why(Text::new(
        "一条记录只有一种写法，写成别的就是改过",
        "an entry has one form in bytes; any other was not written by the program",
    ))
    .next(tampered())
}

fn out_of_order(number: u64, found: u64) -> Diagnostic {
    Diagnostic::error(
        "record-out-of-order",
        Text::new(
            format!("第 {number} 条的位置上是编号 {found} 的记录"),
            format!("in the place of entry {number} stands the one numbered {found}"),
        ),
    )
    .why(Text::new("记录不删、不插、不换次序", "entries are never taken out, put in between or moved"))
    .next(tampered())
}

fn chain_broken(number: u64) -> Diagnostic {
    Diagnostic::error(
        "record-chain-broken",
        Text::new(
            format!("第 {number} 条所记的前一条的散列，与前一条不符"),
            format!("entry {number} names another hash than that of the entry before it"),
        ),
    )
    .why(Text::new("前一条写入以后被改过、换过或删过", "the entry before it was changed, replaced or taken out"))
    .next(tampered())
}

fn back_dated(number: u64) -> Diagnostic {
    Diagnostic::error(
        "record-back-dated",
        Text::new(
            format!("第 {number} 条的收到时间早于它前面的记录"),
            format!("entry {number} was received earlier than one before it"),
        ),
    )
    .why(Text::new("收到时间由服务器记，只增不减", "the server notes when it received an entry, and never goes back"))
    .next(tampered())
}

fn not_as_pinned(from: u64, size: u64) -> Diagnostic {
    Diagnostic::error(
        "record-not-as-pinned",
        Text::new(
            format!("前 {size} 条的根与保存的检查点不符；第 {from} 条以前相符，改动在这以后"),
            format!("the root over the first {size} entries is not the pinned one; up to {from} they agree, so the change lies behind"),
        ),
    )
    .why(Text::new(
        "检查点以前的任何一个字变了，根就不同，整本重算散列也一样",
        "one changed byte before a checkpoint gives another root, however often everything is hashed anew",
    ))
    .next(tampered())
}

fn shorter_than_pinned(origin: &str, size: u64, pinned: u64) -> Diagnostic {
    Diagnostic::error(
        "record-shorter-than-pinned",
        Text::new(
            format!("“{origin}”只有 {size} 条，保存的检查点是 {pinned} 条时的"),
            format!("`{origin}` has {size} entries, the pinned checkpoint was made at {pinned}"),
        ),
    )
    .why(Text::new("末尾被截去，或者换上了旧备份", "its end was cut off, or an old backup was put in its place"))
    .next(tampered())
}

fn more(count: usize) -> Diagnostic {
    Diagnostic::error(
        "record-unreadable",
        Text::new(
            format!("还有 {count} 处不符，没有逐条列出"),
            format!("{count} more faults are not listed one by one"),
        ),
    )
    .why(Text::new("一处改动会带出后面许多处", "one change brings out many behind it"))
    .next(tampered())
    .standing_for(count)
}

fn tampered() -> Text {
    Text::new(
        "不要再往里写；从与检查点相符的备份恢复，并查清谁动过数据库",
        "stop writing to it; restore a backup that agrees with the checkpoint, and find out who had the database in hand",
    )
}
