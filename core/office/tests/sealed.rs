//! What is scored from for a sealed round stays as it was when its results were put down, whatever is done afterwards.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act,
    deeds::{
        assessors::{Input, TakeBack},
        collections::{CancelCollection, OpenCollection},
        events::{EnterEvent, WithdrawEvent},
        objections::{About, Answer, Object},
        proposals::{Decide, Propose},
        rounds::{Assess, Judged, Publish, Seal},
        schemes::AdoptScheme,
        targets::{HandDown, Part},
    },
    duties::DutyKind,
    ids::SchemeId,
    outline::Outline,
    sheets::Sheets,
    state::{Decision, Instead},
};
use world::{
    World,
    begun::{GROUP, OFFICE, SECOND, SIGNER, begun, collection, put_down, reported, scheme, who},
    day,
};

fn sheets(world: &World, round: &str) -> Sheets {
    let scheme = SchemeId::from("民生");
    let outline = world.state.schemes.get(&scheme).expect("a scheme").outline().expect("an outline");
    world.state.sheets(&scheme, outline, round).expect("sheets")
}

fn hand_down(parts: &[(&str, &str)]) -> Act {
    let part = |(office, value): &(&str, &str)| Part { office: (*office).into(), value: (*value).into() };
    Act::HandDown(HandDown {
        scheme: "民生".into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        adds_up: false,
        parts: parts.iter().map(part).collect(),
    })
}

fn event(id: &str) -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: id.into(),
        office: "乙县".into(),
        day: day("2026-02-01"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 5,
    })
}

fn decided(world: &mut World, id: &str, decision: Decision) {
    world.does_because(&who(OFFICE), Act::Propose(Propose { proposal: id.into(), decision }), "按会议纪要");
    world.does(&who(SECOND), Act::Decide(Decide { proposal: id.into(), approved: true }));
}

#[test]
fn whatever_comes_after_a_seal_counts_in_the_rounds_after_it_alone() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    world.does(&who(OFFICE), hand_down(&[("乙县", "1,000")]));
    world.does_because(&who(OFFICE), event("信访1"), "接访登记");
    put_down(&mut world, "自评");
    let then = sheets(&world, "自评");
    let seal = Seal { scheme: "民生".into(), round: "自评".into(), objection_days: 3, shown: false };
    let told = world.warned(&who(GROUP), Act::Seal(seal.clone()), "丙县的数不等了", &[]);
    assert_eq!(told, ["collection-not-due", "objections-open"], "what is open is told");
    world.does_because(&who(GROUP), Act::Seal(seal), "丙县的数不等了");
    assert_eq!(sheets(&world, "自评"), then, "sealing changes nothing");

    // A target changed and one more, a report that is late by now, an event more and one less, an exemption, a figure more.
    let adjusted = Decision::AdjustTarget {
        scheme: "民生".into(),
        office: "乙县".into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        value: "2,000".into(),
    };
    decided(&mut world, "调整1", adjusted);
    world.does(&who(OFFICE), hand_down(&[("丙县", "700")]));
    world.does_because(&who(OFFICE), event("信访2"), "接访登记");
    let withdrawn = WithdrawEvent { table: "上访".into(), id: "信访1".into() };
    world.does_because(&who(OFFICE), Act::WithdrawEvent(withdrawn), "查无此事");
    let (scheme, office, indicator) = ("民生".into(), "丙县".into(), "新增就业".into());
    let instead = Some(Instead::Full);
    decided(&mut world, "免1", Decision::Exempt { scheme, office, indicator, instead });
    world.does(&who(OFFICE), Act::OpenCollection(OpenCollection { ..collection("二月", "2026-02", "2026-03-02") }));
    world.on("2026-03-03");
    reported(&mut world, "二月", "1,900");

    assert_eq!(sheets(&world, "自评"), then, "as it was put down");
    let now = sheets(&world, "验收");
    for (what, text) in [
        ("the target of now", "乙县,新增就业,目标数,\"2,000\""),
        ("the new one", "丙县,新增就业,目标数,700"),
        ("the figure of February", "乙县,新增就业,完成数,\"1,900\""),
    ] {
        assert!(now.facts.contains(text), "{what}: {}", now.facts);
    }
    assert!(now.units.contains("豁免/新增就业") && !then.units.contains("豁免"), "{}", now.units);
    assert!(now.events["上访"].contains("信访2") && now.events["报表"].contains("一月/丙县"), "{:?}", now.events);
    let first = now.events["上访"].lines().find(|line| line.starts_with("信访1")).expect("the first");
    assert!(first.contains("2026-02-03"), "withdrawn: {first}");

    // Opened again, everything counts.
    decided(&mut world, "重开1", Decision::ReviseResults { scheme: "民生".into(), round: "自评".into() });
    assert_eq!(sheets(&world, "自评"), sheets(&world, "验收"));
    world.replays();
}

