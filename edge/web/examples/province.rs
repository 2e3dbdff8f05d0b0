//! A province in its second year, in a new store: 100 offices, 200 figures, 12 months reported and signed, two rounds
//! of a standard of 200 indicators, and what belongs to it. Clerks are signed in already, so that a measurement need not begin with passwords.
//!
//! `province FOLDER [--offices N] [--figures N] [--months N] [--clerks N]` makes `kaoping.db`, `keys` and `sessions`
//! (a line for each clerk: cookie, office, address) and `people` (a line for each other account: account, cookie).
//! Twelve collections of ten figures, `C01` to `C12`, are open for the generator of load.

#![allow(missing_docs, clippy::expect_used, clippy::panic, reason = "a bench stops at what should have been there")]

use kaoping_desk::{
    Desk, Opening, Request, scoring,
    standard::{Bindings, draft_of},
};
use kaoping_ledger::{By, Digest, KeyKind};
use kaoping_office::{Act, deed::day_of, tables::TABLES};
use kaoping_store::Private;
use kaoping_terms::Day;
use kaoping_web::{
    found, key,
    people::{Seal, Session, kept_session, token_hash},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
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
    contents: BTreeMap<Digest, Vec<u8>>,
    waiting: Vec<Receiver<Result<(), String>>>,
    seal: Seal,
    sessions: Vec<Private>,
    clerks: String,
    others: String,
    count: usize,
    today: Day,
}

/// What offices are compared with.
const KINDS: [&str; 4] = ["山区县", "平原县", "沿海县", "市辖区"];

/// A standard of so many indicators, each a point for what was done of what was to be done.
fn standard(count: usize) -> String {
    let mut text = format!(
        "属性 类别 kind : {}   选择 \"样例\"\n
方案 {SCHEME} \"民生目标\"
  满分  {count} 分   示例 \"样例\"
  同组  类别   选择 \"样例\"
  每项取到 0.01 分 四舍五入   选择 \"样例\"
  名次  总分 从高到低 并列占位   选择 \"样例\"
  未报  暂缺   选择 \"样例\"
  责任分工 不分   选择 \"样例\"\n
轮次 自评 self | 验收 final
  正式 = 验收   选择 \"样例\"\n
规则 按完成 by_share   选择 \"样例\"
  读入 完成数 actual : 量 ≥ 0
  读入 目标数 target : 同 完成数, > 0
  给出 达标 met = 完成数 ≥ 目标数
  得 分值 × 较小(完成数 / 目标数, 105%)   选择 \"不封顶：超额照加\"
  例 分值 = 1 分, 完成数 = 900 人, 目标数 = 1,000 人 → 0.9 分\n\n",
        KINDS.join(" | ")
    );
    for (at, figure) in figures(count).iter().enumerate() {
        if at % 25 == 0 {
            let _ = writeln!(text, "块 第{}类 {} 分   示例 \"样例\"", at / 25 + 1, (count - at).min(25));
        }
        let _ = writeln!(text, "项 指标{figure} 1 分   示例 \"样例\"\n  按 按完成");
    }
    let _ = writeln!(text, "\n奖 先进县 取 前 10 名 按 总分 末位并列 全取   示例 \"样例\"");
    text
}

