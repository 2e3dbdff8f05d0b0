//! The intermediate representation: what a checked policy computes.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use kaoping_terms::{Exact, Measure, Place, Rounding, Text};

/// A node, by its position in [`Program::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A column of facts, by its position in [`Program::columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// A set of rows that belong to units, by its position in [`Program::rowsets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowsetId(pub u32);

/// A closed list of words, by its position in [`Program::word_lists`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordListId(pub u32);

/// A whole checked policy as one list of nodes.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Nodes; the arguments of a node stand before it.
    pub nodes: Vec<Node>,
    /// What the facts must bring.
    pub columns: Vec<ColumnSpec>,
    /// What the rows below a unit are: periods, assessors, events.
    pub rowsets: Vec<RowsetSpec>,
    /// Closed lists of words; a word is its position in its list.
    pub word_lists: Vec<WordList>,
}

/// One operation with what the checker found out about it.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// What its values are.
    pub kind: Kind,
    /// For what it has one value each.
    pub shape: Shape,
    /// Where it comes from.
    pub origin: Origin,
}

/// What the values of a node are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An exact number with its unit.
    Number(Measure),
    /// Yes (1) or no (0).
    Truth,
    /// A word of a closed list, as its position.
    Word(WordListId),
    /// A day, as its number since 1970-01-01.
    Day,
    /// Words that are carried but never computed, as the position of the text in the facts.
    Text,
}

/// For what a node has one value each. A smaller shape is used in a larger one by
/// repetition; only an aggregate goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value for all.
    One,
    /// One value a unit (in a decision: a row of input).
    Unit,
    /// One value for each row of a rowset.
    Rows(RowsetId),
}

/// Where a node comes from, for traces and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The stretch of policy text.
    pub place: Option<Place>,
    /// The name the policy gives the value, such as 完成比例; a trace shows named nodes.
    pub name: Option<String>,
    /// The clause it rests on, such as 二(二)3.
    pub clause: Option<String>,
    /// The item it belongs to.
    pub item: Option<String>,
}

/// What the facts must bring for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Where its values come from.
    pub source: ColumnSource,
    /// What its values are.
    pub kind: Kind,
    /// For what it has one value each.
    pub shape: Shape,
    /// The smallest step of the figure, where declared or natural (one person, one cent).
    pub step: Option<Exact>,
    /// What a bare number is multiplied by: 10,000 where the policy declares 万元, else 1.
    pub scale: Exact,
    /// What the policy says the figure lies between.
    pub bounds: Bounds,
}

/// What the policy asks of a reported figure.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The least value, and whether it is allowed itself.
    pub low: Option<(Exact, bool)>,
    /// The greatest value, and whether it is allowed itself.
    pub high: Option<(Exact, bool)>,
    /// 级: only multiples of it are allowed.
    pub multiple_of: Option<Exact>,
    /// 须理由: a figure needs a written reason.
    pub needs_reason: bool,
}

impl Bounds {
    /// Whether a value lies within.
    pub fn contain(&self, value: &Exact) -> bool {
        let above = self.low.as_ref().is_none_or(|(low, itself)| value > low || (*itself && value == low));
        let below = self.high.as_ref().is_none_or(|(high, itself)| value < high || (*itself && value == high));
        above && below && self.is_multiple(value)
    }

    /// The range in words, in the unit of the figure: `0% 至 100%`, `> 0 元`.
    pub fn describe(&self, measure: &Measure) -> Text {
        if let (Some((low, true)), Some((high, true))) = (&self.low, &self.high) {
            let (low, high) = (measure.figure(low), measure.figure(high));
            return Text::new(format!("{low} 至 {high}"), format!("{low} to {high}"));
        }
        let edge = |edge: &Option<(Exact, bool)>, itself: &str, strict: &str| {
            edge.as_ref()
                .map(|(value, allowed)| format!("{} {}", if *allowed { itself } else { strict }, measure.figure(value)))
        };
        let low = edge(&self.low, "≥", ">");
        let high = edge(&self.high, "≤", "<");
        let words: Vec<String> = low.into_iter().chain(high).collect();
        Text::new(words.join("，"), words.join(", "))
    }

    /// Whether a value is a multiple of the declared step.
    pub fn is_multiple(&self, value: &Exact) -> bool {
        let count = self.multiple_of.as_ref().and_then(|step| value.divided_by(step));
        count.is_none_or(|count| count.is_whole())
    }
}

/// Where the values of a column come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnSource {
    /// A reported figure: indicator (none: a figure of the unit itself) and field.
    Fact {
        /// Id of the indicator; where its figure is absent the unit's own figure of the same
        /// field is taken.
        indicator: Option<String>,
        /// Name of the field, and its alias.
        field: String,
        /// The ASCII alias of the field.
        alias: Option<String>,
        /// How many years back: 0 for this year's figure, 1 for 去年同期.
        years_back: u8,
    },
    /// A figure handed down to the unit in `targets.csv`.
    Target {
        /// Id of the indicator.
        indicator: String,
        /// Name of the field.
        field: String,
    },
    /// An attribute of the unit from `units.csv`.
    Attribute {
        /// Name of the attribute.
        name: String,
    },
    /// A declared column of an event table.
    Event {
        /// Name of the table.
        table: String,
        /// Name of the column.
        column: String,
    },
    /// Filled in by the driver between two runs: a rank, a grade, an award, an earlier round.
    External {
        /// What it is, such as `名次` or `奖 综合先进`.
        name: String,
    },
}

