//! A round of a real standard: adopted from its folder, reported, scored from the record, put down,
//! carried away and scored again by whoever verifies it.

use crate::city::{
    OFFICE, at, city, key, request,
    story::{does, keep, reported},
};
use kaoping_desk::{
    bundle::{FromStore, export},
    scoring::score,
    verify::verify,
};
use kaoping_ledger::{Digest, KeyKind};
use kaoping_office::{Act, tables::TABLES};
use kaoping_store::{open, open_to_read};

#[test]
fn a_round_is_scored_from_the_record_and_again_by_whoever_verifies_it() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    reported(&desk);
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open_to_read(&address, TABLES).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    let scored = score(&state, &"乡民政".into(), "", &mut contents).unwrap_or_else(|report| panic!("{report:#?}"));
    let totals: Vec<(&str, &str, Option<u32>)> =
        scored.act.totals.iter().map(|line| (line.office.as_str(), line.total.as_str(), line.rank)).collect();
    // 丙县: cremation 0 of 30, relief 4 of 5, no file for the disabled −10, three quarters of 20.
    assert_eq!(totals, [("丙县", "54.00", Some(2)), ("乙县", "100.00", Some(1))], "{}", scored.scores);
    keep(&desk, scored.scores.as_bytes());
    does(&desk, request("results", OFFICE, Act::PutDownResults(scored.act.clone())));
    drop(desk);
    let public = key(KeyKind::Ed25519).public("甲市考评台账");
    let verified = verify(&mut FromStore(&mut *reader), &public, &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings.findings());
    assert_eq!(verified.results, 1);
    let folder = place.path().join("台账");
    export(&mut *reader, &public.to_string(), None, &folder).expect("an export");
    assert!(folder.join("record.jsonl").exists());
}

#[test]
fn results_somebody_made_up_are_found() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Sm2);
    reported(&desk);
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open(&address, TABLES).or_else(|_| open_to_read(&address, TABLES)).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    let mut made_up = score(&state, &"乡民政".into(), "", &mut contents).expect("results").act;
    made_up.totals[0].total = "99".into();
    does(&desk, request("results", OFFICE, Act::PutDownResults(made_up)));
    drop(desk);
    let public = key(KeyKind::Sm2).public("甲市考评台账");
    let verified = verify(&mut FromStore(&mut *reader), &public, &[]).expect("a record");
    let names: Vec<_> = verified.findings.findings().iter().map(|finding| finding.name).collect();
    assert!(names.contains(&"results-not-reproduced"), "{names:?}");
}
