//! A year of a small city, deed by deed, with the refusals it meets.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        events::{EnterEvent, WithdrawEvent},
        figures::DefineFigure,
        objections::{About, Answer, Object},
        proposals::{Decide, Propose},
        reports::ReturnReport,
        rounds::{Assess, Judged, Publish, PutDownResults, Seal},
        schemes::{AdoptScheme, ForwardScheme},
        targets::{AcceptLetter, HandDown, Part},
    },
    duties::DutyKind,
    state::{AwardLine, Card, Decision, Stage, TotalLine},
};
use kaoping_terms::Level;
use world::{
    World,
    begun::{
        CLERK, GROUP, OFFICE, REVIEWER, SECOND, SIGNER, begun, collection, reported, review, scheme, sign, submit, who,
    },
    by, day, grant, open, paper,
};

#[test]
fn three_people_report_and_nobody_above_writes() {
    let mut world = begun();
    world.on("2026-02-03");
    let office = "乙县".into();
    let owed = world.state.owed_by(&office, day("2026-02-03"));
    assert_eq!((owed.len(), owed[0].figures.len(), owed[0].left), (1, 1, 3), "Thursday is due, Friday is grace");
    assert_eq!(world.refused(&who(OFFICE), submit("一月", "880", ""), "", &[]), ["not-entitled"]);
    let other = by("C1", "丙县", Role::Clerk);
    assert_eq!(world.refused(&other, submit("一月", "880", ""), "", &[]), ["not-entitled"]);
    assert_eq!(world.refused(&who(CLERK), submit("一月", "八百", ""), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(CLERK), submit("一月", "880.5", ""), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(CLERK), submit("一月", "880 万元", ""), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(CLERK), submit("一月", "-1", ""), "", &[]), ["value-not-fitting"]);
    world.does(&who(CLERK), submit("一月", "880", ""));
    // The clerk holds all roles of the office now, and still cannot look through his own work.
    let security = by("S2", "甲市", Role::SecurityAdmin);
    world.does_because(&security, grant("B1", "乙县", Role::Reviewer), "人手不够");
    world.does_because(&security, grant("B2", "乙县", Role::Signer), "人手不够");
    assert_eq!(world.refused(&by("B1", "乙县", Role::Reviewer), review("一月"), "", &[]), ["second-person-needed"]);
    assert_eq!(world.refused(&who(SIGNER), sign("一月"), "", &[]), ["not-now"], "nobody has looked through it");
    world.does(&who(REVIEWER), review("一月"));
    assert_eq!(world.refused(&by("B2", "乙县", Role::Signer), sign("一月"), "", &[]), ["second-person-needed"]);
    assert!(world.state.cells.is_empty(), "nothing is reported before it is signed");
    world.does(&who(SIGNER), sign("一月"));
    assert_eq!(world.state.cells.values().map(|cell| cell.value.as_str()).collect::<Vec<_>>(), ["880"]);
    assert_eq!(world.state.is_late(&("一月".into(), office)), Some(false));
    world.replays();
}

#[test]
fn late_and_missing_reports_are_facts() {
    let mut world = begun();
    world.on("2026-02-09");
    reported(&mut world, "一月", "880");
    assert_eq!(world.state.is_late(&("一月".into(), "乙县".into())), Some(true), "the last day was 6 February");
    let january = "一月".into();
    let missing: Vec<_> = world.state.missing(&january, world.state.today).map(|office| office.as_str()).collect();
    assert_eq!(missing, ["丙县"]);
    let outline = scheme().outline;
    let sheets = world.state.sheets(&"民生".into(), &outline, "").expect("a scheme");
    assert_eq!(
        sheets.events.get("报表").map(String::as_str),
        Some("id,unit,date,evidence,withdrawn,及时\n一月/乙县,乙县,2026-02-09,,,否\n一月/丙县,丙县,2026-02-06,,,否\n")
    );
    assert!(sheets.facts.contains("\n乙县,新增就业,完成数,880,,sha256:"), "{}", sheets.facts);
    world.replays();
}

