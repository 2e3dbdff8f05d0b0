//! A round ends on a day: what belongs to a later time is for the rounds after it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{collections::OpenCollection, ends::EndRound, events::EnterEvent, rounds::Seal},
    ids::SchemeId,
};
use kaoping_terms::{Day, Level};
use world::{
    World,
    begun::{CLERK, GROUP, OFFICE, begun, collection, put_down, reported, scheme, who},
};

fn end(round: &str, last: Option<&str>) -> Act {
    let last = last.map(|text| Day::parse(text).expect("a day"));
    Act::EndRound(EndRound { scheme: "民生".into(), round: round.into(), last })
}

fn ask(id: &str, period: &str, from: &str) -> Act {
    Act::OpenCollection(OpenCollection { counted_in: None, ..collection(id, period, from) })
}

fn event(id: &str, day: &str) -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: id.into(),
        office: "乙县".into(),
        day: Day::parse(day).expect("a day"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 5,
    })
}

/// January is reported, and the first round put down; then February is reported, and something happens in it.
fn a_month_later(january: Option<&str>) -> World {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    if let Some(last) = january {
        world.does(&who(OFFICE), end("自评", Some(last)));
    }
    world.on("2026-02-09");
    put_down(&mut world, "自评");
    world.does(&who(OFFICE), ask("二月", "2026-02", "2026-03-02"));
    world.on("2026-03-02");
    reported(&mut world, "二月", "1,900");
    world.does_because(&who(OFFICE), event("信访1", "2026-02-20"), "接访登记");
    world
}

/// What a scheme is scored from: lines of the figure, and lines of the events.
fn sheets(world: &World) -> (Vec<String>, Vec<String>) {
    let scheme = SchemeId::from("民生");
    let outline = world.state.schemes.get(&scheme).expect("a scheme").outline().expect("an outline").clone();
    let sheets = world.state.sheets(&scheme, &outline, "").expect("sheets");
    let own = |line: &&str| line.starts_with("乙县,新增就业,完成数") || line.contains("信访");
    let lines = |text: &str| text.lines().filter(own).map(str::to_owned).collect();
    (lines(&sheets.facts), lines(&sheets.events["上访"]))
}

/// The value of each round.
fn values(world: &World) -> Vec<(String, Option<String>)> {
    let (scheme, _) = world.state.schemes.get_key_value("民生").expect("a scheme");
    let all = world.state.rounds(scheme, world.state.today);
    let own = all.filter(|line| line.office.as_str() == "乙县" && line.field == "完成数");
    own.map(|line| (line.value.clone(), line.since.map(|since| since.value))).collect()
}

#[test]
fn without_an_end_a_round_takes_whatever_comes() {
    let world = a_month_later(None);
    let (facts, events) = sheets(&world);
    assert!(facts.iter().all(|line| line.contains("1,900") || line.contains("1900")), "{facts:?}");
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(values(&world)[0], ("880".into(), Some("1,900".into())), "and it says so");
    let behind = world.state.behind(&("民生".into(), "自评".into())).expect("something came in");
    assert!(behind.message.zh.contains("2 处变动"), "{}", behind.message.zh);
}

#[test]
fn what_belongs_to_a_later_time_is_in_the_rounds_after_it() {
    let mut world = a_month_later(Some("2026-01-31"));
    let (facts, events) = sheets(&world);
    let in_round =
        |round: &str| facts.iter().find(|line| line.contains(&format!(",{round},"))).expect("a line").clone();
    assert!(in_round("自评").contains(",880,"), "{facts:?}");
    assert!(in_round("验收").contains("1,900"), "{facts:?}");
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].ends_with(",验收,市"), "{events:?}");
    assert_eq!(values(&world), [("880".into(), None), ("1,900".into(), None)]);
    assert_eq!(world.state.behind(&("民生".into(), "自评".into())), None, "nothing of it came in since");
    // It is sealed without a reason, and the rounds after it go on.
    world.does(
        &who(GROUP),
        Act::Seal(Seal { scheme: "民生".into(), round: "自评".into(), objection_days: 5, shown: false }),
    );
    assert_eq!(world.refused(&who(OFFICE), end("自评", None), "改按全年", &[]), ["not-now"], "sealed it stays");
    world.replays();
}

#[test]
fn an_end_is_told_of_before_and_after() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    // A new month while a round is put down that never ends.
    put_down(&mut world, "自评");
    let warned = |world: &World, act: Act| -> Vec<String> {
        let found = world.findings(&who(OFFICE), act, "", &[], Level::Warning);
        found.iter().map(|finding| format!("{}: {}", finding.name, finding.message.zh)).collect()
    };
    let february = ask("二月", "2026-02", "2026-03-02");
    assert_eq!(
        warned(&world, february.clone()),
        ["round-goes-on: 自评已汇总，没有定截止日：2026-02 的数签发以后也归它"]
    );
    // An end that leaves out what is there; changed afterwards it is said before the round is sealed.
    assert_eq!(
        warned(&world, end("自评", Some("2026-01-20"))),
        ["round-leaves-out: 2026-01-20 以后的 1 个数（如 2026-01 的“新增就业”）、0 件事不计入自评"]
    );
    let ended = world.does(&who(OFFICE), end("自评", Some("2026-01-31")));
    assert_eq!(warned(&world, february), Vec::<String>::new());
    let behind = world.state.behind(&("民生".into(), "自评".into())).expect("its end changed");
    assert!(behind.message.zh.contains(&format!("自评 的截止日改为 2026-01-31（第 {ended} 条）")), "{behind:?}");
    // Said again, outside the year, without a reason, by somebody else, of an unknown round.
    let refused = |world: &World, by: (&str, &str, Role), act: Act, why: &str| world.refused(&who(by), act, why, &[]);
    assert_eq!(refused(&world, OFFICE, end("自评", Some("2026-01-31")), ""), ["not-now"]);
    assert_eq!(refused(&world, OFFICE, end("自评", None), ""), ["reason-needed"]);
    assert_eq!(refused(&world, OFFICE, end("初评", Some("2026-01-31")), ""), ["not-in-the-record"]);
    assert_eq!(refused(&world, CLERK, end("自评", Some("2026-01-30")), ""), ["not-entitled"]);
    world.does_because(&who(OFFICE), end("自评", None), "按会议纪要，自评算到年底");
    assert_eq!(world.state.schemes["民生"].end_of("自评"), None);
    world.replays();
}

#[test]
fn a_round_ends_within_the_time_of_its_scheme() {
    let mut world = begun();
    world.on("2026-02-03");
    let mut dated = scheme();
    dated.outline.period = Day::parse("2026-01-01").zip(Day::parse("2026-12-31"));
    world.does_because(&who(OFFICE), Act::AdoptScheme(dated), "写明适用期");
    assert_eq!(world.refused(&who(OFFICE), end("自评", Some("2027-01-31")), "", &[]), ["value-not-fitting"]);
    world.does(&who(OFFICE), end("自评", Some("2026-06-30")));
}
