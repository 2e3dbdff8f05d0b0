//! A small city for tests: a record kept in memory, deeds done by day.

#![allow(dead_code, reason = "not every test uses all of it")]

pub(crate) mod begun;
mod found;

use kaoping_ledger::{Algorithm, By, Checkpoint, Digest, Entry, KeyKind, Place, SecretKey, Value, entry::FORM};
use kaoping_office::{
    Act, Role, State, calendar, deed,
    deeds::{figures::DefineFigure, founding, offices::OpenOffice, people},
    state::{Card, Measure, OfficeVersion},
    tables::{TABLES, Touched},
};
use kaoping_terms::{Day, Diagnostic, Level};
use std::collections::BTreeMap;

/// Rows as a database keeps them.
pub(crate) type Tables = BTreeMap<(usize, Vec<Value>), Vec<Value>>;

/// A record and what follows from it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) tables: Tables,
    before: Digest,
    pub(crate) now_ms: i64,
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub(crate) fn by(account: &str, office: &str, role: Role) -> By {
    By { account: account.into(), office: office.into(), role: role.name().into(), deputy_for: None }
}

const ORIGIN: &str = "甲市考评台账";

fn key() -> SecretKey {
    SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key")
}

/// The note of a checkpoint that was signed when there were so many entries.
pub(crate) fn signed(size: u64) -> String {
    let root = Algorithm::Sha256.hash(&[b"other entries"]);
    Checkpoint { origin: ORIGIN.into(), size, root, received_ms: 0, place: Place::Kept(1) }.sign(&key()).text()
}

pub(crate) fn paper() -> Vec<Digest> {
    vec![Algorithm::Sha256.hash(&[b"a paper"])]
}

/// Every finding says what, why and what to do, in both languages; one about the state of a thing says what has to
/// happen first and who does it, or that nothing is left to do.
fn says_all(finding: &Diagnostic) {
    for text in [&finding.message, &finding.why, &finding.next] {
        assert!(!text.zh.is_empty() && !text.en.is_empty(), "{finding:?}");
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let half = text.zh.chars().zip(text.zh.chars().skip(1)).any(|(c, next)| chinese(c) && ",;:!?()".contains(next));
        assert!(!half, "punctuation of the other language: {}", text.zh);
        assert!(!text.en.chars().any(|c| "，。；：、（）".contains(c)), "{}", text.en);
    }
    if finding.name == "not-now" {
        let who = ["人", "考评办", "领导小组", "管理员", "单位", "不用", "核对", "换一个", "改", "去掉", "等"];
        assert!(who.iter().any(|who| finding.next.zh.contains(who)), "who does what first: {}", finding.next.zh);
        assert!(finding.next.zh.chars().count() >= 8, "{}", finding.next.zh);
    }
}

impl World {
    pub(crate) fn empty() -> Self {
        let before = Algorithm::Sha256.nothing();
        let mut world = Self { state: State::default(), entries: Vec::new(), tables: Tables::new(), before, now_ms: 0 };
        world.on("2026-01-05");
        world
    }

    /// Sets the day: eight in the morning, in China.
    pub(crate) fn on(&mut self, text: &str) -> &mut Self {
        self.now_ms = i64::from(day(text).number()) * 86_400_000;
        self
    }

