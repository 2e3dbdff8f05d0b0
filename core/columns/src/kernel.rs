//! The instructions carried out, block by block.
//!
//! Registers hold whole numbers in binary floats, because those are what every machine adds,
//! multiplies and compares many at a time. They are exact here:
//!
//! - A float holds every whole number below 2^53 in size; sums, differences and products of whole
//!   numbers are exact as long as they stay below it. The compiler proves that of every operand and
//!   result, from what the figures lie between; a lane that a choice does not take may hold anything,
//!   and nobody reads it.
//! - Division rounded down: for whole v and m with |v| < 2^49 and 0 < m < 2^49 let
//!   t = v + 1/2 − m/2, a multiple of 1/2 below 2^50, so exact. With v = q·m + r, 0 ≤ r < m, the true
//!   t/m is q + (r + 1/2)/m − 1/2, which lies at least 1/(2m) inside (q − 1/2, q + 1/2). The reciprocal
//!   and the product err by at most 2^−52 of |t|/m, less than 1/(4m); a single division errs by half
//!   of that. So the nearest whole number is q.
//! - Rounding of both signs alike takes the size, which is as whole as the number, divides it so, and
//!   puts the sign back. A zero may carry a sign; it equals zero and is stored as zero.
//! - The nearest whole number: adding 1.5 × 2^52 leaves no room for digits after the point, and the
//!   machine rounds to nearest; taking it away again is exact. The same addition turns a whole number
//!   below 2^51 into its bits and back.

#![expect(clippy::disallowed_types, clippy::float_arithmetic, reason = "whole numbers below 2^53, as proved above")]

use crate::{
    code::{Action, Instruction, Register},
    figures::Figures,
    native::Store,
};
use alloc::{boxed::Box, vec, vec::Vec};
use kaoping_program::Numerators;

/// Units of a block: few enough that the registers of a rule stay in the nearest cache.
pub const LANES: usize = 256;

type Lanes = [f64; LANES];

/// 1.5 × 2^52.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// Its bits.
const WHOLE_BITS: u64 = WHOLE.to_bits();

/// The registers of one thread.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    #[expect(clippy::vec_box, reason = "a result takes the place of a register without being copied")]
    registers: Vec<Box<Lanes>>,
    /// Where a result is made before it takes its place, so that it may take that of an argument.
    spare: Box<Lanes>,
}

impl Kernel {
    pub(crate) fn new(registers: usize) -> Kernel {
        Kernel { registers: vec![Box::new([0.0; LANES]); registers], spare: Box::new([0.0; LANES]) }
    }

