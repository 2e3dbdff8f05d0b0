//! Which figures of a unit are tried for an item: its own, those of other items it reads, and
//! those of rounds whose results it takes.

use super::{
    Called, Untried,
    chain::{At, Chain, Touch},
    joined,
};
use crate::{prepare::columns_below, source::Source};
use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use kaoping_program::{ColumnId, ColumnSource, Keep, NodeId, Op, Shape};
use kaoping_scheme::model::{Input, Item, OtherwiseMade};
use kaoping_terms::{Exact, Lang, Text};

/// How many figures of other items and rounds are tried.
const MOST_OTHERS: usize = 24;

/// A figure that is tried.
pub(super) struct Figure<'a> {
    pub(super) input: &'a Input,
    pub(super) called: Called,
    pub(super) current: Exact,
    /// Where it stands.
    pub(super) touches: Vec<Touch>,
    /// The run it is known from.
    at: At,
    /// None where it was not reported and stands as the policy declares.
    source: Option<Source>,
}

impl Figure<'_> {
    /// Whether it was not reported, and stands as the policy declares.
    pub(super) fn stands_in(&self) -> bool {
        self.source.is_none()
    }
}

/// The figures of a unit for an item, and what is not tried.
pub(super) fn of_item<'a>(
    chain: &Chain<'a>,
    scheme: usize,
    model: &'a Item,
    unit: u32,
    lang: Lang,
) -> (Vec<Figure<'a>>, Option<Untried>) {
    let item = in_force(chain, scheme, model, unit);
    let finder = Finder { chain, unit };
    let of_input = |input| finder.of_input(At::Own, input, "").into_iter().chain(finder.declared(input, lang));
    let mut figures: Vec<Figure<'a>> = item.inputs.iter().flat_map(of_input).collect();
    let own: BTreeSet<ColumnId> = item.inputs.iter().map(|input| input.column).collect();
    let mut others = Vec::new();
    finder.below(At::Own, item.base.as_slice(), &own, &mut others);
    finder.of_other_rounds(item, &mut others);
    let mut known: Vec<Option<Source>> = figures.iter().map(|figure| figure.source).collect();
    others.retain(|figure| {
        let is_new = !known.contains(&figure.source);
        known.push(figure.source);
        is_new
    });
    let mut rest = others.split_off(MOST_OTHERS.min(others.len()));
    rest.sort_by_key(|figure| figure.at);
    others.sort_by_key(|figure| figure.at);
    figures.extend(others);
    (figures, untried(chain, &rest))
}

/// What is done about it, in words; who has options says by which of them.
pub const SEE_THE_PART: [&str; 2] = ["只看那一期", "see that part alone"];

