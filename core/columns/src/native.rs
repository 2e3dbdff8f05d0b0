//! Where a plan is made into instructions of the machine it runs on, by whoever can do that. The
//! core cannot: it only says what is to be done, and does itself what nobody did.

use crate::{code::Instruction, figures::Figures};
use alloc::sync::Arc;
use core::fmt::Debug;
use kaoping_program::Numerators;

/// How wide the whole numbers of a column are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 32 bits.
    Short,
    /// 64 bits.
    Long,
}

impl Width {
    /// That of some numerators.
    pub fn of(numerators: &Numerators) -> Width {
        match numerators {
            Numerators::Short(_) => Width::Short,
            Numerators::Long(_) => Width::Long,
        }
    }
}

/// The code of a plan, in which each register is made once.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'l> {
    /// What is done with the figures of one unit, in order.
    pub code: &'l [Instruction],
    /// How wide the inputs are, by position.
    pub inputs: &'l [Width],
    /// The least and the greatest number each input may have.
    pub told: &'l [(i64, i64)],
    /// How wide the results are, by position.
    pub results: &'l [Width],
}

/// Makes the code of plans into instructions of a machine.
pub trait Native: Debug + Sync {
    /// The same as instructions of this machine; none where it cannot be done.
    fn make(&self, listing: &Listing<'_>) -> Option<Arc<dyn Made>>;
}

/// Where a thread puts the numerators of one result.
#[derive(Debug)]
pub enum Store<'r> {
    /// Each fits 32 bits.
    Short(&'r mut [i32]),
    /// Each fits 64 bits.
    Long(&'r mut [i64]),
}

/// What has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// So many units, from the first; the others are done as if nobody had been there.
    Units(usize),
    /// Some number that was read is less or greater than was told: the results mean nothing.
    Beyond,
}

/// Instructions of a machine that do what a listing says, to the last bit of every number that is
/// read by anybody.
pub trait Made: Debug + Send + Sync {
    /// Works out units from `start`, as many as the results have room for.
    fn run(&self, inputs: &[Figures<'_>], start: usize, results: &mut [Store<'_>]) -> Done;
}

impl<'r> Store<'r> {
    pub(crate) fn all(numerators: &'r mut Numerators) -> Store<'r> {
        match numerators {
            Numerators::Short(numbers) => Store::Short(numbers),
            Numerators::Long(numbers) => Store::Long(numbers),
        }
    }

    /// The first `count` numerators and the others.
    pub(crate) fn split(self, count: usize) -> (Store<'r>, Store<'r>) {
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
