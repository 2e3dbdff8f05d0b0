//! What is told is true at every moment: of rounds that were scored before a figure was corrected, of late reports, of
//! results that are sealed while something is open, of figures that were reported before a scheme asked for them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_office::{
    Act, Role,
    deeds::{
        collections::OpenCollection,
        events::{EnterEvent, WithdrawEvent},
        objections::{About, Answer, Object},
        proposals::{Decide, Propose},
        reports::ReturnReport,
        rounds::{Assess, Judged, Seal},
        schemes::AdoptScheme,
    },
    rounds::{InRound, Since},
    state::Decision,
    tables::{Key, TABLES},
};
use kaoping_terms::{Day, Level};
use std::ops::ControlFlow;
use world::{
    World,
    begun::{
        GROUP, OFFICE, REVIEWER, SIGNER, begun, collection, put_down, reported, review_now, scheme, sign_now,
        submit_again, who,
    },
    by, day, paper,
};

const NOTHING: [&str; 0] = [];

fn seal(round: &str) -> Act {
    Act::Seal(Seal { scheme: "民生".into(), round: round.into(), objection_days: 5, shown: false })
}

fn correct(id: &str, value: &str) -> Act {
    let (office, figure) = ("乙县".into(), "新增就业".into());
    let period = "2026-01".parse().expect("a period");
    let decision = Decision::CorrectFigure { office, figure, period, value: value.into() };
    Act::Propose(Propose { proposal: id.into(), decision })
}

fn corrected(world: &mut World, id: &str, value: &str) -> u64 {
    world.does_because(&who(SIGNER), correct(id, value), "重复计入");
    world.does(&who(OFFICE), Act::Decide(Decide { proposal: id.into(), approved: true }))
}

fn assess(value: &str, kind: &str) -> Act {
    let judged =
        Judged { indicator: "新增就业".into(), field: "完成数".into(), value: value.into(), kind: kind.into() };
    Act::Assess(Assess {
        scheme: "民生".into(),
        round: "验收".into(),
        office: "乙县".into(),
        values: vec![judged],
        further_assessor: false,
    })
}

/// The rows of 乙县 for what it reported, round by round.
fn rows(world: &World) -> Vec<InRound<'_>> {
    let (scheme, _) = world.state.schemes.get_key_value("民生").expect("a scheme");
    let all = world.state.rounds(scheme, world.state.today);
    all.filter(|line| line.office.as_str() == "乙县" && line.field == "完成数").collect()
}

/// Value, difference, whether the reason is one of these values, what it is by now.
fn told<'a>(line: &'a InRound<'_>) -> (&'a str, &'a str, bool, Option<&'a str>) {
    let since = line.since.as_ref().map(|since| since.value.as_str());
    (&line.value, &line.difference, line.explains, since)
}

#[test]
fn a_round_shows_what_it_was_scored_with_after_a_correction() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    put_down(&mut world, "自评");
    let entry = corrected(&mut world, "更正1", "860");
    let lines = rows(&world);
    assert_eq!(told(&lines[0]), ("880", "", true, Some("860")), "the score beside it is one of 880");
    assert_eq!(lines[0].reported, "880");
    assert_eq!(lines[0].since, Some(Since { value: "860".into(), number: entry, set: None }));
    assert_eq!(told(&lines[1]), ("860", "-20", true, None), "what is not put down yet takes what is there now");
    // Put down anew it is scored with the new one.
    put_down(&mut world, "自评");
    assert_eq!(told(&rows(&world)[0]), ("860", "", true, None));
    // Sent back after it was scored: the round keeps what it was scored with, and says that it is reported no more.
    let back = ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None };
    let back = world.does_because(&who(OFFICE), Act::ReturnReport(back), "与月报不符");
    let lines = rows(&world);
    assert_eq!(
        (told(&lines[0]), lines[0].since.as_ref().map(|it| it.number)),
        (("860", "", true, Some("")), Some(back))
    );
    assert_eq!(told(&lines[1]), ("", "", true, None), "nothing is reported that a new round could take");
    world.replays();
}

