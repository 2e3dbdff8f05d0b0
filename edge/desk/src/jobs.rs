//! What waits to be done, and what is written together.

use crate::answer::{Answer, Receipt, Refusal, Request};
use kaoping_ledger::{Digest, SignedCheckpoint};
use kaoping_office::Entry;
use kaoping_store::{EntryRow, Private};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc::{Receiver, SyncSender},
};

/// Who asked for a deed is told so.
pub(crate) type Reply = Box<dyn FnOnce(Answer) + Send>;

/// Who asked for something beside the record is told so.
pub(crate) type Done = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

/// Who handed in a content is told its hash.
pub(crate) type Hashed = Box<dyn FnOnce(Result<Digest, Refusal>) + Send>;

/// Who asked for a checkpoint gets it so.
pub(crate) type Signed = Box<dyn FnOnce(Result<SignedCheckpoint, Refusal>) + Send>;

/// What waits.
pub(crate) enum Job {
    /// A deed, and what goes with it beside the record.
    Deed(Box<Request>, Vec<Private>, Reply),
    /// Things beside the record.
    Private(Vec<Private>, Done),
    /// A content.
    Content(Vec<u8>, Hashed),
    /// A checkpoint is wanted.
    Checkpoint(Signed),
    /// What is new is to be signed and remembered, and not kept with the record.
    Passing,
}

impl Job {
    /// Nothing was begun.
    pub(crate) fn refuse(self, refusal: &Refusal) {
        let refusal = refusal.clone();
        match self {
            Self::Deed(_, _, reply) => reply(Err(refusal)),
            Self::Private(_, done) => done(Err(refusal)),
            Self::Content(_, hashed) => hashed(Err(refusal)),
            Self::Checkpoint(signed) => signed(Err(refusal)),
            Self::Passing => (),
        }
    }
}

/// What waits, and how much that is.
pub(crate) struct Jobs {
    pub(crate) jobs: Receiver<Job>,
    pub(crate) waiting: Arc<AtomicUsize>,
}

impl Jobs {
    /// How many wait now.
    pub(crate) fn there(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The next, when there is one; `None` when nobody can ask any more.
    pub(crate) fn wait(&self) -> Option<Job> {
        self.taken(self.jobs.recv().ok())
    }

    /// The next, where one waits.
    pub(crate) fn next(&self) -> Option<Job> {
        self.taken(self.jobs.try_recv().ok())
    }

    fn taken(&self, job: Option<Job>) -> Option<Job> {
        if job.is_some() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        job
    }
}

/// Somebody who waits for a batch.
pub(crate) enum Waiting {
    /// For a deed that is in it.
    Deed(Receipt, Reply),
    /// For one that was done before, the entry of that number: in the batch, or earlier.
    Again(u64, Reply),
    /// For what stands beside the record.
    Private(Done),
    /// For a checkpoint.
    Checkpoint(Signed),
    /// For the end of all that was begun, however it ends.
    End(SyncSender<()>),
}

impl Waiting {
    /// The batch was not written.
    pub(crate) fn refuse(self, refusal: &Refusal) {
        let refusal = refusal.clone();
        match self {
            Self::Deed(_, reply) | Self::Again(_, reply) => reply(Err(refusal)),
            Self::Private(done) => done(Err(refusal)),
            Self::Checkpoint(signed) => signed(Err(refusal)),
            Self::End(ended) => drop(ended.send(())),
        }
    }
}

/// What is written together, or not at all.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) entries: Vec<Entry>,
    pub(crate) rows: Vec<EntryRow>,
    pub(crate) private: Vec<Private>,
    /// Contents stand for themselves: each is kept, or not, whatever becomes of the rest.
    pub(crate) contents: Vec<(Vec<u8>, Hashed)>,
    pub(crate) waiting: Vec<Waiting>,
    /// A checkpoint over it is kept with the record.
    pub(crate) checkpoint: bool,
    /// One is made in passing.
    pub(crate) passing: bool,
    /// Where no new checkpoint is due, the last is remembered once more.
    pub(crate) remember: bool,
    /// How many writes had failed when it was begun: it rests on what was written, or is yet to be, after the last of them.
    pub(crate) failures: u64,
}

impl Batch {
    /// How many wait for it.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.contents.len()
    }

    /// Whether there is nothing to do for it.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0 && !self.checkpoint && !self.passing
    }

    /// Nothing of it was written.
    pub(crate) fn refuse(self, refusal: &Refusal) {
        for (_, hashed) in self.contents {
            hashed(Err(refusal.clone()));
        }
        for waiting in self.waiting {
            waiting.refuse(refusal);
        }
    }
}
