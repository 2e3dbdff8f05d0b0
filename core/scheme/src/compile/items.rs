//! An item: its rule, deductions, clamps, vetoes, rounding and applicability, in that order.

use super::{Compiler, body::Body, body::Definition, clause_of, faults, settings};
use crate::model::OtherwiseMade;
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Aggregate, Kind, NodeId, Op, Shape};
use kaoping_rules::{Context, Direction, lower, lower::lower_number};
use kaoping_syntax::ast::{self, BindingValue, BodyKind, BodyLine, SettingKind, VetoEffect};
use kaoping_terms::{Exact, Measure, Place};

const NO_BINDINGS: &[(ast::Name, BindingValue)] = &[];

fn points_kind() -> Kind {
    Kind::Number(Measure::points())
}

impl<'a> Compiler<'a> {
    /// The score of an item as it counts, compiled once.
    pub(super) fn item_score(&mut self, item: usize) -> Option<NodeId> {
        let scheme = self.scheme;
        let level = self.levels.get_mut(scheme)?;
        if let Some(done) = level.items.get(&item) {
            return *done;
        }
        if !level.items_under_way.contains(&item) {
            self.what_it_stands_in_for(item);
        }
        let level = self.levels.get_mut(scheme)?;
        if let Some(done) = level.items.get(&item) {
            return *done;
        }
        if level.items_under_way.contains(&item) {
            let names: Vec<String> = level.items_under_way.iter().map(|item| item.to_string()).collect();
            let text = self.scheme_text()?;
            let name = |at: usize| text.items.get(at).map(|item| item.item.name.name.text.clone()).unwrap_or_default();
            let mut path: Vec<String> = names.iter().filter_map(|at| at.parse().ok()).map(name).collect();
            path.push(name(item));
            let place = text.items.get(item).map(|item| item.place);
            self.report.push(faults::circle(&path, place));
            return None;
        }
        level.items_under_way.push(item);
        let outer = core::mem::take(&mut self.bodies);
        let table = self.table_at_hand.take();
        let names = core::mem::take(&mut self.under_way);
        let score = self.item(item);
        self.under_way = names;
        self.table_at_hand = table;
        self.bodies = outer;
        let level = self.levels.get_mut(scheme)?;
        level.items_under_way.pop();
        level.items.insert(item, score);
        score
    }

    /// Whether an item only stands in for another.
    pub(super) fn is_substitute(&self, item: usize) -> bool {
        self.substituted_by(item).is_some()
    }

    /// The item that an item stands in for.
    fn substituted_by(&self, item: usize) -> Option<usize> {
        self.all_substituted_by(item).first().copied()
    }

    fn item(&mut self, position: usize) -> Option<NodeId> {
        let text = self.scheme_text()?.items.get(position)?;
        let lines = &text.item.body;
        let id = self.model().items.get(position)?.id.clone();
        self.bodies.push(Body {
            indicator: Some(id),
            label: text.item.name.name.text.clone(),
            clause: clause_of(&text.authority),
            direction: if lines.iter().any(|line| line.kind == BodyKind::LowerIsBetter) {
                Direction::LowerIsBetter
            } else {
                Direction::HigherIsBetter
            },
            ..Body::default()
        });
        let points = self.points_node(position);
        if let Some(points) = points {
            self.name_node(points, "分值");
            self.body().names.insert(String::from("分值"), Definition::Node(points));
            self.body().names.insert(String::from("points"), Definition::Node(points));
        }
        let rule_lines = self.rule_of(position);
        self.applies(position, lines);
        let points = points.or_else(|| self.points_missing(position, rule_lines.unwrap_or_default()));
        let score_line = self.score_line(position, rule_lines, lines);
        let base = self.base(position, score_line, points);
        let adjusted = self.adjustments(position, base, points, lines);
        let clamped = self.clamps(position, adjusted, lines);
        let vetoed = self.item_vetoes(position, clamped, lines);
        let reported = self.when_missing(position, vetoed, lines);
        let rounded = self.item_rounding(position, reported, lines);
        let score = self.applicability(position, rounded, points, lines);
        self.finish_item(position, base, reported, score);
        score
    }

