//! What was worked out, kept in memory: a round is worked out once for what the record holds, a version read once.

use crate::{
    call::Call,
    office::Office,
    problem::{self, Problem},
};
use kaoping_desk::{
    scoring::{Model, model},
    what_if::{Standing, standing},
};
use kaoping_ledger::Digest;
use kaoping_office::ids::SchemeId;
use kaoping_terms::{Day, Lang, Level, Report};
use std::sync::{Arc, Mutex, PoisonError};

/// So many of each are kept.
const KEPT: usize = 8;

/// A scheme, a round, and what the record held: how many entries, and on which day.
type Round = (SchemeId, String, u64, Day);

/// How far changes are is little, and asked for often.
const FAR_KEPT: usize = 512;

/// A round, an office and an indicator, in a language.
type Far = (Round, String, String, Lang);

/// The ones last asked for, the last one last.
struct Kept<K, V, const MOST: usize = KEPT>(Mutex<Vec<(K, Arc<V>)>>);

impl<K, V, const MOST: usize> Default for Kept<K, V, MOST> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V, const MOST: usize> Kept<K, V, MOST> {
    fn find(&self, key: &K) -> Option<Arc<V>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|(known, _)| known == key)?;
        let found = all.remove(at);
        let value = Arc::clone(&found.1);
        all.push(found);
        Some(value)
    }

    fn put(&self, key: K, value: &Arc<V>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != key);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((key, Arc::clone(value)));
    }
}

/// What was worked out.
#[derive(Default)]
pub struct Models {
    rounds: Kept<Round, Model>,
    versions: Kept<(SchemeId, u64), Standing>,
    far: Kept<Far, Vec<String>, FAR_KEPT>,
}

impl Models {
    /// A round worked out as figures stand.
    pub(crate) async fn round(call: &Call, scheme: &SchemeId, round: &str) -> Result<Arc<Model>, Problem> {
        let models = &call.office.models;
        if let Some(found) = models.rounds.find(&key(call, scheme, round)) {
            return Ok(found);
        }
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let shown = call.office.desk.snapshot();
        let key = (scheme.clone(), round.to_owned(), shown.state.size, shown.state.today);
        // Somebody before may have asked for the same.
        if let Some(found) = models.rounds.find(&key) {
            return Ok(found);
        }
        let (scheme, round) = (scheme.clone(), round.to_owned());
        let think = move |office: &Office| model(&shown.state, &scheme, &round, &mut |hash| content(office, hash));
        let found = Arc::new(thought(call, think).await?);
        models.rounds.put(key, &found);
        Ok(found)
    }

    /// How far the next change of a figure is that the address names by office and indicator.
    pub(crate) async fn far(call: &Call, scheme: &SchemeId, round: &str) -> Result<Arc<Vec<String>>, Problem> {
        if let Some(found) = Self::far_known(call, scheme, round) {
            return Ok(found);
        }
        let key = far_key(call, scheme, round);
        let model = Self::round(call, scheme, round).await?;
        let (_, unit, indicator, lang) = key.clone();
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        let at = model.at;
        let think = move |_: &Office| Ok(kaoping_pages::why::far(&model, &unit, &indicator, lang));
        let found = Arc::new(thought(call, think).await?.ok_or_else(problem::not_there)?);
        // The record may have grown in between: then it is not what the key says.
        if at == key.0.2 {
            call.office.models.far.put(key, &found);
        }
        Ok(found)
    }

    /// The same, where it was worked out before.
    pub(crate) fn far_known(call: &Call, scheme: &SchemeId, round: &str) -> Option<Arc<Vec<String>>> {
        call.office.models.far.find(&far_key(call, scheme, round))
    }

    /// A version of a scheme, read and checked; the last where none is named.
    pub(crate) async fn version(call: &Call, scheme: &SchemeId, number: Option<u64>) -> Result<Arc<Standing>, Problem> {
        let models = &call.office.models;
        let version = call.look(|shown, _| {
            let versions = shown.state.schemes.get(scheme).map(|found| found.versions.as_slice()).unwrap_or_default();
            let found = match number {
                Some(number) => versions.iter().find(|version| version.number == number),
                None => versions.last(),
            };
            found.cloned().ok_or_else(problem::not_there)
        })?;
        let key = (scheme.clone(), version.number);
        if let Some(found) = models.versions.find(&key) {
            return Ok(found);
        }
        let _turn = call.office.thinking.acquire().await.map_err(|_| problem::closing())?;
        if let Some(found) = models.versions.find(&key) {
            return Ok(found);
        }
        let of = scheme.clone();
        let think = move |office: &Office| standing(&of, &version, &mut |hash| content(office, hash));
        let found = Arc::new(thought(call, think).await?);
        models.versions.put(key, &found);
        Ok(found)
    }
}

/// A round as the record stands.
fn key(call: &Call, scheme: &SchemeId, round: &str) -> Round {
    call.office.desk.read(|shown| (scheme.clone(), round.to_owned(), shown.state.size, shown.state.today))
}

fn far_key(call: &Call, scheme: &SchemeId, round: &str) -> Far {
    (key(call, scheme, round), call.at("unit").to_owned(), call.at("indicator").to_owned(), call.lang)
}

fn content(office: &Office, hash: Digest) -> Option<Vec<u8>> {
    office.from_store(|store| store.blob(&hash.to_string())).ok().flatten()
}

/// Thinks on a thread that may take its time.
pub(crate) async fn thought<T: Send + 'static>(
    call: &Call,
    think: impl FnOnce(&Office) -> Result<T, Report> + Send + 'static,
) -> Result<T, Problem> {
    let office = Arc::clone(&call.office);
    let found = tokio::task::spawn_blocking(move || think(&office)).await.map_err(|_| problem::server_fault())?;
    // What is merely odd is not why it could not be done.
    let errors = |report: Report| {
        let (errors, others): (Vec<_>, Vec<_>) =
            report.into_sorted().into_iter().partition(|finding| finding.level == Level::Error);
        if errors.is_empty() { others } else { errors }
    };
    found.map_err(|report| Problem::of(errors(report)))
}
