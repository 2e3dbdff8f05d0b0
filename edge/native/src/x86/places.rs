//! Where the numbers of registers are: in vectors, masks or memory.

use super::assembler::{Mask, Vector};
use kaoping_columns::{Instruction, Register};

/// Vectors for numbers; those behind them are for what comes and goes within one instruction.
pub(crate) const KEPT_VECTORS: u8 = 26;

/// Masks for truths: from this one on.
pub(crate) const FIRST_MASK: u8 = 2;

/// One behind the last mask.
const MASKS: u8 = 8;

/// How a number comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// By an instruction.
    Made,
    /// From a column, at any time.
    Input(u32),
    /// It is the same for all.
    Number(i64),
}

/// Where the number of a register is.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) source: Source,
    pub(crate) vector: Option<Vector>,
    pub(crate) mask: Option<Mask>,
    /// A place in memory.
    pub(crate) slot: Option<u32>,
    /// The instructions that read it, in order.
    reads: Vec<usize>,
}

/// All numbers.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// By the number of the register.
    values: Vec<Option<Value>>,
    free_vectors: Vec<Vector>,
    free_masks: Vec<Mask>,
    free_slots: Vec<u32>,
    slots: u32,
}

impl Places {
    /// Of registers that are made once each.
    pub(crate) fn new(code: &[Instruction]) -> Places {
        let mut values: Vec<Option<Value>> = Vec::with_capacity(code.len());
        for (at, instruction) in code.iter().enumerate() {
            if let Instruction::Make { to, action } = instruction {
                let source = match action {
                    kaoping_columns::Action::Load { input } => Source::Input(*input),
                    kaoping_columns::Action::Set { number } => Source::Number(*number),
                    _ => Source::Made,
                };
                let value = Value { source, vector: None, mask: None, slot: None, reads: Vec::new() };
                let place = to.0 as usize;
                if values.len() <= place {
                    values.resize(place + 1, None);
                }
                values.get_mut(place).into_iter().for_each(|kept| *kept = Some(value.clone()));
            }
            for register in read(instruction) {
                let value = values.get_mut(register.0 as usize).and_then(Option::as_mut);
                value.into_iter().for_each(|value| value.reads.push(at));
            }
        }
        Places { values, ..Places::default() }
    }

    pub(crate) fn value(&self, register: Register) -> Option<&Value> {
        self.values.get(register.0 as usize)?.as_ref()
    }

    pub(crate) fn value_mut(&mut self, register: Register) -> Option<&mut Value> {
        self.values.get_mut(register.0 as usize)?.as_mut()
    }

    /// How many places in memory there are.
    pub(crate) fn slots(&self) -> u32 {
        self.slots
    }

    /// A place in memory.
    pub(crate) fn new_slot(&mut self) -> u32 {
        self.free_slots.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        })
    }

    /// Before a loop nothing is in vectors or masks; what was there was in the loop before it.
    pub(crate) fn begin_loop(&mut self, before: &[Instruction], start: usize) {
        self.free_vectors = (0..KEPT_VECTORS).rev().map(Vector).collect();
        self.free_masks = (FIRST_MASK..MASKS).rev().map(Mask).collect();
        for instruction in before {
            let made = match instruction {
                Instruction::Make { to, .. } => Some(*to),
                Instruction::Store { .. } => None,
            };
            for register in read(instruction).chain(made) {
                let Some(value) = self.values.get_mut(register.0 as usize).and_then(Option::as_mut) else { continue };
                (value.vector, value.mask) = (None, None);
                // What no loop reads any more leaves its place in memory.
                if value.next_read(start).is_none() {
                    self.free_slots.extend(value.slot.take());
                }
            }
        }
    }

    /// A vector that is free.
    pub(crate) fn free_vector(&mut self) -> Option<Vector> {
        self.free_vectors.pop()
    }

    /// A mask that is free.
    pub(crate) fn free_mask(&mut self) -> Option<Mask> {
        self.free_masks.pop()
    }

    /// The register whose vector is needed last of all that are not busy.
    pub(crate) fn least_needed_vector(&self, after: usize, busy: &[Register]) -> Option<Register> {
        self.least_needed(after, busy, |value| value.vector.is_some())
    }

    /// The register whose mask is needed last of all that are not busy.
    pub(crate) fn least_needed_mask(&self, after: usize, busy: &[Register]) -> Option<Register> {
        self.least_needed(after, busy, |value| value.mask.is_some())
    }

    fn least_needed(&self, after: usize, busy: &[Register], held: impl Fn(&Value) -> bool) -> Option<Register> {
        let values =
            (0u32..).map(Register).zip(&self.values).filter_map(|(register, value)| Some((register, value.as_ref()?)));
        let held = values.filter(|(register, value)| held(value) && !busy.contains(register));
        held.max_by_key(|(_, value)| value.next_read(after + 1).unwrap_or(usize::MAX)).map(|(register, _)| register)
    }

    /// Gives back what a register holds, if no instruction up to the end of the loop reads it.
    pub(crate) fn release(&mut self, register: Register, after: usize, end: usize) {
        let Some(value) = self.values.get_mut(register.0 as usize).and_then(Option::as_mut) else { return };
        if value.next_read(after + 1).is_some_and(|read| read < end) {
            return;
        }
        self.free_vectors.extend(value.vector.take());
        self.free_masks.extend(value.mask.take());
    }

    /// Takes the vector of a register away from it.
    pub(crate) fn take_vector(&mut self, register: Register) -> Option<Vector> {
        self.value_mut(register)?.vector.take()
    }

    /// Takes the mask of a register away from it.
    pub(crate) fn take_mask(&mut self, register: Register) -> Option<Mask> {
        self.value_mut(register)?.mask.take()
    }
}

impl Value {
    /// The first instruction from there on that reads it.
    pub(crate) fn next_read(&self, from: usize) -> Option<usize> {
        self.reads.get(self.reads.partition_point(|read| *read < from)).copied()
    }
}

/// The registers an instruction reads.
pub(crate) fn read(instruction: &Instruction) -> impl Iterator<Item = Register> + use<> {
    let read = match instruction {
        Instruction::Make { action, .. } => action.reads(),
        Instruction::Store { from, .. } => [Some(*from), None, None],
    };
    read.into_iter().flatten()
}
