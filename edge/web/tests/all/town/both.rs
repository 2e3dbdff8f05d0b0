//! The same tests on a store in a file and on PostgreSQL.

use std::{
    cell::RefCell,
    fs,
    future::Future,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

#[path = "../../../../store/tests/servers/mod.rs"]
mod servers;

thread_local! {
    /// The server of the test that runs on this thread, and how many schemas were made in it.
    static SERVER: RefCell<Option<(servers::Server, u32)>> = const { RefCell::new(None) };
}

/// Which schema the store of a place is in, where it is one of PostgreSQL.
const SCHEMA: &str = "schema";

/// The address of the store of a place.
pub(crate) fn store_in(place: &Path) -> String {
    SERVER.with_borrow_mut(|server| {
        let Some((server, made)) = server else {
            return format!("sqlite:{}", place.join("kaoping.db").display());
        };
        let known = place.join(SCHEMA);
        if let Ok(schema) = fs::read_to_string(&known) {
            return format!("{}&options=-csearch_path%3D{schema}", server.address("postgres"));
        }
        *made += 1;
        let schema = format!("town_{made}");
        fs::write(known, &schema).expect("written");
        server.schema("postgres", &schema)
    })
}

/// Where PostgreSQL keeps what it keeps.
pub(crate) fn folder_of_server() -> Option<PathBuf> {
    SERVER.with_borrow(|server| server.as_ref().map(|(server, _)| server.folder().to_owned()))
}

struct Woken(Thread);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a test beside a runtime, not in it: a connection to PostgreSQL waits, and may not do so inside one.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let _beside = runtime.enter();
    let waker = Waker::from(Arc::new(Woken(thread::current())));
    let mut test = pin!(test);
    while test.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
        thread::park();
    }
}

/// The same on PostgreSQL.
pub(crate) fn run_on_postgres(test: impl Future<Output = ()>) {
    SERVER.set(Some((servers::Server::start(), 0)));
    run(test);
    SERVER.set(None);
}

/// Makes a test of each on both.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod in_a_file {
            $(#[test] fn $test() { crate::town::both::run(super::$test()); })*
        }
        mod in_postgres {
            $(#[test] fn $test() { crate::town::both::run_on_postgres(super::$test()); })*
        }
    };
}

pub(crate) use on_both;
