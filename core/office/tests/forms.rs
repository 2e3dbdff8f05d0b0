//! What a report is filled in from and looked through by, and what is said before a deed is done.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at what should be there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        proposals::Propose,
        reports::{ReturnReport, SignReport},
    },
    duties::Lamp,
    forms::Line,
    ids::{CollectionId, OfficeId},
    state::{Decision, Stage},
};
use world::{
    World,
    begun::{
        CLERK, OFFICE, REVIEWER, SIGNER, begun, collection, reported, review, review_now, sign, sign_now, submit,
        submit_again, who,
    },
    by, paper,
};

fn lines<'a>(world: &'a World, id: &str, office: &'a OfficeId) -> Vec<Line<'a>> {
    world.state.form(&CollectionId::from(id), office).expect("a form")
}

fn back(office: &str) -> Act {
    Act::ReturnReport(ReturnReport { collection: "一月".into(), office: office.into(), seen: None })
}

#[test]
fn a_form_knows_what_was_before_and_what_is_known_from_elsewhere() {
    let mut world = begun();
    let county = OfficeId::from("乙县");
    assert!(world.state.form(&"没有".into(), &county).is_none());
    assert!(world.state.form(&"一月".into(), &"丁县".into()).is_none(), "nothing is asked of it");
    let line = &lines(&world, "一月", &county)[0];
    assert!(line.filled.is_none() && line.last.is_none() && !line.is_known);
    reported(&mut world, "一月", "880");
    world.on("2026-03-02");
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-03-02")));
    world.does(&who(OFFICE), Act::OpenCollection(collection("又要一月", "2026-01", "2026-03-02")));
    let line = &lines(&world, "二月", &county)[0];
    assert_eq!(
        line.last.map(|(period, cell)| (period.to_string(), cell.value.as_str())),
        Some(("2026-01".into(), "880"))
    );
    assert_eq!(line.compared.map(|(period, _)| period.to_string()).as_deref(), Some("2026-01"));
    assert!(lines(&world, "又要一月", &county)[0].is_known, "asked again, known already");
    assert!(!lines(&world, "一月", &county)[0].is_known, "reported through this very report");
}

#[test]
fn what_changed_since_it_was_sent_back_is_told_and_every_step_is_kept() {
    let mut world = begun();
    let county = OfficeId::from("乙县");
    let mut steps = vec![world.does(&who(CLERK), submit("一月", "880", "集中招工"))];
    steps.push(world.does_because(&who(REVIEWER), back("乙县"), "与月报不符"));
    assert!(!lines(&world, "一月", &county)[0].has_changed(), "nothing is compared while it is mended");
    steps.push(world.does(&who(CLERK), submit("一月", "870", "集中招工")));
    // Handed in once more before anybody looked: what was sent back stays what it was.
    steps.push(world.does(&who(CLERK), submit_again(&world, "一月", "860")));
    let form = lines(&world, "一月", &county);
    assert!(form[0].has_changed());
    assert_eq!(form[0].sent_back.map(|standing| standing.value.as_str()), Some("880"));
    steps.push(world.does(&who(REVIEWER), review_now(&world, "一月")));
    steps.push(world.does(&who(SIGNER), sign_now(&world, "一月")));
    let report = &world.state.reports[&("一月".into(), county)];
    assert_eq!(report.entries, steps);
    world.replays();
}

#[test]
fn a_correction_that_waits_stands_beside_its_figure() {
    let mut world = begun();
    let county = OfficeId::from("乙县");
    reported(&mut world, "一月", "880");
    let decision = Decision::CorrectFigure {
        office: county.clone(),
        figure: "新增就业".into(),
        period: "2026-01".parse().expect("a period"),
        value: "890".into(),
    };
    world.does_because(&who(SIGNER), Act::Propose(Propose { proposal: "更正1".into(), decision }), "漏报");
    let form = lines(&world, "一月", &county);
    assert_eq!(form[0].correction.map(|(id, value)| (id.as_str(), value)), Some(("更正1", "890")));
}