    /// Runs the code over the units from `start`, at most [`LANES`] of them, and puts the results
    /// into their places from `offset`.
    #[inline(always)]
    pub(crate) fn block(
        &mut self,
        code: &[Instruction],
        inputs: &[Figures<'_>],
        start: usize,
        results: &mut [Store<'_>],
        offset: usize,
    ) {
        for instruction in code {
            match *instruction {
                Instruction::Make { to, action } => {
                    make(action, &self.registers, inputs, start, &mut self.spare);
                    if let Some(register) = self.registers.get_mut(to.0 as usize) {
                        core::mem::swap(register, &mut self.spare);
                    }
                }
                Instruction::Store { from, output } => {
                    let made = self.registers.get(from.0 as usize);
                    if let (Some(made), Some(result)) = (made, results.get_mut(output as usize)) {
                        store(made, result, offset);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn make(action: Action, registers: &[Box<Lanes>], inputs: &[Figures<'_>], start: usize, out: &mut Lanes) {
    const NOTHING: &Lanes = &[0.0; LANES];
    let of = |register: Register| registers.get(register.0 as usize).map_or(NOTHING, |lanes| &**lanes);
    match action {
        Action::Load { input } => {
            if let Some(figures) = inputs.get(input as usize) {
                load(figures, start, out);
            }
        }
        Action::Set { number } => out.fill(float(number)),
        Action::Line { x, times, plus } => {
            let (times, plus) = (float(times), float(plus));
            each(of(x), out, |x| x * times + plus);
        }
        Action::Plane { x, by_x, y, by_y, plus } => {
            let (by_x, by_y, plus) = (float(by_x), float(by_y), float(plus));
            both(of(x), of(y), out, |x, y| x * by_x + y * by_y + plus);
        }
        Action::Product { x, y } => both(of(x), of(y), out, |x, y| x * y),
        Action::Floor { x, times, plus, divisor } => {
            let (times, divisor) = (float(times), float(divisor));
            let plus = float(plus) + 0.5 - 0.5 * divisor;
            let reciprocal = 1.0 / divisor;
            each(of(x), out, |x| nearest((x * times + plus) * reciprocal));
        }
        Action::Rounded { x, times, plus, divisor } => {
            let (times, divisor) = (float(times), float(divisor));
            let plus = float(plus) + 0.5 - 0.5 * divisor;
            let reciprocal = 1.0 / divisor;
            each(of(x), out, |x| {
                let x = x * times;
                signed(nearest((size(x) + plus) * reciprocal), x)
            });
        }
        Action::Quotient { x, y } => both(of(x), of(y), out, |x, y| nearest((x + 0.5 - 0.5 * y) / y)),
        Action::AtLeast { x, edge } => {
            let edge = float(edge);
            each(of(x), out, |x| truth(x >= edge));
        }
        Action::AtMost { x, edge } => {
            let edge = float(edge);
            each(of(x), out, |x| truth(x <= edge));
        }
        Action::Equal { x, edge } => {
            let edge = float(edge);
            each(of(x), out, |x| truth(x == edge));
        }
        Action::Lowered { x, edge } => {
            let edge = float(edge);
            each(of(x), out, |x| if x < edge { x } else { edge });
        }
        Action::Raised { x, edge } => {
            let edge = float(edge);
            each(of(x), out, |x| if x > edge { x } else { edge });
        }
        Action::Min { x, y } => both(of(x), of(y), out, |x, y| if x < y { x } else { y }),
        Action::Either { x, y } => both(of(x), of(y), out, |x, y| if x > y { x } else { y }),
        Action::Put { when, number, x } => {
            let number = float(number);
            both(of(when), of(x), out, |when, x| chosen(when, number, x));
        }
        Action::Keep { when, x, number } => {
            let number = float(number);
            both(of(when), of(x), out, |when, x| chosen(when, x, number));
        }
        Action::Select { when, then, otherwise } => {
            let lanes = of(when).iter().zip(of(then).iter().zip(of(otherwise)));
            for (out, (when, (then, otherwise))) in out.iter_mut().zip(lanes) {
                *out = chosen(*when, *then, *otherwise);
            }
        }
    }
}

#[inline(always)]
fn each(x: &Lanes, out: &mut Lanes, f: impl Fn(f64) -> f64) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = f(*x);
    }
}

#[inline(always)]
fn both(x: &Lanes, y: &Lanes, out: &mut Lanes, f: impl Fn(f64, f64) -> f64) {
    for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
        *out = f(*x, *y);
    }
}

/// The one where a truth is 1, the other where it is 0.
#[inline(always)]
fn chosen(when: f64, then: f64, otherwise: f64) -> f64 {
    // By bits: a choice between places would be fetched place by place.
    let taken = 0u64.wrapping_sub(u64::from(when != 0.0));
    f64::from_bits(then.to_bits() & taken | otherwise.to_bits() & !taken)
}

/// The bit of the sign.
const SIGN: u64 = 1 << 63;

/// A number without its sign.
#[inline(always)]
fn size(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !SIGN)
}

/// A number that is not below zero, with the sign of another; a zero below zero is a zero.
#[inline(always)]
fn signed(size: f64, of: f64) -> f64 {
    f64::from_bits(size.to_bits() | of.to_bits() & SIGN)
}

#[inline(always)]
fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// A whole number below 2^53.
#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "below 2^53 nothing is lost")]
fn float(number: i64) -> f64 {
    number as f64
}

/// The nearest whole number.
#[inline(always)]
fn nearest(x: f64) -> f64 {
    (x + WHOLE) - WHOLE
}

/// The whole number of a float below 2^51, by its bits.
#[inline(always)]
fn whole(x: f64) -> i64 {
    (x + WHOLE).to_bits().wrapping_sub(WHOLE_BITS).cast_signed()
}

#[inline(always)]
fn load(figures: &Figures<'_>, start: usize, out: &mut Lanes) {
    // Behind the last unit stands what was there before, and is read by nobody.
    match figures.numerators {
        Numerators::Short(numbers) => {
            for (out, number) in out.iter_mut().zip(numbers.get(start..).unwrap_or_default()) {
                *out = f64::from(*number);
            }
        }
        Numerators::Long(numbers) => {
            for (out, number) in out.iter_mut().zip(numbers.get(start..).unwrap_or_default()) {
                *out = f64::from_bits(number.cast_unsigned().wrapping_add(WHOLE_BITS)) - WHOLE;
            }
        }
    }
}

#[inline(always)]
fn store(lanes: &Lanes, result: &mut Store<'_>, offset: usize) {
    match result {
        Store::Short(numbers) => {
            for (number, x) in numbers.get_mut(offset..).unwrap_or_default().iter_mut().zip(lanes) {
                // The low half of the bits is the number, as it fits 32 bits.
                #[expect(clippy::cast_possible_truncation, reason = "the plan proves that it fits")]
                let low = whole(*x) as i32;
                *number = low;
            }
        }
        Store::Long(numbers) => {
            for (number, x) in numbers.get_mut(offset..).unwrap_or_default().iter_mut().zip(lanes) {
                *number = whole(*x);
            }
        }
    }
}
