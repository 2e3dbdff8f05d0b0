//! The thread that writes.

use crate::{
    answer::{
        Answer, Receipt, Refusal, Request, failed_at_it, stopped, unusable_id, unwritable, used_by_another,
        used_otherwise,
    },
    desk::{Current, Opening, Shown},
    load::{Ids, Loaded},
    signed::Remember,
    watch::Watch,
};
use kaoping_ledger::{Algorithm, By, Checkpoint, Digest, Place, SecretKey, SignedCheckpoint, Tree, entry::FORM};
use kaoping_office::{Act, Entry, State, ids::is_name, tables::Touched};
use kaoping_store::{Commit, EntryRow, Failed, Private, Store};
use kaoping_terms::Diagnostic;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
    thread,
    time::{Duration, Instant},
};

/// After so many entries there is a new checkpoint, whatever they say.
pub(crate) const ENTRIES_A_CHECKPOINT: u64 = 1000;

/// So many deeds are written at a time, at most: a checkpoint is over all of them.
pub(crate) const MOST_AT_A_TIME: usize = 256;

/// After so long there is a new checkpoint, if there are new entries: milliseconds.
pub(crate) const MS_A_CHECKPOINT: i64 = 60_000;

/// So long readers are waited for before they are left with what they look at.
const PATIENCE: Duration = Duration::from_millis(20);

/// And looked after so often.
const A_MOMENT: Duration = Duration::from_micros(20);

/// What waits.
pub(crate) enum Job {
    /// A deed, and what goes with it beside the record.
    Deed(Box<Request>, Vec<Private>, Box<dyn FnOnce(Answer) + Send>),
    /// Things beside the record.
    Private(Vec<Private>, Box<dyn FnOnce(Result<(), Refusal>) + Send>),
    /// A content.
    Content(Vec<u8>, Box<dyn FnOnce(Result<Digest, Refusal>) + Send>),
    /// A checkpoint is wanted.
    Checkpoint(Box<dyn FnOnce(Result<SignedCheckpoint, Refusal>) + Send>),
    /// What is new is to be signed and remembered, and not kept with the record.
    Passing,
}

/// What waits, and how much that is.
pub(crate) struct Jobs {
    pub(crate) jobs: Receiver<Job>,
    pub(crate) waiting: Arc<AtomicUsize>,
}

impl Jobs {
    /// The next, when there is one; `None` when nobody can ask any more.
    fn wait(&self) -> Option<Job> {
        self.taken(self.jobs.recv().ok())
    }

    /// The next, where one waits.
    fn next(&self) -> Option<Job> {
        self.taken(self.jobs.try_recv().ok())
    }

    fn taken(&self, job: Option<Job>) -> Option<Job> {
        if job.is_some() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        job
    }
}

impl Job {
    /// Nothing was begun.
    pub(crate) fn refuse(self, refusal: &Refusal) {
        let refusal = refusal.clone();
        match self {
            Self::Deed(_, _, reply) => reply(Err(refusal)),
            Self::Private(_, reply) => reply(Err(refusal)),
            Self::Content(_, reply) => reply(Err(refusal)),
            Self::Checkpoint(reply) => reply(Err(refusal)),
            Self::Passing => (),
        }
    }
}

/// Called with how a batch ended: `None` where all of it is durable.
type After = Box<dyn FnOnce(Option<&Refusal>, &Shown) + Send>;

/// What is written together.
#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    rows: Vec<EntryRow>,
    private: Vec<Private>,
    after: Vec<After>,
    checkpoint: bool,
    passing: bool,
}

/// Whether a deed is signed together with it: others rest on it, or are to be shown it.
pub(crate) fn is_signed_with(act: &Act) -> bool {
    matches!(
        act,
        Act::Found(_)
            | Act::PutDownResults(_)
            | Act::Seal(_)
            | Act::Publish(_)
            | Act::ConfirmAwards(_)
            | Act::ConfirmRestore(_)
    )
}

/// The writer, with a state ahead of what readers see.
pub(crate) struct Writer {
    store: Box<dyn Store>,
    key: SecretKey,
    clock: Box<dyn Fn() -> i64 + Send>,
    watch: Option<Watch>,
    batch: usize,
    fatal: Option<Box<dyn FnOnce() + Send>>,
    /// What readers will see when everything begun is durable.
    ahead: Shown,
    last: Digest,
    ids: Ids,
    touched: Touched,
    shown: Current,
    checkpoint_size: u64,
    checkpoint_ms: i64,
    remember: Option<Remember>,
    /// What was signed and could not be remembered yet.
    unremembered: Option<SignedCheckpoint>,
}

