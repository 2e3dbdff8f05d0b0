//! A small town whose office is asked over HTTP, in the process, with a clock of its own.

pub(crate) mod both;
mod year;

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub(crate) use year::PAPER;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, header},
};
use kaoping_desk::Request as Deed;
use kaoping_ledger::{By, KeyKind, SecretKey};
use kaoping_office::{
    Act, Role,
    deeds::{founding::Found, offices::OpenOffice, people},
    state::OfficeVersion,
};
use kaoping_persons::{
    Cipher, Keeper,
    keeper::{MASTER, draw_master},
};
use kaoping_terms::Day;
use kaoping_web::{Config, Log, Office, people::Credential, router::router};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// 2026-01-05, eight in the morning in China.
pub(crate) const MORNING_MS: i64 = 20_458 * 86_400_000;

/// A password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Town {
    pub(crate) office: Arc<Office>,
    pub(crate) router: Router,
    pub(crate) now_ms: Arc<AtomicI64>,
    pub(crate) log: Arc<Mutex<Vec<String>>>,
    pub(crate) place: TempDir,
}

/// An answer.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Said {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// Status and names of the findings.
    pub(crate) fn told(&self) -> String {
        if self.bytes.is_empty() || !self.header("content-type").contains("json") {
            return self.status.to_string();
        }
        let json = self.json();
        let findings = json["findings"].as_array().cloned().unwrap_or_default();
        let names = findings.iter().filter_map(|finding| finding["name"].as_str().map(str::to_owned));
        std::iter::once(self.status.to_string()).chain(names).collect::<Vec<_>>().join(" ")
    }

    /// The cells of a column of a list.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let json = self.json();
        let items = json["items"].as_array().cloned().unwrap_or_default();
        let cell = |item: &Value| item[name].as_str().map_or_else(|| item[name].to_string(), str::to_owned);
        items.iter().map(cell).collect()
    }
}

/// One that everybody shares, because making it takes a while.
fn credential() -> Credential {
    static ONCE: OnceLock<Credential> = OnceLock::new();
    ONCE.get_or_init(|| Credential::of(PASSWORD, false).expect("a credential")).clone()
}

/// Who is in the town: account, office, role.
pub(crate) const PEOPLE: &[(&str, &str, Role)] = &[
    ("A1", "甲市", Role::AssessmentOffice),
    ("G1", "甲市", Role::LeadingGroup),
    ("U1", "甲市", Role::Auditor),
    ("L1", "甲市", Role::Lead),
    ("C1", "乙县", Role::Clerk),
    ("R1", "乙县", Role::Reviewer),
    ("I1", "乙县", Role::Signer),
    ("C2", "丙县", Role::Clerk),
    ("C3", "乙镇", Role::Clerk),
];

pub(crate) fn key() -> SecretKey {
    SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key")
}

/// Who keeps data about people, with keys in a folder of a place.
pub(crate) fn keeper(place: &std::path::Path) -> Keeper {
    let keys = place.join("keys");
    if !keys.join(MASTER).exists() {
        draw_master(&keys.join(MASTER), Cipher::Aes256Gcm).expect("a master key");
    }
    Keeper::open(&keys, &keys.join(MASTER), Cipher::Aes256Gcm, "甲市考评台账", false).expect("a keeper")
}

impl Town {
    /// An office over an empty store.
    pub(crate) fn empty(place: TempDir, queue: usize, secure: bool) -> Self {
        let now_ms = Arc::new(AtomicI64::new(MORNING_MS));
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (clock, lines) = (Arc::clone(&now_ms), Arc::clone(&log));
        let office = Office::open(Config {
            store: both::store_in(place.path()),
            key: key(),
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
            steady: None,
            queue,
            secure,
            proxied: false,
            log: Log::to(move |line| lines.lock().expect("lines").push(line.to_owned())),
            fatal: Box::new(|| ()),
        });
        let office = office.expect("an office").keeping(keeper(place.path())).expect("keys of persons");
        let office = Arc::new(office);
        Self { router: router(Arc::clone(&office)), office, now_ms, log, place }
    }

