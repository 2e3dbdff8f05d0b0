//! Going through the whole record for whoever asks: once at a time, and not again for a while.

use crate::office::Office;
use kaoping_desk::{bundle::FromStore, verify::Verified};
use kaoping_ledger::PublicKey;
use kaoping_office::State;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

/// What came of it stays good for so long: a minute.
const GOOD_MS: i64 = 60_000;

/// Whoever asks waits so long at most, and looks again later.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of going through the record last.
#[derive(Default)]
pub(crate) struct Verifying {
    last: Mutex<Option<Arc<Gone>>>,
    running: AtomicBool,
}

/// What came of going through the record, and when.
pub(crate) struct Gone {
    /// When it was begun.
    pub at_ms: i64,
    /// What came of it, without the state; `None` where the record could not be read.
    pub verified: Option<Verified>,
}

impl Verifying {
    fn known(&self) -> Option<Arc<Gone>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The record gone through, at most a minute ago and with that entry in it; `None` while it goes on.
pub(crate) async fn gone_through(office: &Arc<Office>, entry: u64) -> Option<Arc<Gone>> {
    let now_ms = office.now_ms();
    let good = |gone: &Arc<Gone>| {
        let size = gone.verified.as_ref().map_or(0, |verified| verified.size);
        now_ms.saturating_sub(gone.at_ms) < GOOD_MS && size > entry
    };
    if let Some(gone) = office.verified.known().filter(good) {
        return Some(gone);
    }
    if office.verified.running.swap(true, Ordering::SeqCst) {
        return None;
    }
    let worker = Arc::clone(office);
    let work = tokio::task::spawn_blocking(move || {
        // Also where it fails or panics the next one may try.
        let _ended = Ended(&worker.verified.running);
        let gone = Arc::new(Gone { at_ms: now_ms, verified: verified(&worker) });
        *worker.verified.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&gone));
        gone
    });
    tokio::time::timeout(PATIENCE, work).await.ok()?.ok()
}

struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

fn verified(office: &Office) -> Option<Verified> {
    let key = PublicKey::parse(&office.desk.read(|shown| shown.state.key.clone()))?;
    let go = |store: &mut dyn kaoping_store::Store| kaoping_desk::verify::verify(&mut FromStore(store), &key, &[]);
    let verified = office.apart(go).ok()?;
    Some(Verified { state: State::default(), ..verified })
}
