//! What the world does to a server: it is killed at each fsync, its disk fails or is full at each write, lines break.
//! What it acknowledged is there afterwards, once. Servers that acknowledge too early, or whatever happens, and senders
//! that give one deed two ids, are found out by the same harness.
//!
//! `KAOPING_DEPTH=10` tries ten times as much.

use crate::town::{MORNING_MS, Town};
use crate::wire::{Line, Proxy};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Response, StatusCode},
};
use kaoping_desk::replay::replay;
use kaoping_office::tables::TABLES;
use kaoping_web::{Config, Log, Office, router::router, serve};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    env,
    future::pending,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::Notify};
use tower::ServiceExt as _;

/// Where the child finds its store, and what is wrong with it.
const FOLDER: &str = "KAOPING_WORLD_FOLDER";
const WRONG: &str = "KAOPING_WORLD_WRONG";

/// How many deeds one person asks for.
const DEEDS: usize = 8;

fn depth() -> usize {
    env::var("KAOPING_DEPTH").ok().and_then(|depth| depth.parse().ok()).unwrap_or(1)
}

fn store_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("kaoping.db").display())
}

/// Not a test: the server the others start. It ends when its input does, and with 2 when its disk failed.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let failed = Arc::new(Notify::new());
    let tell = Arc::clone(&failed);
    let office = Office::open(Config {
        store: store_in(Path::new(&folder)),
        key: crate::town::key(),
        clock: Arc::new(|| MORNING_MS),
        steady: None,
        queue: 1000,
        secure: false,
        proxied: false,
        log: Log::to(|_| ()),
        fatal: Box::new(move || tell.notify_one()),
    });
    let office = Arc::new(office.expect("an office"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let ended = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        println!("\nserving {}", listener.local_addr().expect("an address"));
        if let Ok(wrong) = env::var(WRONG) {
            let router = wrongly(&wrong, router(Arc::clone(&office)));
            axum::serve(listener, router).await.expect("serving");
            return serve::Ended::Asked;
        }
        let asked = tokio::task::spawn_blocking(|| drop(std::io::stdin().read_to_end(&mut Vec::new())));
        let asked = async { drop(asked.await) };
        serve::serve(listener, Arc::clone(&office), asked, failed).await
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    drop(office);
    std::process::exit(if ended == serve::Ended::Asked { 0 } else { 2 });
}

/// A faulty server: it answers before a deed is durable (`early`), or well whatever happened (`always`).
fn wrongly(wrong: &str, router: Router) -> Router {
    let early = wrong == "early";
    let done = || {
        let mut response = Response::new(Body::from("{}"));
        *response.status_mut() = StatusCode::CREATED;
        response
    };
    Router::new().fallback(move |request: Request| {
        let answer = router.clone().oneshot(request);
        async move {
            if early {
                tokio::spawn(answer);
                return done();
            }
            match answer.await {
                Ok(answer) if answer.status() != StatusCode::SERVICE_UNAVAILABLE => answer,
                Ok(_) | Err(_) => done(),
            }
        }
    })
}

/// A store with a town in it, and the cookie of its system administrator.
struct Ready {
    place: TempDir,
    cookie: String,
}

fn ready() -> Ready {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (place, cookie) = runtime.block_on(async {
        let Town { office, router, place, .. } = Town::new();
        drop((office, router));
        let town = Town::empty(place, 1000, false);
        let cookie = town.login("S1").await;
        let Town { office, router, place, .. } = town;
        drop((office, router));
        (place, cookie)
    });
    Ready { place, cookie }
}

impl Ready {
    /// The same store, for one run.
    fn copied(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        copy(self.place.path(), folder.path());
        folder
    }
}

/// Copies a folder and what is in it.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    for found in std::fs::read_dir(from).expect("a folder") {
        let found = found.expect("a file").path();
        let place = to.join(found.file_name().expect("a name"));
        if found.is_dir() {
            std::fs::create_dir(&place).expect("a folder");
            copy(&found, &place);
        } else {
            std::fs::copy(&found, place).expect("copied");
        }
    }
}

