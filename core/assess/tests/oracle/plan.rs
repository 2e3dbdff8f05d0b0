//! The nouns of a random case: a policy and what was reported, before either is text.

use super::number::{Figure, Mode};
use std::collections::BTreeMap;

/// How a step that is not full counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partial {
    Whole,
    Proportional,
    Begun,
}

impl Partial {
    pub const ALL: [Partial; 3] = [Partial::Whole, Partial::Proportional, Partial::Begun];

    pub fn word(self) -> &'static str {
        match self {
            Partial::Whole => "整步",
            Partial::Proportional => "按比例",
            Partial::Begun => "进一步",
        }
    }
}

/// A shared rule with its parameters. Per cents are whole numbers of hundredths.
#[derive(Clone, Debug)]
pub enum Rule {
    /// 不加分指标
    Plain { step: i64, loss: i64, most: i64, partial: Partial },
    /// 加分指标
    Bonus { gain: i64, step: i64, loss: i64, most: i64, partial: Partial },
    /// 控制指标
    Lower { step: i64, loss: i64, most: i64, partial: Partial },
    /// 分步扣分
    Steps { step: i64, each: Figure, most: Figure, partial: Partial },
    /// 分档
    Tiers { edges: [i64; 3], points: [Figure; 2] },
    /// 比例计分
    Proportional,
    /// 全有全无
    AllOrNothing,
    /// 逐例扣分
    PerIncident { each: Figure, stops_at_zero: bool },
    /// 酌情扣分
    Discretion { most: i64 },
    /// 检查打分
    Checked,
    /// 评审打分
    Judged,
    /// 评审去高低
    Trimmed,
    /// 位次计分
    Rank { each: Figure, least: Figure },
    /// 功效系数
    Efficacy { cut: bool },
    /// 增长率
    Growth { goal: i64 },
    /// 满意率
    Survey,
    /// 及时率
    Timely,
}

/// What a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A quantity of the item's noun.
    Quantity,
    /// A quantity that is a target: it may be handed down or bound.
    Target,
    Number,
    Points,
    YesNo,
    /// Points by each assessor.
    Marks,
}

impl Rule {
    pub fn name(&self) -> &'static str {
        match self {
            Rule::Plain { .. } => "不加分指标",
            Rule::Bonus { .. } => "加分指标",
            Rule::Lower { .. } => "控制指标",
            Rule::Steps { .. } => "分步扣分",
            Rule::Tiers { .. } => "分档",
            Rule::Proportional => "比例计分",
            Rule::AllOrNothing => "全有全无",
            Rule::PerIncident { .. } => "逐例扣分",
            Rule::Discretion { .. } => "酌情扣分",
            Rule::Checked => "检查打分",
            Rule::Judged => "评审打分",
            Rule::Trimmed => "评审去高低",
            Rule::Rank { .. } => "位次计分",
            Rule::Efficacy { .. } => "功效系数",
            Rule::Growth { .. } => "增长率",
            Rule::Survey => "满意率",
            Rule::Timely => "及时率",
        }
    }

    /// The inputs, by name.
    pub fn inputs(&self) -> &'static [(&'static str, Ask)] {
        use Ask::{Marks, Number, Points, Quantity, Target, YesNo};
        match self {
            Rule::Plain { .. } | Rule::Bonus { .. } | Rule::Steps { .. } | Rule::Tiers { .. } | Rule::Proportional => {
                &[("完成数", Quantity), ("目标数", Target)]
            }
            Rule::Lower { .. } => &[("实际数", Quantity), ("控制数", Target)],
            Rule::AllOrNothing => &[("完成", YesNo)],
            Rule::PerIncident { .. } => &[("例数", Number)],
            Rule::Discretion { .. } => &[("完成", YesNo), ("酌扣", Points)],
            Rule::Checked => &[("检查得分", Points)],
            Rule::Judged | Rule::Trimmed => &[("评分", Marks)],
            Rule::Rank { .. } => &[("完成数", Quantity)],
            Rule::Efficacy { .. } => &[("实际值", Quantity), ("满意值", Target), ("不允许值", Target)],
            Rule::Growth { .. } => &[("本年数", Quantity), ("上年数", Target)],
            Rule::Survey => &[("满意票", Quantity), ("有效票", Target)],
            Rule::Timely => &[("按时次数", Quantity), ("应报次数", Target)],
        }
    }

    /// Parameters and choices as a policy writes them.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let percent = |number: &i64| format!("{number}%");
        let points = |figure: &Figure| format!("{} 分", figure.text());
        match self {
            Rule::Plain { step, loss, most, partial } => vec![
                ("每差", percent(step)),
                ("每步扣", percent(loss)),
                ("最多扣", percent(most)),
                ("不足一步", partial.word().into()),
            ],
            Rule::Bonus { gain, step, loss, most, partial } => vec![
                ("超额加", percent(gain)),
                ("每差", percent(step)),
                ("每步扣", percent(loss)),
                ("最多扣", percent(most)),
                ("不足一步", partial.word().into()),
            ],
            Rule::Lower { step, loss, most, partial } => vec![
                ("每超", percent(step)),
                ("每步扣", percent(loss)),
                ("最多扣", percent(most)),
                ("不足一步", partial.word().into()),
            ],
            Rule::Steps { step, each, most, partial } => vec![
                ("每差", percent(step)),
                ("每步扣分", points(each)),
                ("最多扣分", points(most)),
                ("不足一步", partial.word().into()),
            ],
            Rule::Tiers { edges, points: given } => vec![
                ("一档线", percent(&edges[0])),
                ("二档线", percent(&edges[1])),
                ("三档线", percent(&edges[2])),
                ("二档分", points(&given[0])),
                ("三档分", points(&given[1])),
            ],
            Rule::PerIncident { each, stops_at_zero } => {
                vec![("每例扣", points(each)), ("扣到", if *stops_at_zero { "扣完为止" } else { "可倒扣" }.into())]
            }
            Rule::Discretion { most } => vec![("最多扣", percent(most))],
            Rule::Rank { each, least } => vec![("每位扣", points(each)), ("最低得", points(least))],
            Rule::Efficacy { cut } => {
                vec![("越界", if *cut { "截断" } else { "不截断" }.into())]
            }
            Rule::Growth { goal } => vec![("目标增幅", percent(goal))],
            Rule::Proportional
            | Rule::AllOrNothing
            | Rule::Checked
            | Rule::Judged
            | Rule::Trimmed
            | Rule::Survey
            | Rule::Timely => Vec::new(),
        }
    }

    /// Whether it says who met the target.
    pub fn says_met(&self) -> bool {
        !matches!(
            self,
            Rule::PerIncident { .. }
                | Rule::Checked
                | Rule::Judged
                | Rule::Trimmed
                | Rule::Rank { .. }
                | Rule::Efficacy { .. }
                | Rule::Survey
        )
    }
}