#[test]
fn a_reason_is_told_of_the_numbers_it_was_given_for() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let lead = by("A3", "甲市", Role::Lead);
    world.does_because(&lead, assess("870", "data"), "抽查 10 人查无此人");
    assert_eq!(told(&rows(&world)[1]), ("870", "-10", true, None));
    assert_eq!(rows(&world)[1].reason().map(|said| said.why.as_str()), Some("抽查 10 人查无此人"));
    corrected(&mut world, "更正1", "860");
    let lines = rows(&world);
    assert_eq!(told(&lines[1]), ("870", "+10", false, None), "nobody said why it is ten more");
    assert_eq!(lines[1].reason(), None);
    let other = lines[1].reason_of_others().expect("what was said of other numbers");
    assert_eq!((other.before.as_deref(), other.why.as_str()), (Some("880"), "抽查 10 人查无此人"));
    // Scored, and set anew afterwards: the score is one of what was set before.
    put_down(&mut world, "验收");
    world.does_because(&lead, assess("865", "data"), "复核");
    let lines = rows(&world);
    assert_eq!(told(&lines[1]), ("870", "+10", false, Some("865")));
    put_down(&mut world, "验收");
    let lines = rows(&world);
    assert_eq!((told(&lines[1]), lines[1].reason().map(|said| &*said.why)), (("865", "+5", true, None), Some("复核")));
    world.replays();
}

/// The events an account finds listed, with what stands in their rows.
fn listed(world: &World, account: &str, after: Option<&Key>) -> Vec<(String, bool)> {
    let place = TABLES.iter().position(|table| table.name == "events").expect("a table");
    let viewer = world.state.viewer(account, world.state.today).expect("somebody with a role");
    let mut found = Vec::new();
    viewer.walk(place, after, &[], 4000, &mut |key| {
        let Key::Event((_, id)) = key else { panic!("{key:?}") };
        found.push((id.clone(), key.row(&world.state).columns.is_some()));
        ControlFlow::Continue(())
    });
    found
}

#[test]
fn what_is_asked_once_the_year_is_over_is_late_on_its_last_day() {
    let mut world = begun();
    let mut of_the_year = scheme();
    of_the_year.outline.period = Some((day("2026-01-01"), day("2026-12-31")));
    world.does_because(&who(OFFICE), Act::AdoptScheme(of_the_year), "写明适用期");
    world.on("2027-01-04");
    world.does(&who(OFFICE), Act::OpenCollection(collection("全年", "2026-12", "2027-01-04")));
    let key = ("报表".to_owned(), "全年/乙县".to_owned());
    assert!(world.state.late_report(&key).is_none(), "it is not due yet");
    // Time passes with another deed.
    world.on("2027-01-20");
    world.does(&who(OFFICE), Act::OpenCollection(collection("再问", "2026-11", "2027-01-20")));
    let late = world.state.late_report(&key).expect("nobody reported");
    assert_eq!(
        (late.day, late.columns.values().map(String::as_str).collect::<Vec<_>>()),
        (day("2026-12-31"), vec!["否"])
    );
    assert!(world.state.counts_for(&"民生".into(), &key), "it counts in the year it is about");
    world.replays();
}

#[test]
fn events_that_came_or_went_since_results_were_put_down_are_told() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let enter = |id: &str| {
        Act::EnterEvent(EnterEvent {
            scheme: "民生".into(),
            table: "上访".into(),
            id: id.into(),
            office: "乙县".into(),
            day: day("2026-01-20"),
            columns: [("到".to_owned(), "市".to_owned())].into(),
            objection_days: 15,
        })
    };
    let withdraw = |id: &str| Act::WithdrawEvent(WithdrawEvent { table: "上访".into(), id: id.into() });
    let key = ("民生".into(), "自评".to_owned());
    world.does_because(&who(OFFICE), enter("信1"), "");
    put_down(&mut world, "自评");
    assert!(world.state.behind(&key).is_none());
    // One that came and went since was never in them.
    world.does_because(&who(OFFICE), enter("信2"), "");
    let told = world.state.behind(&key).expect("one more").message.zh;
    assert!(told.contains("1 处变动") && told.contains("例如上访“信2”"), "{told}");
    world.does_because(&who(OFFICE), withdraw("信2"), "重复");
    assert!(world.state.behind(&key).is_none());
    let number = world.does_because(&who(OFFICE), withdraw("信1"), "查无此事");
    let told = world.state.behind(&key).expect("one less").message.zh;
    assert!(told.contains(&format!("例如撤销上访“信1”（第 {number} 条）")), "{told}");
    put_down(&mut world, "自评");
    assert!(world.state.behind(&key).is_none());
}

