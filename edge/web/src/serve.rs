//! Listening, and ending without dropping what was begun.

use crate::{
    Config, Office,
    found::cipher,
    key,
    oidc::{Provider, Settings},
    router::router,
    signed::Memory,
};
use axum::{body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use kaoping_ledger::PublicKey;
use kaoping_persons::{Keeper, keeper::MASTER};
use kaoping_terms::{Diagnostic, Text};
use std::{future::Future, net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
};
use tower::ServiceExt as _;

/// So many connections at a time.
const CONNECTIONS: usize = 2048;

/// The head of a request has to be there after so long.
const HEAD_TIME: Duration = Duration::from_secs(15);

/// What was begun has so long to end.
const ENDING_TIME: Duration = Duration::from_secs(30);

/// What is new is signed so often: longer nothing that was done rests on receipts alone.
const SIGN_TIME: Duration = Duration::from_secs(5);

/// What is due from time to time is done so often.
const TIDY_TIME: Duration = Duration::from_secs(60);

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to.
    Asked,
    /// The disk failed.
    DiskFailed,
}

/// What stands beside the store.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The folder of the keys.
    pub keys: &'a Path,
    /// The file with the master key of persons, where it is not in that folder.
    pub master: Option<&'a Path>,
    /// The provider of logins, where there is one, as it is described on the command line.
    pub oidc: Option<&'a str>,
}

/// Opens the office and serves it until the process is told to end. `ready` is told the address.
///
/// # Errors
/// The store, a key or the address cannot be used.
pub fn run(
    config: Config,
    keys: &Path,
    listen: &str,
    ready: impl FnOnce(SocketAddr),
) -> Result<Ended, Vec<Diagnostic>> {
    run_beside(config, &Beside { keys, master: None, oidc: None }, listen, ready)
}

/// The same, with more beside the store.
///
/// # Errors
/// Those of [`run`].
pub fn run_beside(
    mut config: Config,
    beside: &Beside<'_>,
    listen: &str,
    ready: impl FnOnce(SocketAddr),
) -> Result<Ended, Vec<Diagnostic>> {
    let failed = Arc::new(Notify::new());
    let tell = Arc::clone(&failed);
    config.fatal = Box::new(move || tell.notify_one());
    let provider = beside.oidc.map(Settings::parse).transpose().map_err(|finding| vec![*finding])?.map(Provider::new);
    let office = Office::open_remembering(config, Some(Memory::of(beside.keys)));
    let office = office.map_err(|failed| vec![Diagnostic::from(failed)])?;
    let office = with_persons(office, beside).map_err(|finding| vec![*finding])?;
    let office = Arc::new(match provider {
        Some(provider) => office.signing_in_at(provider),
        None => office,
    });
    let cannot = |fault: std::io::Error| vec![no_listening(listen, &fault)];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(cannot)?;
    let ended = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(cannot)?;
        // Before anybody knows that it runs, and may end it.
        let asked = asked_to_end().map_err(cannot)?;
        ready(listener.local_addr().map_err(cannot)?);
        Ok(serve(listener, Arc::clone(&office), asked, failed).await)
    });
    // The store must not be closed on a thread of the runtime.
    runtime.shutdown_timeout(ENDING_TIME);
    drop(office);
    ended
}

/// The key of the record, where there is one and it is that of the folder.
pub(crate) fn is_founded(state: &kaoping_office::State, keys: &Path) -> Result<PublicKey, Box<Diagnostic>> {
    if state.origin.is_empty() {
        return Err(Box::new(not_founded()));
    }
    let found = key::read(keys)?.public(&state.origin);
    if found.to_string() == state.key {
        return Ok(found);
    }
    let why = Text::new("它不是这个台账的密钥", "it is not the key of this record");
    Err(Box::new(key::unusable(&keys.join(key::FILE), &why)))
}

/// With data about people, where there is a master key, or there has to be one.
///
/// # Errors
/// A key cannot be used.
pub fn with_persons(office: Office, beside: &Beside<'_>) -> Result<Office, Box<Diagnostic>> {
    let path = beside.master.map_or_else(|| beside.keys.join(MASTER), Path::to_owned);
    let (origin, algorithm, people) =
        office.desk.read(|shown| (shown.state.origin.clone(), shown.tree.algorithm(), !shown.state.persons.is_empty()));
    if !people && beside.master.is_none() && !path.exists() {
        return Ok(office);
    }
    office.keeping(Keeper::open(beside.keys, &path, cipher(algorithm), &origin, people)?)
}

/// Waits for the signals that end a process.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => (),
            _ = terminate.recv() => (),
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    })
}

/// Serves until it is asked to end, or the disk failed; then what was begun is finished.
pub async fn serve(
    listener: TcpListener,
    office: Arc<Office>,
    asked: impl Future<Output = ()>,
    failed: Arc<Notify>,
) -> Ended {
    let router = router(Arc::clone(&office));
    let (mut sign, mut tidy) = (tokio::time::interval(SIGN_TIME), tokio::time::interval(TIDY_TIME));
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut asked = std::pin::pin!(asked);
    let ended = loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut asked => break Ended::Asked,
            () = failed.notified() => break Ended::DiskFailed,
            _ = sign.tick() => {
                office.sign();
                continue;
            }
            _ = tidy.tick() => {
                office.tidy();
                continue;
            }
        };
        let Some((stream, from, place)) = accepted else { continue };
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(from));
            router.clone().oneshot(request)
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_headers(64);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A connection that breaks off is the other side's affair.
            drop(connection.await);
            drop(place);
        });
    };
    drop(listener);
    drop(tokio::time::timeout(ENDING_TIME, graceful.shutdown()).await);
    office.tidy();
    // A disk that failed meanwhile, or at the same time, is not an end like any other.
    match tokio::time::timeout(Duration::ZERO, failed.notified()).await {
        Ok(()) => Ended::DiskFailed,
        Err(_) => ended,
    }
}

type Accepted = (tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, from)) => Some((stream, from, place)),
        Err(_) => {
            // Too many files are open, mostly: it passes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

fn not_founded() -> Diagnostic {
    Diagnostic::error("record-not-founded", Text::new("这个库里还没有台账", "there is no record in this store"))
        .why(Text::new(
            "要先成立台账，写明名称、密钥和三个管理员",
            "a record has to be founded first: its name, its key, three administrators",
        ))
        .next(Text::new(
            "先运行 kaoping found；或看 --store 写得对不对",
            "run kaoping found first; or see that --store is right",
        ))
}

fn no_listening(listen: &str, fault: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "address-not-usable",
        Text::new(format!("不能在 {listen} 上受理"), format!("cannot listen on {listen}")),
    )
    .why(kaoping_desk::system_reason(fault))
    .next(Text::new(
        "看是不是已有程序占着它、写得对不对：--listen 127.0.0.1:8080",
        "see whether another program has it, and that it is right: --listen 127.0.0.1:8080",
    ))
}
