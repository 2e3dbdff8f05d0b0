//! For whom an item counts: 适用 and 不适用时, and the figures of those it does not count for.

use super::{Compiler, body::Definition, faults};
use crate::model::OtherwiseMade;
use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Shape};
use kaoping_rules::{Context, interval::Analysis, lower};
use kaoping_syntax::ast::{BodyKind, BodyLine, Name};
use kaoping_terms::{Exact, Measure, Place};

fn points_kind() -> Kind {
    Kind::Number(Measure::points())
}

impl<'a> Compiler<'a> {
    /// The items that an item stands in for.
    pub(super) fn all_substituted_by(&self, item: usize) -> Vec<usize> {
        let Some(text) = self.scheme_text() else {
            return Vec::new();
        };
        let Some(name) = text.items.get(item).map(|item| &item.item.name) else {
            return Vec::new();
        };
        let stands_in = |line: &BodyLine| match &line.kind {
            BodyKind::Otherwise { substitute: Some(substitute), .. } => crate::read::is_called(name, &substitute.text),
            _ => false,
        };
        let others = text.items.iter().enumerate();
        others.filter(|(_, other)| other.item.body.iter().any(stands_in)).map(|(at, _)| at).collect()
    }

    /// A substitute is made with what it stands in for, for only then it is known whose figures
    /// it takes.
    pub(super) fn what_it_stands_in_for(&mut self, item: usize) {
        for owner in self.all_substituted_by(item) {
            let Some(level) = self.levels.get_mut(self.scheme) else { return };
            let begun = level.items.contains_key(&owner) || level.items_under_way.contains(&owner);
            // Two items that stand in for each other are a circle, which is found below.
            if begun || level.made_first.contains(&owner) {
                continue;
            }
            level.made_first.push(item);
            self.item_score(owner);
            if let Some(level) = self.levels.get_mut(self.scheme) {
                level.made_first.pop();
            }
        }
    }

    /// 适用, before anything else of the item is made: where it does not hold, the figures of
    /// the item are 不适用, so that no 最高 or 平均 counts them and nobody owes them. The
    /// condition itself sees the item's own figures as they were reported, or it would go round
    /// in a circle.
    pub(super) fn applies(&mut self, position: usize, lines: &'a [BodyLine]) {
        let written = lines
            .iter()
            .find_map(|line| if let BodyKind::Applies(expr) = &line.kind { Some((expr, line.place)) } else { None });
        let when = written.and_then(|(expr, _)| {
            let when = lower::truth(self, expr)?;
            lower::one_a_unit(self, when, expr.place)
        });
        let place = written.map(|(_, place)| place).unwrap_or_else(|| self.place_of(position));
        let not_exempt = self.not_exempt(position, place);
        let when = self.both(when, not_exempt, place);
        if let Some(item) = self.model().items.get_mut(position) {
            item.applies = when;
        }
        let stands_in = self.stands_in(position, place);
        let asked = self.both(self.around, stands_in, place);
        self.body().asked = asked;
        let Some(counts) = self.both(asked, when, place) else { return };
        self.body().counts = Some(counts);
        self.figures_count_where(counts);
        if let Some(item) = self.model().items.get_mut(position) {
            item.counts = Some(counts);
        }
    }

    fn place_of(&mut self, position: usize) -> Place {
        self.scheme_text().and_then(|text| text.items.get(position)).map(|item| item.place).unwrap_or_default()
    }

