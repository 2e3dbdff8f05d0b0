//! The city is made by deeds, and holds what it is said to hold.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

use kaoping_assess::Strike;
use kaoping_desk::{
    bundle::FromStore,
    replay::replay,
    scoring::{Model, model, score},
    verify::verify,
    what_if::{Figure, imagined, standing, told as compared},
};
use kaoping_ledger::{KeyKind, PublicKey, SecretKey};
use kaoping_office::{State, deed::day_of, state::Stage, tables::TABLES};
use kaoping_sample::{EMPLOYMENT, LIVELIHOOD, ORIGIN, Upto, accounts, make, told};
use kaoping_store::open_to_read;
use kaoping_terms::{Lang, Level, Report};
use std::collections::BTreeSet;
use tempfile::TempDir;

fn key() -> SecretKey {
    SecretKey::from_bytes(KeyKind::Ed25519, &[7; 32]).expect("a key")
}

/// The city in the middle of its year, verified from its first entry on.
fn city() -> (TempDir, State) {
    let place = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let now_ms = make(&address, key(), Upto::MidYear).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(day_of(now_ms).expect("a day").iso(), "2026-07-16");
    let mut store = open_to_read(&address, TABLES).expect("a store");
    let public: PublicKey = key().public(ORIGIN);
    let verified = verify(&mut FromStore(&mut *store), &public, &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings);
    assert_eq!(verified.results, 3, "each result follows from the figures");
    let (_, differences) = replay(&mut *store).expect("tables");
    assert!(differences.findings().is_empty(), "{differences:#?}");
    (place, verified.state)
}

#[test]
fn a_city_in_the_middle_of_its_year() {
    let (_place, state) = city();
    let counties = state.offices.keys().filter(|office| state.is_above("示例市", office.as_str(), state.today)).count();
    assert_eq!(counties, 17, "nine counties, two districts, a zone, five townships");
    let indicators = state.schemes[LIVELIHOOD].outline().expect("an outline").indicators.len();
    assert!(indicators > 35, "{indicators}");
    assert!(!state.schemes[EMPLOYMENT].forwarded.is_empty());
    assert!(state.letters.values().filter(|letter| letter.upper.is_some() && letter.lower.is_some()).count() == 12);

    let last = &state.results[&("民生2025".into(), String::new())];
    assert!(last.sealed_by.is_some() && last.published.is_some());
    let (own, half) =
        (&state.results[&(LIVELIHOOD.into(), "自评".into())], &state.results[&(LIVELIHOOD.into(), "半年".into())]);
    assert!(half.sealed_by.is_none() && own.totals != half.totals, "the rounds differ");
    assert!(half.totals.iter().all(|line| line.rank.is_some()), "every total is there: {:#?}", half.totals);
    let judged = state.assessed.values().filter_map(|value| value.last());
    let kinds: BTreeSet<&str> = judged.map(|(_, judgement)| judgement.kind.as_str()).collect();
    assert_eq!(kinds, ["", "data", "judgement", "rule"].into());

    assert_eq!(state.events.values().filter(|event| event.withdrawn.is_some()).count(), 1);
    assert_eq!(state.objections.values().filter(|objection| objection.answered.is_none()).count(), 1);
    assert_eq!(state.proposals.values().filter(|proposal| proposal.decided.is_none()).count(), 1);
    assert_eq!(state.is_late(&("就业社保-2026-06".into(), "戊县".into())), Some(true));
    let stages: BTreeSet<Stage> = state.reports.values().map(|report| report.stage).collect();
    assert_eq!(stages.len(), 4, "something waits for everybody: {stages:?}");
    let open = &state.collections["就业社保-2026-07"];
    assert!(state.calendar.left(state.today, open.due) > 3);
    let shared: usize = state.burden().values().map(|burden| burden.shared).sum();
    assert_eq!(shared, 36, "three figures of twelve offices serve both schemes and are filled in once");
}

