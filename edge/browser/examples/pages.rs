//! How fast pages are in a real Chromium, at a server on a province: the heat map of all offices and indicators beside
//! a bare table of the same numbers, the desk on a weak line, what if and why.
//!
//! `pages HOST:PORT FOLDER [ROUNDS]`, with the folder `province` made and a server that no proxy stands before;
//! `bench/pages.sh` does all of it. Times are milliseconds.

#![allow(clippy::expect_used, clippy::panic, clippy::float_arithmetic, reason = "a bench stops at what is not there")]

#[path = "../tests/rig/mod.rs"]
#[allow(unreachable_pub, reason = "the rig is that of the tests")]
mod rig;

use rig::{Person, browser, driver};
use serde_json::{Value, json};
use std::{fmt::Write as _, fs, path::PathBuf};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const SCHEME: &str = "/schemes/%E6%B0%91%E7%94%9F";
const ROUND: &str = "%E9%AA%8C%E6%94%B6";

/// When the first frame after the page was read is on its way to the screen, scripts and all.
const SHOWN: &str = "addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.shown = performance.now(); };
    port2.postMessage(0);
}));";

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let base = format!("http://{}", arguments.next().expect("an address"));
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let rounds: usize = arguments.next().map_or(7, |count| count.parse().expect("a number"));
    let (mut child, at) = driver().await;
    let office = signed_in(&at, &base, &first(&folder, "people", "A1 ", 1)).await;
    let clerk = signed_in(&at, &base, &first(&folder, "sessions", "", 0)).await;
    heat_map(&office, &at, rounds).await;
    what_if(&office, rounds).await;
    why(&office, rounds).await;
    weak_line(&clerk, rounds.min(5)).await;
    office.leaves().await;
    clerk.leaves().await;
    drop(child.kill().await);
}

/// A word of the first line that begins so: the token of a session.
fn first(folder: &std::path::Path, file: &str, begin: &str, word: usize) -> String {
    let lines = fs::read_to_string(folder.join(file)).expect("sessions");
    let line = lines.lines().find(|line| line.starts_with(begin)).expect("a session");
    let cookie = line.split(' ').nth(word).expect("a cookie");
    cookie.split_once('=').expect("a token").1.to_owned()
}

async fn signed_in(driver: &str, base: &str, token: &str) -> Person {
    let person = browser(driver, base).await;
    let cookie = json!({"name": "kaoping", "value": token, "url": base, "httpOnly": true});
    person.devtools("Network.setCookie", cookie).await;
    person.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": SHOWN})).await;
    person
}

/// When what was opened was shown.
async fn shown(person: &Person, path: &str) -> f64 {
    person.open(path).await;
    loop {
        if let Some(shown) = person.script("return window.shown ?? null", vec![]).await.as_f64() {
            return shown;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// The middle, the least and the most.
fn told(mut times: Vec<f64>) -> (f64, String) {
    times.sort_by(f64::total_cmp);
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    let (least, most) = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
    (middle, format!("{middle:.1} ({least:.1} to {most:.1})"))
}

async fn heat_map(person: &Person, driver: &str, rounds: usize) {
    let path = format!("{SCHEME}/ranking?round={ROUND}");
    let csv = format!("return fetch('{SCHEME}/ranking.csv?round={ROUND}').then((answer) => answer.text())");
    person.open("/").await;
    let table = person.script(&csv, vec![]).await.as_str().expect("a table").to_owned();
    let (bare_at, cells) = bare(&table).await;
    let other = browser(driver, &bare_at).await;
    other.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": SHOWN})).await;
    let (mut whole, mut drawn, mut answered, mut plain) = (vec![], vec![], vec![], vec![]);
    // The first one of each is not counted: the program reads its style and scripts then.
    for round in 0..=rounds {
        let page = shown(person, &path).await;
        let bare = shown(&other, "/").await;
        let of = |name: &str| {
            let script = format!("return performance.getEntriesByName('{name}')[0]?.startTime ?? null");
            async move { person.script(&script, vec![]).await.as_f64() }
        };
        let there = person.script("return performance.getEntriesByType('navigation')[0].responseEnd", vec![]).await;
        if round > 0 {
            whole.push(page);
            plain.push(bare);
            answered.push(there.as_f64().expect("a time"));
            drawn.extend(of("heat-drawn").await.zip(of("heat-data").await).map(|(drawn, data)| drawn - data));
        }
    }
    let (page, page_told) = told(whole);
    let (bare, bare_told) = told(plain);
    println!("heat map, {cells} cells");
    println!("  from navigation to the frame that shows it   {page_told}, {:.2} of 300 ms", page / 300.0);
    println!("    of that, until the page has come           {}", told(answered).1);
    println!("  from the data being there to that frame      {}", told(drawn).1);
    println!("  a bare table of the same numbers             {bare_told}");
    println!("  the heat map beside the bare table           {:.2}", page / bare);
    for (what, path) in [("page", path.as_str()), ("file of all numbers", &path.replace("/ranking?", "/ranking.csv?"))]
    {
        println!("  {what}: {} bytes compressed", weight(person, path).await);
    }
    other.leaves().await;
}

/// What comes over the line for an address.
async fn weight(person: &Person, path: &str) -> u64 {
    let script = format!(
        "performance.clearResourceTimings();
         return fetch('{path}', {{cache: 'reload'}}).then((answer) => answer.text()).then(() => new Promise((done) => setTimeout(done, 50)))
            .then(() => performance.getEntriesByType('resource').at(-1).encodedBodySize)"
    );
    person.script(&script, vec![]).await.as_u64().expect("a weight")
}

/// The numbers of a file as a table without anything, served on this machine; where, and how many there are.
async fn bare(csv: &str) -> (String, usize) {
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><title>bare</title><table>");
    let mut cells = 0;
    for line in csv.trim_start_matches('\u{feff}').lines().skip(1) {
        let found: Vec<&str> = line.split(',').collect();
        let (head, scores) = found.split_at(7);
        let _ = write!(page, "<tr><th>{} {}<td>{}", head[0], head[2], head[4]);
        for score in scores {
            cells += 1;
            let _ = write!(page, "<td>{score}");
        }
    }
    page.push_str("</table>");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
    let answer = format!("{head}Content-Length: {}\r\n\r\n{page}", page.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                drop(stream.read(&mut asked).await);
                drop(stream.write_all(answer.as_bytes()).await);
            });
        }
    });
    (address, cells)
}

