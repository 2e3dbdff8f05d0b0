//! The thread that decides deeds, one after another.

use crate::{
    answer::{
        Receipt, Refusal, Request, failed_at_it, stopped, unusable_id, unwritable, used_by_another, used_otherwise,
    },
    desk::Current,
    jobs::{Batch, Job, Jobs, Reply, Waiting},
    load::{Ids, Loaded},
    watch::Watch,
};
use kaoping_ledger::{Algorithm, Digest, entry::FORM};
use kaoping_office::{Act, Entry, State, ids::is_name, tables::Touched};
use kaoping_store::{EntryRow, Private};
use kaoping_terms::Diagnostic;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
};

/// So many deeds are written at a time, at most: a checkpoint is over all of them.
pub(crate) const MOST_AT_A_TIME: usize = 256;

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

/// What deeds are decided on: everything there will be when all that was begun is durable.
struct Ahead {
    state: State,
    algorithm: Algorithm,
    size: u64,
    last: Digest,
}

/// Who decides.
pub(crate) struct Decider {
    clock: Box<dyn Fn() -> i64 + Send>,
    watch: Option<Watch>,
    most: usize,
    ahead: Ahead,
    ids: Ids,
    shown: Current,
    keeper: SyncSender<Batch>,
    /// How many writes failed.
    failures: Arc<AtomicU64>,
    /// How many of them are known here.
    known: u64,
}

impl Decider {
    pub(crate) fn new(
        (clock, mut watch): (Box<dyn Fn() -> i64 + Send>, Option<Watch>),
        most: usize,
        loaded: Loaded,
        shown: Current,
        keeper: SyncSender<Batch>,
        failures: Arc<AtomicU64>,
    ) -> Self {
        let Loaded { state, tree, last, ids } = loaded;
        if let Some(watch) = &mut watch {
            watch.begin(clock(), (state.size > 0).then_some(state.received_ms));
        }
        let ahead = Ahead { state, algorithm: tree.algorithm(), size: tree.size(), last };
        Self { clock, watch, most: most.clamp(1, MOST_AT_A_TIME), ahead, ids, shown, keeper, failures, known: 0 }
    }

    /// Works until nobody can ask any more. What waits when the disk fails is refused.
    pub(crate) fn run(mut self, jobs: &Jobs) {
        while let Some(first) = jobs.wait() {
            let Some(batch) = self.batch(first, jobs) else { continue };
            if !self.hand_over(batch, jobs) {
                while let Some(waiting) = jobs.wait() {
                    waiting.refuse(&Refusal::Stopped(Box::new(stopped())));
                }
                return;
            }
        }
        // Nobody can ask any more: what is new is signed.
        let last = Batch { checkpoint: true, ..self.empty() };
        drop(self.keeper.send(last));
    }

    /// Decides what waits. `None`: the program failed at it, and nothing of it is written.
    fn batch(&mut self, first: Job, jobs: &Jobs) -> Option<Batch> {
        if self.known != self.failures.load(Ordering::Acquire) {
            self.go_back();
        }
        let mut batch = self.empty();
        // Who comes meanwhile goes into the next one: those who were told of this one ask again while that is written,
        // and neither waits for the other.
        let mut there = jobs.there().min(self.most - 1);
        let mut next = Some(first);
        while let Some(job) = next {
            if !self.begin(job, &mut batch) {
                self.fail(batch);
                return None;
            }
            next = if there > 0 { jobs.next() } else { None };
            there = there.saturating_sub(1);
        }
        Some(batch)
    }

    /// Gives a batch to whoever writes; as long as he is busy, more goes into it. `false`: nobody writes any more.
    fn hand_over(&mut self, mut batch: Batch, jobs: &Jobs) -> bool {
        while !batch.is_empty() {
            batch = match self.keeper.try_send(batch) {
                Ok(()) => return true,
                Err(TrySendError::Disconnected(batch)) => return left(batch),
                Err(TrySendError::Full(batch)) => batch,
            };
            let Some(job) = (batch.len() < self.most).then(|| jobs.next()).flatten() else {
                return self.keeper.send(batch).map_or_else(|unsent| left(unsent.0), |()| true);
            };
            if !self.begin(job, &mut batch) {
                self.fail(batch);
                return true;
            }
        }
        true
    }

    /// With nothing in it.
    fn empty(&self) -> Batch {
        Batch { failures: self.known, ..Batch::default() }
    }