#[test]
fn a_city_is_not_struck_by_its_veto_as_a_whole() {
    let (place, state) = city();
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let mut store = open_to_read(&address, TABLES).expect("a store");
    let mut contents = |hash: kaoping_ledger::Digest| store.blob(&hash.to_string()).expect("read");
    let model = model(&state, &LIVELIHOOD.into(), "半年", &mut contents).unwrap_or_else(|found| panic!("{found:#?}"));
    let is_struck =
        |unit: u32| model.assessment.vetoes.iter().any(|veto| veto.get(unit as usize) == Some(&Strike::Yes));
    let struck = model.given.units.iter().filter(|(unit, _)| is_struck(*unit)).map(|(_, unit)| unit.id.as_str());
    assert_eq!(struck.collect::<Vec<_>>(), ["丁县"], "one misses targets, so that the veto can be seen");
}

#[test]
fn everybody_who_can_sign_in_has_a_role() {
    let (_place, state) = city();
    let names: BTreeSet<String> = accounts().into_iter().map(|account| account.login).collect();
    assert_eq!(names.len(), accounts().len(), "no two accounts of a name");
    assert_eq!(names, state.accounts.keys().map(|account| account.as_str().to_owned()).collect());
    for account in accounts() {
        assert!(state.holds(&account.login, &account.office, account.role, state.today), "{account:?}");
    }
}

#[test]
fn every_round_of_every_scheme_can_be_scored_whatever_offices_report_for_others() {
    let (place, state) = city();
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let mut store = open_to_read(&address, TABLES).expect("a store");
    let mut scored = 0;
    for (id, scheme) in &state.schemes {
        let rounds = scheme.outline().expect("an outline").rounds.clone();
        for round in if rounds.is_empty() { vec![String::new()] } else { rounds } {
            let mut contents = |hash: kaoping_ledger::Digest| store.blob(&hash.to_string()).expect("a store");
            let found = score(&state, id, &round, &mut contents);
            let found = found.unwrap_or_else(|report| panic!("{id} {round}: {:#?}", report.into_sorted().first()));
            assert!(found.act.totals.len() > 2, "{id} {round}");
            scored += 1;
        }
    }
    assert!(scored > 4, "{scored}");
}

#[test]
fn a_year_to_its_end() {
    let place = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let mut days = Vec::new();
    let now_ms = told(&address, key(), Upto::YearEnd, &mut |step| {
        assert!(step.entries.0 < step.entries.1, "{step:?}");
        days.push(step.day);
    });
    assert_eq!(day_of(now_ms.expect("a year")).expect("a day").iso(), "2027-02-03");
    assert!(days.len() > 60 && days.is_sorted(), "{days:?}");
    let mut store = open_to_read(&address, TABLES).expect("a store");
    let verified = verify(&mut FromStore(&mut *store), &key().public(ORIGIN), &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings);
    let results = &verified.state.results[&(LIVELIHOOD.into(), "年终".into())];
    assert!(results.published.is_some() && results.editions == 2, "put down twice, published once");
    assert!(results.totals.iter().all(|line| line.rank.is_some()), "{:#?}", results.totals);
}

#[test]
fn who_has_a_value_in_a_round_is_not_left_out_of_it() {
    let (_place, state) = city();
    let left_out = |state: &State| -> Vec<String> {
        let assessed = state.assessed_by(&LIVELIHOOD.into(), state.today);
        let judged = state.assessed.keys().filter(|(scheme, ..)| scheme.as_str() == LIVELIHOOD);
        judged
            .filter(|(_, _, office, ..)| !assessed.contains(office))
            .map(|(_, _, office, ..)| office.to_string())
            .collect()
    };
    assert_eq!(left_out(&state), Vec::<String>::new());
    let mut other = state.clone();
    let (key, value) = other.assessed.iter().find(|((scheme, ..), _)| scheme.as_str() == LIVELIHOOD).expect("a value");
    let (mut key, value) = (key.clone(), value.clone());
    key.2 = "甲县东乡".into();
    assert!(!other.assessed_by(&LIVELIHOOD.into(), other.today).contains(&key.2), "nothing was asked of it");
    other.assessed.insert(key, value);
    assert_eq!(left_out(&other), Vec::<String>::new());
}

