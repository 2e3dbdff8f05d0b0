//! An exemption reaches the scores, and so does an amendment: by the standard's own means, told with its reason,
//! and scored again by whoever verifies the record.

use crate::city::{
    OFFICE, at, city, grant, key, open_account, request,
    story::{because, does, keep, reported},
};
use kaoping_desk::{
    Desk,
    bundle::FromStore,
    scoring::{Scored, score},
    verify::verify,
};
use kaoping_ledger::{Digest, KeyKind};
use kaoping_office::{
    Act, Role,
    deeds::proposals::{Decide, Propose},
    state::{Decision, Instead},
    tables::TABLES,
};
use kaoping_store::open_to_read;

const SIGNER: (&str, &str, Role) = ("丙县-signer", "丙县", Role::Signer);

fn exempt(indicator: &str, instead: Option<Instead>) -> Decision {
    Decision::Exempt { scheme: "乡民政".into(), office: "丙县".into(), indicator: indicator.into(), instead }
}

/// Proposed by the office, decided above it.
fn decided(desk: &Desk, name: &str, decision: Decision) {
    let paper = keep(desk, "受灾情况核实表".as_bytes());
    let propose = Act::Propose(Propose { proposal: name.into(), decision });
    does(desk, because(request(&format!("propose-{name}"), SIGNER, propose), "七月洪灾,火葬场停用", paper));
    let decide = Act::Decide(Decide { proposal: name.into(), approved: true });
    does(desk, request(&format!("decide-{name}"), OFFICE, decide));
}

fn scored(desk: &Desk, address: &str, round: &str) -> Scored {
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open_to_read(address, TABLES).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    score(&state, &"乡民政".into(), round, &mut contents).unwrap_or_else(|report| panic!("{report:#?}"))
}

fn total(scored: &Scored, office: &str) -> String {
    let line = scored.act.totals.iter().find(|line| line.office.as_str() == office);
    line.expect("a total").total.clone()
}

fn put_down(desk: &Desk, id: &str, scored: &Scored) {
    keep(desk, scored.scores.as_bytes());
    does(desk, request(id, OFFICE, Act::PutDownResults(scored.act.clone())));
}

#[test]
fn who_is_exempt_gets_what_was_said_and_never_a_silent_zero() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    reported(&desk);
    assert_eq!(total(&scored(&desk, &address, ""), "丙县"), "54.00", "cremation 0 of 30");
    // The standard says nothing of offices it does not apply to.
    let silent = Act::Propose(Propose { proposal: "豁免0".into(), decision: exempt("殡葬改革", None) });
    let paper = keep(&desk, "受灾情况核实表".as_bytes());
    let refused = desk.perform(because(request("silent", SIGNER, silent), "洪灾", paper)).expect_err("a refusal");
    assert_eq!(refused.findings()[0].name, "exemption-undecided");
    decided(&desk, "豁免1", exempt("殡葬改革", Some(Instead::Full)));
    let full = scored(&desk, &address, "");
    assert_eq!((total(&full, "丙县").as_str(), total(&full, "乙县").as_str()), ("84.00", "100.00"), "54 and 30");
    let told: Vec<_> = full.findings.findings().iter().filter(|found| found.name == "office-exempt").collect();
    assert_eq!(told.len(), 1);
    let said = format!("{}；{}", told[0].message.zh, told[0].why.zh);
    let approved = desk.read(|shown| shown.state.exemptions.values().next().expect("an exemption").number);
    for word in ["申请“豁免1”", "七月洪灾", "丙县-signer 申请", "A1 批准", &format!("台账第 {approved} 条起）")]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
    let idle = full.findings.findings().iter().find(|found| found.name == "figure-not-counted").expect("a warning");
    let (since, papers) = desk.read(|shown| {
        let exemption = shown.state.exemptions.values().next().expect("an exemption");
        (exemption.since, shown.state.proposals[&exemption.proposal].evidence.clone())
    });
    let given = format!("“丙县”自 {since} 起，申请“豁免1”，台账第 {approved} 条，材料 {}", papers[0]);
    assert!(idle.why.zh.starts_with(&format!("丙县 经批准豁免这一项（{given}）；")), "{}", idle.why.zh);
    assert!(!idle.next.zh.contains("适用”"), "its condition has nothing to do with it: {}", idle.next.zh);
    assert!(told[0].why.zh.contains(&format!("自 {since}（台账第 {approved} 条起），材料 {}", papers[0])));
    put_down(&desk, "results", &full);
    // It ends, and what was put down stays what it was.
    let end = Decision::EndExemption {
        scheme: "乡民政".into(), office: "丙县".into(), indicator: "殡葬改革".into()
    };
    decided(&desk, "豁免1终止", end);
    assert_eq!(total(&scored(&desk, &address, ""), "丙县"), "54.00");
    decided(&desk, "豁免2", exempt("殡葬改革", Some(Instead::Reduce)));
    let reduced = scored(&desk, &address, "");
    assert_eq!(total(&reduced, "丙县"), "54.00", "of 70");
    put_down(&desk, "results-reduced", &reduced);
    // The whole of a nested scheme.
    decided(&desk, "豁免3", exempt("残疾人工作/组织建设", Some(Instead::Full)));
    assert_eq!(total(&scored(&desk, &address, ""), "丙县"), "64.00", "no file for the disabled: 10 of 10 instead");
    drop(desk);
    let mut reader = open_to_read(&address, TABLES).expect("a store");
    let public = key(KeyKind::Ed25519).public("甲市考评台账");
    let verified = verify(&mut FromStore(&mut *reader), &public, &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings.findings());
    assert_eq!(verified.results, 2, "both were scored again, each as it was then");
}

#[test]
fn unlike_exemptions_and_second_words_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    reported(&desk);
    decided(&desk, "豁免1", exempt("殡葬改革", Some(Instead::Full)));
    let other = Decision::Exempt {
        scheme: "乡民政".into(),
        office: "乙县".into(),
        indicator: "殡葬改革".into(),
        instead: Some(Instead::Reduce),
    };
    let paper = keep(&desk, "受灾情况核实表".as_bytes());
    does(&desk, open_account("B9"));
    does(&desk, grant("B9", "乙县", Role::Signer));
    let ask = |id: &str, who, decision| {
        let propose = Act::Propose(Propose { proposal: id.into(), decision });
        let refused = desk.perform(because(request(id, who, propose), "洪灾", paper)).expect_err("a refusal");
        refused.findings().iter().map(|finding| finding.name).collect::<Vec<_>>()
    };
    assert_eq!(ask("豁免2", ("B9", "乙县", Role::Signer), other), ["value-not-fitting"], "the same for the same");
    assert_eq!(ask("豁免3", SIGNER, exempt("殡葬改革", Some(Instead::Full))), ["already-in-the-record"]);
    // What is scaled up is the rest of a block, and this one stands in none.
    assert_eq!(ask("豁免5", SIGNER, exempt("五保供养", Some(Instead::Scale))), ["value-not-fitting"]);
    assert_eq!(ask("豁免4", SIGNER, exempt("殡葬改个", Some(Instead::Full))), ["not-in-the-record"]);
}