#[test]
fn a_report_that_fell_late_since_is_told_before_the_round_is_sealed() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    put_down(&mut world, "自评");
    let behind = |world: &World| world.state.behind(&("民生".into(), "自评".into())).map(|found| found.message.zh);
    assert_eq!(behind(&world), None, "丙县 is still in time");
    world.on("2026-02-09");
    let define = world.state.cards["新增就业"].clone();
    let define = kaoping_office::deeds::figures::DefineFigure {
        figure: "新增就业".into(),
        card: kaoping_office::state::Card { source: "月报".into(), ..define },
    };
    world.does_because(&who(OFFICE), Act::DefineFigure(define), "来源改名");
    let said = behind(&world).expect("its day has passed");
    assert!(said.contains("“丙县”的“一月”到期没有报，已是迟报"), "{said}");
    put_down(&mut world, "自评");
    assert_eq!(behind(&world), None, "put down with it");
}

#[test]
fn an_exemption_stays_on_the_rounds_of_its_time() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let decides = |world: &mut World, id: &str, decision: Decision| {
        world.does_because(&who(OFFICE), Act::Propose(Propose { proposal: id.into(), decision }), "受灾");
        world.does(&who(GROUP), Act::Decide(Decide { proposal: id.into(), approved: true }))
    };
    let (scheme, office, indicator) = ("民生".into(), "乙县".into(), "新增就业".into());
    let instead = Some(kaoping_office::state::Instead::Full);
    put_down(&mut world, "自评");
    let behind = |world: &World| world.state.behind(&("民生".into(), "自评".into())).map(|found| found.message.zh);
    let given = decides(&mut world, "免1", Decision::Exempt { scheme, office, indicator, instead });
    assert!(behind(&world).is_some_and(|said| said.contains("“乙县”免考“新增就业”")), "{:?}", behind(&world));
    put_down(&mut world, "自评");
    assert_eq!(behind(&world), None);
    let (scheme, office, indicator) = ("民生".into(), "乙县".into(), "新增就业".into());
    decides(&mut world, "免2", Decision::EndExemption { scheme, office, indicator });
    let lines = rows(&world);
    assert_eq!(lines[0].exempt.map(|held| held.number), Some(given), "it was put down while the exemption held");
    assert_eq!(lines[1].exempt, None, "a round that is scored now has none");
    assert!(behind(&world).is_some_and(|said| said.contains("“乙县”不再免考“新增就业”")), "{:?}", behind(&world));
    put_down(&mut world, "自评");
    assert_eq!((rows(&world)[0].exempt, behind(&world)), (None, None));
    world.replays();
}

#[test]
fn a_late_report_is_listed_among_events() {
    let mut world = begun();
    world.on("2026-02-09");
    reported(&mut world, "一月", "880");
    let row = |id: &str| (id.to_owned(), true);
    assert_eq!(listed(&world, "A1", None), [row("一月/丙县"), row("一月/乙县")], "signed late, and not signed at all");
    assert_eq!(listed(&world, "B1", None), [row("一月/乙县")], "to each office its own");
    let first = Key::Event(("报表".into(), "一月/丙县".into()));
    assert_eq!(listed(&world, "A1", Some(&first)), [row("一月/乙县")], "page after page");
    let key = ("报表".into(), "一月/乙县".into());
    assert_eq!(world.state.report_of(&key).map(|(asked, _)| asked.as_str()), Some("一月"));
    assert!(world.state.counts_for(&"民生".into(), &key) && !world.state.counts_for(&"平安".into(), &key));
    // Withdrawn it stands once, as a row that is kept.
    let about = About::Event { table: "报表".into(), id: "一月/乙县".into() };
    let object = Object { objection: "异".into(), office: "乙县".into(), about, answer_days: 5 };
    world.does_because(&who(SIGNER), Act::Object(object), "停电");
    world.does_because(&who(OFFICE), Act::Answer(Answer { objection: "异".into(), upheld: true }), "属实");
    assert_eq!(listed(&world, "B1", None), [row("一月/乙县")]);
    world.replays();
}

