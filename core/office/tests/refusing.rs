//! What two people do at once, what comes after a seal, and slips that were once taken: refused with the way out.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act, Role,
    deeds::{
        events::{EnterEvent, WithdrawEvent},
        figures::DefineFigure,
        objections::{About, Answer, Object},
        offices::CloseOffices,
        people::OpenAccount,
        proposals::{Decide, Propose},
        reports::ReturnReport,
        rounds::{Assess, Judged, Publish, PutDownResults, Seal},
        samples::DrawSample,
        schemes::{AdoptScheme, ForwardScheme},
        targets::{HandDown, Part},
    },
    outline::File,
    state::{Card, Decision, Measure, Method, TotalLine},
    takes::{Amount, Takes},
};
use kaoping_terms::{Diagnostic, Level};
use world::{
    World,
    begun::{
        CLERK, GROUP, OFFICE, REVIEWER, SECOND, SIGNER, begun, collection, reported, review, review_now, scheme, seen,
        sign, submit, submit_again, who,
    },
    by, day, grant, paper,
};

const NOTHING: [&str; 0] = [];

fn errors(world: &World, who: &kaoping_ledger::By, act: Act) -> Vec<Diagnostic> {
    world.findings(who, act, "因为", &paper(), Level::Error)
}

fn names(found: &[Diagnostic]) -> Vec<&'static str> {
    found.iter().map(|found| found.name).collect()
}

/// All a finding says: nothing is empty, in either language.
fn whole(found: &Diagnostic) -> String {
    for text in [&found.message, &found.why, &found.next] {
        assert!(!text.zh.is_empty() && !text.en.is_empty(), "{found:?}");
    }
    format!("{}{}{}", found.message.zh, found.why.zh, found.next.zh)
}

#[test]
fn a_report_is_not_replaced_unseen() {
    let mut world = begun();
    let open = OpenAccount { account: "B4".into() };
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(open));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("B4", "乙县", Role::Clerk));
    let other = by("B4", "乙县", Role::Clerk);
    world.on("2026-02-03");
    let first = world.does(&who(CLERK), submit("一月", "880", ""));
    // Somebody else, who filled in the same sheet: who handed in what, when, and what to do.
    let found = errors(&world, &other, submit("一月", "890", ""));
    assert_eq!(names(&found), ["report-changed"]);
    let said = whole(&found[0]);
    for word in ["B1", "2026-02-03 08:00", "新增就业 880", &format!("代替第 {first} 条（replaces）"), "退回", "更正"]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert_eq!(names(&errors(&world, &other, submit("一月", "880", ""))), ["report-changed"], "the same figures, too");
    // Another program of the same clerk; the same once more changes nothing.
    assert_eq!(names(&errors(&world, &who(CLERK), submit("一月", "870", ""))), ["report-changed"]);
    assert_eq!(names(&errors(&world, &who(CLERK), submit("一月", "880", ""))), NOTHING);
    // Whoever has seen it may fill it in anew before it is reviewed, himself or another clerk.
    let second = world.does(&who(CLERK), submit_again(&world, "一月", "885"));
    let third = world.does(&other, submit_again(&world, "一月", "890"));
    assert!(first < second && second < third);
    let Act::SubmitReport(late) = submit("一月", "886", "") else { panic!("a report") };
    let late = Act::SubmitReport(kaoping_office::deeds::reports::SubmitReport { replaces: Some(second), ..late });
    assert_eq!(names(&errors(&world, &who(CLERK), late)), ["report-changed"]);
    // The reviewer says which he looked through, once there were several.
    assert_eq!(names(&errors(&world, &who(REVIEWER), review("一月"))), ["report-changed"]);
    world.does(&who(REVIEWER), review_now(&world, "一月"));
    assert_eq!(names(&errors(&world, &who(SIGNER), sign("一月"))), ["report-changed"]);
    let back = |seen| Act::ReturnReport(ReturnReport { collection: "一月".into(), office: "乙县".into(), seen });
    assert_eq!(names(&errors(&world, &who(REVIEWER), back(Some(third)))), ["report-changed"]);
    world.does_because(&who(REVIEWER), back(None), "算错");
    // Sent back it waits for another: nobody's report is replaced.
    assert_eq!(names(&errors(&world, &other, submit("一月", "880", ""))), NOTHING);
    reported(&mut world, "一月", "880");
    let none = Act::SubmitReport(kaoping_office::deeds::reports::SubmitReport {
        collection: "一月".into(),
        office: "丙县".into(),
        figures: [].into(),
        replaces: Some(7),
    });
    assert!(names(&errors(&world, &by("C1", "丙县", Role::Clerk), none)).contains(&"not-in-the-record"));
    world.replays();
}