    /// The program failed at something and the state ahead may be half changed: whatever stood beside it is not written, and
    /// is to be sent again.
    fn fail(&mut self, batch: Batch) {
        let (ended, end) = sync_channel(1);
        let begun = Batch { waiting: Vec::from([Waiting::End(ended)]), ..self.empty() };
        if self.keeper.send(begun).is_ok() {
            let _ = end.recv();
        }
        self.go_back();
        batch.refuse(&Refusal::Busy);
    }

    /// What was decided did not become durable: the state ahead is that of the readers again.
    fn go_back(&mut self) {
        self.known = self.failures.load(Ordering::Acquire);
        let shown = Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner));
        let (algorithm, size) = (shown.tree.algorithm(), shown.tree.size());
        let last = size.checked_sub(1).and_then(|last| shown.tree.leaf(last));
        let last = last.unwrap_or_else(|| algorithm.nothing());
        self.ahead = Ahead { state: shown.state.clone(), algorithm, size, last };
        self.ids.keep_below(size);
    }

    /// Decides one thing; it becomes durable with the batch. `false`: the program failed at it.
    fn begin(&mut self, job: Job, batch: &mut Batch) -> bool {
        match job {
            Job::Deed(request, private, reply) => return self.deed(*request, private, reply, batch),
            Job::Private(private, done) => {
                batch.private.extend(private);
                batch.waiting.push(Waiting::Private(done));
            }
            Job::Content(bytes, hashed) => batch.contents.push((bytes, hashed)),
            Job::Checkpoint(signed) => {
                (batch.checkpoint, batch.remember) = (true, true);
                batch.waiting.push(Waiting::Checkpoint(signed));
            }
            Job::Passing => batch.passing = true,
        }
        true
    }

    /// A defect of the program stops the deed that met it, not the desk.
    fn deed(&mut self, request: Request, private: Vec<Private>, reply: Reply, batch: &mut Batch) -> bool {
        match catch_unwind(AssertUnwindSafe(|| self.decide(request, batch))) {
            Ok(Ok(Decided::Now(receipt))) => {
                batch.private.extend(private);
                batch.waiting.push(Waiting::Deed(receipt, reply));
            }
            Ok(Ok(Decided::Before(number))) => batch.waiting.push(Waiting::Again(number, reply)),
            Ok(Err(findings)) => reply(Err(Refusal::Findings(findings))),
            Err(_) => {
                reply(Err(Refusal::Findings(Vec::from([failed_at_it()]))));
                return false;
            }
        }
        true
    }

    fn decide(&mut self, request: Request, batch: &mut Batch) -> Result<Decided, Vec<Diagnostic>> {
        let Request { id, by, act, why, evidence } = request;
        if !is_name(&id) {
            return Err(Vec::from([unusable_id(&id)]));
        }
        let known = self.ids.find(&id);
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
            number: self.ahead.size,
            before: self.ahead.last,
            id,
            received_ms: (self.clock)().max(self.ahead.state.received_ms),
            by,
            act,
            why,
            evidence,
        };
        let bytes = entry.to_bytes().map_err(|_| Vec::from([unwritable()]))?;
        if let Some(used) = known {
            return match (self.ids.is_again(used, &entry, &bytes), self.ids.is_own(used, &entry.by.account)) {
                (true, _) => Ok(Decided::Before(used.number)),
                (false, true) => Err(Vec::from([used_otherwise(&entry.id, used.number)])),
                (false, false) => Err(Vec::from([used_by_another(&entry.id)])),
            };
        }
        if memchr::memmem::find(&bytes, b"\\u0000").is_some() {
            return Err(Vec::from([unwritable()]));
        }
        let hash = self.ahead.algorithm.leaf(&bytes);
        let receipt = Receipt { number: entry.number, hash, received_ms: entry.received_ms, again: false, warnings };
        self.ahead.state.apply(&entry, &mut Touched::unheard());
        (self.ahead.size, self.ahead.last) = (entry.number + 1, hash);
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
        Ok(Decided::Now(receipt))
    }

    /// The record is founded, with that algorithm.
    fn begin_anew(&mut self, algorithm: Algorithm) {
        let Loaded { state, tree, last, ids } = Loaded::empty(algorithm);
        (self.ahead, self.ids) = (Ahead { state, algorithm, size: tree.size(), last }, ids);
    }
}

/// Nobody writes any more: what was not written is refused. `false`.
fn left(batch: Batch) -> bool {
    batch.refuse(&Refusal::Stopped(Box::new(stopped())));
    false
}

/// How a deed was decided that nothing speaks against.
enum Decided {
    /// It becomes durable with the batch.
    Now(Receipt),
    /// It was done before: the entry of that number.
    Before(u64),
}
