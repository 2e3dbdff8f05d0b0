//! Reads every list and every detail of a province many times, as different people, and says how long that took on
//! the way to the server and back: the middle, 99 of 100, the longest.
//!
//! `reads HOST:PORT FOLDER [COUNT]`, with the folder `province` made. One request at a time.

#![allow(missing_docs, clippy::expect_used, clippy::float_arithmetic, reason = "a bench stops at what is not there")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    time::Instant,
};

/// What is read. Filters that find little in much are the hardest.
const PATHS: &[&str] = &[
    "/api/me",
    "/api/owed",
    "/api/burden",
    "/api/calendar",
    "/api/deadline?from=2026-09-26&working_days=5",
    "/api/offices",
    "/api/offices?limit=1000",
    "/api/figures?limit=1000",
    "/api/figures/F007",
    "/api/schemes",
    "/api/schemes/民生",
    "/api/targets",
    "/api/targets?unit=X100",
    "/api/targets?indicator=指标F200&limit=100",
    "/api/letters",
    "/api/collections",
    "/api/collections?period=2024-12",
    "/api/reports",
    "/api/reports?unit=X100",
    "/api/reports?stage=returned",
    "/api/reports/M12/X001",
    "/api/cells",
    "/api/cells?limit=1000",
    "/api/cells?unit=X100",
    "/api/cells?unit=X100&figure=F200",
    "/api/cells?figure=F200&period=2024-12",
    "/api/cells?value=0",
    "/api/cells?cursor=%5B%22X099%22%2C%22F100%22%2C%222024-06%22%5D",
    "/api/proposals",
    "/api/events",
    "/api/assessed",
    "/api/assessed?unit=X100",
    "/api/results",
    "/api/totals",
    "/api/samples",
    "/api/objections",
    "/api/accounts",
    "/api/accounts?account=U40",
    "/api/record?limit=100",
    "/api/record/5000/proof",
    "/api/record/consistency?old=5000",
    "/api/checkpoint",
    "/api/cells.csv",
];

struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Reader {
    /// Status, and how many bytes the body has.
    fn get(&mut self, path: &str, cookie: &str, from: &str) -> (u16, usize) {
        let path: String = path.bytes().map(escaped).collect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nX-Forwarded-For: {from}\r\n\r\n");
        self.stream.write_all(request.as_bytes()).expect("sent");
        let mut filled = 0;
        loop {
            if self.buffer.len() - filled < 64 << 10 {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
            filled += self.stream.read(self.buffer.get_mut(filled..).expect("room")).expect("read");
            let bytes = self.buffer.get(..filled).expect("filled");
            let Some(end) = bytes.windows(4).position(|found| found == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(bytes.get(..end).expect("a head")).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let length: usize = length.unwrap_or(0);
            if filled >= end + 4 + length {
                return (head.get(9..12).and_then(|status| status.parse().ok()).expect("a status"), length);
            }
        }
    }
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().expect("an address");
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let count: usize = arguments.next().map_or(300, |count| count.parse().expect("a number"));
    let people = fs::read_to_string(folder.join("people")).expect("people");
    let clerks = fs::read_to_string(folder.join("sessions")).expect("sessions");
    let top = |letter: &str| -> Vec<String> {
        let own = people.lines().filter(|line| line.starts_with(letter));
        own.filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect()
    };
    let own = clerks.lines().filter(|line| line.contains(" X001 "));
    let clerk: Vec<String> = own.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect();
    let stream = TcpStream::connect(address).expect("a server");
    stream.set_nodelay(true).expect("no delay");
    let mut reader = Reader { stream, buffer: vec![0; 1 << 20] };
    let mut slowest = 0.0_f64;
    let mut asked = 0_usize;
    for (who, cookies) in [("assessment office", top("A")), ("auditor", top("U")), ("clerk", clerk)] {
        println!("{who:>52}      50 %      99 %   longest    bytes");
        for path in PATHS {
            let mut times = Vec::with_capacity(count);
            let (mut status, mut bytes) = (0, 0);
            for _ in 0..count {
                asked += 1;
                let cookie = cookies.get(asked % cookies.len()).expect("a cookie");
                let from = format!("10.200.{}.{}", asked / 250 % 250, asked % 250);
                let begun = Instant::now();
                (status, bytes) = reader.get(path, cookie, &from);
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            times.sort_by(f64::total_cmp);
            let at = |part: usize| times.get((times.len() * part / 100).min(times.len() - 1)).copied().unwrap_or(0.0);
            let mark = if at(99) > 5.0 { " !" } else { "" };
            if status == 200 {
                slowest = slowest.max(at(99));
                println!("{path:>52} {:>9.3} {:>9.3} {:>9.3} {bytes:>8}{mark}", at(50), at(99), at(100));
            } else if !matches!(status, 403 | 404) {
                println!("{path:>52} {status}");
            }
        }
    }
    println!("slowest at 99 %: {slowest:.2} ms");
}
