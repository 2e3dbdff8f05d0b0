//! The items whose points changed, each with its causes and what they add.

use super::{
    Cause, Figures, ItemChange,
    below::{self, Below, Told},
    causes::{self, Struck},
    effects::{Effect, Effects, Walk},
    item_policy,
    rests::{Leaf, What},
};
use crate::{prepare::columns_below, rounds::missing};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use kaoping_program::{ColumnId, ColumnSource, Fault, NodeId};
use kaoping_rules::written::values;
use kaoping_scheme::model::Item;
use kaoping_terms::{Exact, Lang, Text};

/// Two sides of one run, and what each cause adds to the points of each item.
pub(super) struct Both<'f, 'a> {
    pub(super) old: &'f Figures<'a>,
    pub(super) new: &'f Figures<'a>,
    pub(super) lang: Lang,
    effects: BTreeMap<&'a str, Effects>,
    /// What each item and each veto adds to the total.
    total: Option<(Leaves, Effects)>,
}

/// Where a change comes in, on either side.
type Leaves = (Vec<Leaf>, Vec<Leaf>);

impl<'f, 'a> Both<'f, 'a> {
    pub(super) fn new(
        old: &'f Figures<'a>,
        new: &'f Figures<'a>,
        pairs: &[(u32, u32)],
        lang: Lang,
    ) -> Result<Self, Fault> {
        let mut effects = BTreeMap::new();
        for item in new.items() {
            let Some(before) = old.item(&item.id) else { continue };
            let Some(roots) = before.score.zip(item.score) else { continue };
            let leaves = (old.rests.of_item(before), new.rests.of_item(item));
            let walk = Walk { old, new, roots, leaves: (&leaves.0, &leaves.1), pairs };
            effects.insert(item.id.as_str(), walk.effects()?);
        }
        let total = |figures: &Figures<'_>| figures.side.given.scheme().and_then(|scheme| scheme.total);
        let total = match total(old).zip(total(new)) {
            Some(roots) => {
                let leaves = (old.rests.of_total(roots.0), new.rests.of_total(roots.1));
                let walk = Walk { old, new, roots, leaves: (&leaves.0, &leaves.1), pairs };
                let effects = walk.effects()?;
                Some((leaves, effects))
            }
            None => None,
        };
        Ok(Self { old, new, lang, effects, total })
    }

    /// The items of the policy's own scheme that changed, those of nested schemes below them.
    pub(super) fn items(&self, units: (u32, u32)) -> Vec<ItemChange> {
        let mut items = self.of_schemes((Some(0), Some(0)), units);
        let effect = self.total.as_ref().and_then(|(_, effects)| effects.of(units.1));
        for item in &mut items {
            item.counted = effect.and_then(|effect| effect.of(&What::Item(item.id.clone())).cloned());
        }
        items
    }

    /// What changed the total beside the points of items: a veto, the way the total is made.
    pub(super) fn total(&self, units: (u32, u32)) -> Vec<Cause> {
        let Some((leaves, effects)) = &self.total else { return Vec::new() };
        let below = Below { old: self.old, new: self.new, inputs: (&[], &[]), units, lang: self.lang };
        let changed = effects.changed(units.1).iter().filter(|what| !matches!(what, What::Item(_)));
        let told = changed.filter_map(|what| below.leaf(what, (&leaves.0, &leaves.1))).collect();
        let effect = effects.of(units.1);
        let policy = effect.filter(|effect| !effect.policy.is_zero());
        let policy = policy.map(|_| Text::new("总分的算法变了", "the total is made in another way"));
        put_together(policy.into_iter().collect(), told, effect)
    }

