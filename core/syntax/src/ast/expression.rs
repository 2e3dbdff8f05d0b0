//! Expressions.

use super::{Authority, Literal, Name, Quoted};
use alloc::{boxed::Box, vec::Vec};
use kaoping_terms::{Day, Place};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub place: Place,
    /// `选择`/`依据` written behind a case or a tier while the statement goes on. The
    /// statement lists them too, so whoever asks what a line rests on need not look here.
    pub authority: Vec<Authority>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// <
    Less,
    /// ≤
    AtMost,
    /// >
    Greater,
    /// ≥
    AtLeast,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// 或
    Or,
    /// 且
    And,
    /// A comparison.
    Compare(Comparison),
    /// +
    Add,
    /// −
    Sub,
    /// ×
    Mul,
    /// /
    Div,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A figure.
    Literal(Literal),
    /// A day.
    Day(Day),
    /// A name, perhaps with members: `单位.试点`, `月评.总分`.
    Name(Vec<Name>),
    /// 不适用.
    NotApplicable,
    /// − x
    Negate(Box<Expr>),
    /// 非 x
    Not(Box<Expr>),
    /// a op b
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// x 属于 {a, b}
    In(Box<Expr>, Vec<Name>),
    /// `f(a, b)`, `最高(x 于 同组 其中 c)`.
    Call(Box<Call>),
    /// 档 (value by the first row) or 分段 (rates on slices).
    Table(Box<TierTable>),
    /// 当 … → … 否则 → …
    Cases {
        /// Condition and value, in order.
        cases: Vec<Case>,
        /// The value otherwise.
        otherwise: Box<Expr>,
        /// What is said otherwise.
        say: Option<Quoted>,
    },
    /// `x 按 2008-12-31 标准`: with the parameters of another day.
    AsOf(Box<Expr>, AsOf),
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The condition.
    pub when: Expr,
    /// The value.
    pub value: Expr,
    /// What is said.
    pub say: Option<Quoted>,
}

/// A function or aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub function: Name,
    /// Its arguments.
    pub arguments: Vec<Expr>,
    /// `于 domain`.
    pub over: Option<Name>,
    /// `其中 expr`.
    pub filter: Option<Expr>,
}

/// `档 x ≤ 5,000 元 → 25% … 其余 → 50%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierTable {
    /// Rates on slices (分段) rather than the value by the first row (档).
    pub slices: bool,
    /// The quantity looked up.
    pub subject: Expr,
    /// Edge and value, in text order.
    pub rows: Vec<TierRow>,
    /// The value of the rest.
    pub rest: Expr,
}

/// One row of a table of tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierRow {
    /// How the quantity is compared with the edge.
    pub relation: Comparison,
    /// The edge.
    pub edge: Expr,
    /// The value of the row.
    pub value: Expr,
    /// The row.
    pub place: Place,
}

/// The day whose parameters are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// A day that is written: `按 2008-12-31 标准`.
    Day(Day),
    /// The day each row brings: `按 费款日 标准`.
    Row(Name),
}
