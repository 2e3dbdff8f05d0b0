//! What is taken over from another policy, and corrections of the source.

use super::{Authority, BindingValue, Item, Name, Quoted};
use alloc::{boxed::Box, vec::Vec};
use kaoping_terms::Place;

/// `承接 "../province" 版 "sha256:…"` with its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inherit {
    /// The parent policy folder, relative.
    pub path: Quoted,
    /// Its fingerprint.
    pub version: Option<Quoted>,
    /// The changes in text order.
    pub changes: Vec<Change>,
}

/// A change to an inherited standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is changed.
    pub kind: ChangeKind,
    /// Why.
    pub because: Option<Quoted>,
    /// From its keyword to its end.
    pub place: Place,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// The changes to an inherited standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// `改 就业.分值 = 10 分`.
    Set {
        /// The item, block or scheme.
        of: Name,
        /// 分值, 满分, a parameter or a choice.
        what: Name,
        /// The new value.
        value: BindingValue,
    },
    /// `增 项 … 于 块`: the item, and the block it joins.
    AddItem(Box<Item>, Option<Name>),
    /// `删 项 …`.
    RemoveItem(Name),
}

/// `更正 组织领导 原文 "2分" 现为 "1 分" 因为 "…"`: a recorded correction of the source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What is corrected.
    pub subject: Name,
    /// The characters of the source.
    pub original: Quoted,
    /// What stands in the policy.
    pub corrected: Quoted,
    /// Why.
    pub because: Quoted,
}
