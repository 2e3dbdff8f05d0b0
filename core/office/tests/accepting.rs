//! What the office accepts: nothing that could not be scored later, and what is odd is said and done all the same.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what should have been there")]

mod world;

use kaoping_ledger::Algorithm;
use kaoping_office::{
    Act, Role,
    calendar::Notice,
    deeds::{
        collections::OpenCollection,
        events::{EnterEvent, WithdrawEvent},
        figures::DefineFigure,
        founding::EnterNotice,
        objections::{About, Answer, Object},
        people::{GrantRole, OpenAccount, RevokeRole},
        proposals::{Decide, Propose},
        rounds::{Assess, Judged, PutDownResults, Seal},
        schemes::AdoptScheme,
        targets::{HandDown, Part},
    },
    outline::{Beside, Column, Field},
    state::{Card, Decision, Measure, TotalLine},
    takes::{Amount, End, Takes, Word},
};
use kaoping_terms::{Diagnostic, Level};
use std::collections::BTreeMap;
use world::{
    World,
    begun::{CLERK, GROUP, OFFICE, SECOND, SIGNER, begun, collection, reported, scheme, submit, who},
    by, day, grant, paper,
};

fn amount(unit: &str, least: Option<&str>, most: Option<&str>) -> Takes {
    let end = |end: Option<&str>| end.map(|value| End { value: value.into(), itself: true });
    Takes::Number(Amount { unit: unit.into(), least: end(least), most: end(most), ..Amount::default() })
}

/// The scheme as it is read from its files: with what its inputs and events take.
fn read() -> AdoptScheme {
    let mut act = scheme();
    let inputs = &mut act.outline.indicators[0].fields;
    inputs[0].takes = amount("人", Some("0"), Some("9000"));
    inputs[0].beside = vec![Beside { how: "<=".into(), field: "应完成数".into() }];
    inputs[1].takes = amount("人", Some("1"), None);
    let field = |name: &str, takes: Takes| Field { name: name.into(), takes, ..Field::default() };
    inputs.push(field("应完成数", amount("人", Some("0"), None)));
    inputs.push(field("满意率", amount("%", Some("0"), Some("100"))));
    inputs.push(field("检查得分", amount("分", Some("0"), Some("24"))));
    let column = |name: &str, takes: Takes, needed: bool| Column { name: name.into(), alias: None, takes, needed };
    let word = |word: &str| Word { word: word.into(), code: None };
    act.outline.columns = BTreeMap::from([
        (
            "上访".into(),
            vec![
                column("级别", Takes::Words(vec![word("省部"), word("市厅")]), true),
                column("人数", amount("人", Some("1"), None), true),
                Column { alias: Some("note".into()), ..column("说明", Takes::Text, false) },
            ],
        ),
        ("报表".into(), vec![column("及时", Takes::YesNo, true)]),
    ]);
    act.outline.period = Some((day("2026-01-01"), day("2026-12-31")));
    act
}

fn opened() -> World {
    let mut world = World::city();
    world.define("新增就业");
    world.does(&who(OFFICE), Act::AdoptScheme(read()));
    world.does(&who(OFFICE), Act::OpenCollection(collection("一月", "2026-01", "2026-02-02")));
    world
}

fn assess(field: &str, value: &str) -> Act {
    Act::Assess(Assess {
        scheme: "民生".into(),
        round: "自评".into(),
        office: "乙县".into(),
        values: vec![Judged {
            indicator: "新增就业".into(),
            field: field.into(),
            value: value.into(),
            kind: String::new(),
        }],
        further_assessor: false,
    })
}

fn names(found: &[Diagnostic]) -> Vec<&'static str> {
    found.iter().map(|found| found.name).collect()
}

