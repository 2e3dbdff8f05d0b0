//! Asks a server to take reports, from many connections at a time, and says how it went: one line of JSON.
//!
//! `load --address HOST:PORT --sessions FILE --connections N --seconds S [--rate R] [--warm S] [--name WORD]`
//!
//! Each line of the file is one clerk: the token of a session, an office, an address. Without a rate every connection
//! sends its next request when the last one was answered. With one, so many requests are sent each second whatever
//! is answered, and times are counted from when a request was to be sent.
//!
//! Nobody replaces a report unseen: each request names the version it replaces, and one report is handed in by one
//! connection at a time.

#![allow(missing_docs, clippy::expect_used, clippy::float_arithmetic, reason = "a bench stops at what is not there")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What one connection is told.
#[derive(Clone)]
struct Asked {
    address: String,
    name: String,
    collections: usize,
    figures: usize,
    begin: Instant,
    counted: Instant,
    end: Instant,
    every: Option<Duration>,
    patient: bool,
    reports: Arc<Mutex<Reports>>,
}

/// A report: whose, and of which collection.
type Key = (String, usize);

/// What is known of the reports.
#[derive(Default)]
struct Reports {
    /// The version that is there.
    versions: BTreeMap<Key, u64>,
    /// Being handed in.
    busy: BTreeSet<Key>,
}

impl Reports {
    /// The first of the collections from one on whose report of an office is free, and its version.
    fn take(&mut self, office: &str, from: usize, collections: usize) -> Option<(Key, Option<u64>)> {
        let all = (0..collections).map(|at| (office.to_owned(), (from + at) % collections + 1));
        let key = all.into_iter().find(|key| !self.busy.contains(key))?;
        self.busy.insert(key.clone());
        let version = self.versions.get(&key).copied();
        Some((key, version))
    }

    /// It was answered: what it is now, as far as that was told.
    fn put(&mut self, key: &Key, version: Option<u64>) {
        self.busy.remove(key);
        if let Some(version) = version {
            self.versions.insert(key.clone(), version);
        }
    }
}

/// The version an answer tells: that of the receipt, or that of the report that is there already.
fn version(status: u16, body: &str) -> Option<u64> {
    let name = if status == 409 { "replaces:" } else { "\"number\":" };
    let digits = body.split_once(name)?.1.trim_start();
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A clerk.
#[derive(Clone)]
struct Clerk {
    token: String,
    office: String,
    from: String,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    by_status: BTreeMap<u16, u64>,
    without_retry_after: u64,
    done_us: Vec<u32>,
    refused_us: Vec<u32>,
    broken: u64,
    other: Option<String>,
}

fn main() {
    let mut options = BTreeMap::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        options.insert(name.clone(), arguments.next().expect("a value"));
    }
    let option = |name: &str, default: &str| options.get(name).map_or(default, String::as_str).to_owned();
    let number = |name: &str, default: &str| option(name, default).parse::<u32>().expect("a number");
    let sessions = std::fs::read_to_string(option("--sessions", "")).expect("sessions");
    let clerks: Vec<Clerk> = sessions.lines().map(clerk).collect();
    let connections = number("--connections", "128");
    let rate = number("--rate", "0");
    let begin = Instant::now();
    let counted = begin + Duration::from_secs(number("--warm", "2").into());
    let asked = Asked {
        address: option("--address", "127.0.0.1:8080"),
        name: option("--name", "load"),
        collections: number("--collections", "12") as usize,
        figures: number("--figures", "10") as usize,
        begin,
        counted,
        end: counted + Duration::from_secs(number("--seconds", "10").into()),
        every: (rate > 0).then(|| Duration::from_secs(1) * connections / rate),
        patient: option("--patient", "no") == "yes",
        reports: Arc::default(),
    };
    let threads = number("--threads", "1") as usize;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let seen = runtime.expect("a runtime").block_on(async {
        let begun: Vec<_> = (0..connections as usize)
            .map(|place| {
                // Nobody asks more often than one is let.
                let own = clerks.iter().skip(place).step_by(connections as usize).cloned().collect();
                tokio::spawn(connection(asked.clone(), own, place))
            })
            .collect();
        let mut all = Seen::default();
        for one in begun {
            all.add(one.await.expect("a connection"));
        }
        all
    });
    println!("{}", seen.told(asked.end - asked.counted));
}

fn clerk(line: &str) -> Clerk {
    let mut parts = line.split_whitespace().map(str::to_owned);
    let mut part = || parts.next().expect("token, office, address");
    Clerk { token: part(), office: part(), from: part() }
}

