//! The course of an assessment: deadlines, rounds, units and matters that count once.

use super::{Authority, Literal, Name, Named};
use alloc::vec::Vec;
use kaoping_terms::{Day, Place};

/// `期限 年终考评` with its lines, in the order of the procedure.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Deadlines {
    /// Its name.
    pub name: Name,
    /// The steps of the procedure.
    pub lines: Vec<DeadlineLine>,
}

/// One step of a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineLine {
    /// What is due.
    pub name: Name,
    /// When.
    pub due: Due,
    /// `先于 step`: it feeds that step, whatever the order of lines.
    pub before: Option<Name>,
    /// The whole line.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// `01-10 前`: month and day of the year after the period (or of every year).
    MonthDay {
        /// Month, 1 to 12.
        month: u8,
        /// Day of month.
        day: u8,
        /// Where it stands.
        place: Place,
    },
    /// `2005-06-30 前`.
    Date(Day, Place),
    /// `2005-12 内`: within a month.
    Month {
        /// Year.
        year: i16,
        /// Month, 1 to 12.
        month: u8,
        /// Where it stands.
        place: Place,
    },
    /// `自 受理 起 15 天 内`, `自 形成 起 20 工作日 内`.
    Within {
        /// The step it counts from.
        from: Name,
        /// How long, in 天 or 工作日.
        length: Literal,
    },
}

/// `合并 市区 = 市本级 + 甲区 用于 医疗保险 合计 完成数, 目标数 得分 各得同分`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its name.
    pub name: Name,
    /// The units counted together.
    pub members: Vec<Name>,
    /// For which items.
    pub items: Vec<Name>,
    /// Which figures are added.
    pub inputs: Vec<Name>,
}

/// `轮次 自评 | 前期 | 验收  正式 = 验收  相差 ≥ 2 分 须说明`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rounds {
    /// The rounds in order, each perhaps 每月 or 每季.
    pub rounds: Vec<(Named, Option<Name>)>,
    /// The one that counts.
    pub official: Option<Name>,
    /// From which difference on a reason is required.
    pub explain_from: Option<Literal>,
}

/// `一事不再扣 上访 [同 事由] 按 五保供养, 扶贫扶优, 来信来访 [取最高]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The event tables.
    pub tables: Vec<Name>,
    /// The column whose equal values make one matter; none: each event is a matter.
    pub matter: Option<Name>,
    /// The items in order; the first that fits deducts.
    pub items: Vec<Name>,
    /// `取最高`: the line with the most points comes first, whatever the order of the text.
    pub highest: bool,
}
