//! Where names lead, from the innermost body outwards: columns of the event table at hand,
//! names of the body, names of the scheme, attributes of the unit.

use super::Compiler;
use crate::model::RoundResult;
use alloc::{string::String, vec::Vec};
use kaoping_program::{
    Bounds, ColumnSource, ColumnSpec, Domain, Kind, NodeId, Op, Origin, Program, RowsetId, RowsetSpec, Shape,
};
use kaoping_rules::{AsOf, Context, Direction, Meaning, lower, measures::Nouns};
use kaoping_syntax::ast::{Expr, ExprKind, Name};
use kaoping_terms::{Exact, Measure, Place, Report};

impl Context for Compiler<'_> {
    fn program(&mut self) -> &mut Program {
        &mut self.out.program
    }

    fn report(&mut self) -> &mut Report {
        &mut self.report
    }

    fn nouns(&self) -> &Nouns {
        &self.out.nouns
    }

    fn lookup(&mut self, path: &[Name]) -> Option<Meaning> {
        match path {
            [name] => self.lookup_name(name),
            [owner, member] => self.lookup_member(owner, member),
            _ => None,
        }
    }

    fn known_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.bodies.last().map(|body| body.names.keys().cloned().collect()).unwrap_or_default();
        if let Some(scheme) = self.policy.schemes.get(self.scheme) {
            names.extend(scheme.items.iter().map(|item| item.item.name.name.text.clone()));
            names.extend(scheme.blocks.iter().map(|block| block.it.name.name.text.clone()));
        }
        if let Some(level) = self.levels.get(self.scheme) {
            names.extend(level.lets.keys().cloned());
        }
        names.extend(self.out.attributes.iter().map(|attribute| attribute.name.clone()));
        names.extend(self.out.events.iter().map(|events| events.name.clone()));
        names
    }

    fn event_column(&mut self, table: RowsetId, column: &Name) -> Option<Meaning> {
        let events = self.out.events.iter().find(|events| events.rowset == table)?;
        let found = events
            .columns
            .iter()
            .find(|(name, alias, _)| *name == column.text || alias.as_deref() == Some(column.text.as_str()))?;
        let id = found.2;
        let kind = self.out.program.columns.get(id.0 as usize)?.kind.clone();
        Some(Meaning::Value(self.add(Op::Column(id), kind, Shape::Rows(table), column.place)))
    }

    fn enter_events(&mut self, table: Option<RowsetId>) -> Option<RowsetId> {
        core::mem::replace(&mut self.table_at_hand, table)
    }

    fn members(&mut self, domain: &Name) -> Option<Vec<NodeId>> {
        if kaoping_rules::vocabulary::domain(&domain.text) == Some(kaoping_rules::vocabulary::DomainWord::Items) {
            let count = self.policy.schemes.get(self.scheme)?.items.len();
            return Some((0..count).filter_map(|item| self.item_score(item)).collect());
        }
        let block = self.block_position(&domain.text)?;
        Some(self.items_of_block(block).into_iter().filter_map(|item| self.item_score(item)).collect())
    }

    fn peers(&self) -> Domain {
        match self.out.schemes.get(self.scheme).and_then(|scheme| scheme.peer_group.as_ref()) {
            Some(_) => Domain::Peers,
            None => Domain::All,
        }
    }

    fn direction(&self) -> Direction {
        self.bodies.last().map(|body| body.direction).unwrap_or_default()
    }

    fn year_back(&mut self, input: &Expr) -> Option<NodeId> {
        let ExprKind::Name(path) = &input.kind else {
            return None;
        };
        let [name] = path.as_slice() else { return None };
        let body = self.bodies.last()?;
        let is_it = |known: &&crate::model::Input| {
            known.name == name.text || known.alias.as_deref() == Some(name.text.as_str())
        };
        let column = body.inputs.iter().find(is_it)?.column;
        let mut spec = self.out.program.columns.get(column.0 as usize)?.clone();
        let ColumnSource::Fact { years_back, .. } = &mut spec.source else {
            return None;
        };
        *years_back = 1;
        let known = self.out.program.columns.iter().position(|other| *other == spec);
        let (kind, shape) = (spec.kind.clone(), spec.shape);
        let id = match known.and_then(|at| u32::try_from(at).ok()) {
            Some(at) => kaoping_program::ColumnId(at),
            None => self.add_column(spec),
        };
        let node = self.add(Op::Column(id), kind, shape, input.place);
        self.name_node(node, &alloc::format!("{}（去年同期）", name.text));
        let Some(counts) = self.bodies.last().and_then(|body| body.counts) else {
            return Some(node);
        };
        let counted = self.counted(node, counts);
        self.name_node(counted, &alloc::format!("{}（去年同期）", name.text));
        Some(counted)
    }

    fn as_of(&mut self, expr: &Expr, day: AsOf) -> Option<NodeId> {
        let previous = self.day.replace(day);
        let node = lower(self, expr);
        self.day = previous;
        node
    }

    fn origin(&self, place: Place) -> Origin {
        let body = self.bodies.last();
        Origin {
            place: Some(place),
            name: None,
            clause: self.clause.clone().or_else(|| body.and_then(|body| body.clause.clone())),
            item: body.map(|body| body.label.clone()).filter(|label| !label.is_empty()),
        }
    }
}

