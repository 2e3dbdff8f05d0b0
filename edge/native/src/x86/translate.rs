//! From the operations of a plan to instructions.
//!
//! What is handed over in memory, eight bytes each: where the constants stand, where the places for
//! what waits between loops are, then every input and every result from the first unit of this call.

use super::{
    assembler::{Arg, Assembler, Mask, Vector, k, ymm, zmm},
    places::{KEPT_VECTORS, Places, Source, read},
    segments::{Stream, segments, stream},
};
use iced_x86::{Code, Instruction as Bytes, MemoryOperand, Register as Machine};
use kaoping_columns::{Instruction, Listing, Register, Width};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Units that are worked out at a time.
pub(crate) const TOGETHER: usize = 8;

/// Units that one loop is done with before the next begins.
pub(crate) const BLOCK: usize = 512;

/// Vectors for what comes and goes within one instruction.
pub(super) const FIRST: Vector = Vector(KEPT_VECTORS);
pub(super) const SECOND: Vector = Vector(KEPT_VECTORS + 1);

/// Vectors in which the sign bit of any lane says that a number was beyond what was told.
const BEYOND_SHORT: Vector = Vector(KEPT_VECTORS + 2);
const BEYOND_LONG: Vector = Vector(KEPT_VECTORS + 3);

/// Vectors in which any bit says so.
const BITS_SHORT: Vector = Vector(KEPT_VECTORS + 4);
const BITS_LONG: Vector = Vector(KEPT_VECTORS + 5);

/// The mask for what comes and goes within one instruction.
const PASSING: Mask = Mask(1);

/// Where what is handed over stands, how many units there are, and the unit at hand.
const HANDED: Machine = Machine::RDI;
const UNITS: Machine = Machine::RSI;
const UNIT: Machine = Machine::RCX;
const CONSTANTS: Machine = Machine::R15;
const SLOTS: Machine = Machine::RBP;

/// Where columns stand; one that finds no place in them is looked up each time.
const COLUMNS: [Machine; 9] = [
    Machine::RDX,
    Machine::RBX,
    Machine::R8,
    Machine::R9,
    Machine::R10,
    Machine::R11,
    Machine::R12,
    Machine::R13,
    Machine::R14,
];
const LOOKED_UP: Machine = Machine::RAX;

/// What a call has to leave as it was.
const SAVED: [Machine; 6] = [Machine::RBX, Machine::RBP, Machine::R12, Machine::R13, Machine::R14, Machine::R15];

/// Among so many constants one is looked for before it is put behind them.
const RECENT: usize = 48;

/// How a comparison is asked for.
const NOT_EQUAL: u32 = 4;

/// `a | b | c` and `a | b & !c`, bit by bit.
const OR_OR: u32 = 0xFE;
const OR_NOT: u32 = 0xF4;

/// Instructions and what they need.
#[derive(Debug)]
pub(crate) struct Translated {
    pub(crate) bytes: Vec<u8>,
    /// Where the instructions begin that put results into columns.
    pub(crate) stores: Vec<usize>,
    /// Bits of the constants.
    pub(crate) constants: Vec<u64>,
    /// Places for what waits between loops, of [`BLOCK`] numbers each.
    pub(crate) slots: usize,
    /// Whether a call may take any number of units, and not only [`BLOCK`].
    pub(crate) endless: bool,
}

/// A listing as instructions; none where one of them cannot be written.
pub(crate) fn translate(listing: &Listing<'_>) -> Option<Translated> {
    let loops = segments(listing.code);
    let is_one = loops.len() == 1;
    let assembler = Assembler::new()?;
    let mut it = Translator {
        listing,
        assembler,
        places: Places::new(listing.code),
        constants: Vec::new(),
        columns: BTreeMap::new(),
        looked_at: BTreeSet::new(),
        stores: Vec::new(),
        at: 0,
        end: 0,
    };
    for register in SAVED {
        it.assembler.put(Bytes::with1(Code::Push_r64, register));
    }
    it.fetch(CONSTANTS, 0);
    it.fetch(SLOTS, 1);
    for beyond in [BEYOND_SHORT, BEYOND_LONG, BITS_SHORT, BITS_LONG] {
        it.assembler.two(Code::EVEX_Vpxorq_zmm_k1z_zmm_zmmm512b64, zmm(beyond), beyond, beyond.into());
    }
    let mut before = 0..0;
    for segment in loops {
        it.places.begin_loop(listing.code.get(before)?, segment.start);
        it.one_loop(&segment)?;
        before = segment;
    }
    it.all_as_told();
    // Whatever was put past the caches is there for everybody before this returns.
    it.assembler.put(Ok(Bytes::with(Code::Sfence)));
    it.assembler.put(Ok(Bytes::with(Code::VEX_Vzeroupper)));
    for register in SAVED.into_iter().rev() {
        it.assembler.put(Bytes::with1(Code::Pop_r64, register));
    }
    it.assembler.put(Ok(Bytes::with(Code::Retnq)));
    let slots = it.places.slots() as usize;
    let endless = slots == 0 && is_one;
    Some(Translated { bytes: it.assembler.finish()?, stores: it.stores, constants: it.constants, slots, endless })
}

