//! Counties that are merged in the middle of a year: what they had begun is gone on with, and what was assessed before stays.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        ends::EndRound,
        events::EnterEvent,
        objections::{About, Answer, Object},
        offices::CloseOffices,
        people::{OpenAccount, RevokeRole},
        proposals::{Decide, Propose},
        reports::{ReviewReport, SignReport, SubmitReport},
        rounds::Seal,
        schemes::{AdoptScheme, ForwardScheme},
    },
    ids::SchemeId,
    state::{Decision, Standing},
    tables::Key,
};
use world::{
    World,
    begun::{GROUP, OFFICE, SECOND, SIGNER, begun, collection, put_down, reported, scheme, who},
    by, day, grant, open, paper, version,
};

fn merge(from: &str) -> Act {
    let (offices, successors) = (vec!["乙县".into(), "丙县".into()], vec!["新县".into()]);
    Act::CloseOffices(CloseOffices { offices, from: day(from), successors })
}

fn units(world: &World, round: &str) -> Vec<String> {
    let scheme = SchemeId::from("民生");
    let outline = world.state.schemes.get(&scheme).expect("a scheme").outline().expect("an outline");
    let sheets = world.state.sheets(&scheme, outline, round).expect("sheets");
    sheets.units.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
}

fn event() -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: "信访1".into(),
        office: "乙县".into(),
        day: day("2026-02-01"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 20,
    })
}

fn end(last: &str) -> Act {
    Act::EndRound(EndRound { scheme: "民生".into(), round: "自评".into(), last: Some(day(last)) })
}

/// January is reported by one county, and 自评 ends with it; an event, an objection and a proposal wait for somebody, and
/// the other county still owes its report, when both are merged into 新县 in the middle of February.
fn merged() -> World {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    world.does_because(&who(OFFICE), event(), "接访登记");
    let (objection, office, about) =
        ("异议1".into(), "乙县".into(), About::Event { table: "上访".into(), id: "信访1".into() });
    let object = Object { objection, office, about, answer_days: 10 };
    world.does_because(&who(SIGNER), Act::Object(object), "不是本县的人");
    let decision = Decision::CorrectFigure {
        office: "乙县".into(),
        figure: "新增就业".into(),
        period: "2026-01".parse().expect("a period"),
        value: "870".into(),
    };
    world.does_because(&who(SIGNER), Act::Propose(Propose { proposal: "更正1".into(), decision }), "重复十人");
    world.does_because(&who(OFFICE), end("2026-01-31"), "按办法");

    world.on("2026-02-05");
    let system = by("S1", "甲市", Role::SystemAdmin);
    let began = version("新县", "甲市", "2026-02-10");
    world.does(
        &system,
        Act::OpenOffice(kaoping_office::deeds::offices::OpenOffice { office: "新县".into(), version: began }),
    );
    let told = world.warned(&who(OFFICE), merge("2026-02-10"), "省里批复", &paper());
    assert_eq!(
        told,
        ["office-leaves-open", "office-leaves-open"],
        "of one an objection and a proposal, of both reports"
    );
    world.does_because(&who(OFFICE), merge("2026-02-10"), "省里批复");
    world.on("2026-02-12");
    for (account, role) in [("N1", Role::Clerk), ("N2", Role::Reviewer), ("N3", Role::Signer)] {
        world.does(&system, Act::OpenAccount(OpenAccount { account: account.into() }));
        world.does(&by("S2", "甲市", Role::SecurityAdmin), grant(account, "新县", role));
    }
    world
}