#[test]
fn a_figure_is_filled_in_once() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    // Another scheme's collection asks for the same figure of the same month.
    world.does(&who(OFFICE), Act::OpenCollection(collection("一月再要", "2026-01", "2026-02-10")));
    assert!(world.state.owed_by(&"乙县".into(), world.state.today).is_empty());
    assert_eq!(world.refused(&who(CLERK), submit("一月再要", "881", ""), "", &[]), ["not-now"]);
    let burden = world.state.burden();
    let january = burden.get(&("乙县".into(), 2026, 2)).expect("a month");
    assert_eq!((january.asked, january.shared), (2, 1));
    world.replays();
}

#[test]
fn a_jump_is_asked_about_and_the_answer_kept() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-03-02")));
    assert_eq!(world.refused(&who(CLERK), submit("二月", "8800", ""), "", &[]), ["question-open"]);
    assert_eq!(world.refused(&who(CLERK), submit("二月", "1320", ""), "", &[]), Vec::<&str>::new(), "just 50 %");
    world.does(&who(CLERK), submit("二月", "8800", "新厂招工"));
    world.replays();
}

#[test]
fn a_digit_too_many_is_asked_about_where_the_card_says_nothing_of_changes() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let card = Card { asks_beyond_percent: None, ..world.state.cards["新增就业"].clone() };
    let define = Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card });
    world.does_because(&who(OFFICE), define, "不再按比例问");
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-03-02")));
    for (value, asked) in [("8799", false), ("8800", true), ("88000", true), ("900", false)] {
        let refused = world.refused(&who(CLERK), submit("二月", value, ""), "", &[]);
        assert_eq!(refused, if asked { &["question-open"][..] } else { &[] }, "{value}");
    }
    let asked = world.findings(&who(CLERK), submit("二月", "8800", ""), "", &[], Level::Error);
    assert!(asked[0].message.zh.contains("2026-01 是 880，相差十倍以上"), "{}", asked[0].message.zh);
    // A year begins anew with what runs on from its beginning.
    world.does(&who(OFFICE), Act::OpenCollection(collection("明年一月", "2027-01", "2027-02-02")));
    world.does(&who(CLERK), submit("明年一月", "900", ""));
    world.replays();
}

#[test]
fn sent_back_with_a_reason_and_signed_anew() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let back = || Act::ReturnReport(ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None });
    assert_eq!(world.refused(&who(OFFICE), back(), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&who(SIGNER), back(), "写错了", &[]), ["not-now"], "signed: only from above");
    world.does_because(&who(OFFICE), back(), "与统计月报不符");
    assert!(world.state.cells.is_empty());
    assert!(!world.state.owed_by(&"乙县".into(), world.state.today).is_empty(), "it is owed again");
    reported(&mut world, "一月", "860");
    let key = ("一月".into(), "乙县".into());
    assert_eq!(world.state.reports.get(&key).map(|report| (report.stage, report.returned)), Some((Stage::Signed, 1)));
    world.replays();
}

#[test]
fn a_correction_takes_two_people_and_keeps_what_was() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let decision = Decision::CorrectFigure {
        office: "乙县".into(),
        figure: "新增就业".into(),
        period: "2026-01".parse().expect("a period"),
        value: "860".into(),
    };
    let propose = || Act::Propose(Propose { proposal: "更正1".into(), decision: decision.clone() });
    assert_eq!(world.refused(&who(SIGNER), propose(), "", &[]), ["reason-needed", "evidence-needed"]);
    assert_eq!(world.refused(&who(OFFICE), propose(), "不对", &paper()), ["not-now"], "nobody above corrects a figure");
    world.does_because(&who(SIGNER), propose(), "重复计入 20 人");
    let decide = |approved| Act::Decide(Decide { proposal: "更正1".into(), approved });
    assert_eq!(world.refused(&who(SIGNER), decide(true), "", &[]), ["not-entitled"]);
    assert_eq!(world.refused(&who(OFFICE), decide(false), "", &[]), ["reason-needed"]);
    world.does(&who(OFFICE), decide(true));
    let cell = world.state.cells.values().next().expect("a figure");
    assert_eq!((cell.value.as_str(), cell.before.len()), ("860", 1));
    assert_eq!(world.refused(&who(OFFICE), decide(true), "", &[]), ["not-now"]);
    world.replays();
}

