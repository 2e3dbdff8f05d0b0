//! How far rounds are, from the first value to the publication.

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

use kaoping_ledger::Algorithm;
use kaoping_office::{
    State,
    ids::OfficeId,
    outline::Outline,
    progress::{Progress, RoundStage},
    state::{Assessed, ByRule, Judgement, Results, Scheme, Version},
};
use kaoping_terms::Day;

fn day(date: i8) -> Day {
    Day::new(2026, 1, date).expect("a day")
}

fn results() -> Results {
    Results {
        version: 0,
        at: 1,
        scores: Algorithm::Sha256.nothing(),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        by: "A1".into(),
        number: 0,
        sealed_by: None,
        sealed_in: None,
        objections_until: None,
        shown: false,
        published: None,
        reopened: false,
        earlier: Vec::new(),
        editions: 1,
        day: kaoping_terms::Day::from_number(0).expect("a day"),
    }
}

fn begun() -> State {
    let outline = Outline { rounds: vec!["自评".into(), "初评".into(), "验收".into()], ..Outline::default() };
    let version = Version::new(0, day(1), String::new(), Vec::new(), outline);
    let scheme = Scheme {
        office: "甲市".into(),
        upper: None,
        versions: vec![version],
        forwarded: std::collections::BTreeMap::new(),
        ends: std::collections::BTreeMap::new(),
    };
    let mut state = State::default();
    state.schemes.insert("民生".into(), scheme);
    state
}

#[test]
fn a_round_goes_from_values_to_its_publication_and_back() {
    let mut state = begun();
    let key = ("民生".into(), "自评".to_owned());
    let stage = |state: &State, date: i8| state.round_stage(&"民生".into(), "自评", day(date));
    assert_eq!(stage(&state, 5), RoundStage::Open);
    state.results.insert(key.clone(), results());
    assert_eq!(stage(&state, 5), RoundStage::PutDown);
    let sealed = Results { sealed_by: Some("G1".into()), objections_until: Some(day(9)), ..results() };
    state.results.insert(key.clone(), sealed.clone());
    assert_eq!((stage(&state, 9), stage(&state, 10)), (RoundStage::Shown, RoundStage::Over), "the last day counts");
    assert!(!RoundStage::Shown.is_open() && RoundStage::Reopened.is_open());
    let published = Results { published: Some(7), ..sealed };
    state.results.insert(key.clone(), published);
    assert_eq!(stage(&state, 10), RoundStage::Published);
    state.results.insert(key, Results { reopened: true, ..results() });
    assert_eq!(stage(&state, 10), RoundStage::Reopened);
}

#[test]
fn the_round_to_look_at_is_the_last_with_results_until_they_are_published() {
    let mut state = begun();
    let current = |state: &State| state.current_round(&"民生".into(), day(5));
    assert_eq!(current(&state), "自评");
    state.results.insert(
        ("民生".into(), "自评".into()),
        Results { published: Some(3), sealed_by: Some("G1".into()), ..results() },
    );
    assert_eq!(current(&state), "初评");
    state.results.insert(("民生".into(), "初评".into()), results());
    assert_eq!(current(&state), "初评");
    let published = Results { published: Some(9), sealed_by: Some("G1".into()), ..results() };
    state.results.insert(("民生".into(), "验收".into()), published);
    assert_eq!(current(&state), "验收", "there is none after the last");
    assert_eq!(state.current_round(&"无".into(), day(5)), "");
}

#[test]
fn values_and_differences_are_counted_office_by_office() {
    let mut state = begun();
    let mut set = |round: &str, office: &str, field: &str, kind: &str| {
        let key = ("民生".into(), round.to_owned(), office.into(), "101".into(), field.to_owned());
        let judged = Judgement { value: "1".into(), kind: kind.into(), why: String::new(), number: 1, before: None };
        let values = [("L1".into(), judged)].into();
        state.assessed.insert(key, Assessed { values });
    };
    set("初评", "乙县", "完成数", "data");
    set("初评", "乙县", "检查得分", "");
    set("初评", "丙县", "完成数", "judgement");
    set("自评", "乙县", "完成数", "rule");
    let by_rule = ByRule { office: "丁县".into(), indicator: "101".into(), before: "1".into(), after: "2".into() };
    state.results.insert(("民生".into(), "初评".into()), Results { by_rule: vec![by_rule], ..results() });
    let found = state.progress(&"民生".into(), "初评");
    let of = |office: &str| found.get(&OfficeId::from(office)).copied();
    assert_eq!(of("乙县"), Some(Progress { set: 2, data: 1, ..Progress::default() }));
    assert_eq!(of("丙县"), Some(Progress { set: 1, judgement: 1, ..Progress::default() }));
    assert_eq!(of("丁县"), Some(Progress { rule: 1, ..Progress::default() }), "the version changed a score");
    assert_eq!(found.len(), 3);
    assert!(state.progress(&"别的".into(), "初评").is_empty());
}
