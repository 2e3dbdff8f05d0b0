//! Quantities (量) that get their noun from the figures.

use crate::figures::Facts;
use alloc::collections::BTreeMap;
use kaoping_program::Kind;
use kaoping_scheme::Standard;
use kaoping_terms::Measure;

impl Facts {
    /// Names the quantities of a standard whose noun the policy leaves open by what stands
    /// behind the figures that were reported or handed down: from here on explanations and
    /// comparisons say `7 件` where the facts do. Values stay what they are.
    pub fn name_quantities(&self, standard: &mut Standard) {
        if self.nouns.is_empty() {
            return;
        }
        let program = &mut standard.program;
        let nodes = program.nodes.iter_mut().map(|node| &mut node.kind);
        let columns = program.columns.iter_mut().map(|column| &mut column.kind);
        for kind in nodes.chain(columns) {
            if let Kind::Number(measure) = kind {
                *measure = named(&self.nouns, measure);
            }
        }
        let items = standard.schemes.iter_mut().flat_map(|scheme| &mut scheme.items);
        for input in items.flat_map(|item| &mut item.inputs) {
            let Some(measure) = input.measure.as_mut().filter(|measure| measure.is_anonymous()) else {
                continue;
            };
            let step = measure.usual_step();
            *measure = named(&self.nouns, measure);
            // A step of one was meant for what is counted; of a share it would be all of it.
            if measure.is_ratio() && input.step.as_ref() == Some(&step) {
                input.step = Some(measure.usual_step());
            }
        }
    }
}

/// A unit with each of its open nouns replaced by what the figures say.
fn named(nouns: &BTreeMap<Measure, Measure>, measure: &Measure) -> Measure {
    if !measure.is_anonymous() {
        return measure.clone();
    }
    let open = nouns.iter().flat_map(|(open, found)| open.powers().map(move |(noun, _)| (noun, found)));
    open.fold(measure.clone(), |measure, (noun, found)| measure.substitute(noun, found))
}
