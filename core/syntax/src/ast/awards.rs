//! Awards, prize money, quotas, lists and funds.

use super::{Expr, Literal, Name};
use alloc::vec::Vec;

/// An award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Its name.
    pub name: Name,
    /// How winners are found.
    pub how: AwardRule,
    /// `于 同组`: within each peer group; `于 全体`: over all; none: as the scheme ranks.
    pub per_group: Option<bool>,
    /// `其中 expr`: who is eligible.
    pub filter: Option<Expr>,
    /// `除 award, award`: their winners are left out and places shift.
    pub excluding: Vec<Name>,
    /// `除非 expr`: the award is not given.
    pub unless: Option<Expr>,
    /// `末位并列 全取|全舍|人工`.
    pub last_place_ties: Option<Name>,
    /// `奖金 5 万元`, `奖金 第 1 名 10 万元 第 2 至 3 名 5 万元`.
    pub prizes: Vec<Prize>,
}

/// Money that goes with an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prize {
    /// First and last place it is for; none: each winner.
    pub places: Option<(Literal, Literal)>,
    /// How much each winner gets.
    pub amount: Literal,
}

/// How winners are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwardRule {
    /// `取 前 3 名 按 expr`.
    First {
        /// How many.
        count: Literal,
        /// By what.
        by: Expr,
    },
    /// `取 末 1 名 按 expr`.
    Last {
        /// How many.
        count: Literal,
        /// By what.
        by: Expr,
    },
    /// `取 第 4 至 6 名 按 expr`.
    Between {
        /// First place.
        from: Literal,
        /// Last place.
        to: Literal,
        /// By what.
        by: Expr,
    },
    /// `取 全部`: all that are eligible.
    Everyone,
    /// `由 评审 至多 12 个`: judged; the winners come as recorded acts.
    Judged {
        /// Who judges.
        by: Name,
        /// How many at most.
        at_most: Literal,
    },
}

/// `合计奖数 13 个 : 甲奖, 乙奖`: the number of places the text declares for a list of awards;
/// `奖金合计 50 万元 : 甲奖, 乙奖`: the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardCount {
    /// The declared number.
    pub count: Literal,
    /// The awards it covers.
    pub awards: Vec<Name>,
}

/// `名额 先进个人  类别 = 县 → 4 人 … 其余 → 2 人`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Quota {
    /// Its name.
    pub name: Name,
    /// Rows: condition and number.
    pub rows: Vec<(Expr, Literal)>,
    /// The number of all others.
    pub rest: Option<Literal>,
    /// `合计 80 人`: the total the text declares.
    pub total: Option<Literal>,
}

/// `名单 加强指导 其中 总分 < 80 分`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// Its name.
    pub name: Name,
    /// Who is on it.
    pub filter: Expr,
}

/// `分配 以奖代补 1,000,000 元 于 同组 按 总分 每份 100 元 余数 最大余数 同余 名次`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Its name.
    pub name: Name,
    /// The whole.
    pub amount: Literal,
    /// The amount is for each peer group.
    pub per_group: bool,
    /// In proportion to what.
    pub by: Expr,
    /// Who takes part.
    pub filter: Option<Expr>,
    /// The smallest share.
    pub share: Literal,
    /// How the remainder is given: 最大余数.
    pub remainder: Option<Name>,
    /// How equal remainders are told apart: 名次.
    pub remainder_ties: Option<Name>,
}
