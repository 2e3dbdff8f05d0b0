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

/// One backup, taken while the record was shorter than it is later.
fn founded_with_a_backup(place: &std::path::Path) {
    let founded = kaoping(FOUND, place);
    assert_eq!(founded.code, 0, "{}", founded.said());
    let backup = kaoping("kaoping backup --store sqlite:kaoping.db --out old.db", place);
    assert_eq!(backup.code, 0, "{}", backup.said());
}

fn sql(place: &std::path::Path, words: &str) {
    let store = rusqlite::Connection::open(place.join("kaoping.db")).expect("the store");
    store.execute_batch(words).expect("SQL");
}

#[test]
fn what_was_signed_last_is_remembered_beside_the_key() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    founded_with_a_backup(place);
    let memory = place.join("keys/record.signed");
    let at_first = std::fs::read_to_string(&memory).expect("a memory");
    assert_eq!(at_first.lines().nth(1), Some("1"), "signed when it was founded");
    // The server signs what is new when it ends.
    assert_eq!(Server::start(place).end().0, Some(0));
    let later = std::fs::read_to_string(&memory).expect("a memory");
    let size: u64 = later.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
    assert!(size > 20, "{later}");
    let serve = || kaoping("kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0", place);
    // The backup is as long as what was signed: it is restored, and all goes on.
    let restored = kaoping("kaoping restore old.db --store sqlite:kaoping.db --instead", place);
    assert_eq!(restored.code, 0, "{}", restored.said());
    assert_eq!(Server::start(place).end().0, Some(0));

    // Its end cut off, its checkpoints with it: the store alone does not tell.
    sql(
        place,
        &format!("DELETE FROM store_entry WHERE number >= {}; DELETE FROM store_checkpoint WHERE size > 1", size - 2),
    );
    sql(place, "UPDATE store_setting SET value = 'due' WHERE name = 'store.rows'");
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
    let nobody = "kaoping confirm-restore --store sqlite:kaoping.db --keys keys --by S2 --why 磁盘损坏";
    let refused = kaoping(nobody, place);
    assert!(refused.code == 2 && refused.said().contains("not-entitled"), "{}", refused.said());
    let confirm = "kaoping confirm-restore --store sqlite:kaoping.db --keys keys --by S1 --why 磁盘损坏";
    let confirmed = kaoping(confirm, place);
    assert_eq!(confirmed.code, 0, "{}", confirmed.said());
    let again = kaoping(confirm, place);
    assert!(again.code == 2 && again.said().contains("restore-not-older"), "{}", again.said());
    assert_eq!(Server::start(place).end().0, Some(0), "it goes on");
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db", place);
    assert!(verified.code == 0 && verified.said().contains("record-restored"), "{}", verified.said());
    std::fs::write(place.join("pin.txt"), &later).expect("a pin");
    let pinned = kaoping("kaoping verify --store sqlite:kaoping.db --checkpoint pin.txt", place);
    assert!(pinned.code != 0 && pinned.said().contains("record-"), "{}", pinned.said());

    // Broken off between the entry and the memory, it is done again and stands there once.
    std::fs::write(&memory, &later).expect("written");
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
    let confirmed = kaoping(confirm, place);
    assert_eq!(confirmed.code, 0, "{}", confirmed.said());
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db", place);
    assert_eq!(verified.said().matches("record-restored").count(), 1, "{}", verified.said());

    // A memory that is none, and one that cannot be written.
    std::fs::write(&memory, "x").expect("written");
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("signed-memory-unusable"), "{}", refused.said());
    std::fs::remove_file(&memory).expect("removed");
    assert_eq!(Server::start(place).end().0, Some(0), "without one it is made anew");
    assert!(memory.exists());
    std::fs::create_dir(place.join("keys/record.signed.new")).expect("in its way");
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("signed-memory-unusable"), "{}", refused.said());
}

#[test]
fn the_store_is_held_to_its_own_checkpoints_too() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    founded_with_a_backup(place);
    assert_eq!(Server::start(place).end().0, Some(0));
    std::fs::remove_file(place.join("keys/record.signed")).expect("removed");
    sql(
        place,
        "DELETE FROM store_entry WHERE number >= 20; UPDATE store_setting SET value = 'due' WHERE name = 'store.rows'",
    );
    let refused = kaoping("kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0", place);
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
}

#[test]
fn what_stands_beside_the_entries_is_told_in_words() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    founded_with_a_backup(place);
    sql(
        place,
        "UPDATE accounts SET closed = 1 WHERE account = 'S2'; UPDATE store_entry SET received_ms = 5 WHERE number = 3",
    );
    for command in ["kaoping verify --store sqlite:kaoping.db", "kaoping verify --store sqlite:kaoping.db --lang en"] {
        let said = kaoping(command, place);
        assert!(said.code == 1 && said.said().contains("record-beside-differs"), "{}", said.said());
        assert!(said.said().contains("tables-differ") && !said.said().contains("Text("), "{}", said.said());
    }
    sql(
        place,
        "UPDATE store_entry SET received_ms = (SELECT received_ms FROM store_entry WHERE number = 2) WHERE number = 3",
    );
    let said = kaoping("kaoping replay --store sqlite:kaoping.db", place);
    assert!(said.code == 1 && said.said().contains("accounts（S2）内容不同"), "{}", said.said());
    let export = "kaoping export --store sqlite:kaoping.db --out 台账";
    assert_eq!(kaoping(export, place).code, 0);
    let again = kaoping(export, place);
    assert!(again.code == 2 && again.said().contains("bundle-exists"), "{}", again.said());
    sql(place, "DELETE FROM store_entry WHERE number = 7");
    for command in ["verify", "replay"] {
        let said = kaoping(&format!("kaoping {command} --store sqlite:kaoping.db"), place);
        assert!(said.code == 2 && said.said().contains("第 7 条不见了"), "{}", said.said());
    }
}

#[test]
fn the_master_key_is_changed_while_no_server_runs() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    assert_eq!(kaoping(FOUND, place).code, 0);
    let master = || std::fs::read(place.join("keys/persons.master")).expect("a key");
    let old = master();
    let change = "kaoping change-master --store sqlite:kaoping.db --keys keys";
    let server = Server::start(place);
    let refused = kaoping(change, place);
    assert!(refused.code == 2 && refused.said().contains("store-in-use"), "{}", refused.said());
    assert_eq!((server.end().0, master()), (Some(0), old.clone()));
    let changed = kaoping(change, place);
    assert!(changed.code == 0 && changed.said().contains("换了主密钥"), "{}", changed.said());
    assert_ne!(master(), old);
    assert_eq!(Server::start(place).end().0, Some(0), "it serves with the new one");
}
