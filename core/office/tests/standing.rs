//! What a year stands on: offices, people, the calendar; and what is looked at on the spot.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        events::EnterEvent,
        founding::EnterNotice,
        objections::{About, Object},
        offices::{ChangeOffice, CloseOffices},
        people::{CloseAccount, EndDeputy, NameDeputy, RevokeRole},
        reports::{ReviewReport, SignReport, SubmitReport},
        rounds::{Assess, Judged},
        samples::{DrawSample, Inspect},
    },
    state::{Method, Standing},
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{CLERK, OFFICE, REVIEWER, SECOND, SIGNER, begun, collection, reported, review, sign, submit, who},
    by, day, grant, open, paper, version,
};

#[test]
fn a_sample_can_be_drawn_again_by_anybody() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    for (account, role, act) in [
        ("C1", Role::Clerk, {
            let figure =
                Standing { figure: "新增就业".into(), value: "400".into(), evidence: paper(), answer: "".into() };
            Act::SubmitReport(SubmitReport {
                collection: "一月".into(),
                office: "丙县".into(),
                figures: [figure].into(),
                replaces: None,
            })
        }),
        (
            "C2",
            Role::Reviewer,
            Act::ReviewReport(ReviewReport { collection: "一月".into(), office: "丙县".into(), seen: None }),
        ),
        (
            "C3",
            Role::Signer,
            Act::SignReport(SignReport { collection: "一月".into(), office: "丙县".into(), seen: None }),
        ),
    ] {
        world.does(&by(account, "丙县", role), act);
    }
    let draw = |id: &str, method: Method, seed: &str| {
        Act::DrawSample(DrawSample {
            sample: id.into(), collection: "一月".into(), method, seed: seed.into(), size: 1
        })
    };
    let drawn = |world: &World, id: &str| {
        let sample = world.state.samples.get(id).expect("a sample");
        sample.drawn.keys().map(|(office, _)| office.as_str().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(world.refused(&who(OFFICE), draw("抽查1", Method::Random, ""), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(SIGNER), draw("抽查1", Method::Random, "7"), "", &[]), ["not-entitled"]);
    world.does(&who(OFFICE), draw("最大", Method::ByValue, "7"));
    assert_eq!(drawn(&world, "最大"), ["乙县"]);
    let mut seen = std::collections::BTreeSet::new();
    assert_eq!(world.refused(&who(SECOND), draw("又", Method::Random, "1"), "", &[]), ["reason-needed"]);
    let told = world.findings(&who(SECOND), draw("又", Method::Random, "1"), "", &[], Level::Warning);
    let number = world.state.samples.get("最大").map(|sample| sample.number).expect("a sample");
    assert_eq!(told[0].message.zh, format!("“一月”已经抽过（“最大”，种子“7”，台账第 {number} 条）"));
    for seed in 0..20 {
        let (one, other) = (format!("甲{seed}"), format!("乙{seed}"));
        world.does_because(&who(OFFICE), draw(&one, Method::Random, &seed.to_string()), "看种子");
        world.does_because(&who(SECOND), draw(&other, Method::Random, &seed.to_string()), "看种子");
        assert_eq!(drawn(&world, &one), drawn(&world, &other));
        seen.extend(drawn(&world, &one));
    }
    assert_eq!(seen.len(), 2, "both have a chance");
    let inspect = |found: &str| {
        Act::Inspect(Inspect {
            sample: "最大".into(),
            office: "乙县".into(),
            figure: "新增就业".into(),
            found: found.into(),
        })
    };
    assert_eq!(world.refused(&who(OFFICE), inspect("870"), "", &[]), ["evidence-needed"]);
    world.does_because(&who(OFFICE), inspect("870"), "十人查无");
    assert_eq!(world.state.cells.values().next().map(|cell| cell.value.as_str()), Some("400"), "no figure is changed");
    // Looked at once more: with a reason, and what was found before stays beside it.
    assert_eq!(world.refused(&who(SECOND), inspect("875"), "", &paper()), ["reason-needed"]);
    world.does_because(&who(SECOND), inspect("875"), "单位补了五人的合同");
    let found = world.state.samples["最大"].drawn.values().next().expect("a figure").clone();
    let told: Vec<_> =
        found.seen.iter().map(|seen| (seen.value.as_str(), seen.by.as_str(), seen.why.as_str())).collect();
    assert_eq!(told, [("870", "A1", "十人查无"), ("875", "A4", "单位补了五人的合同")]);
    assert_eq!(world.state.samples["最大"].seed, "7", "the samples drawn since have seeds of their own");
    world.replays();
}

#[test]
fn offices_merge_and_the_past_keeps_its_tree() {
    let mut world = World::city();
    let system = by("S1", "甲市", Role::SystemAdmin);
    let close = |offices: &[&str], successors: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
        Act::CloseOffices(CloseOffices {
            offices: list(offices),
            from: day("2026-07-01"),
            successors: list(successors),
        })
    };
    assert_eq!(world.refused(&system, close(&["丙县", "丁县"], &["新县"]), "省政府批复", &[]), ["not-in-the-record"]);
    world.does(&system, open("新县", "甲市"));
    assert_eq!(world.refused(&system, close(&["丙县", "丁县"], &["新县"]), "", &[]), ["reason-needed"]);
    world.does_because(&system, close(&["丙县", "丁县"], &["新县"]), "省政府批复");
    let names =
        |when: &str| world.state.offices_at(day(when)).map(|(id, _)| id.as_str().to_string()).collect::<Vec<_>>();
    assert_eq!(names("2026-06-30"), ["丁县", "丙县", "乙县", "新县", "甲市"]);
    assert_eq!(names("2026-07-01"), ["乙县", "新县", "甲市"]);
    // Lists and the tree go by when offices were opened, not by the characters of their names.
    let opened: Vec<&str> =
        world.state.in_order(world.state.offices.keys()).into_iter().map(|id| id.as_str()).collect();
    assert_eq!(opened, ["甲市", "乙县", "丙县", "丁县", "新县"]);
    let tree = world.state.tree(day("2026-06-30"));
    assert_eq!(tree.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), opened);
    assert_eq!(world.state.order("没有的县"), u64::MAX);
    let rename = ChangeOffice { office: "乙县".into(), version: version("乙市", "甲市", "2026-08-01") };
    world.does(&system, Act::ChangeOffice(rename));
    let name =
        |when: &str| world.state.offices.get("乙县").and_then(|office| office.at(day(when))).map(|at| at.name.clone());
    assert_eq!((name("2026-07-31").as_deref(), name("2026-08-01").as_deref()), (Some("乙县"), Some("乙市")));
    let below_itself = ChangeOffice { office: "乙县".into(), version: version("乙县", "乙县", "2026-09-01") };
    assert_eq!(world.refused(&system, Act::ChangeOffice(below_itself), "", &[]), ["not-now"]);
    world.replays();
}

