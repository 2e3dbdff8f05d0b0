//! What is read: figures of an item and columns of events, with their types and limits.

use super::{Comparison, Literal, Name, Named, UnitText};
use alloc::vec::Vec;
use kaoping_terms::Place;

/// `读入 完成数 actual : 量 ≥ 0 人`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name and alias; the alias is the field in files.
    pub name: Named,
    /// What it is.
    pub kind: Type,
    /// `> 0`, `≥ 0 人`.
    pub bounds: Vec<(Comparison, Literal)>,
    /// `≤ 应报数`: another input above it, of which it is a part.
    pub against: Vec<(Comparison, Name)>,
    /// `0%..100%`.
    pub range: Option<(Literal, Literal)>,
    /// `每月`, `每季`, `每期`.
    pub per_period: Option<Name>,
    /// `评委 3`: judged by that many.
    pub assessors: Option<Literal>,
    /// `级 0.5 分`: the smallest step of the figure.
    pub step: Option<Literal>,
    /// `须理由`.
    pub needs_reason: bool,
    /// `缺则 0 次`: what is taken where it is not reported.
    pub default: Option<Literal>,
}

/// The type of an input, an attribute or an event column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// 量: some noun, fixed where the rule is used.
    Quantity(Place),
    /// 同 name: the noun of another input.
    Same(Name),
    /// 数: a plain number.
    Plain(Place),
    /// 百分比.
    Ratio(Place),
    /// 是否.
    Truth(Place),
    /// 文字.
    Text(Place),
    /// 日期.
    Day(Place),
    /// A noun or compound of nouns: 人, 元/人·月.
    Unit(UnitText),
    /// A closed list of words, each with its code in files.
    Words(Vec<(Name, Option<Name>)>),
}

/// `明细 上访 petition` with its columns.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Events {
    /// Name and file name.
    pub name: Named,
    /// Its columns.
    pub columns: Vec<EventColumn>,
}

/// A column of an event table: `总投资 total : 亿元 > 0 亿元`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventColumn {
    /// Name and heading.
    pub name: Named,
    /// What its values are.
    pub kind: Type,
    /// `> 0`, `≥ 0 人`.
    pub bounds: Vec<(Comparison, Literal)>,
    /// `0%..100%`.
    pub range: Option<(Literal, Literal)>,
}