/// A server in a process of its own, with a fault that is brought about where it is given.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// `None`: it did not get as far as serving.
    fn start(folder: &Path, fault: &str, wrong: Option<&str>) -> Option<Self> {
        Self::start_noted(folder, fault, wrong, Path::new("/dev/null"))
    }

    /// The same; the calls that may fail are noted in a file.
    fn start_noted(folder: &Path, fault: &str, wrong: Option<&str>, notes: &Path) -> Option<Self> {
        let calls = fault.split(':').next().and_then(|fault| fault.strip_prefix("inject=")).expect("a fault");
        let (trace, program) = (format!("trace={calls}"), env::current_exe().expect("this program"));
        let mut command = Command::new("strace");
        // Quicker by much, but signals are not sent so.
        command.args(Some("--seccomp-bpf").filter(|_| !fault.contains("signal")));
        command.arg("-f").arg("-o").arg(notes).args(["-e", &trace, "-e", fault]).arg(program);
        command.args(["--exact", "world::child", "--ignored", "--nocapture", "--test-threads=1"]).env(FOLDER, folder);
        if let Some(wrong) = wrong {
            command.env(WRONG, wrong);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("strace; scripts/packages, or apt-get install strace");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut addresses = lines.filter_map(|line| line.strip_prefix("serving ")?.parse().ok());
        match addresses.next() {
            Some(address) => Some(Self { process, address }),
            None => {
                process.wait().expect("ended");
                None
            }
        }
    }

    /// It is told to end; its code, `None` where it was killed. A faulty one does not hear.
    fn end(mut self, wrong: Option<&str>) -> Option<i32> {
        drop(self.process.stdin.take());
        if wrong.is_some() {
            let strace = self.process.id();
            let path = format!("/proc/{strace}/task/{strace}/children");
            let traced = std::fs::read_to_string(path).unwrap_or_default();
            drop(Command::new("kill").arg("-9").args(traced.split_whitespace()).stderr(Stdio::null()).status());
        }
        self.process.wait().expect("ended").code()
    }
}

/// What became of a run.
#[derive(Debug, Default)]
struct Run {
    acknowledged: BTreeSet<String>,
    /// Names of findings that were told, and whether reading went on then.
    told: Vec<(String, bool)>,
}

fn open_account(id: &str) -> Value {
    json!({"id": id, "act": {"open-account": {"account": id}}, "why": "试验"})
}

/// Asks for deeds over one line, each until it is done or the line is dead.
fn ask_for(address: SocketAddr, cookie: &str, names: impl Iterator<Item = String>) -> Run {
    let (mut run, mut line) = (Run::default(), Line::to(address));
    'deeds: for id in names {
        for _ in 0..50 {
            let Ok((status, body)) = line.post("/api/deeds", cookie, &open_account(&id)) else { break 'deeds };
            if status < 300 {
                run.acknowledged.insert(id);
                break;
            }
            assert_eq!(status, 503, "{body}");
            let told: Value = serde_json::from_str(&body).expect("a problem");
            let reads = line.get("/api/accounts", cookie).is_ok_and(|(status, _)| status == 200);
            run.told.push((told["findings"][0]["name"].as_str().expect("a name").to_owned(), reads));
        }
    }
    run
}

/// Acknowledged and not there; the record and its tables are whole.
fn lost(folder: &Path, acknowledged: &BTreeSet<String>) -> usize {
    let mut store = kaoping_store::open(&store_in(folder), TABLES).expect("a store that opens at once");
    let (loaded, findings) = replay(&mut *store).expect("a record that is whole");
    assert!(!findings.has_errors(), "{:?}", findings.findings());
    acknowledged.iter().filter(|id| !loaded.state.accounts.contains_key(id.as_str())).count()
}

/// Kills a server at its so manieth fsync while four people ask; `None` where it has fewer.
fn killed_at(ready: &Ready, fsync: usize, deeds: usize, wrong: Option<&str>) -> Option<(usize, usize)> {
    let folder = ready.copied();
    let fault = format!("inject=fsync,fdatasync:signal=SIGKILL:when={fsync}");
    let server = Server::start(folder.path(), &fault, wrong);
    let Some(server) = server else { return Some((0, lost(folder.path(), &BTreeSet::new()))) };
    let (address, cookie) = (server.address, ready.cookie.as_str());
    let acknowledged = thread::scope(|scope| {
        let people: Vec<_> = (0..4)
            .map(|person| {
                let names = (0..deeds).map(move |deed| format!("N{person}-{deed}"));
                scope.spawn(move || ask_for(address, cookie, names).acknowledged)
            })
            .collect();
        people.into_iter().flat_map(|person| person.join().expect("asked")).collect::<BTreeSet<_>>()
    });
    if server.end(wrong).is_some() && wrong.is_none() {
        assert_eq!(acknowledged.len(), 4 * deeds, "nothing stood in the way");
        return None;
    }
    Some((acknowledged.len(), lost(folder.path(), &acknowledged)))
}

