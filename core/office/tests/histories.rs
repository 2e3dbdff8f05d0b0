//! Random histories: whoever asks for whatever in whatever order, the record read again gives the same
//! state, and the tables written deed by deed are those of the state.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::By;
use kaoping_office::{
    Act, Role,
    calendar::Notice,
    deeds::{
        assessors::{Input, TakeBack},
        awards::{ApproveAwards, ConfirmAwards, DecideAward, ProposeAwards},
        collections::{CancelCollection, OpenCollection},
        ends::EndRound,
        events::{EnterEvent, WithdrawEvent},
        founding::{ConfirmClock, EnterNotice},
        inquiries::{AnswerAboutFigure, AskAboutFigure},
        logins::{BindLogin, DropCodes, GivePassword, UnbindLogin},
        objections::{About, Answer, Object},
        offices::{ChangeOffice, CloseOffices},
        people::{CloseAccount, EndDeputy, NameDeputy, RevokeRole},
        persons::{DecideErasure, LookUpPerson, ProposeErasure, RegisterPerson},
        proposals::{Decide, Propose},
        reports::{ReturnReport, ReviewReport, SignReport, SubmitReport},
        restoring::ConfirmRestore,
        rounds::{Assess, Judged, Publish, PutDownResults, Seal},
        samples::{DrawSample, Inspect},
        schemes::{AdoptScheme, ForwardScheme},
        targets::{AcceptLetter, HandDown, Part},
    },
    honesty::Sign,
    ids::{OfficeId, SchemeId},
    outline::{Field, Indicator, Outline},
    sheets::Sheets,
    state::{AwardLine, Decision, Instead, Method, PersonField, Standing, TotalLine},
};
use kaoping_terms::Day;
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::LazyLock};
use world::{World, by, grant, open, paper, signed, version};

/// What a deed is made of: its kind, who asks, and choices.
type Wish = (u8, u8, [u8; 4]);

const OFFICES: [&str; 5] = ["甲市", "乙县", "丙县", "丁县", "戊乡"];
const FIGURES: [&str; 2] = ["新增就业", "参保人数"];
const ROUNDS: [&str; 3] = ["自评", "验收", "复评"];
const VALUES: [&str; 6] = ["880", "1,200", "0", "880.5", "九百", "12000"];
const PERIODS: [&str; 3] = ["2026-01", "2026-02", "2026-Q1"];

fn of<T: Copy>(list: &[T], at: u8) -> T {
    list[usize::from(at) % list.len()]
}

/// The people of the city, and some who are not what they say.
const PEOPLE: [(&str, &str, Role); 15] = [
    ("S1", "甲市", Role::SystemAdmin),
    ("S2", "甲市", Role::SecurityAdmin),
    ("A1", "甲市", Role::AssessmentOffice),
    ("A1", "甲市", Role::AssessmentOffice),
    ("A4", "甲市", Role::AssessmentOffice),
    ("A2", "甲市", Role::LeadingGroup),
    ("A5", "甲市", Role::Signer),
    ("A3", "甲市", Role::Lead),
    ("B1", "乙县", Role::Clerk),
    ("B2", "乙县", Role::Reviewer),
    ("B3", "乙县", Role::Signer),
    ("C1", "丙县", Role::Clerk),
    ("C2", "丙县", Role::Reviewer),
    ("C3", "丙县", Role::Signer),
    ("B3", "丙县", Role::Signer),
];

fn outline() -> Outline {
    let field = |name: &str, figure: Option<&str>| Field {
        name: name.into(),
        figure: figure.map(Into::into),
        by_period: false,
        by_assessor: false,
        ..Field::default()
    };
    let indicator = |figure: &str| Indicator {
        id: figure.into(),
        name: figure.into(),
        points: "3".into(),
        clause: "二(二)3".into(),
        lead: vec!["人保".into()],
        responsible: Vec::new(),
        supporting: Vec::new(),
        in_block: true,
        counts: Vec::new(),
        not_applicable: String::new(),
        fields: vec![field("完成数", Some(figure)), field("目标数", None)],
    };
    Outline {
        scheme: "民生工程".into(),
        title: "民生工程目标管理".into(),
        indicators: FIGURES.map(indicator).to_vec(),
        rounds: vec!["自评".into(), "验收".into()],
        events: vec!["上访".into(), "报表".into()],
        steps: Vec::new(),
        ..Outline::default()
    }
}

