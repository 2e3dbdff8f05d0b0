//! Refusals say what is true, where, and in the words of whoever reads them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        offices::{ChangeOffice, CloseOffices, OpenOffice},
        people::GrantRole,
        proposals::{Decide, Propose},
        reports::SubmitReport,
        rounds::{Assess, Judged},
        targets::{AcceptLetter, HandDown, Part},
    },
    state::Decision,
};
use kaoping_terms::{Diagnostic, Level};
use world::{
    World,
    begun::{CLERK, OFFICE, SIGNER, begun, collection, reported, submit, who},
    by, day, open, paper, version,
};

fn errors(world: &World, who: &kaoping_ledger::By, act: impl Into<Act>) -> Vec<Diagnostic> {
    world.findings(who, act, "因为", &paper(), Level::Error)
}

fn names(found: &[Diagnostic]) -> Vec<&'static str> {
    found.iter().map(|found| found.name).collect()
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

#[test]
fn an_office_that_is_not_there_is_told_as_that_and_not_as_somebody_elses() {
    let world = begun();
    let system = by("S1", "甲市", Role::SystemAdmin);
    let moved = ChangeOffice { office: "乙县".into(), version: version("乙县", "乙衔", "2026-02-01") };
    let closed =
        CloseOffices { offices: Vec::from(["乙衔".into()]), from: day("2026-06-01"), successors: Vec::new() };
    let letter = AcceptLetter { scheme: "民生".into(), office: "乙衔".into() };
    let SubmitReport { collection, figures, .. } = match submit("一月", "880", "") {
        Act::SubmitReport(report) => report,
        other => panic!("{other:?}"),
    };
    let report = SubmitReport { collection, office: "乙衔".into(), figures, replaces: None };
    let cases = [
        (system.clone(), open("戊镇", "乙衔")),
        (system.clone(), Act::ChangeOffice(moved)),
        (system, Act::CloseOffices(closed)),
        (who(SIGNER), Act::AcceptLetter(letter)),
        (who(CLERK), Act::SubmitReport(report)),
        (who(OFFICE), hand_down(&[("乙衔", "5"), ("丙县", "5")])),
    ];
    for (who, act) in cases {
        let found = errors(&world, &who, act.clone());
        assert_eq!(names(&found), ["not-in-the-record"], "{}", act.name());
        assert_eq!(found[0].message.zh, "没有这个单位：“乙衔”", "{}", act.name());
        assert_eq!(found[0].next.zh, "是不是“乙县”？", "{}", act.name());
    }
    // Whoever may not do such deeds is told that, and one of another office that.
    assert_eq!(names(&errors(&world, &who(CLERK), open("戊镇", "乙衔"))), ["not-entitled"]);
    let other = by("C1", "丙县", Role::Clerk);
    assert_eq!(names(&errors(&world, &other, submit("一月", "880", ""))), ["not-entitled"]);
    let both = OpenOffice { office: "不 行".into(), version: version("不行", "乙衔", "2026-02-01") };
    let founder = by("S1", "甲市", Role::SystemAdmin);
    assert_eq!(names(&errors(&world, &founder, Act::OpenOffice(both))), ["not-in-the-record"]);
}

#[test]
fn what_is_named_twice_is_told_with_its_places() {
    let world = begun();
    let found = errors(&world, &who(OFFICE), hand_down(&[("乙县", "5"), ("丙县", "5"), ("乙县", "6")]));
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert_eq!(found[0].message.zh, "单位“乙县”写了不止一次：第 1、3 项");
    assert!(found[0].next.zh.contains("去掉多写的"), "{:?}", found[0]);
    let twice = match submit("一月", "880", "") {
        Act::SubmitReport(report) => {
            let figures = [report.figures[0].clone(), report.figures[0].clone()].into();
            Act::SubmitReport(SubmitReport { figures, ..report })
        }
        other => other,
    };
    let found = errors(&world, &who(CLERK), twice);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert_eq!(found[0].message.zh, "数据项“新增就业”写了不止一次：第 1、2 项");
}