#[test]
fn rights_come_and_go_by_the_day() {
    let mut world = begun();
    let revoke = Act::RevokeRole(RevokeRole { account: "B1".into(), office: "乙县".into(), role: Role::Clerk });
    let security = by("S2", "甲市", Role::SecurityAdmin);
    assert_eq!(world.refused(&who(CLERK), revoke.clone(), "", &[]), ["not-entitled"]);
    world.does_because(&security, revoke, "调离");
    assert_eq!(world.refused(&who(CLERK), submit("一月", "880", ""), "", &[]), ["not-entitled"]);
    // Nobody gives himself a role, and the administrators stay apart.
    assert_eq!(world.refused(&security, grant("S2", "乙县", Role::Clerk), "", &[]), ["not-now", "not-now"]);
    assert_eq!(world.refused(&security, grant("S3", "乙县", Role::Clerk), "", &[]), ["not-now"]);
    assert_eq!(world.refused(&security, grant("B2", "甲市", Role::SystemAdmin), "", &[]), ["not-now"]);
    // The signer is away for a week; his deputy signs, and is still another person than the reviewer.
    world.does(&security, grant("B1", "乙县", Role::Clerk));
    let deputy = |deputy: &str| {
        Act::NameDeputy(NameDeputy {
            deputy: deputy.into(),
            office: "乙县".into(),
            role: Role::Signer,
            from: day("2026-02-02"),
            to: day("2026-02-06"),
        })
    };
    world.does(&who(SIGNER), deputy("C3"));
    world.does(&who(SIGNER), deputy("B2"));
    world.on("2026-02-03");
    world.does(&who(CLERK), submit("一月", "880", ""));
    world.does(&who(REVIEWER), review("一月"));
    let for_b3 =
        |account: &str| kaoping_ledger::By { deputy_for: Some("B3".into()), ..by(account, "乙县", Role::Signer) };
    assert_eq!(world.refused(&for_b3("B2"), sign("一月"), "", &[]), ["second-person-needed"]);
    assert_eq!(world.refused(&for_b3("C2"), sign("一月"), "", &[]), ["not-entitled"]);
    world.on("2026-02-07");
    assert_eq!(world.refused(&for_b3("C3"), sign("一月"), "", &[]), ["not-entitled"], "the week is over");
    // Back early, he ends it; what he named for later does not begin. He alone does.
    world.on("2026-02-05");
    let end =
        |deputy: &str| Act::EndDeputy(EndDeputy { deputy: deputy.into(), office: "乙县".into(), role: Role::Signer });
    assert_eq!(world.refused(&who(REVIEWER), end("B2"), "", &[]), ["not-now"]);
    assert_eq!(world.refused(&who(SIGNER), end("C2"), "", &[]), ["not-now"], "he was never named");
    world.does(&who(SIGNER), end("B2"));
    assert_eq!(world.refused(&for_b3("B2"), sign("一月"), "", &[]), ["not-entitled"], "at once, and not tomorrow");
    assert_eq!(world.refused(&who(SIGNER), end("B2"), "", &[]), ["not-now"], "it has ended");
    world.on("2026-02-06");
    world.does(&for_b3("C3"), sign("一月"));
    let close = |account: &str| Act::CloseAccount(CloseAccount { account: account.into() });
    assert_eq!(world.refused(&security, close("S2"), "离职", &[]), ["not-now"]);
    world.does_because(&security, close("C3"), "离职");
    assert_eq!(world.refused(&by("C3", "丙县", Role::Signer), sign("一月"), "", &[]), ["not-entitled"]);
    world.replays();
}

