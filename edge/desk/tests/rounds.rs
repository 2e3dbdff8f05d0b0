//! Rounds side by side: a difference is one of data, of judgement, or of rule; and several assessors are taken
//! together as the standard says.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod city;

use city::{
    OFFICE, at, city, grant, key, open_account, request,
    story::{because, does, keep},
};
use kaoping_desk::{
    Desk,
    bundle::FromStore,
    scoring::{Scored, score},
    standard::{Bindings, draft_of},
    verify::verify,
};
use kaoping_ledger::{Digest, KeyKind};
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        figures::DefineFigure,
        reports::{ReviewReport, SignReport, SubmitReport},
        rounds::{Assess, Judged},
    },
    state::{Card, Measure, Standing},
    tables::TABLES,
};
use kaoping_store::open_to_read;

const LEAD: (&str, &str, Role) = ("L1", "甲市", Role::Lead);
const OTHER: (&str, &str, Role) = ("L2", "甲市", Role::Lead);

/// Two rounds, one figure, one item judged by two.
fn policy(employment: &str) -> Vec<(String, String)> {
    let text = format!(
        r#"方案 示例考核 "示例考核办法"
  满分  20 分   示例 "测试用"
  适用期 2026-01-01 至 2026-12-31   示例 "测试用"
  每项取到 不取整   示例 "测试用"
  显示到 0.01 分 四舍五入   示例 "测试用"
  名次  总分 从高到低 并列占位   示例 "测试用"
  未报  零分   示例 "测试用"
  责任分工 不分   示例 "测试用"

轮次 自评 self | 验收 acceptance
  正式 = 验收

项 就业 10 分   示例 "测试用"
  读入 完成数 done : 人 ≥ 0 人
  读入 目标数 goal : 人 > 0 人
  得 {employment}
项 现场 10 分   示例 "测试用"
  读入 评分 mark : 分 0 分..10 分 级 0.5 分 须理由 评委 2
  得 平均(评分 于 各评委)
"#
    );
    vec![("scheme.kp".into(), text)]
}

const BY_SHARE: &str = "分值 × 较小(完成数 / 目标数, 1)";
const ALL_OR_NOTHING: &str = "当 完成数 ≥ 目标数 → 分值\n     否则 → 0 分";

fn adopt(desk: &Desk, id: &str, employment: &str) {
    let algorithm = desk.read(|shown| shown.tree.algorithm());
    let bindings: Bindings = [("就业/完成数", "就业人数"), ("就业/目标数", "目标人数")]
        .map(|(input, figure)| (input.into(), figure.into()))
        .into();
    let draft = draft_of("示例", policy(employment), algorithm, &"示例".into(), &"甲市".into(), &bindings);
    assert_eq!(draft.act.errors, Vec::<String>::new(), "{:#?}", draft.findings);
    for (hash, bytes) in &draft.contents {
        assert_eq!(keep(desk, bytes), *hash);
    }
    let paper = keep(desk, "会议纪要".as_bytes());
    does(desk, because(request(id, OFFICE, Act::AdoptScheme(draft.act)), "市政府常务会议纪要", paper));
}

fn begun(desk: &Desk) {
    for figure in ["就业人数", "目标人数"] {
        let card = Card {
            name: figure.into(),
            definition: "示例".into(),
            measure: Measure::Number { unit: "人".into(), least: Some("0".into()), most: None, places: 0 },
            cumulative: true,
            source: "示例".into(),
            asks_beyond_percent: None,
            parts: Vec::new(),
        };
        does(desk, request(figure, OFFICE, Act::DefineFigure(DefineFigure { figure: figure.into(), card })));
    }
    adopt(desk, "adopt", BY_SHARE);
    for (account, office, role) in
        [LEAD, OTHER, ("B1", "乙县", Role::Clerk), ("B2", "乙县", Role::Reviewer), ("B3", "乙县", Role::Signer)]
    {
        does(desk, open_account(account));
        does(desk, grant(account, office, role));
    }
    let collection = OpenCollection {
        collection: "年报".into(),
        title: "年终数据".into(),
        scheme: "示例".into(),
        period: "2026".parse().expect("a period"),
        figures: vec!["就业人数".into(), "目标人数".into()],
        offices: vec!["乙县".into()],
        from: 20_458,
        working_days: 5,
        grace_days: 0,
        counted_in: None,
    };
    does(desk, request("collect", OFFICE, Act::OpenCollection(collection)));
    let paper = keep(desk, "月报".as_bytes());
    let figures = [("就业人数", "900"), ("目标人数", "1,000")].map(|(figure, value)| Standing {
        figure: figure.into(),
        value: value.into(),
        evidence: vec![paper],
        answer: String::new(),
    });
    let (collection, office) = (|| "年报".into(), || "乙县".into());
    let report = SubmitReport { collection: collection(), office: office(), figures: figures.to_vec() };
    does(desk, request("submit", ("B1", "乙县", Role::Clerk), Act::SubmitReport(report)));
    let review = ReviewReport { collection: collection(), office: office() };
    does(desk, request("review", ("B2", "乙县", Role::Reviewer), Act::ReviewReport(review)));
    let sign = SignReport { collection: collection(), office: office() };
    does(desk, request("sign", ("B3", "乙县", Role::Signer), Act::SignReport(sign)));
}

fn assess(round: &str, (indicator, field): (&str, &str), value: &str, kind: &str) -> Act {
    let judged = Judged { indicator: indicator.into(), field: field.into(), value: value.into(), kind: kind.into() };
    Act::Assess(Assess { scheme: "示例".into(), round: round.into(), office: "乙县".into(), values: vec![judged] })
}

fn put_down(desk: &Desk, address: &str, round: &str) -> Scored {
    let state = desk.read(|shown| shown.state.clone());
    let mut reader = open_to_read(address, TABLES).expect("a store");
    let mut contents = |hash: Digest| reader.blob(&hash.to_string()).expect("a store");
    let scored = score(&state, &"示例".into(), round, &mut contents).unwrap_or_else(|report| panic!("{report:#?}"));
    keep(desk, scored.scores.as_bytes());
    let id = format!("results-{}", state.size);
    does(desk, request(&id, OFFICE, Act::PutDownResults(scored.act.clone())));
    scored
}

fn total(scored: &Scored) -> &str {
    &scored.act.totals[0].total
}

#[test]
fn a_difference_is_of_data_of_judgement_or_of_rule() {
    let place = tempfile::tempdir().expect("a folder");
    let address = at(&place);
    let desk = city(&address, KeyKind::Ed25519);
    begun(&desk);
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
                    line.indicator.0.clone(),
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
