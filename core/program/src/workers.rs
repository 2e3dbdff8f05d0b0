//! Work shared out by whoever has threads. The core has none: it only says which pieces of work do
//! not depend on one another.

use core::fmt;

/// Does two pieces of work, at the same time if it can.
pub trait Join: Sync {
    /// Both are done when it returns.
    fn join(&self, left: &mut (dyn FnMut() + Send), right: &mut (dyn FnMut() + Send));

    /// How many pieces it does at the same time, at least 1.
    fn threads(&self) -> usize;
}

/// One piece after another.
#[derive(Clone, Copy, Debug)]
struct OneByOne;

impl Join for OneByOne {
    fn join(&self, left: &mut (dyn FnMut() + Send), right: &mut (dyn FnMut() + Send)) {
        left();
        right();
    }

    fn threads(&self) -> usize {
        1
    }
}

/// Who does the work; by default it is done one piece after another. Results do not depend on it.
#[derive(Clone, Copy)]
pub struct Workers(&'static dyn Join);

impl Workers {
    /// Work is done by that one.
    pub fn new(join: &'static dyn Join) -> Workers {
        Workers(join)
    }

    /// How many pieces are done at the same time.
    pub fn threads(self) -> usize {
        self.0.threads().max(1)
    }

    /// Does a piece of work for each task.
    pub fn each<T: Send>(self, tasks: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        if self.threads() == 1 || tasks.len() < 2 {
            return tasks.iter_mut().for_each(work);
        }
        let (left, right) = tasks.split_at_mut(tasks.len() / 2);
        self.0.join(&mut || self.each(left, work), &mut || self.each(right, work));
    }
}

impl Default for Workers {
    fn default() -> Self {
        Workers(&OneByOne)
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workers({})", self.threads())
    }
}
