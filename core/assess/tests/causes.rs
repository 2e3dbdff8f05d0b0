//! Whatever changes in the figures of a real policy, the causes of each changed point add up to the
//! change, and none is put down to "the formula".

#![allow(clippy::expect_used, reason = "a test stops at what should have been there")]

mod folders;

use folders::Read;
use kaoping_assess::{
    Options, assess,
    compare::{Cause, ItemChange, Side, compare},
};
use kaoping_scheme::{
    Policy, Standard, compile,
    variations::{apply, variations},
};
use kaoping_terms::{Exact, Lang};
use std::collections::BTreeMap;

/// Numbers that look thrown, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }
}

/// A line of a file in cells; commas inside quotes stay.
fn cells(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        quoted ^= letter == '"';
        match found.last_mut() {
            Some(last) if quoted || letter != ',' => last.push(letter),
            _ => found.push(String::new()),
        }
    }
    found
}

/// Swaps figures of two units for the same indicator, field, period, round and judge.
fn swapped(facts: &str, dice: &mut Dice, swaps: usize) -> String {
    let mut rows: Vec<Vec<String>> = facts.lines().map(cells).collect();
    let header = rows.first().cloned().unwrap_or_default();
    let at = |names: [&str; 2]| header.iter().position(|header| names.contains(&header.as_str()));
    let (Some(value), Some(unit)) = (at(["value", "数值"]), at(["unit", "单位"])) else { return facts.into() };
    let paper = at(["evidence", "凭据"]);
    let key = |row: &[String]| -> Vec<String> {
        let other = |at: &usize| ![Some(value), Some(unit), paper].contains(&Some(*at));
        (0..row.len()).filter(other).map(|at| row[at].clone()).collect()
    };
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate().skip(1).filter(|(_, row)| row.len() == header.len()) {
        groups.entry(key(row)).or_default().push(number);
    }
    let groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    for _ in 0..swaps {
        let Some(group) = groups.get(dice.below(groups.len())) else { break };
        let (a, b) = (group[dice.below(group.len())], group[dice.below(group.len())]);
        let (first, second) = (rows[a][value].clone(), rows[b][value].clone());
        rows[a][value] = second;
        rows[b][value] = first;
    }
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

/// A table of events without one of them.
fn less_one(events: &str, dice: &mut Dice) -> String {
    let count = events.lines().count();
    let left_out = 1 + dice.below(count.saturating_sub(1));
    let kept = events.lines().enumerate().filter(|(at, _)| *at != left_out || count < 2);
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

fn sum<'e>(all: impl Iterator<Item = &'e Exact>) -> Exact {
    all.fold(Exact::zero(), |sum, one| &sum + one)
}

#[derive(Default)]
struct Seen {
    items: usize,
    totals: usize,
    several: usize,
    nested: usize,
    rounds: usize,
    values: usize,
}

fn added(causes: &[Cause]) -> Exact {
    sum(causes.iter().filter_map(|cause| cause.adds.as_ref()))
}

/// No cause is put down to the formula.
fn named(item: &ItemChange, place: &str) {
    for cause in &item.causes {
        assert!(!cause.text.zh.contains("算式"), "{place} {}: {:?}", item.name, item.causes);
    }
    item.nested.iter().for_each(|inner| named(inner, place));
}

/// The causes of an item, and those of the items below it, add up to its change.
fn check(item: &ItemChange, place: &str, seen: &mut Seen) {
    let place = format!("{place} {}", item.name);
    if let Some(difference) = item.difference() {
        let below = sum(item.nested.iter().filter_map(|inner| inner.counted.as_ref()));
        assert_eq!(&added(&item.causes) + &below, difference, "{place}: {:?}", item.causes);
        seen.items += 1;
        seen.several += usize::from(item.causes.iter().filter(|cause| cause.adds.is_some()).count() > 1);
        seen.nested += item.nested.len();
    }
    for inner in &item.nested {
        check(inner, &place, seen);
    }
}

/// One side: the policy, and what was reported.
type Reported<'r> = (&'r Standard, &'r Read);

/// Compares two sides and checks every cause; all are named where the policy is the same.
fn check_all((policy, first): Reported<'_>, (other, second): Reported<'_>, place: &str, seen: &mut Seen) {
    let before = assess(first.of(policy), &Options::default());
    let after = assess(second.of(other), &Options::default());
    let a = Side { given: first.of(policy), round: None, assessment: &before };
    let b = Side { given: second.of(other), round: None, assessment: &after };
    let comparison = compare(a, b, Lang::Zh).expect("a comparison");
    for unit in &comparison.units {
        let place = format!("{place} {}", unit.name);
        unit.items.iter().for_each(|item| check(item, &place, seen));
        let known = unit.items.iter().all(|item| item.counted.is_some());
        if let (true, (Some(before), Some(after))) = (known, &unit.total) {
            let items = sum(unit.items.iter().filter_map(|item| item.counted.as_ref()));
            assert_eq!(&added(&unit.causes) + &items, after - before, "{place}: {:?}", unit.causes);
            seen.totals += 1;
        }
        for round in &unit.rounds {
            seen.rounds += 1;
            round.items.iter().for_each(|item| check(item, &format!("{place} {}", round.name), seen));
        }
        for other in unit.others.iter().filter(|other| !other.causes.is_empty()) {
            let value = |side: Side<'_>| {
                let number = side.given.units.find(&unit.unit)? as usize;
                let all = &side.assessment.values;
                all.iter().find(|(name, _)| *name == other.name)?.1.cell(number).value
            };
            if let (Some(a), Some(b)) = (value(a), value(b)) {
                assert_eq!(added(&other.causes), &b - &a, "{place} {}: {:?}", other.name, other.causes);
                seen.values += 1;
            }
        }
        if std::ptr::eq(policy, other) {
            let of_rounds = unit.rounds.iter().flat_map(|round| &round.items);
            unit.items.iter().chain(of_rounds).for_each(|item| named(item, &place));
        }
    }
}

