//! The value of a node for one unit or row.

use super::follow::Follow;
use crate::column::Column;
use crate::eval;
use crate::fault::Fault;
use crate::ir::{Aggregate, NodeId, Op, Shape};
use crate::state::State;
use alloc::{borrow::Cow, vec, vec::Vec};

impl Follow<'_> {
    /// Works out a node for a lane, and before it whatever it needs that is not kept.
    pub(super) fn value(&mut self, at: u32, lane: u32) -> Result<Column, Fault> {
        // The node itself is worked out even where it is kept: what is kept is what it was.
        let mut waiting = vec![(at, lane)];
        let mut found = None;
        while let Some((next, lane)) = waiting.last().copied() {
            let missing = self.missing(next, lane)?;
            if !missing.is_empty() {
                waiting.extend(missing);
                continue;
            }
            waiting.pop();
            let value = self.operation(next, lane)?;
            if waiting.is_empty() {
                found = Some(value);
            } else {
                self.lanes.insert((next, lane), value);
            }
        }
        found.ok_or(Fault::UnknownNode(NodeId(at)))
    }

    /// Where an argument is read for a lane of a node.
    fn lane_of(&self, argument: NodeId, of: Shape, lane: u32) -> Result<u32, Fault> {
        Ok(match (self.described(argument.0)?.shape, of) {
            (Shape::One, _) => 0,
            (Shape::Unit, Shape::Rows(rowset)) => {
                self.kept.frame.owner(rowset).get(lane as usize).copied().unwrap_or(u32::MAX)
            }
            (_, _) => lane,
        })
    }

    /// The arguments that have to be worked out first.
    fn missing(&self, at: u32, lane: u32) -> Result<Vec<(u32, u32)>, Fault> {
        let node = self.described(at)?;
        let mut missing = Vec::new();
        for argument in node.op.arguments() {
            if self.column(argument.0).is_some() {
                continue;
            }
            let key = (argument.0, self.lane_of(argument, node.shape, lane)?);
            if !self.lanes.contains_key(&key) {
                missing.push(key);
            }
        }
        Ok(missing)
    }

    fn operation(&self, at: u32, lane: u32) -> Result<Column, Fault> {
        let node = self.described(at)?;
        let mut arguments: Vec<Cow<'_, Column>> = Vec::new();
        for argument in node.op.arguments() {
            let own = self.lane_of(argument, node.shape, lane)?;
            arguments.push(match self.column(argument.0) {
                Some(column) => Cow::Owned(column.lane(own as usize)),
                None => Cow::Borrowed(self.lanes.get(&(argument.0, own)).ok_or(Fault::UnknownNode(argument))?),
            });
        }
        let columns: Vec<&Column> = arguments.iter().map(|argument| &**argument).collect();
        let found = match &node.op {
            Op::Fold { function, .. } => eval::foldable(*function).then(|| eval::fold(*function, &columns, 1)),
            op => eval::elementwise(op, &columns),
        };
        found.ok_or(Fault::Malformed { node: NodeId(at), rule: "the operation does not look at one lane" })
    }

    /// A sum or a decision over listed nodes, from what it was: a hundred items need not be added
    /// again for one of them. None where that is not enough.
    pub(super) fn folded(&self, at: u32, lane: u32) -> Option<Column> {
        let node = self.described(at).ok()?;
        let Op::Fold { function, members } = &node.op else {
            return None;
        };
        let before = self.column(at)?;
        if before.state(lane as usize) != State::KNOWN {
            return None;
        }
        let mut total = before.lane(lane as usize);
        for member in members {
            let Some(dirty) = self.dirty.get(&member.0) else { continue };
            let (own, was) = dirty.single()?;
            let same_shape = self.described(member.0).ok()?.shape == node.shape;
            if !same_shape || own != lane {
                return None;
            }
            let now = self.column(member.0)?.lane(lane as usize);
            if was.state(0) != State::KNOWN || now.state(0) != State::KNOWN {
                return None;
            }
            match function {
                Aggregate::Sum => {
                    let less = eval::elementwise(&Op::Sub(*member, *member), &[&total, was])?;
                    total = eval::elementwise(&Op::Add(*member, *member), &[&less, &now])?;
                }
                Aggregate::AllOf | Aggregate::AnyOf => {
                    let decisive = *function == Aggregate::AnyOf;
                    if now.is_yes(0) == decisive {
                        return Some(eval::truth(decisive));
                    }
                    // One that decided does so no more; another one may.
                    let mut decided = false;
                    for member in members {
                        let (column, at) = (self.column(member.0)?, self.lane_of(*member, node.shape, lane).ok()?);
                        if column.state(at as usize) != State::KNOWN {
                            return None;
                        }
                        decided |= column.is_yes(at as usize) == decisive;
                    }
                    return Some(eval::truth(decided == decisive));
                }
                _ => return None,
            }
        }
        Some(total)
    }
}
