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
        self.say_as("", head, body)
    }

    /// The same, with lines of a head.
    fn say_as(&self, lines: &str, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).expect("sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        said
    }

    /// The first administrator signs in and takes a password of his own; opens accounts.
    fn opens(&self, password: &str, accounts: &[&str]) {
        let said = self.say("POST /api/login", &format!("{{\"account\":\"S1\",\"password\":\"{password}\"}}"));
        let cookie = said.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        let cookie = format!("Cookie: {}\r\n", cookie.unwrap_or_else(|| panic!("{said}")));
        let own = format!("{{\"now\":\"{password}\",\"new\":\"系统管理员自己的一句话吧\"}}");
        assert!(self.say_as(&cookie, "POST /api/password", &own).starts_with("HTTP/1.1 200 "));
        for account in accounts {
            let lines = format!("{cookie}Idempotency-Key: open-{account}\r\n");
            let deed = format!("{{\"act\":{{\"open-account\":{{\"account\":\"{account}\"}}}}}}");
            let said = self.say_as(&lines, "POST /api/deeds", &deed);
            assert!(said.starts_with("HTTP/1.1 201 "), "{said}");
        }
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

/// Founded; the first password of the first administrator.
fn founded(place: &std::path::Path) -> String {
    let founded = kaoping(&format!("{FOUND} --format json"), place);
    assert_eq!(founded.code, 0, "{}", founded.said());
    let founded: serde_json::Value = serde_json::from_str(&founded.stdout).expect("JSON");
    founded["administrators"][0]["password"].as_str().expect("a password").to_owned()
}

/// How many entries are signed, by what is remembered.
fn remembered(place: &std::path::Path) -> u64 {
    let note = std::fs::read_to_string(place.join("keys/record.signed")).expect("a memory");
    note.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size")
}

/// Founded, with a backup.
fn founded_with_a_backup(place: &std::path::Path) {
    founded(place);
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
    let size = remembered(place);
    assert!(size > 20, "all of it is signed when it is founded, and not {size}");
    assert_eq!(Server::start(place).end().0, Some(0));
    let later = std::fs::read_to_string(&memory).expect("a memory");
    let serve = || kaoping("kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0", place);
    // The backup is as long as what was signed: it is restored, and all goes on.
    let restored = kaoping("kaoping restore old.db --store sqlite:kaoping.db --instead", place);
    assert_eq!(restored.code, 0, "{}", restored.said());
    assert_eq!(Server::start(place).end().0, Some(0));

    // One that is remembered and is not in the store, as in a backup of a moment before, is put back.
    sql(place, "DELETE FROM store_checkpoint WHERE size > 1");
    assert_eq!(Server::start(place).end().0, Some(0));
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db --checkpoint keys/record.signed", place);
    assert_eq!(verified.code, 0, "{}", verified.said());

    // Its end cut off, its checkpoints with it: the store alone does not tell.
    sql(
        place,
        &format!("DELETE FROM store_entry WHERE number >= {}; DELETE FROM store_checkpoint WHERE size > 1", size - 2),
    );
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
    let nobody = "kaoping confirm-restore --store sqlite:kaoping.db --keys keys --by S2 --why 磁盘损坏";
    let refused = kaoping(nobody, place);
    assert!(refused.code == 2 && refused.said().contains("not-entitled"), "{}", refused.said());
    assert!(refused.said().contains("“S2”今天不是系统管理员") && refused.said().contains("S1"), "{}", refused.said());
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
    // Without one nobody knows what was signed: that is put down, too.
    std::fs::remove_file(&memory).expect("removed");
    let refused = serve();
    assert!(refused.code == 2 && refused.said().contains("signed-memory-missing"), "{}", refused.said());
    assert!(!memory.exists(), "and it is not made anew");
    let refused = kaoping(nobody, place);
    assert!(refused.code == 2 && refused.said().contains("not-entitled") && !memory.exists(), "{}", refused.said());
    let confirmed = kaoping(confirm, place);
    assert!(confirmed.code == 0 && confirmed.said().contains("无从知道"), "{}", confirmed.said());
    assert_eq!(Server::start(place).end().0, Some(0));
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db --checkpoint keys/record.signed", place);
    assert_eq!(verified.said().matches("record-restored").count(), 2, "{}", verified.said());
    assert_eq!(verified.code, 0, "{}", verified.said());
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
    sql(place, "DELETE FROM store_entry WHERE number >= 20");
    let serve = "kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0";
    let refused = kaoping(serve, place);
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
    // Nor are tables made anew from it, or is that advised.
    for command in ["replay", "replay --rebuild"] {
        let said = kaoping(&format!("kaoping {command} --store sqlite:kaoping.db"), place);
        assert!(said.code == 1 && said.said().contains("record-not-as-signed"), "{}", said.said());
        assert!(!said.said().contains("--rebuild"), "{}", said.said());
    }
    // Its checkpoints cut off with it, and what is remembered taken away: the store alone tells nothing any more.
    sql(place, "DELETE FROM store_checkpoint WHERE size > 1");
    let refused = kaoping(serve, place);
    assert!(refused.code == 2 && refused.said().contains("signed-memory-missing"), "{}", refused.said());
    assert!(!place.join("keys/record.signed").exists());
}

/// What was done is signed within seconds and not only with what comes next: an end that is cut off after that is seen,
/// also where the server was killed.
#[test]
fn what_is_done_is_signed_at_once_or_soon() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let password = founded(place);
    let size = remembered(place);
    let mut server = Server::start(place);
    server.opens(&password, &["B1", "B2"]);
    let done = remembered(place);
    assert!(done > size, "the first deed after a start is signed with it");
    let begun = std::time::Instant::now();
    let whole = server.say("GET /api/checkpoint", "").contains(&format!("\r\n{}", size + 2)) || done == size + 2;
    assert!(!whole, "and the second comes later");
    while remembered(place) < size + 2 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "not signed in time");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    server.child.kill().expect("killed");
    drop(server);
    // Checkpoints that are taken out leave a gap: their numbers are not given again.
    std::fs::create_dir(place.join("kept")).expect("a folder");
    for name in ["kaoping.db", "kaoping.db-wal", "keys/record.signed"] {
        std::fs::copy(place.join(name), place.join("kept").join(name.trim_start_matches("keys/"))).expect("copied");
    }
    sql(place, "DELETE FROM store_checkpoint WHERE size > 1");
    assert_eq!(Server::start(place).end().0, Some(0));
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db", place);
    assert!(verified.code == 1 && verified.said().contains("checkpoint-missing"), "{}", verified.said());
    assert!(verified.said().contains("缺 2 个检查点：第 2、3 个"), "{}", verified.said());
    for name in ["kaoping.db", "kaoping.db-wal", "keys/record.signed"] {
        std::fs::copy(place.join("kept").join(name.trim_start_matches("keys/")), place.join(name)).expect("copied");
    }
    sql(place, &format!("DELETE FROM store_entry WHERE number = {}", size + 1));
    let refused = kaoping("kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0", place);
    assert!(refused.code == 2 && refused.said().contains("record-not-as-signed"), "{}", refused.said());
}