    fn of_schemes(&self, schemes: (Option<usize>, Option<usize>), units: (u32, u32)) -> Vec<ItemChange> {
        let of = |figures: &Figures<'a>, scheme: Option<usize>| -> &'a [Item] {
            let found = scheme.and_then(|at| figures.side.given.standard.schemes.get(at));
            found.map_or(&[][..], |scheme| &scheme.items)
        };
        let (before, after) = (of(self.old, schemes.0), of(self.new, schemes.1));
        let counts = |item: &&Item| !item.is_substitute;
        let mut changes: Vec<ItemChange> =
            after.iter().filter(counts).filter_map(|item| self.change(item, units)).collect();
        for item in before.iter().filter(counts) {
            if self.new.item(&item.id).is_none()
                && let Some(score) = self.old.score(item, units.0)
            {
                changes.push(ItemChange {
                    id: item.id.clone(),
                    name: item.name.clone(),
                    score: (Some(score), None),
                    causes: Vec::from([Text::new("取消的项", "the item was removed").into()]),
                    ..ItemChange::default()
                });
            }
        }
        changes
    }

    /// What became of an item, if its points or those of an item nested in it changed.
    fn change(&self, item: &'a Item, units: (u32, u32)) -> Option<ItemChange> {
        let before = self.old.item(&item.id);
        let score = (before.and_then(|before| self.old.score(before, units.0)), self.new.score(item, units.1));
        let below = (before.and_then(|before| before.sub_scheme), item.sub_scheme);
        let mut nested = if below == (None, None) { Vec::new() } else { self.of_schemes(below, units) };
        if score.0 == score.1 && nested.is_empty() {
            return None;
        }
        let effect = self.effects.get(item.id.as_str()).and_then(|effects| effects.of(units.1));
        for inner in &mut nested {
            inner.counted = effect.and_then(|effect| effect.of(&What::Item(inner.id.clone())).cloned());
        }
        let causes = match before {
            Some(before) => self.causes((before, item), units, &score, &nested),
            None => Vec::from([Text::new("新增的项", "a new item").into()]),
        };
        Some(ItemChange { id: item.id.clone(), name: item.name.clone(), score, causes, nested, counted: None })
    }

    /// Why a score changed: the policy, the unit's own figures and events, other units.
    fn causes(
        &self,
        models: (&'a Item, &'a Item),
        units: (u32, u32),
        score: &(Option<Exact>, Option<Exact>),
        nested: &[ItemChange],
    ) -> Vec<Cause> {
        let (old, new, lang) = (self.old, self.new, self.lang);
        let mut policy = item_policy(old.side.given.standard, new.side.given.standard, models.0, models.1, lang);
        let own = (below::in_force(old, models.0, units.0), below::in_force(new, models.1, units.1));
        // Other figures count then: one by one none of them says what changed.
        if let Some(cause) = self.applies(models, own, units) {
            policy.push(cause);
            let both = score.0.as_ref().zip(score.1.as_ref());
            let difference = both.map(|(before, after)| after - before);
            let effect = difference.map(|policy| Effect { policy, parts: Vec::new() });
            return put_together(policy, Vec::new(), effect.as_ref());
        }
        let below = Below { old, new, inputs: (&own.0.inputs, &own.1.inputs), units, lang };
        let mut told = below.figures(&own.1.id);
        told.extend(self.adjustments(own, units));
        below.causes(own, &mut told);
        told.extend(self.vetoes(models, units));
        let effects = self.effects.get(models.1.id.as_str());
        let leaves = (old.rests.of_item(models.0), new.rests.of_item(models.1));
        let leaf = |what: &What| below.leaf(what, (&leaves.0, &leaves.1));
        for what in effects.map(|effects| effects.changed(units.1)).unwrap_or_default() {
            let is_nested = matches!(what, What::Item(id) if nested.iter().any(|inner| inner.id == *id));
            if !is_nested && !told.iter().any(|told| told.what.as_ref() == Some(what)) {
                told.extend(leaf(what));
            }
        }
        let gone = effects.map(|effects| effects.gone(units.1)).unwrap_or_default();
        policy.extend(gone.iter().filter_map(leaf).map(|told| told.text));
        let effect = effects.and_then(|effects| effects.of(units.1));
        let mut causes = put_together(policy, told, effect.filter(|_| score.0.is_some() && score.1.is_some()));
        causes.extend(account(old, new, models.0, models.1, units.0, units.1).map(Cause::from));
        if causes.is_empty() && nested.is_empty() {
            causes.push(Text::new("算式或别项的变化", "the formula, or another item").into());
        }
        causes
    }

