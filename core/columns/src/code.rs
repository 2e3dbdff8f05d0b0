//! The instructions of a plan. Each makes one register of whole numbers, one for each unit of a
//! block; truths are 1 and 0.

/// A register: before registers are shared, one for each result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register(pub u32);

/// What an instruction does with its one or two registers. Constants are whole numbers below 2^53,
/// and so is every result and every product and sum on the way to it: the compiler proves it from
/// what the figures lie between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the line above says what the fields of each are")]
pub enum Action {
    /// The numerators of an input.
    Load { input: u32 },
    /// The same number for all.
    Set { number: i64 },
    /// `x × times + plus`.
    Line { x: Register, times: i64, plus: i64 },
    /// `x × by_x + y × by_y + plus`.
    Plane { x: Register, by_x: i64, y: Register, by_y: i64, plus: i64 },
    /// `x × y`.
    Product { x: Register, y: Register },
    /// `(x × times + plus) ÷ divisor`, rounded down; the dividend stays below 2^49, and the divisor
    /// too, which is above zero.
    Floor { x: Register, times: i64, plus: i64, divisor: i64 },
    /// The size of `x × times`, plus `plus`, divided by `divisor`, rounded down, with the sign of
    /// `x × times`: what is rounded alike on both sides of zero. Limits as of `Floor`.
    Rounded { x: Register, times: i64, plus: i64, divisor: i64 },
    /// `x ÷ y`, rounded down; both stay below 2^49, and `y` above zero.
    Quotient { x: Register, y: Register },
    /// Whether `x ≥ edge`.
    AtLeast { x: Register, edge: i64 },
    /// Whether `x ≤ edge`.
    AtMost { x: Register, edge: i64 },
    /// Whether `x = edge`.
    Equal { x: Register, edge: i64 },
    /// The smaller of `x` and a number.
    Lowered { x: Register, edge: i64 },
    /// The larger of `x` and a number.
    Raised { x: Register, edge: i64 },
    /// The smaller.
    Min { x: Register, y: Register },
    /// 1 where `x` or `y` is 1.
    Either { x: Register, y: Register },
    /// `then` where `when` is 1, else `otherwise`.
    Select { when: Register, then: Register, otherwise: Register },
    /// `number` where `when` is 1, else `x`.
    Put { when: Register, number: i64, x: Register },
    /// `x` where `when` is 1, else `number`.
    Keep { when: Register, x: Register, number: i64 },
}

/// A step of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the line above says what the fields of each are")]
pub enum Instruction {
    /// Makes a register.
    Make { to: Register, action: Action },
    /// Puts a register into a result.
    Store { from: Register, output: u32 },
}

impl Action {
    /// The registers it reads.
    pub fn reads(&self) -> [Option<Register>; 3] {
        match *self {
            Action::Load { .. } | Action::Set { .. } => [None; 3],
            Action::Line { x, .. }
            | Action::Floor { x, .. }
            | Action::Rounded { x, .. }
            | Action::AtLeast { x, .. }
            | Action::AtMost { x, .. }
            | Action::Equal { x, .. }
            | Action::Lowered { x, .. }
            | Action::Raised { x, .. } => [Some(x), None, None],
            Action::Plane { x, y, .. }
            | Action::Product { x, y }
            | Action::Quotient { x, y }
            | Action::Either { x, y }
            | Action::Min { x, y } => [Some(x), Some(y), None],
            Action::Put { when, x, .. } | Action::Keep { when, x, .. } => [Some(when), Some(x), None],
            Action::Select { when, then, otherwise } => [Some(when), Some(then), Some(otherwise)],
        }
    }

    /// The same over other registers.
    pub(crate) fn renamed(self, name: impl Fn(Register) -> Register) -> Action {
        match self {
            Action::Load { .. } | Action::Set { .. } => self,
            Action::Line { x, times, plus } => Action::Line { x: name(x), times, plus },
            Action::Plane { x, by_x, y, by_y, plus } => Action::Plane { x: name(x), by_x, y: name(y), by_y, plus },
            Action::Product { x, y } => Action::Product { x: name(x), y: name(y) },
            Action::Floor { x, times, plus, divisor } => Action::Floor { x: name(x), times, plus, divisor },
            Action::Rounded { x, times, plus, divisor } => Action::Rounded { x: name(x), times, plus, divisor },
            Action::Quotient { x, y } => Action::Quotient { x: name(x), y: name(y) },
            Action::AtLeast { x, edge } => Action::AtLeast { x: name(x), edge },
            Action::AtMost { x, edge } => Action::AtMost { x: name(x), edge },
            Action::Equal { x, edge } => Action::Equal { x: name(x), edge },
            Action::Lowered { x, edge } => Action::Lowered { x: name(x), edge },
            Action::Raised { x, edge } => Action::Raised { x: name(x), edge },
            Action::Min { x, y } => Action::Min { x: name(x), y: name(y) },
            Action::Either { x, y } => Action::Either { x: name(x), y: name(y) },
            Action::Put { when, number, x } => Action::Put { when: name(when), number, x: name(x) },
            Action::Keep { when, x, number } => Action::Keep { when: name(when), x: name(x), number },
            Action::Select { when, then, otherwise } => {
                Action::Select { when: name(when), then: name(then), otherwise: name(otherwise) }
            }
        }
    }
}