#[test]
fn a_round_that_ended_before_keeps_the_tree_of_its_time() {
    let mut world = merged();
    assert_eq!(units(&world, "自评"), ["丙县", "乙县"], "as it was on its last day");
    assert!(units(&world, "验收").is_empty(), "nobody asked 新县 for anything yet");
    let later = Act::OpenCollection(OpenCollection {
        offices: vec!["新县".into()],
        ..collection("三月", "2026-03", "2026-04-01")
    });
    world.does_because(&who(OFFICE), later, "合并以后第一次");
    assert_eq!(units(&world, "自评"), ["丙县", "乙县"], "新县 goes on in their place, and was not there");
    assert_eq!(units(&world, "验收"), ["新县"]);
    // Sealed, opened again and put down anew, it is still that.
    let answer = Act::Answer(Answer { objection: "异议1".into(), upheld: false });
    world.does_because(&who(SECOND), answer, "核对过，是本县的人");
    world.does_because(&who(SECOND), Act::Decide(Decide { proposal: "更正1".into(), approved: true }), "属实");
    put_down(&mut world, "自评");
    let seal = Seal { scheme: "民生".into(), round: "自评".into(), objection_days: 3, shown: false };
    world.does_because(&who(GROUP), Act::Seal(seal), "丙县没有报");
    let reopen = Decision::ReviseResults { scheme: "民生".into(), round: "自评".into() };
    world.does_because(&who(OFFICE), Act::Propose(Propose { proposal: "重开1".into(), decision: reopen }), "有错");
    world.does(&who(SECOND), Act::Decide(Decide { proposal: "重开1".into(), approved: true }));
    world.on("2026-06-01");
    put_down(&mut world, "自评");
    assert_eq!(units(&world, "自评"), ["丙县", "乙县"]);
    world.replays();
}

#[test]
fn who_goes_on_in_the_place_of_others_does_what_they_left_and_sees_what_they_did() {
    let mut world = merged();
    let (clerk, reviewer, signer) =
        (by("N1", "新县", Role::Clerk), by("N2", "新县", Role::Reviewer), by("N3", "新县", Role::Signer));
    let viewer = world.state.viewer("N1", world.state.today).expect("somebody");
    assert!(viewer.may_see(&Key::Report(("一月".into(), "乙县".into()))), "what 乙县 reported");
    assert_eq!(world.state.owed_by(&"丙县".into(), world.state.today).len(), 1, "January is owed still");
    let figures =
        [Standing { figure: "新增就业".into(), value: "500".into(), evidence: paper(), answer: "".into() }];
    let (collection, office) = (|| "一月".into(), || "丙县".into());
    let report = SubmitReport { collection: collection(), office: office(), figures: figures.into(), replaces: None };
    let stranger = by("D1", "丁县", Role::Clerk);
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(OpenAccount { account: "D1".into() }));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("D1", "丁县", Role::Clerk));
    assert_eq!(world.refused(&stranger, Act::SubmitReport(report.clone()), "", &[]), ["not-entitled"]);
    world.does(&clerk, Act::SubmitReport(report));
    let seen = |world: &World| world.state.reports[&("一月".into(), "丙县".into())].version();
    let review = ReviewReport { collection: collection(), office: office(), seen: seen(&world) };
    world.does(&reviewer, Act::ReviewReport(review));
    let sign = SignReport { collection: collection(), office: office(), seen: seen(&world) };
    world.does(&signer, Act::SignReport(sign));
    // The objection is answered from above, as that of any office.
    assert_eq!(
        world.refused(&signer, Act::Answer(Answer { objection: "异议1".into(), upheld: true }), "有理", &[]),
        ["not-entitled"]
    );
    let upheld = Act::Answer(Answer { objection: "异议1".into(), upheld: true });
    world.does_because(&who(SECOND), upheld, "不是乙县的人");
    // An event of before the merger still belongs to who it was.
    let late = match event() {
        Act::EnterEvent(event) => Act::EnterEvent(EnterEvent { id: "信访2".into(), ..event }),
        other => other,
    };
    world.does_because(&who(OFFICE), late, "迟到的登记");
    let after = |when: &str| match event() {
        Act::EnterEvent(event) => Act::EnterEvent(EnterEvent { id: "信访3".into(), day: day(when), ..event }),
        other => other,
    };
    assert_eq!(world.refused(&who(OFFICE), after("2026-02-11"), "登记", &paper()), ["not-in-the-record"]);
    world.replays();
}