fn correct(id: &str, value: &str) -> Act {
    let decision = Decision::CorrectFigure {
        office: "乙县".into(),
        figure: "新增就业".into(),
        period: "2026-01".parse().expect("a period"),
        value: value.into(),
    };
    Act::Propose(Propose { proposal: id.into(), decision })
}

fn decide(id: &str, approved: bool) -> Act {
    Act::Decide(Decide { proposal: id.into(), approved })
}

#[test]
fn one_figure_has_one_correction_at_a_time_and_its_own_signer() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    assert_eq!(names(&errors(&world, &who(SIGNER), correct("更正1", "880"))), ["value-not-fitting"], "it is that");
    assert_eq!(names(&errors(&world, &who(SIGNER), correct("更正1", "880人"))), ["value-not-fitting"]);
    world.does_because(&who(SIGNER), correct("更正1", "860"), "重复计入");
    let found = errors(&world, &who(SIGNER), correct("更正2", "850"));
    assert_eq!(names(&found), ["not-now"]);
    assert!(whole(&found[0]).contains("“更正1”，要改成 860（B3"), "{:?}", found[0]);
    world.does_because(&who(OFFICE), decide("更正1", true), "属实");
    let cell = world.state.cells.values().next().expect("a figure");
    assert_eq!((cell.signed_by.as_str(), cell.approved_by.as_ref().map(|by| by.as_str())), ("B3", Some("A1")));
    // What was sent back and reported anew meanwhile is not what was to be corrected.
    world.does_because(&who(SIGNER), correct("更正3", "850"), "重复计入");
    let back = ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None };
    world.does_because(&who(OFFICE), Act::ReturnReport(back), "与月报不符");
    reported(&mut world, "一月", "840");
    let found = errors(&world, &who(OFFICE), decide("更正3", true));
    assert_eq!(names(&found), ["not-now"]);
    assert!(whole(&found[0]).contains("现在是 840"), "{:?}", found[0]);
    world.does_because(&who(OFFICE), decide("更正3", false), "已经重报");
    world.does_because(&who(SIGNER), correct("更正4", "850"), "重复计入");
    world.replays();
}

fn hand_down(field: &str, parts: &[(&str, &str)]) -> Act {
    let part = |(office, value): &(&str, &str)| Part { office: (*office).into(), value: (*value).into() };
    Act::HandDown(HandDown {
        scheme: "民生".into(),
        indicator: "新增就业".into(),
        field: field.into(),
        adds_up: false,
        parts: parts.iter().map(part).collect(),
    })
}

fn number(unit: &str) -> Takes {
    let also = vec![("万人".to_string(), "10000".to_string())];
    Takes::Number(Amount { unit: unit.into(), also, ..Amount::default() })
}