impl Writer {
    pub(crate) fn new(
        opening: Opening,
        loaded: Loaded,
        shown: Current,
        mut watch: Option<Watch>,
        remember: Option<Remember>,
    ) -> Self {
        let Loaded { state, tree, last, ids } = loaded;
        let (checkpoint, published) = {
            let shown = shown.read().unwrap_or_else(PoisonError::into_inner);
            (shown.checkpoint.clone(), shown.published.clone())
        };
        let is_kept = |signed: &&SignedCheckpoint| matches!(signed.checkpoint.place, Place::Kept(_));
        let kept_size = checkpoint.as_ref().filter(is_kept).map_or(0, |signed| signed.checkpoint.size);
        let Opening { store, key, clock, batch, fatal, .. } = opening;
        if let Some(watch) = &mut watch {
            watch.begin(clock(), (state.size > 0).then_some(state.received_ms));
        }
        Self {
            store,
            key,
            clock,
            watch,
            batch: batch.clamp(1, MOST_AT_A_TIME),
            fatal: Some(fatal),
            checkpoint_size: kept_size,
            ahead: Shown { state, tree, checkpoint, published },
            last,
            ids,
            touched: Touched::default(),
            shown,
            checkpoint_ms: 0,
            remember,
            unremembered: None,
        }
    }

    /// Works until nobody can ask any more. What waits when the disk fails is refused.
    pub(crate) fn run(mut self, jobs: &Jobs) {
        while let Some(first) = jobs.wait() {
            let mut batch = Batch::default();
            // Who comes meanwhile goes into the next one: those who were told of this one ask again while that is written,
            // and neither waits for the other.
            let mut there = jobs.waiting.load(Ordering::Relaxed).min(self.batch - 1);
            let mut sound = self.begin(first, &mut batch);
            while sound
                && there > 0
                && let Some(next) = jobs.next()
            {
                sound = self.begin(next, &mut batch);
                there -= 1;
            }
            if !sound {
                // Whatever stood beside it was not written: it is to be sent again.
                self.throw_away(&batch);
                self.tell(batch.after, Some(&Refusal::Busy));
                continue;
            }
            if !self.finish(batch) {
                let refusal = Refusal::Stopped(Box::new(stopped()));
                while let Some(waiting) = jobs.wait() {
                    waiting.refuse(&refusal);
                }
                return;
            }
        }
        self.end();
    }

    /// Nobody can ask any more: what is new is signed, and the store made ready to be carried away.
    fn end(mut self) {
        let done = Box::new(|_: Option<&Refusal>, _: &Shown| ());
        if self.finish(Batch { checkpoint: true, after: Vec::from([done as After]), ..Batch::default() }) {
            // What does not succeed stays in the log, and nothing is lost.
            drop(self.store.settle());
        }
    }

    /// Decides one thing; it becomes durable with the batch. `false`: the program failed at it, and the state
    /// ahead may be half changed.
    fn begin(&mut self, job: Job, batch: &mut Batch) -> bool {
        match job {
            Job::Deed(request, private, reply) => return self.deed(*request, private, reply, batch),
            Job::Private(private, reply) => {
                batch.private.extend(private);
                batch.after.push(Box::new(move |refusal, _| reply(refusal.cloned().map_or(Ok(()), Err))));
            }
            Job::Content(bytes, reply) => {
                let hash = self.ahead.tree.algorithm().hash(&[&bytes]);
                reply(self.store.put_blob(&hash.to_string(), &bytes).map(|()| hash).map_err(|failed| refusal(&failed)));
            }
            Job::Checkpoint(reply) => {
                batch.checkpoint = true;
                // Where nothing is new it is remembered once more.
                self.unremembered = self.unremembered.take().or_else(|| self.ahead.checkpoint.clone());
                batch.after.push(Box::new(move |refusal, shown| {
                    let nothing = || Refusal::Findings(Vec::new());
                    reply(match refusal {
                        Some(refusal) => Err(refusal.clone()),
                        None => shown.checkpoint.clone().ok_or_else(nothing),
                    });
                }));
            }
            Job::Passing => {
                batch.passing = true;
                batch.after.push(Box::new(|_, _| ()));
            }
        }
        true
    }

    /// A defect of the program stops the deed that met it, not the desk.
    fn deed(
        &mut self,
        request: Request,
        private: Vec<Private>,
        reply: Box<dyn FnOnce(Answer) + Send>,
        batch: &mut Batch,
    ) -> bool {
        let decided = catch_unwind(AssertUnwindSafe(|| self.decide(request, batch)));
        let Ok(decided) = decided else {
            reply(Err(Refusal::Findings(Vec::from([failed_at_it()]))));
            return false;
        };
        match decided {
            Ok(receipt) => {
                if !receipt.again {
                    batch.private.extend(private);
                }
                batch.after.push(Box::new(move |refusal, _| reply(refusal.cloned().map_or(Ok(receipt), Err))))
            }
            Err(findings) => reply(Err(Refusal::Findings(findings))),
        }
        true
    }

