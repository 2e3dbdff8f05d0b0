//! The server as people run it: founded, started, asked, ended by a signal.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod terminal;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};
use terminal::kaoping;

const FOUND: &str = "kaoping found --store sqlite:kaoping.db --keys keys --origin 甲市考评台账 --office 甲市";

/// A server that is ended with the test.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    fn start(place: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kaoping"))
            .args(["serve", "--store", "sqlite:kaoping.db", "--keys", "keys", "--listen", "127.0.0.1:0"])
            .current_dir(place)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut line = String::new();
        let out = child.stdout.take().expect("an output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, address }
    }

    fn say(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        said
    }

    /// Tells it to end; how it did, and its log.
    fn end(mut self) -> (Option<i32>, String) {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill");
        assert!(killed.success());
        let ended = self.child.wait().expect("an ending").code();
        let mut log = String::new();
        self.child.stderr.take().expect("a log").read_to_string(&mut log).expect("a log");
        (ended, log)
    }
}

#[test]
fn founded_served_and_ended() {
    let place = tempfile::tempdir().expect("a folder");
    let early = kaoping("kaoping serve --store sqlite:kaoping.db --keys keys", place.path());
    assert!(early.code == 2 && early.said().contains("key-file-unusable"), "{}", early.said());
    let founded = kaoping(&format!("{FOUND} --format json"), place.path());
    let founded: serde_json::Value = serde_json::from_str(&founded.stdout).expect("JSON");
    let again = kaoping(FOUND, place.path());
    assert!(again.code == 2 && again.said().contains("record-founded"), "{}", again.said());
    let password = founded["administrators"][0]["password"].as_str().expect("a password");
    let login = format!("{{\"account\":\"S1\",\"password\":\"{password}\"}}");

    let server = Server::start(place.path());
    assert!(server.say("GET /readyz", "").ends_with("\r\n\r\nok\n"));
    assert!(server.say("GET /api/offices", "").starts_with("HTTP/1.1 401 "));
    let said = server.say("POST /api/login", &login);
    assert!(said.starts_with("HTTP/1.1 200 ") && said.contains("\"password_to_change\":true"), "{said}");
    let second = kaoping("kaoping serve --store sqlite:kaoping.db --keys keys", place.path());
    assert!(second.code == 2 && second.said().contains("store-in-use"), "{}", second.said());
    let (ended, log) = server.end();
    assert_eq!(ended, Some(0), "{log}");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3, "{log}");
    assert!(!log.contains(password), "no password in the log");

    let server = Server::start(place.path());
    assert!(server.say("POST /api/login", &login).starts_with("HTTP/1.1 200 "), "what was founded is there");
    assert_eq!(server.end().0, Some(0));
}