    /// What exempt units are given, where there are such units.
    fn exempted(&mut self, position: usize) -> Option<&'a super::Exempted> {
        let options = self.options;
        options.exemptions.get(&self.model().items.get(position)?.id)
    }

    /// That a unit is not exempt from an item.
    fn not_exempt(&mut self, position: usize, place: Place) -> Option<NodeId> {
        let attribute = &self.exempted(position)?.attribute;
        let exempt = self.exempt_attribute(attribute, place)?;
        if let Some(item) = self.model().items.get_mut(position) {
            item.exempt = Some(exempt);
        }
        Some(self.add(Op::Not(exempt), Kind::Truth, Shape::Unit, place))
    }

    /// Where another item of the scheme counts; none: everywhere.
    pub(super) fn counts_where(&mut self, item: usize) -> Option<NodeId> {
        let has = |line: &BodyLine| matches!(line.kind, BodyKind::Applies(_));
        let conditional = self.scheme_text()?.items.get(item)?.item.body.iter().any(has) || self.is_substitute(item);
        if !conditional && self.exempted(item).is_none() {
            return None;
        }
        // One that is under way has found out for whom it applies before anything else.
        if self.levels.get(self.scheme).is_some_and(|level| !level.items_under_way.contains(&item)) {
            self.item_score(item);
        }
        self.model().items.get(item)?.counts
    }

    /// Where each of two conditions holds that are there at all.
    fn both(&mut self, one: Option<NodeId>, other: Option<NodeId>, place: Place) -> Option<NodeId> {
        match (one, other) {
            (Some(one), Some(other)) => Some(self.add(Op::And(one, other), Kind::Truth, Shape::Unit, place)),
            (one, other) => one.or(other),
        }
    }

    /// Where a substitute takes the place of another item: where one of those does not apply.
    /// None where that is still open, because the other asks for this item to find it out.
    fn stands_in(&mut self, position: usize, place: Place) -> Option<NodeId> {
        let mut found = None;
        for owner in self.all_substituted_by(position) {
            let applies = self.model().items.get(owner)?.applies?;
            let not = self.add(Op::Not(applies), Kind::Truth, Shape::Unit, place);
            found = Some(match found {
                Some(other) => self.add(Op::Or(other, not), Kind::Truth, Shape::Unit, place),
                None => not,
            });
        }
        found
    }

    /// A veto on a figure does not strike where the item of that figure does not apply.
    pub(super) fn no_where_not_applicable(&mut self, when: NodeId, place: Place) -> NodeId {
        let counting = self.out.schemes.iter().flat_map(|scheme| &scheme.items).any(|item| item.counts.is_some());
        if !counting || !Analysis::new(&self.out.program).range(when).may_lack {
            return when;
        }
        let no = self.add(Op::Const(Exact::zero()), Kind::Truth, Shape::One, place);
        self.add(Op::IfNotApplicable(when, no), Kind::Truth, Shape::Unit, place)
    }

    /// Every figure of the body at hand becomes 不适用 where a condition does not hold.
    fn figures_count_where(&mut self, counts: NodeId) {
        let given: Vec<(String, Option<String>, NodeId)> =
            self.body().inputs.iter().map(|input| (input.name.clone(), input.alias.clone(), input.node)).collect();
        for (at, (name, alias, node)) in given.into_iter().enumerate() {
            let node = self.counted(node, counts);
            self.name_node(node, &name);
            let body = self.body();
            if let Some(input) = body.inputs.get_mut(at) {
                input.node = node;
            }
            for called in [Some(name), alias].into_iter().flatten() {
                body.names.insert(called, Definition::Node(node));
            }
        }
        // What 适用 named of them was made of the figures as they were reported.
        let lowered = core::mem::take(&mut self.body().lowered);
        let figures: Vec<NodeId> = self.body().inputs.iter().map(|input| input.given).collect();
        let stays = |node: &Option<NodeId>| node.is_none_or(|node| !self.rests_on(node, &figures));
        let lowered = lowered.into_iter().filter(|(_, node)| stays(node)).collect();
        self.body().lowered = lowered;
    }

    /// Whether a node rests on one of several.
    fn rests_on(&self, node: NodeId, on: &[NodeId]) -> bool {
        let mut waiting = Vec::from([node]);
        let mut seen = BTreeSet::new();
        while let Some(node) = waiting.pop() {
            if on.contains(&node) {
                return true;
            }
            if seen.insert(node) {
                waiting.extend(self.out.program.node(node).map(|node| node.op.arguments()).unwrap_or_default());
            }
        }
        false
    }

    /// A figure where it counts, 不适用 elsewhere.
    pub(super) fn counted(&mut self, figure: NodeId, counts: NodeId) -> NodeId {
        let (kind, shape) = (lower::kind_of(self, figure), lower::shape_of(self, figure));
        let origin = self.out.program.node(figure).map(|node| node.origin.clone()).unwrap_or_default();
        let place = origin.place.unwrap_or_default();
        let nothing = self.add(Op::NotApplicable, kind.clone(), Shape::One, place);
        let shape = if shape == Shape::One { Shape::Unit } else { shape };
        let node = self.add(Op::Select { when: counts, then: figure, otherwise: nothing }, kind, shape, place);
        if let Some(made) = self.out.program.nodes.get_mut(node.0 as usize) {
            made.origin.clause = origin.clause;
        }
        node
    }

    /// The score of an item that applies, and what is given instead where it does not. Where
    /// nobody asks for the item it has none: a substitute where it is not needed, an item of a
    /// nested scheme where what it is nested in does not apply.
    pub(super) fn applicability(
        &mut self,
        position: usize,
        score: Option<NodeId>,
        points: Option<NodeId>,
        lines: &'a [BodyLine],
    ) -> Option<NodeId> {
        let score = self.otherwise(position, score, points, lines)?;
        Some(match self.bodies.last().and_then(|body| body.asked) {
            Some(asked) => self.counted(score, asked),
            None => score,
        })
    }

    /// 不适用时: what an item gives where it does not apply.
    fn otherwise(
        &mut self,
        position: usize,
        score: Option<NodeId>,
        points: Option<NodeId>,
        lines: &'a [BodyLine],
    ) -> Option<NodeId> {
        let written =
            lines.iter().find_map(|line| if let BodyKind::Applies(_) = &line.kind { Some(line.place) } else { None });
        let exempted = self.exempted(position);
        let otherwise = lines.iter().find_map(|line| match &line.kind {
            BodyKind::Otherwise { word, substitute } => Some((word, substitute.as_ref())),
            _ => None,
        });
        if written.is_none() && exempted.is_none() {
            // What holds for whoever is exempt one day is known all the same.
            if let Some((word, substitute)) = otherwise {
                let made = self.otherwise_written(word, substitute)?;
                self.something_to_scale(position, &made, word.place)?;
                self.model().items.get_mut(position)?.otherwise = Some(made);
            }
            return score;
        }
        let place = written.unwrap_or_else(|| self.place_of(position));
        let when = self.model().items.get(position)?.applies?;
        let nothing = self.add(Op::NotApplicable, points_kind(), Shape::One, place);
        let score = score?;
        let own = self.add(Op::Select { when, then: score, otherwise: nothing }, points_kind(), Shape::Unit, place);
        let made = match otherwise {
            Some((word, substitute)) => self.otherwise_written(word, substitute)?,
            None => match exempted.and_then(|exempted| exempted.instead.clone()) {
                Some(made) => made,
                None => {
                    let label = self.bodies.last().map(|body| body.label.clone()).unwrap_or_default();
                    self.report.push(faults::not_applicable_undecided(&label, place));
                    return Some(own);
                }
            },
        };
        let place = otherwise.map_or(place, |(word, _)| word.place);
        self.something_to_scale(position, &made, place)?;
        let other = match &made {
            OtherwiseMade::Substitute(_) => {
                let item = self.known_item(otherwise.and_then(|(_, substitute)| substitute)?)?;
                self.item_score(item)
            }
            OtherwiseMade::Full => points,
            OtherwiseMade::Zero => Some(self.add(Op::Const(Exact::zero()), points_kind(), Shape::One, place)),
            OtherwiseMade::Scale | OtherwiseMade::Reduce => None,
        };
        if let Some(item) = self.model().items.get_mut(position) {
            item.otherwise = Some(made);
        }
        Some(match other {
            Some(other) => self.add(Op::IfNotApplicable(own, other), points_kind(), Shape::Unit, place),
            None => own,
        })
    }

    /// 折算 needs a block whose rest is scaled up: outside of one it would be zero in silence.
    fn something_to_scale(&mut self, position: usize, made: &OtherwiseMade, place: Place) -> Option<()> {
        let item = self.model().items.get(position)?;
        if *made == OtherwiseMade::Scale && item.block.is_none() {
            let name = item.name.clone();
            self.report.push(faults::nothing_to_scale(&name, place));
            return None;
        }
        Some(())
    }

    /// What a line 不适用时 says.
    fn otherwise_written(&mut self, word: &Name, substitute: Option<&Name>) -> Option<OtherwiseMade> {
        Some(match word.text.as_str() {
            "改评" | "substitute" => OtherwiseMade::Substitute(substitute?.text.clone()),
            "满分" | "full" => OtherwiseMade::Full,
            "零分" | "zero" => OtherwiseMade::Zero,
            "折算" | "scale" => OtherwiseMade::Scale,
            "减满分" | "reduce" => OtherwiseMade::Reduce,
            _ => {
                let known: Vec<_> =
                    ["改评", "满分", "零分", "折算", "减满分"].iter().map(|word| (word.to_string(), None)).collect();
                self.report.push(faults::not_in_list(word, &known));
                return None;
            }
        })
    }
}
