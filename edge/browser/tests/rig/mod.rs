//! The sample city, served on this machine, and people who look at it through Chromium. They touch nothing but the page.

#![allow(dead_code, reason = "each test uses a part")]

mod hands;
pub(crate) mod places;

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use kaoping_desk::bundle::export;
use kaoping_ledger::{KeyKind, SecretKey};
use kaoping_office::tables::TABLES;
use kaoping_sample::{ORIGIN, Upto, accounts, make};
use kaoping_store::open_to_read;
use kaoping_web::{
    Config, Log, Office,
    found::{draw_persons, let_in},
    router::router,
    serve::{Beside, with_persons},
};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    fs,
    future::Future,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

/// The password of everybody.
const PASSWORD: &str = "browser tests only";

/// How long somebody waits for something to appear.
const PATIENCE: Duration = Duration::from_secs(40);

/// How wide a screen of an office is, and one of a phone.
pub(crate) const WIDTHS: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// The city and the browser.
pub(crate) struct City {
    base: String,
    driver: Child,
    driver_at: String,
    /// Milliseconds that were added to the clock.
    passed: Arc<AtomicI64>,
    /// The clock of the office.
    clock: kaoping_web::Clock,
    /// Whether the line is down: every connection is cut.
    down: Arc<AtomicBool>,
    place: TempDir,
}

impl City {
    /// The city in the middle of its year.
    pub(crate) async fn in_mid_year() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let (files, began_ms) = tokio::task::spawn_blocking(made).await.expect("a city");
        for (name, bytes) in files {
            fs::write(place.path().join(name), bytes).expect("a copy");
        }
        let store = store_in(place.path());
        let (passed, started) = (Arc::new(AtomicI64::new(0)), Instant::now());
        let add = Arc::clone(&passed);
        let clock =
            move || *began_ms + i64::try_from(started.elapsed().as_millis()).unwrap_or(0) + add.load(Ordering::SeqCst);
        let clock: kaoping_web::Clock = Arc::new(clock);
        let config = Config {
            store,
            key: key(),
            clock: Arc::clone(&clock),
            steady: None,
            queue: 1000,
            secure: false,
            proxied: false,
            log: Log::to(|_| ()),
            fatal: Box::new(|| ()),
        };
        let keys = place.path().join("keys");
        let opened = move || {
            fs::create_dir(&keys).expect("a folder");
            draw_persons(&keys, KeyKind::Ed25519).expect("a master key");
            let office = Office::open(config).expect("an office");
            with_persons(office, &Beside { keys: &keys, master: None, oidc: None }).expect("keys of persons")
        };
        let office = tokio::task::spawn_blocking(opened).await.expect("opened");
        let router = router(Arc::new(office)).into_make_service_with_connect_info::<SocketAddr>();
        let inside = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let inside_at = inside.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(inside, router).await });
        let down = Arc::new(AtomicBool::new(false));
        let base = format!("http://{}", line(inside_at, Arc::clone(&down)).await);
        let (driver, driver_at) = driver().await;
        Self { base, driver, driver_at, passed, clock, down, place }
    }

    /// Somebody with a browser of his own, who has not signed in.
    pub(crate) async fn stranger(&self) -> Person {
        browser(&self.driver_at, &self.base).await
    }

    /// Somebody who has signed in through the page.
    pub(crate) async fn person(&self, login: &str) -> Person {
        let person = self.stranger().await;
        person.open("/login").await;
        person.signs_in(login).await;
        person.sees("退出").await;
        person
    }

    /// Time passes.
    pub(crate) fn wait(&self, time: Duration) {
        self.passed.fetch_add(i64::try_from(time.as_millis()).unwrap_or(0), Ordering::SeqCst);
    }

    /// Exports the record to a new folder of the machine, as whoever runs the server does.
    pub(crate) fn exports(&self, folder: &Path) {
        let mut store = open_to_read(&store_in(self.place.path()), TABLES).expect("a store");
        let key = key().public(ORIGIN).to_string();
        export(&mut *store, &key, None, folder).expect("exported");
    }

    /// The time of the office: milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// The line goes down, or comes back.
    pub(crate) fn cut(&self, is_down: bool) {
        self.down.store(is_down, Ordering::SeqCst);
    }

    /// Ends everything.
    pub(crate) async fn ends(mut self) {
        // A driver that is gone already is what is wanted.
        drop(self.driver.kill().await);
    }
}

