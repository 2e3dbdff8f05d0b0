//! A province in its second year, in a new store: 100 offices, 200 figures, 12 months reported and signed, and what
//! belongs to it. Clerks are signed in already, so that a measurement need not begin with passwords.
//!
//! `province FOLDER [--offices N] [--figures N] [--months N] [--clerks N]` makes `kaoping.db`, `keys` and `sessions`
//! (a line for each clerk: cookie, office, address) and `people` (a line for each other account: account, cookie).
//! Twelve collections of ten figures, `C01` to `C12`, are open for the generator of load.

#![allow(missing_docs, clippy::expect_used, clippy::panic, reason = "a bench stops at what should have been there")]

use kaoping_desk::{Desk, Opening, Request};
use kaoping_ledger::{Algorithm, By, KeyKind};
use kaoping_office::{deed::day_of, tables::TABLES};
use kaoping_store::Private;
use kaoping_terms::Day;
use kaoping_web::{found, key};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

const TOP: &str = "甲省";
const SCHEME: &str = "民生";

/// How many deeds are on their way at a time.
const AHEAD: usize = 512;

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the end of time")
}

struct Size {
    offices: usize,
    figures: usize,
    months: usize,
    clerks: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let mut size = Size { offices: 100, figures: 200, months: 12, clerks: 30 };
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse().ok()).expect("a number");
        match name.as_str() {
            "--offices" => size.offices = value,
            "--figures" => size.figures = value,
            "--months" => size.months = value,
            "--clerks" => size.clerks = value,
            _ => panic!("{name} is no option"),
        }
    }
    fs::create_dir_all(&folder).expect("a folder");
    let begun = Instant::now();
    let mut making = Making::new(&folder);
    making.people(&size);
    making.asked(&size);
    making.reported(&size);
    making.judged(&size);
    making.end(&folder);
    println!("{} in {:.1} s", folder.display(), begun.elapsed().as_secs_f32());
}

struct Making {
    desk: Desk,
    waiting: Vec<Receiver<Result<(), String>>>,
    sessions: Vec<Private>,
    clerks: String,
    others: String,
    count: usize,
    today: Day,
}

fn office(number: usize) -> String {
    format!("X{number:03}")
}

fn figures(count: usize) -> Vec<String> {
    (1..=count).map(|figure| format!("F{figure:03}")).collect()
}

fn offices(count: usize) -> Vec<String> {
    (1..=count).map(office).collect()
}

impl Making {
    fn new(folder: &Path) -> Self {
        let (store, keys) = (format!("sqlite:{}", folder.join("kaoping.db").display()), folder.join("keys"));
        let founding = found::Founding {
            store: &store,
            keys: &keys,
            origin: "甲省考评台账",
            office: TOP,
            kind: KeyKind::Ed25519,
            now_ms: now_ms(),
        };
        found::found(&founding).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let desk = Desk::open(Opening {
            store: kaoping_store::open(&store, TABLES).expect("a store"),
            key: key::read(&keys).expect("a key"),
            clock: Box::new(now_ms),
            queue: 2 * AHEAD,
            batch: 256,
            fatal: Box::new(|| panic!("the disk failed")),
        });
        Self {
            desk: desk.expect("a desk"),
            waiting: Vec::new(),
            sessions: Vec::new(),
            clerks: String::new(),
            others: String::new(),
            count: 0,
            today: day_of(now_ms()).expect("a day"),
        }
    }

    /// A deed, on its way.
    fn does(&mut self, (account, office, role): (&str, &str, &str), act: Value) {
        let act = serde_json::from_value(act.clone()).unwrap_or_else(|fault| panic!("{fault}: {act}"));
        let by = By { account: account.into(), office: office.into(), role: role.into(), deputy_for: None };
        let id = format!("province-{}", self.count);
        self.count += 1;
        let (tell, told) = channel();
        let request = Request { id, by, act, why: "年度考评".into(), evidence: Vec::new() };
        self.desk.ask(request, move |answer| {
            drop(tell.send(answer.map(drop).map_err(|refusal| format!("{:#?}", refusal.findings()))));
        });
        self.waiting.push(told);
        if self.waiting.len() >= AHEAD {
            self.wait();
        }
    }