/// What an office did of 1,200, in a round: some are better at everything, some figures are harder, and it varies.
fn done(place: usize, figure: usize, round: usize) -> usize {
    let noise = (place * 7919 + figure * 104_729 + round * 31) % 97;
    (760 + place * 37 % 240 + figure * 53 % 190 + noise + round * (place % 5) * 11).min(1300)
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
        let key = key::read(&keys).expect("a key");
        let seal = Seal::of(&key);
        let desk = Desk::open(Opening {
            store: kaoping_store::open(&store, TABLES).expect("a store"),
            key,
            clock: Box::new(now_ms),
            queue: 2 * AHEAD,
            batch: 256,
            fatal: Box::new(|| panic!("the disk failed")),
        });
        Self {
            desk: desk.expect("a desk"),
            contents: BTreeMap::new(),
            waiting: Vec::new(),
            seal,
            sessions: Vec::new(),
            clerks: String::new(),
            others: String::new(),
            count: 0,
            today: day_of(now_ms()).expect("a day"),
        }
    }

    /// A deed, on its way.
    fn does(&mut self, by: (&str, &str, &str), act: Value) {
        let act = serde_json::from_value(act.clone()).unwrap_or_else(|fault| panic!("{fault}: {act}"));
        self.acts(by, act);
    }

    fn acts(&mut self, (account, office, role): (&str, &str, &str), act: Act) {
        let by = By { account: account.into(), office: office.into(), role: role.into(), deputy_for: None };
        let id = format!("province-{}", self.count);
        self.count += 1;
        let (tell, told) = channel();
        let request = Request { id, by, anywhere: false, act, why: "年度考评".into(), evidence: Vec::new() };
        self.desk.ask(request, move |answer| {
            drop(tell.send(answer.map(drop).map_err(|refusal| format!("{:#?}", refusal.findings()))));
        });
        self.waiting.push(told);
        if self.waiting.len() >= AHEAD {
            self.wait();
        }
    }

    /// A content is kept.
    fn keep(&mut self, bytes: Vec<u8>) {
        let algorithm = self.desk.read(|shown| shown.tree.algorithm());
        self.contents.insert(algorithm.hash(&[&bytes]), bytes.clone());
        let (tell, told) = channel();
        self.desk.keep_content(bytes, move |kept| {
            drop(tell.send(kept.map(drop).map_err(|refusal| format!("{:#?}", refusal.findings()))));
        });
        self.waiting.push(told);
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
        let session = Session::new(account, now_ms(), "", "");
        self.sessions.push(kept_session(&self.seal, &token_hash(&token), &session));
        // The name it has where a proxy with TLS stands before.
        format!("__Host-kaoping={token}")
    }

    /// Offices, and who works in them.
    fn people(&mut self, size: &Size) {
        for (number, office) in (1..).zip(offices(size.offices)) {
            let version = json!({"from": Day::LONG_AGO, "name": format!("第{number}县"), "parent": TOP,
                "kind": KINDS[number % 4], "group": format!("{}", number % 4), "attributes": {}});
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
        let bind = |figure: &String| (format!("指标{figure}/完成数"), figure.as_str().into());
        let bindings: Bindings = figures(size.figures).iter().map(bind).collect();
        let texts = vec![("scheme.kp".into(), standard(size.figures))];
        let algorithm = self.desk.read(|shown| shown.tree.algorithm());
        let draft = draft_of(SCHEME, texts, algorithm, &SCHEME.into(), &TOP.into(), &bindings);
        assert!(draft.act.errors.is_empty(), "{:#?}", draft.findings);
        for (_, bytes) in draft.contents {
            self.keep(bytes);
        }
        self.wait();
        self.acts(top, Act::AdoptScheme(draft.act));
        self.wait();
        // Of years that are over: a report before its period ends is warned of, and how many are would depend on today.
        for month in 1..=size.months {
            self.collection(size, &format!("M{month:02}"), &format!("2024-{month:02}"), size.figures);
        }
        for month in 1..=12 {
            self.collection(size, &format!("C{month:02}"), &format!("2025-{month:02}"), size.figures.min(10));
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

    /// The values of two rounds, and their results.
    fn judged(&mut self, size: &Size) {
        for (number, round) in ["自评", "验收"].into_iter().enumerate() {
            for (place, office) in offices(size.offices).into_iter().enumerate() {
                let value = |(at, figure): (usize, &String)| {
                    let value = done(place, at, number).to_string();
                    json!({"indicator": format!("指标{figure}"), "field": "完成数", "value": value, "kind": "data"})
                };
                let values: Vec<Value> = figures(size.figures).iter().enumerate().map(value).collect();
                let assessed = json!({"scheme": SCHEME, "round": round, "office": office, "values": values});
                self.does(("L1", TOP, "lead"), json!({"assess": assessed}));
            }
            self.wait();
            let state = self.desk.read(|shown| shown.state.clone());
            let mut content = |hash| self.contents.get(&hash).cloned();
            let scored = scoring::score(&state, &SCHEME.into(), round, &mut content);
            let scored = scored.unwrap_or_else(|report| panic!("{:#?}", report.into_sorted()));
            self.keep(scored.scores.into());
            self.wait();
            self.acts(("A1", TOP, "assessment-office"), Act::PutDownResults(scored.act));
            self.wait();
        }
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
