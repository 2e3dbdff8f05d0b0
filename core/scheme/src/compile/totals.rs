//! Blocks, the total, who is assessed, and the place of each unit.

use super::{Compiler, faults};
use crate::model::{OtherwiseMade, Veto, VetoEffect as Effect};
use alloc::{boxed::Box, string::String, vec::Vec};
use kaoping_program::{Aggregate, Kind, NodeId, Op, Shape, Ties};
use kaoping_rules::{Context, Meaning, lower, lower::lower_number};
use kaoping_syntax::ast::{self, Authority, Name, SettingKind, VetoEffect};
use kaoping_terms::{Measure, Place};

fn points_kind() -> Kind {
    Kind::Number(Measure::points())
}

impl<'a> Compiler<'a> {
    /// What a name means in the scheme at hand.
    pub(super) fn scheme_name(&mut self, name: &Name) -> Option<Meaning> {
        let word = name.text.as_str();
        match word {
            "总分" | "total" => {
                return Some(self.total().map_or(Meaning::Faulty, Meaning::Value));
            }
            "名次" | "ranking" => {
                return Some(self.rank().map_or(Meaning::Faulty, Meaning::Value));
            }
            "等次" | "grades" => return self.grade_column(name.place),
            "全部达标" | "meets_all" => return self.meets_all().map(Meaning::Value),
            "满分" | "full_mark" => {
                let mark = self.model().full_mark.clone()?;
                return Some(Meaning::Value(self.add(Op::Const(mark), points_kind(), Shape::One, name.place)));
            }
            _ => {}
        }
        if self.levels.get(self.scheme).is_some_and(|level| level.lets.contains_key(word)) {
            return Some(self.scheme_let(word));
        }
        if let Some(block) = self.block_position(word) {
            return Some(self.block_score(block).map_or(Meaning::Faulty, Meaning::Value));
        }
        let item = self.item_position(word)?;
        Some(self.item_score(item).map_or(Meaning::Faulty, Meaning::Value))
    }

