//! A column: exact values, and what is known about each.

use crate::state::{State, States};
use crate::values::{Numerators, Values};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;
use kaoping_terms::Exact;

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Whether it is known, and if not why.
    pub state: State,
    /// The value, only where it is known.
    pub value: Option<Exact>,
}

/// Exact values and their states, one for each unit or row; a column of one value stands
/// for all where the shape is [`crate::Shape::One`].
#[derive(Clone, Debug)]
pub struct Column {
    values: Values,
    states: States,
}

impl Column {
    /// A column from its parts, which have the same length.
    pub(crate) fn from_parts(mut values: Values, states: States) -> Column {
        values.clear_unknown(&states);
        let states = match states {
            States::Mixed(states) => States::new(states),
            all => all,
        };
        Column { values, states }
    }

    /// Known numbers.
    pub fn from_exact(values: Vec<Exact>) -> Column {
        Column { values: Values::narrowed(values), states: States::AllKnown }
    }

    /// Numbers, 未报 where there is none.
    pub fn from_reported(values: Vec<Option<Exact>>) -> Column {
        let state = |value: &Option<Exact>| {
            if value.is_some() { State::KNOWN } else { State::MISSING }
        };
        let states = States::new(values.iter().map(state).collect());
        let values = values.into_iter().map(|value| value.unwrap_or_else(Exact::zero)).collect();
        Column { values: Values::narrowed(values), states }
    }

    /// Known decimals `mantissa × 10^-places`.
    pub fn from_decimals(mantissas: Vec<i128>, places: u32) -> Column {
        let values = match 10i128.checked_pow(places) {
            Some(denominator) => crate::values::fixed(mantissas, denominator),
            None => Values::narrowed(mantissas.into_iter().map(|m| Exact::decimal(m, places)).collect()),
        };
        Column { values, states: States::AllKnown }
    }

    /// Known numbers of a machine word over one denominator; none unless that is above zero.
    pub fn from_short(numerators: Numerators, denominator: i64) -> Option<Column> {
        let values = Values::Short { numerators, denominator };
        (denominator > 0).then_some(Column { values, states: States::AllKnown })
    }

    /// The numbers of a column of machine words in which every value is firmly known, and their
    /// denominator.
    pub fn as_short(&self) -> Option<(&Numerators, i64)> {
        match (&self.values, &self.states) {
            (Values::Short { numerators, denominator }, States::AllKnown) => Some((numerators, *denominator)),
            _ => None,
        }
    }

    /// The room its numbers take, where they are of a machine word.
    pub fn into_room(self) -> Option<Numerators> {
        match self.values {
            Values::Short { numerators, .. } => Some(numerators),
            _ => None,
        }
    }

    /// The single value, where there is one and it is firmly known.
    pub fn only(&self) -> Option<Exact> {
        (self.len() == 1 && self.state(0) == State::KNOWN).then(|| self.values.exact(0))
    }

    /// The same as numbers of a machine word over one denominator; none where they do not fit, or
    /// some value is not firmly known.
    pub fn shortened(&self) -> Option<Column> {
        if !matches!(self.states, States::AllKnown) {
            return None;
        }
        Some(Column { values: self.values.shortened()?, states: States::AllKnown })
    }

    /// The same in a form that operations work on; none where it is in such a form.
    pub(crate) fn widened(&self) -> Option<Column> {
        let is_short = matches!(self.values, Values::Short { .. });
        is_short.then(|| Column { values: self.values.widened(), states: self.states.clone() })
    }

    /// Known whole codes: truths (1 and 0), positions of words, numbers of days.
    pub fn from_codes(codes: Vec<i64>) -> Column {
        let values = Values::whole(codes.into_iter().map(i128::from).collect());
        Column { values, states: States::AllKnown }
    }

    /// One known value that stands for all.
    pub fn constant(value: Exact) -> Column {
        Column::from_exact(vec![value])
    }

    /// `length` values of the same state; zeros if that state is known.
    pub fn unknown(state: State, length: usize) -> Column {
        Column { values: Values::zeros(length), states: States::new(vec![state; length]) }
    }

    /// The same values with states of their own; none unless there is one for each value.
    pub fn with_states(self, states: Vec<State>) -> Option<Column> {
        (states.len() == self.len()).then(|| Column::from_parts(self.values, States::new(states)))
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers; zero where the state is not known.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The states.
    pub fn states(&self) -> &States {
        &self.states
    }

    /// The state at a position; a single value stands for every position.
    pub fn state(&self, position: usize) -> State {
        self.states.at(position)
    }

    /// The value and state at a position; beyond the end 未报.
    pub fn cell(&self, position: usize) -> Cell {
        if position >= self.len() && self.len() != 1 {
            return Cell { state: State::MISSING, value: None };
        }
        let state = self.state(position);
        Cell { state, value: state.is_known().then(|| self.values.exact(position)) }
    }

    /// Which of two known values of the column is larger. Allocates only where 128 bits do
    /// not suffice; a value that is not known counts as zero.
    pub fn compare(&self, position: usize, other: usize) -> Ordering {
        self.values.compare(position, &self.values, other)
    }

    /// The value at a position alone; a single value stands for every position.
    pub(crate) fn lane(&self, position: usize) -> Column {
        let position = if self.len() == 1 { 0 } else { position };
        let states = match self.state(position) {
            State::KNOWN => States::AllKnown,
            state => States::Mixed(vec![state]),
        };
        Column { values: self.values.lane(position), states }
    }

    /// Puts a single value at a position. The form may become a wider one, never another number.
    pub(crate) fn set(&mut self, position: usize, value: &Column) {
        if self.len() == 1 {
            self.clone_from(value);
            return;
        }
        self.values.set(position, &value.values);
        self.states.set(position, value.state(0), self.values.len());
    }

    /// Puts a known whole number at a position whose value is known.
    pub(crate) fn set_whole(&mut self, position: usize, number: i64) {
        if !self.values.set_whole(position, number) {
            self.values.set(position, &Values::whole(vec![i128::from(number)]));
        }
    }

    /// Whether a value is that of another column, with the same state.
    pub(crate) fn same(&self, position: usize, other: &Column, at: usize) -> bool {
        let state = self.state(position);
        state == other.state(at) && (!state.is_known() || self.values.compare(position, &other.values, at).is_eq())
    }

    /// The numerator at a position, where all numbers are over one denominator, so that numerators
    /// are in the order of the numbers; zero for a value that is not known.
    pub fn numerator(&self, position: usize) -> Option<i128> {
        match &self.values {
            Values::Short { .. } | Values::Fixed { .. } => self.values.pair(position).map(|(numerator, _)| numerator),
            Values::Ratios { .. } | Values::Wide(_) => None,
        }
    }

    /// Whether the value at a position is known and not zero, which for a truth means yes.
    pub fn is_yes(&self, position: usize) -> bool {
        self.state(position).is_known() && !self.values.is_zero(position)
    }

    /// The column read at other positions; beyond the end 未报.
    pub(crate) fn gather(&self, positions: impl Iterator<Item = usize> + Clone) -> Column {
        let states = match &self.states {
            States::AllKnown => States::AllKnown,
            States::Mixed(states) => {
                States::new(positions.clone().map(|at| states.get(at).copied().unwrap_or(State::MISSING)).collect())
            }
        };
        Column::from_parts(self.values.gather(positions), states)
    }

    /// The single value of the column, `length` times.
    pub(crate) fn repeated(&self, length: usize) -> Column {
        self.gather(core::iter::repeat_n(0, length))
    }
}