/// The key of the city.
fn key() -> SecretKey {
    SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key")
}

/// The store in a folder.
fn store_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("kaoping.db").display())
}

/// Files by their names, and the time.
type Made = (Vec<(OsString, Vec<u8>)>, i64);

/// The store of the city in the middle of its year, and what time it is: made once, each test takes a copy.
fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let place = tempfile::tempdir().expect("a folder");
        let store = store_in(place.path());
        let began_ms = make(&store, key(), Upto::MidYear).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let people = accounts();
        let_in(&store, &key(), people.iter().map(|account| account.login.as_str()), PASSWORD).expect("accounts");
        let files = fs::read_dir(place.path()).expect("a folder").filter_map(Result::ok);
        (files.map(|file| (file.file_name(), fs::read(file.path()).expect("a file"))).collect(), began_ms)
    })
}

/// A line to the server that can be cut; its address.
async fn line(server: SocketAddr, down: Arc<AtomicBool>) -> SocketAddr {
    let outside = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = outside.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let Ok((mut from, _)) = outside.accept().await else { continue };
            let down = Arc::clone(&down);
            tokio::spawn(async move {
                let Ok(mut to) = tokio::net::TcpStream::connect(server).await else { return };
                let cut = async {
                    while !down.load(Ordering::SeqCst) {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut from, &mut to) => (),
                    () = cut => (),
                }
            });
        }
    });
    address
}

/// Somebody with a browser of his own, at a server.
pub(crate) async fn browser(driver_at: &str, base: &str) -> Person {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--accept-lang=zh-CN",
        "--window-size=1440,900",
        "--hide-scrollbars",
    ];
    let capabilities = json!({"goog:chromeOptions": {"args": arguments}});
    let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let client = builder.capabilities(capabilities).connect(driver_at).await;
    let files = tempfile::tempdir().expect("a folder");
    Person { client: client.expect("a browser"), base: base.to_owned(), files }
}

