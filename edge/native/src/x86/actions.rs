//! What the operations of a plan are in instructions.

use super::{
    assembler::{Arg, Vector, k, zmm},
    translate::{FIRST, SECOND, Translator},
};
use iced_x86::Code;
use kaoping_columns::{Action, Register};

/// How a comparison and a rounding are asked for.
const EQUAL: u32 = 0;
const AT_MOST: u32 = 2;
const AT_LEAST: u32 = 13;
const TO_NEAREST: u32 = 8;

/// `a | b & c`, bit by bit.
const OR_AND: u32 = 0xF8;

impl Translator<'_> {
    /// Makes a register.
    pub(super) fn make(&mut self, to: Register, action: Action) -> Option<()> {
        let busy: Vec<Register> = action.reads().into_iter().flatten().collect();
        match action {
            // Had where it is needed.
            Action::Load { .. } | Action::Set { .. } => Some(()),
            Action::AtLeast { x, edge } => self.compare(to, x, edge, AT_LEAST),
            Action::AtMost { x, edge } => self.compare(to, x, edge, AT_MOST),
            Action::Equal { x, edge } => self.compare(to, x, edge, EQUAL),
            Action::Line { x, times: -1, plus: 1 } if self.is_mask(x) => {
                let x = self.mask(x, &busy)?;
                let mask = self.new_mask(&busy)?;
                self.assembler.masks(Code::VEX_Knotw_kr_kr, mask, x, None);
                self.made_mask(to, mask)
            }
            Action::Either { x, y } if self.is_mask(x) && self.is_mask(y) => {
                self.both_masks(Code::VEX_Korw_kr_kr_kr, to, x, y)
            }
            Action::Min { x, y } if self.is_mask(x) && self.is_mask(y) => {
                self.both_masks(Code::VEX_Kandw_kr_kr_kr, to, x, y)
            }
            _ => {
                // Before anything is written, all that is read is there.
                let vector = self.new_vector(&busy)?;
                self.compute(vector, action, &busy)?;
                self.made(to, vector)
            }
        }
    }

    fn is_mask(&self, register: Register) -> bool {
        self.places.value(register).is_some_and(|value| value.mask.is_some())
    }

    fn compare(&mut self, to: Register, x: Register, edge: i64, how: u32) -> Option<()> {
        let x = self.vector(x, &[x])?;
        let edge = self.number(edge);
        let mask = self.new_mask(&[])?;
        self.assembler.two_with(Code::EVEX_Vcmppd_kr_k1_zmm_zmmm512b64_imm8_sae, k(mask), x, edge, how);
        self.made_mask(to, mask)
    }

    fn both_masks(&mut self, code: Code, to: Register, x: Register, y: Register) -> Option<()> {
        let (a, b) = (self.mask(x, &[x, y])?, self.mask(y, &[x, y])?);
        let mask = self.new_mask(&[x, y])?;
        self.assembler.masks(code, mask, a, Some(b));
        self.made_mask(to, mask)
    }

    /// Writes the result of an action into a vector that none of its operands is in.
    fn compute(&mut self, to: Vector, action: Action, busy: &[Register]) -> Option<()> {
        match action {
            Action::Line { x, times, plus } => self.line(to, x, times, plus, busy),
            Action::Plane { x, by_x, y, by_y, plus } => self.plane(to, (x, by_x), (y, by_y), plus, busy),
            Action::Product { x, y } => self.pair(Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er, to, x, y, busy),
            Action::Min { x, y } => self.pair(Code::EVEX_Vminpd_zmm_k1z_zmm_zmmm512b64_sae, to, x, y, busy),
            Action::Either { x, y } => self.pair(Code::EVEX_Vmaxpd_zmm_k1z_zmm_zmmm512b64_sae, to, x, y, busy),
            Action::Lowered { x, edge } => self.beside(Code::EVEX_Vminpd_zmm_k1z_zmm_zmmm512b64_sae, to, x, edge, busy),
            Action::Raised { x, edge } => self.beside(Code::EVEX_Vmaxpd_zmm_k1z_zmm_zmmm512b64_sae, to, x, edge, busy),
            Action::Floor { x, times, plus, divisor } => {
                let x = self.vector(x, busy)?;
                self.shifted(to, x, times, plus, divisor);
                self.divided(to, divisor);
                Some(())
            }
            Action::Rounded { x, times, plus, divisor } => self.rounded(to, x, (times, plus, divisor), busy),
            Action::Quotient { x, y } => self.quotient(to, x, y, busy),
            Action::Select { when, then, otherwise } => {
                let otherwise = self.vector(otherwise, busy)?;
                let then = self.arg(then, busy)?;
                let mask = self.mask(when, busy)?;
                self.assembler.two_by(Code::EVEX_Vblendmpd_zmm_k1z_zmm_zmmm512b64, mask, to, otherwise, then);
                Some(())
            }
            Action::Put { when, number, x } => {
                let x = self.vector(x, busy)?;
                let mask = self.mask(when, busy)?;
                let number = self.number(number);
                self.assembler.two_by(Code::EVEX_Vblendmpd_zmm_k1z_zmm_zmmm512b64, mask, to, x, number);
                Some(())
            }
            Action::Keep { when, x, number } => {
                let x = self.vector(x, busy)?;
                let mask = self.mask(when, busy)?;
                if number != 0 {
                    let number = self.number(number);
                    self.spread(to, number);
                }
                self.assembler.one_where(Code::EVEX_Vmovapd_zmm_k1z_zmmm512, (mask, number == 0), zmm(to), x.into());
                Some(())
            }
            Action::Load { .. }
            | Action::Set { .. }
            | Action::AtLeast { .. }
            | Action::AtMost { .. }
            | Action::Equal { .. } => None,
        }
    }

    /// Two numbers.
    fn pair(&mut self, code: Code, to: Vector, x: Register, y: Register, busy: &[Register]) -> Option<()> {
        let x = self.vector(x, busy)?;
        let y = self.arg(y, busy)?;
        self.assembler.two(code, zmm(to), x, y);
        Some(())
    }

    /// A number and a constant.
    fn beside(&mut self, code: Code, to: Vector, x: Register, number: i64, busy: &[Register]) -> Option<()> {
        let x = self.vector(x, busy)?;
        let number = self.number(number);
        self.assembler.two(code, zmm(to), x, number);
        Some(())
    }

    fn line(&mut self, to: Vector, x: Register, times: i64, plus: i64, busy: &[Register]) -> Option<()> {
        match (times, plus) {
            (1, _) => self.beside(Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er, to, x, plus, busy),
            (_, 0) => self.beside(Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er, to, x, times, busy),
            _ => {
                let plus = self.number(plus);
                let x = self.arg(x, busy)?;
                self.spread(to, plus);
                self.add(to, x, times)
            }
        }
    }

    /// Adds a multiple of a number.
    fn add(&mut self, to: Vector, x: Arg, times: i64) -> Option<()> {
        match times {
            1 => self.assembler.two(Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), to, x),
            -1 => self.assembler.two(Code::EVEX_Vsubpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), to, x),
            _ => {
                let x = match x {
                    Arg::Vector(x) => x,
                    Arg::Memory(_) => {
                        self.load(FIRST, x);
                        FIRST
                    }
                };
                let times = self.number(times);
                self.assembler.two(Code::EVEX_Vfmadd231pd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), x, times);
            }
        }
        Some(())
    }

    /// Puts an operand into a vector.
    fn load(&mut self, to: Vector, x: Arg) {
        match x {
            Arg::Memory(memory) if memory.is_broadcast => self.spread(to, x),
            _ => self.assembler.one(Code::EVEX_Vmovapd_zmm_k1z_zmmm512, zmm(to), x),
        }
    }

    fn plane(
        &mut self,
        to: Vector,
        (x, by_x): (Register, i64),
        (y, by_y): (Register, i64),
        plus: i64,
        busy: &[Register],
    ) -> Option<()> {
        if plus != 0 {
            let (x, y) = (self.arg(x, busy)?, self.arg(y, busy)?);
            let plus = self.number(plus);
            self.spread(to, plus);
            self.add(to, x, by_x)?;
            return self.add(to, y, by_y);
        }
        match (by_x, by_y) {
            (1, 1) => self.pair(Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er, to, x, y, busy),
            (1, -1) => self.pair(Code::EVEX_Vsubpd_zmm_k1z_zmm_zmmm512b64_er, to, x, y, busy),
            (-1, 1) => self.pair(Code::EVEX_Vsubpd_zmm_k1z_zmm_zmmm512b64_er, to, y, x, busy),
            _ => {
                let (x, y) = (self.vector(x, busy)?, self.arg(y, busy)?);
                let by = self.number(by_x);
                self.assembler.two(Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), x, by);
                self.add(to, y, by_y)
            }
        }
    }

    /// `x × times + plus + 1/2 − divisor/2`: what rounds to the quotient once it is divided.
    fn shifted(&mut self, to: Vector, x: Vector, times: i64, plus: i64, divisor: i64) {
        let beside = self.constant(halves(2 * plus + 1 - divisor));
        if times == 1 {
            self.assembler.two(Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), x, beside);
        } else {
            let times = self.number(times);
            self.spread(to, beside);
            self.assembler.two(Code::EVEX_Vfmadd231pd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), x, times);
        }
    }

    /// Divides by a constant and takes the nearest whole number.
    fn divided(&mut self, to: Vector, divisor: i64) {
        let reciprocal = self.constant(reciprocal(divisor));
        self.assembler.two(Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), to, reciprocal);
        self.nearest(to);
    }

    fn nearest(&mut self, to: Vector) {
        self.assembler.one_with(Code::EVEX_Vrndscalepd_zmm_k1z_zmmm512b64_imm8_sae, to, to, TO_NEAREST);
    }

    fn rounded(
        &mut self,
        to: Vector,
        x: Register,
        (times, plus, divisor): (i64, i64, i64),
        busy: &[Register],
    ) -> Option<()> {
        let mut x = self.vector(x, busy)?;
        if times != 1 {
            let times = self.number(times);
            self.assembler.two(Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er, zmm(SECOND), x, times);
            x = SECOND;
        }
        let size = self.constant(!SIGN);
        self.assembler.two(Code::EVEX_Vpandq_zmm_k1z_zmm_zmmm512b64, zmm(to), x, size);
        self.shifted(to, to, 1, plus, divisor);
        self.divided(to, divisor);
        let sign = self.constant(SIGN);
        self.assembler.two_with(Code::EVEX_Vpternlogq_zmm_k1z_zmm_zmmm512b64_imm8, zmm(to), x, sign, OR_AND);
        Some(())
    }

    /// `(x + 1/2 − y/2) ÷ y`, to the nearest whole number.
    fn quotient(&mut self, to: Vector, x: Register, y: Register, busy: &[Register]) -> Option<()> {
        let (x, y) = (self.vector(x, busy)?, self.vector(y, busy)?);
        let half = self.constant(halves(1));
        self.assembler.two(Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), x, half);
        let half = self.constant(halves(1));
        self.assembler.two(Code::EVEX_Vfnmadd231pd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), y, half);
        self.assembler.two(Code::EVEX_Vdivpd_zmm_k1z_zmm_zmmm512b64_er, zmm(to), to, y.into());
        self.nearest(to);
        Some(())
    }
}

/// The bit of the sign.
const SIGN: u64 = 1 << 63;

/// A number of halves as the bits of a float.
#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "a multiple of 1/2 below 2^52")]
fn halves(count: i64) -> u64 {
    (count as f64 * 0.5).to_bits()
}

/// The reciprocal of a divisor as the bits of a float.
#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "its error is part of the proof in the core")]
fn reciprocal(divisor: i64) -> u64 {
    (1.0 / divisor as f64).to_bits()
}
