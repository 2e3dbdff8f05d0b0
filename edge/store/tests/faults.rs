//! What the world does to a store: full disks, disks that fail, processes that are killed. What was told as written is
//! there afterwards, and what was not is there whole or not at all.
//!
//! Each fault is brought about in a process of its own, which runs the test named `child` of this file.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod common;
mod servers;

use common::{TABLES, all_entries, dump, entries, entry, refused, rows, score, text, write};
use kaoping_store::{Failed, Store, Value, open, open_to_read};
use std::{
    env,
    ffi::OsStr,
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

/// Says to the child what it has to do.
const TASK: &str = "KAOPING_STORE_TASK";
const FOLDER: &str = "KAOPING_STORE_FOLDER";

fn at(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Writes entry after entry, a row that says how many there are with each, until something fails. Tells each on standard
/// output once it is written.
fn write_on(store: &mut dyn Store, upto: u64) -> Result<(), Failed> {
    for number in store.size()?..upto {
        let size = i64::try_from(number + 1).expect("a size");
        write(store, &[entry(number)], &[score("size", 0, size)])?;
        println!("\nwritten {}", number + 1);
    }
    Ok(())
}

/// How many entries the process told as written.
fn told(ended: &Output) -> u64 {
    let said = String::from_utf8_lossy(&ended.stdout);
    said.lines().filter_map(|line| line.strip_prefix("written ")?.parse().ok()).max().unwrap_or(0)
}

/// What is there: all that was told as written, at most one more, and rows of the same moment.
fn is_whole(store: &mut dyn Store, told: u64) {
    let size = store.size().expect("size");
    assert!(size == told || size == told + 1, "told {told}, found {size}");
    store.examine().expect("all is whole");
    assert_eq!(all_entries(store, 0), entries(0..size));
    let size = i64::try_from(size).expect("a size");
    let expected =
        if size == 0 { vec![] } else { vec![(vec![text("size"), Value::Whole(0)], vec![Value::Whole(size)])] };
    assert_eq!(rows(store, common::SCORE), expected);
}

/// This program, running `child` alone, behind some words that start it.
fn alone(before: &[&str], task: &str, folder: &Path) -> Command {
    let program = env::current_exe().expect("this program");
    let words: Vec<&OsStr> = before.iter().map(OsStr::new).chain([program.as_os_str()]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["child", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(TASK, task).env(FOLDER, folder);
    command
}

#[test]
#[ignore = "the other tests run it, in a process of its own"]
fn child() {
    let task = env::var(TASK).expect("a task");
    let folder = env::var_os(FOLDER).expect("a folder");
    let folder = Path::new(&folder);
    match task.as_str() {
        "write until it fails" => {
            let mut store = open(&at(&folder.join("k.db")), TABLES).expect("a store");
            let Err(failed) = write_on(&mut *store, 2_000) else {
                println!("\nnothing failed");
                return;
            };
            assert!(failed.ends_the_store(), "{failed}");
            // Not even when the disk is well again, as it is after one fault.
            let again = write(&mut *store, &[], &[score("again", 0, 0)]).expect_err("nothing is tried again");
            assert_eq!(again.name(), failed.name());
            println!("\nfailed {}", failed.name());
        }
        "write for ever" => {
            let mut store = open(&at(&folder.join("k.db")), TABLES).expect("a store");
            let _ = write_on(&mut *store, u64::MAX);
        }
        "fill the disk" => fill_the_disk(&at(&folder.join("k.db")), &folder.join("ballast"), true),
        "fill the server's disk" => {
            let server = servers::Server::start();
            let owner = Command::new("chown").arg("postgres").arg(folder).status();
            assert!(owner.is_ok_and(|status| status.success()));
            server.say("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", folder.display()));
            server.say("postgres", "CREATE DATABASE kept TABLESPACE small");
            fill_the_disk(&server.address("kept"), &folder.join("ballast"), false);
        }
        other => panic!("no such task: {other}"),
    }
}

/// Bytes that PostgreSQL cannot make fewer.
fn unpackable(count: u64) -> Vec<u8> {
    let mixed = |at: u64| (at ^ (at >> 7)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23).wrapping_mul(at | 1);
    (0..count).map(|at| mixed(at).to_be_bytes()[0]).collect()
}

/// Fills the disk of a store, makes room, and goes on. PostgreSQL may need room for reading, too: it writes pages away to
/// read others.
fn fill_the_disk(address: &str, ballast: &Path, reads_when_full: bool) {
    // Room that is given back later.
    fs::write(ballast, vec![1; 3 << 20]).expect("ballast");
    let mut store = open(address, TABLES).expect("a store");
    let paper = unpackable(200_000);
    let step = |store: &mut dyn Store, number: u64| {
        write(store, &[entry(number)], &[score("size", 0, i64::try_from(number + 1).expect("a size"))])
    };
    let (mut papers, mut size) = (0, 0);
    let failed = loop {
        if let Err(failed) = store.put_blob(&format!("h{papers:03}"), &paper) {
            break failed;
        }
        papers += 1;
        if let Err(failed) = step(&mut *store, size) {
            break failed;
        }
        size += 1;
    };
    assert!(size > 3, "some were written: {size}");
    assert!(matches!(failed, Failed::DiskFull { .. }) && !failed.ends_the_store(), "{failed}");
    assert_eq!(refused(Err::<(), _>(failed)), "store-disk-full");
    // It stays full, and it is said each time.
    let large = unpackable(8 << 20);
    (0..3).for_each(|_| assert_eq!(refused(store.put_blob("large", &large)), "store-disk-full"));
    if reads_when_full {
        is_whole(&mut *store, size);
        assert_eq!(store.blob("large").expect("no blob"), None);
    }
    fs::remove_file(ballast).expect("room");
    is_whole(&mut *store, size);
    (size..size + 20).for_each(|number| step(&mut *store, number).expect("it goes on, without being opened anew"));
    is_whole(&mut *store, size + 20);
    let before = dump(&mut *store);
    drop(store);
    let mut store = open(address, TABLES).expect("the store again");
    is_whole(&mut *store, size + 20);
    assert_eq!(dump(&mut *store), before);
    let mut found = 0;
    let each = &mut |_, bytes| {
        assert!(bytes == paper);
        found += 1;
        true
    };
    store.blobs(each).expect("blobs");
    assert_eq!(found, papers, "every paper that was told as written");
    println!("\nwritten {}", size + 20);
}

/// Runs a task on a small disk in memory. Without the right to mount one there is none; then `sqlite::tests` alone says
/// what a full disk does.
fn on_a_small_disk(task: &str, size: &str) {
    let folder = tempfile::tempdir_in("/tmp").expect("a folder");
    let mount = format!("mount -t tmpfs -o size={size},mode=755 tmpfs '{}' && exec \"$@\"", folder.path().display());
    let unshare = |user: &[&'static str]| {
        let mut words = vec!["unshare", "--mount"];
        words.extend(user);
        words
    };
    let may = |words: &[&str]| {
        let mut tried = Command::new(words[0]);
        tried.args(&words[1..]).args(["mount", "-t", "tmpfs", "tmpfs"]).arg(folder.path());
        tried.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let ways = [unshare(&[]), unshare(&["--user", "--map-root-user"])];
    let Some(words) = ways.into_iter().find(|words| may(words)) else {
        eprintln!("no right to mount a small disk here: not tried");
        return;
    };
    let words: Vec<&str> = words.into_iter().chain(["sh", "-c", &mount, "sh"]).collect();
    let ended = alone(&words, task, folder.path()).output().expect("the child");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && told(&ended) > 20, "{said}{}", String::from_utf8_lossy(&ended.stdout));
}

#[test]
fn a_full_disk_loses_nothing() {
    on_a_small_disk("fill the disk", "9m");
}

#[test]
fn a_full_disk_of_the_server_loses_nothing() {
    if fs::metadata("/usr/bin/id").is_ok() && Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout != b"0\n")
    {
        eprintln!("a server's disk is made small by root only: not tried");
        return;
    }
    on_a_small_disk("fill the server's disk", "24m");
}

/// A file that may not grow is no full disk: nothing says that there will be room.
#[test]
fn a_file_that_may_not_grow_ends_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let limit = ["sh", "-c", "trap '' XFSZ; ulimit -f 2000; exec \"$@\"", "sh"];
    let ended = alone(&limit, "write until it fails", folder.path()).output().expect("the child");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains("failed store-sync-failed") && told(&ended) > 20, "{said}");
    is_whole(&mut *open(&at(&folder.path().join("k.db")), TABLES).expect("the store again"), told(&ended));
}