    /// Where the item applies on one side only, or another is assessed instead: that, and the
    /// attributes of the unit that changed.
    fn applies(&self, models: (&Item, &Item), own: (&Item, &Item), units: (u32, u32)) -> Option<Text> {
        let holds = |figures: &Figures<'_>, item: &Item, unit: u32| {
            let cell = item.applies.and_then(|node| figures.cell(node, unit));
            cell.is_none_or(|cell| cell.value.is_some_and(|value| !value.is_zero()))
        };
        let (was, is) = (holds(self.old, models.0, units.0), holds(self.new, models.1, units.1));
        if was == is && own.0.id == own.1.id {
            return None;
        }
        let mut text = match own.0.id == own.1.id {
            true if is => Text::new("现在适用这一项", "the item applies now"),
            true => Text::new("不再适用这一项", "the item does not apply any more"),
            false => Text::new(
                format!("评的项：{} → {}", own.0.name, own.1.name),
                format!("assessed by: {} → {}", own.0.name, own.1.name),
            ),
        };
        let attributes = self.attributes(models, units);
        if !attributes.is_empty() {
            text.zh.push_str(&format!("，因为{}", attributes.join("、")));
            text.en.push_str(&format!(", because {}", attributes.join(", ")));
        }
        Some(text)
    }

    /// `单位.试点 是 → 否`: attributes of the unit that decide whether the item applies.
    fn attributes(&self, models: (&Item, &Item), (earlier, unit): (u32, u32)) -> Vec<String> {
        let of = |figures: &Figures<'_>, item: &Item, unit: u32| -> Vec<(String, String)> {
            let program = &figures.side.given.standard.program;
            let columns = columns_below(program, &item.applies.into_iter().collect::<Vec<_>>());
            let shown = |id: ColumnId| {
                let spec = program.columns.get(id.0 as usize)?;
                let ColumnSource::Attribute { name } = &spec.source else { return None };
                let cell = figures.prepared.column(id).map_or_else(missing, |column| column.cell(unit as usize));
                Some((format!("单位.{name}"), values::cell(program, &spec.kind, &cell, self.lang)))
            };
            columns.into_iter().filter_map(shown).collect()
        };
        let (old, new) = (of(self.old, models.0, earlier), of(self.new, models.1, unit));
        let changed = new.iter().filter_map(|(name, value)| {
            let before = old.iter().find(|(other, before)| other == name && before != value)?;
            Some(format!("{name} {} → {value}", before.1))
        });
        changed.collect()
    }

    /// What is deducted or added for events, with the events that changed.
    fn adjustments(&self, (before, after): (&Item, &Item), (earlier, unit): (u32, u32)) -> Vec<Told> {
        let (old, new, lang) = (self.old, self.new, self.lang);
        let mut causes = Vec::new();
        for (at, (adjustment, other)) in after.adjustments.iter().zip(&before.adjustments).enumerate() {
            let (Some(a), Some(b)) = (old.cell(other.sum, earlier), new.cell(adjustment.sum, unit)) else {
                continue;
            };
            if a.value == b.value {
                continue;
            }
            let tables =
                (old.side.given.standard.events.get(other.table), new.side.given.standard.events.get(adjustment.table));
            let (Some(was), Some(is)) = tables else { continue };
            let which = below::listed(below::events(
                (old, was.rowset, None, other.matches, earlier),
                (new, is.rowset, None, adjustment.matches, unit),
                lang,
            ));
            let (a, b) = (old.show(other.sum, &a, lang), new.show(adjustment.sum, &b, lang));
            let table = &is.name;
            let text = Text::new(format!("{table}：{a} → {b}{}", which.zh), format!("{table}: {a} → {b}{}", which.en));
            causes.push(Told::new(Some(What::Adjustment { item: after.id.clone(), at }), None, text));
        }
        causes
    }

    fn vetoes(&self, (before, after): (&Item, &Item), (earlier, unit): (u32, u32)) -> Vec<Told> {
        let struck = |side: &Figures<'_>, unit: u32, node: NodeId| {
            side.cell(node, unit).and_then(|cell| cell.value).is_some_and(|value| !value.is_zero())
        };
        let (was, is) = (|node| struck(self.old, earlier, node), |node| struck(self.new, unit, node));
        let was = Struck { prepared: self.old.prepared, unit: earlier, item: before, holds: &was };
        let is = Struck { prepared: self.new.prepared, unit, item: after, holds: &is };
        let told = |(name, text): (String, Text)| Told::new(Some(What::Veto(name)), None, text);
        causes::vetoes(&was, &is, self.lang).into_iter().map(told).collect()
    }
}

