//! What a value rests on directly: its figures, deductions, other items, what it takes of other
//! units and what it takes of other rounds. These are the places where a change comes in; what
//! stands below them is told with them.

use crate::prepare::columns_below;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use kaoping_program::{ColumnSource, Domain, NodeId, Op, Shape};
use kaoping_rules::written::Formula;
use kaoping_scheme::{Standard, model::Item};
use kaoping_terms::Lang;

/// What a change comes from, by names that stay the same in both policies. In this order the
/// figures of the second side are put in one after the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A figure that an item reads.
    Figure {
        /// Id of the item.
        item: String,
        /// Name of the figure.
        name: String,
    },
    /// What is deducted or added for events, by its position in the item.
    Adjustment {
        /// Id of the item.
        item: String,
        /// Its position.
        at: usize,
    },
    /// A sum, a mean, a place, an attribute, a result of another round: by its formula. Names
    /// are not enough: two items may each have a 最多 of their own.
    Below(String),
    /// The results of a round that is held several times.
    Parts(String),
    /// One of them.
    Part {
        /// The result, such as 月评.总分.
        result: String,
        /// The month or quarter.
        part: String,
    },
    /// The points of another item, by its id.
    Item(String),
    /// Whether an item applies.
    Applies(String),
    /// A veto.
    Veto(String),
}

/// A place where a change comes in.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) what: What,
    pub(super) node: NodeId,
}

/// What the nodes of one policy are.
pub(super) struct Rests<'a> {
    standard: &'a Standard,
    lang: Lang,
    marks: BTreeMap<NodeId, Vec<What>>,
    /// Blocks and the total, which only a value of the scheme stops at.
    sums: BTreeMap<NodeId, String>,
}

impl<'a> Rests<'a> {
    pub(super) fn new(standard: &'a Standard, lang: Lang) -> Self {
        let mut marks: BTreeMap<NodeId, Vec<What>> = BTreeMap::new();
        let mut sums = BTreeMap::new();
        let mut mark = |node: NodeId, what: What| marks.entry(node).or_default().push(what);
        for scheme in &standard.schemes {
            for item in &scheme.items {
                let id = || item.id.clone();
                for input in item.inputs.iter().filter(|input| input.rows.is_none()) {
                    mark(input.node, What::Figure { item: id(), name: input.name.clone() });
                    mark(input.given, What::Figure { item: id(), name: input.name.clone() });
                }
                for (at, adjustment) in item.adjustments.iter().enumerate() {
                    mark(adjustment.sum, What::Adjustment { item: id(), at });
                }
                item.applies.iter().chain(&item.counts).for_each(|node| mark(*node, What::Applies(id())));
                if let Some(score) = item.score.filter(|_| !item.is_substitute) {
                    mark(score, What::Item(id()));
                }
            }
            scheme.vetoes.iter().for_each(|veto| mark(veto.when, What::Veto(veto.name.clone())));
        }
        if let Some(scheme) = standard.schemes.first() {
            let total = if lang == Lang::Zh { "总分" } else { "total" };
            sums.extend(scheme.total.map(|node| (node, total.to_string())));
            sums.extend(scheme.blocks.iter().filter_map(|block| Some((block.score?, block.name.clone()))));
        }
        Self { standard, lang, marks, sums }
    }

