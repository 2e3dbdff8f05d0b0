//! Which nodes of a program are results, and which of them wait for grades.

use crate::{prepare::Given, run::Options};
use alloc::vec::Vec;
use kaoping_program::{ColumnId, ColumnSource, NodeId, Op, Program};
use kaoping_scheme::model::{AwardRule, Scheme};

/// The items that have results: block by block, then those without a block; the items of a
/// nested scheme after the item they stand in.
pub(crate) fn listed_items(given: &Given<'_>, scheme: usize, depth: usize, items: &mut Vec<(usize, usize)>) {
    let Some(model) = given.standard.schemes.get(scheme).filter(|_| depth <= given.standard.schemes.len()) else {
        return;
    };
    let mut order: Vec<_> = model.items.iter().enumerate().collect();
    order.sort_by_key(|(_, item)| item.block.unwrap_or(usize::MAX));
    for (position, item) in order {
        items.push((scheme, position));
        if let Some(nested) = item.sub_scheme {
            listed_items(given, nested, depth + 1, items);
        }
    }
}

/// What a run works out before grades.
pub(crate) fn wanted(given: &Given<'_>) -> Vec<NodeId> {
    let mut items = Vec::new();
    listed_items(given, 0, 0, &mut items);
    given.scheme().map(|scheme| Wanted::new(given, scheme, &items, &Options::default()).nodes).unwrap_or_default()
}

/// The nodes whose values are wanted: first those without, then those with a grade below them.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) after_grades: Vec<NodeId>,
}

impl Wanted {
    pub(crate) fn new(given: &Given<'_>, scheme: &Scheme, items: &[(usize, usize)], options: &Options) -> Wanted {
        let program = &given.standard.program;
        let mut all: Vec<NodeId> = items.iter().flat_map(|item| Wanted::of_item(given, *item, options)).collect();
        all.extend(scheme.blocks.iter().filter_map(|block| block.score));
        all.extend(scheme.total.iter().chain(&scheme.rank).chain(&scheme.meets_all));
        all.extend(scheme.rank_keys.iter().map(|(key, _)| *key));
        all.extend(scheme.values.iter().map(|(_, node)| *node));
        all.extend(scheme.vetoes.iter().map(|veto| veto.when));
        if let Some(grades) = &scheme.grades {
            all.push(grades.by);
            all.extend(grades.bands.iter().filter_map(|band| band.holds));
            all.extend(grades.moves.iter().map(|moved| moved.when));
        }
        for award in &scheme.awards {
            all.extend(award.eligible.iter().chain(&award.unless));
            if let AwardRule::Places { by, .. } = &award.rule {
                all.push(*by);
            }
        }
        all.extend(scheme.quotas.iter().flat_map(|quota| quota.rows.iter().map(|(when, ..)| *when)));
        all.extend(scheme.rosters.iter().map(|roster| roster.filter));
        all.extend(scheme.distributions.iter().flat_map(|fund| core::iter::once(fund.by).chain(fund.filter)));
        let on_grade = grade_column(program).map(|column| rests_on(program, column)).unwrap_or_default();
        let waits = |node: &NodeId| on_grade.get(node.0 as usize) == Some(&true);
        let (after_grades, nodes) = all.into_iter().partition(waits);
        Wanted { nodes, after_grades }
    }

    fn of_item(given: &Given<'_>, (scheme, item): (usize, usize), options: &Options) -> Vec<NodeId> {
        let Some(item) = given.standard.schemes.get(scheme).and_then(|scheme| scheme.items.get(item)) else {
            return Vec::new();
        };
        let met = item.met.filter(|_| !options.without_met);
        let mut nodes: Vec<NodeId> = item.score.into_iter().chain(met).collect();
        nodes.extend(item.adjustments.iter().map(|adjustment| adjustment.sum));
        nodes.extend(item.unrounded.filter(|_| options.details));
        nodes
    }
}

/// The column of grades, if the policy uses it.
pub(crate) fn grade_column(program: &Program) -> Option<ColumnId> {
    let is_it =
        |spec: &kaoping_program::ColumnSpec| matches!(&spec.source, ColumnSource::External { name } if name == "等次");
    let at = program.columns.iter().position(is_it)?;
    u32::try_from(at).ok().map(ColumnId)
}

/// Which nodes rest on a column.
fn rests_on(program: &Program, column: ColumnId) -> Vec<bool> {
    let mut rests: Vec<bool> = Vec::with_capacity(program.nodes.len());
    for node in &program.nodes {
        let argument = |argument: &NodeId| rests.get(argument.0 as usize) == Some(&true);
        let it = node.op == Op::Column(column) || node.op.arguments().iter().any(argument);
        rests.push(it);
    }
    rests
}