/// What the rows of a rowset are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowsetSpec {
    /// The periods of the figures of one indicator: those reported and those that are due.
    Periods {
        /// Id of the indicator.
        indicator: Option<String>,
        /// What they are called together: 各月, 各季, or 各期.
        word: &'static str,
        /// How many months each of them lasts; 0 where that is not agreed, so that none is due.
        months: u8,
    },
    /// The assessors who judged one item.
    Assessors {
        /// Id of the indicator.
        indicator: Option<String>,
    },
    /// The events of a table.
    Events {
        /// Name of the table.
        table: String,
    },
}

/// A closed list of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// The words, each with its code or alias in files.
    pub words: Vec<(String, Option<String>)>,
    /// Whether files may hold other words too: kinds of units that the policy never names.
    /// Such a word has the code −1, which equals none of the list.
    pub open: bool,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
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

/// How a partial step counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepMode {
    /// 整步: only whole steps.
    Whole,
    /// 按比例: in proportion.
    Proportional,
    /// 进一步: a begun step is a whole one.
    Up,
}

/// What an aggregate runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Units of the same peer group; one value a unit.
    Peers,
    /// All assessed units; one value.
    All,
    /// Units directly below each unit; one value a unit.
    Subordinates,
    /// The rows of a rowset that belong to each unit; one value a unit.
    Rows(RowsetId),
}

/// What an aggregate computes. Values that are 不适用 are left out. If some are 未报, the
/// result is over the others and provisional; if all are, it is 未报. Over nothing: `Sum`
/// and `Count` give 0, `AllOf` yes, `AnyOf` no, the others 未报.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregate {
    /// 最高.
    Highest,
    /// 最低.
    Lowest,
    /// 合计.
    Sum,
    /// 平均.
    Mean,
    /// 中位: the middle value, or the mean of the two middle ones.
    Median,
    /// 件数, 单位数: how many (that fulfil the condition; the value is not looked at).
    Count,
    /// 去高低平均: the mean without one highest and one lowest; fewer than three: 未报.
    TrimmedMean,
    /// 最后: the value of the latest period.
    Last,
    /// 全部: whether all hold.
    AllOf,
    /// 任一: whether any holds.
    AnyOf,
}

/// How equal values share places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// 并列占位: 1, 2, 2, 4.
    Skip,
    /// 并列不占位: 1, 2, 2, 3.
    Dense,
}

