//! What is counted, as Prometheus reads it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

/// Upper ends of the classes of times, in milliseconds.
const CLASSES: [i64; 8] = [1, 5, 20, 50, 100, 250, 1000, 5000];

#[derive(Debug, Default)]
struct Times {
    counts: [u64; CLASSES.len()],
    count: u64,
    sum_ms: i64,
}

/// Requests by method, route and status; times by route.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    requests: BTreeMap<(&'static str, &'static str, u16), u64>,
    times: BTreeMap<&'static str, Times>,
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn count(&self, method: &'static str, route: &'static str, status: u16, ms: i64) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted.requests.entry((method, route, status)).or_default() += 1;
        let times = counted.times.entry(route).or_default();
        times.count += 1;
        times.sum_ms += ms;
        for (class, count) in CLASSES.iter().zip(&mut times.counts) {
            *count += u64::from(ms <= *class);
        }
    }

    /// As Prometheus reads it, with numbers that are looked up now.
    pub(crate) fn text(&self, now: &[(&str, u64)]) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for (name, value) in now {
            let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
        }
        text.push_str("# TYPE kaoping_requests_total counter\n");
        for ((method, route, status), count) in &counted.requests {
            let _ = writeln!(
                text,
                "kaoping_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
            );
        }
        text.push_str("# TYPE kaoping_request_ms histogram\n");
        for (route, times) in &counted.times {
            for (class, count) in CLASSES.iter().zip(times.counts) {
                let _ = writeln!(text, "kaoping_request_ms_bucket{{route=\"{route}\",le=\"{class}\"}} {count}");
            }
            let Times { count, sum_ms, .. } = times;
            let _ = writeln!(text, "kaoping_request_ms_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(text, "kaoping_request_ms_sum{{route=\"{route}\"}} {sum_ms}");
            let _ = writeln!(text, "kaoping_request_ms_count{{route=\"{route}\"}} {count}");
        }
        text
    }
}
