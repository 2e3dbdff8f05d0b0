//! One matter that several lines would count: whose line it is.

use super::{
    evaluate::World,
    number::Dice,
    plan::{Case, Event, MATTERS, Once, Scheme},
};
use std::{collections::BTreeSet, fmt::Write};

/// Some of the items with lines, in an order of its own; none where there are none.
pub fn once(scheme: &Scheme, dice: &mut Dice) -> Option<Once> {
    let mut items: Vec<usize> =
        (0..scheme.items.len()).filter(|item| !scheme.items[*item].lines.is_empty() && !dice.chance(25)).collect();
    for at in (1..items.len()).rev() {
        items.swap(at, dice.below(at + 1));
    }
    let once = Once { items, by_matter: dice.chance(60), highest: dice.chance(50) };
    (!once.items.is_empty() && dice.chance(70)).then_some(once)
}

pub fn matters(case: &mut Case, dice: &mut Dice) {
    for event in &mut case.events {
        event.matter = dice.below(MATTERS.len());
    }
}

pub fn text(scheme: &Scheme, why: &str) -> String {
    let Some(once) = &scheme.once else { return String::new() };
    let mut out = String::from("一事不再扣 通报");
    if once.by_matter {
        out.push_str(" 同 事由");
    }
    let names: Vec<&str> = once.items.iter().map(|item| scheme.items[*item].name.as_str()).collect();
    let _ = writeln!(out, " 按 {}{} {why}", names.join(", "), if once.highest { " 取最高" } else { "" });
    out
}

impl World<'_> {
    /// How many events a line of an item counts for a unit.
    pub fn counted(&self, item: usize, at: usize, unit: usize) -> i64 {
        let scheme = &self.case.scheme;
        let Some(once) = scheme.once.as_ref().filter(|once| once.items.contains(&item)) else {
            return self.circulars(unit, scheme.items[item].lines[at].level);
        };
        let line = |(item, at): (usize, usize)| &scheme.items[item].lines[at];
        let mut turns: Vec<(usize, usize)> = Vec::new();
        for other in &once.items {
            // An item that is not for the unit leaves what it would count to the others.
            if *other == item || (self.applies(*other, unit) && self.is_asked(*other, unit)) {
                turns.extend((0..scheme.items[*other].lines.len()).map(|at| (*other, at)));
            }
        }
        if once.highest {
            turns.sort_by_key(|turn| std::cmp::Reverse(line(*turn).points.value()));
        }
        let own: Vec<(usize, &Event)> =
            self.case.events.iter().enumerate().filter(|(_, event)| event.unit == unit && !event.withdrawn).collect();
        let matter = |(number, event): &(usize, &Event)| if once.by_matter { event.matter } else { *number };
        let matters: BTreeSet<usize> = own.iter().map(matter).collect();
        let is_its = |which: &&usize| {
            let of_it = |event: &&(usize, &Event)| matter(event) == **which;
            let counts = |turn: &&(usize, usize)| {
                let level = line(**turn).level;
                own.iter().filter(of_it).any(|(_, event)| level.is_none_or(|level| level == event.level))
            };
            turns.iter().find(counts) == Some(&(item, at))
        };
        i64::try_from(matters.iter().filter(is_its).count()).unwrap_or(i64::MAX)
    }
}