fn may_trace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let tried = tried.unwrap_or_else(|fault| panic!("strace: {fault}; scripts/packages, or apt-get install strace"));
    if !tried.status.success() {
        eprintln!("processes may not be traced here: not tried");
    }
    tried.status.success()
}

/// Of every call that writes something or makes it durable, one fails in its turn: once for each turn.
#[test]
fn a_disk_that_fails_ends_the_store() {
    if !may_trace() {
        return;
    }
    for (calls, most) in [("fsync,fdatasync", 24), ("pwrite64", 60)] {
        fails_in_turn(calls, most);
    }
}

fn fails_in_turn(calls: &str, most: usize) {
    let mut turns = 0;
    for turn in 1..=most {
        let folder = tempfile::tempdir().expect("a folder");
        drop(open(&at(&folder.path().join("k.db")), TABLES).expect("a store"));
        let (trace, fault) = (format!("trace={calls}"), format!("inject={calls}:error=EIO:when={turn}"));
        let strace = ["strace", "-f", "-o", "/dev/null", "-e", &trace, "-e", &fault];
        let ended = alone(&strace, "write until it fails", folder.path()).output().expect("the child");
        let said = String::from_utf8_lossy(&ended.stdout);
        if said.contains("failed store-sync-failed") {
            assert!(ended.status.success(), "{said}");
            turns += 1;
        } else if said.contains("nothing failed") {
            // What failed was of no use to anybody, such as where the log of SQLite is looked up.
            assert_eq!(told(&ended), 2_000);
        } else {
            // While it was opened: then nothing was told.
            assert_eq!(told(&ended), 0, "{said}{}", String::from_utf8_lossy(&ended.stderr));
        }
        is_whole(&mut *open(&at(&folder.path().join("k.db")), TABLES).expect("the store again"), told(&ended));
    }
    assert!(turns * 3 > most * 2, "{calls}: {turns} of {most}");
}

#[test]
fn a_writer_that_is_killed_leaves_what_it_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut before = 0;
    for round in 0..6 {
        let mut writer = alone(&["env"], "write for ever", folder.path());
        let mut writer = writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the child");
        thread::sleep(Duration::from_millis(150 + 60 * round));
        writer.kill().expect("killed");
        let told = told(&writer.wait_with_output().expect("ended")).max(before);
        is_whole(&mut *open_to_read(&at(&folder.path().join("k.db")), TABLES).expect("a reader"), told);
        let mut store =
            open(&at(&folder.path().join("k.db")), TABLES).expect("the lock of a dead writer holds nobody up");
        is_whole(&mut *store, told);
        before = store.size().expect("size");
    }
    assert!(before > 20, "{before}");
    let _ = std::io::stdout().flush();
}