#[test]
fn a_collection_asked_twice_is_named_once() {
    let mut world = begun();
    let mut named = collection("二月", "2026-02", "2026-03-02");
    named.title = "二月".into();
    world.does(&who(OFFICE), Act::OpenCollection(named));
    let told = |period: &str| {
        let again = Act::OpenCollection(collection("再", period, "2026-03-02"));
        let found = world.findings(&who(OFFICE), again, "", &[], Level::Warning);
        let found = found.into_iter().find(|found| found.name == "collection-doubled");
        found.map(|found| found.message.zh).expect("a warning")
    };
    assert_eq!(told("2026-02"), "2026-02 的这些数已经在“二月”里要过");
    assert_eq!(told("2026-01"), "2026-01 的这些数已经在“2026-01 就业数”（编号 一月）里要过");
}

#[test]
fn that_nothing_differs_is_told_only_where_it_is_so() {
    let mut world = begun();
    let lead = by("A3", "甲市", Role::Lead);
    let assess = |round: &str, field: &str, value: &str| {
        let (scheme, office) = ("民生".into(), "乙县".into());
        let (indicator, field, value) = ("新增就业".into(), field.into(), value.into());
        let values = Vec::from([Judged { indicator, field, value, kind: "data".into() }]);
        Act::Assess(Assess { scheme, round: round.into(), office, values, further_assessor: false })
    };
    let told = |world: &World, act: Act| {
        let found = errors(world, &lead, act);
        found.into_iter().map(|found| found.message.zh).collect::<Vec<_>>().join("；")
    };
    let nothing = "“新增就业/完成数”以前没有值，谈不上差异，不用写出于什么";
    assert_eq!(told(&world, assess("自评", "完成数", "880")), nothing);
    reported(&mut world, "一月", "880");
    assert_eq!(told(&world, assess("自评", "完成数", "880")), "“新增就业/完成数”仍是 880，没有变，不用写差异出于什么");
    assert_eq!(told(&world, assess("自评", "完成数", "870")), "");
    assert_eq!(told(&world, assess("复评", "完成数", "880")), "没有这个轮次：“复评”");
    assert_eq!(told(&world, assess("自评", "完成", "880")), "没有这个字段：“完成”");
}

#[test]
fn steps_of_a_report_in_one_hand_need_a_reason() {
    let world = World::city();
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let give = |account: &str, office: &str, role: Role, from: &str| {
        Act::GrantRole(GrantRole { account: account.into(), office: office.into(), role, from: day(from), to: None })
    };
    for (account, office, role, expected) in [
        ("B1", "乙县", Role::Signer, ["role-conflict"].as_slice()),
        ("B1", "乙县", Role::Reviewer, &["role-conflict"]),
        ("B3", "乙县", Role::Clerk, &["role-conflict"]),
        ("B1", "丙县", Role::Signer, &[]),
        ("B1", "乙县", Role::Lead, &[]),
    ] {
        let act = give(account, office, role, "2026-01-05");
        assert_eq!(world.warned(&security, act.clone(), "", &[]), expected, "{account} {office} {role:?}");
        let refused: &[&str] = if expected.is_empty() { &[] } else { &["reason-needed"] };
        assert_eq!(world.refused(&security, act.clone(), "", &[]), refused, "{account} {office} {role:?}");
        assert_eq!(world.refused(&security, act, "只有两个人", &[]), Vec::<&str>::new());
    }
}

