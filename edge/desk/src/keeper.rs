//! The thread that writes what was decided, and shows it.
//!
//! While it waits for the disk, the next batch is decided. So there are three states: the one deeds are decided on is ahead,
//! the one readers see is durable, and one is brought up behind it, to be shown next.

use crate::{
    answer::{Receipt, Refusal, stopped},
    desk::{Current, Shown},
    jobs::{Batch, Waiting},
    signed::Remember,
};
use kaoping_ledger::{Algorithm, Checkpoint, Place, SecretKey, SignedCheckpoint, Tree};
use kaoping_office::{Act, Entry, State, tables::Touched};
use kaoping_store::{Commit, EntryRow, Failed, Store};
use kaoping_terms::Diagnostic;
use std::{
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::Receiver,
    },
    thread,
    time::{Duration, Instant},
};

/// After so many entries there is a new checkpoint, whatever they say.
pub(crate) const ENTRIES_A_CHECKPOINT: u64 = 1000;

/// After so long there is a new checkpoint, if there are new entries: milliseconds.
pub(crate) const MS_A_CHECKPOINT: i64 = 60_000;

/// So long readers are waited for before they are left with what they look at.
const PATIENCE: Duration = Duration::from_millis(20);

/// And looked after so often.
const A_MOMENT: Duration = Duration::from_micros(20);

/// Called once when the disk failed.
pub(crate) type Fatal = Box<dyn FnOnce() + Send>;

/// What readers saw before they saw what they see now, and what is new in that.
struct Behind {
    shown: Arc<Shown>,
    entries: Vec<Entry>,
    rows: Vec<EntryRow>,
}

/// Who writes.
pub(crate) struct Keeper {
    store: Box<dyn Store>,
    key: SecretKey,
    fatal: Option<Fatal>,
    shown: Current,
    behind: Option<Behind>,
    checkpoint_size: u64,
    checkpoint_ms: i64,
    remember: Option<Remember>,
    /// What was signed and could not be remembered yet.
    unremembered: Option<SignedCheckpoint>,
    /// How many writes failed. What was decided before the last of them and not written rests on nothing.
    failures: Arc<AtomicU64>,
    /// Why the last of them did.
    refusal: Refusal,
}

impl Keeper {
    /// One who shows what stands in `shown`.
    pub(crate) fn new(
        store: Box<dyn Store>,
        key: SecretKey,
        fatal: Fatal,
        shown: Current,
        remember: Option<Remember>,
        failures: Arc<AtomicU64>,
    ) -> Self {
        let seen = Arc::clone(&shown.read().unwrap_or_else(PoisonError::into_inner));
        let is_kept = |signed: &&SignedCheckpoint| matches!(signed.checkpoint.place, Place::Kept(_));
        let kept_size = seen.checkpoint.as_ref().filter(is_kept).map_or(0, |signed| signed.checkpoint.size);
        let behind = Behind { shown: Arc::new(Shown::clone(&seen)), entries: Vec::new(), rows: Vec::new() };
        Self {
            store,
            key,
            fatal: Some(fatal),
            shown,
            behind: Some(behind),
            checkpoint_size: kept_size,
            checkpoint_ms: 0,
            remember,
            unremembered: None,
            failures,
            refusal: Refusal::Busy,
        }
    }

    /// Works until nothing comes any more, or the disk fails: then nothing is taken any more.
    pub(crate) fn run(mut self, batches: &Receiver<Batch>) {
        while let Ok(batch) = batches.recv() {
            if !self.keep(batch) {
                return;
            }
        }
        // What does not succeed stays in the log, and nothing is lost.
        drop(self.store.settle());
    }

    /// Writes a batch and tells everybody in it. `false`: the disk failed.
    fn keep(&mut self, mut batch: Batch) -> bool {
        for (bytes, hashed) in std::mem::take(&mut batch.contents) {
            let hash = self.seen().tree.algorithm().hash(&[&bytes]);
            hashed(self.store.put_blob(&hash.to_string(), &bytes).map(|()| hash).map_err(|failed| refusal(&failed)));
        }
        if batch.failures != self.failures.load(Ordering::Acquire) {
            // What it rests on was not written.
            batch.refuse(&self.refusal);
            return true;
        }
        if let Err(failed) = self.write(&mut batch) {
            self.refusal = refusal(&failed);
            // Before anybody is told: whoever asks again is decided on what is durable.
            self.failures.fetch_add(1, Ordering::Release);
            batch.refuse(&self.refusal);
            if failed.ends_the_store() {
                if let Some(fatal) = self.fatal.take() {
                    fatal();
                }
                return false;
            }
            return true;
        }
        for waiting in std::mem::take(&mut batch.waiting) {
            self.tell(waiting);
        }
        true
    }

