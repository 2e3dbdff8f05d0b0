//! What follows when: code without what nothing reads, each result used as early as that ends
//! another, and as few registers as it takes.

use crate::code::{Instruction, Register};
use alloc::{vec, vec::Vec};

/// Something for each register. They are numbered from zero, each made by one instruction.
struct PerRegister<T>(Vec<T>);

impl<T: Clone + Default> PerRegister<T> {
    fn new(code: &[Instruction]) -> PerRegister<T> {
        let made = code.iter().filter_map(|instruction| match instruction {
            Instruction::Make { to, .. } => Some(to.0 as usize + 1),
            Instruction::Store { .. } => None,
        });
        PerRegister(vec![T::default(); made.max().unwrap_or(0)])
    }

    fn get(&self, register: Register) -> Option<&T> {
        self.0.get(register.0 as usize)
    }

    fn change(&mut self, register: Register, change: impl FnOnce(&mut T)) {
        if let Some(kept) = self.0.get_mut(register.0 as usize) {
            change(kept);
        }
    }
}

fn reads(instruction: &Instruction) -> [Option<Register>; 3] {
    match instruction {
        Instruction::Make { action, .. } => action.reads(),
        Instruction::Store { from, .. } => [Some(*from), None, None],
    }
}

/// The registers an instruction reads, each once.
fn read_once(instruction: &Instruction) -> impl Iterator<Item = Register> {
    let [a, b, c] = reads(instruction);
    let (b, c) = (b.filter(|b| Some(*b) != a), c.filter(|c| Some(*c) != a && Some(*c) != b));
    [a, b, c].into_iter().flatten()
}

/// The code without what nothing reads.
pub(crate) fn without_idle(code: Vec<Instruction>) -> Vec<Instruction> {
    let mut read: PerRegister<bool> = PerRegister::new(&code);
    let mut kept: Vec<Instruction> = Vec::with_capacity(code.len());
    for instruction in code.into_iter().rev() {
        if let Instruction::Make { to, .. } = &instruction
            && read.get(*to) == Some(&false)
        {
            continue;
        }
        for register in reads(&instruction).into_iter().flatten() {
            read.change(register, |read| *read = true);
        }
        kept.push(instruction);
    }
    kept.reverse();
    kept
}

/// The code in an order in which what is made is soon used up: an instruction that ends the use of a
/// register comes as soon as all it reads is there. A sum over the items of a block is so added up
/// item by item instead of keeping them all.
pub(crate) fn soon_used(code: &[Instruction]) -> Vec<Instruction> {
    let readers = Readers::new(code);
    // Of each instruction, how many registers it still waits for.
    let mut waits: Vec<usize> = code.iter().map(|instruction| read_once(instruction).count()).collect();
    // Of each register, how many instructions still read it.
    let mut open = PerRegister(readers.counts());
    let mut done = vec![false; code.len()];
    let mut ordered = Vec::with_capacity(code.len());
    let (mut next, mut touched): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for start in 0..code.len() {
        next.push(start);
        while let Some(at) = next.pop() {
            let Some(instruction) = code.get(at).filter(|_| done.get(at) == Some(&false)) else { continue };
            let ends_one = read_once(instruction).any(|register| open.get(register) == Some(&1));
            if at != start && !ends_one && !matches!(instruction, Instruction::Store { .. }) {
                continue;
            }
            ordered.push(*instruction);
            done.get_mut(at).into_iter().for_each(|done| *done = true);
            touched.clear();
            for register in read_once(instruction) {
                open.change(register, |open| *open -= 1);
                // Of what is read once more only, that reading ends it.
                if open.get(register) == Some(&1) {
                    touched.extend(readers.of(register));
                }
            }
            if let Instruction::Make { to, .. } = instruction {
                for reader in readers.of(*to) {
                    waits.get_mut(*reader).into_iter().for_each(|waits| *waits -= 1);
                    touched.push(*reader);
                }
            }
            touched.retain(|reader| waits.get(*reader) == Some(&0));
            // The first of them is looked at next.
            touched.sort_unstable_by(|a, b| b.cmp(a));
            next.append(&mut touched);
        }
    }
    ordered
}

/// The instructions that read each register, in order.
struct Readers {
    all: Vec<usize>,
    /// Where those of each register end; they begin where those of the one before it end.
    ends: Vec<usize>,
}

impl Readers {
    fn new(code: &[Instruction]) -> Readers {
        let PerRegister(mut counts): PerRegister<usize> = PerRegister::new(code);
        for register in code.iter().flat_map(read_once) {
            counts.get_mut(register.0 as usize).into_iter().for_each(|count| *count += 1);
        }
        // Where those of each register begin, moved on with each that is put there.
        let mut ends = Vec::with_capacity(counts.len());
        let mut end = 0;
        for count in counts {
            ends.push(end);
            end += count;
        }
        let mut all = vec![0; end];
        for (at, instruction) in code.iter().enumerate() {
            for register in read_once(instruction) {
                let Some(end) = ends.get_mut(register.0 as usize) else { continue };
                all.get_mut(*end).into_iter().for_each(|reader| *reader = at);
                *end += 1;
            }
        }
        Readers { all, ends }
    }

    fn begin(&self, register: usize) -> usize {
        register.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    fn of(&self, register: Register) -> &[usize] {
        let at = register.0 as usize;
        let Some(end) = self.ends.get(at) else { return &[] };
        self.all.get(self.begin(at)..*end).unwrap_or_default()
    }

    /// How many read each register.
    fn counts(&self) -> Vec<usize> {
        self.ends.iter().enumerate().map(|(at, end)| end - self.begin(at)).collect()
    }
}

/// The code with as few registers as it needs at once, and how many those are.
pub(crate) fn shared_registers(code: &[Instruction]) -> (Vec<Instruction>, usize) {
    let mut last: PerRegister<usize> = PerRegister::new(code);
    for (at, instruction) in code.iter().enumerate() {
        for register in reads(instruction).into_iter().flatten() {
            last.change(register, |last| *last = at);
        }
    }
    let mut places: PerRegister<Option<Register>> = PerRegister::new(code);
    let (mut free, mut count) = (Vec::new(), 0u32);
    let mut shared = Vec::with_capacity(code.len());
    for (at, instruction) in code.iter().enumerate() {
        let name = |register: Register| places.get(register).copied().flatten().unwrap_or(register);
        let renamed = match *instruction {
            Instruction::Make { action, .. } => Some(action.renamed(name)),
            Instruction::Store { from, output } => {
                shared.push(Instruction::Store { from: name(from), output });
                None
            }
        };
        // A result may take the place of an argument: it is made elsewhere first.
        for register in reads(instruction).into_iter().flatten() {
            if last.get(register) == Some(&at) {
                places.change(register, |place| free.extend(place.take()));
            }
        }
        if let (Instruction::Make { to, .. }, Some(action)) = (instruction, renamed) {
            let place = free.pop().unwrap_or_else(|| {
                count += 1;
                Register(count - 1)
            });
            places.change(*to, |kept| *kept = Some(place));
            shared.push(Instruction::Make { to: place, action });
        }
    }
    (shared, count as usize)
}
