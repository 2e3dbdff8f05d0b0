//! `kaoping serve`: the office over HTTP.

use crate::{
    arguments::ServeArguments,
    say::{self, Ending, Refusal, Style},
};
use kaoping_terms::{Lang, Sources};
use kaoping_web::{
    Config, Log, key,
    serve::{self, Beside, Ended},
};
use std::{
    io::Write as _,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Serves until it is told to end. A disk that failed makes the ending unusable.
pub(super) fn run(asked: &ServeArguments, style: Style) -> Ending {
    let refused = |findings: &[_]| Refusal::new(Ending::Unusable, findings, &Sources::default(), style).end(style);
    let key = match key::read(&asked.keys) {
        Ok(key) => key,
        Err(finding) => return refused(&[*finding]),
    };
    let begun = Instant::now();
    let config = Config {
        store: asked.store.clone(),
        key,
        clock: Arc::new(now_ms),
        steady: Some(Arc::new(move || i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX))),
        queue: usize::try_from(asked.queue).unwrap_or(usize::MAX),
        secure: asked.behind_proxy,
        proxied: asked.behind_proxy,
        // A log nobody can write to any more stops nobody's work.
        log: Log::gathered(|lines| drop(std::io::stderr().lock().write_all(lines.as_bytes()))),
        fatal: Box::new(|| ()),
    };
    let ready = |address| match style.lang {
        Lang::Zh => say::print(&format!("在 http://{address} 受理；按 Ctrl+C 结束")),
        Lang::En => say::print(&format!("serving on http://{address}; Ctrl+C ends it")),
    };
    let beside = Beside { keys: &asked.keys, master: asked.master.as_deref(), oidc: asked.oidc.as_deref() };
    match serve::run_beside(config, &beside, &asked.listen, ready) {
        Ok(Ended::Asked) => Ending::Done,
        Ok(Ended::DiskFailed) => Ending::Unusable,
        Err(findings) => refused(&findings),
    }
}

/// The time by the clock of this machine: milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