#[test]
fn nothing_is_sealed_over_what_is_undecided() {
    let mut world = begun();
    world.on("2026-02-09");
    reported(&mut world, "一月", "880");
    put_down(&mut world, "自评");
    let about = About::Event { table: "报表".into(), id: "一月/乙县".into() };
    let object = Object { objection: "异".into(), office: "乙县".into(), about, answer_days: 5 };
    world.does_because(&who(SIGNER), Act::Object(object), "停电");
    world.does_because(&who(SIGNER), correct("更正1", "860"), "重复计入");
    let exempt = Decision::Exempt {
        scheme: "民生".into(),
        office: "丙县".into(),
        indicator: "新增就业".into(),
        instead: Some(kaoping_office::state::Instead::Full),
    };
    world.does_because(&who(OFFICE), Act::Propose(Propose { proposal: "免1".into(), decision: exempt }), "受灾");
    // All at once, each with its next step; a reason changes nothing.
    let found = world.findings(&who(GROUP), seal("自评"), "会议审定", &paper(), Level::Error);
    let said: Vec<_> = found.iter().map(|found| (found.name, found.message.zh.as_str())).collect();
    assert_eq!(
        said,
        [
            ("proposal-undecided", "申请“免1”（“丙县”免考“新增就业”；A1，台账第 36 条）还没有批复"),
            ("proposal-undecided", "申请“更正1”（“乙县”的“新增就业” 2026-01 更正为 860；B3，台账第 35 条）还没有批复"),
            ("objection-unanswered", "异议 异 还没有答复（“乙县”，对 报表 一月/乙县）"),
        ]
    );
    for id in ["更正1", "免1"] {
        let decide = Act::Decide(Decide { proposal: id.into(), approved: false });
        world.does_because(&who(GROUP), decide, "依据不足");
    }
    world.does_because(&who(OFFICE), Act::Answer(Answer { objection: "异".into(), upheld: false }), "没有证明");
    // A figure that came in after they were put down is none they rest on.
    world.does(&who(OFFICE), Act::OpenCollection(collection("二月", "2026-02", "2026-02-02")));
    reported(&mut world, "二月", "890");
    let period = "2026-02".parse().expect("a period");
    let later =
        Decision::CorrectFigure { office: "乙县".into(), figure: "新增就业".into(), period, value: "891".into() };
    world.does_because(&who(SIGNER), Act::Propose(Propose { proposal: "更正2".into(), decision: later }), "漏计");
    assert_eq!(world.refused(&who(GROUP), seal("自评"), "会议审定", &[]), NOTHING);
}

#[test]
fn what_is_not_reported_yet_is_said_and_needs_a_reason() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    put_down(&mut world, "自评");
    let warned = |world: &World| -> Vec<String> {
        let found = world.findings(&who(GROUP), seal("自评"), "会议审定", &[], Level::Warning);
        found.into_iter().map(|found| found.message.zh).collect()
    };
    let due = "“2026-01 就业数”（一月）到 2026-02-06 才到期，还有 1 个单位没有签发（如“丙县”）";
    assert_eq!(warned(&world), [due]);
    assert_eq!(world.refused(&who(GROUP), seal("自评"), "", &[]), ["reason-needed"]);
    let back = ReturnReport { collection: "一月".into(), office: "乙县".into(), seen: None };
    world.does_because(&who(OFFICE), Act::ReturnReport(back), "与月报不符");
    let returned = "“乙县”的“2026-01 就业数”（一月）退回待改，没有签发";
    assert_eq!(warned(&world), [returned, &due.replace("1 个", "2 个").replace("丙县", "乙县")]);
    world.on("2026-02-09");
    let late = "“丙县”的“一月”到期没有报，已是迟报";
    let fell = format!("“民生”自评 汇总以后又有 1 处变动，没有算进去，例如{late}");
    assert_eq!(warned(&world), [returned], "whoever never reported is late, and has no total");
    world.does(&by("B1", "乙县", Role::Clerk), submit_again(&world, "一月", "870"));
    assert_eq!(warned(&world), ["“乙县”的“2026-01 就业数”（一月）待审核，没有签发", &fell]);
    let review = review_now(&world, "一月");
    world.does(&who(REVIEWER), review);
    let sign = sign_now(&world, "一月");
    let signed = world.does(&who(SIGNER), sign);
    // Now all is there, and none of it in what was put down before.
    let one = format!("“乙县”2026-01 的“新增就业”（第 {signed} 条）");
    let behind = format!("“民生”自评 汇总以后又有 2 处变动，没有算进去，例如{one}、{late}");
    assert_eq!(warned(&world), [behind]);
    assert_eq!(world.refused(&who(GROUP), seal("自评"), "", &[]), ["reason-needed"]);
    put_down(&mut world, "自评");
    assert_eq!(warned(&world), NOTHING);
    let leader = world.state.viewer("A2", world.state.today).expect("a leader");
    let rounds: Vec<String> = world.state.duties(&leader).into_iter().map(|duty| duty.round).collect();
    assert_eq!(rounds, ["自评"], "whoever is to seal is told which round");
    assert_eq!(world.refused(&who(GROUP), seal("自评"), "", &[]), NOTHING, "nothing is left open");
}