/// The policies of the repository with examples, but for one with faults and one to begin with.
fn shipped() -> impl Iterator<Item = (String, Standard, Policy)> {
    let all = [".", "rulebook", "trial"].into_iter().flat_map(folders::below);
    let all = all.filter(|policy| !["/new", "as-issued"].iter().any(|name| policy.ends_with(name)));
    all.map(|policy| {
        let (standard, linked) = folders::standard(&policy);
        (policy, standard, linked)
    })
}

/// The files of an example with some figures swapped, and one event less of each kind.
fn otherwise(files: &BTreeMap<String, String>, dice: &mut Dice, swaps: usize) -> BTreeMap<String, String> {
    let mut files = files.clone();
    for (name, text) in &mut files {
        if name == "facts.csv" {
            *text = swapped(text, dice, swaps);
        } else if name != "units.csv" && !name.contains('/') && name.ends_with(".csv") {
            *text = less_one(text, dice);
        }
    }
    files
}

#[test]
fn causes_add_up_when_figures_change() {
    let mut dice = Dice(20_140_701);
    let mut seen = Seen::default();
    for (policy, standard, linked) in shipped() {
        for (example, files) in &linked.examples {
            let first = folders::Read::new(&standard, &linked, files);
            for swaps in [1, 4, 40, 40] {
                let second = folders::Read::new(&standard, &linked, &otherwise(files, &mut dice, swaps));
                let place = format!("{policy} {example} {swaps}");
                check_all((&standard, &first), (&standard, &second), &place, &mut seen);
            }
        }
    }
    let Seen { items, totals, several, nested, rounds, values } = seen;
    let enough = items > 800 && totals > 200 && several > 80 && nested > 5 && rounds > 100 && values > 40;
    let counts = format!("{items} items, {totals} totals, {several} of several causes, {nested} nested");
    assert!(enough, "only {counts}, {rounds} rounds, {values} values");
}

#[test]
fn causes_add_up_when_the_policy_changes_too() {
    let mut dice = Dice(20_130_701);
    let mut seen = Seen::default();
    for (policy, standard, linked) in shipped() {
        for variation in variations(&linked) {
            let mut varied = linked.clone();
            apply(&mut varied, &variation);
            let (compiled, report) = compile(&varied, &kaoping_scheme::Options::default());
            if report.has_errors() {
                continue;
            }
            for (example, files) in &linked.examples {
                let first = folders::Read::new(&standard, &linked, files);
                let second = folders::Read::new(&compiled.standard, &varied, &otherwise(files, &mut dice, 3));
                let place = format!("{policy} {example} {}", variation.name.zh);
                check_all((&standard, &first), (&compiled.standard, &second), &place, &mut seen);
            }
        }
    }
    assert!(seen.items > 500, "only {} items", seen.items);
}
