//! A list of instructions cut into loops.
//!
//! One loop over everything would read and write hundreds of columns a few bytes at a time. So a list
//! is cut where a loop would touch more columns than a processor fetches ahead; what one loop leaves
//! for a later one waits in the cache for some hundred units at a time.

use kaoping_columns::{Action, Instruction};
use std::{collections::BTreeSet, ops::Range};

/// Columns a loop reads or writes at most.
const MOST_STREAMS: usize = 12;

/// Instructions of a loop at most.
const MOST_INSTRUCTIONS: usize = 1_000;

/// A column that is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stream {
    Input(u32),
    Result(u32),
}

/// The column an instruction reads or writes.
pub(crate) fn stream(instruction: &Instruction) -> Option<Stream> {
    match instruction {
        Instruction::Make { action: Action::Load { input }, .. } => Some(Stream::Input(*input)),
        Instruction::Make { .. } => None,
        Instruction::Store { output, .. } => Some(Stream::Result(*output)),
    }
}

/// The positions of each loop.
pub(crate) fn segments(code: &[Instruction]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut streams) = (0, BTreeSet::new());
    for (at, instruction) in code.iter().enumerate() {
        let one_more = stream(instruction).is_some_and(|stream| !streams.contains(&stream));
        if (one_more && streams.len() == MOST_STREAMS) || at - start == MOST_INSTRUCTIONS {
            found.push(start..at);
            (start, streams) = (at, BTreeSet::new());
        }
        streams.extend(stream(instruction));
    }
    found.push(start..code.len());
    found
}