#[test]
fn a_value_out_of_the_range_of_its_input_is_not_assessed() {
    let mut world = opened();
    for (field, value, why) in [
        ("满意率", "950%", "范围是 0% 到 100%"),
        ("满意率", "95", "这是百分比"),
        ("检查得分", "25", "范围是 0分 到 24分"),
        ("检查得分", "abc", "这里要一个数，单位是“分”"),
        ("检查得分", "", "这里要一个数"),
        ("检查得分", "20人", "单位是“人”，要的是“分”"),
    ] {
        let found = world.findings(&who(OFFICE), assess(field, value), "", &[], Level::Error);
        let [one] = found.as_slice() else { panic!("{field} {value}: {found:?}") };
        assert_eq!(one.name, "value-not-fitting");
        assert_eq!(one.message.zh, format!("“乙县”的“新增就业/{field}”：“{value}”用不上"));
        assert!(one.why.zh.contains(why), "{value}: {}", one.why.zh);
        assert!(!one.next.zh.is_empty() && !one.why.en.is_empty());
    }
    for (field, value) in [("满意率", "95%"), ("检查得分", "24"), ("检查得分", "0分")] {
        world.does(&who(OFFICE), assess(field, value));
    }
    world.replays();
}

#[test]
fn a_unit_that_is_left_open_is_one_for_all() {
    let open = || Takes::Number(Amount { like: Some("#完成数".into()), ..Amount::default() });
    let with = |figure: bool| {
        let mut world = World::city();
        world.define("新增就业");
        let mut act = read();
        let inputs = &mut act.outline.indicators[0].fields;
        (inputs[0].takes, inputs[1].takes) = (open(), open());
        inputs[0].figure = inputs[0].figure.take().filter(|_| figure);
        world.does(&who(OFFICE), Act::AdoptScheme(act));
        world
    };
    // It is that of the figure which goes into one of them.
    let world = with(true);
    assert_eq!(world.refused(&who(OFFICE), hand_down(&[("乙县", "98%")]), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(OFFICE), hand_down(&[("乙县", "500人")]), "", &[]), Vec::<&str>::new());
    // Else that of the first who wrote one.
    let mut world = with(false);
    world.does(&who(OFFICE), hand_down(&[("乙县", "98%")]));
    assert_eq!(world.refused(&who(OFFICE), hand_down(&[("丙县", "97")]), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(OFFICE), assess("完成数", "500人"), "", &[]), ["value-not-fitting"]);
    assert_eq!(world.refused(&who(OFFICE), assess("完成数", "95%"), "", &[]), Vec::<&str>::new());
    let mut world = with(false);
    world.does(&who(OFFICE), hand_down(&[("乙县", "500")]));
    assert_eq!(world.refused(&who(OFFICE), assess("完成数", "95%"), "", &[]), ["value-not-fitting"]);
}

#[test]
fn an_input_does_not_go_beyond_the_one_it_is_part_of() {
    let mut world = opened();
    world.does(&who(OFFICE), assess("应完成数", "100"));
    let found = world.findings(&who(OFFICE), assess("完成数", "120"), "", &[], Level::Error);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert_eq!(found[0].why.zh, "要 <= “应完成数”，它是 100");
    world.does(&who(OFFICE), assess("完成数", "100"));
    assert_eq!(world.refused(&who(OFFICE), assess("应完成数", "90"), "", &[]), ["value-not-fitting"]);
}

fn hand_down(parts: &[(&str, &str)]) -> Act {
    Act::HandDown(HandDown {
        scheme: "民生".into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        adds_up: true,
        parts: parts.iter().map(|(office, value)| Part { office: (*office).into(), value: (*value).into() }).collect(),
    })
}

fn adjust(office: &str, value: &str) -> Decision {
    Decision::AdjustTarget {
        scheme: "民生".into(),
        office: office.into(),
        indicator: "新增就业".into(),
        field: "目标数".into(),
        value: value.into(),
    }
}

fn propose(id: &str, decision: Decision) -> Act {
    Act::Propose(Propose { proposal: id.into(), decision })
}

#[test]
fn targets_fit_their_input_when_handed_down_and_when_adjusted() {
    let mut world = opened();
    let found = world.findings(&who(OFFICE), hand_down(&[("乙县", "0"), ("丙县", "五百")]), "", &[], Level::Error);
    assert_eq!(names(&found), ["value-not-fitting", "value-not-fitting"], "both at once");
    assert!(found[0].message.zh.contains("“乙县”的“新增就业/目标数”"), "{}", found[0].message.zh);
    world.does(&who(OFFICE), hand_down(&[("乙县", "500"), ("丙县", "400人")]));
    let wrong = propose("调", adjust("乙县", "98%"));
    assert_eq!(world.refused(&who(OFFICE), wrong, "洪灾", &paper()), ["value-not-fitting"]);
    world.replays();
}

