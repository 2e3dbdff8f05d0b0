//! Equal computations get one number, and every computation knows the figures it rests on.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    rc::Rc,
    string::String,
    vec::Vec,
};
use kaoping_program::{Aggregate, Domain, NodeId, Op, Program};

/// What a value rests on, by number: columns, and aggregates over other units.
pub(super) type Roots = Rc<BTreeSet<u64>>;

/// What a value bears on, a bit for each group of figures that are related. Groups may share
/// a bit: then more is taken to be related than is, never less.
pub(super) type Bearing = u128;

/// Equal nodes under one number, with what each rests on and how it relates to extremes.
pub(super) struct Numbering {
    same: Vec<NodeId>,
    roots: Vec<Roots>,
    bearings: Vec<Bearing>,
    /// 最高 or 最低 over units without a filter, by the value it is taken of: the node of the
    /// extreme and whether it is the highest.
    extremes: BTreeMap<NodeId, Vec<(NodeId, bool)>>,
    /// The other way: the value an extreme is taken of.
    taken_of: BTreeMap<NodeId, (NodeId, bool)>,
}

impl Numbering {
    pub(super) fn new(program: &Program) -> Self {
        let mut numbering = Self {
            same: Vec::with_capacity(program.nodes.len()),
            roots: Vec::with_capacity(program.nodes.len()),
            bearings: Vec::new(),
            extremes: BTreeMap::new(),
            taken_of: BTreeMap::new(),
        };
        let mut first: BTreeMap<String, NodeId> = BTreeMap::new();
        for (at, node) in program.nodes.iter().enumerate() {
            let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            let arguments: Vec<NodeId> = node.op.arguments().into_iter().map(|id| numbering.same(id)).collect();
            let key = key(at, &node.op, &arguments);
            let same = *first.entry(key).or_insert(id);
            numbering.same.push(same);
            let roots = if same == id { numbering.roots_of(id, &node.op, &arguments) } else { numbering.roots(same) };
            numbering.roots.push(roots);
            if same == id {
                numbering.extreme(id, &node.op);
            }
        }
        numbering.bearings = numbering.all_bearings();
        numbering
    }

    /// Figures bear on themselves; a highest or lowest also on what it is taken of.
    fn all_bearings(&self) -> Vec<Bearing> {
        let mut groups = Groups::default();
        for (extreme, (x, _)) in &self.taken_of {
            for root in self.roots(*extreme).iter().chain(self.roots(*x).iter()) {
                groups.join(other_root(*extreme), *root);
            }
        }
        let bearing = |roots: &Roots| roots.iter().fold(0, |all, root| all | 1 << (groups.of(*root) % 128));
        self.roots.iter().map(bearing).collect()
    }

    fn extreme(&mut self, id: NodeId, op: &Op) {
        let Op::Aggregate { function, over: Domain::Peers | Domain::All, x: Some(x), filter: None } = op else {
            return;
        };
        let highest = match function {
            Aggregate::Highest => true,
            Aggregate::Lowest => false,
            _ => return,
        };
        let x = self.same(*x);
        self.extremes.entry(x).or_default().push((id, highest));
        self.taken_of.insert(id, (x, highest));
    }

    fn roots_of(&self, id: NodeId, op: &Op, arguments: &[NodeId]) -> Roots {
        let mut roots = BTreeSet::new();
        match op {
            Op::Column(column) => {
                roots.insert(u64::from(column.0));
            }
            // What other units report is independent of this unit's own figures.
            Op::Aggregate { .. } | Op::Rank { .. } | Op::FirstOfMatter { .. } | Op::MatterHas { .. } => {
                roots.insert(other_root(id));
            }
            _ => match arguments {
                [one] => return self.roots(*one),
                many => many.iter().for_each(|id| roots.extend(self.roots(*id).iter().copied())),
            },
        }
        Rc::new(roots)
    }

    /// The first node that computes the same.
    pub(super) fn same(&self, id: NodeId) -> NodeId {
        self.same.get(id.0 as usize).copied().unwrap_or(id)
    }

