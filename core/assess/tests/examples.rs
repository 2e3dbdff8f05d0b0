//! Every example folder of the policies gives the results that were worked out beside them,
//! by hand or by an independent program.

#![allow(clippy::expect_used, clippy::panic)]

mod folders;

use folders::{Scored, example, lines};
use kaoping_assess::lines::Lines;
use kaoping_terms::{Lang, Level};

/// Compares the tables an example has expectations for.
fn check(policy: &str, name: &str) -> Scored {
    let (scored, files) = example(policy, name);
    let errors: Vec<_> = scored.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "{policy} {name}: {errors:#?}");
    let tables = Lines { standard: &scored.standard, units: &scored.units, assessment: &scored.assessment };
    let mut compared = 0;
    for (file, expected) in files.iter().filter_map(|(file, text)| Some((file.strip_prefix("expected/")?, text))) {
        let columns = expected.lines().next().expect("a header").split(',').count();
        let found = match file {
            "scores.csv" => lines(|visit| tables.scores().visit(visit), columns),
            "adjustments.csv" => lines(|visit| tables.adjustments().visit(visit), columns),
            "totals.csv" => lines(|visit| tables.totals(visit), columns),
            // Reasons are for people and are tested where they are made.
            "awards.csv" => lines(
                |visit| {
                    tables.awards(Lang::Zh, &mut |row: &[&str]| {
                        let mut row: Vec<&str> = row.to_vec();
                        row[3] = if row[0] == "award" { "reason" } else { "" };
                        visit(&row);
                    })
                },
                columns,
            ),
            "quotas.csv" => lines(|visit| tables.quotas(visit), columns),
            "values.csv" => lines(|visit| tables.values(visit), columns),
            "rosters.csv" => lines(|visit| tables.rosters(visit), columns),
            "shares.csv" => lines(|visit| tables.shares(visit), columns),
            "owed.csv" => lines(|visit| tables.owed(visit), columns),
            other => panic!("no such table: {other}"),
        };
        compared += 1;
        if &found != expected {
            let pairs = expected.lines().zip(found.lines()).filter(|(a, b)| a != b);
            let shown: Vec<String> = pairs.take(12).map(|(a, b)| format!("expected {a}   found {b}")).collect();
            panic!(
                "{policy} {name} {file}: {} lines expected, {} found\n{}",
                expected.lines().count(),
                found.lines().count(),
                shown.join("\n")
            );
        }
    }
    assert!(compared > 0, "{policy} {name} has nothing to compare with");
    scored
}

#[test]
fn township() {
    check("township-2014", "villages");
}

#[test]
fn model_cities() {
    check("golden-insurance-example", "cities");
}

/// Each row of the rulebook, wherever it has examples.
#[test]
fn rulebook() {
    let mut checked = 0;
    for policy in folders::below("rulebook") {
        let (_, linked) = folders::standard(&policy);
        for (name, files) in &linked.examples {
            if files.keys().any(|file| file.starts_with("expected/")) {
                check(&policy, name);
                checked += 1;
            }
        }
    }
    assert!(checked >= 10, "only {checked} examples");
}

#[test]
fn livelihood() {
    let scored = check("livelihood", "city");
    assert!(scored.assessment.is_final());
    assert!(scored.assessment.owed.is_empty());
}

#[test]
fn livelihood_with_a_figure_missing() {
    let scored = check("livelihood", "city-missing");
    let unit = scored.units.find("戊县").expect("the unit");
    let owed: Vec<_> = scored
        .assessment
        .owed
        .iter()
        .map(|owing| (owing.unit, owing.indicator.as_deref(), owing.field.as_str()))
        .collect();
    assert_eq!(owed, [(Some(unit), Some("101"), "完成数")]);
    assert!(!scored.assessment.is_final());
    // What 乙县 gets does not hang on the best of all, for it missed its own target; what 甲县
    // gets does. The places of both may still change.
    let firm = |name: &str| !scored.assessment.total(scored.units.find(name).expect("a unit")).state.is_provisional();
    assert!(firm("乙县") && !firm("甲县"));
    assert!(scored.assessment.place_is_provisional(scored.units.find("乙县").expect("乙县")));
    let winners = &scored.assessment.awards[0].lists[0];
    assert_eq!(winners.open, [unit], "the award waits for the one who has not reported");
    assert!(winners.winners.iter().all(|winner| winner.provisional));
}