#[test]
fn a_target_is_not_assessed_away_and_what_is_reported_is_not_handed_down() {
    let mut world = opened();
    world.does(&who(OFFICE), hand_down(&[("乙县", "500"), ("丙县", "400")]));
    let found = world.findings(&who(OFFICE), assess("目标数", "1"), "", &[], Level::Error);
    assert_eq!(found[0].message.zh, "“新增就业/目标数”是下达的目标，评分不改它");
    let Act::HandDown(down) = hand_down(&[("乙县", "500")]) else { panic!("a target") };
    let reported = Act::HandDown(HandDown { field: "完成数".into(), ..down });
    let found = world.findings(&who(OFFICE), reported, "", &[], Level::Error);
    assert_eq!(found[0].message.zh, "“新增就业/完成数”由单位填报，不下达");
}

#[test]
fn the_calendar_of_all_is_entered_at_the_top() {
    let mut world = opened();
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(OpenAccount { account: "D1".into() }));
    world.does(&by("S2", "甲市", Role::SecurityAdmin), grant("D1", "乙县", Role::AssessmentOffice));
    let notice = || {
        let (rest, work) = (vec![day("2026-11-24")], Vec::new());
        Act::EnterNotice(EnterNotice(Notice { year: 2026, notice: "乙县自定".into(), rest, work }))
    };
    assert_eq!(world.refused(&by("D1", "乙县", Role::AssessmentOffice), notice(), "另定", &[]), ["not-now"]);
    assert!(world.refused(&who(OFFICE), notice(), "另定", &[]).is_empty());
}

#[test]
fn the_last_administrator_of_a_kind_stays() {
    let mut world = opened();
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let revoke = |account: &str, role: Role| {
        Act::RevokeRole(RevokeRole { account: account.into(), office: "甲市".into(), role })
    };
    for (account, role) in [("S1", Role::SystemAdmin), ("S2", Role::SecurityAdmin), ("S3", Role::AuditAdmin)] {
        assert_eq!(world.refused(&security, revoke(account, role), "调离", &[]), ["not-now"], "{account}");
    }
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(OpenAccount { account: "S4".into() }));
    world.does(&security, grant("S4", "甲市", Role::SystemAdmin));
    world.does_because(&security, revoke("S1", Role::SystemAdmin), "调离");
}

#[test]
fn an_adjusted_part_that_leaves_a_gap_is_told() {
    let mut world = opened();
    // The city itself was given 900 by the province, which is a scheme's office of its own here.
    world.does(&by("S1", "甲市", Role::SystemAdmin), world::open("戊乡", "乙县"));
    let security = by("S2", "甲市", Role::SecurityAdmin);
    world.does(&security, grant("C1", "乙县", Role::AssessmentOffice));
    world.does(&who(OFFICE), hand_down(&[("乙县", "500"), ("丙县", "400")]));
    let county = by("C1", "乙县", Role::AssessmentOffice);
    world.does(&county, hand_down(&[("戊乡", "500")]));
    let part = || propose("调", adjust("戊乡", "450"));
    let found = world.findings(&who(OFFICE), part(), "洪灾", &paper(), Level::Warning);
    assert_eq!(names(&found), ["parts-and-whole-differ"]);
    assert_eq!(found[0].message.zh, "调整以后，“乙县”分解的“新增就业/目标数”合计 450，它自己承担的是 500");
    world.does_because(&who(OFFICE), part(), "洪灾");
    let decide = |id: &str| Act::Decide(Decide { proposal: id.into(), approved: true });
    assert_eq!(world.warned(&who(SECOND), decide("调"), "", &[]), ["parts-and-whole-differ"]);
    world.does(&who(SECOND), decide("调"));
    // It is still a part of what its county was given, and the county's own target closes the gap.
    let whole = || propose("县", adjust("乙县", "450"));
    assert_eq!(world.warned(&who(OFFICE), whole(), "洪灾", &paper()), Vec::<&str>::new());
    assert_eq!(
        world.warned(&who(OFFICE), propose("高", adjust("乙县", "480")), "洪灾", &paper()),
        ["parts-and-whole-differ"]
    );
    world.replays();
}

