//! What goes beyond its time, its scheme or its year is told before it is done.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        collections::{CancelCollection, OpenCollection},
        events::EnterEvent,
        schemes::{AdoptScheme, ForwardScheme},
    },
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{CLERK, OFFICE, begun, collection, scheme, submit, who},
    by, day, paper,
};

const NOTHING: [&str; 0] = [];

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

#[test]
fn a_collection_asked_by_mistake_is_taken_back_until_somebody_reports() {
    let mut world = begun();
    let mut wrong = collection("二月错", "2026-02", "2026-03-02");
    wrong.title = "打错了".into();
    world.does(&who(OFFICE), Act::OpenCollection(wrong.clone()));
    let cancel = |id: &str| Act::CancelCollection(CancelCollection { collection: id.into() });
    let owed = |world: &World| world.state.owed_by(&"乙县".into(), world.state.today).len();
    assert_eq!(owed(&world), 2);
    assert_eq!(world.refused(&who(OFFICE), cancel("二月错"), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&who(CLERK), cancel("二月错"), "错", &[]), ["not-entitled"]);
    assert_eq!(world.refused(&who(OFFICE), cancel("三月"), "错", &[]), ["not-in-the-record"]);
    let entry = world.does_because(&who(OFFICE), cancel("二月错"), "期间写错");
    assert_eq!(owed(&world), 1, "the duties are gone");
    assert!(!world.state.collections.contains_key("二月错"));
    let act = kaoping_office::Entry::from_bytes(&world.entries[usize::try_from(entry).expect("a place")]);
    let reads = |account: &str| {
        let viewer = world.state.viewer(account, world.state.today).expect("somebody");
        viewer.may_read_entry(act.as_ref().expect("an entry"))
    };
    assert!(reads("A1") && reads("B1"), "whoever saw that it was asked reads that it is not");
    assert_eq!(world.refused(&who(OFFICE), cancel("二月错"), "错", &[]), ["not-in-the-record"]);
    assert_eq!(world.refused(&who(OFFICE), Act::OpenCollection(wrong), "", &[]), ["already-in-the-record"]);
    world.does(&who(CLERK), submit("一月", "880", ""));
    let found = world.findings(&who(OFFICE), cancel("一月"), "错", &[], Level::Error);
    assert_eq!(found.iter().map(|found| found.name).collect::<Vec<_>>(), ["not-now"]);
    assert!(format!("{:?}", found[0]).contains("已有 1 个单位报过（如“乙县”）"), "{:?}", found[0]);
    world.replays();
}
