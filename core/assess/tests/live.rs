//! An assessment that is kept and followed through random changes is that of a fresh run over the
//! changed files, in all its parts, and it names everything that is another.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    unreachable_pub,
    dead_code,
    reason = "a test stops at what should have been there; the oracle's parts are used in part"
)]

mod folders;

#[path = "oracle/awards.rs"]
mod awards;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/evaluate.rs"]
mod evaluate;
#[path = "oracle/following.rs"]
mod following;
#[path = "oracle/make.rs"]
mod make;
#[path = "oracle/matters.rs"]
mod matters;
#[path = "oracle/nested.rs"]
mod nested;
#[path = "oracle/number.rs"]
mod number;
#[path = "oracle/plan.rs"]
mod plan;
#[path = "oracle/rounds.rs"]
mod rounds;
#[path = "oracle/rules.rs"]
mod rules;
#[path = "oracle/text.rs"]
mod text;

use folders::{Read, same_results};
use kaoping_assess::{Assessment, Effect, Live, NotFollowed, Options, What, assess, prepare};
use kaoping_program::{ColumnId, Lanes};
use kaoping_scheme::Standard;
use number::{Dice, Figure};
use plan::{Ask, Case};
use std::collections::{BTreeMap, BTreeSet};

const CHANGES: usize = 8;

/// What the cases reached.
#[derive(Clone, Debug, Default)]
struct Seen {
    followed: u64,
    refused: BTreeMap<String, u64>,
    effects: BTreeMap<String, u64>,
    taken_away: u64,
    first: u64,
}

/// Another value for a figure: that of somebody else, one a little beside, or none.
fn another(case: &Case, at: usize, dice: &mut Dice) -> Option<Figure> {
    let fact = &case.facts[at];
    let asks = fact.item.and_then(|item| case.scheme.items[item].rule.as_ref()).map_or(&[][..], plan::Rule::inputs);
    let ask = asks.iter().find(|(name, _)| *name == fact.field).map_or(Ask::YesNo, |(_, ask)| *ask);
    if dice.chance(12) {
        return None;
    }
    if ask == Ask::YesNo {
        return Some(Figure::new(i64::from(dice.chance(50)), 0));
    }
    let alike = case.facts.iter().filter(|other| (other.item, other.field) == (fact.item, fact.field));
    let others: Vec<Figure> = alike.filter_map(|other| other.value).collect();
    let other = if others.is_empty() { Figure::new(5, 0) } else { dice.pick(&others) };
    let by = dice.pick(&[0, 0, 1, -1, 7, 1_000]);
    let least = i64::from(ask == Ask::Target);
    Some(Figure::new((other.mantissa + by).max(least), other.places))
}

/// The column of a figure, where it is the only one of its kind.
fn column_of(case: &Case, standard: &Standard, at: usize, live: &Live<'_>) -> Option<ColumnId> {
    let fact = &case.facts[at];
    let same = |other: &&plan::Fact| (other.unit, other.item, other.field) == (fact.unit, fact.item, fact.field);
    if fact.round.is_some() || case.facts.iter().filter(same).count() > 1 {
        return None;
    }
    let id = fact.item.map(|item| {
        let name = &case.scheme.items[item].name;
        let mut items = standard.schemes.iter().flat_map(|scheme| &scheme.items);
        items.find(|item| item.name.as_str() == name).expect("the item").id.to_string()
    });
    live.figure(id.as_deref(), fact.field)
}

/// The findings of a run; those about how figures were reported stay those of the files that were read.
fn findings(assessment: &Assessment) -> Vec<String> {
    let finding = |finding: &kaoping_terms::Diagnostic| format!("{} {}", finding.name, finding.message.en);
    let of_run = |finding: &&kaoping_terms::Diagnostic| finding.name != "figure-not-counted";
    let mut all: Vec<String> = assessment.findings.findings().iter().filter(of_run).map(finding).collect();
    all.sort();
    all
}

fn is_named(effects: &[Effect], what: What, unit: u32) -> bool {
    effects.iter().filter(|effect| effect.what == what).any(|effect| match &effect.units {
        Lanes::All => true,
        Lanes::Some(units) => units.contains(&unit),
    })
}