    /// What a value rests on.
    pub(super) fn roots(&self, id: NodeId) -> Roots {
        self.roots.get(id.0 as usize).cloned().unwrap_or_default()
    }

    /// Whether two values rest on different figures.
    pub(super) fn disjoint(&self, a: NodeId, b: NodeId) -> bool {
        self.bearing(a) & self.bearing(b) == 0 || self.roots(a).is_disjoint(&self.roots(b))
    }

    /// What a value bears on: where two values share nothing, neither says anything of the other.
    pub(super) fn bearing(&self, id: NodeId) -> Bearing {
        self.bearings.get(id.0 as usize).copied().unwrap_or(Bearing::MAX)
    }

    /// Extremes over units that are taken of this value.
    pub(super) fn extremes(&self, id: NodeId) -> &[(NodeId, bool)] {
        self.extremes.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The value an extreme is taken of, and whether it is the highest.
    pub(super) fn taken_of(&self, id: NodeId) -> Option<(NodeId, bool)> {
        self.taken_of.get(&id).copied()
    }
}

/// What a value rests on that comes from other units.
fn other_root(id: NodeId) -> u64 {
    u64::from(id.0) + (1 << 32)
}

/// Roots that are related, under the number of one of them.
#[derive(Default)]
struct Groups {
    first: BTreeMap<u64, u64>,
}

impl Groups {
    fn of(&self, mut root: u64) -> u64 {
        while let Some(first) = self.first.get(&root) {
            root = *first;
        }
        root
    }

    fn join(&mut self, one: u64, other: u64) {
        let (one, other) = (self.of(one), self.of(other));
        if one != other {
            self.first.insert(one.max(other), one.min(other));
        }
    }
}

/// What a node computes, with its arguments by their numbers.
fn key(at: usize, op: &Op, arguments: &[NodeId]) -> String {
    let numbers: Vec<u32> = arguments.iter().map(|id| id.0).collect();
    match op {
        Op::Const(value) => format!("c{}", value.to_fraction()),
        Op::NotApplicable => String::from("n"),
        // Figures that cannot be read are not the same figure.
        Op::Unreadable => format!("u{}", at),
        Op::Column(column) => format!("f{}", column.0),
        Op::Add(..) => format!("+{numbers:?}"),
        Op::Sub(..) => format!("-{numbers:?}"),
        Op::Mul(..) => format!("*{numbers:?}"),
        Op::Div(..) => format!("/{numbers:?}"),
        Op::Neg(_) => format!("~{numbers:?}"),
        Op::Min(..) => format!("min{numbers:?}"),
        Op::Max(..) => format!("max{numbers:?}"),
        Op::Compare(relation, ..) => format!("{relation:?}{numbers:?}"),
        Op::And(..) => format!("&{numbers:?}"),
        Op::Or(..) => format!("|{numbers:?}"),
        Op::Not(_) => format!("!{numbers:?}"),
        Op::Select { .. } => format!("?{numbers:?}"),
        Op::Steps { mode, .. } => format!("s{mode:?}{numbers:?}"),
        Op::Round { step, mode, .. } => format!("r{mode:?}{}{numbers:?}", step.to_fraction()),
        Op::IsKnown(_) => format!("k{numbers:?}"),
        Op::IfMissing(..) => format!("im{numbers:?}"),
        Op::IfNotApplicable(..) => format!("in{numbers:?}"),
        Op::Aggregate { function, over, x, .. } => format!("a{function:?}{over:?}{}{numbers:?}", x.is_some()),
        Op::Fold { function, .. } => format!("d{function:?}{numbers:?}"),
        Op::FirstOfMatter { .. } => format!("m{numbers:?}"),
        Op::MatterHas { .. } => format!("h{numbers:?}"),
        Op::Rank { keys, within, ties, among } => {
            let ways: Vec<bool> = keys.iter().map(|(_, higher)| *higher).collect();
            format!("p{ways:?}{within:?}{ties:?}{}{numbers:?}", among.is_some())
        }
    }
}