    /// What speaks against a deed now: the names of the findings.
    pub(crate) fn refused(&self, by: &By, act: impl Into<Act>, why: &str, evidence: &[Digest]) -> Vec<&'static str> {
        self.findings(by, act, why, evidence, Level::Error).iter().map(|finding| finding.name).collect()
    }

    /// What asks to be looked at and does not stop it.
    pub(crate) fn warned(&self, by: &By, act: impl Into<Act>, why: &str, evidence: &[Digest]) -> Vec<&'static str> {
        self.findings(by, act, why, evidence, Level::Warning).iter().map(|finding| finding.name).collect()
    }

    /// What is said about a deed now, of that level.
    pub(crate) fn findings(
        &self,
        by: &By,
        act: impl Into<Act>,
        why: &str,
        evidence: &[Digest],
        level: Level,
    ) -> Vec<Diagnostic> {
        let report = self.state.may(&act.into(), by, self.now_ms, why, evidence);
        report.findings().iter().for_each(says_all);
        report.findings().iter().filter(|finding| finding.level == level).cloned().collect()
    }

    /// Does it, or says why not.
    pub(crate) fn try_to(&mut self, by: &By, act: Act, why: &str, evidence: &[Digest]) -> Result<u64, Vec<String>> {
        let report = self.state.may(&act, by, self.now_ms, why, evidence);
        if report.has_errors() {
            return Err(report
                .findings()
                .iter()
                .map(|found| format!("{}: {}", found.name, found.message.en))
                .collect());
        }
        let number = self.state.size;
        let entry = Entry {
            form: FORM,
            number,
            before: self.before,
            id: format!("deed-{number}"),
            received_ms: self.now_ms.max(self.state.received_ms),
            by: by.clone(),
            act,
            why: why.into(),
            evidence: evidence.to_vec(),
        };
        let bytes = entry.to_bytes().expect("bytes");
        self.before = Algorithm::Sha256.leaf(&bytes);
        self.entries.push(bytes);
        let mut touched = Touched::default();
        self.state.apply(&entry, &mut touched);
        for row in touched.take_rows(&self.state) {
            let key = (row.table, row.key);
            match row.columns {
                Some(columns) => drop(self.tables.insert(key, columns)),
                None => drop(self.tables.remove(&key)),
            }
        }
        Ok(number)
    }

    /// Does it.
    pub(crate) fn does(&mut self, by: &By, act: Act) -> u64 {
        self.try_to(by, act, "", &[]).unwrap_or_else(|why| panic!("{why:#?}"))
    }

    /// Does it with a reason and a paper.
    pub(crate) fn does_because(&mut self, by: &By, act: Act, why: &str) -> u64 {
        self.try_to(by, act, why, &paper()).unwrap_or_else(|why| panic!("{why:#?}"))
    }

    /// The record read again from its bytes gives the same state, and its rows are the tables.
    pub(crate) fn replays(&self) {
        let mut state = State::default();
        for bytes in &self.entries {
            let entry = kaoping_office::Entry::from_bytes(bytes).expect("an entry");
            state.apply(&entry, &mut Touched::unheard());
        }
        assert_eq!(state, self.state);
        let rows: Tables =
            state.rows().map(|row| ((row.table, row.key), row.columns.expect("a row of the state"))).collect();
        for (key, columns) in &rows {
            let table = TABLES[key.0];
            assert_eq!((key.1.len(), columns.len()), (table.key.len(), table.columns.len()), "{}", table.name);
        }
        let kept = |key: &(usize, Vec<Value>)| self.tables.get(key);
        let differing: Vec<_> = rows.iter().filter(|(key, columns)| kept(key) != Some(columns)).collect();
        let left: Vec<_> = self.tables.keys().filter(|key| !rows.contains_key(key)).collect();
        assert!(differing.is_empty() && left.is_empty(), "rows of the state {differing:?}, left in tables {left:?}");
    }

    /// 甲市 with three counties and their people.
    pub(crate) fn city() -> Self {
        let mut world = Self::empty();
        let founder = by("S1", "甲市", Role::SystemAdmin);
        world.does(
            &founder,
            Act::Found(founding::Found {
                origin: "甲市考评台账".into(),
                algorithm: "sha256".into(),
                key: key().public(ORIGIN).to_string(),
                office: "甲市".into(),
                name: "甲市".into(),
                from: day("2000-01-01"),
                administrators: ["S1".into(), "S2".into(), "S3".into()],
            }),
        );
        world.does(
            &founder,
            Act::EnterNotice(founding::EnterNotice(calendar::Notice {
                year: 2026,
                notice: "示例通知".into(),
                rest: (1..=3).map(|date| day(&format!("2026-01-0{date}"))).collect(),
                work: vec![day("2026-01-04")],
            })),
        );
        for county in ["乙县", "丙县", "丁县"] {
            world.does(&founder, open(county, "甲市"));
        }
        for (account, office, role) in [
            ("A1", "甲市", Role::AssessmentOffice),
            ("A2", "甲市", Role::LeadingGroup),
            ("A3", "甲市", Role::Lead),
            ("A4", "甲市", Role::AssessmentOffice),
            ("A5", "甲市", Role::Signer),
            ("B1", "乙县", Role::Clerk),
            ("B2", "乙县", Role::Reviewer),
            ("B3", "乙县", Role::Signer),
            ("C1", "丙县", Role::Clerk),
            ("C2", "丙县", Role::Reviewer),
            ("C3", "丙县", Role::Signer),
        ] {
            world.does(&founder, Act::OpenAccount(people::OpenAccount { account: account.into() }));
            world.does(&by("S2", "甲市", Role::SecurityAdmin), grant(account, office, role));
        }
        world
    }

    pub(crate) fn define(&mut self, figure: &str) {
        let card = Card {
            name: figure.into(),
            definition: "本年累计".into(),
            measure: Measure::Number { unit: "人".into(), least: Some("0".into()), most: None, places: 0 },
            cumulative: true,
            source: "就业统计月报".into(),
            asks_beyond_percent: Some(50),
            parts: Vec::new(),
        };
        let define = DefineFigure { figure: figure.into(), card };
        self.does(&by("A1", "甲市", Role::AssessmentOffice), Act::DefineFigure(define));
    }
}

pub(crate) fn open(office: &str, parent: &str) -> Act {
    Act::OpenOffice(OpenOffice { office: office.into(), version: version(office, parent, "2026-01-01") })
}

pub(crate) fn version(name: &str, parent: &str, from: &str) -> OfficeVersion {
    OfficeVersion {
        from: day(from),
        name: name.into(),
        parent: Some(parent.into()),
        kind: "县".into(),
        group: String::new(),
        attributes: BTreeMap::new(),
    }
}

pub(crate) fn grant(account: &str, office: &str, role: Role) -> Act {
    Act::GrantRole(people::GrantRole {
        account: account.into(),
        office: office.into(),
        role,
        from: day("2026-01-01"),
        to: None,
    })
}

/// Eight in the morning in China is midnight in universal time.
#[test]
fn the_day_is_that_of_china() {
    let midnight = i64::from(day("2026-01-05").number()) * 86_400_000;
    assert_eq!(deed::day_of(midnight), Some(day("2026-01-05")));
    assert_eq!(deed::day_of(midnight + 16 * 3_600_000 - 1), Some(day("2026-01-05")));
    assert_eq!(deed::day_of(midnight + 16 * 3_600_000), Some(day("2026-01-06")));
}