#[test]
fn a_score_is_given_and_not_handed_down_and_people_are_counted_whole() {
    let mut world = World::city();
    world.define("新增就业");
    let mut adopted = scheme();
    let fields = &mut adopted.outline.indicators[0].fields;
    fields.iter_mut().for_each(|field| field.takes = number("人"));
    let mut judged = fields[1].clone();
    (judged.name, judged.judged, judged.needs_reason) = ("检查得分".into(), true, true);
    fields.push(judged);
    world.does(&who(OFFICE), Act::AdoptScheme(adopted));
    let found = errors(&world, &who(OFFICE), hand_down("检查得分", &[("乙县", "24")]));
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert!(whole(&found[0]).contains("由人评分，不下达"), "{:?}", found[0]);
    assert_eq!(names(&errors(&world, &who(OFFICE), hand_down("完成数", &[("乙县", "24")]))), ["value-not-fitting"]);
    // It is given with a reason where the policy asks for one: without it no score follows.
    let judged =
        Judged {
            indicator: "新增就业".into(), field: "检查得分".into(), value: "24".into(), kind: String::new()
        };
    let (scheme, round, office) = ("民生".into(), "自评".into(), "乙县".into());
    let assess = Act::Assess(Assess { scheme, round, office, values: vec![judged], further_assessor: false });
    assert_eq!(world.refused(&who(OFFICE), assess.clone(), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&who(OFFICE), assess, "现场检查", &[]), NOTHING);
    let found = errors(&world, &who(OFFICE), hand_down("目标数", &[("乙县", "5000.5"), ("丙县", "0.50005万人")]));
    assert_eq!(names(&found), ["value-not-fitting"; 2]);
    assert!(whole(&found[0]).contains("5000.5 人不是整数"), "{:?}", found[0]);
    let found = errors(&world, &who(OFFICE), hand_down("目标数", &[("乙县", "-5")]));
    assert!(whole(&found[0]).contains("是 -5人，“完成数”最少是 0人"), "{:?}", found[0]);
    assert_eq!(names(&errors(&world, &who(OFFICE), hand_down("目标数", &[]))), ["value-not-fitting"]);
    world.does(&who(OFFICE), hand_down("目标数", &[("乙县", "5,000"), ("丙县", "0.5万人")]));
}

fn event(scheme: &str, id: &str) -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: scheme.into(),
        table: "上访".into(),
        id: id.into(),
        office: "乙县".into(),
        day: day("2026-01-20"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 15,
    })
}

fn withdraw(id: &str) -> Act {
    Act::WithdrawEvent(WithdrawEvent { table: "上访".into(), id: id.into() })
}

fn results(world: &World, round: &str, replaces: Option<u64>) -> Act {
    let version = world.state.schemes.get("民生").and_then(|scheme| scheme.versions.last()).expect("a version");
    Act::PutDownResults(PutDownResults {
        scheme: "民生".into(),
        round: round.into(),
        version: version.number,
        at: world.state.size,
        scores: Algorithm::Sha256.hash(&[b"scores"]),
        totals: vec![TotalLine {
            office: "乙县".into(),
            total: "96.25".into(),
            rank: Some(1),
            meets_all: "yes".into(),
            grade: String::new(),
        }],
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces,
    })
}

fn seal(round: &str) -> Act {
    Act::Seal(Seal { scheme: "民生".into(), round: round.into(), objection_days: 0, shown: false })
}

fn adjust() -> Act {
    let decision = Decision::AdjustTarget {
        scheme: "民生".into(),
        office: "乙县".into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        value: "900".into(),
    };
    Act::Propose(Propose { proposal: "调".into(), decision })
}

#[test]
fn what_comes_in_after_the_last_seal_is_too_late_and_after_an_earlier_one_is_not() {
    for (round, refused) in [("自评", &NOTHING[..]), ("验收", &["not-now"])] {
        let mut world = begun();
        world.on("2026-02-03");
        reported(&mut world, "一月", "880");
        world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-02-03")));
        world.does(&who(CLERK), submit("二月", "890", ""));
        world.does(&who(REVIEWER), review("二月"));
        world.does(&who(OFFICE), results(&world, round, None));
        world.does_because(&who(GROUP), seal(round), "会议审定，二月不算");
        let found = errors(&world, &who(SIGNER), sign("二月"));
        assert_eq!(names(&found), refused, "{round}");
        if refused.is_empty() {
            // What sealed results rest on stays; what came in after they were put down is corrected.
            world.does(&who(SIGNER), sign("二月"));
            assert_eq!(names(&errors(&world, &who(SIGNER), correct("更正1", "860"))), ["not-now"]);
            let decision = Decision::CorrectFigure {
                office: "乙县".into(),
                figure: "新增就业".into(),
                period: "2026-02".parse().expect("a period"),
                value: "891".into(),
            };
            let later = Act::Propose(Propose { proposal: "更正2".into(), decision });
            assert_eq!(names(&errors(&world, &who(SIGNER), later)), NOTHING);
        }
    }
}