fn adopt(title: &str) -> Act {
    Act::AdoptScheme(AdoptScheme {
        scheme: "民生".into(),
        office: "甲市".into(),
        upper: None,
        files: Vec::new(),
        outline: Outline { title: title.into(), ..outline() },
        errors: Vec::new(),
        warnings: Vec::new(),
    })
}

fn collect(id: &str, period: &str, from: Day, days: u16) -> Act {
    Act::OpenCollection(OpenCollection {
        collection: id.into(),
        title: id.into(),
        scheme: "民生".into(),
        period: period.parse().expect("a period"),
        figures: FIGURES.map(Into::into).to_vec(),
        offices: vec!["乙县".into(), "丙县".into()],
        from,
        working_days: days,
        grace_days: 1,
        counted_in: Some(("报表".into(), "及时".into())),
    })
}

static CITY: LazyLock<World> = LazyLock::new(|| {
    let mut world = World::city();
    FIGURES.iter().for_each(|figure| world.define(figure));
    let office = by("A1", "甲市", Role::AssessmentOffice);
    world.does(&office, adopt("民生工程目标管理"));
    for (number, period) in PERIODS.iter().enumerate() {
        world.does(&office, collect(&format!("任务{number}"), period, world.state.today, 5));
    }
    let figures = FIGURES.map(|figure| Standing {
        figure: figure.into(),
        value: "900".into(),
        evidence: paper(),
        answer: "".into(),
    });
    for (account, role, act) in [
        (
            "B1",
            Role::Clerk,
            Act::SubmitReport(SubmitReport {
                collection: "任务0".into(),
                office: "乙县".into(),
                figures: figures.into(),
                replaces: None,
            }),
        ),
        (
            "B2",
            Role::Reviewer,
            Act::ReviewReport(ReviewReport { collection: "任务0".into(), office: "乙县".into(), seen: None }),
        ),
        (
            "B3",
            Role::Signer,
            Act::SignReport(SignReport { collection: "任务0".into(), office: "乙县".into(), seen: None }),
        ),
    ] {
        world.does(&by(account, "乙县", role), act);
    }
    world
});

/// The same city with a round that is sealed, its awards proposed, and a person registered.
static LATER: LazyLock<World> = LazyLock::new(|| {
    let mut world = CITY.clone();
    let version = world.state.schemes.values().flat_map(|scheme| &scheme.versions).last().map_or(0, |v| v.number);
    let (scheme, round) = (|| "民生".into(), || String::from("自评"));
    let (office, group) = (by("A1", "甲市", Role::AssessmentOffice), by("A2", "甲市", Role::LeadingGroup));
    world.does(
        &office,
        Act::PutDownResults(PutDownResults {
            scheme: scheme(),
            round: round(),
            version,
            at: world.state.size,
            scores: paper()[0],
            totals: Vec::new(),
            awards: vec![award_line(&"乙县".into())],
            by_rule: Vec::new(),
            replaces: None,
        }),
    );
    world.does_because(
        &group,
        Act::Seal(Seal { scheme: scheme(), round: round(), objection_days: 0, shown: false }),
        "会议审定",
    );
    world.does(
        &office,
        Act::ProposeAwards(ProposeAwards {
            scheme: scheme(),
            round: round(),
            version,
            at: world.state.size,
            awards: vec![award_line(&"乙县".into())],
            passed_over: vec![award_line(&"丙县".into())],
            judged: Vec::new(),
            objection_days: 0,
        }),
    );
    let register = Act::RegisterPerson(RegisterPerson {
        person: "P0".into(),
        office: "乙县".into(),
        fields: vec![PersonField::Name, PersonField::Phone],
    });
    let registrar = able(&register, &world).expect("somebody who registers people");
    world.does(&registrar, register);
    world.now_ms += 86_400_000;
    world
});