pub(super) struct Translator<'l> {
    listing: &'l Listing<'l>,
    pub(super) assembler: Assembler,
    pub(super) places: Places,
    /// Bits of the constants.
    constants: Vec<u64>,
    /// Where the columns of this loop stand.
    columns: BTreeMap<Stream, Machine>,
    /// Inputs whose numbers are compared with what was told.
    looked_at: BTreeSet<u32>,
    stores: Vec<usize>,
    /// The instruction at hand, and one behind the last of the loop.
    at: usize,
    end: usize,
}

impl Translator<'_> {
    fn one_loop(&mut self, segment: &Range<usize>) -> Option<()> {
        let code = self.listing.code.get(segment.clone())?;
        self.end = segment.end;
        let mut streams: BTreeSet<Stream> = code.iter().filter_map(stream).collect();
        // What an earlier loop has read from a column is read again.
        let inputs = code.iter().flat_map(read).filter_map(|register| self.places.value(register));
        streams.extend(inputs.filter_map(|value| match value.source {
            Source::Input(input) => Some(Stream::Input(input)),
            _ => None,
        }));
        self.columns = streams.into_iter().zip(COLUMNS).collect();
        for (stream, register) in self.columns.clone() {
            self.fetch(register, self.handed(stream));
        }
        self.assembler.put(Bytes::with2(Code::Xor_r32_rm32, Machine::ECX, Machine::ECX));
        let begin = self.assembler.here();
        for (at, instruction) in segment.clone().zip(code) {
            self.at = at;
            match *instruction {
                Instruction::Make { to, action } => self.make(to, action)?,
                Instruction::Store { from, output } => self.store(from, output)?,
            }
            for register in read(instruction) {
                self.places.release(register, at, self.end);
            }
        }
        let together = i32::try_from(TOGETHER).ok()?;
        self.assembler.put(Bytes::with2(Code::Add_rm64_imm8, UNIT, together));
        self.assembler.put(Bytes::with2(Code::Cmp_r64_rm64, UNIT, UNITS));
        self.assembler.put(Bytes::with_branch(Code::Jb_rel32_64, begin));
        Some(())
    }

    /// What was handed over, by position.
    fn fetch(&mut self, to: Machine, position: usize) {
        let from = at(HANDED, None, i64::try_from(position * 8).unwrap_or(i64::MAX));
        self.assembler.put(Bytes::with2(Code::Mov_r64_rm64, to, from));
    }

    fn handed(&self, stream: Stream) -> usize {
        2 + match stream {
            Stream::Input(input) => input as usize,
            Stream::Result(result) => self.listing.inputs.len() + result as usize,
        }
    }

    /// A column at the unit at hand.
    fn column(&mut self, stream: Stream, width: Width) -> MemoryOperand {
        let base = match self.columns.get(&stream) {
            Some(register) => *register,
            None => {
                self.fetch(LOOKED_UP, self.handed(stream));
                LOOKED_UP
            }
        };
        let scale = match width {
            Width::Short => 4,
            Width::Long => 8,
        };
        at(base, Some(scale), 0)
    }

    /// A constant, the same for all units.
    pub(super) fn constant(&mut self, bits: u64) -> Arg {
        // One that was used a while ago stands once more, near those it is used with.
        let recent = self.constants.iter().rev().take(RECENT).position(|constant| *constant == bits);
        let position = recent.map_or(self.constants.len(), |back| self.constants.len() - 1 - back);
        if recent.is_none() {
            self.constants.push(bits);
        }
        let displacement = i64::try_from(position * 8).unwrap_or(i64::MAX);
        Arg::Memory(MemoryOperand { is_broadcast: true, ..at(CONSTANTS, None, displacement) })
    }

    #[expect(clippy::cast_precision_loss, reason = "constants are whole numbers below 2^53")]
    pub(super) fn number(&mut self, number: i64) -> Arg {
        self.constant((number as f64).to_bits())
    }

    /// A vector for a number, taken from the register that needs its own last if need be.
    pub(super) fn new_vector(&mut self, busy: &[Register]) -> Option<Vector> {
        if let Some(free) = self.places.free_vector() {
            return Some(free);
        }
        let register = self.places.least_needed_vector(self.at, busy)?;
        let vector = self.places.take_vector(register)?;
        let value = self.places.value(register)?;
        if value.source == Source::Made && value.slot.is_none() && value.mask.is_none() {
            self.put_aside(register, vector)?;
        }
        Some(vector)
    }

    /// Keeps a number in memory.
    fn put_aside(&mut self, register: Register, vector: Vector) -> Option<()> {
        let slot = self.places.new_slot();
        self.places.value_mut(register)?.slot = Some(slot);
        self.assembler.keep(Code::EVEX_Vmovapd_zmmm512_k1z_zmm, place(slot), zmm(vector));
        Some(())
    }

    /// A mask for a truth, taken from the register that needs its own last if need be.
    pub(super) fn new_mask(&mut self, busy: &[Register]) -> Option<Mask> {
        if let Some(free) = self.places.free_mask() {
            return Some(free);
        }
        let register = self.places.least_needed_mask(self.at, busy)?;
        self.vector(register, busy)?;
        self.places.take_mask(register)
    }

    /// The number of a register in a vector.
    pub(super) fn vector(&mut self, register: Register, busy: &[Register]) -> Option<Vector> {
        let value = self.places.value(register)?;
        if let Some(vector) = value.vector {
            return Some(vector);
        }
        let held = (value.mask, value.slot, value.source);
        let mut busy = busy.to_vec();
        busy.push(register);
        let vector = self.new_vector(&busy)?;
        match held {
            (Some(mask), ..) => {
                let one = self.number(1);
                self.assembler.one_where(Code::EVEX_Vbroadcastsd_zmm_k1z_xmmm64, (mask, true), zmm(vector), plain(one));
            }
            (None, Some(slot), _) => {
                self.assembler.one(Code::EVEX_Vmovapd_zmm_k1z_zmmm512, zmm(vector), Arg::Memory(place(slot)));
            }
            (None, None, Source::Input(input)) => {
                self.input(vector, input)?;
            }
            (None, None, Source::Number(number)) => {
                let number = self.number(number);
                self.spread(vector, number);
            }
            (None, None, Source::Made) => return None,
        }
        self.places.value_mut(register)?.vector = Some(vector);
        Some(vector)
    }

    /// Reads an input, and looks for the first time it is read whether it is as told.
    fn input(&mut self, to: Vector, input: u32) -> Option<()> {
        let width = *self.listing.inputs.get(input as usize)?;
        let (low, high) = *self.listing.told.get(input as usize)?;
        let column = self.column(Stream::Input(input), width);
        let first = self.looked_at.insert(input);
        // From zero to the last number of so many bits: no other bit is set.
        let bits = first && low == 0 && high & (high + 1) == 0;
        match width {
            Width::Short if bits => {
                let bits = self.constant(high.cast_unsigned());
                self.assembler.one(Code::EVEX_Vmovdqu32_ymm_k1z_ymmm256, ymm(FIRST), Arg::Memory(column));
                self.assembler.half(Code::EVEX_Vcvtdq2pd_zmm_k1z_ymmm256b32_er, zmm(to), FIRST);
                self.assembler.halves_with(BITS_SHORT, FIRST, bits, OR_NOT);
            }
            Width::Long if bits => {
                let bits = self.constant(high.cast_unsigned());
                self.assembler.one(Code::EVEX_Vmovdqu64_zmm_k1z_zmmm512, zmm(FIRST), Arg::Memory(column));
                self.assembler.one(Code::EVEX_Vcvtqq2pd_zmm_k1z_zmmm512b64_er, zmm(to), FIRST.into());
                let code = Code::EVEX_Vpternlogq_zmm_k1z_zmm_zmmm512b64_imm8;
                self.assembler.two_with(code, zmm(BITS_LONG), FIRST, bits, OR_NOT);
            }
            Width::Short if first && high.abs_diff(low) < 1 << 31 => {
                let edge = |edge: i64| i32::try_from(edge.clamp(i32::MIN.into(), i32::MAX.into()));
                let [low, high] = [edge(low).ok()?, edge(high).ok()?];
                let [low, high] = [low, high].map(|edge| self.constant(u64::from(edge.cast_unsigned())));
                self.assembler.one(Code::EVEX_Vmovdqu32_ymm_k1z_ymmm256, ymm(FIRST), Arg::Memory(column));
                self.assembler.half(Code::EVEX_Vcvtdq2pd_zmm_k1z_ymmm256b32_er, zmm(to), FIRST);
                self.assembler.one(Code::EVEX_Vpbroadcastd_ymm_k1z_xmmm32, ymm(SECOND), plain(high));
                self.assembler.halves(Code::EVEX_Vpsubd_ymm_k1z_ymm_ymmm256b32, SECOND, SECOND, FIRST.into());
                self.assembler.halves(Code::EVEX_Vpsubd_ymm_k1z_ymm_ymmm256b32, FIRST, FIRST, low);
                self.assembler.halves_with(BEYOND_SHORT, FIRST, SECOND.into(), OR_OR);
            }
            // Too far apart for a distance in 32 bits, too.
            Width::Short | Width::Long if first => {
                let [low, high] = [low, high].map(|edge| self.constant(edge.cast_unsigned()));
                let code = match width {
                    Width::Short => Code::EVEX_Vpmovsxdq_zmm_k1z_ymmm256,
                    Width::Long => Code::EVEX_Vmovdqu64_zmm_k1z_zmmm512,
                };
                self.assembler.one(code, zmm(FIRST), Arg::Memory(column));
                self.assembler.one(Code::EVEX_Vcvtqq2pd_zmm_k1z_zmmm512b64_er, zmm(to), FIRST.into());
                self.spread(SECOND, high);
                self.assembler.two(Code::EVEX_Vpsubq_zmm_k1z_zmm_zmmm512b64, zmm(SECOND), SECOND, FIRST.into());
                self.assembler.two(Code::EVEX_Vpsubq_zmm_k1z_zmm_zmmm512b64, zmm(FIRST), FIRST, low);
                let code = Code::EVEX_Vpternlogq_zmm_k1z_zmm_zmmm512b64_imm8;
                self.assembler.two_with(code, zmm(BEYOND_LONG), FIRST, SECOND.into(), OR_OR);
            }
            Width::Short => {
                self.assembler.one(Code::EVEX_Vcvtdq2pd_zmm_k1z_ymmm256b32_er, zmm(to), Arg::Memory(column));
            }
            Width::Long => {
                self.assembler.one(Code::EVEX_Vcvtqq2pd_zmm_k1z_zmmm512b64_er, zmm(to), Arg::Memory(column));
            }
        }
        Some(())
    }

    /// Gives zero, unless a number was beyond what was told. Between the edges both distances fit; where
    /// the distance to one edge does not, that to the other is below zero.
    fn all_as_told(&mut self) {
        let (all, some) = (Machine::EAX, Machine::ECX);
        self.assembler.put(Bytes::with2(Code::Xor_r32_rm32, all, all));
        for seen in [
            Bytes::with2(Code::EVEX_Vpmovd2m_kr_ymm, k(PASSING), ymm(BEYOND_SHORT)),
            Bytes::with2(Code::EVEX_Vpmovq2m_kr_zmm, k(PASSING), zmm(BEYOND_LONG)),
            Bytes::with3(Code::EVEX_Vptestmd_kr_k1_ymm_ymmm256b32, k(PASSING), ymm(BITS_SHORT), ymm(BITS_SHORT)),
            Bytes::with3(Code::EVEX_Vptestmd_kr_k1_zmm_zmmm512b32, k(PASSING), zmm(BITS_LONG), zmm(BITS_LONG)),
        ] {
            self.assembler.put(seen);
            self.assembler.put(Bytes::with2(Code::VEX_Kmovw_r32_kr, some, k(PASSING)));
            self.assembler.put(Bytes::with2(Code::Or_r32_rm32, all, some));
        }
    }

    /// Puts a constant into every lane.
    pub(super) fn spread(&mut self, to: Vector, constant: Arg) {
        self.assembler.one(Code::EVEX_Vbroadcastsd_zmm_k1z_xmmm64, zmm(to), plain(constant));
    }

    /// The number of a register as the last operand.
    pub(super) fn arg(&mut self, register: Register, busy: &[Register]) -> Option<Arg> {
        let value = self.places.value(register)?;
        match (value.vector, value.mask, value.slot, value.source) {
            (None, None, None, Source::Number(number)) => Some(self.number(number)),
            (None, None, Some(slot), _) => Some(Arg::Memory(place(slot))),
            _ => self.vector(register, busy).map(Arg::Vector),
        }
    }

    /// A truth as a mask.
    pub(super) fn mask(&mut self, register: Register, busy: &[Register]) -> Option<Mask> {
        if let Some(mask) = self.places.value(register)?.mask {
            return Some(mask);
        }
        let vector = self.vector(register, busy)?;
        let zero = self.number(0);
        self.assembler.two_with(Code::EVEX_Vcmppd_kr_k1_zmm_zmmm512b64_imm8_sae, k(PASSING), vector, zero, NOT_EQUAL);
        Some(PASSING)
    }

    /// A register is now in a vector.
    pub(super) fn made(&mut self, register: Register, vector: Vector) -> Option<()> {
        self.places.value_mut(register)?.vector = Some(vector);
        if self.places.value(register)?.next_read(self.end).is_some() {
            self.put_aside(register, vector)?;
        }
        self.places.release(register, self.at, self.end);
        Some(())
    }

    /// A register is now in a mask.
    pub(super) fn made_mask(&mut self, register: Register, mask: Mask) -> Option<()> {
        self.places.value_mut(register)?.mask = Some(mask);
        if self.places.value(register)?.next_read(self.end).is_some() {
            let vector = self.vector(register, &[register])?;
            self.put_aside(register, vector)?;
        }
        self.places.release(register, self.at, self.end);
        Some(())
    }

    fn store(&mut self, from: Register, output: u32) -> Option<()> {
        let number = self.arg(from, &[from])?;
        let width = *self.listing.results.get(output as usize)?;
        let to = self.column(Stream::Result(output), width);
        match width {
            Width::Short => {
                self.assembler.one(Code::EVEX_Vcvtpd2dq_ymm_k1z_zmmm512b64_er, ymm(FIRST), number);
                self.stores.push(usize::try_from(self.assembler.here()).ok()?);
                self.assembler.keep(Code::EVEX_Vmovdqu32_ymmm256_k1z_ymm, to, ymm(FIRST));
            }
            Width::Long => {
                self.assembler.one(Code::EVEX_Vcvtpd2qq_zmm_k1z_zmmm512b64_er, zmm(FIRST), number);
                self.stores.push(usize::try_from(self.assembler.here()).ok()?);
                self.assembler.keep(Code::EVEX_Vmovdqu64_zmmm512_k1z_zmm, to, zmm(FIRST));
            }
        }
        Some(())
    }
}

/// Memory at a register, with the unit at hand times its width.
fn at(base: Machine, scale: Option<u32>, displacement: i64) -> MemoryOperand {
    MemoryOperand {
        base,
        index: if scale.is_some() { UNIT } else { Machine::None },
        scale: scale.unwrap_or(1),
        displacement,
        displ_size: u32::from(displacement != 0),
        ..MemoryOperand::default()
    }
}

/// A place for what waits.
fn place(slot: u32) -> MemoryOperand {
    at(SLOTS, Some(8), i64::from(slot) * (BLOCK as i64 * 8))
}

/// A constant for an instruction that spreads it by itself.
fn plain(constant: Arg) -> Arg {
    match constant {
        Arg::Memory(memory) => Arg::Memory(MemoryOperand { is_broadcast: false, ..memory }),
        Arg::Vector(_) => constant,
    }
}