    /// The points of an item; a substitute has those of what it stands in for.
    fn points_node(&mut self, position: usize) -> Option<NodeId> {
        let owner = self.substituted_by(position).unwrap_or(position);
        let text = self.scheme_text()?.items.get(owner)?;
        let own = self.scheme_text()?.items.get(position)?;
        let written = own.item.points.as_ref().or(text.item.points.as_ref())?;
        let value = self.figure(written, &Measure::points());
        if value.is_none() && settings::unreadable(written).is_none() {
            return None;
        }
        let op = value.map_or(Op::Unreadable, Op::Const);
        Some(self.add(op, points_kind(), Shape::One, written.place))
    }

    /// A row of the table without points whose rule shares them out: said at the cell, once,
    /// and not in the rule, which is right.
    fn points_missing(&mut self, position: usize, rule: &[BodyLine]) -> Option<NodeId> {
        let text = self.scheme_text()?.items.get(position)?;
        let place = text.points_cell.filter(|_| text.from_table && text.item.points.is_none())?;
        let name = text.item.name.name.text.clone();
        let is_points = |name: &&ast::Name| matches!(name.text.as_str(), "分值" | "points");
        let uses = rule.iter().any(|line| {
            let (expressions, _) = crate::check::line_parts(&line.kind);
            expressions.into_iter().flat_map(crate::check::names).any(|name| is_points(&name))
        });
        if !uses {
            return None;
        }
        self.report.push(faults::points_missing(&name, place));
        let node = self.add(Op::Unreadable, points_kind(), Shape::One, place);
        self.name_node(node, "分值");
        self.body().names.insert(String::from("分值"), Definition::Node(node));
        self.body().names.insert(String::from("points"), Definition::Node(node));
        None
    }