/// One connection, kept alive; it is made anew when it breaks.
async fn connection(asked: Asked, clerks: Vec<Clerk>, place: usize) -> Seen {
    let mut seen = Seen::default();
    let mut stream = None;
    let (mut sent, mut buffer) = (0_u32, vec![0; 16 << 10]);
    // Connections with a rate begin one after another, not all at once.
    let late = asked.every.map_or(Duration::ZERO, |every| every.mul_f64((place % 997) as f64 / 997.0));
    loop {
        let due = asked.every.map_or_else(Instant::now, |every| asked.begin + late + every * sent);
        tokio::time::sleep_until(due.into()).await;
        if Instant::now() >= asked.end || due >= asked.end {
            return seen;
        }
        let clerk = clerks.get(sent as usize % clerks.len()).expect("as many clerks as connections");
        let from = place + sent as usize;
        let free = asked.reports.lock().expect("reports").take(&clerk.office, from, asked.collections);
        let Some((key, seen_version)) = free else {
            // All of the office are being handed in.
            sent += u32::from(clerks.len() > 1);
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        };
        let request = request(&asked, clerk, (key.1, seen_version), (place, sent));
        sent += 1;
        let answer = exchange(&asked.address, &mut stream, &request, &mut buffer).await;
        let (now, counted) = (Instant::now(), due >= asked.counted);
        let refused = matches!(answer, Some((503, ..)));
        let told = answer.as_ref().and_then(|(status, _, body)| version(*status, body));
        asked.reports.lock().expect("reports").put(&key, told);
        match answer {
            Some((status, head, _)) if counted && now < asked.end => seen.note(status, now - due, &head),
            Some(_) => (),
            None => {
                stream = None;
                seen.broken += u64::from(counted);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        if asked.patient && refused {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// A report of some figures, with an id of its own.
fn request(
    asked: &Asked,
    clerk: &Clerk,
    (collection, replaces): (usize, Option<u64>),
    (place, sent): (usize, u32),
) -> String {
    let mut body = format!(
        "{{\"act\":{{\"submit-report\":{{\"collection\":\"C{collection:02}\",\"office\":\"{}\",\"figures\":[",
        clerk.office
    );
    for figure in 1..=asked.figures {
        let comma = if figure > 1 { "," } else { "" };
        let value = 100 + (figure * 7 + place + sent as usize) % 20;
        let _ = write!(
            body,
            "{comma}{{\"figure\":\"F{figure:03}\",\"value\":\"{value}.5\",\"evidence\":[],\"answer\":\"\"}}"
        );
    }
    let replaces = replaces.map_or_else(|| "null".to_owned(), |number| number.to_string());
    let _ =
        write!(body, "],\"replaces\":{replaces}}}}},\"why\":\"\",\"office\":\"{}\",\"role\":\"clerk\"}}", clerk.office);
    format!(
        "POST /api/deeds HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
         Cookie: {}\r\nX-Forwarded-For: {}\r\nIdempotency-Key: {}-{place}-{sent}\r\nContent-Length: {}\r\n\r\n{body}",
        asked.address,
        clerk.token,
        clerk.from,
        asked.name,
        body.len()
    )
}

/// Sends and waits for the whole answer: its status, head and body. `None`: the connection broke.
async fn exchange(
    address: &str,
    stream: &mut Option<TcpStream>,
    request: &str,
    buffer: &mut [u8],
) -> Option<(u16, String, String)> {
    if stream.is_none() {
        let made = TcpStream::connect(address).await.ok()?;
        made.set_nodelay(true).ok()?;
        *stream = Some(made);
    }
    let stream = stream.as_mut()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut filled = 0;
    loop {
        let read = stream.read(buffer.get_mut(filled..)?).await.ok().filter(|read| *read > 0)?;
        filled += read;
        let text = std::str::from_utf8(buffer.get(..filled)?).unwrap_or_default();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            let status = head.get(9..12)?.parse().ok()?;
            return Some((status, head.to_owned(), body.to_owned()));
        }
    }
}

impl Seen {
    fn note(&mut self, status: u16, time: Duration, head: &str) {
        *self.by_status.entry(status).or_default() += 1;
        let us = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
        match status {
            200 | 201 => self.done_us.push(us),
            503 => {
                self.refused_us.push(us);
                self.without_retry_after += u64::from(!head.to_ascii_lowercase().contains("retry-after"));
            }
            _ => self.other = Some(head.to_owned()),
        }
    }

    fn add(&mut self, other: Self) {
        for (status, count) in other.by_status {
            *self.by_status.entry(status).or_default() += count;
        }
        self.without_retry_after += other.without_retry_after;
        self.broken += other.broken;
        self.done_us.extend(other.done_us);
        self.refused_us.extend(other.refused_us);
        self.other = self.other.take().or(other.other);
    }

    /// One line of JSON: how many were acknowledged each second, and how long that took.
    fn told(mut self, over: Duration) -> String {
        self.done_us.sort_unstable();
        self.refused_us.sort_unstable();
        let at = |times: &[u32], part: f64| {
            let place = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
            f64::from(times.get(place).copied().unwrap_or(0)) / 1000.0
        };
        let per_second = self.done_us.len() as f64 / over.as_secs_f64();
        let statuses: Vec<String> =
            self.by_status.iter().map(|(status, count)| format!("\"{status}\":{count}")).collect();
        if let Some(other) = &self.other {
            eprintln!("{other}");
        }
        format!(
            "{{\"done_per_second\":{per_second:.0},\"p50_ms\":{:.2},\"p99_ms\":{:.2},\"max_ms\":{:.2},\
             \"refused_p99_ms\":{:.2},\"statuses\":{{{}}},\"without_retry_after\":{},\"broken\":{}}}",
            at(&self.done_us, 0.5),
            at(&self.done_us, 0.99),
            at(&self.done_us, 1.0),
            at(&self.refused_us, 0.99),
            statuses.join(","),
            self.without_retry_after,
            self.broken
        )
    }
}
