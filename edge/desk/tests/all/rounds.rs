//! Rounds side by side: a difference is one of data, of judgement, or of rule; and several assessors are taken
//! together as the standard says.

use crate::city::{
    at, city,
    example::{ALL_OR_NOTHING, LEAD, OTHER, adopt, begun, put_down},
    key, request,
    story::{because, does, keep},
};
use kaoping_desk::{bundle::FromStore, scoring::Scored, verify::verify};
use kaoping_ledger::KeyKind;
use kaoping_office::{
    Act,
    deeds::rounds::{Assess, Judged},
    tables::TABLES,
};
use kaoping_store::open_to_read;

fn assess(round: &str, (indicator, field): (&str, &str), value: &str, kind: &str) -> Act {
    let judged = Judged { indicator: indicator.into(), field: field.into(), value: value.into(), kind: kind.into() };
    Act::Assess(Assess {
        scheme: "示例".into(),
        round: round.into(),
        office: "乙县".into(),
        values: vec![judged],
        further_assessor: false,
    })
}

fn total(scored: &Scored) -> &str {
    &scored.act.totals[0].total
}

#[test]
fn a_difference_is_of_data_of_judgement_or_of_rule() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    begun(&desk, &[("乙县", "900")]);
    let paper = keep(&desk, "抽查记录".as_bytes());
    let judges = [(LEAD, "8", "台账齐全"), (OTHER, "7", "两处缺签字")];
    for (number, (who, value, why)) in judges.into_iter().enumerate() {
        for round in ["自评", "验收"] {
            let act = assess(round, ("现场", "评分"), value, "");
            let id = format!("judge-{number}-{round}");
            let refused = desk.perform(request(&id, who, act.clone())).expect_err("a refusal");
            assert_eq!(refused.findings()[0].name, "reason-needed", "what is judged has a reason");
            does(&desk, because(request(&id, who, act), why, paper));
        }
    }
    // 10 × 900 ÷ 1,000, and the mean of 8 and 7.
    assert_eq!(total(&put_down(&desk, &address, "自评")), "16.50");
    let set = |value: &str, kind: &str| assess("验收", ("就业", "完成数"), value, kind);
    let refused = desk.perform(because(request("bare", LEAD, set("880", "")), "抽查", paper)).expect_err("a refusal");
    assert_eq!(refused.findings()[0].name, "difference-unexplained");
    let same =
        desk.perform(because(request("same", LEAD, set("900 人", "data")), "抽查", paper)).expect_err("a refusal");
    assert_eq!(same.findings()[0].name, "value-not-fitting", "900 is 900: nothing is to be explained");
    does(&desk, because(request("data", LEAD, set("880", "data")), "20 人查无此人", paper));
    let by_data = put_down(&desk, &address, "验收");
    assert_eq!((total(&by_data), by_data.act.by_rule.len()), ("16.30", 0), "8.8 and 7.5: the same version, no rule");
    adopt(&desk, "amend", ALL_OR_NOTHING);
    let by_rule = put_down(&desk, &address, "验收");
    assert_eq!(total(&by_rule), "7.50", "{}", by_rule.scores);
    let lines: Vec<_> =
        by_rule.act.by_rule.iter().map(|line| (line.indicator.as_str(), &*line.before, &*line.after)).collect();
    assert_eq!(lines, [("就业", "8.80", "0.00")], "on the same 880: of the 9 points before, 0.2 are data and 8.8 rule");
    desk.read(|shown| {
        let rounds: Vec<_> = shown
            .state
            .rounds(&"示例".into(), shown.state.today)
            .map(|line| {
                (
                    line.indicator.to_string(),
                    line.round.to_owned(),
                    line.value.clone(),
                    line.difference.clone(),
                    line.set.len(),
                )
            })
            .filter(|line| line.0 == "就业" && line.2 != "1,000" || line.0 == "现场")
            .collect();
        let line = |indicator: &str, round: &str, value: &str, difference: &str, set| {
            (indicator.to_owned(), round.to_owned(), value.to_owned(), difference.to_owned(), set)
        };
        assert_eq!(
            rounds,
            [
                line("就业", "自评", "900", "", 0),
                line("就业", "验收", "880", "-20", 1),
                line("现场", "自评", "", "", 2),
                line("现场", "验收", "", "", 2),
            ]
        );
    });
    drop(desk);
    let mut reader = open_to_read(&address, TABLES).expect("a store");
    let public = key(KeyKind::Ed25519).public("甲市考评台账");
    let verified = verify(&mut FromStore(&mut *reader), &public, &[]).expect("a record");
    assert!(!verified.findings.has_errors(), "{:#?}", verified.findings.findings());
    assert_eq!(verified.results, 3);
}
