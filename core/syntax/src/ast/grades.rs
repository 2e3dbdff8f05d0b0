//! Grades, what moves them, and vetoes.

use super::{Authority, Comparison, Expr, Literal, Name};
use alloc::vec::Vec;
use kaoping_terms::{Place, Rounding};

/// `等次 按 总分 于 同组` with its bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grades {
    /// What is graded.
    pub by: Expr,
    /// Whether share limits count within each peer group; none: as the scheme ranks.
    pub per_group: Option<bool>,
    /// The bands, best first.
    pub bands: Vec<GradeBand>,
}

/// `优秀 ≥ 90 分, 至多 30% 单位 去尾, 末位并列 全舍, 超出 降为 良好`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeBand {
    /// The grade.
    pub name: Name,
    /// The edge; none for 其余.
    pub edge: Option<(Comparison, Literal)>,
    /// At most that share of units.
    pub share: Option<Literal>,
    /// How the number of units is rounded.
    pub rounding: Option<Rounding>,
    /// `末位并列 全取|全舍|人工`: what holds for those who share the last place within the share.
    pub last_place_ties: Option<Name>,
    /// Where those beyond the share go.
    pub overflow: Option<Name>,
    /// The whole line.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// `晋降 防汛有功 当 cond → 升 1 限额后`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeMove {
    /// Its name.
    pub name: Name,
    /// When it applies.
    pub when: Expr,
    /// Up, or down.
    pub up: bool,
    /// By how many grades.
    pub steps: Literal,
    /// Behind the share limits (yes) or before them; none: not said.
    pub after_shares: Option<bool>,
}

/// `否决 弄虚作假 当 cond → 项 归零, 等次 降 1, 奖 取消 综合先进`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// Its name.
    pub name: Name,
    /// When it strikes.
    pub when: Expr,
    /// What it does.
    pub effects: Vec<VetoEffect>,
}

/// What a veto does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VetoEffect {
    /// `本项 归零`, or `项 A 归零`.
    ItemZero(Option<Name>),
    /// `块 A 归零`.
    BlockZero(Name),
    /// `总分 归零`.
    TotalZero,
    /// `等次 降 1`.
    GradeDown(Literal),
    /// `等次 定为 不合格`.
    GradeTo(Name),
    /// `奖 取消 综合先进`, or `奖 取消 全部` (none).
    AwardBarred(Option<Name>),
}