#[test]
fn a_report_fits_every_input_it_serves() {
    let mut world = opened();
    let found = world.findings(&who(CLERK), submit("一月", "9001", "集中招工"), "", &[], Level::Error);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert_eq!(found[0].message.zh, "“乙县”的“新增就业”：“9001”用不上");
    assert_eq!(found[0].why.zh, "它用于“民生”的“新增就业/完成数”，范围是 0人 到 9000人");
    let found = world.findings(&who(CLERK), submit("一月", "八百", ""), "", &[], Level::Error);
    assert!(
        found[0].message.zh.contains("“乙县”的“新增就业”") && found[0].why.zh.contains("这里要一个数"),
        "{found:?}"
    );
    reported(&mut world, "一月", "880");
    let correct = Decision::CorrectFigure {
        office: "乙县".into(),
        figure: "新增就业".into(),
        period: "2026-01".parse().expect("a period"),
        value: "9900".into(),
    };
    assert_eq!(world.refused(&who(SIGNER), propose("改", correct), "报错了", &paper()), ["value-not-fitting"]);
    // Another scheme that takes less cannot take over what was reported.
    let mut other = AdoptScheme { scheme: "另一".into(), ..read() };
    other.outline.indicators[0].fields[0].takes = amount("人", Some("0"), Some("800"));
    world.does(&who(OFFICE), Act::AdoptScheme(other));
    let again = OpenCollection { scheme: "另一".into(), ..collection("一月另", "2026-01", "2026-02-02") };
    let found = world.findings(&who(OFFICE), Act::OpenCollection(again), "", &[], Level::Error);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert!(found[0].message.zh.starts_with("2026-01 已报的“新增就业”用不上"), "{}", found[0].message.zh);
}

#[test]
fn an_amended_range_tells_what_is_left_outside() {
    let mut world = opened();
    reported(&mut world, "一月", "880");
    world.does(&who(OFFICE), hand_down(&[("乙县", "500")]));
    world.does(&who(OFFICE), assess("检查得分", "24"));
    let mut amended = read();
    let inputs = &mut amended.outline.indicators[0].fields;
    inputs[0].takes = amount("人", Some("0"), Some("800"));
    inputs[1].takes = amount("人", Some("600"), None);
    inputs[4].takes = amount("分", Some("0"), Some("20"));
    let amend = Act::AdoptScheme(amended);
    let outside = ["value-left-outside"; 3];
    assert_eq!(world.warned(&who(OFFICE), amend.clone(), "市里加重", &[]), outside);
    world.does_because(&who(OFFICE), amend, "市里加重");
}

#[test]
fn a_figure_goes_into_an_input_of_its_own_kind_and_unit() {
    let mut world = World::city();
    world.define("新增就业");
    for takes in [amount("元", None, None), amount("%", None, None), amount("", None, None), Takes::YesNo, Takes::Day]
    {
        let mut act = read();
        act.outline.indicators[0].fields[0].takes = takes.clone();
        let found = world.findings(&who(OFFICE), Act::AdoptScheme(act), "", &[], Level::Error);
        assert_eq!(names(&found), ["binding-unlike"], "{takes:?}");
        assert!(found[0].message.zh.contains("“民生”的“新增就业/完成数”"), "{}", found[0].message.zh);
    }
    world.does(&who(OFFICE), Act::AdoptScheme(read()));
    let card = Card {
        name: "新增就业".into(),
        definition: String::new(),
        measure: Measure::Number { unit: "万人".into(), least: None, most: None, places: 2 },
        cumulative: true,
        source: String::new(),
        asks_beyond_percent: None,
        parts: Vec::new(),
    };
    let change = Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card });
    assert_eq!(world.refused(&who(OFFICE), change, "改口径", &[]), ["binding-unlike"]);
}

