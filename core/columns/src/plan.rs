//! A compiled plan and its results.

use crate::{
    code::{Instruction, Register},
    compile::Compiler,
    figures::Figures,
    kernel::{Kernel, LANES},
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use kaoping_program::{NodeId, Numerators, Program, Workers};
use kaoping_terms::Exact;

/// What is known of a node before the plan is made.
#[derive(Clone, Debug)]
pub enum Known {
    /// It is the same number for every unit; truths are 1 and 0.
    One(Exact),
    /// It is an input, by position.
    Input(usize),
}

/// Who is compared with whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Members {
    /// Every unit there is is assessed, and there is one at least.
    pub all: bool,
    /// They are of one peer group.
    pub one_group: bool,
}

/// One result of a plan: numerators over a denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// The node.
    pub node: NodeId,
    /// The denominator of all its values, above zero.
    pub denominator: i64,
    /// No numerator is less.
    pub low: i64,
    /// No numerator is greater.
    pub high: i64,
    /// Its position among the results.
    pub at: usize,
    /// The position of the result that is 1 in lanes where the node has no number, whatever stands
    /// there; none where it has one in every lane.
    pub gone: Option<usize>,
}

impl Output {
    /// Whether its numerators fit 32 bits.
    pub fn is_short(&self) -> bool {
        i32::try_from(self.low).is_ok() && i32::try_from(self.high).is_ok()
    }
}

/// Code for some nodes of a program over some columns.
#[derive(Clone, Debug)]
pub struct Plan {
    code: Vec<Instruction>,
    registers: usize,
    outputs: Vec<Output>,
    results: usize,
}