/// After a clean end the one file has all of it, and can be copied alone.
#[test]
fn the_file_is_whole_when_the_server_has_ended() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let password = founded(place);
    let server = Server::start(place);
    server.opens(&password, &["B1", "B2", "B3"]);
    assert_eq!(server.end().0, Some(0));
    let logged = std::fs::metadata(place.join("kaoping.db-wal")).map_or(0, |log| log.len());
    assert_eq!(logged, 0, "nothing is left in the log");
    let other = tempfile::tempdir().expect("a folder");
    std::fs::copy(place.join("kaoping.db"), other.path().join("kaoping.db")).expect("copied");
    std::fs::copy(place.join("keys/record.signed"), other.path().join("signed.txt")).expect("copied");
    let verified =
        kaoping("kaoping verify --store sqlite:kaoping.db --checkpoint signed.txt --format json", other.path());
    let told: serde_json::Value = serde_json::from_str(&verified.stdout).expect("JSON");
    assert_eq!((&told["whole"], &told["entries"]), (&true.into(), &told["vouched"]), "{}", verified.said());
    assert_eq!(told["entries"].as_u64(), Some(remembered(place)), "and all of it is signed");
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
    // Neither replaying nor starting passes it over.
    let serve = "kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0";
    for command in ["kaoping replay --store sqlite:kaoping.db", serve] {
        let said = kaoping(command, place);
        assert!(said.code == 2 && said.said().contains("record-damaged"), "{}", said.said());
        assert!(said.said().contains("第 3 条不对：旁边记的收到时间（received_ms）与正文不符"), "{}", said.said());
    }
    sql(
        place,
        "UPDATE store_entry SET received_ms = (SELECT received_ms FROM store_entry WHERE number = 2) WHERE number = 3",
    );
    let said = kaoping(serve, place);
    assert!(said.code == 2 && said.said().contains("tables-differ"), "{}", said.said());
    let said = kaoping("kaoping replay --store sqlite:kaoping.db", place);
    assert!(said.code == 1 && said.said().contains("accounts（S2）内容不同"), "{}", said.said());
    let rebuilt = kaoping("kaoping replay --rebuild --store sqlite:kaoping.db", place);
    assert_eq!(rebuilt.code, 0, "{}", rebuilt.said());
    // A trigger would change what is written.
    sql(place, "CREATE TRIGGER extra AFTER INSERT ON store_entry BEGIN UPDATE accounts SET closed = 1; END");
    let said = kaoping(serve, place);
    assert!(said.code == 2 && said.said().contains("多出的触发器 extra"), "{}", said.said());
    sql(place, "DROP TRIGGER extra; CREATE TABLE extra (a INTEGER)");
    for command in ["verify", "replay"] {
        let said = kaoping(&format!("kaoping {command} --store sqlite:kaoping.db"), place);
        assert!(said.code == 1 && said.said().contains("多出的表 extra"), "{}", said.said());
    }
    assert_eq!(Server::start(place).end().0, Some(0), "a table of others changes nothing");
    sql(place, "DROP TABLE extra");
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