#[test]
fn a_closed_office_owes_nothing_of_the_time_after() {
    let mut world = begun();
    world.does(&who(OFFICE), Act::OpenCollection(collection("三月", "2026-03", "2026-04-01")));
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("新县", "甲市"));
    world.does_because(&who(OFFICE), merge("2026-02-10"), "省里批复");
    world.on("2026-05-06");
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "丁县"));
    let county = "乙县".into();
    let owed = world.state.owed_by(&county, world.state.today);
    assert_eq!(owed.iter().map(|owed| owed.collection.as_str()).collect::<Vec<_>>(), ["一月"]);
    assert_eq!(world.state.missing(&"三月".into(), world.state.today).count(), 0);
    assert!(world.state.late_report(&("报表".into(), "三月/乙县".into())).is_none());
    assert!(world.state.late_report(&("报表".into(), "一月/乙县".into())).is_some());
}

#[test]
fn a_scheme_that_carries_out_another_gives_no_more_time_than_that_one() {
    let mut world = begun();
    let forward = |scheme: &str, office: &str, act_by: Option<&str>| {
        Act::ForwardScheme(ForwardScheme {
            scheme: scheme.into(),
            offices: vec![office.into()],
            act_by: act_by.map(day),
        })
    };
    world.does(&who(OFFICE), forward("民生", "乙县", Some("2026-06-30")));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("B1", "乙县", Role::AssessmentOffice));
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    let county = by("B1", "乙县", Role::AssessmentOffice);
    let own =
        AdoptScheme { scheme: "乙民生".into(), office: "乙县".into(), upper: Some("民生".into()), ..scheme() };
    world.does_because(&county, Act::AdoptScheme(own), "按市里的办法");
    for late in [Some("2026-07-01"), None] {
        assert_eq!(world.refused(&county, forward("乙民生", "戊乡", late), "", &[]), ["value-not-fitting"]);
    }
    world.does(&county, forward("乙民生", "戊乡", Some("2026-06-15")));
}

#[test]
fn a_role_that_begins_later_is_taken_away_beforehand() {
    let mut world = World::city();
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let later = match grant("B1", "丁县", Role::Clerk) {
        Act::GrantRole(grant) => kaoping_office::deeds::people::GrantRole { from: day("2026-08-01"), ..grant },
        _ => panic!("a grant"),
    };
    world.does(&security, Act::GrantRole(later));
    let revoke = || Act::RevokeRole(RevokeRole { account: "B1".into(), office: "丁县".into(), role: Role::Clerk });
    world.does_because(&security, revoke(), "授错了单位");
    assert_eq!(world.refused(&security, revoke(), "授错了单位", &[]), ["not-now"]);
    assert!(!world.state.holds("B1", "丁县", Role::Clerk, day("2026-08-02")));
}

#[test]
fn who_goes_on_is_not_above_and_is_named_once() {
    let mut world = begun();
    let close = |offices: &[&str], from: &str, after: &[&str]| {
        let (offices, successors) =
            (offices.iter().map(|id| (*id).into()).collect(), after.iter().map(|id| (*id).into()).collect());
        Act::CloseOffices(CloseOffices { offices, from: day(from), successors })
    };
    assert_eq!(world.refused(&who(OFFICE), close(&["丁县"], "2026-02-10", &["甲市"]), "撤县", &[]), ["not-now"]);
    world.does_because(&who(OFFICE), close(&["丁县"], "2026-02-10", &["丙县"]), "撤县");
    let again = close(&["丁县"], "2026-02-09", &["乙县"]);
    assert_eq!(world.refused(&who(OFFICE), again, "记错了", &[]), ["not-now"], "two offices would act for it");
    // Nor does somebody below name one that is none of his.
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("B1", "乙县", Role::AssessmentOffice));
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    let county = by("B1", "乙县", Role::AssessmentOffice);
    let stranger = close(&["戊乡"], "2026-02-10", &["丙县"]);
    assert_eq!(world.refused(&county, stranger, "并乡", &[]), ["not-entitled"]);
}