fn event(id: &str, objection_days: u16) -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: id.into(),
        office: "乙县".into(),
        day: day("2026-02-01"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days,
    })
}

#[test]
fn a_notice_moves_open_deadlines_and_leaves_past_ones() {
    let mut world = begun();
    world.does(&who(OFFICE), Act::OpenCollection(collection("三月", "2026-03", "2026-04-02")));
    let due = |world: &World, id: &str| world.state.collections.get(id).map(|found| found.due);
    assert_eq!(due(&world, "三月"), Some(day("2026-04-07")));
    world.on("2026-02-02");
    world.does_because(&who(OFFICE), event("信访0", 3), "接访登记");
    // So many working days that they end on the first of April but six.
    let days = |from: &str| u16::try_from(world.state.calendar.left(day(from), day("2026-04-07"))).expect("days");
    let (objecting, answering) = (days("2026-02-02"), days("2026-03-01"));
    world.does_because(&who(OFFICE), event("信访1", objecting), "接访登记");
    world.on("2026-03-01");
    let about = About::Event { table: "上访".into(), id: "信访1".into() };
    let object = Object { objection: "异议1".into(), office: "乙县".into(), about, answer_days: answering };
    world.does_because(&who(SIGNER), Act::Object(object), "不是本县的人");
    let before = due(&world, "一月");
    let notice = kaoping_office::calendar::Notice {
        year: 2026,
        notice: "示例通知(清明)".into(),
        rest: vec![day("2026-02-04"), day("2026-04-06")],
        work: Vec::new(),
    };
    assert_eq!(world.refused(&who(CLERK), Act::EnterNotice(EnterNotice(notice.clone())), "", &[]), ["not-entitled"]);
    let enter = || Act::EnterNotice(EnterNotice(notice.clone()));
    assert_eq!(world.refused(&who(OFFICE), enter(), "", &[]), ["reason-needed"], "it takes the place of another");
    let said = world.findings(&who(OFFICE), enter(), "清明调休", &[], Level::Note);
    let said: Vec<(&str, &str)> = said.iter().map(|found| (found.name, found.message.zh.as_str())).collect();
    let moved = ("deadline-moved", "“2026-03 就业数”（三月）的期限：2026-04-07 → 2026-04-08");
    let objecting = ("deadline-moved", "对上访“信访1”的异议期：2026-04-07 → 2026-04-09");
    let answering = ("deadline-moved", "异议“异议1”的答复期限：2026-04-07 → 2026-04-08");
    let told = world.findings(&who(OFFICE), enter(), "清明调休", &[], Level::Warning);
    let days = "2026 年原来的通知里有 4 天，新的没有写：2026-01-01、2026-01-02、2026-01-03、2026-01-04";
    assert_eq!(told.iter().map(|found| found.message.zh.as_str()).collect::<Vec<_>>(), [days]);
    assert_eq!(said, [moved, objecting, answering], "the one of January is past, and so is the first event");
    world.does_because(&who(OFFICE), enter(), "清明调休");
    assert_eq!(due(&world, "三月"), Some(day("2026-04-08")));
    let until = |world: &World, id: &str| world.state.events[&("上访".into(), id.into())].objections_until;
    assert_eq!((until(&world, "信访0"), until(&world, "信访1")), (Some(day("2026-02-05")), Some(day("2026-04-09"))));
    assert_eq!(world.state.objections["异议1"].answer_by, Some(day("2026-04-08")));
    assert_eq!(due(&world, "一月"), before, "past: nobody is late afterwards who was not");
    world.replays();
}

