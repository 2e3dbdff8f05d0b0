//! The handle everybody else holds.

use crate::{
    answer::{Answer, Refusal, Request, stopped},
    beside::sound,
    load::{Loaded, load},
    signed::{Remember, stands},
    watch::Watch,
    writer::{Job, Jobs, Writer},
};
use kaoping_ledger::{Place, SecretKey, SignedCheckpoint, Tree};
use kaoping_office::State;
use kaoping_store::{Failed, Private, Store};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

/// What a desk is opened with.
pub struct Opening {
    /// Where the record is kept.
    pub store: Box<dyn Store>,
    /// The key checkpoints are signed with. It is not kept in the store.
    pub key: SecretKey,
    /// The time: milliseconds since 1970.
    pub clock: Box<dyn Fn() -> i64 + Send>,
    /// How many deeds may wait.
    pub queue: usize,
    /// How many deeds are written at a time, at most.
    pub batch: usize,
    /// Told once when the disk failed: the program is to end.
    pub fatal: Box<dyn FnOnce() + Send>,
}

/// What readers see: durable, and of one moment.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The state.
    pub state: State,
    /// The hashes of all entries.
    pub tree: Tree,
    /// The last checkpoint.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The checkpoint each publication was made under, by its entry: the first that covers it.
    pub published: BTreeMap<u64, SignedCheckpoint>,
}

impl Shown {
    /// Without any checkpoint.
    pub(crate) fn of(state: State, tree: Tree) -> Self {
        Self { state, tree, checkpoint: None, published: BTreeMap::new() }
    }

    /// Whether there are entries no checkpoint is over.
    pub fn is_unsigned(&self) -> bool {
        self.checkpoint.as_ref().map_or(0, |signed| signed.checkpoint.size) < self.tree.size()
    }

    /// How many checkpoints are kept with the record.
    pub(crate) fn kept(&self) -> u64 {
        self.checkpoint.as_ref().map_or(0, |signed| signed.checkpoint.place.number())
    }

    /// Takes a checkpoint over everything that is shown now; checkpoints come in their order.
    pub(crate) fn take_checkpoint(&mut self, checkpoint: SignedCheckpoint) {
        let size = checkpoint.checkpoint.size;
        let covered = self.state.publications().map(|made| made.number).filter(|number| *number < size);
        for number in covered.collect::<Vec<_>>() {
            self.published.entry(number).or_insert_with(|| checkpoint.clone());
        }
        self.checkpoint = Some(checkpoint);
    }
}

/// What readers see now. Whoever looks holds on to one moment, and nobody waits for him.
pub(crate) type Current = Arc<RwLock<Arc<Shown>>>;

/// The way to the record.
pub struct Desk {
    shown: Current,
    queue: Option<SyncSender<Job>>,
    /// How much waits, and how much may.
    waiting: Arc<AtomicUsize>,
    most: usize,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// Reads the record and begins to take deeds.
    ///
    /// # Errors
    /// The store cannot be read, or the record in it or what stands around it is not as it has to be.
    pub fn open(opening: Opening) -> Result<Self, Failed> {
        Self::open_watched(opening, None)
    }

    /// The same, with a watch over the clock.
    ///
    /// # Errors
    /// As for [`Desk::open`].
    pub fn open_watched(opening: Opening, watch: Option<Watch>) -> Result<Self, Failed> {
        Self::open_remembering(opening, watch, None)
    }

    /// The same; what is signed is remembered.
    ///
    /// # Errors
    /// As for [`Desk::open`].
    pub fn open_remembering(
        opening: Opening,
        watch: Option<Watch>,
        remember: Option<Remember>,
    ) -> Result<Self, Failed> {
        Self::open_checked(opening, watch, remember, |_, _| Ok(None))
    }

    /// The same; before anything is written, or signed, the record is looked at by whoever knows more about it, and says what
    /// was signed last.
    ///
    /// # Errors
    /// As for [`Desk::open`], and those of `check`.
    pub fn open_checked(
        mut opening: Opening,
        watch: Option<Watch>,
        remember: Option<Remember>,
        check: impl FnOnce(&mut dyn Store, &Loaded) -> Result<Option<SignedCheckpoint>, Failed>,
    ) -> Result<Self, Failed> {
        let loaded = load(&mut *opening.store)?;
        let last = check(&mut *opening.store, &loaded)?;
        if !opening.store.rows_stand() {
            opening.store.replace_rows(&mut loaded.state.rows())?;
        }
        sound(&mut *opening.store, &loaded.state)?;
        let mut shown = Shown::of(loaded.state.clone(), loaded.tree.clone());
        for (_, note) in opening.store.checkpoints()? {
            // One of what was given up, or was changed, is of no use to anybody.
            if let Some(checkpoint) = SignedCheckpoint::parse(&note)
                && stands(&loaded.tree, &checkpoint).is_ok()
            {
                shown.take_checkpoint(checkpoint);
            }
        }
        // Whoever took checkpoints out of the store does not have their numbers given again.
        let newer = |last: &SignedCheckpoint| {
            shown.checkpoint.as_ref().is_none_or(|own| own.checkpoint.size < last.checkpoint.size)
        };
        if let Some(last) = last.filter(newer) {
            shown.take_checkpoint(last);
        }
        let shown = Arc::new(RwLock::new(Arc::new(shown)));
        let (most, waiting) = (opening.queue.max(1), Arc::new(AtomicUsize::new(0)));
        let (queue, jobs) = sync_channel(most);
        let taken = Arc::clone(&waiting);
        let writer = Writer::new(opening, loaded, Arc::clone(&shown), watch, remember);
        let thread =
            std::thread::Builder::new().name("desk".into()).spawn(move || writer.run(&Jobs { jobs, waiting: taken }));
        let thread = thread.map_err(|fault| Failed::Other { place: "desk".into(), cause: fault.to_string() })?;
        Ok(Self { shown, queue: Some(queue), waiting, most, thread: Some(thread) })
    }