impl Compiler<'_> {
    fn lookup_name(&mut self, name: &Name) -> Option<Meaning> {
        if let Some(table) = self.table_at_hand
            && let Some(meaning) = self.event_column(table, name)
        {
            return Some(meaning);
        }
        if let Some(meaning) = self.body_name(&name.text) {
            return Some(meaning);
        }
        if let Some(events) = self
            .out
            .events
            .iter()
            .find(|events| events.name == name.text || events.alias.as_deref() == Some(&name.text))
        {
            return Some(Meaning::Events(events.rowset));
        }
        if let Some(meaning) = self.scheme_name(name) {
            return Some(meaning);
        }
        self.attribute(&name.text, name.place).map(Meaning::Value)
    }

    fn lookup_member(&mut self, owner: &Name, member: &Name) -> Option<Meaning> {
        if matches!(owner.text.as_str(), "单位" | "unit") {
            return self.attribute(&member.text, member.place).map(Meaning::Value);
        }
        if let Some(events) = self.out.events.iter().find(|events| events.name == owner.text) {
            let table = events.rowset;
            return self.event_column(table, member);
        }
        if let Some(meaning) = self.round_result(owner, member) {
            return Some(meaning);
        }
        let item = self.item_position(&owner.text)?;
        self.item_score(item);
        let item = self.out.schemes.get(self.scheme)?.items.get(item)?;
        if matches!(member.text.as_str(), "分值" | "points") {
            let points = item.points.clone()?;
            return Some(Meaning::Value(self.add(
                Op::Const(points),
                Kind::Number(Measure::points()),
                Shape::One,
                member.place,
            )));
        }
        let found = item.values.iter().find(|(name, _)| *name == member.text).map(|(_, node)| *node);
        let input =
            item.inputs.iter().find(|input| input.name == member.text || input.alias.as_deref() == Some(&member.text));
        found.or(input.map(|input| input.node)).map(Meaning::Value)
    }

    /// `年终.总分`: a result of a round, a column filled in before it is used.
    fn round_result(&mut self, round: &Name, value: &Name) -> Option<Meaning> {
        let position = {
            let rounds = &self.out.schemes.get(self.scheme)?.rounds.rounds;
            rounds.iter().position(|(name, alias, _)| *name == round.text || alias.as_deref() == Some(&round.text))?
        };
        let often = self.out.schemes.get(self.scheme)?.rounds.rounds.get(position)?.2.as_deref();
        let word = often.map(super::inputs::periods_word);
        let results = &self.out.schemes.get(self.scheme)?.rounds.results;
        let known = results.iter().find(|result| result.round == position && result.value == value.text).cloned();
        let result = match known {
            Some(result) => result,
            None => self.add_round_result(position, value, word)?,
        };
        let shape = result.rows.map_or(Shape::Unit, Shape::Rows);
        let kind = self.out.program.columns.get(result.column.0 as usize)?.kind.clone();
        let node = self.add(Op::Column(result.column), kind, shape, value.place);
        self.name_node(node, &alloc::format!("{}.{}", round.text, value.text));
        Some(Meaning::Value(node))
    }

    fn add_round_result(&mut self, round: usize, value: &Name, word: Option<&'static str>) -> Option<RoundResult> {
        let node = match self.scheme_name(value)? {
            Meaning::Value(node) => node,
            _ => return None,
        };
        let kind = kaoping_rules::lower::kind_of(self, node);
        let name = self.out.schemes.get(self.scheme)?.rounds.rounds.get(round)?.0.clone();
        let indicator = Some(alloc::format!("轮次 {name}"));
        let rows = word.map(|word| self.add_rowset(RowsetSpec::Periods { indicator, word, months: 0 }));
        let spec = ColumnSpec {
            source: ColumnSource::External { name: alloc::format!("{name}.{}", value.text) },
            kind,
            shape: rows.map_or(Shape::Unit, Shape::Rows),
            step: None,
            scale: Exact::one(),
            bounds: Bounds::default(),
        };
        let column = self.add_column(spec);
        let result = RoundResult { round, value: value.text.clone(), node, column, rows };
        self.out.schemes.get_mut(self.scheme)?.rounds.results.push(result.clone());
        Some(result)
    }
}
