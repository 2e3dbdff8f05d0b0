//! PostgreSQL for tests: a server of Debian's programs in a scratch folder, gone with the test. Tests of other crates
//! take it in with `#[path = "../../store/tests/servers/mod.rs"] mod servers;`; it needs `tempfile` alone.

#![allow(dead_code, reason = "not every test uses all of it")]

use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A server that runs as long as this is held.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    process: Child,
    port: u16,
}

/// Where PostgreSQL's programs are: the newest of Debian's, or those on the path.
fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = debian
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    };
    found.pop().map(|(_, programs)| programs).or_else(on_path).unwrap_or_else(|| {
        panic!("PostgreSQL is not installed, and the store has to be tried on it: scripts/packages, or apt-get install postgresql")
    })
}

fn told(command: &mut Command) -> String {
    let ended = command.output().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&ended.stdout).trim().to_string()
}

fn is_root() -> bool {
    told(Command::new("id").arg("-u")) == "0"
}

/// The account the server runs under where root runs the tests: it refuses root.
const ACCOUNT: &str = "postgres";

impl Server {
    /// Starts one.
    pub(crate) fn start() -> Self {
        Self::start_with(5432, "", &[])
    }

    /// Starts one that takes connections on that port of this machine, over TLS where it has a certificate and its key.
    pub(crate) fn start_at(port: u16, certificate: Option<(&str, &str)>) -> Self {
        // Where it looks for them by itself.
        let files = certificate.map(|(certificate, key)| [("server.crt", certificate), ("server.key", key)]);
        Self::start_with(port, "localhost", files.as_ref().map_or(&[], |files| files))
    }

    /// Starts one with those files in its folder of data, and TLS where there are any.
    fn start_with(port: u16, listens: &str, files: &[(&str, &str)]) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("kp-pg").tempdir_in("/tmp").expect("a scratch folder");
        if is_root() {
            told(Command::new("chown").arg(ACCOUNT).arg(folder.path()));
        }
        let data = folder.path().join("data");
        // A dictionary's order where there is one, so that a text compared by it instead of by its bytes is noticed.
        let chinese = ["--locale-provider=icu", "--icu-locale=zh"];
        let initdb = |locale: &[&str]| {
            let mut initdb = as_nobody_special(&programs.join("initdb"), folder.path());
            initdb.args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--username=postgres"]);
            initdb.args(locale).arg("-D").arg(&data);
            initdb
        };
        if !initdb(&chinese).output().is_ok_and(|ended| ended.status.success()) {
            told(&mut initdb(&[]));
        }
        for (name, text) in files {
            let path = data.join(name);
            fs::write(&path, text).expect("written");
            told(Command::new("chmod").arg("600").arg(&path));
            if is_root() {
                told(Command::new("chown").arg(ACCOUNT).arg(&path));
            }
        }
        let log = File::create(folder.path().join("log")).expect("a log");
        let process = as_nobody_special(&programs.join("postgres"), folder.path())
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "max_connections=40", "-c", "shared_buffers=32MB"])
            .args(["-c", &format!("listen_addresses={listens}"), "-p", &port.to_string()])
            .args(["-c", if files.is_empty() { "ssl=off" } else { "ssl=on" }])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log"))
            .stderr(log)
            .spawn()
            .expect("the server");
        let server = Self { folder, programs, process, port };
        let started = Instant::now();
        while !server.answers() {
            let log = || fs::read_to_string(server.folder.path().join("log")).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(60), "the server does not start:\n{}", log());
            thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn answers(&self) -> bool {
        let mut asked = Command::new(self.programs.join("pg_isready"));
        asked.arg("-q").args(["-p", &self.port.to_string()]).arg("-h").arg(self.folder.path());
        asked.stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    }

    /// A folder the server may use.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a database.
    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres:///{database}?user=postgres&host={}", self.folder.path().display())
    }

    /// A new, empty database.
    pub(crate) fn database(&self, name: &str) -> String {
        self.say("postgres", &format!("CREATE DATABASE \"{name}\""));
        self.address(name)
    }

    /// A new, empty schema of a database: sooner made than a database.
    pub(crate) fn schema(&self, database: &str, name: &str) -> String {
        self.say(database, &format!("CREATE SCHEMA \"{name}\""));
        format!("{}&options=-csearch_path%3D{name}", self.address(database))
    }

    /// What another program says to a database, and the answer.
    pub(crate) fn say(&self, database: &str, sql: &str) -> String {
        told(&mut self.program(database, sql))
    }

    /// The program that says it.
    pub(crate) fn program(&self, database: &str, sql: &str) -> Command {
        let mut program = Command::new(self.programs.join("psql"));
        program.arg("-h").arg(self.folder.path()).args(["-U", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d"]);
        program.arg(database).arg("-c").arg(sql).stdin(Stdio::null());
        program
    }
}

/// A program under an account that is not root's, which ends when the test does.
fn as_nobody_special(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig=QUIT");
    if is_root() {
        command.args([format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}"), "--clear-groups".into()]);
    }
    command.arg::<&OsStr>(program.as_ref()).current_dir(folder).env("LC_ALL", "C");
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once, without tidying up: the folder goes away.
        let _ = Command::new("kill").arg("-QUIT").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