#[test]
fn targets_add_up_and_both_sides_accept() {
    let mut world = begun();
    let hand_down = |parts: &[(&str, &str)]| {
        Act::HandDown(HandDown {
            scheme: "民生".into(),
            indicator: "新增就业".into(),
            field: "目标数".into(),
            adds_up: true,
            parts: parts
                .iter()
                .map(|(office, value)| Part { office: (*office).into(), value: (*value).into() })
                .collect(),
        })
    };
    assert_eq!(world.refused(&who(OFFICE), hand_down(&[("甲市", "5,000")]), "", &[]), ["not-entitled"]);
    world.does(&who(OFFICE), hand_down(&[("乙县", "5,000"), ("丙县", "3,000")]));
    let security = by("S2", "甲市", Role::SecurityAdmin);
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("己乡", "乙县"));
    world.does(&security, grant("C1", "乙县", Role::AssessmentOffice));
    let county = by("C1", "乙县", Role::AssessmentOffice);
    assert_eq!(
        world.refused(&county, hand_down(&[("戊乡", "2,000"), ("己乡", "2,900")]), "", &[]),
        ["value-not-fitting"]
    );
    assert_eq!(world.refused(&county, hand_down(&[("戊乡", "二千"), ("己乡", "2,900")]), "", &[]).len(), 2);
    // In two steps: the first says that more is to come, the second completes it.
    world.does_because(&county, hand_down(&[("戊乡", "2,000")]), "己乡另文下达");
    assert_eq!(world.refused(&county, hand_down(&[("己乡", "3,001")]), "", &[]), ["value-not-fitting"], "加码");
    world.does(&county, hand_down(&[("己乡", "3,000")]));
    assert_eq!(world.refused(&county, hand_down(&[("戊乡", "2,000"), ("己乡", "3,000")]), "", &[]), ["not-now"; 2]);
    let letter = || Act::AcceptLetter(AcceptLetter { scheme: "民生".into(), office: "乙县".into() });
    world.does(&who(SIGNER), letter());
    assert_eq!(world.refused(&who(SIGNER), letter(), "", &[]), ["not-now"]);
    world.does(&who(GROUP), letter());
    let letter = world.state.letters.values().next().expect("a letter");
    assert!(letter.upper.is_some() && letter.lower.is_some());
    world.replays();
}

#[test]
fn what_is_handed_down_after_a_letter_was_accepted_is_accepted_too() {
    let mut world = World::city();
    world.define("新增就业");
    let mut adopted = scheme();
    let mut other = adopted.outline.indicators[0].clone();
    (other.id, other.name) = ("再就业".into(), "再就业".into());
    other.fields.retain(|field| field.figure.is_none());
    adopted.outline.indicators.push(other);
    world.does(&who(OFFICE), Act::AdoptScheme(adopted));
    let hand_down = |indicator: &str| {
        let parts = vec![Part { office: "乙县".into(), value: "300".into() }];
        let (scheme, indicator) = ("民生".into(), indicator.into());
        Act::HandDown(HandDown { scheme, indicator, field: "目标数".into(), adds_up: false, parts })
    };
    let letter = || Act::AcceptLetter(AcceptLetter { scheme: "民生".into(), office: "乙县".into() });
    let owed = |world: &World| {
        let viewer = world.state.viewer("B3", world.state.today).expect("an account");
        let duties = world.state.duties(&viewer);
        assert!(duties.iter().all(|duty| duty.to.as_str() == "甲市"), "who waits for it");
        duties.iter().filter(|duty| duty.kind == DutyKind::Accept).count()
    };
    world.does(&who(OFFICE), hand_down("新增就业"));
    assert_eq!(owed(&world), 1);
    world.does(&who(SIGNER), letter());
    world.does(&who(GROUP), letter());
    assert_eq!((owed(&world), world.refused(&who(SIGNER), letter(), "", &[])), (0, vec!["not-now"]));
    world.does(&who(OFFICE), hand_down("再就业"));
    assert_eq!(owed(&world), 1, "the letter does not hold the new one");
    world.does(&who(SIGNER), letter());
    world.does(&who(GROUP), letter());
    assert_eq!((owed(&world), world.refused(&who(GROUP), letter(), "", &[])), (0, vec!["not-now"]));
    world.replays();
}