fn assess(office: &str) -> Act {
    let judged =
        Judged {
            indicator: "新增就业".into(), field: "目标数".into(), value: "5,000".into(), kind: String::new()
        };
    Act::Assess(Assess {
        scheme: "民生".into(),
        round: "验收".into(),
        office: office.into(),
        values: vec![judged],
        further_assessor: false,
    })
}

/// Nobody judges an office he belongs to, or one it is ranked with; taking the role away ends it at once.
#[test]
fn whoever_belongs_to_an_office_stands_aside() {
    let mut world = begun();
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let lead = by("A3", "甲市", Role::Lead);
    assert_eq!(world.refused(&lead, assess("乙县"), "", &[]), Vec::<&str>::new());
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    // A role in a township of the county is one too, and counts for the county's rivals as well.
    world.does(&security, grant("A3", "戊乡", Role::Clerk));
    assert_eq!(world.refused(&lead, assess("乙县"), "", &[]), ["recusal-needed"]);
    assert_eq!(world.refused(&lead, assess("丙县"), "", &[]), ["recusal-needed"], "they are ranked together");
    let revoke = RevokeRole { account: "A3".into(), office: "戊乡".into(), role: Role::Clerk };
    world.does_because(&security, Act::RevokeRole(revoke), "不再兼任");
    assert_eq!(world.refused(&lead, assess("乙县"), "", &[]), Vec::<&str>::new());
    // Standing in for somebody there is the same; so is standing in for one who is of the county.
    let deputy = |deputy: &str, office: &str, role: Role| {
        Act::NameDeputy(NameDeputy {
            deputy: deputy.into(),
            office: office.into(),
            role,
            from: day("2026-01-05"),
            to: day("2026-01-09"),
        })
    };
    let from_above = deputy("A3", "乙县", Role::Signer);
    assert_eq!(world.refused(&who(SIGNER), from_above, "", &[]), ["not-now"], "nobody takes a judge away so");
    assert_eq!(world.refused(&lead, assess("丙县"), "", &[]), Vec::<&str>::new());
    world.does(&who(OFFICE), deputy("C1", "甲市", Role::AssessmentOffice));
    let for_a1 = kaoping_ledger::By { deputy_for: Some("A1".into()), ..by("C1", "甲市", Role::AssessmentOffice) };
    assert_eq!(world.refused(&for_a1, assess("乙县"), "", &[]), ["recusal-needed"], "C1 is of 丙县");
    world.on("2026-01-12");
    assert_eq!(world.refused(&lead, assess("丙县"), "", &[]), Vec::<&str>::new(), "the week is over");
    // The leading group does it where the others have to stand aside.
    assert_eq!(world.refused(&by("A2", "甲市", Role::LeadingGroup), assess("丙县"), "", &[]), Vec::<&str>::new());
    world.replays();
}