/// A second scheme, adopted after figures were reported for the first.
fn other(period: Option<(&str, &str)>) -> AdoptScheme {
    let mut other = scheme();
    other.scheme = "就业专项".into();
    other.outline.period = period.map(|(from, to)| {
        let day = |text| Day::parse(text).expect("a day");
        (day(from), day(to))
    });
    other
}

/// The values its sheet has for the figure, in the first round.
fn facts(world: &World) -> Vec<String> {
    let outline = world.state.schemes.get("就业专项").expect("a scheme").outline().expect("an outline").clone();
    let sheets = world.state.sheets(&"就业专项".into(), &outline, "").expect("a scheme");
    let of_round = sheets.facts.lines().filter(|line| line.contains(",完成数,") && line.contains("自评"));
    of_round.map(|line| line.split(',').nth(3).unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_was_signed_before_serves_a_scheme_that_is_adopted_later() {
    let year = Some(("2026-01-01", "2026-12-31"));
    for (period, found) in [(year, &["880"][..]), (None, &["880"]), (Some(("2026-02-01", "2026-12-31")), &[])] {
        let mut world = begun();
        world.on("2026-02-03");
        reported(&mut world, "一月", "880");
        world.does_because(&who(OFFICE), Act::AdoptScheme(other(period)), "会议纪要");
        assert_eq!(facts(&world), found, "{period:?}: asked for once, it serves every scheme of that time");
        let other = "就业专项".into();
        let lines = world.state.rounds(&other, world.state.today);
        let values: Vec<String> = lines.map(|line| line.value).filter(|value| !value.is_empty()).collect();
        assert_eq!(values.len(), found.len() * 2, "{period:?}: in each round");
        // What it asks for itself is what counts for it.
        let february =
            OpenCollection { scheme: "就业专项".into(), ..collection("二月", "2026-02", "2026-02-03") };
        world.does(&who(OFFICE), Act::OpenCollection(february));
        assert_eq!(facts(&world), NOTHING, "{period:?}: February is not reported yet");
        reported(&mut world, "二月", "890");
        assert_eq!(facts(&world), ["890"], "{period:?}");
        world.replays();
    }
}

#[test]
fn an_input_of_each_period_takes_all_that_were_signed() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let mut other = other(Some(("2026-01-01", "2026-12-31")));
    other.outline.indicators[0].fields[0].by_period = true;
    world.does_because(&who(OFFICE), Act::AdoptScheme(other), "会议纪要");
    let february = OpenCollection { scheme: "就业专项".into(), ..collection("二月", "2026-02", "2026-02-03") };
    world.does(&who(OFFICE), Act::OpenCollection(february));
    reported(&mut world, "二月", "890");
    assert_eq!(facts(&world), ["880", "890"], "January was filled in for another scheme, and is not asked again");
    let half = OpenCollection { counted_in: None, ..collection("上半年", "2026-H1", "2026-02-03") };
    world.does(&who(OFFICE), Act::OpenCollection(half));
    reported(&mut world, "上半年", "1770");
    assert_eq!(facts(&world), ["880", "890"], "a half is no month");
}

#[test]
fn figures_no_scheme_uses_are_asked_for_with_a_reason() {
    let mut world = begun();
    world.define("闲置数");
    let mut asked = collection("二月", "2026-02", "2026-03-02");
    asked.figures.push("闲置数".into());
    let act = Act::OpenCollection(asked);
    assert_eq!(world.refused(&who(OFFICE), act.clone(), "", &[]), ["reason-needed"]);
    let found = world.findings(&who(OFFICE), act.clone(), "下年的办法要用", &[], Level::Warning);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].name, &*found[0].message.zh), ("figure-unused", "没有现行方案用到“闲置数”"));
    world.does_because(&who(OFFICE), act, "下年的办法要用");
}