    /// The rule an item uses, its names defined; the item's own lines come after.
    fn rule_of(&mut self, position: usize) -> Option<&'a [BodyLine]> {
        let text = self.scheme_text()?.items.get(position)?;
        let by = text.item.body.iter().find_map(|line| match &line.kind {
            BodyKind::By { rule, bindings } => Some((rule, bindings.as_slice())),
            _ => None,
        });
        let own_score = text
            .item
            .body
            .iter()
            .any(|line| matches!(line.kind, BodyKind::Score(_) | BodyKind::Adjust(_) | BodyKind::SubScheme(_)));
        let default = self.scheme_text()?.scheme.settings.iter().find_map(|setting| match &setting.kind {
            SettingKind::DefaultRule(name) => Some(name),
            _ => None,
        });
        let (rule, bindings) = match by {
            Some((rule, bindings)) if !rule.text.is_empty() => (Some(rule), bindings),
            Some((_, bindings)) => (default, bindings),
            None if own_score || !text.from_table => (None, NO_BINDINGS),
            None => (default, NO_BINDINGS),
        };
        let found = match rule {
            Some(rule) => {
                let found = self.policy.rule(&rule.text);
                if found.is_none() {
                    let known: Vec<String> =
                        self.policy.rules.iter().map(|rule| rule.it.name.name.text.clone()).collect();
                    self.report.push(faults::unknown_rule(rule, &known));
                }
                found
            }
            None => None,
        };
        if let Some(found) = found {
            let name = found.it.name.name.text.clone();
            if self.bodies.last().is_some_and(|body| body.clause.is_none()) {
                self.body().clause = clause_of(&found.authority);
            }
            self.define_lines(&found.it.body, bindings);
            if let Some(item) = self.model().items.get_mut(position) {
                item.rule = Some(name);
            }
        }
        self.define_lines(&text.item.body, bindings);
        for (name, value) in bindings {
            if !self.body().bindings_used.contains(&name.text) && (found.is_some() || by.is_some()) {
                let place = match value {
                    BindingValue::Literal(written) => written.place,
                    BindingValue::Word(word) => word.place,
                };
                let rule = found.map(|rule| rule.it.name.name.text.clone()).unwrap_or_default();
                let known: Vec<&str> = self.policy.bindable().collect();
                // What another rule reads is a cell too many; what none reads is a word misspelt.
                let is_known = known.contains(&name.text.as_str());
                if is_known && found.is_none() {
                    // Of a rule there is none of, nobody knows what it reads.
                    continue;
                }
                let finding = if is_known {
                    faults::binding_unused(&name.text, &rule, place)
                } else {
                    faults::header_unknown(name, &rule, known.into_iter().chain(crate::read::headers()))
                };
                self.report.push(finding);
            }
        }
        found.map(|rule| rule.it.body.as_slice())
    }

    /// The line that says what is scored: the item's own, else its rule's.
    fn score_line(
        &mut self,
        position: usize,
        rule: Option<&'a [BodyLine]>,
        own: &'a [BodyLine],
    ) -> Option<&'a ast::Expr> {
        let find = |lines: &'a [BodyLine]| {
            lines.iter().find_map(|line| match &line.kind {
                BodyKind::Score(expr) => Some(expr),
                _ => None,
            })
        };
        for line in own.iter().chain(rule.unwrap_or(&[])) {
            let label = self.body().label.clone();
            if let BodyKind::Score(_) = line.kind {
                self.silent_choices(&label, &line.authority);
            } else if !matches!(line.kind, BodyKind::Choice(_)) {
                self.silent_choices(&label, &line.authority);
            }
        }
        let _ = position;
        find(own).or(rule.and_then(find))
    }

    /// Points before deductions.
    fn base(&mut self, position: usize, score: Option<&'a ast::Expr>, points: Option<NodeId>) -> Option<NodeId> {
        let text = self.scheme_text()?.items.get(position)?;
        let nested = text.item.body.iter().find_map(|line| match &line.kind {
            BodyKind::SubScheme(name) => Some(name),
            _ => None,
        });
        if let Some(name) = nested {
            return self.nested(position, name);
        }
        if let Some(score) = score {
            let node = lower_number(self, score, &Measure::points())?;
            return lower::one_a_unit(self, node, score.place);
        }
        let adjusts = text.item.body.iter().any(|line| matches!(line.kind, BodyKind::Adjust(_)));
        if adjusts {
            return match points {
                Some(points) => Some(points),
                None => Some(self.add(Op::Const(Exact::zero()), points_kind(), Shape::One, text.place)),
            };
        }
        // An item without a rule has no score; the checker says so. What is owed is the rule.
        Some(self.add(Op::Unreadable, points_kind(), Shape::One, text.place))
    }

    /// A nested scheme: its total is the score of the item.
    fn nested(&mut self, position: usize, name: &ast::Name) -> Option<NodeId> {
        let index = self.policy.schemes.iter().position(|scheme| scheme.scheme.name.text == name.text);
        let Some(index) = index else {
            let known: Vec<String> =
                self.policy.schemes.iter().skip(1).map(|scheme| scheme.scheme.name.text.clone()).collect();
            self.report.push(faults::unknown_sub_scheme(name, &known));
            return None;
        };
        if self.levels.get(index).is_some_and(|level| level.started && !level.finished) {
            let around = self.scheme_text()?.scheme.name.text.clone();
            let path = [name.text.clone(), around, name.text.clone()];
            let own = index == self.scheme;
            self.report.push(faults::circle(path.get(usize::from(own)..).unwrap_or(&path), Some(name.place)));
            return None;
        }
        let id = self.model().items.get(position)?.id.clone();
        // A scheme nested in several items counts wherever one of them does, and is not asked.
        let nests = |line: &&BodyLine| matches!(&line.kind, BodyKind::SubScheme(of) if of.text == name.text);
        let lines = self.policy.schemes.iter().flat_map(|scheme| &scheme.items).flat_map(|item| &item.item.body);
        let counts = self.bodies.last().and_then(|body| body.counts).filter(|_| lines.filter(nests).count() == 1);
        let outer = core::mem::replace(&mut self.around, counts);
        self.scheme(index, &format!("{id}/"));
        self.around = outer;
        if let Some(item) = self.model().items.get_mut(position) {
            item.sub_scheme = Some(index);
        }
        let total = self.out.schemes.get(index)?.total;
        let met = self.out.schemes.get(index)?.meets_all;
        if let (Some(met), Some(item)) = (met, self.model().items.get_mut(position)) {
            item.met = Some(met);
        }
        total
    }

    /// 至多 and 至少: the item's own, else those of the scheme for items with points.
    fn clamps(&mut self, position: usize, score: Option<NodeId>, lines: &'a [BodyLine]) -> Option<NodeId> {
        let text = self.scheme_text()?;
        let has_points = text.items.get(position)?.item.points.is_some() || self.is_substitute(position);
        let own_low =
            lines.iter().find_map(|line| if let BodyKind::AtLeast(lit) = &line.kind { Some(lit) } else { None });
        let own_high =
            lines.iter().find_map(|line| if let BodyKind::AtMost(lit) = &line.kind { Some(lit) } else { None });
        let settings = || text.scheme.settings.iter().filter(|_| has_points);
        let low = own_low.or_else(|| {
            settings().find_map(|setting| if let SettingKind::AtLeast(lit) = &setting.kind { Some(lit) } else { None })
        });
        let high = own_high.or_else(|| {
            settings().find_map(|setting| if let SettingKind::AtMost(lit) = &setting.kind { Some(lit) } else { None })
        });
        let score = self.clamp(score, low, Op::Max);
        self.clamp(score, high, Op::Min)
    }

    pub(super) fn clamp(
        &mut self,
        score: Option<NodeId>,
        edge: Option<&ast::Literal>,
        op: fn(NodeId, NodeId) -> Op,
    ) -> Option<NodeId> {
        let (Some(score), Some(edge)) = (score, edge) else {
            return score;
        };
        let value = self.figure(edge, &Measure::points())?;
        let shape = lower::shape_of(self, score);
        let constant = self.add(Op::Const(value), points_kind(), Shape::One, edge.place);
        Some(self.add(op(score, constant), points_kind(), shape, edge.place))
    }

    /// Zero where a veto strikes, 未报 where that is not known.
    pub(super) fn zero_when(&mut self, score: Option<NodeId>, when: Option<NodeId>, place: Place) -> Option<NodeId> {
        let (Some(score), Some(when)) = (score, when) else {
            return score;
        };
        let zero = self.add(Op::Const(Exact::zero()), points_kind(), Shape::One, place);
        Some(self.add(Op::Select { when, then: zero, otherwise: score }, points_kind(), Shape::Unit, place))
    }

    fn item_vetoes(&mut self, position: usize, score: Option<NodeId>, lines: &'a [BodyLine]) -> Option<NodeId> {
        let mut score = score;
        for line in lines {
            let BodyKind::Veto(veto) = &line.kind else {
                continue;
            };
            let Some(when) = self.veto(veto, Some(position), &line.authority, line.place) else {
                continue;
            };
            if veto.effects.contains(&VetoEffect::ItemZero(None)) {
                score = self.zero_when(score, Some(when), line.place);
            }
        }
        let vetoes: Vec<(NodeId, Place)> = self
            .model()
            .vetoes
            .iter()
            .filter(|veto| veto.item.is_none() && veto.effects.contains(&crate::model::VetoEffect::ItemZero(position)))
            .map(|veto| (veto.when, veto.place))
            .collect();
        for (when, place) in vetoes {
            score = self.zero_when(score, Some(when), place);
        }
        score
    }

    /// 未报时: what stands in for a score that is not reported.
    fn when_missing(&mut self, position: usize, score: Option<NodeId>, lines: &'a [BodyLine]) -> Option<NodeId> {
        use crate::model::MissingPolicy;
        let _ = position;
        let own =
            lines.iter().find_map(|line| if let BodyKind::WhenMissing(word) = &line.kind { Some(word) } else { None });
        let policy = match own {
            Some(word) => self.missing_policy(word),
            None => self.model().missing,
        };
        let score = score?;
        let place = self.out.program.node(score).and_then(|node| node.origin.place).unwrap_or_default();
        let substitute = match policy {
            Some(MissingPolicy::Zero) => Exact::zero(),
            Some(MissingPolicy::Lowest) => self.lowest(score),
            Some(MissingPolicy::Pending | MissingPolicy::Return) | None => return Some(score),
        };
        let constant = self.add(Op::Const(substitute), points_kind(), Shape::One, place);
        Some(self.add(Op::IfMissing(score, constant), points_kind(), Shape::Unit, place))
    }

    /// The least points an item can give; zero where no least is known.
    fn lowest(&self, score: NodeId) -> Exact {
        let range = kaoping_rules::interval::Analysis::new(&self.out.program).range(score);
        range.span.and_then(|span| span.low().map(|(low, _)| low.clone())).unwrap_or_else(Exact::zero)
    }

    fn item_rounding(&mut self, position: usize, score: Option<NodeId>, lines: &'a [BodyLine]) -> Option<NodeId> {
        let own = lines
            .iter()
            .find_map(|line| if let BodyKind::Round(choice) = &line.kind { Some((choice, line.place)) } else { None });
        let rounding = match own {
            Some((ast::RoundingChoice::None, _)) => None,
            Some((ast::RoundingChoice::To(written, mode), _)) => self.step_figure(written).map(|step| (step, *mode)),
            None => {
                self.rounding(|setting| if let SettingKind::RoundItems(choice) = setting { Some(choice) } else { None })
            }
        };
        if let Some(item) = self.model().items.get_mut(position) {
            item.rounding = rounding.clone();
        }
        self.round(score, rounding)
    }

    /// A score brought to a declared step.
    pub(super) fn round(
        &mut self,
        score: Option<NodeId>,
        rounding: Option<(Exact, kaoping_terms::Rounding)>,
    ) -> Option<NodeId> {
        let (Some(score), Some((step, mode))) = (score, rounding) else {
            return score;
        };
        let place = self.out.program.node(score).and_then(|node| node.origin.place).unwrap_or_default();
        let shape = lower::shape_of(self, score);
        Some(self.add(Op::Round { x: score, step, mode }, points_kind(), shape, place))
    }

    /// Keeps what the model needs of the item, and its 达标.
    fn finish_item(&mut self, position: usize, base: Option<NodeId>, unrounded: Option<NodeId>, score: Option<NodeId>) {
        let order = self.bodies.last().map(|body| body.order.clone()).unwrap_or_default();
        let mut values = Vec::new();
        for name in order {
            if let Some(kaoping_rules::Meaning::Value(node)) = self.body_name(&name) {
                values.push((name, node));
            }
        }
        let met = self.met(position);
        let body = self.bodies.last_mut().map(core::mem::take).unwrap_or_default();
        if let Some(score) = score {
            self.name_node(score, &body.label);
        }
        if let Some(item) = self.model().items.get_mut(position) {
            item.base = base;
            item.unrounded = unrounded;
            item.score = score;
            item.values = values;
            item.inputs = body.inputs;
            item.parameters = body.parameters;
            item.met = met.or(item.met);
        }
    }

    /// 达标 where the item or its rule gives it; a substitute's where it does not apply.
    fn met(&mut self, position: usize) -> Option<NodeId> {
        let meaning = self.body_name("达标").or_else(|| self.body_name("met"));
        let own = match meaning {
            Some(kaoping_rules::Meaning::Value(own)) => Some(own),
            Some(_) => return None,
            None => None,
        };
        let item = self.model().items.get(position)?.clone();
        // An item with a scheme of its own meets its target where all in that scheme do.
        let own = own.or(item.met);
        let Some(when) = item.applies else {
            return own;
        };
        let substitute = match &item.otherwise {
            Some(OtherwiseMade::Substitute(name)) => self.item_position(name),
            _ => None,
        };
        let substitute = substitute.and_then(|other| self.model().items.get(other)?.met);
        if own.is_none() && substitute.is_none() {
            return None;
        }
        let nothing = self.add(Op::NotApplicable, Kind::Truth, Shape::One, item.place);
        let op = Op::Select { when, then: own.unwrap_or(nothing), otherwise: substitute.unwrap_or(nothing) };
        Some(self.add(op, Kind::Truth, Shape::Unit, item.place))
    }

    /// A sum of nodes of one unit; none where there is nothing to add.
    pub(super) fn sum(&mut self, members: Vec<NodeId>, place: Place) -> Option<NodeId> {
        if members.is_empty() {
            return None;
        }
        let op = Op::Fold { function: Aggregate::Sum, members: Box::from(members) };
        Some(self.add(op, points_kind(), Shape::Unit, place))
    }
}