/// The operations. Every one is total: for each combination of argument states there is a
/// defined result, and none aborts.
///
/// States: known · 未报 (missing) · 不适用 (not applicable) · 无定义 (undefined: a division
/// by zero), each possibly provisional. Unless stated otherwise a result is the gravest state
/// among its arguments (undefined over missing over not applicable over known) and is
/// provisional if any argument is.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A constant. Truths are 1 and 0, words positions, days numbers.
    Const(Exact),
    /// 不适用 for every unit.
    NotApplicable,
    /// 未报 for every unit; what is owed is the policy's own figure (an unreadable number).
    Unreadable,
    /// A column of facts.
    Column(ColumnId),
    /// Sum of two.
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// Product.
    Mul(NodeId, NodeId),
    /// Quotient; undefined where the divisor is zero.
    Div(NodeId, NodeId),
    /// Negative.
    Neg(NodeId),
    /// The smaller.
    Min(NodeId, NodeId),
    /// The larger.
    Max(NodeId, NodeId),
    /// Whether the relation holds.
    Compare(Relation, NodeId, NodeId),
    /// Both. No if either is no, even if the other is missing.
    And(NodeId, NodeId),
    /// Either. Yes if either is yes, even if the other is missing.
    Or(NodeId, NodeId),
    /// Not.
    Not(NodeId),
    /// `then` where `when` is yes, `otherwise` where it is no; where `when` is not known its
    /// state. The branch not taken leaves no trace in the result.
    Select {
        /// The condition.
        when: NodeId,
        /// Value where it holds.
        then: NodeId,
        /// Value where it does not.
        otherwise: NodeId,
    },
    /// How many steps of `step` (above zero, a constant) are in `x`: floor, exact, or ceiling.
    Steps {
        /// The quantity.
        x: NodeId,
        /// The size of a step.
        step: NodeId,
        /// How a partial step counts.
        mode: StepMode,
    },
    /// Brought to a multiple of `step`.
    Round {
        /// The value.
        x: NodeId,
        /// The step, above zero.
        step: Exact,
        /// How.
        mode: Rounding,
    },
    /// Whether the value is known (已报).
    IsKnown(NodeId),
    /// The value, or the second where the first is missing (a declared default).
    IfMissing(NodeId, NodeId),
    /// The value, or the second where the first is not applicable.
    IfNotApplicable(NodeId, NodeId),
    /// An aggregate over a domain.
    Aggregate {
        /// What it computes.
        function: Aggregate,
        /// What it runs over.
        over: Domain,
        /// The value of each member; none for `Count`.
        x: Option<NodeId>,
        /// Only members for which this is yes.
        filter: Option<NodeId>,
    },
    /// An aggregate over listed nodes of one unit: the items of a block, the blocks of a
    /// scheme. Like [`Op::Aggregate`], except that any 未报 makes the whole 未报: a sum of
    /// points is never made from part of its items; yet one member that decides `AllOf` or
    /// `AnyOf` is enough. If all members are 不适用, so are `Sum`, `Mean`, `Highest` and
    /// `Lowest`. `Count` is the number of members that are not 不适用.
    Fold {
        /// What it computes: `Sum`, `Mean`, `Count`, `Highest`, `Lowest`, `AllOf`, `AnyOf`.
        function: Aggregate,
        /// The members, in text order.
        members: Box<[NodeId]>,
    },
    /// One matter is not counted twice: yes for the first row, in row order, of each unit and
    /// each value of `key` for which `among` is yes; no for the others. Provisional where an
    /// earlier row that is not known might be of the matter.
    FirstOfMatter {
        /// What makes rows one matter.
        key: NodeId,
        /// Which rows count at all.
        among: NodeId,
    },
    /// Whether some row of the same unit with the same value of `key` has `among` yes: as
    /// `AnyOf` over those rows. Provisional where another row might be of the matter.
    MatterHas {
        /// What makes rows one matter.
        key: NodeId,
        /// The condition.
        among: NodeId,
    },
    /// The place of each unit among the domain's units whose first key is known: one more
    /// than the number of units that are better. Later keys break ties of earlier ones; a
    /// unit whose later key is not known comes after those it ties with. A unit without a
    /// known first key has the state of that key; one that is not assessed is 不适用. A place
    /// that may still change is provisional: some unit of the domain is owed its first key or
    /// holds a provisional one, or a tie hangs on a later key that is not firmly known.
    Rank {
        /// Keys, the most important first; `true` where higher is better.
        keys: Box<[(NodeId, bool)]>,
        /// `Peers` or `All`.
        within: Domain,
        /// How equal units share places.
        ties: Ties,
        /// Only units for which this is yes have a place; others are 不适用.
        among: Option<NodeId>,
    },
}

impl Op {
    /// The arguments, in order.
    pub fn arguments(&self) -> Vec<NodeId> {
        let mut all = Vec::new();
        self.each_argument(|argument| all.push(argument));
        all
    }

    /// Does something with each argument, in order.
    #[inline]
    pub fn each_argument(&self, mut f: impl FnMut(NodeId)) {
        match self {
            Op::Const(_) | Op::NotApplicable | Op::Unreadable | Op::Column(_) => {}
            Op::Neg(x) | Op::Not(x) | Op::IsKnown(x) | Op::Round { x, .. } => f(*x),
            Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Div(a, b)
            | Op::Min(a, b)
            | Op::Max(a, b)
            | Op::Compare(_, a, b)
            | Op::And(a, b)
            | Op::Or(a, b)
            | Op::IfMissing(a, b)
            | Op::FirstOfMatter { key: a, among: b }
            | Op::MatterHas { key: a, among: b }
            | Op::IfNotApplicable(a, b)
            | Op::Steps { x: a, step: b, .. } => {
                f(*a);
                f(*b);
            }
            Op::Select { when, then, otherwise } => {
                f(*when);
                f(*then);
                f(*otherwise);
            }
            Op::Aggregate { x, filter, .. } => x.iter().chain(filter).for_each(|argument| f(*argument)),
            Op::Fold { members, .. } => members.iter().for_each(|member| f(*member)),
            Op::Rank { keys, among, .. } => {
                keys.iter().map(|(key, _)| *key).chain(*among).for_each(f);
            }
        }
    }
}

impl Program {
    /// The node of that number. Node numbers are only made by this program, so an unknown one
    /// is a defect of the caller and gives none.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// The constant a node comes to, where it is arithmetic of constants only.
    pub fn constant(&self, id: NodeId) -> Option<Exact> {
        self.constant_within(id, 32)
    }

    fn constant_within(&self, id: NodeId, depth: u32) -> Option<Exact> {
        let depth = depth.checked_sub(1)?;
        let of = |id: &NodeId| self.constant_within(*id, depth);
        match &self.node(id)?.op {
            Op::Const(value) => Some(value.clone()),
            Op::Neg(x) => of(x).map(|x| -x),
            Op::Add(a, b) => Some(&of(a)? + &of(b)?),
            Op::Sub(a, b) => Some(&of(a)? - &of(b)?),
            Op::Mul(a, b) => Some(&of(a)? * &of(b)?),
            Op::Div(a, b) => of(a)?.divided_by(&of(b)?),
            _ => None,
        }
    }

    /// Appends a node and gives its number.
    pub fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }
}