#[test]
fn a_scheme_with_errors_is_not_adopted_and_with_warnings_only_with_a_reason() {
    let mut world = World::city();
    world.define("新增就业");
    let adopt = |errors: &[&str], warnings: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect();
        Act::AdoptScheme(AdoptScheme { errors: list(errors), warnings: list(warnings), ..scheme() })
    };
    assert_eq!(world.refused(&who(OFFICE), adopt(&["parts-do-not-sum"], &[]), "急用", &[]), ["not-now"]);
    assert_eq!(world.refused(&who(OFFICE), adopt(&[], &["payment-cliff"]), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&who(CLERK), adopt(&[], &[]), "", &[]), ["not-entitled"; 1]);
    world.does_because(&who(OFFICE), adopt(&[], &["payment-cliff"]), "原文如此");
    assert_eq!(world.refused(&who(OFFICE), adopt(&[], &[]), "再来", &[]), ["not-now"], "nothing is amended");
    let mut amended = scheme();
    amended.outline.title = "民生工程目标管理办法".into();
    let amend = || Act::AdoptScheme(amended.clone());
    assert_eq!(world.refused(&who(OFFICE), amend(), "", &[]), ["reason-needed"], "an amendment says why");
    world.does_because(&who(OFFICE), amend(), "市政府常务会议纪要");
    assert_eq!(world.state.schemes.values().map(|scheme| scheme.versions.len()).collect::<Vec<_>>(), [2]);
    let forward = |act_by: &str| {
        Act::ForwardScheme(ForwardScheme {
            scheme: "民生".into(),
            offices: vec!["乙县".into()],
            act_by: Some(day(act_by)),
        })
    };
    world.does(&who(OFFICE), forward("2026-06-30"));
    world.does(&by("S1", "甲市", Role::SystemAdmin), open("戊乡", "乙县"));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("C1", "乙县", Role::AssessmentOffice));
    let county = by("C1", "乙县", Role::AssessmentOffice);
    let pass_on = |act_by: &str| {
        Act::ForwardScheme(ForwardScheme {
            scheme: "民生".into(),
            offices: vec!["戊乡".into()],
            act_by: Some(day(act_by)),
        })
    };
    assert_eq!(world.refused(&county, pass_on("2026-07-31"), "", &[]), ["value-not-fitting"]);
    world.does(&county, pass_on("2026-06-20"));
    let own = AdoptScheme {
        scheme: "民生-乙县".into(), office: "乙县".into(), upper: Some("民生".into()), ..scheme()
    };
    // What was passed on may be added to; what is left out is left out for a reason; what was not, not carried out.
    let mut less = own.clone();
    less.outline.indicators.clear();
    assert_eq!(world.refused(&county, Act::AdoptScheme(less), "", &[]), ["reason-needed"]);
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("C2", "丙县", Role::AssessmentOffice));
    let other = by("C2", "丙县", Role::AssessmentOffice);
    let stray = AdoptScheme { scheme: "民生-丙县".into(), office: "丙县".into(), ..own.clone() };
    assert_eq!(world.refused(&other, Act::AdoptScheme(stray), "", &[]), ["not-now"]);
    world.does(&county, Act::AdoptScheme(own));
    world.replays();
}