/// Histories begin early in the year, or after a round of it.
fn begins(later: bool) -> World {
    if later { LATER.clone() } else { CITY.clone() }
}

fn award_line(office: &OfficeId) -> AwardLine {
    AwardLine { award: "综合先进".into(), office: office.clone(), place: Some(1), reason: "总分第一".into() }
}

fn wished((kind, _, [a, b, c, d]): Wish, world: &World) -> Act {
    let today = world.state.today;
    let later = |days: i32| Day::from_number(today.number() + days).expect("a day");
    let office = || of(&OFFICES, a).into();
    let collection = || format!("任务{}", a % 4).as_str().into();
    let county = || of(&["乙县", "丙县"], b).into();
    let (scheme, round) = (|| "民生".into(), || of(&ROUNDS, b).to_string());
    let figure = || of(&FIGURES, c).into();
    let standing = |figure: &str| Standing {
        figure: figure.into(),
        value: of(&VALUES, c).into(),
        evidence: paper(),
        answer: of(&["", "集中招工"], d).into(),
    };
    let seen = || world.state.reports.get(&(collection(), county())).and_then(|report| report.version());
    let version_of =
        || world.state.schemes.get("民生").and_then(|scheme| scheme.versions.last()).map_or(0, |v| v.number);
    match kind % 50 {
        45 => Act::AskAboutFigure(AskAboutFigure {
            inquiry: format!("质询{}", a % 2).as_str().into(),
            scheme: scheme(),
            office: county(),
            sign: of(Sign::ALL, c),
            figure: (d > 120).then(figure),
            period: None,
            answer_days: u16::from(d % 6),
        }),
        46 => Act::AnswerAboutFigure(AnswerAboutFigure { inquiry: format!("质询{}", a % 2).as_str().into() }),
        0 => open(of(&OFFICES, a), of(&OFFICES, b)),
        1 => Act::ChangeOffice(ChangeOffice {
            office: office(),
            version: version("新名", of(&OFFICES, b), "2026-01-03"),
        }),
        2 if d > 200 => {
            Act::CloseOffices(CloseOffices { offices: vec![office()], from: today, successors: vec![county()] })
        }
        3 => grant(of(&["A3", "B1", "B2", "C1"], a), of(&OFFICES, b), of(Role::ALL, c)),
        4 => Act::RevokeRole(RevokeRole {
            account: of(&["B1", "C2", "A3"], a).into(),
            office: county(),
            role: of(Role::ALL, c),
        }),
        5 if d % 4 == 3 => {
            let named = world.state.accounts.values().flat_map(|account| &account.deputies);
            let found = named.clone().nth(usize::from(a) % named.count().max(1));
            Act::EndDeputy(EndDeputy {
                deputy: found.map_or_else(|| "C3".into(), |found| found.deputy.clone()),
                office: found.map_or_else(county, |found| found.grant.office.clone()),
                role: found.map_or(Role::Signer, |found| found.grant.role),
            })
        }
        5 => Act::NameDeputy(NameDeputy {
            deputy: of(&["C3", "B1", "A4"], a).into(),
            office: county(),
            role: of(&[Role::Signer, Role::Reviewer], c),
            from: today,
            to: later(i32::from(d % 9) - 2),
        }),
        6 if d > 220 => Act::CloseAccount(CloseAccount { account: of(&["C1", "A4"], a).into() }),
        7 => Act::EnterNotice(EnterNotice(Notice {
            year: 2026,
            notice: "示例".into(),
            rest: vec![later(i32::from(a % 20))],
            work: vec![later(i32::from(b % 20))],
        })),
        8 => adopt(of(&["民生工程目标管理", "民生工程目标管理办法"], a)),
        9 => collect(&format!("任务{}", a % 6), of(&PERIODS, b), today, u16::from(c % 7)),
        10 => Act::ForwardScheme(ForwardScheme { scheme: scheme(), offices: vec![county()], act_by: Some(later(30)) }),
        11 => Act::HandDown(HandDown {
            scheme: scheme(),
            indicator: of(&FIGURES, c).into(),
            field: "目标数".into(),
            adds_up: d > 100,
            parts: vec![Part { office: county(), value: of(&VALUES, d).into() }],
        }),
        12 => Act::AcceptLetter(AcceptLetter { scheme: scheme(), office: county() }),
        13..=16 => Act::SubmitReport(SubmitReport {
            collection: collection(),
            office: county(),
            figures: FIGURES.map(standing).into(),
            replaces: seen().filter(|_| d % 4 > 0),
        }),
        17 | 18 => Act::ReviewReport(ReviewReport { collection: collection(), office: county(), seen: seen() }),
        19 | 20 => Act::SignReport(SignReport { collection: collection(), office: county(), seen: seen() }),
        21 => Act::ReturnReport(ReturnReport { collection: collection(), office: county(), seen: None }),
        49 => Act::CancelCollection(CancelCollection { collection: format!("任务{}", a % 6).as_str().into() }),
        22 => Act::Propose(Propose {
            proposal: format!("申请{}", a % 5).as_str().into(),
            decision: match c % 5 {
                0 => Decision::CorrectFigure {
                    office: county(),
                    figure: figure(),
                    period: of(&PERIODS, a).parse().expect("a period"),
                    value: of(&VALUES, d).into(),
                },
                1 => Decision::AdjustTarget {
                    scheme: scheme(),
                    office: county(),
                    indicator: of(&FIGURES, c).into(),
                    field: "目标数".into(),
                    value: of(&VALUES, d).into(),
                },
                2 => Decision::Exempt {
                    scheme: scheme(),
                    office: county(),
                    indicator: of(&FIGURES, d).into(),
                    instead: of(&[None, Some(Instead::Full), Some(Instead::Scale)], b),
                },
                3 => Decision::EndExemption { scheme: scheme(), office: county(), indicator: of(&FIGURES, d).into() },
                _ => Decision::ReviseResults { scheme: scheme(), round: round() },
            },
        }),
        23 => Act::Decide(Decide { proposal: format!("申请{}", a % 5).as_str().into(), approved: d > 80 }),
        24 => Act::EnterEvent(EnterEvent {
            scheme: scheme(),
            table: "上访".into(),
            id: format!("信{}", a % 3),
            office: county(),
            day: later(-i32::from(c % 3)),
            columns: [("到".to_string(), of(&["市", "乡"], d).to_string())].into(),
            objection_days: u16::from(d % 6),
        }),
        25 if d % 5 > 0 => Act::WithdrawEvent(WithdrawEvent { table: "上访".into(), id: format!("信{}", a % 3) }),
        25 => Act::EndRound(EndRound {
            scheme: scheme(),
            round: round(),
            last: Some(later(i32::from(c % 40) - 20)).filter(|_| b % 4 > 0),
        }),
        26 if b % 3 == 2 => {
            let all = &world.state.assessed;
            let set = all.iter().nth(usize::from(a) % all.len().max(1));
            let (round, office) =
                set.map_or_else(|| (round(), county()), |((_, at, of, ..), _)| (at.clone(), of.clone()));
            let assessor = set.and_then(|(_, set)| set.values.keys().next().cloned()).filter(|_| d % 4 > 0);
            let indicator = set.map_or_else(|| of(&FIGURES, c).into(), |((.., of, _), _)| of.clone());
            let values = vec![Input { indicator, field: "完成数".into() }];
            Act::TakeBack(TakeBack { scheme: scheme(), round, office, assessor, values })
        }
        26 => Act::Assess(Assess {
            scheme: scheme(),
            round: round(),
            office: county(),
            values: vec![Judged {
                indicator: of(&FIGURES, c).into(),
                field: "完成数".into(),
                value: of(&VALUES, d).into(),
                kind: of(&["", "data", "judgement"], a).into(),
            }],
            further_assessor: false,
        }),
        27 => Act::PutDownResults(PutDownResults {
            scheme: scheme(),
            round: round(),
            version: version_of(),
            at: world.state.size,
            scores: paper()[0],
            totals: vec![TotalLine {
                office: county(),
                total: of(&VALUES, d).into(),
                rank: Some(1),
                meets_all: String::new(),
                grade: String::new(),
            }],
            awards: Vec::new(),
            by_rule: Vec::new(),
            replaces: world.state.results.get(&(scheme(), round())).map(|results| results.number),
        }),
        28 => Act::Seal(Seal { scheme: scheme(), round: round(), objection_days: u16::from(d % 6), shown: false }),
        29 => Act::Publish(Publish { scheme: scheme(), round: round() }),
        33 => Act::DrawSample(DrawSample {
            sample: format!("抽查{}", a % 3).as_str().into(),
            collection: collection(),
            method: match c % 3 {
                0 => Method::Random,
                1 => Method::ByValue,
                _ => Method::ByInflation { scheme: scheme(), own: "自评".into(), later: "验收".into() },
            },
            seed: format!("{d}"),
            size: u32::from(d % 3) + 1,
        }),
        34 => Act::Inspect(Inspect {
            sample: format!("抽查{}", a % 3).as_str().into(),
            office: county(),
            figure: figure(),
            found: of(&VALUES, d).into(),
        }),
        42 => match (of(&["B1", "C1", "A4", "无"], a).into(), b % 4) {
            (account, 0) => Act::GivePassword(GivePassword { account }),
            (account, 1) => Act::DropCodes(DropCodes { account }),
            (account, 2) => Act::BindLogin(BindLogin { account, to: "0a".repeat(32) }),
            (account, _) => Act::UnbindLogin(UnbindLogin { account }),
        },
        43 | 44 => match (format!("P{}", a % 3).as_str().into(), b % 4) {
            (person, 0) => Act::RegisterPerson(RegisterPerson {
                person,
                office: of(&["乙县", "丙县"], c).into(),
                fields: vec![PersonField::Name, of(PersonField::ALL, d)],
            }),
            (person, 1) => Act::LookUpPerson(LookUpPerson { person, fields: vec![of(PersonField::ALL, c)] }),
            (person, 2) => Act::ProposeErasure(ProposeErasure { person }),
            (person, _) => Act::DecideErasure(DecideErasure { person, approved: d > 80 }),
        },
        47 => Act::ProposeErasure(ProposeErasure { person: format!("P{}", a % 3).as_str().into() }),
        48 => Act::DecideErasure(DecideErasure { person: format!("P{}", a % 3).as_str().into(), approved: d > 80 }),
        30 | 31 => Act::Object(Object {
            objection: format!("异议{}", a % 2).as_str().into(),
            office: county(),
            about: match c % 2 {
                0 => About::Event { table: "上访".into(), id: format!("信{}", d % 3) },
                _ => About::Results { scheme: scheme(), round: round() },
            },
            answer_days: 3,
        }),
        41 if c % 2 == 1 => Act::ConfirmRestore(ConfirmRestore { signed: signed(u64::from(d)) }),
        41 => Act::ConfirmClock(ConfirmClock { day: later(i32::from(d % 2)) }),
        35 => Act::ProposeAwards(ProposeAwards {
            scheme: scheme(),
            round: round(),
            version: version_of(),
            at: world.state.size,
            awards: vec![award_line(&county())],
            passed_over: Vec::new(),
            judged: Vec::new(),
            objection_days: u16::from(d % 3),
        }),
        36 => Act::DecideAward(DecideAward {
            scheme: scheme(),
            round: round(),
            award: "综合先进".into(),
            office: county(),
            given: d > 120,
        }),
        37 => Act::ApproveAwards(ApproveAwards { scheme: scheme(), round: round() }),
        38 => Act::ConfirmAwards(ConfirmAwards { scheme: scheme(), round: round() }),
        39 => Act::Object(Object {
            objection: format!("异议{}", a % 2).as_str().into(),
            office: county(),
            about: About::Award {
                scheme: scheme(),
                round: round(),
                award: "综合先进".into(),
                office: of(&["乙县", "丙县"], c).into(),
            },
            answer_days: 3,
        }),
        _ => Act::Answer(Answer { objection: format!("异议{}", a % 2).as_str().into(), upheld: d > 60 }),
    }
}

