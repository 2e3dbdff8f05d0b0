//! Who judges: no more than the standard names, what one takes back counts no more, and what a mark differs by.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::{Algorithm, By};
use kaoping_office::{
    Act, Role,
    deeds::{
        assessors::{Input, TakeBack},
        people::OpenAccount,
        rounds::{Assess, Judged, PutDownResults, Seal},
        schemes::AdoptScheme,
    },
    outline::Field,
    rounds::InRound,
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{GROUP, OFFICE, SECOND, reported, scheme, who},
    by, grant,
};

const NOTHING: [&str; 0] = [];

/// A scheme with an input two assessors judge, and one somebody judges alone.
fn judged() -> AdoptScheme {
    let mut act = scheme();
    let inputs = &mut act.outline.indicators[0].fields;
    let mark = Field { judged: true, needs_reason: true, ..Field::default() };
    inputs.push(Field { name: "评分".into(), by_assessor: true, assessors: Some(2), ..mark.clone() });
    inputs.push(Field { name: "印象".into(), ..mark });
    act
}

fn lead(number: u8) -> By {
    by(&format!("L{number}"), "甲市", Role::Lead)
}

fn opened() -> World {
    let mut world = World::city();
    world.define("新增就业");
    world.does(&who(OFFICE), Act::AdoptScheme(judged()));
    world.does(&who(OFFICE), Act::OpenCollection(world::begun::collection("一月", "2026-01", "2026-02-02")));
    for number in 1..=3 {
        let account = format!("L{number}");
        world.does(
            &by("S1", "甲市", Role::SystemAdmin),
            Act::OpenAccount(OpenAccount { account: account.as_str().into() }),
        );
        world.does(&by("S2", "甲市", Role::SecurityAdmin), grant(&account, "甲市", Role::Lead));
    }
    world
}

fn assess(field: &str, round: &str, value: &str) -> Assess {
    Assess {
        scheme: "民生".into(),
        round: round.into(),
        office: "乙县".into(),
        values: vec![Judged {
            indicator: "新增就业".into(),
            field: field.into(),
            value: value.into(),
            kind: String::new(),
        }],
        further_assessor: false,
    }
}

fn marks(world: &mut World, who: &By, value: &str) -> u64 {
    world.does_because(who, Act::Assess(assess("评分", "验收", value)), "现场查看")
}

fn take_back(assessor: Option<&str>, field: &str) -> Act {
    Act::TakeBack(TakeBack {
        scheme: "民生".into(),
        round: "验收".into(),
        office: "乙县".into(),
        assessor: assessor.map(Into::into),
        values: vec![Input { indicator: "新增就业".into(), field: field.into() }],
    })
}

/// What is given to scoring as judged, with who judged it.
fn scored(world: &World, field: &str) -> Vec<(String, String)> {
    let (outline, scheme) = (judged().outline, "民生".into());
    let sheets = world.state.sheets(&scheme, &outline, "").expect("sheets");
    let rows = sheets.facts.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let rows = rows.filter(|cells| cells.first() == Some(&"乙县") && cells.get(2) == Some(&field));
    rows.map(|cells| (cells[7].to_owned(), cells[3].to_owned())).collect()
}

fn line<'a>(world: &'a World, field: &str, round: &str) -> InRound<'a> {
    let (scheme, _) = world.state.schemes.get_key_value("民生").expect("a scheme");
    let mut all = world.state.rounds(scheme, world.state.today);
    all.find(|line| line.office.as_str() == "乙县" && line.field == field && line.round == round).expect("a line")
}

fn put_down(world: &mut World) -> u64 {
    let version = world.state.schemes.get("民生").expect("a scheme").versions.last().expect("a version").number;
    let act = PutDownResults {
        scheme: "民生".into(),
        round: "验收".into(),
        version,
        at: world.state.size,
        scores: Algorithm::Sha256.hash(&[b"scores"]),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: None,
    };
    world.does(&who(OFFICE), Act::PutDownResults(act))
}

#[test]
fn one_assessor_more_than_the_standard_names_does_not_count_unseen() {
    let mut world = opened();
    marks(&mut world, &lead(1), "8");
    marks(&mut world, &lead(2), "7");
    let third = Act::Assess(assess("评分", "验收", "2"));
    let found = world.findings(&lead(3), third.clone(), "现场查看", &[], Level::Error);
    assert_eq!(found.iter().map(|found| found.name).collect::<Vec<_>>(), ["assessor-beyond"]);
    assert_eq!(found[0].message.zh, "“新增就业/评分”由 2 位评委评，已有 2 位评过（L1、L2）");
    // Whoever judged already may change his mind, and another office has assessors of its own.
    marks(&mut world, &lead(2), "7.5");
    let other = Assess { office: "丙县".into(), ..assess("评分", "验收", "5") };
    assert_eq!(world.refused(&lead(3), Act::Assess(other), "现场查看", &[]), NOTHING);
    // A standard may name the fewest; that there is one more is then said, with a reason.
    let said = Act::Assess(Assess { further_assessor: true, ..assess("评分", "验收", "2") });
    assert_eq!(world.refused(&lead(3), said.clone(), "", &[]), ["reason-needed"]);
    world.does_because(&lead(3), said, "评审组定为三人");
    assert_eq!(scored(&world, "评分").len(), 3);
    world.replays();
}