    /// Lets `look` see the durable state. It is to be quick: the writer may wait for it.
    pub fn read<T>(&self, look: impl FnOnce(&Shown) -> T) -> T {
        look(&self.snapshot())
    }

    /// The durable state of this moment, to be looked at for a while. As long as somebody holds on to it, the writer
    /// has to work with a copy, which it makes once.
    pub fn snapshot(&self) -> Arc<Shown> {
        // A panic of somebody else leaves what is shown as it was.
        Arc::clone(&self.shown.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Asks for a deed. `reply` is called once, from the writer's thread, when it is durable or refused;
    /// it is not to block.
    pub fn ask(&self, request: Request, reply: impl FnOnce(Answer) + Send + 'static) {
        self.ask_with(request, Vec::new(), reply);
    }

    /// The same; things beside the record that go with it are written with it or not at all. Where it had been done
    /// before, they are not written again.
    pub fn ask_with(&self, request: Request, private: Vec<Private>, reply: impl FnOnce(Answer) + Send + 'static) {
        self.send(Job::Deed(Box::new(request), private, Box::new(reply)));
    }

    /// Asks for a deed and waits for the answer.
    ///
    /// # Errors
    /// It was not done.
    pub fn perform(&self, request: Request) -> Answer {
        let (reply, answer) = sync_channel(1);
        self.ask(request, move |found| drop(reply.send(found)));
        answer.recv().unwrap_or_else(|_| Err(Refusal::Stopped(Box::new(stopped()))))
    }

    /// Keeps, changes or forgets things beside the record: all of them or none, durable when `reply` is
    /// called.
    pub fn keep(&self, private: Vec<Private>, reply: impl FnOnce(Result<(), Refusal>) + Send + 'static) {
        self.send(Job::Private(private, Box::new(reply)));
    }

    /// Keeps a content under its hash, durable when `reply` is called.
    pub fn keep_content(
        &self,
        bytes: Vec<u8>,
        reply: impl FnOnce(Result<kaoping_ledger::Digest, Refusal>) + Send + 'static,
    ) {
        self.send(Job::Content(bytes, Box::new(reply)));
    }

    /// Signs a checkpoint over what is new, where something is: it is shown and remembered, and not kept with the record.
    pub fn sign_in_passing(&self) {
        if self.read(Shown::is_unsigned) {
            self.send(Job::Passing);
        }
    }

    /// Signs a checkpoint over everything that is durable now, and keeps it with the record.
    pub fn sign(&self, reply: impl FnOnce(Result<SignedCheckpoint, Refusal>) + Send + 'static) {
        self.send(Job::Checkpoint(Box::new(reply)));
    }

    /// The same, where the last checkpoint that is kept is not over all of it, and without waiting for it.
    pub fn sign_what_is_not_kept(&self) {
        let is_kept = |shown: &Shown| {
            shown.checkpoint.as_ref().is_some_and(|last| matches!(last.checkpoint.place, Place::Kept(_)))
        };
        if self.read(|shown| shown.tree.size() > 0 && (shown.is_unsigned() || !is_kept(shown))) {
            self.sign(drop);
        }
    }

    /// Whether so much waits that another deed would be refused: known before anything is done for it.
    pub fn is_busy(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.most
    }

    fn send(&self, job: Job) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let refused = match &self.queue {
            None => Some((job, Refusal::Stopped(Box::new(stopped())))),
            Some(queue) => match queue.try_send(job) {
                Ok(()) => None,
                Err(TrySendError::Full(job)) => Some((job, Refusal::Busy)),
                Err(TrySendError::Disconnected(job)) => Some((job, Refusal::Stopped(Box::new(stopped())))),
            },
        };
        if let Some((job, refusal)) = refused {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            job.refuse(&refusal);
        }
    }

    /// Takes no more deeds, finishes those that wait, signs what is new, and ends.
    pub fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing more to finish.
            drop(thread.join());
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.end();
    }
}
