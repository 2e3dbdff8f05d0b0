//! Bytes of instructions, one after another.

use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};

/// Vector registers.
const VECTORS: u32 = 32;

/// A vector register, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vector(pub(crate) u8);

/// A mask register, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask(pub(crate) u8);

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arg {
    Vector(Vector),
    Memory(MemoryOperand),
}

impl From<Vector> for Arg {
    fn from(vector: Vector) -> Arg {
        Arg::Vector(vector)
    }
}

/// Bytes so far.
pub(crate) struct Assembler {
    encoder: Encoder,
    length: u64,
    failed: bool,
}

impl Assembler {
    pub(crate) fn new() -> Option<Assembler> {
        Some(Assembler { encoder: Encoder::try_new(64).ok()?, length: 0, failed: false })
    }

    /// All bytes; none where one instruction could not be written.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        (!self.failed).then(|| self.encoder.take_buffer())
    }

    /// Where the next instruction begins.
    pub(crate) fn here(&self) -> u64 {
        self.length
    }

    pub(crate) fn put(&mut self, instruction: Result<Instruction, IcedError>) {
        match instruction.and_then(|instruction| self.encoder.encode(&instruction, self.length)) {
            Ok(bytes) => self.length += bytes as u64,
            Err(_) => self.failed = true,
        }
    }

    /// `to` from `x`.
    pub(crate) fn one(&mut self, code: Code, to: Register, x: Arg) {
        self.put(match x {
            Arg::Vector(x) => Instruction::with2(code, to, zmm(x)),
            Arg::Memory(x) => Instruction::with2(code, to, x),
        });
    }

    /// `to` from `x` where the mask is set; elsewhere what was there, or zero.
    pub(crate) fn one_where(&mut self, code: Code, (mask, else_zero): (Mask, bool), to: Register, x: Arg) {
        let made = match x {
            Arg::Vector(x) => Instruction::with2(code, to, zmm(x)),
            Arg::Memory(x) => Instruction::with2(code, to, x),
        };
        self.put(made.map(|instruction| masked(instruction, mask, else_zero)));
    }

    /// `to` from `x` and `y`.
    pub(crate) fn two(&mut self, code: Code, to: Register, x: Vector, y: Arg) {
        self.put(match y {
            Arg::Vector(y) => Instruction::with3(code, to, zmm(x), zmm(y)),
            Arg::Memory(y) => Instruction::with3(code, to, zmm(x), y),
        });
    }

    /// `to` from `x` and `y`, chosen by a mask.
    pub(crate) fn two_by(&mut self, code: Code, mask: Mask, to: Vector, x: Vector, y: Arg) {
        let made = match y {
            Arg::Vector(y) => Instruction::with3(code, zmm(to), zmm(x), zmm(y)),
            Arg::Memory(y) => Instruction::with3(code, zmm(to), zmm(x), y),
        };
        self.put(made.map(|instruction| masked(instruction, mask, false)));
    }

    /// `to` from `x` and a number that belongs to the instruction.
    pub(crate) fn one_with(&mut self, code: Code, to: Vector, x: Vector, with: u32) {
        self.put(Instruction::with3(code, zmm(to), zmm(x), with));
    }

    /// `to` from `x`, `y` and a number that belongs to the instruction.
    pub(crate) fn two_with(&mut self, code: Code, to: Register, x: Vector, y: Arg, with: u32) {
        self.put(match y {
            Arg::Vector(y) => Instruction::with4(code, to, zmm(x), zmm(y), with),
            Arg::Memory(y) => Instruction::with4(code, to, zmm(x), y, with),
        });
    }

    /// `to` from the lower half of `x`.
    pub(crate) fn half(&mut self, code: Code, to: Register, x: Vector) {
        self.put(Instruction::with2(code, to, ymm(x)));
    }

    /// The lower half of `to` from those of `x` and `y`.
    pub(crate) fn halves(&mut self, code: Code, to: Vector, x: Vector, y: Arg) {
        self.put(match y {
            Arg::Vector(y) => Instruction::with3(code, ymm(to), ymm(x), ymm(y)),
            Arg::Memory(y) => Instruction::with3(code, ymm(to), ymm(x), y),
        });
    }

    /// Bits of the lower half of `to`, `x` and `y` together.
    pub(crate) fn halves_with(&mut self, to: Vector, x: Vector, y: Arg, with: u32) {
        let code = Code::EVEX_Vpternlogd_ymm_k1z_ymm_ymmm256b32_imm8;
        self.put(match y {
            Arg::Vector(y) => Instruction::with4(code, ymm(to), ymm(x), ymm(y), with),
            Arg::Memory(y) => Instruction::with4(code, ymm(to), ymm(x), y, with),
        });
    }

    /// Puts a vector into memory.
    pub(crate) fn keep(&mut self, code: Code, to: MemoryOperand, from: Register) {
        self.put(Instruction::with2(code, to, from));
    }

    /// A mask from others.
    pub(crate) fn masks(&mut self, code: Code, to: Mask, x: Mask, y: Option<Mask>) {
        self.put(match y {
            Some(y) => Instruction::with3(code, k(to), k(x), k(y)),
            None => Instruction::with2(code, k(to), k(x)),
        });
    }
}

fn masked(mut instruction: Instruction, mask: Mask, else_zero: bool) -> Instruction {
    instruction.set_op_mask(k(mask));
    instruction.set_zeroing_masking(else_zero);
    instruction
}

/// The whole of a vector register.
pub(crate) fn zmm(vector: Vector) -> Register {
    Register::ZMM0 + u32::from(vector.0) % VECTORS
}

/// The lower half of a vector register.
pub(crate) fn ymm(vector: Vector) -> Register {
    Register::YMM0 + u32::from(vector.0) % VECTORS
}

/// A mask register.
pub(crate) fn k(mask: Mask) -> Register {
    Register::K0 + u32::from(mask.0) % 8
}
