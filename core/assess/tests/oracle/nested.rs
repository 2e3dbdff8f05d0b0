//! A scheme inside an item: its total is the base of the item's points.

use super::{
    evaluate::{Score, Truth, World, all, sum},
    make,
    number::{Dice, Q},
    plan::{Item, Missing, Nested, Scheme},
    text::{WHY, item_text, rounding},
};
use std::{collections::BTreeMap, fmt::Write};

/// Makes one item rest on a scheme of its own, at times.
pub fn nest(scheme: &mut Scheme, dice: &mut Dice) {
    let fits = |at: &usize| {
        let item = &scheme.items[*at];
        *at > 0 && item.rule.is_some() && !item.in_table && !item.is_substitute
    };
    let fitting: Vec<usize> = (0..scheme.items.len()).filter(fits).collect();
    if fitting.is_empty() || !dice.chance(40) {
        return;
    }
    let parent = dice.pick(&fitting);
    let model = &mut scheme.items[parent];
    (model.rule, model.bound, model.when_missing) = (None, BTreeMap::new(), None);
    model.nested = Some(Nested {
        round_items: dice.chance(60).then(|| make::rounding(dice)),
        missing: dice.pick(&[Missing::Deferred, Missing::Zero]),
    });
    for number in 0..dice.between(1, 3) {
        let rule = Some(make::rule(dice));
        let (lines, bound) = (Vec::new(), BTreeMap::new());
        let item = make::item(0, None, true, dice);
        let name = format!("里{number}");
        scheme.items.push(Item { name, rule, lines, bound, inner_of: Some(parent), in_table: false, ..item });
    }
}

/// The nested scheme, which ends the file.
pub fn text(scheme: &Scheme) -> String {
    let mut out = String::new();
    for (parent, item) in scheme.items.iter().enumerate() {
        let Some(nested) = &item.nested else { continue };
        let _ = writeln!(out, "方案 细则 \"细则\"\n  满分 10 分 {WHY}");
        if scheme.peers {
            let _ = writeln!(out, "  同组 类别 {WHY}");
        }
        out += &rounding("每项取到", nested.round_items);
        let _ = writeln!(out, "  名次 总分 从高到低 并列占位 {WHY}");
        let _ = writeln!(out, "  未报 {} {WHY}\n  责任分工 不分 {WHY}", nested.missing.word());
        for inner in scheme.items.iter().filter(|inner| inner.inner_of == Some(parent)) {
            out += &item_text(scheme, inner);
        }
    }
    out
}

impl World<'_> {
    fn inner(&self, parent: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.case.scheme.items.len()).filter(move |item| self.case.scheme.items[*item].inner_of == Some(parent))
    }

    /// The points of the scheme in an item; none: owed.
    pub fn nested_points(&self, parent: usize, unit: usize) -> Option<Q> {
        // What zeroes an item of the scheme around it has nothing to do with those inside.
        let scores: Vec<Score> = self.inner(parent).map(|item| self.item(item, unit, Truth::Apart)).collect();
        sum(scores.iter()).known().cloned()
    }

    pub fn nested_met(&self, parent: usize, unit: usize) -> Truth {
        all(self.inner(parent).map(|item| self.met(item, unit)))
    }
}
