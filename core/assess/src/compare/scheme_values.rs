//! Values that the scheme names, such as 年度得分: where they take something of another round,
//! why they changed, and what each cause adds.

use super::{
    Cause, Figures,
    below::Below,
    effects::{Effects, Walk},
    items::put_together,
    rests::Leaf,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Fault, NodeId};
use kaoping_scheme::Standard;
use kaoping_terms::{Lang, Text};

/// One value on both sides.
struct Value {
    name: String,
    leaves: (Vec<Leaf>, Vec<Leaf>),
    effects: Effects,
}

/// The values of the scheme that take something of another round.
pub(super) struct SchemeValues<'f, 'a> {
    old: &'f Figures<'a>,
    new: &'f Figures<'a>,
    values: Vec<Value>,
    lang: Lang,
}

/// The values of a scheme and what units are ranked by, with their names.
fn named(standard: &Standard) -> Vec<(String, NodeId)> {
    let Some(scheme) = standard.schemes.first() else { return Vec::new() };
    let mut found = scheme.values.clone();
    let key = scheme.rank_keys.first().map(|(key, _)| *key).filter(|key| Some(*key) != scheme.total);
    let name = |key: NodeId| Some((standard.program.node(key)?.origin.name.clone()?, key));
    found.extend(key.filter(|key| !found.iter().any(|(_, node)| node == key)).and_then(name));
    found
}

/// Their nodes.
pub(super) fn nodes(standard: &Standard) -> Vec<NodeId> {
    named(standard).into_iter().map(|(_, node)| node).collect()
}

impl<'f, 'a> SchemeValues<'f, 'a> {
    pub(super) fn new(
        old: &'f Figures<'a>,
        new: &'f Figures<'a>,
        pairs: &[(u32, u32)],
        lang: Lang,
    ) -> Result<Self, Fault> {
        let before = named(old.side.given.standard);
        let mut values = Vec::new();
        for (name, after) in named(new.side.given.standard) {
            let Some((_, before)) = before.iter().find(|(other, _)| *other == name) else { continue };
            if !new.rests.uses_rounds(after) {
                continue;
            }
            let leaves = (old.rests.of_value(*before), new.rests.of_value(after));
            let walk = Walk { old, new, roots: (*before, after), leaves: (&leaves.0, &leaves.1), pairs };
            let effects = walk.effects()?;
            values.push(Value { name: name.to_string(), leaves, effects });
        }
        Ok(Self { old, new, values, lang })
    }

    /// Why a value changed.
    pub(super) fn causes(&self, name: &str, units: (u32, u32)) -> Vec<Cause> {
        let Some(value) = self.values.iter().find(|value| value.name == name) else { return Vec::new() };
        let below = Below { old: self.old, new: self.new, inputs: (&[], &[]), units, lang: self.lang };
        let leaves = (value.leaves.0.as_slice(), value.leaves.1.as_slice());
        let changed = value.effects.changed(units.1).iter();
        let told = changed.filter_map(|what| below.leaf(what, leaves)).collect();
        let gone = value.effects.gone(units.1).iter().filter_map(|what| below.leaf(what, leaves));
        let gone = gone.map(|told| told.text).collect();
        let mut causes = put_together(gone, told, value.effects.of(units.1));
        if causes.is_empty() {
            causes.push(Text::new("算式的变化", "the formula").into());
        }
        causes
    }
}
