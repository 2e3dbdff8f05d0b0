//! Everybody at once: two people who hold every role of an office try to take every step of its reports at
//! the same time, while roles come and go. Whatever order comes of it, nobody checked his own work, and
//! each step was taken once.

use crate::city::{OFFICE, at, city, day, grant, open_account, request};
use kaoping_desk::Desk;
use kaoping_ledger::KeyKind;
use kaoping_office::{
    Act, Entry, Role, State,
    deeds::{
        collections::OpenCollection,
        figures::DefineFigure,
        people::{GrantRole, RevokeRole},
        reports::{ReturnReport, ReviewReport, SignReport, SubmitReport},
        rounds::{Assess, Judged},
        schemes::AdoptScheme,
    },
    outline::{Field, Indicator, Outline},
    state::{Card, Measure, Standing},
    tables::{TABLES, Touched},
};
use kaoping_store::open_to_read;
use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    thread,
};

const ROUNDS: usize = 60;
const PEOPLE: [&str; 3] = ["P1", "P2", "P3"];
const STEPS: [Role; 3] = [Role::Clerk, Role::Reviewer, Role::Signer];

fn prepared() -> (tempfile::TempDir, Desk) {
    let place = tempfile::tempdir().expect("a folder");
    let desk = city(&at(&place), KeyKind::Ed25519);
    let does = |deed| {
        let done = desk.perform(deed).map(|_| ());
        done.unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
    };
    for account in PEOPLE {
        does(open_account(account));
        STEPS.iter().for_each(|role| does(grant(account, "乙县", *role)));
    }
    let card = Card {
        name: "新增就业".into(),
        definition: String::new(),
        measure: Measure::Number { unit: "人".into(), least: None, most: None, places: 0 },
        cumulative: false,
        source: String::new(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    };
    does(request("define", OFFICE, Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card })));
    let field = Field {
        name: "完成数".into(),
        figure: Some("新增就业".into()),
        by_period: false,
        by_assessor: false,
        ..Field::default()
    };
    let indicator = Indicator {
        id: "新增就业".into(),
        name: "新增就业".into(),
        points: "3".into(),
        clause: String::new(),
        lead: Vec::new(),
        responsible: Vec::new(),
        supporting: Vec::new(),
        in_block: true,
        counts: Vec::new(),
        not_applicable: String::new(),
        fields: vec![field],
    };
    let scheme = AdoptScheme {
        scheme: "民生".into(),
        office: "甲市".into(),
        upper: None,
        files: Vec::new(),
        outline: Outline { indicators: vec![indicator], ..Outline::default() },
        errors: Vec::new(),
        warnings: Vec::new(),
    };
    does(request("adopt", OFFICE, Act::AdoptScheme(scheme)));
    for round in 0..ROUNDS {
        let collection = OpenCollection {
            collection: format!("任务{round}").as_str().into(),
            title: String::new(),
            scheme: "民生".into(),
            period: format!("{}-{:02}", 2000 + round / 12, round % 12 + 1).parse().expect("a period"),
            figures: vec!["新增就业".into()],
            offices: vec!["乙县".into()],
            from: day("2026-01-05"),
            working_days: 5,
            grace_days: 0,
            counted_in: None,
        };
        does(request(&format!("collect-{round}"), OFFICE, Act::OpenCollection(collection)));
    }
    (place, desk)
}

/// Every step of a report, by whoever tries, and has looked at it.
fn steps(desk: &Desk, round: usize) -> [Act; 3] {
    let (collection, office) = (|| format!("任务{round}").as_str().into(), || "乙县".into());
    let seen =
        desk.read(|shown| shown.state.reports.get(&(collection(), office())).and_then(|report| report.version()));
    let figure =
        Standing {
            figure: "新增就业".into(), value: "880".into(), evidence: Vec::new(), answer: "核对过".into()
        };
    [
        Act::SubmitReport(SubmitReport {
            collection: collection(),
            office: office(),
            figures: [figure].into(),
            replaces: seen,
        }),
        Act::ReviewReport(ReviewReport { collection: collection(), office: office(), seen }),
        Act::SignReport(SignReport { collection: collection(), office: office(), seen }),
    ]
}