    /// Lowers something of the scheme with no body's names in the way.
    fn outside_bodies<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let bodies = core::mem::take(&mut self.bodies);
        let table = self.table_at_hand.take();
        let made = make(self);
        self.table_at_hand = table;
        self.bodies = bodies;
        made
    }

    fn scheme_let(&mut self, name: &str) -> Meaning {
        let scheme = self.scheme;
        let key = (String::from(name), self.day);
        let Some(level) = self.levels.get(scheme) else {
            return Meaning::Faulty;
        };
        if let Some(node) = level.let_nodes.get(&key) {
            return node.map_or(Meaning::Faulty, Meaning::Value);
        }
        let Some((expr, clause)) = level.lets.get(name).cloned() else {
            return Meaning::Faulty;
        };
        if self.under_way.iter().any(|other| other == name) {
            self.circle(name);
            return Meaning::Faulty;
        }
        self.under_way.push(String::from(name));
        let node = self.outside_bodies(|compiler| {
            let outer = core::mem::replace(&mut compiler.clause, clause);
            let node = lower(compiler, expr);
            compiler.clause = outer;
            node
        });
        self.under_way.pop();
        if let Some(node) = node {
            self.name_node(node, name);
        }
        if let Some(level) = self.levels.get_mut(scheme) {
            level.let_nodes.insert(key, node);
        }
        node.map_or(Meaning::Faulty, Meaning::Value)
    }

    /// The score of a block: the sum of its items, scaled, clamped, vetoed, rounded.
    pub(super) fn block_score(&mut self, block: usize) -> Option<NodeId> {
        let scheme = self.scheme;
        if let Some(done) = self.levels.get(scheme)?.blocks.get(&block) {
            return *done;
        }
        let score = self.outside_bodies(|compiler| compiler.block(block));
        if let Some(node) = score {
            let name = self.model().blocks.get(block).map(|block| block.name.clone()).unwrap_or_default();
            self.name_node(node, &name);
        }
        if let Some(block) = self.model().blocks.get_mut(block) {
            block.score = score;
        }
        self.levels.get_mut(scheme)?.blocks.insert(block, score);
        score
    }

    fn block(&mut self, position: usize) -> Option<NodeId> {
        let text = self.scheme_text()?.blocks.get(position)?;
        let items = self.items_of_block(position);
        let scores: Vec<Option<NodeId>> = items.iter().map(|item| self.item_score(*item)).collect();
        let scores: Vec<NodeId> = scores.into_iter().collect::<Option<_>>()?;
        let sum = match self.sum(scores, text.place) {
            Some(sum) => sum,
            // A block without items has no score: what is owed is its items.
            None => self.add(Op::Unreadable, points_kind(), Shape::One, text.place),
        };
        let scaled = self.scaled(position, &items, sum, text.place)?;
        let raised = self.clamp(Some(scaled), text.it.at_least.as_ref(), Op::Max);
        let lowered = self.clamp(raised, text.it.at_most.as_ref(), Op::Min);
        let mut score = lowered;
        let strikes: Vec<NodeId> = self
            .model()
            .vetoes
            .iter()
            .filter(|veto| veto.effects.contains(&Effect::BlockZero(position)))
            .map(|veto| veto.when)
            .collect();
        for when in strikes {
            score = self.zero_when(score, Some(when), text.place);
        }
        let rounding =
            self.rounding(|setting| if let SettingKind::RoundBlocks(choice) = setting { Some(choice) } else { None });
        self.round(score, rounding)
    }

    /// 折自 (raw points to points), and 折算 where an item does not apply.
    fn scaled(&mut self, position: usize, items: &[usize], sum: NodeId, place: Place) -> Option<NodeId> {
        let block = self.model().blocks.get(position)?.clone();
        let mut score = sum;
        let scales = |item: &usize| {
            self.out
                .schemes
                .get(self.scheme)
                .and_then(|scheme| scheme.items.get(*item))
                .is_some_and(|item| item.applies.is_some() && item.otherwise == Some(OtherwiseMade::Scale))
        };
        if items.iter().any(scales) {
            score = self.rest_scaled_up(items, score, place)?;
        }
        if let (Some(raw), Some(points)) = (block.scaled_from, block.points) {
            let factor = points.divided_by(&raw);
            let Some(factor) = factor else {
                self.report.push(faults::rounding_step(&raw, place));
                return None;
            };
            let factor = self.add(Op::Const(factor), Kind::Number(Measure::ratio()), Shape::One, place);
            score = self.add(Op::Mul(score, factor), points_kind(), Shape::Unit, place);
        }
        Some(score)
    }

    /// Sum × all points ÷ points of the items that count: those that are left out where they do
    /// not apply are not among them; a substitute, full points and none count like the item.
    fn rest_scaled_up(&mut self, items: &[usize], sum: NodeId, place: Place) -> Option<NodeId> {
        let mut counting = Vec::new();
        let mut all = Vec::new();
        for item in items {
            let model = self.model().items.get(*item)?.clone();
            // An item that only adds or deducts has no part in the points of the block.
            let Some(points) = model.points else { continue };
            let points = self.add(Op::Const(points), points_kind(), Shape::One, place);
            all.push(points);
            let left_out = matches!(model.otherwise, Some(OtherwiseMade::Scale | OtherwiseMade::Reduce) | None);
            counting.push(match model.applies.filter(|_| left_out) {
                Some(when) => {
                    let nothing = self.add(Op::NotApplicable, points_kind(), Shape::One, place);
                    self.add(Op::Select { when, then: points, otherwise: nothing }, points_kind(), Shape::Unit, place)
                }
                None => points,
            });
        }
        let all = self.sum(all, place)?;
        let counting = self.sum(counting, place)?;
        let factor = self.add(Op::Div(all, counting), Kind::Number(Measure::ratio()), Shape::Unit, place);
        Some(self.add(Op::Mul(sum, factor), points_kind(), Shape::Unit, place))
    }

    /// The total after its veto, clamp and rounding.
    pub(super) fn total(&mut self) -> Option<NodeId> {
        let scheme = self.scheme;
        if let Some(done) = self.levels.get(scheme)?.total {
            return done;
        }
        if self.under_way.iter().any(|other| other == "总分") {
            self.circle("总分");
            return None;
        }
        self.under_way.push(String::from("总分"));
        let total = self.outside_bodies(Self::make_total);
        self.under_way.pop();
        if let Some(total) = total {
            self.name_node(total, "总分");
        }
        self.model().total = total;
        self.levels.get_mut(scheme)?.total = Some(total);
        total
    }

    fn make_total(&mut self) -> Option<NodeId> {
        let text = self.scheme_text()?;
        let written = text.scheme.settings.iter().find_map(|setting| match &setting.kind {
            SettingKind::Total(expr) => Some(expr),
            _ => None,
        });
        let total = match written {
            Some(expr) => lower_number(self, expr, &Measure::points())?,
            None => self.sum_of_all(text.place)?,
        };
        let strikes: Vec<(NodeId, Place)> = self
            .model()
            .vetoes
            .iter()
            .filter(|veto| veto.effects.contains(&Effect::TotalZero))
            .map(|veto| (veto.when, veto.place))
            .collect();
        let mut total = Some(total);
        for (when, place) in strikes {
            total = self.zero_when(total, Some(when), place);
        }
        let rounding =
            self.rounding(|setting| if let SettingKind::RoundTotal(choice) = setting { Some(choice) } else { None });
        self.round(total, rounding)
    }

    /// Without a written total: blocks, and items that stand in none.
    fn sum_of_all(&mut self, place: Place) -> Option<NodeId> {
        let text = self.scheme_text()?;
        let mut members = Vec::new();
        let mut complete = true;
        for block in 0..text.blocks.len() {
            match self.block_score(block) {
                Some(score) => members.push(score),
                None => complete = false,
            }
        }
        for (position, item) in text.items.iter().enumerate() {
            if item.block.is_some() || self.is_substitute(position) {
                continue;
            }
            match self.item_score(position) {
                Some(score) => members.push(score),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        self.sum(members, place)
    }

    /// 达标 of every item that has it, substitutes counted through what they stand in for.
    pub(super) fn meets_all(&mut self) -> Option<NodeId> {
        let scheme = self.scheme;
        if let Some(done) = self.levels.get(scheme)?.meets_all {
            return Some(done);
        }
        let count = self.scheme_text()?.items.len();
        let mut members = Vec::new();
        for item in 0..count {
            self.item_score(item);
            let model = self.model().items.get(item)?;
            if let (Some(met), false) = (model.met, model.is_substitute) {
                members.push(met);
            }
        }
        if members.is_empty() {
            return None;
        }
        let place = self.scheme_text()?.place;
        let op = Op::Fold { function: Aggregate::AllOf, members: Box::from(members) };
        let node = self.add(op, Kind::Truth, Shape::Unit, place);
        self.name_node(node, "全部达标");
        self.levels.get_mut(scheme)?.meets_all = Some(node);
        Some(node)
    }

    /// The place of each unit by the declared ranking.
    pub(super) fn rank(&mut self) -> Option<NodeId> {
        let scheme = self.scheme;
        if let Some(done) = self.levels.get(scheme)?.rank {
            return done;
        }
        let rank = self.outside_bodies(Self::make_rank);
        if let Some(rank) = rank {
            self.name_node(rank, "名次");
        }
        self.model().rank = rank;
        self.levels.get_mut(scheme)?.rank = Some(rank);
        rank
    }

    fn make_rank(&mut self) -> Option<NodeId> {
        let text = self.scheme_text()?;
        let ranking = text.scheme.settings.iter().find_map(|setting| match &setting.kind {
            SettingKind::Ranking { by, descending, .. } => Some((by, *descending)),
            _ => None,
        });
        let (first, descending) = match ranking {
            Some((by, descending)) => (lower(self, by)?, descending),
            None => (self.total()?, true),
        };
        let mut keys = Vec::from([(first, descending)]);
        for setting in &text.scheme.settings {
            if let SettingKind::TieBreak { keys: written, .. } = &setting.kind {
                for expr in written {
                    let key = lower(self, expr)?;
                    if !keys.contains(&(key, true)) {
                        keys.push((key, true));
                    }
                }
            }
        }
        self.model().rank_keys.clone_from(&keys);
        let within = self.peers();
        let ties = self.model().ties.unwrap_or(Ties::Skip);
        let op = Op::Rank { keys: keys.into_boxed_slice(), within, ties, among: None };
        Some(self.add(op, Kind::Number(Measure::plain()), Shape::Unit, text.place))
    }

    pub(super) fn totals(&mut self) {
        let blocks = self.scheme_text().map_or(0, |text| text.blocks.len());
        for block in 0..blocks {
            self.block_score(block);
        }
        self.total();
        let meets = self.meets_all();
        self.model().meets_all = meets;
        let assessed = self.scheme_text().and_then(|text| {
            text.scheme.settings.iter().find_map(|setting| match &setting.kind {
                SettingKind::Assessed(expr) => Some(expr),
                _ => None,
            })
        });
        if let Some(expr) = assessed {
            let node = self.outside_bodies(|compiler| lower::truth(compiler, expr));
            self.model().assessed = node;
        }
        if let Some(group) = self.model().peer_group.clone() {
            let place = self.model().place;
            self.attribute(&group, place);
        }
        self.rank();
        let names: Vec<String> =
            self.levels.get(self.scheme).map(|level| level.lets.keys().cloned().collect()).unwrap_or_default();
        for name in names {
            if let Meaning::Value(node) = self.scheme_let(&name) {
                self.model().values.push((name, node));
            }
        }
    }

    /// Vetoes outside items; their conditions are needed before the items they zero. So those
    /// that zero an item are made first, then those of blocks and the total: the condition of
    /// another, 全部达标 say, may need every item.
    pub(super) fn vetoes(&mut self) {
        let Some(text) = self.scheme_text() else {
            return;
        };
        let first = |effect: &VetoEffect| match effect {
            VetoEffect::ItemZero(_) => 0,
            VetoEffect::BlockZero(_) => 1,
            VetoEffect::TotalZero => 2,
            _ => 3,
        };
        let mut order: Vec<usize> = (0..text.vetoes.len()).collect();
        order.sort_by_key(|at| {
            let effects = text.vetoes.get(*at).map(|veto| &veto.it.effects);
            effects.into_iter().flatten().map(first).min()
        });
        let mut made: Vec<usize> = Vec::new();
        for at in order {
            let Some(veto) = text.vetoes.get(at) else {
                continue;
            };
            self.outside_bodies(|compiler| compiler.veto(&veto.it, None, &veto.authority, veto.place));
            made.resize(self.model().vetoes.len(), at);
        }
        let vetoes = core::mem::take(&mut self.model().vetoes);
        let mut placed: Vec<(usize, Veto)> = made.into_iter().zip(vetoes).collect();
        placed.sort_by_key(|(at, _)| *at);
        self.model().vetoes = placed.into_iter().map(|(_, veto)| veto).collect();
    }

    /// A condition that already made what its veto zeroes leads back to itself.
    fn zeroes_too_late(&mut self, effect: &Effect) -> Option<String> {
        let level = self.levels.get(self.scheme)?;
        let text = self.scheme_text()?;
        match effect {
            Effect::ItemZero(item) if level.items.contains_key(item) => {
                text.items.get(*item).map(|item| item.item.name.name.text.clone())
            }
            Effect::BlockZero(block) if level.blocks.contains_key(block) => {
                text.blocks.get(*block).map(|block| block.it.name.name.text.clone())
            }
            Effect::TotalZero if level.total.is_some() => Some(String::from("总分")),
            _ => None,
        }
    }

    /// A veto: its condition, and its effects by position.
    pub(super) fn veto(
        &mut self,
        veto: &'a ast::Veto,
        item: Option<usize>,
        authority: &[Authority],
        place: Place,
    ) -> Option<NodeId> {
        let when = lower::truth(self, &veto.when)?;
        let when = lower::one_a_unit(self, when, veto.when.place)?;
        let when = self.no_where_not_applicable(when, veto.when.place);
        self.name_node(when, &veto.name.text);
        let mut effects = Vec::new();
        for effect in &veto.effects {
            let made = match effect {
                VetoEffect::ItemZero(None) => item.map(Effect::ItemZero),
                VetoEffect::ItemZero(Some(name)) => self.known_item(name).map(Effect::ItemZero),
                VetoEffect::BlockZero(name) => self.block_position(&name.text).map(Effect::BlockZero),
                VetoEffect::TotalZero => Some(Effect::TotalZero),
                VetoEffect::GradeDown(written) => self.whole_number(written).map(Effect::GradeDown),
                VetoEffect::GradeTo(name) => self.band_position(name).map(Effect::GradeTo),
                VetoEffect::AwardBarred(None) => Some(Effect::AwardBarred(None)),
                VetoEffect::AwardBarred(Some(name)) => {
                    self.known_award(name).map(|award| Effect::AwardBarred(Some(award)))
                }
            };
            effects.extend(made);
        }
        for effect in effects.iter().filter(|_| item.is_none()) {
            if let Some(zeroed) = self.zeroes_too_late(effect) {
                let path = [zeroed.clone(), veto.name.text.clone(), zeroed];
                self.report.push(faults::circle(&path, Some(place)));
            }
        }
        let clause = super::clause_of(authority);
        self.silent_choices(&veto.name.text, authority);
        self.model().vetoes.push(Veto { name: veto.name.text.clone(), when, effects, item, clause, place });
        Some(when)
    }
}