/// What the system and the database say comes after what it means, in the language that was asked for.
#[test]
fn faults_of_the_system_are_told_in_words() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let serve = "kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0";
    let nowhere = kaoping("kaoping export --store sqlite:nowhere/kaoping.db --out x", place);
    assert!(nowhere.said().contains("原因 路径不存在（"), "{}", nowhere.said());
    founded(place);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let taken = listener.local_addr().expect("an address");
    let refused = kaoping(&serve.replace("127.0.0.1:0", &taken.to_string()), place);
    assert!(refused.said().contains("原因 地址已被占用（"), "{}", refused.said());
    sql(place, "UPDATE store_entry SET bytes = CAST('{' || CAST(bytes AS TEXT) AS BLOB) WHERE number = 3");
    let damaged = kaoping(serve, place);
    assert!(damaged.said().contains("第 3 条不对：不是一条记录（"), "{}", damaged.said());
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db", place);
    assert!(verified.said().contains("第 3 条读不出来：不是一条记录（"), "{}", verified.said());
    sql(place, "DROP TABLE store_blob");
    for command in ["verify", "export --out 台账"] {
        let said = kaoping(&format!("kaoping {command} --store sqlite:kaoping.db"), place);
        assert!(said.said().contains("store-damaged") && said.said().contains("库里缺一张表（"), "{}", said.said());
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

/// Whoever has full rights on the database, and not the key, gets in nowhere: neither with the password of another
/// account, nor with one of his own, nor with a session he made.
#[test]
fn logins_changed_in_the_database_are_nobodys() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let founded = kaoping(&format!("{FOUND} --format json"), place);
    let founded: serde_json::Value = serde_json::from_str(&founded.stdout).expect("JSON");
    let password = founded["administrators"][0]["password"].as_str().expect("a password");
    let serve = "kaoping serve --store sqlite:kaoping.db --keys keys --listen 127.0.0.1:0";
    let login = |account: &str, password: &str| format!("{{\"account\":\"{account}\",\"password\":\"{password}\"}}");
    let whole = std::fs::read(place.join("kaoping.db")).expect("a store");
    let own = r#"{"phc":"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","first":false,"totp":null}"#;
    let session = r#"{"account":"S2","begun_ms":1,"used_ms":1}"#;
    for (sql, whose) in [
        (
            "UPDATE store_private SET bytes = (SELECT bytes FROM store_private WHERE kind = 'credential' AND key = 'S1') \
             WHERE kind = 'credential' AND key = 'S2'"
                .to_owned(),
            "S2 的密码",
        ),
        (format!("UPDATE store_private SET bytes = CAST('{own}' AS BLOB) WHERE kind = 'credential' AND key = 'S2'"), "S2 的密码"),
        (format!("INSERT INTO store_private VALUES ('session', 'sha256:00', CAST('{session}' AS BLOB))"), "一个会话"),
        (
            "INSERT INTO store_private SELECT 'binding', 'S2', bytes FROM store_private WHERE key = 'S1'".to_owned(),
            "S2 的绑定",
        ),
    ] {
        let database = rusqlite::Connection::open(place.join("kaoping.db")).expect("a database");
        assert_eq!(database.execute(&sql, []).expect("changed"), 1, "{sql}");
        drop(database);
        let refused = kaoping(serve, place);
        let said = refused.said();
        assert!(refused.code == 2 && said.contains("logins-not-ours") && said.contains(whose), "{sql}: {said}");
        for file in ["kaoping.db-wal", "kaoping.db-shm"] {
            drop(std::fs::remove_file(place.join(file)));
        }
        std::fs::write(place.join("kaoping.db"), &whole).expect("put back");
    }

    // Checkpoints that are kept with the record are looked at before anything is written, too.
    for (sql, finding) in [
        (
            "UPDATE store_checkpoint SET note = replace(note, '甲市', '乙市') WHERE size = (SELECT max(size) FROM store_checkpoint)",
            "checkpoint-not-signed",
        ),
        ("DELETE FROM store_checkpoint WHERE size = (SELECT min(size) FROM store_checkpoint)", "checkpoint-missing"),
    ] {
        let database = rusqlite::Connection::open(place.join("kaoping.db")).expect("a database");
        assert_eq!(database.execute(sql, []).expect("changed"), 1, "{sql}");
        drop(database);
        let refused = kaoping(serve, place);
        assert!(refused.code == 2 && refused.said().contains(finding), "{sql}: {}", refused.said());
        for file in ["kaoping.db-wal", "kaoping.db-shm"] {
            drop(std::fs::remove_file(place.join(file)));
        }
        std::fs::write(place.join("kaoping.db"), &whole).expect("put back");
    }

    // The way in again: at the machine, on the record, for a system administrator alone.
    let database = rusqlite::Connection::open(place.join("kaoping.db")).expect("a database");
    database.execute("UPDATE store_private SET bytes = x'00' WHERE kind = 'credential'", []).expect("changed");
    drop(database);
    let give = "kaoping give-password --store sqlite:kaoping.db --keys keys --account S1 --why 登录资料被人动过";
    let refused = kaoping(&format!("{give} --by S2"), place);
    assert!(refused.code == 2 && refused.said().contains("“S2”今天不是系统管理员"), "{}", refused.said());
    let refused = kaoping(&give.replace("--account S1", "--account S9 --by S1"), place);
    assert!(refused.code == 2 && refused.said().contains("not-in-the-record"), "{}", refused.said());
    assert!(kaoping(serve, place).said().contains("logins-not-ours"), "nothing was done");
    let given = kaoping(&format!("{give} --by S1 --format json"), place);
    let given: serde_json::Value = serde_json::from_str(&given.stdout).unwrap_or_else(|_| panic!("{}", given.said()));
    assert_eq!(given["forgotten"], 3);
    let new = given["password"].as_str().expect("a password");
    let server = Server::start(place);
    assert!(server.say("POST /api/login", &login("S1", password)).starts_with("HTTP/1.1 401 "), "the old one is gone");
    assert!(server.say("POST /api/login", &login("S1", new)).starts_with("HTTP/1.1 200 "));
    let refused = kaoping(&format!("{give} --by S1"), place);
    assert!(refused.code == 2 && refused.said().contains("store-in-use"), "{}", refused.said());
    server.end();
    let verified = kaoping("kaoping verify --store sqlite:kaoping.db", place);
    assert_eq!(verified.code, 0, "{}", verified.said());
    let again = kaoping(&format!("{give} --by S1"), place);
    assert!(again.code == 0 && again.said().contains("只显示这一次"), "{}", again.said());
}