fn petition(id: &str, when: &str, columns: &[(&str, &str)]) -> Act {
    Act::EnterEvent(EnterEvent {
        scheme: "民生".into(),
        table: "上访".into(),
        id: id.into(),
        office: "乙县".into(),
        day: day(when),
        columns: columns.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        objection_days: 3,
    })
}

#[test]
fn an_event_says_what_its_table_declares() {
    let mut world = opened();
    world.on("2026-02-02");
    let found = world.findings(
        &who(OFFICE),
        petition("1", "2026-02-01", &[("级別", "省部"), ("人数", "零")]),
        "",
        &paper(),
        Level::Error,
    );
    assert_eq!(names(&found), ["not-in-the-record", "value-not-fitting", "value-not-fitting"], "all at once");
    assert!(found[0].next.zh.contains("级别") && found[1].message.zh.contains("“级别”没有填"), "{found:?}");
    assert!(found[2].why.zh.contains("这里要一个数"), "{}", found[2].why.zh);
    let whole = [("级别", "省部"), ("人数", "12")];
    // A column has one name in the record, whatever else the standard calls it.
    let other = petition("1", "2026-02-01", &[("级别", "省部"), ("人数", "12"), ("note", "到市")]);
    assert_eq!(world.refused(&who(OFFICE), other, "", &paper()), ["not-in-the-record"]);
    let wrong = petition("1", "2026-02-01", &[("级别", "省级"), ("人数", "12")]);
    assert_eq!(world.refused(&who(OFFICE), wrong, "", &paper()), ["value-not-fitting"]);
    let found = world.findings(&who(OFFICE), petition("1", "2025-12-31", &whole), "", &paper(), Level::Error);
    assert_eq!(names(&found), ["value-not-fitting"]);
    assert_eq!(found[0].why.zh, "适用期是 2026-01-01 至 2026-12-31");
    world.does_because(&who(OFFICE), petition("1", "2026-02-01", &whole), "来访登记");
    world.replays();
}

#[test]
fn reports_are_counted_in_a_table_that_asks_for_nothing_else() {
    let world = opened();
    let counted = |table: &str, column: &str| {
        let counted_in = Some((table.into(), column.into()));
        Act::OpenCollection(OpenCollection { counted_in, ..collection("二月", "2026-02", "2026-03-02") })
    };
    assert_eq!(world.refused(&who(OFFICE), counted("报表", "按时"), "", &[]), ["not-in-the-record"]);
    let wrong = ["value-not-fitting"; 2];
    assert_eq!(world.refused(&who(OFFICE), counted("上访", "级别"), "", &[]), wrong, "not yes or no, and 人数 is due");
    assert_eq!(world.refused(&who(OFFICE), counted("报表", "及时"), "", &[]), Vec::<&str>::new());
    let outline = world.state.schemes.values().find_map(|scheme| scheme.outline()).expect("a scheme");
    assert_eq!(outline.counting().collect::<Vec<_>>(), [("报表", "及时")], "what is offered is what is taken");
}

#[test]
fn a_scheme_of_another_time_is_adopted_for_a_reason() {
    let mut world = World::city();
    world.define("新增就业");
    let mut act = read();
    act.outline.period = Some((day("2025-01-01"), day("2025-12-31")));
    assert_eq!(world.refused(&who(OFFICE), Act::AdoptScheme(act.clone()), "", &[]), ["reason-needed"]);
    world.does_because(&who(OFFICE), Act::AdoptScheme(act), "补考 2025 年");
    let ask = || Act::OpenCollection(collection("一月", "2026-01", "2026-02-02"));
    assert_eq!(world.warned(&who(OFFICE), ask(), "", &[]), ["outside-the-period"]);
}