#[test]
fn what_an_assessor_set_is_taken_back_with_a_reason_and_stays_in_the_record() {
    let mut world = opened();
    let first = marks(&mut world, &lead(1), "8");
    marks(&mut world, &lead(2), "7");
    assert_eq!(world.refused(&lead(2), take_back(None, "评分"), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&lead(3), take_back(None, "评分"), "评错了", &[]), ["not-now"], "he has set none");
    assert_eq!(world.refused(&lead(3), take_back(Some("L2"), "评分"), "评错了", &[]), ["not-now"], "it is another's");
    assert_eq!(world.refused(&lead(2), take_back(None, "评份"), "评错了", &[]), ["not-in-the-record", "not-now"]);
    let taken = world.does_because(&lead(2), take_back(None, "评分"), "评错了单位");
    assert_eq!(scored(&world, "评分"), [("L1".to_owned(), "8".to_owned())]);
    assert_eq!(world.refused(&lead(2), take_back(None, "评分"), "再收", &[]), ["not-now"], "once");
    // His place is free, and he may judge again himself.
    marks(&mut world, &lead(3), "6");
    assert_eq!(world.refused(&lead(2), Act::Assess(assess("评分", "验收", "7")), "查看", &[]), ["assessor-beyond"]);
    // The assessment office takes back what somebody left behind.
    world.does_because(&who(OFFICE), take_back(Some("L1"), "评分"), "L1 已调离");
    assert_eq!(scored(&world, "评分"), [("L3".to_owned(), "6".to_owned())]);
    let line = line(&world, "评分", "验收");
    let told: Vec<_> =
        line.taken.iter().map(|(set, taken)| (set.by.as_str(), set.judged.value.as_str(), taken.number)).collect();
    assert_eq!(told[0], ("L2", "7", taken));
    assert_eq!((told[1].0, told[1].1), ("L1", "8"));
    assert_eq!((line.taken[0].0.judged.number, line.taken[0].1.why.as_str()), (first + 1, "评错了单位"));
    world.replays();
}

#[test]
fn the_last_value_taken_back_leaves_what_was_reported() {
    let mut world = opened();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let judged = Judged { kind: "data".into(), ..assess("完成数", "验收", "870").values.remove(0) };
    let act = Assess { values: vec![judged], ..assess("完成数", "验收", "870") };
    world.does_because(&lead(1), Act::Assess(act), "查实");
    put_down(&mut world);
    let taken = world.does_because(&lead(1), take_back(None, "完成数"), "查错了单位");
    assert_eq!(
        scored(&world, "完成数"),
        [("", "880"), ("", "880")].map(|(by, value)| (by.to_owned(), value.to_owned()))
    );
    let row = line(&world, "完成数", "验收");
    assert_eq!(row.value, "870", "what it was scored with");
    let since = row.since.as_ref().map(|since| (since.value.as_str(), since.number));
    assert_eq!(since, Some(("880", taken)));
    world.replays();
}

#[test]
fn results_are_stale_once_a_value_they_rest_on_is_taken_back() {
    let mut world = opened();
    marks(&mut world, &lead(1), "8");
    world.does_because(&lead(2), Act::Assess(assess("印象", "验收", "7")), "现场查看");
    put_down(&mut world);
    let seal = Act::Seal(Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 5, shown: false });
    assert_eq!(world.refused(&who(GROUP), seal.clone(), "审定", &[]), NOTHING);
    let taken = world.does_because(&lead(2), take_back(None, "印象"), "评错了单位");
    assert_eq!(world.refused(&who(GROUP), seal.clone(), "审定", &[]), ["not-now"]);
    let row = line(&world, "印象", "验收");
    assert_eq!(
        (row.value.as_str(), row.since.as_ref().map(|since| (since.value.as_str(), since.number))),
        ("7", Some(("", taken)))
    );
    let version = world.state.results.values().next().expect("results").version;
    let results = PutDownResults {
        replaces: world.state.results.values().next().map(|results| results.number),
        scheme: "民生".into(),
        round: "验收".into(),
        version,
        at: world.state.size,
        scores: Algorithm::Sha256.hash(&[b"other scores"]),
        totals: Vec::new(),
        awards: Vec::new(),
        by_rule: Vec::new(),
    };
    world.does(&who(SECOND), Act::PutDownResults(results));
    world.does_because(&who(GROUP), seal, "审定");
    assert_eq!(world.refused(&lead(1), take_back(None, "评分"), "后悔", &[]), ["not-now"], "it is sealed");
    world.replays();
}

/// A mark differs by judgement: nobody has to say so, and it is never left open what it differs by.
#[test]
fn a_mark_of_what_one_person_judges_differs_by_judgement() {
    let mut world = opened();
    // The later round is marked first, so that there is nothing yet to differ from.
    world.does_because(&lead(1), Act::Assess(assess("印象", "验收", "7")), "现场查看");
    assert_eq!(line(&world, "印象", "验收").kind(), "", "nothing stands before it");
    world.does_because(&lead(1), Act::Assess(assess("印象", "自评", "9")), "材料齐全");
    let row = line(&world, "印象", "验收");
    assert_eq!((row.difference.as_str(), row.kind()), ("-2", "judgement"));
    // Marked anew beside the round before.
    world.does_because(&lead(1), Act::Assess(assess("印象", "验收", "6")), "复查");
    let row = line(&world, "印象", "验收");
    assert_eq!((row.difference.as_str(), row.kind()), ("-3", "judgement"));
    assert_eq!(row.reason().map(|judged| judged.kind.as_str()), Some("judgement"));
    // Reported figures are told as before: their difference is not guessed.
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    assert_eq!(
        world.refused(&lead(1), Act::Assess(assess("完成数", "验收", "870")), "查实", &[]),
        ["difference-unexplained"]
    );
    world.replays();
}
