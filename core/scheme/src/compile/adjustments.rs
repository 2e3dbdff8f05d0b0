//! Deductions and additions for events, and matters that count only once.

use super::{Compiler, clause_of, faults};
use crate::model::Adjustment;
use alloc::{format, string::String, vec::Vec};
use kaoping_program::{Aggregate, Domain, Kind, NodeId, Op, Shape};
use kaoping_rules::{Context, literal, lower};
use kaoping_syntax::ast::{self, BodyKind, BodyLine};
use kaoping_terms::{Exact, Measure, Place, Report};

fn points_kind() -> Kind {
    Kind::Number(Measure::points())
}

impl<'a> Compiler<'a> {
    /// 扣 and 加 lines, in text order.
    pub(super) fn adjustments(
        &mut self,
        position: usize,
        base: Option<NodeId>,
        points: Option<NodeId>,
        lines: &'a [BodyLine],
    ) -> Option<NodeId> {
        let _ = points;
        let mut score = base;
        for (number, line) in lines.iter().enumerate() {
            let BodyKind::Adjust(adjust) = &line.kind else {
                continue;
            };
            let Some(sum) = self.adjustment(position, number, adjust, line) else {
                score = None;
                continue;
            };
            score = score.map(|score| {
                let op = if adjust.adds { Op::Add(score, sum) } else { Op::Sub(score, sum) };
                self.add(op, points_kind(), Shape::Unit, line.place)
            });
        }
        score
    }

    fn adjustment(
        &mut self,
        position: usize,
        number: usize,
        adjust: &'a ast::Adjust,
        line: &BodyLine,
    ) -> Option<NodeId> {
        let each = self.figure(&adjust.points, &Measure::points())?;
        let Some((table, _)) = self.policy.event_table(&adjust.table.text) else {
            let known: Vec<String> = self.policy.events.iter().map(|events| events.it.name.name.text.clone()).collect();
            self.report.push(faults::unknown_table(&adjust.table, &known));
            return None;
        };
        let rowset = self.out.events.get(table)?.rowset;
        let matches = self.matching(position, number, adjust)?;
        let count = Op::Aggregate { function: Aggregate::Count, over: Domain::Rows(rowset), x: None, filter: matches };
        let count = self.add(count, Kind::Number(Measure::plain()), Shape::Unit, line.place);
        // Two lines about one table differ in which of its rows they count.
        let which = adjust.filter.as_ref().map(|filter| {
            let written = self.policy.sources.text_at(filter.place);
            let words: Vec<&str> = written.split_whitespace().collect();
            format!(" 其中 {}", words.join(" "))
        });
        let name = format!("件数({}{})", adjust.table.text, which.unwrap_or_default());
        self.name_node(count, &name);
        let each_node = self.add(Op::Const(each.clone()), points_kind(), Shape::One, adjust.points.place);
        let mut sum = self.add(Op::Mul(count, each_node), points_kind(), Shape::Unit, line.place);
        if let Some(written) = &adjust.at_most {
            let most = self.figure(written, &Measure::points())?;
            let most = self.add(Op::Const(most), points_kind(), Shape::One, written.place);
            sum = self.add(Op::Min(sum, most), points_kind(), Shape::Unit, written.place);
        }
        let clause = clause_of(&line.authority).or_else(|| self.bodies.last().and_then(|body| body.clause.clone()));
        let made = Adjustment { adds: adjust.adds, table, matches, points: each, sum, place: line.place, clause };
        self.model().items.get_mut(position)?.adjustments.push(made);
        Some(sum)
    }

