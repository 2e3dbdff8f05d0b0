//! A server that is ended with the test.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

/// A demonstration.
pub struct Server {
    child: Child,
    log: Option<JoinHandle<String>>,
    /// What it said when it was ready.
    pub shown: Value,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// Starts it, and waits until it is ready.
    pub fn start(arguments: &[&str], place: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(arguments)
            .current_dir(place)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut err = child.stderr.take().expect("a log");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            drop(err.read_to_string(&mut log));
            log
        });
        let mut text = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("an output"));
        let shown = loop {
            let read = out.read_line(&mut text).expect("a line");
            if let Ok(shown) = serde_json::from_str::<Value>(&text) {
                break shown;
            }
            assert!(read > 0, "it ended early: {text}\n{}", log.join().expect("a log"));
        };
        let address = shown["address"].as_str().expect("an address").trim_start_matches("http://").to_owned();
        Self { child, log: Some(log), shown, address }
    }

    /// Sends a request; the whole answer.
    pub fn say(&self, head: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        said
    }

    /// Signs in with the password it said; the cookie.
    pub fn login(&self, account: &str) -> String {
        let password = self.shown["password"].as_str().expect("a password");
        let said =
            self.say("POST /api/login", "", &format!("{{\"account\":\"{account}\",\"password\":\"{password}\"}}"));
        let cookie = said.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        cookie.unwrap_or_else(|| panic!("{said}")).to_owned()
    }

    /// Reads.
    pub fn get(&self, cookie: &str, path: &str) -> String {
        self.say(&format!("GET {path}"), &format!("Cookie: {cookie}\r\n"), "")
    }

    /// Does.
    pub fn post(&self, cookie: &str, path: &str, body: &str) -> String {
        self.say(&format!("POST {path}"), &format!("Cookie: {cookie}\r\n"), body)
    }

    /// Tells it to end; how it did, and its log.
    pub fn end(mut self) -> (Option<i32>, String) {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill");
        assert!(killed.success());
        let ended = self.child.wait().expect("an ending").code();
        (ended, self.log.take().expect("a log").join().expect("a log"))
    }
}