    /// Everything that was asked is done.
    fn wait(&mut self) {
        for told in self.waiting.drain(..) {
            told.recv().expect("told").unwrap_or_else(|findings| panic!("{findings}"));
        }
    }

    /// An account with a role, signed in; its cookie.
    fn joins(&mut self, account: &str, office: &str, role: &str) -> String {
        self.does(("S1", TOP, "system-admin"), json!({"open-account": {"account": account}}));
        let grant = json!({"account": account, "office": office, "role": role, "from": self.today, "to": null});
        self.does(("S2", TOP, "security-admin"), json!({"grant-role": grant}));
        self.signed_in(account)
    }

    fn signed_in(&mut self, account: &str) -> String {
        let token = format!("{:0>64}", hex(account));
        let hash = Algorithm::Sha256.hash(&[b"kaoping session ", token.as_bytes()]).to_string();
        let session = json!({"account": account, "begun_ms": now_ms(), "used_ms": now_ms()});
        let bytes = serde_json::to_vec(&session).ok();
        self.sessions.push(Private { kind: "session".into(), key: hash, bytes });
        // The name it has where a proxy with TLS stands before.
        format!("__Host-kaoping={token}")
    }

    /// Offices, and who works in them.
    fn people(&mut self, size: &Size) {
        for (number, office) in (1..).zip(offices(size.offices)) {
            let version = json!({"from": Day::LONG_AGO, "name": format!("第{number}县"), "parent": TOP,
                "kind": "县", "group": format!("{}", number % 4), "attributes": {}});
            self.does(("S1", TOP, "system-admin"), json!({"open-office": {"office": office, "version": version}}));
        }
        for (letter, role) in [("A", "assessment-office"), ("G", "leading-group"), ("L", "lead"), ("U", "auditor")] {
            // Many of each, because nobody may ask as often as a measurement does.
            for number in 1..=40 {
                let account = format!("{letter}{number}");
                let cookie = self.joins(&account, TOP, role);
                let _ = writeln!(self.others, "{account} {cookie}");
            }
        }
        let cookie = self.signed_in("S1");
        let _ = writeln!(self.others, "S1 {cookie}");
        for office in offices(size.offices) {
            for (letter, role) in [("R", "reviewer"), ("I", "signer")] {
                self.joins(&format!("{letter}{office}"), &office, role);
            }
        }
        for clerk in 0..size.clerks {
            for (place, office) in offices(size.offices).into_iter().enumerate() {
                let cookie = self.joins(&format!("K{clerk}{office}"), &office, "clerk");
                let _ = writeln!(self.clerks, "{cookie} {office} 10.{clerk}.{}.{}", place / 250, place % 250);
            }
        }
        self.wait();
    }

