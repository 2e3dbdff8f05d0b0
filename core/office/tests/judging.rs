//! What is said in a round can be taken back, and what was found on the spot stays; more judges than the standard names are
//! told; what goes beyond its time is told.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::By;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        events::EnterEvent,
        rounds::{Assess, Judged, PutDownResults, Seal},
        samples::{DrawSample, Inspect},
        schemes::{AdoptScheme, ForwardScheme},
    },
    outline::Field,
    state::Method,
    tables::Key,
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{GROUP, OFFICE, SECOND, begun, collection, reported, scheme, submit, who},
    by, day, paper,
};

const NOTHING: [&str; 0] = [];

/// The scheme of the city, where two people judge how it looks.
fn judged_scheme() -> AdoptScheme {
    let mut adopted = scheme();
    let looks = Field {
        name: "观感".into(),
        by_assessor: true,
        judged: true,
        judges: Some(2),
        needs_reason: true,
        ..Field::default()
    };
    adopted.outline.indicators[0].fields.push(looks);
    adopted
}

fn mark(field: &str, value: &str) -> Act {
    let judged =
        Judged { indicator: "新增就业".into(), field: field.into(), value: value.into(), kind: String::new() };
    let (scheme, round, office) = ("民生".into(), "验收".into(), "乙县".into());
    Act::Assess(Assess { scheme, round, office, values: vec![judged] })
}

fn third() -> By {
    who(GROUP)
}

fn judged() -> World {
    let mut world = begun();
    world.does_because(&who(OFFICE), Act::AdoptScheme(judged_scheme()), "加一项观感");
    world
}

/// The marks that count, by whom.
fn marks(world: &World) -> Vec<(String, String)> {
    let set = world.state.assessed.iter().find(|((.., field), _)| field == "观感");
    let set = set.into_iter().flat_map(|(_, set)| &set.values);
    set.map(|(by, judged)| (by.to_string(), judged.value.clone())).collect()
}

#[test]
fn a_mark_is_taken_back_by_whoever_gave_it_with_a_reason() {
    let mut world = judged();
    for person in [who(OFFICE), who(SECOND)] {
        assert_eq!(world.warned(&person, mark("观感", "8"), "看过现场", &[]), NOTHING);
        world.does_because(&person, mark("观感", "8"), "看过现场");
    }
    // A third one is told that two are to judge, and by whom it was done.
    let found = world.findings(&third(), mark("观感", "2"), "也看过", &[], Level::Warning);
    assert_eq!(found.iter().map(|found| found.name).collect::<Vec<_>>(), ["assessors-too-many"]);
    assert!(found[0].message.zh.contains("由 2 位评委打分，A1、A4 已经打过，这是第 3 位"), "{}", found[0].message.zh);
    // Whoever gave one changes it without being told so.
    assert_eq!(world.warned(&who(OFFICE), mark("观感", "7"), "再看一次", &[]), NOTHING);
    world.does_because(&third(), mark("观感", "2"), "也看过");
    let version = world.state.schemes.get("民生").expect("a scheme").versions.last().expect("a version").number;
    let results = PutDownResults {
        scheme: "民生".into(),
        round: "验收".into(),
        version,
        at: world.state.size,
        scores: kaoping_ledger::Algorithm::Sha256.hash(&[b"scores"]),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: None,
    };
    let scored_at = world.does(&who(OFFICE), Act::PutDownResults(results));
    let key = world.state.assessed.keys().find(|(.., field)| field == "观感").expect("marks").clone();
    // It needs a reason, and nobody takes back what somebody else gave.
    assert_eq!(world.refused(&third(), mark("观感", ""), "", &[]), ["reason-needed"]);
    world.does_because(&third(), mark("观感", ""), "不是评委");
    assert_eq!(world.refused(&third(), mark("观感", ""), "不是评委", &[]), ["value-not-fitting"]);
    assert_eq!(marks(&world), [("A1".to_owned(), "8".to_owned()), ("A4".to_owned(), "8".to_owned())]);
    // What it was scored with is remembered, and it is not sealed as if it still stood.
    assert_eq!(world.state.assessed.get(&key).expect("marks").at(scored_at).len(), 3);
    assert_eq!(world.state.assessed.get(&key).expect("marks").at(world.state.size).len(), 2);
    let seal = Act::Seal(Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 5, shown: false });
    let said = world.findings(&who(GROUP), seal, "", &[], Level::Error);
    assert!(said.iter().any(|found| found.message.zh.contains("汇总以后又有评分")), "{said:#?}");
    // All taken back, the row is gone from the tables.
    for person in [who(OFFICE), who(SECOND)] {
        world.does_because(&person, mark("观感", ""), "重新评");
    }
    assert!(marks(&world).is_empty());
    assert!(Key::Assessed(key).row(&world.state).columns.is_none());
}

#[test]
fn what_was_reported_counts_again_when_what_was_set_is_taken_back() {
    let mut world = judged();
    reported(&mut world, "一月", "400");
    let set = |value: &str, kind: &str| {
        let judged =
            Judged {
                indicator: "新增就业".into(), field: "完成数".into(), value: value.into(), kind: kind.into()
            };
        let (scheme, round, office) = ("民生".into(), "验收".into(), "乙县".into());
        Act::Assess(Assess { scheme, round, office, values: vec![judged] })
    };
    let sheet = |world: &World| {
        let (id, scheme) = world.state.schemes.get_key_value("民生").expect("a scheme");
        world.state.sheets(id, scheme.outline().expect("an outline"), world.state.today)
    };
    let before = format!("{:?}", sheet(&world));
    world.does_because(&who(OFFICE), set("399", "data"), "核减一人");
    assert_ne!(format!("{:?}", sheet(&world)), before);
    assert_eq!(world.refused(&who(OFFICE), set("", "data"), "核减错了", &[]), ["value-not-fitting"]);
    world.does_because(&who(OFFICE), set("", ""), "核减错了");
    assert_eq!(format!("{:?}", sheet(&world)), before);
}

