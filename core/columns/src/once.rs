//! Results of actions, found again so that none is done twice. Nothing depends on an order here.

use crate::code::{Action, Register};
use alloc::{vec, vec::Vec};
use core::hash::{Hash, Hasher};

/// The register each action made.
#[derive(Debug, Default)]
pub(crate) struct Once {
    made: Vec<(Action, Register)>,
    /// One more than where an action stands in `made`, at the place its hash says or the next free one
    /// behind it; zero where none does. A power of two, of which less than half is taken.
    places: Vec<u32>,
}

impl Once {
    /// What an action made.
    pub(crate) fn get(&self, action: &Action) -> Option<Register> {
        let (_, found) = self.find(action);
        found
    }

    /// What an action that was not there yet made.
    pub(crate) fn insert(&mut self, action: Action, register: Register) {
        if 2 * self.made.len() >= self.places.len() {
            self.grow();
        }
        self.made.push((action, register));
        self.put(&action, self.made.len());
    }

    /// The place of an action, or the free one where it belongs, and what it made.
    fn find(&self, action: &Action) -> (usize, Option<Register>) {
        let last = self.places.len().wrapping_sub(1);
        let mut at = hash(action) & last;
        loop {
            let kept = match self.places.get(at) {
                Some(place @ 1..) => self.made.get(*place as usize - 1),
                _ => None,
            };
            match kept {
                None => return (at, None),
                Some((other, register)) if other == action => return (at, Some(*register)),
                Some(_) => at = (at + 1) & last,
            }
        }
    }

    fn put(&mut self, action: &Action, position: usize) {
        let (at, _) = self.find(action);
        let position = u32::try_from(position).unwrap_or(0);
        self.places.get_mut(at).into_iter().for_each(|place| *place = position);
    }

    fn grow(&mut self) {
        self.places = vec![0; (4 * self.made.len()).next_power_of_two().max(64)];
        for at in 0..self.made.len() {
            if let Some((action, _)) = self.made.get(at).copied() {
                self.put(&action, at + 1);
            }
        }
    }
}

fn hash(action: &Action) -> usize {
    let mut mixed = Mixed(0);
    action.hash(&mut mixed);
    usize::try_from(mixed.0 >> 32).unwrap_or(0)
}

/// Numbers mixed into one.
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.cast_unsigned() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::Once;
    use crate::code::{Action, Register};

    #[test]
    fn each_action_is_found_again_and_no_other() {
        let action = |at: u32| match at % 3 {
            0 => Action::AtLeast { x: Register(at / 7), edge: (at % 7).into() },
            1 => Action::AtMost { x: Register(at / 7), edge: (at % 7).into() },
            _ => Action::Set { number: at.into() },
        };
        let mut once = Once::default();
        for at in 0..5_000 {
            assert_eq!(once.get(&action(at)), None, "{at}");
            once.insert(action(at), Register(at));
        }
        for at in 0..5_000 {
            assert_eq!(once.get(&action(at)), Some(Register(at)), "{at}");
        }
    }
}