/// Requests one after another from the page, there and back.
async fn requests(person: &Person, requests: Value) -> Vec<f64> {
    let script = "return (async (all) => {
        const times = [];
        for (const [method, path, body] of all) {
            const begun = performance.now();
            const answer = await fetch(path, { method, cache: 'no-store', headers: body ? { 'Content-Type': 'application/json' } : {}, body: body ? JSON.stringify(body) : undefined });
            const text = await answer.text();
            if (!answer.ok) throw new Error(`${answer.status} ${path} ${text}`);
            times.push(performance.now() - begun);
        }
        return times;
    })(arguments[0])";
    let times = person.script(script, vec![requests]).await;
    times.as_array().expect("times").iter().filter_map(Value::as_f64).collect()
}

async fn what_if(person: &Person, rounds: usize) {
    person.open("/").await;
    let points = |at: usize| {
        let change =
            json!({"indicator": format!("指标F{:03}", at + 1), "what": "", "value": format!("{}.5 分", at % 3 + 1)});
        json!(["POST", "/api/what-if/%E6%B0%91%E7%94%9F", {"round": "验收", "changes": [change]}])
    };
    let figure = |at: usize| {
        let figure =
            json!({"unit": format!("X{:03}", at + 1), "indicator": "指标F045", "field": "完成数", "value": "1111"});
        json!(["POST", "/api/what-if/%E6%B0%91%E7%94%9F", {"round": "验收", "figures": [figure]}])
    };
    for (what, all) in [
        ("points", (0..=2 * rounds).map(points).collect()),
        ("a figure", (0..=2 * rounds).map(figure).collect::<Vec<_>>()),
    ] {
        let mut times = requests(person, Value::Array(all)).await;
        times.remove(0);
        println!("what if, {what}: {}, of 50", told(times).1);
    }
}

async fn why(person: &Person, rounds: usize) {
    person.open("/").await;
    let page =
        |at: usize| json!(["GET", format!("{SCHEME}/why/X{:03}/指标F{:03}?round={ROUND}", at + 1, 3 * at + 1), null]);
    let mut times = requests(person, (0..=2 * rounds).map(page).collect()).await;
    times.remove(0);
    println!("why: {}, of 5", told(times).1);
}

/// The desk over 1 Mbit/s with 300 ms between a request and its answer, as the browser holds requests back.
async fn weak_line(person: &Person, rounds: usize) {
    let line = json!({"offline": false, "latency": 300, "downloadThroughput": 125_000, "uploadThroughput": 125_000});
    person.devtools("Network.enable", json!({})).await;
    person.devtools("Network.emulateNetworkConditions", line).await;
    let (mut cold, mut warm) = (vec![], vec![]);
    for _ in 0..rounds {
        person.devtools("Network.clearBrowserCache", json!({})).await;
        cold.push(shown(person, "/").await);
        warm.push(shown(person, "/").await);
    }
    println!("desk on a weak line: nothing kept {}, kept {}, of 3000", told(cold).1, told(warm).1);
}