    fn decide(&mut self, request: Request, batch: &mut Batch) -> Result<Receipt, Vec<Diagnostic>> {
        let Request { id, by, anywhere, act, why, evidence } = request;
        if !is_name(&id) {
            return Err(Vec::from([unusable_id(&id)]));
        }
        let known = self.ids.find(&id);
        let before = known.filter(|used| anywhere && self.ids.is_own(*used, &by.account));
        let by = before.and_then(|used| self.by_of(used.number)).unwrap_or(by);
        let mut warnings = Vec::new();
        if known.is_none() {
            let received_ms = (self.clock)().max(self.ahead.state.received_ms);
            let confirms = matches!(act, Act::ConfirmClock(_));
            if let Some(watch) = self.watch.as_ref().filter(|_| !confirms)
                && let Some(finding) = watch.refuses(received_ms, self.ahead.state.received_ms)
            {
                return Err(Vec::from([finding]));
            }
            let findings = self.ahead.state.may(&act, &by, received_ms, &why, &evidence);
            if findings.has_errors() {
                return Err(findings.into_sorted());
            }
            warnings = findings.into_sorted();
            if let Some(watch) = self.watch.as_mut().filter(|_| confirms) {
                watch.confirm(received_ms);
            }
            if let Act::Found(found) = &act
                && let Some(algorithm) = Algorithm::named(&found.algorithm)
            {
                self.begin_anew(algorithm);
            }
        }
        let entry = Entry {
            form: FORM,
            number: self.ahead.tree.size(),
            before: self.last,
            id,
            received_ms: (self.clock)().max(self.ahead.state.received_ms),
            by,
            act,
            why,
            evidence,
        };
        let bytes = entry.to_bytes().map_err(|_| Vec::from([unwritable()]))?;
        if let Some(used) = known {
            let own = self.ids.is_own(used, &entry.by.account);
            return match (self.ids.is_again(used, &entry, &bytes), self.receipt_of(used.number)) {
                (true, Some(receipt)) => Ok(receipt),
                _ if own => Err(Vec::from([used_otherwise(&entry.id, used.number)])),
                _ => Err(Vec::from([used_by_another(&entry.id)])),
            };
        }
        if memchr::memmem::find(&bytes, b"\\u0000").is_some() {
            return Err(Vec::from([unwritable()]));
        }
        let hash = self.ahead.tree.algorithm().leaf(&bytes);
        let receipt = Receipt { number: entry.number, hash, received_ms: entry.received_ms, again: false, warnings };
        self.ahead.state.apply(&entry, &mut self.touched);
        self.ahead.tree.push(hash.bytes);
        self.last = hash;
        self.ids.add(&entry, &bytes);
        batch.checkpoint |= is_signed_with(&entry.act);
        batch.rows.push(EntryRow {
            number: entry.number,
            id: entry.id.clone(),
            received_ms: entry.received_ms,
            hash: hash.bytes,
            bytes,
        });
        batch.entries.push(entry);
        Ok(receipt)
    }

    /// In which office and role a deed was done, unless it was for somebody else: that is named every time. One of the
    /// same batch is not kept yet, and nothing it depends on has changed since.
    fn by_of(&mut self, number: u64) -> Option<By> {
        let mut found = None;
        let read = self.store.entries(number, &mut |row| {
            found = Entry::from_bytes(&row.bytes).ok();
            false
        });
        read.ok()?;
        found.map(|entry| entry.by).filter(|by| by.deputy_for.is_none())
    }

    /// The receipt of a deed that is sent again. Its time is not kept in memory and is that of its entry.
    fn receipt_of(&mut self, number: u64) -> Option<Receipt> {
        let hash = self.ahead.tree.leaf(number)?;
        let mut received_ms = None;
        let kept = self.store.entries(number, &mut |row| {
            received_ms = Some(row.received_ms);
            false
        });
        // One of the same batch is not kept yet: it was received just now.
        let received_ms = kept.ok().and(received_ms).unwrap_or(self.ahead.state.received_ms);
        Some(Receipt { number, hash, received_ms, again: true, warnings: Vec::new() })
    }

