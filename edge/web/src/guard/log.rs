//! One line of JSON for each request: what is needed to find a fault, and nothing about people.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// Lines that wait are written together so often.
const A_MOMENT: Duration = Duration::from_millis(20);

/// So many bytes wait at most: whoever does not read on loses lines, and is told how many.
const MOST_WAITING: usize = 4 << 20;

/// Where lines go.
pub struct Log {
    to: To,
    writer: Option<JoinHandle<()>>,
}

enum To {
    /// At once.
    Sink(Box<dyn Fn(&str) + Send + Sync>),
    /// A moment later, together with others.
    Waiting(Arc<Waiting>),
}

/// What waits to be written.
#[derive(Default)]
struct Waiting {
    lines: Mutex<Lines>,
    come: Condvar,
}

#[derive(Default)]
struct Lines {
    text: String,
    lost: u64,
    ended: bool,
}

/// What is told of a request. Paths have ids in them and are not told; the pattern of the route is.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// When it came: milliseconds since 1970.
    pub at_ms: i64,
    /// Its method.
    pub method: &'a str,
    /// The pattern of its route.
    pub route: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// The number of the account.
    pub account: Option<&'a str>,
}

impl Log {
    /// To a function, which is given each line with its end before the answer goes out.
    pub fn to(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { to: To::Sink(Box::new(sink)), writer: None }
    }

    /// To a function on a thread of its own, which is given many whole lines at a time: nobody who asks waits for it.
    /// What waits when the log goes is written first. Without such a thread lines go to it at once.
    pub fn gathered(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let (waiting, sink) = (Arc::new(Waiting::default()), Arc::new(sink));
        let (taken, written) = (Arc::clone(&waiting), Arc::clone(&sink));
        match thread::Builder::new().name("log".into()).spawn(move || taken.write_to(&*written)) {
            Ok(writer) => Self { to: To::Waiting(waiting), writer: Some(writer) },
            Err(_) => Self::to(move |line| sink(line)),
        }
    }

    pub(crate) fn line(&self, line: &Line<'_>) {
        let Line { at_ms, method, route, status, ms, account } = line;
        // Accounts are names: none has to be written otherwise in JSON.
        let account = account.filter(|account| !account.contains(['"', '\\'])).map(|account| format!("\"{account}\""));
        let account = account.as_deref().unwrap_or("null");
        let line = format!(
            "{{\"at_ms\":{at_ms},\"method\":\"{method}\",\"route\":\"{route}\",\"status\":{status},\
             \"ms\":{ms},\"account\":{account}}}\n"
        );
        match &self.to {
            To::Sink(sink) => sink(&line),
            To::Waiting(waiting) => waiting.add(&line),
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let To::Waiting(waiting) = &self.to {
            waiting.lines.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
            waiting.come.notify_one();
        }
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

impl Waiting {
    fn add(&self, line: &str) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.text.len() + line.len() > MOST_WAITING {
            lines.lost += 1;
            return;
        }
        let was_empty = lines.text.is_empty();
        lines.text.push_str(line);
        drop(lines);
        if was_empty {
            self.come.notify_one();
        }
    }

    /// Writes what comes until the log goes.
    fn write_to(&self, sink: &(impl Fn(&str) + ?Sized)) {
        let mut writing = String::new();
        loop {
            let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            let nothing = |lines: &mut Lines| lines.text.is_empty() && !lines.ended;
            let mut lines = self.come.wait_while(lines, nothing).unwrap_or_else(PoisonError::into_inner);
            if !lines.ended {
                drop(lines);
                thread::sleep(A_MOMENT);
                lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            }
            std::mem::swap(&mut lines.text, &mut writing);
            let (lost, ended) = (std::mem::take(&mut lines.lost), lines.ended);
            drop(lines);
            if lost > 0 {
                writing.push_str(&format!("{{\"lines_lost\":{lost}}}\n"));
            }
            sink(&writing);
            writing.clear();
            if ended {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Log, MOST_WAITING};
    use std::sync::{Arc, Mutex, mpsc::sync_channel};

    fn line(at_ms: i64) -> Line<'static> {
        Line { at_ms, method: "GET", route: "/", status: 200, ms: 0, account: Some("C1") }
    }

    #[test]
    fn every_line_is_written_in_its_order_before_the_log_is_gone() {
        let written = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&written);
        let log = Log::gathered(move |lines| sink.lock().expect("lines").push_str(lines));
        for at_ms in 0..10_000 {
            log.line(&line(at_ms));
        }
        drop(log);
        let text = written.lock().expect("lines").clone();
        for (at_ms, line) in text.lines().enumerate() {
            let parsed: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(parsed["at_ms"], at_ms);
        }
        assert_eq!(text.lines().count(), 10_000);
    }

    #[test]
    fn where_nobody_reads_lines_are_lost_and_told() {
        let (go_on, wait) = sync_channel::<()>(0);
        let (wait, written) = (Mutex::new(wait), Arc::new(Mutex::new(String::new())));
        let sink = Arc::clone(&written);
        let log = Log::gathered(move |lines| {
            let _ = wait.lock().expect("a wait").recv();
            sink.lock().expect("lines").push_str(lines);
        });
        let count = i64::try_from(MOST_WAITING / 50).expect("a number");
        for at_ms in 0..2 * count {
            log.line(&line(at_ms));
        }
        drop(go_on);
        drop(log);
        let text = written.lock().expect("lines").clone();
        let lost = text.lines().filter_map(|line| line.strip_prefix("{\"lines_lost\":")?.strip_suffix('}'));
        let lost: i64 = lost.map(|lost| lost.parse::<i64>().expect("a number")).sum();
        assert!(lost > 0, "it is told");
        let kept = text.lines().filter(|line| line.contains("at_ms")).count();
        assert_eq!(i64::try_from(kept).expect("a number") + lost, 2 * count, "every line is there or counted");
    }
}
