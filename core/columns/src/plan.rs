//! A compiled plan and its results.

use crate::{
    code::Instruction,
    compile::Compiler,
    figures::{Figures, as_told},
    kernel::{Kernel, LANES},
    native::{Done, Listing, Made, Native, Store, Width},
    order::{shared_registers, soon_used, without_idle},
};
use alloc::{sync::Arc, vec, vec::Vec};
use core::ops::Range;
use kaoping_program::{NodeId, Numerators, Program, Workers};
use kaoping_terms::Exact;

/// What is known of a node before the plan is made.
#[derive(Clone, Debug)]
pub enum Known {
    /// It is the same number for every unit; truths are 1 and 0.
    One(Exact),
    /// It is an input, by position.
    Input(usize),
    /// It is an input with gaps: where another input is 1 nothing was reported, whatever stands there.
    Gappy {
        /// The position of the input.
        input: usize,
        /// That of the one that tells the gaps.
        gaps: usize,
    },
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
    /// The code before registers were shared.
    listing: Vec<Instruction>,
    outputs: Vec<Output>,
    results: usize,
    /// Between what the figures of each input lie.
    told: Vec<(i64, i64)>,
    native: Option<Arc<dyn Made>>,
}

/// Units that are looked through before they are worked out: few enough that their figures are
/// still in the cache.
const LOOKED_THROUGH: usize = 8 * LANES;

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
        Plan::made(Compiler::new(program, inputs, members, &known, false), outputs, inputs)
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
        Plan::made(Compiler::new(program, inputs, members, &known, true), outputs, inputs)
    }

    fn made(mut compiler: Compiler<'_>, outputs: &[NodeId], inputs: &[Figures<'_>]) -> Plan {
        let outputs: Vec<Output> = outputs.iter().filter_map(|node| compiler.output(*node)).collect();
        let listing = soon_used(&without_idle(compiler.into_code()));
        let (code, registers) = shared_registers(&listing);
        let results = outputs.iter().map(|output| 1 + usize::from(output.gone.is_some())).sum();
        let told = inputs.iter().map(|figures| (figures.low, figures.high)).collect();
        Plan { code, registers, listing, outputs, results, told, native: None }
    }

    /// The same, made into instructions of a machine for inputs as wide as those.
    #[must_use]
    pub fn natively(mut self, native: Option<&dyn Native>, inputs: &[Figures<'_>]) -> Plan {
        let inputs: Vec<Width> = inputs.iter().map(|figures| Width::of(figures.numerators)).collect();
        let results = self.widths();
        let listing = Listing { code: &self.listing, inputs: &inputs, told: &self.told, results: &results };
        self.native = native.and_then(|native| native.make(&listing));
        self
    }

    /// Whether it was made into instructions of a machine.
    pub fn is_native(&self) -> bool {
        self.native.is_some()
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
        let mut results = self.room(units, &mut Vec::new());
        self.run_into(inputs, units, &mut results, workers);
        results
    }

    /// Room for the results of that many units, as far as it goes that of results nobody needs any
    /// more. What stands in it means nothing.
    pub fn room(&self, units: usize, used: &mut Vec<Numerators>) -> Vec<Numerators> {
        let widths = self.widths();
        let room = widths.into_iter().map(|width| {
            let again = used.iter().position(|used| Width::of(used) == width).map(|at| used.swap_remove(at));
            match (again, width) {
                (Some(Numerators::Short(mut numbers)), _) => {
                    numbers.resize(units, 0);
                    Numerators::Short(numbers)
                }
                (Some(Numerators::Long(mut numbers)), _) => {
                    numbers.resize(units, 0);
                    Numerators::Long(numbers)
                }
                (None, Width::Short) => Numerators::Short(vec![0; units]),
                (None, Width::Long) => Numerators::Long(vec![0; units]),
            }
        });
        room.collect()
    }

    /// How wide each result is; where a number is missing is a short one.
    fn widths(&self) -> Vec<Width> {
        let mut widths = vec![Width::Short; self.results];
        for output in self.outputs.iter().filter(|output| !output.is_short()) {
            widths.get_mut(output.at).into_iter().for_each(|width| *width = Width::Long);
        }
        widths
    }

    /// As [`Plan::run`], into room that was there before.
    pub fn run_into(&self, inputs: &[Figures<'_>], units: usize, results: &mut [Numerators], workers: Workers) {
        self.shared(inputs, units, results, workers, false);
    }

    /// As [`Plan::run_into`], for figures that were not looked through: no, where one of them lies
    /// beyond what the plan was told; the results mean nothing then.
    #[must_use]
    pub fn run_if_as_told(
        &self,
        inputs: &[Figures<'_>],
        units: usize,
        results: &mut [Numerators],
        workers: Workers,
    ) -> bool {
        self.shared(inputs, units, results, workers, true)
    }

    fn shared(
        &self,
        inputs: &[Figures<'_>],
        units: usize,
        results: &mut [Numerators],
        workers: Workers,
        look: bool,
    ) -> bool {
        let blocks = units.div_ceil(LANES);
        let each = blocks.div_ceil(workers.threads()).max(1) * LANES;
        let mut tasks = Vec::new();
        let mut rest: Vec<Store<'_>> = results.iter_mut().map(Store::all).collect();
        for start in (0..units).step_by(each) {
            let (first, others) = rest.into_iter().map(|store| store.split(each)).unzip();
            tasks.push(Part { units: start..units.min(start + each), stores: first, as_told: true });
            rest = others;
        }
        workers.each(&mut tasks, &|part| self.part(inputs, part, look));
        tasks.iter().all(|part| part.as_told)
    }

    /// Some units, on one thread.
    fn part(&self, inputs: &[Figures<'_>], part: &mut Part<'_>, look: bool) {
        let mut units = part.units.clone();
        if let Some(native) = &self.native {
            match native.run(inputs, units.start, &mut part.stores) {
                Done::Units(done) => units.start += done,
                Done::Beyond if look => {
                    part.as_told = false;
                    return;
                }
                // Whoever has looked before knows better.
                Done::Beyond => {}
            }
        }
        if units.is_empty() {
            return;
        }
        let mut kernel = Kernel::new(self.registers);
        let each = if look { LOOKED_THROUGH } else { units.len() };
        for start in units.clone().step_by(each) {
            let some = start..units.end.min(start + each);
            if look && !as_told(inputs, &self.told, &some) {
                part.as_told = false;
                return;
            }
            let offset = start - part.units.start;
            let (kernel, stores) = (&mut kernel, part.stores.as_mut_slice());
            pulp::Arch::new().dispatch(Blocks { kernel, code: &self.code, inputs, units: some, offset, stores });
        }
    }
}

/// The units of one thread.
struct Part<'r> {
    units: Range<usize>,
    stores: Vec<Store<'r>>,
    as_told: bool,
}

/// Some units, block by block, compiled for the vectors of this machine.
struct Blocks<'b, 'r, 'f> {
    kernel: &'b mut Kernel,
    code: &'b [Instruction],
    inputs: &'b [Figures<'f>],
    units: Range<usize>,
    /// Where the results of the first of them stand.
    offset: usize,
    stores: &'b mut [Store<'r>],
}

impl pulp::WithSimd for Blocks<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for start in self.units.clone().step_by(LANES) {
            let offset = self.offset + start - self.units.start;
            self.kernel.block(self.code, self.inputs, start, self.stores, offset);
        }
    }
}
