//! The city over HTTP, on a store of its own.

use super::words::{self, Shown};
use crate::{
    arguments::DemoArguments,
    say::{self, Ending, Refusal, Style},
};
use kaoping_office::tables::TABLES;
use kaoping_sample::{Upto, accounts};
use kaoping_terms::{Diagnostic, Sources, Text};
use kaoping_web::{
    Config, KeyKind, Log,
    found::{draw_persons, let_in},
    key,
    serve::{self, Ended},
    signed,
};
use std::{
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};
use tempfile::TempDir;

/// Where requests are taken, unless somebody else has it.
const LISTEN: &str = "127.0.0.1:8080";

/// What the name of a fresh folder begins with.
const FRESH: &str = "kaoping-demo-";

/// The folder of a demonstration.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// Gone with the program, where nobody named it.
    pub(super) fresh: Option<TempDir>,
}

impl Folder {
    /// The address of the store.
    pub(super) fn store(&self) -> String {
        format!("sqlite:{}", self.path.join("kaoping.db").display())
    }

    /// The folder of the key.
    pub(super) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }
}

/// Makes the city, or goes on with the one in the folder, and serves it until it is told to end.
pub(super) fn run(asked: &DemoArguments, style: Style) -> Ending {
    let refused = |findings: &[_]| Refusal::new(Ending::Unusable, findings, &Sources::default(), style).end(style);
    match prepared(asked).and_then(|folder| served(&folder, asked, style)) {
        Ok(Ended::Asked) => Ending::Done,
        Ok(Ended::DiskFailed) => Ending::Unusable,
        Err(findings) => refused(&findings),
    }
}

pub(super) fn prepared(asked: &DemoArguments) -> Result<Folder, Vec<Diagnostic>> {
    if let Some(path) = &asked.dir {
        std::fs::create_dir_all(path).map_err(|fault| vec![no_folder(path, &fault)])?;
        return Ok(Folder { path: path.clone(), fresh: None });
    }
    let fresh = tempfile::Builder::new().prefix(FRESH).tempdir();
    let fresh = fresh.map_err(|fault| vec![no_folder(&std::env::temp_dir(), &fault)])?;
    Ok(Folder { path: fresh.path().to_owned(), fresh: Some(fresh) })
}

fn served(folder: &Folder, asked: &DemoArguments, style: Style) -> Result<Ended, Vec<Diagnostic>> {
    let (store, keys) = (folder.store(), folder.keys());
    let began_ms = match last_ms(&store)? {
        Some(last) => last,
        None => made(&store, &keys)?,
    };
    // The clock of the city goes on from where its year stands: deadlines are a few days off, whenever it is shown.
    let started = Instant::now();
    let clock = move || began_ms.saturating_add(i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX));
    let config = Config {
        store,
        key: key::read(&keys).map_err(|finding| vec![*finding])?,
        clock: Arc::new(clock),
        steady: None,
        queue: 2000,
        secure: false,
        proxied: false,
        log: Log::to(|line| drop(writeln!(std::io::stderr().lock(), "{line}"))),
        fatal: Box::new(|| ()),
    };
    let listen = asked.listen.clone().unwrap_or_else(free);
    serve::run(config, &keys, &listen, |address| {
        let shown = Shown { address, folder: &folder.path, kept: folder.fresh.is_none(), now_ms: clock() };
        if style.json {
            say::print_json(&shown.as_json());
        } else {
            say::print(&shown.as_text(style.lang));
        }
    })
}

/// When the last deed of a record was done: there is one already.
pub(super) fn last_ms(store: &str) -> Result<Option<i64>, Vec<Diagnostic>> {
    let failed = |failed| vec![Diagnostic::from(failed)];
    let mut store = kaoping_store::open(store, TABLES).map_err(failed)?;
    let size = store.size().map_err(failed)?;
    let mut last = None;
    let from = size.saturating_sub(1);
    let mut see = |row: kaoping_store::EntryRow| {
        last = Some(row.received_ms);
        true
    };
    store.entries(from, &mut see).map_err(failed)?;
    Ok(last)
}

/// Makes the city with a key of its own; when its year stands.
fn made(store: &str, keys: &Path) -> Result<i64, Vec<Diagnostic>> {
    let key = key::draw(keys, KeyKind::Ed25519).map_err(|finding| vec![*finding])?;
    draw_persons(keys, KeyKind::Ed25519).map_err(|finding| vec![*finding])?;
    let now_ms = kaoping_sample::make(store, key, Upto::MidYear)?;
    signed::begin(store, keys)?;
    let_everybody_in(store, keys)?;
    Ok(now_ms)
}

/// All accounts have the password of the demonstration.
pub(super) fn let_everybody_in(store: &str, keys: &Path) -> Result<(), Vec<Diagnostic>> {
    let accounts = accounts();
    let key = key::read(keys).map_err(|finding| vec![*finding])?;
    let_in(store, &key, accounts.iter().map(|account| account.login.as_str()), words::PASSWORD)
}

/// The usual place, or any other where somebody has it.
fn free() -> String {
    match TcpListener::bind(LISTEN) {
        Ok(_) => LISTEN.to_owned(),
        Err(_) => "127.0.0.1:0".to_owned(),
    }
}

fn no_folder(path: &Path, fault: &std::io::Error) -> Diagnostic {
    let path = path.display();
    Diagnostic::error(
        "output-refused",
        Text::new(format!("不能建文件夹 {path}"), format!("the folder {path} cannot be made")),
    )
    .why(kaoping_desk::system_reason(fault))
    .next(Text::new("用 --dir 换一个文件夹", "give another folder with --dir"))
}
