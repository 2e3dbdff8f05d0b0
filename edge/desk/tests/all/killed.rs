//! A writer is killed at any moment, again and again: whatever it acknowledged is there, once, and the
//! tables are those of the record. A writer that acknowledges too early is found out.

use crate::city::{at, city, open_account, opening};
use kaoping_desk::{Desk, replay::replay};
use kaoping_ledger::KeyKind;
use kaoping_office::tables::TABLES;
use kaoping_store::open;
use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::{Arc, Mutex, mpsc::channel},
    thread,
    time::Duration,
};

/// The address the child writes to; whether it is to acknowledge too early; where its names begin.
const ADDRESS: &str = "KAOPING_KILLED_ADDRESS";
const EARLY: &str = "KAOPING_KILLED_EARLY";
const FIRST: &str = "KAOPING_KILLED_FIRST";

/// Not a test: what the others start, and kill.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    let Ok(address) = env::var(ADDRESS) else { return };
    let (early, first) = (env::var(EARLY).is_ok(), env::var(FIRST).expect("a name"));
    let desk = Desk::open(opening(&address, KeyKind::Ed25519)).expect("a desk");
    let out = Arc::new(Mutex::new(std::io::stdout()));
    let tell = |out: &Mutex<std::io::Stdout>, id: &str| {
        let mut out = out.lock().expect("the output");
        writeln!(out, "ack {id}").and_then(|()| out.flush()).expect("told");
    };
    for number in 0.. {
        let id = format!("{first}-{number}");
        if early {
            tell(&out, &id);
        }
        let (told, late) = (Arc::clone(&out), !early);
        // Many wait at a time, so that they are written in batches.
        desk.ask(open_account(&id), move |answer| {
            if answer.is_ok() && late {
                let mut out = told.lock().expect("the output");
                writeln!(out, "ack {id}").and_then(|()| out.flush()).expect("told");
            }
        });
        if number % 8 == 7 {
            thread::sleep(Duration::from_micros(300));
        }
    }
}

/// Starts a writer, kills it so long after its first acknowledgement, and gives what it had acknowledged.
fn killed_after(address: &str, first: &str, wait: Duration, early: bool) -> BTreeSet<String> {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(["--exact", "killed::child", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(ADDRESS, address).env(FIRST, first).stdout(Stdio::piped()).stderr(Stdio::null());
    if early {
        command.env(EARLY, "yes");
    }
    let mut writer = command.spawn().expect("a writer");
    let output = writer.stdout.take().expect("its output");
    let (began, begins) = channel();
    let acknowledged = thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        // A line that was cut off by the end has no end itself, and told nobody anything.
        let told = lines.filter_map(|line| Some(line.strip_prefix("ack ")?.to_string()));
        let told = told.inspect(|_| {
            let _ = began.send(());
        });
        told.collect::<Vec<_>>()
    });
    // However slow the machine is, it is killed in the midst of its work.
    begins.recv_timeout(Duration::from_secs(60)).expect("a first acknowledgement");
    thread::sleep(wait);
    writer.kill().expect("killed");
    writer.wait().expect("ended");
    acknowledged.join().expect("lines").into_iter().collect()
}

/// Acknowledged and not there, after so many kills.
fn lost(early: bool, kills: u64) -> (usize, usize) {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    drop(city(&address, KeyKind::Ed25519));
    let (mut lost, mut told) = (0, 0);
    for kill in 0..kills {
        let wait = Duration::from_millis(37 * kill % 150);
        let mut acknowledged = killed_after(&address, &format!("N{kill}"), wait, early);
        if early {
            // The last lines may be half a name.
            acknowledged.retain(|id| id.contains('-'));
        }
        told += acknowledged.len();
        let mut store = open(&address, TABLES).expect("a store that opens at once");
        let (loaded, findings) = replay(&mut *store).expect("a record that is whole");
        assert!(!findings.has_errors(), "{:?}", findings.findings());
        lost += acknowledged.iter().filter(|id| !loaded.state.accounts.contains_key(id.as_str())).count();
    }
    (lost, told)
}

#[test]
fn what_was_acknowledged_survives_any_kill() {
    let (lost, told) = lost(false, 12);
    assert!(told > 100, "only {told} were acknowledged");
    assert_eq!(lost, 0);
}

#[test]
fn acknowledging_too_early_is_found_out() {
    let (lost, told) = lost(true, 4);
    assert!(lost > 0, "{told} acknowledged");
}
