//! The small year of the page about the server, done as it stands there: founded, served, reported, scored, sealed.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn kaoping(place: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaoping"));
    command.current_dir(place);
    command
}

/// What it printed; it has to go well.
fn done(command: &mut Command) -> String {
    let run = command.output().expect("a run");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    said
}

fn block<'a>(page: &'a str, fence: &str) -> &'a str {
    let rest = page.split_once(&format!("```{fence}\n")).expect("a block").1;
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_small_year_of_the_page_goes_as_it_says() {
    let there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !there("curl") || !there("jq") {
        return;
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/server.zh.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    for folder in ["办法", "data"] {
        std::fs::create_dir(place.join(folder)).expect("a folder");
    }
    std::fs::write(place.join("办法/scheme.kp"), block(&page, "text 办法")).expect("the policy");
    assert!(done(kaoping(place).args(["check", "办法"])).contains("没有发现问题"));
    let store = ["--store", "sqlite:data/kaoping.db"];
    let found = done(kaoping(place).arg("found").args(store).args([
        "--keys",
        "keys",
        "--origin",
        "甲市考评台账",
        "--office",
        "甲市",
    ]));
    let password = |account: &str| {
        let mut lines = found.lines().filter_map(|line| line.trim().strip_prefix(account));
        lines.find_map(|rest| rest.split_whitespace().next()).expect("a password").to_owned()
    };
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let mut serve = kaoping(place);
    serve.arg("serve").args(store).args(["--keys", "keys", "--listen", &address]);
    let server = Served(serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a server"));
    for _ in 0..200 {
        if TcpStream::connect(&address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let year = block(&page, "sh 一年");
    let script = format!("U=http://{address}\nS1='{}'\nS2='{}'\n{year}", password("S1"), password("S2"));
    let said = done(Command::new("sh").arg("-c").arg(&script).current_dir(place));
    assert!(!said.contains("urn:kaoping:"), "something was refused:\n{said}");
    assert!(said.matches("\"number\":").count() > 40, "{said}");
    // What comes the day after is told to come the day after.
    let early = format!("U=http://{address}\nJ='Content-Type: application/json'\n{}", {
        let does = year.lines().find(|line| line.starts_with("does()")).expect("how deeds are done");
        format!("{does}\ndoes A1 publish-1 '{{\"publish\":{{\"scheme\":\"小办法\",\"round\":\"验收\"}}}}'")
    });
    let said = done(Command::new("sh").arg("-c").arg(&early).current_dir(place));
    assert!(said.contains("\"title\":\"公示到 "), "{said}");
    drop(server);
    let verified = done(kaoping(place).arg("verify").args(store));
    assert!(verified.contains("“甲市考评台账”完好"), "{verified}");
}