/// Every cause with what it adds. What no cause accounts for is what the policy brings about.
pub(super) fn put_together(policy: Vec<Text>, told: Vec<Told>, effect: Option<&Effect>) -> Vec<Cause> {
    let adds = |told: &Told| effect.zip(told.what.as_ref()).and_then(|(effect, what)| effect.of(what)).cloned();
    let mut causes: Vec<Cause> = policy.into_iter().map(Cause::from).collect();
    if let Some(rest) = effect.map(|effect| &effect.policy).filter(|rest| !rest.is_zero()) {
        match causes.as_mut_slice() {
            [only] => only.adds = Some(rest.clone()),
            [] => causes.push(Cause {
                text: Text::new("算式或别项的变化", "the formula, or another item"),
                adds: Some(rest.clone()),
            }),
            _ => {
                causes.push(Cause { text: Text::new("以上几处合计", "these together"), adds: Some(rest.clone()) })
            }
        }
    }
    // A place that moved because of the unit's own figure counts with that figure.
    let is_figure = |told: &&Told| matches!(told.what, Some(What::Figure { .. })) && adds(told).is_some();
    let mut figures = told.iter().enumerate().filter(|(_, told)| is_figure(told)).map(|(at, _)| at);
    let own = figures.next().filter(|_| figures.next().is_none());
    let with_own = |told: &Told| own.is_some() && told.by_itself;
    let moved = told.iter().filter(|told| with_own(told)).filter_map(adds).reduce(|all, one| &all + &one);
    for (at, one) in told.iter().enumerate() {
        let mut adds = adds(one).filter(|_| !with_own(one));
        if let (Some(own), Some(moved)) = (&mut adds, moved.as_ref().filter(|_| own == Some(at))) {
            *own = &*own + moved;
        }
        causes.push(Cause { text: one.text.clone(), adds });
    }
    causes
}

/// Between two rounds: the written reason of the later one, or that one is due.
fn account(old: &Figures<'_>, new: &Figures<'_>, before: &Item, after: &Item, earlier: u32, unit: u32) -> Option<Text> {
    let (a, b) = (old.prepared.slice().round, new.prepared.slice().round);
    let scheme = new.side.given.scheme()?;
    if a == b {
        return None;
    }
    let reasons: Vec<&str> = after.inputs.iter().flat_map(|input| new.prepared.reasons(input.column, unit)).collect();
    if !reasons.is_empty() {
        let reasons = reasons.join("；");
        return Some(Text::new(format!("理由：{reasons}"), format!("reason: {reasons}")));
    }
    let from = scheme.rounds.explain_from.as_ref()?;
    let difference = &new.score(after, unit)? - &old.score(before, earlier)?;
    (difference.abs() >= *from).then(|| Text::new("须说明，还没有写理由", "a reason is required and none is given"))
}