    pub(super) fn standard(&self) -> &'a Standard {
        self.standard
    }

    /// What a node is called: its name, else its formula.
    pub(super) fn called(&self, id: NodeId) -> String {
        let program = &self.standard.program;
        let named = program.node(id).and_then(|node| node.origin.name.clone());
        named.unwrap_or_else(|| Formula::in_words(program, self.lang).of(id))
    }

    /// An aggregate, a place or a column as a place where a change comes in.
    pub(super) fn below(&self, id: NodeId) -> What {
        What::Below(Formula::in_words(&self.standard.program, self.lang).of(id))
    }

    /// What the points of an item rest on.
    pub(super) fn of_item(&self, item: &Item) -> Vec<Leaf> {
        item.score.map(|root| self.leaves(root, Some(&item.id))).unwrap_or_default()
    }

    /// What a value of the scheme rests on.
    pub(super) fn of_value(&self, root: NodeId) -> Vec<Leaf> {
        self.leaves(root, None)
    }

    /// What a total rests on: items, and vetoes.
    pub(super) fn of_total(&self, root: NodeId) -> Vec<Leaf> {
        self.leaves(root, Some(""))
    }

    fn leaves(&self, root: NodeId, own: Option<&str>) -> Vec<Leaf> {
        let mut seen = BTreeSet::new();
        let mut leaves = Vec::new();
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.what(node, root, own) {
                Some(what) => leaves.push(Leaf { what, node }),
                None => waiting.extend(self.op(node).map(Op::arguments).unwrap_or_default()),
            }
        }
        leaves.sort_by(|a, b| (&a.what, a.node).cmp(&(&b.what, b.node)));
        leaves
    }

    /// Which nodes an item rests on that are its own: not those below the points of others.
    pub(super) fn within(&self, item: &Item, roots: &[NodeId]) -> Vec<bool> {
        let mut found = vec![false; self.standard.program.nodes.len()];
        let mut waiting = roots.to_vec();
        while let Some(node) = waiting.pop() {
            let Some(flag) = found.get_mut(node.0 as usize).filter(|flag| !**flag) else { continue };
            *flag = true;
            let marks = self.marks.get(&node).map_or(&[][..], Vec::as_slice);
            if !marks.iter().any(|what| is_other(what, &item.id, roots.contains(&node))) {
                waiting.extend(self.op(node).map(Op::arguments).unwrap_or_default());
            }
        }
        found
    }

    fn op(&self, id: NodeId) -> Option<&'a Op> {
        self.standard.program.node(id).map(|node| &node.op)
    }

    fn what(&self, id: NodeId, root: NodeId, own: Option<&str>) -> Option<What> {
        let marks = self.marks.get(&id).map_or(&[][..], Vec::as_slice);
        let figure_of_own = |what: &&What| matches!(what, What::Figure { item, .. } | What::Adjustment { item, .. } if Some(item.as_str()) == own);
        let other = |what: &&What| is_other(what, own.unwrap_or_default(), id == root && own.is_some());
        let rest = |what: &&What| !matches!(what, What::Item(_));
        let marked = marks.iter().find(figure_of_own);
        let marked = marked.or_else(|| marks.iter().find(other)).or_else(|| marks.iter().find(rest));
        if let Some(what) = marked {
            return Some(what.clone());
        }
        if let Some(name) = self.sum(id).filter(|_| own.is_none() && id != root) {
            return Some(What::Below(name.into()));
        }
        let node = self.standard.program.node(id)?;
        match &node.op {
            Op::Column(_) if matches!(node.shape, Shape::Rows(_)) => Some(What::Parts(self.called(id))),
            Op::Aggregate { .. } if self.is_of_parts(id) => None,
            Op::Column(_)
            | Op::Aggregate { .. }
            | Op::Rank { .. }
            | Op::FirstOfMatter { .. }
            | Op::MatterHas { .. } => Some(self.below(id)),
            _ => None,
        }
    }

    /// The name of a block or the total.
    pub(super) fn sum(&self, id: NodeId) -> Option<&str> {
        self.sums.get(&id).map(String::as_str)
    }

    /// Whether a value looks at nothing but results of rounds.
    fn is_of_rounds(&self, id: NodeId) -> bool {
        let columns = columns_below(&self.standard.program, &[id]);
        let external = |id: &kaoping_program::ColumnId| {
            let spec = self.standard.program.columns.get(id.0 as usize);
            spec.is_some_and(|spec| matches!(spec.source, ColumnSource::External { .. }))
        };
        !columns.is_empty() && columns.iter().all(external)
    }

    /// Whether a value takes anything of another round.
    pub(super) fn uses_rounds(&self, id: NodeId) -> bool {
        let results = self.standard.schemes.first().map_or(&[][..], |scheme| &scheme.rounds.results);
        let columns = columns_below(&self.standard.program, &[id]);
        results.iter().any(|result| columns.contains(&result.column))
    }

    /// Whether it is a sum or mean over the results of a round that is held several times.
    pub(super) fn is_of_parts(&self, id: NodeId) -> bool {
        matches!(self.op(id), Some(Op::Aggregate { over: Domain::Rows(_), .. })) && self.is_of_rounds(id)
    }
}

/// Whether it is the points of another item. At the root that can only be an item nested in the
/// item itself; the item in which it is nested stands above it.
fn is_other(what: &What, own: &str, is_root: bool) -> bool {
    let What::Item(id) = what else { return false };
    let is_below = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    if is_root { is_below(id, own) } else { id != own && !is_below(own, id) }
}

impl What {
    /// As people call one of the results of a round: 月评 2024-03.总分.
    pub(super) fn part_name(result: &str, part: &str) -> String {
        match result.split_once('.') {
            Some((round, value)) => format!("{round} {}.{value}", part.trim()),
            None => format!("{result} {}", part.trim()),
        }
    }
}
