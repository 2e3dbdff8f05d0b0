//! A scheme: its settings and blocks.

use super::{Authority, BodyLine, Expr, Let, Literal, Name, Named, Quoted};
use alloc::vec::Vec;
use kaoping_terms::{Day, Place, Rounding};

/// A scheme: the settings that hold for all its items.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Scheme {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Quoted>,
    /// Its settings in text order.
    pub settings: Vec<Setting>,
}

/// A setting with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// From its keyword to its end.
    pub place: Place,
    /// What it says.
    pub kind: SettingKind,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// The settings of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// `被考核 expr`: which units are assessed.
    Assessed(Expr),
    /// `满分 lit`.
    FullMark(Literal),
    /// `总分 = expr`.
    Total(Expr),
    /// `至少 lit`: each item.
    AtLeast(Literal),
    /// `至多 lit`: each item.
    AtMost(Literal),
    /// `每项取到 …`.
    RoundItems(RoundingChoice),
    /// `每块取到 …`.
    RoundBlocks(RoundingChoice),
    /// `总分取到 …`.
    RoundTotal(RoundingChoice),
    /// `显示到 0.01 分 四舍五入`: how a figure without an end is printed.
    Display(RoundingChoice),
    /// `名次 expr 从高到低 并列占位`.
    Ranking {
        /// What is ranked.
        by: Expr,
        /// Whether more is better.
        descending: bool,
        /// Whether equal units leave places free (1,2,2,4).
        ties_skip: Option<bool>,
    },
    /// `比序 expr, expr, 仍同 并列|抽签`.
    TieBreak {
        /// Keys, the most important first.
        keys: Vec<Expr>,
        /// What happens when all are equal.
        then: Option<Name>,
    },
    /// `未报 暂缺|零分|最低|退回`.
    Missing(Name),
    /// `缺报 不计 因为 "…"`: aggregates over those who reported may be sealed.
    PartialReports(Quoted),
    /// `项目表 indicators.csv`.
    ItemTable(Quoted),
    /// `同组 类别`: the attribute that makes peer groups.
    PeerGroup(Name),
    /// `默认规则 plain`: the rule of a table row that names none.
    DefaultRule(Name),
    /// `适用期 2014-01-01 至 2014-12-31`.
    Period {
        /// First day.
        from: Day,
        /// Last day; parameters are taken of this day unless told otherwise.
        to: Day,
    },
    /// `责任分工 按项|不分`.
    Responsibility(Name),
    /// `设 name body`.
    Let(Let),
}

/// A declared rounding, or the declaration that nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundingChoice {
    /// `0.01 分 四舍五入`.
    To(Literal, Rounding),
    /// `不取整`.
    None,
}

/// A block of items.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Block {
    /// Its name.
    pub name: Named,
    /// Its points.
    pub points: Option<Literal>,
    /// `折自 100 分`: the raw points that are scaled to `points`.
    pub scaled_from: Option<Literal>,
    /// `不计满分`: its points do not count in the full mark.
    pub outside_full_mark: bool,
    /// `至多 lit`.
    pub at_most: Option<Literal>,
    /// `至少 lit`.
    pub at_least: Option<Literal>,
    /// 牵头, 责任, 协办: those of its items that name none themselves.
    pub parties: Vec<BodyLine>,
}