#[test]
fn amounts_are_reported_in_any_multiple_of_their_unit() {
    let mut world = begun();
    let refused = |world: &World, value: &str| {
        let found = errors(world, &who(CLERK), submit("一月", value, "集中招工"));
        found.into_iter().map(|found| format!("{}|{}", found.message.zh, found.why.zh)).collect::<Vec<_>>()
    };
    for value in ["8000", "8000人", "0.8万人", "８千人", "0.00008亿人"] {
        assert_eq!(refused(&world, value), Vec::<String>::new(), "{value}");
    }
    for (value, why) in [
        ("0.80005万人", "换算成 8000.5人；要整数，没有小数"),
        ("-1万人", "换算成 -10000人；最小是 0人"),
        ("0.8万元", "单位是“万元”，要的是“人”"),
        ("8000户", "单位是“户”，要的是“人”"),
        ("3,8000", "逗号没有三位一隔，可能是千位分隔，也可能是小数点；这里要一个数，单位是“人”，最小是 0人"),
    ] {
        let said = format!("“乙县”的“新增就业”：“{value}”用不上|{why}");
        assert_eq!(refused(&world, value), [said], "{value}");
    }
    let found = errors(&world, &who(CLERK), submit("一月", "8000户", ""));
    assert_eq!(names(&found), ["value-not-fitting"], "what cannot be used wants another value, not a reason");
    assert_eq!(found[0].next.zh, "换算成“人”再填");
    // What is reckoned with is one number, whatever it is written in; the entry keeps what was written.
    reported(&mut world, "一月", "0.8万人");
    let key = ("乙县".into(), "新增就业".into(), "2026-01".parse().expect("a period"));
    assert_eq!(world.state.cells[&key].value, "8000人");
    let number = world.state.number_of("乙县", "新增就业", key.2).and_then(|number| number.to_plain(0));
    assert_eq!(number.as_deref(), Some("8000"));
    assert!(world.entries.iter().any(|entry| String::from_utf8_lossy(entry).contains("0.8万人")));
    let correct = |value: &str| {
        let (office, figure, period, value) = (key.0.clone(), key.1.clone(), key.2, value.into());
        let decision = Decision::CorrectFigure { office, figure, period, value };
        Act::Propose(Propose { proposal: "更正1".into(), decision })
    };
    let found = errors(&world, &who(SIGNER), correct("8千人"));
    assert_eq!(found[0].message.zh, format!("现在就是 8000人（台账第 {} 条）", world.state.cells[&key].number));
    world.does_because(&who(SIGNER), correct("0.79万人"), "重复计入");
    world.does_because(&who(OFFICE), Act::Decide(Decide { proposal: "更正1".into(), approved: true }), "属实");
    assert_eq!(world.state.cells[&key].value, "7900人");
    world.replays();
}

#[test]
fn an_answer_says_something() {
    let mut world = begun();
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-03-02")));
    reported(&mut world, "一月", "880");
    let refused = |answer: &str| errors(&world, &who(CLERK), submit("二月", "88000", answer));
    for answer in ["", "核", "1", "——", " ."] {
        let found = refused(answer);
        assert_eq!(names(&found), ["question-open"], "{answer}");
        let said = format!("“{}”没有说明什么", answer.trim());
        assert_eq!(found[0].why.zh.contains(&said), !answer.trim().is_empty(), "{}", found[0].why.zh);
    }
    for answer in ["园区集中招工", "2 月招工会", "ok: new plant"] {
        assert!(refused(answer).is_empty(), "{answer}");
    }
}

#[test]
fn an_office_that_begins_later_is_above_others_from_then_on() {
    let mut world = begun();
    let system = by("S1", "甲市", Role::SystemAdmin);
    let opened = |office: &str, parent: &str, from: &str| {
        Act::OpenOffice(OpenOffice { office: office.into(), version: version(office, parent, from) })
    };
    world.does(&system, opened("新区", "甲市", "2026-07-01"));
    // Whoever opened it opens what is below it, and puts under it what is there already, from its first day on.
    world.does(&system, opened("戊镇", "新区", "2026-07-01"));
    let moved = |from: &str| {
        Act::ChangeOffice(ChangeOffice { office: "丙县".into(), version: version("丙县", "新区", from) })
    };
    let found = errors(&world, &system, moved("2026-06-30"));
    assert_eq!(names(&found), ["not-in-the-record"]);
    assert_eq!(found[0].message.zh, "“新区”到 2026-07-01 才设立");
    assert_eq!(found[0].why.zh, "2026-06-30 这一天没有这个单位");
    world.does(&system, moved("2026-07-01"));
    assert!(!world.state.is_above("新区", "丙县", day("2026-06-30")));
    assert!(world.state.is_above("新区", "丙县", day("2026-07-01")));
    assert_eq!(names(&errors(&world, &who(CLERK), opened("己镇", "新区", "2026-07-01"))), ["not-entitled"]);
    // One that is no more is said to be that, with what goes on in its place.
    let closed = CloseOffices {
        offices: Vec::from(["乙县".into()]),
        from: day("2026-02-10"),
        successors: Vec::from(["丙县".into()]),
    };
    world.does_because(&system, Act::CloseOffices(closed), "撤并");
    let found = errors(&world, &system, opened("庚镇", "乙县", "2026-03-01"));
    let said = found.iter().find(|found| found.name == "not-in-the-record").expect("it is told");
    assert_eq!(said.message.zh, "“乙县”从 2026-02-10 起撤了");
    assert_eq!(said.next.zh, "改指承接它的“丙县”");
}