/// Figures that are imagined come to the same whether only theirs are read anew, or all of them.
#[test]
fn imagined_figures_are_worked_out_alike_by_both_ways() {
    let (place, state) = city();
    let address = format!("sqlite:{}", place.path().join("kaoping.db").display());
    let store = open_to_read(&address, TABLES).expect("a store");
    let store = std::cell::RefCell::new(store);
    let mut contents = |hash: kaoping_ledger::Digest| store.borrow_mut().blob(&hash.to_string()).ok().flatten();
    let (scheme, round) = (LIVELIHOOD.into(), "半年");
    let version = state.schemes[LIVELIHOOD].versions.last().expect("a version").clone();
    let before = model(&state, &scheme, round, &mut contents).unwrap_or_else(|report| panic!("{report:#?}"));
    let grown = || {
        let model =
            model(&state, &scheme, round, &mut |hash| store.borrow_mut().blob(&hash.to_string()).ok().flatten());
        model.map(|model| Model { at: model.at - 1, ..model }).unwrap_or_else(|report| panic!("{report:#?}"))
    };
    let grown = grown();
    let standing = standing(&scheme, &version, &mut contents).unwrap_or_else(|report| panic!("{report:#?}"));
    let figure = |indicator: &str, field: &str, unit: &str, value: &str| Figure {
        unit: unit.into(),
        indicator: indicator.into(),
        field: field.into(),
        value: value.into(),
    };
    let fields: Vec<(String, String)> = version
        .outline
        .indicators
        .iter()
        .flat_map(|of| of.fields.iter().map(|field| (of.id.to_string(), field.name.clone())))
        .collect();
    let (mut same, mut moved, mut refused) = (0, 0, 0);
    for (at, (indicator, field)) in fields.iter().enumerate() {
        let unit = if at % 3 == 0 { "" } else { ["甲县", "乙县", "城东区"][at % 3] };
        let value = ["0", "97", "1,234", "是", "", "9万"][at % 6];
        let mut figures = vec![figure(indicator, field, unit, value)];
        if at % 5 == 0 {
            let (indicator, field) = &fields[(at + 7) % fields.len()];
            figures.push(figure(indicator, field, "丁县", "3"));
        }
        let by = |before: &Model| {
            let texts = &standing.texts;
            let after = imagined(&state, &scheme, &version, (round, before), (texts, &figures));
            // Notes about events stand beside what is wrong with a figure where all is read anew.
            let errors = |report: Report| report.into_sorted().into_iter().filter(|found| found.level == Level::Error);
            let names = |report: Report| errors(report).map(|found| found.message.zh).collect();
            after.map_err(names).map(|after| (compared(before, &after, Lang::Zh).expect("told"), after))
        };
        let (few, all): (Result<_, Vec<String>>, Result<_, Vec<String>>) = (by(&before), by(&grown));
        match (few, all) {
            (Ok((few, own)), Ok((all, other))) => {
                assert_eq!(few, all, "{figures:?}");
                let found = |model: &Model| {
                    let found = model.findings.clone().into_sorted().into_iter();
                    found.map(|found| (found.name, found.message.zh)).collect::<BTreeSet<_>>()
                };
                assert!(found(&own).is_subset(&found(&other)), "{figures:?}");
                same += 1;
                moved += usize::from(few["units"].as_array().is_some_and(|units| !units.is_empty()));
            }
            (few, all) => {
                assert_eq!(few.err(), all.err(), "{figures:?}");
                refused += 1;
            }
        }
    }
    assert!(same > 40 && moved > 20 && refused > 5, "{same} alike, {moved} moved something, {refused} refused");
}