/// A line `扣 每 通报 …` or `加 每 通报 …`.
#[derive(Clone, Debug)]
pub struct Line {
    pub deducts: bool,
    /// The level it counts; none: all.
    pub level: Option<usize>,
    pub points: Figure,
    pub cap: Option<Figure>,
}

/// What follows where an item does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Another item, by position.
    Substitute(usize),
    Full,
    Zero,
    Scale,
    Reduce,
}

/// What is done about a score that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Deferred,
    Returned,
    Zero,
    /// Only where the least an item gives is plain from its rule.
    Lowest,
}

impl Missing {
    pub fn word(self) -> &'static str {
        match self {
            Missing::Deferred => "暂缺",
            Missing::Returned => "退回",
            Missing::Zero => "零分",
            Missing::Lowest => "最低",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    /// The block it stands in.
    pub block: Option<usize>,
    /// None: it only adds or deducts.
    pub points: Option<Figure>,
    pub rule: Option<Rule>,
    /// Behind its quantities; empty: none.
    pub noun: &'static str,
    /// Figures the policy itself gives for targets.
    pub bound: BTreeMap<&'static str, Figure>,
    pub lines: Vec<Line>,
    pub at_least: Option<Figure>,
    pub at_most: Option<Figure>,
    /// Applies to pilot units only, and what follows elsewhere.
    pub pilots_only: Option<Otherwise>,
    pub is_substitute: bool,
    /// The scheme its points come from.
    pub nested: Option<Nested>,
    /// The item in whose scheme it stands.
    pub inner_of: Option<usize>,
    pub when_missing: Option<Missing>,
    /// Written in the item table instead of the text.
    pub in_table: bool,
}

/// 子方案.
#[derive(Clone, Debug)]
pub struct Nested {
    pub round_items: Option<(Figure, Mode)>,
    pub missing: Missing,
}

impl Item {
    /// Whether it counts by itself, and not in the place or inside of another.
    pub fn stands_alone(&self) -> bool {
        !self.is_substitute && self.inner_of.is_none()
    }
}

#[derive(Clone, Debug)]
pub struct Block {
    pub name: String,
    pub points: Option<Figure>,
    pub scaled_from: Option<Figure>,
    pub outside: bool,
    pub at_least: Option<Figure>,
    pub at_most: Option<Figure>,
}

/// A value a policy may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Total,
    Block(usize),
    Item(usize),
}

