//! One change, from the figure to what rests on it.

use super::{Change, Kept, Lanes, is_plain};
use crate::column::Column;
use crate::fault::Fault;
use crate::ir::{Node, NodeId, Op, Shape};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};

/// Which values of a node are others, and what they were; of a node that is not kept that is
/// not known.
pub(super) enum Dirty {
    Some(Vec<(u32, Option<Column>)>),
    All(Option<Arc<Column>>),
}

impl Dirty {
    /// The only value that is another, and what it was.
    pub(super) fn single(&self) -> Option<(u32, &Column)> {
        match self {
            Dirty::Some(lanes) => match lanes.as_slice() {
                [(lane, Some(before))] => Some((*lane, before)),
                _ => None,
            },
            Dirty::All(_) => None,
        }
    }
}

/// Where a change has come to.
pub(super) struct Follow<'k> {
    pub(super) kept: &'k mut Kept,
    pub(super) dirty: BTreeMap<u32, Dirty>,
    waiting: BTreeSet<u32>,
    /// Values of nodes that are not kept, by node and lane.
    pub(super) lanes: BTreeMap<(u32, u32), Column>,
    /// Nodes that are not kept and have all their values for now.
    pub(super) passing: Vec<u32>,
}

impl<'k> Follow<'k> {
    pub(super) fn new(kept: &'k mut Kept) -> Follow<'k> {
        Follow { kept, dirty: BTreeMap::new(), waiting: BTreeSet::new(), lanes: BTreeMap::new(), passing: Vec::new() }
    }

    /// Another value for a lane of a node that is kept.
    pub(super) fn put(&mut self, at: u32, lane: u32, value: &Column) {
        let dirty = self.set(at, lane, value).map(|before| Dirty::Some([(lane, Some(before))].into()));
        self.mark(at, dirty);
    }

    /// Other values for a node that is kept.
    pub(super) fn put_all(&mut self, at: u32, values: &Arc<Column>) {
        let dirty = self.exchange(at, Arc::clone(values));
        self.mark(at, dirty);
    }

    /// Goes on until nothing is left that rests on what changed.
    pub(super) fn run(mut self) -> Result<Vec<Change>, Fault> {
        let outcome = self.all_waiting();
        for at in core::mem::take(&mut self.passing) {
            self.kept.slots.get_mut(at as usize).into_iter().for_each(|slot| *slot = None);
        }
        outcome?;
        let wanted = |at: &u32| self.kept.wanted.get(*at as usize) == Some(&true);
        let change = |(at, dirty): (&u32, &Dirty)| Change {
            node: NodeId(*at),
            lanes: match dirty {
                Dirty::Some(lanes) => Lanes::Some(lanes.iter().map(|(lane, _)| *lane).collect()),
                Dirty::All(_) => Lanes::All,
            },
        };
        Ok(self.dirty.iter().filter(|(at, _)| wanted(at)).map(change).collect())
    }

    fn all_waiting(&mut self) -> Result<(), Fault> {
        while let Some(at) = self.waiting.pop_first() {
            let dirty = self.node(at)?;
            self.mark(at, dirty);
        }
        Ok(())
    }

    fn mark(&mut self, at: u32, dirty: Option<Dirty>) {
        let Some(dirty) = dirty else { return };
        self.waiting.extend(self.kept.users.get(at as usize).into_iter().flatten().copied());
        self.dirty.insert(at, dirty);
    }

    /// A node some of whose arguments have other values.
    fn node(&mut self, at: u32) -> Result<Option<Dirty>, Fault> {
        let node = self.described(at)?;
        let (shape, plain) = (node.shape, is_plain(&node.op));
        let stays = self.stays(at);
        if !plain {
            return match self.brought_up(at) {
                Some(found) => Ok(found),
                None => self.worked_out(at),
            };
        }
        let length = self.kept.frame.length(shape);
        let lanes = self.touched(at)?.filter(|lanes| lanes.len() <= few(length));
        match (lanes, stays) {
            (Some(lanes), true) => {
                let mut found = Vec::new();
                for lane in lanes {
                    let value = match self.folded(at, lane) {
                        Some(value) => value,
                        None => self.value(at, lane)?,
                    };
                    found.extend(self.set(at, lane, &value).map(|before| (lane, Some(before))));
                }
                Ok((!found.is_empty()).then_some(Dirty::Some(found)))
            }
            (Some(lanes), false) => Ok(Some(Dirty::Some(lanes.into_iter().map(|lane| (lane, None)).collect()))),
            (None, true) => self.worked_out(at),
            (None, false) => Ok(Some(Dirty::All(None))),
        }
    }

    /// Places and aggregates, from what they were; the outer none where they have to be worked
    /// out anew, the inner where they stay.
    fn brought_up(&mut self, at: u32) -> Option<Option<Dirty>> {
        let op = self.described(at).ok()?.op.clone();
        match op {
            Op::Aggregate { function, over, x, filter } => self.aggregate(at, function, over, x, filter),
            Op::Rank { keys, within, ties, among } => self.places(at, &keys, within, ties, among),
            _ => None,
        }
    }

    pub(super) fn described(&self, at: u32) -> Result<&Node, Fault> {
        self.kept.program.node(NodeId(at)).ok_or(Fault::UnknownNode(NodeId(at)))
    }

    pub(super) fn stays(&self, at: u32) -> bool {
        self.kept.slots.get(at as usize).is_some_and(Option::is_some)
    }

    pub(super) fn column(&self, at: u32) -> Option<&Arc<Column>> {
        self.kept.slots.get(at as usize)?.as_ref()
    }

    /// Puts a value in its place; what was there, if that was another.
    pub(super) fn set(&mut self, at: u32, lane: u32, value: &Column) -> Option<Column> {
        let column = self.kept.slots.get_mut(at as usize)?.as_mut()?;
        if column.same(lane as usize, value, 0) {
            return None;
        }
        let before = column.lane(lane as usize);
        Arc::make_mut(column).set(lane as usize, value);
        Some(before)
    }

    /// Puts other values in place of a node's, and compares.
    pub(super) fn exchange(&mut self, at: u32, values: Arc<Column>) -> Option<Dirty> {
        let slot = self.kept.slots.get_mut(at as usize)?;
        let before = slot.replace(Arc::clone(&values))?;
        let differs = |lane: &usize| !before.same(*lane, &values, *lane);
        let most = few(values.len());
        let lanes: Vec<usize> = (0..values.len()).filter(differs).take(most + 1).collect();
        if lanes.len() > most {
            return Some(Dirty::All(Some(before)));
        }
        let lane = |lane: usize| Some((u32::try_from(lane).ok()?, Some(before.lane(lane))));
        (!lanes.is_empty()).then(|| Dirty::Some(lanes.into_iter().filter_map(lane).collect()))
    }

    /// The lanes in which an argument has another value; none for all of them.
    fn touched(&self, at: u32) -> Result<Option<Vec<u32>>, Fault> {
        let node = self.described(at)?;
        let mut lanes: BTreeSet<u32> = BTreeSet::new();
        for argument in node.op.arguments() {
            let Some(dirty) = self.dirty.get(&argument.0) else { continue };
            let Dirty::Some(own) = dirty else { return Ok(None) };
            match (self.described(argument.0)?.shape, node.shape) {
                (from, to) if from == to => lanes.extend(own.iter().map(|(lane, _)| *lane)),
                (Shape::Unit, Shape::Rows(rowset)) => {
                    let rows = own.iter().flat_map(|(unit, _)| self.kept.frame.rows_of(rowset, *unit));
                    lanes.extend(rows.filter_map(|row| u32::try_from(row).ok()));
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(lanes.into_iter().collect()))
    }
}

/// How many values are followed one by one; with more of them, all are worked out at once.
fn few(length: usize) -> usize {
    (length / 32).max(4)
}