#[test]
fn nobody_checks_his_own_work_whoever_comes_first() {
    let (_place, desk) = prepared();
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        for (number, account) in PEOPLE.into_iter().enumerate() {
            let (desk, done) = (&desk, &done);
            scope.spawn(move || {
                for attempt in 0..6 {
                    for round in 0..ROUNDS {
                        let [a, b, c] = steps(desk, (round * 7 + number * 13) % ROUNDS);
                        for (act, role) in [a, b, c].into_iter().zip(STEPS) {
                            let id = format!("{account}-{attempt}-{round}-{}", act.name());
                            let taken = desk.perform(request(&id, (account, "乙县", role), act));
                            done.fetch_add(usize::from(taken.is_ok()), SeqCst);
                        }
                    }
                }
            });
        }
        // Meanwhile roles come and go, and reports are sent back.
        scope.spawn(|| {
            for turn in 0..200_usize {
                // What is taken away comes back with the next turn, so that one role at a time is missing.
                let (account, role) = (PEOPLE[turn / 2 % 3].into(), STEPS[turn / 6 % 3]);
                let office = || "乙县".into();
                let act = match turn % 2 {
                    0 => Act::RevokeRole(RevokeRole { account, office: office(), role }),
                    _ => {
                        Act::GrantRole(GrantRole { account, office: office(), role, from: day("2026-01-01"), to: None })
                    }
                };
                let mut change = request(&format!("roles-{turn}"), crate::city::SECURITY, act);
                change.why = "轮岗".into();
                drop(desk.perform(change));
                let collection = format!("任务{}", turn % ROUNDS).as_str().into();
                let back = Act::ReturnReport(ReturnReport { collection, office: office(), seen: None });
                let mut back = request(&format!("back-{turn}"), OFFICE, back);
                back.why = "核对".into();
                drop(desk.perform(back));
            }
        });
    });
    assert!(done.load(SeqCst) > ROUNDS, "{} steps were taken", done.load(SeqCst));
    desk.read(|shown| {
        let mut signed = 0;
        for ((collection, _), report) in &shown.state.reports {
            let people = [Some(&report.filled_by), report.reviewed_by.as_ref(), report.signed_by.as_ref()];
            let people: Vec<_> = people.into_iter().flatten().collect();
            let mut different = people.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), people.len(), "{collection}: {people:?}");
            signed += usize::from(report.signed_by.is_some());
        }
        assert!(signed > 0, "some were signed");
        assert!(shown.state.cells.len() <= signed, "no figure without a signature");
    });
}

/// A lead unit's man becomes a clerk of the county and ceases to be one, again and again, while he scores it:
/// whatever order comes of it, no score was given by somebody of the county.
#[test]
fn nobody_scores_the_office_he_has_just_joined() {
    let (place, desk) = prepared();
    for deed in [open_account("L1"), grant("L1", "甲市", Role::Lead)] {
        desk.perform(deed).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
    }
    let scored = AtomicUsize::new(0);
    let (lead, aside) = (("L1", "甲市", Role::Lead), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0..400 {
                let judged = Judged {
                    indicator: "新增就业".into(),
                    field: "完成数".into(),
                    value: format!("{turn}"),
                    kind: String::new(),
                };
                let (scheme, round, office) = ("民生".into(), String::new(), "乙县".into());
                let act = Act::Assess(Assess { scheme, round, office, values: vec![judged], further_assessor: false });
                match desk.perform(request(&format!("score-{turn}"), lead, act)) {
                    Ok(_) => scored.fetch_add(1, SeqCst),
                    Err(refusal) => {
                        assert_eq!(refusal.findings()[0].name, "recusal-needed");
                        aside.fetch_add(1, SeqCst)
                    }
                };
            }
        });
        scope.spawn(|| {
            let mut turn = 0;
            while scored.load(SeqCst) + aside.load(SeqCst) < 400 {
                turn += 1;
                let (account, office, role) = ("L1".into(), "乙县".into(), Role::Clerk);
                let act = match turn % 2 {
                    1 => Act::GrantRole(GrantRole { account, office, role, from: day("2026-01-01"), to: None }),
                    _ => Act::RevokeRole(RevokeRole { account, office, role }),
                };
                let mut change = request(&format!("joins-{turn}"), crate::city::SECURITY, act);
                change.why = "借调".into();
                desk.perform(change).unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings()));
            }
        });
    });
    drop(desk);
    let (scored, aside) = (scored.load(SeqCst), aside.load(SeqCst));
    assert!(scored > 0 && aside > 0, "{scored} scored, {aside} stood aside");
    let mut store = open_to_read(&at(&place), TABLES).expect("a store");
    let (mut state, mut seen) = (State::default(), 0);
    store
        .entries(0, &mut |row| {
            let entry = Entry::from_bytes(&row.bytes).expect("an entry");
            if let Act::Assess(_) = entry.act {
                seen += 1;
                assert!(!state.holds("L1", "乙县", Role::Clerk, state.today), "entry {}", entry.number);
            }
            state.apply(&entry, &mut Touched::unheard());
            true
        })
        .expect("entries");
    assert_eq!(seen, scored);
}
