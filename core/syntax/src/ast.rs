//! The tree of a policy file, as it is written. Names are NFKC; every part knows its place.
//!
//! Words of the language that stand here as names (总分, 暂缺, 每月, 最高 as a function, 全体
//! as a domain) stand here in their Chinese spelling, whichever language the file keeps.

mod example;

pub use example::{Example, ExampleValue};

use alloc::{boxed::Box, string::String, vec::Vec};
use kaoping_terms::{Day, Exact, Place, Rounding};

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

/// A decision: one row in, an outcome and amounts out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decision {
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

/// `读入 完成数 actual : 量 ≥ 0 人`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name and alias; the alias is the field in files.
    pub name: Named,
    /// What it is.
    pub kind: Type,
    /// `> 0`, `≥ 0 人`.
    pub bounds: Vec<(Comparison, Literal)>,
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

/// A unit as written: `元/人·月` is 元 above, 人 and 月 below.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct UnitText {
    /// Nouns above the slash.
    pub above: Vec<Name>,
    /// Nouns below it.
    pub below: Vec<Name>,
    /// Where it stands.
    pub place: Place,
}

/// A figure in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its number; 98.2 for `98.2%`.
    pub number: LiteralNumber,
    /// What stands behind it.
    pub suffix: Suffix,
    /// Where it stands.
    pub place: Place,
}

/// The number of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralNumber {
    /// As written.
    Known(Exact),
    /// `不可读 "M.5"`: the characters the source has.
    Unreadable(String),
}

/// What stands behind a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing: it takes the declared unit.
    None,
    /// `%`.
    Percent,
    /// `个百分点`.
    PercentagePoints,
    /// A unit.
    Unit(UnitText),
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

/// One case of an outcome: `当 cond → word amount 说 "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeCase {
    /// The condition; none for 否则.
    pub when: Option<Expr>,
    /// The outcome.
    pub outcome: Name,
    /// The amount.
    pub amount: Option<Expr>,
    /// What is said.
    pub say: Option<Quoted>,
    /// From 当 to its end.
    pub place: Place,
    /// What is written behind it.
    pub authority: Vec<Authority>,
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
