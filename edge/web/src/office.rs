//! The office as it is served: the desk, a reader of the store, who is signed in.

use crate::{
    api::drafts::Drafts,
    guard::{limit::Limits, log::Log, metrics::Metrics},
    models::Models,
    oidc::Provider,
    people::{People, Read, Seal, forgotten_session},
    regained,
    signed::{Memory, check},
    verifying::Verifying,
};
use kaoping_desk::{Desk, Opening, Watch};
use kaoping_ledger::SecretKey;
use kaoping_office::{deed::day_of, ids::PersonId, tables::TABLES};
use kaoping_persons::Keeper;
use kaoping_store::{Failed, Store};
use kaoping_terms::{Day, Diagnostic};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Semaphore;

/// The time: milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What an office is opened with.
pub struct Config {
    /// The address of the store.
    pub store: String,
    /// The key checkpoints are signed with.
    pub key: SecretKey,
    /// The time.
    pub clock: Clock,
    /// A clock nobody sets, which the time is watched by; none where it is not.
    pub steady: Option<Clock>,
    /// How many deeds may wait.
    pub queue: usize,
    /// Whether it is reached through TLS: cookies are for that alone.
    pub secure: bool,
    /// Whether a proxy stands before it and says where requests come from.
    pub proxied: bool,
    /// Where lines of the log go.
    pub log: Log,
    /// Told once when the disk failed: the program is to end.
    pub fatal: Box<dyn FnOnce() + Send>,
}

/// The office as it is served.
pub struct Office {
    /// The way to the record.
    pub desk: Desk,
    /// Who may sign in, and who has.
    pub people: People,
    /// How much is asked.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
    /// What is known of people, where this server keeps any.
    pub persons: Option<Keeper>,
    /// Where else people sign in, if anywhere.
    pub provider: Option<Provider>,
    /// So many papers may arrive at a time.
    pub uploads: Semaphore,
    /// So many folders may arrive from people who are not signed in: they take no turn of those who work.
    pub strangers: Semaphore,
    /// One folder that was brought is verified at a time.
    pub bundles: Arc<Semaphore>,
    /// One policy or round at a time is worked out.
    pub thinking: Semaphore,
    /// What is known of drafts.
    pub(crate) drafts: Drafts,
    /// What was worked out.
    pub models: Models,
    /// Where lines of the log go.
    pub log: Log,
    /// Whether cookies are for TLS alone.
    pub secure: bool,
    /// Whether a proxy says where requests come from.
    pub proxied: bool,
    /// What came of verifying the record last.
    pub(crate) verified: Verifying,
    reader: Mutex<Box<dyn Store>>,
    address: String,
    clock: Clock,
    stop: Arc<Stop>,
}

/// That nothing is written any more: known once, told once.
struct Stop {
    stopped: AtomicBool,
    tell: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Stop {
    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(tell) = tell {
            tell();
        }
    }
}

/// So many papers may arrive at a time.
const UPLOADS: usize = 8;

/// So many folders may arrive to be verified.
const FOLDERS: usize = 2;

/// How many deeds are written at a time, at most.
const BATCH: usize = 256;

impl Office {
    /// Opens the store and reads the record. Not to be called from an asynchronous task.
    ///
    /// # Errors
    /// The store cannot be opened or read, or the record is damaged.
    pub fn open(config: Config) -> Result<Self, Failed> {
        Self::open_remembering(config, None)
    }

