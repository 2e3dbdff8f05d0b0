//! The tree of a policy file, as it is written. Names are NFKC; every part knows its place.
//!
//! Words of the language that stand here as names (总分, 暂缺, 每月, 最高 as a function, 全体
//! as a domain) stand here in their Chinese spelling, whichever language the file keeps.

mod awards;
mod decisions;
mod example;
mod expression;
mod figures;
mod grades;
mod inherit;
mod inputs;
mod items;
mod procedure;
mod scheme;

pub use awards::{Award, AwardCount, AwardRule, Distribution, Prize, Quota, Roster};
pub use decisions::{Decision, OutcomeCase};
pub use example::{Example, ExampleValue};
pub use expression::{AsOf, Binary, Call, Case, Comparison, Expr, ExprKind, TierRow, TierTable};
pub use figures::{Literal, LiteralNumber, Suffix, UnitText};
pub use grades::{GradeBand, GradeMove, Grades, Veto, VetoEffect};
pub use inherit::{Change, ChangeKind, Correction, Inherit};
pub use inputs::{EventColumn, Events, Input, Type};
pub use items::{Adjust, BindingValue, BodyKind, BodyLine, Choice, Gives, Item, Let, Parameter, Rule};
pub use procedure::{DeadlineLine, Deadlines, Due, Merge, Once, Rounds};
pub use scheme::{Block, RoundingChoice, Scheme, Setting, SettingKind};

use alloc::{string::String, vec::Vec};
use kaoping_terms::Place;

/// A word the policy chose.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Name {
    /// The word, NFKC.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A name with its ASCII alias, the column in files and the API.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// The alias.
    pub alias: Option<Name>,
}

/// Words in quotes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Quoted {
    /// The words, without the quotes.
    pub text: String,
    /// Where they stand, quotes included.
    pub place: Place,
}

/// What a statement rests on. Any statement may end with several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// `依据 二(二)3`: a heading of `clauses.md`.
    Clause(Quoted),
    /// `选择 "reason"`: the text is silent, this is our choice.
    Choice(Quoted),
    /// `示例 "reason"`: an example, not the regulation's.
    Example(Quoted),
}

/// A file: its parts in text order. Items and blocks belong to the scheme above them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct File {
    /// Whether keywords are Chinese; the first keyword of the file decides.
    pub chinese: bool,
    /// The parts.
    pub parts: Vec<Part>,
}

/// A part of a file with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From its keyword to its end.
    pub place: Place,
    /// What it says.
    pub kind: PartKind,
    /// What it rests on.
    pub authority: Vec<Authority>,
}

/// The parts of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// `引用 "../kinds/common.kp" 版 "sha256:…"`.
    Use(Use),
    /// `单位名 篇` or `单位名 万斤 = 10,000 斤`.
    Noun(NounDeclaration),
    /// `属性 试点 pilot : 是否`.
    Attribute(AttributeDeclaration),
    /// `方案 …` with its settings.
    Scheme(Scheme),
    /// `块 …`.
    Block(Block),
    /// `项 …`.
    Item(Item),
    /// `规则 …`.
    Rule(Rule),
    /// `决定 …`.
    Decision(Decision),
    /// `明细 …`.
    Events(Events),
    /// `奖 …`.
    Award(Award),
    /// `合计奖数 …`.
    AwardCount(AwardCount),
    /// `奖金合计 …`.
    PrizeTotal(AwardCount),
    /// `期限 …`.
    Deadlines(Deadlines),
    /// `等次 …`.
    Grades(Grades),
    /// `晋降 …`.
    GradeMove(GradeMove),
    /// `否决 …` outside an item.
    Veto(Veto),
    /// `名额 …`.
    Quota(Quota),
    /// `名单 …`.
    Roster(Roster),
    /// `分配 …`.
    Distribution(Distribution),
    /// `合并 …`.
    Merge(Merge),
    /// `轮次 …`.
    Rounds(Rounds),
    /// `一事不再扣 …`.
    Once(Once),
    /// `承接 …` with its changes.
    Inherit(Inherit),
    /// `更正 …`.
    Correction(Correction),
}

/// A shared library of rules, by relative path and fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Relative to the policy folder.
    pub path: Quoted,
    /// `sha256:` and 64 hexadecimal digits.
    pub version: Option<Quoted>,
}

/// A noun of measure the policy adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NounDeclaration {
    /// The noun.
    pub name: Name,
    /// What one of it is, where it is a multiple of another.
    pub equals: Option<Literal>,
}

/// An attribute of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDeclaration {
    /// Name and column in `units.csv`.
    pub name: Named,
    /// Its values.
    pub kind: Type,
}