#[test]
fn slips_of_the_pen_are_told_all_at_once() {
    let mut world = begun();
    world.on("2026-03-10");
    let far = OpenCollection { working_days: 3000, grace_days: 2000, ..collection("三月", "2026-03", "2026-04-02") };
    assert_eq!(world.refused(&who(OFFICE), Act::OpenCollection(far), "", &[]), ["value-not-fitting"; 2]);
    let empty = OpenCollection { figures: Vec::new(), ..collection("三月", "2026-03", "2026-04-02") };
    assert_eq!(world.refused(&who(OFFICE), Act::OpenCollection(empty), "", &[]), ["value-not-fitting"]);
    let counted_in = Some(("报送".to_string(), "及时".to_string()));
    let unknown =
        OpenCollection { scheme: "民声".into(), counted_in, ..collection("三月", "2026-03", "2026-04-02") };
    assert_eq!(world.refused(&who(OFFICE), Act::OpenCollection(unknown), "", &[]), ["not-in-the-record"]);
    let seal = Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 60_000, shown: false };
    assert_eq!(world.refused(&who(GROUP), Act::Seal(seal), "", &[]), ["value-not-fitting", "not-in-the-record"]);
    // Names that would be too long for a key of a table are refused before anything rests on them.
    let mut adopted = scheme();
    adopted.outline.indicators[0].fields[0].name = "数".repeat(97);
    adopted.outline.rounds.push("轮".repeat(96));
    assert_eq!(world.refused(&who(OFFICE), Act::AdoptScheme(adopted), "改名", &[]), ["value-not-fitting"]);
}

#[test]
fn an_event_is_objected_to_and_withdrawn_by_the_answer() {
    let mut world = begun();
    world.on("2026-03-10");
    let event = || {
        Act::EnterEvent(EnterEvent {
            scheme: "民生".into(),
            table: "上访".into(),
            id: "信访-0007".into(),
            office: "乙县".into(),
            day: day("2026-03-06"),
            columns: [("到".to_string(), "市".to_string())].into(),
            objection_days: 5,
        })
    };
    assert_eq!(world.refused(&who(OFFICE), event(), "", &[]), ["evidence-needed"]);
    world.does_because(&who(OFFICE), event(), "");
    assert_eq!(world.refused(&who(OFFICE), event(), "", &paper()), ["already-in-the-record"]);
    let object = |id: &str| {
        let about = About::Event { table: "上访".into(), id: "信访-0007".into() };
        Act::Object(Object { objection: id.into(), office: "乙县".into(), about, answer_days: 10 })
    };
    world.on("2026-03-18");
    assert_eq!(world.refused(&who(SIGNER), object("异议1"), "不是本县的人", &[]), ["not-now"], "five working days");
    world.on("2026-03-17");
    world.does_because(&who(SIGNER), object("异议1"), "不是本县的人");
    assert_eq!(world.refused(&who(SIGNER), object("异议2"), "不是本县的人", &[]), ["not-now"], "the first one waits");
    let answer = || Act::Answer(Answer { objection: "异议1".into(), upheld: true });
    assert_eq!(world.refused(&who(SIGNER), answer(), "对", &[]), ["not-entitled"]);
    assert_eq!(world.refused(&who(OFFICE), answer(), "对", &[]), ["second-person-needed"], "A1 entered it");
    world.does_because(&who(SECOND), answer(), "查实为丙县居民");
    let event = world.state.events.values().next().expect("an event");
    assert_eq!(event.withdrawn, Some(day("2026-03-17")));
    let again = Act::WithdrawEvent(WithdrawEvent { table: "上访".into(), id: "信访-0007".into() });
    assert_eq!(world.refused(&who(OFFICE), again, "再撤", &[]), ["not-now"]);
    world.replays();
}

fn results(world: &World) -> Act {
    let version = world.state.schemes.values().next().and_then(|scheme| scheme.versions.last()).expect("a version");
    Act::PutDownResults(PutDownResults {
        scheme: "民生".into(),
        round: "验收".into(),
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
        awards: vec![AwardLine {
            award: "综合先进".into(),
            office: "乙县".into(),
            place: Some(1),
            reason: "总分第一".into(),
        }],
        by_rule: Vec::new(),
        replaces: world.state.results.get(&("民生".into(), "验收".into())).map(|results| results.number),
    })
}

