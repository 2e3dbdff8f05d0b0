//! Nodes as processes on loopback, and what the scheduler says of its work.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command.
pub(crate) fn engine() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kaoping-engine"))
}

/// The shipped policies.
pub(crate) fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// A port nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|open| open.local_addr()).expect("a port").port()
}

/// A scheduler or an executor. It ends with the test.
pub(crate) struct Node {
    child: Child,
    port: u16,
    work: Option<PathBuf>,
    said: String,
}

impl Node {
    /// A scheduler that listens.
    pub(crate) fn scheduler(policy: &Path, lang: &str) -> Node {
        let port = free_port();
        let mut command = engine();
        command.arg("scheduler").arg(policy).args(["--lang", lang, "--patience", "10"]);
        command.args(["--listen", &format!("127.0.0.1:{port}")]);
        let node = Node::started(command, port, None);
        wait_for("the scheduler to listen", || TcpStream::connect(("127.0.0.1", port)).ok());
        node
    }

    /// An executor of one core with a work folder of its own.
    fn executor(policy: &Path, scheduler: &Node, work: PathBuf) -> Node {
        fs::create_dir_all(&work).expect("a folder");
        let (port, second) = (free_port(), free_port());
        let mut command = engine();
        command.arg("executor").arg(policy).args(["--lang", "en", "--cores", "1"]).arg("--work").arg(&work);
        command.args(["--scheduler", &scheduler.place(), "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--second-port", &second.to_string()]);
        Node::started(command, port, Some(work))
    }

    fn started(mut command: Command, port: u16, work: Option<PathBuf>) -> Node {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a node");
        let mut said = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut said).expect("what it says first");
        Node { child, port, work, said }
    }

    /// Where it listens.
    pub(crate) fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it says its policy is.
    pub(crate) fn fingerprint(&self) -> &str {
        let at = self.said.find("sha256:").unwrap_or_else(|| panic!("no fingerprint: {}", self.said));
        self.said[at..].trim()
    }

    /// How many pieces it has begun to write down; all but the last of them it has done.
    fn pieces(&self) -> usize {
        self.work.as_deref().map_or(0, files)
    }

    /// Ends it as a power cut does, and what it had with it.
    fn kill(&mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("an end");
        if let Some(work) = &self.work {
            fs::remove_dir_all(work).expect("its work folder");
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many files are anywhere below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        sleep(Duration::from_millis(20));
    }
}

/// How far a job is: pieces that are done, and pieces that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: usize,
    pub(crate) left: usize,
}

/// A scheduler and two executors.
pub(crate) struct Cluster {
    pub(crate) scheduler: Node,
    executors: Vec<Node>,
}

impl Cluster {
    /// Starts them, each with its policy.
    pub(crate) fn start(place: &Path, policy: &Path, of_executors: [&Path; 2]) -> Cluster {
        let scheduler = Node::scheduler(policy, "en");
        let work = |name| place.join(format!("{}-{name}", scheduler.port));
        let executor = |(name, policy)| Node::executor(policy, &scheduler, work(name));
        let executors = ["one", "two"].into_iter().zip(of_executors).map(executor).collect();
        let cluster = Cluster { scheduler, executors };
        wait_for("two executors", || {
            let found = cluster.asked("/api/executors")?;
            (found.as_array()?.len() == 2).then_some(())
        });
        cluster
    }

    /// Kills an executor that has done a few of the pieces, while others are not done: how many were
    /// done before, and how many were not when it was gone for certain. None: the job was over before.
    pub(crate) fn kill_half_way(&mut self, pieces: usize) -> Option<Progress> {
        let job = wait_for("a job", || {
            let jobs = self.asked("/api/jobs")?;
            Some(jobs.as_array()?.first()?["job_id"].as_str()?.to_owned())
        });
        loop {
            let before = self.progress(&job, pieces)?;
            let victim = self.executors.iter().position(|executor| executor.pieces() > 4);
            let Some(victim) = victim.filter(|_| before.done >= pieces / 4) else {
                sleep(Duration::from_millis(2));
                continue;
            };
            self.executors.swap_remove(victim).kill();
            let after = self.progress(&job, pieces)?;
            return Some(Progress { done: before.done, left: after.left });
        }
    }

    /// How far the first stage of a job is, which has a task for each piece; none where it is over.
    fn progress(&self, job: &str, pieces: usize) -> Option<Progress> {
        let stages = wait_for("the stages", || self.asked(&format!("/api/job/{job}/stages")));
        let stage = &stages["stages"][0];
        let tasks = stage["tasks"].as_array().map(Vec::as_slice).unwrap_or_default();
        let done = tasks.iter().filter(|task| task["status"] == "Successful");
        let done = done.map(|task| task["partition_id"].as_array().map_or(0, Vec::len)).sum();
        assert!(done <= pieces, "the table was cut into more than {pieces} pieces");
        (done < pieces).then(|| Progress { done, left: pieces - done })
    }

    /// What the scheduler says at an address; none where it does not answer so.
    fn asked(&self, path: &str) -> Option<Value> {
        let mut line = TcpStream::connect(("127.0.0.1", self.scheduler.port)).ok()?;
        line.set_read_timeout(Some(PATIENCE)).ok()?;
        write!(line, "GET {path} HTTP/1.0\r\nHost: scheduler\r\nConnection: close\r\n\r\n").ok()?;
        let mut said = String::new();
        line.read_to_string(&mut said).ok()?;
        let (head, body) = said.split_once("\r\n\r\n")?;
        assert!(!head.to_lowercase().contains("chunked"), "{head}");
        head.lines().next()?.contains(" 200 ").then(|| serde_json::from_str(body).ok())?
    }
}