#[test]
fn what_was_found_on_the_spot_is_not_replaced_unseen() {
    let mut world = begun();
    reported(&mut world, "一月", "400");
    let sample = DrawSample {
        sample: "抽查一".into(),
        collection: "一月".into(),
        method: Method::Random,
        seed: "7".into(),
        size: 9,
    };
    world.does(&who(OFFICE), Act::DrawSample(sample));
    let inspect = |found: &str| {
        let (sample, office, figure) = ("抽查一".into(), "乙县".into(), "新增就业".into());
        Act::Inspect(Inspect { sample, office, figure, found: found.into() })
    };
    let noted = |world: &World| {
        let all = world.state.samples.values().flat_map(|sample| sample.drawn.values());
        let all = all.flat_map(|found| &found.noted);
        all.map(|noted| (noted.value.clone(), noted.by.to_string(), noted.why.clone())).collect::<Vec<_>>()
    };
    world.try_to(&who(OFFICE), inspect("390"), "", &paper()).expect("an entry");
    assert_eq!(world.refused(&who(SECOND), inspect("395"), "", &paper()), ["reason-needed"]);
    assert_eq!(world.refused(&who(SECOND), inspect("390"), "", &paper()), NOTHING);
    world.try_to(&who(SECOND), inspect("395"), "名册补齐", &paper()).expect("an entry");
    let expected = [("390", "A1", ""), ("395", "A4", "名册补齐")];
    assert_eq!(noted(&world), expected.map(|(value, by, why)| (value.to_owned(), by.to_owned(), why.to_owned())));
}

#[test]
fn another_day_to_act_by_needs_a_reason() {
    let mut world = begun();
    let forward = |act_by: Option<&str>| {
        let (scheme, offices) = ("民生".into(), vec!["乙县".into()]);
        Act::ForwardScheme(ForwardScheme { scheme, offices, act_by: act_by.map(day) })
    };
    world.does(&who(OFFICE), forward(Some("2026-03-02")));
    assert_eq!(world.refused(&who(OFFICE), forward(Some("2026-03-02")), "", &[]), NOTHING);
    for other in [None, Some("2026-03-09")] {
        let said = world.findings(&who(OFFICE), forward(other), "", &[], Level::Error);
        assert_eq!(said.iter().map(|found| found.name).collect::<Vec<_>>(), ["reason-needed"]);
        assert!(said[0].message.zh.contains("期限 2026-03-02"), "{}", said[0].message.zh);
        assert_eq!(world.refused(&who(OFFICE), forward(other), "上级推迟", &[]), NOTHING);
    }
}

#[test]
fn a_deadline_in_a_year_without_holidays_and_a_period_that_goes_on_are_told() {
    let mut world = begun();
    let open = |id: &str, period: &str, from: &str| Act::OpenCollection(collection(id, period, from));
    assert!(
        !world.warned(&who(OFFICE), open("二月", "2026-02", "2026-03-01"), "", &[]).contains(&"holidays-unannounced")
    );
    let late = world.findings(&who(OFFICE), open("年末", "2031-12", "2031-12-30"), "", &[], Level::Warning);
    let told = late.iter().find(|found| found.name == "holidays-unannounced").expect("a warning");
    assert!(told.message.zh.contains("2032 年") || told.message.zh.contains("2031 年"), "{}", told.message.zh);
    world.does(&who(OFFICE), open("二月", "2026-02", "2026-02-09"));
    let clerk = by("B1", "乙县", Role::Clerk);
    let hand_in = submit("二月", "410", "");
    world.on("2026-02-10");
    assert!(world.warned(&clerk, hand_in.clone(), "", &[]).contains(&"period-not-over"));
    world.on("2026-02-28");
    assert!(!world.warned(&clerk, hand_in, "", &[]).contains(&"period-not-over"));
}

#[test]
fn an_event_table_of_two_schemes_is_told_when_it_is_adopted_and_when_an_event_is_entered() {
    let mut world = begun();
    let second = AdoptScheme { scheme: "维稳".into(), ..scheme() };
    let said = world.findings(&who(OFFICE), Act::AdoptScheme(second.clone()), "", &[], Level::Warning);
    let told: Vec<_> = said.iter().filter(|found| found.name == "event-table-shared").collect();
    assert_eq!(told.len(), 2, "{said:#?}");
    assert!(told[0].message.zh.contains("“民生”"), "{}", told[0].message.zh);
    let event = Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: "一".into(),
        office: "乙县".into(),
        day: day("2026-01-05"),
        columns: [("到".to_string(), "市".to_string())].into(),
        objection_days: 15,
    });
    assert_eq!(world.warned(&who(OFFICE), event.clone(), "", &paper()), NOTHING);
    world.does(&who(OFFICE), Act::AdoptScheme(second));
    let open = OpenCollection { scheme: "维稳".into(), ..collection("维稳一月", "2026-01", "2026-02-02") };
    world.does(&who(OFFICE), Act::OpenCollection(open));
    assert_eq!(world.warned(&who(OFFICE), event, "", &paper()), ["event-table-shared"]);
}