fn object() -> Act {
    let about = About::Event { table: "上访".into(), id: "信1".into() };
    Act::Object(Object { objection: "异议1".into(), office: "乙县".into(), about, answer_days: 10 })
}

/// The city with results of a round that are sealed, which rest on a target and an event.
fn sealed(round: &str) -> World {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    world.does(&who(OFFICE), hand_down("目标数", &[("乙县", "1000")]));
    world.does_because(&who(OFFICE), event("民生", "信1"), "");
    world.does(&who(OFFICE), results(&world, round, None));
    world.does_because(&who(GROUP), seal(round), "会议审定");
    world.does_because(&who(SIGNER), object(), "不是本县的人");
    world
}

#[test]
fn what_sealed_results_rest_on_stays() {
    let mut world = sealed("验收");
    let upheld = |upheld| Act::Answer(Answer { objection: "异议1".into(), upheld });
    let cases = || {
        [
            hand_down("目标数", &[("丙县", "500")]),
            adjust(),
            event("民生", "信2"),
            withdraw("信1"),
            upheld(true),
            correct("更正1", "860"),
        ]
    };
    let whose = |act: &Act| match act.name() {
        "propose" if *act == correct("更正1", "860") => who(SIGNER),
        // Somebody else than whoever entered the event.
        "answer" => who(SECOND),
        _ => who(OFFICE),
    };
    for act in cases() {
        let who = whose(&act);
        let found = errors(&world, &who, act.clone());
        assert_eq!(names(&found), ["not-now"], "{}", act.name());
        let said = whole(&found[0]);
        for word in ["“民生”验收", "A2", "重开", "原因", "材料", "第二个人"] {
            assert!(said.contains(word), "{}: {word}: {said}", act.name());
        }
    }
    assert_eq!(names(&errors(&world, &who(SECOND), upheld(false))), NOTHING);
    // Opened again by two people, everything can be done; nothing is published before it is sealed anew.
    let reopen = |id: &str| {
        let decision = Decision::ReviseResults { scheme: "民生".into(), round: "验收".into() };
        Act::Propose(Propose { proposal: id.into(), decision })
    };
    let publish = || Act::Publish(Publish { scheme: "民生".into(), round: "验收".into() });
    world.on("2026-02-05");
    assert_eq!(names(&errors(&world, &who(OFFICE), publish())), ["objection-unanswered"]);
    world.does_because(&who(OFFICE), reopen("重开1"), "漏了一件");
    assert_eq!(names(&errors(&world, &who(OFFICE), publish())), ["proposal-undecided", "objection-unanswered"]);
    assert_eq!(names(&errors(&world, &who(OFFICE), reopen("重开2"))), ["not-now"], "proposed already");
    world.does_because(&who(SECOND), decide("重开1", true), "属实");
    assert_eq!(names(&errors(&world, &who(OFFICE), reopen("重开2"))), ["not-now"], "opened already");
    assert_eq!(names(&errors(&world, &who(OFFICE), publish())), ["not-now"]);
    for act in cases() {
        assert_eq!(names(&errors(&world, &whose(&act), act.clone())), NOTHING, "{}", act.name());
    }
    world.does_because(&who(SECOND), upheld(true), "查实");
    assert_eq!(names(&errors(&world, &who(GROUP), seal("验收"))), ["not-now"], "not put down anew");
    // What was seen is named: nothing is replaced unseen, opened again or not.
    assert_eq!(names(&errors(&world, &who(OFFICE), results(&world, "验收", None))), ["results-changed"]);
    let key = ("民生".into(), "验收".to_owned());
    let seen = world.state.results.get(&key).map(|results| results.number);
    world.does(&who(OFFICE), results(&world, "验收", seen));
    assert_eq!(names(&errors(&world, &who(OFFICE), publish())), ["not-now"], "put down and not sealed");
    let now = world.state.results.get(&key).expect("results");
    assert_eq!((now.sealed_by.is_none(), now.objections_until, now.earlier.len()), (true, None, 1));
    world.does_because(&who(GROUP), seal("验收"), "会议审定");
    world.on("2026-02-06");
    world.does(&who(OFFICE), publish());
    world.replays();
}