#[test]
fn how_far_an_office_is_has_a_lamp() {
    let mut world = begun();
    let (id, county, other) = (CollectionId::from("一月"), OfficeId::from("乙县"), OfficeId::from("丙县"));
    let owing = |world: &World, office: &OfficeId, day| {
        let owing = world.state.owing(&id, office, world::day(day)).expect("asked");
        (owing.stage(), owing.lamp, owing.is_done(), owing.late)
    };
    // Asked for on Monday the 2nd of February, due on the 5th, late after the 6th.
    assert_eq!(owing(&world, &county, "2026-01-20"), (None, Lamp::Unreported, false, false));
    assert_eq!(owing(&world, &county, "2026-02-03"), (None, Lamp::Near, false, false));
    assert_eq!(owing(&world, &county, "2026-02-06"), (None, Lamp::Near, false, false), "a day of grace");
    assert_eq!(owing(&world, &county, "2026-02-09"), (None, Lamp::Late, false, false));
    world.on("2026-02-04");
    reported(&mut world, "一月", "880");
    assert_eq!(owing(&world, &county, "2026-02-09"), (Some(Stage::Signed), Lamp::InTime, true, false));
    world.on("2026-02-09");
    for (account, role, act) in [
        ("C1", Role::Clerk, submit("一月", "900", "集中招工")),
        ("C2", Role::Reviewer, review("一月")),
        ("C3", Role::Signer, sign("一月")),
    ] {
        let act = of(act, &other);
        world.does(&by(account, "丙县", role), act);
    }
    assert_eq!(owing(&world, &other, "2026-02-10"), (Some(Stage::Signed), Lamp::Late, true, true), "signed late");
    assert!(world.state.owing(&id, &"丁县".into(), world::day("2026-02-10")).is_none());
}

/// The same of another office.
fn of(act: Act, office: &OfficeId) -> Act {
    match act {
        Act::SubmitReport(report) => {
            Act::SubmitReport(kaoping_office::deeds::reports::SubmitReport { office: office.clone(), ..report })
        }
        Act::ReviewReport(report) => {
            Act::ReviewReport(kaoping_office::deeds::reports::ReviewReport { office: office.clone(), ..report })
        }
        Act::SignReport(report) => Act::SignReport(SignReport { office: office.clone(), ..report }),
        other => other,
    }
}

#[test]
fn who_is_able_is_told_with_the_office_and_role_he_does_it_in() {
    let mut world = begun();
    let today = world::day("2026-01-05");
    let able = |world: &World, account: &str, act: &Act| {
        let viewer = world.state.viewer(account, today).expect("somebody");
        let told = viewer.able(act, "因为", &paper());
        told.map(|by| format!("{} {}", by.office, by.role))
            .map_err(|findings| findings.iter().map(|finding| finding.name).collect::<Vec<_>>())
    };
    assert_eq!(able(&world, "B2", &review("一月")), Err(vec!["not-in-the-record"]), "there is none yet");
    world.does(&who(CLERK), submit("一月", "880", "集中招工"));
    assert_eq!(able(&world, "B2", &review("一月")), Ok("乙县 reviewer".into()));
    assert_eq!(able(&world, "B3", &review("一月")), Err(Vec::new()), "it is not his to do");
    assert_eq!(able(&world, "C2", &review("一月")), Err(Vec::new()), "nor is it of another county");
    assert_eq!(able(&world, "A1", &back("乙县")), Err(vec!["not-now"]), "above only once it is signed");
    // Whoever filled it in does not look through it, whatever else he is.
    world.does_because(&by("S2", "甲市", Role::SecurityAdmin), world::grant("B1", "乙县", Role::Reviewer), "人手不够");
    assert_eq!(able(&world, "B1", &review("一月")), Err(vec!["second-person-needed"]));
}

#[test]
fn what_is_to_be_said_of_a_figure_is_said_before_it_is_handed_in() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    world.on("2026-03-02");
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-03-02")));
    let noted = |value: &str, answer: &str| {
        let Act::SubmitReport(report) = submit("二月", value, answer) else { panic!("a report") };
        let noted = report.noted(&world.state);
        noted
            .into_iter()
            .map(|noted| (noted.refused.map(|finding| finding.name), noted.questions.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(noted("900", ""), []);
    assert_eq!(noted("9000", ""), [(None, 1)]);
    assert_eq!(noted("9000", "两家新厂开工"), [(None, 1)], "a question stays, with its answer");
    assert_eq!(noted("-9", "").first().map(|noted| noted.0), Some(Some("value-not-fitting")));
}
