//! What somebody reads whose deed is refused: what has to happen first, and who does it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::By;
use kaoping_office::{
    Act, Role,
    deeds::{
        objections::{About, Object},
        reports::{ReturnReport, SubmitReport},
        rounds::{Assess, Judged, Publish, Seal},
        targets::AcceptLetter,
    },
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{CLERK, GROUP, OFFICE, REVIEWER, SIGNER, begun, reported, review, sign, submit, who},
    by, open,
};

/// What to do next, as the first finding says it.
fn next(world: &World, by: &By, act: Act) -> String {
    let found = world.findings(by, act, "原因", &[], Level::Error);
    found.into_iter().next().map(|finding| finding.next.zh).unwrap_or_default()
}

#[test]
fn every_step_of_a_report_names_the_one_before_it() {
    let mut world = begun();
    world.on("2026-02-03");
    let back = || Act::ReturnReport(ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None });
    let nothing = "请本单位填报人先报；已经报了的，核对任务和单位的名称";
    assert_eq!(next(&world, &who(SIGNER), sign("一月")), nothing);
    let bare =
        SubmitReport { collection: "一月".into(), office: "乙县".into(), figures: [].into(), replaces: None };
    let fill_in = "请填报人补填；查过确实没有的才填 0，还不知道的先问清楚";
    assert_eq!(next(&world, &who(CLERK), Act::SubmitReport(bare)), fill_in);
    let whole = |value| next(&world, &who(CLERK), submit("一月", value, ""));
    assert_eq!(whole("八百"), "写成 1234人 这样", "the figure has no decimals");
    assert!(whole("880.5").starts_with("照原始报表写整数"));
    world.does(&who(CLERK), submit("一月", "880", ""));
    assert_eq!(next(&world, &who(SIGNER), sign("一月")), "下一步由本单位审核人审核；要改数，请审核人退回");
    world.does(&who(REVIEWER), review("一月"));
    assert_eq!(next(&world, &who(REVIEWER), review("一月")), "下一步由本单位签发人签发；要改数，请签发人退回");
    assert!(next(&world, &who(CLERK), submit("一月", "881", "")).contains("请审核人或签发人退回再改"));
    world.does(&who(SIGNER), sign("一月"));
    let done = "已经报出，不用再办；数有错，由上级退回，或由本单位签发人申请更正";
    assert_eq!(next(&world, &who(SIGNER), back()), done);
    world.does_because(&who(OFFICE), back(), "与月报不符");
    assert_eq!(next(&world, &who(OFFICE), back()), "下一步由本单位填报人改好再报，再审核、签发");
}

#[test]
fn every_step_of_a_round_names_the_one_before_it() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let (scheme, round) = (|| "民生".into(), || "验收".into());
    let seal = Act::Seal(Seal { scheme: scheme(), round: round(), objection_days: 5, shown: false });
    let down = "先由考评办汇总这一轮；已经汇总的，核对办法和轮次的名称";
    assert_eq!(next(&world, &who(GROUP), seal), down);
    let publish = Act::Publish(Publish { scheme: scheme(), round: round() });
    let sealed = "先由领导小组封存（还没有汇总的，考评办先汇总），公示期满再公布";
    assert_eq!(next(&world, &who(OFFICE), publish), sealed);
    let about = About::Results { scheme: scheme(), round: round() };
    let object = Object { objection: "异议1".into(), office: "乙县".into(), about, answer_days: 5 };
    assert_eq!(next(&world, &who(SIGNER), Act::Object(object)), down);
    let letter = Act::AcceptLetter(AcceptLetter { scheme: scheme(), office: "乙县".into() });
    assert_eq!(next(&world, &who(SIGNER), letter), "先由上级考评办或牵头单位下达目标，再签");
    let judged = Judged { indicator: "1".into(), field: "完成数".into(), value: "880".into(), kind: "猜".into() };
    let assess = Assess {
        scheme: scheme(),
        round: round(),
        office: "乙县".into(),
        values: Vec::from([judged]),
        further_assessor: false,
    };
    let said = world.findings(&who(OFFICE), Act::Assess(assess), "原因", &[], Level::Error);
    let kind = said.iter().find(|finding| finding.message.zh.contains("差异"));
    assert_eq!(
        kind.map(|finding| finding.next.zh.as_str()),
        Some("选一种：数据（data）、规则（rule）、评判（judgement）")
    );
}

#[test]
fn whoever_may_not_is_told_who_may() {
    let world = begun();
    assert_eq!(next(&world, &who(CLERK), sign("一月")), "请本单位的签发人办；自己也有这个职责的，换到它再办");
    let other = by("C1", "丙县", Role::Clerk);
    assert_eq!(
        next(&world, &other, submit("一月", "880", "")),
        "请“乙县”的人办；自己在那里也有职责的，换到那个单位再办"
    );
    let opened = open("丁县", "甲市");
    let above = "请本单位或上级的系统管理员、考评办办；自己也有这个职责的，换到它再办";
    assert_eq!(next(&world, &who(CLERK), opened), above);
}
