//! The code of plans as instructions of the processor at hand.
//!
//! A plan of `kaoping-columns` is a list of a few operations on whole numbers in floats, proved to be
//! exact. The core carries them out one after another, each over some hundred units, and every one
//! reads its numbers from the nearest cache and puts them back there. Here the same list becomes a
//! loop that keeps them in the registers of the processor, eight units at a time. No operation is
//! another one, so no digit is: the tests compare both, and both with the exact machine.
//!
//! Where the processor has no such vectors, or the system gives no pages to carry out, there is
//! nothing here and the core does it as before.

#[cfg(target_arch = "x86_64")]
mod x86;

use kaoping_columns::Native;

/// What makes the code of plans into instructions of this processor; none where nothing does.
pub fn native() -> Option<&'static dyn Native> {
    #[cfg(target_arch = "x86_64")]
    {
        x86::native()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        None
    }
}
