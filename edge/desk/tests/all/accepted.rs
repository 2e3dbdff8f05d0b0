//! What scoring refuses of a value the office refuses, too, when it is written down: tried on the policies that come
//! with the program.

use kaoping_desk::standard::{Bindings, Draft, draft_of};
use kaoping_intake::{
    given::{Given, Texts},
    load::shipped_texts,
};
use kaoping_ledger::Algorithm;
use kaoping_office::takes::Takes;
use kaoping_terms::{Level, Text};

/// What people write, rightly and wrongly.
const VALUES: &[&str] = &[
    "0",
    "1",
    "2",
    "7",
    "12",
    "24",
    "25",
    "100",
    "101",
    "950",
    "5000",
    "0.5",
    "3.333",
    "-1",
    "1,234",
    "12,34",
    "0%",
    "50%",
    "98.2%",
    "100%",
    "950%",
    "-5%",
    "3人",
    "3 户",
    "10分",
    "1.2 万元",
    "12元",
    "0.13亿元",
    "2个百分点",
    "3.5人/户",
    "abc",
    "八百",
    "1e5",
    "是",
    "否",
    "yes",
    "2026-03-31",
    "2026-02-30",
    "省部",
    "优",
    "",
];

const POLICIES: &[&str] = &[
    "livelihood",
    "livelihood-as-issued",
    "township-2014",
    "rulebook/04-half-year",
    "golden-insurance-example",
    "trial/township-goals",
    "trial/investment-promotion",
    "rulebook/07-judged",
    "rulebook/11-penalties",
    "rulebook/13-event-rounds",
];

fn draft(policy: &str) -> Draft {
    let texts = shipped_texts(policy).into_iter().filter(|(path, _)| !path.starts_with("examples/")).collect();
    draft_of(policy, texts, Algorithm::Sha256, &"方案".into(), &"甲市".into(), &Bindings::new())
}

/// Whether scoring refuses a file with one line; that others are missing is no matter of it.
fn scoring_refuses(draft: &mut Draft, facts: Option<String>, events: Option<(&str, String)>) -> bool {
    let texts = Texts {
        units: None,
        facts: facts.map(|facts| ("facts.csv".into(), facts)).into_iter().collect(),
        events: events.map(|(table, text)| (table.to_owned(), "events.csv".into(), text)).into_iter().collect(),
    };
    let mut sources = core::mem::take(&mut draft.loaded.policy.sources);
    let standard = &draft.loaded.compiled.standard;
    let (_, findings) = Given::new(standard, &draft.loaded.policy.targets, texts, &mut sources);
    draft.loaded.policy.sources = sources;
    let other = ["column-missing", "event-cell-empty", "event-without-date"];
    findings.findings().iter().any(|found| found.level == Level::Error && !other.contains(&found.name))
}

fn office_refuses(takes: &Takes, value: &str) -> bool {
    takes.refuses(&Text::default(), value).is_some()
}

/// Offices write 是 and 否, not 1 and 0; and an empty cell, which scoring takes for a report that is missing, says nothing.
fn is_strict(takes: &Takes, value: &str) -> bool {
    value.is_empty() || *takes == Takes::YesNo && matches!(value, "0" | "1")
}

fn cell(value: &str) -> String {
    format!("\"{value}\"")
}

#[test]
fn whatever_scoring_refuses_is_refused_when_it_is_written_down() {
    let (mut tried, mut refused) = (0, 0);
    for policy in POLICIES {
        let mut draft = draft(policy);
        assert!(!draft.act.outline.indicators.is_empty(), "{policy} is there");
        let outline = draft.act.outline.clone();
        for indicator in &outline.indicators {
            for field in &indicator.fields {
                // A unit that is left open is that of the figure which goes there.
                if matches!(&field.takes, Takes::Number(amount) if amount.like.is_some()) {
                    continue;
                }
                for value in VALUES {
                    let header = "unit,indicator,field,value,assessor,reason";
                    let line = format!("乙县,{},{},{},张三,因为", indicator.id, field.name, cell(value));
                    let scoring = scoring_refuses(&mut draft, Some(format!("{header}\n{line}\n")), None);
                    let office = office_refuses(&field.takes, value);
                    let at = format!("{policy}: {line} ({:?})", field.takes);
                    assert!(office || !scoring, "accepted, and blocks scoring: {at}");
                    assert!(scoring || !office || is_strict(&field.takes, value), "refused for nothing: {at}");
                    (tried, refused) = (tried + 1, refused + u32::from(office));
                }
            }
        }
        for (table, columns) in &outline.columns {
            for column in columns {
                for value in VALUES.iter().filter(|value| !value.is_empty()) {
                    let text = format!("id,unit,date,{}\n1,乙县,,{}\n", column.name, cell(value));
                    let scoring = scoring_refuses(&mut draft, None, Some((table, text)));
                    let office = office_refuses(&column.takes, value);
                    assert!(office || !scoring, "accepted: {policy}: {table} {column:?} {value}");
                    let strict = is_strict(&column.takes, value);
                    assert!(scoring || !office || strict, "refused for nothing: {policy}: {table} {column:?} {value}");
                    (tried, refused) = (tried + 1, refused + u32::from(office));
                }
            }
        }
    }
    assert!(tried > 1000 && refused > tried / 4, "{tried} tried, {refused} refused");
}

#[test]
fn the_outline_knows_units_ranges_columns_and_the_time_that_is_assessed() {
    let draft = draft("livelihood");
    let outline = &draft.act.outline;
    assert!(outline.period.is_some(), "the policy has a 适用期");
    let all: Vec<_> = outline.indicators.iter().flat_map(|of| &of.fields).collect();
    assert!(all.iter().any(|field| matches!(&field.takes, Takes::Number(amount) if amount.least.is_some())));
}

#[test]
fn a_binding_of_nothing_is_an_error_of_the_draft() {
    let texts = || shipped_texts("livelihood").into_iter().filter(|(path, _)| !path.starts_with("examples/")).collect();
    let of = |input: &str| {
        let bindings = Bindings::from([(input.to_owned(), "新增就业".into())]);
        draft_of("民生", texts(), Algorithm::Sha256, &"民生".into(), &"甲市".into(), &bindings).act.errors
    };
    assert!(!of("101/完成数").contains(&"binding-of-nothing".to_owned()));
    assert!(of("101/完成").contains(&"binding-of-nothing".to_owned()));
}

/// What somebody gives is told apart from what is reported or handed down: by several, with a reason, or in points
/// and with nothing beside it.
#[test]
fn scores_somebody_gives_are_told_apart() {
    let judged = |policy: &str| {
        let outline = draft(policy).act.outline;
        let fields = outline.indicators.iter().flat_map(|of| of.fields.iter().map(move |field| (of, field)));
        let judged = fields.filter(|(_, field)| field.judged);
        judged.map(|(of, field)| format!("{}/{}", of.id, field.name)).collect::<Vec<_>>()
    };
    assert_eq!(judged("rulebook/07-judged"), ["汇报材料/评分", "现场评审/评分"]);
    assert_eq!(judged("trial/investment-promotion"), ["5/园区评分", "5/乡镇评分"]);
    assert_eq!(judged("trial/township-goals"), ["43/检查得分", "创新加分/创新分"]);
    assert_eq!(judged("rulebook/11-penalties"), ["数据质量/检查得分", "日常工作/检查得分"]);
    assert_eq!(judged("township-2014"), Vec::<String>::new(), "targets, and what was done about them");
}