#[test]
fn killed_at_every_fsync_nothing_acknowledged_is_lost() {
    let ready = ready();
    let deeds = 6 * depth();
    let (mut fsyncs, mut told) = (0, 0);
    while let Some((acknowledged, lost)) = killed_at(&ready, fsyncs + 1, deeds, None) {
        assert_eq!(lost, 0, "killed at fsync {}", fsyncs + 1);
        fsyncs += 1;
        told += acknowledged;
    }
    assert!(fsyncs >= deeds && told > deeds, "{fsyncs} fsyncs, {told} acknowledged");
    println!("{fsyncs} fsyncs, {told} acknowledged");
}

#[test]
fn acknowledging_before_the_fsync_is_found_out() {
    let ready = ready();
    let found = (2..8).any(|fsync| killed_at(&ready, fsync, 6, Some("early")).is_some_and(|(_, lost)| lost > 0));
    assert!(found, "the harness finds nothing");
}

/// How many such calls a run makes in which nothing fails.
fn calls(ready: &Ready, calls: &str) -> usize {
    let folder = ready.copied();
    let notes = folder.path().join("notes");
    let fault = format!("inject={calls}:error=EIO:when=65535");
    let server = Server::start_noted(folder.path(), &fault, None, &notes).expect("a server");
    let run = ask_for(server.address, &ready.cookie, (0..DEEDS).map(|deed| format!("N{deed}")));
    assert_eq!((server.end(None), run.acknowledged.len()), (Some(0), DEEDS));
    let notes = std::fs::read_to_string(notes).expect("notes");
    notes.lines().filter(|line| calls.split(',').any(|call| line.contains(&format!(" {call}(")))).count()
}

/// One person asks while the disk fails so at a write; how the server ended, what was told, what is lost.
fn with_fault(ready: &Ready, fault: &str, wrong: Option<&str>) -> Option<(Option<i32>, Run, usize)> {
    let folder = ready.copied();
    let Some(server) = Server::start(folder.path(), fault, wrong) else {
        assert_eq!(lost(folder.path(), &BTreeSet::new()), 0);
        return None;
    };
    let run = ask_for(server.address, &ready.cookie, (0..DEEDS).map(|deed| format!("N{deed}")));
    let code = server.end(wrong);
    let lost = lost(folder.path(), &run.acknowledged);
    Some((code, run, lost))
}

#[test]
fn a_disk_that_is_full_at_any_write_is_told_and_passes() {
    let ready = ready();
    let (mut full, mut runs) = (0, 0);
    let writes = calls(&ready, "pwrite64");
    for write in 1..=writes {
        let fault = format!("inject=pwrite64:error=ENOSPC:when={write}..{}", write + 4);
        let Some((code, run, lost)) = with_fault(&ready, &fault, None) else { continue };
        assert_eq!((code, run.acknowledged.len(), lost), (Some(0), DEEDS, 0), "write {write}: {run:?}");
        assert!(run.told.iter().all(|(name, reads)| name == "store-disk-full" && *reads), "write {write}: {run:?}");
        full += usize::from(!run.told.is_empty());
        runs += 1;
    }
    println!("full in {full} of {runs}, {writes} writes");
    assert!(full * 2 > runs && runs > 20, "full in {full} of {runs}");
}