    /// Figures, a scheme that uses them, collections for each month, and targets.
    fn asked(&mut self, size: &Size) {
        let top = ("A1", TOP, "assessment-office");
        for figure in figures(size.figures) {
            let card = json!({"name": format!("数据项{figure}"), "definition": "按制度口径", "measure":
                {"number": {"unit": "人", "least": "0", "most": null, "places": 1}}, "cumulative": false,
                "source": "月报", "asks_beyond_percent": 50, "parts": []});
            self.does(top, json!({"define-figure": {"figure": figure, "card": card}}));
        }
        let field = |name: &str, figure: Option<&str>| json!({"name": name, "figure": figure, "by_period": true, "by_assessor": false});
        let indicators: Vec<Value> = figures(size.figures)
            .iter()
            .map(|figure| {
                json!({"id": format!("指标{figure}"), "name": format!("指标{figure}"), "points": "1", "clause": "一",
                    "lead": [], "responsible": [], "supporting": [], "not_applicable": "",
                    "fields": [field("完成数", Some(figure)), field("目标数", None)]})
            })
            .collect();
        let outline = json!({"scheme": SCHEME, "title": "民生目标", "indicators": indicators,
            "rounds": ["自评", "验收"], "events": ["通报"], "steps": []});
        let adopted = json!({"scheme": SCHEME, "office": TOP, "upper": null, "files": [], "outline": outline,
            "errors": [], "warnings": []});
        self.does(top, json!({"adopt-scheme": adopted}));
        self.wait();
        for month in 1..=size.months {
            self.collection(size, &format!("M{month:02}"), &format!("2025-{month:02}"), size.figures);
        }
        for month in 1..=12 {
            self.collection(size, &format!("C{month:02}"), &format!("2026-{month:02}"), size.figures.min(10));
        }
        for figure in figures(size.figures) {
            let parts: Vec<Value> =
                offices(size.offices).iter().map(|office| json!({"office": office, "value": "1200"})).collect();
            let handed = json!({"scheme": SCHEME, "indicator": format!("指标{figure}"), "field": "目标数",
                "adds_up": false, "parts": parts});
            self.does(top, json!({"hand-down": handed}));
        }
        self.wait();
    }

    fn collection(&mut self, size: &Size, id: &str, period: &str, count: usize) {
        let opened = json!({"collection": id, "title": format!("{period} 月报"), "scheme": SCHEME, "period": period,
            "figures": figures(count), "offices": offices(size.offices), "from": self.today, "working_days": 5,
            "grace_days": 1, "counted_in": null});
        self.does(("A1", TOP, "assessment-office"), json!({"open-collection": opened}));
    }

    /// The months, reported by three people of each office.
    fn reported(&mut self, size: &Size) {
        for month in 1..=size.months {
            let collection = format!("M{month:02}");
            let report = |office: &str| json!({"collection": collection, "office": office});
            for (place, office) in offices(size.offices).into_iter().enumerate() {
                let standing = |figure: &String| {
                    let value = format!("{}.5", 100 + (place + month * 3 + figure.len()) % 20);
                    json!({"figure": figure, "value": value, "evidence": [], "answer": ""})
                };
                let standing: Vec<Value> = figures(size.figures).iter().map(standing).collect();
                let mut submitted = report(&office);
                if let Value::Object(fields) = &mut submitted {
                    fields.insert("figures".into(), standing.into());
                }
                self.does((&format!("K0{office}"), &office, "clerk"), json!({"submit-report": submitted}));
                self.does((&format!("R{office}"), &office, "reviewer"), json!({"review-report": report(&office)}));
                self.does((&format!("I{office}"), &office, "signer"), json!({"sign-report": report(&office)}));
            }
        }
        self.wait();
    }

    /// The values of a round.
    fn judged(&mut self, size: &Size) {
        for office in offices(size.offices) {
            let values: Vec<Value> = figures(size.figures)
                .iter()
                .map(|figure| json!({"indicator": format!("指标{figure}"), "field": "完成数", "value": "110", "kind": "data"}))
                .collect();
            let assessed = json!({"scheme": SCHEME, "round": "验收", "office": office, "values": values});
            self.does(("L1", TOP, "lead"), json!({"assess": assessed}));
        }
        self.wait();
    }

    fn end(mut self, folder: &Path) {
        let (tell, told) = channel();
        let sessions = std::mem::take(&mut self.sessions);
        self.desk.keep(sessions, move |kept| tell.send(kept.is_ok()).expect("heard"));
        assert!(told.recv().expect("told"), "sessions are kept");
        let (cells, size) = self.desk.read(|shown| (shown.state.cells.len(), shown.state.size));
        println!("{size} entries, {cells} figures");
        self.desk.close();
        fs::write(folder.join("sessions"), &self.clerks).expect("sessions");
        fs::write(folder.join("people"), &self.others).expect("people");
    }
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
