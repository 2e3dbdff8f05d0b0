//! HTTP over a plain line, and a proxy that cuts lines.

use serde_json::Value;
use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// A line that is made when it is needed.
pub(crate) struct Line {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl Line {
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    pub(crate) fn get(&mut self, path: &str, cookie: &str) -> io::Result<(u16, String)> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"))
    }

    pub(crate) fn post(&mut self, path: &str, cookie: &str, body: &Value) -> io::Result<(u16, String)> {
        let body = body.to_string();
        self.exchange(&format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Status and body; a line that broke is not used again.
    fn exchange(&mut self, request: &str) -> io::Result<(u16, String)> {
        let stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                stream
            }
        };
        let told = whole(&stream, request)?;
        self.stream = Some(stream);
        Ok(told)
    }
}

fn whole(mut stream: &TcpStream, request: &str) -> io::Result<(u16, String)> {
    stream.write_all(request.as_bytes())?;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut part)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend(&part[..read]);
        let Some(end) = bytes.windows(4).position(|found| found == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let length: usize = length.unwrap_or(0);
        if bytes.len() >= end + 4 + length {
            let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
            return Ok((status, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()));
        }
    }
}

/// Passes on what it is sent, and cuts the line after some number of bytes one way or the other.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    cut: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let address = listener.local_addr().expect("an address");
        let cut = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&cut);
        thread::spawn(move || {
            let mut seed = 7_u64;
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else { return };
                let mut below = |most: u64| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    usize::try_from((seed >> 33) % most).expect("small")
                };
                // Requests have some 350 bytes, answers 700: most lines carry one or two of them.
                let (there, back) = (below(1400), below(1800));
                pass(&client, &server, there, &count);
                pass(&server, &client, back, &count);
            }
        });
        Self { address, cut }
    }

    /// How many lines were cut.
    pub(crate) fn cut(&self) -> usize {
        self.cut.load(Ordering::Relaxed)
    }
}

/// Passes on so many bytes, then cuts the line both ways.
fn pass(from: &TcpStream, to: &TcpStream, most: usize, count: &Arc<AtomicUsize>) {
    let (mut from, mut to) = (from.try_clone().expect("a line"), to.try_clone().expect("a line"));
    let count = Arc::clone(count);
    thread::spawn(move || {
        let (mut left, mut part) = (most, [0; 512]);
        while left > 0 {
            let room = part.len().min(left);
            let Ok(read @ 1..) = from.read(&mut part[..room]) else { break };
            if to.write_all(&part[..read]).is_err() {
                break;
            }
            left -= read;
        }
        count.fetch_add(usize::from(left == 0), Ordering::Relaxed);
        for end in [&from, &to] {
            // The other way may have cut it already.
            drop(end.shutdown(Shutdown::Both));
        }
    });
}