#[test]
fn a_disk_that_fails_at_any_write_ends_the_server_and_loses_nothing() {
    let ready = ready();
    let (mut ended, mut runs) = (0, 0);
    for (call, error) in [("pwrite64", "EIO"), ("fsync,fdatasync", "EIO"), ("fsync,fdatasync", "ENOSPC")] {
        for turn in 1..=calls(&ready, call) {
            let fault = format!("inject={call}:error={error}:when={turn}");
            let Some((code, run, lost)) = with_fault(&ready, &fault, None) else { continue };
            runs += 1;
            assert_eq!(lost, 0, "{fault}: {run:?}");
            if code == Some(2) {
                assert!(run.told.iter().all(|(name, _)| name == "desk-stopped"), "{fault}: {run:?}");
                ended += 1;
            } else {
                assert_eq!(run.acknowledged.len(), DEEDS, "{fault}: {run:?}");
            }
        }
    }
    println!("ended in {ended} of {runs}");
    assert!(ended * 2 > runs && runs > 40, "ended in {ended} of {runs}");
}

#[tokio::test]
async fn a_disk_that_failed_is_told_though_the_end_was_asked_for_as_well() {
    let town = Town::new();
    for (fails, ended) in [(true, serve::Ended::DiskFailed), (false, serve::Ended::Asked)] {
        for _ in 0..20 {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
            let failed = Arc::new(Notify::new());
            if fails {
                failed.notify_one();
            }
            assert_eq!(serve::serve(listener, Arc::clone(&town.office), std::future::ready(()), failed).await, ended);
        }
    }
}

#[test]
fn acknowledging_what_could_not_be_written_is_found_out() {
    let ready = ready();
    let found = [5, 9, 13, 17].into_iter().any(|write| {
        let fault = format!("inject=pwrite64:error=EIO:when={write}");
        with_fault(&ready, &fault, Some("always")).is_some_and(|(_, _, lost)| lost > 0)
    });
    assert!(found, "the harness finds nothing");
}

/// Reports handed in over lines that break at any place, each sent again until it is acknowledged: how many were to be
/// done, and how many were.
fn over_broken_lines(deeds: usize, anew: bool) -> (usize, usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let town = Town::new();
    town.asked();
    let cookie = runtime.block_on(town.login("A1"));
    let before = town.office.desk.read(|shown| shown.state.size);
    let address = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let address = listener.local_addr().expect("an address");
        let (office, failed) = (Arc::clone(&town.office), Arc::new(Notify::new()));
        tokio::spawn(serve::serve(listener, office, pending(), failed));
        address
    });
    let receipts = Mutex::new(BTreeSet::new());
    let proxy = Proxy::before(address);
    thread::scope(|scope| {
        for person in 0..3 {
            let (cookie, receipts, proxy) = (&cookie, &receipts, &proxy);
            scope.spawn(move || {
                let mut line = Line::to(proxy.address);
                for deed in 0..deeds {
                    let value = (person * deeds + deed).to_string();
                    // A deed that can be done again and again.
                    let notice = json!({"year": 2026, "notice": value, "rest": [], "work": []});
                    for attempt in 0.. {
                        let id = if anew { format!("d{person}-{deed}-{attempt}") } else { format!("d{person}-{deed}") };
                        let body = json!({"id": id, "act": {"enter-notice": notice}, "why": "更正"});
                        match line.post("/api/deeds", cookie, &body) {
                            Ok((200 | 201, body)) => {
                                let body: Value = serde_json::from_str(&body).expect("a receipt");
                                receipts.lock().expect("receipts").insert(body["number"].as_u64());
                                break;
                            }
                            Ok((429 | 503, _)) => thread::sleep(Duration::from_millis(5)),
                            Ok((status, body)) => panic!("{status} {body}"),
                            Err(_) => (),
                        }
                    }
                }
            });
        }
    });
    assert!(proxy.cut() > deeds, "lines were cut {} times", proxy.cut());
    assert_eq!(receipts.lock().expect("receipts").len(), 3 * deeds, "one receipt for each");
    let done = town.office.desk.read(|shown| shown.state.size) - before;
    runtime.shutdown_background();
    (3 * deeds, usize::try_from(done).expect("a count"))
}

#[test]
fn what_is_sent_again_over_broken_lines_is_done_once() {
    let (asked, done) = over_broken_lines(30 * depth().min(10), false);
    assert_eq!(asked, done);
}

#[test]
fn a_sender_without_ids_of_its_own_does_things_twice() {
    let (asked, done) = over_broken_lines(20, true);
    assert!(done > asked, "the harness finds nothing: {asked} asked, {done} done");
}