    /// Makes a batch durable, and shows it.
    fn write(&mut self, batch: &mut Batch) -> Result<(), Failed> {
        if batch.entries.is_empty() && !batch.checkpoint && !batch.passing {
            return match batch.private.is_empty() {
                true => Ok(()),
                false => self.store.commit(&Commit { private: &batch.private, ..Commit::default() }),
            };
        }
        let mut next = self.next();
        let mut touched = Touched::default();
        take(&mut next, &batch.entries, &batch.rows, &mut touched);
        let checkpoint = self.due(batch, &next).then(|| self.signed(&next, Place::Kept(next.kept() + 1)));
        let note = checkpoint.as_ref().map(SignedCheckpoint::text);
        let rows = touched.take_rows(&next.state);
        self.store.commit(&Commit {
            entries: &batch.rows,
            rows: &rows,
            checkpoint: checkpoint.as_ref().zip(note.as_deref()).map(|(made, note)| (made.checkpoint.size, note)),
            private: &batch.private,
        })?;
        if let Some(checkpoint) = checkpoint {
            self.checkpoint_size = checkpoint.checkpoint.size;
            self.checkpoint_ms = next.state.received_ms;
            self.unremembered = Some(checkpoint.clone());
            next.take_checkpoint(checkpoint);
        } else if batch.remember {
            self.unremembered = self.unremembered.take().or_else(|| next.checkpoint.clone());
        }
        if batch.passing && next.is_unsigned() {
            let passing = self.signed(&next, Place::After(next.kept()));
            self.unremembered = Some(passing.clone());
            next.take_checkpoint(passing);
        }
        // Before anybody is told; what does not succeed is tried again with the next batch.
        if let (Some(remember), Some(signed)) = (&mut self.remember, &self.unremembered)
            && remember(signed)
        {
            self.unremembered = None;
        }
        let (entries, rows) = (std::mem::take(&mut batch.entries), std::mem::take(&mut batch.rows));
        self.show(next, entries, rows);
        Ok(())
    }

    /// What readers saw before, with what is new in what they see now, when the last of them has looked away. Where somebody
    /// goes on looking, or a write failed, a copy of what they see now.
    fn next(&mut self) -> Shown {
        let seen = self.seen();
        let Some(Behind { mut shown, entries, rows }) = self.behind.take() else {
            return Shown::clone(&seen);
        };
        let begun = Instant::now();
        let mut next = loop {
            match Arc::try_unwrap(shown) {
                Ok(shown) => break shown,
                Err(_) if begun.elapsed() > PATIENCE => return Shown::clone(&seen),
                Err(still) => shown = still,
            }
            thread::sleep(A_MOMENT);
        };
        take(&mut next, &entries, &rows, &mut Touched::unheard());
        next.checkpoint.clone_from(&seen.checkpoint);
        next.published.clone_from(&seen.published);
        next
    }

    /// Lets readers see what is new.
    fn show(&mut self, next: Shown, entries: Vec<Entry>, rows: Vec<EntryRow>) {
        let next = Arc::new(next);
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *shown, next);
        drop(shown);
        self.behind = Some(Behind { shown: before, entries, rows });
    }

    /// What readers see.
    fn seen(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What somebody waited for is durable.
    fn tell(&mut self, waiting: Waiting) {
        match waiting {
            Waiting::Deed(receipt, reply) => reply(Ok(receipt)),
            Waiting::Again(number, reply) => reply(self.receipt_of(number)),
            Waiting::Private(done) => done(Ok(())),
            Waiting::Checkpoint(signed) => {
                let nothing = || Refusal::Findings(Vec::new());
                signed(self.seen().checkpoint.clone().ok_or_else(nothing));
            }
            Waiting::End(ended) => drop(ended.send(())),
        }
    }

    /// The receipt of a deed that is sent again. Its time is not kept in memory and is that of its entry.
    fn receipt_of(&mut self, number: u64) -> Result<Receipt, Refusal> {
        let mut found = None;
        let read = self.store.entries(number, &mut |row| {
            found = Some(row.received_ms);
            false
        });
        read.map_err(|failed| refusal(&failed))?;
        let receipt = self.seen().tree.leaf(number).zip(found).map(|(hash, received_ms)| Receipt {
            number,
            hash,
            received_ms,
            again: true,
            warnings: Vec::new(),
        });
        receipt.ok_or_else(|| Refusal::Stopped(Box::new(stopped())))
    }

    /// Whether a checkpoint over everything there will be with the batch is due.
    fn due(&self, batch: &Batch, next: &Shown) -> bool {
        let new = next.tree.size().saturating_sub(self.checkpoint_size);
        let long = next.state.received_ms.saturating_sub(self.checkpoint_ms) >= MS_A_CHECKPOINT;
        new > 0 && (batch.checkpoint || new >= ENTRIES_A_CHECKPOINT || long)
    }

    /// A checkpoint over all of it.
    fn signed(&self, next: &Shown, place: Place) -> SignedCheckpoint {
        let Shown { state, tree, .. } = next;
        let (origin, received_ms) = (state.origin.clone(), state.received_ms);
        Checkpoint { origin, size: tree.size(), root: tree.root(), received_ms, place }.sign(&self.key)
    }
}

/// Applies entries to what will be shown.
fn take(next: &mut Shown, entries: &[Entry], rows: &[EntryRow], touched: &mut Touched) {
    for (entry, row) in entries.iter().zip(rows) {
        if let Act::Found(found) = &entry.act
            && let Some(algorithm) = Algorithm::named(&found.algorithm)
        {
            *next = Shown::of(State::default(), Tree::new(algorithm));
        }
        next.state.apply(entry, touched);
        next.tree.push(row.hash);
    }
}

/// What a failure of the store is to those who wait.
fn refusal(failed: &Failed) -> Refusal {
    let finding = Diagnostic::from(failed.clone());
    match failed {
        Failed::DiskFull { .. } => Refusal::ReadOnly(Box::new(finding)),
        _ if failed.ends_the_store() => Refusal::Stopped(Box::new(stopped())),
        _ => Refusal::Findings(Vec::from([finding])),
    }
}