#[test]
fn an_earlier_round_stays_as_it_was_sealed_and_that_is_told() {
    let world = sealed("自评");
    for act in [hand_down("目标数", &[("丙县", "500")]), adjust(), event("民生", "信2"), withdraw("信1")] {
        assert_eq!(names(&errors(&world, &who(OFFICE), act.clone())), NOTHING, "{}", act.name());
        let found = world.findings(&who(OFFICE), act.clone(), "因为", &paper(), Level::Warning);
        assert_eq!(names(&found), ["sealed-stays"], "{}", act.name());
        assert!(whole(&found[0]).contains("“民生”自评"), "{:?}", found[0]);
    }
}

#[test]
fn an_event_counts_in_every_scheme_that_has_its_table_and_time() {
    let mut world = begun();
    world.on("2026-02-03");
    world.does_because(&who(OFFICE), event("民生", "信1"), "");
    let adopted = |id: &str, period: Option<(&str, &str)>, events: &[&str]| {
        let mut other = scheme();
        other.scheme = id.into();
        other.outline.events = events.iter().map(|table| (*table).to_string()).collect();
        other.outline.period = period.map(|(from, to)| (day(from), day(to)));
        Act::AdoptScheme(other)
    };
    world.does_because(&who(OFFICE), adopted("平安", Some(("2026-01-01", "2026-12-31")), &["上访"]), "");
    world.does_because(&who(OFFICE), adopted("去年", Some(("2025-01-01", "2025-12-31")), &["上访"]), "补");
    world.does_because(&who(OFFICE), adopted("经济", None, &["事故"]), "");
    let counts = |world: &World| {
        let event = &world.state.events[&("上访".to_string(), "信1".to_string())];
        let found = world.state.counts_in("上访", &event.office, event.day);
        found.map(|scheme| scheme.as_str().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(counts(&world), ["平安", "民生"]);
    // Sealed there, it is not entered through another scheme.
    let version = world.state.schemes.get("平安").and_then(|scheme| scheme.versions.last()).map(|it| it.number);
    let Act::PutDownResults(put_down) = results(&world, "验收", None) else { panic!("results") };
    let (scheme, version) = ("平安".into(), version.expect("a version"));
    world.does(&who(OFFICE), Act::PutDownResults(PutDownResults { scheme, version, ..put_down }));
    let seal = Seal { scheme: "平安".into(), round: "验收".into(), objection_days: 0, shown: false };
    world.does(&who(GROUP), Act::Seal(seal));
    for act in [event("民生", "信2"), withdraw("信1")] {
        let found = errors(&world, &who(OFFICE), act);
        assert_eq!(names(&found), ["not-now"]);
        assert!(whole(&found[0]).contains("“平安”验收"), "{:?}", found[0]);
    }
}

#[test]
fn results_are_not_replaced_unseen() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let act = results(&world, "验收", None);
    let first = world.does(&who(OFFICE), act.clone());
    for by in [OFFICE, SECOND] {
        let found = errors(&world, &who(by), act.clone());
        assert_eq!(names(&found), ["results-changed"]);
        let said = whole(&found[0]);
        assert!(said.contains("A1 已汇总过") && said.contains(&format!("代替第 {first} 条（replaces）")), "{said}");
    }
    let second = world.does(&who(SECOND), results(&world, "验收", Some(first)));
    assert_eq!(names(&errors(&world, &who(OFFICE), results(&world, "验收", Some(first)))), ["results-changed"]);
    assert_eq!(names(&errors(&world, &who(OFFICE), results(&world, "验收", Some(second)))), NOTHING);
    assert_eq!(names(&errors(&world, &who(OFFICE), results(&world, "自评", Some(second)))), ["not-in-the-record"]);
    world.replays();
}

#[test]
fn nothing_and_the_same_twice_are_told_all_at_once() {
    let world = begun();
    let assess = |fields: &[(&str, &str)]| {
        let judged = |(field, value): &(&str, &str)| Judged {
            indicator: "新增就业".into(),
            field: (*field).into(),
            value: (*value).into(),
            kind: String::new(),
        };
        let (scheme, round, office) = ("民生".into(), "自评".into(), "乙县".into());
        Act::Assess(Assess {
            scheme,
            round,
            office,
            values: fields.iter().map(judged).collect(),
            further_assessor: false,
        })
    };
    assert_eq!(names(&errors(&world, &who(OFFICE), assess(&[]))), ["value-not-fitting"]);
    let twice = [("完成数", "1"), ("目标数", "2"), ("完成数", "3"), ("目标数", "2"), ("完成数", "4")];
    let found = errors(&world, &who(OFFICE), assess(&twice));
    assert_eq!(names(&found), ["value-not-fitting"; 2], "each field once");
    assert!(found.iter().any(|found| whole(found).contains("“新增就业/完成数”写了不止一次")), "{found:?}");
    let mut asked = collection("二月", "2026-02", "2026-03-02");
    asked.figures.push("新增就业".into());
    asked.offices.extend(["乙县".into(), "丙县".into()]);
    assert_eq!(names(&errors(&world, &who(OFFICE), Act::OpenCollection(asked))), ["value-not-fitting"; 3]);
    let forward = |offices: &[&str], act_by: Option<&str>| {
        let offices = offices.iter().map(|office| (*office).into()).collect();
        Act::ForwardScheme(ForwardScheme { scheme: "民生".into(), offices, act_by: act_by.map(day) })
    };
    assert_eq!(names(&errors(&world, &who(OFFICE), forward(&["乙县", "乙县"], None))), ["value-not-fitting"]);
    for act_by in ["2026-01-04", "2028-01-01", "9999-12-31"] {
        let found = errors(&world, &who(OFFICE), forward(&["乙县"], Some(act_by)));
        assert_eq!(names(&found), ["value-not-fitting"], "{act_by}");
    }
    for act_by in ["2026-01-05", "2027-12-31"] {
        assert_eq!(names(&errors(&world, &who(OFFICE), forward(&["乙县"], Some(act_by)))), NOTHING, "{act_by}");
    }
}

#[test]
fn a_card_is_mended_without_changing_what_was_reported() {
    let mut world = begun();
    world.define("男");
    let define = |figure: &str, change: &dyn Fn(&mut Card)| {
        let mut card = world.state.cards.get("新增就业").expect("a card").clone();
        change(&mut card);
        Act::DefineFigure(DefineFigure { figure: figure.into(), card })
    };
    let said = |act: Act| names(&errors(&world, &who(OFFICE), act));
    assert_eq!(said(define("女", &|card| card.parts = vec!["女".into()])), ["value-not-fitting"]);
    assert_eq!(said(define("女", &|card| card.parts = vec!["难".into()])), ["not-in-the-record"]);
    assert_eq!(said(define("女", &|card| card.parts = vec!["男".into(), "男".into()])), ["value-not-fitting"]);
    assert_eq!(said(define("合计", &|card| card.parts = vec!["男".into(), "新增就业".into()])), NOTHING);
    let places = |places: u8| {
        define("占比", &move |card: &mut Card| {
            card.measure = Measure::Number { unit: "%".into(), least: None, most: None, places };
        })
    };
    assert_eq!(
        (said(places(200)), said(places(13)), said(places(12))),
        (vec!["value-not-fitting"], vec!["value-not-fitting"], Vec::new())
    );
    // A circle through another one.
    let part = define("男", &|card| card.parts = vec!["新增就业".into()]);
    let whole_of = define("新增就业", &|card| card.parts = vec!["男".into()]);
    let mut circle = world.clone();
    circle.does_because(&who(OFFICE), part, "另有分项");
    assert_eq!(names(&errors(&circle, &who(OFFICE), whole_of)), ["value-not-fitting"]);
    // Name, definition and range are mended by defining it again; what was reported keeps its meaning.
    let unit = define("新增就业", &|card| {
        card.measure = Measure::Number { unit: "万人".into(), least: None, most: None, places: 4 };
    });
    assert_eq!(names(&errors(&world, &who(OFFICE), unit.clone())), NOTHING, "nobody has reported it");
    let range = define("新增就业", &|card| {
        card.name = "城镇新增就业人数".into();
        card.measure = Measure::Number { unit: "人".into(), least: None, most: Some("800".into()), places: 0 };
    });
    world.does(&who(CLERK), submit("一月", "880", ""));
    assert_eq!(names(&errors(&world, &who(OFFICE), unit.clone())), ["value-not-fitting"], "it is handed in");
    world.does(&who(REVIEWER), review_now(&world, "一月"));
    let signed = kaoping_office::deeds::reports::SignReport {
        collection: "一月".into(),
        office: "乙县".into(),
        seen: seen(&world, "一月"),
    };
    world.does(&who(SIGNER), Act::SignReport(signed));
    let found = errors(&world, &who(OFFICE), unit);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert!(whole(&found[0]).contains("变成另一个意思"), "{:?}", found[0]);
    assert_eq!(world.warned(&who(OFFICE), range.clone(), "笔误", &[]), ["value-left-outside"]);
    world.does_because(&who(OFFICE), range, "笔误");
    assert_eq!(world.state.cards.get("新增就业").map(|card| card.name.as_str()), Some("城镇新增就业人数"));
    world.replays();
}

#[test]
fn files_of_a_policy_stay_in_its_folder() {
    let world = begun();
    let content = paper()[0];
    let adopt = |paths: &[&str]| {
        let files = paths.iter().map(|path| File { path: (*path).into(), content }).collect();
        Act::AdoptScheme(AdoptScheme { files, ..scheme() })
    };
    for path in [
        "/etc/scheme.kp",
        "../../../kinds/common.kp",
        "../kinds/../../common.kp",
        "../../etc/passwd",
        "../common.kp",
        "a/../../b.kp",
        "a\\b.kp",
        "C:/a.kp",
        "a\0.kp",
        "",
        "./a.kp",
        "a//b.kp",
        "..",
    ] {
        let found = errors(&world, &who(OFFICE), adopt(&["scheme.kp", path]));
        assert_eq!(names(&found), ["value-not-fitting"], "{path:?}");
        whole(&found[0]);
    }
    let found = errors(&world, &who(OFFICE), adopt(&["/a", "b\\", "scheme.kp", "scheme.kp"]));
    assert_eq!(names(&found), ["value-not-fitting"; 3], "all at once");
    let sound = adopt(&["scheme.kp", "clauses/1.md", "../kinds/common.kp", "../../kinds/common.kp"]);
    assert_eq!(names(&errors(&world, &who(OFFICE), sound)), NOTHING);
    let again = errors(&world, &who(OFFICE), Act::AdoptScheme(scheme()));
    assert_eq!(names(&again), ["not-now"], "the version in force once more");
}

#[test]
fn a_second_sample_is_told_and_an_office_does_not_end_before_what_it_did() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let draw = |id: &str, seed: &str| {
        let (collection, method, seed) = ("一月".into(), Method::Random, seed.into());
        Act::DrawSample(DrawSample { sample: id.into(), collection, method, seed, size: 1 })
    };
    assert!(world.warned(&who(OFFICE), draw("抽1", "7"), "", &[]).is_empty());
    world.does(&who(OFFICE), draw("抽1", "7"));
    assert_eq!(world.warned(&who(OFFICE), draw("抽2", "8"), "", &[]), ["sample-doubled"]);
    let close = |office: &str, from: &str| {
        let successors = vec!["丁县".into()];
        Act::CloseOffices(CloseOffices { offices: vec![office.into()], from: day(from), successors })
    };
    let found = errors(&world, &who(OFFICE), close("乙县", "2026-02-03"));
    assert_eq!(names(&found), ["not-now"]);
    assert!(whole(&found[0]).contains("2026-02-03 还有填报“2026-01 就业数”"), "{:?}", found[0]);
    assert_eq!(names(&errors(&world, &who(OFFICE), close("乙县", "2026-01-20"))), ["not-now"]);
    assert_eq!(names(&errors(&world, &who(OFFICE), close("乙县", "2026-02-04"))), NOTHING);
    world.does_because(&who(OFFICE), event("民生", "信1"), "");
    world.does_because(&who(OFFICE), withdraw("信1"), "不是它的");
    assert_eq!(names(&errors(&world, &who(OFFICE), close("丙县", "2026-01-10"))), NOTHING);
}