/// Mostly somebody who may: a wish of nobody's is refused and says nothing about the fold.
/// Somebody who may do it now.
fn able(act: &Act, world: &World) -> Option<By> {
    let mut people = PEOPLE.iter().map(|(account, office, role)| by(account, office, *role));
    people.find(|by| !world.state.may(act, by, world.now_ms, "有原因", &paper()).has_errors())
}

fn asker(wish: Wish, act: &Act, world: &World) -> By {
    let (account, office, role) = of(&PEOPLE, wish.1);
    if wish.1 > 40 { able(act, world) } else { None }.unwrap_or_else(|| by(account, office, role))
}

fn lives(wishes: &[Wish]) -> Result<usize, TestCaseError> {
    let mut world = begins(wishes.first().is_some_and(|wish| wish.2[0] % 3 == 0));
    let mut done = 0;
    let mut sealed = Sealed::new();
    for wish in wishes {
        world.now_ms += i64::from(wish.2[3]) * 600_000;
        let act = wished(*wish, &world);
        let by = asker(*wish, &act, &world);
        let before = world.state.clone();
        match world.try_to(&by, act, "有原因", &paper()) {
            Ok(_) => done += 1,
            Err(_) => prop_assert_eq!(before, world.state.clone(), "a refusal changes nothing"),
        }
        let now = sealed_now(&world);
        for (key, (number, then)) in sealed {
            if let Some((_, sheets)) = now.get(&key).filter(|(of, _)| *of == number) {
                prop_assert_eq!(&then, sheets, "{:?} is sealed and stays", key);
            }
        }
        sealed = now;
    }
    world.replays();
    Ok(done)
}

