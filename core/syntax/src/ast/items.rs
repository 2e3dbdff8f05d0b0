//! Items and rules, and their lines.

use super::{Authority, Example, Expr, Input, Literal, Name, Named, OutcomeCase, Quoted, RoundingChoice, Type, Veto};
use alloc::vec::Vec;
use kaoping_terms::Place;

/// An item, that is an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Item {
    /// Its name.
    pub name: Named,
    /// Its points; none for an item that only deducts or adds.
    pub points: Option<Literal>,
    /// What it is made of, in text order.
    pub body: Vec<BodyLine>,
}

/// A rule kind, used by items.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rule {
    /// Its name.
    pub name: Named,
    /// What it is made of, in text order.
    pub body: Vec<BodyLine>,
}

/// A line of an item, rule or decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyLine {
    /// From its keyword to its end.
    pub place: Place,
    /// What it says.
    pub kind: BodyKind,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// The lines of an item, rule or decision.
#[derive(Clone, Debug, PartialEq, Eq)]
// A policy has hundreds of lines, not millions; boxes would only clutter what reads them.
#[allow(clippy::large_enum_variant)]
pub enum BodyKind {
    /// `读入 …`.
    Input(Input),
    /// `参数 a = 1, b`.
    Parameters(Vec<Parameter>),
    /// `选择 name = word : a | b "reason"`.
    Choice(Choice),
    /// `设 name body`.
    Let(Let),
    /// `给出 name = expr` or `给出 name : type`.
    Gives(Gives),
    /// `得 body`.
    Score(Expr),
    /// `结论 cases`.
    Outcome(Vec<OutcomeCase>),
    /// `扣 每 …` or `加 每 …`.
    Adjust(Adjust),
    /// `按 rule (a = …, b = …)`.
    By {
        /// The rule.
        rule: Name,
        /// Inputs, parameters and choices it binds.
        bindings: Vec<(Name, BindingValue)>,
    },
    /// `子方案 name`.
    SubScheme(Name),
    /// `至多 lit`.
    AtMost(Literal),
    /// `至少 lit`.
    AtLeast(Literal),
    /// `取到 lit mode | 不取整`: this item's own rounding.
    Round(RoundingChoice),
    /// `适用 当 expr`.
    Applies(Expr),
    /// `不适用时 改评 项 | 满分 | 零分 | 折算 | 减满分`.
    Otherwise {
        /// 改评, 满分, 零分, 折算 or 减满分.
        word: Name,
        /// The substitute, for 改评.
        substitute: Option<Name>,
    },
    /// `未报时 零分|最低|退回|暂缺`.
    WhenMissing(Name),
    /// `越低越好`.
    LowerIsBetter,
    /// `牵头 人保`.
    Lead(Vec<Name>),
    /// `责任 人保, 民政`.
    Responsible(Vec<Name>),
    /// `协办 …`.
    Supporting(Vec<Name>),
    /// `口径 "…"`: the definition of the figure.
    Definition(Quoted),
    /// `否决 …` of this item.
    Veto(Veto),
    /// `例 …`.
    Example(Example),
}

/// What binds an input, parameter or choice of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingValue {
    /// A figure.
    Literal(Literal),
    /// A word, for a choice.
    Word(Name),
}

/// A parameter, with a value of its own or one from `parameters.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Named,
    /// Its value; none where `parameters.csv` has it.
    pub value: Option<Literal>,
}

/// `选择 不足一步 [= 整步] : 整步 | 按比例 | 进一步 "reason"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: Named,
    /// What was chosen; none where each use must choose.
    pub chosen: Option<Name>,
    /// The words to choose from.
    pub words: Vec<Name>,
    /// Why there is a choice.
    pub reason: Quoted,
}

/// `设 name = expr`, or `设 name 当 … → … 否则 → …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// Its name.
    pub name: Named,
    /// Its value.
    pub value: Expr,
}

/// `给出 达标 = expr` (a by-product of an item) or `给出 补助额 benefit : 元` (a column of
/// the result of a decision).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gives {
    /// Its name.
    pub name: Named,
    /// Its value, in items and rules.
    pub value: Option<Expr>,
    /// Its type, in decisions.
    pub kind: Option<Type>,
}

/// `扣 每 上访 其中 cond 2 分 至多 6 分`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjust {
    /// Whether points are added rather than deducted.
    pub adds: bool,
    /// The event table.
    pub table: Name,
    /// Which of its events.
    pub filter: Option<Expr>,
    /// Points each.
    pub points: Literal,
    /// At most that much by this line.
    pub at_most: Option<Literal>,
}
