//! Parameters: a figure of their own, or the rows of the table that hold on the day at hand.

use super::{Compiler, body::Definition, faults};
use crate::read::ParameterRow;
use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{Kind, NodeId, Op, Relation, Shape};
use kaoping_rules::{AsOf, Context, Meaning, literal, lower};
use kaoping_syntax::ast::{self, Comparison};
use kaoping_terms::{Day, Exact, Place};

impl<'a> Compiler<'a> {
    /// A parameter: what the row binds, else its own figure, else the table of parameters.
    pub(super) fn parameter(
        &mut self,
        parameter: &'a ast::Parameter,
        bound: Option<&'a ast::Literal>,
    ) -> Option<NodeId> {
        let nouns = self.out.nouns.clone();
        let name = &parameter.name.name.text;
        if let Some(written) = parameter.value.as_ref() {
            let own = literal::value(written, &nouns, &mut self.report)?;
            let value = match bound {
                Some(bound) => literal::value_in(bound, &own.measure, &nouns, &mut self.report)?,
                None => own,
            };
            return Some(self.parameter_constant(name, value, bound.unwrap_or(written).place));
        }
        if let Some(written) = bound {
            let value = literal::value(written, &nouns, &mut self.report)?;
            return Some(self.parameter_constant(name, value, written.place));
        }
        let policy = self.policy;
        if !policy.parameters.has(name) {
            self.report.push(faults::parameter_unknown(&parameter.name.name));
            return None;
        }
        let day = match self.day {
            Some(AsOf::Day(day)) => Some(day),
            Some(AsOf::Row(_)) | None => None,
        };
        let rows = policy.parameters.on(name, day);
        if rows.is_empty() {
            self.report.push(faults::parameter_not_valid(&parameter.name.name, day));
            return None;
        }
        if let Some(AsOf::Row(day)) = self.day {
            return self.rows_by_day(name, &rows, day);
        }
        let again = |(at, row): (usize, &&ParameterRow)| rows.iter().skip(at + 1).any(|other| same_keys(row, other));
        if day.is_none() && rows.iter().enumerate().any(again) {
            self.report.push(faults::parameter_undated(&parameter.name.name, &rows));
            return None;
        }
        self.parameter_rows(name, &rows)
    }

    fn parameter_constant(&mut self, name: &str, value: literal::Value, place: Place) -> NodeId {
        if let Some(number) = &value.number {
            let used = (name.to_string(), number.clone(), value.measure.clone());
            self.body().parameters.push(used);
        }
        let op = value.number.map_or(Op::Unreadable, Op::Const);
        self.add(op, Kind::Number(value.measure), Shape::One, place)
    }

    /// The figure of a row, with the clause of the row.
    fn row_value(&mut self, name: &str, row: &ParameterRow) -> Option<NodeId> {
        let nouns = self.out.nouns.clone();
        let value = literal::value(&row.value, &nouns, &mut self.report)?;
        let node = self.parameter_constant(name, value, row.value.place);
        if let Some(clause) = &row.clause
            && let Some(node) = self.out.program.nodes.get_mut(node.0 as usize)
        {
            node.origin.clause = Some(clause.text.clone());
        }
        Some(node)
    }

    /// Whether the key columns of a row have its words; none where it has no keys.
    fn keys_hold(&mut self, row: &ParameterRow) -> Option<Option<NodeId>> {
        let mut when: Option<NodeId> = None;
        for (key, word) in &row.keys {
            let key = ast::Name { text: key.clone(), place: word.place };
            let equal = ast::ExprKind::Binary(
                ast::Binary::Compare(Comparison::Equal),
                Box::new(name_expr(key)),
                Box::new(name_expr(word.clone())),
            );
            let condition = lower(self, &ast::Expr { kind: equal, place: word.place, authority: Vec::new() })?;
            when = Some(self.and_also(when, condition, word.place));
        }
        Some(when)
    }

