//! What answers each route, by topic.

pub(crate) mod bundles;
pub(crate) mod contents;
pub(crate) mod deeds;
pub(crate) mod details;
pub(crate) mod drafts;
pub(crate) mod lists;
pub(crate) mod login;
pub(crate) mod logins;
pub(crate) mod machine;
pub(crate) mod oidc;
pub(crate) mod persons;
pub(crate) mod record;
pub(crate) mod rounds;
pub(crate) mod sessions;
pub(crate) mod standards;
pub(crate) mod what_if;
pub(crate) mod work;

use crate::{
    office::Office,
    problem::{self, Problem},
};
use kaoping_desk::{Receipt, Refusal, Request};
use kaoping_store::{Failed, Private, Store};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Waits for what the desk answers from its own thread.
async fn told<T>(office: &Office, answer: oneshot::Receiver<Result<T, Refusal>>) -> Result<T, Problem> {
    match answer.await {
        Ok(Err(refusal @ Refusal::Stopped(_))) => {
            office.stop();
            Err(refusal.into())
        }
        Ok(told) => told.map_err(Problem::from),
        // The desk never drops an answer: its thread is gone, and what it was writing with it.
        Err(_) => {
            office.stop();
            Err(problem::closing().after(1))
        }
    }
}

/// Asks for a deed, with what goes with it beside the record, and waits until both are durable.
pub(crate) async fn perform(office: &Office, request: Request, private: Vec<Private>) -> Result<Receipt, Problem> {
    let (tell, answer) = oneshot::channel();
    office.desk.ask_with(request, private, move |found| drop(tell.send(found)));
    told(office, answer).await
}

/// Keeps things beside the record, and waits until they are durable.
pub(crate) async fn keep(office: &Office, private: Vec<Private>) -> Result<(), Problem> {
    let (tell, answer) = oneshot::channel();
    office.desk.keep(private, move |found| drop(tell.send(found)));
    told(office, answer).await
}

/// Reads from the disk on a thread that may wait.
pub(crate) async fn from_store<T: Send + 'static>(
    office: &Arc<Office>,
    read: impl FnOnce(&mut dyn Store) -> Result<T, Failed> + Send + 'static,
) -> Result<T, Problem> {
    let office = Arc::clone(office);
    match tokio::task::spawn_blocking(move || office.from_store(read)).await {
        Ok(found) => found.map_err(Problem::from),
        Err(_) => Err(problem::server_fault()),
    }
}