#[test]
fn an_objection_that_is_upheld_is_not_passed_over() {
    let mut world = begun();
    world.on("2026-02-10");
    reported(&mut world, "一月", "880");
    put_down(&mut world, "自评");
    let (scheme, round) = (|| SchemeId::from("民生"), || String::from("自评"));
    let seal = Seal { scheme: scheme(), round: round(), objection_days: 3, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "丙县没有报");
    let about = About::Results { scheme: scheme(), round: round() };
    let object = Object { objection: "异议1".into(), office: "乙县".into(), about, answer_days: 3 };
    world.does_because(&who(SIGNER), Act::Object(object), "少算了二十人");
    let kinds = |world: &World| {
        let viewer = world.state.viewer("A1", world.state.today).expect("the assessment office");
        world.state.duties(&viewer).into_iter().map(|duty| duty.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&world), [DutyKind::Answer]);
    let upheld = Answer { objection: "异议1".into(), upheld: true };
    world.does_because(&who(SECOND), Act::Answer(upheld), "属实");
    assert_eq!(kinds(&world), [DutyKind::Reopen], "it changes nothing by itself: somebody has to");
    world.on("2026-03-02");
    let publish = || Act::Publish(Publish { scheme: scheme(), round: round() });
    assert_eq!(world.refused(&who(OFFICE), publish(), "", &[]), ["reason-needed"]);
    decided(&mut world, "重开1", Decision::ReviseResults { scheme: scheme(), round: round() });
    assert_eq!(kinds(&world), []);
    put_down(&mut world, "自评");
    let seal = Seal { scheme: scheme(), round: round(), objection_days: 0, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "丙县没有报");
    world.on("2026-03-04");
    world.does(&who(OFFICE), publish());
    world.replays();
}

/// Every round has a column of every other one's values: one that is taken back leaves the others as they were sealed.
#[test]
fn a_value_taken_back_stays_in_the_round_that_was_sealed_with_it() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let judged =
        Judged {
            indicator: "新增就业".into(), field: "完成数".into(), value: "860".into(), kind: "data".into()
        };
    let (scheme, round, office) = (|| SchemeId::from("民生"), || String::from("自评"), || "乙县".into());
    let assess =
        Assess { scheme: scheme(), round: round(), office: office(), values: vec![judged], further_assessor: false };
    world.does_because(&who(OFFICE), Act::Assess(assess), "有二十人重复");
    put_down(&mut world, "验收");
    let then = sheets(&world, "验收");
    assert!(then.facts.contains("乙县,新增就业,完成数,860,,,自评"), "{}", then.facts);
    let seal = Seal { scheme: scheme(), round: "验收".into(), objection_days: 3, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "丙县的数不等了");

    let values = vec![Input { indicator: "新增就业".into(), field: "完成数".into() }];
    let back = TakeBack { scheme: scheme(), round: round(), office: office(), assessor: None, values };
    world.does_because(&who(OFFICE), Act::TakeBack(back), "核对过，没有重复");
    assert_eq!(sheets(&world, "验收"), then, "as it was put down");
    let now = sheets(&world, "自评");
    assert!(!now.facts.contains(",860,"), "taken back where nothing is sealed: {}", now.facts);
    world.replays();
}

/// What is late by the record of then stays late or in time: a report signed on the same day, a deadline that is moved,
/// what is asked taken back.
#[test]
fn whether_reports_were_in_time_stays_as_it_was_sealed() {
    let mut world = begun();
    world.on("2026-02-03");
    put_down(&mut world, "自评");
    let seal = Seal { scheme: "民生".into(), round: "自评".into(), objection_days: 3, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "先审定");
    let then = sheets(&world, "自评");
    reported(&mut world, "一月", "880");
    assert_eq!(sheets(&world, "自评"), then, "signed after it on that day");
    assert!(sheets(&world, "验收").events["报表"].contains("一月/乙县"), "and counted in the next one");
    let notice = kaoping_office::calendar::Notice {
        year: 2026,
        notice: "示例通知(停工)".into(),
        rest: ["2026-01-01", "2026-01-02", "2026-01-03", "2026-02-04", "2026-02-05"].map(day).to_vec(),
        work: vec![day("2026-01-04")],
    };
    let enter = Act::EnterNotice(kaoping_office::deeds::founding::EnterNotice(notice));
    world.does_because(&who(OFFICE), enter, "停工两天");
    world.on("2026-02-10");
    world.does(&who(OFFICE), Act::OpenCollection(collection("三月", "2026-03", "2026-04-02")));
    assert_eq!(sheets(&world, "自评"), then, "another deadline");
    world.replays();
    let back = CancelCollection { collection: "三月".into() };
    world.does_because(&who(OFFICE), Act::CancelCollection(back), "布置错了");
    put_down(&mut world, "验收");
    let ask = Act::OpenCollection(collection("四月", "2026-04", "2026-05-06"));
    world.does_because(&who(OFFICE), ask, "照常");
    let seal = Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 3, shown: false };
    put_down(&mut world, "验收");
    world.does_because(&who(GROUP), Act::Seal(seal), "先审定");
    let back = Act::CancelCollection(CancelCollection { collection: "四月".into() });
    assert_eq!(world.refused(&who(OFFICE), back, "布置错了", &[]), ["not-now"], "it is part of what was sealed");
}

/// The last day of the assessed time is that of the version in force then.
#[test]
fn another_time_to_assess_leaves_late_reports_of_a_sealed_round() {
    let mut world = begun();
    let first = scheme().outline;
    let late = |world: &World, outline: &Outline, round: &str| {
        let sheets = world.state.sheets(&"民生".into(), outline, round).expect("sheets");
        sheets.events["报表"].clone()
    };
    world.on("2026-02-09");
    put_down(&mut world, "自评");
    let seal = Seal { scheme: "民生".into(), round: "自评".into(), objection_days: 3, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "先审定");
    let then = late(&world, &first, "自评");
    assert!(then.contains("2026-02-06"), "{then}");
    let period = Some((day("2025-01-01"), day("2025-12-31")));
    let second = Outline { period, ..first.clone() };
    let amended = AdoptScheme { outline: second.clone(), ..scheme() };
    world.does_because(&who(OFFICE), Act::AdoptScheme(amended), "考核时间改为上年");
    assert_eq!(late(&world, &first, "自评"), then, "it was of that day then");
    let now = late(&world, &second, "验收");
    assert!(now.contains("2025-12-31") && !now.contains("2026-02-06"), "{now}");
    world.replays();
}