#[test]
fn odd_roles_are_told_and_given() {
    let mut world = World::city();
    let security = by("S2", "甲市", Role::SecurityAdmin);
    let from = |when: &str, role: Role, account: &str, office: &str| {
        let (account, office) = (account.into(), office.into());
        Act::GrantRole(GrantRole { account, office, role, from: day(when), to: None })
    };
    let warned = |world: &World, act: Act| world.warned(&security, act, "", &[]);
    assert_eq!(warned(&world, from("2026-01-05", Role::Clerk, "B1", "乙县")), ["role-repeated"]);
    assert_eq!(warned(&world, from("2025-06-01", Role::Clerk, "B1", "丙县")), ["role-backdated"]);
    assert_eq!(warned(&world, from("2026-01-05", Role::Auditor, "B2", "甲市")), ["role-conflict"]);
    assert_eq!(warned(&world, from("2026-01-05", Role::Auditor, "A1", "甲市")), ["role-conflict"], "who scores");
    assert_eq!(warned(&world, from("2026-01-05", Role::Auditor, "A2", "甲市")), ["role-conflict"], "who seals");
    world.does(&by("S1", "甲市", Role::SystemAdmin), Act::OpenAccount(OpenAccount { account: "D1".into() }));
    assert_eq!(warned(&world, from("2026-01-05", Role::Auditor, "D1", "甲市")), Vec::<&str>::new());
    world.does(&security, from("2026-01-05", Role::Auditor, "D1", "甲市"));
    assert_eq!(warned(&world, from("2026-01-05", Role::Reviewer, "D1", "丁县")), ["role-conflict"]);
    world.does(&security, from("2026-01-05", Role::Reviewer, "D1", "丁县"));
    assert!(world.state.holds("D1", "丁县", Role::Reviewer, world.state.today), "said, and done all the same");
}

#[test]
fn a_collection_that_is_late_at_once_or_asked_twice_is_told() {
    let mut world = opened();
    world.on("2026-03-02");
    let ask = |id: &str, period: &str, from: &str| Act::OpenCollection(collection(id, period, from));
    assert_eq!(world.warned(&who(OFFICE), ask("再", "2026-01", "2026-03-02"), "", &[]), ["collection-doubled"]);
    assert_eq!(world.warned(&who(OFFICE), ask("迟", "2026-02", "2026-02-02"), "", &[]), ["due-date-past"]);
    assert_eq!(world.warned(&who(OFFICE), ask("二月", "2026-02", "2026-03-02"), "", &[]), Vec::<&str>::new());
}

#[test]
fn sealing_without_totals_or_time_is_told() {
    let mut world = opened();
    let line = |office: &str, total: &str| TotalLine {
        office: office.into(),
        total: total.into(),
        rank: None,
        meets_all: String::new(),
        grade: String::new(),
    };
    let version = world.state.schemes.get("民生").expect("a scheme").versions[0].number;
    let results = PutDownResults {
        scheme: "民生".into(),
        round: "自评".into(),
        version,
        at: world.state.size,
        scores: Algorithm::Sha256.nothing(),
        totals: vec![line("乙县", "88"), line("丙县", "")],
        awards: Vec::new(),
        by_rule: Vec::new(),
        replaces: None,
    };
    world.does(&who(OFFICE), Act::PutDownResults(results));
    let seal = |objection_days| {
        Act::Seal(Seal { scheme: "民生".into(), round: "自评".into(), objection_days, shown: false })
    };
    assert_eq!(
        world.warned(&who(GROUP), seal(0), "", &[]),
        ["no-time-to-object", "totals-blank", "collection-not-due"]
    );
    assert_eq!(world.warned(&who(GROUP), seal(5), "", &[]), ["totals-blank", "collection-not-due"]);
    assert_eq!(world.refused(&who(GROUP), seal(5), " ", &[]), ["reason-needed"], "it may be meant, and is said");
    world.does_because(&who(GROUP), seal(5), "自评只看已报的数");
}