/// Where a thread puts the numerators of one output.
#[derive(Debug)]
pub(crate) enum Store<'r> {
    Short(&'r mut [i32]),
    Long(&'r mut [i64]),
}

impl<'r> Store<'r> {
    fn all(numerators: &'r mut Numerators) -> Store<'r> {
        match numerators {
            Numerators::Short(numbers) => Store::Short(numbers),
            Numerators::Long(numbers) => Store::Long(numbers),
        }
    }

    /// The first `count` numerators and the others.
    fn split(self, count: usize) -> (Store<'r>, Store<'r>) {
        match self {
            Store::Short(numbers) => {
                let (first, others) = numbers.split_at_mut(count.min(numbers.len()));
                (Store::Short(first), Store::Short(others))
            }
            Store::Long(numbers) => {
                let (first, others) = numbers.split_at_mut(count.min(numbers.len()));
                (Store::Long(first), Store::Long(others))
            }
        }
    }
}

impl Plan {
    /// Compiles nodes of a program for the figures at hand. `known` tells what is known of a node
    /// before; of a column nothing else is known. Nodes that cannot be proved to be exact in machine
    /// numbers are left out.
    pub fn new(
        program: &Program,
        outputs: &[NodeId],
        inputs: &[Figures<'_>],
        members: Members,
        known: impl Fn(NodeId) -> Option<Known>,
    ) -> Plan {
        Plan::made(Compiler::new(program, inputs, members, &known, false), outputs)
    }

    /// As [`Plan::new`], with a node that has no number in some lanes among the results: beside it
    /// stands where.
    pub fn with_gone(
        program: &Program,
        outputs: &[NodeId],
        inputs: &[Figures<'_>],
        members: Members,
        known: impl Fn(NodeId) -> Option<Known>,
    ) -> Plan {
        Plan::made(Compiler::new(program, inputs, members, &known, true), outputs)
    }

    fn made(mut compiler: Compiler<'_>, outputs: &[NodeId]) -> Plan {
        let outputs: Vec<Output> = outputs.iter().filter_map(|node| compiler.output(*node)).collect();
        let code = without_idle(compiler.into_code());
        let (code, registers) = shared_registers(&code);
        let results = outputs.iter().map(|output| 1 + usize::from(output.gone.is_some())).sum();
        Plan { code, registers, outputs, results }
    }

    /// The results it gives, in order.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The result of a node, by position; none for one that is left out.
    pub fn output(&self, node: NodeId) -> Option<usize> {
        self.outputs.iter().position(|output| output.node == node)
    }

    /// How many instructions a block takes.
    pub fn instructions(&self) -> usize {
        self.code.len()
    }

    /// Runs the code for `units` units, shared out among the workers. Each input has a figure for
    /// every unit.
    pub fn run(&self, inputs: &[Figures<'_>], units: usize, workers: Workers) -> Vec<Numerators> {
        let mut results = self.results(units);
        self.run_into(inputs, units, &mut results, workers);
        results
    }

    /// Room for the results of that many units.
    pub fn results(&self, units: usize) -> Vec<Numerators> {
        let mut results: Vec<Numerators> = (0..self.results).map(|_| Numerators::Short(Vec::new())).collect();
        for output in &self.outputs {
            let own = match output.is_short() {
                true => Numerators::Short(vec![0; units]),
                false => Numerators::Long(vec![0; units]),
            };
            if let Some(result) = results.get_mut(output.at) {
                *result = own;
            }
            let gone = output.gone.and_then(|gone| results.get_mut(gone));
            gone.into_iter().for_each(|gone| *gone = Numerators::Short(vec![0; units]));
        }
        results
    }

    /// As [`Plan::run`], into results of [`Plan::results`] that were there before.
    pub fn run_into(&self, inputs: &[Figures<'_>], units: usize, results: &mut [Numerators], workers: Workers) {
        let blocks = units.div_ceil(LANES);
        let each = blocks.div_ceil(workers.threads()).max(1) * LANES;
        let mut tasks: Vec<(usize, Vec<Store<'_>>)> = Vec::new();
        let mut rest: Vec<Store<'_>> = results.iter_mut().map(Store::all).collect();
        for start in (0..units).step_by(each) {
            let (first, others) = rest.into_iter().map(|store| store.split(each)).unzip();
            tasks.push((start, first));
            rest = others;
        }
        workers.each(&mut tasks, &|(start, stores)| self.part(inputs, *start, (units - *start).min(each), stores));
    }

    /// Some units, on one thread.
    fn part(&self, inputs: &[Figures<'_>], start: usize, units: usize, stores: &mut [Store<'_>]) {
        let mut kernel = Kernel::new(self.registers);
        pulp::Arch::new().dispatch(Blocks { kernel: &mut kernel, code: &self.code, inputs, start, units, stores });
    }
}

/// Some units, block by block, compiled for the vectors of this machine.
struct Blocks<'b, 'r, 'f> {
    kernel: &'b mut Kernel,
    code: &'b [Instruction],
    inputs: &'b [Figures<'f>],
    start: usize,
    units: usize,
    stores: &'b mut [Store<'r>],
}

impl pulp::WithSimd for Blocks<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for offset in (0..self.units).step_by(LANES) {
            self.kernel.block(self.code, self.inputs, self.start + offset, self.stores, offset);
        }
    }
}

/// The code without what nothing reads.
fn without_idle(code: Vec<Instruction>) -> Vec<Instruction> {
    let mut read: BTreeMap<Register, ()> = BTreeMap::new();
    let mut kept: Vec<Instruction> = Vec::with_capacity(code.len());
    for instruction in code.into_iter().rev() {
        match &instruction {
            Instruction::Store { from, .. } => {
                read.insert(*from, ());
            }
            Instruction::Make { to, action } => {
                if !read.contains_key(to) {
                    continue;
                }
                read.extend(action.reads().into_iter().flatten().map(|register| (register, ())));
            }
        }
        kept.push(instruction);
    }
    kept.reverse();
    kept
}

/// The code with as few registers as it needs at once, and how many those are.
fn shared_registers(code: &[Instruction]) -> (Vec<Instruction>, usize) {
    let mut last: BTreeMap<Register, usize> = BTreeMap::new();
    let reads = |instruction: &Instruction| match instruction {
        Instruction::Make { action, .. } => action.reads(),
        Instruction::Store { from, .. } => [Some(*from), None, None],
    };
    for (at, instruction) in code.iter().enumerate() {
        last.extend(reads(instruction).into_iter().flatten().map(|register| (register, at)));
    }
    let mut places: BTreeMap<Register, Register> = BTreeMap::new();
    let (mut free, mut count) = (Vec::new(), 0u32);
    let mut shared = Vec::with_capacity(code.len());
    for (at, instruction) in code.iter().enumerate() {
        let name = |register: Register| places.get(&register).copied().unwrap_or(register);
        let renamed = match *instruction {
            Instruction::Make { action, .. } => Some(action.renamed(name)),
            Instruction::Store { from, output } => {
                shared.push(Instruction::Store { from: name(from), output });
                None
            }
        };
        // A result may take the place of an argument: it is made elsewhere first.
        for register in reads(instruction).into_iter().flatten() {
            if last.get(&register) == Some(&at)
                && let Some(place) = places.remove(&register)
            {
                free.push(place);
            }
        }
        if let (Instruction::Make { to, .. }, Some(action)) = (instruction, renamed) {
            let place = free.pop().unwrap_or_else(|| {
                count += 1;
                Register(count - 1)
            });
            places.insert(*to, place);
            shared.push(Instruction::Make { to: place, action });
        }
    }
    (shared, count as usize)
}