    /// Writes a batch and tells everybody in it. `false`: the disk failed.
    fn finish(&mut self, batch: Batch) -> bool {
        if batch.after.is_empty() {
            return true;
        }
        let checkpoint = self.checkpoint(&batch);
        let note = checkpoint.as_ref().map(SignedCheckpoint::text);
        let rows = self.touched.take_rows(&self.ahead.state);
        let commit = Commit {
            entries: &batch.rows,
            rows: &rows,
            checkpoint: checkpoint
                .as_ref()
                .zip(note.as_deref())
                .map(|(checkpoint, note)| (checkpoint.checkpoint.size, note)),
            private: &batch.private,
        };
        match self.store.commit(&commit) {
            Ok(()) => {
                if let Some(checkpoint) = checkpoint {
                    self.checkpoint_size = checkpoint.checkpoint.size;
                    self.checkpoint_ms = (self.clock)();
                    self.unremembered = Some(checkpoint.clone());
                    self.ahead.take_checkpoint(checkpoint);
                }
                if batch.passing && self.ahead.is_unsigned() {
                    let passing = self.signed(Place::After(self.ahead.kept()));
                    self.unremembered = Some(passing.clone());
                    self.ahead.take_checkpoint(passing);
                }
                // Before anybody is told; what does not succeed is tried again with the next batch.
                if let (Some(remember), Some(signed)) = (&mut self.remember, &self.unremembered)
                    && remember(signed)
                {
                    self.unremembered = None;
                }
                let before = self.show();
                self.tell(batch.after, None);
                self.ahead = self.brought_up(before, &batch.entries, &batch.rows);
                true
            }
            Err(failed) => {
                self.throw_away(&batch);
                let refusal = refusal(&failed);
                self.tell(batch.after, Some(&refusal));
                if failed.ends_the_store() {
                    if let Some(fatal) = self.fatal.take() {
                        fatal();
                    }
                    return false;
                }
                true
            }
        }
    }

    /// Lets readers see what was ahead; what they saw before.
    fn show(&mut self) -> Arc<Shown> {
        let nothing = Shown::of(State::default(), Tree::new(self.ahead.tree.algorithm()));
        let ahead = Arc::new(std::mem::replace(&mut self.ahead, nothing));
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *shown, ahead)
    }

    /// What readers saw before, with what is new, when the last of them has looked away. Where somebody goes on looking,
    /// a copy of what they see now.
    fn brought_up(&self, mut before: Arc<Shown>, entries: &[Entry], rows: &[EntryRow]) -> Shown {
        let begun = Instant::now();
        let mut before = loop {
            match Arc::try_unwrap(before) {
                Ok(before) => break before,
                Err(_) if begun.elapsed() > PATIENCE => return Shown::clone(&self.seen()),
                Err(still) => before = still,
            }
            thread::sleep(A_MOMENT);
        };
        for (entry, row) in entries.iter().zip(rows) {
            if let Act::Found(_) = entry.act {
                before.tree = Tree::new(self.seen().tree.algorithm());
            }
            before.state.apply(entry, &mut Touched::unheard());
            before.tree.push(row.hash);
        }
        let seen = self.seen();
        before.checkpoint.clone_from(&seen.checkpoint);
        before.published.clone_from(&seen.published);
        before
    }

    /// What readers see.
    fn seen(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The record is founded, with that algorithm.
    fn begin_anew(&mut self, algorithm: Algorithm) {
        let Loaded { state, tree, last, ids } = Loaded::empty(algorithm);
        self.ahead = Shown::of(state, tree);
        (self.last, self.ids) = (last, ids);
    }

    fn tell(&self, after: Vec<After>, refusal: Option<&Refusal>) {
        let shown = self.seen();
        for tell in after {
            tell(refusal, &shown);
        }
    }

    /// What was decided did not become durable: the state ahead is that of the readers again.
    fn throw_away(&mut self, batch: &Batch) {
        let shown = self.seen();
        self.ahead = Shown::clone(&shown);
        let algorithm = shown.tree.algorithm();
        self.last = shown
            .tree
            .size()
            .checked_sub(1)
            .and_then(|last| shown.tree.leaf(last))
            .unwrap_or_else(|| algorithm.nothing());
        for entry in &batch.entries {
            self.ids.remove(&entry.id);
        }
        self.touched = Touched::default();
    }

    /// A checkpoint over everything there will be with the batch, where one is due.
    fn checkpoint(&self, batch: &Batch) -> Option<SignedCheckpoint> {
        let size = self.ahead.tree.size();
        let new = size.saturating_sub(self.checkpoint_size);
        let long = (self.clock)().saturating_sub(self.checkpoint_ms) >= MS_A_CHECKPOINT;
        let due = batch.checkpoint || new >= ENTRIES_A_CHECKPOINT || long;
        (due && new > 0).then(|| self.signed(Place::Kept(self.ahead.kept() + 1)))
    }

    /// A checkpoint over everything there will be.
    fn signed(&self, place: Place) -> SignedCheckpoint {
        let Shown { state, tree, .. } = &self.ahead;
        let (origin, received_ms) = (state.origin.clone(), state.received_ms);
        Checkpoint { origin, size: tree.size(), root: tree.root(), received_ms, place }.sign(&self.key)
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