/// What to do about figures that are too many to try: those of a round are seen there.
fn untried(chain: &Chain<'_>, rest: &[Figure<'_>]) -> Option<Untried> {
    let mut names: Vec<String> = Vec::new();
    for figure in rest {
        let name = match figure.at {
            At::Round(run) => chain.name_of(run),
            At::Own | At::Whole => figure.called.to_string(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (zh, en) = (names.join("、"), names.join(", "));
    (!names.is_empty()).then(|| {
        Text::new(
            alloc::format!("数太多，{zh} 的没有全试；解释那一项，或{}", SEE_THE_PART[0]),
            alloc::format!("too many figures, not all of {en}; explain the item itself, or {}", SEE_THE_PART[1]),
        )
    })
}

/// The item whose figures count for the unit: the substitute, where it does not apply.
fn in_force<'a>(chain: &Chain<'a>, scheme: usize, model: &'a Item, unit: u32) -> &'a Item {
    let Some(OtherwiseMade::Substitute(name)) = &model.otherwise else { return model };
    let applies = model.applies.and_then(|node| {
        let mut machine = chain.own.machine(Keep::Outputs, &[node]).ok()?;
        machine.require(&[node]).ok()?;
        machine.column(node).and_then(|column| column.cell(unit as usize).value)
    });
    if applies.is_none_or(|applies| !applies.is_zero()) {
        return model;
    }
    let position = super::super::position(chain.given(), scheme, name);
    let items = chain.given().standard.schemes.get(scheme).map(|scheme| &scheme.items);
    position.and_then(|at| items?.get(at)).unwrap_or(model)
}

struct Finder<'c, 'a> {
    chain: &'c Chain<'a>,
    unit: u32,
}

impl<'a> Finder<'_, 'a> {
    /// The figures of an input in a run: one, or one for each month that was reported and each
    /// person who judged; where units count together theirs.
    fn of_input(&self, at: At, input: &'a Input, before: &str) -> Vec<Figure<'a>> {
        let prepared = self.chain.prepared(at);
        let Some(column) = prepared.column(input.column) else { return Vec::new() };
        let figure = |source: Option<Source>, cell: usize, row: String, together: &str| {
            let source = source?;
            let current = column.cell(cell).value?;
            let name = alloc::format!("{before}{together}{}", input.name);
            let (round, part) = match at {
                At::Round(run) => (self.chain.round_of(run), self.chain.part_of(run)),
                At::Own | At::Whole => Default::default(),
            };
            let called = Called { round, row: joined([&part, &row]), name };
            Some(Figure { input, called, current, touches: self.touches(source), at, source: Some(source) })
        };
        let Some(rowset) = input.rows else {
            let together = prepared.counted_together(input.column, self.unit);
            let (name, members) = together.unwrap_or_default();
            let mut units = core::iter::once(self.unit).chain(members);
            let source = units.find_map(|unit| prepared.source(input.column, unit));
            return figure(source, self.unit as usize, String::new(), name).into_iter().collect();
        };
        let rows = prepared.frame().rows_of(rowset, self.unit);
        rows.filter_map(|row| {
            figure(prepared.source_of_row(input.column, row), row, prepared.row_label(rowset, row), "")
        })
        .collect()
    }

    /// Figures of an input that were not reported and stand as the policy declares (缺则): as if
    /// that had been reported. What is handed down or written in the table is no figure of the unit.
    fn declared(&self, input: &'a Input, lang: Lang) -> Vec<Figure<'a>> {
        let prepared = &self.chain.own;
        if prepared.counted_together(input.column, self.unit).is_some() {
            return Vec::new();
        }
        let cells: Vec<(usize, String)> = match input.rows {
            None => Vec::from([(self.unit as usize, String::new())]),
            Some(rowset) => {
                let rows = prepared.frame().rows_of(rowset, self.unit);
                rows.map(|row| (row, prepared.row_label(rowset, row))).collect()
            }
        };
        let figure = |(cell, row): (usize, String)| {
            let current = self.default_of(input, cell)?;
            let remark = Text::new("（未报，按声明取）", " (not reported, as declared)");
            let name = alloc::format!("{}{}", input.name, remark.get(lang));
            let called = Called { row, name, ..Called::default() };
            let touches = self.where_declared(input, cell, &current);
            Some(Figure { input, called, current, touches, at: At::Own, source: None })
        };
        cells.into_iter().filter_map(figure).collect()
    }

    /// What the policy declares for a figure that was not reported; none where it was.
    fn default_of(&self, input: &Input, cell: usize) -> Option<Exact> {
        let program = &self.chain.given().standard.program;
        let nodes = [input.node, input.given];
        let mut machine = self.chain.own.machine(Keep::Everything, &nodes).ok()?;
        machine.require(&nodes).ok()?;
        let value = |node: NodeId| {
            let at = if program.node(node)?.shape == Shape::One { 0 } else { cell };
            machine.column(node)?.cell(at).value
        };
        let of = |mut node: NodeId| {
            while let Some(Op::IfMissing(first, second)) = program.node(node).map(|node| &node.op) {
                if let (None, Some(found)) = (value(*first), value(*second)) {
                    let is_own = match program.node(*second).map(|node| &node.op) {
                        Some(Op::Column(_)) => false,
                        Some(Op::Const(written)) => input.bound.as_ref() != Some(written),
                        _ => true,
                    };
                    return is_own.then_some(found);
                }
                node = *first;
            }
            None
        };
        nodes.into_iter().find_map(of)
    }

    /// Where a figure that was not reported would stand, with what is declared in its place.
    fn where_declared(&self, input: &Input, cell: usize, declared: &Exact) -> Vec<Touch> {
        let whole = self.chain.whole.is_some() && input.rows.is_none();
        let runs = [At::Own].into_iter().chain(whole.then_some(At::Whole));
        let touch = |at: At| {
            let prepared = self.chain.prepared(at);
            let count = input.rows.map_or(prepared.frame().units(), |rowset| prepared.row_list(rowset).len());
            let column = prepared.column(input.column);
            let value = |at: usize| match &column {
                _ if at == cell => Some(declared.clone()),
                Some(column) => column.cell(at).value,
                None => None,
            };
            Touch { at, column: input.column, base: (0..count).map(value).collect(), cells: Vec::from([cell]) }
        };
        runs.map(touch).collect()
    }

    /// Wherever a reported figure stands in any of the runs.
    fn touches(&self, source: Source) -> Vec<Touch> {
        let mut touches = Vec::new();
        for at in self.chain.all() {
            let prepared = self.chain.prepared(at);
            for column in prepared.readers(source.slot) {
                let spec = self.chain.given().standard.program.columns.get(column.0 as usize);
                let cells: Vec<usize> = match spec.map(|spec| spec.shape) {
                    Some(kaoping_program::Shape::Rows(rowset)) => {
                        let rows = prepared.frame().rows_of(rowset, source.unit);
                        rows.filter(|row| prepared.source_of_row(column, *row) == Some(source)).collect()
                    }
                    _ if prepared.source(column, source.unit) != Some(source) => Vec::new(),
                    // A merged figure is the same for all who share it.
                    _ => match prepared.counted_together(column, source.unit) {
                        Some((_, units)) => units.iter().map(|unit| *unit as usize).collect(),
                        None => Vec::from([source.unit as usize]),
                    },
                };
                if let Some(values) = prepared.column(column).filter(|_| !cells.is_empty()) {
                    let base = (0..values.len()).map(|at| values.cell(at).value).collect();
                    touches.push(Touch { at, column, base, cells });
                }
            }
        }
        touches
    }

    /// The figures some values rest on that are not the item's own, of rounds the latest first.
    fn below(&self, at: At, nodes: &[NodeId], own: &BTreeSet<ColumnId>, found: &mut Vec<Figure<'a>>) {
        let standard = self.chain.given().standard;
        let columns = columns_below(&standard.program, nodes);
        for item in standard.schemes.iter().flat_map(|scheme| &scheme.items) {
            let is_read = |input: &&Input| {
                let spec = standard.program.columns.get(input.column.0 as usize);
                columns.contains(&input.column)
                    && !own.contains(&input.column)
                    && spec.is_some_and(|spec| matches!(spec.source, ColumnSource::Fact { .. }))
            };
            let before = alloc::format!("{}·", item.name);
            found.extend(item.inputs.iter().filter(is_read).flat_map(|input| self.of_input(at, input, &before)));
        }
        let used = self.chain.given().scheme().map_or(&[][..], |scheme| &scheme.rounds.results);
        let used: Vec<_> = used.iter().filter(|result| columns.contains(&result.column)).collect();
        for (run, of) in self.chain.rounds.iter().enumerate().rev() {
            let round = of.prepared.slice().round;
            let nodes = used.iter().filter(|result| Some(result.round) == round).map(|result| result.node);
            let nodes: Vec<NodeId> = nodes.collect();
            if !nodes.is_empty() {
                self.below(At::Round(run), &nodes, &BTreeSet::new(), found);
            }
        }
    }

    /// The figures of the item in other rounds, whose results count for the place too.
    fn of_other_rounds(&self, item: &'a Item, found: &mut Vec<Figure<'a>>) {
        if self.chain.whole.is_some() {
            return;
        }
        let round = self.chain.own.slice().round;
        for (at, run) in self.chain.rounds.iter().enumerate().rev() {
            if run.prepared.slice().round != round {
                let read = item.inputs.iter().filter(|input| run.below.contains(&input.column));
                found.extend(read.flat_map(|input| self.of_input(At::Round(at), input, "")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SEE_THE_PART;

    /// A page says it, too, which has no options.
    #[test]
    fn no_option_of_a_command_is_named() {
        assert!(SEE_THE_PART.iter().all(|text| !text.contains("--")));
    }
}