/// When a veto strikes.
#[derive(Clone, Debug)]
pub enum When {
    /// More circulars than that, of a level or of all.
    Circulars(Option<usize>, i64),
    /// Not every target was met.
    TargetMissed,
    Below(Value, Figure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    ItemZero(usize),
    BlockZero(usize),
    TotalZero,
    GradeDown(usize),
    GradeTo(usize),
    /// Of an award, or of all.
    Bars(Option<usize>),
}

#[derive(Clone, Debug)]
pub struct Veto {
    pub when: When,
    pub effects: Vec<Effect>,
}

/// Whom a unit is compared with for grades and awards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Not written: those it is ranked with.
    Silent,
    Peers,
    Everyone,
}

impl Among {
    pub fn text(self) -> &'static str {
        match self {
            Among::Silent => "",
            Among::Peers => " 于 同组",
            Among::Everyone => " 于 全体",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Band {
    /// The least points; none in the last band.
    pub edge: Option<Figure>,
    /// At most that many of a hundred units, rounded so, the others to that band.
    pub share: Option<(i64, Mode, usize)>,
}

#[derive(Clone, Debug)]
pub struct Grades {
    pub among: Among,
    pub bands: Vec<Band>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastPlace {
    All,
    None,
    Decide,
}

#[derive(Clone, Debug)]
pub enum Filter {
    EveryTargetMet,
    AtLeast(Value, Figure),
    /// 类别 = the kind at that position.
    Kind(usize),
}

#[derive(Clone, Debug)]
pub struct Award {
    /// From and to which place; none: all that fulfil the condition.
    pub places: Option<(usize, usize)>,
    pub from_bottom: bool,
    pub by: Value,
    pub among: Among,
    pub filter: Option<Filter>,
    pub except: Vec<usize>,
    /// Not given where every unit met every target.
    pub unless_all_met: bool,
    pub last_place: LastPlace,
}

pub const KINDS: [&str; 3] = ["县", "区", "开发区"];
pub const LEVELS: [&str; 2] = ["省", "市"];
pub const MATTERS: [&str; 3] = ["事一", "事二", "事三"];

/// 一事不再扣: one matter counts in one line of these items.
#[derive(Clone, Debug)]
pub struct Once {
    pub items: Vec<usize>,
    /// Events with the same 事由 are one matter; else each is one.
    pub by_matter: bool,
    /// 取最高.
    pub highest: bool,
}

#[derive(Clone, Debug)]
pub enum QuotaWhen {
    Grade(usize),
    Kind(usize),
    AtLeast(Value, Figure),
}

/// 名额: the number of the first row that holds.
#[derive(Clone, Debug)]
pub struct Quota {
    pub rows: Vec<(QuotaWhen, i64)>,
    pub rest: i64,
}

/// 分配.
#[derive(Clone, Debug)]
pub struct Fund {
    pub amount: i64,
    pub share: i64,
    pub by: Value,
    pub among: Among,
    pub filter: Option<Filter>,
}

#[derive(Clone, Debug)]
pub struct Scheme {
    pub blocks: Vec<Block>,
    pub items: Vec<Item>,
    /// Blocks and items of the written total, `true` where added; none: not written.
    pub total: Option<Vec<(Value, bool)>>,
    pub at_least: Option<Figure>,
    pub at_most: Option<Figure>,
    pub round_items: Option<(Figure, Mode)>,
    pub round_blocks: Option<(Figure, Mode)>,
    pub round_total: Option<(Figure, Mode)>,
    pub dense: bool,
    pub ascending: bool,
    pub tie_break: Vec<Value>,
    pub missing: Missing,
    pub peers: bool,
    /// Development zones are not assessed.
    pub zones_out: bool,
    pub vetoes: Vec<Veto>,
    pub grades: Option<Grades>,
    pub awards: Vec<Award>,
    pub once: Option<Once>,
    pub quotas: Vec<Quota>,
    pub funds: Vec<Fund>,
    pub has_rounds: bool,
}

#[derive(Clone, Debug)]
pub struct Unit {
    pub id: String,
    pub kind: usize,
    pub pilot: bool,
}

/// A reported figure; an empty one was listed and left empty.
#[derive(Clone, Debug)]
pub struct Fact {
    pub unit: usize,
    /// None: a figure of the unit itself.
    pub item: Option<usize>,
    pub field: &'static str,
    pub value: Option<Figure>,
    pub assessor: usize,
    /// None: of every round.
    pub round: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Event {
    pub unit: usize,
    pub level: usize,
    pub matter: usize,
    pub withdrawn: bool,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub scheme: Scheme,
    pub units: Vec<Unit>,
    pub facts: Vec<Fact>,
    /// Unit, item, field: a target handed down.
    pub handed_down: Vec<(usize, usize, &'static str, Figure)>,
    pub events: Vec<Event>,
    pub merge: Option<Merge>,
}

/// Units that count together: figures of these items added.
#[derive(Clone, Debug)]
pub struct Merge {
    pub members: Vec<usize>,
    pub items: Vec<usize>,
}
