//! What is known about a value, and how that passes through an operation.

use alloc::{vec, vec::Vec};

/// Whether a value is known, and if not why; and whether it may still change because a
/// figure it rests on is owed.
///
/// The bits are chosen so that the gravest of two states is their union.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(u8);

/// A state without the provisional flag, from the least grave to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// There is a value.
    Known,
    /// 不适用.
    NotApplicable,
    /// 未报: a figure is owed.
    Missing,
    /// 无定义: a division by zero.
    Undefined,
}

impl State {
    /// There is a value.
    pub const KNOWN: State = State(0);
    /// 不适用.
    pub const NOT_APPLICABLE: State = State(1);
    /// 未报.
    pub const MISSING: State = State(3);
    /// 无定义.
    pub const UNDEFINED: State = State(7);
    const STANDING: u8 = 7;
    const PROVISIONAL: u8 = 8;

    /// The state without the provisional flag.
    pub fn standing(self) -> Standing {
        match self.0 & Self::STANDING {
            0 => Standing::Known,
            1 => Standing::NotApplicable,
            3 => Standing::Missing,
            _ => Standing::Undefined,
        }
    }

    /// Whether there is a value.
    pub fn is_known(self) -> bool {
        self.0 & Self::STANDING == 0
    }

    /// Whether it is 不适用.
    pub fn is_not_applicable(self) -> bool {
        self.standing() == Standing::NotApplicable
    }

    /// Whether it is 未报.
    pub fn is_missing(self) -> bool {
        self.standing() == Standing::Missing
    }

    /// Whether it is 无定义.
    pub fn is_undefined(self) -> bool {
        self.standing() == Standing::Undefined
    }

    /// Whether it is 暂定.
    pub fn is_provisional(self) -> bool {
        self.0 & Self::PROVISIONAL != 0
    }

    /// The same, 暂定 as well if `provisional`.
    #[must_use]
    pub fn provisional_if(self, provisional: bool) -> State {
        if provisional { State(self.0 | Self::PROVISIONAL) } else { self }
    }

    /// The gravest of two, provisional if either is.
    #[must_use]
    pub fn and(self, other: State) -> State {
        State(self.0 | other.0)
    }
}

/// The states of a column.
#[derive(Clone, Debug)]
pub enum States {
    /// Every value is known and none is provisional.
    AllKnown,
    /// One state for each value.
    Mixed(Vec<State>),
}

impl States {
    /// The states as given, in the short form where all are known.
    pub fn new(states: Vec<State>) -> States {
        if states.iter().all(|state| *state == State::KNOWN) { States::AllKnown } else { States::Mixed(states) }
    }

    /// The state at a position; a single state stands for every position. Beyond the end
    /// nothing was reported.
    pub fn at(&self, position: usize) -> State {
        match self {
            States::AllKnown => State::KNOWN,
            States::Mixed(states) => {
                let position = if states.len() == 1 { 0 } else { position };
                states.get(position).copied().unwrap_or(State::MISSING)
            }
        }
    }

    /// Puts one of `length` states in its place; the short form where all are known again.
    pub(crate) fn set(&mut self, position: usize, state: State, length: usize) {
        if self.at(position) == state {
            return;
        }
        let mut states = match core::mem::replace(self, States::AllKnown) {
            States::AllKnown => vec![State::KNOWN; length],
            States::Mixed(states) => states,
        };
        states.get_mut(position).into_iter().for_each(|slot| *slot = state);
        *self = States::new(states);
    }

    /// `length` states made from each position's.
    pub(crate) fn build(length: usize, state: impl FnMut(usize) -> State) -> States {
        States::new((0..length).map(state).collect())
    }

    /// The states of a result that needs every one of its arguments.
    pub(crate) fn joined(arguments: &[&States], length: usize) -> States {
        let mut joined: Option<Vec<State>> = None;
        for states in arguments {
            let States::Mixed(states) = states else {
                continue;
            };
            let target = joined.get_or_insert_with(|| vec![State::KNOWN; length]);
            match states.as_slice() {
                [single] => target.iter_mut().for_each(|state| *state = state.and(*single)),
                many => target.iter_mut().zip(many).for_each(|(state, other)| *state = state.and(*other)),
            }
        }
        joined.map_or(States::AllKnown, States::Mixed)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn the_gravest_state_wins_and_provisional_stays() {
        let order = [State::KNOWN, State::NOT_APPLICABLE, State::MISSING, State::UNDEFINED];
        for (i, lesser) in order.iter().enumerate() {
            for (j, graver) in order.iter().enumerate() {
                let expected = order.get(i.max(j)).copied().expect("a state");
                assert_eq!(lesser.and(*graver), expected);
                let provisional = lesser.provisional_if(true).and(*graver);
                assert_eq!(provisional, expected.provisional_if(true));
                assert!(provisional.is_provisional() && !expected.is_provisional());
            }
        }
    }
}