/// What sealed rounds are scored from, with the entry that sealed them.
type Sealed = BTreeMap<(SchemeId, String), (Option<u64>, Sheets)>;

fn sealed_now(world: &World) -> Sealed {
    let seals = world.state.schemes.keys().flat_map(|scheme| world.state.seals(scheme));
    let sheets = seals.filter_map(|seal| {
        let versions = &world.state.schemes[seal.scheme].versions;
        let outline = &versions.iter().find(|version| version.number == seal.results.version)?.outline;
        let sheets = world.state.sheets(seal.scheme, outline, seal.round)?;
        Some(((seal.scheme.clone(), seal.round.to_owned()), (seal.results.sealed_in, sheets)))
    });
    sheets.collect()
}

fn wish() -> impl Strategy<Value = Vec<Wish>> {
    proptest::collection::vec((any::<u8>(), any::<u8>(), any::<[u8; 4]>()), 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_replays(wishes in wish()) {
        lives(&wishes)?;
    }

    #[test]
    fn another_history_replays(wishes in wish()) {
        lives(&wishes)?;
    }
}

/// The histories above are worth something: deeds are done in them, of every kind.
#[test]
fn histories_do_most_kinds_of_deeds() {
    let mut seen = std::collections::BTreeSet::new();
    let mut seed = 1_u64;
    let mut byte = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(seed >> 56).expect("a byte")
    };
    for number in 0..1000 {
        let mut world = begins(number % 3 == 0);
        for _ in 0..40 {
            let wish = (byte(), byte(), [byte(), byte(), byte(), byte()]);
            world.now_ms += i64::from(wish.2[3]) * 600_000;
            let act = wished(wish, &world);
            let (name, by) = (act.name(), asker(wish, &act, &world));
            assert_eq!(Act::word_of(name), act.word(), "lists call it what it calls itself");
            if world.try_to(&by, act, "有原因", &paper()).is_ok() {
                seen.insert(name);
            }
        }
        if number % 20 == 0 {
            world.finds();
        }
    }
    let missing: Vec<_> = Act::NAMES.iter().filter(|name| !seen.contains(*name)).collect();
    assert_eq!(
        missing,
        [&"found", &"open-account", &"define-figure"],
        "these stand in the city the histories begin with"
    );
}
