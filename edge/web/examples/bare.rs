//! A server that does as little as a server can that keeps what it is told: what the office is measured against.
//!
//! The same request over HTTP, the same JSON read, the same two rows (an entry with its index, a report with its
//! index), the same bounded queue and one writer with the same batches, the same settings of SQLite. No rules, no
//! rights, no sessions, no hashes, no signatures, no state, no log.
//!
//! `cargo run --release -p kaoping-web --example bare -- 127.0.0.1:8090 /some/folder/bare.db`

#![allow(missing_docs, clippy::expect_used, reason = "a bench stops at what should have been there")]

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use rusqlite::{Connection, params};
use serde::Deserialize;
use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::oneshot;

/// As many may wait as at the office.
const QUEUE: usize = 2000;

/// As many are written at a time as at the office.
const BATCH: usize = 256;

#[derive(Deserialize)]
struct Asked {
    act: Act,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    SubmitReport(Submitted),
}

#[derive(Deserialize)]
struct Submitted {
    collection: String,
    office: String,
    figures: Vec<Figure>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read, and not looked at")]
struct Figure {
    figure: String,
    value: String,
    evidence: Vec<String>,
    answer: String,
}

struct Job {
    id: String,
    report: Submitted,
    body: Bytes,
    reply: oneshot::Sender<i64>,
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the end of time")
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let listen = arguments.next().expect("an address");
    let path = arguments.next().expect("a file");
    let connection = open(&path);
    let (queue, jobs) = sync_channel(QUEUE);
    std::thread::spawn(move || write(&connection, &jobs));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let router = Router::new().route("/api/deeds", post(deed)).with_state(queue);
        let listener = tokio::net::TcpListener::bind(&listen).await.expect("an address");
        println!("http://{}", listener.local_addr().expect("an address"));
        axum::serve(listener, router).await.expect("serving");
    });
}

async fn deed(State(queue): State<SyncSender<Job>>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(Asked { act: Act::SubmitReport(report) }) = serde_json::from_slice(&body) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let id = headers.get("idempotency-key").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let (reply, done) = oneshot::channel();
    if queue.try_send(Job { id, report, body, reply }).is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response();
    }
    let Ok(number) = done.await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let receipt =
        format!("{{\"number\":{number},\"hash\":\"sha256:{:064}\",\"received_ms\":{},\"again\":false}}\n", 0, now_ms());
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], receipt).into_response()
}

fn open(path: &str) -> Connection {
    let connection = Connection::open(path).expect("a file");
    let set = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
        PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000;
        CREATE TABLE store_entry (number INTEGER NOT NULL, id TEXT NOT NULL, received_ms INTEGER NOT NULL,
            hash BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (number)) STRICT;
        CREATE UNIQUE INDEX store_entry_id ON store_entry (id);
        CREATE TABLE reports (collection TEXT NOT NULL, unit TEXT NOT NULL, stage TEXT NOT NULL,
            figures INTEGER NOT NULL, filled_by TEXT NOT NULL, signed_by TEXT, first_signed INTEGER, late INTEGER,
            returned INTEGER NOT NULL, PRIMARY KEY (collection, unit)) STRICT, WITHOUT ROWID;
        CREATE INDEX reports_index_1 ON reports (unit);";
    connection.execute_batch(set).expect("settings and tables");
    connection
}

/// What an entry says beside what was asked: its form, number, predecessor, time, who. As many bytes.
fn envelope(number: i64) -> Vec<u8> {
    format!("{{\"number\":{number:010},{:260}", "").into_bytes()
}

fn write(connection: &Connection, jobs: &Receiver<Job>) {
    let mut number = 0;
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        let begun = number;
        run(connection, "BEGIN IMMEDIATE");
        for job in &batch {
            let bytes = [envelope(number).as_slice(), &job.body].concat();
            let entry = "INSERT INTO store_entry (number, id, received_ms, hash, bytes) VALUES ($1, $2, $3, $4, $5)";
            let mut entry = connection.prepare_cached(entry).expect("a statement");
            entry.execute(params![number, job.id, now_ms(), [0_u8; 32], bytes]).expect("an entry");
            number += 1;
        }
        for job in &batch {
            let row = "INSERT INTO reports
                (collection, unit, stage, figures, filled_by, signed_by, first_signed, late, returned)
                VALUES ($1, $2, 'submitted', $3, $4, NULL, NULL, NULL, 0) ON CONFLICT (collection, unit)
                DO UPDATE SET stage = excluded.stage, figures = excluded.figures, filled_by = excluded.filled_by,
                signed_by = excluded.signed_by, first_signed = excluded.first_signed, late = excluded.late,
                returned = excluded.returned";
            let mut row = connection.prepare_cached(row).expect("a statement");
            let Submitted { collection, office, figures } = &job.report;
            row.execute(params![collection, office, i64::try_from(figures.len()).expect("few"), office])
                .expect("a row");
        }
        run(connection, "COMMIT");
        for (number, job) in (begun..).zip(batch) {
            // Who went away does not hear it.
            let _ = job.reply.send(number);
        }
    }
}

fn run(connection: &Connection, sql: &str) {
    connection.prepare_cached(sql).expect("a statement").execute([]).expect(sql);
}