    fn and_also(&mut self, when: Option<NodeId>, condition: NodeId, place: Place) -> NodeId {
        match when {
            Some(other) => self.add(Op::And(other, condition), Kind::Truth, Shape::Unit, place),
            None => condition,
        }
    }

    fn selected(&mut self, when: NodeId, then: NodeId, otherwise: NodeId, place: Place) -> NodeId {
        let kind = kaoping_rules::lower::kind_of(self, then);
        let shape = kaoping_rules::lower::shape_of(self, when);
        self.add(Op::Select { when, then, otherwise }, kind, shape, place)
    }

    /// Rows with key columns become a choice by the values of the keys.
    fn parameter_rows(&mut self, name: &str, rows: &[&'a ParameterRow]) -> Option<NodeId> {
        let mut result: Option<NodeId> = None;
        for row in rows.iter().rev() {
            let node = self.row_value(name, row)?;
            let when = self.keys_hold(row)?;
            result = Some(match (when, result) {
                (Some(when), Some(otherwise)) => self.selected(when, node, otherwise, row.place),
                // The keys cover their word list (checked), so the last row needs no condition.
                _ => node,
            });
        }
        result
    }

    /// The row that holds on the day each row of figures brings. On a day of no row the value is
    /// not known: neither the first nor the last row is carried on.
    fn rows_by_day(&mut self, name: &str, rows: &[&'a ParameterRow], day: NodeId) -> Option<NodeId> {
        let mut result: Option<NodeId> = None;
        for row in rows.iter().rev() {
            let node = self.row_value(name, row)?;
            let mut when = self.keys_hold(row)?;
            for (relation, edge) in [(Relation::AtLeast, row.from), (Relation::AtMost, row.to)] {
                if let Some(edge) = edge {
                    let condition = self.beside_day(day, relation, edge, row.place);
                    when = Some(self.and_also(when, condition, row.place));
                }
            }
            let Some(when) = when else {
                result = Some(node);
                continue;
            };
            let otherwise = match result {
                Some(otherwise) => otherwise,
                None => {
                    let unknown = self.add(Op::Unreadable, Kind::Truth, Shape::One, row.place);
                    self.selected(unknown, node, node, row.place)
                }
            };
            result = Some(self.selected(when, node, otherwise, row.place));
        }
        result
    }

    fn beside_day(&mut self, day: NodeId, relation: Relation, edge: Day, place: Place) -> NodeId {
        let number = Exact::whole(i64::from(edge.number()));
        let edge = self.add(Op::Const(number), Kind::Day, Shape::One, place);
        let shape = kaoping_rules::lower::shape_of(self, day);
        self.add(Op::Compare(relation, day, edge), Kind::Truth, shape, place)
    }

    /// A value of the body where it is only shown: as it was computed, be it for the day of the
    /// row, else as it stands.
    pub(super) fn shown_value(&mut self, name: &str) -> Option<NodeId> {
        let body = self.bodies.last()?;
        if matches!(body.names.get(name), Some(Definition::Let(..) | Definition::Parameter(..))) {
            let lowered = |day: Option<AsOf>| body.lowered.get(&(name.to_string(), day)).copied();
            let any = || body.lowered.iter().rev().find(|((other, _), _)| other == name).map(|(_, node)| *node);
            if let Some(node) = lowered(self.day).or_else(any) {
                return node;
            }
        }
        match self.body_name(name)? {
            Meaning::Value(node) => Some(node),
            _ => None,
        }
    }
}

/// Whether two rows are told apart by their days only.
fn same_keys(row: &ParameterRow, other: &ParameterRow) -> bool {
    let keys = |row: &ParameterRow| -> Vec<(String, String)> {
        let mut keys: Vec<_> = row.keys.iter().map(|(key, word)| (key.clone(), word.text.clone())).collect();
        keys.sort();
        keys
    };
    keys(row) == keys(other)
}

fn name_expr(name: ast::Name) -> ast::Expr {
    let place = name.place;
    ast::Expr { kind: ast::ExprKind::Name([name].into()), place, authority: Vec::new() }
}
