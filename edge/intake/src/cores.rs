//! The cores of the machine, for work the core crates say can be done at the same time.

use kaoping_program::{Join, Workers};

#[derive(Debug)]
struct Cores;

impl Join for Cores {
    fn join(&self, left: &mut (dyn FnMut() + Send), right: &mut (dyn FnMut() + Send)) {
        rayon::join(left, right);
    }

    fn threads(&self) -> usize {
        rayon::current_num_threads()
    }
}

/// All cores.
pub fn all() -> Workers {
    Workers::new(&Cores)
}