    /// One that was founded in a folder and left there, on a copy.
    pub(crate) fn again_at(left: &std::path::Path) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(place.path().join("keys")).expect("a folder");
        for folder in ["", "keys"] {
            for entry in std::fs::read_dir(left.join(folder)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_owned();
                if path.is_file() {
                    std::fs::copy(&path, place.path().join(folder).join(name)).expect("copied");
                }
            }
        }
        Self::empty(place, 1000, false)
    }

    /// 甲市 with 乙县 and 丙县, 乙镇 below 乙县, and their people.
    pub(crate) fn new() -> Self {
        Self::new_at(tempfile::tempdir().expect("a folder"))
    }

    /// The same, in a folder.
    pub(crate) fn new_at(place: TempDir) -> Self {
        let town = Self::empty(place, 1000, false);
        let administrator = ("S1", "甲市", Role::SystemAdmin);
        let security = ("S2", "甲市", Role::SecurityAdmin);
        let founder =
            By { account: "S1".into(), office: "甲市".into(), role: "system-admin".into(), deputy_for: None };
        let found = Found {
            origin: "甲市考评台账".into(),
            algorithm: "sha256".into(),
            key: key().public("甲市考评台账").to_string(),
            office: "甲市".into(),
            name: "甲市".into(),
            from: Day::LONG_AGO,
            administrators: ["S1".into(), "S2".into(), "S3".into()],
        };
        town.perform(founder, Act::Found(found));
        for (office, parent) in [("乙县", "甲市"), ("丙县", "甲市"), ("乙镇", "乙县")] {
            let version = OfficeVersion {
                from: day("2026-01-01"),
                name: office.into(),
                parent: Some(parent.into()),
                kind: String::new(),
                group: String::new(),
                attributes: BTreeMap::new(),
            };
            town.does(administrator, Act::OpenOffice(OpenOffice { office: office.into(), version }));
        }
        for (account, office, role) in PEOPLE {
            town.does(administrator, Act::OpenAccount(people::OpenAccount { account: (*account).into() }));
            let office = (*office).into();
            let grant = people::GrantRole {
                account: (*account).into(),
                office,
                role: *role,
                from: day("2026-01-01"),
                to: None,
            };
            town.does(security, Act::GrantRole(grant));
        }
        let accounts = PEOPLE.iter().map(|(account, ..)| *account).chain(["S1", "S2", "S3"]);
        for account in accounts {
            town.can_sign_in(account);
        }
        town
    }

    /// Gives an account the password everybody has.
    pub(crate) fn can_sign_in(&self, account: &str) {
        self.office.people.set_credential(account, credential());
        let kept = self.office.people.kept_credential(account, &credential());
        let (tell, told) = std::sync::mpsc::channel();
        self.office.desk.keep(vec![kept], move |found| tell.send(found.is_ok()).expect("sent"));
        assert!(told.recv().expect("told"));
    }

    pub(crate) fn does(&self, (account, office, role): (&str, &str, Role), act: Act) {
        let by = By { account: account.into(), office: office.into(), role: role.name().into(), deputy_for: None };
        self.perform(by, act);
    }

    fn perform(&self, by: By, act: Act) {
        let id = format!("set-up-{}", self.office.desk.read(|shown| shown.state.size));
        let deed = Deed { id, by, anywhere: false, act, why: "设立".into(), evidence: Vec::new() };
        self.office.desk.perform(deed).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
    }

    /// Time passes.
    pub(crate) fn wait(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Said {
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 1 << 28).await.expect("a body").to_vec();
        Said { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// Reads.
    pub(crate) async fn get(&self, cookie: &str, path: &str) -> Said {
        self.ask(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, cookie: &str, path: &str, body: &Value) -> Said {
        let request =
            Request::post(path).header(header::COOKIE, cookie).header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// Changes what is there, or what was seen of it.
    pub(crate) async fn put(&self, cookie: &str, path: &str, seen: Option<&str>, body: &Value) -> Said {
        let mut request =
            Request::put(path).header(header::COOKIE, cookie).header(header::CONTENT_TYPE, "application/json");
        if let Some(seen) = seen {
            request = request.header(header::IF_MATCH, seen);
        }
        self.ask(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// Throws it away.
    pub(crate) async fn delete(&self, cookie: &str, path: &str, seen: &str) -> Said {
        let request = Request::delete(path).header(header::COOKIE, cookie).header(header::IF_MATCH, seen);
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// Signs in, and gives the cookie.
    pub(crate) async fn login(&self, account: &str) -> String {
        let said = self.post("", "/api/login", &json!({"account": account, "password": PASSWORD})).await;
        assert_eq!(said.status, 200, "{account}: {}", said.text());
        said.header("set-cookie").split(';').next().expect("a cookie").to_owned()
    }

    /// A deed.
    pub(crate) async fn deed(&self, cookie: &str, id: &str, act: Value) -> Said {
        self.post(cookie, "/api/deeds", &json!({"id": id, "act": act, "why": "因为要做"})).await
    }

    /// Uploads the files of a policy and the shared rules beside it, as an office does.
    pub(crate) async fn uploaded(&self, cookie: &str, policy: &str) -> Vec<Value> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let mut files = Vec::new();
        let own = fs::read_dir(folder.join(policy)).expect("a policy").map(|entry| entry.expect("an entry").path());
        let shared = fs::read_dir(folder.join("kinds")).expect("rules").map(|entry| entry.expect("an entry").path());
        for path in own.chain(shared).filter(|path| path.is_file()) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let shared = path.parent().is_some_and(|parent| parent.ends_with("kinds"));
            let bytes = fs::read(&path).expect("a file");
            let request = Request::post("/api/contents")
                .header("cookie", cookie)
                .header("content-type", "application/octet-stream");
            let said = self.ask(request.body(Body::from(bytes)).expect("a request")).await;
            let name = if shared { format!("../kinds/{name}") } else { name };
            files.push(json!({"path": name, "content": said.json()["hash"]}));
        }
        files
    }

    /// Uploads a content; its hash.
    pub(crate) async fn kept(&self, cookie: &str, bytes: Vec<u8>) -> Value {
        let request =
            Request::post("/api/contents").header("cookie", cookie).header("content-type", "application/octet-stream");
        self.ask(request.body(Body::from(bytes)).expect("a request")).await.json()["hash"].clone()
    }
}