#[test]
fn results_are_put_down_sealed_shown_and_published_by_different_people() {
    let mut world = begun();
    reported(&mut world, "一月", "880");
    let assess = |round: &str, kind: &str| {
        Act::Assess(Assess {
            scheme: "民生".into(),
            round: round.into(),
            office: "乙县".into(),
            values: vec![Judged {
                indicator: "新增就业".into(),
                field: "完成数".into(),
                value: "870".into(),
                kind: kind.into(),
            }],
            further_assessor: false,
        })
    };
    let lead = by("A3", "甲市", Role::Lead);
    assert_eq!(world.refused(&lead, assess("复评", "data"), "抽查", &[]), ["not-in-the-record"]);
    assert_eq!(world.refused(&lead, assess("验收", "data"), "", &[]), ["reason-needed"]);
    assert_eq!(world.refused(&lead, assess("验收", ""), "抽查", &[]), ["difference-unexplained"]);
    assert_eq!(world.refused(&lead, assess("验收", ""), "", &[]), ["difference-unexplained", "reason-needed"]);
    world.does_because(&lead, assess("验收", "data"), "抽查 10 人查无此人");
    world.does(&who(OFFICE), results(&world));
    let seal = || Act::Seal(Seal { scheme: "民生".into(), round: "验收".into(), objection_days: 5, shown: false });
    let publish = || Act::Publish(Publish { scheme: "民生".into(), round: "验收".into() });
    world.does_because(&lead, assess("验收", "data"), "复核");
    assert_eq!(
        world.refused(&who(GROUP), seal(), "会议审定", &[]),
        ["not-now"],
        "a value was set since they were put down"
    );
    world.does(&who(OFFICE), results(&world));
    assert_eq!(world.refused(&who(OFFICE), seal(), "会议审定", &[]), ["not-entitled"]);
    assert_eq!(world.refused(&who(OFFICE), publish(), "", &[]), ["not-now"]);
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("A1", "甲市", Role::LeadingGroup));
    assert_eq!(
        world.refused(&by("A1", "甲市", Role::LeadingGroup), seal(), "会议审定", &[]),
        ["second-person-needed"],
        "two roles, one person"
    );
    world.does_because(&who(GROUP), seal(), "会议审定");
    assert_eq!(world.refused(&lead, assess("验收", "data"), "再改", &[]), ["not-now"]);
    let back = Act::ReturnReport(ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None });
    assert_eq!(world.refused(&who(OFFICE), back, "重报", &[]), ["not-now"], "sealed results rest on it");
    assert_eq!(world.refused(&who(OFFICE), publish(), "", &[]), ["not-now"], "the publicity period has begun");
    let about = About::Results { scheme: "民生".into(), round: "验收".into() };
    let object = Object { objection: "异议2".into(), office: "乙县".into(), about, answer_days: 5 };
    world.does_because(&who(SIGNER), Act::Object(object), "10 人已补材料");
    world.on("2026-03-02");
    assert_eq!(world.refused(&who(OFFICE), publish(), "", &[]), ["objection-unanswered"]);
    world.does_because(&who(OFFICE), Act::Answer(Answer { objection: "异议2".into(), upheld: true }), "材料属实");
    // Upheld: the results are opened again by one person, approved by another, and put down anew.
    let decision = Decision::ReviseResults { scheme: "民生".into(), round: "验收".into() };
    world.does_because(&who(OFFICE), Act::Propose(Propose { proposal: "重开1".into(), decision }), "异议成立");
    let decide = || Act::Decide(Decide { proposal: "重开1".into(), approved: true });
    assert_eq!(world.refused(&who(OFFICE), decide(), "", &[]), ["second-person-needed"]);
    world.does(&who(SECOND), decide());
    world.does_because(&lead, assess("验收", "data"), "补齐材料");
    world.does(&who(OFFICE), results(&world));
    world.does(&who(GROUP), seal());
    world.on("2026-03-20");
    world.does(&who(OFFICE), publish());
    let found = world.state.results.values().next().expect("results");
    assert_eq!((found.editions, found.published.is_some()), (3, true));
    world.replays();
}
