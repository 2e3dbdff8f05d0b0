//! The state, made from the record alone.

use kaoping_ledger::{Algorithm, Digest, Tree, entry::NotCanonical};
use kaoping_office::{Act, Entry, State, tables::Touched};
use kaoping_store::{EntryRow, Failed, Store};
use kaoping_terms::{Diagnostic, Text};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

/// What follows from a record.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The state.
    pub state: State,
    /// The hashes of its entries.
    pub tree: Tree,
    /// The hash of the last of them.
    pub last: Digest,
    pub(crate) ids: Ids,
}

impl Loaded {
    /// Before there is any entry. The algorithm is that of the entry that founds the record.
    pub(crate) fn empty(algorithm: Algorithm) -> Self {
        Self { state: State::default(), tree: Tree::new(algorithm), last: algorithm.nothing(), ids: Ids::default() }
    }
}

/// Which ids were used, for which entry, and fingerprints of what it says and of whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    known: HashMap<Box<str>, Used>,
    fingerprints: RandomState,
}

/// What an id was used for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    pub(crate) number: u64,
    says: u64,
    by: u64,
}

impl Ids {
    /// What an entry was asked to say, apart from where it stands, when it was received and what the program found
    /// out about it: the end of its bytes.
    fn fingerprint(&self, entry: &Entry, bytes: &[u8]) -> u64 {
        let asked = entry.act.as_asked().map(|act| Entry { act, ..entry.clone() }.to_bytes());
        let asked = asked.and_then(Result::ok);
        let bytes = asked.as_deref().unwrap_or(bytes);
        // No id and no hash has a quotation mark in it, so that the first of these is the real one.
        let mark: &[u8] = b",\"by\":{";
        let says = memchr::memmem::find(bytes, mark).and_then(|at| bytes.get(at..));
        self.fingerprints.hash_one(says.unwrap_or(bytes))
    }

    pub(crate) fn find(&self, id: &str) -> Option<Used> {
        self.known.get(id).copied()
    }

    /// Whether an entry says what was said under its id before.
    pub(crate) fn is_again(&self, used: Used, entry: &Entry, bytes: &[u8]) -> bool {
        used.says == self.fingerprint(entry, bytes)
    }

    /// Whether that account used the id itself.
    pub(crate) fn is_own(&self, used: Used, account: &str) -> bool {
        used.by == self.fingerprints.hash_one(account)
    }

    pub(crate) fn add(&mut self, entry: &Entry, bytes: &[u8]) {
        let (says, by) = (self.fingerprint(entry, bytes), self.fingerprints.hash_one(entry.by.account.as_str()));
        self.known.insert(entry.id.as_str().into(), Used { number: entry.number, says, by });
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.known.remove(id);
    }
}

/// Makes the state from all entries of a store, and looks at each: its form, its place, its hash, the
/// one before it.
///
/// # Errors
/// The store cannot be read, or an entry is not what it was when it was written.
pub fn load(store: &mut dyn Store) -> Result<Loaded, Failed> {
    let mut loaded = None;
    let mut broken = None;
    store.entries(0, &mut |row| {
        let taken = match loaded.take() {
            None => founded(&row).and_then(|algorithm| take(Loaded::empty(algorithm), &row)),
            Some(before) => take(before, &row),
        };
        match taken {
            Ok(next) => loaded = Some(next),
            Err(finding) => broken = Some(finding),
        }
        broken.is_none()
    })?;
    match broken {
        Some(finding) => Err(Failed::Refused(finding)),
        None => Ok(loaded.unwrap_or_else(|| Loaded::empty(Algorithm::Sha256))),
    }
}

/// The algorithm the record was founded with.
fn founded(row: &EntryRow) -> Result<Algorithm, Box<Diagnostic>> {
    let entry = Entry::from_bytes(&row.bytes).map_err(|why| unreadable(row.number, &why))?;
    match &entry.act {
        Act::Found(found) => Algorithm::named(&found.algorithm).ok_or_else(|| {
            let of = &found.algorithm;
            damaged(row.number, &Text::new(format!("不认识算法 {of}"), format!("no algorithm {of}")))
        }),
        _ => Err(damaged(row.number, &Text::new("它不是成立台账的那一条", "it does not found the record"))),
    }
}

fn unreadable(number: u64, why: &NotCanonical) -> Box<Diagnostic> {
    damaged(number, &why.told())
}

fn take(mut loaded: Loaded, row: &EntryRow) -> Result<Loaded, Box<Diagnostic>> {
    let entry = Entry::from_bytes(&row.bytes).map_err(|why| unreadable(row.number, &why))?;
    let hash = loaded.tree.algorithm().leaf(&row.bytes);
    let number = loaded.tree.size();
    let looked_at = [
        (entry.number != number || row.number != number, "编号不是这个位置的", "its number is not that of its place"),
        (entry.before != loaded.last, "前一条的散列不符", "it names another hash than that of the entry before it"),
        (
            entry.received_ms < loaded.state.received_ms,
            "收到时间早于前一条",
            "it was received before the one before it",
        ),
    ];
    let wrong = looked_at.into_iter().find(|(wrong, ..)| *wrong).map(|(_, zh, en)| Text::new(zh, en));
    let is_another = |of: Text| {
        Text::new(
            format!("旁边记的{}与正文不符", of.zh),
            format!("beside it {} is noted otherwise than it says", of.en),
        )
    };
    if let Some(why) = wrong.or_else(|| beside(&entry, row, hash).into_iter().next().map(is_another)) {
        return Err(damaged(number, &why));
    }
    loaded.state.apply(&entry, &mut Touched::unheard());
    loaded.ids.add(&entry, &row.bytes);
    loaded.tree.push(hash.bytes);
    loaded.last = hash;
    Ok(loaded)
}

/// What is noted beside an entry and is not what it says.
pub(crate) fn beside(entry: &Entry, row: &EntryRow, hash: Digest) -> Vec<Text> {
    let columns = [
        (entry.id != row.id, "编号（id）", "its id"),
        (entry.received_ms != row.received_ms, "收到时间（received_ms）", "when it was received (received_ms)"),
        (hash.bytes != row.hash, "散列（hash）", "its hash"),
    ];
    columns.into_iter().filter(|(differs, ..)| *differs).map(|(_, zh, en)| Text::new(zh, en)).collect()
}

fn damaged(number: u64, why: &Text) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            "record-damaged",
            Text::new(
                format!("台账第 {number} 条不对：{}", why.zh),
                format!("entry {number} of the record is not right: {}", why.en),
            ),
        )
        .why(Text::new("写入以后被改过，或者磁盘坏了", "it was changed after it was written, or the disk is failing"))
        .next(Text::new(
            "不要再往里写；用 kaoping verify 和保存的检查点查明改了哪里，从相符的备份恢复",
            "do not write to it; find out with kaoping verify and a pinned checkpoint what was changed, and restore a backup that agrees",
        )),
    )
}
