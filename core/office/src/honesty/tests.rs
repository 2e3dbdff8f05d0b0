//! Each sign with figures that were made up to show it, and with innocent ones that do not.

use super::Sign;
use crate::{
    ids::{FigureId, OfficeId, SchemeId},
    outline::{Field, Indicator, Outline},
    period::Period,
    state::{Card, Cell, Collection, Measure, Reported, Results, Scheme, Stage, State, Target, TotalLine, Version},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_ledger::Algorithm;
use kaoping_terms::Day;

const OFFICES: [&str; 8] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"];

/// A scheme with nine counts, the first of which has a target.
fn state() -> State {
    let mut state = State::default();
    let indicator = |at: usize| Indicator {
        id: format!("指标{at}").as_str().into(),
        name: format!("指标{at}"),
        points: String::new(),
        clause: String::new(),
        lead: Vec::new(),
        responsible: Vec::new(),
        supporting: Vec::new(),
        in_block: true,
        counts: Vec::new(),
        not_applicable: String::new(),
        fields: Vec::from([
            Field {
                name: "完成".into(),
                figure: Some(format!("数{at}").as_str().into()),
                by_period: false,
                by_assessor: false,
                ..Field::default()
            },
            Field { name: "目标".into(), figure: None, by_period: false, by_assessor: false, ..Field::default() },
        ]),
    };
    let outline = Outline {
        scheme: "民生".into(),
        title: "民生".into(),
        indicators: (0..9).map(indicator).collect(),
        rounds: Vec::from(["自评".into(), "验收".into()]),
        events: Vec::new(),
        steps: Vec::new(),
        ..Outline::default()
    };
    for at in 0..9 {
        let card = Card {
            name: format!("数{at}"),
            definition: String::new(),
            measure: Measure::Number { unit: "人".into(), least: None, most: None, places: 0 },
            cumulative: false,
            source: String::new(),
            asks_beyond_percent: None,
            parts: Vec::new(),
        };
        state.cards.insert(format!("数{at}").as_str().into(), card);
    }
    let day = Day::from_number(20_454).expect("a day");
    let version = Version::new(0, day, String::new(), Vec::new(), outline);
    let scheme = Scheme {
        office: "市".into(),
        upper: None,
        versions: Vec::from([version]),
        forwarded: BTreeMap::new(),
        ends: Default::default(),
    };
    state.schemes.insert("民生".into(), scheme);
    state
}

fn put(state: &mut State, office: &str, figure: usize, month: i8, value: &str) {
    let cell = Cell {
        value: value.into(),
        evidence: Vec::new(),
        signed_by: "I1".into(),
        approved_by: None,
        number: 0,
        before: Vec::new(),
    };
    let figure = format!("数{figure}");
    state.put_cell((office.into(), figure.as_str().into(), Period::Month(2026, month)), cell);
}

fn found(state: &State) -> Vec<(Sign, String)> {
    let all = state.suspicions(&SchemeId::from("民生"));
    all.into_iter().map(|found| (found.sign, found.office.into())).collect()
}

#[test]
fn ordinary_figures_raise_nothing() {
    let mut state = state();
    for (at, office) in OFFICES.iter().enumerate() {
        for figure in 0..9 {
            let value = 1_013 + 137 * at + 61 * figure;
            put(&mut state, office, figure, 5, &format!("{value}"));
            put(&mut state, office, figure, 6, &format!("{}", value + 29 + 3 * at));
        }
    }
    assert_eq!(found(&state), []);
    assert_eq!(state.suspicions(&SchemeId::from("没有")), []);
}

#[test]
fn a_jump_is_more_than_twice_or_less_than_half() {
    let mut state = state();
    put(&mut state, "甲", 1, 5, "411");
    put(&mut state, "甲", 1, 6, "823");
    put(&mut state, "乙", 1, 5, "411");
    put(&mut state, "乙", 1, 6, "822");
    put(&mut state, "丙", 1, 5, "823");
    put(&mut state, "丙", 1, 6, "411");
    put(&mut state, "丁", 1, 5, "0");
    put(&mut state, "丁", 1, 6, "31");
    assert_eq!(found(&state), [(Sign::Jump, "丙".into()), (Sign::Jump, "甲".into())], "from nothing says nothing");
    let figure = FigureId::from("数1");
    state.cards.get_mut(&figure).expect("a card").cumulative = true;
    assert_eq!(found(&state), [], "what runs on grows from month to month");
}

#[test]
fn the_same_as_before_is_asked_about_unless_it_is_round() {
    let mut state = state();
    for (office, value) in [("甲", "4713"), ("乙", "4000"), ("丙", "12")] {
        put(&mut state, office, 2, 5, value);
        put(&mut state, office, 2, 6, value);
    }
    assert_eq!(found(&state), [(Sign::Repeated, "甲".into())]);
}

#[test]
fn many_just_above_a_target_and_none_just_below() {
    let mut state = state();
    let target = |state: &mut State, office: &str| {
        let key = ("民生".into(), office.into(), "指标0".into(), "目标".into());
        let (value, from, before) = ("5,000".into(), "市".into(), Vec::new());
        let target = Target { value, from, number: 0, adjusted: None, adds_up: true, before };
        state.targets.insert(key, target);
    };
    for (office, value) in OFFICES.iter().zip(["5003", "5017", "5000", "5100", "5101", "4100", "6210", "7123"]) {
        target(&mut state, office);
        put(&mut state, office, 0, 6, value);
    }
    let offices: Vec<(Sign, String)> = found(&state);
    let expected: Vec<(Sign, String)> = ["丁", "丙", "乙", "甲"].map(|office| (Sign::Bunching, office.into())).into();
    assert_eq!(offices.len(), 4, "5101 is more than two in a hundred above");
    assert!(expected.iter().all(|office| offices.contains(office)), "{offices:?}");
    put(&mut state, "己", 0, 6, "4990");
    put(&mut state, "庚", 0, 6, "4950");
    assert_eq!(found(&state), [], "two just below: nobody pushed");
}

#[test]
fn figures_that_end_alike_and_figures_of_another() {
    let mut state = state();
    for figure in 0..9 {
        put(&mut state, "甲", figure, 6, &format!("{}5", 101 + 7 * figure));
        put(&mut state, "乙", figure, 6, &format!("{}", 1_201 + 11 * figure));
    }
    assert_eq!(found(&state), [(Sign::Digits, "甲".into())]);
    for figure in 3..6 {
        put(&mut state, "丙", figure, 6, &format!("{}", 1_201 + 11 * figure));
    }
    let signs = found(&state);
    assert!(signs.contains(&(Sign::Copied, "丙".into())) && signs.contains(&(Sign::Copied, "乙".into())), "{signs:?}");
    put(&mut state, "丙", 5, 6, "777777");
    assert!(!found(&state).contains(&(Sign::Copied, "丙".into())), "two may well be equal");
}

fn results(totals: &[(&str, &str)]) -> Results {
    let line = |(office, total): &(&str, &str)| TotalLine {
        office: OfficeId::from(*office),
        total: (*total).into(),
        rank: None,
        meets_all: String::new(),
        grade: String::new(),
    };
    Results {
        version: 0,
        at: 0,
        scores: Algorithm::Sha256.nothing(),
        totals: totals.iter().map(line).collect(),
        awards: Vec::new(),
        by_rule: Vec::new(),
        by: "A1".into(),
        number: 0,
        sealed_by: None,
        sealed_in: None,
        objections_until: None,
        shown: false,
        published: None,
        reopened: false,
        earlier: Vec::new(),
        editions: 1,
        day: Day::from_number(0).expect("a day"),
    }
}

#[test]
fn who_scores_himself_far_above_the_rest() {
    let mut state = state();
    let key = |round: &str| ("民生".into(), round.into());
    state.results.insert(key("自评"), results(&[("甲", "105.01"), ("乙", "105"), ("丙", "99"), ("丁", "")]));
    assert_eq!(found(&state), [], "nothing to compare it with");
    state.results.insert(key("验收"), results(&[("甲", "100"), ("乙", "100"), ("丙", "101"), ("丁", "1")]));
    assert_eq!(found(&state), [(Sign::Inflated, "甲".into())]);
}

#[test]
fn what_is_changed_in_the_last_minutes() {
    let mut state = state();
    let due = Day::from_number(20_480).expect("a day");
    let collection = Collection {
        title: "六月".into(),
        office: "市".into(),
        scheme: "民生".into(),
        period: Period::Month(2026, 6),
        figures: Vec::new(),
        offices: Vec::from(["甲".into(), "乙".into(), "丙".into()]),
        from: due,
        working_days: 0,
        grace_days: 0,
        last_before: Vec::new(),
        due,
        last: due,
        counted_in: None,
        number: 0,
    };
    state.put_collection("六月".into(), collection);
    let ends = crate::deed::ends_ms(due);
    assert_eq!(crate::deed::day_of(ends - 1), Some(due));
    assert_eq!(crate::deed::day_of(ends).map(Day::number), Some(due.number() + 1));
    for (office, changed_ms) in [("甲", Some(ends - 1)), ("乙", Some(ends - 11 * 60_000)), ("丙", None)] {
        let report = Reported {
            stage: Stage::Submitted,
            figures: [].into(),
            filled_by: "C1".into(),
            reviewed_by: None,
            signed_by: None,
            handed_in_ms: 0,
            first_signed: None,
            first_signed_in: None,
            returned_why: String::new(),
            returned: 0,
            before: [].into(),
            entries: Vec::new(),
            changed_ms,
        };
        state.reports.insert(("六月".into(), office.into()), report);
    }
    assert_eq!(found(&state), [(Sign::LastMinute, "甲".into())]);
}