    /// The same; the record has to go on from what is remembered as signed, and what is signed is remembered.
    ///
    /// # Errors
    /// Those of [`Office::open`].
    pub fn open_remembering(config: Config, memory: Option<Memory>) -> Result<Self, Failed> {
        let Config { store: address, key, clock, steady, queue, secure, proxied, log, fatal } = config;
        let mut store = kaoping_store::open(&address, TABLES)?;
        let Read { people, ended, foreign } = People::load(&mut *store, Seal::of(&key), clock())?;
        let (drafts, old) = Drafts::of(&mut *store, clock())?;
        let stop = Arc::new(Stop { stopped: AtomicBool::new(false), tell: Mutex::new(Some(fatal)) });
        let (failed, time) = (Arc::clone(&stop), Arc::clone(&clock));
        let opening = Opening {
            store,
            key,
            clock: Box::new(move || time()),
            queue,
            batch: BATCH,
            fatal: Box::new(move || failed.stop()),
        };
        let watch = steady.map(|steady| Watch::new(move || steady()));
        let remember = memory.clone().map(Memory::remember);
        let desk = Desk::open_checked(opening, watch, remember, |store, loaded| {
            memory.as_ref().map(|memory| check(store, loaded, memory)).transpose()
        })?;
        if !foreign.is_empty() {
            return Err(Failed::Refused(Box::new(regained::not_ours(&foreign))));
        }
        let gone = [ended, old].concat();
        if !gone.is_empty() {
            desk.keep(gone, drop);
        }
        let thinking = Semaphore::new(1);
        let models = Models::default();
        let reader = Mutex::new(kaoping_store::open_to_read(&address, TABLES)?);
        let (limits, metrics, uploads) = (Limits::default(), Metrics::default(), Semaphore::new(UPLOADS));
        let (strangers, bundles) = (Semaphore::new(FOLDERS), Arc::new(Semaphore::new(1)));
        let (persons, provider) = (None, None);
        let verified = Verifying::default();
        Ok(Self {
            desk,
            people,
            limits,
            metrics,
            persons,
            provider,
            uploads,
            strangers,
            bundles,
            thinking,
            drafts,
            models,
            log,
            secure,
            proxied,
            verified,
            reader,
            address,
            clock,
            stop,
        })
    }

    /// The same, with data about people. Keys of those who were erased go, should the program have ended, or a backup of
    /// the ring been put back, before they did.
    ///
    /// # Errors
    /// The ring cannot be written.
    pub fn keeping(mut self, keeper: Keeper) -> Result<Self, Box<Diagnostic>> {
        self.persons = Some(keeper);
        self.erase_what_is_left()?;
        Ok(self)
    }

    /// The same, with a provider of logins.
    #[must_use]
    pub fn signing_in_at(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    fn erase_what_is_left(&self) -> Result<(), Box<Diagnostic>> {
        let Some(keeper) = &self.persons else { return Ok(()) };
        let left: Vec<PersonId> = self.desk.read(|shown| {
            let erased = shown.state.persons.iter().filter(|(_, person)| person.erased.is_some());
            erased.map(|(id, _)| id.clone()).filter(|id| keeper.holds(id)).collect()
        });
        left.iter().try_for_each(|person| keeper.destroy(person))
    }

    /// The time: milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// The day it is in China.
    pub fn today(&self) -> Day {
        day_of(self.now_ms()).unwrap_or_else(|| self.desk.read(|shown| shown.state.today))
    }

    /// Whether the disk failed, or the writer is gone: nothing is written any more.
    pub fn is_stopped(&self) -> bool {
        self.stop.stopped.load(Ordering::SeqCst)
    }

    /// The writer is gone: the program is to end, as where the disk failed.
    pub(crate) fn stop(&self) {
        self.stop.stop();
    }

    /// What is due from time to time: a checkpoint over what is new, and sessions that ended with time are forgotten.
    pub fn tidy(&self) {
        let ended = self.people.sweep(self.now_ms());
        if !ended.is_empty() {
            self.desk.keep(ended.iter().map(|hash| forgotten_session(hash)).collect(), drop);
        }
        self.desk.sign_what_is_not_kept();
        // What the disk did not take is tried again; whoever asked for it was told.
        drop(self.erase_what_is_left());
    }

    /// What is new is signed, and remembered beside the key: whatever was done before cannot be cut off unseen.
    pub fn sign(&self) {
        self.desk.sign_in_passing();
    }

    /// Reads the store itself. It waits for the disk: not to be called from an asynchronous task.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn from_store<T>(&self, read: impl FnOnce(&mut dyn Store) -> Result<T, Failed>) -> Result<T, Failed> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        read(&mut **reader)
    }

    /// The same with a reader of its own: for what takes so long that nobody is to wait behind it.
    ///
    /// # Errors
    /// Those of `read`, or the store cannot be opened.
    pub(crate) fn apart<T>(&self, read: impl FnOnce(&mut dyn Store) -> Result<T, Failed>) -> Result<T, Failed> {
        read(&mut *kaoping_store::open_to_read(&self.address, TABLES)?)
    }
}
