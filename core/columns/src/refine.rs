//! What registers lie between, and what a truth that holds says about it.

use crate::code::Register;
use crate::form::{Form, Line};
use alloc::{vec, vec::Vec};
use kaoping_terms::Exact;

/// The least and the greatest value.
pub(crate) type Span = (Exact, Exact);

/// A truth about one register: it is at least, or at most, a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) of: Register,
    pub(crate) low: Option<i64>,
    pub(crate) high: Option<i64>,
}

/// What a truth says where it holds, or where it does not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Said {
    /// Nothing of any register.
    #[default]
    Nothing,
    /// That of one register.
    Bound(Bound),
    /// All that two other truths say, each where it holds or where it does not.
    Both([(Register, bool); 2]),
}

/// So many truths are looked at for what one of them says; to know less than there is to know is never wrong.
const MOST_TRUTHS: usize = 1_000;

/// What is known of the registers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges {
    /// The least and greatest number of each register.
    registers: Vec<(i64, i64)>,
    /// What each register says as a truth where it holds, and where it does not.
    truths: Vec<(Said, Said)>,
    /// What is taken for true at the moment: the branches that are being compiled.
    taken: Vec<Bound>,
}

impl Ranges {
    /// A new register.
    pub(crate) fn add(&mut self, low: i64, high: i64) -> Register {
        self.registers.push((low, high));
        self.truths.push((Said::Nothing, Said::Nothing));
        Register(u32::try_from(self.registers.len() - 1).unwrap_or(u32::MAX))
    }

    /// What a truth says.
    pub(crate) fn say(&mut self, truth: Register, yes: Said, no: Said) {
        self.truths.get_mut(truth.0 as usize).into_iter().for_each(|said| *said = (yes, no));
    }

    /// What a truth says where it holds, or where it does not.
    pub(crate) fn said(&self, truth: Register, holds: bool) -> Said {
        let (yes, no) = self.truths.get(truth.0 as usize).copied().unwrap_or_default();
        if holds { yes } else { no }
    }

    /// Takes a truth to hold, or not to, until [`Ranges::leave`] is given back what it returns.
    pub(crate) fn enter(&mut self, truth: Register, holds: bool) -> usize {
        let before = self.taken.len();
        let mut waiting = vec![(truth, holds)];
        for _ in 0..MOST_TRUTHS {
            let Some((truth, holds)) = waiting.pop() else { break };
            match self.said(truth, holds) {
                Said::Nothing => {}
                Said::Bound(bound) => self.taken.push(bound),
                Said::Both(truths) => waiting.extend(truths),
            }
        }
        before
    }

    /// Ends what [`Ranges::enter`] began.
    pub(crate) fn leave(&mut self, before: usize) {
        self.taken.truncate(before);
    }

    /// Whether nothing is taken for true beyond what always is.
    pub(crate) fn is_plain(&self) -> bool {
        self.taken.is_empty()
    }

    /// The least and greatest number of a register; where it cannot be any number at all, as in a
    /// branch that is never taken, both the same.
    pub(crate) fn of(&self, register: Register) -> (i64, i64) {
        let (mut low, mut high) = self.registers.get(register.0 as usize).copied().unwrap_or((i64::MIN, i64::MAX));
        for bound in self.taken.iter().filter(|bound| bound.of == register) {
            low = bound.low.map_or(low, |edge| low.max(edge));
            high = bound.high.map_or(high, |edge| high.min(edge));
        }
        (low, high.max(low))
    }

    pub(crate) fn line(&self, line: &Line) -> Span {
        let Some(register) = line.of else {
            return (line.plus.clone(), line.plus.clone());
        };
        let (low, high) = self.of(register);
        let at = |number: i64| &(&line.times * &Exact::whole(number)) + &line.plus;
        let (a, b) = (at(low), at(high));
        if a <= b { (a, b) } else { (b, a) }
    }

    pub(crate) fn form(&mut self, form: &Form) -> Span {
        match form {
            Form::Line(line) => self.line(line),
            Form::Ratio(ratio) => {
                let ((low, high), (least, most)) = (self.line(&ratio.above), self.line(&ratio.below));
                // The divisor is above zero: the edges are among the quotients of the edges.
                let quotient = |a: &Exact, b: &Exact| a.divided_by(b).unwrap_or_else(|| a.clone());
                let down = if low.is_negative() { quotient(&low, &least) } else { quotient(&low, &most) };
                let up = if high.is_negative() { quotient(&high, &most) } else { quotient(&high, &least) };
                (down, up)
            }
            Form::Shifted { ratio, plus } => {
                let (low, high) = self.form(&Form::Ratio(ratio.clone()));
                (&low + plus, &high + plus)
            }
            Form::Choice { when, then, otherwise } => {
                let before = self.enter(*when, true);
                let (low, high) = self.form(then);
                self.leave(before);
                let before = self.enter(*when, false);
                let (least, most) = self.form(otherwise);
                self.leave(before);
                (if low < least { low } else { least }, if high > most { high } else { most })
            }
        }
    }
}