#[test]
fn what_runs_on_from_january_does_not_fall_without_a_word() {
    let mut world = World::city();
    world.define("新增就业");
    let mut card = world.state.cards.get("新增就业").expect("a card").clone();
    card.asks_beyond_percent = None;
    let define = |card: &Card| Act::DefineFigure(DefineFigure { figure: "新增就业".into(), card: card.clone() });
    world.does_because(&who(OFFICE), define(&card), "不问涨跌");
    world.does(&who(OFFICE), Act::AdoptScheme(read()));
    world.does(&who(OFFICE), Act::OpenCollection(collection("一月", "2026-01", "2026-02-02")));
    reported(&mut world, "一月", "880");
    world.does(&who(OFFICE), Act::OpenCollection(collection("三月", "2026-03", "2026-04-01")));
    let found = world.findings(&who(CLERK), submit("三月", "879", ""), "", &[], Level::Error);
    assert_eq!(names(&found), ["question-open"], "February was not asked; January is what it fell from");
    assert_eq!(found[0].message.zh, "新增就业：本年累计 2026-01 是 880，现在反而少了，为什么？");
    assert_eq!(world.refused(&who(CLERK), submit("三月", "880", ""), "", &[]), Vec::<&str>::new());
    assert_eq!(world.refused(&who(CLERK), submit("三月", "5000", ""), "", &[]), Vec::<&str>::new());
    world.does(&who(OFFICE), Act::OpenCollection(collection("明年一月", "2027-01", "2027-02-01")));
    assert_eq!(world.refused(&who(CLERK), submit("明年一月", "90", ""), "", &[]), Vec::<&str>::new(), "a new year");
    card.cumulative = false;
    world.does_because(&who(OFFICE), define(&card), "改为当月数");
    assert_eq!(world.refused(&who(CLERK), submit("三月", "90", ""), "", &[]), Vec::<&str>::new());
}

#[test]
fn a_late_report_can_be_objected_to_by_itself() {
    let mut world = opened();
    world.on("2026-02-09");
    reported(&mut world, "一月", "880");
    let about = |id: &str| About::Event { table: "报表".into(), id: id.into() };
    let object = |office: &str, id: &str| {
        Act::Object(Object { objection: "异".into(), office: office.into(), about: about(id), answer_days: 5 })
    };
    let unknown = ["not-in-the-record"];
    assert_eq!(world.refused(&who(SIGNER), object("乙县", "一月/丙县"), "停电", &[]), unknown, "not its own");
    assert_eq!(world.refused(&who(SIGNER), object("乙县", "二月/乙县"), "停电", &[]), unknown);
    world.does_because(&who(SIGNER), object("乙县", "一月/乙县"), "停电三天，有供电所证明");
    let answer = Act::Answer(Answer { objection: "异".into(), upheld: true });
    world.does_because(&who(OFFICE), answer, "属实");
    let outline = read().outline;
    let sheets = world.state.sheets(&"民生".into(), &outline, "").expect("a scheme");
    assert_eq!(
        sheets.events.get("报表").map(String::as_str),
        Some(
            "id,unit,date,evidence,withdrawn,及时\n一月/乙县,乙县,2026-02-09,,2026-02-09,否\n一月/丙县,丙县,2026-02-06,,,否\n"
        ),
        "it stands there once, as one that does not count"
    );
    let withdraw = |id: &str| Act::WithdrawEvent(WithdrawEvent { table: "报表".into(), id: id.into() });
    assert_eq!(world.refused(&who(OFFICE), withdraw("一月/乙县"), "属实", &[]), ["not-now"]);
    world.does_because(&who(OFFICE), withdraw("一月/丙县"), "系统故障");
    let taken = EnterEvent {
        scheme: "民生".into(),
        table: "报表".into(),
        id: "一月/乙县".into(),
        office: "乙县".into(),
        day: day("2026-02-09"),
        columns: BTreeMap::from([("及时".into(), "否".into())]),
        objection_days: 3,
    };
    assert_eq!(world.refused(&who(OFFICE), Act::EnterEvent(taken), "", &paper()), ["already-in-the-record"]);
    world.replays();
}

#[test]
fn a_report_in_time_is_no_event_to_object_to() {
    let mut world = begun();
    world.on("2026-02-03");
    reported(&mut world, "一月", "880");
    let about = About::Event { table: "报表".into(), id: "一月/乙县".into() };
    let object = Act::Object(Object { objection: "异".into(), office: "乙县".into(), about, answer_days: 5 });
    assert_eq!(world.refused(&who(SIGNER), object, "停电", &[]), ["not-in-the-record"]);
    assert_eq!(world.state.reports.len(), 1);
}