    /// Which rows of the table count for this line, matters already punished left out.
    /// `Some(None)`: all of them.
    fn matching(&mut self, position: usize, number: usize, adjust: &'a ast::Adjust) -> Option<Option<NodeId>> {
        let own = self.row_filter(adjust)?;
        let text = self.scheme_text()?;
        let label = &text.items.get(position)?.item.name;
        let group = text.once.iter().find(|once| {
            once.it.tables.iter().any(|table| table.text == adjust.table.text)
                && once.it.items.iter().any(|item| crate::read::is_called(label, &item.text))
        });
        let Some(group) = group else { return Some(own) };
        let mut earlier: Option<NodeId> = None;
        for (item, at, other) in self.lines_in_turn(&group.it) {
            if (item, at) == (position, number) {
                break;
            }
            if other.table.text != adjust.table.text {
                continue;
            }
            let filter = match self.row_filter(other)? {
                Some(filter) => filter,
                None => self.yes(other.table.place),
            };
            // An item that does not apply to the unit leaves the row to the next.
            let filter = match self.counts_where(item) {
                Some(counts) if item != position => self.rows_op(adjust, Op::And(filter, counts)),
                _ => filter,
            };
            earlier = Some(match earlier {
                Some(earlier) => self.rows_op(adjust, Op::Or(earlier, filter)),
                None => filter,
            });
        }
        let own = match own {
            Some(own) => own,
            None => self.yes(adjust.table.place),
        };
        let matter = match &group.it.matter {
            Some(column) => Some(self.matter_column(adjust, column)?),
            None => None,
        };
        let punished = match (earlier, matter) {
            (Some(earlier), Some(key)) => Some(self.rows_op(adjust, Op::MatterHas { key, among: earlier })),
            (earlier, _) => earlier,
        };
        let mut counts = own;
        if let Some(punished) = punished {
            let fresh = self.rows_op(adjust, Op::Not(punished));
            counts = self.rows_op(adjust, Op::And(own, fresh));
        }
        if let Some(key) = matter {
            counts = self.rows_op(adjust, Op::FirstOfMatter { key, among: counts });
        }
        Some(Some(counts))
    }

    /// The lines of a matter that counts once, the one that goes first in front: item, line
    /// and text. 取最高 asks the points of the lines and not the order of the text; lines of
    /// equal points keep that order, so that the turn is never a matter of chance.
    fn lines_in_turn(&mut self, group: &ast::Once) -> Vec<(usize, usize, &'a ast::Adjust)> {
        let mut lines: Vec<(usize, usize, &'a ast::Adjust)> = Vec::new();
        for name in &group.items {
            let Some(item) = self.known_item(name) else {
                continue;
            };
            let body = self.scheme_text().and_then(|text| text.items.get(item));
            let body = body.map(|item| item.item.body.as_slice()).unwrap_or_default();
            for (at, line) in body.iter().enumerate() {
                if let BodyKind::Adjust(adjust) = &line.kind {
                    lines.push((item, at, adjust));
                }
            }
        }
        if group.highest {
            let nouns = self.out.nouns.clone();
            // Points that cannot be read are reported with their own line.
            let points = |adjust: &ast::Adjust| {
                let written = &adjust.points;
                literal::value_in(written, &Measure::points(), &nouns, &mut Report::new())
                    .and_then(|value| value.number)
            };
            lines.sort_by_cached_key(|(_, _, adjust)| core::cmp::Reverse(points(adjust)));
        }
        lines
    }

    fn matter_column(&mut self, adjust: &ast::Adjust, column: &ast::Name) -> Option<NodeId> {
        let (table, _) = self.policy.event_table(&adjust.table.text)?;
        let rowset = self.out.events.get(table)?.rowset;
        match self.event_column(rowset, column) {
            Some(kaoping_rules::Meaning::Value(node)) => Some(node),
            _ => {
                self.report.push(faults::unknown_matter(column, &adjust.table.text));
                None
            }
        }
    }

    fn yes(&mut self, place: Place) -> NodeId {
        self.add(Op::Const(Exact::one()), Kind::Truth, Shape::One, place)
    }

    fn rows_op(&mut self, adjust: &ast::Adjust, op: Op) -> NodeId {
        let rowset = self
            .policy
            .event_table(&adjust.table.text)
            .and_then(|(table, _)| self.out.events.get(table))
            .map(|events| events.rowset);
        let shape = rowset.map_or(Shape::Unit, Shape::Rows);
        self.add(op, Kind::Truth, shape, adjust.table.place)
    }

    /// The written condition of a line; `Some(None)` where there is none.
    fn row_filter(&mut self, adjust: &'a ast::Adjust) -> Option<Option<NodeId>> {
        let Some(filter) = &adjust.filter else {
            return Some(None);
        };
        let (table, _) = self.policy.event_table(&adjust.table.text)?;
        let rowset = self.out.events.get(table)?.rowset;
        let outer = self.enter_events(Some(rowset));
        let node = lower::truth(self, filter);
        self.enter_events(outer);
        node.map(Some)
    }
}