/// Starts the driver of the browser; where it listens.
pub(crate) async fn driver() -> (Child, String) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().expect("chromedriver, which scripts/packages installs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    while let Some(line) = lines.next_line().await.expect("its output") {
        if let Some((_, port)) = line.trim_end_matches('.').rsplit_once("successfully on port ") {
            let port: u16 = port.trim().parse().expect("a port");
            // What it says later is of no use, but it must not wait for a reader.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (child, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("chromedriver said nothing of a port");
}

/// Somebody with a browser.
pub(crate) struct Person {
    pub(crate) client: Client,
    base: String,
    /// What is on the disk of the machine.
    files: TempDir,
}

impl Person {
    /// Goes to an address.
    pub(crate) async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.expect("a page");
    }

    /// Fills in the form of signing in that is shown.
    pub(crate) async fn signs_in(&self, login: &str) {
        self.fills("账号", login).await;
        self.fills("密码", PASSWORD).await;
        self.presses("登录").await;
    }

    /// The address, without the machine.
    pub(crate) async fn at(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.as_str().strip_prefix(&self.base).unwrap_or_default().to_owned()
    }

    /// Everything that can be read; nothing while one page goes and another comes.
    pub(crate) async fn text(&self) -> String {
        let Ok(body) = self.client.find(Locator::Css("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// Waits until something can be read.
    pub(crate) async fn sees(&self, words: &str) {
        let found = patiently(|| async { self.text().await.contains(words).then_some(()) }).await;
        if found.is_none() {
            panic!("`{words}` is not to be seen at {}:\n{}", self.at().await, self.text().await);
        }
    }

    /// Waits until something can be read no more.
    pub(crate) async fn sees_no_more(&self, words: &str) {
        let gone = patiently(|| async { (!self.text().await.contains(words)).then_some(()) }).await;
        assert!(gone.is_some(), "`{words}` is still to be seen:\n{}", self.text().await);
    }

    /// Whether something can be read now.
    pub(crate) async fn reads(&self, words: &str) -> bool {
        self.text().await.contains(words)
    }

    /// Waits for an element that can be seen.
    pub(crate) async fn finds(&self, css: &str) -> Element {
        let found = patiently(|| async {
            let found = self.client.find(Locator::Css(css)).await.ok()?;
            found.is_displayed().await.ok()?.then_some(found)
        });
        match found.await {
            Some(found) => found,
            None => panic!("there is no `{css}` at {}:\n{}", self.at().await, self.text().await),
        }
    }

    /// How many elements there are.
    pub(crate) async fn counts(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |found| found.len())
    }

    /// Presses a button or link with those words; the first that can be seen.
    pub(crate) async fn presses(&self, words: &str) {
        let path = format!(
            "//button[normalize-space()='{words}']|//a[normalize-space()='{words}']|//summary[normalize-space()='{words}']"
        );
        let pressed = patiently(|| async {
            for found in self.client.find_all(Locator::XPath(&path)).await.ok()? {
                if found.is_displayed().await.ok()? && found.is_enabled().await.ok()? && found.click().await.is_ok() {
                    return Some(());
                }
            }
            None
        });
        if pressed.await.is_none() {
            panic!("`{words}` cannot be pressed at {}:\n{}", self.at().await, self.text().await);
        }
    }

    /// The field with that label.
    pub(crate) async fn field(&self, label: &str) -> Element {
        let path = format!(
            "//*[@id=//label[normalize-space()='{label}']/@for]|//label[normalize-space(text())='{label}']//input|//*[@aria-label='{label}']"
        );
        let found = patiently(|| async {
            for found in self.client.find_all(Locator::XPath(&path)).await.ok()? {
                if found.is_displayed().await.ok()? {
                    return Some(found);
                }
            }
            None
        });
        match found.await {
            Some(found) => found,
            None => panic!("there is no field `{label}` at {}:\n{}", self.at().await, self.text().await),
        }
    }

    /// Fills in a field, in place of what stood there.
    pub(crate) async fn fills(&self, label: &str, words: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("an empty field");
        field.send_keys(words).await.expect("a field that takes words");
    }

    /// Chooses from a list.
    pub(crate) async fn chooses(&self, label: &str, words: &str) {
        let field = self.field(label).await;
        field.select_by_label(words).await.expect("a choice");
    }

    /// Types where the keys go now.
    pub(crate) async fn types(&self, words: &str) {
        let active = self.client.active_element().await.expect("something that takes keys");
        active.send_keys(words).await.expect("typed");
    }

    /// Presses a key where keys go now.
    pub(crate) async fn key(&self, key: Key) {
        self.types(&key.to_string()).await;
    }

    /// Runs a script in the page, for what a person does and a driver has no word for: pasting, measuring.
    pub(crate) async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.expect("a script that runs")
    }

    /// Makes the window as wide and high as that.
    pub(crate) async fn sized(&self, (width, height): (u32, u32)) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// A command of the browser's own tools.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let session = self.client.session_id().await.expect("a session").expect("a session");
        let command = Devtools { session, body: json!({"cmd": command, "params": parameters}) };
        self.client.issue_cmd(command).await.expect("done")
    }

    /// Goes away.
    pub(crate) async fn leaves(self) {
        // A browser that is gone already is what is wanted.
        drop(self.client.close().await);
    }
}

#[derive(Debug)]
struct Devtools {
    session: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, _: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", self.session))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// Looks again and again until there is something, or patience ends.
async fn patiently<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if begun.elapsed() > PATIENCE {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}