/// Where an office is itself assessed under the scheme, it does not score those it is ranked with.
#[test]
fn an_office_that_is_ranked_does_not_score() {
    let mut world = begun();
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    let mut also = collection("二月", "2026-02", "2026-03-02");
    also.offices.push("戊乡".into());
    world.does(&who(OFFICE), Act::OpenCollection(also));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("C1", "乙县", Role::Lead));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("C3", "乙县", Role::Inspector));
    let revoke = |account: &str, role| RevokeRole { account: account.into(), office: "丙县".into(), role };
    world.does_because(&by("S2", "甲市", Role::SecurityAdmin), Act::RevokeRole(revoke("C1", Role::Clerk)), "调动");
    let county = by("C1", "乙县", Role::Lead);
    assert_eq!(world.refused(&county, assess("戊乡"), "", &[]), ["recusal-needed"], "both are units of the scheme");
    let version =
        kaoping_office::state::OfficeVersion { group: "乡镇".into(), ..version("戊乡", "乙县", "2026-01-05") };
    let change = ChangeOffice { office: "戊乡".into(), version };
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::ChangeOffice(change));
    assert_eq!(world.refused(&county, assess("戊乡"), "", &[]), Vec::<&str>::new(), "ranked apart, in another group");
    world.replays();
}

/// What an office reports beside what those below it did: where the parts are not the whole, that is a question,
/// for the office above and for the last of those below.
#[test]
fn parts_that_are_not_the_whole_are_asked_about() {
    let mut world = begun();
    let system = by("S1", "甲市", Role::SystemAdmin);
    world.does(&system, open("戊乡", "乙县"));
    world.does(&system, open("己乡", "乙县"));
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let mut both = collection("一月乡镇", "2026-01", "2026-02-02");
    both.offices = vec!["戊乡".into(), "己乡".into()];
    world.does(&who(OFFICE), Act::OpenCollection(both));
    let submit_for = |office: &str, value: &str, answer: &str| {
        let figure =
            Standing { figure: "新增就业".into(), value: value.into(), evidence: paper(), answer: answer.into() };
        let (collection, office) = ("一月乡镇".into(), office.into());
        Act::SubmitReport(SubmitReport { collection, office, figures: [figure].into(), replaces: None })
    };
    let people = [("C1", Role::Clerk), ("C2", Role::Reviewer), ("C3", Role::Signer)];
    let report = |world: &mut World, office: &str, value: &str, answer: &str| {
        for (account, role) in people {
            world.does(&security, grant(account, office, role));
        }
        world.does(&by("C1", office, Role::Clerk), submit_for(office, value, answer));
        let (collection, office_id) = (|| "一月乡镇".into(), || office.into());
        let review = ReviewReport { collection: collection(), office: office_id(), seen: None };
        world.does(&by("C2", office, Role::Reviewer), Act::ReviewReport(review));
        let sign = SignReport { collection: collection(), office: office_id(), seen: None };
        world.does(&by("C3", office, Role::Signer), Act::SignReport(sign));
    };
    report(&mut world, "戊乡", "500", "");
    assert_eq!(
        world.refused(&who(CLERK), submit("一月", "880", ""), "", &[]),
        Vec::<&str>::new(),
        "己乡 is still to come"
    );
    let mut other = world.clone();
    report(&mut world, "己乡", "380", "");
    assert_eq!(world.refused(&who(CLERK), submit("一月", "881", ""), "", &[]), ["question-open"]);
    assert_eq!(world.refused(&who(CLERK), submit("一月", "880", ""), "", &[]), Vec::<&str>::new());
    world.does(&who(CLERK), submit("一月", "881", "县直单位 1 人"));
    // The county first: then the last township is asked.
    reported(&mut other, "一月", "880");
    for (account, role) in people {
        other.does(&security, grant(account, "己乡", role));
    }
    let clerk = by("C1", "己乡", Role::Clerk);
    assert_eq!(other.refused(&clerk, submit_for("己乡", "379", ""), "", &[]), ["question-open"]);
    assert_eq!(other.refused(&clerk, submit_for("己乡", "380", ""), "", &[]), Vec::<&str>::new());
    world.replays();
}