/// Whatever is another is named.
fn all_named(before: &Assessment, now: &Assessment, effects: &[Effect]) {
    for unit in 0..before.groups.of.len() as u32 {
        for (at, (was, is)) in before.items.iter().zip(&now.items).enumerate() {
            let same = was.score.cell(unit as usize) == is.score.cell(unit as usize) && was.met(unit) == is.met(unit);
            assert!(same || is_named(effects, What::Item(at), unit), "item {at} of {unit}: {effects:?}");
        }
        let named = |what| is_named(effects, what, unit);
        assert!(before.total(unit) == now.total(unit) || named(What::Total), "total of {unit}: {effects:?}");
        assert!(before.place(unit) == now.place(unit) || named(What::Place), "place of {unit}: {effects:?}");
        let grade = |of: &Assessment| of.grades.get(unit as usize).cloned();
        assert!(grade(before) == grade(now) || named(What::Grade), "grade of {unit}: {effects:?}");
        for (at, (was, is)) in before.awards.iter().zip(&now.awards).enumerate() {
            let reason = |award: &kaoping_assess::AwardResult| award.reasons.get(unit as usize).copied();
            assert!(reason(was) == reason(is) || named(What::Award(at)), "award {at} of {unit}: {effects:?}");
        }
    }
}

fn follow(seed: u64, seen: &mut Seen) {
    let mut case = make::case(seed);
    let (standard, policy) = compare::compiled(&case).expect("a policy without errors");
    let read = Read::new(&standard, &policy, &text::reported(&case));
    let options = Options { in_columns: seed.is_multiple_of(2), details: seed.is_multiple_of(3), ..Options::default() };
    let mut live = match Live::new(read.of(&standard), options) {
        Ok(live) => live,
        Err(refused) => {
            *seen.refused.entry(format!("{refused:?}")).or_default() += 1;
            return;
        }
    };
    let mut dice = Dice(seed ^ 0x11FE);
    let mut before = live.assessment();
    for _ in 0..CHANGES {
        if case.facts.is_empty() {
            return;
        }
        let at = dice.below(case.facts.len());
        let Some(column) = column_of(&case, &standard, at, &live) else { continue };
        let mut changed = case.clone();
        changed.facts[at].value = another(&case, at, &mut dice);
        let unit = read.units.find(&case.units[case.facts[at].unit].id).expect("a unit");
        let files = Read::new(&standard, &policy, &text::reported(&changed));
        let (prepared, _) = prepare(files.of(&standard), None);
        let value = prepared.column(column).expect("a column").cell(unit as usize).value;
        let effects = match live.change(unit, column, value.clone()) {
            Ok(effects) => effects,
            Err(refused) => {
                assert!(!matches!(refused, NotFollowed::Defect(_)), "seed {seed}: {refused:?}");
                *seen.refused.entry(format!("{refused:?}")).or_default() += 1;
                continue;
            }
        };
        case = changed;
        let expected = assess(files.of(&standard), &options);
        let now = live.assessment();
        same_results(&expected, &now);
        assert_eq!(findings(&expected), findings(&now), "seed {seed}");
        for unit in 0..before.groups.of.len() as u32 {
            assert_eq!(
                (expected.total(unit), expected.place(unit)),
                (live.total(unit), live.place(unit)),
                "seed {seed}"
            );
        }
        all_named(&before, &now, &effects);
        before = now;
        seen.followed += 1;
        seen.taken_away += u64::from(value.is_none());
        seen.first += u64::from(effects.iter().any(|effect| effect.units == Lanes::All));
        let kinds: BTreeSet<String> = effects
            .iter()
            .map(|effect| format!("{:?}", effect.what).split('(').next().expect("a word").to_string())
            .collect();
        kinds.into_iter().for_each(|kind| *seen.effects.entry(kind).or_default() += 1);
    }
}

#[test]
fn a_kept_assessment_is_that_of_a_fresh_run_after_every_change() {
    let from_environment =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let first = from_environment("KAOPING_ORACLE_SEED", 1);
    let count = from_environment("KAOPING_ORACLE_CASES", 300);
    let mut seen = Seen::default();
    for seed in first..first + count {
        follow(seed, &mut seen);
    }
    println!("{seen:?}");
    // Cases that reach nothing would prove nothing.
    assert!(seen.followed > count * 2, "{seen:?}");
    assert!(seen.taken_away > count / 10, "{seen:?}");
    for kind in ["Item", "Block", "Total", "Place", "Grade", "Award", "MeetsAll", "Fund", "Quota"] {
        assert!(seen.effects.get(kind).is_some_and(|times| *times > count / 30), "{kind}: {seen:?}");
    }
    for reason in ["Merged", "StandsIn"] {
        assert!(seen.refused.contains_key(reason), "{reason}: {seen:?}");
    }
}
